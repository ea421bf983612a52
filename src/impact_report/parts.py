"""The parts of a report: an edition's results as blocks, in the words every reader understands."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from impact_report import disclosure, plausibility
from impact_report.blocks import (
    Block,
    Inlines,
    bullets,
    callout,
    cell,
    column,
    heading,
    joined,
    link,
    paragraph,
    quoted,
    sentence,
    table,
    words,
)
from impact_report.charts import MOST_GROUPS
from impact_report.codebook import MISSING_LABELS, Indicator, Section
from impact_report.numbers import HIDDEN, Number, Numbers, anchor
from impact_report.precision import METHODS
from impact_report.results import Results
from impact_report.tally import EVERYONE

MONTHS = "January February March April May June July August September October November December".split()


def long_date(day: dt.date) -> str:
    """Return a date in words.

    >>> long_date(dt.date(2019, 6, 3))
    '3 June 2019'
    """
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def dates(results: Results) -> str:
    """Return when answers were collected, in words."""
    fielded = results.wave.fielded
    return f"{long_date(fielded.start)} to {long_date(fielded.end)}"


def group_label(results: Results, group_by: str, group: str) -> str:
    """Return a group as the report prints it."""
    return results.codebook.items[group_by].codes[group].label


def grouping_label(results: Results, group_by: str) -> str:
    """Return a grouping's name: the item's id in words."""
    return group_by.replace("_", " ")


# the first pages


def cover(results: Results) -> Block:
    """Return the title, the edition, the dates, and the notice where respondents are invented."""
    survey, wave, numbers = results.codebook.survey, results.wave, Numbers(results)
    facts = [
        ["Answers collected", quoted(dates(results))],
        ["Respondents", words("{n}", n=numbers.respondents)],
        ["Speaks of", words("the state of things on {day}", day=long_date(wave.reference_date.latest))],
    ]
    if survey.publisher:
        facts.append(["Published by", quoted(survey.publisher)])
    group = results.edition.group_of
    edition = wave.title + (f" – {group_label(results, *group)} only" if group else "")
    return Block(
        block="cover",
        title=survey.title,
        subtitle=survey.subject,
        edition=edition,
        facts=facts,
        notice=quoted(wave.invented_notice) if wave.invented else None,
        notice_title="Invented respondents" if wave.invented else "",
        language=survey.language,
        paper=wave.paper,
        date=wave.fielded.end.isoformat(),
        publisher=survey.publisher,
        description=f"{survey.subject} {edition}.",
        running=survey.title + (" – invented respondents" if wave.invented else ""),
    )


def findings(results: Results) -> Block:
    """Return the one-page summary: the headline facts, and every indicator in its section."""
    numbers = Numbers(results)
    facts = []
    for fact in results.facts:
        detail = joined([quoted(name) for name in fact["names"]])
        facts.append({"value": words("{n}", n=numbers.fact(fact)), "label": quoted(fact["label"]), "detail": detail})
    sections = [
        {
            "title": section.title,
            "lead": [],
            "items": [_finding(numbers, indicator) for indicator in by_value(results, section)],
        }
        for section in results.codebook.sections
    ]
    note = words("Each share is of those who answered its question: the count and the base stand beside it. ")
    note += words("Every number leads to the evidence for it.")
    return Block(block="findings", id="findings", title="Findings", facts=facts, sections=sections, note=note)


def _finding(numbers: Numbers, indicator: Indicator) -> dict:
    if numbers.hidden(indicator.id):
        value, detail = quoted(HIDDEN), words("too few answers to show")
    else:
        value, detail = words("{n}", n=numbers.share(indicator.id)), words("{n}", n=numbers.x_of_n(indicator.id))
    return {"value": value, "statement": quoted(indicator.statement), "detail": detail}


def by_value(results: Results, section: Section) -> list[Indicator]:
    """Return a section's indicators, the largest share first; equal ones in the codebook's order."""
    share = results.of_everyone.set_index("indicator")["proportion"].astype(float).fillna(-1)
    return sorted(section.indicators, key=lambda indicator: -share[indicator.id])


# who answered


def who_answered(results: Results) -> list[Block]:
    """Return who the respondents are: a sentence, and a table for each grouping."""
    numbers = Numbers(results)
    cleaning, respondents = results.cleaning, numbers.respondents
    lines = [
        words(
            "The export holds {rows} rows; {dropped} were set aside and {kept} were kept.",
            rows=_row_count(numbers, "rows_in", "rows in the export"),
            dropped=_row_count(numbers, "rows_dropped", "rows set aside"),
            kept=_row_count(numbers, "rows_kept", "rows kept"),
        )
    ]
    if results.edition.group:
        label = group_label(results, *results.edition.group_of)
        lines.append(words("This edition is about {n} of them: {group}.", n=respondents, group=label))
    size = results.wave.population.size
    universe = results.wave.population.universe
    if size:
        population = numbers.counted(size, "members of the population", anchor("method"), rule="stated in wave.yml")
        rate = Number(
            f"{int(plausibility.round_half_up_percent(cleaning['rows_kept'], size))}%",
            "respondents as a share of the population",
            anchor("rows"),
            exact=cleaning["rows_kept"] / size,
            numerator=cleaning["rows_kept"],
            base=size,
            rule="rows kept out of the population's size",
        )
        lines.append(
            words(
                "The survey is about {universe}: {size}. Of them {rate} answered.",
                universe=universe,
                size=population,
                rate=rate,
            )
        )
    else:
        lines.append(words("The survey is about {universe}; how many there are is not known.", universe=universe))
    return [paragraph(*lines), *(_members(results, group_by) for group_by in results.groupings)]


def _row_count(numbers: Numbers, name: str, what: str) -> Number:
    return numbers.counted(numbers.results.cleaning[name], what, anchor("rows"), rule="counted in the ledger")


def membership(results: Results, group_by: str) -> pd.DataFrame:
    """Return each group with its respondents, largest first; `suppressed` where they are too few to name a number."""
    responses = results.responses
    codes = list(results.codebook.items[group_by].codes)
    counts = responses[group_by].value_counts().reindex(codes, fill_value=0).astype(int)
    rows = [{"indicator": "members", "group_by": EVERYONE, "group": EVERYONE, "base": len(responses)}]
    rows += [{"indicator": "members", "group_by": group_by, "group": code, "base": int(counts[code])} for code in codes]
    frame = pd.DataFrame(rows).assign(count=lambda one: one["base"])
    frame["suppressed"] = disclosure.suppress(frame, results.wave.minimum_base)
    groups = frame[frame["group_by"] == group_by]
    return groups.sort_values("base", ascending=False, kind="stable")


def _members(results: Results, group_by: str) -> Block:
    numbers = Numbers(results)
    members = membership(results, group_by)
    total = len(results.responses)
    rows = []
    for one in members[~members["suppressed"] & (members["base"] > 0)].itertuples():
        evidence = anchor("members", group_by, one.group)
        label = group_label(results, group_by, one.group)
        count = numbers.counted(one.base, f"respondents: {label}", evidence, numerator=one.base, base=total)
        share = Number(
            f"{int(plausibility.round_half_up_percent(one.base, total))}%",
            f"share of respondents: {label}",
            evidence,
            exact=one.base / total,
            numerator=one.base,
            base=total,
        )
        rows.append({"id": evidence, "cells": [cell(label), cell(count), cell(share)]})
    hidden = members[members["suppressed"]]
    notes = []
    if len(hidden):
        together = int(hidden["base"].sum())
        evidence = anchor("members", group_by, "small")
        label = "Groups too small to show"
        count = numbers.counted(
            together, "respondents in groups too small to show", evidence, numerator=together, base=total
        )
        rows.append({"id": evidence, "cells": [cell(label), cell(count), cell("")]})
        names = ", ".join(group_label(results, group_by, code) for code in hidden["group"])
        notes.append(words("Too small to show, or hidden so that a small one cannot be deduced: {names}.", names=names))
    missing = total - int(members["base"].sum())
    if missing:
        evidence = anchor("members", group_by, "missing")
        count = numbers.counted(missing, f"respondents who did not state their {group_by}", evidence, base=total)
        rows.append({"id": evidence, "cells": [cell("Not stated"), cell(count), cell("")]})
    empty = members[members["base"] == 0]
    if len(empty):
        names = ", ".join(group_label(results, group_by, code) for code in empty["group"])
        notes.append(words("No respondents: {names}.", names=names))
    return table(
        f"table-members-{group_by}".replace("_", "-"),
        words("Respondents by {grouping}", grouping=grouping_label(results, group_by)),
        [
            column(results.codebook.items[group_by].wording, 4),
            column("Respondents", 1, "right"),
            column("Share", 1, "right"),
        ],
        rows,
        notes,
    )


# what they report


def results_table(results: Results, section: Section) -> Block:
    """Return a section's table: statement, share, x of n, interval, largest share first."""
    numbers = Numbers(results)
    rows, flagged = [], set()
    for indicator in by_value(results, section):
        name = indicator.id
        if numbers.hidden(name):
            rows.append([cell(indicator.statement), *(cell(HIDDEN, "suppressed") for _ in range(3))])
            continue
        flags = results.row(name)["flags"].split()
        flagged |= set(flags)
        statement = quoted(indicator.statement) + _marks(flags)
        rows.append(
            [cell(statement), cell(numbers.share(name)), cell(numbers.x_of_n(name)), cell(numbers.interval(name))]
        )
    notes = [_interval_note(results, numbers)]
    notes += [
        words("{mark} {meaning}", mark=_mark(flag), meaning=disclosure.FLAGS[flag])
        for flag in disclosure.FLAGS
        if flag in flagged
    ]
    return table(
        f"table-{section.id}".replace("_", "-"),
        words("{title}: share, count and base, and interval", title=section.title),
        [
            column("Respondents report", 5),
            column("Share", 1, "right"),
            column("x of n", 1.3, "right"),
            column("Interval", 1.4, "right"),
        ],
        rows,
        notes,
    )


def _mark(flag: str) -> str:
    return "*†‡§¶‖"[list(disclosure.FLAGS).index(flag) % 6]


def _marks(flags: list[str]) -> Inlines:
    return quoted(" " + "".join(_mark(flag) for flag in flags)) if flags else []


def _interval_note(results: Results, numbers: Numbers) -> Inlines:
    methods = list(dict.fromkeys(results.of_everyone["method"]))
    names = joined([quoted(METHODS[method].name) for method in methods])
    return words("Interval: {names} at {level}; see the method.", names=names, level=numbers.confidence)


def read_aloud(results: Results, section: Section) -> list[Block]:
    """Return the section's results as sentences, largest share first."""
    numbers = Numbers(results)
    word = results.codebook.survey.respondents
    lines = []
    for indicator in by_value(results, section):
        name = indicator.id
        if numbers.hidden(name):
            lines.append(words("Too few answered to say how many {reads}.", reads=reads(section, indicator)))
            continue
        lines.append(
            words(
                "**{share}** of {word} ({count}) {reads}.",
                share=numbers.share(name),
                word=word,
                count=numbers.x_of_n(name),
                reads=reads(section, indicator),
            )
        )
    return [bullets(lines)]


def reads(section: Section, indicator: Indicator) -> str:
    return section.reads.replace("{statement}", indicator.statement.rstrip("."))


def crosstab(results: Results, group_by: str) -> Block:
    """Return the groups of one grouping side by side: share and count for each indicator, small groups left out."""
    numbers = Numbers(results)
    shown, left_out = shown_groups(results, group_by)
    columns = [column("Share (count of base)", 3.2), column("Everyone", 1, "right")]
    columns += [column(group_label(results, group_by, code), 1, "right") for code in shown]
    rows = []
    for section in results.codebook.sections:
        for indicator in section.indicators:
            cells = [_crosstab_cell(numbers, indicator, EVERYONE, EVERYONE)]
            cells += [_crosstab_cell(numbers, indicator, group_by, code) for code in shown]
            rows.append([cell(indicator.statement), *cells])
    notes = []
    if left_out:
        names = ", ".join(group_label(results, group_by, code) for code in left_out)
        minimum = numbers.counted(results.wave.minimum_base, "smallest base a group is shown with", anchor("method"))
        notes.append(
            words(
                "Not shown, because fewer than {n} answered or because a small group could be deduced: {names}.",
                n=minimum,
                names=names,
            )
        )
    return table(
        f"table-by-{group_by}".replace("_", "-"),
        words("Results by {grouping}", grouping=grouping_label(results, group_by)),
        columns,
        rows,
        notes,
        long=True,
    )


def shown_groups(results: Results, group_by: str) -> tuple[list[str], list[str]]:
    """Return the groups that may be shown for some indicator, and those that have respondents but are left out."""
    table_ = results.by_group(group_by)
    visible = table_[~table_["suppressed"] & (table_["base"].fillna(0) > 0)]
    shown = [code for code in results.codebook.items[group_by].codes if code in set(visible["group"])]
    hidden = set(table_.loc[table_["suppressed"], "group"])
    return shown, [code for code in results.codebook.items[group_by].codes if code in hidden and code not in shown]


def drawn_groupings(results: Results) -> list[str]:
    """Return the groupings of two or three groups, all of which may be shown: few enough to draw side by side."""
    found = []
    for group_by in results.groupings:
        shown, left_out = shown_groups(results, group_by)
        if not left_out and 2 <= len(shown) <= MOST_GROUPS:
            found.append(group_by)
    return found


def _crosstab_cell(numbers: Numbers, indicator: Indicator, group_by: str, group: str) -> dict:
    if numbers.hidden(indicator.id, group_by, group):
        return cell(HIDDEN, "suppressed")
    share = numbers.share(indicator.id, group_by, group)
    return cell(words("{share} ({count})", share=share, count=numbers.x_of_n(indicator.id, group_by, group)))


# published against computed


def comparison(results: Results) -> list[Block]:
    """Return published figures beside computed ones, the outcome in a sentence, and what GRIM says of them."""
    published = results.published
    percents = published[published["percent"] != ""]
    if percents.empty:
        return [sentence("No published figures are known for this survey.")]
    if results.edition.group or not results.wave.published:
        why = "covers one group only" if results.edition.group else "is not the one the published figures describe"
        return [
            paragraph(
                words("Published figures exist, but this edition {why}: they cannot be compared with it.", why=why)
            )
        ]
    numbers = Numbers(results)
    compared = _compared(results, percents)
    mine = compared["set"] == results.wave.published
    agree = int((compared.loc[mine, "outcome"] == plausibility.AGREES).sum())
    evidence = anchor("comparison")
    blocks = [
        sentence(
            "Of the {all} published percentages that this wave is compared with, {agree} agree with the computed ones when both are rounded to whole percent.",
            all=numbers.counted(int(mine.sum()), "published percentages compared", evidence),
            agree=numbers.counted(
                agree, "published percentages that agree", evidence, numerator=agree, base=int(mine.sum())
            ),
        )
    ]
    rows = [_comparison_row(numbers, one) for one in compared.itertuples()]
    blocks.append(
        table(
            "table-comparison",
            words("Published and computed percentages"),
            [
                column("Statement", 4),
                column("Published", 1, "right"),
                column("Computed", 1, "right"),
                column("Outcome", 1.6),
            ],
            rows,
            [words("Sources: {sources}.", sources="; ".join(dict.fromkeys(compared["source"])))],
            long=True,
        )
    )
    return blocks


def _compared(results: Results, percents: pd.DataFrame) -> pd.DataFrame:
    """Return the comparison of every published percentage; those of other sets have nothing to be compared with."""
    inside = percents.assign(percent=percents["percent"].astype(float))
    inside.loc[inside["set"] != results.wave.published, "indicator"] = ""
    order = inside["set"].eq(results.wave.published)
    inside = pd.concat([inside[order], inside[~order]])
    compared = plausibility.compare(inside, results.of_everyone)
    return compared.assign(**{name: inside[name].to_numpy() for name in ("set", "section", "source")})


def _published_number(one: object, position: int) -> Number:
    return Number(
        f"{one.published:g}%",
        f"published: {one.statement}",
        anchor("published", str(position)),
        exact=one.published / 100,
    )


def _comparison_row(numbers: Numbers, one: object) -> dict:
    evidence = anchor("published", str(one.Index))
    if one.outcome == plausibility.NOT_COMPARED:
        computed, outcome = cell(HIDDEN), quoted(f"{one.outcome}: {one.reason}")
    else:
        computed = cell(numbers.share(one.indicator))
        outcome = quoted(one.outcome + (f": {one.reason}" if one.reason else ""))
    return {
        "id": evidence,
        "cells": [cell(one.statement), cell(_published_number(one, one.Index)), computed, cell(outcome)],
    }


def plausible(results: Results) -> list[Block]:
    """Return what GRIM says: with which bases the published percentages are possible at all."""
    published = results.published
    if not results.wave.published or results.edition.group:
        return []
    chosen = published[(published["set"] == results.wave.published) & (published["percent"] != "")]
    by_section = {
        title: chosen.loc[chosen["section"] == title, "percent"].astype(float).tolist()
        for title in dict.fromkeys(chosen["section"])
    }
    bases = plausibility.attainable(by_section, largest=GRIM_LARGEST)
    numbers = Numbers(results)
    evidence = anchor("grim")
    largest = numbers.counted(GRIM_LARGEST, "largest base tried", evidence)
    rows = []
    for name, possible in bases.items():
        label = "All together" if name == "all" else _section_title(results, name)
        smallest = (
            numbers.counted(possible[0], f"smallest possible base: {label}", evidence) if len(possible) else HIDDEN
        )
        every = Number(plausibility.in_ranges(possible) or HIDDEN, f"possible bases: {label}", evidence)
        rows.append([cell(label), cell(smallest), cell(every)])
    first = bases["all"][0] if len(bases["all"]) else None
    blocks = [
        sentence(
            "A percentage in whole percent is possible only with some bases: with a base of ten, nobody can get a third of it in whole people. "
            "This check is called GRIM. For each section, and for all of them together, it tries every base up to {largest}.",
            largest=largest,
        )
    ]
    if first:
        blocks.append(
            sentence(
                "If all the statements share one base, it is {first} or one of the larger ones in the table. "
                "GRIM shows that figures are arithmetically possible, never that they are true.",
                first=numbers.counted(first, "smallest base on which all published percentages are possible", evidence),
            )
        )
    blocks.append(
        table(
            "table-grim",
            words("Bases with which the published percentages are possible, up to {n}, rounding half up", n=largest),
            [column("Published section", 2), column("Smallest", 1, "right"), column("All", 5)],
            rows,
        )
    )
    return blocks


GRIM_LARGEST = 100


def _section_title(results: Results, name: str) -> str:
    return next((section.title for section in results.codebook.sections if section.id == name), name)


# method


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
    universe = words("{universe}.", universe=wave.population.universe.rstrip("."))
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
    rows = [
        ["Data collection strategy", quoted(wave.method.strategy)],
        ["Sponsor and conductor", quoted(wave.method.sponsor)],
        ["Instrument", instrument],
        ["Population", universe],
        ["Recruitment", quoted(wave.method.recruitment)],
        ["Mode", quoted(wave.method.mode)],
        [
            "Dates",
            words(
                "Answers were collected from {dates}. The report speaks of {day}: {source}.",
                dates=dates(results),
                day=long_date(wave.reference_date.latest),
                source=wave.reference_date.source.rstrip("."),
            ),
        ],
        ["Sample sizes and precision", _precision_words(results, numbers)],
        ["Weighting", _weighting_words(results)],
        ["Processing", _processing_words(cleaning, numbers)],
        ["Limitations", _limitations(results)],
    ]
    return rows


def _precision_words(results: Results, numbers: Numbers) -> Inlines:
    wave = results.wave
    nodes = words("{n} {word}. ", n=numbers.respondents, word=results.codebook.survey.respondents)
    for method_name in dict.fromkeys(results.estimates["method"]):
        one = METHODS[method_name]
        nodes += words(
            "{name} at {level}: {sentence} ",
            name=one.name[0].upper() + one.name[1:],
            level=numbers.confidence,
            sentence=one.sentence,
        )
    nodes += words(
        "It is no margin of error, because nobody drew the respondents at random. Shares are rounded once, from whole counts, half up. "
    )
    minimum = numbers.counted(wave.minimum_base, "smallest base a group is shown with", anchor("method"))
    nodes += words(
        "A group with fewer than {n} answers is not shown, nor one from which a smaller one could be deduced", n=minimum
    )
    if wave.smallest_count:
        k = numbers.counted(wave.smallest_count, "smallest count shown in a group", anchor("method"))
        nodes += words("; in a group, a count under {k}, or that close to all, is not shown either.", k=k)
    else:
        nodes += words("; small counts in larger groups are shown, because respondents answer for organisations.")
    return nodes


def _weighting_words(results: Results) -> Inlines:
    if results.wave.weights:
        item = results.codebook.items[results.wave.weights]
        return words(
            "Each answer is weighted with {item}; bases are numbers of answers, not of weights.", item=item.wording
        )
    return words("None: every answer counts the same.")


def _processing_words(cleaning: dict, numbers: Numbers) -> Inlines:
    return words(
        "The raw export ({file}, format {format}, {encoding}) is read as text; the codebook alone says what each text means, which texts are no answer, "
        "and who was asked. Of {rows} rows {kept} were kept; everything set aside is listed under {place}.",
        file=cleaning["file"],
        format=cleaning["format"],
        encoding=cleaning["encoding"],
        rows=_row_count(numbers, "rows_in", "rows in the export"),
        kept=_row_count(numbers, "rows_kept", "rows kept"),
        place=link("#set-aside", "What was set aside"),
    )


def _limitations(results: Results) -> Inlines:
    texts = [*results.wave.method.limitations, *results.wave.notes]
    nodes = quoted(" ".join(text.rstrip(".") + "." for text in texts))
    return nodes + words(
        " Without a comparison group nobody can say that the partnerships, or anything else, caused what is reported: the report says what respondents *report*."
    )


def questionnaire(results: Results) -> Block:
    """Return every question word for word, with its answers and who was asked."""
    codebook = results.codebook
    items = [
        (name, item) for name, item in codebook.items.items() if item.kind not in ("id", "date") and not item.personal
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
    if name in results.wave.not_asked:
        return "nobody in this wave"
    if not item.ask_if:
        return "everyone"
    return "those with " + condition_words(results, item.ask_if)


def condition_words(results: Results, condition: object) -> str:
    """Say a condition on answers in words."""
    said = []
    for name, chosen in condition.tests.items():
        codes = results.codebook.items[name].codes
        label = grouping_label(results, name)
        for codes_, joint, prefix in (
            (chosen.any, " or ", ""),
            (chosen.all, " and ", ""),
            (chosen.none, " or ", "not "),
        ):
            if codes_:
                said.append(
                    f"{label}: {prefix}" + joint.join(codes[code].label if code in codes else code for code in codes_)
                )
        if chosen.answered:
            said.append(f"an answer to {label}")
    return " and ".join(said)


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
        evidence = anchor("rule", rule["action"], rule["rule"])
        count = numbers.counted(rule["count"], f"{rule['action']}: {rule['rule']}", evidence, rule=rule["rule"])
        detail = rule["detail"] or RULE_WORDS.get(rule["rule"], "")
        name = MISSING_LABELS.get(rule["rule"], rule["rule"].replace("_", " "))
        rows.append({"id": evidence, "cells": [cell(f"{actions[rule['action']]}: {name}"), cell(count), cell(detail)]})
    facts = [
        ["Rows in the export", words("{n}", n=_row_count(numbers, "rows_in", "rows in the export"))],
        ["Rows set aside", words("{n}", n=_row_count(numbers, "rows_dropped", "rows set aside"))],
        ["Rows kept", words("{n}", n=_row_count(numbers, "rows_kept", "rows kept"))],
    ]
    if results.edition.group:
        facts.append(["Of them in this edition", words("{n}", n=numbers.respondents)])
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
    "number": "a number written with separators or a unit",
    "routing": "answered though not asked",
}


# evidence


def evidence(results: Results) -> list[Block]:
    """Return for each fact and each indicator what its numbers were made from."""
    blocks: list[Block] = []
    if results.facts:
        blocks.append(heading("Headline facts", 2, "evidence-of-facts"))
        blocks += [_fact_evidence(results, fact) for fact in results.facts]
    for section in results.codebook.sections:
        blocks.append(heading(section.title, 2, anchor("of", section.id)))
        blocks += [_indicator_evidence(results, section, indicator) for indicator in section.indicators]
    if results.wave.published and not results.edition.group:
        blocks.append(heading("Published figures", 2, "evidence-of-published"))
        blocks += _published_evidence(results)
    return blocks


def _published_evidence(results: Results) -> list[Block]:
    chosen = results.published[results.published["percent"] != ""]
    count = int((chosen["set"] == results.wave.published).sum())
    numbers = Numbers(results)
    facts = [
        ["Set compared", quoted(results.wave.published)],
        [
            "Percentages in it",
            words("{n}", n=numbers.counted(count, "published percentages compared", anchor("comparison"))),
        ],
        [
            "Rule",
            words("a published percentage agrees if the computed share, rounded half up to whole percent, is the same"),
        ],
        ["Where from", quoted("; ".join(dict.fromkeys(chosen["source"])))],
    ]
    grim = [
        [
            "Rule",
            words(
                "a percentage is possible with a base if some whole count out of it rounds, half up, to the percentage"
            ),
        ],
        [
            "Source",
            quoted("Brown and Heathers (2017), The GRIM test, Social Psychological and Personality Science 8, 363–369"),
        ],
    ]
    return [
        Block(
            block="evidence",
            id=anchor("comparison"),
            title=quoted("Published against computed"),
            facts=facts,
            table=None,
        ),
        Block(block="evidence", id=anchor("grim"), title=quoted("Possible bases (GRIM)"), facts=grim, table=None),
    ]


def _fact_evidence(results: Results, fact: dict) -> Block:
    numbers = Numbers(results)
    evidence_ = anchor("fact", fact["id"])
    value = numbers.fact(fact)
    rows = [["Printed", words("{n}", n=value)], ["Rule", quoted(fact["rule"])]]
    if fact["measure"] == "total":
        exact = numbers.counted(fact["exact"], f"exact total: {fact['label']}", evidence_, base=fact["base"])
        base = numbers.counted(fact["base"], f"answers in the total: {fact['label']}", evidence_)
        rows += [["Exact total", words("{n} {unit}", n=exact, unit=fact["unit"])], ["Answers", words("{n}", n=base)]]
        for label, count in fact["others"]:
            rows.append(
                ["Not in it: " + label, words("{n}", n=numbers.counted(count, f"{label}: {fact['label']}", evidence_))]
            )
        rows += [["Question", quoted(fact["wording"])], ["Raw column", quoted("; ".join(value.columns))]]
    elif fact["measure"] == "roster":
        all_rows = numbers.counted(fact["roster_rows"], f"rows of the roster: {fact['label']}", evidence_)
        later = numbers.counted(fact["started_later"], f"started after the reference date: {fact['label']}", evidence_)
        unknown = numbers.counted(fact["start_unknown"], f"start not known: {fact['label']}", evidence_)
        rows += [
            ["Rows that fit", words("{n}", n=all_rows)],
            ["Started later", words("{n}", n=later)],
            ["Start not known", words("{n}, counted all the same", n=unknown)],
            ["Roster", quoted(fact["roster"])],
        ]
        if fact["names"]:
            rows.append(["Names", joined([quoted(name) for name in fact["names"]])])
            rows.append(["Sources", quoted("; ".join(fact["sources"]))])
    else:
        rows += [
            ["From", quoted(f"{fact['since']} – {fact['since_source']}")],
            ["To", quoted(f"{fact['until']} – {fact['until_source']}")],
        ]
    return Block(block="evidence", id=evidence_, title=quoted(fact["label"]), facts=rows, table=None)


def _indicator_evidence(results: Results, section: Section, indicator: Indicator) -> Block:
    numbers = Numbers(results)
    item = results.codebook.items[indicator.item]
    evidence_ = anchor(indicator.id)
    facts = [
        ["Question", quoted(item.wording)],
        ["Counts as yes", quoted(numbers.rule(indicator))],
        ["Raw column", quoted("; ".join(_counted_columns(results, indicator)))],
    ]
    if item.ask_if:
        facts.append(["Asked of", quoted("those with " + condition_words(results, item.ask_if))])
    if indicator.among:
        facts.append(["Only about", quoted("those with " + condition_words(results, indicator.among))])
    if not numbers.hidden(indicator.id):
        facts.append(["Not counted", _not_counted(results, indicator, numbers)])
    everyone = [cell("Everyone", "total"), *_evidence_cells(numbers, indicator.id, EVERYONE, EVERYONE)]
    rows: list = [everyone]
    hidden = 0
    for group_by in results.groupings:
        for one in results.by_group(group_by).query("indicator == @indicator.id").itertuples():
            if one.suppressed:
                hidden += 1
            elif one.base > 0:
                label = group_label(results, group_by, one.group)
                cells = _evidence_cells(numbers, indicator.id, group_by, one.group)
                rows.append({"id": anchor(indicator.id, group_by, one.group), "cells": [cell(label, "group"), *cells]})
    notes = []
    if hidden:
        notes.append(
            words(
                "Groups not shown: {n}.",
                n=numbers.counted(hidden, f"groups not shown: {indicator.statement}", evidence_),
            )
        )
    block = table(
        f"{evidence_}-table",
        words("Eligible, asked, base, count"),
        [
            column("", 2.4),
            *(column(name, 1, "right") for name in ("Eligible", "Asked", "Base", "Count", "Share")),
            column("Interval", 1.4, "right"),
        ],
        rows,
        notes,
    )
    return Block(block="evidence", id=evidence_, title=quoted(indicator.statement), facts=facts, table=dict(block))


def _counted_columns(results: Results, indicator: Indicator) -> list[str]:
    """Return the raw columns of what counts: of a select-all question only those options."""
    columns = results.cleaning["item_columns"].get(indicator.item, [])
    item = results.codebook.items[indicator.item]
    if item.kind != "multiple":
        return columns
    counting = results.codebook.counting(indicator)
    return [title for code, title in zip(item.codes, columns, strict=False) if code in counting]


def _not_counted(results: Results, indicator: Indicator, numbers: Numbers) -> Inlines:
    """Say how many of the eligible are not in the base, and why."""
    from impact_report.tally import outcomes

    flags = outcomes(results.responses, results.codebook, indicator)
    outside = flags["eligible"] & ~flags["base"]
    reasons = results.responses.loc[outside, f"{indicator.item}.missing"].value_counts()
    parts = [
        words(
            "{n} {why}",
            n=numbers.counted(int(count), f"{MISSING_LABELS[kind]}: {indicator.statement}", anchor(indicator.id)),
            why=MISSING_LABELS[kind],
        )
        for kind, count in reasons.items()
        if count
    ]
    return joined(parts) if parts else words("nobody: all who are eligible are in the base")


def _evidence_cells(numbers: Numbers, indicator: str, group_by: str, group: str) -> list[dict]:
    if numbers.hidden(indicator, group_by, group):
        return [cell(HIDDEN, "suppressed") for _ in range(6)]
    parts = [cell(numbers.part(name, indicator, group_by, group)) for name in ("eligible", "asked", "base", "count")]
    return [*parts, cell(numbers.share(indicator, group_by, group)), cell(numbers.interval(indicator, group_by, group))]


# figures


def figure(results: Results, name: str) -> Block:
    """Return a figure of 03_charts with its words."""
    return Block(block="figure", id=f"figure-{name}".replace("_", "-"), **results.figure(name))


def invented_notice(results: Results) -> list[Block]:
    """Return the notice that respondents are invented, if they are."""
    if not results.wave.invented:
        return []
    return [callout("Invented respondents", quoted(results.wave.invented_notice), kind="notice")]
