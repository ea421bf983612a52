"""Readers: one module an export format; a format is recognised by what is in the file, never by its name."""

from __future__ import annotations

from pathlib import Path

from impact_report.errors import ExportError, Problem, near
from impact_report.readers import plain, qualtrics, source, surveymonkey
from impact_report.readers.export import Column, Export

__all__ = ["FORMATS", "Column", "Export", "read"]

FORMATS = {module.FORMAT: module for module in (surveymonkey, qualtrics, plain)}  # in the order they are tried


def read(path: Path, format: str | None = None) -> Export:
    """Return the raw export in a file; `format` overrules recognition.

    Raises ExportError where the file is missing, empty, not text, not of that format, or without any answers.
    """
    path = Path(path)
    if format is not None and format not in FORMATS:
        do = near(format, list(FORMATS))
        raise ExportError(Problem("a known export format", repr(format), "wave.yml, format", do))
    table = source.read(path)
    if format is None:
        format = next(name for name, module in FORMATS.items() if module.recognise(table))
    elif not FORMATS[format].recognise(table):
        found = "other headers"
        raise ExportError(Problem(f"a {format} export", found, path.name, "remove `format:` from wave.yml"))
    export = FORMATS[format].read(table)
    if not (export.text != "").any(axis=None):
        raise ExportError(Problem("rows of answers", "only headers", path.name, "export the answers again"))
    return export
