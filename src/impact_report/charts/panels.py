"""Panels: small multiples, one panel a group, on one scale; what is hidden is hatched, not left out."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence

from impact_report.charts.frame import (
    GAP,
    LEFT,
    LETTERS,
    LINE,
    OF,
    RIGHT,
    WIDE,
    Drawing,
    Frame,
    Mark,
    Row,
    Sign,
    drawn,
    hatched,
    hatching,
    is_narrow,
)
from impact_report.language import say
from impact_report.palette import LIGHT

ACROSS = 6  # panels side by side, at most
MOST_PANELS = 2 * ACROSS
_BETWEEN = 0.12  # inches between panels
_LEAST = 0.72  # inches from one panel to the next: x of n must fit
_BAR = 7  # points
_HATCHED = 0.16  # inches, the height of a hatched box
_TICK = 0.08  # inches, half of the mark of everyone
_NUMBER, _COUNT = 0.19, 0.15  # lines of print above a bar
_SHARE = 0.085  # inches, a letter of a share
_LEAST_BAR = 0.65  # inches, on a phone
_APART = 1.3  # letters from a share to its sign, as the sign of percent is broad
_SPACE = 0.12  # inches between these
_NAMED = 1.05  # inches, of the names at the left on a phone, at most
_SMALL = 9  # points, of names
_SMALLER = 9.5 / _SMALL  # how many more of their letters than of the statements' fit
_LOWER = 0.045  # inches from the middle of a line of print to its foot


def panels(rows: Sequence[Row], labels: Sequence[str], width: float = WIDE, remark: str = "") -> Drawing:
    """Return a bar a group for each statement, with share and x of n, its sign, and the share of everyone.

    `rows` have one mark for each of `labels`. In a wide drawing the groups are columns; where there are more of them
    than stand side by side they run over several lines, each bar with its group's name. In a narrow one each group has
    a line of its own.
    """
    signs = [
        Sign(say("everyone"), "|", LIGHT["ink"], LIGHT["ink"], 11),
        Sign(say("not shown, to protect small groups"), hatching(14, 8), "none", LIGHT["muted"], 14),
    ]
    draw = _listed if is_narrow(width) else _side_by_side
    with drawn():
        return draw(rows, labels, width, remark, signs)


def _side_by_side(
    rows: Sequence[Row], labels: Sequence[str], width: float, remark: str, signs: Sequence[Sign]
) -> Drawing:
    room = width - LEFT - RIGHT + _BETWEEN
    longest = max(len(word) for label in labels for word in label.split())
    fitting = max(1, min(ACROSS, int(room / max(_LEAST, longest / LETTERS + _BETWEEN))))
    lines = math.ceil(len(labels) / fitting)
    across = math.ceil(len(labels) / lines)
    pitch = room / across
    wide = pitch - _BETWEEN
    wrapped = [textwrap.wrap(label, int(wide * LETTERS), break_long_words=False) for label in labels]
    name = LINE * max(map(len, wrapped))
    below = any(_beside(mark) + OF * len(mark.count) > wide for row in rows for mark in row.marks if mark)
    of_cell = _NUMBER + _COUNT * below + 0.16 + (name + 0.08) * (lines > 1)
    frame = Frame(
        [row.statement for row in rows], width, remark, columns=0, band=of_cell * lines, signs=signs,
        head=name + 0.06 if lines == 1 else 0, limits=(0, width - LEFT - RIGHT), foot=0.08,
    )  # fmt: skip
    lefts = [pitch * (k % across) for k in range(len(labels))]
    if lines == 1:
        for left, words in zip(lefts, wrapped, strict=True):
            _name(frame, left, -GAP / 2 - 0.04, words)
    cells = _Cells(frame, wide)
    for r, row in enumerate(rows):
        top = frame.centres[r] - frame.band / 2
        for k, mark in enumerate(row.marks):
            lower = top + of_cell * (k // across + 1)
            if lines > 1:
                _name(frame, lefts[k], lower - of_cell + name + 0.06, wrapped[k])
            y = lower - 0.1
            if cells.add(k, lefts[k], y, mark, row):
                base = y - 0.1
                number = base - _COUNT * below
                _number(frame, lefts[k], number, mark)
                beside = lefts[k] + _beside(mark) * (not below)
                frame.plotted.text(beside, base, mark.count, color=LIGHT["muted"], fontsize=8)
                top_of_number = number - 0.14
                frame.spot(r, k, LEFT + lefts[k], frame.head + top_of_number, wide, base + 0.03 - top_of_number)
    cells.draw()
    return frame.done()


def _listed(rows: Sequence[Row], labels: Sequence[str], width: float, remark: str, signs: Sequence[Sign]) -> Drawing:
    """Return each group on a line of its own: its name, its bar, its share and x of n."""
    wrapped = [textwrap.wrap(label, int(_NAMED * LETTERS * _SMALLER)) for label in labels]
    named = max(len(line) for words in wrapped for line in words) / LETTERS / _SMALLER
    marks = [mark for row in rows for mark in row.marks if mark]
    share = max((_beside(mark) for mark in marks), default=0)
    count = OF * max((len(mark.count) for mark in marks), default=0)
    room = width - LEFT - RIGHT
    left = named + 0.08
    below = room - share - count - left - _SPACE < _LEAST_BAR
    numbers = room - (max(share, count) if below else share + count)
    heights = [max(LINE * len(words), (LINE + _COUNT) * below) + 0.06 for words in wrapped]
    frame = Frame(
        [row.statement for row in rows], width, remark, columns=0, band=math.fsum(heights), signs=signs,
        limits=(0, room), foot=0.08,
    )  # fmt: skip
    cells = _Cells(frame, numbers - left - _SPACE)
    for r, row in enumerate(rows):
        y = frame.centres[r] - frame.band / 2
        for k, (mark, height) in enumerate(zip(row.marks, heights, strict=True)):
            y += height
            middle = y - height / 2
            for n, line in enumerate(wrapped[k]):
                foot = middle + LINE * (n - (len(wrapped[k]) - 1) / 2) + _LOWER
                frame.plotted.text(0, foot, line, color=LIGHT["ink"], fontsize=_SMALL)
            if cells.add(k, left, middle, mark, row):
                foot = middle + _LOWER - _COUNT / 2 * below
                _number(frame, numbers, foot, mark)
                place = {"x": numbers, "ha": "left"} if below else {"x": room, "ha": "right"}
                frame.plotted.text(y=foot + _COUNT * below, s=mark.count, color=LIGHT["muted"], fontsize=8, **place)
                high = 0.2 + _COUNT * below
                frame.spot(r, k, LEFT + numbers, frame.head + middle - high / 2, room - numbers, high)
    cells.draw()
    return frame.done()


def _beside(mark: Mark) -> float:
    """Return how much room a share takes with its sign, in inches, until its x of n."""
    return _SPACE + _SHARE * (len(mark.percent) + (len(mark.sign) + _APART if mark.sign else 0))


def _number(frame: Frame, left: float, base: float, mark: Mark) -> None:
    style = {"color": LIGHT["ink"], "weight": 700, "fontsize": 10}
    frame.plotted.text(left, base, mark.percent, **style)
    frame.plotted.text(left + _SHARE * (len(mark.percent) + _APART), base, mark.sign, **style)


def _name(frame: Frame, left: float, bottom: float, words: Sequence[str]) -> None:
    for k, line in enumerate(reversed(words)):
        frame.plotted.text(left, bottom - LINE * k, line, color=LIGHT["ink"], weight=700, va="bottom", fontsize=_SMALL)


class _Cells:
    """Bars, marks of everyone and hatched boxes, gathered so that each kind is drawn as one path or by one shape."""

    def __init__(self, frame: Frame, wide: float):
        self.frame, self.wide = frame, wide
        self.bars, self.tracks, self.hidden = [], [], []
        self.ticks: tuple[list, list] = [], []

    def add(self, column: int, left: float, y: float, mark: Mark | None, of: Row) -> bool:
        """Place one group's share of one statement, the middle of its bar at y; say whether there is one."""
        if column in of.not_asked:
            self.frame.plotted.text(left, y, "–", color=LIGHT["muted"], va="center")
            return False
        if mark is None:
            self.hidden.append((left + self.wide / 2, y))
            return False
        self.bars.append((left, left + self.wide * mark.share, y))
        self.tracks.append((left, left + self.wide, y))
        if of.of_all is not None:
            x = left + self.wide * of.of_all
            self.ticks[0].extend((x, x, math.nan))
            self.ticks[1].extend((y - _TICK, y + _TICK, math.nan))
        return True

    def draw(self) -> None:
        """Draw what was gathered."""
        self.frame.segments(self.tracks, LIGHT["rule"], 1, 1)
        self.frame.segments(self.bars, LIGHT["data"], _BAR, 2)
        self.frame.strokes(*self.ticks, LIGHT["ink"], 1.6, 3)
        xs, ys = zip(*self.hidden, strict=True) if self.hidden else ((), ())
        hatched(self.frame, xs, ys, self.wide, _HATCHED)
