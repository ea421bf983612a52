"""Where each number comes from: wording, columns, rule, counts."""

from __future__ import annotations

import pandas as pd

from impact_report import plausibility
from impact_report.blocks import Block, Inlines, cell, column, heading, joined, quoted, table, words
from impact_report.codebook import MISSING_LABELS, Indicator, Item, Section
from impact_report.numbers import HIDDEN, Number, Numbers, anchor, exactly
from impact_report.parts.labels import condition_words, group_label, grouping_label, known_date
from impact_report.results import Results
from impact_report.tally import EVERYONE, outcomes
from impact_report.wording import normalise


def evidence(results: Results) -> list[Block]:
    """Return for each fact and each indicator what its numbers were made from."""
    blocks: list[Block] = []
    blocks.append(heading("Headline facts", 2, "evidence-of-facts"))
    blocks += [_fact_evidence(results, fact) for fact in results.facts]
    blocks.append(_half_evidence(results))
    for section in results.codebook.sections:
        blocks.append(heading(section.title, 2, anchor("of", section.id)))
        blocks += [_indicator_evidence(results, section, indicator) for indicator in section.indicators]
    blocks.append(heading("Respondents and rows", 2, "evidence-of-respondents"))
    blocks += [_grouping_evidence(results, group_by) for group_by in results.groupings]
    blocks.append(_ledger_evidence(results))
    if results.wave.published and not results.edition.group:
        blocks.append(heading("Published figures", 2, "evidence-of-published"))
        blocks += _published_evidence(results)
    return blocks


def _published_evidence(results: Results) -> list[Block]:
    chosen = results.published[results.published["percent"] != ""]
    count = int((chosen["set"] == results.wave.published).sum())
    numbers = Numbers(results)
    facts = [
        ["Set compared", quoted(results.wave.published)],
        [
            "Percentages in it",
            words("{n}", n=numbers.counted(count, "published percentages compared", anchor("comparison"))),
        ],
        [
            "Rule",
            words("a published percentage agrees if the computed share, rounded half up to whole percent, is the same"),
        ],
        ["Where from", quoted("; ".join(dict.fromkeys(chosen["source"])))],
    ]
    grim = [
        [
            "Rule",
            words(
                "a percentage is possible with a base if some whole count out of it rounds, half up, to the percentage"
            ),
        ],
        [
            "Source",
            quoted("Brown and Heathers (2017), The GRIM test, Social Psychological and Personality Science 8, 363–369"),
        ],
    ]
    codes = _possible_counts(results, chosen)
    return [
        Block(
            block="evidence",
            id=anchor("comparison"),
            title=quoted("Published against computed"),
            facts=facts,
            table=None,
        ),
        Block(block="evidence", id=anchor("grim"), title=quoted("Possible bases (GRIM)"), facts=grim, table=codes),
    ]


def _possible_counts(results: Results, chosen: pd.DataFrame) -> dict | None:
    """Return for each published percentage the counts that give it, on the smallest possible bases."""
    chosen = chosen[chosen["set"] == results.wave.published]
    sections = {name: group["percent"].astype(float).tolist() for name, group in chosen.groupby("section", sort=False)}
    bases = sorted({found[0] for found in plausibility.attainable(sections).values() if found})
    if not bases:
        return None
    evidence_ = anchor("grim")
    rows = []
    for percent in sorted({int(one) for one in chosen["percent"]}, reverse=True):
        cells = [cell(Number(f"{percent}%", f"published percentage {percent}", evidence_, exact=percent / 100))]
        for base in bases:
            counts = plausibility.grim(percent, base).numerators
            text = " or ".join(f"{count} of {base}" for count in counts)
            what = f"counts that are printed as {percent}% of {base}"
            cells.append(cell(Number(text, what, evidence_, base=base)) if counts else cell("impossible"))
        rows.append(cells)
    columns = [column("Published", 1), *(column(f"Base {base}", 1, "right") for base in bases)]
    return dict(table(f"{evidence_}-table", words("Counts that give the published percentages"), columns, rows))


def _grouping_evidence(results: Results, group_by: str) -> Block:
    """Return what the numbers of respondents by group were counted from."""
    numbers = Numbers(results)
    item = results.codebook.items[group_by]
    facts = [
        ["Question", quoted(item.wording)],
        ["Raw column", quoted(_columns_words(numbers.raw_columns(group_by), item))],
        ["Counted", words("rows kept, by this answer; shares are out of all {n} of them", n=numbers.respondents)],
    ]
    title = quoted(f"Respondents by {grouping_label(results, group_by)}")
    return Block(block="evidence", id=anchor("members", group_by), title=title, facts=facts, table=None)


def _ledger_evidence(results: Results) -> Block:
    """Return where the counts of what cleaning did were counted."""
    cleaning = results.cleaning
    facts = [
        [
            "Counted in",
            words("the ledger: a line for each row set aside and each answer changed, with the rule and its row"),
        ],
        ["Raw file", quoted(f"{cleaning['file']}: format {cleaning['format']}, {cleaning['encoding']}")],
        ["Rule", words("each row of the export is either kept or set aside; a row is set aside once, by one rule")],
    ]
    return Block(block="evidence", id=anchor("ledger"), title=quoted("What cleaning did"), facts=facts, table=None)


def _fact_evidence(results: Results, fact: dict) -> Block:
    numbers = Numbers(results)
    evidence_ = anchor("fact", fact["id"])
    value, roster = numbers.fact(fact), None
    rows = [["Printed", words("{n}", n=value)], ["Rule", quoted(fact["rule"])]]
    if fact["measure"] == "total":
        exact = Number(
            exactly(fact["exact"]), f"exact total: {fact['label']}", evidence_, exact=fact["exact"], base=fact["base"]
        )
        base = numbers.counted(fact["base"], f"answers in the total: {fact['label']}", evidence_)
        rows += [["Exact total", words("{n} {unit}", n=exact, unit=fact["unit"])], ["Answers", words("{n}", n=base)]]
        for label, count in fact["others"]:
            rows.append(
                ["Not in it: " + label, words("{n}", n=numbers.counted(count, f"{label}: {fact['label']}", evidence_))]
            )
        rows += [
            ["Question", quoted(fact["wording"])],
            [
                "Raw column",
                quoted(_columns_words(numbers.raw_columns(fact["item"]), results.codebook.items[fact["item"]])),
            ],
        ]
    elif fact["measure"] == "roster":
        all_rows = numbers.counted(fact["roster_rows"], f"rows of the roster: {fact['label']}", evidence_)
        later = numbers.counted(fact["started_later"], f"started after the reference date: {fact['label']}", evidence_)
        unknown = numbers.counted(fact["start_unknown"], f"start not known: {fact['label']}", evidence_)
        rows += [
            ["Rows that fit", words("{n}", n=all_rows)],
            ["Started later", words("{n}", n=later)],
            ["Start not known", words("{n}, counted all the same", n=unknown)],
            ["Roster", quoted(fact["roster"])],
        ]
        if fact["left_out"]:
            rows.append(["Not counted", quoted("; ".join(fact["left_out"]))])
        counted = [[cell(name), cell(start or "not known"), cell(source)] for name, start, source in fact["counted"]]
        columns = [column("Name", 3), column("Start", 1), column("Source", 4)]
        roster = dict(table(f"{evidence_}-table", words("Counted"), columns, counted, long=True))
    else:
        rows += [
            [
                "From",
                quoted(
                    f"{known_date(fact['since'])} – {fact['since_source']}"
                    + (f"; {fact['note']}" if fact["note"] else "")
                ),
            ],
            ["To", quoted(f"{known_date(fact['until'])} – {fact['until_source']}")],
            [
                "At most",
                words("more than {n} years, from the first day the start can mean", n=_most_years(fact, evidence_)),
            ],
        ]
    return Block(block="evidence", id=evidence_, title=quoted(fact["label"]), facts=rows, table=roster)


def _half_evidence(results: Results) -> Block:
    """Return which statements at least half report, and which fewer, as the findings count them."""
    numbers = Numbers(results)
    shown = [one for one in results.codebook.indicators if not numbers.hidden(one.id)]
    half = [one for one in shown if results.row(one.id)["proportion"] >= 0.5]
    under = [one for one in shown if one not in half]
    facts = [
        ["Rule", words("the share, before it is rounded, is one half or more; hidden shares are not counted")],
        ["One half or more", quoted("; ".join(one.statement for one in half) or "none")],
        ["Less than one half", quoted("; ".join(one.statement for one in under) or "none")],
    ]
    title = quoted("Statements with a share of one half or more")
    return Block(block="evidence", id=anchor("half"), title=title, facts=facts, table=None)


def _most_years(fact: dict, evidence_: str) -> Number:
    return Number(str(fact["most"]), f"most years it can be: {fact['label']}", evidence_, exact=float(fact["most"]))


def _indicator_evidence(results: Results, section: Section, indicator: Indicator) -> Block:
    numbers = Numbers(results)
    item = results.codebook.items[indicator.item]
    evidence_ = anchor(indicator.id)
    facts = [
        ["Question", quoted(item.wording)],
        ["Counts as yes", quoted(numbers.rule(indicator))],
        ["Raw column", quoted(_columns_words(numbers.columns(indicator), item))],
    ]
    if item.ask_if:
        facts.append(["Asked of", quoted("those " + condition_words(results, item.ask_if))])
    if indicator.among:
        facts.append(["Only about", quoted("those " + condition_words(results, indicator.among))])
    if not numbers.hidden(indicator.id):
        facts.append(["Other answers in the base", _other_answers(results, indicator, numbers)])
        facts.append(["Not in the base", _not_in_base(results, indicator, numbers)])
    everyone = [cell("Everyone", "total"), *_evidence_cells(numbers, indicator.id, EVERYONE, EVERYONE)]
    rows: list = [everyone]
    hidden = 0
    for group_by in results.groupings:
        for one in results.by_group(group_by).query("indicator == @indicator.id").itertuples():
            if one.suppressed:
                hidden += 1
            elif one.base > 0:
                label = group_label(results, group_by, one.group)
                cells = _evidence_cells(numbers, indicator.id, group_by, one.group)
                rows.append({"id": anchor(indicator.id, group_by, one.group), "cells": [cell(label, "group"), *cells]})
    notes = []
    if hidden:
        notes.append(
            words(
                "Groups not shown: {n}.",
                n=numbers.counted(hidden, f"groups not shown: {indicator.statement}", evidence_),
            )
        )
    block = table(
        f"{evidence_}-table",
        words("Eligible, asked, base, count"),
        [
            column("Group", 2.4),
            *(column(name, 1, "right") for name in ("Eligible", "Asked", "Base", "Count", "Share")),
            column("Interval", 1.4, "right"),
        ],
        rows,
        notes,
    )
    return Block(block="evidence", id=evidence_, title=quoted(indicator.statement), facts=facts, table=dict(block))


def _columns_words(columns: list[tuple[str, str]], item: Item) -> str:
    """Say which raw columns, by the letter a spreadsheet gives them, and what their heading adds to the question."""
    said = []
    for letter, title in columns:
        if normalise(title) == normalise(item.wording):
            said.append(f"{letter}, headed by the question")
        else:
            said.append(f"{letter}: {title.removeprefix(item.question).removeprefix(' – ')}")
    return "; ".join(said)


def _other_answers(results: Results, indicator: Indicator, numbers: Numbers) -> Inlines:
    """Say which answers are in the base and do not count, and how many gave each."""
    flags = outcomes(results.responses, results.codebook, indicator)
    inside = results.responses[flags["base"] & ~flags["count"]]
    item = results.codebook.items[indicator.item]
    if item.kind == "multiple":
        count = numbers.counted(len(inside), f"not ticked: {indicator.statement}", anchor(indicator.id))
        return words("{n} did not tick it", n=count)
    answers = {code.label: int((inside[indicator.item] == name).sum()) for name, code in item.codes.items()}
    missing = inside[f"{indicator.item}.missing"].value_counts()
    answers |= {MISSING_LABELS[kind]: int(count) for kind, count in missing.items()}
    return _counts_by_reason(results, indicator, numbers, answers) or words("none")


def _not_in_base(results: Results, indicator: Indicator, numbers: Numbers) -> Inlines:
    """Say how many of the eligible are not in the base, and why."""
    flags = outcomes(results.responses, results.codebook, indicator)
    outside = flags["eligible"] & ~flags["base"]
    reasons = results.responses.loc[outside, f"{indicator.item}.missing"].value_counts()
    counts = {MISSING_LABELS[kind]: int(count) for kind, count in reasons.items()}
    return _counts_by_reason(results, indicator, numbers, counts) or words("nobody: all who are eligible are in it")


def _counts_by_reason(results: Results, indicator: Indicator, numbers: Numbers, counts: dict[str, int]) -> Inlines:
    """Return each reason with its count; where a count is too small to show, only their sum, or not even that."""
    counts = {reason: count for reason, count in counts.items() if count}
    least = results.wave.smallest_count or 1
    if counts and min(counts.values()) < least:
        together = sum(counts.values())
        if together < least:
            return words("too few to show")
        counts = {", ".join(counts): together}
    evidence_ = anchor(indicator.id)
    parts = [
        words("{why}: {n}", why=reason, n=numbers.counted(count, f"{reason}: {indicator.statement}", evidence_))
        for reason, count in counts.items()
    ]
    return joined(parts, last=", ")


def _evidence_cells(numbers: Numbers, indicator: str, group_by: str, group: str) -> list[dict]:
    if numbers.hidden(indicator, group_by, group):
        return [cell(HIDDEN, "suppressed") for _ in range(6)]
    parts = [cell(numbers.part(name, indicator, group_by, group)) for name in ("eligible", "asked", "base", "count")]
    return [*parts, cell(numbers.share(indicator, group_by, group)), cell(numbers.interval(indicator, group_by, group))]
