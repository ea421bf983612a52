"""What a design does to a proportion: its linearised variance, degrees of freedom and effective base.

A design says how respondents came in: with which weights, drawn in which strata, together in which primary units,
out of how many. Arrays have one row a respondent (a unit of analysis) and one column an estimate.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from impact_report.arguments import CONFIDENCE, checked_confidence, listed_rows, numbers_of, wrong_places
from impact_report.errors import EstimationError, Problem

# A variance this small beside p(1 − p) is the rounding of floats around 0: it would stand for 10¹² answers.
NEGLIGIBLE = 1e-12
DEPENDENT = 1e-9  # a direction this weak beside the strongest is one that the margins' categories already span


class DesignEstimate(NamedTuple):
    """Proportions with what an interval needs; each an array with one entry an estimate, or a scalar for one."""

    proportion: np.ndarray
    variance: np.ndarray
    degrees_of_freedom: np.ndarray
    base: np.ndarray


class Drawn(NamedTuple):
    """How respondents were drawn: of each its weight, stratum and primary unit; of each stratum its primary units."""

    weights: np.ndarray
    stratum: np.ndarray  # numbers from 0
    unit: np.ndarray  # numbers from 0, across strata
    stratum_of_unit: np.ndarray
    taken: np.ndarray  # m_h: primary units of the stratum in the sample
    of_population: np.ndarray  # M_h: primary units of the stratum in the population; infinite where not known


class Margins(NamedTuple):
    """The known margins that weights were raked to, all of them crossed: what they explain takes no variance."""

    cell: np.ndarray  # of each respondent its combination of categories, numbers from 0
    fit: np.ndarray  # (cells, cells): from sums over the respondents of each cell to the value fitted in each

    @classmethod
    def of(cls, codes, weights) -> Margins:
        """Return the margins of respondents with their categories as numbers, shape (units, margins).

        Fitted are unweighted least squares on the dummies of all margins' categories, over those with a weight above
        0: with N the number of respondents of each cell, X its dummies, U the left singular vectors of √N X, the fit
        is √N⁻¹ UU' √N⁻¹.

        >>> role = np.array([[0], [0], [1]])  # the mean of each role: 1/2 and 1
        >>> (Margins.of(role, np.ones(3)).fit * 6).round(6).tolist()
        [[3.0, 0.0], [0.0, 6.0]]
        """
        codes = np.asarray(codes, dtype=np.int64)
        cell, found = np.zeros(len(codes), dtype=np.int64), np.zeros((1, 0), dtype=np.int64)
        for margin in codes.T:
            several = int(margin.max(initial=0)) + 1
            cell, pairs = pd.factorize(cell * several + margin, sort=True)
            found = np.column_stack([found[pairs // several], pairs % several])
        dummies = np.column_stack([margin[:, None] == np.unique(margin) for margin in found.T])
        root = np.sqrt(np.bincount(cell, weights=np.asarray(weights) > 0, minlength=len(found)))
        left, strength, _ = np.linalg.svd(root[:, None] * dummies, full_matrices=False)
        left = left[:, strength > DEPENDENT * strength.max(initial=0)]
        left = np.divide(left, root[:, None], out=np.zeros_like(left), where=root[:, None] > 0)
        return cls(cell, left @ left.T)

    def residuals(self, values):
        """Return what the margins do not explain of values, shape (units, estimates); 0 for a weight of 0."""
        return values - (self.fit @ _sums(values, self.cell, len(self.fit)))[self.cell]


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


def design_effective_base(proportion, variance, base, degrees_of_freedom, confidence: float = CONFIDENCE):
    """Return n′ = p(1−p)/v · (t_{n−1}/t_df)², the base in equally weighted, independent answers.

    At 0 and 1, and wherever the variance is 0, it is the base itself; nan without degrees of freedom. Source: Korn &
    Graubard (1998), Survey Methodology 24, 193–201.

    >>> print(round(design_effective_base(0.4, 0.4 * 0.6 / 29, 30, 29), 6))
    29.0
    """
    p, v, n, degrees = checked_estimate(proportion, variance, base, degrees_of_freedom, confidence)
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = student_quantile(n - 1, confidence) / student_quantile(degrees, confidence)
        adjusted = p * (1 - p) / v * ratio**2
    adjusted = np.where(has_spread(p, v) & (n > 1), adjusted, n)
    return np.where(estimable(p, n, degrees), adjusted, np.nan)[()]


def has_spread(proportion, variance):
    """Say where a design estimate lies between 0 and 1 and has a variance, so that its formula has a value.

    A variance below 10⁻¹² p(1 − p) is none.

    >>> has_spread(np.array([0, 0.4]), np.array([0, 0.01])).tolist()
    [False, True]
    """
    return (proportion > 0) & (proportion < 1) & (variance > NEGLIGIBLE * proportion * (1 - proportion))


def estimable(proportion, base, degrees_of_freedom):
    """Say where there are answers and degrees of freedom, so that there is an interval.

    >>> estimable(np.array([0.4, 0.4]), np.array([30, 30]), np.array([29, 0])).tolist()
    [True, False]
    """
    return (base > 0) & (degrees_of_freedom > 0) & ~np.isnan(proportion)


def student_quantile(degrees_of_freedom, confidence: float = CONFIDENCE):
    """Return the two-sided quantile of Student's t at 1 − a/2; nan without degrees of freedom.

    >>> print(student_quantile(29).round(6))
    2.04523
    """
    from scipy.special import stdtrit

    degrees = np.asarray(degrees_of_freedom, dtype=float)
    return stdtrit(np.where(degrees > 0, degrees, np.nan), 1 - (1 - confidence) / 2)


def checked_estimate(proportion, variance, base, degrees_of_freedom, confidence: float = CONFIDENCE) -> tuple:
    """Return proportion, variance, base and degrees of freedom as floats of one shape.

    Raises EstimationError, with every place, for a proportion outside 0–1, a negative variance or base, and missing
    ones; nothing is asked of an estimate whose base is 0.

    >>> [part.tolist() for part in checked_estimate([0.4, 0.5], 0.01, 30, 29)]
    [[0.4, 0.5], [0.01, 0.01], [30.0, 30.0], [29.0, 29.0]]
    """
    arrays = numbers_of(
        {"proportion": proportion, "variance": variance, "base": base, "degrees of freedom": degrees_of_freedom}
    )
    p, v, n, degrees = arrays.values()
    empty = n == 0
    problems = checked_confidence(confidence)
    problems += wrong_places(~(np.isfinite(n) & (n >= 0)), "a base of 0 or more", arrays, "base")
    problems += wrong_places(~empty & ~((p >= 0) & (p <= 1)), "a proportion from 0 to 1", arrays, "proportion")
    problems += wrong_places(~empty & ~(np.isfinite(v) & (v >= 0)), "a variance of 0 or more", arrays, "variance")
    problems += wrong_places(~empty & np.isnan(degrees), "degrees of freedom", arrays, "degrees of freedom")
    if problems:
        raise EstimationError(problems)
    return p, v, n, degrees


def _between_units(u, in_base, drawn: Drawn):
    """Return the variance between primary units and the degrees of freedom, from the scores of respondents."""
    units, strata = len(drawn.stratum_of_unit), len(drawn.taken)
    of_units = _sums(u, drawn.unit, units)
    means = _sums(of_units, drawn.stratum_of_unit, strata) / drawn.taken[:, None]
    squares = _sums((of_units - means[drawn.stratum_of_unit]) ** 2, drawn.stratum_of_unit, strata)
    unit_met = _sums(in_base, drawn.unit, units) > 0
    stratum_met = _sums(unit_met, drawn.stratum_of_unit, strata) > 0
    something_left = ((drawn.taken < drawn.of_population)[:, None] & stratum_met).any(axis=0)
    degrees = np.where(something_left, unit_met.sum(axis=0) - stratum_met.sum(axis=0), 0)
    return stratum_factor(drawn.taken, drawn.of_population) @ squares, degrees


def _within_units(u, drawn: Drawn, units_in_cluster, population_units):
    """Return the second stage's part of the variance."""
    within, of_cluster = _second_stage(units_in_cluster, drawn.unit, len(drawn.stratum_of_unit), population_units)
    means = _sums(u, drawn.unit, len(of_cluster)) / of_cluster[:, None]
    deviations = _sums((u - means[drawn.unit]) ** 2, drawn.unit, len(of_cluster))
    return ((drawn.taken / drawn.of_population)[drawn.stratum_of_unit] * within) @ deviations


def _sums(values, codes, groups):
    """Add up the rows of values (rows, columns) that share a code."""
    if len(codes) == groups and np.array_equal(codes, np.arange(groups)):
        return np.asarray(values, dtype=float)
    return np.column_stack(
        [np.bincount(codes, weights=values[:, column], minlength=groups) for column in range(values.shape[1])]
    )


def check_design(
    units: int, weights=None, strata=None, clusters=None, population_units=None, stated: str = "population_units"
) -> Drawn:
    """Return the design of so many respondents in numbers; arguments as in `linearised_variance`.

    Strata are numbered in their sorted order (of a categorical: that of its categories), and so are primary units
    within strata. `stated` says where the population's units are stated, for the errors. Raises EstimationError as
    there, with every problem at once.

    >>> check_design(4, strata=["south", "south", "north", "north"], population_units=9).taken.tolist()
    [2.0, 2.0]
    """
    if units == 0:
        raise EstimationError(Problem("at least one unit", "none", "answers", "pass the responses"))
    problems: list[Problem] = []
    alone = "wait for more answers: of one alone there is no spread"
    if clusters is not None:
        alone = "remove design.clusters, or name an item that tells several primary units apart"
    weights = np.ones(units) if weights is None else _numbers("weights", weights, units, problems)
    strata = np.zeros(units, dtype=int) if strata is None else _labels("strata", strata, units, problems)
    clusters = np.arange(units) if clusters is None else _labels("clusters", clusters, units, problems)
    if population_units is None or np.ndim(population_units) == 0:
        population_units = np.full(units, np.inf if population_units is None else float(population_units))
    else:
        population_units = _numbers("population_units", population_units, units, problems)
    if problems:
        raise EstimationError(problems)
    if not (weights > 0).any():
        raise EstimationError(
            Problem("at least one weight above 0", "all 0", "weights", "check that the right column is the weight")
        )
    stratum, names = pd.factorize(strata, sort=True)
    cluster, labels = pd.factorize(clusters, sort=True)
    unit, found = pd.factorize(stratum.astype(np.int64) * len(labels) + cluster, sort=True)
    stratum_of_unit = found // len(labels)
    taken = np.bincount(stratum_of_unit, minlength=len(names)).astype(float)
    least, most = np.full(len(names), np.inf), np.full(len(names), -np.inf)
    np.minimum.at(least, stratum, population_units)
    np.maximum.at(most, stratum, population_units)
    problems = _stratum_problems(names, taken, least, most, stated, alone)
    if problems:
        raise EstimationError(problems)
    return Drawn(weights, stratum, unit, stratum_of_unit, taken, most)


def stratum_factor(taken, of_population):
    """Return (1 − m/M) m/(m−1) of each stratum, by which its sum of squares enters the variance.

    m primary units were taken of M in the population (infinite: not known). A stratum taken whole adds nothing, and of
    a single unit there is no square to add: `check_design` refuses it unless it was the only one there is.

    >>> stratum_factor(np.array([2.0, 2.0, 1.0]), np.array([np.inf, 8.0, 1.0])).tolist()
    [2.0, 1.5, 0.0]
    """
    return np.where(taken > 1, (1 - taken / of_population) * taken / np.maximum(taken - 1, 1), 0.0)


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


def _fits(name: str, shape: tuple, units: int, problems: list[Problem]) -> bool:
    if shape == (units,):
        return True
    expected = f"one value for each of {units} units"
    problems.append(Problem(expected, f"shape {shape}", name, "give one column of the same rows"))
    return False


def _numbers(name: str, values, units: int, problems: list[Problem]):
    values = np.asarray(values, dtype=float)
    if _fits(name, values.shape, units, problems):
        _note_wrong(name, ~((values >= 0) & (values < np.inf)), "a finite number, 0 or more", problems)
    return values


def _labels(name: str, values, units: int, problems: list[Problem]):
    values = values if isinstance(values, pd.Categorical) else np.asarray(values)
    if _fits(name, values.shape, units, problems):
        _note_wrong(name, pd.isna(values), "a value for every unit", problems)
    return values


def _note_wrong(name: str, wrong: np.ndarray, expected: str, problems: list[Problem]) -> None:
    if wrong.any():
        found = f"{int(wrong.sum())} others (rows {listed_rows(wrong)})"
        problems.append(Problem(expected, found, name, "correct the column"))


def _stratum_problems(names, taken, least, most, stated: str, alone: str) -> list[Problem]:
    """Return what is wrong with the numbers of primary units; `alone` says what to do where there is one in all."""
    problems = []
    for name, m, low, high in zip(names, taken, least, most, strict=True):
        where = "the whole sample" if len(names) == 1 else f"stratum {name!s}"
        if low != high:
            expected, do = "one number of primary units in the population", "state one number a stratum"
            problems.append(Problem(expected, f"{low:g} and {high:g}", f"{stated}, {where}", do))
        elif high < m:
            expected = f"at least {m:g} primary units in the population, as many as in the sample"
            problems.append(Problem(expected, f"{high:g}", f"{stated}, {where}", "correct the number"))
        elif m == 1 and high != 1:
            expected, found = "at least two primary units", "one, from which no variance can be computed"
            do = alone if len(names) == 1 else "merge the stratum with a similar one"
            problems.append(Problem(expected, found, where, do))
    return problems


def _second_stage(units_in_cluster, unit, clusters, population_units):
    """Check the sizes of the clusters; return (1 − n_c/N_c) n_c/(n_c−1) and n_c of each."""
    sizes = np.asarray(units_in_cluster, dtype=float)
    where = "units_in_cluster"
    if sizes.shape != unit.shape:
        raise EstimationError(
            Problem(f"one value for each of {len(unit)} units", f"shape {sizes.shape}", where, "give one column")
        )
    if population_units is None:
        raise EstimationError(
            Problem("population_units beside it", "none", where, "state how many primary units each stratum has")
        )
    taken = np.bincount(unit, minlength=clusters).astype(float)
    low, high = np.full(clusters, np.inf), np.full(clusters, -np.inf)
    np.minimum.at(low, unit, sizes)
    np.maximum.at(high, unit, sizes)
    problems = []
    for wrong, expected in (
        (~(low == high), "one number of units a cluster"),
        (low < taken, "at least as many units in the cluster as in the sample"),
        ((taken == 1) & (high > 1), "at least two units of a cluster that has several"),
    ):
        if wrong.any():
            rows = listed_rows(wrong[unit])
            problems.append(Problem(expected, f"{int(wrong.sum())} clusters (rows {rows})", where, "correct it"))
    if problems:
        raise EstimationError(problems)
    return np.where(taken > 1, (1 - taken / high) * taken / np.maximum(taken - 1, 1), 0.0), taken
