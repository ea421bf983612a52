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


def restored(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table, read as it was written by `defused`, with its texts as they were.

    >>> restored(pd.DataFrame({"label": ["'=1+1", "a=b", "'tis"]}))["label"].tolist()
    ['=1+1', 'a=b', "'tis"]
    """
    texts = [name for name in table if pd.api.types.is_string_dtype(table[name].dropna())]
    return table.assign(**{name: _restored(table[name].astype("string")) for name in texts})


def _restored(texts: pd.Series) -> pd.Series:
    marked = texts.str.startswith(tuple(MARK + begun for begun in RUN_AS_FORMULA)).fillna(False).astype(bool)
    return texts.mask(marked, texts.str.removeprefix(MARK))


def _defused(texts: pd.Series) -> pd.Series:
    return texts.mask(texts.str.startswith(RUN_AS_FORMULA).fillna(False).astype(bool), MARK + texts)
