"""Parquet: typed columns become the texts that a CSV of them would hold."""

from __future__ import annotations

import datetime as dt
import decimal
import io
import uuid

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from impact_report.errors import ExportError, Problem
from impact_report.readers import columnar
from impact_report.readers.table import Table


def parquet(table: pa.Table | pd.DataFrame) -> bytes:
    saved = io.BytesIO()
    if isinstance(table, pd.DataFrame):
        table.to_parquet(saved)
    else:
        pq.write_table(table, saved, row_group_size=1 + len(table) // 2)  # two groups: each has its dictionary
    return saved.getvalue()


def read(table: pa.Table | pd.DataFrame) -> Table:
    return columnar.read(parquet(table), "answers.parquet")


def rows(table: Table) -> dict[int, list[str]]:
    return {number: table.row(place) for place, number in enumerate(table.cells.index)}


def problems(content: bytes) -> tuple[Problem, ...]:
    with pytest.raises(ExportError) as caught:
        columnar.read(content, "answers.parquet")
    return caught.value.problems


# --- Which files, which rows ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "is_one"), [(parquet(pa.table({"a": [1]})), True), (b"PAR", False), (b"PARTY,Region\n", False)]
)
def test_it_is_recognised_by_its_first_bytes(content, is_one):
    assert columnar.recognise(content) is is_one


def test_the_names_of_the_columns_are_row_1():
    table = read(pa.table({"Role": ["Firm", "School", "Firm"], "Size": [5, 12, None]}))
    assert rows(table) == {1: ["Role", "Size"], 2: ["Firm", "5"], 3: ["School", "12"], 4: ["Firm", ""]}
    assert table.below(1).texts(0) == ["Firm", "School"]


def test_two_columns_of_one_name_are_two_columns():
    assert rows(read(pa.table([["Firm"], ["School"]], names=["Role", "Role"]))) == {
        1: ["Role", "Role"],
        2: ["Firm", "School"],
    }


def test_a_file_without_respondents_has_its_header():
    table = pa.table({"Role": pa.array([], pa.string()), "Tools": pa.array([], pa.list_(pa.string()))})
    assert rows(read(table)) == {1: ["Role", "Tools"]}


@pytest.mark.parametrize(("name", "headers"), [(None, ["Role"]), ("id", ["Role", "id"])])
def test_an_index_without_a_name_is_no_column(name, headers):
    frame = pd.DataFrame({"Role": ["Firm", "School"]}, index=pd.Index([7, 9], name=name))
    assert read(frame).row(0) == headers


# --- What cells say ---------------------------------------------------------------------------------------------------

SOMEBODY = uuid.UUID("12345678-1234-5678-1234-567812345678")


@pytest.mark.parametrize(
    ("values", "kind", "texts"),
    [
        (["Firm ", "", None], pa.string(), ["Firm ", "", ""]),
        (["Firm", None], pa.large_string(), ["Firm", ""]),
        ([b"Fran\xc3\xa7ais", None], pa.binary(), ["Français", ""]),
        ([True, False, None], pa.bool_(), ["TRUE", "FALSE", ""]),
        ([5, -1, None], pa.int8(), ["5", "-1", ""]),
        ([5.0, 2.5, float("nan"), None], pa.float64(), ["5", "2.5", "", ""]),
        ([0.1, 1e-5], pa.float32(), ["0.1", "0.00001"]),  # not 0.10000000149
        ([decimal.Decimal("5.00"), decimal.Decimal("2.50")], pa.decimal128(8, 2), ["5", "2.5"]),
        ([dt.date(2020, 11, 17), None], pa.date32(), ["2020-11-17", ""]),
        ([dt.datetime(2020, 11, 17), None], pa.timestamp("ns"), ["2020-11-17", ""]),
        (
            [dt.datetime(2020, 11, 17), dt.datetime(2020, 11, 17, 18, 23, 58)],
            pa.timestamp("us"),
            ["2020-11-17 00:00:00", "2020-11-17 18:23:58"],
        ),
        ([dt.datetime(2020, 11, 17, 12)], pa.timestamp("s", "Europe/Berlin"), ["2020-11-17 13:00:00"]),  # UTC + 1
        ([dt.time(7, 5), None], pa.time32("s"), ["07:05:00", ""]),
        ([dt.timedelta(hours=30)], pa.duration("s"), ["30:00:00"]),
        ([None, None], pa.null(), ["", ""]),
        (["Firm", None, "School"], pa.dictionary(pa.int8(), pa.string()), ["Firm", "", "School"]),
        ([5, None], pa.dictionary(pa.int8(), pa.int64()), ["5", ""]),
        ([["R", "SQL"], [], None, ["R"]], pa.list_(pa.string()), ["R;SQL", "", "", "R"]),
        ([["R", None], [None], ["", "SQL"]], pa.large_list(pa.string()), ["R", "", "SQL"]),
        ([[1.0, 2.5], [3.0]], pa.list_(pa.float64()), ["1;2.5", "3"]),
        ([["R", "SQL"], None], pa.list_(pa.string(), 2), ["R;SQL", ""]),
        ([["R"], ["SQL", "R"]], pa.list_(pa.dictionary(pa.int8(), pa.string())), ["R", "SQL;R"]),
        ([SOMEBODY.bytes, None], pa.uuid(), [str(SOMEBODY), ""]),
    ],
    ids=str,
)
def test_a_value_is_written_in_one_way(values, kind, texts):
    assert read(pa.table({"Q1": pa.array(values, kind)})).below(1).cells[0].tolist() == texts


def test_categories_of_pandas():
    frame = pd.DataFrame({"Role": pd.Categorical(["Firm", None, "Firm"], categories=["School", "Firm"])})
    assert read(frame).below(1).cells[0].tolist() == ["Firm", "", "Firm"]


def test_cells_are_kept_apart_from_a_header_that_says_the_same():
    table = read(pa.table({"Yes": ["Yes", "No", "Yes"]}))
    assert rows(table) == {1: ["Yes"], 2: ["Yes"], 3: ["No"], 4: ["Yes"]}


def test_many_rows_are_not_read_one_by_one():
    """300,000 rows of two answers: places and two texts, whatever their number."""
    table = read(pa.table({"Q1": np.arange(300_000) % 2})).below(1)
    assert table.cells[0].cat.categories.tolist() == ["0", "1"]
    assert (table.cells[0] == "1").sum() == 150_000


# --- What cannot be read ----------------------------------------------------------------------------------------------


def test_all_columns_that_cannot_be_text_are_told_at_once():
    table = pa.table(
        {
            "Role": ["Firm"],
            "Place": [{"town": "Leeds", "country": "UK"}],
            "Grid": [[["a"], ["b"]]],
            "Tools": [["R", "C; C++"]],
            "Photo": [b"\xff\xd8"],
        }
    )
    told = [(problem.where.removeprefix("answers.parquet, "), problem.found) for problem in problems(parquet(table))]
    assert told == [
        ("column 'Place'", "struct<town: string, country: string> in each"),
        ("column 'Grid'", "lists within lists"),
        ("column 'Tools'", "1 that hold one"),
        ("column 'Photo'", "other bytes"),
    ]


@pytest.mark.parametrize("content", [b"PAR1", parquet(pa.table({"a": ["x"] * 50}))[:-20], b"PARE" + bytes(50)])
def test_a_damaged_file_is_refused_in_words(content):
    (problem,) = problems(content)
    assert (problem.expected, problem.where) == ("a Parquet file", "answers.parquet")
    assert problem.found.startswith("a damaged or encrypted file")


def test_a_file_without_columns_is_refused():
    (problem,) = problems(parquet(pd.DataFrame(index=[3, 5])))
    assert problem.found == "a file without any"


@pytest.mark.parametrize(
    ("values", "written"),
    [
        (pa.array([2**62], pa.timestamp("us")), "timestamp[us]"),
        (pa.array([-(2**62)], pa.timestamp("ms")), "timestamp[ms]"),
        (pa.array([0], pa.timestamp("us", tz="Mars/Base")), "timestamp[us, tz=Mars/Base]"),
        (pa.array([2**31 - 1], pa.date32()), "date32[day]"),
        (pa.array([2**62], pa.duration("s")), "duration[s]"),
    ],
    ids=["too late", "too early", "no zone", "a day", "a duration"],
)
def test_a_moment_that_no_calendar_has_is_refused(values, written):
    (problem,) = problems(parquet(pa.table({"Role": ["Firm"], "When": values})))
    assert problem.found == f"{written} beyond that"
    assert problem.where == "answers.parquet, column 'When'"
    assert problem.do == "write the column as text"


def test_the_last_second_of_all_is_not_rounded_up():
    table = read(pa.table({"When": pa.array([dt.datetime.max], pa.timestamp("us"))}))
    assert table.row(1) == ["9999-12-31 23:59:59"]


def test_a_decimal_keeps_all_of_its_digits():
    """38 digits; Python's own rounding would keep 28."""
    value = decimal.Decimal("1234567890123456789012345678901234567.80")
    assert read(pa.table({"Sum": pa.array([value], pa.decimal256(60, 2))})).row(1) == [
        "1234567890123456789012345678901234567.8"
    ]
