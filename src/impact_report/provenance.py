"""What an edition was made from, by what, as a record that other tools read: an RO-Crate.

Source: RO-Crate 1.1 and the profile Process Run Crate 0.5 (w3id.org/ro/wfrun/process/0.5). It says no time of the run,
and no place: the same edition gives the same bytes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from impact_report import __version__, manifest
from impact_report.citation import Citation
from impact_report.language import say
from impact_report.packaging import SPDX

if TYPE_CHECKING:
    from rocrate.rocrate import ROCrate

NAME = "ro-crate-metadata.json"
VERSION = "1.1"
PROFILE, PROFILE_VERSION = "https://w3id.org/ro/wfrun/process/0.5", "0.5"
RUN_CONTEXT = "https://w3id.org/ro/terms/workflow-run/context"  # the terms of the profile, sha256 among them
SOFTWARE = "impact-report"
OTHER = "application/octet-stream"
MEDIA_TYPES = {  # listed here, because every system knows others
    ".csv": "text/csv",
    ".html": "text/html",
    ".ipynb": "application/x-ipynb+json",
    ".json": "application/json",
    ".md": "text/markdown",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".parquet": "application/vnd.apache.parquet",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".tsv": "text/tab-separated-values",
    ".txt": "text/plain",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".yml": "application/yaml",
    ".zip": "application/zip",
}


def crate(
    folder: Path,
    cited: Citation,
    description: str,
    licence: str,
    date: dt.date,
    inputs: Mapping[str, str],
    notebooks: Mapping[str, str],
) -> dict[str, Any]:
    """Return the RO-Crate of an edition's folder as JSON-LD: its files, and the run that made them.

    `inputs` and `notebooks` are SHA-256 by path; these files are not in the folder, and stand in the crate by their
    fingerprint alone.
    """
    from rocrate.model.contextentity import ContextEntity
    from rocrate.rocrate import ROCrate

    made = ROCrate(version=VERSION)
    made.metadata.extra_contexts.append(RUN_CONTEXT)

    def add(identifier: str, kind: str, /, **facts: Any) -> ContextEntity:
        known = {name: value for name, value in facts.items() if value}
        return made.add(ContextEntity(made, identifier, properties={"@type": kind, **known}))

    publisher = add("#publisher", "Organization", name=cited.publisher or say("Not stated"))
    software = add(
        "#software",
        "SoftwareApplication",
        name=SOFTWARE,
        softwareVersion=__version__,
        identifier=f"sha256:{manifest.code()}",
    )
    read = [_outside(add, "input", name, digest) for name, digest in sorted(inputs.items())]
    run_by = [_outside(add, "notebook", name, digest) for name, digest in sorted(notebooks.items())]
    files = _files(made, folder)
    run = add(
        "#run",
        "CreateAction",
        name=say("Building the edition"),
        instrument=software,
        agent=publisher,
        object=[*read, *run_by],
        result=files,
    )
    add(PROFILE, "CreativeWork", name="Process Run Crate", version=PROFILE_VERSION)
    _describe_root(made, cited, description, licence, date, publisher, run)
    return _in_order(made.metadata.generate())


def _outside(add: Any, kind: str, name: str, digest: str) -> Any:
    """Add a file that is not in the folder: its name and fingerprint."""
    return add(f"#{kind}/{name}", "CreativeWork", name=name, encodingFormat=_media_type(name), sha256=digest)


def _files(made: ROCrate, folder: Path) -> list[Any]:
    """Add each file of the edition but those that describe all others."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.name not in (NAME, manifest.NAME))
    files = []
    for path in paths:
        name = path.relative_to(folder).as_posix()
        facts = {
            "name": name,
            "encodingFormat": _media_type(name),
            "contentSize": str(path.stat().st_size),
            "sha256": manifest.digest(path),
        }
        files.append(made.add_file(path, dest_path=name, properties=facts))
    return files


def _describe_root(
    made: ROCrate, cited: Citation, description: str, licence: str, date: dt.date, publisher: Any, run: Any
) -> None:
    made.name = f"{cited.title}, {cited.edition}"
    made.description = " ".join(filter(None, [f"{cited.notice}." if cited.notice else "", description]))
    made.datePublished = dt.datetime.combine(date, dt.time(), dt.UTC)
    made.license = SPDX.format(licence=licence) if licence else say("No licence is stated.")
    made.publisher = publisher
    root = made.root_dataset
    root["datePublished"] = date.isoformat()
    root["version"] = cited.version
    root["conformsTo"] = {"@id": PROFILE}
    root["mentions"] = run
    if cited.address:
        root["url"] = cited.address


def _in_order(record: dict[str, Any]) -> dict[str, Any]:
    """Return the record with its entities in the order of their names, the two that every crate has first."""
    first = (NAME, "./")
    entities = sorted(record["@graph"], key=lambda one: (one["@id"] not in first, one["@id"]))
    return {**record, "@graph": [dict(sorted(entity.items())) for entity in entities]}


def _media_type(name: str) -> str:
    return MEDIA_TYPES.get(Path(name).suffix.lower(), OTHER)
