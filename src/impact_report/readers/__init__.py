"""Readers: one module an export format; a format is recognised by what is in the file, never by its name.

source      the bytes of a file, out of its archive
encodings, delimited, workbook, columnar     these bytes as a table of text
surveymonkey, qualtrics, redcap, kobo, limesurvey, google, plain      a table as questions and answers
spss        a file that knows its questions itself
"""

from __future__ import annotations

from pathlib import Path

from impact_report.errors import ExportError, Problem, near
from impact_report.readers import (
    columnar,
    delimited,
    google,
    kobo,
    limesurvey,
    plain,
    qualtrics,
    redcap,
    source,
    spss,
    summary,
    surveymonkey,
    workbook,
)
from impact_report.readers.export import Column, Export, Option
from impact_report.readers.table import Table

__all__ = ["FORMATS", "Column", "Export", "Option", "read"]

_TABULAR = {  # in the order they are tried
    module.FORMAT: module for module in (surveymonkey, qualtrics, redcap, kobo, limesurvey, google, plain)
}
FORMATS = (*_TABULAR, spss.FORMAT)


def read(path: Path, format: str | None = None, sheet: str | None = None, encoding: str | None = None) -> Export:
    """Return the raw export in a file; `format`, `sheet` and `encoding` overrule what would be found.

    Raises ExportError where the file is missing, empty, broken, cannot be of that format, holds only summary tables, or
    is without any answers.
    """
    if format is not None and format not in FORMATS:
        raise ExportError(
            Problem("a known export format", repr(format), "wave.yml, format", near(format, list(FORMATS)))
        )
    file = source.read(Path(path))
    if spss.recognise(file.content):
        if format not in (None, spss.FORMAT):
            raise _other_format(format, "an SPSS file", file.name)
        export = spss.read(file.content, file.name, encoding or "")
    elif format == spss.FORMAT:
        raise _other_format(format, "another kind of file", file.name)
    else:
        export = _read_table(_table(file, sheet, encoding), format)
    if not any((export.text[column] != "").any() for column in export.text):
        raise ExportError(Problem("rows of answers", "only headers", file.name, "export the answers again"))
    return export


def _read_table(table: Table, format: str | None) -> Export:
    if refusal := summary.is_summary(table):
        do = "export the single responses, one row a respondent"
        raise ExportError(Problem("one row a respondent", refusal, table.name, do))
    table = table.without_spaces().below_titles()
    if format is None:
        format = next(name for name, module in _TABULAR.items() if module.recognise(table))
    return _TABULAR[format].read(table)


def _table(file: source.Source, sheet: str | None, encoding: str | None) -> Table:
    """Return the table of a file; of a workbook the sheet that is named, or the one that can be meant."""
    is_workbook, is_columnar = workbook.recognise(file.content), columnar.recognise(file.content)
    if sheet is not None and not is_workbook:
        raise _useless("sheet", "a workbook, since a sheet is named", "no workbook", file.name)
    if encoding is not None and (is_workbook or is_columnar):
        found = "a workbook, which says its encoding itself" if is_workbook else "a Parquet file, which is UTF-8"
        raise _useless("encoding", "a text or SPSS file, since an encoding is named", found, file.name)
    if is_columnar:
        return columnar.read(file.content, file.name)
    if not is_workbook:
        return delimited.read(file.content, file.name, encoding)
    tables = {table.sheet: table for table in workbook.read(file.content, file.name)}
    if sheet is not None:
        if sheet not in tables:
            do = near(sheet, list(tables))
            raise ExportError(Problem(f"a sheet {sheet!r} with answers", ", ".join(tables), file.name, do))
        return tables[sheet]
    of_platforms = [one for one in tables.values() if _platform(one)]
    of_respondents = (
        of_platforms or [one for one in tables.values() if not summary.is_summary(one)] or [*tables.values()]
    )
    if len(of_respondents) > 1:
        names = ", ".join(repr(one.sheet) for one in of_respondents)
        do = "name it in wave.yml (sheet: …); to draft a codebook, say SHEET=… behind `make codebook`"
        raise ExportError(Problem("one sheet with answers", names, file.name, do))
    return of_respondents[0]


def _platform(table: Table) -> bool:
    table = table.without_spaces().below_titles()
    return any(module.recognise(table) for name, module in _TABULAR.items() if name != plain.FORMAT)


def _useless(setting: str, expected: str, found: str, name: str) -> ExportError:
    return ExportError(Problem(expected, found, name, f"remove `{setting}:` from wave.yml"))


def _other_format(format: str, found: str, name: str) -> ExportError:
    return ExportError(Problem(f"a {format} export", found, name, "remove `format:` from wave.yml"))
