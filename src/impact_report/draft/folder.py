"""The files of a study folder: written once, and never again over what a person has changed."""

from __future__ import annotations

import filecmp
import hashlib
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from impact_report.draft.writing import MARK

WRITTEN, UNCHANGED, RENEWED, KEPT = "written", "unchanged", "renewed", "kept"
_SUM = re.compile(r"\n(?:# |<!-- )drafted ([0-9a-f]{12})(?: -->)?\n$")
_MARKED = re.compile(r"^\s*# DECISION (\d+): (.*)$")
IGNORED = """\
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


def decisions_in(folder: Path, names: list[str]) -> list[Decision]:
    """Return the decisions that are still marked in the files of a folder."""
    found = []
    for name in names:
        for place, line in enumerate((folder / name).read_text(encoding="utf-8").splitlines(), 1):
            if match := _MARKED.match(line):
                found.append(Decision(int(match[1]), name, place, match[2]))
    return found


def write(path: Path, text: str, others_use_it: bool = False) -> File:
    """Write a drafted file; one that a person has changed stays, and the new draft lies beside it.

    A file knows by the sum in its last line whether it is as it was drafted. One that other waves use stays too.
    """
    summed = _with_sum(path, text)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(summed, encoding="utf-8", newline="\n")
        return File(path, WRITTEN)
    there = path.read_text(encoding="utf-8")
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
    """Copy the raw export; another file that lies there stays."""
    if path.exists():
        if path.samefile(export) or filecmp.cmp(path, export, shallow=False):
            return File(path, UNCHANGED)
        return File(path, KEPT, f"not the same as {export.name}; copy that there yourself if it is the newer one")
    path.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(export, path)
    return File(path, WRITTEN)


def _with_sum(path: Path, text: str) -> str:
    number = hashlib.sha256(text.encode()).hexdigest()[:12]
    return f"{text}\n<!-- drafted {number} -->\n" if path.suffix == ".md" else f"{text}\n# drafted {number}\n"


def _is_as_drafted(there: str) -> bool:
    match = _SUM.search(there)
    return bool(match) and hashlib.sha256(there[: match.start()].encode()).hexdigest()[:12] == match[1]
