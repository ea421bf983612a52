"""One who reads every edition of a wave and asks what a hidden figure can be; by none of the package's own means."""

from __future__ import annotations

from collections import Counter
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.optimize import linprog

if TYPE_CHECKING:
    from impact_report.codebook import Codebook


class Reader:
    """One who knows each figure that is shown about one item.

    His unknowns are the respondents of each combination of groups and answer, so that all sums of all editions are
    sums of them.
    """

    def __init__(self, codebook: Codebook, responses: pd.DataFrame, item: str):
        self.groups = codebook.groups
        self.codes = [[*codebook.items[name].codes, None] for name in (*self.groups, item)]
        self.kinds = list(product(*self.codes))
        given = responses[[*self.groups, item]].astype(object)
        numbers = Counter(map(tuple, given.where(given.notna(), None).to_numpy().tolist()))
        self.truth = np.array([numbers[kind] for kind in self.kinds], dtype=float)
        self.sums: list[np.ndarray] = [np.ones(len(self.kinds))]

    def sum(self, cell: dict[str, str], answers: list[str | None]) -> np.ndarray:
        """Return which combinations lie in a cell and have one of the answers."""
        return np.array(
            [
                all(kind[self.groups.index(name)] == code for name, code in cell.items()) and kind[-1] in answers
                for kind in self.kinds
            ],
            dtype=float,
        )

    def width(self, wanted: np.ndarray, known: np.ndarray) -> float:
        """Return how wide the range of a sum is, by everything known."""
        ends = [
            linprog(sign * wanted, A_eq=known, b_eq=known @ self.truth, bounds=(0, None), method="highs").fun
            for sign in (1, -1)
        ]
        return round(-ends[1] - ends[0], 6)
