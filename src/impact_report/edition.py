"""The edition: what one report covers, a wave of a study and, if wanted, one group of it."""

from __future__ import annotations

import re
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from impact_report import codebook as codebook_module
from impact_report import wave as wave_module
from impact_report.codebook import Codebook
from impact_report.errors import ParameterError, Problem, near
from impact_report.wave import Wave

DEFAULT_WAVE = "reconstruction"


def project_root() -> Path:
    """Return the nearest folder upward that holds `notebooks/` and `pyproject.toml`, else the working directory."""
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / "notebooks").is_dir() and (folder / "pyproject.toml").is_file():
            return folder
    return here


class Edition(BaseModel):
    """One report: the study folder, the wave, and the group (as `region=2`; empty for everybody)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    study: Path
    wave: str
    group: str = ""

    @classmethod
    def of(cls, study: str | Path = "data/raw", wave: str | None = None, group: str = "") -> Edition:
        """Return the edition, with a relative study folder taken from the project's root.

        Where no wave is named, the study's only one is meant, else the one called `reconstruction`.

        Raises ParameterError for a folder, a wave or a group that is not there, with the near name; CodebookError
        where the group needs a codebook that cannot be read.
        """
        root = project_root() / study
        if not root.is_dir():
            raise ParameterError(
                Problem(
                    "a study folder",
                    "no such folder",
                    f"DATA={study}",
                    "give the folder that holds codebook.yml",
                )
            )
        waves = sorted(path.parent.name for path in root.glob("*/wave.yml"))
        if wave is None:
            wave = waves[0] if len(waves) == 1 else DEFAULT_WAVE
        folder = root / wave
        if not wave or not folder.is_dir():
            found = repr(wave) if wave else "nothing"
            raise ParameterError(Problem(f"a wave of {study}", found, f"WAVE={wave}", near(wave, waves)))
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", wave):
            raise ParameterError(
                Problem(
                    "a wave name of letters, digits, '-' and '_'",
                    repr(wave),
                    f"WAVE={wave}",
                    "rename the folder",
                )
            )
        edition = cls(study=root, wave=wave, group=group)
        if group:
            edition._check_group()
        return edition

    def _check_group(self) -> None:
        codebook = self.codebook()
        item, equals, code = self.group.partition("=")
        where = f"GROUP={self.group}"
        if not equals or item not in codebook.groups:
            do = "write it as item=code, " + near(item, codebook.groups)
            raise ParameterError(Problem("a group of the codebook, as region=2", repr(self.group), where, do))
        codes = list(codebook.items[item].codes)
        if self._code(item, code, codes) is None:
            raise ParameterError(Problem(f"a code of {item!r}", repr(code), where, near(code, codes)))

    @staticmethod
    def _code(item: str, code: str, codes: list[str]) -> str | None:
        """Return the code meant: itself, or with the item's name before it (region=2 for region_02)."""
        number = f"{int(code):02}" if code.isascii() and code.isdigit() else code
        return next((one for one in (code, f"{item}_{code}", f"{item}_{number}") if one in codes), None)

    def codebook(self) -> Codebook:
        """Return the study's codebook. Raises CodebookError."""
        return codebook_module.load(self.study / "codebook.yml")

    def wave_facts(self) -> Wave:
        """Return the facts of the wave. Raises CodebookError or WaveError."""
        return wave_module.load(self.wave_folder, self.codebook())

    @property
    def wave_folder(self) -> Path:
        """The folder with wave.yml and the raw export."""
        return self.study / self.wave

    @property
    def group_of(self) -> tuple[str, str] | None:
        """The item and the code of the group, or None for everybody."""
        if not self.group:
            return None
        item, _, code = self.group.partition("=")
        return item, self._code(item, code, list(self.codebook().items[item].codes)) or code

    @property
    def compared_wave(self) -> str | None:
        """The wave this edition is compared with, None if there is none or the edition is of one group.

        Raises CodebookError or WaveError.
        """
        compare = None if self.group else self.wave_facts().compare
        return compare.wave if compare else None

    @property
    def slug(self) -> str:
        """The name of the edition's folder: the wave, and the group if there is one."""
        if not (group := self.group_of):
            return self.wave
        item, code = group
        tail = code if code.startswith(f"{item}_") else f"{item}-{code}"
        return f"{self.wave}-{tail.replace('_', '-')}"

    def processed(self, root: str | Path = "data/processed") -> Path:
        """Return the folder for what the notebooks leave, below a root taken from the project's."""
        return project_root() / root / self.slug
