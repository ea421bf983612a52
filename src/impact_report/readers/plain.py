"""Plain: one header row, one column a question; the codebook says the rest."""

from __future__ import annotations

from impact_report.readers.export import Column, Export
from impact_report.readers.table import Table
from impact_report.wording import tidy

FORMAT = "plain"


def recognise(table: Table) -> bool:
    """Say yes: any table with a header can be read this way."""
    return len(table.cells) >= 1


def read(table: Table) -> Export:
    """Return the export; the header is the question."""
    headers = [tidy(cell) for cell in table.row(0)]
    columns = tuple(Column(position, name, name, None, name) for position, name in enumerate(headers))
    return Export(FORMAT, columns, table.below(1).cells, table.encoding, table.separator)
