"""The statements of a section by group: two groups side by side, more as small multiples."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from impact_report import charts
from impact_report.blocks import Inlines, words
from impact_report.codebook import Indicator, Section
from impact_report.contrasts import PAIR, REST
from impact_report.figures import keeping
from impact_report.figures.naming import LONGEST_ALONE, short_name
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


def names_by_group(results: Results, group_by: str) -> list[str]:
    """Return the names of the figures of one grouping, a section each; none where the grouping is not drawn."""
    drawn = group_by in drawn_groupings(results)
    return [name_by_group(section, group_by) for section in results.codebook.sections if drawn]


def _section(results: Results, section: Section, group_by: str) -> str:
    numbers = Numbers(results)
    groups, left_out = shown_groups(results, group_by)
    side_by_side = len(groups) <= charts.MOST_GROUPS and not left_out
    indicators = by_value(results, section)
    signs = differences.signs(results, group_by, groups)
    compared, _ = _differing(results, section, group_by)
    lettered = not side_by_side and PAIR in _kinds_beyond_chance(compared)
    labels = _labels(results, group_by, groups, lettered)
    rows = [_row(numbers, one, group_by, groups, signs) for one in indicators]
    places = [(r, column) for r, row in enumerate(rows) for column, mark in enumerate(row.marks) if mark is not None]
    printed = [
        number
        for r, column in places
        for number in keeping.share_and_count(numbers, indicators[r], group_by, groups[column])
    ]
    meanings = [[", ".join(one for _, one in signs.get((row.id, group), [])) for group in groups] for row in indicators]
    if left_out:
        meanings = [[*one, ""] for one in meanings]
        others = group_label(results, group_by, left_out[0]) if len(left_out) == 1 else say("all others")
        labels = [*labels, others]
        rows = [replace(row, marks=(*row.marks, None)) for row in rows]
    draw = charts.groups if side_by_side else charts.panels
    drawn = keeping.drawings(lambda width: draw(rows, labels, width, keeping.remark(results)))
    name = name_by_group(section, group_by)
    of_whom = say("{section}, by {grouping}", section=section.title, grouping=grouping_label(results, group_by))
    base = keeping.base_of(printed, of_whom) if printed else words("none can be shown")
    subtitle = keeping.shares_subtitle(results, False, base) + _which(results, section, group_by)
    said = {
        "title": _finding(results, section, group_by),
        "subtitle": subtitle if side_by_side else subtitle + _hatched(rows) + _signs(compared),
        "alt": _alt(results, rows, labels, group_by, meanings),
    }
    keeping.keep(
        results, name, drawn, printed, lambda spot: 2 * places.index((spot.row, spot.column)), said,
        f"table-by-{group_by}",
    )  # fmt: skip
    return name


def _labels(results: Results, group_by: str, groups: list[str], lettered: bool) -> list[str]:
    """Return the groups' labels, with the letters that signs beside shares refer to."""
    letters = differences.letters_of(results, group_by, groups) if lettered else {}
    return [differences.with_letter(group_label(results, group_by, one), letters.get(one)) for one in groups]


def _row(numbers: Numbers, indicator: Indicator, group_by: str, groups: list[str], signs: dict) -> charts.Row:
    """Return a statement with a mark for each group; a group of whom nobody is in the base has nothing to hide."""
    row = numbers.results.row
    marks = tuple(_mark(numbers, indicator, group_by, group, signs) for group in groups)
    not_asked = tuple(
        k for k, group in enumerate(groups) if marks[k] is None and not row(indicator.id, group_by, group)["suppressed"]
    )
    everyone = keeping.mark(numbers, indicator)
    differs = any((indicator.id, group) in signs for group in groups)
    return charts.Row(indicator.statement, marks, not_asked, everyone.share if everyone else None, differs)


def _mark(numbers: Numbers, indicator: Indicator, group_by: str, group: str, signs: dict) -> charts.Mark | None:
    """Return a group's share with the signs that it carries in the table."""
    found = keeping.mark(numbers, indicator, group_by, group)
    sign = " ".join(text for text, _ in signs.get((indicator.id, group), []))
    return replace(found, sign=sign) if found else None


def _differing(results: Results, section: Section, group_by: str) -> tuple[pd.DataFrame, list[Indicator]]:
    """Return what was compared in a section, and the statements in which a difference is beyond chance."""
    table = results.contrasts
    inside = [one.id for one in section.indicators]
    mine = table[(table["group_by"] == group_by) & table["indicator"].isin(inside)]
    found = set(mine.loc[mine["beyond_chance"], "indicator"])
    return mine, [one for one in section.indicators if one.id in found]


def _finding(results: Results, section: Section, group_by: str) -> Inlines:
    """Return what differs by more than chance would explain; that of few respondents says nothing else."""
    compared, differing = _differing(results, section, group_by)
    fields = {"title": section.title, "by": grouping_label(results, group_by)}
    if not len(compared):
        return words("{title}, by {by}", **fields)
    if not differing:
        return words("{title}, by {by}: no difference larger than chance would explain", **fields)
    evidence, found = differences.evidence_anchor(group_by), int(compared["beyond_chance"].sum())
    fields["count"] = Number(str(found), say("differences larger than chance would explain"), evidence, exact=found)
    fields["every"] = Number(str(len(compared)), say("differences compared"), evidence, exact=len(compared))
    if name := _named_alone(differing):
        return words(
            "{title}, by {by}: only “{statement}” differs by more than chance would explain ({count} of {every} "
            "comparisons)",
            statement=name, **fields,
        )  # fmt: skip
    return words("{title}, by {by}: {count} of {every} differences larger than chance would explain", **fields)


def _named_alone(differing: list[Indicator]) -> str:
    """Return the only statement that differs, if a title can name it."""
    name = short_name(differing[0]) if len(differing) == 1 else ""
    return name if len(name) <= LONGEST_ALONE else ""


def _which(results: Results, section: Section, group_by: str) -> Inlines:
    """Name the only statement that differs where the title cannot."""
    _, differing = _differing(results, section, group_by)
    if len(differing) != 1 or _named_alone(differing):
        return []
    return words("; larger than chance would explain: “{statement}”", statement=differing[0].statement)


def _kinds_beyond_chance(compared: pd.DataFrame) -> set[str]:
    return set(compared.loc[compared["beyond_chance"], "kind"])


def _signs(compared: pd.DataFrame) -> Inlines:
    """Say what the signs beside shares mean, if there are any."""
    kinds = _kinds_beyond_chance(compared)
    fields = {"larger": differences.LARGER, "smaller": differences.SMALLER}
    if kinds == {REST}:
        return words("; {larger} or {smaller}: larger or smaller than among all others, beyond chance", **fields)
    if kinds == {PAIR}:
        return words("; a letter: larger than in the group with that letter, beyond chance")
    if kinds:
        return words(
            "; {larger} or {smaller}: larger or smaller than among all others, a letter: larger than in the group with "
            "that letter, both beyond chance",
            **fields,
        )
    return []


def _hatched(rows: list[charts.Row]) -> Inlines:
    """Say what is hatched, if anything is."""
    hidden = any(mark is None and column not in row.not_asked for row in rows for column, mark in enumerate(row.marks))
    return words("; hatched: too few answered, or hidden so that a small group cannot be deduced") if hidden else []


def _alt(results: Results, rows: list[charts.Row], labels: list[str], group_by: str, meanings: list[list[str]]) -> str:
    """Return the alt text; `meanings` are what the signs beside the shares say, by row and group."""
    said = []
    for row, of_row in zip(rows, meanings, strict=True):
        parts = [
            _share_aloud(label, mark, meaning)
            for label, mark, meaning in zip(labels, row.marks, of_row, strict=True)
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


def _share_aloud(label: str, mark: charts.Mark, meaning: str) -> str:
    """Return a group's share as the alt text says it, and what it is larger or smaller than."""
    fields = {"group": label, "share": mark.percent, "count": mark.count}
    if meaning:
        return say("{group} {share}, {count} ({meaning}, by more than chance would explain)", meaning=meaning, **fields)
    return say("{group} {share}, {count}", **fields)
