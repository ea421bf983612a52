"""The sheet of all estimates, to be filtered and computed with: as in estimates.csv, under the same names."""

from __future__ import annotations

from typing import Any

from impact_report.columns import ESTIMATES
from impact_report.tables.book import WHOLE, Book

NARROWEST, WIDEST = 8, 60  # letters
WIDE_PAGES = 2  # that the sheet takes side by side, so that print stays legible
PERCENT, DECIMAL = "0.0%", "#,##0.00"
FORMATS = {"share": PERCENT, "signed share": PERCENT, "count": WHOLE, "decimal": DECIMAL}  # by a column's kind


def write_everything(book: Book, sheet: Any) -> None:
    """Write all estimates, one row an indicator and group."""
    widths = [len(name) + 3 for name in ESTIMATES]
    for place, name in enumerate(ESTIMATES):
        book.text(sheet, 0, place, name, "head")
    for number, row in enumerate(book.content.estimates, start=1):
        for place, (name, column) in enumerate(ESTIMATES.items()):
            book.cell(sheet, number, place, row[name], FORMATS.get(column.kind))
            widths[place] = max(widths[place], len(row[name]) + 1 if isinstance(row[name], str) else 0)
    book.page(sheet, [min(max(width, NARROWEST), WIDEST) for width in widths], 0, WIDE_PAGES)
    sheet.autofilter(0, 0, len(book.content.estimates), len(ESTIMATES) - 1)
