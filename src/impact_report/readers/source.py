"""A raw file as a table of text: encoding and separator found, nothing interpreted."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from impact_report.errors import ExportError, Problem

SEPARATORS = (",", ";", "\t", "|")
_BYTE_ORDER_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_HEAD_RECORDS = 200
_LOOK = "look at that row for a stray quote or separator, or export again"


@dataclass(frozen=True)
class Table:
    """The cells of a file as text: `cells` is indexed by the row in the file (from 1), columns from 0."""

    name: str
    cells: pd.DataFrame
    encoding: str
    separator: str


def read(path: Path) -> Table:
    """Return the file as a table of text; every cell is a string, empty cells are "".

    Raises ExportError if the file is not there, empty, not text, or its rows do not fit its columns.
    """
    try:
        content = path.read_bytes()
    except OSError as fault:
        raise ExportError(Problem("the raw export", fault.strerror or str(fault), str(path), "put it there")) from None
    if not content.strip():
        raise ExportError(Problem("rows of answers", "an empty file", path.name, "export the answers again"))
    encoding = _encoding(content)
    text = content.decode(encoding)
    if not text.strip():
        raise ExportError(Problem("rows of answers", "an empty file", path.name, "export the answers again"))
    if "\0" in text:
        do = "export it as CSV"
        raise ExportError(Problem("a text file (CSV, TSV)", "a binary file", path.name, do))
    separator = _separator(text)
    return Table(path.name, _cells(text, separator, path.name), encoding, separator)


def _encoding(content: bytes) -> str:
    """Return the encoding: by its mark, else UTF-8 if it is that throughout, else the Western Windows one."""
    for mark, encoding in _BYTE_ORDER_MARKS.items():
        if content.startswith(mark):
            return encoding
    for encoding in ("utf-8", "cp1252"):
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    return "latin-1"


def _separator(text: str) -> str:
    """Return the separator that splits the first records into the most, and most equal, fields."""

    def fit(separator: str) -> tuple[int, int]:
        widths = Counter(len(record) for record in _head(text, separator) if record)
        width, records = widths.most_common(1)[0]
        return (records * (width > 1), width)

    return max(SEPARATORS, key=fit)


def _head(text: str, separator: str) -> list[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        return [record for record, _ in zip(reader, range(_HEAD_RECORDS), strict=False)]
    except csv.Error:
        return [[""]]


def _check_widths(head: list[list[str]], name: str) -> None:
    """Raise ExportError for the first records that have answers beyond the last column."""
    widths = Counter(len(record) for record in head if record)
    first = next(len(record) for record in head if len(record) > 1 or len(widths) == 1)  # below a title
    width = max(first, widths.most_common(1)[0][0])
    problems = [
        Problem(f"{width} columns in each row", f"{len(record)} in row {row}", name, _LOOK)
        for row, record in enumerate(head, start=1)
        if any(record[width:])
    ]
    if problems:
        raise ExportError(problems)


def _cells(text: str, separator: str, name: str) -> pd.DataFrame:
    head = _head(text, separator)
    _check_widths(head, name)
    width = max(map(len, head))
    try:
        cells = pd.read_csv(
            io.StringIO(text, newline=""),
            sep=separator,
            header=None,
            names=range(width),
            index_col=False,
            dtype=str,
            keep_default_na=False,
            na_filter=False,
            skip_blank_lines=False,
            on_bad_lines="error",
        )
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as fault:
        found = str(fault).strip().removeprefix("Error tokenizing data. C error: ")
        raise ExportError(Problem(f"{width} columns in each row", found, name, _LOOK)) from None
    cells.index = pd.RangeIndex(1, len(cells) + 1)
    return cells.fillna("")  # a short row: the cells it lacks are empty
