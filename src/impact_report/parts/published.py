"""Published figures beside computed ones, and what GRIM says of them."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd

from impact_report import language, plausibility
from impact_report.blocks import Block, Inlines, cell, column, prose, quoted, sentence, table, words
from impact_report.language import say, translated
from impact_report.numbers import HIDDEN, Number, Numbers, anchor
from impact_report.parts.labels import made_by
from impact_report.results import Results
from impact_report.rounding import half_up

GRIM_LARGEST = 100
POINT_DECIMALS = 1  # of the distance between a published share and a computed one


def comparison(results: Results) -> list[Block]:
    """Return published figures beside computed ones, with the outcome of each in words."""
    published = results.published
    percents = published[published["percent"] != ""]
    if percents.empty:
        return [sentence("No published figures are known for this survey.")]
    if results.edition.group:
        return [
            sentence(
                "Published figures exist, but this edition covers one group only: they cannot be compared with it."
            )
        ]
    if not results.wave.published:
        return [
            sentence(
                "Published figures exist, but this edition is not the one the published figures describe: they cannot "
                "be compared with it."
            )
        ]
    numbers = Numbers(results)
    compared = _compared(results, percents)
    mine = compared["set"] == results.wave.published
    agree = int(compared.loc[mine, "outcome"].isin([plausibility.AGREES, plausibility.BY_CONSTRUCTION]).sum())
    blocks = [_agreement(numbers, agree, int(mine.sum()), whole=bool((compared["decimals"] == 0).all()))]
    if results.wave.invented:
        blocks.append(
            sentence(
                "The answers are invented: their agreement says nothing about the survey behind the published figures."
            )
        )
    rows = [_comparison_row(numbers, one) for one in compared.itertuples()]
    facts = _fact_rows(results, numbers)
    met = [outcome for outcome in plausibility.OUTCOMES if outcome in {*compared["outcome"], *(f for f, _ in facts)}]
    notes = [
        words("*{outcome}*: {meaning}.", outcome=translated(one), meaning=translated(plausibility.OUTCOMES[one]))
        for one in met
    ]
    notes.append(words("Sources: {sources}.", sources="; ".join(dict.fromkeys(compared["source"]))))
    blocks.append(
        table(
            "table-comparison",
            words("Published and computed figures"),
            [
                column("Statement", 3.4),
                column("Published", 1.1, "right"),
                column("Computed", 1.1, "right"),
                column("Outcome", 2),
            ],
            rows + [row for _, row in facts],
            notes,
            long=True,
            made_by=made_by("published.csv, estimates.csv"),
        )
    )
    return blocks


def _agreement(numbers: Numbers, agree: int, compared: int, whole: bool) -> Block:
    """Say how many of the published percentages the computed shares agree with, rounded as these are."""
    evidence = anchor("comparison")
    fields = {
        "all": numbers.counted(compared, say("published percentages compared"), evidence),
        "agree": numbers.counted(
            agree, say("published percentages that agree"), evidence, numerator=agree, base=compared
        ),
    }
    if whole:
        return sentence(
            "The computed shares, rounded to whole percent, agree with {agree} of the {all} published percentages that "
            "this wave is compared with.",
            **fields,
        )
    return sentence(
        "The computed shares, rounded to as many decimals as were published, agree with {agree} of the {all} published "
        "percentages that this wave is compared with.",
        **fields,
    )


def _compared(results: Results, percents: pd.DataFrame) -> pd.DataFrame:
    """Return the comparison of every published percentage; those of other sets have nothing to be compared with."""
    inside = percents.copy()
    inside.loc[inside["set"] != results.wave.published, "indicator"] = ""
    order = inside["set"].eq(results.wave.published)
    inside = pd.concat([inside[order], inside[~order]])
    compared = plausibility.compare(inside, results.of_everyone)
    compared = compared.assign(**{name: inside[name].to_numpy() for name in ("set", "section", "source")})
    why = inside["by_construction"].to_numpy()
    fitted = (compared["outcome"] == plausibility.AGREES) & (why != "")
    return compared.assign(
        outcome=compared["outcome"].mask(fitted, plausibility.BY_CONSTRUCTION),
        reason=compared["reason"].mask(fitted, why),
    )


def _published_number(one: object) -> Number:
    return Number(
        language.percent(language.number(half_up(one.published, one.decimals), one.decimals)),
        say("published: {statement}", statement=one.statement),
        anchor("comparison"),
        exact=one.published / 100,
    )


def _comparison_row(numbers: Numbers, one: object) -> list[dict]:
    computed, outcome = cell(HIDDEN), quoted(translated(one.outcome))
    reason = quoted(one.reason)
    if one.outcome != plausibility.NOT_COMPARED:
        computed = cell(numbers.share(one.indicator, decimals=one.decimals))
    if one.outcome == plausibility.DIFFERS:
        reason = prose(_distance(numbers, one), reason, between="; ")
    return [
        cell(one.statement),
        cell(_published_number(one)),
        computed,
        cell(prose(outcome, reason, between=": ")),
    ]


def _distance(numbers: Numbers, one: object) -> Inlines:
    """Say by how many points a computed share is higher or lower than the published one."""
    points = Number(
        language.number(half_up(abs(one.difference), POINT_DECIMALS), POINT_DECIMALS),
        say("difference before rounding, in points: {statement}", statement=one.statement),
        anchor("comparison"),
        exact=numbers.results.coarse(one.difference / 100, "difference"),
    )
    if one.difference > 0:
        return words("{points} points higher, before rounding", points=points)
    return words("{points} points lower, before rounding", points=points)


def _fact_rows(results: Results, numbers: Numbers) -> list[tuple[str, list[dict]]]:
    """Return the published headline facts beside the computed ones, each with its outcome."""
    published = results.published.rename(columns={"count": "count_"})
    chosen = published[(published["set"] == results.wave.published) & (published["count_"] != "")]
    known = {fact["id"]: fact for fact in results.facts}
    rows = []
    for one in chosen.itertuples():
        evidence = anchor("comparison")
        fact = known.get(one.indicator)
        number = Decimal(one.count_)
        text = (one.phrase or "{value}").replace("{value}", language.number(number, _decimals(number)))
        what = say("published: {statement}", statement=one.statement)
        printed = Number(text, what, evidence, exact=float(number))
        reason, computed = [], cell(HIDDEN)
        if fact is None:
            outcome, reason = plausibility.NOT_COMPARED, quoted(say("this survey has no such figure"))
        else:
            outcome = plausibility.AGREES if _as_published(fact, number) == number else plausibility.DIFFERS
            computed = cell(numbers.fact(fact))
            if outcome == plausibility.AGREES and one.by_construction:
                outcome, reason = plausibility.BY_CONSTRUCTION, quoted(one.by_construction)
        said = prose(quoted(translated(outcome)), reason, between=": ")
        rows.append((outcome, [cell(one.statement), cell(printed), computed, cell(said)]))
    return rows


def _decimals(number: Decimal) -> int:
    return max(0, -number.as_tuple().exponent)


def _as_published(fact: dict, published: Decimal) -> Decimal:
    """Return a headline fact rounded as the published figure is; a floor stays what it is."""
    decimals = _decimals(published)
    rounded = fact["measure"] in ("total", "mean", "median", "ratio") and not fact.get("step")
    return half_up(fact["exact"] if rounded else fact["shown"], decimals)


def plausible(results: Results) -> list[Block]:
    """Return what GRIM says: with which bases published percentages are possible at all, and of this report's own."""
    blocks = [
        sentence(
            "Not every percentage is possible with every base: a third of ten people is not a whole number of people. "
            "The check called GRIM asks whether some whole number of people, out of the base, gives the percentage. It "
            "shows that a figure can be right, never that it is."
        )
    ]
    if results.wave.published and not results.edition.group:
        blocks += _possible_bases(results)
    return [*blocks, own_shares(results)]


def own_shares(results: Results) -> Block:
    """Return the sentence that says how many of the report's own shares were checked."""
    if results.wave.weighted:
        return sentence(
            "The shares of this report are weighted, so the check does not apply to them: they are not a whole number "
            "out of a whole number."
        )
    checked = plausibility.check_own(results.estimates)
    return sentence(
        "This report’s own shares pass the same check: all {n} that are shown, for everyone and for groups, are "
        "possible with the base beside them, and each is what its count gives.",
        n=Numbers(results).counted(checked, say("shares of this report checked by GRIM"), anchor("grim_own")),
    )


def _possible_bases(results: Results) -> list[Block]:
    """Return the possible bases of each published section and of all of them together."""
    published = results.published
    chosen = published[(published["set"] == results.wave.published) & (published["percent"] != "")]
    by_section = {
        title: chosen.loc[chosen["section"] == title, "percent"].tolist() for title in dict.fromkeys(chosen["section"])
    }
    bases = plausibility.attainable(by_section, largest=GRIM_LARGEST)
    numbers = Numbers(results)
    evidence = anchor("grim")
    largest = numbers.counted(GRIM_LARGEST, say("largest base tried"), evidence)
    rows = []
    for name, possible in bases.items():
        label = say("All together") if name == plausibility.ALL_SECTIONS else _section_title(results, name)
        what = say("smallest possible base: {label}", label=label)
        smallest = numbers.counted(possible[0], what, evidence) if len(possible) else HIDDEN
        what = say("possible bases: {label}", label=label)
        every = Number(plausibility.in_ranges(possible) or HIDDEN, what, evidence)
        rows.append([cell(label), cell(smallest), cell(every)])
    together = bases[plausibility.ALL_SECTIONS]
    blocks = [
        sentence(
            "Every base up to {largest} was tried, for the published percentages of each section and for all of them "
            "together.",
            largest=largest,
        )
    ]
    if together:
        blocks.append(
            sentence(
                "If all the statements have the same base, it is {first}, another one in the last row, or one that is "
                "larger than all that were tried. Where a section allows smaller bases, its statements may have had "
                "bases of their own.",
                first=numbers.counted(
                    together[0], say("smallest base on which all published percentages are possible"), evidence
                ),
            )
        )
    else:
        blocks.append(
            sentence(
                "No base that was tried makes all of them possible: the statements had different bases, or a larger "
                "one, or were rounded otherwise."
            )
        )
    blocks.append(
        table(
            "table-grim",
            words("Bases with which the published percentages are possible, up to {n}, rounding half up", n=largest),
            [column("Published section", 2), column("Smallest", 1, "right"), column("All", 5)],
            rows,
            made_by=made_by("published.csv"),
        )
    )
    return blocks


def _section_title(results: Results, name: str) -> str:
    return next((section.title for section in results.codebook.sections if section.id == name), name)
