"""An IPython shell inside this process that keeps what each cell shows, as a notebook keeps it."""

from __future__ import annotations

import atexit
import base64
import contextlib
import io
import json
import os
import sys
import tempfile
import traceback
from collections.abc import Iterator
from typing import Any

from IPython.core.compilerop import CachingCompiler
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from nbformat import NotebookNode
from nbformat.v4 import new_output
from traitlets import Type
from traitlets.config import Config

STANDARD_OUTPUT, STANDARD_ERROR = 1, 2


class Recorder:
    """The outputs of the cell that runs, in the order in which they came."""

    def __init__(self) -> None:
        self.outputs: list[NotebookNode] = []
        self._shown: dict[str, list[NotebookNode]] = {}
        self._clear_before_next = False

    def begin(self) -> list[NotebookNode]:
        """Return a new, empty list into which the next cell's outputs go."""
        self.outputs = []
        self._clear_before_next = False
        return self.outputs

    def stream(self, name: str, text: str) -> None:
        """Keep text that was written; what follows on from the same stream is one output."""
        if not text:
            return
        self._clear_if_due()
        last = self.outputs[-1] if self.outputs else None
        if last is not None and last.output_type == "stream" and last.name == name:
            last.text += text
        else:
            self.outputs.append(new_output("stream", name=name, text=text))

    def show(self, data: dict, metadata: dict | None, transient: dict | None, update: bool) -> None:
        """Keep what was displayed, or change what was displayed under the same id."""
        data, metadata = as_json(data), as_json(metadata or {})
        display_id = (transient or {}).get("display_id")
        if update:
            for output in self._shown.get(display_id, []):
                output.data, output.metadata = NotebookNode(data), NotebookNode(metadata)
            return
        self._clear_if_due()
        output = new_output("display_data", data=data, metadata=metadata)
        self.outputs.append(output)
        if display_id:
            self._shown.setdefault(display_id, []).append(output)

    def result(self, data: dict, metadata: dict | None, count: int) -> None:
        """Keep the value of the cell's last line."""
        self._clear_if_due()
        self.outputs.append(
            new_output("execute_result", data=as_json(data), metadata=as_json(metadata or {}), execution_count=count)
        )

    def clear(self, wait: bool) -> None:
        """Drop what the cell has shown so far, at once or with the next output."""
        self._clear_before_next = True
        if not wait:
            self._clear_if_due()

    def _clear_if_due(self) -> None:
        if self._clear_before_next:
            self.outputs.clear()
            self._clear_before_next = False


def as_json(value: Any) -> Any:
    """Return the value as it will be read back from a notebook's file; bytes become base64.

    Raises TypeError for what JSON cannot hold.

    >>> as_json({"image/png": b"PNG", "pair": (1, 2)})
    {'image/png': 'UE5H', 'pair': [1, 2]}
    """

    def encoded(one: Any) -> str:
        if isinstance(one, bytes):
            return base64.b64encode(one).decode("ascii")
        raise TypeError(f"a cell can only show what JSON can hold, not {type(one).__name__}")

    return json.loads(json.dumps(value, default=encoded))


class _Stream(io.TextIOBase):
    """What the cells see as `sys.stdout` and `sys.stderr`."""

    encoding = "utf-8"
    errors = "replace"

    def __init__(self, name: str, recorder: Recorder) -> None:
        self.name = name
        self._recorder = recorder

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self._recorder.stream(self.name, text)
        return len(text)


class _Publisher(DisplayPublisher):
    def publish(self, data, metadata=None, source=None, *, transient=None, update=False, **_) -> None:
        self.shell.recorder.show(data, metadata, transient, update)

    def clear_output(self, wait=False) -> None:
        self.shell.recorder.clear(wait)


class _ResultHook(DisplayHook):
    def write_output_prompt(self) -> None:
        pass

    def write_format_data(self, format_dict, md_dict=None) -> None:
        self.shell.recorder.result(format_dict, md_dict, self.prompt_count)

    def finish_displayhook(self) -> None:
        self._is_active = False


class _Compiler(CachingCompiler):
    """Names code after its cell, so that warnings and tracebacks do too."""

    name = "cell"

    def get_code_name(self, raw_code, transformed_code, number) -> str:
        return self.name


class RecordingShell(InteractiveShell):
    """A shell that prints nothing: all that a cell shows goes to its recorder."""

    display_pub_class = Type(_Publisher)
    displayhook_class = Type(_ResultHook)
    compiler_class = Type(_Compiler)

    def __init__(self, **options) -> None:
        self.recorder = Recorder()
        super().__init__(**options)

    def init_virtualenv(self) -> None:
        """Leave the import path alone: another environment's packages are not for this run."""

    def enable_gui(self, gui=None) -> None:
        """Ignore windows: there are none."""

    def showtraceback(self, *_, **__) -> None:
        """Show nothing: who runs the cell gets the error itself."""

    showsyntaxerror = show_usage_error = _showtraceback = showtraceback

    def run(self, code: str, name: str) -> tuple[list[NotebookNode], BaseException | None]:
        """Run one cell's code under a name for tracebacks; return its outputs and its error, or None."""
        outputs = self.recorder.begin()
        self.compile.name = name
        streams = _Stream("stdout", self.recorder), _Stream("stderr", self.recorder)
        with (
            contextlib.redirect_stdout(streams[0]),
            contextlib.redirect_stderr(streams[1]),
            _descriptors_recorded(self.recorder),
        ):
            result = self.run_cell(code, store_history=True)
        error = result.error_before_exec or result.error_in_exec
        if error is not None:
            outputs.append(
                new_output(
                    "error",
                    ename=type(error).__name__,
                    evalue=str(error),
                    traceback=full_traceback(error, name).splitlines(),
                )
            )
        return outputs, error


def full_traceback(error: BaseException, name: str) -> str:
    """Return the error's traceback as text, from the named cell on."""
    step = error.__traceback__
    while step is not None and step.tb_frame.f_code.co_filename != name:
        step = step.tb_next
    if step is None and not isinstance(error, SyntaxError):  # the shell's own frames say nothing of a cell's syntax
        step = error.__traceback__
    return "".join(traceback.format_exception(type(error), error, step))


@contextlib.contextmanager
def fresh_shell() -> Iterator[RecordingShell]:
    """Give a new shell with an empty namespace, and put back afterwards all that a shell changes in a process."""
    settings = Config()
    settings.HistoryManager.enabled = False
    backend = os.environ.get("MPLBACKEND")
    kept_hooks = sys.displayhook, sys.excepthook
    kept_shells = _stand_aside()
    with tempfile.TemporaryDirectory(prefix="impact-report-", ignore_cleanup_errors=True) as folder:
        os.environ["MPLBACKEND"] = "Agg"
        shell = RecordingShell.instance(config=settings, ipython_dir=folder)
        try:
            yield shell
        finally:
            shell.restore_sys_module_state()
            # Its own farewell collects all garbage of the process, which costs more than most notebooks.
            atexit.unregister(shell.atexit_operations)
            RecordingShell.clear_instance()
            for kind, instance in kept_shells:
                kind._instance = instance
            sys.displayhook, sys.excepthook = kept_hooks
            if backend is None:
                os.environ.pop("MPLBACKEND", None)
            else:
                os.environ["MPLBACKEND"] = backend


def _stand_aside() -> list[tuple[type, InteractiveShell]]:
    """Take out the shell that this process may be part of (a notebook's), and say how to put it back."""
    if not InteractiveShell.initialized():
        return []
    present = InteractiveShell._instance
    kept = [(kind, present) for kind in type(present)._walk_mro() if kind._instance is present]
    for kind, _ in kept:
        kind._instance = None
    return kept


@contextlib.contextmanager
def _descriptors_recorded(recorder: Recorder) -> Iterator[None]:
    """Catch what is written past Python, by libraries in C and by programs that a cell starts."""
    with contextlib.ExitStack() as stack:
        files = []
        for name, descriptor in (("stdout", STANDARD_OUTPUT), ("stderr", STANDARD_ERROR)):
            try:
                original = os.dup(descriptor)
            except OSError:  # closed: nothing can be written there
                continue
            file = stack.enter_context(tempfile.TemporaryFile())
            os.dup2(file.fileno(), descriptor)
            files.append((name, descriptor, original, file))
        try:
            yield
        finally:
            for name, descriptor, original, file in files:
                os.dup2(original, descriptor)
                os.close(original)
                file.seek(0)
                recorder.stream(name, file.read().decode("utf-8", "replace"))
