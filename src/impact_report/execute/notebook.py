"""A notebook as it is read: its file, its cells by name, the tags that mark its parameters."""

from __future__ import annotations

import contextlib
import copy
import json
from pathlib import Path
from typing import TYPE_CHECKING

from impact_report.errors import NotebookError, Problem

if TYPE_CHECKING:
    from nbformat import NotebookNode

KERNEL, LANGUAGE = "python3", "python"
PARAMETERS_TAG, INJECTED_TAG = "parameters", "injected-parameters"


def read_notebook(path: Path) -> NotebookNode:
    """Return the notebook, with a numbered id for each cell that has none. Raises NotebookError."""
    import nbformat

    shown = shown_path(path)
    try:
        text = path.read_text(encoding="utf-8")
        raw = json.loads(text)
        major, minor = raw["nbformat"], raw["nbformat_minor"]
        if major == 4:
            for number, cell in enumerate(raw["cells"], start=1):
                cell.setdefault("id", f"cell-{number:02}")
                cell.setdefault("metadata", {})
            raw["nbformat_minor"] = max(minor, 5)
        notebook = nbformat.reads(json.dumps(raw), as_version=4)
        nbformat.validate(notebook)
        return notebook
    except FileNotFoundError:
        problem = Problem("a notebook", "no such file", shown, "put the notebook there")
    except (ValueError, KeyError, TypeError, AttributeError, nbformat.ValidationError) as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        problem = Problem("a Jupyter notebook, format 4", reason, shown, "open it in JupyterLab and save it again")
    raise NotebookError(problem)


def shown_path(path: Path) -> str:
    """Return the path as a person would name it: from the project's root where it lies there.

    >>> shown_path(Path("/nowhere/else/01_clean.ipynb"))
    '01_clean.ipynb'
    """
    from impact_report.edition import project_root

    with contextlib.suppress(ValueError):
        return path.relative_to(project_root()).as_posix()
    return path.name


def with_kernel(notebook: NotebookNode) -> NotebookNode:
    """Return a copy that names a kernel and a language, without which papermill does not look at parameters.

    >>> from nbformat.v4 import new_notebook
    >>> with_kernel(new_notebook()).metadata.kernelspec["name"]
    'python3'
    """
    named = copy.deepcopy(notebook)
    named.metadata.setdefault("kernelspec", {}).setdefault("name", KERNEL)
    named.metadata.setdefault("language_info", {}).setdefault("name", LANGUAGE)
    return named


def cell_names(title: str, notebook: NotebookNode) -> list[str]:
    """Return the name under which each cell's code is compiled, as warnings and tracebacks show it.

    Cells are counted as Jupyter shows them: the one that papermill puts in does not count.

    >>> from nbformat.v4 import new_code_cell, new_notebook
    >>> injected = new_code_cell(metadata={"tags": ["injected-parameters"]})
    >>> cell_names("01_clean.ipynb", new_notebook(cells=[new_code_cell(), injected, new_code_cell()]))
    ['01_clean.ipynb, cell 1', '01_clean.ipynb, injected parameters', '01_clean.ipynb, cell 2']
    """
    names, number = [], 0
    for cell in notebook.cells:
        injected = INJECTED_TAG in cell.metadata.get("tags", [])
        number += not injected
        names.append(f"{title}, " + ("injected parameters" if injected else f"cell {number}"))
    return names
