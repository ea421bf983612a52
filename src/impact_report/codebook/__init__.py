"""The codebook: what was asked, what each answer means, what is missing, and which answers an indicator counts.

model            what it is made of
contradictions   what its types cannot see
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel

from impact_report import yamlfile
from impact_report.codebook.contradictions import contradictions, of_condition, of_translation
from impact_report.codebook.model import (
    CODED,
    EXCEL,
    MISSING_LABELS,
    Code,
    Codebook,
    Condition,
    Fact,
    Indicator,
    Item,
    Name,
    ResponseRate,
    Section,
    Strict,
    Texts,
    Wording,
)
from impact_report.errors import CodebookError, Problem

__all__ = [
    "CODED",
    "EXCEL",
    "MISSING_LABELS",
    "Code",
    "Codebook",
    "Condition",
    "Fact",
    "Indicator",
    "Item",
    "Name",
    "ResponseRate",
    "Section",
    "Strict",
    "Texts",
    "Wording",
    "load",
    "of_condition",
    "schema",
]

TELLINGS_KEPT = 4  # a build looks at the codebook again and again, to read by it and to tell of it


def load(path: Path, language: str | None = None) -> Codebook:
    """Return the codebook in a file, checked; with `language`, as it is told in that language, not to be read by.

    Raises CodebookError with every problem at once: keys, kinds, unknown items and codes (with the near name),
    two items on one column, one text with two meanings, routing in a circle; with `language`, each wording that is
    given in several languages, and not in this one; of that telling, a wording without the place of what it tells, and
    two answers with one label.
    """
    kept = _checked(yamlfile.text_of(Path(path), CodebookError), Path(path).name, language)
    return kept.model_copy(deep=True)  # its items and codes are dicts that somebody may change


@lru_cache(maxsize=TELLINGS_KEPT)
def _checked(text: str, name: str, language: str | None) -> Codebook:
    codebook, lines = yamlfile.parsed(text, name, Codebook, CodebookError, {"language": language})
    findings = of_translation(codebook) if language else contradictions(codebook)  # the rest is in what is read by
    problems = [
        Problem(expected, found, yamlfile.where(name, place, lines), do) for place, expected, found, do in findings
    ]
    if problems:
        raise CodebookError(problems)
    return codebook


def schema(model: type[BaseModel] = Codebook) -> str:
    """Return the JSON Schema with which an editor completes and checks a codebook (or another model's file)."""
    content = {"$schema": "https://json-schema.org/draft/2020-12/schema", **model.model_json_schema()}
    return json.dumps(content, indent=2, ensure_ascii=False, sort_keys=True) + "\n"
