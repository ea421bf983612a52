"""What every reader returns: a raw export as questions, options and answers in text, and what it tells of a blank."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class Option:
    """An answer that the platform knows: its code, its label, and whether it is declared to be no answer."""

    code: str
    label: str
    missing: bool = False


@dataclass(frozen=True)
class Column:
    """One column of an export: where it stands, what it is called, which question and option it holds."""

    position: int  # from 0
    name: str  # the header, or the platform's short name
    question: str
    option: str | None = None  # a select-all option, or the row of a grid
    group: str = ""  # the platform's name of the whole question
    options: tuple[Option, ...] = ()  # the answers the file itself lists, in its order
    separator: str = ""  # stands between answers that share a cell
    repeats: bool = False  # says again what the other columns of its group say
    platform: bool = False  # added by the platform, not asked

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
    for each of `columns`, by position: categories of texts, where an empty cell is "". `not_shown` says of which rows
    the platform tells that the respondent was not asked, `user_missing` of which that the answer is declared to be
    none, by position; columns without any are left out. `previews` (tests, spam, and rows whose status nobody knows)
    and `unfinished` say of which rows the platform tells that, where it does. `cases` has equal numbers where rows are
    about the same respondent (events, repeated forms; -1: nobody knows), if there are such rows.
    """

    format: str
    columns: tuple[Column, ...]
    text: pd.DataFrame
    encoding: str = ""
    separator: str = ""
    not_shown: Mapping[int, np.ndarray] = field(default_factory=dict)
    user_missing: Mapping[int, np.ndarray] = field(default_factory=dict)
    previews: np.ndarray | None = None
    unfinished: np.ndarray | None = None
    cases: np.ndarray | None = None
