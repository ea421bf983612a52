"""The workbook says nothing that the report does not: its facts, marks and bases are read off the report."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from impact_report.exporters.structure import plain_text
from impact_report.language import say
from impact_report.numbers import Numbers
from impact_report.parts.answers import shown_groups
from impact_report.parts.bases import not_in_base, other_answers
from impact_report.parts.differences import signs
from impact_report.parts.headline import Told, told_of_fact
from impact_report.results import Results
from impact_report.tables import Base, Headline, Key

FILE = "workbook.json"
# Of what the evidence of a headline fact tells: what has a column of its own, and what says where it comes from.
OWN = {"printed", "rule"}
SOURCES = {"question", "column", "asked_of", "roster", "since", "until"}


def keep_for_workbook(results: Results) -> None:
    """Keep what the workbook has beside the estimates in the folder of the results, as `workbook.json`."""
    kept = {
        "facts": headline_facts(results),
        "remarks": [[*key, said] for key, said in remarks(results).items()],
        "bases": bases(results),
    }
    text = json.dumps(kept, indent=1, ensure_ascii=False) + "\n"
    (results.folder / FILE).write_text(text, encoding="utf-8")


def kept_for_workbook(folder: Path) -> dict[str, Any]:
    """Return what was kept in a folder of results, as `tables.Content` takes it; nothing where nothing was."""
    if not (folder / FILE).is_file():
        return {}
    kept = json.loads((folder / FILE).read_text(encoding="utf-8"))
    return {
        "facts": [Headline(*fact) for fact in kept["facts"]],
        "remarks": {(indicator, group_by, group): said for indicator, group_by, group, said in kept["remarks"]},
        "bases": {indicator: Base(*told) for indicator, told in kept["bases"].items()},
    }


def headline_facts(results: Results) -> list[Headline]:
    """Return each headline fact as its evidence tells it."""
    return [_headline(results, fact) for fact in results.facts]


def remarks(results: Results) -> dict[Key, list[str]]:
    """Return what the marks of the tables by group say: which shares are larger than which, beyond chance."""
    found: dict[Key, list[str]] = {}
    for group_by in results.groupings:
        shown, _ = shown_groups(results, group_by)
        for (indicator, group), marks in signs(results, group_by, shown).items():
            found[indicator, group_by, group] = [said for _, said in marks]
    return found


def bases(results: Results) -> dict[str, Base]:
    """Return of each indicator that is shown which answers do not count, and who is not in its base, and why."""
    numbers = Numbers(results)
    return {
        one.id: Base(plain_text(other_answers(results, one)), plain_text(not_in_base(results, one)))
        for one in results.codebook.indicators
        if not numbers.hidden(one.id)
    }


def _headline(results: Results, fact: dict) -> Headline:
    value = Numbers(results).fact(fact)
    told = told_of_fact(results, fact)
    return Headline(
        label=fact["label"],
        printed=value.text,
        exact=value.exact,
        unit=fact["unit"],
        base=value.base,
        rule=fact["rule"],
        source=_lines(one for one in told if one.kind in SOURCES),
        note=_lines(one for one in told if one.kind not in OWN | SOURCES),
    )


def _lines(told: Iterable[Told]) -> str:
    return "\n".join(say("{label}: {text}", label=one.label, text=plain_text(one.said)) for one in told)
