"""What a preview serves: the report's page with a reload put in, or a page that says what is wrong."""

from __future__ import annotations

import base64
import hashlib
import re
import traceback
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader

from impact_report.errors import Problem, ReportError
from impact_report.own_code import told

FOLDER = Path(__file__).parent
BAR, FAILURE, SCRIPT = "bar.html.j2", "failure.html.j2", "reload.js"
END_OF_BODY = "</body>"
POLICY = re.compile(r'(?<=content=")default-src [^"]*')  # of the page: its own markup may go without quotes elsewhere
LENGTH_OF_VERSION = 12


@dataclass(frozen=True)
class Failure:
    """Why there is no page: the problems, where it stopped, and for whoever wants it the traceback."""

    title: str
    problems: tuple[Problem, ...]
    notes: tuple[str, ...] = ()
    details: str = ""

    @classmethod
    def of(cls, error: Exception) -> Failure:
        """Return what an error says.

        >>> Failure.of(ReportError(Problem("a date", "'soon'", "wave.yml, line 3", "write it as 2019-06-30"))).title
        'The report could not be made.'
        """
        if not isinstance(error, ReportError):
            return cls.of_code(told(error))
        details = getattr(error, "details", "") or "".join(traceback.format_exception(error))
        return cls(error.title, error.problems, tuple(getattr(error, "__notes__", ())), details)

    @classmethod
    def of_code(cls, fault: dict[str, str]) -> Failure:
        """Return what is wrong with the code, as `own_code.told` says it.

        >>> Failure.of_code({"found": "NameError: x", "where": "tally.py, line 3", "details": ""}).problems[0].where
        'tally.py, line 3'
        """
        do = "correct the code; the whole traceback stands below"
        problem = Problem("code that runs", fault["found"], fault["where"] or "the preview", do)
        return cls("The code stopped.", (problem,), (), fault["details"])


def version_of(page: str) -> str:
    """Return a short name for the very content of a page.

    >>> version_of("a") == version_of("a") != version_of("b")
    True
    """
    return hashlib.sha256(page.encode()).hexdigest()[:LENGTH_OF_VERSION]


def served(page: str, version: str) -> str:
    """Return a page as it is served: one that reloads itself when the preview has another version.

    The published page forbids every script; the served copy allows this one, by its fingerprint.

    >>> page = '<meta http-equiv=Content-Security-Policy content="default-src 0"><body></body>'
    >>> "content=\\"default-src 0; script-src 'sha256-" in served(page, "1")
    True
    """
    ours = f"; script-src 'sha256-{_fingerprint()}'; connect-src 'self'"
    before, end, after = POLICY.sub(lambda policy: policy[0] + ours, page, count=1).rpartition(END_OF_BODY)
    return before + _templates().get_template(BAR).render(version=version, script=_script()) + end + after


def failure_page(failure: Failure, last_good: str) -> str:
    """Return the page that says what is wrong; `last_good` is where the last page without a fault is, "" for nowhere.

    >>> failure = Failure("The codebook cannot be used.", (Problem("a date", "<soon>", "line 3", "write a date"),))
    >>> "&lt;soon&gt;" in failure_page(failure, "")
    True
    """
    return _templates().get_template(FAILURE).render(failure=failure, last_good=last_good)


@cache
def _templates() -> Environment:
    return Environment(loader=FileSystemLoader(FOLDER), autoescape=True, trim_blocks=True, lstrip_blocks=True)


@cache
def _script() -> str:
    return (FOLDER / SCRIPT).read_text(encoding="utf-8").strip()


def _fingerprint() -> str:
    return base64.b64encode(hashlib.sha256(_script().encode()).digest()).decode()
