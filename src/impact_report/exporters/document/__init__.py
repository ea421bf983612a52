"""An executed notebook as one document, or every reason why it must not be published.

faults     what a report is refused for, all of it at once
shape      a block has what its kind needs, and so has each node in it
cells      the blocks that cells show; what else they show has no place in a report
cover      the one cover
anchors    what can be linked to, and what a reader calls it
outline    the headings, and the contents they make
figure     what a reader of a chart gets beside it
text       numbers, links and notes in the order of reading
assembly   the document that both exporters read: completed, numbered, each number with its place and its evidence
"""

from impact_report.exporters.document.anchors import COVER_ID
from impact_report.exporters.document.assembly import (
    Document,
    description_of,
    document_from_notebook,
    document_of,
    notice_of,
)
from impact_report.exporters.document.faults import ReportRefused

__all__ = [
    "COVER_ID",
    "Document",
    "ReportRefused",
    "description_of",
    "document_from_notebook",
    "document_of",
    "notice_of",
]
