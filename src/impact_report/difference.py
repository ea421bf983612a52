"""How far two shares are apart, and whether chance alone could have put them there.

Every difference is the first share minus the second, on the scale of proportions (−1 to 1); swap the two to turn its
sign. Arguments are arrays of any shapes that broadcast, or scalars; results are floats in the broadcast shape. nan says
"not estimable" (nobody answered on one side, no degrees of freedom). No interval is ever without width, also where all
or none say yes on both sides. Every p-value is two-sided.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from impact_report import precision
from impact_report.arguments import CONFIDENCE, numbers_of, wrong_places
from impact_report.design import student_quantile
from impact_report.errors import EstimationError, Problem, near

# Below this smallest expected count the chi-squared law is no longer near enough to the truth (Campbell 2007).
SMALLEST_EXPECTED = 1
# Tables as likely as the one seen count as "as surprising"; their floats may differ in the last bits.
TIE_TOLERANCE = 1e-7
SLACK = 1e-9  # a share and its limits may come from a table with rounded figures
METHODS = ("holm", "benjamini-hochberg")


class Difference(NamedTuple):
    """The first share minus the second with its interval; each an array with one entry a comparison, or a scalar."""

    difference: np.ndarray
    low: np.ndarray
    high: np.ndarray


# --- intervals -----------------------------------------------------------------------------------------------------


def independent(x1, n1, x2, n2, confidence: float = CONFIDENCE) -> Difference:
    """Return x1/n1 − x2/n2 with its interval, for two groups of different respondents.

    d − √((p1−l1)² + (u2−p2)²) and d + √((u1−p1)² + (p2−l2)²), l and u Wilson's limits. nan where a base is 0.
    Raises EstimationError for counts that are not whole, negative or above their base. Source: Newcombe (1998),
    Statistics in Medicine 17, 873–890, method 10.

    >>> print(*(round(float(one), 4) for one in independent(56, 70, 48, 80)))
    0.2 0.0524 0.3339
    """
    x1, n1, x2, n2 = _two_counts(x1, n1, x2, n2)
    with np.errstate(invalid="ignore", divide="ignore"):
        p1, p2 = x1 / n1, x2 / n2
    return from_intervals(p1, *precision.wilson(x1, n1, confidence), p2, *precision.wilson(x2, n2, confidence))


def from_intervals(p1, low1, high1, p2, low2, high2) -> Difference:
    """Return p1 − p2 with an interval made from the interval of each: for weighted and clustered answers.

    The formula of `independent`, with whatever limits suit each share (MOVER, "method of variance estimates
    recovery"); the two must be independent, and of the same confidence. nan where a share or a limit is. Raises
    EstimationError for shares outside 0–1 or outside their own interval. Source: Zou & Donner (2008), Statistics in
    Medicine 27, 1693–1702; Newcombe (1998).

    >>> print(*(round(float(one), 4) for one in from_intervals(0.8, 0.7, 0.88, 0.6, 0.48, 0.72)))
    0.2 0.0438 0.3442
    """
    given = {"first share": p1, "first low": low1, "first high": high1}
    given = numbers_of(given | {"second share": p2, "second low": low2, "second high": high2})
    problems = []
    for which in ("first", "second"):
        names = f"{which} share", f"{which} low", f"{which} high"
        wrong = _outside(*(given[name] for name in names))
        problems += wrong_places(wrong, f"a {which} share from 0 to 1, within its own interval", given, *names)
    if problems:
        raise EstimationError(problems)
    p1, low1, high1, p2, low2, high2 = given.values()
    difference = p1 - p2
    low = difference - np.hypot(p1 - low1, high2 - p2)
    high = difference + np.hypot(high1 - p1, p2 - low2)
    missing = np.isnan(low) | np.isnan(high)
    return Difference(*(np.where(missing, np.nan, one)[()] for one in (difference, low, high)))


def paired(both, only_first, only_second, neither, confidence: float = CONFIDENCE) -> Difference:
    """Return the change among the same respondents: first share minus second, from how many say yes twice, once, never.

    As `independent`, less what the two shares have in common: d − √(a² − 2φab + b²) with a = p1−l1, b = u2−p2, and
    d + √(c² − 2φcd + d²) with c = u1−p1, d = p2−l2. φ is the correlation of the two answers, its numerator
    both·neither − only_first·only_second made smaller by n/2 where it is positive, but not below 0. nan where nobody
    answered twice. Raises as `independent`. Source: Newcombe (1998), Statistics in Medicine 17, 2635–2650, method 10.

    >>> print(*(round(float(one), 4) for one in paired(20, 12, 2, 16)))
    0.2 0.0562 0.3292
    """
    given = {"both": both, "only first": only_first, "only second": only_second, "neither": neither}
    both, only_first, only_second, neither = _whole(given).values()
    first, second = both + only_first, both + only_second
    base = first + only_second + neither
    low1, high1 = precision.wilson(first, base, confidence)
    low2, high2 = precision.wilson(second, base, confidence)
    joint = both * neither - only_first * only_second
    joint = np.where(joint > 0, np.maximum(joint - base / 2, 0), joint)
    spread = np.sqrt(first * (base - first) * second * (base - second))
    with np.errstate(invalid="ignore", divide="ignore"):
        p1, p2 = first / base, second / base
        correlation = np.where(spread > 0, joint / spread, 0.0)
    low = p1 - p2 - _joint_reach(p1 - low1, high2 - p2, correlation)
    high = p1 - p2 + _joint_reach(high1 - p1, p2 - low2, correlation)
    return Difference((p1 - p2)[()], low[()], high[()])


# --- tests ---------------------------------------------------------------------------------------------------------


def independent_p(x1, n1, x2, n2):
    """Return how often chance alone would put two groups with the same share at least so far apart.

    The "N − 1" chi-squared, (N−1)(ad − bc)²/(n1·n2·yes·no); where an expected count is under 1, the exact test of
    Fisher and Irwin (all tables with the same sums that are no likelier than this one). 1 where all or none of both
    groups say yes, nan where a base is 0. Raises as `independent`. Source: Campbell (2007), Statistics in Medicine 26,
    3661–3675, which compares seven tests and recommends this pair.

    >>> print(round(float(independent_p(8, 10, 3, 10)), 6))  # 19 · (8·7 − 2·3)² / (10·10·11·9) = 4.79798
    0.028493
    >>> print(round(float(independent_p(3, 3, 0, 1)), 6))  # of 4 tables with 3 yes, 1 puts the no there
    0.25
    """
    from scipy.stats import chi2

    x1, n1, x2, n2 = _two_counts(x1, n1, x2, n2)
    yes, everyone = x1 + x2, n1 + n2
    no = everyone - yes
    with np.errstate(invalid="ignore", divide="ignore"):
        expected = np.minimum(n1, n2) * np.minimum(yes, no) / everyone
        statistic = (everyone - 1) * (x1 * (n2 - x2) - x2 * (n1 - x1)) ** 2 / (n1 * n2 * yes * no)
    p = np.array(chi2.sf(statistic, 1))
    few = expected < SMALLEST_EXPECTED
    p[few] = _fisher_irwin(x1[few], n1[few], yes[few], everyone[few])
    return np.where((n1 > 0) & (n2 > 0), p, np.nan)[()]


def mcnemar(only_first, only_second):
    """Return the exact p-value of McNemar's test, from how many changed their answer one way and the other.

    min(1, 2·P(X ≤ min(b, c))) with X binomial of b + c and ½; 1 where nobody changed. Raises EstimationError for
    counts that are not whole or negative. Source: McNemar (1947), Psychometrika 12, 153–157; Liddell
    (1983), The Statistician 32, 295–304, for the exact one.

    >>> print(round(float(mcnemar(2, 9)), 7))  # 2 · (1 + 11 + 55)/2¹¹
    0.0654297
    """
    from scipy.stats import binom

    only_first, only_second = _whole({"only first": only_first, "only second": only_second}).values()
    fewer, changed = np.minimum(only_first, only_second), only_first + only_second
    return np.minimum(1.0, 2 * binom.cdf(fewer, changed, 0.5))[()]


def design_p(p1, variance1, df1, p2, variance2, df2):
    """Return the p-value of the t-test of two independent weighted or clustered shares.

    t = (p1 − p2)/√(v1 + v2), with (v1 + v2)²/(v1²/df1 + v2²/df2) degrees of freedom. nan where a share, variance or
    degrees of freedom are missing, degrees are 0, or a variance is 0: where all of a group say the same it shows no
    spread, which is not certainty (see `recovered_variance`). Raises EstimationError for shares outside 0–1 and
    negative variances. Source: Satterthwaite (1946), Biometrics Bulletin 2, 110–114; Korn & Graubard (1999), Analysis
    of Health Surveys, section 3.4.

    >>> print(round(float(design_p(0.6, 0.005, 1, 0.4, 0.005, 1)), 6))  # t = 0.2/0.1 = 2 on 2: p = 1 − 2/√(2 + 2²)
    0.183503
    """
    from scipy.special import stdtr

    given = {"first share": p1, "first variance": variance1, "first degrees": df1}
    given = numbers_of(given | {"second share": p2, "second variance": variance2, "second degrees": df2})
    problems = []
    for which in ("first", "second"):
        share, variance = f"{which} share", f"{which} variance"
        problems += wrong_places(_outside(given[share], 0, 1), f"a {which} share from 0 to 1", given, share)
        problems += wrong_places(given[variance] < 0, f"a {which} variance of 0 or more", given, variance)
    if problems:
        raise EstimationError(problems)
    p1, v1, df1, p2, v2, df2 = given.values()
    estimable = (v1 > 0) & (v2 > 0) & (df1 > 0) & (df2 > 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        degrees = (v1 + v2) ** 2 / (v1**2 / df1 + v2**2 / df2)
        p = 2 * stdtr(degrees, -np.abs(p1 - p2) / np.sqrt(v1 + v2))
    return np.where(estimable, p, np.nan)[()]


def recovered_variance(p, low, high, df, confidence: float = CONFIDENCE):
    """Return the variance that an interval implies: (its wider side / t)², t Student's quantile for its degrees.

    For shares of 0 and 1, whose own variance is 0 although their interval has width. nan without limits or degrees of
    freedom. Raises EstimationError for a share outside its interval. Source: Zou & Donner (2008), with the wider side
    for both, so that no test turns sharper by it.

    >>> print(round(float(recovered_variance(1.0, 0.804, 1.0, 1e9)), 6))  # (0.196 / 1.96)²
    0.01
    """
    given = numbers_of({"share": p, "low": low, "high": high, "degrees": df})
    p, low, high, df = given.values()
    if problems := wrong_places(_outside(p, low, high), "a share within its interval", given, "share", "low", "high"):
        raise EstimationError(problems)
    return ((np.maximum(p - low, high - p) / student_quantile(df, confidence)) ** 2)[()]


def adjust(p_values, method: str = "holm") -> np.ndarray:
    """Return p-values adjusted for how many comparisons were made together, in the order and shape they were given in.

    "holm": in ascending order, the running maximum of (m − i)·p_i (i from 0), at most 1: the chance of a single false
    alarm in the family stays below the level. "benjamini-hochberg": the running minimum, from the largest down, of
    m·p_i/(i+1): of the differences that are reported, the expected part of false alarms does, if tests are
    independent or go together. nan stays nan and does not count in m. Raises EstimationError for p-values outside 0–1
    and an unknown method. Source: Holm (1979), Scandinavian Journal of Statistics 6, 65–70; Benjamini & Hochberg
    (1995), J. R. Statist. Soc. B 57, 289–300.

    >>> print(adjust([0.01, 0.04, np.nan, 0.03]))  # 3 · 0.01, then 2 · 0.03, then no less than that
    [0.03 0.06  nan 0.06]
    >>> print(adjust([0.01, 0.04, np.nan, 0.03], "benjamini-hochberg"))  # 3/1 · 0.01, 3/3 · 0.04, at most that
    [0.03 0.04  nan 0.04]
    """
    if method not in METHODS:
        raise EstimationError(Problem("a way to adjust p-values", repr(method), "adjust", near(str(method), METHODS)))
    given = numbers_of({"p-value": p_values})
    p_values = given["p-value"]
    if problems := wrong_places((p_values < 0) | (p_values > 1), "a p-value from 0 to 1", given, "p-value"):
        raise EstimationError(problems)
    adjusted = np.full(p_values.size, np.nan)
    tested = np.flatnonzero(~np.isnan(p_values.ravel()))
    ascending = tested[np.argsort(p_values.ravel()[tested], kind="stable")]
    ordered, place = p_values.ravel()[ascending], np.arange(len(ascending))
    if method == "holm":
        scaled = np.maximum.accumulate((len(ascending) - place) * ordered)
    else:
        scaled = np.minimum.accumulate((len(ascending) / (place + 1) * ordered)[::-1])[::-1]
    adjusted[ascending] = np.minimum(scaled, 1)
    return adjusted.reshape(p_values.shape)


# --- inner ---------------------------------------------------------------------------------------------------------


def _joint_reach(one, other, correlation):
    """Return √(one² − 2φ·one·other + other²); rounding may leave it a hair under 0."""
    return np.sqrt(np.maximum(one**2 - 2 * correlation * one * other + other**2, 0))


def _fisher_irwin(x1, n1, yes, everyone):
    """Return the sum of the probabilities of all counts of the first group that are no likelier than the one seen."""
    from scipy.stats import hypergeom

    if not len(x1):
        return np.empty(0)
    least, most = np.maximum(0, n1 + yes - everyone), np.minimum(n1, yes)
    counts = least[:, None] + np.arange(int((most - least).max()) + 1)
    law = hypergeom(everyone[:, None], yes[:, None], n1[:, None])
    chances = np.where(counts <= most[:, None], law.pmf(counts), 0.0)
    seen = hypergeom.pmf(x1, everyone, yes, n1)[:, None]
    return np.minimum(1.0, np.where(chances <= seen * (1 + TIE_TOLERANCE), chances, 0.0).sum(axis=1))


def _two_counts(x1, n1, x2, n2):
    given = _whole({"first count": x1, "first base": n1, "second count": x2, "second base": n2})
    problems = []
    for which in ("first", "second"):
        count, base = f"{which} count", f"{which} base"
        wrong = given[count] > given[base]
        problems += wrong_places(wrong, f"a {which} count no larger than its base", given, count, base)
    if problems:
        raise EstimationError(problems)
    return given.values()


def _whole(given: dict[str, object]) -> dict[str, np.ndarray]:
    """Return counts as floats of one shape, all of them whole numbers of 0 or more."""
    arrays = numbers_of(given)
    problems = []
    for name, values in arrays.items():
        with np.errstate(invalid="ignore"):
            wrong = ~(np.isfinite(values) & (values >= 0) & (np.mod(values, 1) == 0))
        problems += wrong_places(wrong, f"a whole number, 0 or more, as the {name}", arrays, name)
    if problems:
        raise EstimationError(problems)
    return arrays


def _outside(share, low, high):
    """Say where a share lies outside 0–1 or outside its own interval; what is nan lies nowhere."""
    return (share < -SLACK) | (share > 1 + SLACK) | (share < low - SLACK) | (share > high + SLACK)
