"""A change of a file reaches the browser: by a real server, a real change, and the event that tells of it."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib
import html
import http.client
import io
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from small_edition import write_project

from impact_report.errors import NotebookError, Problem
from impact_report.preview import Server
from impact_report.preview.builder import Asked, Page, Whole
from impact_report.preview.pages import Failure, failure_page, served, version_of

ROOT = Path(__file__).parents[1]
PAGE = "/impact-report.html"
PATIENCE = 120.0  # seconds in which an event has to come; a moment suffices where nothing else runs
STYLE = "src/impact_report/exporters/templates/impact-html/style.css"


class Previewed:
    """A preview that runs: its project, its pages, and the versions it tells of."""

    def __init__(self, project: Path, *arguments: str) -> None:
        self.project = project
        command = [sys.executable, "-m", "impact_report.cli", "preview", "--wave=first", *arguments]
        environment = {**os.environ, "PYTHONPATH": str(project / "src"), "PYTHONUNBUFFERED": "1"}
        self.process = subprocess.Popen(
            command, cwd=project, env=environment, stderr=subprocess.PIPE, text=True, start_new_session=True
        )
        self.greeting = self.process.stderr.readline()
        self.port = int(re.search(r"localhost:(\d+)", self.greeting)[1])

    def get(self, path: str = PAGE, **headers: str) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("localhost", self.port, timeout=PATIENCE)
        with contextlib.closing(connection):
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            return answer.status, answer.read()

    def page(self) -> str:
        status, content = self.get()
        assert status == 200
        return content.decode()

    @contextlib.contextmanager
    def events(self) -> Iterator[Iterator[tuple[str, str]]]:
        """Listen as a browser does; the first event tells the version of now."""
        connection = http.client.HTTPConnection("localhost", self.port, timeout=PATIENCE)
        with contextlib.closing(connection):
            connection.request("GET", "/.preview/events")
            yield told(connection.getresponse())

    def after(self, name: str, old: str, new: str) -> str:
        """Change a file; return the page that is there when the browser is told of another version."""
        path = self.project / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        with self.events() as events:
            before = next(words for event, words in events if event == "version")
            path.write_text(text.replace(old, new), encoding="utf-8")
            version = next(words for event, words in events if event == "version" and words != before)
        page = self.page()
        assert f'data-version="{version}"' in page
        return page

    def end(self) -> int:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        return self.process.wait(PATIENCE)


def told(stream: http.client.HTTPResponse) -> Iterator[tuple[str, str]]:
    event = ""
    for line in stream:
        name, _, words = line.decode().rstrip("\n").partition(": ")
        if name == "event":
            event = words
        elif name == "data":
            yield event, words


def project_with_code(folder: Path) -> Path:
    """A small project with a copy of this package in it, so that code and styles can be changed."""
    write_project(folder)
    without = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "src" / "impact_report", folder / "src" / "impact_report", ignore=without)
    shutil.copy(ROOT / "src" / "helpers.py", folder / "src")
    return folder


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    previewed = Previewed(project_with_code(tmp_path_factory.mktemp("preview") / "project"))
    yield previewed
    previewed.end()


def test_the_report_is_shown_and_nothing_is_published(shown):
    page = shown.page()
    assert "2 of 3 shared." in page
    assert "Preview, not published" in page
    policy = re.search(r'content="(default-src [^"]*)"', page)[1]
    script = re.search(r"<script>(.*?)</script>", page, flags=re.DOTALL)[1]
    fingerprint = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert policy.endswith(f"; script-src 'sha256-{fingerprint}'; connect-src 'self'")
    assert shown.get("/")[1].decode() == page
    assert not (shown.project / "reports").exists()


def test_it_is_the_published_page_with_a_bar_and_a_script(shown):
    status, content = shown.get("/manifest.json")
    assert status == 200
    digest = json.loads(content)["outputs"]["impact-report.html"]
    shorter = re.sub(r"<style>\n\.preview-bar.*?</script>", "", shown.page(), flags=re.DOTALL)
    shorter = re.sub(r"; script-src 'sha256-[^']+'; connect-src 'self'", "", shorter)
    assert hashlib.sha256(shorter.encode()).hexdigest() == digest


def test_a_change_of_style_arrives(shown):
    assert re.search(r"--measure: ?51rem", shown.after(STYLE, "--measure: 46rem", "--measure: 51rem"))
    shown.after(STYLE, "--measure: 51rem", "--measure: 46rem")


def test_a_change_of_words_arrives(shown):
    """Only the words change: the kept notebook is told anew, its cells are not run."""
    shown.page()  # it has been built
    kept = shown.project / "data/processed/first/04_report.ipynb"
    before = [cell.get("outputs") for cell in nbformat.read(kept, as_version=4).cells]
    page = shown.after("notebooks/04_report.ipynb", "How many shared?", "How many gave?")
    assert "How many gave?" in page
    assert [cell.get("outputs") for cell in nbformat.read(kept, as_version=4).cells] == before


def test_a_change_of_an_answer_arrives(shown):
    page = shown.after("data/raw/first/responses.csv", "No\n", "No\nYes\n")
    assert "3 of 4 shared." in page


def test_a_change_of_code_arrives(shown):
    file, rendering = "src/impact_report/exporters/html.py", "return ImpactHTMLExporter().render(document)"
    changed = f"{rendering}.replace('shared.', 'gave.')"
    assert " gave." in shown.after(file, rendering, changed)
    assert " shared." in shown.after(file, changed, rendering)


def test_a_fault_is_shown_until_it_is_mended(shown):
    good = shown.page()
    page = shown.after("data/raw/codebook.yml", "kind: single", "kind: singel")
    assert "<h1>The codebook cannot be used.</h1>" in page
    assert "codebook.yml, line 3" in page
    for word in ("expected", "found", "do"):
        assert f"<dt>{word}</dt>" in page
    assert "singel" in page
    assert "shared." in shown.get("/.preview/last-good")[1].decode()
    assert shown.after("data/raw/codebook.yml", "kind: singel", "kind: single") == good


# The first is imported by the process that builds before it can do anything, the second by its first job.
@pytest.mark.parametrize("module", ["yamlfile", "exporters/html"])
def test_code_that_is_no_python_is_named_until_it_is_mended(shown, module):
    good, file = shown.page(), f"src/impact_report/{module}.py"
    first = "from __future__ import annotations"
    line = (shown.project / file).read_text(encoding="utf-8").splitlines().index(first) + 1
    page = html.unescape(shown.after(file, first, f"{first} and"))
    assert "SyntaxError: invalid syntax" in page
    assert f"impact_report/{module}.py, line {line}" in page
    assert "shared." in shown.get("/.preview/last-good")[1].decode()
    assert shown.after(file, f"{first} and", first) == good


def test_code_that_only_a_notebook_needs_is_named_too(shown):
    notebook, file = shown.project / "notebooks/02_indicators.ipynb", "src/impact_report/tally.py"
    text, imports = notebook.read_text(encoding="utf-8"), "import pyarrow as pa"
    notebook.write_text(text.replace(imports, f"{imports}, impact_report.tally"), encoding="utf-8")
    page = html.unescape(shown.after(file, "def tally(", "def tally)"))
    assert "<h1>A notebook stopped.</h1>" in page
    assert "SyntaxError: " in page
    assert re.search(r"written in impact_report/tally\.py, line \d+", page)
    notebook.write_text(text, encoding="utf-8")
    assert "shared." in shown.after(file, "def tally)", "def tally(")


def test_code_that_asks_for_what_is_not_there_is_named(shown):
    good, file = shown.page(), "src/impact_report/yamlfile.py"
    asked = "from impact_report.errors import "
    before = (shown.project / file).read_text(encoding="utf-8").partition(asked)[0]
    line = before.count("\n") + 1
    page = html.unescape(shown.after(file, asked, f"{asked}Nothing, "))
    assert "<h1>The code stopped.</h1>" in page
    assert "ImportError: cannot import name 'Nothing' from 'impact_report.errors'" in page
    assert f"<h2>{file}, line {line}</h2>" in page
    assert shown.after(file, f"{asked}Nothing, ", asked) == good


def test_an_answer_that_the_server_does_not_know_is_a_fault_and_no_wait(shown):
    """The process that builds has the new code, and the server that of its own beginning."""
    good, file, made = shown.page(), "src/impact_report/preview/builder.py", "document_html(document_from_notebook("
    changed = shown.after(
        file, f"return {made}notebook))", f"return Told({made}notebook)))\n\n\nclass Told(str):\n    pass"
    )
    assert "<h1>The preview was stopped.</h1>" in changed
    assert "what it answers cannot be read: AttributeError: " in html.unescape(changed)
    assert "<dd>end the preview and start it again: " in changed
    text = (shown.project / file).read_text(encoding="utf-8")
    told = text[text.index("Told(") - len("return ") : text.index("    pass") + len("    pass")]
    assert shown.after(file, told, f"return {made}notebook))") == good


class Broken:
    """In the place of the process that builds: asking it fails in a way that nobody foresaw."""

    async def ask(self, job: Page | Whole) -> Path:
        raise RuntimeError("can't start new thread")


def test_a_fault_of_the_preview_itself_is_shown_to_whoever_waits(tmp_path):
    async def first_page() -> tuple[str, Path | Failure, list[tuple[str, str]]]:
        server = Server(Asked("data/raw", "first", "", "", "data/processed"), tmp_path, io.StringIO())
        server.builder = Broken()
        listener = asyncio.Queue()
        server.listeners.add(listener)
        waits = asyncio.create_task(server.first.wait())
        await server.rebuild(set())
        await asyncio.wait_for(waits, PATIENCE)
        files = await server.files()
        return server.shown, files, [listener.get_nowait() for _ in range(listener.qsize())]

    page, files, events = asyncio.run(first_page())
    assert "RuntimeError: can&#39;t start new thread" in page
    assert isinstance(files, Failure)
    assert [words for event, words in events if event == "state"] == ["building …", "", "building …", ""]
    assert ("version", version_of(page)) in events


def test_a_cell_that_fails_is_named(shown):
    page = shown.after("notebooks/03_charts.ipynb", "mkdir()", "mkdirr()")
    assert "<h1>A notebook stopped.</h1>" in page
    assert "notebooks/03_charts.ipynb, cell 4" in page
    assert "shared." in shown.after("notebooks/03_charts.ipynb", "mkdirr()", "mkdir()")


def test_other_files_are_built_when_they_are_asked_for(shown):
    assert shown.get("/impact-report.pdf")[1].startswith(b"%PDF")
    assert b"indicator" in shown.get("/estimates.csv")[1].splitlines()[0]
    assert b"<svg" in shown.get("/figures/shared.svg")[1]
    assert not (shown.project / "reports").exists()


def test_two_who_ask_at_once_wait_for_the_same_files(tmp_path):
    class Counted:
        """In the place of the process that builds: it only counts what it is asked for."""

        asked = 0

        async def ask(self, job: Whole) -> Path:
            await asyncio.sleep(0)  # meanwhile the other one asks
            self.asked += 1
            return job.folder

    async def both() -> tuple[list[Path], int]:
        server = Server(Asked("data/raw", "first", "", "", "data/processed"), tmp_path, io.StringIO())
        server.builder = Counted()
        server.first.set()
        return await asyncio.gather(server.files(), server.files()), server.builder.asked

    assert asyncio.run(both()) == ([tmp_path, tmp_path], 1)


@pytest.mark.parametrize(
    "path", ["/no-such-file", "/favicon.ico", "/../../pyproject.toml", "/%2e%2e/%2e%2e/pyproject.toml"]
)
def test_nothing_else_is_served(shown, path):
    assert shown.get(path)[0] == 404


def test_another_name_of_this_machine_leads_nowhere(shown):
    assert shown.get(PAGE, Host="elsewhere.example")[0] == 404


def test_an_interrupt_ends_it_and_leaves_nothing(tmp_path):
    folder = tmp_path / "temporary"
    folder.mkdir()
    project = project_with_code(tmp_path / "project")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(folder))
        previewed = Previewed(project)
    assert list(folder.glob("impact-report-preview-*"))
    previewed.page()
    assert previewed.end() == 0
    assert previewed.process.stderr.read().endswith("The preview has ended; nothing was published.\n")
    assert not list(folder.glob("impact-report-preview-*"))
    assert not left_of(previewed.process.pid)


def left_of(group: int) -> list[str]:
    """Return the processes of a group that are still there after a while."""
    for _ in range(100):
        listed = subprocess.run(["ps", "-eo", "pgid=,stat=,args="], capture_output=True, text=True, check=True).stdout
        found = [line for line in listed.splitlines() if line.split()[0] == str(group) and line.split()[1][0] != "Z"]
        if not found:
            break
        time.sleep(0.1)
    return found


def refused(project: Path, *arguments: str) -> str:
    command = [sys.executable, "-m", "impact_report.cli", "preview", *arguments]
    result = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False, timeout=PATIENCE)
    assert result.returncode == 1
    return result.stderr


def test_a_port_in_use_is_named(tmp_path):
    project = write_project(tmp_path / "project")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        words = refused(project, "--wave=first", f"--port={port}")
    assert f"PORT={port}\n  expected  a free port\n  found     something else is served there" in words


def test_what_is_not_there_is_named(tmp_path):
    project = write_project(tmp_path / "project")
    assert "DATA=nowhere\n  expected  a study folder" in refused(project, "--data=nowhere")
    assert "WAVE=frist\n  expected  a wave of data/raw" in refused(project, "--wave=frist")
    assert "PORT=70000\n  expected  a port from 1 to 65535" in refused(project, "--wave=first", "--port=70000")


def test_what_an_error_says_is_text_and_no_markup():
    problem = Problem("a label", "<script>alert(1)</script>", "codebook.yml, line 3", "write it\nin words")
    page = failure_page(Failure("The codebook cannot be used.", (problem,), ("Stopped in <cell 4>",)), "")
    assert "<script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "Stopped in &lt;cell 4&gt;" in page
    assert "The last page" not in page


def test_a_served_page_allows_its_own_script_and_no_other():
    page = failure_page(Failure.of(NotebookError(Problem("a", "b", "c", "d"))), "/.preview/last-good")
    copy = served(page, version_of(page))
    assert copy.count("<script>") == 1
    assert copy.count("script-src 'sha256-") == 1
    assert "unsafe-inline'; script-src" in copy
