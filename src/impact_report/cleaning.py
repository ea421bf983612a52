"""From raw text to responses: each answer given its meaning by the codebook, each thing set aside in the ledger."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from impact_report.binding import Bound, bind
from impact_report.codebook import CODED, MISSING_LABELS, Codebook, Condition, Item
from impact_report.conditions import holds
from impact_report.errors import AnswersError, ExportError, Problem
from impact_report.readers.export import Column, Export
from impact_report.wave import Wave
from impact_report.wording import normalise, tidy

LEDGER_COLUMNS = ["source_row", "respondent", "item", "value", "action", "rule", "detail"]
ROW_DROPPED = "row dropped"
SET_MISSING = "answer set missing"
VALUE_MAPPED = "value mapped"
_TICKED = frozenset({"1", "yes", "true", "checked", "x", "selected", "ticked"})
_NOT_TICKED = frozenset({"", "0", "no", "false", "unchecked", "not selected"})
_NUMBER = re.compile(r"[-+]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?")
_ISO_DATES = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d")
_ROWS_SHOWN = 8
_MEANINGS = {
    "single": "as one of a code's `texts`, or under `missing`",
    "quantity": "under `missing`, or widen `minimum` and `maximum`; a number has no decimal comma here",
    "date": "add how it is written to `formats`, or put it under `missing`",
}


@dataclass
class Cleaned:
    """The responses (one row a kept respondent), the ledger (one row a thing done), and their sums.

    `responses` has `respondent`, `source_row` and, for each item without personal data: its answer (`role`: the code;
    `films.first`: ticked or not; a number; a date) and `role.missing`: why there is none.
    """

    responses: pd.DataFrame
    ledger: pd.DataFrame
    summary: dict
    columns: dict[str, list[list[str]]]  # item → code, spreadsheet letter and title of each raw column


def clean(export: Export, codebook: Codebook, wave: Wave, file: str = "the export") -> Cleaned:
    """Return the responses and the ledger of an export.

    Raises ExportError where columns and items do not match, and AnswersError, with rows and counts, where a kept row
    holds an answer that the codebook does not explain.
    """
    return _Cleaning(export, codebook, wave, file).run()


@dataclass
class _Unknown:
    """A text without meaning: where it stands and how often."""

    item: str
    column: Column
    text: str
    expected: str
    rows: pd.Index


@dataclass
class _Cleaning:
    """One run of cleaning: what is decoded so far, what the ledger says so far."""

    export: Export
    codebook: Codebook
    wave: Wave
    file: str
    ledger: list[pd.DataFrame] = field(default_factory=list)
    unknown: list[_Unknown] = field(default_factory=list)

    def run(self) -> Cleaned:
        bound = bind(self.export, self.codebook, self.wave, self.file)
        text = self.export.text
        filled = ~text.apply(_blank).all(axis=1)
        last = filled[::-1].idxmax() if filled.any() else text.index[0]
        text = text.loc[:last]  # rows after the last answer are the spreadsheet's, not respondents'
        self.rows_in = len(text)
        self.empty_at_end = len(self.export.text) - len(text)
        self._drop(text.index[~filled.loc[:last]], "empty", "nothing in any column")
        text = text[filled.loc[:last]]
        decoded = {"respondent": "r" + text.index.astype(str).str.zfill(5), "source_row": text.index}
        responses = pd.DataFrame(decoded, index=text.index)
        parts = [responses, *(self._item(name, bound.get(name), text) for name in self.codebook.items)]
        responses = pd.concat(parts, axis=1)
        responses = self._set_rows_aside(responses)
        self._refuse_unknown(responses.index)
        if responses.empty:
            found = f"{self.rows_in} rows, each set aside by a rule"
            do = "look at `rows:` in wave.yml, or put the right export there"
            raise ExportError(Problem("a row that counts", found, self.file, do))
        responses = self._route(responses)
        kept = responses.index
        personal = {name for name, item in self.codebook.items.items() if item.personal or item.kind in ("text", "id")}
        columns = [column for column in responses if column.split(".")[0] not in personal]
        ledger = self._ledger(kept)
        return Cleaned(
            responses[columns].reset_index(drop=True),
            ledger,
            self._summary(ledger, len(kept)),
            {
                name: [[code, column.letter, column.title] for code, column in one.columns.items()]
                for name, one in bound.items()
                if name not in personal
            },
        )

    # decoding: text → meaning

    def _item(self, name: str, bound: Bound | None, text: pd.DataFrame) -> pd.DataFrame:
        item = self.codebook.items[name]
        if bound is None:
            return self._not_asked(name, item, text.index)
        if item.kind == "multiple":
            return self._multiple(name, item, bound, text)
        column = bound.columns[""]
        cells = text[column.position]
        meaning = {raw: self._meaning(item, raw) for raw in cells.unique()}
        values = cells.map({raw: value for raw, (value, _, _) in meaning.items()})
        missing = cells.map({raw: kind for raw, (_, kind, _) in meaning.items()})
        for raw, (value, kind, expected) in meaning.items():
            if expected:
                rows = cells.index[cells == raw]
                self.unknown.append(_Unknown(name, column, raw, expected, rows))
            elif not item.personal and item.kind not in ("text", "id"):
                self._note_mapping(name, item, raw, value, kind, cells)
        if item.kind in CODED:
            values = pd.Categorical(values, categories=list(item.codes), ordered=item.kind == "scale")
        elif item.kind == "quantity":
            values = values.astype(float)
        elif item.kind == "date":
            values = pd.to_datetime(values)
        return pd.DataFrame({name: values, f"{name}.missing": _kinds(missing)}, index=text.index)

    def _meaning(self, item: Item, raw: str) -> tuple[object, str | None, str | None]:
        """Return a text's value, its missing kind, or what was expected instead."""
        text = normalise(raw)
        if item.kind in CODED:
            code = item.texts.get(text)
            if code is not None:
                return code, None, None
        if not text:
            return None, "no_answer", None
        if kind := self.codebook.missing_texts(item).get(text):
            return None, kind, None
        if item.kind in CODED:
            return None, None, "one of " + "; ".join(one.label for one in item.codes.values())
        if item.kind == "quantity":
            return self._quantity(item, tidy(raw))
        if item.kind == "date":
            return self._date(item, tidy(raw))
        return tidy(raw), None, None

    @staticmethod
    def _quantity(item: Item, text: str) -> tuple[float | None, None, str | None]:
        low, high = item.minimum, item.maximum
        span = (f" from {low:g}" if low is not None else "") + (f" up to {high:g}" if high is not None else "")
        number = re.sub(rf"\s*{re.escape(item.unit)}$", "", text, flags=re.IGNORECASE) if item.unit else text
        if not _NUMBER.fullmatch(number):
            return None, None, f"a number{span}"
        value = float(number.replace(",", ""))
        if (low is not None and value < low) or (high is not None and value > high):
            return None, None, f"a number{span}"
        return value, None, None

    @staticmethod
    def _date(item: Item, text: str) -> tuple[pd.Timestamp | None, None, str | None]:
        for pattern in (*item.formats, *_ISO_DATES):
            value = pd.to_datetime(text, format=pattern, errors="coerce")
            if not pd.isna(value):
                return value, None, None
        return None, None, f"a date written as {' or '.join(item.formats) or '2019-06-30'}"

    def _multiple(self, name: str, item: Item, bound: Bound, text: pd.DataFrame) -> pd.DataFrame:
        """Return ticked or not for each code; a row without any tick has no answer."""
        ticked = pd.DataFrame(False, index=text.index, columns=[f"{name}.{code}" for code in item.codes])
        why = pd.Series("no_answer", index=text.index, dtype=object)
        words = pd.Series("", index=text.index, dtype=object)  # in which the reason is given
        said_no = pd.Series(False, index=text.index)  # a written no is an answer, an empty cell is none
        no_answer = self.codebook.missing_texts(item)
        for code, column in bound.columns.items():
            cells = text[column.position]
            label = normalise(column.option or "")
            own = {label, *map(normalise, (item.codes[code].label, *item.codes[code].texts))} - {""}
            for raw in cells.unique():
                said = normalise(raw)
                if said in own or said in _TICKED:
                    ticked.loc[cells == raw, f"{name}.{code}"] = True
                    if said in own and tidy(raw) != (column.option or item.codes[code].label):
                        self._note_ticked(name, item, code, raw, cells)
                elif said in _NOT_TICKED:
                    said_no[cells == raw] |= bool(said)
                elif kind := no_answer.get(said):
                    why[cells == raw], words[cells == raw] = kind, raw
                elif item.codes[code].open:
                    ticked.loc[cells == raw, f"{name}.{code}"] = True
                else:
                    expected = f"{column.option or item.codes[code].label!r} or an empty cell"
                    self.unknown.append(_Unknown(name, column, raw, expected, cells.index[cells == raw]))
        missing = pd.Series(None, index=text.index, dtype=object)
        silent = ~ticked.any(axis=1) & (~said_no | (why != "no_answer"))
        missing[silent] = why[silent]
        for raw in filter(None, words.unique()):
            self._note_unticked(name, item, raw, no_answer[normalise(raw)], words == raw, silent)
        return ticked.assign(**{f"{name}.missing": _kinds(missing)})

    @staticmethod
    def _not_asked(name: str, item: Item, index: pd.Index) -> pd.DataFrame:
        columns: dict[str, object] = {}
        if item.kind == "multiple":
            columns = {f"{name}.{code}": False for code in item.codes}
        elif item.kind in CODED:
            columns = {name: pd.Categorical([None] * len(index), categories=list(item.codes))}
        elif item.kind == "date":
            columns = {name: pd.Series(pd.NaT, index=index)}
        else:
            columns = {name: np.nan}
        missing = _kinds(pd.Series("not_asked", index=index))
        return pd.DataFrame({**columns, f"{name}.missing": missing}, index=index)

    # rows set aside

    def _set_rows_aside(self, responses: pd.DataFrame) -> pd.DataFrame:
        rules = self.wave.rows
        for rule, condition in rules.drop.items():
            hit = holds(condition, responses, self.codebook)
            self._drop(responses.index[hit], rule, self._drop_words(condition))
            responses = responses[~hit]
        if rules.minimum_answered:
            items = list(dict.fromkeys(indicator.item for indicator in self.codebook.indicators))
            conditions = {item: self.codebook.items[item].ask_if for item in items}
            asked = pd.DataFrame({item: holds(one, responses, self.codebook) for item, one in conditions.items()})
            asked &= responses[[f"{item}.missing" for item in items]].set_axis(items, axis=1) != "not_asked"
            given = responses[[f"{item}.missing" for item in items]].set_axis(items, axis=1).isna()
            answered = (given & asked).sum(axis=1)
            few = answered < asked.sum(axis=1).clip(upper=rules.minimum_answered)  # who is asked less can answer less
            self._drop(
                responses.index[few],
                "partial",
                f"answered fewer than {rules.minimum_answered} of the {len(items)} questions behind the results",
            )
            responses = responses[~few]
        if rules.duplicates:
            by, latest = rules.duplicates.by, rules.duplicates.latest
            known = responses[responses[f"{by}.missing"].isna()]
            key = known[by].astype(str).map(normalise)
            self._refuse_ties(known, key, by, latest)
            order = known.assign(_key=key).sort_values([latest, "source_row"], kind="stable", na_position="first")
            keeper = order.groupby("_key")["source_row"].transform("last")
            earlier = order.index[keeper != order["source_row"]].sort_values()
            for row in earlier:
                self._drop(pd.Index([row]), "duplicate", f"the same respondent answered later, in row {keeper[row]}")
            responses = responses.drop(index=earlier)
        return responses

    def _drop_words(self, condition: Condition) -> str:
        """Say by which answers a rule sets rows aside: "Collector ID": Preview."""
        said = []
        for name, chosen in condition.tests.items():
            item = self.codebook.items[name]
            if item.stays_raw:
                said.append(f"“{item.wording}”: an answer that is not shown")
                continue
            labels = {code: one.label for code, one in item.codes.items()}
            parts = [" or ".join(labels.get(code, code) for code in chosen.any)]
            parts += [labels.get(code, code) for code in chosen.all]
            parts += [f"not {labels.get(code, code)}" for code in chosen.none]
            said.append(f"“{item.wording}”: {' and '.join(filter(None, parts)) or 'answered'}")
        return "; ".join(said)

    def _refuse_ties(self, known: pd.DataFrame, key: pd.Series, by: str, latest: str) -> None:
        """Raise ExportError where the same respondent answered differently at the same time: neither is the latest."""
        times = known[latest]
        newest = times.groupby(key).transform("max")
        last = (times == newest) | newest.isna()
        ids = {name for name, item in self.codebook.items.items() if item.kind == "id"}  # of a row, not of an answer
        aside = [column for column in known if column.split(".")[0] in {"respondent", "source_row", by, *ids}]
        answers = known[last].drop(columns=aside).astype(str)
        problems = [
            Problem(
                "one latest answer for each respondent",
                "different answers of the same respondent at the same time",
                f"{self.file}, rows {', '.join(map(str, rows))}",
                "decide which one counts, and set the other aside by a rule of its own in wave.yml",
            )
            for rows in answers.groupby(key[last]).groups.values()
            if len(answers.loc[rows].drop_duplicates()) > 1
        ]
        if problems:
            raise ExportError(problems)

    def _route(self, responses: pd.DataFrame) -> pd.DataFrame:
        """Return the responses with those not asked marked so; answers given all the same are set aside."""
        responses = responses.copy()
        for name in _routing_order(self.codebook):
            item = self.codebook.items[name]
            missing = f"{name}.missing"
            not_asked = ~holds(item.ask_if, responses, self.codebook)
            contradiction = not_asked & responses[missing].isna()
            if contradiction.any():
                words = "answered though not asked"
                self._note(responses.index[contradiction], name, "", SET_MISSING, "routing", words)
            if item.kind == "multiple":
                responses.loc[not_asked, [f"{name}.{code}" for code in item.codes]] = False
            else:
                responses.loc[not_asked, name] = None
            responses.loc[not_asked, missing] = "not_asked"
        return responses

    # the ledger

    def _note(self, rows: pd.Index, item: str, value: str, action: str, rule: str, detail: str) -> None:
        if len(rows):
            content = {
                "source_row": rows,
                "item": item,
                "value": value,
                "action": action,
                "rule": rule,
                "detail": detail,
            }
            self.ledger.append(pd.DataFrame(content))

    def _drop(self, rows: pd.Index, rule: str, detail: str) -> None:
        self._note(rows, "", "", ROW_DROPPED, rule, detail)

    def _note_mapping(self, name: str, item: Item, raw: str, value: object, kind: str | None, cells: pd.Series) -> None:
        """Note a text that stands for something other than itself."""
        if kind and normalise(raw):
            self._note(cells.index[cells == raw], name, raw, SET_MISSING, kind, f"means {MISSING_LABELS[kind]}")
        elif kind is None and item.kind in CODED and raw != item.codes[str(value)].label:
            rule = "spelling" if normalise(raw) == normalise(item.codes[str(value)].label) else "codebook"
            rule = "platform" if item.platform else rule
            self._note(
                cells.index[cells == raw], name, raw, VALUE_MAPPED, rule, f"means {item.codes[str(value)].label}"
            )
        elif kind is None and item.kind == "quantity" and not re.fullmatch(r"\d+(\.\d+)?", raw):
            self._note(cells.index[cells == raw], name, raw, VALUE_MAPPED, "number", f"means {value:.15g}")

    def _note_ticked(self, name: str, item: Item, code: str, raw: str, cells: pd.Series) -> None:
        """Note a tick that is written otherwise than its option; never the words of an open answer."""
        if not item.personal and not item.codes[code].open:
            self._note(
                cells.index[cells == raw], name, raw, VALUE_MAPPED, "spelling", f"means {item.codes[code].label}"
            )

    def _note_unticked(self, name: str, item: Item, raw: str, kind: str, rows: pd.Series, silent: pd.Series) -> None:
        """Note a text that is no answer: once a row, and beside a tick as no more than a box left empty."""
        if item.personal:
            return
        self._note(rows.index[rows & silent], name, raw, SET_MISSING, kind, f"means {MISSING_LABELS[kind]}")
        self._note(rows.index[rows & ~silent], name, raw, VALUE_MAPPED, "codebook", "means not ticked")

    def _ledger(self, kept: pd.Index) -> pd.DataFrame:
        """Return the ledger: of rows that were dropped it says only that, and why."""
        if not self.ledger:
            return pd.DataFrame(columns=LEDGER_COLUMNS)
        ledger = pd.concat(self.ledger, ignore_index=True)
        ledger = ledger[(ledger["action"] == ROW_DROPPED) | ledger["source_row"].isin(kept)]
        ledger["respondent"] = "r" + ledger["source_row"].astype(str).str.zfill(5)
        order = {ROW_DROPPED: 0, SET_MISSING: 1, VALUE_MAPPED: 2}
        ledger = ledger.assign(_order=ledger["action"].map(order))
        ledger = ledger.sort_values(["_order", "source_row", "item"], kind="stable")
        return ledger[LEDGER_COLUMNS].reset_index(drop=True)

    def _summary(self, ledger: pd.DataFrame, kept: int) -> dict:
        dropped = ledger[ledger["action"] == ROW_DROPPED]
        assert self.rows_in == kept + len(dropped), "the ledger does not add up"
        assert dropped["source_row"].is_unique, "a row was dropped twice"
        counted = Counter(zip(ledger["action"], ledger["rule"], strict=True))
        return {
            "file": self.file,
            "format": self.export.format,
            "encoding": self.export.encoding,
            "separator": self.export.separator,
            "columns": len(self.export.columns),
            "empty_rows_at_end": self.empty_at_end,
            "rows_in": self.rows_in,
            "rows_kept": kept,
            "rows_dropped": len(dropped),
            "rules": [
                {"action": action, "rule": rule, "count": count, "detail": self._detail(ledger, action, rule)}
                for (action, rule), count in counted.items()
            ],
        }

    @staticmethod
    def _detail(ledger: pd.DataFrame, action: str, rule: str) -> str:
        if rule == "duplicate":
            return ""  # the detail names a row
        details = ledger.loc[(ledger["action"] == action) & (ledger["rule"] == rule), "detail"].unique()
        return details[0] if len(details) == 1 else ""

    def _refuse_unknown(self, kept: pd.Index) -> None:
        """Raise AnswersError for every text without meaning in a kept row."""
        problems = list(self._unknown_problems(kept))
        if problems:
            raise AnswersError(problems)

    def _unknown_problems(self, kept: pd.Index) -> Iterator[Problem]:
        for one in self.unknown:
            rows = one.rows.intersection(kept)
            if not len(rows):
                continue
            shown = ", ".join(map(str, rows[:_ROWS_SHOWN])) + (" …" if len(rows) > _ROWS_SHOWN else "")
            hidden, kind = self.codebook.items[one.item].personal, self.codebook.items[one.item].kind
            text = "a text (not shown: the item is personal)" if hidden else repr(tidy(one.text))
            times = "once" if len(rows) == 1 else f"{len(rows)} times"
            where = f"{self.file}, row{'s' * (len(rows) > 1)} {shown}, column {one.column.letter} ({one.item})"
            do = (
                f"say in codebook.yml what it means, under items.{one.item}: {_MEANINGS.get(kind, _MEANINGS['single'])}"
            )
            yield Problem(one.expected, f"{text}, {times}", where, do)


def _blank(cells: pd.Series) -> pd.Series:
    """Say which cells hold nothing but space."""
    return cells.isin([raw for raw in cells.unique() if not normalise(raw)])


def _kinds(missing: pd.Series) -> pd.Categorical:
    return pd.Categorical(missing, categories=list(MISSING_LABELS))


def _routing_order(codebook: Codebook) -> list[str]:
    """Return the routed items, each after those its condition asks about."""
    ordered: list[str] = []

    def place(name: str) -> None:
        condition = codebook.items[name].ask_if
        if condition is None or name in ordered:
            return
        for before in condition.tests:
            place(before)
        ordered.append(name)

    for name in codebook.items:
        place(name)
    return ordered
