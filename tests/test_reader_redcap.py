"""REDCap: names or labels, and a zero that may only mean that nobody asked."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from cell_states import states

from impact_report.readers import delimited, redcap
from impact_report.readers.export import Export
from impact_report.readers.table import of

SHARED = Path(__file__).resolve().parents[2] / "shared" / "real"
CASE = SHARED / "redcap-nacho"


# --- Which files are REDCap's? ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "rows",
    [
        [["record_id", "topics___1", "topics___2", "survey_complete"], ["1", "0", "1", "2"]],
        [["record_id", "role", "survey_complete"], ["1", "firm", "Complete"]],
        [["study_id", "redcap_event_name", "role", "survey_complete"], ["1", "baseline_arm_1", "firm", "0"]],
        [["study_id", "redcap_repeat_instrument", "survey_complete"], ["1", "", "2"]],
        [["Record ID", "Which? (choice=Pay)"], ["1", "Checked"]],
        [["Record ID", "Role?", "Complete?"], ["1", "Firm", "Unverified"]],
    ],
)
def test_it_is_recognised_by_its_headers_and_statuses(rows):
    assert redcap.recognise(of(*rows))


@pytest.mark.parametrize(
    "rows",
    [
        [["id", "role", "training_complete"], ["1", "firm", "1"]],  # a question
        [["record_id", "role", "training_complete"], ["1", "firm", "Yes"]],
        [["Record ID", "Role?", "Complete?"], ["1", "Firm", "Nearly"]],
        [["Timestamp", "Which choice?"], ["2019-06-30 12:00:00", "Pay"]],
        [["_uuid", "_submission_time", "water___1"], ["a", "b", "1"]],
        [["submitdate", "lastpage", "q1[A]"], ["", "1", "Y"]],
    ],
)
def test_other_headers_are_not(rows):
    assert not redcap.recognise(of(*rows))


# --- Headers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "question", "option"),
    [
        ("topics", "topics", None),
        ("topics___3", "topics", "3"),
        ("topics____1", "topics", "-1"),  # a minus is no letter of a name
        ("topics____99", "topics", "-99"),
        ("topics___dk", "topics", "dk"),
        ("q1_a___0", "q1_a", "0"),
        ("Which? (choice=Pay)", "Which?", "Pay"),
        ("Which (if any)? (choice=Pay (gross))", "Which (if any)?", "Pay (gross)"),
        ("Which?\n\nTick <b>all</b>. (choice=Pay,\nhours)", "Which? Tick all.", "Pay, hours"),
        ("Which?(choice=Pay)", "Which?", "Pay"),
        ("Your choice (choice)", "Your choice (choice)", None),
    ],
)
def test_a_header_in_its_parts(header, question, option):
    column = redcap.read(of(["record_id", header, "survey_complete"], ["1", "", "2"])).columns[1]
    assert (column.question, column.option, column.group, column.platform) == (question, option, question, False)


def test_two_questions_with_the_same_label_are_both_kept():
    headers = ["Record ID", "Role?", "Role?", "Complete?", "Role?", "Complete?"]
    export = redcap.read(of(headers, ["1", "a", "b", "Complete", "c", "Complete"]))
    assert [export.text[one.position].tolist() for one in export.columns if one.question == "Role?"] == [
        ["a"],
        ["b"],
        ["c"],
    ]


@pytest.mark.parametrize(
    "headers",
    [
        ["record_id", "redcap_event_name", "redcap_repeat_instance", "redcap_survey_identifier", "start_timestamp"],
        ["Record ID", "Event Name", "Repeat Instance", "Survey Identifier", "Survey Timestamp"],
        ["study_id", "redcap_data_access_group", "redcap_event_name", "redcap_repeat_instrument", "start_timestamp"],
    ],
)
def test_the_platforms_columns_are_told(headers):
    """The first column is the record's id, whatever it is called; a time is REDCap's if it is named after a form."""
    rest = ["visit_timestamp", "start_complete"]
    columns = redcap.read(of([*headers, *rest], [*["1"] * 5, "noon", "2"])).columns
    assert [one.name for one in columns if not one.platform] == ["visit_timestamp"]


def test_a_question_may_be_called_like_a_status():
    table = of(["record_id", "training_complete", "survey_complete"], ["1", "Yes", "2"], ["2", "No", "2"])
    assert [one.platform for one in redcap.read(table).columns] == [True, False, True]


def test_ticks_combined_into_one_column_have_their_separator():
    rows = [["1", "1,3", "2"], ["2", "3", "2"], ["3", "1", "2"], ["4", "2,3", "2"], ["5", "2", "2"]]
    assert redcap.read(of(["record_id", "topics", "survey_complete"], *rows)).columns[1].separator == ","


# --- One row a record -------------------------------------------------------------------------------------------------

NAMES = ["record_id", "redcap_event_name", "redcap_repeat_instrument", "redcap_repeat_instance", "role", "me_complete"]
IN_WORDS = ["Record ID", "Event Name", "Repeat Instrument", "Repeat Instance", "Role?", "Complete?"]


@pytest.mark.parametrize("headers", [NAMES, IN_WORDS], ids=["names", "labels"])
@pytest.mark.parametrize(
    ("rows", "same"),
    [
        ([["1", "first", "", ""], ["1", "second", "", ""], ["2", "first", "", ""]], [0, 0, 1]),
        ([["1", "first", "", ""], ["1", "first", "visit", "1"], ["1", "first", "visit", "2"]], [0, 0, 0]),
        (
            [["1", "", "visit", "1"], ["2", "", "visit", "1"], ["1", "", "visit", "2"], ["", "", "visit", "2"]],
            [0, 1, 0, -1],
        ),
    ],
    ids=["events", "a repeating form", "instances"],
)
def test_rows_of_the_same_record_are_told(headers, rows, same):
    export = redcap.read(of(headers, *([*row, "firm", "2"] for row in rows)))
    numbers = {}
    assert [-1 if case < 0 else numbers.setdefault(case, len(numbers)) for case in export.cases] == same


@pytest.mark.parametrize(
    "rows",
    [
        [["1", "first", "", ""], ["2", "first", "", ""]],
        [["1", "first", "", ""], ["2", "second", "", ""]],
        [["1", "first", "", ""], ["1", "first", "", ""]],  # the same row twice: `duplicates:` says what becomes of it
        [["", "first", "", ""], ["", "second", "", ""]],
    ],
    ids=["one event", "each in its own", "twice", "without an id"],
)
def test_records_in_one_row_each_are_read(rows):
    export = redcap.read(of(NAMES, *([*row, "firm", "2"] for row in rows)))
    assert (len(export.text), export.cases) == (2, None)


# --- What a zero says -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("no", "yes", "none", "complete"),
    [("0", "1", "0", "2"), ("Unchecked", "Checked", "Incomplete", "Complete"), ("FALSE", "TRUE", "", "Complete")],
)
def test_of_a_form_left_untouched_the_checkboxes_were_not_shown(no, yes, none, complete):
    table = of(
        ["record_id", "role", "topics___1", "topics___2", "survey_complete"],
        ["1", "firm", yes, no, complete],
        ["2", "firm", no, no, none],  # touched: it has a role
        ["3", "", no, yes, none],  # touched: it has a tick
        ["4", "", no, no, complete],  # touched: it was sent
        ["5", "", no, no, none],  # untouched
    )
    export = redcap.read(table)
    assert states(export, 2) == states(export, 3) == [*["ANSWERED"] * 4, "NOT_SHOWN"]
    assert set(export.not_shown) == {2, 3}


def test_each_form_is_touched_or_not_by_itself():
    """The first two rows hold the one form each, the third both, and the record's id belongs to neither."""
    table = of(
        ["record_id", "redcap_event_name", "a___1", "one_complete", "b___1", "two_complete"],
        ["1", "first", "1", "2", "0", ""],
        ["2", "second", "0", "", "1", "2"],
        ["3", "first", "0", "2", "0", "2"],
    )
    export = redcap.read(table)
    assert states(export, 2) == ["ANSWERED", "NOT_SHOWN", "ANSWERED"]
    assert states(export, 4) == ["NOT_SHOWN", "ANSWERED", "ANSWERED"]


def test_a_survey_opened_and_not_completed_is_untouched_until_something_is_answered():
    table = of(
        ["record_id", "survey_timestamp", "a___1", "role", "survey_complete"],
        ["1", "[not completed]", "0", "", "0"],
        ["2", "[not completed]", "0", "firm", "0"],
        ["3", "2019-06-30 12:00:00", "0", "", "2"],
    )
    export = redcap.read(table)
    assert states(export, 2) == ["NOT_SHOWN", "ANSWERED", "ANSWERED"]
    assert export.unfinished.tolist() == [True, True, False]


# --- Who finished -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "unfinished"),
    [
        ("2", False),
        ("Complete", False),
        ("1", True),
        ("Unverified", True),
        ("0", True),
        ("Incomplete", True),
        ("", True),
    ],
)
def test_a_form_is_finished_if_complete(status, unfinished):
    assert redcap.read(of(["record_id", "a", "a_complete"], ["1", "x", status])).unfinished.tolist() == [unfinished]


def test_of_several_forms_one_complete_is_enough():
    rows = [["1", "2", "2"], ["2", "2", "0"], ["3", "", "2"], ["4", "0", "1"]]
    export = redcap.read(of(["record_id", "one_complete", "two_complete"], *rows))
    assert export.unfinished.tolist() == [False, False, False, True]


def test_without_a_status_the_time_of_completion_tells():
    headers = ["Record ID", "Survey Timestamp", "Which? (choice=Pay)"]
    rows = [["1", "2019-06-30 12:00:00", "Checked"], ["2", "[not completed]", "Checked"], ["3", "", "Unchecked"]]
    assert redcap.read(of(headers, *rows)).unfinished.tolist() == [False, True, True]


def test_without_either_nobody_knows():
    assert redcap.read(of(["Record ID", "Which? (choice=Pay)"], ["1", "Checked"])).unfinished is None


def test_statuses_in_other_words_are_not_guessed():
    headers = ["Record ID", "Which? (choice=Pay)", "Complete?"]
    export = redcap.read(of(headers, ["1", "Checked", "Vollständig"], ["2", "Unchecked", "Unvollständig"]))
    assert export.unfinished is None
    assert export.columns[2].platform


# --- A real export ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=["redcap_raw_names.csv", "redcap_labels.csv"])
def real(request) -> Export:
    if not CASE.is_dir():
        pytest.skip("the example of tidyREDCap is not beside this project")
    path = CASE / "raw" / request.param
    table = delimited.read(path.read_bytes(), path.name)
    assert redcap.recognise(table)
    return redcap.read(table)


def test_every_expected_count(real):
    """Both files hold the same columns in the same order, so that the names of the one find those of the other."""
    with (CASE / "expected.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    names = (CASE / "raw" / "redcap_raw_names.csv").read_text(encoding="utf-8").partition("\n")[0].split(",")
    position = {name.strip('"\r'): place for place, name in enumerate(names)}
    for row in rows:
        if row["columns"] == "ingredients___1..8":
            boxes = [real.text[position[f"ingredients___{code}"]] == "Unchecked" for code in range(1, 9)]
            cells, yes = np.logical_and.reduce(boxes), True
        else:
            cells, yes = real.text[position[row["columns"]]], row["yes"]
        base = len(cells) if row["base"] == "all 30 records" else (cells != "").sum()
        assert ((cells == yes).sum(), base) == (int(row["numerator"]), int(row["denominator"])), row["statement"]
    assert len(rows) == 12


def test_its_questions_and_states(real):
    assert len({one.group for one in real.columns if one.option is not None}) == 1
    assert len([one for one in real.columns if one.option is not None]) == 8
    assert [one.position for one in real.columns if one.platform] == [0, 1, 28]
    assert not real.unfinished.any()
    assert real.not_shown == {}  # each form is complete: only the codebook's routing tells whom nobody asked
    assert not any(one.separator for one in real.columns)
