"""Headers: where each column stands among the platform's questions, told by import ids or else by names."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from impact_report.errors import ExportError, Problem
from impact_report.readers.qualtrics.labels import BARE, SPACED, share_a_question
from impact_report.readers.table import Table
from impact_report.wording import normalise, tidy

_IMPORT_ID = re.compile(r"""\{\s*["']ImportId["']\s*:\s*(["'])(?P<id>.*?)\1\s*[,}]""")
_CHOICE_ID = re.compile(r"""["']choiceId["']\s*:\s*["']?(?P<choice>[^"',}]+)""")
_QUESTION = re.compile(r"(?P<question>(?:\d+_)?QID\d+(?:\(\d+\))?(?:#\d+)?)(?P<rest>.*)")  # 1_QID5: a loop's first turn
_OLD_ID = re.compile(r"QID[\d#]+-")
_CHOICE = re.compile(r"x*\d+")  # x7 is carried forward from another question
_NUMBERED = re.compile(r"(?P<question>.+?)(?P<path>(?:_-?x*\d+){1,2})")
TEXT = "_TEXT"
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


@dataclass(frozen=True)
class Place:
    """Where a column stands among the platform's questions: `path` is its row and its option."""

    position: int
    name: str
    label: str
    question: str = ""  # the platform's id of it, or what the names share
    path: tuple[str, ...] = ()
    text: bool = False  # written in beside a choice, or into a field
    platform: bool = False
    known: str = ""  # which of the platform's own columns this is


def header_rows(table: Table) -> int:
    """Return how many header rows there are: three, two, or none of this platform's.

    >>> from impact_report.readers.table import of
    >>> header_rows(of(["Q1"], ["Role?"], ['{"ImportId":"QID1"}'], ["Firm"])), header_rows(of(["Q1"], ["Firm"]))
    (3, 0)
    """
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


def refuse_one_header(table: Table) -> None:
    """Raise ExportError unless the second row looks like labels, where nothing of the platform's own shows it.

    They are there for each name, mostly in several words, and none comes back as an answer below.

    >>> from impact_report.readers.table import of
    >>> refuse_one_header(of(["Q1", "Q2"], ["What is your role?", "Why is it so?"], ["Firm", "so"]))
    """
    names, labels = table.headers(), table.headers(1)
    below = table.below(2)
    told = [position for position, name in enumerate(names) if name and len(below.cells)]
    in_words = [position for position in told if " " in labels[position] or labels[position] == names[position]]
    returns = any(labels[position] in map(tidy, below.texts(position)) for position in told)
    named = told and all(labels[position] for position in told) and not any(" " in name for name in names)
    if not named or returns or 2 * len(in_words) < len(told):
        expected = "three header rows (names, labels, import ids), or the older two (names, labels)"
        do = "export the answers again as Qualtrics gives them, or remove `format:` from wave.yml"
        raise ExportError(Problem(expected, "one header row", table.name, do))


def between(table: Table) -> str:
    """Return what stands between question and option: a bare hyphen, in older exports.

    They are told by their import ids (QID9-1); without any, by the platform's labels (StartDate).

    >>> from impact_report.readers.table import of
    >>> between(of(["Q1_1"], ["Which? - Pay"], ['{"ImportId":"QID1_1"}'], ["x"]))
    ' - '
    """
    if header_rows(table) == 3:
        return BARE if any(_OLD_ID.search(cell) for cell in table.row(2)) else SPACED
    return SPACED if any(" " in tidy(cell) and _squeezed(cell) in _PLATFORM for cell in table.row(1)) else BARE


def places(table: Table) -> list[Place]:
    """Return where each column stands, by its import id; by its name where that says nothing.

    >>> from impact_report.readers.table import of
    >>> places(of(["Q1_1"], ["Which? - Pay"], ['{"ImportId":"QID7_1"}'], ["x"]))[0].path
    ('1',)
    """
    names, labels = table.headers(), table.headers(1)
    three = header_rows(table) == 3
    if three:
        ids = [_import_id(cell) for cell in table.row(2)]
        told = any(_squeezed(one) in _PLATFORM for one, _ in ids)
    else:
        ids, told = [("", "")] * table.cells.shape[1], False
    found = []
    for position, (name, label, (one, choice)) in enumerate(zip(names, labels, ids, strict=True)):
        if match := _QUESTION.fullmatch(one):
            place = _by_id(Place(position, name, label), match["question"], match["rest"], choice)
        else:
            place = Place(position, name, label, text=name.endswith(TEXT) and not one)
            place = replace(place, platform=_PLATFORM_ID.fullmatch(one or name) is not None)
        known = _known(one if told else name, label if not told else "")
        found.append(replace(place, known=known, platform=place.platform or known != ""))
    return _by_name(found, between(table), named_options=not three)


def _squeezed(text: str) -> str:
    """Return a header without what differs between exports.

    >>> _squeezed("Start Date"), _squeezed("panel-RecipientEmail"), _squeezed("_recordId")
    ('startdate', 'recipientemail', 'recordid')
    """
    text = normalise(text).replace(" ", "").replace("_", "")
    return text.removeprefix("panel-").removeprefix("location-")


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


def _by_id(place: Place, question: str, rest: str, choice: str) -> Place:
    """Return the place that an import id tells: QID29-1-2, QID3_1, QID6_4_TEXT, QID1_DO."""
    steps = [step for step in re.split("[-_]", rest) if step]
    place = replace(place, question=question)
    if _RECORDED & set(steps):
        return replace(place, platform=True)
    if steps[-1:] == ["TEXT"]:
        return replace(place, text=True)
    steps += [choice] if choice else []
    return replace(place, path=tuple(steps)) if all(map(_CHOICE.fullmatch, steps)) else place


def _by_name(places: Sequence[Place], between: str, named_options: bool) -> list[Place]:
    """Return the places, with those whose import id tells no option grouped by their names: Q5_1, Q5_2.

    They belong together where their labels share a question; that a name ends in a number is not enough.
    """
    groups: dict[str, list[tuple[Place, tuple[str, ...]]]] = defaultdict(list)
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
        rows: dict[str, list[tuple[Place, tuple[str, ...]]]] = defaultdict(list)
        for place, path in members:
            rows["_".join([question, *path[:-1]])].append((place, path[-1:]))
        depths = {len(path) for _, path in members}
        if len(depths) == 1 and share_a_question([place.label for place, _ in members], between):
            rows = {question: members}
        for name, columns in rows.items():
            if share_a_question([place.label for place, _ in columns], between):
                told.update({one.position: replace(one, question=name, path=path) for one, path in columns})
    return [told[place.position] for place in places]
