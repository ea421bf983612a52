"""Which of a chapter's figures, tables and lists come first in print, so that no page is left half empty.

A figure stays whole, so one that does not fit goes to the next page. Then what follows it in its chapter may fill the
page it leaves, as long as figures, tables and lists each keep their own order.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

LEAST_LEFT = 0.2  # of a page: less than this may stay empty
LEAST_TO_BREAK = {"table": 0.3, "list": 0.12}  # of a page: with less room, what may break begins on the next one
MOST_WORDS_KEPT = 2  # paragraphs between a heading and a figure that stay with both
MOST_ORDERS = 1_000  # that are tried; a chapter with more stays as it was written
MOVED = ("figure", "table", "list")


@dataclass(frozen=True)
class Piece:
    """A block as the page sees it: its kind, its height (any unit, with the space around it), whether it may break."""

    kind: str
    height: float
    breaks: bool = False
    new_page: bool = False  # it stands on pages of its own


def arranged(pieces: Sequence[Piece], page: float) -> list[int]:
    """Return the order of the pieces on pages of this height, as their places.

    Of a chapter's orders it is the one that leaves least of the pages empty, and of equal ones the nearest to the order
    in which they were written. Below, half of a page would stay empty before the figure; the table fills it.

    >>> arranged([Piece("paragraph", 5), Piece("heading", 1), Piece("figure", 7), Piece("table", 3)], 10)
    [0, 1, 3, 2]
    """
    order: list[int] = []
    filled = 0.0
    while len(order) < len(pieces):
        head = _head(pieces, len(order))
        body = _body(pieces, len(order) + len(head))
        above = sum(pieces[place].height for place in head)
        best = min(_orders(pieces, body), key=lambda one: _cost(pieces, one, above, filled, page))
        for place in best:
            filled, _ = _placed(pieces[place], above, filled, page)
            above = 0.0
        order += [*head, *best]
    return order


def _head(pieces: Sequence[Piece], start: int) -> list[int]:
    """Return the headings that begin here, and the few words that stay with them above what follows."""
    head: list[int] = []
    words = 0
    for place in range(start, len(pieces)):
        kind = pieces[place].kind
        words += kind == "paragraph"
        if kind not in ("heading", "paragraph") or words > MOST_WORDS_KEPT or (words and not head):
            break
        head.append(place)
    return head


def _body(pieces: Sequence[Piece], start: int) -> list[int]:
    """Return what follows and may change places, or the one piece that may not."""
    body: list[int] = []
    for place in range(start, len(pieces)):
        if pieces[place].kind not in MOVED or pieces[place].new_page:
            break
        body.append(place)
    return body or list(range(start, min(start + 1, len(pieces))))


def _orders(pieces: Sequence[Piece], body: Sequence[int]) -> Iterator[list[int]]:
    """Yield each order in which every kind keeps its own, the written one first."""
    yield list(body)
    counts = Counter(pieces[place].kind for place in body)
    number = math.factorial(len(body)) // math.prod(map(math.factorial, counts.values()))
    if 1 < number <= MOST_ORDERS:
        yield from _mixed([[place for place in body if pieces[place].kind == kind] for kind in counts])


def _mixed(rows: Sequence[list[int]]) -> Iterator[list[int]]:
    """Yield each way to put rows into one without changing the order within any of them."""
    if not rows:
        yield []
        return
    first, *others = rows
    for rest in _mixed(others):
        count = len(first) + len(rest)
        for seats in combinations(range(count), len(first)):
            mine, theirs = iter(first), iter(rest)
            yield [next(mine) if seat in seats else next(theirs) for seat in range(count)]


def _cost(pieces: Sequence[Piece], order: Sequence[int], above: float, filled: float, page: float) -> tuple[float, int]:
    """Return how much an order leaves empty that it should not, and how far it is from the written one."""
    empty = 0.0
    for place in order:
        filled, hole = _placed(pieces[place], above, filled, page)
        empty += hole if hole > LEAST_LEFT * page else 0.0
        above = 0.0
    return empty, sum(one > other for one, other in combinations(order, 2))


def _placed(piece: Piece, above: float, filled: float, page: float) -> tuple[float, float]:
    """Return how much of its page is filled once a piece stands on it, and how much it left empty on the one before.

    `above` is the height of the heading that stays with it.
    """
    if piece.new_page:
        return page, 0.0
    whole = above + piece.height
    if filled + whole <= page:
        return filled + whole, 0.0
    if piece.breaks and page - filled - above > LEAST_TO_BREAK.get(piece.kind, 0.0) * page:
        return (filled + whole) % page, 0.0
    hole = page - filled if filled else 0.0
    if whole <= page:
        return whole, hole
    return (whole % page if piece.breaks else page), hole
