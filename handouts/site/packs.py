"""Zips that were made earlier: each is known by what it was made of, and goes when its place has something else."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterable
from pathlib import Path

from handouts.library.manifest import ManifestEntry
from handouts.site.gallery import SHOWN_FORMATS

BEGINNING, ENDING = "ipt-handouts-", ".zip"
MARK = "IPT Handouts, made of "  # begins the comment of a zip, before the digest


def pack_name(folder: str) -> str:
    """Return what the zip of a place is called, by the folder of the place."""
    return f"{BEGINNING}{folder}{ENDING}"


def pack_mark(entries: Iterable[ManifestEntry], folder: str) -> str:
    """Return the comment of a zip of a place: the digest of all that is listed for it and may be in one."""
    made = [each for each in entries if each.rendition.place.folder == folder]
    shown = sorted((e.rendition.file, e.sha256) for e in made if e.rendition.format in SHOWN_FORMATS)
    return MARK + hashlib.sha256(json.dumps(shown).encode()).hexdigest()


def outdated_packs(out: Path, entries: Iterable[ManifestEntry]) -> list[str]:
    """Return the zips of an output folder, made by `pack`, whose place has something else by now."""
    listed = list(entries)
    found = []
    for path in sorted(out.glob(f"{BEGINNING}*{ENDING}")):
        comment, folder = _inside(path)
        if comment.startswith(MARK) and comment != pack_mark(listed, folder):
            found.append(path.name)
    return found


def _inside(path: Path) -> tuple[str, str]:
    """Return the comment of a zip, and the folder of its place, which a copy has too; nothing where it has none or is none."""
    try:
        with zipfile.ZipFile(path) as archive:
            top = next(iter(archive.namelist()), "").partition("/")[0]
            return archive.comment.decode("utf-8", "replace"), top.removeprefix(BEGINNING)
    except (OSError, ValueError, NotImplementedError, zipfile.BadZipFile):
        return "", ""
