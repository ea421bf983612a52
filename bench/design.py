"""How long weighted, stratified and clustered shares take, with their intervals, beside survey packages.

    make bench                                       a million rows, three rounds
    .venv/bin/python bench/design.py --rows 100000   fewer

A million responses, weighted, from twenty strata with a hundred primary units each of four hundred: thirteen yes/no
questions (some without an answer) by twenty groups, each share with its linearised variance and Korn and Graubard's
interval. Each way begins with the responses in memory, must give the same 273 shares and standard errors, and runs in a
process of its own, whose start is not measured; the rounds are interleaved, and medians are shown. Peers take part
where they are installed: svy (Python), with the same interval, and survey (R), with fewer rows and without intervals.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

QUESTIONS = [f"q{k}" for k in range(1, 14)]
GROUPS = [f"g{k}" for k in range(20)]
STRATA, CLUSTERS, OF_POPULATION = 20, 100, 400
SEED = 2026
R_ROWS = 50_000  # with a million it would take many minutes
AGREEMENT = 1e-9


def responses(rows: int) -> pd.DataFrame:
    """Return the responses as cleaning leaves them: the same for the same number of rows."""
    chance = np.random.default_rng(SEED)
    stratum = chance.integers(0, STRATA, rows)
    cluster = stratum * CLUSTERS + chance.integers(0, CLUSTERS, rows)
    columns: dict[str, object] = {"group": pd.Categorical.from_codes(chance.integers(0, len(GROUPS), rows), GROUPS)}
    columns["group.missing"] = pd.Categorical.from_codes(np.full(rows, -1), ["no_answer"])
    inclination = chance.normal(0, 0.1, STRATA * CLUSTERS)[cluster]
    for question in QUESTIONS:
        yes = chance.random(rows) < 0.5 + inclination
        none = chance.random(rows) < 0.1
        columns[question] = pd.Categorical.from_codes(np.where(none, -1, np.where(yes, 0, 1)), ["yes", "no"])
        columns[f"{question}.missing"] = pd.Categorical.from_codes(np.where(none, 0, -1), ["no_answer"])
    columns["design.weight"] = np.round(chance.uniform(0.5, 2, rows), 3)
    columns["design.stratum"] = stratum.astype(np.int32)
    columns["design.cluster"] = cluster.astype(np.int32)
    columns["design.units"] = np.full(rows, float(OF_POPULATION))
    return pd.DataFrame(columns)


def this_project(table: pd.DataFrame) -> tuple[float, list]:
    import scipy.special  # noqa: F401 (a start, as that of the peers, is not measured)

    from impact_report import estimates, precision, tally
    from impact_report.codebook import Codebook

    yes_no = {"kind": "single", "codes": {"yes": "Yes", "no": "No"}}
    indicators = [{"id": f"share_{one}", "statement": one, "item": one, "counts": "yes"} for one in QUESTIONS]
    codebook = Codebook.model_validate(
        {
            "survey": {"id": "bench", "title": "Bench", "subject": "nothing"},
            "items": {
                "group": {"question": "group", "kind": "single", "codes": {one: one for one in GROUPS}},
                **{one: {"question": one, **yes_no} for one in QUESTIONS},
            },
            "sections": [{"id": "all", "title": "All", "indicators": indicators}],
            "groups": ["group"],
        }
    )
    begun = time.perf_counter()
    found = estimates.of_groups(tally.tally(table, codebook))
    precision.korn_graubard(found["proportion"], found["variance"], found["weighing"], found["degrees_of_freedom"])
    took = time.perf_counter() - begun
    rows = zip(found["indicator"], found["group"], found["proportion"], found["variance"] ** 0.5, strict=True)
    return took, [[name[6:], group, share, error] for name, group, share, error in rows]


def svy_package(table: pd.DataFrame) -> tuple[float, list]:
    import polars
    import svy

    columns = {
        question: (table[question] == "yes").astype(float).where(table[question].notna()) for question in QUESTIONS
    }
    columns |= {name: table[f"design.{name}"].to_numpy() for name in ("weight", "stratum", "cluster", "units")}
    frame = polars.DataFrame(
        {"group": table["group"].astype(str).to_list(), **{k: np.asarray(v) for k, v in columns.items()}}
    )
    frame = frame.with_columns(polars.col(QUESTIONS).fill_nan(None))
    sample = svy.Sample(frame, svy.Design(stratum="stratum", psu="cluster", wgt="weight", pop_size="units"))
    found = []
    begun = time.perf_counter()
    for question in QUESTIONS:
        for by in (None, "group"):
            said = sample.estimation.prop(question, by=by, ci_method="korn-graubard", drop_nulls=True)
            found += [
                [question, one.by_level[0] if by else "all", one.est, one.se]
                for one in said.estimates
                if one.y_level == 1
            ]
    return time.perf_counter() - begun, found


R_SCRIPT = """
suppressMessages(library(survey))
folder <- commandArgs(TRUE)[1]
d <- read.csv(file.path(folder, "responses.csv"))
questions <- grep("^q", names(d), value = TRUE)
begun <- proc.time()[3]
design <- svydesign(id = ~cluster, strata = ~stratum, weights = ~weight, fpc = ~units, data = d)
found <- NULL
for (q in questions) {
  one <- svymean(as.formula(paste0("~", q)), design, na.rm = TRUE)
  found <- rbind(found, data.frame(q = q, g = "all", share = coef(one)[[1]], error = SE(one)[[1]]))
  by <- svyby(as.formula(paste0("~", q)), ~group, design, svymean, na.rm = TRUE)
  found <- rbind(found, data.frame(q = q, g = as.character(by$group), share = by[[q]], error = by$se))
}
cat(proc.time()[3] - begun, "\n")
write.csv(format(found, digits = 15), file.path(folder, "found.csv"), row.names = FALSE)
"""


def r_survey(table: pd.DataFrame) -> tuple[float, list]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        columns = {
            question: (table[question] == "yes").astype(float).where(table[question].notna()) for question in QUESTIONS
        }
        columns |= {name: table[f"design.{name}"] for name in ("weight", "stratum", "cluster", "units")}
        pd.DataFrame({"group": table["group"], **columns}).to_csv(folder / "responses.csv", index=False)
        (folder / "bench.R").write_text(R_SCRIPT, encoding="utf-8")
        run = ["Rscript", str(folder / "bench.R"), str(folder)]
        took = float(subprocess.run(run, check=True, capture_output=True, text=True).stdout)
        found = pd.read_csv(folder / "found.csv", skipinitialspace=True)
    return took, found.to_numpy().tolist()


def _has_r_survey() -> bool:
    asked = ["Rscript", "-e", "library(survey)"]
    return shutil.which("Rscript") is not None and subprocess.run(asked, capture_output=True).returncode == 0


WAYS = {"this project": this_project, "svy": svy_package, "R survey": r_survey}


def run(way: str, rows: int) -> dict:
    """Run one way in a process of its own; return its seconds and what it found."""
    command = [sys.executable, __file__, "--way", way, "--rows", str(rows)]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)


def agree(found: list, wanted: list) -> bool:
    """Say whether both have the same shares and standard errors."""
    other = {(question, group): (share, error) for question, group, share, error in wanted}
    return len(found) == len(other) and all(
        np.allclose((share, error), other[question, group], rtol=AGREEMENT, atol=0)
        for question, group, share, error in found
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--way", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.way:
        seconds, found = WAYS[given.way](responses(given.rows))
        print(json.dumps({"seconds": seconds, "found": found}))
        return
    here = {"this project": True, "svy": importlib.util.find_spec("svy") is not None, "R survey": _has_r_survey()}
    peer_rows = {"svy": given.rows, "R survey": min(given.rows, R_ROWS)}
    plan = [
        ("this project", rows) for rows in sorted({given.rows, *(peer_rows[way] for way in peer_rows if here[way])})
    ]
    plan += [(way, peer_rows[way]) for way in peer_rows if here[way]]
    runs = {step: [] for step in plan}
    for _ in range(given.rounds):
        for step in plan:
            runs[step].append(run(*step))
    print("| way | rows | seconds | this project, on as many rows = 1 |\n|---|---|---|---|")
    middle = {step: statistics.median(one["seconds"] for one in of_step) for step, of_step in runs.items()}
    for (way, rows), seconds in middle.items():
        own = runs["this project", rows][0]["found"]
        if not all(agree(one["found"], own) for one in runs[way, rows]):
            raise SystemExit(f"{way}: other shares or standard errors than this project")
        print(f"| {way} | {rows:,} | {seconds:.2f} | {seconds / middle['this project', rows]:,.1f} |")


if __name__ == "__main__":
    main()
