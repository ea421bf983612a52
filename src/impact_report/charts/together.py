"""Together: a select-all question, its options by share, and which of them were ticked together most often."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from impact_report.charts.frame import LEFT, RIGHT, TALL, WIDE, Drawing, Frame, drawn, is_narrow
from impact_report.language import say
from impact_report.palette import LIGHT

MOST_TOGETHER = 8  # combinations side by side
_BAR = 9  # points
_TALLEST = 0.36  # inches, of the bar of a combination
_BARS = 3.3  # inches, where the options' own bars and words end
_FLOOR = -0.06  # on which the bars of combinations stand
OF_COMBINATION = -1  # the row of the spots of combinations


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
    """Return options as rows and combinations of them as columns: a dot where an option belongs to a combination.

    Above each column stands how many ticked just these; `rest` says what became of all others. A wide drawing has a
    bar for each option.
    """
    narrow = is_narrow(width)
    column = 0.66 if narrow else 0.82
    with drawn():
        frame = Frame(
            [row.statement for row in rows], width, remark, 1, column, TALL, head=_TALLEST + 0.4,
            limits=(0, width - LEFT - RIGHT - column), foot=0.3 if rest else 0.06,
            words=0 if narrow else _BARS,
        )  # fmt: skip
        left = 0.1 if narrow else _BARS + 0.3
        pitch = (frame.plot - left) / max(1, len(combinations))
        places = [left + pitch * (k + 0.4) for k in range(len(combinations))]
        if not narrow:
            ends = [(0, _BARS * row.share, y) for y, row in zip(frame.centres, rows, strict=True)]
            frame.segments([(0, _BARS, y) for y in frame.centres], LIGHT["rule"], 1, 1)
            frame.segments(ends, LIGHT["data"], _BAR, 2)
        for y, row in zip(frame.centres, rows, strict=True):
            frame.label(0, y, row.percent, row.count, LIGHT["ink"])
        _columns(frame, combinations, places, min(pitch, 0.3))
        style = {"color": LIGHT["muted"], "fontsize": 8, "va": "center"}
        start = 0 if narrow else left
        frame.plotted.text(start, _FLOOR - _TALLEST - 0.32, say("how many ticked just these"), **style)
        frame.plotted.text(start, frame.body + 0.08, rest, **style)
        return frame.done()


def _columns(frame: Frame, combinations: Sequence[Together], places: Sequence[float], broad: float) -> None:
    """Draw the combinations: a bar with its number above, dots at their options, joined where no words are between."""
    most = max((one.number for one in combinations), default=1)
    if places:
        frame.segments([(places[0] - 0.1, places[-1] + 0.1, y) for y in frame.centres], LIGHT["rule"], 1, 1)
    tops = [_FLOOR - _TALLEST * one.number / most for one in combinations]
    xs = [x for place in places for x in (place, place, math.nan)]
    frame.strokes(xs, [y for top in tops for y in (_FLOOR, top, math.nan)], LIGHT["data"], _BAR, 2)
    joined: tuple[list, list] = [], []
    for column, (one, place, top) in enumerate(zip(combinations, places, tops, strict=True)):
        frame.plotted.text(
            place, top - 0.1, one.count, color=LIGHT["ink"], ha="center", va="center", fontsize=9, weight=700
        )  # fmt: skip
        frame.spot(OF_COMBINATION, column, LEFT + place - broad / 2, frame.head + top - 0.2, broad, 0.2)
        if len(one.options) > 1 and not frame.narrow:
            lower, upper = (frame.centres[end(one.options)] for end in (min, max))
            joined[0].extend((place, place, math.nan))
            joined[1].extend((lower, upper, math.nan))
    frame.strokes(*joined, LIGHT["data"], 1.6, 3)
    dots = [(place, frame.centres[k]) for one, place in zip(combinations, places, strict=True) for k in one.options]
    frame.points([x for x, _ in dots], [y for _, y in dots], LIGHT["data"], "o", ms=7)
