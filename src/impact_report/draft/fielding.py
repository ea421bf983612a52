"""What an export tells of its wave: from when the answers are, and which of its rows are to be judged."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from impact_report.draft.answers import counted
from impact_report.draft.items import DraftItem
from impact_report.moments import read_moments
from impact_report.readers import Export

_STARTS_OR_ENDS = re.compile(r"start|end|submi|stamp|today|complet|created")
_DATED = re.compile(r"date|datum|fecha|\bdata\b", re.IGNORECASE)
_ENDS = re.compile(r"end|submi|complet|modif")
_EVENT = re.compile("event_name|repeat_instrument|repeat_instance")
_MOST_EVENTS = 12
_NO_TIME = 1980  # 1980-01-01 stands for no time in anonymous exports


@dataclass(frozen=True)
class Fielding:
    """When the answers were given, and which rows a person must judge."""

    rows: int
    columns: int
    format: str
    start: dt.date
    end: dt.date
    dated_by: str = ""  # the item with the dates; empty: the file's own date
    previews: int = 0
    unfinished: int = 0
    duplicates: str = ""  # the item of a respondent's id, if it is the same in a few rows
    cases: int = 0  # respondents with several rows, as for events
    keep: Mapping[str, str] = field(default_factory=dict)  # item → code: what leaves one row a respondent
    drop: str = ""  # the item whose answer sets a row aside, so that one is left


def fielding(path: Path, export: Export, items: Sequence[DraftItem]) -> Fielding:
    """Return what an export tells of its wave; without a time stamp, the file's own day.

    >>> import pandas as pd
    >>> from impact_report.readers import Column
    >>> day = DraftItem("End date", "date", (Column(0, "End date", "End date"),), name="end_date", answered=2)
    >>> text = pd.DataFrame({0: pd.Categorical(["2024-05-03", "2024-05-01"])})
    >>> found = fielding(Path("export.csv"), Export("plain", day.sources, text), [day])
    >>> str(found.start), str(found.end), found.dated_by
    ('2024-05-01', '2024-05-03', 'end_date')
    """
    start, end, dated_by = _fielded(path, export, items)
    return Fielding(
        rows=len(export.text),
        columns=len(export.columns),
        format=export.format,
        start=start,
        end=end,
        dated_by=dated_by,
        previews=int(export.previews.sum()) if export.previews is not None else 0,
        unfinished=int(export.unfinished.sum()) if export.unfinished is not None else 0,
        duplicates=_duplicates(export, items) if export.cases is None else "",
        **_one_row(export, items),
    )


def _fielded(path: Path, export: Export, items: Sequence[DraftItem]) -> tuple[dt.date, dt.date, str]:
    """Return the first and the last day of a time stamp, and its item; else the day of the file and no item."""
    dates = [item for item in items if item.kind == "date" and not item.personal]
    stamps = (
        [item for item in dates if item.platform]
        or [item for item in dates if _STARTS_OR_ENDS.search(item.name)]
        or [item for item in dates if _DATED.search(f"{item.name} {item.question}")]
    )
    days = [day for item in stamps for day in _days(export, item)]
    if not days:
        day = dt.date.fromtimestamp(path.stat().st_mtime)
        return day, day, ""
    last = next((item for item in stamps if _ENDS.search(item.name)), stamps[-1])
    return min(days), max(days), last.name


def _days(export: Export, item: DraftItem) -> tuple[dt.date, ...]:
    """Return the first and the last day in a column of dates."""
    found = read_moments(list(counted(export, item.sources)), item.formats)
    found = found[found.dt.year > _NO_TIME]
    return (found.min().date(), found.max().date()) if len(found) else ()


def _one_row(export: Export, items: Sequence[DraftItem]) -> dict[str, object]:
    """Return what leaves one row of each respondent who has several: the first event, no repeated form, both.

    Where none of these does, one event and the first repeat of one form are tried; else a person must say it.
    """
    if export.cases is None:
        return {}
    told = pd.Series(export.cases)
    told = told.where(told >= 0)
    found = {"cases": int(told[told.duplicated(keep=False)].nunique())}
    places = [item for item in items if item.platform and item.kind == "single" and _EVENT.search(item.name)]
    for keep in _choices(places):
        for drop in ("", *(item.name for item in places if item.name not in keep)):
            left = pd.Series(True, index=told.index)
            for item in places:
                cells = export.text[item.sources[0].position].reset_index(drop=True)
                if item.name in keep:
                    label = next(code.label for code in item.codes if code.name == keep[item.name])
                    left &= cells == label
                if item.name == drop:
                    left &= cells == ""
            kept = told[left].dropna()
            if len(kept) and not kept.duplicated().any():
                return {**found, "keep": keep, "drop": drop}
    return found


def _choices(places: Sequence[DraftItem]) -> list[dict[str, str]]:
    """Return which answers on event and repeat may be asked for together: none, an event, one with a repeat, others."""
    each = [[None, *(code.name for code in item.codes[:_MOST_EVENTS])] for item in places]
    choices = [
        {item.name: name for item, name in zip(places, names, strict=True) if name is not None}
        for names in itertools.product(*each)
    ]
    events = {item.name for item in places if "event" in item.name}
    return sorted(choices, key=lambda keep: (bool(keep) and not events & keep.keys(), len(keep)))


def _duplicates(export: Export, items: Sequence[DraftItem]) -> str:
    """Return the item of a respondent's id, if the id is the same in a few rows."""
    for item in items:
        if item.kind == "id":
            counts = counted(export, item.sources)
            times = sum(counts.values())
            if len(counts) < times and len(counts) > 0.5 * times:
                return item.name
    return ""
