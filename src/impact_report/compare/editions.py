"""Two published editions: found by name or folder, checked to be whole and of one study, and read."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from impact_report import manifest
from impact_report.build import CHANGE, ESTIMATES, RECORD, REPORTS
from impact_report.edition import project_root
from impact_report.errors import ParameterError, Problem, near
from impact_report.execute import shown_path
from impact_report.formulas import restored
from impact_report.record import FORMAT

TABLE = f"{ESTIMATES}.csv"
TEXTS = dict.fromkeys(("indicator", "group_by", "group", "statement", "section", "method", "flags"), "str")
TEXTS_OF_CHANGE = ("wave", "earlier_wave", "indicator", "statement", "compared")
SIDES = ("A", "B")


@dataclass(frozen=True)
class Published:
    """A published edition: its name, its manifest, its record, and its estimates, one row an indicator and group.

    `change` is what its report says has changed since an earlier wave, one row an indicator; without rows where it
    compares none.
    """

    name: str
    manifest: dict[str, Any]
    record: dict[str, Any]
    estimates: pd.DataFrame
    change: pd.DataFrame

    @property
    def wave(self) -> str:
        """The folder of its wave."""
        return self.manifest["parameters"]["wave"]

    def tested_against(self, other: Published) -> pd.DataFrame:
        """Return the changes that its report tests since another edition; none unless that is of the whole wave."""
        if not len(self.change) or other.manifest["parameters"]["group"]:
            return self.change.iloc[:0]
        return self.change[(self.change["earlier_wave"] == other.wave) & (self.change["compared"] != "")]


def read_both(then: str, now: str, reports: str | Path = REPORTS) -> tuple[Published, Published]:
    """Return two editions, each named as in the folder of the reports, or given as a folder, also of another clone.

    Raises ParameterError with every problem: no such edition, not an edition, changed since it was built, made before
    editions had a record; two studies, two languages.
    """
    root = project_root() / reports
    found, problems = [], []
    for side, given in zip(SIDES, (then, now), strict=True):
        try:
            found.append(_read(_folder(given, side, root), side))
        except ParameterError as error:
            problems += error.problems
    if problems:
        raise ParameterError(problems)
    for name, expected, do in (
        ("study", "two editions of one study", "compare editions of the same study"),
        ("language", "two editions in one language", "build one of them in the language of the other"),
    ):
        told = [edition.record[name] for edition in found]
        if told[0] != told[1]:
            problems.append(Problem(expected, f"{told[0]!r} and {told[1]!r}", f"A={then} B={now}", do))
    if problems:
        raise ParameterError(problems)
    return found[0], found[1]


def names(root: Path) -> list[str]:
    """Return the names of the editions in a folder of reports."""
    folders = sorted(root.iterdir()) if root.is_dir() else []
    return [folder.name for folder in folders if not folder.name.startswith(".") and manifest.read(folder)]


def _folder(given: str, side: str, root: Path) -> Path:
    """Return the folder of an edition, by its name among the reports or as a path."""
    if given and (root / given / manifest.NAME).is_file():
        return root / given
    folder = project_root() / given
    if given and folder.is_dir():
        return folder
    do = f"{near(given, names(root))} Or give the folder of an edition"
    raise ParameterError(Problem("an edition", "no such one", f"{side}={given}", do))


def _is_as_built(path: Path, digest: str) -> bool:
    return path.is_file() and manifest.digest(path) == digest


def _read(folder: Path, side: str) -> Published:
    where = f"{side}={shown_path(folder)}"
    facts = manifest.read(folder)
    if facts is None or "outputs" not in facts:
        do = "give a folder that holds one, as reports/reconstruction"
        raise ParameterError(Problem(f"an edition, with {manifest.NAME}", "none", where, do))
    needed = [name for name in (RECORD, TABLE) if name not in facts["outputs"] or not (folder / name).is_file()]
    if needed:
        do = "build the edition again: what it is compared by is written then"
        raise ParameterError([Problem(f"an edition with {name}", "none", where, do) for name in needed])
    published = [name for name in (RECORD, TABLE, CHANGE) if name in facts["outputs"]]
    edited = [name for name in published if not _is_as_built(folder / name, facts["outputs"][name])]
    if edited:
        do = "build the edition again, or take back what was edited"
        raise ParameterError(
            [Problem("a file as it was built", f"{name}, changed since", where, do) for name in edited]
        )
    record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    if record.get("format") != FORMAT:
        do = "build the edition again, both with the same version of the code"
        raise ParameterError(
            Problem(f"a record of the format {FORMAT}", f"{record.get('format', 'an older one')}", where, do)
        )
    estimates = restored(pd.read_csv(folder / TABLE, dtype=TEXTS, keep_default_na=False, na_values=[""]))
    change = pd.DataFrame()
    if CHANGE in published:
        change = restored(pd.read_csv(folder / CHANGE, dtype=dict.fromkeys(TEXTS_OF_CHANGE, "str")))
        change = change.fillna({"compared": ""})
    return Published(facts["edition"], facts, record, estimates, change)
