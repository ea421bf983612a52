"""The one cover of a report: its paper, its date, what stands on every page and in catalogues."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from impact_report.errors import near
from impact_report.exporters.document.cells import Found
from impact_report.exporters.document.faults import Faults, ReportRefused
from impact_report.exporters.structure import Block

PAPERS = ("a4", "us-letter")


def cover_of(found: Sequence[Found], faults: Faults) -> Block:
    """Return the cover, with its running title and its description. Raises ReportRefused where there is none.

    >>> cover = {"block": "cover", "title": "Impact", "subtitle": "", "date": "2020-01-31", "paper": "a4"}
    >>> cover_of([Found({**cover, "running": "", "description": ""}, "cell 1")], Faults())["running"]
    'Impact'
    """
    covers = [item for item in found if item.block["block"] == "cover"]
    if len(covers) != 1:
        what = f"{len(covers)} covers" if covers else "no cover"
        where = covers[1].where if covers else "the notebook"
        faults.add("exactly one cover", what, where, "show one cover block, at the start")
        if not covers:
            raise ReportRefused(faults.problems)
    cover, where = covers[0].block, f"{covers[0].where}, cover"
    if cover["paper"] not in PAPERS:
        faults.add("a paper size", repr(cover["paper"]), where, near(str(cover["paper"]), PAPERS))
    try:
        date.fromisoformat(cover["date"])
    except ValueError:
        faults.add("a date as 2019-06-30", repr(cover["date"]), where, "pass the document's date")
    cover["running"] = cover["running"] or cover["title"]
    cover["description"] = cover["description"] or " ".join(filter(None, [cover["title"], cover["subtitle"]]))
    return cover
