"""A Qualtrics survey definition (.qsf): the questions in full, and the answers whose numbers a CSV holds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from impact_report.errors import ExportError, Problem
from impact_report.readers import Option
from impact_report.wording import tidy


@dataclass(frozen=True)
class Definition:
    """What a survey definition tells, by the export tag of a question, as Q7 or Q40#2 (the second part beside)."""

    wordings: dict[str, str] = field(default_factory=dict)
    answers: dict[str, tuple[Option, ...]] = field(default_factory=dict)

    def tag(self, group: str) -> str | None:
        """Return the tag of the question to which a column's group belongs.

        >>> Definition({"Q7": "Which?", "Q7_b": "Why?"}).tag("Q7_red")
        'Q7'
        """
        tags = [tag for tag in self.wordings if group == tag or group.startswith((f"{tag}_", f"{tag}#"))]
        return max(tags, key=len, default=None)


def beside(export: Path) -> Definition | None:
    """Return the definition that lies beside an export under the same name, if there is one.

    Raises ExportError where it cannot be read.
    """
    path = export.with_suffix(".qsf")
    if not path.is_file():
        return None
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
        questions = [one["Payload"] for one in content["SurveyElements"] if one["Element"] == "SQ"]
        return _of(questions)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as fault:
        do = "export it again in Qualtrics (Tools, Import/Export), or take it away"
        raise ExportError(
            Problem("a Qualtrics survey definition", f"{type(fault).__name__}: {fault}", path.name, do)
        ) from None


def _of(questions: list[dict]) -> Definition:
    found = Definition()
    for question in questions:
        tag = question["DataExportTag"]
        found.wordings[tag] = tidy(question["QuestionText"])
        for one, options in _options(tag, question):
            found.answers[one] = options
    return found


def _options(tag: str, question: dict) -> Iterator[tuple[str, tuple[Option, ...]]]:
    """Yield the answers of a question, or of each of the questions that stand side by side in it."""
    if question["QuestionType"] == "SBS":
        for number, part in (question.get("AdditionalQuestions") or {}).items():
            yield f"{tag}#{number}", _listed(part.get("Answers"), part)
    elif question["QuestionType"] == "Matrix":
        yield tag, _listed(question.get("Answers"), question)
    elif question["QuestionType"] == "MC":
        yield tag, _listed(question.get("Choices"), question)


def _listed(choices: dict | list | None, question: dict) -> tuple[Option, ...]:
    """Return the answers with the numbers that stand in the export: recoded ones, else their own."""
    if isinstance(choices, list):  # Qualtrics writes {"1": …} also as [None, …]
        choices = {str(place): one for place, one in enumerate(choices) if one}
    recoded = question.get("RecodeValues") or {}
    if isinstance(recoded, list):  # by place, as the choices
        recoded = {str(place): number for place, number in enumerate(recoded) if number is not None}
    order = question.get("AnswerOrder") or question.get("ChoiceOrder") or []
    keys = [str(key) for key in order if str(key) in (choices or {})] or list(choices or {})
    keys += [key for key in choices or {} if key not in keys]
    return tuple(Option(str(recoded.get(key, key)), tidy(choices[key]["Display"])) for key in keys)
