"""The executed notebook as it is kept: without what differs from run to run, and with its source's latest words."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from impact_report.execute.notebook import INJECTED_TAG, KERNEL, LANGUAGE

if TYPE_CHECKING:
    from nbformat import NotebookNode

INJECTED_ID = "injected-parameters"
ADDRESS = re.compile(r"\bat 0x[0-9a-fA-F]{6,}")


def tidy(
    executed: NotebookNode,
    source: NotebookNode,
    recorded: Mapping[str, Any] | None,
    private: Mapping[str, str],
) -> None:
    """Take from an executed notebook what differs from run to run: times, random ids, paths, addresses.

    `recorded`, where given, are the values that it shows in place of those it got; `private` maps words to what its
    outputs show in theirs.
    """
    from papermill.translators import translate_parameters

    tags = {cell.id: cell.metadata.get("tags") for cell in source.cells}
    executed.metadata = source.metadata
    for cell in executed.cells:
        cell.metadata.pop("papermill", None)
        if INJECTED_TAG in cell.metadata.get("tags", []):
            cell.id = INJECTED_ID
            if recorded is not None:
                cell.source = translate_parameters(KERNEL, LANGUAGE, dict(recorded), "Parameters")
        elif tags.get(cell.id) is None:
            cell.metadata.pop("tags", None)
        for output in cell.get("outputs", []):
            _tidy_output(output, private)


def retell(kept: Path, source: Path) -> None:
    """Give an executed notebook the words that its source has by now; their cells of code are the same."""
    import nbformat

    executed, told = (nbformat.read(path, as_version=4) for path in (kept, source))
    cells = [cell for cell in executed.cells if INJECTED_TAG not in cell.metadata.get("tags", [])]
    for cell, now in zip(cells, told.cells, strict=True):
        if cell.cell_type == "markdown":
            cell.source = now.source
    kept.write_text(nbformat.writes(executed, version=4) + "\n", encoding="utf-8", newline="\n")


def _tidy_output(output: NotebookNode, private: Mapping[str, str]) -> None:
    if output.output_type == "stream":
        output.text = _tidy_text(output.text, private)
    elif "data" in output:
        data = output.data
        if isinstance(data.get("text/plain"), str):
            data["text/plain"] = _tidy_text(data["text/plain"], private)


def _tidy_text(text: str, private: Mapping[str, str]) -> str:
    for word in sorted(private, key=len, reverse=True):
        text = re.sub(rf"(?<![\w./-]){re.escape(word)}(?![\w-])", private[word].replace("\\", r"\\"), text)
    packages = re.escape(sys.prefix) + r"/lib/python[0-9.]+/site-packages/"
    return ADDRESS.sub("at 0x…", re.sub(packages, "", text))
