"""The report as a PDF through Typst: tagged, PDF/A-2a and PDF/UA-1, the same bytes every time.

The words of the report go to Typst as data, never as markup, so that nothing in them needs to be escaped.
"""

from __future__ import annotations

import base64
import copy
import json
import math
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import typst
from traitlets import default

from impact_report.errors import Problem, PublishingError
from impact_report.exporters.document import Document, description_of, notice_of
from impact_report.exporters.drawing import height_to_width, text_of
from impact_report.exporters.exporter import ReportExporter
from impact_report.exporters.markup import TEMPLATES, around_number, share_of
from impact_report.exporters.pagination import Piece, arranged
from impact_report.exporters.structure import Block, Inline, item_runs, nodes, plain_text, row_cells, runs
from impact_report.exporters.tagging import LinkName, finish_tags
from impact_report.exporters.typefaces import FAMILY, FONTS, known_characters, of_cover
from impact_report.palette import LIGHT, painted

STANDARDS = ["a-2a", "ua-1"]
LAYOUT = TEMPLATES / "impact-pdf" / "layout.typ"
MAIN = "index.typ"
DATA = "report.json"
MEASURED = "<measured>"  # the label under which the layout tells the heights of its blocks
MOST_ROWS_KEPT = 16  # a table of more rows may break even if nobody said so: it would soon be taller than a page
MOST_ENTRIES_ON_THE_COVER = 26  # of the contents: more of them would not fit under the title
MOST_CHARACTERS_KEPT = 1_200  # of a table that stays whole
MOST_CHARACTERS_OF_FACTS = 600  # of an evidence without a table that stays whole
MOST_COLUMNS_BESIDE, LEAST_ROWS_BESIDE = 7, 4  # of a table that stands beside the facts of its evidence
LINES_A_ROW, LETTERS_BESIDE, LETTERS_OF_LABELS = 1.1, 26, 14  # there: about how many fit
MOST_CHARACTERS_OF_A_LEAD = 500  # that stay with the heading above and the figure or table below; more stand alone
NOT_PRINTED = ("href", "evidence", "row", "what", "rule", "target", "anchor", "id", "columns", "type", "data")
LEFT_OUT = ("svg", "svg_narrow", "links", "links_narrow", "listed", "spots", "short")


class ImpactPDFExporter(ReportExporter):
    """`jupyter nbconvert --to impact-pdf`: an executed notebook of blocks as an accessible, archivable PDF."""

    export_from_notebook = "Impact report (PDF)"
    output_mimetype = "application/pdf"

    @default("file_extension")
    def _pdf_extension(self) -> str:
        return ".pdf"

    @default("template_extension")
    def _typst_extension(self) -> str:
        return ".typ.j2"

    @default("template_name")
    def _pdf_template(self) -> str:
        return "impact-pdf"

    def from_notebook_node(self, nb: Any, resources: Any = None, **options: Any) -> tuple[bytes, Any]:
        """Return the PDF and nbconvert's resources; raises ReportRefused with every fault of the notebook."""
        document, resources = self.document(nb, resources, **options)
        resources["output_extension"] = ".pdf"
        return self.render(document), resources

    def render(self, document: Document) -> bytes:
        """Return the PDF of a document.

        Raises PublishingError for characters the font does not have, for findings that do not fit on one sheet,
        and for whatever else Typst refuses or warns of.
        """
        check_characters(document)
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            (root / MAIN).write_text(self.template.render(document=document), encoding="utf-8")
            shutil.copy(LAYOUT, root)
            for name, content in _files(document).items():
                (root / name).write_bytes(content)
            _write_data(root, document)
            order = _order(root)
            if order != sorted(order):
                document = replace(document, blocks=tuple(document.blocks[place] for place in order))
                _write_data(root, document)
            pdf = _compile(root, date.fromisoformat(document.cover["date"]))
        return finish_tags(pdf, list(_row_headers(document)), list(link_names(document)))


def document_pdf(document: Document) -> bytes:
    """Return the PDF of a document that was made without a notebook.

    >>> from impact_report.exporters.document import document_of
    >>> document_pdf(document_of([{"block": "cover", "title": "Impact", "date": "2020-01-31"}]))[:5]
    b'%PDF-'
    """
    return ImpactPDFExporter().render(document)


def _files(document: Document) -> dict[str, bytes]:
    """Return the publisher's own logo and fonts, by file name."""
    cover, files = document.cover, {}
    if cover["logo"]:
        picture = cover["logo"]["pictures"][0]
        files[_logo_name(picture)] = base64.b64decode(picture["data"])
    typeface = of_cover(cover)
    for place, face in enumerate(typeface.faces if typeface else ()):
        files[f"font-{place}.ttf"] = face.data
    return files


def _logo_name(picture: Mapping[str, str]) -> str:
    return "logo.svg" if "svg" in picture["type"] else "logo.png"


def _write_data(root: Path, document: Document) -> None:
    data, drawings = layout_data(document)
    (root / DATA).write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    for name, svg in drawings.items():
        (root / name).write_text(svg, encoding="utf-8")


def _order(root: Path) -> list[int]:
    """Return the order of the blocks in print, from the height that the layout gives each of them."""
    try:
        found = typst.query(root / MAIN, MEASURED, field="value", one=True, root=root, **_fonts(root))
    except RuntimeError:  # a query does not say what Typst refuses; compiling does
        return []
    measured = json.loads(found)
    pieces = [Piece(**one) for one in measured["pieces"]]
    return arranged(pieces, measured["page"])


def _fonts(root: Path) -> dict[str, Any]:
    return {"font_paths": [root, FONTS], "ignore_system_fonts": True}


def _compile(root: Path, day: date) -> bytes:
    moment = datetime(day.year, day.month, day.day, tzinfo=UTC)
    try:
        pdf, warnings = typst.compile_with_warnings(
            root / MAIN,
            root=root,
            **_fonts(root),
            format="pdf",
            pdf_standards=STANDARDS,
            timestamp=moment,
        )
    except typst.TypstError as error:
        raise PublishingError([_typst_problem(error)]) from error
    if warnings:
        raise PublishingError([_typst_problem(warning) for warning in warnings])
    return pdf


def _typst_problem(trouble: Any) -> Problem:
    hints = "; ".join(trouble.hints)
    where = next((line.strip() for line in trouble.trace), "the PDF")
    return Problem(
        "a document Typst accepts as PDF/A-2a and PDF/UA-1", trouble.message, where, hints or "mend the block it names"
    )


def check_characters(document: Document) -> None:
    """Raise PublishingError naming each character that the report's font cannot draw, and where it stands.

    >>> from impact_report.exporters.document import document_of
    >>> check_characters(document_of([{"block": "cover", "title": "Impact 😀", "date": "2020-01-31"}]))
    Traceback (most recent call last):
    impact_report.errors.PublishingError: The report cannot be published...
    """
    problems = []
    typeface = of_cover(document.cover)
    known = known_characters(typeface) | {"\n", "\t"}
    family = typeface.family if typeface else FAMILY
    for block in (document.cover, *document.blocks):
        for text in _texts(block):
            missing = sorted(set(text) - known)
            if missing:
                named = ", ".join(f"{character!r} (U+{ord(character):04X})" for character in missing)
                name = " ".join(filter(None, [block["block"], block.get("id") or ""]))
                do = "write it in words, or name a font that has it in brand.yml"
                problems.append(
                    Problem(f"characters of the report's font, {family}", f"{named} in “{text[:60]}”", name, do)
                )
    if problems:
        raise PublishingError(problems)


def _texts(value: Any, key: str = "") -> Iterator[str]:
    """Every text of a block that gets printed; of a drawing only the words."""
    if key in ("svg", "svg_narrow"):
        if key == "svg":
            yield text_of(value)
    elif isinstance(value, str):
        if key not in NOT_PRINTED:
            yield value
    elif isinstance(value, dict):
        for name, part in value.items():
            yield from _texts(part, name)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _texts(part, key)


def _row_headers(document: Document) -> Iterator[bool]:
    """Of each table in reading order, whether its first column names the rows; labelled facts are tables too."""
    if document.cover["facts"]:
        yield True
    for block in document.blocks:
        if block["block"] == "table":
            yield block["row_header"]
        elif block["block"] == "evidence":
            yield from _row_headers_of_evidence(block)


def _row_headers_of_evidence(block: Block) -> Iterator[bool]:
    """Facts above, beside and below a slim table are tables of their own."""
    last = len(block["facts"]) + bool(block["printed_in"])
    above, below = beside_the_table(block) or (0, last)
    yield from [True] * (bool(above) + bool(below - above))
    if block["table"]:
        yield block["table"]["row_header"]
    yield from [True] * (below < last)


def layout_data(document: Document) -> tuple[dict[str, Any], dict[str, str]]:
    """What the layout reads: the document as plain data, and the drawings by file name."""
    drawings: dict[str, str] = {}
    blocks = []
    whole = {block["id"] for block in document.blocks if block["block"] == "evidence" and not may_break(block)}
    for original in document.blocks:
        block = copy.deepcopy({key: value for key, value in original.items() if key not in LEFT_OUT})
        for node in (node for run in runs(block) for node in nodes(run)):
            if node["t"] == "number" and node["card"] in whole:
                node["target"] = node["card"]  # a card that stands on one page is shown from its heading
        if block["block"] == "figure":
            block["file"] = f"figure-{len(drawings) + 1}.svg"
            block["ratio"] = height_to_width(original["svg"])
            block["table_label"] = document.labels.get(block["table"])
            block["spots"] = [
                {"place": spot["wide"], "anchor": spot["node"].get("anchor"), "target": _card(spot["node"], whole)}
                for spot in original["spots"]
                if spot["wide"]
            ]
            drawings[block["file"]] = in_the_brand(original["svg"], document.cover)
        elif block["block"] == "findings":
            for fact in block["facts"]:
                fact["around_number"] = around_number(fact["value"])
            for section in block["sections"]:
                for item in section["items"]:
                    item["share"] = share_of(item["value"])
        elif block["block"] == "evidence":
            block["may_break"] = may_break(block)
            block["beside"] = beside_the_table(block)
        if block["block"] == "table":
            block["long"] = block["long"] or _is_tall(block)
        blocks.append(block)
    _keep_together(blocks)
    day = date.fromisoformat(document.cover["date"])
    language, _, region = document.cover["language"].partition("-")
    cover = document.cover
    logo = cover["logo"] and {"file": _logo_name(cover["logo"]["pictures"][0]), "alt": cover["logo"]["alt"]}
    typeface = of_cover(cover)
    data = {
        "cover": {key: value for key, value in cover.items() if key not in ("logo", "font", "colours")}
        | {"description": description_of(document)},
        "logo": logo,
        "family": [*([typeface.family] if typeface else []), FAMILY],
        "contents": {
            "on_the_cover": len(document.contents) <= MOST_ENTRIES_ON_THE_COVER,
            "halves_at": _second_half(document),
        },
        "document_title": " – ".join(filter(None, [document.cover["title"], notice_of(document)])),
        "notice": notice_of(document),
        "blocks": blocks,
        "words": dict(document.words),
        "palette": LIGHT | cover["colours"].get("light", {}),
        "date": {"year": day.year, "month": day.month, "day": day.day},
        "language": language,
        "region": region or None,
    }
    return data, drawings


def in_the_brand(svg: str, cover: Block) -> str:
    """Return a drawing in the publisher's colours and typeface.

    >>> in_the_brand("font: 9px 'Inter'; fill: #1f5f8b", {"colours": {"light": {"data": "#006600"}}, "font": None})
    "font: 9px 'Inter'; fill: #006600"
    """
    typeface = of_cover(cover)
    if typeface:
        svg = svg.replace(f"'{FAMILY}'", f"'{typeface.family}', '{FAMILY}'")
    return painted(svg, LIGHT | cover["colours"].get("light", {}))


def _second_half(document: Document) -> str | None:
    """Return the entry with which the second column of the contents begins; None where there is one part."""
    entries = document.contents
    half = len(entries) / 2
    parts = [place for place, entry in enumerate(entries) if entry.level == 1 and place > 0]
    return entries[min(parts, key=lambda place: abs(place - half))].anchor if parts else None


def _card(node: Inline, whole: set[str]) -> str:
    return node["card"] if node["card"] in whole else node["target"]


def may_break(evidence: Block) -> bool:
    """Say whether an evidence block may run over several pages.

    >>> may_break({"facts": [], "table": None}), may_break({"facts": [], "table": {"long": True, "rows": []}})
    (False, True)
    """
    table = evidence["table"]
    if table:
        return table["long"] or len(table["rows"]) > MOST_ROWS_KEPT
    return sum(len(plain_text(words)) for _, words in evidence["facts"]) > MOST_CHARACTERS_OF_FACTS


def _is_tall(table: Block) -> bool:
    """Say whether a table of few rows has so many words that it must be free to break."""
    return sum(len(plain_text(run)) for run in runs(table)) > MOST_CHARACTERS_KEPT


def beside_the_table(evidence: Block) -> tuple[int, int] | None:
    """Return which of the facts (from, to) stand beside the table of an evidence block; None where it is not slim.

    A slim table has a few columns of numbers. The question stands above both; below stands what is more than the
    table is tall.

    >>> facts = [["Question", []], ["Raw column", []]]
    >>> columns = [{"align": "left"}, {"align": "right"}]
    >>> beside_the_table({"facts": facts, "table": {"long": False, "columns": columns, "rows": [[]] * 4}})
    (1, 2)
    """
    table = evidence["table"]
    if not table or len(evidence["facts"]) < 2 or may_break(evidence):
        return None
    others = table["columns"][1:]
    slim = len(others) < MOST_COLUMNS_BESIDE and all(column.get("align") == "right" for column in others)
    if not slim or len(table["rows"]) < LEAST_ROWS_BESIDE:
        return None
    left, last = LINES_A_ROW * (len(table["rows"]) + 2), 1
    for label, words in evidence["facts"][1:]:
        left -= max(math.ceil(len(plain_text(words)) / LETTERS_BESIDE), math.ceil(len(label) / LETTERS_OF_LABELS))
        last += left >= 0
    return (1, last) if last > 1 else None


def _keep_together(blocks: list[Block]) -> None:
    """Mark the few words between a heading and a figure, table, evidence or another heading."""
    for place, block in enumerate(blocks):
        if block["block"] == "heading":
            after = place + 1
            while after < len(blocks) and blocks[after]["block"] == "paragraph":
                after += 1
            between = blocks[place + 1 : after]
            follows = blocks[after]["block"] if after < len(blocks) else ""
            short = sum(len(plain_text(one["c"])) for one in between) <= MOST_CHARACTERS_OF_A_LEAD
            if short and follows in ("heading", "figure", "table", "evidence"):
                for paragraph in between:
                    paragraph["sticky"] = True


def link_names(document: Document) -> Iterator[LinkName]:
    """Yield what each link of the PDF is called, in reading order; numbers in charts come where their drawing does.

    >>> from impact_report.exporters.document import document_of
    >>> link = {"t": "link", "href": "https://example.org", "c": [{"t": "text", "text": "there"}]}
    >>> cover = {"block": "cover", "title": "T", "date": "2020-01-31"}
    >>> list(link_names(document_of([cover, {"block": "paragraph", "c": [link]}])))
    [LinkName(text='there', page='')]
    """
    names = _Names(document)
    yield from names.of_block(document.cover)
    for entry in document.contents:
        yield names.inside(entry.text)
    for block in document.blocks:
        yield from names.of_block(block)


class _Names:
    """The names of links, in the order in which the layout sets them."""

    def __init__(self, document: Document):
        self.words = document.words
        self.notice = notice_of(document)
        self.labels = document.labels

    def inside(self, text: str) -> LinkName:
        return LinkName(text, self.words["page"])

    def number(self, node: Inline) -> LinkName:
        what = node.get("what") or ""
        return LinkName(f"{node['text']}: {what}" if what else node["text"], self.words["evidence_on"])

    def of_run(self, run: list[Inline]) -> Iterator[LinkName]:
        for node in run:
            if node["t"] == "number" and not node["at_home"]:
                yield self.number(node)
            elif node["t"] == "link":
                text = plain_text(node["c"])
                yield self.inside(text) if node["href"].startswith("#") else LinkName(text, "")
            elif node["t"] == "note":
                yield self.inside(f"{self.words['note']} {node['order']}")
                if not node["again"]:
                    yield LinkName(self.words["back_to_text"], self.words["page"])
                    yield from self.of_run(node["c"])
            if node["t"] != "link" and node["t"] != "note":
                yield from self.of_run(node.get("c", []))

    def of_runs(self, found: Any) -> Iterator[LinkName]:
        for run in found:
            yield from self.of_run(run)

    def of_row(self, row: list | dict) -> Iterator[LinkName]:
        """The links of a row's cells; after the first cell, the ways back to where its numbers are printed."""
        places = row.get("printed_in", []) if isinstance(row, dict) else []
        for place, cell in enumerate(row_cells(row)):
            yield from self.of_run(cell["c"])
            if place == 0:
                yield from (self.inside(one["label"]) for one in places)

    def of_block(self, block: Block) -> Iterator[LinkName]:
        kind = block["block"]
        if kind == "cover":
            yield from self.of_run(block["notice"] or [])
            yield from self.of_runs(words for _, words in block["facts"])
        elif kind == "findings":
            if self.notice:
                yield self.inside(self.notice)
            yield from self.of_runs(runs(block))
        elif kind == "figure":
            yield from self.of_runs([block["title"], block["subtitle"]])
            yield from (self.number(spot["node"]) for spot in block["spots"] if spot["wide"])
            if not block["table"] and not block["spots"]:
                yield from self.of_run(block["numbers"])
            yield from self.of_run(block["source"])
            if block["table"]:
                yield self.inside(self.labels[block["table"]])
            yield from self.of_run(block["made_by"])
        elif kind == "evidence":
            yield from self.of_run(block["title"])
            yield from self.of_runs(words for _, words in block["facts"])
            yield from (self.inside(place["label"]) for place in block["printed_in"])
            yield from self.of_block(block["table"]) if block["table"] else ()
        elif kind == "list":
            for item in block["items"]:
                yield from self.of_runs(item_runs(item))
        elif kind == "table":
            yield from self.of_run(block["caption"])
            for row in block["rows"]:
                yield from self.of_row(row)
            yield from self.of_runs([*block["notes"], block["made_by"]])
        else:
            yield from self.of_runs(runs(block))
