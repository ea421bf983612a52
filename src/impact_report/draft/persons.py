"""What may tell who somebody is: by what a header asks for, and by what the answers look like."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from impact_report.wording import normalise, tidy

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
    r"fingerprint|device.?id|imei|submitted.?by|"
    r"\bnames? of (the |your |an? )?(head|person|respondent|participant|patient|child|mother|father|parent|spouse|"
    r"partner|husband|wife|guardian|caregiver|owner|interviewee|household)"
)  # fmt: skip
_UNLESS_CLOSED = re.compile(
    r"\bname\b|_name\b|\bnames\b|address|adresse|anschrift|\bzip\b|zip.?code|post.?code|postal|\bplz\b|postleitzahl|"
    r"code postal|código postal|\bcep\b|\bids?\b|_id\b|identifi|\buuid\b|username|\buser\b|\bstreet\b|location|"
    r"\bstandort|contact|kontakt|\burl\b|website|\blat\b|\blon\b|\blng\b|birth|geburt|\bcity\b|\btown\b|\bvillage\b|"
    r"wohnort"
)
_FOLLOW_UP = re.compile(  # words beside listed answers: whole headers, their last part, or a short beginning
    r"specify|specified|bitte angeben|bitte nennen|préciser|précisez|especifi|specificare|_text$|"
    r"(^|[/\[(:]\s*|\s[-–—]\s+|_)(other|others|sonstige[rs]?|andere[rs]?|autres?|otr[oa]s?|outr[oa]s?|altr[oaie]|anders|"
    r"annat|andet)([\])\s.:*]*$|[ _][^/?]{0,25}$)|"
    r"(^|[/\[(:_]\s*|\s[-–—]\s+)(comments?|remarks?|kommentare?|bemerkung(en)?|anmerkung(en)?|commentaires?|"
    r"remarques?|comentarios?|observaciones|comentários?|commenti|opmerking(en)?)([\])\s.:*]*$|[ _(])"
)
_WHO = re.compile(  # asks for a person by the word: not "people who …"
    r"(^|[.?!:;–]\s*|\b(tell us|write|state|indicate|specify|name|with|by|from|to) )"
    r"(who|whom|wer|wem|wen|qui|quién|quiénes|quien|quem|chi|wie is|kto|кто)\b"
)
_ROLES = (
    r"(supervisor|line manager|manager|boss|team lead(er)?|mentor|tutor|teacher|lecturer|professor|doctor|physician|"
    r"nurse|therapist|enumerator|interviewer|surveyor|data collector|moderator|contact( person)?|representative|"
    r"case ?worker|counsell?or|coach|trainer|vorgesetzte[rn]?|chef(in)?|betreuer(in)?|lehrer(in)?|lehrkraft|"
    r"dozent(in)?|arzt|ärztin|hausarzt|ansprechpartner(in)?|kontaktperson|interviewer(in)?|vertreter(in)?|superviseure?|"
    r"responsable|enseignante?|professeure?|médecin|docteur|enquêteur|enquêtrice|représentante?|supervisora?|jefe|jefa|maestr[oa]|"
    r"profesora?|médic[oa]|doctora?|encuestadora?|entrevistadora?|representante|gerente|professora?|chefe|insegnante|"
    r"medico|dottore|responsabile|intervistatore|rilevatore|leraar|docent|huisarts|leidinggevende)"
)
_ROLE = re.compile(
    rf"(^|/ ?)((the|your|name of( the| your)?) )?{_ROLES}(s|\(s\))?( (name|id|code|no|number|nr))?[\s.?:*]*$|"
    rf"\b(which|what|your|name of|name of the|ihr|ihre|ihren|ihrem|dein|deine|votre|ton|su|tu|seu|sua|suo|tuo|uw|jouw) "
    rf"{_ROLES}\b"
)
_HOME = re.compile(
    r"\bwhere (do|did|are) you (currently |now )?(live|living|reside|stay|based)|"
    r"\bplace of residence|\bwo (wohn|leb)|\bwohnst du|\bwohnen sie|où (habitez|habites|vivez|vis|résidez)|"
    r"dónde (vive|reside)|"
    r"dove (vivi|vive|abit|risied)|onde (mora|vive|reside)|waar woon|\bvar bor|gdzie mieszk|где вы (живете|проживаете)"
)
_THINGS = re.compile(  # a list of names with capitals that are nobody's
    r"\b(region|state|country|county|province|district|city|town|village|place|area|location|site|school|college|"
    r"university|institut\w*|organi[sz]ation|company|employer|firm|agency|department|division|faculty|office|ministry|"
    r"sector|industry|role|position|job|title|occupation|profession|rank|grade|career|field|discipline|subject|major|"
    r"degree|education|qualification|course|program\w*|project|product|brand|model|device|software|tool|package|"
    r"system|language|compiler|platform|application|app|service|website|channel|newspaper|magazine|film|movie|show|"
    r"book|game|sport|team|club|event|food|drink|meal|dish|ingredient|fruit|plant|animal|breed|race|ethnic\w*|religion|"
    r"party|candidate|currency|bank|store|shop|month|day|type|kind|category|group|status|level|version|"
    r"of the following|bundesland|land|stadt|ort|schule|hochschule|firma|branche|abteilung|beruf|fach|sprache|"
    r"pays|ville|école|entreprise|secteur|métier|langue|país|ciudad|escuela|empresa|sector|puesto|idioma|cidade|escola|paese|città|"
    r"scuola|azienda|settore|lingua|provincie|stad|bedrijf|taal)(s|es|en|n)?\b"
)
_EVERYDAY = re.compile(  # words of answers that name nobody
    r"\b(alone|myself|self|nobody|none|no one|anybody|everyone|someone|somebody|people|person|other|others|family|"
    r"famil\w+|friends?|parents?|mother|father|partner|spouse|husband|wife|child(ren)?|sons?|daughters?|siblings?|"
    r"relatives?|colleagues?|coworkers?|neighbou?rs?|roommates?|students?|staff|team|department|office|management|"
    r"government|ministry|council|community|clinic|hospital|school|university|college|company|group|agency|police|"
    r"doctors?|nurses?|teachers?|managers?|supervisors?|engineers?|scientists?|researchers?|developers?|analysts?|"
    r"administrators?|directors?|assistants?|associates?|officers?|workers?|consultants?|professors?|graduate|"
    r"undergraduate|phd|postdoc\w*|male|female|man|woman|men|women|yes|no|not|very|some|all|both|many|much|more|less|"
    r"most|never|always|often|good|bad|poor|high|low|medium|full|part|time|work|home|house|rural|urban|city|town|"
    r"village|suburb\w*|north\w*|south\w*|east\w*|west\w*|central|new|old|other|science|sciences|studies|engineering|"
    r"research|computing|software|data|system\w*|service\w*|online|web|mobile|phone|email|mail|internet|social|public|"
    r"private|local|national|international|federal|state|united|republic|islands?|kingdom|and|or|of|the|in|at|for|with|"
    r"by|on|to|from|my|our|a|an|is|are|familie|freunde?|eltern|kinder|kollegen?|niemand|allein|amis?|collègues?|"
    r"personne|seule?|amigos?|padres|nadie|solo|sola|compañeros?|amici|nessuno)\b"
)
_CAPITAL = r"[^\W\d_a-zß-öø-ÿ]"
_PART = rf"(?:{_CAPITAL}\.|(?:[OD]['’]|Mc|Mac)?{_CAPITAL}[^\W\d_A-ZÀ-ÖØ-Þ]+(?:-{_CAPITAL}[^\W\d_A-ZÀ-ÖØ-Þ]+)?)"
_PERSON = re.compile(
    rf"(?:(?:Dr|Prof|Mr|Mrs|Ms|Miss|Herr|Frau|M|Mme|Sr|Sra|Don|Doña)\.? )*{_PART}"
    rf"(?:,? (?:(?:von|van|de|der|den|del|della|la|da|di|dos|el|al|bin|ibn|ten) ){{0,2}}{_PART}){{1,2}}"
)
_PLACE_WITH_NUMBER = re.compile(r"[^\W\d_]{3,}.*\b\d{1,4}[a-z]?\b|\b\d{1,4}[a-z]?\b.*[^\W\d_]{3,}", re.IGNORECASE)
_MOST = 0.6  # of the answers


def names_a_person(*headers: str) -> bool:
    """Say whether a header asks for what tells who somebody is, whatever the answers look like.

    >>> names_a_person("First Name"), names_a_person("E-Mail-Adresse"), names_a_person("Email client you like")
    (True, True, True)
    >>> names_a_person("Region")
    False
    """
    return any(_ALWAYS.search(_words(header)) for header in headers)


def is_follow_up(*headers: str) -> bool:
    """Say whether a header asks for words beside listed answers, or for a remark: anybody may stand there.

    >>> is_follow_up("hh/Other source"), is_follow_up("Q3_4_TEXT"), is_follow_up("Why not? [Sonstiges]")
    (True, True, True)
    >>> is_follow_up("Do you speak other languages?")
    False
    """
    return any(_FOLLOW_UP.search(normalise(header)) for header in headers)


def may_name_a_person(*headers: str) -> bool:
    """Say whether a header asks for what may tell who somebody is, if the answers are not a short list.

    >>> may_name_a_person("Name of your employer"), may_name_a_person("Region")
    (True, False)
    """
    return any(_UNLESS_CLOSED.search(_words(header)) or _HOME.search(_apart(header)) for header in headers)


def may_list_persons(headers: Sequence[str], labels: Sequence[str], typed: bool = True) -> bool:
    """Say whether the answers of a list may be persons, or where they live.

    They may if the question asks who, or for a doctor, and most answers are no everyday words; if it asks for a home,
    and most have a number; and else if they were typed in, most look like first and last names, and the question asks
    for nothing that is written so too.

    >>> may_list_persons(["Who is your supervisor?"], ["Miller", "Schmidt"])
    True
    >>> may_list_persons(["Who do you live with?"], ["My family", "Friends", "Alone"])
    False
    >>> may_list_persons(["Where do you live?"], ["12 Elm Street", "Hauptstr. 5"])
    True
    >>> may_list_persons(["Seen by"], ["Anna Miller", "Dr. Jo van Dyk"]), may_list_persons(["Region"], ["Costa Rica"])
    (True, False)
    """
    asked = [_apart(header) for header in headers]
    if any(_WHO.search(header) or _ROLE.search(header) for header in asked):
        return _most(labels, lambda label: len(label.split()) <= 4 and not _EVERYDAY.search(normalise(label)))
    if any(_HOME.search(header) for header in asked):
        return _most(labels, _PLACE_WITH_NUMBER.search)
    if not typed or len(labels) < 2 or any(_THINGS.search(header) for header in asked):
        return False
    return _most(labels, lambda label: _PERSON.fullmatch(tidy(label)) and not _EVERYDAY.search(normalise(label)))


def _most(labels: Sequence[str], fits: Callable[[str], object]) -> bool:
    return bool(labels) and sum(bool(fits(label)) for label in labels) >= _MOST * len(labels)


def _words(header: str) -> str:
    """Return a header as it is and with the words of firstName and first_name apart, to look for either."""
    return f"{_apart(header)} {normalise(header)}"


def _apart(header: str) -> str:
    return normalise(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", header).replace("_", " "))
