"""Small cells are planted in a survey; three editions are built, and all that they publish is searched for them."""

from __future__ import annotations

import csv
import html
import json
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd
import pikepdf
import pypdfium2
import pytest
from attacker import Reader

from impact_report import codebook as codebook_module
from impact_report.build import build
from impact_report.codebook import Codebook
from impact_report.edition import Edition
from impact_report.tally import tally

pytestmark = pytest.mark.slow

CODEBOOK = """\
survey: {id: works, title: At work, subject: What employees say., respondents: employees}
items:
  role: {question: "Your work?", kind: single, codes: {office: Office, road: On the road, kitchen: Kitchen}}
  site: {question: "Where?", kind: single, codes: {north: North, south: South}}
  union: {question: "In a union?", kind: single, codes: {member: Member, outside: Outside}}
  course:
    question: "Which course?"
    kind: single
    codes: {language: Languages, law: Law, cooking: Baking, abroad: Abroad}
  nights: {question: "Nights away?", kind: single, codes: {many: Many, few: Few}}
sections:
  - id: one
    title: Work
    indicators:
      - {id: in_union, statement: are in a union, item: union, counts: member}
      - {id: away, statement: "are away for many nights, of those on the road", item: nights, counts: many,
         among: {role: road}}
  - id: two
    title: Courses
    indicators:
      - {id: language, statement: chose languages, item: course, counts: language}
      - {id: law, statement: chose law, item: course, counts: law}
      - {id: cooking, statement: chose baking, item: course, counts: cooking}
      - {id: abroad, statement: went abroad, item: course, counts: abroad}
groups: [role, site]
"""
WAVE = """\
title: All sites
fielded: {start: 2024-03-01, end: 2024-03-31}
reference_date: {date: 2024-03, source: the notice board}
respondents: persons
minimum_base: 5
smallest_count: 5
population: {universe: the employees}
method: {strategy: survey, sponsor: nobody, recruitment: asked at work, mode: on paper, limitations: none known}
"""
# How many employees, of which work, where; how many of them are in a union, away for many nights, on which course
# (languages, law, baking, abroad). Planted: 4 in the kitchen are in a union, 3 are on the road in the north, and
# 2 of all went abroad.
EMPLOYEES = [
    ("Office", "North", 31, 15, 17, (14, 9, 7, 1)),
    ("Office", "South", 23, 12, 11, (9, 8, 6, 0)),
    ("On the road", "North", 3, 2, 2, (1, 1, 1, 0)),
    ("On the road", "South", 26, 11, 15, (10, 7, 8, 1)),
    ("Kitchen", "North", 16, 2, 7, (6, 5, 5, 0)),
    ("Kitchen", "South", 21, 2, 9, (8, 6, 7, 0)),
]
PLANTED = [
    ("union", {"role": "kitchen"}, ["member"]),
    ("union", {"role": "road", "site": "north"}, ["member"]),
    ("union", {"role": "road", "site": "north"}, ["member", "outside"]),
    ("course", {}, ["abroad"]),
]
EDITIONS = {"": {}, "site=south": {"site": "south"}, "role=kitchen": {"role": "kitchen"}}
ROWS = sum(number for _, _, number, *_ in EMPLOYEES)
COMPARISONS = re.compile(r"\b\d+\s+of\s+\d+\s+(differences\s+larger\s+than\s+chance|comparisons\))")
# How many of the statements have a share above one half: on the page, and in the list of all numbers.
OF_STATEMENTS = re.compile(r"<a\b[^>]*#evidence-half\b[^>]*>|\bone half · (?:exact value 0 · )?\d+ of \d+")
X_OF_N = re.compile(r"\b(\d+) of (\d+)\b")


def write(folder: Path) -> Path:
    rows = []
    for role, site, number, union, many, courses in EMPLOYEES:
        chosen = [
            label for label, n in zip(["Languages", "Law", "Baking", "Abroad"], courses, strict=True) for _ in range(n)
        ]
        for one in range(number):
            member, nights = "Member" if one < union else "Outside", "Many" if one < many else "Few"
            rows.append([role, site, member, chosen[-1 - one], nights])
    (folder / "all").mkdir(parents=True)
    (folder / "codebook.yml").write_text(CODEBOOK, encoding="utf-8")
    (folder / "all" / "wave.yml").write_text(WAVE, encoding="utf-8")
    with (folder / "all" / "responses.csv").open("w", encoding="utf-8", newline="") as file:
        header = ["Your work?", "Where?", "In a union?", "Which course?", "Nights away?"]
        csv.writer(file, lineterminator="\n").writerows([header, *rows])
    return folder


@dataclass
class Published:
    """The folder of one edition, read as anybody can."""

    folder: Path
    own: dict[str, str]

    @cached_property
    def page(self) -> str:
        """The source of the page, its attributes and drawings included, without entities."""
        return html.unescape((self.folder / "impact-report.html").read_text(encoding="utf-8"))

    @cached_property
    def words(self) -> str:
        return " ".join(re.sub(r"<[^>]+>", " ", self.page).split())

    @cached_property
    def texts(self) -> dict[str, str]:
        """All the text there is, by the kind of place it stands in."""
        pdf = self.folder / "impact-report.pdf"
        pages = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf)]
        pages = [text.replace(f"Page {k} of {len(pages)}", "", 1) for k, text in enumerate(pages, start=1)]
        with pikepdf.open(pdf) as opened:
            strings = [str(value) for one in opened.objects for value in _strings(one)]
        drawings = [path.read_text(encoding="utf-8") for path in sorted(self.folder.rglob("*.svg"))]
        plain = [path.read_text(encoding="utf-8") for path in sorted(self.folder.glob("*.json"))]
        others = (self.folder / "numbers.html").read_text(encoding="utf-8")
        sheets = pd.read_excel(self.folder / "estimates.xlsx", sheet_name=None, header=None, engine="calamine")
        return {
            "page": self.page,
            "words of the page": self.words,
            "pdf": " ".join(" ".join(pages).split()),
            "strings of the pdf": "\n".join(strings),
            "drawings": " ".join(re.sub(r"<[^>]+>", " ", html.unescape("\n".join(drawings))).split()),
            "json": "\n".join(plain),
            "list of all numbers": " ".join(re.sub(r"<[^>]+>", " ", html.unescape(others)).split()),
            "numbers.csv": (self.folder / "numbers.csv").read_text(encoding="utf-8"),
            "workbook": "\n".join(sheet.to_csv(index=False) for sheet in sheets.values()),
        }

    @cached_property
    def table(self) -> pd.DataFrame:
        return pd.read_csv(self.folder / "estimates.csv")

    @cached_property
    def sheet(self) -> pd.DataFrame:
        return pd.read_excel(self.folder / "estimates.xlsx", sheet_name="All estimates", engine="calamine")

    @cached_property
    def numbers(self) -> list[dict]:
        found = json.loads((self.folder / "numbers.json").read_text(encoding="utf-8"))
        return found["numbers"] if isinstance(found, dict) else found

    def sums(self, reader: Reader, codebook: Codebook, item: str) -> list[np.ndarray]:
        """Return every sum about an item that this edition tells: of its tables, its lists, its groups."""
        every = list(codebook.items[item].codes)
        counted = {one.id: (list(one.counts), one.among) for one in codebook.indicators if one.item == item}
        found = [reader.sum(self.own, [*every, None])]
        shown = self.table[~self.table["suppressed"]]
        for row in shown[shown["indicator"].isin(counted)].itertuples():
            if row.group_by in self.own and row.group != self.own[row.group_by]:
                continue
            cell = self.own if row.group_by == "all" else {**self.own, row.group_by: row.group}
            counts, among = counted[row.indicator]
            if among is None:
                found += [reader.sum(cell, [*every, None]), reader.sum(cell, every), reader.sum(cell, counts)]
        for row in shown[shown["indicator"] == "away"].itertuples():  # it tells how many are on the road
            cell = {**self.own, **({} if row.group_by == "all" else {row.group_by: row.group})}
            if row.eligible and cell.get("role", "road") == "road":
                found.append(reader.sum({**cell, "role": "road"}, [*every, None]))
        for code, one in codebook.items[item].codes.items():
            if re.search(rf"\b{one.label}: \d", self.words):
                found.append(reader.sum(self.own, [code]))
        for name in codebook.groups:
            part = self.page.partition(f'id="table-members-{name}"')[2].partition("</table>")[0]
            members = " ".join(re.sub(r"<[^>]+>", " ", part).split())
            for code, one in codebook.items[name].codes.items():
                if re.search(rf"\b{one.label} \d", members):
                    found.append(reader.sum({**self.own, name: code}, [*every, None]))
        return found


def _strings(one: object):
    """Yield every string inside an object of a PDF."""
    if isinstance(one, pikepdf.String):
        yield one
    elif isinstance(one, pikepdf.Array):
        for value in one:
            yield from _strings(value) if not getattr(value, "is_indirect", False) else ()
    elif isinstance(one, pikepdf.Dictionary):
        for value in one.values():
            yield from _strings(value) if not getattr(value, "is_indirect", False) else ()


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("attack") / "works")


@pytest.fixture(scope="module")
def codebook(study: Path) -> Codebook:
    return codebook_module.load(study / "codebook.yml")


@pytest.fixture(scope="module")
def editions(study: Path) -> list[Published]:
    home = study.parent
    built = []
    for group, own in EDITIONS.items():
        result = build(Edition.of(study, "all", group), home / "processed", home / "reports")
        built.append(Published(result.folder, own))
    return built


@pytest.fixture(scope="module")
def responses(study: Path, editions: list[Published]) -> pd.DataFrame:
    """What nobody outside has: the answers."""
    return pd.read_parquet(next((study.parent / "processed").glob("all/responses.parquet")))


def test_every_count_printed_anywhere_is_one_of_a_row_that_is_shown(editions):
    for edition in editions:
        shown = edition.table[~edition.table["suppressed"]]
        licensed = {(int(row.count_), int(row.base)) for row in shown.rename(columns={"count": "count_"}).itertuples()}
        licensed.add((ROWS, ROWS))  # all were kept
        everybody = int(shown["eligible"].max())
        for _, groups in shown[shown["group_by"] != "all"].groupby("group_by"):  # respondents by group, and the rest
            sizes = groups.groupby("group")["eligible"].max().astype(int)
            licensed |= {(size, everybody) for size in [*sizes, everybody - sizes.sum()]}
        for place, text in edition.texts.items():
            text = OF_STATEMENTS.sub("", COMPARISONS.sub("", text))
            printed = {(int(x), int(n)) for x, n in X_OF_N.findall(text)}
            assert printed <= licensed, f"{place} of {edition.own or 'all'}: {printed - licensed}"
        assert X_OF_N.findall(edition.texts["pdf"])
        assert X_OF_N.findall(edition.texts["strings of the pdf"]), "the alt texts are read"


def test_a_hidden_row_is_hidden_in_every_file(editions):
    for edition in editions:
        hidden = edition.table[edition.table["suppressed"]]
        assert len(hidden)
        keys = set(zip(hidden["indicator"], hidden["group_by"], hidden["group"], strict=True))
        figures = ["eligible", "asked", "base", "count", "weighted_base", "effective_base", "proportion", "low", "high"]
        assert hidden[figures].isna().all(axis=None)
        sheet = edition.sheet[edition.sheet["suppressed"].astype(bool)]
        assert set(zip(sheet["indicator"], sheet["group_by"], sheet["group"], strict=True)) == keys
        assert sheet[figures].isna().all(axis=None)
        assert not {tuple(one["row"].split("/")) for one in edition.numbers if one.get("row")} & keys
        for indicator, group_by, group in keys - {("away", "all", "all")}:
            assert f'id="evidence-{indicator}-{group_by}-{group}"' not in edition.page.replace("_", "-")


def width(item: str, cell: dict, answers: list[str], known: list[np.ndarray], reader: Reader) -> float:
    return reader.width(reader.sum(cell, answers), np.unique(known, axis=0))


@pytest.mark.parametrize(("item", "cell", "answers"), PLANTED)
def test_no_planted_cell_can_be_told_from_all_editions_together(editions, codebook, responses, item, cell, answers):
    reader = Reader(codebook, responses, item)
    known = [one for edition in editions for one in edition.sums(reader, codebook, item)]
    number = reader.sum(cell, answers) @ reader.truth
    assert 1 <= number < 5, "it is planted"
    of_all = reader.sum(cell, list(codebook.items[item].codes)) @ reader.truth
    assert width(item, cell, answers, known, reader) >= min(5, of_all)


@pytest.mark.parametrize(("item", "cell", "answers"), PLANTED)
def test_without_suppression_the_same_attack_tells_each(editions, codebook, responses, item, cell, answers):
    reader = Reader(codebook, responses, item)
    known = []
    for edition in editions:
        inside = np.logical_and.reduce([(responses[name] == code).to_numpy() for name, code in edition.own.items()])
        table = tally(responses, codebook, inside if edition.own else None).assign(suppressed=False)
        known += _Open(edition, table).sums(reader, codebook, item)
    assert width(item, cell, answers, known, reader) == 0


class _Open(Published):
    """An edition whose table hides nothing."""

    def __init__(self, edition: Published, table: pd.DataFrame):
        super().__init__(edition.folder, edition.own)
        self.table = table
