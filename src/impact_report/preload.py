"""What every notebook imports, imported once: the process from which each notebook's process is forked loads this.

Nothing is done here but importing, and once what libraries make ready at its first use: a process that has threads or
open connections must not be forked.
"""

from __future__ import annotations

import contextlib
import gc

from impact_report.imports import load

MODULES = (
    "babel.dates",
    "babel.lists",
    "babel.messages.pofile",
    "babel.numbers",
    "bdb",
    "highspy",
    "pandas",
    "pyarrow.dataset",
    "pyarrow.pandas_compat",
    "pyarrow.parquet",
    "matplotlib.pyplot",
    "matplotlib.backends.backend_svg",
    "matplotlib.backends.backend_agg",
    "seaborn",
    "papermill",
    "IPython.core.application",
    "IPython.core.completer",
    "IPython.core.completerlib",
    "IPython.core.logger",
    "IPython.core.magics",
    "IPython.core.oinspect",
    "impact_report.cli",
    "impact_report.edition",
    "impact_report.execute",
    "impact_report.shell",
    "helpers",
)

load(MODULES)

with contextlib.suppress(Exception):  # what a language says of its numbers and lists, and the templates of blocks
    from impact_report import language
    from impact_report.exporters.markup import block_html

    language.listed([language.number(1), language.number(2)])
    block_html({"block": "paragraph", "c": []})

with contextlib.suppress(Exception):  # the checker of notebooks
    import nbformat

    nbformat.validate(nbformat.v4.new_notebook())
    nbformat.reads('{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}', as_version=4)

gc.freeze()  # what is here stays: a forked process need not look at it, which would copy its memory
