"""How an edition is cited: in words, and as CSL-JSON for reference managers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from impact_report import language, manifest
from impact_report.language import known_date, say

if TYPE_CHECKING:
    from impact_report.codebook import Codebook
    from impact_report.edition import Edition
    from impact_report.wave import Wave

VERSION_DIGITS = 12  # of the fingerprint: few enough to print, enough that no two editions share them


@dataclass(frozen=True)
class Citation:
    """What a citation names; `version` is a fingerprint of the data and the code that the numbers come from.

    `year` is that of the publication, None where it is not stated; `speaks_of` is the reference date in words.
    """

    key: str
    publisher: str
    year: int | None
    title: str
    edition: str
    notice: str
    version: str
    address: str
    language: str
    speaks_of: str = ""

    @property
    def text(self) -> str:
        """The citation in words, in the order of APA's reports: who, when, what, which, where."""
        when = f"({self.year or say('n.d.')})."
        parts = [f"{self.publisher} {when}" if self.publisher else when, f"{self.title},"]
        which = self.edition
        if self.speaks_of:
            which = say("{edition} (reference date {day})", edition=self.edition, day=self.speaks_of)
        parts.append(f"{which} [{self.notice}]." if self.notice else f"{which}.")
        parts.append(say("Version {version}.", version=self.version))
        return " ".join([*parts, *([self.address] if self.address else [])])

    @property
    def csl(self) -> list[dict[str, Any]]:
        """The citation as CSL-JSON, a list of one."""
        facts = {
            "id": self.key,
            "type": "report",
            "title": f"{self.title}, {self.edition}",
            "author": [{"literal": self.publisher}] if self.publisher else [],
            "publisher": self.publisher,
            "issued": {"date-parts": [[self.year]]} if self.year else {},
            "version": self.version,
            "URL": self.address,
            "note": self.notice,
            "language": self.language,
        }
        return [{name: value for name, value in facts.items() if value}]


def version(edition: Edition) -> str:
    """Return the fingerprint of the data and of the code of the notebooks: twelve hexadecimal digits.

    Editions of one wave have the same; of one edition, equal versions have equal numbers. `manifest.json` has the
    SHA-256 of each file behind it.

    >>> from impact_report.edition import Edition
    >>> len(version(Edition.of("data/raw", "reconstruction")))
    12
    """
    inputs = {name: manifest.digest(path) for name, path in manifest.inputs(edition).items()}
    return manifest.key({"inputs": inputs, "code": manifest.code(of_notebooks=True)})[:VERSION_DIGITS]


def citation(edition: Edition, codebook: Codebook, wave: Wave, name: str) -> Citation:
    """Return how an edition is cited, called by `name`; its year is that in which wave.yml says it is published.

    >>> from impact_report.edition import Edition
    >>> edition = Edition.of("data/raw", "reconstruction")
    >>> citation(edition, edition.codebook(), edition.wave_facts(), "2019").text[:30]
    'Impact Report project (2026). '
    """
    survey = codebook.survey
    return Citation(
        key=f"{survey.id}-{edition.slug}",
        publisher=edition.brand(language.of_words(edition.told_in)).name,
        year=wave.issued.year if wave.issued else None,
        title=survey.title,
        edition=name,
        notice=say("Invented respondents") if wave.invented else "",
        version=version(edition),
        address=wave.address,
        language=edition.told_in,
        speaks_of=known_date(wave.reference_date.date),
    )
