"""One row of the record: an id that stays, what it is, and what is said of it, numbers apart."""

from __future__ import annotations

from typing import Any

from impact_report.blocks import Inlines
from impact_report.exporters.structure import plain_text

Row = dict[str, Any]


def row(id: str, what: str, said: str, *numbers: str) -> Row:
    """Return a row; `said` has {} where each of the numbers belongs, and no other braces if there are numbers.

    >>> row("minimum_base", "Smallest base shown", "{}", "5")
    {'id': 'minimum_base', 'what': 'Smallest base shown', 'words': '{}', 'numbers': ['5']}
    >>> row("mode", "Mode", "web {beta}")["words"]
    'web {{beta}}'
    """
    words = said if numbers else said.replace("{", "{{").replace("}", "}}")
    return {"id": id, "what": what, "words": words, "numbers": list(numbers)}


def kept_by(row: Row, key: str) -> Row:
    """Return a row that says the same as long as its key does: what it is called may be worded anew.

    >>> kept_by(row("section_of/solo", "Section of “solo”", "Joy"), "joy")["key"]
    'joy'
    """
    return {**row, "key": key}


def row_of(id: str, what: str, inlines: Inlines) -> Row:
    """Return a row of words of the report, in which numbers are nodes of their own."""
    words, numbers = _taken_apart(inlines)
    return {"id": id, "what": what, "words": " ".join(words.split()), "numbers": numbers}


def _taken_apart(inlines: Inlines) -> tuple[str, list[str]]:
    words, numbers = "", []
    for node in inlines:
        if node["t"] == "number":
            words += "{}"
            numbers.append(node["text"])
        elif "c" in node:
            inner, more = _taken_apart(node["c"])
            words += inner
            numbers += more
        else:
            words += plain_text([node]).replace("{", "{{").replace("}", "}}")
    return words, numbers
