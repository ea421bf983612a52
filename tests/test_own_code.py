"""Where an error is to be mended: in this project's own code, wherever it is installed."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from impact_report import own_code
from impact_report.execute.failure import _elsewhere
from impact_report.own_code import own_name, told

SITE = Path(pd.__file__).parents[1]  # where pip puts what is not editable: this package beside all others
ASKS = 'import pandas as pd\n\n\ndef asked():\n    return pd.DataFrame({"a": [1]}).query("a ==")\n'


@pytest.fixture
def installed(monkeypatch):
    """The package as it lies beside pandas."""
    monkeypatch.setattr(own_code, "PACKAGE", SITE / "impact_report")


def raised(file: Path) -> BaseException:
    """What code in a file of the package raises when pandas is asked for a query that is no Python."""
    names: dict = {}
    exec(compile(ASKS, str(file), "exec"), names)
    with pytest.raises(SyntaxError) as caught:
        names["asked"]()
    return caught.value


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("impact_report/tally.py", "impact_report/tally.py"),
        ("impact_report/execute/job.py", "impact_report/execute/job.py"),
        ("helpers.py", "helpers.py"),
        ("pandas/core/frame.py", ""),
        ("impact_reporting/tally.py", ""),
        ("pandas/helpers.py", ""),
    ],
)
def test_what_lies_beside_the_package_is_not_its_own(installed, file, name):
    assert own_name(str(SITE / file)) == name


def test_a_query_that_is_no_python_is_told_of_where_it_is_asked(installed):
    """The error itself names the file <unknown>; the last code of our own asked on its line 5."""
    error = raised(SITE / "impact_report" / "asked.py")
    assert error.filename == "<unknown>"
    assert told(error)["where"].endswith("impact_report/asked.py, line 5")
    assert told(error)["found"].startswith("SyntaxError: ")


def test_a_notebook_that_fails_so_is_told_the_same(installed):
    error = raised(SITE / "impact_report" / "asked.py")
    assert _elsewhere(error, "01_clean, cell 1", {}) == "raised in impact_report/asked.py, line 5, in asked"


def test_a_file_that_is_no_python_is_told_of_itself(tmp_path):
    (tmp_path / "ours.py").write_text("a = 1\nb = = 2\n", encoding="utf-8")
    with pytest.raises(SyntaxError) as caught:
        compile((tmp_path / "ours.py").read_text(encoding="utf-8"), str(tmp_path / "ours.py"), "exec")
    assert told(caught.value)["where"] == f"{tmp_path / 'ours.py'}, line 2"
