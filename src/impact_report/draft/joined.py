"""Whether answers share a cell, and which ones."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Mapping

from impact_report.draft import usual
from impact_report.draft.answers import fewest, merged
from impact_report.draft.items import DraftItem
from impact_report.personal import looks_personal
from impact_report.wording import normalise

MARKS = (";", ", ", ",", "|", "\n")
_LONGEST_LIST = 60
_COVERED = 0.6  # of the answers must come back
_NEARLY = 0.9
_ROUNDS = 4  # of putting pieces together; an answer rarely holds the mark more often


def as_joined(item: DraftItem, counts: Mapping[str, int], mark: str) -> bool:
    """Make an item a select-all question, if what stands between the marks comes back.

    Pieces that always follow one another are one answer that holds the mark itself; a piece that says that there is
    no answer is none.

    >>> item = DraftItem("What do you drink?", "text", ())
    >>> as_joined(item, {"Tea;Milk": 3, "Milk": 2, "Tea;Prefer not to say": 2}, ";")
    True
    >>> [code.label for code in item.codes], item.missing
    (['Tea', 'Milk'], {'refused': ['Prefer not to say']})
    """
    cells = {text: [piece for piece in map(str.strip, text.split(mark)) if piece] for text in counts}
    whole = [text for text, parts in cells.items() if len(parts) > 1 and usual.missing_kind(text)]
    apart = {text: parts for text, parts in cells.items() if parts and text not in whole}
    pieces, doubted = _rejoined(apart, counts, mark)
    found: Counter[str] = Counter()
    for text, parts in pieces.items():
        for part in dict.fromkeys(parts):
            found[part] += counts[text]
    trial = DraftItem(item.question, "multiple", item.sources)
    answers = trial.without_missing(merged({**found, **{text: counts[text] for text in whole}}))
    least = fewest([answer.count for answer in answers.values()])
    again = [answer for answer in answers.values() if answer.count >= max(2, least)]
    every = sum(answer.count for answer in answers.values())
    if not again or len(again) > _LONGEST_LIST or sum(one.count for one in again) < _COVERED * every:
        return False
    if any(looks_personal(answer.label) for answer in again):
        return False
    item.missing, item.decisions = trial.missing, trial.decisions
    said = {normalise(answer.label) for answer in again}
    item.decisions += [
        f"is “{whole}” one answer? Now it is, since its second part nearly always stands behind the first."
        for whole in doubted
        if normalise(whole) in said
    ]
    item.as_coded("multiple", again)
    item.separator = mark.strip() or mark
    if len(answers) > len(again):
        item.open_end(every - sum(one.count for one in again), least)
    return True


def _rejoined(
    cells: dict[str, list[str]], counts: Mapping[str, int], mark: str
) -> tuple[dict[str, list[str]], list[str]]:
    """Return the cells with pieces put together that stand side by side; and of which pairs one may doubt it.

    Without doubt are those that never occur but together. A comma may stand in an answer: there the second piece
    nearly always stands behind the first, and goes on in small letters or is never far from it.
    """
    doubted: list[str] = []
    for _ in range(_ROUNDS):
        alone: Counter[str] = Counter()
        pairs: Counter[tuple[str, str]] = Counter()
        for text, parts in cells.items():
            for part in parts:
                alone[part] += counts[text]
            for pair in itertools.pairwise(parts):
                pairs[pair] += counts[text]
        glued = {pair for pair, times in pairs.items() if times > 1 and alone[pair[0]] == alone[pair[1]] == times}
        near = {
            (first, second)
            for (first, second), times in pairs.items()
            if mark.strip() == "," and times > 2 and times >= _NEARLY * alone[second]
            and (second[:1].islower() or times >= _NEARLY * alone[first])
        } - glued  # fmt: skip
        doubted += [f"{first}{mark}{second}" for first, second in sorted(near)]
        if not glued | near:
            break
        cells = {text: _glue(parts, glued | near, mark) for text, parts in cells.items()}
    return cells, doubted


def _glue(parts: list[str], glued: set[tuple[str, str]], mark: str) -> list[str]:
    whole: list[str] = []
    last = ""
    for part in parts:
        if whole and (last, part) in glued:
            whole[-1] = f"{whole[-1]}{mark}{part}"
            last = ""
        else:
            whole.append(part)
            last = part
    return whole
