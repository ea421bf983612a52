"""Whether texts are dates, and in which of the many ways these are written."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd

from impact_report.codebook import EXCEL
from impact_report.draft.answers import some
from impact_report.draft.items import DraftItem
from impact_report.moments import ISO, read_moments
from impact_report.wording import tidy_all

_LIKE_A_DATE = re.compile(
    r"\d{1,4}[-/. ]{1,2}\d{1,2}[-/. ]{1,2}\d{2,4}(?!\d).*|\d{1,2}[-/. ]{1,2}[^\W\d]{3,9}\.?[-/, ]{1,2}\d{2,4}.*|"
    r"[^\W\d]{3,9}\.? \d{1,2},? \d{4}.*"
)
_DAYS = ("%m/%d/%Y", "%d/%m/%Y", "%d.%m.%Y", "%Y/%m/%d", "%d-%m-%Y", "%m-%d-%Y", "%m/%d/%y", "%d/%m/%y", "%d.%m.%y",
         "%Y-%m-%d", "%d %b %Y", "%d-%b-%Y", "%d-%b-%y", "%b %d, %Y", "%B %d, %Y", "%d %B %Y", "%Y.%m.%d")  # fmt: skip
_TIMES = ("", " %H:%M:%S", " %H:%M", " %I:%M:%S %p", " %I:%M %p", ", %H:%M:%S", ", %H:%M", ", %I:%M:%S %p",
          " %H:%M:%S %z")  # fmt: skip
_PATTERNS = [day + time for day in _DAYS for time in _TIMES]
_MOST_PATTERNS = 3  # of one column
_DATED = re.compile(r"date|datum|fecha|data\b|time|start|end|submitted|created|modified|zeit", re.IGNORECASE)
_SERIALS = "are these days as a spreadsheet counts them (43299 is a day of 2018)? Now they are read so."


def as_dates(item: DraftItem, texts: Sequence[str]) -> bool:
    """Make an item a date, if a few ways of writing dates explain all of its texts.

    >>> item = DraftItem("When?", "text", ())
    >>> as_dates(item, ["05/31/2024", "06/01/2024", "2024-06-02"]), item.formats
    (True, ['%m/%d/%Y'])
    >>> as_dates(item, ["1.5", "2.3"])
    False
    """
    tidied = tidy_all(texts).drop_duplicates()
    sample = some(tidied.tolist())
    if _are_serials(sample) and _DATED.search(item.question) and _are_serials(tidied):
        item.kind, item.formats = "date", [EXCEL]
        item.decisions.append(_SERIALS)
        return True
    if not sample or not all(map(_LIKE_A_DATE.fullmatch, sample)):
        return False
    rest = tidied[~tidied.str.fullmatch(ISO)].reset_index(drop=True)
    formats: list[str] = []
    doubt = ""
    while len(rest) and len(formats) < _MOST_PATTERNS:
        likely = _likely(rest)
        if not likely:
            return False
        formats.append(next(iter(likely)))
        if len({pattern[:2] for pattern in likely}) > 1:
            doubt = formats[-1]
        rest = rest[likely[formats[-1]].isna()].reset_index(drop=True)
    if len(rest):
        return False
    item.kind, item.formats = "date", formats
    if doubt:
        first = "month" if doubt.startswith("%m") else "day" if doubt.startswith("%d") else "year"
        item.decisions.append(f"day or month first? Both can be; now the {first} stands first.")
    return True


def _likely(texts: pd.Series) -> dict[str, pd.Series]:
    """Return the ways of writing that explain most texts, with the moments they give; the shortest span first."""
    small = some(texts.tolist())
    fits = {pattern: read_moments(small, [pattern]).notna().sum() for pattern in _PATTERNS}
    best = max(fits.values())
    if not best:
        return {}
    moments = {pattern: read_moments(texts, [pattern]) for pattern, count in fits.items() if count == best}
    most = max(found.notna().sum() for found in moments.values())
    equal = [(pattern, found) for pattern, found in moments.items() if found.notna().sum() == most]
    return dict(sorted(equal, key=lambda one: one[1].max() - one[1].min()))


def _are_serials(texts: Sequence[str] | pd.Series) -> bool:
    """Say whether these are days as a spreadsheet counts them, of the years from 1982 to 2064."""
    return len(texts) > 0 and bool(pd.Series(texts, dtype="str").str.fullmatch(r"[3-5]\d{4}(\.\d+)?").all())
