"""The response rate in words, with what became of everybody in the sample."""

from __future__ import annotations

from impact_report import response
from impact_report.blocks import Block, Inlines, cell, column, quoted, table, words
from impact_report.language import say, spread, translated
from impact_report.numbers import Number, anchor, exactly, percent_of, whole
from impact_report.results import Results

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
            "No response rate is given: this wave does not state how many were asked, nor what became of those who did "
            "not answer. Where anybody may take part, there is no such rate."
        )
    found = _rate(results, given.rate)
    fields = {
        "rate": _percent(found, given.rate),
        "count": _x_of_n(found, given.rate),
        "definition": given.rate.upper(),
        "below": _below(results, given.rate),
    }
    if given.rate in response.WITH_PARTIAL:
        return words(
            "The response rate of the wave is {rate}: {count} (definition {definition} of the American Association for "
            "Public Opinion Research, AAPOR: full and partial answers out of {below}).",
            **fields,
        )
    return words(
        "The response rate of the wave is {rate}: {count} (definition {definition} of the American Association for "
        "Public Opinion Research, AAPOR: full answers out of {below}).",
        **fields,
    )


def response_evidence(results: Results) -> list[Block]:
    """Return what became of everybody in the sample, and the six rates that follow; nothing where it is not known."""
    given = results.wave.response
    if given is None:
        return []
    facts = [
        [say("Printed"), words("{rate}", rate=_percent(_rate(results, given.rate), given.rate))],
        [say("Definition"), quoted(f"{given.rate.upper()} = {response.FORMULAS[given.rate]}")],
        [say("In words"), _in_words(results, given.rate)],
        [say("Source"), quoted(response.SOURCE)],
    ]
    if given.eligible_share is not None:
        what = say("{e}, the eligible share of unknown cases", e="e")
        share = Number(exactly(given.eligible_share), what, anchor("response"))
        source = given.eligible_share_source
        facts.append([say("Eligible share {e}", e="e"), words("{e} – {source}", e=share, source=source)])
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
        for name, label in spread(response.LABELS).items()
    ]
    columns = [column("What became of them", 3), column("Symbol", 1), column("Cases", 1, "right"), column("From", 2)]
    found = dict(table(f"{anchor('response')}-table", words("Everybody in the sample"), columns, rows))
    title = quoted(say("Response rate"))
    return [Block(block="evidence", id=anchor("response"), title=title, facts=facts, table=found)]


def _rate(results: Results, which: str) -> response.Rate:
    return response.response_rate(which, results.response_cases, results.wave.response.eligible_share)


def _percent(found: response.Rate, which: str) -> Number:
    return Number(
        percent_of(found.rate),
        say("response rate, {which}", which=which.upper()),
        anchor("response"),
        exact=float(found.rate),
        numerator=found.numerator,
        rule=f"{which.upper()} = {response.FORMULAS[which]}",
    )


def _x_of_n(found: response.Rate, which: str) -> Number:
    text = say("{x} of {n}", x=whole(found.numerator), n=exactly(float(found.base)))
    what = say("cases of the response rate, {which}", which=which.upper())
    return Number(text, what, anchor("response"))


def _cases(count: int, label: str) -> Number:
    return Number(whole(count), say("cases: {label}", label=label), anchor("response"), exact=float(count))


def _in_words(results: Results, which: str) -> Inlines:
    below = _below(results, which)
    if which in response.WITH_PARTIAL:
        return words("Full and partial answers out of {below}", below=below)
    return words("Full answers out of {below}", below=below)


def _below(results: Results, which: str) -> str:
    if not results.response_cases.unknown:
        return translated(BELOW["known"])
    if which in response.WITH_ALL_UNKNOWN:
        return translated(BELOW["rr1"])
    return translated(BELOW["rr3" if which in response.WITH_SHARE_OF_UNKNOWN else "rr5"])


def _from(results: Results, name: str) -> str:
    given = results.wave.response
    if name == "complete" and given.complete is None:
        return say("rows kept and finished")
    if name == "partial" and given.partial is None:
        return say("rows kept, marked as unfinished")
    return say("stated by those who did the survey") if name in given.model_fields_set else say("not stated: none")
