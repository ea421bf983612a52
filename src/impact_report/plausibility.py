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
from impact_report.language import say
from impact_report.rounding import (
    MOST_DECIMALS,
    check_decimals,
    half_up_percent,
    percent_steps,
    round_half_up_percent,
    round_ratio,
)

LARGEST_BASE = 100
LARGEST_TRIED = 10**6
MOST_ANSWERS = 10**8  # beyond it every percentage is possible, and counts no longer surely fit into 64 bits
AGREES, DIFFERS, NOT_COMPARED = "agrees", "differs", "cannot be compared"
BY_CONSTRUCTION = "agrees by construction"
OUTCOMES = {
    AGREES: "the figure computed here, rounded as the published one is, is the same",
    BY_CONSTRUCTION: "it is the same, and could not be another: it was computed from what was published, or with a "
    "date chosen to fit it",
    DIFFERS: "the figure computed here, rounded as the published one is, is another one",
    NOT_COMPARED: "this report has no figure to set beside the published one",
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
    ((steps, _),) = _printed([percent], decimals)
    if not _whole(base) or not 1 <= base <= MOST_ANSWERS:
        expected = "a whole number above 0" if not _whole(base) or base < 1 else f"at most {MOST_ANSWERS:,}"
        raise EstimationError(Problem(expected, repr(base), "base", "give the number of answers behind the figure"))
    scale, base = 100 * 10**decimals, int(base)
    # rounding moves a figure by less than one step, so only counts within a step of it can fit
    lowest = max(0, -(-(steps - 1) * base // scale))
    highest = min(base, (steps + 1) * base // scale)
    counts = np.arange(lowest, highest + 1, dtype=np.int64)
    fitting = counts[round_ratio(scale * counts, base, rounding) == steps]
    return Grim(fitting.size > 0, tuple(int(count) for count in fitting))


def counts_of(
    percents: Iterable, base: int, decimals: int | None = None, rounding: str = "half up"
) -> list[tuple[int, ...]]:
    """Return for each printed percentage every count out of `base` that gives it; none where it is impossible.

    Decimals and what is raised as in `possible_bases`.

    >>> counts_of([83, 50, "82.6"], 23)
    [(19,), (), (19,)]
    """
    percents = list(percents)
    printed = _printed(percents, decimals)
    return [
        grim(percent, base, places, rounding).numerators for percent, (_, places) in zip(percents, printed, strict=True)
    ]


def possible_bases(
    percents: Iterable, decimals: int | None = None, largest: int = LARGEST_BASE, rounding: str = "half up"
) -> list[int]:
    """Return every base from 1 to `largest` with which all the printed percentages are possible.

    Each percentage has as many decimals as it is written with, or `decimals` where that is given. Raises
    EstimationError as `grim` does, for all percentages at once.

    >>> possible_bases([82, 91, 82], largest=40), possible_bases(["33.3", 67], largest=9)
    ([11, 22, 33, 34], [3, 6, 9])
    """
    if not _whole(largest) or not 1 <= largest <= LARGEST_TRIED:
        expected = f"a whole number from 1 to {LARGEST_TRIED:,}"
        raise EstimationError(Problem(expected, repr(largest), "largest base", "give the largest base to consider"))
    round_ratio(0, 1, rounding)  # an unknown rule is told before anything is tried
    steps_of: dict[int, set[int]] = {}
    for steps, places in _printed(percents, decimals):
        steps_of.setdefault(places, set()).add(steps)
    wanted = {100 * 10**places: np.array(sorted(steps), dtype=np.int64) for places, steps in steps_of.items()}

    def possible(base: int) -> bool:
        for scale, steps in wanted.items():
            if base >= scale:  # as many answers as there are steps, or more, give each step
                continue
            counts = np.arange(base + 1, dtype=np.int64)
            if not np.isin(steps, round_ratio(scale * counts, base, rounding)).all():
                return False
        return True

    return [base for base in range(1, int(largest) + 1) if possible(base)]


def attainable(
    sections: Mapping[str, Iterable],
    decimals: int | None = None,
    largest: int = LARGEST_BASE,
    rounding: str = "half up",
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


def read_percentages(texts: Iterable[str]) -> list[list[str]]:
    """Return percentages as people list them, in the groups that stand between strokes.

    Percent signs and commas that end a text are taken away; several commas in one text stand between percentages.
    Raises EstimationError for a single comma inside a text, which may be a decimal one or not, and where a group, or
    everything, is empty.

    >>> read_percentages(["83%,", "65", "/", "65.2", "/", "50,33,78"])
    [['83', '65'], ['65.2'], ['50', '33', '78']]
    """
    groups: list[list[str]] = [[]]
    problems = []
    for text in " ".join(texts).replace("/", " / ").replace("%", " ").replace(" ,", " ").split():
        parts = text.strip(",").split(",")
        if text == "/":
            groups.append([])
        elif len(parts) == 2:
            do = f"write {parts[0]}.{parts[1]}, or {parts[0]} {parts[1]}"
            problems.append(Problem("a decimal point, or a blank between percentages", repr(text), "percentages", do))
        else:
            groups[-1] += parts
    if not problems and not all(groups):
        do = "write them as 83 65 83, groups as 83 65 / 65 57"
        problems.append(Problem("percentages", "none before or after a stroke" if groups[1:] else "none", "grim", do))
    if problems:
        raise EstimationError(problems)
    return [[part for part in group if part] for group in groups]


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


def check_own(estimates: pd.DataFrame) -> int:
    """Return how many shares of a table of estimates were found possible with their own bases: all that are shown.

    `estimates` has one row a share, as `estimates.estimate` returns them, unweighted: indicator, group_by, group, base,
    count, proportion, suppressed. The proportion, rounded half up to whole percent, must be one that some whole count
    out of the base gives, and the one that the count gives. Raises EstimationError naming each row that is not.

    >>> row = {"indicator": "data", "group_by": "all", "group": "all", "suppressed": False}
    >>> check_own(pd.DataFrame([row | {"base": 46, "count": 38, "proportion": 38 / 46}]))
    1
    """
    shown = estimates[~estimates["suppressed"].astype(bool) & (estimates["base"] > 0)]
    count, base = shown["count"].to_numpy(np.int64), shown["base"].to_numpy(np.int64)
    printed = np.array([int(half_up_percent(share)) for share in shown["proportion"]], dtype=np.int64)
    fits = abs(100 * count - printed * base) * 2 <= base  # |100 x/n − P| is at most half a percent
    wrong = ~fits | (printed != percent_steps(count, base))
    if wrong.any():
        raise EstimationError(
            Problem(
                "a share that its own count and base give",
                f"{share}% from {x} of {n}",
                f"estimates, {row.indicator}, {row.group_by} {row.group}",
                "the table was changed, or there is a mistake in this program: tell its makers",
            )
            for row, share, x, n in zip(
                shown[wrong].itertuples(), printed[wrong], count[wrong], base[wrong], strict=True
            )
        )
    return len(shown)


COMPARISON_COLUMNS = [
    "indicator",
    "statement",
    "outcome",
    "reason",
    "published",
    "decimals",
    "computed",
    "difference",
    "count",
    "base",
    "numerators",
]


def compare(published: pd.DataFrame, estimates: pd.DataFrame) -> pd.DataFrame:
    """Set each published percentage beside the computed one; one row for each row of `published`, in its order.

    `published` has indicator (missing where this survey has no such statement), statement and percent, with as many
    decimals as it was printed with; `estimates` has one row an indicator with indicator, base, count, proportion (0–1)
    and perhaps suppressed. The result has outcome (agrees, differs, cannot be compared), reason (empty unless it needs
    one), published, decimals, computed (percent, rounded half up to as many decimals), difference (computed before
    rounding minus published, in points), count, base, and numerators: the counts that give the published figure with
    our base. Raises EstimationError when a column is missing, an indicator has two estimates, or a percentage cannot be
    read.

    >>> published = pd.DataFrame({"indicator": ["data", "pay"], "statement": ["shared data", "paid more"],
    ...                           "percent": [83, 50]})
    >>> estimates = pd.DataFrame({"indicator": ["data"], "base": [46], "count": [38], "proportion": [38 / 46]})
    >>> compare(published, estimates)[["outcome", "computed", "numerators"]].to_dict("records")
    [{'outcome': 'agrees', 'computed': 83.0, 'numerators': (38,)},
     {'outcome': 'cannot be compared', 'computed': nan, 'numerators': ()}]
    """
    _check_columns(published, estimates)
    printed = _printed(published["percent"])
    estimate_of = {row["indicator"]: row for row in estimates.to_dict("records")}
    rows = []
    for line, (steps, decimals) in zip(published.to_dict("records"), printed, strict=True):
        row = {
            "indicator": line["indicator"],
            "statement": line["statement"],
            "published": steps / 10**decimals,
            "decimals": decimals,
            "computed": np.nan,
            "difference": np.nan,
            "count": np.nan,
            "base": np.nan,
            "numerators": (),
        }
        rows.append(row | _compared(line["indicator"], row["published"], estimate_of, decimals))
    return pd.DataFrame(rows, columns=COMPARISON_COLUMNS)


def _compared(indicator, printed: float, estimate_of: dict, decimals: int) -> dict:
    def not_compared(reason: str) -> dict:
        return {"outcome": NOT_COMPARED, "reason": reason}

    if pd.isna(indicator) or indicator == "":
        return not_compared(say("this survey has no such statement"))
    estimate = estimate_of.get(indicator)
    if estimate is None:
        return not_compared(say("this survey did not ask it"))
    if estimate.get("suppressed") is True or estimate.get("suppressed") is np.True_:
        return not_compared(say("this report does not show the figure, because too few answered"))
    if pd.isna(estimate["base"]) or estimate["base"] == 0:
        return not_compared(say("nobody answered"))
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
        reason = "" if numerators else say("no whole number of the answers gives the published figure")
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


def _printed(percents: Iterable, decimals: int | None = None) -> list[tuple[int, int]]:
    """Return each percentage in whole steps of its last decimal, with the number of decimals."""
    if decimals is not None:
        check_decimals(decimals)
    found, problems = [], []
    for position, percent in enumerate(percents, start=1):
        where = f"percentage {position}"
        try:
            number = Decimal(str(percent).strip().removesuffix("%").strip())
        except InvalidOperation:
            number = Decimal("nan")
        if not number.is_finite() or not 0 <= number <= 100:
            problems.append(Problem("a percentage from 0 to 100", repr(percent), where, "write it as 83 or 83.5"))
            continue
        places = max(0, -(number if decimals is None else number.normalize()).as_tuple().exponent)
        most = MOST_DECIMALS if decimals is None else decimals
        if places > most:
            do = "state how many decimals the figures were printed with"
            problems.append(Problem(f"a percentage with at most {most} decimals", repr(percent), where, do))
            continue
        places = places if decimals is None else decimals
        found.append((int(number.scaleb(places)), places))
    if problems:
        raise EstimationError(problems)
    return found


def _whole(value) -> bool:
    return not isinstance(value, bool) and isinstance(value, (int, float, np.number)) and value % 1 == 0
