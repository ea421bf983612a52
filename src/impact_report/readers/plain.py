"""Plain: one header row, one column a question; the codebook says the rest."""

from __future__ import annotations

import pandas as pd

from impact_report.errors import ExportError, Problem, rows_in_words
from impact_report.readers.export import Column, Export
from impact_report.readers.joined import joins
from impact_report.readers.table import Table
from impact_report.wording import normalise

FORMAT = "plain"
_SEPARATOR = ";"  # Microsoft Forms and others put it between the answers that share a cell, and behind them
_FEET = 3  # rows below the answers in tables made by hand
_SUMS = frozenset(
    {"total", "totals", "grand total", "sum", "subtotal", "average", "mean", "count", "summe", "gesamt", "insgesamt",
     "mittelwert", "durchschnitt", "somme", "moyenne", "suma", "media", "totale", "somma", "soma", "totaal"}
)  # fmt: skip
_NOTES = (
    "source:",
    "note:",
    "notes:",
    "quelle:",
    "anmerkung:",
    "source :",
    "note :",
    "fuente:",
    "nota:",
    "fonte:",
    "bron:",
)


def recognise(table: Table) -> bool:
    """Say yes: any table with a header can be read this way.

    >>> from impact_report.readers.table import of
    >>> recognise(of(["Role", "Region"]))
    True
    """
    return len(table.cells) >= 1


def read(table: Table) -> Export:
    """Return the export; the header is the question.

    >>> from impact_report.readers.table import of
    >>> export = read(of(["Role ", "Region"], ["Firm", "1"]))
    >>> [column.title for column in export.columns], export.text.index.tolist()
    (['Role', 'Region'], [2])
    """
    below = table.below(1)
    _refuse_feet(below)
    columns = tuple(
        Column(position, name, name, None, name, separator=_separator(below.cells[position].cat.categories))
        for position, name in enumerate(table.headers())
    )
    return Export(FORMAT, columns, below.cells, table.encoding, table.separator)


def _separator(texts: pd.Index) -> str:
    """Return what stands between answers that share a cell, where the cells show it.

    >>> _separator(pd.Index(["Gym;", "Gym;Pension;", "Pension;", ""])), _separator(pd.Index(["Gym", "Pension"]))
    (';', '')
    """
    if not texts.str.contains(_SEPARATOR, regex=False).any():  # of most columns, without a list of a million ids
        return ""
    filled = [text for text in texts if text]
    behind_all = all(text.endswith(_SEPARATOR) for text in filled)
    return _SEPARATOR if behind_all or joins(filled, _SEPARATOR) else ""


def _refuse_feet(below: Table) -> None:
    """Raise ExportError for sums and notes below the answers: they would be counted as respondents."""
    feet = []
    for row, cells in below.cells.iloc[-_FEET:].iterrows():
        filled = [(position, str(cell)) for position, cell in enumerate(cells) if cell]
        if len(below.cells) <= _FEET or not filled:
            continue
        position, text = filled[0]
        alone = (below.cells[position] == text).sum() == 1
        if (normalise(text) in _SUMS and alone) or (len(filled) == 1 and normalise(text).startswith(_NOTES)):
            feet.append(row)
    if feet:
        found = f"sums or notes below them: {rows_in_words(feet)}"
        raise ExportError(Problem("rows of respondents alone", found, below.name, "remove these rows from the file"))
