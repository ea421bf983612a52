"""How respondents were drawn and weighted, in words: weights, margins, strata, primary units, and what they cost."""

from __future__ import annotations

import math

import numpy as np

from impact_report import sampling, weighting
from impact_report.blocks import Inlines, prose, quoted, words
from impact_report.design import check_design
from impact_report.language import number, say
from impact_report.numbers import Number, Numbers, anchor, span
from impact_report.results import Results
from impact_report.rounding import half_up

DECIMALS = 2  # of weights and design effects


def weighting_words(results: Results, numbers: Numbers) -> Inlines:
    """Return where the weights come from, how far they differ, and how many answers that costs."""
    wave = results.wave
    if not wave.weighted:
        return words("None: every answer counts the same.")
    return prose(
        _where_from(results, numbers),
        words("Counts and bases beside weighted shares are numbers of answers, not of weights."),
        *_spread(results, numbers),
        words(
            "Intervals take this into account, and that the totals are known: of the answers only what the categories "
            "of the population do not explain is left to chance."
        )
        if wave.rake
        else words("Intervals take this into account, and take the weights as given."),
    )


def _where_from(results: Results, numbers: Numbers) -> Inlines:
    """Say whether the weights were given, or to which totals they were raked."""
    wave = results.wave
    given = wave.weights and results.codebook.items[wave.weights].wording
    if not wave.rake:
        return words("Each answer is weighted with “{item}”.", item=given)
    totals, source = _margins(results, numbers), wave.rake_source.rstrip(".")
    if source:
        totals = words("{totals} (source: {source})", totals=totals, source=source)
    if given:
        return words(
            "Weights are computed by raking: “{item}” is multiplied, margin by margin and over again, until the "
            "weighted respondents make up the known population: {totals}.",
            item=given,
            totals=totals,
        )
    return words(
        "Weights are computed by raking: equal weights are multiplied, margin by margin and over again, until the "
        "weighted respondents make up the known population: {totals}.",
        totals=totals,
    )


def _spread(results: Results, numbers: Numbers) -> list[Inlines]:
    """Say how far the weights differ, and how many equally weighted answers the given ones are worth."""
    place, said = anchor("method"), []
    weights = results.responses_of_wave[sampling.WEIGHT].to_numpy()
    if without := int((weights == 0).sum()):
        said.append(
            words(
                "Of the respondents {n} have a weight of {zero}: they are in no base and no count.",
                n=numbers.counted(without, say("respondents with a weight of {zero}", zero=number(0)), place),
                zero=numbers.counted(0, say("weight of who is in no base"), place),
            )
        )
    weights = weights[weights > 0]
    base = results.coarse(weighting.effective_base(weights), "effective_base")
    effect = results.coarse(weighting.design_effect(weights), "design_effect")
    said.append(
        words(
            "Weights run from {least} to {most} times their mean. Because they differ, the answers of all {n} "
            "respondents are worth {worth} equally weighted ones (Kish's effective base; design effect {effect}).",
            least=_decimal(weights.min() / weights.mean(), say("smallest weight, by the mean"), place),
            most=_decimal(weights.max() / weights.mean(), say("largest weight, by the mean"), place),
            n=numbers.counted(len(weights), say("respondents of the wave with a weight"), place),
            worth=numbers.counted(base, say("Kish's effective base of all respondents"), place),
            effect=_decimal(effect, say("Kish's design effect of the weights"), place),
        )
    )
    return said


def _margins(results: Results, numbers: Numbers) -> Inlines:
    """Return the population totals that weights were raked to."""
    margins = []
    for name, totals in results.wave.rake.items():
        item, counts = results.codebook.items[name], []
        for code, total in totals.items():
            label = item.codes[code].label
            count = numbers.counted(total, say("in the population: {label}", label=label), anchor("method"))
            counts.append(words("{label} {n}", label=label, n=count))
        counts = prose(*counts, between=", ")
        margins.append(words("“{question}”: {counts}", question=item.wording, counts=counts))
    return prose(*margins, between="; ")


def design_words(results: Results, numbers: Numbers) -> Inlines:
    """Return how respondents were drawn and what that does to the intervals; nothing of a plain wave."""
    wave = results.wave
    if not wave.designed:
        return []
    responses = results.responses_of_wave
    drawn = check_design(len(responses), **sampling.of_units(responses))
    design, place, said = wave.design, anchor("method"), []
    units = numbers.counted(drawn.taken.sum(), say("primary units in the sample"), place)
    if design and design.strata:
        said.append(
            words(
                "The population is divided into {n} strata ({item}), and respondents were drawn from each of them; "
                "intervals reckon with differences within strata alone.",
                n=numbers.counted(len(drawn.taken), say("strata"), place),
                item=quoted(results.codebook.items[design.strata].wording),
            )
        )
    if design and design.clusters:
        said.append(
            words(
                "Respondents belong together in {n} primary units ({item}), and those of one unit may answer alike; "
                "intervals rest on how far units differ, so that many answers from few units do not count as many.",
                n=units,
                item=quoted(results.codebook.items[design.clusters].wording),
            )
        )
    if np.isfinite(drawn.of_population).all():
        of_population = numbers.counted(drawn.of_population.sum(), say("primary units in the population"), place)
        said.append(_correction(units, of_population, clusters=bool(design and design.clusters)))
        if wave.interval_method == "korn-graubard":
            said.append(words("Still an interval never counts answers for more than were given."))
        if (drawn.taken == drawn.of_population).all():
            said.append(
                words(
                    "Since that is all of them, the draw left nothing to chance and no interval is printed; what those "
                    "in them who did not answer would have said is another matter."
                )
            )
    said.append(
        words(
            "The variance is by Taylor linearisation; a group's keeps all primary units. Where a group has no more "
            "primary units than strata nothing can be said of it, and no interval is printed."
        )
    )
    return prose(*said)


def _correction(units: Number, of_population: Number, clusters: bool) -> Inlines:
    """Say how much of a known population is in the sample, and what that does to the variance."""
    if clusters:
        return words(
            "Of {of_population} primary units in the population {n} are in the sample: what was taken need not be "
            "guessed, which lowers the variance (finite population correction).",
            of_population=of_population,
            n=units,
        )
    return words(
        "Of {of_population} members in the population {n} are in the sample: what was taken need not be guessed, which "
        "lowers the variance (finite population correction).",
        of_population=of_population,
        n=units,
    )


def selection_words(results: Results, numbers: Numbers) -> Inlines:
    """Return whether the uncertainty may be called a margin of error, and why."""
    of_all = results.of_everyone
    about_all = {one.id for one in results.codebook.indicators if one.among is None}
    of_all = of_all[of_all["indicator"].isin(about_all) & (of_all["asked"] == of_all["eligible"]).fillna(False)]
    away = np.fmax(of_all["proportion"] - of_all["low"], of_all["high"] - of_all["proportion"])
    if results.wave.method.selection == "random" and away.notna().any():
        what = say("largest distance from a share to an end, in points")
        said = words(
            "Respondents were drawn at random: the margin of error of a share of all respondents is at most {most} "
            "points, the farthest that an end of an interval lies from its share.",
            most=numbers.counted(away.max() * 100, what, anchor("method")),
        )
        if results.wave.population.size:
            return prose(said, words("It takes those who did not answer to be like those who did."))
        return said
    if results.wave.method.selection == "everyone":
        return words(
            "It is not called a margin of error: everybody was asked, nobody was drawn at random, and those who did "
            "not answer may differ from those who did."
        )
    if results.wave.method.selection == "self-selected":
        return words(
            "It is not called a margin of error: for that, respondents would have to be drawn at random, and these "
            "decided themselves whether to answer."
        )
    return []


def bounds_words(results: Results, numbers: Numbers) -> Inlines:
    """Return what the worst-case bounds are, where the population's size is known and they are printed."""
    size = results.wave.population.size
    if size is None or results.of_everyone["bound_low"].isna().all():
        return []
    return words(
        "Since there are {size} in the population, the evidence of a share also gives its worst case: the shares of "
        "all of them that remain possible if those who did not answer think anything at all. An interval takes them "
        "for like the others; these bounds assume nothing.",
        size=numbers.counted(size, say("members of the population"), anchor("method")),
    )


def share_facts(results: Results, numbers: Numbers, indicator: str) -> list[list]:
    """Return what the evidence of a share of everyone says besides: what its base is worth, and its worst case."""
    row, facts = results.row(indicator), []
    evidence = anchor(indicator)
    if results.wave.designed and not math.isnan(row["effective_base"]):
        facts.append([say("The base is worth"), prose(*_worth(results, numbers, row, evidence), between="; ")])
    if not math.isnan(row["bound_low"]):
        text = span(row["bound_low"], row["bound_high"])
        what = say("worst case: {statement}", statement=row["statement"])
        bounds = Number(text, what, evidence, base=int(row["base"]))
        facts.append(
            [say("Worst case"), words("{bounds}, whatever those who did not answer would have said", bounds=bounds)]
        )
    return facts


def _worth(results: Results, numbers: Numbers, row: dict, evidence: str) -> list[Inlines]:
    """Say how many answers drawn alone and weighted equally a base is worth, and what follows from it."""
    statement = row["statement"]
    base = results.coarse(row["effective_base"], "effective_base")
    degrees = say("degrees of freedom: {statement}", statement=statement)
    said = [
        words(
            "as much as {n} equally weighted answers of respondents drawn alone; degrees of freedom: {degrees}",
            n=numbers.counted(base, say("effective base: {statement}", statement=statement), evidence),
            degrees=numbers.counted(row["degrees_of_freedom"], degrees, evidence),
        )
    ]
    if not math.isnan(row["design_effect"]):
        effect = results.coarse(row["design_effect"], "design_effect")
        effect = _decimal(effect, say("design effect: {statement}", statement=statement), evidence)
        said.append(words("design effect: {effect}", effect=effect))
    if row["method"] == "korn-graubard" and row["effective_base"] > row["base"]:
        what = say("most that an interval counts: {statement}", statement=statement)
        given = numbers.counted(row["base"], what, evidence)
        said.append(words("the interval counts no more than the {n} that were given", n=given))
    return said


def _decimal(value: float, what: str, evidence: str) -> Number:
    return Number(number(half_up(value, DECIMALS), DECIMALS), what, evidence, exact=float(value))
