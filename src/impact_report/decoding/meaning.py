"""What one text means: a code, a number, a date, or why there is no answer; and how the ledger tells it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from impact_report import quantities, repairs
from impact_report.codebook import CODED, EXCEL, MISSING_LABELS, Item
from impact_report.language import say, translated
from impact_report.ledger import SET_MISSING, VALUE_MAPPED
from impact_report.moments import SERIAL, read_moments
from impact_report.wording import normalise, tidy, tidy_all

DECLARED_MISSING = "declared_missing"  # by the export itself
OWN_WORDS = "own_words"  # they may be personal, and are never told
MOST_REPAIRS = 1000  # distinct texts of one column; a column with more strange ones is another question's


@dataclass(frozen=True)
class Meaning:
    """What one text means: a value, or a missing kind, or nothing known; and what the ledger is to say of it."""

    value: float | np.datetime64 | None = None  # of a coded item the place of the code
    missing: str | None = None
    expected: str = ""  # instead of a text without meaning
    action: str = ""
    rule: str = ""
    detail: str = ""


def meanings(
    item: Item,
    missing: Mapping[str, str],
    texts: pd.Index,
    said: pd.Series,
    declared: np.ndarray,
    values: np.ndarray,
    which: np.ndarray,
) -> dict[int, Meaning]:
    """Return what the distinct texts at some places mean; a code before a missing kind before what the export declares.

    `missing` is the kind of each normalised text that is no answer, `said` the texts normalised, `declared` what the
    export tells of each ("" nothing), `values` what those are that a date column could read.

    >>> from impact_report.wording import normalise_all
    >>> item = Item(question="How many?", kind="quantity")
    >>> texts = pd.Index(["1,234", "n/a"])
    >>> nothing, unread = np.array(["", ""]), np.array([np.nan, np.nan])
    >>> found = meanings(item, {"n/a": "no_answer"}, texts, normalise_all(texts), nothing, unread, np.array([0, 1]))
    >>> [(one.value, one.missing) for one in found.values()]
    [(1234.0, None), (None, 'no_answer')]
    """
    no_numbers = {number: kind for text, kind in missing.items() if (number := as_number(text)) is not None}
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
            found[k] = _set_missing("no_answer" if declared[k] == DECLARED_MISSING else "not_asked", str(declared[k]))
        elif (kind := no_numbers.get(as_number(text))) and item.kind != "date":
            found[k] = _set_missing(kind, kind)
        elif item.kind == "quantity":
            found[k] = _quantity(item, raw)
        elif item.kind == "date":
            found[k] = _date(item, values[k])
        else:
            strange += 1
            found[k] = _otherwise(item, raw, repair=strange <= MOST_REPAIRS)
    return found


def means(answer: str) -> str:
    """Say in the ledger what a text is taken to mean."""
    return say("the text means “{answer}”", answer=answer)


def _mapped(item: Item, raw: str, text: str, code: str) -> Meaning:
    """Return the place of a code, noted if its label is not what is written."""
    label = item.codes[code].label
    place = list(item.codes).index(code)
    if raw == label:
        return Meaning(place)
    rule = "platform" if item.platform else "spelling" if text == normalise(label) else "codebook"
    return Meaning(place, action=VALUE_MAPPED, rule=rule, detail=means(label))


def _set_missing(kind: str, rule: str) -> Meaning:
    return Meaning(missing=kind, action=SET_MISSING, rule=rule, detail=means(translated(MISSING_LABELS[kind])))


def _otherwise(item: Item, raw: str, repair: bool) -> Meaning:
    """Return the code that a changed text must have been, else the one for answers in own words, else none."""
    mended = repairs.original(raw, item.texts) if repair else None
    code, rule = (item.texts[mended[0]], mended[1]) if mended else (item.open_code, OWN_WORDS)
    if code is None:
        return Meaning(expected="one of " + "; ".join(one.label for one in item.codes.values()))
    place = list(item.codes).index(code)
    return Meaning(place, action=VALUE_MAPPED, rule=rule, detail=means(item.codes[code].label))


def as_number(text: str) -> float | None:
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
    return Meaning(value, action=VALUE_MAPPED, rule=rule, detail=means(f"{value:.15g}"))


def plain_values(item: Item, texts: pd.Index) -> tuple[np.ndarray, np.ndarray]:
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
    said = means(f"{pd.Timestamp(value):%Y-%m-%d %H:%M:%S}")
    return Meaning(value, action=VALUE_MAPPED, rule=repairs.SPREADSHEET, detail=said)
