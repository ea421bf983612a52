"""Bars: one share a statement, with its interval, its x of n and, where there is one, the published share."""

from __future__ import annotations

from collections.abc import Sequence

from impact_report.charts.frame import LOW, TALL, WIDE, Drawing, Frame, Row, Sign, column_for, drawn, is_narrow
from impact_report.language import say
from impact_report.palette import LIGHT

_BAR = 0.18  # inches, in the plot's height
_COLUMN = {False: (0.82, 0.82), True: (0.66, 0.66)}  # inches, wide and narrow, unless a count needs more
_AROUND = 11  # points: a published mark is open, and stands around a computed one where they agree


def bars(rows: Sequence[Row], width: float = WIDE, remark: str = "") -> Drawing:
    """Return a bar for each statement with its interval, its share and x of n; an open mark is a published share.

    `rows` have one mark each, in the order to be shown; `remark` stands below, as that respondents are invented.
    """
    import seaborn

    narrow = is_narrow(width)
    counts = [mark.count for row in rows for mark in row.marks if mark]
    ticked = any(row.marks[0] and row.marks[0].published is not None for row in rows)
    signs = [Sign(say("this survey"), "o", LIGHT["data"]), Sign(say("published"), "D", "none", LIGHT["other"], 7)]
    with drawn():
        frame = Frame(
            [row.statement for row in rows], width, remark, column=column_for(counts, *_COLUMN[narrow]),
            band=TALL if narrow else LOW, signs=signs if ticked else (), raised=not narrow,
        )  # fmt: skip
        shown = [(y, row.marks[0]) for y, row in zip(frame.centres, rows, strict=True)]
        frame.grid([y for y, mark in shown if mark])
        data = {"y": [y for y, _ in shown], "share": [100 * mark.share if mark else 0 for _, mark in shown]}
        seaborn.barplot(
            data=data, x="share", y="y", orient="y", native_scale=True, width=_BAR, color=LIGHT["data_soft"],
            saturation=1, errorbar=None, ax=frame.plotted, zorder=2, clip_on=False,
        )  # fmt: skip
        frame.plotted.set(xlabel="", ylabel="", xticks=[], yticks=[])
        marks = [(y, mark) for y, mark in shown if mark]
        for y in (y for y, mark in shown if mark is None):
            frame.plotted.text(1, y, say("too few answers to show"), va="center", color=LIGHT["muted"])
        frame.segments([(100 * mark.low, 100 * mark.high, y) for y, mark in marks], LIGHT["data"], 1.4, 3)
        _published(frame, marks)
        frame.points([100 * mark.share for _, mark in marks], [y for y, _ in marks], LIGHT["data"], "o")
        for y, mark in marks:
            frame.label(0, y, mark.percent, mark.count, LIGHT["ink"])
        frame.percents()
        return frame.done()


def _published(frame: Frame, marks: list) -> None:
    known = [(100 * mark.published, y) for y, mark in marks if mark.published is not None]
    style = {"mec": LIGHT["other"], "mew": 1.3, "ms": _AROUND, "zorder": 5}
    frame.points([x for x, _ in known], [y for _, y in known], "none", "D", **style)
