"""What the abbreviations of a report stand for, in one place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from impact_report.blocks import Block, Inlines, quoted, words
from impact_report.numbers import anchor
from impact_report.results import Results

# The report's own; those of the survey stand in its codebook. Letters of a formula stand beside it, in words.
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
    found = {short: words(meaning) for short, meaning in meanings.items()}
    found |= {short: quoted(_sentence(meaning)) for short, meaning in of_the_survey(results).items()}
    facts = [[short, found[short]] for short in sorted(found, key=str.casefold)]
    title = words("What abbreviations stand for")
    return [Block(block="evidence", id=anchor("abbreviations"), title=title, facts=facts, table=None)]


def of_the_survey(results: Results) -> dict[str, str]:
    """Return the survey's own abbreviations, as the codebook explains them, that its words or its roster's have."""
    told = results.codebook.model_dump(exclude={"abbreviations", "missing", "ignore"}, exclude_defaults=True)
    shown = "\n".join(_texts([told, results.facts]))
    return {short: meaning for short, meaning in results.codebook.abbreviations.items() if occurs(short, shown)}


def occurs(short: str, text: str) -> bool:
    """Say whether an abbreviation stands in a text as a word of its own.

    >>> occurs("HR", "HR policies"), occurs("HR", "CHRO"), occurs("CAMA", "CAMA-Metro"), occurs("K-12", "(K-12, all)")
    (True, False, True, True)
    """
    return re.search(_word([short]), text) is not None


def explained(text: str, meanings: dict[str, str]) -> Inlines:
    """Return a text with each abbreviation beside its meaning; those met are taken out of `meanings`.

    >>> explained("HR, HR", {"HR": "human resources"})[0]
    {'t': 'abbr', 'text': 'HR', 'says': 'human resources'}
    >>> explained("HR, HR", {"HR": "human resources"})[1]["text"]
    ', HR'
    """
    found: Inlines = []
    for piece in re.split(f"({_word(meanings)})", text) if meanings else [text]:
        if piece in meanings:
            found.append({"t": "abbr", "text": piece, "says": meanings.pop(piece)})
        elif found and found[-1]["t"] == "verbatim":
            found[-1:] = quoted(found[-1]["text"] + piece)
        else:
            found += quoted(piece)
    return found


def _word(shorts: Iterable[str]) -> str:
    return rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(shorts, key=len, reverse=True)))})(?!\w)"


def _sentence(meaning: str) -> str:
    return f"{meaning[:1].upper()}{meaning[1:].removesuffix('.')}."


def _texts(given: object) -> Iterator[str]:
    if isinstance(given, str):
        yield given
    elif isinstance(given, Mapping):
        yield from _texts(list(given.values()))
    elif isinstance(given, Iterable):
        for one in given:
            yield from _texts(one)
