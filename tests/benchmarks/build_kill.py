"""Builds that are killed and builds at the same time: whether any process is left, and whether the manifest is true.

Run: python3 -m tests.benchmarks.build_kill [--main 20] [--worker 10] [--term 10] [--hup 10] [--int 10] [--pairs 20]
Each build replaces what the one before it delivered, by another region, with an empty cache of renditions; it is killed
after its first delivery. True means: every file that the manifest lists is there, with the digest it states.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.conftest import Project, copied

ROOT = Path(__file__).resolve().parents[2]
WHAT = ("--locale", "en", "--locale", "ar", "--layout", "standard", "--handout", "about-ipt")
REGIONS = ("au", "gb")
KINDS = {
    "main": signal.SIGKILL,
    "worker": signal.SIGKILL,
    "term": signal.SIGTERM,
    "hup": signal.SIGHUP,
    "int": signal.SIGINT,
}


def begun(project: Project, region: str, *more: str) -> subprocess.Popen[str]:
    """Begin a build of one region, in a process group of its own."""
    command = [sys.executable, "build.py", *WHAT, "--region", region, "--jobs", "2", *more]
    return subprocess.Popen(
        command,
        cwd=project.root,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        process_group=0,
    )


def below(parent: int) -> list[int]:
    """Return the processes of a process group, without the one it is named after."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                fields = (entry / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[2]) == parent and int(entry.name) != parent and fields[0] != "Z":
                found.append(int(entry.name))
    return found


def is_true(out: Path) -> bool:
    """Whether every file that the manifest lists is there as it is listed."""
    rows = json.loads((out / "manifest.json").read_text(encoding="utf-8"))["renditions"]
    return all(hashlib.sha256((out / row["file"]).read_bytes()).hexdigest() == row["sha256"] for row in rows)


def kill_one(project: Project, kind: str, region: str) -> tuple[float, int, bool, str]:
    """Kill a build after its first delivery; return seconds to its end, processes left, whether the manifest is true, its words."""
    manifest = project.root / "dist/manifest.json"
    shutil.rmtree(project.root / ".cache/renditions", ignore_errors=True)
    before = manifest.stat().st_mtime_ns if manifest.exists() else 0
    process = begun(project, region)
    while process.poll() is None and (not manifest.exists() or manifest.stat().st_mtime_ns == before):
        time.sleep(0.005)
    time.sleep(random.random() * 0.3)
    group = below(process.pid)
    start = time.perf_counter()
    if kind == "worker":
        workers = [n for n in group if b"spawn_main" in Path(f"/proc/{n}/cmdline").read_bytes()]
        for number in workers[:1]:
            os.kill(number, signal.SIGKILL)
    elif kind == "int":
        os.killpg(process.pid, signal.SIGINT)  # as a terminal sends it
    else:
        process.send_signal(KINDS[kind])
    said, _ = process.communicate(timeout=120)
    seconds = time.perf_counter() - start
    until = time.monotonic() + 2
    while below(process.pid) and time.monotonic() < until:
        time.sleep(0.02)
    return seconds, len(below(process.pid)), is_true(project.root / "dist"), said.strip()


def main() -> None:
    """Kill, and print how it went."""
    parser = argparse.ArgumentParser()
    for kind, times in (("main", 20), ("worker", 10), ("term", 10), ("hup", 10), ("int", 10), ("pairs", 20)):
        parser.add_argument(f"--{kind}", type=int, default=times)
    asked = vars(parser.parse_args())
    random.seed(1)
    with tempfile.TemporaryDirectory() as name:
        project = copied(Path(name) / "project")
        turn = 0
        for kind in KINDS:
            runs = []
            for _ in range(asked[kind]):
                turn += 1
                runs.append(kill_one(project, kind, REGIONS[turn % 2]))
            if runs:
                seconds, left, true, said = zip(*runs, strict=True)
                print(
                    f"{kind}: {len(runs)} killed, processes left {sum(left)}, manifest true {sum(true)} of {len(runs)}, "
                    f"seconds to the end: median {statistics.median(seconds):.2f}, most {max(seconds):.2f}; the last said: {said[-1][-160:]!r}"
                )
        wrong = 0
        for _ in range(asked["pairs"]):
            shutil.rmtree(project.root / ".cache/renditions", ignore_errors=True)
            both = [begun(project, region, "--format", "email", "--format", "text") for region in REGIONS]
            for process in both:
                process.communicate()
            wrong += not is_true(project.root / "dist") or any(process.returncode for process in both)
        print(f"pairs of builds at the same time: {asked['pairs']}, with a mismatch or a failure: {wrong}")


if __name__ == "__main__":
    main()
