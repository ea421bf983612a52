"""The order of answers: steps of a scale in words, and spans of numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence

from impact_report.wording import normalise

# A ladder of whole answers, lowest first; what stands on one rung is separated by bars.
_LADDERS = [
    """never|nie|niemals|jamais|nunca|mai|nooit|aldrig|nigdy|никогда > almost never|hardly ever|fast nie|presque jamais|
       casi nunca|quase nunca|quasi mai|bijna nooit > less than once a year|only certain times a year|less often >
       once a year|yearly|annually|jährlich|a few times a year > rarely|seldom|very rarely|selten|rarement|raramente|
       rara vez|
       zelden|sällan|rzadko|редко > quarterly > once a month|monthly|monatlich|once a month or less|
       less than once a week >
       occasionally|gelegentlich|occasionnellement > several times a month|a few times a month >
       sometimes|manchmal|parfois|a veces|algunas veces|às vezes|a volte|soms|ibland|czasami|иногда >
       once a week or less >
       once a week|weekly|wöchentlich > several days a week|a few times a week|several times a week|mehrmals pro woche >
       often|frequently|oft|häufig|souvent|a menudo|frecuentemente|frequentemente|spesso|vaak|ofta|często|часто >
       very often|sehr oft|sehr häufig|très souvent|muy a menudo > usually|most of the time|meistens|usualmente|mostly >
       almost always|nearly always|fast immer|presque toujours|casi siempre|quase sempre|quasi sempre|bijna altijd >
       once a day > daily|every day|täglich|jeden tag|tous les jours|diariamente > several times a day|
       mehrmals täglich >
       always|immer|toujours|siempre|sempre|altijd|alltid|zawsze|всегда""",
    """awful|terrible|horrible|very poor|very bad|sehr schlecht|très mauvais|très mauvaise|muy malo|muy mala|
       muito ruim|pessimo|zeer slecht|
       bardzo źle > poor|bad|schlecht|mauvais|mauvaise|malo|mala|ruim|cattivo|slecht|źle >
       below average > fair|average|okay|ok|acceptable|mittelmäßig|befriedigend|moyen|moyenne|regular|medio|sufficiente|
       matig|średnio > above average > good|gut|bon|bonne|bueno|buena|bom|boa|buono|goed|dobrze >
       very good|sehr gut|très bon|très bonne|muy bueno|muy buena|muito bom|ottimo|zeer goed|bardzo dobrze >
       excellent|outstanding|ausgezeichnet|excelente|eccellente|uitstekend""",
    """none|none at all|not at all|gar nicht|überhaupt nicht|pas du tout|nada|per niente|helemaal niet|inte alls >
       very little|hardly|kaum|très peu|muy poco|muito pouco > a little|a little bit|slightly|ein wenig|etwas|wenig|
       un peu|peu|poco|
       um pouco|een beetje > some|somewhat|to some extent|a moderate amount|moderately|teilweise|mittelmäßig|
       moyennement|
       algo|moderadamente|abbastanza > quite a bit|fairly|ziemlich|assez|bastante|redelijk >
       a lot|very much|very|to a great extent|viel|sehr|stark|beaucoup|très|mucho|muito|molto|veel|erg >
       a great deal|extremely|extrem|
       completely|voll und ganz|tout à fait|totalmente|completamente|äußerst""",
    """much worse|viel schlechter|bien pire > worse|somewhat worse|a bit worse|schlechter|etwas schlechter|pire >
       about the same|the same|same|no change|unchanged|gleich|unverändert|pareil|igual >
       better|somewhat better|a bit better|besser|etwas besser|mieux|mejor > much better|viel besser|bien mieux""",
    """very low|sehr niedrig > low|niedrig|gering > medium|moderate|mittel > high|hoch >
       very high|sehr hoch > highest""",
    """strongly oppose > somewhat oppose|oppose > neither support nor oppose >
       somewhat support|support > strongly support""",
    """definitely not|auf keinen fall|certainement pas|definitivamente no > probably not|wahrscheinlich nicht|
       probablement pas|
       probablemente no > maybe|might or might not|possibly|perhaps|vielleicht|peut-être|tal vez|quizás >
       probably|probably yes|wahrscheinlich|probablement|probablemente > definitely|definitely yes|yes, definitely|
       auf jeden fall|certainement|definitivamente sí""",
    """less than high school degree|less than high school|no high school > high school degree|high school|
       high school graduate >
       some college or associate degree|some college|associate degree > bachelor degree|bachelor's degree|
       undergraduate degree >
       master degree|master's degree|graduate degree|postgraduate degree > doctorate|doctoral degree|phd""",
]
_RUNGS: list[dict[str, int]] = [
    {normalise(text): rung for rung, texts in enumerate(ladder.split(">")) for text in texts.split("|")}
    for ladder in _LADDERS
]

_WITH_UN = ("useful", "helpful", "familiar", "interested", "concerned", "worried", "aware", "willing", "involved",
            "relevant", "effective", "clear", "happy", "valuable", "acceptable")  # fmt: skip
# Answers made of a core (agree, satisfied …), a strength, and a direction: (family, positive, negative).
_CORES = [
    ("agreement", r"agree|stimme .*zu|zustimm|d'accord|de acuerdo|concordo|d'accordo|eens|håller med|trifft .*zu|"
        r"zgadzam się|согласен",
     r"disagree|stimme .*nicht|lehne|pas d'accord|en desacuerdo|discordo|in disaccordo|oneens|trifft .*nicht|"
     r"nie zgadzam|не согласен"),
    ("satisfaction", r"satisfied|zufrieden|satisfaite?|satisfech[oa]|satisfeit[oa]|soddisfatt[oa]|tevreden|nöjd|"
        r"zadowolon[ya]",
     r"dissatisfied|unsatisfied|unzufrieden|insatisfaite?|mécontente?|insatisfech[oa]|insatisfeit[oa]|"
     r"insoddisfatt[oa]|ontevreden|missnöjd|niezadowolon[ya]"),
    ("likelihood", r"likely|wahrscheinlich|probable|provável|probabile|waarschijnlijk|certain",
     r"unlikely|unwahrscheinlich|improbable|improvável|improbabile|onwaarschijnlijk"),
    ("favour", r"favou?rabl[ey]|positive(ly)?|positiv", r"unfavou?rabl[ey]|negative(ly)?|negativ"),
    ("importance", r"important|wichtig|importante|belangrijk|viktigt?|critical|essential|ważn[ey]", r"unimportant|"
        r"unwichtig|onbelangrijk|not important"),
    ("ease", r"easy|einfach|leicht|facile|fácil|makkelijk", r"difficult|hard|schwierig|schwer|difficile|difícil|"
        r"moeilijk"),
    ("safety", r"safe|sicher", r"unsafe|unsicher"),
    ("trust", r"confident|trust|comfortable", r"uncomfortable|distrust"),
    *[(word, word, f"un{word}") for word in _WITH_UN],
]  # fmt: skip
_STRENGTHS = [
    (5, r"extremely|completely|totally|entirely|absolutely|critical|essential|äußerst|voll und ganz|vollkommen|"
        r"tout à fait|totalement|"
        r"totalmente|completamente|muito|helemaal|almost certain|zdecydowanie"),
    (4, r"strongly|very|highly|sehr|voll|stark|très|fortement|muy|fortemente|molto|zeer|mycket|bardzo|полностью"),
    (1, r"slightly|a little|a bit|mildly|etwas|ein wenig|un peu|un poco|um pouco|een beetje"),
    (2, r"somewhat|fairly|rather|moderately|partly|tend to|eher|teilweise|plutôt|assez|algo|parcialmente|abbastanza|"
        r"enigszins|ganska|"
        r"raczej|скорее"),
]  # fmt: skip
_NEUTRAL = re.compile(
    r"\bneither\b|\bneutral|\bundecided\b|\bindifferent\b|\bnor\b|weder|teils|unentschieden|ni .+ ni|\bneutre|"
    r"\bneutr[oa]l?\b|"
    r"\bindecis|nem .+ nem|noch .+ noch|varken|ani .+ ani"
)
_NOT_AT_ALL = re.compile(
    r"not at all|überhaupt nicht|gar nicht|pas du tout|nada |per niente|helemaal niet|inte alls|wcale"
)
_NOT_VERY = re.compile(r"\bnot (very|so|too|that|particularly)\b|nicht (sehr|so)|pas très|no muy|non molto|niet zo")
_NOT = re.compile(r"\bnot\b|\bnicht\b|\bpas\b|^no\b|\bnon\b|\bniet\b|\binte\b|\bnie\b")


ASIDE = re.compile(
    r"\bn/?a\b|unfamiliar|not familiar|not applicable|no experience|not relevant|never (heard|used|tried)|(don't|"
    r"do not|didn't|did not) "
    r"(use|have|know)|no opinion|unable|cannot|can't|not offered|kenne ich nicht|nutze ich nicht|keine erfahrung|"
    r"non concerné|no aplica"
)


def ladder(texts: Sequence[str]) -> list[str] | None:
    """Return the texts from lowest to highest where they are steps of one scale, else None.

    >>> ladder(["Agree", "Strongly disagree", "Neither agree nor disagree", "Disagree", "Strongly agree"])
    ['Strongly disagree', 'Disagree', 'Neither agree nor disagree', 'Agree', 'Strongly agree']
    >>> ladder(["oft", "nie", "manchmal"])
    ['nie', 'manchmal', 'oft']
    >>> ladder(["Firm", "School"]) is None
    True
    """
    if len(texts) < 2:
        return None
    plain = {text: re.sub(r"^\d+\s*[-–.:)=]\s*", "", normalise(text)).strip(" .!") for text in texts}
    for rungs in _RUNGS:
        places = {text: rungs.get(said) for text, said in plain.items()}
        if (ordered := _in_order(places)) is not None:
            return ordered
    for _, positive, negative in _CORES:
        places = {text: _place(said, positive, negative) for text, said in plain.items()}
        if len(texts) > 2 and (ordered := _in_order(places)) is not None:
            return ordered
    return None


def _in_order(places: dict[str, int | None]) -> list[str] | None:
    """Return the texts by their places, if each has one of its own."""
    if None in places.values() or len(set(places.values())) < len(places):
        return None
    return sorted(places, key=places.__getitem__)


def _place(said: str, positive: str, negative: str) -> int | None:
    """Return how far up an answer stands: 0 in the middle, below it against, above it in favour."""
    if _NEUTRAL.search(said):
        return 0
    against = re.search(rf"\b({negative})", said)
    if not against and not re.search(rf"\b({positive})", said):
        return None
    if _NOT_AT_ALL.search(said):
        return -6
    if _NOT_VERY.search(said):
        return -1
    strength = next((value for value, words in _STRENGTHS if re.search(rf"\b({words})\b", said)), 3)
    return -strength if against or _NOT.search(said) else strength


_BAND_NUMBER = re.compile(r"\d[\d,.' ]*\d|\d")
_BELOW = re.compile(
    r"^\s*(<|≤|under|less than|below|up to|fewer|unter|bis|weniger|moins|menos|meno|jusqu)|or (less|younger|under|"
    r"fewer)$"
)
_ABOVE = re.compile(
    r"^\s*(>|≥|over|more than|above|über|mehr|plus de|más|mais|più)|(\+|or (more|older|over|above)|and (over|older|"
    r"above)|und (mehr|älter))\s*$"
)


def bands(texts: Sequence[str]) -> list[str] | None:
    """Return the texts from lowest to highest where they are spans of numbers, else None.

    >>> bands(["30-44", "> 60", "18-29", "45-60"])
    ['18-29', '30-44', '45-60', '> 60']
    >>> bands(["$150,000+", "$0 - $24,999", "$25,000 - $49,999"])
    ['$0 - $24,999', '$25,000 - $49,999', '$150,000+']
    >>> bands(["Firm", "School"]) is None
    True
    """
    places: dict[str, tuple] = {}
    spans = 0
    for text in texts:
        digits = [re.sub(r"[,' ]|\.(?=\d{3}\b)", "", one) for one in _BAND_NUMBER.findall(text)]
        if not all(re.fullmatch(r"\d+(\.\d+)?", one) for one in digits):  # 10.0.0.1
            return None
        numbers = list(map(float, digits))
        said = normalise(text)
        words = re.findall(r"[^\W\d_]+", _ABOVE.sub("", _BELOW.sub("", said)))
        if not 1 <= len(numbers) <= 2 or len(words) > 2:
            return None
        below, above = bool(_BELOW.search(said)), bool(_ABOVE.search(said))
        spans += below or above or len(numbers) == 2
        places[text] = (numbers[0] - (0.5 if below else 0) + (0.5 if above else 0), numbers[-1])
    if len(texts) < 3 or spans < len(texts) - 1 or len(set(places.values())) < len(places):
        return None
    return sorted(places, key=places.__getitem__)


def ordered(texts: Sequence[str]) -> tuple[list[str], bool]:
    """Return the texts from lowest to highest, and whether they are spans of numbers; no order: no texts.

    >>> ordered(["often", "never"]), ordered(["3-4", "1-2", "5+"]), ordered(["Firm", "School"])
    ((['never', 'often'], False), (['1-2', '3-4', '5+'], True), ([], False))
    """
    spans = bands(texts)
    return (ladder(texts) or spans or []), spans is not None
