"""Which raw columns hold which item: found by wording, every doubt an error."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from impact_report.codebook import CODED, Codebook, Item
from impact_report.errors import ExportError, Problem, near
from impact_report.readers.export import Column, Export
from impact_report.repairs import original
from impact_report.wave import Wave
from impact_report.wording import normalise

_MOST_SHOWN = 8  # columns, in an error
_LONGEST_TITLE = 300  # characters, in an error


@dataclass(frozen=True)
class Bound:
    """The columns of one item.

    `columns` has one for each code where a column stands for an option; else a single one under "", and beside it those
    in which an answer of one's own is written, by their code. `cells` are columns of a select-all question whose cells
    hold the answers themselves, one or several.
    """

    columns: dict[str, Column]
    cells: tuple[Column, ...] = ()
    repaired: tuple[tuple[Column, str], ...] = ()  # columns whose header was changed on the way, and what it is read as

    @property
    def listed(self) -> list[tuple[str, Column]]:
        """Each column with its code, or ""."""
        return [*self.columns.items(), *(("", column) for column in self.cells)]


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
        worded = [wave.wording[name]] if name in wave.wording else []
        names = [wave.columns[name]] if name in wave.columns else [*worded, *item.names]
        found, found_problems = finder.find(name, item, names, file)
        problems += found_problems
        if found:
            bound[name] = found
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
        self.columns = export.columns
        self.by_question: dict[str, list[Column]] = defaultdict(list)
        self.by_name: dict[str, list[Column]] = defaultdict(list)
        for column in export.columns:
            if _is_nothing(export, column):
                continue
            for text in {normalise(column.question), normalise(column.group)}:
                self.by_question[text].append(column)
            for text in {normalise(column.name), _letter_name(column)}:
                self.by_name[text].append(column)
        self.doubted: set[int] = set()  # positions of columns that a problem is told about
        self.titles = [_short(column.question, _LONGEST_TITLE) for column in export.columns]

    def find(self, name: str, item: Item, names: list[str], file: str) -> tuple[Bound | None, list[Problem]]:
        """Return an item's columns, and what is wrong with them."""
        if item.kind == "multiple":
            return self._several(name, item, names, file)
        for text in map(normalise, names):
            columns = self.by_question[text]
            if text != normalise(item.question) and self.by_name[text]:
                columns = self.by_name[text]
            elif item.row is not None:
                columns = [one for one in columns if one.option and normalise(one.option) == normalise(item.row)]
            else:
                columns = self._whole(columns) or self.by_name[text]
            if len(columns) > 1:
                self.doubted |= {column.position for column in columns}
                found = ", ".join(f"column {one.letter} ({_short(one.title)})" for one in columns[:_MOST_SHOWN])
                found += f" … ({len(columns)} in all)" if len(columns) > _MOST_SHOWN else ""
                return None, [
                    Problem(f"one column for the item {name!r}", found, file, "name the right one in wave.yml")
                ]
            if columns:
                return Bound({"": columns[0], **self._beside(item)}), []
        return self._spread(item, names) or self._repaired(item, names), []

    def _beside(self, item: Item) -> dict[str, Column]:
        """Return the columns beside a question in which an answer of one's own is written, by code."""
        if item.kind not in CODED:
            return {}
        return {
            code: column
            for code, one in item.codes.items()
            for text in one.columns
            for column in self.by_name[normalise(text)]
        }

    def _repaired(self, item: Item, names: list[str]) -> Bound | None:
        """Return the column whose header was one of these names before an encoding changed it, if just one can be."""
        if item.row is not None:
            return None
        found = [
            (column, mended[0])
            for column in self.columns
            if column.option is None and (mended := original(column.question, names))
        ]
        return Bound({"": found[0][0]}, repaired=(found[0],)) if len(found) == 1 else None

    @staticmethod
    def _whole(columns: list[Column]) -> list[Column]:
        return [one for one in columns if one.option is None]

    def _spread(self, item: Item, names: list[str]) -> Bound | None:
        """Return the columns of a question with one answer that has a column for each option, if that is the case."""
        if item.kind not in CODED or item.row is not None:
            return None
        for text in map(normalise, names):
            codes = {item.texts.get(normalise(one.option or "")): one for one in self.by_question[text]}
            if len(codes) > 1 and set(codes) == set(item.codes):
                return Bound({code: codes[code] for code in item.codes})
        return None

    def _several(self, name: str, item: Item, names: list[str], file: str) -> tuple[Bound | None, list[Problem]]:
        """Return a select-all question's columns: one for each option, or those whose cells hold the answers."""
        texts = list(map(normalise, names))
        if item.row is not None:  # of a grid of select-all questions
            rows = [f"{text} – {item.row}" for text in names]
            texts = [*map(normalise, rows), *texts]
        options = next(
            (found for text in texts if (found := [one for one in self.by_question[text] if one.option is not None])),
            [],
        )
        named = any(self.by_name[normalise(text)] for one in item.codes.values() for text in one.columns)
        if not options and not named:
            cells = [one for text in texts for one in self._whole(self.by_question[text]) or self.by_name[text]]
            cells = list(dict.fromkeys(one for one in cells if not one.repeats)) or list(dict.fromkeys(cells))
            return (Bound({}, tuple(cells)) if cells else None), []
        return self._options(name, item, options, file)

    def _options(self, name: str, item: Item, columns: list[Column], file: str) -> tuple[Bound | None, list[Problem]]:
        """Return a select-all question's columns by code."""
        chosen: dict[str, Column] = {}
        repaired: list[tuple[Column, str]] = []
        problems = []
        named = {
            column: code
            for code, one in item.codes.items()
            for text in one.columns
            for column in self.by_name[normalise(text)]
        }
        every = list(dict.fromkeys([*columns, *named]))
        if not every:
            return None, []
        for column in every:
            code = named.get(column) or item.texts.get(normalise(column.option or ""))
            if code is None and (mended := original(column.option or "", item.texts)):
                code = item.texts[mended[0]]
                repaired.append((column, item.codes[code].label))
            where = f"{file}, column {column.letter}"
            if code is None or code in chosen:
                self.doubted.add(column.position)
            if code is None:
                do = near(column.option or column.name, [one.label for one in item.codes.values()])
                do += " Then add it to the codebook (`codes`, or a code's `texts`)"
                found = repr(_short(column.option or column.name, _LONGEST_TITLE))
                problems.append(Problem(f"an option of {name!r}", found, where, do))
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
                do = near(
                    item.codes[code].label, [_short(column.option or column.name, _LONGEST_TITLE) for column in every]
                )
                do += " Then add that text to the code"
                problems.append(Problem(f"a column for {name}={code} ({item.codes[code].label})", "none", file, do))
        columns_by_code = {code: chosen[code] for code in item.codes if code in chosen}
        return Bound(columns_by_code, repaired=tuple(repaired)), problems


def _doubly_used(bound: dict[str, Bound], file: str) -> list[Problem]:
    users: dict[int, list[str]] = defaultdict(list)
    columns: dict[int, Column] = {}
    for name, one in bound.items():
        for _, column in one.listed:
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
    used = doubted | {column.position for one in bound.values() for _, column in one.listed}
    groups = {column.group for column in export.columns if column.position in used}
    ignored = _Ignored(codebook.ignore)
    questions = [item.question for item in codebook.items.values()]
    problems = []
    for column in export.columns:
        repeated = column.repeats and column.group in groups
        if column.position in used or repeated or ignored.holds(column):
            continue
        if _is_nothing(export, column):
            continue
        do = f"{near(column.question, questions)} Add an item for it to the codebook, or name it under `ignore`"
        do += "" if column.title else f", as `column {column.letter}`"
        where = f"{file}, column {column.letter}"
        found = f"none for {_short(column.title)!r}" if column.title else "none, and no header"
        if column.name != column.title:
            found += f", named {_short(column.name)!r}"
        problems.append(Problem("an item for each column", found, where, do))
    return problems


def _is_nothing(export: Export, column: Column) -> bool:
    """Say whether a column has neither header nor answers, as spreadsheets leave them."""
    return not column.title and (export.text[column.position] == "").all()


def _letter_name(column: Column) -> str:
    """Return the name of last resort: of a column without a header, or with the same one as another."""
    return f"column {column.letter}".casefold()


class _Ignored:
    """The columns that a codebook deliberately does not use."""

    def __init__(self, texts: list[str]):
        said = list(map(normalise, texts))
        self.whole = {text for text in said if not text.endswith("*")}
        self.beginnings = tuple(text.removesuffix("*") for text in said if text.endswith("*"))

    def holds(self, column: Column) -> bool:
        """Say whether a column is one of them, by its name, question or group."""
        names = {normalise(text) for text in (column.name, column.title, column.question, column.group)} - {""}
        names.add(_letter_name(column))
        return bool(names & self.whole) or any(name.startswith(self.beginnings) for name in names if self.beginnings)


def _nearest(names: list[str], titles: list[str]) -> str:
    """Return the advice for the first of an item's names, its wording before its short names, that is near a title."""
    advice = [near(name, titles) for name in reversed(names)]
    return next((one for one in advice if one.startswith("did you mean")), advice[0])


def _short(text: str, length: int = 70) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"
