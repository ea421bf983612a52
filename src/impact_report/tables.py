"""The estimates as a workbook: one tidy sheet, and a sheet that says what it holds."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

ESTIMATES_SHEET, NOTES_SHEET = "estimates", "notes"
NARROWEST, WIDEST = 8, 60
NOTE_WIDTHS = (24, 100)
# A spreadsheet may run a cell that begins so, once a person has edited it or the sheet was saved as text.
RUN_AS_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_workbook(
    path: Path,
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    notes: Sequence[tuple[str, str]],
    date: dt.date,
) -> None:
    """Write rows of plain values under their column names, and notes as (label, text), as an .xlsx file.

    The same values give the same bytes: the file says it was made on `date`. Numbers stay numbers; None and nan are
    left empty; text that a spreadsheet would run as a formula is marked as text.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     files = [Path(folder) / name for name in ("a.xlsx", "b.xlsx")]
    ...     for file in files:
    ...         write_workbook(file, ["item", "share"], [["=1+1", 0.5]], [("what", "a test")], dt.date(2020, 1, 31))
    ...     files[0].read_bytes() == files[1].read_bytes()
    True
    """
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(str(path), options) as workbook:
        moment = dt.datetime.combine(date, dt.time())
        workbook.set_properties({"created": moment, "title": dict(notes).get("title", "Estimates")})
        formats = {
            "head": workbook.add_format({"bold": True, "bottom": 1}),
            "text": workbook.add_format({"num_format": "@", "quote_prefix": True}),
            "wrap": workbook.add_format({"text_wrap": True, "valign": "top"}),
        }
        sheet = workbook.add_worksheet(ESTIMATES_SHEET)
        widths = [len(name) for name in columns]
        for place, name in enumerate(columns):
            sheet.write_string(0, place, name, formats["head"])
        count = 0
        for count, row in enumerate(rows, start=1):
            for place, value in enumerate(row):
                _write(sheet, count, place, value, formats)
                widths[place] = max(widths[place], len(str(value)) if isinstance(value, str) else 0)
        for place, width in enumerate(widths):
            sheet.set_column(place, place, min(max(width + 1, NARROWEST), WIDEST))
        sheet.freeze_panes(1, 0)
        if columns:
            sheet.autofilter(0, 0, count, len(columns) - 1)
        _write_notes(workbook.add_worksheet(NOTES_SHEET), notes, formats)


def _write_notes(sheet: Any, notes: Sequence[tuple[str, str]], formats: Mapping[str, Any]) -> None:
    for place, width in enumerate(NOTE_WIDTHS):
        sheet.set_column(place, place, width)
    for number, (label, text) in enumerate(notes):
        sheet.write_string(number, 0, label, formats["head"])
        sheet.write_string(number, 1, text, formats["wrap"])


def _write(sheet: Any, row: int, place: int, value: Any, formats: Mapping[str, Any]) -> None:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, place, value)
    elif isinstance(value, int | float):
        sheet.write_number(row, place, value)
    else:
        text = str(value)
        sheet.write_string(row, place, text, formats["text"] if text.startswith(RUN_AS_FORMULA) else None)
