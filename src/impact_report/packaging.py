"""The tables of an edition described for machines: a Frictionless data package.

Source: Data Package Standard, version 2 (datapackage.org).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from impact_report import manifest
from impact_report.citation import Citation
from impact_report.columns import CHANGE, ESTIMATES, NUMBERS, Column
from impact_report.language import say, translated

NAME = "datapackage.json"
PACKAGE_SCHEMA = "https://datapackage.org/profiles/2.0/datapackage.json"
RESOURCE_SCHEMA = "https://datapackage.org/profiles/2.0/dataresource.json"
TABLE_SCHEMA = "https://datapackage.org/profiles/2.0/tableschema.json"
SPDX = "https://spdx.org/licenses/{licence}"
SHARE = {"minimum": 0, "maximum": 1}
SIGNED_SHARE = {"minimum": -1, "maximum": 1}
TYPES: dict[str, dict[str, Any]] = {  # of a column, by its kind
    "text": {"type": "string"},
    "count": {"type": "integer", "constraints": {"minimum": 0}},
    "number": {"type": "number"},
    "decimal": {"type": "number", "constraints": {"minimum": 0}},
    "share": {"type": "number", "constraints": SHARE},
    "signed share": {"type": "number", "constraints": SIGNED_SHARE},
    "yes or no": {"type": "boolean", "trueValues": ["True"], "falseValues": ["False"]},
}
ESTIMATES_FILE, CHANGE_FILE, NUMBERS_FILE = "estimates.csv", "change.csv", "numbers.csv"
KEYS = {ESTIMATES_FILE: ["indicator", "group_by", "group"], CHANGE_FILE: ["indicator"], NUMBERS_FILE: ["order"]}
COLUMNS = {ESTIMATES_FILE: ESTIMATES, CHANGE_FILE: CHANGE, NUMBERS_FILE: NUMBERS}


def data_package(
    folder: Path, cited: Citation, description: str, notice: str, licence: str, sources: Mapping[str, str]
) -> dict[str, Any]:
    """Return the data package of the tables in an edition's folder.

    `notice` is what is said of invented respondents, "" where there are none; `licence` an SPDX identifier or "";
    `sources` is the SHA-256 of each file that the tables were computed from, by its path in the study folder.

    >>> from tempfile import TemporaryDirectory
    >>> cited = Citation("x-2019", "P", 2019, "Impact", "2019 edition", "", "0123456789ab", "", "en")
    >>> with TemporaryDirectory() as folder:
    ...     _ = (Path(folder) / "estimates.csv").write_text("wave\\n")
    ...     data_package(Path(folder), cited, "A report.", "", "", {})["resources"][0]["bytes"]
    5
    """
    said = [text for text in (notice, description, WITHHELD_NOTE, FORMULA_NOTE) if text]
    package = {
        "$schema": PACKAGE_SCHEMA,
        "name": cited.key.replace("_", "-").lower(),
        "title": f"{cited.title}, {cited.edition}",
        "description": " ".join(translated(text) for text in said),
        "version": cited.version,
        "homepage": cited.address,
        "licenses": [{"name": licence, "path": SPDX.format(licence=licence)}] if licence else [],
        "contributors": [{"title": cited.publisher, "roles": ["publisher"]}] if cited.publisher else [],
        "keywords": [cited.notice] if cited.notice else [],
        "sources": [{"title": f"{name} (SHA-256 {digest})"} for name, digest in sorted(sources.items())],
        "resources": [_resource(folder / name) for name in COLUMNS if (folder / name).is_file()],
    }
    return {name: value for name, value in package.items() if value}


WITHHELD_NOTE = "An empty cell has no number, or one that is withheld: see the columns flags and suppressed."
FORMULA_NOTE = "A text that a spreadsheet would run as a formula begins with an apostrophe, which is not part of it."


def _resource(path: Path) -> dict[str, Any]:
    titles = {
        ESTIMATES_FILE: say("All estimates"),
        CHANGE_FILE: say("Change since the earlier wave"),
        NUMBERS_FILE: say("All numbers, in order"),
    }
    return {
        "$schema": RESOURCE_SCHEMA,
        "name": path.stem,
        "title": titles[path.name],
        "type": "table",
        "path": path.name,
        "scheme": "file",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": path.stat().st_size,
        "hash": f"sha256:{manifest.digest(path)}",
        "schema": {
            "$schema": TABLE_SCHEMA,
            "fields": [_field(name, column) for name, column in COLUMNS[path.name].items()],
            "missingValues": [""],
            "primaryKey": KEYS[path.name],
        },
    }


def _field(name: str, column: Column) -> dict[str, Any]:
    kind = TYPES[column.kind]
    constraints = {**kind.get("constraints", {}), **({"required": True} if column.required else {})}
    constraints |= {"enum": list(column.one_of)} if column.one_of else {}
    words = {"title": translated(column.title), "description": translated(column.words)}
    return {"name": name, **words, **kind, **({"constraints": constraints} if constraints else {})}
