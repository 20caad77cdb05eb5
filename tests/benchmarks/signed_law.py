"""The law of signatures on many examples: what became of them, and whatever breaks it.

python3 -m tests.benchmarks.signed_law --examples 2000 --seed 1
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path

from tests.conftest import ROOT
from tests.signed_law import Signed, counts


def main() -> int:
    """Print how many examples went which way; return 1 where a page says something else and is still approved."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--examples", type=int, default=1000)
    asked.add_argument("--seed", type=int, default=0)
    given = asked.parse_args()
    choose = random.Random(given.seed)
    with tempfile.TemporaryDirectory() as folder:
        signed = Signed(ROOT, Path(folder) / "project")
        start = time.perf_counter()
        for _ in range(given.examples):
            signed.try_one(choose)
    print(f"{given.examples} examples, seed {given.seed}, {time.perf_counter() - start:.0f} s")
    for what, number in counts(signed.tally).items():
        print(f"{number:6} {what}")
    for name in signed.tally.broken:
        print(f"BROKEN {name}")
    return int(bool(signed.tally.broken))


if __name__ == "__main__":
    sys.exit(main())
