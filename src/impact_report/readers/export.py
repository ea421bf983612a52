"""What every reader returns: a raw export as questions, options and answers in text."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd


@dataclass(frozen=True)
class Column:
    """One column of an export: where it stands, what it is called, which question and option it holds."""

    position: int  # from 0
    name: str  # the header, or the platform's short name
    question: str
    option: str | None = None  # a select-all option, or the row of a grid
    group: str = ""  # the platform's name of the whole question

    @property
    def letter(self) -> str:
        """The column as a spreadsheet names it.

        >>> Column(27, "Q1", "Role").letter
        'AB'
        """
        letters, rest = "", self.position + 1
        while rest:
            rest, digit = divmod(rest - 1, 26)
            letters = chr(65 + digit) + letters
        return letters

    @property
    def title(self) -> str:
        """Question and option, in words.

        >>> Column(3, "Q2_1", "Which of these?", "Training").title
        'Which of these? – Training'
        """
        return self.question if self.option is None else f"{self.question} – {self.option}"


@dataclass(frozen=True)
class Export:
    """A raw export: its columns and the text of each cell.

    `text` has one row a response, indexed by its row in the file (from 1, as a spreadsheet counts), and one column
    for each of `columns`, by position; an empty cell is "".
    """

    format: str
    columns: tuple[Column, ...]
    text: pd.DataFrame
    encoding: str = ""
    separator: str = ""
    remarks: tuple[str, ...] = field(default=())
