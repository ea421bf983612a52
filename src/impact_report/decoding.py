"""What the raw texts of one item mean: codes, numbers, dates, or why there is no answer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from impact_report import quantities, repairs
from impact_report.binding import Bound
from impact_report.codebook import CODED, EXCEL, MISSING_LABELS, Codebook, Item
from impact_report.joined_answers import Splitter
from impact_report.language import say, translated
from impact_report.ledger import SET_MISSING, VALUE_MAPPED
from impact_report.moments import SERIAL, read_moments
from impact_report.readers import Column, Export
from impact_report.ticks import NOT_TICKED, TICKED
from impact_report.wording import normalise, normalise_all, tidy, tidy_all

DECLARED_MISSING = "declared_missing"  # by the export itself
OWN_WORDS = "own_words"  # they may be personal, and are never told
_MOST_REPAIRS = 1000  # distinct texts of one column; a column with more strange ones is another question's
_MOST_LISTED = 50  # in an error


@dataclass(frozen=True)
class Meaning:
    """What one text means: a value, or a missing kind, or nothing known; and what the ledger is to say of it."""

    value: float | np.datetime64 | None = None  # of a coded item the place of the code
    missing: str | None = None
    expected: str = ""  # instead of a text without meaning
    action: str = ""
    rule: str = ""
    detail: str = ""


@dataclass(frozen=True)
class Unknown:
    """A text without meaning: where it stands and what was expected."""

    item: str
    column: Column
    text: str
    expected: str
    rows: pd.Index
    others: int = 0  # instead of one text, so many that are not listed


@dataclass
class Decoded:
    """The answers of one item: the columns of the responses, the ledger's notes, and texts without meaning."""

    columns: dict[str, object]
    notes: list[tuple] = field(default_factory=list)  # arguments of Ledger.note
    unknown: list[Unknown] = field(default_factory=list)


class Decoder:
    """The answers of an export, item by item."""

    def __init__(self, export: Export, codebook: Codebook, rows: pd.Index):
        self.export = export
        self.codebook = codebook
        self.rows = rows
        self.positions = export.text.index.get_indexer(rows)

    def item(self, name: str, bound: Bound | None) -> Decoded:
        """Return the answers of an item; `bound` is None where this wave did not ask it."""
        item = self.codebook.items[name]
        if bound is None:
            return Decoded(_not_asked(name, item, len(self.rows)))
        if item.kind == "multiple":
            return self._multiple(name, item, bound)
        if item.kind in CODED and "" not in bound.columns:
            return self._spread(name, item, bound)
        column = bound.columns[""]
        codes, texts = self._cells(column)
        if item.kind in ("text", "id"):
            return self._as_it_stands(name, item, column, codes, texts)
        decoded = self._one_answer(name, item, column, codes, texts)
        for code, beside in bound.columns.items():
            if code:
                self._beside(decoded, name, item, code, beside)
        return decoded

    # cells

    def _cells(self, column: Column) -> tuple[np.ndarray, pd.Index]:
        """Return a column as numbers of its distinct texts, and those texts that occur."""
        cells = self.export.text[column.position].cat
        codes = cells.codes.to_numpy()[self.positions]
        used = np.unique(codes)
        number = np.zeros(len(cells.categories), np.int64)
        number[used] = np.arange(len(used))
        return number[codes], cells.categories[used]

    def _marked(self, marks: Mapping[int, np.ndarray], column: Column) -> np.ndarray:
        """Return for which rows the platform tells a state of a column."""
        if column.position not in marks:
            return np.zeros(len(self.rows), bool)
        return marks[column.position][self.positions]

    def _declared(self, column: Column, codes: np.ndarray, texts: pd.Index) -> np.ndarray:
        """Return which distinct texts the export itself declares to be no answer."""
        return np.isin(np.arange(len(texts)), codes[self._marked(self.export.user_missing, column)])

    def _hidden(self, column: Column, codes: np.ndarray, texts: pd.Index) -> np.ndarray:
        """Return which distinct texts say that a respondent was not asked."""
        return np.isin(np.arange(len(texts)), codes[self._marked(self.export.not_shown, column)])

    # one answer in one column

    def _one_answer(self, name: str, item: Item, column: Column, codes: np.ndarray, texts: pd.Index) -> Decoded:
        said = normalise_all(texts)
        declared = self._declared(column, codes, texts)
        values, plain = _plain_values(item, texts)
        plain &= ~said.isin(list(self.codebook.missing_texts(item))).to_numpy(bool) & ~declared
        if item.kind == "quantity":
            missing_numbers = [_as_number(text) for text in self.codebook.missing_texts(item)]
            plain &= ~np.isin(values, [number for number in missing_numbers if number is not None])
        declared = np.where(declared, DECLARED_MISSING, np.where(self._hidden(column, codes, texts), "not_asked", ""))
        meanings = self._meanings(item, texts, said, declared, values, np.flatnonzero(~plain))
        kinds = np.full(len(texts), -1, np.int8)
        for k, meaning in meanings.items():
            kinds[k] = _KIND_PLACE.get(meaning.missing, -1)
            values[k] = _NO_VALUE[values.dtype.kind] if meaning.value is None else meaning.value
        missing = kinds[codes]
        missing[self._marked(self.export.not_shown, column) & (missing >= 0)] = _KIND_PLACE["not_asked"]
        answers = _codes(values[codes], item) if item.kind in CODED else values[codes]
        decoded = Decoded({name: answers, f"{name}.missing": _kinds(missing)})
        self._note(decoded, name, item, codes, texts, meanings)
        strange = {k: meaning.expected for k, meaning in meanings.items() if meaning.expected}
        self._list_unknown(decoded, name, column, codes, texts, strange)
        return decoded

    def _beside(self, decoded: Decoded, name: str, item: Item, code: str, column: Column) -> None:
        """Take words in the column beside a question ("Other, please specify") for that answer, where it has none."""
        codes, texts = self._cells(column)
        said = normalise_all(texts)
        filled = ~said.isin(["", *self.codebook.missing_texts(item), *NOT_TICKED]).to_numpy(bool)[codes]
        missing = decoded.columns[f"{name}.missing"]
        here = filled & (missing.codes == _KIND_PLACE["no_answer"])
        place = list(item.codes).index(code)
        decoded.columns[name] = _codes(np.where(here, place, decoded.columns[name].codes), item)
        decoded.columns[f"{name}.missing"] = _kinds(np.where(here, -1, missing.codes))
        if not item.personal:
            detail = _means(item.codes[code].label)
            decoded.notes.append((self.rows[here], name, "", VALUE_MAPPED, OWN_WORDS, detail))

    def _meanings(
        self, item: Item, texts: pd.Index, said: pd.Series, declared: np.ndarray, values: np.ndarray, which: np.ndarray
    ) -> dict[int, Meaning]:
        """Return what these distinct texts mean; a code before a missing kind before what the export declares."""
        missing = self.codebook.missing_texts(item)
        no_numbers = {number: kind for text, kind in missing.items() if (number := _as_number(text)) is not None}
        numbers = {normalise(text): number for text, number in item.numbers.items()}
        found: dict[int, Meaning] = {}
        strange = 0
        for k, raw, text in zip(which.tolist(), texts[which].tolist(), said.iloc[which].tolist(), strict=True):
            if item.kind in CODED and (code := item.texts.get(text)) is not None:
                found[k] = _mapped(item, raw, text, code)
            elif not text:
                found[k] = Meaning(missing="no_answer")
            elif text in numbers:
                found[k] = _number_said(numbers[text], "codebook")
            elif kind := missing.get(text):
                found[k] = _set_missing(kind, kind)
            elif declared[k]:
                found[k] = _set_missing(
                    "no_answer" if declared[k] == DECLARED_MISSING else "not_asked", str(declared[k])
                )
            elif (kind := no_numbers.get(_as_number(text))) and item.kind != "date":
                found[k] = _set_missing(kind, kind)
            elif item.kind == "quantity":
                found[k] = _quantity(item, raw)
            elif item.kind == "date":
                found[k] = _date(item, values[k])
            else:
                strange += 1
                found[k] = _otherwise(item, raw, repair=strange <= _MOST_REPAIRS)
        return found

    def _as_it_stands(self, name: str, item: Item, column: Column, codes: np.ndarray, texts: pd.Index) -> Decoded:
        """Return texts and ids: they never leave the raw file, and only whether there is one is told."""
        said = normalise_all(texts)
        kinds = np.where(
            (said == "").to_numpy(bool) | self._declared(column, codes, texts), _KIND_PLACE["no_answer"], -1
        )
        for text, kind in self.codebook.missing_texts(item).items():
            kinds[(said == text).to_numpy(bool)] = _KIND_PLACE[kind]
        missing = kinds[codes]
        missing[self._marked(self.export.not_shown, column) & (missing >= 0)] = _KIND_PLACE["not_asked"]
        values = pd.Categorical.from_codes(np.where(missing < 0, codes, -1), categories=texts)
        return Decoded({name: values, f"{name}.missing": _kinds(missing)})

    def _note(
        self,
        decoded: Decoded,
        name: str,
        item: Item,
        codes: np.ndarray,
        texts: pd.Index,
        meanings: dict[int, Meaning],
    ) -> None:
        """Note every text that stands for something other than itself; never a personal one."""
        said = {k: meaning for k, meaning in meanings.items() if meaning.action}
        if item.personal or not said:
            return
        number = np.full(len(texts), -1, np.int64)
        number[list(said)] = np.arange(len(said))
        at = np.flatnonzero(number[codes] >= 0)
        of = number[codes[at]]
        words = {
            key: pd.Categorical([getattr(one, key) for one in said.values()]) for key in ("action", "rule", "detail")
        }
        values = pd.Categorical(["" if one.rule == OWN_WORDS else texts[k] for k, one in said.items()])
        decoded.notes.append(
            (self.rows[at], name, values[of], words["action"][of], words["rule"][of], words["detail"][of])
        )

    # one answer spread over a column for each option

    def _spread(self, name: str, item: Item, bound: Bound) -> Decoded:
        """Return the one option of each row that is ticked; several are no answer to a question that has one."""
        decoded = self._multiple(name, item, bound)
        ticked = np.column_stack([decoded.columns.pop(f"{name}.{code}") for code in item.codes])
        several = ticked.sum(axis=1) > 1
        first = np.where(ticked.any(axis=1), ticked.argmax(axis=1), -1)
        if several.any():
            labels = np.array([one.label for one in item.codes.values()], dtype=object)
            for both in np.unique(ticked[several], axis=0)[:_MOST_LISTED]:
                said = " and ".join(labels[both])
                rows = self.rows[(ticked == both).all(axis=1)]
                column = next(column for column, on in zip(bound.columns.values(), both, strict=True) if on)
                decoded.unknown.append(Unknown(name, column, said, "one option of the question alone", rows))
        missing = decoded.columns[f"{name}.missing"]
        nothing = (first < 0) & np.asarray(missing.isna())
        kinds = np.where(nothing, _KIND_PLACE["no_answer"], missing.codes)
        return Decoded({name: _codes(first, item), f"{name}.missing": _kinds(kinds)}, decoded.notes, decoded.unknown)

    # several answers

    def _multiple(self, name: str, item: Item, bound: Bound) -> Decoded:
        """Return ticked or not for each code; a row without any tick has no answer."""
        ticks = _Ticks(name, item, len(self.rows), self._in_words_of_ticks(item, bound))
        decoded = Decoded({})
        for code, column in bound.columns.items():
            self._option(ticks, decoded, code, column)
        for column in bound.cells:
            self._shared_cell(ticks, decoded, column)
        columns = [*bound.columns.values(), *bound.cells]
        not_shown = np.all([self._marked(self.export.not_shown, column) for column in columns], axis=0)
        silent = ~ticks.any & (~ticks.said_no | (ticks.why != _KIND_PLACE["no_answer"]))
        missing = np.where(silent, ticks.why, -1)
        missing[silent & not_shown] = _KIND_PLACE["not_asked"]
        decoded.columns = {**ticks.by_code, f"{name}.missing": _kinds(missing)}
        if not item.personal:
            self._note_reasons(decoded, name, ticks, silent)
        return decoded

    def _option(self, ticks: _Ticks, decoded: Decoded, code: str, column: Column) -> None:
        """Read one option's column: ticked, not ticked, or why there is no answer."""
        item, name = ticks.item, ticks.name
        codes, texts = self._cells(column)
        declared, hidden = self._declared(column, codes, texts), self._hidden(column, codes, texts)
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
            elif len(strange) < _MOST_REPAIRS and (mended := repairs.original(raw, known)):
                ticked[k], rule = True, mended[1]
            else:
                strange[k] = f"{column.option or option.label!r} or an empty cell"
            if rule and not item.personal:
                detail = _means(option.label)
                decoded.notes.append((self.rows[codes == k], name, raw, VALUE_MAPPED, rule, detail))
        ticks.set(code, ticked[codes])
        ticks.said_no |= written_no[codes] & ~self._marked(self.export.not_shown, column)
        self._list_unknown(decoded, name, column, codes, texts, strange)

    def _list_unknown(
        self, decoded: Decoded, name: str, column: Column, codes: np.ndarray, texts: pd.Index, strange: dict[int, str]
    ) -> None:
        """List texts without meaning, the first of them one by one."""
        for k, expected in list(strange.items())[:_MOST_LISTED]:
            decoded.unknown.append(Unknown(name, column, texts[k], expected, self.rows[codes == k]))
        if len(strange) > _MOST_LISTED:
            rest = np.isin(codes, list(strange)[_MOST_LISTED:])
            expected = next(iter(strange.values()))
            decoded.unknown.append(Unknown(name, column, "", expected, self.rows[rest], len(strange) - _MOST_LISTED))

    def _in_words_of_ticks(self, item: Item, bound: Bound) -> bool:
        """Say whether ticks are written as 1 and 0, yes and no …: an option that is called so itself is not meant."""
        for code, column in bound.columns.items():
            option = item.codes[code]
            own = {normalise(text) for text in (column.option or "", option.label, *option.texts)}
            if set(normalise_all(self._cells(column)[1])) & (TICKED | NOT_TICKED) - own:
                return True
        return False

    def _shared_cell(self, ticks: _Ticks, decoded: Decoded, column: Column) -> None:
        """Read a column whose cells hold several answers, one after another."""
        item, name = ticks.item, ticks.name
        codes, texts = self._cells(column)
        declared = self._declared(column, codes, texts)
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
                noted.append((k, "", OWN_WORDS, _means(item.codes[item.open_code].label)))
            for piece, code, rule in pieces.mended:
                noted.append((k, piece, rule, _means(item.codes[code].label)))
        expected = "one or more of " + "; ".join(one.label for one in item.codes.values())
        for piece, which in list(strange.items())[:_MOST_LISTED]:
            rows = self.rows[np.sort(np.concatenate([order[begins[k] : begins[k + 1]] for k in which]))]
            decoded.unknown.append(Unknown(name, column, piece, expected, rows))
        if rest := list(strange.values())[_MOST_LISTED:]:
            rows = self.rows[np.isin(codes, np.concatenate(rest))]
            decoded.unknown.append(Unknown(name, column, "", expected, rows, len(rest)))
        if noted and not item.personal:
            decoded.notes.append(self._noted_together(name, noted, order, begins))

    def _noted_together(
        self, name: str, noted: list[tuple[int, str, str, str]], order: np.ndarray, begins: np.ndarray
    ) -> tuple:
        """Return one note of what many distinct texts stand for."""
        at = np.concatenate([order[begins[k] : begins[k + 1]] for k, *_ in noted])
        which = np.repeat(np.arange(len(noted)), [begins[k + 1] - begins[k] for k, *_ in noted])
        sorted_ = np.argsort(at, kind="stable")
        values, rules, details = (pd.Categorical([one[part] for one in noted])[which[sorted_]] for part in (1, 2, 3))
        return (self.rows[at[sorted_]], name, values, VALUE_MAPPED, rules, details)

    def _note_reasons(self, decoded: Decoded, name: str, ticks: _Ticks, silent: np.ndarray) -> None:
        """Note a text that is no answer: once a row, and beside a tick as no more than a box left empty."""
        for raw, kind, rows in ticks.reasons():
            detail = _means(translated(MISSING_LABELS[kind]))
            decoded.notes.append((self.rows[rows & silent], name, raw, SET_MISSING, kind, detail))
            unticked = _means(say("not ticked"))
            decoded.notes.append((self.rows[rows & ~silent], name, raw, VALUE_MAPPED, "codebook", unticked))


class _Ticks:
    """What is ticked so far in a select-all question, and why rows without a tick have no answer."""

    def __init__(self, name: str, item: Item, count: int, in_words_of_ticks: bool):
        self.name = name
        self.item = item
        self.in_words_of_ticks = in_words_of_ticks
        self.by_code = {f"{name}.{code}": np.zeros(count, bool) for code in item.codes}
        self.said_no = np.zeros(count, bool)  # a written no is an answer, an empty cell is none
        self.why = np.full(count, _KIND_PLACE["no_answer"], np.int8)
        self._words: dict[tuple[str, str], np.ndarray] = {}

    def set(self, code: str, rows: np.ndarray) -> None:
        self.by_code[f"{self.name}.{code}"][rows] = True

    def silence(self, rows: np.ndarray, kind: str, words: str) -> None:
        self.why[rows] = _KIND_PLACE[kind]
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


# meanings


def _means(answer: str) -> str:
    """Say in the ledger what a text is taken to mean."""
    return say("means {answer}", answer=answer)


def _mapped(item: Item, raw: str, text: str, code: str) -> Meaning:
    """Return the place of a code, noted if its label is not what is written."""
    label = item.codes[code].label
    place = list(item.codes).index(code)
    if raw == label:
        return Meaning(place)
    rule = "platform" if item.platform else "spelling" if text == normalise(label) else "codebook"
    return Meaning(place, action=VALUE_MAPPED, rule=rule, detail=_means(label))


def _set_missing(kind: str, rule: str) -> Meaning:
    return Meaning(missing=kind, action=SET_MISSING, rule=rule, detail=_means(translated(MISSING_LABELS[kind])))


def _otherwise(item: Item, raw: str, repair: bool) -> Meaning:
    """Return the code that a changed text must have been, else the one for answers in own words, else none."""
    mended = repairs.original(raw, item.texts) if repair else None
    code, rule = (item.texts[mended[0]], mended[1]) if mended else (item.open_code, OWN_WORDS)
    if code is None:
        return Meaning(expected="one of " + "; ".join(one.label for one in item.codes.values()))
    place = list(item.codes).index(code)
    return Meaning(place, action=VALUE_MAPPED, rule=rule, detail=_means(item.codes[code].label))


def _as_number(text: str) -> float | None:
    """Return the number that a text is, if it is nothing else: what 99, 99.0 and 099 have in common."""
    bare = text.strip()
    return float(bare) if bare.replace(".", "", 1).removeprefix("-").isdecimal() and bare.isascii() else None


def _quantity(item: Item, raw: str) -> Meaning:
    """Return a number: with its unit, with marks between thousands, or between two numbers if ranges may be."""
    low, high = item.minimum, item.maximum
    span = (f" from {low:g}" if low is not None else "") + (f" up to {high:g}" if high is not None else "")
    value, rule = quantities.read_number(item, tidy(raw)), "number"
    if value is None and item.ranges == "middle" and (between := quantities.read_range(item, tidy(raw))):
        value, rule = sum(between) / 2, "range"
    if value is None or (low is not None and value < low) or (high is not None and value > high):
        return Meaning(expected=f"a number{span}")
    return _number_said(value, rule)


def _number_said(value: float, rule: str) -> Meaning:
    return Meaning(value, action=VALUE_MAPPED, rule=rule, detail=_means(f"{value:.15g}"))


def _plain_values(item: Item, texts: pd.Index) -> tuple[np.ndarray, np.ndarray]:
    """Return the value of each distinct text that says it plainly, and which do; the others' are not there yet."""
    if item.kind == "date":
        dates = read_moments(texts, item.formats)
        return dates.to_numpy(copy=True), dates.notna().to_numpy() & ~_serial(texts, item.formats)
    if item.kind != "quantity":
        return np.full(len(texts), -1, np.int64), np.zeros(len(texts), bool)
    plain = (
        pd.Series(texts, dtype="str").str.fullmatch(quantities.PLAIN if item.decimal == "." else r"\d+").to_numpy(bool)
    )
    values = np.full(len(texts), np.nan)
    values[plain] = texts[plain].to_numpy(dtype=float)
    low = -np.inf if item.minimum is None else item.minimum
    high = np.inf if item.maximum is None else item.maximum
    return values, plain & (values >= low) & (values <= high)


def _serial(texts: pd.Index, formats: list[str]) -> np.ndarray:
    """Return which texts are a spreadsheet's serial numbers, where these may stand for dates."""
    if EXCEL not in formats:
        return np.zeros(len(texts), bool)
    return tidy_all(texts).str.fullmatch(SERIAL).to_numpy(bool)


def _date(item: Item, value: np.datetime64) -> Meaning:
    """Return what a text says that is no plain date: a spreadsheet's serial number, or nothing known."""
    if np.isnat(value):
        return Meaning(expected=f"a date written as {' or '.join(item.formats) or '2019-06-30'}")
    said = _means(f"{pd.Timestamp(value):%Y-%m-%d %H:%M:%S}")
    return Meaning(value, action=VALUE_MAPPED, rule=repairs.SPREADSHEET, detail=said)


# why there is no answer

_NO_VALUE = {"i": -1, "f": np.nan, "M": np.datetime64("NaT")}  # by the kind of an array
_KIND_PLACE = {kind: k for k, kind in enumerate(MISSING_LABELS)}


def _kinds(numbers: np.ndarray) -> pd.Categorical:
    return pd.Categorical.from_codes(numbers, categories=list(MISSING_LABELS))


def _codes(numbers: np.ndarray, item: Item) -> pd.Categorical:
    return pd.Categorical.from_codes(numbers, categories=list(item.codes), ordered=item.kind == "scale")


def _not_asked(name: str, item: Item, count: int) -> dict[str, object]:
    """Return the columns of an item that this wave did not ask."""
    columns: dict[str, object] = {}
    if item.kind == "multiple":
        columns = {f"{name}.{code}": np.zeros(count, bool) for code in item.codes}
    elif item.kind in CODED:
        columns = {name: _codes(np.full(count, -1), item)}
    elif item.kind == "date":
        columns = {name: np.full(count, np.datetime64("NaT", "us"))}
    else:
        columns = {name: np.full(count, np.nan)}
    return {**columns, f"{name}.missing": _kinds(np.full(count, _KIND_PLACE["not_asked"]))}
