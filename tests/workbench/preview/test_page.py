"""The preview's page (templates/preview.*) in a real browser: what it shows, how fast, and for whom.

One server and one browser serve all tests here, with the parts of Spanish and Arabic that they need: each test opens
the page anew and leaves the project as it was.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.conftest import ROOT, Project, copied
from tests.workbench.preview.serving import a_page, open_preview, serving

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("preview")]

AXE = ROOT / "tests/node/node_modules/axe-core/axe.min.js"
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LEAD = 'msgid "IPT can help you feel better by working on your relationships."\nmsgstr "'


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, shared: Path) -> Iterator[tuple[Project, str]]:
    """Serve a copy of the project; yield it and the address."""
    project = copied(tmp_path_factory.mktemp("preview") / "project", shared / "cache")
    with serving(project, "es") as address:
        yield project, address


@pytest.fixture(scope="module")
def browser_page() -> Iterator[Page]:
    """Yield the page that all tests use."""
    with a_page() as page:
        yield page


@pytest.fixture
def page(browser_page: Page, served: tuple[Project, str]) -> Page:
    """Open the preview of Spanish anew, wide and light."""
    browser_page.set_viewport_size({"width": 1500, "height": 900})
    browser_page.emulate_media(color_scheme="light")
    open_preview(browser_page, served[1])
    return browser_page


@pytest.fixture
def project(served: tuple[Project, str]) -> Iterator[Project]:
    """Yield the project that is served; its Spanish catalog is put back afterwards."""
    catalog = served[0].root / "locales/es/handouts.po"
    before = catalog.read_bytes()
    yield served[0]
    if catalog.read_bytes() != before:
        catalog.write_bytes(before)


def violations(page: Page, run: Sequence[str] = STANDARDS) -> list[str]:
    """Return what axe-core finds on a page as it stands, by the rules of some standards or by single rules."""
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    result = page.evaluate("run => axe.run(document, {runOnly: run})", list(run))
    assert len(result["passes"]) + len(result["violations"]) > (25 if run is STANDARDS else 0)
    return [f"{v['id']}: {[n['target'] for n in v['nodes']][:3]}" for v in result["violations"]]


def violations_in_the_dark(page: Page) -> list[str]:
    """Return what is wrong in the dark scheme alone, which has other colours and nothing else of its own."""
    page.emulate_media(color_scheme="dark")
    found = violations(page, ("color-contrast",))
    page.emulate_media(color_scheme="light")
    return found


def test_a_block_says_all_that_is_known(page: Page) -> None:
    """Pages with English beside; a click tells id, note, English and line; in the e-mail as on the pages."""
    assert page.locator("#own .sheet").count() == 4
    assert page.locator("#english .sheet").count() == 3
    page.locator('#own .hit[data-block="about-ipt.lead"]').first.click()
    details = page.locator("#details")
    for part in ("about-ipt.lead", "The main message of the whole handout.", "locales/es/handouts.po:"):
        assert part in details.inner_text()
    page.click("#as-email")
    page.frame_locator("#own iframe").locator('[data-block="about-ipt.title"]').first.click()
    assert "about-ipt.title" in details.inner_text()


def test_a_save_shows_within_a_moment(page: Page, project: Project) -> None:
    """By itself, with its problems; a file broken in mid-save is told, and what was shown stays."""
    page.locator('#own .hit[data-block="about-ipt.lead"]').first.click()
    before = page.get_attribute("#own .sheet img", "src")
    start = time.perf_counter()
    project.edit("locales/es/handouts.po", LEAD, LEAD + "<b>Hola</b> ")
    page.wait_for_function(
        "old => document.querySelector('#own .sheet img').getAttribute('src') !== old", arg=before, polling=20
    )
    assert time.perf_counter() - start < 15  # the time is measured in tests/benchmarks/preview_time.py
    page.wait_for_function("document.querySelector('#details').innerText.includes('holds HTML')")
    shown = page.get_attribute('#own .hit[data-block="about-ipt.lead"]', "class") or ""
    assert shown.split()[1:] == ["faulty", "chosen"]
    project.edit("locales/es/handouts.po", LEAD + "<b>Hola</b> ", 'msgid "broken\nmsgstr "')
    page.wait_for_function("document.querySelector('#faults').innerText.includes('not a valid PO file')")
    assert page.locator("#own .sheet").count() == 4
    project.edit("locales/es/handouts.po", 'msgid "broken\nmsgstr "', LEAD)
    page.wait_for_function("document.querySelector('#faults').hidden")


def test_it_works_by_keyboard_alone(page: Page, project: Project) -> None:
    """Tab reaches language, looks, pages and blocks; Enter chooses a block; “Next to do” finds what is open."""
    project.edit("locales/es/handouts.po", 'msgstr "En resumen"', 'msgstr ""')
    page.wait_for_function("!document.querySelector('#next').disabled")
    reached = set()
    for _ in range(14):
        page.keyboard.press("Tab")
        reached.add(
            page.evaluate(
                "document.activeElement.name || document.activeElement.id || document.activeElement.className"
            )
        )
    choices = {"locale", "handout", "place", "layout"}
    assert {*choices, "as-pages", "as-email", "sheets", "next", "list"} <= reached
    page.focus("#next")
    page.keyboard.press("Enter")
    assert "not translated" in page.locator("#details").inner_text()
    assert page.locator('#list [aria-current="true"]').inner_text().startswith("● about-ipt.short")


@pytest.mark.node
def test_axe_finds_nothing(page: Page, project: Project) -> None:
    """WCAG 2.2 AA and best practice, as far as a machine can tell: pages wide, e-mail narrow, the status page; light and dark."""
    project.run("status")
    page.select_option('select[name="locale"]', "ar")
    page.wait_for_selector('#own .sheet img[alt*="Arabic"]', timeout=60_000)
    page.locator('#own .hit[data-block="about-ipt.lead"]').first.click()
    assert violations(page) == []
    assert violations_in_the_dark(page) == []
    page.click("#as-email")
    page.frame_locator("#own iframe").locator('[data-block="about-ipt.title"]').first.wait_for()
    page.set_viewport_size({"width": 500, "height": 900})
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.goto((project.root / "dist/status.html").as_uri())
    assert violations(page) == []
    assert violations_in_the_dark(page) == []
    page.evaluate(
        "document.body.append(document.createElement('img'))"
    )  # the rules are seen to find something
    assert violations(page, ("image-alt",)) != []
