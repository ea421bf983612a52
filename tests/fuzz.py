"""Exports damaged in the ways that people, programs and networks damage them, and what must come out of each.

    python tests/fuzz.py --seed 1 --count 500

Each input ends in a result whose ledger adds up, or in an error in words. What still means the same gives the same
estimates, or an error: never another count. The same seed makes the same inputs, anywhere.
"""

from __future__ import annotations

import argparse
import gzip
import io
import random
import re
import signal
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import pandas as pd
import xlsxwriter

from impact_report import codebook as codebook_module
from impact_report import readers
from impact_report import wave as wave_module
from impact_report.cleaning import Cleaned, clean
from impact_report.codebook import Codebook
from impact_report.errors import ReportError, WaveError
from impact_report.ledger import ROW_DROPPED
from impact_report.readers import Export
from impact_report.tally import SUMS, tally
from impact_report.wave import Wave

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared" / "real"
STUDIES = (ROOT / "data" / "raw", *sorted(path for path in (ROOT / "tests" / "studies").glob("*") if path.is_dir()))
COUNTS = SUMS[:5]
LONGEST = 30  # seconds; an input that takes longer hangs
LONGEST_PROBLEM = 4000  # characters; a longer one is no message


class Failure(AssertionError):
    """An input that ended otherwise than in a right result or an error in words."""


# --- What is damaged --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sheet:
    """An export as the records of a text: each cell as it is written, with its quotes."""

    records: tuple[tuple[str, ...], ...]
    headers: int  # records up to the first row of answers
    encoding: str
    separator: str
    blocks: tuple[tuple[int, ...], ...]  # positions of columns that must stay side by side
    platform: frozenset[int]  # positions of columns that the platform added
    tells_nothing: bool  # by writing nothing rather than "" in a cell
    end: str = "\n"
    above: str = ""
    final: bool = True  # the last record ends

    @property
    def content(self) -> bytes:
        """The bytes of the file."""
        body = self.end.join(self.separator.join(record) for record in self.records) + self.end * self.final
        try:
            return (self.above + body).encode(self.encoding)
        except UnicodeEncodeError:  # a cell holds a letter that it has not
            return (self.above + body).encode("utf-8")

    @property
    def rows(self) -> int:
        """How many rows of answers there are, up to the last that holds any."""
        filled = [k for k, record in enumerate(self.records) if any(plain(cell).strip() for cell in record)]
        return max(filled, default=0) + 1 - self.headers

    @property
    def width(self) -> int:
        return len(self.records[0])


def plain(cell: str) -> str:
    """Return what a cell says that is written with its quotes.

    >>> plain('"say ""aye"" now"')
    'say "aye" now'
    """
    return cell[1:-1].replace('""', '"') if cell.startswith('"') and cell.endswith('"') and len(cell) > 1 else cell


def quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def records_of(text: str, separator: str) -> tuple[tuple[str, ...], ...]:
    """Return the records of a text, cells with their quotes.

    >>> records_of('a,"b,""c"\\r\\n1,\\n', ",")
    (('a', '"b,""c"'), ('1', ''))
    """
    mark = re.escape(separator)
    records, record = [], []
    for match in re.finditer(rf'("(?:[^"]|"")*"|[^{mark}\r\n]*)({mark}|\r\n|\r|\n|\Z)', text):
        record.append(match[1])
        if match[2] == separator:
            continue
        if match[2] or record != [""]:
            records.append(tuple(record))
        record = []
    return tuple(records)


@dataclass(frozen=True)
class Mutant:
    """A damaged export, and what is known of it.

    `lossless`: it says what it said. `touched`: of so many respondents at most may the answers be others; None is any
    number. `keeps_rows`: it has the rows of its sheet.
    """

    content: bytes
    sheet: Sheet | None = None
    lossless: bool = True
    touched: int | None = 0
    keeps_rows: bool = True
    steps: tuple[str, ...] = ()

    def of_sheet(self, sheet: Sheet, **known: object) -> Mutant:
        return replace(self, sheet=sheet, content=sheet.content, **known)

    def damaged(self, content: bytes, touched: int | None = None) -> Mutant:
        """Return it with bytes that no sheet has written."""
        return replace(self, content=content, lossless=False, touched=touched, keeps_rows=False)

    def touching(self, more: int | None) -> int | None:
        return None if self.touched is None or more is None else self.touched + more


Mutator = Callable[[Mutant, random.Random], Mutant]


# --- Rows and columns -------------------------------------------------------------------------------------------------


def _with_records(mutant: Mutant, records: Sequence[tuple[str, ...]], **known: object) -> Mutant:
    return mutant.of_sheet(replace(mutant.sheet, records=tuple(records)), **known)


def _picked(mutant: Mutant, dice: random.Random) -> int:
    return dice.randrange(mutant.sheet.headers, len(mutant.sheet.records))


def _position(mutant: Mutant, dice: random.Random) -> int:
    return dice.randrange(mutant.sheet.width)


def rows_removed(mutant: Mutant, dice: random.Random) -> Mutant:
    gone = {_picked(mutant, dice) for _ in range(dice.choice([1, 1, 2, 5]))}
    left = [record for k, record in enumerate(mutant.sheet.records) if k not in gone]
    return _with_records(mutant, left, lossless=False, touched=mutant.touching(len(gone)))


def rows_doubled(mutant: Mutant, dice: random.Random) -> Mutant:
    records = list(mutant.sheet.records)
    times = dice.choice([1, 1, 2, 5])
    for _ in range(times):
        records.insert(_picked(mutant, dice), records[_picked(mutant, dice)])
    return _with_records(mutant, records, lossless=False, touched=mutant.touching(times))


def rows_shuffled(mutant: Mutant, dice: random.Random) -> Mutant:
    records, start = mutant.sheet.records, mutant.sheet.headers
    return _with_records(mutant, [*records[:start], *dice.sample(records[start:], len(records) - start)])


def row_cut(mutant: Mutant, dice: random.Random) -> Mutant:
    records = list(mutant.sheet.records)
    k = _picked(mutant, dice)
    records[k] = records[k][: dice.randrange(1, len(records[k]) + 1)]
    return _with_records(mutant, records, lossless=False, touched=mutant.touching(1))


def row_too_long(mutant: Mutant, dice: random.Random) -> Mutant:
    records = list(mutant.sheet.records)
    k = _picked(mutant, dice)
    records[k] = (*records[k][: _position(mutant, dice)], "stray", *records[k])
    return _with_records(mutant, records, lossless=False, touched=mutant.touching(1))


def rows_swapped_cells(mutant: Mutant, dice: random.Random) -> Mutant:
    """Put a cell's text elsewhere in its row, as a slip of the mouse does."""
    records = list(mutant.sheet.records)
    k = _picked(mutant, dice)
    cells = list(records[k])
    cells[dice.randrange(len(cells))] = dice.choice(cells)
    records[k] = tuple(cells)
    return _with_records(mutant, records, lossless=False, touched=mutant.touching(1))


def columns_shuffled(mutant: Mutant, dice: random.Random) -> Mutant:
    order = [k for block in dice.sample(mutant.sheet.blocks, len(mutant.sheet.blocks)) for k in block]
    records = [tuple(record[k] for k in order) if len(record) == len(order) else record for record in
               mutant.sheet.records]  # fmt: skip
    moved = {old: new for new, old in enumerate(order)}
    blocks = tuple(tuple(moved[k] for k in block) for block in mutant.sheet.blocks)
    platform = frozenset(moved[k] for k in mutant.sheet.platform)
    return mutant.of_sheet(replace(mutant.sheet, records=tuple(records), blocks=blocks, platform=platform))


def _without_places(mutant: Mutant, records: Sequence[tuple[str, ...]], touched: int | None) -> Mutant:
    """Return it with other columns: from now on they are one block."""
    width = len(records[0])
    sheet = replace(
        mutant.sheet, records=tuple(records), blocks=(tuple(range(width)),), platform=frozenset(range(width))
    )
    return mutant.of_sheet(sheet, lossless=False, touched=mutant.touching(touched))


def column_removed(mutant: Mutant, dice: random.Random) -> Mutant:
    """Without a column that the platform added nobody can know what it would have told."""
    gone = _position(mutant, dice)
    left = [(*record[:gone], *record[gone + 1 :]) for record in mutant.sheet.records]
    return _without_places(mutant, left, None if gone in mutant.sheet.platform else 0)


def column_doubled(mutant: Mutant, dice: random.Random) -> Mutant:
    twice, place = _position(mutant, dice), _position(mutant, dice)
    records = [(*record[:place], *record[twice : twice + 1], *record[place:]) for record in mutant.sheet.records]
    return _without_places(mutant, records, 0)


def columns_of_nothing(mutant: Mutant, dice: random.Random) -> Mutant:
    more = ("",) * dice.choice([1, 3, 1000])
    return _without_places(mutant, [(*record, *more) for record in mutant.sheet.records], 0)


def _header(mutant: Mutant, dice: random.Random, text: str) -> Mutant:
    row, position = dice.randrange(mutant.sheet.headers), _position(mutant, dice)
    records = list(mutant.sheet.records)
    cells = list(records[row])
    cells[position] = text
    records[row] = tuple(cells)
    touched = None if position in mutant.sheet.platform else mutant.touching(0)
    return _with_records(mutant, records, lossless=False, touched=touched)


def header_renamed(mutant: Mutant, dice: random.Random) -> Mutant:
    return _header(
        mutant, dice, dice.choice(["Untitled", "Q999", "x", "Column 7", "?", "#NAME?", "12-Mai", "x" * 9000])
    )


def header_blanked(mutant: Mutant, dice: random.Random) -> Mutant:
    return _header(mutant, dice, "")


def headers_removed(mutant: Mutant, dice: random.Random) -> Mutant:
    row = dice.randrange(mutant.sheet.headers)
    records = [record for k, record in enumerate(mutant.sheet.records) if k != row]
    return replace(_with_records(mutant, records), lossless=False, touched=None, keeps_rows=False)


def header_again(mutant: Mutant, dice: random.Random) -> Mutant:
    """Put the headers once more between the answers: two files were put into one."""
    records, headers = mutant.sheet.records, mutant.sheet.headers
    k = _picked(mutant, dice)
    return _with_records(mutant, [*records[:k], *records[:headers], *records[k:]], lossless=False)


def file_doubled(mutant: Mutant, dice: random.Random) -> Mutant:
    whole = mutant.sheet.records
    again = whole[dice.choice([0, mutant.sheet.headers]) :]
    return _with_records(mutant, [*whole, *again], lossless=False, touched=None)


def blank_rows_between(mutant: Mutant, dice: random.Random) -> Mutant:
    records = list(mutant.sheet.records)
    blank = dice.choice([("",), ("",) * mutant.sheet.width, ('""',) * mutant.sheet.width])
    for _ in range(dice.choice([1, 3, 10])):
        records.insert(_picked(mutant, dice), blank)
    return _with_records(mutant, records)


def blank_rows_at_end(mutant: Mutant, dice: random.Random) -> Mutant:
    blank = dice.choice([("",), ("",) * mutant.sheet.width, (" ",) * mutant.sheet.width])
    return _with_records(mutant, [*mutant.sheet.records, *[blank] * dice.choice([1, 59, 500])])


def separators_at_end(mutant: Mutant, dice: random.Random) -> Mutant:
    start = dice.choice([0, mutant.sheet.headers])
    return _with_records(
        mutant,
        [(*record, "") if k >= start else record for k, record in enumerate(mutant.sheet.records)],
    )


def spaces_around(mutant: Mutant, dice: random.Random) -> Mutant:
    space = dice.choice([" ", "\u00a0", "\t", "\u200b"])
    if space == mutant.sheet.separator:
        return mutant
    records = [
        tuple(quoted(space + plain(cell) + space) if plain(cell) and dice.random() < 0.1 else cell for cell in record)
        for record in mutant.sheet.records
    ]
    return _with_records(mutant, records, lossless=False)


def other_case(mutant: Mutant, dice: random.Random) -> Mutant:
    """Write answers in another case: it never matters."""
    start = mutant.sheet.headers
    change = dice.choice([str.upper, str.lower])
    records = [
        tuple(change(cell) if cell.isascii() else cell for cell in record) if k >= start else record
        for k, record in enumerate(mutant.sheet.records)
    ]
    return _with_records(mutant, records, lossless=False)


def cell_garbled(mutant: Mutant, dice: random.Random) -> Mutant:
    texts = [
        "#REF!",
        "NULL",
        "NaN",
        "\ufffd",
        "9" * 400,
        "x" * 200_000,
        "=1+1",
        "01.02.2003",
        "1e999",
        "-",
        "٣",
        "\x07",
    ]
    records = list(mutant.sheet.records)
    k, position = _picked(mutant, dice), _position(mutant, dice)
    records[k] = tuple(dice.choice(texts) if column == position else cell for column, cell in enumerate(records[k]))
    return _with_records(mutant, records, lossless=False, touched=mutant.touching(1))


# --- How it is written ------------------------------------------------------------------------------------------------


def other_separator(mutant: Mutant, dice: random.Random) -> Mutant:
    separator = dice.choice([one for one in ",;\t|" if one != mutant.sheet.separator])
    records = [
        tuple(quoted(cell) if separator in cell and not cell.startswith('"') else cell for cell in record)
        for record in mutant.sheet.records
    ]
    return mutant.of_sheet(replace(mutant.sheet, records=tuple(records), separator=separator))


def other_end(mutant: Mutant, dice: random.Random) -> Mutant:
    return mutant.of_sheet(replace(mutant.sheet, end=dice.choice(["\r\n", "\r", "\n"]), final=dice.random() < 0.5))


def every_cell_quoted(mutant: Mutant, dice: random.Random) -> Mutant:
    if mutant.sheet.tells_nothing:
        return mutant
    also_empty = dice.random() < 0.5
    records = [
        tuple(quoted(cell) if not cell.startswith('"') and (cell or also_empty) else cell for cell in record)
        for record in mutant.sheet.records
    ]
    return _with_records(mutant, records)


def title_above(mutant: Mutant, dice: random.Random) -> Mutant:
    title = dice.choice(["Survey results", '"Survey results, all"', "Results" + mutant.sheet.separator])
    above = title + mutant.sheet.end * dice.choice([1, 2])
    return mutant.of_sheet(replace(mutant.sheet, above=above))


def blank_lines_above(mutant: Mutant, dice: random.Random) -> Mutant:
    return mutant.of_sheet(replace(mutant.sheet, above=mutant.sheet.end * dice.choice([1, 2, 4])))


def excel_names_separator(mutant: Mutant, dice: random.Random) -> Mutant:
    above = f"sep={mutant.sheet.separator}{mutant.sheet.end}"
    return mutant.of_sheet(replace(mutant.sheet, above=above))


def _text(mutant: Mutant) -> str:
    try:
        return mutant.content.decode(mutant.sheet.encoding)
    except UnicodeDecodeError:
        return mutant.content.decode("utf-8")


def re_encoded(mutant: Mutant, dice: random.Random) -> Mutant:
    """Write it in another encoding; letters that it does not have become question marks."""
    encoding = dice.choice(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1252", "latin-1", "mac_roman"])
    sheet = replace(mutant.sheet, encoding=encoding)
    text = _text(mutant)
    try:
        return replace(mutant, sheet=sheet, content=text.encode(encoding))
    except UnicodeEncodeError:
        return replace(mutant, content=text.encode(encoding, errors="replace"), lossless=False)


def wrongly_decoded(mutant: Mutant, dice: random.Random) -> Mutant:
    """Write what a program shows that took it for another encoding."""
    right, wrong = dice.choice([("utf-8", "cp1252"), ("utf-8", "mac_roman"), ("utf-8", "latin-1"), ("cp1252", "utf-8"),
                                ("mac_roman", "cp1252"), ("cp1252", "mac_roman")])  # fmt: skip
    seen = _text(mutant).encode(right, errors="replace").decode(wrong, errors="replace")
    return replace(mutant, content=seen.encode("utf-8"), lossless=False)


def as_workbook(mutant: Mutant, dice: random.Random) -> Mutant:
    if mutant.sheet.tells_nothing or any(len(cell) > 30_000 for record in mutant.sheet.records for cell in record):
        return mutant
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        page = book.add_worksheet("Answers")
        shift = len(mutant.sheet.above.splitlines())
        for k, record in enumerate(mutant.sheet.records):
            for column, cell in enumerate(map(plain, record)):
                if cell:
                    page.write_string(k + shift, column, cell)
    return replace(mutant, content=stream.getvalue())


# --- Bytes ------------------------------------------------------------------------------------------------------------


def bytes_cut(mutant: Mutant, dice: random.Random) -> Mutant:
    return mutant.damaged(mutant.content[: dice.randrange(len(mutant.content))])


def bytes_flipped(mutant: Mutant, dice: random.Random) -> Mutant:
    content = bytearray(mutant.content)
    times = dice.choice([1, 1, 3, 20])
    for _ in range(times):
        content[dice.randrange(len(content))] = dice.randrange(256)
    return mutant.damaged(bytes(content))


def one_letter_flipped(mutant: Mutant, dice: random.Random) -> Mutant:
    """Change one letter of an answer to another."""
    content = bytearray(mutant.content)
    start = int(len(content) * 0.5)
    letters = [k for k in range(start, len(content)) if chr(content[k]).isalnum()]
    if not letters:
        return mutant
    content[dice.choice(letters)] = ord(dice.choice("aXq70"))
    return mutant.damaged(bytes(content), None if mutant.sheet is None else mutant.touching(1))


def nul_bytes(mutant: Mutant, dice: random.Random) -> Mutant:
    at = dice.randrange(len(mutant.content))
    return mutant.damaged(mutant.content[:at] + b"\0" * dice.choice([1, 2, 512]) + mutant.content[at:])


def quote_inserted(mutant: Mutant, dice: random.Random) -> Mutant:
    """A stray quote may make one long cell of what follows: that may never swallow a respondent unnoticed."""
    at = dice.randrange(len(mutant.content) + 1)
    return mutant.damaged(mutant.content[:at] + b'"' + mutant.content[at:], mutant.touching(1))


def quote_at_start_of_cell(mutant: Mutant, dice: random.Random) -> Mutant:
    records = list(mutant.sheet.records)
    k, position = _picked(mutant, dice), _position(mutant, dice)
    records[k] = tuple('"' + cell if column == position else cell for column, cell in enumerate(records[k]))
    sheet = replace(mutant.sheet, records=tuple(records))
    return replace(mutant.of_sheet(sheet), lossless=False, keeps_rows=False, touched=mutant.touching(1))


def quote_removed(mutant: Mutant, dice: random.Random) -> Mutant:
    places = [match.start() for match in re.finditer(b'"', mutant.content)]
    if not places:
        return mutant
    at = dice.choice(places)
    return mutant.damaged(mutant.content[:at] + mutant.content[at + 1 :], mutant.touching(1))


def garbage_at_end(mutant: Mutant, dice: random.Random) -> Mutant:
    more = dice.choice([b"</html>", b"Rows: 46", b"\x1a", bytes(dice.randrange(256) for _ in range(200)), b"\0" * 512])
    return mutant.damaged(mutant.content + more)


def emptied(mutant: Mutant, dice: random.Random) -> Mutant:
    return mutant.damaged(
        dice.choice([b"", b"\n", b"  \r\n\r\n", b"\xef\xbb\xbf", b"\xff\xfe", b"\0", b"\x1f\x8b", b"PK"])
    )


# --- Archives ---------------------------------------------------------------------------------------------------------


def gzipped(mutant: Mutant, dice: random.Random) -> Mutant:
    return replace(mutant, content=gzip.compress(mutant.content, mtime=0))


def zipped(mutant: Mutant, dice: random.Random) -> Mutant:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", dice.choice([zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED])) as archive:
        archive.writestr("survey/answers.csv", mutant.content)
        if dice.random() < 0.5:
            archive.writestr("__MACOSX/survey/._answers.csv", b"\0\5\26\7")
    return replace(mutant, content=stream.getvalue())


def archive_cut(mutant: Mutant, dice: random.Random) -> Mutant:
    return bytes_cut(dice.choice([gzipped, zipped])(mutant, dice), dice)


def archive_flipped(mutant: Mutant, dice: random.Random) -> Mutant:
    return bytes_flipped(dice.choice([gzipped, zipped])(mutant, dice), dice)


ROWS_AND_COLUMNS: tuple[Mutator, ...] = (
    rows_removed, rows_doubled, rows_shuffled, row_cut, row_too_long, rows_swapped_cells, columns_shuffled,
    column_removed, column_doubled, columns_of_nothing, header_renamed, header_blanked, headers_removed, header_again,
    file_doubled, blank_rows_between, blank_rows_at_end, separators_at_end, spaces_around, other_case, cell_garbled,
    quote_at_start_of_cell,
)  # fmt: skip
WRITING: tuple[Mutator, ...] = (other_separator, other_end, every_cell_quoted, title_above, blank_lines_above,
                                excel_names_separator)  # fmt: skip
ENCODING: tuple[Mutator, ...] = (re_encoded, wrongly_decoded, as_workbook)
BYTES: tuple[Mutator, ...] = (bytes_cut, bytes_flipped, one_letter_flipped, nul_bytes, quote_inserted, quote_removed,
                              garbage_at_end, emptied, archive_cut, archive_flipped)  # fmt: skip
ARCHIVES: tuple[Mutator, ...] = (gzipped, zipped)
STAGES = (ROWS_AND_COLUMNS, WRITING, ENCODING, BYTES, ARCHIVES)
OF_BYTES = (BYTES, ARCHIVES)


def mutated(mutant: Mutant, dice: random.Random) -> Mutant:
    """Return an export damaged once, or in three of ten cases several times."""
    stages = STAGES if mutant.sheet else OF_BYTES
    every = [mutator for stage in stages for mutator in stage]
    chosen = [dice.choice(every)]
    if dice.random() < 0.3:
        chosen = [dice.choice(stage) for stage in stages if dice.random() < 0.5] or chosen
    for mutator in chosen:
        mutant = replace(mutator(mutant, dice), steps=(*mutant.steps, mutator.__name__))
    return mutant


# --- What must come out -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Subject:
    """A raw export, and the study that it is cleaned by, if there is one."""

    name: str
    path: Path
    codebook: Codebook | None = None
    wave: Wave | None = None

    @cached_property
    def original(self) -> Mutant:
        return Mutant(self.path.read_bytes(), self._sheet())

    @cached_property
    def export(self) -> Export:
        return self.read(self.path)

    @cached_property
    def result(self) -> Cleaned | None:
        return self.clean(self.export)

    @cached_property
    def counts(self) -> pd.DataFrame:
        return self.count(self.result)

    def read(self, path: Path) -> Export:
        wave = self.wave
        return readers.read(path, wave.format, wave.sheet) if wave else readers.read(path)

    def clean(self, export: Export) -> Cleaned | None:
        return clean(export, self.codebook, self.wave, "responses.csv") if self.codebook else None

    def count(self, cleaned: Cleaned) -> pd.DataFrame:
        return tally(cleaned.responses, self.codebook)[COUNTS]

    def _sheet(self) -> Sheet | None:
        export = self.export
        if not export.separator:
            return None
        text = self.path.read_bytes().decode(export.encoding)
        records = records_of(text, export.separator)
        headers = next(k for k in range(1, 4) if len(records) - k == len(export.text))
        return Sheet(
            records,
            headers,
            export.encoding,
            export.separator,
            _blocks(export),
            frozenset(column.position for column in export.columns if column.platform),
            tells_nothing=bool(export.not_shown) and ',"",' in text,
        )


def _blocks(export: Export) -> tuple[tuple[int, ...], ...]:
    """Return the columns that must stay side by side: a question's; of a REDCap form, and of what says no more, all."""
    if export.format in ("redcap", "limesurvey"):
        return (tuple(range(len(export.columns))),)
    blocks: list[list[int]] = []
    before = None
    for column in export.columns:
        if blocks and column.question == before and column.option is not None:
            blocks[-1].append(column.position)
        else:
            blocks.append([column.position])
        before = column.question
    return tuple(map(tuple, blocks))


def subjects() -> Iterator[Subject]:
    """Yield every wave of every study here, and every raw export that no study is about."""
    seen = set()
    for folder in STUDIES:
        if not (folder / "codebook.yml").is_file():
            continue
        codebook = codebook_module.load(folder / "codebook.yml")
        for file in sorted(folder.glob("*/wave.yml")):
            wave = wave_module.load(file.parent, codebook)
            try:
                path = wave_module.export_file(file.parent, wave)
            except WaveError:  # its data is not beside this project
                continue
            seen.add(path.resolve())
            yield Subject(f"{folder.name}-{file.parent.name}", path, codebook, wave)
    for path in sorted(SHARED.glob("*/raw/*")):
        if path.suffix != ".qsf" and path.resolve() not in seen:
            yield Subject(path.name, path)


@contextmanager
def _in_time(seconds: int) -> Iterator[None]:
    def late(*_: object) -> None:
        raise Failure(f"took longer than {seconds} s")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def outcome(subject: Subject, mutant: Mutant, folder: Path) -> str:
    """Return `result` or `refused`; raise Failure for everything else that can come out."""
    path = folder / "responses.csv"
    path.write_bytes(mutant.content)
    with _in_time(LONGEST):
        try:
            export = subject.read(path)
            cleaned = subject.clean(export)
            counts = None if cleaned is None else subject.count(cleaned)
        except ReportError as error:
            _check_words(error)
            return "refused"
        except Failure:
            raise
        except Exception as fault:
            raise Failure(f"{type(fault).__name__}: {fault}") from fault
    if cleaned is None:
        _check_export(subject, mutant, export)
    else:
        _check_cleaned(subject, mutant, cleaned, counts)
    return "result"


def _check_words(error: ReportError) -> None:
    if not error.problems:
        raise Failure("an error without a problem")
    for problem in error.problems:
        said = (problem.expected, problem.found, problem.where, problem.do)
        if not all(text.strip() for text in said):
            raise Failure(f"a problem without words: {problem!r}")
        if len(str(problem)) > LONGEST_PROBLEM:
            raise Failure(f"a problem of {len(str(problem))} characters: {str(problem)[:300]}")


def _check_export(subject: Subject, mutant: Mutant, export: Export) -> None:
    if mutant.lossless and mutant.keeps_rows and mutant.sheet and _filled(export) != mutant.sheet.rows:
        raise Failure(f"{_filled(export)} rows instead of {mutant.sheet.rows}")
    if mutant.lossless and (now := _answers(export)) != (before := _answers(subject.export)):
        raise Failure(f"other answers: {list((now - before).items())[:3]} for {list((before - now).items())[:3]}")


def _filled(export: Export) -> int:
    """Return the number of rows, up to the last that holds anything."""
    filled = (export.text.astype(str).apply(lambda column: column.str.strip()) != "").any(axis=1).to_numpy()
    return int(filled.nonzero()[0][-1]) + 1 if filled.any() else 0


def _answers(export: Export) -> Counter:
    """Return how often each column holds an answer, by its title; columns of nothing do not count."""
    found = [(column.title, int((export.text[column.position].astype(str).str.strip() != "").sum())) for column in
             export.columns]  # fmt: skip
    return Counter(one for one in found if any(one))


def _check_cleaned(subject: Subject, mutant: Mutant, cleaned: Cleaned, counts: pd.DataFrame) -> None:
    summary, ledger = cleaned.summary, cleaned.ledger
    dropped = ledger.loc[ledger["action"] == ROW_DROPPED, "source_row"]
    kept = cleaned.responses["source_row"]
    if not dropped.is_unique or not kept.is_unique or set(dropped) & set(kept):
        raise Failure("a row is dropped twice, or dropped and kept")
    if not (summary["rows_in"] == len(kept) + len(dropped) and summary["rows_kept"] == len(kept)):
        raise Failure(f"{summary['rows_in']} rows in, {len(kept)} kept, {len(dropped)} dropped")
    if mutant.keeps_rows and mutant.sheet and summary["rows_in"] != mutant.sheet.rows:
        raise Failure(f"{summary['rows_in']} rows in, of {mutant.sheet.rows} in the file")
    if mutant.touched is not None:
        apart = int((counts - subject.counts).abs().max().max())
        if apart > mutant.touched:
            raise Failure(f"counts differ by {apart}, though {mutant.touched} respondents are touched")


# --- Running ----------------------------------------------------------------------------------------------------------


@dataclass
class Run:
    """What came out of many inputs."""

    results: int = 0
    refused: Counter = None
    failures: list[str] = None

    def __post_init__(self) -> None:
        self.refused, self.failures = Counter(), []


def run(subject: Subject, seed: int, count: int, folder: Path) -> Run:
    """Try so many inputs made of an export."""
    done = Run()
    for number in range(count):
        mutant = mutated(subject.original, random.Random(f"{seed}/{subject.name}/{number}"))
        try:
            if outcome(subject, mutant, folder) == "result":
                done.results += 1
            else:
                done.refused[mutant.steps if mutant.lossless else "damaged"] += 1
        except Failure as failure:
            done.failures.append(f"{subject.name}, seed {seed}, number {number}, {' + '.join(mutant.steps)}: {failure}")
    return done


def main() -> int:
    """Try inputs made of every export here, and list those that failed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=500, help="inputs in all")
    parser.add_argument("--only", default="", help="a part of a subject's name")
    given = parser.parse_args()
    every = [subject for subject in subjects() if given.only in subject.name]
    failures = []
    with tempfile.TemporaryDirectory() as folder:
        for subject in every:
            begun = time.monotonic()
            done = run(subject, given.seed, -(-given.count // len(every)), Path(folder))
            failures += done.failures
            refused, kept = done.refused.total(), {"+".join(k): n for k, n in done.refused.items() if k != "damaged"}
            print(f"{subject.name}: {done.results} results, {refused} errors, {len(done.failures)} failures, "
                  f"{time.monotonic() - begun:.0f} s; errors for what means the same: {kept}")  # fmt: skip
            print(*done.failures, sep="\n", end="\n" * bool(done.failures), flush=True)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
