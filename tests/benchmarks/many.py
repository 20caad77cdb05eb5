"""How long it takes to plan very many renditions, and how much memory: `python3 -m tests.benchmarks.many [RENDITIONS]`.

The library of this project for as many clinics as it needs. Planned is each rendition with its file, its page and the
digest of everything that decides its bytes; nothing is made. Printed is a tenth of the number first, then all of it.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from dataclasses import replace

from handouts.cli.reading import read
from handouts.library.jobs import jobs
from handouts.library.plan import Choice, plan
from handouts.page.approval import Approval
from tests.conftest import ROOT


def measure(count: int) -> str:
    """Return a row: renditions, wall time of planning and of the digests in seconds, most memory in MB."""
    sources, look, _ = read(ROOT)
    first = next(iter(sources.content.clinics.values()))
    each = len(plan(Approval(sources, look), Choice(clinics=(first.slug,))))
    slugs = [f"clinic-{number}" for number in range(-(-count // each))]
    clinics = {slug: replace(first, slug=slug, name=f"{first.name} {slug}") for slug in slugs}
    many = replace(sources, content=replace(sources.content, clinics=clinics))
    start = time.perf_counter()
    pages = plan(Approval(many, look), Choice(clinics=tuple(clinics)))
    planned = time.perf_counter()
    keys = {job.key for job in jobs(many, look, pages)}
    assert len(keys) == len(pages)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return f"{len(pages):,}\t{planned - start:.1f}\t{time.perf_counter() - planned:.1f}\t{memory:,}"


def main(count: int) -> None:
    """Print the table, each row by a process of its own."""
    print("renditions\tplan, s\tdigests, s\tMB")
    for each in (count // 10, count):
        subprocess.run(
            [sys.executable, "-m", "tests.benchmarks.many", str(each), "alone"], cwd=ROOT, check=True
        )


if __name__ == "__main__":
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    if sys.argv[2:] == ["alone"]:
        print(measure(wanted), flush=True)
    else:
        main(wanted)
