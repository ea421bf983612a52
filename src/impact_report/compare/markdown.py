"""Blocks as Markdown, for a pull request: what was is struck out, what is new is bold."""

from __future__ import annotations

import re

from impact_report.exporters.structure import Block, Inline, row_cells

SPECIAL = re.compile(r"([\\`*_{}\[\]<>|~#])")
LINE_START = re.compile(r"^(\s*)([-+]|\d+[.)])(?=\s)")  # would begin a list
SURROUNDED = re.compile(r"^(\s*)(.*?)(\s*)$", re.DOTALL)


def markdown(blocks: list[Block]) -> str:
    """Return blocks (cover, headings, paragraphs, lists, callouts, tables) as Markdown.

    >>> print(markdown([{"block": "heading", "level": 1, "text": "Wording"}]), end="")
    ## Wording
    """
    return "\n\n".join(_block(block) for block in blocks) + "\n"


def _block(block: Block) -> str:
    match block["block"]:
        case "cover":
            return _cover(block)
        case "heading":
            return f"{'#' * (block['level'] + 1)} {escaped(block['text'])}"
        case "paragraph":
            return inline(block["c"])
        case "list":
            return "\n".join(f"- {inline(item)}" for item in block["items"])
        case "callout":
            return _quote(block["title"], block["paragraphs"])
        case "table":
            return _table(block)
    raise ValueError(f"no Markdown for a block {block['block']!r}")


def _cover(cover: Block) -> str:
    lines = [f"# {escaped(cover['title'])}", f"{escaped(cover['subtitle'])}: {escaped(cover['edition'])}"]
    lines.append("\n".join(f"- {escaped(label)}: {inline(said)}" for label, said in cover["facts"]))
    if cover["notice"]:
        lines.append(_quote(cover["notice_title"], [cover["notice"]]))
    return "\n\n".join(lines)


def _quote(title: str, paragraphs: list[list[Inline]]) -> str:
    return "\n>\n".join([f"> **{escaped(title)}**", *(f"> {inline(one)}" for one in paragraphs)])


def _table(block: Block) -> str:
    width = len(block["columns"])
    lines = [f"**{inline(block['caption'])}**", ""]
    lines.append(_line([escaped(one["label"]) for one in block["columns"]]))
    lines.append(_line(["---:" if one["align"] == "right" else "---" for one in block["columns"]]))
    for row in block["rows"]:
        cells = [inline(one["c"]) for one in row_cells(row)]
        lines.append(_line(cells if len(cells) == width else [f"**{cells[0]}**", *[""] * (width - 1)]))
    return "\n".join([*lines, *(f"\n{inline(note)}" for note in block["notes"])])


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def inline(run: list[Inline]) -> str:
    """Return inline nodes as Markdown.

    >>> inline([{"t": "verbatim", "text": "a|b"}, {"t": "ins", "c": [{"t": "verbatim", "text": " new"}]}])
    'a\\\\|b **new**'
    """
    return "".join(_node(node) for node in run)


def _node(node: Inline) -> str:
    match node["t"]:
        case "strong" | "ins":
            return _around("**", inline(node["c"]))
        case "emph":
            return _around("*", inline(node["c"]))
        case "del":
            return _around("~~", inline(node["c"]))
        case "link":
            return inline(node["c"])
        case "break":
            return "<br>"
    return escaped(node["text"])


def _around(mark: str, text: str) -> str:
    """Return a text between marks, which must touch its words."""
    before, words, after = SURROUNDED.fullmatch(text).groups()
    return f"{before}{mark}{words}{mark}{after}" if words else text


def escaped(text: str) -> str:
    """Return a text that Markdown shows as it stands.

    >>> escaped("1. a*b"), escaped("<b>")
    ('1\\\\. a\\\\*b', '\\\\<b\\\\>')
    """
    plain = SPECIAL.sub(r"\\\1", " ".join(text.split("\n")))
    return LINE_START.sub(lambda found: f"{found[1]}{found[2][:-1]}\\{found[2][-1]}", plain)
