"""Notebooks tell and the package computes: short cells, one import, typed parameters, no typed number, no output."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import nbformat
import pytest

import helpers
from impact_report.results import Results

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
NUMBERED = [path for path in NOTEBOOKS if re.match(r"\d\d_", path.name)]
README = (ROOT / "README.md").read_text(encoding="utf-8")
LONGEST_CELL = 8
PARAMETERS = {"study": "data/raw", "wave": "reconstruction", "group": "", "language": "", "processed": "data/processed"}
NUMBER_WORDS = re.compile(r"\d+(?:[.,]\d+)?\s*(?:%|percent|per cent)", re.IGNORECASE)

every_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
numbered_notebook = pytest.mark.parametrize("path", NUMBERED, ids=lambda path: path.stem)


def cells(path: Path, kind: str = "") -> list[dict]:
    return [cell for cell in nbformat.read(path, as_version=4).cells if kind in ("", cell["cell_type"])]


def code(path: Path) -> list[ast.Module]:
    return [ast.parse(cell["source"]) for cell in cells(path, "code")]


def parameters(path: Path) -> dict:
    (cell,) = [cell for cell in cells(path, "code") if "parameters" in cell["metadata"].get("tags", [])]
    return cell


def names_used(path: Path) -> set[str]:
    """Return the names of `helpers` that a notebook imports or reaches through `report.…`."""
    found: set[str] = set()
    for tree in code(path):
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module == "helpers":
                found |= {alias.name for alias in node.names}
            elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "report":
                found.add(node.attr)
    return found


def test_there_are_four_that_run_in_order():
    assert [path.stem for path in NUMBERED] == ["01_clean", "02_indicators", "03_charts", "04_report"]


# --- Shape ------------------------------------------------------------------------------------------------------------


@every_notebook
def test_it_is_a_valid_notebook_of_a_plain_kernel(path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert notebook.metadata["kernelspec"]["name"] == "python3"


@every_notebook
def test_it_is_written_as_jupyter_writes_it(path):
    """So that opening and saving it changes nothing but what was meant."""
    text = path.read_text(encoding="utf-8")
    assert text.endswith("}\n")
    assert json.dumps(json.loads(text), indent=1, ensure_ascii=False) + "\n" == text


@every_notebook
def test_it_opens_with_its_title_and_its_promise(path):
    first, second = cells(path)[:2]
    assert first["cell_type"] == "markdown"
    assert re.match(r"# \S", first["source"])
    assert re.search(r"promise", first["source"])
    assert "parameters" in second["metadata"].get("tags", [])


@every_notebook
def test_it_has_8_to_25_cells(path):
    assert 8 <= len(cells(path)) <= 25


@every_notebook
def test_code_cells_are_short(path):
    for cell in cells(path, "code"):
        lines = [line for line in cell["source"].splitlines() if line.strip()]
        assert 1 <= len(lines) <= LONGEST_CELL, cell["source"]


@every_notebook
def test_every_cell_has_a_name_of_its_own_that_stays(path):
    names = [cell["id"] for cell in cells(path)]
    assert len(set(names)) == len(names)
    assert names == [f"{path.stem[:2]}-{k:02}" for k in range(1, len(names) + 1)]


# --- Parameters -------------------------------------------------------------------------------------------------------


@every_notebook
def test_parameters_are_typed_literals(path):
    tree = ast.parse(parameters(path)["source"])
    assert all(isinstance(node, ast.AnnAssign) for node in tree.body)
    for node in tree.body:
        assert isinstance(node.annotation, ast.Name)
        assert type(ast.literal_eval(node.value)).__name__ == node.annotation.id


@numbered_notebook
def test_all_four_have_the_same_parameters(path):
    tree = ast.parse(parameters(path)["source"])
    assert {node.target.id: ast.literal_eval(node.value) for node in tree.body} == PARAMETERS


@numbered_notebook
def test_every_parameter_is_used(path):
    rest = [
        ast.parse(cell["source"])
        for cell in cells(path, "code")
        if "parameters" not in cell["metadata"].get("tags", [])
    ]
    used = {node.id for tree in rest for node in ast.walk(tree) if isinstance(node, ast.Name)}
    assert set(PARAMETERS) <= used


# --- Nothing but calls ------------------------------------------------------------------------------------------------


@every_notebook
def test_nothing_is_defined_in_it(path):
    for tree in code(path):
        for node in ast.walk(tree):
            assert not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)


@every_notebook
def test_helpers_is_its_one_import_from_the_project(path):
    modules = {
        name
        for tree in code(path)
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert "helpers" in modules
    assert not any(name.split(".")[0] == "impact_report" for name in modules)
    assert modules <= {"helpers"}


@every_notebook
def test_it_runs_no_commands(path):
    for cell in cells(path, "code"):
        assert not re.search(r"^\s*[!%]", cell["source"], flags=re.MULTILINE)


@every_notebook
def test_no_output_is_committed(path):
    for cell in cells(path, "code"):
        assert cell["outputs"] == []
        assert cell["execution_count"] is None
    assert "widgets" not in nbformat.read(path, as_version=4).metadata


# --- Nothing but words ------------------------------------------------------------------------------------------------


@every_notebook
def test_no_percentage_is_typed(path):
    for cell in cells(path, "markdown"):
        assert not NUMBER_WORDS.search(cell["source"]), cell["source"]


@numbered_notebook
def test_no_number_at_all_is_typed_into_prose(path):
    for cell in cells(path, "markdown"):
        prose = re.sub(r"`[^`]*`|^\d+\. ", "", cell["source"], flags=re.MULTILINE)
        assert not re.search(r"\d", prose), cell["source"]


@every_notebook
def test_a_heading_after_the_title_is_a_question(path):
    for cell in cells(path, "markdown")[1:]:
        for heading in re.findall(r"^#+ (.*)$", cell["source"], flags=re.MULTILINE):
            assert heading.endswith("?"), heading


# --- Helpers ----------------------------------------------------------------------------------------------------------


def test_every_helper_exists_and_is_listed_once():
    assert len(set(helpers.__all__)) == len(helpers.__all__)
    for name in helpers.__all__:
        assert hasattr(helpers, name)


def test_helpers_only_passes_on():
    """No logic: a docstring, imports, and the list of names, which are exactly those it imports."""
    tree = ast.parse(Path(helpers.__file__).read_text(encoding="utf-8"))
    docstring, *rest = tree.body
    assert isinstance(docstring, ast.Expr)
    assert all(isinstance(node, ast.ImportFrom | ast.Assign) for node in rest)
    imported = {alias.name for node in rest if isinstance(node, ast.ImportFrom) for alias in node.names}
    assert imported == set(helpers.__all__)


@pytest.mark.parametrize("name", helpers.__all__)
def test_every_helper_is_used_or_explained(name):
    used = set().union(*map(names_used, NOTEBOOKS))
    assert name in used or re.search(rf"`[^`]*\b{name}\b[^`]*`", README)


@every_notebook
def test_notebooks_use_helpers_that_exist(path):
    assert names_used(path) <= {*helpers.__all__, "Results"}


def test_the_readme_names_no_helper_that_is_not_there():
    (table,) = re.findall(r"\| from `helpers` \|.*?\n\n", README, flags=re.DOTALL)
    first_cells = [row.split("|")[1] for row in table.splitlines()[2:] if row.startswith("|")]
    named = {name for cell in first_cells for name in re.findall(r"`([A-Za-z_]+)[`(.]", cell)}
    assert len(named) > 10
    assert named <= set(helpers.__all__)


def test_what_the_readme_says_of_results_is_there():
    for name in ("clean", "estimate", "compute_facts", "responses", "estimates", "ledger", "wave", "codebook"):
        assert hasattr(Results, name) or name in Results.__dataclass_fields__
        assert f".{name}" in README
