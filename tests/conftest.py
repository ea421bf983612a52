"""What the tests share: the twelve singers as a study folder, and one edition of the bundled study."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from study import Study, write_study

from impact_report.results import Results

ROOT = Path(__file__).parents[1]


@pytest.fixture
def choir(tmp_path: Path) -> Callable[..., Study]:
    """Write the study of the twelve singers, as `study.write_study` does, into a folder of the test's own."""

    def write(**given: object) -> Study:
        return write_study(tmp_path / "choir", **given)

    return write


@pytest.fixture(scope="session")
def twelve(tmp_path_factory: pytest.TempPathFactory) -> Results:
    """The results of the twelve singers, cleaned and estimated once for all tests that only read them."""
    return write_study(tmp_path_factory.mktemp("twelve") / "choir").results()


@pytest.fixture(scope="session")
def reconstruction(tmp_path_factory: pytest.TempPathFactory) -> Results:
    """The results of the bundled reconstruction, made anew from the raw file."""
    processed = tmp_path_factory.mktemp("processed")
    results = Results.of(str(ROOT / "data" / "raw"), "reconstruction", "", str(processed))
    results.clean()
    results.estimate()
    results.compute_facts()
    return results
