"""Which shares differ between two editions, which appeared or disappeared, which are hidden now and which are shown."""

from __future__ import annotations

import pandas as pd

from impact_report.tally import EVERYONE

KEY = ["indicator", "group_by", "group"]
# What is compared of an estimate: the share, what it is of, and how sure it is.
COMPARED = ["eligible", "asked", "base", "count", "weighted_base", "effective_base", "proportion", "low", "high"]
COMPARED_WORDS = ["method", "flags"]
THEN, NOW = "_then", "_now"
SAME, CHANGED = "same", "changed"
APPEARED, DISAPPEARED = "appeared", "disappeared"
SHOWN, HIDDEN = "shown now", "hidden now"
NEITHER = "shown in neither"
SMALLEST = 1e-9  # of a difference between two proportions, which are published with at most twelve digits


def compared(then: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    """Return one row an estimate of either edition, with its columns of then and now, `state` and `difference`.

    `difference` is the share now minus the share then (−1 to 1), missing where either is not shown. Rows stand in the
    order of now, then those that only the earlier edition has.

    >>> columns = [*KEY, *COMPARED, *COMPARED_WORDS, "suppressed"]
    >>> def edition(count):
    ...     counts = [4, 4, 4, count, 4, 4, count / 4, 0, 1, "wilson", "", False]
    ...     return pd.DataFrame([["solo", "all", "all", *counts]], columns=columns)
    >>> compared(edition(1), edition(2))[["state", "difference"]].values.tolist()
    [['changed', 0.25]]
    """
    kept = [*KEY, *COMPARED, *COMPARED_WORDS, "suppressed"]
    both = now[kept].merge(then[kept], on=KEY, how="outer", suffixes=(NOW, THEN), indicator="where", sort=False)
    order = pd.MultiIndex.from_frame(pd.concat([now[KEY], then[KEY]]).drop_duplicates())
    both = both.set_index(KEY).reindex(order).reset_index()
    shown = {side: _shown(both, side) for side in (THEN, NOW)}
    state = pd.Series(NEITHER, both.index)
    same = _same(both)
    state[shown[THEN] & shown[NOW]] = CHANGED
    state[shown[THEN] & shown[NOW] & same] = SAME
    state[shown[THEN] & ~shown[NOW]] = HIDDEN
    state[~shown[THEN] & shown[NOW]] = SHOWN
    state[shown[NOW] & (both["where"] == "left_only")] = APPEARED
    state[shown[THEN] & (both["where"] == "right_only")] = DISAPPEARED
    difference = both[f"proportion{NOW}"] - both[f"proportion{THEN}"]
    return both.assign(state=state, difference=difference.where(shown[THEN] & shown[NOW]))


def of_everyone(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that are about all respondents together."""
    return table[table["group_by"] == EVERYONE]


def differing(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows in which something that a reader can see differs."""
    return table[~table["state"].isin([SAME, NEITHER])]


def visible(table: pd.DataFrame) -> int:
    """Return how many shares either edition shows."""
    return int((table["state"] != NEITHER).sum())


def _shown(both: pd.DataFrame, side: str) -> pd.Series:
    suppressed = both[f"suppressed{side}"].astype("boolean").fillna(True).astype(bool)
    return ~suppressed & both[f"proportion{side}"].notna()


def _same(both: pd.DataFrame) -> pd.Series:
    same = pd.Series(True, both.index)
    for name in COMPARED:
        then, now = (both[f"{name}{side}"].astype(float) for side in (THEN, NOW))
        same &= ((then - now).abs() < SMALLEST) | (then.isna() & now.isna())
    for name in COMPARED_WORDS:
        then, now = (both[f"{name}{side}"].fillna("") for side in (THEN, NOW))
        same &= then == now
    return same
