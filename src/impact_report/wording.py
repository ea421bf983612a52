"""When two texts say the same: case, spaces of every kind, quotes, dashes, HTML and Unicode forms do not count."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable

import pandas as pd

_BLOCK_TAG = re.compile(r"</?(?:p|div|br|li|ul|ol|tr|td|th|table|h[1-6]|hr)\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_NO_WIDTH = re.compile("[\u180e\u200b-\u200d\u2060\ufeff]")  # where a line may or may not break: no space
_SPACES = re.compile(r"[\s\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")
_PLAIN = r"[!-%'-;=?-_a-~]+( [!-%'-;=?-_a-~]+)*"  # ASCII, single spaces, nothing that HTML could mean
_SAME = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′`´ʼ＇", "'"),
        **dict.fromkeys("“”„‟″«»＂", '"'),
        **dict.fromkeys("‐‑‒–—―−﹘﹣－", "-"),
        "\u00ad": None,  # soft hyphen
        "…": "...",
    }
)


def tidy(text: str) -> str:
    """Return the text as a person would read it: no HTML, single spaces, nothing around it.

    >>> tidy("  Shared&nbsp;<b>data</b>\\u200b  across ")
    'Shared data across'
    """
    if "<" in text or "&" in text:
        text = html.unescape(_TAG.sub("", _BLOCK_TAG.sub(" ", text)))
    return _SPACES.sub(" ", _NO_WIDTH.sub("", text)).strip()


def normalise(text: str) -> str:
    """Return the form in which two texts that say the same are equal.

    >>> normalise("Don’t  know ") == normalise("DON'T KNOW")
    True
    >>> normalise("2–5") == normalise("2-5")
    True
    >>> normalise("None") == normalise("No")
    False
    """
    return tidy(unicodedata.normalize("NFKC", tidy(text)).translate(_SAME)).casefold()


def normalise_all(texts: Iterable[str]) -> list[str]:
    """Return the normalised form of each text; of many plain ones, quickly.

    >>> normalise_all(["Don’t  know ", "YES"])
    ["don't know", 'yes']
    """
    texts = pd.Series(texts, dtype="str")
    plain = texts.str.fullmatch(_PLAIN)
    lowered = texts.str.lower()
    return [low if is_plain else normalise(raw) for raw, low, is_plain in zip(texts, lowered, plain, strict=True)]
