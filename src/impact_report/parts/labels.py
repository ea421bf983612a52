"""Names, dates and conditions in words, and the order in which a section's statements are told."""

from __future__ import annotations

import datetime as dt

from impact_report.codebook import Indicator, Section
from impact_report.results import Results

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


def dates(results: Results) -> str:
    """Return when answers were collected, in words."""
    fielded = results.wave.fielded
    return f"{long_date(fielded.start)} to {long_date(fielded.end)}"


def group_label(results: Results, group_by: str, group: str) -> str:
    """Return a group as the report prints it."""
    return results.codebook.items[group_by].codes[group].label


def grouping_label(results: Results, group_by: str) -> str:
    """Return a grouping's name: the item's id in words."""
    return group_by.replace("_", " ")


def condition_words(results: Results, condition: object) -> str:
    """Say a condition on answers in words."""
    said = []
    for name, chosen in condition.tests.items():
        codes = results.codebook.items[name].codes
        label = grouping_label(results, name)
        for codes_, joint, prefix in (
            (chosen.any, " or ", ""),
            (chosen.all, " and ", ""),
            (chosen.none, " or ", "not "),
        ):
            if codes_:
                said.append(
                    f"{label}: {prefix}" + joint.join(codes[code].label if code in codes else code for code in codes_)
                )
        if chosen.answered:
            said.append(f"an answer to {label}")
    return " and ".join(said)


def by_value(results: Results, section: Section) -> list[Indicator]:
    """Return a section's indicators, the largest share first; equal ones in the codebook's order."""
    share = results.of_everyone.set_index("indicator")["proportion"].astype(float).fillna(-1)
    return sorted(section.indicators, key=lambda indicator: -share[indicator.id])


def reads(section: Section, indicator: Indicator) -> str:
    """Return how an indicator is read aloud after 'n of m respondents'."""
    return section.reads.replace("{statement}", indicator.statement.rstrip("."))
