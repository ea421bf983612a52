"""Rounding, once and from integers, under a rule that can be named.

A share of x out of n is a ratio of integers, so whether it lies above, below or exactly on a half is decided
exactly. Python's own `round` cannot be used: it rounds halves to the even neighbour (5 of 40 is 12.5 and becomes
12) and works on the binary fraction nearest to the share.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import numpy as np

from impact_report.errors import EstimationError, Problem, near

# What a printed percentage may have been rounded by; the words are printed in the report.
ROUNDING_RULES = {
    "half up": "halves are rounded up: 12.5 becomes 13",
    "half down": "halves are rounded down: 12.5 becomes 12",
    "half even": "halves are rounded to the even neighbour: 12.5 becomes 12, 13.5 becomes 14",
    "up": "anything above a whole step is rounded up: 12.1 becomes 13",
    "down": "what is beyond the last step is cut off: 12.9 becomes 12",
}

MOST_DECIMALS = 6  # beyond this a count times the scale no longer surely fits into 64 bits

# A weighted share is a sum of floats; its last digits depend on the order of the addends. Beyond twelve significant
# digits nothing is known, and 28.499999999999996 is 28.5.
TRUSTED_DIGITS = 12


def round_ratio(numerator, denominator, rule: str = "half up"):
    """Round numerator/denominator (integers, arrays or scalars, none negative) to a whole number under a named rule.

    Raises EstimationError for an unknown rule. Half up is ⌊(2a + b) / 2b⌋.

    >>> [int(round_ratio(25, 2, rule)) for rule in ("half up", "half down", "half even", "up", "down")]
    [13, 12, 12, 13, 12]
    """
    numerator, denominator = np.asarray(numerator), np.asarray(denominator)
    if rule == "half up":
        return (2 * numerator + denominator) // (2 * denominator)
    if rule == "half down":
        return -((denominator - 2 * numerator) // (2 * denominator))
    if rule == "half even":
        whole, rest = numerator // denominator, numerator % denominator
        over, tie = 2 * rest > denominator, 2 * rest == denominator
        return whole + (over | (tie & (whole % 2 == 1)))
    if rule == "up":
        return -(-numerator // denominator)
    if rule == "down":
        return numerator // denominator
    raise EstimationError(
        Problem(
            "a rounding rule",
            repr(rule),
            "rounding",
            near(str(rule), list(ROUNDING_RULES)),
        )
    )


def percent_steps(count, base, decimals: int = 0, rounding: str = "half up"):
    """Return 100·count/base in whole steps of 10^-decimals percent, as integers (any shape).

    Half up is ⌊(200·10^d·x + n) / 2n⌋. Raises EstimationError for counts or bases that are not whole numbers, a base
    that is not positive, a count outside 0 … base, or decimals outside 0 … 6.

    >>> int(percent_steps(38, 46)), int(percent_steps(38, 46, decimals=1))
    (83, 826)
    """
    check_decimals(decimals)
    count, base = np.broadcast_arrays(np.asarray(count), np.asarray(base))
    with np.errstate(invalid="ignore"):
        whole = (np.mod(count, 1) == 0) & (np.mod(base, 1) == 0)
        wrong = ~(whole & (base > 0) & (count >= 0) & (count <= base))
    if wrong.any():
        raise EstimationError(
            Problem(
                "whole numbers with 0 ≤ count ≤ base and a base above 0",
                f"count {x} of base {n}",
                f"percentage {position}",
                "print no percentage where the base is 0; otherwise correct the counts",
            )
            for position, x, n in _listed(wrong, count, base)
        )
    return round_ratio(100 * 10**decimals * count.astype(np.int64), base.astype(np.int64), rounding)


def round_half_up_percent(count, base, decimals: int = 0):
    """Return the percentage of count in base, rounded half up from the integers themselves (any shape).

    Whole percents are integers; with decimals the result is the float nearest to the rounded figure, which prints
    as that figure. Raises as `percent_steps` does.

    >>> int(round_half_up_percent(5, 40)), round(12.5)
    (13, 12)
    >>> print(round_half_up_percent([38, 15], 46), float(round_half_up_percent(2, 3, decimals=1)))
    [83 33] 66.7
    """
    steps = percent_steps(count, base, decimals)
    return steps if decimals == 0 else steps / 10**decimals


def significant(value: float) -> float:
    """Return a number to twelve significant digits: those of a sum that do not depend on the machine that computed it.

    >>> significant(0.1 + 0.2)
    0.3
    """
    return float(f"{value:.{TRUSTED_DIGITS}g}")


def half_up(value, decimals: int = 0) -> Decimal:
    """Round one number (int, float, Decimal or its text) half up, away from zero, as a Decimal.

    A float is read at twelve significant digits, so that the order in which weights were added cannot turn a half.
    Raises EstimationError for what is not a finite number.

    >>> half_up(28.499999999999996), half_up("0.125", 2), half_up(-2.5)
    (Decimal('29'), Decimal('0.13'), Decimal('-3'))
    """
    check_decimals(decimals)
    if isinstance(value, (float, np.floating)):
        number = Decimal(format(float(value), f".{TRUSTED_DIGITS}g"))
    else:
        try:
            number = Decimal(str(value))
        except ArithmeticError:
            number = Decimal("nan")
    if not number.is_finite():
        raise EstimationError(
            Problem("a finite number", repr(value), "the value to round", "print no figure where there is none")
        )
    return number.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def half_up_percent(proportion, decimals: int = 0) -> Decimal:
    """Return a proportion (0–1, weighted) as a percentage rounded half up, as a Decimal.

    >>> half_up_percent(0.285), half_up_percent(0.6612697, 1)
    (Decimal('29'), Decimal('66.1'))
    """
    if isinstance(proportion, Decimal):
        return half_up(proportion * 100, decimals)
    return half_up(float(proportion) * 100, decimals)


def check_decimals(decimals: int) -> None:
    """Raise EstimationError unless decimals is a whole number from 0 to 6.

    >>> check_decimals(1)
    """
    if isinstance(decimals, bool) or decimals not in range(MOST_DECIMALS + 1):
        raise EstimationError(
            Problem(f"a whole number from 0 to {MOST_DECIMALS}", repr(decimals), "decimals", "use 0 or 1")
        )


def _listed(wrong, *arrays):
    for index in np.argwhere(wrong):
        place = tuple(index)
        position = ", ".join(str(i + 1) for i in place) or "1"
        yield (position, *(array[place] for array in arrays))
