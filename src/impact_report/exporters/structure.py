"""What a block is made of: the keys it must have, and its runs of inline nodes in order of appearance."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

BLOCK_MIMETYPE = "application/vnd.impact-report.block+json"

Block = dict[str, Any]
Inline = dict[str, Any]

# What a block must have, and what the rest of it is where the notebook says nothing.
REQUIRED: dict[str, tuple[str, ...]] = {
    "cover": ("title", "date"),
    "heading": ("level", "text"),
    "paragraph": ("c",),
    "list": ("items",),
    "callout": ("paragraphs",),
    "findings": ("id", "title"),
    "figure": ("id", "title", "svg"),
    "table": ("id", "caption", "columns", "rows"),
    "evidence": ("id", "title", "facts"),
    "pagebreak": (),
    "quote": ("paragraphs",),
    "listing": ("text",),
}
DEFAULTS: dict[str, dict[str, Any]] = {
    "cover": {
        "subtitle": "",
        "edition": "",
        "facts": [],
        "notice": None,
        "notice_title": "",
        "language": "en",
        "paper": "a4",
        "publisher": "",
        "colours": {},
        "logo": None,
        "font": None,
        "description": "",
        "running": "",
    },
    "heading": {"id": ""},
    "list": {"ordered": False},
    "callout": {"kind": "note", "title": ""},
    "findings": {"summary": [], "facts": [], "sections": [], "note": []},
    "figure": {
        "alt": "",
        "subtitle": [],
        "svg_narrow": None,
        "source": [],
        "numbers": [],
        "links": [],
        "links_narrow": [],
        "table": None,
        "made_by": [],
        "files": [],
    },
    "table": {"row_header": True, "notes": [], "long": False, "folded": "", "made_by": []},
    "evidence": {"table": None},
}
INLINE_REQUIRED: dict[str, tuple[str, ...]] = {
    "text": ("text",),
    "strong": ("c",),
    "emph": ("c",),
    "ins": ("c",),
    "del": ("c",),
    "code": ("text",),
    "verbatim": ("text",),
    "mark": ("text", "says"),
    "abbr": ("text", "says"),
    "number": ("text",),
    "link": ("href",),
    "note": ("c",),
    "break": (),
}


def slug(text: str) -> str:
    """Return a name for an address: small letters, digits and hyphens.

    >>> slug("Who answered, and how?"), slug("all/all"), slug("Évaluation"), slug("§")
    ('who-answered-and-how', 'all-all', 'evaluation', 'section')
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-") or "section"


def plain_text(inlines: list[Inline]) -> str:
    """Return the words of inline nodes without their marks; footnotes are left out.

    >>> plain_text([{"t": "text", "text": "so "}, {"t": "strong", "c": [{"t": "verbatim", "text": "K-12"}]}])
    'so K-12'
    """
    words = []
    for node in inlines:
        if node["t"] == "break":
            words.append(" ")
        elif node["t"] != "note":
            words.append(node["text"] if "text" in node else plain_text(node.get("c", [])))
    return "".join(words)


def row_cells(row: list | dict) -> list[dict]:
    """Return the cells of a table row, which may be a plain list or carry an anchor.

    >>> row_cells({"id": "evidence-x-all", "cells": [{"c": []}]})
    [{'c': []}]
    """
    return row["cells"] if isinstance(row, dict) else row


def runs(block: Block) -> Iterator[list[Inline]]:
    """Yield each run of inline nodes of a complete block, in order of appearance.

    >>> table = {"block": "table", "caption": ["caption"], "columns": [], "rows": [[{"c": ["cell"]}]], "notes": []}
    >>> list(runs(table))
    [['caption'], ['cell'], []]
    """
    kind = block["block"]
    if kind == "cover":
        yield from (words for _, words in block["facts"])
        if block["notice"]:
            yield block["notice"]
    elif kind == "paragraph":
        yield block["c"]
    elif kind == "list":
        for item in block["items"]:
            yield from item_runs(item)
    elif kind in ("callout", "quote"):
        yield from block["paragraphs"]
    elif kind == "findings":
        yield block["summary"] or []
        for fact in block["facts"]:
            yield from (fact["value"], fact["label"], fact.get("detail") or [])
        for section in block["sections"]:
            yield section.get("lead") or []
            for item in section["items"]:
                yield from (item["value"], item["statement"], item.get("detail") or [])
        yield block["note"] or []
    elif kind == "figure":
        yield from (block["title"], block["subtitle"], block["numbers"], block["source"], block["made_by"])
    elif kind == "table":
        yield block["caption"]
        for row in block["rows"]:
            yield from (cell["c"] for cell in row_cells(row))
        yield from block["notes"]
        yield block.get("made_by") or []
    elif kind == "evidence":
        yield block["title"]
        yield from (words for _, words in block["facts"])
        if block["table"]:
            yield from runs(block["table"])


def item_runs(item: list | dict) -> Iterator[list[Inline]]:
    """Yield the runs of one list item, which may hold a list of its own.

    >>> list(item_runs({"c": ["outer"], "list": {"block": "list", "items": [["inner"]]}}))
    [['outer'], ['inner']]
    """
    if isinstance(item, dict):
        yield item["c"]
        yield from runs(item["list"])
    else:
        yield item


def nodes(inlines: list[Inline]) -> Iterator[Inline]:
    """Yield every inline node of a run, outer before inner.

    >>> [node["t"] for node in nodes([{"t": "strong", "c": [{"t": "break"}]}])]
    ['strong', 'break']
    """
    for node in inlines:
        yield node
        yield from nodes(node.get("c", []))
