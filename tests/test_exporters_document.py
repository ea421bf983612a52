"""A notebook becomes one document, or every reason against it is named at once."""

from __future__ import annotations

import exporters_sample as sample
import pytest
from nbconvert.utils.exceptions import ConversionException

from impact_report.errors import PublishingError
from impact_report.exporters.document import ReportRefused, document_from_notebook
from impact_report.exporters.listing import numbers
from impact_report.exporters.structure import BLOCK_MIMETYPE

COVER = sample.code(sample.cover(), sample.fact_evidence("respondents", "Respondents"))


def refused(*cells: dict, cover: dict | None = COVER) -> str:
    """The words with which a notebook of a cover and these cells is refused."""
    with pytest.raises(ReportRefused) as caught:
        document_from_notebook(sample.notebook_of(*([cover] if cover else []), *cells))
    return str(caught.value)


@pytest.fixture(scope="module")
def document():
    return document_from_notebook(sample.sample_notebook())


def test_refusal_is_both_kinds_of_error():
    assert issubclass(ReportRefused, PublishingError)
    assert issubclass(ReportRefused, ConversionException)


def test_contents_are_the_headings_of_two_levels_in_order(document):
    lines = [("  " * (entry.level - 1)) + entry.text for entry in document.contents]
    assert lines == [
        "The findings on one page",
        "Who answered",
        "Across the gardens",
        "  What did they report?",
        "Impact on gardeners",
        "  What did they report?",
        "Impact on the town",
        "  What did they report?",
        "Groups side by side",
        "Method",
        "  Weighting",
        "Evidence for each number",
        "  Facts",
    ]


def test_equal_headings_get_anchors_of_their_own(document):
    anchors = [entry.anchor for entry in document.contents if entry.text == "What did they report?"]
    assert anchors == ["what-did-they-report", "what-did-they-report-2", "what-did-they-report-3"]


def test_figures_and_tables_are_counted_apart(document):
    labels = [block["label"] for block in document.blocks if block["block"] in ("figure", "table")]
    assert labels == ["Figure 1", "Table 1", "Figure 2", "Table 2", "Figure 3", "Table 3", "Table 4"]


def test_numbers_are_listed_in_order_of_appearance_with_their_evidence(document):
    listed = numbers(document)
    assert [entry["order"] for entry in listed] == list(range(1, len(listed) + 1))
    first, second = listed[:2]
    assert (first["place"], first["printed"]) == ("cover", "46")
    assert second == {
        "order": 2,
        "place": "findings",
        "label": "The findings on one page",
        "heading": "The findings on one page",
        "anchor": "number-2",
        "what": "plots",
        "printed": "750",
        "exact": 751,
        "numerator": 751,
        "base": 751,
        "low": None,
        "high": None,
        "method": None,
        "evidence": "evidence-plots",
        "row": "all/all",
        "columns": ["Q5"],
        "rule": "round half up",
    }


def test_each_place_of_a_number_is_named(document):
    places = {
        (entry["place"], entry["label"]) for entry in numbers(document) if entry["evidence"] == "evidence-indicator-a"
    }
    assert places == {
        ("findings", "The findings on one page"),
        ("figure", "Figure 1"),
        ("sentence", "text of “What did they report?”"),
        ("table", "Table 1"),
        ("table", "Table 4"),
    }


def test_evidence_knows_where_its_number_is_printed(document):
    block = next(block for block in document.blocks if block.get("id") == "evidence-indicator-a")
    assert [place["label"] for place in block["printed_in"]] == [
        "The findings on one page",
        "Figure 1",
        "text of “What did they report?”",
        "Table 1",
        "Table 4",
    ]
    tenants = block["table"]["rows"][1]
    assert [place["label"] for place in tenants["printed_in"]] == ["Table 4"]


def test_a_number_leads_to_its_row_where_the_row_is_shown(document):
    targets = {
        number.node["target"] for number in document.numbers if number.node["evidence"] == "evidence-indicator-b"
    }
    assert targets == {
        "evidence-indicator-b-all-all",
        "evidence-indicator-b-role-tenant",
        "evidence-indicator-b-role-committee",
    }


def test_footnotes_and_links_may_be_defined_in_another_cell():
    document = document_from_notebook(
        sample.notebook_of(
            COVER,
            sample.markdown("By letter[^letter], see [the guide][guide].[^letter]"),
            sample.markdown("[^letter]: One *reminder*.\n\n[guide]: https://example.org/2019"),
        )
    )
    run = document.blocks[-1]["c"]
    notes = [node for node in run if node["t"] == "note"]
    assert [(note["order"], note["again"]) for note in notes] == [(1, False), (1, True)]
    assert len(document.notes) == 1
    assert next(node["href"] for node in run if node["t"] == "link") == "https://example.org/2019"


def test_an_empty_link_takes_the_name_of_what_it_leads_to(document):
    note = next(run for run in document.notes if any(node.get("href") == "#table-groups" for node in run))
    assert next(node["c"] for node in note if node["t"] == "link") == [{"t": "verbatim", "text": "Table 4"}]


def test_cells_for_the_notebook_only_are_left_out(document):
    assert all("Promise" not in str(block) for block in document.blocks)


def test_files_beside_the_report_may_be_linked_and_are_listed():
    document = document_from_notebook(
        sample.notebook_of(COVER, sample.markdown("Take [the estimates](estimates.csv)."))
    )
    assert document.downloads == ("estimates.csv",)


def test_every_fault_is_named_at_once_with_its_cell():
    bare = {"alt": " ", "table": None, "numbers": [], "links": [], "links_narrow": [], "subtitle": []}
    words = refused(
        sample.markdown("We counted 46 answers."),
        sample.code({**sample.figure("Impact on the town", "x"), **bare}),
        sample.markdown("See [there](#nowhere)."),
    )
    assert "3 problems" in words
    assert "cell 2 (id cell-2): We counted 46 answers." in words
    assert "figure figure-x" in words
    assert "“We counted 46 answers.”" in words
    assert "'#nowhere'" in words


FIGURE = {
    "block": "figure",
    "id": "figure-a",
    "title": [{"t": "text", "text": "Bars"}],
    "alt": "Two bars, one of them longer than the other",
    "svg": '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 1"/>',
}


def output(kind: str, data: dict | None = None, **more) -> dict:
    outputs = [{"output_type": kind, **({"data": data, "metadata": {}} if data else {}), **more}]
    return {"cell_type": "code", "metadata": {}, "source": "x", "execution_count": 1, "outputs": outputs}


@pytest.mark.parametrize(
    ("cell", "expected", "found"),
    [
        (sample.code({**FIGURE, "alt": ""}), "an alt text", "none"),
        (
            sample.code({**FIGURE, "links": [{"number": 0, "x": 0, "y": 0, "width": 1, "height": 1}]}),
            "the place of a number in the figure's list",
            "0 in links, of 0 numbers",
        ),
        (
            sample.code(
                sample.evidence("a", "grew more", 38),
                {
                    **FIGURE,
                    "numbers": [sample.number("83%", "a", 38)],
                    "links_narrow": [{"number": 0, "x": 12, "y": 0, "width": 1, "height": 1}],
                },
            ),
            "x, y, width, height from 0 to 1",
            "[12, 0, 1, 1] for number 0 in links_narrow",
        ),
        (
            sample.code({**FIGURE, "alt": "No description has been provided for this image"}),
            "an alt text somebody wrote",
            "No description has been provided",
        ),
        (sample.code({**FIGURE, "alt": "chart"}), "an alt text that says what is to be seen", "'chart'"),
        (sample.code({**FIGURE, "svg": "PNG"}), "a drawing in SVG", "'PNG'"),
        (sample.code({**FIGURE, "table": "table-b"}), "the anchor of the table with the figure's data", "'table-b'"),
        (
            output("error", ename="ValueError", evalue="no rows", traceback=[]),
            "a cell that runs without an error",
            "ValueError: no rows",
        ),
        (output("display_data", {"image/png": "iVBOR"}), "blocks", "a bare image (image/png)"),
        (output("display_data", {"text/html": "<b>x</b>", "text/plain": "x"}), "blocks", "not a block (text/html)"),
        (output("execute_result", {"text/plain": "3"}, execution_count=1), "blocks", "not a block (text/plain)"),
        (output("stream", name="stdout", text="done\n"), "blocks", "text on stdout: done"),
        (output("stream", name="stderr", text="FutureWarning: x\n"), "blocks", "text on stderr: FutureWarning"),
        (sample.markdown("So <b>bold</b>."), "prose", "raw HTML: <b>"),
        (sample.markdown("<div>\nx\n</div>"), "prose", "raw HTML: <div>"),
        (sample.markdown("![bars](bars.png)"), "prose", "an image in Markdown: bars.png"),
        (sample.markdown("a | b\n--|--\nc | d"), "prose", "a table in Markdown"),
        (sample.markdown("above\n\n---\n\nbelow"), "prose", "a ruled line"),
        (sample.markdown("#### Deep"), "headings of level 1 to 3", "level 4: Deep"),
        (sample.markdown("Said[^who]."), "a footnote or link that is defined", "[^who]"),
        (sample.markdown("See [it][there]."), "a footnote or link that is defined", "[it][there]"),
        (sample.markdown("Half: ½ of them."), "no digits in plain text", "“Half: ½ of them.”"),
        (sample.markdown("**Some 83%** did."), "no digits in plain text", "“Some 83%”"),
        (sample.markdown("# Who answered in 2019"), "no digits in plain text", "“Who answered in 2019”"),
        (sample.markdown("See [part 3](#top)."), "no digits in plain text", "“part 3”"),
        (sample.markdown("See [it](../notes.md)."), "a link that a reader can follow", "'../notes.md'"),
        (sample.markdown("See [it](javascript:alert)."), "a link that a reader can follow", "'javascript:alert'"),
        (sample.markdown("## Chapter"), "a heading of level 1 or above", "level 2 after level 0"),
        (sample.code(sample.paragraph({"t": "text", "text": "83%"})), "no digits in plain text", "“83%”"),
        (
            sample.code(sample.paragraph(sample.number("83%", "shared-data", 38))),
            "a number whose evidence is shown",
            "whose evidence 'evidence-shared-data' is not in the document",
        ),
        (
            sample.code(sample.paragraph({"t": "number", "text": "83%", "what": "shared data"})),
            "a number with evidence",
            "'83%' (shared data) without any",
        ),
        (
            sample.code(sample.fact_evidence("respondents", "Respondents, again")),
            "an id of its own",
            "'evidence-respondents', which cell 1 (id cell-1): show(...) has already",
        ),
        (
            sample.code({**FIGURE, "id": "contents"}),
            "an id of its own",
            "'contents', which the page itself has already",
        ),
        (sample.code({**FIGURE, "id": "two words"}), "an id without spaces", "'two words'"),
        (sample.code(sample.cover()), "exactly one cover", "2 covers"),
        (sample.code({"block": "figur"}), "a known block", "'figur'"),
        (sample.code({"block": "figure", "id": "a"}), "a figure with id, title, svg", "no title, no svg"),
        (sample.code(sample.paragraph({"t": "txt"})), "a known inline node", "{'t': 'txt'}"),
        (sample.code(sample.paragraph({"t": "strong"})), "an inline strong with c", "{'t': 'strong'}"),
        (
            sample.code(
                {"block": "table", "id": "t", "caption": [], "columns": [{"label": "a"}] * 3, "rows": [[{"c": []}] * 2]}
            ),
            "3 cells in each row",
            "2 cells in row 1 of 't'",
        ),
        (sample.code({"block": "callout", "paragraphs": 3}), "a complete callout block", "TypeError"),
    ],
)
def test_each_fault_is_refused_in_words(cell, expected, found):
    words = refused(cell)
    assert f"expected  {expected}" in words
    assert found in words
    assert "cell 2 (id cell-2)" in words


def test_an_error_is_refused_even_in_a_cell_left_out():
    cell = output("error", ename="KeyError", evalue="'Q7'", traceback=[])
    cell["metadata"] = {"tags": ["notebook-only"]}
    assert "KeyError: 'Q7'" in refused(cell)


@pytest.mark.parametrize(
    "cell",
    [
        sample.markdown("The column `Q7_1` holds it."),
        sample.markdown("> 46 of us said so."),
        sample.markdown("As [Dillman 2014](https://example.org/2014) has it."),
        sample.markdown("```\n46 / 23\n```"),
        sample.code(sample.paragraph(sample.wording("K-12"), sample.number("46", "respondents", 46))),
    ],
)
def test_digits_are_welcome_where_they_are_not_results(cell):
    document_from_notebook(sample.notebook_of(COVER, cell))


def test_a_notebook_without_a_cover_is_refused():
    assert "no cover" in refused(sample.code(sample.paragraph(sample.text("words"))), cover=None)


def test_a_notebook_that_was_not_run_is_refused():
    cell = sample.code(source="show_cover()")
    assert "run it first" in refused(cell, sample.markdown("# Words"), cover=None)


def test_the_notebook_itself_is_left_as_it_was():
    notebook = sample.sample_notebook()
    before = str(notebook)
    document_from_notebook(notebook)
    assert str(notebook) == before


def test_a_block_may_come_with_other_forms_of_itself():
    cell = output("display_data", {BLOCK_MIMETYPE: sample.paragraph(sample.text("x")), "text/html": "<p>x</p>"})
    assert document_from_notebook(sample.notebook_of(COVER, cell)).blocks[-1]["block"] == "paragraph"


def test_a_row_of_evidence_counts_as_its_block():
    """A number may name a row as its evidence; inside the block it leads nowhere, outside to the row."""
    row = {"t": "number", "text": "19", "what": "tenants", "evidence": "evidence-a-role-tenant"}
    block = sample.evidence("a", "grew more", 38)
    block["table"]["rows"][1]["cells"][2] = {"c": [row]}
    document = document_from_notebook(
        sample.notebook_of(COVER, sample.markdown("# Text"), sample.code(sample.paragraph(dict(row)), block))
    )
    outside, inside = [number.node for number in document.numbers if number.node["text"] == "19"]
    assert (outside["at_home"], inside["at_home"]) == (False, True)
    assert document.blocks[-1]["printed_in"] == [{"label": "text of “Text”", "anchor": outside["anchor"]}]
