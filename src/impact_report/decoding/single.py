"""One answer in one column: what each of its texts means, and what is noted of it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from impact_report.codebook import CODED, Codebook, Item
from impact_report.decoding.answers import KIND_PLACE, Decoded, coded, kinds
from impact_report.decoding.cells import Cells, Distinct
from impact_report.decoding.meaning import (
    DECLARED_MISSING,
    OWN_WORDS,
    Meaning,
    as_number,
    meanings,
    means,
    plain_values,
)
from impact_report.ledger import VALUE_MAPPED
from impact_report.readers import Column
from impact_report.ticks import NOT_TICKED
from impact_report.wording import normalise_all

_NO_VALUE = {"i": -1, "f": np.nan, "M": np.datetime64("NaT")}  # by the kind of an array


class Single:
    """The answers of items that have one column."""

    def __init__(self, cells: Cells, codebook: Codebook):
        self.cells = cells
        self.codebook = codebook

    def answer(self, name: str, item: Item, column: Column) -> Decoded:
        """Return codes, numbers or dates, and why there is none."""
        distinct = self.cells.distinct(column)
        codes, texts = distinct.codes, distinct.texts
        no_answers = self.codebook.missing_texts(item)
        said = normalise_all(texts)
        declared = self.cells.declared(distinct)
        values, plain = plain_values(item, texts)
        plain &= ~said.isin(list(no_answers)).to_numpy(bool) & ~declared
        if item.kind == "quantity":
            missing_numbers = [as_number(text) for text in no_answers]
            plain &= ~np.isin(values, [number for number in missing_numbers if number is not None])
        declared = np.where(declared, DECLARED_MISSING, np.where(self.cells.hidden(distinct), "not_asked", ""))
        found = meanings(item, no_answers, texts, said, declared, values, np.flatnonzero(~plain))
        places = np.full(len(texts), -1, np.int8)
        for k, meaning in found.items():
            places[k] = KIND_PLACE.get(meaning.missing, -1)
            values[k] = _NO_VALUE[values.dtype.kind] if meaning.value is None else meaning.value
        missing = places[codes]
        missing[self.cells.not_shown(column) & (missing >= 0)] = KIND_PLACE["not_asked"]
        answers = coded(values[codes], item) if item.kind in CODED else values[codes]
        decoded = Decoded({name: answers, f"{name}.missing": kinds(missing)})
        self._note(decoded, name, item, distinct, found)
        strange = {k: meaning.expected for k, meaning in found.items() if meaning.expected}
        decoded.list_unknown(name, distinct, self.cells.rows, strange)
        return decoded

    def beside(self, decoded: Decoded, name: str, item: Item, code: str, column: Column) -> None:
        """Take words in the column beside a question ("Other, please specify") for that answer, where it has none."""
        distinct = self.cells.distinct(column)
        said = normalise_all(distinct.texts)
        filled = ~said.isin(["", *self.codebook.missing_texts(item), *NOT_TICKED]).to_numpy(bool)[distinct.codes]
        missing = decoded.columns[f"{name}.missing"]
        here = filled & (missing.codes == KIND_PLACE["no_answer"])
        place = list(item.codes).index(code)
        decoded.columns[name] = coded(np.where(here, place, decoded.columns[name].codes), item)
        decoded.columns[f"{name}.missing"] = kinds(np.where(here, -1, missing.codes))
        if not item.personal:
            detail = means(item.codes[code].label)
            decoded.notes.append((self.cells.rows[here], name, "", VALUE_MAPPED, OWN_WORDS, detail))

    def as_it_stands(self, name: str, item: Item, column: Column) -> Decoded:
        """Return texts and ids: they never leave the raw file, and only whether there is one is told."""
        distinct = self.cells.distinct(column)
        codes, texts = distinct.codes, distinct.texts
        said = normalise_all(texts)
        places = np.where((said == "").to_numpy(bool) | self.cells.declared(distinct), KIND_PLACE["no_answer"], -1)
        for text, kind in self.codebook.missing_texts(item).items():
            places[(said == text).to_numpy(bool)] = KIND_PLACE[kind]
        missing = places[codes]
        missing[self.cells.not_shown(column) & (missing >= 0)] = KIND_PLACE["not_asked"]
        values = pd.Categorical.from_codes(np.where(missing < 0, codes, -1), categories=texts)
        return Decoded({name: values, f"{name}.missing": kinds(missing)})

    def _note(
        self,
        decoded: Decoded,
        name: str,
        item: Item,
        distinct: Distinct,
        found: Mapping[int, Meaning],
    ) -> None:
        """Note every text that stands for something other than itself; never a personal one."""
        said = {k: meaning for k, meaning in found.items() if meaning.action}
        if item.personal or not said:
            return
        number = np.full(len(distinct.texts), -1, np.int64)
        number[list(said)] = np.arange(len(said))
        at = np.flatnonzero(number[distinct.codes] >= 0)
        of = number[distinct.codes[at]]
        words = {
            key: pd.Categorical([getattr(one, key) for one in said.values()]) for key in ("action", "rule", "detail")
        }
        values = pd.Categorical(["" if one.rule == OWN_WORDS else distinct.texts[k] for k, one in said.items()])
        decoded.notes.append(
            (self.cells.rows[at], name, values[of], words["action"][of], words["rule"][of], words["detail"][of])
        )
