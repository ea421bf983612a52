"""The facts of one fielding: when, whom, how, by whom, from which export, with which limits; invented or real.

model            what it is made of
contradictions   what its types cannot see
"""

from __future__ import annotations

from pathlib import Path

from impact_report import yamlfile
from impact_report.codebook import Codebook
from impact_report.errors import Problem, WaveError
from impact_report.wave.contradictions import contradictions
from impact_report.wave.model import (
    COUNT_METHODS,
    OWN_RULES,
    Dated,
    Interval,
    Rows,
    Wave,
    earliest_day,
    is_known_date,
    latest_day,
)

__all__ = [
    "COUNT_METHODS",
    "OWN_RULES",
    "Dated",
    "Interval",
    "Rows",
    "Wave",
    "earliest_day",
    "export_file",
    "is_known_date",
    "latest_day",
    "load",
]


def load(folder: Path, codebook: Codebook, language: str | None = None) -> Wave:
    """Return the wave described in `folder/wave.yml`, checked against the codebook; with `language`, told in that one.

    Raises WaveError with every problem at once, each with its line and the near name.
    """
    path = Path(folder) / "wave.yml"
    wave, lines = yamlfile.load(path, Wave, WaveError, {"language": language})
    if problems := contradictions(wave, codebook, path, lines):
        raise WaveError(problems)
    return wave


def export_file(folder: Path, wave: Wave) -> Path:
    """Return the raw file of a wave.

    Raises WaveError if it is not there, or if several files could be it.
    """
    folder = Path(folder)
    if wave.export:
        found = [folder / wave.export] if (folder / wave.export).is_file() else []
    else:
        found = sorted(path for path in folder.glob("responses.*") if path.is_file())
    if len(found) == 1:
        return found[0]
    expected = wave.export or "one file named responses.*"
    names = ", ".join(path.name for path in found) or "none"
    do = "name the right one as `export:` in wave.yml" if found else "put the raw export there, as it came"
    raise WaveError(Problem(expected, names, str(folder), do))
