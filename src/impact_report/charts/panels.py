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
_NUMBER, _COUNT = 0.17, 0.15  # lines of print above a bar


def panels(rows: Sequence[Row], labels: Sequence[str], width: float = WIDE, remark: str = "") -> Drawing:
    """Return a bar a group for each statement, groups as columns, with share and x of n and the share of everyone.

    `rows` have one mark for each of `labels`. Where there are more groups than stand side by side they run over several
    lines, each bar with its group's name.
    """
    narrow = is_narrow(width)
    room = width - LEFT - RIGHT + _BETWEEN
    longest = max(len(word) for label in labels for word in label.split())
    fitting = max(1, min(ACROSS, int(room / max(_LEAST, longest / LETTERS + _BETWEEN))))
    lines = math.ceil(len(labels) / fitting)
    across = math.ceil(len(labels) / lines)
    pitch = room / across
    letters = int((pitch - _BETWEEN) * LETTERS)
    wrapped = [textwrap.wrap(label, letters, break_long_words=False) for label in labels]
    name = LINE * max(map(len, wrapped))
    of_cell = _NUMBER + _COUNT * narrow + 0.16 + (name + 0.08) * (lines > 1)
    signs = [
        Sign(say("everyone"), "|", LIGHT["ink"], LIGHT["ink"], 11),
        Sign(say("not shown, to protect small groups"), hatching(14, 8), "none", LIGHT["muted"], 14),
    ]
    with drawn():
        frame = Frame(
            [row.statement for row in rows], width, remark, columns=0, band=of_cell * lines, signs=signs,
            head=name + 0.06 if lines == 1 else 0, limits=(0, width - LEFT - RIGHT), foot=0.08,
        )  # fmt: skip
        lefts = [pitch * (k % across) for k in range(len(labels))]
        if lines == 1:
            for left, words in zip(lefts, wrapped, strict=True):
                _name(frame, left, -GAP / 2 - 0.04, words)
        cells = _Cells(frame, pitch - _BETWEEN, narrow)
        for r, row in enumerate(rows):
            top = frame.centres[r] - frame.band / 2
            for k, mark in enumerate(row.marks):
                lower = top + of_cell * (k // across + 1)
                if lines > 1:
                    _name(frame, lefts[k], lower - of_cell + name + 0.06, wrapped[k])
                cells.add(r, k, lefts[k], lower, mark, row)
        cells.draw()
        return frame.done()


def _name(frame: Frame, left: float, bottom: float, words: Sequence[str]) -> None:
    for k, line in enumerate(reversed(words)):
        frame.plotted.text(left, bottom - LINE * k, line, color=LIGHT["ink"], weight=700, va="bottom", fontsize=9)


class _Cells:
    """Bars, marks of everyone and hatched boxes, gathered so that each kind is drawn as one path or by one shape."""

    def __init__(self, frame: Frame, wide: float, narrow: bool):
        self.frame, self.wide, self.narrow = frame, wide, narrow
        self.bars, self.tracks, self.hidden = [], [], []
        self.ticks: tuple[list, list] = [], []

    def add(self, row: int, column: int, left: float, lower: float, mark: Mark | None, of: Row) -> None:
        """Place one group's share of one statement; `lower` is where its bar's cell ends."""
        y = lower - 0.1
        if column in of.not_asked:
            self.frame.plotted.text(left, y, "–", color=LIGHT["muted"], va="center")
            return
        if mark is None:
            self.hidden.append((left + self.wide / 2, y))
            return
        self.bars.append((left, left + self.wide * mark.share, y))
        self.tracks.append((left, left + self.wide, y))
        if of.of_all is not None:
            x = left + self.wide * of.of_all
            self.ticks[0].extend((x, x, math.nan))
            self.ticks[1].extend((y - _TICK, y + _TICK, math.nan))
        base = y - 0.1
        number = base - _COUNT * self.narrow
        self.frame.plotted.text(left, number, mark.percent, color=LIGHT["ink"], weight=700, fontsize=10)
        beside = left if self.narrow else left + 0.12 + 0.085 * len(mark.percent)
        self.frame.plotted.text(beside, base, mark.count, color=LIGHT["muted"], fontsize=8)
        top = number - 0.14
        self.frame.spot(row, column, LEFT + left, self.frame.head + top, self.wide, base + 0.03 - top)

    def draw(self) -> None:
        """Draw what was gathered."""
        self.frame.segments(self.tracks, LIGHT["rule"], 1, 1)
        self.frame.segments(self.bars, LIGHT["data"], _BAR, 2)
        self.frame.strokes(*self.ticks, LIGHT["ink"], 1.6, 3)
        xs, ys = zip(*self.hidden, strict=True) if self.hidden else ((), ())
        hatched(self.frame, xs, ys, self.wide, _HATCHED)
