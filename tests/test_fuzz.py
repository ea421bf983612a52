"""Damaged exports, a few hundred of them: each ends in a right result or in an error in words.

`python tests/fuzz.py --seed 2 --count 5000` tries more.
"""

from __future__ import annotations

import random
from dataclasses import replace

import fuzz
import pandas as pd
import pytest

from impact_report.errors import ExportError, Problem

SEED = 1
OF_OUR_OWN, OF_OTHERS = 20, 4  # inputs made of each export; others' are larger, and not always here
SUBJECTS = {subject.name: subject for subject in fuzz.subjects()}


def count(subject: fuzz.Subject) -> int:
    return OF_OUR_OWN if subject.path.is_relative_to(fuzz.ROOT / "data") else OF_OTHERS


@pytest.mark.parametrize("name", SUBJECTS)
def test_a_damaged_export_gives_a_right_result_or_an_error_in_words(name, tmp_path):
    subject = SUBJECTS[name]
    done = fuzz.run(subject, SEED, count(subject), tmp_path)
    assert done.failures == []
    assert done.results + done.refused.total() == count(subject)


# --- The fuzzer itself can fail ---------------------------------------------------------------------------------------

SUBJECT = SUBJECTS["raw-rehearsal"]


def mutant(mutator: fuzz.Mutator, seed: int = 0) -> fuzz.Mutant:
    return mutator(SUBJECT.original, random.Random(seed))


def test_the_records_are_the_file():
    """Sixty rows of answers below three headers, each cell as it is written."""
    sheet = SUBJECT.original.sheet
    assert (sheet.headers, sheet.rows, sheet.width) == (3, 60, 40)
    assert sheet.content.decode("utf-8-sig") == SUBJECT.path.read_text(encoding="utf-8-sig")


def test_the_same_seed_makes_the_same_input():
    inputs = [fuzz.mutated(SUBJECT.original, random.Random("7")).content for _ in range(2)]
    assert inputs[0] == inputs[1] != SUBJECT.original.content


@pytest.mark.parametrize("mutator", fuzz.WRITING + fuzz.ARCHIVES, ids=lambda one: one.__name__)
def test_what_is_only_written_otherwise_is_read(mutator, tmp_path):
    assert fuzz.outcome(SUBJECT, mutant(mutator), tmp_path) == "result"


def test_a_row_that_is_gone_is_noticed(tmp_path):
    gone = mutant(fuzz.rows_removed)
    with pytest.raises(fuzz.Failure, match=r"counts differ by \d"):
        fuzz.outcome(SUBJECT, replace(gone, touched=0, sheet=None), tmp_path)
    with pytest.raises(fuzz.Failure, match=r"5\d rows in, of 60 in the file"):
        fuzz.outcome(SUBJECT, replace(gone, touched=None, sheet=SUBJECT.original.sheet), tmp_path)


def test_an_exception_without_words_is_a_failure(tmp_path, monkeypatch):
    def fault(path: object) -> None:
        raise KeyError("Q7")

    monkeypatch.setattr(fuzz.Subject, "read", lambda subject, path: fault(path))
    with pytest.raises(fuzz.Failure, match="KeyError: 'Q7'"):
        fuzz.outcome(SUBJECT, SUBJECT.original, tmp_path)


@pytest.mark.parametrize(
    ("problem", "fault"),
    [
        (Problem("a row", "", "responses.csv", "look there"), "a problem without words"),
        (Problem("a row", "x" * 5000, "responses.csv", "look there"), r"a problem of 50\d\d characters"),
    ],
    ids=["nothing found", "too long"],
)
def test_an_error_that_says_nothing_or_too_much_is_a_failure(tmp_path, monkeypatch, problem, fault):
    def refuse(subject: fuzz.Subject, path: object) -> None:
        raise ExportError(problem)

    monkeypatch.setattr(fuzz.Subject, "read", refuse)
    with pytest.raises(fuzz.Failure, match=fault):
        fuzz.outcome(SUBJECT, SUBJECT.original, tmp_path)


def test_a_ledger_that_does_not_add_up_is_a_failure(tmp_path, monkeypatch):
    right = SUBJECT.clean(SUBJECT.export)
    wrong = replace(right, responses=pd.concat([right.responses, right.responses.tail(1)]))
    monkeypatch.setattr(fuzz.Subject, "clean", lambda subject, export: wrong)
    with pytest.raises(fuzz.Failure, match="a row is dropped twice, or dropped and kept"):
        fuzz.outcome(SUBJECT, SUBJECT.original, tmp_path)
