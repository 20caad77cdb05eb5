"""Builds that are killed and builds at the same time: whether any process is left, and whether the manifest is true.

Run: python3 -m tests.benchmarks.build_kill [--main 20] [--worker 10] [--term 10] [--hup 10] [--int 10] [--pairs 20]
Before each build a help line gets another number, so that every file is made anew and replaces the one before; it is killed
after its first delivery. True means: every file that the manifest lists is there, with the digest it states, and no other but a lock or what was being written.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import re
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
REGION, NUMBERS = "content/regions/au.yaml", ("13 11 14", "13 11 15")
PAIRS = (("au", "gb"), ("au", "au"))
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
    """Whether every file that the manifest lists is there as it is listed, and no other but the gallery, a lock or what was being written."""
    rows = json.loads((out / "manifest.json").read_text(encoding="utf-8"))["renditions"]
    files = (path for path in out.rglob("*") if path.is_file() and not path.name.startswith("."))
    names = (path.relative_to(out).as_posix() for path in files)
    there = {name for name in names if not name.endswith("index.html") and "/covers/" not in name}
    there.discard("manifest.json")
    listed = {row["file"]: row["sha256"] for row in rows}
    return there == set(listed) and all(
        hashlib.sha256((out / file).read_bytes()).hexdigest() == digest for file, digest in listed.items()
    )


def change(project: Project, turn: int) -> None:
    """Give a help line another number."""
    project.edit(REGION, NUMBERS[(turn + 1) % 2], NUMBERS[turn % 2])
    shutil.rmtree(project.root / ".cache/renditions", ignore_errors=True)


def kill_one(project: Project, kind: str) -> tuple[float, int, bool, str]:
    """Kill a build after its first delivery; return seconds to its end, processes left, whether the manifest is true, its words.

    Raises SystemExit where the build had ended by then: it would have been no test.
    """
    manifest = project.root / "dist/manifest.json"
    before = {row["sha256"] for row in json.loads(manifest.read_text(encoding="utf-8"))["renditions"]}
    process = begun(project, "au")
    while process.poll() is None and not delivered(manifest, before):
        time.sleep(0.005)
    time.sleep(random.random() * 0.3)
    group = below(process.pid)
    if process.poll() is not None:
        raise SystemExit(f"the build had ended before it was killed: {process.communicate()[0]}")
    start = time.perf_counter()
    if kind == "worker":
        workers = [n for n in group if b"spawn_main" in Path(f"/proc/{n}/cmdline").read_bytes()]
        os.kill(workers[0], signal.SIGKILL)
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


def delivered(manifest: Path, before: set[str]) -> bool:
    """Whether the manifest lists a file that was not there before."""
    rows = json.loads(manifest.read_text(encoding="utf-8"))["renditions"]
    return any(row["sha256"] not in before for row in rows)


def main() -> None:
    """Kill, and print how it went."""
    parser = argparse.ArgumentParser()
    for kind, times in (("main", 20), ("worker", 10), ("term", 10), ("hup", 10), ("int", 10), ("pairs", 20)):
        parser.add_argument(f"--{kind}", type=int, default=times)
    asked = vars(parser.parse_args())
    random.seed(1)
    with tempfile.TemporaryDirectory() as name:
        project = copied(Path(name) / "project")
        project.prepare(*WHAT, "--region", "au")
        turn = 0
        for kind in KINDS:
            runs = []
            for _ in range(asked[kind]):
                turn += 1
                change(project, turn)
                runs.append(kill_one(project, kind))
            if runs:
                seconds, left, true, said = zip(*runs, strict=True)
                print(
                    f"{kind}: {len(runs)} killed, processes left {sum(left)}, manifest true {sum(true)} of {len(runs)}, "
                    f"seconds to the end: median {statistics.median(seconds):.2f}, most {max(seconds):.2f}; the last said: {said[-1][-160:]!r}"
                )
        wrong = 0
        for pair in range(asked["pairs"]):
            turn += 1
            change(project, turn)
            both = [
                begun(project, region, "--format", "email", "--format", "text") for region in PAIRS[pair % 2]
            ]
            words = [process.communicate()[0] for process in both]
            if not any(re.search(r"^[1-9]\d* made", each, re.MULTILINE) for each in words):
                raise SystemExit(f"nothing was made: {words}")
            wrong += not is_true(project.root / "dist") or any(process.returncode for process in both)
        print(f"pairs of builds at the same time: {asked['pairs']}, with a mismatch or a failure: {wrong}")


if __name__ == "__main__":
    main()
