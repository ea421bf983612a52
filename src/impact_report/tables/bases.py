"""The sheet of the bases: of each indicator how many were asked, how many count, and who does not and why."""

from __future__ import annotations

from typing import Any

from impact_report.columns import ESTIMATES, Column
from impact_report.language import say
from impact_report.tables.book import DASH, NUMBER_WIDTH, REMARK_WIDTH, STATEMENT_WIDTH, Book, Line
from impact_report.tables.content import Row
from impact_report.tally import EVERYONE


def write_bases(book: Book, sheet: Any, below: str) -> None:
    """Write who is counted and who is not, as the report does."""
    counts = [] if book.content.withholds_counts else [Column(say("Count (x)"), ESTIMATES["count"].words, "count")]
    columns = [
        Column(say("Statement"), "", "text"),
        Column(say("Eligible"), "", "count"),
        Column(say("Asked"), "", "count"),
        Column(say("Base (n)"), "", "count"),
        *counts,
        Column(say("Other answers in the base"), "", "text"),
        Column(say("Not in the base"), "", "text"),
    ]
    names = ["eligible", "asked", "base", *(["count"] if counts else [])]

    def values(row: Row) -> list[Any]:
        told = book.content.bases.get(row["indicator"])
        return [*(row[name] for name in names), *told] if told else [DASH] * (len(columns) - 1)

    lines = [Line([row["statement"], *values(row)]) for row in book.content.estimates if row["group_by"] == EVERYONE]
    widths = (STATEMENT_WIDTH, *([NUMBER_WIDTH] * len(names)), REMARK_WIDTH, REMARK_WIDTH)
    book.write_table(sheet, say("Who is counted, and who is not"), below, columns, widths, lines)
