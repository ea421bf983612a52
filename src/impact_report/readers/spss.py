"""SPSS: system files (.sav, .zsav) and portable files (.por), with their value labels and kinds of missing."""

from __future__ import annotations

import datetime as dt
import io
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyreadstat

from impact_report.errors import ExportError, Problem
from impact_report.readers.export import Column, Export, Option
from impact_report.readers.values import categories, number, texts
from impact_report.wording import normalise, tidy

FORMAT = "spss"
_SYSTEM_FILE = (b"$FL2", b"$FL3")
_PORTABLE, _PORTABLE_AT = b"SPSSPORT", 456  # without line breaks: below five splash lines and the table of characters
_FIRST_DAY = dt.datetime(1582, 10, 14)  # SPSS counts the seconds since
_DATES = ("DATE", "ADATE", "EDATE", "JDATE", "SDATE", "QYR", "MOYR", "WKYR", "DATETIME", "YMDHMS")
_TIMES = ("TIME", "DTIME", "MTIME")
_WESTERN = "WINDOWS-1252"
_ANY = "ISO-8859-1"  # in which any byte is a letter
_CUT = ("unexpected end of data", "incomplete multibyte sequence")
_NOT_DECODED = "Unable to convert string"


def recognise(content: bytes) -> bool:
    """Say whether these bytes are an SPSS file.

    >>> recognise(b"$FL2@(#) SPSS DATA FILE"), recognise(b"Role,Region")
    (True, False)
    """
    return content.startswith(_SYSTEM_FILE) or _is_portable(content)


def read(content: bytes, name: str, encoding: str = "") -> Export:
    """Return the export; rows are counted from 1, as there is no header.

    A cell is the value label where the value has one that no other value of its variable has; else the value: numbers
    as `values.texts` writes them, dates and times ISO. A value that is declared to be missing is marked so; one that
    the system lacks is an empty cell. (A portable file gives both as empty cells.)

    The columns of a set of multiple dichotomies are its options. Several columns of codes (a category set) share its
    name as their group, and are questions still. `encoding` overrides what the file says of itself.

    Raises ExportError if the file is damaged, or its texts are in several encodings.
    """
    frame, meta = _opened(content, name, encoding)
    dichotomies, counted, groups = _sets(meta.mr_sets or {})
    columns, text, missing = [], {}, {}
    for position, variable in enumerate(meta.column_names):
        label = tidy(meta.column_names_to_labels[variable] or "") or variable
        one = _variable(variable, frame.iloc[:, position], meta, counted.get(variable), label)
        asked = dichotomies.get(variable)
        question, option = (asked, label) if asked else (label, None)
        columns.append(Column(position, variable, question, option, groups.get(variable, variable), one.options))
        text[position] = one.cells
        if one.missing.any():
            missing[position] = one.missing
    cells = pd.DataFrame(text, pd.RangeIndex(1, len(frame) + 1))
    return Export(FORMAT, tuple(columns), cells, meta.file_encoding or "", user_missing=missing)


# --- The file ---------------------------------------------------------------------------------------------------------


def _is_portable(content: bytes) -> bool:
    head = content[: 2 * _PORTABLE_AT].replace(b"\r", b"").replace(b"\n", b"")
    return head[_PORTABLE_AT:].startswith(_PORTABLE)


def _opened(content: bytes, name: str, encoding: str) -> tuple[pd.DataFrame, Any]:
    try:
        if _is_portable(content):
            if encoding:
                found = "a portable file, of which none can be chosen"
                do = "remove `encoding:` from wave.yml, or save the file as .sav"
                raise ExportError(Problem("a system file, since an encoding is named", found, name, do))
            return pyreadstat.read_por(io.BytesIO(content), disable_datetime_conversion=True)
        return _system_file(content, encoding) if encoding else _decoded(content, name)
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, UnicodeError, LookupError, ValueError) as fault:
        do = "save it again in SPSS, or export it as CSV"
        raise ExportError(Problem("an SPSS file", f"one that cannot be read ({fault})", name, do)) from None


def _system_file(content: bytes, encoding: str, **options: Any) -> tuple[pd.DataFrame, Any]:
    options |= {"encoding": encoding or None, "user_missing": True, "disable_datetime_conversion": True}
    return pyreadstat.read_sav(io.BytesIO(content), **options)


def _decoded(content: bytes, name: str) -> tuple[pd.DataFrame, Any]:
    """Return the file in the encoding that it names; in the Western one if it names none, or a wrong one."""
    given = None
    try:
        given = _system_file(content, "")
    except (pyreadstat.ReadstatError, UnicodeError) as fault:
        if not isinstance(fault, UnicodeError) and _NOT_DECODED not in str(fault):
            raise
    encoding = (given[1].file_encoding if given else "") or "UTF-8"
    found = Counter(_decodes(text, encoding) for text in _raw_texts(content) if not text.isascii())
    if given and not found["wrong"] and (found["right"] or not found["cut"]):
        return given
    if not found["right"]:  # nothing speaks for the encoding that it names
        return _western(content)
    expected, do = f"texts in {encoding}, as the file says", "save it again in SPSS, as Unicode"
    raise ExportError(Problem(expected, "texts in another encoding beside them", name, do))


def _western(content: bytes) -> tuple[pd.DataFrame, Any]:
    try:
        return _system_file(content, _WESTERN)
    except (pyreadstat.ReadstatError, UnicodeError):
        return _system_file(content, _ANY)


def _raw_texts(content: bytes) -> set[str]:
    """Return the distinct texts of the file, a letter for each byte.

    ReadStat gives a text that is not in the file's encoding as an empty one, or without its end, and says nothing.
    """
    _, told = _system_file(content, _ANY, metadataonly=True)
    strings = [one for one, kind in told.readstat_variable_types.items() if kind == "string"]
    found = {label for labels in told.variable_value_labels.values() for label in labels.values()}
    found.update(told.column_labels)
    if strings:
        raw, _ = _system_file(content, _ANY, usecols=strings)
        found.update(*(raw[one].dropna().unique() for one in strings))
    return found - {None}


def _decodes(raw: str, encoding: str) -> str:
    """Say whether a text is in this encoding ("right", "wrong"), or cut within its last letter ("cut")."""
    try:
        raw.encode(_ANY).decode(encoding)
    except UnicodeDecodeError as fault:
        return "cut" if fault.reason in _CUT else "wrong"
    except LookupError:  # an encoding that ReadStat alone knows
        return "right"
    return "right"


# --- One variable -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Variable:
    cells: pd.Categorical
    options: tuple[Option, ...]
    missing: np.ndarray


def _variable(name: str, values: pd.Series, meta: Any, counted: str | None, label: str) -> _Variable:
    """Return the texts of a variable's cells, the answers that the file lists, and where one is declared missing.

    `counted` is the value that a tick is written as: it becomes the option's label, and other values no tick.
    """
    is_text = meta.readstat_variable_types[name] == "string"
    written = _strings if is_text else _dated(meta.original_variable_types[name])
    declared = [_trimmed(one) for one in meta.missing_ranges.get(name, [])]
    labels = _labels(meta.variable_value_labels.get(name, {}))
    places, distinct = pd.factorize(_stripped(values) if is_text else values.astype("float64"))
    present = distinct.tolist()
    listed = sorted({*labels, *(one["lo"] for one in declared if one["lo"] == one["hi"])})
    codes = dict(zip([*listed, *present], written([*listed, *present]), strict=True))
    shown = _shown(codes, labels)
    missing = {value: value != "" and any(one["lo"] <= value <= one["hi"] for one in declared) for value in codes}
    if counted is not None:
        ticks = {value: label if code == counted else "0" for value, code in codes.items() if value != ""}
        shown |= {value: tick for value, tick in ticks.items() if not missing[value]}
    return _Variable(
        categories(places, [shown[value] for value in present]),
        tuple(Option(codes[value], labels.get(value, codes[value]), missing[value]) for value in listed),
        np.array([*(missing[value] for value in present), False], dtype=bool)[places],  # place -1 is the last one
    )


def _trimmed(declared: Mapping[str, Any]) -> dict[str, Any]:
    return {end: value.strip() if isinstance(value, str) else value for end, value in declared.items()}


def _labels(given: Mapping[Any, str]) -> dict[Any, str]:
    """Return the label of each value, without those that say nothing, or of nothing: a blank stays an empty cell."""
    pairs = (
        (value.strip() if isinstance(value, str) else value, (label or "").strip()) for value, label in given.items()
    )
    return {value: label for value, label in pairs if label and value != ""}


def _shown(codes: Mapping[Any, str], labels: Mapping[Any, str]) -> dict[Any, str]:
    """Return the text of each value: its label, or its code where another value would read the same."""
    shown = {value: labels.get(value, code) for value, code in codes.items()}
    while True:
        read_as = Counter(map(normalise, shown.values()))
        unclear = [value for value in shown if read_as[normalise(shown[value])] > 1 and shown[value] != codes[value]]
        if not unclear:
            return shown
        shown |= {value: codes[value] for value in unclear}


def _stripped(values: pd.Series) -> pd.Series:
    return values.astype("object").fillna("").astype("str").str.strip()


def _strings(values: list[str]) -> list[str]:
    return values


def _dated(kind: str | None) -> Callable[[list[float]], list[str]]:
    """Return how the numbers of a variable of this format (F8.2, DATE11) are written.

    Weekdays and months by themselves are numbers.
    """
    name = (kind or "").rstrip("0123456789.")
    if name in _DATES:
        return lambda seconds: texts([_since_the_first_day(one) for one in seconds])
    if name in _TIMES:
        return lambda seconds: texts([_duration(one) for one in seconds])
    return lambda values: [number(value) for value in values]


def _since_the_first_day(seconds: float) -> dt.datetime | float:
    try:
        return _FIRST_DAY + dt.timedelta(seconds=seconds)
    except OverflowError:  # no date: a code such as 9e12
        return seconds


def _duration(seconds: float) -> dt.timedelta | float:
    try:
        return dt.timedelta(seconds=seconds)
    except OverflowError:  # no duration: a code such as 9e15
        return seconds


# --- Sets of variables ------------------------------------------------------------------------------------------------


def _sets(given: Mapping[str, Mapping[str, Any]]) -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    """Return question and counted value of each variable of a set of dichotomies, and the group of each of any set.

    A variable of several sets belongs to the first; a set without a label is called by its name.
    """
    questions: dict[str, str] = {}
    counted: dict[str, str] = {}
    groups: dict[str, str] = {}
    for name, one in given.items():
        for variable in one["variable_list"]:
            if groups.setdefault(variable, name) == name and one["is_dichotomy"]:
                questions[variable] = tidy(one["label"] or "") or name
                counted[variable] = str(one["counted_value"]).strip()
    return questions, counted, groups
