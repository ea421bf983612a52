"""A notebook runs in a process of its own, with the values it was given, and says where it stopped."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest
from small_edition import write_notebook

from impact_report import execute
from impact_report.errors import AnswersError, NotebookError, ParameterError

BLOCK = "application/vnd.impact-report.block+json"


def run(path, *cells, **options):
    """Run a notebook of these cells; return the outputs of its last one."""
    write_notebook(path, *cells)
    return execute.run_notebook(path, **options).cells[-1].outputs


@pytest.fixture
def notebook(tmp_path):
    return tmp_path / "01_clean.ipynb"


def failure(notebook, *cells):
    with pytest.raises(NotebookError) as caught:
        run(notebook, *cells)
    (problem,) = caught.value.problems
    return problem


# What a cell shows


def test_outputs_are_kept_in_the_order_in_which_they_came(notebook):
    outputs = run(
        notebook,
        "import sys\nfrom IPython.display import display\n"
        "print('a')\nprint('b')\ndisplay({'text/html': 'x'}, raw=True)\nprint('c', file=sys.stderr)\n2 + 2",
    )
    kinds = [(one.output_type, one.get("name")) for one in outputs]
    assert kinds == [("stream", "stdout"), ("display_data", None), ("stream", "stderr"), ("execute_result", None)]
    assert outputs[0].text == "a\nb\n"
    assert outputs[3].data["text/plain"] == "4"


def test_a_block_comes_back_as_the_data_it_was(notebook):
    block = {"block": "list", "items": [1, None, "é"]}
    (output,) = run(notebook, f"from IPython.display import display\ndisplay({{{BLOCK!r}: {block!r}}}, raw=True)")
    assert output.data[BLOCK] == block


def test_what_json_cannot_hold_is_refused_in_the_cell_that_shows_it(notebook):
    problem = failure(notebook, "from IPython.display import display\ndisplay({'text/html': {1, 2}}, raw=True)")
    assert "a cell can only show what JSON can hold, not set" in problem.found


def test_noise_past_python_does_not_reach_the_terminal(notebook, capfd):
    (output,) = run(notebook, "import os\n_ = os.system('echo loud')\nos.write(2, b'');")
    assert output.text == "loud\n"
    assert capfd.readouterr() == ("", "")


def test_a_display_can_be_updated_and_cleared(notebook):
    outputs = run(
        notebook,
        "from IPython.display import clear_output, display\n"
        "print('gone')\nclear_output()\nshown = display('old', display_id=True)\nshown.update('new')",
    )
    assert [one.data["text/plain"] for one in outputs] == ["'new'"]


def test_warnings_name_the_cell(notebook):
    (output,) = run(notebook, "x = 1\nimport warnings\nwarnings.warn('mind')")
    assert output.text.startswith("01_clean.ipynb, cell 3:3: UserWarning: mind")


def test_charts_are_drawn_without_a_window(notebook):
    (output,) = run(notebook, "import matplotlib\nmatplotlib.get_backend().lower()")
    assert output.data["text/plain"] == "'agg'"


def test_a_cell_runs_in_the_folder_of_its_notebook_as_in_jupyter(notebook):
    (output,) = run(notebook, "import os\nos.path.exists('01_clean.ipynb')")
    assert output.data["text/plain"] == "True"


# Parameters


def test_values_arrive_with_their_types(notebook):
    write_notebook(
        notebook,
        "[code, share, dry, names]",
        parameters='code: str = ""\nshare: float = 0\ndry = True\nnames: list = []',
    )
    values = {"code": "007", "share": 2, "dry": False, "names": ["2025_26", 'a "b" \\ {c}']}
    executed = execute.run_notebook(notebook, parameters=values)
    assert executed.cells[-1].outputs[0].data["text/plain"] == repr(list(values.values()))


def test_every_parameter_that_does_not_fit_is_named_before_anything_runs(notebook, tmp_path):
    write_notebook(notebook, f"open({str(tmp_path / 'ran')!r}, 'w')")
    with pytest.raises(ParameterError) as caught:
        execute.run_notebook(notebook, parameters={"wav": "first", "group": 2, "study": True})
    unknown, mistyped, also = caught.value.problems
    assert unknown.found == "'wav'"
    assert unknown.do == "did you mean 'wave'?"
    assert (mistyped.expected, mistyped.found) == ("group: str", "2, which is int")
    assert also.found == "True, which is bool"
    assert not (tmp_path / "ran").exists()


def test_a_parameter_for_a_notebook_without_any_is_refused(notebook):
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1")]), notebook)
    with pytest.raises(ParameterError, match="a cell tagged 'parameters'"):
        execute.run_notebook(notebook, parameters={"wave": "first"})
    assert execute.run_notebook(notebook).cells[0].outputs


def test_a_derived_value_among_the_parameters_is_refused(notebook):
    write_notebook(notebook, "1", parameters='wave: str = "first"\nlabel: str = wave.upper()')
    with pytest.raises(NotebookError, match="would not be derived again") as caught:
        execute.run_notebook(notebook, parameters={"wave": "second"})
    assert caught.value.problems[0].where == "01_clean.ipynb, cell 2 (parameters), line 2"


# Isolation


def test_nothing_leaks_from_one_notebook_into_the_next(notebook):
    run(
        notebook,
        "import builtins, os, sys\nx = 1\nbuiltins.leak = 1\nos.environ['LEAK'] = '1'\nsys.modules['leak'] = sys",
    )
    (output,) = run(
        notebook,
        "import builtins, os, sys\n"
        "['x' in dir(), hasattr(builtins, 'leak'), 'LEAK' in os.environ, 'leak' in sys.modules]",
    )
    assert output.data["text/plain"] == "[False, False, False, False]"


def test_in_this_process_the_process_is_put_back_as_it_was(notebook):
    before = sys.displayhook, sys.stdout, sys.modules["__main__"], os.environ.get("MPLBACKEND"), Path.cwd()
    (output,) = run(notebook, "import os\n1", isolated=False)
    assert output.data["text/plain"] == "1"
    assert (sys.displayhook, sys.stdout, sys.modules["__main__"], os.environ.get("MPLBACKEND"), Path.cwd()) == before


def test_a_notebooks_process_ends_with_the_one_that_wanted_it(notebook, tmp_path):
    alive = tmp_path / "alive"
    write_notebook(
        notebook,
        f"import pathlib, time\nfor step in range(100):\n    pathlib.Path({str(alive)!r}).write_text(str(step))\n"
        "    time.sleep(0.05)",
    )
    script = tmp_path / "program.py"
    script.write_text(
        "from impact_report.execute import run_notebook\n"
        f"if __name__ == '__main__':\n    run_notebook({str(notebook)!r})\n"
    )
    process = subprocess.Popen([sys.executable, script])
    wait_for(alive.exists)
    process.kill()
    process.wait()
    time.sleep(0.3)
    last = alive.read_text()
    time.sleep(0.3)
    assert alive.read_text() == last


def wait_for(happened, seconds=60):
    until = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < until, "it never happened"
        time.sleep(0.02)


# The notebook that is kept


def test_the_kept_notebook_is_the_same_each_time_and_holds_no_path(notebook, tmp_path):
    cells = ("import os, warnings\nprint(os.getcwd() + '/x')\nwarnings.warn('w')", "object()")
    texts = []
    for name in ("a", "b"):
        write_notebook(notebook, *cells)
        output = tmp_path / name / "01_clean.ipynb"
        values = {"wave": "second", "processed": str(output.parent)}
        execute.run_notebook(
            notebook,
            output,
            values,
            recorded={**values, "processed": "data/processed"},
            private={str(tmp_path): "here"},
        )
        texts.append(output.read_text())
    assert texts[0] == texts[1]
    assert str(tmp_path) not in texts[0]
    assert "here/x" in texts[0]
    assert "papermill" not in texts[0]
    assert 'processed = \\"data/processed\\"' in texts[0]


def test_a_notebook_without_cell_ids_gets_the_same_ones_each_time(notebook):
    write_notebook(notebook, "1")
    raw = json.loads(notebook.read_text())
    for cell in raw["cells"]:
        del cell["id"]
    raw["nbformat_minor"] = 4
    notebook.write_text(json.dumps(raw))
    executed = execute.run_notebook(notebook, parameters={"wave": "first"})
    assert [cell.id for cell in executed.cells] == ["cell-01", "cell-02", "injected-parameters", "cell-03"]


def test_nothing_is_left_of_a_notebook_that_failed(notebook, tmp_path):
    output = tmp_path / "executed.ipynb"
    write_notebook(notebook, "1")
    execute.run_notebook(notebook, output)
    write_notebook(notebook, "1 / 0")
    with pytest.raises(NotebookError):
        execute.run_notebook(notebook, output)
    assert not output.exists()


# Failure


def test_a_failure_names_notebook_cell_heading_and_line(notebook):
    problem = failure(notebook, "a = 1\nb = a / 0")
    assert problem.where == "01_clean.ipynb, cell 3 (“How many shared?”), line 2:  b = a / 0"
    assert problem.found == "ZeroDivisionError: division by zero"


def test_the_cell_is_counted_as_jupyter_shows_it_whatever_was_put_in(notebook):
    write_notebook(notebook, "1", "1 / 0")
    with pytest.raises(NotebookError) as caught:
        execute.run_notebook(notebook, parameters={"wave": "second"})
    assert caught.value.problems[0].where.startswith("01_clean.ipynb, cell 4 ")


def test_an_error_in_a_function_of_another_cell_names_both(notebook):
    problem = failure(notebook, "def share(base):\n    return 1 / base", "share(0)")
    assert "cell 4 (“How many shared?”), line 1:  share(0)\ncalled in cell 3, line 2, in share" in problem.where


def test_an_error_in_the_package_names_its_file(notebook):
    problem = failure(notebook, "from impact_report.errors import near\nnear(1, [2])")
    assert "raised in impact_report/errors.py, line " in problem.where


def test_a_slip_of_syntax_names_its_line(notebook):
    problem = failure(notebook, "a = 1\nb = = 2")
    assert problem.found == "SyntaxError: invalid syntax"
    assert problem.where.endswith("line 2:  b = = 2")


def test_a_long_error_is_cut_and_kept_whole_for_the_verbose(notebook):
    write_notebook(notebook, "raise ValueError('\\n'.join(map(str, range(100))))")
    with pytest.raises(NotebookError) as caught:
        execute.run_notebook(notebook)
    assert "(92 more lines)" in caught.value.problems[0].found
    assert caught.value.details.rstrip().endswith("\n99")
    assert "Traceback" in caught.value.details


def test_the_problems_of_a_report_error_arrive_whole_with_a_note_of_the_place(notebook):
    write_notebook(
        notebook,
        "from impact_report.errors import AnswersError, Problem\n"
        "raise AnswersError([Problem('a', 'b', 'row 1', 'c'), Problem('a', 'b', 'row 2', 'c')])",
    )
    with pytest.raises(AnswersError, match="2 problems") as caught:
        execute.run_notebook(notebook)
    assert [problem.where for problem in caught.value.problems] == ["row 1", "row 2"]
    assert caught.value.__notes__[0].startswith("Stopped in 01_clean.ipynb, cell 3 (“How many shared?”), line 2:")


@pytest.mark.parametrize("code", ["import sys; sys.exit(0)", "raise SystemExit"])
def test_leaving_early_is_no_success(notebook, code):
    assert "SystemExit" in failure(notebook, code).found


def test_a_process_that_dies_is_told_from_a_result(notebook):
    assert "ended by SIGKILL" in failure(notebook, "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)").found
    assert failure(notebook, "1", "import os\nos._exit(0)").where == "01_clean.ipynb, cell 4"


def test_input_is_not_waited_for(notebook):
    assert "EOFError" in failure(notebook, "input('name? ')").found


@pytest.mark.parametrize(
    ("text", "reason"), [("{", "Expecting"), ("[]", "list"), ('{"nbformat": 4}', "nbformat_minor")]
)
def test_what_is_no_notebook_is_said_to_be_none(notebook, text, reason):
    notebook.write_text(text)
    with pytest.raises(NotebookError, match="a Jupyter notebook") as caught:
        execute.run_notebook(notebook)
    assert reason in caught.value.problems[0].found


def test_progress_hears_of_each_cell(notebook):
    heard = []
    run(notebook, "1", "2", progress=lambda cell, cells: heard.append((cell, cells)))
    assert heard == [(1, 4), (2, 4), (3, 4), (4, 4)]


# papermill's own command


def test_papermill_knows_the_engine(notebook, tmp_path):
    write_notebook(notebook, "print(wave)")
    output = tmp_path / "out.ipynb"
    command = "import sys; from papermill.__main__ import papermill; papermill()"
    options = "--engine impact-report --no-progress-bar --kernel python3 --language python -p wave second"
    arguments = [*options.split(), notebook, output]
    subprocess.run([sys.executable, "-c", command, *arguments], check=True, capture_output=True)
    assert nbformat.read(output, 4).cells[-1].outputs[0].text == "second\n"
