"""What the raw texts of one item mean: codes, numbers, dates, or why there is no answer.

cells     the distinct texts of a column, and what the platform tells of them
meaning   what one text means
answers   the answers of an item as the responses hold them
single    one answer in one column
several   answers that are ticked
"""

from __future__ import annotations

import pandas as pd

from impact_report.binding import Bound
from impact_report.codebook import CODED, Codebook
from impact_report.decoding.answers import Decoded, Unknown, not_asked
from impact_report.decoding.cells import Cells
from impact_report.decoding.several import Several
from impact_report.decoding.single import Single
from impact_report.readers import Export

__all__ = ["Decoded", "Decoder", "Unknown"]


class Decoder:
    """The answers of an export, item by item."""

    def __init__(self, export: Export, codebook: Codebook, rows: pd.Index):
        self.codebook = codebook
        self.cells = Cells(export, rows)
        self.single = Single(self.cells, codebook)
        self.several = Several(self.cells, codebook)

    def item(self, name: str, bound: Bound | None) -> Decoded:
        """Return the answers of an item; `bound` is None where this wave did not ask it."""
        item = self.codebook.items[name]
        if bound is None:
            return Decoded(not_asked(name, item, len(self.cells.rows)))
        if item.kind == "multiple":
            return self.several.all_of(name, item, bound)
        if item.kind in CODED and "" not in bound.columns:
            return self.several.one_of(name, item, bound)
        column = bound.columns[""]
        if item.kind in ("text", "id"):
            return self.single.as_it_stands(name, item, column)
        decoded = self.single.answer(name, item, column)
        for code, beside in bound.columns.items():
            if code:
                self.single.beside(decoded, name, item, code, beside)
        return decoded
