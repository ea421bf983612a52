"""Each pair of colours that carries words or data can be told apart (WCAG 2.2: 4.5 for text, 3 for graphics)."""

from __future__ import annotations

import pytest

from impact_report.palette import DARK, LIGHT

WORDS = [(ink, paper) for ink in ("ink", "muted", "link", "data", "other") for paper in ("paper", "panel")] + [
    ("ink", "notice_paper"),
    ("notice", "notice_paper"),
    ("notice", "paper"),
]
GRAPHICS = [("data", "paper"), ("other", "paper"), ("data", "data_soft")]


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


def test_both_pages_name_the_same_roles():
    assert list(LIGHT) == list(DARK)
