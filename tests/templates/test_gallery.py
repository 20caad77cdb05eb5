"""The gallery in a real browser: found, filtered, turned to the patient, opened from a zip."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from handouts.library.plan import Choice
from handouts.model import SHOWN_FORMATS, Place
from handouts.site.pack import pack
from tests.conftest import STOCKED, Stock
from tests.templates.test_web import looked_at, opened

if TYPE_CHECKING:
    from playwright.sync_api import Browser

SHOWN = "() => [...document.querySelectorAll('.language')].filter(e => e.offsetParent).map(e => e.id)"
HANDOUTS = "() => [...document.querySelectorAll('[data-handout]')].filter(e => e.offsetParent).length"
# Every address of a page in full, and whether its place on the page is there where it leads to the page itself.
LINKS = """() => [...document.links].map(a => [a.href, a.getAttribute('href').startsWith('#')
  && !document.getElementById(decodeURIComponent(a.hash.slice(1)))])"""

pytestmark = pytest.mark.browser


@pytest.mark.node
@pytest.mark.parametrize("part", ["", "#i-speak", "#ar"])
def test_axe_finds_nothing_on_the_page_of_a_place(browser: Browser, stocked: Stock, part: str) -> None:
    """As it is, turned to the patient, and at a language; in light and dark, at 320 and 1280 pixels; nothing is fetched."""
    asked: list[str] = []
    tab = opened(browser, (stocked.out / "index.html").as_uri() + part, asked)
    assert looked_at(tab, asked) == {}
    tab.close()


@pytest.mark.node
def test_axe_finds_nothing_on_the_choice_of_places(browser: Browser, stock: Stock) -> None:
    """Two regions in one folder."""
    stock.build(Choice(("en",), ("about-ipt",), SHOWN_FORMATS, regions=("nz",)))
    asked: list[str] = []
    tab = opened(browser, (stock.out / "index.html").as_uri(), asked)
    assert looked_at(tab, asked) == {}
    tab.close()


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("arab", ["ar"]),
        ("العَرَبية", ["ar"]),
        ("中文", ["zh-Hans"]),
        ("ZH-hans", ["zh-Hans"]),
        ("hindi research", ["hi"]),
        ("mandarin", ["zh-Hans"]),
        ("research", ["ar", "zh-Hans", "en", "hi"]),
        ("klingon", []),
    ],
)
def test_a_language_is_found_as_it_is_typed(
    browser: Browser, stocked: Stock, typed: str, found: list[str]
) -> None:
    """By its own name, in English, by its tag, with or without marks; with a title too. What was found is said."""
    tab = opened(browser, (stocked.out / "index.html").as_uri(), [])
    tab.fill("#search", typed)
    assert tab.evaluate(SHOWN) == found
    assert ("below" in tab.inner_text("#count")) == bool(found)
    assert tab.locator(".tongues li:visible").count() == len(found)
    tab.close()


def test_a_handout_is_chosen_for_all_languages(browser: Browser, stocked: Stock) -> None:
    """And all is there again when nothing is chosen."""
    tab = opened(browser, (stocked.out / "index.html").as_uri(), [])
    assert tab.evaluate(HANDOUTS) == 8
    tab.select_option("#handout", "references")
    assert tab.evaluate(HANDOUTS) == 4
    tab.select_option("#handout", "")
    assert (tab.evaluate(HANDOUTS), tab.inner_text("#count")) == (8, "")
    tab.close()


def test_the_patient_points_and_the_receptionist_prints(browser: Browser, stocked: Stock) -> None:
    """By keyboard alone, three keys: turn the page to the patient, take the language, open the paper. No script is needed."""
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto((stocked.out / "index.html").as_uri())
    assert not tab.is_visible("#search")
    tab.focus(".turn")
    tab.keyboard.press("Enter")
    assert tab.is_visible("#i-speak")
    assert not tab.is_visible(".notice")
    assert tab.inner_text('#i-speak [lang="hi"] >> nth=1') == "मुझे हिन्दी आती है।"
    tab.focus('#i-speak a[href="#hi"]')
    tab.keyboard.press("Enter")
    assert tab.is_visible("#hi .main")
    assert not tab.is_visible("#i-speak")
    assert tab.get_attribute("#hi .main >> nth=0", "href") == "au/hi/about-ipt.pdf"
    context.close()


def test_a_paper_opens_beside_the_list_that_stays_where_it_was(browser: Browser, stocked: Stock) -> None:
    """From `file:` too; a screen reader hears it of each PDF and of nothing else, and the paper cannot reach back."""
    tab = opened(browser, (stocked.out / "index.html").as_uri() + "#hi", [])
    links = tab.locator(".forms a")
    pdfs = [link for link in links.all() if (link.get_attribute("href") or "").endswith(".pdf")]
    told = tab.get_by_role("link", name="(opens in a new tab)")
    assert 0 < len(pdfs) == told.count() < links.count()
    assert {(a.get_attribute("target"), a.get_attribute("rel")) for a in pdfs} == {("_blank", "noopener")}
    assert tab.locator("a[target]").count() == len(pdfs)
    assert tab.locator(".unseen").first.bounding_box() is not None
    place = tab.evaluate("[location.href, scrollY]")
    tab.on("popup", lambda popup: popup.close())
    tab.locator("#hi .main").first.click()
    tab.wait_for_timeout(200)
    assert tab.evaluate("[location.href, scrollY]") == place
    tab.close()


def test_every_link_of_an_unzipped_pack_leads_to_a_file(
    browser: Browser, stocked: Stock, tmp_path: Path
) -> None:
    """Opened from a folder, as from a USB stick, each page of it: files that are there, or the web."""
    made, _ = pack(stocked.approval, stocked.out, Place("au"), stocked.pages(STOCKED))
    assert made is not None
    with zipfile.ZipFile(io.BytesIO(made.data)) as archive:
        archive.extractall(tmp_path / "a USB stick")
    pages = sorted((tmp_path / "a USB stick").rglob("*.html"))
    assert len(pages) == 10
    tab = browser.new_page()
    for page in pages:
        tab.goto(page.as_uri())
        links = tab.evaluate(LINKS)
        assert len(links) > 10
        files = {address.partition("#")[0] for address, _ in links if address.startswith("file:")}
        known = {path.as_uri() for path in (tmp_path / "a USB stick").rglob("*")}
        assert files <= known
        assert [address for address, is_dead in links if is_dead] == []
        assert {address.partition(":")[0] for address, _ in links} <= {"file", "https", "tel", "sms"}
    tab.close()
