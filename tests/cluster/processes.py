"""A scheduler and its workers as processes of this machine, started by dask's own commands in a copy of the project."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.conftest import ROOT, UNCOUNTED

READY = 60.0  # seconds, on a busy machine


@dataclass
class Processes:
    """A scheduler at an address, and the processes that were started."""

    folder: Path
    address: str = ""
    scheduler: subprocess.Popen[bytes] | None = None
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start_worker(self, *options: str, **environment: str) -> subprocess.Popen[bytes]:
        """Start one more worker, of one thread; it need not be up yet."""
        given = (
            "--nthreads",
            "1",
            "--no-nanny",
            "--no-dashboard",
            "--local-directory",
            str(self.folder / "scratch"),
        )
        self.workers.append(_started(self.folder, "worker", self.address, *given, *options, **environment))
        return self.workers[-1]


@contextmanager
def started(folder: Path, workers: int, *, protocol: str = "tcp", **environment: str) -> Iterator[Processes]:
    """Start a scheduler, and so many workers, in a copy of the project; all of them end with the block."""
    file = folder / "scheduler.json"
    found = Processes(folder)
    try:
        found.scheduler = _started(
            folder,
            "scheduler",
            "--host",
            "127.0.0.1",
            "--port",
            "0",
            "--protocol",
            protocol,
            "--no-dashboard",
            "--scheduler-file",
            str(file),
            **environment,
        )
        found.address = _address(file)
        for _ in range(workers):
            found.start_worker(**environment)
        yield found
    finally:
        for process in [*found.workers, found.scheduler]:
            if process:
                process.kill()
                process.wait()


def _started(folder: Path, *arguments: str, **environment: str) -> subprocess.Popen[bytes]:
    """Start a command of dask. What it passes through is not counted: it is killed in the end."""
    paths = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    with (folder / f"{arguments[0]}.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "dask", *arguments],
            cwd=folder,
            env={**os.environ, **UNCOUNTED, "PYTHONPATH": paths, **environment},
            stdout=log,
            stderr=subprocess.STDOUT,
        )


def _address(file: Path) -> str:
    """Return the address that a scheduler has written down."""
    until = time.monotonic() + READY
    while time.monotonic() < until:
        try:
            return str(json.loads(file.read_text(encoding="utf-8"))["address"])
        except (OSError, ValueError, KeyError):
            time.sleep(0.05)
    raise TimeoutError(file)


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
