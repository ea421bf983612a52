"""The publisher's brand, in one small file of the study folder: name, logo, colour, font, paper, language.

Without `brand.yml` the report looks as it ships.
"""

from __future__ import annotations

import base64
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from impact_report import yamlfile
from impact_report.codebook import Strict, Wording
from impact_report.errors import BrandError, Problem, near
from impact_report.exporters.typefaces import Typeface, of_files
from impact_report.language import known, languages
from impact_report.palette import DARK, LEAST_FOR_TEXT, LIGHT, branded, contrast, readable

NAME = "brand.yml"
LOGO_TYPES = {".svg": "image/svg+xml", ".png": "image/png"}
LARGEST_LOGO = 40_000  # bytes: the page that carries it is to stay light
FONT_ENDINGS = (".ttf", ".otf")
COMFORTABLE = 7.0  # the contrast given to an accent on dark pages where the publisher names none
SVG = "http://www.w3.org/2000/svg"
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
RESAVE = "save it again from the program it was drawn with"
COLOUR = "#[0-9a-fA-F]{6}"
GROUNDS = ("paper", "panel")  # on which words in the accent stand


def _readable_on(palette: dict[str, str], page: str):
    def check(given: str) -> str:
        if not re.fullmatch(COLOUR, given):
            raise ValueError("a colour as #1f5f8b")
        grounds = [palette[ground] for ground in GROUNDS]
        reached = min(contrast(given, ground) for ground in grounds)
        if reached < LEAST_FOR_TEXT:
            nearest = readable(given, grounds)
            raise ValueError(
                f"a colour with a contrast of {LEAST_FOR_TEXT} on a {page} page, where this one has {reached:.1f}; "
                f"the nearest is {nearest}"
            )
        return given.lower()

    return check


def _spoken(given: str) -> str:
    if not known(given):
        raise ValueError(f"a language of the report, one of {', '.join(languages())}")
    return given


def _colour_field(description: str):
    return Field(None, description=description, json_schema_extra={"pattern": f"^{COLOUR}$"})


class Logo(Strict):
    """The publisher's mark: a file beside this one, and what it shows."""

    file: str = Field(min_length=1, description="An SVG or a PNG file of the study folder.")
    dark: str | None = Field(None, description="The same for dark pages; without it the logo keeps a light ground.")
    alt: Wording = Field(min_length=1, description="What a reader hears who cannot see it.")


class Font(Strict):
    """A family of fonts whose files are in the study folder."""

    family: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9 ._-]*$", description="Its name, as its files give it.")
    files: list[str] = Field(min_length=1, description="TTF or OTF: upright and strong, or one variable font.")
    licence: str = Field(description="The file with the licence under which it may be embedded.")


class Brand(Strict):
    """How the publisher wants the report to look."""

    name: Wording = Field("", description="Who publishes the report.")
    logo: Logo | None = None
    accent: Annotated[str, AfterValidator(_readable_on(LIGHT, "light"))] | None = _colour_field(
        "The colour of what the survey found and of links, as #1f5f8b."
    )
    accent_dark: Annotated[str, AfterValidator(_readable_on(DARK, "dark"))] | None = _colour_field(
        "The same on dark pages; without it the nearest lightness that can be read there."
    )
    font: Font | None = None
    paper: Literal["a4", "us-letter"] = "a4"
    language: Annotated[str, AfterValidator(_spoken)] | None = Field(
        None, description="The language of the report, as en or es; en-US writes numbers as in that country."
    )


def load(study: Path, language: str | None = None) -> Brand:
    """Return the brand of a study folder; the usual one where it has no `brand.yml`. `language` is that of its words.

    Raises BrandError with every problem at once: unknown keys, colours that cannot be read, files that are not there.

    >>> load(Path("nowhere")).paper
    'a4'
    """
    path = Path(study) / NAME
    if not path.is_file():
        return Brand()
    brand, lines = yamlfile.load(path, Brand, BrandError, {"language": language})
    problems = [
        Problem(expected, found, yamlfile.where(NAME, place, lines), do)
        for place, expected, found, do in _contradictions(brand, path.parent)
    ]
    if problems:
        raise BrandError(problems)
    if brand.font:
        typeface(brand, path.parent)
    return brand


Finding = tuple[yamlfile.Place, str, str, str]


def _contradictions(brand: Brand, study: Path) -> list[Finding]:
    """Return what the types cannot see: files that are not there or not what they should be."""
    found: list[Finding] = []
    logos = {("logo", key): name for key in ("file", "dark") if (name := getattr(brand.logo, key, None))}
    for place, name in logos.items():
        wrong = _of_file(study, place, name, tuple(LOGO_TYPES)) or _of_picture(study, place, name)
        found += wrong
        if not wrong and (size := (study / name).stat().st_size) > LARGEST_LOGO:
            found.append((place, f"a logo of at most {LARGEST_LOGO:,} bytes", f"{size:,} bytes", "make it simpler"))
    if brand.font:
        for k, name in enumerate(brand.font.files):
            found += _of_file(study, ("font", "files", k), name, FONT_ENDINGS)
        found += _of_file(study, ("font", "licence"), brand.font.licence, ())
    if brand.accent_dark and not brand.accent:
        found.append((("accent_dark",), "an accent for light pages too", "none", "add accent"))
    return found


def _of_file(study: Path, place: yamlfile.Place, name: str, endings: tuple[str, ...]) -> list[Finding]:
    path = study / name
    if endings and path.suffix.lower() not in endings:
        return [(place, f"a file that ends with {' or '.join(endings)}", repr(name), "save it as one of these")]
    if not path.resolve().is_relative_to(study.resolve()):
        return [(place, "a file of the study folder", repr(name), "put it there")]
    if not path.is_file():
        there = sorted(one.name for one in study.iterdir() if one.suffix.lower() in endings or not endings)
        return [(place, "a file of the study folder", f"{name!r}, which is not there", near(name, there))]
    return []


def _of_picture(study: Path, place: yamlfile.Place, name: str) -> list[Finding]:
    """Return what keeps a file from being the picture its name says: not to be read, or leading elsewhere."""
    data = (study / name).read_bytes()
    if name.lower().endswith(".png"):
        return [] if data.startswith(PNG_SIGNATURE) else [(place, "a PNG picture", f"{name!r}, another file", RESAVE)]
    try:
        root = ElementTree.fromstring(data)
    except ElementTree.ParseError as fault:
        return [(place, "an SVG drawing", f"{name!r}: {fault}", RESAVE)]
    if root.tag not in ("svg", f"{{{SVG}}}svg"):
        return [(place, "an SVG drawing", f"{name!r}, whose root is {root.tag!r}", RESAVE)]
    links = [value for one in root.iter() for key, value in one.attrib.items() if key.rpartition("}")[2] == "href"]
    outside = [value for value in links if not value.startswith(("#", "data:"))]
    scripts = [one for one in root.iter() if str(one.tag).rpartition("}")[2] == "script"]
    if outside or scripts:
        found = f"{name!r}, with {'a script' if scripts else f'a link to {outside[0]!r}'}"
        return [(place, "a drawing that needs nothing else", found, "save it without scripts and links")]
    return []


def typeface(brand: Brand, study: Path) -> Typeface | None:
    """Return the brand's typeface, None where it has none. Raises BrandError for files that no report can be set in."""
    if not brand.font:
        return None
    found, problems = of_files(brand.font.family, {name: (study / name).read_bytes() for name in brand.font.files})
    if problems:
        raise BrandError(problems)
    return found


def colours(brand: Brand) -> dict[str, dict[str, str]]:
    """Return the roles of the light and of the dark palette that the brand's accent changes.

    >>> colours(Brand(accent="#006b3c"))["light"]["data"], colours(Brand())
    ('#006b3c', {})
    """
    if not brand.accent or (brand.accent == LIGHT["data"] and not brand.accent_dark):
        return {}
    grounds = [DARK[ground] for ground in GROUNDS]
    dark = brand.accent_dark or readable(brand.accent, grounds, least=COMFORTABLE)
    return {"light": branded(brand.accent), "dark": branded(dark, DARK)}


def on_the_cover(brand: Brand, study: Path) -> dict[str, Any]:
    """Return what the cover of a report carries of a brand, as plain data, so that an exporter needs nothing else."""
    carried: dict[str, Any] = {"paper": brand.paper, "publisher": brand.name, "colours": colours(brand)}
    if brand.logo:
        pictures = [_picture(study / name) for name in (brand.logo.file, brand.logo.dark) if name]
        carried["logo"] = {"alt": brand.logo.alt, "pictures": pictures}
    if set_in := typeface(brand, study):
        faces = [
            {"weight": face.weight, "style": face.style, "data": base64.b64encode(face.data).decode()}
            for face in set_in.faces
        ]
        carried["font"] = {"family": set_in.family, "faces": faces}
    return carried


def _picture(path: Path) -> dict[str, str]:
    return {
        "type": LOGO_TYPES[path.suffix.lower()],
        "data": base64.b64encode(path.read_bytes()).decode(),
    }
