"""The report tells by which rules rows were set aside, in enough words to set aside the same ones by hand.

The columns of the choir's plain export: A membership number, B sent on, C came by, D email, E voice, F rehearses,
G solo, H hours, I enjoys, J reads music, K to N what is sung, O remarks, P weight.
"""

from __future__ import annotations

import pytest
from study import WAVE, changed, write_study

from impact_report.exporters.structure import plain_text, row_cells
from impact_report.parts.method import set_aside
from impact_report.parts.rows import row_rules
from impact_report.record.cleaned import touched

RULES = WAVE[WAVE.index("rows:\n") : WAVE.index("respondents:")]


def told(folder, rules: str = RULES) -> dict[str, str]:
    """What is said of each rule, by its name, in order."""
    study = write_study(folder / "choir", wave=WAVE.replace(RULES, rules))
    return {rule.label: plain_text(rule.asks) for rule in row_rules(study.results())}


def test_each_rule_is_told_in_the_order_in_which_it_is_applied(tmp_path):
    assert told(tmp_path) == {
        "Set aside: preview": "“Came by” (column C) is “Preview” or “Survey Preview”",
        "Set aside: test": "“Came by” (column C) is “Test”",
        "Set aside: partial": "fewer than 2 answered of the questions in columns F, G, I, K, L, M, N, where several "
        "columns can be one question; or, where fewer were asked, not all of them",
        # the membership number is personal: its column is not named
        "Set aside: duplicate": "the same answer to “Membership number” as in another row with a later “Sent on” "
        "(column B); case, spaces, quotes and kinds of dashes do not count",
    }


@pytest.mark.parametrize(
    ("rules", "label", "said"),
    [
        ("rows: {keep: {consent: {source: mail}}}\n", "Set aside without: consent",
         "“Came by” (column C) is “By mail” or “IP Address”"),
        ("rows: {drop: {silent_ones: {rehearses: {none: [yes]}}}}\n", "Set aside: silent ones",
         "“Do you come to the rehearsals?” (column F) is none of “Yes”"),
        ("rows: {drop: {idle: {hours: {below: 0.5}}}}\n", "Set aside: idle",
         "“How many hours a week do you practise?” (column H) is below 0.5"),
        ("rows: {drop: {talkers: {remarks: {answered: true}}}}\n", "Set aside: talkers",
         "“Anything else?”: an answer that is not shown"),
        ("rows: {window: {by: sent}}\n", "Set aside: answered outside the window",
         "“Sent on” (column B) not from 1 March 2024 to 31 March 2024, or without a date"),
        ("rows: {unfinished: drop}\n", "Set aside: unfinished", "rows that the survey platform marks so"),
    ],
)  # fmt: skip
def test_a_rule_says_what_it_asks(tmp_path, rules, label, said):
    assert told(tmp_path, rules)[label] == said


def test_no_rule_is_told_where_there_is_none(tmp_path):
    assert told(tmp_path, "") == {}


@pytest.mark.parametrize("name", ["range", "platform", "number", "codebook", "spelling", "routing", "not_asked"])
def test_a_rule_of_the_wave_keeps_its_label_though_cleaning_does_something_of_that_name(tmp_path, name):
    """The twelfth only tried it out; the ledger has the same name for what is done to answers."""
    rules = f"rows: {{labels: {{{name}: too far from us}}, drop: {{{name}: {{source: test}}}}}}\n"
    rows = changed(12, source="Test")
    results = write_study(tmp_path / "choir", rows=rows, wave=WAVE.replace(RULES, rules)).results()
    (rule,) = row_rules(results)
    (table,) = [block for block in set_aside(results) if block["block"] == "table"]
    rows = [[plain_text(cell["c"]) for cell in row_cells(row)] for row in table["rows"]]
    assert rule.label == "Set aside: too far from us"
    assert ["Row set aside: too far from us", "1"] in [row[:2] for row in rows]
    assert "Rows set aside: too far from us" in [row["what"] for row in touched(results)]
