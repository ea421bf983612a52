"""A sheet a section, to be read: its shares of everyone, then by group, one row a statement and group."""

from __future__ import annotations

from typing import Any

from impact_report.codebook import Section
from impact_report.columns import ESTIMATES, Column
from impact_report.language import say, translated
from impact_report.tables.book import (
    DASH,
    GROUP_WIDTH,
    HEAD_ROW,
    NUMBER_WIDTH,
    REMARK_WIDTH,
    STATEMENT_WIDTH,
    Book,
    Line,
    missing,
)
from impact_report.tables.content import Content, Row
from impact_report.tally import EVERYONE

BY_WIDTH = 12  # letters
FLAG_NAMES = {
    "nobody": "nobody in the base",
    "no-interval": "no interval",
    "small-base": "small base",
    "wide": "wide interval",
    "relatively-wide": "interval wide beside the share",
    "few-degrees": "few degrees of freedom",
    "none-or-all": "none or all",
}


def write_section(book: Book, sheet: Any, section: Section) -> None:
    """Write what a section reports, and which groups have no row."""
    columns = sections_columns(book.content)
    numbers = [place for place, column in enumerate(columns) if column.kind != "text"]
    widths = (STATEMENT_WIDTH, BY_WIDTH, GROUP_WIDTH, *([NUMBER_WIDTH] * len(numbers)), REMARK_WIDTH)
    lines: list[Line] = []
    before: Row | None = None
    for row in ordered(book.content, section):
        everyone = row["group_by"] == EVERYONE
        begins = before is not None and (
            before["group_by"] != row["group_by"] or (not everyone and before["indicator"] != row["indicator"])
        )
        lines.append(Line(cells(book.content, row), numbers if everyone else (), begins))
        before = row
    whom = say("Shares of {whom}", whom=book.content.codebook.survey.respondents)
    book.write_table(sheet, section.title, whom, columns, widths, lines)
    if lines:
        book.filter(sheet, columns, lines)
    for number, words in enumerate(left_out(book.content, section), start=HEAD_ROW + len(lines) + 2):
        book.text(sheet, number, 0, words, "below")


def sections_columns(content: Content) -> list[Column]:
    """Return the columns of a section's sheet."""
    counts = [] if content.withholds_counts else [Column(say("Count (x)"), ESTIMATES["count"].words, "count")]
    return [
        Column(say("Statement"), ESTIMATES["statement"].words, "text"),
        Column(say("By"), "what the groups are made by; everyone: no groups", "text"),
        Column(say("Group"), "the group; empty: everyone", "text"),
        Column(say("Share"), ESTIMATES["proportion"].words, "share"),
        *counts,
        Column(say("Base (n)"), ESTIMATES["base"].words, "count"),
        Column(say("Interval, from"), ESTIMATES["low"].words, "share"),
        Column(say("Interval, to"), ESTIMATES["high"].words, "share"),
        Column(say("Remarks"), "what to beware of; each remark is explained below", "text"),
    ]


def left_out(content: Content, section: Section) -> list[str]:
    """Say which groups have no row, because none of the section's numbers may be shown of them."""
    said = []
    for grouping in content.codebook.groups:
        item = content.codebook.items[grouping]
        hidden = {
            row["group"]
            for row in content.estimates
            if row["section"] == section.id and row["group_by"] == grouping and row["suppressed"]
        }
        hidden -= {row["group"] for row in ordered(content, section) if row["group_by"] == grouping}
        if hidden:
            names = ", ".join(code.label for name, code in item.codes.items() if name in hidden)
            by = content.codebook.called(grouping)
            said.append(say("Withheld throughout, by {grouping}: {names}.", grouping=by, names=names))
    return said


def ordered(content: Content, section: Section) -> list[Row]:
    """Return a section's rows: everyone's by share, then each grouping's by statement and in the codebook's order.

    A group of which nothing is shown, because all is withheld or nobody is in it, has none.
    """
    rows = [row for row in content.estimates if row["section"] == section.id]
    everyone = [row for row in rows if row["group_by"] == EVERYONE]
    everyone.sort(key=lambda row: -1 if missing(row["proportion"]) else row["proportion"], reverse=True)
    place = {row["indicator"]: number for number, row in enumerate(everyone)}
    groupings = [one for one in content.codebook.groups if any(row["group_by"] == one for row in rows)]
    for grouping in groupings:
        codes = list(content.codebook.items[grouping].codes)
        of_grouping = [row for row in rows if row["group_by"] == grouping]
        shown = {row["group"] for row in of_grouping if not row["suppressed"] and row["base"]}
        of_grouping = [row for row in of_grouping if row["group"] in shown]
        everyone += sorted(of_grouping, key=lambda row: (place[row["indicator"]], codes.index(row["group"])))
    return everyone


def cells(content: Content, row: Row) -> list[Any]:
    """Return the cells of a row to be read."""
    grouping, group = row["group_by"], row["group"]
    if grouping == EVERYONE:
        names = [say("everyone"), ""]
    else:
        names = [content.codebook.called(grouping), content.codebook.items[grouping].codes[group].label]
    count = [] if content.withholds_counts else ["count"]
    figures = ["proportion", *count, "base", "low", "high"]
    if row["suppressed"]:
        return [row["statement"], *names, *([DASH] * len(figures)), say("not shown")]
    flags = [translated(FLAG_NAMES[flag]) for flag in (row["flags"] or "").split()]
    said = content.remarks.get((row["indicator"], grouping, group), ())
    return [row["statement"], *names, *(row[name] for name in figures), ", ".join([*said, *flags])]
