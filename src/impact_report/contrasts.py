"""Which groups differ by more than chance would explain: each group against all others, and each pair of groups.

Everything is computed from the rows of the table of estimates that are shown, so that nothing follows from a comparison
that does not follow from them. Groups are answers to one question: nobody belongs to two.
"""

from __future__ import annotations

from string import ascii_uppercase

import numpy as np
import pandas as pd

from impact_report import difference
from impact_report.tally import EVERYONE
from impact_report.wave import Wave

REST, PAIR = "rest", "pair"  # what a group is compared with: all others together, or one other group
COLUMNS = [
    "group_by",
    "kind",
    "indicator",
    "group",
    "against",
    "proportion",
    "against_proportion",
    "difference",
    "low",
    "high",
    "p",
    "adjusted",
    "beyond_chance",
]
TWO = 2  # of two groups, each is all others to the other one: one comparison says it all
_SIDE = ["count", "base", "proportion", "low", "high", "variance", "degrees_of_freedom"]


def compare(estimates: pd.DataFrame, wave: Wave) -> pd.DataFrame:
    """Return one row a comparison, columns as in `COLUMNS`: group minus what it is compared with, on −1 to 1.

    `estimates` is the table of `estimates.estimate`; `kind` is `REST` (`against` is empty: everyone but the group, also
    those who belong to none) or `PAIR` (`against` is a group that comes later). Compared are only shown shares on bases
    of `wave.minimum_base` or more, and only with all others where these are as many and none of their counts is so
    small that it would be hidden. Of two groups only the pair is compared. With weights or a design only pairs are: the
    table does not hold how far the group and the others vary together; groups are then taken for independent, which is
    cautious where they share clusters. Of counts neither interval nor test knows of a population's size: they take
    respondents for a draw from very many, which is cautious where most of a known population answered. `adjusted` is
    Holm's p over all comparisons of one kind and grouping, and `beyond_chance` says whether it is below `level`.
    Source: `difference.independent`, `independent_p`, `from_intervals`, `design_p` and `adjust`.

    >>> from types import SimpleNamespace
    >>> wave = SimpleNamespace(minimum_base=5, smallest_count=None, designed=False,
    ...                        interval=SimpleNamespace(confidence=0.95))
    >>> table = pd.DataFrame([["all", "all", 9, 20], ["voice", "high", 8, 10], ["voice", "low", 1, 10]],
    ...                      columns=["group_by", "group", "count", "base"])
    >>> table = table.assign(indicator="enjoy", proportion=table["count"] / table["base"], suppressed=False)
    >>> compare(table, wave)[["group", "against", "difference", "beyond_chance"]].values.tolist()
    [['high', 'low', 0.7000000000000001, True]]
    """
    shown = _shown(estimates, wave)
    everyone = estimates[(estimates["group_by"] == EVERYONE) & ~estimates["suppressed"].astype(bool)]
    tables = []
    for group_by in dict.fromkeys(shown["group_by"]):
        groups = _apart(shown[shown["group_by"] == group_by], everyone)
        sides = {PAIR: _pairs(groups)}
        if not wave.designed and groups["group"].nunique() != TWO:
            sides[REST] = _with_rest(groups, everyone, wave)
        for kind, sides_of_kind in sides.items():
            compared = _weighted(sides_of_kind, wave) if wave.designed else _counted(sides_of_kind, wave)
            compared["adjusted"] = difference.adjust(compared["p"])
            tables.append(compared.assign(group_by=group_by, kind=kind))
    table = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=[*COLUMNS])
    table["beyond_chance"] = table["adjusted"].astype(float) < level(wave)
    return table[COLUMNS]


def level(wave: Wave) -> float:
    """Return the chance that is taken of even one false alarm in a family: what the confidence level leaves.

    >>> from types import SimpleNamespace
    >>> level(SimpleNamespace(interval=SimpleNamespace(confidence=0.95)))
    0.05
    """
    return round(1 - wave.interval.confidence, 12)


def letters(groups: list[str]) -> dict[str, str]:
    """Return a letter for each group, in their order; after Z come AA, AB and so on.

    >>> letters(["north", "south"])
    {'north': 'A', 'south': 'B'}
    >>> list(letters([str(place) for place in range(28)]).values())[-2:]
    ['AA', 'AB']
    """
    alphabet = len(ascii_uppercase)
    return {
        group: (ascii_uppercase[place // alphabet - 1] if place >= alphabet else "") + ascii_uppercase[place % alphabet]
        for place, group in enumerate(groups)
    }


def _shown(estimates: pd.DataFrame, wave: Wave) -> pd.DataFrame:
    """Return the rows of groups that may be compared: shown, and on enough answers."""
    base = estimates["base"].astype(float)
    fit = (estimates["group_by"] != EVERYONE) & ~estimates["suppressed"].astype(bool) & (base >= wave.minimum_base)
    shown = estimates[fit].copy()
    if wave.designed:
        p, effect = shown["proportion"].astype(float), shown["design_effect"]
        variance = effect * p * (1 - p) / (shown["base"].astype(float) - 1)
        ends = (shown["low"], shown["high"], shown["degrees_of_freedom"], wave.interval.confidence)
        shown["variance"] = variance.where(variance > 0, difference.recovered_variance(p, *ends))
    return shown


def _apart(groups: pd.DataFrame, everyone: pd.DataFrame) -> pd.DataFrame:
    """Return the groups without the indicators in which they hold more answers than there are: they overlap there."""
    together = groups.groupby("indicator")["base"].sum()
    all_of_it = everyone.set_index("indicator")["base"].reindex(together.index)
    overlapping = together.index[(together > all_of_it).fillna(False).astype(bool)]
    return groups[~groups["indicator"].isin(overlapping)]


def _with_rest(groups: pd.DataFrame, everyone: pd.DataFrame, wave: Wave) -> pd.DataFrame:
    """Return each group beside everyone who is not in it, where these are enough to be compared."""
    sides = groups.merge(everyone[["indicator", "count", "base"]], on="indicator", suffixes=("", "_against"))
    for sum_ in ("count", "base"):
        sides[f"{sum_}_against"] = sides[f"{sum_}_against"].astype(int) - sides[sum_].astype(int)
    count, base = sides["count_against"], sides["base_against"]
    fit = base >= wave.minimum_base
    if wave.smallest_count:
        few = range(1, wave.smallest_count)
        fit &= ~count.isin(few) & ~(base - count).isin(few)
    return sides[fit].assign(against="")


def _pairs(groups: pd.DataFrame) -> pd.DataFrame:
    """Return each pair of groups side by side, once, in the order of the table."""
    order = {group: place for place, group in enumerate(dict.fromkeys(groups["group"]))}
    columns = ["indicator", "group", *(name for name in _SIDE if name in groups)]
    sides = groups[columns].merge(groups[columns], on="indicator", suffixes=("", "_against"))
    sides = sides[sides["group"].map(order) < sides["group_against"].map(order)]
    return sides.rename(columns={"group_against": "against"})


def _counted(sides: pd.DataFrame, wave: Wave) -> pd.DataFrame:
    """Return the comparisons of counts."""
    counts = [sides[name].astype(float) for name in ("count", "base", "count_against", "base_against")]
    found = difference.independent(*counts, confidence=wave.interval.confidence)
    against = sides["count_against"] / sides["base_against"]
    return _compared(sides, found, difference.independent_p(*counts)).assign(against_proportion=against.astype(float))


def _weighted(sides: pd.DataFrame, wave: Wave) -> pd.DataFrame:
    """Return the comparisons of weighted or clustered shares."""
    both = [
        [sides[name + side].astype(float) for name in ("proportion", "low", "high", "variance", "degrees_of_freedom")]
        for side in ("", "_against")
    ]
    (p1, low1, high1, v1, df1), (p2, low2, high2, v2, df2) = both
    found = difference.from_intervals(p1, low1, high1, p2, low2, high2)
    p = difference.design_p(p1, v1, df1, p2, v2, df2)
    return _compared(sides, found, p).assign(against_proportion=p2)


def _compared(sides: pd.DataFrame, found: difference.Difference, p: np.ndarray) -> pd.DataFrame:
    compared = sides[["indicator", "group", "against"]].assign(proportion=sides["proportion"].astype(float), p=p)
    return compared.assign(difference=found.difference, low=found.low, high=found.high)
