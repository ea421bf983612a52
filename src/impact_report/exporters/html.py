"""The report as one HTML file that needs nothing else: no script, no network, its own font."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from jinja2 import Environment
from traitlets import default

from impact_report.exporters.document import Document
from impact_report.exporters.exporter import ReportExporter
from impact_report.exporters.markup import TEMPLATES, block_html, furnish
from impact_report.exporters.typefaces import FAMILY, font_faces
from impact_report.palette import DARK, LIGHT

__all__ = ["ImpactHTMLExporter", "block_html", "document_html"]

STYLE_SHEET = TEMPLATES / "impact-html" / "style.css"
PAPER_SIZES = {"a4": "A4", "us-letter": "letter"}
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
SPACE = re.compile(r"\s*\n\s*")


class ImpactHTMLExporter(ReportExporter):
    """`jupyter nbconvert --to impact-html`: an executed notebook of blocks as a self-contained page."""

    export_from_notebook = "Impact report (HTML)"
    output_mimetype = "text/html"

    @default("file_extension")
    def _html_extension(self) -> str:
        return ".html"

    @default("template_name")
    def _html_template(self) -> str:
        return "impact-html"

    def _create_environment(self) -> Environment:
        return furnish(super()._create_environment())

    def from_notebook_node(self, nb: Any, resources: Any = None, **options: Any) -> tuple[str, Any]:
        """Return the page and nbconvert's resources; raises ReportRefused with every fault of the notebook."""
        document, resources = self.document(nb, resources, **options)
        return self.render(document), resources

    def render(self, document: Document) -> str:
        """Return the page of a document."""
        page = self.template.render(
            document=document, parts=_parts(document), page_title=_page_title(document), style=_STYLE_PLACE
        )
        page = re.sub(r"\n{2,}", "\n", page).lstrip()
        style = _colours() + _sheet() + _paper(document) + font_faces(sorted(set(page)))
        return page.replace(_STYLE_PLACE, style, 1)


_STYLE_PLACE = "STYLE-SHEET-HERE"


def document_html(document: Document) -> str:
    """Return the page of a document that was made without a notebook.

    >>> from impact_report.exporters.document import document_of
    >>> page = document_html(document_of([{"block": "cover", "title": "Impact", "date": "2020-01-31"}]))
    >>> "<h1>Impact</h1>" in page
    True
    """
    return ImpactHTMLExporter().render(document)


def _parts(document: Document) -> list[dict[str, Any]]:
    parts: list[dict[str, Any]] = []
    for entry in document.contents:
        if entry.level == 1 or not parts:
            parts.append({"entry": entry, "chapters": []})
        else:
            parts[-1]["chapters"].append(entry)
    return parts


def _page_title(document: Document) -> str:
    return " – ".join(filter(None, [document.cover["title"], document.cover["edition"]]))


def _colours() -> str:
    """The palette as custom properties: light, and dark where the reader's system asks for it."""

    def properties(palette: dict[str, str]) -> str:
        return "".join(f"--{role.replace('_', '-')}:{colour};" for role, colour in palette.items())

    return (
        f":root{{color-scheme:light dark;{properties(LIGHT)}}}\n"
        f"@media screen and (prefers-color-scheme:dark){{:root{{{properties(DARK)}}}}}\n"
    )


@lru_cache
def _sheet() -> str:
    return SPACE.sub("\n", COMMENT.sub("", STYLE_SHEET.read_text(encoding="utf-8"))).lstrip()


def _paper(document: Document) -> str:
    """The printed page: its size, and in its margins what the report is."""

    def quoted(words: str) -> str:
        safe = words.replace("\\", "\\\\").replace('"', '\\"').replace("<", "\\3c ").replace("\n", " ")
        return f'"{safe}"'

    cover = document.cover
    page, pages = document.words["page_of"].format(page="\0", pages="\0").split("\0")[:2]
    box = f"font:400 7.5pt {FAMILY};color:{LIGHT['muted']};content:"
    notice = f"font:600 7.5pt {FAMILY};color:{LIGHT['notice']};content:{quoted(cover['notice_title'])}"
    return (
        f"@page{{size:{PAPER_SIZES[cover['paper']]};margin:20mm 18mm 18mm;"
        f"@top-left{{{box}{quoted(cover['running'])}}}@bottom-left{{{notice}}}"
        f"@bottom-right{{{box}{quoted(page)} counter(page) {quoted(pages)} counter(pages)}}}}\n"
    )
