"""From raw text to responses: each answer given its meaning by the codebook, each thing set aside in the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from impact_report import sampling
from impact_report.binding import bind
from impact_report.codebook import Codebook, Condition
from impact_report.conditions import holds
from impact_report.decoding import Decoder, Unknown
from impact_report.errors import AnswersError, ExportError, Problem, rows_in_words
from impact_report.language import listed, say
from impact_report.ledger import ROW_DROPPED, SET_MISSING, Ledger, respondents
from impact_report.personal import looks_personal
from impact_report.readers import Export
from impact_report.wave import Wave
from impact_report.wording import normalise_all, tidy, tidy_all

_LONGEST_TEXT = 200  # characters of a text without meaning
_MEANINGS = {
    "single": "as one of a code's `texts`, or under `missing`",
    "quantity": "under `missing`; or set `unit`, `decimal`, `ranges`, or widen `minimum` and `maximum`",
    "date": "add how it is written to `formats`, or put it under `missing`",
}


@dataclass
class Cleaned:
    """The responses (one row a kept respondent), the ledger (one row a thing done), and their sums.

    `responses` has `respondent`, `source_row` and, for each item without personal data: its answer (`role`: the code;
    `films.first`: ticked or not; a number; a date) and `role.missing`: why there is none. Of a wave with weights or a
    design they also have the columns of `sampling`.
    """

    responses: pd.DataFrame
    ledger: pd.DataFrame
    summary: dict
    columns: dict[str, list[list[str]]]  # item → code, spreadsheet letter and title of each raw column
    names: np.ndarray | None = None  # what names each respondent, if asked for; kept in memory, never in a file


def clean(
    export: Export, codebook: Codebook, wave: Wave, file: str = "the export", named_by: str | None = None
) -> Cleaned:
    """Return the responses and the ledger of an export.

    `named_by` is the item whose answers, normalised, are to name the respondents ("" where there is none).
    Raises ExportError where columns and items do not match, and AnswersError, with rows and counts, where a kept row
    holds an answer that the codebook does not explain; of a wave with weights or a design EstimationError, where they
    cannot be used.
    """
    return _Cleaning(export, codebook, wave, file).run(named_by)


class _Cleaning:
    """One run of cleaning: what is decoded so far, what the ledger says so far."""

    def __init__(self, export: Export, codebook: Codebook, wave: Wave, file: str):
        self.export = export
        self.codebook = codebook
        self.wave = wave
        self.file = file
        self.ledger = Ledger()
        self.unknown: list[Unknown] = []

    def run(self, named_by: str | None = None) -> Cleaned:
        bound = bind(self.export, self.codebook, self.wave, self.file)
        rows = self._filled_rows()
        responses = self._decode(bound, rows)
        responses = self._set_rows_aside(responses)
        self._refuse_unknown(responses.index)
        if responses.empty:
            found = f"{self.rows_in} rows, each set aside by a rule"
            do = "look at `rows:` in wave.yml, or put the right export there"
            raise ExportError(Problem("a row that counts", found, self.file, do))
        responses = self._route(responses)
        kept = responses.index
        personal = {name for name, item in self.codebook.items.items() if item.stays_raw}
        columns = [column for column in responses if column.split(".")[0] not in personal]
        ledger = self.ledger.table(kept)
        drawn = sampling.drawn(responses, self.codebook, self.wave, self._raw_names(responses))
        return Cleaned(
            pd.concat([responses[columns], drawn], axis=1).reset_index(drop=True),
            ledger,
            {
                **self._summary(ledger, responses),
                "headers_repaired": [
                    [column.letter, column.option or column.question, text]
                    for one in bound.values()
                    for column, text in one.repaired
                ],
            },
            {
                name: [[code, column.letter, column.title] for code, column in one.listed]
                for name, one in bound.items()
                if name not in personal
            },
            self._names(named_by, responses) if named_by else None,
        )

    # from text to responses

    def _filled_rows(self) -> pd.Index:
        """Return the rows with anything in them; after the last of these they are the spreadsheet's, nobody's."""
        text = self.export.text
        filled = np.zeros(len(text), bool)
        for position in text:
            cells = text[position].cat
            filled |= (normalise_all(cells.categories) != "").to_numpy(bool)[cells.codes.to_numpy()]
        last = int(np.flatnonzero(filled)[-1]) + 1 if filled.any() else 0
        self.rows_in = last
        self.empty_at_end = len(text) - last
        self.ledger.drop(text.index[:last][~filled[:last]], "empty", say("nothing in any column"))
        return text.index[filled]

    def _decode(self, bound: dict, rows: pd.Index) -> pd.DataFrame:
        decoder = Decoder(self.export, self.codebook, rows)
        columns: dict[str, object] = {"respondent": respondents(rows.to_numpy()), "source_row": rows.to_numpy()}
        for name in self.codebook.items:
            decoded = decoder.item(name, bound.get(name))
            columns |= decoded.columns
            self.unknown += decoded.unknown
            for note in decoded.notes:
                self.ledger.note(*note)
        return pd.DataFrame(columns, index=rows, copy=False)

    # rows set aside

    def _set_rows_aside(self, responses: pd.DataFrame) -> pd.DataFrame:
        """Return the responses that no rule of the wave sets aside."""
        rules = self.wave.rows
        marked = self._marked(self.export.previews, responses)
        if rules.previews == "drop":
            responses = self._drop(responses, marked, "preview_or_test", say("marked so by the survey platform"))
        if rules.unfinished == "drop":
            unfinished = self._marked(self.export.unfinished, responses)
            responses = self._drop(responses, unfinished, "unfinished", say("marked so by the survey platform"))
        for rule, condition in rules.drop.items():
            hit = holds(condition, responses, self.codebook)
            responses = self._drop(responses, hit, rule, self._words(condition))
        for rule, condition in rules.keep.items():
            hit = ~holds(condition, responses, self.codebook)
            responses = self._drop(responses, hit, rule, say("without {answers}", answers=self._words(condition)))
        responses = self._drop_by_time(responses)
        if rules.minimum_answered:
            responses = self._drop_partial(responses, rules.minimum_answered)
        if rules.duplicates:
            responses = self._drop_duplicates(responses, rules.duplicates.by, rules.duplicates.latest)
        self._refuse_several_rows(responses)
        left = self._marked(self.export.previews, responses)
        if rules.previews is None and left.any():
            found = f"{int(left.sum())} previews or tests: {rows_in_words(responses.index[left])}"
            do = "say in wave.yml what becomes of them: `rows: {previews: drop}` or `keep`"
            raise ExportError(Problem("answers of respondents", found, self.file, do))
        return responses

    def _refuse_several_rows(self, responses: pd.DataFrame) -> None:
        """Raise ExportError where several rows that are left are about the same respondent."""
        if self.export.cases is None:
            return
        cases = pd.Series(self.export.cases[self.export.text.index.get_indexer(responses.index)], responses.index)
        several = cases[(cases >= 0) & cases.duplicated(keep=False)]
        if len(several):
            found = f"{several.nunique()} respondents with several, as for events: {rows_in_words(several.index)}"
            do = "say in wave.yml which one counts, as `rows: {keep: {event: {redcap_event_name: …}}}`"
            raise ExportError(Problem("one row a respondent", found, self.file, do))

    def _marked(self, marks: np.ndarray | None, responses: pd.DataFrame) -> np.ndarray:
        """Return which responses the platform marks."""
        if marks is None:
            return np.zeros(len(responses), bool)
        return marks[self.export.text.index.get_indexer(responses.index)]

    def _drop(
        self, responses: pd.DataFrame, hit: np.ndarray | pd.Series, rule: str, detail: str | pd.Categorical
    ) -> pd.DataFrame:
        """Return the responses that are not hit by a rule, and note the others."""
        hit = np.asarray(hit, bool)
        if not hit.any():
            return responses
        self.ledger.drop(responses.index[hit], rule, detail)
        return responses[~hit]

    def _drop_by_time(self, responses: pd.DataFrame) -> pd.DataFrame:
        window, speeders = self.wave.rows.window, self.wave.rows.speeders
        if window:
            start, end = window.start or self.wave.fielded.start, window.end or self.wave.fielded.end
            undated = responses[window.by].isna()
            undated_words = say("no date that tells whether it was within the window")
            responses = self._drop(responses, undated, "undated", undated_words)
            day = responses[window.by].dt.normalize()
            outside = (day < pd.Timestamp(start)) | (day > pd.Timestamp(end))
            words = say("answered before {start} or after {end}", start=start, end=end)
            responses = self._drop(responses, outside, "window", words)
        if speeders:
            took = (responses[speeders.end] - responses[speeders.start]).dt.total_seconds()
            words = say("answered in less than {seconds} seconds", seconds=f"{speeders.seconds:g}")
            responses = self._drop(responses, took < speeders.seconds, "speeder", words)
        return responses

    def _drop_partial(self, responses: pd.DataFrame, minimum: int) -> pd.DataFrame:
        items = list(dict.fromkeys(indicator.item for indicator in self.codebook.indicators))
        answered, asked = np.zeros(len(responses), int), np.zeros(len(responses), int)
        for item in items:
            missing = responses[f"{item}.missing"]
            reached = holds(self.codebook.items[item].ask_if, responses, self.codebook) & (missing != "not_asked")
            asked += reached.to_numpy()
            answered += (reached & missing.isna()).to_numpy()
        few = answered < np.minimum(asked, minimum)  # who is asked less can answer less
        template = "answered fewer than {least} of the {all} questions behind the results"
        words = say(template, least=minimum, all=len(items))
        return self._drop(responses, few, "partial", words)

    def _drop_duplicates(self, responses: pd.DataFrame, by: str, latest: str) -> pd.DataFrame:
        """Return the responses without those whose respondent answered again later."""
        known = responses[responses[f"{by}.missing"].isna()]
        key = self._key(by, known[by])
        times = known[latest]
        self._refuse_ties(known, key, by, latest)
        order = pd.DataFrame({"key": key, "time": times.to_numpy(), "row": known.index})
        order = order.sort_values(["time", "row"], kind="stable", na_position="first")
        keeper = order.groupby("key", sort=False)["row"].transform("last")
        earlier = order.assign(keeper=keeper)[keeper != order["row"]].sort_values("row")
        hit = responses.index.isin(earlier["row"])
        detail = pd.Categorical("the same respondent answered later, in row " + earlier["keeper"].astype("str"))
        return self._drop(responses, hit, "duplicate", detail)

    def _names(self, by: str, responses: pd.DataFrame) -> np.ndarray:
        """Return what names each respondent, "" where nothing does. Raises ExportError where a name stands twice."""
        names = np.full(len(responses), "", dtype=object)
        known = responses[f"{by}.missing"].isna().to_numpy()
        names[known] = self._said(by, responses.loc[known, by])
        twice = known & pd.Series(names).duplicated(keep=False).to_numpy()
        if twice.any():
            found = f"the same one more than once: {rows_in_words(responses.index[twice])}"
            do = "set the earlier answers aside in wave.yml: `rows: {duplicates: {by: …, latest: …}}`"
            raise ExportError(Problem(f"one row for each {by!r}, to match respondents by it", found, self.file, do))
        return names

    def _raw_names(self, responses: pd.DataFrame) -> dict[str, pd.Categorical]:
        """Return the answers that name strata and primary units and never leave the raw file."""
        design = self.wave.design
        used = {design.strata, design.clusters} - {None} if design else set()
        names = {}
        for name in sorted(used):
            if self.codebook.items[name].kind in ("id", "text"):
                known = responses[f"{name}.missing"].isna()
                said = pd.Series(None, index=responses.index, dtype=object)
                said[known] = self._said(name, responses.loc[known, name])
                names[name] = pd.Categorical(said)
        return names

    def _key(self, by: str, answers: pd.Series) -> np.ndarray:
        """Return numbers that are equal where two answers say the same."""
        return pd.factorize(self._said(by, answers))[0]

    def _said(self, by: str, answers: pd.Series) -> np.ndarray:
        """Return texts that are equal where two answers say the same; a platform's own ids by every letter."""
        texts = answers.cat.categories
        damaged = pd.Series(texts, dtype="str").str.fullmatch(r"\d(\.\d+)?E\+\d+").to_numpy(bool)
        if damaged.any():
            rows = answers.index[damaged[answers.cat.codes.to_numpy()]]
            found = f"numbers that a spreadsheet has rounded (as 1.2E+11) in {rows_in_words(rows)}"
            do = "export again and do not open the file in a spreadsheet: rounded, different ids look the same"
            raise ExportError(Problem(f"whole ids in the item {by!r}", found, self.file, do))
        said = tidy_all(texts) if self.codebook.items[by].platform else normalise_all(texts)
        return said.to_numpy(object)[answers.cat.codes.to_numpy()]

    def _words(self, condition: Condition) -> str:
        """Say which answers a rule is about: "Collector ID": Preview."""
        said = []
        for name, chosen in condition.tests.items():
            item = self.codebook.items[name]
            if item.stays_raw:
                said.append(say("“{question}”: an answer that is not shown", question=item.wording))
                continue
            labels = {code: one.label for code, one in item.codes.items()}
            parts = [listed([labels.get(code, code) for code in chosen.any], "or")]
            parts += [labels.get(code, code) for code in chosen.all]
            parts += [say("not {label}", label=labels.get(code, code)) for code in chosen.none]
            parts += [say("below {n}", n=f"{chosen.below:g}")] if chosen.below is not None else []
            parts += [say("{n} or more", n=f"{chosen.at_least:g}")] if chosen.at_least is not None else []
            answers = listed(filter(None, parts)) or say("answered")
            said.append(say("“{question}”: {answers}", question=item.wording, answers=answers))
        return "; ".join(said)

    def _refuse_ties(self, known: pd.DataFrame, key: np.ndarray, by: str, latest: str) -> None:
        """Raise ExportError where the same respondent answered differently at the same time: neither is the latest."""
        times = known[latest]
        newest = times.groupby(key).transform("max")
        last = ((times == newest) | newest.isna()).to_numpy(copy=True)
        last[last] = pd.Series(key[last]).duplicated(keep=False)
        if not last.any():
            return
        ids = {name for name, item in self.codebook.items.items() if item.kind == "id"}  # of a row, not of an answer
        aside = [column for column in known if column.split(".")[0] in {"respondent", "source_row", by, *ids}]
        answers = known[last].drop(columns=aside)
        said = answers.apply(lambda column: pd.factorize(column)[0])  # equal numbers for equal answers
        of = pd.Series(key[last], index=answers.index)
        differ = of[(said.groupby(of).transform("nunique") > 1).any(axis=1)]
        problems = [
            Problem(
                "one latest answer for each respondent",
                "different answers of the same respondent at the same time",
                f"{self.file}, {rows_in_words(rows)}",
                "decide which one counts, and set the other aside by a rule of its own in wave.yml",
            )
            for rows in differ.groupby(differ, sort=False).groups.values()
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
            ticks = [f"{name}.{code}" for code in item.codes] if item.kind == "multiple" else []
            contradiction = not_asked & responses[missing].isna()
            if ticks:  # a written no beside every option says no more than an empty cell
                contradiction &= responses[ticks].any(axis=1)
            if contradiction.any():
                words = say("answered though not asked")
                self.ledger.note(responses.index[contradiction], name, "", SET_MISSING, "routing", words)
            if ticks:
                responses.loc[not_asked, ticks] = False
            else:
                responses.loc[not_asked, name] = None
            responses.loc[not_asked, missing] = "not_asked"
        return responses

    # sums and refusals

    def _summary(self, ledger: pd.DataFrame, responses: pd.DataFrame) -> dict:
        kept = len(responses)
        dropped = ledger[ledger["action"] == ROW_DROPPED]
        assert self.rows_in == kept + len(dropped), "the ledger does not add up"
        assert dropped["source_row"].is_unique, "a row was dropped twice"
        counted = ledger.groupby(["action", "rule"], sort=False, observed=True)["detail"]
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
            "unfinished_kept": int(self._marked(self.export.unfinished, responses).sum()),
            "rules": [
                {"action": action, "rule": rule, "count": len(details), "detail": _detail(rule, details)}
                for (action, rule), details in counted
            ],
        }

    def _refuse_unknown(self, kept: pd.Index) -> None:
        """Raise AnswersError for every text without meaning in a kept row."""
        problems = list(self._unknown_problems(kept))
        if problems:
            raise AnswersError(problems)

    def _unknown_problems(self, kept: pd.Index) -> Iterator[Problem]:
        together: dict[tuple, list[pd.Index]] = {}
        for one in self.unknown:
            together.setdefault((one.item, one.column, one.text, one.expected, one.others), []).append(one.rows)
        for (name, column, text, expected, others), rows_of in together.items():
            rows = kept[kept.isin(np.concatenate(rows_of))]
            if not len(rows):
                continue
            item = self.codebook.items[name]
            said = repr(_short(tidy(text)))
            if item.personal or looks_personal(text):
                said = f"a text (not shown: {'the item is personal' if item.personal else 'it looks personal'})"
            said = f"{others} other texts" if others else said
            times = "once" if len(rows) == 1 else f"{len(rows)} times"
            where = f"{self.file}, {rows_in_words(rows)}, column {column.letter} ({name})"
            meaning = _MEANINGS.get(item.kind, _MEANINGS["single"])
            do = f"say in codebook.yml what it means, under items.{name}: {meaning}"
            yield Problem(expected, f"{said}, {times}", where, do)


def _detail(rule: str, details: pd.Series) -> str:
    """Return the detail that all of a rule's notes share."""
    if rule == "duplicate":
        return ""  # the detail names a row
    said = details.unique()
    return said[0] if len(said) == 1 else ""


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_TEXT else text[: _LONGEST_TEXT - 1] + "…"


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
