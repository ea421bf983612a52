"""Who answered: rows in and kept, and the groups respondents belong to."""

from __future__ import annotations

import pandas as pd

from impact_report import disclosure, plausibility
from impact_report.blocks import Block, cell, column, paragraph, table, words
from impact_report.numbers import Number, Numbers, anchor
from impact_report.parts.labels import group_label, grouping_label
from impact_report.results import Results
from impact_report.tally import EVERYONE


def who_answered(results: Results) -> list[Block]:
    """Return who the respondents are: a sentence, and a table for each grouping."""
    numbers = Numbers(results)
    cleaning, respondents = results.cleaning, numbers.respondents
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
        rate = Number(
            f"{int(plausibility.round_half_up_percent(cleaning['rows_kept'], size))}%",
            "respondents as a share of the population",
            anchor("rows"),
            exact=cleaning["rows_kept"] / size,
            numerator=cleaning["rows_kept"],
            base=size,
            rule="rows kept out of the population's size",
        )
        lines.append(
            words(
                "They are {size} in all, and {rate} of them answered.",
                size=population,
                rate=rate,
            )
        )
    return [paragraph(*lines), *(_members(results, group_by) for group_by in results.groupings)]


def row_count(numbers: Numbers, name: str, what: str) -> Number:
    """Return one of the ledger's sums: rows_in, rows_kept or rows_dropped."""
    return numbers.counted(numbers.results.cleaning[name], what, anchor("rows"), rule="counted in the ledger")


def membership(results: Results, group_by: str) -> pd.DataFrame:
    """Return each group with its respondents, largest first; `suppressed` where they are too few to name a number."""
    responses = results.responses
    codes = list(results.codebook.items[group_by].codes)
    counts = responses[group_by].value_counts().reindex(codes, fill_value=0).astype(int)
    rows = [{"indicator": "members", "group_by": EVERYONE, "group": EVERYONE, "base": len(responses)}]
    rows += [{"indicator": "members", "group_by": group_by, "group": code, "base": int(counts[code])} for code in codes]
    frame = pd.DataFrame(rows).assign(count=lambda one: one["base"])
    frame["suppressed"] = disclosure.suppress(frame, results.wave.minimum_base)
    groups = frame[frame["group_by"] == group_by]
    return groups.sort_values("base", ascending=False, kind="stable")


def _share_of_respondents(count: int, total: int, label: str, evidence: str) -> Number:
    text = f"{int(plausibility.round_half_up_percent(count, total))}%"
    what = f"share of respondents: {label}"
    return Number(text, what, evidence, exact=count / total, numerator=count, base=total)


def _members(results: Results, group_by: str) -> Block:
    numbers = Numbers(results)
    members = membership(results, group_by)
    total = len(results.responses)
    rows = []
    for one in members[~members["suppressed"] & (members["base"] > 0)].itertuples():
        evidence = anchor("members", group_by)
        label = group_label(results, group_by, one.group)
        count = numbers.counted(one.base, f"respondents: {label}", evidence, numerator=one.base, base=total)
        share = _share_of_respondents(one.base, total, label, evidence)
        rows.append([cell(label), cell(count), cell(share)])
    hidden = members[members["suppressed"]]
    not_stated = total - int(members["base"].sum())
    notes = []
    if len(hidden) or not_stated:
        # one sum: a second one would give the hidden groups away
        together = int(hidden["base"].sum()) + not_stated
        kinds = ["groups too small to show"] * bool(len(hidden)) + ["not stated"] * bool(not_stated)
        label = " and ".join(kinds).capitalize()
        evidence = anchor("members", group_by)
        count = numbers.counted(together, f"respondents: {label}", evidence, numerator=together, base=total)
        share = _share_of_respondents(together, total, label, evidence)
        rows.append([cell(label), cell(count), cell(share)])
    if len(hidden):
        names = ", ".join(group_label(results, group_by, code) for code in hidden["group"])
        notes.append(words("Too small to show, or hidden so that a small one cannot be deduced: {names}.", names=names))
    empty = members[members["base"] == 0]
    if len(empty):
        names = ", ".join(group_label(results, group_by, code) for code in empty["group"])
        notes.append(words("No respondents: {names}.", names=names))
    return table(
        f"table-members-{group_by}".replace("_", "-"),
        words("Respondents by {grouping}", grouping=grouping_label(results, group_by)),
        [
            column(results.codebook.items[group_by].wording, 4),
            column("Respondents", 1, "right"),
            column("Share", 1, "right"),
        ],
        rows,
        notes,
    )
