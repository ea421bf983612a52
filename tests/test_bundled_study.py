"""The bundled study says what it claims: real statements, real roster, invented respondents, the same bytes each time.

Counts are taken straight from the raw files by a small tally of its own, so that neither the readers nor the cleaning
can agree with themselves.
"""

from __future__ import annotations

import csv
import datetime as dt
import doctest
import hashlib
import importlib.util
import io
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from impact_report import codebook as codebook_module
from impact_report.edition import Edition
from impact_report.wording import normalise

DATA = Path(__file__).parents[1] / "data"
RAW = DATA / "raw"
WAVES = ("reconstruction", "rehearsal")

# Copied by hand from the public page: section, statement, percent; and the one count on a base of 46.
PUBLISHED = (
    ("Across sector partnerships", "increased participation by businesses in target industry and region", 83, 38),
    (
        "Across sector partnerships",
        "increased participation by education, training and student/jobseeker support organizations "
        "(K-12, postsecondary, workforce programs, other)",
        65,
        30,
    ),
    ("Across sector partnerships", "shared data across support organizations", 83, 38),
    (
        "Across sector partnerships",
        "increased collaboration across partner organizations on talent development",
        83,
        38,
    ),
    (
        "Across sector partnerships",
        "experienced joint or shared decision-making across support organizations (education, workforce development, "
        "economic development, etc.)",
        83,
        38,
    ),
    ("Across sector partnerships", "implemented joint or shared projects across support organizations", 78, 36),
    (
        "Impact on job seekers",
        "increased student/jobseeker awareness of training/education programs",
        65,
        30,
    ),
    (
        "Impact on job seekers",
        "were involved with work-based learning opportunities (e.g. apprenticeships, internships)",
        57,
        26,
    ),
    ("Impact on job seekers", "were involved with the development of career pathways programs", 52, 24),
    ("Impact on job seekers", "enhanced existing or developed new training/education program(s)", 78, 36),
    (
        "Impact on businesses",
        "experienced improvements in HR policies and/or employee development practices",
        65,
        30,
    ),
    ("Impact on businesses", "feel they were positively branded in local market", 50, 23),
    ("Impact on businesses", "formed new or enhanced joint ventures / B2B relationship", 33, 15),
)
EARLIER_PAGE = {
    "developed new or enhanced ideas for new products and/or markets": 82,
    "found support in finding employees with relevant skills and experience": 91,
    "developed new recruitment practices": 82,
}
# name, region, industry, start: the last only where a source tells the year it began.
ROSTER = {
    ("Northeastern Colorado Manufacturing", "1", "manufacturing", ""),
    ("NOCO Health", "2", "health", ""),
    ("NOCO Manufacturing", "2", "manufacturing", "2013"),
    ("Metro Denver Retail", "3", "retail", ""),
    ("Colorado Tree Care", "3", "tree care", "2017"),
    ("Greater Metro Denver Healthcare", "3", "health", ""),
    ("Metro Denver Construction", "3", "construction", ""),
    ("Tech Talent Denver", "3", "technology", ""),
    ("CAMA-Metro Manufacturing", "3", "manufacturing", ""),
    ("Tech Talent Boulder", "3", "technology", ""),
    ("Denver Early Childhood", "3", "early childhood", ""),
    ("COS Health", "4", "health", ""),
    ("CAMA South", "4", "manufacturing", ""),
    ("Pikes Peak Creative", "4", "creative", "2024"),
    ("Eastern Colorado Health", "5", "health", ""),
    ("Southeast Healthcare", "6", "health", ""),
    ("Southeast Colorado Manufacturing", "6", "manufacturing", ""),
    ("Southern Colorado Healthcare", "7", "health", ""),
    ("Southern Colorado Manufacturing", "7", "manufacturing", ""),
    ("SLV Value-Added Agriculture", "8", "agriculture", ""),
    ("SLV Healthcare", "8", "health", "2015"),
    ("Southwest Colorado Healthcare Sector Partners Alliance", "9", "health", ""),
    ("Western Colorado Manufacturing Alliance", "11", "manufacturing", ""),
    ("Region 12 Health and Wellness", "12", "health", "2013"),
    ("Upper Arkansas Tech", "13", "technology", ""),
    ("Upper Arkansas Tourism and Retail", "13", "tourism and retail", ""),
}


# --- Reading by hand ------------------------------------------------------------------------------------------------


def records(path: Path, encoding: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_bytes().decode(encoding), newline="")))


def table(name: str) -> list[dict[str, str]]:
    with (RAW / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def plain(cell: str) -> str:
    """Return a cell without what spreadsheets add; written here anew, apart from the package's own normalisation."""
    return " ".join(cell.replace("\u00a0", " ").replace("’", "'").replace("–", "-").split()).lower()


SURVEYMONKEY = {"collector": 1, "modified": 3, "role": 9, "seat": 10, "region": 12, "industry": 13, "businesses": 14}
ACROSS, OPTIONS, STATEMENTS, AGREEMENT = slice(15, 21), slice(21, 27), slice(21, 25), slice(27, 30)


def reconstruction_rows() -> list[list[str]]:
    rows = records(RAW / "reconstruction" / "responses.csv", "cp1252")[2:]
    return [row for row in rows if any(row)]


def kept_by_hand(rows: list[list[str]]) -> list[list[str]]:
    """Return the rows that count: no previews or tests, no partial ones, the latest of each seat."""
    meant = [row for row in rows if row[SURVEYMONKEY["collector"]] in ("238104417", "238104431")]
    full = [row for row in meant if sum(bool(cell) for cell in (*row[ACROSS], *row[AGREEMENT])) >= 5]
    by_time = sorted(full, key=lambda row: dt.datetime.strptime(row[3], "%m/%d/%Y %I:%M:%S %p"))
    return list({plain(row[SURVEYMONKEY["seat"]]): row for row in by_time}.values())


def yes_counts(rows: list[list[str]]) -> list[int]:
    """Return how many rows say yes to each of the thirteen statements, in the page's order."""
    across = [sum(plain(row[column]) == "yes" for row in rows) for column in range(15, 21)]
    job_seekers = [sum(bool(row[column].strip()) for row in rows) for column in range(21, 25)]
    businesses = [sum(plain(row[column]) in ("agree", "strongly agree") for row in rows) for column in range(27, 30)]
    return across + job_seekers + businesses


@pytest.fixture(scope="module")
def codebook() -> codebook_module.Codebook:
    return codebook_module.load(RAW / "codebook.yml")


@pytest.fixture(scope="module")
def maker():
    specification = importlib.util.spec_from_file_location("make_invented_waves", DATA / "make_invented_waves.py")
    module = importlib.util.module_from_spec(specification)
    sys.modules[specification.name] = module  # dataclasses look their module up
    specification.loader.exec_module(module)
    yield module
    del sys.modules[specification.name]


# --- What is real ---------------------------------------------------------------------------------------------------


def test_the_codebook_has_the_thirteen_statements_word_for_word(codebook):
    found = [(section.title, one.statement) for section in codebook.sections for one in section.indicators]
    assert found == [(section, statement) for section, statement, _, _ in PUBLISHED]


def test_what_was_asked_is_what_is_reported(codebook):
    for indicator in codebook.indicators:
        item = codebook.items[indicator.item]
        asked = item.row if item.kind != "multiple" else item.codes[indicator.counts[0]].label
        assert asked == indicator.statement


def test_each_section_reads_as_a_sentence(codebook):
    first = [section.reads.format(statement=section.indicators[0].statement) for section in codebook.sections]
    assert first == [
        "report that their partnership increased participation by businesses in target industry and region",
        "report that members of their partnership increased student/jobseeker awareness of training/education programs",
        "agree or strongly agree that businesses experienced improvements in HR policies and/or employee development "
        "practices",
    ]


def test_published_has_the_page_as_printed(codebook):
    page = [row for row in table("published.csv") if row["set"] == "page-2" and row["percent"]]
    assert [(row["section"], row["statement"], int(row["percent"])) for row in page] == [
        (section, statement, percent) for section, statement, percent, _ in PUBLISHED
    ]
    assert [row["indicator"] for row in page] == [indicator.id for indicator in codebook.indicators]


def test_published_has_the_headline_facts_of_the_page(codebook):
    counts = {row["indicator"]: row["count"] for row in table("published.csv") if row["set"] == "page-2"}
    facts = {"businesses": "750", "technology_partnerships": "3", "years": "11"}
    assert {name: count for name, count in counts.items() if count} == facts
    assert set(facts) <= {fact.id for fact in codebook.facts}


def test_the_earlier_page_has_no_question_here():
    page = [row for row in table("published.csv") if row["set"] == "page-1"]
    assert {row["statement"]: int(row["percent"]) for row in page if row["percent"]} == EARLIER_PAGE
    assert [row["count"] for row in page if row["count"]] == ["450"]
    assert {row["indicator"] for row in page} == {""}


def test_every_published_figure_has_a_source_and_is_a_percentage_or_a_count():
    for row in table("published.csv"):
        assert row["source"]
        assert bool(row["percent"]) != bool(row["count"])


def test_the_roster_is_complete():
    rows = table("partnerships.csv")
    assert {(row["name"], row["region"], row["industry"], row["start"]) for row in rows} == ROSTER
    assert len(rows) == len(ROSTER) == 26
    assert [row["name"] for row in rows if row["industry"] == "technology"] == [
        "Tech Talent Denver",
        "Tech Talent Boulder",
        "Upper Arkansas Tech",
    ]


def test_each_partnership_has_a_source_and_no_number_of_businesses(codebook):
    rows = table("partnerships.csv")
    assert all(row["source"] for row in rows)
    assert not [column for column in rows[0] if "business" in column or "member" in column]
    for row in rows:
        assert re.fullmatch(r"(\d{4})?", row["start"])
        assert re.fullmatch(r"(\d{4}(-\d{2})?)?", row["existed_by"])
        assert not (row["start"] and row["existed_by"])


def test_regions_and_industries_of_the_roster_are_answers_of_the_questionnaire(codebook):
    industries = {normalise(one.label) for one in codebook.items["industry"].codes.values()}
    assert {normalise(row["industry"]) for row in table("partnerships.csv")} == industries
    regions = {one.label for one in codebook.items["region"].codes.values()}
    assert regions == {f"Region {number}" for number in range(1, 15)}


# --- What is invented -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("wave", WAVES)
def test_each_wave_says_that_it_is_invented(wave):
    facts = Edition.of(RAW, wave).wave_facts()
    assert facts.invented
    assert "invented" in facts.invented_notice
    notes = (RAW / wave / "notes.md").read_text(encoding="utf-8")
    assert notes.split("\n")[2].startswith("**Invented respondents")


def test_the_waves_differ_in_what_is_known():
    reconstruction, rehearsal = (Edition.of(RAW, wave).wave_facts() for wave in WAVES)
    assert reconstruction.interval_method == "wilson"
    assert rehearsal.interval_method == "hypergeometric"
    assert rehearsal.population.size == 60
    assert reconstruction.published == "page-2"
    assert rehearsal.weights is None


def test_over_eleven_years_lie_between_the_facts():
    facts = Edition.of(RAW, "reconstruction").wave_facts()
    years = facts.reference_date.latest.year - facts.facts["programme_start"].latest.year
    assert years == 11
    assert facts.facts["first_partnership"].date == "2005"


@pytest.mark.parametrize("wave", WAVES)
def test_making_the_wave_again_gives_the_same_bytes(wave, maker):
    committed = (RAW / wave / "responses.csv").read_bytes()
    assert getattr(maker, wave)(RAW) == committed


def test_the_bytes_do_not_depend_on_the_hash_seed():
    code = (
        "import hashlib, pathlib, sys; sys.path.insert(0, sys.argv[1]); import make_invented_waves as maker;"
        "print(*(hashlib.sha256(one(maker.RAW)).hexdigest() for one in (maker.reconstruction, maker.rehearsal)))"
    )
    made = subprocess.run(
        [sys.executable, "-B", "-c", code, str(DATA)],
        env={**os.environ, "PYTHONHASHSEED": "12345"},
        capture_output=True,
        text=True,
        check=True,
    )
    committed = [hashlib.sha256((RAW / wave / "responses.csv").read_bytes()).hexdigest() for wave in WAVES]
    assert made.stdout.split() == committed


def test_the_examples_in_the_maker_are_true(maker):
    failed, tried = doctest.testmod(maker)
    assert (failed, tried > 0) == (0, True)


def test_answers_follow_the_published_percentages(maker, tmp_path):
    (tmp_path / "codebook.yml").write_bytes((RAW / "codebook.yml").read_bytes())
    text = (RAW / "published.csv").read_text(encoding="utf-8")
    assert ",33,," in text
    (tmp_path / "published.csv").write_text(text.replace(",33,,", ",35,,"), encoding="utf-8")
    (tmp_path / "export.csv").write_bytes(maker.reconstruction(tmp_path))
    rows = [row for row in records(tmp_path / "export.csv", "cp1252")[2:] if any(row)]
    assert yes_counts(kept_by_hand(rows))[-1] == 16  # 16 of 46 are 34.8 %


def test_a_percentage_that_no_count_gives_is_refused(maker):
    with pytest.raises(ValueError, match=r"51 % of 46: expected one possible count, found none"):
        maker.count_behind(51, 46)


def test_checksums_in_the_readme_are_true():
    readme = (DATA / "README.md").read_text(encoding="utf-8")
    told = dict(re.findall(r"^\| `(raw/\S+)` \| `([0-9a-f]{64})` \|$", readme, flags=re.MULTILINE))
    files = [*RAW.glob("*.csv"), *RAW.glob("*/responses.*")]
    assert told == {path.relative_to(DATA).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.mark.parametrize("wave", WAVES)
def test_no_real_partnership_is_named_in_an_answer(wave):
    content = (RAW / wave / "responses.csv").read_bytes()
    text = plain(content.decode("cp1252" if wave == "reconstruction" else "utf-8-sig"))
    for row in table("partnerships.csv"):
        for name in filter(None, (row["name"], row["former_name"])):
            assert plain(name) not in text


@pytest.mark.parametrize("wave", WAVES)
def test_addresses_are_set_apart_for_examples(wave):
    text = (RAW / wave / "responses.csv").read_bytes().decode("cp1252" if wave == "reconstruction" else "utf-8-sig")
    addresses = re.findall(r"\b(\d{1,3}\.\d{1,3}\.\d{1,3})\.\d{1,3}\b", text)
    assert addresses
    assert set(addresses) <= {"192.0.2", "198.51.100", "203.0.113"}
    assert set(re.findall(r"@([\w.-]+)", text)) == {"example.org"}


def test_columns_about_persons_are_personal(codebook):
    personal = {name for name, item in codebook.items.items() if item.personal}
    assert {"respondent_id", "ip_address", "email", "first_name", "last_name", "own_words"} <= personal
    assert all(item.personal for item in codebook.items.values() if item.kind == "text")


# --- The reconstruction, counted by hand ----------------------------------------------------------------------------


def test_the_reconstruction_gives_the_published_page():
    rows = kept_by_hand(reconstruction_rows())
    assert len(rows) == 46
    counts = yes_counts(rows)
    assert counts == [count for _, _, _, count in PUBLISHED]
    assert [int(100 * count / 46 + 0.5) for count in counts] == [percent for _, _, percent, _ in PUBLISHED]


def test_forty_six_is_the_smallest_single_base():
    percents = {percent for _, _, percent, _ in PUBLISHED}
    possible = [
        base
        for base in range(1, 101)
        if all(any(int(100 * count / base + 0.5) == percent for count in range(base + 1)) for percent in percents)
    ]
    assert possible[0] == 46


def test_every_statement_has_the_same_base():
    for row in kept_by_hand(reconstruction_rows()):
        assert all(row[ACROSS])
        assert all(row[AGREEMENT])
        assert any(row[OPTIONS])


def test_none_of_these_stands_alone():
    for row in kept_by_hand(reconstruction_rows()):
        if row[25]:
            assert not any(row[STATEMENTS])


def test_a_champion_and_a_partner_of_each_partnership_answer():
    rows = kept_by_hand(reconstruction_rows())
    assert Counter(plain(row[SURVEYMONKEY["role"]]) for row in rows) == {"business champion": 23, "public partner": 23}
    seats = Counter(plain(row[SURVEYMONKEY["seat"]])[:3] for row in rows)
    assert seats == {f"p{number:02}": 2 for number in range(1, 24)}


def test_groups_are_uneven_so_that_small_ones_are_hidden():
    rows = kept_by_hand(reconstruction_rows())
    regions = Counter(plain(row[SURVEYMONKEY["region"]]) for row in rows)
    assert [regions[f"region {number}"] for number in (3, 2, 4)] == [12, 6, 6]
    assert sorted(regions.values())[:11] == [2] * 11
    industries = Counter(plain(row[SURVEYMONKEY["industry"]]) for row in rows)
    assert [industries[name] for name in ("health", "manufacturing", "technology")] == [14, 12, 6]
    assert industries["tree care"] == 0  # an answer that nobody gave


def test_more_than_750_businesses_take_part():
    champions = [row for row in kept_by_hand(reconstruction_rows()) if plain(row[9]) == "business champion"]
    typed = [plain(row[SURVEYMONKEY["businesses"]]) for row in champions]
    numbers = [int(match[0]) for text in typed if (match := re.match(r"\d+", text))]
    assert len(champions) - len(numbers) == 2  # two do not know
    assert 760 <= sum(numbers) <= 795


def test_every_rule_about_rows_matters():
    """Leaving one rule out changes the results, so that a cleaner that forgets it is found out."""
    rows = reconstruction_rows()
    right = yes_counts(kept_by_hand(rows))
    assert yes_counts(rows) != right
    without_previews = [row for row in rows if row[1] in ("238104417", "238104431")]
    assert yes_counts(without_previews) != right
    assert len(rows) - len(without_previews) == 3
    by_place = list({plain(row[10]): row for row in without_previews if all(row[ACROSS])}.values())
    assert yes_counts(by_place) != right  # the file is newest first: the last row is not the latest
    by_text = sorted((row for row in without_previews if all(row[ACROSS])), key=lambda row: row[3])
    assert yes_counts(list({plain(row[10]): row for row in by_text}.values())) != right  # 02 PM sorts before 09 AM


def test_a_later_partial_answer_does_not_replace_a_full_one():
    rows = [row for row in reconstruction_rows() if plain(row[10]) == "p19-p"]
    assert [bool(row[15]) for row in rows] == [False, True]  # newest first: the partial one, then the full one


def test_someone_answered_what_was_not_asked():
    rows = [row for row in kept_by_hand(reconstruction_rows()) if plain(row[9]) == "public partner" and row[14]]
    assert [(plain(row[10]), row[14]) for row in rows] == [("p09-p", "12")]


def test_the_reconstruction_is_as_messy_as_real_files():
    content = (RAW / "reconstruction" / "responses.csv").read_bytes()
    with pytest.raises(UnicodeDecodeError):
        content.decode("utf-8")
    text = content.decode("cp1252")
    for mess in ("\r\n", "\u00a0", "’", "“", "–", "<strong>", "YES,", "yes,", "  "):
        assert mess in text
    assert text.endswith("\r\n" + "," * 30 + "\r\n")


# --- The rehearsal --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def rehearsal_rows() -> list[dict[str, str]]:
    rows = records(RAW / "rehearsal" / "responses.csv", "utf-8-sig")
    return [dict(zip(rows[0], row, strict=True)) for row in rows[3:]]


def test_the_rehearsal_has_rows_that_do_not_count(rehearsal_rows):
    kinds = Counter((row["Status"], row["Finished"], row["Progress"]) for row in rehearsal_rows)
    assert kinds[("Survey Preview", "True", "100")] == 2
    assert kinds[("IP Address", "False", "24")] == 3
    assert kinds[("IP Address", "False", "92")] == 1
    twice = Counter(row["ExternalReference"] for row in rehearsal_rows if row["Q6_1"] or row["Q6_2"])
    assert [seat for seat, times in twice.items() if seat and times > 1] == ["P05-P", "P28-B"]


def test_who_stopped_just_before_the_end_answered_every_statement(rehearsal_rows):
    (row,) = [row for row in rehearsal_rows if row["Progress"] == "92"]
    assert row["ExternalReference"] == "P15-B"
    assert all(row[f"Q4_{k}"] for k in (1, 2, 3))
    assert all(row[f"Q6_{k}"] for k in range(1, 7))


def test_bases_differ_in_the_rehearsal(rehearsal_rows):
    kept = {row["ExternalReference"]: row for row in rehearsal_rows if row["Progress"] != "24" and row["weight"]}
    assert len(kept) == 53
    bases = {
        name: sum(row[name] not in ("", "Prefer not to say") for row in kept.values())
        for name in (*(f"Q4_{k}" for k in (1, 2, 3)), *(f"Q6_{k}" for k in range(1, 7)))
    }
    assert len(set(bases.values())) > 2
    assert 45 < min(bases.values()) <= max(bases.values()) < 53


def test_seats_of_the_year_before_answer_again(rehearsal_rows):
    before = {plain(row[SURVEYMONKEY["seat"]]) for row in kept_by_hand(reconstruction_rows())}
    now = {plain(row["ExternalReference"]) for row in rehearsal_rows if row["weight"] and row["Progress"] != "24"}
    assert 30 < len(before & now) < 42
    assert now - before
    assert before - now


def test_weights_add_up_to_the_population(rehearsal_rows):
    kept = {row["ExternalReference"]: row for row in rehearsal_rows if row["Progress"] != "24" and row["weight"]}
    assert sum(float(row["weight"]) for row in kept.values()) == pytest.approx(60, abs=0.01)


# --- The codebook explains every column and every answer --------------------------------------------------------------


def test_every_raw_column_of_the_reconstruction_is_in_the_codebook(codebook):
    questions, below = records(RAW / "reconstruction" / "responses.csv", "cp1252")[:2]
    rows = {(normalise(name), normalise(item.row or "")) for item in codebook.items.values() for name in item.names} | {
        (normalise(name), "") for name in codebook.ignore
    }
    options = {
        (normalise(item.question), text)
        for item in codebook.items.values()
        if item.kind == "multiple"
        for text in item.texts
    }
    question = ""
    for top, sub in zip(questions, below, strict=True):
        question = normalise(top) or question
        column = (question, "" if sub in ("", "Response", "Open-Ended Response") else normalise(sub))
        assert column in rows | options


def test_every_raw_column_of_the_rehearsal_is_in_the_codebook(codebook):
    names = records(RAW / "rehearsal" / "responses.csv", "utf-8-sig")[0]
    known = {*codebook.ignore, *Edition.of(RAW, "rehearsal").wave_facts().columns.values(), "weight"}
    for item in codebook.items.values():
        known |= {*item.names, *(column for code in item.codes.values() for column in code.columns)}
    assert not set(names) - known


def test_every_answer_of_the_rehearsal_is_explained(codebook, rehearsal_rows):
    columns = {"Q1": "region", "Q2": "industry", "Q3": "role", "Status": "status", "Finished": "finished"}
    columns |= {name: item for item in codebook.items for name in codebook.items[item].columns if name[0] == "Q"}
    for column, name in columns.items():
        item = codebook.items[name]
        if item.kind in codebook_module.CODED:
            explained = {*item.texts, *codebook.missing_texts(item), ""}
            assert {normalise(row[column]) for row in rehearsal_rows} <= explained, column


def test_options_were_renamed_between_the_waves(codebook, rehearsal_rows):
    assert {row["Q4_1"] for row in rehearsal_rows} >= {"Agree strongly", "Neutral"}
    before = {plain(row[27]) for row in reconstruction_rows()}
    assert {"strongly agree", "neither agree nor disagree"} <= before
    assert not before & {"agree strongly", "neutral"}
