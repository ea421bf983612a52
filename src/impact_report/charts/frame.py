"""The frame of a chart: statements one below the other, a plot under each, printed numbers at the right, a key above.

Widths and heights are inches; `y` runs down from the first statement, `x` in the units of the plot (percent, mostly).
"""

from __future__ import annotations

import io
import math
import textwrap
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path as Outline
from matplotlib.style import context as styled

from impact_report.language import percent
from impact_report.palette import LIGHT

PACKAGE = Path(__file__).parents[1]
STYLE = PACKAGE / "style.mplstyle"
FONTS = PACKAGE / "fonts"
WIDE, NARROW = 7.2, 3.0  # a column of text; a small phone
LINE = 0.17  # a line of text
BAND = 0.26  # a bar
TALL = 0.34  # two lines of print beside it
GAP = 0.17
KEY = 0.22  # a line of the key
LEFT, RIGHT = 0.06, 0.1
HEAD, FOOT, REMARK = 0.12, 0.34, 0.2
POINTS = 72  # an inch
DOT = 6.5  # points
LETTERS = 14.5  # of the statements, an inch
BROAD = 1.15  # how much wider bold letters are
TICKS = (0, 25, 50, 75, 100)
SWATCH = "s"  # the marker of a box in the key, drawn with the boxes it explains
_CLOSED = [Outline.MOVETO, *[Outline.LINETO] * 3, Outline.CLOSEPOLY]


@dataclass(frozen=True)
class Mark:
    """One share to draw: 0–1, its interval, and its printed texts; `published` is the share published elsewhere."""

    share: float
    low: float
    high: float
    percent: str
    count: str
    published: float | None = None


@dataclass(frozen=True)
class Row:
    """One statement with a mark for each group; None where a group's share is hidden.

    `not_asked` are the places of groups of whom nobody was asked, `of_all` is the share of everyone.
    """

    statement: str
    marks: tuple[Mark | None, ...]
    not_asked: tuple[int, ...] = ()
    of_all: float | None = None


@dataclass(frozen=True)
class Spot:
    """Where a number is printed: row, column, and a box in fractions of the drawing from top left."""

    row: int
    column: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Drawing:
    """A chart as SVG, and where its numbers stand."""

    svg: str
    spots: tuple[Spot, ...]


@dataclass(frozen=True)
class Sign:
    """An entry of the key: a marker or a swatch, its colour, its words; `edge` is the colour of a swatch's outline."""

    label: str
    marker: str | Outline
    colour: str
    edge: str | None = None
    size: float = DOT
    bold: bool = False


def is_narrow(width: float) -> bool:
    """Say whether a drawing of this width is one for a phone."""
    return width < (WIDE + NARROW) / 2


class Sheet:
    """A figure on which places are given in inches from its upper left corner, and what is noted about its numbers."""

    def __init__(self, width: float, height: float):
        self.width, self.height = width, height
        self.figure = Figure(figsize=(width, height))
        self.spots: list[Spot] = []
        self.plotted: Axes

    def axes(self, left: float, top: float, width: float, height: float) -> Axes:
        """Return axes without anything drawn in them."""
        box = (left / self.width, 1 - (top + height) / self.height, width / self.width, height / self.height)
        axes = self.figure.add_axes(box)
        axes.set(xticks=[], yticks=[])
        return axes

    def spot(self, row: int, column: int, left: float, top: float, width: float, height: float) -> None:
        """Note where a number is printed."""
        sides = zip((left, top, width, height), (self.width, self.height) * 2, strict=True)
        self.spots.append(Spot(row, column, *(round(inches / whole, 4) for inches, whole in sides)))

    def segments(self, ends: Sequence[tuple[float, float, float]], colour: str, lw: float, zorder: float) -> None:
        """Draw level lines from x to x at y, as one path."""
        xs = [x for start, end, _ in ends for x in (start, end, math.nan)]
        ys = [y for _, _, y in ends for y in (y, y, math.nan)]
        self.strokes(xs, ys, colour, lw, zorder)

    def strokes(self, xs: Sequence[float], ys: Sequence[float], colour: str, lw: float, zorder: float) -> None:
        """Draw lines as one path; nan parts them."""
        if xs:
            self.plotted.plot(xs, ys, color=colour, lw=lw, zorder=zorder, clip_on=False, solid_capstyle="butt")

    def points(self, xs: Sequence[float], ys: Sequence[float], colour: str, marker: str | Outline, **style) -> None:
        """Draw markers, all by one shape."""
        if xs:
            style = {"ms": DOT, "mec": colour, "mew": 0, "zorder": 4, **style}
            self.plotted.plot(xs, ys, ls="", marker=marker, color=colour, clip_on=False, **style)

    def boxes(self, corners: Sequence[tuple[float, float, float, float]], colour: str, edge: str) -> None:
        """Draw boxes from (x, y) to (x, y) as one path, with an outline."""
        if corners:
            paths = [Outline([(x, y), (x2, y), (x2, y2), (x, y2), (x, y)], _CLOSED) for x, y, x2, y2 in corners]
            style = {"fc": colour, "ec": edge, "lw": 0.7, "zorder": 2, "clip_on": False}
            self.plotted.add_patch(PathPatch(Outline.make_compound_path(*paths), **style))

    def remark(self, text: str) -> None:
        """Write what every reader must know at the foot, as that respondents are invented."""
        if text:
            style = {"color": LIGHT["notice"], "fontsize": 8.5, "weight": 700}
            self.figure.text(LEFT / self.width, 0.05 / self.height, text, **style)

    def done(self) -> Drawing:
        """Return the drawing as SVG, and where its numbers stand."""
        stream = io.StringIO()
        self.figure.savefig(stream, format="svg", metadata={"Date": None, "Creator": None}, transparent=True)
        return Drawing(stream.getvalue(), tuple(self.spots))


class Frame(Sheet):
    """Rows of statements with a plot under each; columns of printed numbers at the right; a key above."""

    def __init__(
        self,
        statements: Sequence[str],
        width: float,
        remark: str = "",
        columns: int = 1,
        column: float = 0.82,
        band: float = BAND,
        head: float = 0.0,
        signs: Sequence[Sign] = (),
        limits: tuple[float, float] = (0, 100),
        foot: float = FOOT,
        words: float = 0.0,
    ):
        self.narrow, self.column, self.band = is_narrow(width), column, band
        self.plot = width - LEFT - RIGHT - columns * column
        self.lines_of_key = list(_lines(signs, width - LEFT))
        self.head = HEAD + KEY * len(self.lines_of_key) + (GAP if signs or head else 0) + head
        letters = int((words or (width if self.narrow else width - 0.2)) * LETTERS)
        lines = [textwrap.wrap(statement, letters) or [""] for statement in statements]
        heights = [LINE * len(one) + band + GAP for one in lines]
        body = math.fsum(heights)  # the same on every Python: `sum` has changed how it rounds
        super().__init__(width, self.head + body + foot + (REMARK if remark else 0))
        self.plotted = self.axes(LEFT, self.head, self.plot, body)
        self.low, high = limits
        self.unit = (high - self.low) / self.plot  # of the plot, an inch
        self.plotted.set(xlim=limits, ylim=(body, 0))
        self.body = body
        top, self.centres = 0.0, []
        for height, one in zip(heights, lines, strict=True):
            for k, line in enumerate(one):
                place = (self.low, top + LINE * (k + 0.62))
                self.plotted.text(*place, line, color=LIGHT["ink"], va="baseline", zorder=5)
            self.centres.append(top + LINE * len(one) + band / 2 + 0.02)
            top += height
        self.remark(remark)
        self.swatches: list[tuple[str, tuple[float, float, float, float]]] = []
        self._key()

    def at(self, inches: float) -> float:
        """Return a distance from the plot's left edge in units of the plot."""
        return self.low + inches * self.unit

    def end(self, column: int) -> float:
        """Return where a column of printed numbers ends, in units of the plot."""
        return self.at(self.plot + 0.06 + self.column * (column + 1))

    def write(self, column: int, y: float, text: str, colour: str, **style: object) -> None:
        """Write into a column of printed numbers, flush right."""
        self.plotted.text(self.end(column), y, text, color=colour, ha="right", **{"va": "center", **style})

    def label(self, column: int, y: float, percent: str, count: str, colour: str) -> None:
        """Write a share and its x of n into a column, and note where."""
        self.write(column, y - 0.075, percent, colour, weight=700, fontsize=10.5)
        self.write(column, y + 0.09, count, LIGHT["muted"], fontsize=8)
        self.noted(column, y)

    def noted(self, column: int, y: float) -> None:
        """Note where a number is printed in a column."""
        left = LEFT + self.plot + 0.06 + self.column * column + 0.06
        self.spot(self.centres.index(y), column, left, self.head + y - 0.16, self.column - 0.02, 0.34)

    def grid(self, centres: Sequence[float] | None = None, half: float = 0.15) -> None:
        """Draw the lines of the axis where marks stand, not through the statements."""
        xs, ys = [], []
        for y in self.centres if centres is None else centres:
            for x in TICKS:
                xs += [x, x, math.nan]
                ys += [y - half, y + half, math.nan]
        self.strokes(xs, ys, LIGHT["rule"], 0.7, 1)

    def percents(self) -> None:
        """Write the axis of percent below."""
        for tick in TICKS:
            text = percent(str(tick)) if tick == TICKS[-1] else str(tick)
            self.plotted.text(tick, self.body + 0.1, text, color=LIGHT["muted"], fontsize=8.5, ha="center", va="center")

    def heads(self, signs: Sequence[Sign]) -> None:
        """Stand each sign of the key at the head of its column."""
        for column, sign in enumerate(signs):
            self.points([self.end(column) - 0.06 * self.unit], [-GAP / 2 + 0.02], sign.colour, sign.marker)

    def _key(self) -> None:
        for k, line in enumerate(self.lines_of_key):
            y = HEAD - self.head + KEY * (k + 0.5)
            for inches, sign in line:
                x = self.at(inches)
                if sign.marker == SWATCH:
                    half = sign.size / POINTS / 2
                    wide = half * self.unit
                    self.swatches.append((sign.colour, (x - wide, y - half, x + wide, y + half)))
                else:
                    edge = {"mec": sign.edge, "mew": 0.7} if sign.edge else {}
                    self.points([x], [y], sign.colour, sign.marker, ms=sign.size, **edge)
                style = {"color": sign.colour, "weight": 700} if sign.bold else {"color": LIGHT["muted"]}
                self.plotted.text(x + _beside(sign) * self.unit, y, sign.label, va="center", **style)


def _lines(signs: Sequence[Sign], width: float) -> Iterator[list[tuple[float, Sign]]]:
    """Yield the lines of a key: each sign with its distance from the left."""
    line: list[tuple[float, Sign]] = []
    place = start = 0.07
    for sign in signs:
        needed = _beside(sign) + len(sign.label) / LETTERS * (BROAD if sign.bold else 1)
        if line and place + needed > width:
            yield line
            line, place = [], start
        line.append((place, sign))
        place += needed + 0.3
    if line:
        yield line


def _beside(sign: Sign) -> float:
    """Return how far from the middle of its sign a word of the key begins."""
    return 0.12 + max(0, sign.size - DOT) / 2 / POINTS


@lru_cache
def hatching(width: float, height: float, step: float = 6.0) -> Outline:
    """Return a box with slanting lines as a marker; width and height in points.

    >>> hatching(8, 8).vertices[:5].tolist()
    [[-4.0, -4.0], [4.0, -4.0], [4.0, 4.0], [-4.0, 4.0], [-4.0, -4.0]]
    """
    x, y = width / 2, height / 2
    ends = [(-x, -y), (x, -y), (x, y), (-x, y), (-x, -y)]
    codes = [Outline.MOVETO, *[Outline.LINETO] * 4]
    for k in range(1, math.ceil((width + height) / step)):
        start = k * step - x - y  # of the line that goes up from the lower edge, at x + y = start
        ends += [(max(-x, start - y), min(y, start + x)), (min(x, start + y), max(-y, start - x))]
        codes += [Outline.MOVETO, Outline.LINETO]
    return Outline(ends, codes)


def hatched(sheet: Sheet, xs: Sequence[float], ys: Sequence[float], width: float, height: float) -> None:
    """Draw hatched boxes about points; width and height in inches."""
    size = max(width, height) * POINTS
    style = {"mec": LIGHT["muted"], "mew": 0.6, "ms": size}
    sheet.points(xs, ys, "none", hatching(width * POINTS, height * POINTS), **style)


@contextmanager
def drawn() -> Iterator[None]:
    """Draw with the report's typeface and style, and leave no settings behind."""
    _register_fonts()
    with mpl.rc_context(), styled(STYLE):
        yield


@lru_cache
def _register_fonts() -> None:
    for path in sorted(FONTS.glob("*.ttf")):
        font_manager.fontManager.addfont(path)
