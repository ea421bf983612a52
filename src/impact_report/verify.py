"""Is the published edition what its inputs give? It is built again elsewhere, and the bytes are compared."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from impact_report import manifest
from impact_report.build import REPORTS, Progress, build
from impact_report.edition import Edition, project_root
from impact_report.errors import Problem, PublishingError
from impact_report.execute import shown_path

SAME, DIFFERS = "same", "differs"
ONLY_PUBLISHED, ONLY_REBUILT = "published, but not built again", "built again, but not published"
ENVIRONMENT = "environment"


@dataclass(frozen=True)
class Compared:
    """One file of an edition: its name and whether both builds have the same bytes."""

    name: str
    state: str


@dataclass(frozen=True)
class Verdict:
    """How a published edition and one built again compare; `versions` are differences that need not matter."""

    edition: str
    folder: Path
    files: tuple[Compared, ...]
    versions: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Whether every file has the same bytes."""
        return all(file.state == SAME for file in self.files)


def verify(edition: Edition, reports_root: str | Path = REPORTS, progress: Progress | None = None) -> Verdict:
    """Build an edition again in a temporary folder and compare it with the published one, file by file.

    Of the manifest the versions of Python and of packages are not compared, but told. Raises PublishingError where
    nothing is published, else what a build raises.
    """
    published = project_root() / reports_root / edition.slug
    if manifest.read(published) is None:
        problem = Problem("a published edition", f"no {manifest.NAME}", shown_path(published), "build it first")
        raise PublishingError(problem)
    with tempfile.TemporaryDirectory(prefix="impact-report-verify-") as folder:
        elsewhere = Path(folder)
        result = build(edition, elsewhere / "processed", elsewhere / "reports", force=True, progress=progress)
        files = compare(published, result.folder)
        versions = different_versions(manifest.read(published) or {}, manifest.read(result.folder) or {})
    return Verdict(edition.slug, published, tuple(files), tuple(versions))


def compare(published: Path, rebuilt: Path) -> list[Compared]:
    """Return for each file of either folder, sorted by name, whether it is in both with the same bytes."""
    ours, theirs = _files(published), _files(rebuilt)
    compared = []
    for name in sorted(ours | theirs):
        if name not in theirs:
            state = ONLY_PUBLISHED
        elif name not in ours:
            state = ONLY_REBUILT
        elif name == manifest.NAME:
            facts = manifest.read(published), manifest.read(rebuilt)
            state = SAME if _compared_part(facts[0]) == _compared_part(facts[1]) else DIFFERS
        else:
            state = SAME if (published / name).read_bytes() == (rebuilt / name).read_bytes() else DIFFERS
        compared.append(Compared(name, state))
    return compared


def different_versions(published: dict[str, Any], rebuilt: dict[str, Any]) -> list[str]:
    """Return in words which versions differ between two manifests.

    >>> one = {"environment": {"python": "3.11.7", "packages": {"numpy": "2.4.6"}}}
    >>> other = {"environment": {"python": "3.12.1", "packages": {"numpy": "2.4.6"}}}
    >>> different_versions(one, other)
    ['python 3.11.7 when published, 3.12.1 here']
    """
    before, now = _versions(published), _versions(rebuilt)
    return [
        f"{name} {before.get(name, 'absent')} when published, {now.get(name, 'absent')} here"
        for name in sorted(before.keys() | now.keys())
        if before.get(name) != now.get(name)
    ]


def _versions(facts: dict[str, Any]) -> dict[str, str]:
    environment = facts.get(ENVIRONMENT, {})
    return {"python": environment.get("python", "unknown"), **environment.get("packages", {})}


def _compared_part(facts: dict[str, Any] | None) -> dict[str, Any]:
    return {name: value for name, value in (facts or {}).items() if name != ENVIRONMENT}


def _files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
