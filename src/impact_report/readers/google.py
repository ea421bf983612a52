"""Google Forms: one header row that begins with `Timestamp`, in the language of the form."""

from __future__ import annotations

import re
from collections import Counter, defaultdict

from impact_report.readers.export import Column, Export
from impact_report.readers.joined import joins
from impact_report.readers.table import Table
from impact_report.wording import normalise

FORMAT = "google"
_TIMESTAMP = frozenset(
    map(
        normalise,
        [
            "Timestamp", "Zeitstempel", "Horodateur", "Marca temporal", "Marca de tiempo", "Carimbo de data/hora",
            "Carimbo de data", "Informazioni cronologiche", "Tijdstempel", "Tidsstempel", "Tidstämpel", "Tidsmerke",
            "Aikaleima", "Tímastimpill", "Sygnatura czasowa", "Znacznik czasu", "Časové razítko", "Časová značka",
            "Časová pečiatka", "Időbélyeg", "Marcaj de timp", "Marcă temporală", "Zaman damgası", "Χρονική σήμανση",
            "Χρονική σφραγίδα", "Отметка времени", "Позначка часу", "Мітка часу", "Клеймо за време",
            "Времево клеймо", "Vremenska oznaka", "Временска ознака", "Časovni žig", "Ajatempel", "Laika zīmogs",
            "Laiko žyma", "Laiko žymė", "Marca de temps", "Marca horaria", "Denbora-zigilua", "חותמת זמן",
            "طابع زمني", "الطابع الزمني", "مهر زمان", "टाइमस्टैम्प", "タイムスタンプ", "타임스탬프",
            "时间戳记", "时间戳", "時間戳記", "ประทับเวลา", "การประทับเวลา",
            "Dấu thời gian", "Stempel waktu", "Cap waktu", "Cap masa",
        ],
    )
)  # fmt: skip
_PLATFORM = frozenset(
    map(
        normalise,
        [
            "Email Address", "Username", "Score", "Total score",
            "E-Mail-Adresse", "Nutzername", "Punktzahl",
            "Adresse e-mail", "Nom d'utilisateur",
            "Dirección de correo electrónico", "Nombre de usuario", "Puntuación",
            "Indirizzo email", "Nome utente", "Punteggio",
            "Endereço de e-mail", "Nome de usuário", "Pontuação",
            "E-mailadres", "Gebruikersnaam",
            "Adres e-mail", "Nazwa użytkownika",
            "Адрес электронной почты", "Имя пользователя",
            "メールアドレス", "ユーザー名", "スコア",
        ],
    )
)  # fmt: skip
_DATE_AND_TIME = re.compile(r"\d{1,4}[^\d:]{1,2}\d{1,2}[^\d:]{1,2}\d{1,4}(\D{1,12}\d{1,2}[:.]\d{2}.*)?")
_LOOKS_RIGHT = 0.9  # of the distinct time stamps: some may have been typed in by hand
_QUIZ = re.compile(r"\d+([.,]\d+)? / \d+([.,]\d+)?")
_MARKS = (";", ", ")  # in a CSV from the form itself, and one from its spreadsheet


def recognise(table: Table) -> bool:
    """Say whether the first column is the time stamp: by its header, in one of many languages, and its cells.

    >>> from impact_report.readers.table import of
    >>> recognise(of(["Horodateur", "Âge"], ["17/11/2020 18:23:58", "40"]))
    True
    """
    headers = table.headers()
    return bool(headers) and normalise(headers[0]) in _TIMESTAMP and _are_times(table.below(1).texts(0))


def read(table: Table) -> Export:
    """Return the export; `Question [Row]` is a row of a grid.

    A row of a tick-box grid holds several answers in a cell: it becomes a question of its own.

    >>> from impact_report.readers.table import of
    >>> [column.title for column in read(of(["Timestamp", "How good? [Rooms]"], ["17/11/2020 18:23:58", "OK"])).columns]
    ['Timestamp', 'How good? – Rooms']
    """
    headers = table.headers()
    body = table.below(1)
    texts = [body.texts(position) for position in range(len(headers))]
    parts = [_question_and_row(header) for header in headers]
    platform = [normalise(header) in _PLATFORM for header in headers]
    platform[0] |= _are_times(texts[0])
    for position, (question, row) in enumerate(parts):
        if row is not None and question in headers[:position] and _is_quiz(row, texts[position]):
            platform[position] = True
    separators = _separators(parts, texts, platform)
    columns = []
    for position, (header, (question, row)) in enumerate(zip(headers, parts, strict=True)):
        separator = separators.get(position, "")
        if platform[position]:
            columns.append(Column(position, header, header, None, header, platform=True))
        elif row is not None and separator:
            columns.append(Column(position, header, f"{question} – {row}", None, header, separator=separator))
        else:
            columns.append(Column(position, header, question, row, question, separator=separator))
    return Export(FORMAT, tuple(columns), body.cells, table.encoding, table.separator)


def _are_times(texts: list[str]) -> bool:
    return sum(map(_is_time, texts)) >= _LOOKS_RIGHT * len(texts)


def _is_time(text: str) -> bool:
    """Say whether a cell is a date, with or without its time, as some country writes it.

    >>> [_is_time(text) for text in ("11/17/2020 18:23:58", "2020. 11. 17 오후 6:23:58", "17.11.2020", "often")]
    [True, True, True, False]
    """
    return _DATE_AND_TIME.fullmatch(text.strip()) is not None


def _question_and_row(header: str) -> tuple[str, str | None]:
    """Return the question and the row that stands in brackets at its end; brackets within it are its own.

    >>> _question_and_row("How good are [our] rooms? [Hall [old]]")
    ('How good are [our] rooms?', 'Hall [old]')
    >>> _question_and_row("How old are you?")
    ('How old are you?', None)
    """
    if not header.endswith("]"):
        return header, None
    depth = 0
    for place in range(len(header) - 1, 0, -1):
        depth += (header[place] == "]") - (header[place] == "[")
        if depth == 0:
            question, row = header[:place].strip(), header[place + 1 : -1].strip()
            return (question, row) if question and row else (header, None)
    return header, None


def _is_quiz(row: str, texts: list[str]) -> bool:
    """Say whether a column beside a question is what a quiz adds to it: its points, or what was remarked on it."""
    return normalise(row) in ("score", "feedback") or (bool(texts) and all(map(_QUIZ.fullmatch, texts)))


def _separators(parts: list[tuple[str, str | None]], texts: list[list[str]], platform: list[bool]) -> dict[int, str]:
    """Return what stands between answers, by column.

    The rows of a grid have the same answers, so they are looked at together. One file has one mark: the one that
    stands between the answers of more questions.
    """
    questions: dict[tuple[str, int | None], list[int]] = defaultdict(list)
    for position, (question, row) in enumerate(parts):
        if not platform[position]:
            questions[question, position if row is None else None].append(position)
    marks: dict[int, set[str]] = {}
    fits = Counter()
    for positions in questions.values():
        every = {text for position in positions for text in texts[position]}
        found = {mark for mark in _MARKS if joins(every, mark)}
        fits.update(found)
        marks.update(dict.fromkeys(positions, found))
    used = max(_MARKS, key=lambda mark: fits[mark])
    return {position: used for position, found in marks.items() if used in found}
