"""Each colour of the report and what it means, on a light and on a dark page.

Every name stands for a role, never for a hue; charts, HTML and PDF take their colours from here. The contrast of
each pair that carries text or data is tested (WCAG 2.2: 4.5 for text, 3 for graphics). No meaning hangs on a colour
alone: groups also differ by the shape of their marks, what is hidden is also said in words.
"""

from __future__ import annotations

import colorsys
import re
from collections.abc import Iterable, Mapping

LIGHT = {
    "paper": "#ffffff",  # the page
    "panel": "#f3f5f7",  # what is set apart from it: notes, code
    "ink": "#1b2430",  # words
    "muted": "#52606d",  # words about other words: labels, sources, notes
    "rule": "#d3dae1",  # lines between things; they carry no meaning
    "data": "#1f5f8b",  # what this survey found
    "data_mid": "#8fafc5",  # less of it: between the strongest answer and the mildest, a middling number
    "data_soft": "#c3d7e6",  # the rest of a bar; little of it: a mild yes, a small number
    "other": "#a8480f",  # what is set beside it: a published figure, another group; the low end of a scale
    "other_mid": "#d4a487",  # less of that end
    "other_soft": "#e9d1c3",  # little of it: a mild no
    "neutral": "#e6eaee",  # the middle of a scale, neither one nor the other
    "link": "#17527b",  # what leads elsewhere
    "notice": "#8a5a00",  # a warning: invented respondents
    "notice_paper": "#fff6e0",  # the ground under a warning, and under what a link has led to
}

DARK = {
    "paper": "#12171d",
    "panel": "#1b222b",
    "ink": "#e9eef3",
    "muted": "#a9b5c1",
    "rule": "#36424e",
    "data": "#7fbbe6",
    "data_mid": "#496982",
    "data_soft": "#2c485d",
    "other": "#f2a46c",
    "other_mid": "#825e45",
    "other_soft": "#4a3a31",
    "neutral": "#262f39",
    "link": "#8cc4ee",
    "notice": "#f0bd5c",
    "notice_paper": "#2e2410",
}

LEAST_FOR_TEXT, LEAST_FOR_GRAPHICS = 4.5, 3.0  # WCAG 2.2, 1.4.3 and 1.4.11
MID, SOFT = 0.5, 0.25  # how much of the accent is in its tints
NEAR_HUES = 1 / 8  # of the circle: closer ones are not told apart by hue alone
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}\b")


def _shares(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return red, green, blue


def _colour(shares: Iterable[float]) -> str:
    return "#" + "".join(f"{round(255 * share):02x}" for share in shares)


def _luminance(colour: str) -> float:
    linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in _shares(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, from 1 to 21, as WCAG 2.2 defines it.

    >>> contrast("#000000", "#ffffff")
    21.0
    """
    darker, lighter = sorted([_luminance(one), _luminance(other)])
    return (lighter + 0.05) / (darker + 0.05)


def readable(colour: str, grounds: Iterable[str], least: float = LEAST_FOR_TEXT) -> str:
    """Return the colour of the same hue nearest in lightness that can be read on all grounds.

    >>> readable("#1f5f8b", ["#ffffff"]), readable("#ffffff", ["#ffffff"])
    ('#1f5f8b', '#767676')
    """
    grounds = list(grounds)
    hue, lightness, saturation = colorsys.rgb_to_hls(*_shares(colour))
    step = -1 / 255 if _luminance(grounds[0]) > 0.5 else 1 / 255
    while min(contrast(colour, ground) for ground in grounds) < least:
        lightness = min(max(lightness + step, 0.0), 1.0)
        colour = _colour(colorsys.hls_to_rgb(hue, lightness, saturation))
    return colour


def branded(accent: str, base: Mapping[str, str] = LIGHT) -> dict[str, str]:
    """Return the roles of a palette that follow a publisher's accent: data, its soft tint, links, what stands beside.

    Where the accent is near the hue of `other`, that becomes the palette's own colour of data.

    >>> branded("#a8480f")["other"]
    '#1f5f8b'
    """
    share = SOFT
    while contrast(accent, soft := _mixed(accent, base["paper"], share)) < LEAST_FOR_GRAPHICS:
        share -= 0.01
    hues = [colorsys.rgb_to_hls(*_shares(one))[0] for one in (accent, base["other"])]
    apart = abs(hues[0] - hues[1])
    beside = "data" if min(apart, 1 - apart) < NEAR_HUES else "other"
    others = {role.replace(beside, "other"): base[role] for role in base if role.partition("_")[0] == beside}
    return {"data": accent, "data_mid": _mixed(accent, base["paper"], MID), "data_soft": soft, "link": accent} | others


def _mixed(colour: str, ground: str, share: float) -> str:
    return _colour(share * one + (1 - share) * two for one, two in zip(_shares(colour), _shares(ground), strict=True))


def painted(drawing: str, palette: Mapping[str, str]) -> str:
    """Return a drawing (SVG) made in the light palette, in another one's colours.

    >>> painted('fill: #1f5f8b', LIGHT | {"data": "#006600"})
    'fill: #006600'
    """
    roles = {colour: role for role, colour in reversed(LIGHT.items())}
    return _COLOUR.sub(lambda found: palette.get(roles.get(found[0].lower(), ""), found[0]), drawing)
