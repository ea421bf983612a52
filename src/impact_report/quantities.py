"""Numbers as people write them: with a unit, marks between thousands, either decimal mark, or as a range."""

from __future__ import annotations

import re

from impact_report.codebook import Item

PLAIN = r"\d+(\.\d+)?"  # what needs no codebook to be read
_RANGE = re.compile(r"(?P<low>\S.*?)\s*(?:-|\bto\b)\s*(?P<high>\S.*)", re.IGNORECASE)


def read_number(item: Item, text: str) -> float | None:
    """Return the number that a text says, by the item's decimal mark and unit; None if it says none.

    >>> read_number(Item(question="Paid?", kind="quantity", unit="€", decimal=","), "1.250,50 €")
    1250.5
    >>> read_number(Item(question="Paid?", kind="quantity"), "1 250")
    1250.0
    """
    if item.unit:
        unit = re.escape(item.unit)
        text = re.sub(rf"^{unit}\s*|\s*{unit}$", "", text, flags=re.IGNORECASE)
    text = text.replace("−", "-").replace("’", "'")
    mark, between = (".", ",") if item.decimal == "." else (",", ".")
    thousands = rf"[1-9]\d{{0,2}}(?P<between>[ '{re.escape(between)}])\d{{3}}(?:(?P=between)\d{{3}})*"
    match = re.fullmatch(rf"[-+]?(?:{thousands}|\d+)(?:{re.escape(mark)}\d+)?(?:E[-+]\d\d)?", text)
    if not match:
        return None
    return float(text.replace(match["between"] or between, "").replace(mark, "."))


def read_range(item: Item, text: str) -> tuple[float, float] | None:
    """Return the lower and the higher of the two numbers that a text says; None if it is no range.

    >>> read_range(Item(question="Paid?", kind="quantity"), "10 – 20")
    (10.0, 20.0)
    """
    match = _RANGE.fullmatch(re.sub("[–—]", "-", text))
    if not match:
        return None
    low, high = read_number(item, match["low"].strip()), read_number(item, match["high"].strip())
    return (low, high) if low is not None and high is not None and low < high else None
