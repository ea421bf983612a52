"""The blocks that the cells of an executed notebook show; what else they show has no place in a report."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from impact_report import language
from impact_report.exporters import prose
from impact_report.exporters.document.faults import Faults, short
from impact_report.exporters.document.shape import why_unreadable
from impact_report.exporters.structure import BLOCK_MIMETYPE, Block

NOTEBOOK_ONLY = "notebook-only"


@dataclass
class Found:
    """A block and the cell it was found in; words of Markdown cells are held to a stricter rule."""

    block: Block
    where: str
    prose: bool = False


def blocks_of(notebook: Mapping[str, Any], faults: Faults) -> list[Found]:
    """Return every block of the notebook in order; what its cells hold that is not a block is a fault.

    >>> markdown = {"cell_type": "markdown", "metadata": {}, "source": "## Who answered"}
    >>> blocks_of({"cells": [markdown]}, Faults())[0].block
    {'block': 'heading', 'level': 2, 'text': 'Who answered', 'id': ''}
    """
    cells = [
        (_where(position, cell), cell)
        for position, cell in enumerate(notebook["cells"], start=1)
        if NOTEBOOK_ONLY not in cell["metadata"].get("tags", []) or _failed(cell)
    ]
    sources = ["".join(cell["source"]) for _, cell in cells if cell["cell_type"] == "markdown"]
    parsed = iter(prose.parse(sources))
    found: list[Found] = []
    for where, cell in cells:
        if cell["cell_type"] == "markdown":
            blocks, problems = next(parsed)
            found += [Found(block, where, prose=True) for block in blocks]
            for expected, what, do in problems:
                faults.add(expected, what, where, do)
        elif cell["cell_type"] == "code":
            blocks = [_block_of(output, where, faults) for output in cell.get("outputs", [])]
            found += [Found(block, where) for block in blocks if block]
    return found


def language_of(notebook: Mapping[str, Any]) -> str:
    """Return the language that the exporters' own words are to be in: the cover's, or English where they are not.

    >>> language_of({"cells": []})
    'en'
    """
    outputs = [output for cell in notebook["cells"] for output in cell.get("outputs", [])]
    blocks = [output.get("data", {}).get(BLOCK_MIMETYPE, {}) for output in outputs]
    stated = [block["language"] for block in blocks if block.get("block") == "cover" and block.get("language")]
    return next(filter(language.known, stated), language.SOURCE)


def _failed(cell: Mapping[str, Any]) -> bool:
    """An error is never left out, whatever the cell is tagged."""
    return any(output["output_type"] == "error" for output in cell.get("outputs", []))


def _where(position: int, cell: Mapping[str, Any]) -> str:
    first_line = next((line.strip() for line in "".join(cell["source"]).split("\n") if line.strip()), "")
    identity = f" (id {cell['id']})" if cell.get("id") else ""
    return f"cell {position}{identity}" + (f": {short(first_line)}" if first_line else "")


def _block_of(output: Mapping[str, Any], where: str, faults: Faults) -> Block | None:
    """The block of an output; None where it cannot stand in a report."""
    if output["output_type"] == "error":
        found = f"{output['ename']}: {short(output['evalue'])}"
        faults.add("a cell that runs without an error", found, where, "mend the cell and run it again")
        return None
    if output["output_type"] == "stream":
        found = f"text on {output['name']}: {short(''.join(output['text']))}"
        faults.add(
            "blocks", found, where, f"show it as a block, remove what prints it, or tag the cell {NOTEBOOK_ONLY}"
        )
        return None
    data = output["data"]
    if BLOCK_MIMETYPE not in data:
        _refuse_other_data(data, where, faults)
        return None
    block = copy.deepcopy(dict(data[BLOCK_MIMETYPE]))
    if problem := why_unreadable(block, where):
        faults.problems.append(problem)
        return None
    return block


def _refuse_other_data(data: Mapping[str, Any], where: str, faults: Faults) -> None:
    images = [kind for kind in data if kind.startswith("image/")]
    kinds = images or [kind for kind in data if kind != "text/plain"] or ["text/plain"]
    what = "a bare image" if images else "an output that is not a block"
    do = (
        "show it as a figure block, which has an alt text and a source"
        if images
        else f"end the line with a semicolon, show a block instead, or tag the cell {NOTEBOOK_ONLY}"
    )
    faults.add("blocks", f"{what} ({', '.join(kinds)})", where, do)
