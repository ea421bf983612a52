"""What a number stands in, to be read without the report: a sentence, a table's row, a line of a chart."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from impact_report.exporters.structure import Block, Inline, item_runs, nodes, row_cells

Piece = tuple[str, list[Inline]]  # what words are called where they stand (a column, a fact; "" in a sentence)
Passage = list[Piece]


def passages(block: Block) -> Iterator[Passage]:
    """Yield the passages of a complete block in order of appearance, a footnote after the passage that calls it.

    >>> columns = [{"label": "Statement"}, {"label": "Share"}]
    >>> cells = [{"c": [{"t": "text", "text": "sang"}]}, {"c": [{"t": "number", "text": "83%"}]}]
    >>> table = {"block": "table", "caption": [], "columns": columns, "rows": [cells], "notes": []}
    >>> list(passages(table))[1]
    [('', [{'t': 'text', 'text': 'sang'}]), ('Share', [{'t': 'number', 'text': '83%'}])]
    """
    for passage in _of_block(block):
        yield passage
        for _, run in passage:
            yield from ([("", node["c"])] for node in nodes(run) if node["t"] == "note" and not node.get("again"))


def own_numbers(run: list[Inline]) -> Iterator[Inline]:
    """Yield the numbers of a run in order, without those of its footnotes.

    >>> note = {"t": "note", "c": [{"t": "number", "text": "2"}]}
    >>> [node["text"] for node in own_numbers([{"t": "strong", "c": [{"t": "number", "text": "1"}]}, note])]
    ['1']
    """
    for node in run:
        if node["t"] == "number":
            yield node
        elif node["t"] != "note":
            yield from own_numbers(node.get("c", []))


def _of_block(block: Block) -> Iterator[Passage]:
    kind = block["block"]
    if kind == "cover":
        yield from ([(label, words)] for label, words in block["facts"])
        yield [("", block["notice"] or [])]
    elif kind == "paragraph":
        yield [("", block["c"])]
    elif kind == "list":
        yield from ([("", run)] for item in block["items"] for run in item_runs(item))
    elif kind in ("callout", "quote"):
        yield from ([("", run)] for run in block["paragraphs"])
    elif kind == "findings":
        yield from _of_findings(block)
    elif kind == "figure":
        yield from ([("", block[part])] for part in ("title", "subtitle"))
        yield from _lines(block["numbers"])
        yield from ([("", block[part])] for part in ("source", "made_by"))
    elif kind == "table":
        yield from _of_table(block)
    elif kind == "evidence":
        yield [("", block["title"])]
        yield from ([(label, words)] for label, words in block["facts"])
        if block["table"]:
            yield from _of_table(block["table"])


def _of_findings(findings: Block) -> Iterator[Passage]:
    yield [("", findings["summary"] or [])]
    for fact in findings["facts"]:
        yield [("", fact["value"]), ("", fact["label"]), ("", fact.get("detail") or [])]
    for section in findings["sections"]:
        yield [("", section.get("lead") or [])]
        for item in section["items"]:
            yield [("", item["value"]), ("", item["statement"]), ("", item.get("detail") or [])]
    yield [("", findings["note"] or [])]


def _of_table(table: Block) -> Iterator[Passage]:
    """The caption, each row with the labels of its columns but the first, which names the row, and the notes."""
    yield [("", table["caption"])]
    labels = ["", *(column["label"] for column in table["columns"][1:])]
    for row in table["rows"]:
        yield [(label, cell["c"]) for label, cell in zip(labels, row_cells(row), strict=False)]
    yield from ([("", words)] for words in (*table["notes"], table.get("made_by") or []))


def _subject(node: Inline) -> str:
    """What a number is about: what stands after the colon of what it is, or all of that."""
    what = node.get("what") or ""
    return what.partition(": ")[2] or what


def _lines(numbers: list[Inline]) -> Iterator[Passage]:
    """The numbers of a drawing; those with the same evidence stand together, under what they are about."""
    for (_, subject), found in groupby(numbers, key=lambda node: (node.get("target"), _subject(node))):
        same = list(found)
        yield [(subject if place == 0 else "", [node]) for place, node in enumerate(same)]
