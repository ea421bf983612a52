"""Summary: is this a file of summary tables, from which no respondent can be counted any more?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby, permutations

from impact_report.readers.table import Table
from impact_report.wording import normalise

_ROWS = 200  # a file of summaries shows its nature at once
_COLUMNS = 12  # among which counts and their shares are looked for
_LEAST_ROWS = 2

# Words that stand together in the head of a table of counts, and in no other row, as the platforms write them.
_HEADS = [
    *({label, count} for label in ("answer choices", "answer options") for count in ("responses", "response count")),
    {"answer options", "response percent"},
    {"opciones de respuesta", "respuestas"},
    {"opções de resposta", "respostas"},
    {"choix de réponses", "réponses"},
    {"antwortoptionen", "beantwortungen"},
    {"antwoordkeuzen", "reacties"},
    {"opzioni di risposta", "risposte"},
    {"respondents", "response date"},
    {"field", "choice count"},
    {"#", "choice count"},
    {"#", "answer", "%", "count"},
    {"field", "mean", "std deviation"},
    {"mean", "standard deviation", "median"},
    {"answer", "count", "percentage"},
    {"frequency", "percent", "valid percent"},
    {"valid percent", "cumulative percent"},
]  # fmt: skip
_HEAD_WORDS = set().union(*_HEADS) | {
    "responses", "response total", "tags", "other (please specify)", "total", "weighted average", "rating average",
    "minimum", "maximum", "variance", "sum", "question", "bottom 2 box", "top 2 box", "average", "gross percentage",
}  # fmt: skip
_ANSWERED = [
    ("answered", "skipped"),
    ("answered question", "skipped question"),
    ("beantwortet", "übersprungen"),
    ("respondidas", "omitidas"),
    ("respondido", "omitido"),
    ("respondidas", "ignoradas"),
    ("répondues", "ignorées"),
    ("hanno risposto", "hanno saltato"),
    ("beantwoord", "overgeslagen"),
]
_PERCENT_OF = re.compile(r"% within .+|(?:column|row|table|layer) (?:valid )?n %")
_TOTALS = re.compile(
    r"(?:grand |column )?totals?(?: respondents| responses| general| \(n\))?|gesamt(?:ergebnis)?|"
    r"(?:un)?(?:weighted )?base(?: size)?(?: \(n\))?|all(?: respondents)?|n|sum|summe"
)
_FIGURE = re.compile(r"[<>~]?\s?(?P<number>[-+]?\d[\d.,\s]*)\s?(?P<percent>%?)")
_BOTH = re.compile(r"\d[\d.,]*\s?%\s?\(\s?\d[\d.,]*\s?\)|\d[\d.,]*\s?\(\s?\d[\d.,]*\s?%\s?\)")  # 55 (45.8%)
_NO_FIGURE = {"", "-", "–", "—", "n/a", "*", "."}


def is_summary(table: Table) -> str | None:
    """Return what shows that the table holds summaries alone, as a sentence and with its row; None if nothing does.

    >>> from impact_report.readers.table import of
    >>> is_summary(of(["Answer Choices", "Responses", ""], ["Yes", "45.8%", "55"], ["No", "54.2%", "65"]))
    "only summary tables, no respondents: row 1 reads 'Answer Choices', 'Responses', which heads a table of counts"
    >>> is_summary(of(["Name", "Hours", "Days"], ["Ann", "5", "1"], ["Bob", "3", "2"]))
    """
    rows = _rows(table)
    blocks = [_block(list(rows)) for filled, rows in groupby(rows, key=lambda row: bool(row.filled)) if filled]
    shown = next(_heads(rows), None) or next(_answered(rows), None) or next(_tables(blocks), None)
    return shown and f"only summary tables, no respondents: {shown}"


# --- Rows and blocks --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Row:
    """A row: its number in the file, and its cells."""

    number: int
    cells: tuple[str, ...]

    @cached_property
    def filled(self) -> list[str]:
        return [cell for cell in self.cells if cell]

    @cached_property
    def words(self) -> list[str]:
        return [normalise(cell) for cell in self.filled]


@dataclass(frozen=True)
class _Block:
    """Rows without an empty one between them: those that head it, and the labels and figures below."""

    top: list[_Row]
    body: list[_Row]
    left: int  # the column of the labels

    @property
    def number(self) -> int:
        return (self.top or self.body)[0].number

    @property
    def is_title(self) -> bool:
        return not self.body and all(len(row.filled) == 1 for row in self.top)

    @property
    def labels(self) -> list[str]:
        return [normalise(row.cells[self.left]) for row in self.body]

    @property
    def is_of_figures(self) -> bool:
        """Whether each row is a label, no two the same, and figures."""
        return len(self.body) >= _LEAST_ROWS and len(set(self.labels)) == len(self.body)

    @property
    def has_words_as_labels(self) -> bool:
        return not any(_figure(label) for label in self.labels)

    @property
    def says_percent(self) -> bool:
        return any("%" in cell for row in self.body for cell in row.cells)

    @property
    def total(self) -> int | None:
        return next((place for place, label in enumerate(self.labels) if _is_total(label)), None)


def _rows(table: Table) -> list[_Row]:
    head = table.cells.iloc[:_ROWS]
    cells = head.astype("str").to_numpy().tolist()
    return [_Row(int(number), tuple(map(str.strip, row))) for number, row in zip(head.index, cells, strict=True)]


def _block(rows: list[_Row]) -> _Block:
    left = min(next(place for place, cell in enumerate(row.cells) if cell) for row in rows)
    first = next((place for place, row in enumerate(rows) if _is_label_with_figures(row, left)), len(rows))
    whole = all(_is_label_with_figures(row, left) for row in rows[first:])
    return _Block(rows[:first], rows[first:], left) if whole else _Block(rows, [], left)


def _is_label_with_figures(row: _Row, left: int) -> bool:
    others = [cell for cell in row.cells[left + 1 :] if cell.casefold() not in _NO_FIGURE]
    return bool(row.cells[left] and others) and all(_figure(cell) or _BOTH.fullmatch(cell) for cell in others)


def _is_total(label: str) -> bool:
    return bool(_TOTALS.fullmatch(label.rstrip(": ")))


# --- Figures ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Figure:
    value: float
    percent: bool  # with its sign
    precision: float  # half of its last digit


def _figure(cell: str) -> _Figure | None:
    match = _FIGURE.fullmatch(cell)
    if not match:
        return None
    digits = re.sub(r"\s", "", match["number"])
    if re.fullmatch(r"[-+]?\d+,\d{1,2}", digits):  # a decimal comma
        digits = digits.replace(",", ".")
    digits = digits.replace(",", "")
    if digits.count(".") > 1:
        return None
    decimals = len(digits.partition(".")[2])
    return _Figure(float(digits), bool(match["percent"]), 0.5 * 10.0**-decimals)


def _are_shares(shares: Sequence[_Figure], counts: Sequence[_Figure], base: float) -> bool:
    """Say whether each share is its count's part of the base, as far as it is written."""
    whole = 100 if any(share.percent or share.value > 1 for share in shares) else 1
    return all(
        abs(share.value - whole * count.value / base) <= 1.01 * share.precision + 1e-9
        for share, count in zip(shares, counts, strict=True)
    )


# --- What shows it ----------------------------------------------------------------------------------------------------


def _heads(rows: Sequence[_Row]) -> Iterator[str]:
    """Find the row that heads a table of counts, by words that the platforms use there."""
    for place, row in enumerate(rows):
        words = set(row.words)
        is_followed = place + 1 < len(rows) and rows[place + 1].filled
        if is_followed and words <= _HEAD_WORDS and any(head <= words for head in _HEADS):
            cells = ", ".join(map(repr, dict.fromkeys(row.filled)))
            yield f"row {row.number} reads {cells}, which heads a table of counts"
        if place and any(map(_PERCENT_OF.fullmatch, row.words)):
            yield f"row {row.number} says of which whole its percentages are"


def _answered(rows: Sequence[_Row]) -> Iterator[str]:
    """Find, below a question, how many answered and how many skipped it: in two rows, or in one."""
    said = [" ".join(row.words).replace(":", "") for row in rows]
    for answered, skipped in _ANSWERED:
        one, other = rf"{answered} \d[\d.,]*", rf"{skipped} \d[\d.,]*"
        for place in range(_LEAST_ROWS, len(said)):
            near = said[max(place - 3, 0) : place] + said[place + 2 : place + 5]
            after = "".join(said[place + 1 : place + 2])
            in_two = re.fullmatch(one, said[place]) and re.fullmatch(other, after)
            if in_two and any(text.startswith((f"{answered} ", f"{skipped} ")) for text in near):
                continue  # many such rows are respondents
            if in_two or re.fullmatch(f"{one} {other}", said[place]):
                yield f"row {rows[place].number} counts who answered and who skipped a question"


def _tables(blocks: Sequence[_Block]) -> Iterator[str]:
    """Find tables of figures, where nothing else is in the file."""
    tables = [block for block in blocks if not block.is_title]
    if not tables or not all(block.is_of_figures for block in tables):
        return
    for block in tables:
        if _holds_shares(block):
            yield f"the table from row {block.number} holds counts and their shares of the whole"
        if all(any(map(_BOTH.fullmatch, row.cells)) for row in block.body):
            yield f"the table from row {block.number} holds a count and its percentage in each cell"
        if _adds_up(block):
            yield f"the table from row {block.number} holds percentages that add up to 100, with their total"
    if len(tables) > 1 and all(_stands_by_itself(block) for block in tables):
        rows = ", ".join(str(block.number) for block in tables)
        yield f"tables of figures, each with its own head, begin in rows {rows}"


def _stands_by_itself(block: _Block) -> bool:
    """Say whether a table has a head of its own, words as labels, and percentages or a total."""
    return bool(block.top) and block.has_words_as_labels and (block.says_percent or block.total is not None)


def _columns(block: _Block) -> list[list[_Figure] | None]:
    """Return the columns of figures right of the labels, without totals; None for a column with gaps."""
    rows = [row for row, label in zip(block.body, block.labels, strict=True) if not _is_total(label)]
    width = min(len(block.body[0].cells), block.left + 1 + _COLUMNS)
    columns = ([_figure(row.cells[place]) for row in rows] for place in range(block.left + 1, width))
    return [column if len(column) >= _LEAST_ROWS and all(column) else None for column in columns]


def _holds_shares(block: _Block) -> bool:
    """Say whether a column of counts stands beside one of their shares of the sum, or of the total below."""
    columns = _columns(block)
    totals = block.body[block.total].cells[block.left + 1 :] if block.total is not None else ()
    for (_, shares), (place, counts) in permutations(enumerate(columns), 2):
        if not shares or not counts or not _may_be_shares(shares, block):
            continue
        if any(count.value < 0 or count.value % 1 or count.percent for count in counts):
            continue
        total = _figure(totals[place]) if totals else None
        bases = {sum(count.value for count in counts), total.value if total else 0}
        if any(base > 0 and _are_shares(shares, counts, base) for base in bases):
            return True
    return False


def _may_be_shares(shares: Sequence[_Figure], block: _Block) -> bool:
    """Say whether the figures differ, and are of a kind that respondents would hardly give: percentages, parts of 1."""
    inner = {share.value for share in shares if share.value not in (0, 1, 100)}
    signed = all(share.percent for share in shares)
    parts = all(share.value <= 1 for share in shares) and any(share.value % 1 for share in shares)
    return len(inner) > 1 and (signed or (block.has_words_as_labels and (parts or len(shares) > _LEAST_ROWS)))


def _adds_up(block: _Block) -> bool:
    """Say whether percentages add up to 100 in each column, and a row of the table is their total or their base."""
    if block.total is None or not block.has_words_as_labels:
        return False
    percentages = [column for column in _columns(block) if column and all(one.percent for one in column)]
    return bool(percentages) and all(
        abs(sum(one.value for one in column) - 100) <= sum(one.precision for one in column) + 1e-9
        for column in percentages
    )
