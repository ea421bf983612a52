"""Which rows of two records differ: each row has an id, says what it is, and what is said of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Row = dict[str, Any]


@dataclass(frozen=True)
class Said:
    """What is said in a row: words with {} in the place of each printed number."""

    words: str
    numbers: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The words with their numbers.

        >>> Said("{} of {}", ("38", "46")).text
        '38 of 46'
        """
        return self.words.format(*self.numbers)


@dataclass(frozen=True)
class Difference:
    """What differs: what it is, what was said then and what is said now; None where there is no such row."""

    id: str
    what: str
    then: Said | None
    now: Said | None


@dataclass(frozen=True)
class Differences:
    """All that differs among some rows, and how many rows there were to compare."""

    found: tuple[Difference, ...] = ()
    compared: int = 0

    def __add__(self, other: Differences) -> Differences:
        """Return the differences of both."""
        return Differences(self.found + other.found, self.compared + other.compared)


def differing(then: list[Row], now: list[Row], numbers: bool = True) -> Differences:
    """Return which rows differ, appeared or disappeared, in the order of now; gone ones come last.

    `numbers=False` compares the words alone, for numbers that follow from the data. Rows that have a `key` are
    compared by it.

    >>> then = [{"id": "mode", "what": "Mode", "words": "web", "numbers": []}]
    >>> now = [{"id": "mode", "what": "Mode", "words": "paper", "numbers": []}]
    >>> [(one.what, one.then.text, one.now.text) for one in differing(then, now).found]
    [('Mode', 'web', 'paper')]
    >>> differing(then, then)
    Differences(found=(), compared=1)
    """
    before, after = ({row["id"]: row for row in rows} for rows in (then, now))
    found = []
    ids = list(dict.fromkeys([*after, *before]))
    for id in ids:
        one, other = _said(before.get(id)), _said(after.get(id))
        keys = [rows.get(id, {}).get("key") for rows in (before, after)]
        same = keys[0] == keys[1] if all(keys) else _same(one, other, numbers)
        if not same:
            found.append(Difference(id, (after.get(id) or before[id])["what"], one, other))
    return Differences(tuple(found), len(ids))


def _same(then: Said | None, now: Said | None, numbers: bool) -> bool:
    return then == now if numbers else (then and then.words) == (now and now.words)


def _said(row: Row | None) -> Said | None:
    return Said(row["words"], tuple(row["numbers"])) if row else None
