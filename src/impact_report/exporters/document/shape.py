"""A block is whole: it has what its kind needs, what the notebook does not say is filled in, and no node is unknown."""

from __future__ import annotations

import unicodedata

from impact_report.errors import Problem, near
from impact_report.exporters.document.faults import SHOWN_OF_A_FIND, Faults, ReportRefused, short
from impact_report.exporters.structure import DEFAULTS, INLINE_REQUIRED, REQUIRED, Block, Inline, row_cells, runs


def why_unreadable(block: Block, where: str) -> Problem | None:
    """Return why a block cannot be read at all, None where it can.

    >>> print(why_unreadable({"block": "findings", "id": "findings"}, "cell 1").found)
    no title
    """
    kind = block.get("block")
    if kind not in REQUIRED:
        return Problem("a known block", f"{kind!r}", where, near(str(kind), list(REQUIRED)))
    missing = [key for key in REQUIRED[kind] if block.get(key) is None]
    if missing:
        found = f"no {', no '.join(missing)}"
        return Problem(f"a {kind} with {', '.join(REQUIRED[kind])}", found, where, "pass it where the block is made")
    if kind == "evidence" and block.get("table"):
        return why_unreadable({"block": "table", **block["table"]}, f"{where}, {block['id']}")
    return None


def complete(block: Block, where: str, faults: Faults) -> None:
    """Fill in what the notebook does not say; unknown or incomplete nodes are faults, and are taken out.

    Raises ReportRefused for a block whose inside cannot be read.

    >>> heading = {"block": "heading", "level": 1, "text": "Who answered", "id": None}
    >>> complete(heading, "cell 1", Faults())
    >>> heading["id"]
    ''
    """
    block.update({**DEFAULTS.get(block["block"], {}), **_given(block)})
    if block["block"] == "evidence" and block["table"]:
        table = block["table"]
        table.update({"block": "table", **DEFAULTS["table"], **_given(table)})
    try:
        for run in list(runs(block)):
            _check_run(run, where, faults)
        for table in [block, block.get("table")]:
            if isinstance(table, dict) and table["block"] == "table":
                _check_rows(table, where, faults)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        found = f"one that cannot be read ({type(error).__name__}: {error})"
        faults.add(f"a complete {block['block']} block", found, where, "compare it with the other blocks")
        raise ReportRefused(faults.problems) from error


def _given(block: Block) -> Block:
    """What the notebook said: a null is as good as silence."""
    return {key: value for key, value in block.items() if value is not None}


def _check_rows(table: Block, where: str, faults: Faults) -> None:
    """A row has a cell for each column, or one cell for all of them."""
    width = len(table["columns"])
    for position, row in enumerate(table["rows"], start=1):
        count = len(row_cells(row))
        if count not in (1, width):
            found = f"{count} cells in row {position} of {table['id']!r}"
            faults.add(f"{width} cells in each row, or one that spans them", found, where, "fill in the row")


def _check_run(run: list[Inline], where: str, faults: Faults) -> None:
    for node in list(run):
        kind = node.get("t") if isinstance(node, dict) else None
        if kind not in INLINE_REQUIRED:
            do = near(str(kind), list(INLINE_REQUIRED))
            faults.add("a known inline node", repr(node)[:SHOWN_OF_A_FIND], where, do)
            run.remove(node)
            continue
        missing = [key for key in INLINE_REQUIRED[kind] if not isinstance(node.get(key), str | list)]
        if missing:
            faults.add(f"an inline {kind} with {', '.join(missing)}", short(repr(node)), where, "pass it as words")
            run.remove(node)
            continue
        if "text" in node:
            node["text"] = unicodedata.normalize("NFC", " ".join(node["text"].split("\n")))
        _check_run(node.get("c", []), where, faults)
