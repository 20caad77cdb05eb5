"""The preview in a real browser: what it shows, how fast, for whom, and for no one else."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.conftest import BROWSER_ARGUMENTS, CHROMIUM, ROOT, Project

if TYPE_CHECKING:
    from playwright.sync_api import Page

AXE = ROOT / "tests/node/node_modules/axe-core/axe.min.js"
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LEAD = 'msgid "IPT helps you feel better by working on your relationships."\nmsgstr "'


@contextmanager
def serving(project: Project, *arguments: str) -> Iterator[str]:
    """Serve the preview of a copy of the project; yield its address."""
    command = [sys.executable, "build.py", "preview", *arguments]
    with subprocess.Popen(command, cwd=project.root, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            yield process.stdout.readline().strip()
        finally:
            process.send_signal(signal.SIGINT)
            assert process.wait(20) == 0


@contextmanager
def a_page(address: str, **options: Any) -> Iterator[Page]:
    """Open an address in Chromium; a message on its console is a fault."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=BROWSER_ARGUMENTS)
        page = browser.new_page(viewport={"width": 1500, "height": 900}, bypass_csp=True, **options)
        faults: list[str] = []
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(address)
        page.wait_for_selector("#own .hit", timeout=60_000)
        yield page
        assert faults == []
        browser.close()


def violations(page: Page) -> list[str]:
    """Return what axe-core finds on a page as it stands."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    result = page.evaluate("run => axe.run(document, {runOnly: run})", STANDARDS)
    assert len(result["passes"]) > 25
    return [f"{v['id']}: {[n['target'] for n in v['nodes']][:3]}" for v in result["violations"]]


@pytest.mark.browser
def test_a_save_shows_within_a_moment_and_a_block_says_all_that_is_known(project: Project) -> None:
    """Pages, e-mail, English beside; a click tells id, note, English, problems and line; a save shows by itself."""
    catalog = project.root / "locales/es/handouts.po"
    with serving(project, "es") as address, a_page(address) as page:
        assert page.locator("#own .sheet").count() == 3
        assert page.locator("#english .sheet").count() == 2
        page.locator('#own .hit[data-block="about-ipt.lead"]').first.click()
        details = page.locator("#details")
        for part in ("about-ipt.lead", "The main message of the whole handout.", "locales/es/handouts.po:"):
            assert part in details.inner_text()
        before = page.get_attribute("#own .sheet img", "src")
        text = catalog.read_text(encoding="utf-8")
        assert LEAD in text
        start = time.perf_counter()
        catalog.write_text(text.replace(LEAD, LEAD + "<b>Hola</b> ", 1), encoding="utf-8")
        page.wait_for_function(
            "old => document.querySelector('#own .sheet img').getAttribute('src') !== old",
            arg=before,
            polling=20,
        )
        assert time.perf_counter() - start < 15  # the time is measured in tests/benchmarks/preview_time.py
        page.wait_for_function("document.querySelector('#details').innerText.includes('holds HTML')")
        assert page.get_attribute('#own .hit[data-block="about-ipt.lead"]', "class").split()[1:] == [
            "faulty",
            "chosen",
        ]
        # A file broken in mid-save is told, and what was shown stays.
        catalog.write_text(text.replace(LEAD, 'msgid "broken\nmsgstr "', 1), encoding="utf-8")
        page.wait_for_function("document.querySelector('#faults').innerText.includes('not a valid PO file')")
        assert page.locator("#own .sheet").count() == 3
        catalog.write_text(text, encoding="utf-8")
        page.wait_for_function("document.querySelector('#faults').hidden")
        page.click("#as-email")
        page.frame_locator("#own iframe").locator('[data-block="about-ipt.title"]').first.click()
        assert "about-ipt.title" in details.inner_text()


@pytest.mark.browser
def test_it_works_by_keyboard_alone(project: Project) -> None:
    """Tab reaches language, looks, pages and blocks; Enter chooses a block; “Next to do” finds what is open."""
    project.edit("locales/es/handouts.po", 'msgstr "En resumen"', 'msgstr ""')
    with serving(project, "es") as address, a_page(address) as page:
        reached = set()
        for _ in range(14):
            page.keyboard.press("Tab")
            reached.add(
                page.evaluate(
                    "document.activeElement.name || document.activeElement.id || document.activeElement.className"
                )
            )
        assert {
            "locale",
            "handout",
            "region",
            "layout",
            "as-pages",
            "as-email",
            "sheets",
            "next",
            "list",
        } <= reached
        page.focus("#next")
        page.keyboard.press("Enter")
        assert "not translated" in page.locator("#details").inner_text()
        assert page.locator('#list [aria-current="true"]').inner_text().startswith("● about-ipt.short")


@pytest.mark.browser
@pytest.mark.node
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(project: Project, scheme: str) -> None:
    """WCAG 2.2 AA and best practice, as far as a machine can tell: pages and e-mail, wide and narrow; the status page."""
    project.run("status")
    with serving(project, "ar") as address, a_page(address, color_scheme=scheme) as page:
        page.locator('#own .hit[data-block="about-ipt.lead"]').first.click()
        assert violations(page) == []
        page.click("#as-email")
        page.frame_locator("#own iframe").locator('[data-block="about-ipt.title"]').first.wait_for()
        assert violations(page) == []
        page.set_viewport_size({"width": 500, "height": 900})
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.goto((project.root / "dist/status.html").as_uri())
        assert violations(page) == []


def _status(address: str, **headers: str) -> int:
    try:
        with urllib.request.urlopen(urllib.request.Request(address, headers=headers)) as answer:  # noqa: S310 - ours
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def test_no_one_else_can_look(project: Project) -> None:
    """On this machine alone, at an address no one can guess, no other name for it, nothing that a link could carry away."""
    with serving(project, "es") as address:
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/[\w-]{32}/\?locale=es&.+", address)
        base, page = address.split("/", 3)[:3], address.split("?")[0]
        assert _status(page) == 200
        assert _status("/".join(base) + "/") == 404
        assert _status("/".join(base) + "/" + "x" * 32 + "/scene") == 404
        assert _status(page, Host="evil.example") == 400
        assert _status(page + "preview.html") == 404
        assert _status(page + "..%2f..%2fbuild.py") == 404
        with urllib.request.urlopen(page) as answer:  # noqa: S310 - ours
            assert answer.headers["Referrer-Policy"] == "no-referrer"
            assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_an_unknown_locale_is_refused_before_anything_is_served(project: Project) -> None:
    """“Did you mean …?”, exit 1."""
    ran = project.run("preview", "ess")
    assert ran.code == 1
    assert "Did you mean “es”?" in ran.err
    assert not list(Path(project.root).glob("dist/**"))
