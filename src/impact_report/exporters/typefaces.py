"""The report's own font: which characters it has, and cut down to those a page uses."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

FONTS = Path(__file__).parent.parent / "fonts"
FAMILY = "Inter"
CHARACTERS_ALWAYS = "".join(map(chr, range(0x20, 0x7F))) + " –—‘’“”…−·→↩"  # a stable set: most edits keep the bytes
# (file, weight, style) of each face a page may ask for
FACES = (
    ("Inter-Regular.ttf", 400, "normal"),
    ("Inter-Italic.ttf", 400, "italic"),
    ("Inter-SemiBold.ttf", 600, "normal"),
    ("Inter-Bold.ttf", 700, "normal"),
)
LICENCE_NAMES = (0, 13, 14)  # copyright, licence, and where to read it
FEATURES = ("kern", "mark", "mkmk", "ccmp", "locl", "tnum", "case")


@lru_cache
def known_characters() -> frozenset[str]:
    """Return every character that all faces of the report's font can draw.

    >>> "é" in known_characters(), "😀" in known_characters()
    (True, False)
    """
    from fontTools.ttLib import TTFont

    sets = [set(TTFont(FONTS / name, lazy=True).getBestCmap()) for name, _, _ in FACES]
    return frozenset(map(chr, set.intersection(*sets)))


@lru_cache(maxsize=32)
def subset(name: str, characters: str) -> bytes:
    """Return a face as WOFF2 with only these characters; the same characters give the same bytes.

    >>> subset("Inter-Regular.ttf", "ab")[:4]
    b'wOF2'
    """
    from fontTools import subset as subsetter
    from fontTools.ttLib import TTFont

    options = subsetter.Options()
    options.layout_features = list(FEATURES)
    options.hinting = False  # screens that still hint are few, and hints are a third of the bytes
    options.notdef_outline = True
    options.recalc_timestamp = False
    options.drop_tables = [*options.drop_tables, "name"]  # looking for names in use takes a third of the time …
    font = TTFont(FONTS / name, recalcTimestamp=False)
    names = font["name"]
    worker = subsetter.Subsetter(options)
    worker.populate(text=characters)
    worker.subset(font)
    names.names = [record for record in names.names if record.nameID in LICENCE_NAMES and record.platformID == 3]
    font["name"] = names  # … and the licence goes where the font goes
    font.flavor = "woff2"
    out = io.BytesIO()
    font.save(out, reorderTables=True)
    return out.getvalue()


def font_faces(text: Iterable[str]) -> str:
    """Return the CSS that embeds the font with the characters of a text (and plain Latin always).

    >>> font_faces("é").count("@font-face")
    4
    """
    characters = "".join(sorted({*CHARACTERS_ALWAYS, *text} & known_characters()))
    rules = []
    for name, weight, style in FACES:
        data = base64.b64encode(subset(name, characters)).decode()
        rules.append(
            f'@font-face{{font-family:"{FAMILY}";font-weight:{weight};font-style:{style};font-display:block;'
            f'src:url("data:font/woff2;base64,{data}") format("woff2")}}'
        )
    return "\n".join(rules)
