"""SurveyMonkey: two header rows, the question over the first column of its block, the option below."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from impact_report.errors import ExportError, Problem
from impact_report.readers.export import Column, Export
from impact_report.readers.joined import between
from impact_report.readers.table import TITLE_ROWS, Table
from impact_report.wording import normalise, tidy

FORMAT = "surveymonkey"
_WHOLE_ANSWER = frozenset(
    [
        "response", "open-ended response",
        "antwort", "offene antwort",
        "réponse", "réponse ouverte",
        "respuesta", "respuesta abierta",
        "resposta", "resposta aberta",
        "risposta", "risposta aperta",
        "antwoord", "open antwoord",
    ]
)  # fmt: skip
_ENGLISH_RESPONDENT = "respondentid"
_RESPONDENT = frozenset(
    [
        _ENGLISH_RESPONDENT, "befragten-id",
        "iddurépondant", "identifiantdurépondant",
        "iddelencuestado", "iddeencuestado",
        "iddorespondente",
        "iddelrispondente", "idrispondente",
        "respondent-id", "idvanrespondent", "idvanderespondent",
    ]
)  # fmt: skip
_COLLECTOR = frozenset(
    [
        "collectorid", "collector-id",
        "idducollecteur", "identifiantducollecteur",
        "iddelrecopilador", "idderecopilador",
        "iddocoletor",
        "iddelcollettore", "idcollettore", "idraccoglitore",
        "idvancollector", "idvandecollector",
    ]
)  # fmt: skip
_PLATFORM = re.compile(
    r"respondentid|collectorid|collector|startdate|enddate|datecreated|datemodified|ipaddress|emailaddress"
    r"|firstname|lastname|custom(data|value|variable)\d*|language"
)
_BETWEEN = " - "  # row and column of a matrix
_MERGED = (" | ", " - ", ": ")  # question and option, in one header row
_MARKS = (", ", ",", ";")  # between answers, in an export of condensed columns


def recognise(table: Table) -> bool:
    """Say whether the table is such an export, by its headers alone, in one of seven languages.

    >>> from impact_report.readers.table import of
    >>> recognise(of(["Respondent ID", "Collector ID", "Role?"], ["", "", "Response"], ["1", "7", "Firm"]))
    True
    """
    return _header_row(table) is not None


def read(table: Table) -> Export:
    """Return the export; a question's name is carried over its block, `Response` stands for the whole answer.

    Where both header rows were made into one, columns side by side whose headers begin alike are one question. Raises
    ExportError where there are not two header rows, in a language in which one of them cannot be recognised.

    >>> from impact_report.readers.table import of
    >>> [column.title for column in read(of(["RespondentID", "Which?", ""], ["", "Pay", "Response"])).columns]
    ['RespondentID', 'Which? – Pay', 'Which?']
    """
    known = _header_row(table)
    header = known or 0
    above = table.headers(header)
    if known is not None and _is_single(table, header):
        body = table.below(header + 1)
        blocks = _merged(above)
    else:
        if known is None:
            _refuse_one_header(table)
        below = table.headers(header + 1)
        body = table.below(header + 2)
        blocks = _blocks(above, below, _opening(above, below))
    columns = [column for block in blocks for column in _read_block(block, body)]
    return Export(FORMAT, tuple(columns), body.cells, table.encoding, table.separator)


def _squeezed(text: str) -> str:
    return normalise(text).replace(" ", "")


def _is_platform(header: str) -> bool:
    name = _squeezed(header)
    return name in _RESPONDENT | _COLLECTOR or _PLATFORM.fullmatch(name) is not None


def _header_row(table: Table) -> int | None:
    """Return the position of the first header row, or None."""
    for position in range(min(TITLE_ROWS, len(table.cells) - 1)):
        names = {_squeezed(cell) for cell in table.row(position)}
        below = {normalise(cell) for cell in table.row(position + 1)}
        if names & _RESPONDENT and (names & _COLLECTOR or below & _WHOLE_ANSWER):
            return position
    return None


def _is_single(table: Table, header: int) -> bool:
    """Say whether there is one header row only: below the respondent's id stands an id, not nothing."""
    place = next(place for place, cell in enumerate(table.row(header)) if _squeezed(cell) in _RESPONDENT)
    return table.row(header + 1)[place].strip() != ""


def _refuse_one_header(table: Table) -> None:
    """Raise ExportError unless there are two header rows: `Response` in the second, or nothing below the first id."""
    below = table.headers(1)
    whole = any(normalise(cell) in _WHOLE_ANSWER for cell in below)
    opens = len(below) > 1 and table.row(0)[0] != "" and below[0] == "" and any(below)
    if not whole and not (opens and _has_ids(table.below(2))):
        expected = "two header rows: questions, and below them options or `Response`"
        do = "export all responses again as SurveyMonkey gives them, or remove `format:` from wave.yml"
        raise ExportError(Problem(expected, "one header row", table.name, do))


def _has_ids(below: Table) -> bool:
    """Say whether the first column is filled in each row that holds anything."""
    filled = np.logical_or.reduce([(below.cells[column] != "").to_numpy() for column in below.cells])
    return not (filled & (below.cells[0] == "").to_numpy()).any()


def _opening(above: Sequence[str], below: Sequence[str]) -> int:
    """Return how many columns stand before the first question, where the platform's own have other names than English.

    >>> _opening(["Befragten-ID", "Startdatum", "Rolle?"], ["", "", "Antwort"]), _opening(["Respondent ID"], [""])
    (2, 0)
    """
    if any(_squeezed(cell) == _ENGLISH_RESPONDENT for cell in above):
        return 0
    return next((position for position, sub in enumerate(below) if sub), 0)


def _column(position: int, question: str, option: str | None) -> Column:
    name = question if option is None else f"{question}: {option}"
    return Column(position, name, question, option, question)


def _blocks(above: Sequence[str], below: Sequence[str], opening: int) -> list[list[Column]]:
    """Return the columns of each question, the first ones of which are the platform's."""
    blocks: list[list[Column]] = []
    question = ""
    for position, (top, sub) in enumerate(zip(above, below, strict=True)):
        if not top and not sub:  # a column of nothing, as spreadsheets leave them
            blocks.append([Column(position, "", "")])
            continue
        question = top or question
        if not sub:
            platform = position < opening or _is_platform(top)
            blocks.append([replace(_column(position, question, None), platform=platform)])
            continue
        column = _column(position, question, None if normalise(sub) in _WHOLE_ANSWER else sub)
        if top or not blocks or blocks[-1][-1].question != question:
            blocks.append([column])
        else:
            blocks[-1].append(column)
    return blocks


def _merged(headers: Sequence[str]) -> list[list[Column]]:
    """Return the columns of each question, where one row says both question and option.

    >>> [[one.option for one in block] for block in _merged(["Which? - Pay", "Which? - Hours", "Why not? - Or why?"])]
    [['Pay', 'Hours'], [None]]
    """
    asked = False
    blocks: list[list[Column]] = []
    for position, header in enumerate(headers):
        platform = not asked and _is_platform(header)
        asked |= not platform and header != ""
        parts = (header.rpartition(mark) for mark in _MERGED if not platform)
        told = (
            (before, after) for before, mark, after in parts if before and _beside(headers, position, before + mark)
        )
        question, option = next(told, (None, ""))
        if question is None:
            blocks.append([Column(position, header, header, None, header, platform=platform)])
            continue
        column = Column(position, header, question, option.strip(), question)
        if blocks and blocks[-1][-1].option is not None and blocks[-1][-1].question == question:
            blocks[-1].append(column)
        else:
            blocks.append([column])
    return blocks


def _beside(headers: Sequence[str], position: int, start: str) -> bool:
    """Say whether a header beside this one begins so, too."""
    return any(
        header.startswith(start)
        for header in (*headers[max(position - 1, 0) : position], *headers[position + 1 : position + 2])
    )


def _read_block(block: list[Column], body: Table) -> list[Column]:
    """Return the columns of one question, as its cells show them to be."""
    if matrix := _matrix(block, body):
        return matrix
    return [
        column
        if column.platform or column.option is not None
        else replace(column, separator=between(body.texts(column.position), _MARKS))
        for column in block
    ]


def _matrix(block: list[Column], body: Table) -> list[Column]:
    """Return a matrix of select-all as a question a row; nothing if the block is none.

    It is one where each sub-header is `row - column`, each row has every column, and each cell repeats its column.
    """
    cells = [column for column in block if column.option and _BETWEEN in column.option]
    if len(cells) < 2 or any(column.option is None for column in block):
        return []
    said = {column.position: body.texts(column.position) for column in cells}
    if any(len(texts) > 1 for texts in said.values()):
        return []
    ticked = {tidy(texts[0]) for texts in said.values() if texts}
    parts = {}
    for column in cells:
        texts = {tidy(text) for text in said[column.position]}
        answer = next((one for one in texts or sorted(ticked, key=len, reverse=True) if _ends(column, one)), None)
        row, _, last = column.option.rpartition(_BETWEEN)
        if answer is not None:
            row, last = column.option[: -len(answer) - len(_BETWEEN)], column.option[-len(answer) :]
        elif texts:
            return []
        parts[column.position] = (row, last)
    rows, answers = {row for row, _ in parts.values()}, {answer for _, answer in parts.values()}
    if not ticked or len(set(parts.values())) != len(cells) or len(rows) * len(answers) != len(cells):
        return []
    return [_cell(column, *parts[column.position]) if column.position in parts else column for column in block]


def _ends(column: Column, answer: str) -> bool:
    return normalise(column.option).endswith(normalise(_BETWEEN + answer)) and column.option.endswith(answer)


def _cell(column: Column, row: str, answer: str) -> Column:
    question = f"{column.question} – {row}"
    return replace(column, question=question, option=answer, group=question)
