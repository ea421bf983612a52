"""What an edition was made from, as fingerprints: files read, code, versions, files written."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import importlib.metadata
import importlib.util
import json
import platform
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from impact_report.errors import ReportError

if TYPE_CHECKING:
    from impact_report.edition import Edition

PACKAGE = Path(__file__).parent
NAME = "manifest.json"
NOT_CODE = {"__pycache__", ".ipynb_checkpoints"}

# Code that no notebook runs: a change in it makes no notebook stale, only the rendering.
AFTER_THE_NOTEBOOKS = {
    "exporters",
    "build.py",
    "cli.py",
    "columns.py",
    "downloads.py",
    "packaging.py",
    "preview",
    "provenance.py",
    "staging.py",
    "tables",
    "verify.py",
}


def digest(path: Path) -> str:
    """Return a file's SHA-256 in hexadecimal.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = (Path(folder) / "a").write_text("abc")
    ...     digest(Path(folder) / "a")[:16]
    'ba7816bf8f01cfea'
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digests(folder: Path, paths: Iterable[Path] | None = None) -> dict[str, str]:
    """Return the SHA-256 of each file of a folder (or of those given), by its path in the folder, sorted."""
    chosen = [path for path in folder.rglob("*") if path.is_file()] if paths is None else list(paths)
    return {name: digest(folder / name) for name in sorted(path.relative_to(folder).as_posix() for path in chosen)}


def key(facts: Any) -> str:
    """Return one fingerprint of plain facts (dicts, lists, strings, numbers).

    >>> key({"b": 1, "a": [2]}) == key({"a": [2], "b": 1})
    True
    """
    text = json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def inputs(edition: Edition) -> dict[str, Path]:
    """Return the files an edition may read, by their path in the study folder: all but hidden ones and other waves.

    Of the other waves, the one that it is compared with belongs to them.
    """
    found: dict[str, Path] = {}
    read = {edition.wave, _compared_wave(edition)}
    for entry in sorted(edition.study.iterdir()):
        other_wave = entry.name not in read and (entry / "wave.yml").is_file()
        if _hidden(entry) or other_wave:
            continue
        files = [entry] if entry.is_file() else [path for path in sorted(entry.rglob("*")) if path.is_file()]
        for path in files:
            inside = path.relative_to(edition.study)
            if not any(_hidden(Path(part)) for part in inside.parts):
                found[inside.as_posix()] = path
    return found


def _compared_wave(edition: Edition) -> str | None:
    """Return the wave an edition is compared with; what is wrong with wave.yml is said by its notebook."""
    with contextlib.suppress(ReportError):
        return edition.compared_wave
    return None


def _hidden(path: Path) -> bool:
    return path.name.startswith((".", "~$"))


@functools.cache
def code_files() -> dict[str, Path]:
    """Return the files of this package and the notebooks' helpers, by name."""
    files = {
        f"impact_report/{path.relative_to(PACKAGE).as_posix()}": path
        for path in sorted(PACKAGE.rglob("*"))
        if path.is_file()
        and not any(part in NOT_CODE or part.startswith(".") for part in path.parts[len(PACKAGE.parts) :])
    }
    helpers = importlib.util.find_spec("helpers")
    if helpers is not None and helpers.origin:
        files["helpers.py"] = Path(helpers.origin)
    return files


@functools.cache
def code(of_notebooks: bool = False) -> str:
    """Return the fingerprint of the code, or only of that which notebooks can run."""
    return key(
        {
            name: digest(path)
            for name, path in code_files().items()
            if not (of_notebooks and name.startswith("impact_report/") and name.split("/")[1] in AFTER_THE_NOTEBOOKS)
        }
    )


@functools.cache
def environment() -> dict[str, Any]:
    """Return the versions of Python and of the packages that this one asks for."""
    asked = importlib.metadata.requires("impact-report") or []
    names = {re.match(r"[A-Za-z0-9._-]+", line).group().lower() for line in asked if "extra ==" not in line}
    packages = {name: importlib.metadata.version(name) for name in sorted(names)}
    return {"python": ".".join(platform.python_version_tuple()[:2]), "packages": packages}


def parameters(edition: Edition) -> dict[str, str]:
    """Return what an edition is of, without the study; the language where it is not the usual one."""
    chosen = {"language": edition.told_in} if edition.other_language else {}
    return {"wave": edition.wave, "group": edition.group, **chosen}


def describe(
    edition: Edition,
    study: str,
    notice: str,
    input_digests: Mapping[str, str],
    notebook_digests: Mapping[str, str],
    output_digests: Mapping[str, str],
) -> dict[str, Any]:
    """Return the manifest of an edition: no times, no paths of a machine."""
    return {
        "study": study,
        "edition": edition.slug,
        "parameters": parameters(edition),
        "notice": notice,
        "inputs": dict(input_digests),
        "notebooks": dict(notebook_digests),
        "code": code(),
        "code_of_notebooks": code(of_notebooks=True),
        "outputs": dict(output_digests),
        "environment": environment(),
    }


def as_text(facts: Any) -> str:
    """Return facts as the text of a JSON file that git shows well."""
    return json.dumps(facts, ensure_ascii=False, indent=1) + "\n"


def read(folder: Path) -> dict[str, Any] | None:
    """Return the manifest in an edition's folder, None where there is none that can be read."""
    try:
        facts = json.loads((folder / NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return facts if isinstance(facts, dict) else None
