"""The encoding of a text file: found by its mark, by what is valid, or by what looks like writing."""

from __future__ import annotations

import codecs
import re

from impact_report.errors import ExportError, Problem

MIXED = "utf-8 with cp1252"
_MARKS = {
    b"\xef\xbb\xbf": "utf-8-sig",
    b"\xff\xfe\x00\x00": "utf-32",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}
_SINGLE_BYTE = ("cp1252", "mac_roman", "latin-1")  # where two are as likely, the first
_LIKELY = re.compile(r"(?<=[a-z])[ß-öø-ÿ]|[ß-öø-ÿ](?=[a-z])|(?<![a-z])[À-ÖØ-Þ](?=[a-z])|[‘’“”–—…•€£°©®™]")
_UNLIKELY = re.compile(r"(?<=[a-z])[À-ÖØ-ÞŠŒŽŸ]|[\x80-\x9f]|[√≈∂ƒ†‡ˆ‰¬∆◊]|\ufffd")
_SAMPLE = 4_000_000  # bytes
_PIECE = 2**20


def found(content: bytes) -> str:
    """Return the encoding: by its mark, else UTF-8 if it is that (but for strays), else the likeliest Western one.

    >>> found("naïve".encode("cp1252")), found("naïve".encode())
    ('cp1252', 'utf-8')
    """
    for mark, encoding in _MARKS.items():
        if content.startswith(mark):
            return encoding
    if encoding := _wide(content):
        return encoding
    if _is_utf8(content):
        return "utf-8"
    text = content[:_SAMPLE].decode("utf-8", errors="surrogateescape")
    strays = sum("\udc80" <= letter <= "\udcff" for letter in text)
    if sum(letter > "\x7f" for letter in text) > 2 * strays:
        return MIXED
    sample = content[:_SAMPLE] if strays else content
    return max(_SINGLE_BYTE, key=lambda encoding: _likelihood(sample, encoding))


def _wide(content: bytes) -> str:
    """Return the form of UTF-16 without a mark, if every other byte of the beginning is zero.

    >>> _wide("Role,Region".encode("utf-16-le"))
    'utf-16-le'
    """
    start = content[:1000]
    even, odd = start[::2].count(0), start[1::2].count(0)
    if odd > 0.4 * len(start) and not even:
        return "utf-16-le"
    return "utf-16-be" if even > 0.4 * len(start) and not odd else ""


def _is_utf8(content: bytes) -> bool:
    if content.isascii():
        return True
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(content), _PIECE):  # by pieces: no second copy of a large file
            decoder.decode(content[start : start + _PIECE])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _likelihood(content: bytes, encoding: str) -> int:
    """Return how much like writing the text looks in an encoding: likely letters less unlikely ones.

    >>> _likelihood("isn’t".encode("mac_roman"), "mac_roman") > _likelihood("isn’t".encode("mac_roman"), "cp1252")
    True
    """
    text = content.decode(encoding, errors="replace")
    return len(_LIKELY.findall(text)) - len(_UNLIKELY.findall(text))


def as_utf8(content: bytes, encoding: str, name: str) -> bytes:
    """Return the content in UTF-8, without a mark.

    Raises ExportError where it is not in that encoding throughout, or nobody knows the encoding.

    >>> as_utf8("naïve".encode("cp1252"), "cp1252", "answers.csv").decode()
    'naïve'
    """
    if encoding in ("utf-8", "utf-8-sig") and _is_utf8(content):
        return content.removeprefix(codecs.BOM_UTF8)
    try:
        if encoding == MIXED:
            return content.decode("utf-8", errors=_STRAYS).encode("utf-8")
        return content.decode(encoding).removeprefix("\ufeff").encode("utf-8")
    except LookupError:
        found = f"{encoding!r}, which Python does not know"
        raise ExportError(
            Problem("an encoding as utf-8", found, "wave.yml, encoding", "correct or remove it")
        ) from None
    except UnicodeError as fault:
        found = f"not {encoding} throughout: {fault}"
        do = "export the answers again, or name the encoding in wave.yml (encoding: …)"
        raise ExportError(Problem("text in one encoding", found, name, do)) from None


def _western(fault: UnicodeError) -> tuple[str, int]:
    """Read bytes astray in UTF-8 as Western ones."""
    return fault.object[fault.start : fault.end].decode("cp1252", errors="replace"), fault.end


_STRAYS = "impact-report-strays"
codecs.register_error(_STRAYS, _western)
