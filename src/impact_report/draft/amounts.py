"""Whether texts are numbers, with which unit and which decimal mark."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping

import pandas as pd

from impact_report.draft.answers import FEW, Answer
from impact_report.draft.items import DraftItem
from impact_report.wording import normalise, tidy

COUNTED = re.compile(
    r"how many|how long|number of|\bhours?\b|\byears?\b|\bage\b|wie viele|wie lange|combien|cuánt|quant[oia]s?\b|"
    r"anzahl|hoeveel",
    re.IGNORECASE,
)  # fmt: skip
_AMOUNT = re.compile(
    r"(?P<before>[^\d\s+.,-]{1,3})?\s?(?P<number>[-+−]?\d[\d.,'’ \u00a0]*)\s?(?P<after>[^\d\s.,][^\d]{0,14})?"
)
_RANGE = re.compile(r"[^\d]{0,3}\d[\d.,]*\s?[-–—]\s?[^\d]{0,3}\d[\d.,]*\D{0,12}")
_SPACE_BETWEEN = re.compile(r"(?<=\d)[ '](?=\d{3}(?!\d))")
_NUMBER = {
    ".": re.compile(r"[-+]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?"),
    ",": re.compile(r"[-+]?(\d{1,3}(\.\d{3})+|\d+)(,\d+)?"),
}
_MOST_SPANS = 0.2  # of the texts


def as_quantity(item: DraftItem, real: Mapping[str, Answer]) -> bool:
    """Make an item a quantity, if its answers are numbers with one unit and one decimal mark; a few may be spans.

    >>> item = DraftItem("Paid?", "text", ())
    >>> as_quantity(item, {text: Answer(text, (text,), 1) for text in ("1.250,50 €", "3 €")}), item.unit, item.decimal
    (True, '€', ',')
    """
    if len(real) < 2 or (set(real) <= {"0", "1"} and not COUNTED.search(item.question.replace("_", " "))):
        return False
    plain = pd.to_numeric(pd.Series(list(real), dtype="str"), errors="coerce").notna().to_numpy()
    rest = [text for text, is_number in zip(real, plain, strict=True) if not is_number]
    if len(rest) > 0.5 * len(real) and len(rest) > FEW:
        return False
    matches = {text: _AMOUNT.fullmatch(tidy(real[text].label)) for text in rest}
    amounts = {text: match for text, match in matches.items() if match}
    spans = [text for text in rest if not matches[text] and _RANGE.fullmatch(tidy(real[text].label))]
    if len(rest) > len(amounts) + len(spans) or not len(amounts) + plain.sum() or len(spans) > _MOST_SPANS * len(real):
        return False
    units = Counter(tidy(match["before"] or match["after"] or "") for match in amounts.values())
    units.pop("", None)
    if len({normalise(unit) for unit in units}) > 1 or sum(units.values()) == 1:  # once: somebody's own words
        return False
    decimal = _decimal([match["number"] for match in amounts.values()], [text for text in real if "." in text])
    if not decimal:
        return False
    item.kind, item.unit, item.decimal = "quantity", next(iter(units), ""), decimal
    _decide(item, real, len(spans))
    return True


def _decimal(amounts: Iterable[str], with_dot: Iterable[str]) -> str:
    """Return the decimal mark of some numbers, "" if no mark explains them all."""
    numbers = [_SPACE_BETWEEN.sub("", tidy(one).replace("−", "-").replace("’", "'")) for one in amounts]
    commas = any(re.search(r",\d{1,2}$|,\d{4,}$", one) for one in numbers)
    dots = any(re.search(r"\.\d{1,2}$|\.\d{4,}$", one) for one in (*numbers, *with_dot))
    decimal = "," if commas else "."
    return "" if (commas and dots) or not all(map(_NUMBER[decimal].fullmatch, numbers)) else decimal


def _decide(item: DraftItem, real: Mapping[str, Answer], spans: int) -> None:
    """List what else the numbers could mean."""
    dotted = [one for one in real if "." in one]
    if item.decimal == "." and dotted and all(re.fullmatch(r"\d{1,3}\.\d{3}", one) for one in dotted):
        item.decisions.append(
            'is the dot a decimal mark? Now it is; if it stands between thousands, set `decimal: ","`.'
        )
    if item.decimal == "," and any("," in text for text in real) and not any("." in text for text in real):
        item.decisions.append("is the comma a decimal mark? Now it is; if it stands between answers, write `multiple`.")
    if spans:
        item.ranges = "middle"
        item.decisions.append(
            f"{spans} answers are spans as 10-20. Now the middle of each counts; `refuse` stops there."
        )
