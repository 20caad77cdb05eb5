"""A receptionist in a real browser: what is asked for at the counter, by clicks that are counted, with pictures of the way."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tests.conftest import Project
from tests.workbench.preview.serving import serving

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page


def desk_of(project: Project) -> AbstractContextManager[str]:
    """Serve the desk of a copy of the project; yield its address."""
    return serving(project, "--region", "au", command="desk")


@dataclass
class Clicks:
    """Clicks on a page, counted; with a folder each page is kept there as a picture before it is left."""

    page: Page
    folder: Path | None = None
    count: int = 0
    pictures: list[Path] = field(default_factory=list)

    def on(self, what: Locator) -> None:
        """Click once."""
        self.look()
        what.first.click()
        self.count += 1

    def look(self) -> None:
        """Keep a picture of the page as it is."""
        if self.folder:
            self.page.wait_for_load_state("networkidle")
            self.pictures.append(self.folder / f"{len(self.pictures) + 1:02}.png")
            self.page.screenshot(path=self.pictures[-1])

    def printed(self, what: Locator) -> int:
        """Click what opens a PDF to be printed; return the bytes that came."""
        with self.page.expect_popup() as opened, self.page.context.expect_event("response") as answer:
            self.on(what)
        size = int(answer.value.headers.get("content-length", 0))
        opened.value.close()
        return size

    def saved(self, what: Locator, folder: Path) -> Path:
        """Click what saves a file; return where it lies."""
        with self.page.expect_download() as download:
            self.on(what)
        file = folder / download.value.suggested_filename
        download.value.save_as(file)
        return file


def to_handout(clicks: Clicks, tag: str, slug: str) -> None:
    """Find a language and open a handout."""
    clicks.on(clicks.page.locator(f'a[href$="/in/{tag}"]'))
    clicks.on(clicks.page.locator(f'a.card[href*="/{slug}/"]'))


def large_print(page: Page, tag: str) -> int:
    """Print a large-print handout; return the clicks."""
    clicks = Clicks(page)
    to_handout(clicks, tag, "about-ipt")
    clicks.on(page.get_by_role("link", name="Large print"))
    assert clicks.printed(page.get_by_role("button", name="Print"))
    return clicks.count


def personal(page: Page, tag: str) -> int:
    """Print a copy for one person; return the clicks."""
    clicks = Clicks(page)
    to_handout(clicks, tag, "about-ipt")
    clicks.on(page.get_by_text("A copy for one person"))
    page.fill("#name", "Ana Ruiz")
    page.fill("#appointment", "2026-12-03T14:30")
    assert clicks.printed(page.locator("details").get_by_role("button", name="Print"))
    return clicks.count


def fill_basket(clicks: Clicks, tag: str) -> None:
    """Put the first three handouts of a language into the basket."""
    page = clicks.page
    for number in range(3):
        if number == 0:
            clicks.on(page.locator(f'a[href$="/in/{tag}"]'))
        clicks.on(page.locator("a.card").nth(number))
        clicks.on(page.get_by_role("button", name="Put into the basket"))
        if number < 2:
            clicks.on(page.get_by_role("link", name="Back"))


def basket(page: Page, tag: str) -> int:
    """Print three handouts as one; return the clicks."""
    clicks = Clicks(page)
    fill_basket(clicks, tag)
    assert clicks.printed(page.get_by_role("button", name="Print"))
    return clicks.count
