"""A figure's SVG inside a page: nothing but the drawing, its ids its own, its colours those of the page.

What matplotlib writes is a document of its own: prolog, metadata, a style sheet for everything, ids that the next
figure has too, and colours that stay light on a dark page. All of that is undone here.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree

from impact_report.errors import Problem, PublishingError
from impact_report.palette import LIGHT

SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
HREFS = ("href", f"{{{XLINK}}}href")
DROPPED = {"metadata", "title", "desc", "script", "style", "foreignObject", "image"}
UNIVERSAL_RULE = re.compile(r"\*\s*\{([^}]*)\}")
LOCAL_URL = re.compile(r"url\(\s*['\"]?#([^)'\"]+)['\"]?\s*\)")
COLOUR = re.compile(r"#(?:[0-9a-fA-F]{6}|[0-9a-fA-F]{3})\b")
PAINTED = ("fill", "stroke", "stop-color", "color")
LENGTH = re.compile(r"^\s*([0-9.]+)")
NO_TURN = re.compile(r"\s*rotate\(-?0(?:\.0*)?[ ,)][^)]*\)?\s*")
LONG_FRACTION = re.compile(r"\d+\.\d{2,}")
PLACES = ("x", "y", "cx", "cy", "x1", "x2", "y1", "y2", "width", "height", "d", "points")
AROUND_COMMANDS = re.compile(r"\s*([A-Za-z])\s*|\s{2,}")
STEP = re.compile(r"([MLz])(?:(-?[\d.]+) (-?[\d.]+))?")
STRAIGHT = re.compile(rf"(?:{STEP.pattern})+")
VARIABLES = {colour.lower(): f"var(--{role.replace('_', '-')})" for role, colour in reversed(LIGHT.items())}

INHERITED = {"font-family: 'Inter'", "font-family: Inter"}  # the page's own
SEPARATOR = re.compile(r":\s+")


def inline_svg(svg: str, prefix: str, label: str, name: str = "") -> str:
    """Return the drawing as one `<svg role="img">` element for a page.

    Ids are prefixed, the style sheet becomes attributes of the root, colours of the light palette become
    `var(--role)`, coordinates keep one decimal (a tenth of a pixel). With a `name` the drawing's label is told
    once: the drawing that has a label takes the name as its id, one without is labelled by it.

    Raises PublishingError where the drawing is not SVG.

    >>> print(inline_svg('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 1"><path id="p" fill="#1f5f8b"/>'
    ...                  '</svg>', "figure-x", "One bar"))
    <svg viewBox="0 0 2 1" role="img" aria-label="One bar"><path id="figure-x-p" style="fill:var(--data)" /></svg>
    """
    try:
        root = ElementTree.fromstring(svg)
    except ElementTree.ParseError as error:
        problem = Problem("a drawing in SVG", f"one that cannot be read: {error}", prefix, "save the figure as SVG")
        raise PublishingError(problem) from error
    everywhere = "".join(
        rule for style in root.iter(f"{{{SVG}}}style") for rule in UNIVERSAL_RULE.findall(style.text or "")
    )
    _drop(root)
    used = _references(root)
    for element in root.iter():
        _clean(element, prefix, used)
    _flatten(root)
    _set_root(root, label, everywhere, name)
    return _written(root)


def text_of(svg: str) -> str:
    """Return all the text a drawing shows, to know which characters its font must have.

    >>> text_of('<svg xmlns="http://www.w3.org/2000/svg"><text>83%</text></svg>')
    '83%'
    """
    root = ElementTree.fromstring(svg)
    return "".join("".join(element.itertext()) for element in root.iter(f"{{{SVG}}}text"))


def height_to_width(svg: str) -> float:
    """Return how tall a drawing is for a width of 1.

    >>> height_to_width('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 50"/>')
    0.25
    """
    root = ElementTree.fromstring(svg)
    box = root.attrib.get("viewBox", "").replace(",", " ").split()
    sizes = box[2:] if len(box) == 4 else [root.attrib.get(name, "") for name in ("width", "height")]
    numbers = [LENGTH.match(size) for size in sizes]
    return float(numbers[1][1]) / float(numbers[0][1]) if all(numbers) else 1.0


def _local(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def _drop(parent: ElementTree.Element) -> None:
    for child in list(parent):
        if not isinstance(child.tag, str) or _local(child) in DROPPED or not child.tag.startswith(f"{{{SVG}}}"):
            parent.remove(child)
            continue
        if _local(child) == "a":  # a picture has one name; what is in it cannot be reached by itself
            child.tag = f"{{{SVG}}}g"
            for name in HREFS:
                child.attrib.pop(name, None)
        _drop(child)
        if _local(child) in ("defs", "g") and not len(child):
            parent.remove(child)


def _flatten(parent: ElementTree.Element) -> None:
    """Groups that say nothing give way to what is in them; shapes that paint nothing go."""
    children = []
    for child in parent:
        _flatten(child)
        if _local(child) == "g" and not child.attrib:
            children += list(child)
        elif not (_local(child) == "path" and child.attrib.get("style") == "fill:none" and "id" not in child.attrib):
            children.append(child)
    parent[:] = children


def _short(number: re.Match) -> str:
    return f"{float(number[0]):.1f}".removesuffix(".0")


def _references(root: ElementTree.Element) -> dict[str, str]:
    """Return each id that is referred to, with a short name for it: matplotlib's are long, and stand there often."""
    found = []
    for element in root.iter():
        for name, value in element.attrib.items():
            found += LOCAL_URL.findall(value)
            found += [value[1:]] if name in HREFS and value.startswith("#") else []
    return {identity: str(place) for place, identity in enumerate(dict.fromkeys(found))}


def _straightened(path: str) -> str:
    """Return a path of straight lines with the short commands for level and upright ones.

    >>> _straightened("M1 2L5 2L5 4L1 4z")
    'M1 2H5V4H1z'
    """
    if not STRAIGHT.fullmatch(path):
        return path
    written, x, y = [], "", ""
    for command, x_, y_ in STEP.findall(path):
        if command == "L" and x_ == x:
            written.append(f"V{y_}")
        elif command == "L" and y_ == y:
            written.append(f"H{x_}")
        else:
            written.append(f"{command}{x_} {y_}".rstrip())
        x, y = x_, y_
    return "".join(written)


def _clean(element: ElementTree.Element, prefix: str, used: dict[str, str]) -> None:
    """Own ids, page colours, short numbers; painting moves into `style`, where variables are understood."""
    attributes = element.attrib
    identity = attributes.get("id")
    if identity and identity not in used and _local(element) == "g":
        del attributes["id"]  # matplotlib names every group; only what is referred to needs a name
    elif identity:
        attributes["id"] = f"{prefix}-{used.get(identity, identity)}"
    style = [part.strip() for part in attributes.pop("style", "").split(";") if part.strip()]
    style += [f"{name}: {attributes.pop(name)}" for name in PAINTED if name in attributes]
    if style:
        attributes["style"] = ";".join(
            SEPARATOR.sub(":", _page_colours(part), count=1) for part in style if part not in INHERITED
        )
    for name in list(attributes):
        value = attributes[name]
        if name.lower().startswith("on"):
            del attributes[name]
        elif name in HREFS:
            del attributes[name]
            if value.startswith("#"):
                attributes["href"] = f"#{prefix}-{used[value[1:]]}"
        else:
            value = LOCAL_URL.sub(lambda found: f"url(#{prefix}-{used[found[1]]})", value)
            value = LONG_FRACTION.sub(_short, value) if name in PLACES else value
            if name == "d":
                value = _straightened(AROUND_COMMANDS.sub(lambda found: found[1] or " ", value).strip())
            attributes[name] = value
    if NO_TURN.fullmatch(attributes.get("transform", "")):
        del attributes["transform"]
    if attributes.get("style") == "":
        del attributes["style"]
    if element.text and not element.text.strip() and _local(element) not in ("text", "tspan"):
        element.text = None
    if element.tail and not element.tail.strip():
        element.tail = None


def _page_colours(declaration: str) -> str:
    """A declaration with the palette's colours as variables.

    >>> _page_colours("stroke: #FFF"), _page_colours("fill: #123456")
    ('stroke: var(--paper)', 'fill: #123456')
    """

    def variable(found: re.Match) -> str:
        colour = found[0].lower()
        whole = "#" + "".join(digit * 2 for digit in colour[1:]) if len(colour) == 4 else colour
        return VARIABLES.get(whole, found[0])

    return COLOUR.sub(variable, declaration) if "url(" not in declaration else declaration


def _set_root(root: ElementTree.Element, label: str, everywhere: str, name: str) -> None:
    attributes = root.attrib
    if "viewBox" not in attributes:
        sizes = [LENGTH.match(attributes.get(name, "")) for name in ("width", "height")]
        if all(sizes):
            attributes["viewBox"] = f"0 0 {sizes[0][1]} {sizes[1][1]}"
    for unwanted in ("width", "height", "version", "id", "class"):
        attributes.pop(unwanted, None)
    attributes["role"] = "img"
    if label:
        attributes |= {"aria-label": label} | ({"id": name} if name else {})
    else:
        attributes["aria-labelledby"] = name
    style = ";".join(SEPARATOR.sub(":", part.strip()) for part in everywhere.split(";") if part.strip())
    if style:
        attributes["style"] = ";".join(filter(None, [style, attributes.get("style", "")]))


def _written(root: ElementTree.Element) -> str:
    """HTML knows the SVG elements by themselves: no namespaces are written."""
    for element in root.iter():
        element.tag = _local(element)
        for name in [name for name in element.attrib if name.startswith("{")]:
            value = element.attrib.pop(name)
            if name == "{http://www.w3.org/XML/1998/namespace}space":
                element.attrib["xml:space"] = value
    return ElementTree.tostring(root, encoding="unicode").replace("\n", " ")
