"""Status: which rows are no respondents', and which are unfinished, in Qualtrics' own numbers and words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import numpy as np

from impact_report.readers.table import Table
from impact_report.wording import normalise

_NUMBER = re.compile(r"(\d+)(?:\.0+)?")
_PREVIEW, _TEST, _IMPORTED, _SPAM, _OFFLINE, _EMPLOYEE = (2**bit for bit in range(6))
_UNREAL_BITS = _PREVIEW | _TEST | _SPAM  # numbers are sums of these: 17 is a preview filled in offline
_EVERY_BIT = _UNREAL_BITS | _IMPORTED | _OFFLINE | _EMPLOYEE
_UNREAL = re.compile(
    "preview|vorschau|aperçu|apercu|vista previa|visualiza|anteprima|voorbeeld|förhandsgransk|forhåndsvis|esikatsel"
    "|podgląd|náhled|előnézet|önizleme|предварительн|просмотр|プレビュー|미리보기|预览|預覽"
    "|test|prueba|essai|prova|próba|тест|テスト|테스트|测试|測試"
    "|spam|indésirable|no deseado|спам|スパム|스팸|垃圾"
)
_REAL = re.compile(
    "(?<![a-z])(?:ip|ex|sms)(?![a-z])|import|ïmport|off-?line|hors ligne|sin conexión|anonym|anónim|anônim|anonim"
    "|e-?mail|panel|импорт|インポート|オフライン|导入|匯入|离线|離線"
)


def previews(below: Table, known: Mapping[str, int]) -> np.ndarray | None:
    """Return which rows are previews, tests, spam, or of a status that nobody knows; None where nothing tells.

    `known` holds the positions of the platform's own columns. Without a status the channel tells of previews.

    >>> from impact_report.readers.table import of
    >>> previews(of(["IP Address"], ["Survey Preview"]), {"status": 0}).tolist()
    [False, True]
    """
    told = _marked(below, known.get("status", known.get("responsetype")), _is_no_respondent)
    return told if told is not None else _marked(below, known.get("distributionchannel"), _is_unreal)


def unfinished(below: Table, known: Mapping[str, int]) -> np.ndarray | None:
    """Return which rows are unfinished by `Finished`, or else by `Progress`; None where neither tells.

    >>> from impact_report.readers.table import of
    >>> unfinished(of(["True"], ["False"]), {"finished": 0}).tolist()
    [False, True]
    """
    told = _marked(below, known.get("finished"), {"false": True, "0": True, "true": False, "1": False}.get)
    return told if told is not None else _marked(below, known.get("progress"), _is_partial)


def _marked(below: Table, position: int | None, meaning: Callable[[str], bool | None]) -> np.ndarray | None:
    """Return the rows whose cell has that meaning; None without such a column, or where a cell's meaning is unknown."""
    if position is None or not below.texts(position):
        return None
    meanings = {text: meaning(normalise(text)) for text in below.texts(position)}
    if None in meanings.values():
        return None
    return below.cells[position].isin([text for text, yes in meanings.items() if yes]).to_numpy()


def _is_no_respondent(status: str) -> bool:
    """Say whether a status is not that of a real respondent, as far as anybody knows: a preview never passes for one.

    >>> [_is_no_respondent(text) for text in ("ip address", "0", "16", "importiert", "antwort per e-mail")]
    [False, False, False, False, False]
    >>> [_is_no_respondent(text) for text in ("survey preview", "17", "umfragevorschau", "offline-vorschau", "64", "?")]
    [True, True, True, True, True, True]
    """
    if match := _NUMBER.fullmatch(status):
        bits = int(match[1])
        return bits > _EVERY_BIT or bool(bits & _UNREAL_BITS)
    return _is_unreal(status) or not _REAL.search(status)


def _is_unreal(text: str) -> bool:
    return _UNREAL.search(text) is not None


def _is_partial(progress: str) -> bool | None:
    return int(progress) < 100 if progress.isdecimal() else None
