"""What was computed from which data: the export and its rows, and the headline facts that came out."""

from __future__ import annotations

from impact_report.language import known_date, long_date, say
from impact_report.numbers import Numbers, exactly, whole
from impact_report.parts.labels import question_name
from impact_report.parts.method import questions
from impact_report.record.entry import Row, row
from impact_report.results import Results


def data(results: Results) -> list[Row]:
    """Return the export, its rows and the raw columns of each question."""
    cleaning, wave = results.cleaning, results.wave
    start, end = (long_date(day) for day in (wave.fielded.start, wave.fielded.end))
    rows = [
        row("dates", say("Answers collected"), say("{start} to {end}", start=start, end=end)),
        row("reference_date", say("Reference date"), known_date(wave.reference_date.date)),
        row("issued", say("Published"), long_date(wave.issued) if wave.issued else say("no day stated")),
        row("file", say("Raw file"), cleaning["file"].rpartition("/")[2]),
        row("format", say("Format of the export"), cleaning["format"]),
        row("encoding", say("Encoding of the file"), cleaning["encoding"] or say("none")),
        row("rows_in", say("Rows in the export"), "{}", whole(cleaning["rows_in"])),
        row("rows_dropped", say("Rows set aside"), "{}", whole(cleaning["rows_dropped"])),
        row("rows_kept", say("Rows kept"), "{}", whole(cleaning["rows_kept"])),
    ]
    invented = say("yes") if wave.invented else say("no")
    rows.append(row("invented", say("Invented respondents"), invented))
    numbers = Numbers(results)
    for name, item in questions(results):
        titles = [title.removeprefix(f"{item.question} – ") for _, title in numbers.raw_columns(name)]
        what = say("Raw columns of “{name}”", name=question_name(results, name))
        rows.append(row(f"columns/{name}", what, "; ".join(titles) or say("none")))
    return rows


def fact(results: Results, fact: dict) -> Row:
    """Return a headline fact as printed, with what its evidence says of it."""
    printed = Numbers(results).fact(fact).text
    if not fact["items"]:
        return row(f"fact/{fact['id']}", fact["label"], "{}", printed)
    said = say("{printed} (exactly {exact}, from {n} answers)", printed="{}", exact="{}", n="{}")
    return row(f"fact/{fact['id']}", fact["label"], said, printed, exactly(fact["exact"]), whole(fact["base"]))


def rule_of_fact(fact: dict) -> Row:
    """Return the rule of a headline fact."""
    return row(f"rule/{fact['id']}", say("Rule of “{label}”", label=fact["label"]), fact["rule"])
