"""SurveyMonkey: the question over its block, the option below; matrices, titles, one header row, condensed columns."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from impact_report.errors import ExportError
from impact_report.readers import surveymonkey
from impact_report.readers.export import Export
from impact_report.readers.table import of

STARWARS = Path(__file__).resolve().parents[2] / "shared" / "real" / "538-starwars"

ABOVE = ["Respondent ID", "Collector ID", "Start Date", "First Name", "Which role?", "Which of these?", "", "", "Why?"]
BELOW = ["", "", "", "", "Response", "Pay", "Hours", "Other (please specify)", "Open-Ended Response"]
ROWS = [
    ["1", "7", "05/04/2020", "Ann", "Firm", "Pay", "", "cake", "so"],
    ["2", "7", "05/05/2020", "", "School", "", "Hours", "", ""],
]


def read(*rows: list[str]) -> Export:
    table = of(*rows)
    assert surveymonkey.recognise(table)
    return surveymonkey.read(table)


def questions(export: Export) -> list[tuple[str, str | None]]:
    return [(column.question, column.option) for column in export.columns]


def block(subs: list[str], *rows: list[str], question: str = "Where?") -> Export:
    """Return the export of one question with these sub-headers."""
    above = ["Respondent ID", "Collector ID", question, *[""] * (len(subs) - 1)]
    return read(above, ["", "", *subs], *(["1", "7", *row] for row in rows))


# --- Headers ----------------------------------------------------------------------------------------------------------

QUESTIONS = [
    *((name, None) for name in ABOVE[:5]),
    ("Which of these?", "Pay"),
    ("Which of these?", "Hours"),
    ("Which of these?", "Other (please specify)"),
    ("Why?", None),
]


def test_a_question_is_carried_over_its_block():
    export = read(ABOVE, BELOW, *ROWS)
    assert questions(export) == QUESTIONS
    assert {column.group for column in export.columns[5:8]} == {"Which of these?"}
    assert list(export.text.index) == [3, 4]
    assert export.text.loc[3].tolist() == ROWS[0]
    assert (export.previews, export.unfinished) == (None, None)  # there is no column that says so


@pytest.mark.parametrize("titles", [[["Our survey"]], [["Our survey"], [""]]], ids=["one", "two"])
def test_titles_above_the_header(titles):
    wide = [[*title, *[""] * (len(ABOVE) - 1)] for title in titles]
    export = read(*wide, ABOVE, BELOW, *ROWS)
    assert questions(export) == QUESTIONS
    assert list(export.text.index) == [3 + len(titles), 4 + len(titles)]


def test_old_headers_without_a_collector():
    export = read(["RespondentID", "Role"], ["", "Response"], ["1", "Firm"])
    assert questions(export) == [("RespondentID", None), ("Role", None)]


def test_html_in_headers():
    export = block(["<b>Pay</b>&nbsp;", "<span>Hours</span>"], ["", "x"], question="<p>Which of <i>these</i>?</p>")
    assert questions(export)[2:] == [("Which of these?", "Pay"), ("Which of these?", "Hours")]


def test_what_the_platform_adds_has_nothing_below_its_name():
    """The first name that was asked for has `Open-Ended Response` below it."""
    above = ["Respondent ID", "Collector ID", "IP Address", "Custom Data 1", "First Name"]
    export = read(above, ["", "", "", "", "Open-Ended Response"], ["1", "7", "::1", "x", "Ann"])
    assert [column.platform for column in export.columns] == [True, True, True, True, False]


def test_columns_of_nothing_belong_to_no_question():
    export = read([*ABOVE, "", ""], [*BELOW, "", ""], *([*row, "", ""] for row in ROWS))
    assert questions(export)[:9] == QUESTIONS
    assert [column.title for column in export.columns[9:]] == ["", ""]


def test_an_option_that_is_listed_twice_keeps_both_columns():
    export = block(["Pay", "Pay"], ["Pay", ""], ["", "Pay"])
    assert questions(export)[2:] == [("Where?", "Pay"), ("Where?", "Pay")]
    assert export.text[2].tolist() == ["Pay", ""]
    assert export.text[3].tolist() == ["", "Pay"]


@pytest.mark.parametrize(
    "table",
    [
        of(["RespondentID", "Role"], ["1", "Firm"]),
        of(["Role", "Region"], ["Response", "North"]),
        of(["Respondent ID", "Collector ID"]),
    ],
    ids=["an id alone", "no id", "nothing below"],
)
def test_what_is_none(table):
    assert not surveymonkey.recognise(table)


# --- One header row ---------------------------------------------------------------------------------------------------


def test_headers_that_were_made_one():
    headers = ["Respondent ID", "Collector ID", "First Name", "Which role?", "Which of these? - Pay",
               "Which of these? - Hours", "How far? - It pays", "Last Name"]  # fmt: skip
    export = read(headers, ["1", "7", "Ann", "Firm", "Pay", "", "Agree", "asked"])
    assert questions(export)[3:] == [
        ("Which role?", None),
        ("Which of these?", "Pay"),
        ("Which of these?", "Hours"),
        ("How far? - It pays", None),  # one column alone says nothing of options
        ("Last Name", None),
    ]
    assert [column.platform for column in export.columns] == [True, True, True, *[False] * 5]
    assert list(export.text.index) == [2]


# --- Matrices ---------------------------------------------------------------------------------------------------------


def test_a_matrix_of_select_all_is_a_question_a_row():
    export = block(
        ["Home - Tea", "Home - Coffee", "At work - Tea", "At work - Coffee", "Other (please specify)"],
        ["Tea", "", "", "Coffee", "milk"],
        ["", "Coffee", "", "Coffee", ""],  # nobody drinks tea at work
    )
    assert questions(export)[2:] == [
        ("Where? – Home", "Tea"),
        ("Where? – Home", "Coffee"),
        ("Where? – At work", "Tea"),
        ("Where? – At work", "Coffee"),
        ("Where?", "Other (please specify)"),
    ]
    assert [column.group for column in export.columns[2:4]] == ["Where? – Home"] * 2
    assert export.columns[2].name == "Where?: Home - Tea"


def test_hyphens_within_rows_and_columns():
    """The cells say where the column begins: `Tea - green`, not `green`."""
    export = block(
        ["In - doors - Tea - green", "In - doors - Coffee", "Out - Tea - green", "Out - Coffee"],
        ["Tea - green", "", "Tea - green", ""],
        ["", "Coffee", "", "Coffee"],
    )
    assert questions(export)[2:] == [
        ("Where? – In - doors", "Tea - green"),
        ("Where? – In - doors", "Coffee"),
        ("Where? – Out", "Tea - green"),
        ("Where? – Out", "Coffee"),
    ]


@pytest.mark.parametrize(
    ("subs", "rows"),
    [
        (["Work - paid", "Work - unpaid"], [["Work - paid", "Work - unpaid"]]),
        (["It - pays", "It - is fun"], [["Agree", "Disagree"], ["Disagree", "Agree"]]),
        (["Home - Cups", "Work - Cups"], [["2", "3"], ["1", "1"]]),
        (["Home - Tea", "Home - Coffee", "Work - Tea"], [["Tea", "Coffee", "Tea"]]),
        (["Home - Tea", "Home - Coffee"], [["", ""]]),
    ],
    ids=["options with a hyphen", "a grid", "numbers in a matrix", "rows of unequal length", "nobody answered"],
)
def test_what_is_no_matrix_of_select_all_stays_as_it_is(subs, rows):
    assert questions(block(subs, *rows))[2:] == [("Where?", sub) for sub in subs]


# --- One header row ---------------------------------------------------------------------------------------------------


def test_an_option_keeps_its_sign():
    """-5 and 5 degrees are two options."""
    headers = ["Respondent ID", "Collector ID", "Which? | -5 degrees", "Which? | 5 degrees", "Which? | : none"]
    export = read(headers, ["1", "7", "x", "", ""], ["2", "7", "", "x", ""])
    assert questions(export)[2:] == [("Which?", "-5 degrees"), ("Which?", "5 degrees"), ("Which?", ": none")]


# --- In other languages -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("respondent", "collector", "response", "in_own_words"),
    [
        ("Befragten-ID", "Collector-ID", "Antwort", "Offene Antwort"),
        ("ID du répondant", "ID du collecteur", "Réponse", "Réponse ouverte"),
        ("ID del encuestado", "ID del recopilador", "Respuesta", "Respuesta abierta"),
        ("ID do respondente", "ID do coletor", "Resposta", "Resposta aberta"),
        ("ID del rispondente", "ID del collettore", "Risposta", "Risposta aperta"),
        ("Respondent-ID", "Collector-ID", "Antwoord", "Open antwoord"),
    ],
    ids=["de", "fr", "es", "pt", "it", "nl"],
)
def test_headers_in_another_language(respondent, collector, response, in_own_words):
    """What stands before the first question is the platform's, whatever it is called."""
    export = read(
        [respondent, collector, "IP…", "Q1?", "Q2?", "", "Q3?"],
        ["", "", "", response, "Pay", "Hours", in_own_words],
        ["1", "7", "10.0.0.1", "Firm", "Pay", "", "so"],
    )
    assert [column.platform for column in export.columns] == [True, True, True, False, False, False, False]
    assert questions(export)[3:] == [("Q1?", None), ("Q2?", "Pay"), ("Q2?", "Hours"), ("Q3?", None)]


def test_one_header_row_in_another_language():
    export = read(["Befragten-ID", "Collector-ID", "Was? - Lohn", "Was? - Zeit"], ["1", "7", "Lohn", "Zeit"])
    assert [column.platform for column in export.columns] == [True, True, False, False]
    assert questions(export)[2:] == [("Was?", "Lohn"), ("Was?", "Zeit")]


@pytest.mark.parametrize(
    "rows",
    [
        [
            ["Vastaajan tunnus", "Rooli?", "Mitkä?", ""],
            ["", "Vastaus", "Palkka", "Aika"],
            ["1", "Firma", "x", ""],
            ["", "", "", ""],
        ],
        [["Role?", "Which?", "Why?", ""], ["Response", "Pay", "Hours", "Other"], ["Firm", "x", "", ""]],
    ],
    ids=["an id without a name that is known", "no id"],
)
def test_two_headers_are_told_by_what_they_leave_blank_where_the_format_is_named(rows):
    assert not surveymonkey.recognise(of(*rows))
    export = surveymonkey.read(of(*rows))
    assert export.text.index[0] == 3
    assert len({column.question for column in export.columns}) == 3


@pytest.mark.parametrize(
    "rows",
    [
        [["id", "Role?"], ["1", "Firm"], ["2", "School"]],
        [["Role?", "Size?"], ["", "12"], ["School", "5"], ["", "7"]],  # the first two have answered no role
        [["id", "Role?"], ["", ""], ["2", "School"]],
        [["id", "Role?"]],
    ],
    ids=["an id", "a question", "a blank row", "one row"],
)
def test_one_header_row_is_refused_where_the_format_is_named(rows):
    with pytest.raises(ExportError) as caught:
        surveymonkey.read(of(*rows))
    (problem,) = caught.value.problems
    assert problem.expected == "two header rows: questions, and below them options or `Response`"
    assert problem.found == "one header row"


# --- Condensed columns ------------------------------------------------------------------------------------------------


def test_several_answers_in_one_column():
    export = block(["Response"], ["Pay, Hours"], ["Hours"], ["Pay"])
    assert (export.columns[2].option, export.columns[2].separator) == (None, ", ")


def test_commas_within_an_answer():
    assert block(["Response"], ["Yes, always"], ["No, never"]).columns[2].separator == ""


# --- A real one -------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(not STARWARS.is_dir(), reason="the data of this survey are not beside this project")
def test_the_survey_of_star_wars():
    with (STARWARS / "raw" / "StarWars.csv").open(encoding="cp1252", newline="") as lines:
        export = read(*csv.reader(lines))
    assert export.text.shape == (1186, 38)
    assert [column.position for column in export.columns if column.platform] == [0]
    sizes = [len([column for column in export.columns if column.group == export.columns[k].group]) for k in (3, 9, 15)]
    assert sizes == [6, 6, 14]
    assert {column.separator for column in export.columns} == {""}
    seen = (export.text[[3, 4, 5, 6, 7, 8]] != "").any(axis=1)
    assert seen.sum() == 835
