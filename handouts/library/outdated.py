"""What may not stay in an output folder beside what is made now: files of another region, edition or state than their place has."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass
from pathlib import Path

from handouts.library.manifest import ManifestEntry, facts_of, former_files, read_manifest, withdraw
from handouts.library.plan import TOUCHED, is_offered
from handouts.model import Place
from handouts.page.approval import Approval
from handouts.problems import Problem

FORMER = "it lay in the folder of a locale, where every region and clinic wrote over the other"
CHANGED_FACTS = "the numbers or the clinic’s details that it prints have changed"
UNMADE = "it could not be made again"


@dataclass(frozen=True)
class Removed:
    """A file that was taken out of the output folder, and why."""

    file: str
    why: str


def remove_outdated(
    approval: Approval, out: Path, places: Iterable[Place], errors: Iterable[Problem] = ()
) -> tuple[list[Removed], list[Problem]]:
    """Take out of the folders of places the files that no longer match the sources; return what went, and what went wrong.

    A set is replaced as a whole: whatever is made afterwards, no file beside it is of another region, edition or state,
    with other numbers or details of its clinic, or of a handout or locale that is gone. What an `errors` touches
    cannot be told, and is left as it is.
    """
    wrong = [problem for problem in errors if problem.severity == "error"]
    now = {place.folder: place for place in places}
    reasons = dict.fromkeys(former_files(out), FORMER)
    for entry in read_manifest(out)[0]:
        place = now.get(entry.rendition.place.folder)
        why = _why_outdated(approval, entry, place, wrong) if place else ""
        if why:
            reasons[entry.rendition.file] = why
    gone, problems = withdraw(out, reasons)
    return [Removed(file, reasons[file]) for file in gone], problems


def _why_outdated(approval: Approval, entry: ManifestEntry, place: Place, errors: Iterable[Problem]) -> str:
    """Return why a file may not stay in its place, nothing where it may or where nobody can say."""
    content, made = approval.sources.content, entry.rendition
    unsure = {noun for problem in errors for noun in TOUCHED if getattr(problem, noun) == getattr(made, noun)}
    if place.region and made.region != place.region:
        return f"it is of the region {made.region}, and {place.folder} is in {place.region}"
    if made.region not in content.regions or "region" in unsure:
        return ""
    facts = facts_of(content.regions[made.region], content.clinics.get(made.clinic))
    if entry.facts not in {"", facts} and "clinic" not in unsure:
        return CHANGED_FACTS
    if "clinic" not in unsure and not is_offered(approval.sources, made.place, made.locale, made.handout):
        return f"{made.clinic} does not offer {made.handout} in {made.locale} any more"
    return _why_other_text(approval, entry, unsure)


def _why_other_text(approval: Approval, entry: ManifestEntry, unsure: Container[str]) -> str:
    """Return why the text of a file is not that of the sources, nothing where it is or where nobody can say."""
    sources, made = approval.sources, entry.rendition
    if made.handout not in sources.content.drafts:
        return f"there is no handout {made.handout} any more"
    if "handout" in unsure:
        return ""
    edition = sources.content.drafts[made.handout].edition
    if entry.edition != edition:
        return f"it is of the edition {entry.edition}, which is now {edition}"
    if made.locale not in sources.locales:
        return "" if made.locale in sources.broken else f"there is no locale {made.locale} any more"
    if "locale" in unsure:
        return ""
    state = approval.page_state(made)
    return f"its state was {entry.state}, and is now {state}" if entry.state != state else ""
