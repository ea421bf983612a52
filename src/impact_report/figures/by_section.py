"""The statements of a section: a bar each, largest share first, beside what was published."""

from __future__ import annotations

from dataclasses import replace

from impact_report import charts
from impact_report.blocks import Inlines, quoted, words
from impact_report.codebook import Indicator, Section
from impact_report.figures import keeping
from impact_report.figures.naming import LONGEST_ALONE, LONGEST_NAMED, short_name
from impact_report.language import say
from impact_report.numbers import Numbers, percent_of
from impact_report.parts.labels import by_value
from impact_report.results import Results


def draw_sections(results: Results) -> list[str]:
    """Draw and keep one figure a section: its indicators, largest share first; return the figures' names."""
    return [_section(results, section) for section in results.codebook.sections]


def _section(results: Results, section: Section) -> str:
    numbers = Numbers(results)
    indicators = by_value(results, section)
    published = _published(results)
    rows = [charts.Row(one.statement, (_mark(numbers, one, published),)) for one in indicators]
    shown = [one for one in indicators if not numbers.hidden(one.id)]
    printed = [number for one in shown for number in keeping.share_and_count(numbers, one)]
    drawn = keeping.drawings(lambda width: charts.bars(rows, width, keeping.remark(results)))
    places = [one.id for one in shown]
    said = {
        "title": _finding(numbers, section, shown),
        "subtitle": _subtitle(results, section, printed, bool(published.keys() & set(places))),
        "alt": _alt(results, numbers, shown, published),
    }
    if published.keys() & set(places):
        said["source"] = keeping.source(results) + words(". Published: {where}", where=_where(results))
    keeping.keep(
        results, section.id, drawn, printed, lambda spot: 2 * places.index(indicators[spot.row].id), said,
        f"table-{section.id}",
    )  # fmt: skip
    return section.id


def _published(results: Results) -> dict[str, float]:
    """Return the shares, 0–1, that were published of this wave, by indicator."""
    if results.edition.group or not results.wave.published:
        return {}
    table = results.published
    chosen = table[(table["set"] == results.wave.published) & (table["percent"] != "") & (table["indicator"] != "")]
    return {name: float(percent) / 100 for name, percent in zip(chosen["indicator"], chosen["percent"], strict=True)}


def _where(results: Results) -> str:
    table = results.published
    chosen = table[(table["set"] == results.wave.published) & (table["percent"] != "")]
    return "; ".join(dict.fromkeys(chosen["source"]))


def _mark(numbers: Numbers, indicator: Indicator, published: dict[str, float]) -> charts.Mark | None:
    found = keeping.mark(numbers, indicator)
    return replace(found, published=published[indicator.id]) if found and indicator.id in published else found


def _subtitle(results: Results, section: Section, printed: list, published: bool) -> Inlines:
    if not printed:
        return keeping.shares_subtitle(results, True, words("none can be shown"))
    subtitle = keeping.shares_subtitle(results, True, keeping.base_of(printed, section.title))
    return subtitle + (words("; an open mark is the published share") if published else [])


def _alt(results: Results, numbers: Numbers, shown: list[Indicator], published: dict[str, float]) -> str:
    said = []
    for one in shown:
        share, count = keeping.share_and_count(numbers, one)
        fields = {"statement": one.statement, "share": share.text, "count": count.text}
        if one.id in published:
            known = percent_of(published[one.id])
            said.append(say("{statement}: {share}, {count}, published {published}", published=known, **fields))
        else:
            said.append(say("{statement}: {share}, {count}", **fields))
    kind, word = keeping.kind_of_shares(results), results.codebook.survey.respondents
    return say("Bar chart of {kind} of {word}, largest first. {shares}.", kind=kind, word=word, shares="; ".join(said))


def _finding(numbers: Numbers, section: Section, shown: list[Indicator]) -> Inlines:
    """Return what stands out: the statements with the largest and the smallest share, or how many share the largest.

    Where a share is hidden, this is said of the others: the hidden one may be larger or smaller.
    """
    if not shown:
        return quoted(section.title)
    high, low = numbers.share(shown[0].id), numbers.share(shown[-1].id)
    if len(shown) == 1:
        return words("{title}: {share}", title=section.title, share=high)
    texts = [numbers.share(one.id).text for one in shown]
    first, last = (short_name(one) for one in (shown[0], shown[-1]))
    alone = texts.count(texts[0]) == texts.count(texts[-1]) == 1
    fields = {
        "title": section.title,
        "high": high,
        "low": low,
        "many": numbers.counted(texts.count(texts[0]), say("statements with the largest share"), high.evidence),
        "every": numbers.counted(len(texts), say("statements of the section"), high.evidence),
        "first": first,
        "last": last,
    }
    of_these = _of_all if len(shown) == len(section.indicators) else _of_those_shown
    named = alone and max(len(first), len(last)) <= LONGEST_NAMED
    return of_these(named, texts.count(texts[0]) == 1 and len(first) <= LONGEST_ALONE, texts, fields)


def _of_all(named: bool, first_named: bool, texts: list[str], fields: dict) -> Inlines:
    if texts[0] == texts[-1]:
        return words("{title}: {high} for every statement", **fields)
    if named:
        return words("{title}: most often “{first}” ({high}), least often “{last}” ({low})", **fields)
    if first_named:
        return words("{title}: most often “{first}” ({high}); the lowest share is {low}", **fields)
    if texts.count(texts[0]) > 1:
        return words("{title}: {many} of the {every} statements reach {high}, none is below {low}", **fields)
    return words("{title}: the shares run from {low} to {high}", **fields)


def _of_those_shown(named: bool, first_named: bool, texts: list[str], fields: dict) -> Inlines:
    if texts[0] == texts[-1]:
        return words("{title}: {high} for every statement that can be shown", **fields)
    if named:
        return words(
            "{title}: of what can be shown, most often “{first}” ({high}), least often “{last}” ({low})", **fields
        )
    if first_named:
        return words("{title}: of what can be shown, most often “{first}” ({high}); the lowest is {low}", **fields)
    if texts.count(texts[0]) > 1:
        return words("{title}: {many} of the {every} statements that can be shown reach {high}", **fields)
    return words("{title}: the shares that can be shown run from {low} to {high}", **fields)
