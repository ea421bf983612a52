"""A delimited file (CSV, TSV) as a table of text: encoding and separator found, nothing interpreted."""

from __future__ import annotations

import codecs
import contextlib
import csv
import io
import json
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pyarrow_csv

from impact_report.errors import ExportError, Problem, ReportError, rows_in_words
from impact_report.readers import encodings, source
from impact_report.readers.table import TITLE_ROWS, Table

SEPARATORS = (",", ";", "\t", "|")
LONGEST_FIELD = 10_000_000  # characters; Python's csv stops at 131,072 otherwise
_DOCUMENTS = {
    b"<!doctype html": "a web page (HTML)",
    b"<html": "a web page (HTML)",
    b"<?xml": "an XML document",
    b"%pdf-": "a PDF document",
    b"{\\rtf": "a text document (RTF)",
}
_HEAD_BYTES = 4_000_000
_HEAD_RECORDS = 200
_BLOCK = 2**22
_ROWS_SHOWN = 8
_LOOK = "look at that row for a stray quote or separator, or export again"
_LOOK_FOR_CUT = "look there for a cut line or a stray quote, or export again"


def read(content: bytes, name: str, encoding: str | None = None) -> Table:
    """Return the file as a table of text; every cell is a string, empty cells are "".

    Raises ExportError if it is not text, or its rows do not fit its columns.
    """
    if document := _document(content):
        do = "export the single responses as CSV, XLSX or SPSS, and put that file there"
        raise ExportError(Problem("a table of answers", document, name, do))
    encoding = encoding or encodings.found(content)
    if b"\0" in content and not encoding.lower().startswith(("utf-16", "utf-32", "utf_16", "utf_32")):
        raise ExportError(Problem("a text file (CSV, TSV)", "a binary file", name, "export it as CSV"))
    content = encodings.as_utf8(content, encoding, name)
    if not content or content.isspace():
        raise ExportError(Problem("rows of answers", "an empty file", name, "export the answers again"))
    text = content[:_HEAD_BYTES].decode("utf-8", errors="ignore")
    whole = len(content) <= _HEAD_BYTES
    separator = _separator(text, whole)
    if content.count(b'"') % 2:
        _refuse_stray_quotes(content, separator, name)
    width, named = _widths(_head(text, separator, whole), name)
    columns, odd = _parsed(content, separator, width, name)
    if _may_hold_rows(columns, separator):
        _refuse_stray_quotes(content, separator, name)
    others = _others(odd, width, named, separator, name)
    both = b'""' in content
    del content
    cells, absent = _cells(columns, others, both)
    return Table(name, cells, encoding, separator, absent=absent)


def read_with_header(path: Path, error: type[ReportError]) -> pd.DataFrame:
    """Return a small table of the study (roster, published figures) as text, by the names in its first row.

    Raises `error` where the file is not there, is not text, or its rows do not fit its header.
    """
    try:
        file = source.read(path)
        cells = read(file.content, file.name).cells.astype(str)
    except ExportError as fault:
        raise error(fault.problems) from None
    filled = cells[(cells != "").any(axis=1)]
    return filled.iloc[1:].set_axis([name.strip() for name in filled.iloc[0]], axis=1).reset_index(drop=True)


def _document(content: bytes) -> str:
    """Return what kind of document a file is that is no table, or nothing.

    >>> _document(b'{"SurveyEntry": {}}'), _document(b"Role,Region"), _document(b"{role},region")
    ('a JSON document', '', '')
    """
    start = content[:1000].removeprefix(codecs.BOM_UTF8).lstrip()
    for beginning, kind in _DOCUMENTS.items():
        if start.lower().startswith(beginning):
            return kind
    if start[:1] in (b"{", b"["):
        with contextlib.suppress(ValueError):
            json.loads(content)
            return "a JSON document"
    return ""


# rows and columns


def _separator(text: str, whole: bool) -> str:
    """Return the separator that splits the first records into the most, and most equal, fields."""

    def fit(separator: str) -> tuple[int, int]:
        widths = Counter(len(record) for record in _head(text, separator, whole) if record)
        width, records = widths.most_common(1)[0] if widths else (0, 0)
        return (records * (width > 1), width)

    return max(SEPARATORS, key=fit)


def _head(text: str, separator: str, whole: bool) -> list[list[str]]:
    """Return the first records; the last of a text that is not whole may be cut and is left out."""
    csv.field_size_limit(LONGEST_FIELD)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        records = [record for record, _ in zip(reader, range(_HEAD_RECORDS), strict=False)]
    except csv.Error:  # a cell without an end
        return []
    return records if whole or len(records) == _HEAD_RECORDS else records[:-1]


def _widths(head: list[list[str]], name: str) -> tuple[int, int]:
    """Return how many cells a row has, and up to which of them the header names its columns.

    Raises ExportError for first records with answers beyond the last column.
    """
    widths = Counter(len(record) for record in head if record)
    if not widths:
        do = "look for a quote that is never closed, or export again"
        raise ExportError(Problem("rows of cells", "a cell without an end", name, do))
    usual = widths.most_common(1)[0][0]
    header = next((record for record in head if sum(map(bool, record)) > 1), head[0])  # below a title
    named = max((k for k, cell in enumerate(header, start=1) if cell.strip()), default=0)
    width = max(usual, named)
    problems = [
        Problem(f"{width} columns in each row", f"{len(record)} in row {row}", name, _LOOK)
        for row, record in enumerate(head, start=1)
        if any(record[width:])
    ]
    if problems:
        raise ExportError(problems)
    return width, named


def _parsed(
    content: bytes, separator: str, width: int, name: str
) -> tuple[list[pa.ChunkedArray], list[pyarrow_csv.InvalidRow]]:
    """Return the columns of the rows of this width, as dictionaries of texts, and the other rows as they stand."""
    odd: list[pyarrow_csv.InvalidRow] = []

    def set_aside(row: pyarrow_csv.InvalidRow) -> str:
        odd.append(row)
        return "skip"

    def parse(threads: bool, block: int) -> list[pa.ChunkedArray]:
        odd.clear()
        return _columns(content, separator, width, set_aside, threads, block)

    try:
        columns = parse(threads=True, block=_BLOCK)
        return (parse(threads=False, block=_BLOCK) if odd else columns), odd  # only then their row numbers are known
    except pa.ArrowInvalid as fault:
        if "straddling" not in str(fault):
            raise ExportError(Problem(f"{width} columns in each row", str(fault), name, _LOOK)) from None
    try:
        return parse(threads=False, block=len(content) + 1), odd  # a cell larger than a block
    except pa.ArrowInvalid as fault:
        raise ExportError(Problem(f"{width} columns in each row", str(fault), name, _LOOK)) from None


def _columns(
    content: bytes,
    separator: str,
    width: int,
    set_aside: Callable[[pyarrow_csv.InvalidRow], str] | None = None,
    threads: bool = False,
    block: int = _BLOCK,
) -> list[pa.ChunkedArray]:
    """Return the columns of a text; a cell written as nothing is null, one written as "" is an empty text."""
    names = [str(column) for column in range(width)]
    return pyarrow_csv.read_csv(
        pa.BufferReader(content),
        pyarrow_csv.ReadOptions(use_threads=threads, block_size=block, column_names=names),
        pyarrow_csv.ParseOptions(
            delimiter=separator, newlines_in_values=True, ignore_empty_lines=False, invalid_row_handler=set_aside
        ),
        pyarrow_csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.dictionary(pa.int32(), pa.string())),
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        ),
    ).columns


def _refuse_stray_quotes(content: bytes, separator: str, name: str) -> None:
    """Raise ExportError where a quote opens a cell that it should not: that cell may have swallowed rows.

    It is told by what follows: the quote that opens another cell closes this one amid text, or nothing closes it.
    """
    lines = io.TextIOWrapper(io.BytesIO(content), encoding="utf-8", newline="")
    rows = 0
    try:
        for _ in csv.reader(lines, delimiter=separator, strict=True):
            rows += 1
    except csv.Error as fault:
        end = "unexpected end of data" in str(fault)
        found = "a quote that is never closed" if end else "text behind the quote that closes a cell"
        where = f"{name}, row {rows + 1}"
        raise ExportError(Problem("whole rows to the end", found, where, _LOOK_FOR_CUT)) from None


def _may_hold_rows(columns: list[pa.ChunkedArray], separator: str) -> bool:
    """Say whether some cell has a line break and so many separators as a row: rows may have been swallowed."""
    least = len(columns) - 1
    for column in columns:
        for chunk in column.chunks:
            texts = chunk.dictionary.filter(pc.match_substring(chunk.dictionary, "\n")).to_pylist()
            if any(text.count(separator) >= least for text in texts):
                return True
    return False


def _others(
    odd: list[pyarrow_csv.InvalidRow], width: int, named: int, separator: str, name: str
) -> dict[int, list[str | None]]:
    """Return the rows of another width by their number, in the usual width: titles, and rows with nothing at the end.

    Raises ExportError for rows that end before the header does (the file was cut, or a quote has swallowed cells), and
    for rows with answers beyond the last column.
    """
    others: dict[int, list[str | None]] = {}
    short: list[int] = []
    long: list[Problem] = []
    for number, cells in _odd_cells(odd, separator):
        is_title = len(others) + 1 == number and number <= TITLE_ROWS and sum(map(bool, cells)) < 2
        if any(cells[width:]):
            long.append(Problem(f"{width} columns in each row", f"{len(cells)} in row {number}", name, _LOOK))
        elif any(cells) and len(cells) < named and not is_title:
            short.append(number)
        others[number] = (cells + [None] * width)[:width]
    problems = long[:_ROWS_SHOWN]
    if short:
        found = f"fewer in {len(short):,} of them: {rows_in_words(short)}"
        problems.append(Problem(f"{named} cells in each row", found, name, _LOOK_FOR_CUT))
    if problems:
        raise ExportError(problems)
    return others


def _odd_cells(odd: list[pyarrow_csv.InvalidRow], separator: str) -> list[tuple[int, list[str | None]]]:
    """Return number and cells of rows of another width, in the order of the file."""
    found: dict[int, list[str | None]] = {}
    by_width: dict[int, list[pyarrow_csv.InvalidRow]] = defaultdict(list)
    for row in odd:
        by_width[row.actual_columns].append(row)
    for width, rows in by_width.items():
        content = "\n".join(row.text for row in rows).encode()
        columns = [column.to_pylist() for column in _columns(content, separator, width, block=len(content) + 1)]
        found |= {row.number: list(cells) for row, cells in zip(rows, zip(*columns, strict=True), strict=True)}
    return sorted(found.items())


def _cells(
    columns: list[pa.ChunkedArray], others: dict[int, list[str | None]], both: bool
) -> tuple[pd.DataFrame, dict[int, np.ndarray]]:
    """Return the cells, and which blank ones were written as nothing, if others were written as "" (`both`)."""
    count = len(columns[0]) + len(others)
    usual_rows = np.setdiff1d(np.arange(count), np.fromiter(others, int, len(others)) - 1)
    cells: dict[int, pd.Categorical] = {}
    absent: dict[int, np.ndarray] = {}
    for column in range(len(columns)):
        codes, texts = _coded(columns[column])
        columns[column] = None  # large files: what is done is let go
        if others:
            codes, texts = _with_others(codes, texts, usual_rows, {row: one[column] for row, one in others.items()})
        if both and (codes < 0).any() and "" in texts:
            absent[column] = codes < 0
        cells[column] = _categorical(codes, texts)
    pa.default_memory_pool().release_unused()
    return pd.DataFrame(cells, index=pd.RangeIndex(1, count + 1), copy=False), absent


def _coded(column: pa.ChunkedArray) -> tuple[np.ndarray, pd.Index]:
    """Return a column as numbers of its distinct texts (-1: nothing) and these texts."""
    whole = column.unify_dictionaries().combine_chunks()
    if isinstance(whole, pa.ChunkedArray):  # of no rows
        return np.empty(0, np.int32), pd.Index([], dtype="str")
    return whole.indices.fill_null(-1).to_numpy(), pd.Index(whole.dictionary.to_pandas(), dtype="str")


def _with_others(
    codes: np.ndarray, texts: pd.Index, usual_rows: np.ndarray, others: dict[int, str | None]
) -> tuple[np.ndarray, pd.Index]:
    """Return a column with the rows of another width put where they stand."""
    filled = {row: text for row, text in others.items() if text is not None}
    texts = texts.append(pd.Index([text for text in dict.fromkeys(filled.values()) if text not in texts], dtype="str"))
    every = np.full(len(codes) + len(others), -1, np.int32)
    every[usual_rows] = codes
    for row, text in filled.items():
        every[row - 1] = texts.get_loc(text)
    return every, texts


def _categorical(codes: np.ndarray, texts: pd.Index) -> pd.Categorical:
    """Return the cells of a column, nothing as ""."""
    if (codes < 0).any():
        if "" not in texts:
            texts = texts.append(pd.Index([""], dtype="str"))
        codes = np.where(codes < 0, texts.get_loc(""), codes)
    return pd.Categorical.from_codes(codes, categories=texts)
