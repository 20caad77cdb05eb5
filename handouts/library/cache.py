"""Renditions made earlier, kept by the digest of everything that decides their bytes."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from handouts.files import keep_newest, write_whole
from handouts.library.jobs import Job, Made
from handouts.problems import Problem, in_file

RENDITIONS = "renditions"  # the folder of the cache
FORMS = "forms"  # that of what clinics' papers are stamped on (library/forms.py)
MOST_FORMS = 3000  # those of 45 locales in a few heights, about 300 MB
MOST_KEPT = 6000  # renditions in the cache: those of eight places, about 400 MB
ABANDONED = 3600  # seconds after which nobody is still writing a file


def cache_folder(root: Path) -> tuple[Path, list[Problem]]:
    """Return where renditions and fonts are kept: in the project, or in the folder of this run where that cannot be."""
    folder = root / ".cache"
    try:
        for name in ("fonts", RENDITIONS):
            (folder / name).mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder / name):
                pass
    except OSError as error:
        what = f"the cache cannot be written: {error.strerror}."
        fix = "Let this folder be written, or every build makes all again."
        problem = in_file("cache-not-writable", str(folder), what, fix, severity="warning")
        return Path(tempfile.mkdtemp(prefix="cache-")), [problem]
    return folder, []


def cached(folder: Path, job: Job) -> Made | None:
    """Return a rendition made earlier from the same input, or None."""
    path = folder / RENDITIONS / job.key
    try:
        made = unpacked(job, path.read_bytes())
    except OSError:
        return None
    if made:
        with suppress(OSError):  # a cache that cannot be written is read all the same
            os.utime(path)  # what was used last goes last
    return made


def packed(made: Made) -> bytes:
    """Return a rendition as it is kept: whose it is in a line of JSON, then its bytes."""
    return json.dumps(_facts(made.job, made.data, made.pages)).encode() + b"\n" + made.data


def unpacked(job: Job, kept: bytes) -> Made | None:
    """Return the rendition of a job that was kept so, or None where it is half a file, was changed, or is another's."""
    head, _, data = kept.partition(b"\n")
    try:
        facts = json.loads(head)
    except (ValueError, RecursionError):
        return None
    if not isinstance(facts, dict) or facts != _facts(job, data, facts.get("pages")):
        return None
    return Made(job, data, facts["pages"], is_new=False)


def _facts(job: Job, data: bytes, pages: object) -> dict[str, object]:
    """Return what is kept beside the bytes of a rendition: whose they are, so that no entry can answer for another."""
    rendition = job.page.rendition
    return {
        "key": job.key,
        "format": rendition.format,
        "locale": rendition.locale,
        "pages": pages if type(pages) is int else None,
        "sha256": hashlib.sha256(data).hexdigest(),
    }


def keep(folder: Path, made: Made) -> list[Problem]:
    """Keep a rendition for the next build. A cache that cannot be written costs time, nothing else."""
    try:
        write_whole(folder / RENDITIONS / made.job.key, packed(made))
    except OSError as error:
        what = f"the cache cannot be written: {error.strerror}."
        fix = "Make room on the disk: the next build will be slower until then."
        return [in_file("cache-not-writable", str(folder), what, fix, severity="warning")]
    return []


def prune(folder: Path, most: int = MOST_KEPT) -> None:
    """Remove the renditions and forms of the cache beyond the `most` that were used last, and what killed builds had begun to write."""
    with suppress(OSError):
        for stray in folder.glob("*/.*.tmp"):
            if stray.stat().st_mtime < time.time() - ABANDONED:
                stray.unlink(missing_ok=True)
    keep_newest(folder / RENDITIONS, most)
    keep_newest(folder / FORMS, MOST_FORMS)
