"""What has changed since an earlier wave, largest rise first."""

from __future__ import annotations

from impact_report import charts
from impact_report.blocks import Inlines, words
from impact_report.charts import Spot
from impact_report.exporters.structure import plain_text
from impact_report.figures import keeping
from impact_report.language import say
from impact_report.numbers import Number, anchor
from impact_report.parts import changes
from impact_report.results import Results

_CHANGE = 2  # the column of a drawing in which the change stands


def draw_change(results: Results) -> list[str]:
    """Draw and keep the figures of what has changed, largest rise first; return their names, if anything is compared.

    Few changes are one figure, more of them one a section.
    """
    if not results.compared or not len(changes.compared(results)):
        return []
    figures = changes.in_figures(results)
    for name, found in figures.items():
        _draw(results, name, list(found.itertuples()))
    return list(figures)


def _draw(results: Results, name: str, rows: list) -> None:
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
    remark = say("Invented respondents") if rows[0].invented else ""
    drawn = keeping.drawings(lambda width: charts.steps(steps, titles, say("points"), width, remark))

    def place(spot: Spot) -> int:
        return 2 * len(printed) + spot.row if spot.column == _CHANGE else 2 * (2 * spot.row + spot.column)

    numbers = [number for pair in printed for number in pair] + moved
    section = _section_of(results, name, rows)
    said = _words(results, section, rows, printed, moved)
    keeping.keep(results, name, drawn, numbers, place, said, changes.TABLE, "change.csv")


def _section_of(results: Results, name: str, rows: list) -> str:
    """Return the title of the section whose changes a figure has; "" where it has them all."""
    if name == changes.FIGURE:
        return ""
    ids = [{each.id for each in section.indicators} for section in results.codebook.sections]
    place = next(place for place, found in enumerate(ids) if rows[0].indicator in found)
    return results.codebook.sections[place].title


def _words(
    results: Results, section: str, rows: list, printed: list[tuple[Number, Number]], moved: list[Number]
) -> dict:
    """Return title, subtitle, alt text and source."""
    earlier, now = changes.titles(results)
    weighted = changes.weighted(results)
    unweighted = words(". {weighted}, counts and bases are not", weighted=weighted) if weighted else []
    source = words("{title}, {earlier} and {now}", title=results.codebook.survey.title, earlier=earlier, now=now)
    subtitle = words("Shares then and now, and out of how many; the largest rise first")
    said = [
        _aloud(one, before.text, of_before.text, after.text, of_after.text, change.text)
        for one, (before, of_before), (after, of_after), change in zip(
            rows, printed[::2], printed[1::2], moved, strict=True
        )
    ]
    return {
        "title": _finding(rows, section, earlier),
        "subtitle": subtitle + unweighted,
        "alt": say(
            "Chart of shares in {earlier} and in {now}, the largest rise first{unweighted}. {shares}.",
            earlier=earlier,
            now=now,
            unweighted=plain_text(unweighted),
            shares="; ".join(said),
        ),
        "source": source + (words(". {remark}", remark=say("Invented respondents")) if rows[0].invented else []),
    }


def _aloud(one, before: str, of_before: str, after: str, of_after: str, change: str) -> str:
    """Return one change as the alt text says it."""
    fields = {"before": before, "of_before": of_before, "after": after, "of_after": of_after, "change": change}
    if one.larger_than_chance:
        return say(
            "{statement}: {before} ({of_before}), then {after} ({of_after}), {change} points, larger than chance would "
            "explain",
            statement=one.statement,
            **fields,
        )
    return say(
        "{statement}: {before} ({of_before}), then {after} ({of_after}), {change} points",
        statement=one.statement,
        **fields,
    )


def _finding(rows: list, section: str, earlier: str) -> Inlines:
    larger, evidence = sum(bool(one.larger_than_chance) for one in rows), anchor("change")
    fields = {"title": section, "earlier": earlier}
    if not larger:
        if section:
            return words("{title}, since {earlier}: no change larger than chance would explain", **fields)
        return words("Since {earlier}: no change larger than chance would explain", earlier=earlier)
    what = (say("changes larger than chance would explain"), say("statements compared with the earlier wave"))
    if section:
        what = tuple(say("{what}: {statement}", what=one, statement=section) for one in what)
    found = Number(str(larger), what[0], evidence, exact=larger)
    every = Number(str(len(rows)), what[1], evidence, exact=len(rows))
    if section:
        return words(
            "{title}, since {earlier}: {found} of {every} changes larger than chance would explain",
            found=found,
            every=every,
            **fields,
        )
    return words(
        "Since {earlier}: {found} of {every} changes larger than chance would explain",
        earlier=earlier,
        found=found,
        every=every,
    )
