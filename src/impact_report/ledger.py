"""The ledger: one row a thing done to a raw row or answer, with its rule; what was dropped and kept adds up."""

from __future__ import annotations

import numpy as np
import pandas as pd

COLUMNS = ["source_row", "respondent", "item", "value", "action", "rule", "detail"]
ROW_DROPPED = "row dropped"
SET_MISSING = "answer set missing"
VALUE_MAPPED = "value mapped"
ACTIONS = (ROW_DROPPED, SET_MISSING, VALUE_MAPPED)  # in the ledger's order


class Ledger:
    """The notes of one cleaning, until they are put in order."""

    def __init__(self) -> None:
        self._notes: list[pd.DataFrame] = []

    def drop(self, rows: pd.Index, rule: str, detail: str | np.ndarray) -> None:
        """Note rows that are set aside."""
        self.note(rows, "", "", ROW_DROPPED, rule, detail)

    def note(
        self,
        rows: pd.Index,
        item: str,
        value: str | np.ndarray,
        action: str | np.ndarray,
        rule: str | np.ndarray,
        detail: str | np.ndarray,
    ) -> None:
        """Note something done to an item's answers in these rows; arrays say it row by row."""
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
            ledger[key] = pd.api.types.union_categoricals([note[key].cat.remove_unused_categories() for note in notes])
        ledger["respondent"] = respondents(ledger["source_row"].to_numpy())
        place = ledger["action"].map({action: k for k, action in enumerate(ACTIONS)}).astype("int8")
        item = ledger["item"].astype(str)
        order = (
            ledger.assign(_place=place, _item=item).sort_values(["_place", "source_row", "_item"], kind="stable").index
        )
        return ledger.loc[order, COLUMNS].reset_index(drop=True)


def respondents(rows: np.ndarray) -> np.ndarray:
    """Return the names under which respondents go, by their rows in the file.

    >>> respondents(np.array([3, 120000])).tolist()
    ['r00003', 'r120000']
    """
    return np.char.add("r", np.char.zfill(np.asarray(rows).astype(str), 5)).astype(object)


def _packed(said: str | np.ndarray, count: int) -> pd.Categorical:
    if isinstance(said, str):
        return pd.Categorical.from_codes(np.zeros(count, np.int8), categories=pd.Index([said], dtype="str"))
    return pd.Categorical(pd.Series(said, dtype="str"))
