"""What must not be shown, so that no respondent can be recognised, and what is shown with a warning.

A *cell* is one row of the estimates table: an indicator in a group. A cell is hidden because it is small (primary)
or because a hidden cell could be computed from it (complementary). Flags never hide anything.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from impact_report.errors import EstimationError, Problem
from impact_report.tally import EVERYONE

# --- reliability ---------------------------------------------------------------------------------------------------

SMALL_BASE = 30
WIDE = 0.30
RELATIVELY_WIDE = 1.30
NARROW_ENOUGH = 0.05  # an interval up to this width is precise enough, however small the share
FEW_DEGREES_OF_FREEDOM = 8
ROUNDING_NOISE = 1e-12  # a width of .30 computed as .29999999999999993 is .30

FLAGS = {
    "nobody": "nobody answered, so there is no share",
    "no-interval": "no interval: everybody in the population answered, or it cannot be estimated",
    "small-base": f"fewer than {SMALL_BASE} answers, or weighted answers worth fewer",
    "wide": f"the interval is {WIDE * 100:.0f} points wide or wider",
    "relatively-wide": f"the interval is wider than {RELATIVELY_WIDE * 100:.0f} % of the share itself",
    "few-degrees": f"fewer than {FEW_DEGREES_OF_FREEDOM} degrees of freedom behind the variance",
    "none-or-all": "none or all of the answers count",
}


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


# --- suppression in the estimates table ----------------------------------------------------------------------------

KEYS = ("wave", "indicator")  # what names an indicator; those of them the table has
NEEDED_COLUMNS = ("indicator", "group_by", "base", "count")
COUNTED_COLUMNS = ("eligible", "asked", "base", "count")
MASKED_COLUMNS = (
    *COUNTED_COLUMNS,
    "weighted_base",
    "weighted_count",
    "effective_base",
    "design_effect",
    "variance",
    "degrees_of_freedom",
    "proportion",
    "low",
    "high",
    "bound_low",
    "bound_high",
    "flags",
)


def suppress(table: pd.DataFrame, minimum_base: int, k: int | None = None) -> pd.Series:
    """Return which rows of an estimates table must be hidden, as a boolean Series with the table's index.

    Primary: a base below `minimum_base` (a group that nobody belongs to needs no hiding), and with `k` a count, or
    its complement, in 1 … k−1. Complementary, among the groups of one indicator and grouping: while only one of them
    is hidden, or the hidden ones hold fewer than `minimum_base` answers together, or with `k` a hidden count could be
    narrowed down to fewer than k values beyond its own, the smallest one still shown is hidden too. Answers of
    respondents without a group (the total minus all groups) are a cell that is never shown. In a grouping whose
    groups overlap, a group is hidden when those outside it are too few. The row of everybody has group_by "all".

    Raises EstimationError for missing columns, an indicator without a row of everybody or with several, counts that
    are missing or do not fit, and limits that are not whole numbers. Source: Hundepool et al. (2012), Statistical
    Disclosure Control, chapters 4–5.

    >>> table = pd.DataFrame({"indicator": "data", "group_by": ["all", "role", "role", "role"],
    ...                       "group": ["all", "a", "b", "c"], "base": [20, 3, 7, 10], "count": [11, 2, 4, 5]})
    >>> table["group"][suppress(table, minimum_base=5)].tolist()
    ['a', 'b']
    """
    _check_limits(minimum_base, k)
    _check_table(table)
    hidden = np.zeros(len(table), dtype=bool)
    base = table["base"].to_numpy(dtype=float)
    count = table["count"].to_numpy(dtype=float)
    eligible = table["eligible"].to_numpy(dtype=float) if "eligible" in table else base
    nobody = (base == 0) & ~(eligible > 0)
    hidden |= (base < minimum_base) & ~nobody
    if k is not None:
        hidden |= _few(count, k) | _few(base - count, k)

    keys = [key for key in KEYS if key in table]
    rows_of = table.reset_index(drop=True).groupby([*keys, "group_by"], sort=False, dropna=False).indices
    for (*key, grouping), rows in rows_of.items():
        if grouping == EVERYONE:
            continue
        (everybody,) = rows_of[(*key, EVERYONE)]
        cells = rows[~nobody[rows]]
        if hidden[everybody]:
            continue  # no total to subtract from
        hidden[cells] = _protected(
            base[cells], count[cells], hidden[cells], base[everybody], count[everybody], minimum_base, k
        )
    return pd.Series(hidden, index=table.index, name="suppressed")


def mask(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with every figure of the rows marked `suppressed` blanked: numbers missing, flags empty.

    Counts become nullable integers, so that a blank does not turn the others into floats. Raises EstimationError
    without a column `suppressed`.

    >>> table = pd.DataFrame({"group": ["a", "b"], "base": [3, 9], "count": [2, 5], "suppressed": [True, False]})
    >>> mask(table)["base"].tolist()
    [<NA>, 9]
    """
    if "suppressed" not in table:
        raise EstimationError(
            Problem("a column 'suppressed'", "none", "estimates", "set it to suppress(table, …) first")
        )
    masked = table.copy()
    hidden = table["suppressed"].to_numpy(dtype=bool)
    for column in MASKED_COLUMNS:
        if column not in masked:
            continue
        values = masked[column]
        if column == "flags":
            masked[column] = [
                (() if isinstance(flags, tuple) else "") if hide else flags
                for flags, hide in zip(values, hidden, strict=True)
            ]
        elif column in COUNTED_COLUMNS:
            masked[column] = values.astype("Int64").mask(hidden)
        else:
            masked[column] = values.astype(float).mask(hidden)
    return masked


def _protected(base, count, hidden, total_base, total_count, minimum_base, k):
    """Hide further cells of one grouping until nothing small follows from the total; return which are hidden."""
    hidden = hidden.copy()
    rest_base, rest_count = total_base - base.sum(), total_count - count.sum()
    if rest_base < 0:  # groups overlap: only a single group's complement can be computed
        hidden |= _few(total_base - base, minimum_base)
        if k is not None:
            others_count = total_count - count
            hidden |= _few(others_count, k) | _few(total_base - base - others_count, k)
        return hidden

    # the last cell, respondents without a group, is never shown
    base, count = np.append(base, rest_base), np.append(count, rest_count)
    hidden = np.append(hidden, rest_base > 0)
    while True:
        secret = hidden & (base > 0)
        exposed = (
            hidden.any()
            and (not hidden[-1] or hidden[:-1].any() or _sensitive(rest_base, rest_count, minimum_base, k))
            and _exposed(base, count, secret, minimum_base, k)
        )
        shown = ~hidden & (base > 0)
        if not exposed or not shown.any():
            return hidden[:-1]
        candidates = np.flatnonzero(shown)
        hidden[min(candidates, key=lambda cell: (base[cell], count[cell], cell))] = True


def _exposed(base, count, secret, minimum_base, k) -> bool:
    if secret.sum() < 2 or base[secret].sum() < minimum_base:
        return True
    if k is None:
        return False
    # what follows from the published sums for each hidden count, even when the hidden bases are known otherwise
    yes, answers = count[secret].sum(), base[secret].sum()
    most = np.minimum(base[secret], yes)
    least = np.maximum(0, yes - (answers - base[secret]))
    wanted = np.minimum(k, base[secret])
    # sums over all cells cannot be undone: where all say the same, hiding more protects nothing
    attainable = min(count.sum(), (base - count).sum())
    return bool((most - least < np.minimum(wanted, attainable)).any())


def _sensitive(base, count, minimum_base, k) -> bool:
    if 0 < base < minimum_base:
        return True
    return k is not None and bool(_few(count, k) or _few(base - count, k))


def _few(number, limit):
    return (number >= 1) & (number < limit)


# --- suppression in a crosstab -------------------------------------------------------------------------------------


def complementary(counts, primary, k: int | None = None) -> np.ndarray:
    """Return which cells of a two-way table to hide, given those hidden for their own sake and published margins.

    `counts` and `primary` (boolean) have shape (rows, columns). Until no row or column has exactly one hidden cell,
    the smallest non-zero one beside it is hidden (a zero where nothing else is left). With `k`, cells are then added
    while some hidden cell's feasible range is narrower than k. Raises EstimationError for shapes that differ and
    counts that are no whole numbers. Source: Hundepool et al. (2012), Statistical Disclosure Control, chapter 4.

    >>> old, young = [3, 4, 6], [2, 0, 5]  # in Iceland, Portugal, Spain
    >>> complementary([old, young], [[False, False, False], [False, True, False]]).astype(int)
    array([[1, 1, 0],
           [1, 1, 0]])
    """
    counts, hidden = _crosstab(counts, primary)
    if k is not None:
        _check_limits(1, k)
    while True:
        changed = True
        while changed:
            changed = False
            for line in _lines(hidden):
                if hidden[line].sum() == 1 and not hidden[line].all():
                    _hide_smallest(counts, hidden, line)
                    changed = True
        if k is None or not hidden.any() or hidden.all():
            return hidden
        low, high = feasible_ranges(counts, hidden)
        narrow = np.argwhere(hidden & (high - low < k))
        beside = [
            line
            for row, column in narrow
            for line in ((row, slice(None)), (slice(None), column))
            if not hidden[line].all()
        ]
        if not beside:
            return hidden
        _hide_smallest(counts, hidden, beside[0])


def feasible_ranges(counts, hidden) -> tuple[np.ndarray, np.ndarray]:
    """Return the least and greatest value each hidden cell can have, given the cells shown and all margins.

    Both arrays have the shape of `counts`; a cell that is shown has its own value twice. It is what an attacker can
    deduce, exactly: the ends of a linear programme over tables of counts are whole numbers. Source: Hundepool et al.
    (2012), chapter 4; the audit problem of Willenborg & de Waal (2001), Elements of Statistical Disclosure Control.

    >>> low, high = feasible_ranges([[3, 4, 6], [2, 0, 5]], [[True, True, False], [True, True, False]])
    >>> low[0, 0], high[0, 0]  # rows 7 and 2, columns 5 and 4 are left
    (np.int64(3), np.int64(5))
    """
    from scipy.optimize import linprog

    counts, hidden = _crosstab(counts, hidden)
    low, high = counts.copy(), counts.copy()
    places = np.argwhere(hidden)
    if not len(places):
        return low, high
    rows, columns = counts.shape
    equations = np.zeros((rows + columns, len(places)))
    for number, (row, column) in enumerate(places):
        equations[row, number] = equations[rows + column, number] = 1
    left = np.where(hidden, counts, 0)
    sums = np.concatenate([left.sum(axis=1), left.sum(axis=0)])
    for number, place in enumerate(map(tuple, places)):
        objective = np.zeros(len(places))
        objective[number] = 1
        for ends, sign in ((low, 1), (high, -1)):
            solution = linprog(sign * objective, A_eq=equations, b_eq=sums, bounds=(0, None), method="highs")
            ends[place] = round(sign * solution.fun)
    return low, high


def _lines(hidden):
    rows, columns = hidden.shape
    return [(row, slice(None)) for row in range(rows)] + [(slice(None), column) for column in range(columns)]


def _hide_smallest(counts, hidden, line) -> None:
    values = np.where(hidden[line], np.inf, counts[line])
    values = np.where(values == 0, np.finfo(float).max, values)  # a zero only when nothing else is left
    hidden[line][int(np.argmin(values))] = True


def _crosstab(counts, hidden):
    counts, hidden = np.asarray(counts), np.array(hidden, dtype=bool)
    problems = []
    if counts.ndim != 2 or counts.shape != hidden.shape:
        problems.append(
            Problem(
                "a two-way table, and one mark for each of its cells",
                f"shapes {counts.shape} and {hidden.shape}",
                "crosstab",
                "give both as rows of equal length",
            )
        )
    if not np.issubdtype(counts.dtype, np.number) or (counts < 0).any() or (counts % 1 != 0).any():
        problems.append(Problem("whole numbers, 0 or more", "others", "crosstab", "pass unweighted counts"))
    if problems:
        raise EstimationError(problems)
    return counts.astype(np.int64), hidden


def _check_limits(minimum_base, k) -> None:
    problems = [
        Problem("a whole number, 1 or more", repr(value), name, "correct it in wave.yml, or leave k out to turn it off")
        for name, value in (("minimum base", minimum_base), ("k", 1 if k is None else k))
        if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < 1
    ]
    if problems:
        raise EstimationError(problems)


def _check_table(table: pd.DataFrame) -> None:
    problems = [
        Problem(
            f"a column {column!r}", f"columns {', '.join(map(str, table.columns))}", "estimates", "add or rename it"
        )
        for column in NEEDED_COLUMNS
        if column not in table
    ]
    if problems:
        raise EstimationError(problems)
    base = table["base"].to_numpy(dtype=float, na_value=np.nan)
    count = table["count"].to_numpy(dtype=float, na_value=np.nan)
    for position in np.flatnonzero(~((count >= 0) & (count <= base) & (base % 1 == 0) & (count % 1 == 0))):
        problems.append(
            Problem(
                "whole numbers with 0 ≤ count ≤ base",
                f"count {count[position]:g}, base {base[position]:g}",
                f"estimates, row {position + 1} ({table['indicator'].iloc[position]})",
                "suppress before masking, and correct what was counted",
            )
        )
    keys = [key for key in KEYS if key in table]
    for key, rows in table.groupby(keys, sort=False, dropna=False):
        everybody = int((rows["group_by"] == EVERYONE).sum())
        if everybody != 1:
            problems.append(
                Problem(
                    f"one row of everybody (group_by {EVERYONE!r})",
                    f"{everybody}",
                    f"estimates, {', '.join(map(str, key))}",
                    "add the row of everybody; without it nothing can be checked",
                )
            )
    if problems:
        raise EstimationError(problems)
