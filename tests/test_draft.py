"""A raw export becomes a study folder that builds at once: nothing is guessed in silence, nothing personal is told."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest
import yaml
import yaml.nodes

from impact_report import cli, readers
from impact_report.build import build
from impact_report.cleaning import Cleaned, clean
from impact_report.draft import Drafted, draft, qsf
from impact_report.draft.answers import Answer
from impact_report.draft.discretion import judge, judge_platform
from impact_report.draft.folder import KEPT, RENEWED, UNCHANGED, WRITTEN
from impact_report.draft.items import DraftItem
from impact_report.draft.kinds import fill
from impact_report.draft.names import slug
from impact_report.draft.sections import sections
from impact_report.draft.writing import Writer, flow, scalar
from impact_report.edition import Edition
from impact_report.errors import ExportError, ParameterError
from impact_report.readers import Option
from impact_report.wave import export_file

SHARED = Path(__file__).resolve().parents[2] / "shared" / "real"
ROLES = ["Firm"] * 6 + ["School"] * 6


def drafted(folder: Path, content: str | bytes, name: str = "choir-2024.csv") -> Drafted:
    """Draft from a file of this content."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return draft(path, folder / "study")


def table(*headers: str, rows: Sequence[Sequence[object]]) -> str:
    return pd.DataFrame(rows, columns=list(headers)).to_csv(index=False)


def cleaned(study: Drafted) -> Cleaned:
    """Clean with the drafted files, as the report does."""
    edition = Edition.of(study.folder)
    wave, codebook = edition.wave_facts(), edition.codebook()
    file = export_file(edition.wave_folder, wave)
    return clean(readers.read(file, wave.format, wave.sheet, wave.encoding), codebook, wave, file.name)


def files_of(study: Drafted) -> str:
    return "".join(path.read_text() for path in study.folder.rglob("*") if path.suffix in (".yml", ".md"))


# --- Kinds ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("counts", "kind", "labels"),
    [
        ({"No": 3, "Yes": 2}, "single", ["Yes", "No"]),
        ({"Nein": 3, "Ja": 2}, "single", ["Ja", "Nein"]),
        ({"Agree": 2, "Strongly agree": 3, "Disagree": 2}, "scale", ["Disagree", "Agree", "Strongly agree"]),
        ({"zufrieden": 2, "unzufrieden": 2, "teils teils": 2}, "scale", ["unzufrieden", "teils teils", "zufrieden"]),
        ({"1 Hate it": 3, "2": 3, "5 ask my boss Willi": 1}, "single", ["1 Hate it", "2", "Other"]),
        ({"1 year": 1, "5 Willi": 1, "7": 1}, "text", []),
        ({"Jamais": 2, "Souvent": 2, "Parfois": 2}, "scale", ["Jamais", "Parfois", "Souvent"]),
        ({"> 60": 2, "18-29": 2, "30-60": 2}, "scale", ["18-29", "30-60", "> 60"]),
        ({"5 Love it": 2, "2": 2, "1 Hate it": 2}, "scale", ["1 Hate it", "2", "3", "4", "5 Love it"]),
        ({"Firm": 5, "School": 4, "my own": 1}, "single", ["Firm", "School", "Other"]),
        ({"Firm": 7, "Willi's": 2, "my own": 1}, "single", ["Firm", "Other"]),  # of 10: less than 3 times is nobody's
        ({"Firm": 60, "Willi's": 4, "my own": 1}, "single", ["Firm", "Other"]),  # of 65: less than 5 times
        ({"Firm": 60, "School": 2}, "single", ["Firm", "School"]),  # nobody wrote freely
        ({"Tea": 3, "Tea;Milk": 3, "Milk": 3}, "multiple", ["Tea", "Milk"]),
        ({"Tea": 9, "Tea, hot": 9, "Tea, hot, Milk": 9, "Milk": 9}, "multiple", ["Tea, hot", "Milk", "Tea"]),
        ({"1": 2, "2": 2, "3+": 2}, "scale", ["1", "2", "3+"]),
        ({"12": 1, "40": 1, "1,250": 1}, "quantity", []),
        ({"5": 1, "10": 1, "2.500": 1, "1.250": 1}, "quantity", []),
        ({"1.1": 2, "2.3": 2, "3.0": 2}, "quantity", []),
        ({"1,5": 2, "2": 2, "5": 2, "1": 2, "3": 2}, "quantity", []),
        ({"1,2,5": 2, "2": 2, "5": 2, "1": 2}, "multiple", ["1", "2", "5"]),
        ({"1 May": 2, "2 June": 2, "3 July": 2}, "single", ["1 May", "2 June", "3 July"]),
        ({"0%": 2, "5%": 2, "10%": 2}, "quantity", []),
        ({"&nbsp;": 2, "\u200b": 1}, "text", []),
        ({"2024-05-03": 1, "2024-05-04": 1}, "date", []),
        ({f"I think {word}": 1 for word in "abcdef"}, "text", []),
    ],
)  # fmt: skip
def test_what_stands_in_a_column_tells_its_kind(counts, kind, labels):
    item = DraftItem("Q", "text", ())
    fill(item, counts)
    assert (item.kind, [code.label for code in item.codes]) == (kind, labels)


@pytest.mark.parametrize(
    ("texts", "unit", "decimal"),
    [
        (["3 km", "4 km"], "km", "."),
        (["3,5", "12,25"], "", ","),
        (["1.250,50 €", "3 €"], "€", ","),
        (["$1,250", "$3"], "$", "."),
    ],
)
def test_numbers_keep_their_unit_and_their_decimal_mark(texts, unit, decimal):
    item = DraftItem("Paid?", "text", ())
    fill(item, dict.fromkeys(texts, 1))
    assert (item.kind, item.unit, item.decimal) == ("quantity", unit, decimal)


@pytest.mark.parametrize(
    ("texts", "format", "decided"),
    [
        (["05/31/2024", "06/01/2024"], "%m/%d/%Y", False),
        (["31.05.2024 10:00", "01.06.2024 11:30"], "%d.%m.%Y %H:%M", False),
        (["05/06/2024", "05/07/2024"], "%m/%d/%Y", True),  # 6 and 7 May, or a month apart: the shorter span
    ],
)
def test_a_date_in_doubt_is_a_decision(texts, format, decided):
    item = DraftItem("When?", "text", ())
    fill(item, dict.fromkeys(texts, 1))
    assert (item.formats, bool(item.decisions)) == ([format], decided)


@pytest.mark.parametrize("text", ["2025-11-03T07:00:00.000+03:00", "2025-11-03T07:00:00", "2025-11-03 07:00:00"])
def test_a_moment_as_platforms_write_it_is_a_date_and_not_a_telephone_number(text):
    item = DraftItem("_submission_time", "text", (), answered=2)
    fill(item, {text: 1, text.replace("-03", "-04"): 1})
    judge_platform(item, ["_submission_time"], {text: 1})
    assert (item.kind, item.personal) == ("date", False)


def test_an_answer_that_only_looks_missing_stays_one():
    item = DraftItem("Your view?", "text", ())
    fill(item, {"Very good": 3, "Good": 3, "Poor": 2, "Unfamiliar (N/A)": 2, "Don't know": 2, "None": 2})
    assert item.missing == {"dont_know": ["Don't know"]}
    assert {"Unfamiliar (N/A)", "None"} <= {code.label for code in item.codes}


@pytest.mark.parametrize(
    ("texts", "decided"),
    [
        (["5", "10", "2.500", "1.250"], "is the dot a decimal mark?"),  # or two thousand and a half
        (["1,5", "2", "3"], "is the comma a decimal mark?"),  # or the first and the fifth answer
        (["5", "10-20", "30", "40", "50"], "1 answers are spans"),
    ],
)
def test_a_number_in_doubt_is_a_decision(texts, decided):
    item = DraftItem("Paid?", "text", ())
    fill(item, dict.fromkeys(texts, 1))
    assert item.kind == "quantity"
    assert [one for one in item.decisions if one.startswith(decided)]


@pytest.mark.parametrize(
    ("counts", "labels", "missing"),
    [
        ({"NC": 3, "NY": 2, "NA": 2, "TX": 2}, ["NC", "NY", "NA", "TX"], {}),
        ({"Sí": 3, "No": 2, "NC": 2, "NS": 1}, ["Sí", "No"], {"no_answer": ["NC"], "dont_know": ["NS"]}),
        ({"Firm": 3, "School": 2, "NA": 2}, ["Firm", "School"], {"no_answer": ["NA"]}),
        ({"NC;NY": 3, "NY": 2, "TX": 2, "NC": 2, "TX;NY": 2}, ["NY", "NC", "TX"], {}),
    ],
)
def test_two_letters_among_codes_of_two_letters_are_an_answer(counts, labels, missing):
    item = DraftItem("Q", "text", ())
    fill(item, counts)
    assert ([code.label for code in item.codes], item.missing) == (labels, missing)
    assert len(item.decisions) == sum(label in ("NC", "NA") for label in labels) + sum(map(len, missing.values()))


def test_no_answer_among_joined_answers_is_none():
    item = DraftItem("What do you drink?", "text", ())
    fill(item, {"Tea;Milk": 3, "Milk": 3, "Tea;Prefer not to say": 2, "Prefer not to say": 2, "Don't know": 1})
    assert [(code.label, code.count) for code in item.codes] == [("Milk", 6), ("Tea", 5)]  # 3 + 3, 3 + 2
    assert item.missing == {"refused": ["Prefer not to say"], "dont_know": ["Don't know"]}
    assert [one[:26] for one in item.decisions] == ["does “Prefer not to say” m", "does “Don't know” mean no "]


# --- Personal data ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "answers", "hidden"),
    [
        ("Who is your supervisor?", ["Miller", "Schmidt", "Okafor"], True),
        ("Wer betreut Sie?", ["Anna", "Jonas"], True),
        ("enumerator", ["maria_l", "team7_jo"], True),
        ("Which doctor did you see?", ["Dr. Miller", "Dr Okafor"], True),
        ("doctor", ["Miller", "Okafor"], True),
        ("Where do you live?", ["12 Elm Street", "Hauptstr. 5"], True),
        ("Seen by", ["Anna Miller", "Jo O'Neil", "Ana de la Cruz"], True),
        ("Who do you live with?", ["My family", "Friends", "Alone"], False),
        ("Where do you live?", ["Town", "Country"], False),
        ("Do you have a doctor?", ["Yes", "No"], False),
        ("How helpful was your supervisor?", ["Very helpful", "Not helpful"], False),
        ("Which package manager do you use?", ["Conda", "Spack"], False),
        ("Region", ["Costa Rica", "Sierra Leone"], False),
        ("Favourite film", ["Blue Velvet", "Taxi Driver"], False),
        ("Role", ["Software Engineer", "Data Analyst"], False),
    ],
)
def test_a_list_of_persons_is_personal_and_a_decision(header, answers, hidden):
    item = DraftItem(header, "text", ())
    fill(item, dict.fromkeys(answers, 4))
    judge(item, [header])
    assert (item.personal, bool(item.codes)) == (hidden, not hidden)
    assert [one for one in item.decisions if "name persons" in one] == item.decisions[: int(hidden)]


@pytest.mark.parametrize(
    "header",
    ["Other (please specify)", "hh/Other source", "Warum? [Sonstiges]", "Q3_4_TEXT", "Autre, préciser", "q5_other",
     "Bitte angeben", "Comments", "Why not? – other"],
)  # fmt: skip
def test_words_beside_listed_answers_are_personal_however_often_they_come(tmp_path, header):
    rows = [[role, f"my boss Willi {k % 2}"] for k, role in enumerate(ROLES)]
    study = drafted(tmp_path, table("Role", header, rows=rows))
    items = [*Edition.of(study.folder).codebook().items.values()]
    assert [(one.kind, one.personal) for one in items] == [("single", False), ("text", True)]
    assert "Willi" not in files_of(study)


@pytest.mark.parametrize(
    ("header", "values", "kind"),
    [
        ("NHS number", [9434000000 + 37 * k for k in range(12)], "id"),
        ("MRN", [f"MRN{k + 100}" for k in range(12)], "id"),
        ("Points", [7 * k + 1000 for k in range(24)], "id"),  # 24 rows, 24 numbers: whatever it is, it tells a row
        ("Points", [k % 11 * 7 + 1000 for k in range(24)], "quantity"),
        ("Number of children", list(range(12)), "quantity"),
        ("Postcode", [10115 + k // 2 for k in range(24)], "text"),
    ],
)  # fmt: skip
def test_numbers_that_tell_a_row_are_ids(tmp_path, header, values, kind):
    rows = [[value, ROLES[k % 12]] for k, value in enumerate(values)]
    study = drafted(tmp_path, table(header, "Role", rows=rows))
    item = next(iter(Edition.of(study.folder).codebook().items.values()))
    assert (item.kind, item.personal) == (kind, kind != "quantity")
    assert not [one for one in study.decisions if "did somebody answer twice?" in one.words]


# --- Statements -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("yes", ["Yes", "Ja", "Oui", "Sí", "Sì", "Sim"])
@pytest.mark.parametrize("row", [None, "at home"])
def test_of_yes_and_no_the_yes_counts(yes, row):
    item = DraftItem("Sings?", "text", (), name="sings", answered=12, row=row)
    fill(item, {"No" if yes != "Ja" else "Nein": 9, yes: 3})
    [part], _ = sections([item])
    assert [(one.statement, one.counts) for one in part.indicators] == [(row or "“Sings?”", (slug(yes),))]


def test_a_statement_that_counts_no_yes_says_what_it_counts():
    item = DraftItem("Sings?", "text", (), name="sings", answered=12, row="at home")
    fill(item, {"Loudly": 9, "In the bath": 3})
    [part], _ = sections([item])
    assert (part.reads, part.indicators[0].statement) == ("answered {statement}", "at home: “Loudly”")


def test_an_answer_that_is_the_only_one_makes_no_statement(tmp_path):
    """Each who answered ticked: 100 % by construction, whatever a blank means."""
    study = drafted(
        tmp_path, table("Role", "Sings", rows=[[role, "x" if k % 2 else ""] for k, role in enumerate(ROLES)])
    )
    assert [one.item for one in Edition.of(study.folder).codebook().indicators] == ["role", "role"]
    assert [one for one in study.decisions if one.words.startswith("is a blank here a no?")]


# --- Writing ----------------------------------------------------------------------------------------------------------

NASTY = ["yes", "no", "on", "~", "null", "", " a ", "a: b", "a #b", "- a", "[a]", "{a}", "&a", "*a",
         "!a", "%a", "@a", "`a",
         "'a'", '"a"', "a\nb", "a\tb", "007", "1e3", "12:30",
         "2024-01-01", "a,b", "?", "? a", "|", ">", "\u2028", "\x85", "\x07",
         "Straße “x” – 你好 🙂", "back\\slash",
         "=", "<<", "a'b\"c", "...", "---", "\ufeffa", "{statement}"]  # fmt: skip


@pytest.mark.parametrize("text", NASTY)
def test_any_text_comes_back_as_it_was(text):
    page = Writer()
    page.value(1, "value", text, remark="a: remark # of two\nlines")
    page.line(1, f"{scalar(text, inside=True)}: {flow([text, text])}")
    content = yaml.load(page.text(), Loader=yaml.BaseLoader)
    assert content.pop("value") == text
    assert content == {text: [text, text]}
    assert yaml.safe_load(f"a: {scalar(text)}") == {"a": text}  # nor is it a number, a date or a yes for anybody else


def test_a_long_text_is_folded_and_comes_back():
    text = "What do you think of: " + "many long words # and signs, " * 12 + "really?"
    page = Writer()
    page.value(2, "question", text)
    assert max(map(len, page.lines)) <= 120
    assert yaml.load(page.text(), Loader=yaml.BaseLoader) == {"question": text}


# --- Whole files ------------------------------------------------------------------------------------------------------


def test_personal_answers_stand_nowhere_in_the_draft(tmp_path, capsys):
    rows = [
        [
            role,
            f"anna{k}@mail.org",
            f"Anna {k % 3}",
            f"10.0.0.{k}",
            f"+49 30 12345{k:02}",
            "Willi wrote this" if k == 4 else "Tea",
        ]
        for k, role in enumerate(ROLES)
    ]
    export = tmp_path / "choir.csv"
    export.write_text(table("Role", "E-mail", "First name", "Seen from", "Reach me", "Drink", rows=rows))
    assert cli.main(["codebook", str(export), "--data", str(tmp_path / "study")]) == cli.DONE
    study = draft(export, tmp_path / "study")
    told = files_of(study) + capsys.readouterr().out
    for secret in ("anna", "10.0.0", "12345", "Willi"):
        assert secret not in told
    items = Edition.of(study.folder).codebook().items
    assert {name for name, item in items.items() if item.personal} == {"e_mail", "first_name", "seen", "reach"}


def test_google_answers_in_own_words_are_one_open_answer(tmp_path):
    drinks = ["Tea", "Tea, Milk", "Milk", "Milk, Tea"] * 3
    drinks[-1] = "Tea, something odd"
    rows = [[f"5/{k + 1}/2024 10:00:00", role, drinks[k]] for k, role in enumerate(ROLES)]
    study = drafted(tmp_path, table("Timestamp", "Role", "Drinks?", rows=rows))
    item = Edition.of(study.folder).codebook().items["drinks"]
    assert item.kind == "multiple"
    assert [code for code, one in item.codes.items() if one.open] == ["other"]
    assert "something odd" not in files_of(study)
    # Tea stands in three of each four cells, and beside the odd one: 3 · 3 = 9
    assert cleaned(study).responses["drinks.tea"].sum() == 9


def test_marks_side_by_side_are_one_question(tmp_path):
    rows = [[role, "x" if k % 2 else "", "x" if k % 3 else ""] for k, role in enumerate(ROLES)]
    study = drafted(tmp_path, table("Role", "Sings at home", "Sings in church", rows=rows))
    item = Edition.of(study.folder).codebook().items["sings"]
    assert (item.kind, [one.label for one in item.codes.values()]) == ("multiple", ["at home", "in church"])
    answers = cleaned(study).responses
    assert (answers["sings.at_home"].sum(), answers["sings.in_church"].sum()) == (6, 8)  # 12 / 2; 12 - 12 / 3


def test_words_in_the_box_beside_a_question_are_its_open_answer(tmp_path):
    heard = ["Radio", "Friend", "", "Radio"] * 3
    said = ["", "", "from Willi", ""] * 3
    lines = ["Respondent ID,Collector ID,How did you hear of us?,", ",,Response,Other (please specify)"]
    lines += [f"{11800 + k},77,{one},{other}" for k, (one, other) in enumerate(zip(heard, said, strict=True))]
    study = drafted(tmp_path, "\n".join(lines) + "\n")
    items = Edition.of(study.folder).codebook().items
    assert not [name for name in items if name.endswith("specify")]
    assert "Willi" not in files_of(study)
    # Radio 2 · 3, Friend 3, words 3
    assert cleaned(study).responses["how_hear" if "how_hear" in items else [*items][-1]].value_counts().tolist() == [
        6,
        3,
        3,
    ]


def test_of_the_events_of_a_record_the_first_is_reported(tmp_path):
    lines = ["record_id,redcap_event_name,redcap_repeat_instrument,redcap_repeat_instance,sings,visit_complete"]
    for k, role in enumerate(ROLES):
        lines += [f"{k},baseline_arm_1,,,{role},2", f"{k},month_6_arm_1,,,{role},2", f"{k},baseline_arm_1,visit,1,,2"]
    study = drafted(tmp_path, "\n".join(lines) + "\n")
    rows = Edition.of(study.folder).wave_facts().rows
    assert rows.keep["event"].tests["redcap_event_name"].any == ["baseline_arm_1"]
    assert len(cleaned(study).responses) == 12
    assert [one for one in study.decisions if one.words.startswith("several rows a record (12 records)")]


def test_limesurvey_yes_and_no_for_each_option_are_a_select_all(tmp_path):
    """Yes and No in full answers; where the question was not shown, N/A."""
    header = '"Response ID","Date submitted","Last page","Start language","Uses? [Bus]","Uses? [Train]","Uses? [Other]"'
    lines = [header]
    for k in range(12):
        bus, train = ("N/A", "N/A") if k == 11 else ("Yes" if k % 2 else "No", "Yes" if k % 3 else "No")
        other = "my boss Willi" if k in (1, 2, 3) else ""
        lines.append(f'"{k}","2024-05-03 10:00:00","2","en","{bus}","{train}","{other}"')
    study = drafted(tmp_path, "\n".join(lines) + "\n")
    item = Edition.of(study.folder).codebook().items["uses"]
    assert (item.kind, item.missing, item.codes["other"].open) == ("multiple", {"no_answer": ["N/A"]}, True)
    assert "Willi" not in files_of(study)
    answers = cleaned(study).responses
    # of 0 to 10: odd 5; not in 0, 3, 6, 9 11 - 4
    assert [int(answers[f"uses.{code}"].sum()) for code in ("bus", "train", "other")] == [5, 7, 3]


def test_limesurvey_answer_codes_are_answers(tmp_path):
    lines = ['"id","submitdate","lastpage","startlanguage","G01Q01"']
    lines += [f'"{k}","2024-05-03 10:00:00","2","en","AO0{k % 2 + 1}"' for k in range(12)]
    study = drafted(tmp_path, "\n".join(lines) + "\n")
    item = Edition.of(study.folder).codebook().items["g01q01"]
    assert (item.kind, [one.label for one in item.codes.values()]) == ("single", ["AO01", "AO02"])
    assert [one for one in study.decisions if "the codes of the answers only" in one.words]


def test_every_container_gives_a_study_that_cleans(tmp_path):
    frame = pd.DataFrame({"Role": ROLES, "Age": range(20, 32)})
    frame.to_excel(tmp_path / "choir.xlsx", index=False, engine="xlsxwriter")
    frame.to_csv(tmp_path / "choir.tsv", sep="\t", index=False, encoding="utf-16")
    frame.to_csv(tmp_path / "choir.csv", sep=";", index=False)
    coded = pd.DataFrame({"Q1": [1.0, 2.0, 9.0] * 4})
    pyreadstat.write_sav(
        coded, tmp_path / "choir.sav", column_labels={"Q1": "Do you sing?"},
        variable_value_labels={"Q1": {2: "Never", 1: "Always", 9: "Refused"}}, missing_ranges={"Q1": [9]},
    )  # fmt: skip
    for name in ("choir.xlsx", "choir.tsv", "choir.csv", "choir.sav"):
        study = draft(tmp_path / name, tmp_path / name.replace(".", "_"))
        assert len(cleaned(study).responses) == 12, name
    item = Edition.of(study.folder).codebook().items["q1"]
    assert (item.kind, list(item.codes), item.missing) == ("scale", ["never", "always"], {"refused": ["Refused"]})


def test_a_survey_definition_gives_the_labels(tmp_path):
    questions = [{"Element": "SQ", "Payload": {"DataExportTag": "Q1", "QuestionText": "Do you <b>sing</b>?",
                  "QuestionType": "MC",
                  "Choices": {"1": {"Display": "At home"}, "2": {"Display": "Outside"}},
                  "RecodeValues": {"2": "20"}}}]  # fmt: skip
    (tmp_path / "choir.qsf").write_text(json.dumps({"SurveyElements": questions}))
    lines = ["Q1,Q2", "Do you sing?,Role?", "\"{'ImportId': 'QID1'}\",\"{'ImportId': 'QID2'}\"", *["1,3", "20,4"] * 6]
    study = drafted(tmp_path, "\n".join(lines) + "\n", "choir.csv")
    items = Edition.of(study.folder).codebook().items
    assert {one.label: one.texts for one in items["q1"].codes.values()} == {"At home": ["1"], "Outside": ["20"]}
    assert any("the numbers of the answers only" in one.words for one in study.decisions)  # of Q2, which it lacks


def test_a_survey_definition_may_list_its_recoded_numbers(tmp_path):
    question = {"DataExportTag": "Q1", "QuestionText": "Do you sing?", "QuestionType": "MC",
                "Choices": [None, {"Display": "At home"}, {"Display": "Outside"}],
                "RecodeValues": [None, "2", "1"]}  # fmt: skip
    (tmp_path / "choir.qsf").write_text(json.dumps({"SurveyElements": [{"Element": "SQ", "Payload": question}]}))
    found = qsf.beside(tmp_path / "choir.csv").answers["Q1"]
    assert found == (Option("2", "At home"), Option("1", "Outside"))


def test_whether_a_time_stamp_begins_with_the_day_is_to_be_decided(tmp_path):
    """Every part is 12 or less: 5 June or 6 May. The platform's own columns are no exception."""
    rows = [[f"05/{k % 6 + 5:02}/2024 10:00:00", role] for k, role in enumerate(ROLES)]
    study = drafted(tmp_path, table("Timestamp", "Role", rows=rows))
    assert Edition.of(study.folder).codebook().items["timestamp"].formats == ["%m/%d/%Y %H:%M:%S"]
    assert [one.words for one in study.decisions if one.words.startswith("day or month first?")]


def test_a_column_that_only_looks_empty_is_left_out(tmp_path):
    rows = [[role, "&nbsp;", "\u200b", "&nbsp;"] for role in ROLES]
    study = drafted(tmp_path, table("Role", "Spaces", "No width", "", rows=rows))
    assert Edition.of(study.folder).codebook().ignore == ["Spaces", "No width", "column D"]
    cleaned(study)


def test_columns_with_the_same_header_or_none_are_told_apart_by_their_letters(tmp_path):
    rows = [[role, "Tea", "Milk", "Yes" if role == "Firm" else "No"] for role in ROLES]
    study = drafted(tmp_path, table("Role", "Drink", "Drink", "", rows=rows).replace("Drink.1", "Drink"))
    items = Edition.of(study.folder).codebook().items
    assert {name: item.columns for name, item in items.items() if item.columns} == {
        "drink": ["column B"],
        "drink_2": ["column C"],
        "question_4": ["column D"],
    }
    cleaned(study)


def test_without_any_closed_question_there_is_nothing_to_report(tmp_path):
    with pytest.raises(ExportError, match="a question with answers that come back"):
        drafted(tmp_path, table("Age", "Say more", rows=[[20 + k, f"word {k} of many"] for k in range(12)]))


# --- The folder -------------------------------------------------------------------------------------------------------


def states(study: Drafted) -> dict[str, str]:
    return {file.path.name: file.state for file in study.files}


def test_what_was_edited_stays_and_the_new_draft_lies_beside_it(tmp_path):
    text = table("Role", "Sings", rows=[[role, "Yes"] for role in ROLES])
    first = drafted(tmp_path, text)
    assert set(states(first).values()) == {WRITTEN}
    assert set(states(drafted(tmp_path, text)).values()) == {UNCHANGED}
    more = text + "Choir,No\nChoir,No\n"
    again = drafted(tmp_path, more)
    assert states(again)["codebook.yml"] == RENEWED  # nobody had touched it
    assert states(again)["responses.csv"] == KEPT  # raw data is never replaced
    codebook = first.folder / "codebook.yml"
    codebook.write_text(codebook.read_text().replace("Not yet described.", "Singers of a choir."))
    edited = drafted(tmp_path, more + "Band,No\nBand,No\n")
    assert states(edited)["codebook.yml"] == KEPT
    assert "Singers of a choir." in codebook.read_text()
    assert "Band" in (first.folder / "codebook.drafted.yml").read_text()
    assert edited.uncovered == ("codebook.yml does not explain every answer to `role`",)


def test_a_file_that_cannot_be_read_is_named_before_anything_is_written(tmp_path):
    text = table("Role", "Sings", rows=[[role, "Yes"] for role in ROLES])
    (tmp_path / "study").write_text("a file")
    with pytest.raises(ParameterError, match="a folder for the study"):
        drafted(tmp_path, text)
    (tmp_path / "study").unlink()
    (tmp_path / "study").mkdir()
    (tmp_path / "study" / "codebook.yml").write_bytes("title: Chöre".encode("latin-1"))
    (tmp_path / "study" / "DECISIONS.md").write_bytes(b"\xff")
    with pytest.raises(ParameterError) as error:
        drafted(tmp_path, text)
    assert [Path(one.where).name for one in error.value.problems] == ["codebook.yml", "DECISIONS.md"]
    assert not [*tmp_path.glob("study/*/wave.yml")]


def test_git_leaves_a_raw_export_alone_that_is_drafted_in_place(tmp_path):
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    text = table("Role", "Sings", rows=[[role, "Yes"] for role in ROLES])
    for wave, name in (("2023", "choir.csv"), ("2024", "my choir [#1].csv")):
        (tmp_path / "study" / wave).mkdir(parents=True)
        (tmp_path / "study" / wave / name).write_text(text)
        draft(tmp_path / "study" / wave / name, tmp_path / "study")
    shown = subprocess.run(
        ["git", "status", "--short", "-uall"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert "wave.yml" in shown.stdout
    assert ".csv" not in shown.stdout
    ignored = tmp_path / "study" / ".gitignore"
    ignored.write_text("# nothing: it may be published\n")
    draft(tmp_path / "study/2024/my choir [#1].csv", tmp_path / "study")
    assert ignored.read_text() == "# nothing: it may be published\n"


def test_how_the_export_is_read_is_asked_for_and_written_down(tmp_path, capsys):
    frame = pd.DataFrame({"Role": ROLES, "Sings": ["Yes"] * 12})
    with pd.ExcelWriter(tmp_path / "choir.xlsx", engine="xlsxwriter") as book:
        frame.to_excel(book, sheet_name="2023", index=False)
        frame.to_excel(book, sheet_name="2024", index=False)
    command = ["codebook", str(tmp_path / "choir.xlsx"), "--data", str(tmp_path / "book")]
    assert cli.main(command) == cli.FAILED
    assert "SHEET=" in capsys.readouterr().err
    assert cli.main([*command, "--sheet", "2024"]) == cli.DONE
    assert Edition.of(tmp_path / "book").wave_facts().sheet == "2024"
    (tmp_path / "choir.csv").write_bytes(frame.replace("School", "Schülerin").to_csv(index=False).encode("cp1252"))
    options = ["--data", str(tmp_path / "text"), "--format", "plain", "--encoding", "cp1252"]
    assert cli.main(["codebook", str(tmp_path / "choir.csv"), *options]) == cli.DONE
    facts = Edition.of(tmp_path / "text").wave_facts()
    assert (facts.format, facts.encoding) == ("plain", "cp1252")


def test_every_question_of_a_long_list_has_its_statement():
    items = [DraftItem(f"Q{k}", "text", (), name=f"q{k}", answered=9) for k in range(30)]
    for item in items:
        item.as_coded("single", [Answer(label, (), 3) for label in ("a", "b", "c")])
    parts, more = sections(items)
    assert [len(part.indicators) for part in parts] == [1] * 30
    assert more == 60  # 3 · 30 could be made, 1 · 30 are


def test_each_decision_is_listed_with_its_line(tmp_path):
    study = drafted(
        tmp_path,
        table("Role", "Sings", rows=[[role, "Don't know" if k < 2 else "Yes"] for k, role in enumerate(ROLES)]),
    )
    for one in study.decisions:
        line = (study.folder / one.file).read_text().splitlines()[one.line - 1].strip()
        assert line == f"# DECISION {one.number}: {one.words}"
        assert f"{one.number}. `{one.file}:{one.line}`" in (study.folder / "DECISIONS.md").read_text()
    assert [one.number for one in study.decisions] == list(range(1, len(study.decisions) + 1))


def test_the_command_says_what_it_did_and_what_comes_next(tmp_path, capsys):
    export = tmp_path / "choir.csv"
    export.write_text(table("Role", "Sings", rows=[[role, "Yes"] for role in ROLES]))
    assert cli.main(["codebook", str(export), "--data", str(tmp_path / "study")]) == cli.DONE
    out = capsys.readouterr().out
    assert f"  written:   {tmp_path}/study/codebook.yml\n" in out
    assert "1. codebook.yml:" in out
    assert out.endswith(f"make report DATA={tmp_path}/study\n")
    assert cli.main(["codebook", str(tmp_path / "no.csv")]) == cli.FAILED


@pytest.mark.slow
def test_the_report_builds_without_an_edit(tmp_path):
    study = drafted(
        tmp_path, table("Region", "Sings", rows=[[role, "Yes" if k % 3 else "No"] for k, role in enumerate(ROLES)])
    )
    result = build(Edition.of(study.folder), tmp_path / "processed", tmp_path / "reports")
    assert "Choir (draft)" in result.html.read_text()


# --- Real exports -----------------------------------------------------------------------------------------------------

REAL = sorted(path for path in SHARED.glob("*/raw/*") if path.suffix in (".csv", ".xlsx", ".sav"))


@pytest.mark.skipif(not REAL, reason="the real exports are not there")
@pytest.mark.parametrize("export", REAL, ids=lambda path: path.name)
def test_a_real_export_drafts_and_cleans(export, tmp_path):
    study = draft(export, tmp_path / "study")
    result = cleaned(study)
    assert result.summary["rows_kept"] == result.summary["rows_in"] - result.summary["rows_dropped"] > 0
