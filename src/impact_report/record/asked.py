"""What was asked: titles, statements, questions, answers and which of them count, and out of whom."""

from __future__ import annotations

from impact_report import language
from impact_report.codebook import Indicator, Item
from impact_report.language import say
from impact_report.parts.labels import condition_words, question_name
from impact_report.parts.method import questions
from impact_report.record.entry import Row, kept_by, row
from impact_report.results import Results


def wording(results: Results) -> list[Row]:
    """Return titles, sections, statements and questions, word for word."""
    codebook = results.codebook
    rows = [
        row("survey/title", say("Title of the report"), codebook.survey.title),
        row("survey/subject", say("What the survey is about"), codebook.survey.subject),
        row("survey/publisher", say("Published by"), results.brand.name or say("nobody is named")),
    ]
    for section in codebook.sections:
        rows.append(row(f"section/{section.id}", say("Title of a section"), section.title))
        rows.append(
            row(f"reads/{section.id}", say("How results of “{title}” are read", title=section.title), section.reads)
        )
        rows += [
            row(f"statement/{one.id}", say("Statement in “{section}”", section=section.title), one.statement)
            for one in section.indicators
        ]
        rows += [
            kept_by(
                row(f"section_of/{one.id}", say("Section of “{name}”", name=one.statement), section.title), section.id
            )
            for one in section.indicators
        ]
    for name, item in questions(results):
        rows.append(row(f"question/{name}", question(results, name), item.wording))
    return rows


def question(results: Results, name: str) -> str:
    """Return what a row with the wording of a question is called: by the question's label, if it has one."""
    label = results.codebook.items[name].label
    return say("Question “{name}”", name=label) if label else say("Question")


def answers(results: Results) -> list[Row]:
    """Return the kind and the answers of each question, and which answers count for each statement."""
    rows = []
    for name, item in questions(results):
        named = question_name(results, name)
        rows.append(row(f"kind/{name}", say("Kind of the question “{name}”", name=named), _kind(item)))
        rows += [
            row(f"label/{name}/{code}", say("An answer to “{name}”", name=named), one.label)
            for code, one in item.codes.items()
        ]
    for indicator in results.codebook.indicators:
        labels = _labels_that_count(results, indicator)
        rows.append(
            row(f"counts/{indicator.id}", say("What counts for “{statement}”", statement=indicator.statement), labels)
        )
    return rows


def _kind(item: Item) -> str:
    kinds = {
        "multiple": say("Select all that apply"),
        "scale": say("One answer, ordered"),
        "single": say("One answer"),
        "quantity": say("A number"),
        "text": say("Text"),
    }
    return kinds[item.kind]


def _labels_that_count(results: Results, indicator: Indicator) -> str:
    codebook = results.codebook
    codes = codebook.items[indicator.item].codes
    counted = language.listed([codes[code].label for code in indicator.none_of or codebook.counting(indicator)], "or")
    return say("none of: {answers}", answers=counted) if indicator.none_of else counted


def bases(results: Results) -> list[Row]:
    """Return out of whom each share is, and who was asked each question."""
    bases = {
        "answered": say("who gave a valid answer"),
        "asked": say("who were asked"),
        "all": say("everybody"),
    }
    rows = []
    for one in results.codebook.indicators:
        rows.append(row(f"base/{one.id}", say("Base of “{statement}”", statement=one.statement), bases[one.base]))
        if one.among:
            of = condition_words(results, one.among)
            rows.append(row(f"among/{one.id}", say("Whom “{statement}” is about", statement=one.statement), of))
    for name, item in questions(results):
        asked = (
            say("those {condition}", condition=condition_words(results, item.ask_if))
            if item.ask_if
            else say("everyone")
        )
        rows.append(row(f"asked/{name}", say("Who was asked “{name}”", name=question_name(results, name)), asked))
    return rows
