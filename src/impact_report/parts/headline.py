"""Where a headline fact comes from: rule, definition, base, who is not in it, and how sure it is."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from impact_report.blocks import Block, Inlines, cell, column, quoted, table, words
from impact_report.language import known_date, number, say, translated
from impact_report.numbers import Number, Numbers, anchor, exactly, whole
from impact_report.parts.labels import columns_words, condition_words, question_words
from impact_report.results import Results
from impact_report.rounding import half_up

EXACT = {"total": "Exact total", "mean": "Exact mean", "median": "Exact median", "ratio": "Exact ratio"}
ANSWERS = {
    "total": "answers in the total: {label}",
    "mean": "answers in the mean: {label}",
    "median": "answers in the median: {label}",
    "ratio": "answers in the ratio: {label}",
}


class Told(NamedTuple):
    """One thing that is told of a headline fact: what kind of thing, what it is called, and what is said."""

    kind: str
    label: str
    said: Inlines


def fact_evidence(results: Results, fact: dict) -> Block:
    """Return the evidence of one headline fact."""
    rows = [[one.label, one.said] for one in told_of_fact(results, fact)]
    found = _counted(fact) if fact["measure"] == "roster" else None
    return Block(block="evidence", id=_anchor(fact), title=quoted(fact["label"]), facts=rows, table=found)


def told_of_fact(results: Results, fact: dict) -> list[Told]:
    """Return what the evidence of a headline fact tells, in its order."""
    value = Numbers(results).fact(fact)
    rows = [Told("printed", say("Printed"), words("{n}", n=value)), Told("rule", say("Rule"), quoted(fact["rule"]))]
    if fact["definition"]:
        rows.append(Told("definition", say("Definition"), quoted(fact["definition"])))
    if fact["items"]:
        return rows + _of_quantities(results, fact)
    if fact["measure"] == "response_rate":
        return rows + _of_response(fact)
    if fact["measure"] == "roster":
        return rows + _of_roster(results, fact)
    return rows + _of_years(fact)


def _anchor(fact: dict) -> str:
    return anchor("fact", fact["id"])


def _what(what: str, fact: dict) -> str:
    return say("{what}: {label}", what=what, label=fact["label"])


def _number(fact: dict, value: float, what: str) -> Number:
    return Number(exactly(value), _what(what, fact), _anchor(fact), exact=value, base=fact["base"])


def _of_quantities(results: Results, fact: dict) -> list[Told]:
    """Return exact value, base, who is not in it, the interval, and each question with its columns."""
    numbers = Numbers(results)
    exact = _number(fact, fact["exact"], say("exact"))
    rows = [Told("exact", translated(EXACT[fact["measure"]]), words("{n} {unit}", n=exact, unit=fact["unit"]))]
    if fact.get("step"):
        rows.append(Told("floor", say("How the floor was taken"), _floor_words(fact)))
    if "totals" in fact:
        above, below = fact["totals"]
        above, below = (
            _number(fact, above, say("total above the line")),
            _number(fact, below, say("total below the line")),
        )
        rows.append(Told("above", say("Total above the line"), words("{n}", n=above)))
        rows.append(Told("below", say("Total below the line"), words("{n}", n=below)))
    base = numbers.counted(fact["base"], say(ANSWERS[fact["measure"]], label=fact["label"]), _anchor(fact))
    several = len(fact["items"]) > 1
    answers = words("all parts answered by {n}", n=base) if several else words("{n}", n=base)
    rows.append(Told("base", say("Answers"), answers))
    rows += [
        Told("left_out", say("Not in it: {why}", why=why), said) for why, said in _left_out(results, fact, numbers)
    ]
    if "interval" in fact:
        rows += _uncertainty(results, fact, numbers)
    for name in fact["items"]:
        item = results.asked(name)
        columns = columns_words(numbers.raw_columns(name), results.as_read(name))
        rows.append(Told("question", say("Question"), question_words(results, name)))
        rows.append(Told("column", say("Raw column"), quoted(columns)))
        if item.ask_if:
            whose = condition_words(results, item.ask_if)
            rows.append(Told("asked_of", say("Asked of"), words("those {whose}", whose=whose)))
    return rows


def _floor_words(fact: dict) -> Inlines:
    """Say how a floor was taken: 777 is more than 750, which is 15 times 50, and not more than 800."""
    step, shown = fact["step"], fact["shown"]
    return words(
        "{exact} is more than {floor}, which is {times} times {step}, and not more than the next multiple, {next}",
        exact=_number(fact, fact["exact"], say("exact")),
        floor=_number(fact, shown, say("floor")),
        times=_number(fact, shown / step, say("multiple of the step")),
        step=_number(fact, float(step), say("step of the floor")),
        next=_number(fact, shown + step, say("next multiple")),
    )


def _left_out(results: Results, fact: dict, numbers: Numbers) -> list[tuple[str, Inlines]]:
    """Return how many are not in a fact and why; counts too small to show only together, or not at all."""
    others = fact["others"]
    least = results.wave.smallest_count or 1
    if others and min(count for _, count in others) < least:
        others = [[", ".join(label for label, _ in others), sum(count for _, count in others)]]
    return [
        (
            label,
            words("too few to show")
            if count < least
            else words("{n}", n=numbers.counted(count, _what(label, fact), _anchor(fact))),
        )
        for label, count in others
    ]


def _uncertainty(results: Results, fact: dict, numbers: Numbers) -> list[Told]:
    """Return the interval with its level and method, or why there is none."""
    interval = fact["interval"]
    if interval["low"] is None:
        return [Told("interval", say("Interval"), words("not estimable: {why}", why=interval["method"]))]
    places = fact["decimals"] + 1
    said = words(
        "from {low} to {high}, at {level}",
        low=_rounded(fact, interval["low"], places, say("low of the interval")),
        high=_rounded(fact, interval["high"], places, say("high of the interval")),
        level=numbers.confidence,
    )
    computed = Told("method", say("How it was computed"), quoted(interval["method"]))
    rows = [Told("interval", say("Interval"), said), computed]
    if interval["standard_error"] is not None:
        error = _rounded(fact, interval["standard_error"], places + 1, say("standard error"))
        error = replace(error, exact=interval["standard_error"])
        rows.append(Told("standard_error", say("Standard error"), words("{n}", n=error)))
    return rows


def _rounded(fact: dict, value: float, decimals: int, what: str) -> Number:
    return Number(number(half_up(value, decimals), decimals), _what(what, fact), _anchor(fact))


def _of_response(fact: dict) -> list[Told]:
    count = say("{x} of {n}", x=whole(fact["numerator"]), n=exactly(fact["of"]))
    cases = Number(count, _what(say("cases"), fact), anchor("response"), exact=fact["exact"])
    return [Told("cases", say("Cases"), words("{n}", n=cases))]


def _of_roster(results: Results, fact: dict) -> list[Told]:
    numbers = Numbers(results)
    all_rows = numbers.counted(fact["roster_rows"], _what(say("rows of the roster"), fact), _anchor(fact))
    later = _what(say("started after the reference date"), fact)
    later = numbers.counted(fact["started_later"], later, _anchor(fact))
    unknown = numbers.counted(fact["start_unknown"], _what(say("start not known"), fact), _anchor(fact))
    rows = [
        Told("rows", say("Rows that fit"), words("{n}", n=all_rows)),
        Told("later", say("Started later"), words("{n}", n=later)),
        Told("unknown", say("Start not known"), words("{n}, counted all the same", n=unknown)),
        Told("roster", say("Roster"), quoted(fact["roster"])),
    ]
    if fact["left_out"]:
        rows.append(Told("not_counted", say("Not counted"), quoted("; ".join(fact["left_out"]))))
    return rows


def _counted(fact: dict) -> dict:
    """Return the rows of the roster that count, each with its source."""
    counted = [[cell(name), cell(start or say("not known")), cell(source)] for name, start, source in fact["counted"]]
    columns = [column("Name", 3), column("Start", 1), column("Source", 4)]
    return dict(table(f"{_anchor(fact)}-table", words("Counted"), columns, counted, long=True))


def _of_years(fact: dict) -> list[Told]:
    since = f"{known_date(fact['since'])} – {fact['since_source']}" + (f"; {fact['note']}" if fact["note"] else "")
    most = _number(fact, float(fact["most"]), say("most years it can be"))
    return [
        Told("since", say("From"), quoted(since)),
        Told("until", say("To"), quoted(f"{known_date(fact['until'])} – {fact['until_source']}")),
        Told("most", say("At most"), words("{n} years, from the first day the start can mean", n=most)),
    ]
