"""Flags at their limits, as the National Center for Health Statistics draws them."""

import numpy as np
import pytest

from impact_report.precision import hypergeometric, wilson
from impact_report.reliability import FLAGS, reliability_flags


@pytest.mark.parametrize(
    ("estimate", "flags"),
    [
        ((40, 60, 0.54, 0.77), ()),
        ((20, 29, 0.55, 0.80), ("small-base",)),
        ((20, 30, 0.55, 0.80), ()),
        ((40, 60, 0.50, 0.80), ("wide",)),
        ((40, 60, 0.501, 0.80), ()),
        ((6, 60, 0.04, 0.18), ("relatively-wide",)),  # .14 of .10 is 140 %
        ((6, 60, 0.05, 0.18), ()),  # 130 % exactly
        ((6, 600, 0.005, 0.022), ()),  # 170 %, but narrower than .05
        ((0, 60, 0, 0.06), ("none-or-all",)),
        ((60, 60, 0.94, 1), ("none-or-all",)),
        ((0, 0, np.nan, np.nan), ("nobody",)),
        ((30, 60, np.nan, np.nan), ("no-interval",)),
    ],
)
def test_flags_at_their_limits(estimate, flags):
    assert reliability_flags(*estimate) == flags


def test_a_width_of_30_points_counts_whatever_its_last_bits():
    assert 0.95 - 0.65 < 0.30
    assert reliability_flags(48, 60, 0.65, 0.95) == ("wide",)


def test_flags_of_weighted_estimates():
    flags = reliability_flags(
        40, 60, [0.54, 0.54, 0.02], [0.77, 0.77, 0.1], [31, 29.9, 40], [8, 7, 9], [0.66, 0.66, 0.05]
    )
    assert flags.tolist() == [(), ("small-base", "few-degrees"), ("relatively-wide",)]


def test_the_known_population_is_judged_by_its_own_interval():
    assert "wide" in reliability_flags(18, 23, *wilson(18, 23))
    assert reliability_flags(18, 23, *hypergeometric(18, 23, 30)) == ("small-base",)


def test_every_flag_has_words():
    count, base = np.array([0, 5, 9]), np.array([0, 40, 9])
    flags = reliability_flags(count, base, [np.nan, 0.05, np.nan], [np.nan, 0.4, np.nan], None, 3)
    assert {flag for row in flags for flag in row} == set(FLAGS)


def test_without_an_interval_nobody_is_told_that_all_answered_where_units_were_too_few():
    assert "too few primary units" in FLAGS["no-interval"]
