"""The preview as a person has it: `build.py preview` in a process of its own, and a page in Chromium."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.conftest import BROWSER_ARGUMENTS, SHELL, Project

if TYPE_CHECKING:
    from playwright.sync_api import Page


@contextmanager
def serving(project: Project, *arguments: str, command: str = "preview") -> Iterator[str]:
    """Serve the preview of a copy of the project, or what another command serves; yield its address."""
    command_line = [sys.executable, "build.py", command, *arguments]
    with subprocess.Popen(command_line, cwd=project.root, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            yield process.stdout.readline().strip()
        finally:
            process.send_signal(signal.SIGINT)
            assert process.wait(20) == 0


@contextmanager
def a_page(program: str | None = SHELL) -> Iterator[Page]:
    """Yield an empty page in a Chromium; a fault on its console fails whoever used it."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=BROWSER_ARGUMENTS)
        page = browser.new_page(viewport={"width": 1500, "height": 900}, bypass_csp=True)
        faults: list[str] = []
        # A server that is stopped before the page is closed cuts its open connection: no fault of the page.
        page.on(
            "console",
            lambda message: (
                faults.append(message.text)
                if message.type == "error" and "net::ERR_" not in message.text
                else None
            ),
        )
        page.on("pageerror", lambda error: faults.append(str(error)))
        yield page
        told = list(faults)  # what comes while it closes is of a server that was stopped before
        browser.close()
        assert told == [], told


def open_preview(page: Page, address: str) -> None:
    """Open a preview, and wait until its pages are drawn."""
    page.goto(address)
    page.wait_for_selector("#own .hit", timeout=60_000)
