"""Google Forms: one header row in the form's language; several answers in a cell; grids in brackets."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from impact_report.readers import google
from impact_report.readers.table import Table, of

SPACK = Path(__file__).resolve().parents[2] / "shared" / "real" / "spack-2020" / "raw"
NOON = "11/17/2020 12:00:00"


def form(question: str, *answers: str) -> Table:
    """Return the export of a form with one question."""
    return of(["Timestamp", question], *([NOON, answer] for answer in answers))


def separator(*answers: str) -> str:
    return google.read(form("Which?", *answers)).columns[1].separator


# --- Is it one? -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "header",
    [
        "Timestamp", "timestamp ", "Zeitstempel", "Horodateur", "Marca temporal", "Carimbo de data/hora", "Tijdstempel",
        "Informazioni cronologiche", "Sygnatura czasowa", "Отметка времени", "タイムスタンプ", "时间戳记", "타임스탬프",
        "طابع زمني",
    ],
)  # fmt: skip
def test_the_first_header_in_the_language_of_the_form(header):
    assert google.recognise(of([header, "Age"], [NOON, "40"]))


@pytest.mark.parametrize(
    "time",
    [
        "11/17/2020 18:23:58", "17.11.2020 18:23:58", "17/11/2020 18.23.58", "2020-11-17 18:23:58", "2020/11/17 18:23",
        "2020/11/17 6:23:58 PM GMT+1", "2020/11/17 6:23:58 午後 GMT+9", "2020. 11. 17 오후 6:23:58", "2020-11-17",
    ],
)  # fmt: skip
def test_the_first_column_holds_times(time):
    assert google.recognise(of(["Timestamp", "Age"], [time, "40"]))


@pytest.mark.parametrize(
    "table",
    [
        of(["Timestamp", "Age"], ["often", "40"], ["never", "41"]),
        of(["Timestamp", "Age"], ["18:23", "40"]),
        of(["Age", "Timestamp"], ["40", NOON]),
        of(["When?", "Age"], [NOON, "40"]),
        of(["Respondent ID", "Collector ID"], ["1", "2"]),
    ],
    ids=["words", "only a time of day", "not first", "another header", "SurveyMonkey"],
)
def test_what_is_none(table):
    assert not google.recognise(table)


def test_a_form_without_answers_is_known_by_its_header():
    assert google.recognise(of(["Timestamp", "Age"]))


def test_a_blank_time_is_no_reason_to_refuse():
    assert google.recognise(of(["Timestamp", "Age"], [NOON, "40"], ["", "41"]))


# --- Questions --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "question", "option"),
    [
        ("How old are you? ", "How old are you?", None),
        ("How good are ... [Rooms]", "How good are ...", "Rooms"),
        ('Rank [Languages (e.g., "cxx@2017:") ]', "Rank", 'Languages (e.g., "cxx@2017:")'),
        ("Rank [all] these [The [old] hall]", "Rank [all] these", "The [old] hall"),
        ("[Optional]", "[Optional]", None),
        ("Odd]", "Odd]", None),
        ("Empty []", "Empty []", None),
    ],
)  # fmt: skip
def test_the_row_of_a_grid_stands_in_brackets(header, question, option):
    column = google.read(form(header, "Good")).columns[1]
    assert (column.question, column.option) == (question, option)


def test_the_rows_of_a_grid_are_one_question():
    columns = google.read(of(["Timestamp", "Rate [A]", "Rate [B]"], [NOON, "Good", "Bad"])).columns
    assert [column.group for column in columns] == ["Timestamp", "Rate", "Rate"]
    assert [column.name for column in columns] == ["Timestamp", "Rate [A]", "Rate [B]"]


def test_titles_may_repeat():
    export = google.read(of(["Timestamp", "Why?", "Why?"], [NOON, "so", "thus"]))
    assert [column.name for column in export.columns] == ["Timestamp", "Why?", "Why?"]
    assert export.text.loc[2].tolist() == [NOON, "so", "thus"]


def test_the_answers_begin_in_the_second_row():
    export = google.read(form("Why?", "so", "", "thus"))
    assert list(export.text.index) == [2, 3, 4]
    assert export.text[1].tolist() == ["so", "", "thus"]
    assert (export.previews, export.unfinished) == (None, None)


def test_what_the_platform_adds():
    headers = ["Timestamp", "Email Address", "Score", "Who?", "Who? [Score]", "Who? [Feedback]", "Rate [Score]"]
    columns = google.read(of(headers, [NOON, "a@example.org", "1 / 2", "I", "1.00 / 1", "", "Good"])).columns
    assert [column.platform for column in columns] == [True, True, True, False, True, True, False]


# --- Several answers in a cell ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        (["Pay;Hours", "Pay", "Hours"], ";"),
        (["Pay, Hours", "Pay", "Hours"], ", "),
        (["Pay, Hours", "Pay, Fun", "Hours, Fun"], ", "),  # each in two cells, Hours both behind and in front
        (["Work, paid;Hours", "Work, paid", "Hours"], ";"),  # an option with a comma
        (["Work, paid, Hours", "Work, paid", "Hours"], ", "),
        (["Pay, Hours", "Pay", "Hours", "Pay, Hours, Tea and cake"], ", "),  # one wrote something of their own
    ],
)
def test_the_mark_between_answers(answers, expected):
    assert separator(*answers) == expected


@pytest.mark.parametrize(
    "answers",
    [
        ["Pay", "Hours"],
        ["Yes, I'd attend", "Yes, I'd present something!", "Maybe", "No"],
        ["Agree", "Agree, strongly", "Disagree", "Disagree, strongly"],
        ["Yes, surely", "Yes, perhaps", "No, surely", "No, perhaps"],
        ["Lab (e.g., LLNL)", "Office (e.g., ORNL)", "Company"],
        ["500-1,000", "> 1,000", "10 - 100"],
        ["It is fast, small, and it works", "fast; but wrong", "nothing, thanks", "I like it, really"],
        ["Paris, France", "Lyon, France", "Rome, Italy", "France"],
    ],
)
def test_a_mark_within_answers_is_none_between_them(answers):
    assert separator(*answers) == ""


def test_one_file_has_one_mark():
    """Two questions are joined by semicolons: the commas of the third are words."""
    table = of(
        ["Timestamp", "A", "B", "C"],
        [NOON, "x;y", "p;q", "so, so"],
        [NOON, "x", "p", "so"],
        [NOON, "y", "q", "well, so"],
        [NOON, "y", "q", "well"],
    )
    assert [column.separator for column in google.read(table).columns] == ["", ";", ";", ""]


def test_the_row_of_a_tick_box_grid_is_a_question_of_its_own():
    """The rows have the same answers: that Tea is drunk alone in the evening shows what the morning's comma means."""
    table = of(
        ["Timestamp", "What do you drink? [Morning]", "What do you drink? [Evening]"],
        [NOON, "Coffee, Tea", "Tea"],
        [NOON, "Coffee", "Tea"],
    )
    morning, evening = google.read(table).columns[1:]
    assert (morning.question, morning.option, morning.separator) == ("What do you drink? – Morning", None, ", ")
    assert (evening.question, evening.separator) == ("What do you drink? – Evening", ", ")
    assert morning.group != evening.group


# --- A real one -------------------------------------------------------------------------------------------------------

SEVERAL = {5, 8, 9, 10, 12, 15, 16, 17, 18, 19, 35}  # asked with tick boxes


@pytest.mark.skipif(not SPACK.is_dir(), reason="the data of this survey are not beside this project")
def test_the_survey_of_spack():
    with (SPACK / "spack-user-survey-2020-responses.csv").open(encoding="utf-8-sig", newline="") as lines:
        table = of(*csv.reader(lines))
    assert google.recognise(table)
    export = google.read(table)
    assert export.text.shape == (170, 48)
    assert {column.position for column in export.columns if column.separator == ", "} == SEVERAL
    assert {column.separator for column in export.columns} == {"", ", "}
    assert {column.group for column in export.columns if column.option} == {
        "Rank these TBD Spack features by importance", "How would you rate the overall quality of ...",
    }  # fmt: skip
    mac = export.text[10].str.split(", ").map(lambda answers: "macOS" in answers)
    assert mac.sum() == 60
