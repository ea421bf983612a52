"""An item of the codebook while it is drafted: what will be written, and on what evidence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from impact_report.codebook.model import Kind
from impact_report.draft.vocabulary import slug
from impact_report.readers import Column

LONGEST = 60  # letters of a name


@dataclass
class DraftCode:
    """One answer: its name, its label, what else means it, and how many gave it (None: not to be told)."""

    name: str
    label: str
    texts: list[str] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    open: bool = False
    count: int | None = None


@dataclass
class DraftItem:
    """One item: its keys in codebook.yml, and beside them remarks and decisions."""

    question: str
    kind: Kind
    sources: tuple[Column, ...]
    name: str = ""
    row: str | None = None
    columns: list[str] = field(default_factory=list)
    codes: list[DraftCode] = field(default_factory=list)
    missing: dict[str, list[str]] = field(default_factory=dict)
    personal: bool = False
    platform: bool = False
    separator: str = ""
    formats: list[str] = field(default_factory=list)
    unit: str = ""
    decimal: str = "."
    ranges: str = "refuse"
    answered: int = 0
    remarks: list[str] = field(default_factory=list)
    decisions: list[str] = field(default_factory=list)
    counts: list[str] = field(default_factory=list)  # the codes of a first indicator; none: each code has its own
    block: str = ""  # the name that the rows of a grid share
    spans: bool = False  # ordered answers that are spans of numbers: no top of them is worth a statement

    def as_text(self, reason: str) -> None:
        """Make it a text, which is kept in the raw file, because `reason`."""
        self.kind, self.codes, self.missing, self.counts = "text", [], {}, []
        self.separator, self.unit, self.decimal, self.ranges, self.formats = "", "", ".", "refuse", []
        self.personal = True
        self.remarks, self.decisions = [], [reason]


def unique(name: str, taken: Iterable[str], fallback: str = "q") -> str:
    """Return a name that is valid and not yet taken.

    >>> unique("role", {"role", "role_2"}), unique("", {}, "question_7")
    ('role_3', 'question_7')
    """
    name = name or fallback
    taken, candidate, number = set(taken), name[:LONGEST], 1
    while candidate in taken:
        number += 1
        candidate = f"{name[: LONGEST - len(str(number)) - 1]}_{number}"
    return candidate


def code_names(labels: Iterable[str], reserved: Iterable[str] = ()) -> list[str]:
    """Return a name for each label.

    >>> code_names(["Yes", "18–29", "Да", "yes!"])
    ['yes', 'n18_29', 'answer_3', 'yes_2']
    """
    names: list[str] = []
    for place, label in enumerate(labels, 1):
        names.append(unique(slug(label, 40), {*names, *reserved}, f"answer_{place}"))
    return names
