"""Whatever platform an export comes from, and however it was saved: the same questions and the same answers."""

from __future__ import annotations

import io
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from study import SHAPES, TWELVE, plain, qualtrics, surveymonkey, written

from impact_report import readers
from impact_report.errors import ExportError, Problem, WaveError
from impact_report.readers import delimited


@pytest.fixture
def save(tmp_path: Path):
    """Save the bytes or the text of an export and return its path."""

    def write(content: str | bytes, name: str = "responses.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


@pytest.fixture
def read(save):
    """Save an export and read it."""
    return lambda content, format=None, name="responses.csv": readers.read(save(content, name), format)


@pytest.fixture
def refused(save):
    """Save an export and return the one problem reading it ends with."""

    def problem(content: str | bytes, format: str | None = None) -> Problem:
        with pytest.raises(ExportError) as caught:
            readers.read(save(content), format)
        (one,) = caught.value.problems
        return one

    return problem


def questions(export: readers.Export) -> list[tuple[str, str | None]]:
    return [(column.question, column.option) for column in export.columns]


def answers(export: readers.Export) -> list[list[str]]:
    return export.text.to_numpy().tolist()


# --- Which platform? --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("name", ["responses.csv", "responses.txt", "surveymonkey-qualtrics.dat"])
def test_a_format_is_recognised_by_what_is_in_the_file(read, shape, name):
    assert read(written(SHAPES[shape](TWELVE)), name=name).format == shape


def test_the_wave_may_name_the_format(read):
    export = read(written(surveymonkey(TWELVE)), "plain")
    assert export.format == "plain"
    assert len(export.text) == 13  # the second header is a row of answers to a plain reader


def test_a_format_that_is_none(refused):
    problem = refused("a,b\n1,2\n", "survymonkey")
    assert problem == Problem(
        "a known export format", "'survymonkey'", "wave.yml, format", "did you mean 'surveymonkey'?"
    )


@pytest.mark.parametrize("format", ["qualtrics", "surveymonkey"])
def test_a_format_that_does_not_fit(refused, format):
    problem = refused("role,region\nfirm,2\nschool,1\n", format)
    assert "header rows" in problem.expected
    assert problem.found == "one header row"  # its second row may be a respondent's: no cell is quoted
    assert problem.where == "responses.csv"
    assert "`format:`" in problem.do


@pytest.mark.parametrize("format", ["redcap", "kobo", "limesurvey", "google", "plain"])
def test_a_format_that_is_named_is_read_though_nothing_shows_it(read, format):
    """Each has one header row; only REDCap's first column is the platform's whatever it is called."""
    export = read("role,region\nfirm,2\nschool,1\n", format)
    assert (export.format, answers(export)) == (format, [["firm", "2"], ["school", "1"]])
    assert [column.platform for column in export.columns] == [format == "redcap", False]


def test_a_format_that_is_named_overrules_what_shows(read):
    """A Finnish export of SurveyMonkey, which a plain reader would take for three respondents."""
    content = "Vastaajan tunnus,Rooli?,Mitkä?,\n,Vastaus,Palkka,Aika\n1,Firma,Palkka,\n2,Koulu,,Aika\n"
    assert len(read(content).text) == 3
    export = read(content, "surveymonkey")
    assert questions(export)[2:] == [("Mitkä?", "Palkka"), ("Mitkä?", "Aika")]
    assert len(export.text) == 2


def test_an_spss_file_that_is_none(refused):
    problem = refused("role,region\nfirm,2\n", "spss")
    assert (problem.expected, problem.found) == ("a spss export", "another kind of file")


# --- What wave.yml says of another kind of file -----------------------------------------------------------------------


def workbook_of(*sheets: str) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        for name in sheets:
            sheet = book.add_worksheet(name)
            for row, cells in enumerate([["Role", "Region"], ["Firm", "1"]]):
                sheet.write_row(row, 0, cells)
    return stream.getvalue()


def parquet() -> bytes:
    stream = io.BytesIO()
    pq.write_table(pa.table({"Role": ["Firm"], "Region": ["1"]}), stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "settings", "found"),
    [
        (workbook_of("answers"), {"encoding": "cp1252"}, "a workbook, which says its encoding itself"),
        (parquet(), {"encoding": "cp1252"}, "a Parquet file, which is UTF-8"),
        (parquet(), {"sheet": "answers"}, "no workbook"),
        (b"Role,Region\nFirm,1\n", {"sheet": "answers"}, "no workbook"),
    ],
    ids=["encoding of a workbook", "encoding of Parquet", "sheet of Parquet", "sheet of a CSV"],
)
def test_what_cannot_be_meant_is_not_ignored(save, content, settings, found):
    with pytest.raises(ExportError) as caught:
        readers.read(save(content), **settings)
    (problem,) = caught.value.problems
    (setting,) = settings
    assert (problem.found, problem.do) == (found, f"remove `{setting}:` from wave.yml")


def test_of_several_sheets_one_has_to_be_named(refused, save):
    content = workbook_of("2019", "2020")
    problem = refused(content)
    assert (problem.expected, problem.found) == ("one sheet with answers", "'2019', '2020'")
    assert "sheet: …" in problem.do
    assert "SHEET=…" in problem.do
    assert answers(readers.read(save(content), sheet="2020")) == [["Firm", "1"]]


# --- Plain tables -----------------------------------------------------------------------------------------------------

PLAIN = [["Role", "What, then?"], ["firm", "pay; hours"], ["school", "Ünïcode"]]


@pytest.mark.parametrize(
    ("content", "encoding", "separator"),
    [
        (written(PLAIN), "utf-8", ","),
        (written(PLAIN, ";"), "utf-8", ";"),
        (written(PLAIN, "\t"), "utf-8", "\t"),
        (written(PLAIN, "|"), "utf-8", "|"),
        (written(PLAIN, end="\r\n"), "utf-8", ","),
        (written(PLAIN).rstrip("\n"), "utf-8", ","),
        ("\ufeff" + written(PLAIN), "utf-8-sig", ","),
        (written(PLAIN).encode("cp1252"), "cp1252", ","),
        (written(PLAIN, "\t").encode("utf-16"), "utf-16", "\t"),
        (b"\xfe\xff" + written(PLAIN, "\t").encode("utf-16-be"), "utf-16", "\t"),
    ],
    ids=[
        "CSV",
        "semicolons",
        "TSV",
        "bars",
        "CRLF",
        "no final newline",
        "BOM",
        "cp1252",
        "UTF-16",
        "UTF-16 big-endian",
    ],
)
def test_encoding_and_separator_are_found(read, content, encoding, separator):
    export = read(content)
    assert questions(export) == [("Role", None), ("What, then?", None)]
    assert answers(export) == [["firm", "pay; hours"], ["school", "Ünïcode"]]
    assert (export.encoding, export.separator) == (encoding, separator)


def test_rows_are_numbered_as_a_spreadsheet_does(read):
    assert list(read(written(PLAIN)).text.index) == [2, 3]


def test_one_column_is_enough(read):
    export = read("Role\nfirm\nschool\n")
    assert (questions(export), answers(export)) == ([("Role", None)], [["firm"], ["school"]])


def test_a_line_break_within_an_answer_is_part_of_it(read):
    export = read('Role,Why\nfirm,"first\nsecond"\nschool,third\n')
    assert answers(export) == [["firm", "first\nsecond"], ["school", "third"]]
    assert list(export.text.index) == [2, 3]


def test_everything_stays_text(read):
    texts = ["None", "NA", "nan", "007", "1.0", "TRUE", "2019-06-30", "1e3", ""]
    assert answers(read(written([["x", "y"], *([text, "1"] for text in texts)]))) == [[text, "1"] for text in texts]


def test_quotes_within_quotes(read):
    assert answers(read('a,b\n"said ""no"", then",2\n')) == [['said "no", then', "2"]]


def test_a_header_is_tidied(read):
    assert questions(read("<b>Role</b>\u00a0 in it ,x\nfirm,1\n"))[0] == ("Role in it", None)


def test_a_column_knows_its_letter(read):
    export = read(written([[f"q{k}" for k in range(60)], ["1"] * 60]))
    assert [export.columns[k].letter for k in (0, 25, 26, 51, 52, 59)] == ["A", "Z", "AA", "AZ", "BA", "BH"]


def test_a_row_that_lacks_only_columns_of_nothing_lacks_nothing(read):
    assert answers(read("a,b\n1,2,\n3,4\n")) == [["1", "2"], ["3", "4"]]
    assert answers(read("a,b,\n1,2\n3,4,\n")) == [["1", "2", ""], ["3", "4", ""]]


def test_a_row_without_any_cell_is_an_empty_row(read):
    export = read("a,b\n1,2\n\n,\n3,4\n")
    assert answers(export) == [["1", "2"], ["", ""], ["", ""], ["3", "4"]]


# --- SurveyMonkey -----------------------------------------------------------------------------------------------------

MONKEY = """\
Respondent ID,Collector ID,What is your role?,Which of these?,,,How far do you agree?,,Why?
,,Response,Pay,Hours,Other (please specify),It pays,It is fun,Open-Ended Response
1,7,Firm,Pay,,also cake,Agree,Disagree,"so,
so"
2,7,School,,Hours,,Agree,,
"""
MONKEY_QUESTIONS = [
    ("Respondent ID", None),
    ("Collector ID", None),
    ("What is your role?", None),
    ("Which of these?", "Pay"),
    ("Which of these?", "Hours"),
    ("Which of these?", "Other (please specify)"),
    ("How far do you agree?", "It pays"),
    ("How far do you agree?", "It is fun"),
    ("Why?", None),
]


def test_a_question_is_carried_over_its_block(read):
    export = read(MONKEY)
    assert questions(export) == MONKEY_QUESTIONS
    assert answers(export) == [
        ["1", "7", "Firm", "Pay", "", "also cake", "Agree", "Disagree", "so,\nso"],
        ["2", "7", "School", "", "Hours", "", "Agree", "", ""],
    ]
    assert list(export.text.index) == [3, 4]


def test_a_title_above_the_header(read):
    export = read("Our survey,,,,,,,,\n" + MONKEY)
    assert questions(export) == MONKEY_QUESTIONS
    assert list(export.text.index) == [4, 5]


def test_a_short_title_above_the_header(read):
    assert questions(read("Our survey\n" + MONKEY)) == MONKEY_QUESTIONS


def test_old_headers(read):
    old = MONKEY.replace("Respondent ID", "RespondentID").replace("Collector ID", "CollectorID")
    export = read(old)
    assert export.format == "surveymonkey"
    assert questions(export)[2:] == MONKEY_QUESTIONS[2:]


def test_old_headers_without_a_collector(read):
    assert read("RespondentID,Role\n,Response\n1,Firm\n").format == "surveymonkey"


def test_html_in_a_header(read):
    html = MONKEY.replace("What is your role?", "<p>What is your <strong>role</strong>?&nbsp;</p>")
    assert questions(read(html)) == MONKEY_QUESTIONS


def test_cp1252_and_crlf(read):
    damaged = MONKEY.replace("What is your role?", "What’s your role – today?").replace("\n", "\r\n")
    export = read(damaged.encode("cp1252"))
    assert export.encoding == "cp1252"
    assert export.columns[2].question == "What’s your role – today?"
    assert len(export.text) == 2


def test_empty_rows_at_the_end_are_kept_for_the_cleaning_to_judge(read):
    export = read(MONKEY + ",,,,,,,,\n" * 300)
    assert len(export.text) == 302
    assert set(export.text.loc[5:].to_numpy().ravel()) == {""}


def test_empty_columns_at_the_end_belong_to_no_question(read):
    lines = [line + ",,," for line in MONKEY.replace('"so,\nso"', "so").splitlines()]
    export = read("\n".join(lines))
    assert questions(export)[:9] == MONKEY_QUESTIONS
    assert not any(column.title for column in export.columns[9:])


# --- Qualtrics --------------------------------------------------------------------------------------------------------

QUALTRICS = """\
StartDate,Q1,Q2_1,Q2_2,Q2_3,Q2_3_TEXT,Q3_1,Q3_2,partnership_name
Start Date,What - if any - is your role?,Which - of these? - Selected Choice - Pay,\
Which - of these? - Selected Choice - Hours,Which - of these? - Selected Choice - Other,\
Which - of these? - Other - Text,How far - do you agree? - It pays,How far - do you agree? - It is - fun,\
partnership_name
"{""ImportId"":""startDate""}","{""ImportId"":""QID1""}","{""ImportId"":""QID2"",""choiceId"":""1""}",\
"{""ImportId"":""QID2"",""choiceId"":""2""}","{""ImportId"":""QID2"",""choiceId"":""3""}",\
"{""ImportId"":""QID2_3_TEXT""}","{""ImportId"":""QID3_1""}","{""ImportId"":""QID3_2""}","{""ImportId"":""partnership_name""}"
2020-05-04 10:00:00,Firm,Pay,,Other,cake,Agree,Disagree,P1
"""
QUALTRICS_QUESTIONS = [
    ("Start Date", None),
    ("What - if any - is your role?", None),
    ("Which - of these?", "Pay"),
    ("Which - of these?", "Hours"),
    ("Which - of these?", "Other"),
    ("Which - of these? - Other - Text", None),
    ("How far - do you agree?", "It pays"),
    ("How far - do you agree?", "It is - fun"),
    ("partnership_name", None),
]


def test_three_headers_make_question_and_option(read):
    export = read(QUALTRICS)
    assert questions(export) == QUALTRICS_QUESTIONS
    assert answers(export) == [["2020-05-04 10:00:00", "Firm", "Pay", "", "Other", "cake", "Agree", "Disagree", "P1"]]
    assert list(export.text.index) == [4]


def test_the_platforms_name_of_a_column_and_of_its_question(read):
    columns = {column.name: column.group for column in read(QUALTRICS).columns}
    assert columns["Q2_1"] == columns["Q2_2"] == "Q2"
    assert columns["Q2_3_TEXT"] == "Q2_3_TEXT"
    assert columns["partnership_name"] == "partnership_name"


def test_single_quotes_in_the_import_ids(read):
    damaged = QUALTRICS.replace('""', "'")
    assert questions(read(damaged)) == QUALTRICS_QUESTIONS


def test_options_that_begin_alike_are_still_options(read):
    alike = QUALTRICS.replace("Choice - Pay", "Choice - Work - pay").replace("Choice - Hours", "Choice - Work - hours")
    alike = alike.replace("Choice - Other", "Choice - Work - other")
    assert questions(read(alike))[2:5] == [
        ("Which - of these?", "Work - pay"),
        ("Which - of these?", "Work - hours"),
        ("Which - of these?", "Work - other"),
    ]


def test_a_question_numbered_with_an_underscore_is_one_question(read):
    export = read(QUALTRICS.replace("StartDate,", "Q0_1,").replace("Start Date,", "How old are you?,"))
    assert questions(export)[0] == ("How old are you?", None)


# --- What is no export ------------------------------------------------------------------------------------------------


def test_no_file(tmp_path):
    with pytest.raises(ExportError) as caught:
        readers.read(tmp_path / "responses.csv")
    (problem,) = caught.value.problems
    assert problem == Problem(
        "the raw export", "No such file or directory", str(tmp_path / "responses.csv"), "put it there"
    )


@pytest.mark.parametrize(
    "content",
    [b"", b"\n\n\n", b"  \n\t\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf\n", b"\xff\xfe", b"\xff\xfe\n\x00"],
    ids=["nothing", "newlines", "blanks", "a BOM", "a BOM, a newline", "a UTF-16 BOM", "UTF-16, a newline"],
)
def test_an_empty_file(refused, content):
    problem = refused(content)
    assert problem == Problem("rows of answers", "an empty file", "responses.csv", "export the answers again")


@pytest.mark.parametrize(
    "content",
    ["role,region\n", "role,region", written(surveymonkey([])), written(qualtrics([])), written(plain([]))],
    ids=["plain", "no newline", "surveymonkey", "qualtrics", "choir"],
)
def test_only_headers(refused, content):
    problem = refused(content)
    assert problem == Problem("rows of answers", "only headers", "responses.csv", "export the answers again")


def test_headers_and_blank_lines_are_only_headers(refused):
    assert refused("role,region\n\n\n,\n").found == "only headers"


def test_a_binary_file(refused):
    problem = refused(bytes(range(256)) * 4)
    assert problem == Problem("a text file (CSV, TSV)", "a binary file", "responses.csv", "export it as CSV")


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b'{"SurveyEntry": {"SurveyName": "Choir"}}', "a JSON document"),
        (b"\xef\xbb\xbf <!DOCTYPE html><html><table><tr><td>Role</td></tr></table></html>", "a web page (HTML)"),
        (b"<?xml version='1.0'?><responses/>", "an XML document"),
        (b"%PDF-1.7 and so on", "a PDF document"),
    ],
    ids=["JSON", "HTML", "XML", "PDF"],
)
def test_another_kind_of_document_is_called_by_its_name(refused, content, found):
    problem = refused(content)
    assert (problem.expected, problem.found) == ("a table of answers", found)


@pytest.mark.parametrize("before", [1, 300], ids=["near the top", "far down"])
def test_a_row_with_too_many_fields(refused, before):
    problem = refused("a,b\n" + "1,2\n" * before + "1,2,3\n" + "1,2\n")
    assert problem.expected == "2 columns in each row"
    assert str(before + 2) in problem.found or str(before + 2) in problem.where
    assert problem.do == "look at that row for a stray quote or separator, or export again"


@pytest.mark.parametrize(
    ("content", "width", "found"),
    [
        ("a,b,c\n1\n1,2,3\n", 3, "fewer in 1 of them: row 2"),
        ("a,b,c\n1,2,3\n1,2", 3, "fewer in 1 of them: row 3"),
        ("a,b,c\n1,2\n\n1,2,3\n,2\n", 3, "fewer in 2 of them: rows 2, 5"),
        ('a,b\n"1\n1",2\n3\n', 2, "fewer in 1 of them: row 3"),
        ("Our survey\na,b\n1\n", 2, "fewer in 1 of them: row 3"),
        ("a,b\n" + "1,2\n" * 300 + "3\n", 2, "fewer in 1 of them: row 302"),
        ("a,b\n1,2\n" + "3\n" * 9, 2, "fewer in 9 of them: rows 3, 4, 5, 6, 7, 8, 9, 10 …"),
        (MONKEY + "3,7,Firm\n", 9, "fewer in 1 of them: row 5"),
    ],
    ids=["one", "the last", "two", "a line break", "a title", "far down", "many", "surveymonkey"],
)
def test_rows_that_end_too_early_are_refused(refused, content, width, found):
    problem = refused(content)
    assert problem.where == "responses.csv"
    assert problem.found == found
    assert problem.expected == f"{width} cells in each row"
    assert problem.do == "look there for a cut line or a stray quote, or export again"


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"\xef\xbb\xbfa,b\n\xff,1\n", "not utf-8-sig throughout: 'utf-8' codec can't decode byte 0xff in position 4"),
        ("a,b\n1,2\n".encode("utf-16") + b"\x31", "not utf-16 throughout: 'utf-16-le' codec can't decode byte 0x31"),
    ],
    ids=["UTF-8", "UTF-16"],
)
def test_bytes_that_are_no_text_after_a_mark_of_one(refused, content, found):
    problem = refused(content)
    assert (problem.expected, problem.where) == ("text in one encoding", "responses.csv")
    assert problem.found.startswith(found)
    assert problem.do == "export the answers again, or name the encoding in wave.yml (encoding: …)"


def test_a_quote_that_is_never_closed(refused):
    problem = refused('a,b\n"1,2\n3,4\n')
    assert (problem.expected, problem.found) == ("whole rows to the end", "a quote that is never closed")
    assert problem.where == "responses.csv, row 2"
    assert "stray quote" in problem.do


def test_a_very_long_answer_is_read(read):
    """Python's own limit is 131,072 characters."""
    long = "so " * 100_000
    assert answers(read(written([["a", "b"], ["1", long]]))) == [["1", long]]


# --- Small tables of the study ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        "name,start\nHall,\n\nChurch,007\n",
        "\ufeffname;start\r\nHall;\r\nChurch;007\r\n",
        "\n name ,start\nHall,\nChurch,007",
    ],
    ids=["CSV", "BOM, semicolons, CRLF", "a blank line and blanks"],
)
def test_a_small_table_is_read_by_its_header_as_text(save, content):
    table = delimited.read_with_header(save(content), WaveError)
    assert list(table) == ["name", "start"]
    assert table.to_numpy().tolist() == [["Hall", ""], ["Church", "007"]]


@pytest.mark.parametrize("content", ["name,start\nHall\n", "name,start\nHall,1998,x\n", "", b"\xff\xfea"])
def test_a_small_table_that_is_none_is_told_as_its_users_error(save, content):
    path = save(content)
    with pytest.raises(ExportError) as reading:
        readers.read(path)
    with pytest.raises(WaveError) as caught:
        delimited.read_with_header(path, WaveError)
    assert caught.value.problems == reading.value.problems
