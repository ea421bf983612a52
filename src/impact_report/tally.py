"""From responses to counts by indicator and group: sums that add up across pieces of the data."""

from __future__ import annotations

import numpy as np
import pandas as pd

from impact_report.codebook import Codebook, Indicator
from impact_report.conditions import holds
from impact_report.errors import EstimationError, Problem

EVERYONE = "all"
KEYS = ["section", "indicator", "group_by", "group"]
SUMS = [
    "members",  # respondents that belong to the group
    "eligible",  # respondents the indicator is about
    "asked",  # of these, those who were asked
    "base",  # the denominator
    "count",  # the numerator
    "weighted_base",  # sum of weights over the base
    "weighted_count",  # sum of weights over the count
    "squared_base",  # sum of squared weights over the base
    "squared_count",  # sum of squared weights over the count
]


def tally(responses: pd.DataFrame, codebook: Codebook, weights: str | None = None) -> pd.DataFrame:
    """Return the sums behind every indicator, for everyone and for each group of the codebook's groupings.

    One row an indicator, grouping and group, in the codebook's order; a group nobody belongs to is a row of zeros.
    `weights` names the quantity that holds each response's weight; without it each counts as 1.
    Raises EstimationError where a weight is missing, negative, or all are zero.
    """
    weight = _weights(responses, weights)
    groupings = {EVERYONE: pd.Series(EVERYONE, index=responses.index)}
    groups = {EVERYONE: [EVERYONE]}
    for item in codebook.groups:
        groupings[item] = responses[item].astype(object)
        groups[item] = list(codebook.items[item].codes)
    rows = []
    for section in codebook.sections:
        for indicator in section.indicators:
            sums = _contributions(responses, codebook, indicator, weight)
            for group_by, membership in groupings.items():
                by_group = (
                    sums.groupby(membership.to_numpy(), observed=True).sum().reindex(groups[group_by], fill_value=0)
                )
                by_group.index.name = "group"
                rows.append(
                    by_group.reset_index().assign(section=section.id, indicator=indicator.id, group_by=group_by)
                )
    table = pd.concat(rows, ignore_index=True)
    counts = SUMS[:5]
    return table[KEYS + SUMS].astype(dict.fromkeys(counts, "int64"))


def add(tallies: list[pd.DataFrame]) -> pd.DataFrame:
    """Return the tally of all pieces of the data from the tallies of each.

    >>> piece = pd.DataFrame([["a", "x", "all", "all", 12, 12, 12, 10, 4, 10., 4., 10., 4.]], columns=KEYS + SUMS)
    >>> add([piece, piece])[["eligible", "base", "count"]].values.tolist()
    [[24, 20, 8]]
    """
    return pd.concat(tallies).groupby(KEYS, sort=False, as_index=False)[SUMS].sum()


def outcomes(responses: pd.DataFrame, codebook: Codebook, indicator: Indicator) -> pd.DataFrame:
    """Return, for each response, whether it is eligible, was asked, is in the base, and counts (four booleans)."""
    item = codebook.items[indicator.item]
    missing = responses[f"{indicator.item}.missing"]
    eligible = holds(indicator.among, responses, codebook)
    asked = eligible & (missing != "not_asked").fillna(True)
    answered = asked & missing.isna()
    base = {"answered": answered, "asked": asked, "all": eligible}[indicator.base]
    codes = indicator.none_of or codebook.counting(indicator)
    if item.kind == "multiple":
        chosen = responses[[f"{indicator.item}.{code}" for code in codes]].any(axis=1)
    else:
        chosen = responses[indicator.item].isin(codes)
    counts = base & ~chosen if indicator.none_of else base & answered & chosen
    return pd.DataFrame({"eligible": eligible, "asked": asked, "base": base, "count": counts})


def _contributions(
    responses: pd.DataFrame, codebook: Codebook, indicator: Indicator, weight: np.ndarray
) -> pd.DataFrame:
    """Return each response's part of every sum."""
    flags = outcomes(responses, codebook, indicator)
    parts = {"members": np.ones(len(responses), dtype=np.int64)}
    parts |= {name: flags[name].to_numpy(dtype=np.int64) for name in flags}
    for name in ("base", "count"):
        parts[f"weighted_{name}"] = weight * parts[name]
        parts[f"squared_{name}"] = weight**2 * parts[name]
    return pd.DataFrame(parts)


def _weights(responses: pd.DataFrame, name: str | None) -> np.ndarray:
    if name is None:
        return np.ones(len(responses))
    weight = responses[name].to_numpy(dtype=float)
    wrong = ~np.isfinite(weight) | (weight < 0)
    if wrong.any():
        rows = ", ".join(map(str, responses.loc[wrong, "source_row"].head(8)))
        raise EstimationError(
            Problem(
                "a weight of 0 or more for each response",
                f"{int(wrong.sum())} missing or negative, in source rows {rows}",
                f"item {name!r}",
                "correct the weights, set these rows aside in wave.yml, or remove `weights:` there",
            )
        )
    if not weight.any():
        do = "correct the weights, or remove `weights:` from wave.yml"
        raise EstimationError(Problem("some weight above 0", "only zeros", f"item {name!r}", do))
    return weight
