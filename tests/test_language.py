"""A wording may stand in several languages: the first is read by, the one asked for is told, with its numbers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import get_args

import pandas as pd
import pytest
from pydantic import BaseModel
from study import CODEBOOK, WAVE, Study

from impact_report import codebook as codebook_module
from impact_report import language, manifest
from impact_report import wave as wave_module
from impact_report.codebook import Wording
from impact_report.edition import Edition
from impact_report.errors import CodebookError, ParameterError, Problem, WaveError
from impact_report.exporters.structure import plain_text, runs
from impact_report.facts import read_roster
from impact_report.parts.evidence import evidence
from impact_report.parts.labels import reads, whom
from impact_report.parts.method import questionnaire
from impact_report.results import PUBLISHED_TEXTS, Results

RAW = Path(__file__).parents[1] / "data" / "raw"
WAVES = ("reconstruction", "rehearsal")
NO_BREAK = "\u00a0"

# The twelve singers, whose questions were asked in English, told in Spanish too.
SPANISH = {
    "title: The village choir": "title: {en: The village choir, es: El coro del pueblo}",
    "respondents: singers": "respondents: {en: singers, es: las personas que cantan}",
    "question: Which voice do you sing?": 'question: {en: "Which voice do you sing?", es: "¿Con qué voz canta?"}',
    "codes: {high: {label: High voice, texts: [soprano]}, middle: Middle voice, low: Low voice}": """codes:
      high: {label: {en: High voice, es: Voz aguda}, texts: [soprano]}
      middle: {en: Middle voice, es: Voz media}
      low: {en: Low voice, es: Voz grave}""",
    "codes: {yes: Yes, no: No}\n  solo:": "codes: {yes: {en: Yes, es: Sí}, no: {en: No, es: No}}\n  solo:",
    "unit: hours": "unit: {en: hours, es: horas}",
    "folk: {label: Folk songs, columns:": "folk: {label: {en: Folk songs, es: Canciones populares}, columns:",
    'title: Singing together\n    reads: "say that they {statement}"': """\
title: {en: Singing together, es: Cantar juntos}
    reads: {en: "say that they {statement}", es: "dicen que {statement}"}""",
    "statement: come to the rehearsals": "statement: {en: come to the rehearsals, es: vienen a los ensayos}",
    'phrase: "more than {value}"': 'phrase: {en: "more than {value}", es: "más de {value}"}',
}
SPANISH_WAVE = {
    "title: Spring concert": "title: {en: Spring concert, es: Concierto de primavera}",
    "limitations: those who stayed at home were not asked": (
        "limitations: {en: those who stayed at home were not asked, es: no se preguntó a quienes se quedaron en casa}"
    ),
}


def with_spanish(text: str, spanish: dict[str, str]) -> str:
    """Return a file of the study with Spanish beside the English; each text must stand there once."""
    for english, both in spanish.items():
        assert text.count(english) == 1, english
        text = text.replace(english, both)
    return text


@pytest.fixture(autouse=True)
def _english_afterwards() -> Iterator[None]:
    """One language is written in at a time: let no test leave another one to the next."""
    yield
    language.use(language.SOURCE)


@pytest.fixture
def both(choir: Callable[..., Study]) -> Study:
    """The study of the twelve singers in English and Spanish."""
    return choir(codebook=with_spanish(CODEBOOK, SPANISH), wave=with_spanish(WAVE, SPANISH_WAVE))


def told(study: Study, wanted: str) -> Results:
    """Return the results of an edition told in a language, after its first two notebooks."""
    results = Results.of(str(study.folder), "spring", "", str(study.folder.parent / wanted), wanted)
    results.clean()
    results.estimate()
    results.compute_facts()
    return results


# --- A wording in several languages -----------------------------------------------------------------------------------


def test_without_a_language_the_first_wording_holds(both):
    codebook = both.codebook
    assert codebook.survey.title == "The village choir"
    assert codebook.items["voice"].codes["middle"].label == "Middle voice"
    assert wave_module.load(both.folder / "spring", codebook).title == "Spring concert"


def test_told_in_spanish_each_wording_is_the_spanish_one(both):
    edition = Edition.of(both.folder, "spring", language="es")
    codebook, wave = edition.codebook("es"), edition.wave_facts("es")
    assert codebook.survey.title == "El coro del pueblo"
    assert codebook.items["voice"].question == "¿Con qué voz canta?"
    assert [one.label for one in codebook.items["voice"].codes.values()] == ["Voz aguda", "Voz media", "Voz grave"]
    assert codebook.items["hours"].unit == "horas"
    assert codebook.facts[0].phrase == "más de {value}"
    assert wave.title == "Concierto de primavera"
    assert wave.method.limitations == ["no se preguntó a quienes se quedaron en casa"]


def test_a_wording_in_one_language_stays_as_it_is(both):
    """The second section has no Spanish: a name, a citation or a number word need none."""
    codebook = Edition.of(both.folder, "spring", language="es").codebook("es")
    assert codebook.sections[1].title == "Joy and taste"
    assert codebook.items["solo"].question == "Have you sung a solo?"


def test_the_first_language_need_not_be_english(choir):
    text = CODEBOOK.replace("title: The village choir", "title: {es: El coro del pueblo, en: The village choir}")
    study = choir(codebook=text)
    assert study.codebook.survey.title == "El coro del pueblo"
    assert codebook_module.load(study.folder / "codebook.yml", "en").survey.title == "The village choir"


def problems_in_spanish(study: Study) -> list[Problem]:
    with pytest.raises(CodebookError) as caught:
        codebook_module.load(study.folder / "codebook.yml", "es")
    return list(caught.value.problems)


def line(study: Study, text: str) -> int:
    """Return the number of the first line that holds a text."""
    lines = (study.folder / "codebook.yml").read_text(encoding="utf-8").splitlines()
    return next(k for k, one in enumerate(lines, start=1) if text in one)


def test_a_language_that_lacks_is_told_with_line_and_key_all_at_once(choir):
    text = with_spanish(CODEBOOK, SPANISH).replace(", es: El coro del pueblo", "").replace(", es: Voz media", "")
    study = choir(codebook=text)
    title, middle = problems_in_spanish(study)
    assert title.expected == middle.expected == "a wording in 'es' too"
    assert title.found == "a group of keys: {'en': 'The village choir'}"
    assert title.where == f"codebook.yml, line {line(study, 'title: {en')}, survey.title"
    assert middle.where == f"codebook.yml, line {line(study, 'middle:')}, items.voice.codes.middle"
    assert study.codebook.survey.title == "The village choir"  # it is read all the same


def test_a_wave_says_so_too(choir):
    study = choir(wave=WAVE.replace("title: Spring concert", "title: {en: Spring concert, de: Konzert}"))
    with pytest.raises(WaveError) as caught:
        wave_module.load(study.folder / "spring", study.codebook, "es")
    (problem,) = caught.value.problems
    assert (problem.expected, problem.where) == ("a wording in 'es' too", "wave.yml, line 1, title")


@pytest.mark.parametrize(
    ("spanish", "mistaken", "expected", "where"),
    [
        ("dicen que {statement}", "dicen que cantan", "a sentence with {statement}", "sections.0.reads"),
        ("más de {value}", "más de {valor}", "a phrase with {value}, once", "facts.0.phrase"),
        (
            "más de {value}",
            "más de 10 y {value}",
            "a phrase without digits: every number is computed",
            "facts.0.phrase",
        ),
        ("Voz media", "voz  Aguda", "a label of its own", "items.voice.codes.middle"),
    ],
)
def test_a_translation_keeps_what_the_wording_is_for(choir, spanish, mistaken, expected, where):
    study = choir(codebook=with_spanish(CODEBOOK, SPANISH).replace(spanish, mistaken))
    (problem,) = problems_in_spanish(study)
    assert problem.expected == expected
    assert problem.where.endswith(f", {where}")
    assert study.codebook.survey.title == "The village choir"


# --- The edition ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("wanted", "found"), [("ess", "did you mean 'es'?"), ("tlh", "use one of: en, es.")])
def test_a_language_without_words_is_refused_with_the_near_one(both, wanted, found):
    with pytest.raises(ParameterError) as caught:
        Edition.of(both.folder, "spring", language=wanted)
    (problem,) = caught.value.problems
    assert (problem.where, problem.found) == (f"LANGUAGE={wanted}", repr(wanted))
    assert problem.do == found


@pytest.mark.parametrize(
    ("group", "wanted", "slug"),
    [
        ("", "es", "spring-es"),
        ("", "es-US", "spring-es-us"),
        ("", "es_us", "spring-es-us"),
        ("voice=low", "es", "spring-voice-low-es"),
        ("", "en", "spring"),  # the study's own
        ("", "", "spring"),
    ],
)
def test_the_name_of_an_edition_ends_with_its_language(both, group, wanted, slug):
    assert Edition.of(both.folder, "spring", group, wanted).slug == slug


def test_a_country_changes_numbers_not_words(both):
    edition = Edition.of(both.folder, "spring", language="es-US")
    assert edition.told_in == "es-US"
    assert Results.of(str(both.folder), "spring", "", str(both.folder.parent), "es-US").wave.title == (
        "Concierto de primavera"
    )


@pytest.mark.parametrize(
    ("usual", "asked", "told", "slug"),
    [
        ("en-US", "es", "es-US", "spring-es"),  # numbers as where the report is read
        ("en-US", "es-US", "es-US", "spring-es"),  # the same report, in the same folder
        ("en-US", "ES", "es-US", "spring-es"),
        ("en-US", "es-MX", "es-MX", "spring-es-mx"),
        ("en-US", "en", "en-US", "spring"),  # the usual one
        ("en_US", "", "en_US", "spring"),
        ("en-US", "", "en-US", "spring"),
        ("en", "es", "es", "spring-es"),
    ],
)
def test_a_language_is_written_as_in_the_country_of_the_usual_one(both, usual, asked, told, slug):
    (both.folder / "brand.yml").write_text(f"language: {usual}\n", encoding="utf-8")
    edition = Edition.of(both.folder, "spring", language=asked)
    assert (edition.told_in, edition.slug) == (told, slug)


@pytest.mark.parametrize(("asked", "recorded"), [("es", "es-US"), ("es-US", "es-US"), ("en", None), ("", None)])
def test_the_manifest_records_the_language_that_is_told_and_not_how_it_was_asked_for(both, asked, recorded):
    (both.folder / "brand.yml").write_text("language: en-US\n", encoding="utf-8")
    edition = Edition.of(both.folder, "spring", language=asked)
    assert manifest.parameters(edition).get("language") == recorded


def test_english_lists_are_alike_in_every_country():
    language.use("en-US")
    assert language.listed(["high", "middle", "low"]) == "high, middle and low"


# --- Rosters, published figures, and what a wave asked in words of its own --------------------------------------------

PUBLISHED = """\
set,section,indicator,statement,statement_es,percent,count,source,source_es,note
page,Singing together,rehearse,come to the rehearsals,,73,,"a page, undated","una página, sin fecha",
page,Singing together,,sing at home,cantan en casa,50,,Choir News,,
"""


def published(study: Study, content: str, wanted: str) -> pd.DataFrame:
    (study.folder / "published.csv").write_text(content, encoding="utf-8")
    return Results.of(str(study.folder), "spring", "", str(study.folder.parent / "processed"), wanted).published


def test_published_figures_are_told_in_spanish_by_their_own_columns_and_by_the_codebook(both):
    """The first statement and the section are the codebook's, word for word: they are told in its Spanish."""
    table = published(both, PUBLISHED, "es")
    assert table["statement"].tolist() == ["vienen a los ensayos", "cantan en casa"]
    assert table["section"].tolist() == ["Cantar juntos", "Cantar juntos"]
    assert table["source"].tolist() == ["una página, sin fecha", "Choir News"]  # a name is the same in both
    assert table["percent"].tolist() == ["73", "50"]


def test_a_translation_of_its_own_comes_before_the_codebooks(both):
    """Both are filled beside English words that are the codebook's, word for word."""
    content = PUBLISHED.replace("section,", "section,section_es,").replace("together,", "together,Canto en grupo,")
    content = content.replace("come to the rehearsals,,", "come to the rehearsals,acuden a ensayar,")
    table = published(both, content, "es")
    assert table["statement"].tolist() == ["acuden a ensayar", "cantan en casa"]
    assert table["section"].tolist() == ["Canto en grupo", "Canto en grupo"]


def test_published_figures_are_told_in_english_as_they_stand(both):
    table = published(both, PUBLISHED, "en")
    assert table["statement"].tolist() == ["come to the rehearsals", "sing at home"]
    assert table["source"].tolist() == ["a page, undated", "Choir News"]
    assert not [column for column in table if column.endswith("_es")]


def test_a_statement_that_was_published_in_other_words_is_not_told_in_the_codebooks(both):
    table = published(both, PUBLISHED.replace("come to the rehearsals,,", "come to rehearsals,,"), "es")
    assert table["statement"][0] == "come to rehearsals"


@pytest.mark.parametrize(
    ("given", "mistaken", "expected", "found", "where"),
    [
        (
            "statement_es",
            "statment_es",
            f"a translation of {' or '.join(PUBLISHED_TEXTS)}",
            "'statment_es'",
            "published.csv, row 1",
        ),
        (
            "source_es",
            "Sorce_es",
            f"a translation of {' or '.join(PUBLISHED_TEXTS)}",
            "'Sorce_es'",
            "published.csv, row 1",
        ),
        (
            "statement_es",
            "percent_es",
            f"a translation of {' or '.join(PUBLISHED_TEXTS)}",
            "'percent_es'",
            "published.csv, row 1",
        ),
        ("source_es", "source_es-MX", "a translation into en or es", "'source_es-MX'", "published.csv, row 1"),
        ("source_es", "source_de", "a translation into en or es", "'source_de'", "published.csv, row 1"),
        (
            "source_es",
            "statement_ES",
            "one translation of 'statement' into es",
            "'statement_ES'",
            "published.csv, row 1",
        ),
        ('"a page, undated"', "", "a text in 'source' too", "one in 'source_es' alone", "published.csv, row 2"),
    ],
)
def test_a_translation_of_nothing_is_refused(both, given, mistaken, expected, found, where):
    with pytest.raises(WaveError) as caught:
        published(both, PUBLISHED.replace(given, mistaken), "en")  # in every language
    (problem,) = caught.value.problems
    assert (problem.expected, problem.found, problem.where) == (expected, found, where)


def test_a_translation_may_be_named_in_capitals(both):
    table = published(both, PUBLISHED.replace("source_es", "source_ES"), "es")
    assert table["source"].tolist() == ["una página, sin fecha", "Choir News"]


@pytest.mark.parametrize("wanted", ["en", "es"])
@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("name_en", "name_en,name_es"),  # neither stands beside a `name`
        ("name", "name,located_en,located_es"),
        ("name", "name,neighbourhood_en,neighbourhood_es"),
        ("name", "name,source_url,source_id"),  # no language, or none that is meant
        ("name", "name,lives_in,made_by"),
    ],
)
def test_a_roster_has_columns_of_its_own_that_end_as_a_language(choir, name, columns, wanted):
    study = choir(codebook=CODEBOOK.replace("{file: places.csv}", f"{{file: places.csv, name: {name}}}"))
    given = {**{column: f"this {column}" for column in columns.split(",")}, "kind": "hall", "start": "2010"}
    given["source"] = "the school"
    pd.DataFrame([given]).to_csv(study.folder / "places.csv", index=False)
    assert read_roster(study.codebook, study.folder, wanted).to_dict("records") == [given]


def test_the_advice_for_a_misspelt_text_names_none_that_is_itself_a_translation(both):
    (both.folder / "places.csv").write_text(
        "name,kind,start,source,source_es,sources_es\nSchool,hall,2010,x,y,z\n", encoding="utf-8"
    )
    with pytest.raises(WaveError) as caught:
        read_roster(both.codebook, both.folder, "es")
    (problem,) = caught.value.problems
    assert problem == Problem("a translation of name or source", "'sources_es'", "places.csv, row 1",
                              "did you mean 'source'?")  # fmt: skip


def test_the_roster_is_told_in_spanish(both):
    places = "name,kind,start,source,source_es\nSchool,hall,2010,the school,la escuela\nChurch,church,,Choir News,\n"
    (both.folder / "places.csv").write_text(places, encoding="utf-8")
    assert read_roster(both.codebook, both.folder, "es")["source"].tolist() == ["la escuela", "Choir News"]
    assert read_roster(both.codebook, both.folder)["source"].tolist() == ["the school", "Choir News"]


def test_what_is_counted_of_a_roster_has_no_translation(both):
    """`where: {kind: hall}` counts by the column `kind`: one text, whatever the language."""
    (both.folder / "places.csv").write_text(
        "name,kind,kind_es,start,source\nSchool,hall,sala,2010,x\n", encoding="utf-8"
    )
    with pytest.raises(WaveError) as caught:
        read_roster(both.codebook, both.folder, "es")
    (problem,) = caught.value.problems
    assert (problem.found, problem.where) == ("'kind_es'", "places.csv, row 1")


OWN_WORDS = WAVE + 'wording: {solo: {en: "Have you ever sung alone?", es: "¿Ha cantado alguna vez a solas?"}}\n'


def test_a_waves_own_wording_is_read_by_the_first_and_told_in_the_other(choir):
    """The export is headed by the English words, which the codebook does not know; the Spanish edition finds them."""
    study = choir(codebook=with_spanish(CODEBOOK, SPANISH), wave=with_spanish(OWN_WORDS, SPANISH_WAVE))
    path = study.folder / "spring" / "responses.csv"
    text = path.read_text(encoding="utf-8")
    assert text.count("Have you sung a solo?") == 1
    path.write_text(text.replace("Have you sung a solo?", "Have you ever sung alone?"), encoding="utf-8")
    results = told(study, "es")
    assert results.asked("solo").wording == "¿Ha cantado alguna vez a solas?"
    assert results.as_read("solo").wording == "Have you ever sung alone?"
    assert results.row("solo_answered")["count"] == 4  # singers 1, 3, 7 and 11


# --- A rule of the wave's own -----------------------------------------------------------------------------------------


def test_a_rule_is_called_by_its_label_in_the_language_of_the_report(both):
    path = both.folder / "spring" / "wave.yml"
    given = path.read_text(encoding="utf-8")
    assert given.count("rows:\n") == 1
    path.write_text(
        given.replace(
            "rows:\n",
            "rows:\n  labels: {office_only: {en: from the office, es: desde la oficina}}\n"
            "  keep: {office_only: {voice: high}}\n",
        ),
        encoding="utf-8",
    )
    edition = Edition.of(both.folder, "spring")
    assert edition.wave_facts("en").rows.called("office_only") == "from the office"
    assert edition.wave_facts("es").rows.called("office_only") == "desde la oficina"
    assert edition.wave_facts("es").rows.called("by_hand") == "by hand"


# --- Answers are read by the first wording ----------------------------------------------------------------------------


def test_both_editions_compute_the_same(both):
    """The export holds English answers only ("High voice", "Yes"): a Spanish edition that read them by its own labels
    would find none of them."""
    english, spanish = told(both, "en"), told(both, "es")
    pd.testing.assert_frame_equal(english.responses, spanish.responses)
    figures = [name for name in english.estimates.columns if name != "statement"]
    pd.testing.assert_frame_equal(english.estimates[figures], spanish.estimates[figures])
    # Of twelve singers eleven said whether they rehearse, and eight do (1, 2, 3, 4, 6, 7, 8, 11).
    row = spanish.row("rehearse")
    assert (row["count"], row["base"]) == (8, 11)
    assert row["statement"] == "vienen a los ensayos"
    assert english.row("rehearse")["statement"] == "come to the rehearsals"


def test_a_result_is_read_aloud_in_spanish(both):
    results = told(both, "es")
    section, indicator = results.codebook.sections[0], results.indicator("rehearse")
    assert f"de {whom(results, indicator)} {reads(section, indicator)}" == (
        "de las personas que cantan dicen que vienen a los ensayos"
    )
    # 2 + 3 + 1 + 4 + 5 + 2.5 + 6 = 23.5 hours, down to a multiple of 5
    fact = results.facts[0]
    assert fact["phrase"].replace("{value}", fact["text"]) == "más de 20"


# --- The bundled study, whole in Spanish ------------------------------------------------------------------------------

COLUMN_NAMES = {  # what a platform heads its columns with: names, not questions
    *("Respondent ID", "Collector ID", "Response Type", "Finished", "Date Created", "Date Modified"),
    *("IP Address", "Email Address", "First Name", "Last Name"),
}
SAME_IN_BOTH = {"No", "{value}", "Colorado Springs", "Colorado Advanced Manufacturing Alliance"}
IS_WORDING = Wording.__metadata__[0]


def wordings(model: BaseModel, place: str = "") -> Iterator[tuple[str, str]]:
    """Yield each wording of a file with its place, as survey.title."""
    for name, field in type(model).model_fields.items():
        kinds = [field.annotation, *get_args(field.annotation)]
        is_wording = IS_WORDING in field.metadata or any(
            IS_WORDING in getattr(one, "__metadata__", ()) for one in kinds
        )
        yield from _inside(getattr(model, name), f"{place}.{name}".lstrip("."), is_wording)


def _inside(value: object, place: str, is_wording: bool) -> Iterator[tuple[str, str]]:
    if isinstance(value, BaseModel):
        yield from wordings(value, place)
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from _inside(one, f"{place}.{key}", is_wording)
    elif isinstance(value, list):
        for k, one in enumerate(value):
            yield from _inside(one, f"{place}.{k}", is_wording)
    elif isinstance(value, str) and is_wording:
        yield place, value


def bundled(wave: str, wanted: str) -> dict[str, str]:
    """Return every wording of the bundled study with its place, as it is told in a language."""
    edition = Edition.of(RAW, wave, language=wanted)
    of_codebook = {f"codebook.{place}": text for place, text in wordings(edition.codebook(wanted))}
    return of_codebook | {f"wave.{place}": text for place, text in wordings(edition.wave_facts(wanted))}


@pytest.mark.parametrize("wave", WAVES)
def test_every_wording_of_the_bundled_study_has_spanish(wave):
    english, spanish = bundled(wave, "en"), bundled(wave, "es")
    assert english.keys() == spanish.keys()
    assert len(english) > 150
    assert {"codebook.survey.title", "codebook.items.shared_data.row", "wave.notes.0"} < set(english)
    same = {place: text for place, text in english.items() if text == spanish[place] and any(map(str.isalpha, text))}
    assert set(same.values()) <= COLUMN_NAMES | SAME_IN_BOTH, same


@pytest.mark.parametrize("wave", WAVES)
def test_what_is_read_by_is_the_english(wave):
    edition = Edition.of(RAW, wave)
    assert edition.codebook() == edition.codebook("en")
    assert edition.wave_facts() == edition.wave_facts("en")


@pytest.mark.parametrize("indicator", [one.id for one in Edition.of(RAW, "reconstruction").codebook().indicators])
def test_a_statement_is_translated_as_it_was_asked(indicator):
    """The option or the row of the question and the statement of the report are one wording."""
    codebook = Edition.of(RAW, "reconstruction").codebook("es")
    one = next(one for one in codebook.indicators if one.id == indicator)
    item = codebook.items[one.item]
    assert one.statement in (item.row, *(code.label for code in item.codes.values()))


@pytest.mark.parametrize(
    ("indicator", "sentence"),
    [
        ("shared_data", "informan que su alianza compartió datos entre organizaciones de apoyo"),
        (
            "career_pathways",
            "informan que miembros de su alianza participaron en el desarrollo de programas de trayectorias "
            "profesionales",
        ),
        (
            "branding",
            "están de acuerdo o muy de acuerdo en que las empresas sienten que se les dio una imagen de marca positiva "
            "en el mercado local",
        ),
    ],
)
def test_statements_make_a_sentence_with_what_stands_before(indicator, sentence):
    codebook = Edition.of(RAW, "reconstruction").codebook("es")
    section, one = next((s, one) for s in codebook.sections for one in s.indicators if one.id == indicator)
    assert codebook.survey.respondents == "las personas encuestadas"
    assert reads(section, one) == sentence


# --- Numbers and dates ------------------------------------------------------------------------------------------------
# As Unicode's CLDR has them: in Spain a point between thousands, a decimal comma, and a blank before the percent sign;
# in the United States, in Spanish too, a comma, a point and no blank.


@pytest.mark.parametrize(
    ("wanted", "thousands", "decimals", "percent"),
    [
        ("en", "1,234", "1,234.50", "83%"),
        ("es", "1.234", "1.234,50", f"83{NO_BREAK}%"),
        ("es-US", "1,234", "1,234.50", "83%"),
    ],
)
def test_numbers_are_written_as_the_language_writes_them(wanted, thousands, decimals, percent):
    language.use(wanted)
    assert language.number(1234) == thousands
    assert language.number(Decimal("1234.50"), 2) == decimals
    assert language.percent("83") == percent


@pytest.mark.parametrize(
    ("wanted", "day", "month"),
    [
        ("en", "3 June 2019", "June 2019"),
        ("es", "3 de junio de 2019", "junio de 2019"),
        ("es-US", "3 de junio de 2019", "junio de 2019"),
    ],
)
def test_dates_are_written_as_the_language_writes_them(wanted, day, month):
    language.use(wanted)
    assert language.long_date(dt.date(2019, 6, 3)) == day
    assert language.month_of(dt.date(2019, 6, 1)) == month


@pytest.mark.parametrize(
    ("wanted", "and_", "or_"),
    [("en", "solo, duo and trio", "solo or duo"), ("es", "solo, duo y trio", "solo o duo")],
)
def test_lists_are_joined_as_the_language_joins_them(wanted, and_, or_):
    language.use(wanted)
    assert language.listed(["solo", "duo", "trio"]) == and_
    assert language.listed(["solo", "duo"], "or") == or_


def test_words_come_from_the_catalogue_with_the_fields_in_their_places():
    language.use("es")
    assert language.say("{x} of {n}", x="38", n="46") == "38 de 46"
    assert language.say("Nobody has translated {this}.", this="that") == "Nobody has translated that."


def test_a_language_without_words_is_not_written_in():
    with pytest.raises(ValueError, match="one of en, es"):
        language.use("tlh")
    assert language.current() == "en"


# --- The original beside its translation ------------------------------------------------------------------------------


def said_in(blocks: list) -> str:
    return " ".join(plain_text(run) for block in blocks for run in runs(block))


@pytest.mark.parametrize(("wanted", "shown"), [("es", True), ("en", False)])
def test_a_translated_question_stands_beside_what_was_asked_and_what_counted(both, wanted, shown):
    results = told(both, wanted)
    asked = results.as_read("rehearses").wording
    evidence_ = said_in(evidence(results))
    assert (f"Original: {asked}" in evidence_) is shown
    first = next(one for one in results.codebook.indicators if one.item == "solo")
    read = results.as_read("solo").codes
    labels = " o ".join(f"«{read[code].label}»" for code in results.codebook.counting(first))
    assert (f"Original: {labels}" in evidence_) is shown
    assert (f"Original: {asked}" in said_in([questionnaire(results)])) is shown
