"""The codebook: what was asked, what each answer means, what is missing, and which answers an indicator counts."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from impact_report import yamlfile
from impact_report.errors import CodebookError, Problem, near
from impact_report.wording import normalise

Kind = Literal["single", "multiple", "scale", "quantity", "text", "date", "id"]
MissingKind = Literal["dont_know", "refused", "no_answer", "not_asked"]
CODED: tuple[Kind, ...] = ("single", "multiple", "scale")
MISSING_LABELS: dict[str, str] = {
    "not_asked": "not asked",
    "dont_know": "don't know",
    "refused": "refused",
    "no_answer": "no answer",
}
# Anchors of the report's own: what is called so, or begins so, would be there twice.
RESERVED = {"method", "rows", "grim", "comparison", "ledger", "half", "grim_table"}
RESERVED_ITEMS = ("respondent", "source_row")  # columns of the responses
RESERVED_BEGIN = ("fact_", "of_", "members_", "rule_", "published_")
RESERVED_SECTIONS = {"grim", "comparison", "set_aside", "facts", "respondents", "published"}
RESERVED_SECTIONS_BEGIN = ("by_", "members_")
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]


def _listed(given: object) -> object:
    return [given] if isinstance(given, str) else given


def _labelled(given: object) -> object:
    return {"label": given} if isinstance(given, str) else given


def _any_of(given: object) -> object:
    return {"any": given} if isinstance(given, str | list) else given


# What a person may write shortly; the second argument says so in the JSON Schema.
Texts = Annotated[list[str], BeforeValidator(_listed, json_schema_input_type=str | list[str])]


class Strict(BaseModel):
    """A part of the codebook: unknown keys are errors, nothing changes after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Code(Strict):
    """One answer: its label and the texts that mean it."""

    label: str = Field(description="The answer as the report prints it; it also counts as a text that means it.")
    texts: Texts = Field([], description="Other texts that mean this answer, in any wave.")
    columns: Texts = Field(
        [],
        description="For a select-all question: raw columns of this option, if its label is not the header.",
    )
    open: bool = Field(
        False,
        description="Any text in the column counts as this answer, as in 'Other, please specify'; it is personal.",
    )


class Chosen(Strict):
    """What must have been answered to an item."""

    any: Texts = Field([], description="At least one of these codes.")
    all: Texts = Field([], description="Each of these codes.")
    none: Texts = Field([], description="None of these codes, though it was answered.")
    answered: bool = Field(False, description="Any substantive answer.")


class Condition(BaseModel):
    """Answers that must hold together: `item: code`, `item: [code, code]` (any of them) or `item: {all: […]}`."""

    model_config = ConfigDict(extra="allow", frozen=True)
    __pydantic_extra__: dict[
        str, Annotated[Chosen, BeforeValidator(_any_of, json_schema_input_type=str | list[str] | Chosen)]
    ]

    @property
    def tests(self) -> dict[str, Chosen]:
        """The answers asked for, by item; all must hold."""
        return dict(self.__pydantic_extra__ or {})


class Item(Strict):
    """One question: its wording, its kind, its answers, and the raw columns that hold them."""

    question: str = Field(description="The question, word for word.")
    label: str = Field("", description="A short name, as in 'Results by …'; without it the item's own name.")
    row: str | None = Field(None, description="The row of a grid question this item is about.")
    kind: Kind = Field(
        description="single: one answer; multiple: select all; scale: ordered answers; quantity: a number; text; date; "
        "id."
    )
    columns: Texts = Field([], description="Names of the raw column in any wave, if it is not the question's wording.")
    codes: dict[
        Name,
        Annotated[Code, BeforeValidator(_labelled, json_schema_input_type=str | Code)],
    ] = Field(
        {},
        description="The answers, each with its label and the texts that mean it; for a scale from lowest to highest.",
    )
    missing: dict[MissingKind, Texts] = Field({}, description="Texts that are no answer to this item, by kind.")
    ask_if: Condition | None = Field(None, description="Routing: who was asked.")
    personal: bool = Field(False, description="Personal data: never leaves the raw file.")
    platform: bool = Field(
        False, description="Added by the survey platform or afterwards; respondents were not asked it."
    )
    formats: Texts = Field([], description="Of a date: how it is written, as %m/%d/%Y %H:%M; without it, 2019-06-30.")
    unit: str = Field("", description="Of a quantity.")
    minimum: float | None = Field(None, description="Of a quantity: smallest possible answer.")
    maximum: float | None = Field(None, description="Of a quantity: largest possible answer.")

    @property
    def stays_raw(self) -> bool:
        """Whether its answers never leave the raw file."""
        return self.personal or self.kind in ("text", "id")

    @property
    def names(self) -> list[str]:
        """The names under which its column can stand in a raw export."""
        return [*self.columns, self.question] if self.question not in self.columns else list(self.columns)

    @cached_property
    def texts(self) -> dict[str, str]:
        """Normalised text → code."""
        return {normalise(text): code for code, one in self.codes.items() for text in (one.label, *one.texts)}

    @property
    def wording(self) -> str:
        """The question as a respondent read it, with its row."""
        return f"{self.question} – {self.row}" if self.row else self.question


class Indicator(Strict):
    """One statement of the report: which answers count, out of whom."""

    id: Name
    statement: str = Field(description="The statement, word for word.")
    item: str = Field(description="The item it is computed from.")
    counts: Texts = Field([], description="The codes that count.")
    top: int | None = Field(None, ge=1, description="Instead of `counts`: the k highest codes of a scale count.")
    base: Literal["answered", "asked", "all"] = Field(
        "answered", description="The denominator: who gave a valid answer, who was asked, or everybody."
    )
    among: Condition | None = Field(None, description="Only these respondents are eligible.")


class Section(Strict):
    """A part of the report."""

    id: Name
    title: str
    reads: str = Field(
        "report: {statement}",
        description="How a result is read aloud after 'n of m respondents'; {statement} stands for the statement.",
    )
    indicators: list[Indicator] = Field(min_length=1)


class Fact(Strict):
    """One headline fact, computed from data."""

    id: Name
    label: str = Field(description="What the number counts, as printed beside it.")
    measure: Literal["total", "roster", "years_since"] = Field(
        description="total: sum of a quantity; roster: rows of the roster; years_since: full years up to the wave's "
        "reference date."
    )
    item: str | None = Field(None, description="total: the quantity.")
    where: dict[str, str] = Field({}, description="roster: only rows with these values.")
    names: bool = Field(False, description="roster: list them by name.")
    since: str | None = Field(None, description="years_since: a dated fact of the wave.")
    phrase: str = Field("{value}", description="How it is printed, as 'more than {value}'.")
    round_down_to: int | None = Field(
        None, ge=1, description="The value printed is the largest multiple of this below the total."
    )


class Roster(Strict):
    """The list of those the survey is about."""

    file: str
    name: str = Field("name", description="The column with the name.")
    start: str = Field("start", description="The column with the year or date it started, if known.")
    source: str = Field("source", description="The column with the source of the row.")


class Survey(Strict):
    """What the survey is."""

    id: Name
    title: str = Field(description="The title of the report.")
    subject: str = Field(description="What it is about, in one sentence.")
    respondents: str = Field("respondents", description="The word for several.")
    publisher: str = Field("", description="Who publishes the report.")
    language: str = "en"


class Codebook(Strict):
    """A survey's codebook."""

    survey: Survey
    missing: dict[MissingKind, Texts] = Field({}, description="Texts that are no answer to any item, by kind.")
    items: dict[Name, Item] = Field(min_length=1)
    sections: list[Section] = Field(min_length=1)
    groups: list[str] = Field([], description="Items by which results are shown side by side.")
    facts: list[Fact] = Field([], description="Headline facts.")
    roster: Roster | None = None
    ignore: list[str] = Field([], description="Raw columns that are deliberately not used.")

    @property
    def indicators(self) -> list[Indicator]:
        """All indicators in the order of the report."""
        return [indicator for section in self.sections for indicator in section.indicators]

    def counting(self, indicator: Indicator) -> list[str]:
        """Return the codes that count for an indicator, in the codebook's order."""
        codes = list(self.items[indicator.item].codes)
        return codes[-indicator.top :] if indicator.top else [code for code in codes if code in indicator.counts]

    def missing_texts(self, item: Item) -> dict[str, str]:
        """Return normalised text → missing kind for an item: its own texts, then the survey's."""
        found: dict[str, str] = {}
        for kinds in (item.missing, self.missing):
            for kind, texts in kinds.items():
                for text in texts:
                    if normalise(text) not in item.texts:
                        found.setdefault(normalise(text), kind)
        return found


def load(path: Path) -> Codebook:
    """Return the codebook in a file, checked.

    Raises CodebookError with every problem at once: keys, kinds, unknown items and codes (with the near name),
    two items on one column, one text with two meanings, routing in a circle.
    """
    codebook, lines = yamlfile.load(Path(path), Codebook, CodebookError)
    problems = [
        Problem(expected, found, yamlfile.where(Path(path).name, place, lines), do)
        for place, expected, found, do in _contradictions(codebook)
    ]
    if problems:
        raise CodebookError(problems)
    return codebook


def schema(model: type[BaseModel] = Codebook) -> str:
    """Return the JSON Schema with which an editor completes and checks a codebook (or another model's file)."""
    content = {"$schema": "https://json-schema.org/draft/2020-12/schema", **model.model_json_schema()}
    return json.dumps(content, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


_NO_EMPTY_TEXT = "remove it: an empty cell is no answer, without being told"
Finding = tuple[yamlfile.Place, str, str, str]


def _contradictions(codebook: Codebook) -> Iterator[Finding]:
    """Yield what the types cannot see: place, expected, found, what to do."""
    for kind, texts in codebook.missing.items():
        if not all(map(normalise, texts)):
            yield ("missing", kind), "texts with letters or digits", "an empty one", _NO_EMPTY_TEXT
    for name, item in codebook.items.items():
        yield from _item(name, item, codebook)
    yield from _columns(codebook)
    yield from _circles(codebook)
    seen: dict[str, yamlfile.Place] = {}
    for s, section in enumerate(codebook.sections):
        if "{statement}" not in section.reads:
            yield (
                ("sections", s, "reads"),
                "a sentence with {statement}",
                repr(section.reads),
                "put {statement} in it",
            )
        for k, indicator in enumerate(section.indicators):
            place: yamlfile.Place = ("sections", s, "indicators", k)
            if indicator.id in seen:
                yield (
                    (*place, "id"),
                    "an id of its own",
                    f"{indicator.id!r} a second time",
                    "rename one of the two",
                )
            seen[indicator.id] = place
            yield from _indicator(indicator, place, codebook)
    yield from _reserved(codebook)
    ids = [section.id for section in codebook.sections]
    for s, name in enumerate(ids):
        if name in ids[:s]:
            yield ("sections", s, "id"), "an id of its own", f"{name!r} a second time", "rename one of the two"
    for k, name in enumerate(codebook.groups):
        if name in codebook.groups[:k]:
            yield ("groups", k), "each grouping once", f"{name!r} a second time", "remove it"
        if name not in codebook.items:
            yield ("groups", k), "an item", repr(name), near(name, list(codebook.items))
        elif codebook.items[name].kind not in ("single", "scale"):
            yield (
                ("groups", k),
                "an item of kind single or scale",
                f"{name!r} is {codebook.items[name].kind}",
                "choose another",
            )
        elif codebook.items[name].personal:
            yield ("groups", k), "an item without personal data", f"{name!r} is personal", "choose another"
    for k, fact in enumerate(codebook.facts):
        yield from _fact(fact, ("facts", k), codebook)


def _item(name: str, item: Item, codebook: Codebook) -> Iterator[Finding]:
    place: yamlfile.Place = ("items", name)
    if item.kind in CODED and not item.codes:
        yield (*place, "codes"), f"codes, since {name!r} is {item.kind}", "none", "list the answers"
    if item.kind not in CODED and item.codes:
        yield (
            (*place, "codes"),
            f"no codes, since {name!r} is {item.kind}",
            f"{len(item.codes)}",
            "remove them or change the kind",
        )
    if item.minimum is not None and item.maximum is not None and item.minimum > item.maximum:
        yield (
            (*place, "minimum"),
            "a minimum below the maximum",
            f"{item.minimum:g} > {item.maximum:g}",
            "swap them",
        )
    meaning: dict[str, str] = {}
    if name in RESERVED_ITEMS:
        yield place, "a name that the responses do not use themselves", repr(name), "rename the item"
    if item.kind == "multiple" and "missing" in item.codes:
        yield (*place, "codes", "missing"), "a code that the responses do not use themselves", "'missing'", "rename it"
    for kind, texts in [*((code, [one.label, *one.texts]) for code, one in item.codes.items()), *item.missing.items()]:
        if not all(map(normalise, texts)):
            yield (
                (*place, "codes" if kind in item.codes else "missing", kind),
                "texts with letters or digits",
                "an empty one",
                _NO_EMPTY_TEXT,
            )
    for pattern in item.formats:
        if fault := _wrong_format(pattern):
            yield (
                (*place, "formats"),
                "a date format as %m/%d/%Y",
                f"{pattern!r}: {fault}",
                "see Python's strptime for the letters",
            )
    for code, one in item.codes.items():
        for text in dict.fromkeys(map(normalise, (one.label, *one.texts))):
            if text in meaning:
                yield (
                    (*place, "codes", code),
                    "a text with one meaning",
                    f"{text!r} means {meaning[text]!r} and {code!r}",
                    "keep it in one",
                )
            meaning[text] = code
    for kind, texts in item.missing.items():
        for text in texts:
            if normalise(text) in meaning:
                yield (
                    (*place, "missing", kind),
                    "a text with one meaning",
                    f"{text!r} is also the code {meaning[normalise(text)]!r}",
                    "keep it in one",
                )
    if item.ask_if:
        yield from _condition(item.ask_if, (*place, "ask_if"), codebook)


def _wrong_format(pattern: str) -> str:
    """Return what is wrong with a date format, or nothing."""
    try:
        dt.datetime.strptime("", pattern)
    except ValueError as fault:
        return str(fault) if "directive" in str(fault) or "stray" in str(fault) else ""
    except re.error:
        return "the same letter twice"
    return ""


def _reserved(codebook: Codebook) -> Iterator[Finding]:
    """Yield each id that would give two things in the report the same anchor."""
    groups = [
        f"_{item}_{code}" for item in codebook.groups if item in codebook.items for code in codebook.items[item].codes
    ]
    of_groups = {indicator.id + more for indicator in codebook.indicators for more in (*groups, "_table")}
    for s, section in enumerate(codebook.sections):
        if section.id in RESERVED_SECTIONS or section.id.startswith(RESERVED_SECTIONS_BEGIN):
            yield ("sections", s, "id"), "an id the report does not use itself", repr(section.id), "rename it"
        for k, one in enumerate(section.indicators):
            if one.id in RESERVED | of_groups or one.id.startswith(RESERVED_BEGIN):
                place = ("sections", s, "indicators", k, "id")
                yield place, "an id the report does not use itself", repr(one.id), "rename it"


def _columns(codebook: Codebook) -> Iterator[Finding]:
    owner: dict[tuple[str, str], str] = {}
    for name, item in codebook.items.items():
        for column in dict.fromkeys(map(normalise, item.names)):
            key = (column, normalise(item.row or ""))
            if key in owner:
                yield (
                    ("items", name),
                    "a column of its own",
                    f"{name!r} and {owner[key]!r} on the column {column!r}",
                    "give one of them another column, or a row",
                )
                break
            owner[key] = name


def _circles(codebook: Codebook) -> Iterator[Finding]:
    """Yield each item whose routing leads back to itself."""
    asks = {
        name: [one for one in item.ask_if.tests if one in codebook.items] if item.ask_if else []
        for name, item in codebook.items.items()
    }
    for name in asks:
        path = _path_back(name, name, asks, set())
        if path:
            yield (
                ("items", name, "ask_if"),
                "routing that ends",
                " → ".join([name, *path]),
                "remove one of these conditions",
            )


def _path_back(start: str, name: str, asks: dict[str, list[str]], seen: set[str]) -> list[str] | None:
    """Return the items from `name` back to `start`, or None."""
    for before in asks[name]:
        if before == start:
            return [start]
        if before not in seen:
            seen.add(before)
            if (rest := _path_back(start, before, asks, seen)) is not None:
                return [before, *rest]
    return None


def _condition(condition: Condition, place: yamlfile.Place, codebook: Codebook) -> Iterator[Finding]:
    for name, chosen in condition.tests.items():
        item = codebook.items.get(name)
        if item is None:
            yield (*place, name), "an item", repr(name), near(name, list(codebook.items))
            continue
        for code in (*chosen.any, *chosen.all, *chosen.none):
            if code not in item.codes:
                yield (*place, name), f"a code of {name!r}", repr(code), near(code, list(item.codes))
        if not (chosen.any or chosen.all or chosen.none or chosen.answered):
            yield (
                (*place, name),
                "any, all, none or answered",
                "nothing",
                f"say which answers to {name!r} are meant",
            )


def _indicator(indicator: Indicator, place: yamlfile.Place, codebook: Codebook) -> Iterator[Finding]:
    item = codebook.items.get(indicator.item)
    if item is None:
        yield (*place, "item"), "an item", repr(indicator.item), near(indicator.item, list(codebook.items))
        return
    if item.kind not in CODED:
        yield (*place, "item"), "an item with codes", f"{indicator.item!r} is {item.kind}", "choose another"
        return
    if bool(indicator.counts) == (indicator.top is not None):
        yield (
            place,
            "either `counts` or `top`",
            "both" if indicator.top else "neither",
            "say which answers count",
        )
    for code in indicator.counts:
        if code not in item.codes:
            yield (
                (*place, "counts"),
                f"a code of {indicator.item!r}",
                repr(code),
                near(code, list(item.codes)),
            )
    if indicator.top is not None and (item.kind != "scale" or indicator.top >= len(item.codes)):
        yield (
            (*place, "top"),
            "fewer than all codes of a scale",
            f"{indicator.top} of {len(item.codes)} ({item.kind})",
            "lower it, or use `counts`",
        )
    if item.personal:
        yield (
            (*place, "item"),
            "an item without personal data",
            f"{indicator.item!r} is personal",
            "choose another",
        )
    if indicator.among:
        yield from _condition(indicator.among, (*place, "among"), codebook)
        for name in indicator.among.tests:
            if name in codebook.items and codebook.items[name].stays_raw:
                found = f"{name!r} is personal, a text or an id"
                yield (*place, "among", name), "an item whose answers leave the raw file", found, "choose another"


def _fact(fact: Fact, place: yamlfile.Place, codebook: Codebook) -> Iterator[Finding]:
    if fact.phrase.count("{value}") != 1:
        yield (*place, "phrase"), "a phrase with {value}, once", repr(fact.phrase), "put {value} in it, once"
    if any(character.isdigit() for character in fact.phrase):
        yield (*place, "phrase"), "a phrase without digits: every number is computed", repr(fact.phrase), "remove them"
    if fact.measure == "total":
        item = codebook.items.get(fact.item or "")
        if item is None:
            yield (*place, "item"), "an item", repr(fact.item), near(fact.item or "", list(codebook.items))
        elif item.kind != "quantity":
            yield (
                (*place, "item"),
                "an item of kind quantity",
                f"{fact.item!r} is {item.kind}",
                "choose another",
            )
        elif item.personal:
            yield (*place, "item"), "an item without personal data", f"{fact.item!r} is personal", "choose another"
    if fact.measure == "roster" and codebook.roster is None:
        yield place, "a roster", "none", "add `roster:` with its file to the codebook"
    if fact.measure == "years_since" and not fact.since:
        yield place, "`since`, a dated fact of the wave", "nothing", "name one of wave.yml's facts"
