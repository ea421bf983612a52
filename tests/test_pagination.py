"""Blocks of a chapter change places in print only where a page would else be left half empty.

Pages are ten lines high, so that heights can be added up by hand.
"""

from __future__ import annotations

import pytest

from impact_report.exporters.pagination import Piece, arranged

PAGE = 10
TEXT, HEAD, FIGURE, TABLE, LIST = "paragraph", "heading", "figure", "table", "list"
GROWING = Piece(TABLE, 25, breaks=True)


@pytest.mark.parametrize(
    ("why", "pieces", "order"),
    [
        ("5 + 1 + 4 fit on the page", [(TEXT, 5), (HEAD, 1), (FIGURE, 4), (TABLE, 3)], [0, 1, 2, 3]),
        ("4 lines are left, the table takes 3", [(TEXT, 5), (HEAD, 1), (FIGURE, 6), (TABLE, 3)], [0, 1, 3, 2]),
        ("1 line is left: a fifth of a page may be", [(TEXT, 8), (HEAD, 1), (FIGURE, 6), (TABLE, 1)], [0, 1, 2, 3]),
        ("the table takes 5, more than is left", [(TEXT, 5), (HEAD, 1), (FIGURE, 6), (TABLE, 5)], [0, 1, 2, 3]),
        ("the list fits, the table does not", [(TEXT, 6), (FIGURE, 5), (TABLE, 5), (LIST, 3)], [0, 3, 1, 2]),
        ("the table is of the next chapter", [(TEXT, 6), (FIGURE, 5), (HEAD, 1), (TABLE, 2)], [0, 1, 2, 3]),
        ("figures keep their order", [(TEXT, 6), (FIGURE, 5), (FIGURE, 3)], [0, 1, 2]),
        ("tables keep theirs", [(TEXT, 6), (FIGURE, 5), (TABLE, 5), (TABLE, 2)], [0, 1, 2, 3]),
        ("words between stay before what follows", [(TEXT, 6), (FIGURE, 5), (TEXT, 1), (TABLE, 2)], [0, 1, 2, 3]),
        (
            "first 4 lines are left, then, below the figure, 4 again",
            [(TEXT, 6), (FIGURE, 6), (TABLE, 3), (HEAD, 1), (FIGURE, 8), (TABLE, 2)],
            [0, 2, 1, 3, 5, 4],
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_comes_first(why, pieces, order):
    assert arranged([Piece(*one) for one in pieces], PAGE) == order


def test_a_long_table_may_begin_on_what_is_left_if_that_is_a_third_of_the_page():
    assert arranged([Piece(TEXT, 6), Piece(FIGURE, 5), GROWING], PAGE) == [0, 2, 1]
    assert arranged([Piece(TEXT, 7.5), Piece(FIGURE, 5), GROWING], PAGE) == [0, 1, 2]


def test_what_has_pages_of_its_own_stays_where_it_is():
    pieces = [Piece(TEXT, 6), Piece(FIGURE, 5), Piece(TABLE, 2, new_page=True)]
    assert arranged(pieces, PAGE) == [0, 1, 2]


def test_no_piece_is_lost_whatever_their_heights():
    kinds = [HEAD, TEXT, FIGURE, TABLE, LIST, FIGURE, TABLE, HEAD, FIGURE, LIST, TABLE] * 3
    pieces = [Piece(kind, 1 + (7 * k) % 11, breaks=kind in (TEXT, LIST)) for k, kind in enumerate(kinds)]
    assert sorted(arranged(pieces, PAGE)) == list(range(len(pieces)))
