"""The command `impact-report`: reads what was asked, has it done, says how it went."""

from __future__ import annotations

import argparse
import shlex
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from impact_report.errors import ReportError

if TYPE_CHECKING:
    from impact_report.build import Event
    from impact_report.edition import Edition

DONE, FAILED, MISUSED, INTERRUPTED, TERMINATED = 0, 1, 2, 130, 143
STEP_WIDTH = 14
KILOBYTE = 1000
MOST_SHOWN = 20


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status: 0 done, 1 could not be done, 2 wrong usage, 130 interrupted."""
    options = parser().parse_args(arguments)
    if hasattr(signal, "SIGTERM"):
        signal.signal(signal.SIGTERM, _terminated)
    try:
        return options.run(options)
    except ReportError as error:
        _tell_error(error, options.verbose)
        return FAILED
    except KeyboardInterrupt:
        print("\nInterrupted. What was published before is as it was.", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()
        return FAILED
    except Exception as error:
        _tell_unforeseen(error, options.verbose)
        return FAILED


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    command = argparse.ArgumentParser(
        prog="impact-report", description="From a raw survey export and a codebook to a report.", allow_abbrev=False
    )
    commands = command.add_subparsers(title="commands", required=True, metavar="command")

    build = commands.add_parser("build", help="build one edition and publish it", allow_abbrev=False)
    _add_edition(build)
    build.add_argument("--processed", default="data/processed", metavar="FOLDER", help="where notebooks leave results")
    build.add_argument("--force", action="store_true", help="run every step, changed or not")
    build.set_defaults(run=_build)

    preview = commands.add_parser(
        "preview", help="show an edition in the browser, rebuilt at each change; publish nothing", allow_abbrev=False
    )
    _add_edition(preview, published=False)
    preview.add_argument("--processed", default="data/processed", metavar="FOLDER", help="where results are left")
    preview.add_argument("--port", type=int, default=0, metavar="PORT", help="where to serve (any free one)")
    preview.set_defaults(run=_preview)

    verify = commands.add_parser(
        "verify", help="build an edition again elsewhere and compare the bytes", allow_abbrev=False
    )
    _add_edition(verify)
    verify.set_defaults(run=_verify)

    diff = commands.add_parser("diff", help="say what changed between two editions", allow_abbrev=False)
    diff.add_argument("then", metavar="A", help="the earlier edition: its name among the reports, or its folder")
    diff.add_argument("now", metavar="B", help="the later one")
    diff.add_argument("--reports", default="reports", metavar="FOLDER", help="where editions are published (reports)")
    diff.add_argument("--out", default="", metavar="FOLDER", help="where to (diff-A-B among the reports)")
    diff.add_argument("--verbose", action="store_true", help="show whole tracebacks")
    diff.set_defaults(run=_diff)

    codebook = commands.add_parser(
        "codebook", help="draft a study folder, with its codebook, from a raw export", allow_abbrev=False
    )
    codebook.add_argument("export", type=Path, metavar="EXPORT", help="the raw export, in any format that can be read")
    codebook.add_argument("--data", default="", metavar="FOLDER", help="the study folder (studies/<export>)")
    codebook.add_argument("--sheet", metavar="NAME", help="the sheet of a workbook that holds the answers")
    codebook.add_argument("--format", metavar="NAME", help="the platform it is from, where that is not recognised")
    codebook.add_argument("--encoding", metavar="NAME", help="the encoding of a text file, where it is not recognised")
    codebook.add_argument("--verbose", action="store_true", help="show whole tracebacks")
    codebook.set_defaults(run=_codebook)

    grim = commands.add_parser(
        "grim",
        help="say with which bases printed percentages are possible",
        description="Say with which bases printed percentages are possible (GRIM). Exit status: 0 possible, 1 "
        "impossible, 2 wrong usage. Strokes separate groups that may have bases of their own: grim 83 65 / 65 57",
        allow_abbrev=False,
    )
    grim.add_argument("percentages", nargs="+", metavar="PERCENTAGE", help="as printed: 83, 83%% or 83.5")
    grim.add_argument("--base", type=int, metavar="N", help="say of this base alone which percentages it allows")
    grim.add_argument("--decimals", type=int, metavar="D", help="how many were printed (as many as are written)")
    grim.add_argument("--largest", type=int, default=100, metavar="N", help="the largest base to try (100)")
    grim.add_argument("--rounding", default="half up", metavar="RULE", help="half up, half down, half even, up or down")
    grim.add_argument("--verbose", action="store_true", help=argparse.SUPPRESS)
    grim.set_defaults(run=_grim)

    schema = commands.add_parser("schema", help="write the JSON Schema of codebook.yml", allow_abbrev=False)
    schema.add_argument("--output", type=Path, metavar="FILE", help="where to; without it: on the standard output")
    schema.add_argument("--verbose", action="store_true", help=argparse.SUPPRESS)
    schema.set_defaults(run=_schema)
    return command


def _add_edition(command: argparse.ArgumentParser, published: bool = True) -> None:
    command.add_argument("--data", default="data/raw", metavar="FOLDER", help="the study folder (data/raw)")
    command.add_argument("--wave", metavar="NAME", help="the wave (the study's only one; of several: reconstruction)")
    command.add_argument("--group", default="", metavar="ITEM=CODE", help="one group of the wave, as region=2")
    command.add_argument("--language", default="", metavar="CODE", help="of the report, as es (the study's)")
    if published:
        command.add_argument(
            "--reports", default="reports", metavar="FOLDER", help="where editions are published (reports)"
        )
    command.add_argument("--verbose", action="store_true", help="show whole tracebacks")


def _edition(options: argparse.Namespace) -> Edition:
    from impact_report.edition import Edition

    return Edition.of(options.data, options.wave, options.group, options.language)


def _build(options: argparse.Namespace) -> int:
    from impact_report import execute
    from impact_report.build import build
    from impact_report.execute import shown_path

    if options.force:
        execute.warm_up()
    edition = _edition(options)
    progress = Progress(sys.stderr)
    try:
        result = build(edition, options.processed, options.reports, options.force, progress)
    finally:
        progress.end()
    print(f"{result.edition}: {'published' if result.changed else 'nothing has changed'}, {result.seconds:.1f} s")
    for path in (result.html, result.pdf):
        print(f"  {shown_path(path)}  {size(result.files[path.name])}")
    others = [name for name in result.files if name not in (result.html.name, result.pdf.name)]
    loose = [name for name in others if "/" not in name]
    figures = len({name.rpartition(".")[0] for name in others if "/" in name})
    print(f"  beside them: {', '.join(loose)}" + (f", figures ({figures}, as SVG and PNG)" if figures else ""))
    return DONE


def _preview(options: argparse.Namespace) -> int:
    from impact_report.preview import preview
    from impact_report.preview.builder import Asked

    asked = Asked(options.data, options.wave, options.group, options.language, options.processed)
    preview(asked, options.port)
    return DONE


def _verify(options: argparse.Namespace) -> int:
    from impact_report.execute import shown_path
    from impact_report.verify import verify

    progress = Progress(sys.stderr)
    try:
        verdict = verify(_edition(options), options.reports, progress)
    finally:
        progress.end()
    for file in verdict.files:
        print(f"  {file.state:<8}  {file.name}")
    for version in verdict.versions:
        print(f"  not compared: {version}")
    where = shown_path(verdict.folder)
    differing = sum(file.state != "same" for file in verdict.files)
    if verdict.same:
        print(f"{where}: all {len(verdict.files)} files have the same bytes when built again.")
        return DONE
    print(f"{where}: {differing} of {len(verdict.files)} files differ from what is published.")
    return FAILED


def _diff(options: argparse.Namespace) -> int:
    from impact_report.compare.files import write

    written = write(options.then, options.now, options.reports, options.out)
    for line in written.summary:
        print(f"  {line}")
    for path in (written.html, written.markdown):
        print(f"{_from_root(path)}  {size(path.stat().st_size)}")
    return DONE


def _codebook(options: argparse.Namespace) -> int:
    from impact_report.draft import draft

    drafted = draft(options.export, options.data, options.sheet, options.format, options.encoding)
    for file in drafted.files:
        print(f"  {file.state + ':':<11}{_from_root(file.path)}{f' ({file.word})' if file.word else ''}")
    if drafted.uncovered:
        print("\nWhat the kept files do not cover yet:")
    for line in drafted.uncovered[:MOST_SHOWN]:
        print(f"  {line}")
    if len(drafted.uncovered) > MOST_SHOWN:
        print(f"  … and {len(drafted.uncovered) - MOST_SHOWN} more")
    if drafted.decisions:
        print("\nTo decide, also listed in DECISIONS.md; the choice made for now stands at each place:")
    width = len(str(len(drafted.decisions)))
    for one in drafted.decisions:
        print(f"  {one.number:>{width}}. {one.file}:{one.line}  {one.words}")
    wave = f" WAVE={drafted.wave}" if len([*drafted.folder.glob("*/wave.yml")]) > 1 else ""
    print(f"\nThe report, at once:  make report DATA={shlex.quote(_from_root(drafted.folder))}{wave}")
    return DONE


def _grim(options: argparse.Namespace) -> int:
    from impact_report import plausibility
    from impact_report.errors import EstimationError

    try:
        groups = plausibility.read_percentages(options.percentages)
        if options.base is not None:
            return _grim_of_base(groups, options)
        named = {" ".join(group): group for group in groups}
        bases = plausibility.attainable(named, options.decimals, options.largest, options.rounding)
    except EstimationError as error:
        _tell_error(error, options.verbose)
        return MISUSED
    print(f"Possible bases up to {options.largest}, rounding {options.rounding}:")
    together = bases.pop(plausibility.ALL_SECTIONS)
    for name, found in bases.items():
        print(f"  {name}:  {plausibility.in_ranges(found) or 'none'}")
    if len(bases) > 1:
        print(f"  all together:  {plausibility.in_ranges(together) or 'none'}")
    if any(bases.values()):
        print("Possible does not mean true.")
    return DONE if all(bases.values()) else FAILED


def _grim_of_base(groups: list[list[str]], options: argparse.Namespace) -> int:
    from impact_report import plausibility

    percents = list(dict.fromkeys(percent for group in groups for percent in group))
    found = plausibility.counts_of(percents, options.base, options.decimals, options.rounding)
    print(f"Base {options.base}, rounding {options.rounding}:")
    for percent, counts in zip(percents, found, strict=True):
        words = f"possible: {plausibility.in_ranges(counts)} of {options.base}" if counts else "impossible"
        print(f"  {percent}%  {words}")
    impossible = sum(not counts for counts in found)
    if impossible:
        print(f"{impossible} of {len(percents)} different percentages are impossible with this base.")
        return FAILED
    print("All of them are possible with this base, which does not mean that they are true.")
    return DONE


def _from_root(path: Path) -> str:
    """Return a path as it can be given to a command: from the project's root where it lies there."""
    from impact_report.edition import project_root

    root = project_root()
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)


def _schema(options: argparse.Namespace) -> int:
    from impact_report import codebook

    text = codebook.schema()
    if options.output is None:
        sys.stdout.write(text if text.endswith("\n") else text + "\n")
    else:
        options.output.write_text(text, encoding="utf-8", newline="\n")
    return DONE


class Progress:
    """Says where a build is: one line that changes in a terminal, one line a step in a log."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.changing = stream.isatty()
        self.began = time.perf_counter()
        self._line_open = False

    def __call__(self, event: Event) -> None:
        """Show an event of a build."""
        step = f"{event.step:<{STEP_WIDTH}}"
        if not self.changing:
            if event.state == "done":
                self._write(f"  {step} {event.seconds:6.1f} s\n")
            elif event.state == "unchanged":
                self._write(f"  {step} unchanged\n")
            return
        cell = f"  cell {event.cell} of {event.cells}" if event.cells else ""
        seconds = time.perf_counter() - self.began
        line = f"  {step.rstrip()}{cell}  {event.state if event.state == 'unchanged' else ''}  {seconds:.1f} s"
        width = shutil.get_terminal_size().columns - 1
        self._write(f"\r\033[K{line[:width]}")
        self._line_open = True

    def end(self) -> None:
        """Leave the terminal's line empty for what comes next."""
        if self._line_open:
            self._write("\r\033[K")
            self._line_open = False

    def _write(self, text: str) -> None:
        self.stream.write(text)
        self.stream.flush()


def size(count: int) -> str:
    """Return a number of bytes as people read it.

    >>> size(168_400), size(999), size(2_345_678)
    ('168 kB', '999 bytes', '2.3 MB')
    """
    if count < KILOBYTE:
        return f"{count} bytes"
    if count < KILOBYTE**2:
        return f"{count / KILOBYTE:.0f} kB"
    return f"{count / KILOBYTE**2:.1f} MB"


def _tell_error(error: ReportError, verbose: bool) -> None:
    print(f"\n{error}", file=sys.stderr)
    for note in getattr(error, "__notes__", ()):
        print(f"\n{note}", file=sys.stderr)
    if verbose:
        details = getattr(error, "details", "") or "".join(traceback.format_exception(error))
        print(f"\n{details}", file=sys.stderr)


def _tell_unforeseen(error: Exception, verbose: bool) -> None:
    if verbose:
        traceback.print_exception(error)
        return
    frames = traceback.extract_tb(error.__traceback__)
    where = f" ({Path(frames[-1].filename).name}, line {frames[-1].lineno})" if frames else ""
    words = f"{error.strerror}: {error.filename}" if isinstance(error, OSError) and error.filename else str(error)
    print(f"\n{type(error).__name__}: {words}{where}", file=sys.stderr)
    print("This was not foreseen. What was published before is as it was; --verbose shows all.", file=sys.stderr)


def _terminated(number: int, frame: object) -> None:
    raise SystemExit(TERMINATED)


if __name__ == "__main__":
    sys.exit(main())
