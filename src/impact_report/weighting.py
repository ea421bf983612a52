"""Weights: what they cost in precision, and raking them to known margins."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from impact_report.errors import EstimationError, Problem, rows_in_words

RAKING_TOLERANCE = 1e-6  # the largest relative gap between a weighted total and its target that counts as met
RAKING_FINENESS = 1e-9  # raking goes on to this gap where it can, so that the order of the margins leaves no trace
MOST_RAKING_ROUNDS = 1000
MOST_LISTED = 20  # wrong values named one by one before the rest is only counted


def design_effect(weights, inside=None):
    """Return Kish's design effect of unequal weights, n Σw² / (Σw)²; 1 when all weights are equal.

    `weights` has shape (units,); `inside`, if given, is boolean of shape (units,) or (units, estimates) and says who
    is in the base: the result is one number, or one for each estimate (nan where nobody is). Units of weight 0 are
    not counted. Raises EstimationError for weights that are negative, missing or all zero.
    Source: Kish (1965), Survey Sampling, section 11.7; Kish (1992), J. Official Statistics 8, 183–200.

    >>> float(design_effect([1, 1, 2, 2]))  # 4 · 10 / 36
    1.1111111111111112
    """
    weights, inside = _checked(weights, inside)
    with np.errstate(invalid="ignore", divide="ignore"):
        return ((weights > 0) @ inside / effective_base(weights, inside))[()]


def effective_base(weights, inside=None):
    """Return the effective base (Σw)² / Σw²: how many equally weighted answers would be as precise.

    Shapes and errors as `design_effect`; 0 where nobody is in the base. Source: Kish (1965), section 11.7.

    >>> float(effective_base([1, 1, 2, 2]))  # 36 / 10
    3.6
    """
    weights, inside = _checked(weights, inside)
    total, squares = weights @ inside, weights**2 @ inside
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(squares > 0, total**2 / squares, 0.0)[()]


def rake(
    design_weights,
    margins: Mapping[str, tuple],
    tolerance: float = RAKING_TOLERANCE,
    most_rounds: int = MOST_RAKING_ROUNDS,
    rows: np.ndarray | None = None,
) -> np.ndarray:
    """Return weights, shape (units,), whose totals meet every margin, as near to the design weights as can be.

    `margins` maps the name of a margin to (values of shape (units,), {value: population total}). Margin by margin the
    weights are multiplied by target/total until the largest relative gap is below `tolerance`, and on to 1e-9 where
    that can be reached (iterative proportional fitting). `rows` are the numbers by which an error names units, instead
    of counting them from 1. Raises EstimationError for weights that cannot be used, a
    missing value, a value without target, a target without respondents, a negative target, margins with different
    totals, and when it does not converge; all of them at once where possible.
    Source: Deming & Stephan (1940), Annals of Mathematical Statistics 11, 427–444.

    >>> rake([1, 1, 1, 1], {"role": (["a", "a", "a", "b"], {"a": 6, "b": 4})})
    array([2., 2., 2., 4.])
    """
    weights = _weights(design_weights)
    if not margins:
        raise EstimationError(
            Problem("at least one margin", "none", "raking", "name a margin with its targets in wave.yml")
        )
    coded, problems = [], []
    for name, (values, targets) in margins.items():
        codes, found = _margin(name, values, targets, weights, rows)
        problems += found
        coded.append((name, codes, list(targets), np.array([float(t) for t in targets.values()])))
    totals = {name: goal.sum() for name, _, _, goal in coded}
    if not problems and (max(totals.values()) - min(totals.values())) > tolerance * max(totals.values()):
        problems.append(
            Problem(
                "margins that add up to the same population",
                ", ".join(f"{name}: {total:g}" for name, total in totals.items()),
                "raking targets",
                "correct the targets, or express each margin for the same population",
            )
        )
    if problems:
        raise EstimationError(problems)

    weights = weights.copy()
    for _ in range(most_rounds):
        for _, codes, _, goal in coded:
            reached = np.bincount(codes, weights=weights, minlength=len(goal))
            factor = np.divide(goal, reached, out=np.zeros_like(goal), where=reached > 0)
            weights = weights * factor[codes]
        gaps = [_gaps(weights, codes, goal) for _, codes, _, goal in coded]
        largest = max(gap.max() for gap in gaps)
        if largest < min(RAKING_FINENESS, tolerance):
            break
    if largest < tolerance:
        return weights
    worst = max(range(len(coded)), key=lambda i: gaps[i].max())
    name, _, categories, _ = coded[worst]
    place = int(gaps[worst].argmax())
    raise EstimationError(
        Problem(
            f"weights that meet every target within {most_rounds} rounds",
            f"a relative gap of {gaps[worst][place]:.2g} left",
            f"raking margin {name!r}, category {categories[place]!r}",
            "the margins contradict each other for the respondents there are: merge small categories, "
            "or leave a margin out",
        )
    )


def _gaps(weights, codes, goal):
    reached = np.bincount(codes, weights=weights, minlength=len(goal))
    return np.abs(reached - goal) / np.where(goal > 0, goal, 1.0)


def _margin(name, values, targets, weights, rows):
    """Return the place of each unit's value among the targets, and what is wrong."""
    values = pd.Categorical(values)
    where = f"raking margin {name!r}"
    problems = []
    if len(values) != len(weights):
        problems.append(
            Problem(
                f"one value for each of {len(weights)} respondents",
                f"{len(values)} values",
                where,
                "give the margin's column of the same responses",
            )
        )
        return None, problems
    if not targets:
        return None, [Problem("a target for each category", "none", where, "write the population totals")]
    for category, target in targets.items():
        if not np.isfinite(float(target)) or float(target) < 0:
            problems.append(
                Problem(
                    "a population total, 0 or more",
                    repr(target),
                    f"{where}, target of {category!r}",
                    "write the number of units in the population",
                )
            )
    missing = values.codes < 0
    if missing.any():
        numbers = np.flatnonzero(missing) + 1 if rows is None else rows[missing]
        problems.append(
            Problem(
                "a value for every respondent",
                f"{int(missing.sum())} missing ({rows_in_words(numbers, MOST_LISTED)})",
                where,
                "impute the value, give these respondents a category with a target, or leave the margin out",
            )
        )
    present = values.remove_unused_categories()
    place = pd.Index(list(targets)).get_indexer(present.categories)
    codes = np.where(missing, -1, place[present.codes] if len(place) else -1)
    for category in present.categories[place < 0]:
        problems.append(
            Problem(
                "a target for every category that occurs",
                f"no target for {category!r}",
                where,
                f"add a target for {category!r}, or recode it into one of: {', '.join(map(str, targets))}",
            )
        )
    for position, (category, target) in enumerate(targets.items()):
        if float(target) > 0 and not (weights[codes == position] > 0).any():
            problems.append(
                Problem(
                    "at least one respondent in every category with a target",
                    "nobody (or only weights of 0)",
                    f"{where}, category {category!r}",
                    "merge the category with another one, in the data and in the targets",
                )
            )
        elif float(target) == 0 and (weights[codes == position] > 0).any():
            problems.append(
                Problem(
                    "a target above 0 where there are respondents",
                    "a target of 0",
                    f"{where}, category {category!r}",
                    "correct the target, or set these respondents aside in the cleaning rules",
                )
            )
    return codes, problems


def _checked(weights, inside):
    weights = _weights(weights)
    inside = np.ones(weights.shape, dtype=bool) if inside is None else np.asarray(inside, dtype=bool)
    if inside.shape[:1] != weights.shape:
        raise EstimationError(
            Problem(
                f"{weights.size} rows, one for each weight",
                f"shape {inside.shape}",
                "inside",
                "give one row for each respondent",
            )
        )
    return weights, inside.astype(float)


def _weights(weights) -> np.ndarray:
    weights = np.asarray(weights, dtype=float)
    if weights.ndim != 1:
        raise EstimationError(
            Problem("one weight for each respondent", f"shape {weights.shape}", "weights", "give one column")
        )
    problems = []
    for kind, wrong in (("missing", ~np.isfinite(weights)), ("negative", weights < 0)):
        if wrong.any():
            problems.append(
                Problem(
                    "a finite weight, 0 or more, for every respondent",
                    f"{int(wrong.sum())} {kind} ({rows_in_words(np.flatnonzero(wrong) + 1, MOST_LISTED)})",
                    "weights",
                    "correct the weight column, or set these respondents aside in the cleaning rules",
                )
            )
    if not problems and not (weights > 0).any():
        problems.append(
            Problem(
                "at least one weight above 0",
                f"{weights.size} weights, all 0",
                "weights",
                "check that the right column is named as the weight",
            )
        )
    if problems:
        raise EstimationError(problems)
    return weights
