"""What the process of a notebook is asked to do: to run it, or to check what several of them are to get."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from impact_report.errors import Problem, ReportError
from impact_report.execute import failure
from impact_report.execute.engine import ENGINE
from impact_report.execute.kept import tidy
from impact_report.execute.notebook import KERNEL, LANGUAGE, PARAMETERS_TAG, read_notebook, with_kernel
from impact_report.execute.parameters import check_parameters

if TYPE_CHECKING:
    from nbformat import NotebookNode

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Job:
    """One notebook to run: where it is, the values it gets, and the values its kept copy shows instead."""

    notebook: Path
    parameters: Mapping[str, Any] = field(default_factory=dict)
    recorded: Mapping[str, Any] | None = None
    private: Mapping[str, str] = field(default_factory=dict)
    shown_as: str = ""

    def run(self, progress: Progress | None) -> str:
        """Check the parameters and run; return the notebook, executed and tidied, as the text of its file."""
        import nbformat

        check_parameters(self.notebook, self.parameters)
        source = read_notebook(self.notebook)
        executed = self._executed(source, progress)
        tidy(executed, source, self.recorded, self.private)
        return nbformat.writes(executed, version=4) + "\n"

    def _executed(self, source: NotebookNode, progress: Progress | None) -> NotebookNode:
        """Run the cells in this process; return the notebook as papermill leaves it."""
        from papermill import execute_notebook
        from papermill.engines import papermill_engines

        positions = _positions(source, bool(self.parameters))
        failures: list[tuple[int, BaseException]] = []

        def on_cell(index: int) -> None:
            if progress:
                progress(positions[index] + 1, len(source.cells))

        prepared = execute_notebook(
            with_kernel(source),
            None,
            parameters=dict(self.parameters),
            kernel_name=KERNEL,
            language=LANGUAGE,
            prepare_only=True,  # what runs it here would end by writing the whole notebook to nowhere
        )
        with contextlib.chdir(self.notebook.parent):
            executed = papermill_engines.execute_notebook_with_engine(
                ENGINE,
                prepared,
                kernel_name=KERNEL,
                progress_bar=False,
                title=self.notebook.name,
                on_cell=on_cell,
                on_error=lambda index, error: failures.append((index, error)),
            )
        if failures:
            index, error = failures[0]
            raise failure.in_cell(error, positions[index], source, self.notebook.name, self.shown_as)
        return executed


def _positions(source: NotebookNode, injected: bool) -> list[int]:
    """Return for each cell that papermill runs its place in the source; the injected cell has its neighbour's."""
    positions = list(range(len(source.cells)))
    if injected:
        tagged = [PARAMETERS_TAG in cell.metadata.get("tags", []) for cell in source.cells]
        place = tagged.index(True)
        positions.insert(place + 1, place)
    return positions


@dataclass(frozen=True)
class Check:
    """Notebooks of which each is to get the same values."""

    notebooks: tuple[Path, ...]
    parameters: Mapping[str, Any]
    shown_as: str = "the parameters of the notebooks"

    def run(self, progress: Progress | None) -> str:
        """Raise ParameterError or NotebookError with the problems of all notebooks; return nothing."""
        problems: list[tuple[type[ReportError], Problem]] = []
        for path in self.notebooks:
            try:
                check_parameters(path, self.parameters)
            except ReportError as error:
                problems += [(type(error), problem) for problem in error.problems]
        if problems:
            kind = problems[0][0]
            raise kind([problem for _, problem in problems])
        return ""
