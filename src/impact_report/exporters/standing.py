"""A figure that stands alone, as a drawing and as a picture: with its title, what it shows, its source, its words.

In the report these stand around the drawing; taken away, as into a slide, it must bring them along. The drawing has its
font within it, cut down to the letters it uses. The picture is that drawing, painted by Typst: twice the size of the
screen's, on white.
"""

from __future__ import annotations

import base64
import io
import re
import tempfile
import xml.etree.ElementTree as ElementTree
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import typst

from impact_report.exporters.drawing import SVG, XLINK
from impact_report.exporters.typefaces import FAMILY, FONTS, REGULAR, STRONG, own, subset
from impact_report.palette import LIGHT

MARGIN = 18.0  # points, around everything
GAP = 10.0  # between the words and the drawing
FALLBACK = "'Helvetica Neue', Arial, sans-serif"  # where a program does not read the font within
DOTS_PER_INCH = 192  # two to a pixel of the screen's
WEIGHT = re.compile(r"\b([4-9]00)\b")
COLOURS = 256  # of a picture; a chart has fewer, edges of letters and all
MAIN = "pictures.typ"


@dataclass(frozen=True)
class _Style:
    """Words above or below a drawing: size and line height in points, weight, colour."""

    size: float
    line: float
    weight: int
    colour: str


TITLE = _Style(14, 18.5, STRONG, LIGHT["ink"])
SUBTITLE = _Style(10, 14, REGULAR, LIGHT["muted"])
SOURCE = _Style(8.5, 12, REGULAR, LIGHT["muted"])


def standing(
    svg: str, title: str, subtitle: str, source: str, alt: str, language: str = "en", letters: str = ""
) -> str:
    """Return a drawing as an SVG document of its own, with its words around it, its alt text and its font within it.

    The font has the letters it uses, and `letters`: drawings with the same share a font, which is cut once.

    >>> svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 50"><text>83%</text></svg>'
    >>> alone = standing(svg, "Most did", "Share of respondents", "A survey", "One bar: 83%, 38 of 46.")
    >>> "Most did</title>" in alone, "font/woff2" in alone
    (True, True)
    """
    for prefix, name in (("", SVG), ("xlink", XLINK)):
        ElementTree.register_namespace(prefix, name)
    drawing = ElementTree.fromstring(svg)
    for metadata in drawing.findall(f"{{{SVG}}}metadata"):
        drawing.remove(metadata)
    x, y, wide, high = (float(part) for part in drawing.attrib["viewBox"].split())
    words = ((title, TITLE), (subtitle, SUBTITLE))
    above = [(line, style) for text, style in words for line in _lines(text, style, wide)]
    below = [(line, SOURCE) for line in _lines(source, SOURCE, wide)]
    top = MARGIN + sum(style.line for _, style in above) + GAP
    width, height = wide + 2 * MARGIN, top + high + GAP + sum(style.line for _, style in below) + MARGIN
    root = ElementTree.Element(
        f"{{{SVG}}}svg",
        {
            "viewBox": f"0 0 {width:g} {height:g}",
            "width": f"{width:g}pt",
            "height": f"{height:g}pt",
            "role": "img",
            "aria-labelledby": "title desc",
            "{http://www.w3.org/XML/1998/namespace}lang": language,
        },
    )
    _child(root, "title", title, id="title")
    _child(root, "desc", alt, id="desc")
    style = _child(root, "style", "")
    _child(root, "rect", width=f"{width:g}", height=f"{height:g}", fill=LIGHT["paper"])
    _write(root, above, MARGIN)
    drawing.attrib.update({"x": f"{MARGIN:g}", "y": f"{top:g}", "width": f"{wide:g}", "height": f"{high:g}"})
    drawing.attrib["viewBox"] = f"{x:g} {y:g} {wide:g} {high:g}"
    root.append(drawing)
    _write(root, below, top + high + GAP)
    for element in root.iter():
        if "style" in element.attrib:
            element.attrib["style"] = _with_fallback(element.attrib["style"])
    style.text = _faces(root, letters)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def pictures(drawings: Sequence[str]) -> list[bytes]:
    """Return each of these drawings as PNG, twice the size of the screen's, on white.

    >>> svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 72 36"><text>83%</text></svg>'
    >>> pictures([svg])[0][1:4]
    b'PNG'
    """
    if not drawings:
        return []
    pages = []
    with tempfile.TemporaryDirectory() as folder:
        for number, drawing in enumerate(drawings):
            (Path(folder) / f"{number}.svg").write_text(drawing, encoding="utf-8")
            width, height = (float(part) for part in ElementTree.fromstring(drawing).attrib["viewBox"].split()[2:])
            pages.append(
                f"#page(width: {width}pt, height: {height}pt, margin: 0pt, fill: white)"
                f'[#image("{number}.svg", width: {width}pt, height: {height}pt)]'
            )
        main = Path(folder) / MAIN
        main.write_text("\n".join(pages), encoding="utf-8")
        made = typst.compile(
            main, root=folder, font_paths=[FONTS], ignore_system_fonts=True, format="png", ppi=DOTS_PER_INCH
        )
    return made if isinstance(made, list) else [made]


def described(picture: bytes, title: str, alt: str, source: str, language: str = "en") -> bytes:
    """Return a PNG with its title, its alt text (`Description`) and its source as texts within it (iTXt).

    >>> from PIL import Image
    >>> svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 72 36"><text>83%</text></svg>'
    >>> Image.open(io.BytesIO(described(pictures([svg])[0], "Most did", "One bar", "A survey"))).text["Description"]
    'One bar'
    """
    from PIL import Image
    from PIL.PngImagePlugin import PngInfo

    texts = PngInfo()
    for key, text in (("Title", title), ("Description", alt), ("Source", source)):
        texts.add_itxt(key, text, language)
    out = io.BytesIO()
    whole = Image.open(io.BytesIO(picture)).convert("RGB")
    few = whole.quantize(COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    few.save(out, "PNG", pnginfo=texts, dpi=(DOTS_PER_INCH, DOTS_PER_INCH))
    return out.getvalue()


def _child(parent: ElementTree.Element, name: str, text: str = "", **attributes: str) -> ElementTree.Element:
    child = ElementTree.SubElement(parent, f"{{{SVG}}}{name}", attributes)
    child.text = text or None
    return child


def _write(root: ElementTree.Element, lines: Sequence[tuple[str, _Style]], top: float) -> None:
    for line, style in lines:
        top += style.line
        font = f"font-family: '{FAMILY}'; font-size: {style.size:g}px; font-weight: {style.weight}"
        look = f"{font}; fill: {style.colour}"
        _child(root, "text", line, x=f"{MARGIN:g}", y=f"{top - (style.line - style.size):g}", style=look)


def _with_fallback(style: str) -> str:
    return style.replace(f"'{FAMILY}'", f"'{FAMILY}', {FALLBACK}")


def _faces(root: ElementTree.Element, others: str) -> str:
    """Return the style sheet that holds the font, in the weights and with the letters that the drawing uses."""
    texts = list(root.iter(f"{{{SVG}}}text"))
    letters = "".join(sorted({*others, *(letter for text in texts for letter in "".join(text.itertext()))}))
    styles = " ".join(element.attrib.get("style", "") for text in texts for element in text.iter())
    strong = any(int(weight) >= STRONG for weight in WEIGHT.findall(styles))
    rules = []
    for weight in (REGULAR, STRONG) if strong else (REGULAR,):
        data = base64.b64encode(subset(_face(weight), letters)).decode()
        source = f'url("data:font/woff2;base64,{data}") format("woff2")'
        rules.append(f'@font-face{{font-family:"{FAMILY}";font-weight:{weight};src:{source}}}')
    return "".join(rules)


def _face(weight: int) -> bytes:
    """Return the upright face of a weight of the font that charts are drawn with."""
    return next(face.data for face in own().faces if (face.weight, face.style) == (weight, "normal"))


def _lines(text: str, style: _Style, width: float) -> list[str]:
    """Return a text in lines that are no wider than `width` points."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and _width(longer, style) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _width(text: str, style: _Style) -> float:
    advances, units = _advances(style.weight)
    return sum(advances.get(ord(letter), units) for letter in text) * style.size / units


@lru_cache
def _advances(weight: int) -> tuple[dict[int, int], int]:
    """Return how far each letter of a face goes, and how many units its size is."""
    from fontTools.ttLib import TTFont

    font = TTFont(io.BytesIO(_face(weight)), lazy=True)
    widths = font["hmtx"].metrics
    return {code: widths[glyph][0] for code, glyph in font.getBestCmap().items()}, font["head"].unitsPerEm
