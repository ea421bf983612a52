"""What an estimate under a design is worth: the base in equally weighted, independent answers."""

from __future__ import annotations

import numpy as np

from impact_report.arguments import CONFIDENCE, checked_confidence, numbers_of, wrong_places
from impact_report.errors import EstimationError

# A variance this small beside p(1 − p) is the rounding of floats around 0: it would stand for 10¹² answers.
NEGLIGIBLE = 1e-12


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
