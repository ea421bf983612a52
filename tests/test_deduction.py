"""What follows from published sums: small tables, each worked out by hand."""

import numpy as np
import pytest

from impact_report.deduction import Attack, Division
from impact_report.protection import without_single

OLD, YOUNG = [3, 4, 6], [2, 0, 5]  # in Iceland, Portugal, Spain


def crosstab(rows: list[list[int]], hidden: list[list[int]]) -> Attack:
    """Return the attack on a two-way table whose sums are shown, and all cells but the hidden ones."""
    table = np.array(rows)
    height, width = table.shape
    cells = np.concatenate([table.ravel(), table.sum(axis=1), table.sum(axis=0)])
    places = np.arange(table.size).reshape(table.shape)
    lines = [Division(table.size + one, tuple(map(int, places[one]))) for one in range(height)]
    lines += [Division(table.size + height + one, tuple(map(int, places[:, one]))) for one in range(width)]
    known = np.ones((1, len(cells)), dtype=bool)
    known[0, : table.size] = ~np.array(hidden, dtype=bool).ravel()
    return Attack(cells[None, :], np.array([[True]]), lines, known)


def test_two_hidden_cells_in_two_rows_and_columns():
    """Of the old 13 − 6 = 7 are left, of the young 2; in Iceland 5, in Portugal 4: the first cell is 3 to 5."""
    attack = crosstab([OLD, YOUNG], [[1, 1, 0], [1, 1, 0]])
    assert [attack.range(0, cell) for cell in (0, 1, 3, 4)] == [(3, 5), (2, 4), (0, 2), (0, 2)]


def test_a_single_hidden_cell_is_no_secret():
    assert crosstab([OLD, YOUNG], [[0, 0, 0], [0, 1, 0]]).range(0, 4) == (0, 0)


def test_three_hidden_cells_in_a_row_leave_only_their_sum():
    """3 + 4 + 6 = 13, each column has its own sum: 5, 4 and 11."""
    attack = crosstab([OLD, YOUNG], [[1, 1, 1], [1, 1, 1]])
    assert [attack.range(0, cell) for cell in (0, 1, 2)] == [(0, 5), (0, 4), (4, 11)]


def test_an_answer_is_what_the_other_answers_leave():
    """Of 20, 12 say one thing and 5 another: the third is 3; without the 5 it is 0 to 8."""
    counts = np.array([[12], [5], [3]])
    sums = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 1]], dtype=bool)
    attack = Attack(counts, sums, [], np.array([[1], [1], [0], [1]], dtype=bool))
    assert attack.range(2, 0) == (3, 3)
    assert attack.used(2, 0).ravel().tolist() == [True, True, False, True]
    attack.forget(np.array([[1], [0], [0], [1]], dtype=bool))
    assert attack.range(2, 0) == (0, 8)


def test_tables_of_two_groupings_each_may_fit_and_no_table_of_all():
    """Parity: the eight cells of 2 × 2 × 2 with all sums over pairs known are one table or another, never between.

    Of each pair of groups there is one respondent. All who could be in the first cell: with it, the cells of even
    parity hold one each, without it those of odd parity: 0 to 1, and whoever also knows one cell knows all.
    """
    even = np.array([(a + b + c) % 2 == 0 for a in (0, 1) for b in (0, 1) for c in (0, 1)]).astype(int)
    cube = np.arange(8).reshape(2, 2, 2)
    lines, sums = [], []
    for axis in range(3):
        for parts in np.moveaxis(cube, axis, -1).reshape(-1, 2):
            lines.append(Division(8 + len(sums), tuple(map(int, parts))))
            sums.append(even[parts].sum())
    counts = np.array([[*even, *sums]])
    known = np.arange(20)[None, :] >= 8
    one = np.array([[True]])
    assert Attack(counts, one, lines, known).range(0, 0) == (0, 1)
    assert Attack(counts, one, lines, known | (np.arange(20)[None, :] == 7)).range(0, 0) == (1, 1)


def test_nobody_can_be_where_nobody_can_be():
    counts = np.array([[4, 0, 4]])
    known = np.array([[True, False, False]])
    lines, one = [Division(0, (1, 2))], np.array([[True]])
    assert Attack(counts, one, lines, known).range(0, 2) == (0, 4)
    assert Attack(counts, one, lines, known, impossible=counts == 0).range(0, 2) == (4, 4)


def test_an_attacker_does_not_learn_later():
    attack = crosstab([OLD, YOUNG], [[1, 1, 0], [1, 1, 0]])
    with pytest.raises(ValueError, match="told less"):
        attack.forget(np.ones_like(attack.known))


def test_no_line_keeps_a_single_hidden_cell():
    random = np.random.default_rng(8)
    for _ in range(100):
        height, width = random.integers(2, 6, size=2)
        table = random.integers(1, 12, size=(height, width))
        places = np.arange(table.size).reshape(table.shape)
        cells = np.append(table.ravel(), np.full(height + width, 99))
        lines = [Division(table.size + one, tuple(map(int, line))) for one, line in enumerate([*places, *places.T])]
        inner = np.arange(len(cells)) < table.size
        hidden = without_single(inner & (cells <= 2), cells, cells, lines, inner, ~inner)
        marks = hidden[: table.size].reshape(table.shape)
        assert (marks >= (table <= 2)).all()
        assert (marks.sum(axis=0) != 1).all()
        assert (marks.sum(axis=1) != 1).all()
