"""Qualtrics: names, labels and import ids in three header rows; names and labels alone in older exports."""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from impact_report.readers.export import Column, Export
from impact_report.readers.joined import joins
from impact_report.readers.table import Table
from impact_report.wording import normalise, tidy

FORMAT = "qualtrics"
_IMPORT_ID = re.compile(r"""\{\s*["']ImportId["']\s*:\s*(["'])(?P<id>.*?)\1\s*[,}]""")
_CHOICE_ID = re.compile(r"""["']choiceId["']\s*:\s*["']?(?P<choice>[^"',}]+)""")
_QUESTION = re.compile(r"(?P<question>(?:\d+_)?QID\d+(?:\(\d+\))?(?:#\d+)?)(?P<rest>.*)")  # 1_QID5: a loop's first turn
_OLD_ID = re.compile(r"QID[\d#]+-")
_CHOICE = re.compile(r"x*\d+")  # x7 is carried forward from another question
_NUMBERED = re.compile(r"(?P<question>.+?)(?P<path>(?:_-?x*\d+){1,2})")
_SELECTED = " - Selected Choice"
_TEXT = "_TEXT"
_SPACED, _BARE = " - ", "-"  # between question and option, now and in older exports
_CUT = re.compile(r"[.?!:…]\s?-")
_RECORDED = frozenset(  # by the platform, about a question
    ["DO", "NPS", "FIRST", "LAST", "PAGE", "CLICK", "BROWSER", "VERSION", "OS", "RESOLUTION"]
)
_PLATFORM = frozenset(
    [
        "startdate", "enddate", "status", "responsetype", "ipaddress", "progress", "duration", "duration(inseconds)",
        "finished", "recordeddate", "recordid", "responseid", "responseset", "responsesetid", "recipientlastname",
        "recipientfirstname", "recipientemail", "externalreference", "externaldatareference", "locationlatitude",
        "locationlongitude", "locationaccuracy", "distributionchannel", "userlanguage",
    ]
)  # fmt: skip
_OLD_PLATFORM = frozenset({"name", "emailaddress"})  # these words are a respondent's only above columns V1, V2 …
_OLD_NAME = re.compile(r"V\d+")
_PLATFORM_ID = re.compile(r"Q_[A-Z]\w*|SC_\w+|(?:BL|FL)_\w+_DO(?:_\w+)?")  # fraud scores, scores, order of blocks
_SURE = 3  # known headers, before two rows are taken for an export
_DECIMAL = re.compile(r"\d+(,\d+)?")
_REAL = frozenset({"ip address", "imported", "offline", "ex", "ex offline"})
_UNREAL = frozenset(
    {"survey preview", "preview", "survey test", "test", "spam", "preview spam", "imported spam"}
    | {"offline preview", "offline spam", "ex spam", "possible spam"}
)
_UNREAL_BITS = 1 | 2 | 8  # preview, test, spam: 17 is a preview filled in offline


@dataclass(frozen=True)
class _Place:
    """Where a column stands among the platform's questions: `path` is its row and its option."""

    position: int
    name: str
    label: str
    question: str = ""  # the platform's id of it, or what the names share
    path: tuple[str, ...] = ()
    text: bool = False  # written in beside a choice, or into a field
    platform: bool = False
    known: str = ""  # which of the platform's own columns this is


def recognise(table: Table) -> bool:
    """Say whether the third row holds import ids, or two rows name the platform's own columns.

    >>> from impact_report.readers.table import of
    >>> recognise(of(["Q1"], ["Role?"], ['{"ImportId":"QID1"}'], ["Firm"])), recognise(of(["Role?"], ["Firm"]))
    (True, False)
    """
    return _header_rows(table) > 0


def read(table: Table) -> Export:
    """Return the export; the columns of one import id are the options or rows of one question.

    A text written beside a choice is an answer of its own; so is each row of a matrix in which several answers can be
    given. Previews, tests and spam are told from the status; unfinished responses from `Finished`, or else `Progress`.

    >>> from impact_report.readers.table import of
    >>> ids = ['{"ImportId":"status"}', '{"ImportId":"QID1_1"}', '{"ImportId":"QID1_2"}']
    >>> table = of(["Status", "Q1_1", "Q1_2"], ["Status", "Which? - Pay", "Which? - Hours"], ids, ["1", "x", ""])
    >>> [column.title for column in read(table).columns], read(table).previews
    (['Status', 'Which? – Pay', 'Which? – Hours'], array([ True]))
    """
    body = table.below(_header_rows(table))
    places = _places(table)
    separate = _separate(table)
    beside = _texts_beside(places)
    columns = {place.position: _whole(place, places, beside) for place in places if not place.path or place.text}
    questions: dict[tuple[str, int], list[_Place]] = defaultdict(list)
    for place in places:
        if place.position not in columns:
            questions[place.question, len(place.path)].append(place)
    for (key, depth), group in questions.items():
        lead = _lead(group, separate)
        question = _without_selected(lead, beside.get(key, ()))
        made = _options(group, lead, question) if depth == 1 else _matrix(group, lead, question, separate)
        columns.update({column.position: column for column in made})
    texts = {position: body.texts(position) for position in columns}
    told = _with_separators([columns[position] for position in sorted(columns)], places, texts)
    known = {place.known: place.position for place in reversed(places) if place.known}
    return Export(
        FORMAT,
        tuple(told),
        body.cells,
        table.encoding,
        table.separator,
        previews=_marked(body, known.get("status", known.get("responsetype")), _is_preview),
        unfinished=_unfinished(body, known),
    )


# --- Headers ----------------------------------------------------------------------------------------------------------


def _header_rows(table: Table) -> int:
    """Return how many header rows there are: three, two, or none of this platform's."""
    if len(table.cells) >= 3 and any(_IMPORT_ID.match(cell.strip()) for cell in table.row(2)):
        return 3
    if len(table.cells) < 2:
        return 0
    pairs = [(tidy(name), _squeezed(label)) for name, label in zip(table.row(0), table.row(1), strict=True)]
    known = sum(
        label in _PLATFORM and (_squeezed(name) in _PLATFORM or _OLD_NAME.fullmatch(name) is not None)
        for name, label in pairs
    )
    return 2 if known >= _SURE else 0


def _separate(table: Table) -> str:
    """Return what stands between question and option: a bare hyphen, in older exports.

    They are told by their import ids (QID9-1); without any, by the platform's labels (StartDate).
    """
    if _header_rows(table) == 3:
        return _BARE if any(_OLD_ID.search(cell) for cell in table.row(2)) else _SPACED
    return _SPACED if any(" " in tidy(cell) and _squeezed(cell) in _PLATFORM for cell in table.row(1)) else _BARE


def _squeezed(text: str) -> str:
    """Return a header without what differs between exports.

    >>> _squeezed("Start Date"), _squeezed("panel-RecipientEmail"), _squeezed("_recordId")
    ('startdate', 'recipientemail', 'recordid')
    """
    text = normalise(text).replace(" ", "").replace("_", "")
    return text.removeprefix("panel-").removeprefix("location-")


def _places(table: Table) -> list[_Place]:
    """Return where each column stands, by its import id; by its name where that says nothing."""
    names, labels = map(tidy, table.row(0)), map(tidy, table.row(1))
    if _header_rows(table) == 3:
        ids = [_import_id(cell) for cell in table.row(2)]
        told = any(_squeezed(one) in _PLATFORM for one, _ in ids)
    else:
        ids, told = [("", "")] * table.cells.shape[1], False
    places = []
    for position, (name, label, (one, choice)) in enumerate(zip(names, labels, ids, strict=True)):
        if match := _QUESTION.fullmatch(one):
            place = _by_id(_Place(position, name, label), match["question"], match["rest"], choice)
        else:
            place = _Place(position, name, label, text=name.endswith(_TEXT) and not one)
            place = replace(place, platform=_PLATFORM_ID.fullmatch(one or name) is not None)
        known = _known(one if told else name, label if not told else "")
        places.append(replace(place, known=known, platform=place.platform or known != ""))
    return _by_name(places, _separate(table), named_options=_header_rows(table) == 2)


def _import_id(cell: str) -> tuple[str, str]:
    """Return import id and choice id of a header.

    >>> _import_id('{"ImportId":"QID2","choiceId":"1"}'), _import_id("{'ImportId': 'QID9-1'}"), _import_id("")
    (('QID2', '1'), ('QID9-1', ''), ('', ''))
    """
    one, choice = _IMPORT_ID.match(cell.strip()), _CHOICE_ID.search(cell)
    return (one["id"] if one else "", choice["choice"].strip() if choice else "")


def _known(header: str, label: str) -> str:
    if _squeezed(header) in _PLATFORM:
        return _squeezed(header)
    old = _OLD_NAME.fullmatch(header) is not None and _squeezed(label) in _PLATFORM | _OLD_PLATFORM
    return _squeezed(label) if old else ""


def _by_id(place: _Place, question: str, rest: str, choice: str) -> _Place:
    """Return the place that an import id tells: QID29-1-2, QID3_1, QID6_4_TEXT, QID1_DO."""
    steps = [step for step in re.split("[-_]", rest) if step]
    place = replace(place, question=question)
    if _RECORDED & set(steps):
        return replace(place, platform=True)
    if steps[-1:] == ["TEXT"]:
        return replace(place, text=True)
    steps += [choice] if choice else []
    return replace(place, path=tuple(steps)) if all(map(_CHOICE.fullmatch, steps)) else place


def _by_name(places: list[_Place], separate: str, named_options: bool) -> list[_Place]:
    """Return the places, with those whose import id tells no option grouped by their names: Q5_1, Q5_2.

    They belong together where their labels share a question; that a name ends in a number is not enough.
    """
    groups: dict[str, list[tuple[_Place, tuple[str, ...]]]] = defaultdict(list)
    for place in places:
        if place.path or place.text or place.platform:
            continue
        if match := _NUMBERED.fullmatch(place.name):
            groups[match["question"]].append((place, tuple(match["path"][1:].split("_"))))
        elif named_options and "_" in place.name:
            question, _, option = place.name.rpartition("_")
            groups[question].append((place, (option,)))
    told = {place.position: place for place in places}
    for question, members in groups.items():
        rows: dict[str, list[tuple[_Place, tuple[str, ...]]]] = defaultdict(list)
        for place, path in members:
            rows["_".join([question, *path[:-1]])].append((place, path[-1:]))
        depths = {len(path) for _, path in members}
        if len(depths) == 1 and _share_a_question([place.label for place, _ in members], separate):
            rows = {question: members}
        for name, columns in rows.items():
            if _share_a_question([place.label for place, _ in columns], separate):
                told.update({one.position: replace(one, question=name, path=path) for one, path in columns})
    return [told[place.position] for place in places]


def _share_a_question(labels: Sequence[str], separate: str) -> bool:
    """Say whether labels have a question in common: a hyphen within their words is no sign of one.

    >>> _share_a_question(["How far?-Pay", "How far?-Hours"], "-"), _share_a_question(["E-mail", "E-bike"], "-")
    (True, False)
    """
    if len(labels) < 2:
        return False
    shared = _common([_padded(label) for label in labels])
    if separate == _BARE:
        return _CUT.search(shared) is not None or (" " in shared and shared.endswith(_BARE))
    return separate in shared


# --- Labels -----------------------------------------------------------------------------------------------------------


def _shared(labels: Sequence[str], separate: str, sub_question: bool = False) -> str:
    """Return the question that labels share, "" where they share none.

    Hyphens without spaces occur within words too: the last one after a full stop or the like is the one meant.

    >>> _shared(["Which - if any? - Pay", "Which - if any? - Hours"], " - ")
    'Which - if any?'
    >>> _shared(["Which foods could you conv...-E-numbers", "Which foods could you conv...-E-meals"], "-")
    'Which foods could you conv...'
    """
    shared = _common([_padded(label) for label in labels])
    if len(set(labels)) == 1 and (cut := _CUT.search(shared)):  # one option: the question ends where it ends first
        return shared[: cut.end() - 1].strip()
    cuts = [match.end() - 1 for match in _CUT.finditer(shared)]
    end = cuts[-1] if cuts and separate == _BARE and not sub_question else shared.rfind(separate)
    return shared[:end].strip() if end > 0 else ""


def _common(texts: Sequence[str]) -> str:
    return os.path.commonprefix(texts)  # noqa: RUF071 - texts, not paths


def _padded(label: str) -> str:
    """Return a label with the blank at its end that was tidied away, where an option has no words."""
    return f"{label} " if label.endswith(_SPACED.rstrip()) else label


def _rest(label: str, question: str) -> str:
    """Return what a label says after its question."""
    return _padded(label)[len(question) :].strip().removeprefix("-").strip()


def _group(places: Sequence[_Place], steps: int) -> str:
    """Return what the names of one question share, without its options.

    >>> _group([_Place(0, "Q23_red_pandas", ""), _Place(1, "Q23_frogs", "")], 1), _group([_Place(0, "Q12_1", "")], 1)
    ('Q23', 'Q12')
    """
    names = [place.name for place in places]
    if len(set(names)) > 1:
        shared = _common(names)
        return shared.rpartition("_")[0] or places[0].question
    return names[0].rsplit("_", steps)[0]


def _texts_beside(places: Iterable[_Place]) -> dict[str, list[str]]:
    """Return the labels of what can be written in beside a choice, by question."""
    labels: dict[str, list[str]] = defaultdict(list)
    for place in places:
        if place.text and place.question:
            labels[place.question].append(place.label)
    return labels


def _without_selected(question: str, beside: Sequence[str]) -> str:
    """Return a question without `Selected Choice`, in whatever language: the label of the text beside it lacks that.

    >>> _without_selected("Wovon? - Ausgewählte Antwort", ["Wovon? - Anderes: - Text"])
    'Wovon?'
    >>> _without_selected("Which - if any?", ["Which - if any? - Other - Text"])
    'Which - if any?'
    """
    if question.endswith(_SELECTED):
        return question.removesuffix(_SELECTED)
    words, between, _ = question.rpartition(_SPACED)
    told = between and any(label.startswith(words + _SPACED) for label in beside)
    return words if told and not any(label.startswith(question + _SPACED) for label in beside) else question


def _lead(group: Sequence[_Place], separate: str) -> str:
    """Return what the labels of one question begin with, "" where they do not tell their question."""
    labels = [place.label for place in group]
    if all(f"{_SELECTED}{_SPACED}" in _padded(label) for label in labels):
        return labels[0].partition(_SELECTED)[0] + _SELECTED
    return _shared(labels, separate, sub_question="#" in group[0].question)


def _whole(place: _Place, places: Iterable[_Place], beside: Mapping[str, Sequence[str]]) -> Column:
    """Return a column that holds a whole answer."""
    label = place.label or place.name
    if place.text and place.name.endswith(_TEXT) and any(one.label == label and not one.text for one in places):
        label = f"{label} - Text"
    elif not place.text:
        label = _without_selected(label, beside.get(place.question, ()))
    return Column(place.position, place.name, label, None, place.name, platform=place.platform)


def _options(group: Sequence[_Place], lead: str, question: str) -> list[Column]:
    """Return the options or rows of one question, or whole answers where the labels tell no question."""
    if not lead:
        return [Column(place.position, place.name, place.label, None, place.name) for place in group]
    name = _group(group, 1)
    return [
        Column(place.position, place.name, question, _rest(place.label, lead) or place.path[-1], name)
        for place in group
    ]


def _matrix(group: Sequence[_Place], lead: str, question: str, separate: str) -> list[Column]:
    """Return the cells of rows and options: each row becomes a question of its own."""
    rests = {place.position: _rest(place.label, lead) for place in group}
    rows, endings = defaultdict(list), defaultdict(list)
    for place in group:
        rows[place.path[:-1]].append(place)
        endings[place.path[-1]].append(rests[place.position])
    columns = []
    for row in rows.values():
        said = [rests[place.position] for place in row]
        several = len(set(said)) > 1
        words = _shared(said, separate) if several else _before(said[0], endings[row[0].path[-1]], separate)
        title = " – ".join(part for part in (question, words) if part)
        name = _group(row, 1)
        columns += [
            Column(place.position, place.name, title, _rest(one, words) or place.path[-1], name)
            for place, one in zip(row, said, strict=True)
        ]
    return columns


def _before(said: str, others: Sequence[str], separate: str) -> str:
    """Return the row in a row and its only option: the option is what the other rows end with, too.

    >>> _before("Ripe plums - in jam", ["Ripe plums - in jam", "Pears - in jam"], " - ")
    'Ripe plums'
    """
    ending = _common([one[::-1] for one in others])[::-1]
    start = ending.find(separate) if len(set(others)) > 1 else -1
    end = said.rfind(separate) if start < 0 else len(said) - len(ending) + start
    return said[:end].strip() if end > 0 else ""


# --- Cells ------------------------------------------------------------------------------------------------------------


def _with_separators(columns: list[Column], places: Sequence[_Place], texts: dict[int, list[str]]) -> list[Column]:
    """Return the columns, with the comma told where several answers share a cell.

    The rows of a matrix have the same answers, so they are looked at together; a row in which several can be given is
    a question of its own.
    """
    questions: dict[tuple[str, str], list[int]] = defaultdict(list)
    for column, place in zip(columns, places, strict=True):
        if not (place.text or place.platform):
            questions[column.group, column.question].append(column.position)
    joined: set[int] = set()
    for positions in questions.values():
        every = {text for position in positions for text in texts[position]}
        a_column_an_option = all(len(texts[position]) < 2 for position in positions)
        numbers = all(map(_DECIMAL.fullmatch, every))  # 2,5 in each row may be a number with a comma
        if (len(positions) == 1 or not (a_column_an_option or numbers)) and joins(every, ","):
            joined.update(positions)
    return [_several(column) if column.position in joined else column for column in columns]


def _several(column: Column) -> Column:
    if column.option is None:
        return replace(column, separator=",")
    question = f"{column.question} – {column.option}"
    return replace(column, question=question, option=None, group=column.name, separator=",")


def _marked(body: Table, position: int | None, meaning: Callable[[str], bool | None]) -> np.ndarray | None:
    """Return the rows whose cell has that meaning; None without such a column, or where a cell's meaning is unknown."""
    if position is None or not body.texts(position):
        return None
    meanings = {text: meaning(normalise(text)) for text in body.texts(position)}
    if None in meanings.values():
        return None
    return body.cells[position].isin([text for text, yes in meanings.items() if yes]).to_numpy()


def _is_preview(status: str) -> bool | None:
    """Say whether a status, in words or as a number, is that of no real respondent; None if it is not known.

    >>> [_is_preview(text) for text in ("ip address", "0", "survey preview", "17", "16", "vista previa")]
    [False, False, True, True, False, None]
    """
    if status.isdecimal():
        return bool(int(status) & _UNREAL_BITS)
    return {**dict.fromkeys(_REAL, False), **dict.fromkeys(_UNREAL, True)}.get(status)


def _unfinished(body: Table, known: dict[str, int]) -> np.ndarray | None:
    told = _marked(body, known.get("finished"), {"false": True, "0": True, "true": False, "1": False}.get)
    return told if told is not None else _marked(body, known.get("progress"), _is_partial)


def _is_partial(progress: str) -> bool | None:
    return int(progress) < 100 if progress.isdecimal() else None
