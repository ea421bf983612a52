"""A study of one question and four notebooks of a few lines: an edition that builds in a moment."""

from __future__ import annotations

from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

PARAMETERS = 'study: str = "data/raw"\nwave: str = "first"\ngroup: str = ""\nprocessed: str = "data/processed"'
CODEBOOK = """\
survey: {id: gardens, title: Gardens, subject: Allotment gardens.}
items:
  shared: {question: "Did you share?", kind: single, codes: {"yes": "Yes", "no": "No"}}
sections:
  - id: sharing
    title: Sharing
    indicators: [{id: shared, statement: shared, item: shared, counts: ["yes"]}]
"""
EDITION = """\
from impact_report.edition import Edition
edition = Edition.of(study, wave, group)
results = edition.processed(processed)
results.mkdir(parents=True, exist_ok=True)"""
CELLS = {
    "01_clean": """\
answers = (edition.wave_folder / "responses.csv").read_text().splitlines()[1:]
(results / "answers.txt").write_text(",".join(answers));""",
    "02_indicators": """\
import pyarrow as pa, pyarrow.csv, pyarrow.parquet
answers = (results / "answers.txt").read_text().split(",")
table = pa.table({"indicator": ["shared"], "count": [answers.count("Yes")], "base": [len(answers)]})
pa.parquet.write_table(table, results / "estimates.parquet")
pa.csv.write_csv(table, results / "estimates.csv")""",
    "03_charts": """\
(results / "figures").mkdir()
(results / "figures" / "shared.svg").write_text("<svg/>");""",
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
        (study / wave / "wave.yml").write_text("")
        (study / wave / "responses.csv").write_text("Did you share?\nYes\nYes\nNo\n")
    (study / "codebook.yml").write_text(CODEBOOK)
    return folder


def bytes_of(folder: Path) -> dict[str, bytes]:
    """Every file of a folder by its path in it."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }
