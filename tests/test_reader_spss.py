"""SPSS: codes become their labels, and what is declared to be no answer stays known as that."""

from __future__ import annotations

import csv
import datetime as dt
import math
import struct
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest
from cell_states import ANSWERED, USER_MISSING, states

from impact_report.errors import ExportError, Problem
from impact_report.readers import spss
from impact_report.readers.export import Column, Export, Option

SHARED = Path(__file__).resolve().parents[2] / "shared" / "real"
CASE = SHARED / "pspp-nhtsa"

ROLE = {1: "Firm", 2: "School", 8: "Don't know", 9: "Refused"}


@pytest.fixture
def saved(tmp_path):
    """Return the bytes of a system file with these columns."""

    def save(columns: dict[str, list], **told) -> bytes:
        path = tmp_path / "answers.sav"
        pyreadstat.write_sav(pd.DataFrame(columns), path, **told)
        return path.read_bytes()

    return save


@pytest.fixture
def read(saved):
    return lambda columns, **told: spss.read(saved(columns, **told), "answers.sav")


def with_sets(content: bytes, sets: str) -> bytes:
    """Return the file with a record of multiple response sets, as SPSS writes it (type 7, subtype 7)."""
    end = content.rindex(struct.pack("<ii", 999, 0))  # of the dictionary
    text = sets.encode()
    return content[:end] + struct.pack("<iiii", 7, 7, 1, len(text)) + text + content[end:]


def texts(export: Export, position: int = 0) -> list[str]:
    return export.text[position].tolist()


# --- Which files are SPSS's? ------------------------------------------------------------------------------------------


@pytest.fixture
def portable(tmp_path) -> bytes:
    """Return a portable file of roles (1, 2, 9 and none) that declares 9 to be missing, which pyreadstat cannot."""
    path = tmp_path / "answers.por"
    pyreadstat.write_por(pd.DataFrame({"Q1": [1, 2, 9, math.nan]}), path)
    text = path.read_bytes().replace(b"\r\n", b"")
    variable = b"Q15/8/2/5/8/2/"  # its name, and how it is printed and written
    text = text.replace(variable, variable + b"89/C4/RoleD1/2/Q12/1/4/Firm2/6/School")
    return b"\r\n".join(text[start : start + 80] for start in range(0, len(text), 80))


@pytest.mark.parametrize(
    ("content", "is_one"),
    [
        (b"$FL2@(#) SPSS DATA FILE", True),
        (b"$FL3@(#) SPSS DATA FILE", True),
        (b"Role,Region\n" * 100, False),
        (b"", False),
    ],
)
def test_it_is_recognised_by_its_first_bytes(content, is_one):
    assert spss.recognise(content) is is_one


# --- Labels, codes, text ----------------------------------------------------------------------------------------------


def test_a_cell_is_the_label_of_its_value(read):
    export = read(
        {"Q1": [1, 2, 9, math.nan]}, column_labels={"Q1": "What is your role?"}, variable_value_labels={"Q1": ROLE}
    )
    assert texts(export) == ["Firm", "School", "Refused", ""]
    assert export.columns == (
        Column(
            0,
            "Q1",
            "What is your role?",
            group="Q1",
            options=(Option("1", "Firm"), Option("2", "School"), Option("8", "Don't know"), Option("9", "Refused")),
        ),
    )
    assert export.format == "spss"
    assert export.text.index.tolist() == [1, 2, 3, 4]  # there is no header


def test_a_variable_without_a_label_is_called_by_its_name(read):
    (column,) = read({"filter_$": [1.0]}).columns
    assert (column.name, column.question, column.options) == ("filter_$", "filter_$", ())


@pytest.mark.parametrize(
    ("values", "written"),
    [
        ([5.0, 2.5, math.nan, -0.125], ["5", "2.5", "", "-0.125"]),
        ([" Ann ", "", "-", "NA"], ["Ann", "", "-", "NA"]),
        ([dt.date(2020, 11, 17), None], ["2020-11-17", ""]),
        ([dt.datetime(2020, 11, 17, 18, 23, 58), None], ["2020-11-17 18:23:58", ""]),
        ([dt.time(7, 5), None], ["07:05:00", ""]),
    ],
    ids=str,
)
def test_values_without_labels_are_written_as_they_are(read, values, written):
    assert texts(read({"Q1": values})) == written


@pytest.mark.parametrize(
    ("shape", "seconds", "text"),
    [
        ("ADATE10", 13_824_950_400, "2020-11-17"),  # 160,011 days after 14 October 1582
        ("MOYR8", 13_823_568_000, "2020-11-01"),
        ("YMDHMS19", 13_825_016_638, "2020-11-17 18:23:58"),
        ("DTIME20", 183_600, "51:00:00"),
        ("MONTH9", 11, "11"),
        ("F8.2", 183_600, "183600"),
        ("DATE11", 9e14, "900000000000000"),  # no date of a calendar: left as it is
        ("TIME20", 9e15, "9000000000000000"),  # nor a duration
    ],
)
def test_dates_and_times_of_every_kind(read, shape, seconds, text):
    assert texts(read({"Q1": [float(seconds)]}, variable_format={"Q1": shape})) == [text]


def test_values_that_share_a_label_keep_their_codes(read):
    """Cut labels may become the same: nobody's answer may turn into another one."""
    labels = {1: "Yes", 2: "No", 3: "yes ", 4: "1"}
    export = read({"Q1": [1, 2, 3, 4]}, variable_value_labels={"Q1": labels})
    assert texts(export) == ["1", "No", "3", "4"]  # and 4 not "1", which is now another's
    assert [option.label for option in export.columns[0].options] == ["Yes", "No", "yes", "1"]


def test_a_label_that_reads_like_another_value_gives_way(read):
    assert texts(read({"Q1": [1, 2, 10]}, variable_value_labels={"Q1": {1: "10", 2: "Two"}})) == ["1", "Two", "10"]


def test_texts_have_labels_too(read):
    export = read({"Q1": ["f", "s", "x", ""]}, variable_value_labels={"Q1": {"f": "Firm", "s": "School"}})
    assert texts(export) == ["Firm", "School", "x", ""]
    assert export.columns[0].options == (Option("f", "Firm"), Option("s", "School"))


def test_the_order_of_answers_is_the_order_of_codes(read):
    labels = {10: "Liquor", 1: "Something else", 6: "Beer"}
    assert [one.code for one in read({"Q1": [6.0]}, variable_value_labels={"Q1": labels}).columns[0].options] == [
        "1",
        "6",
        "10",
    ]


# --- Missing ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("declared", "missing"),
    [
        ([8, 9], [False, False, True, True, False]),
        ([{"lo": 8, "hi": 99}], [False, False, True, True, False]),
        ([{"lo": 9, "hi": math.inf}, 1], [True, False, False, True, False]),
        ([], [False] * 5),
    ],
)
def test_what_is_declared_missing_is_marked_and_keeps_its_text(read, declared, missing):
    """The cell the system lacks (the last one) is blank, and not declared to be anything."""
    export = read(
        {"Q1": [1, 2, 8, 9, math.nan]},
        variable_value_labels={"Q1": ROLE},
        missing_ranges={"Q1": declared} if declared else None,
    )
    assert texts(export) == ["Firm", "School", "Don't know", "Refused", ""]
    assert export.user_missing.get(0, np.zeros(5, bool)).tolist() == missing
    assert states(export, 0)[-1] == "BLANK"
    assert [option.missing for option in export.columns[0].options] == missing[:4]


def test_a_missing_code_without_a_label_is_listed(read):
    export = read({"Q1": [1.0, 99.0]}, variable_value_labels={"Q1": {1: "Firm"}}, missing_ranges={"Q1": [99]})
    assert export.columns[0].options == (Option("1", "Firm"), Option("99", "99", missing=True))
    assert states(export, 0) == ["ANSWERED", "USER_MISSING"]


def test_missing_texts(read):
    export = read({"Q1": ["Firm", "NA", ""]}, missing_ranges={"Q1": ["NA"]})
    assert states(export, 0) == ["ANSWERED", "USER_MISSING", "BLANK"]


# --- Multiple response ------------------------------------------------------------------------------------------------


def test_a_set_of_dichotomies_is_a_question_with_options(saved):
    content = with_sets(
        saved(
            {"tool_used_often_1": [1.0, 0.0], "tool_used_often_2": [1.0, 1.0], "age": [30.0, 40.0]},
            column_labels={"tool_used_often_1": "R"},
        ),
        "$tools=D1 1 14 Which you use? tool_use v1\n",  # by their short names, in small letters
    )
    columns = spss.read(content, "answers.sav").columns
    assert [(one.question, one.option, one.group) for one in columns] == [
        ("Which you use?", "R", "tools"),
        ("Which you use?", "tool_used_often_2", "tools"),
        ("age", None, "age"),
    ]


def test_what_a_set_counts_is_a_tick_whatever_its_code(saved):
    content = with_sets(
        saved({"a": [2.0, 1.0, None], "b": [1.0, 2.0, 2.0]}, column_labels={"a": "Radio", "b": "Press"}),
        "$news=D1 2 4 News a b\n",
    )
    export = spss.read(content, "answers.sav")
    assert export.text.astype(str).to_numpy().tolist() == [["Radio", "0"], ["0", "Press"], ["", "Press"]]


def test_a_set_of_categories_is_a_group_of_questions(saved):
    content = with_sets(
        saved({"Q1_1": [1.0], "Q1_2": [2.0]}, column_labels={"Q1_1": "First", "Q1_2": "Second"}),
        "$q1=C 5 Roles q1_1 q1_2\n",
    )
    columns = spss.read(content, "answers.sav").columns
    assert [(one.question, one.option, one.group) for one in columns] == [
        ("First", None, "q1"),
        ("Second", None, "q1"),
    ]


def test_a_set_without_a_label_is_called_by_its_name(saved):
    content = with_sets(saved({"a": [1.0], "b": [1.0]}), "$tools=D1 1 0  a b\n$again=D1 1 5 Again b\n")
    assert [(one.question, one.group) for one in spss.read(content, "answers.sav").columns] == [("tools", "tools")] * 2


# --- Encodings, other kinds of file, damage ---------------------------------------------------------------------------


def test_a_western_file_that_calls_itself_unicode(saved):
    """Its texts would come as empty cells, without a word."""
    content = saved({"Q1": ["Cafe", "Bar "]}).replace(b"Cafe", "Café".encode("cp1252"))
    export = spss.read(content, "answers.sav")
    assert (texts(export), export.encoding) == (["Café", "Bar"], "WINDOWS-1252")


def test_a_western_label_in_such_a_file(saved):
    content = saved({"Q1": [1.0]}, column_labels={"Q1": "Cafe?"}).replace(b"Cafe?", "Café?".encode("cp1252"))
    assert spss.read(content, "answers.sav").columns[0].question == "Café?"


def test_texts_in_two_encodings_are_refused(saved):
    content = saved({"Q1": ["Cafes", "Bar"]}, column_labels={"Q1": "Où ?"})
    with pytest.raises(ExportError) as caught:
        spss.read(content.replace(b"Cafes", "Cafés".encode("cp1252")), "answers.sav")
    assert caught.value.problems == (
        Problem(
            "texts in UTF-8, as the file says",
            "texts in another encoding beside them",
            "answers.sav",
            "save it again in SPSS, as Unicode",
        ),
    )


def test_a_text_that_is_cut_within_its_last_letter_loses_it(saved):
    """SPSS cuts at a number of bytes. The é of this file has two, of which the second is gone."""
    content = saved({"Q1": ["Cafe", "Thé"]}).replace(b"Cafe", b"Caf\xc3")
    assert texts(spss.read(content, "answers.sav")) == ["Caf", "Thé"]


def test_the_reader_may_be_told_the_encoding(saved):
    content = saved({"Q1": ["Cafe"]}).replace(b"Cafe", "Café".encode("cp850"))
    assert texts(spss.read(content, "answers.sav", "CP850")) == ["Café"]


def test_a_compressed_file(tmp_path):
    path = tmp_path / "answers.zsav"
    pyreadstat.write_sav(
        pd.DataFrame({"Q1": [1.0, 2.0]}), path, compress=True, variable_value_labels={"Q1": {1: "Firm", 2: "School"}}
    )
    assert spss.recognise(path.read_bytes())
    assert texts(spss.read(path.read_bytes(), path.name)) == ["Firm", "School"]


@pytest.mark.parametrize("line_break", [b"\r\n", b"\n", b""])
def test_a_portable_file_gives_what_is_missing_as_blank(portable, line_break):
    content = portable.replace(b"\r\n", line_break)
    assert spss.recognise(content)
    export = spss.read(content, "answers.por")
    assert [(one.name, one.question) for one in export.columns] == [("Q1", "Role")]
    assert texts(export) == ["Firm", "School", "", ""]
    assert states(export, 0) == ["ANSWERED", "ANSWERED", "BLANK", "BLANK"]


def test_a_portable_file_cannot_be_told_an_encoding(portable):
    with pytest.raises(ExportError) as caught:
        spss.read(portable, "answers.por", "cp1252")
    (problem,) = caught.value.problems
    assert problem.found == "a portable file, of which none can be chosen"


@pytest.mark.parametrize("kept", [4, 100, 500, -8])
def test_a_damaged_file_is_refused_in_words(saved, kept):
    content = saved({"Q1": [1.0, 2.5, 3.5] * 40})[:kept]
    with pytest.raises(ExportError) as caught:
        spss.read(content, "answers.sav")
    (problem,) = caught.value.problems
    assert (problem.expected, problem.where) == ("an SPSS file", "answers.sav")
    assert problem.found.startswith("one that cannot be read (")


# --- A real one -------------------------------------------------------------------------------------------------------


def expected() -> list[dict[str, str]]:
    if not CASE.is_dir():
        return []
    with (CASE / "expected.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture(scope="module")
def drivers() -> Export:
    return spss.read((CASE / "raw" / "nhtsa.sav").read_bytes(), "nhtsa.sav")


needs_drivers = pytest.mark.skipif(not CASE.is_dir(), reason="the answers of this survey are not beside this project")
# In a statement, what stands behind the bar says which group: "… | Male", "… | 1 adults …", "… | region NE …".
GROUPS = {"adults": lambda words: words[0], "region": lambda words: words[1]}


def position_of(export: Export, name: str) -> int:
    return next(column.position for column in export.columns if column.name == name)


def group_of(statement: str) -> str:
    words = statement.rpartition("|")[2].split()
    return next((take(words) for word, take in GROUPS.items() if word in words), words[0])


@needs_drivers
@pytest.mark.parametrize("row", expected(), ids=lambda row: f"{row['id']} {row['columns']}")
def test_numerator_and_denominator_are_as_published(drivers, row):
    name, _, by = row["columns"].partition(" by ")
    position = position_of(drivers, name)
    labels = {option.code: option.label for option in drivers.columns[position].options}
    yes = [labels[code] for code in row["yes"].split(" ", 1)[1].split(", ")]
    state = np.array(states(drivers, position))
    base = state == ANSWERED
    if "included in the base" in row["base"]:
        base |= state == USER_MISSING
    if by:
        base &= (drivers.text[position_of(drivers, by)] == group_of(row["statement"])).to_numpy()
    numerator = int((base & drivers.text[position].isin(yes).to_numpy()).sum())
    assert (numerator, int(base.sum())) == (int(row["numerator"]), int(row["denominator"]))


@needs_drivers
def test_the_file_is_read_for_what_it_is(drivers):
    assert drivers.text.shape == (6999, 121)
    assert drivers.encoding == "WINDOWS-1252"
    assert len(expected()) == 84
    assert {column.name for column in drivers.columns} >= {"QN1", "qn20", "filter_$"}
    assert drivers.columns[position_of(drivers, "QN17")].options[0] == Option("1", "OR, something else")
