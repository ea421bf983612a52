"""A published edition is built again elsewhere and compared byte for byte."""

from __future__ import annotations

import json

import pytest
from small_edition import bytes_of, write_project

from impact_report.build import build
from impact_report.edition import Edition
from impact_report.errors import PublishingError
from impact_report.verify import DIFFERS, ONLY_PUBLISHED, ONLY_REBUILT, SAME, compare, verify


@pytest.fixture
def project(tmp_path, monkeypatch):
    folder = write_project(tmp_path / "project")
    monkeypatch.chdir(folder)
    return folder


def states(verdict):
    return {file.name: file.state for file in verdict.files if file.state != SAME}


def test_what_is_published_is_found_the_same_and_left_alone(project):
    build(Edition.of(wave="first"))
    before = bytes_of(project / "reports") | bytes_of(project / "data")
    verdict = verify(Edition.of(wave="first"))
    assert verdict.same
    assert len(verdict.files) == 13
    assert verdict.versions == ()
    assert bytes_of(project / "reports") | bytes_of(project / "data") == before


def test_each_file_that_differs_is_named(project):
    result = build(Edition.of(wave="first"))
    result.html.write_text(result.html.read_text().replace("2 of 3", "3 of 3"))
    (result.folder / "figures/shared.svg").unlink()
    (result.folder / "extra.txt").write_text("")
    verdict = verify(Edition.of(wave="first"))
    assert not verdict.same
    assert states(verdict) == {
        "impact-report.html": DIFFERS,
        "figures/shared.svg": ONLY_REBUILT,
        "extra.txt": ONLY_PUBLISHED,
    }


def test_other_versions_are_told_but_other_inputs_differ(project):
    result = build(Edition.of(wave="first"))
    path = result.folder / "manifest.json"
    facts = json.loads(path.read_text())
    facts["environment"]["python"] = "3.99.0"
    path.write_text(json.dumps(facts))
    verdict = verify(Edition.of(wave="first"))
    assert verdict.same
    assert verdict.versions[0].startswith("python 3.99.0 when published, 3.")
    facts["inputs"]["codebook.yml"] = "0" * 64
    path.write_text(json.dumps(facts))
    assert states(verify(Edition.of(wave="first"))) == {"manifest.json": DIFFERS}


def test_there_must_be_something_to_verify(project):
    with pytest.raises(PublishingError, match="build it first"):
        verify(Edition.of(wave="second"))


def test_folders_are_compared_file_by_file(tmp_path):
    for folder, text in (("a", "1"), ("b", "2")):
        (tmp_path / folder / "in").mkdir(parents=True)
        (tmp_path / folder / "in" / "x").write_text(text)
        (tmp_path / folder / "y").write_text("y")
    found = [(file.name, file.state) for file in compare(tmp_path / "a", tmp_path / "b")]
    assert found == [("in/x", DIFFERS), ("y", SAME)]
