"""Row headers in the tag tree of a PDF: Typst marks the heads of columns only, a screen reader needs those of rows."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence

import pikepdf

from impact_report.errors import Problem, PublishingError


def mark_row_headers(pdf: bytes, row_headers: Sequence[bool]) -> bytes:
    """Return the PDF with the first cell of each body row as TH with Scope Row, in the tables that have row headers.

    `row_headers` tells for each table in reading order whether its first column names the rows. The same bytes in
    give the same bytes out. Raises PublishingError where the tag tree holds another number of tables.
    """
    with pikepdf.open(io.BytesIO(pdf)) as document:
        tables = list(_elements(document.Root.StructTreeRoot, "/Table"))
        if len(tables) != len(row_headers):
            found = f"{len(tables)} tables in the tag tree"
            do = "report this: the layout draws something as a table that is not one"
            raise PublishingError(Problem(f"{len(row_headers)} tables", found, "the PDF", do))
        for table, wanted in zip(tables, row_headers, strict=True):
            if not wanted:
                continue
            for row in _elements(table, "/TR"):
                for place, cell in enumerate(_children(row)):
                    if place == 0 and str(cell.S) == "/TD":
                        cell.S = pikepdf.Name.TH
                        _set_scope(cell)
                    _drop_headers(cell)
        out = io.BytesIO()
        document.save(
            out,
            deterministic_id=True,
            fix_metadata_version=False,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            compress_streams=True,
        )
    return out.getvalue()


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
