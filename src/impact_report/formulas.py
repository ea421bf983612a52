"""Texts that a spreadsheet would run as a formula, made to stay texts in tables that are plain text."""

from __future__ import annotations

import pandas as pd

# A spreadsheet may run a cell that begins so: on opening plain text, or once a person has edited it.
RUN_AS_FORMULA = ("=", "+", "-", "@", "\t", "\r")
MARK = "'"  # before a text: what follows is text


def defused(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table in which each text that a spreadsheet would run begins with an apostrophe; numbers are left.

    Source of the list and of the apostrophe: OWASP, CSV Injection.

    >>> defused(pd.DataFrame({"label": ["=1+1", "a=b", None], "change": [-0.5, 0.5, 1]})).to_csv(index=False)
    "label,change\\n'=1+1,-0.5\\na=b,0.5\\n,1.0\\n"
    """
    texts = [name for name in table if pd.api.types.is_string_dtype(table[name].dropna())]
    texts += [name for name in table if isinstance(table[name].dtype, pd.CategoricalDtype)]
    return table.assign(**{name: _defused(table[name].astype("string")) for name in dict.fromkeys(texts)})


def _defused(texts: pd.Series) -> pd.Series:
    return texts.mask(texts.str.startswith(RUN_AS_FORMULA).fillna(False).astype(bool), MARK + texts)
