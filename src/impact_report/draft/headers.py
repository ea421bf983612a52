"""Headers of a plain table that say question and option."""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from impact_report.readers import Column
from impact_report.ticks import NOT_TICKED, TICKED
from impact_report.wording import normalise

_PARTS = (
    re.compile(r"(.*\S)\s*\[([^\[\]]+)\]"),
    re.compile(r"(.*\S)\s+[-–—]\s+(\S.*)"),
    re.compile(r"([^/]+)/([^/]+)"),
)


def split(columns: Sequence[Column], texts: Callable[[Column], Iterable[str]]) -> dict[int, Column]:
    """Return the columns of a plain table whose headers say question and option: `Drinks? [Tea]`, `Drinks? - Tea`.

    Those in brackets can also be the rows of a grid; the others must hold nothing but ticks. `texts` gives
    the distinct texts of a column.

    >>> columns = [Column(0, "Drinks? - Tea", ""), Column(1, "Drinks? - Milk", "")]
    >>> [(one.question, one.option) for one in split(columns, lambda column: ["x"]).values()]
    [('Drinks?', 'Tea'), ('Drinks?', 'Milk')]
    """
    found: dict[int, Column] = {}
    for pattern in _PARTS:
        together: dict[str, list[tuple[Column, str]]] = defaultdict(list)
        for column in columns:
            if column.position not in found and (match := pattern.fullmatch(column.name)):
                together[match[1]].append((column, match[2]))
        for question, members in together.items():
            said = {normalise(text) for column, _ in members for text in texts(column)}
            options = {normalise(option) for _, option in members}
            ticks = bool(said) and said <= TICKED | NOT_TICKED | options
            if len(members) > 1 and len(options) == len(members) and (ticks or pattern is _PARTS[0]):
                found |= {
                    column.position: replace(column, question=question, option=option, group=question)
                    for column, option in members
                }
    return found | _side_by_side([column for column in columns if column.position not in found], texts)


def _side_by_side(columns: Sequence[Column], texts: Callable[[Column], Iterable[str]]) -> dict[int, Column]:
    """Return neighbours with nothing but one mark in them whose headers begin with the same words.

    >>> columns = [Column(0, "Uses bus", ""), Column(1, "Uses train", ""), Column(2, "Age", "")]
    >>> found = _side_by_side(columns, lambda column: ["12", "13"] if column.name == "Age" else ["x"])
    >>> [(one.question, one.option) for one in found.values()]
    [('Uses', 'bus'), ('Uses', 'train')]
    """
    found: dict[int, Column] = {}
    marked = [column for column in columns if _is_mark([normalise(text) for text in texts(column)])]
    for _, members in itertools.groupby(enumerate(marked), lambda one: one[1].position - one[0]):
        together = [column for _, column in members]
        words = [re.split(r"[\s_]+", column.name) for column in together]
        same = sum(1 for _ in itertools.takewhile(lambda one: len(set(one)) == 1, zip(*words, strict=False)))
        if len(together) < 2 or not same or len({tuple(one[same:]) for one in words}) < len(words):
            continue
        if any(len(one) == same for one in words):
            continue
        question = " ".join(words[0][:same]).rstrip(" :-–")
        for column, one in zip(together, words, strict=True):
            option = " ".join(one[same:])
            found[column.position] = replace(column, question=question, option=option, group=question)
    return found


def _is_mark(said: Sequence[str]) -> bool:
    return len(said) == 1 and said[0] in TICKED
