"""What very many renditions cost: planned, made, and in the memory of one process.

Run: python3 -m tests.benchmarks.many [--plan 1000000] [--made 1000 10000] [--documents 200 2000] [--each about-ipt]
0, or a handout that is not there, leaves a row out.

- Each: CPU time and size of one rendition of a handout by format and layout, in four locales, by a process that has made them before.
- The plan: each rendition with its file, its page and the digest of everything that decides its bytes; nothing is made.
- Making: plain texts and e-mails, which cost little by themselves, from nothing into one folder by one process: what is left
  is what a library costs that grows. Time each of the larger number, beside the smaller.
- Memory: PDFs of every handout and locale by one process that is never renewed, as the workers of a build are (`workers.Limits`).

All of the library of this project, for as many clinics as it needs. Every row is measured by a process of its own.
"""

from __future__ import annotations

import argparse
import gc
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

from handouts.cli.reading import read
from handouts.library.build import build
from handouts.library.cache import cache_folder
from handouts.library.jobs import jobs
from handouts.library.make import make_rendition
from handouts.library.plan import Choice, plan
from handouts.page.approval import Approval
from handouts.sources.load import Sources
from handouts.sources.look import Look
from tests.conftest import ROOT, SPREAD

EVERYTHING = Choice()
CHEAP = Choice(formats=("text", "email"))
PAPERS = Choice(formats=("pdf",), layouts=("standard",))


def many(count: int, choice: Choice) -> tuple[Sources, Look, Choice]:
    """Return the sources with as many clinics as so many renditions need, and the choice of them."""
    sources, look, _ = read(ROOT)
    first = next(iter(sources.content.clinics.values()))
    own = len(plan(Approval(sources, look), replace(choice, clinics=(first.slug,))))
    slugs = [f"clinic-{number}" for number in range(-(-count // own))]
    clinics = {slug: replace(first, slug=slug, name=f"{first.name} {slug}") for slug in slugs}
    content = replace(sources.content, clinics=clinics)
    return replace(sources, content=content), look, replace(choice, clinics=tuple(clinics))


def each(slug: str) -> Iterator[str]:
    """Yield the medians of CPU time in milliseconds and of kB of one rendition, by format and layout."""
    sources, look, choice = many(1, Choice(SPREAD, (slug,)))
    found: dict[str, list[tuple[float, float]]] = {}
    with tempfile.TemporaryDirectory() as name:
        cache, _ = cache_folder(Path(name))
        for job in jobs(sources, look, plan(Approval(sources, look), choice)):
            rendition = job.page.rendition
            for _ in range(2):  # once for fonts, and for the parts of an e-mail
                start = time.process_time()
                made = make_rendition(job, look, cache)
                cpu = time.process_time() - start
            assert not made.problems
            kind = f"{rendition.format} {rendition.layout if rendition.format == 'pdf' else ''}".rstrip()
            found.setdefault(kind, []).append((cpu * 1000, len(made.data) / 1000))
    for kind, figures in found.items():
        cpu, size = map(statistics.median, zip(*figures, strict=True))
        yield f"{kind}, {slug}, with a clinic\t{cpu:.0f} ms of CPU\t{size:.0f} kB"


def planned(count: int) -> str:
    """Return wall time of planning and of the digests in seconds, and most memory in MB."""
    sources, look, choice = many(count, EVERYTHING)
    start = time.perf_counter()
    pages = plan(Approval(sources, look), choice)
    done = time.perf_counter()
    keys = {job.key for job in jobs(sources, look, pages)}
    assert len(keys) == len(pages)
    seconds = f"plan {done - start:.1f} s, digests {time.perf_counter() - done:.1f} s"
    return f"{len(pages):,} planned\t{seconds}\t{peak():,} MB at most"


def made(count: int) -> str:
    """Return CPU time and wall time of one rendition in milliseconds."""
    sources, look, choice = many(count, CHEAP)
    with tempfile.TemporaryDirectory() as name:
        sources = replace(sources, root=Path(name) / "project")
        start, cpu = time.perf_counter(), time.process_time()
        pages = plan(Approval(sources, look), choice)[:count]
        report = build(sources, look, pages, Path(name) / "dist", 1, lambda _: None)
        wall, cpu = time.perf_counter() - start, time.process_time() - cpu
    assert (len(report.entries), report.problems) == (len(pages), ())
    figures = f"{1000 * cpu / len(pages):.2f} ms of CPU each, {1000 * wall / len(pages):.2f} ms of time"
    return f"{len(pages):,} made\t{figures}\t{peak():,} MB at most"


def remembered(count: int, begun: int) -> Iterator[str]:
    """Yield the memory of a process after `begun` documents and after all of them; garbage is looked for as seldom as by build.py."""
    gc.set_threshold(200_000)
    sources, look, choice = many(count, PAPERS)
    with tempfile.TemporaryDirectory() as name:
        cache, _ = cache_folder(Path(name))
        pages = islice(plan(Approval(sources, look), choice), count)
        start = time.process_time()
        for number, job in enumerate(jobs(sources, look, pages), 1):
            assert not make_rendition(job, look, cache).problems
            if number in {begun, count}:
                cpu = (time.process_time() - start) / number
                yield f"{number:,} documents\t{cpu:.2f} s of CPU each\t{resident():,} MB now, {peak():,} MB at most"


def peak() -> int:
    """Return the most memory that this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def resident() -> int:
    """Return the memory that this process has now, in MB."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) // 1024


def alone(*arguments: str) -> None:
    """Measure rows in a process of its own, and print them."""
    subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.many", "--alone", *arguments], cwd=ROOT, check=True
    )


def measured(kind: str, *given: str) -> Iterator[str]:
    """Yield the rows of a kind."""
    if kind == "each":
        yield from each(*given)
    elif kind == "documents":
        yield from remembered(*map(int, given))
    else:
        yield {"plan": planned, "made": made}[kind](int(given[0]))


def main() -> None:
    """Print the table, or the rows that this process was started for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--each", default="about-ipt")
    parser.add_argument("--plan", type=int, default=1_000_000)
    parser.add_argument("--made", type=int, nargs=2, default=(1_000, 10_000))
    parser.add_argument("--documents", type=int, nargs=2, default=(200, 2_000))
    parser.add_argument("--alone", nargs="+")
    asked = parser.parse_args()
    if asked.alone:
        for row in measured(*asked.alone):
            print(row, flush=True)
        return
    if (ROOT / f"content/handouts/{asked.each}.yaml").is_file():
        alone("each", asked.each)
    for number in filter(None, (asked.plan // 10, asked.plan)):
        alone("plan", str(number))
    for number in filter(None, asked.made):
        alone("made", str(number))
    first, last = asked.documents
    if last:
        alone("documents", str(last), str(first))


if __name__ == "__main__":
    main()
