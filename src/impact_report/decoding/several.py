"""Answers that are ticked: each option in a column of its own, or several in one cell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import numpy as np
import pandas as pd

from impact_report import repairs
from impact_report.binding import Bound
from impact_report.codebook import MISSING_LABELS, Codebook, Item
from impact_report.decoding.answers import KIND_PLACE, MOST_LISTED, Decoded, Unknown, coded, kinds
from impact_report.decoding.cells import Cells
from impact_report.decoding.meaning import MOST_REPAIRS, OWN_WORDS, means
from impact_report.joined_answers import Splitter
from impact_report.language import say, translated
from impact_report.ledger import SET_MISSING, VALUE_MAPPED
from impact_report.readers import Column
from impact_report.ticks import NOT_TICKED, TICKED
from impact_report.wording import normalise, normalise_all, tidy


class Several:
    """The answers of items whose options are ticked."""

    def __init__(self, cells: Cells, codebook: Codebook):
        self.cells = cells
        self.codebook = codebook

    def all_of(self, name: str, item: Item, bound: Bound) -> Decoded:
        """Return ticked or not for each code; a row without any tick has no answer."""
        ticks = _Ticks(name, item, len(self.cells.rows), self._in_words_of_ticks(item, bound))
        decoded = Decoded({})
        for code, column in bound.columns.items():
            self._option(ticks, decoded, code, column)
        for column in bound.cells:
            self._shared_cell(ticks, decoded, column)
        columns = [*bound.columns.values(), *bound.cells]
        not_shown = np.all([self.cells.not_shown(column) for column in columns], axis=0)
        silent = ~ticks.any & (~ticks.said_no | (ticks.why != KIND_PLACE["no_answer"]))
        missing = np.where(silent, ticks.why, -1)
        missing[silent & not_shown] = KIND_PLACE["not_asked"]
        decoded.columns = {**ticks.by_code, f"{name}.missing": kinds(missing)}
        if not item.personal:
            self._note_reasons(decoded, name, ticks, silent)
        return decoded

    def one_of(self, name: str, item: Item, bound: Bound) -> Decoded:
        """Return the one option of each row that is ticked; several are no answer to a question that has one."""
        decoded = self.all_of(name, item, bound)
        ticked = np.column_stack([decoded.columns.pop(f"{name}.{code}") for code in item.codes])
        several = ticked.sum(axis=1) > 1
        first = np.where(ticked.any(axis=1), ticked.argmax(axis=1), -1)
        if several.any():
            labels = np.array([one.label for one in item.codes.values()], dtype=object)
            for both in np.unique(ticked[several], axis=0)[:MOST_LISTED]:
                said = " and ".join(labels[both])
                rows = self.cells.rows[(ticked == both).all(axis=1)]
                column = next(column for column, on in zip(bound.columns.values(), both, strict=True) if on)
                decoded.unknown.append(Unknown(name, column, said, "one option of the question alone", rows))
        missing = decoded.columns[f"{name}.missing"]
        nothing = (first < 0) & np.asarray(missing.isna())
        places = np.where(nothing, KIND_PLACE["no_answer"], missing.codes)
        return Decoded({name: coded(first, item), f"{name}.missing": kinds(places)}, decoded.notes, decoded.unknown)

    def _option(self, ticks: _Ticks, decoded: Decoded, code: str, column: Column) -> None:
        """Read one option's column: ticked, not ticked, or why there is no answer."""
        item, name = ticks.item, ticks.name
        distinct = self.cells.distinct(column)
        codes, texts = distinct.codes, distinct.texts
        declared, hidden = self.cells.declared(distinct), self.cells.hidden(distinct)
        option = item.codes[code]
        known = [text for text in (column.option or "", option.label, *option.texts) if text]
        own = set(map(normalise, known)) - (NOT_TICKED if ticks.in_words_of_ticks else set())
        missing = self.codebook.missing_texts(item)
        ticked, written_no = np.zeros(len(texts), bool), np.zeros(len(texts), bool)
        strange: dict[int, str] = {}
        for k, (raw, said) in enumerate(zip(texts, normalise_all(texts), strict=True)):
            rule = ""
            if not said:
                continue
            if said in own:
                ticked[k] = True
                rule = "spelling" if tidy(raw) != (column.option or option.label) and not option.open else ""
            elif kind := missing.get(said):
                ticks.silence(codes == k, kind, raw)
            elif said in TICKED:
                ticked[k] = True
            elif said in NOT_TICKED:
                written_no[k] = True
            elif declared[k] or hidden[k]:
                ticks.silence(codes == k, "no_answer" if declared[k] else "not_asked", raw)
            elif option.open:
                ticked[k] = True
            elif len(strange) < MOST_REPAIRS and (mended := repairs.original(raw, known)):
                ticked[k], rule = True, mended[1]
            else:
                strange[k] = f"{column.option or option.label!r} or an empty cell"
            if rule and not item.personal:
                detail = means(option.label)
                decoded.notes.append((self.cells.rows[codes == k], name, raw, VALUE_MAPPED, rule, detail))
        ticks.set(code, ticked[codes])
        ticks.said_no |= written_no[codes] & ~self.cells.not_shown(column)
        decoded.list_unknown(name, distinct, self.cells.rows, strange)

    def _shared_cell(self, ticks: _Ticks, decoded: Decoded, column: Column) -> None:
        """Read a column whose cells hold several answers, one after another."""
        item, name = ticks.item, ticks.name
        distinct = self.cells.distinct(column)
        codes, texts = distinct.codes, distinct.texts
        declared = self.cells.declared(distinct)
        missing = self.codebook.missing_texts(item)
        splitter = Splitter(item, missing, item.separator or column.separator)
        order = np.argsort(codes, kind="stable")  # the rows of each distinct text, side by side
        begins = np.searchsorted(codes[order], np.arange(len(texts) + 1))
        strange: dict[str, list[int]] = defaultdict(list)
        noted: list[tuple[int, str, str, str]] = []  # text, value, rule, detail
        for k, (raw, said) in enumerate(zip(texts, normalise_all(texts), strict=True)):
            at = order[begins[k] : begins[k + 1]]
            if not said:
                continue
            if kind := missing.get(said) or ("no_answer" if declared[k] else None):
                ticks.silence(at, kind, raw)
                continue
            pieces = splitter.split(raw)
            for code in pieces.codes:
                ticks.set(code, at)
            for piece, kind in pieces.missing:
                ticks.silence(at, kind, piece)
            for piece in pieces.strange:
                strange[piece].append(k)
            if pieces.own_words:
                noted.append((k, "", OWN_WORDS, means(item.codes[item.open_code].label)))
            for piece, code, rule in pieces.mended:
                noted.append((k, piece, rule, means(item.codes[code].label)))
        expected = "one or more of " + "; ".join(one.label for one in item.codes.values())
        for piece, which in list(strange.items())[:MOST_LISTED]:
            rows = self.cells.rows[np.sort(np.concatenate([order[begins[k] : begins[k + 1]] for k in which]))]
            decoded.unknown.append(Unknown(name, column, piece, expected, rows))
        if rest := list(strange.values())[MOST_LISTED:]:
            rows = self.cells.rows[np.isin(codes, np.concatenate(rest))]
            decoded.unknown.append(Unknown(name, column, "", expected, rows, len(rest)))
        if noted and not item.personal:
            decoded.notes.append(self._noted_together(name, noted, order, begins))

    def _in_words_of_ticks(self, item: Item, bound: Bound) -> bool:
        """Say whether ticks are written as 1 and 0, yes and no …: an option that is called so itself is not meant."""
        for code, column in bound.columns.items():
            option = item.codes[code]
            own = {normalise(text) for text in (column.option or "", option.label, *option.texts)}
            if set(normalise_all(self.cells.distinct(column).texts)) & (TICKED | NOT_TICKED) - own:
                return True
        return False

    def _noted_together(
        self, name: str, noted: list[tuple[int, str, str, str]], order: np.ndarray, begins: np.ndarray
    ) -> tuple:
        """Return one note of what many distinct texts stand for."""
        at = np.concatenate([order[begins[k] : begins[k + 1]] for k, *_ in noted])
        which = np.repeat(np.arange(len(noted)), [begins[k + 1] - begins[k] for k, *_ in noted])
        sorted_ = np.argsort(at, kind="stable")
        values, rules, details = (pd.Categorical([one[part] for one in noted])[which[sorted_]] for part in (1, 2, 3))
        return (self.cells.rows[at[sorted_]], name, values, VALUE_MAPPED, rules, details)

    def _note_reasons(self, decoded: Decoded, name: str, ticks: _Ticks, silent: np.ndarray) -> None:
        """Note a text that is no answer: once a row, and beside a tick as no more than a box left empty."""
        for raw, kind, rows in ticks.reasons():
            detail = means(translated(MISSING_LABELS[kind]))
            decoded.notes.append((self.cells.rows[rows & silent], name, raw, SET_MISSING, kind, detail))
            unticked = means(say("not ticked"))
            decoded.notes.append((self.cells.rows[rows & ~silent], name, raw, VALUE_MAPPED, "codebook", unticked))


class _Ticks:
    """What is ticked so far in a select-all question, and why rows without a tick have no answer."""

    def __init__(self, name: str, item: Item, count: int, in_words_of_ticks: bool):
        self.name = name
        self.item = item
        self.in_words_of_ticks = in_words_of_ticks
        self.by_code = {f"{name}.{code}": np.zeros(count, bool) for code in item.codes}
        self.said_no = np.zeros(count, bool)  # a written no is an answer, an empty cell is none
        self.why = np.full(count, KIND_PLACE["no_answer"], np.int8)
        self._words: dict[tuple[str, str], np.ndarray] = {}

    def set(self, code: str, rows: np.ndarray) -> None:
        self.by_code[f"{self.name}.{code}"][rows] = True

    def silence(self, rows: np.ndarray, kind: str, words: str) -> None:
        self.why[rows] = KIND_PLACE[kind]
        said = self._words.setdefault((words, kind), np.zeros(len(self.why), bool))
        said[rows] = True

    @property
    def any(self) -> np.ndarray:
        return np.any([*self.by_code.values()], axis=0)

    def reasons(self) -> Iterator[tuple[str, str, np.ndarray]]:
        """Yield each text that gave a reason, its kind, and its rows; a row is told once."""
        told = np.zeros(len(self.why), bool)
        for (words, kind), rows in reversed(self._words.items()):
            yield words, kind, rows & ~told
            told |= rows
