"""LimeSurvey: the same survey under four kinds of header, and the three things that an empty cell can say."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from cell_states import states

from impact_report.readers import delimited, limesurvey
from impact_report.readers.export import Export
from impact_report.readers.table import of

SHARED = Path(__file__).resolve().parents[2] / "shared" / "real"
CASE = SHARED / "rse-2017-us"

SENT = "2019-06-30 12:00:00"
ADDED = ["id", "submitdate", "lastpage", "startlanguage", "seed"]
ADDED_IN_WORDS = ["Response ID", "Date submitted", "Last page", "Start language", "Seed"]
ADDED_IN_BOTH = [f"{code}. {text}" for code, text in zip(ADDED, ADDED_IN_WORDS, strict=True)]
ROW = ["1", SENT, "3", "en", "1467301253"]


def questions(export: Export) -> list[tuple[str, str, str | None]]:
    return [(one.group, one.question, one.option) for one in export.columns if not one.platform]


def asked(*headers: str, added: list[str] = ADDED, cells: list[str] | None = None) -> list[tuple[str, str, str | None]]:
    """Read a survey with these headers behind LimeSurvey's own, and return its questions."""
    return questions(limesurvey.read(of([*added, *headers], [*ROW, *(cells or [""] * len(headers))])))


# --- Which files are LimeSurvey's? ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        ADDED,
        ["id. Response ID", "submitdate. Date submitted", "lastpage. Last page", "q1. Your role?"],
        ADDED_IN_WORDS,
        [text.replace(" ", "_") for text in ADDED_IN_WORDS],
        ["q1", "q2[SQ001]", "q2[SQ002]"],
        ["", "q1. Your role?", "q2[SQ001]. Which? [Pay]", "q2[SQ002]. Which? [Hours]"],
    ],
)
def test_it_is_recognised_by_its_headers(headers):
    assert limesurvey.recognise(of(headers))


@pytest.mark.parametrize(
    "headers",
    [
        ["Timestamp", "How often? [By train]", "How often? [By bus]"],  # Google Forms
        ["_uuid", "_submission_time", "water", "water/well"],  # KoboToolbox
        ["record_id", "topics___1", "survey_complete"],  # REDCap
        ["ResponseId", "Q1_1", "Q1_2"],  # Qualtrics
        ["Q1. Your role?", "Q2. Your region?"],  # numbered by hand
        ["Role", "Language", "Seed"],
        ["", ""],
    ],
)
def test_other_headers_are_not(headers):
    assert not limesurvey.recognise(of(headers, headers))


def test_in_another_language_a_date_a_page_and_a_language_side_by_side_tell():
    headers = ["Antwort ID", "Datum Abgeschickt", "Letzte Seite", "Start-Sprache", "Zufallsstartwert"]
    table = of([*headers, "Welche? [Lohn]", "Welche? [Zeit]"], [*ROW[:3], "de", ROW[4], "Ja", "Nein"])
    assert limesurvey.recognise(table)
    export = limesurvey.read(table)
    assert questions(export) == [("Welche?", "Welche?", "Lohn"), ("Welche?", "Welche?", "Zeit")]
    assert export.unfinished.tolist() == [False]


def test_a_date_a_number_and_no_are_not_a_language():
    """A person's yes and no look like codes of languages."""
    table = of(["When?", "How often?", "Again?", "Which? [A]", "Which? [B]"], [SENT, "3", "no", "x", "x"])
    assert not limesurvey.recognise(table)


# --- Headers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "group", "question", "option"),
    [
        ("q1. Your role?", "q1", "Your role?", None),
        ("q1: Your role?", "q1", "Your role?", None),  # the separator can be chosen
        ("q1. Your income? [in EUR]", "q1", "Your income? [in EUR]", None),
        ("q2[SQ001]. Which? [Pay]", "q2", "Which?", "Pay"),
        ("q2[SQ001]. Which? [Pay [gross]]", "q2", "Which?", "Pay [gross]"),
        ("q2[SQ001]. <b>Which?</b> [Pay &amp; hours]", "q2", "Which?", "Pay & hours"),
        ("q2[SQ001]. Which? []", "q2", "Which?", "SQ001"),
        ("q2[SQ001]. [Pay]", "q2", "q2", "Pay"),
        ("q2[other]. Which? [Other]", "q2", "Which?", "Other"),
        ("q3[1]. Rank these [Rank 1]", "q3", "Rank these", "Rank 1"),
        ("q4[R1_C2]. How often? [Train][Alone]", "q4_R1", "How often? – Train", "Alone"),
        ("q5[SQ1][2]. How? [Train][Scale 2]", "q5_2", "How? – Scale 2", "Train"),
        ("q6[filecount]. filecount - Your photo", "q6[filecount]", "filecount - Your photo – filecount", None),
    ],
)
def test_codes_and_texts(header, group, question, option):
    assert asked(header, added=ADDED_IN_BOTH) == [(group, question, option)]


@pytest.mark.parametrize(
    ("header", "group", "question", "option"),
    [
        ("q1", "q1", "q1", None),
        ("q2[SQ001]", "q2", "q2", "SQ001"),
        ("q4[R1_C2]", "q4_R1", "q4 – R1", "C2"),
        ("q5[SQ1][2]", "q5_2", "q5 – 2", "SQ1"),
    ],
)
def test_codes_alone(header, group, question, option):
    assert asked(header) == [(group, question, option)]


def test_codes_of_expressions_are_split_where_several_columns_share_them():
    assert asked("q1_A", "q1_B", "q2", "q2_other", "hh_size") == [
        ("q1", "q1", "A"),
        ("q1", "q1", "B"),
        ("q2", "q2", None),
        ("q2_other", "q2 – other", None),
        ("hh_size", "hh_size", None),
    ]


def test_texts_alone():
    headers = ["Your income? [in EUR]", "Which? [Pay]", "Which? [Hours]", "How? [Train][Alone]", "How? [Train][Not]"]
    assert asked(*headers, added=ADDED_IN_WORDS) == [
        ("Your income? [in EUR]", "Your income? [in EUR]", None),  # nobody shares the bracket's question
        ("Which?", "Which?", "Pay"),
        ("Which?", "Which?", "Hours"),
        ("How? – Train", "How? – Train", "Alone"),
        ("How? – Train", "How? – Train", "Not"),
    ]


def test_texts_with_underscores_for_spaces():
    added = [text.replace(" ", "_") for text in ADDED_IN_WORDS]
    assert asked("Which_one?_[Pay]", "Which_one?_[Hours]", added=added) == [
        ("Which one?", "Which one?", "Pay"),
        ("Which one?", "Which one?", "Hours"),
    ]


def test_a_bracket_too_many_in_one_option_does_not_split_the_question():
    headers = ["q1[A]. Which? [Pay [gross]", "q1[B]. Which? [Hours]"]
    assert asked(*headers, added=ADDED_IN_BOTH) == [("q1", "Which?", "Pay [gross"), ("q1", "Which?", "Hours")]


def test_comments_and_other_answers_in_words_are_questions_of_their_own():
    headers = ["q1[A]. Which? [Pay]", "q1[Acomment]. Which? [Comment]", "q2. Role?", "q2[other]. Role? [Other]"]
    assert asked(*headers, added=ADDED_IN_BOTH) == [
        ("q1", "Which?", "Pay"),
        ("q1[Acomment]", "Which? – Pay – Comment", None),
        ("q2", "Role?", None),
        ("q2[other]", "Role? – Other", None),
    ]


def test_without_codes_every_second_column_may_be_a_comment():
    headers = ["Which? [Pay]", "Which? [Comment]", "Which? [Hours]", "Which? [Comment]"]
    assert [(question, option) for _, question, option in asked(*headers, added=ADDED_IN_WORDS)] == [
        ("Which?", "Pay"),
        ("Which? – Pay – Comment", None),
        ("Which?", "Hours"),
        ("Which? – Hours – Comment", None),
    ]


def test_a_sub_question_whose_code_only_ends_like_a_comment_is_one():
    assert asked("q1[A]", "q1[nocomment]") == [("q1", "q1", "A"), ("q1", "q1", "nocomment")]


# --- Columns that nobody was asked ------------------------------------------------------------------------------------


def test_the_platforms_columns_are_told():
    headers = ["id", "token", "submitdate", "lastpage", "startlanguage", "seed", "startdate", "datestamp", "ipaddr"]
    headers += ["refurl", "firstname", "attribute_1", "attribute_2", "interviewtime", "groupTime12", "q1Time"]
    export = limesurvey.read(of([*headers, "q1", "leadTime"], [""] * (len(headers) + 2)))
    assert questions(export) == [("q1", "q1", None), ("leadTime", "leadTime", None)]  # no question is called "lead"


def test_dates_and_addresses_behind_the_language_are_told_whatever_they_are_called():
    headers = [
        "ID",
        "Envoi",
        "Page",
        "Langue",
        "Graine",
        "Début",
        "Fin",
        "Adresse",
        "Quand ?",
        "Qui ? [A]",
        "Qui ? [B]",
    ]
    row = ["1", SENT, "3", "fr", "1467301253", SENT, SENT, "192.0.2.1", "", "Oui", "Oui"]
    assert [question for _, question, _ in questions(limesurvey.read(of(headers, row)))] == [
        "Quand ?",
        "Qui ?",
        "Qui ?",
    ]


def test_a_first_column_without_a_name_is_a_row_number():
    export = limesurvey.read(of(["", "submitdate", "lastpage"], ["7", SENT, "1"], ["8", SENT, "1"]))
    assert export.columns[0].platform
    assert (export.columns[0].name, export.columns[0].question) == ("", "")


# --- States -----------------------------------------------------------------------------------------------------------

QUOTED = b"""\
\xef\xbb\xbf"id";"submitdate";"lastpage";"startlanguage";"q1[A]";"q1[B]";"q2"\r
"1";"2019-06-30 12:00:00";"2";"en";"Y";"";"5"\r
"2";"1980-01-01 00:00:00";"2";"en";"";"";""\r
"3";;"1";"en";"";"Y";\r
"4";;"0";"en";;;\r
"""


def test_nothing_is_not_shown_where_other_blanks_are_quoted():
    export = limesurvey.read(delimited.read(QUOTED, "results.csv"))
    assert states(export, 4) == ["ANSWERED", "BLANK", "BLANK", "NOT_SHOWN"]
    assert states(export, 5) == ["BLANK", "BLANK", "ANSWERED", "NOT_SHOWN"]
    assert states(export, 6) == ["ANSWERED", "BLANK", "NOT_SHOWN", "NOT_SHOWN"]
    assert set(export.not_shown) == {4, 5, 6}  # not the date of submission


def test_where_no_blank_is_quoted_none_says_why():
    export = limesurvey.read(delimited.read(QUOTED.replace(b'""', b""), "results.csv"))
    assert export.not_shown == {}


def test_without_a_date_of_submission_a_response_is_unfinished():
    """1980-01-01 stands for the date where the survey is anonymous."""
    export = limesurvey.read(delimited.read(QUOTED, "results.csv"))
    assert export.unfinished.tolist() == [False, False, True, True]
    assert export.previews is None


def test_without_that_column_nobody_knows():
    assert limesurvey.read(of(["q1[A]", "q1[B]"], ["Y", ""])).unfinished is None


def full_answers(*columns: tuple[str, str]) -> Export:
    """Read three responses in full answers; each column is its header and its cells."""
    cells = [text.split(",") for _, text in columns]
    rows = [[*ROW, *row] for row in zip(*cells, strict=True)]
    return limesurvey.read(of([*ADDED, *[header for header, _ in columns]], *rows))


def test_of_a_select_all_question_not_applicable_is_not_shown():
    export = full_answers(("q1[A]", "Yes,No,N/A"), ("q1[B]", "No,No,N/A"), ("q1[other]", "Pension,,"))
    assert states(export, 5) == states(export, 6) == ["ANSWERED", "ANSWERED", "NOT_SHOWN"]
    assert export.user_missing == {}


@pytest.mark.parametrize(
    "columns",
    [
        [("q1[A]", "Yes,No,N/A"), ("q1[B]", "Yes,N/A,No")],  # not the same rows: a grid's answer, or filtered options
        [("q1[A]", "Yes,No,N/A"), ("q1[B]", "Yes,No,No")],
        [("q1[A]", "Yes,,N/A"), ("q1[B]", "Yes,,N/A")],  # beside a blank, which full answers of ticks never are
        [("q1[A]", "Good,Fair,N/A"), ("q1[B]", "Bad,Bad,N/A")],  # three answers: a grid
        [("q1[A]", "Yes,No,N/A")],  # one column cannot tell
        [("q1", "Firm,School,N/A")],
        [("q1", "Yes,,N/A")],
    ],
)
def test_elsewhere_not_applicable_is_an_answer(columns):
    export = full_answers(*columns)
    assert export.not_shown == {}
    assert export.user_missing == {}


@pytest.mark.parametrize("cells", ["Yes,No,N/A", "Male,Female,N/A", "Yes,Yes,N/A"])
def test_of_yes_and_no_and_of_gender_it_is_no_answer(cells):
    """LimeSurvey writes it for whoever was not asked and for whoever did not answer."""
    export = full_answers(("q1", cells))
    assert states(export, 5) == ["ANSWERED", "ANSWERED", "USER_MISSING"]
    assert export.not_shown == {}


def test_the_cells_are_left_as_they_are():
    export = full_answers(("q1", "-oth-,'=1+1,A1"))
    assert export.text[5].tolist() == ["-oth-", "'=1+1", "A1"]
    assert export.text.index.tolist() == [2, 3, 4]


# --- A real export ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real() -> Export:
    if not CASE.is_dir():
        pytest.skip("the data of the survey of research software engineers is not beside this project")
    path = CASE / "raw" / "public_data.csv"
    table = delimited.read(path.read_bytes(), path.name)
    assert limesurvey.recognise(table)
    return limesurvey.read(table)


def test_every_expected_count(real):
    with (CASE / "expected.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    by_header = {f"{one.name}. {one.question}": one.position for one in real.columns if one.option is None}
    assert len(rows) == 32
    for row in rows:
        cells = real.text[by_header[row["columns"]]]
        counts = ((cells == row["yes"]).sum(), (cells != "").sum())
        assert counts == (int(row["numerator"]), int(row["denominator"])), row["statement"]


def test_its_questions_and_options(real):
    assert (len(real.text), len(real.columns), real.text.index[0]) == (164, 242, 2)
    assert [one.position for one in real.columns if one.platform] == [0]
    languages = [one.option for one in real.columns if one.group == "tool4can"]
    assert (len(languages), languages[:3]) == (36, ["Swift", "JavaScript", "R"])
    assert real.columns[197].option == "In general, how satisfied are you with [Your current position]"
    assert real.columns[239].option == "N/A"
    assert real.not_shown == {}  # all of its blanks are written alike
