"""Running a notebook: typed parameters checked first, then each cell in a process of its own, without a kernel.

Each notebook runs in a process forked from one that has imported what notebooks import and has done nothing else
(`preload`): no state leaks from one notebook into the next, and the imports are paid once.
"""

from __future__ import annotations

import ast
import contextlib
import functools
import json
import multiprocessing
import multiprocessing.connection
import os
import pickle
import re
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from impact_report.errors import NotebookError, ParameterError, Problem, ReportError, near

if TYPE_CHECKING:
    from nbformat import NotebookNode

Progress = Callable[[int, int], None]

ENGINE = "impact-report"
KERNEL, LANGUAGE = "python3", "python"
PARAMETERS_TAG, INJECTED_TAG = "parameters", "injected-parameters"
INJECTED_ID = "injected-parameters"
ERROR_LINES, ERROR_WIDTH = 8, 300
SECONDS_TO_END = 5.0

TYPES: dict[str, tuple[type, ...]] = {
    "str": (str,),
    "int": (int,),
    "float": (float, int),
    "bool": (bool,),
    "list": (list,),
    "dict": (dict,),
    "tuple": (tuple,),
}


class InProcessEngine:
    """The papermill engine `impact-report`: runs the cells in this process, in a fresh shell.

    It has the methods of `papermill.engines.Engine` without deriving from it: papermill loads its engines while it is
    itself being imported, so an engine that imports papermill can only be imported after papermill.
    """

    @classmethod
    def execute_notebook(cls, nb: NotebookNode, kernel_name: str, **options: Any) -> NotebookNode:
        """Run the notebook as papermill's own engines do: with its manager around `execute_managed_notebook`."""
        from papermill.engines import Engine

        return Engine.execute_notebook.__func__(cls, nb, kernel_name, **options)

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: Any,
        kernel_name: str,
        title: str = "notebook",
        on_cell: Callable[[int], None] | None = None,
        on_error: Callable[[int, BaseException], None] | None = None,
        **_: Any,
    ) -> None:
        """Run cell after cell until one fails; `on_cell` hears each index, `on_error` the index and the error."""
        from impact_report.shell import fresh_shell

        with fresh_shell() as shell:
            names = cell_names(title, nb_man.nb)
            for index, cell in enumerate(nb_man.nb.cells):
                if on_cell:
                    on_cell(index)
                if cell.cell_type != "code" or not cell.source.strip():
                    continue
                nb_man.cell_start(cell, index)
                cell.execution_count = shell.execution_count
                cell.outputs, error = shell.run(cell.source, names[index])
                if error is not None:
                    nb_man.cell_exception(cell, index)
                    if on_error:
                        on_error(index, error)
                nb_man.cell_complete(cell, index)
                if error is not None:
                    return

    @classmethod
    def nb_kernel_name(cls, nb: NotebookNode, name: str | None = None) -> str:
        """Return the kernel's name; the notebook need not have one."""
        return name or nb.metadata.get("kernelspec", {}).get("name") or KERNEL

    @classmethod
    def nb_language(cls, nb: NotebookNode, language: str | None = None) -> str:
        """Return the language; the notebook need not have one."""
        return language or LANGUAGE


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


@dataclass(frozen=True)
class Job:
    """One notebook to run: where it is, the values it gets, and the values its kept copy shows instead."""

    notebook: Path
    parameters: Mapping[str, Any] = field(default_factory=dict)
    recorded: Mapping[str, Any] | None = None
    private: Mapping[str, str] = field(default_factory=dict)
    shown_as: str = ""

    def run(self, progress: Progress | None) -> str:
        """Check the parameters and run; return the executed notebook as the text of its file."""
        check_parameters(self.notebook, self.parameters)
        return _run_here(self, progress)


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
    _run_apart(Check(tuple(path.resolve() for path in notebooks), dict(parameters)), None)


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
    text = _run_apart(job, progress) if isolated else job.run(progress)
    if target is not None:
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(f".{target.name}.{os.getpid()}")
        part.write_text(text, encoding="utf-8", newline="\n")
        part.replace(target)
    return text


def shown_path(path: Path) -> str:
    """Return the path as a person would name it: from the project's root where it lies there.

    >>> shown_path(Path("/nowhere/else/01_clean.ipynb"))
    '01_clean.ipynb'
    """
    from impact_report.edition import project_root

    with contextlib.suppress(ValueError):
        return path.relative_to(project_root()).as_posix()
    return path.name


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


# -- parameters ------------------------------------------------------------------------------------------------------


def check_parameters(path: str | Path, parameters: Mapping[str, Any]) -> None:
    """Refuse values that the notebook's `parameters` cell does not declare, or declares with another type.

    Raises ParameterError with every problem; NotebookError where the parameters cell itself is no list of literals.
    """
    from papermill import inspect_notebook

    path = Path(path)
    notebook = read_notebook(path)
    shown = shown_path(path)
    defaults = _declared_literals(notebook, shown)
    declared = inspect_notebook(_with_kernel(notebook)) if defaults else {}
    problems = []
    for name, value in parameters.items():
        if name not in defaults:
            expected = "a parameter of the notebook" if defaults else f"a cell tagged {PARAMETERS_TAG!r}"
            problems.append(Problem(expected, repr(name), f"{shown}, parameters", near(name, list(defaults))))
            continue
        hint = declared[name]["inferred_type_name"] if name in declared else "None"
        wanted = hint if hint != "None" else type(defaults[name]).__name__
        if not fits(value, wanted):
            found = f"{value!r}, which is {type(value).__name__}"
            do = f"give a value of type {wanted}"
            problems.append(Problem(f"{name}: {wanted}", found, f"{shown}, parameters", do))
    if problems:
        raise ParameterError(problems)


def fits(value: Any, hint: str) -> bool:
    """Return whether a value has the type that a hint names; an int fits a float, a bool fits only bool.

    >>> fits("007", "str"), fits(7, "str"), fits(True, "int"), fits([1, 2], "list[int]"), fits([1, "2"], "list[int]")
    (True, False, False, True, False)
    """
    name, _, inner = hint.replace(" ", "").partition("[")
    kinds = TYPES.get(name.lower())
    if kinds is None:
        return True
    if isinstance(value, bool):
        return bool in kinds
    if not isinstance(value, kinds):
        return False
    inner = inner.removesuffix("]")
    if name.lower() == "list" and inner in TYPES:
        return all(fits(one, inner) for one in value)
    return True


def _declared_literals(notebook: NotebookNode, shown: str) -> dict[str, Any]:
    """Return the names and defaults of the parameters cell; {} where there is none."""
    tagged = [
        (number, cell)
        for number, cell in enumerate(notebook.cells, start=1)
        if cell.cell_type == "code" and PARAMETERS_TAG in cell.metadata.get("tags", [])
    ]
    if not tagged:
        return {}
    number, cell = tagged[0]
    values: dict[str, Any] = {}
    where = f"{shown}, cell {number} (parameters)"
    do = "keep literals only: a value derived here would not be derived again from a given parameter"
    try:
        statements = ast.parse(cell.source).body
    except SyntaxError as error:
        problem = Problem("Python", error.msg, f"{where}, line {error.lineno}", "correct the cell")
        raise NotebookError(problem) from None
    problems = []
    for statement in statements:
        targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
        try:
            if len(targets) != 1 or not isinstance(targets[0], ast.Name) or isinstance(statement, ast.AugAssign):
                raise ValueError
            values[targets[0].id] = ast.literal_eval(statement.value)
        except (ValueError, TypeError, AttributeError):
            line = f"{where}, line {statement.lineno}"
            problems.append(Problem("name: type = literal", ast.unparse(statement), line, do))
    if problems:
        raise NotebookError(problems)
    return values


def _with_kernel(notebook: NotebookNode) -> NotebookNode:
    """Return a copy that names a kernel and a language, without which papermill does not look at parameters."""
    import copy

    named = copy.deepcopy(notebook)
    named.metadata.setdefault("kernelspec", {}).setdefault("name", KERNEL)
    named.metadata.setdefault("language_info", {}).setdefault("name", LANGUAGE)
    return named


# -- the process of a notebook ---------------------------------------------------------------------------------------


@functools.cache
def processes() -> multiprocessing.context.BaseContext:
    """Return how processes are started here: forked from a clean server that has done the imports, else spawned."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["impact_report.preload"])
    return context


def warm_up() -> None:
    """Start the server that imports what notebooks need, and do not wait for it."""
    if processes().get_start_method() != "forkserver":
        return
    from multiprocessing import forkserver

    backend = os.environ.get("MPLBACKEND")
    os.environ["MPLBACKEND"] = "Agg"
    # An interrupt at the keyboard reaches the whole process group. Only this process is to act on it, and it ends its
    # notebooks itself: what is started here inherits the blocked signal.
    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        forkserver.ensure_running()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
        if backend is None:
            del os.environ["MPLBACKEND"]
        else:
            os.environ["MPLBACKEND"] = backend


def _run_apart(job: Job | Check, progress: Progress | None) -> str:
    warm_up()
    ours, theirs = processes().Pipe(duplex=False)
    process = processes().Process(target=_work, args=(theirs, job), daemon=True)
    cell, message = 0, None
    try:
        process.start()
        theirs.close()
        while message is None:
            try:
                kind, *content = ours.recv()
            except EOFError:
                break
            if kind == "cell":
                cell = content[0]
                if progress:
                    progress(*content)
            else:
                message = kind, content[0]
        process.join(SECONDS_TO_END)
    finally:
        ours.close()
        _end(process)
    if message is None:
        raise NotebookError(_died(job, cell, process.exitcode))
    kind, content = message
    if kind == "failed":
        raise pickle.loads(content)
    return content


def _end(process: multiprocessing.process.BaseProcess) -> None:
    if process.pid is None or not process.is_alive():
        return
    process.terminate()
    process.join(SECONDS_TO_END)
    if process.is_alive():
        process.kill()
        process.join()


def _died(job: Job | Check, cell: int, code: int | None) -> Problem:
    if code is not None and code < 0:
        name = signal.Signals(-code).name if -code in set(signal.Signals) else f"signal {-code}"
        found = f"its process was ended by {name}"
    else:
        found = f"its process ended by itself, with status {code}"
    do = "look for a crash in a compiled library, or for too little memory" if code == -signal.SIGKILL else ""
    return Problem(
        "the notebook runs to its end",
        found,
        f"{job.shown_as}, cell {cell}" if cell else job.shown_as,
        do or "look for a crash in a compiled library or a call that ends the process",
    )


def _work(connection: multiprocessing.connection.Connection, job: Job | Check) -> None:
    """What the notebook's process does: run, and send back the notebook or the error."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    try:
        text = job.run(lambda *cell: connection.send(("cell", *cell)))
        connection.send(("done", text))
    except BaseException as error:
        connection.send(("failed", _pickled(error, job)))
    finally:
        connection.close()


def _end_with(parent: Any) -> None:
    """End this process when the one that wants its result has gone, however it went."""
    parent.join()
    os._exit(1)


def _pickled(error: BaseException, job: Job | Check) -> bytes:
    if not isinstance(error, ReportError):
        error = _unforeseen(error, job)
    try:
        packed = pickle.dumps(error)
        if str(pickle.loads(packed)) == str(error):
            return packed
    except Exception:
        pass
    plain = NotebookError(error.problems)
    plain.details = getattr(error, "details", "")
    for note in getattr(error, "__notes__", ()):
        plain.add_note(note)
    return pickle.dumps(plain)


def _unforeseen(error: BaseException, job: Job | Check) -> NotebookError:
    problem = Problem(
        "the notebook runs to its end", _in_a_few_lines(error), job.shown_as, "see the whole traceback with --verbose"
    )
    failure = NotebookError(problem)
    failure.details = "".join(traceback.format_exception(error))
    return failure


# -- running and tidying ---------------------------------------------------------------------------------------------


def _run_here(job: Job, progress: Progress | None) -> str:
    """Run the notebook in this process; return it executed and tidied, as the text of its file."""
    import nbformat
    from papermill import execute_notebook
    from papermill.exceptions import PapermillExecutionError

    source = read_notebook(job.notebook)
    positions = _positions(source, bool(job.parameters))
    failures: list[tuple[int, BaseException]] = []

    def on_cell(index: int) -> None:
        if progress:
            progress(positions[index] + 1, len(source.cells))

    with contextlib.chdir(job.notebook.parent):
        try:
            executed = execute_notebook(
                _with_kernel(source),
                None,
                parameters=dict(job.parameters),
                engine_name=ENGINE,
                kernel_name=KERNEL,
                language=LANGUAGE,
                progress_bar=False,
                request_save_on_cell_execute=False,
                title=job.notebook.name,
                on_cell=on_cell,
                on_error=lambda index, error: failures.append((index, error)),
            )
        except PapermillExecutionError:
            if not failures:
                raise
    if failures:
        index, error = failures[0]
        raise _failure(job, source, positions, index, error)
    tidy(executed, source, job)
    return nbformat.writes(executed, version=4) + "\n"


def _positions(source: NotebookNode, injected: bool) -> list[int]:
    """Return for each cell that papermill runs its place in the source; the injected cell has its neighbour's."""
    positions = list(range(len(source.cells)))
    if injected:
        tagged = [PARAMETERS_TAG in cell.metadata.get("tags", []) for cell in source.cells]
        place = tagged.index(True)
        positions.insert(place + 1, place)
    return positions


def tidy(executed: NotebookNode, source: NotebookNode, job: Job) -> None:
    """Take from an executed notebook what differs from run to run: times, random ids, paths, addresses."""
    from papermill.translators import translate_parameters

    tags = {cell.id: cell.metadata.get("tags") for cell in source.cells}
    executed.metadata = source.metadata
    for cell in executed.cells:
        cell.metadata.pop("papermill", None)
        if INJECTED_TAG in cell.metadata.get("tags", []):
            cell.id = INJECTED_ID
            if job.recorded is not None:
                cell.source = translate_parameters(KERNEL, LANGUAGE, dict(job.recorded), "Parameters")
        elif tags.get(cell.id) is None:
            cell.metadata.pop("tags", None)
        for output in cell.get("outputs", []):
            _tidy_output(output, job.private)


def retell(kept: Path, source: Path) -> None:
    """Give an executed notebook the words that its source has by now; their cells of code are the same."""
    import nbformat

    executed, told = (nbformat.read(path, as_version=4) for path in (kept, source))
    cells = [cell for cell in executed.cells if INJECTED_TAG not in cell.metadata.get("tags", [])]
    for cell, now in zip(cells, told.cells, strict=True):
        if cell.cell_type == "markdown":
            cell.source = now.source
    kept.write_text(nbformat.writes(executed, version=4) + "\n", encoding="utf-8", newline="\n")


ADDRESS = re.compile(r"\bat 0x[0-9a-fA-F]{6,}")


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


# -- what failed and where -------------------------------------------------------------------------------------------


def _failure(job: Job, source: NotebookNode, positions: list[int], index: int, error: BaseException) -> ReportError:
    position = positions[index]
    names = {name: place for place, name in enumerate(cell_names(job.notebook.name, source))}
    name = f"{job.notebook.name}, cell {position + 1}"
    where = f"{job.shown_as}, cell {position + 1}"
    if heading := _heading(source, position):
        where += f" (“{heading}”)"
    found_at = _line(error, name)
    if found_at:
        line, code = found_at
        where += f", line {line}" + (f":  {code}" if code else "")
    if elsewhere := _elsewhere(error, name, names):
        where += f"\n{elsewhere}"

    from impact_report.shell import full_traceback

    details = full_traceback(error, name)
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


def _heading(source: NotebookNode, position: int) -> str:
    """Return the nearest heading above the cell, or ''."""
    for cell in reversed(source.cells[: position + 1]):
        if cell.cell_type != "markdown":
            continue
        headings = re.findall(r"^#{1,6}\s+(.+?)\s*#*\s*$", cell.source, flags=re.MULTILINE)
        if headings:
            return headings[-1]
    return ""


def _frames(error: BaseException) -> Iterator[traceback.FrameSummary]:
    yield from traceback.extract_tb(error.__traceback__)


def _line(error: BaseException, name: str) -> tuple[int, str] | None:
    """Return the line of the cell at which it failed, and its code."""
    if isinstance(error, SyntaxError) and error.filename == name and error.lineno:
        return error.lineno, (error.text or "").strip()
    lines = [frame for frame in _frames(error) if frame.filename == name]
    return (lines[-1].lineno or 0, (lines[-1].line or "").strip()) if lines else None


def _elsewhere(error: BaseException, name: str, names: Mapping[str, int]) -> str:
    """Say where outside the cell it was raised, when that is in another cell or in this project's own code."""
    own = {str(Path(__file__).parent): "impact_report"}
    found = ""
    for frame in _frames(error):
        if frame.filename in names and frame.filename != name:
            found = f"called in cell {names[frame.filename] + 1}, line {frame.lineno}, in {frame.name}"
        for folder, shown in own.items():
            inside = frame.filename.startswith(folder + os.sep)
            if inside and Path(frame.filename).stem not in ("execute", "shell"):
                file = Path(frame.filename).relative_to(folder).as_posix()
                found = f"raised in {shown}/{file}, line {frame.lineno}, in {frame.name}"
    return found


def _in_a_few_lines(error: BaseException) -> str:
    words = error.msg if isinstance(error, SyntaxError) else str(error)
    lines = f"{type(error).__name__}: {words}".splitlines()
    lines = [line if len(line) <= ERROR_WIDTH else line[: ERROR_WIDTH - 1] + "…" for line in lines]
    if len(lines) > ERROR_LINES:
        lines = [*lines[:ERROR_LINES], f"… ({len(lines) - ERROR_LINES} more lines)"]
    return "\n".join(lines).rstrip(": ")
