"""The two invented waves, made from the published percentages and a fixed seed, written as survey platforms write.

    python data/make_invented_waves.py

rewrites `raw/reconstruction/responses.csv` and `raw/rehearsal/responses.csv`, always to the same bytes: each choice is
drawn from `random.Random(text).random()`, the one sequence that Python promises never to change, and only added,
multiplied and compared. Nothing in these files comes from a real respondent or names a real partnership.

The `reconstruction` answers the question which respondents could stand behind the published page: 46 of them, the
smallest single base on which all thirteen percentages are possible. The `rehearsal` is a following year, to practise
with: another platform, partly the same seats, other results.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from impact_report import codebook as codebook_module
from impact_report.codebook import Codebook, Item

RAW = Path(__file__).parent / "raw"
PUBLISHED_SET = "page-2"

# Region and industry of each invented partnership, by its number.
PARTNERSHIPS: dict[int, tuple[int, str]] = {
    1: (1, "manufacturing"),
    2: (2, "health"),
    3: (2, "manufacturing"),
    4: (2, "agriculture"),
    5: (3, "health"),
    6: (3, "technology"),
    7: (3, "technology"),
    8: (3, "construction"),
    9: (3, "manufacturing"),
    10: (3, "retail"),
    11: (4, "health"),
    12: (4, "manufacturing"),
    13: (4, "technology"),
    14: (5, "agriculture"),
    15: (6, "manufacturing"),
    16: (7, "health"),
    17: (8, "health"),
    18: (9, "tourism_and_retail"),
    19: (10, "health"),
    20: (11, "manufacturing"),
    21: (12, "health"),
    22: (13, "early_childhood"),
    23: (14, "creative"),
    24: (3, "tree_care"),
    25: (3, "health"),
    26: (4, "creative"),
    27: (2, "technology"),
    28: (7, "manufacturing"),
    29: (8, "agriculture"),
    30: (11, "construction"),
    31: (13, "tourism_and_retail"),
    32: (9, "health"),
}
RECONSTRUCTION_PARTNERSHIPS = range(1, 24)
REHEARSAL_PARTNERSHIPS = (*range(1, 22), *range(24, 33))  # two have ended, nine are new
METRO_REGIONS = (2, 3, 4)

CHAMPION, PARTNER = "business_champion", "public_partner"
SEATS = {"B": CHAMPION, "P": PARTNER}

# What makes one respondent say yes rather than another: shares of a score from 0 to about 1.
STRENGTH, HABIT, MOOD = 0.30, 0.35, 0.25
# Each role is a little kinder to what it sees itself, and metropolitan partnerships are further along.
OWN_SECTION, METRO = 0.10, 0.05

SHARE_DONT_KNOW = 0.35  # of those who do not say yes
SHARE_STRONGLY = 0.35  # of those who agree
SHARE_SMUDGED = 0.22  # of the texts in the reconstruction

FIRST_NAMES = ("Avery", "Blake", "Casey", "Devon", "Emery", "Finley", "Harper", "Jules", "Kendall", "Logan", "Morgan")
LAST_NAMES = ("Sample", "Placeholder", "Example", "Specimen", "Fixture", "Model", "Pattern", "Standin", "Template")
NETWORKS = ("192.0.2", "198.51.100", "203.0.113")  # set apart for documentation
OWN_WORDS = (
    "We know each other’s names now – that alone was worth it.",
    "Employers speak with one voice, and the colleges listen.",
    "It’s easier to say “no” to projects that don’t serve our members.",
    "A shared calendar. It sounds small; it isn’t.",
    "Our meetings start on time.",
    "Teachers come along on site visits.",
    "Smaller firms have a seat at the table, too.",
    "We’ve stopped asking businesses the same question five times.",
    "Too early to tell.",
    "The agenda is set by the businesses, not for them.",
    "Two members now share a trainer,\nwhich neither could afford alone.",
    "Grant applications take us days instead of weeks.",
)
OTHER_IMPACTS = ("job shadowing days", "a “first job” guide for parents", "summer camp – two weeks, no fee")


@dataclass(frozen=True)
class Seat:
    """One respondent: a business champion (B) or a public partner (P) of an invented partnership."""

    number: int
    side: str

    @property
    def code(self) -> str:
        return f"P{self.number:02}-{self.side}"

    @property
    def partnership(self) -> str:
        return f"Partnership {self.number:02}"

    @property
    def role(self) -> str:
        return SEATS[self.side]

    @property
    def region(self) -> int:
        return PARTNERSHIPS[self.number][0]

    @property
    def industry(self) -> str:
        return PARTNERSHIPS[self.number][1]


Answers = dict[str, str | list[str] | None]  # item → code, codes of a select-all, or None for no answer


def draw(*key: object) -> float:
    """Return a number from 0 to 1 that belongs to a key: the same key, the same number, anywhere."""
    return random.Random("/".join(map(str, key))).random()


def pick(options: Sequence[str], *key: object) -> str:
    """Return the option that belongs to a key."""
    return options[int(draw(*key) * len(options))]


def seats_of(numbers: Iterable[int]) -> list[Seat]:
    """Return the two seats of each partnership."""
    return [Seat(number, side) for number in numbers for side in SEATS]


# --- From published percentages to counts ---------------------------------------------------------------------------


def percent_half_up(count: int, base: int) -> int:
    """Return the whole percentage, halves rounded up.

    >>> percent_half_up(1, 8)
    13
    """
    return (200 * count + base) // (2 * base)


def count_behind(percent: int, base: int) -> int:
    """Return the one count that gives a percentage on a base.

    Raises ValueError where no count, or more than one, does.

    >>> count_behind(83, 46)
    38
    """
    possible = [count for count in range(base + 1) if percent_half_up(count, base) == percent]
    if len(possible) != 1:
        raise ValueError(f"{percent} % of {base}: expected one possible count, found {possible or 'none'}")
    return possible[0]


def published(file: Path) -> tuple[dict[str, int], dict[str, int]]:
    """Return the percentages by indicator and the counts by fact of the published set."""
    with file.open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["set"] == PUBLISHED_SET]
    percents = {row["indicator"]: int(row["percent"]) for row in rows if row["percent"]}
    counts = {row["indicator"]: int(row["count"]) for row in rows if row["count"]}
    return percents, counts


# --- Who says yes ---------------------------------------------------------------------------------------------------


def score(wave: str, seat: Seat, section: str, indicator: str) -> float:
    """Return how ready a seat is to say yes: its partnership's strength, its habit, its mood of this wave."""
    sees_itself = (section == "businesses") == (seat.role == CHAMPION)
    return (
        STRENGTH * draw("strength", seat.number)
        + HABIT * draw("habit", seat.code, indicator)
        + MOOD * draw("mood", wave, seat.code, indicator)
        + OWN_SECTION * sees_itself
        + METRO * (seat.region in METRO_REGIONS)
    )


def answers(
    wave: str,
    seats: Sequence[Seat],
    codebook: Codebook,
    wanted: Callable[[str, int], int],
    unanswered: Iterable[tuple[str, str]] = (),
) -> dict[Seat, Answers]:
    """Return each seat's answers to the indicators' items.

    `wanted` says how many say yes to an indicator, given how many answer it; `unanswered` holds seat codes and the
    items they do not answer.
    """
    given: dict[Seat, Answers] = {seat: {} for seat in seats}
    for section in codebook.sections:
        for indicator in section.indicators:
            item = codebook.items[indicator.item]
            able = [seat for seat in seats if (seat.code, indicator.item) not in unanswered]
            ranked = sorted(able, key=lambda seat: -score(wave, seat, section.id, indicator.id))
            count = wanted(indicator.id, len(able))
            for place, seat in enumerate(ranked):
                key = (wave, seat.code, indicator.id)
                if item.kind == "multiple":
                    ticked = given[seat].setdefault(indicator.item, [])
                    ticked += [code for code in indicator.counts if place < count]
                else:
                    given[seat][indicator.item] = one_answer(item, place < count, key)
    for seat in seats:
        for name, item in codebook.items.items():
            ticked = given[seat].get(name)
            if item.kind == "multiple" and ticked == []:
                ticked.append("none")
    return given


def one_answer(item: Item, yes: bool, key: tuple[str, ...]) -> str:
    """Return a code of a yes/no item or of a five-point scale, on the side asked for."""
    chance = draw("shade", *key)
    if item.kind == "single":
        return "yes" if yes else ("dont_know" if chance < SHARE_DONT_KNOW else "no")
    if yes:
        return "strongly_agree" if chance < SHARE_STRONGLY else "agree"
    return "neither" if chance < 0.5 else ("disagree" if chance < 0.85 else "strongly_disagree")


def size(seat: Seat) -> float:
    """Return how large a partnership is, from 0 to 1: many small ones, a few large."""
    chance = draw("size", seat.number)
    return chance * chance * chance


def shared_out(total: int, weights: dict[Seat, float], least: int) -> dict[Seat, int]:
    """Return whole numbers of at least `least` that add up to a total, in proportion to the weights."""
    rest = total - least * len(weights)
    exact = {seat: rest * weight / sum(weights.values()) for seat, weight in weights.items()}
    given = {seat: least + int(part) for seat, part in exact.items()}
    short = total - sum(given.values())
    for seat in sorted(exact, key=lambda seat: int(exact[seat]) - exact[seat])[:short]:
        given[seat] += 1
    return given


# --- How it is written ----------------------------------------------------------------------------------------------


def smudged(text: str, *key: object) -> str:
    """Return the text as it may come out of hands and spreadsheets; it still says the same."""
    chance = draw("smudge", *key) / SHARE_SMUDGED
    if draw("quote", *key) < 0.6:
        text = text.replace("'", "’")
    if chance < 0.2:
        return text.upper()
    if chance < 0.4:
        return text.lower()
    if chance < 0.6:
        return text + " "
    if chance < 0.8:
        return "\u00a0" + text
    if chance < 1:
        return text.replace(" ", "  ", 1) if " " in text else f"  {text}"
    return text.replace("-", "–") if draw("dash", *key) < 0.1 else text


def person(seat: Seat) -> tuple[str, str, str, str]:
    """Return an invented first name, last name, e-mail address and IP address."""
    first, last = pick(FIRST_NAMES, "first", seat.code), pick(LAST_NAMES, "last", seat.code)
    address = f"{pick(NETWORKS, 'network', seat.code)}.{1 + int(253 * draw('host', seat.code))}"
    return first, last, f"{first}.{last}.{seat.number:02}@example.org".lower(), address


def moment(first_day: dt.date, days: int, *key: object) -> dt.datetime:
    """Return a time of a working day."""
    day = first_day + dt.timedelta(days=int(days * draw("day", *key)))
    day -= dt.timedelta(days=max(0, day.weekday() - 4))
    seconds = 8 * 3600 + int(9.5 * 3600 * draw("second", *key))
    return dt.datetime.combine(day, dt.time()) + dt.timedelta(seconds=seconds)


def minutes_taken(*key: object) -> dt.timedelta:
    """Return how long an answer took."""
    return dt.timedelta(seconds=240 + int(1500 * draw("taken", *key)))


def csv_bytes(rows: Iterable[Sequence[str]], encoding: str, line_end: str) -> bytes:
    """Return rows as a CSV file."""
    text = io.StringIO()
    csv.writer(text, lineterminator=line_end).writerows(rows)
    return text.getvalue().encode(encoding)


def grid(codebook: Codebook, first: str) -> list[str]:
    """Return the items that share a question with an item."""
    return [name for name, item in codebook.items.items() if item.question == codebook.items[first].question]


# --- The reconstruction: a SurveyMonkey export ----------------------------------------------------------------------

RECONSTRUCTION = "reconstruction"
RECONSTRUCTION_FIRST_DAY = dt.date(2019, 5, 6)
RECONSTRUCTION_DAYS = 40
ABOVE_PUBLISHED = 27  # the champions' answers add up to the published "more than" number and these
INVITATION, OPEN_LINK, TEST_LINK, PREVIEW = "238104417", "238104431", "238103990", "0"

# Seats that did something a cleaner must survive.
ANSWERED_TWICE = ("P05-B", "P16-B")  # days apart
ANSWERED_TWICE_ONE_DAY = "P11-P"  # morning and afternoon: as texts, the times sort wrongly
OPENED_AGAIN = "P19-P"  # a full answer, and a later one that stops after the first page
STOPPED_EARLY = (Seat(24, "B"), Seat(24, "P"), Seat(25, "B"))  # nothing but the first page
NUMBER_THOUGH_NOT_ASKED = "P09-P"  # a public partner who typed a number of businesses
DO_NOT_COUNT = {"P18-B": "Don't know", "P22-B": "we don't keep count"}
TYPED_NUMBERS = {"P03-B": "{} ", "P08-B": "\u00a0{}", "P12-B": "{} businesses", "P15-B": "{}.0"}
TYPED_SEATS = {"P16-B": " p16-b", "P19-P": "P19–P", "P11-P": "p11-p "}  # in one of the two answers
OTHER_TICKED = ("P07-P", "P10-B", "P21-P")


@dataclass(frozen=True)
class Sent:
    """One row of the export, before it is written."""

    seat: Seat
    answers: Answers
    businesses: str
    start: dt.datetime
    end: dt.datetime
    collector: str
    typed_seat: str
    typed_partnership: str
    attempt: str  # tells several answers of one seat apart
    pages: int = 2  # 1: the respondent left after the first page


def reconstruction(study: Path) -> bytes:
    """Return the export of the reconstruction as SurveyMonkey writes it, in cp1252 with CRLF."""
    codebook = codebook_module.load(study / "codebook.yml")
    percents, counts = published(study / "published.csv")
    seats = seats_of(RECONSTRUCTION_PARTNERSHIPS)
    given = answers(RECONSTRUCTION, seats, codebook, lambda indicator, base: count_behind(percents[indicator], base))
    sent = [row for seat in seats for row in _sent(seat, given[seat], _businesses(seats, counts))]
    sent += [_left_early(seat) for seat in STOPPED_EARLY]
    sent += [_not_meant(k, collector, given[seats[k]]) for k, collector in enumerate((PREVIEW, TEST_LINK, PREVIEW))]
    newest_first = sorted(sent, key=lambda row: row.start, reverse=True)
    head = _surveymonkey_head(codebook)
    rows = [
        _surveymonkey_row(row, str(10_713_000_000 + 7_919 * (len(sent) - k)), codebook)
        for k, row in enumerate(newest_first)
    ]
    blank = [""] * len(head[0])
    return csv_bytes([*head, *rows, blank, blank], "cp1252", "\r\n")


def _businesses(seats: Sequence[Seat], counts: dict[str, int]) -> dict[str, str]:
    """Return what each champion typed as the number of businesses; it adds up to just over the published number."""
    knowing = [seat for seat in seats if seat.role == CHAMPION and seat.code not in DO_NOT_COUNT]
    weights = {seat: size(seat) for seat in knowing}
    numbers = shared_out(counts["businesses"] + ABOVE_PUBLISHED, weights, least=9)
    typed = {seat.code: TYPED_NUMBERS.get(seat.code, "{}").format(number) for seat, number in numbers.items()}
    return {**typed, **DO_NOT_COUNT, NUMBER_THOUGH_NOT_ASKED: "12"}


def _sent(seat: Seat, given: Answers, businesses: dict[str, str]) -> list[Sent]:
    """Return the rows a seat sent: one, or two where it answered again."""
    end = moment(RECONSTRUCTION_FIRST_DAY + dt.timedelta(days=12), RECONSTRUCTION_DAYS - 12, seat.code)
    if seat.code == ANSWERED_TWICE_ONE_DAY:
        end = end.replace(hour=14)
    taken = minutes_taken(seat.code)
    collector = OPEN_LINK if draw("collector", seat.code) < 0.2 else INVITATION
    typed = smudged(seat.partnership, "partnership", seat.code)
    kept = Sent(seat, given, businesses.get(seat.code, ""), end - taken, end, collector, seat.code, typed, "kept")
    other_seat = TYPED_SEATS.get(seat.code, seat.code)
    if seat.code == OPENED_AGAIN:
        later = end + dt.timedelta(days=2)
        return [
            kept,
            Sent(seat, given, "", later, later + taken / 4, collector, other_seat, typed, "again", pages=1),
        ]
    if seat.code in (*ANSWERED_TWICE, ANSWERED_TWICE_ONE_DAY):
        earlier = end - dt.timedelta(days=9) if seat.code in ANSWERED_TWICE else end.replace(hour=9)
        number = "5" if seat.role == CHAMPION else ""
        first = Sent(seat, opposite(given), number, earlier - taken, earlier, collector, other_seat, typed, "first")
        return [first, kept]
    return [kept]


def opposite(given: Answers) -> Answers:
    """Return other answers to the same items, so that keeping the wrong row changes every count."""
    turned: dict[str, str] = {
        "yes": "no",
        "no": "yes",
        "dont_know": "yes",
        "strongly_agree": "disagree",
        "agree": "neither",
        "neither": "agree",
        "disagree": "strongly_agree",
        "strongly_disagree": "agree",
    }
    options = ("awareness", "work_based_learning", "career_pathways", "training_programs")
    other: Answers = {}
    for item, answer in given.items():
        if isinstance(answer, list):
            other[item] = [code for code in options if code not in answer] or ["none"]
        else:
            other[item] = turned[answer] if answer else None
    return other


def _left_early(seat: Seat) -> Sent:
    """Return a row that ends with the first page."""
    start = moment(RECONSTRUCTION_FIRST_DAY, RECONSTRUCTION_DAYS, "early", seat.code)
    businesses = "31" if seat.role == CHAMPION else ""
    end = start + minutes_taken(seat.code) / 5
    return Sent(seat, {}, businesses, start, end, INVITATION, seat.code, seat.partnership, "early", pages=1)


def _not_meant(k: int, collector: str, given: Answers) -> Sent:
    """Return a preview or a test: full answers that must not be counted."""
    start = dt.datetime.combine(RECONSTRUCTION_FIRST_DAY, dt.time(7, 10 + 9 * k, 3)) - dt.timedelta(days=3)
    typed_seat = "TEST" if collector == TEST_LINK else ""
    name = "Test partnership" if collector == TEST_LINK else ""
    end = start + dt.timedelta(minutes=2)
    return Sent(Seat(1, "B"), given, "99", start, end, collector, typed_seat, name, f"not meant {k}")


def _surveymonkey_head(codebook: Codebook) -> list[list[str]]:
    """Return the two header rows: the question over the first column of its block, below it what the column is."""
    items = codebook.items
    meta = (
        "Respondent ID",
        "Collector ID",
        "Date Created",
        "Date Modified",
        "IP Address",
        "Email Address",
        "First Name",
        "Last Name",
        "Custom Data 1",
    )
    blocks = [(one, [""]) for one in meta]
    blocks += [
        (items["role"].question, ["Response"]),
        (items["seat"].question, ["Open-Ended Response"]),
        (items["partnership"].question, ["Open-Ended Response"]),
        (items["region"].question.replace("Colorado's", "Colorado’s"), ["Response"]),
        (items["industry"].question + " ", ["Response"]),
        (items["businesses_involved"].question, ["Open-Ended Response"]),
    ]
    rows = [str(items[name].row) for name in grid(codebook, "shared_data")]
    rows[2] = rows[2].replace("shared data", "shared\u00a0data")
    rows[4] = rows[4].replace("joint or shared", "joint  or shared")
    blocks.append((items["shared_data"].question, rows))
    blocks.append((items["job_seekers"].question, [one.label for one in items["job_seekers"].codes.values()]))
    asked, statement = items["branding"].question.split("? ", 1)
    blocks.append(
        (
            f"<p><strong>{asked}?</strong>&nbsp;{statement}</p>",
            [str(items[name].row) for name in grid(codebook, "branding")],
        )
    )
    blocks.append((items["own_words"].question, ["Open-Ended Response"]))
    first = [cell for question, below in blocks for cell in (question, *[""] * (len(below) - 1))]
    return [first, [cell for _, below in blocks for cell in below]]


def _surveymonkey_row(row: Sent, respondent_id: str, codebook: Codebook) -> list[str]:
    """Return one row of the export."""
    items = codebook.items
    seat, meant = row.seat, not row.attempt.startswith("not meant")
    first, last, email, address = person(seat) if meant else ("", "", "", "192.0.2.1")
    if row.collector == OPEN_LINK:
        first, last, email = "", "", ""

    def shown(item: str, code: str | list[str] | None) -> str:
        return smudged(items[item].codes[str(code)].label, row.attempt, seat.code, item) if code else ""

    cells = [
        respondent_id,
        row.collector,
        row.start.strftime("%m/%d/%Y %I:%M:%S %p"),
        row.end.strftime("%m/%d/%Y %I:%M:%S %p"),
        address,
        email,
        first,
        last,
        "",
        shown("role", seat.role),
        row.typed_seat,
        row.typed_partnership,
        shown("region", f"region_{seat.region:02}"),
        shown("industry", seat.industry),
        row.businesses.replace("'", "’"),
    ]
    full = row.pages == 2
    across = grid(codebook, "shared_data")
    cells += [shown(name, row.answers[name] if full else None) for name in across]
    ticked = list(row.answers["job_seekers"] or []) if full else []
    for code, one in items["job_seekers"].codes.items():
        if code == "other":
            other = full and row.attempt == "kept" and seat.code in OTHER_TICKED
            cells.append(pick(OTHER_IMPACTS, "other", seat.code) if other else "")
        else:
            cells.append(smudged(one.label, row.attempt, seat.code, code) if code in ticked else "")
    cells += [shown(name, row.answers[name] if full else None) for name in grid(codebook, "branding")]
    speaks = full and meant and draw("speaks", seat.code) < 0.4
    cells.append(pick(OWN_WORDS, "words", seat.code) if speaks else "")
    return cells


# --- The rehearsal: a Qualtrics export ------------------------------------------------------------------------------

REHEARSAL = "rehearsal"
REHEARSAL_FIRST_DAY = dt.date(2020, 5, 4)
REHEARSAL_DAYS = 33
SHARE_NOT_RESPONDING = 0.14
SHARE_REFUSING, SHARE_SKIPPING = 0.02, 0.05  # of the answers to an item
SMALLEST_SHIFT, LARGEST_SHIFT = -5, 11  # percentage points from the published share
REHEARSAL_ANSWERED_TWICE = ("P05-P", "P28-B")
STOPPED_JUST_BEFORE_THE_END = "P15-B"  # unfinished, yet every statement is answered: it counts
REFUSED = "Prefer not to say"


def rehearsal(study: Path) -> bytes:
    """Return the export of the rehearsal as Qualtrics writes it: three header rows, in UTF-8 with a byte order mark."""
    codebook = codebook_module.load(study / "codebook.yml")
    percents, _ = published(study / "published.csv")
    invited = seats_of(REHEARSAL_PARTNERSHIPS)
    never = [seat for seat in invited if draw("response", seat.code) < SHARE_NOT_RESPONDING]
    seats = [seat for seat in invited if seat not in never]

    def wanted(indicator: str, base: int) -> int:
        return (percents[indicator] + _shift(indicator)) * base // 100

    given = answers(REHEARSAL, seats, codebook, wanted, _unanswered(seats, codebook))
    weights = {role: _weight(role, invited, seats) for role in SEATS.values()}
    rows = []
    for seat in seats:
        end = moment(REHEARSAL_FIRST_DAY + dt.timedelta(days=8), REHEARSAL_DAYS - 8, REHEARSAL, seat.code)
        rows.append(_qualtrics_row(seat, given[seat], end, codebook, weight=weights[seat.role]))
        if seat.code in REHEARSAL_ANSWERED_TWICE:
            earlier = end - dt.timedelta(days=6)
            rows.append(_qualtrics_row(seat, opposite(given[seat]), earlier, codebook, "first", weights[seat.role]))
    for seat in never[:3]:
        end = moment(REHEARSAL_FIRST_DAY, REHEARSAL_DAYS, REHEARSAL, seat.code)
        rows.append(_qualtrics_row(seat, {}, end, codebook, "early", weights[seat.role]))
    for k in range(2):
        end = dt.datetime.combine(REHEARSAL_FIRST_DAY - dt.timedelta(days=4), dt.time(16, 20 + k, 41))
        rows.append(_qualtrics_row(seats[k], given[seats[k]], end, codebook, "preview"))
    rows.sort(key=lambda row: row["RecordedDate"])
    head = _qualtrics_head(codebook)
    lines = [[name for name, _, _ in head], [label for _, label, _ in head]]
    lines.append([json.dumps(one, separators=(",", ":")) for _, _, one in head])
    lines += [[row.get(name, "") for name, _, _ in head] for row in rows]
    return csv_bytes(lines, "utf-8-sig", "\n")


def _shift(indicator: str) -> int:
    """Return by how many points the rehearsal differs from the published share."""
    return SMALLEST_SHIFT + int((LARGEST_SHIFT - SMALLEST_SHIFT + 1) * draw("shift", indicator))


def _weight(role: str, invited: Sequence[Seat], seats: Sequence[Seat]) -> str:
    """Return how many seats of its role a respondent stands for."""
    return f"{sum(seat.role == role for seat in invited) / sum(seat.role == role for seat in seats):.4f}"


def _unanswered(seats: Sequence[Seat], codebook: Codebook) -> dict[tuple[str, str], str | None]:
    """Return the items that a seat refused or skipped."""
    found: dict[tuple[str, str], str | None] = {}
    for seat in seats:
        for name in dict.fromkeys(indicator.item for indicator in codebook.indicators):
            chance = draw("skips", seat.code, name)
            if chance < SHARE_REFUSING and codebook.items[name].kind != "multiple":
                found[seat.code, name] = REFUSED
            elif chance < SHARE_SKIPPING:
                found[seat.code, name] = None
    return found


def _qualtrics_head(codebook: Codebook) -> list[tuple[str, str, dict[str, str]]]:
    """Return each column's name, label and import id; the questions stand in another order than in the year before."""
    items = codebook.items
    zone = {"timeZone": "America/Denver"}
    head: list[tuple[str, str, dict[str, str]]] = [
        ("StartDate", "Start Date", {"ImportId": "startDate", **zone}),
        ("EndDate", "End Date", {"ImportId": "endDate", **zone}),
        ("Status", "Response Type", {"ImportId": "status"}),
        ("IPAddress", "IP Address", {"ImportId": "ipAddress"}),
        ("Progress", "Progress", {"ImportId": "progress"}),
        ("Duration (in seconds)", "Duration (in seconds)", {"ImportId": "duration"}),
        ("Finished", "Finished", {"ImportId": "finished"}),
        ("RecordedDate", "Recorded Date", {"ImportId": "recordedDate", **zone}),
        ("ResponseId", "Response ID", {"ImportId": "_recordId"}),
        ("RecipientLastName", "Recipient Last Name", {"ImportId": "recipientLastName"}),
        ("RecipientFirstName", "Recipient First Name", {"ImportId": "recipientFirstName"}),
        ("RecipientEmail", "Recipient Email", {"ImportId": "recipientEmail"}),
        ("ExternalReference", "External Data Reference", {"ImportId": "externalDataReference"}),
        ("LocationLatitude", "Location Latitude", {"ImportId": "locationLatitude"}),
        ("LocationLongitude", "Location Longitude", {"ImportId": "locationLongitude"}),
        ("DistributionChannel", "Distribution Channel", {"ImportId": "distributionChannel"}),
        ("UserLanguage", "User Language", {"ImportId": "userLanguage"}),
        ("Q1", items["region"].question, {"ImportId": "QID1"}),
        ("Q2", items["industry"].question, {"ImportId": "QID2"}),
        ("Q3", "Which of these describes you best?", {"ImportId": "QID3"}),
    ]
    for k, name in enumerate(grid(codebook, "branding"), 1):
        head.append((f"Q4_{k}", f"{items[name].question} - {items[name].row}", {"ImportId": f"QID4_{k}"}))
    question = items["job_seekers"].question
    for k, one in enumerate(items["job_seekers"].codes.values(), 1):
        label = f"{question} - Selected Choice - {_renamed(one)}"
        head.append((f"Q5_{k}", label, {"ImportId": "QID5", "choiceId": str(k)}))
    head.append((f"Q5_{k}_TEXT", f"{question} - Other (please specify) - Text", {"ImportId": f"QID5_{k}_TEXT"}))
    for k, name in enumerate(grid(codebook, "shared_data"), 1):
        head.append((f"Q6_{k}", f"{items[name].question} - {items[name].row}", {"ImportId": f"QID6_{k}"}))
    head += [
        ("Q7", items["businesses_involved"].question, {"ImportId": "QID7_TEXT"}),
        ("Q8", items["own_words"].question, {"ImportId": "QID8_TEXT"}),
        ("partnership_name", "partnership_name", {"ImportId": "partnership_name"}),
        ("weight", "weight", {"ImportId": "weight"}),
    ]
    return head


def _renamed(code: codebook_module.Code) -> str:
    """Return the option as the rehearsal words it: the first other text of the codebook, else the label."""
    return code.texts[0] if code.texts else code.label


def _qualtrics_row(
    seat: Seat, given: Answers, end: dt.datetime, codebook: Codebook, attempt: str = "kept", weight: str = ""
) -> dict[str, str]:
    """Return one row of the export, by column name."""
    items = codebook.items
    preview, early = attempt == "preview", attempt == "early"
    unfinished = early or (seat.code == STOPPED_JUST_BEFORE_THE_END and not preview)
    taken = minutes_taken(REHEARSAL, seat.code, attempt) / (5 if early else 1)
    taken = dt.timedelta(seconds=int(taken.total_seconds()))
    first, last, email, address = person(seat) if not preview else ("", "", "", "")
    letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    row = {
        "StartDate": str(end - taken),
        "EndDate": str(end),
        "Status": "Survey Preview" if preview else "IP Address",
        "IPAddress": address,
        "Progress": ("24" if early else "92") if unfinished else "100",
        "Duration (in seconds)": str(int(taken.total_seconds())),
        "Finished": "False" if unfinished else "True",
        "RecordedDate": str(end + dt.timedelta(days=7) if unfinished else end + dt.timedelta(seconds=1)),
        "ResponseId": "R_" + "".join(pick(letters, "id", seat.code, attempt, k) for k in range(15)),
        "RecipientLastName": last,
        "RecipientFirstName": first,
        "RecipientEmail": email,
        "ExternalReference": "" if preview else seat.code,
        "DistributionChannel": "preview" if preview else "email",
        "UserLanguage": "EN",
        "Q1": _renamed(items["region"].codes[f"region_{seat.region:02}"]),
        "Q2": _renamed(items["industry"].codes[seat.industry]),
        "Q3": _renamed(items["role"].codes[seat.role]),
        "partnership_name": "" if preview else seat.partnership,
        "weight": weight,
    }
    if early:
        return row
    unanswered = _unanswered([seat], codebook)
    for number, first_item in ((4, "branding"), (6, "shared_data")):
        for k, name in enumerate(grid(codebook, first_item), 1):
            code = given.get(name)
            row[f"Q{number}_{k}"] = (
                _renamed(items[name].codes[str(code)]) if code else unanswered.get((seat.code, name)) or ""
            )
    for k, (code, one) in enumerate(items["job_seekers"].codes.items(), 1):
        if code in (given.get("job_seekers") or ()):
            row[f"Q5_{k}"] = _renamed(one)
        if code == "other" and draw("adds", REHEARSAL, seat.code) < 0.06:
            row[f"Q5_{k}"], row[f"Q5_{k}_TEXT"] = _renamed(one), pick(OTHER_IMPACTS, "adds what", seat.code)
    if seat.role == CHAMPION:
        number = 12 + int(110 * size(seat) * (0.9 + 0.3 * draw("growth", seat.number)))
        row["Q7"] = str(number) if draw("counts", seat.code) > 0.08 else "Not sure"
    if not unfinished and not preview and draw("speaks", REHEARSAL, seat.code) < 0.35:
        row["Q8"] = pick(OWN_WORDS, "words", REHEARSAL, seat.code)
    return row


def main() -> None:
    """Write both exports."""
    for wave, export in ((RECONSTRUCTION, reconstruction), (REHEARSAL, rehearsal)):
        file = RAW / wave / "responses.csv"
        file.write_bytes(export(RAW))
        print(f"{file.relative_to(RAW.parent.parent)} written")


if __name__ == "__main__":
    main()
