"""The ledger: one row a thing done to a raw row or answer, with its rule; what was dropped and kept adds up."""

from __future__ import annotations

import numpy as np
import pandas as pd
from pandas.api.types import union_categoricals

COLUMNS = ["source_row", "respondent", "item", "value", "action", "rule", "detail"]
ROW_DROPPED = "row dropped"
SET_MISSING = "answer set missing"
VALUE_MAPPED = "value mapped"
ACTIONS = (ROW_DROPPED, SET_MISSING, VALUE_MAPPED)  # in the ledger's order


class Ledger:
    """The notes of one cleaning, until they are put in order."""

    def __init__(self) -> None:
        self._notes: list[pd.DataFrame] = []

    def drop(self, rows: pd.Index, rule: str, detail: str | pd.Categorical) -> None:
        """Note rows that are set aside."""
        self.note(rows, "", "", ROW_DROPPED, rule, detail)

    def note(
        self,
        rows: pd.Index,
        item: str,
        value: str | pd.Categorical,
        action: str | pd.Categorical,
        rule: str | pd.Categorical,
        detail: str | pd.Categorical,
    ) -> None:
        """Note something done to an item's answers in these rows; categories say it row by row."""
        if len(rows):
            said = {"item": item, "value": value, "action": action, "rule": rule, "detail": detail}
            self._notes.append(
                pd.DataFrame(
                    {"source_row": np.asarray(rows), **{key: _packed(one, len(rows)) for key, one in said.items()}}
                )
            )

    def table(self, kept: pd.Index) -> pd.DataFrame:
        """Return the ledger in order: rows dropped, answers set missing, values mapped.

        Of rows that were dropped it says only that, and why.
        """
        if not self._notes:
            return pd.DataFrame(columns=COLUMNS)
        notes = [
            note[(note["action"] == ROW_DROPPED).to_numpy() | np.isin(note["source_row"].to_numpy(), kept)]
            for note in self._notes
        ]
        ledger = pd.DataFrame({"source_row": np.concatenate([note["source_row"].to_numpy() for note in notes])})
        for key in ("item", "value", "action", "rule", "detail"):
            ledger[key] = union_categoricals([note[key].cat.remove_unused_categories() for note in notes])
        rows, which = np.unique(ledger["source_row"].to_numpy(), return_inverse=True)
        ledger["respondent"] = pd.Categorical.from_codes(which, categories=respondents(rows))
        place = ledger["action"].cat.set_categories(ACTIONS).cat.codes.to_numpy()
        item = ledger["item"].cat.set_categories(sorted(ledger["item"].cat.categories)).cat.codes.to_numpy()
        order = np.lexsort((item, ledger["source_row"].to_numpy(), place))
        return ledger.loc[order, COLUMNS].reset_index(drop=True)


def respondents(rows: np.ndarray) -> pd.api.extensions.ExtensionArray:
    """Return the names under which respondents go, by their rows in the file.

    >>> list(respondents(np.array([3, 120000])))
    ['r00003', 'r120000']
    """
    return ("r" + pd.Series(rows).astype("str").str.zfill(5)).array


def _packed(said: str | pd.Categorical, count: int) -> pd.Categorical:
    if isinstance(said, str):
        return pd.Categorical.from_codes(np.zeros(count, np.int8), categories=pd.Index([said], dtype="str"))
    return said.set_categories(said.categories.astype("str"))
