"""Whether printed percentages are arithmetically possible, and whether ours agree with them.

The GRIM test (Brown & Heathers 2017, Social Psychological and Personality Science 8, 363–369): x answers out of n
can only give n + 1 different percentages, so a printed percentage rules bases out. It shows that a figure is
possible, never that it is true.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

import numpy as np
import pandas as pd

from impact_report.errors import EstimationError, Problem
from impact_report.rounding import check_decimals, half_up_percent, round_half_up_percent, round_ratio

LARGEST_BASE = 100
AGREES, DIFFERS, NOT_COMPARED = "agrees", "differs", "cannot be compared"
OUTCOMES = {
    AGREES: "computed from the responses and rounded, the figure is the published one",
    DIFFERS: "computed from the responses and rounded, the figure is another one",
    NOT_COMPARED: "there is no figure of ours to set beside the published one",
}
ALL_SECTIONS = "all"
WEIGHTED_GAP = 1e-9  # a proportion farther than this from count/base was weighted


class Grim(NamedTuple):
    """Whether a printed percentage is possible with a base, and every count that gives it."""

    possible: bool
    numerators: tuple[int, ...]


def grim(percent, base: int, decimals: int = 0, rounding: str = "half up") -> Grim:
    """Say whether some whole count out of `base` is printed as `percent`, and which counts are.

    `percent` is as printed, with `decimals` decimals; x fits when 100x/base rounds to it under the rule. Raises
    EstimationError for a percentage outside 0–100 or with more decimals, a base that is not a positive whole number,
    or an unknown rule. Source: Brown & Heathers (2017), for percentages.

    >>> grim(83, 46)
    Grim(possible=True, numerators=(38,))
    >>> grim(50, 23)
    Grim(possible=False, numerators=())
    """
    (steps,) = _steps([percent], decimals)
    if not _whole(base) or base < 1:
        raise EstimationError(
            Problem("a whole number above 0", repr(base), "base", "give the number of answers behind the figure")
        )
    scale, base = 100 * 10**decimals, int(base)
    # rounding moves a figure by less than one step, so only counts within a step of it can fit
    lowest = max(0, -(-(steps - 1) * base // scale))
    highest = min(base, (steps + 1) * base // scale)
    counts = np.arange(lowest, highest + 1, dtype=np.int64)
    fitting = counts[round_ratio(scale * counts, base, rounding) == steps]
    return Grim(fitting.size > 0, tuple(int(count) for count in fitting))


def possible_bases(
    percents: Iterable, decimals: int = 0, largest: int = LARGEST_BASE, rounding: str = "half up"
) -> list[int]:
    """Return every base from 1 to `largest` with which all the printed percentages are possible.

    Raises EstimationError as `grim` does, for all percentages at once.

    >>> possible_bases([82, 91, 82], largest=40)
    [11, 22, 33, 34]
    """
    steps = np.unique(np.array(_steps(percents, decimals), dtype=np.int64))
    if not _whole(largest) or largest < 1:
        raise EstimationError(
            Problem("a whole number above 0", repr(largest), "largest base", "give the largest base to consider")
        )
    scale = 100 * 10**decimals
    bases = []
    for base in range(1, int(largest) + 1):
        printable = round_ratio(scale * np.arange(base + 1, dtype=np.int64), base, rounding)
        if np.isin(steps, printable).all():
            bases.append(base)
    return bases


def attainable(
    sections: Mapping[str, Iterable], decimals: int = 0, largest: int = LARGEST_BASE, rounding: str = "half up"
) -> dict[str, list[int]]:
    """Return the possible bases of each section's percentages and, last, of all of them together under "all".

    >>> attainable({"jobs": [57, 52], "firms": [50, 33]}, largest=30)["all"]
    []
    >>> attainable({"jobs": [57, 52], "firms": [50, 33]}, largest=50)["all"]
    [42, 46]
    """
    sections = {name: list(percents) for name, percents in sections.items()}
    if ALL_SECTIONS in sections:
        raise EstimationError(
            Problem("a section of the report", repr(ALL_SECTIONS), "sections", "this name is kept for all together")
        )
    everything = [percent for percents in sections.values() for percent in percents]
    return {
        name: possible_bases(percents, decimals, largest, rounding)
        for name, percents in {**sections, ALL_SECTIONS: everything}.items()
    }


def in_ranges(bases: Iterable[int]) -> str:
    """Write whole numbers shortly, three or more in a row as a range.

    >>> in_ranges([78, 80, 81, 82, 83, 86, 88, 89])
    '78 80–83 86 88 89'
    """
    runs: list[list[int]] = []
    for base in sorted(set(bases)):
        if runs and base == runs[-1][-1] + 1:
            runs[-1].append(base)
        else:
            runs.append([base])
    words = []
    for run in runs:
        words += [f"{run[0]}–{run[-1]}"] if len(run) >= 3 else [str(base) for base in run]
    return " ".join(words)


COMPARISON_COLUMNS = [
    "indicator",
    "statement",
    "outcome",
    "reason",
    "published",
    "computed",
    "difference",
    "count",
    "base",
    "numerators",
]


def compare(published: pd.DataFrame, estimates: pd.DataFrame, decimals: int = 0) -> pd.DataFrame:
    """Set each published percentage beside the computed one; one row for each row of `published`, in its order.

    `published` has indicator (missing where this survey has no such statement), statement and percent; `estimates`
    has one row an indicator with indicator, base, count, proportion (0–1) and perhaps suppressed. The result has
    outcome (agrees, differs, cannot be compared), reason (empty unless it needs one), published, computed (percent,
    rounded half up), difference (computed before rounding minus published, in points), count, base, and numerators:
    the counts that give the published figure with our base. Raises EstimationError when a column is missing, an
    indicator has two estimates, or a percentage cannot be read.

    >>> published = pd.DataFrame({"indicator": ["data", "pay"], "statement": ["shared data", "paid more"],
    ...                           "percent": [83, 50]})
    >>> estimates = pd.DataFrame({"indicator": ["data"], "base": [46], "count": [38], "proportion": [38 / 46]})
    >>> compare(published, estimates)[["outcome", "computed", "numerators"]].to_dict("records")
    [{'outcome': 'agrees', 'computed': 83.0, 'numerators': (38,)},
     {'outcome': 'cannot be compared', 'computed': nan, 'numerators': ()}]
    """
    _check_columns(published, estimates)
    steps = _steps(published["percent"], decimals)
    estimate_of = {row["indicator"]: row for row in estimates.to_dict("records")}
    rows = []
    for line, step in zip(published.to_dict("records"), steps, strict=True):
        printed = step / 10**decimals
        row = {
            "indicator": line["indicator"],
            "statement": line["statement"],
            "published": printed,
            "computed": np.nan,
            "difference": np.nan,
            "count": np.nan,
            "base": np.nan,
            "numerators": (),
        }
        rows.append(row | _compared(line["indicator"], printed, estimate_of, decimals))
    return pd.DataFrame(rows, columns=COMPARISON_COLUMNS)


def _compared(indicator, printed: float, estimate_of: dict, decimals: int) -> dict:
    def not_compared(reason: str) -> dict:
        return {"outcome": NOT_COMPARED, "reason": reason}

    if pd.isna(indicator) or indicator == "":
        return not_compared("this survey has no such statement")
    estimate = estimate_of.get(indicator)
    if estimate is None:
        return not_compared("this survey did not measure it")
    if estimate.get("suppressed") is True or estimate.get("suppressed") is np.True_:
        return not_compared("our figure is hidden, because too few answered")
    if pd.isna(estimate["base"]) or estimate["base"] == 0:
        return not_compared("nobody answered, so there is no figure of ours")
    count, base, proportion = estimate["count"], estimate["base"], estimate["proportion"]
    if abs(proportion - count / base) > WEIGHTED_GAP:
        computed = float(half_up_percent(proportion, decimals))
        difference = 100 * proportion - printed
    else:
        computed = float(round_half_up_percent(count, base, decimals))
        difference = (100 * int(count) - printed * int(base)) / int(base)
    numerators = grim(printed, base, decimals).numerators
    reason = ""
    if computed != printed:
        reason = "" if numerators else "no whole number of our answers gives the published figure"
    return {
        "outcome": AGREES if computed == printed else DIFFERS,
        "reason": reason,
        "computed": computed,
        "difference": difference,
        "count": int(count),
        "base": int(base),
        "numerators": numerators,
    }


def _check_columns(published: pd.DataFrame, estimates: pd.DataFrame) -> None:
    needed = (
        ("published figures", published, ("indicator", "statement", "percent")),
        ("estimates", estimates, ("indicator", "base", "count", "proportion")),
    )
    problems = [
        Problem(f"a column {column!r}", f"columns {', '.join(map(str, frame.columns))}", where, "add or rename it")
        for where, frame, columns in needed
        for column in columns
        if column not in frame.columns
    ]
    if not problems:
        twice = estimates["indicator"][estimates["indicator"].duplicated()].unique()
        problems = [
            Problem(
                "one estimate for each indicator",
                f"several for {indicator!r}",
                "estimates",
                "pass the rows of everybody only, of one wave",
            )
            for indicator in twice
        ]
    if problems:
        raise EstimationError(problems)


def _steps(percents: Iterable, decimals: int) -> list[int]:
    check_decimals(decimals)
    steps, problems = [], []
    for position, percent in enumerate(percents, start=1):
        try:
            number = Decimal(str(percent).strip().removesuffix("%").strip())
        except InvalidOperation:
            number = Decimal("nan")
        if not number.is_finite() or not 0 <= number <= 100:
            problems.append(
                Problem("a percentage from 0 to 100", repr(percent), f"percentage {position}", "write it as 83")
            )
            continue
        scaled = number.scaleb(decimals)
        if scaled != scaled.to_integral_value():
            problems.append(
                Problem(
                    f"a percentage with at most {decimals} decimals",
                    repr(percent),
                    f"percentage {position}",
                    "state how many decimals the figures were printed with",
                )
            )
            continue
        steps.append(int(scaled))
    if problems:
        raise EstimationError(problems)
    return steps


def _whole(value) -> bool:
    return not isinstance(value, bool) and isinstance(value, (int, float, np.number)) and value % 1 == 0
