"""The cells of an export, column by column: each distinct text once, for the rows that are kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from impact_report.readers import Column, Export


@dataclass(frozen=True)
class Distinct:
    """A column's distinct texts, and for each row the place of its text among them."""

    column: Column
    codes: np.ndarray
    texts: pd.Index


class Cells:
    """The cells of an export for the rows that are kept; `rows` names these by their place in the raw file."""

    def __init__(self, export: Export, rows: pd.Index):
        self.export = export
        self.rows = rows
        self.positions = export.text.index.get_indexer(rows)

    def distinct(self, column: Column) -> Distinct:
        """Return the texts of a column, those that occur."""
        cells = self.export.text[column.position].cat
        codes = cells.codes.to_numpy()[self.positions]
        used = np.unique(codes)
        number = np.zeros(len(cells.categories), np.int64)
        number[used] = np.arange(len(used))
        return Distinct(column, number[codes], cells.categories[used])

    def not_shown(self, column: Column) -> np.ndarray:
        """Return for which rows the platform tells that the respondent was not asked."""
        return self._marked(self.export.not_shown, column)

    def declared(self, distinct: Distinct) -> np.ndarray:
        """Return which distinct texts the export itself declares to be no answer."""
        return _among(distinct, self._marked(self.export.user_missing, distinct.column))

    def hidden(self, distinct: Distinct) -> np.ndarray:
        """Return which distinct texts say that a respondent was not asked."""
        return _among(distinct, self.not_shown(distinct.column))

    def _marked(self, marks: Mapping[int, np.ndarray], column: Column) -> np.ndarray:
        """Return for which rows the platform tells a state of a column."""
        if column.position not in marks:
            return np.zeros(len(self.rows), bool)
        return marks[column.position][self.positions]


def _among(distinct: Distinct, rows: np.ndarray) -> np.ndarray:
    return np.isin(np.arange(len(distinct.texts)), distinct.codes[rows])
