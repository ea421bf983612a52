"""What kind of question the texts of a column answer: the trials, in their order."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from impact_report.draft.amounts import as_quantity
from impact_report.draft.answers import FEW, Answer, merged, some
from impact_report.draft.dates import as_dates
from impact_report.draft.items import DraftItem
from impact_report.draft.joined import MARKS, as_joined
from impact_report.draft.lists import as_listed, as_recurring, as_yes_no
from impact_report.draft.steps import as_numbered, as_steps
from impact_report.readers import Option
from impact_report.readers.joined import between
from impact_report.wording import normalise

_TOKEN = re.compile(r"[\w-]{5,}")
_ANSWER_CODE = re.compile(r"-oth-|[a-z]{1,2}\d{1,3}")
_SELDOM_BACK = "several answers share a cell, but few of them come back. Now it is a text and not reported."
_MOST_CODES = 15
_NUMBERS_ONLY = (
    "the file holds the numbers of the answers only: write their labels, and keep the numbers under `texts`."
)
_CODES_ONLY = "the file holds the codes of the answers only: write their labels, and keep the codes under `texts`."


def fill(
    item: DraftItem,
    counts: Mapping[str, int],
    options: Sequence[Option] = (),
    separator: str = "",
    numbers_are_codes: bool = False,
    elsewhere: Collection[str] = frozenset(),
    answer_codes: bool = False,
) -> None:
    """Give an item its kind and its codes, from the texts that answer it.

    `numbers_are_codes` where the platform writes the number of an answer instead of the answer;
    `answer_codes` where it may write AO01 or A2 so;
    `elsewhere` are texts (normalised) that other columns hold too, which makes them nobody's own words.

    >>> item = DraftItem("How often?", "text", ())
    >>> fill(item, {"often": 3, "never": 2, "Don't know": 1})
    >>> item.kind, [code.label for code in item.codes], item.missing
    ('scale', ['never', 'often'], {'dont_know': ["Don't know"]})
    """
    few = len(counts) <= FEW
    declared = {normalise(option.label) for option in options if option.missing}
    real = item.without_missing(merged(counts) if few else {}, declared)
    if few and not real:
        item.kind = "text"
        return
    if options and as_listed(item, real, options):
        return
    if numbers_are_codes and len(real) <= _MOST_CODES and real and all(re.fullmatch(r"-?\d+", said) for said in real):
        item.as_coded("single", sorted(real.values(), key=lambda one: int(one.label)))
        item.decisions.append(_NUMBERS_ONLY)
        return
    if not few:
        _of_many(item, counts, separator)
        return
    if answer_codes and _are_answer_codes(real):
        item.as_coded("single", [real[said] for said in sorted(real)])
        item.decisions.append(_CODES_ONLY)
        return
    if as_dates(item, [answer.label for answer in real.values()]) or as_yes_no(item, real):
        return
    own_words = {said for said, answer in real.items() if answer.count < 2} - set(elsewhere)
    if as_numbered(item, real, own_words) or as_steps(item, real):
        return
    mark = separator or between(list(counts), MARKS)
    if mark == "," != separator and not numbers_are_codes and as_quantity(item, real):  # 1,5 is no list of 1 and 5
        return
    if mark and as_joined(item, counts, mark):
        return
    if separator:
        item.as_text(_SELDOM_BACK)
        return
    if not as_quantity(item, real) and not as_recurring(item, real):
        _as_text_or_id(item, counts)


def _are_answer_codes(real: Mapping[str, Answer]) -> bool:
    """Say whether answers are codes as AO01 or A2, as LimeSurvey writes them; each must come back."""
    return (
        len(real) > 1
        and all(map(_ANSWER_CODE.fullmatch, real))
        and sum(answer.count for answer in real.values()) >= 2 * len(real)
    )


def _of_many(item: DraftItem, counts: Mapping[str, int], separator: str) -> None:
    """Give an item with more texts than a list has its kind; a look at some of them says what it cannot be."""
    texts = list(counts)
    sample = some(texts)
    probe = replace(item, decisions=[])
    if as_dates(probe, sample) and as_dates(item, texts):
        return
    if separator and as_joined(item, counts, separator):
        return
    if as_quantity(probe, _as_answers(sample)) and as_quantity(item, _as_answers(texts)):
        return
    _as_text_or_id(item, counts)


def _as_text_or_id(item: DraftItem, counts: Mapping[str, int]) -> None:
    """Take texts as they are; where each stands once and is one word of some length, it tells a row."""
    item.kind, item.missing, item.decisions = "text", {}, []
    once = len(counts) > 10 and len(counts) == sum(counts.values())
    if once and all(map(_TOKEN.fullmatch, counts)):
        item.kind = "id"


def _as_answers(texts: Sequence[str]) -> dict[str, Answer]:
    """Return many texts as they are: whether two of them say the same is not worth knowing."""
    return {text: Answer(text, (text,), 1) for text in texts}
