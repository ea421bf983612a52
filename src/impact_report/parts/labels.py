"""Names, dates and conditions in words, and the order in which a section's statements are told."""

from __future__ import annotations

from impact_report import language
from impact_report.blocks import Inlines, quoted, words
from impact_report.codebook import Condition, Indicator, Item, Section
from impact_report.language import long_date, say
from impact_report.results import Results
from impact_report.wording import normalise

WHOSE = {  # by whether several answers may be given, and which of them a condition asks for
    (False, "any"): "whose {label} is {labels}",
    (False, "all"): "whose {label} is {labels}",
    (False, "none"): "whose {label} is not {labels}",
    (True, "any"): "whose {label} includes {labels}",
    (True, "all"): "whose {label} includes {labels}",
    (True, "none"): "whose {label} does not include {labels}",
}


def dates(results: Results) -> str:
    """Return when answers were collected, in words."""
    fielded = results.wave.fielded
    return say("{start} to {end}", start=long_date(fielded.start), end=long_date(fielded.end))


def edition_name(results: Results) -> str:
    """Return what an edition is called: as its wave, and of which group it is."""
    group = results.edition.group_of
    if not group:
        return results.wave.title
    return say("{wave} – {group} only", wave=results.wave.title, group=group_label(results, *group))


def group_label(results: Results, group_by: str, group: str) -> str:
    """Return a group as the report prints it."""
    return results.codebook.items[group_by].codes[group].label


def grouping_label(results: Results, group_by: str) -> str:
    """Return a grouping's short name."""
    return results.codebook.called(group_by)


def question_name(results: Results, name: str) -> str:
    """Return what a question is called: its label, else its wording."""
    return results.codebook.items[name].label or results.asked(name).wording


def question_words(results: Results, name: str, row: bool = True) -> Inlines:
    """Return a question, below it as it was asked where this is a translation; with its row, if it is of a grid."""
    told, asked = (item.wording if row else item.question for item in (results.asked(name), results.as_read(name)))
    return _with_original(results, quoted(told), asked)


def rule_words(results: Results, rule: str, indicator: Indicator) -> Inlines:
    """Return the rule of what counts, below it the answers of the export that it names, where these are translated."""
    read = results.as_read(indicator.item).codes
    chosen = indicator.none_of or results.codebook.counting(indicator)
    labels = language.listed([say("“{label}”", label=read[code].label) for code in chosen], "or")
    return _with_original(results, quoted(rule), labels)


def _with_original(results: Results, told: Inlines, original: str) -> Inlines:
    if results.as_asked:
        return told
    return [*told, {"t": "break"}, *words("Original: {text}", text=original)]


def condition_words(results: Results, condition: Condition) -> str:
    """Say in words whom a condition is about: whose role is this or that; no answer that stays in the raw file."""
    said = []
    for name, chosen in condition.tests.items():
        item = results.codebook.items[name]
        label = grouping_label(results, name)
        if item.stays_raw:
            said.append(say("whose {label} is one that is not shown", label=label))
            continue
        for kind, codes in (("any", chosen.any), ("all", chosen.all), ("none", chosen.none)):
            if codes:
                labels = [item.codes[code].label if code in item.codes else code for code in codes]
                listed = language.listed(labels, "standard" if kind == "all" else "or")
                said.append(say(WHOSE[item.kind == "multiple", kind], label=label, labels=listed))
        if chosen.answered:
            said.append(say("who answered {label}", label=label))
        if chosen.below is not None:
            said.append(say("whose {label} is below {n}", label=label, n=language.exact_number(chosen.below)))
        if chosen.at_least is not None:
            said.append(say("whose {label} is {n} or more", label=label, n=language.exact_number(chosen.at_least)))
    return language.listed(said)


def whom(results: Results, indicator: Indicator) -> str:
    """Say of whom a share is: respondents, or those of them the question or the statement is about."""
    conditions = (indicator.among, results.codebook.items[indicator.item].ask_if if indicator.base != "all" else None)
    said = [condition_words(results, one) for one in conditions if one]
    return " ".join([results.codebook.survey.respondents, language.listed(dict.fromkeys(said))]).strip()


def by_value(results: Results, section: Section) -> list[Indicator]:
    """Return a section's indicators, the largest share first; equal ones in the codebook's order."""
    share = results.of_everyone.set_index("indicator")["proportion"].astype(float).fillna(-1)
    return sorted(section.indicators, key=lambda indicator: -share[indicator.id])


def reads(section: Section, indicator: Indicator) -> str:
    """Return how an indicator is read aloud after 'n of m respondents'."""
    return section.reads.replace("{statement}", indicator.statement.rstrip("."))


def columns_words(columns: list[tuple[str, str]], item: Item) -> str:
    """Say which raw columns, by the letter a spreadsheet gives them, and what their heading adds to the question.

    The item is that of `Results.as_read`: in the language of the headings.
    """
    said = []
    for letter, title in columns:
        if normalise(title) == normalise(item.wording):
            said.append(say("{column}, headed by the question", column=letter))
        else:
            said.append(f"{letter}: {title.removeprefix(item.question).removeprefix(' – ')}")
    return "; ".join(said)


def made_by(data: str, notebook: str = "04_report") -> Inlines:
    """Say which notebook made a figure or a table, and from which file.

    >>> made_by("estimates.csv")[1]["text"]
    '04_report'
    """
    return words("notebook {notebook} from {data}", notebook=notebook, data=data)
