"""What the abbreviations of a report stand for, in one place."""

from __future__ import annotations

from impact_report.blocks import Block, words
from impact_report.numbers import anchor
from impact_report.results import Results

# The report's own; those of the survey are its own to explain. Letters of a formula stand beside it, in words.
MEANINGS = {
    "AAPOR": "American Association for Public Opinion Research, which sets standards for surveys.",
    "CSL": "Citation Style Language, in which reference managers keep citations.",
    "CSV": "Comma-separated values: a table as plain text, which every spreadsheet opens.",
    "GRIM": "Granularity-Related Inconsistency of Means: a check whether a printed figure is possible at all.",
    "HTML": "HyperText Markup Language: the report as a page of the web.",
    "JSON": "JavaScript Object Notation: facts as plain text, for programs.",
    "PDF": "Portable Document Format: the report as pages to print.",
    "PNG": "Portable Network Graphics: a figure as a picture of dots.",
    "RO-Crate": "Research Object Crate: a record of what was made from what.",
    "SVG": "Scalable Vector Graphics: a figure as a drawing, sharp at any size.",
}
OF_RESPONSE = {"RR": "Response rate; the number after it is that of its definition by AAPOR."}


def abbreviations(results: Results) -> list[Block]:
    """Return what each abbreviation of the report stands for, in the order of the alphabet."""
    meanings = MEANINGS | (OF_RESPONSE if results.wave.response else {})
    facts = [[short, words(meanings[short])] for short in sorted(meanings)]
    title = words("What abbreviations stand for")
    return [Block(block="evidence", id=anchor("abbreviations"), title=title, facts=facts, table=None)]
