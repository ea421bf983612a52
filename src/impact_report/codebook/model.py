"""What a codebook is made of: items, codes, missing kinds, routing, sections, indicators, facts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo

from impact_report.wording import normalise, spoken

Kind = Literal["single", "multiple", "scale", "quantity", "text", "date", "id"]
MissingKind = Literal["dont_know", "refused", "no_answer", "not_asked"]
CODED: tuple[Kind, ...] = ("single", "multiple", "scale")
EXCEL = "excel"  # among a date's formats: a spreadsheet's serial number
MISSING_LABELS: dict[str, str] = {
    "not_asked": "not asked",
    "dont_know": "don't know",
    "refused": "refused",
    "no_answer": "no answer",
}
ResponseRate = Literal["rr1", "rr2", "rr3", "rr4", "rr5", "rr6"]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Place = Annotated[int, Field(ge=1, le=20)]  # of a tile: its column or row


def _listed(given: object) -> object:
    return [given] if isinstance(given, str) else given


def _is_wordings(given: object) -> bool:
    """Say whether this is one text in several languages."""
    return isinstance(given, Mapping) and bool(given) and all(re.fullmatch(LANGUAGE, str(key)) for key in given)


def _in_language(given: object, info: ValidationInfo) -> object:
    """Return the wording in the language asked for; where none is, the first one: that is what respondents read."""
    if not _is_wordings(given):
        return given
    language = (info.context or {}).get("language")
    if language and language not in given:
        raise ValueError(f"a wording in {language!r} too")
    return given[language] if language else next(iter(given.values()))


def _labelled(given: object) -> object:
    return {"label": given} if isinstance(given, str) or _is_wordings(given) else given


def _any_of(given: object) -> object:
    return {"any": given} if isinstance(given, str | list) else given


LANGUAGE = r"[a-z]{2,3}"  # the code of a language
_SeveralWordings = dict[Annotated[str, Field(pattern=f"^{LANGUAGE}$")], str]
Wording = Annotated[str, BeforeValidator(_in_language, json_schema_input_type=str | _SeveralWordings)]
# What a person may write shortly; the second argument says so in the JSON Schema.
Texts = Annotated[list[str], BeforeValidator(_listed, json_schema_input_type=str | list[str])]


class Strict(BaseModel):
    """A part of the codebook: unknown keys are errors, nothing changes after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Code(Strict):
    """One answer: its label and the texts that mean it."""

    label: Wording = Field(description="The answer as the report prints it; it also counts as a text that means it.")
    texts: Texts = Field([], description="Other texts that mean this answer, in any wave.")
    columns: Texts = Field(
        [],
        description="For a select-all question: raw columns of this option, if its label is not the header.",
    )
    open: bool = Field(
        False,
        description="Any other text is this answer, as in 'Other, please specify'; the words themselves are personal.",
    )


class Chosen(Strict):
    """What must have been answered to an item."""

    any: Texts = Field([], description="At least one of these codes.")
    all: Texts = Field([], description="Each of these codes.")
    none: Texts = Field([], description="None of these codes, though it was answered.")
    answered: bool = Field(False, description="Any substantive answer.")
    below: float | None = Field(None, description="Of a quantity: less than this.")
    at_least: float | None = Field(None, description="Of a quantity: this or more.")


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

    question: Wording = Field(
        description="The question, word for word; of several languages ({en: …, es: …}) the first is the one asked in."
    )
    label: Wording = Field("", description="A short name, as in 'Results by …'; without it the item's own name.")
    row: Wording | None = Field(None, description="The row of a grid question this item is about.")
    kind: Kind = Field(
        description="single: one answer; multiple: select all; scale: ordered answers; quantity: a number; text; date; "
        "id."
    )
    columns: Texts = Field([], description="Names of the raw column in any wave, if it is not the question's wording.")
    codes: dict[
        Name,
        Annotated[Code, BeforeValidator(_labelled, json_schema_input_type=str | _SeveralWordings | Code)],
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
    separator: str = Field(
        "",
        description="Of a select-all question whose answers share a cell: what stands between them, if the platform "
        "does not tell.",
    )
    formats: Texts = Field(
        [],
        description="Of a date: how it is written, as %m/%d/%Y %H:%M, or excel for a spreadsheet's serial number; "
        "without it, 2019-06-30.",
    )
    unit: Wording = Field("", description="Of a quantity; answers may be written with it.")
    decimal: Literal[".", ","] = Field(".", description="Of a quantity: the decimal mark.")
    ranges: Literal["refuse", "middle"] = Field(
        "refuse", description="Of a quantity: what an answer as '10-20' means; 'middle' takes the number between."
    )
    numbers: dict[str, float] = Field(
        {}, description="Of a quantity: texts that stand for a number, as in {None: 0, 96 or more: 96}."
    )
    tiles: dict[Name, tuple[Place, Place]] = Field(
        {},
        description="For a map: each answer's place as [column, row], counted from the upper left corner, from 1; "
        "roughly where it lies.",
    )
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

    @property
    def open_code(self) -> str | None:
        """The code that any other text means, if there is one."""
        return next((code for code, one in self.codes.items() if one.open), None)

    @cached_property
    def texts(self) -> dict[str, str]:
        """Normalised text → code."""
        return {normalise(text): code for code, one in self.codes.items() for text in (one.label, *one.texts)}

    @property
    def wording(self) -> str:
        """The question as a respondent read it, with its row."""
        return self._in_words(self.question)

    @property
    def wordings(self) -> list[str]:
        """Everything that a raw column of the item may be headed with: its wording, its other names, its options'."""
        options = [name for code in self.codes.values() for name in code.columns]
        return list(dict.fromkeys([self.wording, *map(self._in_words, self.columns), *self.columns, *options]))

    def _in_words(self, question: str) -> str:
        return f"{question} – {self.row}" if self.row else question


class Indicator(Strict):
    """One statement of the report: which answers count, out of whom."""

    id: Name
    statement: Wording = Field(description="The statement, word for word.")
    item: str = Field(description="The item it is computed from.")
    counts: Texts = Field([], description="The codes that count.")
    top: int | None = Field(None, ge=1, description="Instead of `counts`: the k highest codes of a scale count.")
    none_of: Texts = Field(
        [], description="Instead of `counts`: who is in the base and gave none of these codes counts."
    )
    base: Literal["answered", "asked", "all"] = Field(
        "answered", description="The denominator: who gave a valid answer, who was asked, or everybody."
    )
    among: Condition | None = Field(None, description="Only these respondents are eligible.")


class Section(Strict):
    """A part of the report."""

    id: Name
    title: Wording
    reads: Wording = Field(
        "report: {statement}",
        description="How a result is read aloud after 'n of m respondents'; {statement} stands for the statement.",
    )
    indicators: list[Indicator] = Field(min_length=1)


class Fact(Strict):
    """One headline fact, computed from data."""

    id: Name
    label: Wording = Field(description="What the number counts, as printed beside it.")
    measure: Literal["total", "mean", "median", "ratio", "response_rate", "roster", "years_since"] = Field(
        description="total, mean, median: of a quantity; ratio: one total over another; response_rate: AAPOR's; "
        "roster: rows of the roster; years_since: full years up to the wave's reference date."
    )
    item: str | None = Field(None, description="total, mean, median: the quantity.")
    numerator: Texts = Field([], description="ratio: the quantities added up above the line.")
    denominator: Texts = Field([], description="ratio: the quantities added up below the line.")
    definition: Wording = Field(
        "", description="What the number means and what is in it; printed, and needed by a ratio."
    )
    weighted: bool = Field(
        False,
        description="total: add up with the wave's weights, which must then sum to the population. Means, medians and "
        "ratios are weighted wherever shares are.",
    )
    rate: ResponseRate | None = Field(None, description="response_rate: which of AAPOR's six.")
    where: dict[str, str] = Field({}, description="roster: only rows with these values.")
    names: bool = Field(False, description="roster: list them by name.")
    since: str | None = Field(None, description="years_since: a dated fact of the wave.")
    phrase: Wording = Field("{value}", description="How it is printed, as 'more than {value}'.")
    unit: Wording = Field(
        "", description="The unit in the evidence; of a total, mean or median else the quantity's own."
    )
    decimals: int = Field(0, ge=0, le=6, description="How many decimals are printed, rounded half up.")
    round_down_to: int | None = Field(
        None, ge=1, description="total: the value printed is the largest multiple of this below the total."
    )

    @property
    def quantities(self) -> list[str]:
        """The quantities it is computed from."""
        return [self.item] if self.item else [*self.numerator, *self.denominator]


class Roster(Strict):
    """The list of those the survey is about."""

    file: str
    name: str = Field("name", description="The column with the name.")
    start: str = Field("start", description="The column with the year or date it started, if known.")
    source: str = Field("source", description="The column with the source of the row.")


class Survey(Strict):
    """What the survey is."""

    id: Name
    title: Wording = Field(description="The title of the report.")
    subject: Wording = Field(description="What it is about, in one sentence.")
    respondents: Wording = Field("respondents", description="The word for several.")
    language: str = Field("en", description="The language of the report, and that in which wordings are written first.")
    licence: str = Field(
        "", description="Under which the report and its tables may be used: an SPDX identifier, as CC-BY-4.0."
    )


class Codebook(Strict):
    """A survey's codebook."""

    MOVED: ClassVar = {"survey.publisher": "write it as name in brand.yml, beside this file"}

    survey: Survey
    missing: dict[MissingKind, Texts] = Field({}, description="Texts that are no answer to any item, by kind.")
    items: dict[Name, Item] = Field(min_length=1)
    sections: list[Section] = Field(min_length=1)
    groups: list[str] = Field([], description="Items by which results are shown side by side.")
    facts: list[Fact] = Field([], description="Headline facts.")
    roster: Roster | None = None
    abbreviations: dict[Annotated[str, Field(min_length=1, max_length=20)], Wording] = Field(
        {},
        description="What the survey's own abbreviations stand for, as in {HR: human resources}; listed in the report "
        "where they occur.",
    )
    ignore: list[str] = Field(
        [], description="Raw columns that are deliberately not used; 'stock*' names all that begin so."
    )

    @property
    def indicators(self) -> list[Indicator]:
        """All indicators in the order of the report."""
        return [indicator for section in self.sections for indicator in section.indicators]

    def called(self, name: str) -> str:
        """Return the short name of an item: its label, else its name in words."""
        return self.items[name].label or spoken(name)

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
