"""The frame of a chart: statements one below the other, a plot under each, printed numbers at the right, a key above.

Widths and heights are inches; `y` runs down from the first statement, `x` in the units of the plot (percent, mostly).
"""

from __future__ import annotations

import io
import math
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path as Outline
from matplotlib.style import context as styled

from impact_report.language import percent, say
from impact_report.palette import LIGHT

PACKAGE = Path(__file__).parents[1]
STYLE = PACKAGE / "style.mplstyle"
FONTS = PACKAGE / "fonts"
WIDE, NARROW = 7.2, 3.0  # a column of text; a small phone
LINE = 0.17  # a line of text
BAND = 0.26  # a bar
TALL = 0.34  # two lines of print beside it
LOW = 0.2  # where the print stands beside the statement as well
RAISED = 0.1  # how far above the plot's middle the print then stands
GAP = 0.14
KEY = 0.22  # a line of the key
NAME = 0.15  # a line of a name at the head of a column
LEFT, RIGHT = 0.06, 0.1
HEAD, FOOT, REMARK = 0.12, 0.28, 0.2
POINTS = 72  # an inch
DOT = 6.5  # points
LETTERS = 14.5  # of the statements, an inch
OF = 0.06  # inches, a letter of x of n
BROAD = 1.15  # how much wider bold letters are
NAME_SIZE = 8.5  # points
SMALLER = 9.5 / NAME_SIZE  # how many more of its letters than of the statements' fit
HEADS = -0.12  # inches from the first statement to the middle of the lowest of these lines
CLEAR = 0.07  # inches more, where that statement runs below them
BESIDE_NAME = 0.16  # inches for the sign of a name
MOST_LINES = 2  # of such a name, where a wider column helps
TICKS = (0, 25, 50, 75, 100)
SWATCH = "s"  # the marker of a box in the key, drawn with the boxes it explains
_NO_MARKER = ""  # of words that go on from the line above
_CLOSED = [Outline.MOVETO, *[Outline.LINETO] * 3, Outline.CLOSEPOLY]
THIN, THICK = 3, 2.2  # points, of the line between two shares; the dark one looks as thick
_STROKE = 14  # points, of such a line in the key


@dataclass(frozen=True)
class Mark:
    """One share to draw: 0–1, its interval, and its printed texts; `published` is the share published elsewhere.

    `sign` stands beside a share that differs from others by more than chance would explain.
    """

    share: float
    low: float
    high: float
    percent: str
    count: str
    published: float | None = None
    sign: str = ""


@dataclass(frozen=True)
class Row:
    """One statement with a mark for each group; None where a group's share is hidden.

    `not_asked` are the places of groups of whom nobody was asked, `of_all` is the share of everyone. `beyond_chance` is
    true where two groups differ by more than chance would explain.
    """

    statement: str
    marks: tuple[Mark | None, ...]
    not_asked: tuple[int, ...] = ()
    of_all: float | None = None
    beyond_chance: bool = False


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


def beyond_chance() -> Sign:
    """Return the entry of the key for a difference that chance would not explain: a dark line, bold words."""
    x, y = _STROKE / 2, THICK / 2
    stroke = Outline([(-x, -y), (x, -y), (x, y), (-x, y), (-x, -y)], _CLOSED)
    return Sign(say("larger than chance would explain"), stroke, LIGHT["ink"], size=_STROKE, bold=True)


def is_narrow(width: float) -> bool:
    """Say whether a drawing of this width is one for a phone."""
    return width < (WIDE + NARROW) / 2


def balanced(text: str, letters: int) -> list[str]:
    """Return a text in lines of at most so many letters, as few as possible, none much shorter than the others.

    >>> balanced("increased collaboration on talent development", 40)
    ['increased collaboration', 'on talent development']
    """
    fewest = len(textwrap.wrap(text, letters, break_on_hyphens=False))
    widths = range(max(1, letters // 2), letters + 1)
    fitting = (textwrap.wrap(text, width, break_on_hyphens=False) for width in widths)
    return next((lines for lines in fitting if len(lines) == fewest), [""]) or [""]


def column_for(counts: Iterable[str], least: float, most: float, names: Sequence[str] = ()) -> float:
    """Return how wide columns must be for each x of n and, up to `most`, for names in two lines above, in inches.

    The name of the first column may be wider than it: nothing stands to its left.

    >>> column_for(["3 of 5"], 0.62, 1.0, ["North", "Production"])
    0.87
    >>> column_for(["3 of 5"], 0.62, 1.0, ["Production", "North"])
    0.62
    >>> column_for(["1,936 of 2,186"], 0.62, 1.0)
    0.92
    """
    least = max(least, round(OF * max(map(len, counts), default=0) + 0.08, 2))
    steps = max(0, round((most - least) / 0.05))
    widths = [round(least + 0.05 * step, 2) for step in range(steps + 1)]
    return next((width for width in widths if all(_stands(name, width) for name in names[1:])), widths[-1])


def _stands(name: str, column: float) -> bool:
    letters = _letters_of_name(column)
    return max(map(len, name.split())) <= letters and len(textwrap.wrap(name, letters)) <= MOST_LINES


def _wrapped_name(name: str, column: float, *, first: bool) -> list[str]:
    letters = _letters_of_name(column)
    return textwrap.wrap(name, max(letters, *map(len, name.split())) if first else letters)


def _letters_of_name(column: float) -> int:
    return int((column - BESIDE_NAME) * LETTERS / BROAD * SMALLER)


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

    def joined(self, ends: Sequence[tuple[float, float, float]], beyond: Sequence[bool]) -> None:
        """Draw the lines between two shares: a dark one where chance would not explain the difference."""
        for dark, colour, thickness in ((True, LIGHT["ink"], THICK), (False, LIGHT["rule"], THIN)):
            chosen = [one for one, is_beyond in zip(ends, beyond, strict=True) if is_beyond is dark]
            self.segments(chosen, colour, thickness, 2)

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
        raised: bool = False,
        heads: Sequence[Sign] = (),
        bold: Sequence[bool] = (),
    ):
        self.narrow, self.column, self.band = is_narrow(width), column, band
        self.raised = RAISED if raised else 0
        self.plot = width - LEFT - RIGHT - columns * column
        self.lines_of_key = list(_lines(signs, width - LEFT))
        names = [_wrapped_name(sign.label, column, first=k == 0) for k, sign in enumerate(heads)]
        self.heads = HEADS if raised else HEADS - CLEAR
        head += NAME * max(map(len, names), default=0) + (CLEAR if names and not raised else 0)
        self.head = HEAD + KEY * len(self.lines_of_key) + (GAP if signs or head else 0) + head
        words = words or (self.plot if raised else width if self.narrow else width - 0.2)
        bold = bold or [False] * len(statements)
        lines = [
            balanced(statement, int(words * LETTERS / (BROAD if strong else 1)))
            for statement, strong in zip(statements, bold, strict=True)
        ]
        heights = [LINE * len(one) + band + GAP for one in lines]
        body = math.fsum(heights)  # the same on every Python: `sum` has changed how it rounds
        super().__init__(width, self.head + body + foot + (REMARK if remark else 0))
        self.plotted = self.axes(LEFT, self.head, self.plot, body)
        self.low, high = limits
        self.unit = (high - self.low) / self.plot  # of the plot, an inch
        self.plotted.set(xlim=limits, ylim=(body, 0))
        self.body = body
        top, self.centres = 0.0, []
        for height, one, strong in zip(heights, lines, bold, strict=True):
            for k, line in enumerate(one):
                place = (self.low, top + LINE * (k + 0.62))
                weight = 700 if strong else 400
                self.plotted.text(*place, line, color=LIGHT["ink"], va="baseline", zorder=5, weight=weight)
            self.centres.append(top + LINE * len(one) + band / 2 + 0.02)
            top += height
        self.remark(remark)
        self.swatches: list[tuple[str, tuple[float, float, float, float]]] = []
        self._key()
        self._heads(heads, names)

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
        self.write(column, y - self.raised - 0.075, percent, colour, weight=700, fontsize=10.5)
        self.write(column, y - self.raised + 0.09, count, LIGHT["muted"], fontsize=8)
        self.noted(column, y)

    def noted(self, column: int, y: float) -> None:
        """Note where a number is printed in a column."""
        left = LEFT + self.plot + 0.06 + self.column * column + 0.06
        top = self.head + y - self.raised - 0.16
        self.spot(self.centres.index(y), column, left, top, self.column - 0.02, 0.34)

    def grid(self, centres: Sequence[float] | None = None, half: float = 0.12) -> None:
        """Draw the lines of the axis where marks stand, not through the statements."""
        xs, ys = [], []
        for y in self.centres if centres is None else centres:
            for x in TICKS:
                xs += [x, x, math.nan]
                ys += [y - half, y + half, math.nan]
        self.strokes(xs, ys, LIGHT["rule"], 0.7, 1)

    def percents(self) -> None:
        """Write the axis of percent below."""
        for tick in TICKS[:: 2 if self.narrow else 1]:
            text = percent(str(tick)) if tick == TICKS[-1] else str(tick)
            self.plotted.text(tick, self.body + 0.1, text, color=LIGHT["muted"], fontsize=8.5, ha="center", va="center")

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

    def _heads(self, signs: Sequence[Sign], names: Sequence[Sequence[str]]) -> None:
        """Name each column of printed numbers right above it, with its sign."""
        for column, (sign, lines) in enumerate(zip(signs, names, strict=True)):
            end = self.end(column)
            for k, line in enumerate(reversed(lines)):
                style = {"color": sign.colour, "weight": 700, "ha": "right", "va": "center", "fontsize": NAME_SIZE}
                self.plotted.text(end - BESIDE_NAME * self.unit, self.heads - NAME * k, line, **style)
            self.points([end - 0.05 * self.unit], [self.heads], sign.colour, sign.marker)


def _lines(signs: Sequence[Sign], width: float) -> Iterator[list[tuple[float, Sign]]]:
    """Yield the lines of a key: each sign with its distance from the left."""
    line: list[tuple[float, Sign]] = []
    place = start = 0.07
    for sign in (part for one in signs for part in _parts(one, width - start)):
        needed = _beside(sign) + len(sign.label) / LETTERS * (BROAD if sign.bold else 1)
        if line and (place + needed > width or sign.marker == _NO_MARKER):
            yield line
            line, place = [], start
        line.append((place, sign))
        place += needed + 0.3
    if line:
        yield line


def _parts(sign: Sign, width: float) -> Iterator[Sign]:
    """Yield a sign, and what of its words must stand on lines below it."""
    first, *others = textwrap.wrap(sign.label, int((width - _beside(sign)) * LETTERS / (BROAD if sign.bold else 1)))
    yield replace(sign, label=first)
    yield from (replace(sign, label=other, marker=_NO_MARKER) for other in others)


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
