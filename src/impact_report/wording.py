"""When two texts say the same: case, spaces of every kind, quotes, dashes, HTML and Unicode forms do not count."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

_BLOCK_TAG = re.compile(
    r"</?(?:p|div|br|li|ul|ol|tr|td|th|table|h[1-6]|hr|center|section)(?=[\s/>])[^<>]*>", re.IGNORECASE
)
_INLINE_TAG = re.compile(  # only HTML's own: "<Refused>" and "<25 years>" are answers
    r"</?(?:a|abbr|b|big|code|em|font|i|img|input|ins|label|mark|o:p|q|s|small|span|strike|strong|style|sub|sup|tt|u|wbr)"
    r"(?:\s+[\w:-]+\s*=[^<>]*|\s*/?)>",
    re.IGNORECASE,
)
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
    before = None
    while text != before and ("<" in text or "&" in text):  # again, for what was escaped twice
        before, text = text, html.unescape(_INLINE_TAG.sub("", _BLOCK_TAG.sub(" ", text)))
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
    plain = unicodedata.normalize("NFKC", tidy(text).translate(_SAME))  # which makes two signs of a ´
    return tidy(plain.translate(_SAME)).casefold()


def spoken(name: str) -> str:
    """Return a name of the codebook or of wave.yml as words.

    >>> spoken("office_only")
    'office only'
    """
    return name.replace("_", " ")


def tidy_all(texts: Iterable[str]) -> pd.Series:
    """Return each text as a person would read it; of many plain ones, quickly.

    >>> tidy_all([" Firm&nbsp;", "School"]).tolist()
    ['Firm', 'School']
    """
    import pandas as pd

    found = pd.Series(texts, dtype="str")
    others = ~found.str.fullmatch(_PLAIN)
    if others.any():
        found = found.copy()
        found[others] = [tidy(text) for text in found[others]]
    return found


def normalise_all(texts: Iterable[str]) -> pd.Series:
    """Return the normalised form of each text; of many plain ones, quickly.

    >>> normalise_all(["Don’t  know ", "YES"]).tolist()
    ["don't know", 'yes']
    """
    import pandas as pd

    texts = pd.Series(texts, dtype="str")
    found = texts.str.lower()
    others = ~texts.str.fullmatch(_PLAIN)
    if others.any():
        found[others] = [normalise(text) for text in texts[others]]
    return found
