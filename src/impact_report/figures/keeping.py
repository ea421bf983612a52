"""What all figures have: both drawings, a source, links on their numbers, and the table with their data."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from impact_report import charts
from impact_report.blocks import Inlines, words
from impact_report.charts import Drawing, Spot
from impact_report.codebook import Indicator
from impact_report.language import say
from impact_report.numbers import Number, Numbers, whole
from impact_report.results import Results
from impact_report.tally import EVERYONE


def drawings(draw: Callable[[float], Drawing]) -> tuple[Drawing, Drawing]:
    """Return a chart drawn wide and narrow."""
    return draw(charts.WIDE), draw(charts.NARROW)


def keep(
    results: Results,
    name: str,
    drawn: tuple[Drawing, Drawing],
    numbers: Sequence[Number],
    place: Callable[[Spot], int],
    said: dict,
    table: str,
    made_from: str = "estimates.csv",
) -> None:
    """Keep a figure: `place` says at which place of `numbers` the number of a spot stands; `said` are its words."""
    kept = {
        "source": source(results),
        "numbers": [number.node() for number in numbers],
        "links": _links(drawn[0], place),
        "links_narrow": _links(drawn[1], place),
        "table": table.replace("_", "-"),
        "made_by": words("notebook {notebook} from {file}", notebook="03_charts", file=made_from),
    }
    results.keep_figure(name, drawn[0].svg, drawn[1].svg, kept | said)


def source(results: Results) -> Inlines:
    """Return the survey and the wave, and that respondents are invented."""
    said = words("{title}, {wave}", title=results.codebook.survey.title, wave=results.wave.title)
    return said + (words(". {remark}", remark=remark(results)) if results.wave.invented else [])


def remark(results: Results) -> str:
    """Return what stands in each drawing itself, where respondents are invented."""
    return say("Invented respondents") if results.wave.invented else ""


def base_of(numbers: Sequence[Number], what_of: str) -> Inlines:
    """Return the base that all numbers of a figure of something share, or where their bases stand."""
    bases = {number.base for number in numbers}
    if len(bases) != 1:
        return words("the base stands beside each")
    (base,) = bases
    what = say("base of the figure “{figure}”", figure=what_of)
    return words("each out of {n}", n=Number(whole(base), what, numbers[0].evidence, exact=float(base), base=base))


def mark(numbers: Numbers, indicator: Indicator, group_by: str = EVERYONE, group: str = EVERYONE) -> charts.Mark | None:
    """Return an estimate to be drawn; None where it is hidden or there is none."""
    if numbers.hidden(indicator.id, group_by, group):
        return None
    row = numbers.results.row(indicator.id, group_by, group)
    percent = numbers.share(indicator.id, group_by, group).text
    count = numbers.x_of_n(indicator.id, group_by, group).text
    # a drawing has digits as well
    places = (numbers.results.coarse(float(row[name]), name) for name in ("proportion", "low", "high"))
    return charts.Mark(*places, percent, count)


def share_and_count(numbers: Numbers, indicator: Indicator, *group: str) -> tuple[Number, Number]:
    """Return the two numbers that are printed beside a mark."""
    return numbers.share(indicator.id, *group), numbers.x_of_n(indicator.id, *group)


def shares_subtitle(results: Results, with_interval: bool, base: Inlines) -> Inlines:
    """Return of whom the shares of a figure are, what stands beside them, and out of how many."""
    wave, word = results.wave, results.codebook.survey.respondents
    if wave.withholds_counts:
        beside = say("unweighted base")
    else:
        beside = say("unweighted x of n") if wave.weighted else say("x of n")
    if with_interval:
        beside = say("interval and {beside}", beside=beside)
    fields = {"word": word, "beside": beside, "base": base}
    if wave.weighted:
        return words("Weighted share of {word} with {beside}; {base}", **fields)
    return words("Share of {word} with {beside}; {base}", **fields)


def kind_of_shares(results: Results) -> str:
    """Return what a chart's shares are, for its alt text."""
    if not results.wave.weighted:
        return say("shares")
    if results.wave.withholds_counts:
        return say("weighted shares, with unweighted bases,")
    return say("weighted shares, with unweighted counts,")


def _links(drawing: Drawing, place: Callable[[Spot], int]) -> list[dict]:
    """Return where numbers stand in a drawing, each with its place among the figure's."""
    sides = ("x", "y", "width", "height")
    return [{"number": place(spot), **{side: getattr(spot, side) for side in sides}} for spot in drawing.spots]
