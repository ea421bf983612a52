"""Which raw column holds which item: found by wording, every doubt an error."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from impact_report.codebook import Codebook, Item
from impact_report.errors import ExportError, Problem, near
from impact_report.readers.export import Column, Export
from impact_report.wave import Wave
from impact_report.wording import normalise


@dataclass(frozen=True)
class Bound:
    """The columns of one item; for a select-all question one for each code, else a single one under ""."""

    columns: dict[str, Column]


def bind(export: Export, codebook: Codebook, wave: Wave, file: str) -> dict[str, Bound]:
    """Return the columns of each item that was asked.

    Raises ExportError with every problem at once: an item without a column, a column without an item, one column
    for two items, two columns for one item, an option without a code, a code without an option; and a single
    problem where the export is plainly another survey's.
    """
    finder = _Finder(export)
    bound: dict[str, Bound] = {}
    problems: list[Problem] = []
    missing: list[str] = []
    for name, item in codebook.items.items():
        if name in wave.not_asked:
            continue
        names = [wave.columns[name]] if name in wave.columns else item.names
        columns, found_problems = finder.find(name, item, names, file)
        problems += found_problems
        if columns:
            bound[name] = Bound(columns)
        elif not found_problems:
            missing.append(name)
            problems.append(
                Problem(
                    f"a column for the item {name!r}: {_short(item.wording)}",
                    "none",
                    file,
                    f"{_nearest(names, finder.titles)} Then name it in wave.yml (columns: {{{name}: …}}), "
                    "or list the item under `not_asked`",
                )
            )
    asked = len(codebook.items) - len(wave.not_asked)
    if asked and len(missing) > asked / 2:
        found = f"columns for {asked - len(missing)} of {asked} items, read as {export.format}"
        do = "put this survey's export there, with its headers, or set `columns:` in wave.yml"
        raise ExportError(Problem("an export of the survey in codebook.yml", found, file, do))
    problems += _doubly_used(bound, file)
    problems += _unused(export, bound, codebook, finder.doubted, file)
    if problems:
        raise ExportError(problems)
    return bound


class _Finder:
    """The columns of an export, by the texts under which they can be named."""

    def __init__(self, export: Export):
        self.by_question: dict[str, list[Column]] = defaultdict(list)
        self.by_name: dict[str, list[Column]] = defaultdict(list)
        for column in export.columns:
            for text in {normalise(column.question), normalise(column.group)}:
                self.by_question[text].append(column)
            self.by_name[normalise(column.name)].append(column)
        self.doubted: set[int] = set()  # positions of columns that a problem is told about
        self.titles = [column.question for column in export.columns]

    def find(self, name: str, item: Item, names: list[str], file: str) -> tuple[dict[str, Column], list[Problem]]:
        """Return an item's columns by code ("" for the whole answer), and what is wrong with them."""
        if item.kind == "multiple":
            found = (self.by_question[normalise(text)] for text in names)
            options = next(
                (columns for columns in ([c for c in one if c.option is not None] for one in found) if columns), []
            )
            return self._options(name, item, options, file)
        for text in map(normalise, names):
            columns = self.by_question[text]
            if text != normalise(item.question) and self.by_name[text]:
                columns = self.by_name[text]
            elif item.row is not None:
                columns = [one for one in columns if one.option and normalise(one.option) == normalise(item.row)]
            else:
                columns = [one for one in columns if one.option is None] or self.by_name[text]
            if len(columns) > 1:
                self.doubted |= {column.position for column in columns}
                found = ", ".join(f"column {column.letter} ({_short(column.title)})" for column in columns)
                return {}, [Problem(f"one column for the item {name!r}", found, file, "name the right one in wave.yml")]
            if columns:
                return {"": columns[0]}, []
        return {}, []

    def _options(self, name: str, item: Item, columns: list[Column], file: str) -> tuple[dict, list[Problem]]:
        """Return a select-all question's columns by code."""
        chosen: dict[str, Column] = {}
        problems = []
        named = {
            column: code
            for code, one in item.codes.items()
            for text in one.columns
            for column in self.by_name[normalise(text)]
        }
        every = list(dict.fromkeys([*columns, *named]))
        if not every:
            return {}, []
        for column in every:
            code = named.get(column) or item.texts.get(normalise(column.option or ""))
            where = f"{file}, column {column.letter}"
            if code is None or code in chosen:
                self.doubted.add(column.position)
            if code is None:
                do = near(column.option or column.name, [one.label for one in item.codes.values()])
                do += " Then add it to the codebook (`codes`, or a code's `texts`)"
                problems.append(Problem(f"an option of {name!r}", repr(column.option), where, do))
            elif code in chosen:
                other = chosen[code].letter
                problems.append(
                    Problem(
                        f"one column for {name}={code}",
                        f"columns {other} and {column.letter}",
                        where,
                        "remove a text from the code",
                    )
                )
            else:
                chosen[code] = column
        for code in item.codes:
            if code not in chosen:
                do = near(item.codes[code].label, [column.option or column.name for column in every])
                do += " Then add that text to the code"
                problems.append(Problem(f"a column for {name}={code} ({item.codes[code].label})", "none", file, do))
        return {code: chosen[code] for code in item.codes if code in chosen}, problems


def _doubly_used(bound: dict[str, Bound], file: str) -> list[Problem]:
    users: dict[int, list[str]] = defaultdict(list)
    columns: dict[int, Column] = {}
    for name, one in bound.items():
        for column in one.columns.values():
            users[column.position].append(name)
            columns[column.position] = column
    return [
        Problem(
            "each column for one item",
            f"{' and '.join(map(repr, names))} both on it",
            f"{file}, column {columns[position].letter} ({_short(columns[position].title)})",
            "give one of them another column in the codebook",
        )
        for position, names in users.items()
        if len(names) > 1
    ]


def _unused(export: Export, bound: dict[str, Bound], codebook: Codebook, doubted: set[int], file: str) -> list[Problem]:
    used = doubted | {column.position for one in bound.values() for column in one.columns.values()}
    ignored = set(map(normalise, codebook.ignore))
    questions = [item.question for item in codebook.items.values()]
    problems = []
    for column in export.columns:
        known = {normalise(text) for text in (column.name, column.title, column.question, column.group)} & ignored
        if column.position in used or known:
            continue
        if not column.title and (export.text[column.position] == "").all():
            continue  # a column of nothing, as spreadsheets leave them
        do = f"{near(column.question, questions)} Add an item for it to the codebook, or name it under `ignore`"
        where = f"{file}, column {column.letter}"
        found = f"none for {_short(column.title)!r}"
        if column.name != column.title:
            found += f", named {_short(column.name)!r}"
        problems.append(Problem("an item for each column", found, where, do))
    return problems


def _nearest(names: list[str], titles: list[str]) -> str:
    """Return the advice for the first of an item's names, its wording before its short names, that is near a title."""
    advice = [near(name, titles) for name in reversed(names)]
    return next((one for one in advice if one.startswith("did you mean")), advice[0])


def _short(text: str, length: int = 70) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"
