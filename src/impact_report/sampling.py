"""How the respondents of a wave were drawn: of each its weight, its stratum, its primary unit, and out of how many.

Cleaning leaves this in columns of the responses, as numbers alone: which text names a stratum or a primary unit never
leaves the raw file. A wave without weights and design has none of these columns.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from impact_report import weighting
from impact_report.codebook import CODED, Codebook
from impact_report.design import check_design
from impact_report.errors import EstimationError, Problem, rows_in_words
from impact_report.wave import Wave
from impact_report.wording import normalise

WEIGHT = "design.weight"
NO_WEIGHT = "weight of 0"  # why somebody who answered is not in the base
STRATUM = "design.stratum"
CLUSTER = "design.cluster"
UNITS = "design.units"  # how many primary units the stratum has in the population
MARGIN = "design.margin_"  # and a number from 1: the categories of what weights were raked to, numbers from 0
ARGUMENTS = {WEIGHT: "weights", STRATUM: "strata", CLUSTER: "clusters", UNITS: "population_units"}


def arguments(responses: pd.DataFrame) -> dict[str, np.ndarray]:
    """Return the design of the responses as arguments of `design.linearised_variance`; empty where there is none.

    >>> arguments(pd.DataFrame({"role": ["firm", "school"], "design.weight": [1.5, 0.5]}))
    {'weights': array([1.5, 0.5])}
    """
    codes = margins(responses)
    return of_units(responses) | ({} if codes is None else {"margins": codes})


def of_units(responses: pd.DataFrame) -> dict[str, np.ndarray]:
    """Return the design of the responses as arguments of `design.check_design`: all but the margins of raked weights.

    >>> of_units(pd.DataFrame({"design.weight": [1.5, 0.5], "design.margin_1": [0, 1]}))
    {'weights': array([1.5, 0.5])}
    """
    return {name: responses[column].to_numpy() for column, name in ARGUMENTS.items() if column in responses}


def margins(responses: pd.DataFrame) -> np.ndarray | None:
    """Return the categories of what weights were raked to, as numbers of shape (responses, margins), or nothing.

    >>> margins(pd.DataFrame({"role": ["firm", "school"], "design.margin_1": [0, 1]})).tolist()
    [[0], [1]]
    """
    columns = [column for column in responses if column.startswith(MARGIN)]
    return responses[columns].to_numpy() if columns else None


def weighing(responses: pd.DataFrame) -> np.ndarray:
    """Say which respondents have a weight above 0, shape (responses,); without weights, all.

    >>> weighing(pd.DataFrame({"role": ["firm", "school"], "design.weight": [1.5, 0]})).tolist()
    [True, False]
    """
    return responses[WEIGHT].to_numpy(float) > 0 if WEIGHT in responses else np.ones(len(responses), dtype=bool)


def drawn(responses: pd.DataFrame, codebook: Codebook, wave: Wave, raw: dict[str, pd.Categorical]) -> pd.DataFrame:
    """Return the columns that say how each response was drawn, indexed as the responses.

    `responses` are all that count, with source rows as their index; `raw` holds the answers to the items of the
    design that never leave the raw file, texts that say the same being one. Raises EstimationError, naming rows, for
    weights that are missing, negative or all 0, for margins that cannot be raked to, for a stratum or a primary unit
    that is missing, for a stratum with one primary unit of several, and for fewer primary units in the population
    than in the sample.
    """
    columns: dict[str, np.ndarray] = {}
    if wave.weights:
        columns[WEIGHT] = _weights(responses[wave.weights], wave.weights)
    if wave.rake:
        columns[WEIGHT] = _raked(responses, wave, columns.get(WEIGHT))
        for number, name in enumerate(wave.rake, start=1):
            columns[f"{MARGIN}{number}"] = pd.Categorical(responses[name]).codes.astype(np.int32)
    if wave.designed:
        columns |= _design(responses, codebook, wave, raw, columns.get(WEIGHT))
    return pd.DataFrame(columns, index=responses.index)


def _weights(answers: pd.Series, name: str) -> np.ndarray:
    weights = answers.to_numpy(dtype=float)
    wrong = ~np.isfinite(weights) | (weights < 0)
    if wrong.any():
        found = f"{int(wrong.sum())} missing or negative, in source {rows_in_words(answers.index[wrong])}"
        do = "correct the weights, set these rows aside in wave.yml, or remove `weights:` there"
        raise EstimationError(Problem("a weight of 0 or more for each response", found, f"item {name!r}", do))
    if not weights.any():
        do = "correct the weights, or remove `weights:` from wave.yml"
        raise EstimationError(Problem("some weight above 0", "only zeros", f"item {name!r}", do))
    return weights


def _raked(responses: pd.DataFrame, wave: Wave, weights: np.ndarray | None) -> np.ndarray:
    start = np.ones(len(responses)) if weights is None else weights
    margins = {name: (responses[name].array, targets) for name, targets in wave.rake.items()}
    return weighting.rake(start, margins, rows=responses.index.to_numpy())


def _design(
    responses: pd.DataFrame,
    codebook: Codebook,
    wave: Wave,
    raw: dict[str, pd.Categorical],
    weights: np.ndarray | None,
) -> dict[str, np.ndarray]:
    """Return stratum, primary unit and number of primary units of each response, checked."""
    strata = _labels(responses, codebook, wave, "strata", raw)
    clusters = _labels(responses, codebook, wave, "clusters", raw)
    names = None if strata is None else _names(responses, wave.design.strata, strata, raw)
    units = _units(wave, codebook, strata, names)
    spoken = None if strata is None else pd.Categorical.from_codes(strata.codes, names)
    stated = "wave.yml, design.units" if wave.design else "wave.yml, population.size"
    checked = check_design(len(responses), weights, spoken, clusters, units, stated)
    found: dict[str, np.ndarray] = {}
    if strata is not None:
        found[STRATUM] = checked.stratum.astype(np.int32)
    if clusters is not None:
        found[CLUSTER] = checked.unit.astype(np.int32)
    if units is not None:
        found[UNITS] = checked.of_population[checked.stratum]
    return found


def _labels(
    responses: pd.DataFrame, codebook: Codebook, wave: Wave, use: str, raw: dict[str, pd.Categorical]
) -> pd.Categorical | None:
    """Return what names each response's stratum or primary unit. Raises EstimationError where nothing does."""
    name = getattr(wave.design, use) if wave.design else None
    if name is None:
        return None
    labels = raw[name] if name in raw else responses[name].array
    if codebook.items[name].kind not in CODED and name not in raw:
        labels = pd.Categorical(labels)
    missing = labels.codes < 0
    if missing.any():
        found = f"{int(missing.sum())} without one, in source {rows_in_words(responses.index[missing])}"
        do = f"correct them, set these rows aside in wave.yml, or remove design.{use} there"
        raise EstimationError(Problem(f"an answer of each respondent (design.{use})", found, f"item {name!r}", do))
    return labels.remove_unused_categories()


def _names(responses: pd.DataFrame, name: str, strata: pd.Categorical, raw: dict) -> list[str]:
    """Return how the strata are called in an error: what never leaves the raw file by its first row."""
    if name not in raw:
        return [str(code) for code in strata.categories]
    first = pd.Series(responses.index).groupby(strata.codes).min()
    return [f"of row {first[place]}" for place in range(len(strata.categories))]


def _units(
    wave: Wave, codebook: Codebook, strata: pd.Categorical | None, names: list[str] | None
) -> np.ndarray | float | None:
    """Return how many primary units there are in the population, of each response's stratum or altogether."""
    given = wave.design.units if wave.design else None
    if isinstance(given, dict):
        coded = codebook.items[wave.design.strata].kind in CODED
        known = {key if coded else normalise(key): units for key, units in given.items()}
        problems = [
            Problem("its number of primary units in the population", "none", f"design.units, stratum {said}", "add it")
            for category, said in zip(strata.categories, names, strict=True)
            if str(category) not in known
        ]
        if problems:
            raise EstimationError(problems)
        return np.array([float(known[str(category)]) for category in strata.categories])[strata.codes]
    if given is None and not wave.design:
        return wave.population.size  # each member of the population is a unit
    return given
