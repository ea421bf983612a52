"""The report as a PDF through Typst: tagged, PDF/A-2a and PDF/UA-1, the same bytes every time.

The words of the report go to Typst as data, never as markup, so that nothing in them needs to be escaped.
"""

from __future__ import annotations

import copy
import json
import shutil
import tempfile
from collections.abc import Iterator
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
from impact_report.exporters.structure import Block, Inline, item_runs, nodes, plain_text, runs
from impact_report.exporters.tagging import LinkName, finish_tags
from impact_report.exporters.typefaces import FAMILY, FONTS, known_characters
from impact_report.palette import LIGHT

STANDARDS = ["a-2a", "ua-1"]
LAYOUT = TEMPLATES / "impact-pdf" / "layout.typ"
MAIN = "index.typ"
DATA = "report.json"
MOST_ROWS_KEPT = 16  # a table of more rows may break even if nobody said so: it would soon be taller than a page
MOST_PARAGRAPHS_KEPT = 2  # that stay with the heading above them and the figure or table below
LEFT_OUT = ("svg", "svg_narrow", "links", "links_narrow", "listed", "spots")


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
        data, drawings = layout_data(document)
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            (root / MAIN).write_text(self.template.render(document=document), encoding="utf-8")
            (root / DATA).write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
            shutil.copy(LAYOUT, root)
            for name, svg in drawings.items():
                (root / name).write_text(svg, encoding="utf-8")
            pdf = _compile(root, date.fromisoformat(document.cover["date"]))
        return finish_tags(pdf, list(_row_headers(document)), list(link_names(document)))


def document_pdf(document: Document) -> bytes:
    """Return the PDF of a document that was made without a notebook.

    >>> from impact_report.exporters.document import document_of
    >>> document_pdf(document_of([{"block": "cover", "title": "Impact", "date": "2020-01-31"}]))[:5]
    b'%PDF-'
    """
    return ImpactPDFExporter().render(document)


def _compile(root: Path, day: date) -> bytes:
    moment = datetime(day.year, day.month, day.day, tzinfo=UTC)
    try:
        pdf, warnings = typst.compile_with_warnings(
            root / MAIN,
            root=root,
            font_paths=[FONTS],
            ignore_system_fonts=True,
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
    for block in (document.cover, *document.blocks):
        for text in _texts(block):
            missing = sorted(set(text) - known_characters() - {"\n", "\t"})
            if missing:
                named = ", ".join(f"{character!r} (U+{ord(character):04X})" for character in missing)
                name = " ".join(filter(None, [block["block"], block.get("id") or ""]))
                do = f"write it in words, or add a font that has it to {FAMILY}"
                problems.append(
                    Problem(f"characters of the report's font, {FAMILY}", f"{named} in “{text[:60]}”", name, do)
                )
    if problems:
        raise PublishingError(problems)


def _texts(value: Any, key: str = "") -> Iterator[str]:
    """Every text of a block that gets printed; of a drawing only the words."""
    if key in ("svg", "svg_narrow"):
        if key == "svg":
            yield text_of(value)
    elif isinstance(value, str):
        if key not in ("href", "evidence", "row", "what", "rule", "target", "anchor", "id", "columns"):
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
            if block["facts"] or block["printed_in"]:
                yield True
            if block["table"]:
                yield block["table"]["row_header"]


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
            drawings[block["file"]] = original["svg"]
        elif block["block"] == "findings":
            for fact in block["facts"]:
                fact["around_number"] = around_number(fact["value"])
            for section in block["sections"]:
                for item in section["items"]:
                    item["share"] = share_of(item["value"])
        elif block["block"] == "evidence":
            block["may_break"] = may_break(block)
        blocks.append(block)
    _keep_together(blocks)
    day = date.fromisoformat(document.cover["date"])
    language, _, region = document.cover["language"].partition("-")
    data = {
        "cover": document.cover | {"description": description_of(document)},
        "document_title": " – ".join(filter(None, [document.cover["title"], notice_of(document)])),
        "notice": notice_of(document),
        "blocks": blocks,
        "words": dict(document.words),
        "palette": LIGHT,
        "date": {"year": day.year, "month": day.month, "day": day.day},
        "language": language,
        "region": region or None,
    }
    return data, drawings


def _card(node: Inline, whole: set[str]) -> str:
    return node["card"] if node["card"] in whole else node["target"]


def may_break(evidence: Block) -> bool:
    """Say whether an evidence block may run over several pages.

    >>> may_break({"table": None}), may_break({"table": {"long": False, "rows": [[]] * 17}})
    (False, True)
    """
    table = evidence["table"]
    return bool(table) and (table["long"] or len(table["rows"]) > MOST_ROWS_KEPT)


def _keep_together(blocks: list[Block]) -> None:
    """Mark the paragraphs between a heading and a figure, table, evidence or heading, and lists after a table."""
    for place, block in enumerate(blocks):
        if block["block"] == "heading":
            after = place + 1
            while after < len(blocks) and blocks[after]["block"] == "paragraph":
                after += 1
            between = blocks[place + 1 : after]
            follows = blocks[after]["block"] if after < len(blocks) else ""
            if len(between) <= MOST_PARAGRAPHS_KEPT and follows in ("figure", "table", "evidence", "heading"):
                for paragraph in between:
                    paragraph["sticky"] = True
        elif block["block"] == "list":
            block["keep"] = place > 0 and blocks[place - 1]["block"] in ("figure", "table")


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
        else:
            yield from self.of_runs(runs(block))
