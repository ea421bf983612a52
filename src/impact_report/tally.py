"""From responses to counts by indicator and group: sums that add up across pieces of the data.

All but those of raked weights: what the margins explain is known only of all responses together.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from impact_report import sampling
from impact_report.codebook import Codebook, Indicator
from impact_report.conditions import holds
from impact_report.design import Margins
from impact_report.errors import EstimationError, Problem

EVERYONE = "all"
KEYS = ["section", "indicator", "group_by", "group"]
STRATUM = "stratum"
COUNTS = [
    "members",  # respondents that belong to the group
    "eligible",  # respondents the indicator is about
    "asked",  # of these, those who were asked
    "base",  # the denominator; a weight of 0 leaves a respondent out
    "count",  # the numerator
    "units_met",  # primary units with any of these
]
SUMS = [
    *COUNTS,
    "weighted_base",  # sum of weights over the base
    "weighted_count",  # sum of weights over the count
    "squared_weights",  # sum of squared weights over the base
    # of each primary unit the weighted count A and the weighted base B; over the units the sums of
    "unit_counts",  # A
    "unit_bases",  # B
    "squared_counts",  # A²
    "products",  # AB
    "squared_bases",  # B²
]
OF_UNITS = SUMS[-5:]
UNITS = "units"  # primary units of the stratum in the sample, also those that do not meet the group
OF_POPULATION = "units_in_population"  # and in the population; infinite where not known
RAKED = "raked"  # whether A and B are without what the margins explain
COLUMNS = [*KEYS, STRATUM, *SUMS, UNITS, OF_POPULATION, RAKED]

# What a response is to an indicator, as bits of a number.
ELIGIBLE, ASKED, BASE, COUNT = 1, 2, 4, 8
STATES = 16
PAIR_STATES = STATES // BASE  # of these, whether in the base and in the count
FLAGS = {"eligible": ELIGIBLE, "asked": ASKED, "base": BASE, "count": COUNT}
# (states, counts): which states are in which count; everybody is a member
_IN_COUNT = np.array([[1, *((state & flag) > 0 for flag in FLAGS.values())] for state in range(STATES)], dtype=float)


def tally(responses: pd.DataFrame, codebook: Codebook, inside: np.ndarray | None = None) -> pd.DataFrame:
    """Return the sums behind every indicator, for everyone and for each group of the codebook's groupings.

    One row an indicator, grouping, group and stratum (0 alone where there are no strata), columns as in `COLUMNS`, in
    the codebook's order; a group nobody belongs to has rows of zeros. Weights, strata and primary units are those that
    cleaning left in the responses (see `sampling`); without them each response counts as 1 and is a unit of its own.
    Where weights were raked the sums over primary units are of the residuals that `design.linearised_variance` takes,
    which needs all responses of the wave at once. `inside`, shape (responses,), says who belongs to the edition: the
    others count as primary units alone, and in the regression on the margins.
    """
    drawn = _Drawn.of(responses)
    cells = [
        _Cells.of(name, list(codebook.items[name].codes), responses[name], inside, drawn) for name in codebook.groups
    ]
    nobody = pd.Series(pd.Categorical.from_codes(np.full(len(responses), -1), []), index=responses.index)
    everyone = cells[0] if cells else _Cells.of(EVERYONE, [], nobody, inside, drawn)
    keys, tables = [], []
    for section in codebook.sections:
        for indicator in section.indicators:
            states = _states(responses, codebook, indicator)
            for one in cells or [everyone]:
                of_all, of_groups = _sums(states, one, drawn)
                if one is everyone:
                    keys.append((section.id, indicator.id, EVERYONE, EVERYONE))
                    tables.append(of_all)
                keys += [(section.id, indicator.id, one.group_by, group) for group in one.groups]
                tables += list(of_groups)
    strata = len(drawn.strata)
    table = pd.DataFrame(np.concatenate(tables), columns=SUMS).astype(dict.fromkeys(COUNTS, "int64"))
    for place, column in enumerate(KEYS):
        table.insert(place, column, np.repeat(np.array([key[place] for key in keys], dtype=object), strata))
    table.insert(len(KEYS), STRATUM, np.tile(drawn.strata, len(keys)))
    table[UNITS] = np.tile(drawn.units, len(keys))
    table[OF_POPULATION] = np.tile(drawn.of_population, len(keys))
    table[RAKED] = drawn.margins is not None
    return table


def add(tallies: list[pd.DataFrame]) -> pd.DataFrame:
    """Return the tally of all pieces of the data from the tallies of each; no primary unit may be in two of them.

    Raises EstimationError for pieces with raked weights: what the margins explain of all is not the sum of what they
    explain of each.

    >>> row = dict.fromkeys(COLUMNS, 0) | {"group": "all", "base": 10, "count": 4}
    >>> add([pd.DataFrame([row]), pd.DataFrame([row])])[["base", "count"]].values.tolist()
    [[20, 8]]
    """
    pieces = pd.concat(tallies)
    if len(tallies) > 1 and pieces[RAKED].any():
        do = "tally all responses of the wave at once"
        raise EstimationError(Problem("pieces that add up", "weights raked to margins", "tally", do))
    together = pieces.groupby([*KEYS, STRATUM], sort=False, as_index=False)
    return together.agg({**dict.fromkeys([*SUMS, UNITS], "sum"), OF_POPULATION: "max", RAKED: "max"})[COLUMNS]


def outcomes(responses: pd.DataFrame, codebook: Codebook, indicator: Indicator) -> pd.DataFrame:
    """Return, for each response, whether it is eligible, was asked, is in the base, and counts (four booleans).

    Who has a weight of 0 (see `sampling`) is in no base and no count, and stays eligible and asked.
    """
    states = _states(responses, codebook, indicator)
    return pd.DataFrame({name: (states & flag) > 0 for name, flag in FLAGS.items()}, index=responses.index)


def _states(responses: pd.DataFrame, codebook: Codebook, indicator: Indicator) -> np.ndarray:
    """Return what each response is to an indicator, as the sum of its `FLAGS`."""
    item = codebook.items[indicator.item]
    missing = _categorical(responses[f"{indicator.item}.missing"])
    codes = indicator.none_of or codebook.counting(indicator)
    if item.kind == "multiple":
        answers = responses[[f"{indicator.item}.{code}" for code in codes]].to_numpy(dtype=bool).any(axis=1)
        chosen = np.array([False, False, True])  # no answer, not ticked, ticked
    else:
        found = _categorical(responses[indicator.item])
        answers = found.codes
        chosen = np.r_[False, found.categories.isin(codes)]
    # one state for each pair of a missing kind and an answer, both from −1: none
    kinds = np.r_[-1, np.arange(len(missing.categories))][:, None]
    not_asked = np.r_[False, missing.categories == "not_asked"][:, None]
    asked = ~not_asked & np.ones(len(chosen), bool)
    answered = asked & (kinds < 0)
    base = {"answered": answered, "asked": asked, "all": np.ones_like(asked)}[indicator.base]
    counts = base & ~chosen if indicator.none_of else base & answered & chosen
    state = (ELIGIBLE + ASKED * asked + BASE * base + COUNT * counts).astype(np.uint8)
    pair = (missing.codes.astype(np.int32) + 1) * len(chosen) + 1 + answers
    states = state.ravel()[pair]
    if indicator.among is not None:
        states *= holds(indicator.among, responses, codebook).to_numpy(bool)
    if sampling.WEIGHT in responses:
        states[~sampling.weighing(responses)] &= ELIGIBLE + ASKED
    return states


def _categorical(answers: pd.Series) -> pd.Categorical:
    return answers.array if isinstance(answers.dtype, pd.CategoricalDtype) else pd.Categorical(answers)


class _Drawn(NamedTuple):
    """How the responses were drawn; arrays of strata are in the order of `strata`."""

    strata: np.ndarray  # the numbers that cleaning gave them
    stratum: np.ndarray  # of each response, its place in `strata`
    unit: np.ndarray | None  # of each response, numbers from 0 across strata; None: each is a unit of its own
    stratum_of_unit: np.ndarray | None
    units: np.ndarray  # of each stratum
    of_population: np.ndarray  # of each stratum
    weights: np.ndarray | None  # None: each counts as 1
    squared: np.ndarray | None  # weights
    margins: Margins | None  # of raked weights
    of_margins: np.ndarray | None  # (units or, where each response is one, strata; cells of the margins): Σw
    squared_of_margins: np.ndarray | None  # (strata, cells of the margins), where each response is a unit: Σw²

    @classmethod
    def of(cls, responses: pd.DataFrame) -> _Drawn:
        rows = len(responses)
        stratum, strata = np.zeros(rows, np.int64), np.zeros(1, np.int64)
        if sampling.STRATUM in responses:
            stratum, strata = pd.factorize(responses[sampling.STRATUM].to_numpy(np.int64), sort=True)
        unit = stratum_of_unit = None
        units = np.bincount(stratum, minlength=len(strata))
        if sampling.CLUSTER in responses:
            clusters = responses[sampling.CLUSTER].to_numpy(np.int64)
            several = int(clusters.max(initial=0)) + 1
            unit, found = pd.factorize(stratum * several + clusters)
            stratum_of_unit = found // several
            units = np.bincount(stratum_of_unit, minlength=len(strata))
        of_population = np.full(len(strata), np.inf)
        if sampling.UNITS in responses:
            of_population = np.full(len(strata), -np.inf)
            np.maximum.at(of_population, stratum, responses[sampling.UNITS].to_numpy(float))
        weights = responses[sampling.WEIGHT].to_numpy(float) if sampling.WEIGHT in responses else None
        squared = None if weights is None else weights**2
        margins = of_margins = squared_of_margins = None
        codes = sampling.margins(responses)
        if codes is not None:
            margins = Margins.of(codes, weights)
            cells = len(margins.fit)
            rows, place = (len(strata), stratum) if unit is None else (len(stratum_of_unit), unit)
            key, size = place * cells + margins.cell, rows * cells
            of_margins = np.bincount(key, weights=weights, minlength=size).reshape(rows, cells)
            if unit is None:
                squared_of_margins = np.bincount(key, weights=squared, minlength=size).reshape(rows, cells)
        return cls(
            strata, stratum, unit, stratum_of_unit, units, of_population, weights, squared,
            margins, of_margins, squared_of_margins,
        )  # fmt: skip


class _Cells(NamedTuple):
    """Where each response is counted: in the cell of its stratum and its group.

    In each stratum there is a cell for each group, one for those without a group, and one for those outside.
    """

    group_by: str
    groups: list[str]
    key: np.ndarray  # STATES times the cell of each response
    pair: np.ndarray | None  # PAIR_STATES times the pair of primary unit and cell of each response
    unit_of_pair: np.ndarray | None
    cell_of_pair: np.ndarray | None

    @property
    def width(self) -> int:
        """Cells of a stratum."""
        return len(self.groups) + 2

    @classmethod
    def of(
        cls, group_by: str, groups: list[str], answers: pd.Series, inside: np.ndarray | None, drawn: _Drawn
    ) -> _Cells:
        found, width = _categorical(answers), len(groups) + 2
        place = np.r_[-1, pd.Index(groups, dtype=object).get_indexer(found.categories)]
        cell = np.where(place < 0, len(groups), place)[found.codes + 1]
        if inside is not None:
            cell = np.where(inside, cell, width - 1)
        cell = drawn.stratum * width + cell
        pair = unit_of_pair = cell_of_pair = None
        if drawn.unit is not None:
            cells = len(drawn.strata) * width
            pair, met = pd.factorize(drawn.unit * cells + cell)
            unit_of_pair, cell_of_pair = met // cells, met % cells
            pair = pair * PAIR_STATES
        return cls(group_by, groups, cell * STATES, pair, unit_of_pair, cell_of_pair)


def _sums(states: np.ndarray, cells: _Cells, drawn: _Drawn) -> tuple[np.ndarray, np.ndarray]:
    """Return the `SUMS` of everyone, shape (strata, sums), and of each group, shape (groups, strata, sums)."""
    shape = (len(drawn.strata), cells.width)
    key = cells.key + states

    def by_cell(weights: np.ndarray | None) -> np.ndarray:
        """Return, for each cell, the sums over the members, the eligible, the asked, the base and the count."""
        sums = np.bincount(key, weights=weights, minlength=shape[0] * shape[1] * STATES)
        return sums.reshape(*shape, STATES) @ _IN_COUNT

    def of_base(sums: np.ndarray) -> np.ndarray:
        return sums[..., 3]

    def of_count(sums: np.ndarray) -> np.ndarray:
        return sums[..., 4]

    counts = by_cell(None)
    found = dict(zip(COUNTS, np.moveaxis(counts, -1, 0), strict=False))
    squared = counts if drawn.weights is None else by_cell(drawn.squared)
    found["squared_weights"] = of_base(squared)
    of_units: dict[str, np.ndarray] = {}
    if drawn.unit is None:  # each response is a unit: A is B or 0
        weighted = counts if drawn.weights is None else by_cell(drawn.weights)
        found |= {"weighted_base": of_base(weighted), "weighted_count": of_count(weighted)}
        found |= {"units_met": found["base"], "squared_bases": of_base(squared)}
        found |= {"squared_counts": of_count(squared), "products": of_count(squared)}
        found |= {"unit_counts": found["weighted_count"], "unit_bases": found["weighted_base"]}
    else:
        of_pairs = np.bincount(
            cells.pair + states // BASE, weights=drawn.weights, minlength=len(cells.cell_of_pair) * PAIR_STATES
        ).reshape(-1, PAIR_STATES)
        yes = of_pairs[:, (BASE + COUNT) // BASE]
        bases = of_pairs[:, BASE // BASE] + yes
        in_cells = _over_units(yes, bases, cells.cell_of_pair, shape[0] * shape[1])
        found |= {name: sums.reshape(shape) for name, sums in in_cells.items()}
        here = cells.cell_of_pair % cells.width < cells.width - 1
        units = len(drawn.stratum_of_unit)
        yes, bases = (np.bincount(cells.unit_of_pair, weights=one * here, minlength=units) for one in (yes, bases))
        of_units = _over_units(yes, bases, drawn.stratum_of_unit, shape[0])
    of_cells = np.stack([found[name] for name in SUMS], axis=-1)
    of_all = of_cells[:, :-1].sum(axis=1)
    for name, sums in of_units.items():
        of_all[:, SUMS.index(name)] = sums
    of_groups = of_cells[:, : len(cells.groups)].swapaxes(0, 1)
    if drawn.margins is not None:
        residual = _residual_sums(states, cells, drawn)
        places = [SUMS.index(name) for name in OF_UNITS]
        of_all[:, places], of_groups[:, :, places] = residual[0], residual[1:]
    return of_all, of_groups


def _residual_sums(states: np.ndarray, cells: _Cells, drawn: _Drawn) -> np.ndarray:
    """Return the sums `OF_UNITS` of everyone and then of each group, less what the margins explain of them.

    Shape (1 + groups, strata, sums). In the cell q of the margins a response that counts in a group has the residual
    1 − f(q), another one of the wave −f(q), f being the fit of the count; so has the base.
    """
    fit, of_margins = drawn.margins.fit, drawn.of_margins
    strata, width, crossed = len(drawn.strata), cells.width, len(fit)
    key = (drawn.margins.cell * strata * width + cells.key // STATES) * PAIR_STATES + states // BASE

    def by_target(weights: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
        """Return the sums of count and base, each (cells of the margins, strata, everyone and groups)."""
        sums = np.bincount(key, weights=weights, minlength=crossed * strata * width * PAIR_STATES)
        sums = sums.reshape(crossed, strata, width, PAIR_STATES)
        yes = _everyone_and_groups(sums[..., (BASE + COUNT) // BASE])
        return yes, _everyone_and_groups(sums[..., BASE // BASE]) + yes

    count_fit, base_fit = (fit @ answers.sum(axis=1) for answers in by_target(None))
    if drawn.unit is None:
        yes, bases = by_target(drawn.weights)
        found = [yes.sum(axis=0) - of_margins @ count_fit, bases.sum(axis=0) - of_margins @ base_fit]
        yes, bases = by_target(drawn.squared)
        squares = drawn.squared_of_margins

        def product(common: np.ndarray, one: tuple, other: tuple) -> np.ndarray:
            """Return Σw²(a − f)(b − g) from Σw²ab, and from Σw²a and f, Σw²b and g."""
            crosswise = one[0] * other[1][:, None] + other[0] * one[1][:, None]
            return (common - crosswise).sum(axis=0) + squares @ (one[1] * other[1])

        count, base = (yes, count_fit), (bases, base_fit)
        found += [product(yes, count, count), product(yes, count, base), product(bases, base, base)]
        return np.moveaxis(np.stack(found, axis=-1), 1, 0)
    units = len(drawn.stratum_of_unit)
    key = (drawn.unit * width + cells.key // STATES % width) * PAIR_STATES + states // BASE
    sums = np.bincount(key, weights=drawn.weights, minlength=units * width * PAIR_STATES)
    sums = sums.reshape(units, width, PAIR_STATES)
    yes = _everyone_and_groups(sums[..., (BASE + COUNT) // BASE])
    bases = _everyone_and_groups(sums[..., BASE // BASE]) + yes
    yes, bases = yes - of_margins @ count_fit, bases - of_margins @ base_fit
    of_units = np.stack([yes, bases, yes**2, yes * bases, bases**2], axis=-1)
    found = np.zeros((strata, *of_units.shape[1:]))
    np.add.at(found, drawn.stratum_of_unit, of_units)
    return found.swapaxes(0, 1)


def _everyone_and_groups(sums: np.ndarray) -> np.ndarray:
    """Return, from sums whose last axis has the cells of a stratum, those of everyone and then of each group."""
    return np.concatenate([sums[..., :-1].sum(axis=-1, keepdims=True), sums[..., :-2]], axis=-1)


def _over_units(yes: np.ndarray, bases: np.ndarray, codes: np.ndarray, number: int) -> dict[str, np.ndarray]:
    """Add up by code, of units with weighted count A and weighted base B, what the variance needs."""
    columns = {
        "weighted_count": yes,
        "weighted_base": bases,
        "unit_counts": yes,
        "unit_bases": bases,
        "units_met": (bases > 0).astype(float),
        "squared_counts": yes**2,
        "products": yes * bases,
        "squared_bases": bases**2,
    }
    return {name: np.bincount(codes, weights=column, minlength=number) for name, column in columns.items()}
