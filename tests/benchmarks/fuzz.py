"""Spoil every kind of source at random for some time: python3 -m tests.benchmarks.fuzz --seconds 60.

Prints inputs, errors told, exceptions and hangs by kind; what fails is kept in a folder, one file each.
"""

from __future__ import annotations

import argparse
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path
from random import Random

from tests.fuzzing import FILES, HangError, bench, faulty, spoilt


def main() -> None:
    """Fuzz, and print the table."""
    options = argparse.ArgumentParser()
    options.add_argument("--seconds", type=float, default=60)
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--kind", choices=FILES)
    options.add_argument("--keep", type=Path, default=Path(tempfile.gettempdir()) / "handouts-fuzz")
    given = options.parse_args()
    counts: dict[str, Counter[str]] = {kind: Counter() for kind in FILES if given.kind in {None, kind}}
    slowest: dict[str, float] = dict.fromkeys(counts, 0.0)
    seen: set[str] = set()
    with tempfile.TemporaryDirectory() as folder:
        place = bench(Path(folder) / "project")
        whole = {kind: (place.root / FILES[kind]).read_bytes() for kind in counts}
        end, seed = time.monotonic() + given.seconds, given.seed
        while time.monotonic() < end:
            seed += 1
            for kind, count in counts.items():
                data = spoilt(Random(f"{seed} {kind}"), FILES[kind], whole[kind])
                started = time.perf_counter()
                try:
                    problems = place.problems(kind, data, composed=seed % 3 == 0)
                    fate = "told" if problems else "fine"
                    if faulty(problems, place.root):
                        fate = "ill told"
                        print(kind, seed, faulty(problems, place.root)[:2])
                except HangError:
                    fate = "hang"
                except Exception as error:  # noqa: BLE001 - that is what is looked for
                    fate = "exception"
                    last = traceback.extract_tb(error.__traceback__)[-1]
                    if f"{kind} {last.name} {error!r}"[:80] not in seen:
                        seen.add(f"{kind} {last.name} {error!r}"[:80])
                        traceback.print_exception(error, limit=-4)
                count[fate] += 1
                slowest[kind] = max(slowest[kind], time.perf_counter() - started)
                if fate in {"hang", "exception", "ill told"}:
                    given.keep.mkdir(exist_ok=True)
                    (given.keep / f"{kind}-{seed}-{fate.replace(' ', '-')}").write_bytes(data)
    print("kind\tinputs\ttold\tfine\till told\texceptions\thangs\tslowest (s)")
    for kind, count in counts.items():
        figures = [count.total(), *(count[f] for f in ("told", "fine", "ill told", "exception", "hang"))]
        print(kind, *figures, f"{slowest[kind]:.2f}", sep="\t")
    total = sum(count.total() for count in counts.values())
    print(
        f"{total} inputs; exceptions {sum(c['exception'] for c in counts.values())}, hangs {sum(c['hang'] for c in counts.values())}"
    )


if __name__ == "__main__":
    main()
