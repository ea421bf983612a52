"""A table of the study told in a language: beside a column of texts may stand its translation (`statement_es`)."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from impact_report.errors import Problem, ReportError, near
from impact_report.language import languages


def told(table: pd.DataFrame, texts: Iterable[str], language: str, name: str, error: type[ReportError]) -> pd.DataFrame:
    """Return a table with its texts in a language, and without the columns of translations.

    `texts` are the columns that readers see; `statement_es` beside `statement` is its Spanish, and where a cell of it
    is empty the text stands for both languages. `name` is the file's. Raises `error`, with every problem at once, for
    a translation of a column that is none of `texts`, and for one whose text is missing.

    >>> table = pd.DataFrame({"name": ["Choir", "Band"], "note": ["small", "B2B"], "note_es": ["pequeño", ""]})
    >>> told(table, ["note"], "es", "groups.csv", ReportError)["note"].tolist()
    ['pequeño', 'B2B']
    >>> list(told(table, ["note"], "en", "groups.csv", ReportError))
    ['name', 'note']
    """
    texts = list(texts)
    codes = {language, *languages()}
    parted = {column: column.rpartition("_") for column in table}
    translations = {column: parts for column, parts in parted.items() if parts[0] and parts[2] in codes - {""}}
    problems = [
        Problem(f"a translation of {' or '.join(texts)}", repr(column), f"{name}, row 1", near(text, texts))
        for column, (text, _, _) in translations.items()
        if text not in texts or text not in table
    ]
    if not problems:
        problems = [
            Problem(f"a text in {text!r} too", f"one in {column!r} alone", f"{name}, row {row}", "write both")
            for column, (text, _, _) in translations.items()
            for row, (own, other) in enumerate(zip(table[text], table[column], strict=True), start=2)
            if other and not own
        ]
    if problems:
        raise error(problems)
    found = table.drop(columns=list(translations))
    for column, (text, _, code) in translations.items():
        if code == language:
            found[text] = table[column].where(table[column] != "", table[text])
    return found
