"""Names, dates and conditions in words, and the order in which a section's statements are told."""

from __future__ import annotations

import datetime as dt

from impact_report.codebook import Condition, Indicator, Item, Section
from impact_report.results import Results
from impact_report.wording import normalise

MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def long_date(day: dt.date) -> str:
    """Return a date in words.

    >>> long_date(dt.date(2019, 6, 3))
    '3 June 2019'
    """
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def known_date(date: str) -> str:
    """Return a date known to the year, the month or the day in words.

    >>> known_date("2019-06-03"), known_date("2019-06"), known_date("2019")
    ('3 June 2019', 'June 2019', '2019')
    """
    year, *rest = date.split("-")
    if len(rest) == 2:
        return long_date(dt.date.fromisoformat(date))
    return " ".join([MONTHS[int(month) - 1] for month in rest] + [year])


def dates(results: Results) -> str:
    """Return when answers were collected, in words."""
    fielded = results.wave.fielded
    return f"{long_date(fielded.start)} to {long_date(fielded.end)}"


def group_label(results: Results, group_by: str, group: str) -> str:
    """Return a group as the report prints it."""
    return results.codebook.items[group_by].codes[group].label


def grouping_label(results: Results, group_by: str) -> str:
    """Return a grouping's short name."""
    return results.codebook.items[group_by].label or group_by.replace("_", " ")


def condition_words(results: Results, condition: Condition) -> str:
    """Say in words whom a condition is about: those whose role is this or that."""
    said = []
    for name, chosen in condition.tests.items():
        item = results.codebook.items[name]
        label = grouping_label(results, name)
        verb = "includes" if item.kind == "multiple" else "is"
        for codes, joint, before in (
            (chosen.any, " or ", ""),
            (chosen.all, " and ", ""),
            (chosen.none, " or ", "not "),
        ):
            if codes:
                labels = [item.codes[code].label if code in item.codes else code for code in codes]
                said.append(f"whose {label} {verb} {before}{joint.join(labels)}")
        if chosen.answered:
            said.append(f"who answered {label}")
    return " and ".join(said)


def whom(results: Results, indicator: Indicator) -> str:
    """Say of whom a share is: respondents, or those of them the question or the statement is about."""
    conditions = (indicator.among, results.codebook.items[indicator.item].ask_if if indicator.base != "all" else None)
    said = [condition_words(results, one) for one in conditions if one]
    return " ".join([results.codebook.survey.respondents, " and ".join(dict.fromkeys(said))]).strip()


def by_value(results: Results, section: Section) -> list[Indicator]:
    """Return a section's indicators, the largest share first; equal ones in the codebook's order."""
    share = results.of_everyone.set_index("indicator")["proportion"].astype(float).fillna(-1)
    return sorted(section.indicators, key=lambda indicator: -share[indicator.id])


def reads(section: Section, indicator: Indicator) -> str:
    """Return how an indicator is read aloud after 'n of m respondents'."""
    return section.reads.replace("{statement}", indicator.statement.rstrip("."))


def columns_words(columns: list[tuple[str, str]], item: Item) -> str:
    """Say which raw columns, by the letter a spreadsheet gives them, and what their heading adds to the question."""
    said = []
    for letter, title in columns:
        if normalise(title) == normalise(item.wording):
            said.append(f"{letter}, headed by the question")
        else:
            said.append(f"{letter}: {title.removeprefix(item.question).removeprefix(' – ')}")
    return "; ".join(said)
