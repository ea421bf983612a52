"""What an edition is made of, in words: one file of plain rows, by which two editions can be compared.

A row has an id that stays (`statement/shared_data`), what it is, and what is said of it. Printed numbers stand apart
from the words, which have {} in their places. A row holds only what the report shows: what is hidden there is not here.
"""

from __future__ import annotations

import json
from typing import Any

from impact_report import language
from impact_report.brand import colours
from impact_report.language import say
from impact_report.parts.labels import edition_name, grouping_label
from impact_report.parts.method import disclosed
from impact_report.record import asked, cleaned, computed, counted
from impact_report.record.entry import Row, row, row_of
from impact_report.results import Results

FILE = "record.json"
FORMAT = 3  # another one, where rows of before can no longer be compared with rows of now
# The rows of the AAPOR statement, in its order.
DISCLOSED = (
    "strategy",
    "sponsor",
    "instrument",
    "population",
    "recruitment",
    "mode",
    "dates",
    "sample",
    "weighting",
    "processing",
    "limitations",
)
# What of it wave.yml says in words of its own.
STATED = ("strategy", "sponsor", "recruitment", "mode")


def keep_record(results: Results) -> None:
    """Keep the record of an edition in the folder of its results, as `record.json`."""
    text = json.dumps(record(results), indent=1, ensure_ascii=False) + "\n"
    (results.folder / FILE).write_text(text, encoding="utf-8")


def record(results: Results) -> dict[str, Any]:
    """Return what an edition is made of: lists of rows by what they are about, and what the edition is."""
    wave, brand = results.wave, results.brand
    made_of = of_wave(results)
    return {
        "format": FORMAT,
        "study": results.codebook.survey.id,
        "title": results.codebook.survey.title,
        "edition": edition_name(results),
        "language": language.current(),
        "date": wave.dated.isoformat(),
        "notice": wave.invented_notice if wave.invented else "",
        "look": {"publisher": brand.name, "paper": brand.paper, "colours": colours(brand)},
        "indicators": [indicator.id for indicator in results.codebook.indicators],
        "groupings": {name: grouping_label(results, name) for name in results.groupings},
        "groups": {
            name: {code: one.label for code, one in results.codebook.items[name].codes.items()}
            for name in results.groupings
        },
        **made_of,
        "settings": made_of["settings"] + computed.comparison(results),
        "touched": cleaned.touched(results),
        "disclosed": [row_of(name, *said) for name, said in zip(DISCLOSED, disclosed(results), strict=True)],
        "facts": [counted.fact(results, fact) for fact in results.facts],
        "rules_of_facts": [counted.rule_of_fact(fact) for fact in results.facts],
    }


def of_wave(results: Results) -> dict[str, list[Row]]:
    """Return what is said of a wave alone, from the codebook, wave.yml and the sums of its cleaning.

    wording    title, sections, statements, questions
    answers    codes with their labels, and which of them count
    bases      out of whom
    rules      which rows are set aside, which texts mean which answer
    settings   what was chosen: intervals, weights, suppression
    data       the export and its rows
    """
    return {
        "wording": asked.wording(results),
        "answers": asked.answers(results),
        "bases": asked.bases(results),
        "rules": cleaned.rules(results),
        "settings": computed.settings(results),
        "data": counted.data(results),
    }


def stated(results: Results) -> list[Row]:
    """Return what wave.yml says of the method in words of its own."""
    method, universe = results.wave.method, results.wave.population.universe
    labels = (
        say("Data collection strategy"),
        say("Sponsor and conductor"),
        say("Recruitment"),
        say("Mode"),
    )
    rows = [row(name, label, getattr(method, name)) for name, label in zip(STATED, labels, strict=True)]
    return [*rows, row("population", say("Population"), universe.rstrip("."))]
