"""How respondents were drawn and weighted, in words: weights, margins, strata, primary units, and what they cost."""

from __future__ import annotations

import math

import numpy as np

from impact_report import sampling, weighting
from impact_report.blocks import Inlines, quoted, words
from impact_report.design import check_design
from impact_report.numbers import Number, Numbers, anchor, span
from impact_report.results import Results
from impact_report.rounding import half_up

DECIMALS = 2  # of weights and design effects


def weighting_words(results: Results, numbers: Numbers) -> Inlines:
    """Return where the weights come from, how far they differ, and how many answers that costs."""
    wave = results.wave
    if not wave.weighted:
        return words("None: every answer counts the same.")
    given = wave.weights and results.codebook.items[wave.weights].wording
    if not wave.rake:
        nodes = words("Each answer is weighted with “{item}”. ", item=given)
    else:
        nodes = words("Weights are computed by raking: ")
        nodes += words("“{item}” is" if given else "equal weights are", item=given)
        nodes += words(
            " multiplied, margin by margin and over again, until the weighted respondents make up the known "
            "population: "
        )
        nodes += _margins(results, numbers)
        source = wave.rake_source.rstrip(".")
        nodes += words(" (source: {source}). ", source=source) if source else words(". ")
    nodes += words("Counts and bases beside weighted shares are numbers of answers, not of weights. ")
    place = anchor("method")
    weights = results.responses_of_wave[sampling.WEIGHT].to_numpy()
    if without := int((weights == 0).sum()):
        nodes += words(
            "Of the respondents {n} have a weight of {zero}: they are in no base and no count. ",
            n=numbers.counted(without, "respondents with a weight of 0", place),
            zero=numbers.counted(0, "weight of who is in no base", place),
        )
    weights = weights[weights > 0]
    nodes += words(
        "Weights run from {least} to {most} times their mean. Because they differ, the answers of all {n} respondents "
        "are worth {worth} equally weighted ones (Kish's effective base; design effect {effect}). ",
        least=_decimal(weights.min() / weights.mean(), "smallest weight, by the mean", place),
        most=_decimal(weights.max() / weights.mean(), "largest weight, by the mean", place),
        n=numbers.counted(len(weights), "respondents of the wave with a weight", place),
        worth=numbers.counted(
            results.coarse(weighting.effective_base(weights), "effective_base"),
            "Kish's effective base of all respondents",
            place,
        ),
        effect=_decimal(
            results.coarse(weighting.design_effect(weights), "design_effect"),
            "Kish's design effect of the weights",
            place,
        ),
    )
    if wave.rake:
        return nodes + words(
            "Intervals take this into account, and that the totals are known: of the answers only what the categories "
            "of the population do not explain is left to chance. "
        )
    return nodes + words("Intervals take this into account, and take the weights as given. ")


def _margins(results: Results, numbers: Numbers) -> Inlines:
    """Return the population totals that weights were raked to."""
    nodes: Inlines = []
    for name, totals in results.wave.rake.items():
        item = results.codebook.items[name]
        nodes += words("; “{question}”: " if nodes else "“{question}”: ", question=item.wording)
        for place, (code, total) in enumerate(totals.items()):
            count = numbers.counted(total, f"in the population: {item.codes[code].label}", anchor("method"))
            nodes += words(", {label} {n}" if place else "{label} {n}", label=item.codes[code].label, n=count)
    return nodes


def design_words(results: Results, numbers: Numbers) -> Inlines:
    """Return how respondents were drawn and what that does to the intervals; nothing of a plain wave."""
    wave = results.wave
    if not wave.designed:
        return []
    responses = results.responses_of_wave
    drawn = check_design(len(responses), **sampling.of_units(responses))
    design, place, nodes = wave.design, anchor("method"), []
    units = numbers.counted(drawn.taken.sum(), "primary units in the sample", place)
    if design and design.strata:
        nodes += words(
            "The population is divided into {n} strata ({item}), and respondents were drawn from each of them; "
            "intervals reckon with differences within strata alone. ",
            n=numbers.counted(len(drawn.taken), "strata", place),
            item=quoted(results.codebook.items[design.strata].wording),
        )
    if design and design.clusters:
        nodes += words(
            "Respondents belong together in {n} primary units ({item}), and those of one unit may answer alike; "
            "intervals rest on how far units differ, so that many answers from few units do not count as many. ",
            n=units,
            item=quoted(results.codebook.items[design.clusters].wording),
        )
    if np.isfinite(drawn.of_population).all():
        nodes += words(
            "Of {of_population} {what} in the population {n} are in the sample: what was taken need not be guessed, "
            "which lowers the variance (finite population correction). ",
            of_population=numbers.counted(drawn.of_population.sum(), "primary units in the population", place),
            what="primary units" if design and design.clusters else "members",
            n=units,
        )
        if wave.interval_method == "korn-graubard":
            nodes += words("Still an interval never counts answers for more than were given. ")
        if (drawn.taken == drawn.of_population).all():
            nodes += words(
                "Since that is all of them, the draw left nothing to chance and no interval is printed; what those in "
                "them who did not answer would have said is another matter. "
            )
    return nodes + words(
        "The variance is by Taylor linearisation; a group's keeps all primary units. Where a group has no more primary "
        "units than strata nothing can be said of it, and no interval is printed. "
    )


def selection_words(results: Results, numbers: Numbers) -> Inlines:
    """Return whether the uncertainty may be called a margin of error, and why."""
    of_all = results.of_everyone
    about_all = {one.id for one in results.codebook.indicators if one.among is None}
    of_all = of_all[of_all["indicator"].isin(about_all) & (of_all["asked"] == of_all["eligible"]).fillna(False)]
    away = np.fmax(of_all["proportion"] - of_all["low"], of_all["high"] - of_all["proportion"])
    if results.wave.method.selection == "random" and away.notna().any():
        most = numbers.counted(away.max() * 100, "largest distance from a share to an end, in points", anchor("method"))
        nodes = words(
            "Respondents were drawn at random: the margin of error of a share of all respondents is at most {most} "
            "points, the farthest that an end of an interval lies from its share. ",
            most=most,
        )
        if results.wave.population.size:
            nodes += words("It takes those who did not answer to be like those who did. ")
        return nodes
    return words(
        {
            "everyone": "It is not called a margin of error: everybody was asked, nobody was drawn at random, and "
            "those who did not answer may differ from those who did. ",
            "self-selected": "It is not called a margin of error: for that, respondents would have to be drawn at "
            "random, and these decided themselves whether to answer. ",
            "random": "",
        }[results.wave.method.selection]
    )


def bounds_words(results: Results, numbers: Numbers) -> Inlines:
    """Return what the worst-case bounds are, where the population's size is known and they are printed."""
    size = results.wave.population.size
    if size is None or results.of_everyone["bound_low"].isna().all():
        return []
    return words(
        "Since there are {size} in the population, the evidence of a share also gives its worst case: the shares of "
        "all of them that remain possible if those who did not answer think anything at all. An interval takes them "
        "for like the others; these bounds assume nothing. ",
        size=numbers.counted(size, "members of the population", anchor("method")),
    )


def share_facts(results: Results, numbers: Numbers, indicator: str) -> list[list]:
    """Return what the evidence of a share of everyone says besides: what its base is worth, and its worst case."""
    row, facts = results.row(indicator), []
    evidence = anchor(indicator)
    if results.wave.designed and not math.isnan(row["effective_base"]):
        base = results.coarse(row["effective_base"], "effective_base")
        worth = numbers.counted(base, f"effective base: {row['statement']}", evidence)
        degrees = numbers.counted(row["degrees_of_freedom"], f"degrees of freedom: {row['statement']}", evidence)
        said = words(
            "as much as {n} equally weighted answers of respondents drawn alone; degrees of freedom: {degrees}",
            n=worth,
            degrees=degrees,
        )
        if not math.isnan(row["design_effect"]):
            effect = results.coarse(row["design_effect"], "design_effect")
            effect = _decimal(effect, f"design effect: {row['statement']}", evidence)
            said += words("; design effect: {effect}", effect=effect)
        if row["method"] == "korn-graubard" and row["effective_base"] > row["base"]:
            given = numbers.counted(row["base"], f"most that an interval counts: {row['statement']}", evidence)
            said += words("; the interval counts no more than the {n} that were given", n=given)
        facts.append(["The base is worth", said])
    if not math.isnan(row["bound_low"]):
        text = span(row["bound_low"], row["bound_high"])
        bounds = Number(text, f"worst case: {row['statement']}", evidence, base=int(row["base"]))
        facts.append(
            ["Worst case", words("{bounds}, whatever those who did not answer would have said", bounds=bounds)]
        )
    return facts


def _decimal(value: float, what: str, evidence: str) -> Number:
    return Number(str(half_up(value, DECIMALS)), what, evidence, exact=float(value))
