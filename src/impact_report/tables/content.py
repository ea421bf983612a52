"""What a workbook is made of, from the rows that are published and from what the report says of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from impact_report.codebook import Codebook

Note = tuple[str, str]
Row = Mapping[str, Any]
Key = tuple[str, str, str]  # indicator, group_by, group


class Headline(NamedTuple):
    """A headline fact: what it is, as printed and exactly, in which unit, by which rule, where from, what else."""

    label: str
    printed: str
    exact: float
    unit: str
    base: int | None
    rule: str
    source: str
    note: str


class Base(NamedTuple):
    """Of an indicator: which answers are in its base and do not count, and who is not in it, and why."""

    others: str
    outside: str


@dataclass(frozen=True)
class Content:
    """What a workbook is made of: the published estimates and changes, by column; names; what is said of them.

    `facts` are the headline facts; `remarks` say of groups what their marks in the report say; `bases` has every
    indicator that is shown. `notes` are (label, text), the first of them the title; `notice` warns of invented
    respondents, as (label, text).
    """

    codebook: Codebook
    estimates: Sequence[Row]
    date: dt.date
    title: str
    edition: str
    changes: Sequence[Row] = ()
    facts: Sequence[Headline] = ()
    remarks: Mapping[Key, Sequence[str]] = field(default_factory=dict)
    bases: Mapping[str, Base] = field(default_factory=dict)
    notes: Sequence[Note] = ()
    notice: Note | None = None
    publisher: str = ""
    language: str = "en"
    paper: str = "a4"
    withholds_counts: bool = False
    properties: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        warning = self.notice[0] if self.notice else ""
        facts = {
            "title": " – ".join(filter(None, [self.title, self.edition, warning])),
            "subject": self.notice[1] if self.notice else self.codebook.survey.subject,
            "author": self.publisher,
            "keywords": warning,
            "created": dt.datetime.combine(self.date, dt.time()),
        }
        object.__setattr__(self, "properties", {name: value for name, value in facts.items() if value})
