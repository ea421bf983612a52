"""Blocks: what a notebook shows (heading, sentence, list, callout, figure, table), readable by both exporters.

In JupyterLab a block shows as ordinary HTML; the exporters read its JSON.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from IPython.display import display

from impact_report.exporters.markup import block_html
from impact_report.exporters.structure import BLOCK_MIMETYPE
from impact_report.language import translated
from impact_report.numbers import Number

Inlines = list[dict[str, Any]]
_MARKS = re.compile(r"\*\*(?P<strong>.+?)\*\*|\*(?P<emph>.+?)\*|\{(?P<field>[a-z_]+)\}")


class Block(dict):
    """One block of the report, as JSON; `show` puts it into the notebook."""


def show(*blocks: Block | Iterable[Block]) -> None:
    """Show blocks, one after the other: as JSON for the exporters, as HTML for JupyterLab."""
    for block in blocks:
        for one in [block] if isinstance(block, Block) else block:
            content = {
                BLOCK_MIMETYPE: dict(one),
                "text/html": str(block_html(dict(one))),
                "text/plain": f"<{one['block']}>",
            }
            display(content, raw=True)


def words(template: str, **fields: Number | str | Inlines) -> Inlines:
    """Return a sentence: its own words, with the fields in their places.

    A field is a Number (linked to its evidence), a text quoted as it stands, or other words. `**strong**` and
    `*emphasis*` are understood. A digit among the template's own words is refused when the report is rendered.

    >>> words("{share} said *yes*.", share=Number("83%", "share", "evidence-x"))[0]["text"]
    '83%'
    >>> [node["t"] for node in words("{who} said *yes*.", who="Region 3")]
    ['verbatim', 'text', 'emph', 'text']
    """
    nodes: Inlines = []
    template = translated(template)
    end = 0
    for match in _MARKS.finditer(template):
        if match.start() > end:
            nodes.append({"t": "text", "text": template[end : match.start()]})
        end = match.end()
        if match["field"] is None:
            kind = "strong" if match["strong"] is not None else "emph"
            nodes.append({"t": kind, "c": words(match[kind], **fields)})
            continue
        nodes += _nodes(fields[match["field"]])
    if end < len(template):
        nodes.append({"t": "text", "text": template[end:]})
    return nodes


def _nodes(value: Number | str | Inlines) -> Inlines:
    if isinstance(value, Number):
        return [value.node()]
    if isinstance(value, str):
        return [{"t": "verbatim", "text": value}] if value else []
    return value


def joined(parts: list[Inlines], last: str = " and ") -> Inlines:
    """Return several runs of words as one: a, b and c."""
    nodes: Inlines = []
    last = translated(last)
    for k, part in enumerate(parts):
        if k:
            nodes.append({"t": "text", "text": last if k == len(parts) - 1 else ", "})
        nodes += part
    return nodes


def prose(*sentences: Inlines, between: str = " ") -> Inlines:
    """Return sentences one after the other, a space between; what is empty is left out."""
    nodes: Inlines = []
    for one in filter(None, sentences):
        nodes += ([{"t": "text", "text": between}] if nodes else []) + one
    return nodes


def quoted(text: str) -> Inlines:
    """Return words that are quoted as they stand: wording, names, dates, citations."""
    return [{"t": "verbatim", "text": text}] if text else []


def link(href: str, text: str | Inlines) -> Inlines:
    """Return a link; `#name` leads to an anchor of the report."""
    return [{"t": "link", "href": href, "c": quoted(text) if isinstance(text, str) else text}]


def sentence(template: str, **fields: Number | str | Inlines) -> Block:
    """Return a paragraph of one or more sentences; see `words`."""
    return Block(block="paragraph", c=words(template, **fields))


def paragraph(*sentences: Inlines) -> Block:
    """Return a paragraph of ready words, a space between the sentences."""
    return Block(block="paragraph", c=prose(*sentences))


def bullets(items: list[Inlines]) -> Block:
    """Return a list."""
    return Block(block="list", items=items, ordered=False)


def heading(text: str, level: int = 2, id: str = "") -> Block:
    """Return a heading for what follows; level 1 begins a part."""
    return Block(block="heading", level=level, text=translated(text), id=id)


def callout(title: str, *paragraphs: Inlines, kind: str = "note") -> Block:
    """Return a box beside the text: a note, a warning, or the notice that data is invented."""
    return Block(block="callout", kind=kind, title=translated(title), paragraphs=list(paragraphs))


def cell(content: Number | str | Inlines, kind: str | None = None) -> dict:
    """Return a table's cell."""
    return {"c": _nodes(content), "kind": kind}


def column(label: str, width: float = 1, align: str = "left") -> dict:
    """Return a table's column: its heading, its share of the width, left or right."""
    return {"label": translated(label), "align": align, "width": width}


def table(
    id: str,
    caption: Inlines,
    columns: list[dict],
    rows: list,
    notes: Iterable[Inlines] = (),
    long: bool = False,
    made_by: Inlines | None = None,
) -> Block:
    """Return a table; the first cell of each row is its heading. A row may be {"id": anchor, "cells": […]}."""
    return Block(
        block="table",
        id=id,
        caption=caption,
        columns=columns,
        rows=rows,
        row_header=True,
        notes=list(notes),
        long=long,
        made_by=made_by or [],
    )
