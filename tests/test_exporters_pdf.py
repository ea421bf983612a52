"""The PDF says to a screen reader, to an archive and to a reader on paper the same as to the eye."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import exporters_sample as sample
import pikepdf
import pypdfium2
import pytest

from impact_report.errors import PublishingError
from impact_report.exporters.pdf import ImpactPDFExporter

A4, LETTER = (595, 842), (612, 792)
NASTY = "# $x$ *b* _i_ `c` <lab> @ref \\back [x](y) = - + ~ \" ' // /* */ {{ j }} {% x %} &amp; -- ... #let é"


def export(*cells: dict) -> bytes:
    return ImpactPDFExporter().from_notebook_node(sample.notebook_of(*cells))[0]


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return ImpactPDFExporter().from_notebook_node(sample.sample_notebook())[0]


@pytest.fixture(scope="module")
def document(pdf):
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        yield opened


@pytest.fixture(scope="module")
def pages(pdf) -> list[str]:
    return [page.get_textpage().get_text_range().replace("\r\n", "\n") for page in pypdfium2.PdfDocument(pdf)]


def children(element) -> Iterator[pikepdf.Dictionary]:
    kids = element.get("/K")
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid


def elements(root, kind: str) -> Iterator[pikepdf.Dictionary]:
    for child in children(root):
        if str(child.S) == kind:
            yield child
        yield from elements(child, kind)


def attribute(element, name: str):
    attributes = element.get("/A", pikepdf.Array())
    for entry in attributes if isinstance(attributes, pikepdf.Array) else [attributes]:
        if name in entry:
            return str(entry[name])
    return None


def test_says_what_it_is(document):
    assert str(document.Root.Lang) == "en"
    assert str(document.docinfo.Title) == "What the allotments gave – Invented respondents"
    assert str(document.docinfo.Subject).startswith("Invented respondents. Results of")
    assert str(document.docinfo.CreationDate) == "D:20200131000000Z"
    assert bool(document.Root.ViewerPreferences.DisplayDocTitle)
    metadata = str(document.open_metadata())
    assert re.search(r"pdfaid:part[>=\"]+2", metadata)
    assert re.search(r"pdfaid:conformance[>=\"]+A", metadata)
    assert re.search(r"pdfuaid:part[>=\"]+1", metadata)


def test_bookmarks_hold_every_part(document):
    with document.open_outline() as outline:
        parts = {item.title: [child.title for child in item.children] for item in outline.root}
    assert list(parts) == [
        "The findings on one page",
        "Who answered",
        "Across the gardens",
        "Impact on gardeners",
        "Impact on the town",
        "Groups side by side",
        "Method",
        "Evidence for each number",
    ]
    assert len(parts["Evidence for each number"]) == 13 + 1  # one an indicator, then the facts


def test_figures_have_alt_texts(document):
    figures = list(elements(document.Root.StructTreeRoot, "/Figure"))
    assert len(figures) == 3
    assert all(str(figure.Alt).startswith("Bars sorted by value: ") for figure in figures)


def test_tables_have_heads_of_columns_and_of_rows(document):
    tables = list(elements(document.Root.StructTreeRoot, "/Table"))
    facts = [table for table in tables if not list(elements(table, "/THead"))]
    assert len(facts) == 1 + 13 + 5  # the cover, and each piece of evidence
    for row in (row for table in facts for row in elements(table, "/TR")):
        label, words = children(row)
        assert (str(label.S), str(words.S)) == ("/TH", "/TD")
        assert attribute(label, "/Scope") == "/Row"
    assert len(tables) - len(facts) == 3 + 1 + 13
    for table in tables:
        if table in facts:
            continue
        heads = next(elements(table, "/THead"))
        assert {attribute(cell, "/Scope") for cell in elements(heads, "/TH")} == {"/Column"}
        for row in (row for body in elements(table, "/TBody") for row in elements(body, "/TR")):
            first, *rest = children(row)
            assert str(first.S) == "/TH"
            if rest:
                assert attribute(first, "/Scope") == "/Row"
                assert {str(cell.S) for cell in rest} == {"/TD"}
        assert all(attribute(cell, "/Headers") is None for cell in elements(table, "/TD"))


def test_each_link_inside_leads_to_a_page(document):
    # PDF/A-2 lets a destination be an array [page, /XYZ, x, y, zoom] or the name of one.
    named = document.Root.get("/Names", {}).get("/Dests")
    names = pikepdf.NameTree(named) if named is not None else {}
    pages = {page.objgen for page in document.pages}
    inside = 0
    for page in document.pages:
        for annotation in page.get("/Annots", []):
            action = annotation.get("/A", {})
            if action.get("/S") == "/URI":
                continue
            target = annotation.get("/Dest", action.get("/D"))
            if isinstance(target, pikepdf.String):
                target = names[str(target)]
            target = target.get("/D") if isinstance(target, pikepdf.Dictionary) else target
            assert target[0].objgen in pages
            inside += 1
    assert inside > 200


def test_each_link_says_what_it_is_and_where_it_leads(document):
    names = [
        (page, str(annotation.Contents), annotation)
        for page, sheet in enumerate(document.pages, start=1)
        for annotation in sheet.get("/Annots", [])
    ]
    assert all(name and not name.startswith(",") for _, name, _ in names)
    numbers = [(page, name, link) for page, name, link in names if ", evidence on page " in name]
    assert len(numbers) > 140
    for _, name, link in numbers:
        target = link.Dest[0] if isinstance(link.Dest, pikepdf.Array) else None
        if target is not None:
            pages = [sheet.objgen for sheet in document.pages]
            assert pages.index(target.objgen) + 1 == int(name.rsplit(" ", 1)[1])
        printed, _, what = name.removesuffix(f", evidence on page {name.rsplit(' ', 1)[1]}").partition(": ")
        assert re.search(r"\d", printed)
        assert what
    assert any(name.startswith("83%: indicator a, evidence on page ") for _, name, _ in numbers)
    assert any(re.fullmatch(r"Back to the text, page \d+", name) for _, name, _ in names)


def test_each_number_leads_to_evidence_of_its_own(document):
    """The name of a link and the card it leads to are about the same indicator."""
    compared = 0
    for page in document.pages:
        for annotation in page.get("/Annots", []):
            found = re.search(r": indicator ([a-m]), evidence", str(annotation.Contents))
            if found and isinstance(annotation.Dest, pikepdf.String):
                assert str(annotation.Dest) == f"evidence-indicator-{found[1]}"
                compared += 1
    assert compared > 100


def test_numbers_of_a_drawing_are_links_over_it(document):
    statement = "83%: grew more kinds of vegetables than in the year before, evidence on page"
    spots = [link for link in elements(document.Root.StructTreeRoot, "/Link") if "/Alt" in link]
    assert len(spots) == 13
    first = spots[0]
    assert str(first.Alt).startswith(statement)
    assert str(first.K.Obj.Contents if isinstance(first.K, pikepdf.Dictionary) else first.K[0].Obj.Contents) == str(
        first.Alt
    )


def test_a_drawing_taller_than_the_page_is_made_to_fit():
    svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 2000"><rect width="720" height="2000"/></svg>'
    figure = sample.figure("Impact on the town", "x") | {"svg": svg, "svg_narrow": None, "table": None}
    figure |= {"links": [], "links_narrow": [], "numbers": [], "subtitle": [], "title": [sample.text("Tall")]}
    cover = sample.code(sample.cover() | {"facts": []})
    pdf = export(cover, sample.code(sample.heading(1, "Part"), sample.paragraph(sample.text("So it is.")), figure))
    pages = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf)]
    assert len(pages) == 2
    assert all(words in pages[1] for words in ("Part", "So it is.", "Tall", "survey of gardeners"))


def test_findings_stand_on_one_sheet_alone(pages):
    sheet = next(page for page in pages[1:] if "The findings on one page" in page)
    assert sheet.count("%\n") + sheet.count("% ") >= 13
    assert "Base: all 46 respondents" in sheet
    assert "Who answered\n" not in sheet.replace("Who answered\nGardeners", "")
    for _, _, statement, _ in sample.indicators():
        assert statement[:20] in sheet.replace("\n", " ")


def test_findings_shrink_to_stay_on_one_sheet():
    findings = sample.findings()
    for item in (item for section in findings["sections"] for item in section["items"]):
        item["detail"] = [sample.wording("38 of 46 respondents; interval by Wilson’s method from 69% to 91%")]
        item["statement"] = item["statement"] * 2
    evidence = [sample.evidence(key, statement, count) for _, key, statement, count in sample.indicators()]
    facts = [sample.fact_evidence(key, key) for key in ("respondents", "plots", "sites", "schools", "years")]
    pdf = export(sample.code(sample.cover(), findings, *facts, *evidence))
    sheets = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf)]
    assert "more than" in sheets[1]
    assert "Base: all 46 respondents" in sheets[1]
    assert sheets[2].split("\n")[0].startswith("What the allotments gave")


def test_every_page_after_the_cover_says_where_one_is(pages):
    for position, page in enumerate(pages[1:], start=2):
        assert f"Page {position} of {len(pages)}" in page
        assert "Invented respondents" in page
        assert "What the allotments gave" in page


def test_contents_stand_on_the_cover_and_name_pages(pages):
    findings = next(number for number, page in enumerate(pages, start=1) if "Share of respondents who" in page)
    assert re.search(rf"The findings on one page\W+{findings}\n", pages[0])


def test_contents_too_long_for_the_cover_have_a_page_of_their_own():
    parts = [
        block for k in range(40) for block in (sample.heading(1, f"Part {k}"), sample.paragraph(sample.text("So")))
    ]
    pdf = export(sample.code(sample.cover() | {"facts": []}, *parts))
    first, second, *_ = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf)]
    assert "Part" not in first
    assert second.count("Part") == 40


def test_footnotes_stand_at_the_foot_of_their_page(pages):
    page = next(page for page in pages if "invited by letter" in page)
    assert "One reminder was sent" in page


def test_a_long_table_repeats_its_head():
    rows = [[{"c": [sample.wording(f"row {row}")]}, {"c": [sample.wording("x")]}] for row in range(90)]
    columns = [{"label": "Region"}, {"label": "Share", "align": "right"}]
    table = {"block": "table", "id": "t", "caption": [sample.text("Long")], "columns": columns, "rows": rows}
    pdf = export(sample.code(sample.cover() | {"facts": []}, table | {"long": True}))
    pages = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf)]
    assert sum("Region" in page for page in pages) >= 2


def long_table(count: int) -> dict:
    rows = [[{"c": [sample.wording(f"row {row}")]}, {"c": [sample.wording("x")]}] for row in range(count)]
    columns = [{"label": "Region"}, {"label": "Share", "align": "right"}]
    table = {"block": "table", "id": "t", "caption": [sample.text("Long")], "columns": columns, "rows": rows}
    return table | {"long": True, "row_header": True, "notes": [[sample.text("A note below.")]]}


@pytest.mark.parametrize("count", range(43, 49))
def test_a_table_never_ends_with_one_row_or_its_notes_alone_on_a_page(count):
    pdf = export(sample.code(sample.cover() | {"facts": []}, long_table(count)))
    pages = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf)]
    (last,) = [page for page in pages if "A note below." in page]
    assert all(f"row {row}" in last for row in range(count - 3, count))


def test_the_last_rows_of_a_table_are_rows_of_its_body():
    with pikepdf.open(io.BytesIO(export(sample.code(sample.cover() | {"facts": []}, long_table(30))))) as opened:
        root = opened.Root.StructTreeRoot
        assert not list(elements(root, "/TFoot"))
        rows = [row for body in elements(root, "/TBody") for row in elements(body, "/TR")]
        assert len(rows) == 30
        assert all(attribute(next(children(row)), "/Scope") == "/Row" for row in rows)


def test_the_head_names_the_part_in_force_at_the_top_of_the_page():
    """The first part fills more than a page; the second begins below its end, the third at the top of a page."""
    lines = [sample.paragraph(sample.text("A line")) for _ in range(45)]
    blocks = [sample.heading(1, "First"), *lines, sample.heading(1, "Second"), *lines, {"block": "pagebreak"}]
    pdf = export(sample.code(sample.cover() | {"facts": []}, *blocks, sample.heading(1, "Third"), lines[0]))
    pages = [page.get_textpage().get_text_range().split("\n") for page in pypdfium2.PdfDocument(pdf)][1:]
    heads = [next(line.split()[-1] for line in page if line.strip()) for page in pages]
    begins = next(place for place, page in enumerate(pages) if "Second" in [line.strip() for line in page])
    assert heads[: begins + 1] == ["First"] * (begins + 1)
    assert begins > 0
    assert set(heads[begins + 1 : -1]) == {"Second"}
    assert heads[-1] == "Third"


def test_x_of_n_stays_on_one_line():
    pair = [sample.number("41", "one", 41), sample.text(" of "), sample.number("50", "one", 41)]
    run = [node for _ in range(60) for node in (sample.text(" and more words "), *pair)]
    blocks = [{"block": "paragraph", "c": run}, sample.evidence("one", "One", 41)]
    pdf = export(sample.code(sample.cover() | {"facts": []}, *blocks))
    text = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf))
    assert text.count("41 of 50") == 60


@pytest.mark.parametrize(("groups", "size"), [(7, A4), (14, A4[::-1])])
def test_a_table_of_many_columns_stands_on_a_turned_page(groups, size):
    labels = ["Statement", *(f"Region {group}" for group in range(groups))]
    columns = [{"label": label, "align": "right"} for label in labels]
    marked = [sample.wording("x"), {"t": "mark", "text": "▲ B", "says": "a larger share than all others, and Region B"}]
    table = {"block": "table", "id": "t", "caption": [sample.text("Wide")], "columns": columns}
    pdf = export(sample.code(sample.cover() | {"facts": []}, table | {"rows": [[{"c": marked}] * len(labels)]}))
    (page,) = [page for page in pypdfium2.PdfDocument(pdf) if "Wide" in page.get_textpage().get_text_range()]
    assert tuple(round(length) for length in page.get_size()) == size
    assert page.get_textpage().get_text_range().count("▲ B") == len(labels)


@pytest.mark.parametrize(("paper", "size"), [("a4", A4), ("us-letter", LETTER)])
def test_paper_is_chosen_by_the_cover(paper, size):
    pdf = export(sample.code(sample.cover() | {"facts": [], "paper": paper}))
    assert tuple(round(length) for length in pypdfium2.PdfDocument(pdf)[0].get_size()) == size


def test_words_of_every_kind_arrive_as_they_are():
    cover = {**sample.cover(), "title": NASTY, "running": "short", "notice_title": NASTY, "facts": []}
    cells = sample.code(
        cover,
        {"block": "heading", "level": 1, "text": NASTY, "id": ""},
        sample.paragraph(sample.wording(NASTY), {"t": "break"}, {"t": "code", "text": NASTY}),
        {"block": "listing", "text": NASTY},
    )
    pdf = export(cells)
    text = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf))
    squeezed = re.sub(r"[\s\u2060\ufffe]", "", text)
    # title and notice; contents; heading, paragraph, code, listing; the head and the foot of the second page
    assert squeezed.count(re.sub(r"\s", "", NASTY)) == 2 + 1 + 4 + 1 + 1
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert str(document.docinfo.Title) == f"{NASTY} – {NASTY}"


def test_a_character_the_font_lacks_is_named_not_dropped():
    with pytest.raises(PublishingError) as caught:
        export(sample.code(sample.cover() | {"facts": []}, sample.paragraph(sample.wording("Thanks 🌻 and Ω"))))
    words = str(caught.value)
    assert "'Ω' (U+03A9)" in words
    assert "'🌻' (U+1F33B)" in words
    assert "“Thanks 🌻 and Ω”" in words


def test_findings_too_long_for_a_sheet_run_over_several():
    section = sample.findings()["sections"][0]
    findings = {**sample.findings(), "facts": [], "sections": [section] * 9}
    cells = sample.code(sample.cover(), findings, *[sample.evidence(*row[1:]) for row in sample.indicators()])
    pdf = export(cells, sample.code(sample.fact_evidence("respondents", "Respondents")))
    sheets = [page.get_textpage().get_text_range().replace("\r\n", " ") for page in pypdfium2.PdfDocument(pdf)]
    first = next(k for k, sheet in enumerate(sheets) if k > 0 and "The findings on one page" in sheet)
    statement = section["items"][0]["statement"][0]["text"][:20]
    on_each = [sheet.count(statement) for sheet in sheets[first : first + 3]]
    assert on_each[0] and on_each[1]
    assert sum(on_each) >= 9  # each is printed, none is lost


def test_is_light(pdf):
    assert len(pdf) < 300_000
