"""A build of thousands of renditions that is killed again and again, and gone on with: what it costs, and whether a byte differs.

Run: python3 -m tests.benchmarks.resume [--renditions 5000] [--kills 4]
As many clinics as it takes are built in one copy without a kill, and in another by the same command, which is killed (SIGKILL) each time that
an equal share more was delivered, and run again; neither has anything made before. Printed are seconds, what was delivered at each kill, processes
that were left, whether the manifest was true, how many renditions were made twice, and files that differ. Exit 1 where one of these is wrong.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
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
    """What was seen at each kill: renditions delivered, processes left two seconds later, whether the manifest was true."""

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


def run_until(project: Project, command: list[str], share: float, seen: Killed) -> str:
    """Build until so many renditions are delivered, and kill it then; return what it said, where it came to its end before."""
    process = subprocess.Popen(
        command,
        cwd=project.root,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        process_group=0,
    )
    out = project.root / "dist"
    while process.poll() is None and listed(out) < share:
        time.sleep(0.2)
    process.kill()
    said, _ = process.communicate()
    if process.returncode >= 0:
        return said
    time.sleep(2)
    seen.delivered.append(listed(out))
    seen.left += len(below(process.pid))
    seen.untrue += not is_true(out)
    return ""


def digests(out: Path) -> dict[str, str]:
    """Return the digest of each file below a folder."""
    files = (path for path in out.rglob("*") if path.is_file() and not path.name.startswith("."))
    return {path.relative_to(out).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def main(renditions: int, kills: int) -> int:
    """Build both, and print how it went; return 1 where something is wrong."""
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
        seen, start = Killed(), time.perf_counter()
        for number in range(kills):
            if run_until(killed, command, total * (number + 1) / (kills + 1), seen):
                raise SystemExit("a build had ended before it was killed")
        said = subprocess.run(command, cwd=killed.root, check=True, capture_output=True, text=True).stdout
        seconds, found = time.perf_counter() - start, MADE.search(said)
        assert found, said
        print(
            f"killed {kills} times, at {seen.delivered} renditions, then to its end: {seconds:.0f} s, of which {2 * kills} s waited"
        )
        both = [digests(each.root / "dist") for each in (whole, killed)]
        differ = [file for file in both[0].keys() | both[1].keys() if both[0].get(file) != both[1].get(file)]
        # What was delivered by the last kill is found; what had been made and not delivered may be found as well.
        twice = max(0, int(found[1]) - (total - seen.delivered[-1])) if seen.delivered else 0
        print(
            f"processes left {seen.left}; manifests that were not true {seen.untrue}; delivered and made again {twice}; "
            f"files that differ {len(differ)} of {len(both[0])} {sorted(differ)[:3]}"
        )
    return int(bool(seen.left or seen.untrue or twice or differ))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--renditions", type=int, default=5000)
    parser.add_argument("--kills", type=int, default=4)
    asked = parser.parse_args()
    sys.exit(main(asked.renditions, asked.kills))
