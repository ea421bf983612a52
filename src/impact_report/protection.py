"""Hiding more than what is small, until nothing small can be deduced from what is left."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from impact_report.deduction import Attack, Division

EVERYONE_LEVEL, GROUP_LEVEL, CROSSED_LEVEL = 0, 1, 2  # by how many groupings a cell is narrowed down


@dataclass(frozen=True)
class Layout:
    """The cells of a survey: how they divide one another, their levels, whose groups are stated, which are protected.

    `level`, `stated` and `protected` have one entry a cell. A cell of respondents who did not state a group is never
    published; where it is not protected either, it may follow from what is.
    """

    divisions: tuple[Division, ...]
    level: np.ndarray
    stated: np.ndarray
    protected: np.ndarray


@dataclass
class Family:
    """Indicators that count among the same kinds of respondents, in every cell.

    `counts` is (kinds, cells), `sums` (sums, kinds). `eligible`, `asked`, `base` and `count` say which of the sums each
    indicator publishes in its row. `certain` (sums, cells) is what an attacker must be taken to know of the sizes of
    cells, `bases` what he must be taken to know when he goes for the counts; `impossible` (kinds, cells) is what can be
    nobody. `k` is one number an indicator: a count or its complement in 1 … k−1 is small; with 0, none is.
    `keeps_everyone` says whose row of everyone is never hidden for the sake of a group.
    """

    counts: np.ndarray
    sums: np.ndarray
    eligible: np.ndarray
    asked: np.ndarray
    base: np.ndarray
    count: np.ndarray
    certain: np.ndarray
    bases: np.ndarray
    impossible: np.ndarray
    minimum_base: int
    k: np.ndarray
    keeps_everyone: np.ndarray

    @cached_property
    def values(self) -> np.ndarray:
        """What each sum is in each cell, (sums, cells)."""
        return self.sums.astype(np.int64) @ self.counts

    @cached_property
    def publishes(self) -> np.ndarray:
        """Which sums a row of each indicator publishes, (indicators, sums)."""
        published = np.zeros((len(self.base), len(self.sums)), dtype=bool)
        for sums in (self.eligible, self.asked, self.base, self.count):
            published[np.arange(len(self.base)), sums] = True
        return published

    @cached_property
    def few_answers(self) -> np.ndarray:
        """Where a base is under the minimum though the indicator is about somebody, (indicators, cells)."""
        return (self.values[self.base] < self.minimum_base) & (self.values[self.eligible] > 0)

    @cached_property
    def small_counts(self) -> np.ndarray:
        """Where a count, or its complement, is in 1 … k−1, (indicators, cells)."""
        count, base = self.values[self.count], self.values[self.base]
        limit = self.k[:, None]
        return few(count, limit) | few(base - count, limit)

    def known(self, hidden: np.ndarray, stated: np.ndarray, certain: np.ndarray) -> np.ndarray:
        """Return which sums are known, given the rows that are hidden: (sums, cells)."""
        shown = ~hidden & stated
        return certain | (self.publishes.T.astype(np.int64) @ shown > 0)


def few(number: np.ndarray, limit: int | np.ndarray) -> np.ndarray:
    """Return where a number is one or more, and under the limit; where that is 0, nowhere.

    >>> few(np.array([0, 1, 4, 5]), 5).tolist()
    [False, True, True, False]
    """
    return (number >= 1) & (number < limit)


def without_single(
    hidden: np.ndarray,
    base: np.ndarray,
    count: np.ndarray,
    divisions: Collection[Division],
    may_hide: np.ndarray,
    harmless: np.ndarray,
) -> np.ndarray:
    """Return which cells are hidden once no division has exactly one hidden cell among its parts and its whole.

    All arrays have one entry a cell. Of those shown that may be hidden the smallest one that is not empty is, by base,
    then by count; the whole only where no part is left. A single hidden cell that is `harmless` may stay alone.
    Source: Hundepool et al. (2012), Statistical Disclosure Control, chapter 4.

    >>> old, young, sums = [3, 4, 6], [2, 0, 5], [5, 4, 11, 13, 7]  # in Iceland, Portugal, Spain
    >>> cells, everywhere = np.array(old + young + sums), np.arange(11) < 6  # the sums are shown
    >>> columns = [Division(6 + one, (one, 3 + one)) for one in (0, 1, 2)]
    >>> rows = [Division(9, (0, 1, 2)), Division(10, (3, 4, 5))]
    >>> hidden = without_single(cells <= 1, cells, cells, columns + rows, everywhere, cells < 0)
    >>> hidden[:6].reshape(2, 3).astype(int)  # without Spain
    array([[1, 1, 0],
           [1, 1, 0]])
    """
    hidden = hidden.copy()
    changed = True
    while changed:
        changed = False
        for division in divisions:
            line = np.array([*division.parts, division.whole])
            secret = line[hidden[line]]
            if len(secret) != 1 or harmless[secret[0]]:
                continue
            left = line[~hidden[line] & (base[line] > 0) & may_hide[line]]
            parts = left[left != division.whole]
            if len(left):
                hidden[min(parts if len(parts) else left, key=lambda cell: (base[cell], count[cell], cell))] = True
                changed = True
    return hidden


@dataclass
class _Question:
    """A sum in a cell whose range must be `need` wide, and `reach` that number."""

    attack: Attack
    of: int
    cell: int
    need: int
    reach: int


def protect(
    family: Family, layout: Layout, hidden: np.ndarray, levels: Collection[int], secret_sizes: np.ndarray | None
) -> np.ndarray:
    """Return which rows (indicators, cells) are hidden once nothing small follows from the others.

    `hidden` are those hidden already, `levels` the cells of which more may be hidden, `secret_sizes` (cells) those
    whose very size is hidden; none are given where the family is about the sizes themselves. First what is small: too
    few answers, a small count or complement. Then no division may keep a single hidden cell. Then every small number
    is attacked, with all that is published: where its range is narrower than need be, the smallest row that the attack
    used is hidden, until the range is wide enough or as wide as it can get.
    """
    return _Protection(family, layout, hidden, levels, secret_sizes).run()


class _Protection:
    def __init__(
        self,
        family: Family,
        layout: Layout,
        hidden: np.ndarray,
        levels: Collection[int],
        secret_sizes: np.ndarray | None,
    ):
        self.family, self.layout = family, layout
        self.of_sizes = secret_sizes is None
        self.secret_sizes = False if self.of_sizes else secret_sizes & (family.values[family.eligible] > 0)
        self.open = layout.stated & np.isin(layout.level, list(levels))
        # a group without any answer is hidden; those who did not state theirs have then nothing to hide
        answered = layout.stated | (family.values[family.base] > 0)
        self.few_answers = family.few_answers & answered & layout.protected
        self.small = self.few_answers | (family.small_counts & layout.protected)
        self.hidden = hidden | (self.small & self.open)
        self.lines = [one for one in layout.divisions if layout.level[one.whole] < CROSSED_LEVEL]
        self.ceilings: dict[tuple[int, bool], Attack] = {}

    def run(self) -> np.ndarray:
        self.close_lines()
        if self.hidden[:, self.layout.stated].any() or self.small.any():
            self.sizes, self.shares = (
                Attack(
                    self.family.counts,
                    self.family.sums,
                    self.layout.divisions,
                    self.family.known(self.hidden, self.layout.stated, certain),
                    self.family.impossible,
                )
                for certain in (self.family.certain, self.family.bases)
            )
            for question in self.questions():
                self.answer(question)
        return self.hidden

    def close_lines(self) -> None:
        """Let no division keep a single hidden cell, indicator by indicator."""
        family, layout = self.family, self.layout
        for one in range(len(family.base)):
            base, count = family.values[family.base[one]], family.values[family.count[one]]
            secret = (self.hidden[one] | ~layout.stated) & (family.values[family.eligible[one]] > 0)
            if secret.any():
                harmless = ~layout.stated & ~self.small[one]
                closed = without_single(secret, base, count, self.lines, self.open, harmless)
                self.hidden[one] |= closed & layout.stated

    def questions(self) -> list[_Question]:
        """Return what an attacker must not find out, the whole before its parts."""
        family, layout = self.family, self.layout
        base, least = family.values[family.base], family.minimum_base
        secret = (self.hidden | ~layout.stated) & (layout.level <= CROSSED_LEVEL)
        asked: dict[tuple[bool, int, int], tuple[int, int]] = {}

        def ask(shares: bool, of: int, cell: int, need: int, reach: int) -> None:
            known = asked.get((shares, int(of), int(cell)), (0, 0))
            asked[shares, int(of), int(cell)] = max(known[0], int(need)), max(known[1], int(reach))

        for one, cell in np.argwhere(secret & self.secret_sizes):
            ask(False, family.base[one], cell, least, 0)
            ask(False, family.eligible[one], cell, least, 0)
        for one, cell in np.argwhere(self.few_answers & secret):
            ask(False, family.base[one], cell, least if self.of_sizes else 1, least)
        for one, cell in np.argwhere(self.small & secret & (base > 0)):
            ask(True, family.count[one], cell, min(max(family.k[one], 1), base[one, cell]), 0)
        in_order = sorted(asked, key=lambda key: (layout.level[key[2]], key))
        return [
            _Question(self.shares if shares else self.sizes, of, cell, *asked[shares, of, cell])
            for shares, of, cell in in_order
        ]

    def answer(self, question: _Question) -> None:
        """Hide rows until the attack on one number fails, or could not fail more."""
        attack, of, cell = question.attack, question.of, question.cell
        need, reach, tried = question.need, question.reach, False
        may_hide = self.may_hide(cell)
        while True:
            low, high = attack.range(of, cell, need, reach)
            if high - low >= need and high >= reach:
                return
            if not tried:
                lowest, highest = self.attainable(question, may_hide)
                need, reach, tried = min(need, highest - lowest), min(reach, highest), True
                continue
            row = self.smallest_used(attack, attack.used(of, cell), may_hide)
            if row is None:
                return
            self.hide(*row, may_hide)

    def may_hide(self, cell: int) -> np.ndarray:
        """Return the rows that may be hidden for the sake of a cell: that of everyone only for its own, as a rule."""
        everyone = self.layout.level == EVERYONE_LEVEL
        return self.open & (everyone[cell] | ~everyone | ~self.family.keeps_everyone[:, None])

    def attainable(self, question: _Question, may_hide: np.ndarray) -> tuple[int, int]:
        """Return the range of a sum when all is hidden that may be."""
        everyone = self.layout.level[question.cell] == EVERYONE_LEVEL
        key = question.attack is self.sizes, bool(everyone)
        if key not in self.ceilings:
            certain = self.family.certain if question.attack is self.sizes else self.family.bases
            known = self.family.known(self.hidden | may_hide, self.layout.stated, certain)
            self.ceilings[key] = Attack(
                self.family.counts, self.family.sums, self.layout.divisions, known, self.family.impossible
            )
        return self.ceilings[key].range(question.of, question.cell, question.need, question.reach)

    def smallest_used(self, attack: Attack, used: np.ndarray, may_hide: np.ndarray) -> tuple[int, int] | None:
        """Return sum and cell of the smallest published row that an attack used and that may be hidden."""
        values, base, count = self.family.values, self.family.base, self.family.count
        shown = self.family.publishes.T.astype(np.int64) @ (~self.hidden & may_hide) > 0
        found = []
        for of, cell in np.argwhere(used & shown):
            by = np.flatnonzero(self.family.publishes[:, of] & ~self.hidden[:, cell] & may_hide[:, cell])
            answers = values[base[by], cell].min()
            inner = np.minimum(values[count[by], cell], values[base[by], cell] - values[count[by], cell]).min()
            idle = attack is self.shares and inner == 0  # where all say the same, hiding it hardly helps
            costly = self.family.keeps_everyone[by].any()
            found.append((answers == 0, idle, costly, answers, values[of, cell], cell, of))
        if not found:
            return None
        *_, cell, of = min(found)
        return of, cell

    def hide(self, of: int, cell: int, may_hide: np.ndarray) -> None:
        """Hide the rows that publish a sum in a cell, and what must follow."""
        self.hidden[:, cell] |= self.family.publishes[:, of] & may_hide[:, cell]
        self.close_lines()
        for attack, certain in ((self.sizes, self.family.certain), (self.shares, self.family.bases)):
            attack.forget(self.family.known(self.hidden, self.layout.stated, certain))
