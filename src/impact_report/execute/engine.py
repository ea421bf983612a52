"""The papermill engine `impact-report`: cell after cell in this process, in a fresh shell, until one fails."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from impact_report.execute.notebook import KERNEL, LANGUAGE, cell_names

if TYPE_CHECKING:
    from nbformat import NotebookNode

ENGINE = "impact-report"


class InProcessEngine:
    """What papermill runs the cells with.

    It has the methods of `papermill.engines.Engine` without deriving from it: papermill loads its engines while it is
    itself being imported, so an engine that imports papermill can only be imported after papermill.
    """

    @classmethod
    def execute_notebook(cls, nb: NotebookNode, kernel_name: str, **options: Any) -> NotebookNode:
        """Run the notebook as papermill's own engines do: with its manager around `execute_managed_notebook`."""
        from papermill.engines import Engine

        return Engine.execute_notebook.__func__(cls, nb, kernel_name, **options)

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: Any,
        kernel_name: str,
        title: str = "notebook",
        on_cell: Callable[[int], None] | None = None,
        on_error: Callable[[int, BaseException], None] | None = None,
        **_: Any,
    ) -> None:
        """Run cell after cell until one fails; `on_cell` hears each index, `on_error` the index and the error."""
        from impact_report.shell import fresh_shell

        with fresh_shell() as shell:
            names = cell_names(title, nb_man.nb)
            for index, cell in enumerate(nb_man.nb.cells):
                if on_cell:
                    on_cell(index)
                if cell.cell_type != "code" or not cell.source.strip():
                    continue
                nb_man.cell_start(cell, index)
                cell.execution_count = shell.execution_count
                cell.outputs, error = shell.run(cell.source, names[index])
                if error is not None:
                    nb_man.cell_exception(cell, index)
                    if on_error:
                        on_error(index, error)
                nb_man.cell_complete(cell, index)
                if error is not None:
                    return

    @classmethod
    def nb_kernel_name(cls, nb: NotebookNode, name: str | None = None) -> str:
        """Return the kernel's name; the notebook need not have one."""
        return name or nb.metadata.get("kernelspec", {}).get("name") or KERNEL

    @classmethod
    def nb_language(cls, nb: NotebookNode, language: str | None = None) -> str:
        """Return the language; the notebook need not have one."""
        return language or LANGUAGE
