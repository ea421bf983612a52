"""What only a browser can tell: no violation found by axe, no sideways scrolling, one drawing at a time."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

pytestmark = pytest.mark.browser

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
EDITION = Path(os.environ.get("EDITION", Path(__file__).parents[2] / "reports" / "reconstruction"))
PUBLISHED = EDITION / "impact-report.html"
BESIDE = sorted(path.name for path in EDITION.glob("*.html") if path != PUBLISHED)
STATES = {
    "light, wide": {"viewport": {"width": 1280, "height": 900}},
    "dark, wide": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
    "tablet": {"viewport": {"width": 768, "height": 1000}},
    "phone": {"viewport": {"width": 390, "height": 844}},
    "phone, dark": {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"},
    "400 percent": {"viewport": {"width": 320, "height": 256}, "device_scale_factor": 4},
    "forced colours": {"viewport": {"width": 1280, "height": 900}, "forced_colors": "active"},
    "more contrast": {"viewport": {"width": 1280, "height": 900}, "contrast": "more"},
}
WIDE = {"viewport": {"width": 1280, "height": 900}}
RARER_STATES = {
    "forced colours, dark": WIDE | {"forced_colors": "active", "color_scheme": "dark"},
    "more contrast, dark": WIDE | {"contrast": "more", "color_scheme": "dark"},
    "less motion": WIDE | {"reduced_motion": "reduce"},
}
OPEN_ALL = "document.querySelectorAll('details').forEach(one => { one.open = true; })"
FOCUS = """() => {
  const one = document.activeElement;
  if (one === document.body) return null;
  const style = getComputedStyle(one), box = one.getBoundingClientRect();
  const middle = document.elementsFromPoint(
    Math.min(Math.max(box.left + box.width / 2, 1), innerWidth - 2),
    Math.min(Math.max(box.top + box.height / 2, 1), innerHeight - 2));
  return {
    name: one.getAttribute('href') || one.tagName,
    outlined: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
    inside: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    covered: !middle.some(other => other === one || one.contains(other) || other.contains(one)),
  };
}"""
REACHABLE = """() => [...document.querySelectorAll('a[href], summary, [tabindex="0"]')].filter(
  one => one.checkVisibility({visibilityProperty: true})).length"""


@pytest.fixture(scope="module")
def chromium():
    if not CHROMIUM.exists() and not shutil.which("chromium"):
        reason = f"no browser at {CHROMIUM}; name one in the environment variable CHROMIUM"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as driver:
        program = CHROMIUM if CHROMIUM.exists() else shutil.which("chromium")
        browser = driver.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def sample(tmp_path_factory) -> Path:
    """The page of the sample, which holds every kind of block."""
    import exporters_sample

    from impact_report.exporters.html import ImpactHTMLExporter

    path = tmp_path_factory.mktemp("sample") / "impact-report.html"
    page, _ = ImpactHTMLExporter().from_notebook_node(exporters_sample.sample_notebook())
    path.write_text(page, encoding="utf-8")
    return path


@pytest.fixture(scope="module", params=["sample", *["published"] * PUBLISHED.exists()])
def report(request, sample) -> Path:
    """The sample, and the bundled edition where it has been built."""
    return PUBLISHED if request.param == "published" else sample


@pytest.fixture(params=STATES)
def page(request, chromium, report):
    context = chromium.new_context(**STATES[request.param])
    opened = context.new_page()
    opened.goto(report.as_uri())
    yield opened
    context.close()


def violations(page) -> list[str]:
    from axe_playwright_python.sync_playwright import Axe

    # every rule axe has, best practices too
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [f"{entry['id']}: {node['html'][:120]}" for entry in found for node in entry["nodes"]]


def test_axe_finds_nothing(page):
    assert violations(page) == []


@pytest.mark.parametrize("state", RARER_STATES)
def test_axe_finds_nothing_in_rarer_states(chromium, sample, state):
    context = chromium.new_context(**RARER_STATES[state])
    page = context.new_page()
    page.goto(sample.as_uri())
    assert violations(page) == []
    context.close()


def test_axe_finds_nothing_with_everything_opened(chromium, report):
    """What is folded is not looked at by axe; opened, in light and dark."""
    for scheme in ("light", "dark"):
        context = chromium.new_context(viewport={"width": 1280, "height": 900}, color_scheme=scheme)
        page = context.new_page()
        page.goto(report.as_uri())
        page.evaluate(OPEN_ALL)
        assert violations(page) == []
        assert page.evaluate("[document.documentElement.scrollWidth <= window.innerWidth]") == [True]
        context.close()


@pytest.mark.parametrize("name", BESIDE)
@pytest.mark.parametrize("state", ["light, wide", "phone, dark"])
def test_pages_beside_the_report_are_as_accessible(chromium, name, state):
    context = chromium.new_context(**STATES[state])
    page = context.new_page()
    page.goto((EDITION / name).as_uri())
    assert violations(page) == []
    width, inner = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert width <= inner
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_a_preview_shows_of_a_fault_is_accessible(chromium, tmp_path, scheme):
    from impact_report.errors import CodebookError, Problem
    from impact_report.preview.pages import Failure, failure_page, served

    problem = Problem("a date", "'soon'", "wave.yml, line 3", "write it as 2019-06-30")
    failure = Failure.of(CodebookError([problem, problem]))
    path = tmp_path / "fault.html"
    path.write_text(served(failure_page(failure, "/.preview/last-good"), "1"), encoding="utf-8")
    context = chromium.new_context(color_scheme=scheme, bypass_csp=True)
    page = context.new_page()
    page.goto(path.as_uri())
    page.evaluate(OPEN_ALL)
    assert violations(page) == []
    context.close()


@pytest.mark.parametrize("state", ["light, wide", "phone"])
def test_everything_is_reached_by_the_keyboard_and_seen(chromium, report, state):
    """From the skip link on: each stop is outlined and in sight, none is a trap, none is left out."""
    context = chromium.new_context(**STATES[state], reduced_motion="reduce")
    page = context.new_page()
    page.goto(report.as_uri())
    wanted = page.evaluate(REACHABLE)
    stops = []
    while True:
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUS)
        if stop is None or len(stops) > wanted:
            break
        stops.append(stop)
    assert stops[0]["name"] == "#report"
    assert len(stops) == wanted
    assert [stop["name"] for stop in stops if not (stop["outlined"] and stop["inside"])] == []
    assert [stop["name"] for stop in stops if stop["covered"]] == []
    context.close()


def test_the_skip_link_skips(chromium, report):
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(report.as_uri())
    page.keyboard.press("Tab")
    box = page.locator(".skip").bounding_box()
    assert box["x"] >= 0 and box["y"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "report"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")
    context.close()


def test_nothing_moves_for_whoever_wants_no_motion(chromium, report):
    context = chromium.new_context(reduced_motion="reduce")
    page = context.new_page()
    page.goto(report.as_uri())
    moving = page.evaluate(
        "[...document.querySelectorAll('*')].filter(one => { const s = getComputedStyle(one);"
        " return parseFloat(s.transitionDuration) > 0 || s.animationName !== 'none' || s.scrollBehavior === 'smooth';"
        "}).map(one => one.outerHTML.slice(0, 80))"
    )
    assert moving == []
    context.close()


def test_axe_finds_nothing_on_paper(chromium, report):
    context = chromium.new_context(viewport={"width": 794, "height": 1123})
    page = context.new_page()
    page.goto(report.as_uri())
    page.emulate_media(media="print")
    assert violations(page) == []
    context.close()


def test_never_scrolls_sideways(page):
    width, inner = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert width <= inner


def test_shows_one_drawing_of_each_figure(page):
    shown = page.evaluate(
        "[...document.querySelectorAll('figure.chart')].map("
        "figure => [...figure.querySelectorAll('.drawing')].filter(drawing => drawing.offsetHeight > 0).length)"
    )
    assert shown
    assert set(shown) == {1}


def test_no_table_scrolls_sideways_on_a_phone(page):
    if page.viewport_size["width"] > 480:
        return
    wide = page.evaluate(
        "[...document.querySelectorAll('.scroll:has(.stacks)')].filter(box => box.scrollWidth > box.clientWidth + 1)"
        ".map(box => box.parentNode.id)"
    )
    assert wide == []
    labels = page.evaluate(
        "[...document.querySelectorAll('.stacks tbody tr')].filter(row => row.cells.length > 1)"
        ".map(row => getComputedStyle(row.cells[1], '::before').content)"
    )
    assert labels
    assert all(label.startswith('"') for label in labels)


def test_links_of_a_drawing_lie_on_it_and_are_large_enough(page):
    figures = page.evaluate(
        "[...document.querySelectorAll('figure.chart')].map(figure => {"
        "  const shown = [...figure.querySelectorAll('.drawing')].find(one => one.offsetHeight > 0);"
        "  const box = shown.getBoundingClientRect();"
        "  return [...figure.querySelectorAll('.spot')].map(spot => {"
        "    const own = spot.getBoundingClientRect();"
        "    return [own.width >= 24 && own.height >= 24, own.left + own.width / 2 <= box.right,"
        "            own.top >= box.top - 12, own.bottom <= box.bottom + 12];"
        "  });"
        "})"
    )
    assert all(figures)
    assert all(all(facts) for spots in figures for facts in spots)


def test_a_row_that_is_followed_to_shows_the_heading_of_its_card(page):
    page.evaluate("document.documentElement.style.scrollBehavior = 'auto'")
    row = page.locator(".evidence tr[id]").nth(1).get_attribute("id")
    page.goto(page.url.split("#")[0] + "#" + row)
    heading = page.locator(f"xpath=//tr[@id='{row}']/ancestor::section/*[self::h3 or self::h4]").bounding_box()
    box = page.locator(f"[id='{row}']").bounding_box()
    height = page.viewport_size["height"]
    assert -1 <= heading["y"] < height
    assert heading["y"] < box["y"] < height


def test_its_own_font_is_used(page):
    assert (
        page.evaluate("document.fonts.ready.then(fonts => [...fonts].filter(f => f.status === 'loaded').length)") >= 3
    )


def test_a_number_can_be_followed_and_one_comes_back(page):
    page.evaluate("document.documentElement.style.scrollBehavior = 'auto'")
    number = page.locator("main a.number[id]").first
    href, identity = number.get_attribute("href"), number.get_attribute("id")
    page.goto(page.url.split("#")[0] + href)
    target = page.locator("[id='" + href[1:] + "']")
    assert page.evaluate("document.querySelector(':target').id") == href[1:]
    box = target.bounding_box()
    assert -1 <= box["y"] < page.viewport_size["height"]
    back = target.locator(f"xpath=ancestor-or-self::section//a[@href='#{identity}']").first
    back.click()
    assert page.evaluate("document.querySelector(':target').id") == identity


def test_asks_the_network_for_nothing(chromium, report):
    context = chromium.new_context()
    page = context.new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(report.as_uri())
    assert [address for address in asked if not address.startswith(("file:", "data:"))] == []
    context.close()


@pytest.mark.parametrize("paper", ["Letter", "A4"])
def test_findings_print_on_one_sheet(chromium, report, tmp_path, paper):
    import pypdfium2

    page = chromium.new_context().new_page()
    page.goto(report.as_uri())
    statements = page.locator(".findings .statement").all_inner_texts()
    margins = dict.fromkeys(("top", "bottom", "left", "right"), "0.5in")
    title = page.locator(".findings h2").inner_text()
    page.pdf(path=tmp_path / "printed.pdf", format=paper, margin=margins)
    page.context.close()
    sheets = [sheet.get_textpage().get_text_range() for sheet in pypdfium2.PdfDocument(tmp_path / "printed.pdf")]
    squeezed = ["".join(sheet.split()) for sheet in sheets]
    wanted = ["".join(statement.split())[:25] for statement in statements]
    assert wanted
    (place, *_) = [k for k, sheet in enumerate(squeezed) if all(statement in sheet for statement in wanted)]
    assert "".join(title.split()) in squeezed[place]
