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
    """Return the export; the header, below titles and blank rows, is the question."""
    header = _header_row(table)
    headers = [tidy(cell) for cell in table.row(header)]
    columns = tuple(Column(position, name, name, None, name) for position, name in enumerate(headers))
    return Export(FORMAT, columns, table.below(header + 1).cells, table.encoding, table.separator)


def _header_row(table: Table) -> int:
    """Return the position of the first row that is more than a title: one with two cells, if there is any."""
    filled = [sum(map(bool, table.row(position))) for position in range(min(_TITLE_ROWS, len(table.cells)))]
    return next((position for position, cells in enumerate(filled) if cells > 1), 0)


_TITLE_ROWS = 5
