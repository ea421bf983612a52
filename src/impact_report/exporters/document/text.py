"""The text of a report from its first word to its last: numbers, notes and links, each with where it leads."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from impact_report.errors import near
from impact_report.exporters.document.anchors import COVER_ID, Anchors
from impact_report.exporters.document.cells import Found
from impact_report.exporters.document.faults import Faults, short
from impact_report.exporters.document.figure import check_figure, list_numbers, set_spots
from impact_report.exporters.places import Number
from impact_report.exporters.structure import Inline, plain_text, runs, slug

LINK_SCHEMES = ("https", "http", "mailto")


@dataclass
class _Place:
    """Where in the report the reader is: the kind of block, what it is called, the nearest heading."""

    kind: str
    label: str
    heading: str
    home: str  # the anchor of the block, or of the heading above it
    evidence: str | None = None  # the evidence block one stands in
    figure: str | None = None  # the figure one stands in, which stands for those of its numbers that have no spot


@dataclass
class Text:
    """What has been read of the blocks: the numbers printed, the notes, the files beside the report."""

    found: Sequence[Found]
    anchors: Anchors
    words: Mapping[str, str]
    faults: Faults
    printed: list[Number] = field(default_factory=list)
    notes: list[list[Inline]] = field(default_factory=list)
    note_keys: dict[str, int] = field(default_factory=dict)
    downloads: list[str] = field(default_factory=list)

    def read(self) -> None:
        """Read every block; digits without evidence and links to nowhere are faults."""
        for item, place in self._places():
            self._read_block(item, place)

    def _places(self) -> Iterator[tuple[Found, _Place]]:
        heading, home = "", COVER_ID
        for item in self.found:
            block, kind = item.block, item.block["block"]
            if kind in ("heading", "findings"):
                heading, home = block.get("title") or block["text"], block["id"]
            if kind == "cover":
                yield item, _Place("cover", self.words["cover"], "", COVER_ID)
            elif kind == "evidence":
                yield item, _Place("evidence", plain_text(block["title"]), heading, block["id"], block["id"])
            elif kind == "figure":
                yield item, _Place(kind, block["label"], heading, block["id"], figure=block["id"])
            elif kind in ("findings", "table"):
                yield item, _Place(kind, block.get("label") or block["title"], heading, block["id"])
            else:
                label = self.words["text_of"].format(heading=heading) if heading else self.words["cover"]
                yield item, _Place("sentence", label, heading, home)

    def _read_block(self, item: Found, place: _Place) -> None:
        block = item.block
        where = f"{item.where}, {block['block']} {block['id']}" if block.get("id") else item.where
        if block["block"] == "figure":
            check_figure(block, where, self.anchors.labels, self.faults)
            self.downloads += block["files"]
        elif block["block"] == "heading" and item.prose:
            self._check_digits(block["text"], where)
        for run in runs(block):
            self._read_run(run, where, place)
        if block["block"] == "figure":
            set_spots(block)
            list_numbers(block)

    def _read_run(self, run: list[Inline], where: str, place: _Place, quoted: bool = False) -> None:
        """Number the notes and the numbers of a run; refuse digits without evidence and links to nowhere."""
        for node in run:
            kind = node["t"]
            if kind == "text" and not quoted:
                self._check_digits(node["text"], where)
            elif kind == "number":
                self._read_number(node, where, place)
            elif kind == "link":
                self._read_link(node, where)
            elif kind == "note":
                self._read_note(node)
                if node["again"]:
                    continue  # its words were read where it was called first
            leads_out = kind == "link" and not node["href"].startswith("#")
            self._read_run(node.get("c", []), where, place, quoted or leads_out)

    def _check_digits(self, words: str, where: str) -> None:
        if any(unicodedata.category(character).startswith("N") for character in words):
            found = f"“{short(words)}”"
            do = "print it with the number helper, or mark it as wording (a name, a date, a citation) if it is one"
            self.faults.add("no digits in plain text: each number needs evidence", found, where, do)

    def _read_number(self, node: Inline, where: str, place: _Place) -> None:
        node["order"] = len(self.printed) + 1
        evidence, row = node.get("evidence"), node.get("row")
        if not evidence:
            do = "print it with the number helper, which names its evidence"
            self.faults.add("a number with evidence", f"{node['text']!r} ({node.get('what')}) without any", where, do)
        elif evidence not in self.anchors.labels:
            found = f"{node['text']!r} ({node.get('what')}), whose evidence {evidence!r} is not in the document"
            known = [item.block["id"] for item in self.found if item.block["block"] == "evidence"]
            self.faults.add("a number whose evidence is shown", found, where, "show it, or " + near(evidence, known))
        row_anchor = f"{evidence}-{slug(row)}" if row else ""
        node["target"] = row_anchor if row_anchor in self.anchors.labels else evidence
        node["in_figure"] = place.figure
        node["card"] = self.anchors.owners.get(node["target"], node["target"])
        node["name"] = number_name(node, self.words)
        node["explained"] = place.kind in ("table", "evidence")  # there its row and column say what it is
        node["at_home"] = place.evidence is not None and place.evidence == self.anchors.owners.get(evidence)
        self.printed.append(Number(node["order"], place.kind, place.label, place.heading, place.home, node))

    def _read_link(self, node: Inline, where: str) -> None:
        href, labels = node["href"], self.anchors.labels
        node.setdefault("c", [])
        if href.startswith("#"):
            anchor = unquote(href[1:])
            if anchor not in labels:
                self.faults.add("a link to something in the document", repr(href), where, near(anchor, [*labels]))
            elif not node["c"]:
                node["c"] = [{"t": "verbatim", "text": labels[anchor]}]
            node["href"] = "#" + anchor
            return
        parts = urlsplit(href)
        beside = not parts.scheme and not parts.netloc and parts.path and "/" not in parts.path and "." in parts.path
        if parts.scheme in LINK_SCHEMES and (parts.netloc or parts.scheme == "mailto"):
            pass
        elif beside:
            self.downloads.append(unquote(parts.path))
        else:
            do = "link to an anchor (#…), to an https address, or to a file published beside the report"
            self.faults.add("a link that a reader can follow", repr(href), where, do)
        node["c"] = node["c"] or [{"t": "verbatim", "text": href}]

    def _read_note(self, node: Inline) -> None:
        """Notes are counted in order of appearance; one called twice keeps its number."""
        key = node.get("key")
        node["again"] = key in self.note_keys
        if not node["again"]:
            self.notes.append(node["c"])
            if key:
                self.note_keys[key] = len(self.notes)
        node["order"] = self.note_keys[key] if key else len(self.notes)


def number_name(node: Inline, words: Mapping[str, str]) -> str:
    """Return what a link of a number is called where nothing around it can be seen; the printed text comes first.

    >>> number_name({"text": "83%", "what": "share: shared data"}, {"evidence": "evidence"})
    '83%, share: shared data – evidence'
    """
    return ", ".join(filter(None, [node["text"], node.get("what") or ""])) + f" – {words['evidence']}"
