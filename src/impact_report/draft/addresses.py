"""The words by which the codebook finds the columns of an item: no other column, and no other item, has them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from impact_report.draft.items import DraftItem
from impact_report.readers import Column
from impact_report.wording import normalise


class Addresses:
    """The words by which the codebook finds a column, each for one item only.

    >>> first, second = Column(0, "Role", "Role"), Column(1, "Role", "Role")
    >>> addresses = Addresses([first, second])
    >>> item = DraftItem("Role", "text", (second,))
    >>> addresses.give(item), item.columns
    (True, ['column B'])
    """

    def __init__(self, columns: Iterable[Column]):
        self.whole: dict[str, set[int]] = defaultdict(set)
        self.options: dict[str, dict[int, str]] = defaultdict(dict)
        self.names: dict[str, set[int]] = defaultdict(set)
        for column in columns:
            for text in {normalise(column.question), normalise(column.group)}:
                if column.option is None:
                    self.whole[text].add(column.position)
                else:
                    self.options[text][column.position] = normalise(column.option)
            for text in (normalise(column.name), f"column {column.letter}".casefold()):
                self.names[text].add(column.position)
        self.taken: set[tuple[str, str]] = set()

    def give(self, item: DraftItem) -> bool:
        """Give an item the words for its columns: the question alone, or a short name too; False if none will do."""
        column = item.sources[0]
        wording = item.question
        short = [text for text in dict.fromkeys([column.name, column.group, column.question]) if normalise(text)]
        tries = [(wording, [])] + [(wording, [text]) for text in short if text != wording]
        tries += [(f"{wording} ({text})", [text]) for text in short]
        tries += [(wording, [f"column {column.letter}"]), (wording, None)]  # last of all: each option by its own name
        for question, columns in tries:
            item.question, item.columns = question, columns or []
            if columns is None:
                item.question = f"{wording} ({column.group})" if self._is_taken(item) else wording
            if not self._is_taken(item) and self._finds(item, by_option=columns is None):
                self.taken |= self._keys(item)
                return True
        return False

    def _keys(self, item: DraftItem) -> set[tuple[str, str]]:
        return {(normalise(text), normalise(item.row or "")) for text in item.columns or [item.question]}

    def _is_taken(self, item: DraftItem) -> bool:
        return bool(self._keys(item) & self.taken)

    def _finds(self, item: DraftItem, by_option: bool) -> bool:
        """Say whether these words lead to the item's columns and to no others."""
        wanted = {column.position for column in item.sources}
        texts = [normalise(text) for text in (*item.columns, item.question)]
        if item.kind == "multiple" and item.sources[0].option is not None and item.row is None and not item.separator:
            return self._finds_options(item, texts, wanted, by_option)
        if by_option:
            return False
        if item.kind == "multiple":
            found = set().union(*(self.whole[text] or self.names[text] for text in texts))
            return found == wanted and not any(self.options[text] for text in texts)
        for text in texts:
            if text != normalise(item.question) and self.names[text]:
                found = self.names[text]
            elif item.row is not None:
                found = {at for at, option in self.options[text].items() if option == normalise(item.row)}
            else:
                found = self.whole[text] or self.names[text]
            if found:
                return found == wanted
        return False

    def _finds_options(self, item: DraftItem, texts: list[str], wanted: set[int], by_option: bool) -> bool:
        if by_option:
            for code, column in zip(item.codes, item.sources, strict=True):
                code.columns = [column.name]
        named = [self.names[normalise(text)] for code in item.codes for text in code.columns]
        if any(len(one) != 1 for one in named):
            return False
        found = next((set(self.options[text]) for text in texts if self.options[text]), set())
        return found | set().union(*named) == wanted
