"""What may not stay in an output folder beside what is made now: files of another region, edition or state than their place has."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from handouts.library.manifest import ManifestEntry, former_files, read_manifest, withdraw
from handouts.model import Place
from handouts.page.approval import Approval
from handouts.problems import Problem

FORMER = "it lay in the folder of a locale, where every region and clinic wrote over the other"
UNMADE = "it could not be made again"


@dataclass(frozen=True)
class Removed:
    """A file that was taken out of the output folder, and why."""

    file: str
    why: str


def remove_outdated(
    approval: Approval, out: Path, places: Iterable[Place]
) -> tuple[list[Removed], list[Problem]]:
    """Take out of the folders of places what the sources no longer say so; return what went, and what went wrong.

    A set is replaced as a whole: whatever is made afterwards, no file beside it is of another region, edition or state.
    The files of a locale that is not there, or of a handout that is not there, are left to `verify`.
    """
    now = {place.folder: place for place in places}
    reasons = dict.fromkeys(former_files(out), FORMER)
    for entry in read_manifest(out)[0]:
        place = now.get(entry.rendition.place.folder)
        why = _why_outdated(approval, entry, place) if place else ""
        if why:
            reasons[entry.rendition.file] = why
    gone, problems = withdraw(out, reasons)
    return [Removed(file, reasons[file]) for file in gone], problems


def _why_outdated(approval: Approval, entry: ManifestEntry, place: Place) -> str:
    """Return why a file may not stay in its place, nothing where it may."""
    sources = approval.sources
    slug, region, tag = entry.rendition.handout, entry.rendition.region, entry.rendition.locale
    if region != place.region:
        return f"it is of the region {region}, and {place.folder} is in {place.region}"
    if (
        region not in sources.content.regions
        or slug not in sources.content.drafts
        or tag not in sources.locales
    ):
        return ""
    edition = sources.content.drafts[slug].edition
    if entry.edition != edition:
        return f"it is of the edition {entry.edition}, which is now {edition}"
    state = approval.state(slug, region, tag)
    return f"its state was {entry.state}, and is now {state}" if entry.state != state else ""
