"""Headline facts: totals, means, ratios, a response rate, the roster, the years; each from data, with its evidence."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from impact_report import language, measures, response, sampling, translations
from impact_report.codebook import MISSING_LABELS, Codebook, Fact
from impact_report.errors import EstimationError, Problem, WaveError, near
from impact_report.language import number, say, translated
from impact_report.measures import Measure
from impact_report.readers import delimited
from impact_report.rounding import half_up, half_up_percent
from impact_report.wave import Wave, earliest_day, is_known_date

MEASURES = {"total": "total", "mean": "mean", "median": "median", "ratio": "ratio of two totals"}
SUMMED = ("total", "mean", "ratio")  # what is published tells the sum of the answers
MEAN_INTERVAL = "t-interval of a mean (Cochran 1977, section 2.8); too short where few answers are far from the others"
RATIO_INTERVAL = "t-interval of a ratio of two totals, linearised (Cochran 1977, section 6.4); good for many answers"
MEDIAN_INTERVAL = (
    "exact: between the two answers that hold the middle of the population in at least as many samples as the level "
    "says, whatever the distribution (binomial; Hahn and Meeker 1991, section 5.2)"
)


def headline_facts(
    responses: pd.DataFrame, codebook: Codebook, wave: Wave, study: Path, cleaning: dict, told: str = ""
) -> list[dict]:
    """Return each headline fact: what it is, the value as data gives it, the value printed, and how it came about.

    `cleaning` holds the sums of the cleaning (rows_kept, unfinished_kept), which a response rate needs. `told` is the
    language of the roster's texts, where it has translations. Raises EstimationError where there is nothing to compute
    from, where too few answered, and where a sum would give one respondent's answer away; WaveError where the roster
    cannot be read or the wave states no response.
    """
    makers = {
        "total": _total,
        "mean": _mean,
        "median": _median,
        "ratio": _ratio,
        "response_rate": _response_rate,
        "roster": _roster,
        "years_since": _years,
    }
    source = Source(responses, codebook, wave, study, cleaning, told)
    found = [makers[fact.measure](fact, source) for fact in codebook.facts]
    _refuse_differences(codebook.facts, source)
    _refuse_routes(codebook.facts, source)
    return found


class Source(NamedTuple):
    """What headline facts are computed from."""

    responses: pd.DataFrame
    codebook: Codebook
    wave: Wave
    study: Path
    cleaning: dict
    told: str


def _fact(fact: Fact, exact: float, shown: float, **more: object) -> dict:
    return {
        "id": fact.id,
        "label": fact.label,
        "measure": fact.measure,
        "definition": fact.definition,
        "exact": exact,
        "shown": shown,
        "text": number(half_up(shown, fact.decimals) + 0, fact.decimals),
        "decimals": fact.decimals,
        "phrase": fact.phrase,
        "names": [],
        "base": None,
        "items": fact.quantities,
        **more,
    }


# quantities


def _total(fact: Fact, source: Source) -> dict:
    values, more = _answers(fact, source, [fact.item])
    weights = _weights(fact, source)
    exact = measures.total(values, weights)
    _refuse_dominance(fact, values if weights is None else values * weights)
    step = fact.round_down_to
    if step:
        _refuse_negative(fact, source.codebook, values)
    if step and exact <= 0:
        do = "remove `round_down_to`: nothing lies below it"
        raise EstimationError(Problem("a total above 0", f"{exact:g}", f"fact {fact.id!r}, round_down_to", do))
    shown = _largest_multiple_below(exact, step) if step else float(half_up(exact, fact.decimals))
    rule = say("sum of the answers") if weights is None else say("sum of the answers, each times its weight")
    if step:
        rule = say("{sum}; printed is the largest multiple of {step} that it exceeds", sum=rule, step=number(step))
    return _fact(fact, exact, shown, rule=rule, step=step, **more)


def _mean(fact: Fact, source: Source) -> dict:
    values, more = _answers(fact, source, [fact.item])
    design = _design(fact, source)
    _refuse_dominance(fact, values)
    found = measures.mean(values, **design, confidence=source.wave.interval.confidence)
    rule = say("sum of the answers, divided by their number")
    if "weights" in design:
        rule = say("weighted sum of the answers, divided by the sum of their weights")
    return _measured(fact, found, rule, MEAN_INTERVAL, more)


def _median(fact: Fact, source: Source) -> dict:
    values, more = _answers(fact, source, [fact.item])
    wave = source.wave
    weights = _weights(fact, source)
    found = measures.median(values, weights, wave.interval.confidence, wave.minimum_base)
    if weights is None and {"strata", "clusters"} & set(sampling.arguments(source.responses)):
        found = Measure(found.value, why_no_interval=say("the rule is for respondents who were each drawn alone"))
    rule = say("the middle answer in order of size; of an even number of answers the mean of the two in the middle")
    if weights is not None:
        rule = say("the answer, in order of size, at which the weights of the smaller ones reach half of all weights")
    return _measured(fact, found, rule, MEDIAN_INTERVAL, more)


def _ratio(fact: Fact, source: Source) -> dict:
    values, more = _answers(fact, source, fact.quantities)
    inside = values.notna()
    above, below = (
        source.responses[names].sum(axis=1).where(inside).astype(float) for names in (fact.numerator, fact.denominator)
    )
    for part in (above, below):
        _refuse_dominance(fact, part)
    design = _design(fact, source)
    try:
        found = measures.ratio(above, below, **design, confidence=source.wave.interval.confidence)
    except EstimationError as error:
        raise EstimationError(
            [replace(one, where=f"fact {fact.id!r}, {one.where}") for one in error.problems]
        ) from None
    rule = say("total above the line, divided by the total below it, of those who answered all parts")
    if "weights" in design:
        rule = say(
            "weighted total above the line, divided by the weighted total below it, of those who answered all parts"
        )
    totals = [measures.total(part, design.get("weights")) for part in (above, below)]
    return _measured(fact, found, rule, RATIO_INTERVAL, {**more, "totals": totals})


def _measured(fact: Fact, found: Measure, rule: str, method: str, more: dict) -> dict:
    interval = {
        "low": None if math.isnan(found.low) else found.low,
        "high": None if math.isnan(found.high) else found.high,
        "standard_error": None if math.isnan(found.standard_error) else found.standard_error,
        "method": found.why_no_interval or translated(method),
    }
    shown = float(half_up(found.value, fact.decimals))
    return _fact(fact, found.value, shown, rule=rule, interval=interval, **more)


def _answers(fact: Fact, source: Source, items: list[str]) -> tuple[pd.Series, dict]:
    """Return each respondent's answer (several: their sum) and what the evidence says.

    It is nan unless all were given, and for a weight of 0.

    Raises EstimationError where nobody, or too few, gave them all.
    """
    responses, wave = source.responses, source.wave
    weighing = sampling.weighing(responses)
    given = responses[items].astype(float).sum(axis=1, skipna=False)
    values = given.where(weighing)
    base = int(values.notna().sum())
    named = " and ".join(map(repr, items))
    if not base:
        do = "ask the question, or remove the fact from the codebook"
        raise EstimationError(Problem(f"answers to {named}", "none", f"fact {fact.id!r}", do))
    if base < wave.minimum_base:
        do = f"remove the fact, or lower minimum_base (now {wave.minimum_base}) with a reason"
        found = f"{base} answers, too few to publish a {MEASURES[fact.measure]}"
        raise EstimationError(Problem(f"{wave.minimum_base} answers or more", found, f"fact {fact.id!r}", do))
    reasons = responses[[f"{item}.missing" for item in items]].astype(object).bfill(axis=1).iloc[:, 0]
    counted = reasons[given.isna()].value_counts().sort_index()
    others = [(translated(MISSING_LABELS[kind]), int(count)) for kind, count in counted.items()]
    if left_out := int((given.notna() & ~weighing).sum()):
        others.append((translated(sampling.NO_WEIGHT), left_out))
    units = list(dict.fromkeys(source.codebook.items[item].unit for item in items))
    return values, {
        "base": base,
        "others": others,
        "unit": fact.unit or (units[0] if len(units) == 1 and fact.measure != "ratio" else ""),
    }


def _refuse_negative(fact: Fact, codebook: Codebook, values: pd.Series) -> None:
    """Raise EstimationError unless no answer can be negative: only then do those without one not lower the total."""
    least = codebook.items[fact.item].minimum
    negative = int((values < 0).sum())
    if negative or least is None or least < 0:
        found = f"{negative} below 0" if negative else f"item {fact.item!r} without a minimum of 0 or more"
        do = f"write `minimum: 0` beside {fact.item!r} in the codebook, or remove `round_down_to`"
        expected = "answers of 0 or more, where a total is called more than something"
        raise EstimationError(Problem(expected, found, f"fact {fact.id!r}, round_down_to", do))


def _refuse_dominance(fact: Fact, values: pd.Series) -> None:
    """Raise EstimationError where a sum gives the largest answer away to the one with the second largest."""
    if measures.reveals_one(values.dropna()):
        raise EstimationError(
            Problem(
                f"a {MEASURES[fact.measure]} to which many contribute",
                "a largest answer that the rest, without the two largest, is less than a tenth of: it would reveal a "
                "respondent",
                f"fact {fact.id!r}",
                "remove the fact, or publish a median, which no single answer moves",
            )
        )


def _refuse_differences(facts: list[Fact], source: Source) -> None:
    """Raise EstimationError where two published sums of the same answers differ by those of too few respondents."""
    sums = []
    for fact in facts:
        if fact.measure in SUMMED:
            inside = source.responses[fact.quantities].notna().all(axis=1) & sampling.weighing(source.responses)
            sums += [(fact, names, inside) for names in ([fact.item], fact.numerator, fact.denominator) if any(names)]
    problems = [
        Problem(
            f"sums that differ by {source.wave.minimum_base} respondents or more, or not at all",
            f"the facts {one.id!r} and {other.id!r}, which differ by fewer: both together would reveal them",
            f"fact {other.id!r}",
            "remove one of the two",
        )
        for (one, names, inside), (other, others, outside) in combinations(sums, 2)
        if set(names) == set(others) and 0 < int((inside != outside).sum()) < source.wave.minimum_base
    ]
    if problems:
        raise EstimationError(problems)


def _refuse_routes(facts: list[Fact], source: Source) -> None:
    """Raise EstimationError where the answers of a fact tell how few were asked, or were not: answers to the route."""
    k = source.wave.smallest_count or 0
    problems = []
    for fact in facts:
        for item in fact.quantities:
            if source.codebook.items[item].ask_if:
                not_asked = int((source.responses[f"{item}.missing"] == "not_asked").sum())
                if 0 < not_asked < k or 0 < len(source.responses) - not_asked < k:
                    found = "fewer, whose answer to the question before would follow from the number of answers"
                    do = "remove the fact, or ask everybody"
                    expected = f"{k} respondents or more who were asked {item!r}, and who were not, or nobody"
                    problems.append(Problem(expected, found, f"fact {fact.id!r}", do))
    if problems:
        raise EstimationError(problems)


# weights


def _weights(fact: Fact, source: Source) -> pd.Series | None:
    """Return the weights of the answers, if the fact uses them: a total only where it says so."""
    given = source.responses.get(sampling.WEIGHT)
    if fact.measure != "total":
        return given
    if fact.weighted and given is None:
        do = "give wave.yml `weights` or `rake`, or remove `weighted` from the fact"
        raise EstimationError(Problem("weights that sum to the population", "none", f"fact {fact.id!r}", do))
    return given if fact.weighted else None


def _design(fact: Fact, source: Source) -> dict:
    """Return how respondents were drawn, as `measures.ratio` takes it; N is that of a question all were asked."""
    found = sampling.arguments(source.responses)
    if found:
        return found
    missing = source.responses[[f"{item}.missing" for item in fact.quantities]]
    routed = (missing == "not_asked").any(axis=None)
    return {"population_units": None if routed else source.wave.population.size}


# response rate, roster, years


def _response_rate(fact: Fact, source: Source) -> dict:
    wave = source.wave
    if wave.response is None:
        do = "add `response:` to wave.yml, or remove the fact; respondents who chose themselves have no response rate"
        raise WaveError(Problem("what became of those who were asked", "no `response`", f"fact {fact.id!r}", do))
    cases = response.dispositions(wave, source.cleaning)
    found = response.response_rate(fact.rate, cases, wave.response.eligible_share)
    percent = half_up_percent(found.rate, fact.decimals)
    return _fact(
        fact,
        float(found.rate),
        float(percent),
        text=language.percent(number(percent, fact.decimals)),
        rule=f"{fact.rate.upper()} = {response.FORMULAS[fact.rate]}",
        unit=say("share of the cases"),
        numerator=found.numerator,
        of=float(found.base),
    )


def _largest_multiple_below(total: float, step: int) -> int:
    """Return the largest multiple of a step that the total exceeds.

    >>> _largest_multiple_below(783, 50), _largest_multiple_below(750, 50)
    (750, 700)
    """
    whole = int(total // step) * step
    return whole - step if whole == total else whole


def read_roster(codebook: Codebook, study: Path, told: str = "") -> pd.DataFrame:
    """Return the roster as text, in a language where it has translations.

    Raises WaveError where the file or a column is missing, a date is none, or a translation is of nothing.
    """
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
    computed_with = {codebook.roster.start, *(column for fact in codebook.facts for column in fact.where)}
    texts = [column for column in roster if column not in computed_with]
    own = language.of_words(codebook.survey.language)
    return translations.told(roster, texts, told, path.name, WaveError, own)


def _roster(fact: Fact, source: Source) -> dict:
    codebook = source.codebook
    roster = read_roster(codebook, source.study, source.told)
    for column, value in fact.where.items():
        values = sorted(set(roster[column]))
        if value not in values:
            where = f"fact {fact.id!r}, where, {column}"
            raise EstimationError(Problem(f"a {column} of the roster", repr(value), where, near(value, values)))
        roster = roster[roster[column] == value]
    start = roster[codebook.roster.start]
    day = source.wave.reference_date.latest
    later = start.map(lambda given: bool(given) and earliest_day(given) > day).astype(bool)
    unknown = int((start == "").sum())
    counted = roster[~later]
    rule = say("rows of the roster, less those known to have started after the reference date")
    if fact.where:
        which = language.listed(named_rows(codebook, column, value) for column, value in fact.where.items())
        rule = say(
            "rows of the roster with {which}, less those known to have started after the reference date", which=which
        )
    return _fact(
        fact,
        float(len(counted)),
        len(counted),
        rule=rule,
        unit=say("rows of the roster"),
        roster=codebook.roster.file,
        roster_rows=len(roster),
        started_later=int(later.sum()),
        start_unknown=unknown,
        names=counted[codebook.roster.name].tolist() if fact.names else [],
        counted=counted[[codebook.roster.name, codebook.roster.start, codebook.roster.source]].values.tolist(),
        left_out=roster.loc[later, codebook.roster.name].tolist(),
    )


def named_rows(codebook: Codebook, column: str, value: str) -> str:
    """Return which rows of the roster: by the labels of the question and the answer that its column is named for."""
    item = codebook.items.get(column)
    if item is None or value not in item.codes:
        return f"{column} = {value}"
    return say("“{question}”: {answers}", question=codebook.called(column), answers=item.codes[value].label)


def _years(fact: Fact, source: Source) -> dict:
    wave = source.wave
    since = wave.facts[fact.since]
    fewest = years_passed(since.latest, earliest_day(wave.reference_date.date))
    most = 1 + years_passed(earliest_day(since.date), wave.reference_date.latest)  # that many are not exceeded
    return _fact(
        fact,
        float(fewest),
        fewest,
        text=str(fewest),
        rule=say(
            "more than this many years pass from the last day the start can mean through the first day the reference "
            "date can mean"
        ),
        unit=say("years"),
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
