"""What stands in a column and how often: the evidence from which a codebook is drafted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from impact_report.readers import Column, Export
from impact_report.wording import normalise_all, tidy, tidy_all

FEW = 5000  # distinct texts: with more of them nobody was choosing from a list
_SAMPLE = 300
_MANY_ANSWERS = 60
_OFTEN, _OFTEN_OF_FEW = 5, 3


@dataclass(frozen=True)
class Answer:
    """Texts that say the same: as it is written most often, all its spellings, and how often it was given."""

    label: str
    texts: tuple[str, ...]
    count: int


def counted(export: Export, columns: Iterable[Column]) -> dict[str, int]:
    """Return each text of some columns with its count, without empty cells, nor those that only look so.

    >>> import pandas as pd
    >>> text = pd.DataFrame({0: pd.Categorical(["Firm", "&nbsp;", "", "Firm"])})
    >>> counted(Export("plain", (Column(0, "Role", "Role"),), text), [Column(0, "Role", "Role")])
    {'Firm': 2}
    """
    found: Counter[str] = Counter()
    for column in columns:
        cells = export.text[column.position].cat
        codes = cells.codes.to_numpy()
        counts = np.bincount(codes[codes >= 0], minlength=len(cells.categories))
        found.update({text: int(count) for text, count in zip(cells.categories, counts, strict=True) if count})
    written = tidy_all(list(found)) != ""
    return {text: count for (text, count), is_written in zip(found.items(), written, strict=True) if is_written}


def merged(counts: Mapping[str, int]) -> dict[str, Answer]:
    """Return the answers by what they say, the most frequent first.

    >>> merged({"Firm": 3, "firm ": 1, "School": 1})["firm"]
    Answer(label='Firm', texts=('Firm', 'firm '), count=4)
    """
    ordered = sorted(counts.items(), key=lambda one: -one[1])
    together: dict[str, list[tuple[str, int]]] = {}
    for (text, count), said in zip(ordered, normalise_all([text for text, _ in ordered]), strict=True):
        if said:
            together.setdefault(said, []).append((text, count))
    answers = {
        said: Answer(tidy(texts[0][0]), tuple(text for text, _ in texts), sum(count for _, count in texts))
        for said, texts in together.items()
    }
    return dict(sorted(answers.items(), key=lambda one: -one[1].count))


def fewest(counts: Collection[int]) -> int:
    """Return how often a text must be given to be nobody's own: where some are given once, people wrote freely.

    >>> fewest([4, 3, 1]), fewest([40, 30, 1]), fewest([40, 2])
    (3, 5, 1)
    """
    if 1 not in counts:
        return 1
    return _OFTEN if sum(counts) >= _MANY_ANSWERS else _OFTEN_OF_FEW


def answered(export: Export, columns: Iterable[Column]) -> int:
    """Return how many rows have something in at least one of the columns.

    >>> import pandas as pd
    >>> text = pd.DataFrame({0: pd.Categorical(["x", "", ""]), 1: pd.Categorical(["x", "x", ""])})
    >>> answered(Export("plain", (), text), [Column(0, "a", "a"), Column(1, "b", "b")])
    2
    """
    filled = np.zeros(len(export.text), bool)
    for column in columns:
        cells = export.text[column.position].cat
        full = (tidy_all(cells.categories) != "").to_numpy(bool)
        codes = cells.codes.to_numpy()
        filled |= full[codes] & (codes >= 0)
    return int(filled.sum())


def some(texts: Sequence[str]) -> Sequence[str]:
    """Return a few hundred of many texts, from the first to the last.

    >>> len(some("a" * 100)), len(some("a" * 3000))
    (100, 300)
    """
    return texts[:: max(1, len(texts) // _SAMPLE)]
