"""The bytes of a file become a table: archives, encodings, titles, rows of another width, cells written as nothing."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path

import pytest

from impact_report import readers
from impact_report.errors import ExportError, Problem
from impact_report.readers import delimited, source

CHOIR = b"Voice,Region\nHigh,North\nLow,\n"


def zipped(files: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


def opened(tmp_path: Path, content: bytes, name: str = "answers.bin") -> source.Source:
    path = tmp_path / name
    path.write_bytes(content)
    return source.read(path)


def refused(tmp_path: Path, content: bytes) -> Problem:
    with pytest.raises(ExportError) as caught:
        opened(tmp_path, content)
    (problem,) = caught.value.problems
    return problem


def cells(content: bytes | str) -> list[list[str]]:
    content = content.encode() if isinstance(content, str) else content
    return delimited.read(content, "answers.csv").cells.astype(str).to_numpy().tolist()


# --- Archives ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        CHOIR,
        gzip.compress(CHOIR),
        zipped({"survey/answers.csv": CHOIR}),
        zipped({"answers.csv": CHOIR, "__MACOSX/._answers.csv": b"x", ".DS_Store": b"x"}),
        zipped({"answers.csv.gz": gzip.compress(CHOIR)}),
    ],
    ids=["itself", "gzip", "zip", "zip of a Mac", "gzip in zip"],
)
def test_an_export_comes_out_of_its_archive(tmp_path, content):
    assert opened(tmp_path, content).content == CHOIR


def test_the_name_of_a_file_in_an_archive_is_told(tmp_path):
    assert opened(tmp_path, zipped({"answers.csv": CHOIR}), "answers.zip").name == "answers.zip (answers.csv)"


@pytest.mark.parametrize(
    ("content", "expected", "found"),
    [
        (zipped({"a.csv": CHOIR, "b.csv": CHOIR}), "one file in the archive", "a.csv, b.csv"),
        (zipped({}), "one file in the archive", "none"),
        (gzip.compress(CHOIR)[:-9], "a whole archive", "a broken one"),
        (zipped({"a.csv": CHOIR})[:40], "a whole archive", "a broken one"),
        (gzip.compress(b""), "rows of answers", "an empty file"),
        (b" \n\n", "rows of answers", "an empty file"),
        (gzip.compress(gzip.compress(gzip.compress(gzip.compress(CHOIR)))), "an export in one archive", "archives in"),
    ],
    ids=["two files", "no file", "a cut gzip", "a cut zip", "gzip of nothing", "blanks", "archives in archives"],
)
def test_an_archive_that_cannot_be_used(tmp_path, content, expected, found):
    problem = refused(tmp_path, content)
    assert problem.expected == expected
    assert problem.found.startswith(found)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(ExportError, match="No such file"):
        source.read(tmp_path / "nothing.csv")


# --- Encodings --------------------------------------------------------------------------------------------------------

WORDS = "Isn’t it “naïve”, José – or über?"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "mac_roman"])
def test_an_encoding_is_found(encoding):
    content = f'Who?,Why?\nMünchen,"{WORDS}"\n'.encode(encoding)
    assert cells(content) == [["Who?", "Why?"], ["München", WORDS]]


def test_letters_that_two_encodings_explain_are_windows_ones():
    assert delimited.read(b"Who?,Why?\nJos\xe9,na\xefve\n", "answers.csv").encoding == "cp1252"


def test_single_bytes_astray_in_unicode_are_windows_ones():
    content = "Who?,Why?\nZoë,“über”\n".encode() + "José,x\n".encode("cp1252")
    table = delimited.read(content, "answers.csv")
    assert table.row(2) == ["José", "x"]
    assert table.row(1) == ["Zoë", "“über”"]
    assert table.encoding == "utf-8 with cp1252"


def test_an_encoding_may_be_named():
    content = "Who?,Why?\nПётр,да\n".encode("cp1251")
    assert delimited.read(content, "answers.csv", "cp1251").row(1) == ["Пётр", "да"]


def test_an_encoding_that_nobody_knows():
    with pytest.raises(ExportError) as caught:
        delimited.read(CHOIR, "answers.csv", "utf-9")
    assert caught.value.problems[0].where == "wave.yml, encoding"


# --- Rows -------------------------------------------------------------------------------------------------------------


def test_a_title_and_blank_rows_keep_their_rows():
    table = delimited.read(b"Our survey\n\nVoice,Region\nHigh,North\n\nLow,\n", "answers.csv")
    assert list(table.cells.index) == [1, 2, 3, 4, 5, 6]
    assert table.row(0) == ["Our survey", ""]
    assert table.below_titles().row(0) == ["Voice", "Region"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends(end):
    assert cells(f'a,b{end}1,"two{end}lines"{end}3,4') == [["a", "b"], ["1", f"two{end}lines"], ["3", "4"]]


def test_separators_at_the_end_of_some_rows_are_no_cells():
    assert cells("a,b\n1,2,,\n3,4\n5,6,\n") == [["a", "b"], ["1", "2"], ["3", "4"], ["5", "6"]]


def test_what_is_written_as_nothing_is_kept_apart_where_a_file_writes_both():
    table = delimited.read(b'a,b\n1,""\n2,\n3,x\n', "answers.csv")
    assert table.cells[1].tolist() == ["b", "", "", "x"]
    assert table.absent[1].tolist() == [False, False, True, False]
    assert table.below(1).absent[1].tolist() == [False, True, False]


def test_where_every_blank_is_written_alike_nothing_is_kept_apart():
    assert delimited.read(b"a,b\n1,\n2,x\n", "answers.csv").absent == {}
    assert delimited.read(b'a,b\n1,""\n2,"x"\n', "answers.csv").absent == {}


def test_rows_of_another_width_keep_what_is_kept_apart_in_its_row():
    table = delimited.read(b'Our survey\na,b\n1,""\n2,\n3,"",\n4,\n5,,\n', "answers.csv").below(2)
    assert table.cells[1].tolist() == [""] * 5
    assert table.absent[1].tolist() == [False, True, False, True, True]


@pytest.mark.parametrize(
    "above",
    ["", "Our survey\n", "\n\n", "sep=;\n", "Our survey;;\nof 2026;;\n\n"],
    ids=["", "title", "blank", "sep", "both"],
)
def test_what_stands_above_the_header_is_no_part_of_it(tmp_path, above):
    path = tmp_path / "answers.csv"
    path.write_text(above + "Voice;Region;Age\nHigh;North;31\nLow;;40\n")
    export = readers.read(path)
    assert [column.question for column in export.columns] == ["Voice", "Region", "Age"]
    assert export.text.astype(str).to_numpy().tolist() == [["High", "North", "31"], ["Low", "", "40"]]
    assert list(export.text.index) == [above.count("\n") + 2, above.count("\n") + 3]  # rows of the file
