"""The sheet of the headline facts: one a row, as their evidence in the report tells them."""

from __future__ import annotations

from typing import Any

from impact_report.columns import Column
from impact_report.language import say
from impact_report.tables.book import WHOLE, Book, Line

WIDTHS = (36, 18, 12, 14, 9, 40, 46, 56)  # letters
IN_BOLD = (0, 1)  # columns: what it is, and as it is printed
ANY_DECIMALS = "#,##0.0###"


def write_facts(book: Book, sheet: Any, below: str) -> None:
    """Write the headline facts."""
    columns = [
        Column(say("Fact"), "", "text"),
        Column(say("Printed"), "", "text"),
        Column(say("Exact value"), "", "number"),
        Column(say("Unit"), "", "text"),
        Column(say("Base (n)"), "", "count"),
        Column(say("Rule"), "", "text"),
        Column(say("Source"), "", "text"),
        Column(say("Note"), "", "text"),
    ]
    lines = [
        Line(
            fact,
            bold=IN_BOLD,
            ruled=number > 0,
            shown={"count": WHOLE, "number": WHOLE if float(fact.exact).is_integer() else ANY_DECIMALS},
        )
        for number, fact in enumerate(book.content.facts)
    ]
    book.write_table(sheet, say("Headline facts"), below, columns, WIDTHS, lines)
