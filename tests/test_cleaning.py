"""Every text gets the meaning the codebook gives it, every row set aside has its rule, and the sums add up."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from study import CODEBOOK, SACRED, SHAPES, SING, TWELVE, WAVE, Study, changed, singer, surveymonkey, written

from impact_report.cleaning import Cleaned, clean
from impact_report.errors import AnswersError, ExportError, Problem, WaveError
from impact_report.ledger import COLUMNS as LEDGER_COLUMNS
from impact_report.ledger import ROW_DROPPED, SET_MISSING, VALUE_MAPPED

LENIENT = WAVE.replace("minimum_answered: 2", "minimum_answered: 0")
THIRTEENTH = singer(13, "Low voice", "Yes", "Yes", "1", "Agree", {"folk": "x"})
SECRET = "Thirza Plantagenet"


def dropped(cleaned: Cleaned) -> dict[int, str]:
    """Return source row → rule of each row that was dropped."""
    rows = cleaned.ledger[cleaned.ledger["action"] == ROW_DROPPED]
    return dict(zip(rows["source_row"], rows["rule"], strict=True))


def said(cleaned: Cleaned, item: str) -> list[tuple]:
    """Return what the ledger says of an item: row, value, action, rule, detail."""
    rows = cleaned.ledger[cleaned.ledger["item"] == item]
    return list(rows[["source_row", "value", "action", "rule", "detail"]].itertuples(index=False, name=None))


def unknown(study: Study) -> tuple[Problem, ...]:
    with pytest.raises(AnswersError) as caught:
        study.clean()
    return caught.value.problems


def adds_up(cleaned: Cleaned) -> bool:
    """Say whether rows in are rows kept and rows dropped, counted from the tables and not from the summary."""
    kept = set(cleaned.responses["source_row"])
    out = list(cleaned.ledger.loc[cleaned.ledger["action"] == ROW_DROPPED, "source_row"])
    return (
        len(out) == len(set(out))
        and not kept & set(out)
        and cleaned.summary["rows_in"] == len(kept) + len(out)
        and (cleaned.summary["rows_kept"], cleaned.summary["rows_dropped"]) == (len(kept), len(out))
    )


# --- The twelve -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", SHAPES)
def test_every_platform_gives_the_same_responses(choir, shape):
    one, other = choir(shape="plain").clean().responses, choir(shape=shape).clean().responses
    columns = [column for column in one if column not in ("respondent", "source_row")]
    pd.testing.assert_frame_equal(one[columns], other[columns])


def test_the_responses_are_those_of_the_table(choir):
    responses = choir().clean().responses
    assert len(responses) == 12
    assert responses["voice"].dropna().tolist() == ["high"] * 6 + ["low"] * 5
    assert responses["hours"].dropna().tolist() == [2, 3, 1, 4, 5, 2.5, 6]
    assert responses["sings.sacred"].tolist() == [
        True,
        True,
        False,
        False,
        False,
        True,
        True,
        True,
        False,
        False,
        True,
        True,
    ]
    assert responses["enjoys"].cat.ordered
    assert responses["enjoys"].cat.categories.tolist() == [
        "strongly_disagree", "disagree", "neither", "agree", "strongly_agree",
    ]  # fmt: skip


def test_each_gap_has_its_kind(choir):
    responses = choir().clean().responses
    assert responses["enjoys.missing"].dropna().to_dict() == {5: "dont_know"}  # singer 6: "can't say"
    assert responses["rehearses.missing"].dropna().to_dict() == {11: "no_answer"}
    assert responses["sings.missing"].dropna().to_dict() == {3: "no_answer"}  # no tick, not even "none of these"
    # singers 5, 9 and 10 do not rehearse, 12 did not say so: not asked; 4 was asked and said nothing
    assert responses["solo.missing"].dropna().to_dict() == {
        3: "no_answer", 4: "not_asked", 8: "not_asked", 9: "not_asked", 11: "not_asked",
    }  # fmt: skip


def test_a_gap_and_an_answer_never_stand_together(choir):
    responses = choir().clean().responses
    for item in ("voice", "rehearses", "solo", "hours", "enjoys", "sent", "source"):
        assert (responses[item].isna() == responses[f"{item}.missing"].notna()).all(), item
    ticks = responses.filter(like="sings.").drop(columns="sings.missing")
    assert (ticks.any(axis=1) == responses["sings.missing"].isna()).all()


def test_rows_are_named_after_their_place_in_the_file(choir):
    responses = choir(shape="surveymonkey").clean().responses
    assert responses["source_row"].tolist() == list(range(3, 15))
    assert responses["respondent"].tolist()[:2] == ["r00003", "r00004"]


def test_cleaning_changes_nothing_it_was_given(choir):
    study = choir()
    export = study.export
    before = export.text.copy()
    first = clean(export, study.codebook, study.wave)
    assert export.text.equals(before)
    pd.testing.assert_frame_equal(clean(export, study.codebook, study.wave).responses, first.responses)


def test_the_columns_of_each_item_are_named(choir):
    columns = choir().clean().columns
    assert columns["voice"] == [["", "E", "Which voice do you sing?"]]
    assert [code for code, _, _ in columns["sings"]] == ["folk", "sacred", "none", "other"]
    assert [letter for _, letter, _ in columns["sings"]] == ["K", "L", "M", "N"]


# --- Rows set aside ---------------------------------------------------------------------------------------------------


def test_nothing_set_aside(choir):
    cleaned = choir().clean()
    assert adds_up(cleaned)
    assert (cleaned.summary["rows_in"], cleaned.summary["rows_kept"]) == (12, 12)


def test_previews_and_tests_are_dropped_by_their_rule(choir):
    rows = [{**THIRTEENTH, "source": "Preview"}, *TWELVE, {**THIRTEENTH, "source": "Test"}]
    cleaned = choir(rows=rows).clean()
    assert dropped(cleaned) == {2: "preview", 15: "test"}
    assert adds_up(cleaned)
    details = cleaned.ledger.set_index("source_row")["detail"]
    assert (details[2], details[15]) == ("“Came by”: Preview", "“Came by”: Test")
    assert [(one["rule"], one["detail"]) for one in cleaned.summary["rules"] if one["action"] == ROW_DROPPED] == [
        ("preview", "“Came by”: Preview"), ("test", "“Came by”: Test"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "words", "rows"),
    [
        ("{source: [preview, test]}", "“Came by”: Preview or Test", {14, 15}),
        ("{source: {none: [mail]}}", "“Came by”: not By mail", {14, 15}),
        ("{source: test, voice: low}", "“Came by”: Test; “Which voice do you sing?”: Low voice", {15}),
        (
            "{enjoys: strongly_disagree}",
            "“How much do you agree? – I enjoy the concerts”: Strongly disagree",
            {10},
        ),
        (
            "{sings: {any: [folk, none], none: [sacred]}}",
            f"“{SING}”: Folk songs or None of these and not Sacred music",
            {4, 6, 10, 11, 14, 15},
        ),
        ("{sings: {all: [folk, sacred]}}", f"“{SING}”: Folk songs and Sacred music", {2, 9}),
        (
            "{hours: {answered: true}}",
            "“How many hours a week do you practise?”: answered",
            {2, 3, 4, 7, 8, 9, 12, 14, 15},
        ),
    ],
)  # fmt: skip
def test_a_rule_is_told_in_the_words_of_the_questionnaire(choir, rule, words, rows):
    wave = WAVE.replace("preview: {source: preview}\n    test: {source: test}", f"odd: {rule}")
    extra = [{**THIRTEENTH, "source": "Preview"}, {**THIRTEENTH, "source": "Test", "member": "M-14"}]
    cleaned = choir(rows=[*TWELVE, *extra], wave=wave).clean()
    assert dropped(cleaned) == dict.fromkeys(sorted(rows), "odd")
    assert set(cleaned.ledger.loc[cleaned.ledger["rule"] == "odd", "detail"]) == {words}


def test_who_answered_too_little_is_partial(choir):
    # Of the four items behind the results (rehearses, solo, enjoys, sings) two answers are needed.
    one_answer = singer(13, "Low voice", "", "", "", "Agree", {})
    two_answers = singer(14, "Low voice", "", "", "", "Agree", {"folk": "x"})
    cleaned = choir(rows=[*TWELVE, one_answer, two_answers]).clean()
    assert dropped(cleaned) == {14: "partial"}
    detail = cleaned.ledger.set_index("source_row").loc[14, "detail"]
    assert detail == "answered fewer than 2 of the 4 questions behind the results"
    assert adds_up(cleaned)


def test_a_dont_know_is_no_answer_to_a_partial(choir):
    unsure = singer(13, "Low voice", "don't know", "", "", "can't say", {"folk": "x"})
    assert dropped(choir(rows=[*TWELVE, unsure]).clean()) == {14: "partial"}


def test_who_is_asked_less_can_answer_less(choir):
    """Solos are asked of those who rehearse alone: who does not is asked three of the four questions."""
    wave = WAVE.replace("minimum_answered: 2", "minimum_answered: 4")
    three = singer(13, "Low voice", "No", "", "", "Agree", {"folk": "x"})
    two = singer(14, "Low voice", "No", "", "", "Agree", {})
    three_of_four = singer(15, "Low voice", "Yes", "", "", "Agree", {"folk": "x"})
    cleaned = choir(rows=[TWELVE[0], three, two, three_of_four], wave=wave).clean()
    assert dropped(cleaned) == {4: "partial", 5: "partial"}


def test_an_answer_to_what_was_not_asked_makes_no_answer_less_partial(choir):
    astray = singer(13, "Low voice", "No", "Yes", "", "", {})  # an answer on solos, which is set aside
    assert dropped(choir(rows=[*TWELVE, astray]).clean()) == {14: "partial"}


def test_items_the_wave_did_not_ask_make_nobody_partial(choir):
    wave = WAVE.replace("[sings_other]", "[sings_other, solo]").replace("minimum_answered: 2", "minimum_answered: 3")
    records = [[*row[:6], *row[7:]] for row in SHAPES["plain"](TWELVE)]
    # Of rehearses, enjoys and sings 4, 6 and 12 lack one: no tick, "can't say", no word on rehearsals.
    assert dropped(choir(export=written(records), wave=wave).clean()) == dict.fromkeys((5, 7, 13), "partial")


def test_of_the_same_respondent_the_latest_is_kept(choir):
    first = {**TWELVE[0], "sent": "01.02.2024", "voice": "Low voice"}
    last = {**TWELVE[0], "sent": "30.03.2024", "voice": "Middle voice"}
    cleaned = choir(rows=[last, *TWELVE, first]).clean()  # of member 1: rows 2, 3 and 15, the latest first
    assert dropped(cleaned) == {3: "duplicate", 15: "duplicate"}
    assert cleaned.responses.set_index("source_row").loc[2, "voice"] == "middle"
    assert cleaned.ledger["detail"][0] == "the same respondent answered later, in row 2"
    rules = {one["rule"]: (one["count"], one["detail"]) for one in cleaned.summary["rules"]}
    assert rules["duplicate"] == (2, "")  # the summary names no row
    assert adds_up(cleaned)


def test_the_summary_names_no_row_of_a_single_duplicate(choir):
    summary = choir(rows=[*TWELVE, TWELVE[0]]).clean().summary
    assert [one["detail"] for one in summary["rules"] if one["rule"] == "duplicate"] == [""]


def ties(study: Study) -> list[str]:
    """Return where the study is told to have different answers at the same time."""
    with pytest.raises(ExportError) as caught:
        study.clean()
    for problem in caught.value.problems:
        assert problem.expected == "one latest answer for each respondent"
        assert problem.found == "different answers of the same respondent at the same time"
        assert problem.do == "decide which one counts, and set the other aside by a rule of its own in wave.yml"
    return [problem.where for problem in caught.value.problems]


def test_of_two_different_answers_at_the_same_time_neither_is_the_latest(choir):
    rows = [*TWELVE, {**TWELVE[0], "voice": "Low voice"}, {**TWELVE[2], "sings": SACRED}]
    assert ties(choir(rows=rows)) == ["responses.csv, rows 2, 14", "responses.csv, rows 4, 15"]


def test_two_alike_do_not_outvote_a_third_at_the_same_time(choir):
    rows = [*TWELVE, TWELVE[0], {**TWELVE[0], "voice": "Low voice"}]
    assert ties(choir(rows=rows)) == ["responses.csv, rows 2, 14, 15"]


def test_a_tie_is_a_tie_beside_an_undated_answer(choir):
    rows = [*TWELVE, {**TWELVE[0], "voice": "Low voice"}, {**TWELVE[0], "sent": "", "voice": "Middle voice"}]
    assert ties(choir(rows=rows)) == ["responses.csv, rows 2, 14"]


def test_two_undated_answers_before_a_dated_one_are_no_tie(choir):
    undated = {**TWELVE[0], "sent": ""}
    rows = [*TWELVE, undated, {**undated, "voice": "Low voice"}]
    assert dropped(choir(rows=rows).clean()) == {14: "duplicate", 15: "duplicate"}


def test_two_different_undated_answers_are_a_tie(choir):
    rows = [{**TWELVE[0], "sent": "", "voice": voice} for voice in ("High voice", "Low voice")]
    assert ties(choir(rows=[*TWELVE[1:], *rows])) == ["responses.csv, rows 13, 14"]


def test_a_tie_before_the_latest_answer_matters_to_nobody(choir):
    rows = [*TWELVE, {**TWELVE[0], "voice": "Low voice"}, {**TWELVE[0], "sent": "30.03.2024"}]
    assert dropped(choir(rows=rows).clean()) == {2: "duplicate", 14: "duplicate"}


def test_the_rows_own_id_makes_no_difference_between_answers(choir):
    codebook = CODEBOOK.replace(
        "  email: {", "  row_id: {question: Respondent ID, kind: id, personal: true}\n  email: {"
    ).replace("[Respondent ID, Collector ID]", "[Collector ID]")
    study = choir(rows=[*TWELVE, TWELVE[0]], shape="surveymonkey", codebook=codebook)
    assert dropped(study.clean()) == {3: "duplicate"}


def test_of_two_at_the_same_time_the_lower_row_is_kept(choir):
    assert dropped(choir(rows=[*TWELVE, TWELVE[0]]).clean()) == {2: "duplicate"}


def test_a_dated_answer_is_later_than_an_undated_one(choir):
    assert dropped(choir(rows=[*TWELVE, {**TWELVE[0], "sent": ""}]).clean()) == {14: "duplicate"}


def test_who_the_same_is_does_not_hang_on_case_or_blanks(choir):
    assert dropped(choir(rows=[*TWELVE, {**TWELVE[0], "member": " m–01 "}]).clean()) == {2: "duplicate"}


def test_two_who_gave_no_name_are_two(choir):
    rows = [{**TWELVE[0], "member": ""}, {**TWELVE[0], "member": ""}]
    assert dropped(choir(rows=rows).clean()) == {}


def test_the_same_answers_are_not_the_same_respondent(choir):
    rows = [*TWELVE, {**TWELVE[0], "member": "M-99"}]
    assert len(choir(rows=rows).clean().responses) == 13


def test_a_row_is_dropped_by_the_first_rule_that_fits(choir):
    # A preview, which is also partial and a duplicate; and a partial one of a respondent whose full answer counts.
    preview = {**singer(1, "", "", "", "", "", {}), "source": "Preview"}
    later_but_partial = {**singer(2, "Low voice", "", "", "", "", {}), "sent": "31.03.2024"}
    cleaned = choir(rows=[*TWELVE, preview, later_but_partial]).clean()
    assert dropped(cleaned) == {14: "preview", 15: "partial"}
    assert cleaned.responses.set_index("source_row").loc[3, "voice"] == "high"
    assert adds_up(cleaned)


def test_an_empty_row_between_answers_is_told(choir):
    text = choir().folder.joinpath("spring", "responses.csv").read_text()
    lines = text.splitlines()
    cleaned = choir(export="\n".join([*lines[:4], "," * 15, *lines[4:], ""])).clean()
    assert dropped(cleaned) == {5: "empty"}
    assert cleaned.summary["rows_in"] == 13
    assert adds_up(cleaned)


def test_a_row_of_blanks_is_an_empty_row(choir):
    lines = choir().folder.joinpath("spring", "responses.csv").read_text().splitlines()
    cleaned = choir(export="\n".join([*lines[:4], " ,\u00a0" + "," * 14, *lines[4:], ""])).clean()
    assert dropped(cleaned) == {5: "empty"}


def test_empty_rows_at_the_end_are_no_rows(choir):
    text = written(surveymonkey(TWELVE)) + ("," * 17 + "\n") * 300
    cleaned = choir(export=text).clean()
    assert (cleaned.summary["rows_in"], cleaned.summary["rows_kept"]) == (12, 12)
    assert cleaned.summary["empty_rows_at_end"] == 300
    assert choir().clean().summary["empty_rows_at_end"] == 0


def test_a_rule_about_a_number_is_followed_or_refused(choir):
    """A rule that can never fit must not pass for one that fitted nobody."""
    study = choir(wave=WAVE.replace("test: {source: test}", 'short: {hours: "2"}'))
    try:
        cleaned = study.clean()
    except WaveError:
        return
    assert dropped(cleaned) == {2: "short"}


def test_when_no_row_is_left_nobody_makes_a_report_of_it(choir):
    with pytest.raises(ExportError, match="row"):
        choir(rows=[{**row, "source": "Preview"} for row in TWELVE]).clean()


# --- What texts mean --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "code", "ledger"),
    [
        ("High voice", "high", []),
        (
            " HIGH  voice\u00a0",
            "high",
            [(2, " HIGH  voice\u00a0", VALUE_MAPPED, "spelling", "the text means “High voice”")],
        ),
        ("soprano", "high", [(2, "soprano", VALUE_MAPPED, "codebook", "the text means “High voice”")]),
        ("Soprano ", "high", [(2, "Soprano ", VALUE_MAPPED, "codebook", "the text means “High voice”")]),
    ],
)
def test_a_text_is_read_as_the_answer_it_means(choir, text, code, ledger):
    cleaned = choir(rows=changed(1, voice=text)).clean()
    assert cleaned.responses["voice"][0] == code
    assert said(cleaned, "voice") == ledger


def test_the_id_of_a_code_is_no_answer(choir):
    """Ids are the codebook's own; a respondent who wrote one may have meant something else."""
    (problem,) = unknown(choir(rows=changed(1, voice="high")))
    assert problem.found == "'high', once"


def test_what_a_platform_writes_is_told_as_the_platforms(choir):
    codebook = CODEBOOK.replace("columns: [Status]", "columns: [Status]\n    platform: true")
    cleaned = choir(shape="qualtrics", codebook=codebook).clean()
    assert said(cleaned, "source") == [
        (row, "IP Address", VALUE_MAPPED, "platform", "the text means “By mail”") for row in range(4, 16)
    ]
    assert {one[3] for one in said(choir(shape="qualtrics").clean(), "source")} == {"codebook"}


@pytest.mark.parametrize(
    ("item", "text", "kind"),
    [
        ("voice", "", "no_answer"),
        ("voice", " \u00a0", "no_answer"),
        ("voice", "-", "no_answer"),
        ("voice", "N/A", "no_answer"),
        ("voice", "Prefer not to say", "refused"),
        ("voice", "Don’t know", "dont_know"),
        ("enjoys", "Can’t say", "dont_know"),
        ("hours", "don't know", "dont_know"),
        ("sent", "-", "no_answer"),
    ],
)
def test_a_text_that_is_no_answer(choir, item, text, kind):
    cleaned = choir(rows=changed(1, **{item: text})).clean()
    assert pd.isna(cleaned.responses[item][0])
    assert cleaned.responses[f"{item}.missing"][0] == kind
    told = [(row[0], row[2], row[3]) for row in said(cleaned, item) if row[0] == 2]
    assert told == ([(2, SET_MISSING, kind)] if text.strip() else [])


def test_what_is_no_answer_to_one_item_may_be_one_to_another(choir):
    # "can't say" is listed under `enjoys` alone
    (problem,) = unknown(choir(rows=changed(1, reads_music="can't say")))
    assert problem.found == '"can\'t say", once'


def test_a_code_comes_before_the_surveys_missing_texts(choir):
    codebook = CODEBOOK.replace("middle: Middle voice", "middle: {label: Middle voice, texts: [don't know]}")
    assert choir(rows=changed(1, voice="Don't know"), codebook=codebook).clean().responses["voice"][0] == "middle"


# --- Numbers and dates ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value", "told"),
    [
        ("7", 7, False),
        ("7.0", 7, False),
        ("0", 0, False),
        ("2000", 2000, False),
        ("1,234", 1234, True),
        ("1,234.5", 1234.5, True),
        ("7 hours", 7, True),
        ("7hours", 7, True),
        ("7 HOURS", 7, True),
        (" 7\u00a0hours ", 7, True),
        ("+7", 7, True),
        ("1 234", 1234, True),
        ("1\u202f234", 1234, True),  # a narrow space, as in French
        ("1'234", 1234, True),
        ("1.2E+03", 1200, True),  # as spreadsheets write it
    ],
)
def test_a_number_may_have_separators_and_its_unit(choir, text, value, told):
    cleaned = choir(rows=changed(1, hours=text)).clean()
    assert cleaned.responses["hours"][0] == value
    ledger = [(row[0], row[1], row[2], row[3]) for row in said(cleaned, "hours")]
    assert ledger == ([(2, text, VALUE_MAPPED, "number")] if told else [])


@pytest.mark.parametrize("text", ["1234567", "1,234,567"])
def test_the_ledger_says_a_large_number_in_full(choir, text):
    codebook = CODEBOOK.replace("maximum: 2000", "maximum: 9000000")
    cleaned = choir(rows=changed(1, hours=text), codebook=codebook).clean()
    assert cleaned.responses["hours"][0] == 1234567
    assert [row[4] for row in said(cleaned, "hours")] == (["the text means “1234567”"] if "," in text else [])


@pytest.mark.parametrize(
    "text", ["seven", "7-8", "about 7", "7,5", "1.234,5", "12,34", "1 23", "7 days", "-1", "2001", "1e3", "7%", "."]
)
def test_what_is_no_possible_number_is_asked_about(choir, text):
    (problem,) = unknown(choir(rows=changed(1, hours=text)))
    assert problem == Problem(
        "a number from 0 up to 2000",
        f"{text!r}, once",
        "responses.csv, row 2, column H (hours)",
        "say in codebook.yml what it means, under items.hours: under `missing`; or set `unit`, `decimal`, `ranges`, "
        "or widen `minimum` and `maximum`",
    )


@pytest.mark.parametrize(
    ("bounds", "expected"),
    [("", "a number"), ("minimum: 5", "a number from 5"), ("maximum: 9", "a number up to 9")],
    ids=["no bounds", "no upper bound", "no lower bound"],
)
def test_a_number_may_have_one_bound_or_none(choir, bounds, expected):
    codebook = CODEBOOK.replace("minimum: 0\n    maximum: 2000\n", f"{bounds}\n")
    rows = [{**row, "hours": row["hours"] and "7"} for row in TWELVE]
    assert choir(rows=rows, codebook=codebook).clean().responses["hours"].dropna().tolist() == [7] * 7
    rows[0]["hours"] = "seven"
    (problem,) = unknown(choir(rows=rows, codebook=codebook))
    assert problem.expected == expected


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("03.04.2024", "2024-04-03 00:00"),
        ("2024-04-03", "2024-04-03 00:00"),
        ("2024-04-03 17:05", "2024-04-03 17:05"),
        ("2024-04-03 17:05:00", "2024-04-03 17:05"),
        ("2024-04-03T17:05:00", "2024-04-03 17:05"),
    ],
)
def test_a_date_is_read_as_the_codebook_says_or_as_iso(choir, text, date):
    assert choir(rows=changed(1, sent=text)).clean().responses["sent"][0] == pd.Timestamp(date)


@pytest.mark.parametrize("text", ["04/03/2024", "31.02.2024", "March 2024", "45355", "2024-13-01"])
def test_a_date_that_is_none_is_asked_about(choir, text):
    (problem,) = unknown(choir(rows=changed(1, sent=text)))
    assert (problem.expected, problem.found) == ("a date written as %d.%m.%Y", f"{text!r}, once")
    assert problem.do == (
        "say in codebook.yml what it means, under items.sent: add how it is written to `formats`, "
        "or put it under `missing`"
    )


# --- Select all that apply --------------------------------------------------------------------------------------------

TICKS = ("sings.folk", "sings.sacred", "sings.none", "sings.other")


def ticked(
    choir, folk: str, sacred: str, none: str, other: str, codebook: str = CODEBOOK
) -> tuple[list[bool], str | None]:
    """Return what is read from these four cells of the first singer: ticks, and why there is none."""
    export = written([*_plain_head(), _first(folk, sacred, none, other)])
    responses = choir(export=export, codebook=codebook, wave=LENIENT).clean().responses
    missing = responses["sings.missing"][0]
    return responses.loc[0, list(TICKS)].tolist(), None if pd.isna(missing) else missing


def _plain_head() -> list[list[str]]:
    return SHAPES["plain"]([])


def _first(*cells: str) -> list[str]:
    row = SHAPES["plain"](TWELVE)[1]
    return [*row[:10], *cells, *row[14:]]


@pytest.mark.parametrize(
    ("yes", "no"),
    [
        ("1", "0"), ("1", ""), ("TRUE", "FALSE"), ("True", "False"), ("Yes", "No"), ("Checked", "Unchecked"),
        ("X", ""), ("Folk songs", ""), ("folk  SONGS", ""), ("Selected", "Not selected"),
    ],
)  # fmt: skip
def test_how_a_tick_can_look(choir, yes, no):
    assert ticked(choir, yes, no, no, "") == ([True, False, False, False], None)


@pytest.mark.parametrize("empty", ["", " ", "\u00a0"])
def test_nothing_in_any_cell_is_no_answer(choir, empty):
    assert ticked(choir, empty, empty, empty, "") == ([False] * 4, "no_answer")


@pytest.mark.parametrize("no", ["0", "FALSE", "false", "No", "Unchecked", "Not selected"])
def test_a_written_no_is_an_answer_that_ticks_nothing(choir, no):
    assert ticked(choir, no, no, no, "") == ([False] * 4, None)
    assert ticked(choir, "", no, "", "") == ([False] * 4, None)


def test_who_ticked_nothing_but_said_so_is_in_the_base(choir):
    """Singer 4 said no to each option: of all twelve, who answered, four sing folk songs."""
    head, *rows = SHAPES["plain"](TWELVE)
    rows[3][10:14] = ["0", "0", "0", ""]
    results = choir(export=written([head, *rows])).results()
    assert (results.row("folk")["count"], results.row("folk")["base"]) == (4, 12)


@pytest.mark.parametrize("kind", ["refused", "dont_know"])
def test_a_reason_given_beside_a_written_no_is_the_reason(choir, kind):
    text = {"refused": "Prefer not to say", "dont_know": "Don't know"}[kind]
    assert ticked(choir, "0", "0", "0", text) == ([False] * 4, kind)


@pytest.mark.parametrize("text", ["folk", "sacred"])
def test_the_id_of_a_code_is_no_tick(choir, text):
    (problem,) = unknown(choir(export=written([*_plain_head(), _first(text, "", "", "")])))
    assert problem.found == f"{text!r}, once"


@pytest.mark.parametrize(
    ("shape", "text", "noted"),
    [
        ("plain", "Folk songs", False),
        ("plain", "1", False),
        ("plain", "FOLK songs", True),
        ("plain", "Folk  songs", False),
        ("plain", "ballads", True),
        ("surveymonkey", "Folk songs", False),
        ("surveymonkey", "folk songs", True),
        ("qualtrics", "Folk songs", False),
        ("qualtrics", "ballads", True),
    ],
)
def test_a_tick_written_otherwise_than_its_option_is_noted(choir, shape, text, noted):
    codebook = CODEBOOK.replace("{label: Folk songs,", "{label: Folk songs, texts: [ballads],")
    head, answers = written(SHAPES[shape](changed(1, sings={}))).split("M-01", 1)
    line = answers.split("\n", 1)[0]
    cells = line.split(",")
    cells[10] = text  # the tenth after the membership number
    cleaned = choir(
        shape=shape, codebook=codebook, export=head + "M-01" + answers.replace(line, ",".join(cells), 1)
    ).clean()
    assert cleaned.responses["sings.folk"][0]
    row = cleaned.responses["source_row"][0]
    assert said(cleaned, "sings") == (
        [(row, text, VALUE_MAPPED, "spelling", "the text means “Folk songs”")] if noted else []
    )


def test_an_open_answer_is_never_noted(choir):
    rows = changed(1, sings={"folk": "x", "other": "OTHER (please specify)"})
    assert said(choir(rows=rows).clean(), "sings") == []


def test_none_of_these_is_an_answer(choir):
    assert ticked(choir, "", "", "None of these", "") == ([False, False, True, False], None)


@pytest.mark.parametrize("text", ["shanties", "Other (please specify)", "1", "TRUE", "x"])
def test_any_text_is_an_open_answer(choir, text):
    assert ticked(choir, "", "", "", text) == ([False, False, False, True], None)


@pytest.mark.parametrize("text", ["0", "FALSE", "No", "Unchecked", "Not selected"])
def test_an_open_answer_that_was_not_ticked(choir, text):
    assert ticked(choir, "1", "0", "0", text) == ([True, False, False, False], None)


def test_a_refusal_listed_in_the_codebook_is_understood_in_every_column(choir):
    codebook = CODEBOOK.replace("kind: multiple", "kind: multiple\n    missing: {refused: [no comment]}")
    assert ticked(choir, *["No comment"] * 3, "", codebook=codebook) == ([False] * 4, "refused")


def test_why_nothing_was_ticked_is_noted_once(choir):
    cells = ["Prefer not to say"] * 3
    cleaned = choir(export=written([*_plain_head(), _first(*cells, "")]), wave=LENIENT).clean()
    assert said(cleaned, "sings") == [(2, "Prefer not to say", SET_MISSING, "refused", "the text means “refused”")]


def test_beside_a_tick_a_text_that_is_no_answer_sets_nothing_missing(choir):
    cleaned = choir(export=written([*_plain_head(), _first("1", "n/a", "-", "")])).clean()
    assert cleaned.responses.loc[0, list(TICKS)].tolist() == [True, False, False, False]
    assert said(cleaned, "sings") == [(2, "-", VALUE_MAPPED, "codebook", "the text means “not ticked”")]


def test_why_nothing_was_ticked_is_not_noted_of_a_personal_question(choir):
    codebook = CODEBOOK.replace("kind: multiple", "kind: multiple\n    personal: true")
    codebook = codebook.replace("item: sings, counts: sacred, base: asked", "item: voice, counts: low").replace(
        "item: sings, counts: folk", "item: voice, counts: high"
    )
    study = choir(export=written([*_plain_head(), _first("-", "", "", "")]), codebook=codebook)
    assert said(study.clean(), "sings") == []


def test_a_label_of_another_option_is_no_tick(choir):
    (problem,) = unknown(choir(export=written([*_plain_head(), _first("Sacred music", "", "", "")])))
    assert problem.found == "'Sacred music', once"
    assert problem.where == "responses.csv, row 2, column K (sings)"


@pytest.mark.parametrize("shape", SHAPES)
def test_what_a_tick_should_be_is_said_in_every_format(choir, shape):
    letter = {"plain": "K", "surveymonkey": "M", "qualtrics": "K"}[shape]
    export = written(SHAPES[shape](changed(1, sings={})))
    head, answers = export.split("M-01", 1)
    cells = answers.split("\n", 1)[0]
    assert cells.count(",Agree,") == 1
    broken = cells.replace(",Agree,", ",Agree,perhaps", 1)
    (problem,) = unknown(choir(shape=shape, export=head + "M-01" + answers.replace(cells, broken, 1)))
    assert problem.expected == "'Folk songs' or an empty cell"
    assert problem.found == "'perhaps', once"
    assert f"column {letter} (sings)" in problem.where


# --- Who was asked ----------------------------------------------------------------------------------------------------


def test_an_answer_of_somebody_who_was_not_asked_is_set_aside(choir):
    cleaned = choir(rows=changed(5, solo="Yes", hours="3")).clean()  # singer 5 does not rehearse
    assert cleaned.responses.loc[4, ["solo.missing", "hours.missing"]].tolist() == ["not_asked"] * 2
    assert pd.isna(cleaned.responses["solo"][4])
    assert pd.isna(cleaned.responses["hours"][4])
    assert said(cleaned, "solo") == [(6, "", SET_MISSING, "routing", "answered though not asked")]
    assert said(cleaned, "hours") == [(6, "", SET_MISSING, "routing", "answered though not asked")]
    assert cleaned.summary["rows_dropped"] == 0


def test_routing_follows_routing(choir):
    # Hours are asked of those who sang a solo, solos of those who rehearse: singer 5's answers fall one after another.
    codebook = CODEBOOK.replace("maximum: 2000\n    ask_if: {rehearses: yes}", "maximum: 2000\n    ask_if: {solo: yes}")
    cleaned = choir(rows=changed(5, solo="Yes", hours="3"), codebook=codebook).clean()
    assert cleaned.responses.loc[4, ["solo.missing", "hours.missing"]].tolist() == ["not_asked"] * 2
    assert cleaned.responses["hours"].notna().sum() == 4  # singers 1, 3, 7 and 11


def test_ticks_of_somebody_who_was_not_asked_are_set_aside(choir):
    codebook = CODEBOOK.replace("kind: multiple", "kind: multiple\n    ask_if: {voice: low}")
    cleaned = choir(codebook=codebook, wave=LENIENT).clean()
    asked = cleaned.responses["sings.missing"].isna()
    assert asked[asked].index.tolist() == [6, 7, 8, 9, 10]
    assert not cleaned.responses.loc[~asked, list(TICKS)].any(axis=None)
    assert len(said(cleaned, "sings")) == 6  # all but singer 4, who ticked nothing


def test_an_item_the_wave_did_not_ask(choir):
    wave = WAVE.replace("[sings_other]", "[sings_other, solo, sings]")
    records = [[*row[:6], *row[7:10], *row[14:]] for row in SHAPES["plain"](TWELVE)]
    responses = choir(export=written(records), wave=wave).clean().responses
    assert set(responses["solo.missing"]) == set(responses["sings.missing"]) == {"not_asked"}
    assert not responses[list(TICKS)].any(axis=None)


# --- Answers nobody can explain ---------------------------------------------------------------------------------------


def test_an_unknown_answer_is_told_with_its_rows_and_count(choir):
    rows = [{**row, "voice": "Barytone"} if k in (2, 5, 9) else row for k, row in enumerate(TWELVE)]
    (problem,) = unknown(choir(rows=rows))
    assert problem == Problem(
        "one of High voice; Middle voice; Low voice",
        "'Barytone', 3 times",
        "responses.csv, rows 4, 7, 11, column E (voice)",
        "say in codebook.yml what it means, under items.voice: as one of a code's `texts`, or under `missing`",
    )


def test_many_rows_are_not_all_listed(choir):
    (problem,) = unknown(choir(rows=[{**row, "reads_music": "A bit"} for row in TWELVE]))
    assert problem.found == "'A bit', 12 times"
    assert problem.where == "responses.csv, rows 2, 3, 4, 5, 6, 7, 8, 9 …, column J (reads_music)"


def test_all_unknown_answers_are_told_at_once(choir):
    rows = changed(1, voice="Barytone", hours="a lot", enjoys="Perhaps", sings={"folk": "x"}, sent="yesterday")
    problems = unknown(choir(rows=rows))
    assert {problem.where.rpartition("(")[2] for problem in problems} == {"voice)", "hours)", "enjoys)", "sent)"}
    with pytest.raises(AnswersError) as caught:
        choir(rows=rows).clean()
    assert str(caught.value).startswith("The export holds answers that the codebook does not explain. 4 problems:\n")


def test_an_unknown_answer_in_a_row_that_is_dropped_stops_nobody(choir):
    rows = [*TWELVE, {**THIRTEENTH, "source": "Preview", "voice": "asdf", "hours": "asdf"}]
    cleaned = choir(rows=rows).clean()
    assert dropped(cleaned) == {14: "preview"}
    assert "asdf" not in cleaned.ledger.to_csv()


def test_an_unknown_answer_is_counted_in_kept_rows_only(choir):
    rows = [*changed(1, voice="asdf"), {**THIRTEENTH, "source": "Preview", "voice": "asdf"}]
    (problem,) = unknown(choir(rows=rows))
    assert (problem.found, problem.where) == ("'asdf', once", "responses.csv, row 2, column E (voice)")


# --- What is personal -------------------------------------------------------------------------------------------------


def everything_written(study: Study) -> str:
    """Return all that cleaning hands on, as text."""
    cleaned = study.clean()
    parts = [
        cleaned.responses.to_csv(),
        cleaned.ledger.to_csv(),
        json.dumps(cleaned.summary),
        json.dumps(cleaned.columns),
    ]
    return "\n".join(parts)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(
    "planted",
    [
        {"email": SECRET},
        {"member": SECRET},
        {"remarks": SECRET},
        {"sings": {"folk": "x", "other": SECRET}},
    ],
    ids=["e-mail", "member", "remarks", "other, please specify"],
)
def test_personal_values_stay_in_the_raw_file(choir, shape, planted):
    study = choir(rows=changed(1, **planted), shape=shape)
    assert SECRET in (study.folder / "spring" / "responses.csv").read_text()
    assert SECRET not in everything_written(study)


def test_columns_of_personal_items_are_no_columns_of_the_responses(choir):
    cleaned = choir(shape="qualtrics").clean()
    names = {column.split(".")[0] for column in cleaned.responses}
    assert not names & {"member", "email", "remarks", "sings_other"}
    assert not set(cleaned.columns) & {"member", "email", "remarks", "sings_other"}


@pytest.mark.parametrize("kind", ["quantity", "date", "single, codes: {yes: Yes}"])
def test_an_unknown_personal_answer_is_asked_about_without_being_shown(choir, kind):
    codebook = CODEBOOK.replace("{question: Email Address, kind: text", f"{{question: Email Address, kind: {kind}")
    rows = changed(1, email=SECRET)
    rows = [{**row, "email": "" if row["email"] != SECRET else SECRET} for row in rows]
    (problem,) = unknown(choir(rows=rows, codebook=codebook))
    assert problem.found == "a text (not shown: the item is personal), once"
    assert SECRET not in str(problem)


def test_an_unknown_tick_of_a_personal_question_is_not_shown(choir):
    codebook = CODEBOOK.replace("kind: multiple", "kind: multiple\n    personal: true")
    codebook = codebook.replace("item: sings, counts: sacred, base: asked", "item: voice, counts: low").replace(
        "item: sings, counts: folk", "item: voice, counts: high"
    )
    export = written([*_plain_head(), _first(SECRET, "", "", "")])
    (problem,) = unknown(choir(export=export, codebook=codebook))
    assert SECRET not in str(problem)


def test_a_routing_contradiction_does_not_quote_a_personal_answer(choir):
    codebook = CODEBOOK.replace(
        '"Anything else?", kind: text', '"Anything else?", kind: text, ask_if: {rehearses: yes}'
    )
    cleaned = choir(rows=changed(5, remarks=SECRET), codebook=codebook).clean()
    assert said(cleaned, "remarks") == [(6, "", SET_MISSING, "routing", "answered though not asked")]


def test_a_personal_answer_may_set_a_row_aside_and_stays_unquoted(choir):
    wave = WAVE.replace("test: {source: test}", f"test: {{email: {SECRET}}}")
    cleaned = choir(rows=changed(1, email=SECRET), wave=wave).clean()
    assert dropped(cleaned) == {2: "test"}
    assert SECRET not in cleaned.ledger.to_csv()
    assert SECRET not in json.dumps(cleaned.summary)
    assert cleaned.ledger["detail"][0] == "“Email Address”: an answer that is not shown"


# --- The ledger and its sums ------------------------------------------------------------------------------------------


def test_the_ledger_and_the_summary_add_up(choir):
    rows = [
        {**THIRTEENTH, "source": "Preview"},
        *changed(5, voice="soprano", solo="Yes", hours="1,000 hours"),
        singer(14, "", "", "", "", "", {}),
        {**TWELVE[1], "sent": "31.03.2024"},
    ]
    cleaned = choir(rows=rows).clean()
    assert adds_up(cleaned)
    assert list(cleaned.ledger) == LEDGER_COLUMNS
    assert (cleaned.summary["rows_in"], cleaned.summary["rows_kept"]) == (15, 12)
    assert [(one["action"], one["rule"], one["count"]) for one in cleaned.summary["rules"]] == [
        (ROW_DROPPED, "preview", 1),
        (ROW_DROPPED, "duplicate", 1),
        (ROW_DROPPED, "partial", 1),
        (SET_MISSING, "routing", 2),  # singer 5's solo and hours
        (SET_MISSING, "dont_know", 1),  # singer 6's "can't say"
        (VALUE_MAPPED, "number", 1),
        (VALUE_MAPPED, "codebook", 1),
    ]
    assert sum(one["count"] for one in cleaned.summary["rules"]) == len(cleaned.ledger)


def test_of_a_dropped_row_the_ledger_says_only_that(choir):
    rows = [*TWELVE, {**THIRTEENTH, "source": "Preview", "voice": "soprano", "hours": "7 hours"}]
    ledger = choir(rows=rows).clean().ledger
    assert ledger.loc[ledger["source_row"] == 14, "action"].tolist() == [ROW_DROPPED]


def test_the_ledger_names_the_respondents_of_the_responses(choir):
    cleaned = choir(rows=changed(1, voice="soprano")).clean()
    names = dict(zip(cleaned.responses["source_row"], cleaned.responses["respondent"], strict=True))
    assert all(names[one.source_row] == one.respondent for one in cleaned.ledger.itertuples())


def test_an_empty_ledger_has_its_columns(choir):
    cleaned = choir(rows=changed(6, enjoys="Agree")).clean()
    assert list(cleaned.ledger) == LEDGER_COLUMNS
    assert cleaned.ledger.empty
    assert cleaned.summary["rules"] == []


def test_the_summary_says_what_was_read(choir):
    summary = choir(shape="surveymonkey").clean().summary
    assert (summary["file"], summary["format"], summary["encoding"], summary["separator"]) == (
        "responses.csv", "surveymonkey", "utf-8", ",",
    )  # fmt: skip
    assert summary["columns"] == 18


def test_cleaning_twice_gives_the_same(choir):
    study = choir()
    one, two = study.clean(), study.clean()
    assert one.ledger.equals(two.ledger)
    assert one.summary == two.summary
