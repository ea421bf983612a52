"""What can be linked to: every block and row with an anchor of its own, and what a reader calls it."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from impact_report.exporters.document.cells import Found
from impact_report.exporters.document.faults import Faults
from impact_report.exporters.structure import Block, plain_text, slug

COVER_ID = "top"
RESERVED_IDS = ("contents", "report", "notes", COVER_ID, "notice")  # the page's own landmarks


@dataclass
class Anchors:
    """Who has each anchor: `labels` says what a reader calls it, `owners` the evidence block that it lies in."""

    faults: Faults
    labels: dict[str, str] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)
    claimed: dict[str, str] = field(default_factory=lambda: dict.fromkeys(RESERVED_IDS, "the page itself"))

    def claim(self, anchor: str, label: str, where: str) -> None:
        """Give an anchor to who asks first; a second one, and an anchor that no address can hold, is a fault."""
        if anchor in self.claimed:
            found = f"{anchor!r}, which {self.claimed[anchor]} has already"
            self.faults.add("an id of its own", found, where, "choose another id")
        elif not anchor or any(character.isspace() for character in anchor):
            self.faults.add("an id without spaces", repr(anchor), where, f"use {slug(anchor)!r}")
        self.claimed.setdefault(anchor, where)
        self.labels.setdefault(anchor, label)

    def claim_table(self, table: Block, label: str, where: str) -> None:
        """Claim the anchor of a table, and those of its rows."""
        self.claim(table["id"], label, where)
        for anchor in _row_anchors(table):
            self.claim(anchor, label, where)

    def claim_evidence(self, evidence: Block, where: str) -> None:
        """Claim the anchor of an evidence block, and own all that lies in it."""
        title, table = plain_text(evidence["title"]), evidence["table"]
        self.claim(evidence["id"], title, where)
        self.owners[evidence["id"]] = evidence["id"]
        if table:
            self.owners |= dict.fromkeys(filter(None, [table["id"], *_row_anchors(table)]), evidence["id"])
            table["label"] = ""
            self.claim_table(table, title, where)


def anchors_of(found: Sequence[Found], words: Mapping[str, str], faults: Faults) -> Anchors:
    """Return the anchors of all blocks; figures and tables are counted, and headings without an id get a slug.

    >>> blocks = [{"block": "heading", "text": "Method", "id": ""}, {"block": "figure", "id": "impact"}]
    >>> anchors_of([Found(block, "cell 1") for block in blocks], {"figure": "Figure"}, Faults()).labels
    {'impact': 'Figure 1', 'method': 'Method'}
    """
    anchors = Anchors(faults)
    figures = tables = 0
    for item in found:
        block, kind = item.block, item.block["block"]
        if kind == "figure":
            figures += 1
            block["short"] = f"f.{figures}"  # for the ids inside its drawings, which are many
            block["label"] = f"{words['figure']} {figures}"
            anchors.claim(block["id"], block["label"], item.where)
        elif kind == "table":
            tables += 1
            block["label"] = f"{words['table']} {tables}"
            anchors.claim_table(block, block["label"], item.where)
        elif kind == "evidence":
            anchors.claim_evidence(block, item.where)
        elif kind == "findings" or (kind == "heading" and block["id"]):
            anchors.claim(block["id"], block.get("title") or block["text"], item.where)
    for item in found:
        if item.block["block"] == "heading" and not item.block["id"]:
            item.block["id"] = _unique(slug(item.block["text"]), anchors.claimed)
            anchors.claim(item.block["id"], item.block["text"], item.where)
    return anchors


def _row_anchors(table: Block) -> Iterable[str]:
    return [row["id"] for row in table["rows"] if isinstance(row, dict) and row.get("id")]


def _unique(name: str, taken: Container[str]) -> str:
    if name not in taken:
        return name
    count = 2
    while f"{name}-{count}" in taken:
        count += 1
    return f"{name}-{count}"
