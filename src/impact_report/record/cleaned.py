"""How the export was cleaned: which rows are set aside, which texts mean which answer, what that touched."""

from __future__ import annotations

from impact_report import language
from impact_report.codebook import MISSING_LABELS
from impact_report.language import say, translated
from impact_report.numbers import whole
from impact_report.parts.labels import question_name
from impact_report.parts.method import is_withheld, questions, rule_name
from impact_report.parts.rows import row_rules
from impact_report.record.entry import Row, row, row_of
from impact_report.results import Results


def rules(results: Results) -> list[Row]:
    """Return the rules by which rows are set aside, and the texts that mean an answer or none."""
    asked = row_rules(results, of_this_export=False)
    return [*(row_of(rule.id, rule.label, rule.asks) for rule in asked), *_texts(results)]


def _texts(results: Results) -> list[Row]:
    """Return which texts mean which answer, and which are no answer: what people may dispute about a codebook."""
    rows = []
    for name, item in questions(results):
        named = question_name(results, name)
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


def touched(results: Results) -> list[Row]:
    """Return how many rows or answers each rule of the cleaning touched, as far as the report says it."""
    actions = {
        "row dropped": say("Rows set aside"),
        "answer set missing": say("Answers set to missing"),
        "value mapped": say("Texts read as an answer"),
    }
    rows = []
    for rule in results.cleaning["rules"]:
        what = say("{action}: {rule}", action=actions[rule["action"]], rule=rule_name(results, rule))
        numbers = [] if is_withheld(results, rule) else [whole(rule["count"])]
        said = "{}" if numbers else say("some")
        rows.append(row(f"{rule['action']}/{rule['rule']}", what, said, *numbers))
    return rows
