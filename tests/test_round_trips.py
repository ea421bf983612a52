"""The bundled wave as each platform would have exported it: whatever the shape, the same estimates."""

from __future__ import annotations

from pathlib import Path

import exports
import pandas as pd
import pytest

from impact_report import codebook as codebook_module
from impact_report import readers
from impact_report import wave as wave_module
from impact_report.binding import bind
from impact_report.cleaning import Cleaned, clean
from impact_report.codebook import Codebook
from impact_report.tally import tally
from impact_report.wave import Wave

STUDY = Path(__file__).parents[1] / "data" / "raw"
FOLDER = STUDY / "reconstruction"
OF_ANOTHER_PLATFORM = {"status", "finished", "job_seekers_other", "weight"}  # not asked in this wave


@pytest.fixture(scope="module")
def codebook() -> Codebook:
    return codebook_module.load(STUDY / "codebook.yml")


@pytest.fixture(scope="module")
def wave(codebook) -> Wave:
    return wave_module.load(FOLDER, codebook)


@pytest.fixture(scope="module")
def original(codebook, wave) -> Cleaned:
    return clean(readers.read(FOLDER / "responses.csv"), codebook, wave)


@pytest.fixture(scope="module")
def survey(codebook, wave) -> exports.Survey:
    export = readers.read(FOLDER / "responses.csv")
    bound = bind(export, codebook, wave, "responses.csv")
    return exports.survey_of(export, codebook, bound, "started", "ended", ("collector", "preview"))


def adapted(codebook: Codebook, written: exports.Written) -> Codebook:
    """Return the codebook with the texts and columns by which this file says the codes."""
    said = codebook.model_dump(exclude_unset=True, by_alias=True)
    for (item, code), text in written.texts.items():
        said["items"][item]["codes"][code].setdefault("texts", []).append(text)
    for (item, code), header in written.options.items():
        said["items"][item]["codes"][code].setdefault("columns", []).append(header)
    said["ignore"] += written.ignore
    said["items"]["businesses_involved"]["missing"]["dont_know"].append("not known")
    return Codebook.model_validate(said)


def adapted_wave(wave: Wave, written: exports.Written) -> Wave:
    said = wave.model_dump(exclude_unset=True)
    said["rows"] |= {"previews": "drop"}
    return Wave.model_validate(said | {"columns": dict(written.columns), "not_asked": sorted(OF_ANOTHER_PLATFORM)})


@pytest.mark.parametrize("name", exports.EXPORTS)
def test_every_platforms_export_gives_the_same_estimates(tmp_path, name, survey, original, codebook, wave):
    written = exports.EXPORTS[name](survey)
    path = tmp_path / "responses.export"
    path.write_bytes(written.content)
    export = readers.read(path)
    assert export.format == written.format
    asked = adapted(codebook, written)
    found = clean(export, asked, adapted_wave(wave, written), path.name)
    expected = tally(original.responses, codebook)
    pd.testing.assert_frame_equal(tally(found.responses, asked), expected)
    assert [found.summary[key] for key in ("rows_in", "rows_kept", "rows_dropped")] == [56, 46, 10]
