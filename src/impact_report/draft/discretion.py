"""Which items are kept in the raw file because they may tell who somebody is: in doubt, they are."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from impact_report.draft import persons, usual
from impact_report.draft.answers import some
from impact_report.draft.items import DraftItem
from impact_report.personal import looks_personal
from impact_report.wording import normalise

_FEW_KINDS = 12  # answers of a platform's own column that may be listed
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
    closed = coded and not any(code.open for code in item.codes)
    plainly_not = item.kind == "scale" or (item.kind == "single" and bool(item.counts))
    if (is_date or not plainly_not) and persons.names_a_person(*headers):
        hide(item)
    elif not closed and not is_date and persons.may_name_a_person(*headers):
        hide(item, is_id=item.kind in ("id", "quantity"))
    elif coded and not plainly_not and persons.may_list_persons(headers, _labels(item), typed):
        hide(item)
        item.decisions = [_PERSONS]
    elif item.kind in ("text", "id"):
        item.personal = True


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
    if not safe or persons.names_a_person(*headers) or any(map(looks_personal, some(list(counts)))):
        named_so = any(re.search(r"id\b|\bid|record", normalise(header)) for header in headers[:1])
        hide(item, is_id=named_so or len(counts) == item.answered)
    elif item.kind != "date":  # whether the day or the month comes first is to be decided here too
        item.decisions = []


def _labels(item: DraftItem) -> list[str]:
    return [code.label for code in item.codes if not code.open and not usual.is_other(code.label)]
