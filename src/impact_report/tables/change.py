"""The sheet of what has changed since the earlier wave, the largest rise first; last what could not be compared."""

from __future__ import annotations

import math
from typing import Any

from impact_report.columns import Column
from impact_report.language import say, translated
from impact_report.tables.book import NUMBER_WIDTH, REMARK_WIDTH, STATEMENT_WIDTH, Book, Line, missing
from impact_report.tables.content import Row

VERDICT_WIDTH = 18  # letters
COMPARED = {  # how, where nothing else is to be said of a change
    "matched": "of those who answered both times",
    "independent": "as if all were different respondents",
    "weighted": "from the intervals of both waves",
}


def write_change(book: Book, sheet: Any) -> None:
    """Write each statement in both waves, and the change in points."""
    counts = not book.content.withholds_counts
    columns = [
        Column(say("Statement"), "", "text"),
        Column(say("Earlier share"), "", "share"),
        *([Column(say("Earlier count (x)"), "", "count")] if counts else []),
        Column(say("Earlier base (n)"), "", "count"),
        Column(say("Share"), "", "share"),
        *([Column(say("Count (x)"), "", "count")] if counts else []),
        Column(say("Base (n)"), "", "count"),
        Column(say("Change, points"), "", "signed share"),
        Column(say("From"), "", "signed share"),
        Column(say("To"), "", "signed share"),
        Column(say("Larger than chance"), "", "text"),
        Column(say("Remarks"), "", "text"),
    ]
    names = ["statement", "earlier_proportion", "earlier_count", "earlier_base", "proportion", "count", "base"]
    names = [name for name in names if counts or not name.endswith("count")]
    rows = sorted(book.content.changes, key=lambda row: math.inf if missing(row["change"]) else -row["change"])
    lines = [Line([*(row[name] for name in names), *_points(row), _verdict(row), _how(row)]) for row in rows]
    widths = (STATEMENT_WIDTH, *([NUMBER_WIDTH] * (len(columns) - 3)), VERDICT_WIDTH, REMARK_WIDTH)
    first = book.content.changes[0]
    below = say("{earlier} and {now}", earlier=first["earlier_wave"], now=first["wave"])
    book.write_table(sheet, say("Change since the earlier wave"), below, columns, widths, lines)
    book.filter(sheet, columns, lines)


def _points(row: Row) -> list[float | None]:
    return [None if missing(row[name]) else 100 * row[name] for name in ("change", "low", "high")]


def _verdict(row: Row) -> str:
    if missing(row["larger_than_chance"]):
        return ""
    return say("yes") if row["larger_than_chance"] else say("no")


def _how(row: Row) -> str:
    return row["reason"] or translated(COMPARED.get(row["compared"] or "", ""))
