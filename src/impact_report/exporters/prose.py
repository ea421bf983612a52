"""Markdown cells as blocks: mistune's syntax tree, told in the words the notebooks' own blocks use.

One environment is shared by all cells, so that a footnote or a link may be defined in another cell than the one
that uses it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from typing import Any

import mistune

from impact_report.exporters.structure import Block, Inline, plain_text, slug
from impact_report.language import translated

MAX_HEADING_LEVEL = 3
REFUSED = {
    "block_html": ("raw HTML", "show it with one of the helpers, or write it in Markdown"),
    "inline_html": ("raw HTML", "show it with one of the helpers, or write it in Markdown"),
    "image": ("an image in Markdown", "show it as a figure, which has an alt text, a source and its numbers"),
    "table": ("a table in Markdown", "show it as a table block, whose numbers lead to their evidence"),
    "thematic_break": ("a ruled line", "use a heading: it tells the reader what begins here"),
}
# What is left over when a footnote or a reference link has no definition anywhere.
DANGLING = re.compile(r"\[\^[^\]\s]+\]|\[[^\]\[]+\]\[[^\]\[]*\]")


def parse(sources: Sequence[str]) -> list[tuple[list[Block], list[tuple[str, str, str]]]]:
    """Return for each Markdown cell its blocks, and its faults as (expected, found, do).

    >>> [(blocks, faults)] = parse(["## Why\\n\\nIt *works*."])
    >>> blocks[0]
    {'block': 'heading', 'level': 2, 'text': 'Why', 'id': ''}
    >>> blocks[1]["c"]
    [{'t': 'text', 'text': 'It '}, {'t': 'emph', 'c': [{'t': 'text', 'text': 'works'}]}, {'t': 'text', 'text': '.'}]
    >>> [(_, faults)] = parse(["<b>no</b>"])
    >>> faults[0]
    ('prose', 'raw HTML: <b>', 'show it with one of the helpers, or write it in Markdown')
    """
    markdown = mistune.create_markdown(renderer=None, plugins=["footnotes", "table"])
    markdown.after_render_hooks.clear()  # footnotes are put where they are called, not collected here
    shared: dict[str, Any] = {"ref_links": {}, "anchors": {}}
    sources = [_in_language(source, shared["anchors"]) for source in sources]
    for source in sources:  # first all definitions …
        markdown.parse(source, _state(markdown, shared))
    cells = []
    for source in sources:  # … then the text that uses them
        reader = _Reader(markdown, shared)
        tokens, _ = markdown.parse(source, _state(markdown, shared))
        cells.append((reader.blocks(tokens), reader.faults))
    return cells


def _in_language(source: str, anchors: dict[str, str]) -> str:
    """Return a cell's text in the language of the report, each paragraph and heading as a whole.

    A translated heading keeps the anchor of its own words, by which other blocks link to it: `anchors` gets it.
    """
    said = []
    for mark, text in (re.fullmatch(r"(#* ?)(.*)", one, re.S).groups() for one in source.split("\n\n")):
        told = translated(text) if text else text
        if mark and told != text:
            anchors[told] = slug(text)
        said.append(mark + told)
    return "\n\n".join(said)


def _state(markdown: mistune.Markdown, shared: dict[str, Any]) -> mistune.BlockState:
    state = markdown.block.state_cls()
    state.env = shared
    return state


class _Reader:
    """Turns the tokens of one cell into blocks and keeps the faults it meets."""

    def __init__(self, markdown: mistune.Markdown, shared: dict[str, Any]):
        self.markdown = markdown
        self.shared = shared
        self.faults: list[tuple[str, str, str]] = []
        self.notes_open: list[str] = []

    def refuse(self, token: dict[str, Any]) -> None:
        what, do = REFUSED.get(token["type"], (f"Markdown of the kind {token['type']!r}", "write it in words"))
        raw = (token.get("raw") or token.get("attrs", {}).get("url") or "").strip().split("\n")[0]
        self.faults.append(("prose", f"{what}: {raw}" if raw else what, do))

    def blocks(self, tokens: list[dict[str, Any]]) -> list[Block]:
        blocks: list[Block] = []
        for token in tokens:
            match token["type"]:
                case "blank_line":
                    continue
                case "heading":
                    blocks.append(self.heading(token))
                case "paragraph" | "block_text":
                    if words := self.inlines(token["children"]):
                        blocks.append({"block": "paragraph", "c": words})
                case "list":
                    blocks.append(self.listed(token))
                case "block_quote":
                    paragraphs = [block["c"] for block in self.blocks(token["children"]) if "c" in block]
                    blocks.append({"block": "quote", "paragraphs": [_as_wording(run) for run in paragraphs]})
                case "block_code":
                    blocks.append({"block": "listing", "text": token["raw"].rstrip("\n")})
                case _:
                    self.refuse(token)
        return blocks

    def heading(self, token: dict[str, Any]) -> Block:
        level = token["attrs"]["level"]
        words = plain_text(self.inlines(token["children"]))
        if level > MAX_HEADING_LEVEL:
            do = "raise the heading, or write the words in bold at the start of a paragraph"
            self.faults.append((f"headings of level 1 to {MAX_HEADING_LEVEL}", f"level {level}: {words}", do))
        anchor = self.shared["anchors"].get(words, "")
        return {"block": "heading", "level": min(level, MAX_HEADING_LEVEL), "text": words, "id": anchor}

    def listed(self, token: dict[str, Any]) -> Block:
        items: list[Any] = []
        for entry in token["children"]:
            words: list[Inline] = []
            inner: Block | None = None
            for block in self.blocks(entry["children"]):
                if block["block"] == "list":
                    inner = block
                elif "c" in block:
                    words += [{"t": "break"}] * bool(words) + block["c"]
                else:
                    found = f"a {block['block']} inside a list"
                    self.faults.append(("words, or one list, in an item of a list", found, "write it after the list"))
            items.append({"c": words, "list": inner} if inner else words)
        return {"block": "list", "items": items, "ordered": token["attrs"]["ordered"]}

    def inlines(self, tokens: list[dict[str, Any]]) -> list[Inline]:
        words: list[Inline] = []
        for token in tokens:
            match token["type"]:
                case "text":
                    words.append({"t": "text", "text": html.unescape(token["raw"])})
                case "softbreak":
                    words.append({"t": "text", "text": " "})
                case "linebreak":
                    words.append({"t": "break"})
                case "strong":
                    words.append({"t": "strong", "c": self.inlines(token["children"])})
                case "emphasis":
                    words.append({"t": "emph", "c": self.inlines(token["children"])})
                case "codespan":
                    words.append({"t": "code", "text": html.unescape(token["raw"])})
                case "link":
                    words.append({"t": "link", "href": token["attrs"]["url"], "c": self.inlines(token["children"])})
                case "footnote_ref":
                    words.append(self.note(token["raw"]))
                case _:
                    self.refuse(token)
        words = _joined(words)
        for node in words:
            if node["t"] == "text" and (left_over := DANGLING.search(node["text"])):
                do = "define it in some Markdown cell, or put a backslash before the bracket"
                self.faults.append(("a footnote or link that is defined", left_over.group(), do))
        return words

    def note(self, key: str) -> Inline:
        if key in self.notes_open:
            self.faults.append(("a footnote that ends", f"[^{key.lower()}] inside itself", "name another one"))
            return {"t": "note", "c": [], "key": key}
        self.notes_open.append(key)
        text = " ".join(self.shared["ref_footnotes"][key].split())
        words = self.inlines(self.markdown.inline(text, self.shared))
        self.notes_open.pop()
        return {"t": "note", "c": words, "key": key}


def _joined(words: list[Inline]) -> list[Inline]:
    """Neighbouring pieces of plain text as one, so that a footnote mark split by the parser is seen whole."""
    joined: list[Inline] = []
    for node in words:
        if joined and node["t"] == "text" and joined[-1]["t"] == "text":
            joined[-1] = {"t": "text", "text": joined[-1]["text"] + node["text"]}
        else:
            joined.append(node)
    return joined


def _as_wording(words: list[Inline]) -> list[Inline]:
    """Quoted words are somebody else's: their digits are theirs too."""
    return [
        {**node, "t": "verbatim"}
        if node["t"] == "text"
        else ({**node, "c": _as_wording(node["c"])} if "c" in node else node)
        for node in words
    ]
