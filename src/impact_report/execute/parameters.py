"""The parameters of a notebook: values that it does not declare, or declares with another type, are refused."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from impact_report.errors import NotebookError, ParameterError, Problem, near
from impact_report.execute.notebook import PARAMETERS_TAG, read_notebook, shown_path, with_kernel

if TYPE_CHECKING:
    from nbformat import NotebookNode

TYPES: dict[str, tuple[type, ...]] = {
    "str": (str,),
    "int": (int,),
    "float": (float, int),
    "bool": (bool,),
    "list": (list,),
    "dict": (dict,),
    "tuple": (tuple,),
}


def check_parameters(path: str | Path, parameters: Mapping[str, Any]) -> None:
    """Refuse values that the notebook's `parameters` cell does not declare, or declares with another type.

    Raises ParameterError with every problem; NotebookError where the parameters cell itself is no list of literals.
    """
    from papermill import inspect_notebook

    path = Path(path)
    notebook = read_notebook(path)
    shown = shown_path(path)
    defaults = _declared_literals(notebook, shown)
    declared = inspect_notebook(with_kernel(notebook)) if defaults else {}
    problems = []
    for name, value in parameters.items():
        if name not in defaults:
            expected = "a parameter of the notebook" if defaults else f"a cell tagged {PARAMETERS_TAG!r}"
            problems.append(Problem(expected, repr(name), f"{shown}, parameters", near(name, list(defaults))))
            continue
        hint = declared[name]["inferred_type_name"] if name in declared else "None"
        wanted = hint if hint != "None" else type(defaults[name]).__name__
        if not fits(value, wanted):
            found = f"{value!r}, which is {type(value).__name__}"
            do = f"give a value of type {wanted}"
            problems.append(Problem(f"{name}: {wanted}", found, f"{shown}, parameters", do))
    if problems:
        raise ParameterError(problems)


def fits(value: Any, hint: str) -> bool:
    """Return whether a value has the type that a hint names; an int fits a float, a bool fits only bool.

    >>> fits("007", "str"), fits(7, "str"), fits(True, "int"), fits([1, 2], "list[int]"), fits([1, "2"], "list[int]")
    (True, False, False, True, False)
    """
    name, _, inner = hint.replace(" ", "").partition("[")
    kinds = TYPES.get(name.lower())
    if kinds is None:
        return True
    if isinstance(value, bool):
        return bool in kinds
    if not isinstance(value, kinds):
        return False
    inner = inner.removesuffix("]")
    if name.lower() == "list" and inner in TYPES:
        return all(fits(one, inner) for one in value)
    return True


def _declared_literals(notebook: NotebookNode, shown: str) -> dict[str, Any]:
    """Return the names and defaults of the parameters cell; {} where there is none."""
    tagged = [
        (number, cell)
        for number, cell in enumerate(notebook.cells, start=1)
        if cell.cell_type == "code" and PARAMETERS_TAG in cell.metadata.get("tags", [])
    ]
    if not tagged:
        return {}
    number, cell = tagged[0]
    values: dict[str, Any] = {}
    where = f"{shown}, cell {number} (parameters)"
    do = "keep literals only: a value derived here would not be derived again from a given parameter"
    try:
        statements = ast.parse(cell.source).body
    except SyntaxError as error:
        problem = Problem("Python", error.msg, f"{where}, line {error.lineno}", "correct the cell")
        raise NotebookError(problem) from None
    problems = []
    for statement in statements:
        targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
        try:
            if len(targets) != 1 or not isinstance(targets[0], ast.Name) or isinstance(statement, ast.AugAssign):
                raise ValueError
            values[targets[0].id] = ast.literal_eval(statement.value)
        except (ValueError, TypeError, AttributeError):
            line = f"{where}, line {statement.lineno}"
            problems.append(Problem("name: type = literal", ast.unparse(statement), line, do))
    if problems:
        raise NotebookError(problems)
    return values
