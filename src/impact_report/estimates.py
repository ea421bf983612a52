"""From counts to the one tidy table of estimates: share, base, interval, flags, and what must stay hidden."""

from __future__ import annotations

import numpy as np
import pandas as pd

from impact_report import design, disclosure, precision, reliability
from impact_report.codebook import Codebook
from impact_report.rounding import half_up, significant
from impact_report.tally import EVERYONE, KEYS, OF_POPULATION, OF_UNITS, SUMS, UNITS
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
    "design_effect",
    "degrees_of_freedom",
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
EXACT = ["weighted_base", "effective_base", "design_effect", "proportion", "low", "high", "bound_low", "bound_high"]
# With few distinct weights, many digits of a weighted share tell how many answers of each weight are in it.
_OF_SHARES = ["proportion", "low", "high", "earlier_proportion", "change", "difference"]
COARSE = {  # how many decimals; -1: tens
    "effective_base": -1,
    "design_effect": 1,
    "p_value": 3,
    "adjusted_p": 3,
} | dict.fromkeys(_OF_SHARES, 2)
WITHHELD = ("count", "earlier_count", "weighted_base")
DESIGN_METHODS = tuple(name for name in precision.METHODS if name not in precision.COUNT_METHODS)


def estimate(
    tally: pd.DataFrame,
    codebook: Codebook,
    wave: Wave,
    name: str,
    suppression: disclosure.Suppression,
    group: tuple[str, str] | None = None,
) -> pd.DataFrame:
    """Return one row an indicator and group, columns as in `COLUMNS`; proportions and bounds are 0–1, or missing.

    `tally` is the table of `tally.tally`, `name` the wave's; `group` is given where the tally is of one group alone,
    whose population is not the wave's. Where a weight is used the share is weighted and the base stays the number of
    answers. What `suppression` hides is blank and marked `suppressed`.
    `flags` are judged by the 95 % interval, whatever the wave's confidence.

    Of weighted shares and of designs `design_effect` is v / (p(1−p)/(n−1)), the variance against that of a random draw
    of as many answers (R's svymean with deff="replace"), and `effective_base` n / design_effect; where all or none
    count there is no such variance: the design effect is missing, the effective base Kish's (Σw)²/Σw². Nothing is
    rounded here: see `published`.
    """
    table = of_groups(tally)
    statements = {indicator.id: indicator.statement for indicator in codebook.indicators}
    table["wave"] = name
    table["invented"] = wave.invented
    table["statement"] = table["indicator"].map(statements)
    table["effective_base"], table["design_effect"] = _effective(table, wave)
    whole = _whole_population(table, codebook) & (group is None)
    table["method"], table["low"], table["high"] = _intervals(table, wave, whole)
    table["bound_low"], table["bound_high"] = _worst_case(table, wave, whole)
    _, *of_flags = _intervals(table, wave.at_confidence(reliability.CONFIDENCE), whole)
    flags = reliability.reliability_flags(
        table["count"].to_numpy(),
        table["base"].to_numpy(),
        *of_flags,
        effective_base=table["effective_base"].to_numpy() if wave.designed else None,
        degrees_of_freedom=table["degrees_of_freedom"].to_numpy() if wave.designed else None,
        proportion=table["proportion"].to_numpy(),
    )
    table["flags"] = [" ".join(one) for one in flags]
    if not wave.designed:
        table["degrees_of_freedom"] = np.nan
    table["suppressed"] = suppression.marks(table, group)
    table[EXACT] = table[EXACT].map(significant)
    return disclosure.mask(table[COLUMNS])


def published(table: pd.DataFrame, *waves: Wave) -> pd.DataFrame:
    """Return a table of estimates, or of their changes, with as many digits as may be published of these waves.

    See `coarse`, which is for one figure; sentences and comparisons take the unrounded ones, so that each is rounded
    once. The columns `WITHHELD` are blank where one of the waves withholds its counts.
    """
    columns = [name for name in COARSE if name in table]
    table = table.assign(**{name: [coarse(value, name, *waves) for value in table[name]] for name in columns})
    withheld = [name for name in WITHHELD if name in table and any(wave.withholds_counts for wave in waves)]
    return table.assign(**dict.fromkeys(withheld, pd.NA))


def coarse(value: float | None, name: str, *waves: Wave) -> float | None:
    """Return one figure, named as its column, with as many digits as may be published of these waves.

    Where one of them withholds its counts, it is rounded, half up, to the decimals of `COARSE`.

    >>> from types import SimpleNamespace
    >>> wave = SimpleNamespace(withholds_counts=True)
    >>> coarse(0.4548, "proportion", wave), coarse(0.4548, "variance", wave), coarse(0.4548, "proportion")
    (0.45, 0.4548, 0.4548)
    """
    careful = any(wave.withholds_counts for wave in waves)
    if not careful or name not in COARSE or value is None or not np.isfinite(value):
        return value
    decimals = COARSE[name]
    tens = 10 ** max(-decimals, 0)
    return float(half_up(float(value) / tens, max(decimals, 0)) * tens)


def of_groups(tally: pd.DataFrame) -> pd.DataFrame:
    """Return one row an indicator and group: its counts over all strata, share, variance and degrees of freedom."""
    groups = tally.groupby(KEYS, sort=False)
    table = groups[SUMS].sum().reset_index()
    table["proportion"], table["variance"], table["degrees_of_freedom"] = design.from_unit_sums(
        groups.ngroup().to_numpy(),
        *(
            tally[column].to_numpy(float)
            for column in (
                "weighted_count",
                "weighted_base",
                *OF_UNITS,
                "units_met",
                UNITS,
                OF_POPULATION,
            )
        ),
    )
    return table


def _effective(table: pd.DataFrame, wave: Wave) -> tuple[np.ndarray, np.ndarray]:
    """Return effective base and design effect of each row; of a plain wave the base itself, and none."""
    n = table["base"].to_numpy(float)
    if not wave.designed:
        return n, np.full(len(table), np.nan)
    p, v = table["proportion"].to_numpy(), table["variance"].to_numpy()
    known = design.has_spread(p, v) & (n > 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        kish = np.where(n > 0, table["weighted_base"] ** 2 / table["squared_weights"], 0.0)
        effect = np.where(known, v * (n - 1) / (p * (1 - p)), np.nan)
        return np.where(known, n / effect, kish), effect


def _intervals(table: pd.DataFrame, wave: Wave, whole: np.ndarray):
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
            variance=table["variance"].to_numpy(),
            degrees_of_freedom=table["degrees_of_freedom"].to_numpy(),
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
    if wave.population.size and not wave.weighted:
        count, base = table["count"].to_numpy()[whole], table["base"].to_numpy()[whole]
        low[whole], high[whole] = precision.worst_case_bounds(count, base, wave.population.size)
    return low, high
