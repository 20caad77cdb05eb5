"""Finished files go to disk whole or not at all; the manifest says what is there."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from handouts.files import write_whole
from handouts.problems import Problem

MANIFEST = "manifest.json"


def deliver(out: Path, file: str, data: bytes) -> list[Problem]:
    """Put one file into the output folder; return what went wrong. A file already the same is left alone."""
    path = out / file
    try:
        if not (path.is_file() and path.read_bytes() == data):
            write_whole(path, data)
    except OSError as error:
        return [disk_problem(path, error)]
    return []


def disk_problem(path: Path, error: OSError) -> Problem:
    """Return a problem for what the disk refused."""
    reason = error.strerror or str(error)
    return Problem(
        str(path),
        f"the file could not be written: {reason}.",
        "Make room and check who may write there, or choose another folder with --out.",
    )


def read_manifest(out: Path) -> dict[str, dict[str, Any]]:
    """Return the entries of the output folder's manifest whose files are still there, by file."""
    try:
        rows = json.loads((out / MANIFEST).read_text(encoding="utf-8"))["renditions"]
        return {row["file"]: row for row in rows if _inside(row["file"]) and (out / row["file"]).is_file()}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _inside(file: str) -> bool:
    """Whether a manifest's file name stays in its folder."""
    return not Path(file).is_absolute() and ".." not in Path(file).parts


def write_manifest(out: Path, entries: Mapping[str, Mapping[str, Any]]) -> list[Problem]:
    """Write the manifest, sorted by file; return what went wrong."""
    rows = [entries[file] for file in sorted(entries)]
    text = json.dumps({"renditions": rows}, ensure_ascii=False, indent=1) + "\n"
    return deliver(out, MANIFEST, text.encode())


def remove(out: Path, files: Iterable[str]) -> list[Problem]:
    """Remove delivered files; return what went wrong."""
    problems = []
    for file in files:
        try:
            (out / file).unlink(missing_ok=True)
        except OSError as error:
            problems.append(disk_problem(out / file, error))
    return problems
