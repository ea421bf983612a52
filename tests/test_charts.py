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
from impact_report.charts import NARROW, WIDE, Mark, Row
from impact_report.exporters.structure import plain_text
from impact_report.numbers import Numbers
from impact_report.palette import LIGHT

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


@pytest.fixture(scope="module")
def drawn() -> dict[str, str]:
    return {name: draw() for name, draw in DRAWN.items()}


def texts(svg: str) -> list[str]:
    """Return what a drawing says, one text element after the other."""
    root = ElementTree.fromstring(svg)
    return ["".join(element.itertext()).strip() for element in root.iter("{http://www.w3.org/2000/svg}text")]


def width(svg: str) -> float:
    return float(ElementTree.fromstring(svg).attrib["viewBox"].split()[2])


# --- Drawings ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", DRAWN)
def test_the_same_bytes_twice(drawn, name):
    assert DRAWN[name]() == drawn[name]


def test_the_same_bytes_in_another_process(drawn):
    """With other seeds for hashing, in another place and at another time of day."""
    program = (
        "import sys, hashlib; sys.path.insert(0, sys.argv[1]); import test_charts\n"
        "print(hashlib.sha256(test_charts.DRAWN['groups, wide']().encode()).hexdigest())"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "SOURCE_DATE_EPOCH": "0"}
    here = str(Path(__file__).parent)
    result = subprocess.run(
        [sys.executable, "-c", program, here], capture_output=True, text=True, check=True, env=environment, cwd="/"
    )
    assert result.stdout.strip() == hashlib.sha256(drawn["groups, wide"].encode()).hexdigest()


@pytest.mark.parametrize("name", DRAWN)
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
    for expected in (*VOICES, "83%", "5 of 6", "60%", "3 of 5", "100%", "5 of 5"):
        assert expected in said
    assert said.count("–") == 3  # three shares that are hidden


def test_a_hidden_share_is_not_drawn():
    hidden = charts.bars([Row("sing", (None,))])
    assert "%" not in "".join(text for text in texts(hidden) if text != "100%")


@pytest.mark.parametrize("name", DRAWN)
def test_a_drawing_is_as_wide_as_its_page(drawn, name):
    inches = NARROW if "narrow" in name else WIDE
    assert width(drawn[name]) == pytest.approx(72 * inches)


def test_a_longer_statement_makes_a_higher_drawing():
    heights = [
        float(ElementTree.fromstring(charts.bars([Row(text, (None,))], NARROW)).attrib["viewBox"].split()[3])
        for text in ("sing", "sing " * 30)
    ]
    assert heights[0] < heights[1]


def test_the_remark_stands_in_the_drawing_itself(drawn):
    assert "Invented respondents" in texts(drawn["bars, with a remark"])
    assert "Invented respondents" not in texts(drawn["bars, wide"])


@pytest.mark.parametrize("name", DRAWN)
def test_colours_are_those_of_the_palette(drawn, name):
    used = set(re.findall(r"#[0-9a-f]{6}\b", drawn[name].lower()))
    assert used <= set(LIGHT.values())


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
