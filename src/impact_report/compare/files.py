"""The page and its Markdown in a folder: written both or not at all, the same bytes every time."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from impact_report import language
from impact_report.build import REPORTS
from impact_report.compare.editions import read_both
from impact_report.compare.markdown import markdown
from impact_report.compare.page import blocks, in_words
from impact_report.edition import project_root
from impact_report.errors import Problem, PublishingError
from impact_report.execute import shown_path
from impact_report.exporters.document import document_of
from impact_report.exporters.html import document_html
from impact_report.exporters.structure import plain_text
from impact_report.staging import staged

HTML, MARKDOWN = "changes.html", "changes.md"


@dataclass(frozen=True)
class Written:
    """Where the comparison was written, and its summary line by line."""

    html: Path
    markdown: Path
    summary: tuple[str, ...]


def write(then: str, now: str, reports: str | Path = REPORTS, out: str | Path = "") -> Written:
    """Compare two editions (names among the reports, or folders) and write the page and the Markdown.

    They go to `diff-THEN-NOW` among the reports, or to `out`. Raises ParameterError where the two cannot be compared,
    PublishingError where the folder holds something else.
    """
    before, after = read_both(then, now, reports)
    language.use(after.record["language"])
    page = blocks(before, after)
    folder = project_root() / (out or Path(reports) / f"diff-{before.name}-{after.name}")
    _refuse_others(folder)
    html, text = document_html(document_of(page)), markdown(page)
    try:
        with staged(folder) as stage:
            (stage.folder / HTML).write_text(html, encoding="utf-8", newline="\n")
            (stage.folder / MARKDOWN).write_text(text, encoding="utf-8", newline="\n")
            stage.publish()
    except OSError as fault:
        do = "give another folder (--out)"
        raise PublishingError(
            Problem("a folder that can be made and written", str(fault.strerror or fault), shown_path(folder), do)
        ) from None
    return Written(folder / HTML, folder / MARKDOWN, tuple(plain_text(line) for line in in_words(page)))


def _refuse_others(folder: Path) -> None:
    """Raise PublishingError where a file or other files would be lost."""
    if not folder.exists():
        return
    others = (
        sorted(path.name for path in folder.iterdir() if path.name not in (HTML, MARKDOWN))
        if folder.is_dir()
        else [folder.name]
    )
    if others:
        expected = f"a folder with nothing but {HTML} and {MARKDOWN}, or none"
        do = "give another folder (--out), or move what is there"
        raise PublishingError(Problem(expected, ", ".join(others), shown_path(folder), do))
