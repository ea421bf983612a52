"""By which rules rows were set aside, told so that a reader can set aside the same ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from impact_report.blocks import Inlines, joined, quoted, words
from impact_report.codebook import Condition, Item
from impact_report.codebook.model import Chosen
from impact_report.language import exact_number, listed, long_date, say
from impact_report.numbers import Numbers, anchor
from impact_report.results import Results

BY_THE_PLATFORM = "rows that the survey platform marks so"


class Rule(NamedTuple):
    """One rule: an id that stays from wave to wave, what it is called, and what it asks."""

    id: str
    label: str
    asks: Inlines


def row_rules(results: Results, of_this_export: bool = True) -> list[Rule]:
    """Return each rule of the wave, in the order in which they are applied.

    Of this export, questions stand as they were asked, with the columns and the texts that are there; otherwise as the
    codebook has them, by which two waves can be compared.
    """
    return list(_Teller(results, of_this_export).rules())


@dataclass(frozen=True)
class _Teller:
    results: Results
    of_this_export: bool

    def rules(self) -> Iterator[Rule]:
        rules = self.results.wave.rows
        if rules.previews == "drop":
            yield Rule("rows/previews", say("Set aside: previews and tests"), words(BY_THE_PLATFORM))
        if rules.unfinished == "drop":
            yield Rule("rows/unfinished", say("Set aside: unfinished"), words(BY_THE_PLATFORM))
        for name, condition in rules.drop.items():
            label = say("Set aside: {rule}", rule=rules.called(name))
            yield Rule(f"drop/{name}", label, self.conditions(condition))
        for name, condition in rules.keep.items():
            label = say("Set aside without: {rule}", rule=rules.called(name))
            yield Rule(f"keep/{name}", label, self.conditions(condition))
        if rules.window:
            yield Rule("rows/window", say("Set aside: answered outside the window"), self.window())
        if rules.speeders:
            yield Rule("rows/speeders", say("Set aside: too fast"), self.speeders())
        if rules.minimum_answered:
            yield Rule("rows/minimum", say("Set aside: partial"), self.minimum())
        if rules.duplicates:
            yield Rule("rows/duplicates", say("Set aside: duplicate"), self.duplicates())

    def window(self) -> Inlines:
        window, fielded = self.results.wave.rows.window, self.results.wave.fielded
        return words(
            "{question} not from {start} to {end}, or without a date",
            question=self.question(window.by),
            start=long_date(window.start or fielded.start),
            end=long_date(window.end or fielded.end),
        )

    def speeders(self) -> Inlines:
        speeders = self.results.wave.rows.speeders
        return words(
            "fewer than {n} seconds between {start} and {end}",
            n=exact_number(speeders.seconds),
            start=self.question(speeders.start),
            end=self.question(speeders.end),
        )

    def minimum(self) -> Inlines:
        numbers = Numbers(self.results)
        what = say("fewest answers of a row that is kept")
        least = numbers.counted(self.results.wave.rows.minimum_answered, what, anchor("ledger"))
        if not self.of_this_export:
            return words("fewer answers than {n} to the questions that the statements rest on", n=least)
        items = dict.fromkeys(indicator.item for indicator in self.results.codebook.indicators)
        letters = [letter for item in items for letter, _ in numbers.raw_columns(item)]
        return words(
            "fewer than {n} answered of the questions in columns {columns}, where several columns can be one question; "
            "or, where fewer were asked, not all of them",
            n=least,
            columns=", ".join(letters),
        )

    def duplicates(self) -> Inlines:
        duplicates = self.results.wave.rows.duplicates
        by = self.results.codebook.items[duplicates.by]
        return words(
            "the same answer to {by} as in another row with a later {latest}, letter by letter"
            if by.platform
            else "the same answer to {by} as in another row with a later {latest}; case, spaces, quotes and kinds of "
            "dashes do not count",
            by=self.question(duplicates.by),
            latest=self.question(duplicates.latest),
        )

    def question(self, name: str) -> Inlines:
        """Name a question, in this export with its raw columns; those of personal data are not named."""
        if not self.of_this_export:
            return words("“{question}”", question=self.results.codebook.items[name].wording)
        letters = [letter for letter, _ in Numbers(self.results).raw_columns(name)]
        question = self.results.asked(name).wording
        if not letters:
            return words("“{question}”", question=question)
        return words("“{question}” (column {columns})", question=question, columns=", ".join(letters))

    def conditions(self, condition: Condition) -> Inlines:
        return joined([self.condition(name, chosen) for name, chosen in condition.tests.items()], say(" and "))

    def condition(self, name: str, chosen: Chosen) -> Inlines:
        """Say which answers to a question are meant, and how the raw file writes them."""
        item, question = self.results.codebook.items[name], self.question(name)
        if item.stays_raw:
            return words("{question}: an answer that is not shown", question=question)
        parts = [words("{question} was answered", question=question)] if chosen.answered else []
        for codes, template in (
            (chosen.any, "{question} is {answers}"),
            (chosen.all, "{question} is all of {answers}"),
            (chosen.none, "{question} is none of {answers}"),
        ):
            if codes:
                answers = quoted(listed(self.answers(name, codes), "or"))
                parts.append(words(template, question=question, answers=answers))
        for limit, template in (
            (chosen.below, "{question} is below {n}"),
            (chosen.at_least, "{question} is {n} or more"),
        ):
            if limit is not None:
                parts.append(words(template, question=question, n=exact_number(limit)))
        return joined(parts, say(" and "))

    def answers(self, name: str, codes: list[str]) -> list[str]:
        """Return answers by their labels, in this export also by the other texts that mean them.

        A text may be one person's: where small counts are hidden there are labels alone.
        """
        if not self.of_this_export:
            return _written(self.results.codebook.items[name], codes, label_alone=True)
        return _written(self.results.as_read(name), codes, label_alone=bool(self.results.wave.smallest_count))


def _written(item: Item, codes: list[str], label_alone: bool) -> list[str]:
    said: list[str] = []
    for code in codes:
        known = item.codes.get(code)
        texts = [code] if known is None else [known.label] if label_alone else [known.label, *known.texts]
        said += [say("“{text}”", text=text) for text in dict.fromkeys(texts)]
    return said
