"""What a report is refused for: whatever would make a reader unable to see, hear, follow or check something."""

from __future__ import annotations

from dataclasses import dataclass, field

from nbconvert.utils.exceptions import ConversionException

from impact_report.errors import Problem, PublishingError

SHOWN_OF_A_FIND = 60  # characters of a refused text that an error quotes


class ReportRefused(PublishingError, ConversionException):
    """A notebook that must not become a report; `problems` names each cell and what is wrong with it."""


@dataclass
class Faults:
    """The faults found so far; they are raised together, when all of the report has been read."""

    problems: list[Problem] = field(default_factory=list)

    def add(self, expected: str, found: str, where: str, do: str) -> None:
        """Keep one more fault."""
        self.problems.append(Problem(expected, found, where, do))


def short(text: str) -> str:
    """Return a text as an error quotes it: on one line, cut where it is long.

    >>> short("one\\n  line"), len(short("long " * 100))
    ('one line', 60)
    """
    text = " ".join(text.split())
    return text if len(text) <= SHOWN_OF_A_FIND else text[: SHOWN_OF_A_FIND - 1] + "…"
