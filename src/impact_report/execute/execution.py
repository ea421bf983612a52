"""A notebook run from file to file: written when every cell has succeeded, and nothing left of one that failed."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from impact_report.execute.job import Check, Job, Progress
from impact_report.execute.notebook import shown_path
from impact_report.execute.process import run_apart

if TYPE_CHECKING:
    from nbformat import NotebookNode


def run_notebook(
    notebook: str | Path,
    output: str | Path | None = None,
    parameters: Mapping[str, Any] | None = None,
    *,
    recorded: Mapping[str, Any] | None = None,
    private: Mapping[str, str] | None = None,
    progress: Progress | None = None,
    isolated: bool = True,
) -> NotebookNode:
    """Run a notebook with typed parameters and return it executed, with nothing in it that differs from run to run.

    `parameters` are what the cells get; `recorded`, where given, is what the kept notebook shows in their place, and
    `private` maps words (paths of this machine) to what outputs show in theirs. The cells run in the notebook's folder,
    as in Jupyter; `progress` hears the cell's number and how many there are. With `isolated=False` they run in this
    very process. The executed notebook is written to `output` only when every cell has succeeded.

    Raises ParameterError before anything runs; the ReportError that a cell raised, with a note saying where; else
    NotebookError naming notebook, cell and line.
    """
    import nbformat

    text = _executed(notebook, output, parameters, recorded, private, progress, isolated)
    return nbformat.reads(text, as_version=4)


def write_executed(
    notebook: Path,
    output: Path,
    parameters: Mapping[str, Any],
    *,
    recorded: Mapping[str, Any] | None = None,
    private: Mapping[str, str] | None = None,
    progress: Progress | None = None,
) -> None:
    """Run a notebook as `run_notebook` does and only write it, which spares this process what reads notebooks."""
    _executed(notebook, output, parameters, recorded, private, progress, isolated=True)


def check_all(notebooks: Sequence[Path], parameters: Mapping[str, Any]) -> None:
    """Check the parameters of several notebooks before the first is run.

    Raises ParameterError or NotebookError with every problem.
    """
    run_apart(Check(tuple(path.resolve() for path in notebooks), dict(parameters)), None)


def _executed(
    notebook: str | Path,
    output: str | Path | None,
    parameters: Mapping[str, Any] | None,
    recorded: Mapping[str, Any] | None,
    private: Mapping[str, str] | None,
    progress: Progress | None,
    isolated: bool,
) -> str:
    """Run and, when every cell has succeeded, write; what an earlier run had written is removed first."""
    path = Path(notebook).resolve()
    target = Path(output) if output is not None else None
    if target is not None:
        target.unlink(missing_ok=True)
    job = Job(path, dict(parameters or {}), recorded, dict(private or {}), shown_path(path))
    text = run_apart(job, progress) if isolated else job.run(progress)
    if target is not None:
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(f".{target.name}.{os.getpid()}")
        part.write_text(text, encoding="utf-8", newline="\n")
        part.replace(target)
    return text
