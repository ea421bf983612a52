"""Two shares compared: the published examples of each method, and the same numbers by another route."""

from __future__ import annotations

from itertools import product
from math import comb, isnan, nan, sqrt

import numpy as np
import pytest

from impact_report import difference, precision
from impact_report.errors import EstimationError

Z = 1.959963984540054
SMALL = [(x, n) for n in (1, 2, 5, 9) for x in range(n + 1)]


def printed(numbers, digits=4):
    return tuple(round(float(one), digits) for one in numbers)


# --- Intervals --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second", "low", "high"),
    [  # Newcombe (1998), Statistics in Medicine 17, 873–890, table II, method 10
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((0, 10), (0, 10), -0.2775, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0),
        ((10, 10), (0, 10), 0.6075, 1.0),
        ((18, 23), (30, 46), -0.1047, 0.3187),
    ],
)
def test_the_published_intervals_of_independent_shares(first, second, low, high):
    found = difference.independent(*first, *second)
    assert printed(found) == (round(first[0] / first[1] - second[0] / second[1], 4), low, high)


def test_the_published_interval_of_paired_shares():
    """20 both, 12 only first, 2 only second, 16 neither: Newcombe (1998), Statistics in Medicine 17, 2635–2650."""
    assert printed(difference.paired(20, 12, 2, 16)) == (0.2, 0.0562, 0.3292)


@pytest.mark.parametrize("table", [(0, 0, 0, 50), (50, 0, 0, 0)])
def test_where_all_say_the_same_twice_the_interval_is_as_wide_as_one_of_wilsons(table):
    """Of 0 of n Wilson's upper end is z²/(n + z²), and no correlation can be seen."""
    end = Z**2 / (50 + Z**2)
    assert difference.paired(*table) == pytest.approx((0, -end, end))


def test_a_correlation_of_0_makes_paired_shares_independent_ones():
    """both·neither − first·second = 2·2 − 2·2 = 0: then the interval is that of 4 of 8 against 4 of 8."""
    assert difference.paired(2, 2, 2, 2) == pytest.approx(difference.independent(4, 8, 4, 8))


def test_the_squares_of_the_interval_are_those_of_the_textbook():
    """d − √((p1 − l1)² + (u2 − p2)²) with Wilson's limits, written out."""

    def wilson(x, n):
        middle, half = x / n + Z**2 / (2 * n), Z * sqrt(x / n * (1 - x / n) / n + Z**2 / (4 * n**2))
        return (middle - half) / (1 + Z**2 / n), (middle + half) / (1 + Z**2 / n)

    (l1, u1), (l2, u2) = wilson(8, 10), wilson(3, 12)
    low = 0.8 - 0.25 - sqrt((0.8 - l1) ** 2 + (u2 - 0.25) ** 2)
    high = 0.8 - 0.25 + sqrt((u1 - 0.8) ** 2 + (0.25 - l2) ** 2)
    assert difference.independent(8, 10, 3, 12) == pytest.approx((0.55, low, high))


def test_other_intervals_may_take_the_place_of_wilsons():
    limits = [np.array(precision.clopper_pearson(x, n)) for x, n in ((8, 10), (3, 12))]
    found = difference.from_intervals(0.8, *limits[0], 0.25, *limits[1])
    wilson = difference.independent(8, 10, 3, 12)
    assert found.low < wilson.low < 0.55 < wilson.high < found.high  # Clopper and Pearson are the cautious ones


def test_no_interval_is_without_width_or_leaves_the_scale():
    tables = np.array(list(product(SMALL, SMALL)))
    (x1, n1), (x2, n2) = tables[:, 0].T, tables[:, 1].T
    found = difference.independent(x1, n1, x2, n2)
    assert (found.high - found.low > 0.1).all()
    assert (found.low >= -1 - 1e-12).all()
    assert (found.high <= 1 + 1e-12).all()
    assert (found.low <= found.difference).all()
    assert (found.difference <= found.high).all()
    pairs = np.array(list(product(range(4), repeat=4))[1:]).T
    paired = difference.paired(*pairs)
    assert (paired.high - paired.low > 0.1).all()


def test_swapping_the_groups_turns_the_sign_and_nothing_else():
    tables = np.array(list(product(SMALL, SMALL)))
    (x1, n1), (x2, n2) = tables[:, 0].T, tables[:, 1].T
    one, other = difference.independent(x1, n1, x2, n2), difference.independent(x2, n2, x1, n1)
    np.testing.assert_allclose(one.low, -other.high, atol=1e-14)
    np.testing.assert_allclose(difference.independent_p(x1, n1, x2, n2), difference.independent_p(x2, n2, x1, n1))
    # counting the no-sayers instead turns it too
    turned = difference.independent(n1 - x1, n1, n2 - x2, n2)
    np.testing.assert_allclose(one.low, -turned.high, atol=1e-12)
    both, first, second, neither = np.array(list(product(range(3), repeat=4))[1:]).T
    one, other = difference.paired(both, first, second, neither), difference.paired(both, second, first, neither)
    np.testing.assert_allclose(one.low, -other.high, atol=1e-14)


def test_nobody_on_one_side_is_not_estimable():
    assert all(isnan(one) for one in difference.independent(0, 0, 3, 5))
    assert isnan(difference.independent_p(0, 0, 3, 5))
    assert all(isnan(one) for one in difference.paired(0, 0, 0, 0))
    assert all(isnan(one) for one in difference.from_intervals(0.5, nan, nan, 0.2, 0.1, 0.3))


# --- Tests ------------------------------------------------------------------------------------------------------------


def enumerated(x1, n1, x2, n2):
    """All ways to have as many yes-sayers: the chance of those no likelier than the one seen, in whole numbers."""
    yes = x1 + x2
    ways = [comb(n1, k) * comb(n2, yes - k) for k in range(max(0, yes - n2), min(n1, yes) + 1)]
    seen = comb(n1, x1) * comb(n2, x2)
    return sum(one for one in ways if one <= seen) / comb(n1 + n2, yes)


def test_where_little_is_expected_the_test_is_exact():
    """An expected count under 1 in every table: no more than 1 yes or no among up to 18 in all."""
    tables = [(x1, n1, x2, n2) for (x1, n1), (x2, n2) in product(SMALL, SMALL)]
    few = [
        one
        for one in tables
        if min(one[1], one[3]) * min(one[0] + one[2], sum(one[1::2]) - one[0] - one[2]) < sum(one[1::2])
    ]
    assert len(few) > 100
    found = difference.independent_p(*np.array(few).T)
    np.testing.assert_allclose(found, [enumerated(*one) for one in few], rtol=1e-9)


def test_where_more_is_expected_it_is_chi_squared_with_n_minus_1():
    """9 of 10 and 3 of 10: χ² = 20·(9·7 − 3·1)²/(10·10·12·8) = 7.5; times 19/20: 7.125; its root is a normal z."""
    from scipy.stats import norm

    assert difference.independent_p(9, 10, 3, 10) == pytest.approx(2 * norm.sf(sqrt(7.125)))


def test_the_same_share_is_no_surprise():
    assert difference.independent_p([0, 5, 2], [10, 5, 4], [0, 3, 3], [9, 3, 6]) == pytest.approx(1)


@pytest.mark.parametrize(
    ("b", "c", "p"), [(2, 9, 0.0654297), (0, 0, 1), (3, 3, 1), (0, 5, 2 / 2**5), (1, 5, 14 / 2**6)]
)
def test_mcnemars_exact_test(b, c, p):
    assert difference.mcnemar(b, c) == pytest.approx(p, abs=5e-8)
    assert difference.mcnemar(c, b) == difference.mcnemar(b, c)


def test_the_test_of_weighted_shares():
    """Equal variances and degrees: t = 0.1/√0.002 on 2·30 degrees, two-sided."""
    from scipy.stats import t

    expected = 2 * t.sf(0.1 / sqrt(0.002), 60)
    assert difference.design_p(0.6, 0.001, 30, 0.5, 0.001, 30) == pytest.approx(expected)
    assert difference.design_p(0.5, 0.001, 30, 0.6, 0.001, 30) == pytest.approx(expected)


def test_degrees_of_freedom_are_between_the_smaller_ones_and_all():
    """With all spread on one side, the degrees are that side's (Satterthwaite)."""
    from scipy.stats import t

    assert difference.design_p(0.6, 0.01, 7, 0.5, 1e-12, 900) == pytest.approx(2 * t.sf(1, 7), rel=1e-6)


@pytest.mark.parametrize("side", [(nan, 0.01, 5), (0.5, nan, 5), (0.5, 0.01, nan), (0.5, 0.01, 0), (1.0, 0.0, 5)])
def test_no_spread_and_no_degrees_are_not_certainty(side):
    assert isnan(difference.design_p(*side, 0.2, 0.01, 5))
    assert isnan(difference.design_p(0.2, 0.01, 5, *side))


def test_where_all_say_the_same_the_interval_tells_the_spread():
    """All of 30: the interval begins at .8843; a normal one that begins there has the spread (1 − .8843)/t."""
    from scipy.stats import t

    low, high = precision.korn_graubard(1.0, 0.0, 30, 29)
    expected = ((1 - low) / t.ppf(0.975, 29)) ** 2
    assert difference.recovered_variance(1.0, low, high, 29) == pytest.approx(expected)
    assert isnan(difference.recovered_variance(1.0, low, high, 0))


# --- Many comparisons -------------------------------------------------------------------------------------------------

SIX = [0.001, 0.008, 0.012, 0.03, 0.04, 0.2]


@pytest.mark.parametrize(
    ("method", "expected"),
    [  # Holm: 6·.001, 5·.008, 4·.012, 3·.03, then 2·.04 = .08 rises to .09; BH from the right: .2, 6/5·.04, …
        ("holm", [0.006, 0.04, 0.048, 0.09, 0.09, 0.2]),
        ("benjamini-hochberg", [0.006, 0.024, 0.024, 0.045, 0.048, 0.2]),
    ],
)
def test_adjusted_p_values(method, expected):
    assert difference.adjust(SIX, method) == pytest.approx(expected)
    assert difference.adjust(SIX[::-1], method) == pytest.approx(expected[::-1])


@pytest.mark.parametrize("method", difference.METHODS)
def test_what_was_not_tested_does_not_count(method):
    with_gaps = np.array([nan, *SIX[:3], nan, *SIX[3:]])
    found = difference.adjust(with_gaps, method)
    assert np.isnan(found).tolist() == np.isnan(with_gaps).tolist()
    assert found[~np.isnan(found)] == pytest.approx(difference.adjust(SIX, method))
    assert difference.adjust([], method).tolist() == []
    assert np.isnan(difference.adjust([nan, nan], method)).all()


def test_the_order_of_the_comparisons_leaves_no_trace():
    rng = np.random.default_rng(4)
    p = np.repeat(rng.uniform(size=20), 2)  # ties too
    order = rng.permutation(40)
    for method in difference.METHODS:
        np.testing.assert_array_equal(difference.adjust(p, method)[order], difference.adjust(p[order], method))
        assert difference.adjust(p.reshape(5, 8), method).shape == (5, 8)


@pytest.mark.parametrize(("method", "theirs"), [("holm", "holm"), ("benjamini-hochberg", "fdr_bh")])
def test_statsmodels_adjusts_to_the_same(method, theirs):
    from statsmodels.stats import multitest

    rng = np.random.default_rng(4)
    for count in (1, 2, 7, 200):
        p = rng.uniform(size=count) ** 3
        np.testing.assert_allclose(difference.adjust(p, method), multitest.multipletests(p, method=theirs)[1])


def test_statsmodels_finds_the_same_tests_and_intervals():
    from statsmodels.stats import contingency_tables as tables
    from statsmodels.stats.proportion import confint_proportions_2indep

    for b, c in ((2, 9), (0, 4), (6, 6), (30, 17)):
        theirs = tables.mcnemar([[5, b], [c, 8]], exact=True).pvalue
        assert difference.mcnemar(b, c) == pytest.approx(theirs)
    for x1, n1, x2, n2 in ((56, 70, 48, 80), (0, 10, 3, 20), (9, 10, 3, 10)):
        theirs = confint_proportions_2indep(x1, n1, x2, n2, method="newcomb", compare="diff")
        assert difference.independent(x1, n1, x2, n2)[1:] == pytest.approx(theirs)


# --- Errors -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (
            lambda: difference.independent(7, 5, 1, 3),
            ["a first count no larger than its base", "first count 7, first base 5"],
        ),
        (lambda: difference.independent(1.5, 5, -1, 3), ["as the first count", "as the second count", "2 problems"]),
        (lambda: difference.independent_p(1, 5, 1, nan), ["a whole number, 0 or more, as the second base"]),
        (lambda: difference.independent(1, 5, 1, 3, confidence=95), ["a confidence level between 0 and 1"]),
        (lambda: difference.paired(1, 2, -3, 0), ["as the only second"]),
        (lambda: difference.mcnemar(1, "many"), ["numbers", "'many'"]),
        (lambda: difference.from_intervals(0.5, 0.6, 0.7, 0.5, 0.4, 0.6), ["within its own interval", "first low 0.6"]),
        (lambda: difference.design_p(1.2, 0.1, 5, 0.5, -0.1, 5), ["a first share from 0 to 1", "second variance of 0"]),
        (lambda: difference.recovered_variance(0.9, 0.1, 0.8, 5), ["a share within its interval"]),
        (lambda: difference.adjust([0.2, 1.2]), ["a p-value from 0 to 1", "estimate 2"]),
        (lambda: difference.adjust([0.2], "bonferroni"), ["a way to adjust p-values", "holm, benjamini-hochberg"]),
    ],
)
def test_bad_input_is_told_in_words(wrong, words):
    with pytest.raises(EstimationError) as caught:
        wrong()
    for expected in words:
        assert expected in str(caught.value)
