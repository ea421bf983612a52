"""What else is different from an earlier wave: wording, bases, cleaning, method and data, beside the results."""

from __future__ import annotations

from string import Formatter

from impact_report.blocks import Block, Inlines, cell, column, heading, paragraph, quoted, sentence, table, words
from impact_report.compare.rows import Difference, Differences, Row, Said, differing
from impact_report.compare.wording import marked
from impact_report.language import say
from impact_report.numbers import Number, anchor
from impact_report.parts.changes import titles
from impact_report.record import of_wave, stated
from impact_report.record.asked import question
from impact_report.record.entry import row
from impact_report.results import Results

TABLE = "table-since"
# What is told elsewhere, or of each wave in its own report alone.
NOT_TOLD = ("columns/", "file", "dates", "reference_date", "issued", "published", "response/", "rows_")
TOLD = "response/rate"
# What a question has that only one of the waves asked: that it was asked is told, not the rest.
OF_A_QUESTION = ("kind/", "label/", "asked/", "text/", "missing/")
QUESTION = "question/"


def since(results: Results) -> list[Block]:
    """Return what else is different from the wave that this one is compared with; nothing without two waves."""
    if not results.compared:
        return []
    earlier, now = titles(results)
    title = heading(say("What else is different from {earlier}?", earlier=earlier), 2, "since")
    parts = _parts(results)
    rows = []
    for name, differences in parts:
        if differences.found:
            rows += [[cell(name)], *(_row(one) for one in differences.found)]
    if not rows:
        return [
            title,
            sentence(
                "Nothing else: wording, answers, bases, cleaning rules, method and data are of the same kind in both "
                "waves."
            ),
        ]
    lead = words("Where two waves differ in more than their answers, that can be behind a change.")
    alike = " · ".join(name for name, differences in parts if not differences.found)
    notes = [words("The same in both waves: {parts}.", parts=alike)] if alike else []
    columns = [column(say("What"), 1.5), column(earlier, 2), column(now, 2)]
    caption = words("What differs besides the answers")
    return [title, paragraph(lead), table(TABLE, caption, columns, rows, notes, long=True)]


def _parts(results: Results) -> list[tuple[str, Differences]]:
    """Return what differs, by what it is about."""
    waves = [of_wave(one) for one in (results.earlier, results)]

    def of(name: str) -> Differences:
        return _told(differing(*(wave[name] for wave in waves)))

    return [
        (say("Wording"), _reworded(results, of("wording"))),
        (say("Answers and what counts"), of("answers")),
        (say("Bases"), of("bases")),
        (say("Cleaning rules"), of("rules")),
        (say("Method"), differing(stated(results.earlier), stated(results)) + of("settings")),
        (say("Data"), of("data")),
    ]


def _told(differences: Differences) -> Differences:
    """Return the differences between two waves that this report tells."""

    def is_told(one: Difference) -> bool:
        if one.id.startswith(OF_A_QUESTION):
            return None not in (one.then, one.now)
        return one.id == TOLD or not one.id.startswith(NOT_TOLD)

    return Differences(tuple(one for one in differences.found if is_told(one)), differences.compared)


def _reworded(results: Results, differences: Differences) -> Differences:
    """Return the differences with the questions of which only the headings of the exports tell that they differ."""
    known = {one.id for one in differences.found}
    pairs: list[tuple[Row, Row]] = []
    for name, wordings in results.change_facts["wording"].items():
        if f"{QUESTION}{name}" not in known:
            pairs.append(tuple(row(f"{QUESTION}{name}", question(results, name), said) for said in wordings))
    return differences + differing([then for then, _ in pairs], [now for _, now in pairs])


def _row(one: Difference) -> list[dict]:
    """Return the row of a table: what it is, what was said then, what is said now."""
    if one.then and one.now and not (one.then.numbers or one.now.numbers):
        return [cell(one.what), *(cell(said) for said in marked(one.then.text, one.now.text))]
    here = anchor("rows" if one.id.startswith("rows/") else "method")
    sides = [(one.then, anchor("change")), (one.now, here)]
    return [cell(one.what), *(cell(_said(one, said, place)) for said, place in sides)]


def _said(one: Difference, said: Said | None, place: str) -> Inlines:
    """Return what is said on one side, each number with its evidence."""
    if said is None:
        return quoted(say("not asked") if one.id.startswith(QUESTION) else say("none"))
    nodes, numbers = [], iter(said.numbers)
    for literal, field, _, _ in Formatter().parse(said.words):
        nodes += quoted(literal)
        if field is not None:
            nodes.append(Number(next(numbers), one.what, place).node())
    return nodes
