"""What Typst leaves out of the tag tree of a PDF: which cells name their rows, and what each link is called."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pikepdf

from impact_report.errors import Problem, PublishingError

PAGE = re.compile(r"\d+$")


@dataclass(frozen=True)
class LinkName:
    """What a link is called: its text, then the page it leads to in the words of `page`; "" for a way out."""

    text: str
    page: str


def finish_tags(pdf: bytes, row_headers: Sequence[bool], links: Sequence[LinkName]) -> bytes:
    """Return the PDF with row headers marked as such, and with each link called by what it says and leads to.

    `row_headers` tells for each table in reading order whether its first column names the rows; those cells become TH
    with Scope Row. `links` names each link in reading order. The same bytes in give the same bytes out. Raises
    PublishingError where the tag tree holds another number of tables or links.
    """
    with pikepdf.open(io.BytesIO(pdf)) as document:
        tree = document.Root.StructTreeRoot
        tables, found = list(_elements(tree, "/Table")), list(_elements(tree, "/Link"))
        do = "report this: the layout draws something as a table or a link that is not one"
        problems = [
            Problem(f"{expected} {kind}", f"{count} {kind} in the tag tree", "the PDF", do)
            for kind, expected, count in (
                ("tables", len(row_headers), len(tables)),
                ("links", len(links), len(found)),
            )
            if expected != count
        ]
        if problems:
            raise PublishingError(problems)
        for table, wanted in zip(tables, row_headers, strict=True):
            _join_last_rows(table)
            if wanted:
                _mark_row_headers(table)
        for element, name in zip(found, links, strict=True):
            _name_link(element, name)
        out = io.BytesIO()
        document.save(
            out,
            deterministic_id=True,
            fix_metadata_version=False,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            compress_streams=True,
        )
    return out.getvalue()


def _join_last_rows(table: pikepdf.Dictionary) -> None:
    """The layout keeps the last rows together as a foot; they are rows like those above them."""
    for foot in _elements(table, "/TFoot"):
        foot.S = pikepdf.Name.TBody


def _mark_row_headers(table: pikepdf.Dictionary) -> None:
    for row in _elements(table, "/TR"):
        for place, cell in enumerate(_children(row)):
            if place == 0 and str(cell.S) == "/TD":
                cell.S = pikepdf.Name.TH
                _set_scope(cell)
            _drop_headers(cell)


def _name_link(element: pikepdf.Dictionary, name: LinkName) -> None:
    """Typst's own words end with the number of the page a link leads to, and say little else."""
    kids = element.get("/K")
    own = False  # whether the link holds words; one over a drawing does not
    annotations = []
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and str(kid.get("/Type")) == "/OBJR":
            annotations.append(kid.Obj)
        else:
            own = True
    for annotation in annotations:
        page = PAGE.search(str(annotation.get("/Contents", "")))
        words = name.text
        if name.page and page:
            words += ", " + name.page.format(page=page[0])
        annotation.Contents = pikepdf.String(words)
        if not own:
            element.Alt = pikepdf.String(words)


def _attributes(element: pikepdf.Object) -> list[pikepdf.Dictionary]:
    attributes = element.get("/A")
    if attributes is None:
        return []
    return list(attributes) if isinstance(attributes, pikepdf.Array) else [attributes]


def _set_scope(cell: pikepdf.Object) -> None:
    """A table attribute the cell has already (a span) is kept beside its scope."""
    attributes = _attributes(cell)
    for attribute in attributes:
        if str(attribute.get("/O")) == "/Table":
            attribute.Scope = pikepdf.Name.Row
            return
    cell.A = pikepdf.Array([*attributes, pikepdf.Dictionary(O=pikepdf.Name.Table, Scope=pikepdf.Name.Row)])


def _drop_headers(cell: pikepdf.Object) -> None:
    """A list of headers names those of the column only and would win over the scope of the row's."""
    for attribute in _attributes(cell):
        if "/Headers" in attribute:
            del attribute["/Headers"]


def _children(element: pikepdf.Object) -> Iterator[pikepdf.Dictionary]:
    kids = element.get("/K")
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid


def _elements(element: pikepdf.Object, kind: str) -> Iterator[pikepdf.Dictionary]:
    """Every structure element of a kind below this one, in reading order."""
    for child in _children(element):
        if str(child.S) == kind:
            yield child
        yield from _elements(child, kind)
