"""REDCap: one header row of field names or of labels, a column for each checkbox, a status for each form.

record_id, redcap_event_name, survey_timestamp, role, topics___1, topics____1, survey_complete        names
Record ID, Event Name, Survey Timestamp, Your role?, Which topics? (choice=Pay), Complete?            labels
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from impact_report.readers import joined
from impact_report.readers.export import Column, Export
from impact_report.readers.table import Table
from impact_report.wording import normalise

FORMAT = "redcap"

_CHECKBOX_NAME = re.compile(r"(?P<question>[a-z][a-z0-9_]*?)___(?P<option>\w+)")
_CHECKBOX_LABEL = re.compile(r"(?P<question>.*?) ?\(choice=(?P<option>.*)\)")
_FORM_NAME = re.compile(r"(?P<form>[a-z][a-z0-9_]*)_complete")
_FORM_LABEL = "complete?"
_STATUSES = {"0", "1", "2", "Incomplete", "Unverified", "Complete"}
_COMPLETE = {"2", "Complete"}
_UNTOUCHED_STATUSES = {"", "0", "Incomplete"}
_UNTICKED = {"", "0", "Unchecked", "FALSE", "False", "false"}
_NOT_COMPLETED = "[not completed]"
_RECORD = "record_id"
_ADDED_NAME = re.compile(r"redcap_\w+")
_ADDED_LABELS = {"event name", "repeat instrument", "repeat instance", "data access group", "survey identifier"}
_OF_REPEATS = {"redcap_event_name", "redcap_repeat_instrument", "redcap_repeat_instance"}
_OF_REPEATS |= {"event name", "repeat instrument", "repeat instance"}
_STAMP_LABEL = "survey timestamp"
_STAMP_NAME = "_timestamp"
_BETWEEN = (",",)  # checkboxes may be exported as one column of the ticked ones


def recognise(table: Table) -> bool:
    """Say whether the headers are REDCap's: checkboxes in its manner, or its own columns beside a form's status.

    >>> from impact_report.readers.table import of
    >>> recognise(of(["record_id", "topics___1", "survey_complete"])), recognise(of(["id", "topics_1", "complete"]))
    (True, False)
    """
    headers = table.headers()
    if any(_CHECKBOX_LABEL.fullmatch(header) for header in headers):
        return True
    below = table.below(1)
    forms = [one for one in _statuses(headers, below) if set(below.texts(one)) <= _STATUSES]
    names = any(_CHECKBOX_NAME.fullmatch(header) or _ADDED_NAME.fullmatch(header) for header in headers)
    labels = {normalise(header) for header in headers}
    return bool(forms) and (names or headers[0] == _RECORD or _FORM_LABEL in labels)


def read(table: Table) -> Export:
    """Return the export.

    A checkbox that was never asked is written as unticked. Only where a whole form was left untouched does REDCap say
    so: its fields are empty, its checkboxes unticked, its status is none or incomplete; there its checkboxes are not
    shown. A form reaches from the column after the last form's status to its own. With one form a response is
    unfinished unless that form is complete, with several if none of them is; where no status is exported, if none of
    the surveys has a time of completion: `[not completed]` is none, in whichever column. Statuses in words other than
    REDCap's own English ones tell nothing.

    Where a record has several rows, one for each event or for each time that it repeats a form, `cases` tells which
    rows are of the same record: a count of rows would be none of respondents.

    >>> from impact_report.readers.table import of
    >>> export = read(of(["record_id", "topics___1", "topics____1", "survey_complete"],
    ...                  ["1", "1", "0", "2"], ["2", "0", "0", "0"]))
    >>> [(column.group, column.option) for column in export.columns[1:3]]
    [('topics', '1'), ('topics', '-1')]
    >>> export.not_shown[1].tolist(), export.unfinished.tolist()
    ([False, True], [False, True])
    """
    headers = table.headers()
    below = table.below(1)
    statuses = _statuses(headers, below)
    added = _added(headers, statuses)
    columns = tuple(_column(position, header, position in added, below) for position, header in enumerate(headers))
    return Export(
        FORMAT,
        columns,
        below.cells,
        table.encoding,
        table.separator,
        not_shown=_not_shown(columns, headers, statuses, below),
        unfinished=_unfinished(headers, statuses, below),
        cases=_cases(headers, below),
    )


def _cases(headers: Sequence[str], below: Table) -> np.ndarray | None:
    """Return the number of each row's record where records have rows for several events or repeats, else None.

    A row said twice is none of these.
    """
    places = [position for position, header in enumerate(headers) if normalise(header) in _OF_REPEATS]
    records = below.cells[0]
    rows = below.cells[[0, *places]][(records != "").to_numpy()].drop_duplicates()
    if not places or not rows[0].duplicated().any():
        return None
    return np.where(records == "", -1, records.cat.codes)


def _column(position: int, header: str, added: bool, below: Table) -> Column:
    if match := _CHECKBOX_LABEL.fullmatch(header) or _CHECKBOX_NAME.fullmatch(header):
        option = match["option"].strip()
        if match.re is _CHECKBOX_NAME:
            option = _code(option)
        question = match["question"].strip()
        return Column(position, header, question, option, question)
    if added:
        return Column(position, header, header, None, header, platform=True)
    separator = joined.between(below.texts(position), _BETWEEN)
    return Column(position, header, header, None, header, separator=separator)


def _code(suffix: str) -> str:
    """Return the code of a checkbox; in a name an underscore stands for its minus.

    >>> _code("3"), _code("_1"), _code("other")
    ('3', '-1', 'other')
    """
    return f"-{suffix[1:]}" if suffix.startswith("_") else suffix


def _statuses(headers: Sequence[str], below: Table) -> list[int]:
    """Return the positions of the forms' statuses; a question may have such a name too, but not such answers."""
    return [
        position
        for position, header in enumerate(headers)
        if (_FORM_NAME.fullmatch(header) and set(below.texts(position)) <= _STATUSES)
        or (normalise(header) == _FORM_LABEL and _is_status(below.texts(position)))
    ]


def _is_status(texts: Sequence[str]) -> bool:
    """Say whether a column of labels holds a status: in any language it has at most three, and is never yes or no."""
    return len(texts) <= 3 and not {normalise(text) for text in texts} & {"yes", "no", "true", "false"}


def _added(headers: Sequence[str], statuses: Sequence[int]) -> set[int]:
    """Return the positions of the columns that are not asked; the first is the record's id."""
    forms = {match["form"] for position in statuses if (match := _FORM_NAME.fullmatch(headers[position]))}
    added = {0, *statuses, *_stamps(headers, forms)}
    for position, header in enumerate(headers):
        if header == _RECORD or _ADDED_NAME.fullmatch(header) or normalise(header) in _ADDED_LABELS:
            added.add(position)
    return added


def _stamps(headers: Sequence[str], forms: set[str]) -> list[int]:
    """Return the positions of the times at which surveys were completed."""
    return [
        position
        for position, header in enumerate(headers)
        if normalise(header) == _STAMP_LABEL
        or (header.endswith(_STAMP_NAME) and header.removesuffix(_STAMP_NAME) in forms)
    ]


def _not_shown(
    columns: Sequence[Column], headers: Sequence[str], statuses: Sequence[int], below: Table
) -> dict[int, np.ndarray]:
    """Return which rows left the form of a checkbox untouched, by the checkbox's position."""
    marked: dict[int, np.ndarray] = {}
    start = 0
    for status in statuses:
        form = [column for column in columns[start:status] if not _identifies(column, headers)]
        untouched = below.cells[status].isin(_UNTOUCHED_STATUSES).to_numpy()
        for column in form:
            unanswered = {"", _NOT_COMPLETED} if column.option is None else _UNTICKED
            untouched = untouched & below.cells[column.position].isin(unanswered).to_numpy()
        if untouched.any():
            marked |= {column.position: untouched for column in form if column.option is not None}
        start = status + 1
    return marked


def _identifies(column: Column, headers: Sequence[str]) -> bool:
    """Say whether a column names the row and belongs to no form; a survey's time of completion does."""
    header = normalise(headers[column.position])
    return column.platform and not (header == _STAMP_LABEL or header.endswith(_STAMP_NAME))


def _unfinished(headers: Sequence[str], statuses: Sequence[int], below: Table) -> np.ndarray | None:
    """Return which rows have no complete form, or None where the export does not tell."""
    if statuses:
        if any(not set(below.texts(position)) <= _STATUSES for position in statuses):
            return None
        complete = [below.cells[position].isin(_COMPLETE).to_numpy() for position in statuses]
    else:
        stamps = [
            position
            for position, header in enumerate(headers)
            if normalise(header) == _STAMP_LABEL or _NOT_COMPLETED in below.texts(position)
        ]
        complete = [~below.cells[position].isin(["", _NOT_COMPLETED]).to_numpy() for position in stamps]
    return ~np.logical_or.reduce(complete) if complete else None
