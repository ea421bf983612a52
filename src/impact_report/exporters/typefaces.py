"""The report's typeface: the vendored one or the publisher's, and cut down to the characters a page uses."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from impact_report.errors import Problem

FONTS = Path(__file__).parent.parent / "fonts"
FAMILY = "Inter"
CHARACTERS_ALWAYS = "".join(map(chr, range(0x20, 0x7F))) + " –—‘’“”…−·→↩"  # a stable set: most edits keep the bytes
REGULAR, STRONG = 400, 600  # the two weights of a report: text, and what stands out of it
# (file, weight, style) of each face a page may ask for
FACES = (
    ("Inter-Regular.ttf", REGULAR, "normal"),
    ("Inter-SemiBold.ttf", STRONG, "normal"),
    ("Inter-Italic.ttf", REGULAR, "italic"),
)
LICENCE_NAMES = (0, 13, 14)  # copyright, licence, and where to read it
FAMILY_NAMES, STYLE_NAMES = (16, 1), (17, 2)
FEATURES = ("kern", "mark", "mkmk", "ccmp", "locl", "tnum", "case")
RESTRICTED = 0x0002  # OS/2 fsType: the licence forbids to embed it
MEASURED = "abcdefghijklmnopqrstuvwxyz 0123456789%"
WIDEST = 1.05  # of the vendored font, for which the charts leave room


@dataclass(frozen=True)
class Face:
    """One face of a typeface: the font file, its weight (400 is regular) and its style (normal or italic)."""

    data: bytes
    weight: int
    style: str


@dataclass(frozen=True)
class Typeface:
    """A family and its faces."""

    family: str
    faces: tuple[Face, ...]


@lru_cache
def own() -> Typeface:
    """Return the vendored typeface.

    >>> own().family, [face.weight for face in own().faces]
    ('Inter', [400, 600, 400])
    """
    return Typeface(FAMILY, tuple(Face((FONTS / name).read_bytes(), weight, style) for name, weight, style in FACES))


def of_cover(cover: Mapping[str, Any]) -> Typeface | None:
    """Return the typeface that a report's cover carries, None where it is the vendored one.

    >>> of_cover({"font": None})
    """
    font = cover["font"]
    if not font:
        return None
    faces = [Face(base64.b64decode(face["data"]), face["weight"], face["style"]) for face in font["faces"]]
    return Typeface(font["family"], tuple(faces))


def of_files(family: str, files: dict[str, bytes]) -> tuple[Typeface, list[Problem]]:
    """Return the typeface that font files make, upright and regular first, and what is wrong with them.

    A variable font gives a regular and a strong face. Each face is called by the family, so that a layout finds it.
    """
    from fontTools.ttLib import TTFont, TTLibError

    faces, problems = [], []
    for name, data in files.items():
        try:
            font = TTFont(io.BytesIO(data), recalcTimestamp=False)
            family_there = _name(font, FAMILY_NAMES)
            faces += _faces(font, family)
        except (TTLibError, KeyError, AssertionError, OSError) as error:
            problems.append(Problem("a font, TTF or OTF", str(error) or "none", name, "give the font's own file"))
            continue
        if font["OS/2"].fsType & RESTRICTED:
            do = "choose a font with a free licence"
            problems.append(Problem("a font that may be embedded", "one that forbids it", name, do))
        if not (family_there or "").startswith(family):
            problems.append(Problem(f"a font of the family {family!r}", repr(family_there), name, "name its family"))
    typeface = Typeface(family, tuple(sorted(faces, key=lambda face: (face.style != "normal", face.weight))))
    return typeface, problems or _shortcomings(typeface)


def _shortcomings(typeface: Typeface) -> list[Problem]:
    """Say what a typeface lacks for a report."""
    upright = [face for face in typeface.faces if face.style == "normal"]
    where = typeface.family
    if not upright:
        return [Problem("an upright face", "none", where, "add the regular font file")]
    problems = []
    missing = "".join(sorted(set(map(chr, range(0x20, 0x7F))) - _characters(upright[0].data)))
    if missing:
        problems.append(Problem("the letters, digits and marks of ASCII", f"no {missing}", where, "choose another"))
    else:
        wide = _width(upright[0].data) / _width(own().faces[0].data)
        if wide > WIDEST:
            found = f"one {wide:.3f} times as wide as {FAMILY}"
            problems.append(Problem("a font that fits the charts", found, where, "choose a narrower one"))
    return problems


def _name(font: object, kinds: tuple[int, ...]) -> str | None:
    return next((name for kind in kinds if (name := font["name"].getDebugName(kind))), None)


def _faces(font: object, family: str) -> list[Face]:
    from fontTools.varLib import instancer

    italic = bool(font["OS/2"].fsSelection & 1 or font["post"].italicAngle)
    if "fvar" not in font:
        return [_face(font, family, font["OS/2"].usWeightClass, italic)]
    found = []
    axes = {axis.axisTag: axis for axis in font["fvar"].axes}
    for weight in (REGULAR, STRONG) if "wght" in axes else (REGULAR,):
        place = {tag: axis.defaultValue for tag, axis in axes.items()}
        if "wght" in axes:
            place["wght"] = min(max(weight, axes["wght"].minValue), axes["wght"].maxValue)
        found.append(_face(instancer.instantiateVariableFont(font, place), family, weight, italic))
    return found


def _face(font: object, family: str, weight: int, italic: bool) -> Face:
    """Return a face that layouts find by the family's name, its weight and its style alone."""
    font["OS/2"].usWeightClass = weight
    for kinds, text in ((FAMILY_NAMES, family), (STYLE_NAMES, "Italic" if italic else "Regular")):
        for kind in kinds:
            font["name"].removeNames(nameID=kind)
            font["name"].setName(text, kind, 3, 1, 0x409)
    out = io.BytesIO()
    font.save(out)
    return Face(out.getvalue(), weight, "italic" if italic else "normal")


@lru_cache(maxsize=32)
def _characters(data: bytes) -> frozenset[str]:
    from fontTools.ttLib import TTFont

    return frozenset(map(chr, TTFont(io.BytesIO(data), lazy=True).getBestCmap()))


def _width(data: bytes) -> float:
    """Return how wide letters and digits run on the average, in units of the size."""
    from fontTools.ttLib import TTFont

    font = TTFont(io.BytesIO(data), lazy=True)
    glyphs = font.getBestCmap()
    return sum(font["hmtx"][glyphs[ord(one)]][0] for one in MEASURED) / len(MEASURED) / font["head"].unitsPerEm


def known_characters(typeface: Typeface | None = None) -> frozenset[str]:
    """Return every character that a report can draw: in all faces of its typeface, or in the vendored one.

    >>> "é" in known_characters(), "😀" in known_characters()
    (True, False)
    """
    both = {own(), typeface or own()}
    return frozenset().union(*(frozenset.intersection(*(_characters(face.data) for face in one.faces)) for one in both))


@lru_cache(maxsize=32)
def subset(data: bytes, characters: str) -> bytes:
    """Return a font as WOFF2 with only these characters; the same characters give the same bytes.

    >>> subset(own().faces[0].data, "ab")[:4]
    b'wOF2'
    """
    from fontTools import subset as subsetter
    from fontTools.ttLib import TTFont

    options = subsetter.Options()
    options.layout_features = list(FEATURES)
    options.hinting = False  # screens that still hint are few, and hints are a third of the bytes
    options.notdef_outline = True
    options.recalc_timestamp = False
    options.drop_tables = [*options.drop_tables, "FFTM", "name"]  # looking for names in use takes a third of the time …
    font = TTFont(io.BytesIO(data), recalcTimestamp=False)
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


def font_faces(text: Iterable[str], typeface: Typeface | None = None, italics: Iterable[str] = "") -> str:
    """Return the CSS that embeds the typeface with the characters of a text (and plain Latin always).

    Of italics only those characters come that are set in them. What a publisher's typeface lacks comes from the
    vendored one.

    >>> font_faces("é").count("@font-face"), font_faces("é", italics="so").count("@font-face")
    (2, 3)
    """
    wanted = {"normal": {*CHARACTERS_ALWAYS, *text}, "italic": set(italics)}
    rules = []
    for one in [typeface, own()] if typeface else [own()]:
        for style in wanted:
            faces = [face for face in one.faces if face.style == style]
            here = wanted[style].intersection(*(_characters(face.data) for face in faces)) if faces else set()
            wanted[style] -= here
            rules += [_rule(one.family, face, "".join(sorted(here))) for face in faces if here]
    return "\n".join(rules)


def _rule(family: str, face: Face, characters: str) -> str:
    data = base64.b64encode(subset(face.data, characters)).decode()
    return (
        f'@font-face{{font-family:"{family}";font-weight:{face.weight};font-style:{face.style};font-display:block;'
        f'src:url("data:font/woff2;base64,{data}") format("woff2")}}'
    )
