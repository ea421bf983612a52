"""Another survey, real and not ours: the expected counts, from a codebook alone; no code knows it."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from impact_report.errors import ReportError
from impact_report.results import Results

ROOT = Path(__file__).parents[1]
CASE = ROOT.parent / "shared" / "real" / "538-starwars"
STUDY = ROOT / "tests" / "studies" / "starwars"

pytestmark = pytest.mark.skipif(
    not CASE.is_dir(), reason="the data of FiveThirtyEight's survey is not beside this project"
)


def expected() -> list[dict[str, str]]:
    if not CASE.is_dir():
        return []
    with (CASE / "expected.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


# Our indicators in the order of the rows of expected.csv: films seen, films ranked first, characters, who shot first,
# and the screening question.
FILMS = [f"episode_{number}" for number in range(1, 7)]
CHARACTERS = [
    "han_solo", "luke_skywalker", "princess_leia_organa", "anakin_skywalker", "obi_wan_kenobi", "emperor_palpatine",
    "darth_vader", "lando_calrissian", "boba_fett", "c_3p0", "r2_d2", "jar_jar_binks", "padme_amidala", "yoda",
]  # fmt: skip
INDICATORS = [
    *(f"seen_{film}" for film in FILMS),
    *(f"first_{film}" for film in FILMS),
    *(f"favours_{character}" for character in CHARACTERS),
    "han",
    "greedo",
    "not_understood",
    "seen_any",
]


@pytest.fixture(scope="module")
def results(tmp_path_factory) -> Results:
    one = Results.of(str(STUDY), "2014", "", str(tmp_path_factory.mktemp("starwars")))
    one.clean()
    one.estimate()
    one.compute_facts()
    return one


def test_every_row_of_the_expected_counts_has_its_indicator(results):
    assert len(INDICATORS) == len(expected()) == 30
    assert sorted(INDICATORS) == sorted(one.id for one in results.codebook.indicators)


@pytest.mark.parametrize(
    ("indicator", "row"), list(zip(INDICATORS, expected(), strict=False)), ids=lambda one: str(one)[:30]
)
def test_numerator_and_denominator_are_as_expected(results, indicator, row):
    one = results.row(indicator)
    assert (one["count"], one["base"]) == (int(row["numerator"]), int(row["denominator"])), row["statement"]
    assert 100 * one["proportion"] == pytest.approx(float(row["percent"]), abs=5e-5)


def test_the_statement_is_the_expected_ones(results):
    """So that a count which is right by accident, under another name, is noticed."""
    for indicator, row in zip(INDICATORS, expected(), strict=True):
        words = set(results.row(indicator)["statement"].replace(":", "").split())
        assert len(words & set(row["statement"].replace(":", "").split())) >= min(2, len(words)), row["statement"]


def test_the_file_is_read_for_what_it_is(results):
    summary = results.cleaning
    assert (summary["format"], summary["encoding"]) == ("surveymonkey", "cp1252")
    assert (summary["rows_in"], summary["rows_kept"], summary["columns"]) == (1186, 1186, 38)


def test_answers_alike_are_not_taken_for_one_respondent(results):
    """142 rows are equal but for the id."""
    assert len(results.responses) == 1186


def test_unfamiliar_is_an_answer_and_nobodys_gap(results):
    assert (results.responses["view_boba_fett"] == "unfamiliar").sum() > 0
    assert results.row("favours_boba_fett")["base"] == 812


def test_that_people_say_yes_and_tick_no_film_is_left_as_it_is(results):
    """936 say that they have seen one, 835 tick which: two bases, and both are told."""
    assert results.row("seen_any")["count"] == 936
    assert results.row("seen_episode_5")["base"] == 835


def test_the_personal_id_stays_in_the_raw_file(results):
    raw = (CASE / "raw" / "StarWars.csv").read_bytes()
    assert b"3292879998" in raw
    for path in results.folder.rglob("*"):
        if path.is_file():
            assert b"3292879998" not in path.read_bytes()


def test_its_persons_are_protected(results):
    hidden = results.estimates[results.estimates["suppressed"]]
    assert hidden[["count", "base", "proportion"]].isna().all(axis=None)
    shown = results.estimates[~results.estimates["suppressed"]]
    groups = shown[(shown["group_by"] != "all") & (shown["base"] > 0)]
    assert (groups["count"] >= 5).all() or (groups["count"].isin([0])).any()
    assert not groups["count"].between(1, 4).any()
    assert not (groups["base"] - groups["count"]).between(1, 4).any()


def test_a_wrong_codebook_is_refused_not_guessed(tmp_path):
    """Without one of its answers the survey cannot be read: the first proof that nothing is assumed."""
    study = tmp_path / "starwars"
    (study / "2014").mkdir(parents=True)
    text = (STUDY / "codebook.yml").read_text(encoding="utf-8")
    kept = [line for line in text.splitlines() if line.strip() != "greedo: Greedo" and "{id: greedo," not in line]
    (study / "codebook.yml").write_text("\n".join(kept), encoding="utf-8")
    wave = (STUDY / "2014" / "wave.yml").read_text(encoding="utf-8")
    wave = wave.replace("../../../../../shared/real/538-starwars", str(CASE))
    (study / "2014" / "wave.yml").write_text(wave, encoding="utf-8")
    results = Results.of(str(study), "2014", "", str(tmp_path / "processed"))
    with pytest.raises(ReportError, match=r"'Greedo', 197 times"):
        results.clean()
