"""Papers of many clinics: CPU of one that is stamped beside the same set in full, and pages of two other engines.

Run: python3 -m tests.benchmarks.clinic_papers [OPTION]…

Options: --locale TAG…, --layout L, --times N. Each engine has a process of its own, in which it makes every page once before it
is measured; then they take turns, each time with another clinic, so that what else this machine does meets them all alike.
Printed are medians and least times in seconds of CPU, and the ratio of a stamped paper to the stock engine's page and to
Typst's; then the CPU of a form, which clinics share, and the sizes of a paper both ways.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks.page import ROOT, STOCK, all_started, cells_of

if TYPE_CHECKING:
    from handouts.library.jobs import Job

STAMPED, FULL, TYPST = "stamped", "full", "Typst"
ENGINES = (STAMPED, FULL, STOCK, TYPST)
HANDOUT = "about-ipt"
LOCALES = ("en", "ar", "hi", "zh-Hant", "th")
ACCENTS = ("", "#7a1f5c", "#1f4d7a", "#3d5c1f")


def of_clinic(job: Job, number: int) -> Job:
    """Return the job of another clinic: each has its own name, numbers, address and colour."""
    clinic = job.page.clinic
    assert clinic
    other = replace(
        clinic,
        name=f"Example Clinic {number}",
        phones=(f"02 5550 {number % 10000:04}",),
        address=(f"{number} Example Street, Exampleton",),
        web=f"https://clinic{number}.example",
        accent=ACCENTS[number % len(ACCENTS)],
    )
    return replace(job, page=replace(job.page, clinic=other))


def serve(engine: str) -> None:
    """Make the page that each line of the standard input names, by one engine; print the CPU seconds it took, or for a form its own."""
    from handouts.cli.reading import read
    from handouts.library.jobs import jobs
    from handouts.library.plan import Choice, plan
    from handouts.page.approval import Approval
    from tests.benchmarks.engines import ENGINES as OTHERS

    sources, look, _ = read(ROOT)
    known: dict[tuple[str, str], Job] = {}
    with tempfile.TemporaryDirectory() as folder:
        path, cache = Path(folder) / "page.pdf", Path(folder) / "cache"
        for number, line in enumerate(sys.stdin):
            tag, layout = line.split()
            if (tag, layout) not in known:
                choice = Choice((tag,), (HANDOUT,), ("pdf",), (layout,), clinics=("example",))
                (known[tag, layout],) = jobs(sources, look, plan(Approval(sources, look), choice))
            job = of_clinic(known[tag, layout], number)
            before = time.process_time()
            if engine == STAMPED:
                from handouts.library.clinic_paper import make_clinic_paper

                made = make_clinic_paper(job, look, cache)
                assert not made.in_full, made.in_full
                path.write_bytes(made.data)
            elif engine == FULL:
                from handouts.library.paper import make_paper

                path.write_bytes(make_paper(job, look, cache).data)
            else:
                OTHERS[engine](job, look, path)
            print(time.process_time() - before, path.stat().st_size, flush=True)


def table(tags: Sequence[str], layout: str, times: int) -> None:
    """Print how long each engine takes for a paper in each locale."""
    found: dict[tuple[str, str], list[float]] = {}
    sizes: dict[tuple[str, str], int] = {}
    with ExitStack() as stack:
        engines = all_started(stack, "clinic_papers", ENGINES)
        for tag in tags:  # as a build goes from one locale to the next
            for turn in range(times + 1):
                for name, engine in engines.items():
                    seconds = engine.seconds((tag, layout))
                    found.setdefault((name, tag) if turn else (f"first {name}", tag), []).append(seconds)
                    sizes[name, tag] = engine.size
    heads = (*(f"{name}, median (least)" for name in ENGINES), "of stock", "of Typst", "with its form")
    print("locale", *heads, "kB stamped", "kB full", sep="\t")
    for tag in tags:
        rows = {name: found[name, tag] for name in ENGINES}
        first = f"{found[f'first {STAMPED}', tag][0]:.2f}"
        kilobytes = (f"{sizes[name, tag] / 1000:.0f}" for name in (STAMPED, FULL))
        print(tag, *cells_of(rows, STAMPED, (STOCK, TYPST)), first, *kilobytes, sep="\t")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--serve", default="", help=argparse.SUPPRESS)
    parser.add_argument("--locale", action="append")
    parser.add_argument("--layout", default="standard")
    parser.add_argument("--times", type=int, default=9)
    asked = parser.parse_args()
    if asked.serve:
        serve(asked.serve)
    else:
        table(asked.locale or LOCALES, asked.layout, asked.times)
