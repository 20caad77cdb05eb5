"""One message edited → a new PDF on disk, by a build of that PDF alone, beside another revision.

Run: python3 -m tests.benchmarks.edited [REVISION] [--locale TAG]… [--times N]

In a copy of each revision the message of a block is lengthened by a word of its own, in the English or in a catalog, and
`build --locale TAG --handout about-ipt --format pdf --layout standard` is run, the revisions by turns. Printed are medians of wall
time, of CPU time with all processes, and of the time until the PDF lies in its place, in seconds.
"""

from __future__ import annotations

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.benchmarks.house import checked_out
from tests.benchmarks.rebuild import copied_here
from tests.conftest import ROOT

LOCALES = ("ar", "zh-Hans", "hi", "en")  # the source last: what is translated from it is then out of date
ENGLISH, BLOCK = "content/handouts/about-ipt.yaml", "about-ipt.lead"
IN_CATALOG = re.compile(rf'msgctxt "{BLOCK}"\nmsgid "[^\n]*"\nmsgstr "([^\n]*)"\n')
IN_ENGLISH = re.compile(r"\nlead:\n  text: ([^\n]*)\n")
ONE = ("--handout", "about-ipt", "--format", "pdf", "--layout", "standard")


def lengthened(tree: Path, tag: str) -> None:
    """Say a word of the message once more."""
    file, shape = (ENGLISH, IN_ENGLISH) if tag == "en" else (f"locales/{tag}/handouts.po", IN_CATALOG)
    path = tree / file
    text = path.read_text(encoding="utf-8")
    found = shape.search(text)
    assert found, f"{file} no longer holds {BLOCK}"
    again = re.findall(r"\w+", found[1])[-1][-6:]
    path.write_text(f"{text[: found.end(1)]} {again}{text[found.end(1) :]}", encoding="utf-8")


def run(tree: Path, tag: str) -> tuple[float, float, float]:
    """Build the one PDF; return wall and CPU seconds, and those until it was there."""
    pdf = tree / "dist" / "au" / tag / "about-ipt.pdf"
    before, start, began = os.times(), time.perf_counter(), time.time()
    command = [sys.executable, "build.py", "build", "--locale", tag, *ONE]
    subprocess.run(command, cwd=tree, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wall, after = time.perf_counter() - start, os.times()
    assert pdf.stat().st_mtime >= began, "nothing was made"
    return wall, sum(after[2:4]) - sum(before[2:4]), pdf.stat().st_mtime - began


def main(revision: str, tags: list[str], times: int) -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as name:
        trees = {"here": copied_here(Path(name) / "here")}
        if revision:
            trees[revision] = checked_out(revision, Path(name) / "other")
        for tree in trees.values():
            (tree / ".venv").symlink_to(ROOT / ".venv")
        print(f"in seconds, median of {times}\twall\tCPU\tthe new PDF")
        for tag in tags:
            found: dict[str, list[tuple[float, float, float]]] = {each: [] for each in trees}
            for turn in range(times + 1):
                for each, tree in trees.items():
                    lengthened(tree, tag)
                    row = run(tree, tag)
                    found[each] += [row] if turn else []  # the first has fonts to cut down
            for each, rows in found.items():
                cells = (f"{statistics.median(column):.2f}" for column in zip(*rows, strict=True))
                print(f"{tag}, {each}", *cells, sep="\t", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("revision", nargs="?", default="")
    parser.add_argument("--locale", action="append")
    parser.add_argument("--times", type=int, default=5)
    asked = parser.parse_args()
    main(asked.revision, asked.locale or list(LOCALES), asked.times)
