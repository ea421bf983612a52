"""The figures of a report: an edition's estimates drawn, with the words that belong to each."""

from __future__ import annotations

from impact_report import charts
from impact_report.blocks import Inlines, quoted, words
from impact_report.codebook import Indicator, Section
from impact_report.numbers import Number, Numbers
from impact_report.parts.answers import drawn_groupings, shown_groups
from impact_report.parts.labels import by_value, group_label, grouping_label
from impact_report.results import Results
from impact_report.tally import EVERYONE

REMARK = "Invented respondents"


def draw_sections(results: Results) -> list[str]:
    """Draw and keep one figure a section: its indicators, largest share first; return the figures' names."""
    return [_section(results, section) for section in results.codebook.sections]


def draw_groups(results: Results) -> list[str]:
    """Draw and keep one figure a section for each grouping that `drawn_groupings` names; return the figures' names."""
    return [
        _section_by_group(results, section, group_by, shown_groups(results, group_by)[0])
        for group_by in drawn_groupings(results)
        for section in results.codebook.sections
    ]


def name_by_group(section: Section, group_by: str) -> str:
    """Return the name of the figure of a section by group."""
    return f"{section.id}-by-{group_by}"


def _section(results: Results, section: Section) -> str:
    numbers = Numbers(results)
    indicators = by_value(results, section)
    rows = [charts.Row(one.statement, (_mark(numbers, one),)) for one in indicators]
    shown = [one for one in indicators if not numbers.hidden(one.id)]
    printed = [number for one in shown for number in (numbers.share(one.id), numbers.x_of_n(one.id))]
    drawings = [charts.bars(rows, width, _remark(results)) for width in (charts.WIDE, charts.NARROW)]
    said = [f"{one.statement}: {_spoken(numbers, one)}" for one in shown]
    alt = f"Bar chart of shares of {results.codebook.survey.respondents}, largest first. " + "; ".join(said) + "."
    _keep(results, section.id, drawings, _range(numbers, section, shown), alt, section, printed, f"table-{section.id}")
    return section.id


def _section_by_group(results: Results, section: Section, group_by: str, groups: list[str]) -> str:
    numbers = Numbers(results)
    indicators = by_value(results, section)
    labels = [group_label(results, group_by, group) for group in groups]
    rows = [charts.Row(one.statement, tuple(_mark(numbers, one, group_by, g) for g in groups)) for one in indicators]
    visible = [(one, group) for one in indicators for group in groups if not numbers.hidden(one.id, group_by, group)]
    printed = [
        number
        for one, group in visible
        for number in (numbers.share(one.id, group_by, group), numbers.x_of_n(one.id, group_by, group))
    ]
    drawings = [charts.groups(rows, labels, width, _remark(results)) for width in (charts.WIDE, charts.NARROW)]
    said = []
    for one in indicators:
        parts = [
            f"{label} {_spoken(numbers, one, group_by, group)}"
            for label, group in zip(labels, groups, strict=True)
            if (one, group) in visible
        ]
        said.append(f"{one.statement}: {', '.join(parts) or 'not shown'}")
    by = grouping_label(results, group_by)
    alt = f"Chart of shares by {by}: {', '.join(labels)}. " + "; ".join(said) + "."
    name = name_by_group(section, group_by)
    title = words("{title}, by {by}", title=section.title, by=by)
    if widest := _widest(results, section, group_by, groups):
        one, high, low = widest
        title = words(
            "{title}, by {by}: furthest apart at {high} ({a}) and {low} ({b})",
            title=section.title,
            by=by,
            high=numbers.share(one.id, group_by, high),
            low=numbers.share(one.id, group_by, low),
            a=group_label(results, group_by, high),
            b=group_label(results, group_by, low),
        )
    _keep(results, name, drawings, title, alt, section, printed, f"table-by-{group_by}")
    return name


def _keep(
    results: Results,
    name: str,
    drawings: list[str],
    title: Inlines,
    alt: str,
    section: Section,
    printed: list[Number],
    table: str,
) -> None:
    survey, wave = results.codebook.survey, results.wave
    bases = sorted({number.base for number in printed})
    if len(bases) == 1:
        base = words(
            "each out of {n}", n=Number(str(bases[0]), f"base of the figure {name}", printed[0].evidence, base=bases[0])
        )
    else:
        base = words("the base stands beside each")
    kinds = "interval and x of n" if table == f"table-{section.id}" else "x of n"
    subtitle = words("Share of {word} with {kinds}; ", word=survey.respondents, kinds=kinds) + base
    source = words("{title}, {wave}", title=survey.title, wave=wave.title)
    if wave.invented:
        source += words(". {remark}", remark=REMARK)
    words_of_figure = {
        "title": title,
        "subtitle": subtitle,
        "alt": alt,
        "source": source,
        "numbers": [number.node() for number in printed],
        "table": table.replace("_", "-"),
        "made_by": quoted("notebook 03_charts from estimates.csv"),
    }
    results.keep_figure(name, *drawings, words_of_figure)


def _mark(
    numbers: Numbers, indicator: Indicator, group_by: str = EVERYONE, group: str = EVERYONE
) -> charts.Mark | None:
    if numbers.hidden(indicator.id, group_by, group):
        return None
    row = numbers.results.row(indicator.id, group_by, group)
    percent = numbers.share(indicator.id, group_by, group).text
    count = numbers.x_of_n(indicator.id, group_by, group).text
    return charts.Mark(float(row["proportion"]), float(row["low"]), float(row["high"]), percent, count)


def _spoken(numbers: Numbers, indicator: Indicator, group_by: str = EVERYONE, group: str = EVERYONE) -> str:
    share = numbers.share(indicator.id, group_by, group).text
    return f"{share}, {numbers.x_of_n(indicator.id, group_by, group).text}"


def _range(numbers: Numbers, section: Section, shown: list[Indicator]) -> Inlines:
    """Return the figure's finding: from which share to which."""
    if not shown:
        return quoted(section.title)
    if len(shown) == 1:
        return words("{title}: {share}", title=section.title, share=numbers.share(shown[0].id))
    return words(
        "{title}: the shares run from {low} to {high}",
        title=section.title,
        low=numbers.share(shown[-1].id),
        high=numbers.share(shown[0].id),
    )


def _widest(results: Results, section: Section, group_by: str, groups: list[str]) -> tuple[Indicator, str, str] | None:
    """Return the indicator on which two groups differ most, with the higher and the lower group."""
    table = results.by_group(group_by)
    table = table[table["group"].isin(groups) & ~table["suppressed"] & (table["section"] == section.id)]
    shares = table.pivot(index="indicator", columns="group", values="proportion").astype(float).dropna(thresh=2)
    if shares.empty:
        return None
    gap = shares.max(axis=1) - shares.min(axis=1)
    name = gap.idxmax()
    if gap[name] == 0:
        return None
    return results.indicator(name), shares.loc[name].idxmax(), shares.loc[name].idxmin()


def _remark(results: Results) -> str:
    return REMARK if results.wave.invented else ""
