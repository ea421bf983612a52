"""Who answered: rows in and kept, and the groups respondents belong to."""

from __future__ import annotations

import pandas as pd

from impact_report import plausibility
from impact_report.blocks import Block, Inlines, cell, column, paragraph, table, words
from impact_report.numbers import Number, Numbers, anchor
from impact_report.parts.labels import group_label, grouping_label
from impact_report.parts.response import rate_words
from impact_report.results import Results


def who_answered(results: Results) -> list[Block]:
    """Return who the respondents are: a sentence, and a table for each grouping."""
    numbers = Numbers(results)
    respondents = numbers.respondents
    lines = [
        words(
            "The export holds {rows} rows: {kept} kept and {dropped} set aside.",
            rows=row_count(numbers, "rows_in", "rows in the export"),
            dropped=row_count(numbers, "rows_dropped", "rows set aside"),
            kept=row_count(numbers, "rows_kept", "rows kept"),
        )
    ]
    if results.edition.group:
        label = group_label(results, *results.edition.group_of)
        lines.append(words("This edition is about {n} of them: {group}.", n=respondents, group=label))
    size = results.wave.population.size
    universe = results.wave.population.universe
    lines.append(words("The survey is about {universe}.", universe=universe.rstrip(".")))
    if size:
        population = numbers.counted(size, "members of the population", anchor("method"), rule="stated in wave.yml")
        stated = results.wave.response is not None
        lines.append(words("They are {size} in all.", size=population) if stated else _share(numbers, population))
    lines.append(rate_words(results))
    return [paragraph(*lines), *(_members(results, group_by) for group_by in results.groupings)]


def _share(numbers: Numbers, population: Number) -> Inlines:
    """Say which share of the population answered, where what became of the others is not known."""
    kept, size = numbers.results.cleaning["rows_kept"], numbers.results.wave.population.size
    share = Number(
        f"{int(plausibility.round_half_up_percent(kept, size))}%",
        "respondents as a share of the population",
        anchor("rows"),
        exact=kept / size,
        numerator=kept,
        base=size,
        rule="rows kept out of the population's size",
    )
    return words("They are {size} in all, and {share} of them answered.", size=population, share=share)


def row_count(numbers: Numbers, name: str, what: str) -> Number:
    """Return one of the ledger's sums: rows_in, rows_kept or rows_dropped."""
    return numbers.counted(numbers.results.cleaning[name], what, anchor("rows"), rule="counted in the ledger")


def membership(results: Results, group_by: str) -> pd.DataFrame:
    """Return each group with its respondents, largest first, then those that are hidden, in the codebook's order."""
    groups = results.members[results.members["group_by"] == group_by]
    return groups.sort_values("respondents", ascending=False, kind="stable", na_position="last")


def _share_of_respondents(count: int, total: int, label: str, evidence: str) -> Number:
    text = f"{int(plausibility.round_half_up_percent(count, total))}%"
    what = f"share of respondents: {label}"
    return Number(text, what, evidence, exact=count / total, numerator=count, base=total)


def _members(results: Results, group_by: str) -> Block:
    numbers = Numbers(results)
    members = membership(results, group_by)
    total = len(results.responses)
    rows = []
    for one in members[~members["suppressed"] & (members["respondents"].fillna(0) > 0)].itertuples():
        evidence = anchor("members", group_by)
        label = group_label(results, group_by, one.group)
        number = int(one.respondents)
        count = numbers.counted(number, f"respondents: {label}", evidence, numerator=number, base=total)
        share = _share_of_respondents(number, total, label, evidence)
        rows.append([cell(label), cell(count), cell(share)])
    hidden = members[members["suppressed"]]
    # one sum of the hidden groups and of those who did not state theirs: two would tell more
    together = total - int(members["respondents"].sum())
    not_stated = bool(results.responses[group_by].isna().any())
    notes = []
    if together:
        kinds = ["groups too small to show"] * bool(len(hidden)) + ["not stated"] * not_stated
        label = " and ".join(kinds).capitalize()
        evidence = anchor("members", group_by)
        count = numbers.counted(together, f"respondents: {label}", evidence, numerator=together, base=total)
        share = _share_of_respondents(together, total, label, evidence)
        rows.append([cell(label), cell(count), cell(share)])
    if len(hidden):
        names = ", ".join(group_label(results, group_by, code) for code in hidden["group"])
        few = "a small one, or the few who did not state theirs," if not_stated else "a small one"
        notes.append(
            words("Too small to show, or hidden so that {few} cannot be deduced: {names}.", few=few, names=names)
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
    )
