"""An executed notebook as one document, or every reason why it must not be published.

The document is what both exporters read: its blocks in order, completed and numbered; each printed number with
its place and its evidence; the contents; the footnotes. Whatever would make a reader unable to see, hear, follow
or check something is a fault, and all faults are raised at once.
"""

from __future__ import annotations

import copy
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import unquote, urlsplit

from nbconvert.utils.exceptions import ConversionException

from impact_report import language
from impact_report.errors import Problem, PublishingError, near
from impact_report.exporters import prose
from impact_report.exporters.places import EVIDENCE_WORD, Number, tell_ways_back
from impact_report.exporters.structure import (
    BLOCK_MIMETYPE,
    DEFAULTS,
    INLINE_REQUIRED,
    REQUIRED,
    Block,
    Inline,
    plain_text,
    row_cells,
    runs,
    slug,
)
from impact_report.exporters.words import words

NOTEBOOK_ONLY = "notebook-only"
STOCK_ALT = "no description has been provided"  # what nbconvert writes where nobody wrote anything
SHORTEST_ALT = 20  # characters: fewer cannot say what a chart shows
LINK_SCHEMES = ("https", "http", "mailto")
PAPERS = ("a4", "us-letter")
COVER_ID = "top"
RESERVED_IDS = ("contents", "report", "notes", COVER_ID, "notice")  # the page's own landmarks
SPOT = ("x", "y", "width", "height")  # fractions of a drawing, from its upper left corner
SHARE_AND_COUNT = 2  # numbers of a figure that are printed together
SHOWN_OF_A_FIND = 60  # characters of a refused text that an error quotes


class ReportRefused(PublishingError, ConversionException):
    """A notebook that must not become a report; `problems` names each cell and what is wrong with it."""


@dataclass(frozen=True)
class Entry:
    """A line of the contents: level 1 is a part, level 2 a chapter of it."""

    level: int
    text: str
    anchor: str


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
    impact_report.exporters.document.ReportRefused: The report cannot be published...
    """
    language.use(_language_of(notebook))
    found, problems = _collect(notebook)
    if not any(not source.prose for source in found):
        problems.append(
            Problem(
                "an executed notebook, whose cells show blocks",
                f"{len(notebook['cells'])} cells, none of which shows a block",
                "the notebook",
                "run it first: impact-report build, or Run > Run All Cells",
            )
        )
        raise ReportRefused(problems)
    return _Assembly(found, problems).document()


def document_of(blocks: list[Block]) -> Document:
    """Return the document made of these blocks alone, as if one cell had shown them all.

    >>> cover = {"block": "cover", "title": "Impact", "date": "2020-01-31"}
    >>> document = document_of([cover, {"block": "heading", "level": 1, "text": "Who answered", "id": ""}])
    >>> document.contents
    (Entry(level=1, text='Who answered', anchor='who-answered'),)
    """
    return _Assembly([Found(copy.deepcopy(block), "the blocks") for block in blocks], []).document()


@dataclass
class Found:
    """A block and the cell it was found in; words of Markdown cells are held to a stricter rule."""

    block: Block
    where: str
    prose: bool = False


def _language_of(notebook: Mapping[str, Any]) -> str:
    """Return the language that the exporters' own words are to be in: the cover's, or English where they are not."""
    outputs = [output for cell in notebook["cells"] for output in cell.get("outputs", [])]
    blocks = [output.get("data", {}).get(BLOCK_MIMETYPE, {}) for output in outputs]
    stated = [block["language"] for block in blocks if block.get("block") == "cover" and block.get("language")]
    return next(filter(language.known, stated), language.SOURCE)


# Collecting --------------------------------------------------------------------------------------------------


def _collect(notebook: Mapping[str, Any]) -> tuple[list[Found], list[Problem]]:
    """Every block of the notebook in order, and what the cells hold that is not a block."""
    cells = [
        (_where(position, cell), cell)
        for position, cell in enumerate(notebook["cells"], start=1)
        if NOTEBOOK_ONLY not in cell["metadata"].get("tags", []) or _failed(cell)
    ]
    sources = ["".join(cell["source"]) for _, cell in cells if cell["cell_type"] == "markdown"]
    parsed = iter(prose.parse(sources))
    found: list[Found] = []
    problems: list[Problem] = []
    for where, cell in cells:
        if cell["cell_type"] == "markdown":
            blocks, faults = next(parsed)
            found += [Found(block, where, prose=True) for block in blocks]
            problems += [Problem(expected, what, where, do) for expected, what, do in faults]
        elif cell["cell_type"] == "code":
            for output in cell.get("outputs", []):
                block, problem = _read_output(output, where)
                found += [Found(block, where)] if block else []
                problems += [problem] if problem else []
    return found, problems


def _failed(cell: Mapping[str, Any]) -> bool:
    """An error is never left out, whatever the cell is tagged."""
    return any(output["output_type"] == "error" for output in cell.get("outputs", []))


def _where(position: int, cell: Mapping[str, Any]) -> str:
    first_line = next((line.strip() for line in "".join(cell["source"]).split("\n") if line.strip()), "")
    identity = f" (id {cell['id']})" if cell.get("id") else ""
    return f"cell {position}{identity}" + (f": {_short(first_line)}" if first_line else "")


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= SHOWN_OF_A_FIND else text[: SHOWN_OF_A_FIND - 1] + "…"


def _read_output(output: Mapping[str, Any], where: str) -> tuple[Block | None, Problem | None]:
    """The block of an output, or why it cannot stand in a report."""
    if output["output_type"] == "error":
        found = f"{output['ename']}: {_short(output['evalue'])}"
        return None, Problem("a cell that runs without an error", found, where, "mend the cell and run it again")
    if output["output_type"] == "stream":
        found = f"text on {output['name']}: {_short(''.join(output['text']))}"
        do = f"show it as a block, remove what prints it, or tag the cell {NOTEBOOK_ONLY}"
        return None, Problem("blocks", found, where, do)
    data = output["data"]
    if BLOCK_MIMETYPE not in data:
        images = [kind for kind in data if kind.startswith("image/")]
        kinds = images or [kind for kind in data if kind != "text/plain"] or ["text/plain"]
        what = "a bare image" if images else "an output that is not a block"
        do = (
            "show it as a figure block, which has an alt text and a source"
            if images
            else f"end the line with a semicolon, show a block instead, or tag the cell {NOTEBOOK_ONLY}"
        )
        return None, Problem("blocks", f"{what} ({', '.join(kinds)})", where, do)
    block = copy.deepcopy(dict(data[BLOCK_MIMETYPE]))
    problem = _shape_problem(block, where)
    return (None, problem) if problem else (block, None)


def _shape_problem(block: Block, where: str) -> Problem | None:
    """Why a block cannot be read at all."""
    kind = block.get("block")
    if kind not in REQUIRED:
        return Problem("a known block", f"{kind!r}", where, near(str(kind), list(REQUIRED)))
    missing = [key for key in REQUIRED[kind] if block.get(key) is None]
    if missing:
        found = f"no {', no '.join(missing)}"
        return Problem(f"a {kind} with {', '.join(REQUIRED[kind])}", found, where, "pass it where the block is made")
    if kind == "evidence" and block.get("table"):
        return _shape_problem({"block": "table", **block["table"]}, f"{where}, {block['id']}")
    return None


# Assembling --------------------------------------------------------------------------------------------------


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
class _Assembly:
    """Numbers, names and checks the blocks of one report."""

    found: list[Found]
    problems: list[Problem]
    labels: dict[str, str] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)  # the evidence block that an anchor lies in
    printed: list[Number] = field(default_factory=list)
    notes: list[list[Inline]] = field(default_factory=list)
    note_keys: dict[str, int] = field(default_factory=dict)
    contents: list[Entry] = field(default_factory=list)
    downloads: list[str] = field(default_factory=list)

    def fault(self, expected: str, found: str, where: str, do: str) -> None:
        self.problems.append(Problem(expected, found, where, do))

    def document(self) -> Document:
        for item in self.found:
            item.block.update({**DEFAULTS.get(item.block["block"], {}), **_given(item.block)})
            if item.block["block"] == "evidence" and item.block["table"]:
                table = item.block["table"]
                table.update({"block": "table", **DEFAULTS["table"], **_given(table)})
            self.check_inlines(item)
        cover = self.cover()
        self.words = words()
        self.name_anchors()
        self.check_headings()
        for item, place in self.places():
            self.read_runs(item, place)
        blocks = [item.block for item in self.found]
        tell_ways_back(self.printed, self.tables(), blocks, self.owners)
        if self.problems:
            raise ReportRefused(self.problems)
        return Document(
            cover=cover,
            blocks=tuple(block for block in blocks if block["block"] != "cover"),
            contents=tuple(self.contents),
            numbers=tuple(self.printed),
            notes=tuple(self.notes),
            labels=self.labels,
            words=self.words,
            downloads=tuple(dict.fromkeys(self.downloads)),
        )

    # Shape

    def check_inlines(self, item: Found) -> None:
        """Unknown or incomplete inline nodes are faults, and are taken out so that the rest can be read."""
        block = item.block
        try:
            for run in list(runs(block)):
                self.check_run(run, item.where)
            for table in [block, block.get("table")]:
                if isinstance(table, dict) and table["block"] == "table":
                    self.check_rows(table, item.where)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            found = f"one that cannot be read ({type(error).__name__}: {error})"
            self.fault(f"a complete {block['block']} block", found, item.where, "compare it with the other blocks")
            raise ReportRefused(self.problems) from error

    def check_rows(self, table: Block, where: str) -> None:
        """A row has a cell for each column, or one cell for all of them."""
        width = len(table["columns"])
        for position, row in enumerate(table["rows"], start=1):
            count = len(row_cells(row))
            if count not in (1, width):
                found = f"{count} cells in row {position} of {table['id']!r}"
                self.fault(f"{width} cells in each row, or one that spans them", found, where, "fill in the row")

    def check_run(self, run: list[Inline], where: str) -> None:
        for node in list(run):
            kind = node.get("t") if isinstance(node, dict) else None
            if kind not in INLINE_REQUIRED:
                self.fault(
                    "a known inline node", repr(node)[:SHOWN_OF_A_FIND], where, near(str(kind), list(INLINE_REQUIRED))
                )
                run.remove(node)
                continue
            missing = [key for key in INLINE_REQUIRED[kind] if not isinstance(node.get(key), str | list)]
            if missing:
                self.fault(f"an inline {kind} with {', '.join(missing)}", _short(repr(node)), where, "pass it as words")
                run.remove(node)
                continue
            if "text" in node:
                node["text"] = unicodedata.normalize("NFC", " ".join(node["text"].split("\n")))
            self.check_run(node.get("c", []), where)

    def cover(self) -> Block:
        covers = [item for item in self.found if item.block["block"] == "cover"]
        if len(covers) != 1:
            found = f"{len(covers)} covers" if covers else "no cover"
            where = covers[1].where if covers else "the notebook"
            self.fault("exactly one cover", found, where, "show one cover block, at the start")
            if not covers:
                raise ReportRefused(self.problems)
        cover, where = covers[0].block, covers[0].where
        if cover["paper"] not in PAPERS:
            self.fault("a paper size", repr(cover["paper"]), f"{where}, cover", near(str(cover["paper"]), PAPERS))
        try:
            date.fromisoformat(cover["date"])
        except ValueError:
            self.fault("a date as 2019-06-30", repr(cover["date"]), f"{where}, cover", "pass the document's date")
        cover["running"] = cover["running"] or cover["title"]
        cover["description"] = cover["description"] or " ".join(filter(None, [cover["title"], cover["subtitle"]]))
        return cover

    # Names

    def name_anchors(self) -> None:
        """Give every block that can be linked to its anchor and its name; headings without an id get a slug."""
        claimed: dict[str, str] = dict.fromkeys(RESERVED_IDS, "the page itself")
        figures = tables = 0
        for item in self.found:
            block, kind = item.block, item.block["block"]
            if kind == "figure":
                figures += 1
                block["short"] = f"f.{figures}"  # for the ids inside its drawings, which are many
                block["label"] = f"{self.words['figure']} {figures}"
                self.claim(block["id"], block["label"], item.where, claimed)
            elif kind == "table":
                tables += 1
                block["label"] = f"{self.words['table']} {tables}"
                self.claim_table(block, block["label"], item.where, claimed)
            elif kind == "evidence":
                self.claim(block["id"], plain_text(block["title"]), item.where, claimed)
                self.owners[block["id"]] = block["id"]
                if block["table"]:
                    anchors = [row.get("id") for row in block["table"]["rows"] if isinstance(row, dict)]
                    self.owners |= dict.fromkeys(filter(None, [block["table"]["id"], *anchors]), block["id"])
                    block["table"]["label"] = ""
                    self.claim_table(block["table"], plain_text(block["title"]), item.where, claimed)
            elif kind == "findings" or (kind == "heading" and block["id"]):
                self.claim(block["id"], block.get("title") or block["text"], item.where, claimed)
        for item in self.found:
            if item.block["block"] == "heading" and not item.block["id"]:
                item.block["id"] = _unique(slug(item.block["text"]), claimed)
                self.claim(item.block["id"], item.block["text"], item.where, claimed)

    def claim_table(self, table: Block, label: str, where: str, claimed: dict[str, str]) -> None:
        self.claim(table["id"], label, where, claimed)
        for row in table["rows"]:
            if isinstance(row, dict) and row.get("id"):
                self.claim(row["id"], label, where, claimed)

    def claim(self, anchor: str, label: str, where: str, claimed: dict[str, str]) -> None:
        if anchor in claimed:
            self.fault(
                "an id of its own", f"{anchor!r}, which {claimed[anchor]} has already", where, "choose another id"
            )
        elif not anchor or any(character.isspace() for character in anchor):
            self.fault("an id without spaces", repr(anchor), where, f"use {slug(anchor)!r}")
        claimed.setdefault(anchor, where)
        self.labels.setdefault(anchor, label)

    def check_headings(self) -> None:
        """Levels go down one at a time, so that a screen reader's outline has no holes; contents are gathered."""
        level = 0
        for item in self.found:
            block = item.block
            if block["block"] == "findings":
                level = 1
                self.contents.append(Entry(1, block["title"], block["id"]))
            elif block["block"] == "heading":
                if not block["text"].strip():
                    self.fault("a heading with words", "an empty one", item.where, "write it, or remove it")
                if block["level"] > level + 1:
                    found = f"level {block['level']} after level {level}: {_short(block['text'])}"
                    self.fault(f"a heading of level {level + 1} or above", found, item.where, "raise the heading")
                level = block["level"]
                if level <= 2:
                    self.contents.append(Entry(level, block["text"], block["id"]))
            elif block["block"] == "evidence":
                block["level"] = min(level, 2) + 1

    def tables(self) -> Iterator[Block]:
        """The tables in reading order, those inside evidence too."""
        for item in self.found:
            table = item.block.get("table") if item.block["block"] == "evidence" else item.block
            if table and table["block"] == "table":
                yield table

    # Words and numbers

    def places(self) -> Iterator[tuple[Found, _Place]]:
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

    def read_runs(self, item: Found, place: _Place) -> None:
        block = item.block
        where = f"{item.where}, {block['block']} {block['id']}" if block.get("id") else item.where
        if block["block"] == "figure":
            self.check_figure(block, where)
        elif block["block"] == "heading" and item.prose:
            self.check_digits(block["text"], where)
        for run in runs(block):
            self.read(run, where, place)
        if block["block"] == "figure":
            _set_spots(block)
            _list_numbers(block)

    def check_figure(self, figure: Block, where: str) -> None:
        alt = figure["alt"].strip()
        if not alt:
            self.fault("an alt text", "none", where, "say what the chart shows, with its numbers")
        elif STOCK_ALT in alt.lower():
            self.fault(
                "an alt text somebody wrote", repr(_short(alt)), where, "say what the chart shows, with its numbers"
            )
        elif len(alt) < SHORTEST_ALT:
            self.fault("an alt text that says what is to be seen", repr(alt), where, "name the finding and its numbers")
        if "<svg" not in figure["svg"]:
            self.fault("a drawing in SVG", repr(_short(figure["svg"])), where, "save the figure as SVG")
        self.check_spots(figure, where)
        self.downloads += figure["files"]
        if figure["table"] and figure["table"] not in self.labels:
            found = f"{figure['table']!r}, which is not in the document"
            self.fault(
                "the anchor of the table with the figure's data", found, where, near(figure["table"], [*self.labels])
            )

    def check_spots(self, figure: Block, where: str) -> None:
        """Each spot names a number of the figure and lies on the drawing; those that do not are taken out."""
        for key in ("links", "links_narrow"):
            good = []
            for spot in figure[key]:
                number, sides = spot.get("number"), [spot.get(side) for side in SPOT]
                known = isinstance(number, int) and 0 <= number < len(figure["numbers"])
                if not known:
                    found = f"{number!r} in {key}, of {len(figure['numbers'])} numbers"
                    self.fault("the place of a number in the figure's list", found, where, "count from 0")
                elif not all(isinstance(side, int | float) and 0 <= side <= 1 for side in sides):
                    found = f"{sides} for number {number} in {key}"
                    self.fault("x, y, width, height from 0 to 1", found, where, "give shares of the drawing's size")
                else:
                    good.append(spot)
            figure[key] = good

    def read(self, run: list[Inline], where: str, place: _Place, quoted: bool = False) -> None:
        """Number the notes and the numbers of a run; refuse digits without evidence and links to nowhere."""
        for node in run:
            kind = node["t"]
            if kind == "text" and not quoted:
                self.check_digits(node["text"], where)
            elif kind == "number":
                self.read_number(node, where, place)
            elif kind == "link":
                self.read_link(node, where)
            elif kind == "note":
                self.read_note(node)
                if node["again"]:
                    continue  # its words were read where it was called first
            self.read(node.get("c", []), where, place, quoted or (kind == "link" and not node["href"].startswith("#")))

    def check_digits(self, words: str, where: str) -> None:
        if any(unicodedata.category(character).startswith("N") for character in words):
            found = f"“{_short(words)}”"
            do = "print it with the number helper, or mark it as wording (a name, a date, a citation) if it is one"
            self.fault("no digits in plain text: each number needs evidence", found, where, do)

    def read_number(self, node: Inline, where: str, place: _Place) -> None:
        node["order"] = len(self.printed) + 1
        evidence, row = node.get("evidence"), node.get("row")
        if not evidence:
            do = "print it with the number helper, which names its evidence"
            self.fault("a number with evidence", f"{node['text']!r} ({node.get('what')}) without any", where, do)
        elif evidence not in self.labels:
            found = f"{node['text']!r} ({node.get('what')}), whose evidence {evidence!r} is not in the document"
            known = [item.block["id"] for item in self.found if item.block["block"] == "evidence"]
            self.fault("a number whose evidence is shown", found, where, "show it, or " + near(evidence, known))
        row_anchor = f"{evidence}-{slug(row)}" if row else ""
        node["target"] = row_anchor if row_anchor in self.labels else evidence
        node["in_figure"] = place.figure
        node["card"] = self.owners.get(node["target"], node["target"])
        node["name"] = number_name(node, self.words)
        node["explained"] = place.kind in ("table", "evidence")  # there its row and column say what it is
        node["at_home"] = place.evidence is not None and place.evidence == self.owners.get(evidence)
        self.printed.append(Number(node["order"], place.kind, place.label, place.heading, place.home, node))

    def read_link(self, node: Inline, where: str) -> None:
        href = node["href"]
        node.setdefault("c", [])
        if href.startswith("#"):
            anchor = unquote(href[1:])
            if anchor not in self.labels:
                self.fault("a link to something in the document", repr(href), where, near(anchor, [*self.labels]))
            elif not node["c"]:
                node["c"] = [{"t": "verbatim", "text": self.labels[anchor]}]
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
            self.fault("a link that a reader can follow", repr(href), where, do)
        node["c"] = node["c"] or [{"t": "verbatim", "text": href}]

    def read_note(self, node: Inline) -> None:
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


def _set_spots(figure: Block) -> None:
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


def _list_numbers(figure: Block) -> None:
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


def _given(block: Block) -> Block:
    """What the notebook said: a null is as good as silence."""
    return {key: value for key, value in block.items() if value is not None}


def _unique(name: str, taken: Mapping[str, Any]) -> str:
    if name not in taken:
        return name
    count = 2
    while f"{name}-{count}" in taken:
        count += 1
    return f"{name}-{count}"
