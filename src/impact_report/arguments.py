"""What a statistic was given: numbers that cannot be meant, each named with its place, all at once."""

from __future__ import annotations

import numpy as np

from impact_report.errors import EstimationError, Problem

CONFIDENCE = 0.95
MOST_LISTED = 20  # wrong places told one by one before the rest is only counted


def numbers_of(given: dict[str, object]) -> dict[str, np.ndarray]:
    """Return what was given as floats of one broadcast shape, by the same names. Raises EstimationError for others.

    >>> numbers_of({"count": [1, 2], "base": 4})["base"].tolist()
    [4.0, 4.0]
    """
    arrays = []
    for name, values in given.items():
        try:
            arrays.append(np.asarray(values, dtype=float))
        except (TypeError, ValueError):
            raise EstimationError(Problem("numbers", repr(values)[:80], name, "pass numbers")) from None
    return dict(zip(given, np.broadcast_arrays(*arrays), strict=True))


def checked_confidence(confidence: object) -> list[Problem]:
    """Return the problem of a confidence level that is none, or nothing.

    >>> [problem.found for problem in checked_confidence(95)]
    ['95']
    """
    if isinstance(confidence, (int, float, np.number)) and 0 < confidence < 1:
        return []
    return [Problem("a confidence level between 0 and 1", repr(confidence), "confidence", "write 95 % as 0.95")]


def wrong_places(wrong: np.ndarray, expected: str, arrays: dict[str, np.ndarray], *names: str) -> list[Problem]:
    """Return a problem for each place that is wrong, with the named numbers found there; many are only counted.

    >>> print(wrong_places(np.array([False, True]), "a count up to its base", {"count": np.array([1, 9])}, "count")[0])
    estimate 2
      expected  a count up to its base
      found     count 9
      do        correct what was counted
    """
    places = np.argwhere(wrong)
    problems = []
    for place in places[:MOST_LISTED]:
        index = tuple(place)
        found = ", ".join(f"{name} {arrays[name][index]:g}" for name in names)
        where = f"estimate {', '.join(str(i + 1) for i in index)}" if index else "the estimate"
        problems.append(Problem(expected, found, where, "correct what was counted"))
    if len(places) > MOST_LISTED:
        found = f"{len(places) - MOST_LISTED} more of this kind"
        problems.append(Problem(expected, found, "further estimates", "correct the first ones first"))
    return problems


def listed_rows(wrong: np.ndarray) -> str:
    """Return the numbers of the rows that are wrong, counted from 1; many are only counted.

    >>> listed_rows(np.array([False, True, True]))
    '2, 3'
    """
    rows = np.flatnonzero(wrong) + 1
    shown = ", ".join(str(int(row)) for row in rows[:MOST_LISTED])
    return shown + (f" … {len(rows) - MOST_LISTED} more" if len(rows) > MOST_LISTED else "")
