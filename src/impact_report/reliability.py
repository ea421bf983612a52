"""How far an estimate can be relied on: flags that are shown beside it and never hide anything."""

from __future__ import annotations

import numpy as np

from impact_report.language import number, percent, say

CONFIDENCE = 0.95  # of the intervals that flags are judged by, whatever confidence is printed
SMALL_BASE = 30
WIDE = 0.30
RELATIVELY_WIDE = 1.30
NARROW_ENOUGH = 0.05  # an interval up to this width is precise enough, however small the share
FEW_DEGREES_OF_FREEDOM = 8
ROUNDING_NOISE = 1e-12  # a width of .30 computed as .29999999999999993 is .30

FLAGS = {
    "nobody": "nobody in the base, so no share",
    "no-interval": "no interval: all of the population answered, or the sample holds too few primary units, or all "
    "there are",
    "small-base": "fewer than {least} answers",
    "wide": "interval of {points} points or wider",
    "relatively-wide": "interval wider than {share} of the share",
    "few-degrees": "fewer than {degrees} degrees of freedom",
    "none-or-all": "none or all answers count",
}
OF_DESIGNS = {"small-base": "fewer than {least} answers, or weighted answers worth fewer"}


def meaning(flag: str, designed: bool = False) -> str:
    """Return what a flag, an id of `FLAGS`, says of an estimate; of a designed wave's it may say more.

    >>> meaning("small-base"), meaning("relatively-wide")
    ('fewer than 30 answers', 'interval wider than 130% of the share')
    >>> meaning("small-base", designed=True)
    'fewer than 30 answers, or weighted answers worth fewer'
    """
    said = FLAGS | OF_DESIGNS if designed else FLAGS
    return say(
        said[flag],
        least=number(SMALL_BASE),
        points=number(round(WIDE * 100)),
        share=percent(number(round(RELATIVELY_WIDE * 100))),
        degrees=number(FEW_DEGREES_OF_FREEDOM),
    )


def reliability_flags(
    count, base, low, high, effective_base=None, degrees_of_freedom=None, proportion=None
) -> np.ndarray | tuple[str, ...]:
    """Return the reliability flags of each estimate, a tuple of ids of `FLAGS`: an object array, or one tuple.

    All arguments are arrays that broadcast, or scalars; low and high are the 95 % interval on 0–1 (nan: none);
    `proportion` is count/base unless given (a weighted one). Flagged are n or n_eff below 30, a width of .30 or more,
    a width above 130 % of the share where it is above .05, fewer than 8 degrees of freedom, and 0 or n events.
    Where the population is known, low and high are the hypergeometric ones.
    Source: Parker et al. (2017), National Center for Health Statistics data presentation standards for proportions,
    Vital and Health Statistics 2(175).

    >>> reliability_flags(18, 23, 0.581, 0.903)
    ('small-base', 'wide')
    >>> reliability_flags([40, 0], [46, 60], [0.743, 0.0], [0.939, 0.06]).tolist()
    [(), ('none-or-all',)]
    """
    given = [count, base, low, high, effective_base, degrees_of_freedom, proportion]
    count, base, low, high, effective_base, degrees, proportion = np.broadcast_arrays(
        *(np.asarray(np.nan if values is None else values, dtype=float) for values in given)
    )
    with np.errstate(invalid="ignore", divide="ignore"):
        proportion = np.where(np.isnan(proportion), count / base, proportion)
        width = high - low
        answered = base > 0
        none_or_all = (count == 0) | (count == base)
        relative = (width > NARROW_ENOUGH + ROUNDING_NOISE) & (proportion > 0)
        holds = {
            "nobody": ~answered,
            "no-interval": answered & np.isnan(width),
            "small-base": answered & ((base < SMALL_BASE) | (effective_base < SMALL_BASE)),
            "wide": answered & (width >= WIDE - ROUNDING_NOISE),
            "relatively-wide": answered
            & relative
            & (width > (RELATIVELY_WIDE + ROUNDING_NOISE) * np.where(proportion > 0, proportion, np.inf)),
            "few-degrees": answered & (degrees < FEW_DEGREES_OF_FREEDOM),
            "none-or-all": answered & none_or_all,
        }
    flags = np.empty(base.shape, dtype=object)
    for place in np.ndindex(base.shape):
        flags[place] = tuple(flag for flag in FLAGS if holds[flag][place])
    return flags[()]
