"""A build shared out to two workers of which one is killed half-way, beside the same build by this machine alone, byte for byte.

Run: python3 -m tests.benchmarks.cluster [--shared] [OPTION]…   (options of `build`, such as --locale ar --format pdf)

Both begin with empty caches, in copies of the project, and have as many processes: one a worker. Printed are the seconds of
each, what the cluster took to be ready, and how many files differ; exit 1 where one does, or where nobody was killed.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from handouts.library.manifest import MANIFEST, read_manifest
from tests.cluster.processes import Processes, contents, started
from tests.conftest import Project, copied

WORKERS = 2


def timed(command: list[str], folder: Path) -> float:
    """Run a build in a folder; return its seconds."""
    start = time.perf_counter()
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def here(project: Project, options: list[str]) -> float:
    """Build on this machine; return the seconds."""
    return timed([sys.executable, "build.py", "build", "--jobs", str(WORKERS), *options], project.root)


def there(project: Project, cluster: Processes, options: list[str], total: int) -> tuple[float, int]:
    """Build on a cluster, and kill a worker when half of the files are listed; return the seconds, and how many were listed then."""
    command = [sys.executable, "build.py", "build", "--scheduler", cluster.address, *options]
    start, killed_at = time.perf_counter(), 0
    with subprocess.Popen(command, cwd=project.root, stdout=subprocess.DEVNULL) as process:
        while process.poll() is None:
            done = len(read_manifest(project.root / "dist")[0])
            if done >= total // 2 and not killed_at:
                cluster.workers[0].kill()
                killed_at = done
                cluster.start_worker()
            time.sleep(0.2)
    assert process.returncode == 0
    return time.perf_counter() - start, killed_at if killed_at < total else 0


def main(options: list[str]) -> int:
    """Print the table; return the exit code."""
    shared = "--shared" in options
    options = [option for option in options if option != "--shared"]
    with tempfile.TemporaryDirectory() as name:
        local, remote = copied(Path(name) / "local"), copied(Path(name) / "remote")
        seconds = here(local, options)
        total = len(read_manifest(local.root / "dist")[0])
        start = time.perf_counter()
        with started(copied(Path(name) / "workers").root, WORKERS) as cluster:
            ready = time.perf_counter() - start
            store = ["--shared", (Path(name) / "store").as_uri()] if shared else []
            over, killed_at = there(remote, cluster, [*options, *store], total)
        one, other = contents(local.root / "dist"), contents(remote.root / "dist")
    differ = [file for file in sorted(one.keys() | other.keys()) if one.get(file) != other.get(file)]
    print(
        f"renditions: {total}; files with covers and gallery: {len(one)}, {sum(map(len, one.values())) / 1e6:.1f} MB"
    )
    print(f"this machine, {WORKERS} processes: {seconds:.1f} s, {seconds / total:.2f} s each")
    print(
        f"cluster, {WORKERS} workers of one thread, {'a shared store' if shared else 'bytes over the scheduler'}:"
        f" {over:.1f} s, {over / total:.2f} s each; one killed when {killed_at} were listed in {MANIFEST}, one joined then"
    )
    print(f"scheduler and workers started in {ready:.1f} s (not in the figures above)")
    print(f"files that differ: {len(differ)} {differ[:5]}")
    return 0 if total and killed_at and not differ else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
