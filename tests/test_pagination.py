"""Blocks of a chapter change places in print only where a page would else be left more than a third empty.

Pages are ten lines high, so that heights and costs can be added up by hand: what a page leaves empty costs its cube
(4 of 10 lines: .064), and a block that leaves its place costs a third, cubed (.037).
"""

from __future__ import annotations

import pytest

from impact_report.exporters.pagination import Piece, arranged

PAGE = 10
TEXT, HEAD, LEAD, FIGURE, TABLE, LIST = "paragraph", "heading", "lead", "figure", "table", "list"
GROWING = Piece(TABLE, 25, breaks=True, least=3)


def piece(kind: str, height: float) -> Piece:
    """Return a block that stays whole; headings, and the few words below them, stay with what follows."""
    return Piece(TEXT if kind == LEAD else kind, height, keeps=kind in (HEAD, LEAD))


@pytest.mark.parametrize(
    ("why", "pieces", "order"),
    [
        ("5 + 1 + 4 fit on the page", [(TEXT, 5), (HEAD, 1), (FIGURE, 4), (TABLE, 3)], [0, 1, 2, 3]),
        (
            "5 lines stay empty (.125); the table takes 1 + 3, which leaves 1 (.001 + .037)",
            [(TEXT, 5), (HEAD, 1), (FIGURE, 6), (TABLE, 3)],
            [0, 1, 3, 2],
        ),
        ("2 lines (.008) may stay empty", [(TEXT, 8), (HEAD, 1), (FIGURE, 6), (TABLE, 1)], [0, 1, 2, 3]),
        ("the table takes 1 + 5, more than is left", [(TEXT, 5), (HEAD, 1), (FIGURE, 6), (TABLE, 5)], [0, 1, 2, 3]),
        (
            "the list fits (.001 + .037 for .064), the table does not",
            [(TEXT, 6), (FIGURE, 5), (TABLE, 5), (LIST, 3)],
            [0, 3, 1, 2],
        ),
        ("the table is of the next chapter", [(TEXT, 6), (FIGURE, 5), (HEAD, 1), (TABLE, 2)], [0, 1, 2, 3]),
        ("figures keep their order", [(TEXT, 6), (FIGURE, 5), (FIGURE, 3)], [0, 1, 2]),
        ("tables keep theirs", [(TEXT, 6), (FIGURE, 5), (TABLE, 5), (TABLE, 2)], [0, 1, 2, 3]),
        ("words between stay before what follows", [(TEXT, 6), (FIGURE, 5), (TEXT, 1), (TABLE, 2)], [0, 1, 2, 3]),
        (
            "words that stay with their heading stay above the table too: 5 + 1 + 1 + 3",
            [(TEXT, 5), (HEAD, 1), (LEAD, 1), (FIGURE, 6), (TABLE, 3)],
            [0, 1, 2, 4, 3],
        ),
        (
            "3 lines before the figure and before the next chapter (.054); with the table first 1 (.001 + .037)",
            [(TEXT, 7), (FIGURE, 5), (TABLE, 2), (HEAD, 1), (FIGURE, 3)],
            [0, 2, 1, 3, 4],
        ),
        (
            "4, 1 and 1 lines (.066) are cheaper than two changes and 1 and 1 lines (.074 + .002)",
            [(TEXT, 6), (FIGURE, 6), (TABLE, 3), (HEAD, 1), (FIGURE, 8), (TABLE, 2)],
            [0, 1, 2, 3, 4, 5],
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_comes_first(why, pieces, order):
    assert arranged([piece(*one) for one in pieces], PAGE) == order


def test_a_table_that_breaks_may_begin_where_enough_is_left_for_its_head():
    assert arranged([piece(TEXT, 6), piece(FIGURE, 5), GROWING], PAGE) == [0, 2, 1]
    assert arranged([piece(TEXT, 7.5), piece(FIGURE, 5), GROWING], PAGE) == [0, 1, 2]


def test_what_has_pages_of_its_own_stays_where_it_is():
    pieces = [piece(TEXT, 6), piece(FIGURE, 5), Piece(TABLE, 2, new_page=True)]
    assert arranged(pieces, PAGE) == [0, 1, 2]


def test_no_piece_is_lost_whatever_their_heights():
    kinds = [HEAD, TEXT, FIGURE, TABLE, LIST, FIGURE, TABLE, HEAD, FIGURE, LIST, TABLE] * 3
    pieces = [Piece(kind, 1 + (7 * k) % 11, kind == HEAD, kind in (TEXT, LIST)) for k, kind in enumerate(kinds)]
    assert sorted(arranged(pieces, PAGE)) == list(range(len(pieces)))


def test_nothing_and_a_heading_alone_stay_as_they_are():
    assert arranged([], PAGE) == []
    assert arranged([piece(HEAD, 1)], PAGE) == [0]
