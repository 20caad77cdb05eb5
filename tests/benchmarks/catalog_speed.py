"""How long the catalogs of a large project take: `python3 -m tests.benchmarks.catalog_speed [MESSAGES] [LOCALES]`.

A copy of the project gets a handout with so many messages (5,000) and so many locales (40), every one
translated; then 1 of 100 English texts is changed. `locale update`, `check` and `status` are timed as a
person runs them, the whole process.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import polib

from handouts.sources.load import load_sources
from tests.conftest import ROOT, TODAY, copied

WORDS = [
    "people",
    "feel",
    "better",
    "when",
    "they",
    "talk",
    "with",
    "someone",
    "who",
    "listens",
    "and",
    "does",
    "not",
    "judge",
    "them",
    "at",
    "all",
]


def handout(messages: int, *, changed: bool) -> str:
    """Return a handout file with so many messages, headings of sections among them, one in a hundred worded anew."""
    messages = messages * 6 // 7
    lines = [
        "edition: 2026-11",
        "review-by: 2027-11",
        "owner: Benchmark",
        "series: Large",
        "title: A large handout",
    ]
    lines += [
        "subtitle: Many messages",
        "lead: It is large.",
        "summary:",
        "  id: short",
        "  heading: In brief",
    ]
    lines += ["  blocks:", "    - {id: short-one, text: It is only for measuring.}", "sections:"]
    for n in range(messages):
        if n % 6 == 0:
            lines += [f"  - id: section-{n}", f"    heading: Part {n}", "    blocks:"]
        said = " ".join(WORDS[(n + k) % len(WORDS)] for k in range(12))
        word = "Now" if changed and n % 100 == 0 else "Here"
        lines += [f"      - id: block-{n}", f'        text: "{word} {said}, number {n}."']
    return "\n".join(lines) + "\n"


def prepare(root: Path, messages: int, locales: int) -> None:
    """Make the project: content, and every locale with every message translated."""
    copied(root)
    (root / "content/handouts/large.yaml").write_text(handout(messages, changed=False), encoding="utf-8")
    here = sorted(path.name for path in (root / "locales").iterdir() if path.is_dir() and path.name != "en")
    for n in range(max(0, locales - len(here))):
        shutil.copytree(root / "locales/es", root / f"locales/es-{'ABCDEFGH'[n // 26]}{chr(65 + n % 26)}")
    run(root, "locale", "update")
    for path in (root / "locales").glob("*/handouts.po"):
        catalog = polib.pofile(str(path), wrapwidth=0)
        for entry in catalog:
            if not entry.msgstr and entry.msgctxt.startswith("large."):
                entry.msgstr = f"Aquí {entry.msgid.lower()}"
        catalog.save()


def run(root: Path, *arguments: str) -> float:
    """Return the seconds that a command takes, start-up and all."""
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "build.py", *arguments], cwd=root, capture_output=True, check=False
    )
    if b"fault of the program" in done.stderr:
        raise RuntimeError(done.stderr.decode())
    return time.perf_counter() - start


def main(messages: int = 5000, locales: int = 40) -> None:
    """Print the times."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "project"
        messages -= len(load_sources(ROOT, TODAY)[0].blocks())
        prepare(root, messages, locales)
        sources, _ = load_sources(root, TODAY)
        print(f"{len(sources.blocks())} messages x {len(sources.catalogs)} locales")
        print(f"locale update, nothing to do   {run(root, 'locale', 'update'):6.1f} s")
        changed = handout(messages, changed=True)
        (root / "content/handouts/large.yaml").write_text(changed, encoding="utf-8")
        print(f"locale update, 1 of 100 anew   {run(root, 'locale', 'update'):6.1f} s")
        print(f"check                          {run(root, 'check'):6.1f} s")
        print(f"status                         {run(root, 'status'):6.1f} s")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
