"""How the warm process of a preview begins: code that cannot be imported is told of, and ends nothing but itself.

Run by its path and in need of nothing of the package, since any of that may be what cannot be imported.
"""

from __future__ import annotations

import importlib
import os
import pickle
import signal
import sys
import traceback
from pathlib import Path

PACKAGE = Path(__file__).parents[1]
BUILDER = "impact_report.preview.builder"
STANDARD_OUTPUT, STANDARD_ERROR = 1, 2


def told(error: BaseException) -> dict[str, str]:
    """Return what an error says, the file and line where it is to be mended, and its traceback.

    >>> try:
    ...     compile("if", "tally.py", "exec")
    ... except SyntaxError as error:
    ...     told(error)["where"], told(error)["found"]
    ('tally.py, line 1', 'SyntaxError: invalid syntax')
    """
    file, line = _place(error)
    says = error.msg if isinstance(error, SyntaxError) else str(error)
    return {
        "found": f"{type(error).__name__}: {says}".rstrip(": "),
        "where": f"{_shown(file)}, line {line}" if file else "",
        "details": "".join(traceback.format_exception(error)),
    }


def _place(error: BaseException) -> tuple[str, int | None]:
    """Return file and line: of what is no Python, else the last in this project's own code, else the very last."""
    if isinstance(error, SyntaxError) and error.filename:
        return error.filename, error.lineno
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if Path(frame.filename).is_relative_to(PACKAGE.parent)]
    ours = [frame for frame in own if frame.filename != __file__] or own or frames
    return (ours[-1].filename, ours[-1].lineno) if ours else ("", None)


def _shown(file: str) -> str:
    """Return a path as a person names it: from the folder one works in, where it lies there."""
    inside = Path(file).is_relative_to(Path.cwd())
    return Path(file).relative_to(Path.cwd()).as_posix() if inside else file


def main() -> None:
    """Import what works and let it: jobs come in and answers go out as pickles."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the keyboard's interrupt is for the server, which ends this process
    jobs = sys.stdin.buffer
    answers = os.fdopen(os.dup(STANDARD_OUTPUT), "wb")
    os.dup2(STANDARD_ERROR, STANDARD_OUTPUT)  # what code prints is no answer
    sys.path[:] = pickle.load(jobs)
    try:
        builder = importlib.import_module(BUILDER)
    except Exception as error:
        pickle.dump(told(error), answers)
        return
    builder.work(jobs, answers)


if __name__ == "__main__":
    main()
