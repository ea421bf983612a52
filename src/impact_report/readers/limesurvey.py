"""LimeSurvey: one header row of codes, of codes and texts, or of texts; the sub-question stands in brackets.

q1[SQ001]                                   codes
q1_SQ001                                    codes as LimeSurvey's expressions write them
q1[SQ001]. Which of these? [Training]       codes and texts
Which of these? [Training]                  texts
"""

from __future__ import annotations

import os
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from impact_report.readers.export import Column, Export
from impact_report.readers.table import Table
from impact_report.wording import normalise

FORMAT = "limesurvey"

_CODE = r"(?P<code>[A-Za-z][A-Za-z0-9_]*)(?P<subs>(?:\[[A-Za-z0-9_]*\])*)"
_BARE = re.compile(rf"{_CODE}$")
_CODED = re.compile(rf"{_CODE}(?:[.:;|] ?| [-–|] )(?P<text>.*)$")
_MOST = 0.8  # of the headers have the form of the file; the rest were added by hand

_ADDED = {"submitdate", "lastpage", "startlanguage", "seed"}
_ADDED_OFTEN = {"id", "startdate", "datestamp", "ipaddr", "refurl", "token", "interviewtime"}
_PERSONS = {"firstname", "lastname", "email"}
_PARTICIPANT = {"participant_id", "tid", "emailstatus", "language", "blacklisted", "sent", "remindersent"}
_PARTICIPANT |= {"remindercount", "completed", "usesleft", "validfrom", "validuntil", "mpid"}
_ADDED_TEXTS = {"date submitted", "last page", "start language", "seed"}
_ADDED_TEXTS_OFTEN = {"response id", "date started", "date last action", "ip address", "referrer url", "referring url"}
_ADDED_TEXTS_OFTEN |= {"token", "access code", "first name", "last name", "email address", "total time"}
_TIMING_TEXT = re.compile(r"(group|question) time: ")
_SUBMITTED = ("submitdate", "date submitted")

_OTHER, _COMMENT, _FILES = "other", "comment", "filecount"
_SCALE = "#"  # before the number of a scale, which is no code of a column
_NOT_APPLICABLE = "N/A"
_OWN_ANSWERS = ({"Yes", "No"}, {"Male", "Female"})

_MOMENT = re.compile(r"\d{1,4}[-./]\d{1,2}[-./]\d{1,4}[ T]\d{1,2}:\d{2}(:\d{2})?")
_INTEGER = re.compile(r"-?\d+")
_LANGUAGE = re.compile(r"(?!(?:no|yes)$)[a-z]{2,3}(-[A-Za-z-]+)?")
_SEED = re.compile(r"\d{5,10}")
_ADDRESS = re.compile(r"[0-9a-fA-F]*[.:][0-9a-fA-F.:]+")
_LINK = re.compile(r"https?://\S*")
_WITHIN = 8  # the date of submission, the last page and the language stand among the first columns


@dataclass(frozen=True)
class _Header:
    """A header in its parts: codes and texts of the question and, from the outer to the inner, of its sub-questions."""

    name: str
    code: str
    subs: tuple[str, ...]
    question: str
    texts: tuple[str, ...]

    @property
    def labels(self) -> list[str]:
        """Each sub-question's text, or its code where it has none."""
        levels = max(len(self.subs), len(self.texts))
        texts = [*self.texts, *[""] * (levels - len(self.texts))]
        return [text or (self.subs[level] if level < len(self.subs) else "") for level, text in enumerate(texts)]


def recognise(table: Table) -> bool:
    """Say whether the headers are LimeSurvey's: its own columns, or questions as `code[SUB]`.

    In a language other than English its own columns have other names: then a date, a page and a language side by side
    tell.

    >>> from impact_report.readers.table import of
    >>> recognise(of(["id", "submitdate", "lastpage", "q1[SQ001]"])), recognise(of(["Role", "Topics [Pay]"]))
    (True, False)
    """
    headers = table.headers()
    bare = [match for match in map(_BARE.match, headers) if match]
    coded = [match for match in map(_CODED.match, headers) if match]
    names = {match["code"] for match in (*bare, *coded) if not match["subs"]}
    texts = {_as_words(header) for header in headers}
    if len(names & _ADDED) >= 2 or len(texts & _ADDED_TEXTS) >= 2:
        return True
    for matches in (bare, coded):
        filled = sum(map(bool, headers))
        if sum(bool(match["subs"]) for match in matches) >= 2 and len(matches) >= _MOST * filled:
            return True
    bracketed = sum(header.endswith("]") for header in headers)
    return bracketed >= 2 and _language_column(table.below(1)) is not None


def read(table: Table) -> Export:
    """Return the export.

    Not shown is what LimeSurvey writes as nothing where it writes an empty answer as "" (quoted). With full answers it
    writes N/A: in a select-all question only for not shown, and there it is told if all of its columns say so in the
    same rows; in a question of Yes and No or of gender also for no answer, so there it is told as no answer. Anywhere
    else, or beside empty cells, N/A is an answer of the survey's author. A response is unfinished without a date of
    submission; 1980-01-01 stands for the date in an anonymous survey.

    >>> from impact_report.readers.table import of
    >>> export = read(of(["submitdate. Date submitted", "q1[A]. Which? [Pay]", "q1[B]. Which? [Hours]"],
    ...                  ["2019-06-30 12:00:00", "Y", ""], ["", "", "Y"]))
    >>> [(column.group, column.question, column.option) for column in export.columns[1:]]
    [('q1', 'Which?', 'Pay'), ('q1', 'Which?', 'Hours')]
    >>> export.unfinished.tolist()
    [False, True]
    """
    below = table.below(1)
    headers = _headers(table.headers())
    added = _added(headers, below)
    question_headers = {position: header for position, header in enumerate(headers) if position not in added}
    asked = _columns(question_headers)
    columns = tuple(
        asked.get(position)
        or Column(position, header.name, header.question or header.name, None, header.name, platform=True)
        for position, header in enumerate(headers)
    )
    not_shown = {position: below.absent[position] for position in asked if position in below.absent}
    not_shown = {position: marked for position, marked in not_shown.items() if marked.any()}
    for position, marked in _not_applicable(columns, below).items():
        not_shown[position] = not_shown.get(position, False) | marked
    return Export(
        FORMAT,
        columns,
        below.cells,
        table.encoding,
        table.separator,
        not_shown=not_shown,
        user_missing=_no_answer(columns, below),
        unfinished=_unfinished(headers, below),
    )


# --- Headers ----------------------------------------------------------------------------------------------------------


def _headers(texts: Sequence[str]) -> list[_Header]:
    """Return the headers in their parts, by the form that most of them have."""
    filled = sum(map(bool, texts))
    if sum(bool(_BARE.match(text)) for text in texts) >= _MOST * filled:
        return _expressions([_bare(text) for text in texts])
    if sum(bool(_CODED.match(text)) for text in texts) >= _MOST * filled:
        return _agreed(list(map(_coded, _spaced([_CODED.match(text) for text in texts], texts))))
    words = texts if any(" " in text for text in texts) else [text.replace("_", " ") for text in texts]
    return _own_brackets([_texts(name, text) for name, text in zip(texts, words, strict=True)], words)


def _bare(text: str) -> _Header:
    match = _BARE.match(text)
    if match is None:
        return _Header(text, text, (), text, ())
    return _Header(text, match["code"], _subs(match["subs"]), "", ())


def _expressions(headers: list[_Header]) -> list[_Header]:
    """Return the headers, those without brackets split at underscores where several share what stands before."""
    if any(header.subs for header in headers):
        return headers
    stems = Counter(header.code.partition("_")[0] for header in headers)

    def split(header: _Header) -> _Header:
        code, *subs = header.code.split("_")
        return replace(header, code=code, subs=tuple(subs)) if subs and all(subs) and stems[code] > 1 else header

    return [split(header) for header in headers]


def _spaced(matches: list[re.Match | None], texts: Sequence[str]) -> list[str]:
    """Return the headers with the spaces that LimeSurvey was asked to write as underscores."""
    if any(match and " " in match["text"] for match in matches):
        return list(texts)
    return [
        text if match is None else text[: match.start("text")] + match["text"].replace("_", " ")
        for match, text in zip(matches, texts, strict=True)
    ]


def _coded(text: str) -> _Header:
    """Return the parts of a header of codes and texts.

    >>> header = _coded("q7[R1_C2]. How often? [By train] [Alone]]")
    >>> header.code, header.subs
    ('q7', ('R1', 'C2'))
    >>> _coded("q3[SQ1]. [Are you content with [your work]]").texts
    ('Are you content with [your work]',)
    """
    match = _CODED.match(text)
    if match is None:
        return _bare(text)
    subs = _subs(match["subs"])
    question, texts = _peeled(match["text"], len(subs))
    return _Header(match["code"] + match["subs"], match["code"], subs, question, texts)


def _subs(brackets: str) -> tuple[str, ...]:
    """Return the codes of the sub-questions; of an array, whose code is `row_column`, both.

    >>> _subs("[SQ001]"), _subs("[R1_C2]"), _subs("[SQ001][1]")
    (('SQ001',), ('R1', 'C2'), ('SQ001', '#1'))
    """
    first, *scale = re.findall(r"\[([^\[\]]*)\]", brackets) or [""]
    if scale:
        return (first, f"{_SCALE}{scale[0]}")
    row, _, column = first.partition("_")
    return tuple(code for code in (row, column) if code)


def _peeled(text: str, levels: int) -> tuple[str, tuple[str, ...]]:
    """Return a text and what stands in the brackets at its end, so many as there are levels.

    >>> _peeled("How often? [By train][Alone]", 2)
    ('How often?', ('By train', 'Alone'))
    >>> _peeled("How old are you? [in years]", 0)
    ('How old are you? [in years]', ())
    """
    texts: list[str] = []
    while len(texts) < levels and (start := _opening(text)) is not None:
        texts.insert(0, text[start + 1 : -1].strip())
        text = text[:start]
    return text.strip(), tuple(texts)


def _opening(text: str) -> int | None:
    """Return where the bracket opens that closes at the text's end, or None."""
    depth = 0
    for position in range(len(text) - 1, -1, -1):
        depth += (text[position] == "]") - (text[position] == "[")
        if depth == 0:
            return position if text[position] == "[" else None
    return None


def _agreed(headers: list[_Header]) -> list[_Header]:
    """Return the headers, with one wording for each question: a bracket too many in an option cannot change it."""
    by_code: dict[str, list[_Header]] = defaultdict(list)
    for header in headers:
        if len(header.subs) == 1 and header.texts:
            by_code[header.code].append(header)
    wordings: dict[str, str] = {}
    for code, group in by_code.items():
        if len({header.question for header in group}) > 1:
            shared = os.path.commonprefix([f"{one.question} [{one.texts[0]}]" for one in group])  # noqa: RUF071 - texts
            wordings[code] = shared.rpartition("[")[0].strip() if "[" in shared else group[0].question

    def agreed(header: _Header) -> _Header:
        wording = wordings.get(header.code)
        if wording is None or len(header.subs) != 1 or not header.texts:
            return header
        whole = f"{header.question} [{header.texts[0]}]"
        return replace(header, question=wording, texts=(whole.removeprefix(wording).strip()[1:-1].strip(),))

    return [agreed(header) for header in headers]


def _texts(name: str, text: str) -> _Header:
    """Return the parts of a header without codes: the brackets at its end, two where they touch."""
    start = _opening(text)
    question, texts = _peeled(text, 2 if start and text[start - 1] == "]" else 1)
    return _Header(name, question or text, (), question, texts)


def _own_brackets(headers: list[_Header], texts: Sequence[str]) -> list[_Header]:
    """Return the headers; a bracket that only one column has is the question's own."""
    columns = Counter(header.question for header in headers)

    def whole(header: _Header, text: str) -> _Header:
        if not header.texts or (columns[header.question] > 1 and header.question):
            return header
        question = text if header.question else text.removeprefix("[").removesuffix("]")
        return _Header(header.name, question, (), question, ())

    return [whole(header, text) for header, text in zip(headers, texts, strict=True)]


# --- Columns ----------------------------------------------------------------------------------------------------------


def _columns(headers: dict[int, _Header]) -> dict[int, Column]:
    """Return the columns that hold answers, by position."""
    groups: dict[str, list[_Header]] = defaultdict(list)
    for header in headers.values():
        groups[header.code].append(header)
    comments = _uncoded_comments(headers)
    return {
        position: comments.get(position) or _column(position, header, groups[header.code])
        for position, header in headers.items()
    }


def _column(position: int, header: _Header, group: list[_Header]) -> Column:
    """Return the column of an answer.

    A comment, a list's other answer in words and the number of files sent are questions of their own. Each row of an
    array of rows and columns is a question of its own, and so is each of two scales.
    """
    name, question, labels = header.name, header.question or header.code, header.labels
    if not labels:
        return Column(position, name, question, None, header.code)
    if about := _beside(header, group):
        return Column(position, name, " – ".join([question, *about]), None, name)
    if len(labels) == 1:
        return Column(position, name, question, labels[0] or name, header.code)
    of_row = f"{question} – {labels[0]}"
    if not header.subs:
        return Column(position, name, of_row, labels[1], of_row)
    row, column = header.subs
    if column.startswith(_SCALE):
        scale = column.removeprefix(_SCALE)
        wording = f"{question} – {labels[1].removeprefix(_SCALE)}"
        return Column(position, name, wording, labels[0], f"{header.code}_{scale}")
    return Column(position, name, of_row, labels[1], f"{header.code}_{row}")


def _beside(header: _Header, group: list[_Header]) -> list[str]:
    """Return what a text beside an answer is about and called; nothing for a sub-question."""
    if len(header.labels) != 1:
        return []
    siblings = {one.subs[0]: one for one in group if len(one.subs) == 1}
    sub, label = (*header.subs, "")[0], header.labels[0]
    whole = any(not one.labels for one in group)
    if sub == _FILES or (whole and (sub in (_OTHER, _COMMENT) or (not sub and label))):
        return [label or sub]
    stem = sub.removesuffix(_COMMENT)
    if stem != sub and stem in siblings:
        of = siblings[stem].labels[0]
        return [label] if label.startswith(of) and label != of else [of, label if label != sub else _COMMENT]
    return []


def _uncoded_comments(headers: dict[int, _Header]) -> dict[int, Column]:
    """Return the comments of a select-all question without codes: every second column has the same text."""
    groups: dict[str, list[int]] = defaultdict(list)
    for position, header in headers.items():
        if not header.subs and len(header.texts) == 1:
            groups[header.question].append(position)
    comments = {}
    for question, positions in groups.items():
        texts = [headers[position].texts[0] for position in positions]
        if len(texts) >= 4 and len(set(texts[1::2])) == 1 and len(set(texts[::2])) == len(texts) / 2:
            for option, position in zip(texts[::2], positions[1::2], strict=True):
                name = headers[position].name
                wording = " – ".join([question, option, headers[position].texts[0]])
                comments[position] = Column(position, name, wording, None, wording)
    return comments


# --- Columns that LimeSurvey adds -------------------------------------------------------------------------------------


def _as_words(header: str) -> str:
    return normalise(header.replace("_", " "))


def _added(headers: list[_Header], below: Table) -> set[int]:
    """Return the positions of the columns that are not asked."""
    codes = {header.code for header in headers}
    known = _ADDED | _ADDED_OFTEN | _PERSONS | (_PARTICIPANT if "token" in codes else set())
    added = set(_opening_columns(below))
    for position, header in enumerate(headers):
        stem = header.code.removesuffix("Time")
        timing = re.fullmatch(r"groupTime\d+", header.code) or (stem != header.code and stem in codes)
        attribute = re.fullmatch(r"attribute_?\d+", header.name) and "token" in codes
        text = _as_words(header.name)
        in_words = text in _ADDED_TEXTS | _ADDED_TEXTS_OFTEN or _TIMING_TEXT.match(text)
        whole = not header.labels or attribute
        if (whole and (header.code in known or timing or attribute or in_words)) or (
            not header.name and _all(below, position, _INTEGER)  # a row number, as statistics programs write it
        ):
            added.add(position)
    return added


def _all(below: Table, position: int, pattern: re.Pattern, share: float = 1.0) -> bool:
    """Say whether a column's texts, if there are any, have a form."""
    texts = below.texts(position) if position in below.cells else []
    return bool(texts) and sum(bool(pattern.fullmatch(text)) for text in texts) >= share * len(texts)


def _language_column(below: Table) -> int | None:
    """Return the position of the language, which follows the date of submission and the last page; None without."""
    for position in range(2, min(_WITHIN, below.cells.shape[1])):
        form = (_MOMENT, _INTEGER, _LANGUAGE)
        if all(_all(below, position - 2 + step, pattern) for step, pattern in enumerate(form)):
            return position
    return None


def _opening_columns(below: Table) -> range:
    """Return the columns up to the language, and those behind it that LimeSurvey adds, whatever they are called."""
    language = _language_column(below)
    if language is None:
        return range(0)
    end = language + 1
    steps: tuple[Callable[[int], bool], ...] = (
        lambda position: _all(below, position, _SEED, _MOST) and _filled(below, position),
        *[lambda position: _all(below, position, _MOMENT) and _filled(below, position)] * 2,
        lambda position: _all(below, position, _ADDRESS),
        lambda position: _all(below, position, _LINK),
    )
    for step in steps:
        end += step(end)
    return range(end)


def _filled(below: Table, position: int) -> bool:
    return not (below.cells[position] == "").any()


# --- States -----------------------------------------------------------------------------------------------------------


def _unfinished(headers: list[_Header], below: Table) -> np.ndarray | None:
    """Return which responses have no date of submission, or None where the export has no such column."""
    names = [{header.code, _as_words(header.name)} for header in headers]
    found = [position for position, texts in enumerate(names) if texts & set(_SUBMITTED)]
    language = _language_column(below)
    if not found and language is None:
        return None
    submitted = below.cells[found[0] if found else language - 2]
    return submitted.isin(["", _NOT_APPLICABLE]).to_numpy()


def _says_not_applicable(below: Table, position: int) -> bool:
    """Say whether N/A stands beside at most two answers, and never beside an empty cell."""
    texts = set(below.texts(position))
    return _NOT_APPLICABLE in texts and len(texts) <= 3 and _filled(below, position)


def _not_applicable(columns: Sequence[Column], below: Table) -> dict[int, np.ndarray]:
    """Return which rows of select-all questions are not shown, as full answers say it."""
    groups: dict[str, list[int]] = defaultdict(list)
    for column in columns:
        texts = below.texts(column.position) if column.option is not None else []
        if _NOT_APPLICABLE in texts or (texts and _filled(below, column.position)):  # not so the other answer in words
            groups[column.group].append(column.position)
    marked: dict[int, np.ndarray] = {}
    for positions in (one for one in groups.values() if len(one) > 1):
        answers = set().union(*(below.texts(position) for position in positions)) - {_NOT_APPLICABLE}
        rows = {position: (below.cells[position] == _NOT_APPLICABLE).to_numpy() for position in positions}
        first = rows[positions[0]]
        same = all(np.array_equal(first, other) for other in rows.values())
        if same and len(answers) <= 2 and all(_says_not_applicable(below, position) for position in positions):
            marked |= rows
    return marked


def _no_answer(columns: Sequence[Column], below: Table) -> dict[int, np.ndarray]:
    """Return which rows of questions of Yes and No or of gender have no answer, as full answers say it."""
    marked = {}
    for column in columns:
        if column.option is None and not column.platform and _says_not_applicable(below, column.position):
            answers = set(below.texts(column.position)) - {_NOT_APPLICABLE}
            if any(answers and answers <= own for own in _OWN_ANSWERS):
                marked[column.position] = (below.cells[column.position] == _NOT_APPLICABLE).to_numpy()
    return marked
