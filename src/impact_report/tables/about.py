"""The first sheet: what the workbook is, how it is read, what each column holds and what each flag means."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from impact_report.columns import ESTIMATES
from impact_report.language import say, spread, translated
from impact_report.reliability import meaning
from impact_report.tables.book import DASH, Book, height
from impact_report.tables.content import Content, Note
from impact_report.tables.section import FLAG_NAMES, sections_columns

LABEL_WIDTH, TEXT_WIDTH = 26, 96  # letters


def write_about(book: Book, sheet: Any, sheets: Sequence[Note]) -> None:
    """Say what the workbook is, how it is read, what each column holds and what each flag means."""
    content = book.content
    book.page(sheet, (LABEL_WIDTH, TEXT_WIDTH))
    book.text(sheet, 0, 0, content.title, "title")
    book.text(sheet, 1, 0, content.edition, "below")
    row = 3
    if content.notice:
        sheet.set_row(row, height((content.notice[0], LABEL_WIDTH), (content.notice[1], TEXT_WIDTH)))
        for place, words in enumerate(content.notice):
            book.text(sheet, row, place, words, "notice")
        row += 2
    described = [(say("“{name}”", name=one.title), translated(one.words)) for one in sections_columns(content)]
    flags = spread(FLAG_NAMES)
    every = [(name, translated(one.words)) for name, one in ESTIMATES.items()]
    chapters = [
        ("", list(content.notes)),
        (say("How to read it"), how_to_read(content)),
        (say("Sheets"), sheets),
        (say("Columns of the sheets by section"), described),
        (say("Columns of the sheet “{name}”", name=sheets[-1][0]), every),
        (say("Flags and remarks"), [(name, meaning(flag, designed=True)) for flag, name in flags.items()]),
    ]
    for title, notes in chapters:
        if title:
            book.text(sheet, row, 0, title, "chapter")
            row += 1
        for label, text in notes:
            sheet.set_row(row, height((label, LABEL_WIDTH), (text, TEXT_WIDTH)))
            book.text(sheet, row, 0, label, "label")
            book.text(sheet, row, 1, text, "wrap")
            row += 1
        row += 1


def how_to_read(content: Content) -> list[Note]:
    """Return what a reader must know before the first number."""
    counts = say("A share is never without its base: the count (x) out of the base (n) stands beside it.")
    if content.withholds_counts:
        counts = say(
            "A share is never without its base, the number of answers (n). How many of them the share counts is "
            "not shown: beside a weighted share, it would tell whose answers are in it."
        )
    return [
        (say("Shares"), say("From 0 to 1, shown as percent. ") + counts),
        (
            say("Interval"),
            say("The true share lies between the two ends, as far as chance alone is concerned; see the report."),
        ),
        (
            say("A dash ({dash})", dash=DASH),
            say("Withheld, so that nobody can be recognised: too few answered, a count is too small, or another "
                "hidden number could be worked out from it."),
        ),
        (say("An empty cell"), say("There is no such number; the remarks say why where it is a share.")),
    ]  # fmt: skip
