"""A build of thousands of renditions that is killed again and again, and gone on with: what it costs, and whether a byte differs.

Run: python3 -m tests.benchmarks.resume [--renditions 5000] [--kills 4]
As many clinics as it takes are built in one copy without a kill, and in another by the same command, which is killed (SIGKILL) each time that
an equal share more was delivered, and run again; neither has anything made before. Printed are seconds, what was delivered at each kill, what the last
run had to make, processes that were left, manifests that were not true, and files that differ. Exit 1 where one of the last three is not none.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from handouts.cli.reading import read
from handouts.library.plan import Choice, plan
from handouts.page.approval import Approval
from tests.benchmarks.build_kill import below, is_true
from tests.conftest import ROOT, Project, copied

EXAMPLE = ROOT / "content/clinics/example.yaml"
NAME = re.compile(r"(?m)^name: (.*)$")
MADE = re.compile(r"(?m)^(\d+) made, (\d+) up to date")


@dataclass
class Killed:
    """What was seen of builds that were killed: seconds of all, renditions delivered at each kill, processes left, manifests that were not true."""

    seconds: float = 0.0
    delivered: list[int] = field(default_factory=list)
    left: int = 0
    untrue: int = 0


def with_clinics(folder: Path, count: int) -> tuple[Project, list[str]]:
    """Return a copy of the project with so many clinics, and the command that builds them."""
    project = copied(folder)
    text = EXAMPLE.read_text(encoding="utf-8")
    options = []
    for number in range(count):
        profile = NAME.sub(rf"name: \1 {number + 1}", text, count=1)
        assert profile != text, "the example has no name any more"
        path = project.root / "content/clinics" / f"clinic-{number + 1}.yaml"
        path.write_text(profile, encoding="utf-8")
        options += ["--clinic", path.stem]
    return project, [sys.executable, "build.py", "build", *options]


def listed(out: Path) -> int:
    """Return how many renditions a manifest lists; 0 where there is none."""
    manifest = out / "manifest.json"
    return len(json.loads(manifest.read_text(encoding="utf-8"))["renditions"]) if manifest.exists() else 0


def run_until(project: Project, command: list[str], share: float, seen: Killed) -> None:
    """Build until so many renditions are delivered and up to half a second longer, and kill it then.

    Raises SystemExit where it had ended before: it would have been no test.
    """
    with (project.root / "said").open("w+", encoding="utf-8") as said:
        start = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=project.root, stdout=said, stderr=subprocess.STDOUT, process_group=0
        )
        out = project.root / "dist"
        try:
            while process.poll() is None and listed(out) < share:
                time.sleep(0.2)
            time.sleep(random.random() / 2)
            process.kill()
            code = process.wait(timeout=60)
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            raise
        seen.seconds += time.perf_counter() - start
        if code >= 0:
            said.seek(0)
            raise SystemExit(f"the build had ended before it was killed: {said.read()}")
    time.sleep(2)
    seen.left += len(below(process.pid))
    seen.delivered.append(listed(out))
    seen.untrue += not is_true(out)


def digests(out: Path) -> dict[str, str]:
    """Return the digest of each file below a folder."""
    files = (path for path in out.rglob("*") if path.is_file() and not path.name.startswith("."))
    return {path.relative_to(out).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def main(renditions: int, kills: int) -> int:
    """Build both, and print how it went; return 1 where something is wrong."""
    random.seed(1)
    sources, look, _ = read(ROOT)
    clinics = -(-renditions // len(plan(Approval(sources, look), Choice(clinics=(EXAMPLE.stem,)))))
    with tempfile.TemporaryDirectory() as name:
        whole, command = with_clinics(Path(name) / "whole", clinics)
        start = time.perf_counter()
        said = subprocess.run(command, cwd=whole.root, check=True, capture_output=True, text=True).stdout
        seconds, total = time.perf_counter() - start, listed(whole.root / "dist")
        print(f"undisturbed: {total} renditions of {clinics} clinics in {seconds:.0f} s", flush=True)
        print("\n".join(line for line in said.splitlines() if "in full" in line or "made," in line))
        killed, command = with_clinics(Path(name) / "killed", clinics)
        seen = Killed()
        for number in range(kills):
            run_until(killed, command, total * (number + 1) / (kills + 1), seen)
        start = time.perf_counter()
        said = subprocess.run(command, cwd=killed.root, check=True, capture_output=True, text=True).stdout
        seconds, found = seen.seconds + time.perf_counter() - start, MADE.search(said)
        assert found, said
        both = [digests(each.root / "dist") for each in (whole, killed)]
    differ = [file for file in both[0].keys() | both[1].keys() if both[0].get(file) != both[1].get(file)]
    print(
        f"killed {kills} times, at {seen.delivered} renditions, then to its end: {seconds:.0f} s of building"
    )
    print(
        f"made by the last run: {found[1]} of the {total - max(seen.delivered, default=0)} that were not delivered"
    )
    print(f"processes left {seen.left}; manifests that were not true {seen.untrue}; ", end="")
    print(f"files that differ {len(differ)} of {len(both[0])} {sorted(differ)[:3]}")
    return int(total < renditions or bool(seen.left or seen.untrue or differ))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--renditions", type=int, default=5000)
    parser.add_argument("--kills", type=int, default=4)
    asked = parser.parse_args()
    sys.exit(main(asked.renditions, asked.kills))
