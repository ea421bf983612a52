"""Qualtrics: three header rows, names, labels and import ids."""

from __future__ import annotations

import os
import re
from collections import defaultdict

from impact_report.readers.export import Column, Export
from impact_report.readers.source import Table
from impact_report.wording import tidy

FORMAT = "qualtrics"
_IMPORT_ID = re.compile(r"\{\s*[\"']ImportId[\"']\s*:")
_NUMBERED = re.compile(r"^(?P<group>.+?)_(?P<number>\d+)(?P<text>_TEXT)?$")
_CHOICE = " - Selected Choice"
_BETWEEN = " - "


def recognise(table: Table) -> bool:
    """Say whether the third row holds import ids."""
    return len(table.cells) >= 3 and any(_IMPORT_ID.match(cell.strip()) for cell in table.cells.iloc[2])


def read(table: Table) -> Export:
    """Return the export; columns named `Q5_1`, `Q5_2` … are the options or rows of `Q5`."""
    names = [tidy(cell) for cell in table.cells.iloc[0]]
    labels = [tidy(cell) for cell in table.cells.iloc[1]]
    groups: dict[str, list[int]] = defaultdict(list)
    for position, name in enumerate(names):
        if (match := _NUMBERED.match(name)) and not match["text"]:
            groups[match["group"]].append(position)
    columns = []
    for position, (name, label) in enumerate(zip(names, labels, strict=True)):
        match = _NUMBERED.match(name)
        if match is None or match["text"]:  # a choice's text is an answer of its own
            columns.append(Column(position, name, label.removesuffix(_CHOICE), None, name))
            continue
        question, option = _split(label, [labels[one] for one in groups[match["group"]]])
        columns.append(Column(position, name, question, option, match["group"]))
    return Export(FORMAT, tuple(columns), table.cells.iloc[3:], table.encoding, table.separator)


def _split(label: str, labels: list[str]) -> tuple[str, str | None]:
    """Return question and option: what the labels of one question share, and what is each column's own.

    >>> _split("Which - if any? - Selected Choice - Pay", ["Which - if any? - Selected Choice - Pay",
    ...                                                    "Which - if any? - Selected Choice - Hours"])
    ('Which - if any?', 'Pay')
    """
    question, choice, option = label.partition(_CHOICE + _BETWEEN)
    if choice:
        return question, option
    shared = os.path.commonprefix(labels) if len(labels) > 1 else label  # noqa: RUF071 - texts, not paths
    end = shared.rfind(_BETWEEN)
    if end < 0:
        return label, None
    return label[:end], label[end + len(_BETWEEN) :]
