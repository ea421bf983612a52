"""A survey of twelve singers, small enough to be added up by hand, in every shape an export can have.

     #  voice  rehearses  solo   hours  enjoys             sings
     1  high   yes        yes    2      strongly agree     folk, sacred
     2  high   yes        no     3      agree              sacred
     3  high   yes        yes    1      neither            none
     4  high   yes        –      –      agree              –
     5  high   no                       disagree           folk
     6  high   yes        no     4      can't say          sacred, other
     7  low    yes        yes    5      strongly agree     sacred
     8  low    yes        no     2.5    agree              folk, sacred
     9  low    no                       strongly disagree  none
    10  low    no                       agree              folk
    11  low    yes        yes    6      strongly agree     sacred
    12  –      –                        agree              sacred

Only those who rehearse (1, 2, 3, 4, 6, 7, 8, 11: eight) are asked about solos and hours. Nobody sings the middle voice.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from impact_report import codebook as codebook_module
from impact_report import readers
from impact_report import wave as wave_module
from impact_report.cleaning import Cleaned
from impact_report.cleaning import clean as clean_export
from impact_report.codebook import Codebook
from impact_report.readers import Export
from impact_report.results import Results
from impact_report.wave import Wave

BRAND = "name: The choir\n"
CODEBOOK = """\
survey:
  id: choir
  title: The village choir
  subject: What singing in the village choir does.
  respondents: singers
missing:
  dont_know: [don't know]
  refused: [prefer not to say]
  no_answer: ["-", n/a]
items:
  member: {question: Membership number, kind: id, personal: true, columns: [ExternalReference]}
  sent: {question: Sent on, kind: date, formats: ["%d.%m.%Y"], columns: [EndDate]}
  source:
    question: Came by
    kind: single
    columns: [Status]
    codes: {mail: {label: By mail, texts: [IP Address]}, preview: {label: Preview, texts: [Survey Preview]}, test: Test}
  email: {question: Email Address, kind: text, personal: true, columns: [RecipientEmail]}
  voice:
    question: Which voice do you sing?
    kind: single
    columns: [Q1]
    codes: {high: {label: High voice, texts: [soprano]}, middle: Middle voice, low: Low voice}
  rehearses:
    question: Do you come to the rehearsals?
    kind: single
    columns: [Q2]
    codes: {yes: Yes, no: No}
  solo:
    question: Have you sung a solo?
    kind: single
    columns: [Q3]
    codes: {yes: Yes, no: No}
    ask_if: {rehearses: yes}
  hours:
    question: How many hours a week do you practise?
    kind: quantity
    columns: [Q4]
    unit: hours
    minimum: 0
    maximum: 2000
    ask_if: {rehearses: yes}
  enjoys:
    question: How much do you agree?
    row: I enjoy the concerts
    kind: scale
    columns: [Q5_1, enjoys the concerts]
    codes: &agreement
      strongly_disagree: Strongly disagree
      disagree: Disagree
      neither: Neither agree nor disagree
      agree: Agree
      strongly_agree: Strongly agree
    missing: {dont_know: [can't say]}
  reads_music:
    question: How much do you agree?
    row: I can read music
    kind: scale
    columns: [Q5_2, reads music]
    codes: *agreement
  sings:
    question: What do you sing - if anything? Select all that apply.
    kind: multiple
    columns: [Q6]
    codes:
      folk: {label: Folk songs, columns: [sings folk]}
      sacred: {label: Sacred music, columns: [sings sacred]}
      none: {label: None of these, columns: [sings none]}
      other: {label: Other (please specify), open: true, columns: [sings other]}
  sings_other: {question: "What else do you sing?", kind: text, personal: true, columns: [Q6_4_TEXT]}
  remarks: {question: "Anything else?", kind: text, personal: true, columns: [Q7]}
  weight: {question: Weight, kind: quantity, minimum: 0, maximum: 10}
sections:
  - id: singing
    title: Singing together
    reads: "say that they {statement}"
    indicators:
      - {id: rehearse, statement: come to the rehearsals, item: rehearses, counts: yes}
      - {id: solo_answered, statement: have sung a solo (of those who said), item: solo, counts: yes}
      - {id: solo_asked, statement: have sung a solo (of those asked), item: solo, counts: yes, base: asked}
      - {id: solo_all, statement: have sung a solo (of all), item: solo, counts: yes, base: all}
  - id: joy
    title: Joy and taste
    reads: "say that they {statement}"
    indicators:
      - {id: enjoy, statement: enjoy the concerts, item: enjoys, top: 2}
      - {id: enjoy_low, statement: enjoy the concerts below the stave, item: enjoys, top: 2, among: {voice: low}}
      - {id: sacred, statement: sing sacred music, item: sings, counts: sacred, base: asked}
      - {id: folk, statement: sing folk songs, item: sings, counts: folk}
groups: [voice]
facts:
  - id: practice
    label: hours of practice a week
    measure: total
    item: hours
    round_down_to: 5
    phrase: "more than {value}"
  - {id: places, label: places to sing, measure: roster}
  - {id: halls, label: halls to sing in, measure: roster, where: {kind: hall}, names: true}
  - {id: years, label: since the founding, measure: years_since, since: founding, phrase: "over {value} years"}
roster: {file: places.csv}
ignore: [Respondent ID, Collector ID]
"""

WAVE = """\
title: Spring concert
fielded: {start: 2024-03-01, end: 2024-03-31}
reference_date: {date: 2024-03, source: the notice board}
facts: {founding: {date: 2001-05, source: the chronicle}}
not_asked: [sings_other]
rows:
  drop:
    preview: {source: preview}
    test: {source: test}
  minimum_answered: 2
  duplicates: {by: member, latest: sent}
respondents: organisations
minimum_base: 5
smallest_count: off
population: {universe: the singers of the village}
method:
  strategy: survey
  sponsor: the choir
  recruitment: asked after the rehearsal
  mode: on paper, in English
  limitations: those who stayed at home were not asked
"""

# Three of the four places were there at the end of March 2024; one of these at a date nobody knows.
PLACES = """\
name,kind,start,source
Town hall,hall,1998,the chronicle
Church,church,,the chronicle
School,hall,2010,the school
New hall,hall,2024-06,the builder
"""


def singer(
    number: int, voice: str, rehearses: str, solo: str, hours: str, enjoys: str, sings: dict[str, str], **more: str
) -> dict:
    """Return what one singer answered, by item; `sings` holds the ticked codes, with the text of an open one."""
    return {
        "member": f"M-{number:02}",
        "sent": f"{number:02}.03.2024",
        "source": "By mail",
        "email": f"singer{number}@example.org",
        "voice": voice,
        "rehearses": rehearses,
        "solo": solo,
        "hours": hours,
        "enjoys": enjoys,
        "reads_music": "Agree",
        "sings": sings,
        "remarks": "",
        "weight": "2" if voice == "Low voice" else "1",
        **more,
    }


FOLK, SACRED, NEITHER = {"folk": "x"}, {"sacred": "x"}, {"none": "x"}
TWELVE = (
    singer(1, "High voice", "Yes", "Yes", "2", "Strongly agree", FOLK | SACRED),
    singer(2, "High voice", "Yes", "No", "3", "Agree", SACRED),
    singer(3, "High voice", "Yes", "Yes", "1", "Neither agree nor disagree", NEITHER),
    singer(4, "High voice", "Yes", "", "", "Agree", {}),
    singer(5, "High voice", "No", "", "", "Disagree", FOLK),
    singer(6, "High voice", "Yes", "No", "4", "can't say", SACRED | {"other": "shanties"}),
    singer(7, "Low voice", "Yes", "Yes", "5", "Strongly agree", SACRED),
    singer(8, "Low voice", "Yes", "No", "2.5", "Agree", FOLK | SACRED),
    singer(9, "Low voice", "No", "", "", "Strongly disagree", NEITHER),
    singer(10, "Low voice", "No", "", "", "Agree", FOLK),
    singer(11, "Low voice", "Yes", "Yes", "6", "Strongly agree", SACRED),
    singer(12, "", "", "", "", "Agree", SACRED),
)

# item, code → question, option, header of a plain table, Qualtrics name
AGREE, SING = "How much do you agree?", "What do you sing - if anything? Select all that apply."
COLUMNS = {
    ("member", ""): ("Membership number", "", "Membership number", "ExternalReference"),
    ("sent", ""): ("Sent on", "", "Sent on", "EndDate"),
    ("source", ""): ("Came by", "", "Came by", "Status"),
    ("email", ""): ("Email Address", "", "Email Address", "RecipientEmail"),
    ("voice", ""): ("Which voice do you sing?", "", "Which voice do you sing?", "Q1"),
    ("rehearses", ""): ("Do you come to the rehearsals?", "", "Do you come to the rehearsals?", "Q2"),
    ("solo", ""): ("Have you sung a solo?", "", "Have you sung a solo?", "Q3"),
    ("hours", ""): ("How many hours a week do you practise?", "", "How many hours a week do you practise?", "Q4"),
    ("enjoys", ""): (AGREE, "I enjoy the concerts", "enjoys the concerts", "Q5_1"),
    ("reads_music", ""): (AGREE, "I can read music", "reads music", "Q5_2"),
    ("sings", "folk"): (SING, "Folk songs", "sings folk", "Q6_1"),
    ("sings", "sacred"): (SING, "Sacred music", "sings sacred", "Q6_2"),
    ("sings", "none"): (SING, "None of these", "sings none", "Q6_3"),
    ("sings", "other"): (SING, "Other (please specify)", "sings other", "Q6_4"),
    ("remarks", ""): ("Anything else?", "", "Anything else?", "Q7"),
    ("weight", ""): ("Weight", "", "Weight", "weight"),
}
Records = list[list[str]]


def plain(rows: Iterable[dict]) -> Records:
    """Return a plain table: one header, one column an item or option; a tick is 1, no tick beside one 0."""
    header = [plain_name for _, _, plain_name, _ in COLUMNS.values()]
    body = [[_cell(row, *place, tick="1", blank="0" if row["sings"] else "") for place in COLUMNS] for row in rows]
    return [header, *body]


def surveymonkey(rows: Iterable[dict]) -> Records:
    """Return a SurveyMonkey export: the question over its block, the option below; a tick repeats the option."""
    above, below, before = ["Respondent ID", "Collector ID"], ["", ""], ""
    for (item, _), (question, option, _, _) in COLUMNS.items():
        above.append("" if question == before else question)
        text = item in ("member", "email", "hours", "remarks")
        below.append(option or ("Open-Ended Response" if text else "Response"))
        before = question
    body = [
        [str(9000 + k), "1", *(_cell(row, *place, tick=COLUMNS[place][1]) for place in COLUMNS)]
        for k, row in enumerate(rows)
    ]
    return [above, below, *body]


def qualtrics(rows: Iterable[dict], quote: str = '"') -> Records:
    """Return a Qualtrics export: names, labels, import ids; a tick repeats the option, its text stands beside it."""
    platform = {"By mail": "IP Address", "Preview": "Survey Preview"}
    names, labels, places = [], [], []
    for (item, code), (question, option, _, name) in COLUMNS.items():
        between = " - Selected Choice - " if item == "sings" else " - "
        names.append(name)
        labels.append(question + between + option if option else question)
        places.append((item, code, option))
    names.append("Q6_4_TEXT")
    labels.append(f"{SING} - Other (please specify) - Text")
    ids = [f"{{{quote}ImportId{quote}:{quote}QID{k}{quote}}}" for k in range(len(names))]
    body = []
    for row in rows:
        row = {**row, "source": platform.get(row["source"], row["source"])}
        cells = [(option if code in row[item] else "") if code else row[item] for item, code, option in places]
        body.append([*cells, row["sings"].get("other", "")])
    return [names, labels, ids, *body]


SHAPES = {"plain": plain, "surveymonkey": surveymonkey, "qualtrics": qualtrics}


def _cell(row: dict, item: str, code: str, tick: str, blank: str = "") -> str:
    if not code:
        return row[item]
    if code == "other":
        return row[item].get(code, "")
    return tick if code in row[item] else blank


def written(records: Sequence[Sequence[str]], separator: str = ",", end: str = "\n") -> str:
    """Return records as the text of a file."""
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=separator, lineterminator=end).writerows(records)
    return stream.getvalue()


_LOADED: dict[str, Codebook] = {}  # a codebook does not change once it is loaded, and loading takes its time


@dataclass
class Study:
    """A study folder with the one wave `spring`."""

    folder: Path

    @property
    def codebook(self) -> Codebook:
        path = self.folder / "codebook.yml"
        text = path.read_text(encoding="utf-8")
        if text not in _LOADED:
            _LOADED[text] = codebook_module.load(path)
        return _LOADED[text]

    @cached_property
    def wave(self) -> Wave:
        return wave_module.load(self.folder / "spring", self.codebook)

    @property
    def export(self) -> Export:
        return readers.read(self.folder / "spring" / "responses.csv")

    def clean(self) -> Cleaned:
        return clean_export(self.export, self.codebook, self.wave, "responses.csv")

    def results(self, group: str = "") -> Results:
        """Return the results of an edition after its first two notebooks."""
        processed = self.folder.parent / "processed"
        results = Results.of(str(self.folder), "spring", group, str(processed))
        results.clean()
        results.estimate()
        results.compute_facts()
        return results


def write_study(
    folder: Path,
    rows: Iterable[dict] = TWELVE,
    shape: str = "plain",
    codebook: str = CODEBOOK,
    wave: str = WAVE,
    export: str | bytes | None = None,
) -> Study:
    """Write a study folder; `export` replaces the file that `rows` and `shape` would make."""
    if shape == "qualtrics":
        wave = wave.replace("not_asked: [sings_other]\n", "")
    (folder / "spring").mkdir(parents=True, exist_ok=True)
    (folder / "codebook.yml").write_text(codebook, encoding="utf-8")
    (folder / "brand.yml").write_text(BRAND, encoding="utf-8")
    (folder / "places.csv").write_text(PLACES, encoding="utf-8")
    (folder / "spring" / "wave.yml").write_text(wave, encoding="utf-8")
    content = written(SHAPES[shape](rows)) if export is None else export
    content = content.encode() if isinstance(content, str) else content
    (folder / "spring" / "responses.csv").write_bytes(content)
    return Study(folder)


def changed(number: int, **answers: object) -> list[dict]:
    """Return the twelve, with other answers of the singer of that number (from 1)."""
    return [{**row, **answers} if k == number else row for k, row in enumerate(TWELVE, start=1)]
