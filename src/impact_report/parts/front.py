"""The first pages: the cover, and the findings on one page."""

from __future__ import annotations

from dataclasses import replace

from impact_report.blocks import Block, Inlines, callout, joined, quoted, words
from impact_report.brand import on_the_cover
from impact_report.codebook import Indicator, Section
from impact_report.language import known_date, long_date, say
from impact_report.numbers import HIDDEN, Numbers, anchor
from impact_report.parts.labels import by_value, dates, edition_name
from impact_report.results import Results


def cover(results: Results) -> Block:
    """Return the title, the edition, the dates, and the notice where respondents are invented."""
    survey, wave, numbers = results.codebook.survey, results.wave, Numbers(results)
    facts = [
        [say("Dates in the invented file") if wave.invented else say("Answers collected"), quoted(dates(results))],
        [say("Respondents"), words("{n}", n=numbers.respondents)],
        [say("Reference date"), quoted(known_date(wave.reference_date.date))],
    ]
    carried = on_the_cover(results.brand, results.edition.study)
    if results.brand.name and wave.issued:
        who = words("{publisher}, {day}", publisher=results.brand.name, day=long_date(wave.issued))
        facts.append([say("Published by"), who])
    elif results.brand.name:
        facts.append([say("Published by"), quoted(results.brand.name)])
    elif wave.issued:
        facts.append([say("Published"), quoted(long_date(wave.issued))])
    edition = edition_name(results)
    return Block(
        block="cover",
        title=survey.title,
        subtitle=survey.subject,
        edition=edition,
        facts=facts,
        notice=quoted(wave.invented_notice) if wave.invented else None,
        notice_title=say("Invented respondents") if wave.invented else "",
        language=results.edition.told_in,
        date=wave.dated.isoformat(),
        description=f"{survey.subject} {edition}.",
        running=say("{title} – invented respondents", title=survey.title) if wave.invented else survey.title,
        **carried,
    )


def findings(results: Results) -> Block:
    """Return the one-page summary: the headline facts, and every indicator in its section."""
    numbers = Numbers(results)
    facts = []
    for fact in results.facts:
        value, detail = _fact_words(numbers, fact), _where_from(results, numbers, fact)
        facts.append({"value": value, "label": quoted(fact["label"]), "detail": detail})
    sections = [
        {
            "title": section.title,
            "lead": _of_whom(results, section),
            "items": [_finding(numbers, indicator) for indicator in by_value(results, section)],
        }
        for section in results.codebook.sections
    ]
    note = _most(results, numbers)
    if results.wave.withholds_counts:
        note += words(" The base stands beside each share. Follow any number to its evidence.")
    else:
        note += words(" The count and the base stand beside each share. Follow any number to its evidence.")
    if results.wave.invented:
        note = words("**Invented respondents.** ") + note
    return Block(block="findings", id="findings", title=say("Findings"), facts=facts, sections=sections, note=note)


def _of_whom(results: Results, section: Section) -> Inlines:
    """Say what the shares of a section are of, where its statements end a sentence: respondents who report that …"""
    begun, found, rest = section.reads.partition("{statement}")
    if not found or rest.strip(" ."):
        return []
    return words(
        "Share of {respondents} who {reads} …", respondents=results.codebook.survey.respondents, reads=begun.strip()
    )


def _where_from(results: Results, numbers: Numbers, fact: dict) -> Inlines:
    """Say what a headline fact was computed from."""
    if fact["items"]:
        what = say("answers in it: {fact}", fact=fact["label"])
        base = numbers.counted(fact["base"], what, anchor("fact", fact["id"]))
        return (
            words("from {n} invented answers", n=base) if results.wave.invented else words("from {n} answers", n=base)
        )
    if fact["measure"] == "response_rate":
        return words("by a standard definition")
    if fact["measure"] == "roster":
        return joined([quoted(name) for name in fact["names"]]) or words("from the roster")
    return words(
        "from {since} to {until}", since=known_date(fact["since"]), until=known_date(results.wave.reference_date.date)
    )


def _most(results: Results, numbers: Numbers) -> Inlines:
    """Say how many of the statements at least half report."""
    shown = [one.id for one in results.codebook.indicators if not numbers.hidden(one.id)]
    half = [name for name in shown if results.row(name)["proportion"] >= 0.5]
    evidence = anchor("half")
    return words(
        "For {some} of the {all} statements, the share is one half or more.",
        some=numbers.counted(len(half), say("statements reported by at least half"), evidence),
        all=numbers.counted(len(shown), say("statements shown"), evidence),
    )


def _fact_words(numbers: Numbers, fact: dict) -> Inlines:
    """Return a headline fact with its own words set apart from the number: *more than* 750."""
    before, after = fact["phrase"].split("{value}")
    value = numbers.fact(fact)
    number = replace(value, text=value.text.removeprefix(before).removesuffix(after))
    nodes = [number.node()]
    space = {"t": "text", "text": " "}
    if before.strip():
        nodes = [{"t": "emph", "c": quoted(before.strip())}, space, *nodes]
    if after.strip():
        nodes = [*nodes, space, {"t": "emph", "c": quoted(after.strip())}]
    return nodes


def _finding(numbers: Numbers, indicator: Indicator) -> dict:
    if numbers.hidden(indicator.id):
        value, detail = quoted(HIDDEN), words("not shown: too few answers, or a count too small")
    else:
        value, n = words("{n}", n=numbers.share(indicator.id)), numbers.x_of_n(indicator.id)
        detail = words("weighted; unweighted {n}", n=n) if numbers.results.wave.weighted else words("{n}", n=n)
    return {"value": value, "statement": quoted(indicator.statement), "detail": detail}


def invented_notice(results: Results) -> list[Block]:
    """Return the notice that respondents are invented, if they are."""
    if not results.wave.invented:
        return []
    return [callout("Invented respondents", quoted(results.wave.invented_notice), kind="notice")]
