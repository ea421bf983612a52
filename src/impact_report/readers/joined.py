"""Answers that share a cell: what stands between them, told from which pieces come back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable

_WIDEST = 5  # pieces of one answer that holds the mark itself, as "Yes, but only at home, and seldom"


def joins(texts: Collection[str], mark: str) -> bool:
    """Say whether a mark stands between answers in these texts of a column.

    It does where most of the texts that hold it fall into pieces that also occur alone or in other texts, and where a
    piece further back occurs alone or in front elsewhere: "Agree, strongly" and "Disagree, strongly" are answers.

    >>> joins(["Pay", "Hours", "Pay, Hours"], ", ")
    True
    >>> joins(["Agree", "Agree, strongly", "Disagree", "Disagree, strongly"], ", ")
    False
    """
    pieces = {text: [piece for piece in text.split(mark) if piece.strip()] for text in texts}
    joined = {text.strip(): found for text, found in pieces.items() if len(found) > 1}
    if not joined:
        return False
    whole = {text.strip() for text in texts} | {found[0].strip() for found in pieces.values() if len(found) == 1}
    seen = Counter(piece for found in joined.values() for piece in {one.strip() for one in found})
    again = {piece for piece, times in seen.items() if times > 1}
    movable = (whole - set(joined)) | {found[0].strip() for found in joined.values()}
    known = {text: _known(found, mark, whole, again) for text, found in joined.items()}
    explained = [text for text, found in known.items() if len(found) > 1 and 2 * len(found) >= len(joined[text])]
    return 2 * len(explained) >= len(joined) and any(
        answer in movable for text in explained for place, answer in known[text] if place > 0
    )


def between(texts: Collection[str], marks: Iterable[str]) -> str:
    """Return the first of the marks that stands between answers in these texts, or "" for none.

    >>> between(["Pay;Hours", "Hours", "Pay"], [";", ", "])
    ';'
    """
    return next((mark for mark in marks if joins(texts, mark)), "")


def _known(pieces: list[str], mark: str, whole: set[str], again: set[str]) -> list[tuple[int, str]]:
    """Return the known answers of one cell, each with its place: a piece, or the fewest pieces that are one answer."""
    found, place = [], 0
    while place < len(pieces):
        for end in range(place + 1, min(place + _WIDEST, len(pieces)) + 1):
            answer = mark.join(pieces[place:end]).strip()
            if (answer in whole and end - place < len(pieces)) or (end == place + 1 and answer in again):
                found.append((place, answer))
                place = end
                break
        else:
            place += 1
    return found
