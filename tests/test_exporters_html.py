"""The page needs nothing else, reads in order, and leads from each number to its evidence and back."""

from __future__ import annotations

import base64
import io
import itertools
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import exporters_sample as sample
import pytest
from fontTools.ttLib import TTFont
from lxml import html

from impact_report.exporters.drawing import inline_svg
from impact_report.exporters.html import ImpactHTMLExporter, light
from impact_report.exporters.markup import block_html
from impact_report.palette import DARK, LIGHT

NASTY = "# $x$ *b* _i_ `c` <lab> @ref \\back [x](y) = - + ~ \" ' // /* */ {{ j }} {% x %} </style> &amp; -- ... #let é"


@pytest.fixture(scope="module")
def text() -> str:
    return ImpactHTMLExporter().from_notebook_node(sample.sample_notebook())[0]


@pytest.fixture(scope="module")
def page(text):
    return html.fromstring(text)


def test_needs_no_script_and_no_network(text, page):
    assert page.xpath("//script | //link | //iframe | //object | //*[@onload or @onclick]") == []
    assert page.xpath("//img") == []
    loaded = re.findall(r"url\(\"?([^\")]{1,30})", text)
    assert loaded
    assert all(address.startswith(("data:font/woff2", "#")) for address in loaded)
    policy = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    assert policy.startswith("default-src 'none';")


def test_says_what_it_is(page):
    assert page.get("lang") == "en"
    assert page.findtext(".//title") == (
        "What the allotments gave – Edition of the rehearsal wave, June 2019 – Invented respondents"
    )
    described = page.xpath("//meta[@name='description']/@content")[0]
    assert described.startswith("Invented respondents. Results of a made-up survey")


def test_the_notice_is_told_beside_the_contents_and_above_the_findings(page):
    notice = page.get_element_by_id("notice")
    assert "Invented respondents" in notice.text_content()
    for place in ("//nav//a[@href='#notice']", "//section[@class='findings']/h2/following-sibling::*[1]/a"):
        assert [badge.text for badge in page.xpath(place)] == ["Invented respondents"]
        assert page.xpath(place)[0].get("href") == "#notice"


def test_has_one_h1_and_no_hole_in_its_headings(page):
    levels = [int(heading.tag[1]) for heading in page.iter("h1", "h2", "h3", "h4", "h5")]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_has_landmarks_and_a_skip_link(page):
    assert [len(page.xpath(f"//{tag}")) for tag in ("main", "nav")] == [1, 1]
    assert page.xpath("//body/*[1]/@href") == ["#report"]


def test_ids_are_unique_and_every_link_inside_leads_somewhere(page):
    ids = page.xpath("//@id")
    assert [name for name, count in Counter(ids).items() if count > 1] == []
    targets = {href[1:] for href in page.xpath("//a/@href") if href.startswith("#")}
    assert targets - set(ids) == set()
    named = {name for value in page.xpath("//@aria-labelledby") for name in value.split()}
    assert named - set(ids) == set()
    drawn = {name for value in page.xpath("//@clip-path") for name in re.findall(r"#([^)]+)\)", value)}
    assert drawn - set(ids) == set()


def test_each_number_leads_to_evidence_and_evidence_leads_back(page):
    evidence = set(page.xpath("//section[@class='evidence']//@id"))
    numbers = page.xpath("//a[contains(@class, 'number')]")
    assert len(numbers) > 100
    assert {number.get("href")[1:] for number in numbers} <= evidence
    for section in page.xpath("//section[@class='evidence']"):
        ways_back = section.xpath(".//dd/a[not(@class)]/@href")
        assert ways_back, section.get("id")


def test_a_number_in_a_sentence_explains_itself(page):
    number = page.xpath("//main/p/a[@class='number'][text()='83%']")[0]
    assert number.get("aria-label") == "83%, indicator a – evidence"
    assert number.get("title") == "38 of 46"


def test_the_name_of_each_number_makes_sense_alone_and_begins_with_what_is_seen(page):
    for number in page.xpath("//a[contains(@class, 'number')]"):
        name = number.get("aria-label")
        if name is None:
            parts = [page.get_element_by_id(identity) for identity in number.get("aria-labelledby").split()]
            name = " ".join(" ".join(part.text_content().split()) for part in parts)
        assert name.startswith(number.text_content())
        assert name.endswith("evidence")
        assert len(name) > len(number.text_content() + " – evidence")


def test_a_number_of_a_table_is_named_by_its_row_and_its_column(page):
    number = page.xpath("//div[@id='table-groups']//tr[2]/td[6]/a")[0]
    parts = [page.get_element_by_id(identity).text_content() for identity in number.get("aria-labelledby").split()]
    assert parts == ["83%", "grew more kinds of vegetables than in the year before", "Tenants", "– evidence"]


def test_each_number_of_a_drawing_is_a_link_over_it_in_both_sizes(page):
    figure = page.get_element_by_id("figure-x")
    spots = figure.xpath(".//a[@class='number spot']")
    assert len(spots) == 5
    assert figure.xpath(".//*[local-name()='svg']//a") == []
    first = spots[0]
    assert first.get("href") == "#evidence-indicator-a-all-all"
    line = page.get_element_by_id(first.get("aria-labelledby").split()[0])
    assert line.text_content().startswith("83%")
    assert "grew more kinds of vegetables than in the year before" in line.text_content()
    common = first.getparent().get("style")  # the size that most links have stands with the drawing
    sides = dict(side.split(":") for side in f"{common};{first.get('style')}".split(";"))
    assert set(sides) == {"--x", "--y", "--w", "--h", "--nx", "--ny", "--nw", "--nh"}
    assert all(0 < float(value.rstrip("%")) < 100 for value in sides.values())
    evidence = page.get_element_by_id("evidence-indicator-a")
    assert f"#{first.get('id')}" in evidence.xpath(".//dd/a/@href")


def test_numbers_of_a_figure_are_listed_a_line_for_each_evidence():
    figure = sample.figure("Across the gardens", "x") | {"table": None, "links": [], "links_narrow": []}
    both = ("83%", "38 of 46")
    figure["numbers"] = [
        sample.number(text, "indicator-a", 38, what=f"{kind}: grew more")
        for text, kind in zip(both, ("share", "count"), strict=True)
    ]
    cover = sample.code(sample.cover(), sample.fact_evidence("respondents", "Respondents"))
    cells = (sample.code(figure), sample.code(sample.evidence("indicator-a", "grew more", 38)))
    page = html.fromstring(ImpactHTMLExporter().from_notebook_node(sample.notebook_of(cover, *cells))[0])
    assert [line.text_content() for line in page.xpath("//details//li")] == ["83%, 38 of 46: grew more"]
    assert page.xpath("//*[contains(@class, 'spot')]") == []


def test_cells_of_a_stacked_table_know_the_labels_of_their_columns(page):
    table = page.xpath("//div[@id='table-x']//table")[0]
    assert table.get("style") == '--c2:"Share";--c3:"x of n";--c4:"95% interval"'
    roles = {element.tag: element.get("role") for element in table.iter("table", "thead", "tbody", "tr", "td")}
    assert roles == {"table": "table", "thead": "rowgroup", "tbody": "rowgroup", "tr": "row", "td": "cell"}
    assert {cell.get("role") for cell in table.iter("th")} == {"columnheader", "rowheader"}


@pytest.mark.parametrize(("last", "stacks"), [("right", False), ("left", True)])
def test_a_slim_table_of_evidence_stays_a_table_on_a_phone(last, stacks):
    columns = [{"label": "Group"}, {"label": "Base", "align": "right"}, {"label": "Count", "align": last}]
    rows = [[{"c": [sample.wording(text)]} for text in ("Tenants", "a", "b")]]
    facts = {"id": "evidence-x-table", "caption": [sample.wording("Counts")], "columns": columns, "rows": rows}
    evidence = sample.evidence("x", "grew more", 3) | {"table": facts}
    table = html.fromstring(block_html(evidence)).xpath(".//table")[0]
    assert table.get("class") == ("stacks" if stacks else "slim")
    assert bool(table.xpath(".//@role")) is stacks


def test_footnotes_lead_there_and_back(page):
    call = page.xpath("//a[@role='doc-noteref']")[0]
    assert (call.text, call.get("href"), call.get("id")) == ("1", "#note-1", "note-1-call")
    note = page.get_element_by_id("note-1")
    assert "One reminder was sent" in note.text_content()
    assert note.xpath(".//a[@role='doc-backlink']/@href") == ["#note-1-call"]


def test_tables_have_captions_and_scopes(page):
    for table in page.xpath("//table"):
        assert table.xpath("./caption//text()[normalize-space()]")
        assert set(table.xpath("./thead//th/@scope")) == {"col"}
        assert all(row.xpath("./th[1]/@scope") == ["row"] for row in table.xpath("./tbody/tr"))
    wide = page.get_element_by_id("table-groups")
    region = wide.xpath("./div")[0]
    assert (region.get("role"), region.get("tabindex")) == ("group", "0")


def test_each_drawing_is_one_picture_with_its_alt_text(page):
    for figure in page.xpath("//figure"):
        wide, narrow = figure.xpath(".//*[local-name()='svg']")
        assert wide.get("role") == narrow.get("role") == "img"
        assert narrow.get("aria-labelledby") == wide.get("id")
        assert wide.get("aria-label").startswith("Bars sorted by value: ")
        assert figure.xpath("./figcaption")


def test_drawings_take_the_colours_of_the_page(text, page):
    drawings = "".join(html.tostring(svg, encoding="unicode") for svg in page.xpath("//*[local-name()='svg']"))
    classes = set(re.findall(r'class="(s\d+)"', drawings))
    rules = "".join(re.findall(rf"\.(?:{'|'.join(classes)})\{{[^}}]*\}}", text))
    assert "var(--data)" in rules
    assert not any(colour in (drawings + rules).lower() for colour in (LIGHT["data"], LIGHT["data_soft"], LIGHT["ink"]))
    assert f"--data:{LIGHT['data']}" in text
    assert f"--data:{DARK['data']}" in text
    assert "<style" not in drawings


def test_the_font_has_the_characters_of_the_page_and_no_others(text):
    faces = re.findall(r"data:font/woff2;base64,([^\"]+)", text)
    assert len(faces) == 3  # regular, strong, and the few letters that are set in italics
    font = TTFont(io.BytesIO(base64.b64decode(faces[0])))
    known = set(map(chr, font.getBestCmap()))
    assert set("What the allotments gave – 83% “↩”") <= known
    assert "Ω" not in known
    assert "Ж" not in known


def test_is_light(text):
    assert len(text.encode()) < 200_000


@pytest.mark.parametrize(
    ("written", "lighter"),
    [
        # An end may be left out where the next tag ends the element anyway …
        ("<ul><li>a</li> <li>b</li></ul>", "<ul><li>a <li>b</ul>"),
        ("<ol><li>a<ul><li>b</li></ul></li></ol>", "<ol><li>a<ul><li>b</ul></ol>"),
        ("<dl><dt>a</dt><dd>b</dd><dt>c</dt><dd>d</dd></dl>", "<dl><dt>a<dd>b<dt>c<dd>d</dl>"),
        ("<dl><div><dt>a</dt><dd>b</dd></div></dl>", "<dl><div><dt>a<dd>b</div></dl>"),
        (
            "<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>1</td></tr></tbody></table>",
            "<table><thead><tr><th>a<th>b</thead><tbody><tr><td>1</tbody></table>",
        ),
        ("<table><tr><td>1</td></tr><tr><td>2</td></tr></table>", "<table><tr><td>1<tr><td>2</table>"),
        # … and must be written where that tag would come to stand inside it.
        ("<li>a</li><div>b</div>", "<li>a</li><div>b</div>"),
        ("<li>a</li><ul></ul>", "<li>a</li><ul></ul>"),
        ("<dd>a</dd><div>b</div>", "<dd>a</dd><div>b</div>"),
        ("<dt>a</dt></dl>", "<dt>a</dt></dl>"),
        ("<td>a</td><table></table>", "<td>a</td><table></table>"),
        ("<li>a</li><link>", "<li>a</li><link>"),
    ],
)
def test_an_end_is_left_out_only_where_the_next_tag_is_one(written, lighter):
    """By the rules of https://html.spec.whatwg.org/multipage/syntax.html#optional-tags."""
    assert light(written) == lighter


def test_words_of_every_kind_arrive_as_they_are():
    notebook = sample.notebook_of(
        sample.code(
            {**sample.cover(), "title": NASTY, "running": NASTY, "notice_title": NASTY, "facts": []},
            {"block": "heading", "level": 1, "text": NASTY, "id": ""},
            sample.paragraph(sample.wording(NASTY)),
            {"block": "listing", "text": NASTY},
        )
    )
    page = html.fromstring(ImpactHTMLExporter().from_notebook_node(notebook)[0])
    assert page.findtext(".//h1") == page.findtext(".//main/h2") == page.findtext(".//main/p") == NASTY
    assert page.xpath("string(//pre)") == NASTY
    assert len(page.xpath("//style")) == 1


def test_a_drawing_loses_what_is_not_drawing():
    svg = (
        '<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "x.dtd">'
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="9pt" height="3pt">'
        "<metadata><x/></metadata><style>*{stroke-linejoin: round}</style><script>run()</script>"
        '<defs><clipPath id="p"><rect width="1" height="1"/></clipPath><path id="m" d="M0 0"/></defs>'
        '<g id="axes_1" clip-path="url(#p)" onclick="run()"><use xlink:href="#m" style="fill: #1F5F8B"/></g>'
        '<a xlink:href="https://example.org"><text>83%</text></a></svg>'
    )
    assert inline_svg(svg, "figure-a", 'Bars & "more"') == (
        '<svg viewBox="0 0 9 3" role="img" aria-label="Bars &amp; &quot;more&quot;" style="stroke-linejoin:round">'
        '<defs><clipPath id="figure-a-0"><rect width="1" height="1" /></clipPath>'
        '<path id="figure-a-1" d="M0 0" /></defs>'
        '<g clip-path="url(#figure-a-0)"><use style="fill:var(--data)" href="#figure-a-1" /></g>'
        "<text>83%</text></svg>"
    )


@pytest.mark.parametrize(
    "block", [sample.cover(), sample.findings(), sample.groups_table(), sample.evidence("a", "b", 3)]
)
def test_a_block_alone_is_ordinary_html(block):
    assert html.fromstring(f"<div>{block_html(block)}</div>").xpath(".//h1 | .//h2 | .//h3 | .//table")


def test_showing_a_block_costs_no_import_of_nbconvert():
    program = "import sys, impact_report.exporters.markup; sys.exit('nbconvert' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_command_line_tells_a_refusal_with_status_one(tmp_path):
    import nbformat

    path = tmp_path / "report.ipynb"
    nbformat.write(sample.notebook_of(sample.code(sample.cover() | {"facts": []}), sample.markdown("We saw 46.")), path)
    done = subprocess.run(
        [sys.executable, "-m", "nbconvert", "--to", "impact-html", path], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "no digits in plain text" in done.stderr
    assert not path.with_suffix(".html").exists()


RENDER = """
import hashlib, sys
sys.path.insert(0, {tests!r})
import exporters_sample
from impact_report.exporters.html import ImpactHTMLExporter
from impact_report.exporters.pdf import ImpactPDFExporter
notebook = exporters_sample.sample_notebook()
page, _ = ImpactHTMLExporter().from_notebook_node(notebook)
pdf, _ = ImpactPDFExporter().from_notebook_node(notebook)
print(hashlib.sha256(page.encode()).hexdigest(), hashlib.sha256(pdf).hexdigest())
"""


def test_same_bytes_in_another_folder_zone_locale_and_hash_seed(tmp_path):
    program = RENDER.format(tests=str(Path(sample.__file__).parent))
    sums = []
    for name, settings in {
        "here": {"TZ": "America/Denver", "PYTHONHASHSEED": "1", "LC_ALL": "C"},
        "there and elsewhere": {"TZ": "Asia/Tokyo", "PYTHONHASHSEED": "2", "LC_ALL": "C.UTF-8"},
    }.items():
        folder = tmp_path / name
        folder.mkdir()
        done = subprocess.run(
            [sys.executable, "-c", program],
            cwd=folder,
            env={**os.environ, **settings},
            capture_output=True,
            text=True,
            check=True,
        )
        sums.append(done.stdout)
    assert sums[0] == sums[1]
