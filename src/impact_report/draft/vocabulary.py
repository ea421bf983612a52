"""Words of many languages that tell what a column holds: no answer, yes and no, ordered answers, a person's data."""

from __future__ import annotations

import re
import unicodedata
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
MISSING = {normalise(text): kind for kind, texts in _MISSING.items() for text in texts.split("|")}
_YES = """yes y ja oui sí si sim sì da tak ano áno igen evet kyllä はい 是 예 да так ναι true 1"""
_NO = """no n nein nej non não nao nee ne nie nem hayır ei いいえ 否 아니요 нет ні όχι false 0"""
YES, NO = frozenset(map(normalise, _YES.split())), frozenset(map(normalise, _NO.split()))
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
    return MISSING.get(normalise(text).strip(" .!()[]").replace("don't know/ ", "")) or MISSING.get(normalise(text))


def is_other(text: str) -> bool:
    """Say whether an answer is the one beside the listed ones.

    >>> is_other("Other (please specify)"), is_other("Mother")
    (True, False)
    """
    return bool(_OTHER.search(normalise(text)))


# --- Ordered answers --------------------------------------------------------------------------------------------------

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


# --- A person's data --------------------------------------------------------------------------------------------------

_ALWAYS = re.compile(
    r"e-?mail|e mail|courriel|correo|\bcorreio|ip.?address|ipaddress|ip-adresse|adresse ip|\bip\b|latitude|longitude|"
    r"\bgps\b|"
    r"geo.?(location|point|loc)|\bcoordinat|(first|last|full|sur|family|given|middle|maiden|user|contact|nick|screen|"
    r"your|respondent|"
    r"participant|child|kunden|vor|nach|familien)[ _-]*names?\b|^names?$|"
    r"what is your name|\byour name|ihr name|vorname|nachname|\bprénom|\bnom( de famille)?$|votre nom|apellidos?|"
    r"\bnombre( completo| y)?\b|"
    r"sobrenome|seu nome|cognome|\bnome$|achternaam|voornaam|\bnaam$|förnamn|efternamn|imię|nazwisko|фамилия|имя|"
    r"氏名|姓名|"
    r"phone|telefon|téléphone|teléfono|telefone|telefono|mobile (number|no)|handy ?nummer|whatsapp|телефон|電話|"
    r"date of birth|birth ?date|\bdob\b|birthday|geburtsdatum|date de naissance|fecha de nacimiento|"
    r"data de nascimento|data di nascita|"
    r"passport|social security|\bssn\b|national id|\bdni\b|\bnif\b|tax (id|number)|iban|credit card|"
    r"licen[cs]e (plate|number)|"
    r"street address|home address|mailing address|postal address|postanschrift|straße|hausnummer|dirección|endereço|"
    r"indirizzo|"
    r"twitter|facebook|instagram|linkedin|skype|signature|unterschrift|\btoken\b|password|passwort|cookie|"
    r"fingerprint|device.?id|imei"
)  # fmt: skip
_UNLESS_CLOSED = re.compile(
    r"\bname\b|_name\b|\bnames\b|address|adresse|anschrift|\bzip\b|zip.?code|post.?code|postal|\bplz\b|postleitzahl|"
    r"code postal|"
    r"código postal|\bcep\b|\bids?\b|_id\b|identifi|\buuid\b|username|\buser\b|\bstreet\b|location|\bstandort|"
    r"contact|kontakt|\burl\b|website|"
    r"\blat\b|\blon\b|\blng\b|birth|geburt|\bcity\b|\btown\b|\bvillage\b|wohnort"
)
_PATTERNS = [
    re.compile(r"[^\s@,;]+@[^\s@,;]+\.[a-zA-Z]{2,}"),
    re.compile(r"^(\d{1,3}\.){3}\d{1,3}$|^[0-9a-f]{0,4}(:[0-9a-f]{0,4}){4,7}$", re.IGNORECASE),
    re.compile(r"^(\+|00|\()\d[\d\s()./-]{6,}\d$|^0\d{2,5}[\s/-]\d[\d\s-]{4,}$|^\(?\d{3}\)?[\s.-]\d{3}[\s.-]\d{4}$"),
    re.compile(r"^-?\d{1,3}\.\d{3,}[\s,;]+-?\d{1,3}\.\d{3,}"),
    re.compile(r"^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$", re.IGNORECASE),
]


def names_a_person(*headers: str) -> bool:
    """Say whether a header asks for what tells who somebody is, whatever the answers look like.

    >>> names_a_person("First Name"), names_a_person("E-Mail-Adresse"), names_a_person("Email client you like")
    (True, True, True)
    >>> names_a_person("Region")
    False
    """
    return any(_ALWAYS.search(_words(header)) for header in headers)


def may_name_a_person(*headers: str) -> bool:
    """Say whether a header asks for what may tell who somebody is, if the answers are not a short list.

    >>> may_name_a_person("Name of your employer"), may_name_a_person("Region")
    (True, False)
    """
    return any(_UNLESS_CLOSED.search(_words(header)) for header in headers)


def looks_personal(text: str) -> bool:
    """Say whether a text is an e-mail address, a telephone number, an IP address, a place on the map or a token.

    >>> [looks_personal(text) for text in ("a@b.org", "192.168.0.1", "+49 30 1234567", "42.4019, -71.1193", "3.7, 3.8")]
    [True, True, True, True, False]
    """
    return any(pattern.search(text.strip()) for pattern in _PATTERNS)


def _words(header: str) -> str:
    """Return a header with the words of firstName and first_name apart."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", header)
    return normalise(apart.replace("_", " _")).replace(" _", "_").replace("_", " ") + " " + normalise(header)


GROUPING = re.compile(
    r"\b(region|state|country|province|admin ?1|district|gender|sex|age|altersgruppe|alter|role|position|job|type|"
    r"kind of|"
    r"organi[sz]ation|sector|industry|department|education|income|group|location|geschlecht|bundesland|land|branche|"
    r"rolle|"
    r"sexe|genre|région|pays|âge|género|sexo|región|país|edad|região|idade|genere|regione|paese|età|geslacht|"
    r"provincie|leeftijd)\b",
    re.IGNORECASE,
)
RANKING = re.compile(r"\brank|\border of preference|reihenfolge|classez|ordene|\b1 (being|=|is) ", re.IGNORECASE)
COUNTED = re.compile(
    r"how many|how long|number of|\bhours?\b|\byears?\b|\bage\b|wie viele|wie lange|combien|cuánt|quant[oia]s?\b|"
    r"anzahl|hoeveel",
    re.IGNORECASE,
)

_STOPWORD_LIST = """a an and any are as at be been being by can could did do does for from had has have how
    i if in into is it its
    me my of on or our please select state which what when where who why will with would you your the their them
    these this those
    that there to was were following all apply tick check each many much we us whether than then so such der die das
    den dem des ein
    eine einen und oder wie was wer wo ist sind sie ihr ihre ihnen haben hat in im am an auf für von zu mit bitte le
    la les un une des
    de du et ou est quel quelle vous votre vos pour dans sur el los las una y o que cuál usted su sus en por para il
    lo gli e di da
    che"""
_STOPWORDS = frozenset(_STOPWORD_LIST.split())
_LETTERS = str.maketrans({"ß": "ss", "ø": "o", "Ø": "O", "æ": "ae", "Æ": "AE", "ł": "l", "Ł": "L", "đ": "d", "ı": "i"})


def slug(text: str, longest: int = 60, telling: bool = False) -> str:
    """Return a text as a name of small letters, digits and _; with `telling`, of its first telling words only.

    >>> slug("What’s your Role?"), slug("currentEmp13"), slug("18–29"), slug("Größe")
    ('whats_your_role', 'current_emp13', 'n18_29', 'grosse')
    >>> slug("Have you seen any of the 6 films in the franchise?", telling=True)
    'seen_6_films_franchise'
    """
    apart = re.sub(r"(?<=[a-z])(?=[A-Z][a-z])", " ", text)
    plain = unicodedata.normalize("NFKD", apart.translate(_LETTERS).replace("’", "").replace("'", ""))
    words = re.findall(r"[a-z0-9]+", "".join(one for one in plain if not unicodedata.combining(one)).lower())
    if telling:
        words = [word for word in words if word not in _STOPWORDS][:4] or words[:4]
    name = ""
    for word in words:
        if len(name) + len(word) + 1 > longest:
            break
        name = f"{name}_{word}" if name else word
    name = name or (words[0][:longest] if words else "")
    return f"n{name}"[:longest] if name[:1].isdigit() else name
