"""A plain table has one header row; what stands below its answers is no respondent."""

from __future__ import annotations

import pytest

from impact_report.errors import ExportError
from impact_report.readers import plain
from impact_report.readers.table import of

ROWS = (["Firm", "3", "Tea;Milk;"], ["School", "4", "Tea;"], ["Firm", "5", "Milk;"], ["Agency", "6", "Tea;"])


def test_a_semicolon_behind_every_answer_stands_between_answers_that_share_a_cell():
    export = plain.read(of(["Role", "Hours", "Drinks"], *ROWS))
    assert [column.separator for column in export.columns] == ["", "", ";"]


@pytest.mark.parametrize(
    ("feet", "found"),
    [
        ([["Total", "18", ""]], "row 6"),
        ([["Summe", "18", ""], ["", "", ""]], "row 6"),
        ([["Average", "4.5", ""], ["Source: the choir", "", ""]], "rows 6, 7"),
        ([["", "18", ""], ["Quelle: der Chor", "", ""]], "row 7"),
    ],
)
def test_sums_and_notes_below_the_answers_are_refused(feet, found):
    with pytest.raises(ExportError) as caught:
        plain.read(of(["Role", "Hours", "Drinks"], *ROWS, *feet))
    assert caught.value.problems[0].found == f"sums or notes below them: {found}"


@pytest.mark.parametrize("last", [["Total", "6", ""], ["Note: seldom", "6", "Tea;"]])
def test_an_answer_that_reads_like_a_sum_is_an_answer(last):
    rows = [["Total", "1", ""], *ROWS, last]
    assert len(plain.read(of(["Fuel", "Hours", "Drinks"], *rows)).text) == 6
