"""A study of one question and four notebooks of a few lines: an edition that builds in a moment."""

from __future__ import annotations

from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

PARAMETERS = (
    'study: str = "data/raw"\nwave: str = "first"\ngroup: str = ""\nlanguage: str = ""\n'
    'processed: str = "data/processed"'
)
CODEBOOK = """\
survey: {id: gardens, title: Gardens, subject: Allotment gardens.}
items:
  shared: {question: "Did you share?", kind: single, codes: {"yes": "Yes", "no": "No"}}
sections:
  - id: sharing
    title: Sharing
    indicators: [{id: shared, statement: shared, item: shared, counts: ["yes"]}]
"""
WAVE = """\
title: First
fielded: {start: 2020-01-01, end: 2020-01-31}
issued: 2021-02-03
reference_date: {date: 2020-01-31, source: the gardeners}
respondents: organisations
smallest_count: off
population: {universe: all allotment gardens}
method: {strategy: a survey, sponsor: nobody, recruitment: none, mode: on paper, limitations: [few answered]}
"""
EDITION = """\
from impact_report.edition import Edition
edition = Edition.of(study, wave, group, language)
results = edition.processed(processed)
results.mkdir(parents=True, exist_ok=True)"""
CELLS = {
    "01_clean": """\
answers = (edition.wave_folder / "responses.csv").read_text().splitlines()[1:]
(results / "answers.txt").write_text(",".join(answers));""",
    "02_indicators": """\
import pyarrow as pa, pyarrow.parquet
from impact_report.columns import ESTIMATES
answers = (results / "answers.txt").read_text().split(",")
count, base = answers.count("Yes"), len(answers)
said = {"wave": wave, "section": "sharing", "indicator": "shared", "statement": "shared", "group_by": "all"}
said |= {"group": "all", "count": count, "base": base, "flags": "", "suppressed": False, "invented": True}
table = pa.Table.from_pylist([dict.fromkeys(ESTIMATES) | said])
pa.parquet.write_table(table, results / "estimates.parquet")
table.to_pandas().to_csv(results / "estimates.csv", index=False)""",
    "03_charts": """\
import json
figures = ["shared"]
drawing = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 72 36"><text y="20">2 of 3</text></svg>'
words = {"title": [{"t": "text", "text": "Most shared"}], "subtitle": [], "source": [], "alt": "A bar: 2 of 3 shared."}
(results / "figures").mkdir()
for name in figures:
    (results / "figures" / f"{name}.svg").write_text(drawing)
(results / "figures.json").write_text(json.dumps(dict.fromkeys(figures, words)));""",
    "04_report": """\
from IPython.display import display
answers = (results / "answers.txt").read_text().split(",")
for block in [
    {"block": "cover", "title": "Gardens", "date": "2020-01-31", "notice": [{"t": "text", "text": "Invented."}]},
    {"block": "heading", "level": 1, "text": "Who shared"},
    {"block": "paragraph", "c": [{"t": "verbatim", "text": f"{answers.count('Yes')} of {len(answers)} shared."}]},
]:
    display({"application/vnd.impact-report.block+json": block}, raw=True)""",
}


def write_notebook(path: Path, *cells: str, parameters: str = PARAMETERS) -> Path:
    """Write a notebook: a heading, the parameters, and these cells of code."""
    notebook = new_notebook()
    notebook.cells = [
        new_markdown_cell("# Gardens\n\n## How many shared?"),
        new_code_cell(parameters, metadata={"tags": ["parameters"]}),
        *(new_code_cell(cell) for cell in cells),
    ]
    for number, cell in enumerate(notebook.cells):
        cell.id = f"source-{number}"  # nbformat's own are random
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)
    return path


def write_project(folder: Path) -> Path:
    """Write a project: a study with the waves first and second, and four notebooks."""
    for name, cell in CELLS.items():
        write_notebook(folder / "notebooks" / f"{name}.ipynb", EDITION, cell)
    (folder / "pyproject.toml").write_text("")
    study = folder / "data" / "raw"
    for wave in ("first", "second"):
        (study / wave).mkdir(parents=True)
        (study / wave / "wave.yml").write_text(WAVE)
        (study / wave / "responses.csv").write_text("Did you share?\nYes\nYes\nNo\n")
    (study / "codebook.yml").write_text(CODEBOOK)
    return folder


def bytes_of(folder: Path) -> dict[str, bytes]:
    """Every file of a folder by its path in it."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }
