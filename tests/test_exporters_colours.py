"""Each pair of colours that carries words or data can be told apart (WCAG 2.2: 4.5 for text, 3 for graphics)."""

from __future__ import annotations

from itertools import pairwise

import pytest

from impact_report.palette import DARK, LIGHT

WORDS = [(ink, paper) for ink in ("ink", "muted", "link", "data", "other") for paper in ("paper", "panel")] + [
    ("ink", "notice_paper"),
    ("notice", "notice_paper"),
    ("notice", "paper"),
]
GRAPHICS = [("data", "paper"), ("other", "paper"), ("data", "data_soft"), ("ink", "paper"), ("muted", "paper")]
# Charts: words that stand on a colour, and the outline that makes a pale shade stand out from page and neighbour.
ON_SHADES = [("paper", "data"), ("paper", "other")] + [
    ("ink", shade) for shade in ("data_mid", "data_soft", "other_mid", "other_soft", "neutral")
]
OUTLINED = {
    "data": ("data_soft", "paper"), "other": ("other_soft", "paper"), "muted": ("neutral", "paper")
}  # fmt: skip


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    shares = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted([luminance(one), luminance(other)])
    return (lighter + 0.05) / (darker + 0.05)


def test_the_measure_itself():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "paper"), WORDS)
def test_words_can_be_read(palette, ink, paper):
    assert contrast(palette[ink], palette[paper]) >= 4.5


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("mark", "ground"), GRAPHICS)
def test_marks_can_be_told_apart(palette, mark, ground):
    assert contrast(palette[mark], palette[ground]) >= 3


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "shade"), ON_SHADES)
def test_words_on_a_shade_can_be_read(palette, ink, shade):
    assert contrast(palette[ink], palette[shade]) >= 4.5


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("outline", OUTLINED)
def test_pale_shades_have_an_outline_that_can_be_seen(palette, outline):
    for ground in OUTLINED[outline]:
        assert contrast(palette[outline], palette[ground]) >= 3, ground


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_shades_of_a_scale_go_from_strong_to_pale(palette):
    for end in ("data", "other"):
        steps = [contrast(palette[role], palette["paper"]) for role in (end, f"{end}_mid", f"{end}_soft")]
        assert steps == sorted(steps, reverse=True)
        assert min(one / other for one, other in pairwise(steps)) > 1.25


# What is seen without one kind of cone: Viénot, Brettel & Mollon (1999), in linear sRGB.
WITHOUT_CONES = {
    "long": ((0.11238, 0.88762, 0), (0.11238, 0.88762, 0), (0.00401, -0.00401, 1)),
    "middle": ((0.29275, 0.70725, 0), (0.29275, 0.70725, 0), (-0.02234, 0.02234, 1)),
}
TO_XYZ = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
WHITE = (0.9505, 1, 1.089)
NOTICED = 10  # ΔE of CIELAB: 2 is just noticed by who looks for it


def lightness_and_hue(colour: str, cones: str) -> list[float]:
    """Return L*, a* and b* (CIE 1976) of a colour as it is seen without one kind of cone."""
    shares = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    seen = [sum(a * b for a, b in zip(row, linear, strict=True)) for row in WITHOUT_CONES[cones]]
    xyz = [sum(a * b for a, b in zip(row, seen, strict=True)) / white for row, white in zip(TO_XYZ, WHITE, strict=True)]
    x, y, z = (one ** (1 / 3) if one > (6 / 29) ** 3 else one / (3 * (6 / 29) ** 2) + 4 / 29 for one in xyz)
    return [116 * y - 16, 500 * (x - y), 200 * (y - z)]


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("cones", WITHOUT_CONES)
@pytest.mark.parametrize("shade", ["", "_mid", "_soft"])
def test_the_two_sides_of_a_scale_differ_for_the_colour_blind(palette, cones, shade):
    one, other = (lightness_and_hue(palette[end + shade], cones) for end in ("data", "other"))
    assert sum((a - b) ** 2 for a, b in zip(one, other, strict=True)) ** 0.5 > NOTICED


def test_both_pages_name_the_same_roles():
    assert list(LIGHT) == list(DARK)
