"""Statements as a title names them: without what stands in brackets, and only if they are short enough."""

from __future__ import annotations

import re

from impact_report.codebook import Indicator

LONGEST_NAMED = 80  # letters of a statement that a title can name beside another one
LONGEST_ALONE = 100  # and of one that it names alone
_ASIDE = re.compile(r"\s+\([^()]*\)")


def short_name(indicator: Indicator) -> str:
    """Return a statement as a title names it, without what stands in brackets.

    >>> from types import SimpleNamespace
    >>> short_name(SimpleNamespace(statement="shared data (of any kind) with others."))
    'shared data with others'
    """
    return _ASIDE.sub("", indicator.statement).rstrip(".")
