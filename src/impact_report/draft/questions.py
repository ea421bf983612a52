"""From columns to items: which columns are one question, what it is called, what is personal, what is left out."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from impact_report.draft import vocabulary
from impact_report.draft.answers import answered, counted, merged
from impact_report.draft.items import LONGEST, DraftCode, DraftItem, code_names, unique
from impact_report.draft.kinds import fill
from impact_report.draft.qsf import Definition
from impact_report.draft.vocabulary import slug
from impact_report.readers import Column, Export, Option
from impact_report.wording import normalise

# What cleaning takes for a tick, and for a box left empty.
_TICKED = frozenset({"1", "1.0", "y", "yes", "true", "checked", "x", "selected", "ticked"})
_NOT_TICKED = frozenset({"0", "0.0", "n", "no", "false", "unchecked", "not selected"})
_PARTS = (
    re.compile(r"(.*\S)\s*\[([^\[\]]+)\]"),
    re.compile(r"(.*\S)\s+[-–—]\s+(\S.*)"),
    re.compile(r"([^/]+)/([^/]+)"),
)
_SHORT_NAME = re.compile(r"[\w.#/\[\]-]{1,40}")
_LISTED = 60  # texts of a column that may be a list
_FEW_KINDS = 12  # answers of a platform's own column that may be listed


@dataclass
class Questionnaire:
    """The items of an export in its order, and the columns that are left out."""

    items: list[DraftItem] = field(default_factory=list)
    ignored: dict[str, str] = field(default_factory=dict)  # the column's title → why; a decision begins with a capital


def of(export: Export, definition: Definition | None = None) -> Questionnaire:
    """Return what was asked, as far as an export tells."""
    return _Reading(export, definition or Definition()).run()


class _Reading:
    """One reading of an export: columns to questions, questions to items, each with a name of its own."""

    def __init__(self, export: Export, definition: Definition):
        self.export = export
        self.definition = definition
        self.found = Questionnaire()
        self.addresses = _Addresses(export)
        self.numbers_are_codes = export.format == "qualtrics"
        self.counts: dict[int, dict[str, int]] = {}
        self.elsewhere = _in_several_columns(export)

    def run(self) -> Questionnaire:
        for block in self._blocks():
            for item in self._items(block):
                self._add(item)
        return self.found

    def _of(self, column: Column) -> dict[str, int]:
        if column.position not in self.counts:
            self.counts[column.position] = counted(self.export, [column])
        return self.counts[column.position]

    # columns that are one question

    def _blocks(self) -> list[list[Column]]:
        """Return the columns of each question: options or rows together, any other column alone."""
        parts = _parts_of_headers(self.export, self._of) if self.export.format == "plain" else {}
        options = {column.group for column in self.export.columns if column.option is not None}
        blocks: dict[object, list[Column]] = {}
        for column in self.export.columns:
            if column.repeats and column.group in options:
                continue
            column = parts.get(column.position, column)
            key = column.position if column.option is None else (column.group, normalise(column.question))
            blocks.setdefault(key, []).append(column)
        return [*blocks.values()]

    def _items(self, block: list[Column]) -> list[DraftItem]:
        """Return the items of a question; columns in which nothing stands are left out."""
        filled = [column for column in block if self._of(column)]
        if not filled:
            for column in block:
                if column.title:
                    self.found.ignored[column.title] = "nothing in it"
            return []
        if block[0].option is None:
            return [self._whole(block[0])]
        ticks = [column for column in block if self._is_tick(column)]
        said = {normalise(text) for column in filled for text in self._of(column)}
        if ticks and 2 * len(ticks) >= len(block) and (said & _TICKED or len(said) > 1 or len(block) == 1):
            return self._options(block, ticks)
        for column in block:
            if column not in filled:
                self.found.ignored[column.title] = "nothing in it"
        return self._rows(filled)

    def _is_tick(self, column: Column) -> bool:
        own = {normalise(column.option or "")}
        return {normalise(text) for text in self._of(column)} <= _TICKED | _NOT_TICKED | own

    # items

    def _whole(self, column: Column) -> DraftItem:
        item = DraftItem(self._wording(column), "text", (column,), answered=sum(self._of(column).values()))
        if column.platform:
            self._of_platform(item, column)
            return item
        self._fill(item, column, self._of(column))
        self._judge(item, (column.name, item.question))
        return item

    def _of_platform(self, item: DraftItem, column: Column) -> None:
        """Fill an item that the platform has added: times, states and durations are kept, all else is personal."""
        counts = self._of(column)
        fill(item, counts)
        item.platform, item.counts = True, []
        headers = (column.name, column.question)
        safe = item.kind == "date" or (
            not vocabulary.may_name_a_person(*headers)
            and (item.kind == "quantity" or (bool(item.codes) and len(item.codes) <= _FEW_KINDS))
            and not any(code.open for code in item.codes)
            and not (item.kind == "quantity" and len(counts) == item.answered > 1)  # the number of a row
        )
        if not safe or vocabulary.names_a_person(*headers) or any(map(vocabulary.looks_personal, [*counts][:100])):
            _hide(
                item, is_id=bool(re.search(r"id\b|\bid|record", normalise(column.name))) or len(counts) == item.answered
            )
        else:
            item.decisions = []

    def _fill(self, item: DraftItem, column: Column, counts: Mapping[str, int]) -> None:
        """Give an item its kind: by the survey's definition, by what the file lists, or by the texts."""
        if self._by_definition(item, column, counts):
            return
        fill(item, counts, column.options, column.separator, self.numbers_are_codes, self.elsewhere)

    def _by_definition(self, item: DraftItem, column: Column, counts: Mapping[str, int]) -> bool:
        options = self._options_of(column)
        if not options:
            return False
        answers = merged(counts)
        codes = {normalise(option.code): option for option in options}
        if not set(answers) <= set(codes):
            return False
        texts: dict[str, list[Option]] = defaultdict(list)
        for option in options:
            texts[option.label or option.code].append(option)
        names = code_names(texts, ["missing"])
        item.kind = "single"
        item.codes = [
            DraftCode(
                name,
                label,
                [option.code for option in same if normalise(option.code) != normalise(label)],
                count=sum(
                    answers[normalise(option.code)].count for option in same if normalise(option.code) in answers
                ),
            )
            for name, (label, same) in zip(names, texts.items(), strict=True)
        ]
        aside = [option.label for option in options if option.code.startswith("-")]
        if aside:
            said = ", ".join(f"“{_short(label)}”" for label in aside)
            item.decisions.append(f"is {said} an answer? Now it is, and in the base; else list it under `missing`.")
        ordered = vocabulary.ladder([code.label for code in item.codes])
        if ordered:
            item.kind = "scale"
            item.codes.sort(key=lambda code: ordered.index(code.label))
            item.counts = [code.name for code in item.codes[-2 if len(item.codes) > 3 else -1 :]]
        return True

    def _options_of(self, column: Column) -> tuple[Option, ...]:
        tag = self.definition.tag(column.group)
        if tag is None or column.name.endswith("_TEXT"):
            return ()
        beside = re.match(rf"{re.escape(tag)}#\d+", column.group)
        return self.definition.answers.get(beside.group() if beside else tag, ())

    def _wording(self, column: Column) -> str:
        """Return the question in full: the survey's definition has it where the export has cut it."""
        tag = self.definition.tag(column.group)
        if tag is not None and column.group == tag:
            return self.definition.wordings[tag]
        return column.question or f"Column {column.letter}, without a header"

    def _judge(self, item: DraftItem, headers: tuple[str, ...]) -> None:
        """Mark what tells, or may tell, who somebody is."""
        closed = item.kind in ("single", "scale", "multiple") and not any(code.open for code in item.codes)
        plainly_not = item.kind == "scale" or (item.kind == "single" and bool(item.counts))
        is_date = item.kind == "date"
        if (is_date or not plainly_not) and vocabulary.names_a_person(*headers):
            _hide(item)
        elif not closed and not is_date and vocabulary.may_name_a_person(*headers):
            _hide(item, is_id=item.kind in ("id", "quantity"))
        elif item.kind in ("text", "id"):
            item.personal = True

    def _options(self, block: list[Column], ticks: list[Column]) -> list[DraftItem]:
        """Return a select-all question; of its columns with free texts one is its open answer, more are texts."""
        texts = [column for column in block if column not in ticks]
        opened = next((column for column in texts if vocabulary.is_other(column.option or "")), None)
        columns = [column for column in block if column in ticks or column is opened]
        item = DraftItem(self._wording(block[0]), "multiple", tuple(columns), answered=answered(self.export, columns))
        labels: list[str] = []
        for column in columns:
            label = column.option or column.name
            same = sum(normalise(label) == normalise(one) for one in labels)
            labels.append(label)
            code = DraftCode("", label if not same else f"{label} ({same + 1})", open=column is opened)
            if same:
                code.columns = [column.name]
            code.count = sum(count for text, count in self._of(column).items() if normalise(text) not in _NOT_TICKED)
            item.codes.append(code)
        for code, name in zip(item.codes, code_names([code.label for code in item.codes], ["missing"]), strict=True):
            code.name = name
        if all(re.fullmatch(r"-?\d+", code.label) for code in item.codes):
            item.decisions.append(
                "the file holds the options' numbers only: write their labels, and keep the numbers under `texts`."
            )
        return [item, *self._rows([column for column in texts if column is not opened])]

    def _rows(self, block: list[Column]) -> list[DraftItem]:
        """Return an item for each row of a grid; what is known of one row's answers holds for all."""
        if not block:
            return []
        pooled = counted(self.export, block)
        shape = DraftItem(self._wording(block[0]), "text", ())
        self._fill(shape, replace(block[0], separator=next((c.separator for c in block if c.separator), "")), pooled)
        self._judge(shape, (block[0].question,))
        items = []
        for column in block:
            own = merged(self._of(column)) if shape.codes else {}
            item = replace(
                shape,
                row=column.option,
                sources=(column,),
                answered=sum(self._of(column).values()),
                codes=[replace(code, count=_given(code, own)) for code in shape.codes],
                columns=[],
                remarks=list(shape.remarks),
                decisions=list(shape.decisions),
            )
            if shape.kind == "multiple":
                item = replace(item, question=column.title, row=None)
            if item.kind not in ("scale", "single", "multiple") and not item.personal:
                self._judge(item, (column.option or "", column.name))
            items.append(item)
        return items

    # names

    def _add(self, item: DraftItem) -> None:
        """Take an item in, if the codebook can say which columns it has."""
        if not self.addresses.give(item):
            for column in item.sources:
                self.found.ignored[column.title or column.name] = (
                    "Another column has the same header: rename one of them in the file, then it can be used."
                )
            return
        taken = {one.name for one in self.found.items} | {"respondent", "source_row"}
        item.name = unique(self._name(item), taken, f"question_{item.sources[0].position + 1}")
        self.found.items.append(item)

    @staticmethod
    def _name(item: DraftItem) -> str:
        column = item.sources[0]
        short = column.group if column.option is not None else column.name
        is_short = _SHORT_NAME.fullmatch(short) and len(slug(short)) > 1
        name = slug(short, 40) if is_short else slug(column.question, 40, telling=True)
        if item.row is None:
            return name
        item.block = slug(short, 24) if is_short else slug(column.question, 24, telling=True)
        row = slug(item.row, LONGEST - len(item.block) - 1, telling=True)
        return f"{item.block}_{row}" if item.block and row else ""


class _Addresses:
    """The words by which the codebook finds a column, each for one item only."""

    def __init__(self, export: Export):
        self.whole: dict[str, set[int]] = defaultdict(set)
        self.options: dict[str, dict[int, str]] = defaultdict(dict)
        self.names: dict[str, set[int]] = defaultdict(set)
        for column in export.columns:
            for text in {normalise(column.question), normalise(column.group)}:
                if column.option is None:
                    self.whole[text].add(column.position)
                else:
                    self.options[text][column.position] = normalise(column.option)
            for text in (normalise(column.name), f"column {column.letter}".casefold()):
                self.names[text].add(column.position)
        self.taken: set[tuple[str, str]] = set()

    def give(self, item: DraftItem) -> bool:
        """Give an item the words for its columns: the question alone, or a short name too; False if none will do."""
        column = item.sources[0]
        wording = item.question
        short = [text for text in dict.fromkeys([column.name, column.group, column.question]) if normalise(text)]
        tries = [(wording, [])] + [(wording, [text]) for text in short if text != wording]
        tries += [(f"{wording} ({text})", [text]) for text in short]
        tries += [(wording, [f"column {column.letter}"]), (wording, None)]  # last of all: each option by its own name
        for question, columns in tries:
            item.question, item.columns = question, columns or []
            if columns is None:
                item.question = f"{wording} ({column.group})" if self._is_taken(item) else wording
            if not self._is_taken(item) and self._finds(item, by_option=columns is None):
                self.taken |= self._keys(item)
                return True
        return False

    def _keys(self, item: DraftItem) -> set[tuple[str, str]]:
        return {(normalise(text), normalise(item.row or "")) for text in item.columns or [item.question]}

    def _is_taken(self, item: DraftItem) -> bool:
        return bool(self._keys(item) & self.taken)

    def _finds(self, item: DraftItem, by_option: bool) -> bool:
        """Say whether these words lead to the item's columns and to no others."""
        wanted = {column.position for column in item.sources}
        texts = [normalise(text) for text in (*item.columns, item.question)]
        if item.kind == "multiple" and item.sources[0].option is not None and item.row is None and not item.separator:
            return self._finds_options(item, texts, wanted, by_option)
        if by_option:
            return False
        if item.kind == "multiple":
            found = set().union(*(self.whole[text] or self.names[text] for text in texts))
            return found == wanted and not any(self.options[text] for text in texts)
        for text in texts:
            if text != normalise(item.question) and self.names[text]:
                found = self.names[text]
            elif item.row is not None:
                found = {at for at, option in self.options[text].items() if option == normalise(item.row)}
            else:
                found = self.whole[text] or self.names[text]
            if found:
                return found == wanted
        return False

    def _finds_options(self, item: DraftItem, texts: list[str], wanted: set[int], by_option: bool) -> bool:
        if by_option:
            for code, column in zip(item.codes, item.sources, strict=True):
                code.columns = [column.name]
        named = [self.names[normalise(text)] for code in item.codes for text in code.columns]
        if any(len(one) != 1 for one in named):
            return False
        found = next((set(self.options[text]) for text in texts if self.options[text]), set())
        return found | set().union(*named) == wanted


def _in_several_columns(export: Export) -> frozenset[str]:
    """Return the texts, normalised, that more than one column holds among a few."""
    few = [cells.cat.categories for _, cells in export.text.items() if len(cells.cat.categories) <= _LISTED]
    times = Counter(said for texts in few for said in {normalise(text) for text in texts})
    return frozenset(said for said, columns in times.items() if columns > 1)


def _given(code: DraftCode, own: Mapping[str, object]) -> int | None:
    """Return how often a code was given in one row of a grid; of an open one nothing is told."""
    if code.open:
        return None
    return sum(own[said].count for said in {normalise(code.label), *map(normalise, code.texts)} if said in own)


def _hide(item: DraftItem, is_id: bool = False) -> None:
    """Make an item personal: its answers never leave the raw file."""
    item.as_text("")
    item.kind = "id" if is_id else "text"
    item.decisions, item.remarks = [], []


def _parts_of_headers(export: Export, counts) -> dict[int, Column]:
    """Return the columns of a plain table whose headers say question and option: `Drinks? [Tea]`, `Drinks? - Tea`.

    Those in brackets can also be the rows of a grid; the others must hold nothing but ticks.
    """
    found: dict[int, Column] = {}
    for pattern in _PARTS:
        together: dict[str, list[tuple[Column, str]]] = defaultdict(list)
        for column in export.columns:
            if column.position not in found and (match := pattern.fullmatch(column.name)):
                together[match[1]].append((column, match[2]))
        for question, members in together.items():
            said = {normalise(text) for column, _ in members for text in counts(column)}
            options = {normalise(option) for _, option in members}
            ticks = bool(said) and said <= _TICKED | _NOT_TICKED | options
            if len(members) > 1 and len(options) == len(members) and (ticks or pattern is _PARTS[0]):
                found |= {
                    column.position: replace(column, question=question, option=option, group=question)
                    for column, option in members
                }
    return found


def _short(text: str, length: int = 50) -> str:
    return text if len(text) <= length else f"{text[: length - 1]}…"
