"""A table of text, as every file that is one gives it: cells, not yet questions and answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from impact_report.wording import tidy

TITLE_ROWS = 5  # above the header, at most


@dataclass(frozen=True)
class Table:
    """The cells of a file, or of one sheet of it, as text.

    `cells` is indexed by the row in the file (from 1), columns from 0; each column holds categories of texts, and an
    empty cell is "". `absent` says, by column, which empty cells were written as nothing, in a file that writes others
    as "" (quoted).
    """

    name: str
    cells: pd.DataFrame
    encoding: str = ""
    separator: str = ""
    sheet: str = ""
    absent: Mapping[int, np.ndarray] = field(default_factory=dict)

    def row(self, position: int) -> list[str]:
        """Return one row, counted from 0.

        >>> of(["Role", "Region"], ["Firm", ""]).row(1)
        ['Firm', '']
        """
        return [str(cell) for cell in self.cells.iloc[position]]

    def headers(self, position: int = 0) -> list[str]:
        """Return one row, the first if no other is named, as a person would read it; nothing of a table without rows.

        >>> of(["<b>Role</b> ", "Region"], ["Firm", ""]).headers()
        ['Role', 'Region']
        """
        return [tidy(cell) for cell in self.row(position)] if position < len(self.cells) else []

    def below(self, position: int) -> Table:
        """Return the table from a row (counted from 0) down: what stands below its headers.

        >>> of(["Role"], ["Firm"], ["School"]).below(1).cells[0].tolist()
        ['Firm', 'School']
        """
        cells = {column: _trimmed(self.cells[column].cat, position) for column in self.cells}
        frame = pd.DataFrame(cells, index=self.cells.index[position:], copy=False)
        absent = {column: marked[position:] for column, marked in self.absent.items()}
        return Table(self.name, frame, self.encoding, self.separator, self.sheet, absent)

    def below_titles(self) -> Table:
        """Return the table without titles and blank rows above its header, which has two cells at least.

        >>> of(["Results", ""], ["", ""], ["Role", "Region"], ["Firm", "1"]).below_titles().row(0)
        ['Role', 'Region']
        """
        cells = (sum(map(bool, self.row(position))) for position in range(min(TITLE_ROWS, len(self.cells))))
        header = next((position for position, filled in enumerate(cells) if filled > 1), 0)
        return self.below(header) if header else self

    def without_spaces(self) -> Table:
        """Return the table with cells that hold nothing but spaces as empty ones.

        >>> of(["Role"], ["\u00a0"], ["Firm "]).without_spaces().cells[0].tolist()
        ['Role', '', 'Firm ']
        """
        cells = {column: _without_spaces(self.cells[column]) for column in self.cells}
        frame = pd.DataFrame(cells, index=self.cells.index, copy=False)
        return Table(self.name, frame, self.encoding, self.separator, self.sheet, self.absent)

    def texts(self, column: int) -> list[str]:
        """Return the texts that occur in a column, in no particular order, without the empty one.

        >>> sorted(of(["Role"], ["Firm"], ["Firm"], [""]).below(1).texts(0))
        ['Firm']
        """
        return [text for text in self.cells[column].cat.categories if text != ""]


def _without_spaces(cells: pd.Series) -> pd.Categorical:
    codes, texts = cells.cat.codes.to_numpy(), cells.cat.categories
    spaces = texts.str.isspace()
    if not spaces.any():
        return cells.array
    kept = texts[~spaces]
    kept = kept if "" in kept else kept.append(pd.Index([""], dtype="str"))
    place = np.where(spaces, kept.get_loc(""), np.cumsum(~spaces) - 1)
    return pd.Categorical.from_codes(place[codes], categories=kept)


def of(*rows: Sequence[str], name: str = "the table") -> Table:
    """Return a table of these rows.

    >>> of(["Role", "Region"], ["Firm", "1"]).cells.shape
    (2, 2)
    """
    cells = pd.DataFrame([list(row) for row in rows], index=pd.RangeIndex(1, len(rows) + 1), dtype="str")
    return Table(name, cells.astype("category"))


def _trimmed(cells: pd.api.extensions.ExtensionArray, position: int) -> pd.Categorical:
    """Return the cells from a row down, with the texts that occur there; pandas' own way sorts a million rows."""
    codes, texts = cells.codes.to_numpy()[position:], cells.categories
    used = np.bincount(codes, minlength=len(texts)) > 0
    if not used.all():
        codes, texts = (np.cumsum(used) - 1)[codes], texts[used]
    return pd.Categorical.from_codes(codes, categories=texts)
