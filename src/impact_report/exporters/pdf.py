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
from impact_report.exporters.document import Document
from impact_report.exporters.drawing import text_of
from impact_report.exporters.exporter import ReportExporter
from impact_report.exporters.markup import TEMPLATES, around_number, share_of
from impact_report.exporters.structure import Block
from impact_report.exporters.tagging import mark_row_headers
from impact_report.exporters.typefaces import FAMILY, FONTS, known_characters
from impact_report.palette import LIGHT

STANDARDS = ["a-2a", "ua-1"]
LAYOUT = TEMPLATES / "impact-pdf" / "layout.typ"
MAIN = "index.typ"
DATA = "report.json"


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
        data, drawings = _data(document)
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            (root / MAIN).write_text(self.template.render(document=document), encoding="utf-8")
            (root / DATA).write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
            shutil.copy(LAYOUT, root)
            for name, svg in drawings.items():
                (root / name).write_text(svg, encoding="utf-8")
            pdf = _compile(root, date.fromisoformat(document.cover["date"]))
        return mark_row_headers(pdf, [table["row_header"] for table in _tables(document)])


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


def _tables(document: Document) -> Iterator[Block]:
    """The tables in reading order, those inside evidence too."""
    for block in document.blocks:
        if block["block"] == "table":
            yield block
        elif block["block"] == "evidence" and block["table"]:
            yield block["table"]


def _data(document: Document) -> tuple[dict[str, Any], dict[str, str]]:
    """What the layout reads: the document as plain data, and the drawings by file name."""
    drawings: dict[str, str] = {}
    blocks = []
    for block in document.blocks:
        block = {key: value for key, value in block.items() if key not in ("svg", "svg_narrow")} | (
            {"file": f"figure-{len(drawings) + 1}.svg"} if block["block"] == "figure" else {}
        )
        if block["block"] == "figure":
            block["table_label"] = document.labels.get(block["table"])
            drawings[block["file"]] = next(b["svg"] for b in document.blocks if b.get("id") == block["id"])
        elif block["block"] == "findings":
            block = copy.deepcopy(block)
            for fact in block["facts"]:
                fact["around_number"] = around_number(fact["value"])
            for section in block["sections"]:
                for item in section["items"]:
                    item["share"] = share_of(item["value"])
        blocks.append(block)
    day = date.fromisoformat(document.cover["date"])
    language, _, region = document.cover["language"].partition("-")
    data = {
        "cover": document.cover,
        "blocks": blocks,
        "words": dict(document.words),
        "palette": LIGHT,
        "date": {"year": day.year, "month": day.month, "day": day.day},
        "language": language,
        "region": region or None,
    }
    return data, drawings
