"""Totals, means, medians and ratios of quantities, with what is uncertain about them and whom they would give away.

Arrays have one entry a respondent; nan where there is no answer. Answers are added up so that their order leaves no
trace in the last digit.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from impact_report.arguments import CONFIDENCE
from impact_report.design import student_quantile, variance_of_scores
from impact_report.errors import EstimationError, Problem
from impact_report.language import say
from impact_report.rounding import significant

DOMINANCE = 0.10  # the p of the p % rule
NO_SPREAD = 1e-24  # a variance this small, relative to the squared value, is what rounding leaves of none


class Measure(NamedTuple):
    """A value with its standard error and interval; nan, and a reason in words, where they cannot be estimated."""

    value: float
    low: float = math.nan
    high: float = math.nan
    standard_error: float = math.nan
    why_no_interval: str = ""


def total(values, weights=None) -> float:
    """Return the sum of the answers, weighted where `weights` are given, to twelve digits.

    >>> total([0.1, 0.2, float("nan"), 0.3]), total([1, 2], weights=[10, 5])
    (0.6, 20.0)
    """
    values = np.asarray(values, dtype=float)
    values = values if weights is None else values * np.asarray(weights, dtype=float)
    return significant(math.fsum(values[~np.isnan(values)]))


def ratio(
    numerator,
    denominator,
    weights=None,
    strata=None,
    clusters=None,
    population_units=None,
    margins=None,
    confidence: float = CONFIDENCE,
) -> Measure:
    """Return the ratio of two totals, over those who answered both, with its t-interval.

    R = Σwy/Σwx; scores e = (y − Rx)/Σwx; R ∓ t_df √v, where v is the design variance of Σwe. Without strata and
    clusters each answer is a primary unit and v = (1 − n/N) n/(n−1) Σu²; `population_units` is N then. Of a design the
    respondents who did not answer stay in the computation, with e = 0. Shapes and what is raised as in
    `design.variance_of_scores`, and EstimationError for a negative answer below the line, or a total of 0 there.
    Source: Cochran (1977), Sampling Techniques, 3rd edition, sections 2.11 and 6.3–6.4.

    >>> ratio([4, 8, 6], [2, 2, 2]).value  # 18 for 6
    3.0
    >>> one = ratio([1, 2, 3, 6], [1, 1, 1, 3])  # R = 2; e = (−1, 0, 1, 0)/6; v = 4/3 · 2/36
    >>> round(one.standard_error**2, 6)
    0.074074
    """
    y, x = np.asarray(numerator, dtype=float), np.asarray(denominator, dtype=float)
    w = np.ones(len(y)) if weights is None else np.asarray(weights, dtype=float)
    inside = ~np.isnan(y) & ~np.isnan(x) & (w > 0)
    if (x[inside] < 0).any():
        do = "correct the answers, or give the quantity a minimum of 0"
        found = f"{int((x[inside] < 0).sum())} below 0"
        raise EstimationError(Problem("no negative answer below the line of a ratio", found, "denominator", do))
    below = math.fsum((w * x)[inside])
    if below == 0:
        do = "leave the ratio out, or choose another denominator"
        raise EstimationError(Problem("a total above 0 below the line of a ratio", "0", "denominator", do))
    value = math.fsum((w * y)[inside]) / below
    if inside.sum() < 2:
        return Measure(significant(value), why_no_interval=say("of one answer there is no spread"))
    scores = np.where(inside, (y - value * x) / below, 0.0)
    if weights is None and strata is None and clusters is None and np.ndim(population_units) == 0:
        variance, degrees = variance_of_scores(scores[inside], population_units=population_units)
    else:
        variance, degrees = variance_of_scores(scores, inside, weights, strata, clusters, population_units, margins)
    return _with_interval(value, variance, degrees, confidence)


def mean(
    values,
    weights=None,
    strata=None,
    clusters=None,
    population_units=None,
    margins=None,
    confidence: float = CONFIDENCE,
) -> Measure:
    """Return the mean of the answers with its t-interval: the ratio of their total to their number.

    ȳ ∓ t_{n−1} √((1 − n/N) s²/n) where every answer counts the same. Shapes and what is raised as in `ratio`. Source:
    Cochran (1977), sections 2.6–2.8; with few and skewed answers the interval is too short (section 2.15).

    >>> one = mean([2, 4, 6])  # s² = 4, standard error √(4/3) = 1.1547, t = 4.3027
    >>> one.value, round(one.low, 4), round(one.high, 4)
    (4.0, -0.9683, 8.9683)
    """
    values = np.asarray(values, dtype=float)
    ones = np.where(np.isnan(values), np.nan, 1.0)
    return ratio(values, ones, weights, strata, clusters, population_units, margins, confidence)


def median(values, weights=None, confidence: float = CONFIDENCE, least_beyond: int = 1) -> Measure:
    """Return the median of the answers, with the exact interval between two of them.

    The median is the middle answer in order of size, of an even number the mean of the two middle ones; weighted, the
    answer at which the weights of the smaller ones reach half of all (between two where they meet it exactly). The
    interval goes from the l-th smallest to the l-th largest answer, l being the largest with P(X < l) ≤ a/2 for X
    binomial (n, ½): it holds the population's median in at least 1 − a of all samples, whatever the distribution.
    Since its ends are answers of single respondents, it is given only where `least_beyond` or more lie there or
    beyond; and only where every answer counts the same. Source: Hahn & Meeker (1991), Statistical Intervals,
    section 5.2; for what the ends disclose Hundepool et al. (2012), Statistical Disclosure Control, chapter 4.

    >>> median([7, 1, 3]).value, median([1, 2, 4, 9]).value, median([1, 2, 9], weights=[1, 1, 3]).value
    (3.0, 3.0, 9.0)
    >>> median([1, 2, 3, 4, 5, 6])[1:3]  # all six on one side: 2 · ½⁶ = 3 % of samples
    (1.0, 6.0)
    """
    from scipy.stats import binom

    values = np.asarray(values, dtype=float)
    w = np.ones(len(values)) if weights is None else np.asarray(weights, dtype=float)
    inside = ~np.isnan(values) & (w > 0)
    order = np.argsort(values[inside], kind="stable")
    sorted_values, sorted_weights = values[inside][order], w[inside][order]
    value = _middle(sorted_values, sorted_weights)
    if weights is not None:
        return Measure(value, why_no_interval=say("the rule is for answers that all count the same"))
    count = len(sorted_values)
    place = int(binom.ppf((1 - confidence) / 2, count, 0.5))
    if place < 1:
        why = say("too few answers: not even all of them span an interval that sure")
        return Measure(value, why_no_interval=why)
    if place < least_beyond:
        return Measure(value, why_no_interval=say("its ends would be the answers of too few respondents"))
    return Measure(value, float(sorted_values[place - 1]), float(sorted_values[count - place]))


def reveals_one(values) -> bool:
    """Say whether the sum of some answers gives one of them away, by the p % rule with p = 10.

    The second largest, who knows the own answer, could take it off the total and come within 10 % of the largest:
    the rest together is less than 10 % of the largest. Negative answers count by their size. Source: Hundepool et al.
    (2012), Statistical Disclosure Control, chapter 4.

    >>> reveals_one([100, 50, 9]), reveals_one([100, 50, 10]), reveals_one([0, 0, 0])
    (True, False, False)
    """
    sizes = np.sort(np.abs(np.asarray(values, dtype=float)))
    sizes = sizes[~np.isnan(sizes)]
    return bool(sizes.size and math.fsum(sizes[:-2]) < DOMINANCE * sizes[-1])


def _with_interval(value: float, variance: float, degrees: int, confidence: float) -> Measure:
    value = significant(value)
    if degrees == 0:
        return Measure(value, why_no_interval=say("everybody answered, or too few units to see how they vary"))
    if variance <= NO_SPREAD * max(value**2, 1e-300):
        return Measure(value, why_no_interval=say("the answers do not vary"))
    error = math.sqrt(variance)
    half = float(student_quantile(degrees, confidence)) * error
    return Measure(value, *map(significant, (value - half, value + half, error)))


def _middle(values: np.ndarray, weights: np.ndarray) -> float:
    """Return the weighted median of answers in order of size."""
    reached = np.cumsum(weights)
    half = reached[-1] / 2
    close = np.isclose(reached, half, rtol=1e-12, atol=0)
    place = int(np.argmax(close | (reached > half)))
    upper = place + 1 if close[place] else place
    return significant((float(values[place]) + float(values[upper])) / 2)
