"""How the warm process of a preview begins: code that cannot be imported is told of, and ends nothing but itself.

Run by its path; of the package it needs only what says where the fault is.
"""

from __future__ import annotations

import importlib
import os
import pickle
import signal
import sys

BUILDER = "impact_report.preview.builder"
STANDARD_OUTPUT, STANDARD_ERROR = 1, 2


def main() -> None:
    """Import what works and let it: jobs come in and answers go out as pickles."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the keyboard's interrupt is for the server, which ends this process
    jobs = sys.stdin.buffer
    answers = os.fdopen(os.dup(STANDARD_OUTPUT), "wb")
    os.dup2(STANDARD_ERROR, STANDARD_OUTPUT)  # what code prints is no answer
    sys.path[:] = pickle.load(jobs)
    from impact_report.own_code import told

    try:
        builder = importlib.import_module(BUILDER)
    except Exception as error:
        pickle.dump(told(error), answers)
        return
    builder.work(jobs, answers)


if __name__ == "__main__":
    main()
