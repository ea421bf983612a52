"""Labels: question and option stand in one text, with a hyphen between them that also occurs within both."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence

SPACED, BARE = " - ", "-"  # between question and option, now and in older exports
SELECTED = " - Selected Choice"
_CUT = re.compile(r"[.?!:…]\s?-")


def share_a_question(labels: Sequence[str], between: str) -> bool:
    """Say whether labels have a question in common: a hyphen within their words is no sign of one.

    >>> share_a_question(["How far?-Pay", "How far?-Hours"], "-"), share_a_question(["E-mail", "E-bike"], "-")
    (True, False)
    """
    if len(labels) < 2:
        return False
    begun = common([padded(label) for label in labels])
    if between == BARE:
        return _CUT.search(begun) is not None or (" " in begun and begun.endswith(BARE))
    return between in begun


def shared(labels: Sequence[str], between: str, sub_question: bool = False) -> str:
    """Return the question that labels share, "" where they share none.

    Hyphens without spaces occur within words too: the last one after a full stop or the like is the one meant.

    >>> shared(["Which - if any? - Pay", "Which - if any? - Hours"], " - ")
    'Which - if any?'
    >>> shared(["Which foods could you conv...-E-numbers", "Which foods could you conv...-E-meals"], "-")
    'Which foods could you conv...'
    """
    begun = common([padded(label) for label in labels])
    if len(set(labels)) == 1 and (cut := _CUT.search(begun)):  # one option: the question ends where it ends first
        return begun[: cut.end() - 1].strip()
    cuts = [match.end() - 1 for match in _CUT.finditer(begun)]
    end = cuts[-1] if cuts and between == BARE and not sub_question else begun.rfind(between)
    return begun[:end].strip() if end > 0 else ""


def rest(label: str, question: str) -> str:
    """Return what a label says after its question.

    >>> rest("How far? - It pays", "How far?")
    'It pays'
    """
    return padded(label)[len(question) :].strip().removeprefix("-").strip()


def without_selected(question: str, beside: Sequence[str]) -> str:
    """Return a question without `Selected Choice`, in whatever language: the label of the text beside it lacks that.

    >>> without_selected("Wovon? - Ausgewählte Antwort", ["Wovon? - Anderes: - Text"])
    'Wovon?'
    >>> without_selected("Which - if any?", ["Which - if any? - Other - Text"])
    'Which - if any?'
    """
    if question.endswith(SELECTED):
        return question.removesuffix(SELECTED)
    words, hyphen, _ = question.rpartition(SPACED)
    told = hyphen and any(label.startswith(words + SPACED) for label in beside)
    return words if told and not any(label.startswith(question + SPACED) for label in beside) else question


def before(said: str, others: Sequence[str], between: str) -> str:
    """Return the row in a row and its only option: the option is what the other rows end with, too.

    >>> before("Ripe plums - in jam", ["Ripe plums - in jam", "Pears - in jam"], " - ")
    'Ripe plums'
    """
    ending = common([one[::-1] for one in others])[::-1]
    start = ending.find(between) if len(set(others)) > 1 else -1
    end = said.rfind(between) if start < 0 else len(said) - len(ending) + start
    return said[:end].strip() if end > 0 else ""


def common(texts: Sequence[str]) -> str:
    """Return what texts begin with.

    >>> common(["Q1_1", "Q1_2"])
    'Q1_'
    """
    return os.path.commonprefix(texts)  # noqa: RUF071 - texts, not paths


def padded(label: str) -> str:
    """Return a label with the blank at its end that was tidied away, where an option has no words.

    >>> padded("Which of these? -"), padded("Which of these?")
    ('Which of these? - ', 'Which of these?')
    """
    return f"{label} " if label.endswith(SPACED.rstrip()) else label
