"""Headline facts: totals, the roster and the years, each computed from data, each with its evidence."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd

from impact_report.codebook import MISSING_LABELS, Codebook, Fact
from impact_report.errors import EstimationError, Problem, WaveError, near
from impact_report.readers import delimited
from impact_report.rounding import half_up
from impact_report.wave import Wave, earliest_day, is_known_date


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
    roster = delimited.read_with_header(path, WaveError)
    wanted = [codebook.roster.name, codebook.roster.start, codebook.roster.source]
    wanted += [column for fact in codebook.facts for column in fact.where]
    problems = [
        Problem(f"a column {column!r}", ", ".join(roster.columns), path.name, near(column, list(roster.columns)))
        for column in dict.fromkeys(wanted)
        if column not in roster
    ]
    if not problems:
        for row, start in enumerate(roster[codebook.roster.start], start=2):
            if start and not is_known_date(start):
                do = "write 2017, 2017-05 or 2017-05-30, or leave it empty"
                problems.append(Problem("a date, as far as it is known", repr(start), f"{path.name}, row {row}", do))
    if problems:
        raise WaveError(problems)
    return roster


def _roster(fact: Fact, responses: pd.DataFrame, codebook: Codebook, wave: Wave, study: Path) -> dict:
    roster = read_roster(codebook, study)
    for column, value in fact.where.items():
        values = sorted(set(roster[column]))
        if value not in values:
            where = f"fact {fact.id!r}, where, {column}"
            raise EstimationError(Problem(f"a {column} of the roster", repr(value), where, near(value, values)))
        roster = roster[roster[column] == value]
    start = roster[codebook.roster.start]
    day = wave.reference_date.latest
    later = start.map(lambda given: bool(given) and earliest_day(given) > day).astype(bool)
    unknown = int((start == "").sum())
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
        counted=counted[[codebook.roster.name, codebook.roster.start, codebook.roster.source]].values.tolist(),
        left_out=roster.loc[later, codebook.roster.name].tolist(),
    )


def _years(fact: Fact, responses: pd.DataFrame, codebook: Codebook, wave: Wave, study: Path) -> dict:
    since = wave.facts[fact.since]
    fewest = years_passed(since.latest, earliest_day(wave.reference_date.date))
    most = years_passed(earliest_day(since.date), wave.reference_date.latest)
    return _fact(
        fact,
        float(fewest),
        fewest,
        rule="full years and more, from the last day the start can mean through the first the reference date can mean",
        most=most,
        note=since.note,
        since=since.date,
        since_source=since.source,
        until=wave.reference_date.date,
        until_source=wave.reference_date.source,
    )


def years_passed(start: dt.date, end: dt.date) -> int:
    """Return the largest number of years that is exceeded by the time from one day to the end of another.

    >>> years_passed(dt.date(2008, 12, 31), dt.date(2019, 12, 31))  # eleven years and a day: over 11
    11
    >>> years_passed(dt.date(2008, 12, 31), dt.date(2019, 12, 30))  # eleven years to the day: not over 11
    10
    """
    return end.year - start.year - ((end.month, end.day) < (start.month, start.day))
