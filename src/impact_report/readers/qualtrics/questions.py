"""Questions: the columns of one import id are the options or rows of one question, or a matrix of both."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from impact_report.readers.export import Column
from impact_report.readers.joined import joins
from impact_report.readers.qualtrics.headers import TEXT, Place
from impact_report.readers.qualtrics.labels import (
    SELECTED,
    SPACED,
    before,
    common,
    padded,
    rest,
    shared,
    without_selected,
)

_DECIMAL = re.compile(r"\d+(,\d+)?")


def columns(places: Sequence[Place], between: str, texts: Mapping[int, Sequence[str]]) -> list[Column]:
    """Return the columns of an export, in its order; `texts` are those below the headers, by position.

    >>> places = [Place(0, "Q1_1", "Which? - Pay", "QID1", ("1",)), Place(1, "Q1_2", "Which? - Hours", "QID1", ("2",))]
    >>> [column.title for column in columns(places, " - ", {0: ["x"], 1: ["x"]})]
    ['Which? – Pay', 'Which? – Hours']
    """
    beside = _texts_beside(places)
    made = {place.position: _whole(place, places, beside) for place in places if not place.path or place.text}
    questions: dict[tuple[str, int], list[Place]] = defaultdict(list)
    for place in places:
        if place.position not in made:
            questions[place.question, len(place.path)].append(place)
    for (key, depth), group in questions.items():
        lead = _lead(group, between)
        question = without_selected(lead, beside.get(key, ()))
        several = _options(group, lead, question) if depth == 1 else _matrix(group, lead, question, between)
        made.update({column.position: column for column in several})
    return _with_separators([made[position] for position in sorted(made)], places, texts)


def _group(places: Sequence[Place], steps: int) -> str:
    """Return what the names of one question share, without its options.

    >>> _group([Place(0, "Q23_red_pandas", ""), Place(1, "Q23_frogs", "")], 1), _group([Place(0, "Q12_1", "")], 1)
    ('Q23', 'Q12')
    """
    names = [place.name for place in places]
    if len(set(names)) > 1:
        return common(names).rpartition("_")[0] or places[0].question
    return names[0].rsplit("_", steps)[0]


def _texts_beside(places: Iterable[Place]) -> dict[str, list[str]]:
    """Return the labels of what can be written in beside a choice, by question."""
    beside: dict[str, list[str]] = defaultdict(list)
    for place in places:
        if place.text and place.question:
            beside[place.question].append(place.label)
    return beside


def _lead(group: Sequence[Place], between: str) -> str:
    """Return what the labels of one question begin with, "" where they do not tell their question."""
    labels = [place.label for place in group]
    if all(f"{SELECTED}{SPACED}" in padded(label) for label in labels):
        return labels[0].partition(SELECTED)[0] + SELECTED
    return shared(labels, between, sub_question="#" in group[0].question)


def _whole(place: Place, places: Iterable[Place], beside: Mapping[str, Sequence[str]]) -> Column:
    """Return a column that holds a whole answer."""
    label = place.label or place.name
    if place.text and place.name.endswith(TEXT) and any(one.label == label and not one.text for one in places):
        label = f"{label} - Text"
    elif not place.text:
        label = without_selected(label, beside.get(place.question, ()))
    return Column(place.position, place.name, label, None, place.name, platform=place.platform)


def _options(group: Sequence[Place], lead: str, question: str) -> list[Column]:
    """Return the options or rows of one question, or whole answers where the labels tell no question."""
    if not lead:
        return [Column(place.position, place.name, place.label, None, place.name) for place in group]
    name = _group(group, 1)
    return [
        Column(place.position, place.name, question, rest(place.label, lead) or place.path[-1], name) for place in group
    ]


def _matrix(group: Sequence[Place], lead: str, question: str, between: str) -> list[Column]:
    """Return the cells of rows and options: each row becomes a question of its own."""
    rests = {place.position: rest(place.label, lead) for place in group}
    rows, endings = defaultdict(list), defaultdict(list)
    for place in group:
        rows[place.path[:-1]].append(place)
        endings[place.path[-1]].append(rests[place.position])
    cells = []
    for row in rows.values():
        said = [rests[place.position] for place in row]
        several = len(set(said)) > 1
        words = shared(said, between) if several else before(said[0], endings[row[0].path[-1]], between)
        title = " – ".join(part for part in (question, words) if part)
        name = _group(row, 1)
        cells += [
            Column(place.position, place.name, title, rest(one, words) or place.path[-1], name)
            for place, one in zip(row, said, strict=True)
        ]
    return cells


def _with_separators(made: list[Column], places: Sequence[Place], texts: Mapping[int, Sequence[str]]) -> list[Column]:
    """Return the columns, with the comma told where several answers share a cell.

    The rows of a matrix have the same answers, so they are looked at together; a row in which several can be given is
    a question of its own.
    """
    questions: dict[tuple[str, str], list[int]] = defaultdict(list)
    for column, place in zip(made, places, strict=True):
        if not (place.text or place.platform):
            questions[column.group, column.question].append(column.position)
    joined: set[int] = set()
    for positions in questions.values():
        every = {text for position in positions for text in texts[position]}
        a_column_an_option = all(len(texts[position]) < 2 for position in positions)
        numbers = all(map(_DECIMAL.fullmatch, every))  # 2,5 in each row may be a number with a comma
        if (len(positions) == 1 or not (a_column_an_option or numbers)) and joins(every, ","):
            joined.update(positions)
    return [_several(column) if column.position in joined else column for column in made]


def _several(column: Column) -> Column:
    if column.option is None:
        return replace(column, separator=",")
    question = f"{column.question} – {column.option}"
    return replace(column, question=question, option=None, group=column.name, separator=",")
