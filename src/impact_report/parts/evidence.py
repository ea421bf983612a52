"""Where each number comes from: wording, columns, rule, counts."""

from __future__ import annotations

import math
from decimal import Decimal

import pandas as pd

from impact_report import __version__, language, manifest, plausibility
from impact_report.blocks import (
    Block,
    Inlines,
    cell,
    column,
    heading,
    joined,
    link,
    paragraph,
    quoted,
    table,
    words,
)
from impact_report.citation import VERSION_DIGITS
from impact_report.codebook import Indicator, Section
from impact_report.language import say, translated
from impact_report.numbers import HIDDEN, Number, Numbers, anchor, out_of, whole
from impact_report.parts import drawn, front
from impact_report.parts.bases import not_in_base, other_answers
from impact_report.parts.changes import change_evidence
from impact_report.parts.differences import difference_evidence
from impact_report.parts.distribution import distribution_evidence
from impact_report.parts.headline import fact_evidence
from impact_report.parts.labels import (
    columns_words,
    condition_words,
    group_label,
    grouping_label,
    question_words,
    rule_words,
)
from impact_report.parts.respondents import row_count
from impact_report.parts.response import response_evidence
from impact_report.parts.rows import row_rules
from impact_report.precision import METHODS
from impact_report.results import Results
from impact_report.tally import EVERYONE


def evidence(results: Results) -> list[Block]:
    """Return for each fact and each indicator what its numbers were made from."""
    blocks: list[Block] = [_how_to_check(results)]
    blocks.append(heading("Headline facts", 2, "evidence-of-facts"))
    blocks += [fact_evidence(results, fact) for fact in results.facts]
    blocks.append(_half_evidence(results))
    for section in results.codebook.sections:
        blocks.append(heading(section.title, 2, anchor("of", section.id)))
        blocks += [_indicator_evidence(results, section, indicator) for indicator in section.indicators]
    if whole := list(distribution_evidence(results)):
        blocks += [heading("All answers", 2, "evidence-of-answers"), *whole]
    blocks += change_evidence(results)
    blocks.append(heading("Respondents and rows", 2, "evidence-of-respondents"))
    blocks += [_grouping_evidence(results, group_by) for group_by in results.groupings]
    blocks += [difference_evidence(results, group_by) for group_by in results.groupings]
    blocks.append(_ledger_evidence(results))
    blocks += response_evidence(results)
    blocks.append(heading("Published and possible figures", 2, "evidence-of-published"))
    if results.wave.published and not results.edition.group:
        blocks += _published_evidence(results)
    blocks.append(_own_grim_evidence(results))
    return blocks


def _how_to_check(results: Results) -> Block:
    """Say whom the counts are of, what computed them, and where all numbers stand in order."""
    numbers = Numbers(results)
    return paragraph(
        words(
            "Counts are of rows of the export: {kept} of {all} were kept. Which were set aside, and why, stands under "
            "{place}.",
            kept=row_count(numbers, "rows_kept", say("rows kept")),
            all=row_count(numbers, "rows_in", say("rows in the export")),
            place=link(f"#{anchor('rows')}", []),
        ),
        words(
            "Computed by version {version} of the program with code {code}, the beginning of what {manifest} names "
            "“{name}”.",
            version=__version__,
            code=manifest.code(of_notebooks=True)[:VERSION_DIGITS],
            manifest=link(manifest.NAME, manifest.NAME),
            name="code_of_notebooks",
        ),
        words(
            "Beside this report lies a page with {page}, each in the passage it stands in; the same as data in "
            "{table} and {data}.",
            page=link("numbers.html", words("all numbers of this report, in order")),
            table=link("numbers.csv", "numbers.csv"),
            data=link("numbers.json", "numbers.json"),
        ),
    )


def _published_evidence(results: Results) -> list[Block]:
    chosen = results.published[results.published["percent"] != ""]
    count = int((chosen["set"] == results.wave.published).sum())
    numbers = Numbers(results)
    facts = [
        [say("Set compared"), quoted(results.wave.published)],
        [
            say("Percentages in it"),
            words("{n}", n=numbers.counted(count, say("published percentages compared"), anchor("comparison"))),
        ],
        [
            say("Rule"),
            words(
                "a published percentage agrees if the computed share, rounded half up to as many decimals, is the same"
            ),
        ],
        [say("Where from"), quoted("; ".join(dict.fromkeys(chosen["source"])))],
    ]
    grim = [
        [
            say("Rule"),
            words(
                "a percentage is possible with a base if some whole count out of it rounds, half up, to the percentage"
            ),
        ],
        [
            say("Source"),
            quoted("Brown and Heathers (2017), The GRIM test, Social Psychological and Personality Science 8, 363–369"),
        ],
    ]
    codes = _possible_counts(results, chosen)
    return [
        Block(
            block="evidence",
            id=anchor("comparison"),
            title=words("Published against computed"),
            facts=facts,
            table=None,
        ),
        Block(block="evidence", id=anchor("grim"), title=words("Possible bases (GRIM)"), facts=grim, table=codes),
    ]


def _own_grim_evidence(results: Results) -> Block:
    """Return by which rule the report's own shares were found possible."""
    if results.wave.weighted:
        rule = words("not checked: weighted shares are not a whole number out of a whole number")
    else:
        rule = words(
            "each share shown, as the table of estimates holds it, rounds half up to a whole percentage that some "
            "whole count out of its base gives, and that its own count gives; otherwise the report is not built"
        )
    facts = [[say("Rule"), rule], [say("Checked"), words("when the estimates are computed, and again here")]]
    title = words("Shares of this report (GRIM)")
    return Block(block="evidence", id=anchor("grim_own"), title=title, facts=facts, table=None)


def _possible_counts(results: Results, chosen: pd.DataFrame) -> dict | None:
    """Return for each published percentage the counts that give it, on the smallest possible bases."""
    chosen = chosen[chosen["set"] == results.wave.published]
    sections = {name: group["percent"].tolist() for name, group in chosen.groupby("section", sort=False)}
    bases = sorted({found[0] for found in plausibility.attainable(sections).values() if found})
    if not bases:
        return None
    evidence_ = anchor("grim")
    rows = []
    for percent in sorted(set(chosen["percent"]), key=float, reverse=True):
        decimals = len(percent.partition(".")[2])
        printed = language.percent(language.number(Decimal(percent), decimals))
        what = say("published percentage {percent}", percent=printed)
        cells = [cell(Number(printed, what, evidence_, exact=float(percent) / 100))]
        for base in bases:
            counts = plausibility.grim(percent, base, decimals).numerators
            text = language.listed([out_of(count, base) for count in counts], "or")
            what = say("counts that are printed as {percent} of {base}", percent=printed, base=whole(base))
            cells.append(cell(Number(text, what, evidence_, base=base)) if counts else cell(words("impossible")))
        rows.append(cells)
    columns = [column("Published", 1), *(column(say("Base {n}", n=whole(base)), 1, "right") for base in bases)]
    return dict(table(f"{evidence_}-table", words("Counts that give the published percentages"), columns, rows))


def _grouping_evidence(results: Results, group_by: str) -> Block:
    """Return what the numbers of respondents by group were counted from."""
    numbers = Numbers(results)
    facts = [
        [say("Question"), question_words(results, group_by)],
        [say("Raw column"), quoted(columns_words(numbers.raw_columns(group_by), results.as_read(group_by)))],
        [say("Counted"), words("rows kept, by this answer; shares are out of all {n} of them", n=numbers.respondents)],
    ]
    title = words("Respondents by {grouping}", grouping=grouping_label(results, group_by))
    return Block(block="evidence", id=anchor("members", group_by), title=title, facts=facts, table=None)


def _ledger_evidence(results: Results) -> Block:
    """Return where the counts of what cleaning did were counted."""
    cleaning = results.cleaning
    facts = [
        [
            say("Counted in"),
            words("the ledger: a line for each row set aside and each answer changed, with the rule and its row"),
        ],
        [
            say("Raw file"),
            words(
                "{file}: format {format}, {encoding}",
                file=cleaning["file"],
                format=cleaning["format"],
                encoding=cleaning["encoding"],
            ),
        ],
        [
            say("Rule"),
            words("each row of the export is either kept or set aside; a row is set aside once, by one rule"),
        ],
        *([rule.label, rule.asks] for rule in row_rules(results)),
    ]
    return Block(block="evidence", id=anchor("ledger"), title=words("What cleaning did"), facts=facts, table=None)


def _half_evidence(results: Results) -> Block:
    """Return of which statements the whole interval is above one half, of which below, and of which neither."""
    found = front.beside_one_half(results)
    facts = [
        [
            say("Rule"),
            words(
                "a share is clearly above or below one half if its whole interval is, before it is rounded, and too "
                "close to tell if its interval includes one half; hidden shares are not counted"
            ),
        ],
        [say("Clearly above"), _statements(found[front.ABOVE])],
        [say("Too close to tell"), _statements(found[front.AROUND])],
        [say("Clearly below"), _statements(found[front.BELOW])],
    ]
    if found[front.UNSURE]:
        facts.append([say("No interval"), _statements(found[front.UNSURE])])
    title = words("Shares above and below one half")
    return Block(block="evidence", id=anchor("half"), title=title, facts=facts, table=None)


def _statements(indicators: list[Indicator]) -> Inlines:
    return quoted("; ".join(one.statement for one in indicators) or say("none"))


def _indicator_evidence(results: Results, section: Section, indicator: Indicator) -> Block:
    numbers = Numbers(results)
    item = results.asked(indicator.item)
    evidence_ = anchor(indicator.id)
    facts = [
        [say("Question"), question_words(results, indicator.item)],
        [say("Counts as yes"), rule_words(results, numbers.rule(indicator), indicator)],
        [say("Raw column"), quoted(columns_words(numbers.columns(indicator), results.as_read(indicator.item)))],
    ]
    if item.ask_if:
        facts.append([say("Asked of"), words("those {condition}", condition=condition_words(results, item.ask_if))])
    if indicator.among:
        facts.append(
            [say("Only about"), words("those {condition}", condition=condition_words(results, indicator.among))]
        )
    if not numbers.hidden(indicator.id):
        facts.append([say("Other answers in the base"), other_answers(results, indicator)])
        facts.append([say("Not in the base"), not_in_base(results, indicator)])
        facts.append([say("Interval"), _interval_words(results, indicator)])
        facts += drawn.share_facts(results, numbers, indicator.id)
    if results.groupings:
        links = [link(f"#{anchor('members', group_by)}", []) for group_by in results.groupings]
        facts.append([say("Groups"), joined(links, last=", ")])
    everyone = [cell(say("Everyone"), "total"), *_evidence_cells(numbers, indicator.id, EVERYONE, EVERYONE)]
    rows: list = [everyone]
    hidden = 0
    for group_by in results.groupings:
        for group, row in results.groups_of(indicator.id, group_by).items():
            if row["suppressed"]:
                hidden += 1
            elif row["base"] > 0:
                label = group_label(results, group_by, group)
                cells = _evidence_cells(numbers, indicator.id, group_by, group)
                rows.append({"id": anchor(indicator.id, group_by, group), "cells": [cell(label, "group"), *cells]})
    notes = []
    if hidden:
        notes.append(
            words(
                "Groups not shown: {n}.",
                n=numbers.counted(
                    hidden, say("groups not shown: {statement}", statement=indicator.statement), evidence_
                ),
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


def _interval_words(results: Results, indicator: Indicator) -> Inlines:
    """Say by which method the interval was computed, or that there is none."""
    row = results.row(indicator.id)
    if math.isnan(row["low"]):
        return words("none could be computed")
    method = link(f"#{anchor('method')}", [])
    return words(
        "{name}; its level and what it means: {method}", name=translated(METHODS[row["method"]].name), method=method
    )


def _evidence_cells(numbers: Numbers, indicator: str, group_by: str, group: str) -> list[dict]:
    if numbers.hidden(indicator, group_by, group):
        return [cell(HIDDEN, "suppressed") for _ in range(6)]
    parts = [cell(numbers.part(name, indicator, group_by, group)) for name in ("eligible", "asked", "base")]
    withheld = numbers.results.wave.withholds_counts
    count = cell(HIDDEN) if withheld else cell(numbers.part("count", indicator, group_by, group))
    return [
        *parts,
        count,
        cell(numbers.share(indicator, group_by, group)),
        cell(numbers.interval(indicator, group_by, group)),
    ]
