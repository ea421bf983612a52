"""The first pages: the cover, and the findings on one page."""

from __future__ import annotations

import math
from dataclasses import replace

from impact_report.blocks import Block, Inlines, callout, joined, quoted, words
from impact_report.brand import on_the_cover
from impact_report.codebook import Indicator, Section
from impact_report.language import known_date, long_date, say
from impact_report.numbers import HIDDEN, Number, Numbers, anchor
from impact_report.parts.abbreviations import explained, of_the_survey
from impact_report.parts.labels import by_value, dates, edition_name
from impact_report.results import Results

HALF = 0.5
ABOVE, AROUND, BELOW, UNSURE = "above", "around", "below", "unsure"  # where an interval lies beside one half


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
    unexplained = of_the_survey(results)
    sections = [
        {
            "title": section.title,
            "lead": _of_whom(results, section),
            "items": [_finding(numbers, indicator, unexplained) for indicator in by_value(results, section)],
        }
        for section in results.codebook.sections
    ]
    if results.wave.withholds_counts:
        note = words("The base stands beside each share. Follow any number to its evidence.")
    else:
        note = words("The count and the base stand beside each share. Follow any number to its evidence.")
    if results.wave.invented:
        note = words("**Invented respondents.** ") + note
    return Block(
        block="findings",
        id="findings",
        title=say("Findings"),
        summary=_summary(results, numbers),
        facts=facts,
        sections=sections,
        note=note,
    )


def beside_one_half(results: Results) -> dict[str, list[Indicator]]:
    """Return the statements shown, by where their intervals lie: above one half, around it, below it, or nowhere."""
    numbers = Numbers(results)
    found: dict[str, list[Indicator]] = {ABOVE: [], AROUND: [], BELOW: [], UNSURE: []}
    for indicator in results.codebook.indicators:
        if not numbers.hidden(indicator.id):
            row = results.row(indicator.id)
            low, high = (results.coarse(float(row[end]), end) for end in ("low", "high"))  # as they are published
            place = UNSURE if math.isnan(low) else ABOVE if low > HALF else BELOW if high < HALF else AROUND
            found[place].append(indicator)
    return found


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


def _summary(results: Results, numbers: Numbers) -> Inlines:
    """Say for how many statements the share is surely above one half, surely below it, or could be either."""
    found = beside_one_half(results)
    shown = sum(map(len, found.values()))
    if not shown:
        return words("No share can be shown.")
    rule = say("an interval that lies wholly on one side of one half is clear")

    def counted(place: str, what: str) -> Number:
        count = len(found[place])
        number = numbers.counted(count, what, anchor("half"), numerator=count, base=shown, rule=rule)
        return number if count else replace(number, text=say("none"))

    what = say("statements shown")
    fields = {"all": numbers.counted(shown, what, anchor("half"), rule=say("statements whose share is not hidden"))}
    if len(found[UNSURE]) == shown:
        return words("No interval could be computed for any of the {all} statements.", **fields)
    said = words(
        "The share is clearly above one half for {above} of the {all} statements, clearly below for {below}, and too "
        "close to tell for {around}.",
        above=counted(ABOVE, say("statements whose whole interval is above one half")),
        below=counted(BELOW, say("statements whose whole interval is below one half")),
        around=counted(AROUND, say("statements whose interval includes one half")),
        **fields,
    )
    if not found[UNSURE]:
        return said
    unsure = counted(UNSURE, say("statements without an interval"))
    return said + words(" No interval could be computed for {unsure}.", unsure=unsure)


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


def _finding(numbers: Numbers, indicator: Indicator, unexplained: dict[str, str]) -> dict:
    """Return share, statement and count; an abbreviation met for the first time is explained, and struck off."""
    if numbers.hidden(indicator.id):
        value, detail = quoted(HIDDEN), words("not shown: too few answers, or a count too small")
    else:
        value, n = words("{n}", n=numbers.share(indicator.id)), numbers.x_of_n(indicator.id)
        detail = words("weighted; unweighted {n}", n=n) if numbers.results.wave.weighted else words("{n}", n=n)
    return {"value": value, "statement": explained(indicator.statement, unexplained), "detail": detail}


def invented_notice(results: Results) -> list[Block]:
    """Return the notice that respondents are invented, if they are."""
    if not results.wave.invented:
        return []
    return [callout("Invented respondents", quoted(results.wave.invented_notice), kind="notice")]
