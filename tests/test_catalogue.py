"""Every word of the report can be said in Spanish: no template is missing, and no English passes the catalogue by."""

from __future__ import annotations

import html
import re

import pytest
from babel.messages.pofile import read_po
from catalogue import FIELD, ROOT, SOURCE, constants, paragraphs, run, speak_nobodys, templates

from impact_report import language
from impact_report.exporters.html import ImpactHTMLExporter

WAVES = ["reconstruction", "rehearsal"]
# Names of files, formats, authors and papers, as they are in any language.
# fmt: off
NAMES = {
    "csv", "xlsx", "svg", "html", "pdf", "json", "png", "pandas", "papermill", "aapor", "nchs", "grim", "utf",
    "sha", "iso", "iec", "notebook", "clean", "indicators", "charts", "report", "estimates", "numbers", "manifest",
    "change", "ledger", "responses", "notebooks", "parquet", "csl", "ro", "crate", "metadata", "citation",
    "datapackage", "record", "surveymonkey", "qualtrics", "sig", "june", "november",
    "brown", "heathers", "newcombe", "campbell", "zou", "donner", "holm", "medicine", "statistics", "journal",
    "scandinavian", "social", "psychological", "personality", "science", "american", "association", "opinion",
    "research", "standard", "definitions", "edition", "th",
}
# fmt: on
CAPITALS = re.compile(r"\b[A-Z]{2,}\b")  # letters of raw columns, abbreviations, symbols of formulas
WORD = re.compile(r"(?<!\w)[a-z]{2,}(?!\w)")  # a fingerprint's letters stand among digits


def latin_words(text: str) -> set[str]:
    """Return the words of a text that are in Latin letters, those in capitals left out."""
    return set(WORD.findall(CAPITALS.sub("", text).lower()))


@pytest.fixture(scope="module")
def spanish() -> dict:
    with (SOURCE / "locales" / "es.po").open("rb") as file:
        return {one.id: one.string for one in read_po(file, locale="es") if one.id}


@pytest.fixture(autouse=True)
def english_again():
    yield
    language.use(language.SOURCE)


def test_every_template_in_the_code_has_spanish_words(spanish):
    wanted = templates() | paragraphs()
    assert len(wanted) > 300
    assert sorted(str(one) for one in wanted if not spanish.get(one)) == []


def test_no_translation_outlives_its_template(spanish):
    there = constants()
    halves = {half for one in spanish for half in (one if isinstance(one, tuple) else (one,))}
    assert sorted(halves - there) == []


def test_a_translation_has_the_fields_of_its_template(spanish):
    for template, said in spanish.items():
        pairs = zip(template, said, strict=True) if isinstance(template, tuple) else [(template, said)]
        for one, other in pairs:
            assert sorted(FIELD.findall(one)) == sorted(FIELD.findall(other)), one
            assert one.count("*") == other.count("*"), one
            assert (one[:1] == " ", one[-1:] == " ") == (other[:1] == " ", other[-1:] == " "), one


def shown_words(page: str) -> list[str]:
    """Return the texts that a reader of a page sees or hears."""
    body = re.sub(r"<style.*?</style>", "", page[page.index("<body") :], flags=re.S)
    found = re.findall(r">([^<]+)<", body)
    found += re.findall(r'(?:title|alt|aria-label|content)="([^"]+)"', page[page.index("</style>") :])
    return [html.unescape(text) for text in found]


@pytest.mark.parametrize("wave", WAVES)
def test_no_english_passes_the_catalogue_by(monkeypatch, tmp_path, wave):
    """In a language whose letters are others, what is left in Latin letters is the study's own, or a name."""
    speak_nobodys(monkeypatch)
    page, _ = ImpactHTMLExporter().from_notebook_node(run(monkeypatch, wave=wave, processed=str(tmp_path)))
    study = ROOT / "data" / "raw"
    own = " ".join(path.read_text(errors="ignore") for path in study.rglob("*") if path.suffix in (".yml", ".csv"))
    known = NAMES | set(re.findall(r"[a-z]{2,}", own.lower()))
    left = {text.strip() for text in shown_words(page) if latin_words(text) - known}
    assert sorted(left) == []


@pytest.mark.parametrize("wave", WAVES)
def test_the_spanish_report_misses_no_words(monkeypatch, tmp_path, spanish, wave):
    """What is looked up while it is told has an entry, unless the study's own words were asked for."""
    asked = set()
    whole = dict(spanish)

    class Recorder(dict):
        def get(self, template, default=None):
            if template not in whole:
                asked.add(template)
            return whole.get(template) or default

    monkeypatch.setattr(language, "_catalogue", lambda code: Recorder())
    run(monkeypatch, wave=wave, processed=str(tmp_path), language="es")
    assert sorted(map(str, asked & constants())) == []
