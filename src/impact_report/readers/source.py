"""A raw file as a table of text: encoding and separator found, nothing interpreted."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from impact_report.errors import ExportError, Problem, ReportError

SEPARATORS = (",", ";", "\t", "|")
_BYTE_ORDER_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_HEAD_RECORDS = 200
LONGEST_FIELD = 10_000_000  # characters; Python's csv stops at 131,072 otherwise
_ROWS_SHOWN = 8
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
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as fault:
        found = f"its mark says {encoding}, but {fault.reason} at byte {fault.start}"
        raise ExportError(Problem("text in one encoding", found, path.name, "export the answers again")) from None
    if not text.strip():
        raise ExportError(Problem("rows of answers", "an empty file", path.name, "export the answers again"))
    if "\0" in text:
        do = "export it as CSV"
        raise ExportError(Problem("a text file (CSV, TSV)", "a binary file", path.name, do))
    separator = _separator(text)
    return Table(path.name, _cells(text, separator, path.name), encoding, separator)


def read_with_header(path: Path, error: type[ReportError]) -> pd.DataFrame:
    """Return a small table of the study (roster, published figures) as text, by the names in its first row.

    Raises `error` where the file is not there, is not text, or its rows do not fit its header.
    """
    try:
        cells = read(path).cells
    except ExportError as fault:
        raise error(fault.problems) from None
    filled = cells[(cells != "").any(axis=1)]
    return filled.iloc[1:].set_axis([name.strip() for name in filled.iloc[0]], axis=1).reset_index(drop=True)


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
    csv.field_size_limit(LONGEST_FIELD)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    return [record for record, _ in zip(reader, range(_HEAD_RECORDS), strict=False)]


def _check_widths(head: list[list[str]], name: str) -> int:
    """Return the width of the header. Raises ExportError for first records with answers beyond the last column."""
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
    return width


def _cells(text: str, separator: str, name: str) -> pd.DataFrame:
    head = _head(text, separator)
    header_width = _check_widths(head, name)
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
    filled = (cells != "").any()
    _refuse_short_rows(text, separator, min(header_width, 1 + max(filled[filled].index, default=0)), name)
    return cells


def _refuse_short_rows(text: str, separator: str, width: int, name: str) -> None:
    """Raise ExportError for rows that end before the header does: the file was cut, or a quote has swallowed cells.

    `width` is the header's, without columns of nothing at its end; pandas pads short rows, so they are read again.
    """
    short: dict[int, int] = {}
    below_header = False  # a title may stand above it
    for row, record in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=separator), start=1):
        below_header |= len(record) >= width
        if below_header and len(record) < width and any(record):
            short[row] = len(record)
    if short:
        rows = ", ".join(f"{row} ({cells})" for row, cells in list(short.items())[:_ROWS_SHOWN])
        rows += " …" if len(short) > _ROWS_SHOWN else ""
        found = f"fewer in {len(short)} row{'s' * (len(short) > 1)} (with so many): {rows}"
        do = "look there for a cut line or a stray quote, or export again"
        raise ExportError(Problem(f"{width} cells in each row", found, name, do))
