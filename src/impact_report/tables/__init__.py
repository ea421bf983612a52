"""The results as a workbook: a sheet about it, a sheet a section to be read, and all estimates to be computed with.

content      what it is made of
book         its sheets and cells, and how a line of a table is written
section      a sheet a section
about        the first sheet, on how to read the others
facts        the headline facts
bases        who is counted, and who is not
change       what has changed since the earlier wave
everything   all estimates
workbook     the file, with its sheets in order
"""

from impact_report.tables.book import DASH, HEAD_ROW
from impact_report.tables.content import Base, Content, Headline, Key
from impact_report.tables.section import FLAG_NAMES
from impact_report.tables.workbook import write_workbook

__all__ = ["DASH", "FLAG_NAMES", "HEAD_ROW", "Base", "Content", "Headline", "Key", "write_workbook"]
