"""The report as one HTML file that needs nothing else: no script, no network, its own font."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from jinja2 import Environment
from traitlets import default

from impact_report.exporters.compiled import CompiledTemplates
from impact_report.exporters.document import Document, description_of, notice_of
from impact_report.exporters.exporter import ReportExporter
from impact_report.exporters.markup import TEMPLATES, block_html, css_string, furnish
from impact_report.exporters.typefaces import FAMILY, font_faces, of_cover
from impact_report.palette import DARK, LIGHT

__all__ = ["ImpactHTMLExporter", "block_html", "document_html"]

STYLE_SHEET = TEMPLATES / "impact-html" / "style.css"
PAPER_SIZES = {"a4": "A4", "us-letter": "letter"}
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
STYLED_SHAPE = re.compile(r'(<(?:path|text|tspan|use|rect|circle|g|line)\b(?![^<>]* class=)[^<>]*?)style="([^"<>]*)"')
TAG = re.compile(r"<[a-z][^<>]*>")
QUOTED = re.compile(r"""(?<=\s)([a-z:-]+)="([^\s"'=<>`]+)"(?=[\s>])""")
BEFORE_WHICH_AN_END_IS_NEEDLESS = {  # https://html.spec.whatwg.org/multipage/syntax.html#optional-tags
    "li": r"<li|</[uo]l",
    "dt": r"<d[td]",
    "dd": r"<d[td]|</d(?:l|iv)",
    "t[dh]": r"<t[dh]|</t(?:r|head|body|foot|able)",
    "tr": r"<tr|</t(?:head|body|foot|able)",
}
NEEDLESS_END = re.compile(
    "|".join(rf"</{tag}>(?=\s*(?:{before})\b)" for tag, before in BEFORE_WHICH_AN_END_IS_NEEDLESS.items())
)
FEWEST_SHARING = 3
ITALIC = re.compile(r"<em>(.*?)</em>", re.DOTALL)
SPACE = re.compile(r"\s+")
AROUND_MARKS = re.compile(r"\s*([{};,>])\s*|(?<=:)\s+")  # a space before a colon means something to a selector


class ImpactHTMLExporter(ReportExporter):
    """`jupyter nbconvert --to impact-html`: an executed notebook of blocks as a self-contained page."""

    export_from_notebook = "Impact report (HTML)"
    output_mimetype = "text/html"

    @default("file_extension")
    def _html_extension(self) -> str:
        return ".html"

    @default("template_name")
    def _html_template(self) -> str:
        return "impact-html"

    def _create_environment(self) -> Environment:
        environment = furnish(super()._create_environment())
        environment.bytecode_cache = _COMPILED
        return environment

    def from_notebook_node(self, nb: Any, resources: Any = None, **options: Any) -> tuple[str, Any]:
        """Return the page and nbconvert's resources; raises ReportRefused with every fault of the notebook."""
        document, resources = self.document(nb, resources, **options)
        return self.render(document), resources

    def render(self, document: Document) -> str:
        """Return the page of a document."""
        page = self.template.render(
            document=document,
            parts=_parts(document),
            page_title=page_title(document),
            style=_STYLE_PLACE,
            notice=notice_of(document),
            description=description_of(document),
        )
        page = re.sub(r"\n{2,}", "\n", page).lstrip()
        page, shared = share_styles(page)
        page = light(page)
        return page.replace(_STYLE_PLACE, style_of(page, document, shared), 1)


_STYLE_PLACE = "STYLE-SHEET-HERE"
_COMPILED = CompiledTemplates()


def document_html(document: Document) -> str:
    """Return the page of a document that was made without a notebook.

    >>> from impact_report.exporters.document import document_of
    >>> page = document_html(document_of([{"block": "cover", "title": "Impact", "date": "2020-01-31"}]))
    >>> "<h1>Impact</h1>" in page
    True
    """
    return ImpactHTMLExporter().render(document)


def light(page: str) -> str:
    """Return a page without the quotes and the ends of cells, rows and items that its markup does not need.

    >>> print(light('<p id="a" title="two words">so="x"</p>\\n<br class="b" />'))
    <p id=a title="two words">so="x"</p>
    <br class=b />
    >>> light("<ul>\\n<li>one</li>\\n<li>two</li>\\n</ul>")
    '<ul>\\n<li>one\\n<li>two\\n</ul>'
    """
    return NEEDLESS_END.sub("", TAG.sub(lambda tag: QUOTED.sub(r"\1=\2", tag[0]), page))


def share_styles(page: str) -> tuple[str, str]:
    """Return the page with the styles that shapes of its drawings have in common as classes, and the rules for them.

    >>> share_styles('<path d="M 0 0" style="fill:var(--data-soft)" />' * 3 + '<path style="fill:none" />')[1]
    '.s1{fill:var(--data-soft)}\\n'
    """
    counts = Counter(style for _, style in STYLED_SHAPE.findall(page))
    shared = [style for style, count in counts.items() if count >= FEWEST_SHARING]
    names = {style: f"s{number}" for number, style in enumerate(shared, start=1)}

    def with_class(found: re.Match) -> str:
        return f'{found[1]}class="{names[found[2]]}"' if found[2] in names else found[0]

    return STYLED_SHAPE.sub(with_class, page), "".join(f".{name}{{{style}}}\n" for style, name in names.items())


def _parts(document: Document) -> list[dict[str, Any]]:
    parts: list[dict[str, Any]] = []
    for entry in document.contents:
        if entry.level == 1 or not parts:
            parts.append({"entry": entry, "chapters": []})
        else:
            parts[-1]["chapters"].append(entry)
    return parts


def style_of(page: str, document: Document, shared: str = "") -> str:
    """Return the whole style of a page: colours, sheet, rules of its own, paper, and the font with its characters.

    >>> from impact_report.exporters.document import document_of
    >>> "@font-face" in style_of("é", document_of([{"block": "cover", "title": "Impact", "date": "2020-01-31"}]))
    True
    """
    typeface = of_cover(document.cover)
    family = f':root{{--own:"{typeface.family}"}}\n' if typeface else ""
    fonts = font_faces(sorted(set(page)), typeface, italics="".join(ITALIC.findall(page)))
    return _colours(document) + family + _sheet() + shared + _paper(document) + fonts


def page_title(document: Document) -> str:
    """Return what the browser's window is called: title, edition, and what must be warned of.

    >>> from impact_report.exporters.document import document_of
    >>> page_title(document_of([{"block": "cover", "title": "Impact", "date": "2020-01-31", "edition": "Spring"}]))
    'Impact – Spring'
    """
    cover = document.cover
    return " – ".join(filter(None, [cover["title"], cover["edition"], notice_of(document)]))


def _colours(document: Document) -> str:
    """The palette as custom properties: light, and dark where the reader's system asks for it."""
    brand = document.cover["colours"]
    light, dark = LIGHT | brand.get("light", {}), DARK | brand.get("dark", {})

    def properties(palette: dict[str, str]) -> str:
        return "".join(f"--{role.replace('_', '-')}:{colour};" for role, colour in palette.items())

    return (
        f":root{{color-scheme:light dark;{properties(light)}}}\n"
        f"@media screen and (prefers-color-scheme:dark){{:root{{{properties(dark)}}}}}\n"
    )


def _sheet() -> str:
    return minified(STYLE_SHEET.read_text(encoding="utf-8"))


def minified(css: str) -> str:
    """Return a style sheet without comments and without the spaces that only people need.

    >>> minified("/* Body */\\na, b > c {\\n  margin: 0 1px; color: red;\\n}\\n@media (min-width: 1px) { d :e {} }")
    'a,b>c{margin:0 1px;color:red}@media (min-width:1px){d :e{}}'
    """
    spaced = SPACE.sub(" ", COMMENT.sub("", css)).strip()
    return AROUND_MARKS.sub(lambda found: found[1] or "", spaced).replace(";}", "}")


def _paper(document: Document) -> str:
    """The printed page: its size, and in its margins what the report is."""

    cover = document.cover
    page, pages = document.words["page_of"].format(page="\0", pages="\0").split("\0")[:2]
    typeface = of_cover(cover)
    family = f'"{typeface.family}",{FAMILY}' if typeface else FAMILY
    palette = LIGHT | cover["colours"].get("light", {})
    box = f"font:400 7.5pt {family};color:{palette['muted']};content:"
    notice = f"font:600 7.5pt {family};color:{palette['notice']};content:{css_string(cover['notice_title'])}"
    return (
        f"@page{{size:{PAPER_SIZES[cover['paper']]};margin:20mm 18mm 18mm;"
        f"@top-left{{{box}{css_string(cover['running'])}}}@bottom-left{{{notice}}}"
        f"@bottom-right{{{box}{css_string(page)} counter(page) {css_string(pages)} counter(pages)}}}}\n"
    )
