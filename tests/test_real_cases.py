"""Real exports of other people's surveys: every expected count, from a codebook alone; no code knows them.

Each study in `studies` reads its data from beside this project, where `expected.csv` lies with it: one row a share,
with its column, what counts as yes, its base, numerator and denominator. Which indicator a row is about is found from
these words in the codebook, so that a count that is right by accident, under another name, is noticed.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd
import pytest

from impact_report import cleaning, codebook, readers, tally, wave
from impact_report.binding import bind
from impact_report.codebook import Item
from impact_report.errors import ExportError
from impact_report.readers import Column
from impact_report.wording import normalise

SHARED = Path(__file__).resolve().parents[2] / "shared" / "real"
STUDIES = Path(__file__).parent / "studies"

pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="the data of the real surveys is not beside this project")

# (study, wave): folder of the case, format, rows, columns
CASES = {
    ("nacho", "labels"): ("redcap-nacho", "redcap", 30, 29),
    ("nacho", "names"): ("redcap-nacho", "redcap", 30, 29),
    ("nhtsa", "2008"): ("pspp-nhtsa", "spss", 6999, 121),
    ("msna", "template"): ("kobo-msna", "kobo", 100, 449),
    ("rse", "2017"): ("rse-2017-us", "limesurvey", 164, 242),
    ("fruit", "sample"): ("qualtricstools", "qualtrics", 31, 367),
    ("spack", "csv"): ("spack-2020", "google", 170, 48),
    ("spack", "workbook"): ("spack-2020", "google", 170, 48),
}

# Rows of expected.csv that are about no question's answers: (study, id) → why, tested on their own below.
OF_ROWS = {
    ("spack", "1"): "the rows of the file, against the respondents of the article",
    ("spack", "2"): "the rows of the sheet that hold something, against those that are formatted",
}


@dataclass
class Case:
    """One wave of a study: cleaned and counted once."""

    study: str
    name: str

    @cached_property
    def codebook(self) -> codebook.Codebook:
        return codebook.load(STUDIES / self.study / "codebook.yml")

    @cached_property
    def wave(self) -> wave.Wave:
        return wave.load(STUDIES / self.study / self.name, self.codebook)

    @cached_property
    def export(self) -> readers.Export:
        path = wave.export_file(STUDIES / self.study / self.name, self.wave)
        return readers.read(path, self.wave.format, self.wave.sheet, self.wave.encoding)

    @cached_property
    def cleaned(self) -> cleaning.Cleaned:
        return cleaning.clean(self.export, self.codebook, self.wave, "the export")

    @cached_property
    def tally(self) -> pd.DataFrame:
        sums = tally.tally(self.cleaned.responses, self.codebook)
        return sums.set_index(["indicator", "group_by", "group"])

    @cached_property
    def expected(self) -> list[dict[str, str]]:
        with (SHARED / CASES[self.study, self.name][0] / "expected.csv").open(encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines))
        return [row for row in rows if (self.study, row["id"]) not in OF_ROWS]

    @cached_property
    def columns(self) -> dict[str, tuple[str, str, Column]]:
        """Each name that expected.csv can give a column → the item on it, the code if it is an option's, the column."""
        found = {}
        for name, bound in bind(self.export, self.codebook, self.wave, "the export").items():
            item = self.codebook.items[name]
            for code, column in bound.listed:
                of_option = [f"{one}___{text}" for one in item.columns for text in code and item.codes[code].texts]
                for said in (column.name, f"{column.name}. {column.question}", *(of_option if code else item.columns)):
                    found[normalise(said)] = name, code, column
        return found

    # what a row of expected.csv says

    def counted(self, row: dict[str, str]) -> tuple[str, str, str]:
        """Return the row of the tally that a row of expected.csv is about: indicator, grouping and group."""
        asked, _, by = row["columns"].partition(" by ")
        options = [self.columns[normalise(name)] for name in names_said(asked)]
        item, code, column = options[0]
        if code:
            codes = {code for _, code, _ in options}
        else:
            codes = set(codes_said(row["yes"], self.codebook.items[item], column))
        (indicator,) = (
            one
            for one in self.codebook.indicators
            if one.item == item
            and one.base == base_said(row["base"])
            and bool(one.none_of) == row["yes"].startswith("all Unchecked")
            and codes == set(one.none_of or self.codebook.counting(one))
        )
        return indicator.id, *self.group(by, row["statement"].partition(" | ")[2])

    def group(self, by: str, said: str) -> tuple[str, str]:
        """Return grouping and group of '… by QNS3A' and '… | Male', or of '… | admin1=admin1a'."""
        if not said:
            return tally.EVERYONE, tally.EVERYONE
        item = self.columns[normalise(by or said.partition("=")[0])][0]
        words = set(map(normalise, re.findall(r"\w+", said)))
        (code,) = {code for text, code in self.codebook.items[item].texts.items() if text in words}
        return item, code


def names_said(columns: str) -> list[str]:
    """Return the columns that are meant; 'choice___1..8' are eight."""
    several = re.fullmatch(r"(.*___)(\d+)\.\.(\d+)", columns)
    if not several:
        return [columns]
    return [f"{several[1]}{number}" for number in range(int(several[2]), int(several[3]) + 1)]


def codes_said(yes: str, item: Item, column: Column) -> list[str]:
    """Return the codes of 'Yes', 'Daily; Weekly', 'code 1', 'codes 1, 2', "'AMD' among the …", "anything but 'No'"."""
    if but := re.fullmatch(r"anything but '(.*)'", yes):
        return [code for code in item.codes if code != item.texts[normalise(but[1])]]
    yes = re.sub(r" \(label from the \.qsf\)$|^'(.*)' among the .*", r"\1", yes)
    texts = yes.split("; ")
    if numbers := re.fullmatch(r"codes? ([\d, ]+)", yes):
        labels = {option.code: option.label for option in column.options}  # the file's own, where it has them
        texts = [labels.get(number, number) for number in numbers[1].split(", ")]
    return [item.texts[normalise(text)] for text in texts]


def base_said(base: str) -> str:
    """Return the base that a row of expected.csv describes."""
    if base.startswith("all "):
        return "all"
    return "asked" if "included in the base" in base else "answered"


_opened: dict[tuple[str, str], Case] = {}


def opened(study: str, name: str) -> Case:
    """Return a case; each is read once for all tests."""
    return _opened.setdefault((study, name), Case(study, name))


@pytest.fixture(params=CASES, ids="-".join)
def case(request: pytest.FixtureRequest) -> Case:
    return opened(*request.param)


def test_the_words_of_an_expected_row_are_understood():
    item = Item(question="Chips?", kind="single", codes={"often": "Daily", "some": "Weekly", "no": "No"})
    column = Column(0, "Q1", "Chips?", options=(readers.Option("7", "Daily"), readers.Option("8", "No")))
    assert names_said("choice___2..4") == ["choice___2", "choice___3", "choice___4"]
    assert codes_said("Daily; Weekly", item, column) == ["often", "some"]
    assert codes_said("'Daily' among the ', '-separated answers", item, column) == ["often"]
    assert codes_said("anything but 'No'", item, column) == ["often", "some"]
    assert codes_said("codes 7, 8", item, column) == ["often", "no"]
    assert base_said("row %, user-missing categories included in the base") == "asked"


def test_the_file_is_read_for_what_it_is(case):
    _, format, rows, columns = CASES[case.study, case.name]
    summary = case.cleaned.summary
    assert (summary["format"], summary["rows_in"], summary["columns"]) == (format, rows, columns)
    assert len(case.cleaned.responses) == rows


def test_every_numerator_and_denominator_is_as_expected(case):
    expected = {row["id"]: (int(row["numerator"]), int(row["denominator"])) for row in case.expected}
    sums = {row["id"]: case.tally.loc[case.counted(row)] for row in case.expected}
    assert {number: (one["count"], one["base"]) for number, one in sums.items()} == expected


def test_every_indicator_is_one_that_was_expected(case):
    assert {case.counted(row)[0] for row in case.expected} == {one.id for one in case.codebook.indicators}


@pytest.mark.parametrize(("study", "first", "second"), [("nacho", "labels", "names"), ("spack", "csv", "workbook")])
def test_the_same_answers_give_the_same_counts_from_either_file(study, first, second):
    pd.testing.assert_frame_equal(opened(study, first).tally, opened(study, second).tally)


def test_rows_without_an_answer_at_the_end_of_a_sheet_are_nobodys():
    """Spack's sheet has 229 rows below its headers, of which 59 are formatted and empty; the CSV has none of these."""
    assert opened("spack", "workbook").cleaned.summary["rows_in"] == 229 - 59
    assert opened("spack", "csv").cleaned.summary["rows_in"] == 170


def test_who_was_not_asked_is_no_one_who_craves_nothing():
    """REDCap writes Unchecked for the 20 who crave no nachos, too: 10 were asked, of whom each ticked something."""
    one = opened("nacho", "labels")
    assert one.tally.loc[("craves_none", "all", "all"), ["asked", "base", "count"]].tolist() == [10, 30, 20]
    assert (one.cleaned.responses["ingredients.missing"] == "not_asked").sum() == 20
    assert one.cleaned.responses["ingredients.missing"].isna().sum() == 10


def test_a_code_that_the_file_declares_missing_leaves_the_base():
    """626 were asked for their background; 3 don't know and 5 refuse."""
    one = opened("nhtsa", "2008")
    missing = one.cleaned.responses["ethnic_background.missing"].value_counts()
    assert missing[["dont_know", "refused"]].tolist() == [3, 5]
    valid, asked = "background_mexican", "background_mexican_of_asked"
    assert one.tally.loc[(valid, "all", "all"), "base"] == one.tally.loc[(asked, "all", "all"), "base"] - 8 == 618


def test_answers_that_say_it_twice_are_counted_once():
    """Kobo's select-all questions stand in a column with all answers, and in one for each."""
    one = opened("msna", "template")
    title = {column[0] for column in one.cleaned.columns["learning_reasons"]}
    assert title == set(one.codebook.items["learning_reasons"].codes)


def test_rows_that_the_platform_calls_tests_are_kept_only_if_the_wave_says_so():
    one = opened("fruit", "sample")
    assert one.export.previews.all()
    silent = one.wave.model_copy(update={"rows": wave.Rows()})
    with pytest.raises(ExportError, match="31 previews or tests"):
        cleaning.clean(one.export, one.codebook, silent)
