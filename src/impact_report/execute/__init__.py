"""Running a notebook: typed parameters checked first, then each cell in a process of its own, without a kernel.

notebook     a notebook as it is read, and what its cells are called
parameters   values that a notebook does not declare, or declares with another type
failure      what failed, and where
engine       cell after cell in one process, as papermill wants it
kept         an executed notebook without what differs from run to run
job          what the process of a notebook is asked to do
process      that process, from its start to its end
execution    a notebook run from file to file
"""

from impact_report.execute.engine import InProcessEngine
from impact_report.execute.execution import check_all, run_notebook, write_executed
from impact_report.execute.kept import retell
from impact_report.execute.notebook import shown_path
from impact_report.execute.process import warm_up

__all__ = ["InProcessEngine", "check_all", "retell", "run_notebook", "shown_path", "warm_up", "write_executed"]
