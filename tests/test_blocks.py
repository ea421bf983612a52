"""Words and numbers of a sentence are kept apart, so that a digit that nobody computed can be refused."""

from __future__ import annotations

import json

import pytest

from impact_report import blocks as blocks_module
from impact_report.blocks import (
    Block,
    bullets,
    callout,
    cell,
    column,
    heading,
    joined,
    paragraph,
    prose,
    quoted,
    sentence,
    show,
    table,
    words,
)
from impact_report.exporters.document import ReportRefused, document_of
from impact_report.exporters.structure import BLOCK_MIMETYPE, plain_text
from impact_report.numbers import Number

SHARE = Number("73%", "share", "evidence-rehearse", exact=8 / 11, numerator=8, base=11, row="rehearse/all/all")
COVER = {"block": "cover", "title": "The choir", "date": "2024-03-31"}
EVIDENCE = {"block": "evidence", "id": "evidence-rehearse", "title": [], "facts": []}


def kinds(inlines: list[dict]) -> list[str]:
    return [node["t"] for node in inlines]


def refused(*blocks: Block) -> list[str]:
    """Return what the exporters find in these blocks that must not be published."""
    with pytest.raises(ReportRefused) as caught:
        document_of([COVER, *map(dict, blocks), EVIDENCE])
    return [problem.found for problem in caught.value.problems]


def accepted(*blocks: Block) -> list[str]:
    """Return the numbers printed in these blocks, which the exporters accept."""
    return [number.node["text"] for number in document_of([COVER, *map(dict, blocks), EVIDENCE]).numbers]


# --- Sentences --------------------------------------------------------------------------------------------------------


def test_a_number_stands_in_its_place():
    nodes = words("{share} of singers rehearse.", share=SHARE)
    assert kinds(nodes) == ["number", "text"]
    assert nodes[0] == SHARE.node()
    assert plain_text(nodes) == "73% of singers rehearse."


def test_a_text_is_quoted_as_it_stands():
    assert words("It is {place}.", place="Hall *2* {x}")[1] == {"t": "verbatim", "text": "Hall *2* {x}"}


def test_an_empty_text_leaves_nothing():
    assert kinds(words("a{nothing}b", nothing="")) == ["text", "text"]
    assert quoted("") == []


def test_words_may_be_put_into_words():
    assert plain_text(words("so {inner}.", inner=words("{n} do", n=SHARE))) == "so 73% do."


def test_strong_and_emphasis():
    nodes = words("**{share}** say *yes* and **no**.", share=SHARE)
    assert kinds(nodes) == ["strong", "text", "emph", "text", "strong", "text"]
    assert kinds(nodes[0]["c"]) == ["number"]
    assert plain_text(nodes) == "73% say yes and no."


def test_a_place_without_a_field_is_an_error():
    with pytest.raises(KeyError, match="share"):
        words("{share} of singers.")


def test_several_are_joined_as_people_do():
    one, two, three = quoted("a"), quoted("b"), quoted("c")
    assert plain_text(joined([one])) == "a"
    assert plain_text(joined([one, two])) == "a and b"
    assert plain_text(joined([one, two, three])) == "a, b and c"
    assert joined([]) == []


def test_sentences_of_a_paragraph_are_set_apart():
    assert plain_text(paragraph(words("One."), words("Two."))["c"]) == "One. Two."


def test_what_is_empty_leaves_no_gap_between_sentences():
    assert plain_text(prose(words("One."), [], words("Two."), quoted(""))) == "One. Two."
    assert plain_text(prose([], words("one"), words("two"), between="; ")) == "one; two"
    assert prose([], []) == []


# --- What exporters refuse --------------------------------------------------------------------------------------------


def test_a_typed_digit_is_refused():
    assert refused(sentence("73% of singers rehearse.")) == ["“73% of singers rehearse.”"]


@pytest.mark.parametrize("digit", ["7", "½", "²", "Ⅷ", "٧"])
def test_whatever_is_a_digit_is_one(digit):
    assert refused(sentence(f"It rose {digit} times."))


@pytest.mark.parametrize(
    "block",
    [
        bullets([words("the best of 7")]),
        callout("A note", words("of 7")),
        heading("The 7 singers"),
        table("t", words("of 7"), [column("a")], []),
        table("t", words("caption"), [column("a")], [[cell(words("7"))]]),
        table("t", words("caption"), [column("a")], [], notes=[words("of 7")]),
        sentence("**so *many*: 7**"),
        paragraph(words("fine"), words("of 7")),
    ],
)
def test_wherever_it_was_typed(block):
    assert any("7" in found for found in refused(block))


def test_a_computed_number_is_accepted_anywhere():
    blocks = [
        sentence("{n} of singers.", n=SHARE),
        bullets([words("**{n}**", n=SHARE)]),
        callout("A note", words("{n}", n=SHARE)),
        table("t", words("of {n}", n=SHARE), [column("a")], [[cell(SHARE)]], notes=[words("{n}", n=SHARE)]),
    ]
    assert accepted(*blocks) == ["73%"] * 6


def test_quoted_wording_may_hold_digits():
    assert accepted(sentence("{who} sings.", who="Choir 7")) == []


def test_a_number_without_evidence_is_refused():
    assert refused(sentence("{n}", n=Number("73%", "share", "")))
    assert refused(sentence("{n}", n=Number("73%", "share", "evidence-of-nothing")))


# --- What a notebook shows --------------------------------------------------------------------------------------------


@pytest.fixture
def shown(monkeypatch):
    """Show blocks and return what the notebook was given for each."""
    given: list[dict] = []
    monkeypatch.setattr(blocks_module, "display", lambda content, raw: given.append(content))

    def of(*blocks) -> list[dict]:
        show(*blocks)
        return given

    return of


def test_a_block_shows_as_json_for_exporters_and_as_html_for_people(shown):
    (bundle,) = shown(sentence("{n} of singers.", n=SHARE))
    assert set(bundle) == {BLOCK_MIMETYPE, "text/html", "text/plain"}
    assert bundle[BLOCK_MIMETYPE]["c"][0]["text"] == "73%"
    assert "73%" in bundle["text/html"]


def test_what_people_see_cannot_be_taken_for_html(shown):
    (bundle,) = shown(sentence("{who}", who="<script>alert(1)</script>"))
    assert "<script>" not in bundle["text/html"]


def test_blocks_are_shown_one_after_the_other(shown):
    one, two, three = (heading(name) for name in ("One", "Two", "Three"))
    assert [bundle[BLOCK_MIMETYPE]["text"] for bundle in shown(one, [two, three])] == ["One", "Two", "Three"]


def test_blocks_are_json():
    block = table("t", words("c"), [column("a", 2, "right")], [{"id": "r", "cells": [cell(SHARE)]}], long=True)
    assert json.loads(json.dumps(block)) == block
