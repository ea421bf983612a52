"""KoboToolbox: a select-all question stands there twice and is counted once."""

from __future__ import annotations

import csv
from pathlib import Path

import cell_states
import pytest

from impact_report.errors import ExportError
from impact_report.readers import delimited, kobo
from impact_report.readers.export import Export
from impact_report.readers.table import of

SHARED = Path(__file__).resolve().parents[2] / "shared" / "real"
CASE = SHARED / "kobo-msna"

ADDED = ["_id", "_uuid", "_submission_time"]
WATER = ["water", "water/well", "water/rain"]


def read(headers: list[str], *rows: list[str]) -> Export:
    """Read an export with Kobo's own columns in front of these."""
    return kobo.read(of([*ADDED, *headers], *[["1", "a", "b", *row] for row in rows]))


def asked(headers: list[str], *rows: list[str]) -> list[tuple[str, str | None, bool]]:
    columns = read(headers, *rows).columns[len(ADDED) :]
    return [(one.question, one.option, one.repeats) for one in columns if not one.platform]


def states(export: Export, position: int) -> list[str]:
    return cell_states.states(export, position + len(ADDED))


# --- Which files are Kobo's? ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "rows",
    [
        [["start", "end", "role", "_id", "_uuid", "_submission_time"]],
        [["role", "__version__", "_uuid"]],
        [["member_age", "_index", "_parent_index", "_submission__uuid"]],  # the table of a repeated group
        [WATER, ["well rain", "1", "1"], ["rain", "0", "1"], ["", "", ""]],
        [WATER, ["rain well", "TRUE", "TRUE"], ["well", "TRUE", "FALSE"]],
    ],
)
def test_it_is_recognised_by_its_columns_or_by_a_parent_that_names_its_choices(rows):
    assert kobo.recognise(of(*rows))


@pytest.mark.parametrize(
    "rows",
    [
        [WATER, ["yes", "1", "1"], ["no", "0", "1"]],  # the cells name other things
        [["water", "water/well"], ["well", "1"]],  # one column is no question
        [WATER, ["well", "3", "4"], ["rain", "0", "1"]],  # counts
        [["water", "water/rain", "well"], ["rain", "1", "0"]],
        [["record_id", "water___1", "survey_complete"], ["1", "1", "2"]],
        [["submitdate", "lastpage", "q1[A]"], ["", "1", "Y"]],
        [["uuid", "role"], ["a", "firm"]],
    ],
)
def test_other_tables_are_not(rows):
    assert not kobo.recognise(of(*rows))


# --- Select-all questions ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        ["water", "water/well", "water/rain"],
        ["site/water", "site/water/well", "site/water/rain"],  # with the group that it stands in
        ["a/b/water", "a/b/water/well", "a/b/water/rain"],
        ["site.water", "site.water.well", "site.water.rain"],  # another separator
        ["site:water", "site:water:well", "site:water:rain"],
    ],
)
def test_choices_belong_to_their_parent(headers):
    parent = headers[0]
    rows = [["well rain", "1", "1"], ["rain", "0", "1"]]
    assert asked(headers, *rows) == [(parent, None, True), (parent, "well", False), (parent, "rain", False)]
    columns = read(headers, *rows).columns[len(ADDED) :]
    assert {one.group for one in columns} == {parent}
    assert [one.separator for one in columns] == [" ", "", ""]


def test_labels_in_headers_and_cells():
    headers = ["Which sources?", "Which sources?/A well", "Which sources?/Rain / snow"]
    rows = [["A well Rain / snow", "1", "1"], ["Rain / snow", "0", "1"]]
    assert [option for _, option, _ in asked(headers, *rows)] == [None, "A well", "Rain / snow"]


def test_the_longest_prefix_that_is_a_column_is_the_parent():
    headers = ["a", "a/b", "a/b/x", "a/b/y", "a/c"]
    rows = [["b", "1", "0", "0", "0"], ["c", "0", "1", "0", "1"]]
    with pytest.raises(ExportError):  # a/b names a choice of a and is a question too: this is no export of Kobo's
        read(headers, *rows)
    assert asked(headers[1:4], ["x y", "1", "1"], ["y", "0", "1"])[1:] == [("a/b", "x", False), ("a/b", "y", False)]


def test_choices_without_their_parent():
    rows = [["1", "0"], ["", ""]]
    assert asked(["water/well", "water/rain"], *rows) == [("water", "well", False), ("water", "rain", False)]


def test_numbers_of_a_group_are_no_choices():
    """They are not all empty in the same rows, or not all ticks."""
    headers = ["home/men", "home/women"]
    for rows in ([["1", "0"], ["", "1"]], [["1", "0"], ["3", "1"]]):
        assert asked(headers, *rows) == [("home/men", None, False), ("home/women", None, False)]


def test_a_parent_without_choices_has_its_separator_where_the_cells_show_it():
    rows = [
        ["well rain", "very good"],
        ["rain", "good"],
        ["well", "bad"],
        ["rain river", "very bad"],
        ["river", "good"],
    ]
    columns = read(["water", "quality"], *rows).columns[len(ADDED) :]
    assert [one.separator for one in columns] == [" ", ""]
    assert not any(one.repeats for one in columns)


@pytest.mark.parametrize(
    "text", [["we like it", "we like tea", "tea"], ["52.1 4.3 0 5", "52.1 4.3 0 6"], ["well well"]]
)
def test_sentences_and_places_join_no_choices(text):
    assert read(["said"], *[[one] for one in text]).columns[-1].separator == ""


# --- Columns that nobody was asked, and the row of tags ---------------------------------------------------------------


def test_the_platforms_columns_are_told():
    headers = ["start", "end", "today", "deviceid", "username", "site/gps", "site/_gps_latitude", "site/_gps_precision"]
    headers += ["meta/instanceID", "formhub/uuid", "__version__", "_validation_status", "_notes", "_status", "_tags"]
    headers += ["_submitted_by", "_index", "_attachments", "_geolocation", "_mine", "_mine_latitude_too"]
    names = [one.name for one in read(headers, [""] * len(headers)).columns if not one.platform]
    assert names == ["site/gps", "_mine", "_mine_latitude_too"]


def test_a_row_of_tags_is_skipped():
    table = of([*ADDED, *WATER], ["", "", "", "#water", "#water+well", ""], ["1", "a", "b", "well", "1", "0"])
    export = kobo.read(table)
    assert export.text.index.tolist() == [3]
    assert states(export, 1) == ["ANSWERED"]


def test_an_answer_that_begins_like_a_tag_is_none():
    assert read(["said"], ["#water"]).text.index.tolist() == [2]


# --- States -----------------------------------------------------------------------------------------------------------


def test_nothing_at_all_is_not_shown_where_others_have_a_zero():
    export = read(WATER, ["well", "1", "0"], ["", "0", "0"], ["", "", ""])
    for position in (1, 2):
        assert states(export, position) == ["ANSWERED", "ANSWERED", "NOT_SHOWN"]
    assert states(export, 0) == ["ANSWERED", "BLANK", "NOT_SHOWN"]
    assert (export.previews, export.unfinished) == (None, None)


def test_where_nobody_has_an_answer_nothing_is_told():
    assert read(WATER, ["", "", ""]).not_shown == {}


# --- Parents that contradict their choices ----------------------------------------------------------------------------


def test_a_contradiction_is_told_by_column_and_rows():
    with pytest.raises(ExportError) as caught:
        read(WATER, ["well", "1", "0"], ["well rain", "1", "0"], ["", "1", "0"])
    well, rain = caught.value.problems
    assert well.where == "the table, columns D and E (water/well)"
    assert well.found == "one of them only, in row 4"
    assert rain.expected == "'rain' named in the one column and ticked in the other"
    assert rain.found == "one of them only, in row 3"


def test_no_more_than_eight_rows_are_listed():
    with pytest.raises(ExportError) as caught:
        read(WATER, *[["well", "0", "0"]] * 10)
    (problem,) = caught.value.problems
    assert problem.found == "one of them only, in rows 2, 3, 4, 5, 6, 7, 8, 9 …"


def test_a_choice_without_a_column_is_told():
    with pytest.raises(ExportError) as caught:
        read(WATER, ["well", "1", "0"], ["well river", "1", "0"])
    (problem,) = caught.value.problems
    assert problem.found == "other names, in row 3"
    assert problem.where == "the table, column D (water)"


def test_a_parent_in_other_words_is_held_against_its_ticks_alone():
    """Names in the header, labels in the cells: who chose something has a tick, and who did not has none."""
    assert len(read(WATER, ["A well", "1", "0"], ["Some rain", "0", "1"]).text) == 2
    with pytest.raises(ExportError, match="other names, in row 3"):
        read(WATER, ["A well", "1", "0"], ["Some rain", "0", "0"])


# --- A real export ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real() -> Export:
    if not CASE.is_dir():
        pytest.skip("the example of analysistools is not beside this project")
    path = CASE / "raw" / "msna_kobo.csv"
    table = delimited.read(path.read_bytes(), path.name)
    assert kobo.recognise(table)
    return kobo.read(table)


def test_every_expected_count(real):
    with (CASE / "expected.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    position = {one.name: one.position for one in real.columns}
    assert len(rows) == 127
    for row in rows:
        cells = real.text[position[row["columns"]]]
        if area := row["base"].partition("admin1=")[2]:
            cells = cells[real.text[position["admin1"]] == area]
        ticks = real.columns[position[row["columns"]]].option is not None
        counts = ((cells == ("TRUE" if ticks else row["yes"])).sum(), (cells != "").sum())
        assert counts == (int(row["numerator"]), int(row["denominator"])), row["statement"]


def test_its_questions(real):
    assert (len(real.text), len(real.columns)) == (100, 449)
    parents = [one for one in real.columns if one.repeats]
    assert (len(parents), len([one for one in real.columns if one.option is not None])) == (16, 196)
    reasons = [one.option for one in real.columns if one.group == "edu_learning_conditions_reasons_v1"]
    assert (len(reasons), reasons[:2]) == (16, [None, "overcrowding"])
    assert [one.name for one in real.columns if one.platform] == ["uuid"]
    assert [one.name for one in real.columns if one.separator and not one.repeats] == []
