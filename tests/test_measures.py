"""Totals, means, medians and ratios of a few answers, added up by hand; designs as R's survey package has them."""

from __future__ import annotations

import math

import numpy as np
import pytest

from impact_report import measures
from impact_report.errors import EstimationError

NAN = math.nan
# Eight respondents in two strata and five primary units, drawn from ten and from six; invented.
Y = np.array([2, 3, 1, 4, 5, 2.5, 6, 7])
X = np.array([1, 1, 1, 1, 2, 2, 2, 3.0])
DRAWN = {
    "weights": np.array([1, 1, 2, 2, 3, 3, 1, 1.0]),
    "strata": np.array([1, 1, 1, 1, 2, 2, 2, 2]),
    "clusters": np.array([1, 1, 2, 2, 3, 3, 4, 5]),
    "population_units": np.array([10, 10, 10, 10, 6, 6, 6, 6.0]),
}

# --- Totals and means -------------------------------------------------------------------------------------------------


def test_a_total_does_not_depend_on_the_order_of_its_answers():
    answers = [1e16, 1.0, -1e16, 0.1] * 50
    assert measures.total(answers) == measures.total(sorted(answers)) == 55.0


def test_the_mean_of_seven():
    """Σ = 23.5, Σy² = 97.25, s² = (97.25 − 23.5²/7)/6 = 3.059524, standard error √(s²/7) = .661116, t₆ = 2.446912."""
    found = measures.mean([2, 3, 1, NAN, 4, 5, 2.5, 6, NAN])
    assert found.value == pytest.approx(23.5 / 7)
    assert found.standard_error == pytest.approx(math.sqrt(3.059524 / 7), abs=1e-6)
    assert (found.low, found.high) == pytest.approx(
        (23.5 / 7 - 2.446912 * 0.661116, 23.5 / 7 + 2.446912 * 0.661116), abs=1e-5
    )


def test_who_answered_of_a_known_population_leaves_less_to_chance():
    """Of ten members seven answered: the variance shrinks by 1 − 7/10."""
    answers = [2, 3, 1, 4, 5, 2.5, 6]
    some, all_ = measures.mean(answers), measures.mean(answers, population_units=10)
    assert all_.standard_error**2 == pytest.approx(some.standard_error**2 * 0.3)


@pytest.mark.parametrize(
    ("answers", "more", "why"),
    [
        ([4], {}, "of one answer there is no spread"),
        ([4, 4, 4], {}, "the answers do not vary"),
        ([0.1, 0.1, 0.1], {}, "the answers do not vary"),
        ([1, 2, 3], {"population_units": 3}, "everybody answered, or too few units to see how they vary"),
    ],
)
def test_no_interval_rather_than_one_without_width(answers, more, why):
    found = measures.mean(answers, **more)
    assert found.value == pytest.approx(np.mean(answers))
    assert math.isnan(found.low) and math.isnan(found.high) and math.isnan(found.standard_error)
    assert found.why_no_interval == why


def test_a_population_smaller_than_the_answers():
    with pytest.raises(EstimationError, match="at least 3 primary units"):
        measures.mean([1, 2, 3], population_units=2)


# R 4: library(survey)
# des <- svydesign(ids=~c, strata=~s, weights=~w, fpc=~N, data=d, nest=TRUE)
# svymean(~y, des); svymean(~y, subset(des, y > 2)); svyratio(~y, ~x, des)
def test_a_mean_of_a_design_as_r_has_it():
    found = measures.mean(Y, **DRAWN)
    assert (found.value, found.standard_error) == pytest.approx((3.607142857143, 0.180270704975), abs=1e-11)


def test_a_mean_of_some_of_a_design_as_r_has_it():
    found = measures.mean(np.where(Y > 2, Y, NAN), **DRAWN)
    assert (found.value, found.standard_error) == pytest.approx((4.227272727273, 0.340682368887), abs=1e-11)


def test_a_ratio_of_a_design_as_r_has_it():
    found = measures.ratio(Y, X, **DRAWN)
    assert (found.value, found.standard_error) == pytest.approx((2.195652173913, 0.154552614194), abs=1e-11)


# --- Ratios -----------------------------------------------------------------------------------------------------------


def test_only_who_answered_both_is_in_a_ratio():
    assert measures.ratio([10, 20, 99, NAN], [1, 2, NAN, 50]).value == 10.0  # 30 for 3


def test_a_respondent_may_have_nothing_below_the_line():
    """(6 + 4) / (5 + 0): what the second one returned was bought with the money of the first."""
    assert measures.ratio([6, 4], [5, 0]).value == 2.0


@pytest.mark.parametrize(
    ("below", "expected", "found"),
    [
        ([1, -1, 3], "no negative answer below the line of a ratio", "1 below 0"),
        ([0, 0, 0], "a total above 0 below the line of a ratio", "0"),
    ],
)
def test_a_ratio_that_means_nothing(below, expected, found):
    with pytest.raises(EstimationError) as caught:
        measures.ratio([1, 2, 3], below)
    (problem,) = caught.value.problems
    assert (problem.expected, problem.found) == (expected, found)


# --- Medians ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "weights", "median"),
    [
        ([5], None, 5),
        ([3, 1, 2], None, 2),
        ([4, 1, 2, 3], None, 2.5),
        ([2, NAN, 1, 3], None, 2),
        ([1, 2, 3], [1, 1, 1], 2),
        ([1, 2, 3, 4], [1, 1, 1, 1], 2.5),
        ([1, 2, 3], [5, 1, 1], 1),
        ([1, 2, 3, 4], [2, 1, 1, 2], 2.5),  # three of six are reached at 2 exactly
        ([1, 2, 3], [0, 1, 2], 3),
        ([1, 2, 3, 4], [0.1, 0.2, 0.1, 0.2], 2.5),
    ],
)
def test_medians(answers, weights, median):
    assert measures.median(answers, weights).value == median


@pytest.mark.parametrize(
    ("count", "place"),
    # Conover (1999), Practical Nonparametric Statistics, table A3, p = ½: the largest l with P(X < l) ≤ .025
    [(6, 1), (8, 1), (9, 2), (12, 3), (15, 4), (20, 6), (30, 10), (50, 18)],
)
def test_the_interval_of_a_median_lies_between_two_answers(count, place):
    tail = sum(math.comb(count, k) for k in range(place)) / 2**count
    assert tail <= 0.025 < tail + math.comb(count, place) / 2**count
    found = measures.median(range(1, count + 1))
    assert (found.low, found.high) == (place, count + 1 - place)


def test_too_few_for_the_interval_of_a_median():
    assert measures.median([1, 2, 3, 4, 5]).why_no_interval.startswith("too few answers")
    assert math.isnan(measures.median([1, 2, 3, 4, 5]).low)


def test_the_ends_of_an_interval_are_not_told_where_few_lie_beyond():
    assert measures.median(range(12), least_beyond=3).low == 2
    assert math.isnan(measures.median(range(12), least_beyond=4).low)


# --- Whom a sum gives away --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "reveals"),
    [
        ([1000, 50, 60, 39], True),  # the rest, 50 + 39, is less than 100
        ([1000, 50, 60, 50], False),  # 100 is not less than 100
        ([5, 5, 5, 5, 5], False),
        ([7], True),
        ([7, 3], True),
        ([0, 0, 0], False),
        ([-1000, 50, 60, 39], True),
        ([1000, 50, 60, 39, NAN], True),
        ([], False),
    ],
)
def test_the_p_percent_rule(answers, reveals):
    assert measures.reveals_one(answers) is reveals
