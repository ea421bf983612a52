"""Answers that share a cell, taken apart by the texts that the codebook knows: these may hold the separator."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from impact_report import repairs
from impact_report.codebook import Item
from impact_report.wording import normalise

SEPARATORS = (";", ",", "|", "\n")  # if nobody says which
_MOST_PIECES = 200  # of a cell that is looked at in more ways than one
_MOST_REPAIRS = 1000  # distinct pieces; a column with more strange ones is another question's


@dataclass
class Pieces:
    """What a cell was taken apart into."""

    codes: list[str] = field(default_factory=list)
    missing: list[tuple[str, str]] = field(default_factory=list)  # text, missing kind
    mended: list[tuple[str, str, str]] = field(default_factory=list)  # text, code, rule
    strange: list[str] = field(default_factory=list)
    own_words: bool = False


class Splitter:
    """Takes the cells of one item apart."""

    def __init__(self, item: Item, missing: Mapping[str, str], separator: str = ""):
        self.item = item
        self.missing = missing
        self.marks = (separator.strip() or " ",) if separator else tuple(mark for mark in SEPARATORS if mark != "\n")
        self.lines = not separator or "\n" in separator
        self.known = {
            **{text: ("missing", text) for text in missing},
            **{t: ("code", c) for t, c in item.texts.items()},
        }
        self.longest_first = sorted(self.known, key=len, reverse=True)
        self.repaired: dict[str, tuple[str, str] | None] = {}

    def split(self, raw: str) -> Pieces:
        """Return the codes of a cell, and what no code explains.

        >>> item = Item(question="?", kind="multiple", codes={"pay": "Pay", "money": "Loans, grants"})
        >>> Splitter(item, {}).split("Loans, grants, Pay").codes
        ['money', 'pay']
        """
        pieces = Pieces()
        whole = self.known.get(normalise(raw))
        for line in [raw] if whole or not self.lines else raw.split("\n"):
            self._split_line(normalise(line), pieces)
        return pieces

    def readings(self, text: str) -> list[list[str]]:
        """Return the ways, two at most, in which a normalised text is known texts and nothing else."""
        found: list[list[str]] = []
        for reading in self._readings(text):
            if all(sorted(reading) != sorted(other) for other in found):
                found.append(reading)
            if len(found) == 2:
                break
        return found

    def _readings(self, text: str) -> Iterator[list[str]]:
        text = self._trimmed(text)
        if not text:
            yield []
            return
        for known in self.longest_first:
            if text.startswith(known) and self._ends(text[len(known) :]):
                for rest in self._readings(text[len(known) :]):
                    yield [known, *rest]

    def _split_line(self, text: str, pieces: Pieces) -> None:
        few = sum(text.count(mark) for mark in self.marks) <= _MOST_PIECES
        readings = self.readings(text) if few else []
        if len(readings) > 1:
            pieces.strange.append(text)  # nobody can tell which was meant
            return
        if readings:
            for known in readings[0]:
                self._take(known, pieces)
            return
        while text := self._trimmed(text):
            known = next(
                (one for one in self.longest_first if text.startswith(one) and self._ends(text[len(one) :])), None
            )
            if known is not None:
                self._take(known, pieces)
                text = text[len(known) :]
                continue
            end = min((at for mark in self.marks if (at := text.find(mark)) > 0), default=len(text))
            self._take_strange(text[:end].strip(), pieces)
            text = text[end:]

    def _take(self, known: str, pieces: Pieces) -> None:
        kind, value = self.known[known]
        if kind == "code":
            pieces.codes.append(value)
        else:
            pieces.missing.append((known, self.missing[known]))

    def _take_strange(self, piece: str, pieces: Pieces) -> None:
        if piece not in self.repaired:
            may = len(self.repaired) < _MOST_REPAIRS
            self.repaired[piece] = repairs.original(piece, self.item.texts) if may else None
        if mended := self.repaired[piece]:
            code = self.item.texts[mended[0]]
            pieces.codes.append(code)
            pieces.mended.append((piece, code, mended[1]))
        elif self.item.open_code:
            pieces.codes.append(self.item.open_code)
            pieces.own_words = True
        else:
            pieces.strange.append(piece)

    def _trimmed(self, text: str) -> str:
        """Return the text without separators and spaces before it."""
        before = None
        while text != before:
            before = text
            text = text.lstrip()
            for mark in self.marks:
                text = text.removeprefix(mark)
        return text

    def _ends(self, rest: str) -> bool:
        """Say whether an answer can end before this rest of the text."""
        return not rest.strip() or any(rest.startswith(mark) or rest.lstrip().startswith(mark) for mark in self.marks)
