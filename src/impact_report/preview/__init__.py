"""A report that is rebuilt while one writes: served on this machine, reloaded in the browser, published nowhere.

    files change ──► watchfiles ──► the warm process (`builder`) ──► a page (`pages`) ──► the browser, told by an event

The page alone is rebuilt at once. Every other file of the edition is built when somebody asks for one of them.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import mimetypes
import re
import signal
import socket
import sys
import tempfile
import time
import traceback
from pathlib import Path
from typing import TextIO

import tornado.httpserver
import tornado.iostream
import tornado.netutil
import tornado.web
import watchfiles

from impact_report import manifest
from impact_report.build import HTML
from impact_report.edition import project_root
from impact_report.errors import CodebookError, ParameterError, Problem
from impact_report.preview.builder import Asked, Builder, Page, Whole
from impact_report.preview.pages import Failure, failure_page, served, version_of

LIES_BESIDE = re.compile(
    r"figures/[\w.-]+\.(svg|png)|[\w-]+\.(pdf|html|csv|xlsx|json)"
)  # names of files that are published

ADDRESS = "127.0.0.1"
HOSTS = r"(localhost|127\.0\.0\.1)"  # a name of elsewhere may be made to lead to this machine
LARGEST_PORT = 65535
EVENTS, LAST_GOOD = "/.preview/events", "/.preview/last-good"
MILLISECONDS_OF_QUIET = 50  # an editor writes a file in several steps
TEMPLATES = manifest.PACKAGE / "exporters" / "templates"
SHOWN_FILES = 3
BUILDING = "building …"

Listener = asyncio.Queue[tuple[str, str]]


def preview(asked: Asked, port: int = 0, notebooks: str | Path = "notebooks", log: TextIO = sys.stderr) -> None:
    """Serve an edition until it is interrupted; 0 is any free port.

    Raises ParameterError for an edition that is not there, or a port that cannot be had.
    """
    with contextlib.suppress(CodebookError):  # said in the browser, where it can be mended
        asked.edition()
    sockets = _listen(port)
    with tempfile.TemporaryDirectory(prefix="impact-report-preview-") as folder:
        server = Server(asked, Path(folder), log)
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(server.run(sockets, watched(asked, notebooks)))


def watched(asked: Asked, notebooks: str | Path = "notebooks") -> list[Path]:
    """Return the folders in which a change makes a new page: notebooks, the study, the code with its styles."""
    source = manifest.PACKAGE.parent if manifest.PACKAGE.parent.name == "src" else manifest.PACKAGE
    return [path for path in (project_root() / notebooks, project_root() / asked.study, source) if path.is_dir()]


def _listen(port: int) -> list[socket.socket]:
    where, do = f"PORT={port}", "name another port, or none: a free one is found"
    if not 0 <= port <= LARGEST_PORT:
        raise ParameterError(Problem(f"a port from 1 to {LARGEST_PORT}", str(port), where, do))
    try:
        return tornado.netutil.bind_sockets(port, ADDRESS)
    except OSError as error:
        taken = error.errno == errno.EADDRINUSE
        found = "something else is served there" if taken else error.strerror
        raise ParameterError(Problem("a free port", found, where, do)) from None


class Server:
    """What is shown now: the last page without a fault, what is wrong since, and who is to be told of a change."""

    def __init__(self, asked: Asked, folder: Path, log: TextIO) -> None:
        self.builder = Builder(asked)
        self.folder = folder
        self.log = log
        self.page = ""
        self.failure: Failure | None = None
        self.whole: Path | Failure | None = None
        self.making = asyncio.Lock()
        self.version = ""
        self.first = asyncio.Event()
        self.changed: set[Path] = set()
        self.wanted = asyncio.Event()
        self.listeners: set[Listener] = set()

    async def run(self, sockets: list[socket.socket], folders: list[Path]) -> None:
        """Serve, watch and build until the process is interrupted."""
        ended = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            with contextlib.suppress(NotImplementedError):  # on Windows an interrupt is raised where one waits
                asyncio.get_running_loop().add_signal_handler(number, ended.set)
        self.builder.start()
        http = tornado.httpserver.HTTPServer(self.application())
        http.add_sockets(sockets)
        self.say(f"Preview: http://localhost:{sockets[0].getsockname()[1]}/  (Ctrl-C ends it)")
        work = [asyncio.create_task(self.watch(folders, ended)), asyncio.create_task(self.keep_building())]
        try:
            await ended.wait()
        finally:
            http.stop()
            self.builder.close()
            for task in work:
                task.cancel()
            await asyncio.gather(*work, return_exceptions=True)
            self.tell("end", "")
            await http.close_all_connections()
            self.say("The preview has ended; nothing was published.")

    def application(self) -> tornado.web.Application:
        """Return what answers requests to this machine by its own names."""
        application = tornado.web.Application(log_function=lambda handler: None)
        given = {"server": self}
        application.add_handlers(
            HOSTS,
            [
                (rf"/(?:{re.escape(HTML)})?", PageHandler, given),
                (re.escape(EVENTS), EventsHandler, given),
                (re.escape(LAST_GOOD), LastGoodHandler, given),
                (r"/(.+)", FileHandler, given),
            ],
        )
        return application

    # -- building ----------------------------------------------------------------------------------------------------

    async def watch(self, folders: list[Path], ended: asyncio.Event) -> None:
        """Note every change of a file."""
        self.wanted.set()
        quiet = {"step": MILLISECONDS_OF_QUIET, "raise_interrupt": False, "stop_event": ended}
        async for changes in watchfiles.awatch(*folders, watch_filter=Sources(), **quiet):
            self.changed |= {Path(path) for _, path in changes}
            self.wanted.set()

    async def keep_building(self) -> None:
        """Build a page at the start and after each change, one after the other."""
        while await self.wanted.wait():
            self.wanted.clear()
            changed, self.changed = self.changed, set()
            try:
                await self.rebuild(changed)
            except Exception as error:  # its own pages cannot be made: the next change is to find it alive
                self.say("".join(traceback.format_exception(error)))

    async def rebuild(self, changed: set[Path]) -> None:
        """Build the page again and tell the browsers."""
        began = time.perf_counter()
        self.tell("state", BUILDING)
        answer = await self.answer_to(Page(), anew=any(holds_code(path) for path in changed))
        self.whole = None
        if isinstance(answer, Failure):
            self.failure = answer
        else:
            self.failure, self.page = None, answer
        self.first.set()
        self.tell("state", "")
        self.version = version_of(self.shown)
        self.tell("version", self.version)
        self.say(f"  {_named(changed)}: {_in_short(answer)}, {time.perf_counter() - began:.1f} s")

    async def answer_to(self, job: Page | Whole, anew: bool = False) -> str | Path | Failure:
        """Return what the warm process makes of a job, started `anew` before if need be, or why there is nothing."""
        try:
            if anew:
                await self.builder.restart()
            return await self.builder.ask(job)
        except Exception as error:  # a fault of the preview itself: whoever waits for a page is to see it
            return Failure.of(error)

    @property
    def shown(self) -> str:
        """The page to be shown: the report, or what is wrong."""
        return failure_page(self.failure, LAST_GOOD if self.page else "") if self.failure else self.page

    async def files(self) -> Path | Failure:
        """Return the folder with every file of the edition, built if it has not been since the last change.

        Whoever asks while it is being built waits for the same.
        """
        await self.first.wait()
        async with self.making:
            if self.whole is None:
                self.tell("state", BUILDING)
                self.whole = await self.answer_to(Whole(self.folder))
                self.tell("state", "")
            return self.whole

    # -- telling -----------------------------------------------------------------------------------------------------

    def tell(self, event: str, words: str) -> None:
        """Tell every browser."""
        for listener in self.listeners:
            listener.put_nowait((event, words))

    def say(self, line: str) -> None:
        """Tell whoever started the preview."""
        print(line, file=self.log, flush=True)


class Sources(watchfiles.DefaultFilter):
    """What people write: neither caches nor what editors keep beside a file."""

    ignore_dirs = (*watchfiles.DefaultFilter.ignore_dirs, ".ipynb_checkpoints")


def holds_code(path: Path) -> bool:
    """Say whether a changed file makes the warm process one of before: code does, a style or a template does not.

    >>> holds_code(manifest.PACKAGE / "tally.py"), holds_code(TEMPLATES / "impact-html" / "style.css")
    (True, False)
    """
    inside = path.is_relative_to(manifest.PACKAGE) or path.name == "helpers.py"
    return inside and not path.is_relative_to(TEMPLATES)


def _named(changed: set[Path]) -> str:
    names = sorted({path.name for path in changed})
    return ", ".join(names[:SHOWN_FILES]) + (" …" if len(names) > SHOWN_FILES else "") if names else "first page"


def _in_short(answer: str | Failure) -> str:
    return answer.title.rstrip(".") + " (the browser says more)" if isinstance(answer, Failure) else "shown"


class Handler(tornado.web.RequestHandler):
    """What all answers have in common: they are of this moment."""

    def initialize(self, server: Server) -> None:
        """Take the server."""
        self.server = server

    def set_default_headers(self) -> None:
        """Say that nothing is to be kept."""
        self.set_header("Cache-Control", "no-store")

    def show(self, page: str) -> None:
        """Answer with a page that reloads itself."""
        self.write(served(page, self.server.version))


class PageHandler(Handler):
    """The report, or what is wrong with it."""

    async def get(self) -> None:
        """Answer as soon as there is something to show."""
        await self.server.first.wait()
        self.show(self.server.shown)


class LastGoodHandler(Handler):
    """The last report without a fault."""

    async def get(self) -> None:
        """Answer with the page, as it was."""
        await self.server.first.wait()
        self.show(self.server.page or self.server.shown)


class FileHandler(Handler):
    """Every other file of the edition: built when one is asked for."""

    async def get(self, name: str) -> None:
        """Answer with the file, with what is wrong, or with 404."""
        if not LIES_BESIDE.fullmatch(name):  # as a browser's own favicon.ico: nothing to build for
            raise tornado.web.HTTPError(404)
        folder = await self.server.files()
        if isinstance(folder, Failure):
            self.set_status(500)
            self.show(failure_page(folder, LAST_GOOD))
            return
        path = (folder / name).resolve()
        if not path.is_relative_to(folder.resolve()) or not path.is_file():
            raise tornado.web.HTTPError(404)
        if path.suffix == ".html":
            self.show(path.read_text(encoding="utf-8"))
            return
        self.set_header("Content-Type", mimetypes.guess_type(path.name)[0] or "application/octet-stream")
        self.write(path.read_bytes())


class EventsHandler(Handler):
    """The stream of events by which a browser knows of a new page."""

    async def get(self) -> None:
        """Tell the version of now, then whatever happens, until one of both goes."""
        self.set_header("Content-Type", "text/event-stream")
        self.queue: Listener = asyncio.Queue()
        self.server.listeners.add(self.queue)
        event, words = "version", self.server.version
        with contextlib.suppress(tornado.iostream.StreamClosedError):
            while event != "end":
                if words or event != "version":
                    self.write(f"event: {event}\ndata: {words}\n\n")
                    await self.flush()
                event, words = await self.queue.get()
        self.server.listeners.discard(self.queue)

    def on_connection_close(self) -> None:
        """Let the stream end when the browser has gone."""
        self.queue.put_nowait(("end", ""))
