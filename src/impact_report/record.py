"""What an edition is made of, in words: one file of plain rows, by which two editions can be compared.

A row has an id that stays (`statement/shared_data`), what it is, and what is said of it. Printed numbers stand apart
from the words, which have {} in their places. A row holds only what the report shows: what is hidden there is not here.
"""

from __future__ import annotations

import json
from typing import Any

from impact_report import language
from impact_report.blocks import Inlines
from impact_report.brand import colours
from impact_report.codebook import MISSING_LABELS, Indicator, Item
from impact_report.exporters.structure import plain_text
from impact_report.language import say, translated
from impact_report.numbers import Numbers, exactly, percent_of, whole
from impact_report.parts.labels import condition_words, edition_name, grouping_label, known_date, long_date
from impact_report.parts.method import disclosed, is_withheld, questions, rule_name
from impact_report.precision import METHODS
from impact_report.results import Results

FILE = "record.json"
FORMAT = 1  # another one, where rows of before can no longer be compared with rows of now
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
Row = dict[str, Any]


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
        "date": wave.fielded.end.isoformat(),
        "notice": wave.invented_notice if wave.invented else "",
        "look": {"publisher": brand.name, "paper": brand.paper, "colours": colours(brand)},
        "indicators": [indicator.id for indicator in results.codebook.indicators],
        "groupings": {name: grouping_label(results, name) for name in results.groupings},
        "groups": {
            name: {code: one.label for code, one in results.codebook.items[name].codes.items()}
            for name in results.groupings
        },
        **made_of,
        "settings": made_of["settings"] + _comparison(results),
        "touched": _touched(results),
        "disclosed": [_row_of(name, said) for name, said in zip(DISCLOSED, disclosed(results), strict=True)],
        "facts": [_fact(results, fact) for fact in results.facts],
        "rules_of_facts": [_rule_of_fact(fact) for fact in results.facts],
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
        "wording": _wording(results),
        "answers": _answers(results),
        "bases": _bases(results),
        "rules": [*_row_rules(results), *_texts(results)],
        "settings": _settings(results),
        "data": _data(results),
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


def row(id: str, what: str, said: str, *numbers: str) -> Row:
    """Return a row; `said` has {} where each of the numbers belongs, and no other braces if there are numbers.

    >>> row("minimum_base", "Smallest base shown", "{}", "5")
    {'id': 'minimum_base', 'what': 'Smallest base shown', 'words': '{}', 'numbers': ['5']}
    >>> row("mode", "Mode", "web {beta}")["words"]
    'web {{beta}}'
    """
    words = said if numbers else said.replace("{", "{{").replace("}", "}}")
    return {"id": id, "what": what, "words": words, "numbers": list(numbers)}


def _row_of(id: str, labelled: list) -> Row:
    """Return a row of a label and words of the report, in which numbers are nodes of their own."""
    label, inlines = labelled
    words, numbers = _taken_apart(inlines)
    return {"id": id, "what": label, "words": " ".join(words.split()), "numbers": numbers}


def _taken_apart(inlines: Inlines) -> tuple[str, list[str]]:
    words, numbers = "", []
    for node in inlines:
        if node["t"] == "number":
            words += "{}"
            numbers.append(node["text"])
        elif "c" in node:
            inner, more = _taken_apart(node["c"])
            words += inner
            numbers += more
        else:
            words += plain_text([node]).replace("{", "{{").replace("}", "}}")
    return words, numbers


# --- What was asked ---------------------------------------------------------------------------------------------------


def _wording(results: Results) -> list[Row]:
    codebook = results.codebook
    rows = [
        row("survey/title", say("Title of the report"), codebook.survey.title),
        row("survey/subject", say("What the survey is about"), codebook.survey.subject),
        row("survey/publisher", say("Published by"), results.brand.name or say("nobody is named")),
    ]
    for section in codebook.sections:
        rows.append(row(f"section/{section.id}", say("Title of a section"), section.title))
        rows.append(
            row(f"reads/{section.id}", say("How results of “{title}” are read", title=section.title), section.reads)
        )
        rows += [
            row(f"statement/{one.id}", say("Statement “{name}”", name=_named(one.id)), one.statement)
            for one in section.indicators
        ]
        rows += [
            row(
                f"section_of/{one.id}",
                say("Section of “{name}”", name=_named(one.id)),
                _named(section.id),
            )
            for one in section.indicators
        ]
    for name, item in questions(results):
        rows.append(row(f"question/{name}", say("Question “{name}”", name=_named(name)), item.wording))
    return rows


def _named(id: str) -> str:
    return id.replace("_", " ")


def _answers(results: Results) -> list[Row]:
    rows = []
    for name, item in questions(results):
        rows.append(row(f"kind/{name}", say("Kind of the question “{name}”", name=_named(name)), _kind(item)))
        rows += [
            row(
                f"label/{name}/{code}",
                say("Answer “{code}” of “{name}”", code=_named(code), name=_named(name)),
                one.label,
            )
            for code, one in item.codes.items()
        ]
    for indicator in results.codebook.indicators:
        labels = _labels_that_count(results, indicator)
        rows.append(
            row(f"counts/{indicator.id}", say("What counts for “{statement}”", statement=indicator.statement), labels)
        )
    return rows


def _kind(item: Item) -> str:
    kinds = {
        "multiple": say("Select all that apply"),
        "scale": say("One answer, ordered"),
        "single": say("One answer"),
        "quantity": say("A number"),
        "text": say("Text"),
    }
    return kinds[item.kind]


def _labels_that_count(results: Results, indicator: Indicator) -> str:
    codebook = results.codebook
    codes = codebook.items[indicator.item].codes
    counted = language.listed([codes[code].label for code in indicator.none_of or codebook.counting(indicator)], "or")
    return say("none of: {answers}", answers=counted) if indicator.none_of else counted


def _bases(results: Results) -> list[Row]:
    """Return out of whom each share is, and who was asked each question."""
    bases = {
        "answered": say("who gave a valid answer"),
        "asked": say("who were asked"),
        "all": say("everybody"),
    }
    rows = []
    for one in results.codebook.indicators:
        rows.append(row(f"base/{one.id}", say("Base of “{statement}”", statement=one.statement), bases[one.base]))
        if one.among:
            of = condition_words(results, one.among)
            rows.append(row(f"among/{one.id}", say("Whom “{statement}” is about", statement=one.statement), of))
    for name, item in questions(results):
        asked = (
            say("those {condition}", condition=condition_words(results, item.ask_if))
            if item.ask_if
            else say("everyone")
        )
        rows.append(row(f"asked/{name}", say("Who was asked “{name}”", name=_named(name)), asked))
    return rows


def _rule_of_fact(fact: dict) -> Row:
    return row(f"rule/{fact['id']}", say("Rule of “{label}”", label=fact["label"]), fact["rule"])


# --- How it was cleaned -----------------------------------------------------------------------------------------------


def _row_rules(results: Results) -> list[Row]:
    """Return the rules by which rows are set aside, as wave.yml sets them."""
    rules = results.wave.rows
    done = {"drop": say("set aside"), "keep": say("kept")}
    rows = []
    if rules.previews:
        rows.append(row("rows/previews", say("Rows the platform marks as previews or tests"), done[rules.previews]))
    rows.append(row("rows/unfinished", say("Rows the platform marks as unfinished"), done[rules.unfinished]))
    for name, condition in rules.drop.items():
        what = say("Rows set aside as “{rule}”: those", rule=_named(name))
        rows.append(row(f"drop/{name}", what, condition_words(results, condition)))
    for name, condition in rules.keep.items():
        what = say("Rows kept by “{rule}”: only those", rule=_named(name))
        rows.append(row(f"keep/{name}", what, condition_words(results, condition)))
    if rules.window:
        rows.append(row("rows/window", say("Answers count if given from and to"), _window(results)))
    if rules.speeders:
        rows.append(
            row("rows/speeders", say("Fewest seconds an answer may take"), "{}", exactly(rules.speeders.seconds))
        )
    if rules.minimum_answered:
        what = say("Fewest questions behind the statements that must be answered")
        rows.append(row("rows/minimum", what, "{}", whole(rules.minimum_answered)))
    if rules.duplicates:
        codebook = results.codebook
        by, latest = (codebook.items[name].question for name in (rules.duplicates.by, rules.duplicates.latest))
        said = say("same “{by}”: the latest by “{latest}” is kept", by=by, latest=latest)
        rows.append(row("rows/duplicates", say("Answers given twice"), said))
    return rows


def _window(results: Results) -> str:
    window, fielded = results.wave.rows.window, results.wave.fielded
    days = (window.start or fielded.start, window.end or fielded.end)
    return say("{start} to {end}", start=long_date(days[0]), end=long_date(days[1]))


def _texts(results: Results) -> list[Row]:
    """Return which texts mean which answer, and which are no answer: what people may dispute about a codebook."""
    rows = []
    for name, item in questions(results):
        named = _named(name)
        for code, one in item.codes.items():
            what = say("Also read as “{label}” in “{name}”", label=one.label, name=named)
            rows.append(_quoted(results, f"text/{name}/{code}", what, one.texts))
        for kind, texts in item.missing.items():
            what = say("Read as “{kind}” in “{name}”", kind=translated(MISSING_LABELS[kind]), name=named)
            rows.append(_quoted(results, f"missing/{name}/{kind}", what, texts))
    for kind, texts in results.codebook.missing.items():
        what = say("Read as “{kind}” in all questions", kind=translated(MISSING_LABELS[kind]))
        rows.append(_quoted(results, f"missing/{kind}", what, texts))
    return [one for one in rows if one]


def _quoted(results: Results, id: str, what: str, texts: list[str]) -> Row:
    """Return the row of some texts; only how many, where small counts are hidden: one may be a single person's."""
    if not texts:
        return {}
    if results.wave.smallest_count:
        return row(
            id,
            what,
            language.plural("{n} text, not shown", "{n} texts, not shown", len(texts), n="{}"),
            whole(len(texts)),
        )
    return row(id, what, language.listed([say("“{text}”", text=text) for text in texts], "or"))


def _touched(results: Results) -> list[Row]:
    """Return how many rows or answers each rule of the cleaning touched, as far as the report says it."""
    actions = {
        "row dropped": say("Rows set aside"),
        "answer set missing": say("Answers set to missing"),
        "value mapped": say("Texts read as an answer"),
    }
    rows = []
    for rule in results.cleaning["rules"]:
        what = say("{action}: {rule}", action=actions[rule["action"]], rule=rule_name(rule["rule"]))
        numbers = [] if is_withheld(results, rule) else [whole(rule["count"])]
        said = "{}" if numbers else say("some")
        rows.append(row(f"{rule['action']}/{rule['rule']}", what, said, *numbers))
    return rows


# --- How it was computed ----------------------------------------------------------------------------------------------


def _settings(results: Results) -> list[Row]:
    wave = results.wave
    selection = {
        "self-selected": say("respondents decided themselves whether to answer"),
        "everyone": say("the whole population was asked"),
        "random": say("a random sample was drawn"),
    }
    size = [whole(wave.population.size)] if wave.population.size else []
    least = [whole(wave.smallest_count)] if wave.smallest_count else []
    rows = [
        row("selection", say("How respondents were selected"), selection[wave.method.selection]),
        row("population_size", say("Size of the population"), "{}" if size else say("not known"), *size),
        row("interval", say("Interval of shares"), translated(METHODS[wave.interval_method].name)),
        row("confidence", say("Confidence level"), "{}", percent_of(wave.interval.confidence)),
        row("minimum_base", say("Smallest base a group is shown with"), "{}", whole(wave.minimum_base)),
        row("smallest_count", say("Smallest count shown in a group"), "{}" if least else say("any"), *least),
        row("not_stated", say("Those who did not state their group"), _not_stated(results)),
        *_weights(results),
        *_design(results),
        *_response(results),
    ]
    if wave.published:
        rows.append(row("published", say("Published figures it is compared with"), wave.published))
    return rows


def _not_stated(results: Results) -> str:
    if results.wave.not_stated == "protect":
        return say("protected: where they are few, a group is hidden with them")
    return say("not protected: what they answered may follow from everyone less all groups")


def _weights(results: Results) -> list[Row]:
    wave, items = results.wave, results.codebook.items
    given = items[wave.weights].wording if wave.weights else say("none: every answer counts the same")
    if wave.rake and not wave.weights:
        given = say("none to begin with")
    rows = [row("weights", say("Weights in the data"), given)]
    for name, totals in wave.rake.items():
        labels = {code: items[name].codes[code].label if code in items[name].codes else code for code in totals}
        said = ", ".join(f"{labels[code].replace('{', '{{').replace('}', '}}')} {{}}" for code in totals)
        what = say("Weighted to the totals of “{question}”", question=items[name].wording)
        rows.append(row(f"rake/{name}", what, said, *map(exactly, totals.values())))
    return rows


def _design(results: Results) -> list[Row]:
    design, items = results.wave.design, results.codebook.items
    if not design:
        return []
    rows = []
    if design.strata:
        rows.append(row("strata", say("Drawn separately in each stratum of"), items[design.strata].wording))
    if design.clusters:
        rows.append(row("clusters", say("Drawn together by"), items[design.clusters].wording))
    if isinstance(design.units, int):
        rows.append(row("units", say("Primary units in the population"), "{}", whole(design.units)))
    elif design.units:
        said = ", ".join(f"{code} {{}}" for code in design.units)
        rows.append(row("units", say("Primary units in the population"), said, *map(whole, design.units.values())))
    return rows


def _comparison(results: Results) -> list[Row]:
    """Return with which wave and how an edition is compared; one of a group is not."""
    compare = results.wave.compare
    if not results.compared:
        return []
    match = results.codebook.items[compare.match].wording if compare.match else say("nothing: all count as different")
    return [
        row("compare/wave", say("Compared with the wave"), results.earlier.wave.title),
        row("compare/match", say("Respondents matched by"), match),
        row("compare/adjust", say("Many comparisons are adjusted for by"), _adjusting(compare.adjust)),
    ]


def _adjusting(name: str) -> str:
    return {"holm": say("Holm’s method"), "benjamini-hochberg": say("Benjamini and Hochberg’s method")}[name]


def _response(results: Results) -> list[Row]:
    given = results.wave.response
    if not given:
        return []
    cases = results.wave.response.model_dump(
        exclude={"rate", "eligible_share", "eligible_share_source"}, exclude_unset=True
    )
    labels = {
        "complete": say("full answers"),
        "partial": say("partial answers"),
        "refusal": say("refusals"),
        "non_contact": say("not reached"),
        "other": say("other reasons"),
        "unknown_eligibility": say("not known whether anybody is there"),
        "unknown_other": say("not known whether eligible"),
        "not_eligible": say("not eligible"),
    }
    rows = [row("response/rate", say("Response rate"), f"AAPOR {given.rate.upper()}")]
    rows += [
        row(f"response/{name}", say("Cases stated: {what}", what=labels[name]), "{}", whole(count))
        for name, count in cases.items()
    ]
    if given.eligible_share is not None:
        what = say("Eligible share of the unknown cases")
        rows.append(row("response/eligible_share", what, "{}", exactly(given.eligible_share)))
    return rows


# --- What it was computed from ----------------------------------------------------------------------------------------


def _data(results: Results) -> list[Row]:
    cleaning, wave = results.cleaning, results.wave
    start, end = (long_date(day) for day in (wave.fielded.start, wave.fielded.end))
    rows = [
        row("dates", say("Answers collected"), say("{start} to {end}", start=start, end=end)),
        row("reference_date", say("Reference date"), known_date(wave.reference_date.date)),
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
        what = say("Raw columns of “{name}”", name=_named(name))
        rows.append(row(f"columns/{name}", what, "; ".join(titles) or say("none")))
    return rows


def _fact(results: Results, fact: dict) -> Row:
    """Return a headline fact as printed, with what its evidence says of it."""
    printed = Numbers(results).fact(fact).text
    if not fact["items"]:
        return row(f"fact/{fact['id']}", fact["label"], "{}", printed)
    said = say("{printed} (exactly {exact}, from {n} answers)", printed="{}", exact="{}", n="{}")
    return row(f"fact/{fact['id']}", fact["label"], said, printed, exactly(fact["exact"]), whole(fact["base"]))
