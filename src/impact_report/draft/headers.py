"""Headers of a plain table that say question and option."""

from __future__ import annotations

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
    return found
