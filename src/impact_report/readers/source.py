"""The bytes of a raw export: as they are, or out of a gzip or zip archive that holds just it."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from impact_report.errors import ExportError, Problem

_GZIP = b"\x1f\x8b"
_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_WORKBOOKS = ("xl/workbook.xml", "xl/workbook.bin", "content.xml")  # these are zip archives themselves
_NEST = 3  # an archive in an archive in an archive
_LARGEST = 8 * 2**30  # bytes; an archive may claim to hold any number of them


@dataclass(frozen=True)
class Source:
    """A file's name, as told in errors, and its bytes."""

    name: str
    content: bytes


def read(path: Path) -> Source:
    """Return the bytes of a raw export, taken out of its archive if it came in one.

    Raises ExportError where the file is missing or empty, or the archive is broken or does not hold exactly one file.
    """
    try:
        content = path.read_bytes()
    except OSError as fault:
        raise ExportError(Problem("the raw export", fault.strerror or str(fault), str(path), "put it there")) from None
    return _unpacked(path.name, content, _NEST)


def _unpacked(name: str, content: bytes, nest: int) -> Source:
    if not content or content.isspace():
        raise ExportError(Problem("rows of answers", "an empty file", name, "export the answers again"))
    if content.startswith(_GZIP):
        return _inside(name, *_from_gzip(name, content), nest)
    if content.startswith((_ZIP, _EMPTY_ZIP)):
        found = _from_zip(name, content)
        if found:
            return _inside(name, *found, nest)
    return Source(name, content)


def _inside(name: str, inner: str, content: bytes, nest: int) -> Source:
    if not nest:
        do = "take the export out of its archives and put it there"
        raise ExportError(Problem("an export in one archive", "archives in archives", name, do))
    return _unpacked(f"{name} ({inner})", content, nest - 1)


def _from_gzip(name: str, content: bytes) -> tuple[str, bytes]:
    try:
        with gzip.open(io.BytesIO(content)) as file:
            return name.removesuffix(".gz"), _limited(file, name)
    except (OSError, EOFError, zlib.error) as fault:
        raise _broken(name, fault) from None


def _from_zip(name: str, content: bytes) -> tuple[str, bytes] | None:
    """Return the one file of a zip archive; None where the archive is a workbook."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if set(_WORKBOOKS) & set(archive.namelist()):
                return None
            inside = [one for one in archive.infolist() if not one.is_dir() and not _is_clutter(one.filename)]
            if len(inside) != 1:
                names = ", ".join(one.filename for one in inside[:8]) + (" …" if len(inside) > 8 else "")
                do = "put the file with the answers there, by itself"
                raise ExportError(Problem("one file in the archive", names or "none", name, do))
            if inside[0].flag_bits & 1:
                do = "open it with its password and put the file there"
                raise ExportError(Problem("an archive without a password", "an encrypted one", name, do))
            with archive.open(inside[0]) as file:
                return inside[0].filename, _limited(file, name)
    except (zipfile.BadZipFile, NotImplementedError, OSError, EOFError, zlib.error) as fault:
        raise _broken(name, fault) from None


def _limited(file: gzip.GzipFile | zipfile.ZipExtFile, name: str) -> bytes:
    content = file.read(_LARGEST + 1)
    if len(content) > _LARGEST:
        found = f"more than {_LARGEST // 2**30} GiB"
        raise ExportError(Problem("an export that fits into memory", found, name, "look at what the archive holds"))
    return content


def _broken(name: str, fault: Exception) -> ExportError:
    return ExportError(Problem("a whole archive", f"a broken one: {fault}", name, "export or download it again"))


def _is_clutter(name: str) -> bool:
    """Say whether an operating system has put a file into the archive by itself.

    >>> _is_clutter("__MACOSX/._answers.csv"), _is_clutter("survey/answers.csv")
    (True, False)
    """
    parts = PurePosixPath(name).parts
    return "__MACOSX" in parts or parts[-1].startswith(".") or parts[-1].lower() in {"thumbs.db", "desktop.ini"}
