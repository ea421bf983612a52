"""The drafted files: codebook.yml and wave.yml with what is known, and a mark at each thing a person must decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from impact_report.draft.fielding import Fielding
from impact_report.draft.items import DraftCode, DraftItem
from impact_report.draft.names import unique
from impact_report.draft.questions import Questionnaire
from impact_report.draft.sections import DraftSection, reportable
from impact_report.draft.writing import Writer, flow, flow_map, scalar

NOT_DESCRIBED = "Not yet described."


@dataclass(frozen=True)
class Facts:
    """What the two pages say of a survey and its wave beside the items."""

    study: str
    title: str
    source: str  # the raw file's name
    fielding: Fielding
    export: str = ""  # its name in the wave's folder, if that is not found by itself
    format: str = ""  # as it is read, if that was asked for
    sheet: str = ""
    encoding: str = ""


def codebook(
    facts: Facts, found: Questionnaire, sections: Sequence[DraftSection], more: int, groups: Sequence[str]
) -> str:
    """Return the text of codebook.yml; `more` statements could be made of its questions.

    >>> item = DraftItem("Do you sing?", "single", (), name="sings", answered=2)
    >>> item.codes = [DraftCode("yes", "Yes", count=2)]
    >>> part = DraftSection("on_sings", "Do you sing?", "answered {statement}")
    >>> import datetime as dt
    >>> facts = Facts("choir", "Choir", "choir.csv", Fielding(2, 1, "plain", dt.date.min, dt.date.max))
    >>> print("\\n".join(codebook(facts, Questionnaire([item]), [part], 0, []).splitlines()[13:18]))
      sings:                                                    # 2 of 2 rows answered
        question: Do you sing?
        kind: single
        codes:
          "yes": "Yes"                                          # 2
    """
    of = facts.fielding
    page = Writer()
    page.remark(0, f"Drafted from {facts.source}: {of.rows:,} rows, {of.columns:,} columns, read as {of.format}.")
    page.remark(
        0, "Where it says DECISION, a person must look: the choice made for now stands there; DECISIONS.md lists all."
    )
    page.remark(
        0, "The numbers beside answers say how often each was given. Everything is read as the text that stands here."
    )
    page.line(0)
    page.line(0, "survey:")
    page.line(1, f"id: {facts.study}")
    page.decision(1, "title and subject of the report.")
    page.value(1, "title", f"{facts.title} (draft)")
    page.value(1, "subject", NOT_DESCRIBED)
    page.line(1, "respondents: respondents")
    page.line(0)
    page.line(0, "items:")
    _write_items(page, found.items, of.rows)
    _write_sections(page, found, sections, more)
    if groups:
        page.line(0)
        page.decision(0, "by which questions are results shown side by side? Now by those that look like it.")
        page.line(0, f"groups: {flow(groups)}")
    if found.ignored:
        page.line(0)
        page.remark(0, "Columns that are left out, each by its header.")
        page.line(0, "ignore:")
        for title, why in found.ignored.items():
            if why[0].isupper():
                page.decision(1, why)
                why = ""
            page.line(1, f"- {scalar(title)}", why)
    return page.text()


def _write_items(page: Writer, items: Sequence[DraftItem], rows: int) -> None:
    before: DraftItem | None = None
    anchors: tuple[str, str] | None = None
    used: set[str] = set()
    for place, item in enumerate(items):
        after = items[place + 1] if place + 1 < len(items) else None
        if before is not None and anchors and _same_grid(before, item):
            _write_row(page, item, rows, anchors)
            before = item
            continue
        page.line(0)
        anchors = None
        if after is not None and item.row is not None and _same_grid(item, after):
            grid = unique(item.block or item.name, used)
            used.add(grid)
            anchors = (f"{grid}_question", f"{grid}_answers" if item.codes else "")
        _write_item(page, item, rows, anchors)
        before = item


def _same_grid(one: DraftItem, other: DraftItem) -> bool:
    """Say whether two items are rows of one grid with the same answers."""
    return (
        one.row is not None
        and other.row is not None
        and (one.question, one.kind, one.missing, one.personal, _signature(one)) ==
        (other.question, other.kind, other.missing, other.personal, _signature(other))
    )  # fmt: skip


def _signature(item: DraftItem) -> list[tuple]:
    return [(code.name, code.label, tuple(code.texts), tuple(code.columns), code.open) for code in item.codes]


def _write_item(page: Writer, item: DraftItem, rows: int, anchors: tuple[str, str] | None) -> None:
    page.line(1, f"{scalar(item.name)}:", f"{item.answered:,} of {rows:,} rows answered")
    for text in item.decisions:
        page.decision(2, text)
    for text in item.remarks:
        page.remark(2, text)
    page.value(2, "question", item.question, anchors[0] if anchors else "")
    if item.row is not None:
        page.value(2, "row", item.row)
    page.line(2, f"kind: {item.kind}")
    if item.columns:
        page.line(2, f"columns: {flow(item.columns)}")
    if item.codes:
        page.line(2, "codes:" + (f" &{anchors[1]}" if anchors else ""))
        for code in item.codes:
            page.line(3, f"{scalar(code.name)}: {_code(code)}", _count(code))
    for key, text in _rest(item).items():
        page.line(2, f"{key}: {text}")


def _write_row(page: Writer, item: DraftItem, rows: int, anchors: tuple[str, str]) -> None:
    """Write a further row of a grid: what it shares with the first is not said again."""
    given = ", ".join(f"{code.count:,}" for code in item.codes if code.count is not None)
    page.line(1, f"{scalar(item.name)}:", f"{item.answered:,} answered" + (f": {given}" if given else ""))
    page.line(2, f"question: *{anchors[0]}")
    page.value(2, "row", item.row or "")
    page.line(2, f"kind: {item.kind}")
    if item.columns:
        page.line(2, f"columns: {flow(item.columns)}")
    if item.codes:
        page.line(2, f"codes: *{anchors[1]}")
    for key, text in _rest(item).items():
        page.line(2, f"{key}: {text}")


def _code(code: DraftCode) -> str:
    if not (code.texts or code.columns or code.open):
        return scalar(code.label)
    more: dict[str, str | Sequence[str]] = {"label": code.label}
    more |= {"texts": code.texts} if code.texts else {}
    more |= {"columns": code.columns} if code.columns else {}
    written = flow_map(more)
    return f"{written[:-1]}, open: true}}" if code.open else written


def _count(code: DraftCode) -> str:
    if code.count is None:
        return "not shown" if code.open else ""
    return f"{code.count:,}"


def _rest(item: DraftItem) -> dict[str, str]:
    """Return the keys that few items have, as they are written."""
    rest = {}
    if item.missing:
        rest["missing"] = flow_map(item.missing)
    if item.separator:
        rest["separator"] = scalar(item.separator)
    if item.formats:
        rest["formats"] = flow(item.formats)
    if item.unit:
        rest["unit"] = scalar(item.unit)
    if item.decimal != ".":
        rest["decimal"] = scalar(item.decimal)
    if item.ranges != "refuse":
        rest["ranges"] = item.ranges
    if item.platform:
        rest["platform"] = "true"
    if item.personal:
        rest["personal"] = "true"
    return rest


def _write_sections(page: Writer, found: Questionnaire, sections: Sequence[DraftSection], more: int) -> None:
    kinds = {item.name: item for item in reportable(found.items)}
    page.line(0)
    page.decision(
        0, "which answers does the report tell, in which words and order? Now each question has its own part."
    )
    if more:
        page.remark(0, f"{more} more statements could be made of these questions; a first report is short.")
    page.line(0, "sections:")
    for section in sections:
        page.line(1, f"- id: {section.id}")
        page.value(2, "title", section.title)
        page.value(2, "reads", section.reads)
        page.line(2, "indicators:")
        for one in section.indicators:
            page.line(3, f"- id: {one.id}")
            page.value(4, "statement", one.statement)
            page.line(4, f"item: {one.item}")
            item = kinds[one.item]
            top = [code.name for code in item.codes[-len(one.counts) :]]
            if item.kind == "scale" and list(one.counts) == top and len(top) < len(item.codes):
                page.line(4, f"top: {len(top)}")
            else:
                page.line(4, f"counts: {flow(one.counts) if len(one.counts) > 1 else scalar(one.counts[0])}")


def wave(facts: Facts) -> str:
    """Return the text of wave.yml.

    >>> import datetime as dt
    >>> of = Fielding(2, 1, "plain", dt.date(2024, 5, 1), dt.date(2024, 5, 3), "end_date")
    >>> [line for line in wave(Facts("choir", "Choir", "choir.csv", of)).splitlines() if line.startswith("fielded")]
    ['fielded: {start: 2024-05-01, end: 2024-05-03}']
    """
    of = facts.fielding
    page = Writer()
    page.remark(
        0, f"The facts of the fielding behind {facts.source}. What is not known is said to be unknown, never guessed."
    )
    page.line(0)
    page.decision(0, "the name of this edition, as `2026 edition`.")
    page.value(0, "title", f"{of.end.year} (draft)")
    for key in ("export", "format", "sheet", "encoding"):
        if given := getattr(facts, key):
            page.value(0, key, given)
    page.line(0)
    if of.dated_by:
        page.decision(0, f"when were answers collected? Now from the first to the last of `{of.dated_by}`.")
    else:
        page.decision(
            0, "when were answers collected? The file does not tell; now it is the day the file was last changed."
        )
    page.line(0, f"fielded: {{start: {of.start}, end: {of.end}}}")
    page.decision(0, "the day the report speaks of. Now it is the last day of the fieldwork.")
    page.line(0, "reference_date:")
    page.line(1, f"date: {of.end}")
    page.value(1, "source", "the last answer in the export" if of.dated_by else "the date of the export's file")
    page.line(0)
    _write_rows(page, of)
    page.decision(0, "did persons answer for themselves? If only organisations did, write `organisations`.")
    page.line(0, "respondents: persons")
    page.line(0, "smallest_count: 5", "in a group, counts below this are hidden")
    page.line(0)
    page.decision(0, "whom is the survey about, and how many are they (`size:`)?")
    page.line(0, "population:")
    page.line(1, "universe: a population that is not yet described")
    page.line(0)
    page.decision(0, "how the survey was made: data cannot tell, and a report must.")
    page.line(0, "method:")
    for key in ("strategy", "sponsor", "recruitment", "mode"):
        page.line(1, f"{key}: {NOT_DESCRIBED}")
    page.line(1, "limitations:")
    page.line(2, "- This report is a draft made from the export alone, and nobody has looked at its codebook yet.")
    return page.text()


def _decide_cases(page: Writer, of: Fielding) -> None:
    """Write that several rows are about one record, and which one is reported for now."""
    now = [*(f"those with `{code}` in `{name}`" for name, code in of.keep.items())]
    now += [f"those without an answer to `{of.drop}`"] if of.drop else []
    said = f"Now {' and '.join(now)}." if now else "No one event or form leaves one: say it in `rows:`."
    page.decision(0, f"several rows a record ({of.cases:,} records): which one is reported? {said}")


def _write_rows(page: Writer, of: Fielding) -> None:
    """Write which rows are to be judged: previews, unfinished ones, and those of the same respondent."""
    rules = []
    if of.previews:
        others = of.previews < of.rows
        now = "set aside." if others else "kept, since there are no others."
        page.decision(0, f"{of.previews:,} rows are marked as previews or tests. Now they are {now}")
        rules.append("previews: drop" if others else "previews: keep")
    if of.unfinished:
        page.decision(0, f"{of.unfinished:,} rows are marked as not finished. Now they are kept; else write `drop`.")
        rules.append("unfinished: keep")
    if of.duplicates:
        page.decision(
            0, f"`{of.duplicates}` is the same in several rows: did somebody answer twice? Then write in `rows:`"
        )
        latest = of.dated_by or "(a date item)"
        page.remark(0, f"  duplicates: {{by: {of.duplicates}, latest: {latest}}}", "#")
    if of.cases:
        _decide_cases(page, of)
    if of.drop:
        rules.append(f"drop: {{repeated: {{{of.drop}: {{answered: true}}}}}}")
    if of.keep:
        rules.append(f"keep: {{event: {flow_map(of.keep)}}}")
    if rules:
        page.line(0, "rows:")
        for rule in rules:
            page.line(1, rule)
    if rules or of.duplicates:
        page.line(0)
