"""The results as a workbook: which sheets it has, in which order, and what each is for."""

from __future__ import annotations

from pathlib import Path

import xlsxwriter

from impact_report.language import say
from impact_report.tables.about import write_about
from impact_report.tables.bases import write_bases
from impact_report.tables.book import Book
from impact_report.tables.change import write_change
from impact_report.tables.content import Content
from impact_report.tables.everything import write_everything
from impact_report.tables.facts import write_facts
from impact_report.tables.section import write_section


def write_workbook(path: Path, content: Content) -> None:
    """Write the results of an edition as an .xlsx file; the same content gives the same bytes.

    Numbers stay numbers: shares are 0–1 and shown as percent, counts are whole. What is withheld is a dash on the
    sheets to be read and empty on that of all estimates. Text that a spreadsheet would run as a formula is marked as
    text. The file says that it was made on `content.date`.

    >>> import datetime as dt
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
        _write_sheets(Book(workbook, content))


def _write_sheets(book: Book) -> None:
    """Write every sheet; the one about the workbook comes first, and is what opens."""
    workbook, content = book.workbook, book.content
    everything, about = say("All estimates"), say("About")
    book.taken = {everything.lower()}
    front = workbook.add_worksheet(book.name(about))
    of_section = say("Each statement: everyone first, the largest share first; then by group.")
    purposes = []
    if content.facts:
        words = say("The figures at the head of the report: each with its rule, and where it is from.")
        purposes.append((book.name(say("Headline facts")), words))
        write_facts(book, workbook.add_worksheet(purposes[-1][0]), words)
    for section in content.codebook.sections:
        purposes.append((book.name(section.title), of_section))
        write_section(book, workbook.add_worksheet(purposes[-1][0]), section)
    if content.changes:
        words = say("Each statement in the earlier wave and in this one, and how far it has changed, in points.")
        purposes.append((book.name(say("Change")), words))
        write_change(book, workbook.add_worksheet(purposes[-1][0]))
    if content.bases:
        words = say("Each statement: who was asked, which answers do not count, who is not in the base, and why.")
        purposes.append((book.name(say("Bases")), words))
        write_bases(book, workbook.add_worksheet(purposes[-1][0]), words)
    write_everything(book, workbook.add_worksheet(everything))
    words = say("One row an indicator and group, as in estimates.csv: to filter, and to compute with.")
    write_about(book, front, [*purposes, (everything, words)])
