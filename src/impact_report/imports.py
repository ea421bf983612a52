"""Importing what is slow to import, ahead of its use and without what nobody needs of it."""

from __future__ import annotations

import contextlib
import importlib
import sys
from collections.abc import Iterable

# jsonschema tries to import this to check internationalised addresses, and it builds a grammar while it is imported:
# half of the cost of importing nbconvert. No schema of a notebook has such an address.
UNNEEDED = "rfc3987_syntax"


def load(names: Iterable[str]) -> list[str]:
    """Import modules by name and return those that could not be imported.

    What fails here fails again, and is then reported, where it is used.

    >>> load(["json", "no_such_module_anywhere"])
    ['no_such_module_anywhere']
    """
    failed = []
    with _left_out(UNNEEDED):
        for name in names:
            try:
                importlib.import_module(name)
            except Exception:
                failed.append(name)
    return failed


@contextlib.contextmanager
def _left_out(name: str):
    """Let importing a module fail, for a while, as if it were not installed."""
    if name in sys.modules:
        yield
        return
    sys.modules[name] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        if sys.modules.get(name) is None:
            sys.modules.pop(name, None)
