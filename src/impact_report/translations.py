"""A table of the study told in a language: beside a column of texts may stand its translation (`statement_es`)."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd

from impact_report.errors import Problem, ReportError, near
from impact_report.language import languages, of_words

MISSPELT = 0.8  # how alike two names are, at least, one of which is meant for the other
NUMBERED = ("id", "no")  # columns that end so hold numbers, not Indonesian or Norwegian
_ENDING = re.compile(r"(?P<text>.+)_(?P<language>[A-Za-z]{2,3}(-[A-Za-z0-9]{2,4})?)")


class Ending(NamedTuple):
    """A column that is named as a translation: of which text, and into which language, as it is written."""

    column: str
    text: str
    language: str


def told(
    table: pd.DataFrame, texts: Iterable[str], language: str, name: str, error: type[ReportError], own: str = ""
) -> pd.DataFrame:
    """Return a table with its texts in a language, and without the columns of translations.

    `texts` are the columns that readers see; `statement_es` beside `statement` is its Spanish, and where a cell of it
    is empty the text stands for both languages. Without a column `statement` it is a column of its own. `name` is the
    file's, `own` the study's language. Raises `error`, with every problem at once, for a translation of a column that
    is none of `texts` or is misspelt, for one into a language that reports are not told in, and for one whose text is
    missing.

    >>> table = pd.DataFrame({"name": ["Choir", "Band"], "note": ["small", "B2B"], "note_es": ["pequeño", ""]})
    >>> told(table, ["note"], "es", "groups.csv", ReportError)["note"].tolist()
    ['pequeño', 'B2B']
    >>> list(told(table, ["note"], "en", "groups.csv", ReportError))
    ['name', 'note']
    >>> list(told(table.rename(columns={"note_es": "home_es"}), ["note"], "es", "groups.csv", ReportError))
    ['name', 'note', 'home_es']
    """
    columns = _Columns(list(table), list(texts), [*languages(), *sorted({language, own} - {"", *languages()})], name)
    problems = list(columns.problems()) or list(_alone(table, columns.translations, name))
    if problems:
        raise error(problems)
    found = table.drop(columns=[one.column for one in columns.translations])
    for column, text, code in columns.translations:
        if code.lower() == language:
            found[text] = table[column].where(table[column] != "", table[text])
    return found


@dataclass(frozen=True)
class _Columns:
    """The columns of a table, with those that readers see and the languages that a report can be told in."""

    all: Sequence[str]
    texts: Sequence[str]
    known: Sequence[str]
    file: str

    @property
    def endings(self) -> list[Ending]:
        """The columns that end in a language, of reports or another."""
        matches = ((column, _ENDING.fullmatch(column)) for column in self.all)
        found = [Ending(column, match["text"], match["language"]) for column, match in matches if match]
        return [one for one in found if of_words(one.language) in self.known or _is_language(of_words(one.language))]

    @property
    def translations(self) -> list[Ending]:
        """The columns that stand beside the text they translate, in a language of the report."""
        return [one for one in self.endings if one.text in self.all and one.language.lower() in self.known]

    def problems(self) -> Iterator[Problem]:
        """Yield what is wrong with a column that is named as a translation."""
        where = f"{self.file}, row 1"
        ends = {one.column for one in self.endings}
        texts = [text for text in self.texts if text in self.all and text not in ends]
        seen = set()
        for column, text, code in self.endings:
            found, is_known = repr(column), code.lower() in self.known
            if text in self.texts and text in self.all:
                if not is_known:
                    base = of_words(code)
                    do = f"name it {text}_{base}" if base in self.known else "rename it if it is no translation"
                    yield Problem(f"a translation into {' or '.join(self.known)}", found, where, do)
                elif (text, code.lower()) in seen:
                    yield Problem(f"one translation of {text!r} into {code.lower()}", found, where, "keep one of them")
                seen.add((text, code.lower()))
            elif is_known and (text in self.all or _is_misspelt(text, texts)):
                yield Problem(f"a translation of {' or '.join(texts)}", found, where, near(text, texts))


def _alone(table: pd.DataFrame, translations: Iterable[Ending], name: str) -> Iterator[Problem]:
    """Yield each translation whose text is missing."""
    for column, text, _ in translations:
        for row, (own, other) in enumerate(zip(table[text], table[column], strict=True), start=2):
            if other and not own:
                yield Problem(f"a text in {text!r} too", f"one in {column!r} alone", f"{name}, row {row}", "write both")


def _is_misspelt(name: str, names: Iterable[str]) -> bool:
    return bool(difflib.get_close_matches(name.lower(), [one.lower() for one in names], n=1, cutoff=MISSPELT))


def _is_language(code: str) -> bool:
    """Say whether two letters are the code of a language, of which reports need have no words.

    >>> _is_language("de"), _is_language("mx"), _is_language("id"), _is_language("new")
    (True, False, False, False)
    """
    from babel import Locale

    return len(code) == 2 and code not in NUMBERED and code in Locale("en").languages
