"""An item of the codebook while it is drafted: what will be written, and on what evidence."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from impact_report.codebook.model import Kind
from impact_report.draft import usual
from impact_report.draft.answers import Answer
from impact_report.draft.names import code_names
from impact_report.readers import Column
from impact_report.wording import normalise


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

    def without_missing(
        self, answers: Mapping[str, Answer], declared: Collection[str] = frozenset()
    ) -> dict[str, Answer]:
        """Return the answers without those that say that there is none; these become the item's missing texts.

        `declared` are texts (normalised) of which the export itself says so, and nobody has to decide.

        >>> item = DraftItem("Do you sing?", "text", ())
        >>> list(item.without_missing({"yes": Answer("Yes", (), 3), "don't know": Answer("Don't know", (), 1)}))
        ['yes']
        >>> item.missing
        {'dont_know': ["Don't know"]}
        """
        self.missing = {}
        silent = usual.missing_among([answer.label for answer in answers.values()])
        real = {}
        for said, answer in answers.items():
            kind = silent.get(answer.label)
            if kind is None:
                real[said] = answer
                if usual.missing_kind(answer.label):
                    self.decisions.append(
                        f"is “{answer.label}” an answer, as the other answers of two letters are? Now it is, and in "
                        "the base; else list it under `missing`."
                    )
                continue
            self.missing.setdefault(kind, []).append(answer.label)
            if said not in declared:
                word = "not asked" if kind == "not_asked" else "no answer"
                self.decisions.append(f"does “{answer.label}” mean {word}? Now it does, and is not in the base.")
        return real

    def as_coded(self, kind: Kind, answers: Sequence[Answer], texts: Mapping[str, Sequence[str]] | None = None) -> None:
        """Make these answers its codes; `texts` says what else means an answer, by its label.

        >>> item = DraftItem("Do you sing?", "text", ())
        >>> item.as_coded("single", [Answer("Yes", (), 3), Answer("No", (), 2)])
        >>> [(code.name, code.count) for code in item.codes]
        [('yes', 3), ('no', 2)]
        """
        self.kind = kind
        names = code_names(answer.label for answer in answers)
        self.codes = [
            DraftCode(name, answer.label, list((texts or {}).get(answer.label, ())), count=answer.count)
            for name, answer in zip(names, answers, strict=True)
        ]

    def as_text(self, reason: str) -> None:
        """Make it a text, which is kept in the raw file, because `reason`.

        >>> item = DraftItem("Do you sing?", "quantity", (), unit="hours")
        >>> item.as_text("some answers are no numbers.")
        >>> item.kind, item.unit, item.personal, item.decisions
        ('text', '', True, ['some answers are no numbers.'])
        """
        self.kind, self.codes, self.missing, self.counts = "text", [], {}, []
        self.separator, self.unit, self.decimal, self.ranges, self.formats = "", "", ".", "refuse", []
        self.personal = True
        self.remarks, self.decisions = [], [reason]

    def count_top(self, steps: int = 0) -> None:
        """Let the upper end of a scale count: two of its steps, one of a short scale; others may stand behind it.

        >>> item = DraftItem("Do you sing?", "text", ())
        >>> item.as_coded("scale", [Answer(label, (), 1) for label in ("never", "seldom", "often", "always")])
        >>> item.count_top()
        >>> item.counts
        ['often', 'always']
        """
        names = [code.name for code in self.codes][: steps or None]
        self.counts = names[-2 if len(names) > 3 else -1 :]

    def open_end(self, rest: int, fewest: int = 2) -> None:
        """Let any other text count as “Other”, of which nothing is told but how often they were given in all.

        `fewest` times a text must have been given to be an answer of its own.

        >>> item = DraftItem("What do you sing?", "text", ())
        >>> item.as_coded("single", [Answer("Bass", (), 3), Answer("Other", (), 1), Answer("Alto", (), 2)])
        >>> item.open_end(4)
        >>> [(code.label, code.count, code.open) for code in item.codes]
        [('Bass', 3, False), ('Alto', 2, False), ('Other', 5, True)]
        """
        other = next((code for code in self.codes if usual.is_other(code.label)), None)
        if other is None:
            label = "Other" if all(normalise(code.label) != "other" for code in self.codes) else "Any other answer"
            names = [code.name for code in self.codes]
            other = DraftCode(code_names([label], [*names, "missing"])[0], label, count=0)
        else:
            self.codes.remove(other)
        self.codes.append(other)
        other.open = True
        other.count = (other.count or 0) + rest
        self.decisions.append(
            f"does each other text count as “{other.label}”? Now each that was given fewer than {fewest} times does."
        )
        self.remarks.append(f"{rest} answer{'s' * (rest > 1)} in other texts, not shown")
