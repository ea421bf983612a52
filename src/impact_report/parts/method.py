"""How it was done: the AAPOR disclosure, the questionnaire, and what was set aside."""

from __future__ import annotations

from impact_report.blocks import Block, Inlines, cell, column, link, quoted, table, words
from impact_report.codebook import MISSING_LABELS
from impact_report.numbers import Numbers, anchor
from impact_report.parts import drawn
from impact_report.parts.labels import condition_words, dates, known_date
from impact_report.parts.respondents import row_count
from impact_report.precision import METHODS
from impact_report.results import Results


def method(results: Results) -> list[Block]:
    """Return the eleven items that the AAPOR code of ethics asks to disclose, each in a sentence or two."""
    return [
        Block(
            block="evidence",
            id=anchor("method"),
            title=quoted("What the survey discloses"),
            facts=disclosed(results),
            table=None,
        )
    ]


def disclosed(results: Results) -> list[list]:
    """Return the eleven items of the AAPOR code (2021) with their words."""
    wave, cleaning, numbers = results.wave, results.cleaning, Numbers(results)
    named = wave.population.universe.rstrip(".")
    universe = words("{universe}.", universe=_begun(named))
    if wave.population.size:
        source = f" ({wave.population.source.rstrip('.')})" if wave.population.source else ""
        universe += words(
            " There are {n} of them{source}.",
            n=numbers.counted(wave.population.size, "members of the population", anchor("method")),
            source=source,
        )
    instrument = words(
        "The questionnaire stands, word for word, under {place}.", place=link("#questionnaire", "What was asked")
    )
    return [
        ["Data collection strategy", quoted(wave.method.strategy)],
        ["Sponsor and conductor", quoted(wave.method.sponsor)],
        ["Instrument", instrument],
        ["Population", universe],
        ["Recruitment", quoted(wave.method.recruitment)],
        ["Mode", quoted(wave.method.mode)],
        [
            "Dates",
            words(
                "None: the invented file gives {dates}. The reference date is {day}. {source}."
                if wave.invented
                else "Answers were collected from {dates}. The reference date is {day}. {source}.",
                dates=dates(results),
                day=known_date(wave.reference_date.date),
                source=_begun(wave.reference_date.source.rstrip(".")),
            ),
        ],
        ["Sample sizes and precision", _precision_words(results, numbers)],
        ["Weighting", drawn.weighting_words(results, numbers)],
        ["Processing", _processing_words(results, cleaning, numbers)],
        ["Limitations", _limitations(results)],
    ]


def _begun(text: str) -> str:
    """Return a text as the beginning of a sentence."""
    return text[:1].upper() + text[1:]


def _precision_words(results: Results, numbers: Numbers) -> Inlines:
    wave = results.wave
    nodes = words("{n} {word}. ", n=numbers.respondents, word=results.codebook.survey.respondents)
    for method_name in dict.fromkeys(results.estimates["method"]):
        one = METHODS[method_name]
        nodes += words(
            "{name} at {level}: {sentence} ",
            name=_begun(one.name),
            level=numbers.confidence,
            sentence=one.sentence[0].lower() + one.sentence[1:],
        )
    nodes += drawn.selection_words(results, numbers)
    nodes += drawn.bounds_words(results, numbers)
    nodes += drawn.design_words(results, numbers)
    nodes += words(
        "Shares are weighted, and rounded once, half up; the counts or bases beside them are of answers. "
        if wave.weighted
        else "Shares are rounded once, from whole counts, half up. "
    )
    minimum = numbers.counted(wave.minimum_base, "smallest base a group is shown with", anchor("method"))
    nodes += words(
        "A group with fewer than {n} answers is not shown, nor one from which a smaller one could be deduced", n=minimum
    )
    if wave.smallest_count:
        k = numbers.counted(wave.smallest_count, "smallest count shown in a group", anchor("method"))
        nodes += words("; a count under {k}, or that close to all, is not shown either.", k=k)
    else:
        nodes += words("; small counts in larger groups are shown, because respondents answer for organisations.")
    nodes += words(
        " That was decided for all editions of this wave together, and checked by computing what a reader of them all "
        "could deduce from their counts; of questions with very many "
        "combinations of answers, each answer was attacked for itself."
    )
    if wave.withholds_counts:
        nodes += words(
            " How many answers a weighted share counts is shown nowhere, and the share in whole percent only: several "
            " figures of one kind would tell how many answers of each weight are in it. What a weighted share "
            "tells by itself was not computed."
        )
    elif wave.weighted:
        nodes += words(" What the weighted shares tell beyond the counts was not computed.")
    if wave.not_stated == "ignore":
        nodes += words(
            " What respondents answered who did not state their group follows from everyone less all groups."
        )
    if wave.interval_method == "hypergeometric":
        nodes += words(" Flags of imprecise shares judge the exact interval where there is one.")
    return nodes


def _processing_words(results: Results, cleaning: dict, numbers: Numbers) -> Inlines:
    known = quoted(" " + " ".join(note.rstrip(".") + "." for note in results.wave.notes)) if results.wave.notes else []
    processed = words(
        "The raw export ({file}, format {format}, {encoding}) is read as text; the codebook alone says what each text "
        "means, which texts are no answer, and who was asked. Of {rows} rows {kept} were kept; everything set aside is "
        "listed under {place}.",
        file=cleaning["file"],
        format=cleaning["format"],
        encoding=cleaning["encoding"],
        rows=row_count(numbers, "rows_in", "rows in the export"),
        kept=row_count(numbers, "rows_kept", "rows kept"),
        place=link("#what-was-set-aside-and-why", "What was set aside"),
    )
    return processed + known


def _limitations(results: Results) -> Inlines:
    texts = results.wave.method.limitations
    nodes = quoted(" ".join(text.rstrip(".") + "." for text in texts))
    return nodes + words(
        " Without a comparison group nobody can say what caused the things reported: this report says what respondents "
        "*report*."
    )


def questionnaire(results: Results) -> Block:
    """Return every question word for word, with its answers and who was asked."""
    codebook = results.codebook
    items = [
        (name, results.asked(name))
        for name, item in codebook.items.items()
        if not (item.personal or item.platform or item.kind in ("id", "date") or name in results.wave.not_asked)
    ]
    grids: dict[str, list[str]] = {}
    rows = []
    for name, item in items:
        if item.row:
            grids.setdefault(item.question, []).append(item.row)
            if len(grids[item.question]) > 1:
                continue
        answers = (
            "; ".join(code.label for code in item.codes.values())
            or {"quantity": f"a number{' of ' + item.unit if item.unit else ''}", "text": "free text"}[item.kind]
        )
        grid = [one.row for _, one in items if one.question == item.question and one.row]
        question = quoted(item.question)
        for row in grid:
            question += [{"t": "break"}, *quoted(f"– {row}")]
        kinds = {
            "multiple": "Select all that apply",
            "scale": "One answer, ordered",
            "single": "One answer",
            "quantity": "A number",
            "text": "Text",
        }
        asked = _asked_words(results, name)
        rows.append([cell(question), cell(kinds[item.kind]), cell(answers), cell(asked)])
    return table(
        "questionnaire",
        words("The questions, word for word"),
        [column("Question", 3.4), column("Kind", 1.1), column("Answers", 2.6), column("Asked of", 1.2)],
        rows,
        [words("Questions about the person, and open answers, are not reported and not listed.")],
        long=True,
    )


def _asked_words(results: Results, name: str) -> str:
    item = results.codebook.items[name]
    if not item.ask_if:
        return "everyone"
    return "those " + condition_words(results, item.ask_if)


def set_aside(results: Results) -> list[Block]:
    """Return what became of every row and answer of the export, by rule."""
    cleaning, numbers = results.cleaning, Numbers(results)
    actions = {
        "row dropped": "Row set aside",
        "answer set missing": "Answer set to missing",
        "value mapped": "Text read as an answer",
    }
    rows = []
    for rule in cleaning["rules"]:
        evidence = anchor("ledger")
        count = numbers.counted(rule["count"], f"{rule['action']}: {rule['rule']}", evidence, rule=rule["rule"])
        if results.wave.smallest_count and rule["action"] != "row dropped":
            count = "some"  # answers counted by how they were written would tell of hidden ones
        detail = rule["detail"] or RULE_WORDS.get(rule["rule"], "")
        name = MISSING_LABELS.get(rule["rule"], rule["rule"].replace("_", " "))
        rows.append([cell(f"{actions[rule['action']]}: {name}"), cell(count), cell(detail)])
    facts = [
        ["Rows in the export", words("{n}", n=row_count(numbers, "rows_in", "rows in the export"))],
        ["Rows set aside", words("{n}", n=row_count(numbers, "rows_dropped", "rows set aside"))],
        ["Rows kept", words("{n}", n=row_count(numbers, "rows_kept", "rows kept"))],
    ]
    if results.edition.group:
        facts.append(["Of them in this edition", words("{n}", n=numbers.respondents)])
    if cleaning["unfinished_kept"]:
        unfinished = row_count(numbers, "unfinished_kept", "rows kept that the platform marks as unfinished")
        facts.append(["Of those kept, marked as unfinished by the platform", words("{n}", n=unfinished)])
    if cleaning["headers_repaired"]:
        said = [
            f"column {letter}: “{header}” read as “{text}”" for letter, header, text in cleaning["headers_repaired"]
        ]
        facts.append(["Headers changed on the way, and put right", quoted("; ".join(said))])
    if cleaning["empty_rows_at_end"]:
        empty = row_count(numbers, "empty_rows_at_end", "empty rows at the end of the export")
        facts.append(["Empty rows at its end, not counted", words("{n}", n=empty)])
    facts.append(["Raw file", quoted(f"{cleaning['file']}: format {cleaning['format']}, {cleaning['encoding']}")])
    blocks = [Block(block="evidence", id=anchor("rows"), title=quoted("Rows in, rows kept"), facts=facts, table=None)]
    if rows:
        columns = [column("What was done, by which rule", 3), column("Times", 1, "right"), column("Why", 4)]
        blocks.append(table("table-set-aside", words("What cleaning did, by rule"), columns, rows))
    return blocks


RULE_WORDS = {
    "duplicate": "the same respondent answered again later; the latest answers are kept",
    "spelling": "differs from the answer only in case, spaces, quotes or dashes",
    "codebook": "the codebook lists it as meaning that answer",
    "number": "the same number, written with separators, a unit or decimals",
    "range": "a range of numbers, of which the middle is taken",
    "spreadsheet": "a spreadsheet had made a date or a bare number of it",
    "encoding": "letters were lost or changed on the way through another encoding",
    "declared_missing": "the export itself declares it to be no answer",
    "own_words": "an answer in the respondent's own words, which are not shown",
    "routing": "answered though not asked",
    "platform": "the survey platform's own codes, not answers",
}
