"""A reviewer finds every number in order, with the passage it stands in, and a way to it and to its evidence."""

from __future__ import annotations

import csv
import io
import json
import re
from html.parser import HTMLParser

import exporters_sample as sample
import pytest

from impact_report.exporters.document import document_from_notebook, document_of
from impact_report.exporters.html import document_html
from impact_report.exporters.listing import as_csv, as_json, numbers
from impact_report.exporters.review import Evidence, Program, chapters, in_common, review_html

REPORT = "impact-report.html"
FILES = ("numbers.csv", "numbers.json")
PROGRAM = Program("1.0", "0123456789ab")
CITED = "ba9876543210"


class Page(HTMLParser):
    """The ids and links of a page, and its list items as (value, text)."""

    def __init__(self, html: str):
        super().__init__()
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.items: list[list] = []
        self.inside = False
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if "id" in given:
            self.ids.add(given["id"])
        if tag == "a":
            self.links.append(given["href"])
        if tag == "li":
            self.inside = "value" in given
            if self.inside:
                self.items.append([int(given["value"]), ""])

    def handle_endtag(self, tag):
        if tag == "li":
            self.inside = False

    def handle_data(self, data):
        if self.inside:
            self.items[-1][1] += data


@pytest.fixture(scope="module")
def document():
    return document_from_notebook(sample.sample_notebook())


@pytest.fixture(scope="module")
def page(document):
    return Page(review_html(document, REPORT, FILES, PROGRAM, CITED))


# --- The page ---------------------------------------------------------------------------------------------------------


def test_each_number_of_the_report_stands_there_once_and_in_order(document, page):
    assert [value for value, _ in page.items] == [number.order for number in document.numbers]
    for (_, text), number in zip(page.items, document.numbers, strict=True):
        assert text.startswith(number.node["text"])


def test_each_link_leads_to_something_in_the_report_or_on_the_page(document, page):
    there = Page(document_html(document)).ids
    for link in page.links:
        file, _, anchor = link.partition("#")
        assert file in ("", REPORT, "manifest.json", *FILES), link
        assert not anchor or anchor in (page.ids if not file else there), link


def test_a_number_without_an_id_of_its_own_is_found_by_what_it_stands_in():
    """The first of a place has an anchor; the second one leads to the heading; one within evidence to the evidence."""
    cover = {"block": "cover", "title": "T", "date": "2020-01-31"}
    heading = {"block": "heading", "level": 1, "text": "Songs", "id": "songs"}
    text = {"block": "paragraph", "c": [NUMBER, sample.text(" and "), COUNT]}
    evidence = {**EVIDENCE, "facts": [["Base", [COUNT]]]}
    document = document_of([cover, heading, text, evidence])
    assert [number.spot for number in document.numbers] == ["number-1", "songs", "evidence-sang"]


def test_a_page_of_nothing_says_so_by_having_no_chapter():
    assert chapters(document_of([{"block": "cover", "title": "T", "date": "2020-01-31"}]), REPORT) == []


NUMBER = sample.number("83%", "sang", 38, what="share: sang (everyone)", rule="“Yes” counts", columns=["R"])
COUNT = sample.number(
    "38 of 46", "sang", 38, what="count and base: sang (everyone)", rule="“Yes” counts", columns=["R"]
)
EVIDENCE = {"block": "evidence", "id": "evidence-sang", "title": [sample.text("sang")], "facts": [], "table": None}


def document_with(*blocks: dict, evidence: dict = EVIDENCE):
    """A document of one chapter with these blocks, and a piece of evidence in the next."""
    cover = {"block": "cover", "title": "T", "date": "2020-01-31"}
    heading = {"block": "heading", "level": 1, "text": "Songs", "id": "songs"}
    end = {"block": "heading", "level": 1, "text": "Where from?", "id": "from"}
    return document_of([cover, heading, *blocks, end, evidence])


def told_of(*blocks: dict) -> list:
    """The passages of the first chapter after the cover, as (what is said, what is shared, what each number is)."""
    found = chapters(document_with(*blocks), REPORT)
    return [
        (str(told.said), [str(fact) for fact in told.shared([])], [one.what for one in told.printed])
        for place in found[0].places
        for told in place.passages
    ]


LINK = '<a href="#of-evidence-sang">evidence: sang</a>'
SHARED = ["exact value 0.826086956522", "38 of 46", "estimates row all/all", "raw columns: R", "rule: “Yes” counts"]


def test_a_sentence_is_told_with_its_numbers_set_off_and_what_they_share_once():
    run = [NUMBER, sample.text(" ("), COUNT, sample.text(") sang.")]
    assert told_of({"block": "paragraph", "c": run}) == [
        (
            "<strong>83%</strong> (<strong>38 of 46</strong>) sang.",
            [*SHARED, LINK],
            ["share (everyone)", "count and base (everyone)"],
        )
    ]


def test_what_was_said_above_is_not_said_again():
    [place] = chapters(document_with({"block": "paragraph", "c": [NUMBER, COUNT]}), REPORT)[0].places
    [told] = place.passages
    assert told.shared(place.shared) == []
    assert [facts for _, facts in told.own(place.shared)] == [[], []]


def test_a_share_is_told_with_its_interval_and_its_method():
    """Of 38 in 46, Wilson's limits at 95 % are 0.69278 and 0.90913: (x + 1.92 ∓ 1.96 √(x(n−x)/n + 0.96)) / 49.84."""
    ends = {"low": 0.692783, "high": 0.909131, "method": "Wilson interval, 95%", "scale": "share"}
    [(_, _, [what])] = told_of({"block": "paragraph", "c": [{**NUMBER, **ends}]})
    assert what == "share (everyone)"
    html = review_html(document_with({"block": "paragraph", "c": [{**NUMBER, **ends}]}), REPORT, FILES, PROGRAM, CITED)
    assert "Wilson interval, 95%: 69.28% to 90.91%" in html


@pytest.mark.parametrize(
    ("low", "high", "scale", "told"),
    [
        (0.69, 0.91, "share", "69% to 91%"),  # of published ends some have but two decimals
        (0.5, 1.0, "share", "50% to 100%"),
        (-0.03494, 0.25756, "difference", "−3.49 to 25.76 points"),
        (-0.2, 0.1, "difference", "−20 to 10 points"),
        (18.25, 1240.0, None, "18.25 to 1,240.00"),  # of a fact, in its own unit
    ],
)
def test_ends_are_in_the_unit_of_what_is_printed(low, high, scale, told):
    """“+11” has its ends in points and “83%” in percent, not on the scale from 0 to 1 of the data."""
    number = {**NUMBER, "low": low, "high": high, "method": "Interval, 95%", "scale": scale}
    [place] = chapters(document_with({"block": "paragraph", "c": [number]}), REPORT)[0].places
    assert f"Interval, 95%: {told}" in [str(fact) for fact in place.printed[0].facts]


def test_a_base_is_not_said_a_second_time_as_its_exact_value():
    number = {**NUMBER, "text": "n = 46", "exact": 46.0, "numerator": None}
    [place] = chapters(document_with({"block": "paragraph", "c": [number]}), REPORT)[0].places
    said = [str(fact) for fact in place.printed[0].facts]
    assert "base 46" in said and not any("exact" in fact for fact in said)


def test_a_value_that_is_printed_as_it_is_is_not_said_twice():
    whole = {**NUMBER, "text": "46", "exact": 46.0}
    [place] = chapters(document_with({"block": "paragraph", "c": [whole, NUMBER]}), REPORT)[0].places
    said = [[str(fact) for fact in one.facts if "exact" in fact] for one in place.printed]
    assert said == [[], ["exact value 0.826086956522"]]


def test_a_row_is_told_with_the_names_of_its_columns():
    columns = [{"label": label, "align": "left", "width": 1} for label in ("Statement", "Share", "x of n")]
    row = [{"c": [sample.text("sang")]}, {"c": [NUMBER]}, {"c": [COUNT]}]
    table = {"block": "table", "id": "songs-table", "caption": [sample.text("Songs")], "columns": columns}
    [(said, _, _)] = told_of({**table, "rows": [row]})
    assert said == "sang · Share: <strong>83%</strong> · x of n: <strong>38 of 46</strong>"


def test_a_footnote_is_told_after_the_sentence_that_calls_it():
    note = {"t": "note", "c": [sample.text("In all, "), COUNT]}
    said = [one for one, _, _ in told_of({"block": "paragraph", "c": [NUMBER, sample.text(" sang."), note]})]
    assert said == ["<strong>83%</strong> sang.", "In all, <strong>38 of 46</strong>"]


def test_what_a_report_quotes_cannot_become_markup():
    run = [NUMBER, {"t": "verbatim", "text": " <script>"}]
    assert told_of({"block": "paragraph", "c": run})[0][0] == "<strong>83%</strong> &lt;script&gt;"
    odd = {**NUMBER, "rule": "<b>x</b>", "columns": ["<i>"]}
    cover = {"block": "cover", "title": "<b>", "date": "2020-01-31"}
    html = review_html(
        document_of([cover, {"block": "paragraph", "c": [odd]}, EVIDENCE]), REPORT, FILES, PROGRAM, CITED
    )
    assert not re.search(r"<script|<b>|<i>", html)


def test_phrases_that_only_some_share_are_not_shared():
    assert in_common([["a", "b"], ["b"], ["b", "c"]]) == ["b"]
    assert in_common([["a"], ["b"]]) == []


QUESTION = ["Question", [sample.text("Did you sing?")]]
NOT_IN_BASE = ["Not in the base", [sample.text("no answer: "), sample.number("2", "sang", 2, what="no answer: sang")]]
HOW = ["How", [{"t": "link", "href": "#songs", "c": [sample.text("what was sung")]}]]


def document_with_evidence():
    """A piece of evidence with three facts and a table of everybody and of a group; two numbers lead to it."""
    columns = [{"label": label, "align": "left", "width": 1} for label in ("Group", "Base", "Count")]
    rows = [
        [{"c": [sample.text("Everyone")], "kind": "total"}, {"c": [dict(COUNT)]}, {"c": [dict(NUMBER)]}],
        [{"c": [sample.text("Tenants")]}, {"c": [dict(COUNT)]}, {"c": [dict(NUMBER)]}],
    ]
    table = {"id": "evidence-sang-table", "caption": [sample.text("Counts")], "columns": columns, "rows": rows}
    evidence = {**EVIDENCE, "facts": [QUESTION, NOT_IN_BASE, HOW], "table": table}
    return document_with({"block": "paragraph", "c": [NUMBER, sample.text(", "), COUNT]}, evidence=evidence)


def told_evidence() -> Evidence:
    return chapters(document_with_evidence(), REPORT)[-1].places[-1]


def test_evidence_is_told_with_all_its_facts_also_those_without_a_number():
    """Wording, who was not counted and why, and the sums of everybody: what a sceptical reader asks for first."""
    assert [(label, str(said)) for label, said in told_evidence().facts] == [
        ("Question", "Did you sing?"),
        ("Not in the base", "no answer: <strong>2</strong>"),
        ("How", '<a href="impact-report.html#songs">what was sung</a>'),
        ("Everyone", "Base: <strong>38 of 46</strong> · Count: <strong>83%</strong>"),
    ]


def test_evidence_counts_the_numbers_that_lead_to_it_and_leads_back_to_the_first_of_each_place():
    found = told_evidence()
    assert found.leading == 2  # the sentence has two, its own five are not among them
    assert [(one.label, one.order) for one in found.firsts] == [("text of “Songs”", 1)]
    assert len(found.printed) == 5


def test_numbers_within_evidence_are_folded_and_all_others_are_not():
    """Of seven numbers two stand in the sentence; one is in the facts of the evidence, four are in its table."""
    html = review_html(document_with_evidence(), REPORT, FILES, PROGRAM, CITED)
    folded = "".join(re.findall(r"<details>.*?</details>", html, flags=re.DOTALL))
    assert re.findall(r'id="?n(\d+)\b', folded) == ["3", "4", "5", "6", "7"]
    assert re.findall(r'id="?n(\d+)\b', html) == ["1", "2", "3", "4", "5", "6", "7"]


def test_the_numbers_of_text_figures_and_tables_are_counted_and_can_be_chosen_apart(document):
    html = review_html(document, REPORT, FILES, PROGRAM, CITED)
    shown = dict(re.findall(r'id="?show-(\w+)"? checked> \w+ <span class="?count"?>\((\d+)\)', html))
    places = [one.place for one in document.numbers if one.place != "evidence"]
    apart = {kind: places.count(kind) for kind in ("figure", "table")}
    assert {kind: int(count) for kind, count in shown.items()} == {**apart, "text": len(places) - sum(apart.values())}


def test_the_contents_name_each_chapter_figure_and_table_with_its_count(document):
    html = review_html(document, REPORT, FILES, PROGRAM, CITED)
    contents = re.search(r"<nav.*?</nav>", html, flags=re.DOTALL)[0]
    for label in {one.label for one in document.numbers if one.place in ("figure", "table")}:
        count = sum(one.label == label for one in document.numbers)
        assert re.search(rf'{re.escape(label)} <span class="?count"?>\({count}\)</span>', contents)


def test_the_page_says_what_computed_the_numbers(document):
    html = review_html(document, REPORT, FILES, PROGRAM, CITED)
    assert "version 1.0 of the program with code 0123456789ab" in html
    assert "cited as version ba9876543210" in html


def test_the_notice_stands_on_the_page_and_in_its_title(document):
    html = review_html(document, REPORT, FILES, PROGRAM, CITED)
    assert "Invented respondents</title>" in html
    assert {"id=notice", "href=#notice"} <= set(re.findall(r"\b(?:id|href)=#?notice\b", html.replace('"', "")))


def test_the_page_runs_no_script_and_loads_nothing(document):
    html = review_html(document, REPORT, FILES, PROGRAM, CITED)
    assert "<script" not in html
    assert "default-src 'none'" in html
    assert not re.search(r'(?:src|href)="(?:https?:)?//', html)


def test_the_same_document_gives_the_same_page(document):
    assert review_html(document, REPORT, FILES, PROGRAM, CITED) == review_html(document, REPORT, FILES, PROGRAM, CITED)


# --- The same as data -------------------------------------------------------------------------------------------------


def test_json_holds_a_number_a_line_after_what_it_is_of(document):
    text = as_json({"study": "allotments", "notice": "Invented."}, document)
    content = json.loads(text)
    assert content == {"study": "allotments", "notice": "Invented.", "numbers": numbers(document)}
    assert len(text.splitlines()) == 4 + len(document.numbers) + 2  # {, study, notice, [; a line a number; ], }


def test_csv_holds_the_same_columns_and_values(document):
    rows = list(csv.DictReader(io.StringIO(as_csv(document))))
    listed = numbers(document)
    assert list(rows[0]) == [*listed[0], "invented"]
    assert {row["invented"] for row in rows} == {"True"}
    assert [int(row["order"]) for row in rows] == [one["order"] for one in listed]
    for row, one in zip(rows, listed, strict=True):
        assert row["printed"].lstrip("'") == one["printed"]
        assert row["columns"] == " ".join(one["columns"])
        assert (float(row["exact"]) if row["exact"] else None) == one["exact"]
        assert (int(row["base"]) if row["base"] else None) == one["base"]


@pytest.mark.parametrize(("text", "written"), [("+5", "'+5"), ("=1+1", "'=1+1"), ("−5", "−5"), ("83%", "83%")])
def test_csv_defuses_what_a_spreadsheet_would_run(text, written):
    cover = {"block": "cover", "title": "T", "date": "2020-01-31"}
    document = document_of([cover, {"block": "paragraph", "c": [{**NUMBER, "text": text}]}, EVIDENCE])
    [row] = csv.DictReader(io.StringIO(as_csv(document)))
    assert row["printed"] == written


# --- From a number to its evidence and back ---------------------------------------------------------------------------


def test_each_way_back_leads_to_a_number_of_that_evidence(document):
    """What stands at the end of a way back is a number with this evidence, or the figure that holds one."""
    by_spot: dict[str, set[str]] = {}
    for number in document.numbers:
        for spot in (number.spot, number.home):
            by_spot.setdefault(spot, set()).update((number.node["evidence"], number.node["target"]))
    blocks = [block for block in document.blocks if block["block"] == "evidence"]
    rows = [row for block in blocks for row in (block["table"] or {"rows": []})["rows"] if isinstance(row, dict)]
    ways = [(one["id"], place) for one in (*blocks, *rows) for place in one["printed_in"]]
    assert len(ways) > len(blocks)
    for evidence, place in ways:
        leading = by_spot[place["anchor"]]
        assert any(one == evidence or one.startswith(f"{evidence}-") for one in leading), (evidence, place)


def test_every_place_that_prints_a_number_of_a_piece_of_evidence_is_named_there(document):
    for block in document.blocks:
        if block["block"] == "evidence":
            printed = [one for one in document.numbers if one.node["card"] == block["id"] and not one.node["at_home"]]
            places = dict.fromkeys((one.label, one.home) for one in printed)
            assert [place["label"] for place in block["printed_in"]] == [label for label, _ in places]


def test_two_places_of_the_same_name_are_both_named():
    """Two chapters may have a heading each of the same words: the second is not taken for the first."""
    cover = {"block": "cover", "title": "T", "date": "2020-01-31"}
    blocks = []
    for part in ("Old songs", "New songs"):
        blocks.append({"block": "heading", "level": 1, "text": part, "id": part.lower().replace(" ", "-")})
        blocks.append({"block": "heading", "level": 2, "text": "What did they sing?"})
        blocks.append({"block": "paragraph", "c": [dict(NUMBER)]})
    found = document_of([cover, *blocks, EVIDENCE]).blocks[-1]["printed_in"]
    assert [place["anchor"] for place in found] == ["number-1", "number-2"]


def test_a_row_of_evidence_names_every_place_in_the_page():
    from impact_report.exporters.markup import block_html

    places = [{"label": "Figure 4", "anchor": "number-1"}, {"label": "Table 7", "anchor": "number-9"}]
    row = {
        "id": "evidence-sang-tenant",
        "cells": [{"c": [sample.text("Tenants")]}, {"c": [COUNT]}],
        "printed_in": places,
    }
    columns = [{"label": label, "align": "left", "width": 1} for label in ("Group", "Count")]
    table = {"id": "evidence-sang-table", "caption": [sample.text("Counts")], "columns": columns, "rows": [row]}
    html = block_html({**EVIDENCE, "table": table})
    links = re.findall(r'<a href="?#(number-\d+)"?>([^<]+)</a>', html)
    assert links == [("number-1", "Figure 4"), ("number-9", "Table 7")]
