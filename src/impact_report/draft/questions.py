"""From columns to items: which columns are one question, what it is called, what is personal, what is left out."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from impact_report.draft import headers, persons, scales, usual
from impact_report.draft.addresses import Addresses
from impact_report.draft.answers import Answer, answered, counted, merged
from impact_report.draft.discretion import hide, judge, judge_numbers, judge_platform
from impact_report.draft.items import DraftCode, DraftItem
from impact_report.draft.kinds import fill
from impact_report.draft.names import LONGEST, code_names, slug, unique
from impact_report.draft.qsf import Definition
from impact_report.readers import Column, Export, Option
from impact_report.ticks import NOT_TICKED, TICKED
from impact_report.wording import normalise

_SHORT_NAME = re.compile(r"[\w.#/\[\]-]{1,40}")
_ONE_ANSWER = "is a blank here a no? The file has this one answer only, and no share of it is told."
_SAME_HEADER = "Another column has the same header: rename one of them in the file, then it can be used."
_OWN_BOX = re.compile(r"(?P<question>.*\S)\s*\[(?P<option>[^\[\]]+)\]")  # as LimeSurvey names it
_EVENT = re.compile(r"(redcap_)?(event|repeat)[_ ](name|instrument|instance)")
_NOT_SHOWN = ("no_answer", "not_asked")
_LISTED = 60  # texts of a column that may be a list


@dataclass
class Questionnaire:
    """The items of an export in its order, and the columns that are left out."""

    items: list[DraftItem] = field(default_factory=list)
    ignored: dict[str, str] = field(default_factory=dict)  # the column's title → why; a decision begins with a capital


def of(export: Export, definition: Definition | None = None) -> Questionnaire:
    """Return what was asked, as far as an export tells.

    >>> import pandas as pd
    >>> text = pd.DataFrame({0: pd.Categorical(["Yes", "No", ""]), 1: pd.Categorical(["", "", ""])})
    >>> found = of(Export("plain", (Column(0, "Sings", "Sings"), Column(1, "Says", "Says")), text))
    >>> [(item.name, item.kind, item.answered) for item in found.items], found.ignored
    ([('sings', 'single', 2)], {'Says': 'nothing in it'})
    """
    return _Reading(export, definition or Definition()).run()


class _Reading:
    """One reading of an export: columns to questions, questions to items, each with a name of its own."""

    def __init__(self, export: Export, definition: Definition):
        self.export = export
        self.definition = definition
        self.found = Questionnaire()
        self.addresses = Addresses(export.columns)
        self.numbers_are_codes = export.format == "qualtrics"
        self.counts: dict[int, dict[str, int]] = {}
        self.elsewhere = _in_several_columns(export)
        self.beside: dict[int, Column] = {}  # the words beside a question with one answer, by the question's position

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
        parts = headers.split(self.export.columns, self._of) if self.export.format == "plain" else {}
        options = {column.group for column in self.export.columns if column.option is not None}
        blocks: dict[object, list[Column]] = {}
        for column in self.export.columns:
            if column.repeats and column.group in options:
                continue
            column = parts.get(column.position, column)
            key = column.position if column.option is None else (column.group, normalise(column.question))
            blocks.setdefault(key, []).append(column)
        return self._without_words_beside([*blocks.values()])

    def _without_words_beside(self, blocks: list[list[Column]]) -> list[list[Column]]:
        """Return the blocks but for columns in which only words beside a listed answer stand; these are kept aside."""
        wholes = {
            normalise(name): block[0]
            for block in blocks
            if block[0].option is None
            for name in (block[0].name, block[0].question)
        }
        rest = []
        for block in blocks:
            match = _OWN_BOX.fullmatch(block[0].name)
            option = block[0].option or (match["option"] if match else "")
            question = block[0].question if block[0].option else match["question"] if match else ""
            whole = wholes.get(normalise(question))
            if (
                len(block) == 1
                and whole is not None
                and whole.position not in self.beside
                and usual.is_other(option)
                and self._takes_words(whole)
                and len(self.addresses.names[normalise(block[0].name)]) == 1
            ):
                self.beside[whole.position] = block[0]
            else:
                rest.append(block)
        return rest

    def _takes_words(self, column: Column) -> bool:
        """Say whether a question has one answer of a list, beside which words may stand."""
        probe = DraftItem(self._wording(column), "text", (column,))
        self._fill(probe, column, self._of(column))
        judge(probe, (column.name, probe.question), typed=not self._lists(column))
        return probe.kind == "single" and not probe.personal and not probe.counts and not column.platform

    def _items(self, block: list[Column]) -> list[DraftItem]:
        """Return the items of a question; columns in which nothing stands are left out."""
        filled = [column for column in block if self._of(column)]
        if not filled:
            for column in block:
                if column.title or (self.export.text[column.position] != "").any():
                    self._leave_out(column, "nothing in it")
            return []
        if block[0].option is None:
            return [self._whole(block[0])]
        ticks = [column for column in block if self._is_tick(column)]
        said = {normalise(text) for column in filled for text in self._of(column)}
        if ticks and 2 * len(ticks) >= len(block) and (said & TICKED or len(said) > 1 or len(block) == 1):
            return self._options(block, ticks)
        for column in block:
            if column not in filled:
                self._leave_out(column, "nothing in it")
        return self._rows(filled)

    def _is_tick(self, column: Column) -> bool:
        own = {normalise(column.option or "")}
        said = {normalise(text) for text in self._of(column)}
        if self.export.format == "limesurvey":  # where a question was not shown, N/A may stand
            said = {text for text in said if usual.missing_kind(text) not in _NOT_SHOWN}
        return said <= TICKED | NOT_TICKED | own

    # items

    def _whole(self, column: Column) -> DraftItem:
        item = DraftItem(self._wording(column), "text", (column,), answered=sum(self._of(column).values()))
        if self.export.cases is not None and column.platform and _EVENT.fullmatch(normalise(column.name)):
            answers = merged(self._of(column))
            first = dict.fromkeys(normalise(text) for text in self.export.text[column.position].drop_duplicates())
            item.as_coded("single", [answers[said] for said in first if said in answers])
            item.platform = True
            return item
        if column.platform:
            fill(item, self._of(column))
            item.platform, item.counts = True, []
            judge_platform(item, (column.name, column.question), self._of(column))
            return item
        self._fill(item, column, self._of(column))
        judge(item, (column.name, item.question), typed=not self._lists(column))
        judge_numbers(item, (column.name, item.question), self._of(column))
        if column.position in self.beside:
            self._open_for_words(item, self.beside[column.position])
        elif item.kind == "single" and len(item.codes) == 1:
            item.decisions.append(_ONE_ANSWER)
        return item

    def _open_for_words(self, item: DraftItem, beside: Column) -> None:
        """Let words in the column beside a question count as its open answer."""
        label = beside.option or "Other"
        code = next((one for one in item.codes if one.label == "-oth-" or usual.is_other(one.label)), None)
        if code is None:
            names = [one.name for one in item.codes]
            code = DraftCode(code_names([label], [*names, "missing"])[0], label, count=0)
            item.codes.append(code)
        both = answered(self.export, [*item.sources, beside])
        code.open, code.columns, code.count = True, [beside.name], (code.count or 0) + both - item.answered
        item.answered = both

    def _fill(self, item: DraftItem, column: Column, counts: Mapping[str, int]) -> None:
        """Give an item its kind: by the survey's definition, by what the file lists, or by the texts."""
        if self._by_definition(item, column, counts):
            return
        fill(
            item, counts, column.options, column.separator, self.numbers_are_codes, self.elsewhere,
            answer_codes=self.export.format == "limesurvey",
        )  # fmt: skip

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
        given = {said: answer.count for said, answer in answers.items()}
        same = {label: [normalise(one.code) for one in found] for label, found in texts.items()}
        item.as_coded(
            "single",
            [Answer(label, (), sum(given.get(code, 0) for code in codes)) for label, codes in same.items()],
            {label: [code for code in codes if code != normalise(label)] for label, codes in same.items()},
        )
        aside = [option.label for option in options if option.code.startswith("-")]
        if aside:
            said = ", ".join(f"“{_short(label)}”" for label in aside)
            item.decisions.append(f"is {said} an answer? Now it is, and in the base; else list it under `missing`.")
        ordered = scales.ladder([code.label for code in item.codes])
        if ordered:
            item.kind = "scale"
            item.codes.sort(key=lambda code: ordered.index(code.label))
            item.count_top()
        return True

    def _lists(self, column: Column) -> bool:
        """Say whether the file, or the survey's definition, lists the answers of a column."""
        return bool(column.options or self._options_of(column))

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

    def _options(self, block: list[Column], ticks: list[Column]) -> list[DraftItem]:
        """Return a select-all question; of its columns with free texts one is its open answer, more are texts."""
        texts = [column for column in block if column not in ticks]
        opened = next((column for column in texts if usual.is_other(column.option or "")), None)
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
            code.count = sum(
                count
                for text, count in self._of(column).items()
                if normalise(text) not in NOT_TICKED and not usual.missing_kind(text)
            )
            item.codes.append(code)
            if column in ticks:
                _note_missing(item, self._of(column))
        for code, name in zip(item.codes, code_names(code.label for code in item.codes), strict=True):
            code.name = name
        if all(re.fullmatch(r"-?\d+", code.label) for code in item.codes):
            item.decisions.append(
                "the file holds the options' numbers only: write their labels, and keep the numbers under `texts`."
            )
        return [item, *self._rows([column for column in texts if column is not opened])]

    def _rows(self, block: list[Column]) -> list[DraftItem]:
        """Return an item for each row of a grid; words beside them are texts."""
        beside = [column for column in block if self._is_follow_up(column, block)]
        block = [column for column in block if column not in beside]
        return [*(self._grid(block) if block else []), *map(self._follow_up, beside)]

    def _is_follow_up(self, column: Column, block: list[Column]) -> bool:
        """Say whether a row of a grid holds words of the respondents' own, and not the answers of the other rows."""
        others = {text for one in block if one is not column for text in self._of(one)}
        return persons.is_follow_up(column.option or "", column.name) and not set(self._of(column)) <= others

    def _follow_up(self, column: Column) -> DraftItem:
        item = DraftItem(self._wording(column), "text", (column,), row=column.option)
        item.answered = sum(self._of(column).values())
        hide(item)
        return item

    def _grid(self, block: list[Column]) -> list[DraftItem]:
        """Return an item for each row of a grid; what is known of one row's answers holds for all."""
        pooled = counted(self.export, block)
        shape = DraftItem(self._wording(block[0]), "text", ())
        self._fill(shape, replace(block[0], separator=next((c.separator for c in block if c.separator), "")), pooled)
        judge(shape, (block[0].question,), typed=not self._lists(block[0]))
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
                judge(item, (column.option or "", column.name))
            items.append(item)
        return items

    def _leave_out(self, column: Column, why: str) -> None:
        self.found.ignored[column.title or f"column {column.letter}"] = why

    # names

    def _add(self, item: DraftItem) -> None:
        """Take an item in, if the codebook can say which columns it has."""
        if not self.addresses.give(item):
            for column in item.sources:
                self._leave_out(column, _SAME_HEADER)
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


def _note_missing(item: DraftItem, counts: Mapping[str, int]) -> None:
    """Note the texts of an option's column that say that there is no answer."""
    for text in counts:
        kind = usual.missing_kind(text)
        if kind and all(normalise(text) != normalise(one) for texts in item.missing.values() for one in texts):
            item.missing.setdefault(kind, []).append(text)


def _short(text: str, length: int = 50) -> str:
    return text if len(text) <= length else f"{text[: length - 1]}…"
