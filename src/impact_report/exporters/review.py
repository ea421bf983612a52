"""The reviewer's page: every number of a report in order, with the passage it stands in and what it was made from.

The numbers of the body come first; those within the evidence are folded under the facts of each piece of it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import jinja2
from markupsafe import Markup, escape

from impact_report import language, manifest
from impact_report.exporters.document import COVER_ID, Document, description_of, notice_of
from impact_report.exporters.html import light, minified, page_title, style_of
from impact_report.exporters.markup import TEMPLATES, furnish, inline_html
from impact_report.exporters.passages import Passage, own_numbers, passages
from impact_report.exporters.places import Number
from impact_report.exporters.structure import Block, Inline, plain_text, row_cells
from impact_report.numbers import DIFFERENCE, MINUS, SHARE, whole
from impact_report.rounding import half_up

FOLDER = TEMPLATES / "impact-html"
TEMPLATE, STYLE_SHEET = "numbers.html.j2", "numbers.css"
STYLE_PLACE = "STYLE-SHEET-HERE"
BETWEEN = " · "
INTERVAL_DECIMALS = {SHARE: 2, DIFFERENCE: 2, None: 4}  # of percent, of points, of the unit of a fact
FIGURE, TABLE, TEXT = "figure", "table", "text"  # what a reviewer may choose to see


class Program(NamedTuple):
    """What computed the numbers: its version, and the beginning of the fingerprint of its code."""

    version: str
    code: str


@dataclass(frozen=True)
class Printed:
    """A number, what it is, and the phrases that are known of it."""

    number: Number
    what: str
    facts: list[Markup]


@dataclass(frozen=True)
class Told:
    """A passage of the report with its numbers, at least one."""

    said: Markup
    printed: tuple[Printed, ...]

    def shared(self, above: Sequence[Markup]) -> list[Markup]:
        """What is known of all its numbers, without what was said above."""
        return [fact for fact in in_common([one.facts for one in self.printed]) if fact not in above]

    def own(self, above: Sequence[Markup]) -> list[tuple[Printed, list[Markup]]]:
        """Each number with what is known of it alone."""
        said = [*above, *self.shared(above)]
        return [(one, [fact for fact in one.facts if fact not in said]) for one in self.printed]


@dataclass
class Place:
    """A figure, a table or the text under a heading; `kind` is one of those three."""

    label: str
    anchor: str
    kind: str
    passages: list[Told] = field(default_factory=list)

    @property
    def printed(self) -> list[Printed]:
        """All numbers of the place, in order."""
        return [one for told in self.passages for one in told.printed]

    @property
    def shared(self) -> list[Markup]:
        """What is known of all its numbers."""
        return in_common([one.facts for one in self.printed])


@dataclass
class Evidence(Place):
    """A piece of evidence: its facts, and the numbers that lead to it: how many, and the first of each place."""

    facts: list[tuple[str, Markup]] = field(default_factory=list)
    leading: int = 0
    firsts: tuple[Number, ...] = ()


@dataclass
class Chapter:
    """A part of the report."""

    title: str
    anchor: str
    places: list[Place] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many numbers it has."""
        return sum(len(place.printed) for place in self.places)

    @property
    def named(self) -> list[Place]:
        """Its figures and tables."""
        return [place for place in self.places if place.kind in (FIGURE, TABLE)]


def chapters(document: Document, report: str) -> list[Chapter]:
    """Return the chapters that hold numbers or evidence, each with its places in order, each with its passages.

    >>> from impact_report.exporters.document import document_of
    >>> chapters(document_of([{"block": "cover", "title": "Impact", "date": "2020-01-31"}]), "impact-report.html")
    []
    """
    printed = {number.order: number for number in document.numbers}
    leading = _leading(document)
    found = [Chapter(document.words["cover"], COVER_ID)]
    for block in (document.cover, *document.blocks):
        if block["block"] == "findings" or (block["block"] == "heading" and block["level"] == 1):
            found.append(Chapter(block.get("title") or block["text"], block["id"]))
        if block["block"] == "evidence":
            found[-1].places.append(_evidence(block, leading.get(block["id"], []), report))
        for passage in passages(block):
            numbers = [printed[node["order"]] for _, run in passage for node in own_numbers(run)]
            if numbers:
                told = tuple(_printed(number, document) for number in numbers)
                _place_of(found[-1], block, numbers[0]).passages.append(Told(_said(passage), told))
    return [chapter for chapter in found if chapter.places]


def _leading(document: Document) -> dict[str, list[Number]]:
    """Return the numbers that lead to each piece of evidence, in order."""
    leading: dict[str, list[Number]] = {}
    for number in document.numbers:
        leading.setdefault(number.node["card"], []).append(number)
    return leading


def _evidence(block: Block, leading: list[Number], report: str) -> Evidence:
    outside = [number for number in leading if not number.node["at_home"]]
    firsts: dict[tuple[str, str], Number] = {}
    for number in outside:
        firsts.setdefault((number.label, number.home), number)
    facts = [(label, inline_html(_read_apart(run, report))) for label, run in block["facts"]]
    title = plain_text(block["title"])
    facts += _totals(block["table"]) if block["table"] else []
    return Evidence(title, block["id"], "evidence", [], facts, len(outside), tuple(firsts.values()))


def _totals(table: Block) -> list[tuple[str, Markup]]:
    """Return the rows of a table that are of everybody, each with what it is of and its numbers by their columns."""
    labels = [column["label"] for column in table["columns"][1:]]
    rows = [row_cells(row) for row in table["rows"]]
    return [
        (plain_text(name["c"]), _said([(label, one["c"]) for label, one in zip(labels, cells, strict=False)]))
        for name, *cells in rows
        if name.get("kind") == "total"
    ]


def _printed(number: Number, document: Document) -> Printed:
    title = document.labels[number.node["target"]]
    return Printed(number, what(number, title), facts_of(number, document))


def _place_of(chapter: Chapter, block: Block, number: Number) -> Place:
    """Return the place that a number stands in, the last one of the chapter or a new one."""
    last = chapter.places[-1] if chapter.places else None
    if last and (block["block"] == "evidence" or (last.label, last.anchor) == (number.label, number.home)):
        return last
    kind = number.place if number.place in (FIGURE, TABLE) else TEXT
    chapter.places.append(Place(number.label, number.home, kind))
    return chapter.places[-1]


def _said(passage: Passage) -> Markup:
    """The words of a passage, its numbers set off; labels stand before what they name."""
    pieces = [
        Markup("{}: {}").format(label, inline_html(_read_apart(run))) if label else inline_html(_read_apart(run))
        for label, run in passage
        if plain_text(run).strip()
    ]
    return Markup(BETWEEN).join(pieces)


def _read_apart(run: list[Inline], report: str = "") -> list[Inline]:
    """The same words as they are read on another page: numbers are strong, notes come after, links lead to the report.

    Without the name of the report's page nothing is a link.
    """
    words: list[Inline] = []
    for node in run:
        if node["t"] == "number":
            words.append({"t": "strong", "c": [{"t": "verbatim", "text": node["text"]}]})
        elif node["t"] == "link" and not report:
            words += _read_apart(node["c"])
        elif node["t"] == "link":
            href = report + node["href"] if node["href"].startswith("#") else node["href"]
            words.append({**node, "href": href, "c": _read_apart(node["c"])})
        elif node["t"] != "note":
            words.append({**node, "c": _read_apart(node["c"], report)} if "c" in node else node)
    return words


def facts_of(number: Number, document: Document) -> list[Markup]:
    """Return what is known of a number, as short phrases; the last is the way to its evidence.

    >>> from impact_report.exporters.document import document_of
    >>> document = document_of([{"block": "cover", "title": "Impact", "date": "2020-01-31"}])
    >>> node = {"text": "50%", "exact": 0.5, "numerator": 23, "base": 46, "row": "sang/all/all", "at_home": True}
    >>> node |= {"low": 0.36121, "high": 0.63879, "method": "Wilson interval, 95%", "scale": "share", "columns": ["R"]}
    >>> for fact in facts_of(Number(1, "table", "Table 1", "", "table", node), document):
    ...     print(fact)
    exact value 0.5
    Wilson interval, 95%: 36.12% to 63.88%
    23 of 46
    estimates row sang/all/all
    raw columns: R
    """
    node, words = number.node, {name: escape(word) for name, word in document.words.items()}
    facts = [*_exact(node, words), *_interval(node, words), *_counts(node, words)]
    if node.get("row"):
        facts.append(words["estimates_row"].format(row=node["row"]))
    if node.get("columns"):
        facts.append(words["raw_columns"].format(columns=", ".join(node["columns"])))
    if node.get("rule"):
        facts.append(words["rule_is"].format(rule=node["rule"]))
    if not node["at_home"]:
        title = words["evidence_is"].format(title=document.labels[node["target"]])
        facts.append(Markup('<a href="#{}">{}</a>').format(card_id(node["card"]), title))
    return facts


def card_id(anchor: str) -> str:
    """Return the name that a piece of evidence has on this page.

    >>> card_id("evidence-sang")
    'of-evidence-sang'
    """
    return f"of-{anchor}"


def _exact(node: Inline, words: Mapping[str, Markup]) -> list[Markup]:
    """Say the exact value, unless it is printed as it is, or is the base, which is said anyway."""
    if node.get("exact") is None or node["exact"] == node.get("base"):
        return []
    value = language.exact_number(node["exact"])
    return [words["exact_value"].format(value=value.replace("-", MINUS))] if value != node["text"] else []


def _interval(node: Inline, words: Mapping[str, Markup]) -> list[Markup]:
    """Say method and ends: of shares in percent, of changes and differences in points, of facts in their unit."""
    if node.get("low") is None or node.get("high") is None:
        return []
    scale = node.get("scale")
    times = 100 if scale else 1
    ends = {end: half_up(times * node[end], INTERVAL_DECIMALS[scale]).normalize() for end in ("low", "high")}
    decimals = max(0, *(-end.as_tuple().exponent for end in ends.values()))  # where counts are withheld there are none
    said = {end: language.number(value, decimals).replace("-", MINUS) for end, value in ends.items()}
    if scale == SHARE:
        said = {end: language.percent(value) for end, value in said.items()}
    template = words["interval_in_points" if scale == DIFFERENCE else "interval_by"]
    return [template.format(method=node["method"], **said)]


def _counts(node: Inline, words: Mapping[str, Markup]) -> list[Markup]:
    numerator, base = (None if node.get(key) is None else whole(node[key]) for key in ("numerator", "base"))
    if numerator is not None and base is not None:
        return [words["counted_of"].format(numerator=numerator, base=base)]
    return [words["on_base"].format(base=base)] if base is not None else []


def in_common(facts: Sequence[Sequence[Markup]]) -> list[Markup]:
    """Return the phrases that stand in every list, to be said once for all; of a single list nothing is.

    >>> in_common([["23 of 46", "row a"], ["46 of 46", "row a"]]), in_common([["row a"]])
    (['row a'], [])
    """
    if len(facts) < 2:
        return []
    return [fact for fact in facts[0] if all(fact in others for others in facts[1:])]


def what(number: Number, title: str) -> str:
    """Return what a number is; the name of its evidence, which stands beside it, is not said twice.

    >>> what(Number(1, "table", "Table 1", "", "table", {"what": "share: sang (everyone)"}), "sang")
    'share (everyone)'
    """
    kind, _, subject = (number.node.get("what") or "").partition(": ")
    if subject.startswith(title):
        return kind + subject.removeprefix(title)
    return number.node.get("what") or ""


def review_html(document: Document, report: str, files: Sequence[str], program: Program, cited: str) -> str:
    """Return the page of all numbers of a document whose page is the file `report`; `files` hold the same as data.

    `cited` is the version that its citation names.

    >>> from impact_report.exporters.document import document_of
    >>> document = document_of([{"block": "cover", "title": "Impact", "date": "2020-01-31"}])
    >>> program = Program("1.0", "0123456789ab")
    >>> page = review_html(document, "impact-report.html", ["numbers.json"], program, "ba9876543210")
    >>> "href=impact-report.html#top" in page, "0123456789ab" in page
    (True, True)
    """
    environment = furnish(jinja2.Environment(loader=jinja2.FileSystemLoader(FOLDER)))
    found = chapters(document, report)
    page = environment.get_template(TEMPLATE).render(
        document=document,
        w=document.words,
        report=report,
        files=files,
        program=program,
        cited=cited,
        manifest=manifest.NAME,
        chapters=found,
        kinds=[(kind, _count_of(found, kind)) for kind in (TEXT, FIGURE, TABLE)],
        card_id=card_id,
        whole=whole,
        page_title=page_title(document),
        notice=notice_of(document),
        description=description_of(document),
        style=STYLE_PLACE,
    )
    page = light(re.sub(r"\n{2,}", "\n", page).lstrip())
    rules = minified((FOLDER / STYLE_SHEET).read_text(encoding="utf-8"))
    return page.replace(STYLE_PLACE, style_of(page, document, rules), 1)


def _count_of(chapters: Sequence[Chapter], kind: str) -> int:
    return sum(len(place.printed) for chapter in chapters for place in chapter.places if place.kind == kind)
