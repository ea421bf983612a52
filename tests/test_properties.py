"""What holds for any text, table, answers or design, not for the examples alone that somebody thought of."""

from __future__ import annotations

import csv
import datetime as dt
import html
import io
import math
import unicodedata

import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as any_
from study import CODEBOOK, TWELVE, WAVE, plain, singer, write_study

from impact_report import precision
from impact_report.binding import Bound
from impact_report.cleaning import Cleaned, clean
from impact_report.codebook import EXCEL, Codebook, Item
from impact_report.decoding import Decoder
from impact_report.design import linearised_variance
from impact_report.errors import ExportError
from impact_report.ledger import ROW_DROPPED, SET_MISSING
from impact_report.readers import Column, Export, delimited
from impact_report.readers import plain as plain_reader
from impact_report.readers.table import of
from impact_report.tally import tally
from impact_report.wording import normalise, normalise_all, tidy, tidy_all

settings.register_profile("always the same", derandomize=True, deadline=None, database=None, max_examples=100)
settings.load_profile("always the same")
FEWER = settings(max_examples=12)  # where each example is a whole survey


# --- Wording ----------------------------------------------------------------------------------------------------------

TEXTS = any_.text(max_size=20)
MARKUP = any_.lists(
    any_.sampled_from(["<b>", "</b>", "<br/>", "<", ">", "&", "&amp;", "&lt;", "&nbsp;", "&#39;", "a", "B", " ", "é"])
).map("".join)
SAME_SIGNS = {  # any sign may stand for the first of its list
    "'": ["'", "’", "‘", "´", "`", "&#39;", "&rsquo;"],
    '"': ['"', "“", "”", "„", "«", "&quot;"],
    "-": ["-", "–", "—", "‑", "&ndash;"],
    " ": [" ", "  ", "\u00a0", "\t", "\n", "\u2009", "&nbsp;", "<br>"],
}


@any_.composite
def said_twice(draw: any_.DrawFn) -> tuple[str, str]:
    """Return a text, and the same as somebody else would write it."""
    text = draw(any_.text("abcXYZ059éÑüß,.?/()'\"- ", max_size=20))
    other = [draw(any_.sampled_from(SAME_SIGNS.get(letter, [letter]))) for letter in text]
    other = [one.swapcase() if one.isalpha() and draw(any_.booleans()) else one for one in other]
    form = draw(any_.sampled_from(["NFC", "NFD"]))
    before, after = draw(any_.sampled_from([("", ""), (" ", "\n"), ("<p>", "</p>"), ("\ufeff", "\u200b")]))
    return text, before + unicodedata.normalize(form, "".join(other)) + after


@given(any_.one_of(TEXTS, MARKUP))
def test_what_is_tidied_or_normalised_stays_so(text):
    assert tidy(tidy(text)) == tidy(text)
    assert normalise(normalise(text)) == normalise(text) == normalise(tidy(text))


@given(said_twice())
def test_case_spaces_quotes_dashes_entities_and_unicode_forms_do_not_count(pair):
    text, other = pair
    assert normalise(text) == normalise(other)


@given(any_.lists(any_.one_of(TEXTS, MARKUP)))
def test_many_texts_are_normalised_as_each_is(texts):
    assert normalise_all(texts).tolist() == [normalise(text) for text in texts]
    assert tidy_all(texts).tolist() == [tidy(text) for text in texts]


@given(any_.text("abcXYZ 059,.?/()'-", min_size=1))
def test_escaped_html_says_what_it_is_made_of(text):
    assert tidy(html.escape(f"{text} & more")) == tidy(f"{text} & more")


@given(any_.text("abc019", min_size=1), any_.text("abc019", min_size=1))
def test_texts_that_differ_in_a_letter_or_a_figure_are_two(one, other):
    assert (normalise(one) == normalise(other)) == (one == other)


# --- Delimited files --------------------------------------------------------------------------------------------------

NAMES = ("Role", "Region", "Hours", "Remarks", "Weight")
WORDS = any_.sampled_from(
    ["", "Firm", "0", "007", " inner  spaces ", "a,b", "a;b", "a\tb", "a|b", 'say "aye"', '"', "two\nlines", "NA",
     "None", "café", "Don’t know", "2–5", "Müller", "€ 5"]
)  # fmt: skip
ANY_LETTERS = any_.text(any_.characters(exclude_categories=["Cs"], exclude_characters="\0\r\ufeff"), max_size=8)
ENCODINGS = any_.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"])
WRITTEN = any_.fixed_dictionaries(
    {
        "delimiter": any_.sampled_from(delimited.SEPARATORS),
        "lineterminator": any_.sampled_from(["\n", "\r\n"]),
        "quoting": any_.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
    }
)


def tables(cells: any_.SearchStrategy[str]) -> any_.SearchStrategy[list[list[str]]]:
    """Return tables with a header; a single column would have no separator to be told by."""
    return any_.integers(2, len(NAMES)).flatmap(
        lambda width: any_.lists(any_.lists(cells, min_size=width, max_size=width), min_size=1, max_size=8).map(
            lambda rows: [list(NAMES[:width]), *rows]
        )
    )


def saved(table: list[list[str]], written: dict, encoding: str = "utf-8") -> bytes:
    stream = io.StringIO(newline="")
    csv.writer(stream, **written).writerows(table)
    return stream.getvalue().encode(encoding)


def cells_of(content: bytes) -> list[list[str]]:
    return delimited.read(content, "answers.csv").cells.astype(str).to_numpy().tolist()


@given(tables(WORDS), WRITTEN, any_.one_of(ENCODINGS, any_.just("cp1252")))
def test_a_table_reads_back_as_it_was_written(table, written, encoding):
    assert cells_of(saved(table, written, encoding)) == table


@given(tables(ANY_LETTERS.filter(lambda text: not set(text) & set(",;\t|"))), WRITTEN, ENCODINGS)
def test_whatever_letters_it_is_written_in(table, written, encoding):
    assert cells_of(saved(table, written, encoding)) == table


@given(tables(WORDS), WRITTEN, any_.data())
def test_a_row_that_ends_too_early_or_too_late_is_an_error(table, written, data):
    table = [*table, *[["Firm"] * len(table[0])] * 3]  # so that the usual width is known
    row = data.draw(any_.integers(1, len(table) - 1))
    ragged = data.draw(any_.sampled_from([[*table[row], "stray"], table[row][:-1]]))
    assume(any(ragged[: len(table[0])]))
    with pytest.raises(ExportError):
        cells_of(saved([*table[:row], ragged, *table[row + 1 :]], written))


COMMENTS = any_.sampled_from(["", "good", "bad, really", "so so", "great"])


@given(
    any_.lists(any_.tuples(any_.sampled_from(["Yes", "No"]), COMMENTS, any_.booleans()), min_size=5, max_size=20),
    any_.data(),
)
def test_a_stray_quote_never_swallows_a_respondent(answers, data):
    """One quote too many or too few: all the rows are there, or it is an error."""
    lines = [
        f'{k},{likes},"{comment}"' if quoted or "," in comment else f"{k},{likes},{comment}"
        for k, (likes, comment, quoted) in enumerate(answers)
    ]
    text = "\n".join(["Number,Likes,Comment", *lines]) + "\n"
    at = data.draw(any_.integers(0, len(text) - 1))
    stray = text[:at] + text[at + 1 :] if text[at] == '"' else text[:at] + '"' + text[at:]
    try:
        read = cells_of(stray.encode())
    except ExportError:
        return
    assert len(read) == len(lines) + 1


@given(any_.lists(any_.lists(any_.text(max_size=3), min_size=3, max_size=3), min_size=2), any_.data())
def test_below_a_row_stand_the_rows_below_it_and_their_texts(rows, data):
    start = data.draw(any_.integers(0, len(rows) - 1))
    below = of(*rows).below(start)
    assert below.cells.astype(str).to_numpy().tolist() == rows[start:]
    assert below.cells.index.tolist() == list(range(start + 1, len(rows) + 1))
    for column in range(3):
        assert sorted(below.texts(column)) == sorted({row[column] for row in rows[start:]} - {""})


# --- Any answers of the choir -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def choir(tmp_path_factory):
    return write_study(tmp_path_factory.mktemp("choir"), codebook=CODEBOOK, wave=WAVE)


@any_.composite
def singers(draw: any_.DrawFn) -> list[dict]:
    """Return any singers: among them previews, tests, those who answer nothing or twice, and strange spellings."""
    yes_or_no = any_.sampled_from(["Yes", "no", " YES ", "", "don't know", "n/a", "-"])
    rows = []
    for number in range(1, draw(any_.integers(1, 12)) + 1):
        row = singer(
            number,
            draw(any_.sampled_from(["High voice", "soprano", "LOW VOICE", "", "prefer not to say"])),
            draw(yes_or_no),
            draw(yes_or_no),
            draw(any_.sampled_from(["2", "2.5", "1,000", "3 hours", "", "n/a"])),
            draw(any_.sampled_from([one["enjoys"] for one in TWELVE] + ["", "can’t say"])),
            draw(any_.sampled_from([one["sings"] for one in TWELVE])),
            source=draw(any_.sampled_from(["By mail", "By mail", "Preview", "Test", ""])),
        )
        rows.append(row | {"member": draw(any_.sampled_from(["", "M-1", "M-2", row["member"]]))})
    return [*rows, *({**row, "member": row["email"]} for row in TWELVE[:2])]  # so that somebody is left


def cleaned(choir, records: list[list[str]]) -> Cleaned:
    return clean(plain_reader.read(of(*records)), choir.codebook, choir.wave)


@FEWER
@given(rows=singers())
def test_rows_in_are_rows_kept_and_rows_dropped_each_once(choir, rows):
    found = cleaned(choir, plain(rows))
    dropped = found.ledger.loc[found.ledger["action"] == ROW_DROPPED, "source_row"].tolist()
    kept = found.responses["source_row"].tolist()
    assert sorted([*kept, *dropped]) == list(range(2, 2 + len(rows)))
    assert (found.summary["rows_in"], found.summary["rows_kept"]) == (len(rows), len(kept))
    test_rows = {k for k, row in enumerate(rows, start=2) if row["source"] in ("Preview", "Test")}
    assert test_rows <= set(dropped)


@FEWER
@given(rows=singers())
def test_each_answer_is_kept_or_in_the_ledger(choir, rows):
    found = cleaned(choir, plain(rows))
    noted = found.ledger[found.ledger["action"] == SET_MISSING]
    told = set(zip(noted["source_row"], noted["item"], strict=True))
    for item in ("voice", "rehearses", "solo", "hours", "enjoys"):
        missing = found.responses.loc[found.responses[f"{item}.missing"].notna(), "source_row"]
        answered = {row for row in missing if rows[row - 2][item]}
        assert {(row, item) for row in answered} == {one for one in told if one[1] == item}


@FEWER
@given(rows=singers(), data=any_.data())
def test_the_order_of_rows_and_columns_changes_no_estimate(choir, rows, data):
    header, *body = plain(rows)
    columns = data.draw(any_.permutations(range(len(header))))
    shuffled = [[row[k] for k in columns] for row in [header, *data.draw(any_.permutations(body))]]
    before, after = cleaned(choir, [header, *body]), cleaned(choir, shuffled)
    pd.testing.assert_frame_equal(tally(before.responses, choir.codebook), tally(after.responses, choir.codebook))
    assert before.summary["rows_kept"] == after.summary["rows_kept"]


# --- Numbers, dates and answers that share a cell ---------------------------------------------------------------------


def decoded(item: Item, texts: list[str], separator: str = "", cells: bool = False):
    """Return what texts of one column mean for an item."""
    column = Column(0, "Q1", item.question, None, "Q1", separator=separator)
    rows = pd.RangeIndex(2, len(texts) + 2)
    export = Export("plain", (column,), pd.DataFrame({0: pd.Categorical(texts)}, index=rows))
    codebook = Codebook.model_construct(items={"asked": item}, missing={})
    bound = Bound({}, (column,)) if cells else Bound({"": column})
    found = Decoder(export, codebook, rows).item("asked", bound)
    assert not found.unknown, [one.text for one in found.unknown]
    return found.columns


@any_.composite
def numbers(draw: any_.DrawFn) -> tuple[str, str, float]:
    """Return a decimal mark, a number as somebody writes it with that mark, and the number."""
    decimal = draw(any_.sampled_from(".,"))
    thousands = draw(any_.sampled_from(["", "." if decimal == "," else ",", " ", "'", "’", "\u00a0", "\u202f"]))
    whole, places = draw(any_.integers(-(10**9), 10**9)), draw(any_.integers(0, 3))
    part = f"{draw(any_.integers(0, 10**places - 1)):0{places}}" if places else ""
    text = f"{whole:,}".replace(",", thousands) + (decimal + part if part else "")
    unit = draw(any_.sampled_from(["{}", "{} €", "{}€", "€ {}", "{} EUR"])).replace("EUR", "€")
    sign = "-" if whole < 0 else ""
    return decimal, unit.format(text), float(f"{sign}{abs(whole)}.{part or 0}")


@given(any_.lists(numbers(), min_size=1))
def test_a_number_reads_back_by_the_marks_of_its_item(given_numbers):
    for mark in ".,":
        said = [(text, number) for decimal, text, number in given_numbers if decimal == mark]
        item = Item(question="Paid?", kind="quantity", unit="€", decimal=mark)
        found = decoded(item, [text for text, _ in said])
        assert list(found["asked"]) == [number for _, number in said]


FORMATS = ["%Y-%m-%d %H:%M:%S", "%d.%m.%Y %H:%M:%S", "%m/%d/%Y %I:%M:%S %p", "%d %b %Y, %H:%M:%S", "%B %d, %Y %H.%M.%S",
           "%Y%m%d%H%M%S", "%j/%Y %H:%M:%S", "%Y/%m/%d %H:%M:%S %z", "%Y-%m-%dT%H:%M:%SZ"]  # fmt: skip
MOMENTS = any_.datetimes(dt.datetime(1900, 3, 1), dt.datetime(2199, 12, 31)).map(
    lambda moment: moment.replace(microsecond=0, tzinfo=dt.UTC)
)


@given(any_.sampled_from(FORMATS), any_.lists(MOMENTS, min_size=1))
def test_a_date_reads_back_in_any_format(pattern, moments):
    item = Item(question="When?", kind="date", formats=[pattern])
    found = decoded(item, [moment.strftime(pattern) for moment in moments])
    assert list(found["asked"]) == [pd.Timestamp(moment).tz_localize(None) for moment in moments]


@given(any_.lists(MOMENTS, min_size=1))
def test_a_date_reads_back_from_a_spreadsheets_number(moments):
    day_one = dt.datetime(1899, 12, 30, tzinfo=dt.UTC)
    serials = [repr((moment - day_one) / dt.timedelta(days=1)) for moment in moments]
    found = decoded(Item(question="When?", kind="date", formats=[EXCEL]), serials)
    assert list(found["asked"]) == [pd.Timestamp(moment).tz_localize(None) for moment in moments]


OPTIONS = ["Pay", "Pay, but late", "Hours", "Training; also online", "Other people (friends, family)", "None of these",
           "Wi-Fi", "Work / life", "2–5", "R&D", "It’s near", "IT"]  # fmt: skip


@given(
    any_.lists(any_.sampled_from(OPTIONS), unique=True, min_size=1),
    any_.lists(any_.lists(any_.booleans(), min_size=len(OPTIONS), max_size=len(OPTIONS)), min_size=1, max_size=6),
    any_.sampled_from([";", ", ", ",", " | ", "; "]),
    any_.booleans(),
)
def test_any_options_joined_in_a_cell_read_back(options, ticked, separator, told):
    chosen = [[option for option, tick in zip(options, row, strict=False) if tick] for row in ticked]
    codes = {f"option_{k}": option for k, option in enumerate(options)}
    item = Item(question="Which?", kind="multiple", codes=codes, separator="" if told else separator)
    found = decoded(item, [separator.join(one) for one in chosen], separator if told else "", cells=True)
    for code, option in codes.items():
        assert list(found[f"asked.{code}"]) == [option in one for one in chosen]
    assert list(found["asked.missing"].isna()) == [bool(one) for one in chosen]


# --- Intervals --------------------------------------------------------------------------------------------------------

CONFIDENCES = any_.sampled_from([0.6, 0.8, 0.9, 0.95, 0.99, 0.999])
HAIR = 1e-9  # bounds are found by inverting functions in floats


@any_.composite
def counted(draw: any_.DrawFn) -> tuple[int, int, int]:
    """Return a count, its base, and a population that is larger than the base."""
    base = draw(any_.integers(1, 400))
    return draw(any_.integers(0, base)), base, base + draw(any_.integers(1, 2000))


def of_count(method: str, given: tuple[int, int, int], confidence: float = 0.95) -> tuple[float, float]:
    count, base, population = given
    known = population if method == "hypergeometric" else None
    return precision.interval(method, count, base, population=known, confidence=confidence)


@given(any_.sampled_from(precision.COUNT_METHODS), counted(), CONFIDENCES)
def test_an_interval_of_a_count_is_real_inside_0_and_1_and_wider_with_more_confidence(method, given_count, confidence):
    low, high = of_count(method, given_count, confidence)
    assert 0 <= low < high <= 1
    lower, higher = of_count(method, given_count, 1 - (1 - confidence) / 2)
    assert lower <= low + HAIR and high <= higher + HAIR


@given(any_.sampled_from(precision.COUNT_METHODS), counted())
def test_one_more_yes_never_lowers_a_bound_and_no_is_the_mirror_of_yes(method, given_count):
    count, base, population = given_count
    low, high = of_count(method, given_count)
    assert (1 - high, 1 - low) == pytest.approx(of_count(method, (base - count, base, population)), abs=HAIR)
    if count < base:
        lower, higher = of_count(method, (count + 1, base, population))
        assert low <= lower + HAIR and high <= higher + HAIR


@given(counted())
def test_what_those_who_did_not_answer_may_think_bounds_the_interval(given_count):
    count, base, population = given_count
    least, most = precision.worst_case_bounds(count, base, population)
    low, high = of_count("hypergeometric", given_count)
    assert least - HAIR <= low and high <= most + HAIR


DESIGN_METHODS = sorted(set(precision.METHODS) - set(precision.COUNT_METHODS))
SHARES = any_.one_of(any_.sampled_from([0.0, 1.0]), any_.floats(0.001, 0.999))


@given(any_.sampled_from(DESIGN_METHODS), SHARES, any_.floats(0.05, 20), any_.integers(2, 500), any_.integers(1, 300))
def test_an_interval_of_a_design_is_real_and_nested_and_missing_only_without_degrees(method, share, effect, base, df):
    # With more degrees of freedom than n − 1, t(n−1)/t(df) grows with the level, and n′ of beta with it, as in R.
    df = min(df, base - 1)
    variance = effect * share * (1 - share) / base

    def bounds(confidence, degrees):
        return precision.interval(
            method,
            base=base,
            proportion=share,
            variance=variance,
            degrees_of_freedom=degrees,
            confidence=confidence,
        )

    narrow, wide = bounds(0.8, df), bounds(0.95, df)
    assert 0 <= wide[0] <= narrow[0] + HAIR and narrow[1] <= wide[1] + HAIR <= 1 + 2 * HAIR
    assert narrow[0] < narrow[1] and wide[0] - HAIR <= share <= wide[1] + HAIR
    assert all(math.isnan(bound) for bound in bounds(0.95, 0))


# --- Designs ----------------------------------------------------------------------------------------------------------


@any_.composite
def drawn(draw: any_.DrawFn) -> pd.DataFrame:
    """Return respondents with answers, weights and primary units in one to three strata of two to four units each."""
    rows = []
    for stratum in range(draw(any_.integers(1, 3))):
        for unit in range(draw(any_.integers(2, 4))):
            for _ in range(draw(any_.integers(1, 4))):
                answer = draw(any_.sampled_from([0.0, 1.0, 1.0, float("nan")]))
                rows.append((answer, draw(any_.integers(1, 8)) / 4, stratum, unit, draw(any_.booleans())))
    return pd.DataFrame(rows, columns=["answer", "weight", "stratum", "unit", "inside"])


def varied(people: pd.DataFrame, scale: float = 1.0) -> list[float]:
    return list(
        linearised_variance(
            people["answer"].to_numpy(),
            weights=scale * people["weight"],
            strata=people["stratum"],
            clusters=people["unit"],
            population_units=7 + people["stratum"],
            inside=people["inside"],
        )
    )


@given(drawn(), any_.randoms(use_true_random=False))
def test_order_and_the_scale_of_weights_change_no_estimate(people, chance):
    shuffled = people.sample(frac=1, random_state=chance.randrange(2**31))
    assert varied(shuffled, scale=1000.0) == pytest.approx(varied(people), rel=1e-9, abs=1e-12, nan_ok=True)


@given(drawn())
def test_an_answer_split_in_two_within_its_primary_unit_changes_only_the_base(people):
    """Two rows of half the weight each are the same total of the same primary unit."""
    halves = pd.concat([people.assign(weight=people["weight"] / 2)] * 2)
    *whole, base = varied(people)
    *split, twice = varied(halves)
    assert split == pytest.approx(whole, rel=1e-9, abs=1e-12, nan_ok=True) and twice == 2 * base


@given(drawn())
def test_no_is_the_mirror_of_yes(people):
    share, *rest = varied(people)
    other, *rest_of_other = varied(people.assign(answer=1 - people["answer"]))
    assert share == pytest.approx(1 - other, nan_ok=True)
    assert rest == pytest.approx(rest_of_other, rel=1e-9, abs=1e-12, nan_ok=True)
