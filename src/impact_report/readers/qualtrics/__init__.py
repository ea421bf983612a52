"""Qualtrics: names, labels and import ids in three header rows; names and labels alone in older exports.

labels      question and option in one text
headers     where each column stands among the platform's questions
questions   these places as questions, options and rows
status      previews, tests and spam; what is unfinished
"""

from __future__ import annotations

from impact_report.readers.export import Export
from impact_report.readers.qualtrics.headers import between, header_rows, places, refuse_one_header
from impact_report.readers.qualtrics.questions import columns
from impact_report.readers.qualtrics.status import previews, unfinished
from impact_report.readers.table import Table

FORMAT = "qualtrics"


def recognise(table: Table) -> bool:
    """Say whether the third row holds import ids, or two rows name the platform's own columns.

    >>> from impact_report.readers.table import of
    >>> recognise(of(["Q1"], ["Role?"], ['{"ImportId":"QID1"}'], ["Firm"])), recognise(of(["Role?"], ["Firm"]))
    (True, False)
    """
    return header_rows(table) > 0


def read(table: Table) -> Export:
    """Return the export; the columns of one import id are the options or rows of one question.

    A text written beside a choice is an answer of its own; so is each row of a matrix in which several answers can be
    given. Previews, tests and spam are told from the status, and so is a status that is not known to be a respondent's;
    unfinished responses from `Finished`, or else `Progress`. Raises ExportError where there is one header row only.

    >>> from impact_report.readers.table import of
    >>> ids = ['{"ImportId":"status"}', '{"ImportId":"QID1_1"}', '{"ImportId":"QID1_2"}']
    >>> table = of(["Status", "Q1_1", "Q1_2"], ["Status", "Which? - Pay", "Which? - Hours"], ids, ["1", "x", ""])
    >>> [column.title for column in read(table).columns], read(table).previews
    (['Status', 'Which? – Pay', 'Which? – Hours'], array([ True]))
    """
    rows = header_rows(table)
    if not rows:
        refuse_one_header(table)
    below = table.below(rows or 2)
    found = places(table)
    known = {place.known: place.position for place in reversed(found) if place.known}
    return Export(
        FORMAT,
        tuple(columns(found, between(table), {place.position: below.texts(place.position) for place in found})),
        below.cells,
        table.encoding,
        table.separator,
        previews=previews(below, known),
        unfinished=unfinished(below, known),
    )
