"""What mail clients do not support of our e-mails, for every locale: `python3 -m tests.benchmarks.mail_clients`.

All are built into a folder of their own. A cell says how many features of the body, which every client
gets, and (in brackets) of the whole page with its style sheets are not supported; below stands which.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from tests.caniemail import CLIENTS, body, unsupported
from tests.conftest import LOCALES, ROOT


def mails(folder: Path) -> dict[str, list[str]]:
    """Build the e-mails of every locale; return their pages, by locale."""
    command = [sys.executable, "build.py", "--out", str(folder), "--format", "email"]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return {
        tag: [path.read_text(encoding="utf-8") for path in sorted((folder / tag).glob("*.html"))]
        for tag in LOCALES
    }


def main() -> None:
    """Print the table, and what is behind it."""
    with tempfile.TemporaryDirectory() as folder:
        pages = mails(Path(folder))
    start = time.perf_counter()
    asked = {
        f"{part} {tag} {number}": show(page)
        for tag, each in pages.items()
        for number, page in enumerate(each)
        for part, show in (("body", body), ("page", str))
    }
    cells: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    behind: dict[tuple[str, str], set[str]] = defaultdict(set)
    for name, each in unsupported(asked).items():
        part, tag, _ = name.split()
        for client, features in each.items():
            cells[part, tag, client] |= features
            behind[part, client] |= features
    print("\t".join(("client", *pages)))
    for client in CLIENTS:
        row = [f"{len(cells['body', tag, client])} ({len(cells['page', tag, client])})" for tag in pages]
        print("\t".join((client, *row)))
    for part in ("body", "page"):
        for client in CLIENTS:
            print(f"{part}\t{client}\t{', '.join(sorted(behind[part, client])) or 'nothing'}")
    files = sum(map(len, pages.values()))
    print(f"{files} files, {len(CLIENTS)} clients, {time.perf_counter() - start:.1f} s")


if __name__ == "__main__":
    main()
