"""What a text was before a spreadsheet or a wrong encoding changed it, if just one of the known texts can be meant."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from functools import lru_cache

from impact_report.moments import MONTHS
from impact_report.wording import normalise, tidy

SPREADSHEET = "spreadsheet"
ENCODING = "encoding"
NUMBER = "number"
_DAY_MONTH = re.compile(r"(?P<day>\d{1,2})\.?[-. /]\s?(?P<month>[^\W\d_]{3,5})\.?")
_MONTH_NUMBER = re.compile(r"(?P<month>[^\W\d_]{3,5})\.?[-. /](?P<number>\d{2,4})")
_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})( 00:00(:00)?)?|(\d{1,2})[/.](\d{1,2})[/.](\d{2,4})")
_SERIAL = re.compile(r"[1-9]\d{4}(\.0)?")
_DAY_ONE = dt.date(1899, 12, 30)  # of a spreadsheet's serial numbers
_PAIR = re.compile(r"0*(\d{1,4})\s?[-/.]\s?0*(\d{1,4})")
_MASKED = re.compile(r"""'(?=[=+@-])|="(.*)"$""")
_AMOUNT = re.compile(r"[$€£¥]?\s?\d{1,3}(,\d{3})+\s?[$€£¥+]*|[$€£¥]\s?\d+\+?|\d+\s?[$€£¥]\+?")
_LOST = re.compile("\ufffd+|\\?")
_LOSABLE = (
    r"(?:[^\x00-\x7f]{1,4}|['\"-])"  # what an encoding loses; quotes and dashes may be typed plainly in a codebook
)
_ROUND_TRIPS = (("cp1252", "utf-8"), ("mac_roman", "utf-8"), ("mac_roman", "cp1252"), ("cp1252", "mac_roman"))


def original(text: str, known: Iterable[str]) -> tuple[str, str] | None:
    """Return the known text that a changed one must have been, and the kind of change; None if none or several can be.

    >>> original("5-Feb", ["1", "2-5", "6-9"])
    ('2-5', 'spreadsheet')
    >>> original("5-Feb", ["2-5", "5-2"]) is None  # either can have become this date
    True
    >>> original("isn?t", ["is", "isn’t"])
    ('isn’t', 'encoding')
    >>> original("5.0", ["4", "5"])
    ('5', 'number')
    """
    known = tuple(dict.fromkeys(known))
    for kind, candidates in (
        (SPREADSHEET, _unmasked),
        (NUMBER, _same_number),
        (SPREADSHEET, _before_date),
        (SPREADSHEET, _bare_amount),
        (ENCODING, _before_encoding),
    ):
        found = candidates(text, known)
        if len(found) == 1:
            return found[0], kind
        if found:
            return None
    return None


def _unmasked(text: str, known: tuple[str, ...]) -> list[str]:
    """Return the texts meant by one that a spreadsheet was kept from computing: '=A or ="007"."""
    bare = normalise(_MASKED.sub(r"\1", text.strip()))
    return [one for one in known if normalise(one) == bare] if _MASKED.match(text.strip()) else []


def _same_number(text: str, known: tuple[str, ...]) -> list[str]:
    """Return the texts that are the same number, written otherwise; 0.5 may have been 50%."""
    if (number := _number(text)) is None:
        return []
    return [one for one in known if _number(one) == number or _number(one, percent=True) == number]


def _number(text: str, percent: bool = False) -> float | None:
    bare = tidy(text)
    if percent != bare.endswith("%") or not re.fullmatch(r"-?\d+(\.\d+)?", bare.rstrip("% ")):
        return None
    return round(float(bare.rstrip("% ")) / (100 if percent else 1), 9)


def _before_date(text: str, known: tuple[str, ...]) -> list[str]:
    pairs = _pairs(text)
    return [one for one in known if (match := _PAIR.fullmatch(tidy(one).replace("–", "-").replace("—", "-")))
            and (int(match[1]), int(match[2])) in pairs] if pairs else []  # fmt: skip


@lru_cache(maxsize=4096)
def _pairs(text: str) -> frozenset[tuple[int, int]]:
    """Return the pairs of numbers that a spreadsheet can have taken for this date.

    >>> sorted(_pairs("Oct-49"))
    [(10, 49), (49, 10)]
    """
    bare = normalise(text)
    pairs: set[tuple[int, int]] = set()
    if (match := _DAY_MONTH.fullmatch(bare)) and match["month"] in MONTHS:
        pairs.add((MONTHS[match["month"]], int(match["day"])))
    elif (match := _MONTH_NUMBER.fullmatch(bare)) and match["month"] in MONTHS:
        pairs.add((MONTHS[match["month"]], int(match["number"])))
    elif match := _DATE.fullmatch(bare):
        if match[1]:
            year, month, day = int(match[1]), int(match[2]), int(match[3])
            pairs |= _of_date(year, month, day)
        else:
            year = int(match[8])
            pairs |= _of_date(year, int(match[6]), int(match[7])) | _of_date(year, int(match[7]), int(match[6]))
    elif _SERIAL.fullmatch(bare):
        day = _DAY_ONE + dt.timedelta(days=int(float(bare)))
        pairs |= _of_date(day.year, day.month, day.day)
    return frozenset(pairs | {(second, first) for first, second in pairs})


def _of_date(year: int, month: int, day: int) -> set[tuple[int, int]]:
    """Return month and day; for the first of a month also month and year, as in 10-49."""
    return {(month, day)} | ({(month, year), (month, year % 100)} if day == 1 else set())


def _bare_amount(text: str, known: tuple[str, ...]) -> list[str]:
    """Return the amounts whose signs a spreadsheet has taken away: 150000 for $150,000+."""
    digits = re.fullmatch(r"(\d+)(\.0+)?", tidy(text))
    if not digits:
        return []
    return [one for one in known if _AMOUNT.fullmatch(tidy(one)) and re.sub(r"\D", "", one) == digits[1]]


def _before_encoding(text: str, known: tuple[str, ...]) -> list[str]:
    """Return the texts that a wrong encoding can have made this of, or in which it has lost letters."""
    whole = {normalise(mended) for mended in _mended(text)}
    found = [one for one in known if normalise(one) in whole]
    if found or not _LOST.search(text):
        return found
    if not re.search(r"[^\W\d_]", text):  # nothing but lost letters could be anything
        return []
    pieces = _LOST.split(tidy(text))
    pattern = re.compile(_LOSABLE.join(map(re.escape, pieces)), re.IGNORECASE)
    return [one for one in known if pattern.fullmatch(tidy(one))]


def _mended(text: str) -> Iterable[str]:
    if text.isascii():
        return
    for wrong, right in _ROUND_TRIPS:
        try:
            mended = text.encode(wrong).decode(right)
        except UnicodeError:
            continue
        if mended != text:
            yield mended
