"""What a reader of a chart gets beside it: words for it, its numbers on the drawing and in a list, its data."""

from __future__ import annotations

from collections.abc import Collection

from impact_report.errors import near
from impact_report.exporters.document.faults import Faults, short
from impact_report.exporters.places import EVIDENCE_WORD
from impact_report.exporters.structure import Block, Inline

STOCK_ALT = "no description has been provided"  # what nbconvert writes where nobody wrote anything
SHORTEST_ALT = 20  # characters: fewer cannot say what a chart shows
SPOT = ("x", "y", "width", "height")  # fractions of a drawing, from its upper left corner
SHARE_AND_COUNT = 2  # numbers of a figure that are printed together


def check_figure(figure: Block, where: str, anchors: Collection[str], faults: Faults) -> None:
    """Refuse a figure that cannot be seen, heard or checked; `anchors` are those of the document.

    >>> figure = {"alt": "", "svg": "<svg/>", "numbers": [], "links": [], "links_narrow": [], "table": None}
    >>> faults = Faults()
    >>> check_figure(figure, "cell 1", [], faults)
    >>> [problem.expected for problem in faults.problems]
    ['an alt text']
    """
    alt = figure["alt"].strip()
    if not alt:
        faults.add("an alt text", "none", where, "say what the chart shows, with its numbers")
    elif STOCK_ALT in alt.lower():
        do = "say what the chart shows, with its numbers"
        faults.add("an alt text somebody wrote", repr(short(alt)), where, do)
    elif len(alt) < SHORTEST_ALT:
        faults.add("an alt text that says what is to be seen", repr(alt), where, "name the finding and its numbers")
    if "<svg" not in figure["svg"]:
        faults.add("a drawing in SVG", repr(short(figure["svg"])), where, "save the figure as SVG")
    _check_spots(figure, where, faults)
    if figure["table"] and figure["table"] not in anchors:
        found = f"{figure['table']!r}, which is not in the document"
        faults.add("the anchor of the table with the figure's data", found, where, near(figure["table"], [*anchors]))


def _check_spots(figure: Block, where: str, faults: Faults) -> None:
    """Each spot names a number of the figure and lies on the drawing; those that do not are taken out."""
    for key in ("links", "links_narrow"):
        good = []
        for spot in figure[key]:
            number, sides = spot.get("number"), [spot.get(side) for side in SPOT]
            known = isinstance(number, int) and 0 <= number < len(figure["numbers"])
            if not known:
                found = f"{number!r} in {key}, of {len(figure['numbers'])} numbers"
                faults.add("the place of a number in the figure's list", found, where, "count from 0")
            elif not all(isinstance(side, int | float) and 0 <= side <= 1 for side in sides):
                found = f"{sides} for number {number} in {key}"
                faults.add("x, y, width, height from 0 to 1", found, where, "give shares of the drawing's size")
            else:
                good.append(spot)
        figure[key] = good


def set_spots(figure: Block) -> None:
    """Gather where each number stands in the wide and in the narrow drawing; one link serves both."""
    spots: dict[int, Block] = {}
    for key, drawing in (("links", "wide"), ("links_narrow", "narrow")):
        for spot in figure[key] if drawing == "wide" or figure["svg_narrow"] else []:
            node = figure["numbers"][spot["number"]]
            both = spots.setdefault(spot["number"], {"node": node, "wide": None, "narrow": None})
            both[drawing] = both[drawing] or [spot[side] for side in SPOT]
    figure["spots"] = [spots[number] for number in sorted(spots)]
    for spot in figure["spots"]:
        spot["node"]["spot"] = spot["wide"] is not None  # the printed report has the wide drawing


def list_numbers(figure: Block) -> None:
    """One line for each piece of evidence: what it is, then its share and its count together.

    The line begins with the link, as the name of the link does, which is the whole line.
    """
    lines: dict[str, list[Inline]] = {}
    for node in figure["numbers"]:
        lines.setdefault(node["target"], []).append(node)
    everywhere = [spot for spot in figure["spots"] if spot["wide"] and (spot["narrow"] or not figure["svg_narrow"])]
    linked = {id(spot["node"]) for spot in everywhere}
    figure["listed"] = []
    for target, same in lines.items():
        subjects = list(dict.fromkeys(map(_subject, same)))
        what = subjects[0] if len(same) > 1 and len(subjects) == 1 and subjects[0] else same[0].get("what") or ""
        if len(subjects) > 1:
            what = what.partition(": ")[0]
        text = ", ".join(_texts_of(same))
        identity = f"l.{same[0]['order']}"
        line = {"t": "number", "text": text, "target": target, "explained": True}
        line["named_by"] = same[0]["named_in_list"] = f"{identity} {EVIDENCE_WORD}"
        if id(same[0]) in linked:  # the drawing has the link, and takes its name from the line
            line = {"t": "verbatim", "text": text}
        figure["listed"].append({"id": identity, "what": what, "node": line})


def _subject(node: Inline) -> str:
    """What a number is of: what stands after the colon."""
    return (node.get("what") or "").partition(": ")[2]


def _texts_of(same: list[Inline]) -> list[str]:
    """A share and its count need no names; more numbers than that are told apart by what each of them is."""
    texts = list(dict.fromkeys(node["text"] for node in same))
    kinds = [(node.get("what") or "").partition(": ")[0] for node in same]
    if len(same) <= SHARE_AND_COUNT and len({_subject(node) for node in same}) == 1:
        return texts
    if len(set(kinds)) < len(kinds):  # the same of several subjects
        return [f"{_subject(node)} {node['text']}" for node in same]
    return [f"{kind} {node['text']}" for kind, node in zip(kinds, same, strict=True)]
