"""The reviewer's page: every number of a report in order, with the passage it stands in and what it was made from."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import jinja2
from markupsafe import Markup, escape

from impact_report import language
from impact_report.exporters.document import COVER_ID, Document, description_of, notice_of
from impact_report.exporters.html import page_title, style_of
from impact_report.exporters.markup import TEMPLATES, furnish, inline_html
from impact_report.exporters.passages import Passage, own_numbers, passages
from impact_report.exporters.places import Number
from impact_report.exporters.structure import Inline, plain_text
from impact_report.numbers import whole

TEMPLATE = "numbers.html.j2"
STYLE_PLACE = "STYLE-SHEET-HERE"
BETWEEN = " · "


@dataclass(frozen=True)
class Printed:
    """A number, what it is, and the phrases that are known of it."""

    number: Number
    what: str
    facts: list[Markup]


@dataclass(frozen=True)
class Told:
    """A passage of the report with its numbers, at least one; `shared` is what is known of all of them."""

    said: Markup
    printed: tuple[Printed, ...]

    @property
    def shared(self) -> list[Markup]:
        """What is known of all its numbers."""
        return in_common([one.facts for one in self.printed])


@dataclass
class Place:
    """A figure, a table, a piece of evidence, or the text under a heading."""

    label: str
    anchor: str
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
class Chapter:
    """A part of the report."""

    title: str
    anchor: str
    places: list[Place] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many numbers it has."""
        return sum(len(place.printed) for place in self.places)


@dataclass(frozen=True)
class Source:
    """A piece of evidence, and the numbers that lead to it: how many, and the first of each place."""

    title: str
    anchor: str
    count: int
    firsts: tuple[Number, ...]


def chapters(document: Document, report: str) -> list[Chapter]:
    """Return the chapters that hold numbers, each with its places in order, each with its passages.

    >>> from impact_report.exporters.document import document_of
    >>> chapters(document_of([{"block": "cover", "title": "Impact", "date": "2020-01-31"}]), "impact-report.html")
    []
    """
    printed = {number.order: number for number in document.numbers}
    found = [Chapter(document.words["cover"], COVER_ID)]
    for block in (document.cover, *document.blocks):
        if block["block"] == "findings" or (block["block"] == "heading" and block["level"] == 1):
            found.append(Chapter(block.get("title") or block["text"], block["id"]))
        for passage in passages(block):
            numbers = [printed[node["order"]] for _, run in passage for node in own_numbers(run)]
            if numbers:
                told = tuple(_printed(number, document, report) for number in numbers)
                _place_of(found[-1], numbers[0]).passages.append(Told(_said(passage), told))
    return [chapter for chapter in found if chapter.places]


def _printed(number: Number, document: Document, report: str) -> Printed:
    title = document.labels[number.node["target"]]
    return Printed(number, what(number, title), facts_of(number, document, report))


def _place_of(chapter: Chapter, number: Number) -> Place:
    last = chapter.places[-1] if chapter.places else None
    if last is None or (last.label, last.anchor) != (number.label, number.home):
        chapter.places.append(Place(number.label, number.home))
    return chapter.places[-1]


def _said(passage: Passage) -> Markup:
    """The words of a passage, its numbers set off; labels stand before what they name."""
    pieces = [
        Markup("{}: {}").format(label, inline_html(_unlinked(run))) if label else inline_html(_unlinked(run))
        for label, run in passage
        if plain_text(run).strip()
    ]
    return Markup(BETWEEN).join(pieces)


def _unlinked(run: list[Inline]) -> list[Inline]:
    """The same words as they are read on another page: numbers are strong, nothing is a link, notes come after."""
    words: list[Inline] = []
    for node in run:
        if node["t"] == "number":
            words.append({"t": "strong", "c": [{"t": "verbatim", "text": node["text"]}]})
        elif node["t"] == "link":
            words += _unlinked(node["c"])
        elif node["t"] != "note":
            words.append({**node, "c": _unlinked(node["c"])} if "c" in node else node)
    return words


def sources(document: Document) -> list[Source]:
    """Return each piece of evidence that numbers lead to, in the order of the report.

    >>> from impact_report.exporters.document import document_of
    >>> sources(document_of([{"block": "cover", "title": "Impact", "date": "2020-01-31"}]))
    []
    """
    leading: dict[str, list[Number]] = {}
    for number in document.numbers:
        leading.setdefault(number.node["card"], []).append(number)
    found = []
    for block in document.blocks:
        if block["block"] == "evidence" and block["id"] in leading:
            numbers = leading[block["id"]]
            firsts: dict[tuple[str, str], Number] = {}
            for number in numbers:
                firsts.setdefault((number.label, number.home), number)
            found.append(Source(plain_text(block["title"]), block["id"], len(numbers), tuple(firsts.values())))
    return found


def facts_of(number: Number, document: Document, report: str) -> list[Markup]:
    """Return what is known of a number, as short phrases; the last is the way to its evidence in the page `report`.

    >>> from impact_report.exporters.document import document_of
    >>> document = document_of([{"block": "cover", "title": "Impact", "date": "2020-01-31"}])
    >>> node = {"exact": 0.5, "numerator": 23, "base": 46, "row": "sang/all/all", "columns": ["R"], "at_home": True}
    >>> [str(fact) for fact in facts_of(Number(1, "table", "Table 1", "", "table", node), document, "report.html")]
    ['exact value 0.5', '23 of 46', 'estimates row sang/all/all', 'raw columns: R']
    """
    node, words = number.node, {name: escape(word) for name, word in document.words.items()}
    facts = []
    if node.get("exact") is not None:
        facts.append(words["exact_value"].format(value=language.exact_number(node["exact"])))
    facts += _counts(node, words)
    if node.get("row"):
        facts.append(words["estimates_row"].format(row=node["row"]))
    if node.get("columns"):
        facts.append(words["raw_columns"].format(columns=", ".join(node["columns"])))
    if node.get("rule"):
        facts.append(words["rule_is"].format(rule=node["rule"]))
    if not node["at_home"]:
        title = words["evidence_is"].format(title=document.labels[node["target"]])
        facts.append(Markup('<a href="{}#{}">{}</a>').format(report, node["target"], title))
    return facts


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


def review_html(document: Document, report: str, files: Sequence[str]) -> str:
    """Return the page of all numbers of a document whose page is the file `report`; `files` hold the same as data.

    >>> from impact_report.exporters.document import document_of
    >>> document = document_of([{"block": "cover", "title": "Impact", "date": "2020-01-31"}])
    >>> 'href="impact-report.html#top"' in review_html(document, "impact-report.html", ["numbers.json"])
    True
    """
    environment = furnish(jinja2.Environment(loader=jinja2.FileSystemLoader(TEMPLATES / "impact-html")))
    page = environment.get_template(TEMPLATE).render(
        document=document,
        w=document.words,
        report=report,
        files=files,
        chapters=chapters(document, report),
        sources=sources(document),
        whole=whole,
        page_title=page_title(document),
        notice=notice_of(document),
        description=description_of(document),
        style=STYLE_PLACE,
    )
    page = re.sub(r"\n{2,}", "\n", page).lstrip()
    return page.replace(STYLE_PLACE, style_of(page, document), 1)
