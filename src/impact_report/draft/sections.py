"""The first report: which answers make a statement, in which part of it, and by what results are shown side by side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from impact_report.codebook import CODED
from impact_report.draft.items import DraftCode, DraftItem, unique
from impact_report.draft.vocabulary import GROUPING, slug

MOST = 40  # statements of a first report
# Its findings stand on one sheet, in two columns: heights in lines of small type, widths in letters.
_SHEET = 84.0
_SECTION, _TITLE_LINE, _TITLE_LETTERS = 4.0, 1.6, 90
_STATEMENT, _STATEMENT_LINE, _STATEMENT_LETTERS = 3.2, 1.1, 48
_PER_QUESTION = (15, 12, 10, 8, 7, 6, 5, 4, 3)  # statements on one question, as many as leave room for the others
_OF_A_LIST, _OF_A_SELECT_ALL = 8, 12
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
    """Return the items of which a report can tell shares."""
    return [one for one in items if one.kind in CODED and not one.personal and not one.platform and one.answered]


def groups(items: Sequence[DraftItem]) -> list[str]:
    """Return the items by which results may be shown side by side: up to two that ask for a region, a role, an age."""
    fitting = [
        item
        for item in reportable(items)
        if item.kind != "multiple"
        and item.row is None
        and len(item.codes) in _GROUP_CODES
        and sum((code.count or 0) >= _SMALLEST_GROUP for code in item.codes) > 1
        and GROUPING.search(f"{item.question} {item.name.replace('_', ' ')}")
    ]
    fitting.sort(key=lambda item: (len(item.question) > 60, -item.answered))
    return [item.name for item in fitting[:_GROUPS]]


def sections(items: Sequence[DraftItem], groupings: Sequence[str] = ()) -> tuple[list[DraftSection], int]:
    """Return the parts of a first report, and how many statements more there could be."""
    every = reportable(items)
    found = [item for item in every if item.name not in groupings] or every
    by_name = {item.name: item for item in items}
    anchors = {f"_{name}_{code.name}" for name in groupings for code in by_name[name].codes} | {"_table"}
    for most in _PER_QUESTION:
        parts = _parts(found, most, anchors)
        if sum(len(part.indicators) for part in parts) <= MOST and sum(map(_height, parts)) <= _SHEET:
            break
    everything = sum(len(part.indicators) for part in _parts(every, 10**6, anchors, all_of_them=True))
    kept = _as_fit(parts)
    return kept, everything - sum(len(part.indicators) for part in kept)


def _as_fit(parts: Sequence[DraftSection]) -> list[DraftSection]:
    """Return the first of the parts, as many as one sheet holds; the last may be shorter."""
    kept: list[DraftSection] = []
    for part in parts:
        room = MOST - sum(len(one.indicators) for one in kept)
        whole = part.indicators
        for count in range(min(room, len(whole)), 0, -1):
            part.indicators = whole[:count]
            if sum(map(_height, [*kept, part])) <= _SHEET or not (kept or count > 1):
                kept.append(part)
                break
    return kept


def _height(part: DraftSection) -> float:
    """Return how high a part of the findings is on its sheet."""
    lines = [1 + len(one.statement) // _STATEMENT_LETTERS for one in part.indicators]
    rows = [max(lines[place : place + 2]) for place in range(0, len(lines), 2)]
    title = 1 + len(part.title) // _TITLE_LETTERS
    return _SECTION + title * _TITLE_LINE + len(rows) * _STATEMENT + sum(rows) * _STATEMENT_LINE


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
                section = part(key, _cut(item.question), f"answered {_braces(said)} on {{statement}}", item.name)
                statement = item.row
            else:
                section = part(said, f"Answered {said}", f"answered {_braces(said)} to {{statement}}", slug(said, 40))
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
    """Return the answer that is given most in a whole grid, so that its rows can be compared."""
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
    reserved = {"method", "rows", "grim", "comparison", "ledger", "half", "grim_table"}
    return name not in reserved and not name.startswith(("fact_", "of_", "members_", "rule_", "published_"))


def _braces(text: str) -> str:
    """Return a text as it may stand in a sentence with {statement}."""
    return text.replace("{", "(").replace("}", ")")


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_TITLE else f"{text[: _LONGEST_TITLE - 1]}…"
