"""How long a receptionist waits: `python3 -m tests.benchmarks.desk_time [TAG]`; clicks and seconds to the PDF that opens to be printed.

A copy of the project is served to a real Chromium, once with an empty cache and once with what that has made. The three ways are a
large-print handout, a copy for one person, and a basket of three; the seconds are from the first click to the PDF.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from tests.conftest import CHROMIUM, copied
from tests.desk.receptionist import basket, desk_of, large_print, personal
from tests.workbench.preview.serving import a_page

if TYPE_CHECKING:
    from playwright.sync_api import Page


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
            with desk_of(project) as address, a_page(CHROMIUM) as page:
                for name, way in WAYS.items():
                    page.goto(address)
                    start = time.perf_counter()
                    clicks = way(page, tag)
                    sys.stdout.write(
                        f"{tag}  {name:16} {state:12} {clicks:2} clicks {time.perf_counter() - start:5.1f} s\n"
                    )


if __name__ == "__main__":
    main((sys.argv[1:] or ["vi"])[0])
