"""How soon a save shows: `python3 -m tests.benchmarks.preview_time [TAG]…`; and how soon a new locale has its first page.

A copy of the project is served to a real Chromium; the catalog is saved eight times, and the time is
taken from the end of the save until the new page is drawn. Then three tags that are not shipped, one of
which Babel does not know, go from `locale add` to a PDF, the whole processes timed.
"""

from __future__ import annotations

import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.conftest import Project, copied
from tests.workbench.preview.serving import a_page, open_preview, serving

ROOT = Path(__file__).resolve().parent.parent.parent
SHOWN = "old => { const i = document.querySelector('#own .sheet img'); return i.getAttribute('src') !== old && i.complete }"
NEW = (("ja",), ("sw",), ("prs", "--autonym", "دری", "--english-name", "Dari"))


def refresh(project: Project, tag: str) -> list[float]:
    """Return the seconds from a save to the page, eight times."""
    catalog = project.root / f"locales/{tag}/handouts.po"
    text = catalog.read_text(encoding="utf-8")
    lead = re.search(r'msgctxt "about-ipt.lead"\nmsgid .*\nmsgstr ".*(?=")', text)
    assert lead
    times = []
    with serving(project, tag) as address, a_page() as page:
        open_preview(page, address)
        for n in range(8):
            before = page.get_attribute("#own .sheet img", "src")
            catalog.write_text(text.replace(lead[0], lead[0] + " a" * (n + 1)), encoding="utf-8")
            start = time.perf_counter()
            page.wait_for_function(SHOWN, arg=before, polling=10)
            times.append(time.perf_counter() - start)
            page.wait_for_timeout(300)
    return times


def first_page(project: Project, *arguments: str) -> float:
    """Return the seconds from `locale add` to the PDF of the first handout."""
    tag = arguments[0]
    start = time.perf_counter()
    command = [sys.executable, "build.py", "locale", "add", *arguments]
    subprocess.run(command, cwd=project.root, check=True, capture_output=True)
    assert (project.root / f"dist/{tag}/about-ipt.pdf").is_file()
    return time.perf_counter() - start


def main(tags: list[str]) -> None:
    """Print both."""
    with tempfile.TemporaryDirectory() as folder:
        project = copied(Path(folder) / "project")
        for tag in tags or ["es", "ar", "hi", "zh-Hant"]:
            times = refresh(project, tag)
            print(
                f"save to page, {tag:8} median {statistics.median(times):.2f} s, slowest {max(times):.2f} s"
            )
        for arguments in NEW:
            print(f"locale add to PDF, {arguments[0]:4} {first_page(project, *arguments):.1f} s")


if __name__ == "__main__":
    main(sys.argv[1:])
