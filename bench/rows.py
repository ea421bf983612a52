"""How long it takes, and how much memory, to read, clean and tally a large export, beside plain scripts.

    make bench                                     a million rows, three rounds
    .venv/bin/python bench/rows.py --rows 100000   fewer

Thirty columns: respondent, time, region, sector, weight, hours, thirteen yes/no questions, eight options of a
select-all question, two scales and a comment. 3 % of the rows are the same respondent again, whose latest answers
count; 1 % of the answers are written otherwise ("yes "), 2 % are "Don't know". Each way reads it, keeps the latest
row of each respondent, and counts each answer "Yes" by region; all must give the same counts. This project also gives
every other column its meaning and writes its ledger. Every run is a process of its own; the rounds are interleaved, and
the medians are shown. Polars and DuckDB take part where they are installed.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

QUESTIONS = [f"q{k}" for k in range(1, 14)]
OPTIONS = [f"help{k}" for k in range(1, 9)]
SCALE = ["Strongly disagree", "Disagree", "Neither agree nor disagree", "Agree", "Strongly agree"]
REGIONS = [str(k) for k in range(1, 15)]
SEED = 2026


def write_export(path: Path, rows: int) -> None:
    """Write the export: the same file for the same number of rows."""
    chance = random.Random(SEED)
    yes_no = ["Yes"] * 49 + ["No"] * 39 + ["Don't know"] * 2 + [""] * 9 + ["yes "]
    header = ["id", "submitted", "region", "sector", "weight", "hours", *QUESTIONS, *OPTIONS, "s1", "s2", "comment"]
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(",".join(header) + "\n")
        for row in range(rows):
            again = row > 0 and chance.random() < 0.03
            at = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(1_767_225_600 + row))
            cells = [f"R_{chance.randrange(row) if again else row:07}", at, chance.choice(REGIONS)]
            cells += [
                chance.choice(["Firm", "School", "Agency"]),
                f"{chance.randint(50, 150) / 100}",
                str(chance.randint(0, 60)),
            ]
            cells += chance.choices(yes_no, k=13)
            cells += chance.choices(["1", "", ""], k=8)
            cells += chance.choices([*SCALE, ""], k=2)
            cells += [f"about matter {row} there is more to say" if chance.random() < 0.2 else ""]
            file.write(",".join(cells) + "\n")


def write_study(folder: Path) -> None:
    """Write codebook and wave of the export, which lies beside them."""
    codes = ", ".join(f"r{region}: '{region}'" for region in REGIONS)
    agree = ", ".join(f"c{k}: {label}" for k, label in enumerate(SCALE))
    items = [
        "id: {question: id, kind: id, personal: true}",
        "submitted: {question: submitted, kind: date}",
        f"region: {{question: region, kind: single, codes: {{{codes}}}}}",
        "sector: {question: sector, kind: single, codes: {firm: Firm, school: School, agency: Agency}}",
        "weight: {question: weight, kind: quantity}",
        "hours: {question: hours, kind: quantity}",
        *(f"{one}: {{question: {one}, kind: single, codes: {{'yes': 'Yes', 'no': 'No'}}}}" for one in QUESTIONS),
        "help: {question: help, kind: multiple, codes: {"
        + ", ".join(f"h{k}: {{label: Help {k}, columns: {one}}}" for k, one in enumerate(OPTIONS))
        + "}}",
        *(f"{one}: {{question: {one}, kind: scale, codes: {{{agree}}}}}" for one in ("s1", "s2")),
        "comment: {question: comment, kind: text}",
    ]
    indicators = [f"{{id: share_{one}, statement: said yes, item: {one}, counts: 'yes'}}" for one in QUESTIONS]
    indented = "\n".join
    (folder / "codebook.yml").write_text(
        "survey: {id: bench, title: Bench, subject: nothing}\n"
        'missing: {dont_know: ["don\'t know"]}\n'
        "items:\n" + indented(f"  {item}" for item in items) + "\n"
        "sections:\n- id: all\n  title: All\n  indicators:\n" + indented(f"  - {one}" for one in indicators) + "\n"
        "groups: [region]\n",
        encoding="utf-8",
    )
    (folder / "wave.yml").write_text(
        "title: Bench\nfielded: {start: 2026-01-01, end: 2026-12-31}\n"
        "reference_date: {date: 2026-12-31, source: none}\nrespondents: persons\nsmallest_count: 5\n"
        "rows: {duplicates: {by: id, latest: submitted}}\npopulation: {universe: nobody}\n"
        "method: {strategy: a, sponsor: b, recruitment: c, mode: d, limitations: e}\n",
        encoding="utf-8",
    )


def this_project(folder: Path) -> tuple[list, dict]:
    from impact_report import cleaning, codebook, readers, tally, wave

    begun = time.perf_counter()
    known = codebook.load(folder / "codebook.yml")
    fielding = wave.load(folder, known)
    export = readers.read(folder / "responses.csv")
    read = time.perf_counter()
    cleaned = cleaning.clean(export, known, fielding)
    clean = time.perf_counter()
    table = tally.tally(cleaned.responses, known)
    done = time.perf_counter()
    table = table[table["group_by"] == "region"]
    counts = [[row.indicator[6:], row.group[1:], row.count, row.base] for row in table.itertuples()]
    steps = {"read": read - begun, "clean": clean - read, "tally": done - clean, "ledger rows": len(cleaned.ledger)}
    return counts, steps


def pandas_script(folder: Path) -> tuple[list, dict]:
    import pandas as pd

    table = pd.read_csv(folder / "responses.csv", dtype=str, keep_default_na=False)
    table["submitted"] = pd.to_datetime(table["submitted"])
    table = table.sort_values("submitted").drop_duplicates("id", keep="last")
    counts = []
    for question in QUESTIONS:
        answer = table[question].str.strip().str.lower()
        said = answer[answer.isin(["yes", "no"])]
        by_region = (said == "yes").groupby(table["region"]).agg(["sum", "count"])
        counts += [
            [question, region, int(by_region["sum"][region]), int(by_region["count"][region])] for region in REGIONS
        ]
    return counts, {}


def polars_script(folder: Path) -> tuple[list, dict]:
    import polars as pl

    table = pl.scan_csv(folder / "responses.csv", infer_schema=False)
    table = table.sort("submitted").unique("id", keep="last")
    answers = [pl.col(one).str.strip_chars().str.to_lowercase() for one in QUESTIONS]
    sums = [(one == "yes").sum().alias(f"{name}_yes") for name, one in zip(QUESTIONS, answers, strict=True)]
    sums += [one.is_in(["yes", "no"]).sum().alias(f"{name}_base") for name, one in zip(QUESTIONS, answers, strict=True)]
    by_region = {row["region"]: row for row in table.group_by("region").agg(sums).collect().to_dicts()}
    return [[q, r, by_region[r][f"{q}_yes"], by_region[r][f"{q}_base"]] for q in QUESTIONS for r in REGIONS], {}


def duckdb_script(folder: Path) -> tuple[list, dict]:
    import duckdb

    sums = ", ".join(
        f"count(*) filter (lower(trim({one})) = 'yes'), count(*) filter (lower(trim({one})) in ('yes', 'no'))"
        for one in QUESTIONS
    )
    rows = duckdb.sql(
        f"select region, {sums} from (select * from read_csv('{folder / 'responses.csv'}', all_varchar=true) "
        "qualify row_number() over (partition by id order by submitted desc) = 1) group by region"
    ).fetchall()
    by_region = {row[0]: row[1:] for row in rows}
    return [[q, r, *by_region[r][2 * k : 2 * k + 2]] for k, q in enumerate(QUESTIONS) for r in REGIONS], {}


WAYS = {
    "this project": (this_project, "impact_report"),
    "pandas, a plain script": (pandas_script, "pandas"),
    "Polars, lazy": (polars_script, "polars"),
    "DuckDB": (duckdb_script, "duckdb"),
}


def run(way: str, folder: Path) -> dict:
    """Run one way in a process of its own; return wall seconds, peak memory in MB, steps and counts."""
    begun = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, __file__, "--way", way, "--folder", str(folder)], stdout=subprocess.PIPE
    ) as process:
        said = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{way} stopped with {process.returncode}")
    wall = time.perf_counter() - begun
    return {"wall": wall, "peak": usage.ru_maxrss / 1024, **json.loads(said)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--way", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.way:
        counts, steps = WAYS[given.way][0](given.folder)
        print(json.dumps({"counts": sorted(counts), "steps": steps}))
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_export(folder / "responses.csv", given.rows)
        write_study(folder)
        size = (folder / "responses.csv").stat().st_size / 2**20
        print(f"{given.rows:,} rows, {size:,.0f} MB; medians of {given.rounds} interleaved rounds\n")
        ways = [way for way, (_, module) in WAYS.items() if importlib.util.find_spec(module)]
        runs = {way: [] for way in ways}
        for _ in range(given.rounds):
            for way in ways:
                runs[way].append(run(way, folder))
    first = runs[ways[0]][0]["counts"]
    differ = [way for way in ways if any(one["counts"] != first for one in runs[way])]
    if differ:
        raise SystemExit(f"other counts than this project: {', '.join(differ)}")
    middle = {way: {key: statistics.median(one[key] for one in runs[way]) for key in ("wall", "peak")} for way in ways}
    own = middle[ways[0]]
    print("| way | wall s | peak MB | peak / file | wall, this project = 1 |\n|---|---|---|---|---|")
    for way, one in middle.items():
        ratios = f"{one['peak'] / size:.1f} | {one['wall'] / own['wall']:.2f}"
        print(f"| {way} | {one['wall']:.1f} | {one['peak']:,.0f} | {ratios} |")
    steps = [one["steps"] for one in runs[ways[0]]]
    middle_steps = {key: statistics.median(one[key] for one in steps) for key in steps[0]}
    ledger = middle_steps.pop("ledger rows")
    said = ", ".join(f"{key} {value:,.1f} s" for key, value in middle_steps.items())
    print(f"\nthis project: {said}; {ledger:,.0f} rows in the ledger")


if __name__ == "__main__":
    main()
