"""Workbook: the sheets of a spreadsheet (XLSX, XLSB, XLS, ODS) as tables of text."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from array import array
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from xml.etree import ElementTree

import numpy as np
import pandas as pd
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum
from python_calamine import SheetVisibleEnum as Visibility

from impact_report.errors import ExportError, Problem
from impact_report.readers.table import Table
from impact_report.readers.values import categories, texts

_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # XLS; also a workbook with a password
_ZIP = b"PK\x03\x04"
_WITH_PASSWORD = "EncryptedPackage".encode("utf-16-le")
_OFFICE = "[Content_Types].xml"
_OPEN_DOCUMENT = "mimetype"
_MANIFEST = "META-INF/manifest.xml"
_ERROR_CELL = re.compile(rb"""\bt=["']e["']""")
_DAMAGE = (CalamineError, zipfile.BadZipFile, zlib.error, ElementTree.ParseError, KeyError, OSError, ValueError)
_PANIC = "PanicException"  # calamine's, at some damaged files; it cannot be imported
_SAVE = "open it in a spreadsheet program and save the sheet of answers as a new workbook or as CSV"


def recognise(content: bytes) -> bool:
    """Say whether these bytes are a workbook, whole or damaged.

    >>> recognise(b"Role,Region")
    False
    """
    return content.startswith(_COMPOUND) or any(name in (_OFFICE, _OPEN_DOCUMENT) for name in _parts(content))


def read(content: bytes, name: str) -> list[Table]:
    """Return a table for each sheet that holds anything, in the order of the workbook.

    Rows keep their number in the sheet and columns their letter (A is 0), wherever the filled area begins; it ends
    with the last row and the last column in which anything is written, whatever is formatted beyond. Hidden sheets do
    not count where a visible one holds anything: the report shows what a person sees who opens the workbook.

    Numbers, dates and times are written as `values.texts` says. An error cell is its text (#NAME?) in XLSX and ODS;
    XLS and XLSB give it as an empty cell. Raises ExportError if the workbook is damaged, has a password or is empty.
    """
    sheets = list(_sheets(content, name))
    filled = [sheet for sheet in sheets if sheet.table]
    if not filled:
        found = f"{len(sheets)} empty sheet{'s' * (len(sheets) != 1)}"
        raise ExportError(Problem("a sheet with answers", found, name, "export the answers again"))
    visible = [sheet.table for sheet in filled if sheet.visible]
    return visible or [sheet.table for sheet in filled]


def _parts(content: bytes) -> list[str]:
    """Return the names of the files in a ZIP; of a damaged one the first, which stands at its beginning."""
    if not content.startswith(_ZIP):
        return []
    try:
        return zipfile.ZipFile(io.BytesIO(content)).namelist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        length = int.from_bytes(content[26:28], "little")
        return [content[30 : 30 + length].decode("utf-8", "replace")]


@dataclass(frozen=True)
class _Sheet:
    table: Table | None
    visible: bool


def _sheets(content: bytes, name: str) -> Iterator[_Sheet]:
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        for one in workbook.sheets_metadata:
            if one.typ == SheetTypeEnum.WorkSheet:
                sheet = workbook.get_sheet_by_name(one.name)
                table = _table(sheet, _error_cells(content, one.name), name)
                yield _Sheet(table, one.visible == Visibility.Visible)
    except BaseException as fault:
        if not isinstance(fault, _DAMAGE) and type(fault).__name__ != _PANIC:
            raise
        raise ExportError(_unreadable(content, name, fault)) from None


def _unreadable(content: bytes, name: str, fault: BaseException) -> Problem:
    if _has_password(content):
        do = "open it with its password and save it without one"
        return Problem("a workbook that can be opened", "a workbook with a password", name, do)
    found = f"a damaged file, one with a password, or another kind of document ({fault})"
    return Problem("a workbook (XLSX, XLSB, XLS, ODS)", found, name, _SAVE)


def _has_password(content: bytes) -> bool:
    """Say whether the workbook is locked, as XLSX and ODS tell: calamine cannot tell these from other documents."""
    if content.startswith(_COMPOUND):
        return _WITH_PASSWORD in content
    with suppress(*_DAMAGE):
        return b"encryption-data" in zipfile.ZipFile(io.BytesIO(content)).read(_MANIFEST)
    return False


@dataclass
class _Cells:
    """One column while it is read: its distinct values, and which of them stands in each row."""

    distinct: dict[tuple[type, object], int] = field(default_factory=dict)  # the type: 1, 1.0 and True are equal
    places: array = field(default_factory=lambda: array("i"))

    def place(self, value: object) -> int:
        return self.distinct.setdefault((type(value), value), len(self.distinct))


def _table(sheet: CalamineSheet, errors: dict[tuple[int, int], str], name: str) -> Table | None:
    if sheet.start is None:
        return None
    top, left = sheet.start
    columns = [_Cells() for _ in range(sheet.width)]
    for row in islice(sheet.iter_rows(), top, None):  # it starts in row 1, but in the first filled column
        for cells, value in zip(columns, row, strict=True):
            cells.places.append(cells.place(value))
    for (row, column), text in errors.items():
        cells = columns[column - left]
        cells.places[row - top] = cells.place(text)
    return _trimmed(columns, top, left, name, sheet.name)


def _trimmed(columns: list[_Cells], top: int, left: int, name: str, sheet: str) -> Table | None:
    """Return the table of what is filled: no empty rows above or below it, no empty columns to its right."""
    places = [np.frombuffer(cells.places, dtype=np.int32) for cells in columns]
    written = [texts([value for _, value in cells.distinct]) for cells in columns]
    filled = [
        np.array([text.strip() != "" for text in distinct], dtype=bool)[place]
        for distinct, place in zip(written, places, strict=True)
    ]
    rows = np.flatnonzero(np.logical_or.reduce(filled))
    if not rows.size:
        return None
    first, last = rows[0], rows[-1] + 1
    width = 1 + max(column for column, one in enumerate(filled) if one.any())
    index = pd.RangeIndex(top + first + 1, top + last + 1)
    nothing = np.full(last - first, -1)
    cells = {column: categories(nothing, []) for column in range(left)}
    cells |= {left + column: categories(places[column][first:last], written[column]) for column in range(width)}
    return Table(name, pd.DataFrame(cells, index), sheet=sheet)


def _error_cells(content: bytes, sheet: str) -> dict[tuple[int, int], str]:
    """Return the errors (#NAME?) in a sheet of an XLSX by row and column from 0: calamine gives them as empty cells."""
    if "xl/workbook.xml" not in _parts(content):
        return {}
    archive = zipfile.ZipFile(io.BytesIO(content))
    workbook = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {one.get("Id"): one.get("Target", "") for one in relations}
    (entry,) = (one for one in workbook.iterfind("{*}sheets/{*}sheet") if one.get("name") == sheet)
    relation = next((value for key, value in entry.items() if key.endswith("}id")), "")
    xml = archive.read(posixpath.join("/xl", targets[relation]).removeprefix("/"))
    return dict(_errors(xml)) if _ERROR_CELL.search(xml) else {}


def _errors(xml: bytes) -> Iterator[tuple[tuple[int, int], str]]:
    row = -1
    for _, element in ElementTree.iterparse(io.BytesIO(xml)):
        if not element.tag.endswith("}row"):
            continue
        row = int(element.get("r", row + 2)) - 1
        column = -1
        for cell in element:
            column = _column(cell.get("r", ""), column + 1)
            if cell.get("t") == "e":
                yield (row, column), cell.findtext("{*}v", "")
        element.clear()


def _column(place: str, following: int) -> int:
    """Return the column (from 0) of a place such as AB12; a cell without one follows the cell before it."""
    letters = place.rstrip("0123456789")
    if not letters:
        return following
    column = 0
    for letter in letters:
        column = 26 * column + ord(letter) - ord("A") + 1
    return column - 1
