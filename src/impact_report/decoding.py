"""What the raw texts of one item mean: codes, numbers, dates, or why there is no answer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from impact_report import repairs
from impact_report.binding import Bound
from impact_report.codebook import CODED, EXCEL, MISSING_LABELS, Codebook, Item
from impact_report.ledger import SET_MISSING, VALUE_MAPPED
from impact_report.readers import Column, Export
from impact_report.wording import normalise, normalise_all, tidy, tidy_all

DECLARED_MISSING = "declared_missing"  # by the export itself
OWN_WORDS = "own_words"  # they may be personal, and are never told
_TICKED = frozenset({"1", "1.0", "y", "yes", "true", "checked", "x", "selected", "ticked"})
_NOT_TICKED = frozenset({"", "0", "0.0", "n", "no", "false", "unchecked", "not selected"})
_SEPARATORS = (";", ",", "|", "\n")  # between answers that share a cell, if nobody says which
_LITERAL = re.compile(r"\d+(\.\d+)?")
_SPACE_BETWEEN = re.compile(r"(?<=\d)[ '](?=\d{3}(?!\d))")
_RANGE = re.compile(r"(?P<low>\S.*?)\s*(?:-|\bto\b)\s*(?P<high>\S.*)", re.IGNORECASE)
_MOST_REPAIRS = 1000  # distinct texts of one column; a column with more strange ones is another question's
_MOST_LISTED = 50  # in an error
_ISO = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?( ?(Z|[+-]\d\d:?\d\d))?)?")
_EXCEL_DAY_ONE = pd.Timestamp("1899-12-30")
_SECONDS_OF_A_DAY = 86_400
_LAST_SERIAL = 2_958_465  # 9999-12-31


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
        return self._one_answer(name, item, column, codes, texts)

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

    def _meanings(
        self, item: Item, texts: pd.Index, said: pd.Series, declared: np.ndarray, values: np.ndarray, which: np.ndarray
    ) -> dict[int, Meaning]:
        """Return what these distinct texts mean; a code before a missing kind before what the export declares."""
        missing = self.codebook.missing_texts(item)
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
            column = next(iter(bound.columns.values()))
            both = np.array([one.label for one in item.codes.values()], dtype=object)[ticked[several][0]]
            said = " and ".join(map(repr, both))
            decoded.unknown.append(
                Unknown(name, column, f"{said} in one row", "one option of the question", self.rows[several])
            )
        missing = decoded.columns[f"{name}.missing"]
        nothing = (first < 0) & np.asarray(missing.isna())
        kinds = np.where(nothing, _KIND_PLACE["no_answer"], missing.codes)
        return Decoded({name: _codes(first, item), f"{name}.missing": _kinds(kinds)}, decoded.notes, decoded.unknown)

    # several answers

    def _multiple(self, name: str, item: Item, bound: Bound) -> Decoded:
        """Return ticked or not for each code; a row without any tick has no answer."""
        ticks = _Ticks(name, item, len(self.rows))
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
        declared = self._declared(column, codes, texts)
        hidden = self._hidden(column, codes, texts)
        option = item.codes[code]
        known = [text for text in (column.option or "", option.label, *option.texts) if text]
        own = set(map(normalise, known))
        missing = self.codebook.missing_texts(item)
        ticked, written_no = np.zeros(len(texts), bool), np.zeros(len(texts), bool)
        strange: dict[int, str] = {}
        for k, (raw, said) in enumerate(zip(texts, normalise_all(texts), strict=True)):
            rule = ""
            if said in own or said in _TICKED:
                ticked[k] = True
                if said in own and tidy(raw) != (column.option or option.label) and not option.open:
                    rule = "spelling"
            elif said in _NOT_TICKED:
                written_no[k] = bool(said)
            elif kind := missing.get(said) or ("no_answer" if declared[k] else "not_asked" if hidden[k] else None):
                ticks.silence(codes == k, kind, raw)
            elif option.open:
                ticked[k] = True
            elif len(strange) < _MOST_REPAIRS and (mended := repairs.original(raw, known)):
                ticked[k], rule = True, mended[1]
            else:
                strange[k] = f"{column.option or option.label!r} or an empty cell"
            if rule and not item.personal:
                detail = f"means {option.label}"
                decoded.notes.append((self.rows[codes == k], name, raw, VALUE_MAPPED, rule, detail))
        ticks.set(code, ticked[codes])
        ticks.said_no |= written_no[codes]
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

    def _shared_cell(self, ticks: _Ticks, decoded: Decoded, column: Column) -> None:
        """Read a column whose cells hold several answers, one after another."""
        item, name = ticks.item, ticks.name
        codes, texts = self._cells(column)
        declared = self._declared(column, codes, texts)
        missing = self.codebook.missing_texts(item)
        separators = (item.separator or column.separator,) if item.separator or column.separator else _SEPARATORS
        splitter = _Splitter(item, separators)
        order = np.argsort(codes, kind="stable")  # the rows of each distinct text, side by side
        begins = np.searchsorted(codes[order], np.arange(len(texts) + 1))
        for k, (raw, said) in enumerate(zip(texts, normalise_all(texts), strict=True)):
            at = order[begins[k] : begins[k + 1]]
            if not said:
                continue
            if kind := missing.get(said) or ("no_answer" if declared[k] else None):
                ticks.silence(at, kind, raw)
                continue
            found = splitter.split(raw)
            for code in found.codes:
                ticks.set(code, at)
            if found.rest:
                expected = "one or more of " + _listed([one.label for one in item.codes.values()])
                decoded.unknown.extend(Unknown(name, column, one, expected, self.rows[at]) for one in found.rest)
            if found.own_words and not item.personal:
                detail = f"means {item.codes[item.open_code].label}"
                decoded.notes.append((self.rows[np.sort(at)], name, "", VALUE_MAPPED, OWN_WORDS, detail))
            if found.mended and not item.personal:
                for piece, code, rule in found.mended:
                    detail = f"means {item.codes[code].label}"
                    decoded.notes.append((self.rows[np.sort(at)], name, piece, VALUE_MAPPED, rule, detail))

    def _note_reasons(self, decoded: Decoded, name: str, ticks: _Ticks, silent: np.ndarray) -> None:
        """Note a text that is no answer: once a row, and beside a tick as no more than a box left empty."""
        for raw, kind, rows in ticks.reasons():
            detail = f"means {MISSING_LABELS[kind]}"
            decoded.notes.append((self.rows[rows & silent], name, raw, SET_MISSING, kind, detail))
            decoded.notes.append((self.rows[rows & ~silent], name, raw, VALUE_MAPPED, "codebook", "means not ticked"))


class _Ticks:
    """What is ticked so far in a select-all question, and why rows without a tick have no answer."""

    def __init__(self, name: str, item: Item, count: int):
        self.name = name
        self.item = item
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


@dataclass
class _Pieces:
    """What a shared cell was taken apart into."""

    codes: list[str] = field(default_factory=list)
    mended: list[tuple[str, str, str]] = field(default_factory=list)  # text, code, rule
    rest: list[str] = field(default_factory=list)
    own_words: bool = False


class _Splitter:
    """Takes a cell apart by the longest texts that the codebook knows: an answer may hold the separator itself."""

    def __init__(self, item: Item, separators: tuple[str, ...]):
        self.item = item
        self.texts = sorted(item.texts, key=len, reverse=True)
        self.marks = tuple(dict.fromkeys(separator.strip() or " " for separator in separators))

    def split(self, raw: str) -> _Pieces:
        """Return the codes of a cell, and what no code explains."""
        pieces = _Pieces()
        text = normalise(raw)
        while text := self._trimmed(text):
            known = next((one for one in self.texts if text.startswith(one) and self._ends(text[len(one) :])), None)
            if known is not None:
                pieces.codes.append(self.item.texts[known])
                text = text[len(known) :]
                continue
            end = min((at for mark in self.marks if (at := text.find(mark)) > 0), default=len(text))
            piece, text = text[:end].strip(), text[end:]
            mended = repairs.original(piece, self.item.texts)
            if mended:
                pieces.codes.append(self.item.texts[mended[0]])
                pieces.mended.append((piece, self.item.texts[mended[0]], mended[1]))
            elif self.item.open_code:
                pieces.codes.append(self.item.open_code)
                pieces.own_words = True
            else:
                pieces.rest.append(piece)
        return pieces

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


# meanings


def _mapped(item: Item, raw: str, text: str, code: str) -> Meaning:
    """Return the place of a code, noted if its label is not what is written."""
    label = item.codes[code].label
    place = list(item.codes).index(code)
    if raw == label:
        return Meaning(place)
    rule = "platform" if item.platform else "spelling" if text == normalise(label) else "codebook"
    return Meaning(place, action=VALUE_MAPPED, rule=rule, detail=f"means {label}")


def _set_missing(kind: str, rule: str) -> Meaning:
    return Meaning(missing=kind, action=SET_MISSING, rule=rule, detail=f"means {MISSING_LABELS[kind]}")


def _otherwise(item: Item, raw: str, repair: bool) -> Meaning:
    """Return the code that a changed text must have been, else the one for answers in own words, else none."""
    mended = repairs.original(raw, item.texts) if repair else None
    code, rule = (item.texts[mended[0]], mended[1]) if mended else (item.open_code, OWN_WORDS)
    if code is None:
        return Meaning(expected="one of " + _listed([one.label for one in item.codes.values()]))
    place = list(item.codes).index(code)
    return Meaning(place, action=VALUE_MAPPED, rule=rule, detail=f"means {item.codes[code].label}")


def _listed(labels: list[str]) -> str:
    return "; ".join(labels)


def _quantity(item: Item, raw: str) -> Meaning:
    """Return a number: with its unit, with marks between thousands, or between two numbers if ranges may be."""
    low, high = item.minimum, item.maximum
    span = (f" from {low:g}" if low is not None else "") + (f" up to {high:g}" if high is not None else "")
    value, rule = _number(item, tidy(raw)), "number"
    if value is None and item.ranges == "middle" and (between := _range(item, tidy(raw))):
        value, rule = sum(between) / 2, "range"
    if value is None or (low is not None and value < low) or (high is not None and value > high):
        return Meaning(expected=f"a number{span}")
    return _number_said(value, rule)


def _number_said(value: float, rule: str) -> Meaning:
    return Meaning(value, action=VALUE_MAPPED, rule=rule, detail=f"means {value:.15g}")


def _number(item: Item, text: str) -> float | None:
    """Return the number that a text says, by the item's decimal mark and unit.

    >>> from impact_report.codebook import Item
    >>> _number(Item(question="Paid?", kind="quantity", unit="€", decimal=","), "1.250,50 €")
    1250.5
    """
    if item.unit:
        unit = re.escape(item.unit)
        text = re.sub(rf"^{unit}\s*|\s*{unit}$", "", text, flags=re.IGNORECASE)
    text = _SPACE_BETWEEN.sub("", text.replace("−", "-").replace("’", "'"))
    mark, other = (".", ",") if item.decimal == "." else (",", ".")
    number = rf"[-+]?(\d{{1,3}}({re.escape(other)}\d{{3}})+|\d+)({re.escape(mark)}\d+)?(E[-+]\d\d)?"
    if not re.fullmatch(number, text):
        return None
    return float(text.replace(other, "").replace(mark, "."))


def _range(item: Item, text: str) -> tuple[float, float] | None:
    match = _RANGE.fullmatch(re.sub("[–—]", "-", text))
    if not match:
        return None
    low, high = _number(item, match["low"].strip()), _number(item, match["high"].strip())
    return (low, high) if low is not None and high is not None and low < high else None


def _plain_values(item: Item, texts: pd.Index) -> tuple[np.ndarray, np.ndarray]:
    """Return the value of each distinct text that says it plainly, and which do; the others' are not there yet."""
    if item.kind == "date":
        dates = _dates(texts, item.formats)
        return dates.to_numpy(copy=True), dates.notna().to_numpy() & ~_serial(texts, item.formats)
    if item.kind != "quantity":
        return np.full(len(texts), -1, np.int64), np.zeros(len(texts), bool)
    plain = (
        pd.Series(texts, dtype="str").str.fullmatch(_LITERAL.pattern if item.decimal == "." else r"\d+").to_numpy(bool)
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
    return tidy_all(texts).str.fullmatch(_LITERAL.pattern).to_numpy(bool)


def _date(item: Item, value: np.datetime64) -> Meaning:
    """Return what a text says that is no plain date: a spreadsheet's serial number, or nothing known."""
    if np.isnat(value):
        return Meaning(expected=f"a date written as {' or '.join(item.formats) or '2019-06-30'}")
    said = f"means {pd.Timestamp(value):%Y-%m-%d %H:%M:%S}"
    return Meaning(value, action=VALUE_MAPPED, rule=repairs.SPREADSHEET, detail=said)


def _dates(texts: pd.Index, formats: list[str]) -> pd.Series:
    """Return the moments that texts stand for, by the first format that fits; with an offset, in UTC."""
    tidied = tidy_all(texts)
    found = pd.Series(pd.NaT, index=tidied.index, dtype="datetime64[us]")
    for pattern in formats:
        open_ = found.isna()
        if pattern == EXCEL:
            serial = pd.to_numeric(tidied[open_], errors="coerce")
            serial = serial.where((serial >= 1) & (serial <= _LAST_SERIAL))
            seconds = pd.to_timedelta((serial * _SECONDS_OF_A_DAY).round(), unit="s")  # days would end in 2192
            found[open_] = (_EXCEL_DAY_ONE + seconds).astype("datetime64[us]")
        else:
            found[open_] = _local(pd.to_datetime(tidied[open_], format=pattern, errors="coerce", utc="%z" in pattern))
    open_ = found.isna() & tidied.str.fullmatch(_ISO.pattern)
    found[open_] = _local(pd.to_datetime(tidied[open_], format="ISO8601", errors="coerce", utc=True))
    return found


def _local(moments: pd.Series) -> pd.Series:
    return (moments.dt.tz_localize(None) if moments.dt.tz is not None else moments).astype("datetime64[us]")


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
