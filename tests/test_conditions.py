"""A condition holds for those who gave the answers it names; who did not answer meets no condition."""

from __future__ import annotations

import pytest
from study import CODEBOOK

from impact_report.codebook import Condition
from impact_report.conditions import answered, holds
from impact_report.errors import CodebookError

# Singers, by number: see the table in study.py.
CASES = {
    "one answer": ({"voice": "low"}, [7, 8, 9, 10, 11]),
    "any of two answers": ({"voice": ["low", "high"]}, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]),
    "an answer nobody gave": ({"voice": "middle"}, []),
    "an option ticked": ({"sings": "folk"}, [1, 5, 8, 10]),
    "any of two options": ({"sings": ["folk", "none"]}, [1, 3, 5, 8, 9, 10]),
    "both options": ({"sings": {"all": ["folk", "sacred"]}}, [1, 8]),
    "none of these options, but an answer": ({"sings": {"none": ["sacred"]}}, [3, 5, 9, 10]),
    "not this answer, but one": ({"enjoys": {"none": ["agree", "strongly_agree"]}}, [3, 5, 9]),
    "any answer": ({"enjoys": {"answered": "true"}}, [1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 12]),
    "any number": ({"hours": {"answered": "true"}}, [1, 2, 3, 6, 7, 8, 11]),
    "one and another": ({"voice": "high", "sings": "folk"}, [1, 5]),
    "one but not another": ({"sings": {"any": ["folk"], "none": ["sacred"]}}, [5, 10]),
    "a routed answer": ({"solo": "yes"}, [1, 3, 7, 11]),
}


@pytest.mark.parametrize(("condition", "singers"), CASES.values(), ids=CASES)
def test_who_meets_a_condition(twelve, condition, singers):
    met = holds(Condition(**condition), twelve.responses, twelve.codebook)
    assert [position + 1 for position, one in enumerate(met) if one] == singers


def test_no_condition_holds_for_all(twelve):
    assert holds(None, twelve.responses, twelve.codebook).all()


def test_nothing_is_changed(twelve):
    before = twelve.responses.copy()
    holds(Condition(voice="low"), twelve.responses, twelve.codebook)
    assert twelve.responses.equals(before)


def test_answered_is_not_the_same_as_asked(twelve):
    assert (~answered("rehearses", twelve.responses)).sum() == 1  # singer 12
    assert (~answered("solo", twelve.responses)).sum() == 5  # singers 5, 9, 10 and 12 were not asked; 4 said nothing


@pytest.mark.parametrize(
    "change",
    [
        ("among: {voice: low}", "among: {remarks: {answered: true}}"),
        ("item: hours\n    round_down_to", "item: weight\n    round_down_to"),
    ],
    ids=["an indicator among those who remarked", "a total of a personal number"],
)
def test_results_from_a_personal_item_are_refused_before_anything_is_read(choir, change):
    """Personal items leave with the raw file: what is computed from one cannot be computed."""
    codebook = CODEBOOK.replace(*change).replace("{question: Weight, kind", "{question: Weight, personal: true, kind")
    assert codebook.count(change[1]) == 1
    with pytest.raises(CodebookError, match="personal"):
        choir(codebook=codebook).clean()
