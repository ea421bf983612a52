"""The warm process of a preview: it has imported what building needs, and builds whatever it is asked for."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import pickle
import subprocess
import sys
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from impact_report import manifest
from impact_report.build import RENDERING_MODULES, REPORT, build, prepare
from impact_report.edition import Edition
from impact_report.errors import Problem
from impact_report.execute import warm_up
from impact_report.imports import load
from impact_report.preview import start
from impact_report.preview.pages import Failure

SECONDS_TO_END = 5.0


@dataclass(frozen=True)
class Asked:
    """The edition to be shown, as it was asked for, and where its notebooks leave their results."""

    study: str
    wave: str | None
    group: str
    language: str
    processed: str

    def edition(self) -> Edition:
        """Return the edition. Raises ReportError where it is not there, or its codebook cannot be read."""
        return Edition.of(self.study, self.wave, self.group, self.language)


@dataclass(frozen=True)
class Page:
    """Ask for the page alone; the answer is its HTML."""

    def make(self, asked: Asked) -> str:
        """Run what is stale and return the page. Raises what a build raises."""
        import nbformat

        from impact_report.exporters.document import document_from_notebook
        from impact_report.exporters.html import document_html

        folder = prepare(asked.edition(), asked.processed)
        notebook = nbformat.read(folder / f"{REPORT}.ipynb", as_version=4)
        return document_html(document_from_notebook(notebook))


@dataclass(frozen=True)
class Whole:
    """Ask for every file of the edition, in a folder of this one; the answer is where they are."""

    folder: Path

    def make(self, asked: Asked) -> Path:
        """Build the edition and return its folder. Raises what a build raises."""
        # Templates may have changed since this process began; other code has not, or it would have been ended.
        manifest.code_files.cache_clear()
        manifest.code.cache_clear()
        return build(asked.edition(), asked.processed, self.folder).folder


class Builder:
    """The warm process, as the server sees it: started, asked, and started anew when the code has changed."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.turn = asyncio.Lock()
        self.closed = False

    def start(self) -> None:
        """Start the process; it imports while nobody waits for it."""
        command = [sys.executable, start.__file__]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._send(sys.path)
        self._send(self.asked)

    def stop(self) -> None:
        """End the process, whatever it is doing."""
        self.process.terminate()
        try:
            self.process.wait(SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        with contextlib.suppress(BrokenPipeError):  # something it never read
            self.process.stdin.close()
        self.process.stdout.close()

    def close(self) -> None:
        """End the process for good."""
        self.closed = True
        self.stop()

    async def restart(self) -> None:
        """Start the process anew, once what it is doing is done: it holds code of before."""
        async with self.turn:
            self.stop()
            self.start()

    async def ask(self, job: Page | Whole) -> str | Path | Failure:
        """Return what a job gives, or why there is nothing; a process that has ended is started anew."""
        async with self.turn:
            if self.closed:
                raise asyncio.CancelledError
            if self.process.poll() is not None:
                self.start()
            try:
                self._send(job)
                answer = await asyncio.to_thread(pickle.load, self.process.stdout)
            except Exception as error:  # it sends whatever its code has, of which this process may know nothing
                if self.closed:
                    raise asyncio.CancelledError from None
                answer = self._ended(error)
            if isinstance(answer, dict):  # its code cannot be imported
                self.stop()
                return Failure.of_code(answer)
            return answer

    def _send(self, thing: Any) -> None:
        """Send something to the process; where that has ended, what it said before is still to be read."""
        with contextlib.suppress(BrokenPipeError):
            pickle.dump(thing, self.process.stdin)
            self.process.stdin.flush()

    def _ended(self, error: Exception) -> Failure:
        self.stop()
        if isinstance(error, EOFError | OSError | pickle.UnpicklingError):  # nothing came, or half an answer
            found = f"it ended by itself, with status {self.process.returncode}"
            do, details = "save the file again; it is started anew", ""
        else:
            found = f"what it answers cannot be read: {type(error).__name__}: {error}"
            do = "end the preview and start it again: the code has changed since it began"
            details = "".join(traceback.format_exception(error))
        problem = Problem("the process that builds", found, "the preview", do)
        return Failure("The preview was stopped.", (problem,), (), details)


def work(jobs: BinaryIO, answers: BinaryIO) -> None:
    """Do jobs, one after the other, until nobody wants more; the first thing that comes is what was asked for."""
    asked = pickle.load(jobs)
    warm_up()
    load(RENDERING_MODULES)
    gc.collect()
    gc.freeze()  # what was imported stays, and need not be looked through while a page is made
    while True:
        try:
            job = pickle.load(jobs)
        except EOFError:
            return
        try:
            answer = job.make(asked)
        except Exception as error:
            answer = Failure.of(error)
        pickle.dump(answer, answers)
        answers.flush()
