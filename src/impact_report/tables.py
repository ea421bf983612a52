"""The estimates as a workbook: a sheet that says what it holds and warns of it, then one tidy sheet."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from impact_report.palette import LIGHT
from impact_report.reliability import FLAGS

ESTIMATES_SHEET, NOTES_SHEET = "estimates", "notes"
NOTICE_INK = LIGHT["notice"]
NARROWEST, WIDEST = 8, 60
NOTE_WIDTHS = (24, 100)
HEAD_HEIGHT = 20  # points
INVENTED = "invented"  # the column that says that respondents are, and the word that marks the notice of it
FLAGS_COLUMN = "flags"
PERCENT, WHOLE, DECIMAL = "0.0%", "#,##0", "#,##0.00"
FORMATS = {
    **dict.fromkeys(("proportion", "low", "high", "bound_low", "bound_high", "share"), PERCENT),
    **dict.fromkeys(("eligible", "asked", "base", "count", "degrees_of_freedom"), WHOLE),
    **dict.fromkeys(("weighted_base", "effective_base", "design_effect"), DECIMAL),
}
DESCRIPTIONS = {
    "wave": "the fielding of the survey",
    "section": "the part of the report the indicator belongs to",
    "indicator": "the indicator's name in the codebook",
    "statement": "what counts, as a statement about the respondents",
    "group_by": "the column that groups are made by; all: everybody",
    "group": "the group; all: everybody",
    "eligible": "respondents of the group whom the indicator is about",
    "asked": "those of them who were asked the question",
    "base": "those of them whose answers are in the share: its denominator",
    "count": "those of the base whose answers count: its numerator",
    "weighted_base": "the sum of the weights of the base; the base itself where there are no weights",
    "effective_base": "how many equally weighted, independent answers the base is worth: base / design_effect",
    "design_effect": "the variance of the share against that of a random draw of as many answers; only with weights or "
    "a design, and not where none or all count",
    "degrees_of_freedom": "primary units less strata behind the variance; only with weights or a design",
    "proportion": "the share: count out of base, weighted where there are weights (then in whole percent where small "
    "counts are hidden, as are its ends; count and weighted base are blank, the effective base is in tens)",
    "low": "the lower end of the interval",
    "high": "the upper end of the interval",
    "method": "how the interval was computed",
    "bound_low": "the lowest share possible, whatever those who did not answer would have said",
    "bound_high": "the highest share possible, whatever those who did not answer would have said",
    FLAGS_COLUMN: "what to beware of; each flag is explained below",
    "suppressed": "whether the numbers are withheld so that nobody can be recognised",
    INVENTED: "whether respondents are invented",
}
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

    The notes come first, and first among them the notice that respondents are invented, where the column `invented`
    says so; columns and flags are explained after them. The same values give the same bytes: the file says it was made
    on `date`. Numbers stay numbers, shown as percent where they are proportions; None and nan are left empty; text that
    a spreadsheet would run as a formula is marked as text.

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
        rows = list(rows)
        notice = _notice(columns, rows, notes)
        workbook.set_properties(_properties(notes, notice, date))
        formats = {
            "head": workbook.add_format({"bold": True, "bottom": 1, "valign": "top"}),
            "text": workbook.add_format({"num_format": "@", "quote_prefix": True}),
            "wrap": workbook.add_format({"text_wrap": True, "valign": "top"}),
            "label": workbook.add_format({"bold": True, "valign": "top"}),
            "notice": workbook.add_format({"bold": True, "text_wrap": True, "valign": "top", "font_color": NOTICE_INK}),
            **{code: workbook.add_format({"num_format": code}) for code in dict.fromkeys(FORMATS.values())},
        }
        _write_notes(workbook.add_worksheet(NOTES_SHEET), _all_notes(columns, notes, notice), notice, formats)
        sheet = workbook.add_worksheet(ESTIMATES_SHEET)
        widths = [len(name) for name in columns]
        for place, name in enumerate(columns):
            sheet.write_string(0, place, name, formats["head"])
        count = 0
        shown = [formats.get(FORMATS.get(name, "")) for name in columns]
        for count, row in enumerate(rows, start=1):
            for place, value in enumerate(row):
                _write(sheet, count, place, value, formats, shown[place])
                widths[place] = max(widths[place], len(str(value)) if isinstance(value, str) else 0)
        for place, width in enumerate(widths):
            sheet.set_column(place, place, min(max(width + 1, NARROWEST), WIDEST))
        sheet.set_row(0, HEAD_HEIGHT)
        sheet.freeze_panes(1, 0)
        if columns:
            sheet.autofilter(0, 0, count, len(columns) - 1)


Note = tuple[str, str]


def _notice(columns: Sequence[str], rows: Sequence[Sequence[Any]], notes: Sequence[Note]) -> Note | None:
    """Return the note that warns of invented respondents, where there are any; words of its own if nobody wrote it."""
    if INVENTED not in columns:
        return None
    place = list(columns).index(INVENTED)
    if not any(row[place] for row in rows):
        return None
    for label, text in notes:
        if INVENTED in f"{label} {text}".lower():
            return label, text
    return "notice", "Invented respondents."


def _properties(notes: Sequence[Note], notice: Note | None, date: dt.date) -> dict[str, Any]:
    known = dict(notes)
    warning = "invented respondents" if notice else ""
    properties = {
        "created": dt.datetime.combine(date, dt.time()),
        "title": " – ".join(filter(None, [known.get("title") or "Estimates", known.get("edition"), warning])),
        "author": known.get("Published by") or known.get("study") or known.get("title") or "",
    }
    return properties | ({"subject": notice[1], "keywords": warning} if notice else {})


def _all_notes(columns: Sequence[str], notes: Sequence[Note], notice: Note | None) -> list[Note]:
    """The notice, what was noted, the columns the sheet has, the flags where it has any."""
    rest = [note for note in notes if note != notice]
    described = [(name, DESCRIPTIONS[name]) for name in columns if name in DESCRIPTIONS]
    blocks = [
        [*([notice] if notice else []), *rest],
        [("Columns", ""), *described] if described else [],
        [("Flags", ""), *FLAGS.items()] if FLAGS_COLUMN in columns else [],
    ]
    return [note for block in blocks if block for note in [*block, ("", "")]][:-1]


def _write_notes(sheet: Any, notes: Sequence[Note], notice: Note | None, formats: Mapping[str, Any]) -> None:
    for place, width in enumerate(NOTE_WIDTHS):
        sheet.set_column(place, place, width)
    for number, (label, text) in enumerate(notes):
        warns = notice is not None and number == 0
        if label:
            head = not text
            sheet.write_string(number, 0, label, formats["notice" if warns else "head" if head else "label"])
        if text:
            sheet.write_string(number, 1, text, formats["notice" if warns else "wrap"])


def _write(sheet: Any, row: int, place: int, value: Any, formats: Mapping[str, Any], shown: Any) -> None:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, place, value)
    elif isinstance(value, int | float):
        sheet.write_number(row, place, value, shown)
    else:
        text = str(value)
        sheet.write_string(row, place, text, formats["text"] if text.startswith(RUN_AS_FORMULA) else None)
