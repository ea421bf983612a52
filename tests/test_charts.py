"""Charts are SVG whose text is text, the same bytes every time; each number in one is also in its alt text."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import matplotlib as mpl
import pytest
from study import CODEBOOK, WAVE, write_study

from impact_report import charts, figures
from impact_report.charts import (
    NARROW,
    WIDE,
    Answers,
    Drawing,
    Mark,
    Option,
    Part,
    Point,
    Row,
    Spot,
    Step,
    Tile,
    Together,
)
from impact_report.exporters.structure import plain_text
from impact_report.numbers import Numbers
from impact_report.palette import LIGHT

CAPITALS = 0.73  # height of a capital letter or a digit in the drawings' typeface, in parts of its size
ROWS = [
    Row("come to the rehearsals", (Mark(8 / 11, 0.434, 0.903, "73%", "8 of 11"),)),
    Row("have sung a solo before people who had paid for it and stayed to the end", (Mark(0, 0, 0.4, "0%", "0 of 7"),)),
    Row("sing & <shout>", (None,)),
    Row("sing", (Mark(1, 0.6, 1, "100%", "9 of 9"),)),
]
BY_VOICE = [
    Row("come to the rehearsals", (Mark(5 / 6, 0.4, 1, "83%", "5 of 6"), Mark(3 / 5, 0.2, 0.9, "60%", "3 of 5"))),
    Row("sing", (None, Mark(1, 0.6, 1, "100%", "5 of 5"))),
    Row("shout", (None, None)),
]
VOICES = ["High voice", "Low voice"]
DRAWN = {
    "bars, wide": lambda: charts.bars(ROWS, WIDE),
    "bars, narrow": lambda: charts.bars(ROWS, NARROW),
    "bars, with a remark": lambda: charts.bars(ROWS, WIDE, "Invented respondents"),
    "groups, wide": lambda: charts.groups(BY_VOICE, VOICES, WIDE),
    "groups, narrow": lambda: charts.groups(BY_VOICE, VOICES, NARROW),
}
VOICES_AND_MORE = ["High voice", "Middle voice", "Low voice", "all others"]
IN_PANELS = [
    Row("sing", (Mark(0.5, 0, 1, "50%", "3 of 6"), None, Mark(1, 0, 1, "100%", "5 of 5"), None), (), 0.7),
    Row("shout", (Mark(0.25, 0, 1, "25%", "1 of 4"), None, None, None), (1,), None),
]
# 12, 25, 13, 38 and 12 of 100: neutral is the 13, so a bar begins 12 + 25 + 13 / 2 to the left of the middle
AGREEMENT = ["Strongly disagree", "Disagree", "Neither", "Agree", "Strongly agree"]
ANSWERS = [
    Answers("enjoy it", tuple(Part(n / 100, f"{n}%") for n in (12, 25, 13, 38, 12)), "n = 100", "3 don’t know"),
    Answers("sing it", tuple(Part(n / 100, f"{n}%") for n in (0, 0, 50, 0, 50)), "n = 10"),
]
OPTIONS = [
    Option("folk", 0.6, "60%", "6 of 10"),
    Option("sacred", 0.5, "50%", "5 of 10"),
    Option("none", 0.2, "20%", "2 of 10"),
]
COMBINATIONS = [Together((0, 1), 3, "3"), Together((0,), 3, "3"), Together((2,), 2, "2")]
TILES = [
    Tile("North", 0, 0, 12, "12"),
    Tile("South", 0, 1, 4, "4"),
    Tile("East", 1, 0, None),
    Tile("West", 1, 1, 0, "0"),
]
FORMS = {
    **DRAWN,
    **{
        f"{name}, {said}": (lambda draw=draw, width=width: draw(width))
        for name, draw in {
            "panels": lambda width: charts.panels(IN_PANELS, VOICES_AND_MORE, width),
            "stacked": lambda width: charts.stacked(ANSWERS, AGREEMENT, width),
            "together": lambda width: charts.together(OPTIONS, COMBINATIONS, "in other combinations: 2", width),
            "tiles": lambda width: charts.tiles(TILES, width),
        }.items()
        for said, width in (("wide", WIDE), ("narrow", NARROW))
    },
}


@pytest.fixture(scope="module")
def drawings() -> dict[str, Drawing]:
    return {name: draw() for name, draw in FORMS.items()}


@pytest.fixture(scope="module")
def drawn(drawings) -> dict[str, str]:
    return {name: drawing.svg for name, drawing in drawings.items()}


def texts(svg: str) -> list[str]:
    """Return what a drawing says, one text element after the other."""
    root = ElementTree.fromstring(svg)
    return ["".join(element.itertext()).strip() for element in root.iter("{http://www.w3.org/2000/svg}text")]


def size(svg: str) -> tuple[float, float]:
    """Return width and height in points."""
    _, _, width, height = map(float, ElementTree.fromstring(svg).attrib["viewBox"].split())
    return width, height


def lines_of_text(svg: str) -> list[tuple[str, float, float, float]]:
    """Return each text with the points at which it is anchored, its baseline and the height of its capitals."""
    found = []
    for element in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text"):
        points = float(re.search(r"font-size: ([\d.]+)px", element.attrib["style"])[1])
        place = float(element.attrib["x"]), float(element.attrib["y"])
        found.append(("".join(element.itertext()).strip(), *place, CAPITALS * points))
    return found


def gridlines(svg: str) -> list[tuple[float, float, float]]:
    """Return x, top and bottom of each line of the grid, in points."""
    found = []
    for path in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}path"):
        style = path.attrib.get("style", "")
        if f"stroke: {LIGHT['rule']}" in style and "stroke-width: 0.7" in style:
            ends = [float(one) for one in re.findall(r"[-\d.]+", path.attrib["d"])]
            found += [(ends[k], ends[k + 1], ends[k + 3]) for k in range(0, len(ends), 4)]
    return found


# --- Drawings ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FORMS)
def test_the_same_bytes_twice(drawn, name):
    assert FORMS[name]().svg == drawn[name]


def test_the_same_bytes_in_another_process(drawn):
    """With other seeds for hashing, in another place and at another time of day."""
    program = (
        "import sys, hashlib; sys.path.insert(0, sys.argv[1]); import test_charts\n"
        "print(hashlib.sha256(test_charts.DRAWN['groups, wide']().svg.encode()).hexdigest())"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "SOURCE_DATE_EPOCH": "0"}
    here = str(Path(__file__).parent)
    result = subprocess.run(
        [sys.executable, "-c", program, here], capture_output=True, text=True, check=True, env=environment, cwd="/"
    )
    assert result.stdout.strip() == hashlib.sha256(drawn["groups, wide"].encode()).hexdigest()


@pytest.mark.parametrize("name", FORMS)
def test_nothing_says_when_or_by_what_it_was_drawn(drawn, name):
    svg = drawn[name]
    assert "dc:date" not in svg
    assert not re.search(r"20\d\d-\d\d-\d\d", svg)
    assert "Matplotlib v" not in svg


@pytest.mark.parametrize("name", [name for name in DRAWN if name.startswith("bars")])
def test_text_is_text(drawn, name):
    said = " ".join(texts(drawn[name]))
    for row in ROWS:
        assert row.statement in said
    for expected in ("73%", "8 of 11", "0%", "0 of 7", "100%", "9 of 9", "too few answers to show"):
        assert expected in texts(drawn[name])


@pytest.mark.parametrize("name", [name for name in DRAWN if name.startswith("groups")])
def test_groups_are_named_and_each_has_its_share(drawn, name):
    said = texts(drawn[name])
    assert set(" ".join(VOICES).split()) <= set(" ".join(said).split())  # a name may take two lines
    for expected in ("83%", "5 of 6", "60%", "3 of 5", "100%", "5 of 5"):
        assert expected in said
    assert said.count("–") == 3  # three shares that are hidden


def test_a_hidden_share_is_not_drawn():
    hidden = charts.bars([Row("sing", (None,))]).svg
    assert "%" not in "".join(text for text in texts(hidden) if text != "100%")


@pytest.mark.parametrize("name", FORMS)
def test_a_drawing_is_as_wide_as_its_page(drawn, name):
    inches = NARROW if "narrow" in name else WIDE
    assert size(drawn[name])[0] == pytest.approx(72 * inches)


def test_a_narrow_drawing_fits_a_small_phone():
    assert 96 * NARROW <= 320 - 2 * 16  # the narrowest screen, less the margins of the page


def test_a_longer_statement_makes_a_higher_drawing():
    heights = [size(charts.bars([Row(text, (None,))], NARROW).svg)[1] for text in ("sing", "sing " * 30)]
    assert heights[0] < heights[1]


def test_the_remark_stands_in_the_drawing_itself(drawn):
    assert "Invented respondents" in texts(drawn["bars, with a remark"])
    assert "Invented respondents" not in texts(drawn["bars, wide"])


@pytest.mark.parametrize("name", FORMS)
def test_colours_are_those_of_the_palette(drawn, name):
    used = set(re.findall(r"#[0-9a-f]{6}\b", drawn[name].lower()))
    assert used <= set(LIGHT.values())


# --- Where the numbers of a drawing stand -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", DRAWN)
def test_each_mark_has_its_spot(drawings, name):
    rows = ROWS if name.startswith("bars") else BY_VOICE
    shown = [(r, c) for r, row in enumerate(rows) for c, mark in enumerate(row.marks) if mark]
    assert [(spot.row, spot.column) for spot in drawings[name].spots] == shown


@pytest.mark.parametrize("name", DRAWN)
def test_a_share_and_its_count_stand_in_their_spot(drawings, name):
    drawing = drawings[name]
    rows = ROWS if name.startswith("bars") else BY_VOICE
    width, height = size(drawing.svg)
    for spot in drawing.spots:
        left, right = spot.x * width, (spot.x + spot.width) * width
        top, bottom = spot.y * height, (spot.y + spot.height) * height
        mark = rows[spot.row].marks[spot.column]
        inside = {
            text
            for text, x, baseline, capitals in lines_of_text(drawing.svg)
            if left < x <= right and top <= baseline - capitals and baseline <= bottom
        }
        assert inside == {mark.percent, mark.count}


@pytest.mark.parametrize("name", FORMS)
def test_spots_lie_in_the_drawing_and_apart(drawings, name):
    spots = drawings[name].spots
    for spot in spots:
        assert 0 <= spot.x < spot.x + spot.width <= 1
        assert 0 <= spot.y < spot.y + spot.height <= 1
    for k, one in enumerate(spots):
        for other in spots[:k]:
            beside = one.x >= other.x + other.width or other.x >= one.x + one.width
            assert beside or one.y >= other.y + other.height or other.y >= one.y + one.height


def test_spots_are_plain_fractions(drawings):
    spot = drawings["bars, wide"].spots[0]
    assert spot == Spot(0, 0, spot.x, spot.y, spot.width, spot.height)
    assert all(round(value, 4) == value for value in (spot.x, spot.y, spot.width, spot.height))


@pytest.mark.parametrize("name", DRAWN)
def test_the_grid_stands_at_the_marks_alone(drawn, name):
    """Five lines for each statement; none goes through the words of a statement, or as far as the next.

    Nor does one go through the words that stand in the place of a bar.
    """
    rows = ROWS if name.startswith("bars") else BY_VOICE
    lines = gridlines(drawn[name])
    without_bar = sum(row.marks == (None,) for row in rows)
    assert len(lines) == 5 * (len(rows) - without_bar)
    assert len({x for x, _, _ in lines}) == 5
    words = " ".join(row.statement for row in rows)
    right_of_plot = max(x for x, _, _ in lines)
    statements = [
        (baseline - capitals, baseline)
        for text, x, baseline, capitals in lines_of_text(drawn[name])
        if text in words and x < right_of_plot
    ]
    assert len(statements) >= len(rows)
    for _, top, bottom in lines:
        assert all(bottom <= upper or top >= lower for upper, lower in statements)


# --- The other forms --------------------------------------------------------------------------------------------------

SVG = "{http://www.w3.org/2000/svg}"


def painted(svg: str, role: str) -> list[list[tuple[float, float]]]:
    """Return the boxes filled in a colour of the palette, each with its corners, in points."""
    found = []
    for path in ElementTree.fromstring(svg).iter(f"{SVG}path"):
        if f"fill: {LIGHT[role]}" in path.attrib.get("style", "") and "clip-path" not in path.attrib:
            for one in path.attrib["d"].split("z"):
                ends = [float(number) for number in re.findall(r"-?\d[\d.]*", one)]
                found += [list(zip(ends[::2], ends[1::2], strict=True))] if ends else []
    return found


def widths(svg: str, role: str) -> list[float]:
    """Return how wide the boxes of a colour are, the key's swatch left out."""
    return [max(x for x, _ in box) - min(x for x, _ in box) for box in painted(svg, role)][1:]


def shapes(svg: str, colour: str, part: str = "stroke") -> int:
    """Return how many markers are drawn with an outline, or a filling, of a colour."""
    uses = ElementTree.fromstring(svg).iter(f"{SVG}use")
    return sum(f"{part}: {LIGHT[colour]}" in one.attrib.get("style", "") for one in uses)


def level_lines(svg: str, colour: str) -> list[tuple[float, float, float]]:
    """Return from where to where the level lines of a colour go, and at which height, in points."""
    found = []
    for path in ElementTree.fromstring(svg).iter(f"{SVG}path"):
        if f"stroke: {LIGHT[colour]}" in path.attrib.get("style", ""):
            ends = [float(one) for one in re.findall(r"[-\d.]+", path.attrib["d"])]
            quads = zip(ends[::4], ends[1::4], ends[2::4], ends[3::4], strict=True)
            found += [(x, x2, y) for x, y, x2, y2 in quads if y == y2 and x != x2]
    return found


def strong(svg: str) -> set[str]:
    """Return the texts in bold."""
    elements = ElementTree.fromstring(svg).iter(f"{SVG}text")
    return {"".join(one.itertext()).strip() for one in elements if re.search(r"\b700\b", one.attrib["style"])}


APART = Mark(0.25, 0.1, 0.5, "25%", "5 of 20"), Mark(0.75, 0.5, 0.9, "75%", "15 of 20")
ALIKE = Mark(0.45, 0.3, 0.6, "45%", "9 of 20"), Mark(0.5, 0.3, 0.7, "50%", "10 of 20")


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_a_difference_that_chance_would_not_explain_is_dark_and_bold(width):
    """By the line's colour, by the weight of its statement, and by the key; 75 − 25 points of the axis apart."""
    rows = [Row("sing", APART, beyond_chance=True), Row("shout", ALIKE)]
    svg = charts.groups(rows, VOICES, width).svg
    ((left, right, _),) = level_lines(svg, "ink")
    axis = sorted({x for x, _, _ in gridlines(svg)})
    assert right - left == pytest.approx(0.5 * (axis[-1] - axis[0]), abs=0.01)
    ((left, right, _),) = level_lines(svg, "rule")
    assert right - left == pytest.approx(0.05 * (axis[-1] - axis[0]), abs=0.01)
    assert {"sing", "larger than chance would explain"} <= strong(svg)
    assert "shout" not in strong(svg)


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_where_chance_may_explain_all_of_it_nothing_is_dark(width):
    svg = charts.groups([Row("sing", APART), Row("shout", ALIKE)], VOICES, width).svg
    assert not level_lines(svg, "ink")
    assert "larger than chance would explain" not in texts(svg)


def test_a_change_that_chance_would_not_explain_is_marked_likewise():
    points = Point(0.25, "25%", "5 of 20"), Point(0.75, "75%", "15 of 20")
    rows = [Step("sing", points, "+50", beyond_chance=True), Step("shout", points, "+50", beyond_chance=False)]
    svg = charts.steps(rows, ("then", "now"), "points").svg
    assert len(level_lines(svg, "ink")) == len(level_lines(svg, "rule")) == 1
    assert {"sing", "larger than chance would explain"} <= strong(svg)
    assert "shout" not in strong(svg)


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_the_name_of_a_group_stands_over_its_numbers(width):
    drawing = charts.groups([Row("sing", APART)], ["Business champion", "Public partner"], width)
    wide, _ = size(drawing.svg)
    ends = {text: x for text, x, _, _ in lines_of_text(drawing.svg)}
    for column, name in enumerate(["champion", "partner"]):
        spot = next(spot for spot in drawing.spots if spot.column == column)
        assert spot.x * wide < ends[name] <= (spot.x + spot.width) * wide


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_a_share_of_many_panels_carries_the_signs_of_the_table(width):
    marks = (Mark(0.75, 0.5, 0.9, "75%", "15 of 20", sign="▲ B"), APART[0], Mark(0.5, 0.3, 0.7, "50%", "10 of 20"))
    drawing = charts.panels([Row("sing", marks)], ["High (A)", "Middle (B)", "Low (C)"], width)
    said = texts(drawing.svg)
    assert {"75%", "▲ B", "15 of 20"} <= set(said)
    assert said.count("▲ B") == 1


@pytest.mark.parametrize("count", ["8 of 10", "1,936 of 2,186"])
def test_each_group_has_a_line_of_its_own_on_a_phone(count):
    """Numbers stand clear of the bars, in one line or, where x of n is long, in two."""
    marks = tuple(Mark(1, 1, 1, "100%", count) for _ in range(3))
    drawing = charts.panels([Row("sing", marks)], ["North", "South", "East"], NARROW)
    wide, high = size(drawing.svg)
    bars = level_lines(drawing.svg, "data")
    assert [y for _, _, y in bars] == sorted({y for _, _, y in bars})
    for (_, end, y), spot in zip(bars, drawing.spots, strict=True):
        assert end < spot.x * wide
        assert spot.y * high < y < (spot.y + spot.height) * high


def test_options_are_numbered_where_combinations_name_them_by_number():
    assert {"1. folk", "2. sacred", "3. none"} <= set(texts(charts.together(OPTIONS, COMBINATIONS).svg))


def test_on_a_phone_a_combination_is_a_line_with_the_numbers_of_its_options():
    """Options 1 and 2 together, 1 alone, 3 alone; their bars are as long as 3, 3 and 2."""
    svg = charts.together(OPTIONS, COMBINATIONS, "", NARROW).svg
    assert {"1. folk", "2. sacred", "3. none"} <= set(texts(svg))
    lines = {}
    for text, _, baseline, _ in sorted(lines_of_text(svg), key=lambda one: one[1]):
        if text in {"1", "2", "3"}:
            lines.setdefault(round(baseline / 10), []).append(text)
    # the options of each combination, and how many ticked just them
    assert [lines[place] for place in sorted(lines)] == [["1", "2", "3"], ["1", "3"], ["3", "2"]]
    bars = [right - left for left, right, _ in level_lines(svg, "data")][len(OPTIONS) :]
    assert bars == pytest.approx([bars[0], bars[0], bars[0] * 2 / 3], abs=0.05)


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_the_many_options_of_a_question_do_not_overlap(width):
    options = [Option(f"option {k}", 0.5, "50%", "5 of 10") for k in range(15)]
    drawing = charts.together(options, [Together(tuple(range(15)), 5, "5")], "", width)
    assert shapes(drawing.svg, "data", "fill") == 15
    assert all(x < 72 * width for _, x, _, _ in lines_of_text(drawing.svg))


def test_a_published_share_is_an_open_mark_where_it_was_published():
    agrees = Row("sing", (Mark(38 / 46, 0.7, 0.9, "83%", "38 of 46", published=0.83),))
    unknown = Row("shout", (Mark(0.5, 0.4, 0.6, "50%", "5 of 10"),))
    svg = charts.bars([agrees, unknown]).svg
    assert shapes(svg, "other") == 2  # the key's and one
    assert {"published", "this survey"} <= set(texts(svg))
    without = charts.bars([unknown]).svg
    assert shapes(without, "other") == 0
    assert "published" not in texts(without)


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_panels_hatch_what_is_hidden_and_dash_what_was_not_asked(width):
    svg = charts.panels(IN_PANELS, VOICES_AND_MORE, width).svg
    assert set(" ".join(VOICES_AND_MORE).split()) <= set(" ".join(texts(svg)).split())
    # hidden: two of the first statement; of the second two of three, as nobody of the middle voice was asked; the key
    assert shapes(svg, "muted") == 2 + 2 + 1
    assert texts(svg).count("–") == 1
    assert {"50%", "3 of 6", "100%", "5 of 5", "25%", "1 of 4"} <= set(texts(svg))


def test_many_panels_run_over_several_lines_each_with_its_name():
    labels = [f"Voice {letter}" for letter in "ABCDEFGHIJKL"]
    rows = [Row(text, tuple(Mark(0.5, 0, 1, "50%", "3 of 6") for _ in labels)) for text in ("sing", "shout")]
    drawing = charts.panels(rows, labels)
    assert all(texts(drawing.svg).count(label) == len(rows) for label in labels)
    assert len(drawing.spots) == len(rows) * len(labels)


def test_stacked_bars_stand_with_their_middle_at_one_place():
    """By hand: 100 in all, half of neutral on each side; 37 + 6.5 = 43.5 to the left, 56.5 to the right."""
    svg = charts.stacked(ANSWERS, AGREEMENT).svg
    neutral = painted(svg, "neutral")[1:]
    middles = [(max(x for x, _ in box) + min(x for x, _ in box)) / 2 for box in neutral]
    assert middles[0] == pytest.approx(middles[1], abs=0.01)
    shares = {"other": [12], "other_soft": [25], "neutral": [13, 50], "data_soft": [38], "data": [12, 50]}
    unit = widths(svg, "neutral")[0] / 13
    for role, expected in shares.items():
        assert widths(svg, role) == pytest.approx([unit * share for share in expected], abs=0.05), role


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_stacked_bars_print_their_shares_their_base_and_who_did_not_know(width):
    said = texts(charts.stacked(ANSWERS, AGREEMENT, width).svg)
    assert {*AGREEMENT, "12%", "25%", "13%", "38%", "50%", "n = 100", "n = 10", "3 don’t know"} <= set(said)


@pytest.mark.parametrize(("answers", "left"), [(2, 1), (3, 1), (4, 2), (5, 2), (6, 3), (7, 3)])
def test_a_scale_has_as_many_shades_on_each_side(answers, left):
    """An even scale has no middle; the low side is never painted as the high side is."""
    row = Answers("sing", tuple(Part(1 / answers, f"{k}") for k in range(answers)), "n = 7")
    svg = charts.stacked([row], [f"Answer {k}" for k in range(answers)]).svg
    roles = ("other", "other_mid", "other_soft", "neutral", "data_soft", "data_mid", "data")
    used = [role for role in roles if widths(svg, role)]
    assert len(used) == answers
    assert sum(role.startswith("other") for role in used) == left
    assert ("neutral" in used) == bool(answers % 2)


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_a_dot_for_each_option_of_a_combination(width):
    drawing = charts.together(OPTIONS, COMBINATIONS, "in other combinations: 2", width)
    assert shapes(drawing.svg, "data", "fill") == 2 + 1 + 1
    assert {"60%", "6 of 10", "3", "2", "in other combinations: 2"} <= set(texts(drawing.svg))
    rows = [(spot.row, spot.column) for spot in drawing.spots]
    assert rows == [(0, 0), (1, 0), (2, 0), (-1, 0), (-1, 1), (-1, 2)]


def test_words_of_the_key_go_on_in_the_next_line_where_a_phone_is_too_narrow():
    long = "Neither, or it depends on who asks and on the weather of the day"
    lines = lines_of_text(charts.stacked(ANSWERS, [*AGREEMENT[:2], long, *AGREEMENT[3:]], NARROW).svg)
    parts = [(text, x, y) for text, x, y, _ in lines if text and text in long]
    assert " ".join(text for text, _, _ in parts) == long
    (_, left, upper), (_, left_again, lower) = parts
    assert left == left_again
    assert upper < lower


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_tiles_are_darker_for_more_and_hatched_where_hidden(width):
    drawing = charts.tiles(TILES, width)
    for role, count in {"data": 1, "data_soft": 1, "data_mid": 0, "paper": 2}.items():  # 12; 4; –; nobody and hidden
        assert len(painted(drawing.svg, role)) == count, role
    assert shapes(drawing.svg, "muted") == 1 + 1  # the hidden one, and the note that explains it
    assert {"North", "South", "East", "West", "12", "4", "0"} <= set(texts(drawing.svg))
    assert [spot.row for spot in drawing.spots] == [0, 1, 3]


def test_tiles_stand_where_they_are_placed():
    (box,) = painted(charts.tiles(TILES).svg, "data")
    (below,) = painted(charts.tiles(TILES).svg, "data_soft")
    assert min(x for x, _ in box) == min(x for x, _ in below)
    assert max(y for _, y in box) < min(y for _, y in below)


def test_drawing_changes_no_settings():
    before = dict(mpl.rcParams)
    DRAWN["bars, wide"]()
    assert dict(mpl.rcParams) == before


# --- Figures of an edition --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """The twelve singers as invented ones, with their figures; small groups are shown, so that they can be drawn."""
    wave = WAVE.replace("minimum_base: 5", "minimum_base: 1")
    wave += "invented: true\ninvented_notice: Nobody sings here.\n"
    one = write_study(tmp_path_factory.mktemp("figures") / "choir", wave=wave).results()
    figures.draw_sections(one)
    figures.draw_groups(one)
    return one


def test_a_figure_for_each_section_and_for_each_by_group(twelve, results):
    assert figures.draw_sections(twelve) == ["singing", "joy"]
    assert figures.draw_groups(results) == ["singing-by-voice", "joy-by-voice"]


@pytest.mark.parametrize("name", ["singing", "joy", "singing-by-voice", "joy-by-voice"])
@pytest.mark.parametrize(("drawing", "links"), [("svg", "links"), ("svg_narrow", "links_narrow")])
def test_each_number_of_a_figure_is_linked_where_it_stands(results, name, drawing, links):
    """A link names the share; the number after it is its x of n, and both stand in the link's box."""
    figure = results.figure(name)
    width, height = size(figure[drawing])
    assert [link["number"] for link in figure[links]] == list(range(0, len(figure["numbers"]), 2))
    for link in figure[links]:
        assert set(link) == {"number", "x", "y", "width", "height"}
        share, count = figure["numbers"][link["number"]], figure["numbers"][link["number"] + 1]
        assert share["row"] == count["row"]
        inside = {
            text
            for text, x, baseline, _ in lines_of_text(figure[drawing])
            if link["x"] < x / width <= link["x"] + link["width"]
            and link["y"] < baseline / height <= link["y"] + link["height"]
        }
        assert inside == {share["text"], count["text"]}


def test_a_hidden_share_has_no_link(tmp_path):
    wave = WAVE.replace("minimum_base: 5", "minimum_base: 8").replace("  minimum_answered: 2\n", "")
    one = write_study(tmp_path / "choir", wave=wave, codebook=_without_facts()).results()
    figures.draw_sections(one)
    figure = one.figure("singing")
    assert len(figure["numbers"]) == 2 * len(figure["links"]) == 2 * len(figure["links_narrow"])
    # seven answered about solos, fewer than eight; what was counted out of others would tell of them
    assert [number["what"] for number in figure["numbers"][::2]] == ["share: come to the rehearsals (everyone)"]


def test_a_grouping_with_something_to_hide_is_not_drawn(tmp_path):
    wave = WAVE.replace("minimum_base: 5", "minimum_base: 6")
    one = write_study(tmp_path / "choir", wave=wave).results()
    assert figures.draw_groups(one) == []


@pytest.mark.parametrize("name", ["singing", "joy", "singing-by-voice", "joy-by-voice"])
def test_the_alt_text_says_each_number_of_the_drawing(results, name):
    figure = results.figure(name)
    assert figure["numbers"]
    for number in figure["numbers"]:
        assert number["text"] in figure["alt"]
        assert number["text"] in texts(figure["svg"])
        assert number["text"] in texts(figure["svg_narrow"])


@pytest.mark.parametrize("name", ["singing", "singing-by-voice"])
def test_every_share_in_the_drawing_is_a_number_with_evidence(results, name):
    figure = results.figure(name)
    printed = {number["text"] for number in figure["numbers"]}
    drawn = [text for text in texts(figure["svg"]) if re.fullmatch(r"\d+%|\d+ of \d+", text) and text != "100%"]
    assert set(drawn) <= printed
    assert all(number["evidence"] for number in figure["numbers"])


def test_the_alt_text_names_each_statement_with_its_share(results):
    alt = results.figure("singing")["alt"]
    assert alt.startswith("Bar chart of shares of singers, largest first.")
    assert "come to the rehearsals: 73%, 8 of 11" in alt
    assert "have sung a solo (of all): 33%, 4 of 12" in alt
    by_voice = results.figure("singing-by-voice")["alt"]
    assert "High voice, Low voice" in by_voice
    assert "come to the rehearsals: High voice 83%, 5 of 6, Low voice 60%, 3 of 5" in by_voice


def test_a_section_is_drawn_by_value(results):
    said = texts(results.figure("joy")["svg"])
    shares = [int(text[:-1]) for text in said if re.fullmatch(r"\d+%", text) and text != "100%"]
    assert shares == [80, 73, 58, 36]  # enjoy_low 4/5, enjoy 8/11, sacred 7/12, folk 4/11


def test_the_title_is_the_finding(results):
    title = plain_text(results.figure("joy")["title"])
    assert "36%" in title
    assert "80%" in title


def test_a_title_claims_nothing_of_a_share_that_is_hidden(results, tmp_path):
    """Of those below the stave four of five enjoy it, the largest share; with a smallest base of eight it is hidden."""
    title = plain_text(results.figure("joy")["title"])
    assert title == (
        "Joy and taste: most often “enjoy the concerts below the stave” (80%), least often “sing folk songs” (36%)"
    )
    wave = WAVE.replace("minimum_base: 5", "minimum_base: 8").replace("  minimum_answered: 2\n", "")
    one = write_study(tmp_path / "choir", wave=wave, codebook=_without_facts()).results()
    figures.draw_sections(one)
    title = plain_text(one.figure("joy")["title"])
    said = "of what can be shown, most often “enjoy the concerts” (73%), least often “sing folk songs” (36%)"
    assert title == f"Joy and taste: {said}"


@pytest.mark.parametrize(
    ("name", "title"), [("singing-by-voice", "Singing together, by voice"), ("joy-by-voice", "Joy and taste, by voice")]
)
def test_a_title_by_group_claims_only_what_was_tested(results, name, title):
    """A difference between small groups is no finding; that none is larger than chance would explain is one."""
    said = plain_text(results.figure(name)["title"])
    assert said == f"{title}: no difference larger than chance would explain"


def test_every_figure_of_invented_respondents_says_so(results, twelve):
    figure = results.figure("joy")
    assert "Invented respondents" in texts(figure["svg"])
    assert "Invented respondents" in texts(figure["svg_narrow"])
    assert "Invented respondents" in plain_text(figure["source"])
    figures.draw_sections(twelve)
    assert "Invented respondents" not in texts(twelve.figure("joy")["svg"])


def test_figures_lead_to_the_table_with_their_data(results):
    assert results.figure("joy")["table"] == "table-joy"
    assert results.figure("joy-by-voice")["table"] == "table-by-voice"


def test_what_is_hidden_is_in_no_figure(tmp_path):
    wave = WAVE.replace("minimum_base: 5", "minimum_base: 8")  # seven answered about solos
    one = write_study(tmp_path / "choir", wave=wave.replace("  minimum_answered: 2\n", ""), codebook=_without_facts())
    results = one.results()
    figures.draw_sections(results)
    figure = results.figure("singing")
    assert Numbers(results).hidden("solo_answered")
    assert "4 of 7" not in texts(figure["svg"])
    assert "4 of 7" not in figure["alt"]
    assert "too few answers to show" in texts(figure["svg"])


def _without_facts() -> str:
    head, rest = CODEBOOK.split("facts:\n")
    return head + rest[rest.index("roster:") :]
