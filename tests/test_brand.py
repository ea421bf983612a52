"""One small file says how the publisher wants the report to look; what cannot be read or found is named."""

from __future__ import annotations

import base64
import io
import shutil
from pathlib import Path

import exporters_sample as sample
import pikepdf
import pypdfium2
import pytest
from fontTools import subset
from fontTools.ttLib import TTFont
from lxml import html

from impact_report import brand, manifest, yamlfile
from impact_report.codebook import Codebook
from impact_report.edition import Edition
from impact_report.errors import BrandError, CodebookError, WaveError
from impact_report.exporters.html import ImpactHTMLExporter
from impact_report.exporters.pdf import ImpactPDFExporter
from impact_report.exporters.typefaces import FONTS
from impact_report.palette import DARK, LIGHT, branded, contrast, readable
from impact_report.wave import Wave

LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 1"><rect width="4" height="1" fill="#006b3c"/></svg>'
GREEN = "#006b3c"


@pytest.fixture
def study(tmp_path: Path) -> Path:
    (tmp_path / "logo.svg").write_text(LOGO)
    (tmp_path / "OFL.txt").write_text("Everybody may embed it.")
    (tmp_path / "Plain.ttf").write_bytes(plain_font("Plain Grotesk"))
    return tmp_path


def plain_font(family: str, times_as_wide: float = 0.9, embeddable: int = 0) -> bytes:
    """Return a font of another name: the vendored one with ASCII alone, and wider or narrower."""
    font = TTFont(FONTS / "Inter-Regular.ttf")
    worker = subset.Subsetter()
    worker.populate(unicodes=range(0x20, 0x7F))
    worker.subset(font)
    font["hmtx"].metrics = {
        name: (round(times_as_wide * advance), bearing) for name, (advance, bearing) in font["hmtx"].metrics.items()
    }
    for kind in (1, 4, 16):
        font["name"].setName(family, kind, 3, 1, 0x409)
    font["name"].setName(family.replace(" ", ""), 6, 3, 1, 0x409)
    font["OS/2"].fsType = embeddable
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()


def written(study: Path, text: str) -> Path:
    (study / brand.NAME).write_text(text, encoding="utf-8")
    return study


def refusal(study: Path, text: str) -> str:
    with pytest.raises(BrandError) as caught:
        brand.load(written(study, text))
    return str(caught.value)


# --- The file ---------------------------------------------------------------------------------------------------------


def test_without_the_file_the_report_looks_as_it_ships(tmp_path):
    assert brand.load(tmp_path) == brand.Brand()
    assert brand.on_the_cover(brand.Brand(), tmp_path) == {"paper": "a4", "publisher": "", "colours": {}}


def test_the_bundled_brand_names_publisher_and_accent():
    found = brand.load(Path("data/raw"))
    assert (found.name, found.accent) == ("Impact Report project", LIGHT["data"])
    assert brand.colours(found) == {}, "the accent that ships with the report changes nothing"


def test_a_name_may_be_told_in_several_languages(study):
    written(study, "name: {en: The choir, es: El coro}")
    assert [brand.load(study, language).name for language in (None, "es")] == ["The choir", "El coro"]


def test_every_problem_is_told_at_once_with_its_line_and_the_near_name(study):
    words = refusal(study, "papper: a4\npaper: a5\nlogo: {file: logo.svg}\n")
    assert "3 problems" in words
    assert "brand.yml, line 1, papper" in words
    assert "did you mean 'paper'?" in words
    assert "brand.yml, line 2, paper" in words
    assert "the key 'alt'" in words


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("logo: {file: lago.svg, alt: A choir}", "did you mean 'logo.svg'?"),
        ("logo: {file: logo.gif, alt: A choir}", "a file that ends with .svg or .png"),
        ("logo: {file: ../logo.svg, alt: A choir}", "put it there"),
        ("logo: {file: logo.svg, alt: ''}", "at least 1 character"),
        ("font: {family: Plain Grotesk, files: [Plain.ttf], licence: LICENCE}", "brand.yml, line 1, font.licence"),
        ("font: {family: Fancy, files: [Plain.ttf], licence: OFL.txt}", "a font of the family 'Fancy'"),
        ("accent_dark: '#7fbbe6'", "an accent for light pages too"),
        ("accent: blue", "a colour as #1f5f8b"),
        ("logo: {file: broken.svg, alt: A choir}", "'broken.svg': unclosed token"),
        ("logo: {file: linking.svg, alt: A choir}", "a link to 'https://example.org/x.png'"),
        ("logo: {file: broken.png, alt: A choir}", "'broken.png', another file"),
        ("language: tlh", "a language of the report, one of en, es"),
        ("logo: {file: '', alt: A choir}", "at least 1 character"),
    ],
)
def test_what_is_wrong_is_named(study, text, said):
    (study / "broken.svg").write_text("<svg")
    (study / "linking.svg").write_text(LOGO.replace("</svg>", '<image href="https://example.org/x.png"/></svg>'))
    (study / "broken.png").write_bytes(b"no picture")
    assert said in refusal(study, text)


def test_a_logo_is_small(study):
    (study / "logo.svg").write_text(LOGO + " " * brand.LARGEST_LOGO)
    assert "a logo of at most 40,000 bytes" in refusal(study, "logo: {file: logo.svg, alt: A choir}")
    both = refusal(study, "logo: {file: logo.svg, dark: logo.svg, alt: A choir}")
    assert both.count("a logo of at most 40,000 bytes") == 2


@pytest.mark.parametrize(
    ("font", "said"),
    [
        (b"no font", "a font, TTF or OTF"),
        (plain_font("Plain Grotesk", embeddable=2), "a font that may be embedded"),
        (plain_font("Plain Grotesk", times_as_wide=1.2), "a font that fits the charts"),
    ],
    ids=["not a font", "forbids it", "too wide"],
)
def test_a_font_that_no_report_can_be_set_in_is_refused(study, font, said):
    (study / "Plain.ttf").write_bytes(font)
    assert said in refusal(study, "font: {family: Plain Grotesk, files: [Plain.ttf], licence: OFL.txt}")


@pytest.mark.parametrize(
    ("model", "error", "text", "said"),
    [
        (Wave, WaveError, "paper: us-letter", "write it in brand.yml, beside codebook.yml"),
        (Codebook, CodebookError, "survey: {publisher: The choir}", "write it as name in brand.yml, beside this file"),
    ],
)
def test_who_writes_it_in_the_old_place_is_told_the_new_one(tmp_path, model, error, text, said):
    (tmp_path / "old.yml").write_text(text)
    with pytest.raises(error) as caught:
        yamlfile.load(tmp_path / "old.yml", model, error)
    assert said in str(caught.value)


# --- Colours ----------------------------------------------------------------------------------------------------------


def test_an_accent_that_cannot_be_read_is_refused_with_the_nearest_that_can(study):
    # #777777 has 4.48 on white and less on the grey panel; white on white has 1.
    words = refusal(study, "accent: '#777777'")
    nearest = readable("#777777", [LIGHT["paper"], LIGHT["panel"]])
    assert f"the nearest is {nearest}" in words
    assert contrast(nearest, LIGHT["panel"]) >= 4.5
    one_step_lighter = "#" + "".join(f"{int(nearest[k : k + 2], 16) + 1:02x}" for k in (1, 3, 5))
    assert contrast(one_step_lighter, LIGHT["panel"]) < 4.5
    assert "dark page" in refusal(study, f"accent: '{GREEN}'\naccent_dark: '{GREEN}'")


@pytest.mark.parametrize("accent", [GREEN, "#a8480f", "#7a1fa2", "#1b2430", "#b00020", "#0b57d0"])
def test_words_and_marks_in_any_accent_can_be_read(accent):
    colours = brand.colours(brand.Brand(accent=accent))
    for name, base in (("light", LIGHT), ("dark", DARK)):
        palette = base | colours[name]
        for ground in ("paper", "panel"):
            assert min(contrast(palette[role], palette[ground]) for role in ("data", "link", "other")) >= 4.5
        assert contrast(palette["data"], palette["data_soft"]) >= 3


@pytest.mark.parametrize(("accent", "other"), [(GREEN, LIGHT["other"]), ("#a8480f", LIGHT["data"])])
def test_what_stands_beside_has_another_hue(accent, other):
    assert branded(accent)["other"] == other


# --- The report -------------------------------------------------------------------------------------------------------


@pytest.fixture
def cover(study) -> dict:
    written(
        study,
        f"name: The choir\naccent: '{GREEN}'\npaper: us-letter\n"
        "logo: {file: logo.svg, alt: 'The choir, singing'}\n"
        "font: {family: Plain Grotesk, files: [Plain.ttf], licence: OFL.txt}\n",
    )
    return sample.cover() | brand.on_the_cover(brand.load(study), study) | {"facts": []}


def notebook(cover: dict) -> dict:
    figure = sample.figure("Across the gardens", "x") | {"table": None, "links": [], "links_narrow": [], "numbers": []}
    figure |= {"subtitle": []}
    return sample.notebook_of(sample.code(cover, sample.heading(1, "Part"), figure))


def test_the_page_carries_name_logo_colours_and_font(cover):
    text = ImpactHTMLExporter().from_notebook_node(notebook(cover))[0]
    page = html.fromstring(text)
    logo = page.xpath("//header//img")[0]
    assert logo.get("alt") == "The choir, singing"
    assert base64.b64decode(logo.get("src").partition(",")[2]).decode() == LOGO
    assert page.xpath("string(//p[@class='publisher'])") == "The choir"
    assert f"--data:{GREEN}" in text
    assert f"--data:{LIGHT['data']}" not in text
    assert text.count('font-family:"Plain Grotesk"') == 1
    assert '--own:"Plain Grotesk"' in text
    assert text.count('@font-face{font-family:"Inter"') >= 2, "for what the publisher's font lacks"


def test_the_pdf_carries_name_logo_colours_font_and_paper(cover):
    pdf = ImpactPDFExporter().from_notebook_node(notebook(cover))[0]
    with pikepdf.open(io.BytesIO(pdf)) as document:
        names = {str(font["/BaseFont"]) for font in document.objects if _is_font(font)}
        alts = {str(one["/Alt"]) for one in document.objects if isinstance(one, pikepdf.Dictionary) and "/Alt" in one}
        assert str(document.docinfo.Author) == "The choir"
    assert any("Plain" in name for name in names)
    assert "The choir, singing" in alts
    assert pypdfium2.PdfDocument(pdf).get_page_size(0) == pytest.approx((612, 792), abs=0.5)


def _is_font(one: object) -> bool:
    return isinstance(one, pikepdf.Dictionary) and one.get("/Type") == "/Font"


def test_a_character_that_neither_font_has_is_named(cover):
    with pytest.raises(Exception, match="Plain Grotesk") as caught:
        ImpactPDFExporter().from_notebook_node(notebook(cover | {"subtitle": "Thanks 🌻"}))
    assert "U+1F33B" in str(caught.value)


def test_the_brand_counts_among_the_inputs_of_an_edition(tmp_path):
    shutil.copytree("data/raw", tmp_path / "raw")
    (tmp_path / "raw" / "logo.svg").write_text(LOGO)
    names = set(manifest.inputs(Edition.of(tmp_path / "raw", "reconstruction")))
    assert {"brand.yml", "logo.svg"} <= names
