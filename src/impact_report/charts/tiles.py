"""Tiles: a map of groups, a square each where it roughly lies; what is hidden is hatched."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from impact_report.charts.frame import (
    LEFT,
    LETTERS,
    LINE,
    REMARK,
    WIDE,
    Drawing,
    Sheet,
    drawn,
    hatched,
    is_narrow,
)
from impact_report.language import say
from impact_report.palette import LIGHT

_WIDEST, _HEIGHT, _BETWEEN = 1.02, 0.6, 0.06  # inches
_LOWER = 0.1  # inches below the middle of a tile, where its number stands
_SHADES = ("data_soft", "data_mid", "data")  # up to a third of the largest, up to two thirds, more
_NOTES = 2.4  # inches beside the map that the notes need


@dataclass(frozen=True)
class Tile:
    """A group: its label, its place from the upper left corner (from 0), its number, and the number as printed.

    `number` is None where it is hidden.
    """

    label: str
    column: int
    row: int
    number: int | None
    text: str = ""


def tiles(groups: Sequence[Tile], width: float = WIDE, remark: str = "") -> Drawing:
    """Return a tile a group with its label and number, in a stronger colour for more; hatched where it is hidden."""
    columns = max(one.column for one in groups) + 1
    rows = max(one.row for one in groups) + 1
    pitch = min(_WIDEST, (width - 2 * LEFT) / columns)
    beside = not is_narrow(width) and width - columns * pitch > _NOTES
    room = width - columns * pitch - 0.4 if beside else width - 2 * LEFT
    notes = _notes(groups, room)
    lines = sum(len(words) for _, words in notes) + 0.5 * len(notes)
    height = rows * (_HEIGHT + _BETWEEN) + (0 if beside else LINE * lines + 0.1)
    with drawn():
        sheet = Sheet(width, height + 0.1 + (REMARK if remark else 0))
        sheet.plotted = sheet.axes(0, 0, sheet.width, sheet.height)
        sheet.plotted.set(xlim=(0, sheet.width), ylim=(sheet.height, 0))
        _draw(sheet, groups, pitch)
        if beside:
            _write(sheet, columns * pitch + 0.3, 0.15, notes)
        else:
            _write(sheet, LEFT, rows * (_HEIGHT + _BETWEEN) + 0.18, notes)
        sheet.remark(remark)
        return sheet.done()


def _shade(number: int, most: int) -> str:
    """Return the shade of a number.

    >>> _shade(4, 12), _shade(6, 12), _shade(12, 12), _shade(0, 12)
    ('data_soft', 'data_mid', 'data', 'paper')
    """
    return _SHADES[0 if 3 * number <= most else 1 if 3 * number <= 2 * most else 2] if number else "paper"


def _middle(one: Tile, pitch: float) -> tuple[float, float]:
    """Return where the middle of a tile lies, in inches."""
    return LEFT + pitch * (one.column + 0.5) - _BETWEEN / 2, 0.04 + (_HEIGHT + _BETWEEN) * one.row + _HEIGHT / 2


def _draw(sheet: Sheet, groups: Sequence[Tile], pitch: float) -> None:
    wide = pitch - _BETWEEN
    most = max((one.number for one in groups if one.number), default=1)
    shades = ["paper" if one.number is None else _shade(one.number, most) for one in groups]
    middles = [_middle(one, pitch) for one in groups]
    x, y = wide / 2, _HEIGHT / 2
    for shade in ("paper", *_SHADES):
        chosen = [place for place, one in zip(middles, shades, strict=True) if one == shade]
        corners = [(left - x, top - y, left + x, top + y) for left, top in chosen]
        sheet.boxes(corners, LIGHT[shade], LIGHT["muted" if shade == "paper" else "data"])
    hidden = [place for place, one in zip(middles, groups, strict=True) if one.number is None]
    hatched(sheet, [x for x, _ in hidden], [y + _LOWER for _, y in hidden], wide - 0.16, 0.18)
    for k, (one, shade, (x, y)) in enumerate(zip(groups, shades, middles, strict=True)):
        ink = LIGHT["paper" if shade == _SHADES[-1] else "ink"]
        style = {"color": ink, "ha": "center", "va": "center", "zorder": 5}
        label = textwrap.shorten(one.label, int(wide * LETTERS * 1.15), placeholder="…")
        sheet.plotted.text(x, y - 0.15, label or one.label, fontsize=8.5, **style)
        if one.number is not None:
            sheet.plotted.text(x, y + _LOWER, one.text, fontsize=12, weight=700, **style)
            sheet.spot(k, 0, x - wide / 2, y - _HEIGHT / 2, wide, _HEIGHT)


def _notes(groups: Sequence[Tile], room: float) -> list[tuple[bool, list[str]]]:
    """Return what stands beside the map: whether it explains the hatching, and its lines."""
    letters = int(room * LETTERS)
    hidden = say("not shown, to protect small groups")
    return [
        (False, textwrap.wrap(say("The stronger the colour, the more answered from there."), letters)),
        *([(True, textwrap.wrap(hidden, letters - 5))] if any(one.number is None for one in groups) else []),
    ]


def _write(sheet: Sheet, left: float, top: float, notes: Sequence[tuple[bool, list[str]]]) -> None:
    for hatch, lines in notes:
        if hatch:
            hatched(sheet, [left + 0.12], [top], 0.24, 0.14)
        for line in lines:
            sheet.plotted.text(left + 0.34 * hatch, top, line, color=LIGHT["muted"], va="center", fontsize=8.5)
            top += LINE
        top += LINE / 2
