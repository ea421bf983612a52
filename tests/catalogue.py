"""The words that a report can say, found in the code; a language that no one speaks; an edition run in this process."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import nbformat
import pytest

from impact_report import blocks, language

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "impact_report"
SAYING = ("words", "sentence", "say", "translated", "heading", "callout", "column")
FIELD = re.compile(r"(\{[a-z_]+\})")
# Latin letters are told apart from Cyrillic ones by eye and by machine.
OTHER_LETTERS = {
    **{chr(ord("a") + k): chr(ord("а") + k) for k in range(26)},
    **{chr(ord("A") + k): chr(ord("А") + k) for k in range(26)},
}


def _name(call: ast.Call) -> str:
    return getattr(call.func, "id", None) or getattr(call.func, "attr", "")


def templates() -> set[str | tuple[str, str]]:
    """Return every template that stands in the code as the argument of a function that says it."""
    found: set = set()
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            texts = [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
            if _name(node) == "plural" and len(texts) >= 2:
                found.add(tuple(texts[:2]))
            elif _name(node) in SAYING and isinstance(node.args[0], ast.Constant) and texts:
                found.add(texts[0])
    return {one for one in found if isinstance(one, tuple) or re.search(r"[A-Za-z]", FIELD.sub("", one))}


def constants() -> set[str]:
    """Return every text that stands in the code, and every paragraph and heading of the notebooks."""
    found = set()
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
    return found | paragraphs()


def paragraphs() -> set[str]:
    """Return the paragraphs and headings of the notebook that becomes the report."""
    notebook = nbformat.read(ROOT / "notebooks" / "04_report.ipynb", as_version=4)
    cells = [
        cell.source
        for cell in notebook.cells
        if cell.cell_type == "markdown" and "notebook-only" not in cell.metadata.get("tags", [])
    ]
    return {re.sub(r"^#+ ", "", text) for cell in cells for text in cell.split("\n\n") if text}


class Nobodys(dict):
    """A catalogue that has every template, in letters that no study of the tests uses."""

    def get(self, template, default=None):
        if isinstance(template, tuple):
            return tuple(map(in_other_letters, template))
        return in_other_letters(template)


def in_other_letters(template: str) -> str:
    """Return a template with its letters replaced, its fields as they are.

    >>> in_other_letters("of {n}")
    'ое {n}'
    """
    parts = FIELD.split(template)
    return "".join(part if FIELD.fullmatch(part) else "".join(OTHER_LETTERS.get(c, c) for c in part) for part in parts)


def run(monkeypatch: pytest.MonkeyPatch, **parameters: str) -> nbformat.NotebookNode:
    """Run the four notebooks in this process with these parameters; return the last with what it has shown."""
    shown: list[dict] = []
    monkeypatch.setattr(blocks, "display", lambda content, raw: shown.append(content))
    for path in sorted((ROOT / "notebooks").glob("0*.ipynb")):
        notebook, names = nbformat.read(path, as_version=4), {}
        for cell in notebook.cells:
            if cell.cell_type != "code":
                continue
            shown.clear()
            exec(compile(cell.source, path.name, "exec"), names)
            if "parameters" in cell.metadata.get("tags", []):
                names.update(parameters)
            cell.outputs = [nbformat.v4.new_output("display_data", data=dict(one)) for one in shown]
    return notebook


def speak_nobodys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Say everything in the language that no one speaks."""
    monkeypatch.setattr(language, "_catalogue", lambda code: Nobodys())
