"""A map of the groups: how many respondents each has, a tile where it roughly lies."""

from __future__ import annotations

from impact_report import charts
from impact_report.blocks import Inlines, words
from impact_report.figures import keeping
from impact_report.language import say
from impact_report.numbers import Number, Numbers, anchor
from impact_report.parts.labels import group_label, grouping_label
from impact_report.results import Results


def map_names(results: Results, group_by: str) -> list[str]:
    """Return the name of the map of a grouping; none where its groups have no places."""
    return [_name(group_by)] if group_by in _with_places(results) else []


def draw_maps(results: Results) -> list[str]:
    """Draw and keep a map of the respondents for each grouping whose groups have places; return the figures' names."""
    drawn = _with_places(results)
    for group_by in drawn:
        _map(results, group_by)
    return [_name(group_by) for group_by in drawn]


def _with_places(results: Results) -> list[str]:
    return [group_by for group_by in results.groupings if results.codebook.items[group_by].tiles]


def _name(group_by: str) -> str:
    return f"map-{group_by}"


def _map(results: Results, group_by: str) -> None:
    numbers, total = Numbers(results), len(results.responses)
    places = results.codebook.items[group_by].tiles
    members = results.members[results.members["group_by"] == group_by].set_index("group")["respondents"]
    known = {code: int(members[code]) for code in places if not members.isna()[code]}
    printed = {
        code: numbers.counted(
            count, say("respondents: {group}", group=group_label(results, group_by, code)),
            anchor("members", group_by), numerator=count, base=total,
        )
        for code, count in known.items()
    }  # fmt: skip
    tiles = [
        charts.Tile(
            group_label(results, group_by, code), column - 1, row - 1, known.get(code),
            printed[code].text if code in printed else "",
        )
        for code, (column, row) in places.items()
    ]  # fmt: skip
    drawn = keeping.drawings(lambda width: charts.tiles(tiles, width, keeping.remark(results)))
    codes, shown = list(places), list(printed)
    said = {
        "title": _finding(results, group_by, known, printed),
        "subtitle": words(
            "{question} Number of respondents, out of {n} in all; tiles lie roughly as on a map",
            question=results.asked(group_by).question,
            n=numbers.counted(total, say("respondents of the map"), anchor("members", group_by)),
        ),
        "alt": _alt(results, group_by, tiles),
    }
    keeping.keep(
        results, _name(group_by), drawn, list(printed.values()), lambda spot: shown.index(codes[spot.row]), said,
        f"table-members-{group_by}", "members.parquet",
    )  # fmt: skip


def _finding(results: Results, group_by: str, known: dict[str, int], printed: dict[str, Number]) -> Inlines:
    """Return the group with most respondents among those that are shown, if there is one."""
    by = grouping_label(results, group_by)
    counts = sorted(known.values(), reverse=True)
    if not counts or not counts[0] or counts.count(counts[0]) > 1:
        return words("Respondents by {by}", by=by)
    largest = next(code for code, count in known.items() if count == counts[0])
    return words(
        "Respondents by {by}: {group} has the most ({count}) of the groups shown",
        by=by, group=group_label(results, group_by, largest), count=printed[largest],
    )  # fmt: skip


def _alt(results: Results, group_by: str, tiles: list[charts.Tile]) -> str:
    shown = [say("{group}: {count}", group=one.label, count=one.text) for one in tiles if one.number is not None]
    hidden = [one.label for one in tiles if one.number is None]
    by = grouping_label(results, group_by)
    if not hidden:
        return say("Map of respondents by {by}, a tile each. {shown}.", by=by, shown="; ".join(shown))
    return say(
        "Map of respondents by {by}, a tile each. {shown}. Hatched, because too few answered or a small group could be "
        "deduced: {hidden}.",
        by=by,
        shown="; ".join(shown) or say("None can be shown"),
        hidden=", ".join(hidden),
    )
