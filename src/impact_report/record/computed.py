"""How shares were computed: selection, intervals, weights, design, suppression, comparison, response."""

from __future__ import annotations

from typing import TYPE_CHECKING

from impact_report.language import say, translated
from impact_report.numbers import exactly, percent_of, whole
from impact_report.precision import METHODS
from impact_report.record.entry import Row, row
from impact_report.results import Results

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from impact_report.codebook.model import Code


def settings(results: Results) -> list[Row]:
    """Return what was chosen: selection, intervals, suppression, weights, design and response."""
    wave = results.wave
    selection = {
        "self-selected": say("respondents decided themselves whether to answer"),
        "everyone": say("the whole population was asked"),
        "random": say("a random sample was drawn"),
    }
    size = [whole(wave.population.size)] if wave.population.size else []
    least = [whole(wave.smallest_count)] if wave.smallest_count else []
    rows = [
        row("selection", say("How respondents were selected"), selection[wave.method.selection]),
        row("population_size", say("Size of the population"), "{}" if size else say("not known"), *size),
        row("interval", say("Interval of shares"), translated(METHODS[wave.interval_method].name)),
        row("confidence", say("Confidence level"), "{}", percent_of(wave.interval.confidence)),
        row("minimum_base", say("Smallest base a group is shown with"), "{}", whole(wave.minimum_base)),
        row("smallest_count", say("Smallest count shown in a group"), "{}" if least else say("any"), *least),
        row("not_stated", say("Those who did not state their group"), _not_stated(results)),
        *_weights(results),
        *_design(results),
        *_response(results),
    ]
    if wave.published:
        chosen = results.published[results.published["set"] == wave.published]
        sources = "; ".join(dict.fromkeys(chosen["source"]))
        rows.append(row("published", say("Published figures it is compared with"), sources))
    return rows


def _not_stated(results: Results) -> str:
    if results.wave.not_stated == "protect":
        return say("protected: where they are few, a group is hidden with them")
    return say("not protected: what they answered may follow from everyone less all groups")


def _weights(results: Results) -> list[Row]:
    wave, items = results.wave, results.codebook.items
    given = items[wave.weights].wording if wave.weights else say("none: every answer counts the same")
    if wave.rake and not wave.weights:
        given = say("none to begin with")
    rows = [row("weights", say("Weights in the data"), given)]
    for name, totals in wave.rake.items():
        said = _numbered(items[name].codes, totals)
        what = say("Weighted to the totals of “{question}”", question=items[name].wording)
        rows.append(row(f"rake/{name}", what, said, *map(exactly, totals.values())))
    return rows


def _numbered(codes: Mapping[str, Code], numbered: Iterable[str]) -> str:
    """Return the labels of codes, each with {} for its number."""
    labels = [codes[code].label if code in codes else code for code in numbered]
    return ", ".join(f"{label.replace('{', '{{').replace('}', '}}')} {{}}" for label in labels)


def _design(results: Results) -> list[Row]:
    design, items = results.wave.design, results.codebook.items
    if not design:
        return []
    rows = []
    if design.strata:
        rows.append(row("strata", say("Drawn separately in each stratum of"), items[design.strata].wording))
    if design.clusters:
        rows.append(row("clusters", say("Drawn together by"), items[design.clusters].wording))
    if isinstance(design.units, int):
        rows.append(row("units", say("Primary units in the population"), "{}", whole(design.units)))
    elif design.units:
        said = _numbered(items[design.strata].codes, design.units)
        rows.append(row("units", say("Primary units in the population"), said, *map(whole, design.units.values())))
    return rows


def comparison(results: Results) -> list[Row]:
    """Return with which wave and how an edition is compared; one of a group is not."""
    compare = results.wave.compare
    if not results.compared:
        return []
    match = results.codebook.items[compare.match].wording if compare.match else say("nothing: all count as different")
    return [
        row("compare/wave", say("Compared with the wave"), results.earlier.wave.title),
        row("compare/match", say("Respondents matched by"), match),
        row("compare/adjust", say("Many comparisons are adjusted for by"), _adjusting(compare.adjust)),
    ]


def _adjusting(name: str) -> str:
    return {"holm": say("Holm’s method"), "benjamini-hochberg": say("Benjamini and Hochberg’s method")}[name]


def _response(results: Results) -> list[Row]:
    given = results.wave.response
    if not given:
        return []
    cases = results.wave.response.model_dump(
        exclude={"rate", "eligible_share", "eligible_share_source"}, exclude_unset=True
    )
    labels = {
        "complete": say("full answers"),
        "partial": say("partial answers"),
        "refusal": say("refusals"),
        "non_contact": say("not reached"),
        "other": say("other reasons"),
        "unknown_eligibility": say("not known whether anybody is there"),
        "unknown_other": say("not known whether eligible"),
        "not_eligible": say("not eligible"),
    }
    rows = [row("response/rate", say("Response rate"), f"AAPOR {given.rate.upper()}")]
    rows += [
        row(f"response/{name}", say("Cases stated: {what}", what=labels[name]), "{}", whole(count))
        for name, count in cases.items()
    ]
    if given.eligible_share is not None:
        what = say("Eligible share of the unknown cases")
        rows.append(row("response/eligible_share", what, "{}", exactly(given.eligible_share)))
    return rows
