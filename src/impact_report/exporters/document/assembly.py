"""The document that both exporters read: its blocks completed and numbered, the contents, the notes, the numbers."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from impact_report import language
from impact_report.exporters.document.anchors import anchors_of
from impact_report.exporters.document.cells import Found, blocks_of, language_of
from impact_report.exporters.document.cover import cover_of
from impact_report.exporters.document.faults import Faults, ReportRefused
from impact_report.exporters.document.outline import Entry, contents_of
from impact_report.exporters.document.shape import complete
from impact_report.exporters.document.text import Text
from impact_report.exporters.places import Number, tell_ways_back
from impact_report.exporters.structure import Block, Inline
from impact_report.exporters.words import words


@dataclass(frozen=True)
class Document:
    """A report ready to be rendered; `labels` says of each anchor what a reader calls it."""

    cover: Block
    blocks: tuple[Block, ...]
    contents: tuple[Entry, ...]
    numbers: tuple[Number, ...]
    notes: tuple[list[Inline], ...]
    labels: Mapping[str, str]
    words: Mapping[str, str]
    downloads: tuple[str, ...]  # files beside the report that it links to


def notice_of(document: Document) -> str:
    """Return in a few words what every page must warn of, as the title of the cover's notice; "" where there is none.

    >>> notice_of(document_of([{"block": "cover", "title": "T", "date": "2020-01-31", "notice_title": "Invented"}]))
    ''
    """
    return document.cover["notice_title"] if document.cover["notice"] else ""


def description_of(document: Document) -> str:
    """Return what the report is, for catalogues and search engines; the notice stands first.

    >>> description_of(document_of([{"block": "cover", "title": "T", "subtitle": "s", "date": "2020-01-31"}]))
    'T s'
    """
    return ". ".join(filter(None, [notice_of(document), document.cover["description"]]))


def document_from_notebook(notebook: Mapping[str, Any]) -> Document:
    """Return the document of an executed notebook (nbformat 4).

    Raises ReportRefused with one Problem for each fault, named by cell.

    >>> document_from_notebook({"cells": []})
    Traceback (most recent call last):
    impact_report.exporters.document.faults.ReportRefused: The report cannot be published...
    """
    language.use(language_of(notebook))
    faults = Faults()
    found = blocks_of(notebook, faults)
    if all(item.prose for item in found):
        faults.add(
            "an executed notebook, whose cells show blocks",
            f"{len(notebook['cells'])} cells, none of which shows a block",
            "the notebook",
            "run it first: impact-report build, or Run > Run All Cells",
        )
        raise ReportRefused(faults.problems)
    return _assembled(found, faults)


def document_of(blocks: list[Block]) -> Document:
    """Return the document made of these blocks alone, as if one cell had shown them all.

    >>> cover = {"block": "cover", "title": "Impact", "date": "2020-01-31"}
    >>> document = document_of([cover, {"block": "heading", "level": 1, "text": "Who answered", "id": ""}])
    >>> document.contents
    (Entry(level=1, text='Who answered', anchor='who-answered'),)
    """
    return _assembled([Found(copy.deepcopy(block), "the blocks") for block in blocks], Faults())


def _assembled(found: Sequence[Found], faults: Faults) -> Document:
    for item in found:
        complete(item.block, item.where, faults)
    cover = cover_of(found, faults)
    own_words = words()
    anchors = anchors_of(found, own_words, faults)
    contents = contents_of(found, faults)
    text = Text(found, anchors, own_words, faults)
    text.read()
    blocks = [item.block for item in found]
    tell_ways_back(text.printed, _tables(blocks), blocks, anchors.owners)
    if faults.problems:
        raise ReportRefused(faults.problems)
    return Document(
        cover=cover,
        blocks=tuple(block for block in blocks if block["block"] != "cover"),
        contents=tuple(contents),
        numbers=tuple(text.printed),
        notes=tuple(text.notes),
        labels=anchors.labels,
        words=own_words,
        downloads=tuple(dict.fromkeys(text.downloads)),
    )


def _tables(blocks: Iterable[Block]) -> Iterator[Block]:
    """The tables in reading order, those inside evidence too."""
    for block in blocks:
        table = block.get("table") if block["block"] == "evidence" else block
        if table and table["block"] == "table":
            yield table
