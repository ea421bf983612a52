"""Blocks as HTML, by one set of macros for the published page and for JupyterLab; imports no nbconvert."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import jinja2
from markupsafe import Markup, escape

from impact_report.exporters.drawing import inline_svg
from impact_report.exporters.structure import DEFAULTS, Block, Inline, plain_text, row_cells, slug
from impact_report.exporters.words import words
from impact_report.palette import LIGHT

TEMPLATES = Path(__file__).parent / "templates"
MACROS = "blocks.html.j2"


def inline_html(inlines: list[Inline]) -> Markup:
    """Return inline nodes as HTML; numbers lead to their evidence, footnotes to their text.

    >>> inline_html([{"t": "text", "text": "a < b, "}, {"t": "emph", "c": [{"t": "text", "text": "so"}]}])
    Markup('a &lt; b, <em>so</em>')
    >>> inline_html([{"t": "number", "text": "83%", "evidence": "evidence-x", "numerator": 38, "base": 46}])
    Markup('<a class="number" href="#evidence-x" title="38 of 46">83%</a>')
    >>> inline_html([{"t": "mark", "text": "▲", "says": "larger"}])
    Markup('<span class="mark" role="img" aria-label="larger" title="larger">▲</span>')
    >>> inline_html([{"t": "abbr", "text": "HR", "says": "human resources"}])
    Markup('<abbr title="human resources">HR</abbr>')
    """
    return Markup("").join(_node_html(node) for node in inlines)


def _node_html(node: Inline) -> Markup:
    match node["t"]:
        case "text" | "verbatim":
            return escape(node["text"])
        case "code":
            return Markup("<code>{}</code>").format(node["text"])
        case "strong" | "emph" as kind:
            return Markup("<{0}>{1}</{0}>").format(
                Markup("strong" if kind == "strong" else "em"), inline_html(node["c"])
            )
        case "ins" | "del" as kind:
            return Markup("<{0}>{1}</{0}>").format(Markup(kind), inline_html(node["c"]))
        case "mark":
            said = '<span class="mark" role="img" aria-label="{0}" title="{0}">{1}</span>'
            return Markup(said).format(node["says"], node["text"])
        case "abbr":
            return Markup('<abbr title="{}">{}</abbr>').format(node["says"], node["text"])
        case "number":
            return _number_html(node)
        case "link":
            words = inline_html(node.get("c") or [{"t": "verbatim", "text": node["href"]}])
            return Markup('<a href="{}">{}</a>').format(node["href"], words)
        case "note":
            return _note_html(node)
        case "break":
            return Markup("<br>")
    return Markup("")


def _number_html(node: Inline) -> Markup:
    own = node.get("anchor") or node.get("own_id")
    anchor = Markup(' id="{}"').format(own) if own else Markup("")
    target = node.get("target") or node.get("evidence")
    if not target or node.get("at_home"):
        return Markup("<span{}>{}</span>").format(anchor, node["text"]) if anchor else escape(node["text"])
    name = Markup("")
    if node.get("named_by"):
        name = Markup(' aria-labelledby="{}"').format(node["named_by"])
    elif node.get("name"):
        name = Markup(' aria-label="{}"').format(node["name"])
    title = Markup("")
    explained = _x_of_n(node) if name else number_title(node)  # a name needs no second telling
    if not node.get("explained") and explained and explained != node["text"]:
        title = Markup(' title="{}"').format(explained)
    return Markup('<a class="number"{} href="#{}"{}{}>{}</a>').format(anchor, target, name, title, node["text"])


def number_title(node: Inline) -> str:
    """Return what a number is, for a reader who points at it.

    >>> number_title({"what": "shared data", "numerator": 38, "base": 46})
    'shared data: 38 of 46'
    """
    return ": ".join(filter(None, [node.get("what") or "", _x_of_n(node)]))


def _x_of_n(node: Inline) -> str:
    known = node.get("base") and node.get("numerator") is not None
    return f"{node['numerator']:,} of {node['base']:,}" if known else ""


def size_of_spots(spots: list[Block]) -> str:
    """Return the size that most links over a drawing have, as custom properties which all of them inherit.

    >>> size_of_spots([{"wide": [0.5, 0.2, 0.1, 0.05], "narrow": None}])
    '--w:10%;--h:5%'
    """
    sizes = [";".join(part for part in _places(spot) if part.partition(":")[0][-1] in "wh") for spot in spots]
    return max(dict.fromkeys(sizes), key=sizes.count, default="")


def _places(spot: Block) -> list[str]:
    styles = []
    for drawing, prefix in (("wide", ""), ("narrow", "n")):
        if spot[drawing]:
            x, y, width, height = spot[drawing]
            sides = {"x": x + width / 2, "y": y + height / 2, "w": width, "h": height}
            styles += [f"--{prefix}{side}:{round(100 * value, 1):g}%" for side, value in sides.items()]
    return styles


def spot_html(spot: Block, size: str = "") -> Markup:
    """Return the link that lies over a number of a drawing: its middle and its size, wide and narrow, in percent.

    >>> node = {"name": "83%, share – evidence", "target": "evidence-x", "anchor": "number-7"}
    >>> print(spot_html({"node": node, "wide": [0.5, 0.2, 0.1, 0.05], "narrow": None}))
    <a class="number spot only-wide" id="number-7" href="#evidence-x" aria-label="83%, share – evidence" \
    style="--x:55%;--y:22.5%;--w:10%;--h:5%"></a>
    """
    node, inherited = spot["node"], size.split(";")
    styles = [part for part in _places(spot) if part not in inherited]
    classes = "number spot" + (
        "" if spot["wide"] and spot["narrow"] else " only-" + ("wide" if spot["wide"] else "narrow")
    )
    anchor = Markup(' id="{}"').format(node["anchor"]) if node.get("anchor") else Markup("")
    name = Markup('aria-label="{}"').format(node["name"])
    if node.get("named_in_list"):
        name = Markup('aria-labelledby="{}"').format(node["named_in_list"])
    return Markup('<a class="{}"{} href="#{}" {} style="{}"></a>').format(
        classes, anchor, node["target"], name, ";".join(styles)
    )


def _note_html(node: Inline) -> Markup:
    if "order" not in node:  # outside a document there is no list of notes to lead to
        return Markup('<span class="note"> ({})</span>').format(inline_html(node["c"]))
    identity = Markup("") if node["again"] else Markup(' id="note-{}-call"').format(node["order"])
    return Markup('<sup><a class="note-call"{0} href="#note-{1}" role="doc-noteref">{1}</a></sup>').format(
        identity, node["order"]
    )


def stacked_labels(columns: list[Block]) -> str:
    """Return the labels of a table's columns as custom properties, for cells that stand below each other on a phone.

    >>> stacked_labels([{"label": "Statement"}, {"label": 'The "share"'}, {"label": ""}])
    '--c2:"The \\\\"share\\\\""'
    """
    return ";".join(
        f"--c{place}:{css_string(column['label'])}"
        for place, column in enumerate(columns, start=1)
        if place > 1 and column["label"]
    )


MOST_SLIM_COLUMNS, MOST_SLIM_LETTERS = 6, 40  # beside the first one; of their labels together


def is_slim(columns: list[Block]) -> bool:
    """Say whether a table fits a phone as it is: beside its first column a few of numbers, with short labels.

    >>> numbers = [{"label": "Base", "align": "right"}] * 3
    >>> is_slim([{"label": "Group"}, *numbers]), is_slim([{"label": "Name"}, {"label": "Source"}])
    (True, False)
    """
    others = columns[1:]
    letters = sum(len(column["label"]) for column in others)
    numbers = all(column.get("align") == "right" for column in others)
    return numbers and 1 < len(others) <= MOST_SLIM_COLUMNS and letters <= MOST_SLIM_LETTERS


def css_string(words: str) -> str:
    """Return words as a string of CSS, safe inside a style element and a style attribute.

    >>> print(css_string('Say "so"'))
    "Say \\"so\\""
    """
    safe = words.replace("\\", "\\\\").replace('"', '\\"').replace("<", "\\3c ").replace("\n", " ")
    return f'"{safe}"'


def around_number(inlines: list[Inline]) -> tuple[list[Inline], list[Inline], list[Inline]]:
    """Return what stands before the first number, the number, and what follows it, to set the number large.

    >>> around_number([{"t": "text", "text": "over "}, {"t": "number", "text": "11"}, {"t": "text", "text": " years"}])
    ([{'t': 'text', 'text': 'over '}], [{'t': 'number', 'text': '11'}], [{'t': 'text', 'text': ' years'}])
    """
    place = next((place for place, node in enumerate(inlines) if node["t"] == "number"), None)
    if place is None:
        return [], inlines, []
    return inlines[:place], inlines[place : place + 1], inlines[place + 1 :]


def share_of(inlines: list[Inline]) -> float | None:
    """Return the first proportion (0–1) among inline nodes, to draw it as a bar beside its number.

    >>> share_of([{"t": "number", "text": "83%", "exact": 0.826}]), share_of([{"t": "verbatim", "text": "–"}])
    (0.826, None)
    """
    for node in inlines:
        exact = node.get("exact")
        if node["t"] == "number" and node["text"].rstrip().endswith("%") and isinstance(exact, int | float):
            return float(exact) if 0 <= exact <= 1 else None
    return None


def furnish(environment: jinja2.Environment) -> jinja2.Environment:
    """Give a Jinja environment what the macros need; everything is escaped unless it is markup already.

    >>> furnish(jinja2.Environment()).from_string("{{ '<' }}").render()
    '&lt;'
    """
    environment.autoescape = True
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.filters |= {
        "inlines": inline_html,
        "plain": plain_text,
        "slug": slug,
        "share": share_of,
        "around_number": around_number,
        "cells": row_cells,
        "spot": spot_html,
        "size_of_spots": size_of_spots,
        "stacked": stacked_labels,
        "slim": is_slim,
        "drawing": lambda svg, prefix, label, name="": Markup(inline_svg(svg, prefix, label, name)),
    }
    return environment


# A drawing takes its colours from the page: JupyterLab's has none of these names.
_LIGHT_PAGE = "".join(f"--{role.replace('_', '-')}:{colour};" for role, colour in LIGHT.items()) + (
    "max-width:46rem;padding:1rem;background:var(--paper);color:var(--ink)"
)


@lru_cache
def _environment() -> jinja2.Environment:
    return furnish(jinja2.Environment(loader=jinja2.FileSystemLoader(TEMPLATES / "impact-html")))


def block_html(block: Block) -> str:
    """Return one block as ordinary HTML, as JupyterLab shows it: no document around it, no page numbers.

    >>> print(block_html({"block": "paragraph", "c": [{"t": "text", "text": "So it is."}]}))
    <p>So it is.</p>
    """
    whole = {**DEFAULTS.get(block["block"], {}), **{key: value for key, value in block.items() if value is not None}}
    whole = {"label": "", "level": 2, "printed_in": [], **whole}
    if whole["block"] == "figure":
        whole["svg_narrow"] = None  # one drawing is enough where no style sheet chooses
    if whole["block"] == "evidence" and whole["table"]:
        whole["table"] = {"block": "table", "label": "", **DEFAULTS["table"], **whole["table"]}
    macros = _environment().get_template(MACROS).module  # compiled again where the file has changed
    shown = str(macros.block(whole, words(), {})).strip()
    return f'<div style="{_LIGHT_PAGE}">{shown}</div>' if whole["block"] == "figure" else shown
