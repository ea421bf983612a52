"""What a cell means, by its text, its state, its neighbours and the codebook; each test is a handful of cells."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import yaml

from impact_report.cleaning import Cleaned, clean
from impact_report.codebook import Codebook
from impact_report.errors import AnswersError, ExportError
from impact_report.ledger import SET_MISSING, VALUE_MAPPED
from impact_report.readers import Column, Export
from impact_report.wave import Wave

WAVE = {
    "title": "A wave",
    "fielded": {"start": "2024-03-01", "end": "2024-03-31"},
    "reference_date": {"date": "2024-03", "source": "a page"},
    "respondents": "persons",
    "smallest_count": 5,
    "population": {"universe": "everybody"},
    "method": {"strategy": "a", "sponsor": "b", "recruitment": "c", "mode": "d", "limitations": "e"},
}


def codebook(items: str, missing: str = "{}") -> Codebook:
    """Return a codebook of these items, and of one question that everybody answers."""
    known = {"here": {"question": "Here?", "kind": "single", "codes": {"yes": "Yes"}}, **yaml.safe_load(items)}
    indicator = {"id": "one", "statement": "are here", "item": "here", "counts": "yes"}
    return Codebook.model_validate(
        {
            "survey": {"id": "s", "title": "S", "subject": "s"},
            "missing": yaml.safe_load(missing),
            "items": known,
            "sections": [{"id": "a", "title": "A", "indicators": [indicator]}],
        }
    )


def export(columns: dict[str, list[str]], options: dict[str, str] | None = None, **more) -> Export:
    """Return an export of these columns, header → cells; `options` says header → question for option columns."""
    cells = {"Here?": ["Yes"] * len(next(iter(columns.values()))), **columns}
    described = [
        Column(k, name, (options or {}).get(name, name), name if name in (options or {}) else None, "")
        for k, name in enumerate(cells)
    ]
    text = pd.DataFrame(
        {k: pd.Categorical(one) for k, one in enumerate(cells.values())},
        index=pd.RangeIndex(2, 2 + len(cells["Here?"])),
    )
    return Export("plain", tuple(described), text, **more)


def cleaned(items: str, columns: dict[str, list[str]], missing: str = "{}", options=None, rows=None, **more) -> Cleaned:
    wave = Wave.model_validate({**WAVE, "rows": rows or {}})
    return clean(export(columns, options, **more), codebook(items, missing), wave, "file.csv")


def told(result: Cleaned) -> list[tuple]:
    """Return what the ledger says: row, value, action, rule."""
    return list(result.ledger[["source_row", "value", "action", "rule"]].itertuples(index=False, name=None))


def answers(result: Cleaned, name: str) -> list:
    """Return an item's answers, or why there is none."""
    responses = result.responses
    return [
        value if pd.isna(kind) else kind
        for value, kind in zip(responses[name], responses[f"{name}.missing"], strict=True)
    ]


# --- States -----------------------------------------------------------------------------------------------------------

ROLE = "role: {question: 'Role?', kind: single, codes: {firm: Firm, school: School}}"


def test_what_was_not_shown_was_not_asked():
    marked = {1: np.array([False, False, True, True])}
    result = cleaned(ROLE, {"Role?": ["Firm", "", "", "N/A"]}, not_shown=marked)
    assert answers(result, "role") == ["firm", "no_answer", "not_asked", "not_asked"]
    assert told(result) == [(5, "N/A", SET_MISSING, "not_asked")]


def test_what_the_file_declares_to_be_no_answer_is_none_and_told():
    marked = {1: np.array([False, True, True])}
    result = cleaned(ROLE, {"Role?": ["Firm", "Refused", "8"]}, "{refused: [refused]}", user_missing=marked)
    assert answers(result, "role") == ["firm", "refused", "no_answer"]
    assert told(result) == [(3, "Refused", SET_MISSING, "refused"), (4, "8", SET_MISSING, "declared_missing")]


def test_a_code_of_the_codebook_is_an_answer_whatever_the_file_declares():
    marked = {1: np.array([False, True])}
    result = cleaned(ROLE, {"Role?": ["Firm", "School"]}, user_missing=marked)
    assert answers(result, "role") == ["firm", "school"]


# --- Numbers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("keys", "text", "value"),
    [
        ("decimal: ','", "1.234,5", 1234.5),
        ("decimal: ','", "7,5", 7.5),
        ("decimal: ','", "1 234", 1234),
        ("unit: $", "$1,250", 1250),
        ("unit: $", "1,250 $", 1250),
        ("unit: km", "12.5 KM", 12.5),
        ("ranges: middle", "10-20", 15),
        ("ranges: middle", "10 – 20", 15),
        ("ranges: middle", "10 to 20", 15),
        ("ranges: middle, unit: hours", "1-2 hours", 1.5),
        ("minimum: -5", "-3", -3),
        ("minimum: -5", "−3", -3),
    ],
)
def test_a_quantity_is_read_as_the_codebook_says(keys, text, value):
    result = cleaned(f"paid: {{question: 'Paid?', kind: quantity, {keys}}}", {"Paid?": [text]})
    assert answers(result, "paid") == [value]
    assert told(result)[0][1:3] == (text, VALUE_MAPPED)


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        ("unit: ''", "10-20"),
        ("decimal: ','", "1.5"),  # neither thousands nor a decimal comma
        ("ranges: middle", "20-10"),
        ("ranges: middle, maximum: 12", "10-20"),
        ("unit: km", "12 miles"),
    ],
)
def test_what_is_no_number_by_the_codebook_is_asked_about(keys, text):
    with pytest.raises(AnswersError) as caught:
        cleaned(f"paid: {{question: 'Paid?', kind: quantity, {keys}}}", {"Paid?": [text]})
    (problem,) = caught.value.problems
    assert problem.expected.startswith("a number")
    assert problem.found == f"{text!r}, once"


def test_a_text_may_stand_for_a_number():
    items = "drinks: {question: 'Drinks?', kind: quantity, maximum: 96, numbers: {None: 0, 96 or more: 96}}"
    result = cleaned(items, {"Drinks?": ["3", "none", "96 or more"]})
    assert answers(result, "drinks") == [3, 0, 96]
    assert told(result) == [(3, "none", VALUE_MAPPED, "codebook"), (4, "96 or more", VALUE_MAPPED, "codebook")]


def test_a_number_that_means_no_answer_is_none_however_it_is_written():
    items = "age: {question: 'Age?', kind: quantity, missing: {refused: ['999', '99.0']}}"
    result = cleaned(items, {"Age?": ["31", "999", "99.0", "99", "0999", "999.0"]})
    assert answers(result, "age") == [31, *["refused"] * 5]


def test_a_number_that_means_no_answer_is_none_beside_words_too():
    codes = "{firm: '1', other: {label: Other, open: true}}"
    items = f"role: {{question: 'Role?', kind: single, codes: {codes}, missing: {{refused: '99'}}}}"
    assert answers(cleaned(items, {"Role?": ["1.0", "99.0"]}), "role") == ["firm", "refused"]


@pytest.mark.parametrize("text", ["1999 500", "3.5 000", "020 123", "1,234 567"])
def test_numbers_side_by_side_are_no_thousands(text):
    with pytest.raises(AnswersError):
        cleaned("paid: {question: 'Paid?', kind: quantity}", {"Paid?": [text]})


def test_what_looks_personal_is_told_to_nobody():
    with pytest.raises(AnswersError) as caught:
        cleaned(ROLE, {"Role?": ["jane.doe@example.org"]})
    assert caught.value.problems[0].found == "a text (not shown: it looks personal), once"


# --- Dates ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("formats", "text", "value"),
    [
        ("[]", "2024-03-04", "2024-03-04"),
        ("[]", "2024-03-04 17:08:09", "2024-03-04 17:08:09"),
        ("[]", "2024-03-04T17:08:09.250+02:00", "2024-03-04 17:08:09.250"),  # as the clock showed there
        ("[]", "2024-03-04T17:08:09Z", "2024-03-04 17:08:09"),
        ("['%m/%d/%Y']", "3/4/2024", "2024-03-04"),
        ("['%d/%m/%Y']", "3/4/2024", "2024-04-03"),
        ("['%m/%d/%Y %H:%M', '%m/%d/%Y']", "03/04/2024", "2024-03-04"),
        ("['%d-%b-%y']", "23-avr-25", "2025-04-23"),
        ("['%d. %B %Y']", "3. März 2024", "2024-03-03"),
        ("['%d.%m.%Y %H:%M %z']", "04.03.2024 17:08 +01:00", "2024-03-04 17:08:00"),
        ("[]", "2025/09/01 8:00:00 PM GMT+2", "2025-09-01 20:00:00"),  # Google Forms' own
        ("[excel]", "45355.75", "2024-03-04 18:00:00"),
        ("[excel]", "2024-03-04", "2024-03-04"),
    ],
)
def test_a_date_is_read_in_the_order_that_is_said(formats, text, value):
    result = cleaned(f"sent: {{question: 'Sent?', kind: date, formats: {formats}}}", {"Sent?": [text]})
    assert answers(result, "sent") == [pd.Timestamp(value)]


def test_a_serial_number_read_as_a_date_is_told():
    result = cleaned("sent: {question: 'Sent?', kind: date, formats: excel}", {"Sent?": ["45355", "2024-03-04"]})
    assert told(result) == [(2, "45355", VALUE_MAPPED, "spreadsheet")]


@pytest.mark.parametrize("text", ["3/4/2024", "45355", "2024-13-01", "soon"])
def test_a_date_whose_order_is_not_said_is_asked_about(text):
    with pytest.raises(AnswersError, match="a date written as 2019-06-30"):
        cleaned("sent: {question: 'Sent?', kind: date}", {"Sent?": [text]})


# --- Changed by spreadsheets and encodings ----------------------------------------------------------------------------

STAFF = """
staff:
  question: 'How many employees?'
  kind: scale
  codes: {one: '1', few: 2-5, some: 6-9, many: 10-49, most: 50+}
"""


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("5-Feb", "few"),
        ("Feb-05", "few"),
        ("2026-02-05 00:00:00", "few"),
        ("02/05/2026", "few"),
        ("46058", "few"),  # 2026-02-05 as a serial number
        ("9-Jun", "some"),
        ("Oct-49", "many"),
        ("1949-10-01", "many"),
        ("2–5", "few"),
        ("1.0", "one"),
    ],
)
def test_what_a_spreadsheet_made_of_an_answer_is_undone_and_told(text, code):
    result = cleaned(STAFF, {"How many employees?": [text]})
    assert answers(result, "staff") == [code]
    assert told(result)[0][:3] == (2, text, VALUE_MAPPED)


@pytest.mark.parametrize(
    ("text", "code"),
    [("06. Okt", "tens"), ("03.Mai", "fives"), ("3-mai", "fives"), ("6-oct", "tens"), ("oct.-06", "tens")],
)
def test_a_spreadsheet_of_another_language_is_undone_too(text, code):
    items = "size: {question: 'Size?', kind: single, codes: {fives: 3-5, tens: 6-10}}"
    assert answers(cleaned(items, {"Size?": [text]}), "size") == [code]


@pytest.mark.parametrize(
    ("known", "text"),
    [
        (["1", "2"], "100%"),
        (["C", "C#"], "C?"),
        (["Yes!", "No"], "Yes?"),
        (["100%", "50%"], "1%"),
        (["None", "Some"], "?"),
    ],
)
def test_a_repair_is_no_guess(known, text):
    codes = ", ".join(f"c{k}: '{label}'" for k, label in enumerate(known))
    with pytest.raises(AnswersError):
        cleaned(f"one: {{question: 'One?', kind: single, codes: {{{codes}}}}}", {"One?": [text]})


@pytest.mark.parametrize("text", ["7-Mar", "5-Feb-2026 10:00", "3", "49"])
def test_what_can_have_been_no_answer_is_asked_about(text):
    with pytest.raises(AnswersError):
        cleaned(STAFF, {"How many employees?": [text]})


def test_what_can_have_been_two_answers_is_asked_about():
    items = "score: {question: 'Score?', kind: single, codes: {a: 2-5, b: 5-2}}"
    with pytest.raises(AnswersError):
        cleaned(items, {"Score?": ["5-Feb"]})


def test_letters_lost_on_the_way_are_found_again():
    items = "why: {question: 'Why?', kind: single, codes: {not: It isn’t needed, cafe: The café, other: Other}}"
    result = cleaned(items, {"Why?": ["It isn?t needed", "It isnâ€™t needed", "The caf\ufffd", "Other"]})
    assert answers(result, "why") == ["not", "not", "cafe", "other"]
    assert [rule for *_, rule in told(result)] == ["encoding"] * 3


# --- Several answers --------------------------------------------------------------------------------------------------

HELP = """
help:
  question: 'Which help?'
  kind: multiple
  codes: {training: Training, money: 'Money, loans and grants', contacts: Contacts}
"""


def ticked(result: Cleaned, item: str = "help") -> list[list[str] | str]:
    """Return the codes ticked in each row, or why there is no answer."""
    columns = [one for one in result.responses if one.startswith(f"{item}.") and not one.endswith(".missing")]
    return [
        kind if isinstance(kind, str) else [one.removeprefix(f"{item}.") for one in columns if row[one]]
        for (_, row), kind in zip(result.responses.iterrows(), result.responses[f"{item}.missing"], strict=True)
    ]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Training", ["training"]),
        ("Training;Contacts", ["training", "contacts"]),
        ("Training; Contacts;", ["training", "contacts"]),
        ("Training, Money, loans and grants, Contacts", ["training", "money", "contacts"]),
        ("Money, loans and grants", ["money"]),
        ("MONEY,  LOANS AND GRANTS;training", ["training", "money"]),
        ("Contacts\nTraining", ["training", "contacts"]),
        ("", "no_answer"),
    ],
)
def test_answers_that_share_a_cell_are_taken_apart_by_the_options(text, codes):
    assert ticked(cleaned(HELP, {"Which help?": [text]})) == [codes]


def test_a_separator_of_the_codebook_goes_before_guesses():
    items = HELP + "  separator: ' / '\n"
    assert ticked(cleaned(items, {"Which help?": ["Training / Contacts"]})) == [["training", "contacts"]]
    with pytest.raises(AnswersError):
        cleaned(items, {"Which help?": ["Training;Contacts"]})


def test_each_piece_that_no_option_explains_is_asked_about_once():
    with pytest.raises(AnswersError) as caught:
        cleaned(HELP, {"Which help?": ["Training, Advice", "Advice", "Hope"]})
    assert [problem.found for problem in caught.value.problems] == ["'advice', 2 times", "'hope', once"]
    assert caught.value.problems[0].where == "file.csv, rows 2, 3, column B (help)"


def test_an_open_option_takes_any_other_text_and_tells_it_to_nobody():
    items = HELP.replace("contacts: Contacts", "other: {label: Other, open: true}")
    result = cleaned(items, {"Which help?": ["Training, my aunt, and her dog", "Other"]})
    assert ticked(result) == [["training", "other"], ["other"]]
    assert told(result) == [(2, "", VALUE_MAPPED, "own_words")]


def test_an_open_answer_takes_any_other_text_and_tells_it_to_nobody():
    items = "role: {question: 'Role?', kind: single, codes: {firm: Firm, other: {label: Other, open: true}}}"
    result = cleaned(items, {"Role?": ["Firm", "I am Thirza Plantagenet", "Other", ""]})
    assert answers(result, "role") == ["firm", "other", "other", "no_answer"]
    assert told(result) == [(3, "", VALUE_MAPPED, "own_words")]


def test_a_missing_kind_fills_the_whole_cell():
    result = cleaned(HELP, {"Which help?": ["Don't know", "Training"]}, "{dont_know: [don't know]}")
    assert ticked(result) == ["dont_know", ["training"]]
    assert told(result) == [(2, "Don't know", SET_MISSING, "dont_know")]


def test_columns_that_each_hold_one_of_the_answers():
    """As with race_1, race_2 …: each cell holds a code, in the order in which they were said."""
    items = HELP.replace("kind: multiple", "kind: multiple\n  columns: [help_1, help_2]")
    result = cleaned(items, {"help_1": ["Training", "Contacts", ""], "help_2": ["Contacts", "", ""]})
    assert ticked(result) == [["training", "contacts"], ["contacts"], "no_answer"]


@pytest.mark.parametrize(
    ("tick", "blank"),
    [
        ("1", "0"),
        ("Yes", "No"),
        ("Checked", "Unchecked"),
        ("Y", "N"),
        ("TRUE", "FALSE"),
        ("x", ""),
        ("Ja", "Nein"),
        ("Oui", "Non"),
    ],
)
def test_ticks_as_platforms_write_them(tick, blank):
    columns = {
        "Training": [tick, blank, blank],
        "Money, loans and grants": [blank] * 3,
        "Contacts": [tick, tick, blank],
    }
    result = cleaned(HELP, columns, options=dict.fromkeys(columns, "Which help?"))
    nothing = "no_answer" if blank == "" else []
    assert ticked(result) == [["training", "contacts"], ["contacts"], nothing]


def test_an_option_that_is_called_like_no_tick_is_still_an_option():
    """As REDCap's topics___0: ticks are 1 and 0, whatever the options are called."""
    items = "topics: {question: 'Topics?', kind: multiple, codes: {none: '0', some: '1', never: 'No'}}"
    columns = {"0": ["0", "1", "0"], "1": ["1", "0", "0"], "No": ["0", "0", "1"]}
    result = cleaned(items, columns, options=dict.fromkeys(columns, "Topics?"))
    assert ticked(result, "topics") == [["some"], ["none"], ["never"]]


def test_an_option_that_is_called_no_is_ticked_by_its_name_where_names_are_ticks():
    items = "any: {question: 'Any?', kind: multiple, codes: {never: 'No', later: Later}}"
    columns = {"No": ["No", "", ""], "Later": ["", "Later", ""]}
    assert ticked(cleaned(items, columns, options=dict.fromkeys(columns, "Any?")), "any") == [
        ["never"],
        ["later"],
        "no_answer",
    ]


def test_a_written_no_where_nothing_was_shown_is_no_answer():
    columns = {"Training": ["1", "0", "0"], "Money, loans and grants": ["0"] * 3, "Contacts": ["0"] * 3}
    hidden = {k: np.array([False, False, True]) for k in (1, 2, 3)}
    result = cleaned(HELP, columns, options=dict.fromkeys(columns, "Which help?"), not_shown=hidden)
    assert ticked(result) == [["training"], [], "not_asked"]


def test_a_text_that_is_no_answer_goes_before_the_words_of_ticks():
    items = HELP + "  missing: {not_asked: ['0']}\n"
    columns = {"Training": ["1", "0"], "Money, loans and grants": ["0", "0"], "Contacts": ["0", "0"]}
    result = cleaned(items, columns, options=dict.fromkeys(columns, "Which help?"))
    assert ticked(result) == [["training"], "not_asked"]


def test_a_text_that_is_no_answer_among_others_is_no_tick():
    items = HELP.replace("contacts: Contacts", "other: {label: Other, open: true}")
    result = cleaned(items, {"Which help?": ["Training;Prefer not to say", "Prefer not to say"]},
                     "{refused: [prefer not to say]}")  # fmt: skip
    assert ticked(result) == [["training"], "refused"]
    assert told(result) == [
        (3, "Prefer not to say", SET_MISSING, "refused"),
        (2, "prefer not to say", VALUE_MAPPED, "codebook"),
    ]


def test_words_are_no_separators():
    items = "tools: {question: 'Tools?', kind: multiple, codes: {google: Google, docs: Docs, google_docs: Google Docs}}"
    result = cleaned(items, {"Tools?": ["Google Docs", "Google; Docs", "Docs\nGoogle"]})
    assert ticked(result, "tools") == [["google_docs"], ["google", "docs"], ["google", "docs"]]
    with pytest.raises(AnswersError):
        cleaned(items.replace("google_docs: Google Docs", "other: Other"), {"Tools?": ["Google Docs"]})


def test_a_cell_that_can_be_read_in_two_ways_is_asked_about():
    items = "pay: {question: 'Pay?', kind: multiple, codes: {pay: Pay, hours: Hours, both: 'Pay, Hours'}}"
    with pytest.raises(AnswersError) as caught:
        cleaned(items, {"Pay?": ["Pay, Hours", "Pay"]})
    assert [problem.found for problem in caught.value.problems] == ["'pay, hours', once"]


def test_the_one_reading_that_explains_a_cell_is_found():
    items = "food: {question: 'Food?', kind: multiple, codes: {a: a, ab: 'a, b', bc: 'b, c'}}"
    assert ticked(cleaned(items, {"Food?": ["a, b, c"]}), "food") == [["a", "bc"]]


def test_twenty_thousand_different_cells_are_told_at_once():
    """In words of one's own nearly every cell differs; noting them one by one took minutes."""
    items = HELP.replace("contacts: Contacts", "other: {label: Other, open: true}")
    result = cleaned(items, {"Which help?": [f"Training, matter {k}" for k in range(20_000)]})
    assert result.responses[["help.training", "help.other"]].all(axis=None)
    assert len(result.ledger) == 20_000
    with pytest.raises(AnswersError) as caught:
        cleaned(HELP, {"Which help?": [f"matter {k}" for k in range(20_000)]})
    assert len(caught.value.problems) == 51


def test_a_question_of_several_that_was_not_shown():
    columns = {"Training": ["1", "", ""], "Money, loans and grants": ["", "", ""], "Contacts": ["", "", ""]}
    hidden = {k: np.array([False, False, True]) for k in (1, 2, 3)}
    result = cleaned(HELP, columns, options=dict.fromkeys(columns, "Which help?"), not_shown=hidden)
    assert ticked(result) == [["training"], "no_answer", "not_asked"]


def test_a_written_no_of_those_who_were_not_asked_contradicts_nothing():
    items = HELP + "  ask_if: {here: 'yes'}\n"
    columns = {"Training": ["0", "0", "1"], "Money, loans and grants": ["0"] * 3, "Contacts": ["0"] * 3}
    result = cleaned(items, {"Here?": ["Yes", "", ""], **columns}, options=dict.fromkeys(columns, "Which help?"))
    assert ticked(result) == [[], "not_asked", "not_asked"]
    assert told(result) == [(4, "", SET_MISSING, "routing")]  # that one alone ticked something


def test_a_header_that_a_spreadsheet_changed_is_still_its_option():
    items = "size: {question: 'Sizes?', kind: multiple, codes: {few: 2-5, some: 6-9}}"
    result = cleaned(items, {"5-Feb": ["1", ""], "6-9": ["", "1"]}, options={"5-Feb": "Sizes?", "6-9": "Sizes?"})
    assert ticked(result, "size") == [["few"], ["some"]]


# --- One answer spread over columns -----------------------------------------------------------------------------------

SPREAD = {"Firm": ["Firm", "", ""], "School": ["", "School", ""]}


def test_one_answer_may_have_a_column_for_each_option():
    result = cleaned(ROLE, SPREAD, options=dict.fromkeys(SPREAD, "Role?"))
    assert answers(result, "role") == ["firm", "school", "no_answer"]


def test_words_beside_a_question_are_the_answer_of_those_who_gave_no_other():
    """SurveyMonkey leaves the answer empty where the box for another one was filled."""
    items = ROLE.replace("school: School", "other: {label: Other, open: true, columns: ['Role? - Other']}")
    columns = {"Role?": ["Firm", "", "", "Firm"], "Role? - Other": ["", "Thirza's inn", "", "and an inn"]}
    result = cleaned(items, columns)
    assert answers(result, "role") == ["firm", "other", "no_answer", "firm"]
    assert told(result) == [(3, "", VALUE_MAPPED, "own_words")]


def test_a_header_that_an_encoding_changed_is_found_and_told():
    items = "staff: {question: 'Who’s on your café’s staff?', kind: single, codes: {firm: Firm}}"
    result = cleaned(items, {"Whoâ€™s on your cafÃ©â€™s staff?": ["Firm"]})
    assert answers(result, "staff") == ["firm"]
    assert result.summary["headers_repaired"] == [
        ["B", "Whoâ€™s on your cafÃ©â€™s staff?", "Who’s on your café’s staff?"]
    ]


def test_two_options_of_one_answer_are_asked_about():
    both = {"Firm": ["Firm"], "School": ["School"]}
    with pytest.raises(AnswersError) as caught:
        cleaned(ROLE, both, options=dict.fromkeys(both, "Role?"))
    (problem,) = caught.value.problems
    assert (problem.expected, problem.found) == ("one option of the question alone", "'Firm and School', once")


# --- Rows -------------------------------------------------------------------------------------------------------------

TIMES = """
began: {question: 'Began', kind: date}
done: {question: 'Done', kind: date}
agreed: {question: 'May we?', kind: single, codes: {'yes': 'Yes', 'no': 'No'}}
age: {question: 'Age?', kind: quantity}
agreed_on: {question: 'Agreed on', kind: date}
"""
# row            2                      3                      4                      5
BEGAN = ["2024-03-01 10:00:00", "2024-03-05 10:00:00", "2024-04-02 10:00:00", "2024-02-29 23:59:59"]
DONE = ["2024-03-01 10:10:00", "2024-03-05 10:00:20", "2024-04-02 10:10:00", "2024-03-01 00:10:00"]
FOUR = {"Began": BEGAN, "Done": DONE, "May we?": ["Yes", "Yes", "No", ""], "Age?": ["31", "17", "18", ""],
        "Agreed on": ["", "", "2024-03-02", ""]}  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "dropped"),
    [
        ({"window": {"by": "began"}}, {4: "window", 5: "window"}),
        ({"window": {"by": "agreed_on"}}, {2: "undated", 3: "undated", 5: "undated"}),
        ({"window": {"by": "began", "start": "2024-02-01"}}, {4: "window"}),
        ({"window": {"by": "done", "end": "2024-03-04"}}, {3: "window", 4: "window"}),
        ({"speeders": {"start": "began", "end": "done", "seconds": 60}}, {3: "speeder"}),
        ({"keep": {"consent": {"agreed": "yes"}}}, {4: "consent", 5: "consent"}),
        ({"drop": {"minors": {"age": {"below": 18}}}}, {3: "minors"}),
        ({"drop": {"adults": {"age": {"at_least": 18}}}}, {2: "adults", 4: "adults"}),
        ({"drop": {"minors": {"age": {"below": 18}}}, "keep": {"consent": {"agreed": "yes"}}},
         {3: "minors", 4: "consent", 5: "consent"}),
    ],
)  # fmt: skip
def test_each_row_set_aside_has_its_rule(rows, dropped):
    result = cleaned(TIMES, FOUR, rows=rows)
    assert dict(zip(result.ledger["source_row"], result.ledger["rule"], strict=True)) == dropped
    assert result.summary["rows_kept"] == 4 - len(dropped)


IDS = "rid: {question: Id, kind: id}\nsent: {question: Sent, kind: date}"
BY_ID = {"duplicates": {"by": "rid", "latest": "sent"}}


def test_ids_that_a_spreadsheet_has_rounded_stop_the_build():
    columns = {"Id": ["1.186E+11", "1.186E+11"], "Sent": ["2024-03-01", "2024-03-02"]}
    with pytest.raises(ExportError, match="whole ids"):
        cleaned(IDS, columns, rows=BY_ID)


@pytest.mark.parametrize(("more", "kept"), [("", [3]), (", platform: true", [2, 3])])
def test_the_ids_of_a_platform_differ_by_every_letter(more, kept):
    columns = {"Id": ["R_aB", "R_Ab"], "Sent": ["2024-03-01", "2024-03-02"]}
    result = cleaned(IDS.replace("kind: id", f"kind: id{more}"), columns, rows=BY_ID)
    assert result.responses["source_row"].tolist() == kept


def test_several_rows_of_one_respondent_need_a_word():
    """As REDCap's events: rows 2 and 3 are about the same respondent."""
    with pytest.raises(ExportError) as caught:
        cleaned(TIMES, FOUR, cases=np.array([7, 7, 8, -1]))
    assert caught.value.problems[0].found == "1 respondents with several, as for events: rows 2, 3"
    result = cleaned(TIMES, FOUR, rows={"drop": {"minors": {"age": {"below": 18}}}}, cases=np.array([7, 7, 8, -1]))
    assert result.responses["source_row"].tolist() == [2, 4, 5]


MARKS = np.array([True, False, False, True])


@pytest.mark.parametrize(
    ("rows", "kept"), [({"previews": "drop"}, [3, 4]), ({"previews": "keep"}, [2, 3, 4, 5])], ids=["drop", "keep"]
)
def test_previews_that_the_platform_marks(rows, kept):
    result = cleaned(TIMES, FOUR, rows=rows, previews=MARKS)
    assert result.responses["source_row"].tolist() == kept


def test_previews_of_which_nothing_is_said_are_asked_about():
    with pytest.raises(ExportError) as caught:
        cleaned(TIMES, FOUR, previews=MARKS)
    (problem,) = caught.value.problems
    assert problem.found == "2 previews or tests: rows 2, 5"
    assert "rows: {previews: drop}" in problem.do


def test_previews_that_another_rule_drops_need_no_word():
    result = cleaned(TIMES, FOUR, rows={"window": {"by": "done", "start": "2024-03-02"}}, previews=MARKS)
    assert result.responses["source_row"].tolist() == [3]  # rows 2 and 5 are too early, row 4 too late


@pytest.mark.parametrize(("rows", "kept"), [({}, [2, 3, 4, 5]), ({"unfinished": "drop"}, [3, 4])])
def test_unfinished_rows_are_kept_unless_the_wave_says_otherwise(rows, kept):
    result = cleaned(TIMES, FOUR, rows=rows, unfinished=MARKS)
    assert result.responses["source_row"].tolist() == kept
    assert result.summary["unfinished_kept"] == len({2, 5} & set(kept))  # the two that are marked


def test_a_million_meanings_are_not_listed_one_by_one():
    """A column bound to the wrong item gives an error that can be read."""
    with pytest.raises(AnswersError) as caught:
        cleaned(ROLE, {"Role?": [f"words {k}" for k in range(3000)]})
    assert len(caught.value.problems) == 51
    assert caught.value.problems[-1].found == "2950 other texts, 2950 times"
