"""The figures of a report: an edition's estimates drawn, with the words that belong to each."""

from __future__ import annotations

from impact_report import charts
from impact_report.blocks import Inlines, quoted, words
from impact_report.codebook import Indicator, Section
from impact_report.exporters.structure import plain_text
from impact_report.numbers import Number, Numbers, anchor
from impact_report.parts import changes
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


def draw_change(results: Results) -> list[str]:
    """Draw and keep the figure of what has changed, largest rise first; return its name, if anything is compared."""
    if not results.compared or not len(changes.compared(results)):
        return []
    rows = list(changes.compared(results).itertuples())
    titles = changes.titles(results)
    printed = [
        (changes.share(results, one, when), changes.x_of_n(results, one, when))
        for one in rows
        for when in (changes.EARLIER, changes.NOW)
    ]
    moved = [changes.in_points(results, one) for one in rows]
    steps = [
        charts.Step(
            one.statement,
            tuple(charts.Point(share.exact, share.text, count.text) for share, count in printed[2 * k : 2 * k + 2]),
            moved[k].text,
            bool(one.larger_than_chance),
        )
        for k, one in enumerate(rows)
    ]
    remark = REMARK if rows[0].invented else ""
    drawings = [charts.steps(steps, titles, "points", width, remark) for width in (charts.WIDE, charts.NARROW)]
    results.keep_figure(
        changes.FIGURE, *(one.svg for one in drawings), _words_of_change(results, drawings, printed, moved)
    )
    return [changes.FIGURE]


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
    alt = (
        f"Bar chart of {_kind(results)} of {results.codebook.survey.respondents}, largest first. "
        + "; ".join(said)
        + "."
    )
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
    alt = f"Chart of {_kind(results)} by {by}: {', '.join(labels)}. " + "; ".join(said) + "."
    name = name_by_group(section, group_by)
    title = words("{title}, by {by}", title=section.title, by=by)
    _keep(results, name, drawings, indicators, title, alt, section, printed, f"table-by-{group_by}")
    return name


def _words_of_change(
    results: Results, drawings: list[charts.Drawing], printed: list[tuple[Number, Number]], moved: list[Number]
) -> dict:
    """Return the words of the figure of what has changed; its numbers are the shares and counts, then the changes."""
    earlier, now = changes.titles(results)
    rows = list(changes.compared(results).itertuples())
    said = [
        f"{one.statement}: {before.text} ({of_before.text}), then {after.text} ({of_after.text}), {change.text} points"
        for one, (before, of_before), (after, of_after), change in zip(
            rows, printed[::2], printed[1::2], moved, strict=True
        )
    ]
    weighted = changes.weighted(results)
    weighted = words(". {weighted}, counts and bases are not", weighted=weighted) if weighted else []
    larger = sum(bool(one.larger_than_chance) for one in rows)
    found = Number(str(larger), "changes larger than chance would explain", anchor("change"), exact=larger)
    every = Number(str(len(rows)), "statements compared with the earlier wave", anchor("change"), exact=len(rows))
    source = words("{title}, {earlier} and {now}", title=results.codebook.survey.title, earlier=earlier, now=now)
    links = [
        [
            {
                "number": 2 * len(printed) + spot.row if spot.column == 2 else 2 * (2 * spot.row + spot.column),
                **{side: getattr(spot, side) for side in ("x", "y", "width", "height")},
            }
            for spot in drawing.spots
        ]
        for drawing in drawings
    ]
    return {
        "title": words(
            "Since {earlier}: changes larger than chance would explain, {found} of {every}",
            earlier=earlier,
            found=found,
            every=every,
        ),
        "subtitle": words(
            "Shares then and now, and out of how many; the largest rise first; a dark line: larger than chance explains"
        )
        + weighted,
        "alt": f"Chart of shares in {earlier} and in {now}, the largest rise first{plain_text(weighted)}. "
        + "; ".join(said)
        + ".",
        "source": source + (words(". {remark}", remark=REMARK) if rows[0].invented else []),
        "numbers": [number.node() for pair in printed for number in pair] + [number.node() for number in moved],
        "links": links[0],
        "links_narrow": links[1],
        "table": changes.TABLE,
        "made_by": quoted("notebook 03_charts from change.csv"),
    }


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
    kinds = ("unweighted base" if wave.withholds_counts else "unweighted x of n") if wave.weighted else "x of n"
    if table == f"table-{section.id}":
        kinds = f"interval and {kinds}"
    opening = "Weighted share" if wave.weighted else "Share"
    subtitle = words(opening + " of {word} with {kinds}; ", word=survey.respondents, kinds=kinds) + base
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
    # a drawing has digits as well
    places = (numbers.results.coarse(float(row[name]), name) for name in ("proportion", "low", "high"))
    return charts.Mark(*places, percent, count)


def _spoken(numbers: Numbers, indicator: Indicator, group_by: str = EVERYONE, group: str = EVERYONE) -> str:
    share = numbers.share(indicator.id, group_by, group).text
    return f"{share}, {numbers.x_of_n(indicator.id, group_by, group).text}"


def _kind(results: Results) -> str:
    """Return what a chart's shares are, for its alt text."""
    if not results.wave.weighted:
        return "shares"
    return f"weighted shares, with unweighted {'bases' if results.wave.withholds_counts else 'counts'},"


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
