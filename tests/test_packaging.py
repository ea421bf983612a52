"""What lies beside a report: tables that are described as they are, figures that stand alone, a record of the run."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import xml.etree.ElementTree as ElementTree

import exporters_sample as sample
import pytest
from PIL import Image
from small_edition import bytes_of, write_project
from study import write_study

from impact_report import citation, manifest, packaging, provenance
from impact_report.build import build
from impact_report.change import COLUMNS as CHANGE_COLUMNS
from impact_report.citation import Citation
from impact_report.columns import CHANGE, ESTIMATES, NUMBERS
from impact_report.edition import Edition
from impact_report.estimates import COLUMNS as ESTIMATES_COLUMNS
from impact_report.exporters.document import document_from_notebook
from impact_report.exporters.listing import CARRIED, as_csv
from impact_report.exporters.standing import described, pictures, standing

CITED = Citation("choir-2020", "The choir", 2020, "Singing", "2020", "", "0123456789ab", "", "en")
SVG = "{http://www.w3.org/2000/svg}"
DRAWING = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 50"><metadata>x</metadata>
<text style="font-family: 'Inter'; font-weight: 700; fill: #1b2430" x="9" y="20">83%</text></svg>"""


@pytest.fixture(scope="module")
def edition(tmp_path_factory):
    """A folder of an edition that was built."""
    project = write_project(tmp_path_factory.mktemp("project"))
    codebook = project / "data" / "raw" / "codebook.yml"
    told = codebook.read_text().replace("subject: Allot", "licence: CC-BY-4.0, subject: Allot")
    codebook.write_text(told)
    (project / "data" / "raw" / "brand.yml").write_text("name: The club\n")
    wave = project / "data" / "raw" / "first" / "wave.yml"
    wave.write_text(wave.read_text() + "address: https://example.org/gardens\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(project)
        return build(Edition.of(wave="first")).folder


def read(folder, name):
    return json.loads((folder / name).read_text(encoding="utf-8"))


# The data package


def test_every_column_of_the_tables_is_described_and_no_other():
    assert list(ESTIMATES) == ESTIMATES_COLUMNS
    assert list(CHANGE) == CHANGE_COLUMNS
    assert {"order", "printed", "invented", *CARRIED} < set(NUMBERS)


def test_the_data_package_keeps_to_the_standard_and_the_table_to_it(edition, monkeypatch):
    frictionless = pytest.importorskip("frictionless")
    monkeypatch.chdir(edition)
    report = frictionless.validate(packaging.NAME)
    assert report.valid, report.flatten(["type", "message"])
    assert report.stats["tasks"] == 2  # estimates.csv, numbers.csv


def test_the_numbers_are_in_the_data_package_with_what_each_column_holds(edition):
    [numbers] = [one for one in read(edition, packaging.NAME)["resources"] if one["path"] == "numbers.csv"]
    assert numbers["schema"]["primaryKey"] == ["order"]
    fields = {field["name"]: field for field in numbers["schema"]["fields"]}
    with (edition / "numbers.csv").open(newline="", encoding="utf-8") as file:
        assert list(fields) == next(csv.reader(file))
    assert all(field["description"] for field in fields.values())
    assert fields["exact"]["type"] == "number"
    assert "constraints" not in fields["exact"]  # a change may be negative, a total of any size
    assert fields["low"]["description"].startswith("the lower end of the interval")


def errors_of_numbers(folder, text, monkeypatch):
    """What the validator finds in a list of numbers."""
    frictionless = pytest.importorskip("frictionless")
    (folder / "numbers.csv").write_text(text, encoding="utf-8")
    package = packaging.data_package(folder, CITED, "Gardens.", "", "", {})
    (folder / packaging.NAME).write_text(json.dumps(package))
    monkeypatch.chdir(folder)
    return {kind for [kind] in frictionless.validate(packaging.NAME).flatten(["type"])}


def test_the_numbers_of_a_report_keep_to_their_description(tmp_path, monkeypatch):
    """All of the made-up report; and one of them printed a second time under its order would be found."""
    text = as_csv(document_from_notebook(sample.sample_notebook()))
    assert errors_of_numbers(tmp_path, text, monkeypatch) == set()
    _, first, *_ = text.splitlines(keepends=True)
    assert errors_of_numbers(tmp_path, text + first, monkeypatch) == {"primary-key"}


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    """The tables of the twelve singers, with all that estimation leaves, and their data package."""
    results = write_study(tmp_path_factory.mktemp("choir") / "choir").results()
    results.estimate()
    folder = tmp_path_factory.mktemp("edition")
    shutil.copyfile(results.folder / "estimates.csv", folder / "estimates.csv")
    package = packaging.data_package(folder, CITED, "A choir.", "All invented.", "", {"responses.csv": "00"})
    (folder / packaging.NAME).write_text(json.dumps(package))
    return folder


def test_real_estimates_keep_to_their_description(real, monkeypatch):
    frictionless = pytest.importorskip("frictionless")
    monkeypatch.chdir(real)
    report = frictionless.validate(packaging.NAME)
    assert report.valid, report.flatten(["type", "message"])


def test_a_share_above_one_would_be_found(real, tmp_path, monkeypatch):
    frictionless = pytest.importorskip("frictionless")
    rows = list(csv.DictReader(io.StringIO((real / "estimates.csv").read_text())))
    rows[0]["proportion"] = "75"
    with (tmp_path / "estimates.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, list(ESTIMATES))
        writer.writeheader()
        writer.writerows(rows)
    package = packaging.data_package(tmp_path, CITED, "A choir.", "", "", {})
    (tmp_path / packaging.NAME).write_text(json.dumps(package))
    monkeypatch.chdir(tmp_path)
    assert frictionless.validate(packaging.NAME).flatten(["type"]) == [["constraint-error"]]


def test_the_data_package_says_what_is_invented_and_where_it_is_from(real):
    package = read(real, packaging.NAME)
    assert package["description"].startswith("All invented. A choir.")
    assert package["version"] == "0123456789ab"
    assert package["sources"] == [{"title": "responses.csv (SHA-256 00)"}]
    assert "licenses" not in package


# The citation


def test_a_citation_says_who_when_what_which_and_where():
    invented = Citation(
        "x", "The club", 2020, "Gardens", "First", "Invented", "0123456789ab", "https://example.org", "en"
    )
    assert invented.text == "The club (2020). Gardens, First [Invented]. Version 0123456789ab. https://example.org"
    assert Citation("x", "", 2020, "Gardens", "First", "", "0123456789ab", "", "en").text == (
        "(2020). Gardens, First. Version 0123456789ab."
    )


def test_a_citation_names_no_year_where_none_is_stated():
    """The respondents answered in 2020: that is not when the report was published."""
    cited = Citation("x", "The club", None, "Gardens", "First", "", "0123456789ab", "", "en", speaks_of="2020")
    assert cited.text == "The club (n.d.). Gardens, First (reference date 2020). Version 0123456789ab."
    assert "issued" not in cited.csl[0]


def test_the_citation_for_reference_managers(edition):
    (one,) = read(edition, "citation.json")
    assert (one["id"], one["type"], one["issued"]) == ("gardens-first", "report", {"date-parts": [[2021]]})
    assert (one["publisher"], one["URL"]) == ("The club", "https://example.org/gardens")
    assert re.fullmatch("[0-9a-f]{12}", one["version"])


def test_the_version_changes_with_the_data_alone(tmp_path, monkeypatch):
    project = write_project(tmp_path)
    monkeypatch.chdir(project)
    before = citation.version(Edition.of(wave="first"))
    assert citation.version(Edition.of(wave="first")) == before
    (project / "notebooks" / "01_clean.ipynb").touch()
    responses = project / "data" / "raw" / "first" / "responses.csv"
    responses.write_text(responses.read_text() + "No\n")
    assert citation.version(Edition.of(wave="first")) != before


# The record of the run


def test_the_record_names_inputs_notebooks_software_and_every_file(edition):
    graph = {one["@id"]: one for one in read(edition, provenance.NAME)["@graph"]}
    made, root = graph["#run"], graph["./"]
    facts = manifest.read(edition)
    described_alone = {provenance.NAME, manifest.NAME}
    outputs = set(facts["outputs"]) - described_alone
    assert {one["@id"] for one in made["result"]} == outputs == {one["@id"] for one in root["hasPart"]}
    assert {name: graph[name]["sha256"] for name in outputs} == {name: facts["outputs"][name] for name in outputs}
    inputs = {f"#input/{name}": digest for name, digest in facts["inputs"].items()}
    inputs |= {f"#notebook/{name}": digest for name, digest in facts["notebooks"].items()}
    assert {one["@id"]: graph[one["@id"]]["sha256"] for one in made["object"]} == inputs
    assert graph[made["instrument"]["@id"]]["identifier"] == f"sha256:{facts['code']}"
    assert graph[made["agent"]["@id"]]["name"] == "The club"
    assert root["license"] == "https://spdx.org/licenses/CC-BY-4.0"


def test_the_record_can_be_read_back_by_the_library(edition):
    from rocrate.rocrate import ROCrate

    crate = ROCrate(str(edition))
    assert crate.name == "Gardens, First"
    assert {action.type for action in crate.get_by_type("CreateAction")} == {"CreateAction"}


def test_the_record_says_no_time_of_the_run(edition):
    text = (edition / provenance.NAME).read_text(encoding="utf-8")
    assert set(re.findall(r"\d{4}-\d\d-\d\d", text)) == {"2020-01-31"}  # the date that the report bears
    assert str(edition.parent) not in text


def test_a_second_build_elsewhere_gives_the_same_bytes(edition, tmp_path, monkeypatch):
    project = tmp_path / "other"
    shutil.copytree(edition.parents[1], project, ignore=shutil.ignore_patterns("reports", "processed"))
    monkeypatch.chdir(project)
    again = build(Edition.of(wave="first")).folder
    assert bytes_of(again) == bytes_of(edition)


# Figures


def test_a_figure_stands_alone_with_title_words_source_and_font():
    root = ElementTree.fromstring(standing(DRAWING, "Most did", "Share of singers", "A survey", "One bar: 83%.", "es"))
    assert [root.find(f"{SVG}{name}").text for name in ("title", "desc")] == ["Most did", "One bar: 83%."]
    assert [text.text for text in root.iter(f"{SVG}text")] == ["Most did", "Share of singers", "83%", "A survey"]
    assert root.attrib["{http://www.w3.org/XML/1998/namespace}lang"] == "es"
    assert root.find(f"{SVG}style").text.count("@font-face") == 2  # regular and strong
    assert "sans-serif" in root.find(f".//{SVG}svg/{SVG}text").attrib["style"]  # where the font within is not read
    assert root.find(f".//{SVG}metadata") is None
    width, height = (float(part) for part in root.attrib["viewBox"].split()[2:])
    inner = root.find(f"{SVG}svg").attrib
    assert float(inner["x"]) + float(inner["width"]) < width
    assert float(inner["y"]) + float(inner["height"]) < height


def test_a_title_too_long_for_a_line_takes_two():
    title = "increased participation by businesses in the target industry and region"
    root = ElementTree.fromstring(standing(DRAWING, title, "", "", "One bar: 83%."))
    lines = [text.text for text in root.iter(f"{SVG}text") if text.text != "83%"]
    assert len(lines) > 1
    assert " ".join(lines) == title


def test_the_picture_is_twice_the_size_of_the_screens_on_white_with_its_alt_text():
    drawing = standing(DRAWING, "Most did", "", "A survey", "One bar: 83%.")
    (picture,) = pictures([drawing])
    image = Image.open(io.BytesIO(described(picture, "Most did", "One bar: 83 %, été.", "A survey", "fr")))
    width, height = (float(part) for part in ElementTree.fromstring(drawing).attrib["viewBox"].split()[2:])
    assert image.size == pytest.approx((width * 192 / 72, height * 192 / 72), abs=1)
    assert image.convert("RGB").getpixel((0, 0)) == (255, 255, 255)
    assert image.text["Description"] == "One bar: 83 %, été."
    assert image.text["Description"].lang == "fr"
    assert len(image.convert("RGB").getcolors()) > 2  # something is drawn


def test_no_figure_no_picture():
    assert pictures([]) == []


def test_figures_of_an_edition_lie_beside_it_as_drawing_and_picture(edition):
    assert {path.name for path in (edition / "figures").iterdir()} == {"shared.svg", "shared.png"}
