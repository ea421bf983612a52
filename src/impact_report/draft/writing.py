"""YAML as a person would write it: short answers on one line, long ones folded, remarks beside them."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterable, Mapping, Sequence

import yaml

WIDTH = 120
_REMARK_AT = 60  # the column in which the remarks of short lines stand
_PRINTABLE = re.compile(
    r"[^\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]|[\u2028\u2029\x85\xad]"
)
MARK = "# DECISION: "


def scalar(text: str, inside: bool = False) -> str:
    """Return a text as a YAML value, in quotes only where it would be taken for something else.

    `inside` brackets more would be.

    >>> print(scalar("Role"), scalar("no"), scalar("Yes: often"), scalar("007"), scalar(" a "))
    Role "no" "Yes: often" "007" " a "
    """
    if text and not _PRINTABLE.search(text) and "\n" not in text:
        try:
            if yaml.safe_load(f"a: {text}") == {"a": text} and (not inside or yaml.safe_load(f"[{text}]") == [text]):
                return text
        except (yaml.YAMLError, ValueError):
            pass
    return _PRINTABLE.sub(_escaped, json.dumps(text, ensure_ascii=False))


def _escaped(match: re.Match[str]) -> str:
    number = ord(match.group())
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def flow(values: Iterable[str]) -> str:
    """Return a list on one line.

    >>> flow(["a", "b, c"])
    '[a, "b, c"]'
    """
    return f"[{', '.join(scalar(value, inside=True) for value in values)}]"


def flow_map(values: Mapping[str, str | Sequence[str]]) -> str:
    """Return keys and values on one line; a value is a text, or a list of texts.

    >>> flow_map({"label": "Yes", "texts": ["1"]})
    '{label: "Yes", texts: ["1"]}'
    """
    parts = [
        f"{scalar(key, inside=True)}: {scalar(one, inside=True) if isinstance(one, str) else flow(one)}"
        for key, one in values.items()
    ]
    return f"{{{', '.join(parts)}}}"


class Writer:
    """The lines of a file, from the first to the last."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def line(self, depth: int, text: str = "", remark: str = "") -> None:
        """Write a line, with a remark beside it."""
        whole = f"{'  ' * depth}{text}"
        if remark:
            whole = (
                f"{whole:<{_REMARK_AT}}# {_one_line(remark)}"
                if len(whole) < _REMARK_AT
                else f"{whole}  # {_one_line(remark)}"
            )
        self.lines.append(whole.rstrip())

    def remark(self, depth: int, text: str, mark: str = "# ") -> None:
        """Write a remark on lines of its own."""
        for part in textwrap.wrap(_one_line(text), WIDTH - 2 * depth - len(mark), break_long_words=False):
            self.lines.append(f"{'  ' * depth}{mark}{part}")
            mark = "# " if mark.startswith("# ") else mark

    def decision(self, depth: int, text: str) -> None:
        """Write what a person must decide; it is numbered when the file is complete."""
        self.lines.append(f"{'  ' * depth}{MARK}{_one_line(text)}")

    def value(self, depth: int, key: str, text: str, anchor: str = "", remark: str = "") -> None:
        """Write a key and a text, folded if it is long."""
        name = f"&{anchor} " if anchor else ""
        plain = f"{key}: {name}{scalar(text)}"
        foldable = text == " ".join(text.split(" ")) and not _PRINTABLE.search(text) and text.strip() == text
        if 2 * depth + len(plain) <= WIDTH or " " not in text or not foldable or "  " in text:
            self.line(depth, plain, remark)
            return
        self.line(depth, f"{key}: {name}>-", remark)
        words = textwrap.wrap(
            text, WIDTH - 2 * depth - 2, break_long_words=False, break_on_hyphens=False,
            replace_whitespace=False, expand_tabs=False,
        )  # fmt: skip
        for part in words:
            self.line(depth + 1, part)

    def text(self) -> str:
        """Return the whole file."""
        return "\n".join(self.lines) + "\n"


def _one_line(text: str) -> str:
    return " ".join(_PRINTABLE.sub(" ", text).split())
