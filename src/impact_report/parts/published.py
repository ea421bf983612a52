"""Published figures beside computed ones, and what GRIM says of them."""

from __future__ import annotations

import pandas as pd

from impact_report import plausibility
from impact_report.blocks import Block, cell, column, paragraph, quoted, sentence, table, words
from impact_report.numbers import HIDDEN, Number, Numbers, anchor
from impact_report.results import Results

GRIM_LARGEST = 100


def comparison(results: Results) -> list[Block]:
    """Return published figures beside computed ones, the outcome in a sentence, and what GRIM says of them."""
    published = results.published
    percents = published[published["percent"] != ""]
    if percents.empty:
        return [sentence("No published figures are known for this survey.")]
    if results.edition.group or not results.wave.published:
        why = "covers one group only" if results.edition.group else "is not the one the published figures describe"
        return [
            paragraph(
                words("Published figures exist, but this edition {why}: they cannot be compared with it.", why=why)
            )
        ]
    numbers = Numbers(results)
    compared = _compared(results, percents)
    mine = compared["set"] == results.wave.published
    agree = int((compared.loc[mine, "outcome"] == plausibility.AGREES).sum())
    evidence = anchor("comparison")
    blocks = [
        sentence(
            "The computed shares, rounded to whole percent, agree with {agree} of the {all} published percentages that "
            "this wave is compared with.",
            all=numbers.counted(int(mine.sum()), "published percentages compared", evidence),
            agree=numbers.counted(
                agree, "published percentages that agree", evidence, numerator=agree, base=int(mine.sum())
            ),
        )
    ]
    if results.wave.invented:
        blocks.append(
            sentence(
                "The answers are invented: their agreement says nothing about the survey behind the published figures."
            )
        )
    rows = [_comparison_row(numbers, one) for one in compared.itertuples()] + _fact_rows(results, numbers)
    blocks.append(
        table(
            "table-comparison",
            words("Published and computed figures"),
            [
                column("Statement", 4),
                column("Published", 1, "right"),
                column("Computed", 1, "right"),
                column("Outcome", 1.6),
            ],
            rows,
            [words("Sources: {sources}.", sources="; ".join(dict.fromkeys(compared["source"])))],
            long=True,
        )
    )
    return blocks


def _compared(results: Results, percents: pd.DataFrame) -> pd.DataFrame:
    """Return the comparison of every published percentage; those of other sets have nothing to be compared with."""
    inside = percents.assign(percent=percents["percent"].astype(float))
    inside.loc[inside["set"] != results.wave.published, "indicator"] = ""
    order = inside["set"].eq(results.wave.published)
    inside = pd.concat([inside[order], inside[~order]])
    compared = plausibility.compare(inside, results.of_everyone)
    return compared.assign(**{name: inside[name].to_numpy() for name in ("set", "section", "source")})


def _published_number(one: object) -> Number:
    return Number(
        f"{one.published:g}%",
        f"published: {one.statement}",
        anchor("comparison"),
        exact=one.published / 100,
    )


def _comparison_row(numbers: Numbers, one: object) -> dict:
    if one.outcome == plausibility.NOT_COMPARED:
        computed, outcome = cell(HIDDEN), quoted(f"{one.outcome}: {one.reason}")
    else:
        computed = cell(numbers.share(one.indicator))
        outcome = quoted(one.outcome + (f": {one.reason}" if one.reason else ""))
    return [cell(one.statement), cell(_published_number(one)), computed, cell(outcome)]


def _fact_rows(results: Results, numbers: Numbers) -> list[list[dict]]:
    """Return the published headline facts beside the computed ones."""
    published = results.published.rename(columns={"count": "count_"})
    chosen = published[(published["set"] == results.wave.published) & (published["count_"] != "")]
    known = {fact["id"]: fact for fact in results.facts}
    rows = []
    for one in chosen.itertuples():
        evidence = anchor("comparison")
        fact = known.get(one.indicator)
        printed = Number(f"{int(one.count_):,}", f"published: {one.statement}", evidence, exact=float(one.count_))
        if fact is None:
            computed, outcome = cell(HIDDEN), quoted(f"{plausibility.NOT_COMPARED}: this survey has no such figure")
        else:
            computed = cell(numbers.fact(fact))
            outcome = quoted(plausibility.AGREES if fact["shown"] == int(one.count_) else plausibility.DIFFERS)
        rows.append([cell(one.statement), cell(printed), computed, cell(outcome)])
    return rows


def plausible(results: Results) -> list[Block]:
    """Return what GRIM says: with which bases the published percentages are possible at all."""
    published = results.published
    if not results.wave.published or results.edition.group:
        return []
    chosen = published[(published["set"] == results.wave.published) & (published["percent"] != "")]
    by_section = {
        title: chosen.loc[chosen["section"] == title, "percent"].astype(float).tolist()
        for title in dict.fromkeys(chosen["section"])
    }
    bases = plausibility.attainable(by_section, largest=GRIM_LARGEST)
    numbers = Numbers(results)
    evidence = anchor("grim")
    largest = numbers.counted(GRIM_LARGEST, "largest base tried", evidence)
    rows = []
    for name, possible in bases.items():
        label = "All together" if name == "all" else _section_title(results, name)
        smallest = (
            numbers.counted(possible[0], f"smallest possible base: {label}", evidence) if len(possible) else HIDDEN
        )
        every = Number(plausibility.in_ranges(possible) or HIDDEN, f"possible bases: {label}", evidence)
        rows.append([cell(label), cell(smallest), cell(every)])
    first = bases["all"][0] if len(bases["all"]) else None
    blocks = [
        sentence(
            "A percentage in whole percent is possible only with some bases: a third of ten people is not a "
            "whole number of people. This check is called GRIM. For each section, and for all of them together, it "
            "tries every base up to {largest}.",
            largest=largest,
        )
    ]
    if first:
        blocks.append(
            sentence(
                "If all the statements share one base, it is {first}, another of those in the last row, or one larger "
                "than any that was tried; where a section allows smaller bases, its statements may have had bases of "
                "their own. "
                "GRIM shows that figures are arithmetically possible, never that they are true.",
                first=numbers.counted(first, "smallest base on which all published percentages are possible", evidence),
            )
        )
    blocks.append(
        table(
            "table-grim",
            words("Bases with which the published percentages are possible, up to {n}, rounding half up", n=largest),
            [column("Published section", 2), column("Smallest", 1, "right"), column("All", 5)],
            rows,
        )
    )
    return blocks


def _section_title(results: Results, name: str) -> str:
    return next((section.title for section in results.codebook.sections if section.id == name), name)
