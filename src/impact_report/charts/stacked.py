"""Stacked bars: all answers to ordered questions, centred on the neutral one or, without one, between the halves."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from impact_report.charts.frame import LEFT, SWATCH, WIDE, Drawing, Frame, Sign, drawn, is_narrow
from impact_report.palette import LIGHT

MOST_ANSWERS = 7  # of a scale that can be drawn: three shades on each side
_BAR = 0.24  # inches
_LISTED = 0.2  # a line of numbers below the bar, on a phone
_FONT = 8
_BESIDE = {False: (0.82, 0.5), True: (1.05, 0.8)}  # inches for the base, wide and narrow, and for who did not know
_LOW = {1: ("other",), 2: ("other", "other_soft"), 3: ("other", "other_mid", "other_soft")}
_HIGH = {1: ("data",), 2: ("data_soft", "data"), 3: ("data_soft", "data_mid", "data")}
_ON_DARK = ("data", "other")  # shades that carry words in the colour of the page


@dataclass(frozen=True)
class Part:
    """The share of one answer, 0–1, as printed."""

    share: float
    percent: str


@dataclass(frozen=True)
class Answers:
    """A statement with the share of each answer, from lowest to highest, its base, and how many said otherwise."""

    statement: str
    parts: tuple[Part, ...]
    base: str
    aside: str = ""


def stacked(rows: Sequence[Answers], labels: Sequence[str], width: float = WIDE, remark: str = "") -> Drawing:
    """Return a bar for each statement made of the shares of its answers, with the base beside it.

    `labels` name the answers from lowest to highest, seven at most. The middle of all bars stands at one place.
    """
    narrow = is_narrow(width)
    shades = _shades(len(labels))
    signs = [Sign(label, SWATCH, LIGHT[shade], _edge(shade), 7) for label, shade in zip(labels, shades, strict=True)]
    starts = [_start(row.parts) for row in rows]
    ends = [start + sum(100 * part.share for part in row.parts) for start, row in zip(starts, rows, strict=True)]
    beside = _BESIDE[any(row.aside for row in rows)][narrow]
    with drawn():
        frame = Frame(
            [row.statement for row in rows], width, remark, 1, beside,
            _BAR + 0.1 + _LISTED * narrow, signs=signs, limits=(min([*starts, -1]), max([*ends, 1])), foot=0.06,
        )  # fmt: skip
        bars = [y - _LISTED / 2 * narrow for y in frame.centres]
        half = _BAR / 2 + 0.05
        boxes = _Boxes(frame, shades)
        for r, (row, start) in enumerate(zip(rows, starts, strict=True)):
            boxes.bar(r, bars[r], start, row.parts)
            if narrow:
                boxes.listed(bars[r] + _BAR / 2 + 0.13, row.parts)
            frame.write(0, bars[r] - 0.07 * bool(row.aside), row.base, LIGHT["muted"], fontsize=_FONT)
            if row.aside:
                frame.write(0, bars[r] + 0.08, row.aside, LIGHT["muted"], fontsize=7.5)
        boxes.draw()
        frame.strokes(*_middle(bars, half), LIGHT["ink"], 0.8, 1)
        return frame.done()


def _middle(bars: Sequence[float], half: float) -> tuple[list[float], list[float]]:
    """Return the line through the middle of each bar."""
    return [x for _ in bars for x in (0, 0, math.nan)], [y for bar in bars for y in (bar - half, bar + half, math.nan)]


def _shades(count: int) -> list[str]:
    side = count // 2
    return [*_LOW[side], *(["neutral"] if count % 2 else []), *_HIGH[side]]


def _edge(shade: str) -> str:
    """Return the outline of a shade: pale ones have too little contrast to stand alone."""
    return LIGHT["muted"] if shade == "neutral" else LIGHT[shade.partition("_")[0]]


def _start(parts: Sequence[Part]) -> float:
    """Return where a bar begins, in percent from the middle.

    >>> _start([Part(0.25, "25%"), Part(0.5, "50%"), Part(0.25, "25%")])
    -50.0
    """
    side = len(parts) // 2
    neutral = parts[side].share / 2 if len(parts) % 2 else 0
    return -100 * (sum(part.share for part in parts[:side]) + neutral)


class _Boxes:
    """The boxes of all bars, gathered by shade so that each shade is one path."""

    def __init__(self, frame: Frame, shades: Sequence[str]):
        self.frame, self.shades = frame, shades
        self.corners: dict[str, list] = {LIGHT[shade]: [] for shade in shades}
        for colour, box in frame.swatches:
            self.corners[colour].append(box)

    def bar(self, row: int, y: float, start: float, parts: Sequence[Part]) -> None:
        """Add a bar, with the shares that fit into it."""
        frame, left = self.frame, start
        for part, shade in zip(parts, self.shades, strict=True):
            long = 100 * part.share
            if long:
                self.corners[LIGHT[shade]].append((left, y - _BAR / 2, left + long, y + _BAR / 2))
            inches = long / frame.unit
            if not frame.narrow and inches > 0.05 * len(part.percent) + 0.05:
                ink = LIGHT["paper"] if shade in _ON_DARK else LIGHT["ink"]
                style = {"color": ink, "ha": "center", "va": "center", "fontsize": _FONT, "zorder": 3}
                frame.plotted.text(left + long / 2, y, part.percent, **style)
            left += long
        self._spot(row, y, start, left)

    def _spot(self, row: int, y: float, start: float, end: float) -> None:
        """Note where the numbers of a bar are printed: all of them lead to one place."""
        frame = self.frame
        place, long = LEFT + (start - frame.low) / frame.unit, (end - start) / frame.unit
        if frame.narrow:
            place, long = LEFT, frame.plot
        frame.spot(row, 0, place, frame.head + y - _BAR / 2, long, _BAR + _LISTED * frame.narrow)

    def listed(self, y: float, parts: Sequence[Part]) -> None:
        """Write the shares below a bar that is too short to hold them, each with its colour."""
        frame = self.frame
        pitch = (frame.width - 2 * LEFT) / len(parts)
        for column, (part, shade) in enumerate(zip(parts, self.shades, strict=True)):
            x, half = frame.at(pitch * column), 0.035
            self.corners[LIGHT[shade]].append((x, y - half, x + 2 * half * frame.unit, y + half))
            style = {"color": LIGHT["ink"], "va": "center", "fontsize": _FONT}
            frame.plotted.text(x + 0.12 * frame.unit, y, part.percent, **style)

    def draw(self) -> None:
        """Draw what was gathered."""
        for shade in self.shades:
            self.frame.boxes(self.corners[LIGHT[shade]], LIGHT[shade], _edge(shade))
