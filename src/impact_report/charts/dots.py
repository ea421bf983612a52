"""Dots: a few groups side by side, joined by a line."""

from __future__ import annotations

from collections.abc import Sequence

from impact_report.charts.frame import (
    LOW,
    TALL,
    WIDE,
    Drawing,
    Frame,
    Row,
    Sign,
    beyond_chance,
    column_for,
    drawn,
    is_narrow,
)
from impact_report.palette import LIGHT

_MARKERS = ("o", "D")
_COLUMN = {False: (0.82, 1.4), True: (0.62, 0.9)}  # inches, least and most, wide and narrow
MOST_GROUPS = len(_MARKERS)  # more are drawn as small multiples


def groups(rows: Sequence[Row], labels: Sequence[str], width: float = WIDE, remark: str = "") -> Drawing:
    """Return one point a group for each statement, joined by a line, with their shares beside them.

    `rows` have one mark for each of `labels`, two groups. The line of a difference larger than chance would explain is
    dark, its statement bold.
    """
    narrow = is_narrow(width)
    colours = dict(zip(labels, (LIGHT["data"], LIGHT["other"]), strict=False))
    markers = dict(zip(labels, _MARKERS, strict=False))
    signs = [Sign(label, markers[label], colours[label], bold=True) for label in labels]
    counts = [mark.count for row in rows for mark in row.marks if mark]
    column = column_for(counts, *_COLUMN[narrow], labels)
    beyond = [row.beyond_chance for row in rows]
    with drawn():
        frame = Frame(
            [row.statement for row in rows], width, remark, len(labels), column,
            TALL if narrow else LOW, signs=[beyond_chance()] if any(beyond) else [], raised=not narrow, heads=signs,
            bold=beyond,
        )  # fmt: skip
        frame.grid()
        pairs = [(row, y) for row, y in zip(rows, frame.centres, strict=True) if all(row.marks)]
        ends = [(*(100 * mark.share for mark in row.marks), y) for row, y in pairs]
        frame.joined(ends, [row.beyond_chance for row, _ in pairs])
        for y, row in zip(frame.centres, rows, strict=True):
            for column, (label, mark) in enumerate(zip(labels, row.marks, strict=True)):
                if mark is None:
                    frame.write(column, y - frame.raised, "–", LIGHT["muted"])
                    continue
                frame.label(column, y, mark.percent, mark.count, colours[label])
        for column, sign in enumerate(signs):
            known = [(row.marks[column], y) for y, row in zip(frame.centres, rows, strict=True) if row.marks[column]]
            frame.points([100 * mark.share for mark, _ in known], [y for _, y in known], sign.colour, sign.marker)
        frame.percents()
        return frame.done()
