"""What a screen reader finds in the PDF: the tag tree of every page, against the page of the same report."""

from __future__ import annotations

import ctypes
import io
import itertools
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import exporters_sample as sample
import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from lxml import html

from impact_report.exporters.html import ImpactHTMLExporter
from impact_report.exporters.pdf import ImpactPDFExporter

EDITION = Path(os.environ.get("EDITION", Path(__file__).parents[1] / "reports" / "reconstruction"))
HEADINGS = ("/H1", "/H2", "/H3", "/H4", "/H5", "/H6")
NO_CONTENT = -1


@dataclass
class Tagged:
    """A PDF by its tags, and the HTML page of the same report."""

    pdf: bytes
    html: str

    @cached_property
    def file(self) -> pikepdf.Pdf:
        return pikepdf.open(io.BytesIO(self.pdf))

    @cached_property
    def page(self) -> html.HtmlElement:
        return html.document_fromstring(self.html.encode())

    @cached_property
    def tree(self) -> pikepdf.Object:
        return self.file.Root.StructTreeRoot

    @cached_property
    def places(self) -> dict[tuple[int, int], int]:
        return {page.objgen: place for place, page in enumerate(self.file.pages)}

    @cached_property
    def pieces(self) -> list[dict[int, str]]:
        """Of each page, the text of each marked content by its number; NO_CONTENT holds what no tag names."""
        return [pieces_of(page) for page in pypdfium2.PdfDocument(self.pdf)]

    def text(self, element: pikepdf.Object, page: tuple[int, int] | None = None) -> str:
        """Return the text below an element, in the order of the tags."""
        page = element.Pg.objgen if "/Pg" in element else page
        found = ""
        for kid in kids(element):
            if isinstance(kid, int):
                found += self.pieces[self.places[page]].get(int(kid), "")
            elif "/S" in kid:
                found += self.text(kid, page)
            elif kid.get("/Type") == "/MCR":
                on = kid.Pg.objgen if "/Pg" in kid else page
                found += self.pieces[self.places[on]].get(int(kid.MCID), "")
        return found

    def contents(self, element: pikepdf.Object, page: tuple[int, int] | None = None) -> Iterator[tuple[int, int]]:
        """Yield page and number of each marked content that is named below an element."""
        page = element.Pg.objgen if "/Pg" in element else page
        for kid in kids(element):
            if isinstance(kid, int):
                yield self.places[page], int(kid)
            elif "/S" in kid:
                yield from self.contents(kid, page)
            elif kid.get("/Type") == "/MCR":
                yield self.places[kid.Pg.objgen if "/Pg" in kid else page], int(kid.MCID)

    def elements(self, *kinds: str) -> list[pikepdf.Object]:
        return list(below(self.tree, kinds))


def kids(element: pikepdf.Object) -> Iterator:
    found = element.get("/K")
    if found is not None:
        yield from found if isinstance(found, pikepdf.Array) else [found]


def children(element: pikepdf.Object) -> list[pikepdf.Object]:
    return [kid for kid in kids(element) if isinstance(kid, pikepdf.Dictionary) and "/S" in kid]


def below(element: pikepdf.Object, kinds: tuple[str, ...]) -> Iterator[pikepdf.Object]:
    for child in children(element):
        if str(child.S) in kinds:
            yield child
        yield from below(child, kinds)


def pieces_of(page: pypdfium2.PdfPage) -> dict[int, str]:
    pieces: dict[int, str] = {}
    textpage = page.get_textpage()
    for shown in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT], max_depth=8):
        number = pdfium.FPDFPageObj_GetMarkedContentID(shown.raw)
        length = pdfium.FPDFTextObj_GetText(shown.raw, textpage.raw, None, 0)
        buffer = ctypes.create_string_buffer(length)
        pdfium.FPDFTextObj_GetText(
            shown.raw, textpage.raw, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), length
        )
        pieces[number] = pieces.get(number, "") + buffer.raw.decode("utf-16-le").rstrip("\0")
    return pieces


def scope(cell: pikepdf.Object) -> str:
    attributes = cell.get("/A", pikepdf.Array())
    for entry in attributes if isinstance(attributes, pikepdf.Array) else [attributes]:
        if "/Scope" in entry:
            return str(entry.Scope)
    return ""


def squeezed(words: str) -> str:
    return re.sub(r"[\s\u2060\u00ad\ufffe\u200b]", "", words)


@pytest.fixture(scope="module", params=["sample", *["published"] * (EDITION / "impact-report.pdf").exists()])
def report(request) -> Tagged:
    """The sample, which holds every kind of block, and the bundled edition."""
    if request.param == "published":
        files = EDITION / "impact-report.pdf", EDITION / "impact-report.html"
        return Tagged(files[0].read_bytes(), files[1].read_text(encoding="utf-8"))
    notebook = sample.sample_notebook()
    pdf, _ = ImpactPDFExporter().from_notebook_node(notebook)
    page, _ = ImpactHTMLExporter().from_notebook_node(notebook)
    return Tagged(pdf, page)


def test_says_its_language_and_shows_its_title(report):
    assert str(report.file.Root.Lang).lower() == report.page.get("lang").lower()
    assert bool(report.file.Root.ViewerPreferences.DisplayDocTitle)
    assert bool(report.file.Root.MarkInfo.Marked)
    title = str(report.file.docinfo.Title)
    assert title
    assert title.split(" – ")[0] == " ".join(report.page.find(".//h1").text_content().split())


def test_headings_nest_without_gaps_and_none_is_empty(report):
    levels = [HEADINGS.index(str(heading.S)) + 1 for heading in report.elements(*HEADINGS)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    assert all(report.text(heading).strip() for heading in report.elements(*HEADINGS))


def test_bookmarks_are_the_headings(report):
    """Each part is a bookmark; what stands below one is a heading below it, in the same order."""

    def flat(items, level=1):
        for item in items:
            yield level, squeezed(item.title)
            yield from flat(item.children, level + 1)

    with report.file.open_outline() as outline:
        bookmarks = list(flat(outline.root))
    headings = [(HEADINGS.index(str(one.S)) + 1, squeezed(report.text(one))) for one in report.elements(*HEADINGS)]
    remaining = iter(headings)
    assert all(bookmark in remaining for bookmark in bookmarks)
    parts = [text for level, text in headings[1:] if level == 1]  # the first is that of the contents
    assert [text for level, text in bookmarks if level == 1] == parts


def before_a_note(element: html.HtmlElement) -> str:
    """Return what is read of an element up to its first note, whose words the PDF reads in their place."""
    copy = html.fromstring(html.tostring(element, with_tail=False, encoding="unicode"))
    for hidden in copy.xpath(".//*[@hidden]"):
        hidden.drop_tree()
    text = copy.text_content()
    return text.split(copy.xpath("string(.//sup)"))[0] if copy.xpath(".//sup") else text


def sections_of_the_page(page: html.HtmlElement) -> list[tuple[str, list[str]]]:
    """Return each heading with the beginnings of the paragraphs and captions that follow it."""
    found: list[tuple[str, list[str]]] = []
    for element in page.xpath("//main//*[self::h2 or self::h3 or self::h4 or self::p or self::caption]"):
        text = squeezed(before_a_note(element))
        if element.xpath("ancestor::section[@id='notes']"):
            continue
        if element.tag in ("h2", "h3", "h4"):
            found.append((text, []))
        elif found and text:
            found[-1][1].append(text[:40])
    return found


def sections_of_the_tags(report: Tagged) -> list[tuple[str, str]]:
    """Return each heading after that of the contents with what is read until the next one."""
    found: list[list[str]] = []

    def walk(element: pikepdf.Object, page: tuple[int, int] | None) -> None:
        for child in children(element):
            on = child.Pg.objgen if "/Pg" in child else page
            if str(child.S) in HEADINGS:
                found.append([squeezed(report.text(child, on)), ""])
            elif list(below(child, HEADINGS)):
                walk(child, on)
            elif found:
                found[-1][1] += squeezed(report.text(child, on))

    walk(report.tree, None)
    return [(heading, text) for heading, text in found[1:]]


def test_reads_in_the_order_of_the_page(report):
    """The same headings follow each other, and below each the same is read: a drawing may change places with a table.

    In print the layout moves drawings and tables within their chapter, so that no page stands half empty.
    """
    wanted, read = sections_of_the_page(report.page), sections_of_the_tags(report)
    assert [heading for heading, _ in read] == [heading for heading, _ in wanted]
    for (heading, beginnings), (_, text) in zip(wanted, read, strict=True):
        assert [(heading, beginning) for beginning in beginnings if beginning not in text] == []
    assert sum(len(beginnings) for _, beginnings in wanted) > 40


def test_every_table_names_its_columns_and_rows(report):
    tables = report.elements("/Table")
    assert tables
    for table in tables:
        heads = list(below(table, ("/TH",)))
        assert heads
        assert {scope(head) for head in heads} <= {"/Column", "/Row", "/Both"}
        assert all(scope(head) == "/Column" for part in below(table, ("/THead",)) for head in below(part, ("/TH",)))
        rows = list(below(table, ("/TR",)))
        for row in rows:
            assert {str(cell.S) for cell in children(row)} <= {"/TH", "/TD"}
        if not list(below(table, ("/THead",))):
            assert all(scope(children(row)[0]) == "/Row" for row in rows)


def test_figures_say_what_they_say_in_html(report):
    alts = [str(figure.Alt) for figure in report.elements("/Figure")]
    labels = [one.get("aria-label") for one in report.page.xpath("//figure//*[@role='img']")]
    assert all(alts)
    assert alts == list(dict.fromkeys(label for label in labels if label))


def test_every_link_is_tagged_and_says_where_it_leads(report):
    tagged = set()
    for link in report.elements("/Link"):
        tagged |= {kid.Obj.objgen for kid in kids(link) if isinstance(kid, pikepdf.Dictionary) and "/Obj" in kid}
    for page in report.file.pages:
        for note in page.get("/Annots", []):
            assert str(note.Subtype) == "/Link"
            assert str(note.get("/Contents", "")).strip()
            assert note.objgen in tagged


def test_lists_hold_items_with_a_body(report):
    for one in report.elements("/L"):
        assert {str(child.S) for child in children(one)} <= {"/LI", "/L", "/Caption"}
    for item in report.elements("/LI"):
        kinds = [str(child.S) for child in children(item)]
        assert "/LBody" in kinds
        assert set(kinds) <= {"/Lbl", "/LBody"}


def test_on_every_page_only_heads_and_feet_are_left_out_of_the_tags(report):
    named = list(report.contents(report.tree))
    assert len(named) == len(set(named))  # nothing is read twice
    title = squeezed(report.page.find(".//h1").text_content())
    for place, pieces in enumerate(report.pieces):
        for number in pieces.keys() - {NO_CONTENT}:
            assert (place, number) in set(named), pieces[number]
        left_out = squeezed(pieces.get(NO_CONTENT, ""))
        if place:
            assert left_out.startswith(title[:20])
            assert re.search(rf"{place + 1}\D+{len(report.pieces)}", left_out)
        assert len(left_out) < 4 * len(title) + 120
