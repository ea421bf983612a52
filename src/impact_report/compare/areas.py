"""Everything two editions can differ in beside their shares, by what it is about."""

from __future__ import annotations

from dataclasses import dataclass

from impact_report.compare.editions import Published
from impact_report.compare.rows import Differences, Row, differing
from impact_report.language import say
from impact_report.record.entry import row

DATES = "dates"  # of the AAPOR statement: told with the data
DESCRIPTIONS = (".yml", ".yaml", ".md")  # what they say is compared in words; their bytes are told with the code
SHOWN_OF_A_FINGERPRINT = 12


@dataclass(frozen=True)
class Area:
    """What some differences are about: its anchor, its title, and the differences."""

    id: str
    title: str
    differences: Differences


def areas(then: Published, now: Published) -> list[Area]:
    """Return what differs in headline facts, wording, answers, bases, cleaning, method, data, and code."""

    def of(name: str, numbers: bool = True) -> Differences:
        return differing(then.record[name], now.record[name], numbers)

    told = [[said for said in one.record["disclosed"] if said["id"] != DATES] for one in (then, now)]
    files = [_files(one) for one in (then, now)]
    data, described = (differing(*(one[place] for one in files)) for place in (0, 1))
    return [
        Area("facts", say("Headline facts"), of("facts")),
        Area("wording", say("Wording"), of("wording")),
        Area("answers", say("Answers and what counts"), of("answers")),
        Area("bases", say("Bases"), of("bases") + of("rules_of_facts")),
        Area("cleaning", say("Cleaning rules"), of("rules") + of("touched")),
        Area("method", say("Method"), of("settings") + differing(*told, numbers=False)),
        Area("data", say("Data"), of("data") + data),
        Area("code", say("Files, code and versions"), described + differing(_code(then), _code(now))),
    ]


def _files(edition: Published) -> tuple[list[Row], list[Row]]:
    """Return the fingerprints of the files of data that went in, and of those that describe the study."""
    own = f"{edition.manifest['parameters']['wave']}/"
    data, described = [], []
    for name, digest in edition.manifest["inputs"].items():
        inside = name.removeprefix(own)
        what = say("{file} of the wave (SHA-256)", file=inside) if inside != name else _fingerprint_of(name)
        rows = described if name.endswith(DESCRIPTIONS) else data
        rows.append(row(f"file/{'wave/' * (inside != name)}{inside}", what, digest[:SHOWN_OF_A_FINGERPRINT]))
    return data, described


def _code(edition: Published) -> list[Row]:
    facts = edition.manifest
    environment = facts["environment"]
    rows = [row("code", say("Code of the package (SHA-256)"), facts["code"][:SHOWN_OF_A_FINGERPRINT])]
    rows += [
        row(f"notebook/{name}", _fingerprint_of(name), digest[:SHOWN_OF_A_FINGERPRINT])
        for name, digest in facts["notebooks"].items()
    ]
    versions = {"Python": environment["python"], **environment["packages"]}
    return rows + [row(f"version/{name}", name, version) for name, version in versions.items()]


def _fingerprint_of(name: str) -> str:
    return say("{file} (SHA-256)", file=name)
