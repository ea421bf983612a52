"""By which rules rows were set aside, told so that a reader can set aside the same ones."""

from __future__ import annotations

from impact_report.blocks import Inlines, joined, quoted, words
from impact_report.codebook import Condition, Item
from impact_report.codebook.model import Chosen
from impact_report.language import exact_number, listed, long_date, say
from impact_report.numbers import Numbers, anchor
from impact_report.results import Results

BY_THE_PLATFORM = "rows that the survey platform marks so"


def row_rules(results: Results) -> list[list]:
    """Return each rule of the wave by its name, in the order in which they are applied, with what it asks."""
    rules = results.wave.rows
    told: list[list] = []
    if rules.previews == "drop":
        told.append([say("Set aside: previews and tests"), words(BY_THE_PLATFORM)])
    if rules.unfinished == "drop":
        told.append([say("Set aside: unfinished"), words(BY_THE_PLATFORM)])
    for name, condition in rules.drop.items():
        told.append([say("Set aside: {rule}", rule=_plain(name)), _conditions(results, condition)])
    for name, condition in rules.keep.items():
        told.append([say("Set aside without: {rule}", rule=_plain(name)), _conditions(results, condition)])
    return told + _by_time(results) + _by_completeness(results)


def _plain(rule: str) -> str:
    return rule.replace("_", " ")


def _by_time(results: Results) -> list[list]:
    rules, told = results.wave.rows, []
    if rules.window:
        said = words(
            "{question} not from {start} to {end}, or without a date",
            question=_question(results, rules.window.by),
            start=long_date(rules.window.start or results.wave.fielded.start),
            end=long_date(rules.window.end or results.wave.fielded.end),
        )
        told.append([say("Set aside: answered outside the window"), said])
    if rules.speeders:
        said = words(
            "fewer than {n} seconds between {start} and {end}",
            n=exact_number(rules.speeders.seconds),
            start=_question(results, rules.speeders.start),
            end=_question(results, rules.speeders.end),
        )
        told.append([say("Set aside: too fast"), said])
    return told


def _by_completeness(results: Results) -> list[list]:
    rules, numbers, told = results.wave.rows, Numbers(results), []
    if rules.minimum_answered:
        items = dict.fromkeys(indicator.item for indicator in results.codebook.indicators)
        letters = [letter for item in items for letter, _ in numbers.raw_columns(item)]
        least = numbers.counted(rules.minimum_answered, say("fewest answers of a row that is kept"), anchor("ledger"))
        said = words(
            "fewer than {n} answers to the questions of columns {columns}, one of several columns being one question; "
            "where fewer were asked, fewer than all of those",
            n=least,
            columns=", ".join(letters),
        )
        told.append([say("Set aside: partial"), said])
    if rules.duplicates:
        by = results.codebook.items[rules.duplicates.by]
        said = words(
            "the same answer to {by} as in another row with a later {latest}, letter by letter"
            if by.platform
            else "the same answer to {by} as in another row with a later {latest}; case, spaces, quotes and kinds of "
            "dashes do not count",
            by=_question(results, rules.duplicates.by),
            latest=_question(results, rules.duplicates.latest),
        )
        told.append([say("Set aside: duplicate"), said])
    return told


def _question(results: Results, name: str) -> Inlines:
    """Name a question with its raw columns; those of personal data are not named."""
    letters = [letter for letter, _ in Numbers(results).raw_columns(name)]
    question = results.asked(name).wording
    if not letters:
        return words("“{question}”", question=question)
    return words("“{question}” (column {columns})", question=question, columns=", ".join(letters))


def _conditions(results: Results, condition: Condition) -> Inlines:
    return joined([_condition(results, name, chosen) for name, chosen in condition.tests.items()], say(" and "))


def _condition(results: Results, name: str, chosen: Chosen) -> Inlines:
    """Say which answers to a question are meant, and how the raw file writes them."""
    item, question = results.codebook.items[name], _question(results, name)
    if item.stays_raw:
        return words("{question}: an answer that is not shown", question=question)
    parts = [words("{question} was answered", question=question)] if chosen.answered else []
    for codes, template in (
        (chosen.any, "{question} is {answers}"),
        (chosen.all, "{question} is all of {answers}"),
        (chosen.none, "{question} is none of {answers}"),
    ):
        if codes:
            read, alone = results.as_read(name), bool(results.wave.smallest_count)
            answers = [text for code in codes for text in _written(read, code, alone)]
            parts.append(words(template, question=question, answers=quoted(listed(answers, "or"))))
    for limit, template in ((chosen.below, "{question} is below {n}"), (chosen.at_least, "{question} is {n} or more")):
        if limit is not None:
            parts.append(words(template, question=question, n=exact_number(limit)))
    return joined(parts, say(" and "))


def _written(item: Item, code: str, label_alone: bool) -> list[str]:
    """Return the texts that mean an answer: its label, and others that the codebook lists; one may be one person's."""
    if code not in item.codes:
        return [say("“{text}”", text=code)]
    found = item.codes[code]
    texts = [found.label] if label_alone else [found.label, *found.texts]
    return [say("“{text}”", text=text) for text in dict.fromkeys(texts)]
