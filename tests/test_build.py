"""An edition is built as far as something has changed, and published whole or not at all."""

from __future__ import annotations

import errno
import json
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import nbformat
import pytest
from small_edition import CELLS, CODEBOOK, EDITION, bytes_of, write_notebook, write_project

from impact_report import __version__, manifest, staging
from impact_report.build import STEPS, build, prepare
from impact_report.edition import Edition
from impact_report.errors import NotebookError, PublishingError
from impact_report.exporters.structure import plain_text

COMMAND = (sys.executable, "-m", "impact_report.cli", "build", "--wave=first")
FILES = {
    "citation.json",
    "datapackage.json",
    "estimates.csv",
    "estimates.xlsx",
    "figures/shared.png",
    "figures/shared.svg",
    "impact-report.html",
    "impact-report.pdf",
    "manifest.json",
    "numbers.csv",
    "numbers.html",
    "numbers.json",
    "ro-crate-metadata.json",
}


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project of its own, in which the test works."""
    folder = write_project(tmp_path / "project")
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A project with an edition that was built once; not to be changed."""
    folder = write_project(tmp_path_factory.mktemp("built"))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        build(Edition.of(wave="first"))
    return folder


def build_first(**options):
    return build(Edition.of(wave="first"), **options)


def done(result):
    """The steps that were done, in order."""
    return [step.step for step in result.steps if step.state == "done"]


def rewrite(project, name, *cells):
    write_notebook(project / "notebooks" / f"{name}.ipynb", EDITION, *cells)


def hidden(project):
    """What builds have left behind."""
    return [path.name for root in ("reports", "data/processed") for path in (project / root).glob(".*")]


# What is published


def test_the_published_edition_is_complete(built):
    assert set(bytes_of(built / "reports/first")) == FILES
    assert b"2 of 3 shared." in (built / "reports/first/impact-report.html").read_bytes()
    assert (built / "reports/first/impact-report.pdf").read_bytes().startswith(b"%PDF")
    assert hidden(built) == []


def test_the_manifest_has_fingerprints_of_inputs_and_outputs_and_no_path(built):
    text = (built / "reports/first/manifest.json").read_text()
    facts = json.loads(text)
    assert facts["study"] == "gardens"
    assert facts["edition"] == "first"
    assert facts["notice"] == "Invented."
    assert set(facts["inputs"]) == {"codebook.yml", "first/wave.yml", "first/responses.csv"}
    assert set(facts["outputs"]) == FILES - {"manifest.json"}
    for name, value in facts["outputs"].items():
        assert value == manifest.digest(built / "reports/first" / name)
    assert facts["environment"]["packages"]["papermill"]
    assert str(built) not in text


def test_every_exported_file_carries_the_notice(built):
    assert json.loads((built / "reports/first/numbers.json").read_text())["notice"] == "Invented."
    with zipfile.ZipFile(built / "reports/first/estimates.xlsx") as workbook:
        assert b"Invented." in workbook.read("xl/sharedStrings.xml")


def test_the_head_of_the_numbers_tells_the_program_from_the_version_that_is_cited(built):
    """The citation names a fingerprint of data and code; the program has a version of its own, and code of its own."""
    folder = built / "reports/first"
    head = json.loads((folder / "numbers.json").read_text())
    (cited,) = json.loads((folder / "citation.json").read_text())
    code = json.loads((folder / "manifest.json").read_text())["code_of_notebooks"]
    assert list(head) == ["study", "edition", "notice", "cited_version", "program", "numbers"]
    assert head["cited_version"] == cited["version"]
    assert head["program"] == {"version": __version__, "code": code[:12]}
    assert cited["version"] in (folder / "numbers.html").read_text(encoding="utf-8")


def test_the_same_bytes_in_another_folder_at_another_time(built, project):
    time.sleep(1.1)  # files made of archives hold times in whole seconds
    build_first()
    assert bytes_of(project / "reports/first") == bytes_of(built / "reports/first")
    kept = {name: text for name, text in bytes_of(project / "data/processed").items() if name.endswith(".ipynb")}
    assert kept == {name: bytes_of(built / "data/processed")[name] for name in kept}


# What is skipped


def test_what_has_not_changed_is_not_done_again(project):
    assert done(build_first()) == ["01_clean", "02_indicators", "03_charts", "04_report", "render"]
    assert done(build_first()) == []
    assert done(build_first(force=True)) == list(STEPS)


def test_a_changed_answer_is_carried_through(project):
    build_first()
    (project / "data/raw/first/responses.csv").write_text("Did you share?\nYes\nNo\nNo\nNo\n")
    assert done(build_first()) == list(STEPS)
    assert b"1 of 4 shared." in (project / "reports/first/impact-report.html").read_bytes()


def test_another_wave_changes_nothing(project):
    build_first()
    (project / "data/raw/second/responses.csv").write_text("Did you share?\n")
    assert done(build_first()) == []


def test_a_changed_notebook_runs_again_and_later_ones_only_if_its_results_differ(project):
    build_first()
    rewrite(project, "02_indicators", "# a remark\n" + CELLS["02_indicators"])
    assert done(build_first()) == ["02_indicators", "render"]
    rewrite(project, "02_indicators", CELLS["02_indicators"].replace('count("Yes")', 'count("No")'))
    assert done(build_first()) == ["02_indicators", "03_charts", "04_report", "render"]


def test_changed_words_run_nothing_and_leave_the_same_bytes_as_a_run(project):
    build_first()
    path = project / "notebooks/04_report.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[0].source = "# Plots\n\n## Who shared most?"
    nbformat.write(notebook, path)
    assert done(build_first()) == ["render"]
    assert done(build_first()) == []
    told = bytes_of(project / "reports") | bytes_of(project / "data/processed")
    assert b"Who shared most?" in told["first/04_report.ipynb"]
    assert done(build_first(force=True)) == list(STEPS)
    run = bytes_of(project / "reports") | bytes_of(project / "data/processed")
    assert {name for name in told if told[name] != run[name]} <= {"first/keys.json"}  # in another order


def test_notebooks_can_be_run_with_nothing_published(project):
    folder = prepare(Edition.of(wave="first"))
    assert (folder / "estimates.csv").is_file()
    assert not (project / "reports").exists()
    assert done(build_first()) == ["render"]


def test_a_result_that_was_changed_by_hand_is_made_again(project):
    result = build_first()
    (result.processed / "estimates.csv").write_text("better\n")
    assert done(build_first()) == ["02_indicators"]
    result.html.write_text("nicer")
    assert done(build_first()) == ["render"]


def test_what_a_notebook_no_longer_makes_does_not_stay(project):
    rewrite(project, "03_charts", CELLS["03_charts"].replace('["shared"]', '["shared", "old"]'))
    assert "figures/old.svg" in build_first().files
    rewrite(project, "03_charts", CELLS["03_charts"])
    assert "figures/old.svg" not in build_first().files


# All or nothing


def test_a_failed_build_leaves_everything_as_it_was(project):
    build_first()
    before = bytes_of(project / "reports") | bytes_of(project / "data/processed")
    rewrite(project, "03_charts", CELLS["03_charts"], "1 / 0")
    with pytest.raises(NotebookError) as caught:
        build_first()
    assert caught.value.problems[0].where.startswith("notebooks/03_charts.ipynb, cell 5 ")
    assert bytes_of(project / "reports") | bytes_of(project / "data/processed") == before
    assert hidden(project) == []


def test_a_report_that_is_refused_leaves_the_published_one_as_it_was(project):
    build_first()
    before = bytes_of(project / "reports")
    rewrite(project, "04_report", CELLS["04_report"].replace('"verbatim"', '"text"'))
    with pytest.raises(PublishingError, match="each number needs evidence"):
        build_first()
    assert bytes_of(project / "reports") == before
    rewrite(project, "04_report", CELLS["04_report"])
    assert done(build_first()) == ["04_report"]


def test_a_link_to_a_file_that_is_not_beside_the_report_is_refused(project):
    link = '{"t": "link", "href": "estimate.csv", "c": [{"t": "text", "text": "data"}]}, {"t": "verbatim"'
    rewrite(project, "04_report", CELLS["04_report"].replace('{"t": "verbatim"', link))
    with pytest.raises(PublishingError, match=r"estimate\.csv"):
        build_first()
    assert not (project / "reports/first").exists()


def test_a_missing_result_is_named(project):
    rewrite(project, "03_charts", "1;")
    with pytest.raises(PublishingError, match="data/processed/first/figures"):
        build_first()


def test_a_missing_notebook_is_named_before_anything_runs(project):
    (project / "notebooks/04_report.ipynb").unlink()
    with pytest.raises(NotebookError, match=r"notebooks/04_report\.ipynb"):
        build_first()
    assert not (project / "data/processed/first").exists()


def test_a_notebook_must_not_change_what_an_earlier_one_left(project):
    rewrite(project, "03_charts", CELLS["03_charts"], '(results / "estimates.csv").write_text("better");')
    with pytest.raises(NotebookError, match=r"estimates\.csv changed"):
        build_first()


def test_another_studys_edition_is_not_replaced(project):
    build_first()
    before = bytes_of(project / "reports")
    (project / "data/raw/codebook.yml").write_text(CODEBOOK.replace("gardens", "orchards", 1))
    with pytest.raises(PublishingError, match="an edition of the study 'gardens'"):
        build_first()
    assert bytes_of(project / "reports") == before


def test_a_folder_that_is_no_edition_is_not_replaced(project):
    (project / "reports/first").mkdir(parents=True)
    (project / "reports/first/thesis.txt").write_text("three years of work")
    with pytest.raises(PublishingError, match=r"no manifest\.json"):
        build_first()
    assert (project / "reports/first/thesis.txt").exists()


def wait_for(happened, seconds=60):
    until = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < until, "it never happened"
        time.sleep(0.02)


@pytest.fixture
def slow(project):
    """A project with a published edition, and a change that makes the next build wait in its third notebook."""
    build_first()
    flag = project / "waiting"
    wait = f"import pathlib, time\npathlib.Path({str(flag)!r}).touch()\ntime.sleep(30)"
    rewrite(project, "03_charts", wait, CELLS["03_charts"])
    return project, flag


@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGKILL, -signal.SIGKILL), (signal.SIGTERM, 143), (signal.SIGINT, 130)]
)
def test_a_build_that_is_ended_leaves_the_published_edition_and_the_next_one_cleans_up(slow, number, status):
    project, flag = slow
    before = bytes_of(project / "reports") | bytes_of(project / "data/processed/first")
    process = subprocess.Popen(
        COMMAND,
        cwd=project,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a shell's background jobs inherit none
    )
    wait_for(flag.exists)
    process.send_signal(number)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == status
    assert "Traceback" not in errors
    assert bytes_of(project / "reports") | bytes_of(project / "data/processed/first") == before
    assert bool(hidden(project)) == (number == signal.SIGKILL)
    rewrite(project, "03_charts", CELLS["03_charts"])
    build_first(force=True)
    assert hidden(project) == []


def test_two_builds_at_once_both_succeed_and_leave_one_whole_edition(project):
    processes = [subprocess.Popen(COMMAND, cwd=project, stderr=subprocess.PIPE) for _ in range(2)]
    for process in processes:
        _, errors = process.communicate(timeout=120)
        assert process.returncode == 0, errors.decode()
    facts = manifest.read(project / "reports/first")
    assert facts["outputs"] == {
        name: value for name, value in manifest.digests(project / "reports/first").items() if name != manifest.NAME
    }
    assert hidden(project) == []
    assert done(build_first()) == []


# Putting a folder in its place


def folder_with(path: Path, text: str) -> Path:
    path.mkdir(parents=True)
    (path / "file").write_text(text)
    return path


@pytest.mark.parametrize("in_one_step", [True, False])
def test_a_folder_takes_the_place_of_another(tmp_path, monkeypatch, in_one_step):
    if not in_one_step:
        monkeypatch.setattr(staging, "exchange", lambda one, other: False)
    target = folder_with(tmp_path / "edition", "old")
    with staging.staged(target) as stage:
        (stage.folder / "file").write_text("new")
        stage.publish()
    assert bytes_of(tmp_path) == {"edition/file": b"new"}


def test_when_the_second_rename_fails_the_first_is_taken_back(tmp_path, monkeypatch):
    target = folder_with(tmp_path / "edition", "old")
    monkeypatch.setattr(staging, "exchange", lambda one, other: False)
    rename = Path.rename

    def failing(path, to):
        if path.parent.name.startswith(".") and path.name == "edition":
            raise OSError(errno.ENOSPC, "no space left")
        return rename(path, to)

    monkeypatch.setattr(Path, "rename", failing)
    with pytest.raises(OSError, match="no space"), staging.staged(target) as stage:
        (stage.folder / "file").write_text("new")
        stage.publish()
    assert bytes_of(tmp_path) == {"edition/file": b"old"}


def test_a_folder_that_can_only_be_copied_is_replaced_too(tmp_path, monkeypatch):
    target = folder_with(tmp_path / "edition", "old")
    monkeypatch.setattr(staging, "exchange", lambda one, other: False)
    rename = Path.rename

    def in_an_image(path, to):
        if path == target:
            raise OSError(errno.EXDEV, "a lower layer")
        return rename(path, to)

    monkeypatch.setattr(Path, "rename", in_an_image)
    with staging.staged(target) as stage:
        (stage.folder / "file").write_text("new")
        stage.publish()
    assert bytes_of(tmp_path) == {"edition/file": b"new"}


def test_what_a_dead_process_had_taken_away_is_put_back(tmp_path):
    left = folder_with(tmp_path / ".edition.abcd1234" / staging.BEFORE, "old").parent
    (left / staging.MARK).touch()
    assert staging.clean(tmp_path) == [".edition.abcd1234"]
    assert bytes_of(tmp_path) == {"edition/file": b"old"}


def test_what_a_living_process_works_on_stays_and_so_does_what_is_not_ours(tmp_path):
    folder_with(tmp_path / ".edition.notours1", "mine")
    with staging.staged(tmp_path / "edition") as stage:
        assert staging.clean(tmp_path) == []
        assert stage.folder.is_dir()
    assert [path.name for path in tmp_path.iterdir()] == [".edition.notours1"]


def test_this_system_exchanges_folders_in_one_step(tmp_path):
    if not sys.platform.startswith(("linux", "darwin")):
        pytest.skip("neither Linux nor macOS")
    one, other = folder_with(tmp_path / "one", "1"), folder_with(tmp_path / "other", "2")
    if not staging.exchange(one, other):
        pytest.skip("this file system cannot")
    assert bytes_of(tmp_path) == {"one/file": b"2", "other/file": b"1"}


def test_words_of_inlines_without_footnotes():
    assert (
        plain_text([{"t": "text", "text": "a"}, {"t": "note", "c": [{"t": "text", "text": "b"}]}, {"t": "break"}])
        == "a "
    )
