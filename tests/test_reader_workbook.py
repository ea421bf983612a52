"""Workbooks: what a person sees in a sheet is what is read, wherever it stands and however it is formatted."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from impact_report.errors import ExportError, Problem
from impact_report.readers import workbook
from impact_report.readers.table import Table

SHARED = Path(__file__).resolve().parents[2] / "shared" / "real"
CASE = SHARED / "spack-2020" / "raw"


def xlsx(fill: Callable[[xlsxwriter.Workbook], None], **options: object) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True, **options}) as book:
        fill(book)
    return content.getvalue()


def of_cells(cells: dict[str, object], formats: dict[str, str] | None = None, **options: object) -> bytes:
    """Return a workbook of one sheet with these cells, by place (B3); `formats` are their number formats."""

    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        for place, value in cells.items():
            shape = (formats or {}).get(place)
            sheet.write(place, value, book.add_format({"num_format": shape}) if shape else None)

    return xlsx(fill, **options)


def ods(rows: str, manifest: str = "") -> bytes:
    """Return an OpenDocument spreadsheet of one sheet."""
    names = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        f'<office:document-content xmlns:office="{names}:office:1.0" xmlns:table="{names}:table:1.0" '
        f'xmlns:text="{names}:text:1.0"><office:body><office:spreadsheet><table:table table:name="Answers">{rows}'
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    head = f'<manifest:manifest xmlns:manifest="{names}:manifest:1.0">{manifest}</manifest:manifest>'
    saved = io.BytesIO()
    with zipfile.ZipFile(saved, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", head)
        archive.writestr("content.xml", content)
    return saved.getvalue()


def ods_row(*texts: str) -> str:
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    cells = "".join(cell.format(text) if text else "<table:table-cell/>" for text in texts)
    return f"<table:table-row>{cells}</table:table-row>"


def rows(table: Table) -> dict[int, list[str]]:
    """Return the rows by their number."""
    return {number: table.row(place) for place, number in enumerate(table.cells.index)}


def refused(content: bytes) -> Problem:
    with pytest.raises(ExportError) as caught:
        workbook.read(content, "answers.xlsx")
    (problem,) = caught.value.problems
    return problem


# --- Which files are workbooks? ---------------------------------------------------------------------------------------


def zip_of_csv() -> bytes:
    saved = io.BytesIO()
    with zipfile.ZipFile(saved, "w") as archive:
        archive.writestr("answers.csv", "Role,Region\n")
        archive.writestr("answers.xlsx", of_cells({"A1": "Role"}))  # in an archive, not itself one
    return saved.getvalue()


@pytest.mark.parametrize(
    ("content", "is_one"),
    [
        (of_cells({"A1": "Role"}), True),
        (of_cells({"A1": "Role"})[:200], True),  # cut short: still the beginning of one
        (ods(ods_row("Role")), True),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), True),  # XLS
        (zip_of_csv(), False),
        (b"Role,Region\n", False),
        (b"", False),
    ],
)
def test_a_workbook_is_recognised_by_its_first_bytes(content, is_one):
    assert workbook.recognise(content) is is_one


# --- Where cells stand ------------------------------------------------------------------------------------------------


def test_rows_and_columns_keep_their_place_in_the_sheet():
    (table,) = workbook.read(of_cells({"C3": "Role", "D3": "Region", "C4": "Firm", "C6": "School"}), "answers.xlsx")
    assert rows(table) == {
        3: ["", "", "Role", "Region"],
        4: ["", "", "Firm", ""],
        5: ["", "", "", ""],
        6: ["", "", "School", ""],
    }
    assert table.below(1).texts(2) == ["Firm", "School"]


def test_formatted_but_empty_rows_and_columns_do_not_count():
    def fill(book):
        sheet = book.add_worksheet("Answers")
        sheet.write_column("B2", ["Role", "Firm"])
        bold = book.add_format({"bold": True})
        for row in range(60):
            sheet.write_blank(row, 9, None, bold)
        sheet.write("B50", "  ")  # a space that nobody sees
        sheet.write("E3", " ")

    (table,) = workbook.read(xlsx(fill), "answers.xlsx")
    assert rows(table) == {2: ["", "Role"], 3: ["", "Firm"]}


def test_the_sheets_that_hold_anything_in_their_order():
    def fill(book):
        book.add_worksheet("Nothing")
        for name in ("Second", "First"):
            book.add_worksheet(name).write("A1", name)
        chart = book.add_chart({"type": "bar"})
        chart.add_series({"values": "=Second!$A$1:$A$1"})
        book.add_chartsheet("Chart").set_chart(chart)

    tables = workbook.read(xlsx(fill), "answers.xlsx")
    assert [(table.name, table.sheet, table.row(0)) for table in tables] == [
        ("answers.xlsx", "Second", ["Second"]),
        ("answers.xlsx", "First", ["First"]),
    ]


@pytest.mark.parametrize(("seen", "read"), [("Role", ["Seen"]), ("", ["Hidden"])])
def test_a_hidden_sheet_counts_only_where_no_other_holds_anything(seen, read):
    def fill(book):
        book.add_worksheet("Seen").write("A1", seen)
        hidden = book.add_worksheet("Hidden")
        hidden.write("A1", "Lists")
        hidden.hide()

    assert [table.sheet for table in workbook.read(xlsx(fill), "answers.xlsx")] == read


# --- What cells say ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "shape", "text"),
    [
        ("Very favorably ", None, "Very favorably "),
        ("a\nb", None, "a\nb"),
        ("005", None, "005"),  # a text, not the number
        (5, None, "5"),
        (5.0, None, "5"),
        (2.5, None, "2.5"),
        (0.458, "0.0%", "0.458"),
        (1e-5, None, "0.00001"),
        (1234567890123456, None, "1234567890123456"),
        (True, None, "TRUE"),
        (False, None, "FALSE"),
        (dt.date(2020, 11, 17), "yyyy-mm-dd", "2020-11-17"),
        (dt.datetime(2020, 11, 17, 18, 23, 58), "d/m/yy h:mm", "2020-11-17 18:23:58"),
        (dt.datetime(2020, 11, 17, 18, 23, 57, 999000), "d/m/yy h:mm", "2020-11-17 18:23:58"),
        (dt.time(7, 5), "hh:mm", "07:05:00"),
        (2.125, "[h]:mm:ss", "51:00:00"),  # 2 days and 3 hours
    ],
)
@pytest.mark.parametrize("since_1904", [False, True])
def test_a_value_is_written_in_one_way(value, shape, text, since_1904):
    content = of_cells({"A1": "Q1", "A2": value}, {"A2": shape} if shape else None, date_1904=since_1904)
    (table,) = workbook.read(content, "answers.xlsx")
    assert table.row(1) == [text]


def test_a_column_of_times_says_midnight_too():
    """Else one respondent in 86,400 would have a time that is written in another way."""
    days = {"A1": dt.datetime(2020, 1, 2), "B1": dt.datetime(2020, 1, 2), "B2": dt.datetime(2020, 1, 2, 9, 30)}
    (table,) = workbook.read(of_cells(days, dict.fromkeys(days, "yyyy-mm-dd hh:mm")), "answers.xlsx")
    assert rows(table) == {1: ["2020-01-02", "2020-01-02 00:00:00"], 2: ["", "2020-01-02 09:30:00"]}


def test_true_and_one_are_two_answers():
    (table,) = workbook.read(of_cells({"A1": 1, "A2": True, "A3": "1"}), "answers.xlsx")
    assert [table.row(place) for place in range(3)] == [["1"], ["TRUE"], ["1"]]


def test_error_cells_are_their_text():
    def fill(book):
        sheet = book.add_worksheet("Answers & more")
        sheet.write("B2", "Role")
        sheet.write_formula("C2", "=Region()", value="#NAME?")
        sheet.write("B3", "Firm")
        sheet.write_formula("AB3", "=1/0", value="#DIV/0!")

    (table,) = workbook.read(xlsx(fill), "answers.xlsx")
    assert table.row(0)[:3] == ["", "Role", "#NAME?"]
    assert table.row(1)[27] == "#DIV/0!"  # AB


def test_a_formula_is_its_result():
    def fill(book):
        book.add_worksheet().write_formula("A1", "=1+1", value=2)

    (table,) = workbook.read(xlsx(fill), "answers.xlsx")
    assert table.row(0) == ["2"]


def test_an_open_document():
    content = ods(ods_row() + ods_row("", "Role", "Region") + ods_row("", "Firm", "#NAME?"))
    (table,) = workbook.read(content, "answers.ods")
    assert (table.sheet, rows(table)) == ("Answers", {2: ["", "Role", "Region"], 3: ["", "Firm", "#NAME?"]})


# --- What cannot be read ----------------------------------------------------------------------------------------------


def test_an_empty_workbook_is_refused():
    assert refused(of_cells({"A1": " "})) == Problem(
        "a sheet with answers", "1 empty sheet", "answers.xlsx", "export the answers again"
    )


LOCKED = (
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml">'
    '<manifest:encryption-data manifest:checksum="x"/></manifest:file-entry>'
)


@pytest.mark.parametrize(
    "content",
    [
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
        ods(ods_row("Role"), LOCKED),
    ],
)
def test_a_workbook_with_a_password_is_refused_in_words(content):
    problem = refused(content)
    assert problem.found == "a workbook with a password"
    assert problem.do == "open it with its password and save it without one"


@pytest.mark.parametrize(
    "content",
    [
        of_cells({"A1": "Role"})[:-40],
        of_cells({"A1": "Role"})[:1000],
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    ],
)
def test_a_damaged_workbook_is_refused_in_words(content):
    problem = refused(content)
    assert problem.expected == "a workbook (XLSX, XLSB, XLS, ODS)"
    assert problem.found.startswith("a damaged file, one with a password, or another kind of document")


# --- A real one -------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(not CASE.is_dir(), reason="the answers of this survey are not beside this project")
def test_the_workbook_holds_the_respondents_of_the_csv():
    """Its sheet says 229 rows below the header, of which 59 are formatted and empty: 170 respondents."""
    (content,) = (path.read_bytes() for path in CASE.glob("*.xlsx"))
    (text,) = (path.read_text(encoding="utf-8-sig") for path in CASE.glob("*.csv"))
    (table,) = workbook.read(content, "responses.xlsx")
    told = list(csv.reader(io.StringIO(text, newline="")))
    assert len(table.cells) == len(told) == 1 + 170
    assert table.row(0) == told[0]
    times = [dt.datetime.strptime(row[0], "%m/%d/%Y %H:%M:%S").isoformat(" ") for row in told[1:]]
    assert table.below(1).cells[0].tolist() == times
    kinds = [row[1] for row in told[1:]]
    assert table.below(1).cells[1].tolist() == kinds
