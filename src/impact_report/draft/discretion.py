"""Which items are kept in the raw file because they may tell who somebody is: in doubt, they are."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from impact_report.draft import persons, usual
from impact_report.draft.amounts import COUNTED
from impact_report.draft.answers import some
from impact_report.draft.items import DraftItem
from impact_report.personal import looks_personal
from impact_report.wording import normalise

_FEW_KINDS = 12  # answers of a platform's own column that may be listed
_MANY, _NEARLY_ALL, _MOSTLY = 20, 0.98, 0.6  # rows; of them with numbers of their own
_NUMBER_OF_A_RECORD = re.compile(
    r"\b(number|no|nr|nummer|numéro|número|numero|ids?|case|record|mrn|nhs|employee|member|customer|patient)\b|n°"
)
_SHORT = 6  # words of a header
_WHOLE = re.compile(r"-?\d+(\.0+)?")
_PERSONS = (
    "do these answers name persons, or where they live? Now they stay in the raw file; if not, write kind and codes."
)


def hide(item: DraftItem, is_id: bool = False) -> None:
    """Make an item personal: its answers never leave the raw file.

    >>> item = DraftItem("Your name?", "single", ())
    >>> hide(item)
    >>> item.kind, item.personal
    ('text', True)
    """
    item.as_text("")
    item.kind = "id" if is_id else "text"
    item.decisions, item.remarks = [], []


def judge(item: DraftItem, headers: Sequence[str], typed: bool = True) -> None:
    """Hide what tells, or may tell, who somebody is; `typed` if the answers were not listed in the questionnaire.

    >>> item = DraftItem("Name of your choir", "text", ())
    >>> judge(item, ["Name of your choir"])
    >>> item.personal
    True
    """
    is_date = item.kind == "date"
    coded = item.kind in ("single", "scale", "multiple")
    closed = coded and not any(code.open for code in item.codes) and (not item.separator or not typed)
    plainly_not = item.kind == "scale" or (item.kind == "single" and bool(item.counts))
    follows = typed and not is_date and persons.is_follow_up(*headers)
    if not plainly_not and (follows or persons.names_a_person(*headers)):
        hide(item)
    elif not closed and not is_date and persons.may_name_a_person(*headers):
        hide(item, is_id=item.kind in ("id", "quantity") and _numbers_a_record(*headers))
    elif coded and not plainly_not and persons.may_list_persons(headers, _labels(item), typed):
        hide(item)
        item.decisions = [_PERSONS]
    elif item.kind in ("text", "id"):
        item.personal = True


def judge_numbers(item: DraftItem, headers: Sequence[str], counts: Mapping[str, int]) -> None:
    """Hide numbers that tell a row: nearly all different, or called the number of a case and mostly so.

    >>> item = DraftItem("NHS number", "quantity", ())
    >>> judge_numbers(item, ["NHS number"], {"9434000000": 1, "9434000037": 1, "9434000074": 1})
    >>> item.kind, item.personal
    ('id', True)
    """
    if item.kind != "quantity":
        return
    given = sum(counts.values())
    whole = not item.unit and all(_WHOLE.fullmatch(text.strip()) for text in counts)
    each_once = whole and given >= _MANY and len(counts) >= _NEARLY_ALL * given
    if each_once or (_numbers_a_record(*headers) and len(counts) >= _MOSTLY * given):
        hide(item, is_id=True)


def judge_platform(item: DraftItem, headers: Sequence[str], counts: Mapping[str, int]) -> None:
    """Hide what a platform has added, but for times, states and durations; nobody has to decide on these.

    >>> item = DraftItem("IP Address", "text", (), answered=1)
    >>> judge_platform(item, ["IP Address"], {"10.0.0.1": 1})
    >>> item.kind, item.personal
    ('id', True)
    """
    safe = item.kind == "date" or (
        not persons.may_name_a_person(*headers)
        and (item.kind == "quantity" or (bool(item.codes) and len(item.codes) <= _FEW_KINDS))
        and not any(code.open for code in item.codes)
        and not persons.may_list_persons(headers, _labels(item))
        and not (item.kind == "quantity" and len(counts) == item.answered > 1)  # the number of a row
    )
    telling = item.kind != "date" and any(map(looks_personal, some(list(counts))))  # a moment has as many digits
    if not safe or telling or persons.names_a_person(*headers):
        named_so = any(re.search(r"id\b|\bid|record", normalise(header)) for header in headers[:1])
        hide(item, is_id=named_so or len(counts) == item.answered)
    elif item.kind != "date":  # whether the day or the month comes first is to be decided here too
        item.decisions = []


def _numbers_a_record(*headers: str) -> bool:
    """Say whether a short header asks for the number of a case, a member, a patient; not for how many there are.

    >>> _numbers_a_record("NHS number"), _numbers_a_record("Number of children"), _numbers_a_record("Postcode")
    (True, False, False)
    """
    words = [normalise(header.replace("_", " ")) for header in headers]
    return any(
        len(said.split()) <= _SHORT and _NUMBER_OF_A_RECORD.search(said) and not COUNTED.search(said) for said in words
    )


def _labels(item: DraftItem) -> list[str]:
    return [code.label for code in item.codes if not code.open and not usual.is_other(code.label)]
