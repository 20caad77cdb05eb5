"""What a receptionist is asked for, done in a real browser on a tablet and on a computer: clicks counted, pages kept as pictures."""

from __future__ import annotations

import base64
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import Message
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pikepdf import Pdf

from tests.conftest import CHROMIUM, copied, tries
from tests.desk.receptionist import Clicks, desk_of, fill_basket, to_handout
from tests.desk.test_routes import text_of
from tests.workbench.preview.serving import a_page

if TYPE_CHECKING:
    from playwright.sync_api import Frame, Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("desk")]

SCREENS = {"tablet": (768, 1024), "computer": (1280, 800)}
SHEET = "my-relationships"
# The window in which a system asks where to save is none of the page: what would be written into the file is kept instead.
KEEP = """() => { chrome.fileSystem = { chooseEntry: (_, chosen) => chosen({ createWriter: (made) => made({
    write: async (blob) => { window.written = await blob.arrayBuffer(); } }) }) }; }"""
BAR = "document.querySelector('pdf-viewer')?.shadowRoot?.querySelector('#toolbar')"
WRITTEN = "btoa(Array.from(new Uint8Array(window.written), (each) => String.fromCharCode(each)).join(''))"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, shared: Path) -> Iterator[str]:
    """Serve the desk of a copy of the project with all its handouts; yield its address."""
    folder = tmp_path_factory.mktemp("desk") / "project"
    with desk_of(copied(folder, shared / "cache", tags=("ar", "en", "vi"))) as address:
        yield address


@pytest.fixture(scope="module")
def browser_page() -> Iterator[Page]:
    """Yield a page of a whole browser, with its viewer of PDFs."""
    with a_page(CHROMIUM) as page:
        yield page


@pytest.fixture(params=list(SCREENS)[: tries(len(SCREENS))])
def clicks(browser_page: Page, address: str, request: pytest.FixtureRequest, tmp_path: Path) -> Clicks:
    """Begin at the languages, for the next patient."""
    width, height = SCREENS[request.param]
    browser_page.set_viewport_size({"width": width, "height": height})
    browser_page.goto(address)
    browser_page.get_by_role("button", name="Next patient").click()
    return Clicks(browser_page, tmp_path)


@contextmanager
def told(what: str, clicks: Clicks) -> Iterator[None]:
    """Print how many clicks something took, and how many seconds; whoever measures runs the test with `-s`."""
    start = time.perf_counter()
    yield
    clicks.look()
    seconds = time.perf_counter() - start
    sys.stdout.write(f"{what}: {clicks.count} clicks, {seconds:.1f} s, {clicks.folder}\n")
    assert all(picture.stat().st_size > 10_000 for picture in clicks.pictures), "a page was empty"


def draft_in(file: Path) -> tuple[Message, bytes]:
    """Return an e-mail, and the one PDF in it."""
    draft = message_from_bytes(file.read_bytes())
    (pdf,) = (part.get_payload(decode=True) for part in draft.walk() if part.get_content_subtype() == "pdf")
    assert isinstance(pdf, bytes)
    return draft, pdf


def test_a_double_click_asks_once(browser_page: Page, address: str) -> None:
    """One tab to print from; a click after a moment is another."""
    context, button = browser_page.context, browser_page.get_by_role("button", name="Print").first
    browser_page.goto(f"{address}in/vi/about-ipt/standard")
    before = len(context.pages)
    button.dblclick()
    browser_page.wait_for_timeout(1200)
    assert len(context.pages) == before + 1
    button.click()
    browser_page.wait_for_timeout(500)
    assert len(context.pages) == before + 2
    for tab in context.pages[before:]:
        tab.close()


def test_an_e_mail_draft_is_saved(clicks: Clicks, tmp_path: Path) -> None:
    """In the language that was found, with the handout in it and nobody's address."""
    with told("e-mail draft", clicks):
        to_handout(clicks, "vi", "about-ipt")
        file = clicks.saved(clicks.page.get_by_role("button", name="Save an e-mail draft"), tmp_path)
    draft, pdf = draft_in(file)
    assert file.name == "vi.about-ipt.eml"
    assert (draft["To"], draft["X-Unsent"], draft["Content-Language"]) == (None, "1", "vi")
    assert "13 11 14" in text_of(pdf)
    with Pdf.open(BytesIO(pdf)) as document:
        assert document.Root.Lang == "vi"
    assert clicks.count == 3


def test_three_handouts_are_saved_as_one(clicks: Clicks, tmp_path: Path) -> None:
    """One after the other without going back to the languages, behind a page that says what is in it."""
    with told("basket of three", clicks):
        fill_basket(clicks, "vi")
        file = clicks.saved(clicks.page.get_by_role("button", name="Save the file").last, tmp_path)
    with Pdf.open(file) as document, document.open_outline() as bookmarks:
        assert [str(part.Lang) for part in document.Root.StructTreeRoot.K[0].K] == ["vi"] * 4
        assert len(bookmarks.root) == 4
    assert clicks.count == 10


def test_three_handouts_are_one_e_mail_draft(clicks: Clicks, tmp_path: Path) -> None:
    """All of them in its one file."""
    with told("e-mail draft of a basket", clicks):
        fill_basket(clicks, "vi")
        file = clicks.saved(clicks.page.get_by_role("button", name="Save an e-mail draft"), tmp_path)
    draft, pdf = draft_in(file)
    assert file.name == "handouts.eml"
    assert (draft["To"], draft["X-Unsent"], draft["Content-Language"]) == (None, "1", "vi")
    with Pdf.open(BytesIO(pdf)) as document, document.open_outline() as bookmarks:
        assert len(bookmarks.root) == 4
    assert clicks.count == 10


def test_a_worksheet_is_filled_in_and_saved(clicks: Clicks, tmp_path: Path) -> None:
    """In the browser's own viewer, by the keyboard from field to field; what was typed is in the file."""
    with told("worksheet", clicks):
        to_handout(clicks, "vi", SHEET)
        file = clicks.saved(clicks.page.get_by_role("button", name="Save the file").last, tmp_path)
        viewer = shown_in_viewer(clicks.page, file, 2)
        first, second = "Mẹ, Lan", "Zoë 3"
        clicks.page.keyboard.type(first)
        clicks.page.keyboard.press("Tab")
        clicks.page.keyboard.type(second)
        clicks.look()
        viewer.evaluate(KEEP)
        clicks.on(viewer.locator("viewer-download-controls #save"))
        clicks.on(viewer.get_by_text("With your changes"))
        viewer.wait_for_function("window.written")
        data = base64.b64decode(viewer.evaluate(WRITTEN))
    with Pdf.open(BytesIO(data)) as document:
        typed = [str(field.V) for field in document.Root.AcroForm.Fields if field.get("/V")]
    assert typed == [first, second]
    assert clicks.count == 5


def shown_in_viewer(page: Page, file: Path, number: int) -> Frame:
    """Open a PDF at a page, and go to the first field there; return the frame of the viewer's own buttons."""
    size = page.viewport_size or {"width": 0, "height": 0}
    for _ in range(10):  # where it was clicked before it listened, it does not hear the keyboard either
        page.goto("about:blank")
        page.goto(f"{file.as_uri()}#page={number}&zoom=100")
        viewer = next(each for _ in range(100) for each in viewers(page))
        viewer.wait_for_function(f"{BAR}?.loadProgress === 100 && {BAR}.pageNo === {number}")
        page.wait_for_timeout(500)
        page.mouse.click(size["width"] * 0.55, size["height"] * 0.3)
        page.keyboard.press("Tab")
        page.wait_for_timeout(300)
        if viewer.evaluate(f"{BAR}.formFieldFocus") == "text":
            return viewer
    pytest.fail("the viewer of PDFs went to no field")


def viewers(page: Page) -> list[Frame]:
    """Return the frames of the viewer's own buttons after a tenth of a second: none where it is not there yet."""
    page.wait_for_timeout(100)
    return [frame for frame in page.frames if frame.url.startswith("chrome-extension:")]
