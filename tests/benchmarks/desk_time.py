"""How long a receptionist waits: `python3 -m tests.benchmarks.desk_time [TAG]`; clicks and seconds to the PDF that opens to be printed.

A copy of the project is served to a real Chromium, once with an empty cache and once with what that has made. The three ways are a
large-print handout, a copy for one person, and a basket of three; the seconds are from the first click to the PDF.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from tests.conftest import CHROMIUM, copied
from tests.workbench.preview.serving import a_page

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page


class Clicks:
    """Clicks, counted."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def on(self, what: Locator) -> None:
        """Click once."""
        what.first.click()
        self.count += 1

    def printed(self, what: Locator) -> int:
        """Click what opens a PDF to be printed; return the bytes that came."""
        with self.page.expect_popup() as opened, self.page.context.expect_event("response") as answer:
            self.on(what)
        size = int(answer.value.headers.get("content-length", 0))
        opened.value.close()
        return size


def large_print(page: Page, tag: str) -> int:
    """Print a large-print handout; return the clicks."""
    clicks = Clicks(page)
    clicks.on(page.locator(f'a[href$="/in/{tag}"]'))
    clicks.on(page.locator("a.card"))
    clicks.on(page.get_by_role("link", name="Large print"))
    assert clicks.printed(page.get_by_role("button", name="Print"))
    return clicks.count


def personal(page: Page, tag: str) -> int:
    """Print a copy for one person; return the clicks."""
    clicks = Clicks(page)
    clicks.on(page.locator(f'a[href$="/in/{tag}"]'))
    clicks.on(page.locator("a.card"))
    clicks.on(page.get_by_text("A copy for one person"))
    page.fill("#name", "Ana Ruiz")
    page.fill("#appointment", "2026-12-03T14:30")
    assert clicks.printed(page.locator("details").get_by_role("button", name="Print"))
    return clicks.count


def basket(page: Page, tag: str) -> int:
    """Print three handouts as one; return the clicks."""
    clicks = Clicks(page)
    for number in range(3):
        clicks.on(page.locator(f'a[href$="/in/{tag}"]'))
        clicks.on(page.locator("a.card").nth(number))
        clicks.on(page.get_by_role("button", name="Put into the basket"))
        if number < 2:
            clicks.on(page.get_by_role("link", name="Back"))
    assert clicks.printed(page.get_by_role("button", name="Print"))
    return clicks.count


WAYS: dict[str, Callable[[Page, str], int]] = {
    "large print": large_print,
    "personal copy": personal,
    "basket of three": basket,
}


def main(tag: str) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        project = copied(Path(folder) / "project")
        for state in ("empty cache", "made before"):
            command = [sys.executable, "build.py", "desk", "--region", "au"]
            with (
                subprocess.Popen(command, cwd=project.root, stdout=subprocess.PIPE, text=True) as process,
                a_page(CHROMIUM) as page,
            ):
                assert process.stdout
                address = process.stdout.readline().strip()
                for name, way in WAYS.items():
                    page.goto(address)
                    start = time.perf_counter()
                    clicks = way(page, tag)
                    sys.stdout.write(
                        f"{tag}  {name:16} {state:12} {clicks:2} clicks {time.perf_counter() - start:5.1f} s\n"
                    )
                process.send_signal(2)


if __name__ == "__main__":
    main((sys.argv[1:] or ["vi"])[0])
