"""All answers to a question, not only those that count: which may be told, and how many gave each.

More is told by all answers than by the share that counts, so they are told only of everybody in an edition of a whole
wave, where no share of the question is hidden. Where small counts must not be shown, none of the answers may have been
given by fewer than that, no group's share may be hidden, and combinations of answers are not told at all: from them and
the shares beside them the small counts among the others could be worked out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd

from impact_report.blocks import Block, cell, column, quoted, table, words
from impact_report.charts import MOST_ANSWERS, MOST_TOGETHER
from impact_report.codebook import Section
from impact_report.language import plural, say, translated
from impact_report.numbers import HIDDEN, Number, Numbers, anchor, base_alone, out_of, percent_of, whole
from impact_report.parts.labels import by_value, columns_words, question_words
from impact_report.results import Results

FEWEST_ANSWERS = 3  # of two, one is the share that counts
MOST_OPTIONS = 15  # of a select-all question that can be drawn
RULE = "each answer is counted by itself, out of all who gave one"


def may_be_listed(results: Results, item: str) -> bool:
    """Say whether answers may be counted one by one: of all, and where no answer to the question is hidden.

    From lists of several groups, or of a part and all, the small counts of those left out could be told.
    """
    numbers = Numbers(results)
    same = [one for one in results.codebook.indicators if one.item == item]
    return not results.edition.group and all(one.among is None and not numbers.hidden(one.id) for one in same)


@dataclass(frozen=True)
class Distribution:
    """The answers to one question, by those who gave one."""

    results: Results
    item: str

    @property
    def statement(self) -> str:
        """What the answers are about: the row of a grid, or the question."""
        asked = self.results.asked(self.item)
        return asked.row or asked.question

    @property
    def codes(self) -> dict[str, str]:
        """Each answer's label, by its code."""
        return {name: code.label for name, code in self.results.codebook.items[self.item].codes.items()}

    @cached_property
    def ticked(self) -> pd.DataFrame:
        """Of those who answered, shape (base, codes): whether they gave each answer."""
        answers = self.results.responses
        if self.results.codebook.items[self.item].kind == "multiple":
            answered = answers[answers[f"{self.item}.missing"].isna()]
            return pd.DataFrame({code: answered[f"{self.item}.{code}"].astype(bool) for code in self.codes})
        answered = answers[self.item].dropna()
        return pd.DataFrame({code: answered == code for code in self.codes})

    @property
    def base(self) -> int:
        """How many answered."""
        return len(self.ticked)

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many gave each answer, by its code."""
        return {code: int(given.sum()) for code, given in self.ticked.items()}

    @cached_property
    def together(self) -> list[tuple[tuple[str, ...], int]]:
        """Answers that were given together and no others, with how many did so, most first; ties as in the codebook."""
        found = self.ticked.value_counts()
        given = [tuple(code for code, yes in zip(self.codes, row, strict=True) if yes) for row in found.index]
        order = {code: k for k, code in enumerate(self.codes)}
        pairs = zip(given, map(int, found), strict=True)
        return sorted(pairs, key=lambda one: (-one[1], [order[code] for code in one[0]]))

    @property
    def unsure(self) -> int:
        """How many said that they do not know, beside the answers."""
        return int((self.results.responses[f"{self.item}.missing"] == "dont_know").sum())

    @property
    def may_be_told(self) -> bool:
        """Whether every answer may be shown with its count."""
        wave = self.results.wave
        if wave.weighted or not may_be_listed(self.results, self.item) or not self.base:
            return False
        if self.item in self.results.codebook.groups:  # the sizes of small groups are hidden
            return False
        if not wave.smallest_count:
            return self.base >= wave.minimum_base
        estimates = self.results.estimates
        mine = [one.id for one in self.results.codebook.indicators if one.item == self.item]
        hidden = estimates.loc[estimates["indicator"].isin(mine), "suppressed"].any()
        others = len(self.results.responses) - self.base
        counts = [*self.counts.values(), self.unsure, others - self.unsure]
        return not hidden and all(count == 0 or count >= wave.smallest_count for count in counts)

    # as printed

    def share(self, code: str, evidence: str) -> Number:
        """Return the share of an answer to a question that is told beside others."""
        what = say("{answer}: {statement}", answer=self.codes[code], statement=self.statement)
        return self._number(code, percent_of(self.counts[code] / self.base), what, evidence)

    def share_of_option(self, code: str, evidence: str) -> Number:
        """Return the share of an option of a select-all question."""
        what = say("share: {answer}", answer=self.numbered(code))
        return self._number(code, percent_of(self.counts[code] / self.base), what, evidence)

    def x_of_n(self, code: str, evidence: str) -> Number:
        """Return how many of those who answered gave an answer."""
        what = say("count and base: {answer}", answer=self.numbered(code))
        return replace(self._number(code, out_of(self.counts[code], self.base), what, evidence), exact=None)

    def count_and_share(self, code: str, evidence: str) -> Number:
        """Return the count of an answer with its share, for the evidence."""
        share = self.share(code, evidence)
        return replace(share, text=say("{count} ({share})", count=whole(self.counts[code]), share=share.text))

    def of_those_who_answered(self, evidence: str) -> Number:
        """Return how many answered."""
        what = say("base: {statement}", statement=self.statement)
        return Number(base_alone(self.base), what, evidence, exact=self.base, base=self.base, columns=self._columns)

    def unsure_of_those_asked(self, evidence: str) -> Number:
        """Return how many said that they do not know; they are not in the base."""
        what = say("don’t know: {statement}", statement=self.statement)
        text = plural("{n} don’t know", "{n} don’t know", self.unsure, n=whole(self.unsure))
        return Number(text, what, evidence, exact=self.unsure, columns=self._columns)

    def combination(self, codes: tuple[str, ...], count: int, evidence: str) -> Number:
        """Return how many gave just these answers."""
        what = say("gave just these answers: {rows}", rows=self.rows_of(codes))
        return self._together(count, what, evidence)

    def other_combinations(self, count: int, evidence: str) -> Number:
        """Return how many gave combinations of answers that are not shown."""
        return self._together(count, say("gave other combinations of answers"), evidence)

    def rows_of(self, codes: tuple[str, ...]) -> str:
        """Return what a combination is called in alt texts and evidence: rows 1, 3, 4."""
        rows = [str(place + 1) for place in self.places_of(codes)]
        return plural("row {rows}", "rows {rows}", len(rows), rows=", ".join(rows))

    def numbered(self, code: str) -> str:
        """Return an answer with its number in the order of `by_share`, as the figure has it: 1. Rehearsals."""
        return f"{self.by_share.index(code) + 1}. {self.codes[code]}"

    def places_of(self, codes: tuple[str, ...]) -> list[int]:
        """Return at which places, from 0, answers stand in the order of `by_share`."""
        return sorted(self.by_share.index(code) for code in codes)

    @cached_property
    def by_share(self) -> list[str]:
        """The codes, the most frequent first; equal ones in the codebook's order."""
        return sorted(self.codes, key=lambda code: -self.counts[code])

    @property
    def shown_together(self) -> tuple[list[tuple[tuple[str, ...], int]], int]:
        """The combinations that are shown, and how many respondents gave others."""
        shown = [pair for pair in self.together[:MOST_TOGETHER] if pair[0] and pair[1] > 1]
        return shown, self.base - sum(count for _, count in shown)

    @property
    def _columns(self) -> tuple[str, ...]:
        return tuple(letter for letter, _ in Numbers(self.results).raw_columns(self.item))

    def _number(self, code: str, text: str, what: str, evidence: str) -> Number:
        count = self.counts[code]
        more = {"exact": count / self.base, "numerator": count, "base": self.base, "rule": translated(RULE)}
        return Number(text, what, evidence, columns=self._columns, **more)

    def _together(self, count: int, what: str, evidence: str) -> Number:
        more = {"exact": float(count), "numerator": count, "base": self.base, "columns": self._columns}
        return Number(whole(count), what, evidence, **more)


@dataclass(frozen=True)
class Battery:
    """Questions of one section with the same ordered answers, told side by side."""

    section: Section
    questions: tuple[Distribution, ...]

    @property
    def name(self) -> str:
        """The name of its figure."""
        return f"answers-{self.questions[0].item}"

    @property
    def evidence(self) -> str:
        """The anchor of its evidence."""
        return self.row()

    def row(self, *names: str) -> str:
        """Return the anchor of a row of its evidence."""
        return anchor("answers", self.questions[0].item, *names)


def batteries(results: Results, section: Section) -> list[Battery]:
    """Return the scales of a section whose answers may be told one by one; in a battery the largest share first."""
    found: dict[tuple[str, ...], dict[str, Distribution]] = {}
    for indicator in by_value(results, section):
        item = results.codebook.items[indicator.item]
        if item.kind == "scale" and FEWEST_ANSWERS <= len(item.codes) <= MOST_ANSWERS:
            one = Distribution(results, indicator.item)
            found.setdefault(tuple(one.codes.values()), {})[indicator.item] = one
    told = [tuple(one for one in same.values() if one.may_be_told) for same in found.values()]
    return [Battery(section, questions) for questions in told if questions]


def select_all(results: Results, section: Section) -> list[Battery]:
    """Return the select-all questions of a section whose combinations of answers may be told."""
    items = dict.fromkeys(one.item for one in section.indicators if results.codebook.items[one.item].kind == "multiple")
    if results.wave.smallest_count:
        return []
    questions = [Distribution(results, item) for item in items]
    return [
        Battery(section, (one,))
        for one in questions
        if FEWEST_ANSWERS <= len(one.codes) <= MOST_OPTIONS and one.may_be_told
    ]


def whole_answers(results: Results, section: Section) -> list[str]:
    """Return the names of the figures that show all answers to questions of a section."""
    return [one.name for one in (*batteries(results, section), *select_all(results, section))]


def distribution_evidence(results: Results) -> Iterator[Block]:
    """Yield for each figure of all answers what its numbers were counted from."""
    for section in results.codebook.sections:
        for battery in batteries(results, section):
            yield _evidence(battery, _scale_table(battery))
        for battery in select_all(results, section):
            yield _evidence(battery, _options_table(battery))


def _evidence(battery: Battery, inner: Block) -> Block:
    results, first = battery.questions[0].results, battery.questions[0]
    numbers = Numbers(results)
    columns = "; ".join(
        columns_words(numbers.raw_columns(one.item), results.as_read(one.item)) for one in battery.questions
    )
    facts = [
        [say("Question"), question_words(results, first.item, row=False)],
        [say("Raw columns"), quoted(columns)],
        [say("Rule"), words(RULE)],
    ]
    title = words("All answers: {title}", title=battery.section.title)
    return Block(block="evidence", id=battery.evidence, title=title, facts=facts, table=dict(inner))


def _scale_table(battery: Battery) -> Block:
    """Return each question with the counts of its answers."""
    unsure = any(one.unsure for one in battery.questions)
    rows = []
    for one in battery.questions:
        anchored = battery.row(one.item)
        counts = [cell(one.count_and_share(code, anchored)) for code in one.codes]
        outside = [cell(one.unsure_of_those_asked(anchored) if one.unsure else HIDDEN)] if unsure else []
        base = cell(one.of_those_who_answered(anchored))
        rows.append({"id": anchored, "cells": [cell(one.statement), *counts, base, *outside]})
    labels = battery.questions[0].codes.values()
    columns = [column(say("Statement"), 2.4), *(column(label, 1, "right") for label in labels)]
    columns.append(column(say("Base"), 1, "right"))
    if unsure:
        columns.append(column(say("Not in the base"), 1, "right"))
    return _table(battery, columns, rows)


def _options_table(battery: Battery) -> Block:
    """Return the options of a question in the figure's order, then what was ticked together."""
    (one,) = battery.questions
    rows: list = []
    for place, code in enumerate(one.by_share, start=1):
        anchored = battery.row("option", code)
        label = say("row {row}: {answer}", row=place, answer=one.codes[code])
        rows.append({"id": anchored, "cells": [cell(label), cell(one.count_and_share(code, anchored))]})
    shown, rest = one.shown_together
    for place, (codes, count) in enumerate(shown, start=1):
        anchored = battery.row("together", str(place))
        label = say("just {rows}", rows=one.rows_of(codes))
        rows.append({"id": anchored, "cells": [cell(label), cell(one.combination(codes, count, anchored))]})
    if rest:
        anchored = battery.row("together", "others")
        cells = [cell(say("other combinations of answers")), cell(one.other_combinations(rest, anchored))]
        rows.append({"id": anchored, "cells": cells})
    return _table(battery, [column(say("Answer"), 5), column(say("Respondents"), 1.4, "right")], rows)


def _table(battery: Battery, columns: list[dict], rows: list) -> Block:
    return table(f"{battery.evidence}-table", words("Each answer: count and share"), columns, rows)
