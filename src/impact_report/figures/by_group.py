"""The statements of a section by group: two groups side by side, more as small multiples."""

from __future__ import annotations

from impact_report import charts
from impact_report.blocks import Inlines, words
from impact_report.codebook import Indicator, Section
from impact_report.figures import keeping
from impact_report.language import say
from impact_report.numbers import Number, Numbers
from impact_report.parts import differences
from impact_report.parts.answers import drawn_groupings, shown_groups
from impact_report.parts.labels import by_value, group_label, grouping_label
from impact_report.results import Results


def draw_groups(results: Results) -> list[str]:
    """Draw and keep one figure a section for each grouping that `drawn_groupings` names; return the figures' names."""
    return [
        _section(results, section, group_by)
        for group_by in drawn_groupings(results)
        for section in results.codebook.sections
    ]


def name_by_group(section: Section, group_by: str) -> str:
    """Return the name of the figure of a section by group."""
    return f"{section.id}-by-{group_by}"


def _section(results: Results, section: Section, group_by: str) -> str:
    numbers = Numbers(results)
    groups, left_out = shown_groups(results, group_by)
    indicators = by_value(results, section)
    labels = [group_label(results, group_by, group) for group in groups]
    rows = [_row(numbers, one, group_by, groups) for one in indicators]
    places = [(r, column) for r, row in enumerate(rows) for column, mark in enumerate(row.marks) if mark is not None]
    printed = [
        number
        for r, column in places
        for number in keeping.share_and_count(numbers, indicators[r], group_by, groups[column])
    ]
    side_by_side = len(groups) <= charts.MOST_GROUPS and not left_out
    if left_out:
        others = group_label(results, group_by, left_out[0]) if len(left_out) == 1 else say("all others")
        labels = [*labels, others]
        rows = [charts.Row(row.statement, (*row.marks, None), row.not_asked, row.of_all) for row in rows]
    draw = charts.groups if side_by_side else charts.panels
    drawn = keeping.drawings(lambda width: draw(rows, labels, width, keeping.remark(results)))
    name = name_by_group(section, group_by)
    base = keeping.base_of(printed, name) if printed else words("none can be shown")
    subtitle = keeping.shares_subtitle(results, False, base)
    said = {
        "title": _finding(results, section, group_by),
        "subtitle": subtitle if side_by_side else subtitle + _hatched(rows),
        "alt": _alt(results, rows, labels, group_by),
    }
    keeping.keep(
        results, name, drawn, printed, lambda spot: 2 * places.index((spot.row, spot.column)), said,
        f"table-by-{group_by}",
    )  # fmt: skip
    return name


def _row(numbers: Numbers, indicator: Indicator, group_by: str, groups: list[str]) -> charts.Row:
    """Return a statement with a mark for each group; a group of whom nobody is in the base has nothing to hide."""
    row = numbers.results.row
    marks = tuple(keeping.mark(numbers, indicator, group_by, group) for group in groups)
    not_asked = tuple(
        k for k, group in enumerate(groups) if marks[k] is None and not row(indicator.id, group_by, group)["suppressed"]
    )
    everyone = keeping.mark(numbers, indicator)
    return charts.Row(indicator.statement, marks, not_asked, everyone.share if everyone else None)


def _finding(results: Results, section: Section, group_by: str) -> Inlines:
    """Return how many differences are larger than chance would explain; that of few respondents says nothing else."""
    by = grouping_label(results, group_by)
    inside = [one.id for one in section.indicators]
    table = results.contrasts
    mine = table[(table["group_by"] == group_by) & table["indicator"].isin(inside)]
    fields = {"title": section.title, "by": by}
    if not len(mine):
        return words("{title}, by {by}", **fields)
    found = int(mine["beyond_chance"].sum())
    if not found:
        return words("{title}, by {by}: no difference larger than chance would explain", **fields)
    evidence = differences.evidence_anchor(group_by)
    count = Number(str(found), say("differences larger than chance would explain"), evidence, exact=found)
    every = Number(str(len(mine)), say("differences compared"), evidence, exact=len(mine))
    return words(
        "{title}, by {by}: {count} of {every} differences larger than chance would explain",
        count=count, every=every, **fields,
    )  # fmt: skip


def _hatched(rows: list[charts.Row]) -> Inlines:
    """Say what is hatched, if anything is."""
    hidden = any(mark is None and column not in row.not_asked for row in rows for column, mark in enumerate(row.marks))
    return words("; hatched: too few answered, or hidden so that a small group cannot be deduced") if hidden else []


def _alt(results: Results, rows: list[charts.Row], labels: list[str], group_by: str) -> str:
    said = []
    for row in rows:
        parts = [
            say("{group} {share}, {count}", group=label, share=mark.percent, count=mark.count)
            for label, mark in zip(labels, row.marks, strict=True)
            if mark
        ]
        shares = ", ".join(parts) or say("not shown")
        said.append(say("{statement}: {shares}", statement=row.statement, shares=shares))
    return say(
        "Chart of {kind} by {by}: {groups}. {shares}.",
        kind=keeping.kind_of_shares(results),
        by=grouping_label(results, group_by),
        groups=", ".join(labels),
        shares="; ".join(said),
    )
