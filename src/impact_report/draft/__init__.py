"""The first draft of a study: a codebook and a wave made from nothing but a raw export.

vocabulary     words of many languages: no answer, yes, scales, personal data
answers        what stands in a column, and how often
items, kinds, questions     columns become items, each with its kind and its answers
qsf            what a Qualtrics survey definition adds
sections       which answers a first report tells
writing, pages     codebook.yml and wave.yml as a person would write them
proof          every text of the export goes through the cleaning
folder         files are written once, never over what a person has changed
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from impact_report import readers
from impact_report.codebook import EXCEL
from impact_report.draft import folder, pages, proof, qsf, questions
from impact_report.draft.answers import counted
from impact_report.draft.folder import Decision, File
from impact_report.draft.items import DraftItem
from impact_report.draft.sections import groups, sections
from impact_report.draft.vocabulary import slug
from impact_report.edition import project_root
from impact_report.errors import AnswersError, ExportError, Problem, ReportError
from impact_report.readers import Export

__all__ = ["Decision", "Drafted", "File", "draft", "study_of"]

_BEYOND_A_NAME = {"responses", "response", "export", "data", "results", "answers", "csv", "numeric", "form"}
_ENDINGS = re.compile(r"(\.(csv|tsv|txt|xlsx?|xlsb|xlsm|ods|sav|zsav|por|parquet|gz|zip))+$", re.IGNORECASE)
_PROOFS = 5
_LEFT_OUT = "Cleaning could not read some of its answers: look at the column, then write an item for it."
_AS_TEXT = "some answers fit no list, number or date. Now it is a text and not reported."


@dataclass(frozen=True)
class Drafted:
    """A drafted study: its folder and wave, what became of each file, what is to decide, what is not covered."""

    folder: Path
    wave: str
    files: tuple[File, ...]
    decisions: tuple[Decision, ...]
    uncovered: tuple[str, ...] = ()


def draft(export: str | Path, study: str | Path = "", sheet: str | None = None) -> Drafted:
    """Draft a study folder from a raw export, so that its report can be built at once; nothing edited is overwritten.

    Raises ExportError where the export cannot be read, or asks nothing of which a report could tell shares.
    """
    path = Path(export)
    read = readers.read(path, sheet=sheet)
    found = questions.of(read, qsf.beside(path) if read.format == "qualtrics" else None)
    where = project_root() / (study or f"studies/{study_of(path)}")
    facts = _facts(path, read, found.items, where, sheet)
    written = _proven(facts, found, read)
    marked, _ = folder.numbered({"codebook.yml": written[0], f"{facts[1]}/wave.yml": written[1]})
    return _write(path, where, facts[1], marked, read)


def study_of(export: Path) -> str:
    """Return the name of a study after its export's file, without what every export is called.

    >>> study_of(Path("Choir-Singers-2020-responses.csv")), study_of(Path("responses.csv"))
    ('choir-singers', 'survey')
    """
    words = re.findall(r"[a-z0-9]+", slug(_ENDINGS.sub("", export.name), 50).replace("_", " "))
    telling = [
        word for word in words if word not in _BEYOND_A_NAME and not re.fullmatch(r"n?(19|20)\d\d\d*|n?\d+", word)
    ]
    return "-".join(telling) or "survey"


def _proven(facts: tuple[pages.Facts, str], found: questions.Questionnaire, export: Export) -> tuple[str, str]:
    """Return codebook.yml and wave.yml, once every text of the export has a meaning in them."""
    for _ in range(_PROOFS):
        by = groups(found.items)
        parts, more = sections(found.items, by)
        if not parts:
            do = "write the codebook by hand, as in docs/bring-your-own-survey.md"
            what = f"{len(export.columns)} columns of numbers, dates and free texts"
            raise ExportError(Problem("a question with answers that come back", what, facts[0].source, do))
        texts = pages.codebook(facts[0], found, parts, more, by), pages.wave(facts[0])
        strange = proof.unexplained(*texts, export, facts[0].source)
        if not strange:
            return texts
        for item in [one for one in found.items if one.name in strange]:
            _give_up(item, found)
    raise AnswersError(Problem("a draft that explains every answer", ", ".join(strange), facts[0].source, "tell us"))


def _give_up(item: DraftItem, found: questions.Questionnaire) -> None:
    """Keep an item out of the report, because its answers cannot be explained."""
    if len(item.sources) == 1:
        item.as_text(_AS_TEXT)
        return
    found.items.remove(item)
    found.ignored |= {column.title: _LEFT_OUT for column in item.sources}


# --- What is known of the wave ----------------------------------------------------------------------------------------


def _facts(
    path: Path, export: Export, items: Sequence[DraftItem], where: Path, sheet: str | None
) -> tuple[pages.Facts, str]:
    """Return what the export tells of its wave, and the wave's name."""
    start, end, dated_by = _fielded(path, export, items)
    name = study_of(path)
    here = path.resolve().parent
    in_place = here.parent == where.resolve()
    wave = here.name if in_place else f"{name}-{end.year}"
    previews = int(export.previews.sum()) if export.previews is not None else 0
    facts = pages.Facts(
        title=name.replace("-", " ").capitalize(),
        study=slug(name) or "survey",
        source=path.name,
        rows=len(export.text),
        columns=len(export.columns),
        format=export.format,
        start=start,
        end=end,
        dated_by=dated_by,
        previews="" if not previews else "drop" if previews < len(export.text) else "keep",
        preview_rows=previews,
        unfinished_rows=int(export.unfinished.sum()) if export.unfinished is not None else 0,
        duplicates=_duplicates(export, items, dated_by),
        export=path.name if in_place and not path.name.startswith("responses.") else "",
        sheet=sheet or "",
    )
    return facts, wave


def _fielded(path: Path, export: Export, items: Sequence[DraftItem]) -> tuple[dt.date, dt.date, str]:
    """Return the first and the last day of a time stamp, and its item; else the day of the file and no item."""
    dates = [item for item in items if item.kind == "date" and not item.personal]
    stamps = [item for item in dates if item.platform] or [
        item for item in dates if re.search(r"start|end|submi|stamp|today|complet|created", item.name)
    ]
    days = [day for item in stamps for day in _days(export, item)]
    if not days:
        day = dt.date.fromtimestamp(path.stat().st_mtime)
        return day, day, ""
    last = next((item for item in stamps if re.search(r"end|submi|complet|modif", item.name)), stamps[-1])
    return min(days), max(days), last.name


def _days(export: Export, item: DraftItem) -> tuple[dt.date, ...]:
    """Return the first and the last day in a column of dates."""
    texts = pd.Series(list(counted(export, item.sources)), dtype="str").str.strip()
    found = pd.to_datetime(texts, format="ISO8601", errors="coerce", utc=True).dt.tz_localize(None)
    for pattern in item.formats:
        if pattern == EXCEL:
            days = pd.Timestamp("1899-12-30") + pd.to_timedelta(pd.to_numeric(texts, errors="coerce"), unit="D")
        else:
            days = pd.to_datetime(texts, format=pattern, errors="coerce", utc="%z" in pattern)
            days = days.dt.tz_localize(None) if days.dt.tz is not None else days
        found = found.fillna(days)
    found = found[found.dt.year > 1980]  # 1980-01-01 stands for no time in anonymous exports
    return (found.min().date(), found.max().date()) if len(found.dropna()) else ()


def _duplicates(export: Export, items: Sequence[DraftItem], dated_by: str) -> tuple[str, str] | None:
    """Return the item of a respondent's id and that of the time, if the id is the same in a few rows."""
    for item in items:
        if item.kind == "id":
            counts = counted(export, item.sources)
            times = sum(counts.values())
            if len(counts) < times and len(counts) > 0.5 * times:
                return item.name, dated_by
    return None


# --- The folder -------------------------------------------------------------------------------------------------------


def _write(path: Path, where: Path, wave: str, texts: dict[str, str], export: Export) -> Drafted:
    others = [one for one in where.glob("*/wave.yml") if one.parent.name != wave]
    files = [folder.write(where / name, text, bool(others) and name == "codebook.yml") for name, text in texts.items()]
    raw = path
    if path.resolve().parent != (where / wave).resolve():
        endings = _ENDINGS.search(path.name)
        raw = where / wave / f"responses{endings.group().lower() if endings else '.txt'}"
        files.append(folder.copy(path, raw))
    decisions = folder.decisions_in(where, list(texts))
    files.append(folder.write(where / "DECISIONS.md", _list_of_decisions(decisions)))
    if not (where / ".gitignore").exists():
        (where / ".gitignore").write_text(folder.IGNORED, encoding="utf-8")
    edited = any(one.state == folder.KEPT and one.path.suffix == ".yml" for one in files)
    uncovered = _uncovered(where, wave, export, path.name) if edited else ()
    return Drafted(where, wave, tuple(files), tuple(decisions), uncovered)


def _list_of_decisions(decisions: Sequence[Decision]) -> str:
    lines = [
        "# What a person must decide",
        "",
        "The choice made for now stands at each place. Where you have decided, take the comment there away.",
        "",
        *(f"{one.number}. `{one.file}:{one.line}` {one.words}" for one in decisions),
    ]
    return "\n".join(lines) + "\n"


def _uncovered(where: Path, wave: str, export: Export, file: str) -> tuple[str, ...]:
    """Return what the kept codebook does not explain of this export, each in a line."""
    try:
        strange = proof.unexplained(
            (where / "codebook.yml").read_text(encoding="utf-8"),
            (where / wave / "wave.yml").read_text(encoding="utf-8"),
            export,
            file,
        )
    except ReportError as error:
        return tuple(f"{one.where}: expected {one.expected}, found {one.found}" for one in error.problems)
    return tuple(f"codebook.yml does not explain every answer to `{name}`" for name in strange)
