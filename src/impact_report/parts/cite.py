"""How the report is cited, and what lies beside it to be taken away."""

from __future__ import annotations

from impact_report.blocks import Block, bullets, link, paragraph, quoted, words
from impact_report.citation import citation
from impact_report.parts.labels import edition_name
from impact_report.results import Results

CHANGE = "change.csv"
# What lies in the folder of an edition, and what it is for.
FILES = {
    "estimates.xlsx": "**{file}**: the results as a workbook, with a sheet for each section and notes.",
    "estimates.csv": "**{file}**: all estimates as a table, with a row for each indicator and group.",
    CHANGE: "**{file}**: what has changed since the earlier wave, with a row for each indicator.",
    "numbers.html": "**{file}**: every number of this report in order of appearance, with its evidence, as a page.",
    "numbers.csv": "**{file}**: the same numbers as a table.",
    "datapackage.json": "**{file}**: the tables described column by column (a Frictionless data package).",
    "citation.json": "**{file}**: the citation for reference managers (CSL-JSON).",
    "ro-crate-metadata.json": "**{file}**: what was made from what, and by which software (an RO-Crate).",
    "record.json": "**{file}**: wording, bases, cleaning and method, to compare this edition with another.",
    "manifest.json": "**{file}**: a fingerprint of every file that went in or came out, to check them.",
}


def how_to_cite(results: Results) -> list[Block]:
    """Return how the report is cited, under which licence it may be used, and the list of the files beside it."""
    cited = citation(results.edition, results.codebook, results.wave, edition_name(results))
    licence = results.codebook.survey.licence
    said = [
        words(
            "The version is a fingerprint of the data and the code: as long as it is the same, so are the numbers of "
            "this edition."
        ),
        *([words("Licence: {licence}.", licence=licence)] if licence else []),
    ]
    files = [name for name in FILES if name != CHANGE or results.compared]
    return [
        Block(block="quote", paragraphs=[quoted(cited.text)]),
        paragraph(*said),
        paragraph(
            words(
                "The folder of this edition also holds each figure, as a drawing (SVG) and as a picture (PNG), and "
                "these files:"
            )
        ),
        bullets([words(FILES[name], file=link(name, name)) for name in files]),
    ]
