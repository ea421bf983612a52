"""Whether answers come from a list: one that the file holds, yes and no, or answers that come back."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from impact_report.draft import scales, usual
from impact_report.draft.answers import Answer, fewest
from impact_report.draft.items import DraftItem
from impact_report.personal import looks_personal
from impact_report.readers import Option
from impact_report.wording import normalise, tidy

_LONGEST, _LONGEST_FULL = 60, 250  # answers
_LONGEST_ANSWER = 150  # letters, of the usual answer
_COVERED = 0.6  # of the answers must come back, for a list with an open end
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_ZERO_ONE = "what do 0 and 1 mean? Write it as their labels, and keep the number under `texts`."


def as_listed(item: DraftItem, real: dict[str, Answer], options: Sequence[Option]) -> bool:
    """Give an item the answers that the file lists, in its order; with many numbers beside them it is a quantity.

    What the file declares to be no answer becomes a missing text in any case, and leaves `real`.

    >>> item = DraftItem("Do you sing?", "text", ())
    >>> options = [Option("1", "Yes"), Option("2", "No"), Option("9", "?", missing=True)]
    >>> as_listed(item, {"no": Answer("No", ("No",), 3)}, options)
    True
    >>> [(code.label, code.count) for code in item.codes], item.missing
    ([('Yes', 0), ('No', 3)], {'no_answer': ['?']})
    """
    labels = [normalise(option.label) for option in options]
    listed = {
        label if labels.count(label) == 1 and label else normalise(option.code): option
        for label, option in zip(labels, options, strict=True)
    }
    names = {said: tidy(one.label) if said == normalise(one.label) else one.code for said, one in listed.items()}
    _declare_missing(item, {names[said]: option for said, option in listed.items() if option.missing})
    gone = {normalise(text) for texts in item.missing.values() for text in texts}
    codes = [said for said in listed if said not in gone]
    unlisted = [answer for said, answer in real.items() if said not in listed]
    numbers = all(_NUMBER.fullmatch(answer.label) for answer in unlisted)
    if not codes or not numbers or len(codes) + len(unlisted) > _LONGEST:
        for said in real.keys() & gone:
            del real[said]
        return False
    answers = [Answer(names[said], (), real[said].count if said in real else 0) for said in codes]
    every = [*answers, *sorted(unlisted, key=lambda answer: float(answer.label))]
    item.as_coded("single", every)
    ordered, spans = scales.ordered([answer.label for answer in answers])
    if len(ordered) == len(every):
        item.as_coded("scale", sorted(every, key=lambda answer: ordered.index(answer.label)))
        item.spans = spans
        if not spans:
            item.count_top()
    return True


def _declare_missing(item: DraftItem, options: Mapping[str, Option]) -> None:
    for label, option in options.items():
        if all(normalise(label) != normalise(text) for texts in item.missing.values() for text in texts):
            item.missing.setdefault(usual.missing_kind(option.label) or "no_answer", []).append(label)


def as_yes_no(item: DraftItem, real: Mapping[str, Answer]) -> bool:
    """Make an item a question with yes first, if nothing else was answered; of these yes counts.

    >>> item = DraftItem("Singst du?", "text", ())
    >>> as_yes_no(item, {"nein": Answer("Nein", (), 3), "ja": Answer("Ja", (), 2)}), item.counts
    (True, ['ja'])
    """
    if not set(real) <= usual.YES | usual.NO or not any(map(str.isalpha, "".join(real))):
        return False
    yes = [answer for said, answer in real.items() if said in usual.YES]
    no = [answer for said, answer in real.items() if said in usual.NO]
    if len(yes) > 1 or len(no) > 1:
        return False
    item.as_coded("single", [*yes, *no])
    item.counts = [item.codes[0].name]
    return True


def as_recurring(item: DraftItem, real: Mapping[str, Answer]) -> bool:
    """Make an item a list of the answers that come back; texts given once may be anybody's own words.

    >>> item = DraftItem("What do you sing?", "text", ())
    >>> given = {"bass": 4, "alto": 3, "solo": 1}
    >>> as_recurring(item, {text: Answer(text, (text,), count) for text, count in given.items()})
    True
    >>> [code.label for code in item.codes]
    ['bass', 'alto', 'Other']
    """
    least = fewest([answer.count for answer in real.values()])
    again = [answer for answer in real.values() if answer.count >= max(2, least)]
    if not again or not _is_list(again, real) or any(looks_personal(answer.label) for answer in again):
        return False
    ordered = scales.ladder([answer.label for answer in again]) if len(again) > 2 else None
    if ordered:
        again.sort(key=lambda answer: ordered.index(answer.label))
    item.as_coded("single", again)
    if ordered:
        item.count_top()
    if len(real) > len(again):
        item.open_end(sum(answer.count for answer in real.values() if answer.count < least), least)
    if {normalise(answer.label) for answer in again} == {"0", "1"}:
        item.decisions.append(_ZERO_ONE)
        item.codes.sort(key=lambda code: code.label)
        item.counts = [item.codes[-1].name]
    return True


def _is_list(again: Sequence[Answer], real: Mapping[str, Answer]) -> bool:
    """Say whether answers are few, short, and come back often enough for a list."""
    every = sum(answer.count for answer in real.values())
    covered = sum(answer.count for answer in again)
    once = sum(answer.count == 1 for answer in real.values())
    usual_length = sorted(len(answer.label) for answer in again)[len(again) // 2]
    most = _LONGEST_FULL if covered >= 0.9 * every and every >= 20 * len(again) else _LONGEST
    return (
        len(again) <= min(most, every / 2)
        and covered >= _COVERED * every
        and usual_length <= _LONGEST_ANSWER
        and (once <= len(again) * 3 or covered >= 0.75 * every)
    )
