"""The outline of a report: headings go down one level at a time, so that a screen reader's outline has no holes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from impact_report.exporters.document.cells import Found
from impact_report.exporters.document.faults import Faults, short

LEVELS_OF_CONTENTS = 2


@dataclass(frozen=True)
class Entry:
    """A line of the contents: level 1 is a part, level 2 a chapter of it."""

    level: int
    text: str
    anchor: str


def contents_of(found: Iterable[Found], faults: Faults) -> list[Entry]:
    """Return the contents; evidence gets the level below the heading that it stands under.

    >>> heading = {"block": "heading", "level": 1, "text": "Method", "id": "method"}
    >>> contents_of([Found(heading, "cell 1")], Faults())
    [Entry(level=1, text='Method', anchor='method')]
    """
    contents: list[Entry] = []
    level = 0
    for item in found:
        block = item.block
        if block["block"] == "findings":
            level = 1
            contents.append(Entry(1, block["title"], block["id"]))
        elif block["block"] == "heading":
            if not block["text"].strip():
                faults.add("a heading with words", "an empty one", item.where, "write it, or remove it")
            if block["level"] > level + 1:
                what = f"level {block['level']} after level {level}: {short(block['text'])}"
                faults.add(f"a heading of level {level + 1} or above", what, item.where, "raise the heading")
            level = block["level"]
            if level <= LEVELS_OF_CONTENTS:
                contents.append(Entry(level, block["text"], block["id"]))
        elif block["block"] == "evidence":
            block["level"] = min(level, LEVELS_OF_CONTENTS) + 1
    return contents
