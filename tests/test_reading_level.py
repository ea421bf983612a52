"""How hard the report's own words are to read: Flesch and Kincaid's grade, a school year.

Kincaid, Fishburne, Rogers and Chissom (1975), Derivation of new readability formulas, Research Branch Report 8-75:
grade = 0.39 (words / sentences) + 11.8 (syllables / words) - 15.59. Syllables are where a word may be hyphenated.
"""

from __future__ import annotations

import os
import re
from functools import cache
from pathlib import Path

import pyphen
import pytest
from lxml import html

EDITION = Path(os.environ.get("EDITION", Path(__file__).parents[1] / "reports" / "reconstruction"))
END_OF_SENTENCE = re.compile(r"(?<=[.!?:])\s+(?=[A-Z0-9“])")
WORD = re.compile(r"[A-Za-z]+(?:[’'-][A-Za-z]+)*|\d[\d,.]*")
EASY = 9.0  # what most grown-ups read without effort


@cache
def syllables(word: str) -> int:
    """Count the syllables of an English word, or one for a number, which is looked at rather than read.

    >>> [syllables(word) for word in ("share", "survey", "evidence", "organization", "46")]
    [1, 2, 3, 5, 1]
    """
    if not word[0].isalpha():
        return 1
    parts = re.split(r"[’'-]", word.lower())
    return sum(len(pyphen.Pyphen(lang="en_US", left=1, right=2).positions(part)) + 1 for part in parts if len(part) > 1)


def grade(sentences: list[str]) -> float:
    """Return the grade of some sentences.

    By hand: one sentence of 3 words and 3 syllables is 0.39 * 3 + 11.8 * 1 - 15.59 = -2.62.

    >>> round(grade(["The cat sat."]), 2)
    -2.62
    """
    words = [word for sentence in sentences for word in WORD.findall(sentence)]
    return 0.39 * len(words) / len(sentences) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def sentences_of(elements: list[html.HtmlElement]) -> list[str]:
    texts = [" ".join(element.text_content().split()) for element in elements]
    found = [sentence for text in texts for sentence in END_OF_SENTENCE.split(text)]
    return [sentence for sentence in found if len(WORD.findall(sentence)) > 2]


@pytest.fixture(scope="module")
def page() -> html.HtmlElement:
    if not (EDITION / "impact-report.html").exists():
        pytest.skip("the edition has not been built")
    return html.document_fromstring((EDITION / "impact-report.html").read_bytes())


def test_the_findings_own_words_are_easy(page):
    """What the report itself says there; the statements are the survey's, word for word."""
    own = sentences_of(page.xpath("//section[@class='findings']/p"))
    assert len(own) >= 3
    assert grade(own) <= EASY


def test_the_report_is_as_easy_throughout(page):
    """All paragraphs that the report itself writes, without those that quote the survey's words or name sources."""
    own = sentences_of(page.xpath("//main/p[not(contains(., '“'))]"))
    assert len(own) > 20
    assert grade(own) <= EASY


def test_the_statements_are_harder_and_not_ours(page):
    """They are quoted as they were published: the page can be no easier than they are."""
    statements = sentences_of(page.xpath("//section[@class='findings']//*[contains(@class, 'statement')]"))
    assert grade(statements) > EASY


def test_harder_words_have_a_higher_grade():
    easy = ["We asked all of them.", "Most said yes."]
    hard = ["Respondents were comprehensively interviewed regarding organizational collaboration opportunities."]
    assert grade(easy) < 3 < EASY < grade(hard)
