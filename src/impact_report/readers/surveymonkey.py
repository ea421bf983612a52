"""SurveyMonkey: two header rows, the question over the first column of its block, the option below."""

from __future__ import annotations

from impact_report.readers.export import Column, Export
from impact_report.readers.source import Table
from impact_report.wording import normalise, tidy

FORMAT = "surveymonkey"
_WHOLE_ANSWER = {"response", "open-ended response"}
_TITLE_ROWS = 5  # some exports put a title above the header


def _header_row(table: Table) -> int | None:
    """Return the position of the first header row, or None."""
    for position in range(min(_TITLE_ROWS, len(table.cells) - 1)):
        names = {normalise(cell).replace(" ", "") for cell in table.cells.iloc[position]}
        below = {normalise(cell) for cell in table.cells.iloc[position + 1]}
        if "respondentid" in names and ("collectorid" in names or below & _WHOLE_ANSWER):
            return position
    return None


def recognise(table: Table) -> bool:
    """Say whether the table is such an export, by its headers alone."""
    return _header_row(table) is not None


def read(table: Table) -> Export:
    """Return the export; a question's name is carried over its block, `Response` stands for the whole answer."""
    header = _header_row(table)
    above, below = table.cells.iloc[header], table.cells.iloc[header + 1]
    columns, question = [], ""
    for position, (top, sub) in enumerate(zip(above, below, strict=True)):
        top, sub = tidy(top), tidy(sub)
        if not top and not sub:  # a column of nothing, as spreadsheets leave them
            columns.append(Column(position, "", ""))
            continue
        question = top or question
        option = None if (not sub or normalise(sub) in _WHOLE_ANSWER) else sub
        name = question if option is None else f"{question}: {option}"
        columns.append(Column(position, name, question, option, question))
    return Export(FORMAT, tuple(columns), table.cells.iloc[header + 2 :], table.encoding, table.separator)
