"""The edition: what one report covers, a wave of a study and, if wanted, one group of it."""

from __future__ import annotations

import re
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from impact_report import brand as brand_module
from impact_report import codebook as codebook_module
from impact_report import language as language_module
from impact_report import wave as wave_module
from impact_report.brand import Brand
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
    """One report: the study folder, the wave, the group (as `region=2`; empty for everybody), and the language."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    study: Path
    wave: str
    group: str = ""
    language: str = ""

    @classmethod
    def of(
        cls, study: str | Path = "data/raw", wave: str | None = None, group: str = "", language: str = ""
    ) -> Edition:
        """Return the edition, with a relative study folder taken from the project's root.

        Where no wave is named, the study's only one is meant, else the one called `reconstruction`; where no language
        is, that of the study.

        Raises ParameterError for a folder, a wave, a group or a language that is not there, with the near name;
        CodebookError where the group needs a codebook that cannot be read.
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
        if language and not language_module.known(language):
            known = list(language_module.languages())
            found = repr(language)
            raise ParameterError(
                Problem("a language of the report", found, f"LANGUAGE={language}", near(language, known))
            )
        edition = cls(study=root, wave=wave, group=group, language=language)
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

    def codebook(self, language: str | None = None) -> Codebook:
        """Return the study's codebook, by which answers are read; with a language, told in it. Raises CodebookError."""
        return codebook_module.load(self.study / "codebook.yml", language)

    def wave_facts(self, language: str | None = None) -> Wave:
        """Return the facts of the wave; with a language, told in it. Raises CodebookError or WaveError."""
        return wave_module.load(self.wave_folder, self.codebook(), language)

    def brand(self, language: str | None = None) -> Brand:
        """Return how the publisher wants the report to look; with a language, told in it. Raises BrandError."""
        return brand_module.load(self.study, language)

    @property
    def told_in(self) -> str:
        """The language of the report: the one asked for, else the brand's, else the study's.

        One that is asked for without a country is written as in that of the usual language, in capitals or not. Raises
        BrandError or CodebookError.
        """
        usual = self._usual_language
        return language_module.with_country(_written(self.language), usual) if self.language else usual

    @property
    def other_language(self) -> str:
        """The language of the report where it is not the usual one, without the usual country; else nothing."""
        told, usual = self.told_in, self._usual_language
        if _written(told) == _written(usual):
            return ""
        words = language_module.of_words(told)
        return words if language_module.with_country(words, usual) == told else told

    @property
    def _usual_language(self) -> str:
        return self.brand().language or self.codebook().survey.language

    @property
    def words_in(self) -> str:
        """The language of the report's own words: English where there are none in the study's."""
        return self.told_in if language_module.known(self.told_in) else language_module.SOURCE

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
        """The name of the edition's folder: the wave, the group if there is one, the language if not the study's."""
        name = self.wave
        if group := self.group_of:
            item, code = group
            tail = code if code.startswith(f"{item}_") else f"{item}-{code}"
            name += f"-{tail.replace('_', '-')}"
        if self.other_language:
            name += f"-{self.other_language.lower()}"
        return name

    def processed(self, root: str | Path = "data/processed") -> Path:
        """Return the folder for what the notebooks leave, below a root taken from the project's."""
        return project_root() / root / self.slug


def _written(language: str) -> str:
    """Return the code of a language as it is usually written.

    >>> _written("ES"), _written("es_mx")
    ('es', 'es-MX')
    """
    words, _, country = language.replace("_", "-").partition("-")
    return f"{words.lower()}-{country.upper()}" if country else words.lower()
