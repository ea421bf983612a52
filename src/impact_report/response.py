"""Response rates: AAPOR's six, from what became of everybody in the sample.

The American Association for Public Opinion Research (2023), Standard Definitions, 10th edition, on response rates:

    RR1 = I / ((I + P) + (R + NC + O) + (UH + UO))         RR2: with I + P above the line
    RR3 = I / ((I + P) + (R + NC + O) + e (UH + UO))       RR4: with I + P above the line
    RR5 = I / ((I + P) + (R + NC + O))                     RR6: with I + P above the line

A survey whose respondents chose themselves has no sample, and so no response rate.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from impact_report.errors import EstimationError, Problem, WaveError
from impact_report.wave import Wave

FORMULAS = {
    "rr1": "I / ((I + P) + (R + NC + O) + (UH + UO))",
    "rr2": "(I + P) / ((I + P) + (R + NC + O) + (UH + UO))",
    "rr3": "I / ((I + P) + (R + NC + O) + e (UH + UO))",
    "rr4": "(I + P) / ((I + P) + (R + NC + O) + e (UH + UO))",
    "rr5": "I / ((I + P) + (R + NC + O))",
    "rr6": "(I + P) / ((I + P) + (R + NC + O))",
}
WITH_PARTIAL = ("rr2", "rr4", "rr6")
WITH_ALL_UNKNOWN = ("rr1", "rr2")
WITH_SHARE_OF_UNKNOWN = ("rr3", "rr4")
SOURCE = "American Association for Public Opinion Research (2023), Standard Definitions, 10th edition"


class Dispositions(NamedTuple):
    """What became of everybody in the sample, in AAPOR's groups; numbers of cases."""

    complete: int
    partial: int = 0
    refusal: int = 0
    non_contact: int = 0
    other: int = 0
    unknown_eligibility: int = 0
    unknown_other: int = 0
    not_eligible: int = 0

    @property
    def eligible(self) -> int:
        """The cases known to be eligible: (I + P) + (R + NC + O)."""
        return self.complete + self.partial + self.refusal + self.non_contact + self.other

    @property
    def unknown(self) -> int:
        """The cases that may be eligible: UH + UO."""
        return self.unknown_eligibility + self.unknown_other


SYMBOLS = dict(zip(Dispositions._fields, ("I", "P", "R", "NC", "O", "UH", "UO", ""), strict=True))
LABELS = {
    "complete": "Full answers",
    "partial": "Partial answers that count",
    "refusal": "Refused, or broke off",
    "non_contact": "Never reached",
    "other": "Did not answer for another reason",
    "unknown_eligibility": "Not known whether there is anybody to ask",
    "unknown_other": "Not known whether eligible",
    "not_eligible": "Not eligible, in no rate",
}


class Rate(NamedTuple):
    """A response rate with its two sides; the base of RR3 and RR4 need not be a whole number."""

    rate: Decimal
    numerator: int
    base: Decimal


def response_rate(which: str, cases: Dispositions, eligible_share: float | None = None) -> Rate:
    """Return one of AAPOR's six response rates, 0–1, with its numerator and base.

    `which` is rr1 … rr6; `eligible_share` is e, 0–1, which rr3 and rr4 need where cases are unknown. Raises
    EstimationError without it, and where the base is 0. Source: AAPOR (2023), Standard Definitions, 10th edition.

    >>> cases = Dispositions(complete=50, partial=10, refusal=20, non_contact=15, other=5, unknown_eligibility=100)
    >>> [str(response_rate(which, cases, 0.25).rate) for which in FORMULAS]  # 50 or 60 of 200, of 125, of 100
    ['0.25', '0.3', '0.4', '0.48', '0.5', '0.6']
    """
    unknown = Decimal(0)
    if which in WITH_ALL_UNKNOWN:
        unknown = Decimal(cases.unknown)
    elif which in WITH_SHARE_OF_UNKNOWN and cases.unknown:
        if eligible_share is None:
            do = "state the eligible share of the unknown cases, or take rr1 or rr2"
            raise EstimationError(Problem("the eligible share e", "none", which, do))
        unknown = Decimal(str(eligible_share)) * cases.unknown
    base = cases.eligible + unknown
    if not base:
        do = "state what became of those who were asked"
        raise EstimationError(Problem("at least one case that is or may be eligible", "none", which, do))
    numerator = cases.complete + (cases.partial if which in WITH_PARTIAL else 0)
    return Rate(numerator / base, numerator, base)


def dispositions(wave: Wave, cleaning: Mapping[str, int]) -> Dispositions:
    """Return what became of everybody in a wave's sample.

    Full and partial answers are, unless the wave states them, the rows kept and, of these, the unfinished ones:
    `rows_kept` and `unfinished_kept` of the cleaning's sums. Raises WaveError where the cases cannot be those of this
    export or of this population.
    """
    given, kept, unfinished = wave.response, cleaning["rows_kept"], cleaning["unfinished_kept"]
    partial = unfinished if given.partial is None else given.partial
    complete = kept - unfinished if given.complete is None else given.complete
    lost = {name: getattr(given, name) for name in Dispositions._fields[2:]}
    cases = Dispositions(complete, partial, **lost)
    problems = []
    if complete + partial < kept:
        do = "correct `complete` and `partial`, or leave them out: they are counted from the export then"
        expected = f"{kept} full and partial answers or more, as many as rows were kept"
        problems.append(Problem(expected, str(complete + partial), "wave.yml, response", do))
    size = wave.population.size
    if size and cases.eligible > size:
        expected = f"at most {size} eligible cases, the size of the population"
        do = "count each case once, or correct population.size; who is not in the population is `not_eligible`"
        problems.append(Problem(expected, str(cases.eligible), "wave.yml, response", do))
    if problems:
        raise WaveError(problems)
    return cases
