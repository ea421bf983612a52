"""Answers that mean the same in many surveys, in many languages: no answer, yes, no, any other."""

from __future__ import annotations

import re
from collections.abc import Sequence

from impact_report.wording import normalise

_MISSING = {
    "dont_know": """don't know | dont know | dont_know | do not know | i don't know | i do not know | dk | dnk |
       not sure | unsure |
        i'm not sure | don't know / not sure | don't know/not sure | don't remember | can't remember | no opinion |
        weiß nicht | weiss nicht | ich weiß nicht | keine ahnung | ne sait pas | je ne sais pas | ne sais pas | nsp |
        no sé | no sabe | no lo sé | ns | não sei | não sabe | non so | non sa | weet niet | weet ik niet | vet ej |
        vet inte | vet ikke | ved ikke | en osaa sanoa | nie wiem | trudno powiedzieć | nevím | neviem | nem tudom |
        nu știu | не знаю | затрудняюсь ответить | bilmiyorum | fikrim yok | δεν γνωρίζω | わからない |
        不知道 | 모름""",
    "refused": """prefer not to say | prefer not to answer | prefer not to disclose | i prefer not to say |
        i prefer not to answer | i'd prefer not to say | i would rather not say | rather not say | refused | refuse |
        refused to answer | decline to answer | declined | decline to state | do not wish to answer | pnta |
        prefer_not_to_answer | prefer_not_to_say | keine angabe | k. a. | k.a. | möchte ich nicht sagen |
        möchte nicht antworten | verweigert | ne souhaite pas répondre | je préfère ne pas répondre | refus | nrp |
        prefiero no decirlo | prefiero no responder | prefiero no contestar | prefiro não dizer |
        prefiro não responder | preferisco non rispondere | zeg ik liever niet | wil ik niet zeggen | vill ej uppge |
        odmowa odpowiedzi | отказ от ответа""",
    "no_answer": """no answer | no response | not answered | unanswered | missing | n/a | na | n.a. | - | -- | --- |
       . | ? | null |
        nan | #n/a | not selected | not specified | not stated | no contestado | sin respuesta | no contesta | nc |
        ohne angabe |
        sans réponse | sem resposta | nessuna risposta | geen antwoord | brak odpowiedzi | нет ответа | 無回答""",
    "not_asked": """not asked | not applicable | does not apply | doesn't apply | not_applicable | nicht zutreffend |
       trifft nicht zu |
        entfällt | non applicable | sans objet | no aplica | no corresponde | não se aplica | non applicabile |
        niet van toepassing | nvt | n.v.t. | ej tillämpligt | nie dotyczy | не применимо | 該当なし | 不适用""",
}  # fmt: skip
_KINDS = {normalise(text): kind for kind, texts in _MISSING.items() for text in texts.split("|")}
_YES = """yes y ja oui sí si sim sì da tak ano áno igen evet kyllä はい 是 예 да так ναι true 1"""
_NO = """no n nein nej non não nao nee ne nie nem hayır ei いいえ 否 아니요 нет ні όχι false 0"""
YES, NO = frozenset(map(normalise, _YES.split())), frozenset(map(normalise, _NO.split()))
_TWO_LETTERS = re.compile(r"[^\W\d_]{2}")
_OTHER = re.compile(
    r"^(any |some(thing|one|where) )?(other|others|else|andere[rs]?|sonstige[rs]?|autres?|otr[oa]s?|outr[oa]s?|"
    r"altr[oaie]|anders|"
    r"annat|annan|andet|muu|inn[eya]|jin[éý]|egyéb|diğer|друг\w+|інше|その他|其他|기타)\s*([^\w\s].*)?$|"
    r"\bother\b.*(specify|describe|explain|write)|"
    r"(please specify|bitte angeben|préciser|especificar|especifique)",
)


def missing_kind(text: str) -> str | None:
    """Return why a text is no answer, if it is one of those that say so in many surveys.

    >>> missing_kind("Don’t know"), missing_kind("Keine Angabe"), missing_kind("None")
    ('dont_know', 'refused', None)
    """
    return _KINDS.get(normalise(text).strip(" .!()[]").replace("don't know/ ", "")) or _KINDS.get(normalise(text))


def missing_among(labels: Sequence[str]) -> dict[str, str]:
    """Return which answers of one question say that there is none, each with why.

    Where most of the others are codes of two letters, NC and NA are two of them.

    >>> missing_among(["Sí", "No", "NS", "NC"])
    {'NS': 'dont_know', 'NC': 'no_answer'}
    >>> missing_among(["NY", "TX", "NC", "Don't know"])
    {"Don't know": 'dont_know'}
    """
    found = {label: kind for label in labels if (kind := missing_kind(label))}
    others = [label for label in labels if label not in found and normalise(label) not in YES | NO]
    codes = sum(bool(_TWO_LETTERS.fullmatch(label)) for label in others)
    if codes > 1 and 2 * codes > len(others):
        found = {label: kind for label, kind in found.items() if not _TWO_LETTERS.fullmatch(label)}
    return found


def is_other(text: str) -> bool:
    """Say whether an answer is the one beside the listed ones.

    >>> is_other("Other (please specify)"), is_other("Mother")
    (True, False)
    """
    return bool(_OTHER.search(normalise(text)))
