"""Whoever meets an abbreviation in the report finds out, in the report, what it stands for."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from lxml import html
from study import CODEBOOK

from impact_report import codebook
from impact_report.exporters.structure import plain_text, runs
from impact_report.parts.abbreviations import MEANINGS, OF_RESPONSE, abbreviations, occurs
from impact_report.parts.front import findings

ROOT = Path(__file__).parents[1]
EDITION = Path(os.environ.get("EDITION", ROOT / "reports" / "reconstruction"))
STUDY = ROOT / "data" / "raw"
CAPITALS = re.compile(r"(?<![\w&])[A-Z]{2,}[0-9]*\b|(?<![\w&])[A-Z]+[0-9]+[A-Z]*\b")
COLUMNS = re.compile(r"(?:\b[A-Z]{1,2}, )+[A-Z]{1,2}\b")
# What is no abbreviation: letters of a sheet's columns, and of a formula, which stand beside their meaning.
NOT_READ = (
    "//style | //script | //code | //dt[normalize-space()='Definition']/following-sibling::dd[1] | "
    "//dt[starts-with(normalize-space(), 'Raw column')]/following-sibling::dd[1] | "
    "//td[preceding-sibling::*[1][self::th[@scope='row']]][string-length(normalize-space()) <= 2]"
)


def words_of_the_study() -> str:
    """What the survey itself says, word for word: its abbreviations are not this report's to explain."""
    files = [path for path in sorted(STUDY.rglob("*")) if path.suffix in (".yml", ".csv") and path.is_file()]
    return " ".join(path.read_text(encoding="utf-8", errors="replace") for path in files)


@pytest.fixture(scope="module")
def page() -> html.HtmlElement:
    if not (EDITION / "impact-report.html").exists():
        pytest.skip("the edition has not been built")
    page = html.document_fromstring((EDITION / "impact-report.html").read_bytes())
    for gone in page.xpath(NOT_READ):
        gone.drop_tree()
    return page


def explained(page: html.HtmlElement) -> set[str]:
    """Return what the page's own list of abbreviations explains, by its capitals."""
    terms = page.xpath("//*[@id='e.abbreviations' or @id='evidence-abbreviations']//dt")
    return {"".join(re.match(r"[A-Z]+", term.text_content().strip())[0]) for term in terms}


def test_the_page_lists_what_it_uses(page):
    assert explained(page) >= {re.match(r"[A-Z]+", short)[0] for short in MEANINGS}


def test_every_abbreviation_is_explained(page):
    text = " ".join([*page.xpath("//body//text()"), *page.xpath("//@aria-label"), *page.xpath("//@title")])
    text = COLUMNS.sub("", text)
    used = {found.rstrip("0123456789") if found.startswith("RR") else found for found in CAPITALS.findall(text)}
    of_the_study = set(CAPITALS.findall(words_of_the_study()))
    assert used & explained(page)
    assert sorted(used - explained(page) - of_the_study) == []


def test_a_new_abbreviation_would_be_noticed(page):
    assert CAPITALS.findall("the XYZQ of it, as RR2, B2B, R3D and not A or Ab") == ["XYZQ", "RR2", "B2B", "R3D"]
    assert not {"XYZQ"} & (explained(page) | set(CAPITALS.findall(words_of_the_study())))


@pytest.mark.parametrize("short", [*MEANINGS, *OF_RESPONSE])
def test_each_is_explained_in_a_sentence(short):
    meaning = (MEANINGS | OF_RESPONSE)[short]
    assert meaning.endswith(".")
    assert short not in meaning


@pytest.mark.parametrize("language", ["en", "es"])
def test_what_the_findings_leave_short_the_codebook_explains(language):
    """Letters with digits, and capitals; e.g. and etc. are words."""
    read = codebook.load(STUDY / "codebook.yml", language)
    shown = [one.title for one in read.sections] + [one.statement for one in read.indicators]
    short = {found for text in shown for found in re.findall(r"\b[A-Z]+-?[0-9]+[A-Z]*\b|\b[A-Z]{2,}\b", text)}
    assert {"K-12", "B2B"} <= short <= set(read.abbreviations)


def test_names_on_the_roster_are_explained():
    names = (STUDY / "partnerships.csv").read_text(encoding="utf-8")
    explained = codebook.load(STUDY / "codebook.yml").abbreviations
    short = set(re.findall(r"(?m)^[^,\n]*?\b([A-Z]{2,})\b", names))
    assert short == {"NOCO", "COS", "SLV", "CAMA"} <= set(explained)


def test_the_surveys_own_are_listed_where_they_occur(choir):
    own = 'abbreviations: {SATB: "soprano, alto, tenor, bass", XYZQ: not said anywhere}\n'
    given = CODEBOOK.replace("statement: come to the", "statement: come to the SATB") + own
    results = choir(codebook=given).results()
    (block,) = abbreviations(results)
    said = {short: plain_text(meaning) for short, meaning in block["facts"]}
    assert said["SATB"] == "Soprano, alto, tenor, bass."
    assert "XYZQ" not in said
    assert set(said) == {*MEANINGS, "SATB"}
    (first,) = [node for run in runs(findings(results)) for node in run if node["t"] == "abbr"]
    assert (first["text"], first["says"]) == ("SATB", "soprano, alto, tenor, bass")


def test_an_abbreviation_is_a_word_of_its_own():
    assert occurs("B2B", "joint ventures / B2B relationship")
    assert not occurs("COS", "COSTS")
