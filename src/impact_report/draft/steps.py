"""Whether answers are steps of a scale: in words, in spans of numbers, or numbered."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from impact_report.draft import scales
from impact_report.draft.amounts import COUNTED
from impact_report.draft.answers import Answer
from impact_report.draft.items import DraftItem
from impact_report.wording import normalise

_MOST_STEPS = 15
_NUMBERED = re.compile(  # with a + or a letter after it: 1,5 and 1.25 are amounts
    r"(\d{1,2})(?:\.0+)?\b[\s\-–—:.=()\[\]\"'“”„«»]*(\+|[^\W\d_].*?)?[)\]\"'”»]?"
)
_MONTH = re.compile(
    r"(jan|feb|mar|mär|apr|abr|avr|may|mai|maj|jun|juin|giu|jul|juil|lug|aug|ago|aoû|sep|set|oct|okt|ott|out|nov|dec|"
    r"dez|dic|déc)\w*\.?"
)
_RANKING = re.compile(r"\brank|\border of preference|reihenfolge|classez|ordene|\b1 (being|=|is) ", re.IGNORECASE)
_IS_ONE_BEST = "is 1 the best? Then write the codes from the highest number to the lowest."


def as_steps(item: DraftItem, real: Mapping[str, Answer]) -> bool:
    """Make an item a scale, if its answers are ordered words or spans of numbers; one or two may stand aside.

    >>> item = DraftItem("How often?", "text", ())
    >>> as_steps(item, {text: Answer(text, (text,), 2) for text in ("often", "never")})
    True
    >>> item.kind, [code.label for code in item.codes], item.counts
    ('scale', ['never', 'often'], ['often'])
    """
    if not 2 <= len(real) <= _MOST_STEPS:
        return False
    by_label = {answer.label: answer for answer in real.values()}
    for aside in _subsets(list(by_label)):
        if any(by_label[label].count < 2 or not scales.ASIDE.search(normalise(label)) for label in aside):
            continue
        inner = [label for label in by_label if label not in aside]
        ordered, spans = scales.ordered(inner)
        if len(ordered) < (3 if aside else 2):
            continue
        item.as_coded("single" if aside else "scale", [by_label[label] for label in (*ordered, *aside)])
        item.spans = spans
        if not spans:
            item.count_top(len(ordered))
        if aside:
            said = ", ".join(f"“{label}”" for label in aside)
            item.decisions.append(f"is {said} an answer? Now it is, and in the base; else list it under `missing`.")
        return True
    return False


def _subsets(labels: list[str]) -> list[list[str]]:
    """Return what may stand beside a scale: nothing, any one answer, or any two of few."""
    two = [[a, b] for k, a in enumerate(labels) for b in labels[k + 1 :]] if len(labels) <= 9 else []
    return [[], *[[label] for label in labels if len(labels) > 3], *[pair for pair in two if len(labels) > 4]]


def as_numbered(item: DraftItem, real: Mapping[str, Answer], own_words: Collection[str]) -> bool:
    """Make an item a scale, if its answers are points from 0 or 1 to at most 10, the ends perhaps in words.

    `own_words` are texts that nobody but one respondent wrote.

    >>> item = DraftItem("How much do you like it?", "text", ())
    >>> as_numbered(item, {text: Answer(text, (text,), 2) for text in ("5 Love it", "2", "1 Hate it")}, set())
    True
    >>> [code.label for code in item.codes]
    ['1 Hate it', '2', '3', '4', '5 Love it']
    """
    matches = {said: _NUMBERED.fullmatch(said) for said in real}
    if len(real) < 3 or not all(matches.values()) or any(matches[said][2] for said in own_words):
        return False
    words = [match[2] for match in matches.values() if match[2]]
    if not _may_be_ends(words) or (not words and COUNTED.search(item.question)):
        return False
    points: dict[int, list[Answer]] = {}
    for said, answer in real.items():
        points.setdefault(int(matches[said][1]), []).append(answer)
    first, last = min(points), max(points)
    if first not in (0, 1) or not 3 <= last <= 10 or len(points) < 3:
        return False
    answers, texts = [], {}
    for number in range(first, last + 1):
        spelled = sorted(points.get(number, []), key=lambda one: (-len(_end(one)), -one.count))
        if len({normalise(_end(one)) for one in spelled} - {""}) > 1:
            return False
        label = spelled[0].label if spelled and _end(spelled[0]) else str(number)
        answers.append(Answer(label, (), sum(one.count for one in spelled)))
        texts[label] = [one.label for one in spelled if normalise(one.label) != normalise(label)]
    item.as_coded("scale", answers, texts)
    item.count_top()
    if _RANKING.search(item.question):
        item.decisions.append(_IS_ONE_BEST)
        item.counts = [item.codes[0].name]
    elif words:
        item.remarks.append("ordered by the numbers before the words")
    return True


def _may_be_ends(words: list[str]) -> bool:
    """Say whether words after numbers can be a scale's; in "1 year, 2 years" and "1 May, 2 June" they are not."""
    return len({word.rstrip("s+") for word in words}) == len(words) and not any(map(_MONTH.fullmatch, words))


def _end(answer: Answer) -> str:
    match = _NUMBERED.fullmatch(answer.label)
    return (match[2] or "") if match else ""
