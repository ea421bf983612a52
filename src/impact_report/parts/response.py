"""The response rate in words, with what became of everybody in the sample."""

from __future__ import annotations

from impact_report import response
from impact_report.blocks import Block, Inlines, cell, column, quoted, table, words
from impact_report.numbers import Number, anchor, exactly
from impact_report.results import Results
from impact_report.rounding import half_up_percent

ABOVE = {"rr1": "full answers", "rr2": "full and partial answers"}
BELOW = {
    "rr1": "all cases that are or may be eligible",
    "rr3": "all eligible cases and the share of the unknown ones that is taken to be eligible",
    "rr5": "all cases known to be eligible, as if none of the unknown ones were",
    "known": "all eligible cases",
}


def rate_words(results: Results) -> Inlines:
    """Return the response rate in a sentence, or why there is none."""
    given = results.wave.response
    if given is None:
        return words(
            "No response rate is given: it needs to be known who was asked and what became of each, which this wave "
            "does not state; respondents who chose themselves have none."
        )
    found = _rate(results, given.rate)
    return words(
        "The response rate of the wave is {rate}: {count} ({definition}: {above} out of {below}).",
        rate=_percent(found, given.rate),
        count=_x_of_n(found, given.rate),
        definition=f"AAPOR’s {given.rate.upper()}",
        above=_above(given.rate),
        below=_below(results, given.rate),
    )


def response_evidence(results: Results) -> list[Block]:
    """Return what became of everybody in the sample, and the six rates that follow; nothing where it is not known."""
    given = results.wave.response
    if given is None:
        return []
    facts = [
        ["Printed", words("{rate}", rate=_percent(_rate(results, given.rate), given.rate))],
        ["Definition", quoted(f"{given.rate.upper()} = {response.FORMULAS[given.rate]}")],
        ["In words", quoted(f"{_above(given.rate)} out of {_below(results, given.rate)}".capitalize())],
        ["Source", quoted(response.SOURCE)],
    ]
    if given.eligible_share is not None:
        share = Number(exactly(given.eligible_share), "e, the eligible share of unknown cases", anchor("response"))
        source = given.eligible_share_source
        facts.append(["Eligible share e", words("{e} – {source}", e=share, source=source)])
    for which in response.FORMULAS:
        shared = which in response.WITH_SHARE_OF_UNKNOWN and results.response_cases.unknown
        if shared and given.eligible_share is None:
            said = words("not estimable: the eligible share of the unknown cases is not stated")
        else:
            found = _rate(results, which)
            said = words("{rate}: {count}", rate=_percent(found, which), count=_x_of_n(found, which))
        facts.append([which.upper(), said])
    cases = results.response_cases
    rows = [
        [
            cell(label),
            cell(response.SYMBOLS[name]),
            cell(_cases(getattr(cases, name), label)),
            cell(_from(results, name)),
        ]
        for name, label in response.LABELS.items()
    ]
    columns = [column("What became of them", 3), column("Symbol", 1), column("Cases", 1, "right"), column("From", 2)]
    found = dict(table(f"{anchor('response')}-table", words("Everybody in the sample"), columns, rows))
    title = quoted("Response rate")
    return [Block(block="evidence", id=anchor("response"), title=title, facts=facts, table=found)]


def _rate(results: Results, which: str) -> response.Rate:
    return response.response_rate(which, results.response_cases, results.wave.response.eligible_share)


def _percent(found: response.Rate, which: str) -> Number:
    return Number(
        f"{half_up_percent(found.rate)}%",
        f"response rate, {which.upper()}",
        anchor("response"),
        exact=float(found.rate),
        numerator=found.numerator,
        rule=f"{which.upper()} = {response.FORMULAS[which]}",
    )


def _x_of_n(found: response.Rate, which: str) -> Number:
    text = f"{found.numerator:,} of {exactly(float(found.base))}"
    return Number(text, f"cases of the response rate, {which.upper()}", anchor("response"), exact=float(found.rate))


def _cases(count: int, label: str) -> Number:
    return Number(f"{count:,}", f"cases: {label}", anchor("response"), exact=float(count))


def _above(which: str) -> str:
    return ABOVE["rr2" if which in response.WITH_PARTIAL else "rr1"]


def _below(results: Results, which: str) -> str:
    if not results.response_cases.unknown:
        return BELOW["known"]
    if which in response.WITH_ALL_UNKNOWN:
        return BELOW["rr1"]
    return BELOW["rr3" if which in response.WITH_SHARE_OF_UNKNOWN else "rr5"]


def _from(results: Results, name: str) -> str:
    given = results.wave.response
    if name == "complete" and given.complete is None:
        return "rows kept and finished"
    if name == "partial" and given.partial is None:
        return "rows kept, marked as unfinished"
    return "stated by those who did the survey" if name in given.model_fields_set else "not stated: none"
