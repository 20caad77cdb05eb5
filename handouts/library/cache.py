"""Renditions made earlier, kept by the digest of everything that decides their bytes."""

from __future__ import annotations

import hashlib
import json
import tempfile
from pathlib import Path
from typing import cast

from handouts.files import write_whole
from handouts.library.jobs import Job, Made
from handouts.problems import Problem

OLD_ENOUGH = 1500  # renditions kept in the cache beyond those of the last build


def cache_folder(root: Path) -> tuple[Path, list[Problem]]:
    """Return where renditions and fonts are kept: in the project, or for this time only where that cannot be."""
    folder = root / ".cache"
    try:
        for name in ("fonts", "renditions"):
            (folder / name).mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder / name):
                pass
    except OSError as error:
        what = f"nothing can be kept here: {error.strerror}."
        problem = Problem(
            "nothing-can-kept",
            str(folder),
            what,
            "Let this folder be written, or every build makes all again.",
            "warning",
        )
        return Path(tempfile.mkdtemp(prefix="handouts-")), [problem]
    return folder, []


def cached(folder: Path, job: Job) -> Made | None:
    """Return a rendition made earlier from the same input, or None."""
    path = folder / "renditions" / job.key
    try:
        head, _, data = path.read_bytes().partition(b"\n")
        facts = json.loads(head)
    except (OSError, ValueError):
        return None
    if not isinstance(facts, dict) or hashlib.sha256(data).hexdigest() != facts.get("sha256"):
        return None  # Half a file, or a changed one, is no rendition.
    return Made(job, data, cast("int", facts["pages"]))


def keep(folder: Path, made: Made) -> list[Problem]:
    """Keep a rendition for the next build. A cache that cannot be written costs time, nothing else."""
    facts = {"pages": made.pages, "sha256": hashlib.sha256(made.data).hexdigest()}
    try:
        write_whole(folder / "renditions" / made.job.key, json.dumps(facts).encode() + b"\n" + made.data)
    except OSError as error:
        where, what = str(folder), f"the cache could not be written: {error.strerror}."
        return [
            Problem(
                "cache-could-not-written",
                where,
                what,
                "The next build will be slower until it can.",
                "warning",
            )
        ]
    return []


def prune(folder: Path) -> None:
    """Remove the oldest renditions of the cache beyond what is worth keeping."""
    try:
        kept = sorted((folder / "renditions").iterdir(), key=lambda p: p.stat().st_mtime)
        for path in kept[: max(0, len(kept) - OLD_ENOUGH)]:
            path.unlink(missing_ok=True)
    except OSError:
        return
