"""Whether a change of the code changes what is made: every rendition built by another revision and by this tree, compared.

Run: python3 -m tests.benchmarks.same_bytes REVISION [OPTION]…   (options of `build`, such as --locale ar)
Prints how many renditions are the same by SHA-256, and names those that are not; exit 1 if there are any.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def digests(tree: Path, out: Path, options: list[str]) -> dict[str, str]:
    """Build in a checkout, from nothing; return the SHA-256 of every rendition by its file."""
    command = [sys.executable, "build.py", "build", "--out", str(out), *options]
    subprocess.run(command, cwd=tree, check=True, stdout=subprocess.DEVNULL)
    rows = json.loads((out / "manifest.json").read_text(encoding="utf-8"))["renditions"]
    return {row["file"]: row["sha256"] for row in rows}


def main(revision: str, options: list[str]) -> int:
    """Compare a revision with this tree; return the exit code."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        git = ["git", "-C", str(ROOT), "worktree"]
        subprocess.run([*git, "add", "--detach", "-q", str(folder / "tree"), revision], check=True)
        try:
            before = digests(folder / "tree", folder / "before", options)
        finally:
            subprocess.run([*git, "remove", "--force", str(folder / "tree")], check=True)
        after = digests(ROOT, folder / "after", options)
    unlike = sorted(f for f in before.keys() | after.keys() if before.get(f) != after.get(f))
    for file in unlike:
        print(f"{file}\t{before.get(file, 'not made')[:16]}\t{after.get(file, 'not made')[:16]}")
    print(f"{len(before)} renditions at {revision}, {len(after)} here: {len(unlike)} unlike")
    return 1 if unlike or not before else 0


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], sys.argv[2:]))
