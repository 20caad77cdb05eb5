"""How many sides each handout has, and how large its file is: by locale and layout, on A4 and on Letter.

Run: python3 -m tests.benchmarks.sides [OPTION]…   (options of `build`, such as --locale ar or --region us)
Prints a table of sides and kB; exit 1 where a handout has more sides on Letter than on A4, or more than its sheets.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from handouts.library.manifest import read_manifest
from handouts.model import LAYOUTS, PAPERS, SOURCE_LANGUAGE, Paper

ROOT = Path(__file__).resolve().parents[2]
Found = Mapping[tuple[str, str, str], tuple[int, int]]  # by locale, handout and layout: sides, bytes


def most_sides(tag: str) -> int:
    """Return how many sides a handout may have in the standard layout: two sheets, and of English one side less."""
    return 3 if tag == SOURCE_LANGUAGE else 4


def built(paper: Paper, out: Path, options: list[str]) -> Found:
    """Build every PDF on a paper; return how many sides and bytes each has."""
    command = [sys.executable, "build.py", "build", "--format", "pdf", "--paper", paper, "--out", str(out)]
    subprocess.run([*command, *options], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    entries, _ = read_manifest(out)
    return {(e.rendition.locale, e.rendition.handout, e.rendition.layout): (e.pages, e.size) for e in entries}


def main(options: list[str]) -> int:
    """Print the table; return the exit code."""
    with tempfile.TemporaryDirectory() as folder:
        found = {paper: built(paper, Path(folder) / paper, options) for paper in PAPERS}
    print("locale", "handout", *(f"{layout}, {paper}" for layout in LAYOUTS for paper in PAPERS), sep=" | ")
    more, long = [], []
    for locale, handout in sorted({key[:2] for key in found["a4"]}):
        cells = []
        for layout in LAYOUTS:
            both = [found[paper].get((locale, handout, layout)) for paper in PAPERS]
            cells += [f"{each[0]} ({each[1] / 1000:.0f} kB)" if each else "–" for each in both]
            if both[0] and both[1] and both[1][0] > both[0][0]:
                more.append(f"{locale} {handout} {layout}")
            if layout == "standard" and both[0] and both[0][0] > most_sides(locale):
                long.append(f"{locale} {handout}")
        print(locale, handout, *cells, sep=" | ")
    print(f"More sides on Letter than on A4: {', '.join(more) or 'none'}.")
    print(f"More sides than its sheets have: {', '.join(long) or 'none'}.")
    return 1 if more or long or not found["a4"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
