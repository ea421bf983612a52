"""A YAML file read into a pydantic model, every problem with its line.

Scalars reach the model as the text that stands in the file, so that a code `007` stays `007` and an answer `no`
stays `no`; the model's types say what a text must be.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar, get_args

import yaml
from pydantic import BaseModel, ValidationError

from impact_report.errors import Problem, ReportError, near

Model = TypeVar("Model", bound=BaseModel)
Place = tuple[str | int, ...]
DEEPEST = 20  # levels of a file; the deepest place of a codebook has eight
LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # ten times as fast, where PyYAML has it
_ENDLESS = "an alias that contains itself"
Lines = dict[Place, int]


def load(
    path: Path, model: type[Model], error: type[ReportError], context: Mapping[str, Any] | None = None
) -> tuple[Model, Lines]:
    """Return the file as `model`, with the line (from 1) of each place in it; `context` reaches its validators.

    Raises `error` with every problem at once: no file, no YAML, a key twice, an unknown key (with the near
    name), a missing key, a value of the wrong kind. A model's MOVED says of a key where it belongs now.
    """
    return parsed(text_of(path, error), path.name, model, error, context)


def text_of(path: Path, error: type[ReportError]) -> str:
    """Return the text of a file. Raises `error` where there is none, or it is not in UTF-8."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise error(
            Problem(f"the file {path.name}", "no such file", str(path), "create it, or name another folder")
        ) from None
    except (UnicodeDecodeError, OSError) as fault:
        raise error(Problem("a text file in UTF-8", str(fault), str(path), "save it as UTF-8")) from None


def parsed(
    text: str, name: str, model: type[Model], error: type[ReportError], context: Mapping[str, Any] | None = None
) -> tuple[Model, Lines]:
    """Return the text of a file as `load` does.

    >>> class Choir(BaseModel):
    ...     name: str
    >>> choir, lines = parsed("# ours\\nname: Gala", "choir.yml", Choir, ReportError)
    >>> choir.name, lines["name",]
    ('Gala', 2)
    """
    try:
        node = yaml.compose(text, Loader=LOADER)
    except yaml.YAMLError as fault:
        mark = getattr(fault, "problem_mark", None)
        where = f"{name}, line {mark.line + 1}, column {mark.column + 1}" if mark else name
        found = getattr(fault, "problem", None) or str(fault)
        raise error(Problem("YAML", found, where, "check the indentation, the colons and the quotes there")) from None
    if node is None:
        raise error(Problem("keys and values", "an empty file", name, "fill it in")) from None
    problems: list[Problem] = []
    lines: Lines = {}
    content = _plain(node, (), lines, problems, name)
    try:
        loaded = model.model_validate(content, context=dict(context or {}))
    except ValidationError as fault:
        problems.extend(_problem(one, model, lines, name) for one in fault.errors())
        raise error(_once(problems)) from None
    if problems:
        raise error(problems)
    return loaded, lines


def line_of(place: Place, lines: Lines) -> int:
    """Return the line of a place, or of the nearest place around it.

    >>> line_of(("items", "role", "codes", "str"), {(): 1, ("items",): 4, ("items", "role"): 5})
    5
    """
    while place and place not in lines:
        place = place[:-1]
    return lines.get(place, 1)


def where(name: str, place: Place, lines: Lines) -> str:
    """Return the words for a place in a file.

    >>> where("wave.yml", ("fielded", "start"), {("fielded", "start"): 7})
    'wave.yml, line 7, fielded.start'
    """
    path = ".".join(str(part) for part in place)
    return f"{name}, line {line_of(place, lines)}" + (f", {path}" if path else "")


def _plain(node: yaml.Node, place: Place, lines: Lines, problems: list[Problem], name: str) -> Any:
    """Return the node as dicts, lists and texts; note the line of each place and each key that stands twice."""
    if len(place) > DEEPEST:  # only an alias inside what it stands for goes so deep
        if not problems or problems[-1].found != _ENDLESS:
            where_ = f"{name}, line {node.start_mark.line + 1}"
            problems.append(Problem("an alias (*) of something that ends", _ENDLESS, where_, "write it out"))
        return None
    lines[place] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        content: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            inner = (*place, key)
            if key in content:
                found = f"the key {key!r} twice (also in line {lines[inner]})"
                problems.append(
                    Problem(
                        "each key once",
                        found,
                        f"{name}, line {key_node.start_mark.line + 1}",
                        "keep one of the two",
                    )
                )
            content[key] = _plain(value_node, inner, lines, problems, name)
            lines[inner] = key_node.start_mark.line + 1
        return content
    if isinstance(node, yaml.SequenceNode):
        return [_plain(one, (*place, k), lines, problems, name) for k, one in enumerate(node.value)]
    if not node.style and node.value in ("", "~", "null"):
        return None
    return node.value


def _problem(fault: dict, model: type[BaseModel], lines: Lines, name: str) -> Problem:
    """Return pydantic's finding in our words, with the line and the near name."""
    place = tuple(fault["loc"])
    known = _in_file(place, lines)
    if fault["type"] == "extra_forbidden":
        keys = sorted(_keys_beside(place, model))
        moved = getattr(model, "MOVED", {}).get(".".join(map(str, place)))
        return Problem(
            "a key that is known here",
            f"{place[-1]!r}",
            where(name, known, lines),
            moved or near(str(place[-1]), keys),
        )
    if fault["type"] == "missing":
        return Problem(
            f"the key {place[-1]!r}",
            "nothing",
            where(name, known[: len(place) - 1], lines),
            f"add {place[-1]!r}",
        )
    expected = fault["msg"].removeprefix("Value error, ").removeprefix("Input should be ")
    given = fault.get("input")
    found = repr(given) if isinstance(given, str) else ("nothing" if given is None else _short(given))
    advice = "write it as expected"
    if fault["type"] == "literal_error" and isinstance(given, str):
        advice = near(given, [part.strip("'") for part in fault["ctx"]["expected"].replace(" or ", ", ").split(", ")])
    elif given is None:
        inside_list = place and isinstance(place[-1], int)
        advice = "fill it in, or put it in quotes if the word itself is meant" if inside_list else "give it a value"
    return Problem(expected, found, where(name, known, lines), advice)


def _in_file(place: Place, lines: Lines) -> Place:
    """Return the place without the names of types that pydantic puts into it."""
    known: Place = ()
    for part in place:
        if (*known, part) in lines:
            known = (*known, part)
    return known


def _short(value: Any) -> str:
    text = f"{'a list' if isinstance(value, list) else 'a group of keys'}: {value}"
    return text if len(text) <= 80 else text[:79] + "…"


def _keys_beside(place: Place, model: type[BaseModel]) -> set[str]:
    """Return the keys that are known where the unknown one stands."""
    reached: list[Any] = [model]
    for part in place[:-1]:
        inner = [step for one in reached for step in _step(one, part)]
        reached = inner or reached
    return {key for one in reached if isinstance(one, type) and issubclass(one, BaseModel) for key in one.model_fields}


def _step(kind: Any, part: str | int) -> Iterator[Any]:
    """Yield the types that stand one step deeper than `kind`."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        if part in kind.model_fields:
            yield from _models(kind.model_fields[part].annotation)
        return
    arguments = get_args(kind)
    if arguments:
        yield from _models(arguments[-1])


def _models(annotation: Any) -> Iterator[Any]:
    """Yield the models and containers an annotation can stand for."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
        return
    arguments = get_args(annotation)
    if annotation is not None and getattr(annotation, "__origin__", None) in (dict, list, tuple):
        yield annotation
    else:
        for argument in arguments:
            yield from _models(argument)


def _once(problems: list[Problem]) -> list[Problem]:
    """Return the problems without repeats (a union reports one fault for each of its types)."""
    return list(dict.fromkeys(problems))
