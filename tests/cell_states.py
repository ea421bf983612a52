"""What each cell of an export says about its question, in one word: for the tests of the readers."""

from __future__ import annotations

import numpy as np

from impact_report.readers import Export

ANSWERED, BLANK, NOT_SHOWN, USER_MISSING = "ANSWERED", "BLANK", "NOT_SHOWN", "USER_MISSING"


def states(export: Export, position: int) -> list[str]:
    """Return the state of each cell of a column: what the platform tells counts before what is written."""
    found = np.where(export.text[position] == "", BLANK, ANSWERED).astype(object)
    for state, marked in ((NOT_SHOWN, export.not_shown), (USER_MISSING, export.user_missing)):
        if position in marked:
            found[np.asarray(marked[position], bool)] = state
    return found.tolist()
