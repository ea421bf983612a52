"""Where each number comes from: wording, columns, rule, counts."""

from __future__ import annotations

from impact_report.blocks import Block, Inlines, cell, column, heading, joined, quoted, table, words
from impact_report.codebook import MISSING_LABELS, Indicator, Section
from impact_report.numbers import HIDDEN, Number, Numbers, anchor, exactly
from impact_report.parts.labels import condition_words, group_label
from impact_report.results import Results
from impact_report.tally import EVERYONE, outcomes


def evidence(results: Results) -> list[Block]:
    """Return for each fact and each indicator what its numbers were made from."""
    blocks: list[Block] = []
    if results.facts:
        blocks.append(heading("Headline facts", 2, "evidence-of-facts"))
        blocks += [_fact_evidence(results, fact) for fact in results.facts]
    for section in results.codebook.sections:
        blocks.append(heading(section.title, 2, anchor("of", section.id)))
        blocks += [_indicator_evidence(results, section, indicator) for indicator in section.indicators]
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
    return [
        Block(
            block="evidence",
            id=anchor("comparison"),
            title=quoted("Published against computed"),
            facts=facts,
            table=None,
        ),
        Block(block="evidence", id=anchor("grim"), title=quoted("Possible bases (GRIM)"), facts=grim, table=None),
    ]


def _fact_evidence(results: Results, fact: dict) -> Block:
    numbers = Numbers(results)
    evidence_ = anchor("fact", fact["id"])
    value = numbers.fact(fact)
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
            ["Raw column", quoted(_columns_words(numbers.raw_columns(fact["item"])))],
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
        if fact["names"]:
            rows.append(["Names", joined([quoted(name) for name in fact["names"]])])
            rows.append(["Sources", quoted("; ".join(fact["sources"]))])
    else:
        rows += [
            ["From", quoted(f"{fact['since']} – {fact['since_source']}")],
            ["To", quoted(f"{fact['until']} – {fact['until_source']}")],
        ]
    return Block(block="evidence", id=evidence_, title=quoted(fact["label"]), facts=rows, table=None)


def _indicator_evidence(results: Results, section: Section, indicator: Indicator) -> Block:
    numbers = Numbers(results)
    item = results.codebook.items[indicator.item]
    evidence_ = anchor(indicator.id)
    facts = [
        ["Question", quoted(item.wording)],
        ["Counts as yes", quoted(numbers.rule(indicator))],
        ["Raw column", quoted(_columns_words(numbers.columns(indicator)))],
    ]
    if item.ask_if:
        facts.append(["Asked of", quoted("those with " + condition_words(results, item.ask_if))])
    if indicator.among:
        facts.append(["Only about", quoted("those with " + condition_words(results, indicator.among))])
    if not numbers.hidden(indicator.id):
        facts.append(["Not counted", _not_counted(results, indicator, numbers)])
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


def _columns_words(columns: list[tuple[str, str]]) -> str:
    """Say which raw columns, by the letter a spreadsheet gives them and by their heading."""
    return "; ".join(f"{letter}: {title}" for letter, title in columns)


def _not_counted(results: Results, indicator: Indicator, numbers: Numbers) -> Inlines:
    """Say how many of the eligible are not in the base, and why."""
    flags = outcomes(results.responses, results.codebook, indicator)
    outside = flags["eligible"] & ~flags["base"]
    reasons = results.responses.loc[outside, f"{indicator.item}.missing"].value_counts()
    parts = [
        words(
            "{n} {why}",
            n=numbers.counted(int(count), f"{MISSING_LABELS[kind]}: {indicator.statement}", anchor(indicator.id)),
            why=MISSING_LABELS[kind],
        )
        for kind, count in reasons.items()
        if count
    ]
    return joined(parts) if parts else words("nobody: all who are eligible are in the base")


def _evidence_cells(numbers: Numbers, indicator: str, group_by: str, group: str) -> list[dict]:
    if numbers.hidden(indicator, group_by, group):
        return [cell(HIDDEN, "suppressed") for _ in range(6)]
    parts = [cell(numbers.part(name, indicator, group_by, group)) for name in ("eligible", "asked", "base", "count")]
    return [*parts, cell(numbers.share(indicator, group_by, group)), cell(numbers.interval(indicator, group_by, group))]
