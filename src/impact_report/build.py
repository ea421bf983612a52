"""One edition from raw to published: run what is stale, render, publish all at once or nothing."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from impact_report import __version__, execute, language, manifest, staging
from impact_report.citation import VERSION_DIGITS
from impact_report.edition import Edition, project_root
from impact_report.errors import NotebookError, Problem, PublishingError
from impact_report.exporters.structure import BLOCK_MIMETYPE, plain_text
from impact_report.imports import load

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from impact_report.exporters.document import Document

NOTEBOOKS = ("01_clean", "02_indicators", "03_charts", "04_report")
PREPARATION, RENDERING = "prepare", "render"
STEPS = (*NOTEBOOKS, RENDERING)
REPORT = NOTEBOOKS[-1]
PROCESSED, REPORTS = "data/processed", "reports"

HTML, PDF = "impact-report.html", "impact-report.pdf"
ESTIMATES = "estimates"
CHANGE, RECORD = "change.csv", "record.json"
NUMBERS, NUMBERS_TABLE, REVIEW = "numbers.json", "numbers.csv", "numbers.html"
FIGURES = "figures"
KEYS = "keys.json"
RENDERING_MODULES = (
    "pyarrow.parquet",
    "typst",
    "impact_report.exporters.document",
    "impact_report.exporters.html",
    "impact_report.exporters.pdf",
    "impact_report.exporters.review",
    "impact_report.downloads",
    "rocrate.rocrate",
)


@dataclass(frozen=True)
class Event:
    """Something that happened in a build; `state` is begins, cell, done or unchanged; seconds since the step began."""

    step: str
    state: str
    cell: int = 0
    cells: int = 0
    seconds: float = 0.0


Progress = Callable[[Event], None]


@dataclass(frozen=True)
class Outcome:
    """How one step went: done or unchanged, and the seconds it took."""

    step: str
    state: str
    seconds: float


@dataclass(frozen=True)
class BuildResult:
    """What was built: the edition's folder, the size of each file in it, and how each step went."""

    edition: str
    folder: Path
    processed: Path
    files: Mapping[str, int]
    steps: tuple[Outcome, ...]
    seconds: float

    @property
    def html(self) -> Path:
        """The report as a page."""
        return self.folder / HTML

    @property
    def pdf(self) -> Path:
        """The report to print."""
        return self.folder / PDF

    @property
    def changed(self) -> bool:
        """Whether anything had to be done."""
        return any(step.state != "unchanged" for step in self.steps)


def build(
    edition: Edition,
    processed_root: str | Path = PROCESSED,
    reports_root: str | Path = REPORTS,
    force: bool = False,
    progress: Progress | None = None,
    notebooks: str | Path | None = None,
) -> BuildResult:
    """Run the four notebooks and the exporters as far as their inputs have changed, and publish the edition.

    Relative roots are taken from the project's; `notebooks` is the folder of the notebooks where it is another one.
    Raises the ReportError that stopped it; what was published before is then as it was.
    """
    return _Build(edition, processed_root, reports_root, force, progress, notebooks).run()


def prepare(
    edition: Edition,
    processed_root: str | Path = PROCESSED,
    progress: Progress | None = None,
    notebooks: str | Path | None = None,
) -> Path:
    """Run the notebooks as far as their inputs have changed, render nothing; return the folder of what they left.

    Raises the ReportError that stopped it.
    """
    return _Build(edition, processed_root, None, False, progress, notebooks).prepare()


@dataclass
class _Build:
    edition: Edition
    processed_root: str | Path
    reports_root: str | Path | None
    force: bool
    progress: Progress | None
    notebooks: str | Path | None
    steps: list[Outcome] = field(default_factory=list)

    def run(self) -> BuildResult:
        began = time.perf_counter()
        self.reports = project_root() / self.reports_root / self.edition.slug
        self.look()
        if not self.is_stale():
            self.unchanged(NOTEBOOKS)
            self.render(self.processed)
            with contextlib.suppress(OSError):  # without them the next build only does more than it need
                _write_keys(self.processed, self.keys)
        else:
            self.run_notebooks(self.render)
        sizes = {
            name: (self.reports / name).stat().st_size for name in [*self.keys[RENDERING]["outputs"], manifest.NAME]
        }
        seconds = time.perf_counter() - began
        return BuildResult(self.edition.slug, self.reports, self.processed, sizes, tuple(self.steps), seconds)

    def prepare(self) -> Path:
        """Run what is stale of the notebooks; return the folder of what they left."""
        self.look()
        if self.is_stale():
            self.run_notebooks()
        return self.processed

    def look(self) -> None:
        """Look at what there is: the study, the notebooks, what earlier builds left. Raises ReportError."""
        root = project_root()
        self.folder = root / (self.notebooks or "notebooks")
        self.processed = root / self.processed_root / self.edition.slug
        self.keys = {} if self.force else _read_keys(self.processed)
        if not self.keys:
            execute.warm_up()
        self.study = self.edition.codebook().survey.id
        if self.reports_root is not None:
            self.refuse_another_study()
        self.parameters = {
            "study": str(self.edition.study.resolve()),
            "wave": self.edition.wave,
            "group": self.edition.group,
            "language": self.edition.other_language,
        }
        self.recorded = {**self.parameters, "study": _shown(self.edition.study, root), "processed": PROCESSED}
        self.inputs = {name: manifest.digest(path) for name, path in manifest.inputs(self.edition).items()}
        self.paths = {name: self.folder / f"{name}.ipynb" for name in NOTEBOOKS}
        self.check_notebooks(self.paths)
        self.sources = {path.name: manifest.digest(path) for path in self.paths.values()}
        self.code = {name: _digest_of_code(path) for name, path in self.paths.items()}

    def refuse_another_study(self) -> None:
        """Raise PublishingError where the place of the report is taken by something else."""
        shown = execute.shown_path(self.reports)
        if not self.reports.exists() or (self.reports.is_dir() and not any(self.reports.iterdir())):
            return
        present = manifest.read(self.reports) if self.reports.is_dir() else None
        do = "give another folder (make report REPORTS=…), or move what is there"
        if present is None:
            raise PublishingError(Problem("an edition, or nothing", f"no {manifest.NAME}", shown, do))
        if present.get("study") != self.study:
            found = f"an edition of the study {present.get('study')!r}"
            raise PublishingError(Problem(f"an edition of the study {self.study!r}, or nothing", found, shown, do))
        wanted = manifest.parameters(self.edition)
        if present.get("parameters") != wanted:
            found = ", ".join(f"{name} {value!r}" for name, value in present.get("parameters", {}).items())
            expected = ", ".join(f"{name} {value!r}" for name, value in wanted.items())
            raise PublishingError(Problem(f"the edition of {expected}, or nothing", f"that of {found}", shown, do))

    def check_notebooks(self, paths: Mapping[str, Path]) -> None:
        """Raise for a notebook that is missing before any runs."""
        missing = [path for path in paths.values() if not path.is_file()]
        if missing:
            do = "put the notebook there"
            raise NotebookError(
                [Problem("a notebook", "no such file", execute.shown_path(path), do) for path in missing]
            )

    # -- what is stale -----------------------------------------------------------------------------------------------

    def key_of(self, step: str, earlier: Mapping[str, str]) -> str:
        """Return the fingerprint of all that a notebook's results depend on."""
        return manifest.key(
            {
                "notebook": self.code[step],
                "code": manifest.code(of_notebooks=True),
                "environment": manifest.environment(),
                "study": self.study,
                "parameters": self.recorded,
                "inputs": self.inputs,
                "earlier": dict(earlier),
            }
        )

    def is_fresh(self, step: str, earlier: Mapping[str, str]) -> bool:
        known = self.keys.get(step)
        return bool(known) and known["key"] == self.key_of(step, earlier) and _present(self.processed, known["outputs"])

    def is_stale(self) -> bool:
        """Return whether any notebook has to run, or to be kept with other words."""
        told = all(self.keys.get(step, {}).get("source") == self.sources[f"{step}.ipynb"] for step in NOTEBOOKS)
        return not told or self.has_to_run()

    def has_to_run(self) -> bool:
        """Return whether any notebook has to run."""
        earlier: dict[str, str] = {}
        for step in NOTEBOOKS:
            if not self.is_fresh(step, earlier):
                return True
            earlier |= _results(self.keys[step]["outputs"])
        return False

    def unchanged(self, steps: tuple[str, ...]) -> None:
        for step in steps:
            self.tell(Event(step, "unchanged"))
            self.steps.append(Outcome(step, "unchanged", 0.0))

    def tell(self, event: Event) -> None:
        if self.progress:
            self.progress(event)

    # -- notebooks ---------------------------------------------------------------------------------------------------

    def run_notebooks(self, render: Callable[[Path], None] | None = None) -> None:
        """Run the notebooks that are stale, in a folder beside the processed one, render, and put it in place.

        The report is rendered from that folder, whatever other builds put in place meanwhile. What the notebooks left
        is kept even when the report is refused, so that the next attempt need not run them again.
        """
        with staging.staged(self.processed) as stage:
            parameters = {**self.parameters, "processed": str(stage.home)}
            loading = self.make_ready(parameters) if self.has_to_run() else None
            keys = {RENDERING: self.keys[RENDERING]} if RENDERING in self.keys else {}
            earlier: dict[str, str] = {}
            for step, path in self.paths.items():
                if self.is_fresh(step, earlier) and (outputs := self.carry_over(step, stage.folder)):
                    self.unchanged((step,))
                else:
                    outputs = self.run_one(step, path, stage, parameters)
                keys[step] = {
                    "key": self.key_of(step, earlier),
                    "source": self.sources[path.name],
                    "outputs": outputs,
                }
                earlier |= _results(outputs)
            self.keys = keys
            if loading:
                loading.join()
            try:
                if render:
                    render(stage.folder)
            finally:
                _write_keys(stage.folder, self.keys)
                stage.publish()

    def make_ready(self, parameters: Mapping[str, Any]) -> threading.Thread:
        """Check what every notebook is to get; return the thread that loads what rendering needs meanwhile.

        That is most of a small build's cost, and this process has nothing else to do while notebooks run elsewhere.
        """
        execute.warm_up()
        loading = threading.Thread(target=load, args=(RENDERING_MODULES,), daemon=True)
        loading.start()
        began = time.perf_counter()
        self.tell(Event(PREPARATION, "begins"))
        execute.check_all(list(self.paths.values()), parameters)
        self.tell(Event(PREPARATION, "done", seconds=time.perf_counter() - began))
        return loading

    def carry_over(self, step: str, folder: Path) -> dict[str, str]:
        """Copy what a notebook left earlier; return the SHA-256 of each file, {} where one did not arrive as it was."""
        outputs = dict(self.keys[step]["outputs"])
        with contextlib.suppress(OSError):  # another build has just replaced them
            for name in outputs:
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(self.processed / name, folder / name)
        if not _present(folder, outputs):
            for name in outputs:
                (folder / name).unlink(missing_ok=True)
            return {}
        if self.keys[step].get("source") != self.sources[f"{step}.ipynb"]:
            kept = folder / f"{step}.ipynb"
            execute.retell(kept, self.paths[step])
            outputs[kept.name] = manifest.digest(kept)
        return outputs

    def run_one(self, step: str, path: Path, stage: staging.Stage, parameters: Mapping[str, Any]) -> dict[str, str]:
        """Run one notebook; return the SHA-256 of each file that it left."""
        began = time.perf_counter()
        self.tell(Event(step, "begins"))
        before = _stamps(stage.folder)
        execute.write_executed(
            path,
            stage.folder / path.name,
            parameters,
            recorded=self.recorded,
            private=self.private(stage.home),
            progress=lambda cell, cells: self.tell(Event(step, "cell", cell, cells, time.perf_counter() - began)),
        )
        after = _stamps(stage.folder)
        changed = [name for name, stamp in before.items() if after.get(name) != stamp]
        if changed:
            do = "write a new file: a later step only reads what an earlier one left"
            where = execute.shown_path(path)
            raise NotebookError(
                [Problem("earlier results left as they are", f"{name} changed", where, do) for name in changed]
            )
        outputs = manifest.digests(stage.folder, [stage.folder / name for name in after if name not in before])
        seconds = time.perf_counter() - began
        self.tell(Event(step, "done", seconds=seconds))
        self.steps.append(Outcome(step, "done", seconds))
        return outputs

    def private(self, home: Path) -> dict[str, str]:
        """Return what kept notebooks show in place of this machine's paths."""
        root = project_root()
        words = {str(home): PROCESSED, str(self.edition.study.resolve()): self.recorded["study"]}
        with contextlib.suppress(ValueError):
            words[home.relative_to(root).as_posix()] = PROCESSED
        if len(root.parts) > 2:  # a root such as /src may be a word that means something else
            words[str(root)] = "."
        return words

    # -- rendering ---------------------------------------------------------------------------------------------------

    def render(self, results_folder: Path) -> None:
        """Render what the notebooks left and publish it, unless the published report was made from the same."""
        results = {name: value for step in NOTEBOOKS for name, value in self.keys[step]["outputs"].items()}
        key = manifest.key(
            {
                "results": results,
                "code": manifest.code(),
                "environment": manifest.environment(),
                "study": self.study,
                "inputs": self.inputs,
                "notebooks": self.sources,
            }
        )
        known = None if self.force else self.keys.get(RENDERING)
        if known and known["key"] == key and _present(self.reports, known["outputs"]):
            self.unchanged((RENDERING,))
            return
        began = time.perf_counter()
        self.tell(Event(RENDERING, "begins"))
        with staging.staged(self.reports) as stage:
            self.fill(stage.folder, results_folder)
            outputs = manifest.digests(stage.folder)
            stage.publish(self.refuse_another_study)
        self.keys = {**self.keys, RENDERING: {"key": key, "outputs": outputs}}
        seconds = time.perf_counter() - began
        self.tell(Event(RENDERING, "done", seconds=seconds))
        self.steps.append(Outcome(RENDERING, "done", seconds))

    def fill(self, folder: Path, source: Path) -> None:
        """Make every file of the edition in a folder, from what the notebooks left in `source`."""
        load(RENDERING_MODULES)
        import nbformat

        from impact_report.downloads import Downloads
        from impact_report.exporters import document as documents
        from impact_report.exporters.html import ImpactHTMLExporter
        from impact_report.exporters.pdf import ImpactPDFExporter

        language.use(self.edition.words_in)
        notebook = nbformat.read(source / f"{REPORT}.ipynb", as_version=4)
        document = documents.document_from_notebook(notebook)
        cover = cover_of(notebook)
        notice = plain_text(cover.get("notice") or [])
        head = {"study": self.study, "edition": self.edition.slug, "notice": notice}
        downloads = Downloads(self.edition, source, cover)
        with ThreadPoolExecutor(max_workers=1) as beside:  # Typst computes without holding the interpreter up
            printed = beside.submit(ImpactPDFExporter().from_notebook_node, notebook)
            html, _ = ImpactHTMLExporter().from_notebook_node(notebook)
            (folder / HTML).write_text(html, encoding="utf-8", newline="\n")
            self.write_numbers(folder, head, document, downloads.cited.version)
            self.copy_results(folder, source)
            downloads.write_figures(folder)
            pdf, _ = printed.result()
        (folder / PDF).write_bytes(pdf)
        downloads.write_what_describes(folder, self.inputs, self.sources)
        self.refuse_dead_downloads(folder, getattr(document, "downloads", ()))
        facts = manifest.describe(self.edition, self.study, notice, self.inputs, self.sources, manifest.digests(folder))
        (folder / manifest.NAME).write_text(manifest.as_text(facts), encoding="utf-8", newline="\n")

    def write_numbers(self, folder: Path, head: Mapping[str, Any], document: Document, cited: str) -> None:
        """Write all numbers of the report, cited as this version: to compute with, and as a page for a reviewer."""
        from impact_report.exporters import listing
        from impact_report.exporters.review import Program, review_html

        program = Program(__version__, manifest.code(of_notebooks=True)[:VERSION_DIGITS])
        head = {**head, "cited_version": cited, "program": program._asdict()}
        texts = {
            NUMBERS: listing.as_json(head, document),
            NUMBERS_TABLE: listing.as_csv(document),
            REVIEW: review_html(document, HTML, (NUMBERS_TABLE, NUMBERS), program, cited),
        }
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8", newline="\n")

    def copy_results(self, folder: Path, source: Path) -> None:
        """Copy what is published as the notebooks left it: estimates, and, if they did, changes and record."""
        needed = (f"{ESTIMATES}.csv", f"{ESTIMATES}.parquet", FIGURES, f"{FIGURES}.json")
        missing = [execute.shown_path(self.processed / name) for name in needed if not (source / name).exists()]
        if missing:
            do = "have the notebook write it"
            raise PublishingError([Problem("a result of the notebooks", "no such file", one, do) for one in missing])
        shutil.copyfile(source / f"{ESTIMATES}.csv", folder / f"{ESTIMATES}.csv")
        for name in (CHANGE, RECORD):
            if (source / name).is_file():
                shutil.copyfile(source / name, folder / name)

    def refuse_dead_downloads(self, folder: Path, names: tuple[str, ...]) -> None:
        """Raise PublishingError for a link to a file that is not published beside the report."""
        dead = [name for name in names if name != manifest.NAME and not (folder / name).is_file()]
        if dead:
            there = ", ".join(sorted(path.name for path in folder.iterdir()))
            raise PublishingError(
                [Problem(f"a link to one of {there}", name, f"{REPORT}.ipynb", "correct the link") for name in dead]
            )


def cover_of(notebook: NotebookNode) -> dict[str, Any]:
    """Return the cover block of an executed notebook; {} where there is none.

    >>> cover_of({"cells": []})
    {}
    """
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            block = output.get("data", {}).get(BLOCK_MIMETYPE, {})
            if block.get("block") == "cover":
                return dict(block)
    return {}


def _shown(study: Path, root: Path) -> str:
    """Return the study folder as kept notebooks name it: from the project's root, or its name alone."""
    resolved = study.resolve()
    with contextlib.suppress(ValueError):
        return resolved.relative_to(root.resolve()).as_posix()
    return resolved.name


def _digest_of_code(notebook: Path) -> str:
    """Return the fingerprint of a notebook without the words between its cells of code: they change no result."""
    try:
        facts = json.loads(notebook.read_bytes())
        cells = [one | {"source": ""} if one["cell_type"] == "markdown" else one for one in facts["cells"]]
    except (ValueError, TypeError, KeyError):  # no notebook: said when it is to run
        return manifest.digest(notebook)
    return manifest.key({**facts, "cells": cells})


def _stamps(folder: Path) -> dict[str, tuple[int, int, int]]:
    """Return what changes when a file is written: time, size, identity."""
    stamps = {}
    for path in folder.rglob("*"):
        if path.is_file():
            facts = path.stat()
            stamps[path.relative_to(folder).as_posix()] = (facts.st_mtime_ns, facts.st_size, facts.st_ino)
    return stamps


def _results(outputs: Mapping[str, str]) -> dict[str, str]:
    """Return the results that later steps read: all but the executed notebooks."""
    return {name: value for name, value in outputs.items() if not name.endswith(".ipynb")}


def _present(folder: Path, outputs: Mapping[str, str]) -> bool:
    """Return whether files are there as they were left."""
    return all((folder / name).is_file() and manifest.digest(folder / name) == value for name, value in outputs.items())


def _read_keys(folder: Path) -> dict[str, dict]:
    try:
        keys = json.loads((folder / KEYS).read_text(encoding="utf-8"))
        return {
            step: {
                "key": keys[step]["key"],
                "source": keys[step].get("source"),
                "outputs": dict(keys[step]["outputs"]),
            }
            for step in STEPS
            if step in keys
        }
    except (OSError, ValueError, TypeError, KeyError):
        return {}


def _write_keys(folder: Path, keys: Mapping[str, dict]) -> None:
    part = folder / f".{KEYS}.{os.getpid()}"
    part.write_text(manifest.as_text(keys), encoding="utf-8", newline="\n")
    part.replace(folder / KEYS)
