"""Columnar: a Parquet file as a table of text, with the names of its columns as the header."""

from __future__ import annotations

import io
import re
import uuid

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pyarrow import types as kinds

from impact_report.errors import ExportError, Problem
from impact_report.readers.table import Table
from impact_report.readers.values import categories, texts

SEPARATOR = ";"  # between the answers of a list
_MARKS = (b"PAR1", b"PARE")  # the second: encrypted
_INDEX_OF_PANDAS = re.compile(r"__index_level_\d+__")
_LISTS = (kinds.is_list, kinds.is_large_list, kinds.is_fixed_size_list, kinds.is_list_view, kinds.is_large_list_view)
_BYTES = (kinds.is_binary, kinds.is_large_binary, kinds.is_binary_view, kinds.is_fixed_size_binary)
_SINGLE = (
    *(kinds.is_string, kinds.is_large_string, kinds.is_string_view, *_BYTES),
    *(kinds.is_null, kinds.is_boolean, kinds.is_integer, kinds.is_floating, kinds.is_decimal),
    *(kinds.is_date, kinds.is_time, kinds.is_timestamp, kinds.is_duration),
)
_UNWRITABLE = (pa.ArrowException, OverflowError, ValueError, KeyError)  # the last: a time zone
_ONE_EACH = "write one column for each option"


def recognise(content: bytes) -> bool:
    """Say whether these bytes are a Parquet file.

    >>> recognise(b"PAR1 and more"), recognise(b"Role,Region")
    (True, False)
    """
    return content.startswith(_MARKS)


def read(content: bytes, name: str) -> Table:
    """Return the file as a table: row 1 holds the names of the columns, the answers start in row 2.

    Values are written as `values.texts` says; the answers of a list stand in one cell, with ";" between them. An index
    without a name, which pandas adds, is left out. Raises ExportError, for all columns at once, where a column cannot
    be text: a record in each cell, bytes, or a list whose answers hold a ";" themselves.
    """
    table = _opened(content, name)
    cells: dict[int, pd.Categorical] = {}
    problems: list[Problem] = []
    for header, values in zip(table.column_names, table.columns, strict=True):
        try:
            places, distinct = _distinct(values, f"{name}, column {header!r}")
        except ExportError as fault:
            problems.extend(fault.problems)
        else:
            below = np.concatenate([[len(distinct)], places])
            cells[len(cells)] = categories(below, [*distinct, header])
    if problems:
        raise ExportError(problems)
    return Table(name, pd.DataFrame(cells, pd.RangeIndex(1, table.num_rows + 2)))


def _opened(content: bytes, name: str) -> pa.Table:
    try:
        table = pq.ParquetFile(io.BytesIO(content)).read()
    except (pa.ArrowException, OSError) as fault:
        found = f"a damaged or encrypted file ({str(fault).partition(chr(10))[0]})"
        raise ExportError(Problem("a Parquet file", found, name, "export the answers again, or as CSV")) from None
    named = [place for place, header in enumerate(table.column_names) if not _INDEX_OF_PANDAS.fullmatch(header)]
    if not named:
        raise ExportError(Problem("columns of answers", "a file without any", name, "export the answers again"))
    return table.select(named)


def _distinct(values: pa.ChunkedArray, where: str) -> tuple[np.ndarray, list[str]]:
    """Return the place of each cell among the distinct texts of the column (-1: empty), and these texts."""
    if kinds.is_dictionary(values.type):
        return _distinct(values.cast(values.type.value_type), where)
    if isinstance(values.type, pa.UuidType):
        places, distinct = _encoded(values.cast(values.type.storage_type))
        return places, [str(uuid.UUID(bytes=one)) for one in distinct]
    if isinstance(values.type, pa.BaseExtensionType):
        return _distinct(values.cast(values.type.storage_type), where)
    if _is(values.type, _LISTS):
        return _joined(values, where)
    if not _is(values.type, _SINGLE):
        raise ExportError(Problem("one answer in each cell", f"{values.type} in each", where, _ONE_EACH))
    try:
        places, distinct = _encoded(values)
    except _UNWRITABLE:
        expected = "values that can be written: dates of the years 1 to 9999, in a time zone that is known"
        raise ExportError(Problem(expected, f"{values.type} beyond that", where, "write the column as text")) from None
    if _is(values.type, _BYTES):
        distinct = _decoded(distinct, where)
    return places, texts(distinct)


def _is(kind: pa.DataType, tests: tuple) -> bool:
    return any(test(kind) for test in tests)


def _encoded(values: pa.ChunkedArray) -> tuple[np.ndarray, list]:
    encoded = values.dictionary_encode().unify_dictionaries().combine_chunks()
    places = encoded.indices.fill_null(-1).to_numpy()
    if kinds.is_floating(values.type):  # as they are: 0.1 of half the width is another number in full width
        return places, list(encoded.dictionary.to_numpy(zero_copy_only=False))
    return places, encoded.dictionary.to_pylist()


def _decoded(distinct: list[bytes], where: str) -> list[str]:
    """Return bytes as text: old writers do not say that they mean UTF-8."""
    try:
        return [one.decode() for one in distinct]
    except UnicodeDecodeError:
        raise ExportError(Problem("text in UTF-8", "other bytes", where, "write the column as text")) from None


def _joined(lists: pa.ChunkedArray, where: str) -> tuple[np.ndarray, list[str]]:
    """Return the places and distinct texts of the lists, their answers joined; empty answers are left out."""
    if _is(lists.type.value_type, _LISTS):
        raise ExportError(Problem("one list in each cell", "lists within lists", where, _ONE_EACH))
    places, distinct = _distinct(pc.list_flatten(lists), where)
    holding = [text for text in distinct if SEPARATOR in text]
    if holding:
        found = f"{len(holding)} that hold one"
        raise ExportError(Problem(f"a list of answers without {SEPARATOR!r} in them", found, where, _ONE_EACH))
    answered = np.array([text != "" for text in distinct] + [False])[places]  # place -1 is the last one
    lengths = pc.list_value_length(lists).fill_null(0).to_numpy()
    rows = np.repeat(np.arange(len(lists)), lengths)[answered]
    offsets = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=len(lists)))])
    answers = pa.array(distinct, pa.string()).take(pa.array(places[answered]))
    return _encoded(pa.chunked_array([pc.binary_join(pa.LargeListArray.from_arrays(offsets, answers), SEPARATOR)]))
