"""Names of items and codes: small letters, digits and _, each one once."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

LONGEST = 60  # letters of a name
_STOPWORD_LIST = """
    a an and any are as at be been being by can could did do does for from had has have how i if in into is it its me
    my of on or our please select state which what when where who why will with would you your the their them these
    this those that there to was were following all apply tick check each many much we us whether than then so such
    der die das den dem des ein eine einen und oder wie was wer wo ist sind sie ihr ihre ihnen haben hat in im am an
    auf für von zu mit bitte le la les un une des de du et ou est quel quelle vous votre vos pour dans sur el los las
    una y o que cuál usted su sus en por para il lo gli e di da che"""
_STOPWORDS = frozenset(_STOPWORD_LIST.split())
_LETTERS = str.maketrans({"ß": "ss", "ø": "o", "Ø": "O", "æ": "ae", "Æ": "AE", "ł": "l", "Ł": "L", "đ": "d", "ı": "i"})


def slug(text: str, longest: int = 60, telling: bool = False) -> str:
    """Return a text as a name of small letters, digits and _; with `telling`, of its first telling words only.

    >>> slug("What’s your Role?"), slug("currentEmp13"), slug("18–29"), slug("Größe")
    ('whats_your_role', 'current_emp13', 'n18_29', 'grosse')
    >>> slug("Have you seen any of the 6 films in the franchise?", telling=True)
    'seen_6_films_franchise'
    """
    apart = re.sub(r"(?<=[a-z])(?=[A-Z][a-z])", " ", text)
    plain = unicodedata.normalize("NFKD", apart.translate(_LETTERS).replace("’", "").replace("'", ""))
    words = re.findall(r"[a-z0-9]+", "".join(one for one in plain if not unicodedata.combining(one)).lower())
    if telling:
        words = [word for word in words if word not in _STOPWORDS][:4] or words[:4]
    name = ""
    for word in words:
        if len(name) + len(word) + 1 > longest:
            break
        name = f"{name}_{word}" if name else word
    name = name or (words[0][:longest] if words else "")
    return f"n{name}"[:longest] if name[:1].isdigit() else name


def unique(name: str, taken: Iterable[str], fallback: str = "q") -> str:
    """Return a name that is valid and not yet taken.

    >>> unique("role", {"role", "role_2"}), unique("", {}, "question_7")
    ('role_3', 'question_7')
    """
    name = name or fallback
    taken, candidate, number = set(taken), name[:LONGEST], 1
    while candidate in taken:
        number += 1
        candidate = f"{name[: LONGEST - len(str(number)) - 1]}_{number}"
    return candidate


def code_names(labels: Iterable[str], reserved: Iterable[str] = ("missing",)) -> list[str]:
    """Return a name for each label.

    >>> code_names(["Yes", "18–29", "Да", "yes!", "Missing"])
    ['yes', 'n18_29', 'answer_3', 'yes_2', 'missing_2']
    """
    names: list[str] = []
    for place, label in enumerate(labels, 1):
        names.append(unique(slug(label, 40), {*names, *reserved}, f"answer_{place}"))
    return names
