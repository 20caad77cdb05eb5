"""Zips that were made earlier: each is known by what it was made of, and goes before its place has something else."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterable
from pathlib import Path

from handouts.model import SHOWN_FORMATS, Rendition

BEGINNING, ENDING = "ipt-handouts-", ".zip"
OLD_PACK = "its place has other files now; run “pack” again"
Digest = tuple[Rendition, str]  # what a listed file is of, and its SHA-256
MARK = "IPT Handouts, made of "  # begins the comment of a zip, before the digest


def pack_name(folder: str) -> str:
    """Return what the zip of a place is called, by the folder of the place."""
    return f"{BEGINNING}{folder}{ENDING}"


def pack_mark(listed: Iterable[Digest], folder: str) -> str:
    """Return the comment of a zip of a place: the digest of all that is listed for it and may be in one."""
    own = [(made, sha256) for made, sha256 in listed if made.place.folder == folder]
    shown = sorted((made.file, sha256) for made, sha256 in own if made.format in SHOWN_FORMATS)
    return MARK + hashlib.sha256(json.dumps(shown).encode()).hexdigest()


def packs_of(out: Path) -> dict[str, tuple[str, str]]:
    """Return the zips of an output folder that `pack` has made, by their names: what each was made of, and the folder of its place."""
    found = {path.name: _inside(path) for path in sorted(out.glob(f"{BEGINNING}*{ENDING}"))}
    return {name: inside for name, inside in found.items() if inside[0].startswith(MARK)}


def outdated_packs(out: Path, listed: Iterable[Digest]) -> list[str]:
    """Return the zips of an output folder, made by `pack`, whose place has something else by now."""
    listed = list(listed)
    return [name for name, (mark, folder) in packs_of(out).items() if mark != pack_mark(listed, folder)]


def _inside(path: Path) -> tuple[str, str]:
    """Return the comment of a zip, and the folder of its place, which a copy has too; nothing where it has none or is none."""
    try:
        with zipfile.ZipFile(path) as archive:
            top = next(iter(archive.namelist()), "").partition("/")[0]
            return archive.comment.decode("utf-8", "replace"), top.removeprefix(BEGINNING)
    except (OSError, ValueError, NotImplementedError, zipfile.BadZipFile):
        return "", ""
