"""How it was done: the AAPOR disclosure, the questionnaire, and what was set aside."""

from __future__ import annotations

from impact_report.blocks import Block, Inlines, cell, column, link, prose, quoted, table, words
from impact_report.codebook import MISSING_LABELS, Item
from impact_report.language import known_date, say, spread, translated
from impact_report.numbers import Numbers, anchor
from impact_report.parts import drawn
from impact_report.parts.labels import condition_words, dates, made_by, question_words
from impact_report.parts.respondents import row_count
from impact_report.precision import METHODS
from impact_report.results import Results
from impact_report.wave import OWN_RULES


def method(results: Results) -> list[Block]:
    """Return the eleven items that the AAPOR code of ethics asks to disclose, each in a sentence or two."""
    return [
        Block(
            block="evidence",
            id=anchor("method"),
            title=words("What the survey discloses"),
            facts=disclosed(results),
            table=None,
        )
    ]


def disclosed(results: Results) -> list[list]:
    """Return the eleven items of the AAPOR code (2021) with their words."""
    wave, cleaning, numbers = results.wave, results.cleaning, Numbers(results)
    named = wave.population.universe.rstrip(".")
    universe = prose(words("{universe}.", universe=_begun(named)), _size_words(results, numbers))
    place = link("#questionnaire", words("What was asked"))
    if results.as_asked:
        instrument = words("The questions are given word for word under {place}.", place=place)
    else:
        instrument = words("The questions are given in translation under {place}.", place=place)
    return [
        [say("Data collection strategy"), quoted(wave.method.strategy)],
        [say("Sponsor and conductor"), quoted(wave.method.sponsor)],
        [say("Instrument"), instrument],
        [say("Population"), universe],
        [say("Recruitment"), quoted(wave.method.recruitment)],
        [say("Mode"), quoted(wave.method.mode)],
        [say("Dates"), _dates_words(results)],
        [say("Sample sizes and precision"), _precision_words(results, numbers)],
        [say("Weighting"), drawn.weighting_words(results, numbers)],
        [say("Processing"), _processing_words(results, cleaning, numbers)],
        [say("Limitations"), _limitations(results)],
    ]


def _size_words(results: Results, numbers: Numbers) -> Inlines:
    population = results.wave.population
    if not population.size:
        return []
    n = numbers.counted(population.size, say("members of the population"), anchor("method"))
    if population.source:
        return words("There are {n} of them ({source}).", n=n, source=population.source.rstrip("."))
    return words("There are {n} of them.", n=n)


def _dates_words(results: Results) -> Inlines:
    reference = results.wave.reference_date
    fields = {
        "dates": dates(results),
        "day": known_date(reference.date),
        "source": _begun(reference.source.rstrip(".")),
    }
    if results.wave.invented:
        return words("None: in the invented file they are {dates}. The reference date is {day}. {source}.", **fields)
    return words("Answers were collected from {dates}. The reference date is {day}. {source}.", **fields)


def _begun(text: str) -> str:
    """Return a text as the beginning of a sentence."""
    return text[:1].upper() + text[1:]


def _precision_words(results: Results, numbers: Numbers) -> Inlines:
    wave = results.wave
    methods = [METHODS[name] for name in dict.fromkeys(results.estimates["method"])]
    return prose(
        words("Respondents: {n}.", n=numbers.respondents),
        *[words(one.sentence, level=numbers.confidence) for one in methods],
        words("Groups have the second one: the sizes by group are not stated.")
        if wave.interval_method == "hypergeometric" and len(methods) > 1
        else [],
        drawn.selection_words(results, numbers),
        drawn.bounds_words(results, numbers),
        drawn.design_words(results, numbers),
        words(
            "Shares are weighted and rounded once, a half upwards. The counts or bases beside them are numbers of "
            "answers, not weighted."
        )
        if wave.weighted
        else words("Shares are computed from whole counts and rounded once, a half upwards."),
        *_hiding_words(results, numbers),
        words("Whether a share is marked as imprecise depends on its exact interval, where it has one.")
        if wave.interval_method == "hypergeometric"
        else [],
    )


def _hiding_words(results: Results, numbers: Numbers) -> list[Inlines]:
    """Say which groups and counts are not shown, and what that was checked against."""
    wave = results.wave
    minimum = numbers.counted(wave.minimum_base, say("smallest base a group is shown with"), anchor("method"))
    if wave.smallest_count:
        hidden = words(
            "A group with fewer than {n} answers is not shown. Nor is a group from which a smaller one could be worked "
            "out, nor a count that is under {k} or that close to all.",
            n=minimum,
            k=numbers.counted(wave.smallest_count, say("smallest count shown in a group"), anchor("method")),
        )
    else:
        hidden = words(
            "A group with fewer than {n} answers is not shown. Nor is a group from which a smaller one could be worked "
            "out. Small counts in larger groups are shown, because respondents answer for organisations.",
            n=minimum,
        )
    checked = words(
        "What to hide was decided for all editions of this wave together. It was checked by computing what a reader of "
        "them all could work out from their counts. Where a question has very many combinations of answers, each "
        "answer was checked by itself."
    )
    said = [hidden, checked]
    if wave.withholds_counts:
        said.append(
            words(
                "How many answers a weighted share counts is not shown anywhere, and the share is given in whole "
                "percent only. Several such figures together would tell how many answers of each weight are in it. "
                "What one weighted share tells by itself was not computed."
            )
        )
    elif wave.weighted:
        said.append(words("What the weighted shares tell beyond the counts was not computed."))
    if wave.not_stated == "ignore":
        said.append(
            words(
                "The answers of those who did not state their group can be worked out: they are those of everyone less "
                "those of all groups."
            )
        )
    return said


def _processing_words(results: Results, cleaning: dict, numbers: Numbers) -> Inlines:
    processed = words(
        "The raw export ({file}, format {format}, encoding {encoding}) is read as text. The codebook alone says what "
        "each text means, which texts are no answer, and who was asked. Of {rows} rows, {kept} were kept. What was set "
        "aside is listed under {place}.",
        file=cleaning["file"],
        format=cleaning["format"],
        encoding=cleaning["encoding"],
        rows=row_count(numbers, "rows_in", say("rows in the export")),
        kept=row_count(numbers, "rows_kept", say("rows kept")),
        place=link("#what-was-set-aside-and-why", words("What was set aside")),
    )
    return prose(processed, quoted(" ".join(note.rstrip(".") + "." for note in results.wave.notes)))


def _limitations(results: Results) -> Inlines:
    texts = results.wave.method.limitations
    return prose(
        quoted(" ".join(text.rstrip(".") + "." for text in texts)),
        words(
            "Without a comparison group, nobody can say what caused what is reported here: this report says only what "
            "respondents *report*."
        ),
    )


def questions(results: Results) -> list[tuple[str, Item]]:
    """Return the questions that the report lists, as this wave asked them; none about the person."""
    return [
        (name, results.asked(name))
        for name, item in results.codebook.items.items()
        if not (item.personal or item.platform or item.kind in ("id", "date") or name in results.wave.not_asked)
    ]


def questionnaire(results: Results) -> Block:
    """Return every question word for word, with its answers and who was asked."""
    items = questions(results)
    grids: dict[str, list[str]] = {}
    rows = []
    for name, item in items:
        if item.row:
            grids.setdefault(item.question, []).append(item.row)
            if len(grids[item.question]) > 1:
                continue
        answers = "; ".join(code.label for code in item.codes.values()) or _free_answer(item)
        grid = [one.row for _, one in items if one.question == item.question and one.row]
        question = question_words(results, name, row=False)
        for row in grid:
            question += [{"t": "break"}, *quoted(f"– {row}")]
        asked = _asked_words(results, name)
        rows.append([cell(question), cell(translated(KINDS[item.kind])), cell(answers), cell(asked)])
    return table(
        "questionnaire",
        words("The questions, word for word")
        if results.as_asked
        else words("The questions, translated from the language they were asked in"),
        [column("Question", 3.4), column("Kind", 1.1), column("Answers", 2.6), column("Asked of", 1.2)],
        rows,
        [words("Questions about the person and open questions are neither reported nor listed.")],
        long=True,
    )


def _free_answer(item: Item) -> str:
    if item.kind == "text":
        return say("free text")
    return say("a number of {unit}", unit=item.unit) if item.unit else say("a number")


def _asked_words(results: Results, name: str) -> str:
    item = results.codebook.items[name]
    if not item.ask_if:
        return say("everyone")
    return say("those {whose}", whose=condition_words(results, item.ask_if))


def is_withheld(results: Results, rule: dict) -> bool:
    """Say whether it must not be told how often cleaning applied a rule to answers: small counts are hidden."""
    return bool(results.wave.smallest_count) and rule["action"] != "row dropped"


def set_aside(results: Results) -> list[Block]:
    """Return what became of every row and answer of the export, by rule."""
    cleaning, numbers = results.cleaning, Numbers(results)
    rows = []
    for rule in cleaning["rules"]:
        evidence = anchor("ledger")
        name = rule_name(results, rule)
        what = say("{action}: {rule}", action=translated(ACTIONS[rule["action"]]), rule=name)
        count = numbers.counted(rule["count"], what, evidence, rule=name)
        if is_withheld(results, rule):
            count = say("some")  # answers counted by how they were written would tell of hidden ones
        detail = rule["detail"] or ("" if _is_waves_own(rule) else spread(RULE_WORDS).get(rule["rule"], ""))
        rows.append([cell(what), cell(count), cell(detail)])
    facts = [
        [say("Rows in the export"), words("{n}", n=row_count(numbers, "rows_in", say("rows in the export")))],
        [say("Rows set aside"), words("{n}", n=row_count(numbers, "rows_dropped", say("rows set aside")))],
        [say("Rows kept"), words("{n}", n=row_count(numbers, "rows_kept", say("rows kept")))],
    ]
    if results.edition.group:
        facts.append([say("Of them in this edition"), words("{n}", n=numbers.respondents)])
    if cleaning["unfinished_kept"]:
        unfinished = row_count(numbers, "unfinished_kept", say("rows kept that the platform marks as unfinished"))
        facts.append([say("Of those kept, marked as unfinished by the platform"), words("{n}", n=unfinished)])
    if cleaning["headers_repaired"]:
        said = [
            say("column {letter}: “{header}” read as “{text}”", letter=letter, header=header, text=text)
            for letter, header, text in cleaning["headers_repaired"]
        ]
        facts.append([say("Changed headers, put right"), quoted("; ".join(said))])
    if cleaning["empty_rows_at_end"]:
        empty = row_count(numbers, "empty_rows_at_end", say("empty rows at the end of the export"))
        facts.append([say("Empty rows at its end, not counted"), words("{n}", n=empty)])
    raw = {name: cleaning[name] for name in ("file", "format", "encoding")}
    facts.append([say("Raw file"), words("{file}: format {format}, {encoding}", **raw)])
    blocks = [Block(block="evidence", id=anchor("rows"), title=words("Rows in, rows kept"), facts=facts, table=None)]
    if rows:
        columns = [column("What was done, by which rule", 3), column("How often", 1, "right"), column("Why", 4)]
        caption = words("What cleaning did, by rule")
        blocks.append(table("table-set-aside", caption, columns, rows, made_by=made_by("ledger.csv")))
    return blocks


def rule_name(results: Results, rule: dict) -> str:
    """Return what a rule that the cleaning applied is called: one of wave.yml, of its own, or a kind of no answer."""
    if _is_waves_own(rule):
        return results.wave.rows.called(rule["rule"])
    return translated((RULE_NAMES | MISSING_LABELS)[rule["rule"]])


def _is_waves_own(rule: dict) -> bool:
    """Say whether wave.yml names a rule; what it drops or keeps may be called as what cleaning does to answers."""
    return rule["action"] == "row dropped" and rule["rule"] not in OWN_RULES


KINDS = {
    "multiple": "Select all that apply",
    "scale": "One answer, ordered",
    "single": "One answer",
    "quantity": "A number",
    "text": "Text",
}
ACTIONS = {
    "row dropped": "Row set aside",
    "answer set missing": "Answer set to missing",
    "value mapped": "Text read as an answer",
}
RULE_NAMES = {
    "empty": "empty",
    "preview_or_test": "preview or test",
    "unfinished": "unfinished",
    "undated": "undated",
    "window": "window",
    "speeder": "speeder",
    "partial": "partial",
    "duplicate": "duplicate",
    "spelling": "spelling",
    "codebook": "codebook",
    "number": "number",
    "range": "range",
    "spreadsheet": "spreadsheet",
    "encoding": "encoding",
    "declared_missing": "declared missing",
    "own_words": "own words",
    "routing": "routing",
    "platform": "platform",
}
RULE_WORDS = {
    "duplicate": "the same respondent answered again later; the latest answers are kept",
    "spelling": "differs from the answer only in capitals, spaces, quotes or dashes",
    "codebook": "the codebook lists it under that answer",
    "number": "the same number, written with separators, a unit or decimals",
    "range": "a range of numbers, of which the middle is taken",
    "spreadsheet": "a spreadsheet had made a date or a bare number of it",
    "encoding": "letters were lost or changed when the file was saved in another encoding",
    "declared_missing": "the export itself declares it to be no answer",
    "own_words": "an answer in the respondent's own words, which are not shown",
    "routing": "answered though not asked",
    "platform": "the survey platform's own text, read as what it stands for",
}
