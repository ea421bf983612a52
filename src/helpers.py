"""The one import of every notebook: a survey, in ten sentences.

A *wave* is one fielding of a survey: a raw export, and a `wave.yml` that says when, whom and how. The *codebook* says
what was asked (items), what each answer means (codes), what is no answer (missing kinds) and who was asked (routing).
Cleaning gives every text of the export its meaning; whatever it sets aside or reads as something else stands in the
*ledger*. An *indicator* is one statement of the report: which answers count, out of whom. Of the respondents it is
about (eligible) some were asked, and of these some answered; the denominator is its *base*. An *estimate* is a share
with its count, its base and an interval, for everyone or for one group; `estimates` holds one a row. Groups too small
to show are hidden everywhere, with as many others as it takes that nobody can work them out. An *edition* is one
published report: a wave, or one group of it. Every printed number carries its evidence: wording, columns, rule, count
and base. Notebooks run in the order of their names, and each reads what the one before has left in files.

>>> results = Results.of("data/raw", "reconstruction")
>>> results.codebook.items["role"].question
'What is your role in the partnership?'
"""

from impact_report.blocks import callout, heading, sentence, show, words
from impact_report.figures import (
    draw_answers,
    draw_change,
    draw_groups,
    draw_maps,
    draw_sections,
    map_names,
    names_by_group,
)
from impact_report.numbers import Numbers
from impact_report.parts.abbreviations import abbreviations
from impact_report.parts.answers import crosstab, figure, group_heading, groups_intro, read_aloud, results_table
from impact_report.parts.changes import changes
from impact_report.parts.cite import how_to_cite
from impact_report.parts.distribution import whole_answers
from impact_report.parts.evidence import evidence
from impact_report.parts.front import cover, findings, invented_notice
from impact_report.parts.method import method, questionnaire, set_aside
from impact_report.parts.published import comparison, plausible
from impact_report.parts.respondents import members_table, who_answered
from impact_report.parts.since import since
from impact_report.parts.workbook import keep_for_workbook
from impact_report.record import keep_record
from impact_report.results import Results
from impact_report.tally import outcomes

__all__ = [
    "Numbers",
    "Results",
    "abbreviations",
    "callout",
    "changes",
    "comparison",
    "cover",
    "crosstab",
    "draw_answers",
    "draw_change",
    "draw_groups",
    "draw_maps",
    "draw_sections",
    "evidence",
    "figure",
    "findings",
    "group_heading",
    "groups_intro",
    "heading",
    "how_to_cite",
    "invented_notice",
    "keep_for_workbook",
    "keep_record",
    "map_names",
    "members_table",
    "method",
    "names_by_group",
    "outcomes",
    "plausible",
    "questionnaire",
    "read_aloud",
    "results_table",
    "sentence",
    "set_aside",
    "show",
    "since",
    "who_answered",
    "whole_answers",
    "words",
]
