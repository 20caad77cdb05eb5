"""Everything that is measured of speed, one table after the other: `python3 -m tests.benchmarks.speed [REVISION]`.

Takes a quarter of an hour; `--quick` takes less of everything, and its figures are rough. Nothing else should run meanwhile. Each part is a script
of its own, which says what it measures and how; peers are those it names. With a revision what has changed since is measured beside it.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Iterator

from tests.conftest import ROOT, SPREAD, named

Part = tuple[str, list[str]]  # the title of a table, and the script with its options


def parts(revision: str, *, quick: bool) -> Iterator[Part]:
    """Yield what is measured, the quickest first."""
    times = ["--times", "3" if quick else "9"]
    beside = [revision] if revision else []
    yield "A full page, warm, beside stock WeasyPrint (CPU)", ["page", *beside, *times]
    yield (
        "One message edited, until its PDF is on disk",
        ["edited", *beside, "--times", "2" if quick else "5"],
    )
    people = "50" if quick else "1000"
    yield "Personal copies beside full pages of three engines (CPU)", ["stamped", *times, "--people", people]
    yield (
        "The library from nothing; nothing changed; a message edited",
        ["rebuild", revision or "HEAD", "2" if quick else "5"],
    )
    plan, made = ("100000", ["200", "1000"]) if quick else ("1000000", ["1000", "10000"])
    documents = ["20", "60"] if quick else ["200", "2000"]
    yield (
        "Very many: plan, making, memory",
        ["many", "--plan", plan, "--made", *made, "--documents", *documents],
    )
    yield (
        "A cluster with a worker killed half-way, byte for byte",
        ["cluster", "--handout", "about-ipt", "--handout", "my-relationships", *named(SPREAD)],
    )
    yield "The desk, in clicks and seconds", ["desk_time", "vi"]
    yield "The gallery of dist, in bytes and milliseconds", ["gallery"]


def main(revision: str, *, quick: bool) -> int:
    """Print every table; return 1 where a part failed, 0 otherwise."""
    failed = []
    for title, (script, *options) in parts(revision, quick=quick):
        print(f"\n## {title}\n`python3 -m tests.benchmarks.{' '.join((script, *options))}`", flush=True)
        start = time.perf_counter()
        command = [sys.executable, "-m", f"tests.benchmarks.{script}", *options]
        if subprocess.run(command, cwd=ROOT, check=False).returncode:
            failed.append(script)
        print(f"({time.perf_counter() - start:.0f} s)", flush=True)
    print(f"\nFailed: {', '.join(failed) or 'none'}.")
    return int(bool(failed))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("revision", nargs="?", default="")
    parser.add_argument("--quick", action="store_true")
    asked = parser.parse_args()
    sys.exit(main(asked.revision, quick=asked.quick))
