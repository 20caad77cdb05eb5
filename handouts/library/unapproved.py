"""What may not be given out goes: with `--approved-only`, the earlier files of pages that are drafts now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from handouts.library.deliver import disk_problem, remove
from handouts.library.manifest import (
    MANIFEST,
    ManifestEntry,
    digest_of,
    entries_with_files,
    manifest_lock,
    write_manifest,
)
from handouts.library.packs import outdated_packs
from handouts.model import Page
from handouts.problems import Problem


def drop_unapproved(out: Path, pages: Iterable[Page]) -> tuple[list[str], list[Problem]]:
    """Remove earlier files of pages that may not be given out; return which, sorted, and what went wrong.

    With them goes a zip that has them in it. A file goes if it is the page itself, or is not listed, or is a draft; an approved one of another region, which a clinic
    was in before, is left to `remove_outdated`.
    """
    if not out.is_dir():
        return [], []
    try:
        with manifest_lock(out):
            return _drop(out, list(pages))
    except OSError as error:
        return [], [disk_problem(out / MANIFEST, error)]


def _drop(out: Path, unapproved: list[Page]) -> tuple[list[str], list[Problem]]:
    """Do it, with the manifest locked."""
    entries = entries_with_files(out)
    files = [page.rendition.file for page in unapproved if _goes(out, entries, page)]
    # In whatever layout, paper or format: drafts of the same are no more fit to be given out.
    same = {_of(page) for page in unapproved}
    others = (f for f, entry in entries.items() if entry.state != "approved" and _of(entry) in same)
    files = list(dict.fromkeys([*files, *others]))
    kept = [entry for file, entry in entries.items() if file not in files]
    if files:
        files += outdated_packs(out, map(digest_of, kept))
    problems = remove(out, files)
    if files:
        problems += write_manifest(out, kept)
    return sorted(files), problems


def _of(what: Page | ManifestEntry) -> tuple[str, ...]:
    """Return what a page or a file is of, in whatever form."""
    rendition = what.rendition
    return rendition.locale, rendition.handout, rendition.region, rendition.clinic


def _goes(out: Path, entries: Mapping[str, ManifestEntry], page: Page) -> bool:
    """Whether the file in the place of an unapproved page must go."""
    entry = entries.get(page.rendition.file)
    if entry is None:
        return (out / page.rendition.file).is_file()
    return entry.rendition == page.rendition or entry.state != "approved"
