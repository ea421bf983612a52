"""GRIM against the published sets of percentages, and published figures against computed ones."""

import numpy as np
import pandas as pd
import pytest

from impact_report.errors import EstimationError
from impact_report.plausibility import (
    attainable,
    check_own,
    compare,
    counts_of,
    grim,
    in_ranges,
    possible_bases,
    read_percentages,
)
from impact_report.rounding import round_half_up_percent

PUBLISHED = {
    "partnerships": [83, 65, 83, 83, 83, 78],
    "job seekers": [65, 57, 52, 78],
    "businesses": [65, 50, 33],
}


def test_the_table_of_possible_bases():
    bases = attainable(PUBLISHED)
    assert {name: (found[0], in_ranges(found)) for name, found in bases.items()} == {
        "partnerships": (23, "23 40 46 54 60 63 65 69 72 77 78 80–83 86 88 89 92–96 98–100"),
        "job seekers": (23, "23 46 54 60 63 65 69 77 79 81–83 86 88 89 91–100"),
        "businesses": (40, "40 46 48 52 54 60 66 72 78 80 82 84 86 88 92 94 96 98 100"),
        "all": (46, "46 54 60 82 86 88 92 94 96 98 100"),
    }


def test_the_earlier_page():
    assert in_ranges(possible_bases([82, 91, 82])) == "11 22 33 34 44 45 55–57 65–68 74 76–79 82 85 87–100"


@pytest.mark.parametrize(("percent", "count"), [(83, 38), (78, 36), (65, 30), (57, 26), (52, 24), (50, 23), (33, 15)])
def test_each_published_percentage_has_one_count_at_46(percent, count):
    assert grim(percent, 46) == (True, (count,))


def test_at_23_the_last_two_statements_are_impossible():
    assert [grim(percent, 23).numerators for percent in (83, 78, 65, 57, 52)] == [(19,), (18,), (15,), (13,), (12,)]
    assert not grim(50, 23).possible
    assert not grim(33, 23).possible
    # a smaller base for these two makes them possible: a denominator belongs to each statement
    assert possible_bases([50, 33], largest=20) == [6, 12, 18]


def test_grim_finds_exactly_the_counts_that_round_to_the_figure():
    for base in (7, 23, 46, 99, 250, 1003):
        printed = round_half_up_percent(np.arange(base + 1), base)
        for percent in range(101):
            assert grim(percent, base).numerators == tuple(np.flatnonzero(printed == percent).tolist())


def test_the_rounding_rule_decides():
    # 881 of 942 is 93.52 %: printed as 93 it was cut, not rounded
    assert 881 not in grim(93, 942).numerators
    assert 881 in grim(93, 942, rounding="down").numerators
    assert grim(13, 40).numerators == (5,)  # 12.5 rounded up
    assert grim(12, 40).numerators == ()
    assert grim(12, 40, rounding="half even").numerators == (5,)


def test_decimals_sharpen_the_test():
    assert grim("82.6", 46, decimals=1).numerators == (38,)
    assert not grim("82.7", 46, decimals=1).possible


def test_no_base_is_left():
    assert possible_bases([50, 33], largest=5) == []


def test_unreadable_percentages_are_all_named():
    with pytest.raises(EstimationError) as raised:
        possible_bases([83, "many", 101, 82.6, -1], decimals=0)
    assert [problem.where for problem in raised.value.problems] == [
        "percentage 2",
        "percentage 3",
        "percentage 4",
        "percentage 5",
    ]


@pytest.mark.parametrize("base", [0, -3, 2.5, "46"])
def test_a_base_must_be_a_whole_number(base):
    with pytest.raises(EstimationError, match="whole number above 0"):
        grim(83, base)


def test_the_name_all_is_kept():
    with pytest.raises(EstimationError, match="kept for all together"):
        attainable({"all": [83]})


def published(**percents):
    return pd.DataFrame(
        {"indicator": list(percents), "statement": [f"they {name}" for name in percents], "percent": percents.values()}
    )


def estimate(indicator, count, base, **more):
    return {"indicator": indicator, "count": count, "base": base, "proportion": count / base if base else np.nan} | more


def test_agreement_difference_and_its_size():
    compared = compare(
        published(shared=83, branded=50, trained=50),
        pd.DataFrame([estimate("branded", 11, 23), estimate("shared", 38, 46), estimate("trained", 20, 46)]),
    )
    assert compared["outcome"].tolist() == ["agrees", "differs", "differs"]
    assert compared["computed"].tolist() == [83, 48, 43]
    # 38/46 = 82.6087 %: agrees, and yet lies 0.39 points below the printed 83
    assert compared["difference"].round(4).tolist() == [-0.3913, -2.1739, -6.5217]
    assert compared["numerators"].tolist() == [(38,), (), (23,)]
    assert compared["reason"].tolist() == ["", "no whole number of the answers gives the published figure", ""]


def test_each_reason_why_nothing_can_be_compared():
    figures = published(gone=50, nobody=50, hidden=50, none=50)
    figures.loc[3, "indicator"] = None
    estimates = pd.DataFrame([estimate("nobody", 0, 0, suppressed=False), estimate("hidden", 2, 4, suppressed=True)])
    compared = compare(figures, estimates)
    assert set(compared["outcome"]) == {"cannot be compared"}
    assert compared["reason"].tolist() == [
        "this survey did not ask it",
        "nobody answered",
        "this report does not show the figure, because too few answered",
        "this survey has no such statement",
    ]
    assert compared["computed"].isna().all()


def test_a_weighted_proportion_is_compared_as_it_is():
    compared = compare(published(shared=66), pd.DataFrame([estimate("shared", 5, 10) | {"proportion": 0.6612697}]))
    assert compared.loc[0, "outcome"] == "agrees"
    assert compared.loc[0, "difference"] == pytest.approx(0.12697)


def test_missing_columns_and_double_estimates():
    with pytest.raises(EstimationError) as raised:
        compare(pd.DataFrame({"indicator": []}), pd.DataFrame({"indicator": []}))
    assert len(raised.value.problems) == 5
    with pytest.raises(EstimationError, match="several for 'shared'"):
        compare(published(shared=83), pd.DataFrame([estimate("shared", 38, 46)] * 2))


def test_figures_are_compared_at_the_decimals_they_were_printed_with():
    """38 of 46 is 82.6087 %."""
    figures = published(whole="83", one="82.6", zero="83.0", two="82.61")
    estimates = pd.DataFrame([estimate(name, 38, 46) for name in figures["indicator"]])
    compared = compare(figures, estimates)
    assert compared["outcome"].tolist() == ["agrees", "agrees", "differs", "agrees"]
    assert compared["decimals"].tolist() == [0, 1, 1, 2]
    assert compared["computed"].tolist() == [83, 82.6, 82.6, 82.61]
    assert compared.loc[2, "reason"] == "no whole number of the answers gives the published figure"


def test_possible_bases_of_figures_with_different_decimals():
    # 66.7 needs a multiple of 3 among the small bases, 50 an even one
    assert possible_bases(["66.7", "50"], largest=12) == [6, 12]
    assert possible_bases(["66.7", "50"], decimals=1, largest=12) == [6, 12]
    assert possible_bases(["67", "50"], decimals=1, largest=12) == []


@pytest.mark.parametrize("rounding", ["half up", "half down", "half even", "up", "down"])
@pytest.mark.parametrize("base", [100, 101, 137, 1000, 1003])
def test_a_base_of_a_hundred_or_more_gives_every_whole_percentage(rounding, base):
    assert all(counts_of(range(101), base, rounding=rounding))


@pytest.mark.parametrize("base", [10**8 + 1, 10**30])
def test_a_base_beyond_all_surveys(base):
    with pytest.raises(EstimationError, match="at most 100,000,000"):
        grim(83, base)


# --- Percentages as people list them ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "groups"),
    [
        ("83 65 83", [["83", "65", "83"]]),
        ("83%, 65%, 83%", [["83", "65", "83"]]),
        ("83 %, 65 %", [["83", "65"]]),
        ("83,65,83", [["83", "65", "83"]]),
        ("83.5 65 / 33", [["83.5", "65"], ["33"]]),
        ("83/65", [["83"], ["65"]]),
    ],
)
def test_percentages_as_people_list_them(given, groups):
    assert read_percentages(given.split(" ")) == groups


@pytest.mark.parametrize(
    ("given", "do"),
    [
        ("83 65,5", "write 65.5, or 65 5"),
        ("/", "write them as 83 65 83, groups as 83 65 / 65 57"),
        ("83 / / 65", "write them as 83 65 83, groups as 83 65 / 65 57"),
        ("%", "write them as 83 65 83, groups as 83 65 / 65 57"),
    ],
)
def test_percentages_that_can_be_read_in_two_ways(given, do):
    with pytest.raises(EstimationError) as raised:
        read_percentages(given.split(" "))
    assert [problem.do for problem in raised.value.problems] == [do]


# --- The report's own shares ------------------------------------------------------------------------------------------


def own(count, base, proportion, suppressed=False):
    row = {"indicator": "shared", "group_by": "role", "group": "firm", "suppressed": suppressed}
    return row | {"count": count, "base": base, "proportion": proportion}


def test_every_share_shown_is_checked():
    rows = [own(5, 40, 0.125), own(38, 46, 38 / 46), own(0, 0, np.nan), own(np.nan, np.nan, np.nan, suppressed=True)]
    assert check_own(pd.DataFrame(rows)) == 2


@pytest.mark.parametrize(
    ("row", "found"),
    [
        (own(11, 23, 0.50), "50% from 11 of 23"),  # no count of 23 gives 50
        (own(38, 46, 0.80), "80% from 38 of 46"),  # 37 of 46 would
        (own(5, 40, 0.1249999), "12% from 5 of 40"),
    ],
)
def test_a_share_that_its_base_cannot_give_stops_the_build(row, found):
    with pytest.raises(EstimationError) as raised:
        check_own(pd.DataFrame([own(38, 46, 38 / 46), row]))
    (problem,) = raised.value.problems
    assert (problem.found, problem.where) == (found, "estimates, shared, role firm")
