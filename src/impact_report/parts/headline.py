"""Where a headline fact comes from: rule, definition, base, who is not in it, and how sure it is."""

from __future__ import annotations

from impact_report.blocks import Block, Inlines, cell, column, quoted, table, words
from impact_report.numbers import Number, Numbers, anchor, exactly
from impact_report.parts.labels import columns_words, known_date
from impact_report.results import Results
from impact_report.rounding import half_up


def fact_evidence(results: Results, fact: dict) -> Block:
    """Return the evidence of one headline fact."""
    value = Numbers(results).fact(fact)
    rows = [["Printed", words("{n}", n=value)], ["Rule", quoted(fact["rule"])]]
    if fact["definition"]:
        rows.append(["Definition", quoted(fact["definition"])])
    found = None
    if fact["items"]:
        rows += _of_quantities(results, fact)
    elif fact["measure"] == "response_rate":
        rows += _of_response(fact)
    elif fact["measure"] == "roster":
        rows += _of_roster(results, fact)
        found = _counted(fact)
    else:
        rows += _of_years(fact)
    return Block(block="evidence", id=_anchor(fact), title=quoted(fact["label"]), facts=rows, table=found)


def _anchor(fact: dict) -> str:
    return anchor("fact", fact["id"])


def _number(fact: dict, value: float, what: str) -> Number:
    return Number(exactly(value), f"{what}: {fact['label']}", _anchor(fact), exact=value, base=fact["base"])


def _of_quantities(results: Results, fact: dict) -> list[list]:
    """Return exact value, base, who is not in it, the interval, and each question with its columns."""
    numbers = Numbers(results)
    rows = [
        [f"Exact {fact['measure']}", words("{n} {unit}", n=_number(fact, fact["exact"], "exact"), unit=fact["unit"])]
    ]
    if fact.get("step"):
        rows.append(["How the floor was taken", _floor_words(fact)])
    if "totals" in fact:
        above, below = fact["totals"]
        rows.append(["Total above the line", words("{n}", n=_number(fact, above, "total above the line"))])
        rows.append(["Total below the line", words("{n}", n=_number(fact, below, "total below the line"))])
    base = numbers.counted(fact["base"], f"answers in the {fact['measure']}: {fact['label']}", _anchor(fact))
    everything = "all parts answered by {n}" if len(fact["items"]) > 1 else "{n}"
    rows.append(["Answers", words(everything, n=base)])
    rows += [["Not in it: " + label, said] for label, said in _left_out(results, fact, numbers)]
    if "interval" in fact:
        rows += _uncertainty(results, fact, numbers)
    for name in fact["items"]:
        item = results.asked(name)
        rows.append(["Question", quoted(item.wording)])
        rows.append(["Raw column", quoted(columns_words(numbers.raw_columns(name), item))])
    return rows


def _floor_words(fact: dict) -> Inlines:
    """Say how a floor was taken: 777 is more than 750, which is 15 times 50, and not more than 800."""
    step, shown = fact["step"], fact["shown"]
    return words(
        "{exact} is more than {floor}, which is {times} times {step}, and not more than the next multiple, {next}",
        exact=_number(fact, fact["exact"], "exact"),
        floor=_number(fact, shown, "floor"),
        times=_number(fact, shown / step, "multiple of the step"),
        step=_number(fact, float(step), "step of the floor"),
        next=_number(fact, shown + step, "next multiple"),
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
            else words("{n}", n=numbers.counted(count, f"{label}: {fact['label']}", _anchor(fact))),
        )
        for label, count in others
    ]


def _uncertainty(results: Results, fact: dict, numbers: Numbers) -> list[list]:
    """Return the interval with its level and method, or why there is none."""
    interval = fact["interval"]
    if interval["low"] is None:
        return [["Interval", words("not estimable: {why}", why=interval["method"])]]
    places = fact["decimals"] + 1
    low, high = (
        Number(f"{half_up(interval[name], places):,}", f"{name} of the interval: {fact['label']}", _anchor(fact))
        for name in ("low", "high")
    )
    said = words("from {low} to {high}, at {level}", low=low, high=high, level=numbers.confidence)
    rows = [["Interval", said], ["How it was computed", quoted(interval["method"])]]
    if interval["standard_error"] is not None:
        error = f"{half_up(interval['standard_error'], places + 1):,}"
        number = Number(error, f"standard error: {fact['label']}", _anchor(fact), exact=interval["standard_error"])
        rows.append(["Standard error", words("{n}", n=number)])
    return rows


def _of_response(fact: dict) -> list[list]:
    count = f"{fact['numerator']:,} of {exactly(fact['of'])}"
    number = Number(count, f"cases: {fact['label']}", anchor("response"), exact=fact["exact"])
    return [["Cases", words("{n}", n=number)]]


def _of_roster(results: Results, fact: dict) -> list[list]:
    numbers = Numbers(results)
    all_rows = numbers.counted(fact["roster_rows"], f"rows of the roster: {fact['label']}", _anchor(fact))
    later = numbers.counted(fact["started_later"], f"started after the reference date: {fact['label']}", _anchor(fact))
    unknown = numbers.counted(fact["start_unknown"], f"start not known: {fact['label']}", _anchor(fact))
    rows = [
        ["Rows that fit", words("{n}", n=all_rows)],
        ["Started later", words("{n}", n=later)],
        ["Start not known", words("{n}, counted all the same", n=unknown)],
        ["Roster", quoted(fact["roster"])],
    ]
    if fact["left_out"]:
        rows.append(["Not counted", quoted("; ".join(fact["left_out"]))])
    return rows


def _counted(fact: dict) -> dict:
    """Return the rows of the roster that count, each with its source."""
    counted = [[cell(name), cell(start or "not known"), cell(source)] for name, start, source in fact["counted"]]
    columns = [column("Name", 3), column("Start", 1), column("Source", 4)]
    return dict(table(f"{_anchor(fact)}-table", words("Counted"), columns, counted, long=True))


def _of_years(fact: dict) -> list[list]:
    since = f"{known_date(fact['since'])} – {fact['since_source']}" + (f"; {fact['note']}" if fact["note"] else "")
    most = Number(str(fact["most"]), f"most years it can be: {fact['label']}", _anchor(fact), exact=float(fact["most"]))
    return [
        ["From", quoted(since)],
        ["To", quoted(f"{known_date(fact['until'])} – {fact['until_source']}")],
        ["At most", words("more than {n} years, from the first day the start can mean", n=most)],
    ]
