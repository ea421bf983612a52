"""A folder that appears whole or not at all: made beside its place, put there by one rename.

On Linux and macOS the new folder and the old one change places in one step of the file system (`renameat2` with
RENAME_EXCHANGE, `renamex_np` with RENAME_SWAP). Where that is not to be had, the old folder is renamed away and the
new one into its place; should the second rename fail, the first is taken back, and should the process end between
the two, the next one that works beside the folder takes it back.

What is being made lies in a hidden folder, `.<name>.<random>`, on which its maker holds a lock. The lock goes when the
process goes, however it goes, so that what dead processes left can be told from what others are working on.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

try:
    import fcntl
except ImportError:  # not a POSIX system: no locks, so nothing is cleaned up
    fcntl = None

MARK = "staging"
BEFORE = "before"
HIDDEN = re.compile(r"\.(?P<name>.+)\.[a-z0-9_]{8}")

AT_WORKING_DIRECTORY = -100
RENAME_EXCHANGE = 2  # linux/fs.h
RENAME_SWAP = 2  # macOS sys/stdio.h
NOT_TO_BE_HAD = {errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EXDEV, errno.EPERM}


@dataclass
class Stage:
    """A folder in the making: `folder` is where it is made, `target` where it will be, `home` what hides it."""

    home: Path
    folder: Path
    target: Path

    def publish(self, check: Callable[[], None] | None = None) -> None:
        """Put the folder in its place; `check` may refuse by raising, with nobody else publishing meanwhile."""
        flush(self.folder)
        with _locked(self.target.parent):
            if check:
                check()
            put(self.folder, self.target, self.home / BEFORE)


@contextlib.contextmanager
def staged(target: Path) -> Iterator[Stage]:
    """Give an empty folder beside `target`, to be filled and published; what is not published is thrown away."""
    root = target.parent
    root.mkdir(parents=True, exist_ok=True)
    with _locked(root):
        clean(root)
        home = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=root))
        lock = _hold(home)
        (home / MARK).touch()
    stage = Stage(home, home / target.name, target)
    stage.folder.mkdir()
    try:
        yield stage
    finally:
        shutil.rmtree(home, ignore_errors=True)
        if lock is not None:
            os.close(lock)


def clean(root: Path) -> list[str]:
    """Remove what dead processes left in a folder, put back what they had taken away; return the names removed."""
    removed = []
    for home in sorted(root.iterdir()) if root.is_dir() else []:
        match = HIDDEN.fullmatch(home.name)
        if not match or not (home / MARK).is_file():
            continue
        lock = _hold(home)
        if lock is None:
            continue
        before, target = home / BEFORE, root / match["name"]
        if before.is_dir() and not target.exists():
            before.rename(target)
        shutil.rmtree(home, ignore_errors=True)
        os.close(lock)
        removed.append(home.name)
    return removed


def put(new: Path, target: Path, before: Path) -> None:
    """Put the folder `new` in the place of `target`; `before` is where the old one may be kept for the moment."""
    if not target.exists():
        with contextlib.suppress(FileExistsError):
            new.rename(target)
            return
    if exchange(new, target):
        return
    try:
        target.rename(before)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        # A folder of a container's image can be changed but not renamed.
        shutil.copytree(target, before)
        shutil.rmtree(target)
    try:
        new.rename(target)
    except BaseException:
        before.rename(target)
        raise


def exchange(one: Path, other: Path) -> bool:
    """Let two folders change places in one step; return whether the system can do that. Raises OSError."""
    library = ctypes.CDLL(None, use_errno=True)
    first, second = os.fsencode(one), os.fsencode(other)
    if sys.platform == "darwin" and hasattr(library, "renamex_np"):
        result = library.renamex_np(first, second, ctypes.c_uint(RENAME_SWAP))
    elif sys.platform.startswith("linux") and hasattr(library, "renameat2"):
        here = ctypes.c_int(AT_WORKING_DIRECTORY)
        result = library.renameat2(here, first, here, second, ctypes.c_uint(RENAME_EXCHANGE))
    else:
        return False
    if result == 0:
        return True
    code = ctypes.get_errno()
    if code in NOT_TO_BE_HAD:
        return False
    raise OSError(code, os.strerror(code), str(other))


def flush(folder: Path) -> None:
    """Have the system write a folder's files to the disk, so that a loss of power leaves the old ones or the new."""
    for path in [*folder.rglob("*"), folder]:
        with contextlib.suppress(OSError):
            descriptor = os.open(path, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


def _hold(folder: Path) -> int | None:
    """Lock a folder without waiting; return the descriptor that holds the lock, None where another holds it."""
    if fcntl is None:
        return None
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Work in a folder alone, for the moment that a rename takes."""
    if fcntl is None:
        yield
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):  # a file system without locks
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
