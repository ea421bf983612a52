"""Arrows: what has changed between two waves, statement by statement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from impact_report.charts.frame import (
    DOT,
    LOW,
    NAME_SIZE,
    TALL,
    WIDE,
    Drawing,
    Frame,
    Sign,
    beyond_chance,
    column_for,
    drawn,
    is_narrow,
)
from impact_report.palette import LIGHT

_COLUMN = {False: (0.82, 1.2), True: (0.62, 0.9)}  # inches, least and most, wide and narrow


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


def steps(
    rows: Sequence[Step], labels: tuple[str, str], heading: str, width: float = WIDE, remark: str = ""
) -> Drawing:
    """Return a line for each statement from its share at the earlier time to that at the later, with both beside it.

    `labels` name the two times. A wide drawing has the change in a third column, headed by `heading`. The line of a
    change larger than chance would explain is dark, its statement bold.
    """
    narrow = is_narrow(width)
    colours = LIGHT["other"], LIGHT["data"]
    signs = [Sign(label, *one, bold=True) for label, one in zip(labels, zip("Do", colours, strict=True), strict=True)]
    counts = [point.count for row in rows for point in row.points]
    column = column_for(counts, *_COLUMN[narrow], labels)
    beyond = [row.beyond_chance for row in rows]
    with drawn():
        frame = Frame(
            [row.statement for row in rows], width, remark, 2 if narrow else 3, column,
            TALL if narrow else LOW, signs=[beyond_chance()] if any(beyond) else [], raised=not narrow, heads=signs,
            bold=beyond,
        )  # fmt: skip
        frame.grid()
        lines = zip(frame.centres, rows, strict=True)
        frame.joined([(*(100 * one.share for one in row.points), y) for y, row in lines], beyond)
        for column, (sign, colour) in enumerate(zip(signs, colours, strict=True)):
            shares = [100 * row.points[column].share for row in rows]
            frame.points(shares, frame.centres, colour, sign.marker, ms=DOT, zorder=3 + column)
        for y, row in zip(frame.centres, rows, strict=True):
            for column, (point, colour) in enumerate(zip(row.points, colours, strict=True)):
                frame.label(column, y, point.percent, point.count, colour)
            if not narrow:
                style = {"weight": 700 if row.beyond_chance else 400, "fontsize": 10.5}
                frame.write(2, y - frame.raised, row.change, LIGHT["ink"], **style)
                frame.noted(2, y)
        if not narrow:
            frame.write(2, frame.heads, heading, LIGHT["muted"], fontsize=NAME_SIZE)
        frame.percents()
        return frame.done()
