"""What the report says beside its estimates, kept for the workbook: headline facts, marks of groups, bases.

Everything here is read off what the report shows: what is hidden there is not here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from impact_report.exporters.structure import plain_text
from impact_report.language import say
from impact_report.numbers import Numbers
from impact_report.parts.answers import shown_groups
from impact_report.parts.bases import not_in_base, other_answers
from impact_report.parts.differences import signs
from impact_report.parts.headline import fact_evidence
from impact_report.results import Results
from impact_report.tables import Base, Headline, Key

FILE = "workbook.json"


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


def _headline(results: Results, fact: Mapping[str, Any]) -> Headline:
    value = Numbers(results).fact(dict(fact))
    own = (say("Printed"), say("Rule"))
    sources = (say("Question"), say("Raw column"), say("Asked of"), say("Roster"), say("From"), say("To"))
    told = [(label, plain_text(words)) for label, words in fact_evidence(results, dict(fact))["facts"]]
    return Headline(
        label=fact["label"],
        printed=value.text,
        exact=value.exact,
        unit=fact.get("unit", ""),
        base=value.base,
        rule=fact["rule"],
        source=_lines(one for one in told if one[0] in sources),
        note=_lines(one for one in told if one[0] not in (*own, *sources)),
    )


def _lines(told: Iterable[tuple[str, str]]) -> str:
    return "\n".join(say("{label}: {text}", label=label, text=text) for label, text in told)
