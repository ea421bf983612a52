"""What a wave is made of: dates, rows, population, weights, design, comparison, response, method."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from impact_report.codebook import Condition, Name, ResponseRate, Strict, Wording
from impact_report.wording import spoken


def _known_date(given: str) -> str:
    if not "1000" <= given[:4] <= "2999":
        raise ValueError("a date as 2019-06-30, 2019-06 or 2019")
    for pattern in ("%Y-%m-%d", "%Y-%m", "%Y"):
        try:
            dt.datetime.strptime(given, pattern)
        except ValueError:
            continue
        return given
    raise ValueError("a date as 2019-06-30, 2019-06 or 2019")


def is_known_date(given: str) -> bool:
    """Say whether a text is a date known to the year, the month or the day.

    >>> is_known_date("2017-05"), is_known_date("2017-13"), is_known_date("2017/05")
    (True, False, False)
    """
    try:
        return bool(_known_date(given))
    except ValueError:
        return False


def _confidence(given: float) -> float:
    if not LEAST_CONFIDENCE < given < 1:
        raise ValueError(f"a number above {LEAST_CONFIDENCE} and below 1: write 95 % as 0.95")
    return given


LEAST_CONFIDENCE = 0.5
PartialDate = Annotated[str, AfterValidator(_known_date)]
_Units = Annotated[int, Field(ge=1)]


class Dated(Strict):
    """A date with its source; only the known part of it is written (2008, 2008-05, 2008-05-14)."""

    date: PartialDate
    source: Wording
    note: Wording = ""

    @property
    def latest(self) -> dt.date:
        """The last day the date can stand for.

        >>> Dated(date="2008", source="a page").latest
        datetime.date(2008, 12, 31)
        """
        return latest_day(self.date)


def earliest_day(date: str) -> dt.date:
    """Return the first day that a date known to the year, the month or the day can stand for.

    >>> earliest_day("2024-02")
    datetime.date(2024, 2, 1)
    """
    return dt.date(*[int(part) for part in (date + "-01-01").split("-")[:3]])


def latest_day(date: str) -> dt.date:
    """Return the last day that a date known to the year, the month or the day can stand for.

    >>> latest_day("2024-02")
    datetime.date(2024, 2, 29)
    """
    parts = [int(part) for part in date.split("-")]
    if len(parts) == 3:
        return dt.date(*parts)
    year, month = (parts[0], 12) if len(parts) == 1 else parts
    following = dt.date(year + month // 12, month % 12 + 1, 1)
    return following - dt.timedelta(days=1)


class Fielded(Strict):
    """When answers were collected."""

    start: dt.date
    end: dt.date

    @model_validator(mode="after")
    def _in_order(self) -> Fielded:
        if self.end < self.start:
            raise ValueError(f"an end after the start ({self.start})")
        return self


class Population(Strict):
    """Whom the survey is about."""

    universe: Wording
    size: int | None = Field(None, ge=1, description="How many there are, if known: intervals are exact then.")
    source: Wording = ""


COUNT_METHODS = ("wilson", "clopper-pearson", "hypergeometric")  # they take each answer for one drawn alone from all


class Interval(Strict):
    """How the uncertainty of a share is shown."""

    method: Literal[
        "auto",
        "wilson",
        "clopper-pearson",
        "hypergeometric",
        "korn-graubard",
        "beta",
        "logit",
        "likelihood",
        "asin",
        "mean",
    ] = Field(
        "auto",
        description="auto: korn-graubard where weighted or of a design, else hypergeometric (exact) where the "
        "population size is known, else wilson.",
    )
    confidence: Annotated[float, AfterValidator(_confidence)] = Field(
        0.95, json_schema_extra={"exclusiveMinimum": LEAST_CONFIDENCE, "exclusiveMaximum": 1}
    )


class Design(Strict):
    """How respondents were drawn, where they were not each drawn alone from all."""

    strata: str | None = Field(
        None,
        description="The item that says from which part of the population (stratum) a respondent was drawn, each part "
        "being drawn from separately; one answer, a text or an id. Of texts and ids only a number is kept.",
    )
    clusters: str | None = Field(
        None,
        description="The item that says with whom a respondent was drawn together: the primary unit, as a school or a "
        "partnership. Any item with one answer, an id too: only a number is kept.",
    )
    units: _Units | dict[str, _Units] | None = Field(
        None,
        description="How many primary units there are in the population (respondents where there are no clusters): a "
        "number, or with strata one for each code. With it intervals narrow by the part that was taken.",
    )

    @model_validator(mode="after")
    def _complete(self) -> Design:
        if not (self.strata or self.clusters or self.units):
            raise ValueError("strata, clusters or units")
        if self.strata and isinstance(self.units, int):
            raise ValueError("units for each stratum, as {north: 40, south: 25}")
        if not self.strata and isinstance(self.units, dict):
            raise ValueError("one number of units, or the strata these are the numbers of")
        return self


class Duplicates(Strict):
    """Which answers of the same respondent are kept."""

    by: str = Field(description="The item that identifies a respondent.")
    latest: str = Field(description="The date item by which the latest is kept.")


class Window(Strict):
    """When answers must have been given to count."""

    by: str = Field(description="The date item that says when.")
    start: dt.date | None = Field(None, description="The first day; without it, the first of `fielded`.")
    end: dt.date | None = Field(None, description="The last day; without it, the last of `fielded`.")


class Speeders(Strict):
    """Who answered faster than the questions can be read."""

    start: str = Field(description="The date item that says when a respondent began.")
    end: str = Field(description="The date item that says when a respondent was done.")
    seconds: float = Field(gt=0, description="Who needed less is set aside.")


OWN_RULES = (
    "empty",
    "preview_or_test",
    "unfinished",
    "window",
    "undated",
    "speeder",
    "partial",
    "duplicate",
)  # not by the wave


class Rows(Strict):
    """Which rows of the export are set aside, each by a named rule, in this order."""

    previews: Literal["drop", "keep"] | None = Field(
        None, description="Rows that the platform marks as previews or tests; must be said where there are any."
    )
    unfinished: Literal["drop", "keep"] = Field("keep", description="Rows that the platform marks as not finished.")
    drop: dict[Name, Condition] = Field(
        {}, description="Rule name → answers that set a row aside (a test, a fast one)."
    )
    keep: dict[Name, Condition] = Field(
        {}, description="Rule name → answers without which a row is set aside (consent)."
    )
    labels: dict[Name, Wording] = Field(
        {}, description="Rule name → what the report calls the rule, where that is not its name; also {en: …, es: …}."
    )
    window: Window | None = None
    speeders: Speeders | None = None
    minimum_answered: int = Field(
        0, ge=0, description="Rows that answer fewer of the indicators' items are set aside as partial."
    )
    duplicates: Duplicates | None = None

    def called(self, rule: str) -> str:
        """Return what a rule of the wave is called in the report: its label, else its name in words.

        >>> Rows(labels={"test": "a test link"}).called("test"), Rows().called("office_only")
        ('a test link', 'office only')
        """
        return self.labels.get(rule) or spoken(rule)


class Compare(Strict):
    """An earlier wave that this one is compared with."""

    wave: str = Field(description="The earlier wave, by the name of its folder.")
    match: str | None = Field(
        None, description="The item that names a respondent in both waves; without it, all count as different ones."
    )
    despite: list[str] = Field([], description="Items that are compared although they were worded otherwise.")
    adjust: Literal["holm", "benjamini-hochberg"] = Field(
        "holm", description="How the tests take account of there being many of them."
    )


class Response(Strict):
    """What became of everybody in the sample, in AAPOR's groups of final dispositions, as numbers of cases."""

    rate: ResponseRate = Field(description="Which of AAPOR's six response rates is printed.")
    complete: int | None = Field(None, ge=0, description="I: full answers; without it, the finished rows kept.")
    partial: int | None = Field(
        None, ge=0, description="P: answers that count though unfinished; without it, the rows kept marked so."
    )
    refusal: int = Field(0, ge=0, description="R: refused, or broke off before the answers count.")
    non_contact: int = Field(0, ge=0, description="NC: eligible, but never reached.")
    other: int = Field(0, ge=0, description="O: eligible, and did not answer for another reason.")
    unknown_eligibility: int = Field(0, ge=0, description="UH: nobody knows whether there is anybody to be asked.")
    unknown_other: int = Field(0, ge=0, description="UO: nobody knows whether the one there is eligible.")
    not_eligible: int = Field(0, ge=0, description="In the sample, but not in the population: in no rate.")
    eligible_share: float | None = Field(
        None, ge=0, le=1, description="e: the share of the unknown cases that is eligible, which rr3 and rr4 need."
    )
    eligible_share_source: Wording = Field("", description="How e was estimated.")

    @model_validator(mode="after")
    def _told(self) -> Response:
        lost = ("refusal", "non_contact", "other", "unknown_eligibility", "unknown_other")
        if not self.model_fields_set & set(lost):
            raise ValueError(f"what became of those who did not answer: one of {', '.join(lost)}, be it 0")
        unknown = self.unknown_eligibility + self.unknown_other
        if self.rate in ("rr3", "rr4") and unknown and self.eligible_share is None:
            raise ValueError(f"an eligible_share, which {self.rate} needs; rr1 and rr2 need none")
        if self.eligible_share is not None and not self.eligible_share_source:
            raise ValueError("an eligible_share_source: AAPOR asks how e was estimated")
        return self


def _one(given: object) -> object:
    return given if isinstance(given, list) else [given]


class Method(Strict):
    """What the AAPOR code asks to disclose and data cannot tell."""

    strategy: Wording = Field(description="How data was collected: survey, interviews, records.")
    sponsor: Wording = Field(description="Who paid for and who conducted it.")
    recruitment: Wording = Field(description="How respondents were found and invited.")
    mode: Wording = Field(description="Web, telephone, paper; in which languages.")
    selection: Literal["self-selected", "everyone", "random"] = Field(
        "self-selected",
        description="self-selected: who wanted to answered; everyone: the whole population was asked; random: a random "
        "sample was drawn, and only then the report speaks of a margin of error.",
    )
    limitations: Annotated[list[Wording], BeforeValidator(_one, json_schema_input_type=Wording | list[Wording])] = (
        Field(min_length=1)
    )


def _off(given: object) -> object:
    return None if given == "off" else given


_CountOrOff = Annotated[int, Field(ge=2)] | Literal["off", False]


class Wave(Strict):
    """One fielding of a survey."""

    MOVED: ClassVar = {"paper": "write it in brand.yml, beside codebook.yml"}

    title: Wording = Field(description="How this edition is called, as '2019 edition'.")
    invented: bool = Field(False, description="Respondents are invented: every page and file says so.")
    invented_notice: Wording = Field("", description="What exactly is invented, in one or two sentences.")
    fielded: Fielded
    reference_date: Dated = Field(description="The day the report speaks of.")
    facts: dict[Name, Dated] = Field({}, description="Other dated facts, each with its source.")
    export: str | None = Field(None, description="The raw file; by default the one named responses.*")
    format: str | None = Field(None, description="The export format, if it is not to be recognised.")
    sheet: str | None = Field(None, description="The sheet of a workbook with the answers, if several could be it.")
    encoding: str | None = Field(None, description="The encoding of a text file, if it is not to be recognised.")
    columns: dict[str, str] = Field({}, description="Item → raw column, where this wave names it otherwise.")
    wording: dict[str, Wording] = Field(
        {},
        description="Item → as this wave asked it, where that is not the codebook's; of several languages "
        "({en: …, es: …}) the first is the one asked in.",
    )
    not_asked: list[str] = Field([], description="Items this wave did not ask.")
    rows: Rows = Rows()
    respondents: Literal["persons", "organisations"]
    minimum_base: int = Field(5, ge=1, description="Groups with a smaller base are not shown.")
    smallest_count: Annotated[int | None, BeforeValidator(_off, json_schema_input_type=_CountOrOff)] = Field(
        ge=2,
        description="k: in a group, counts of 1 to k-1, or that many short of all, are hidden; 'off' for "
        "organisations only, and the report says so.",
    )
    not_stated: Literal["protect", "ignore"] = Field(
        "protect",
        description="Those who did not state their group follow from everyone less all groups. protect: where they are "
        "few, a group is hidden with them; ignore: they are in no group, so nobody can be recognised by theirs.",
    )
    population: Population
    interval: Interval = Interval()
    weights: str | None = Field(
        None,
        description="The quantity item that holds each respondent's weight; with `rake`, the weight to begin with.",
    )
    rake: dict[Name, dict[str, float]] = Field(
        {},
        description="Item → code → how many there are in the population: weights are computed that meet all of these "
        "totals (raking).",
    )
    rake_source: Wording = Field("", description="Where these totals come from.")
    design: Design | None = Field(None, description="Strata and primary units, where respondents were drawn so.")
    compare: Compare | None = None
    published: str | None = Field(None, description="The set in published.csv this wave is compared with.")
    response: Response | None = Field(
        None, description="What became of those who were asked; only of a wave with a list or a sample of them."
    )
    method: Method
    notes: list[Wording] = Field([], description="Known issues of the data.")
    issued: dt.date | None = Field(
        None,
        description="The day on which this edition is published, as 2026-11-30: it is cited with that year. Without it "
        "the citation names no year.",
    )
    address: str = Field(
        "", pattern=r"^(https?://\S+)?$", description="Where this edition is published, as https://…; it is cited so."
    )

    @model_validator(mode="after")
    def _consistent(self) -> Wave:
        if self.invented and not self.invented_notice:
            raise ValueError("invented_notice, since the respondents are invented")
        if self.issued and self.issued < self.fielded.end:
            raise ValueError(f"a day of issue (issued) that is not before the last answers ({self.fielded.end})")
        if self.respondents == "persons" and self.smallest_count is None:
            raise ValueError("a smallest_count (5 is usual): for persons it cannot be off")
        if self.response and self.method.selection == "self-selected":
            raise ValueError(
                "a method.selection of everyone or random beside `response`: who chose themselves have no response rate"
            )
        return self

    @property
    def dated(self) -> dt.date:
        """The day that the report bears: that on which it is published, else that of the last answers."""
        return self.issued or self.fielded.end

    @property
    def weighted(self) -> bool:
        """Whether answers count differently."""
        return bool(self.weights or self.rake)

    @property
    def withholds_counts(self) -> bool:
        """Whether only bases are published, no counts: a count beside a weighted share tells whose answers are in it.

        Two sums of the same answers, weighted and not, are two equations for how many answers of each weight they are.
        """
        return self.weighted and bool(self.smallest_count)

    @property
    def designed(self) -> bool:
        """Whether intervals rest on a design's variance: with weights, strata, clusters, units, or by their method."""
        return self.weighted or self.design is not None or self.interval.method not in ("auto", *COUNT_METHODS)

    @property
    def interval_method(self) -> str:
        """The interval's method, with 'auto' resolved."""
        if self.interval.method != "auto":
            return self.interval.method
        if self.designed:
            return "korn-graubard"
        return "hypergeometric" if self.population.size else "wilson"

    def at_confidence(self, confidence: float) -> Wave:
        """Return the wave with the intervals of another confidence, to set it beside one that has it."""
        return self.model_copy(update={"interval": self.interval.model_copy(update={"confidence": confidence})})
