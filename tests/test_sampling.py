"""How the twelve singers were drawn: weights, margins to rake to, strata, boats; from wave.yml to the intervals."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from study import CODEBOOK, TWELVE, WAVE, changed

from impact_report import sampling
from impact_report.design import linearised_variance
from impact_report.errors import EstimationError, WaveError
from impact_report.numbers import Numbers
from impact_report.parts import method
from impact_report.parts.evidence import evidence
from impact_report.precision import korn_graubard, logit_interval

BOATS = ["one", "one", "two", "two", "two", "three", "one", "one", "two", "three", "three", "four"]
IN_BOATS = [{**row, "remarks": boat} for row, boat in zip(TWELVE, BOATS, strict=True)]
CLUSTERS = "design: {clusters: remarks}\n"
# six high, five low voices and one whose voice is not known, who is asked nothing else either
STATED = TWELVE[:11]
RAKED = "rake: {voice: {high: 30, low: 20}, rehearses: {yes: 40, no: 10}}\nrake_source: the chronicle\n"


def problems(caught) -> list[tuple[str, str]]:
    return [(problem.where, problem.found) for problem in caught.value.problems]


def refused(choir, wave: str, rows=TWELVE) -> list[tuple[str, str]]:
    """Return what is said of a wave that cannot be cleaned."""
    with pytest.raises(EstimationError) as caught:
        choir(rows=rows, wave=WAVE + wave).clean()
    return problems(caught)


def not_loaded(choir, wave: str) -> list[tuple[str, str]]:
    """Return what is said of a wave that cannot be loaded, without the file and the line."""
    with pytest.raises(WaveError) as caught:
        assert choir(wave=WAVE + wave).wave
    return [(where.rpartition(", ")[2], found) for where, found in problems(caught)]


def row(table: pd.DataFrame, indicator: str, group: str = "all") -> pd.Series:
    return table[(table["indicator"] == indicator) & (table["group"] == group)].iloc[0]


# --- Columns of the responses -----------------------------------------------------------------------------------------


def test_a_plain_wave_has_no_columns_of_a_design(twelve):
    assert sampling.arguments(twelve.responses) == {}


def test_weights_are_those_of_the_item(choir):
    responses = choir(wave=WAVE + "weights: weight\n").clean().responses
    assert responses["design.weight"].tolist() == responses["weight"].tolist() == [1.0] * 6 + [2.0] * 5 + [1.0]


def test_raked_weights_meet_both_margins(choir):
    """Of the six high voices five rehearse, of the five low ones three do."""
    responses = choir(rows=STATED, wave=WAVE + RAKED).clean().responses
    weight = responses["design.weight"]
    assert weight.groupby(responses["voice"], observed=True).sum().to_dict() == pytest.approx({"high": 30, "low": 20})
    assert weight.groupby(responses["rehearses"], observed=True).sum().to_dict() == pytest.approx({"yes": 40, "no": 10})
    # raking keeps the odds ratio of the answers: (5 · 2)/(1 · 3), so a·(10 − 30 + a)/((30 − a)(40 − a)) = 10/3
    high_and_yes = weight[(responses["voice"] == "high") & (responses["rehearses"] == "yes")].sum()
    assert high_and_yes * (high_and_yes - 20) / ((30 - high_and_yes) * (40 - high_and_yes)) == pytest.approx(10 / 3)


def test_raking_begins_with_the_weights_there_are(choir):
    rows = [{**row, "weight": str(k % 3 + 1)} for k, row in enumerate(STATED)]
    plain, weighted = (
        choir(rows=rows, wave=WAVE + more + RAKED).clean().responses["design.weight"]
        for more in ("", "weights: weight\n")
    )
    assert weighted.sum() == pytest.approx(plain.sum()) == pytest.approx(50)
    # singers 1 and 2 answered alike: before, 1 and 2 weighed 1 and 2
    assert (plain[1] / plain[0], weighted[1] / weighted[0]) == pytest.approx((1, 2))


def test_strata_and_units_are_numbers(choir):
    wave = "design: {strata: voice, clusters: remarks, units: {high: 9, low: 4, middle: 5}}\n"
    responses = choir(rows=IN_BOATS[:11], wave=WAVE + wave).clean().responses
    assert responses["design.stratum"].tolist() == [0] * 6 + [1] * 5
    assert responses["design.units"].tolist() == [9.0] * 6 + [4.0] * 5
    # boat one holds high and low voices: drawn twice, it is two units
    assert responses["design.cluster"].nunique() == 3 + 3


def test_a_stratum_may_be_named_by_a_text_that_stays_in_the_raw_file(choir):
    rows = [{**row, "remarks": "North " if k % 2 else "south"} for k, row in enumerate(TWELVE)]
    responses = (
        choir(rows=rows, wave=WAVE + "design: {strata: remarks, units: {north: 7, South: 8}}\n").clean().responses
    )
    assert responses["design.units"].tolist() == [8.0, 7.0] * 6
    assert "north" not in responses.astype(str).to_csv().lower()


def test_without_strata_and_units_the_population_is_made_of_respondents(choir):
    known = WAVE.replace("{universe: the singers of the village}", "{universe: the singers, size: 20}")
    responses = choir(wave=known + "weights: weight\n").clean().responses
    assert set(responses["design.units"]) == {20.0}
    assert "design.units" not in choir(wave=known, rows=TWELVE).clean().responses


# --- Estimates --------------------------------------------------------------------------------------------------------


def test_a_clustered_share_by_hand(choir):
    """Boats: 4 of 4, 2 of 4, 2 of 3 rehearse, in the fourth nobody said. p = 8/11; u = (4 − 32/11, 2 − 32/11,
    2 − 24/11, 0)/11 = (12, −10, −2, 0)/121; v = 4/3 · (144 + 100 + 4)/121². Three boats answered: two degrees."""
    one = row(choir(rows=IN_BOATS, wave=WAVE + CLUSTERS).results().estimates, "rehearse")
    v = 4 / 3 * 248 / 121**2
    assert (one["count"], one["base"], one["degrees_of_freedom"]) == (8, 11, 2)
    assert one["proportion"] == pytest.approx(8 / 11)
    assert one["design_effect"] == pytest.approx(v / (8 / 11 * 3 / 11 / 10))
    assert one["effective_base"] == pytest.approx(11 / one["design_effect"])
    assert one["method"] == "korn-graubard"
    assert (one["low"], one["high"]) == pytest.approx(korn_graubard(8 / 11, v, 11, 2), abs=1e-12)
    assert "few-degrees" in one["flags"]


def test_a_weighted_share_by_hand(choir):
    """The yes weigh 5 · 1 + 3 · 2 of 6 · 1 + 5 · 2. Σ w²(y − p)² = 17 (5/16)² + 9 (11/16)² = 1514/256, of twelve."""
    one = row(choir(wave=WAVE + "weights: weight\n").results().estimates, "rehearse")
    v = 12 / 11 * 1514 / 256 / 16**2
    assert one["design_effect"] == pytest.approx(v * 10 / (11 / 16 * 5 / 16))
    assert (one["low"], one["high"]) == pytest.approx(korn_graubard(11 / 16, v, 11, 10), abs=1e-12)


def test_where_all_say_the_same_the_effective_base_is_kishs(choir):
    rows = [{**row, "rehearses": "Yes"} for row in TWELVE]
    one = row(choir(rows=rows, wave=WAVE + "weights: weight\n").results().estimates, "rehearse")
    assert one["proportion"] == 1
    assert pd.isna(one["design_effect"])
    assert one["effective_base"] == pytest.approx((7 * 1 + 5 * 2) ** 2 / (7 * 1 + 5 * 4))
    assert (one["low"], one["high"]) == pytest.approx(korn_graubard(1, 0, 12, 11))
    assert one["low"] < 1


def test_another_method_may_be_chosen(choir):
    one = row(
        choir(rows=IN_BOATS, wave=WAVE + CLUSTERS + "interval: {method: logit}\n").results().estimates, "rehearse"
    )
    assert (one["low"], one["high"]) == pytest.approx(logit_interval(8 / 11, 4 / 3 * 248 / 121**2, 11, 2), abs=1e-12)


def test_a_design_method_of_a_plain_wave_knows_the_population(choir):
    """12 of 30 in a population of 45: R's svyciprop with method "beta" and fpc = 45 (package survey 4.1.1)."""
    rows = [{**TWELVE[0 if k < 12 else 4], "member": f"M-{k}"} for k in range(30)]  # the fifth does not rehearse
    wave = WAVE.replace("{universe: the singers of the village}", "{universe: the singers, size: 45}")
    one = row(choir(rows=rows, wave=wave + "interval: {method: beta}\n").results().estimates, "rehearse")
    assert (one["low"], one["high"]) == pytest.approx((0.296391, 0.510618), abs=1e-6)
    # v = (1 − 30/45) p(1 − p)/29
    assert (one["degrees_of_freedom"], one["design_effect"]) == pytest.approx((29, 1 / 3))


def test_a_group_met_by_one_unit_has_no_interval(choir):
    """All the low voices sit in boat two: one unit, no degree of freedom, and never an interval without width."""
    rows = [{**row, "remarks": "two" if row["voice"] == "Low voice" else "one"} for row in STATED]
    one = row(choir(rows=rows, wave=WAVE + CLUSTERS).results().estimates, "rehearse", "low")
    assert (one["base"], one["degrees_of_freedom"]) == (5, 0)
    assert pd.isna(one["low"]) and pd.isna(one["high"])
    assert "no-interval" in one["flags"]


def test_a_group_that_weighs_nothing_has_no_base_and_is_not_shown(choir):
    rows = [{**row, "weight": "0" if row["voice"] == "Low voice" else "1"} for row in STATED]
    wave = WAVE.replace("minimum_base: 5", "minimum_base: 4") + "weights: weight\n"
    results = choir(rows=rows, wave=wave).results()
    one = row(results.estimates, "rehearse", "low")
    assert one["suppressed"] and pd.isna(one["proportion"])
    assert row(results.estimates, "rehearse")["base"] == 6
    words = dict(method.disclosed(results))["Weighting"]
    assert "Of the respondents 5 have a weight of 0" in "".join(node.get("text", "") for node in words)


def test_an_edition_of_a_group_keeps_all_units(choir):
    """Half of the boats without a high voice still stand for boats that might have had one."""
    wave = WAVE + CLUSTERS + "weights: weight\n"
    rows = [{**row, "remarks": str(k % 6)} for k, row in enumerate(STATED)]
    results = choir(rows=rows, wave=wave).results(group="voice=high")
    everybody = results.responses_of_wave
    wanted = linearised_variance(
        np.where(everybody["rehearses"].isna(), np.nan, everybody["rehearses"] == "yes"),
        inside=(everybody["voice"] == "high").to_numpy(),
        **sampling.arguments(everybody),
    )
    one = row(results.estimates, "rehearse")
    assert one["base"] == 6
    assert (one["low"], one["high"]) == pytest.approx(
        korn_graubard(wanted.proportion, wanted.variance, 6, wanted.degrees_of_freedom), abs=1e-12
    )


def test_with_small_counts_hidden_weighted_figures_have_few_digits(choir):
    """Of weights 1 and 2 a second sum of the same answers, or many digits, would tell how many of each there are."""
    wave = WAVE.replace("smallest_count: off", "smallest_count: 2") + "weights: weight\n"
    results = choir(wave=wave).results()
    exact, coarse = (row(table, "rehearse") for table in (results.estimates, published(results)))
    assert exact["proportion"] == 0.6875
    assert coarse["proportion"] == 0.69
    assert coarse["base"] == exact["base"]
    assert np.isnan(coarse[["count", "weighted_base"]].to_numpy(float)).all()
    assert coarse["effective_base"] == 10 * round(exact["effective_base"] / 10)
    assert (coarse["low"], coarse["high"]) == (round(exact["low"], 2), round(exact["high"], 2))
    assert coarse["design_effect"] == round(exact["design_effect"], 1)
    share = Numbers(results).share("rehearse")
    assert (share.text, share.exact, share.numerator) == ("69%", 0.69, None)
    assert Numbers(results).share("rehearse", decimals=1).text == "69.0%"
    assert Numbers(results).x_of_n("rehearse").text == f"n = {exact['base']}"


def test_a_share_is_rounded_once(choir):
    """Eight who rehearse weigh 0.5685 each, 4.548 of 10: 45 %, and not 46 % by way of 45.5 %."""
    others = iter(["1.8", "1.8", "1.852"])
    weights = ["0.5685" if row["rehearses"] == "Yes" else next(others) for row in STATED]
    rows = [{**row, "weight": weight} for row, weight in zip(STATED, weights, strict=True)]
    wave = WAVE.replace("smallest_count: off", "smallest_count: 2") + "weights: weight\n"
    results = choir(rows=rows, wave=wave).results()
    share = Numbers(results).share("rehearse")
    assert (share.text, share.exact) == ("45%", 0.45)
    assert row(results.estimates, "rehearse")["proportion"] == 0.4548
    assert row(published(results), "rehearse")["proportion"] == 0.45


def published(results) -> pd.DataFrame:
    return pd.read_csv(results.folder / "estimates.csv")


# --- What contradicts the population ---------------------------------------------------------------------------------

SIZE_50 = "{universe: the singers, size: 50}"


@pytest.mark.parametrize(
    ("more", "found"),
    [
        ("rake: {voice: {high: 30, low: 10}}\n", ("rake.voice", "40")),
        ("design: {units: 60}\n", ("design.units", "60")),
    ],
)
def test_what_is_known_of_the_population_must_agree(choir, more, found):
    known = WAVE.replace("{universe: the singers of the village}", SIZE_50)
    with pytest.raises(WaveError) as caught:
        assert choir(wave=known + more).wave
    assert [(where.rpartition(", ")[2], said) for where, said in problems(caught)] == [found]


def test_one_primary_unit_in_all(choir):
    with pytest.raises(EstimationError) as caught:
        choir(rows=[{**row, "remarks": "one"} for row in TWELVE], wave=WAVE + CLUSTERS).clean()
    assert caught.value.problems[0].do.startswith("remove design.clusters, or ")


def test_a_weighted_wave_with_more_respondents_than_there_are(choir):
    known = WAVE.replace("{universe: the singers of the village}", "{universe: the singers, size: 11}")
    with pytest.raises(EstimationError) as caught:
        choir(wave=known + "weights: weight\n").clean()
    assert problems(caught) == [("wave.yml, population.size, the whole sample", "11")]


# --- What cannot be used ----------------------------------------------------------------------------------------------


def test_a_margin_without_an_answer_names_the_row(choir):
    assert refused(choir, RAKED) == [
        ("raking margin 'voice'", "1 missing (row 13)"),
        ("raking margin 'rehearses'", "1 missing (row 13)"),
    ]


def test_a_margin_that_nobody_is_in(choir):
    wave = "rake: {voice: {high: 30, middle: 5, low: 20}}\n"
    assert refused(choir, wave, STATED) == [
        ("raking margin 'voice', category 'middle'", "nobody (or only weights of 0)")
    ]


def test_a_code_without_a_total(choir):
    assert refused(choir, "rake: {voice: {high: 30}}\n", STATED) == [("raking margin 'voice'", "no target for 'low'")]


def test_margins_that_contradict_each_other_for_those_who_answered(choir):
    """Where only the high voices rehearse, thirty high voices cannot be twenty who rehearse and twenty who do not."""
    rows = [
        {**row, "rehearses": "Yes" if row["voice"] == "High voice" else "No", "solo": "", "hours": ""} for row in STATED
    ]
    ((where, _),) = refused(choir, "rake: {voice: {high: 30, low: 20}, rehearses: {yes: 25, no: 25}}\n", rows)
    assert where.startswith("raking margin 'voice'")


def test_a_stratum_with_one_unit(choir):
    found = "one, from which no variance can be computed"
    rows = [*STATED[:6], *STATED[7:8]]
    assert refused(choir, "design: {strata: voice}\n", rows) == [("stratum low", found)]
    rows = [{**row, "remarks": "north" if k else "south"} for k, row in enumerate(TWELVE)]
    assert refused(choir, "design: {strata: remarks}\n", rows) == [("stratum of row 2", found)]


def test_fewer_units_in_the_population_than_in_the_sample(choir):
    wave = "design: {strata: voice, units: {high: 9, low: 4}}\n"
    assert refused(choir, wave, STATED) == [("wave.yml, design.units, stratum low", "4")]


def test_a_stratum_without_its_number_of_units(choir):
    assert refused(choir, "design: {strata: voice, units: {high: 9}}\n", STATED) == [
        ("design.units, stratum low", "none")
    ]


@pytest.mark.parametrize(("use", "name"), [("strata", "voice"), ("clusters", "remarks")])
def test_somebody_without_stratum_or_unit(choir, use, name):
    rows = [{**row, name: "" if k == 11 else row[name] or "here"} for k, row in enumerate(TWELVE)]
    assert refused(choir, f"design: {{{use}: {name}}}\n", rows) == [
        (f"item {name!r}", "1 without one, in source row 13")
    ]


@pytest.mark.parametrize(
    ("wave", "said"),
    [
        ("rake: {voices: {high: 1}}\n", ("rake.voices", "'voices'")),
        ("rake: {sings: {folk: 1}}\n", ("rake.sings", "'sings' is multiple")),
        ("rake: {voice: {high: 30, lo: 20}}\n", ("rake.voice.lo", "'lo'")),
        ("rake: {voice: {high: -1, low: 20}}\n", ("rake.voice.high", "-1")),
        ("rake: {voice: {high: nan, low: 20}}\n", ("rake.voice.high", "nan")),
        ("rake: {voice: {high: 30, low: 20}, rehearses: {yes: 40, no: 9}}\n", ("rake", "voice: 50, rehearses: 49")),
        ("rake_source: the chronicle\n", ("rake_source", "no `rake`")),
        ("design: {strata: sings}\n", ("design.strata", "'sings' is multiple")),
        ("design: {clusters: boats}\n", ("design.clusters", "'boats'")),
        ("design: {strata: voice, units: {hihg: 9}}\n", ("design.units.hihg", "'hihg'")),
        ("design: {}\n", ("design", "a group of keys: {}")),
        ("design: {units: {high: 9}}\n", ("design", "a group of keys: {'units': {'high': '9'}}")),
        ("design: {strata: voice, units: 9}\n", ("design", "a group of keys: {'strata': 'voice', 'units': '9'}")),
        ("design: {clusters: voice, units: 0}\n", ("design.units", "'0'")),
        ("design: {clusters: voice}\ninterval: {method: wilson}\n", ("interval.method", "'wilson'")),
        ("rake: {voice: {high: 1}}\ninterval: {method: hypergeometric}\n", ("interval.method", "'hypergeometric'")),
    ],
)
def test_what_is_refused_when_the_wave_is_loaded(choir, wave, said):
    assert said in not_loaded(choir, wave)


@pytest.mark.parametrize(
    ("wave", "use"), [("rake: {voice: {high: 1}}\n", "rake.voice"), ("design: {strata: voice}\n", "design.strata")]
)
def test_what_was_not_asked_cannot_be_used(choir, wave, use):
    study = choir(wave=WAVE.replace("not_asked: [sings_other]", "not_asked: [sings_other, voice]") + wave)
    with pytest.raises(WaveError, match=f"which {use} needs"):
        assert study.wave


def test_no_item_may_be_called_as_the_columns_of_the_design(choir):
    from impact_report.errors import CodebookError

    with pytest.raises(CodebookError, match="the responses do not use themselves"):
        assert choir(codebook=CODEBOOK.replace("  weight: {", "  design: {")).codebook


# --- What the report says ---------------------------------------------------------------------------------------------


def said(choir, label: str, wave: str, rows=STATED) -> str:
    results = choir(rows=rows, wave=wave).results()
    nodes = dict(method.disclosed(results))[label]
    return "".join(node.get("text", "") or "".join(one.get("text", "") for one in node.get("c", [])) for node in nodes)


def test_margins_and_what_the_weights_cost_are_said(choir):
    words = said(choir, "Weighting", WAVE + RAKED)
    assert "equal weights are multiplied" in words
    assert "“Which voice do you sing?”: High voice 30, Low voice 20; “Do you come" in words
    assert "(source: the chronicle)" in words
    assert "Kish's effective base" in words
    assert "numbers of answers, not of weights" in words


def test_strata_units_and_the_part_taken_are_said(choir):
    wave = WAVE + "design: {strata: voice, clusters: remarks, units: {high: 9, low: 4}}\n"
    words = said(choir, "Sample sizes and precision", wave, IN_BOATS[:11])
    assert "divided into 2 strata (Which voice do you sing?)" in words
    assert "belong together in 6 primary units (Anything else?)" in words
    assert "Of 13 primary units in the population 6 are in the sample" in words
    assert "Korn–Graubard interval at 95%" in words


@pytest.mark.parametrize(
    ("selection", "wanted"),
    [
        ("", "It is not called a margin of error: for that, respondents would have to be drawn at random"),
        ("self-selected", "these decided themselves whether to answer"),
        ("everyone", "It is not called a margin of error: everybody was asked"),
        ("random", "the margin of error of a share of all respondents is at most"),
    ],
)
def test_only_a_random_sample_has_a_margin_of_error(choir, selection, wanted):
    wave = WAVE + f"  selection: {selection}\n" if selection else WAVE
    assert wanted in said(choir, "Sample sizes and precision", wave, TWELVE)


def test_the_margin_of_error_is_the_farthest_end_of_an_interval_of_all(choir):
    results = choir(wave=WAVE + "  selection: random\n").results()
    # asked only of some: solo_answered, solo_asked, solo_all; about some: enjoy_low
    table = results.of_everyone[results.of_everyone["indicator"].isin(["rehearse", "enjoy", "sacred", "folk"])]
    most = max(max(one.high - one.proportion, one.proportion - one.low) for one in table.itertuples())
    words = dict(method.disclosed(results))["Sample sizes and precision"]
    (number,) = [node for node in words if node.get("what", "").startswith("largest distance")]
    assert number["text"] == str(round(most * 100))


def test_the_worst_case_is_explained_where_the_population_is_known(choir):
    known = WAVE.replace("{universe: the singers of the village}", "{universe: the singers, size: 20}")
    assert "these bounds assume nothing" in said(choir, "Sample sizes and precision", known, TWELVE)
    assert "these bounds assume nothing" not in said(choir, "Sample sizes and precision", WAVE, TWELVE)


def test_a_row_set_aside_needs_no_weight(choir):
    rows = changed(12, weight="", source="Preview")
    assert len(choir(rows=rows, wave=WAVE + "weights: weight\n").clean().responses) == 11


def facts_of(results, indicator: str) -> dict[str, str]:
    """Return what the evidence of a share says, label by label."""
    (block,) = [one for one in evidence(results) if one.get("id") == f"evidence-{indicator}"]
    return {label: "".join(node.get("text", "") for node in nodes) for label, nodes in block["facts"]}


def test_the_evidence_of_a_share_says_what_its_base_is_worth(choir):
    facts = facts_of(choir(rows=IN_BOATS, wave=WAVE + CLUSTERS).results(), "rehearse")
    # design effect 1.14 of eleven answers in three boats (and a fourth)
    assert facts["The base is worth"].startswith("as much as 10 equally weighted answers")
    assert facts["The base is worth"].endswith("degrees of freedom: 2; design effect: 1.14")


def test_the_evidence_of_a_share_says_its_worst_case(choir):
    """Eight of eleven rehearse; of twenty it could be 8 to 17."""
    known = WAVE.replace("{universe: the singers of the village}", "{universe: the singers, size: 20}")
    assert facts_of(choir(wave=known).results(), "rehearse")["Worst case"].startswith("40–85%")
    assert "Worst case" not in facts_of(choir().results(), "rehearse")
