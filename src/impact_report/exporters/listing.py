"""All numbers of a report in order of appearance, as data."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from impact_report.exporters.document import Document, notice_of

CARRIED = (  # by the number itself
    "exact",
    "numerator",
    "base",
    "low",
    "high",
    "method",
    "evidence",
    "row",
    "columns",
    "rule",
)


def numbers(document: Document) -> list[dict[str, Any]]:
    """Return each printed number in order of appearance, as `numbers.json` holds it.

    `place` is figure, table, sentence, findings, cover or evidence; `label` and `heading` say which one; `anchor` is
    the name nearest to it in the page; the rest is what the number itself carries: what it is, as printed, its exact
    value (proportions 0–1), numerator, base, the ends of its interval and how they were computed, where its evidence
    is, and the raw columns and the rule behind it.

    >>> from impact_report.exporters.document import document_of
    >>> numbers(document_of([{"block": "cover", "title": "T", "date": "2020-01-31"}]))
    []
    """
    return [
        {
            "order": number.order,
            "place": number.place,
            "label": number.label,
            "heading": number.heading,
            "anchor": number.spot,
            "what": number.node.get("what"),
            "printed": number.node["text"],
            **{key: number.node.get(key) for key in CARRIED},
        }
        for number in document.numbers
    ]


def as_json(head: Mapping[str, Any], document: Document) -> str:
    """Return the list as the text of a JSON file after the facts in `head`: a line a number, which git shows well.

    >>> from impact_report.exporters.document import document_of
    >>> print(as_json({"study": "s"}, document_of([{"block": "cover", "title": "T", "date": "2020-01-31"}])))
    {
     "study": "s",
     "numbers": []
    }
    <BLANKLINE>
    """
    opening = "".join(f" {_json(name)}: {_json(fact)},\n" for name, fact in head.items())
    lines = ",\n".join("  " + _json(number) for number in numbers(document))
    listed = f"[\n{lines}\n ]" if lines else "[]"
    return f'{{\n{opening} "numbers": {listed}\n}}\n'


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def as_csv(document: Document) -> str:
    """Return the list as the text of a CSV file: the same columns, texts that would run as formulas marked as text.

    >>> from impact_report.exporters.document import document_of
    >>> as_csv(document_of([{"block": "cover", "title": "T", "date": "2020-01-31"}]))[:17]
    'order,place,label'
    """
    import pandas as pd

    from impact_report.columns import NUMBERS
    from impact_report.formulas import defused

    rows = [{**number, "columns": " ".join(number["columns"] or [])} for number in numbers(document)]
    table = pd.DataFrame(rows, columns=list(NUMBERS), dtype=object)
    whole = {name: pd.array(table[name].tolist(), dtype="Int64") for name in ("numerator", "base")}
    table["invented"] = bool(notice_of(document))
    return defused(table.assign(**whole)).to_csv(index=False, lineterminator="\n")
