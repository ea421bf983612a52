"""The command does what was asked and says in plain words how it went."""

from __future__ import annotations

import io
import json
import subprocess
import sys

import pytest
from small_edition import CELLS, EDITION, write_notebook, write_project

from impact_report import cli
from impact_report.build import Event

WAVE = ("--wave", "first")


@pytest.fixture
def project(tmp_path, monkeypatch):
    folder = write_project(tmp_path / "project")
    monkeypatch.chdir(folder)
    return folder


def test_build_says_where_the_report_is_and_how_large(project, capsys):
    assert cli.main(["build", *WAVE]) == cli.DONE
    out, err = capsys.readouterr()
    first, html, pdf, beside = out.splitlines()
    assert first.startswith("first: published, ")
    assert html.split()[0] == "reports/first/impact-report.html"
    assert pdf.split()[0] == "reports/first/impact-report.pdf"
    assert pdf.endswith(" kB")
    assert beside == (
        "  beside them: citation.json, datapackage.json, estimates.csv, estimates.xlsx, manifest.json, numbers.csv, "
        "numbers.html, numbers.json, ro-crate-metadata.json, figures (1, as SVG and PNG)"
    )
    assert [line.split()[0] for line in err.splitlines()] == [
        "prepare", "01_clean", "02_indicators", "03_charts", "04_report", "render",
    ]  # fmt: skip


def test_what_has_not_changed_is_said_too(project, capsys):
    cli.main(["build", *WAVE])
    capsys.readouterr()
    assert cli.main(["build", *WAVE]) == cli.DONE
    out, err = capsys.readouterr()
    assert out.startswith("first: nothing has changed, ")
    assert [line.split()[1] for line in err.splitlines()] == ["unchanged"] * 5


def test_other_folders_may_be_given(project, tmp_path, capsys):
    arguments = ["--reports", str(tmp_path / "out"), "--processed", str(tmp_path / "between")]
    assert cli.main(["build", *WAVE, *arguments]) == cli.DONE
    assert (tmp_path / "out/first/manifest.json").exists()
    assert (tmp_path / "between/first/keys.json").exists()
    assert not (project / "reports").exists()


def test_a_failing_cell_is_told_without_a_wall_of_traceback(project, capsys):
    write_notebook(project / "notebooks/02_indicators.ipynb", EDITION, "1 / 0")
    assert cli.main(["build", *WAVE]) == cli.FAILED
    err = capsys.readouterr().err
    assert "notebooks/02_indicators.ipynb, cell 4 (“How many shared?”), line 1:  1 / 0" in err
    assert "ZeroDivisionError: division by zero" in err
    assert "Traceback" not in err
    assert cli.main(["build", *WAVE, "--verbose"]) == cli.FAILED
    assert "Traceback (most recent call last)" in capsys.readouterr().err


def test_an_error_from_the_package_keeps_its_words_and_names_the_cell(project, capsys):
    raising = (
        "from impact_report.errors import AnswersError, Problem\nraise AnswersError(Problem('a', 'b', 'row 7', 'c'))"
    )
    write_notebook(project / "notebooks/01_clean.ipynb", EDITION, raising)
    assert cli.main(["build", *WAVE]) == cli.FAILED
    err = capsys.readouterr().err
    assert "The export holds answers that the codebook does not explain." in err
    assert "row 7" in err
    assert "Stopped in notebooks/01_clean.ipynb, cell 4 (“How many shared?”), line 2" in err


def test_a_slip_in_the_wave_is_told_with_the_near_name(project, capsys):
    assert cli.main(["build", "--wave", "frist"]) == cli.FAILED
    assert "did you mean 'first'?" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["bild"], ["build", "--wav", "first"], ["build", "first"]])
def test_wrong_usage_has_its_own_status(arguments, capsys):
    with pytest.raises(SystemExit) as stopped:
        cli.main(arguments)
    assert stopped.value.code == cli.MISUSED
    assert "usage: impact-report" in capsys.readouterr().err


def test_an_interrupt_is_told_in_a_sentence(project, monkeypatch, capsys):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("impact_report.build.build", interrupted)
    assert cli.main(["build", *WAVE]) == cli.INTERRUPTED
    assert capsys.readouterr().err.strip() == "Interrupted. What was published before is as it was."


def test_what_was_not_foreseen_is_told_in_a_few_lines(project, monkeypatch, capsys):
    def full(*_, **__):
        raise OSError(28, "No space left on device", "reports/x")

    monkeypatch.setattr("impact_report.build.build", full)
    assert cli.main(["build", *WAVE]) == cli.FAILED
    err = capsys.readouterr().err
    assert "OSError: No space left on device: reports/x" in err
    assert "Traceback" not in err


def test_verify_says_file_by_file(project, capsys):
    cli.main(["build", *WAVE])
    capsys.readouterr()
    assert cli.main(["verify", *WAVE]) == cli.DONE
    assert capsys.readouterr().out.endswith("all 13 files have the same bytes when built again.\n")
    (project / "reports/first/estimates.csv").write_text("better\n")
    assert cli.main(["verify", *WAVE]) == cli.FAILED
    out = capsys.readouterr().out
    assert "  differs   estimates.csv\n" in out
    assert out.endswith("1 of 13 files differ from what is published.\n")


def test_schema_is_written_where_asked(tmp_path, capsys):
    assert cli.main(["schema"]) == cli.DONE
    shown = capsys.readouterr().out
    assert "survey" in json.loads(shown)["properties"]
    assert cli.main(["schema", "--output", str(tmp_path / "schema.json")]) == cli.DONE
    assert (tmp_path / "schema.json").read_text() == shown


# --- grim: the statuses are 0 possible, 1 impossible, 2 wrong usage


def test_grim_says_which_bases_are_possible_by_group_and_together(capsys):
    assert cli.main(["grim", "82", "91", "82", "/", "50", "33", "--largest", "45"]) == cli.DONE
    assert capsys.readouterr().out.splitlines() == [
        "Possible bases up to 45, rounding half up:",
        "  82 91 82:  11 22 33 34 44 45",
        "  50 33:  6 12 18 24 30 36 40 42",
        "  all together:  none",
        "Possible does not mean true.",
    ]


def test_grim_that_finds_no_base_calls_nothing_possible(capsys):
    assert cli.main(["grim", "50", "33", "--largest", "5"]) == cli.FAILED
    assert capsys.readouterr().out.splitlines()[1:] == ["  50 33:  none"]


def test_grim_of_one_base_names_the_counts(capsys):
    assert cli.main(["grim", "83%,", "65%", "--base", "46"]) == cli.DONE
    assert capsys.readouterr().out.splitlines() == [
        "Base 46, rounding half up:",
        "  83%  possible: 38 of 46",
        "  65%  possible: 30 of 46",
        "All of them are possible with this base, which does not mean that they are true.",
    ]


@pytest.mark.parametrize(
    "arguments",
    ["50 33 --base 23", "50 33 --largest 5", "82.7 --base 46", "12 --base 40"],
)
def test_what_is_impossible_has_the_status_of_a_failure(arguments, capsys):
    assert cli.main(["grim", *arguments.split()]) == cli.FAILED
    assert {"impossible", "none"} & set(capsys.readouterr().out.split())


def test_grim_goes_by_the_rule_of_rounding(capsys):
    assert cli.main(["grim", "12", "--base", "40", "--rounding", "half even"]) == cli.DONE
    assert cli.main(["grim", "93", "--base", "942", "--rounding", "down"]) == cli.DONE
    assert capsys.readouterr().out.count("possible: 877–885 of 942") == 1


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ("120", "a percentage from 0 to 100"),
        ("83,5", "write 83.5, or 83 5"),
        ("many", "a percentage from 0 to 100"),
        ("83 --base 0", "a whole number above 0"),
        ("83 --largest 0", "a whole number from 1 to 1,000,000"),
        ("83 --decimals 9", "a whole number from 0 to 6"),
        ("83.55 --decimals 1", "a percentage with at most 1 decimals"),
    ],
)
def test_wrong_percentages_are_told_in_words(arguments, told, capsys):
    assert cli.main(["grim", *arguments.split()]) == cli.MISUSED
    assert told in capsys.readouterr().err


def test_an_unknown_rule_of_rounding_is_told_with_those_there_are(capsys):
    assert cli.main(["grim", "83", "--rounding", "hlaf up"]) == cli.MISUSED
    assert "did you mean 'half up'?" in capsys.readouterr().err


def test_help_is_quick_because_it_imports_nothing_heavy():
    program = (
        "import sys\nfrom impact_report import cli\n"
        "try: cli.main(['--help'])\nexcept SystemExit: pass\n"
        "print([name for name in ('pandas', 'numpy', 'pydantic', 'papermill', 'IPython') if name in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert result.stdout.splitlines()[-1] == "[]"


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_in_a_terminal_one_line_changes_and_goes():
    terminal = Terminal()
    progress = cli.Progress(terminal)
    progress(Event("01_clean", "cell", 3, 12, 0.5))
    progress.end()
    shown = terminal.getvalue()
    assert "01_clean  cell 3 of 12" in shown
    assert "\n" not in shown
    assert shown.endswith("\r\033[K")


def test_in_a_log_each_step_is_one_plain_line():
    log = io.StringIO()
    progress = cli.Progress(log)
    progress(Event("01_clean", "begins"))
    progress(Event("01_clean", "cell", 3, 12, 0.5))
    progress(Event("01_clean", "done", seconds=1.25))
    progress.end()
    assert log.getvalue() == "  01_clean          1.2 s\n"


def test_the_small_edition_really_has_all_notebooks():
    from impact_report.build import NOTEBOOKS

    assert tuple(CELLS) == NOTEBOOKS
