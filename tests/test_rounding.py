"""Rounding: the ties that Python's round gets wrong, each rule, and weighted shares."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from impact_report.errors import EstimationError
from impact_report.rounding import (
    ROUNDING_RULES,
    half_up,
    half_up_percent,
    percent_steps,
    round_half_up_percent,
    round_ratio,
)


def test_the_tie_that_half_even_gets_wrong():
    assert round_half_up_percent(5, 40) == 13  # 12.5
    assert round(100 * 5 / 40) == 12


@pytest.mark.parametrize(
    ("count", "printed"), [(38, 83), (36, 78), (30, 65), (26, 57), (24, 52), (23, 50), (15, 33), (0, 0), (46, 100)]
)
def test_whole_percents_of_46(count, printed):
    assert round_half_up_percent(count, 46) == printed


def test_every_share_up_to_a_base_of_60_against_fractions():
    for base in range(1, 61):
        for count in range(base + 1):
            exact = Fraction(100 * count, base) + Fraction(1, 2)
            assert round_half_up_percent(count, base) == exact.numerator // exact.denominator


def test_decimals_are_exact_and_print_as_rounded():
    assert percent_steps(1, 16, decimals=1) == 63  # 6.25 % is a tie with one decimal
    assert f"{round_half_up_percent(1, 16, decimals=1):.1f}" == "6.3"
    assert round_half_up_percent([1, 2], [16, 3], decimals=2).tolist() == [6.25, 66.67]


def test_rules_differ_only_where_they_should():
    # 12.5, 13.5, 12.1, 12.9 as ratios
    ratios = np.array([[125, 10], [135, 10], [121, 10], [129, 10]]).T
    results = {rule: round_ratio(*ratios, rule).tolist() for rule in ROUNDING_RULES}
    assert results == {
        "half up": [13, 14, 12, 13],
        "half down": [12, 13, 12, 13],
        "half even": [12, 14, 12, 13],
        "up": [13, 14, 13, 13],
        "down": [12, 13, 12, 12],
    }


def test_an_unknown_rule_is_answered_with_the_near_one():
    with pytest.raises(EstimationError, match="did you mean 'half up'"):
        round_ratio(1, 2, "half-up")


def test_counts_that_are_no_share_are_all_named():
    with pytest.raises(EstimationError) as raised:
        round_half_up_percent([1, 5, 2.5, 0], [4, 4, 4, 0])
    assert [problem.where for problem in raised.value.problems] == ["percentage 2", "percentage 3", "percentage 4"]


@pytest.mark.parametrize("decimals", [-1, 7, 1.5, True])
def test_decimals_outside_the_range(decimals):
    with pytest.raises(EstimationError, match="decimals"):
        round_half_up_percent(1, 2, decimals)


def test_weighted_shares_are_rounded_half_up_in_decimal():
    assert half_up_percent(0.285) == 29  # the float is a little less than .285
    assert half_up_percent(0.1 + 0.2, 1) == Decimal("30.0")
    assert half_up_percent(Decimal("0.125")) == Decimal("13")
    assert half_up(-2.5) == -3
    assert str(half_up(66.0, 1)) == "66.0"


def test_the_order_of_adding_weights_does_not_turn_a_half():
    assert half_up(28.499999999999996) == half_up(28.5) == half_up(28.500000000000004) == 29
    assert half_up(28.4999999) == 28


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "many", None])
def test_what_is_no_number_is_refused(value):
    with pytest.raises(EstimationError, match="finite number"):
        half_up(value)
