"""The first report: which answers make a statement, in which part of it, and by what results are shown side by side."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from impact_report.codebook import CODED
from impact_report.codebook.contradictions import RESERVED, RESERVED_BEGIN
from impact_report.draft import usual
from impact_report.draft.items import DraftCode, DraftItem
from impact_report.draft.names import slug, unique
from impact_report.wording import normalise

MOST = 40  # statements of a first report
_PER_QUESTION = (15, 12, 10, 8, 7, 6, 5, 4, 3, 2, 1)  # statements on one, as many as leave room for the others
_OF_A_LIST, _OF_A_SELECT_ALL = 8, 12
_GROUPING = re.compile(
    r"\b(region|state|country|province|admin ?1|district|gender|sex|age|altersgruppe|alter|role|position|job|type|"
    r"kind of|organi[sz]ation|sector|industry|department|education|income|group|location|geschlecht|bundesland|land|"
    r"branche|rolle|sexe|genre|région|pays|âge|género|sexo|región|país|edad|região|idade|genere|regione|paese|età|"
    r"geslacht|provincie|leeftijd)\b",
    re.IGNORECASE,
)
_GROUP_CODES = range(2, 15)
_GROUPS = 2
_SMALLEST_GROUP = 5
_LONGEST_TITLE = 150


@dataclass(frozen=True)
class DraftIndicator:
    """One statement: its id, its words, the item and the codes that count."""

    id: str
    statement: str
    item: str
    counts: tuple[str, ...]


@dataclass
class DraftSection:
    """A part of the report: one question or grid, or all questions answered in the same words."""

    id: str
    title: str
    reads: str
    indicators: list[DraftIndicator] = field(default_factory=list)


def reportable(items: Iterable[DraftItem]) -> list[DraftItem]:
    """Return the items of which a report can tell shares.

    >>> items = [DraftItem(kind, kind, (), name=kind, answered=5) for kind in ("single", "quantity")]
    >>> [item.name for item in reportable(items)]
    ['single']
    """
    return [
        one
        for one in items
        if one.kind in CODED and not one.personal and not one.platform and one.answered and not _is_one_mark(one)
    ]


def _is_one_mark(item: DraftItem) -> bool:
    """Say whether a question has one answer only, which all have given who gave any."""
    return item.kind != "multiple" and len(item.codes) == 1


def groups(items: Sequence[DraftItem]) -> list[str]:
    """Return the items by which results may be shown side by side: up to two that ask for a region, a role, an age.

    >>> from impact_report.draft.answers import Answer
    >>> item = DraftItem("Your region?", "text", (), name="region", answered=11)
    >>> item.as_coded("single", [Answer("North", (), 6), Answer("South", (), 5)])
    >>> groups([item])
    ['region']
    """
    fitting = [
        item
        for item in reportable(items)
        if item.kind != "multiple"
        and item.row is None
        and len(item.codes) in _GROUP_CODES
        and sum((code.count or 0) >= _SMALLEST_GROUP for code in item.codes) > 1
        and _GROUPING.search(f"{item.question} {item.name.replace('_', ' ')}")
    ]
    fitting.sort(key=lambda item: (len(item.question) > 60, -item.answered))
    return [item.name for item in fitting[:_GROUPS]]


def sections(items: Sequence[DraftItem], groupings: Sequence[str] = ()) -> tuple[list[DraftSection], int]:
    """Return the parts of a first report, and how many statements more there could be.

    Each question has its part as long as there is room, if only with the answer that was given most.

    >>> from impact_report.draft.answers import Answer
    >>> item = DraftItem("Do you sing?", "text", (), name="sings", answered=5)
    >>> item.as_coded("single", [Answer("Yes", (), 3), Answer("No", (), 2)])
    >>> [part], more = sections([item])
    >>> part.title, part.reads, [one.statement for one in part.indicators], more
    ('Do you sing?', 'answered {statement}', ['“Yes”', '“No”'], 0)
    """
    every = reportable(items)
    found = [item for item in every if item.name not in groupings] or every
    by_name = {item.name: item for item in items}
    anchors = {f"_{name}_{code.name}" for name in groupings for code in by_name[name].codes} | {"_table"}
    for most in _PER_QUESTION:
        parts = _parts(found, most, anchors)
        if _statements(parts) <= MOST:
            break
    everything = _statements(_parts(every, 10**6, anchors, all_of_them=True))
    kept = _as_fit(parts)
    return kept, everything - _statements(kept)


def _statements(parts: Iterable[DraftSection]) -> int:
    return sum(len(part.indicators) for part in parts)


def _as_fit(parts: Sequence[DraftSection]) -> list[DraftSection]:
    """Return the first of the parts, as many as a first report has statements; the last may be shorter."""
    kept: list[DraftSection] = []
    for part in parts:
        part.indicators = part.indicators[: MOST - _statements(kept)]
        if part.indicators:
            kept.append(part)
    return kept


def _parts(items: Sequence[DraftItem], most: int, anchors: set[str], all_of_them: bool = False) -> list[DraftSection]:
    parts: dict[object, DraftSection] = {}
    names: set[str] = set()
    ids: set[str] = set()

    def part(key: object, title: str, reads: str, name: str) -> DraftSection:
        if key not in parts:
            section = unique(f"on_{name}"[:60], ids)
            ids.add(section)
            parts[key] = DraftSection(section, title, reads)
        return parts[key]

    def add(section: DraftSection, statement: str, item: DraftItem, codes: Sequence[str], name: str) -> None:
        free = unique(name if _is_free(name) else f"q_{name}"[:60], names)
        while any(free.endswith(end) and free.removesuffix(end) in names for end in anchors):
            free = unique(f"{free}_share"[:60], names)
        names.add(free)
        section.indicators.append(DraftIndicator(free, statement, item.name, tuple(codes)))

    for item in items:
        labels = {code.name: code.label for code in item.codes}
        if item.row is not None or item.counts:
            codes = item.counts or _usual(items, item)
            said = " or ".join(f"“{labels[code]}”" for code in codes)
            if item.row is not None:
                key = (item.question, said)
                is_yes = all(normalise(labels[code]) in usual.YES for code in codes)
                reads = f"answered {_braces(said)} on {{statement}}" if is_yes else "answered {statement}"
                section = part(key, _cut(item.question), reads, item.name)
                statement = item.row if is_yes else f"{item.row}: {said}"
            else:
                section = part(said, f"Answered {said}", f"answered {_braces(said)} to {{statement}}", slug(said, 40))
                statement = f"“{item.question}”" if item.kind == "scale" else f"“{item.question}”: {said}"
                if all(normalise(labels[code]) in usual.YES for code in codes):
                    statement = f"“{item.question}”"
            if len(section.indicators) < most or item.row is None:
                add(section, statement, item, codes, item.name)
            continue
        limit = _OF_A_SELECT_ALL if item.kind == "multiple" else _OF_A_LIST
        chosen = _most_given(item.codes, min(limit, most) if not all_of_them else most)
        verb = "chose" if item.kind == "multiple" else "answered"
        section = part(item.name, _cut(item.question), f"{verb} {{statement}}", item.name)
        for code in chosen:
            add(
                section,
                f"“{code.label}”",
                item,
                [code.name],
                f"{item.name[:38].rstrip('_')}_{code.name}"[:60].rstrip("_"),
            )
    return [section for section in parts.values() if section.indicators]


def _usual(items: Sequence[DraftItem], item: DraftItem) -> list[str]:
    """Return yes, or the answer that is given most in a whole grid, so that its rows can be compared."""
    yes = [code.name for code in item.codes if normalise(code.label) in usual.YES]
    if yes:
        return yes
    rows = [one for one in items if one.question == item.question and one.row is not None]
    names = [code.name for code in item.codes if not code.open] or [item.codes[0].name]
    given = {name: sum(code.count or 0 for one in rows for code in one.codes if code.name == name) for name in names}
    return [max(given, key=given.__getitem__)]


def _most_given(codes: Sequence[DraftCode], most: int) -> list[DraftCode]:
    """Return the codes given most, in the codebook's order."""
    chosen = sorted(codes, key=lambda code: -(code.count or 0))[:most]
    return [code for code in codes if code in chosen]


def _is_free(name: str) -> bool:
    """Say whether the report does not use such an id itself."""
    return name not in RESERVED and not name.startswith(RESERVED_BEGIN)


def _braces(text: str) -> str:
    """Return a text as it may stand in a sentence with {statement}."""
    return text.replace("{", "(").replace("}", ")")


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_TITLE else f"{text[: _LONGEST_TITLE - 1]}…"
