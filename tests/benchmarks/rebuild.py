"""How long a build takes that has little to do, beside another revision: `python3 -m tests.benchmarks.rebuild REVISION [TIMES]`.

The whole library is built from nothing in a copy of both revisions, which share nothing. Then, in turn: nothing has
changed; one message of one catalog was edited. Printed are medians of wall time and of CPU time (with all its processes), and of the
time until the first new PDF lies in its place.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.benchmarks.house import checked_out
from tests.conftest import ROOT

CATALOG, MESSAGE = "locales/es/handouts.po", 'msgstr "En resumen'
SETTLED = 3.0  # seconds: what was only just written is read again by every build
Figures = tuple[float, float, float]


def run(tree: Path) -> tuple[float, float]:
    """Build; return the wall time and the CPU time in seconds."""
    before, start = os.times(), time.perf_counter()
    subprocess.run([sys.executable, "build.py"], cwd=tree, check=True, stdout=subprocess.DEVNULL)
    after = os.times()
    cpu = sum(after[2:4]) - sum(before[2:4])
    return time.perf_counter() - start, cpu


def edited(tree: Path, number: int) -> Figures:
    """Edit a message and build; return wall, CPU, and the time until a PDF is new."""
    path = tree / CATALOG
    text = path.read_text(encoding="utf-8")
    assert MESSAGE in text
    before = text.index(MESSAGE) + len(MESSAGE)
    path.write_text(text[:before] + "." * (number % 2) + text[before:].lstrip("."), encoding="utf-8")
    began = time.time()
    wall, cpu = run(tree)
    new = [p.stat().st_mtime - began for p in (tree / "dist").rglob("*.pdf") if p.stat().st_mtime > began]
    return wall, cpu, min(new, default=wall)


def copied_here(folder: Path) -> Path:
    """Copy what git knows of this tree, as it is now; return the folder."""
    names = subprocess.run(["git", "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in filter(lambda name: (ROOT / name).is_file(), names.splitlines()):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, folder / name)
    return folder


def copy(revision: str | None, folder: Path) -> tuple[Path, tuple[float, float]]:
    """Return a copy of a revision, or of this tree, that is built and has settled; and the time of its first build."""
    tree = checked_out(revision, folder) if revision else copied_here(folder)
    (tree / ".venv").symlink_to(ROOT / ".venv")
    first = run(tree)
    time.sleep(SETTLED)
    run(tree)
    return tree, first


def main(revision: str, times: int) -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as name:
        copies = {revision: copy(revision, Path(name) / "other"), "here": copy(None, Path(name) / "here")}
        trees = {each: tree for each, (tree, _) in copies.items()}
        same: dict[str, list[tuple[float, float]]] = {each: [] for each in trees}
        new: dict[str, list[Figures]] = {each: [] for each in trees}
        for _ in range(times):
            for each, tree in trees.items():
                same[each].append(run(tree))
        for number in range(1, times + 1):
            for each, tree in trees.items():
                new[each].append(edited(tree, number))
        print(f"in seconds, median of {times}\twall\tCPU\tfirst new PDF")
        _print("from nothing (once)", {each: [first] for each, (_, first) in copies.items()})
        _print("nothing changed", same)
        _print("one message edited", new)


def _print(what: str, found: Mapping[str, Sequence[Sequence[float]]]) -> None:
    """Print a row of medians for each tree."""
    for each, rows in found.items():
        print(
            f"{what}, {each}", *(f"{statistics.median(row):.2f}" for row in zip(*rows, strict=True)), sep="\t"
        )


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 5)
