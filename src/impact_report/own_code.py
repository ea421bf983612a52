"""Which code is this project's own, and where in it an error is to be mended.

It needs nothing of the package, since any of that may be what cannot be imported.
"""

from __future__ import annotations

import traceback
from pathlib import Path

PACKAGE = Path(__file__).parent
HELPERS = "helpers.py"  # the notebooks' import, which lies beside the package


def own_name(file: str) -> str:
    """Return how a file of this project's own code is called, or "" for any other.

    >>> own_name(__file__), own_name(traceback.__file__), own_name("<string>")
    ('impact_report/own_code.py', '', '')
    """
    path, around = Path(file), PACKAGE.parent  # which may be where all packages lie
    return path.relative_to(around).as_posix() if path.is_relative_to(PACKAGE) or path == around / HELPERS else ""


def told(error: BaseException) -> dict[str, str]:
    """Return what an error says, the file and line where it is to be mended, and its traceback.

    >>> try:
    ...     compile("if", __file__, "exec")
    ... except SyntaxError as error:
    ...     told(error)["where"].endswith("own_code.py, line 1"), told(error)["found"]
    (True, 'SyntaxError: invalid syntax')
    """
    file, line = _place(error)
    says = error.msg if isinstance(error, SyntaxError) else str(error)
    return {
        "found": f"{type(error).__name__}: {says}".rstrip(": "),
        "where": f"{_shown(file)}, line {line}" if file else "",
        "details": "".join(traceback.format_exception(error)),
    }


def _place(error: BaseException) -> tuple[str, int | None]:
    """Return file and line: of a file that is no Python, else the last in this project's own code, else the last."""
    if isinstance(error, SyntaxError) and Path(error.filename or "").is_file():
        return error.filename, error.lineno
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if own_name(frame.filename)] or frames
    return (ours[-1].filename, ours[-1].lineno) if ours else ("", None)


def _shown(file: str) -> str:
    """Return a path as a person names it: from the folder one works in, where it lies there."""
    inside = Path(file).is_relative_to(Path.cwd())
    return Path(file).relative_to(Path.cwd()).as_posix() if inside else file
