"""Which of a chapter's figures, tables and lists come first in print, so that no page is left half empty.

A figure stays whole, so one that does not fit goes to the next page. Then what follows it in its chapter may fill the
page it leaves, as long as figures, tables and lists each keep their own order. Where little would stay empty, the order
in which they were written is kept.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, takewhile

LEAST_TO_MOVE = 1 / 3  # of a page: a block leaves its place only where more than this would else stay empty
MOST_ORDERS = 200  # that are tried; a chapter with more stays as it was written
POWER = 3  # of the share of a page that stays empty: what it costs
LOST_AT_A_BREAK = {"table": 0.04, "evidence": 0.02}  # of a page: for the repeated head and the row that did not fit
STEPS = 100  # of a page: fillings that differ by less count as one
MOVED = ("figure", "table", "list")


@dataclass(frozen=True)
class Piece:
    """A block as the page sees it: its kind, its height (any unit, with the space around it), whether it may break.

    One that `keeps` stays with what follows, as headings do. One that may break begins on the next page where less than
    `least` is left. One that is `new_page` stands on pages of its own.
    """

    kind: str
    height: float
    keeps: bool = False
    breaks: bool = False
    least: float = 0.0
    new_page: bool = False


@dataclass(frozen=True)
class _Way:
    """One way to set all pieces so far: how much of its last page is filled, what it cost, and the places."""

    filled: float = 0.0
    cost: float = 0.0
    order: tuple[int, ...] = ()


def arranged(pieces: Sequence[Piece], page: float) -> list[int]:
    """Return the order of the pieces on pages of this height, as their places.

    What a page leaves empty costs the cube of its share of the page, so that small gaps cost next to nothing and large
    ones much; a block that leaves its place costs as much as a third of a page. Of all ways to set the whole report the
    cheapest is taken. Below, .4 of a page would stay empty before the figure: .064. With the table first, .1 stays
    empty: .001, and a third, cubed, for the change: .038 in all.

    >>> arranged([Piece("paragraph", 5), Piece("heading", 1, keeps=True), Piece("figure", 7), Piece("table", 3)], 10)
    [0, 1, 3, 2]
    """
    ways = [_Way()]
    place = 0
    while place < len(pieces):
        head = _head(pieces, place)
        body = _body(pieces, place + len(head))
        above = sum(pieces[one].height for one in head)
        cheapest: dict[int, _Way] = {}
        for order in _orders(pieces, body):
            moved = _moved(order) * LEAST_TO_MOVE**POWER
            for way in ways:
                filled, empty = _filled(pieces, order, above, way.filled, page)
                found = _Way(filled, way.cost + moved + empty, (*way.order, *head, *order))
                step = round(filled / page * STEPS)
                if step not in cheapest or found.cost < cheapest[step].cost:
                    cheapest[step] = found
        ways = list(cheapest.values())
        place += len(head) + len(body)
    return list(min(ways, key=lambda way: way.cost).order)


def _head(pieces: Sequence[Piece], start: int) -> list[int]:
    """Return the headings that begin here, with the few words below them: what stays with what follows."""
    return list(takewhile(lambda place: pieces[place].keeps, range(start, len(pieces))))


def _body(pieces: Sequence[Piece], start: int) -> list[int]:
    """Return what follows and may change places, or the one piece that may not."""
    body = list(takewhile(lambda place: _may_move(pieces[place]), range(start, len(pieces))))
    return body or list(range(start, min(start + 1, len(pieces))))


def _may_move(piece: Piece) -> bool:
    return piece.kind in MOVED and not piece.new_page


def _moved(order: Sequence[int]) -> int:
    """Return how many must leave their places for this order: all but the longest row of them that is in order.

    >>> _moved([3, 0, 1, 2]), _moved([1, 0, 3, 2])
    (1, 2)
    """
    rows: list[int] = []  # of each place, the longest row that ends with it
    for k, place in enumerate(order):
        rows.append(1 + max((rows[j] for j in range(k) if order[j] < place), default=0))
    return len(order) - max(rows, default=0)


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


def _filled(
    pieces: Sequence[Piece], order: Sequence[int], above: float, filled: float, page: float
) -> tuple[float, float]:
    """Return how much of the last page an order fills, and what it cost to leave parts of those before it empty."""
    cost = 0.0
    for place in order:
        filled, hole = _placed(pieces[place], above, filled, page)
        cost += (hole / page) ** POWER if _may_move(pieces[place]) else 0.0  # no order mends what others leave empty
        above = 0.0
    return filled, cost


def _placed(piece: Piece, above: float, filled: float, page: float) -> tuple[float, float]:
    """Return how much of its page is filled once a piece stands on it, and how much it left empty on the one before.

    `above` is the height of the heading that stays with it.
    """
    if piece.new_page:
        return page, 0.0
    whole = above + piece.height
    if filled + whole <= page:
        return filled + whole, 0.0
    if piece.breaks and page - filled - above > piece.least:
        return (filled + whole + LOST_AT_A_BREAK.get(piece.kind, 0.0) * page) % page, 0.0
    hole = page - filled if filled else 0.0
    if whole <= page:
        return whole, hole
    return (whole % page if piece.breaks else page), hole
