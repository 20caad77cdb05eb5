"""The desk in a real browser: from the language to the print dialog, for whoever sees, hears, or touches it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pypdfium2 import PdfDocument

from tests.conftest import CHROMIUM, Project, copied
from tests.desk.receptionist import desk_of
from tests.workbench.preview.serving import a_page
from tests.workbench.preview.test_page import violations, violations_in_the_dark

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("desk")]

MOST_CLICKS = 4
STORED = "JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie, location.href])"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, shared: Path, small: Path) -> Iterator[str]:
    """Serve the desk of a copy of the project; yield its address."""
    folder = tmp_path_factory.mktemp("desk") / "project"
    project: Project = copied(folder, shared / "cache", sources=small)
    with desk_of(project) as address:
        yield address


@pytest.fixture(scope="module")
def browser_page() -> Iterator[Page]:
    """Yield the page that all tests use."""
    with a_page() as page:
        yield page


@pytest.fixture
def page(browser_page: Page, address: str) -> Page:
    """Open the desk anew, on a tablet."""
    browser_page.set_viewport_size({"width": 768, "height": 1024})
    browser_page.goto(address)
    return browser_page


def test_a_receptionist_gets_a_large_print_handout_in_four_clicks(address: str) -> None:
    """From the language to the PDF that opens to be printed, in the browser's own viewer.

    How long it takes: tests/benchmarks/desk_time.py.
    """
    clicks = 0
    with a_page(CHROMIUM) as page:
        page.goto(address)
        for name in ("Vietnamese", "Interpersonal therapy", "Large print"):
            page.get_by_role("link", name=name).first.click()
            clicks += 1
        with page.expect_popup() as opened:
            page.get_by_role("button", name="Print").first.click()
            clicks += 1
        opened.value.wait_for_load_state()
        assert clicks <= MOST_CLICKS
        assert opened.value.url.endswith("/in/vi/about-ipt/large-print/give")
        opened.value.close()


def test_a_copy_for_one_person_leaves_nothing_in_the_browser(page: Page, address: str) -> None:
    """Not in an address, in what the browser stores, or in the form when one comes back to it."""
    page.goto(f"{address}in/zh-Hans/about-ipt/standard")
    page.get_by_text("A copy for one person").click()
    page.fill("#name", "陈美玲")
    page.fill("#appointment", "2026-12-03T14:30")
    with page.expect_download() as download:
        page.locator("details").get_by_role("button", name="Save the file").click()
    assert download.value.suggested_filename == "zh-Hans.about-ipt.pdf"
    plain = page.locator("form").filter(has=page.locator("button.main"))
    assert plain.locator("input:not([name=csrf])").count() == 0  # the next patient's handout is nobody's copy
    page.goto(address)
    page.go_back()
    assert page.input_value("#name") == ""
    stored = page.evaluate(STORED)
    assert stored.startswith('[{},{},"",')
    assert "陈" not in stored


def test_what_opens_in_a_new_tab_cannot_reach_back(page: Page, address: str) -> None:
    """Every form of the desk that does so."""
    put_into_basket(page, address, "ar/about-ipt/standard")
    for place in ("basket", "in/ar/about-ipt/standard"):
        page.goto(f"{address}{place}")
        forms = page.locator("form[target=_blank]").all()
        assert len(forms) == 2
        assert [form.get_attribute("rel") for form in forms] == ["noopener"] * 2
        saving = page.locator("form[target=_blank] button:not([value=print])").all()
        assert {button.get_attribute("formtarget") for button in saving} == {"_self"}
    page.get_by_role("button", name="Next patient").click()


def put_into_basket(page: Page, address: str, key: str) -> None:
    """Put a handout into the basket of the session."""
    page.goto(f"{address}in/{key}")
    page.get_by_role("button", name="Put into the basket").click()


def test_a_basket_for_one_person_leaves_nothing_in_the_browser(page: Page, address: str) -> None:
    """The name is typed once for all of it; it is in no address, in nothing that is stored, and gone when one comes back."""
    for key in ("zh-Hans/about-ipt/standard", "zh-Hans/references/standard"):
        put_into_basket(page, address, key)
    page.get_by_text("Copies for one person").click()
    page.fill("#name", "陈美玲")
    with page.expect_download() as download:
        page.locator("details").get_by_role("button", name="Save the file").click()
    assert download.value.suggested_filename == "handouts.pdf"
    with PdfDocument(download.value.path()) as document:
        assert sum("陈美玲" in page.get_textpage().get_text_range() for page in document) == 2
    page.goto(address)
    page.go_back()
    assert page.input_value("#name") == ""
    stored = page.evaluate(STORED)
    assert stored.startswith('[{},{},"",')
    assert "陈" not in stored


def test_a_language_is_found_by_another_name(page: Page) -> None:
    """As people call it, though nothing shows that name; where two are called so, both are left to choose from."""
    shown = page.locator(".tongues li:visible")
    for typed, tags in (("farsi", ["fa"]), ("Canton", ["zh-Hans", "zh-Hant"])):
        page.get_by_label("Search for a language").fill(typed)
        assert [each.get_attribute("lang") for each in shown.locator("a > bdi").all()] == tags


def test_everything_can_be_done_with_the_keyboard(page: Page) -> None:
    """A language is found by typing it, and Enter opens it."""
    page.get_by_label("Search for a language").fill("العرب")
    page.keyboard.press("Enter")
    page.wait_for_url("**/in/ar")
    page.locator("a.card").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/in/ar/about-ipt/*")
    page.get_by_text("A copy for one person").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "name"


@pytest.mark.node
@pytest.mark.parametrize("place", ["", "point", "in/vi", "in/ar/about-ipt/bilingual", "basket"])
def test_axe_finds_nothing_and_nothing_overflows(page: Page, address: str, place: str) -> None:
    """Light and dark, from a small phone to a large screen, with the desk in Arabic too."""
    put_into_basket(page, address, "ar/about-ipt/bilingual")
    page.goto(f"{address}{place}")
    for form in page.locator("details").all():
        form.locator("summary").click()
    assert violations(page) == []
    assert violations_in_the_dark(page) == []
    for width in (320, 768, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
    small = "[...document.querySelectorAll('button, .button, select, input:not([type=hidden]), summary')].filter(e => e.offsetHeight && e.offsetHeight < 44).length"
    assert page.evaluate(small) == 0


@pytest.mark.node
def test_the_desk_itself_speaks_arabic(page: Page, address: str) -> None:
    """When that is chosen, from right to left."""
    page.select_option("#own-language", "ar")
    page.locator(".own-language button").click()
    page.wait_for_selector('html[dir="rtl"]')
    page.wait_for_load_state()
    assert violations(page) == []
    page.select_option("#own-language", "en")
    page.locator(".own-language button").click()
    page.wait_for_selector('html[lang="en"]')
