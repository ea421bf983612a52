"""Dots: a few groups side by side, joined by a line."""

from __future__ import annotations

from collections.abc import Sequence

from impact_report.charts.frame import TALL, WIDE, Drawing, Frame, Row, Sign, drawn, is_narrow
from impact_report.palette import LIGHT

_MARKERS = ("o", "D")
MOST_GROUPS = len(_MARKERS)  # more are drawn as small multiples


def groups(rows: Sequence[Row], labels: Sequence[str], width: float = WIDE, remark: str = "") -> Drawing:
    """Return one point a group for each statement, joined by a line, with their shares beside them.

    `rows` have one mark for each of `labels`, two groups.
    """
    colours = dict(zip(labels, (LIGHT["data"], LIGHT["other"]), strict=False))
    markers = dict(zip(labels, _MARKERS, strict=False))
    signs = [Sign(label, markers[label], colours[label], bold=True) for label in labels]
    with drawn():
        frame = Frame(
            [row.statement for row in rows], width, remark, len(labels), 0.62 if is_narrow(width) else 1.0,
            TALL, signs=signs,
        )  # fmt: skip
        frame.grid()
        joined = []
        for y, row in zip(frame.centres, rows, strict=True):
            shares = [100 * mark.share for mark in row.marks if mark]
            joined += [(min(shares), max(shares), y)] if shares and min(shares) < max(shares) else []
            for column, (label, mark) in enumerate(zip(labels, row.marks, strict=True)):
                if mark is None:
                    frame.write(column, y, "–", LIGHT["muted"])
                    continue
                frame.label(column, y, mark.percent, mark.count, colours[label])
        frame.segments(joined, LIGHT["rule"], 3, 2)
        for column, sign in enumerate(signs):
            known = [(row.marks[column], y) for y, row in zip(frame.centres, rows, strict=True) if row.marks[column]]
            frame.points([100 * mark.share for mark, _ in known], [y for _, y in known], sign.colour, sign.marker)
        frame.heads(signs)
        frame.percents()
        return frame.done()
