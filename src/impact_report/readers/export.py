"""What every reader returns: a raw export as questions, options and answers in text, with the state of each cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np
import pandas as pd


class State(IntEnum):
    """What a cell of an export says about its question."""

    ANSWERED = 0
    BLANK = 1  # the platform cannot tell why
    NOT_SHOWN = 2  # the platform says that the respondent was not asked
    USER_MISSING = 3  # answered, but declared by the platform to be no answer


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
    for each of `columns`, by position: categories of texts, where an empty cell is "". `not_shown` and `user_missing`
    say of which rows the platform tells that state, by position; columns without any are left out. `previews` (and
    tests) and `unfinished` say of which rows the platform tells that, where it does.
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

    def states(self, position: int) -> np.ndarray:
        """Return the state of each cell of a column.

        >>> text = pd.DataFrame({0: pd.Categorical(["yes", "", "", "don't know"])})
        >>> export = Export("spss", (Column(0, "Q1", "Role"),), text, not_shown={0: np.array([0, 1, 0, 0], bool)},
        ...                 user_missing={0: np.array([0, 0, 0, 1], bool)})
        >>> [State(one).name for one in export.states(0)]
        ['ANSWERED', 'NOT_SHOWN', 'BLANK', 'USER_MISSING']
        """
        states = np.where((self.text[position] == "").to_numpy(), State.BLANK, State.ANSWERED).astype(np.int8)
        for state, marked in ((State.NOT_SHOWN, self.not_shown), (State.USER_MISSING, self.user_missing)):
            if position in marked:
                states[marked[position]] = state
        return states
