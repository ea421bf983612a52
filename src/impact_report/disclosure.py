"""What must not be published, so that no respondent can be recognised, in any edition of a wave.

A *cell* is a group of respondents: everyone, one group of a grouping, or where two groups of two groupings cross. An
edition of everybody publishes the first two; the edition of one group publishes that group, and where the other
groupings cross it. What is hidden is decided once, from the answers of the whole wave, so that no edition shows what
another one hides. Indicators of one question are judged together, for one answer is what the others leave.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations, product

import numpy as np
import pandas as pd

from impact_report.codebook import Codebook, Condition, Indicator
from impact_report.conditions import holds
from impact_report.deduction import Division
from impact_report.errors import EstimationError, Problem
from impact_report.protection import CROSSED_LEVEL, EVERYONE_LEVEL, GROUP_LEVEL, Family, Layout, protect
from impact_report.tally import EVERYONE, outcomes
from impact_report.wave import Wave

COUNTED_COLUMNS = ("eligible", "asked", "base", "count")
MASKED_COLUMNS = (
    *COUNTED_COLUMNS,
    "weighted_base",
    "weighted_count",
    "effective_base",
    "design_effect",
    "variance",
    "degrees_of_freedom",
    "proportion",
    "low",
    "high",
    "bound_low",
    "bound_high",
    "flags",
)

MEMBERS = "members of the group"  # no indicator can be called so
MOST_COMBINED = 64  # combinations of answers to a select-all question, up to which its indicators are one family
MOST_CROSSED = 3000  # cells of all groupings crossed, up to which they are taken into account
Group = tuple[str, str | None]  # a grouping and a code; none where it was not stated
Cell = tuple[Group, ...]  # no group: everyone


@dataclass(frozen=True)
class Suppression:
    """What must be hidden in every edition of a wave: sizes of groups, and rows of indicators, by cell."""

    cells: dict[Cell, int]
    sizes: np.ndarray
    rows: dict[str, np.ndarray]

    def size(self, *groups: Group) -> bool:
        """Say whether it must be hidden how many respondents belong to all these groups."""
        return bool(self.sizes[self._place(groups)])

    def row(self, indicator: str, *groups: Group) -> bool:
        """Say whether an indicator must be hidden among those who belong to all these groups."""
        return bool(self.rows[indicator][self._place(groups)])

    def marks(self, table: pd.DataFrame, group: Group | None = None) -> pd.Series:
        """Return which rows of an edition's table are hidden; `group` is the one that edition is about.

        `table` has the columns indicator, group_by and group.
        """
        columns = zip(table["indicator"], table["group_by"], table["group"], strict=True)
        marks = [self.row(name, *_groups(group, by, code)) for name, by, code in columns]
        return pd.Series(marks, index=table.index, name="suppressed", dtype=bool)

    def _place(self, groups: Iterable[Group]) -> int:
        return self.cells[tuple(sorted(set(groups)))]


def _groups(own: Group | None, by: str, code: str) -> list[Group]:
    """Return the groups that a row of an edition is about."""
    found = [] if by == EVERYONE else [(by, code)]
    if own and not (by == own[0] and code != own[1]):  # in that edition, its grouping's other groups are nobody
        found.append(own)
    return found


def suppression(responses: pd.DataFrame, codebook: Codebook, wave: Wave, crossed: bool = False) -> Suppression:
    """Return what must be hidden, given the responses of the whole wave; with `crossed`, also where groupings cross.

    Small is a group, or a base in it, under the wave's minimum base, and with a smallest count k a count or its
    complement in 1 … k−1. More is hidden until neither can be told from what any edition shows; with the wave's
    `not_stated: protect`, neither of those who did not state their group. What the edition of everybody hides does not
    depend on `crossed`. Source: Hundepool et al. (2012), Statistical Disclosure Control.
    """
    survey = _Survey(responses, codebook, wave)
    found = _decide(survey, _Cells(responses, codebook, wave, crossed=False), None)
    return _decide(survey, _Cells(responses, codebook, wave, crossed=True), found) if crossed else found


class _Cells:
    """The cells of a survey, and how to count in them."""

    def __init__(self, responses: pd.DataFrame, codebook: Codebook, wave: Wave, crossed: bool):
        self.names: list[Cell] = [()]
        self.codings = [(np.zeros(len(responses), dtype=np.int64), 1)]
        divisions, singles = [], {}
        for name in codebook.groups:
            codes: list[str | None] = [*codebook.items[name].codes, None]
            coded = pd.Categorical(responses[name], categories=codes[:-1]).codes.astype(np.int64)
            coded[coded < 0] = len(codes) - 1
            first = len(self.names)
            singles[name] = codes, coded, first
            divisions.append(Division(0, tuple(range(first, first + len(codes)))))
            self.names += [((name, code),) for code in codes]
            self.codings.append((coded, len(codes)))
        for one, other in combinations(sorted(singles), 2) if crossed else ():
            (codes, coded, first), (others, coded_other, first_other) = singles[one], singles[other]
            start, width = len(self.names), len(others)
            self.names += [((one, code), (other, second)) for code in codes for second in others]
            self.codings.append((coded * width + coded_other, len(codes) * width))
            places = start + np.arange(len(codes) * width).reshape(len(codes), width)
            divisions += [Division(first + k, tuple(map(int, row))) for k, row in enumerate(places)]
            divisions += [Division(first_other + k, tuple(map(int, row))) for k, row in enumerate(places.T)]
        if crossed and len(singles) > 2:
            divisions += self._cross_all(singles)
        level = np.array([len(name) for name in self.names])
        stated = (level <= CROSSED_LEVEL) & [all(code is not None for _, code in name) for name in self.names]
        protected = stated | (wave.not_stated == "protect")
        self.layout = Layout(tuple(divisions), level, stated, protected)
        self.place = {name: k for k, name in enumerate(self.names)}

    def _cross_all(self, singles: dict[str, tuple]) -> list[Division]:
        """Add the cells where all groupings cross, which nobody publishes, and return how they make up the others.

        They are what an attacker solves for: tables of two groupings each can fit, and yet no table of all of them.
        """
        groupings = sorted(singles)
        widths = [len(singles[name][0]) for name in groupings]
        if np.prod(widths) > MOST_CROSSED:
            return []
        start = len(self.names)
        self.names += [
            tuple(zip(groupings, codes, strict=True)) for codes in product(*(singles[g][0] for g in groupings))
        ]
        self.codings.append((np.ravel_multi_index([singles[g][1] for g in groupings], widths), int(np.prod(widths))))
        places = start + np.arange(np.prod(widths)).reshape(widths)
        first = {name: place for place, name in enumerate(self.names[:start])}
        divisions = []
        for pair in combinations(range(len(groupings)), 2):
            for at in np.ndindex(*(widths[axis] for axis in pair)):
                whole = tuple(
                    (groupings[axis], singles[groupings[axis]][0][k]) for axis, k in zip(pair, at, strict=True)
                )
                index: list = [slice(None)] * len(groupings)
                for axis, k in zip(pair, at, strict=True):
                    index[axis] = k
                divisions.append(Division(first[whole], tuple(map(int, places[tuple(index)].ravel()))))
        return divisions

    def count(self, kinds: np.ndarray, number: int) -> np.ndarray:
        """Return how many respondents of each kind are in each cell, (kinds, cells)."""
        tables = [
            np.bincount(kinds * width + coded, minlength=number * width).reshape(number, width)
            for coded, width in self.codings
        ]
        return np.concatenate(tables, axis=1)

    def within_secret(self, before: Suppression) -> np.ndarray:
        """Return which cells lie in a group whose size was found to be secret."""
        secret = [cell[0] for cell, place in before.cells.items() if len(cell) == 1 and before.sizes[place]]
        return np.any([self.inside(group) for group in secret], axis=0) if secret else np.zeros(len(self.names), bool)

    def inside(self, group: Group) -> np.ndarray:
        """Return which cells lie in a group."""
        return np.array([group in name for name in self.names])


@dataclass(frozen=True)
class _Counted:
    """Something published of every cell: four columns of booleans, the k it is judged by, and whether its row of
    everyone is only hidden for its own sake."""

    name: str
    eligible: np.ndarray
    asked: np.ndarray
    base: np.ndarray
    count: np.ndarray
    k: int
    keeps_everyone: bool = True


class _Survey:
    """What is published about a survey's respondents, in families; and which rows tell the size of what."""

    def __init__(self, responses: pd.DataFrame, codebook: Codebook, wave: Wave):
        self.codebook, self.wave, self.responses = codebook, wave, responses
        self.everybody = np.ones(len(responses), dtype=bool)
        self.sizes = [self._size(MEMBERS, self.everybody)]
        self.families: dict[tuple, list[_Counted]] = {}
        self.together: dict[str, bool] = {}
        self.told: dict[str, set[str]] = {one.id: set() for one in codebook.indicators}  # indicator → sizes it tells
        routes = [codebook.items[item].ask_if for fact in codebook.facts for item in fact.quantities]
        # A headline fact says how many were asked; it is never hidden, so what it tells of a group's size is known.
        told = [route for route in routes if route and self._groupings(route)]
        self.of_facts = [self._met(route) for route in told]
        # groupings by whose answers somebody is asked or eligible
        self.conditioned = {name for route in told for name in self._groupings(route)}
        for indicator in codebook.indicators:
            self._add(indicator)
        for indicator in codebook.indicators:
            for condition in (indicator.among, codebook.items[indicator.item].ask_if):
                if condition:
                    self._tell(indicator, condition)
            self._tell_answers(indicator)

    def _add(self, indicator: Indicator) -> None:
        flags = outcomes(self.responses, self.codebook, indicator)
        columns = [flags[name].to_numpy(dtype=bool) for name in ("eligible", "asked", "base", "count")]
        k = self.wave.smallest_count or 0
        if indicator.item in self.codebook.groups:  # it counts the members of groups
            self.sizes.append(_Counted(indicator.id, *columns, max(k, self.wave.minimum_base)))
            return
        codes = indicator.none_of or self.codebook.counting(indicator)
        self.families.setdefault(self._family(indicator.item, codes), []).append(_Counted(indicator.id, *columns, k))

    def _family(self, item: str, codes: Iterable[str]) -> tuple:
        """Return the family of an item: each set of answers has one where many can be combined."""
        return (item,) if self._together(item) else (item, *codes)

    def _together(self, item: str) -> bool:
        """Say whether the indicators of an item can be attacked together."""
        if item not in self.together:
            described = self.codebook.items[item]
            combined = 1
            if described.kind == "multiple":
                columns = [f"{item}.{code}" for code in described.codes]
                combined = len(self.responses[columns].drop_duplicates())
            self.together[item] = combined <= MOST_COMBINED
        return self.together[item]

    def _tell(self, indicator: Indicator, condition: Condition) -> None:
        """Note that an indicator's rows tell how many meet a condition: eligible, asked, base."""
        met = self._met(condition)
        self.conditioned |= self._groupings(condition)
        if self._groupings(condition):
            self._tell_size(indicator, condition, met)
            return
        for item, chosen in condition.tests.items():
            family = self._family(item, chosen.any or chosen.all or chosen.none)
            name = f"{condition.model_dump_json()} {family}"
            if family in self.families:
                self.told[indicator.id].add(name)
                if all(one.name != name for one in self.families[family]):
                    more = _Counted(
                        name, self.everybody, self.everybody, self.everybody, met, self.wave.smallest_count or 0
                    )
                    self.families[family].append(more)

    def _tell_answers(self, indicator: Indicator) -> None:
        """Note what an indicator's rows tell of other answers: of those it could be about, who met which condition."""
        if indicator.item in self.codebook.groups or not self.wave.smallest_count:
            return
        own = self._family(indicator.item, indicator.none_of or self.codebook.counting(indicator))
        among = self.everybody
        for place, condition in enumerate((indicator.among, self.codebook.items[indicator.item].ask_if)):
            tests = condition.tests if condition else {}
            of_groups = {name: chosen for name, chosen in tests.items() if name in self.codebook.groups}
            if of_groups:
                among = among & self._met(Condition(**of_groups))
            if len(of_groups) < len(tests):
                met = among & self._met(condition)
                name = f"{'about' if place == 0 else 'asked'} {indicator.id}"
                self.told[indicator.id].add(name)
                told = _Counted(name, among, among, among, met, self.wave.smallest_count)
                tested = [
                    self._family(item, chosen.any or chosen.all or chosen.none)
                    for item, chosen in tests.items()
                    if item not in of_groups
                ]
                for family in dict.fromkeys([own, *tested]):
                    if family in self.families:
                        self.families[family].append(told)
                among = met

    def _met(self, condition: Condition) -> np.ndarray:
        return holds(condition, self.responses, self.codebook).to_numpy(dtype=bool)

    def _groupings(self, condition: Condition) -> set[str]:
        return set(condition.tests) & set(self.codebook.groups)

    def _tell_size(self, indicator: Indicator, condition: Condition, met: np.ndarray) -> None:
        for name, who in ((condition.model_dump_json(), met), (f"not {condition.model_dump_json()}", ~met)):
            self.told[indicator.id].add(name)
            if all(one.name != name for one in self.sizes):
                self.sizes.append(self._size(name, who))

    def _size(self, name: str, who: np.ndarray) -> _Counted:
        return _Counted(name, who, who, who, who, 0, keeps_everyone=name == MEMBERS)


def _decide(survey: _Survey, cells: _Cells, before: Suppression | None) -> Suppression:
    """Return what must be hidden in these cells; what was decided `before` stays as it is in its own."""
    counted = [*survey.sizes, *(one for family in survey.families.values() for one in family)]
    hidden = {one.name: np.zeros(len(cells.names), dtype=bool) for one in counted}
    levels = (CROSSED_LEVEL,) if before else (EVERYONE_LEVEL, GROUP_LEVEL)
    if before:
        for name, rows in before.rows.items():
            hidden[name][: len(rows)] = rows
        somebody = cells.count(np.zeros(len(survey.responses), dtype=np.int64), 1)[0] > 0
        hidden[MEMBERS] |= cells.within_secret(before) & cells.layout.stated & somebody
    _protect(survey, cells, survey.sizes[:1], hidden, levels)
    if len(survey.sizes) > 1:
        _protect(survey, cells, survey.sizes, hidden, levels)
    left = list(survey.families.values())
    while left:  # what one question hides can be told by whom another is asked of
        for family in left:
            _protect(survey, cells, family, hidden, levels)
        left = [
            family
            for family in survey.families.values()
            if any((_telling(survey, one, hidden) & ~hidden[one.name]).any() for one in family)
        ]
    return Suppression(cells.place, hidden[MEMBERS], hidden)


def _telling(survey: _Survey, one: _Counted, hidden: dict[str, np.ndarray]) -> np.ndarray:
    """Return the cells in which a row would tell a size that is hidden."""
    return np.any([hidden[size] for size in (MEMBERS, *survey.told.get(one.name, ()))], axis=0)


def _protect(survey: _Survey, cells: _Cells, counted: list[_Counted], hidden: dict[str, np.ndarray], levels) -> None:
    """Hide what must be of one family; where the size of a cell is hidden, so is everything that would tell it."""
    secret = hidden[MEMBERS]
    for one in counted:
        hidden[one.name] |= _telling(survey, one, hidden)
    known = None if counted[0] is survey.sizes[0] else secret
    before = np.array([hidden[one.name] for one in counted])
    after = protect(_family(survey, cells, counted, known), cells.layout, before, levels, known)
    for one, rows in zip(counted, after, strict=True):
        hidden[one.name] |= rows


def _family(survey: _Survey, cells: _Cells, counted: list[_Counted], secret: np.ndarray | None) -> Family:
    """Return a family in these cells; `secret` are the cells whose size is hidden, none given for the sizes."""
    columns = [survey.everybody]
    for one in counted:
        columns += [one.eligible, one.asked, one.base, one.count]
    kinds, masks = _kinds(columns + survey.of_facts)
    sums, which = np.unique(masks, axis=0, return_inverse=True)
    everybody, of_facts = which[0], which[len(columns) :]
    which = which[1 : len(columns)].reshape(len(counted), 4)
    counts = cells.count(kinds, masks.shape[1])
    values = sums.astype(np.int64) @ counts
    deep = cells.layout.level > CROSSED_LEVEL
    empty = (values[everybody] == 0) & ~deep
    for division in cells.layout.divisions:
        empty[list(division.parts)] |= empty[division.whole]
    impossible = np.broadcast_to(empty, counts.shape).copy()
    certain = np.zeros(values.shape, dtype=bool)
    bases = certain.copy()
    if secret is None:
        always = [everybody, *of_facts]
        certain[always, 0] = bases[always, 0] = True
        for name in survey.conditioned:  # who meets a condition on a group cannot be in the others
            for place, cell in enumerate(cells.names):
                if len(cell) == 1 and cell[0][0] == name:
                    impossible[np.ix_(counts[:, place] == 0, cells.inside(cell[0]))] = True
    else:
        certain[everybody] = cells.layout.stated & ~secret
        routed = np.unique(which[:, :2])
        certain[routed] |= values[routed] == 0  # nobody is asked outside the groups a condition names
        bases[np.unique(np.append(which[:, :3], everybody))] = True
    certain &= ~deep
    bases &= ~deep
    k = np.array([one.k for one in counted])
    eligible, asked, base, count = which.T
    least = survey.wave.minimum_base
    keeps = np.array([one.keeps_everyone for one in counted])
    return Family(counts, sums, eligible, asked, base, count, certain, bases, impossible, least, k, keeps)


def _kinds(columns: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Return for each respondent the kind, and for each column which kinds it counts, (columns, kinds).

    Two respondents are of one kind if they are alike in every column.

    >>> kinds, counted = _kinds([np.array([True, True, False]), np.array([True, True, True])])
    >>> kinds.tolist(), counted.astype(int).tolist()
    ([1, 1, 0], [[0, 1], [1, 1]])
    """
    kinds = np.zeros(len(columns[0]), dtype=np.int64)
    patterns = np.zeros((0, 1), dtype=bool)
    for column in columns:
        finer = kinds * 2 + column
        there = np.flatnonzero(np.bincount(finer, minlength=2 * patterns.shape[1]))
        number = np.zeros(2 * patterns.shape[1], dtype=np.int64)
        number[there] = np.arange(len(there))
        kinds = number[finer]
        patterns = np.vstack([patterns[:, there // 2], there % 2 == 1])
    return kinds, patterns


def mask(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with every figure of the rows marked `suppressed` blanked: numbers missing, flags empty.

    Counts become nullable integers, so that a blank does not turn the others into floats. Raises EstimationError
    without a column `suppressed`.

    >>> table = pd.DataFrame({"group": ["a", "b"], "base": [3, 9], "count": [2, 5], "suppressed": [True, False]})
    >>> mask(table)["base"].tolist()
    [<NA>, 9]
    """
    if "suppressed" not in table:
        raise EstimationError(
            Problem("a column 'suppressed'", "none", "estimates", "set it to suppress(table, …) first")
        )
    masked = table.copy()
    hidden = table["suppressed"].to_numpy(dtype=bool)
    for column in MASKED_COLUMNS:
        if column not in masked:
            continue
        values = masked[column]
        if column == "flags":
            masked[column] = [
                (() if isinstance(flags, tuple) else "") if hide else flags
                for flags, hide in zip(values, hidden, strict=True)
            ]
        elif column in COUNTED_COLUMNS:
            masked[column] = values.astype("Int64").mask(hidden)
        else:
            masked[column] = values.astype(float).mask(hidden)
    return masked
