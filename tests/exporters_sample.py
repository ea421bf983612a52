"""A made-up survey of allotment gardens as an executed notebook: every kind of block, at the size of a real report.

The numbers are arithmetic on COUNTS out of 46 and nothing else, so that a test can add them up by hand.
"""

from __future__ import annotations

import copy
import io
import re
from functools import lru_cache
from typing import Any

from impact_report.exporters.structure import BLOCK_MIMETYPE
from impact_report.palette import LIGHT

BASE = 46
ROLES = {"tenant": 23, "committee": 23}
# section -> [(statement, count of 46)]
SECTIONS: dict[str, list[tuple[str, int]]] = {
    "Across the gardens": [
        ("grew more kinds of vegetables than in the year before", 38),
        ("shared tools, seeds or water with a neighbouring plot", 36),
        (
            "took part in joint or shared decision-making with other associations (allotments, schools, "
            "parks, the town's water board, etc.)",
            38,
        ),
        ("gave away part of the harvest to support organizations (kitchens, shelters, schools K-12, other)", 30),
        ("kept a common compost", 26),
    ],
    "Impact on gardeners": [
        ("spent more hours outdoors", 33),
        ("learned to graft, prune or save seeds", 24),
        ("met people they would not have met otherwise", 38),
        ("ate more of what they grew, enhanced existing or developed new habits in cooking", 23),
    ],
    "Impact on the town": [
        ("opened the gate to visitors", 15),
        ("feel the gardens are positively seen in the neighbourhood", 23),
        ("formed new or enhanced joint ventures with a school", 15),
        ("took in plants that the parks department gave away", 12),
    ],
}


def text(words: str) -> dict:
    return {"t": "text", "text": words}


def wording(words: str) -> dict:
    return {"t": "verbatim", "text": words}


def number(printed: str, key: str, numerator: int, base: int = BASE, row: str = "all/all", **more: Any) -> dict:
    return {
        "t": "number",
        "text": printed,
        "what": more.pop("what", key.replace("-", " ")),
        "exact": more.pop("exact", numerator / base),
        "numerator": numerator,
        "base": base,
        "evidence": f"evidence-{key}",
        "row": row,
        "columns": more.pop("columns", ["Q" + str(len(key))]),
        "rule": more.pop("rule", "round half up"),
    }


def percent(count: int, base: int = BASE) -> str:
    """Half up, in whole percent: (200 × 38 + 46) // 92 = 83."""
    return f"{(200 * count + base) // (2 * base)}%"


def indicators() -> list[tuple[str, str, str, int]]:
    """(section, key, statement, count), in order."""
    return [
        (section, f"indicator-{letter}", statement, count)
        for (section, statement, count), letter in zip(
            ((section, *row) for section, rows in SECTIONS.items() for row in rows), "abcdefghijklm", strict=True
        )
    ]


def cover() -> dict:
    return {
        "block": "cover",
        "title": "What the allotments gave",
        "subtitle": "Impact of the town’s allotment gardens on gardeners and neighbours",
        "edition": "Edition of the rehearsal wave, June 2019",
        "facts": [
            ["Fielded", [wording("3 to 28 June 2019")]],
            ["Respondents", [number("46", "respondents", 46, 46, exact=46), text(" gardeners of all sites")]],
            ["Mode", [text("web questionnaire, invitation by letter")]],
            ["Published", [wording("31 January 2020")]],
        ],
        "notice": [
            text("Every answer in this report was made up to try the report itself. "),
            {"t": "strong", "c": [text("Nothing here describes real gardeners.")]},
        ],
        "notice_title": "Invented respondents",
        "language": "en",
        "paper": "a4",
        "date": "2020-01-31",
        "publisher": "Allotment Association",
        "description": "Results of a made-up survey of allotment gardeners, each number with its evidence.",
        "running": "What the allotments gave",
    }


def findings() -> dict:
    return {
        "block": "findings",
        "id": "findings",
        "title": "The findings on one page",
        "facts": [
            {
                "value": [text("more than "), number("750", "plots", 751, 751, exact=751)],
                "label": [text("plots under cultivation")],
                "detail": [text("as the committees count them")],
            },
            {"value": [number("26", "sites", 26, 26, exact=26)], "label": [text("sites in the town")], "detail": []},
            {
                "value": [number("3", "schools", 3, 26, exact=3)],
                "label": [text("gardens run with a school")],
                "detail": [wording("Mill Lane, Northgate and Upper Meadow Tech")],
            },
            {
                "value": [text("over "), number("11", "years", 11, 11, exact=11)],
                "label": [text("years since the first lease")],
                "detail": [],
            },
        ],
        "sections": [
            {
                "title": title,
                "lead": [text("Share of respondents who said that they …")],
                "items": [
                    {"value": [number(percent(count), key, count)], "statement": [wording(statement)], "detail": []}
                    for section, key, statement, count in indicators()
                    if section == title
                ],
            }
            for title in SECTIONS
        ],
        "note": [
            text("Base: all "),
            number("46", "respondents", 46, 46, exact=46),
            text(" respondents. Percentages are rounded half up."),
        ],
    }


@lru_cache
def drawing(section: str, width: int) -> str:
    """Bars sorted by value, as the package draws them: text kept as text, in the report's font."""
    import matplotlib

    matplotlib.use("svg")
    from matplotlib import font_manager, pyplot

    from impact_report.exporters.typefaces import FACES, FONTS

    for name, _, _ in FACES:
        font_manager.fontManager.addfont(FONTS / name)
    rows = sorted(((count, statement) for _, _, statement, count in [r for r in indicators() if r[0] == section]))
    style = {
        "svg.fonttype": "none",
        "svg.hashsalt": "sample",
        "font.family": "Inter",
        "font.size": 9.5,
        "text.color": LIGHT["ink"],
    }
    with pyplot.rc_context(style):
        figure, axes = pyplot.subplots(figsize=(width / 96, (60 + 54 * len(rows)) / 96), layout="constrained")
        for position, (count, statement) in enumerate(rows):
            axes.barh(position, 1, color=LIGHT["data_soft"], height=0.36)
            axes.barh(position, count / BASE, color=LIGHT["data"], height=0.36)
            axes.text(0, position + 0.3, statement[: width // 8] + ("…" if len(statement) > width // 8 else ""))
            axes.text(1.02, position, f"{percent(count)}  {count} of {BASE}", va="center", color=LIGHT["muted"])
        axes.set_xlim(0, 1.22)
        axes.set_ylim(-0.6, len(rows) - 0.2)
        axes.set_axis_off()
        out = io.StringIO()
        figure.savefig(out, format="svg", metadata={"Date": None})
        pyplot.close(figure)
    return out.getvalue()


def spots(section: str, width: int) -> list[dict]:
    """Where each percentage stands in a drawing, as shares of its size: the text's own place, a line high."""
    svg = drawing(section, width)
    across, down = map(float, re.search(r'viewBox="0 0 ([0-9.]+) ([0-9.]+)"', svg).groups())
    places = re.findall(r'<text[^>]* x="([0-9.]+)" y="([0-9.]+)"[^>]*>\d+%', svg)
    rows = [row for row in indicators() if row[0] == section]
    drawn = sorted(rows, key=lambda row: (row[3], row[2]))
    assert len(places) == len(drawn)
    return [
        {
            "number": rows.index(row),
            "x": float(x) / across,
            "y": (float(y) - 9) / down,
            "width": 24 / across,
            "height": 12 / down,
        }
        for row, (x, y) in zip(drawn, places, strict=True)
    ]


def figure(section: str, identity: str) -> dict:
    rows = [row for row in indicators() if row[0] == section]
    return {
        "block": "figure",
        "id": f"figure-{identity}",
        "title": [text("Most gardeners "), wording(max(rows, key=lambda row: row[3])[2])],
        "subtitle": [
            text("Share of all "),
            number("46", "respondents", 46, 46, exact=46),
            text(" respondents, sorted by value"),
        ],
        "alt": "Bars sorted by value: " + "; ".join(f"{s} {percent(c)}" for _, _, s, c in rows),
        "svg": drawing(section, 720),
        "svg_narrow": drawing(section, 340),
        "source": [text("survey of gardeners, rehearsal wave, invented respondents")],
        "numbers": [number(percent(count), key, count, what=statement) for _, key, statement, count in rows],
        "links": spots(section, 720),
        "links_narrow": spots(section, 340),
        "table": f"table-{identity}",
        "made_by": [{"t": "code", "text": "03_charts.ipynb"}],
    }


def table(section: str, identity: str) -> dict:
    rows = [row for row in indicators() if row[0] == section]
    return {
        "block": "table",
        "id": f"table-{identity}",
        "caption": [wording(section), text(": share of respondents, with interval")],
        "columns": [
            {"label": "Statement", "align": "left", "width": 5},
            {"label": "Share", "align": "right", "width": 1},
            {"label": "x of n", "align": "right", "width": 1.4},
            {"label": "95% interval", "align": "right", "width": 1.6},
        ],
        "rows": [
            [
                {"c": [wording(statement)]},
                {"c": [number(percent(count), key, count)]},
                {"c": [number(f"{count} of {BASE}", key, count)]},
                {"c": [wording("69–91%")]},
            ]
            for _, key, statement, count in rows
        ],
        "notes": [[text("Intervals by Wilson’s method.")]],
        "long": False,
    }


def groups_table() -> dict:
    """Eight columns, three bands of rows, hidden cells: the widest table of a report."""
    head = ["Statement", "All", "North", "East", "South", "West", "Tenants", "Committee"]
    rows: list[Any] = []
    for section in SECTIONS:
        rows.append([{"c": [wording(section)], "kind": "group"}])
        for _, key, statement, count in [row for row in indicators() if row[0] == section]:
            cells = [{"c": [wording(statement)]}, {"c": [number(percent(count), key, count)], "kind": "total"}]
            cells += [{"c": [number(percent(count), key, count)]} for _ in range(3)]
            cells += [{"c": [text("hidden")], "kind": "suppressed"}]
            cells += [
                {"c": [number(percent(count // 2, 23), key, count // 2, 23, row=f"role/{role}")]} for role in ROLES
            ]
            rows.append(cells)
    return {
        "block": "table",
        "id": "table-groups",
        "caption": [text("Share of respondents by part of the town and by role")],
        "columns": [
            {"label": label, "align": "right" if i else "left", "width": 1 if i else 4} for i, label in enumerate(head)
        ],
        "rows": rows,
        "notes": [[text("Hidden: fewer respondents than may be shown.")], [text("Base of each column: those asked.")]],
        "long": True,
    }


def evidence(key: str, statement: str, count: int) -> dict:
    def row(group: str, label: str, numerator: int, base: int) -> dict:
        name = group.replace("/", "-")
        cells = [label, percent(numerator, base), str(numerator), str(base), "69%", "91%", "Wilson"]
        return {"id": f"evidence-{key}-{name}", "cells": [{"c": [wording(words)]} for words in cells]}

    return {
        "block": "evidence",
        "id": f"evidence-{key}",
        "title": [wording(statement)],
        "facts": [
            [
                "Question",
                [wording("“In the past 12 months, which of these happened in your garden? Tick all that apply.”")],
            ],
            ["Counted", [{"t": "code", "text": "Q7 = 1"}, text(", in columns "), {"t": "code", "text": "Q7_1, Q7_2"}]],
            ["Base", [text("everybody who was asked the question")]],
            ["Not counted", [text("nobody")]],
        ],
        "table": {
            "block": "table",
            "id": f"evidence-{key}-table",
            "caption": [text("Counts by role")],
            "columns": [
                {"label": label, "align": "right" if i else "left", "width": 1 if i else 3}
                for i, label in enumerate(["Group", "Share", "Count", "Base", "Low", "High", "Method"])
            ],
            "rows": [
                row("all/all", "Everybody", count, BASE),
                row("role/tenant", "Tenants", count // 2, 23),
                row("role/committee", "Committee", count // 2, 23),
            ],
            "notes": [],
        },
    }


def fact_evidence(key: str, title: str) -> dict:
    return {
        "block": "evidence",
        "id": f"evidence-{key}",
        "title": [text(title)],
        "facts": [
            ["Counted", [text("rows of the cleaned responses")]],
            ["Columns", [{"t": "code", "text": "respondent"}]],
        ],
        "table": None,
    }


def heading(level: int, words: str) -> dict:
    return {"block": "heading", "level": level, "text": words, "id": ""}


def paragraph(*words: dict) -> dict:
    return {"block": "paragraph", "c": list(words)}


def code(*blocks: dict, tags: tuple[str, ...] = (), source: str = "show(...)") -> dict:
    outputs = [
        {"output_type": "display_data", "metadata": {}, "data": {BLOCK_MIMETYPE: block, "text/plain": block["block"]}}
        for block in blocks
    ]
    return {
        "cell_type": "code",
        "metadata": {"tags": list(tags)},
        "source": source,
        "outputs": outputs,
        "execution_count": 1,
    }


def markdown(source: str, tags: tuple[str, ...] = ()) -> dict:
    return {"cell_type": "markdown", "metadata": {"tags": list(tags)}, "source": source}


def notebook_of(*cells: dict) -> Any:
    """An executed notebook (nbformat 4.5) of these cells, with ids cell-1, cell-2, …"""
    import nbformat

    numbered = [{**copy.deepcopy(cell), "id": f"cell-{position}"} for position, cell in enumerate(cells, start=1)]
    return nbformat.from_dict({"cells": numbered, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def cells() -> list[dict]:
    """The report, cell by cell."""
    parts: list[dict] = []
    for identity, section in zip("xyz", SECTIONS, strict=True):
        first = next(row for row in indicators() if row[0] == section)
        parts += [
            markdown(f"# {section}\n\n## What did they report?\n\nAsked of everybody; several answers were possible."),
            code(
                figure(section, identity),
                paragraph(
                    text("Of all "),
                    number("46", "respondents", 46, 46, exact=46),
                    text(" respondents, "),
                    number(percent(first[3]), first[1], first[3]),
                    text(" "),
                    wording(first[2]),
                    text(". "),
                    text("The rest either did not, or did not say so"),
                    {
                        "t": "note",
                        "c": [
                            text("Who skipped the question is counted in the base: see "),
                            {"t": "link", "href": "#table-groups", "c": []},
                            text("."),
                        ],
                    },
                    text(". The table tells the counts."),
                ),
                table(section, identity),
            ),
        ]
    return [
        markdown("# 04 The report\n\nPromise: 13 numbers.", tags=("notebook-only",)),
        code(tags=("parameters",), source="wave = 'rehearsal'"),
        code(cover(), source="show_cover()"),
        code(findings(), source="show_findings()"),
        markdown(
            "# Who answered\n\nGardeners of *every* site were invited by letter[^letter] and answered on the **web**. "
            "See [the method](#method), [the `codebook`](https://example.org/codebook/2019) or "
            "[Dillman 2014](https://example.org/dillman).\n\n"
            "- tenants, who have a plot\n- committee members\n    - elected\n    - co-opted\n\n"
            "> “In the past 12 months we never locked the gate.”\n\n"
            "[^letter]: One reminder was sent; see [Dillman 2014](https://example.org/dillman)."
        ),
        code(
            {
                "block": "callout",
                "kind": "note",
                "title": "How to read the numbers",
                "paragraphs": [[text("Each number leads to its evidence, and the evidence leads back.")]],
            }
        ),
        *parts,
        markdown("# Groups side by side\n\nSmall groups are hidden so that nobody can be recognised."),
        code(groups_table()),
        code(
            {
                "block": "callout",
                "kind": "warning",
                "title": "Small bases",
                "paragraphs": [[text("Differences between groups of this size may be chance.")]],
            }
        ),
        code({"block": "heading", "level": 1, "text": "Method", "id": "method"}),
        markdown(
            "## Weighting\n\nNone was needed.\n\n1. clean\n2. count\n\n### Rounding\n\nHalf up, always.\n\n"
            "```\npercent = (200 * count + base) // (2 * base)\n```"
        ),
        code({"block": "pagebreak"}, heading(1, "Evidence for each number")),
        code(*[evidence(key, statement, count) for _, key, statement, count in indicators()]),
        code(
            heading(2, "Facts"),
            fact_evidence("respondents", "Respondents"),
            fact_evidence("plots", "Plots"),
            fact_evidence("sites", "Sites"),
            fact_evidence("schools", "Schools"),
            fact_evidence("years", "Years"),
        ),
    ]


def sample_notebook() -> Any:
    """The whole report as an executed notebook."""
    return notebook_of(*cells())
