"""The moments that texts stand for: in ISO form, in formats that are named, or as a spreadsheet's serial numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import pandas as pd

from impact_report.codebook import EXCEL
from impact_report.wording import tidy_all

MONTHS = {  # as dates are shortened in the languages of spreadsheets → the number of the month
    name: number
    for number, names in enumerate(
        (
            ("jan", "janv", "ene", "gen"),
            ("feb", "fev", "fév", "févr"),
            ("mar", "mär", "mrz", "mars", "mrt"),
            ("apr", "avr", "abr"),
            ("may", "mai", "mayo", "mei", "mag"),
            ("jun", "juin", "giu"),
            ("jul", "juil", "lug"),
            ("aug", "août", "ago"),
            ("sep", "sept", "set"),
            ("oct", "okt", "ott", "out"),
            ("nov",),
            ("dec", "dez", "déc", "dic"),
        ),
        start=1,
    )
    for name in names
}
_ENGLISH = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WORD = re.compile(r"[^\W\d_]{3,}\.?")
_GOOGLE = r"\d{4}/\d{1,2}/\d{1,2} \d{1,2}:\d\d:\d\d [AP]M"  # Google Forms' own, year first: nothing to doubt
_ZONE = r" (?:GMT|UTC|[A-Z]{2,5})(?:[+-]\d{1,2}(?::\d\d)?)?$"
ISO = r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?: ?(?:Z|[+-]\d\d:?\d\d))?)?"
SERIAL = r"\d+(?:\.\d+)?"
_OFFSET = r" ?(?:Z|[+-]\d\d:?\d\d)$"
_DAY_ONE = pd.Timestamp("1899-12-30")  # of a spreadsheet's serial numbers
_LAST_SERIAL = 2_958_465  # 9999-12-31


def read_moments(texts: Iterable[str], formats: Sequence[str] = ()) -> pd.Series:
    """Return the moment of each text by the first format that fits, ISO last; NaT where none does.

    An offset from UTC is left out: the moment is what a clock showed where the answer was given.

    >>> read_moments(["3/4/2024", "2024-03-04T23:30:00-05:00", "45355.75", "soon"], ["%m/%d/%Y", "excel"]).tolist()
    [Timestamp('2024-03-04 00:00:00'), Timestamp('2024-03-04 23:30:00'), Timestamp('2024-03-04 18:00:00'), NaT]
    >>> read_moments(["2025/09/01 8:00:00 AM GMT+2", "2025/09/01 1:30:00 PM EST"]).dt.hour.tolist()
    [8, 13]
    """
    tidied = tidy_all(texts).reset_index(drop=True)
    found = pd.Series(pd.NaT, index=tidied.index, dtype="datetime64[us]")
    for pattern in formats:
        rest = tidied[found.isna()]
        if pattern == EXCEL:
            found[rest.index] = _from_serials(rest)
            continue
        if "%z" in pattern:
            rest = rest[rest.str.contains(_OFFSET)].str.replace(_OFFSET, "", regex=True)
            pattern = pattern.replace("%z", "").rstrip()
        if "%b" in pattern or "%B" in pattern:
            rest, pattern = rest.map(_in_english), pattern.replace("%B", "%b")
        found[rest.index] = _parsed(rest, pattern)
    rest = tidied[found.isna()].str.replace(_ZONE, "", regex=True)
    rest = rest[rest.str.fullmatch(_GOOGLE)]
    found[rest.index] = _parsed(rest, "%Y/%m/%d %I:%M:%S %p")
    rest = tidied[found.isna() & tidied.str.fullmatch(ISO)]
    found[rest.index] = _parsed(_without_offset(rest), "ISO8601")
    return found


def _in_english(text: str) -> str:
    """Return a date with its month in English, shortened; other words as they are.

    >>> _in_english("23-avr-25"), _in_english("3. März 2025")
    ('23-Apr-25', '3. Mar 2025')
    """

    def month(word: re.Match) -> str:
        bare = word[0].rstrip(".").casefold()
        number = MONTHS.get(bare) or MONTHS.get(bare[:4]) or MONTHS.get(bare[:3])
        return _ENGLISH[number - 1] if number else word[0]

    return _WORD.sub(month, text)


def _without_offset(texts: pd.Series) -> pd.Series:
    """Return ISO texts without their offset; a date alone has none."""
    timed = texts.str.contains(":", regex=False)
    return texts.where(~timed, texts.str.replace(_OFFSET, "", regex=True))


def _parsed(texts: pd.Series, pattern: str) -> pd.Series:
    return pd.to_datetime(texts, format=pattern, errors="coerce").astype("datetime64[us]")


def _from_serials(texts: pd.Series) -> pd.Series:
    days = pd.to_numeric(texts.where(texts.str.fullmatch(SERIAL)), errors="coerce").astype("float64")
    days = days.where((days >= 1) & (days <= _LAST_SERIAL))
    return (_DAY_ONE + pd.to_timedelta((days * 86_400).round(), unit="s")).astype("datetime64[us]")
