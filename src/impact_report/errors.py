"""What can go wrong, said so that the reader knows what to do next.

    ReportError
    ├── ParameterError      a parameter of a run: unknown, mistyped, or naming something that is not there
    ├── CodebookError       codebook.yml cannot be read or contradicts itself
    ├── WaveError           wave.yml cannot be read or contradicts itself
    ├── BrandError          brand.yml cannot be read, or a report cannot look so
    ├── ExportError         the raw export cannot be read, or is not an export of this survey
    ├── AnswersError        answers for which the codebook has no meaning
    ├── EstimationError     a number that cannot be computed from what there is
    ├── NotebookError       a notebook stopped: which one, which cell, which line
    └── PublishingError     a report that must not be published, or could not be

Each carries all of its problems at once, and each problem says what was expected, what was found, where, and
what to do.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong.

    >>> print(Problem("a date", "'soon'", "wave.yml, line 3, fielded.start", "write it as 2019-06-30"))
    wave.yml, line 3, fielded.start
      expected  a date
      found     'soon'
      do        write it as 2019-06-30
    """

    expected: str
    found: str
    where: str
    do: str

    def __str__(self) -> str:
        indent = "\n            "
        return (
            f"{self.where}\n  expected  {self.expected.replace(chr(10), indent)}"
            f"\n  found     {self.found.replace(chr(10), indent)}"
            f"\n  do        {self.do.replace(chr(10), indent)}"
        )


class ReportError(Exception):
    """Everything this package raises on purpose; `problems` holds each problem found.

    >>> error = ParameterError(Problem("a wave of this study", "'rehersal'", "WAVE", "did you mean 'rehearsal'?"))
    >>> print(error)
    The parameters of the run do not fit.
    <BLANKLINE>
    WAVE
      expected  a wave of this study
      found     'rehersal'
      do        did you mean 'rehearsal'?
    """

    title = "The report could not be made."

    def __init__(self, problems: Problem | Iterable[Problem]):
        self.problems = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        count = f" {len(self.problems)} problems:" if len(self.problems) > 1 else ""
        return "\n\n".join([self.title + count, *map(str, self.problems)])


class ParameterError(ReportError):
    """A parameter of a run: unknown, mistyped, or naming something that is not there."""

    title = "The parameters of the run do not fit."


class CodebookError(ReportError):
    """codebook.yml cannot be read or contradicts itself."""

    title = "The codebook cannot be used."


class WaveError(ReportError):
    """wave.yml cannot be read or contradicts itself."""

    title = "The description of the wave (wave.yml) cannot be used."


class BrandError(ReportError):
    """brand.yml cannot be read, or a report cannot look so."""

    title = "The brand (brand.yml) cannot be used."


class ExportError(ReportError):
    """The raw export cannot be read, or is not an export of this survey."""

    title = "The raw export cannot be used."


class AnswersError(ReportError):
    """Answers for which the codebook has no meaning."""

    title = "The export holds answers that the codebook does not explain."


class EstimationError(ReportError):
    """A number that cannot be computed from what there is."""

    title = "A number cannot be computed."


class NotebookError(ReportError):
    """A notebook stopped: which one, which cell, which line."""

    title = "A notebook stopped."


class PublishingError(ReportError):
    """A report that must not be published, or could not be."""

    title = "The report cannot be published."


def near(name: str, names: Sequence[str]) -> str:
    """Return the advice that names the nearest known name, or lists what there is.

    >>> near("rol", ["role", "region"])
    "did you mean 'role'?"
    >>> near("x", ["role", "region"])
    'use one of: role, region.'
    """
    matches = difflib.get_close_matches(name, names, n=1, cutoff=0.6)
    if matches:
        return f"did you mean {matches[0]!r}?"
    shown = ", ".join(names[:20]) + (f" … ({len(names)} in all)" if len(names) > 20 else "")
    return f"use one of: {shown}." if names else "there is none to choose from."


def rows_in_words(rows: Iterable[int], most: int = 8) -> str:
    """Return the first of some rows in words.

    >>> rows_in_words([4]), rows_in_words([4, 7]), rows_in_words(range(2, 99), most=3)
    ('row 4', 'rows 4, 7', 'rows 2, 3, 4 …')
    """
    rows = list(rows)
    shown = ", ".join(map(str, rows[:most])) + (" …" if len(rows) > most else "")
    return f"row{'s' * (len(rows) > 1)} {shown}"
