"""Headline facts: totals, the roster and the years, each computed from data, each with its evidence."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd

from impact_report.codebook import MISSING_LABELS, Codebook, Fact
from impact_report.errors import EstimationError, Problem, WaveError, near
from impact_report.rounding import half_up
from impact_report.wave import Wave, latest_day


def headline_facts(responses: pd.DataFrame, codebook: Codebook, wave: Wave, study: Path) -> list[dict]:
    """Return each headline fact: what it is, the value as data gives it, the value printed, and how it came about.

    Raises EstimationError where there is nothing to compute from, WaveError where the roster cannot be read.
    """
    makers = {"total": _total, "roster": _roster, "years_since": _years}
    return [makers[fact.measure](fact, responses, codebook, wave, study) for fact in codebook.facts]


def _fact(fact: Fact, exact: float, shown: int, **more: object) -> dict:
    return {
        "id": fact.id,
        "label": fact.label,
        "measure": fact.measure,
        "exact": exact,
        "shown": shown,
        "phrase": fact.phrase,
        "names": [],
        "base": None,
        "columns": [],
        **more,
    }


def _total(fact: Fact, responses: pd.DataFrame, codebook: Codebook, wave: Wave, study: Path) -> dict:
    item = codebook.items[fact.item]
    values = responses[fact.item].dropna()
    if values.empty:
        do = "ask the question, or remove the fact from the codebook"
        raise EstimationError(Problem(f"answers to {fact.item!r}", "none", f"fact {fact.id!r}", do))
    total = float(values.sum())
    missing = responses[f"{fact.item}.missing"].value_counts()
    others = [(MISSING_LABELS[kind], int(count)) for kind, count in missing.items() if count]
    if len(values) < wave.minimum_base:
        do = f"remove the fact, or lower minimum_base (now {wave.minimum_base}) with a reason"
        found = f"{len(values)} answers, too few to publish a total"
        raise EstimationError(Problem(f"{wave.minimum_base} answers or more", found, f"fact {fact.id!r}", do))
    step = fact.round_down_to
    shown = _largest_multiple_below(total, step) if step else int(half_up(total))
    rule = f"sum of the answers, printed as the largest multiple of {step} below it" if step else "sum of the answers"
    return _fact(
        fact,
        total,
        shown,
        base=len(values),
        item=fact.item,
        wording=item.wording,
        unit=item.unit,
        rule=rule,
        others=others,
    )


def _largest_multiple_below(total: float, step: int) -> int:
    """Return the largest multiple of a step that the total exceeds.

    >>> _largest_multiple_below(783, 50), _largest_multiple_below(750, 50)
    (750, 700)
    """
    whole = int(total // step) * step
    return whole - step if whole == total and whole else whole


def read_roster(codebook: Codebook, study: Path) -> pd.DataFrame:
    """Return the roster as text. Raises WaveError where the file or a column is missing."""
    path = study / codebook.roster.file
    if not path.is_file():
        raise WaveError(
            Problem("the roster", "no such file", str(codebook.roster.file), "put it into the study folder")
        )
    roster = pd.read_csv(path, dtype=str, keep_default_na=False)
    wanted = [codebook.roster.name, codebook.roster.start, codebook.roster.source]
    wanted += [column for fact in codebook.facts for column in fact.where]
    problems = [
        Problem(f"a column {column!r}", ", ".join(roster.columns), path.name, near(column, list(roster.columns)))
        for column in dict.fromkeys(wanted)
        if column not in roster
    ]
    if problems:
        raise WaveError(problems)
    return roster


def _roster(fact: Fact, responses: pd.DataFrame, codebook: Codebook, wave: Wave, study: Path) -> dict:
    roster = read_roster(codebook, study)
    for column, value in fact.where.items():
        roster = roster[roster[column] == value]
    start = roster[codebook.roster.start].str.extract(r"(\d{4}(?:-\d\d){0,2})$", expand=False)
    day = wave.reference_date.latest
    later = start.map(lambda given: isinstance(given, str) and _first_day(given) > day).astype(bool)
    unknown = int(start.isna().sum())
    counted = roster[~later]
    rows = "rows of the roster" + "".join(f" with {column} {value}" for column, value in fact.where.items())
    rule = f"{rows}, less those known to have started after the reference date"
    return _fact(
        fact,
        float(len(counted)),
        len(counted),
        rule=rule,
        roster=codebook.roster.file,
        roster_rows=len(roster),
        started_later=int(later.sum()),
        start_unknown=unknown,
        names=counted[codebook.roster.name].tolist() if fact.names else [],
        sources=sorted(set(counted[codebook.roster.source])) if fact.names else [],
    )


def _first_day(date: str) -> dt.date:
    return dt.date(*[int(part) for part in (date + "-01-01").split("-")[:3]])


def _years(fact: Fact, responses: pd.DataFrame, codebook: Codebook, wave: Wave, study: Path) -> dict:
    since = wave.facts[fact.since]
    fewest = full_years(since.latest, wave.reference_date.latest)
    return _fact(
        fact,
        float(fewest),
        fewest,
        rule="full years from the last day the start can mean to the reference date",
        since=since.date,
        since_source=since.source,
        until=latest_day(wave.reference_date.date).isoformat(),
        until_source=wave.reference_date.source,
    )


def full_years(start: dt.date, end: dt.date) -> int:
    """Return the number of whole years between two days.

    >>> full_years(dt.date(2008, 12, 31), dt.date(2019, 12, 31))
    11
    >>> full_years(dt.date(2008, 12, 31), dt.date(2019, 12, 30))
    10
    """
    return end.year - start.year - ((end.month, end.day) < (start.month, start.day))
