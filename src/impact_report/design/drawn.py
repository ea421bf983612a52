"""How respondents were drawn: with which weights, in which strata, together in which primary units, of how many."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from impact_report.arguments import listed_rows
from impact_report.errors import EstimationError, Problem


class Drawn(NamedTuple):
    """How respondents were drawn: of each its weight, stratum and primary unit; of each stratum its primary units."""

    weights: np.ndarray
    stratum: np.ndarray  # numbers from 0
    unit: np.ndarray  # numbers from 0, across strata
    stratum_of_unit: np.ndarray
    taken: np.ndarray  # m_h: primary units of the stratum in the sample
    of_population: np.ndarray  # M_h: primary units of the stratum in the population; infinite where not known


def check_design(
    units: int, weights=None, strata=None, clusters=None, population_units=None, stated: str = "population_units"
) -> Drawn:
    """Return the design of so many respondents in numbers; arguments as in `linearised_variance`.

    Strata are numbered in their sorted order (of a categorical: that of its categories), and so are primary units
    within strata. `stated` says where the population's units are stated, for the errors. Raises EstimationError as
    there, with every problem at once.

    >>> check_design(4, strata=["south", "south", "north", "north"], population_units=9).taken.tolist()
    [2.0, 2.0]
    """
    if units == 0:
        raise EstimationError(Problem("at least one unit", "none", "answers", "pass the responses"))
    problems: list[Problem] = []
    alone = "wait for more answers: of one alone there is no spread"
    if clusters is not None:
        alone = "remove design.clusters, or name an item that tells several primary units apart"
    weights = np.ones(units) if weights is None else _numbers("weights", weights, units, problems)
    strata = np.zeros(units, dtype=int) if strata is None else _labels("strata", strata, units, problems)
    clusters = np.arange(units) if clusters is None else _labels("clusters", clusters, units, problems)
    if population_units is None or np.ndim(population_units) == 0:
        population_units = np.full(units, np.inf if population_units is None else float(population_units))
    else:
        population_units = _numbers("population_units", population_units, units, problems)
    if problems:
        raise EstimationError(problems)
    if not (weights > 0).any():
        raise EstimationError(
            Problem("at least one weight above 0", "all 0", "weights", "check that the right column is the weight")
        )
    stratum, names = pd.factorize(strata, sort=True)
    cluster, labels = pd.factorize(clusters, sort=True)
    unit, found = pd.factorize(stratum.astype(np.int64) * len(labels) + cluster, sort=True)
    stratum_of_unit = found // len(labels)
    taken = np.bincount(stratum_of_unit, minlength=len(names)).astype(float)
    least, most = np.full(len(names), np.inf), np.full(len(names), -np.inf)
    np.minimum.at(least, stratum, population_units)
    np.maximum.at(most, stratum, population_units)
    problems = _stratum_problems(names, taken, least, most, stated, alone)
    if problems:
        raise EstimationError(problems)
    return Drawn(weights, stratum, unit, stratum_of_unit, taken, most)


def stratum_factor(taken, of_population):
    """Return (1 − m/M) m/(m−1) of each stratum, by which its sum of squares enters the variance.

    m primary units were taken of M in the population (infinite: not known). A stratum taken whole adds nothing, and of
    a single unit there is no square to add: `check_design` refuses it unless it was the only one there is.

    >>> stratum_factor(np.array([2.0, 2.0, 1.0]), np.array([np.inf, 8.0, 1.0])).tolist()
    [2.0, 1.5, 0.0]
    """
    return np.where(taken > 1, (1 - taken / of_population) * taken / np.maximum(taken - 1, 1), 0.0)


def second_stage(units_in_cluster, unit, clusters, population_units):
    """Return (1 − n_c/N_c) n_c/(n_c−1) and n_c of each cluster, n_c units being in the sample of N_c in the cluster.

    Raises EstimationError for sizes that are missing, vary within a cluster or are smaller than the sample, and for a
    cluster with one unit of several.

    >>> [part.tolist() for part in second_stage([4, 4], np.array([0, 0]), 1, 9)]  # (1 − 2/4) · 2/1
    [[1.0], [2.0]]
    """
    sizes = np.asarray(units_in_cluster, dtype=float)
    where = "units_in_cluster"
    if sizes.shape != unit.shape:
        raise EstimationError(
            Problem(f"one value for each of {len(unit)} units", f"shape {sizes.shape}", where, "give one column")
        )
    if population_units is None:
        raise EstimationError(
            Problem("population_units beside it", "none", where, "state how many primary units each stratum has")
        )
    taken = np.bincount(unit, minlength=clusters).astype(float)
    low, high = np.full(clusters, np.inf), np.full(clusters, -np.inf)
    np.minimum.at(low, unit, sizes)
    np.maximum.at(high, unit, sizes)
    problems = []
    for wrong, expected in (
        (~(low == high), "one number of units a cluster"),
        (low < taken, "at least as many units in the cluster as in the sample"),
        ((taken == 1) & (high > 1), "at least two units of a cluster that has several"),
    ):
        if wrong.any():
            rows = listed_rows(wrong[unit])
            problems.append(Problem(expected, f"{int(wrong.sum())} clusters (rows {rows})", where, "correct it"))
    if problems:
        raise EstimationError(problems)
    return stratum_factor(taken, high), taken


def _fits(name: str, shape: tuple, units: int, problems: list[Problem]) -> bool:
    if shape == (units,):
        return True
    expected = f"one value for each of {units} units"
    problems.append(Problem(expected, f"shape {shape}", name, "give one column of the same rows"))
    return False


def _numbers(name: str, values, units: int, problems: list[Problem]):
    values = np.asarray(values, dtype=float)
    if _fits(name, values.shape, units, problems):
        _note_wrong(name, ~((values >= 0) & (values < np.inf)), "a finite number, 0 or more", problems)
    return values


def _labels(name: str, values, units: int, problems: list[Problem]):
    values = values if isinstance(values, pd.Categorical) else np.asarray(values)
    if _fits(name, values.shape, units, problems):
        _note_wrong(name, pd.isna(values), "a value for every unit", problems)
    return values


def _note_wrong(name: str, wrong: np.ndarray, expected: str, problems: list[Problem]) -> None:
    if wrong.any():
        found = f"{int(wrong.sum())} others (rows {listed_rows(wrong)})"
        problems.append(Problem(expected, found, name, "correct the column"))


def _stratum_problems(names, taken, least, most, stated: str, alone: str) -> list[Problem]:
    """Return what is wrong with the numbers of primary units; `alone` says what to do where there is one in all."""
    problems = []
    for name, m, low, high in zip(names, taken, least, most, strict=True):
        where = "the whole sample" if len(names) == 1 else f"stratum {name!s}"
        if low != high:
            expected, do = "one number of primary units in the population", "state one number a stratum"
            problems.append(Problem(expected, f"{low:g} and {high:g}", f"{stated}, {where}", do))
        elif high < m:
            expected = f"at least {m:g} primary units in the population, as many as in the sample"
            problems.append(Problem(expected, f"{high:g}", f"{stated}, {where}", "correct the number"))
        elif m == 1 and high != 1:
            expected, found = "at least two primary units", "one, from which no variance can be computed"
            do = alone if len(names) == 1 else "merge the stratum with a similar one"
            problems.append(Problem(expected, found, where, do))
    return problems
