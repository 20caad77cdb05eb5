"""What a visitor of the gallery waits for: `python3 -m tests.benchmarks.gallery [FOLDER]` (dist unless given; build it first).

The page of each place, and the heaviest web page of a handout, are opened in a real Chromium that keeps nothing: over HTTP from this
machine, and by `file:` from the unzipped pack (`build.py pack`, which is made here). Printed are bytes of the page, what it asks for beside
itself and how many bytes that is, and the medians of the milliseconds to the first paint and until it is loaded. A page of a
telephone: 360 pixels wide.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.conftest import BROWSER_ARGUMENTS, ROOT, SHELL

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Request

TIMES = 5
PAINTED = "() => performance.getEntriesByName('first-contentful-paint').length"
TIMING = """() => [performance.getEntriesByName('first-contentful-paint')[0].startTime,
  performance.getEntriesByType('navigation')[0].loadEventEnd]"""


class Seen(NamedTuple):
    """What was asked for beside the page, in bytes by address; milliseconds to the first paint and to the end."""

    asked: dict[str, int]
    paint: float
    loaded: float


class Quiet(SimpleHTTPRequestHandler):
    """Serves a folder and says nothing."""

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


class Patient(ThreadingHTTPServer):
    """Takes it from a browser that it hears no more to the end."""

    def handle_error(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder on this machine; yield its address."""
    with Patient(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def opened(browser: Browser, address: str) -> Seen:
    """Open a page in a browser that keeps nothing."""
    context = browser.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    asked: dict[str, Request] = {}

    def note(request: Request) -> None:
        asked[request.url] = request

    page.on("requestfinished", note)
    page.goto(address, wait_until="load")
    while not page.evaluate(
        PAINTED
    ):  # some time after it is loaded; a page of ours lets nothing be evaluated from within
        page.wait_for_timeout(10)
    paint, loaded = page.evaluate(TIMING)
    sizes = {
        url: request.sizes()["responseBodySize"] for url, request in tuple(asked.items()) if url != page.url
    }
    context.close()
    return Seen(sizes, paint, loaded)


def row(browser: Browser, where: str, folder: Path, file: Path, address: str) -> None:
    """Print what a page costs, from one place."""
    seen = [opened(browser, address) for _ in range(TIMES)]
    paint, loaded = (statistics.median(values) for values in zip(*(each[1:] for each in seen), strict=True))
    asked = seen[-1].asked
    outside = [url for url in asked if not url.startswith(address.rpartition("/")[0].partition("/au/")[0])]
    assert not outside, outside
    name = file.relative_to(folder).as_posix()
    kilobytes, others = file.stat().st_size / 1000, sum(asked.values()) / 1000
    print(
        f"{where}\t{name}\t{kilobytes:.0f}\t{len(asked)}\t{others:.0f}\t{paint:.0f}\t{loaded:.0f}", flush=True
    )


def main(folder: Path) -> None:
    """Print the table."""
    from playwright.sync_api import sync_playwright

    web = max(
        (p for p in folder.rglob("*.html") if p.name != "index.html" and ".email." not in p.name),
        key=lambda p: p.stat().st_size,
    )
    chosen = [*sorted(folder.rglob("index.html")), web]
    print("from\tpage\tkB\tasked for beside it\tkB\tfirst paint, ms\tloaded, ms")
    with tempfile.TemporaryDirectory() as name, sync_playwright() as play, served(folder) as address:
        browser = play.chromium.launch(executable_path=SHELL, args=BROWSER_ARGUMENTS)
        for file in chosen:
            row(browser, "HTTP", folder, file, f"{address}/{file.relative_to(folder).as_posix()}")
        command = [sys.executable, "build.py", "pack", "--out", str(folder), "--json"]
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        with zipfile.ZipFile(next(folder.glob("*.zip"))) as archive:
            archive.extractall(name)
        for file in sorted(Path(name).rglob("index.html")):
            row(browser, "zip", Path(name), file, file.as_uri())
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else ROOT / "dist")
