"""Qualtrics: three header rows or two; options, rows and loops by import id; previews and unfinished responses."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from impact_report.errors import ExportError
from impact_report.readers import qualtrics
from impact_report.readers.export import Column, Export
from impact_report.readers.table import of

CASE = Path(__file__).resolve().parents[2] / "shared" / "real" / "qualtricstools"


def three(*headers: tuple[str, str, str], rows: list[list[str]] | None = None, quote: str = '"') -> Export:
    """Return the export with these names, labels and import ids ("QID2/1" has the choice id 1)."""
    names, labels, ids = zip(*headers, strict=True)
    told = []
    for one in ids:
        question, _, choice = one.partition("/")
        inner = f"{quote}ImportId{quote}:{quote}{question}{quote}"
        told.append("{" + inner + (f",{quote}choiceId{quote}:{quote}{choice}{quote}" if choice else "") + "}")
    table = of(names, labels, told, *(rows or [["x"] * len(names)]))
    assert qualtrics.recognise(table)
    return qualtrics.read(table)


def two(*headers: tuple[str, str], rows: list[list[str]] | None = None) -> Export:
    """Return the export with these names and labels, as it was before there were import ids."""
    platform = [("V1", "ResponseID"), ("V2", "ResponseSet"), ("V8", "StartDate"), ("V10", "Finished")]
    names, labels = zip(*platform, *headers, strict=True)
    first = ["R_1", "Default", "2014-05-06", "1"]
    table = of(names, labels, *([*first, *row] for row in rows or [["x"] * len(headers)]))
    assert qualtrics.recognise(table)
    return qualtrics.read(table)


def said(export: Export) -> list[tuple[str, str | None, str]]:
    """Return question, option and group of each column that was asked."""
    return [(column.question, column.option, column.group) for column in export.columns if not column.platform]


# --- Is it one? -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("quote", ['"', "'"])
def test_the_third_row_holds_import_ids(quote):
    export = three(("Q1", "Role?", "QID1"), rows=[["Firm"]], quote=quote)
    assert said(export) == [("Role?", None, "Q1")]
    assert list(export.text.index) == [4]


def test_an_import_id_may_carry_a_time_zone():
    ids = ['{"ImportId":"startDate","timeZone":"Europe/Berlin"}', '{"ImportId": "QID1"}']
    export = qualtrics.read(of(["StartDate", "Q1"], ["Startdatum", "Rolle?"], ids, ["2020-05-04", "Firma"]))
    assert [column.platform for column in export.columns] == [True, False]


@pytest.mark.parametrize(
    "table",
    [
        of(["StartDate", "EndDate", "Status", "Q1"], ["2020-05-04", "2020-05-04", "0", "Firm"]),
        of(["V1", "V2", "V3"], ["1", "2", "3"]),
        of(["Role"]),
        of(["Status", "Role"], ["Status", "Role"]),
    ],
    ids=["one header row", "variables", "one row", "one header known"],
)
def test_what_is_none(table):
    assert not qualtrics.recognise(table)


# --- Options, rows, loops ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        pytest.param(
            [("Q2_1", "Which? - Selected Choice - Pay", "QID5/1"),
             ("Q2_2", "Which? - Selected Choice - Hours", "QID5/2")],
            [("Which?", "Pay", "Q2"), ("Which?", "Hours", "Q2")],
            id="select all",
        ),
        pytest.param(
            [("Q2_1", "Wen? - Ausgewählte Antwort - Lohn", "QID5/1"),
             ("Q2_2", "Wen? - Ausgewählte Antwort - Ort", "QID5/2"),
             ("Q2_2_TEXT", "Wen? - Ort - Text", "QID5_2_TEXT")],
            [("Wen?", "Lohn", "Q2"), ("Wen?", "Ort", "Q2"), ("Wen? - Ort - Text", None, "Q2_2_TEXT")],
            id="select all, in another language",
        ),
        pytest.param(
            [("Q3_1", "How far - if at all? - It pays", "QID6_1"),
             ("Q3_2", "How far - if at all? - It is - fun", "QID6_2")],
            [("How far - if at all?", "It pays", "Q3"), ("How far - if at all?", "It is - fun", "Q3")],
            id="a grid",
        ),
        pytest.param(
            [("Q12_1", "Ever - or never? - Yes - always", "QID12_1")],
            [("Ever - or never?", "Yes - always", "Q12")],
            id="one option",
        ),
        pytest.param(
            [("Q23_cucumbers", "Rank each fruit on this stra...-Cucumbers", "QID23-1"),
             ("Q23_red-berries", "Rank each fruit on this stra...-Red-berries", "QID23-2")],
            [("Rank each fruit on this stra...", "Cucumbers", "Q23"),
             ("Rank each fruit on this stra...", "Red-berries", "Q23")],
            id="names of options, labels cut",
        ),
        pytest.param(
            [("Q15_130", "Which foods could you conv...-Kale", "QID15-1"),
             ("Q15_-1", "Which foods could you conv...-Kale chips", "QID15-7")],
            [("Which foods could you conv...", "Kale", "Q15"), ("Which foods could you conv...", "Kale chips", "Q15")],
            id="negative codes, options that begin alike",
        ),
        pytest.param(
            [("1_Q5_1", "Rate Bonn - Food", "1_QID5_1"), ("1_Q5_2", "Rate Bonn - Beds", "1_QID5_2"),
             ("2_Q5_1", "Rate Rome - Food", "2_QID5_1"), ("2_Q5_2", "Rate Rome - Beds", "2_QID5_2")],
            [("Rate Bonn", "Food", "1_Q5"), ("Rate Bonn", "Beds", "1_Q5"),
             ("Rate Rome", "Food", "2_Q5"), ("Rate Rome", "Beds", "2_Q5")],
            id="loop and merge",
        ),
        pytest.param(
            [("Q29_1_1", "How? - Plums - Fried", "QID29-1-1"), ("Q29_1_2", "How? - Plums - Raw", "QID29-1-2"),
             ("Q29_2_1", "How? - Pears - Fried", "QID29-2-1"), ("Q29_2_2", "How? - Pears - Raw", "QID29-2-2")],
            [("How? – Plums", "Fried", "Q29_1"), ("How? – Plums", "Raw", "Q29_1"),
             ("How? – Pears", "Fried", "Q29_2"), ("How? – Pears", "Raw", "Q29_2")],
            id="a matrix of select all",
        ),
        pytest.param(
            [("Q36_1_1", "Tick wh...-Ripe plums-Somebody might eat this", "QID36-1-1"),
             ("Q36_2_1", "Tick wh...-Pears-Somebody might eat this", "QID36-2-1")],
            [("Tick wh... – Ripe plums", "Somebody might eat this", "Q36_1"),
             ("Tick wh... – Pears", "Somebody might eat this", "Q36_2")],
            id="a matrix with one option",
        ),
        pytest.param(
            [("Q40#1_1", "Rate th...-How much do you like it?-Red pandas", "QID40#1-1"),
             ("Q40#1_2", "Rate th...-How much do you like it?-Frogs", "QID40#1-2"),
             ("Q40#2_1", "Rate th...-Want one?-Red pandas", "QID40#2-1"),
             ("Q40#2_2", "Rate th...-Want one?-Frogs", "QID40#2-2")],
            [("Rate th...-How much do you like it?", "Red pandas", "Q40#1"),
             ("Rate th...-How much do you like it?", "Frogs", "Q40#1"),
             ("Rate th...-Want one?", "Red pandas", "Q40#2"),
             ("Rate th...-Want one?", "Frogs", "Q40#2")],
            id="side by side",
        ),
        pytest.param(
            [("Q6_1", "Which? - ", "QID6_1"), ("Q6_x2", "Which? - Pay", "QID6_x2")],
            [("Which?", "1", "Q6"), ("Which?", "Pay", "Q6")],
            id="an option without words, one carried forward",
        ),
        pytest.param(
            [("Q6", "Which fruit?", "QID6"), ("Q6_TEXT", "Which fruit?", "QID6-TEXT"),
             ("Q7", "Thoughts?", "QID7-TEXT")],
            [("Which fruit?", None, "Q6"), ("Which fruit? - Text", None, "Q6_TEXT"), ("Thoughts?", None, "Q7")],
            id="texts",
        ),
        pytest.param(
            [("Q6", "Which? - Selected Choice", "QID6"), ("Q6_3_TEXT", "Which? - Other - Text", "QID6_3_TEXT")],
            [("Which?", None, "Q6"), ("Which? - Other - Text", None, "Q6_3_TEXT")],
            id="a text beside a choice",
        ),
        pytest.param(
            [("Q0_1", "How old are you?", "QID1"), ("Q0_2", "How tall?", "QID2"),
             ("partner_name", "partner_name", "partner_name")],
            [("How old are you?", None, "Q0_1"), ("How tall?", None, "Q0_2"), ("partner_name", None, "partner_name")],
            id="names that only look like options",
        ),
    ],
)  # fmt: skip
def test_question_option_and_group(headers, expected):
    assert said(three(*headers)) == expected


def test_columns_of_the_same_name_are_columns_of_their_own():
    label = "Rate th...-Which?-Red pandas-"
    export = three(
        ("Q44#2_red_4", label + "Dots", "QID44#2-1-1"), ("Q44#2_red_4", label + "Swirls", "QID44#2-1-2"),
        rows=[["1", ""], ["", "1"]],
    )  # fmt: skip
    assert [column.option for column in export.columns] == ["Dots", "Swirls"]
    assert {column.group for column in export.columns} == {"Q44#2_red"}
    assert export.text.to_numpy().tolist() == [["1", ""], ["", "1"]]


# --- Two header rows --------------------------------------------------------------------------------------------------


def test_an_older_export_has_two_header_rows():
    export = two(
        ("Q1", "What is your role?"),
        ("Q2_1", "Which of these?-Pay"),
        ("Q2_2", "Which of these?-E-mail"),
        ("Q2_2_TEXT", "Which of these?-E-mail"),
        ("Q23_plums", "Rank th...-Plums"),
        ("Q23_pears", "Rank th...-Pears"),
        ("", ""),  # the comma at the end of each line
    )
    assert said(export) == [
        ("What is your role?", None, "Q1"),
        ("Which of these?", "Pay", "Q2"),
        ("Which of these?", "E-mail", "Q2"),
        ("Which of these?-E-mail - Text", None, "Q2_2_TEXT"),
        ("Rank th...", "Plums", "Q23"),
        ("Rank th...", "Pears", "Q23"),
        ("", None, ""),
    ]
    assert [column.name for column in export.columns if column.platform] == ["V1", "V2", "V8", "V10"]
    assert list(export.text.index) == [3]


def test_names_that_end_in_numbers_are_no_question_without_a_shared_label():
    export = two(("Q2_1", "Do you use e-mail?"), ("Q2_2", "Do you like tea?"))
    assert said(export) == [("Do you use e-mail?", None, "Q2_1"), ("Do you like tea?", None, "Q2_2")]


def test_a_matrix_in_an_older_export():
    labels = ["How?-Plums-Fried", "How?-Plums-Raw", "How?-Pears-Fried", "How?-Pears-Raw"]
    export = two(*zip(["Q9_1_1", "Q9_1_2", "Q9_2_1", "Q9_2_2"], labels, strict=True))
    assert said(export) == [
        ("How? – Plums", "Fried", "Q9_1"),
        ("How? – Plums", "Raw", "Q9_1"),
        ("How? – Pears", "Fried", "Q9_2"),
        ("How? – Pears", "Raw", "Q9_2"),
    ]


# --- Several answers in a cell ----------------------------------------------------------------------------------------


def several(*answers: str) -> Column:
    return three(("Q1", "Which?", "QID1"), rows=[[answer] for answer in answers]).columns[0]


@pytest.mark.parametrize(
    "answers",
    [["Pay,Hours", "Pay", "Hours"], ["1,3", "3", "1", "1,2,3", "2"], ["Work, paid,Hours", "Work, paid", "Hours"]],
)
def test_answers_joined_by_a_comma(answers):
    assert several(*answers).separator == ","


@pytest.mark.parametrize("answers", [["Yes, often", "Yes", "No"], ["1,000", "2,000", "1"], ["Pay", "Hours"]])
def test_a_comma_within_answers(answers):
    assert several(*answers).separator == ""


def test_the_rows_of_a_matrix_with_joined_answers_are_questions():
    export = three(
        ("Q3_1", "When? - Tea", "QID3_1"), ("Q3_2", "When? - Milk", "QID3_2"),
        rows=[["Dawn,Noon", "Noon"], ["Dawn", "Dawn,Noon"]],
    )  # fmt: skip
    assert said(export) == [("When? – Tea", None, "Q3_1"), ("When? – Milk", None, "Q3_2")]
    assert [column.separator for column in export.columns] == [",", ","]


def test_numbers_with_a_decimal_comma_in_the_rows_of_a_matrix():
    export = three(
        ("Q3_1", "How much? - Tea", "QID3_1"), ("Q3_2", "How much? - Milk", "QID3_2"),
        rows=[["2,5", "2"], ["5", "3,5"], ["3", "5,2"]],
    )  # fmt: skip
    assert said(export) == [("How much?", "Tea", "Q3"), ("How much?", "Milk", "Q3")]


# --- What the platform adds -------------------------------------------------------------------------------------------


def test_the_platforms_columns_by_import_id_whatever_they_are_called():
    export = three(
        ("StartDate", "Fecha de inicio", "startDate"),
        ("Duration (in seconds)", "Duración (en segundos)", "duration"),
        ("ResponseId", "ID de respuesta", "_recordId"),
        ("ExternalReference", "Referencia", "externalDataReference"),
        ("RecipientEmail", "E-mail", "panel-RecipientEmail"),
        ("LocationLatitude", "Latitud", "Location-LocationLatitude"),
        ("Q_RecaptchaScore", "Q_RecaptchaScore", "Q_RecaptchaScore"),
        ("Q1_DO_1", "Orden", "QID1_DO/1"),
        ("Q9_Page Submit", "Timing - Page Submit", "QID9_PAGE_SUBMIT"),
        ("Q10_NPS_GROUP", "Recommend? - Group", "QID10_NPS_GROUP"),
        ("Progress", "How much progress do you see?", "QID11"),
        ("cohort", "cohort", "cohort"),
    )
    asked = [column.name for column in export.columns if not column.platform]
    assert asked == ["Progress", "cohort"]


LANGUAGES = ["de", "fr", "es", "pt", "it", "nl", "ja"]


def with_status(name: str, one: str, cells: list[str]) -> Export:
    return three((name, name, one), ("Q1", "Role?", "QID1"), rows=[[cell, "x"] for cell in cells])


@pytest.mark.parametrize(
    ("cells", "previews"),
    [
        (["0", "1", "2", "4", "8", "16", "17", "32"], [0, 1, 1, 0, 1, 0, 1, 0]),
        (["0.0", "1.0", "0"], [0, 1, 0]),
        (["IP Address", "Survey Preview", "Survey Test", "Imported", "Spam", ""], [0, 1, 1, 0, 1, 0]),
        (["IP Address", "Survey Preview", "Offline Response"], [0, 1, 0]),
        (["Survey Preview Spam", "Offline Preview", "Imported Spam", "Anonymous", "Email"], [1, 1, 1, 0, 0]),
        (["IP-Adresse", "Umfragevorschau", "Importiert", "Offline-Vorschau"], [0, 1, 0, 1]),
        (["Adresse IP", "Aperçu de l'enquête", "Hors ligne"], [0, 1, 0]),
        (["Dirección IP", "Vista previa de la encuesta", "Prueba de la encuesta"], [0, 1, 1]),
        (["Endereço IP", "Visualização da pesquisa"], [0, 1]),
        (["Indirizzo IP", "Anteprima sondaggio"], [0, 1]),
        (["IP-adres", "Voorbeeld van enquête", "Geïmporteerd"], [0, 1, 0]),
        (["IPアドレス", "プレビュー"], [0, 1]),
    ],
    ids=["codes", "codes of a spreadsheet", "labels", "offline", "in parts", *LANGUAGES],
)
def test_previews_tests_and_spam(cells, previews):
    assert with_status("Status", "status", cells).previews.tolist() == previews


@pytest.mark.parametrize(
    ("cells", "previews"),
    [(["IP Address", "Kuckuck"], [0, 1]), (["Kuckuck", "Uhu"], [1, 1]), (["0", "64", "-1"], [0, 1, 1])],
    ids=["one", "all", "codes"],
)
def test_a_status_that_nobody_knows_is_marked_so_that_somebody_has_to_say(cells, previews):
    assert with_status("Status", "status", cells).previews.tolist() == previews


def test_a_blank_status_says_nothing():
    assert with_status("Status", "status", ["", ""]).previews is None


def test_without_a_status_the_channel_tells_of_previews():
    told = with_status("DistributionChannel", "distributionChannel", ["anonymous", "preview", "social", "test"])
    assert told.previews.tolist() == [0, 1, 0, 1]


# --- A file that wave.yml says is Qualtrics' --------------------------------------------------------------------------

NAMES, LABELS = ["role", "Q2_1", "Q2_2"], ["What is your role?", "Which? - Pay", "Which? - Hours"]


def test_labels_are_told_by_how_they_look():
    """No column of the platform's own is left; the label is no answer, since none below is the same."""
    table = of(NAMES, LABELS, ["Firm", "x", ""], ["School", "", "x"])
    assert not qualtrics.recognise(table)
    assert said(qualtrics.read(table)) == [
        ("What is your role?", None, "role"),
        ("Which?", "Pay", "Q2"),
        ("Which?", "Hours", "Q2"),
    ]


@pytest.mark.parametrize(
    "rows",
    [
        [NAMES, ["Firm", "x", ""], ["School", "", "x"]],
        [NAMES, ["A large firm", "Pay", "Hours"], ["School", "Pay", "Hours"]],
        [["What role?", "Which one?"], ["A large firm", "It pays"], ["School", "Other"]],
        [["role", "topic"], ["A large firm", "It pays"], ["A large firm", "Other"]],
        [["role", "topic"], ["A large firm", "It pays"]],
        [["role", "topic"]],
    ],
    ids=["blank and short", "short", "names in words", "comes back", "nothing below", "one row"],
)
def test_an_answer_is_not_taken_for_a_label(rows):
    with pytest.raises(ExportError) as caught:
        qualtrics.read(of(*rows))
    (problem,) = caught.value.problems
    assert problem.expected == "three header rows (names, labels, import ids), or the older two (names, labels)"
    assert (problem.found, problem.where) == ("one header row", "the table")
    assert "`format:`" in problem.do


def test_no_status_no_finish():
    export = three(("Q1", "Role?", "QID1"))
    assert (export.previews, export.unfinished) == (None, None)


@pytest.mark.parametrize(
    ("finished", "progress", "unfinished"),
    [
        (["True", "False"], ["100", "40"], [0, 1]),
        (["TRUE", "FALSE"], ["100", "40"], [0, 1]),
        (["1", "0"], ["100", "40"], [0, 1]),
        (["Verdadero", "Falso"], ["100", "40"], [0, 1]),  # the progress says it in every language
        (["", ""], ["100", "99"], [0, 1]),
        (["Verdadero", "Falso"], ["all", "some"], None),
    ],
)
def test_unfinished_responses(finished, progress, unfinished):
    export = three(
        ("Finished", "Finished", "finished"), ("Progress", "Progress", "progress"),
        rows=[list(row) for row in zip(finished, progress, strict=True)],
    )  # fmt: skip
    assert (None if export.unfinished is None else export.unfinished.tolist()) == unfinished


# --- A real one -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real() -> Export:
    if not CASE.is_dir():
        pytest.skip("the data of this survey are not beside this project")
    with (CASE / "raw" / "Long_Exhaustive_Sample_Survey.csv").open(encoding="utf-8-sig", newline="") as lines:
        return qualtrics.read(of(*csv.reader(lines)))


def expected() -> list[dict[str, str]]:
    with (CASE / "expected.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_the_sample_survey(real):
    assert real.text.shape == (31, 367)
    assert [column.name for column in real.columns if column.platform][:3] == ["ResponseID", "ResponseSet", "IPAddress"]
    assert sum(column.platform for column in real.columns) == 14
    assert len({column.name for column in real.columns}) < 367  # nine names stand over several columns
    assert {column.separator for column in real.columns} == {""}
    assert real.previews.sum() == 31  # answered by the survey's own test
    assert real.unfinished.sum() == 0


def test_every_expected_column_and_count(real):
    """The option is the row's or the answer's name in the statement; the count is that of the code."""
    columns = {column.name: column for column in real.columns}
    for row in expected():
        column = columns[row["columns"]]
        code = row["yes"].removeprefix("code ").partition(" ")[0]
        assert (real.text[column.position] == code).sum() == int(row["numerator"]), row["statement"]
        question, _, answer = row["statement"].partition(" -> ")
        if column.option is not None:
            named = answer if row["yes"] == "1" else question.partition(" ")[2]
            assert letters(column.option).startswith(letters(named)[:30]) or letters(named) in letters(column.option)
            assert column.group.casefold() == question.partition(" ")[0].casefold()
        else:
            assert letters(column.question).startswith(letters(question.partition(" ")[2]))


def letters(text: str) -> str:
    return "".join(character for character in text if character.isalnum()).casefold()
