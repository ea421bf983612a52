"""Together: a select-all question, its options by share, and which of them were ticked together most often."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from impact_report.charts.frame import (
    LEFT,
    LINE,
    LOW,
    POINTS,
    RIGHT,
    TALL,
    WIDE,
    Drawing,
    Frame,
    column_for,
    drawn,
    is_narrow,
)
from impact_report.language import say
from impact_report.palette import LIGHT

MOST_TOGETHER = 8  # combinations side by side
_BAR = 9  # points
_TALLEST = 0.36  # inches, of the bar of a combination
_BARS = 3.3  # inches, where the options' own bars and words end
_FLOOR = -0.06  # on which the bars of combinations stand
OF_COMBINATION = -1  # the row of the spots of combinations
_LISTED = 0.26  # inches, a line of a combination on a phone
_PARTED = 0.08  # inches between the options and these lines
_PITCH = 0.22  # inches from one number of an option to the next, at most
_COUNTED = 1.0  # inches, of the bars beside them
_LETTERS_ABOVE = 5  # of a number that stands above the middle of its bar
_NOTE = {"color": LIGHT["muted"], "fontsize": 8, "va": "center"}


@dataclass(frozen=True)
class Option:
    """An option of a question: its words, its share 0–1, and the printed texts."""

    statement: str
    share: float
    percent: str
    count: str


@dataclass(frozen=True)
class Together:
    """Options that were ticked together and no others, by place, and by how many."""

    options: tuple[int, ...]
    number: int
    count: str


def together(
    rows: Sequence[Option], combinations: Sequence[Together], rest: str = "", width: float = WIDE, remark: str = ""
) -> Drawing:
    """Return options as rows, a bar each, and what was ticked together, with how many ticked just this.

    Options are numbered. A wide drawing has a column for each combination, with a dot where an option belongs to it; in
    a narrow one each combination is a line of numbers below the options. `rest` says what became of all others.
    """
    with drawn():
        return (_listed if is_narrow(width) else _matrix)(rows, combinations, rest, width, remark)


def _matrix(rows: Sequence[Option], combinations: Sequence[Together], rest: str, width: float, remark: str) -> Drawing:
    column = column_for([row.count for row in rows], 0.82, 0.82)
    frame = Frame(
        _numbered(rows), width, remark, 1, column, LOW, head=_TALLEST + 0.4,
        limits=(0, width - LEFT - RIGHT - column), foot=0.3 if rest else 0.06, words=_BARS, raised=True,
    )  # fmt: skip
    left = _BARS + 0.3
    pitch = (frame.plot - left) / max(1, len(combinations))
    places = [left + pitch * (k + 0.4) for k in range(len(combinations))]
    _options(frame, rows, _BARS)
    _columns(frame, combinations, places, min(pitch, 0.3))
    frame.plotted.text(left, _FLOOR - _TALLEST - 0.32, _heading(), **_NOTE)
    frame.plotted.text(left, frame.body + 0.08, rest, **_NOTE)
    return frame.done()


def _listed(rows: Sequence[Option], combinations: Sequence[Together], rest: str, width: float, remark: str) -> Drawing:
    column = column_for([row.count for row in rows], 0.66, 0.66)
    lines = len(combinations) + 1 + bool(rest)
    frame = Frame(
        _numbered(rows), width, remark, 1, column, TALL, limits=(0, width - LEFT - RIGHT - column),
        foot=_PARTED + _LISTED * lines,
    )  # fmt: skip
    _options(frame, rows, frame.plot)
    top = frame.body + _PARTED + _LISTED / 2
    frame.plotted.text(0, top, _heading(), **_NOTE)
    _lines(frame, combinations, top + _LISTED)
    frame.plotted.text(0, top + _LISTED * (len(combinations) + 1), rest, **_NOTE)
    return frame.done()


def _numbered(rows: Sequence[Option]) -> list[str]:
    return [f"{number}. {row.statement}" for number, row in enumerate(rows, start=1)]


def _heading() -> str:
    return say("how many ticked just these")


def _options(frame: Frame, rows: Sequence[Option], wide: float) -> None:
    """Draw a bar for each option, with its share and x of n."""
    frame.segments([(0, wide, y) for y in frame.centres], LIGHT["rule"], 1, 1)
    ends = [(0, wide * row.share, y) for y, row in zip(frame.centres, rows, strict=True)]
    frame.segments(ends, LIGHT["data"], _BAR, 2)
    for y, row in zip(frame.centres, rows, strict=True):
        frame.label(0, y, row.percent, row.count, LIGHT["ink"])


def _lines(frame: Frame, combinations: Sequence[Together], top: float) -> None:
    """Draw a line for each combination: the numbers of its options in circles, a bar with how many ticked just them."""
    options = sorted({place for one in combinations for place in one.options})
    room = frame.width - LEFT - RIGHT
    pitch = min(_PITCH, (room - _COUNTED) / max(1, len(options)))
    xs = {place: pitch * (k + 0.5) for k, place in enumerate(options)}
    ys = [top + _LISTED * k for k in range(len(combinations))]
    size = (pitch - 0.03) * POINTS
    dots = [(xs[place], y, place in one.options) for one, y in zip(combinations, ys, strict=True) for place in options]
    ticked = [(x, y) for x, y, is_ticked in dots if is_ticked]
    others = [(x, y) for x, y, is_ticked in dots if not is_ticked]
    frame.points([x for x, _ in others], [y for _, y in others], LIGHT["rule"], "o", ms=4)
    frame.points([x for x, _ in ticked], [y for _, y in ticked], LIGHT["data"], "o", ms=size)
    for one, y in zip(combinations, ys, strict=True):
        for place in one.options:
            style = {"color": LIGHT["paper"], "ha": "center", "va": "center", "zorder": 5, "weight": 700}
            frame.plotted.text(xs[place], y, str(place + 1), fontsize=size * 0.58, **style)
    _counted(frame, combinations, ys, pitch * len(options) + 0.1)


def _counted(frame: Frame, combinations: Sequence[Together], ys: Sequence[float], left: float) -> None:
    """Draw the bars of the lines, each with its number at its end."""
    most = max((one.number for one in combinations), default=1)
    longest = 0.09 * max((len(one.count) for one in combinations), default=0) + 0.06
    wide = frame.width - LEFT - RIGHT - left - longest
    ends = [left + wide * one.number / most for one in combinations]
    frame.segments([(left, end, y) for end, y in zip(ends, ys, strict=True)], LIGHT["data"], _BAR, 2)
    for column, (one, end, y) in enumerate(zip(combinations, ends, ys, strict=True)):
        frame.plotted.text(end + 0.06, y, one.count, color=LIGHT["ink"], va="center", fontsize=9, weight=700)
        frame.spot(OF_COMBINATION, column, LEFT + end, frame.head + y - LINE / 2, longest, LINE)


def _columns(frame: Frame, combinations: Sequence[Together], places: Sequence[float], broad: float) -> None:
    """Draw the combinations: a bar with its number above, dots at their options, joined by a line."""
    most = max((one.number for one in combinations), default=1)
    if places:
        frame.segments([(places[0] - 0.1, places[-1] + 0.1, y) for y in frame.centres], LIGHT["rule"], 1, 1)
    tops = [_FLOOR - _TALLEST * one.number / most for one in combinations]
    xs = [x for place in places for x in (place, place, math.nan)]
    frame.strokes(xs, [y for top in tops for y in (_FLOOR, top, math.nan)], LIGHT["data"], _BAR, 2)
    joined: tuple[list, list] = [], []
    for column, (one, place, top) in enumerate(zip(combinations, places, tops, strict=True)):
        style = {"color": LIGHT["ink"], "va": "center", "fontsize": 9, "weight": 700}
        if column == 0 and len(one.count) > _LETTERS_ABOVE:  # to its left nothing stands
            frame.plotted.text(place + broad / 2, top - 0.1, one.count, ha="right", **style)
        else:
            frame.plotted.text(place, top - 0.1, one.count, ha="center", **style)
        frame.spot(OF_COMBINATION, column, LEFT + place - broad / 2, frame.head + top - 0.2, broad, 0.2)
        if len(one.options) > 1:
            lower, upper = (frame.centres[end(one.options)] for end in (min, max))
            joined[0].extend((place, place, math.nan))
            joined[1].extend((lower, upper, math.nan))
    frame.strokes(*joined, LIGHT["data"], 1.6, 3)
    dots = [(place, frame.centres[k]) for one, place in zip(combinations, places, strict=True) for k in one.options]
    frame.points([x for x, _ in dots], [y for _, y in dots], LIGHT["data"], "o", ms=7)
