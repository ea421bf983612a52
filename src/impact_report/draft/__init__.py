"""The first draft of a study: a codebook and a wave made from nothing but a raw export.

names, usual, scales, persons     words of many languages: no answer, yes, ordered answers, personal data
answers, items                    what stands in a column, and how often; an item while it is drafted
dates, amounts, steps, joined, lists, kinds    what kind of question the texts of a column answer
qsf                               what a Qualtrics survey definition adds
headers, addresses, discretion, questions      columns become items, each found by its words, the personal ones hidden
sections                          which answers a first report tells
fielding                          what the export tells of its wave
writing, pages                    codebook.yml and wave.yml as a person would write them
proof                             every text of the export goes through the cleaning
folder                            files are written once, never over what a person has changed
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from impact_report import readers
from impact_report.draft import folder, pages, proof, qsf, questions
from impact_report.draft.fielding import fielding
from impact_report.draft.folder import Decision, File
from impact_report.draft.items import DraftItem
from impact_report.draft.names import slug
from impact_report.draft.sections import groups, sections
from impact_report.edition import project_root
from impact_report.errors import AnswersError, ExportError, Problem, ReportError
from impact_report.readers import Export

__all__ = ["Decision", "Drafted", "File", "draft", "study_of"]

_BEYOND_A_NAME = {"responses", "response", "export", "data", "results", "answers", "csv", "numeric", "form"}
_ENDINGS = re.compile(r"(\.(csv|tsv|txt|xlsx?|xlsb|xlsm|ods|sav|zsav|por|parquet|gz|zip))+$", re.IGNORECASE)
_PROOFS = 5
_LEFT_OUT = "Cleaning could not read some of its answers: look at the column, then write an item for it."
_AS_TEXT = "some answers fit no list, number or date. Now it is a text and not reported."
_SETTINGS = (
    "There is no wave.yml yet: while drafting, what it would say is given as SHEET=, FORMAT= or ENCODING= to make "
    "(--sheet, --format, --encoding to the command)."
)
_DECISIONS = "DECISIONS.md"


@dataclass(frozen=True)
class Drafted:
    """A drafted study: its folder and wave, what became of each file, what is to decide, what is not covered."""

    folder: Path
    wave: str
    files: tuple[File, ...]
    decisions: tuple[Decision, ...]
    uncovered: tuple[str, ...] = ()


def draft(
    export: str | Path,
    study: str | Path = "",
    sheet: str | None = None,
    format: str | None = None,
    encoding: str | None = None,
) -> Drafted:
    """Draft a study folder from a raw export, so that its report can be built at once; nothing edited is overwritten.

    `sheet`, `format` and `encoding` overrule how the export is read, and are written into wave.yml. Raises ExportError
    where the export cannot be read, or asks nothing of which a report could tell shares; ParameterError where the
    study's folder cannot be written.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as place:
    ...     raw = Path(place) / "choir-2024.csv"
    ...     _ = raw.write_text("Sings\\nYes\\nNo\\nYes\\n", "utf-8")
    ...     drafted = draft(raw, Path(place) / "study")
    >>> [file.path.name for file in drafted.files]
    ['codebook.yml', 'wave.yml', 'responses.csv', 'DECISIONS.md']
    """
    path = Path(export)
    read = _read(path, sheet, format, encoding)
    found = questions.of(read, qsf.beside(path) if read.format == "qualtrics" else None)
    of = fielding(path, read, found.items)
    where = project_root() / (study or f"studies/{study_of(path)}")
    in_place = path.resolve().parent.parent == where.resolve()
    wave = path.resolve().parent.name if in_place else f"{study_of(path)}-{of.end.year}"
    facts = pages.Facts(
        study=slug(study_of(path)) or "survey",
        title=study_of(path).replace("-", " ").capitalize(),
        source=path.name,
        fielding=of,
        export=path.name if in_place and not path.name.startswith("responses.") else "",
        format=format or "",
        sheet=sheet or "",
        encoding=encoding or "",
    )
    written = _proven(facts, found, read)
    marked, _ = folder.numbered({"codebook.yml": written[0], f"{wave}/wave.yml": written[1]})
    return _write(path, where, wave, marked, read)


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


def _read(path: Path, sheet: str | None, format: str | None, encoding: str | None) -> Export:
    try:
        return readers.read(path, format, sheet, encoding)
    except ExportError as error:
        if "wave.yml" in str(error) and "SHEET=" not in str(error):
            error.add_note(_SETTINGS)
        raise


def _proven(facts: pages.Facts, found: questions.Questionnaire, export: Export) -> tuple[str, str]:
    """Return codebook.yml and wave.yml, once every text of the export has a meaning in them."""
    for _ in range(_PROOFS):
        by = groups(found.items)
        parts, more = sections(found.items, by)
        if not parts:
            do = "write the codebook by hand, as in docs/bring-your-own-survey.md"
            what = f"{len(export.columns)} columns of numbers, dates and free texts"
            raise ExportError(Problem("a question with answers that come back", what, facts.source, do))
        texts = pages.codebook(facts, found, parts, more, by), pages.wave(facts)
        strange = proof.unexplained(*texts, export, facts.source)
        if not strange:
            return texts
        for item in [one for one in found.items if one.name in strange]:
            _give_up(item, found)
    raise AnswersError(Problem("a draft that explains every answer", ", ".join(strange), facts.source, "tell us"))


def _give_up(item: DraftItem, found: questions.Questionnaire) -> None:
    """Keep an item out of the report, because its answers cannot be explained."""
    if len(item.sources) == 1:
        item.as_text(_AS_TEXT)
        return
    found.items.remove(item)
    found.ignored |= {column.title: _LEFT_OUT for column in item.sources}


def _write(path: Path, where: Path, wave: str, texts: dict[str, str], export: Export) -> Drafted:
    """Write the folder: what a person has changed stays, and the raw export is for git to leave alone."""
    folder.check(where, where / wave, [*texts, _DECISIONS])
    others = [one for one in where.glob("*/wave.yml") if one.parent.name != wave]
    is_new = not (where / wave / "wave.yml").exists()
    files = [folder.write(where / name, text, bool(others) and name == "codebook.yml") for name, text in texts.items()]
    raw = path
    if path.resolve().parent != (where / wave).resolve():
        endings = _ENDINGS.search(path.name)
        raw = where / wave / f"responses{endings.group().lower() if endings else '.txt'}"
        files.append(folder.copy(path, raw))
    if is_new:
        folder.hide_from_git(where, where / wave / raw.name)
    decisions = folder.decisions_in(where, texts)
    files.append(folder.write(where / _DECISIONS, _list_of_decisions(decisions)))
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
