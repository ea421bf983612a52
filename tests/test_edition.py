"""An edition is a wave of a study and, if wanted, one group of it; a name that is not there meets the near one."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError
from study import CODEBOOK, WAVE, Study

from impact_report.edition import Edition, project_root
from impact_report.errors import CodebookError, EstimationError, ParameterError, Problem

ROOT = Path(__file__).parents[1]


def refused(study: Study | Path | str, wave: str = "spring", group: str = "") -> Problem:
    with pytest.raises(ParameterError) as caught:
        Edition.of(study.folder if isinstance(study, Study) else study, wave, group)
    (problem,) = caught.value.problems
    return problem


# --- Names ------------------------------------------------------------------------------------------------------------


def test_an_edition_of_everybody_is_called_after_its_wave(choir):
    edition = Edition.of(choir().folder, "spring")
    assert edition.slug == "spring"
    assert edition.group_of is None
    assert edition.wave_folder == choir().folder / "spring"


@pytest.mark.parametrize(
    ("group", "meant", "slug"),
    [
        ("region=2", ("region", "region_02"), "reconstruction-region-02"),
        ("region=02", ("region", "region_02"), "reconstruction-region-02"),
        ("region=14", ("region", "region_14"), "reconstruction-region-14"),
        ("region=region_02", ("region", "region_02"), "reconstruction-region-02"),
        ("role=business_champion", ("role", "business_champion"), "reconstruction-role-business-champion"),
    ],
)
def test_a_group_may_be_written_shortly(group, meant, slug):
    edition = Edition.of(ROOT / "data" / "raw", "reconstruction", group)
    assert (edition.group_of, edition.slug) == (meant, slug)


def test_two_groups_never_share_a_name():
    codebook = Edition.of(ROOT / "data" / "raw").codebook()
    slugs = [
        Edition.of(ROOT / "data" / "raw", "reconstruction", f"{item}={code}").slug
        for item in codebook.groups
        for code in codebook.items[item].codes
    ]
    assert len(set(slugs)) == len(slugs)


def test_results_lie_below_the_project(choir, monkeypatch, tmp_path):
    edition = Edition.of(choir().folder, "spring", "voice=low")
    assert edition.processed() == project_root() / "data" / "processed" / "spring-voice-low"
    assert edition.processed(tmp_path) == tmp_path / "spring-voice-low"


def test_an_edition_does_not_change(choir):
    edition = Edition.of(choir().folder, "spring")
    with pytest.raises(ValidationError):
        edition.wave = "autumn"


# --- The project's root -----------------------------------------------------------------------------------------------


def test_relative_folders_are_taken_from_the_projects_root(monkeypatch):
    monkeypatch.chdir(ROOT / "src" / "impact_report")
    assert project_root() == ROOT
    assert Edition.of("data/raw").study == ROOT / "data" / "raw"


def test_outside_a_project_they_are_taken_from_where_one_stands(choir, monkeypatch, tmp_path):
    choir()
    monkeypatch.chdir(tmp_path)
    assert project_root() == tmp_path
    assert Edition.of("choir", "spring").study == tmp_path / "choir"


# --- What is not there ------------------------------------------------------------------------------------------------


def test_no_such_study():
    problem = refused("data/row")
    assert (problem.expected, problem.found, problem.where) == ("a study folder", "no such folder", "DATA=data/row")
    assert problem.do == "give the folder that holds codebook.yml"


def test_a_file_is_no_study(choir):
    assert refused(choir().folder / "codebook.yml").found == "no such folder"


def test_a_slip_in_a_waves_name(choir):
    study = choir()
    problem = refused(study, "sprnig")
    assert problem.expected.startswith("a wave of ")
    assert (problem.found, problem.where, problem.do) == ("'sprnig'", "WAVE=sprnig", "did you mean 'spring'?")


def test_a_name_like_no_other_is_told_all_there_are(choir):
    assert refused(choir(), "2026").do == "use one of: spring."


def test_no_wave_at_all(choir):
    assert refused(choir(), "").found == "nothing"


@pytest.mark.parametrize("wave", ["..", ".", "../choir", "spring/", "./spring", "spring/../spring"])
def test_a_wave_is_a_name_and_no_path(choir, wave):
    study = choir()
    (study.folder / "wave.yml").write_text("")
    problem = refused(study, wave)
    assert problem.where == f"WAVE={wave}"


@pytest.mark.parametrize(
    ("group", "do"),
    [
        ("voise=low", "did you mean 'voice'?"),
        ("voice", "did you mean 'voice'?"),
        ("low", "use one of: voice."),
        ("rehearses=yes", "use one of: voice."),
    ],
)
def test_a_group_that_is_none(choir, group, do):
    problem = refused(choir(), group=group)
    assert (problem.expected, problem.found) == ("a group of the codebook, as region=2", repr(group))
    assert problem.where == f"GROUP={group}"
    assert problem.do == f"write it as item=code, {do}"


def test_advice_on_a_group_reads_as_a_sentence(choir):
    for group in ("voise=low", "low"):
        do = refused(choir(), group=group).do
        assert "?," not in do
        assert ".," not in do


@pytest.mark.parametrize(
    ("code", "do"),
    [("lwo", "did you mean 'low'?"), ("", "use one of: high, middle, low."), ("²", "use one of: high, middle, low.")],
)
def test_a_code_that_is_none(choir, code, do):
    problem = refused(choir(), group=f"voice={code}")
    assert problem == Problem("a code of 'voice'", repr(code), f"GROUP=voice={code}", do)


def test_a_group_of_a_codebook_that_cannot_be_read(choir):
    study = choir(codebook=CODEBOOK.replace("kind: single", "kind: sinlge", 1))
    with pytest.raises(CodebookError):
        Edition.of(study.folder, "spring", "voice=low")


# --- Groups too small -------------------------------------------------------------------------------------------------


def test_an_edition_of_one_group_is_about_that_group(choir):
    results = choir().results("voice=high")
    assert len(results.responses) == 6
    assert set(results.responses["voice"]) == {"high"}
    assert (results.row("rehearse")["count"], results.row("rehearse")["base"]) == (5, 6)
    assert results.groupings == []


@pytest.mark.parametrize(("group", "minimum"), [("voice=low", 6), ("voice=middle", 5)], ids=["five of six", "nobody"])
def test_a_group_too_small_is_refused_without_its_size(choir, group, minimum):
    study = choir(wave=WAVE.replace("minimum_base: 5", f"minimum_base: {minimum}"))
    with pytest.raises(EstimationError) as caught:
        study.results(group)
    (problem,) = caught.value.problems
    assert problem == Problem(
        f"{minimum} respondents or more",
        "fewer",
        f"GROUP={group}",
        "choose a larger group; smaller ones are not published",
    )
