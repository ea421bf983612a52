"""Eligible, asked, base, count: of the twelve singers each is counted by hand, in the table of study.py."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest
from study import CODEBOOK, TWELVE, WAVE, changed

from impact_report import sampling
from impact_report.design import from_unit_sums, linearised_variance
from impact_report.errors import EstimationError, WaveError
from impact_report.tally import COLUMNS, KEYS, SUMS, add, outcomes, tally

WEIGHTED = WAVE + "weights: weight\n"

# indicator: eligible, asked, base, count; for all, for the high and for the low voices
BY_HAND = {
    # singers 1–12; 12 said nothing; yes: 1, 2, 3, 4, 6, 7, 8, 11
    "rehearse": [(12, 12, 11, 8), (6, 6, 6, 5), (5, 5, 5, 3)],
    # of the eight who rehearse 4 said nothing; yes: 1, 3, 7, 11
    "solo_answered": [(12, 8, 7, 4), (6, 5, 4, 2), (5, 3, 3, 2)],
    "solo_asked": [(12, 8, 8, 4), (6, 5, 5, 2), (5, 3, 3, 2)],
    "solo_all": [(12, 8, 12, 4), (6, 5, 6, 2), (5, 3, 5, 2)],
    # 6 can't say; agree or strongly agree: 1, 2, 4, 7, 8, 10, 11, 12
    "enjoy": [(12, 12, 11, 8), (6, 6, 5, 3), (5, 5, 5, 4)],
    # of the low voices 7, 8, 10, 11
    "enjoy_low": [(5, 5, 5, 4), (0, 0, 0, 0), (5, 5, 5, 4)],
    # all saw the question, 4 ticked nothing; sacred: 1, 2, 6, 7, 8, 11, 12
    "sacred": [(12, 12, 12, 7), (6, 6, 6, 3), (5, 5, 5, 3)],
    # 4 ticked nothing and is out of the base; folk: 1, 5, 8, 10
    "folk": [(12, 12, 11, 4), (6, 6, 5, 2), (5, 5, 5, 2)],
}
GROUPS = [("all", "all"), ("voice", "high"), ("voice", "low")]
COUNTED = ["eligible", "asked", "base", "count"]
NEEDED = [  # by the variance, in the order of `from_unit_sums`
    "weighted_count", "weighted_base", "unit_counts", "unit_bases", "squared_counts", "products", "squared_bases",
    "units_met", "units", "units_in_population",
]  # fmt: skip


@pytest.fixture(scope="module")
def counted(twelve) -> pd.DataFrame:
    return tally(twelve.responses, twelve.codebook)


def row(table: pd.DataFrame, indicator: str, group_by: str = "all", group: str = "all") -> pd.Series:
    wanted = (table["indicator"] == indicator) & (table["group_by"] == group_by) & (table["group"] == group)
    assert wanted.sum() == 1
    return table[wanted].iloc[0]


@pytest.mark.parametrize("place", range(3), ids=["all", "high", "low"])
@pytest.mark.parametrize("indicator", BY_HAND)
def test_counted_by_hand(counted, indicator, place):
    one = row(counted, indicator, *GROUPS[place])
    assert tuple(one[COUNTED]) == BY_HAND[indicator][place]


def test_a_row_for_each_indicator_and_group_in_the_codebooks_order(counted, twelve):
    assert list(counted) == COLUMNS
    assert list(dict.fromkeys(counted["indicator"])) == [one.id for one in twelve.codebook.indicators] == list(BY_HAND)
    first = counted[counted["indicator"] == "rehearse"]
    assert list(zip(first["group_by"], first["group"], strict=True)) == [
        ("all", "all"), ("voice", "high"), ("voice", "middle"), ("voice", "low"),
    ]  # fmt: skip
    assert set(counted.loc[counted["indicator"] == "enjoy", "section"]) == {"joy"}


def test_a_group_nobody_belongs_to_is_a_row_of_zeros(counted):
    nobody = counted[counted["group"] == "middle"]
    assert len(nobody) == len(BY_HAND)
    assert (nobody[SUMS] == 0).all(axis=None)


def test_the_members_of_a_group_are_the_same_whatever_the_indicator(counted):
    # Twelve singers, six high and five low voices; members who are not eligible (enjoy_low) are members all the same.
    for indicator in BY_HAND:
        assert [row(counted, indicator, *group)["members"] for group in GROUPS] == [12, 6, 5]


def test_counts_are_whole_numbers(counted):
    assert (counted[["members", *COUNTED]].dtypes == "int64").all()


def test_a_count_lies_within_its_base_and_that_within_the_eligible(counted):
    assert (counted["count"] <= counted["base"]).all()
    assert (counted["base"] <= counted["eligible"]).all()
    assert (counted["eligible"] <= counted["members"]).all()
    assert (counted["asked"] <= counted["eligible"]).all()


def test_who_has_no_group_counts_for_everyone_only(counted):
    # singer 12 did not state a voice
    for indicator in ("sacred", "solo_all"):
        everyone, high, low = (row(counted, indicator, *group)["base"] for group in GROUPS)
        assert everyone == high + low + 1


# --- One respondent at a time -----------------------------------------------------------------------------------------


def test_what_each_singer_contributes(twelve):
    flags = outcomes(twelve.responses, twelve.codebook, twelve.indicator("solo_asked"))
    numbers = {name: [k + 1 for k, one in enumerate(flags[name]) if one] for name in flags}
    assert numbers == {
        "eligible": list(range(1, 13)),
        "asked": [1, 2, 3, 4, 6, 7, 8, 11],
        "base": [1, 2, 3, 4, 6, 7, 8, 11],
        "count": [1, 3, 7, 11],
    }


@pytest.mark.parametrize("indicator", BY_HAND)
def test_the_sums_are_those_of_the_singers(twelve, counted, indicator):
    flags = outcomes(twelve.responses, twelve.codebook, twelve.indicator(indicator))
    assert flags.sum().tolist() == list(row(counted, indicator)[COUNTED])


# --- The order of things ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_respondents_does_not_matter(twelve, counted, seed):
    shuffled = twelve.responses.sample(frac=1, random_state=seed)
    pd.testing.assert_frame_equal(tally(shuffled, twelve.codebook), counted)


def test_nothing_is_changed(twelve):
    before = twelve.responses.copy()
    tally(twelve.responses, twelve.codebook)
    pd.testing.assert_frame_equal(twelve.responses, before)


@pytest.mark.parametrize("wave", [WAVE, WEIGHTED], ids=["plain", "weighted"])
@pytest.mark.parametrize("pieces", [[3, 12], [1, 2, 3, 12], [5, 5, 12]])
def test_pieces_add_up_to_the_whole(choir, wave, pieces):
    study = choir(wave=wave)
    responses = study.clean().responses
    starts = [0, *pieces[:-1]]
    tallies = [
        tally(responses.iloc[start:end], study.codebook)
        for start, end in zip(starts, pieces, strict=True)
        if end > start
    ]
    pd.testing.assert_frame_equal(add(tallies), tally(responses, study.codebook))


def test_a_piece_of_nobody_adds_nothing(twelve, counted):
    nobody = tally(twelve.responses.iloc[:0], twelve.codebook)
    assert (nobody[SUMS] == 0).all(axis=None)
    pd.testing.assert_frame_equal(add([nobody, counted]), counted)


def test_the_order_of_pieces_does_not_matter(twelve, counted):
    one, other = (tally(twelve.responses.iloc[rows], twelve.codebook) for rows in (slice(0, 7), slice(7, 12)))
    pd.testing.assert_frame_equal(add([other, one]), counted)


# --- Weights: a low voice stands for two singers ----------------------------------------------------------------------


def test_weighted_by_hand(choir):
    study = choir(wave=WEIGHTED)
    one = row(tally(study.clean().responses, study.codebook), "rehearse")
    assert tuple(one[COUNTED]) == (12, 12, 11, 8)  # bases are numbers of answers, whatever they weigh
    assert one["weighted_base"] == 6 * 1 + 5 * 2
    assert one["weighted_count"] == 5 * 1 + 3 * 2
    assert one["squared_weights"] == one["squared_bases"] == 6 * 1 + 5 * 4
    assert one["squared_counts"] == one["products"] == 5 * 1 + 3 * 4
    assert (one["units_met"], one["units"]) == (11, 12)


def test_without_weights_each_counts_as_one(counted):
    assert (counted["weighted_base"] == counted["base"]).all()
    assert (counted["weighted_count"] == counted["count"]).all()
    for name in ("squared_weights", "squared_bases", "units_met"):
        assert (counted[name] == counted["base"]).all()
    for name in ("squared_counts", "products"):
        assert (counted[name] == counted["count"]).all()
    assert (counted["units"] == 12).all()
    assert (counted["units_in_population"] == float("inf")).all()


@pytest.mark.parametrize(
    ("weights", "found"),
    [
        (["", *["1"] * 11], "1 missing or negative, in source row 2"),
        ([*["1"] * 5, "", "", *["1"] * 5], "2 missing or negative, in source rows 7, 8"),
        (["0"] * 12, "only zeros"),
    ],
)
def test_weights_that_cannot_be(choir, weights, found):
    rows = [{**row, "weight": weight} for row, weight in zip(TWELVE, weights, strict=True)]
    with pytest.raises(EstimationError) as caught:
        choir(rows=rows, wave=WEIGHTED).clean()
    (problem,) = caught.value.problems
    assert (problem.found, problem.where) == (found, "item 'weight'")


def test_some_weights_may_be_0(choir):
    study = choir(rows=changed(1, weight="0"), wave=WEIGHTED)
    one = row(tally(study.clean().responses, study.codebook), "rehearse")
    assert (one["asked"], one["base"], one["count"], one["weighted_base"]) == (12, 10, 7, 15)
    flags = outcomes(study.clean().responses, study.codebook, study.codebook.indicators[0])
    assert flags.loc[0].tolist() == [True, True, False, False]


def test_a_personal_weight_is_refused_when_the_wave_is_loaded(choir):
    codebook = CODEBOOK.replace("{question: Weight, kind", "{question: Weight, personal: true, kind")
    study = choir(codebook=codebook, wave=WEIGHTED)
    with pytest.raises(WaveError, match="personal"):
        assert study.wave


# --- Primary units: the singers came in boats -------------------------------------------------------------------------

BOATS = ["one", "one", "two", "two", "two", "three", "one", "one", "two", "three", "three", "four"]


def in_boats(choir, more: str = ""):
    rows = [{**row, "remarks": boat} for row, boat in zip(TWELVE, BOATS, strict=True)]
    return choir(rows=rows, wave=WAVE + "design: {clusters: remarks" + more + "}\n")


def test_units_by_hand(choir):
    """Boats one (1, 2, 7, 8), two (3, 4, 5, 9), three (6, 10, 11) and four (12, who said nothing)."""
    study = in_boats(choir)
    counted = tally(study.clean().responses, study.codebook)
    one = row(counted, "rehearse")
    assert (one["base"], one["count"]) == (11, 8)
    assert (one["units"], one["units_met"]) == (4, 3)
    # yes: one 1, 2, 7, 8; two 3, 4; three 6, 11. Bases 4, 4 and 3.
    assert one["squared_counts"] == 4**2 + 2**2 + 2**2
    assert one["products"] == 4 * 4 + 2 * 4 + 2 * 3
    assert one["squared_bases"] == 4**2 + 4**2 + 3**2
    # low voices: one 7, 8; two 9; three 10, 11; yes: 7, 8, 11
    low = row(counted, "rehearse", "voice", "low")
    assert (low["units"], low["units_met"]) == (4, 3)
    assert (low["squared_counts"], low["products"], low["squared_bases"]) == (2**2 + 1, 2 * 2 + 1 * 2, 4 + 1 + 4)


def test_the_names_of_units_never_leave_the_raw_file(choir):
    responses = in_boats(choir).clean().responses
    assert sorted(responses["design.cluster"].unique()) == [0, 1, 2, 3]
    said = responses.astype(str).to_numpy().ravel().tolist()
    assert not {"three", "remarks"} & {*said, *responses.columns}


def test_pieces_that_split_no_unit_add_up(choir):
    study = in_boats(choir)
    responses = study.clean().responses
    first = responses["design.cluster"] < 2
    pieces = [tally(responses[piece], study.codebook) for piece in (first, ~first)]
    pd.testing.assert_frame_equal(add(pieces), tally(responses, study.codebook))


# --- Any design: the sums give the variance of the textbook -----------------------------------------------------------


def random_design(seed: int, strata: bool, clusters: bool, known: bool, weighted: bool) -> pd.DataFrame:
    """Three hundred responses of the choir, drawn somehow."""
    chance = np.random.default_rng(seed)
    rows = 300
    answers = {}
    for name, codes in {"voice": ["high", "middle", "low"], "rehearses": ["yes", "no"]}.items():
        answers[name] = pd.Categorical.from_codes(chance.integers(-1, len(codes), rows), codes)
        answers[f"{name}.missing"] = pd.Categorical(np.where(answers[name].isna(), "no_answer", None))
    if strata:
        answers["design.stratum"] = chance.integers(0, 4, rows)
    if clusters:
        answers["design.cluster"] = chance.integers(0, 9, rows)  # the same numbers in each stratum
    if known:
        stratum = answers.get("design.stratum", np.zeros(rows, int))
        answers["design.units"] = np.array([9, 12, 40, 13] if clusters else [300, 310, 500, 1000])[stratum]
    if weighted:
        answers["design.weight"] = chance.choice([0, 0.5, 1, 3.25], rows)
    return pd.DataFrame(answers)


def of_rehearse(study):
    """Return the choir's codebook with the first indicator alone."""
    section = study.codebook.sections[0].model_copy(update={"indicators": [study.indicator("rehearse")]})
    return study.codebook.model_copy(update={"sections": [section]})


def agrees_with_the_answers(twelve, responses: pd.DataFrame, edition: bool, rel: float) -> bool:
    """Say whether the sums of the tally give the linearised variance of the answers, for everyone and each group."""
    inside = np.arange(300) % 3 > 0 if edition else np.ones(300, bool)
    counted = tally(responses, of_rehearse(twelve), inside if edition else None)
    groups = counted.groupby(KEYS, sort=False)
    found = from_unit_sums(groups.ngroup(), *(counted[name].to_numpy(float) for name in NEEDED))
    answers = np.where(responses["rehearses"].isna(), np.nan, responses["rehearses"] == "yes")
    for place, (*_, group) in enumerate(groups.groups):
        of_group = inside & (True if group == "all" else (responses["voice"] == group).to_numpy())
        wanted = linearised_variance(answers, inside=of_group, **sampling.arguments(responses))
        if [part[place] for part in found] != pytest.approx(list(wanted[:3]), rel=rel, abs=1e-18):
            return False
    return True


@pytest.mark.parametrize("drawn", list(product([False, True], repeat=4)), ids=str)
@pytest.mark.parametrize("edition", [False, True], ids=["whole", "part"])
def test_the_sums_give_the_linearised_variance(twelve, drawn, edition):
    responses = random_design(sum(drawn), *drawn)
    assert agrees_with_the_answers(twelve, responses, edition, 1e-12)


@pytest.mark.parametrize("drawn", list(product([False, True], repeat=3)), ids=str)
@pytest.mark.parametrize("edition", [False, True], ids=["whole", "part"])
def test_the_sums_of_raked_weights_give_the_linearised_variance(twelve, drawn, edition):
    responses = random_design(sum(drawn), *drawn, True)
    chance = np.random.default_rng(7)
    responses["design.margin_1"] = chance.integers(0, 2, 300)
    responses["design.margin_2"] = chance.integers(0, 3, 300)
    assert agrees_with_the_answers(twelve, responses, edition, 1e-11)


def test_pieces_of_raked_weights_do_not_add_up(twelve):
    responses = random_design(1, False, False, False, True).assign(**{"design.margin_1": np.arange(300) % 2})
    pieces = [tally(responses[:150], of_rehearse(twelve)), tally(responses[150:], of_rehearse(twelve))]
    with pytest.raises(EstimationError, match="raked"):
        add(pieces)
