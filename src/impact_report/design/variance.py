"""The linearised variance of proportions under a design, with its degrees of freedom."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from impact_report.design.drawn import Drawn, check_design, second_stage, stratum_factor
from impact_report.design.margins import Margins, sums_by
from impact_report.errors import EstimationError, Problem


class DesignEstimate(NamedTuple):
    """Proportions with what an interval needs; each an array with one entry an estimate, or a scalar for one."""

    proportion: np.ndarray
    variance: np.ndarray
    degrees_of_freedom: np.ndarray
    base: np.ndarray


def linearised_variance(
    answers,
    weights=None,
    strata=None,
    clusters=None,
    population_units=None,
    inside=None,
    units_in_cluster=None,
    margins=None,
) -> DesignEstimate:
    """Return weighted proportions with their variance by Taylor linearisation, for all estimates at once.

    `answers` has shape (units,) or (units, estimates): 1 yes, 0 no, nan for a unit that is not in the base. `inside`
    (same shape, or (units,)) restricts further, to a subgroup; all units stay in the computation, with u = 0 outside.
    `weights`, `strata`, `clusters` (primary units; the same name in two strata means two units) and
    `population_units` (M_h, how many primary units the stratum has in the population; a scalar if there are no
    strata) have shape (units,), and so has `units_in_cluster` (N_c, how many units the cluster has), which is for
    samples drawn from within the clusters and needs population_units. `margins`, shape (units, margins), numbers the
    categories of what the weights were raked to.

    u_i = w_i e_i/Σw, with e_i = y_i − p in the base and 0 outside, or, of raked weights, the residual of that from its
    unweighted regression on the categories of all margins, over everybody with a weight above 0.
    v = Σ_h (1 − m_h/M_h) m_h/(m_h−1) Σ_c (u_hc − mean)², over primary units c of stratum h;
    with a second stage plus Σ_h m_h/M_h Σ_c (1 − n_c/N_c) n_c/(n_c−1) Σ_i (u_i − mean)², over the units i of c.
    Degrees of freedom: primary units minus strata among those that meet the subgroup, as in R's survey package; 0
    where every primary unit of the population was taken, so that nothing is left to estimate. Where the base is
    empty, or its weights are all 0, proportion and variance are nan.

    Raises EstimationError for unusable weights, columns of different lengths, missing strata or clusters, population
    sizes that vary within a stratum or cluster or are smaller than the sample, and a stratum or cluster with one unit
    of several.
    Source: Binder (1983), International Statistical Review 51, 279–292; Lumley (2004), J. Statistical Software 9(8);
    for raked weights Deville, Särndal & Sautory (1993), J. American Statistical Association 88, 1013–1020.

    >>> estimate = linearised_variance([1, 1, 0, 0, 0])  # p = 0.4; v = p(1 − p)/(n − 1) = 0.24/4
    >>> print(round(estimate.proportion, 6), round(estimate.variance, 6), estimate.degrees_of_freedom)
    0.4 0.06 4
    """
    answers = np.asarray(answers, dtype=float)
    single = answers.ndim == 1
    answers = answers[:, None] if single else answers
    _check_answers(answers, inside)
    drawn = check_design(len(answers), weights, strata, clusters, population_units)
    weights = drawn.weights
    in_base = ~np.isnan(answers) & (weights > 0)[:, None]
    if inside is not None:
        inside = np.asarray(inside, dtype=bool)
        in_base &= inside[:, None] if inside.ndim == 1 else inside
    answers = np.where(in_base, answers, 0.0)
    weighted = weights[:, None] * in_base
    total = weighted.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        proportion = (weighted * answers).sum(axis=0) / total
        deviations = np.where(in_base, (answers - proportion) / total, 0.0)
    if margins is not None:
        deviations = Margins.of(margins, weights).residuals(deviations)
    u = weights[:, None] * deviations

    variance, degrees = _between_units(u, in_base, drawn)
    if units_in_cluster is not None:
        variance = variance + _within_units(u, drawn, units_in_cluster, population_units)
    base = in_base.sum(axis=0)
    variance = np.where(base > 0, variance, np.nan)
    estimate = (proportion, variance, degrees, base)
    return DesignEstimate(*((part[0] for part in estimate) if single else estimate))


def variance_of_scores(
    scores, inside=None, weights=None, strata=None, clusters=None, population_units=None, margins=None
) -> tuple[float, int]:
    """Return the variance of a sum of linearised scores u = we, one a unit, with its degrees of freedom.

    `scores` are the e, shape (units,); units outside `inside` count as 0 and stay in the computation. The design is
    described as in `linearised_variance`, and so are the variance, the degrees of freedom, the residuals that take the
    place of e where weights were raked, and what is raised. For a mean e = (y − ȳ)/Σw, for a ratio of two totals
    e = (y − Rx)/Σwx.
    Source: Binder (1983), International Statistical Review 51, 279–292; Cochran (1977), Sampling Techniques, ch. 6.

    >>> variance_of_scores(np.array([-1, 0, 1]) / 3)  # the mean of 1, 2, 3: s²/n = 1/3
    (0.3333333333333333, 2)
    """
    scores = np.asarray(scores, dtype=float)[:, None]
    in_base = np.ones(scores.shape, dtype=bool) if inside is None else np.asarray(inside, dtype=bool)[:, None]
    scores = np.where(in_base, scores, 0.0)
    drawn = check_design(len(scores), weights, strata, clusters, population_units)
    if margins is not None:
        scores = Margins.of(margins, drawn.weights).residuals(scores)
    variance, degrees = _between_units(drawn.weights[:, None] * scores, in_base, drawn)
    return float(variance[0]), int(degrees[0])


def from_unit_sums(
    estimate,
    counts,
    bases,
    unit_counts,
    unit_bases,
    squared_counts,
    products,
    squared_bases,
    units_met,
    units,
    of_population,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return proportion, variance and degrees of freedom of `linearised_variance` from sums over primary units.

    All arguments have shape (rows,), one row an estimate and stratum; `estimate` numbers the estimates from 0. The rows
    hold the weighted count and the weighted base; then ΣA, ΣB, ΣA², ΣAB, ΣB² with A the weighted count of a primary
    unit and B its weighted base (or, of raked weights, the weighted sums of the residuals of count and base from the
    margins); how many units are met; m and M of the stratum. Since u = (A − pB)/base, the sums of squares of u about
    its mean are [S(A,A) − 2p S(A,B) + p² S(B,B)]/base² with S(A,B) = ΣAB − ΣA ΣB/m. Source: as `linearised_variance`.

    >>> p, v, degrees = from_unit_sums(*(np.array([one]) for one in (0, 2, 5, 2, 5, 2, 2, 5, 5, 5, np.inf)))  # 2 of 5
    >>> print(p.round(6), v.round(6), degrees)
    [0.4] [0.06] [4]
    """
    estimate = np.asarray(estimate)
    number = int(estimate.max(initial=-1)) + 1

    def total(values):
        return np.bincount(estimate, weights=values, minlength=number)

    factor, m = stratum_factor(units, of_population), np.maximum(units, 1)
    spread = total(factor * (squared_counts - unit_counts**2 / m))
    common = total(factor * (products - unit_counts * unit_bases / m))
    spread_of_base = total(factor * (squared_bases - unit_bases**2 / m))
    with np.errstate(invalid="ignore", divide="ignore"):
        p = total(counts) / total(bases)
        variance = (spread - 2 * p * common + p**2 * spread_of_base) / total(bases) ** 2
    something_left = total((units_met > 0) & (units < of_population)) > 0
    degrees = np.where(something_left, total(units_met) - total(units_met > 0), 0).astype(int)
    return p, np.maximum(variance, 0), degrees


def _check_answers(answers, inside) -> None:
    problems = []
    known = answers[~np.isnan(answers)]
    if ((known != 0) & (known != 1)).any():
        problems.append(
            Problem("answers 1, 0 or missing", "other numbers", "answers", "recode into 1 (counts) and 0 (does not)")
        )
    if inside is not None and np.shape(inside) not in ((len(answers),), answers.shape):
        expected = f"shape ({len(answers)},) or {answers.shape}"
        problems.append(Problem(expected, f"shape {np.shape(inside)}", "inside", "one row a unit"))
    if problems:
        raise EstimationError(problems)


def _between_units(u, in_base, drawn: Drawn):
    """Return the variance between primary units and the degrees of freedom, from the scores of respondents."""
    units, strata = len(drawn.stratum_of_unit), len(drawn.taken)
    of_units = sums_by(u, drawn.unit, units)
    means = sums_by(of_units, drawn.stratum_of_unit, strata) / drawn.taken[:, None]
    squares = sums_by((of_units - means[drawn.stratum_of_unit]) ** 2, drawn.stratum_of_unit, strata)
    unit_met = sums_by(in_base, drawn.unit, units) > 0
    stratum_met = sums_by(unit_met, drawn.stratum_of_unit, strata) > 0
    something_left = ((drawn.taken < drawn.of_population)[:, None] & stratum_met).any(axis=0)
    degrees = np.where(something_left, unit_met.sum(axis=0) - stratum_met.sum(axis=0), 0)
    return stratum_factor(drawn.taken, drawn.of_population) @ squares, degrees


def _within_units(u, drawn: Drawn, units_in_cluster, population_units):
    """Return the second stage's part of the variance."""
    within, of_cluster = second_stage(units_in_cluster, drawn.unit, len(drawn.stratum_of_unit), population_units)
    means = sums_by(u, drawn.unit, len(of_cluster)) / of_cluster[:, None]
    deviations = sums_by((u - means[drawn.unit]) ** 2, drawn.unit, len(of_cluster))
    return ((drawn.taken / drawn.of_population)[drawn.stratum_of_unit] * within) @ deviations
