"""AAPOR's six response rates, from cases counted by hand; and what a wave may say of them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from study import CODEBOOK, WAVE

from impact_report import response
from impact_report.errors import EstimationError, WaveError
from impact_report.exporters.structure import plain_text
from impact_report.parts import respondents
from impact_report.parts.response import response_evidence

SELECTED = WAVE.replace("  mode: on paper", "  selection: everyone\n  mode: on paper")
ASKED = SELECTED + "response: {rate: rr2, refusal: 4, non_contact: 3, unknown_other: 1}\n"  # twelve answered
CASES = response.Dispositions(40, 5, 20, 10, 5, 30, 10, not_eligible=7)  # eligible 80, perhaps 40 more


@pytest.mark.parametrize(
    ("which", "numerator", "base"),
    [
        ("rr1", 40, "120"),
        ("rr2", 45, "120"),
        ("rr3", 40, "84"),  # 80 + .1 · 40
        ("rr4", 45, "84"),
        ("rr5", 40, "80"),
        ("rr6", 45, "80"),
    ],
)
def test_the_six_rates(which, numerator, base):
    found = response.response_rate(which, CASES, 0.1)
    assert found == (numerator / Decimal(base), numerator, Decimal(base))


def test_a_share_of_all_and_of_none_bound_the_others():
    """RR3 is RR1 where every unknown case is eligible, and RR5 where none is."""
    assert response.response_rate("rr3", CASES, 1).rate == response.response_rate("rr1", CASES).rate
    assert response.response_rate("rr3", CASES, 0).rate == response.response_rate("rr5", CASES).rate


@pytest.mark.parametrize("which", ["rr3", "rr4"])
def test_the_eligible_share_is_not_guessed(which):
    with pytest.raises(EstimationError, match="the eligible share e"):
        response.response_rate(which, CASES)


def test_where_all_is_known_the_eligible_share_is_not_needed():
    known = response.Dispositions(40, 5, 20, 10, 5)
    assert {response.response_rate(which, known).rate for which in ("rr1", "rr3", "rr5")} == {Decimal("0.5")}


def test_a_rate_of_nobody():
    with pytest.raises(EstimationError, match="at least one case"):
        response.response_rate("rr5", response.Dispositions(0, unknown_other=4))


# --- In a wave --------------------------------------------------------------------------------------------------------


def test_full_answers_are_counted_from_the_export(choir):
    results = choir(wave=ASKED).results()
    assert results.response_cases == (12, 0, 4, 3, 0, 0, 1, 0)


def said(results) -> str:
    return plain_text(respondents.who_answered(results)["c"])


def test_the_report_says_rate_definition_and_base(choir):
    results = choir(wave=ASKED).results()
    assert (
        "The response rate of the wave is 60%: 12 of 20 (definition RR2 of the American Association for Public Opinion "
        "Research, AAPOR: full and partial answers out of all cases that are or may be eligible)."
    ) in said(results)
    (block,) = response_evidence(results)
    facts = {label: plain_text(words) for label, words in block["facts"]}
    assert facts["RR5"] == "63%: 12 of 19"  # 63.2
    assert facts["RR3"] == "not estimable: the eligible share of the unknown cases is not stated"
    assert [plain_text(row[2]["c"]) for row in block["table"]["rows"]] == ["12", "0", "4", "3", "0", "0", "1", "0"]


def test_one_rate_stands_beside_a_known_population(choir):
    wave = ASKED.replace("the singers of the village}", "the singers, size: 30}")
    assert "They are 30 in all. The response rate" in said(choir(wave=wave).results())


def test_what_is_taken_of_the_unknown_cases_is_said(choir):
    assert "as if none of the unknown ones were" in said(choir(wave=ASKED.replace("rr2", "rr6")).results())
    assert "out of all eligible cases)" in said(choir(wave=ASKED.replace(", unknown_other: 1", "")).results())


def test_without_dispositions_there_is_no_response_rate(choir, twelve):
    assert "No response rate is given" in said(twelve)
    assert response_evidence(twelve) == []


def test_a_base_that_is_no_whole_number(choir):
    wave = ASKED.replace("rr2,", "rr4, eligible_share: 0.5, eligible_share_source: a follow-up of ten,")
    assert "62%: 12 of 19.5" in said(choir(wave=wave).results())  # 61.54


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("refusal: 4", "refusal: -4", "greater than or equal to 0"),
        ("rate: rr2", "rate: rr3", "an eligible_share, which rr3 needs"),
        ("rate: rr2", "rate: rr4, eligible_share: 0.4", "an eligible_share_source"),
        ("rate: rr2", "rate: rr7", "rr7"),
        (", refusal: 4, non_contact: 3, unknown_other: 1", "", "what became of those who did not answer"),
        ("  selection: everyone\n", "", "who chose themselves have no response rate"),
    ],
)
def test_what_a_wave_may_not_say(choir, old, new, told):
    with pytest.raises(WaveError, match=told):
        _ = choir(wave=ASKED.replace(old, new)).wave


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("rate: rr2", "rate: rr2, complete: 11", "12 full and partial answers or more, as many as rows were kept"),
        ("of the village}", "of the village, size: 18}", "at most 18 eligible cases, the size of the population"),
    ],
)
def test_cases_that_cannot_be(choir, old, new, expected):
    with pytest.raises(WaveError) as caught:
        choir(wave=ASKED.replace(old, new)).results()
    (problem,) = caught.value.problems
    assert problem.expected == expected


# --- As a headline fact -----------------------------------------------------------------------------------------------

FACT = "  - {id: rate, label: of those asked, measure: response_rate, rate: rr1, decimals: 1}\n"


def test_a_response_rate_among_the_headline_facts(choir):
    codebook = CODEBOOK.replace("facts:\n", f"facts:\n{FACT}")
    fact = choir(codebook=codebook, wave=ASKED.replace("unknown_other: 1", "unknown_other: 2")).results().facts[0]
    assert (fact["text"], fact["numerator"], fact["of"]) == ("57.1%", 12, 21.0)


def test_a_headline_rate_that_the_wave_does_not_state(choir):
    with pytest.raises(WaveError, match="what became of those who were asked"):
        choir(codebook=CODEBOOK.replace("facts:\n", f"facts:\n{FACT}")).results()
