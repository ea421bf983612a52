"""The warm process of a preview: it has imported what building needs, and builds whatever it is asked for."""

from __future__ import annotations

import asyncio
import multiprocessing
import signal
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from impact_report import manifest
from impact_report.build import RENDERING_MODULES, REPORT, build, prepare
from impact_report.edition import Edition
from impact_report.errors import Problem
from impact_report.execute import warm_up
from impact_report.imports import load
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
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        self.process = context.Process(target=_work, args=(theirs, self.asked))
        self.process.start()
        theirs.close()

    def stop(self) -> None:
        """End the process, whatever it is doing."""
        self.process.terminate()
        self.process.join(SECONDS_TO_END)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()

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
        """Return what a job gives, or why there is nothing."""
        async with self.turn:
            try:
                self.connection.send(job)
                return await asyncio.to_thread(self.connection.recv)
            except (EOFError, OSError):
                if self.closed:
                    raise asyncio.CancelledError from None
                self.stop()
                found = f"it ended by itself, with status {self.process.exitcode}"
                self.start()
        do = "save the file again; it has been started anew"
        return Failure("The preview was stopped.", (Problem("the process that builds", found, "the preview", do),))


def _work(connection: Connection, asked: Asked) -> None:
    """What the process does: jobs, one after the other, until nobody wants more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the keyboard's interrupt is for the server, which ends this process
    warm_up()
    load(RENDERING_MODULES)
    while True:
        try:
            job = connection.recv()
        except EOFError:
            return
        try:
            answer = job.make(asked)
        except Exception as error:
            answer = Failure.of(error)
        connection.send(answer)
