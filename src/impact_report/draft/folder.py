"""The files of a study folder: written once, and never again over what a person has changed."""

from __future__ import annotations

import filecmp
import hashlib
import re
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from impact_report.draft.writing import MARK
from impact_report.errors import ParameterError, Problem

WRITTEN, UNCHANGED, RENEWED, KEPT = "written", "unchanged", "renewed", "kept"
_SUM = re.compile(r"\n(?:# |<!-- )drafted ([0-9a-f]{12})(?: -->)?\n$")
_SPECIAL = re.compile(r"[\\*?\[\]!#]| $")  # in .gitignore
_MARKED = re.compile(r"^\s*# DECISION (\d+): (.*)$")
_IGNORED = """\
# The raw export may tell who somebody is, so git leaves it alone. Take this line out to commit it all the same.
responses.*
"""


@dataclass(frozen=True)
class File:
    """What became of a file: its path, its state, and a word on it."""

    path: Path
    state: str
    word: str = ""


@dataclass(frozen=True)
class Decision:
    """Something that a person must decide: its number, where it stands, and what it is."""

    number: int
    file: str
    line: int
    words: str


def numbered(pages: dict[str, str]) -> tuple[dict[str, str], list[Decision]]:
    """Return the pages with their decisions numbered through, and the list of these; what is said twice has one number.

    >>> pages, decisions = numbered({"a.yml": "x: 1\\n# DECISION: which?\\ny: 2\\n# DECISION: which?\\n"})
    >>> pages["a.yml"].splitlines()[1::2]
    ['# DECISION 1: which?', '# as in DECISION 1']
    >>> decisions
    [Decision(number=1, file='a.yml', line=2, words='which?')]
    """
    numbers: dict[str, int] = {}
    decisions, done = [], {}
    for name, page in pages.items():
        lines = page.split("\n")
        for place, line in enumerate(lines):
            before, mark, words = line.partition(MARK)
            if not mark or before.strip():
                continue
            if words in numbers:
                lines[place] = f"{before}# as in DECISION {numbers[words]}"
                continue
            numbers[words] = len(numbers) + 1
            decisions.append(Decision(numbers[words], name, place + 1, words))
            lines[place] = f"{before}# DECISION {numbers[words]}: {words}"
        done[name] = "\n".join(lines)
    return done, decisions


def decisions_in(folder: Path, names: Iterable[str]) -> list[Decision]:
    """Return the decisions that are still marked in the files of a folder.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = (Path(folder) / "wave.yml").write_text("# DECISION 3: which day?\\nfielded: …\\n", "utf-8")
    ...     decisions_in(Path(folder), ["wave.yml"])
    [Decision(number=3, file='wave.yml', line=1, words='which day?')]
    """
    found = []
    for name in names:
        for place, line in enumerate(_text_of(folder / name).splitlines(), 1):
            if match := _MARKED.match(line):
                found.append(Decision(int(match[1]), name, place, match[2]))
    return found


def check(study: Path, wave: Path, names: Iterable[str]) -> None:
    """Raise ParameterError, before anything is written, where files of a study cannot be written or read.

    >>> check(Path("no/such/study"), Path("no/such/study/2024"), ["codebook.yml"])
    """
    problems = [
        Problem("a folder for the study", "a file", str(folder), "name another folder (DATA=), or move that file away")
        for folder in (*reversed(study.parents), study, wave)
        if folder.exists() and not folder.is_dir()
    ]
    if not problems:
        for path in (study / name for name in names):
            try:
                _text_of(path)
            except FileNotFoundError:
                continue
            except (OSError, UnicodeDecodeError) as fault:
                do = "save it as UTF-8, or move it away"
                problems.append(Problem("a text file in UTF-8", str(fault), str(path), do))
    if problems:
        raise ParameterError(problems)


def write(path: Path, text: str, others_use_it: bool = False) -> File:
    """Write a drafted file; one that a person has changed stays, and the new draft lies beside it.

    A file knows by the sum in its last line whether it is as it was drafted. One that other waves use stays too.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     page = Path(folder) / "wave.yml"
    ...     print(write(page, "title: A").state, write(page, "title: A").state, write(page, "title: B").state)
    ...     _ = page.write_text("title: mine", "utf-8")
    ...     print(write(page, "title: C").word)
    written unchanged renewed
    edited; the new draft is wave.drafted.yml
    """
    summed = _with_sum(path, text)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(summed, encoding="utf-8", newline="\n")
        return File(path, WRITTEN)
    there = _text_of(path)
    if there == summed:
        return File(path, UNCHANGED)
    if not others_use_it and _is_as_drafted(there):
        path.write_text(summed, encoding="utf-8", newline="\n")
        return File(path, RENEWED, "it was as drafted before")
    beside = path.with_name(f"{path.stem}.drafted{path.suffix}")
    beside.write_text(summed, encoding="utf-8", newline="\n")
    why = "other waves use it" if _is_as_drafted(there) else "edited"
    return File(path, KEPT, f"{why}; the new draft is {beside.name}")


def copy(export: Path, path: Path) -> File:
    """Copy the raw export; another file that lies there stays.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     raw, there = Path(folder) / "export.csv", Path(folder) / "2024" / "responses.csv"
    ...     _ = raw.write_text("Role", "utf-8")
    ...     print(copy(raw, there).state, copy(raw, there).state)
    written unchanged
    """
    if path.exists():
        if path.samefile(export) or filecmp.cmp(path, export, shallow=False):
            return File(path, UNCHANGED)
        return File(path, KEPT, f"not the same as {export.name}; copy that there yourself if it is the newer one")
    path.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(export, path)
    return File(path, WRITTEN)


def hide_from_git(study: Path, raw: Path) -> None:
    """Let git leave the raw export alone; a line that a person has taken out is not added again to a study's list.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     hide_from_git(Path(folder), Path(folder) / "2024" / "choir [1].csv")
    ...     (Path(folder) / ".gitignore").read_text("utf-8").splitlines()[1:]
    ['responses.*', '/2024/choir \\\\[1\\\\].csv']
    """
    path = study / ".gitignore"
    if not path.exists():
        path.write_text(_IGNORED, encoding="utf-8", newline="\n")
    if not raw.name.startswith("responses."):
        line = "/" + _SPECIAL.sub(r"\\\g<0>", raw.relative_to(study).as_posix())
        there = path.read_bytes()
        if line.encode() not in there.splitlines():
            path.write_bytes(there + (b"" if there.endswith(b"\n") else b"\n") + line.encode() + b"\n")


def _text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _with_sum(path: Path, text: str) -> str:
    number = hashlib.sha256(text.encode()).hexdigest()[:12]
    return f"{text}\n<!-- drafted {number} -->\n" if path.suffix == ".md" else f"{text}\n# drafted {number}\n"


def _is_as_drafted(there: str) -> bool:
    match = _SUM.search(there)
    return bool(match) and hashlib.sha256(there[: match.start()].encode()).hexdigest()[:12] == match[1]
