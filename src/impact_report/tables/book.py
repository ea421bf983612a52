"""The sheets and cells of a workbook: how a page is set up, how a line of a table is written, how a number looks."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import xlsxwriter

from impact_report.columns import Column
from impact_report.formulas import RUN_AS_FORMULA
from impact_report.language import say
from impact_report.palette import LIGHT
from impact_report.tables.content import Content

DASH = "–"  # in the cell of a number that is withheld
STATEMENT_WIDTH, GROUP_WIDTH, NUMBER_WIDTH, REMARK_WIDTH = 72, 26, 11, 46  # letters
LINE_HEIGHT = 15.5  # points
LETTERS_A_WIDTH = 1.1  # how many letters surely fit into a column one wide, whatever font stands in
LONGEST_SHEET_NAME = 31
NOT_IN_SHEET_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
PAPER_SIZES = {"a4": 9, "us-letter": 1}
MARGINS = {"left": 0.5, "right": 0.5, "top": 0.6, "bottom": 0.7}  # inches
HEAD_ROW = 3  # of a sheet with a title, the line below it and an empty one
WHOLE_PERCENT, WHOLE = "0%", "#,##0"
POINTS = "+0.0;−0.0;0.0"
TRUE_OR_FALSE = '"TRUE";"TRUE";"FALSE"'  # LibreOffice would show some as 1 and 0
SHOWN = {"share": WHOLE_PERCENT, "signed share": POINTS, "count": WHOLE}  # a column's kind where it is to be read
TEXTS = {"text": {"text_wrap": True, "align": "left", "indent": 1}}  # how texts look there


class Line(NamedTuple):
    """A line of a table: its values, which places of them are bold, a rule above it, the formats of its numbers."""

    values: Sequence[Any]
    bold: Collection[int] = ()
    ruled: bool = False
    shown: Mapping[str, str] = SHOWN


@dataclass
class Book:
    """A workbook that is being written: its content, the names its sheets have, the looks its cells have."""

    workbook: xlsxwriter.Workbook
    content: Content
    taken: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        ruled = {"bottom": 1, "bottom_color": LIGHT["muted"]}
        self.looks = {
            "title": {"bold": True, "font_size": 15, "font_color": LIGHT["ink"]},
            "below": {"font_color": LIGHT["muted"]},
            "head": {"bold": True, "text_wrap": True, "valign": "bottom", "align": "left", "indent": 1, **ruled},
            "head_right": {"bold": True, "text_wrap": True, "valign": "bottom", "align": "right", **ruled},
            "chapter": {"bold": True, "font_size": 12, "valign": "bottom", "font_color": LIGHT["data"]},
            "label": {"bold": True, "text_wrap": True, "valign": "top"},
            "wrap": {"text_wrap": True, "valign": "top"},
            "notice": {"bold": True, "text_wrap": True, "valign": "top", "font_color": LIGHT["notice"]},
            "dash": {"align": "right", "font_color": LIGHT["muted"]},
        }
        self.formats: dict[tuple, Any] = {}

    def name(self, title: str) -> str:
        """Return a name for a sheet: short enough, without the signs that are not allowed, and its own."""
        name = _sheet_name(title, self.taken)
        self.taken.add(name.lower())
        return name

    def page(self, sheet: Any, widths: Sequence[float], head: int | None = None, pages: int = 1) -> None:
        """Set up widths, and the page: landscape, `pages` wide, the row `head` on each, what it is in its foot."""
        for place, width in enumerate(widths):
            sheet.set_column(place, place, width)
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(PAPER_SIZES.get(self.content.paper, PAPER_SIZES["a4"]))
        sheet.set_margins(**MARGINS)
        sheet.fit_to_pages(pages, 0)
        notice = [self.content.notice[0]] if self.content.notice else []
        foot = " · ".join([self.content.title, self.content.edition, *notice]).replace("&", "&&")
        sheet.set_footer(f"&L&8{foot}&R&8" + say("Page {page} of {pages}", page="&P", pages="&N"))
        if head is not None:
            sheet.repeat_rows(head)
            sheet.freeze_panes(head + 1, 1 if head else 0)

    def open_with(self, sheet: Any, title: str, below: str) -> None:
        """Write a sheet's title, and below it the edition and the notice."""
        self.text(sheet, 0, 0, title, "title")
        notice = [self.content.notice[0]] if self.content.notice else []
        self.text(sheet, 1, 0, " · ".join([self.content.edition, *notice, below]), "below")

    def write_table(
        self,
        sheet: Any,
        title: str,
        below: str,
        columns: Sequence[Column],
        widths: Sequence[float],
        lines: Sequence[Line],
    ) -> None:
        """Write a sheet to be read: its title, the heads of its columns, and its lines."""
        self.page(sheet, widths, HEAD_ROW)
        self.open_with(sheet, title, below)
        self.heads(sheet, columns)
        self.write_rows(sheet, columns, lines, widths)

    def write_rows(self, sheet: Any, columns: Sequence[Column], lines: Sequence[Line], widths: Sequence[float]) -> None:
        """Write lines below the heads, each as high as its texts take."""
        for number, line in enumerate(lines, start=HEAD_ROW + 1):
            texts = [
                (value, width)
                for column, value, width in zip(columns, line.values, widths, strict=True)
                if column.kind == "text" and value
            ]
            sheet.set_row(number, height(*texts))
            ruled = {"top": 1, "top_color": LIGHT["rule"]} if line.ruled else {}
            for place, (column, value) in enumerate(zip(columns, line.values, strict=True)):
                bold = {"bold": True} if place in line.bold else {}
                look = {"valign": "top"} | ruled | bold | TEXTS.get(column.kind, {})
                self.cell(sheet, number, place, value, line.shown.get(column.kind), look)

    def filter(self, sheet: Any, columns: Sequence[Column], lines: Sequence[Line]) -> None:
        """Let a reader filter the lines below the heads."""
        sheet.autofilter(HEAD_ROW, 0, HEAD_ROW + len(lines), len(columns) - 1)

    def heads(self, sheet: Any, columns: Iterable[Column]) -> None:
        """Write the heads of the columns: of texts on the left, of numbers on the right."""
        sheet.set_row(HEAD_ROW, 2 * LINE_HEIGHT)
        for place, column in enumerate(columns):
            self.text(sheet, HEAD_ROW, place, column.title, "head" if column.kind == "text" else "head_right")

    def text(self, sheet: Any, row: int, place: int, text: str, look: str) -> None:
        """Write a text in one of the looks that have a name; of no text there is no cell."""
        if text:
            self.cell(sheet, row, place, text, look=self.looks[look])

    def cell(
        self, sheet: Any, row: int, place: int, value: Any, shown: str | None = None, look: Mapping | None = None
    ) -> None:
        """Write one cell; `shown` is the format of a number, `look` what else it looks like."""
        look = dict(look or {})
        if missing(value):
            if look:
                sheet.write_blank(row, place, None, self.format(look))
        elif isinstance(value, bool):
            sheet.write_boolean(row, place, value, self.format(look | {"num_format": TRUE_OR_FALSE}))
        elif isinstance(value, int | float):
            sheet.write_number(row, place, value, self.format(look | ({"num_format": shown} if shown else {})))
        elif value == DASH:
            sheet.write_string(row, place, value, self.format(look | self.looks["dash"]))
        else:
            marked = {"num_format": "@", "quote_prefix": True} if value.startswith(RUN_AS_FORMULA) else {}
            sheet.write_string(row, place, value, self.format(look | marked))

    def format(self, look: Mapping[str, Any]) -> Any:
        """Return the workbook's format of a look, made once."""
        key = tuple(sorted(look.items()))
        if key not in self.formats:
            self.formats[key] = self.workbook.add_format(dict(look)) if look else None
        return self.formats[key]


def height(*texts: tuple[str, float]) -> float:
    """Return the height in points of a row with these texts, each wrapped in a column of its width.

    >>> height(("short", 20)), height(("short", 20), ("a text that takes two lines", 20))
    (15.5, 31.0)
    """
    return LINE_HEIGHT * max(
        sum(len(textwrap.wrap(line, int(width * LETTERS_A_WIDTH))) or 1 for line in text.split("\n"))
        for text, width in texts
    )


def missing(value: Any) -> bool:
    """Say whether there is no such value: none, or one that is not a number."""
    return value is None or (isinstance(value, float) and math.isnan(value))


def _sheet_name(title: str, taken: Iterable[str]) -> str:
    """Return a sheet's name: at most 31 characters, cut between words, none of []:*?/\\', not one of those taken.

    >>> _sheet_name("Support for job seekers: internships, apprenticeships", ())
    'Support for job seekers'
    >>> _sheet_name("Change", {"change"})
    'Change 2'
    """
    words = " ".join(title.translate(NOT_IN_SHEET_NAMES).split()) or "Sheet"
    if len(words) > LONGEST_SHEET_NAME:
        words = words[: LONGEST_SHEET_NAME + 1].rpartition(" ")[0].rstrip(" ,;–-") or words[:LONGEST_SHEET_NAME]
    name, number = words, 1
    while name.lower() in taken:
        number += 1
        name = f"{words[: LONGEST_SHEET_NAME - len(str(number)) - 1]} {number}"
    return name
