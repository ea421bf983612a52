"""The results as a workbook: a sheet about it, a sheet a section to be read, and all estimates to be computed with."""

from __future__ import annotations

import datetime as dt
import math
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import xlsxwriter

from impact_report.codebook import Codebook, Section
from impact_report.columns import ESTIMATES, Column
from impact_report.formulas import RUN_AS_FORMULA
from impact_report.language import say, spread, translated
from impact_report.palette import LIGHT
from impact_report.reliability import meaning
from impact_report.tally import EVERYONE

DASH = "–"  # in the cell of a number that is withheld
NARROWEST, WIDEST = 8, 60  # letters
LABEL_WIDTH, TEXT_WIDTH = 26, 96
STATEMENT_WIDTH, BY_WIDTH, GROUP_WIDTH, NUMBER_WIDTH, REMARK_WIDTH = 72, 12, 26, 11, 46
VERDICT_WIDTH = 18
FACT_WIDTHS = (36, 18, 12, 14, 9, 40, 46, 56)
FACT_TEXTS = (0, 1, 3, 5, 6, 7)  # places of texts that wrap
FACTS_IN_BOLD = 2  # columns: what it is, and as it is printed
LINE_HEIGHT = 15.5  # points
LETTERS_A_WIDTH = 1.1  # how many letters surely fit into a column one wide, whatever font stands in
WIDE_PAGES = 2  # that the sheet of all estimates takes side by side, so that print stays legible
LONGEST_SHEET_NAME = 31
NOT_IN_SHEET_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
PAPER_SIZES = {"a4": 9, "us-letter": 1}
MARGINS = {"left": 0.5, "right": 0.5, "top": 0.6, "bottom": 0.7}  # inches
HEAD_ROW = 3  # of a sheet with a title, the line below it and an empty one
WHOLE_PERCENT, PERCENT, WHOLE, DECIMAL, ANY_DECIMALS = "0%", "0.0%", "#,##0", "#,##0.00", "#,##0.0###"
POINTS = "+0.0;−0.0;0.0"
TRUE_OR_FALSE = '"TRUE";"TRUE";"FALSE"'  # LibreOffice would show some as 1 and 0
FORMATS = {"share": PERCENT, "signed share": PERCENT, "count": WHOLE, "decimal": DECIMAL}  # by a column's kind
SHOWN = {"share": WHOLE_PERCENT, "signed share": POINTS, "count": WHOLE}  # the same where it is to be read
TEXTS = {"text": {"text_wrap": True, "align": "left", "indent": 1}}  # how texts look there
COMPARED = {  # how, where nothing else is to be said of a change
    "matched": "of those who answered both times",
    "independent": "as if all were different respondents",
    "weighted": "from the intervals of both waves",
}
FLAG_NAMES = {
    "nobody": "nobody in the base",
    "no-interval": "no interval",
    "small-base": "small base",
    "wide": "wide interval",
    "relatively-wide": "interval wide beside the share",
    "few-degrees": "few degrees of freedom",
    "none-or-all": "none or all",
}

Note = tuple[str, str]
Row = Mapping[str, Any]
Key = tuple[str, str, str]  # indicator, group_by, group


class Headline(NamedTuple):
    """A headline fact: what it is, as printed and exactly, in which unit, by which rule, where from, what else."""

    label: str
    printed: str
    exact: float
    unit: str
    base: int | None
    rule: str
    source: str
    note: str


class Base(NamedTuple):
    """Of an indicator: which answers are in its base and do not count, and who is not in it, and why."""

    others: str
    outside: str


@dataclass(frozen=True)
class Content:
    """What a workbook is made of: the published estimates and changes, by column; names; what is said of them.

    `facts` are the headline facts; `remarks` say of groups what their marks in the report say; `bases` has every
    indicator that is shown. `notes` are (label, text), the first of them the title; `notice` warns of invented
    respondents, as (label, text).
    """

    codebook: Codebook
    estimates: Sequence[Row]
    date: dt.date
    title: str
    edition: str
    changes: Sequence[Row] = ()
    facts: Sequence[Headline] = ()
    remarks: Mapping[Key, Sequence[str]] = field(default_factory=dict)
    bases: Mapping[str, Base] = field(default_factory=dict)
    notes: Sequence[Note] = ()
    notice: Note | None = None
    publisher: str = ""
    language: str = "en"
    paper: str = "a4"
    withholds_counts: bool = False
    properties: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        warning = self.notice[0] if self.notice else ""
        facts = {
            "title": " – ".join(filter(None, [self.title, self.edition, warning])),
            "subject": self.notice[1] if self.notice else self.codebook.survey.subject,
            "author": self.publisher,
            "keywords": warning,
            "created": dt.datetime.combine(self.date, dt.time()),
        }
        object.__setattr__(self, "properties", {name: value for name, value in facts.items() if value})


def write_workbook(path: Path, content: Content) -> None:
    """Write the results of an edition as an .xlsx file; the same content gives the same bytes.

    Numbers stay numbers: shares are 0–1 and shown as percent, counts are whole. What is withheld is a dash on the
    sheets to be read and empty on that of all estimates. Text that a spreadsheet would run as a formula is marked as
    text. The file says that it was made on `content.date`.

    >>> from impact_report import codebook
    >>> content = Content(codebook.load("data/raw/codebook.yml"), [], dt.date(2020, 1, 31), "Impact", "2019")
    >>> content.properties["title"]
    'Impact – 2019'
    """
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(str(path), options) as workbook:
        workbook.set_properties(content.properties)
        workbook.set_custom_property("Language", content.language)
        _Book(workbook, content).write()


@dataclass
class _Book:
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

    def write(self) -> None:
        """Write every sheet; the one about the workbook comes first, and is what opens."""
        everything, about = say("All estimates"), say("About")
        self.taken = {everything.lower()}
        front = self.workbook.add_worksheet(self.name(about))
        of_section = say("Each statement: everyone first, the largest share first; then by group.")
        purposes = []
        if self.content.facts:
            words = say("The figures at the head of the report: each with its rule, and where it is from.")
            purposes.append((self.name(say("Headline facts")), words))
            self.write_facts(self.workbook.add_worksheet(purposes[-1][0]), words)
        for section in self.content.codebook.sections:
            purposes.append((self.name(section.title), of_section))
            self.write_section(self.workbook.add_worksheet(purposes[-1][0]), section)
        if self.content.changes:
            words = say("Each statement in the earlier wave and in this one, and how far it has changed, in points.")
            purposes.append((self.name(say("Change")), words))
            self.write_changes(self.workbook.add_worksheet(purposes[-1][0]))
        if self.content.bases:
            words = say("Each statement: who was asked, which answers do not count, who is not in the base, and why.")
            purposes.append((self.name(say("Bases")), words))
            self.write_bases(self.workbook.add_worksheet(purposes[-1][0]), words)
        self.write_all(self.workbook.add_worksheet(everything))
        words = say("One row an indicator and group, as in estimates.csv: to filter, and to compute with.")
        self.write_about(front, [*purposes, (everything, words)])

    # Sheets

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

    def write_about(self, sheet: Any, sheets: Sequence[Note]) -> None:
        """Say what the workbook is, how it is read, what each column holds and what each flag means."""
        content = self.content
        self.page(sheet, (LABEL_WIDTH, TEXT_WIDTH))
        self.text(sheet, 0, 0, content.title, "title")
        self.text(sheet, 1, 0, content.edition, "below")
        row = 3
        if content.notice:
            sheet.set_row(row, _height((content.notice[0], LABEL_WIDTH), (content.notice[1], TEXT_WIDTH)))
            for place, words in enumerate(content.notice):
                self.text(sheet, row, place, words, "notice")
            row += 2
        described = [(say("“{name}”", name=one.title), translated(one.words)) for one in self.sections_columns()]
        flags = spread(FLAG_NAMES)
        every = [(name, translated(one.words)) for name, one in ESTIMATES.items()]
        chapters = [
            ("", list(content.notes)),
            (say("How to read it"), self.how_to_read()),
            (say("Sheets"), sheets),
            (say("Columns of the sheets by section"), described),
            (say("Columns of the sheet “{name}”", name=sheets[-1][0]), every),
            (say("Flags and remarks"), [(name, meaning(flag, designed=True)) for flag, name in flags.items()]),
        ]
        for title, notes in chapters:
            if title:
                self.text(sheet, row, 0, title, "chapter")
                row += 1
            for label, text in notes:
                sheet.set_row(row, _height((label, LABEL_WIDTH), (text, TEXT_WIDTH)))
                self.text(sheet, row, 0, label, "label")
                self.text(sheet, row, 1, text, "wrap")
                row += 1
            row += 1

    def how_to_read(self) -> list[Note]:
        """Return what a reader must know before the first number."""
        counts = say("A share is never without its base: the count (x) out of the base (n) stands beside it.")
        if self.content.withholds_counts:
            counts = say(
                "A share is never without its base, the number of answers (n). How many of them the share counts is "
                "not shown: beside a weighted share, it would tell whose answers are in it."
            )
        return [
            (say("Shares"), say("From 0 to 1, shown as percent. ") + counts),
            (
                say("Interval"),
                say("The true share lies between the two ends, as far as chance alone is concerned; see the report."),
            ),
            (
                say("A dash ({dash})", dash=DASH),
                say("Withheld, so that nobody can be recognised: too few answered, a count is too small, or another "
                    "hidden number could be worked out from it."),
            ),
            (say("An empty cell"), say("There is no such number; the remarks say why where it is a share.")),
        ]  # fmt: skip

    def sections_columns(self) -> list[Column]:
        """Return the columns of a section's sheet."""
        counts = [] if self.content.withholds_counts else [Column(say("Count (x)"), ESTIMATES["count"].words, "count")]
        return [
            Column(say("Statement"), ESTIMATES["statement"].words, "text"),
            Column(say("By"), "what the groups are made by; everyone: no groups", "text"),
            Column(say("Group"), "the group; empty: everyone", "text"),
            Column(say("Share"), ESTIMATES["proportion"].words, "share"),
            *counts,
            Column(say("Base (n)"), ESTIMATES["base"].words, "count"),
            Column(say("Interval, from"), ESTIMATES["low"].words, "share"),
            Column(say("Interval, to"), ESTIMATES["high"].words, "share"),
            Column(say("Remarks"), "what to beware of; each remark is explained below", "text"),
        ]

    def write_section(self, sheet: Any, section: Section) -> None:
        """Write what a section reports: everyone, then the groups, one row a statement and group."""
        columns = self.sections_columns()
        numbers = [NUMBER_WIDTH] * (len(columns) - 4)
        self.page(sheet, (STATEMENT_WIDTH, BY_WIDTH, GROUP_WIDTH, *numbers, REMARK_WIDTH), HEAD_ROW)
        self.open_with(sheet, section.title, say("Shares of {whom}", whom=self.content.codebook.survey.respondents))
        self.heads(sheet, columns)
        rows = self.ordered(section)
        before: Row | None = None
        for number, row in enumerate(rows, start=HEAD_ROW + 1):
            everyone = row["group_by"] == EVERYONE
            begins = before is not None and (
                before["group_by"] != row["group_by"] or (not everyone and before["indicator"] != row["indicator"])
            )
            look = {"valign": "top"}
            look |= {"top": 1, "top_color": LIGHT["rule"]} if begins else {}
            cells = self.cells(row)
            sheet.set_row(number, _height((row["statement"], STATEMENT_WIDTH), (cells[-1], REMARK_WIDTH)))
            for place, (column, value) in enumerate(zip(columns, cells, strict=True)):
                own = TEXTS.get(column.kind) or {"bold": everyone}
                self.cell(sheet, number, place, value, SHOWN.get(column.kind), look | own)
            before = row
        if rows:
            sheet.autofilter(HEAD_ROW, 0, HEAD_ROW + len(rows), len(columns) - 1)
        for number, words in enumerate(self.left_out(section), start=HEAD_ROW + len(rows) + 2):
            self.text(sheet, number, 0, words, "below")

    def left_out(self, section: Section) -> list[str]:
        """Say which groups have no row, because none of the section's numbers may be shown of them."""
        said = []
        for grouping in self.content.codebook.groups:
            item = self.content.codebook.items[grouping]
            hidden = {
                row["group"]
                for row in self.content.estimates
                if row["section"] == section.id and row["group_by"] == grouping and row["suppressed"]
            }
            hidden -= {row["group"] for row in self.ordered(section) if row["group_by"] == grouping}
            if hidden:
                names = ", ".join(code.label for name, code in item.codes.items() if name in hidden)
                by = self.content.codebook.called(grouping)
                said.append(say("Withheld throughout, by {grouping}: {names}.", grouping=by, names=names))
        return said

    def ordered(self, section: Section) -> list[Row]:
        """Return a section's rows: everyone's by share, then each grouping's by statement and in the codebook's order.

        A group of which nothing is shown, because all is withheld or nobody is in it, has none.
        """
        rows = [row for row in self.content.estimates if row["section"] == section.id]
        everyone = [row for row in rows if row["group_by"] == EVERYONE]
        everyone.sort(key=lambda row: -1 if _missing(row["proportion"]) else row["proportion"], reverse=True)
        place = {row["indicator"]: number for number, row in enumerate(everyone)}
        groupings = [one for one in self.content.codebook.groups if any(row["group_by"] == one for row in rows)]
        for grouping in groupings:
            codes = list(self.content.codebook.items[grouping].codes)
            of_grouping = [row for row in rows if row["group_by"] == grouping]
            shown = {row["group"] for row in of_grouping if not row["suppressed"] and row["base"]}
            of_grouping = [row for row in of_grouping if row["group"] in shown]
            everyone += sorted(of_grouping, key=lambda row: (place[row["indicator"]], codes.index(row["group"])))
        return everyone

    def cells(self, row: Row) -> list[Any]:
        """Return the cells of a row to be read."""
        grouping, group = row["group_by"], row["group"]
        if grouping == EVERYONE:
            names = [say("everyone"), ""]
        else:
            codebook = self.content.codebook
            names = [codebook.called(grouping), codebook.items[grouping].codes[group].label]
        count = [] if self.content.withholds_counts else ["count"]
        figures = ["proportion", *count, "base", "low", "high"]
        if row["suppressed"]:
            return [row["statement"], *names, *([DASH] * len(figures)), say("not shown")]
        flags = [translated(FLAG_NAMES[flag]) for flag in (row["flags"] or "").split()]
        said = self.content.remarks.get((row["indicator"], grouping, group), ())
        return [row["statement"], *names, *(row[name] for name in figures), ", ".join([*said, *flags])]

    def write_facts(self, sheet: Any, below: str) -> None:
        """Write the headline facts, one a row, as their evidence in the report tells them."""
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
        self.page(sheet, FACT_WIDTHS, HEAD_ROW)
        self.open_with(sheet, say("Headline facts"), below)
        self.heads(sheet, columns)
        for number, fact in enumerate(self.content.facts, start=HEAD_ROW + 1):
            ruled = {"top": 1, "top_color": LIGHT["rule"]} if number > HEAD_ROW + 1 else {}
            sheet.set_row(number, _height(*((text, FACT_WIDTHS[k]) for k, text in enumerate(fact) if k in FACT_TEXTS)))
            shown = {"count": WHOLE, "number": WHOLE if float(fact.exact).is_integer() else ANY_DECIMALS}
            for place, (column, value) in enumerate(zip(columns, fact, strict=True)):
                look = {"valign": "top", **ruled, "bold": place < FACTS_IN_BOLD} | TEXTS.get(column.kind, {})
                self.cell(sheet, number, place, value, shown.get(column.kind), look)

    def write_bases(self, sheet: Any, below: str) -> None:
        """Write of each indicator how many were asked, how many count, and who does not and why, as the report does."""
        counts = [] if self.content.withholds_counts else [Column(say("Count (x)"), ESTIMATES["count"].words, "count")]
        columns = [
            Column(say("Statement"), "", "text"),
            Column(say("Eligible"), "", "count"),
            Column(say("Asked"), "", "count"),
            Column(say("Base (n)"), "", "count"),
            *counts,
            Column(say("Other answers in the base"), "", "text"),
            Column(say("Not in the base"), "", "text"),
        ]
        names = ["eligible", "asked", "base", *(["count"] if counts else [])]
        self.page(sheet, (STATEMENT_WIDTH, *([NUMBER_WIDTH] * len(names)), REMARK_WIDTH, REMARK_WIDTH), HEAD_ROW)
        self.open_with(sheet, say("Who is counted, and who is not"), below)
        self.heads(sheet, columns)
        rows = [row for row in self.content.estimates if row["group_by"] == EVERYONE]
        for number, row in enumerate(rows, start=HEAD_ROW + 1):
            told = self.content.bases.get(row["indicator"])
            values = [*(row[name] for name in names), *told] if told else [DASH] * (len(columns) - 1)
            texts = [(text, REMARK_WIDTH) for text in told or ()]
            sheet.set_row(number, _height((row["statement"], STATEMENT_WIDTH), *texts))
            for place, (column, value) in enumerate(zip(columns, [row["statement"], *values], strict=True)):
                look = {"valign": "top"} | TEXTS.get(column.kind, {})
                self.cell(sheet, number, place, value, SHOWN.get(column.kind), look)

    def write_changes(self, sheet: Any) -> None:
        """Write what has changed since the earlier wave, the largest rise first; then what could not be compared."""
        counts = not self.content.withholds_counts
        columns = [
            Column(say("Statement"), "", "text"),
            Column(say("Earlier share"), "", "share"),
            *([Column(say("Earlier count (x)"), "", "count")] if counts else []),
            Column(say("Earlier base (n)"), "", "count"),
            Column(say("Share"), "", "share"),
            *([Column(say("Count (x)"), "", "count")] if counts else []),
            Column(say("Base (n)"), "", "count"),
            Column(say("Change, points"), "", "signed share"),
            Column(say("From"), "", "signed share"),
            Column(say("To"), "", "signed share"),
            Column(say("Larger than chance"), "", "text"),
            Column(say("Remarks"), "", "text"),
        ]
        names = ["statement", "earlier_proportion", "earlier_count", "earlier_base", "proportion", "count", "base"]
        names = [name for name in names if counts or not name.endswith("count")]
        numbers = [NUMBER_WIDTH] * (len(columns) - 3)
        self.page(sheet, (STATEMENT_WIDTH, *numbers, VERDICT_WIDTH, REMARK_WIDTH), HEAD_ROW)
        first = self.content.changes[0]
        below = say("{earlier} and {now}", earlier=first["earlier_wave"], now=first["wave"])
        self.open_with(sheet, say("Change since the earlier wave"), below)
        self.heads(sheet, columns)
        rows = sorted(self.content.changes, key=lambda row: math.inf if _missing(row["change"]) else -row["change"])
        for number, row in enumerate(rows, start=HEAD_ROW + 1):
            points = [None if _missing(row[name]) else 100 * row[name] for name in ("change", "low", "high")]
            verdict = "" if _missing(row["larger_than_chance"]) else _yes_or_no(row["larger_than_chance"])
            sheet.set_row(number, _height((row["statement"], STATEMENT_WIDTH), (row["reason"] or "", REMARK_WIDTH)))
            how = row["reason"] or translated(COMPARED.get(row["compared"] or "", ""))
            values = [*(row[name] for name in names), *points, verdict, how]
            for place, (column, value) in enumerate(zip(columns, values, strict=True)):
                look = {"valign": "top"} | TEXTS.get(column.kind, {})
                self.cell(sheet, number, place, value, SHOWN.get(column.kind), look)
        sheet.autofilter(HEAD_ROW, 0, HEAD_ROW + len(rows), len(columns) - 1)

    def write_all(self, sheet: Any) -> None:
        """Write all estimates as they are in estimates.csv, one row an indicator and group, under the same names."""
        widths = [len(name) + 3 for name in ESTIMATES]
        for place, name in enumerate(ESTIMATES):
            self.text(sheet, 0, place, name, "head")
        for number, row in enumerate(self.content.estimates, start=1):
            for place, (name, column) in enumerate(ESTIMATES.items()):
                self.cell(sheet, number, place, row[name], FORMATS.get(column.kind))
                widths[place] = max(widths[place], len(row[name]) + 1 if isinstance(row[name], str) else 0)
        self.page(sheet, [min(max(width, NARROWEST), WIDEST) for width in widths], 0, WIDE_PAGES)
        sheet.autofilter(0, 0, len(self.content.estimates), len(ESTIMATES) - 1)

    # Cells

    def heads(self, sheet: Any, columns: Iterable[Column]) -> None:
        sheet.set_row(HEAD_ROW, 2 * LINE_HEIGHT)
        for place, column in enumerate(columns):
            self.text(sheet, HEAD_ROW, place, column.title, "head" if column.kind == "text" else "head_right")

    def text(self, sheet: Any, row: int, place: int, text: str, look: str) -> None:
        if text:
            self.cell(sheet, row, place, text, look=self.looks[look])

    def cell(
        self, sheet: Any, row: int, place: int, value: Any, shown: str | None = None, look: Mapping | None = None
    ) -> None:
        """Write one cell; `shown` is the format of a number, `look` what else it looks like."""
        look = dict(look or {})
        if _missing(value):
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


def _height(*texts: tuple[str, float]) -> float:
    """Return the height in points of a row with these texts, each wrapped in a column of its width.

    >>> _height(("short", 20)), _height(("short", 20), ("a text that takes two lines", 20))
    (15.5, 31.0)
    """
    return LINE_HEIGHT * max(
        sum(len(textwrap.wrap(line, int(width * LETTERS_A_WIDTH))) or 1 for line in text.split("\n"))
        for text, width in texts
    )


def _missing(value: Any) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))


def _yes_or_no(value: bool) -> str:
    return say("yes") if value else say("no")


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
