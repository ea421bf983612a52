"""How precisely a proportion is known: an interval for each way respondents came into the survey.

Counts, bases and populations are arrays of any shapes that broadcast, or scalars; proportions are 0–1. Every interval
is a pair (low, high) of floats in the broadcast shape, and (nan, nan) says "not estimable": a base of 0, no degrees
of freedom, or a whole population that answered (see `why_no_interval`). It is never an interval without width.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from impact_report.arguments import CONFIDENCE, checked_confidence, numbers_of, wrong_places
from impact_report.design import checked_estimate, design_effective_base, estimable, has_spread, student_quantile
from impact_report.errors import EstimationError, Problem, near
from impact_report.wave import COUNT_METHODS

# Tail probabilities are sums of floats: one that equals a/2 exactly must not count as larger because of its last bits.
TIE_TOLERANCE = 1e-10
BISECTION_STEPS = 200  # halving [0, 1] this often exhausts the floats, also next to 0


class Method(NamedTuple):
    """One way to compute an interval: its name, and a sentence with {level} for a reader who is no statistician."""

    name: str
    sentence: str


METHODS = {
    "hypergeometric": Method(
        "exact hypergeometric interval",
        "Exact hypergeometric interval at {level}: it lists the shares of the whole known population that could "
        "well have produced these answers, counting that most of a small population may have answered; it takes "
        "those who did not answer to be like those who did.",
    ),
    "wilson": Method(
        "Wilson interval",
        "Wilson interval at {level}: it spans the true shares that are compatible with answers like these, if "
        "those who answered were a random draw from many more.",
    ),
    "clopper-pearson": Method(
        "Clopper–Pearson interval",
        "Clopper–Pearson interval at {level}: it is the cautious version for a random draw from many: it covers "
        "the true share at least as often as it promises, and is wider for it.",
    ),
    "korn-graubard": Method(
        "Korn–Graubard interval",
        "Korn–Graubard interval at {level}: it is the cautious interval for weighted or clustered answers: it "
        "works with the number of equally weighted, independent answers they are worth, and never with more than "
        "were given.",
    ),
    "beta": Method(
        "beta interval",
        "Beta interval at {level}: it is the cautious interval computed with the number of equally weighted, "
        "independent answers that the weighted or clustered ones are worth.",
    ),
    "logit": Method(
        "logit interval",
        "Logit interval at {level}: it takes weights and clusters into account and works on the scale of odds, so "
        "that it stays between none and all.",
    ),
    "likelihood": Method(
        "likelihood interval",
        "Likelihood interval at {level}: it holds the shares that explain the weighted or clustered answers "
        "nearly as well as the share that was found.",
    ),
    "asin": Method(
        "arcsine interval",
        "Arcsine interval at {level}: it takes weights and clusters into account on a scale on which shares near "
        "none or all vary as much as others.",
    ),
    "mean": Method(
        "symmetric interval",
        "Symmetric interval at {level}: it takes weights and clusters into account and reaches equally far to "
        "both sides of the share, which suits large bases and shares near a half.",
    ),
}

NOBODY_ANSWERED = "not estimable: nobody answered"
ALL_ANSWERED = "no interval: all N answered"
# --- unweighted ----------------------------------------------------------------------------------------------------


def wilson(count, base, confidence: float = CONFIDENCE):
    """Return Wilson's score interval for count out of base.

    Centre (p + z²/2n)/(1 + z²/n), half-width z/(1 + z²/n)·√(p(1−p)/n + z²/4n²). Raises EstimationError for counts
    that are not whole, negative or above the base. Source: Wilson (1927), JASA 22, 209–212; Newcombe (1998),
    Statistics in Medicine 17, 857–872, method 3.

    >>> low, high = wilson([0, 12], 30)
    >>> print(low.round(6), high.round(6))
    [0.       0.245906] [0.113513 0.576796]
    """
    from scipy.special import ndtri

    count, base = _counts(count, base, confidence=confidence)
    z = ndtri(1 - (1 - confidence) / 2)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = count / base
        centre = (share + z**2 / (2 * base)) / (1 + z**2 / base)
        half = z / (1 + z**2 / base) * np.sqrt(share * (1 - share) / base + z**2 / (4 * base**2))
    # at 0 and n the bound is exactly 0 or 1; the difference of two equal floats may miss it
    low = np.where(count == 0, 0.0, centre - half)
    high = np.where(count == base, 1.0, centre + half)
    return _pair(low, high, base > 0)


def clopper_pearson(count, base, confidence: float = CONFIDENCE):
    """Return the exact binomial interval of Clopper and Pearson for count out of base.

    Low B(a/2; x, n−x+1), 0 at x = 0; high B(1−a/2; x+1, n−x), 1 at x = n, with B the beta quantile. Raises as
    `wilson`. Source: Clopper & Pearson (1934), Biometrika 26, 404–413.

    >>> low, high = clopper_pearson(12, 30)
    >>> print(round(low, 6), round(high, 6))
    0.226558 0.593965
    """
    count, base = _counts(count, base, confidence=confidence)
    return _pair(*_beta_bounds(count, base, confidence), base > 0)


def hypergeometric(count, base, population, confidence: float = CONFIDENCE):
    """Return the exact interval for the share of a known population, when `base` of its members answered.

    With M members saying yes, low = min{M : P(X ≥ x | N, M, n) > a/2}/N and high = max{M : P(X ≤ x | N, M, n) >
    a/2}/N, found by bisection. Where that leaves one number though some did not answer (from N = 40 on, at 95 %: 0 of
    39 of 40), the next possible one is taken in, so that there is a width. Where everybody answered (n = N) there is
    nothing left to estimate: (nan, nan), see `why_no_interval`. Raises EstimationError as `wilson`, and for a base
    above the population. Source: Konijn (1973), Statistical Theory of Sample Survey Design and Analysis; Buonaccorsi
    (1987), American Statistician 41, 215–218; Wang (2015), JASA 110, 1523–1535.

    >>> low, high = hypergeometric(18, 23, 30)
    >>> print(round(low * 30), round(high * 30))
    20 25
    """
    from scipy.stats import hypergeom

    count, base, population = _counts(count, base, population, confidence=confidence)
    tail = (1 - confidence) / 2 * (1 + TIE_TOLERANCE)
    most = population - base + count  # even if everyone who did not answer would have said yes

    def at_least(members):  # rises with the members who say yes
        return hypergeom.sf(count - 1, population, members, base) > tail

    def at_most(members):  # falls with them
        return hypergeom.cdf(count, population, members, base) > tail

    low = _first_true(at_least, count, most)
    high = count + most - _first_true(lambda mirrored: at_most(count + most - mirrored), count, most)
    # a single number would claim to know those who did not answer; it is always count or most, so a neighbour follows
    single, at_count = low == high, low == count
    high, low = np.where(single & at_count, high + 1, high), np.where(single & ~at_count, low - 1, low)
    with np.errstate(invalid="ignore", divide="ignore"):
        return _pair(low / population, high / population, (base > 0) & (base < population))


def worst_case_bounds(count, base, population):
    """Return the shares of the population that are possible if those who did not answer may think anything.

    [x/N, (x + N − n)/N]; not an interval of chance, it assumes nothing. (nan, nan) where the base is 0. Raises as
    `hypergeometric`. Source: Manski (1989), Journal of Human Resources 24, 343–360.

    >>> low, high = worst_case_bounds(18, 23, 30)
    >>> print(round(low, 2), round(high, 2))
    0.6 0.83
    """
    count, base, population = _counts(count, base, population)
    with np.errstate(invalid="ignore", divide="ignore"):
        return _pair(count / population, (count + population - base) / population, base > 0)


def why_no_interval(base, population=None):
    """Return in words why there is no interval, or "" where there is one; an array of str in the broadcast shape.

    >>> why_no_interval([0, 30, 23], population=30).tolist()
    ['not estimable: nobody answered', 'no interval: all N answered', '']
    """
    base = np.asarray(base, dtype=float)
    all_answered = np.zeros(base.shape, bool) if population is None else base == np.asarray(population, dtype=float)
    return np.where(base == 0, NOBODY_ANSWERED, np.where(all_answered, ALL_ANSWERED, ""))[()]


# --- weighted, stratified, clustered -------------------------------------------------------------------------------


def beta_interval(proportion, variance, base, degrees_of_freedom, confidence: float = CONFIDENCE):
    """Return the beta interval of R's svyciprop: Clopper–Pearson on n′p out of n′, n′ not capped.

    At 0 and 1 n′ is the base, so that the interval is real there too; (nan, nan) without degrees of freedom. On an
    unweighted random sample it is not Clopper–Pearson, because n′ = n − 1. Raises EstimationError for proportions
    outside 0–1 or negative variances. Source: Korn & Graubard (1998); Lumley (2010), Complex Surveys, section 2.3.

    >>> low, high = beta_interval(0.4, 0.4 * 0.6 / 29, 30, 29)
    >>> print(round(low, 6), round(high, 6))
    0.223788 0.59744
    """
    proportion, variance, base, degrees = checked_estimate(proportion, variance, base, degrees_of_freedom, confidence)
    effective = design_effective_base(proportion, variance, base, degrees, confidence)
    return _pair(*_beta_bounds(effective * proportion, effective, confidence), estimable(proportion, base, degrees))


def korn_graubard(proportion, variance, base, degrees_of_freedom, confidence: float = CONFIDENCE):
    """Return the interval the NCHS prescribes: as `beta_interval`, with n′ at most the base.

    At 0 and 1 n′ is the base: 0 of 30 gives Clopper and Pearson's interval. (nan, nan) without degrees of freedom.
    Source: Parker et al. (2017), NCHS Vital and Health Statistics 2(175); Korn & Graubard (1998).

    >>> low, high = korn_graubard(0.0, 0.0, 30, 29)
    >>> print(round(low, 6), round(high, 6))
    0.0 0.115703
    """
    proportion, variance, base, degrees = checked_estimate(proportion, variance, base, degrees_of_freedom, confidence)
    effective = np.minimum(base, design_effective_base(proportion, variance, base, degrees, confidence))
    return _pair(*_beta_bounds(effective * proportion, effective, confidence), estimable(proportion, base, degrees))


def logit_interval(proportion, variance, base, degrees_of_freedom, confidence: float = CONFIDENCE):
    """Return logit p ∓ t_df √v/(p(1−p)), back on the scale of proportions (SUDAAN's; R's "xlogit").

    Korn and Graubard's interval where p is 0 or 1 or the variance is 0, (nan, nan) without degrees of freedom.
    Source: RTI (2012), SUDAAN Language Manual, vol. 1; Korn & Graubard (1999), Analysis of Health Surveys, p. 65.

    >>> low, high = logit_interval(0.4, 0.4 * 0.6 / 29, 30, 29)
    >>> print(round(low, 6), round(high, 6))
    0.234925 0.591405
    """
    from scipy.special import expit, logit

    def bounds(p, v, n, t):
        half = t * np.sqrt(v) / (p * (1 - p))
        return expit(logit(p) - half), expit(logit(p) + half)

    return _design_interval(bounds, proportion, variance, base, degrees_of_freedom, confidence)


def likelihood_interval(proportion, variance, base, degrees_of_freedom, confidence: float = CONFIDENCE):
    """Return the shares q whose scaled deviance is at most t_df², where the deviance inverts the Rao–Scott test.

    2·n_eff·(n−1)/n·[p log(p/q) + (1−p) log((1−p)/(1−q))] ≤ t_df² with n_eff = p(1−p)/v, solved exactly; R's svyciprop
    reads the same curve off a spline through about a dozen points and so differs from the fourth to the sixth digit.
    Korn and Graubard's interval where p is 0 or 1 or the variance is 0, (nan, nan) without degrees of freedom.
    Source: Rao & Scott (1984), Annals of Statistics 12, 46–60; Lumley & Scott (2014), Australian & New Zealand
    J. Statistics 56, 1–14.

    >>> low, high = likelihood_interval(0.4, 0.4 * 0.6 / 29, 30, 29)
    >>> print(round(low, 4), round(high, 4))
    0.227 0.592
    """
    from scipy.special import rel_entr

    def bounds(p, v, n, t):
        def inside(q):
            deviance = 2 * p * (1 - p) / v * (n - 1) / n * (rel_entr(p, q) + rel_entr(1 - p, 1 - q))
            return deviance <= t**2

        return _edge(inside, p, np.zeros_like(p)), _edge(inside, p, np.ones_like(p))

    return _design_interval(bounds, proportion, variance, base, degrees_of_freedom, confidence)


def asin_interval(proportion, variance, base, degrees_of_freedom, confidence: float = CONFIDENCE, cut: bool = True):
    """Return sin²(asin √p ∓ t_df √v / (2√(p(1−p)))), the interval on the variance-stabilising scale.

    The angle is cut to 0 … π/2; `cut=False` lets it leave that range, as R's svyciprop does, where a bound that went
    below 0 comes back above it. Otherwise as `logit_interval`. Source: Lumley (2010), Complex Surveys, section 2.3.

    >>> low, high = asin_interval(0.4, 0.4 * 0.6 / 29, 30, 29)
    >>> print(round(low, 6), round(high, 6))
    0.225508 0.588743
    """

    def bounds(p, v, n, t):
        half = t * np.sqrt(v / (p * (1 - p))) / 2
        angles = np.arcsin(np.sqrt(p)) - half, np.arcsin(np.sqrt(p)) + half
        return tuple(np.sin(np.clip(angle, 0, np.pi / 2) if cut else angle) ** 2 for angle in angles)

    return _design_interval(bounds, proportion, variance, base, degrees_of_freedom, confidence)


def mean_interval(proportion, variance, base, degrees_of_freedom, confidence: float = CONFIDENCE, cut: bool = True):
    """Return p ∓ t_df √v, the symmetric interval, cut to 0 … 1 (`cut=False`: not cut, as R's svyciprop).

    Otherwise as `logit_interval`. Source: Cochran (1977), Sampling Techniques, section 3.6.

    >>> low, high = mean_interval(0.4, 0.4 * 0.6 / 29, 30, 29)
    >>> print(round(low, 6), round(high, 6))
    0.213942 0.586058
    """

    def bounds(p, v, n, t):
        low, high = p - t * np.sqrt(v), p + t * np.sqrt(v)
        return (np.maximum(low, 0), np.minimum(high, 1)) if cut else (low, high)

    return _design_interval(bounds, proportion, variance, base, degrees_of_freedom, confidence)


# --- one entrance --------------------------------------------------------------------------------------------------


def default_method(population=None) -> str:
    """Return the method for unweighted answers: exact where the population size is known, else Wilson's.

    >>> default_method(), default_method(30)
    ('wilson', 'hypergeometric')
    """
    return "wilson" if population is None else "hypergeometric"


def interval(
    method: str,
    count=None,
    base=None,
    *,
    confidence: float = CONFIDENCE,
    population=None,
    proportion=None,
    variance=None,
    degrees_of_freedom=None,
):
    """Return (low, high) by the method of this name, one of `METHODS`.

    wilson and clopper-pearson need count and base, hypergeometric also the population; the others need base,
    proportion, variance and degrees of freedom, as `linearised_variance` returns them. Raises EstimationError for an
    unknown method (naming the nearest) and for what the method needs but did not get.

    >>> low, high = interval("wilson", 40, 46)
    >>> print(round(low, 6), round(high, 6))
    0.743341 0.938822
    """
    if method not in METHODS:
        raise EstimationError(
            Problem("a method for intervals", repr(method), "method", near(str(method), list(METHODS)))
        )
    given = {"base": base}
    if method in COUNT_METHODS:
        given = {"count": count, **given}
        if method == "hypergeometric":
            given["population"] = population
    else:
        given = {
            "proportion": proportion,
            "variance": variance,
            **given,
            "degrees_of_freedom": degrees_of_freedom,
        }
    missing = [name for name, value in given.items() if value is None]
    if missing:
        raise EstimationError(
            Problem(
                f"{name.replace('_', ' ')} for the {METHODS[method].name}",
                "none",
                f"method {method!r}",
                "state it in wave.yml or choose another method",
            )
            for name in missing
        )
    return _FUNCTIONS[method](**given, confidence=confidence)


_FUNCTIONS = {
    "hypergeometric": hypergeometric,
    "wilson": wilson,
    "clopper-pearson": clopper_pearson,
    "korn-graubard": korn_graubard,
    "beta": beta_interval,
    "logit": logit_interval,
    "likelihood": likelihood_interval,
    "asin": asin_interval,
    "mean": mean_interval,
}


# --- the parts they share ------------------------------------------------------------------------------------------


def _pair(low, high, estimable):
    return np.where(estimable, low, np.nan)[()], np.where(estimable, high, np.nan)[()]


def _beta_bounds(count, base, confidence):
    from scipy.special import betaincinv

    tail = (1 - confidence) / 2
    with np.errstate(invalid="ignore", divide="ignore"):
        low = betaincinv(np.where(count > 0, count, np.nan), base - count + 1, tail)
        high = betaincinv(count + 1, np.where(base > count, base - count, np.nan), 1 - tail)
    return np.where(count > 0, low, 0.0), np.where(count < base, high, 1.0)


def _first_true(holds, lowest, highest):
    """Find by bisection the smallest whole number in lowest … highest for which a rising condition holds."""
    low, high = lowest.copy(), highest.copy()
    while (low < high).any():
        middle = np.floor((low + high) / 2)
        found = holds(middle)
        high = np.where(found, middle, high)
        low = np.where(found, low, np.minimum(middle + 1, high))
    return high


def _edge(inside, good, bad):
    """Halve the way between a point inside and one outside until the floats are exhausted; return the inner side."""
    for _ in range(BISECTION_STEPS):
        middle = (good + bad) / 2
        holds = inside(middle)
        new_good, new_bad = np.where(holds, middle, good), np.where(holds, bad, middle)
        if np.array_equal(new_good, good) and np.array_equal(new_bad, bad):
            break
        good, bad = new_good, new_bad
    return good


def _design_interval(bounds, proportion, variance, base, degrees_of_freedom, confidence):
    p, v, n, df = checked_estimate(proportion, variance, base, degrees_of_freedom, confidence)
    usual = has_spread(p, v) & estimable(p, n, df)
    # a harmless stand-in where the formula has no value; the result there is replaced
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        low, high = bounds(np.where(usual, p, 0.5), np.where(usual, v, 0.01), n, student_quantile(df, confidence))
    other_low, other_high = korn_graubard(p, v, n, df, confidence)
    return np.where(usual, low, other_low)[()], np.where(usual, high, other_high)[()]


def _counts(count, base, population=None, confidence: float = CONFIDENCE):
    """Check counts, bases and populations; return them as floats of one shape."""
    arrays = numbers_of({"count": count, "base": base} | ({} if population is None else {"population": population}))
    problems = checked_confidence(confidence)
    with np.errstate(invalid="ignore"):
        unusable = {}
        for name, values in arrays.items():
            unusable[name] = ~(np.isfinite(values) & (values >= 0) & (np.mod(values, 1) == 0))
            problems += wrong_places(unusable[name], f"a whole number, 0 or more, as the {name}", arrays, name)
        usable = ~(unusable["count"] | unusable["base"])
        problems += wrong_places(
            usable & (arrays["count"] > arrays["base"]), "a count no larger than its base", arrays, "count", "base"
        )
        if population is not None:
            usable = ~(unusable["base"] | unusable["population"])
            problems += wrong_places(
                usable & (arrays["base"] > arrays["population"]),
                "a base no larger than the population",
                arrays,
                "base",
                "population",
            )
    if problems:
        raise EstimationError(problems)
    return tuple(arrays.values())
