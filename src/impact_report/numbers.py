"""A number in a sentence: rounded in one place, and recorded with its evidence."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field, replace

from impact_report import language
from impact_report.codebook import Indicator
from impact_report.language import say, translated
from impact_report.precision import METHODS
from impact_report.results import Results
from impact_report.rounding import half_up, half_up_percent, round_half_up_percent
from impact_report.tally import EVERYONE

HIDDEN = "–"
SHARE, DIFFERENCE = "share", "difference"  # what an interval is of, where not of a fact in its own unit
MINUS = "−"
OUT_OF = {  # by whether the statement is about some of the respondents, and by the rule of the base
    (False, "answered"): "out of all respondents who answered",
    (False, "asked"): "out of all respondents who were asked",
    (False, "all"): "out of all respondents",
    (True, "answered"): "out of all respondents whom the statement is about and who answered",
    (True, "asked"): "out of all respondents whom the statement is about and who were asked",
    (True, "all"): "out of all respondents whom the statement is about",
}
SMALL = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


@dataclass(frozen=True)
class Number:
    """One printed number: its text, what it is, the exact value, and the anchor of its evidence."""

    text: str
    what: str
    evidence: str
    exact: float | None = None
    numerator: int | None = None
    base: int | None = None
    row: str | None = None
    columns: tuple[str, ...] = field(default=())  # letters of the raw columns
    rule: str | None = None
    low: float | None = None  # the ends of its interval, on the scale of the exact value
    high: float | None = None
    method: str | None = None  # how they were computed, and at which level
    scale: str | None = None  # SHARE: 0–1; DIFFERENCE: −1 to 1; None: the unit of a fact

    def node(self) -> dict:
        """Return the number as a piece of a sentence, for the exporters and numbers.json."""
        return {
            "t": "number",
            "text": self.text,
            "what": self.what,
            "exact": self.exact,
            "numerator": self.numerator,
            "base": self.base,
            "evidence": self.evidence,
            "row": self.row,
            "columns": list(self.columns),
            "rule": self.rule,
            "low": self.low,
            "high": self.high,
            "method": self.method,
            "scale": self.scale,
        }


def anchor(*names: str) -> str:
    """Return the anchor of a piece of evidence.

    >>> anchor("shared_data", "role", "business_champion")
    'evidence-shared-data-role-business-champion'
    """
    return "-".join(["evidence", *(re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") for name in names)])


def whole(value: float) -> str:
    """Return a whole number with thousands separated.

    >>> whole(1234)
    '1,234'
    """
    return language.number(half_up(value))


def in_words(count: int) -> str:
    """Return a small number in words, a larger one in digits.

    >>> in_words(2), in_words(14)
    ('two', '14')
    """
    return translated(SMALL[count - 1]) if 1 <= count <= len(SMALL) else whole(count)


def exactly(value: float) -> str:
    """Return a number with all the decimals it has, thousands separated.

    >>> exactly(1234.5)
    '1,234.5'
    """
    return language.exact_number(value)


def percent_of(proportion: float, decimals: int = 0) -> str:
    """Return a proportion as percent, rounded half up, with the sign.

    >>> percent_of(0.125), percent_of(0.125, 1)
    ('13%', '12.5%')
    """
    return language.percent(language.number(half_up_percent(proportion, decimals), decimals))


def percent_out_of(count: int, base: int, decimals: int = 0) -> str:
    """Return a count as percent of its base, rounded half up from the whole numbers, with the sign.

    >>> percent_out_of(38, 46), percent_out_of(1, 8, 1)
    ('83%', '12.5%')
    """
    return language.percent(language.number(round_half_up_percent(int(count), int(base), decimals), decimals))


def points(difference: float, decimals: int = 0) -> str:
    """Return a difference of proportions in percentage points, rounded half up, with its sign.

    >>> points(0.125), points(-0.0049), points(-0.2), points(0.0217, 1)
    ('+13', '0', '−20', '+2.2')
    """
    shown = half_up(100 * difference, decimals)
    sign = "+" if shown > 0 else MINUS if shown < 0 else ""
    return f"{sign}{language.number(abs(shown), decimals)}"


def span(low: float, high: float) -> str:
    """Return an interval of proportions as printed.

    >>> span(0.691, 0.909)
    '69–91%'
    """
    return language.percent(f"{int(half_up_percent(low))}–{int(half_up_percent(high))}")


def out_of(count: float, base: float) -> str:
    """Return numerator and base as printed.

    >>> out_of(38, 46)
    '38 of 46'
    """
    return say("{x} of {n}", x=whole(count), n=whole(base))


def base_alone(base: float) -> str:
    """Return a base as printed where the count is withheld.

    >>> base_alone(46)
    'n = 46'
    """
    return say("n = {n}", n=whole(base))


class Numbers:
    """The numbers of an edition: each method returns one, ready for a sentence, a table or a chart."""

    def __init__(self, results: Results):
        self.results = results

    def counted(self, value: float, what: str, evidence: str, **more: object) -> Number:
        """Return a count with the anchor of its evidence."""
        return Number(whole(value), what, evidence, exact=float(value), **more)

    def hidden(self, indicator: str, group_by: str = EVERYONE, group: str = EVERYONE) -> bool:
        """Say whether an estimate must not be shown, or does not exist."""
        row = self.results.row(indicator, group_by, group)
        return bool(row["suppressed"]) or row["base"] == 0 or math.isnan(row["proportion"])

    def share(self, indicator: str, group_by: str = EVERYONE, group: str = EVERYONE, decimals: int = 0) -> Number:
        """Return the share that an indicator gives, in whole percent unless decimals are asked for: 83%."""
        row = self.results.row(indicator, group_by, group)
        exact = self.results.coarse(float(row["proportion"]), "proportion")
        if self.results.wave.weighted:
            text = percent_of(exact if decimals else row["proportion"], decimals)
        else:
            text = percent_out_of(row["count"], row["base"], decimals)
        return replace(self._of(row, text, say("share"), exact), **self._ends(row))

    def x_of_n(self, indicator: str, group_by: str = EVERYONE, group: str = EVERYONE) -> Number:
        """Return numerator and base: 38 of 46; n = 46 where counts are withheld."""
        row = self.results.row(indicator, group_by, group)
        if self.results.wave.withholds_counts:
            return self._of(row, base_alone(row["base"]), say("base"), float(row["base"]))
        return self._of(row, out_of(row["count"], row["base"]), say("count and base"), None)

    def share_with_count(self, indicator: str, group_by: str = EVERYONE, group: str = EVERYONE) -> Number:
        """Return the share with numerator and base, as one number for a narrow cell: 83% (38 of 46)."""
        count = self.x_of_n(indicator, group_by, group)
        share = self.share(indicator, group_by, group)
        what = say("share, {other}", other=count.what)
        return replace(share, text=say("{share} ({count})", share=share.text, count=count.text), what=what)

    def interval(self, indicator: str, group_by: str = EVERYONE, group: str = EVERYONE) -> Number:
        """Return the interval: 69–91%; a dash where there is none."""
        row = self.results.row(indicator, group_by, group)
        text = HIDDEN if math.isnan(row["low"]) else span(row["low"], row["high"])
        return replace(self._of(row, text, self._method(row), None), **self._ends(row))

    def part(self, name: str, indicator: str, group_by: str = EVERYONE, group: str = EVERYONE) -> Number:
        """Return one count of an estimate: eligible, asked, base or count."""
        row = self.results.row(indicator, group_by, group)
        return self._of(row, whole(row[name]), translated(name), float(row[name]))

    def _method(self, row: dict) -> str:
        return self.at_level(METHODS[row["method"]].name)

    def at_level(self, method: str) -> str:
        """Return how an interval was computed, in the language of the report, with the level: Wilson interval, 95%."""
        return say("{method}, {level}", method=translated(method), level=self.confidence_text)

    def _ends(self, row: dict) -> dict[str, float | str]:
        """Return the interval of an estimate, with as many digits as are published; nothing where there is none."""
        if math.isnan(row["low"]):
            return {}
        ends = {name: self.results.coarse(float(row[name]), name) for name in ("low", "high")}
        return {**ends, "method": self._method(row), "scale": SHARE}

    def _of(self, row: dict, text: str, kind: str, exact: float | None) -> Number:
        indicator = self.results.indicator(row["indicator"])
        everyone = row["group_by"] == EVERYONE
        names = () if everyone else (row["group_by"], row["group"])
        whom = say("everyone") if everyone else self._named(*names)
        return Number(
            text,
            say("{kind}: {statement} ({whom})", kind=kind, statement=row["statement"], whom=whom),
            anchor(row["indicator"], *names),
            exact=exact,
            numerator=None if self.results.wave.withholds_counts else int(row["count"]),
            base=int(row["base"]),
            row=f"{row['indicator']}/{row['group_by']}/{row['group']}",
            columns=tuple(letter for letter, _ in self.columns(indicator)),
            rule=self.rule(indicator),
        )

    def _named(self, group_by: str, group: str) -> str:
        codebook = self.results.codebook
        label = codebook.items[group_by].codes[group].label
        return say("{grouping}: {group}", grouping=codebook.called(group_by), group=label)

    def raw_columns(self, item: str, codes: list[str] | None = None) -> list[tuple[str, str]]:
        """Return letter and title of an item's raw columns; of a select-all question those of the codes alone."""
        found = self.results.cleaning["item_columns"].get(item, [])
        return [(letter, title) for code, letter, title in found if codes is None or not code or code in codes]

    def columns(self, indicator: Indicator) -> list[tuple[str, str]]:
        """Return letter and title of the raw columns an indicator is computed from."""
        return self.raw_columns(indicator.item, indicator.none_of or self.results.codebook.counting(indicator))

    def rule(self, indicator: Indicator) -> str:
        """Say in words which answers count, out of whom."""
        codebook = self.results.codebook
        codes = codebook.items[indicator.item].codes
        chosen = indicator.none_of or codebook.counting(indicator)
        labels = language.listed([say("“{label}”", label=codes[code].label) for code in chosen], "or")
        if indicator.none_of:
            counted = say("None of {labels} counts", labels=labels)
        elif indicator.top == 1:
            counted = say("The highest of {all} answers ({labels}) counts", all=in_words(len(codes)), labels=labels)
        elif indicator.top:
            counted = say(
                "One of the {top} highest of {all} answers ({labels}) counts",
                top=in_words(indicator.top),
                all=in_words(len(codes)),
                labels=labels,
            )
        elif len(chosen) > 1:
            counted = say("Any of {some} answers ({labels}) counts", some=in_words(len(chosen)), labels=labels)
        else:
            counted = say("{labels} counts", labels=labels)
        return say("{counted}, {base}", counted=counted, base=translated(OUT_OF[bool(indicator.among), indicator.base]))

    def fact(self, fact: dict) -> Number:
        """Return a headline fact as printed: more than 750."""
        return Number(
            fact["phrase"].replace("{value}", fact["text"]),
            fact["label"],
            anchor("fact", fact["id"]),
            exact=fact["exact"],
            base=fact["base"],
            columns=tuple(letter for item in fact["items"] for letter, _ in self.raw_columns(item)),
            rule=fact["rule"],
            **self._ends_of_fact(fact),
        )

    def _ends_of_fact(self, fact: dict) -> dict[str, float | str]:
        """Return the interval of a fact; where counts are withheld, with as many decimals as its evidence prints."""
        interval = fact.get("interval", {})
        if interval.get("low") is None or interval.get("high") is None:
            return {}
        ends = {name: interval[name] for name in ("low", "high")}
        if self.results.wave.withholds_counts:
            ends = {name: float(half_up(end, fact["decimals"] + 1)) for name, end in ends.items()}
        method = say("at {level}, {method}", level=self.confidence_text, method=interval["method"])
        return {**ends, "method": method}

    @property
    def confidence_text(self) -> str:
        """The confidence level as printed: 95%."""
        return percent_of(self.results.wave.interval.confidence)

    @property
    def confidence(self) -> Number:
        """The confidence level of the intervals, a setting of the wave."""
        level = self.results.wave.interval.confidence
        return Number(self.confidence_text, say("confidence level of the intervals"), anchor("method"), exact=level)

    @property
    def respondents(self) -> Number:
        """How many respondents this edition is about."""
        count = len(self.results.responses)
        rule = say("rows kept after cleaning")
        return self.counted(count, say("respondents of this edition"), anchor("rows"), rule=rule)
