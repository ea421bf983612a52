"""The Makefile sets up once, safely, and says clearly what it lacks; with programs that only pretend to be Python."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
TOOLS = ("make", "sh", "awk", "cat", "cksum", "cp", "chmod", "find", "mkdir", "rm", "touch", "env")

# Pretends to be a Python: says its version, makes environments that hold a copy of itself, notes what pip was asked.
PYTHON = """#!/bin/sh
echo "${{0##*/}} $*" >> "$LOG"
case "$1 $2" in
  "-c "*version_info*'(3, 11)'*) exit {too_old} ;;
  "-c "*"print("*) echo {version} ;;
  "-c "*ensurepip*) exit {no_venv} ;;
  "-m venv") mkdir -p "$4/bin"; rm -f "$4/.complete"; cp "$0" "$4/bin/python" ;;
  "-m pip") [ ! -e "$LOG.no-network" ] ;;
esac
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with a space in its name that holds what the set-up reads, and a log of what was run."""
    folder = tmp_path / "the project"
    folder.mkdir()
    for name in ("Makefile", "environment.yml", "requirements.lock", "pyproject.toml"):
        shutil.copyfile(ROOT / name, folder / name)
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in TOOLS:
        (tools / name).symlink_to(shutil.which(name))
    return folder


def pretend(project: Path, name: str = "python3", version: str = "3.12", venv: bool = True) -> None:
    too_old = int(tuple(map(int, version.split("."))) < (3, 11))
    program = project.parent / "tools" / name
    program.write_text(PYTHON.format(version=version, too_old=too_old, no_venv=int(not venv)))
    program.chmod(0o755)


def make(project: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess:
    variables = {"PATH": str(project.parent / "tools"), "LOG": str(project.parent / "log"), **environment}
    return subprocess.run(["make", *arguments], cwd=project, env=variables, capture_output=True, text=True, check=False)


def asked(project: Path) -> list[str]:
    """What the pretended Pythons were asked to do, beside telling about themselves."""
    log = project.parent / "log"
    lines = log.read_text().splitlines() if log.exists() else []
    return [line for line in lines if " -m " in line]


def test_set_up_installs_the_lock_by_hash_and_then_the_project_alone(project):
    pretend(project)
    result = make(project, "environment")
    assert result.returncode == 0, result.stderr
    venv, lock, itself = asked(project)
    assert venv == "python3 -m venv --clear .venv"
    assert lock.endswith("--require-hashes -r requirements.lock")
    assert itself.endswith("--no-deps --no-build-isolation -e .")


def test_what_is_set_up_is_not_set_up_again(project):
    pretend(project)
    make(project, "environment")
    count = len(asked(project))
    assert make(project, "environment").stdout == ""
    assert len(asked(project)) == count


def test_another_lock_is_set_up_anew(project):
    pretend(project)
    make(project, "environment")
    count = len(asked(project))
    with (project / "requirements.lock").open("a") as lock:
        lock.write("# one more line\n")
    make(project, "environment")
    assert len(asked(project)) == 2 * count


def test_a_set_up_that_was_cut_off_is_not_taken_for_complete(project):
    pretend(project)
    no_network = project.parent / "log.no-network"
    no_network.touch()
    result = make(project, "environment")
    assert result.returncode != 0
    assert "could not be installed" in result.stderr
    no_network.unlink()
    count = len(asked(project))
    assert make(project, "environment").returncode == 0
    assert len(asked(project)) == count + 3


def test_an_environment_whose_python_has_gone_is_made_again(project):
    pretend(project)
    make(project, "environment")
    (project / ".venv/bin/python").unlink()
    assert make(project, "environment").returncode == 0
    assert (project / ".venv/bin/python").exists()


def test_an_old_python_is_named_with_how_to_get_a_new_one(project):
    pretend(project, version="3.9")
    result = make(project, "environment")
    assert result.returncode != 0
    assert "Python 3.11 or newer is needed" in result.stderr
    assert "python3 (3.9)" in result.stderr
    for system in ("Debian, Ubuntu", "Fedora", "macOS", "conda"):
        assert system in result.stderr
    assert not (project / ".venv").exists()


def test_no_python_at_all_is_said_too(project):
    result = make(project, "environment")
    assert result.returncode != 0
    assert "found: none" in result.stderr


def test_a_newer_python_beside_an_old_one_is_found(project):
    pretend(project, version="3.9")
    pretend(project, "python3.13", version="3.13")
    assert make(project, "environment").returncode == 0
    assert asked(project)[0].startswith("python3.13 -m venv")


def test_a_missing_venv_module_is_named_with_its_package(project):
    pretend(project, version="3.12", venv=False)
    result = make(project, "environment")
    assert result.returncode != 0
    assert "venv module is missing" in result.stderr
    assert "apt-get install python3.12-venv" in result.stderr


def test_python_may_be_chosen(project):
    pretend(project, version="3.9")
    pretend(project, "my python", version="3.14")
    result = make(project, "environment", f"PYTHON={project.parent}/tools/my python")
    assert result.returncode == 0, result.stderr


def test_inside_the_conda_environment_that_one_is_used(project):
    prefix = project.parent / "conda envs" / "impact-report"
    (prefix / "bin").mkdir(parents=True)
    pretend(project)
    shutil.copy(project.parent / "tools/python3", prefix / "bin/python")
    conda = {"CONDA_PREFIX": str(prefix), "CONDA_DEFAULT_ENV": "impact-report"}
    result = make(project, "environment", **conda)
    assert result.returncode == 0, result.stderr
    assert not (project / ".venv").exists()
    assert [line.split()[0] for line in asked(project)] == ["python", "python"]


def test_another_conda_environment_is_left_alone(project):
    pretend(project)
    conda = {"CONDA_PREFIX": str(project.parent / "base"), "CONDA_DEFAULT_ENV": "base"}
    assert make(project, "environment", **conda).returncode == 0
    assert (project / ".venv").exists()


@pytest.mark.parametrize(("typed", "meant"), [("WAEV", "WAVE"), ("wave", "WAVE"), ("GROUPS", "GROUP")])
def test_a_slip_in_a_setting_is_refused_with_the_near_name(typed, meant):
    result = subprocess.run(
        ["make", "report", f"{typed}=rehearsal"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert result.returncode != 0
    assert f"There is no setting {typed}; did you mean {meant}?" in result.stderr


def test_values_reach_the_command_as_they_were_typed(project):
    pretend(project)
    make(project, "environment")
    command = project / ".venv/bin/impact-report"
    command.write_text('#!/bin/sh\nfor argument in "$@"; do echo "[$argument]"; done\n')
    command.chmod(0o755)
    strange = "my $HOME/`touch x`; 'quoted' \"twice\" & done"
    result = make(project, "report", f"DATA={strange}", "WAVE=a b", "GROUP=region=2", "FORCE=1", "VERBOSE=1")
    assert result.stdout.splitlines() == [
        "[build]",
        f"[--data={strange}]",
        "[--wave=a b]",
        "[--group=region=2]",
        "[--force]",
        "[--verbose]",
    ]
    assert not (project / "x").exists()


def test_the_group_that_a_shell_sets_for_itself_is_not_ours(project):
    pretend(project)
    make(project, "environment")
    command = project / ".venv/bin/impact-report"
    command.write_text('#!/bin/sh\necho "$@"\n')
    command.chmod(0o755)
    assert make(project, "report", GROUP="staff").stdout.strip() == "build"
    assert make(project, "report", GROUP="role=partner").stdout.strip() == "build --group=role=partner"


def test_reproduce_clears_what_was_derived_and_builds_everything(project):
    pretend(project)
    make(project, "environment")
    command = project / ".venv/bin/impact-report"
    command.write_text('#!/bin/sh\necho "$@"\n')
    command.chmod(0o755)
    (project / "data/processed/x").mkdir(parents=True)
    assert make(project, "reproduce").stdout.strip() == "build --force"
    assert not (project / "data/processed").exists()


def test_every_target_is_in_the_help_and_nothing_else():
    makefile = (ROOT / "Makefile").read_text()
    phony = set(re.search(r"^\.PHONY: (.*)$", makefile, flags=re.MULTILINE)[1].split())
    shown = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert set(re.findall(r"^  make (\w+)", shown, flags=re.MULTILINE)) == phony - {"variables", "environment"}


def test_the_lock_pins_every_package_by_hash_and_names_no_host():
    lock = (ROOT / "requirements.lock").read_text()
    pins = re.findall(r"^[a-z0-9].*==.*\\\n(?:\s+--hash=sha256:[0-9a-f]{64}.*\n)+", lock, flags=re.MULTILINE)
    assert len(pins) == len(re.findall(r"^[a-z0-9]", lock, flags=re.MULTILINE)) > 50
    for text in (lock, (ROOT / "environment.yml").read_text(), (ROOT / "Makefile").read_text()):
        assert "://" not in text


def test_the_conda_environment_installs_the_lock():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text())
    assert environment["name"] == "impact-report"
    *others, pip = environment["dependencies"]
    assert any(one.startswith("python>=3.11") for one in others)
    assert pip == {"pip": ["--require-hashes", "-r requirements.lock"]}


def test_the_script_of_continuous_integration_can_be_run():
    assert os.access(ROOT / ".ci/run", os.X_OK)
    subprocess.run(["bash", "-n", str(ROOT / ".ci/run")], check=True)
