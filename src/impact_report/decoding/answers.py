"""The answers of one item as the responses hold them, with what was noted and what was not understood."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from impact_report.codebook import CODED, MISSING_LABELS, Item
from impact_report.decoding.cells import Distinct
from impact_report.readers import Column

MOST_LISTED = 50  # in an error
KIND_PLACE = {kind: k for k, kind in enumerate(MISSING_LABELS)}


@dataclass(frozen=True)
class Unknown:
    """A text without meaning: where it stands and what was expected."""

    item: str
    column: Column
    text: str
    expected: str
    rows: pd.Index
    others: int = 0  # instead of one text, so many that are not listed


@dataclass
class Decoded:
    """The answers of one item: the columns of the responses, the ledger's notes, and texts without meaning."""

    columns: dict[str, object]
    notes: list[tuple] = field(default_factory=list)  # arguments of Ledger.note
    unknown: list[Unknown] = field(default_factory=list)

    def list_unknown(self, name: str, distinct: Distinct, rows: pd.Index, strange: Mapping[int, str]) -> None:
        """List texts without meaning, the first of them one by one; `strange` says what was expected of each."""
        column, codes = distinct.column, distinct.codes
        for k, expected in list(strange.items())[:MOST_LISTED]:
            self.unknown.append(Unknown(name, column, distinct.texts[k], expected, rows[codes == k]))
        if len(strange) > MOST_LISTED:
            rest = np.isin(codes, list(strange)[MOST_LISTED:])
            expected = next(iter(strange.values()))
            self.unknown.append(Unknown(name, column, "", expected, rows[rest], len(strange) - MOST_LISTED))


def kinds(places: np.ndarray) -> pd.Categorical:
    """Return missing kinds from their places, -1 where there is an answer.

    >>> kinds(np.array([-1, KIND_PLACE["no_answer"]])).tolist()
    [nan, 'no_answer']
    """
    return pd.Categorical.from_codes(places, categories=list(MISSING_LABELS))


def coded(places: np.ndarray, item: Item) -> pd.Categorical:
    """Return codes of an item from their places, -1 where there is none.

    >>> coded(np.array([1, -1]), Item(question="Sings?", kind="single", codes={"yes": "Yes", "no": "No"})).tolist()
    ['no', nan]
    """
    return pd.Categorical.from_codes(places, categories=list(item.codes), ordered=item.kind == "scale")


def not_asked(name: str, item: Item, count: int) -> dict[str, object]:
    """Return the columns of an item that this wave did not ask."""
    columns: dict[str, object] = {}
    if item.kind == "multiple":
        columns = {f"{name}.{code}": np.zeros(count, bool) for code in item.codes}
    elif item.kind in CODED:
        columns = {name: coded(np.full(count, -1), item)}
    elif item.kind == "date":
        columns = {name: np.full(count, np.datetime64("NaT", "us"))}
    else:
        columns = {name: np.full(count, np.nan)}
    return {**columns, f"{name}.missing": kinds(np.full(count, KIND_PLACE["not_asked"]))}
