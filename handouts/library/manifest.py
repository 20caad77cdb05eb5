"""Finished files go to disk whole or not at all; the manifest says what is there."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from handouts.library.deliver import deliver
from handouts.problems import Problem

MANIFEST = "manifest.json"
SOURCES = ("content", "locales", "templates", "handouts", "tests", ".cache", ".git", ".venv")
PAGES = frozenset({"index.html", "status.html"})  # about the handouts, and no handouts themselves


@contextmanager
def only_one(out: Path) -> Iterator[None]:
    """Wait until no other build changes the manifest of an output folder."""
    name = hashlib.sha256(str(out.resolve()).encode()).hexdigest()[:16]
    with (Path(tempfile.gettempdir()) / f"handouts-{os.getuid()}-{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _rows(out: Path) -> list[dict[str, Any]] | None:
    """Return the rows of a manifest, or None where it cannot be read."""
    try:
        rows = json.loads((out / MANIFEST).read_text(encoding="utf-8"))["renditions"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    sound = isinstance(rows, list) and all(
        isinstance(r, dict) and isinstance(r.get("file"), str) for r in rows
    )
    return rows if sound else None


def read_listed(out: Path) -> list[dict[str, Any]]:
    """Return the entries of the output folder's manifest, those of lost files too."""
    return [row for row in _rows(out) or [] if _inside(row["file"])]


def read_manifest(out: Path) -> dict[str, dict[str, Any]]:
    """Return the entries of the output folder's manifest whose files are still there, by file."""
    return {row["file"]: row for row in read_listed(out) if (out / row["file"]).is_file()}


def _inside(file: str) -> bool:
    """Whether a manifest's file name stays in its folder."""
    return not Path(file).is_absolute() and ".." not in Path(file).parts


def write_manifest(out: Path, entries: Mapping[str, Mapping[str, Any]]) -> list[Problem]:
    """Write the manifest, sorted by file; return what went wrong."""
    rows = [entries[file] for file in sorted(entries)]
    text = json.dumps({"renditions": rows}, ensure_ascii=False, indent=1) + "\n"
    return deliver(out, MANIFEST, text.encode())


def folder_problems(root: Path, out: Path) -> list[Problem]:
    """Return what is wrong with an output folder: inside the sources, or with a manifest no one can read."""
    place, project = out.resolve(), root.resolve()
    own = [project, *(project / name for name in SOURCES)]
    if place == project or any(place.is_relative_to(folder) for folder in own[1:]):
        return [
            Problem(
                "belongs-sources",
                "--out",
                f"“{out}” belongs to the sources.",
                "Choose a folder of its own, such as dist.",
            )
        ]
    if (out / MANIFEST).exists() and _rows(out) is None:
        fix = "Move it away and build everything again, so that every file is listed."
        return [Problem("manifest-cannot-read", str(out / MANIFEST), "the manifest cannot be read.", fix)]
    return []
