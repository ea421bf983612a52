"""A printed number: rounded once, from whole counts, half up; with what it is and where its evidence stands."""

from __future__ import annotations

from dataclasses import fields
from decimal import ROUND_HALF_UP, Decimal

import pytest
from study import WAVE, singer, write_study

from impact_report.errors import EstimationError
from impact_report.numbers import HIDDEN, Number, Numbers, anchor, percent_of, span, whole

# x of n, and the percentage a person would write
PRINTED = [
    (8, 11, "73%"),
    (4, 7, "57%"),
    (4, 8, "50%"),
    (4, 12, "33%"),
    (7, 12, "58%"),
    (4, 11, "36%"),
]
INDICATORS = ["rehearse", "solo_answered", "solo_asked", "solo_all", "sacred", "folk"]

TOP_TWO = "One of the two highest of five answers (“Agree” or “Strongly agree”)"


@pytest.fixture(scope="module")
def numbers(twelve) -> Numbers:
    return Numbers(twelve)


@pytest.fixture(scope="module")
def withholding(tmp_path_factory):
    """The choir with weights and a smallest count: only bases may be told."""
    wave = WAVE.replace("smallest_count: off", "smallest_count: 2") + "weights: weight\n"
    return write_study(tmp_path_factory.mktemp("withholding") / "choir", wave=wave).results()


# --- As printed -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("indicator", "printed"), list(zip(INDICATORS, PRINTED, strict=True)))
def test_share_and_x_of_n(numbers, indicator, printed):
    count, base, percent = printed
    assert numbers.share(indicator).text == percent
    assert numbers.x_of_n(indicator).text == f"{count} of {base}"


def test_a_half_is_rounded_up(choir):
    """Five of forty are 12.5 percent: 13, where Python's round and its formatting say 12."""
    assert (round(12.5), f"{12.5:.0f}") == (12, "12")
    rows = [
        singer(k, "High voice", "Yes" if k < 5 else "No", "", "1" if k < 5 else "", "Agree", {}, sent="01.03.2024")
        for k in range(40)
    ]
    numbers = Numbers(choir(rows=rows).results())
    assert (numbers.share("rehearse").text, numbers.x_of_n("rehearse").text) == ("13%", "5 of 40")


@pytest.mark.parametrize("base", [8, 40, 46, 200])
def test_every_share_is_rounded_as_decimals_are(base):
    for count in range(base + 1):
        exact = Decimal(100 * count) / Decimal(base)
        assert percent_of(count / base) == f"{exact.quantize(Decimal(1), ROUND_HALF_UP)}%"


@pytest.mark.parametrize(
    ("low", "high", "printed"), [(0.691, 0.909, "69–91%"), (0, 0.125, "0–13%"), (0.125, 1, "13–100%")]
)
def test_an_interval_as_printed(low, high, printed):
    assert span(low, high) == printed


@pytest.mark.parametrize(
    ("value", "printed"), [(0, "0"), (999, "999"), (1234, "1,234"), (1234567, "1,234,567"), (22.5, "23"), (23.5, "24")]
)
def test_a_whole_number_as_printed(value, printed):
    assert whole(value) == printed


def test_the_interval_of_an_estimate(numbers):
    one = numbers.interval("rehearse")  # Wilson, 8 of 11: .4344 and .9025
    assert one.text == "43–90%"
    assert one.what.startswith("Wilson interval, 95%") or "Wilson" in one.what


def test_where_there_is_no_interval_stands_a_dash(choir):
    wave = WAVE.replace("{universe: the singers of the village}", "{universe: the singers, size: 12}")
    assert Numbers(choir(wave=wave).results()).interval("sacred").text == HIDDEN


def test_ends_have_no_more_digits_than_may_be_published(withholding):
    """With weights and a smallest count, shares are given in whole percent alone; so are their ends."""
    one = Numbers(withholding).share("rehearse")
    assert (one.exact, one.low, one.high) == (round(one.exact, 2), round(one.low, 2), round(one.high, 2))
    assert one.numerator is None


def test_a_weighted_share(choir):
    numbers = Numbers(choir(wave=WAVE + "weights: weight\n").results())
    assert numbers.share("rehearse").text == "69%"  # 11/16
    assert numbers.x_of_n("rehearse").text == "8 of 11"
    assert numbers.share("rehearse").exact == 11 / 16


# --- What it carries --------------------------------------------------------------------------------------------------


def test_a_number_carries_its_evidence(numbers):
    one = numbers.share("rehearse")
    assert (one.exact, one.numerator, one.base) == (0.727272727273, 8, 11)  # to twelve digits: 8/11
    assert one.evidence == "evidence-rehearse"
    assert one.row == "rehearse/all/all"
    assert one.columns == ("F",)
    assert one.rule == "“Yes” counts, out of all respondents who answered"
    assert "come to the rehearsals" in one.what


def test_a_number_of_a_group_has_evidence_of_its_own(numbers):
    one = numbers.share("rehearse", "voice", "high")
    assert (one.evidence, one.row, one.text) == ("evidence-rehearse-voice-high", "rehearse/voice/high", "83%")


def test_the_raw_columns_are_those_that_count(numbers, twelve):
    assert numbers.share("sacred").columns == ("L",)  # of the four columns of the question
    assert numbers.columns(twelve.indicator("sacred")) == [("L", "sings sacred")]
    assert numbers.share("enjoy").columns == ("I",)


@pytest.mark.parametrize(
    ("indicator", "rule"),
    [
        ("solo_asked", "“Yes” counts, out of all respondents who were asked"),
        ("solo_all", "“Yes” counts, out of all respondents"),
        ("enjoy", f"{TOP_TWO} counts, out of all respondents who answered"),
        (
            "enjoy_low",
            f"{TOP_TWO} counts, out of all respondents whom the statement is about and who answered",
        ),
        ("sacred", "“Sacred music” counts, out of all respondents who were asked"),
    ],
)
def test_the_rule_in_words(numbers, twelve, indicator, rule):
    assert numbers.rule(twelve.indicator(indicator)) == rule


def test_the_parts_of_an_estimate(numbers):
    assert [numbers.part(name, "solo_asked").text for name in ("eligible", "asked", "base", "count")] == [
        "12", "8", "8", "4",
    ]  # fmt: skip


def test_a_number_is_a_piece_of_a_sentence(numbers):
    node = numbers.share("rehearse").node()
    assert (node["t"], node["text"], node["evidence"]) == ("number", "73%", "evidence-rehearse")
    assert set(node) == {"t", *(field.name for field in fields(Number))}


def test_a_share_and_its_interval_carry_the_ends_and_the_method(numbers):
    """Wilson, 8 of 11: .4344 and .9025; a part of an estimate, as its base, has none."""
    for one in (numbers.share("rehearse"), numbers.share_with_count("rehearse"), numbers.interval("rehearse")):
        assert (one.low, one.high) == (pytest.approx(0.4344, abs=5e-5), pytest.approx(0.9025, abs=5e-5))
        assert (one.method, one.scale) == ("Wilson interval, 95%", "share")
    part = numbers.part("base", "rehearse")
    assert (part.low, part.high, part.method) == (None, None, None)


def test_x_of_n_is_two_numbers_and_neither_is_a_share(numbers):
    """“8 of 11” was not rounded from .727; the interval is the share’s."""
    one = numbers.x_of_n("rehearse")
    assert (one.text, one.exact, one.numerator, one.base) == ("8 of 11", None, 8, 11)
    assert (one.low, one.high, one.method, one.scale) == (None, None, None, None)


def test_a_base_alone_is_its_own_exact_value(withholding):
    one = Numbers(withholding).x_of_n("rehearse")
    assert (one.text, one.exact, one.numerator, one.base) == ("n = 11", 11, None, 11)
    assert (one.low, one.high, one.method) == (None, None, None)


MEAN_OF_HOURS = {"low": 18.21234, "high": 25.98765, "standard_error": None, "method": "t-interval of a mean"}


@pytest.mark.parametrize(("name", "ends"), [("twelve", (18.21234, 25.98765)), ("withholding", (18.21, 25.99))])
def test_a_fact_carries_its_interval(name, ends, request):
    """Where counts are withheld, the ends have the decimals that the evidence prints: one more than the value."""
    results = request.getfixturevalue(name)
    mean = {**results.facts[0], "decimals": 1, "interval": MEAN_OF_HOURS}
    one = Numbers(results).fact(mean)
    assert (one.low, one.high) == ends
    assert (one.method, one.scale) == ("at 95%, t-interval of a mean", None)


def test_a_fact_without_an_interval_has_neither_ends_nor_method(numbers, twelve):
    none = {"low": None, "high": None, "standard_error": None, "method": "too few answers"}
    for fact in (twelve.facts[0], {**twelve.facts[0], "interval": none}):
        one = numbers.fact(fact)
        assert (one.low, one.high, one.method) == (None, None, None)


def test_facts_as_printed(numbers, twelve):
    assert [numbers.fact(fact).text for fact in twelve.facts] == ["more than 20", "3", "2", "over 22 years"]
    practice = numbers.fact(twelve.facts[0])
    assert (practice.exact, practice.base, practice.columns) == (23.5, 7, ("H",))
    assert practice.evidence == "evidence-fact-practice"


def test_a_year_has_no_thousands_and_a_total_has(twelve, numbers):
    total, year = twelve.facts[0], twelve.facts[3]
    assert (total["text"], year["text"]) == ("20", "22")
    assert numbers.fact({**total, "text": "12,345", "phrase": "{value} hours"}).text == "12,345 hours"


def test_the_confidence_and_the_respondents(numbers):
    assert (numbers.confidence.text, numbers.confidence.exact) == ("95%", 0.95)
    assert (numbers.respondents.text, numbers.respondents.exact) == ("12", 12)


# --- What is hidden ---------------------------------------------------------------------------------------------------


def test_what_is_hidden_and_what_is_nothing(numbers):
    assert numbers.hidden("solo_answered", "voice", "low")  # three answers
    assert numbers.hidden("rehearse", "voice", "middle")  # nobody
    assert not numbers.hidden("rehearse", "voice", "high")
    assert numbers.hidden("rehearse", "voice", "low")  # five answers, yet how many low voices there are is hidden
    assert not numbers.hidden("rehearse")


@pytest.mark.parametrize("kind", ["share", "x_of_n"])
def test_a_hidden_number_cannot_be_printed(numbers, kind):
    with pytest.raises((TypeError, ValueError, EstimationError)):
        getattr(numbers, kind)("solo_answered", "voice", "low")


# --- Anchors ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("shared_data",), "evidence-shared-data"),
        (("shared_data", "region", "region_02"), "evidence-shared-data-region-region-02"),
        (("rule", "row dropped", "préview"), "evidence-rule-row-dropped-pr-view"),
    ],
)
def test_an_anchor_is_made_of_letters_digits_and_hyphens(names, expected):
    assert anchor(*names) == expected


def test_every_estimate_has_an_anchor_of_its_own(twelve, numbers):
    shown = twelve.estimates[~twelve.estimates["suppressed"] & (twelve.estimates["base"] > 0)]
    anchors = [
        (anchor(one.indicator) if one.group_by == "all" else anchor(one.indicator, one.group_by, one.group))
        for one in shown.itertuples()
    ]
    assert len(set(anchors)) == len(anchors)


def test_two_numbers_that_say_the_same_are_equal():
    assert Number("1", "one", "evidence-x") == Number("1", "one", "evidence-x")
