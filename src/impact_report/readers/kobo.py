"""KoboToolbox: one header row of names or labels; a select-all question twice, joined in its parent and by choice.

site/sources, site/sources/well, site/sources/river          names, with the groups they stand in
Which sources?, Which sources?/A well, Which sources?/River  labels
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from impact_report.errors import ExportError, Problem, rows_in_words
from impact_report.readers.export import Column, Export
from impact_report.readers.table import Table

FORMAT = "kobo"

_TICKED = {"1", "1.0", "TRUE", "True", "true"}
_UNTICKED = {"0", "0.0", "FALSE", "False", "false"}
_SEPARATORS = ("/", ".", ":", "__", "-", "_", "|")  # between groups, questions and choices; the first is usual
_BETWEEN = " "  # the choices that share a cell

_ADDED_ALWAYS = {"_uuid", "_submission_time", "_validation_status", "_submitted_by", "__version__", "_index", "_id"}
_ADDED_ALWAYS |= {"_xform_id_string", "formhub/uuid", "meta/instanceID", "_parent_index", "_parent_table_name"}
_ADDED_ALWAYS |= {"_submission__uuid", "_submission__submission_time"}
_TELLING = {"_uuid", "_submission_time", "_submission__uuid"}
_ADDED = {"_notes", "_status", "_tags", "_attachments", "_geolocation", "_version_", "_date_modified", "uuid"}
_ADDED |= {"start", "end", "today", "deviceid", "username", "phonenumber", "simserial", "subscriberid", "audit"}
_ADDED |= {"instanceID", "meta/instanceName", "meta/rootUuid", "meta/deprecatedID", "_media_count", "_total_media"}
_ADDED |= {"_media_all_received", "_bamboo_dataset_id"}
_OF_PARENT = re.compile(r"_submission__\w+")  # in a table of repeats
_PLACE = re.compile(r"(?P<path>.*?)_(?P<question>[^/]+)_(?:latitude|longitude|altitude|precision)")
_TAG = re.compile(r"#[a-z]", re.IGNORECASE)


@dataclass(frozen=True)
class _SelectAll:
    """A select-all question: where its parent stands, if exported, and its choices by position."""

    name: str
    parent: int | None
    choices: dict[int, str]

    @property
    def positions(self) -> list[int]:
        return [*([] if self.parent is None else [self.parent]), *self.choices]


def recognise(table: Table) -> bool:
    """Say whether the headers are Kobo's: its own columns, or a parent whose cells name the columns below it.

    Columns are below a parent if they are named `parent/choice` and hold nothing but ticks.

    >>> from impact_report.readers.table import of
    >>> recognise(of(["water", "water/well", "water/rain"], ["well rain", "1", "1"]))
    True
    >>> recognise(of(["water", "water/well", "water/rain"], ["enough", "1", "1"]))
    False
    """
    headers = table.headers()
    names = set(headers)
    if names & _TELLING and len(names & _ADDED_ALWAYS) >= 2:
        return True
    if not any("/" in header for header in headers):
        return False
    below = _below(table)
    return any(_parent_names(one, below) for one in _with_parents(headers, "/", below))


def read(table: Table) -> Export:
    """Return the export.

    Of a select-all question the choices are read, and their parent says them again. Where its parent and all of its
    choices are empty, it was not shown, if other rows hold 0 or 1: Kobo writes nothing for a question that was skipped.
    Kobo keeps what was sent, so no response is a preview or unfinished.

    Raises ExportError where a parent and its choices contradict each other.

    >>> from impact_report.readers.table import of
    >>> export = read(of(["water", "water/well", "water/rain"], ["well", "1", "0"], ["", "", ""]))
    >>> [(column.question, column.option, column.repeats) for column in export.columns]
    [('water', None, True), ('water', 'well', False), ('water', 'rain', False)]
    >>> export.not_shown[1].tolist()
    [False, True]
    """
    headers = table.headers()
    below = _below(table)
    select_all = _select_all(headers, below)
    _check(select_all, headers, below)
    places = {position: one for one in select_all for position in one.positions}
    return Export(
        FORMAT,
        tuple(_column(position, headers, places.get(position), below) for position in range(len(headers))),
        below.cells,
        table.encoding,
        table.separator,
        not_shown=_not_shown(select_all, below),
    )


def _below(table: Table) -> Table:
    """Return the table below its header, and below the row of HXL tags if there is one."""
    if len(table.cells) > 1:
        tags = [cell.strip() for cell in table.row(1) if cell.strip()]
        if tags and all(map(_TAG.match, tags)):
            return table.below(2)
    return table.below(1)


def _column(position: int, headers: Sequence[str], question: _SelectAll | None, below: Table) -> Column:
    header = headers[position]
    if question is not None and position == question.parent:
        return Column(position, header, header, None, header, separator=_BETWEEN, repeats=True)
    if question is not None:
        return Column(position, header, question.name, question.choices[position], question.name)
    if _is_added(header, headers):
        return Column(position, header, header, None, header, platform=True)
    separator = _BETWEEN if _holds_choices(below.texts(position)) else ""
    return Column(position, header, header, None, header, separator=separator)


def _is_added(header: str, headers: Sequence[str]) -> bool:
    """Say whether Kobo added a column: ids, times, or a part of a place that is asked in another column."""
    if header in _ADDED_ALWAYS | _ADDED or _OF_PARENT.fullmatch(header):
        return True
    match = _PLACE.fullmatch(header)
    return match is not None and match["path"] + match["question"] in headers


# --- Select-all questions ---------------------------------------------------------------------------------------------


def _select_all(headers: Sequence[str], below: Table) -> list[_SelectAll]:
    """Return the select-all questions, by the separator under which most columns are choices."""
    found = [_with_parents(headers, separator, below) for separator in _SEPARATORS]
    best = max(found, key=lambda questions: sum(len(one.choices) for one in questions))
    return best or _without_parents(headers, below)


def _with_parents(headers: Sequence[str], separator: str, below: Table) -> list[_SelectAll]:
    """Return the questions of which parent and choices are exported.

    The parent of a/b/c is the longest of a/b and a that is itself a column.
    """
    positions = {header: position for position, header in reversed(list(enumerate(headers))) if header}
    ticks = [position for position in range(len(headers)) if _holds_ticks(below, position)]
    choices: dict[int, dict[int, str]] = defaultdict(dict)
    for position in ticks:
        parent, choice = _parent(headers[position], separator, positions)
        if parent is not None and parent != position:
            choices[parent][position] = choice
    return [
        _SelectAll(headers[parent], parent, of_parent)
        for parent, of_parent in choices.items()
        if separator == "/" or _parent_names(_SelectAll(headers[parent], parent, of_parent), below)
    ]


def _parent(header: str, separator: str, positions: dict[str, int]) -> tuple[int | None, str]:
    """Return the position of a choice's parent, or None, and the choice.

    >>> _parent("site/sources/well", "/", {"site/sources": 4})
    (4, 'well')
    """
    end = header.rfind(separator)
    while end > 0:
        if header[:end] in positions:
            return positions[header[:end]], header[end + len(separator) :].strip()
        end = header.rfind(separator, 0, end)
    return None, header


def _without_parents(headers: Sequence[str], below: Table) -> list[_SelectAll]:
    """Return the questions of which only the choices are exported: two or more, all of them ticks, none told apart."""
    families: dict[str, dict[int, str]] = defaultdict(dict)
    for position, header in enumerate(headers):
        family, separator, choice = header.rpartition("/")
        if separator and not _is_added(header, headers):
            families[family][position] = choice
    return [
        _SelectAll(family, None, choices)
        for family, choices in families.items()
        if len(choices) > 1 and _answered_together(choices, below)
    ]


def _answered_together(choices: Collection[int], below: Table) -> bool:
    """Say whether columns hold ticks and are all empty in the same rows."""
    if not all(_holds_ticks(below, position) for position in choices):
        return False
    empty = [_empty(below, position) for position in choices]
    return all(np.array_equal(empty[0], other) for other in empty)


def _holds_ticks(below: Table, position: int) -> bool:
    texts = below.cells[position].cat.categories
    ticks = _TICKED | _UNTICKED | {""}
    return len(texts) <= len(ticks) and set(texts) <= ticks


def _ticked(below: Table, position: int) -> np.ndarray:
    return below.cells[position].isin(_TICKED).to_numpy()


def _empty(below: Table, position: int) -> np.ndarray:
    return (below.cells[position] == "").to_numpy()


def _parent_names(question: _SelectAll, below: Table) -> bool:
    """Say whether a parent has two choices or more, and its cells name them and nothing else."""
    texts = below.texts(question.parent)
    return (
        len(question.choices) > 1
        and bool(texts)
        and all(_chosen(text, question.choices.values()) is not None for text in texts)
    )


def _chosen(text: str, choices: Collection[str]) -> set[str] | None:
    """Return the choices that a parent's cell joins, each at most once; None where it cannot be read as such.

    >>> sorted(_chosen("A well River", ["A well", "Well", "River"]))
    ['A well', 'River']
    >>> _chosen("A well Lake", ["A well", "River"])
    """
    words = text.split()
    choice_words = {tuple(choice.split()): choice for choice in choices}
    longest = max(map(len, choice_words), default=0)
    reached: dict[int, tuple[str, ...]] = {0: ()}  # the choices up to a word, by the number of words
    for start in range(len(words)):
        for length in range(longest, 0, -1):
            choice = choice_words.get(tuple(words[start : start + length]))
            if start in reached and choice is not None and choice not in reached[start]:
                reached.setdefault(start + length, (*reached[start], choice))
    return set(reached[len(words)]) if len(words) in reached else None


def _holds_choices(texts: Collection[str]) -> bool:
    """Say whether the cells of a single column join choices: names that come back, never twice in a cell.

    Words of a sentence come back too, but not all of them; and few answers of two words are told from two choices by
    their combinations, of which there must be more than names unless each name also stands alone.

    >>> _holds_choices(["well", "river", "well river", "river rain", "rain"])
    True
    >>> _holds_choices(["very good", "good", "very bad", "bad"])
    False
    """
    pieces = [text.split(_BETWEEN) for text in texts]
    names = Counter(name for found in pieces for name in found)
    several = [found for found in pieces if len(found) > 1]
    alone = {found[0] for found in pieces if len(found) == 1}
    if not several or any(len(set(found)) < len(found) or "" in found for found in pieces):
        return False
    if all(re.fullmatch(r"[-+\d.,:]+", name) for name in names):  # a place, or a date with a time
        return False
    come_back = all(name in alone or times > 1 for name, times in names.items())
    return come_back and (set(names) <= alone or len(several) > len(names))


# --- States -----------------------------------------------------------------------------------------------------------


def _not_shown(select_all: Sequence[_SelectAll], below: Table) -> dict[int, np.ndarray]:
    """Return which rows hold nothing of a question of which other rows hold a tick or its absence."""
    marked: dict[int, np.ndarray] = {}
    for question in select_all:
        nothing = np.logical_and.reduce([_empty(below, position) for position in question.positions])
        told = any(below.texts(position) for position in question.choices)
        if told and nothing.any():
            marked |= dict.fromkeys(question.positions, nothing)
    return marked


def _check(select_all: Sequence[_SelectAll], headers: Sequence[str], below: Table) -> None:
    """Raise ExportError where a parent names a choice that is not ticked, leaves out one that is, or names another."""
    problems = [
        problem
        for question in select_all
        if question.parent is not None
        for problem in [*_unreadable(question, below), *_contradictions(question, headers, below)]
    ]
    if problems:
        raise ExportError(problems)


def _unreadable(question: _SelectAll, below: Table) -> list[Problem]:
    """Return the problem of a parent that names choices without a column.

    A parent of which no cell can be read is written in other words than its choices' names: it is wrong only where
    none of them is ticked.
    """
    texts = below.texts(question.parent)
    unread = [text for text in texts if _chosen(text, question.choices.values()) is None]
    wrong = below.cells[question.parent].isin(unread).to_numpy()
    if len(unread) == len(texts):
        wrong = wrong & ~np.logical_or.reduce([_ticked(below, position) for position in question.choices])
    if not wrong.any():
        return []
    found = f"other names, in {rows_in_words(below.cells.index[wrong])}"
    where = f"{below.name}, column {Column(question.parent, question.name, question.name).letter} ({question.name})"
    expected = "choices that have a column each, with spaces between them"
    return [Problem(expected, found, where, "export all choices again, those of earlier versions of the form too")]


def _contradictions(question: _SelectAll, headers: Sequence[str], below: Table) -> list[Problem]:
    parent = below.cells[question.parent].cat
    chosen = [_chosen(text, question.choices.values()) if text else set() for text in parent.categories]
    readable = np.array([one is not None for one in chosen], bool)[parent.codes]
    problems = []
    for position, choice in question.choices.items():
        named = np.array([choice in (one or ()) for one in chosen], bool)[parent.codes]
        if (wrong := readable & (named != _ticked(below, position))).any():
            first = Column(question.parent, question.name, question.name).letter
            second = Column(position, choice, choice).letter
            found = f"one of them only, in {rows_in_words(below.cells.index[wrong])}"
            where = f"{below.name}, columns {first} and {second} ({headers[position]})"
            do = "export again, or mend these rows: both columns hold the same answer"
            problems.append(Problem(f"{choice!r} named in the one column and ticked in the other", found, where, do))
    return problems
