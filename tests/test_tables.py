"""The workbook as a spreadsheet reads it: what stands in which cell, and what it looks like there."""

from __future__ import annotations

import datetime as dt
import re
import zipfile

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook
from study import CODEBOOK

from impact_report import codebook as codebook_module
from impact_report.columns import CHANGE, ESTIMATES
from impact_report.formulas import RUN_AS_FORMULA, defused
from impact_report.reliability import FLAGS
from impact_report.tables import DASH, FLAG_NAMES, HEAD_ROW, Base, Content, Headline, write_workbook

DAY = dt.date(2020, 1, 31)
NOTICE = ("Invented respondents", "Nobody answered.")
# An estimate of each kind, of an indicator of the choir: of everyone, of a group, of one that is withheld, of nobody.
SHOWN = {"count": 9, "base": 12, "proportion": 0.75, "low": 0.4677, "high": 0.9111, "flags": "small-base wide"}
ROWS = [
    {"group_by": "all", "group": "all", **SHOWN},
    {"group_by": "voice", "group": "high", "count": 3, "base": 6, "proportion": 0.5, "low": 0.2, "high": 0.8},
    {"group_by": "voice", "group": "low", "suppressed": True},
    {"group_by": "voice", "group": "middle", "count": 0, "base": 0, "flags": "nobody"},
]


@pytest.fixture(scope="module")
def choir(tmp_path_factory):
    path = tmp_path_factory.mktemp("choir") / "codebook.yml"
    path.write_text(CODEBOOK, encoding="utf-8")
    return codebook_module.load(path)


def estimates(choir, *rows):
    """Rows of the table of estimates, of the first indicator of the first section unless they say otherwise."""
    section = choir.sections[0]
    indicator = section.indicators[0]
    usual = dict.fromkeys(ESTIMATES) | {
        "wave": "first",
        "section": section.id,
        "indicator": indicator.id,
        "statement": indicator.statement,
        "flags": "",
        "suppressed": False,
        "invented": True,
    }
    return [usual | row for row in rows]


def content(choir, rows, **given):
    facts = {"notice": NOTICE, "notes": [("Respondents", "12")], "publisher": "The choir"} | given
    return Content(choir, estimates(choir, *rows), DAY, "Singing", "2020", **facts)


@pytest.fixture(scope="module")
def written(choir, tmp_path_factory):
    path = tmp_path_factory.mktemp("tables") / "a.xlsx"
    write_workbook(path, content(choir, ROWS))
    return path


def sheets(path):
    book = CalamineWorkbook.from_path(str(path))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def parts(path):
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_the_sheets_are_about_it_a_section_each_and_all_estimates(written, choir):
    assert list(sheets(written)) == ["About", *(section.title for section in choir.sections), "All estimates"]


def test_a_section_is_read_as_share_count_base_interval_and_remarks(written, choir):
    title, below, _, head, everyone, high, *rest = sheets(written)[choir.sections[0].title]
    assert title[0] == choir.sections[0].title
    assert below[0] == "2020 · Invented respondents · Shares of singers"
    assert head == [
        "Statement", "By", "Group", "Share", "Count (x)", "Base (n)", "Interval, from", "Interval, to", "Remarks",
    ]  # fmt: skip
    statement = choir.sections[0].indicators[0].statement
    assert everyone == [statement, "everyone", "", 0.75, 9, 12, 0.4677, 0.9111, "small base, wide interval"]
    assert high == [statement, "voice", "High voice", 0.5, 3, 6, 0.2, 0.8, ""]
    # The low voice is withheld throughout, nobody sings the middle one: neither has a row, and the first is named.
    assert [row[0] for row in rest] == ["", "Withheld throughout, by voice: Low voice."]


def test_a_withheld_cell_of_a_group_that_is_shown_elsewhere_is_a_dash(choir, tmp_path):
    other = {"indicator": "other", "statement": "another one"}
    rows = [*ROWS, {**ROWS[0], **other}, {**ROWS[1], **other, "group": "low"}]
    write_workbook(tmp_path / "a.xlsx", content(choir, rows))
    section = sheets(tmp_path / "a.xlsx")[choir.sections[0].title]
    low = next(row for row in section if row[2] == "Low voice" and row[0] != "another one")
    assert low[3:] == [DASH] * 5 + ["not shown"]
    about = {row[0]: row[1] for row in sheets(tmp_path / "a.xlsx")["About"] if len(row) > 1}
    assert "Withheld, so that nobody can be recognised" in about[f"A dash ({DASH})"]


def test_what_is_withheld_is_empty_among_all_estimates(written):
    head, everyone, _, low, _ = sheets(written)["All estimates"]
    assert head == list(ESTIMATES)
    assert dict(zip(head, everyone, strict=True))["proportion"] == 0.75
    hidden = dict(zip(head, low, strict=True))
    assert (hidden["count"], hidden["base"], hidden["proportion"], hidden["suppressed"]) == ("", "", "", True)


def test_counts_that_are_withheld_have_no_column(choir, tmp_path):
    write_workbook(tmp_path / "a.xlsx", content(choir, [ROWS[0] | {"count": None}], withholds_counts=True))
    head = sheets(tmp_path / "a.xlsx")[choir.sections[0].title][HEAD_ROW]
    assert "Count (x)" not in head
    assert "Base (n)" in head


def test_it_says_first_what_it_is_and_explains_columns_and_flags(written):
    about = [row for row in sheets(written)["About"] if row[0]]
    assert [row[0] for row in about[:4]] == ["Singing", "2020", "Invented respondents", "Respondents"]
    assert about[2][1] == "Nobody answered."
    explained = {row[0] for row in about}
    assert set(ESTIMATES) <= explained
    assert set(FLAG_NAMES.values()) <= explained


def test_each_flag_has_a_short_name():
    assert list(FLAG_NAMES) == list(FLAGS)


def test_the_file_says_what_it_is_and_when_it_is_from(written):
    core, custom = (parts(written)[f"docProps/{name}.xml"] for name in ("core", "custom"))
    assert "<dc:title>Singing – 2020 – Invented respondents</dc:title>" in core
    assert "<dc:creator>The choir</dc:creator>" in core
    assert "2020-01-31T00:00:00Z" in core
    assert "<vt:lpwstr>en</vt:lpwstr>" in custom


def test_without_invented_respondents_nothing_says_so(choir, tmp_path):
    write_workbook(tmp_path / "a.xlsx", content(choir, [ROWS[0] | {"invented": False}], notice=None))
    found = parts(tmp_path / "a.xlsx")
    assert "Invented" not in found["docProps/core.xml"] + found["xl/worksheets/sheet2.xml"]


def test_heads_stay_in_sight_on_the_screen_and_on_paper(written):
    found = parts(written)
    section, everything = found["xl/worksheets/sheet2.xml"], found[f"xl/worksheets/sheet{len(sheets(written))}.xml"]
    for sheet in (section, everything):
        assert 'state="frozen"' in sheet
        assert "<autoFilter" in sheet
        assert 'orientation="landscape"' in sheet
        assert "mergeCell" not in sheet
    titles = re.findall(r'name="_xlnm.Print_Titles"[^>]*>([^<]*)<', found["xl/workbook.xml"])
    assert any(title.endswith(f"${HEAD_ROW + 1}:${HEAD_ROW + 1}") for title in titles)
    assert any(title.endswith("$1:$1") for title in titles)


def test_shares_are_shown_as_percent(written):
    sheet, styles = (parts(written)[f"xl/{name}.xml"] for name in ("worksheets/sheet2", "styles"))
    style = int(re.search(r'<c r="D5" s="(\d+)"><v>0.75</v></c>', sheet)[1])
    cells = re.search(r"<cellXfs.*?</cellXfs>", styles, flags=re.DOTALL)[0]
    code = re.search(r'numFmtId="(\d+)"', re.findall(r"<xf .*?>", cells)[style])[1]
    assert f'<numFmt numFmtId="{code}" formatCode="0%"/>' in styles


@pytest.mark.parametrize("start", RUN_AS_FORMULA)
def test_text_that_a_spreadsheet_would_run_is_marked_as_text(choir, tmp_path, start):
    write_workbook(tmp_path / "a.xlsx", content(choir, [ROWS[0] | {"statement": f"{start}HYPERLINK(1)"}]))
    sheet, styles = (parts(tmp_path / "a.xlsx")[f"xl/{name}.xml"] for name in ("worksheets/sheet2", "styles"))
    assert "<f>" not in sheet
    style = int(re.search(r'<c r="A5" s="(\d+)" t="s">', sheet)[1])
    cells = re.search(r"<cellXfs.*?</cellXfs>", styles, flags=re.DOTALL)[0]
    assert 'quotePrefix="1"' in re.findall(r"<xf .*?>", cells)[style]


@pytest.mark.parametrize("start", RUN_AS_FORMULA)
def test_in_plain_text_it_begins_with_an_apostrophe(start):
    table = pd.DataFrame({"statement": [f"{start}1+1", "a = b", None], "change": [-0.5, 0.25, None]})
    found = defused(table)
    assert found["statement"].tolist()[:2] == [f"'{start}1+1", "a = b"]
    assert found["statement"].isna().tolist() == [False, False, True]
    assert found["change"].tolist()[:2] == [-0.5, 0.25]  # numbers are numbers, whatever they begin with
    assert table["statement"][0] == f"{start}1+1"  # what was given is as it was


def test_changes_have_a_sheet_of_their_own_with_the_largest_rise_first(choir, tmp_path):
    usual = dict.fromkeys(CHANGE) | {"wave": "second", "earlier_wave": "first", "section": "s", "invented": False}
    rows = [
        usual | {"statement": "fell", "earlier_proportion": 0.5, "proportion": 0.25, "change": -0.25, "base": 12},
        usual | {"statement": "not compared", "reason": "the question was worded otherwise"},
        usual | {"statement": "rose", "earlier_proportion": 0.5, "proportion": 0.75, "change": 0.25, "base": 12}
        | {"larger_than_chance": True, "compared": "matched"},
    ]  # fmt: skip
    write_workbook(tmp_path / "a.xlsx", content(choir, ROWS, changes=rows))
    found = sheets(tmp_path / "a.xlsx")["Change"]
    head = found[HEAD_ROW]
    told = [dict(zip(head, row, strict=True)) for row in found[HEAD_ROW + 1 :]]
    assert [row["Statement"] for row in told] == ["rose", "fell", "not compared"]
    assert [row["Change, points"] for row in told] == [25, -25, ""]
    assert [row["Larger than chance"] for row in told] == ["yes", "", ""]
    assert told[0]["Remarks"] == "of those who answered both times"
    assert told[2]["Remarks"] == "the question was worded otherwise"


FACT = Headline("hours of practice", "more than 20", 23.5, "hours", 7, "sum of the answers", "Question: How\nlong?", "")


def test_headline_facts_have_a_sheet_with_value_unit_base_rule_and_source(choir, tmp_path):
    roster = Headline("places", "3", 3.0, "", None, "rows of the roster", "Roster: places.csv", "Started later: 1")
    write_workbook(tmp_path / "a.xlsx", content(choir, ROWS, facts=[FACT, roster]))
    found = sheets(tmp_path / "a.xlsx")
    assert list(found)[1] == "Headline facts"
    head, practice, places = found["Headline facts"][HEAD_ROW:]
    assert head == ["Fact", "Printed", "Exact value", "Unit", "Base (n)", "Rule", "Source", "Note"]
    assert practice[:6] == ["hours of practice", "more than 20", 23.5, "hours", 7, "sum of the answers"]
    assert places == ["places", "3", 3, "", "", "rows of the roster", "Roster: places.csv", "Started later: 1"]
    sheet = parts(tmp_path / "a.xlsx")["xl/worksheets/sheet2.xml"]
    assert 'state="frozen"' in sheet
    height = float(re.search(r'<row r="5"[^>]* ht="([0-9.]+)"', sheet)[1])
    assert height == pytest.approx(31, abs=0.5)  # the source has two lines; heights are in whole pixels


def test_a_group_is_remarked_on_before_its_flags(choir, tmp_path):
    row = {**ROWS[1], "flags": "small-base"}
    key = (estimates(choir, row)[0]["indicator"], "voice", "high")
    write_workbook(tmp_path / "a.xlsx", content(choir, [ROWS[0], row], remarks={key: ["larger share than Low voice"]}))
    section = sheets(tmp_path / "a.xlsx")[choir.sections[0].title]
    assert [line[-1] for line in section if line[2] == "High voice"] == ["larger share than Low voice, small base"]


def test_a_sheet_says_who_is_counted_and_who_is_not_and_why(choir, tmp_path):
    """Of twelve, nine count; two said no, and one said nothing. What the report hides is a dash."""
    other = {"indicator": "other", "statement": "another one", "eligible": 12, "asked": 12}
    rows = [{**ROWS[0], "eligible": 12, "asked": 12}, ROWS[1], {**ROWS[0], **other}]
    bases = {estimates(choir, rows[0])[0]["indicator"]: Base("No: 2", "no answer: 1")}
    write_workbook(tmp_path / "a.xlsx", content(choir, rows, bases=bases))
    head, told, hidden = sheets(tmp_path / "a.xlsx")["Bases"][HEAD_ROW:]
    assert head[1:] == ["Eligible", "Asked", "Base (n)", "Count (x)", "Other answers in the base", "Not in the base"]
    assert told[1:] == [12, 12, 12, 9, "No: 2", "no answer: 1"]
    assert hidden == ["another one", *([DASH] * 6)]
    write_workbook(tmp_path / "b.xlsx", content(choir, rows, bases=bases, withholds_counts=True))
    assert "Count (x)" not in sheets(tmp_path / "b.xlsx")["Bases"][HEAD_ROW]


def test_the_same_content_gives_the_same_bytes(written, choir, tmp_path):
    write_workbook(tmp_path / "b.xlsx", content(choir, ROWS))
    assert (tmp_path / "b.xlsx").read_bytes() == written.read_bytes()
