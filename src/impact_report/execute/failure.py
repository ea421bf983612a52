"""What failed and where: in words for the one who has to mend it, with the whole traceback for the verbose."""

from __future__ import annotations

import re
import signal
import traceback
from collections.abc import Mapping
from typing import TYPE_CHECKING

from impact_report.errors import NotebookError, Problem, ReportError
from impact_report.execute.notebook import cell_names
from impact_report.own_code import own_name

if TYPE_CHECKING:
    from nbformat import NotebookNode

RUNNING = ("impact_report/execute/", "impact_report/shell.py")  # what runs the cells is part of every traceback
ERROR_LINES, ERROR_WIDTH = 8, 300


def in_cell(error: BaseException, position: int, source: NotebookNode, title: str, shown_as: str) -> ReportError:
    """Return what a cell has raised as the error of a notebook; a ReportError is kept, with a note saying where.

    `position` is the cell's place in the source, from 0; `title` is what its code was compiled under, `shown_as` the
    notebook's path as a person would name it.
    """
    from impact_report.shell import full_traceback

    name = f"{title}, cell {position + 1}"
    details = full_traceback(error, name)
    where = _where(error, position, source, title, shown_as)
    if isinstance(error, ReportError):
        failure: ReportError = error
        failure.__traceback__ = None
        failure.add_note(f"Stopped in {where}")
    else:
        failure = NotebookError(
            Problem(
                "the cell runs to its end",
                _in_a_few_lines(error),
                where,
                "correct the cell or what it was given; --verbose (make: VERBOSE=1) shows the whole traceback",
            )
        )
    failure.details = details
    return failure


def beside_cells(error: BaseException, shown_as: str) -> NotebookError:
    """Return an error that nobody foresaw, raised while a notebook was run and not by one of its cells.

    >>> print(beside_cells(MemoryError("no room"), "01_clean.ipynb").problems[0].found)
    MemoryError: no room
    """
    problem = Problem(
        "the notebook runs to its end", _in_a_few_lines(error), shown_as, "see the whole traceback with --verbose"
    )
    failure = NotebookError(problem)
    failure.details = "".join(traceback.format_exception(error))
    return failure


def of_process(code: int | None, cell: int, shown_as: str) -> NotebookError:
    """Return what is to be said of a process that ended without a result, in a cell (0: before the first).

    `code` is its exit status, below 0 the signal that ended it.

    >>> print(of_process(-9, 4, "01_clean.ipynb").problems[0].found)
    its process was ended by SIGKILL
    """
    if code is not None and code < 0:
        name = signal.Signals(-code).name if -code in set(signal.Signals) else f"signal {-code}"
        found = f"its process was ended by {name}"
    else:
        found = f"its process ended by itself, with status {code}"
    do = "look for a crash in a compiled library, or for too little memory" if code == -signal.SIGKILL else ""
    return NotebookError(
        Problem(
            "the notebook runs to its end",
            found,
            f"{shown_as}, cell {cell}" if cell else shown_as,
            do or "look for a crash in a compiled library or a call that ends the process",
        )
    )


def _where(error: BaseException, position: int, source: NotebookNode, title: str, shown_as: str) -> str:
    """Say in which cell it failed, under which heading, in which line, and where outside the cell."""
    names = {name: place for place, name in enumerate(cell_names(title, source))}
    name = f"{title}, cell {position + 1}"
    where = f"{shown_as}, cell {position + 1}"
    if heading := _heading(source, position):
        where += f" (“{heading}”)"
    if found_at := _line(error, name):
        line, code = found_at
        where += f", line {line}" + (f":  {code}" if code else "")
    if elsewhere := _elsewhere(error, name, names):
        where += f"\n{elsewhere}"
    return where


def _heading(source: NotebookNode, position: int) -> str:
    """Return the nearest heading above the cell, or ''."""
    for cell in reversed(source.cells[: position + 1]):
        if cell.cell_type != "markdown":
            continue
        headings = re.findall(r"^#{1,6}\s+(.+?)\s*#*\s*$", cell.source, flags=re.MULTILINE)
        if headings:
            return headings[-1]
    return ""


def _line(error: BaseException, name: str) -> tuple[int, str] | None:
    """Return the line of the cell at which it failed, and its code."""
    if isinstance(error, SyntaxError) and error.filename == name and error.lineno:
        return error.lineno, (error.text or "").strip()
    lines = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == name]
    return (lines[-1].lineno or 0, (lines[-1].line or "").strip()) if lines else None


def _elsewhere(error: BaseException, name: str, names: Mapping[str, int]) -> str:
    """Say where outside the cell it was raised, when that is in another cell or in this project's own code."""
    found = ""
    for frame in traceback.extract_tb(error.__traceback__):
        file = own_name(frame.filename)
        if frame.filename in names and frame.filename != name:
            found = f"called in cell {names[frame.filename] + 1}, line {frame.lineno}, in {frame.name}"
        elif file and not file.startswith(RUNNING):
            found = f"raised in {file}, line {frame.lineno}, in {frame.name}"
    if isinstance(error, SyntaxError) and (file := own_name(error.filename or "")):
        found = f"written in {file}, line {error.lineno}"
    return found


def _in_a_few_lines(error: BaseException) -> str:
    words = error.msg if isinstance(error, SyntaxError) else str(error)
    lines = f"{type(error).__name__}: {words}".splitlines()
    lines = [line if len(line) <= ERROR_WIDTH else line[: ERROR_WIDTH - 1] + "…" for line in lines]
    if len(lines) > ERROR_LINES:
        lines = [*lines[:ERROR_LINES], f"… ({len(lines) - ERROR_LINES} more lines)"]
    return "\n".join(lines).rstrip(": ")
