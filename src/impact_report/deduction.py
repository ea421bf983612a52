"""What follows from published sums: between which values an unpublished one must lie.

Respondents fall into *kinds* (those who answered alike, as far as anything published can tell) and into *cells* (a
group of respondents: everyone, a region, a role within a region). A *sum* counts some of the kinds in one cell: the
base of an indicator is one, its count another. What is published are some of the sums. An attacker knows them, and
that the cells of one grouping make up the cell they divide; what else can be deduced is the solution of a linear
programme over all tables that fit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

TOLERANCE = 1e-6  # of the solver: its whole numbers are whole up to this
PRIMAL_SIMPLEX = 4  # only the question changes between two programmes, so the last answer still fits


@dataclass(frozen=True)
class Division:
    """A cell, and the cells that make it up."""

    whole: int
    parts: tuple[int, ...]


@dataclass
class Attack:
    """What can be deduced about a table of counts, from the sums that are known.

    `counts` has shape (kinds, cells), `sums` (sums, kinds) says which kinds each sum counts, `known` (sums, cells)
    which of them are published or must be taken for known. `impossible` (kinds, cells) marks what can be nobody.
    """

    counts: np.ndarray
    sums: np.ndarray
    divisions: Sequence[Division]
    known: np.ndarray
    impossible: np.ndarray | None = None
    least: np.ndarray = field(init=False)
    most: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        self.sums = np.asarray(self.sums, dtype=bool)
        self.known = np.array(self.known, dtype=bool)
        self.values = self.sums.astype(np.int64) @ self.counts
        # Every table found on the way is a witness: what it holds cannot be ruled out. Forgetting never ends that.
        self.least, self.most = self.values.astype(float), self.values.astype(float)
        self._row = np.full(self.known.shape, -1)
        self._row[self.known] = np.arange(int(self.known.sum()))

    def forget(self, known: np.ndarray) -> None:
        """Take fewer sums for known than before; raise ValueError for one that was not."""
        if (known & ~self.known).any():
            raise ValueError("an attacker can only be told less than before, not more")
        sums, cells = np.nonzero(self.known & ~known)
        self.known = known.copy()
        if len(sums) and "_solver" in self.__dict__:
            rows = self._row[sums, cells]
            nothing = np.full(len(rows), np.inf)
            self._solver.changeRowsBounds(len(rows), rows.astype(np.int32), -nothing, nothing)

    def seen(self, of: int, cell: int) -> tuple[int, int]:
        """Return least and greatest value of a sum in the tables found so far: its range is at least that wide."""
        return int(np.ceil(self.least[of, cell] - TOLERANCE)), int(np.floor(self.most[of, cell] + TOLERANCE))

    def range(self, of: int, cell: int, enough: float = np.inf, reach: float = 0) -> tuple[int, int]:
        """Return the least and the greatest value a sum can have; stop once it is wide `enough` and reaches far enough.

        The ends are rounded inwards to whole numbers, since respondents are. Source: the audit problem of Willenborg &
        de Waal (2001), Elements of Statistical Disclosure Control, chapter 6; Hundepool et al. (2012), chapter 4.

        >>> counts = np.array([[9, 4, 5], [11, 6, 5]])  # of 20 respondents, 9 say yes; in two groups 4 and 5
        >>> sums = [[True, False], [True, True]]  # yes; all
        >>> told = [[True, False, False], [True, True, True]]  # the groups' bases, and the count of everyone
        >>> Attack(counts, sums, [Division(0, (1, 2))], told).range(0, 1)
        (0, 9)
        """
        for sign in (1, -1):
            least, most = self.seen(of, cell)
            if most - least >= enough and most >= reach:
                break
            self._solve(of, cell, sign)
        return self.seen(of, cell)

    def used(self, of: int, cell: int) -> np.ndarray:
        """Return which of the known sums (sums, cells) the proof of a sum's range rests on."""
        proof = np.zeros(self.known.shape, dtype=bool)
        for sign in (1, -1):
            duals = self._solve(of, cell, sign)
            places = self._row >= 0
            proof[places] |= np.abs(duals[self._row[places]]) > TOLERANCE
        return proof & self.known

    def _solve(self, of: int, cell: int, sign: int) -> np.ndarray:
        """Find the table with the least (1) or most (-1) in a sum; keep it as a witness and return the row duals."""
        columns = self._column[self.sums[of], cell]
        columns = columns[columns >= 0].astype(np.int32)
        solver = self._solver
        solver.changeColsCost(len(columns), columns, np.full(len(columns), float(sign)))
        solver.run()
        solution = solver.getSolution()
        found = np.zeros(self.counts.shape)
        places = self._column >= 0
        found[places] = np.asarray(solution.col_value)[self._column[places]]
        solver.changeColsCost(len(columns), columns, np.zeros(len(columns)))
        values = self.sums @ found
        np.minimum(self.least, values, out=self.least)
        np.maximum(self.most, values, out=self.most)
        return np.asarray(solution.row_dual)

    @cached_property
    def _column(self) -> np.ndarray:
        """The column of the programme for each kind and cell; -1 where nobody can be."""
        possible = np.ones(self.counts.shape, dtype=bool) if self.impossible is None else ~self.impossible
        column = np.full(self.counts.shape, -1)
        column[possible] = np.arange(int(possible.sum()))
        return column

    @cached_property
    def _solver(self):
        import highspy
        from scipy.sparse import csr_array

        sums, cells = np.nonzero(self._row >= 0)
        row, kind = np.nonzero(self.sums[sums])
        entries = [(row, kind, cells[row], np.ones(len(row)))]
        count, kinds = len(sums), np.arange(len(self.counts))
        for division in self.divisions:
            places = np.array([division.whole, *division.parts])
            row, place = np.repeat(kinds, len(places)), np.tile(places, len(kinds))
            entries.append((count + row, row, place, np.where(place == division.whole, -1.0, 1.0)))
            count += len(kinds)
        rows, kind, place, signs = (np.concatenate(parts) for parts in zip(*entries, strict=True))
        columns = self._column[kind, place]
        rows, columns, signs = (part[columns >= 0] for part in (rows, columns, signs))
        width = int((self._column >= 0).sum())
        matrix = csr_array((signs, (rows, columns)), shape=(count, width))
        equal = np.zeros(count)
        equal[: len(sums)] = self.values[sums, cells]
        free = np.isin(np.arange(count), self._row[(self._row >= 0) & ~self.known])
        solver = highspy.Highs()
        for name, value in (("output_flag", False), ("threads", 1), ("simplex_strategy", PRIMAL_SIMPLEX)):
            solver.setOptionValue(name, value)
        programme = highspy.HighsLp()
        programme.num_col_, programme.num_row_ = width, count
        programme.col_cost_ = np.zeros(width)
        programme.col_lower_, programme.col_upper_ = np.zeros(width), np.full(width, float(self.counts.sum()))
        programme.row_lower_, programme.row_upper_ = np.where(free, -np.inf, equal), np.where(free, np.inf, equal)
        programme.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        programme.a_matrix_.start_ = matrix.indptr
        programme.a_matrix_.index_ = matrix.indices
        programme.a_matrix_.value_ = matrix.data
        solver.passModel(programme)
        return solver
