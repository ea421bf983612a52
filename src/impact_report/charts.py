"""Charts: one function a form; each is SVG whose text is text, and the same bytes every time."""

from __future__ import annotations

import io
import math
import textwrap
from collections.abc import Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.style import context as styled

from impact_report.palette import LIGHT

STYLE = Path(__file__).with_name("style.mplstyle")
FONTS = Path(__file__).with_name("fonts")
WIDE, NARROW = 7.2, 3.0  # inches: a column of text; a small phone
_LINE = 0.17  # inches a line of text takes
_BAR = 0.20
_GAP = 0.17
_LEGEND = 0.22
_HEAD, _FOOT = 0.12, 0.34
_LETTERS_AN_INCH = 14.5  # of the statements, at their size
_MARKERS = ("o", "D", "s")
MOST_GROUPS = len(_MARKERS)


@dataclass(frozen=True)
class Mark:
    """One share to draw: 0–1, its interval, and its printed texts."""

    share: float
    low: float
    high: float
    percent: str
    count: str


@dataclass(frozen=True)
class Row:
    """One statement with a mark for each group; None where a group's share is hidden."""

    statement: str
    marks: tuple[Mark | None, ...]


@dataclass(frozen=True)
class Point:
    """One share to draw without its interval: 0–1, and its printed texts."""

    share: float
    percent: str
    count: str


@dataclass(frozen=True)
class Step:
    """One statement at two times: its two shares, the change in points as printed, and whether chance would explain it.

    `beyond_chance` is true where the change is larger than that.
    """

    statement: str
    points: tuple[Point, Point]
    change: str
    beyond_chance: bool


@dataclass(frozen=True)
class Spot:
    """Where a share and its x of n are printed: row, column, and a box in fractions of the drawing from top left."""

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


def bars(rows: Sequence[Row], width: float = WIDE, remark: str = "") -> Drawing:
    """Return a bar for each statement with its interval, its share and x of n.

    `rows` have one mark each, in the order to be shown; `remark` stands below, as that respondents are invented.
    """
    import seaborn

    with _drawing(rows, width, remark) as drawing:
        axes = drawing.axes
        shown = [(y, row.marks[0]) for y, row in zip(drawing.centres, rows, strict=True)]
        drawing.grid()
        data = {"y": [y for y, mark in shown], "share": [100 * mark.share if mark else 0 for _, mark in shown]}
        seaborn.barplot(
            data=data, x="share", y="y", orient="y", native_scale=True, width=_BAR, color=LIGHT["data_soft"],
            saturation=1, errorbar=None, ax=axes, zorder=2,
        )  # fmt: skip
        for y, mark in shown:
            if mark is None:
                axes.text(1, y, "too few answers to show", va="center", color=LIGHT["muted"])
                continue
            axes.plot([100 * mark.low, 100 * mark.high], [y, y], color=LIGHT["data"], lw=1.4, zorder=3, clip_on=False)
            axes.plot(100 * mark.share, y, marker="o", ms=6.5, color=LIGHT["data"], zorder=4, clip_on=False)
            _label(drawing, y, mark, LIGHT["ink"], 0)
        return drawing.done()


def groups(rows: Sequence[Row], labels: Sequence[str], width: float = WIDE, remark: str = "") -> Drawing:
    """Return one point a group for each statement, joined by a line, with their shares beside them.

    `rows` have one mark for each of `labels` (two or three groups).
    """
    import seaborn

    colours = dict(zip(labels, (LIGHT["data"], LIGHT["other"], LIGHT["ink"]), strict=False))
    with _drawing(rows, width, remark, labels) as drawing:
        axes = drawing.axes
        drawing.grid()
        points: dict[str, list] = {"share": [], "y": [], "group": []}
        for y, row in zip(drawing.centres, rows, strict=True):
            shares = [100 * mark.share for mark in row.marks if mark]
            if shares:
                ends = [min(shares), max(shares)]
                axes.plot(ends, [y, y], color=LIGHT["rule"], lw=3, zorder=2, solid_capstyle="round", clip_on=False)
            for column, (label, mark) in enumerate(zip(labels, row.marks, strict=True)):
                if mark is None:
                    drawing.write(column, y, "–", LIGHT["muted"])
                    continue
                for name, value in zip(points, (100 * mark.share, y, label), strict=True):
                    points[name].append(value)
                _label(drawing, y, mark, colours[label], column)
        markers = dict(zip(labels, _MARKERS, strict=False))
        if points["y"]:
            seaborn.scatterplot(
                data=points, x="share", y="y", hue="group", style="group", palette=colours, markers=markers, s=52,
                edgecolor="none", legend=False, ax=axes, zorder=4, clip_on=False,
            )  # fmt: skip
        drawing.legend(markers, colours)
        return drawing.done()


def steps(
    rows: Sequence[Step], labels: tuple[str, str], heading: str, width: float = WIDE, remark: str = ""
) -> Drawing:
    """Return an arrow for each statement from its share at the earlier time to that at the later, with both beside it.

    `labels` name the two times. A wide drawing has the change in a third column, headed by `heading`; the line of a
    change larger than chance would explain is dark.
    """
    old, new = LIGHT["other"], LIGHT["data"]
    narrow = width < (WIDE + NARROW) / 2
    with _drawing(rows, width, remark, labels if narrow else [*labels, heading]) as drawing:
        axes = drawing.axes
        drawing.grid()
        for y, row in zip(drawing.centres, rows, strict=True):
            before, after = (100 * point.share for point in row.points)
            colour, thickness = (LIGHT["ink"], 2.2) if row.beyond_chance else (LIGHT["rule"], 3)
            axes.plot([before, after], [y, y], color=colour, lw=thickness, zorder=2, clip_on=False)
            axes.plot(before, y, marker="D", ms=6.5, color=old, zorder=3, clip_on=False)
            axes.plot(after, y, marker="o", ms=6.5, color=new, zorder=4, clip_on=False)
            for column, (point, colour) in enumerate(zip(row.points, (old, new), strict=True)):
                _label(drawing, y, point, colour, column)
            if not narrow:
                drawing.write(2, y, row.change, LIGHT["ink"], weight=700 if row.beyond_chance else 400, fontsize=10.5)
                drawing.spot(y, 2)
        drawing.legend(dict(zip(labels, "Do", strict=True)), dict(zip(labels, (old, new), strict=True)))
        if not narrow:
            drawing.write(2, -_GAP / 2 + 0.02, heading, LIGHT["muted"], fontsize=8)
        return drawing.done()


class _Drawing:
    """A figure with rows of statements, an axis of percent below, and columns of printed shares at the right."""

    def __init__(self, rows: Sequence[Row | Step], width: float, remark: str, labels: Sequence[str]):
        columns = max(1, len(labels))
        self.width, self.narrow = width, width < (WIDE + NARROW) / 2
        self.spots: list[Spot] = []
        self.column = (0.66 if self.narrow else 0.82) if columns == 1 else (0.62 if self.narrow else 1.0)
        self.head_height = _HEAD + (_LEGEND * (len(labels) if self.narrow else 1) + _GAP if labels else 0)
        letters = int((width if self.narrow else width - 0.2) * _LETTERS_AN_INCH)
        lines = [textwrap.wrap(row.statement, letters) or [""] for row in rows]
        bar = 0.34 if self.narrow or columns > 1 else _BAR + 0.06
        heights = [_LINE * len(one) + bar + _GAP for one in lines]
        body = math.fsum(heights)  # the same on every Python: `sum` has changed how it rounds
        self.height = self.head_height + body + _FOOT + (0.2 if remark else 0)
        self.figure = Figure(figsize=(width, self.height))
        self.left, plot = 0.06, width - 0.06 - 0.1 - columns * self.column
        foot = _FOOT + (0.2 if remark else 0)
        self.axes: Axes = self.figure.add_axes(
            (self.left / width, foot / self.height, plot / width, (self.height - foot - self.head_height) / self.height)
        )
        self.axes.set_xlim(0, 100)
        self.axes.set_ylim(body, 0)
        top, self.centres = 0.0, []
        for height, one in zip(heights, lines, strict=True):
            self._statement(top, one)
            self.centres.append(top + _LINE * len(one) + bar / 2 + 0.02)
            top += height
        self.plot = plot
        if remark:
            self.figure.text(
                self.left / width, 0.05 / self.height, remark, color=LIGHT["notice"], fontsize=8.5, weight=700
            )

    def _statement(self, top: float, lines: list[str]) -> None:
        for k, line in enumerate(lines):
            self.axes.text(0, top + _LINE * (k + 0.62), line, color=LIGHT["ink"], va="baseline", zorder=5)

    def x(self, column: int) -> float:
        """Return where a column of printed shares ends, in units of the axis."""
        return 100 * (self.plot + 0.06 + self.column * (column + 1)) / self.plot

    def write(self, column: int, y: float, text: str, colour: str, **style: object) -> None:
        """Write into a column of printed shares, flush right."""
        style = {"va": "center", **style}
        self.axes.text(self.x(column), y, text, color=colour, ha="right", clip_on=False, **style)

    def grid(self) -> None:
        """Draw the axis' lines where marks stand, not through the statements."""
        xs, ys = [], []
        for y in self.centres:
            for x in (0, 25, 50, 75, 100):
                xs += [x, x, math.nan]
                ys += [y - 0.15, y + 0.15, math.nan]
        self.axes.plot(xs, ys, color=LIGHT["rule"], lw=0.7, zorder=1, clip_on=False)  # one path, not one a line

    def spot(self, y: float, column: int) -> None:
        """Note where a share and its x of n are printed."""
        right = self.left + self.plot + 0.06 + self.column * (column + 1)
        top = self.head_height + y - 0.16
        box = (right - self.column + 0.06, top, self.column - 0.02, 0.34)
        x, y_, width, height = (round(v / s, 4) for v, s in zip(box, (self.width, self.height) * 2, strict=True))
        self.spots.append(Spot(self.centres.index(y), column, x, y_, width, height))

    def legend(self, markers: dict[str, str], colours: dict[str, str]) -> None:
        """Name the groups above the drawing, in the order and colours of their columns."""
        rows = len(markers) if self.narrow else 1
        x = 1.2
        for k, (label, marker) in enumerate(markers.items()):
            y = -_GAP - _LEGEND * (rows - 1 - k if self.narrow else 0) - _LEGEND / 2
            self.axes.plot(x, y, marker=marker, ms=6.5, color=colours[label], clip_on=False)
            at = x + 100 * 0.12 / self.plot
            self.axes.text(at, y, label, color=colours[label], weight=700, va="center")
            head = self.x(k) - 100 * 0.06 / self.plot
            self.axes.plot(head, -_GAP / 2 + 0.02, marker=marker, ms=5.5, color=colours[label], clip_on=False)
            if not self.narrow:
                x = at + 100 * (len(label) / _LETTERS_AN_INCH * 1.15 + 0.3) / self.plot

    def done(self) -> Drawing:
        """Return the drawing as SVG, and where its numbers stand."""
        axes = self.axes
        axes.set(xlabel="", ylabel="", yticks=[])
        axes.set_xticks([0, 25, 50, 75, 100], ["0", "25", "50", "75", "100%"], color=LIGHT["muted"])
        axes.tick_params(axis="x", pad=3)
        stream = io.StringIO()
        self.figure.savefig(stream, format="svg", metadata={"Date": None, "Creator": None}, transparent=True)
        return Drawing(stream.getvalue(), tuple(self.spots))


@contextmanager
def _drawing(rows: Sequence[Row | Step], width: float, remark: str, labels: Sequence[str] = ()):
    _register_fonts()
    with mpl.rc_context(), styled(STYLE):
        yield _Drawing(rows, width, remark, labels)


def _label(drawing: _Drawing, y: float, mark: Mark | Point, colour: str, column: int) -> None:
    """Write a share and its x of n."""
    drawing.write(column, y - 0.075, mark.percent, colour, weight=700, fontsize=10.5)
    drawing.write(column, y + 0.09, mark.count, LIGHT["muted"], fontsize=8)
    drawing.spot(y, column)


@lru_cache
def _register_fonts() -> None:
    for path in sorted(FONTS.glob("*.ttf")):
        font_manager.fontManager.addfont(path)
