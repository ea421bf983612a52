"""Eligible, asked, base, count: of the twelve singers each is counted by hand, in the table of study.py."""

from __future__ import annotations

import pandas as pd
import pytest
from study import CODEBOOK, TWELVE, WAVE, changed

from impact_report.errors import EstimationError, WaveError
from impact_report.tally import KEYS, SUMS, add, outcomes, tally

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
    assert list(counted) == KEYS + SUMS
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
    tally(twelve.responses, twelve.codebook, "weight")
    pd.testing.assert_frame_equal(twelve.responses, before)


@pytest.mark.parametrize("weights", [None, "weight"])
@pytest.mark.parametrize("pieces", [[3, 12], [1, 2, 3, 12], [5, 5, 12]])
def test_pieces_add_up_to_the_whole(twelve, weights, pieces):
    starts = [0, *pieces[:-1]]
    tallies = [
        tally(twelve.responses.iloc[start:end], twelve.codebook, weights)
        for start, end in zip(starts, pieces, strict=True)
        if end > start
    ]
    pd.testing.assert_frame_equal(add(tallies), tally(twelve.responses, twelve.codebook, weights))


def test_a_piece_of_nobody_adds_nothing(twelve, counted):
    nobody = tally(twelve.responses.iloc[:0], twelve.codebook)
    assert (nobody[SUMS] == 0).all(axis=None)
    pd.testing.assert_frame_equal(add([nobody, counted]), counted)


def test_the_order_of_pieces_does_not_matter(twelve, counted):
    one, other = (tally(twelve.responses.iloc[rows], twelve.codebook) for rows in (slice(0, 7), slice(7, 12)))
    pd.testing.assert_frame_equal(add([other, one]), counted)


# --- Weights: a low voice stands for two singers ----------------------------------------------------------------------


def test_weighted_by_hand(twelve):
    one = row(tally(twelve.responses, twelve.codebook, "weight"), "rehearse")
    assert tuple(one[COUNTED]) == (12, 12, 11, 8)  # bases are numbers of answers, whatever they weigh
    assert one["weighted_base"] == 6 * 1 + 5 * 2
    assert one["weighted_count"] == 5 * 1 + 3 * 2
    assert one["squared_base"] == 6 * 1 + 5 * 4
    assert one["squared_count"] == 5 * 1 + 3 * 4


def test_without_weights_each_counts_as_one(counted):
    for name in ("base", "count"):
        assert (counted[f"weighted_{name}"] == counted[name]).all()
        assert (counted[f"squared_{name}"] == counted[name]).all()


@pytest.mark.parametrize(
    ("weights", "found"),
    [
        (["", *["1"] * 11], "1 missing or negative, in source rows 2"),
        ([*["1"] * 5, "", "", *["1"] * 5], "2 missing or negative, in source rows 7, 8"),
        (["0"] * 12, "only zeros"),
    ],
)
def test_weights_that_cannot_be(choir, weights, found):
    rows = [{**row, "weight": weight} for row, weight in zip(TWELVE, weights, strict=True)]
    study = choir(rows=rows)
    with pytest.raises(EstimationError) as caught:
        tally(study.clean().responses, study.codebook, "weight")
    (problem,) = caught.value.problems
    assert (problem.found, problem.where) == (found, "item 'weight'")


def test_some_weights_may_be_0(choir):
    study = choir(rows=changed(1, weight="0"))
    one = row(tally(study.clean().responses, study.codebook, "weight"), "rehearse")
    assert (one["base"], one["weighted_base"]) == (11, 15)


def test_a_personal_weight_is_refused_when_the_wave_is_loaded(choir):
    codebook = CODEBOOK.replace("{question: Weight, kind", "{question: Weight, personal: true, kind")
    study = choir(codebook=codebook, wave=WAVE + "weights: weight\n")
    with pytest.raises(WaveError, match="personal"):
        assert study.wave
