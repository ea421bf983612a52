"""From counts to the one tidy table of estimates: share, base, interval, flags, and what must stay hidden."""

from __future__ import annotations

import numpy as np
import pandas as pd

from impact_report import disclosure, precision
from impact_report.codebook import Codebook
from impact_report.tally import EVERYONE
from impact_report.wave import Wave

COLUMNS = [
    "wave",
    "section",
    "indicator",
    "statement",
    "group_by",
    "group",
    "eligible",
    "asked",
    "base",
    "count",
    "weighted_base",
    "effective_base",
    "proportion",
    "low",
    "high",
    "method",
    "bound_low",
    "bound_high",
    "flags",
    "suppressed",
    "invented",
]
DESIGN_METHODS = tuple(name for name in precision.METHODS if name not in precision.COUNT_METHODS)


def estimate(tally: pd.DataFrame, codebook: Codebook, wave: Wave, name: str, everybody: bool = True) -> pd.DataFrame:
    """Return one row an indicator and group, columns as in `COLUMNS`; proportions and bounds are 0–1, or missing.

    `tally` is the table of `tally.tally`, `name` the wave's; `everybody` is false where the tally is of one group
    alone, whose population is not the wave's. Where a weight is used the share is weighted and the base stays the
    number of answers. What must stay hidden is blank and marked `suppressed`.
    """
    table = tally.copy()
    statements = {indicator.id: indicator.statement for indicator in codebook.indicators}
    table["wave"] = name
    table["invented"] = wave.invented
    table["statement"] = table["indicator"].map(statements)
    with np.errstate(invalid="ignore", divide="ignore"):
        table["proportion"] = table["weighted_count"] / table["weighted_base"]
        table["effective_base"] = table["weighted_base"] ** 2 / table["squared_base"]
    degrees = (table["base"] - 1).clip(lower=0).to_numpy()
    whole = _whole_population(table, codebook) & everybody
    table["method"], table["low"], table["high"] = _intervals(table, wave, degrees, whole)
    table["bound_low"], table["bound_high"] = _worst_case(table, wave, whole)
    flags = disclosure.reliability_flags(
        table["count"].to_numpy(),
        table["base"].to_numpy(),
        table["low"].to_numpy(),
        table["high"].to_numpy(),
        effective_base=table["effective_base"].to_numpy() if wave.weights else None,
        degrees_of_freedom=degrees if wave.weights else None,
        proportion=table["proportion"].to_numpy(),
    )
    table["flags"] = [" ".join(one) for one in flags]
    table["suppressed"] = disclosure.suppress(table, minimum_base=wave.minimum_base, k=wave.smallest_count)
    table["suppressed"] |= _hidden_by_membership(table, wave)
    exact = ["weighted_base", "effective_base", "proportion", "low", "high", "bound_low", "bound_high"]
    table[exact] = table[exact].map(_significant)
    return disclosure.mask(table[COLUMNS])


def _hidden_by_membership(table: pd.DataFrame, wave: Wave) -> pd.Series:
    """Return the rows of groups whose very size is hidden: where one indicator told it, the others' would follow."""
    first = table[table["indicator"] == table["indicator"].iloc[0]]
    members = first.assign(base=first["members"], count=first["members"])
    hidden = members[disclosure.suppress(members, minimum_base=wave.minimum_base)]
    groups = set(zip(hidden["group_by"], hidden["group"], strict=True))
    return pd.Series([key in groups for key in zip(table["group_by"], table["group"], strict=True)], index=table.index)


def _significant(value: float) -> float:
    """Return a number to twelve digits: the last ones depend on the machine that computed it."""
    return float(f"{value:.12g}")


def _intervals(table: pd.DataFrame, wave: Wave, degrees: np.ndarray, whole: np.ndarray):
    """Return method, low and high of each row; the exact method only where the row is about the whole population."""
    chosen = wave.interval_method
    confidence = wave.interval.confidence
    count, base = table["count"].to_numpy(), table["base"].to_numpy()
    method = np.full(len(table), chosen, dtype=object)
    if chosen in DESIGN_METHODS:
        low, high = precision.interval(
            chosen,
            base=base,
            proportion=table["proportion"].to_numpy(),
            variance=_variance(table),
            degrees_of_freedom=degrees,
            confidence=confidence,
        )
        return method, low, high
    if chosen == "hypergeometric":
        method[~whole] = "wilson"
        low, high = precision.wilson(count, base, confidence)
        exact = precision.hypergeometric(count[whole], base[whole], wave.population.size, confidence)
        low[whole], high[whole] = exact
        return method, low, high
    return method, *precision.interval(chosen, count, base, confidence=confidence)


def _whole_population(table: pd.DataFrame, codebook: Codebook) -> np.ndarray:
    """Say which rows are about everybody: the size of a group's population is not known."""
    of_all = {indicator.id for indicator in codebook.indicators if indicator.among is None}
    everyone = (table["group_by"] == EVERYONE) & table["indicator"].isin(of_all)
    return (everyone & (table["asked"] == table["eligible"])).to_numpy()


def _worst_case(table: pd.DataFrame, wave: Wave, whole: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the bounds that assume nothing of those who did not answer, where the population size is known."""
    low = np.full(len(table), np.nan)
    high = low.copy()
    if wave.population.size and not wave.weights:
        count, base = table["count"].to_numpy()[whole], table["base"].to_numpy()[whole]
        low[whole], high[whole] = precision.worst_case_bounds(count, base, wave.population.size)
    return low, high


def _variance(table: pd.DataFrame) -> np.ndarray:
    """Return the linearised variance of each weighted share, each respondent a primary unit of its own.

    n/(n−1) · Σ w²(y − p)² / (Σw)², from the tally's sums: Σ w²(y − p)² = (1 − 2p) Σ w²y + p² Σ w².
    """
    p, n = table["proportion"], table["base"]
    squares = (1 - 2 * p) * table["squared_count"] + p**2 * table["squared_base"]
    with np.errstate(invalid="ignore", divide="ignore"):
        variance = n / (n - 1) * squares / table["weighted_base"] ** 2
    return variance.where(n != 1, 0.0).to_numpy()  # of one answer there is none, and no degree of freedom
