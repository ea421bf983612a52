"""The process of a notebook: nothing leaks from one into the next, and what notebooks import is paid for once.

It is forked from one that has imported what notebooks import and has done nothing else (`preload`).
"""

from __future__ import annotations

import functools
import multiprocessing
import multiprocessing.connection
import os
import pickle
import signal
import threading
from typing import Any

from impact_report.errors import NotebookError, ReportError
from impact_report.execute import failure
from impact_report.execute.job import Check, Job, Progress

SECONDS_TO_END = 5.0


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


def run_apart(job: Job | Check, progress: Progress | None) -> str:
    """Do a job in a process of its own; return what it leaves, and raise what it raises.

    Raises NotebookError for a process that ended without a result.
    """
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
        raise failure.of_process(process.exitcode, cell, job.shown_as)
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
        error = failure.beside_cells(error, job.shown_as)
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
