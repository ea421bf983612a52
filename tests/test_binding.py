"""Which column holds which item is found by wording; each doubt is one problem, and all doubts are told at once."""

from __future__ import annotations

import pytest
from study import CODEBOOK, SHAPES, TWELVE, WAVE, plain, qualtrics, surveymonkey, written

from impact_report.binding import bind
from impact_report.errors import ExportError, Problem


@pytest.fixture
def bound(choir):
    """Bind the columns of a study of the singers; the arguments are those of `write_study`."""

    def of(**given):
        study = choir(**given)
        return bind(study.export, study.codebook, study.wave, "responses.csv")

    return of


@pytest.fixture
def problems(bound):
    """Return what is wrong with the columns of such a study."""

    def of(**given) -> tuple[Problem, ...]:
        with pytest.raises(ExportError) as caught:
            bound(**given)
        return caught.value.problems

    return of


def renamed(old: str, new: str) -> str:
    """Return the plain export of the twelve with one header renamed."""
    head, *rows = plain(TWELVE)
    assert old in head
    return written([[new if cell == old else cell for cell in head], *rows])


def without(column: str) -> str:
    """Return the plain export of the twelve without a column."""
    records = plain(TWELVE)
    position = records[0].index(column)
    return written([row[:position] + row[position + 1 :] for row in records])


def with_column(header: str, cell: str = "x") -> str:
    """Return the plain export of the twelve with one more column."""
    head, *rows = plain(TWELVE)
    return written([[*head, header], *([*row, cell] for row in rows)])


# --- Found ------------------------------------------------------------------------------------------------------------

LETTERS = {
    "plain": {"voice": "E", "enjoys": "I", "reads_music": "J", "sings": "KLMN", "remarks": "O"},
    "surveymonkey": {"voice": "G", "enjoys": "K", "reads_music": "L", "sings": "MNOP", "remarks": "Q"},
    "qualtrics": {"voice": "E", "enjoys": "I", "reads_music": "J", "sings": "KLMN", "remarks": "O"},
}


@pytest.mark.parametrize("shape", SHAPES)
def test_each_item_finds_its_columns(bound, shape):
    found = bound(shape=shape)
    letters = {name: "".join(column.letter for column in one.columns.values()) for name, one in found.items()}
    assert {name: letters[name] for name in LETTERS[shape]} == LETTERS[shape]
    assert list(found["sings"].columns) == ["folk", "sacred", "none", "other"]
    assert ("sings_other" in found) == (shape == "qualtrics")


def test_the_order_of_columns_does_not_matter(choir):
    records = [row[::-1] for row in plain(TWELVE)]
    study = choir(export=written(records))
    assert bind(study.export, study.codebook, study.wave, "x")["weight"].columns[""].letter == "A"


def test_headers_that_differ_in_typography_only(bound):
    export = renamed("Have you sung a solo?", " HAVE you sung\u00a0a <b>solo?</b> ")
    assert bound(export=export)["solo"].columns[""].letter == "G"


def test_a_wave_may_name_a_column_otherwise(bound):
    wave = WAVE + "columns: {voice: Stimme}\n"
    export = renamed("Which voice do you sing?", "Stimme")
    assert bound(export=export, wave=wave)["voice"].columns[""].letter == "E"


def test_ignored_columns_and_columns_of_nothing_are_left_alone(bound):
    bound(export=with_column("", ""))
    bound(export=with_column("Duration"), codebook=CODEBOOK.replace("Collector ID]", "Collector ID, duration]"))


# --- Not found, or found twice ----------------------------------------------------------------------------------------


def test_an_item_without_a_column(problems):
    (problem,) = problems(export=without("Which voice do you sing?"))
    assert problem.expected == "a column for the item 'voice': Which voice do you sing?"
    assert (problem.found, problem.where) == ("none", "responses.csv")
    assert problem.do.endswith("Then name it in wave.yml (columns: {voice: …}), or list the item under `not_asked`")


def test_the_near_header_is_offered_for_an_item_without_a_column(problems):
    missing, unused = problems(export=renamed("Have you sung a solo?", "Have you sung a solo yet?"))
    assert missing.expected == "a column for the item 'solo': Have you sung a solo?"
    assert missing.do.startswith("did you mean 'Have you sung a solo yet?'?")
    assert unused.found == "none for 'Have you sung a solo yet?'"
    assert unused.do.startswith("did you mean 'Have you sung a solo?'?")


def test_a_column_without_an_item(problems):
    (problem,) = problems(export=with_column("Shoe size"))
    assert (problem.expected, problem.found) == ("an item for each column", "none for 'Shoe size'")
    assert problem.where == "responses.csv, column Q"
    assert problem.do.endswith("Add an item for it to the codebook, or name it under `ignore`")


def test_a_column_without_an_item_is_told_by_the_platforms_name_too(problems):
    names, labels, ids, *rows = qualtrics(TWELVE)
    export = written(
        [[*names, "Q9"], [*labels, "Shoe size"], [*ids, '{"ImportId":"QID9"}'], *([*row, "38"] for row in rows)]
    )
    (problem,) = problems(shape="qualtrics", export=export)
    assert problem.found == "none for 'Shoe size', named 'Q9'"


def test_answers_below_no_header_are_not_overlooked(problems):
    (problem,) = problems(export=with_column("", "an answer"))
    assert problem.where == "responses.csv, column Q"
    assert problem.expected == "an item for each column"


def test_two_columns_for_one_item(problems):
    problem, *_ = problems(export=with_column("Which voice do you sing?"))
    assert problem.expected == "one column for the item 'voice'"
    assert problem.found == "column E (Which voice do you sing?), column Q (Which voice do you sing?)"
    assert problem.do == "name the right one in wave.yml"


def test_two_items_on_one_column(problems):
    first, unused = problems(wave=WAVE + 'columns: {solo: "Do you come to the rehearsals?"}\n')
    assert first.expected == "each column for one item"
    assert first.found == "'rehearses' and 'solo' both on it"
    assert first.where == "responses.csv, column F (Do you come to the rehearsals?)"
    assert first.do == "give one of them another column in the codebook"
    assert unused.found == "none for 'Have you sung a solo?'"


@pytest.mark.parametrize("shape", ["surveymonkey", "qualtrics"])
def test_an_unknown_option(problems, shape):
    export = written(SHAPES[shape](TWELVE)).replace("Sacred music", "Sacred musik")
    option, missing, *_ = problems(export=export, shape=shape)
    letter = LETTERS[shape]["sings"][1]
    assert option == Problem(
        "an option of 'sings'",
        "'Sacred musik'",
        f"responses.csv, column {letter}",
        "did you mean 'Sacred music'? Then add it to the codebook (`codes`, or a code's `texts`)",
    )
    assert missing.expected == "a column for sings=sacred (Sacred music)"
    assert missing.found == "none"
    assert missing.do == "did you mean 'Sacred musik'? Then add that text to the code"


def test_two_columns_for_one_option(problems):
    problem, *_ = problems(export=with_column("sings folk"))
    assert problem == Problem(
        "one column for sings=folk",
        "columns K and Q",
        "responses.csv, column Q",
        "remove a text from the code",
    )


@pytest.mark.parametrize(
    ("export", "expected"),
    [
        (with_column("Which voice do you sing?"), ["one column for the item 'voice'"]),
        (with_column("sings folk"), ["one column for sings=folk"]),
        (
            written(surveymonkey(TWELVE)).replace("Sacred music", "Sacred musik"),
            ["an option of 'sings'", "a column for sings=sacred (Sacred music)"],
        ),
    ],
    ids=["two columns for an item", "two columns for an option", "an unknown option"],
)
def test_a_column_in_doubt_is_not_told_again_as_one_without_an_item(problems, export, expected):
    assert [problem.expected for problem in problems(export=export)] == expected


def test_two_problems_of_two_kinds_are_told_at_once(problems):
    export = with_column("Shoe size").replace("Have you sung a solo?", "Zzz").replace("sings none", "Yyy")
    found = problems(export=export)
    assert [problem.expected for problem in found] == [
        "a column for the item 'solo': Have you sung a solo?",
        "a column for sings=none (None of these)",
        "an item for each column",
        "an item for each column",
        "an item for each column",
    ]


# --- Another survey's export ------------------------------------------------------------------------------------------


def test_another_surveys_export_is_one_problem(problems):
    (problem,) = problems(export="Make,Model,Year,Price,Weight\nFord,T,1908,850,540\n")
    assert problem == Problem(
        "an export of the survey in codebook.yml",
        "columns for 1 of 13 items, read as plain",
        "responses.csv",
        "put this survey's export there, with its headers, or set `columns:` in wave.yml",
    )


def test_answers_where_the_headers_should_be_are_not_quoted(choir):
    """Without its header the first row of the file is a respondent's."""
    study = choir(export=written(plain([{**row, "email": "thirza@example.org"} for row in TWELVE])[1:]))
    with pytest.raises(ExportError) as caught:
        study.clean()
    (problem,) = caught.value.problems
    assert problem.found == "columns for 0 of 13 items, read as plain"
    assert "thirza" not in str(caught.value)


def test_another_platforms_export_of_another_survey(problems):
    export = "Respondent ID,Collector ID,Do you like cake?\n,,Response\n1,2,Yes\n"
    (problem,) = problems(export=export)
    assert problem.expected == "an export of the survey in codebook.yml"


def test_half_of_the_columns_missing_is_still_this_survey(problems):
    kept = written([row[6:] for row in plain(TWELVE)])  # 6 of 13 items are missing: fewer than half
    found = problems(export=kept)
    assert len(found) == 6
    assert {problem.found for problem in found} == {"none"}


def test_the_error_says_how_many_problems_there_are(choir):
    study = choir(export=with_column("Shoe size").replace("Have you sung a solo?", "Zzz"))
    with pytest.raises(ExportError) as caught:
        study.clean()
    assert str(caught.value).startswith("The raw export cannot be used. 3 problems:\n")


def test_single_quotes_in_import_ids_change_nothing(bound):
    found = bound(shape="qualtrics", export=written(qualtrics(TWELVE, quote="'")))
    assert found["sings_other"].columns[""].name == "Q6_4_TEXT"
