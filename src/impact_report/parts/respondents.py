"""Who answered: rows in and kept, and the groups respondents belong to."""

from __future__ import annotations

import pandas as pd

from impact_report.blocks import Block, Inlines, cell, column, paragraph, table, words
from impact_report.language import say
from impact_report.numbers import Number, Numbers, anchor, percent_out_of
from impact_report.parts.labels import group_label, grouping_label, made_by
from impact_report.parts.response import rate_words
from impact_report.results import Results


def who_answered(results: Results) -> Block:
    """Return who the respondents are, in words."""
    numbers = Numbers(results)
    respondents = numbers.respondents
    lines = [
        words(
            "The export has {rows} rows: {kept} were kept and {dropped} set aside.",
            rows=row_count(numbers, "rows_in", say("rows in the export")),
            dropped=row_count(numbers, "rows_dropped", say("rows set aside")),
            kept=row_count(numbers, "rows_kept", say("rows kept")),
        )
    ]
    if results.edition.group:
        label = group_label(results, *results.edition.group_of)
        lines.append(words("This edition is about {n} of them: {group}.", n=respondents, group=label))
    size = results.wave.population.size
    universe = results.wave.population.universe
    lines.append(words("The survey is about {universe}.", universe=universe.rstrip(".")))
    if size:
        what, rule = say("members of the population"), say("stated in wave.yml")
        population = numbers.counted(size, what, anchor("method"), rule=rule)
        stated = results.wave.response is not None
        lines.append(words("They are {size} in all.", size=population) if stated else _share(numbers, population))
    lines.append(rate_words(results))
    return paragraph(*lines)


def _share(numbers: Numbers, population: Number) -> Inlines:
    """Say which share of the population answered, where what became of the others is not known."""
    kept, size = numbers.results.cleaning["rows_kept"], numbers.results.wave.population.size
    share = Number(
        percent_out_of(kept, size),
        say("respondents as a share of the population"),
        anchor("rows"),
        exact=kept / size,
        numerator=kept,
        base=size,
        rule=say("rows kept out of the population's size"),
    )
    return words("They are {size} in all, and {share} of them answered.", size=population, share=share)


def row_count(numbers: Numbers, name: str, what: str) -> Number:
    """Return one of the ledger's sums: rows_in, rows_kept or rows_dropped."""
    return numbers.counted(numbers.results.cleaning[name], what, anchor("rows"), rule=say("counted in the ledger"))


def membership(results: Results, group_by: str) -> pd.DataFrame:
    """Return each group with its respondents, largest first, then those that are hidden, in the codebook's order."""
    groups = results.members[results.members["group_by"] == group_by]
    return groups.sort_values("respondents", ascending=False, kind="stable", na_position="last")


def _share_of_respondents(count: int, total: int, label: str, evidence: str) -> Number:
    what = say("share of respondents: {label}", label=label)
    return Number(percent_out_of(count, total), what, evidence, exact=count / total, numerator=count, base=total)


def _row(numbers: Numbers, count: int, total: int, label: str, evidence: str) -> list[dict]:
    what = say("respondents: {label}", label=label)
    number = numbers.counted(count, what, evidence, numerator=count, base=total)
    return [cell(label), cell(number), cell(_share_of_respondents(count, total, label, evidence))]


def _label_of_others(hidden: bool, not_stated: bool) -> str:
    """Return what those are called who are in no group that is shown."""
    if hidden and not_stated:
        return say("Groups too small to show and not stated")
    return say("Groups too small to show") if hidden else say("Not stated")


def members_table(results: Results, group_by: str) -> Block:
    """Return how many respondents are in each group of a grouping, largest first, and which groups are hidden."""
    numbers = Numbers(results)
    members = membership(results, group_by)
    total = len(results.responses)
    evidence = anchor("members", group_by)
    rows = [
        _row(numbers, int(one.respondents), total, group_label(results, group_by, one.group), evidence)
        for one in members[~members["suppressed"] & (members["respondents"].fillna(0) > 0)].itertuples()
    ]
    hidden = members[members["suppressed"]]
    # one sum of the hidden groups and of those who did not state theirs: two would tell more
    together = total - int(members["respondents"].sum())
    not_stated = bool(results.responses[group_by].isna().any())
    notes = []
    if together:
        rows.append(_row(numbers, together, total, _label_of_others(len(hidden) > 0, not_stated), evidence))
    if len(hidden):
        names = ", ".join(group_label(results, group_by, code) for code in hidden["group"])
        notes.append(
            words(
                "Too small to show, or hidden to protect a small group or the few who did not state theirs: {names}.",
                names=names,
            )
            if not_stated
            else words("Too small to show, or hidden to protect a small group: {names}.", names=names)
        )
    empty = members[members["respondents"] == 0]
    if len(empty):
        names = ", ".join(group_label(results, group_by, code) for code in empty["group"])
        notes.append(words("No respondents: {names}.", names=names))
    return table(
        f"table-members-{group_by}".replace("_", "-"),
        words("Respondents by {grouping}", grouping=grouping_label(results, group_by)),
        [
            column(results.asked(group_by).wording, 4),
            column("Respondents", 1, "right"),
            column("Share", 1, "right"),
        ],
        rows,
        notes,
        made_by=made_by("members.parquet"),
    )
