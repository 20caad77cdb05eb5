"""Time a build of the whole library from nothing, and one with nothing to do, side by side.

Run: python tests/benchmarks/build_time.py [RUNS]
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def seconds(project: Path) -> float:
    """Return the wall time of `python3 build.py` in a copy of the project."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "build.py"], cwd=project, check=True, capture_output=True)
    return time.perf_counter() - start


def main() -> None:
    """Print both times, the median of several runs, and their ratio."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    cold, warm = [], []
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / "project"
        ignored = shutil.ignore_patterns(".venv", ".cache", "dist", ".git", ".*_cache")
        shutil.copytree(ROOT, project, ignore=ignored)
        for _ in range(runs):
            shutil.rmtree(project / ".cache", ignore_errors=True)
            shutil.rmtree(project / "dist", ignore_errors=True)
            cold.append(seconds(project))
            warm.append(seconds(project))
    nothing, again = statistics.median(cold), statistics.median(warm)
    print(f"from nothing\t{nothing:.2f} s\nnothing to do\t{again:.2f} s\nratio\t{nothing / again:.1f}")


if __name__ == "__main__":
    main()
