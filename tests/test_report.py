"""The bundled report as a reviewer meets it: the thirteen percentages, their evidence, the same bytes as committed."""

from __future__ import annotations

import csv
import json
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from impact_report import verify
from impact_report.build import build
from impact_report.edition import Edition
from impact_report.results import Results
from impact_report.wording import normalise

ROOT = Path(__file__).parents[1]
STUDY = ROOT / "data" / "raw"
PUBLISHED = ROOT / "reports" / "reconstruction"

# The public page, as it stands there: section by section, statement by statement.
THIRTEEN = {
    "Across sector partnerships": [83, 65, 83, 83, 83, 78],
    "Impact on job seekers": [65, 57, 52, 78],
    "Impact on businesses": [65, 50, 33],
}
COUNTS = {83: 38, 78: 36, 65: 30, 57: 26, 52: 24, 50: 23, 33: 15}  # of 46, the smallest base that all allow


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundled edition, built from the raw export in a folder of the tests' own."""
    folder = tmp_path_factory.mktemp("edition")
    result = build(Edition.of(STUDY, "reconstruction"), folder / "processed", folder / "reports")
    return result.folder


@pytest.fixture(scope="module")
def page(edition: Path) -> _Page:
    return _Page((edition / "impact-report.html").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def pdf_pages(edition: Path) -> list[str]:
    """The text of each page, on one line; a hyphen at the end of a line comes as U+FFFE."""
    document = pypdfium2.PdfDocument(edition / "impact-report.pdf")
    texts = [page.get_textpage().get_text_range().replace("\ufffe", "-") for page in document]
    return [" ".join(text.split()) for text in texts]


class _Page(HTMLParser):
    """What the tests need of an HTML page: ids, links, the text of the findings."""

    def __init__(self, source: str):
        super().__init__()
        self.source = source
        self.ids: list[str] = []
        self.numbers: list[str] = []
        self.links: list[str] = []
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if given.get("id"):
            self.ids.append(given["id"])
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])
            if "number" in (given.get("class") or "").split():
                self.numbers.append(given["href"])

    def text(self, start: str, end: str) -> str:
        """The words between two pieces of the source."""
        part = self.source[self.source.index(start) :]
        part = part[: part.index(end)]
        return " ".join(re.sub(r"<[^>]+>", " ", part).split())


def test_the_thirteen_percentages_stand_in_the_findings_of_their_section_the_largest_first(page):
    findings = page.text("<section class=findings", "</section>")
    for title, percents in THIRTEEN.items():
        assert title in findings
        following = findings[findings.index(title) + len(title) :]
        shown = [(int(p), int(x), int(n)) for p, x, n in re.findall(r"(\d+)%.*?(\d+) of (\d+)", following)][
            : len(percents)
        ]
        assert shown == [(p, COUNTS[p], 46) for p in sorted(percents, reverse=True)]


def test_each_statement_is_read_aloud_with_its_share_and_base_in_html_and_pdf(page, pdf_pages):
    words = page.text("<main", "</main>")
    printed = " ".join(pdf_pages)
    with (STUDY / "published.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["set"] == "page-2" and row["percent"]]
    assert [int(row["percent"]) for row in rows] == [p for section in THIRTEEN.values() for p in section]
    for row in rows:
        percent = int(row["percent"])
        statement = re.escape(_unspaced(row["statement"][:40]))
        sentence = rf"{percent}%ofrespondents\({COUNTS[percent]}of46\)[a-z]*{statement}"
        assert re.search(sentence, _unspaced(words)), row["statement"]
        assert re.search(sentence, _unspaced(printed)), row["statement"]


def _unspaced(text: str) -> str:
    """The text without spaces: lines break where they will."""
    return "".join(text.split())


def test_the_headline_facts_are_those_of_the_public_page(edition):
    numbers = json.loads((edition / "numbers.json").read_text(encoding="utf-8"))["numbers"]
    findings = {}
    for one in numbers:  # the first number of each fact is the fact itself
        if one["place"] == "findings":
            findings.setdefault(one["evidence"], one)
    assert findings["evidence-fact-businesses"]["printed"] == "750"
    assert findings["evidence-fact-businesses"]["exact"] > 750
    assert findings["evidence-fact-technology-partnerships"]["exact"] == 3
    assert findings["evidence-fact-years"]["printed"] == "11"


def test_all_thirteen_published_percentages_agree(pdf_pages):
    printed = " ".join(pdf_pages)
    assert "agree with 13 of the 13 published percentages" in printed
    assert printed.count("this survey has no such statement") == 3  # those of the earlier page


def test_every_number_leads_to_its_evidence_and_no_link_is_dead(page):
    assert len(page.ids) == len(set(page.ids))
    assert len(page.numbers) > 300
    inner = [link.removeprefix("#") for link in page.links if link.startswith("#")]
    assert set(inner) <= set(page.ids)


def test_every_link_in_the_pdf_leads_to_a_page(edition):
    with pikepdf.open(edition / "impact-report.pdf") as pdf:
        pages = {page.objgen for page in pdf.pages}
        names = set()
        if "/Names" in pdf.Root and "/Dests" in pdf.Root.Names:
            names = {str(name) for name, _ in pikepdf.NameTree(pdf.Root.Names.Dests).items()}
        targets = [
            annotation.get("/Dest", annotation.get("/A", {}).get("/D"))
            for page in pdf.pages
            for annotation in page.get("/Annots", [])
            if "/URI" not in annotation.get("/A", {})
        ]
        assert len(targets) > 300
        for target in targets:
            assert str(target) in names if isinstance(target, pikepdf.String) else target[0].objgen in pages


def test_every_printed_number_is_recorded_with_what_it_is_and_where_it_comes_from(edition):
    content = json.loads((edition / "numbers.json").read_text(encoding="utf-8"))
    numbers = content["numbers"]
    assert [one["order"] for one in numbers] == list(range(1, len(numbers) + 1))
    assert all(one["what"] and one["printed"] and one["evidence"] for one in numbers)
    shares = [one for one in numbers if one["what"].startswith("share: ")]
    for one in shares:  # rounded half up, from the whole numbers
        assert one["printed"] == f"{(200 * one['numerator'] + one['base']) // (2 * one['base'])}%"


def test_every_page_and_every_file_says_that_respondents_are_invented(edition, pdf_pages):
    assert all("invented respondents" in text.lower() for text in pdf_pages)
    with (edition / "estimates.csv").open(encoding="utf-8", newline="") as file:
        assert {row["invented"] for row in csv.DictReader(file)} == {"True"}
    assert "invented" in json.loads((edition / "numbers.json").read_text(encoding="utf-8"))["notice"]
    assert "invented" in json.loads((edition / "manifest.json").read_text(encoding="utf-8"))["notice"]
    for figure in (edition / "figures").glob("*.svg"):
        assert "Invented respondents" in figure.read_text(encoding="utf-8")


def test_the_html_asks_nothing_of_the_network(page):
    assert "<script" not in page.source
    assert not re.search(r'(?:src|srcset)="(?!data:)', page.source)
    assert not re.search(r"url\((?![\"']?(?:data:|#))", page.source)
    assert "default-src 'none'" in page.source


def test_the_committed_edition_is_what_the_sources_give(edition):
    """Fails when something that makes the report has changed: then `make report`, look at it, and commit it."""
    differing = [one.name for one in verify.compare(PUBLISHED, edition) if one.state != verify.SAME]
    assert differing == []


def test_a_changed_answer_changes_its_number_and_no_other(tmp_path):
    shutil.copytree(STUDY, tmp_path / "raw")
    export = tmp_path / "raw" / "reconstruction" / "responses.csv"
    before = _counts(tmp_path / "raw", tmp_path / "before")
    with export.open(encoding="cp1252", newline="") as file:
        rows = list(csv.reader(file))
    wanted = normalise("shared data across support organizations")
    column = next(k for k, cell in enumerate(rows[1]) if normalise(cell) == wanted)
    kept = {
        int(row)
        for row in Results.of(str(tmp_path / "raw"), "reconstruction", "", str(tmp_path / "before")).responses[
            "source_row"
        ]
    }
    changed = next(k for k in sorted(kept) if rows[k - 1][column] == "Yes")
    rows[changed - 1][column] = "No"
    with export.open("w", encoding="cp1252", newline="") as file:
        csv.writer(file).writerows(rows)
    after = _counts(tmp_path / "raw", tmp_path / "after")
    assert before["shared_data"] == (38, 46)
    assert after["shared_data"] == (37, 46)
    assert {name for name in before if before[name] != after[name]} == {"shared_data"}


def _counts(study: Path, processed: Path) -> dict[str, tuple[int, int]]:
    results = Results.of(str(study), "reconstruction", "", str(processed))
    results.clean()
    results.estimate()
    return {
        row.indicator: (row.count_, row.base)
        for row in results.of_everyone.rename(columns={"count": "count_"}).itertuples()
    }
