"""The house has an order: a module imports only what stands above it, and nothing in it knows of one survey."""

from __future__ import annotations

import ast
import inspect
import re
import subprocess
from pathlib import Path

import pytest

from impact_report.manifest import AFTER_THE_NOTEBOOKS

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "impact_report"

# From the ground up. A package stands where its `__init__` stands; its inner modules are listed one by one.
# fmt: off
ORDER = [
    "own_code", "errors", "language", "wording", "rounding", "palette", "imports", "shell", "staging", "yamlfile",
    "codebook.model", "codebook.contradictions", "codebook", "wave.model", "wave.contradictions", "wave",
    "exporters", "exporters.typefaces", "brand", "edition", "conditions", "readers.export", "readers.table",
    "readers.source", "readers.encodings", "readers.delimited", "readers.values", "readers.workbook",
    "readers.columnar", "readers.spss", "readers.summary", "readers.joined", "readers.surveymonkey",
    "readers.qualtrics.labels", "readers.qualtrics.headers", "readers.qualtrics.questions",
    "readers.qualtrics.status", "readers.qualtrics", "readers.redcap", "readers.kobo", "readers.limesurvey",
    "readers.google", "readers.plain", "readers", "ticks", "moments", "quantities", "personal", "repairs",
    "binding", "ledger", "joined_answers", "decoding.cells", "decoding.meaning", "decoding.answers",
    "decoding.single", "decoding.several", "decoding", "arguments", "weighting", "design.margins", "design.drawn",
    "design.variance", "design.effective", "design", "sampling", "cleaning", "precision", "difference", "tally",
    "reliability", "deduction", "protection", "disclosure", "columns", "formulas", "tables.content", "tables.book",
    "tables.section", "tables.about", "tables.facts", "tables.bases", "tables.change", "tables.everything",
    "tables.workbook", "tables", "estimates", "contrasts",
    "change", "plausibility", "measures", "response", "translations", "facts", "results", "numbers",
    "charts.frame", "charts.arrows", "charts.bars", "charts.dots", "charts.panels", "charts.stacked",
    "charts.tiles", "charts.together", "charts", "exporters.structure", "exporters.words", "exporters.tagging",
    "exporters.drawing", "exporters.markup", "blocks", "manifest", "citation", "parts", "parts.labels",
    "parts.response", "parts.headline", "parts.differences", "parts.abbreviations",
    "parts.front", "parts.respondents", "parts.answers",
    "parts.cite", "parts.distribution", "parts.changes", "parts.published", "parts.drawn", "parts.method",
    "parts.rows", "record.entry", "record.asked", "record.cleaned", "record.computed",
    "record.counted", "record", "compare", "compare.rows", "compare.wording", "parts.since", "parts.bases",
    "parts.workbook", "parts.evidence", "figures.keeping", "figures.naming", "figures.by_group",
    "figures.by_section", "figures.of_answers", "figures.of_change", "figures.of_places", "figures",
    "exporters.prose", "exporters.places", "exporters.document.faults", "exporters.document.shape",
    "exporters.document.cells", "exporters.document.cover", "exporters.document.anchors",
    "exporters.document.outline", "exporters.document.figure", "exporters.document.text",
    "exporters.document.assembly", "exporters.document", "exporters.compiled", "exporters.exporter", "exporters.html",
    "exporters.pagination", "exporters.pdf", "exporters.passages", "exporters.listing", "exporters.review",
    "exporters.standing", "packaging", "provenance", "downloads", "preload", "execute.notebook",
    "execute.parameters", "execute.failure", "execute.engine", "execute.kept", "execute.job", "execute.process",
    "execute.execution", "execute", "build", "verify", "preview.start", "preview.pages", "preview.builder",
    "preview", "compare.editions", "compare.estimates", "compare.areas", "compare.page", "compare.markdown",
    "compare.files", "draft.names", "draft.usual", "draft.scales", "draft.persons", "draft.answers",
    "draft.items", "draft.dates", "draft.amounts", "draft.steps", "draft.joined", "draft.lists", "draft.kinds",
    "draft.qsf", "draft.headers", "draft.addresses", "draft.discretion", "draft.questions", "draft.sections",
    "draft.fielding", "draft.writing", "draft.pages", "draft.proof", "draft.folder", "draft", "cli",
]
# fmt: on


def name_of(path: Path) -> str:
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


MODULES = {name_of(path): path for path in sorted(SOURCE.rglob("*.py"))}
TREES = {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in MODULES.items()}


def imported(name: str) -> set[str]:
    """Return the modules of this project that a module imports, also within its functions."""
    found: set[str] = set()
    for node in ast.walk(TREES[name]):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name} imports by dots"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    inside = {one.removeprefix("impact_report.") for one in found if one.startswith("impact_report.")}
    return {one if one in MODULES else one.rpartition(".")[0] for one in inside}


def public_functions() -> list[tuple[str, ast.AST]]:
    """Return each public function, class, method and property of the package, by its name."""
    found = []
    for module, tree in TREES.items():
        for node in tree.body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
                found.append((f"{module}.{node.name}", node))
                if isinstance(node, ast.ClassDef):
                    inner = [
                        one for one in node.body if isinstance(one, ast.FunctionDef) and not one.name.startswith("_")
                    ]
                    found += [(f"{module}.{node.name}.{one.name}", one) for one in inner]
    return found


# --- What may import what ---------------------------------------------------------------------------------------------


def test_the_order_names_every_module_once():
    assert len(set(ORDER)) == len(ORDER)
    assert set(ORDER) == set(MODULES) - {""}


@pytest.mark.parametrize("name", ORDER)
def test_a_module_imports_only_what_stands_above_it(name):
    above = set(ORDER[: ORDER.index(name)])
    assert imported(name) - {""} <= above  # the package itself holds its version and nothing else


def test_helpers_stand_above_all_and_are_used_by_none():
    for tree in TREES.values():
        names = {
            alias.name
            for node in ast.walk(tree)
            if isinstance(node, ast.Import | ast.ImportFrom)
            for alias in node.names
        }
        assert "helpers" not in names


def test_every_module_is_imported_or_run_by_somebody():
    """No stub, no leftover: what nobody imports is an entry point, or used by name."""
    used = set().union(*map(imported, ORDER))
    by_name = (ROOT / "pyproject.toml").read_text() + (ROOT / "src" / "helpers.py").read_text()
    by_name += "".join(path.read_text() for path in MODULES.values())
    unused = {name for name in ORDER if name not in used and f"impact_report.{name}" not in by_name}
    packages = {name.partition(".")[0] for name in ORDER if "." in name}
    assert unused - packages == set()


def test_code_that_no_notebook_runs_is_there():
    """Else a change in it would run every notebook again."""
    assert {name for name in AFTER_THE_NOTEBOOKS if not (SOURCE / name).exists()} == set()


def test_the_package_itself_holds_nothing():
    assert [node for node in TREES[""].body if not isinstance(node, ast.Expr | ast.Assign)] == []


# --- What the code knows ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("folder", ["src", "notebooks"])
@pytest.mark.parametrize("word", ["Colorado", "cosectors", "sector partnership", "business champion", "public partner"])
def test_nothing_in_the_code_knows_of_one_survey(folder, word):
    files = [
        path for path in (ROOT / folder).rglob("*") if path.suffix in (".py", ".ipynb", ".j2", ".typ", ".css", ".json")
    ]
    assert len(files) > 3
    assert [path.name for path in files if word.lower() in path.read_text(encoding="utf-8").lower()] == []


@pytest.mark.parametrize("item", ["starwars", "star wars", "jar jar"])
def test_nor_of_another(item):
    assert [name for name, path in MODULES.items() if item in path.read_text(encoding="utf-8").lower()] == []


# --- What the code says of itself -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name in MODULES if name])
def test_a_module_opens_with_its_one_idea(name):
    docstring = ast.get_docstring(TREES[name])
    assert docstring, f"{name} has no docstring"
    first = docstring.split("\n\n")[0].replace("\n", " ")
    assert first.endswith((".", ":", "?")), first


def test_every_public_function_has_a_docstring():
    without = [name for name, node in public_functions() if not ast.get_docstring(node)]
    assert without == []


def test_no_module_is_called_after_nothing():
    for name in MODULES:
        assert name.rpartition(".")[2] not in ("utils", "util", "common", "misc", "core", "base", "tools", "helpers")


def test_no_frame_is_called_df_or_data2():
    for name, tree in TREES.items():
        if "pandas" not in MODULES[name].read_text(encoding="utf-8"):
            continue  # elsewhere df may be degrees of freedom
        used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
        assert not used & {"df", "data2", "tmp", "foo"}, name


@pytest.mark.parametrize("name", [name for name in MODULES if name])
def test_nobody_raises_without_words(name):
    for node in ast.walk(TREES[name]):
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            assert node.exc.args or node.exc.keywords, f"{name}, line {node.lineno}"


def test_every_error_says_what_to_do():
    """Each Problem has its four parts, and none of them is an empty text."""
    for name, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Problem":
                if any(isinstance(one, ast.Starred) for one in node.args):
                    continue
                assert len(node.args) + len(node.keywords) == 4, f"{name}, line {node.lineno}"
                assert not any(isinstance(one, ast.Constant) and not one.value for one in node.args)


def test_every_error_stands_in_the_tree_that_is_drawn():
    from impact_report import errors

    kinds = [one for _, one in inspect.getmembers(errors, inspect.isclass) if issubclass(one, errors.ReportError)]
    for kind in kinds:
        assert kind.__name__ in errors.__doc__
        assert kind.title.endswith(".")
    assert len({kind.title for kind in kinds}) == len(kinds)


def test_no_path_of_a_machine_stands_in_the_code():
    for path in [*MODULES.values(), *(ROOT / "notebooks").glob("*.ipynb"), ROOT / "src" / "helpers.py"]:
        assert not re.search(r"/(?:root|home|Users|work)/", path.read_text(encoding="utf-8")), path.name


# --- Make -------------------------------------------------------------------------------------------------------------


def test_every_target_is_in_the_help():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    inner = {"variables", "environment"}  # what other targets need first
    targets = set(re.findall(r"^([a-z]+):", makefile, flags=re.MULTILINE)) - inner
    shown = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert set(re.findall(r"^  make (\w+) +\S", shown, flags=re.MULTILINE)) == targets


def test_every_target_named_in_the_readme_is_there():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, flags=re.MULTILINE))
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md"), ROOT / "data" / "README.md"]
    named = {name for page in pages for name in re.findall(r"`?make ([a-z]+)", page.read_text(encoding="utf-8"))}
    words = {"a", "it", "the", "sure", "sense", "up", "no", "them", "one", "report"}
    assert named - words <= targets
