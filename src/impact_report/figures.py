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
    printed = {(one.id, 0): (numbers.share(one.id), numbers.x_of_n(one.id)) for one in shown}
    drawings = [charts.bars(rows, width, _remark(results)) for width in (charts.WIDE, charts.NARROW)]
    said = [f"{one.statement}: {_spoken(numbers, one)}" for one in shown]
    alt = f"Bar chart of shares of {results.codebook.survey.respondents}, largest first. " + "; ".join(said) + "."
    _keep(
        results,
        section.id,
        drawings,
        indicators,
        _range(numbers, section, shown),
        alt,
        section,
        printed,
        f"table-{section.id}",
    )
    return section.id


def _section_by_group(results: Results, section: Section, group_by: str, groups: list[str]) -> str:
    numbers = Numbers(results)
    indicators = by_value(results, section)
    labels = [group_label(results, group_by, group) for group in groups]
    rows = [charts.Row(one.statement, tuple(_mark(numbers, one, group_by, g) for g in groups)) for one in indicators]
    visible = [(one, group) for one in indicators for group in groups if not numbers.hidden(one.id, group_by, group)]
    printed = {
        (one.id, groups.index(group)): (
            numbers.share(one.id, group_by, group),
            numbers.x_of_n(one.id, group_by, group),
        )
        for one, group in visible
    }
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
    _keep(results, name, drawings, indicators, title, alt, section, printed, f"table-by-{group_by}")
    return name


def _keep(
    results: Results,
    name: str,
    drawings: list[charts.Drawing],
    indicators: list[Indicator],
    title: Inlines,
    alt: str,
    section: Section,
    printed: dict[tuple[str, int], tuple[Number, Number]],
    table: str,
) -> None:
    survey, wave = results.codebook.survey, results.wave
    flat = [number for pair in printed.values() for number in pair]
    bases = sorted({number.base for number in flat})
    if len(bases) == 1:
        base = words(
            "each out of {n}", n=Number(str(bases[0]), f"base of the figure {name}", flat[0].evidence, base=bases[0])
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
        "numbers": [number.node() for number in flat],
        "links": _links(drawings[0], indicators, list(printed)),
        "links_narrow": _links(drawings[1], indicators, list(printed)),
        "table": table.replace("_", "-"),
        "made_by": quoted("notebook 03_charts from estimates.csv"),
    }
    results.keep_figure(name, *(drawing.svg for drawing in drawings), words_of_figure)


def _links(drawing: charts.Drawing, indicators: list[Indicator], printed: list[tuple[str, int]]) -> list[dict]:
    """Return where each share stands in a drawing, with the position of its number among the figure's."""
    return [
        {
            "number": 2 * printed.index((indicators[spot.row].id, spot.column)),
            "x": spot.x,
            "y": spot.y,
            "width": spot.width,
            "height": spot.height,
        }
        for spot in drawing.spots
    ]


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


def _remark(results: Results) -> str:
    return REMARK if results.wave.invented else ""
