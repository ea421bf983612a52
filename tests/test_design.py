"""Linearised variances, degrees of freedom and effective bases, against R's survey package and by hand."""

from __future__ import annotations

import numpy as np
import pytest
from r_survey import R_CASES

from impact_report.design import linearised_variance
from impact_report.errors import EstimationError
from impact_report.precision import korn_graubard

# --- design variances against R ------------------------------------------------------------------------------------

# California's 1999 Academic Performance Index, samples of R's survey package, as counts.
# district: (schools, with award, without English learners), all schools of 15 of 757 districts
API_CLUSTERS = {
    637: (11, 9, 0),
    437: (4, 3, 0),
    778: (2, 1, 0),
    197: (13, 9, 0),
    406: (2, 2, 0),
    815: (4, 0, 0),
    178: (4, 3, 0),
    255: (16, 13, 0),
    568: (9, 4, 4),
    135: (34, 26, 0),
    510: (21, 14, 0),
    716: (37, 24, 0),
    61: (13, 10, 0),
    413: (1, 1, 0),
    448: (12, 11, 0),
}
# (schools of the district, sampled, with award), up to five schools of each of 40 districts of 757
API_TWO_STAGES = [
    *[(1, 1, 1)] * 7,
    *[(1, 1, 0)] * 3,
    *[(2, 2, 2)] * 4,
    *[(2, 2, 1)] * 2,
    (2, 2, 0),
    *[(3, 3, 1)] * 3,
    (3, 3, 2),
    *[(4, 4, 0)] * 2,
    (4, 4, 1),
    (4, 4, 3),
    (4, 4, 4),
    *[(5, 5, 3)] * 2,
    (5, 5, 4),
    *[(5, 5, 5)] * 2,
    (6, 5, 5),
    (7, 5, 4),
    (7, 5, 5),
    (9, 5, 3),
    (11, 5, 5),
    (14, 5, 1),
    (28, 5, 5),
    (36, 5, 2),
    (72, 5, 3),
]


def yes_and_no(yes, number):
    return [1.0] * yes + [0.0] * (number - yes)


def clustered():
    answers = np.array(
        [
            (award, without)
            for schools, awards, none in API_CLUSTERS.values()
            for award, without in zip(yes_and_no(awards, schools), yes_and_no(none, schools), strict=True)
        ]
    )
    return answers, np.repeat(list(API_CLUSTERS), [schools for schools, _, _ in API_CLUSTERS.values()])


def check_against_r(estimate, case):
    share, error, degrees, rows = R_CASES[case]
    assert estimate.proportion == pytest.approx(share, abs=1e-9)
    assert np.sqrt(estimate.variance) == pytest.approx(error, abs=1e-9)
    assert (estimate.degrees_of_freedom, estimate.base) == (degrees, rows)


def test_clusters_as_in_r_for_two_estimates_at_once():
    answers, districts = clustered()
    estimates = linearised_variance(answers, clusters=districts, population_units=757)
    check_against_r(type(estimates)(*(part[0] for part in estimates)), "clus1_awards")
    check_against_r(type(estimates)(*(part[1] for part in estimates)), "clus1_ell0")


def test_two_stages_as_in_r():
    answers = np.concatenate([yes_and_no(awards, sampled) for _, sampled, awards in API_TWO_STAGES])
    sampled = np.array([number for _, number, _ in API_TWO_STAGES])
    schools = np.repeat([number for number, _, _ in API_TWO_STAGES], sampled)
    estimate = linearised_variance(
        answers,
        weights=757 / 40 * schools / np.repeat(sampled, sampled),
        clusters=np.repeat(np.arange(40), sampled),
        population_units=757,
        units_in_cluster=schools,
    )
    check_against_r(estimate, "clus2_awards")


def test_strata_as_in_r():
    # elementary, middle and high schools: 4421, 1018 and 755 of them; the weights as R stores them, in single precision
    answers = yes_and_no(73, 100) + yes_and_no(24, 50) + yes_and_no(16, 50)
    numbers = [100, 50, 50]
    estimate = linearised_variance(
        answers,
        weights=np.repeat(np.array([44.21, 20.36, 15.1], dtype=np.float32).astype(float), numbers),
        strata=np.repeat(["E", "M", "H"], numbers),
        population_units=np.repeat([4421, 1018, 755], numbers),
    )
    check_against_r(estimate, "strat_awards")


def test_random_samples_as_in_r():
    check_against_r(linearised_variance(yes_and_no(12, 30)), "srs12of30_noN")
    check_against_r(linearised_variance(yes_and_no(12, 30), population_units=45), "srs12of30_N45")


def test_unequal_weights_as_in_r():
    # yes: weights with sum 51 and squares 205; no: sum 10 and squares 18. p = 51/61
    yes, no = [1] * 6 + [2] * 2 + [3] + [4] * 2 + [5] * 6, [1, 1, 2, 2, 2, 2]
    check_against_r(linearised_variance(yes_and_no(17, 23), weights=yes + no), "weighted17of23")


def test_a_subgroup_keeps_all_units():
    """Four clusters, the last one without anyone of the subgroup. By hand: p = 3/6; sums of u = (y − p)/6 by cluster
    are 1/6, 0, −1/6, 0 with mean 0; v = 4/3 · 2/36 = 2/27. Three clusters meet the subgroup: 2 degrees of freedom."""
    answers = [1, 1, 0, 1, 0, 0, 1, 0, 1]
    clusters = [1, 1, 2, 2, 3, 3, 3, 4, 4]
    inside = [True, True, True, True, True, True, False, False, False]
    estimate = linearised_variance(answers, clusters=clusters, inside=inside)
    assert estimate.proportion == pytest.approx(0.5)
    assert estimate.variance == pytest.approx(2 / 27)
    assert (estimate.degrees_of_freedom, estimate.base) == (2, 6)
    left_out = np.where(inside, answers, np.nan)  # not answered is the same as outside
    assert linearised_variance(left_out, clusters=clusters) == estimate


def test_subgroups_of_their_own_for_each_estimate():
    answers = np.array([1, 0, 1, 1, 0, 1, 0, 0], dtype=float)
    groups = np.array([1, 1, 1, 1, 2, 2, 2, 2])
    both = linearised_variance(np.column_stack([answers, answers]), inside=np.column_stack([groups == 1, groups == 2]))
    for column, group in enumerate((1, 2)):
        alone = linearised_variance(answers, inside=groups == group)
        assert [part[column] for part in both] == list(alone)


def test_order_and_the_scale_of_weights_leave_no_trace():
    answers, districts = clustered()
    weights = 1 + districts % 3
    expected = linearised_variance(answers, weights=weights, clusters=districts)
    order = np.random.default_rng(7).permutation(len(answers))
    shuffled = linearised_variance(answers[order], weights=10.0 * weights[order], clusters=districts[order])
    for found, wanted in zip(shuffled, expected, strict=True):
        assert found == pytest.approx(wanted, rel=1e-12)


def test_a_cluster_named_alike_in_two_strata_is_two_units():
    estimate = linearised_variance([1, 0, 1, 1, 0, 0, 1, 0], strata=list("aaaabbbb"), clusters=[1, 1, 2, 2, 1, 1, 2, 2])
    assert estimate.degrees_of_freedom == 2


def test_everyone_taken_leaves_no_degrees_of_freedom():
    estimate = linearised_variance(yes_and_no(12, 30), population_units=30)
    assert (estimate.variance, estimate.degrees_of_freedom) == (0, 0)
    assert np.isnan(korn_graubard(*estimate[:2], estimate.base, estimate.degrees_of_freedom)).all()


def test_nobody_in_the_base():
    estimate = linearised_variance([np.nan, np.nan, np.nan])
    assert np.isnan(estimate.proportion) and np.isnan(estimate.variance)
    assert (estimate.degrees_of_freedom, estimate.base) == (0, 0)


# --- what is refused -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("design", "words"),
    [
        ({"strata": list("aaab")}, "at least two primary units"),
        ({"clusters": [1, 1, 1, 1]}, "at least two primary units"),
        ({"population_units": 3}, "at least 4 primary units"),
        ({"population_units": [9, 9, 9, 8]}, "one number of primary units"),
        ({"weights": [1, -1, 1, 1]}, "a finite number, 0 or more"),
        ({"weights": [0, 0, 0, 0]}, "at least one weight above 0"),
        ({"weights": [1, 1, 1]}, "one value for each of 4 units"),
        ({"strata": ["a", "a", None, "a"]}, "a value for every unit"),
        ({"inside": [True]}, "shape"),
        ({"clusters": [1, 1, 2, 2], "population_units": 9, "units_in_cluster": [1, 1, 2, 2]}, "at least as many units"),
        ({"clusters": [1, 1, 2, 2], "units_in_cluster": [5, 5, 5, 5]}, "population_units beside it"),
    ],
)
def test_designs_that_cannot_be_used(design, words):
    with pytest.raises(EstimationError, match=words):
        linearised_variance([1, 0, 1, 0], **design)


def test_a_stratum_of_one_that_was_taken_whole_is_no_problem():
    estimate = linearised_variance([1, 0, 1, 0], strata=list("aaab"), population_units=[9, 9, 9, 1])
    assert estimate.degrees_of_freedom == 2


def test_answers_other_than_yes_and_no_are_refused():
    with pytest.raises(EstimationError, match="answers 1, 0 or missing"):
        linearised_variance([1, 2, 0])
