"""What kind of question the texts of a column answer: a list, a scale, a number, a date, or anything at all."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd

from impact_report.codebook.model import EXCEL
from impact_report.draft import vocabulary
from impact_report.draft.answers import FEW, Answer, merged
from impact_report.draft.items import DraftCode, DraftItem, code_names
from impact_report.readers import Option
from impact_report.readers.joined import between
from impact_report.wording import normalise, tidy

_MARKS = (";", ", ", ",", "|", "\n")
_LONGEST_LIST, _LONGEST_FULL_LIST = 60, 250  # answers
_LONGEST_ANSWER = 150  # letters, of the usual answer
_COVERED = 0.6  # of the answers must come back, for a list with an open end
_TELLING_END = re.compile(r"(\d{1,2})(?:\.0+)?\b[\s\-–—:.=()]*(\D.*?)?\)?")
_TOKEN = re.compile(r"[\w-]{5,}")
_SELDOM_BACK = "several answers share a cell, but few of them come back. Now it is a text and not reported."
_MOST_CODES = 15
NUMBERS_ONLY = "the file holds the numbers of the answers only: write their labels, and keep the numbers under `texts`."


def fill(
    item: DraftItem,
    counts: Mapping[str, int],
    options: Sequence[Option] = (),
    separator: str = "",
    numbers_are_codes: bool = False,
    elsewhere: frozenset[str] = frozenset(),
) -> None:
    """Give an item its kind and its codes, from the texts that answer it.

    `numbers_are_codes` where the platform writes the number of an answer instead of the answer;
    `elsewhere` are texts (normalised) that other columns hold too, which makes them nobody's own words.

    >>> item = DraftItem("How often?", "text", ())
    >>> fill(item, {"often": 3, "never": 2, "Don't know": 1})
    >>> item.kind, [code.label for code in item.codes], item.missing
    ('scale', ['never', 'often'], {'dont_know': ["Don't know"]})
    """
    answers = merged(counts) if len(counts) <= FEW else {}
    real = _without_missing(item, answers, options)
    if not counts or (answers and not real):
        item.kind = "text"
        return
    if options and _by_options(item, real, options):
        return
    if numbers_are_codes and len(real) <= _MOST_CODES and all(re.fullmatch(r"-?\d+", said) for said in real):
        _coded(item, "single", sorted(real.values(), key=lambda one: int(one.label)))
        item.decisions.append(NUMBERS_ONLY)
        return
    if not answers:
        _of_many(item, counts, separator)
        return
    if _as_dates(item, real) or _as_yes_no(item, real):
        return
    own_words = {said for said, answer in real.items() if answer.count < 2} - elsewhere
    if _as_numbered_scale(item, real, own_words) or _as_steps(item, real):
        return
    if mark := separator or between(list(counts), _MARKS):
        if _as_joined(item, counts, mark):
            return
        if separator:
            item.as_text(_SELDOM_BACK)
            return
    if not _as_quantity(item, real) and not _as_list(item, real):
        _as_text_or_id(item, counts)


def _of_many(item: DraftItem, counts: Mapping[str, int], separator: str) -> None:
    """Give an item with more texts than a list has its kind; a look at some of them says what it cannot be."""
    texts = list(counts)
    some = _as_answers(texts[:: len(texts) // _SAMPLE])
    probe = replace(item, decisions=[])
    if _as_dates(probe, some) and _as_dates(item, _as_answers(texts)):
        return
    if separator and _as_joined(item, counts, separator):
        return
    if _as_quantity(probe, some) and _as_quantity(item, _as_answers(texts)):
        return
    _as_text_or_id(item, counts)


def _as_text_or_id(item: DraftItem, counts: Mapping[str, int]) -> None:
    """Take texts as they are; where each stands once and is one word of some length, it tells a row."""
    item.kind, item.missing, item.decisions = "text", {}, []
    once = len(counts) > 10 and len(counts) == sum(counts.values())
    if once and all(map(_TOKEN.fullmatch, counts)):
        item.kind = "id"


def _as_answers(texts: Sequence[str]) -> dict[str, Answer]:
    """Return many texts as they are: whether two of them say the same is not worth knowing."""
    return {text: Answer(text, (text,), 1) for text in texts}


def _without_missing(item: DraftItem, answers: dict[str, Answer], options: Sequence[Option]) -> dict[str, Answer]:
    """Return the answers without those that say that there is none; these become the item's missing texts."""
    real = {}
    declared = {normalise(option.label) for option in options if option.missing}
    item.missing = {}
    for said, answer in answers.items():
        if kind := vocabulary.missing_kind(answer.label):
            item.missing.setdefault(kind, []).append(answer.label)
            if said in declared:
                continue
            word = "not asked" if kind == "not_asked" else "no answer"
            item.decisions.append(f"does “{answer.label}” mean {word}? Now it does, and is not in the base.")
        else:
            real[said] = answer
    return real


def _coded(
    item: DraftItem, kind: str, answers: Sequence[Answer], texts: Mapping[str, Sequence[str]] | None = None
) -> bool:
    """Make these answers the item's codes; `texts` says what else means an answer, by its label."""
    names = code_names([answer.label for answer in answers], ["missing"])
    item.kind = kind
    item.codes = [
        DraftCode(name, answer.label, list((texts or {}).get(answer.label, ())), count=answer.count)
        for name, answer in zip(names, answers, strict=True)
    ]
    return True


def _top(item: DraftItem) -> None:
    """Let the upper end of a scale count: two of its steps, one of a short scale."""
    item.counts = [code.name for code in item.codes[-2 if len(item.codes) > 3 else -1 :]]


# --- What the file itself says ----------------------------------------------------------------------------------------


def _by_options(item: DraftItem, real: dict[str, Answer], options: Sequence[Option]) -> bool:
    """Take the answers that the file lists, in its order; with many numbers beside them it is a quantity."""
    listed: dict[str, Option] = {}
    for option in options:
        labels = [one for one in options if normalise(one.label) == normalise(option.label)]
        listed[normalise(option.label if len(labels) == 1 and normalise(option.label) else option.code)] = option
    for said, option in listed.items():
        if option.missing:
            kind = vocabulary.missing_kind(option.label) or "no_answer"
            label = tidy(option.label) if said == normalise(option.label) else option.code
            if all(normalise(label) != normalise(text) for texts in item.missing.values() for text in texts):
                item.missing.setdefault(kind, []).append(label)
    gone = {normalise(text) for texts in item.missing.values() for text in texts}
    codes = {said: option for said, option in listed.items() if said not in gone}
    unlisted = [answer for said, answer in real.items() if said not in listed]
    numbers = all(re.fullmatch(r"-?\d+(\.\d+)?", answer.label) for answer in unlisted)
    if not codes or not numbers or len(codes) + len(unlisted) > _LONGEST_LIST:
        for said in [said for said in real if said in gone]:
            del real[said]
        return False
    answers = [
        Answer(tidy(option.label) if said == normalise(option.label) else option.code, (), _count(real, said))
        for said, option in codes.items()
    ]
    _coded(item, "single", [*answers, *sorted(unlisted, key=lambda answer: float(answer.label))])
    inner = [answer.label for answer in answers if not vocabulary.missing_kind(answer.label)]
    ordered = vocabulary.ladder(inner) or vocabulary.bands(inner)
    if ordered and len(ordered) == len(item.codes):
        place = {label: k for k, label in enumerate(ordered)}
        item.kind = "scale"
        item.codes.sort(key=lambda code: place[code.label])
        item.spans = vocabulary.bands(inner) is not None
        if not item.spans:
            _top(item)
    return True


def _count(real: dict[str, Answer], said: str) -> int:
    return real[said].count if said in real else 0


# --- Lists ------------------------------------------------------------------------------------------------------------


def _as_yes_no(item: DraftItem, real: dict[str, Answer]) -> bool:
    if not set(real) <= vocabulary.YES | vocabulary.NO or len(real) > 2 or not any(map(str.isalpha, "".join(real))):
        return False
    yes = [answer for said, answer in real.items() if said in vocabulary.YES]
    no = [answer for said, answer in real.items() if said in vocabulary.NO]
    if len(yes) > 1 or len(no) > 1:
        return False
    _coded(item, "single", [*yes, *no])
    item.counts = [item.codes[0].name]
    return True


def _as_steps(item: DraftItem, real: dict[str, Answer]) -> bool:
    """Take answers that are steps of a scale in words, or spans of numbers; one or two beside it may stand aside."""
    if not 2 <= len(real) <= 15:
        return False
    by_label = {answer.label: answer for answer in real.values()}
    for beside in _subsets(list(by_label)):
        inner = [label for label in by_label if label not in beside]
        spans = vocabulary.bands(inner)
        ordered = vocabulary.ladder(inner) or spans
        if any(by_label[label].count < 2 or not vocabulary.ASIDE.search(normalise(label)) for label in beside):
            continue
        if ordered and len(ordered) >= (2 if not beside else 3):
            _coded(item, "single" if beside else "scale", [by_label[label] for label in (*ordered, *beside)])
            steps = len(ordered)
            item.spans = spans is not None
            if not item.spans:
                names = [code.name for code in item.codes[:steps]]
                item.counts = names[-2 if steps > 3 else -1 :]
            if beside:
                said = ", ".join(f"“{label}”" for label in beside)
                item.decisions.append(f"is {said} an answer? Now it is, and in the base; else list it under `missing`.")
            return True
    return False


def _subsets(labels: list[str]) -> list[list[str]]:
    """Return what may stand beside a scale: nothing, any one answer, or any two of few."""
    two = [[a, b] for k, a in enumerate(labels) for b in labels[k + 1 :]] if len(labels) <= 9 else []
    return [[], *[[label] for label in labels if len(labels) > 3], *[pair for pair in two if len(labels) > 4]]


def _as_numbered_scale(item: DraftItem, real: dict[str, Answer], own_words: set[str]) -> bool:
    """Take the points of a scale from 0 or 1 to at most 10, its ends perhaps in words: 1 Not at all, 2, 3 …"""
    matches = {said: _TELLING_END.fullmatch(said) for said in real}
    if len(real) < 3 or not all(matches.values()):
        return False
    if any(matches[said][2] for said in own_words):
        return False
    words = [match[2] for match in matches.values() if match[2]]
    points: dict[int, list[Answer]] = {}
    for said, answer in real.items():
        points.setdefault(int(matches[said][1]), []).append(answer)
    numbers = sorted(points)
    if numbers[0] not in (0, 1) or not 3 <= numbers[-1] <= 10 or len(points) < 3:
        return False
    if len({word.rstrip("s+") for word in words}) < len(words):  # 1 year, 2 years
        return False
    if not words and vocabulary.COUNTED.search(item.question):
        return False
    answers, texts = [], {}
    for number in numbers:
        spelled = sorted(points[number], key=lambda one: (-len(_ends(one)), -one.count))
        label = spelled[0].label if _ends(spelled[0]) else str(number)
        answers.append(Answer(label, (), sum(one.count for one in spelled)))
        texts[label] = [one.label for one in spelled if normalise(one.label) != normalise(label)]
        if any(normalise(_ends(one)) != normalise(_ends(spelled[0])) for one in spelled if _ends(one)):
            return False
    for number in range(numbers[0], numbers[-1]):
        if number not in points:
            answers.insert(number - numbers[0], Answer(str(number), (), 0))
    _coded(item, "scale", answers, texts)
    _top(item)
    if vocabulary.RANKING.search(item.question):
        item.decisions.append("is 1 the best? Then write the codes from the highest number to the lowest.")
        item.counts = [item.codes[0].name]
    elif words:
        item.remarks.append("ordered by the numbers before the words")
    return True


def _ends(answer: Answer) -> str:
    match = _TELLING_END.fullmatch(answer.label)
    return (match[2] or "") if match else ""


def _as_list(item: DraftItem, real: dict[str, Answer]) -> bool:
    """Take answers that come back; texts given once may be anybody's own words, and are any other answer."""
    every = sum(answer.count for answer in real.values())
    again = [answer for answer in real.values() if answer.count > 1]
    once = len(real) - len(again)
    covered = sum(answer.count for answer in again)
    usual = sorted(len(answer.label) for answer in again)[len(again) // 2] if again else 0
    most = _LONGEST_FULL_LIST if covered >= 0.9 * every and every >= 20 * len(again) else _LONGEST_LIST
    if not again or len(again) > most or covered < _COVERED * every or usual > _LONGEST_ANSWER:
        return False
    if len(again) > every / 2 or (once > len(again) * 3 and covered < 0.75 * every):
        return False
    if any(vocabulary.looks_personal(answer.label) for answer in again):
        return False
    ordered = vocabulary.ladder([answer.label for answer in again]) if len(again) > 2 else None
    if ordered:
        again.sort(key=lambda answer: ordered.index(answer.label))
    _coded(item, "single", again)
    if ordered:
        _top(item)
    if once:
        _open_end(item, once)
    numbers = [normalise(answer.label) for answer in again]
    if set(numbers) == {"0", "1"}:
        item.decisions.append("what do 0 and 1 mean? Write it as their labels, and keep the number under `texts`.")
        item.codes.sort(key=lambda code: code.label)
        item.counts = [item.codes[-1].name]
    return True


def _open_end(item: DraftItem, once: int) -> None:
    """Let any other text count as “Other”, of which nothing is told but how many there are."""
    other = next((code for code in item.codes if vocabulary.is_other(code.label)), None)
    if other is None:
        label = "Other" if all(normalise(code.label) != "other" for code in item.codes) else "Any other answer"
        names = [code.name for code in item.codes]
        other = DraftCode(code_names([label], [*names, "missing"])[0], label, count=0)
    else:
        item.codes.remove(other)
    item.codes.append(other)
    other.open = True
    other.count = (other.count or 0) + once
    item.decisions.append(f"does each other text count as “{other.label}”? Now each that was given just once does.")
    item.remarks.append(f"{once} other text{'s' * (once > 1)}, given once{' each' * (once > 1)}, not shown")


def _as_joined(item: DraftItem, counts: Mapping[str, int], mark: str) -> bool:
    """Take cells apart; pieces that always follow one another are one answer that holds the mark itself."""
    cells = {text: [piece for piece in map(str.strip, text.split(mark)) if piece] for text in counts}
    cells = {text: pieces for text, pieces in cells.items() if pieces}
    whole_missing = {text for text in cells if vocabulary.missing_kind(text)}
    pieces = _rejoined({text: cells[text] for text in cells if text not in whole_missing}, counts, mark)
    found: Counter[str] = Counter()
    for text, parts in pieces.items():
        for part in dict.fromkeys(parts):
            found[part] += counts[text]
    answers = merged(found)
    item.missing = {
        kind: [text for text in texts if normalise(text) not in answers] for kind, texts in item.missing.items()
    }
    item.missing = {kind: texts for kind, texts in item.missing.items() if texts}
    again = [answer for answer in answers.values() if answer.count > 1]
    once = len(answers) - len(again)
    every = sum(answer.count for answer in answers.values())
    if not again or len(again) > _LONGEST_LIST or sum(one.count for one in again) < _COVERED * every:
        return False
    if any(vocabulary.looks_personal(answer.label) for answer in again):
        return False
    _coded(item, "multiple", again)
    item.separator = mark.strip() or mark
    if once:
        _open_end(item, once)
    return True


def _rejoined(cells: dict[str, list[str]], counts: Mapping[str, int], mark: str) -> dict[str, list[str]]:
    """Return the cells with pieces put together that never occur but side by side."""
    for _ in range(4):
        alone: Counter[str] = Counter()
        pairs: Counter[tuple[str, str]] = Counter()
        for text, parts in cells.items():
            for part in parts:
                alone[part] += counts[text]
            for pair in itertools.pairwise(parts):
                pairs[pair] += counts[text]
        glued = {pair for pair, times in pairs.items() if times > 1 and alone[pair[0]] == alone[pair[1]] == times}
        if not glued:
            break
        cells = {text: _glue(parts, glued, mark) for text, parts in cells.items()}
    return cells


def _glue(parts: list[str], glued: set[tuple[str, str]], mark: str) -> list[str]:
    whole: list[str] = []
    last = ""
    for part in parts:
        if whole and (last, part) in glued:
            whole[-1] = f"{whole[-1]}{mark}{part}"
            last = ""
        else:
            whole.append(part)
            last = part
    return whole


# --- Numbers ----------------------------------------------------------------------------------------------------------

_AMOUNT = re.compile(
    r"(?P<before>[^\d\s+.,-]{1,3})?\s?(?P<number>[-+−]?\d[\d.,'’ \u00a0]*)\s?(?P<after>[^\d\s.,][^\d]{0,14})?"
)
_RANGE = re.compile(r"[^\d]{0,3}\d[\d.,]*\s?[-–—]\s?[^\d]{0,3}\d[\d.,]*\D{0,12}")


def _as_quantity(item: DraftItem, real: dict[str, Answer]) -> bool:
    """Take numbers, with one unit, one decimal mark, and perhaps a few spans like 10-20."""
    if len(real) < 2 or (set(real) <= {"0", "1"} and not vocabulary.COUNTED.search(item.question.replace("_", " "))):
        return False
    plain = pd.to_numeric(pd.Series(list(real), dtype="str"), errors="coerce")
    numeric = plain.notna().to_numpy()
    rest = [text for text, is_number in zip(real, numeric, strict=True) if not is_number]
    if len(rest) > 0.5 * len(real) and len(rest) > FEW:
        return False
    matches = {text: _AMOUNT.fullmatch(tidy(real[text].label)) for text in rest}
    amounts = {text: match for text, match in matches.items() if match}
    spans = [text for text in rest if not matches[text] and _RANGE.fullmatch(tidy(real[text].label))]
    odd = len(rest) - len(amounts) - len(spans)
    if odd or not len(amounts) + numeric.sum() or len(spans) > 0.2 * len(real):
        return False
    units = Counter(tidy(match["before"] or match["after"] or "") for match in amounts.values())
    units.pop("", None)
    if len({normalise(unit) for unit in units}) > 1 or sum(units.values()) == 1:  # once: somebody's own words
        return False
    numbers = [match["number"].strip() for match in amounts.values()]
    commas = sum(bool(re.search(r",\d{1,2}$|,\d{4,}$", one)) for one in numbers)
    dots = sum(bool(re.search(r"\.\d{1,2}$|\.\d{4,}$", one)) for one in (*numbers, *(t for t in real if "." in t)))
    if commas and dots:
        return False
    item.kind = "quantity"
    item.unit = next(iter(units), "")
    item.decimal = "," if commas else "."
    threes = [one for one in real if re.fullmatch(r"\d{1,3}\.\d{3}", one)]
    if not commas and threes and not dots:
        item.decisions.append(
            'is the dot a decimal mark? Now it is; if it stands between thousands, set `decimal: ","`.'
        )
    if spans:
        item.ranges = "middle"
        item.decisions.append(
            f"{len(spans)} answers are spans as 10-20. Now the middle of each counts; `refuse` stops there."
        )
    return True


# --- Dates ------------------------------------------------------------------------------------------------------------

_ISO = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?( ?(Z|[+-]\d\d:?\d\d))?)?")
_LIKE_A_DATE = re.compile(
    r"\d{1,4}[-/. ]{1,2}\d{1,2}[-/. ]{1,2}\d{2,4}\b.*|\d{1,2}[-/. ]{1,2}[^\W\d]{3,9}\.?[-/, ]{1,2}\d{2,4}.*|"
    r"[^\W\d]{3,9}\.? \d{1,2},? \d{4}.*"
)
_DAYS = ("%m/%d/%Y", "%d/%m/%Y", "%d.%m.%Y", "%Y/%m/%d", "%d-%m-%Y", "%m-%d-%Y", "%m/%d/%y", "%d/%m/%y", "%d.%m.%y",
         "%Y-%m-%d", "%d %b %Y", "%d-%b-%Y", "%d-%b-%y", "%b %d, %Y", "%B %d, %Y", "%d %B %Y", "%Y.%m.%d")  # fmt: skip
_TIMES = (
    "",
    " %H:%M:%S",
    " %H:%M",
    " %I:%M:%S %p",
    " %I:%M %p",
    ", %H:%M:%S",
    ", %H:%M",
    ", %I:%M:%S %p",
    " %H:%M:%S %z",
)
_SAMPLE = 300
_DATED = re.compile(r"date|datum|fecha|data\b|time|start|end|submitted|created|modified|zeit", re.IGNORECASE)


def _as_dates(item: DraftItem, real: dict[str, Answer]) -> bool:
    """Take dates that one or two ways of writing explain, all of them."""
    texts = [tidy(answer.label) for answer in real.values()] if len(real) <= FEW else list(real)
    sample = texts[:: max(1, len(texts) // _SAMPLE)]
    if _serials(sample) and _DATED.search(item.question) and _serials(texts):
        item.kind, item.formats = "date", [EXCEL]
        item.decisions.append(
            "are these days as a spreadsheet counts them (43299 is a day of 2018)? Now they are read so."
        )
        return True
    if not sample or not all(_LIKE_A_DATE.fullmatch(text) for text in sample):
        return False
    every = pd.Series(texts, dtype="str").drop_duplicates()
    open_ = every[~every.str.fullmatch(_ISO.pattern)]
    formats: list[str] = []
    doubt = ""
    while len(open_) and len(formats) < 3:
        small = open_.iloc[:: max(1, len(open_) // _SAMPLE)]
        fits = {pattern: _parsed(small, pattern).notna().mean() for pattern in (d + t for d in _DAYS for t in _TIMES)}
        best = max(fits.values())
        if best == 0:
            return False
        likely = [pattern for pattern, share in fits.items() if share == best]
        whole = {pattern: _parsed(open_, pattern) for pattern in likely}
        most = max(parsed.notna().sum() for parsed in whole.values())
        likely = [pattern for pattern in likely if whole[pattern].notna().sum() == most]
        chosen = min(likely, key=lambda pattern: (whole[pattern].max() - whole[pattern].min(), likely.index(pattern)))
        if len({pattern[:2] for pattern in likely}) > 1:
            doubt = chosen
        formats.append(chosen)
        open_ = open_[whole[chosen].isna()]
    if len(open_):
        return False
    item.kind, item.formats = "date", formats
    if doubt:
        first = "month" if doubt.startswith("%m") else "day" if doubt.startswith("%d") else "year"
        item.decisions.append(f"day or month first? Both can be; now the {first} stands first.")
    return True


def _parsed(texts: pd.Series, pattern: str) -> pd.Series:
    return pd.to_datetime(texts, format=pattern, errors="coerce", utc="%z" in pattern)


def _serials(texts: Sequence[str]) -> bool:
    """Say whether these are days as a spreadsheet counts them, of the years from 1982 to 2064."""
    return bool(texts) and all(re.fullmatch(r"[3-5]\d{4}(\.\d+)?", text) for text in texts)
