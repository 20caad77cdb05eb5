"""What the command `build` asks before it makes anything, and what it prints when it is done."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from handouts.cli import report
from handouts.problems import Problem, refuse

if TYPE_CHECKING:
    from handouts.library.build import Report
    from handouts.library.manifest import ManifestEntry
    from handouts.library.outdated import Removed
    from handouts.library.plan import Choice
    from handouts.model import Page, Place, Rendition
    from handouts.sources.load import Sources


def page_problems(pages: Sequence[Rendition], sources: Sources) -> list[Problem]:
    """Return what keeps renditions from being made: there are none, or this machine lacks what a PDF needs."""
    from handouts.cli import machine

    if not pages:
        fix = "E-mail and text have the standard layout only; English has no bilingual one."
        return [Problem("nothing-to-make", "--layout", "there is nothing of that kind.", fix)]
    printed = [page.locale for page in pages if page.format in {"pdf", "eml"}]
    if printed:
        return [
            *machine.library_problems(),
            *machine.font_problems(sources.locales[tag] for tag in printed),
        ]
    return []


def untouched(asked: Sequence[Rendition], errors: Sequence[Problem]) -> list[Rendition]:
    """Return the renditions that no error touches. Raises SourceError with all errors where one touches everything that is asked."""
    from handouts.library.plan import TOUCHED, touches

    everywhere = [error for error in errors if not any(getattr(error, noun) for noun in TOUCHED)]
    refuse(errors if everywhere else [])
    return [each for each in asked if not any(touches(error, each) for error in errors)]


def print_removed(removed: Iterable[Removed], out: Path) -> None:
    """Print which files were taken out of the output folder, and why, beside the results."""
    for each in removed:
        report.note(f"{out / each.file}\tremoved: {each.why}")


def only_approved(pages: Sequence[Page], out: Path) -> tuple[list[Page], list[Problem]]:
    """Return the approved pages, after earlier files of the others were removed from the output folder; and what went wrong."""
    from handouts.library.build import drop_unapproved

    approved = [page for page in pages if page.state == "approved"]
    dropped, problems = drop_unapproved(out, [page for page in pages if page.state != "approved"])
    for file in dropped:
        report.note(f"{out / file}\tremoved: not approved")
    if pages and not approved:
        fix = "Have it checked and signed (see CONTRIBUTING.md), or leave the option out and get drafts."
        what = "nothing that you asked for is approved."
        problems.append(Problem("nothing-approved", "--approved-only", what, fix))
    return approved, problems


def print_default(sources: Sources, choice: Choice) -> None:
    """Print for which region a build was that names no clinic and no region."""
    from handouts.library.plan import chosen_places

    if not (choice.clinics or choice.regions):
        (place,) = chosen_places(sources, choice)
        name = sources.content.regions[place.region].name.text
        report.line(f"No clinic or region was named: this is for {name} ({place.region}), without a clinic.")


def print_summary(result: Report, out: Path, seconds: float) -> None:
    """Print what a build did: a table of place and locale by handout, what was taken out, and how much was made."""
    slugs = list(dict.fromkeys(entry.rendition.handout for entry in result.entries))
    rows: dict[tuple[Place, str], list[ManifestEntry]] = {}
    for entry in result.entries:
        rows.setdefault((entry.rendition.place, entry.rendition.locale), []).append(entry)
    if rows:
        cells = [
            [place.region, place.clinic or "none", tag, *_facts(own), *(_forms(slug, own) for slug in slugs)]
            for (place, tag), own in rows.items()
        ]
        report.table(["region", "clinic", "locale", "language", "state", *slugs], cells)
    print_removed(result.removed, out)
    same = max(0, len(result.entries) - result.made)
    report.line(f"{result.made} made, {same} up to date, in {out} ({seconds:.1f} s)")


def _facts(entries: Sequence[ManifestEntry]) -> tuple[str, str]:
    """Return the name of a locale in its own language, and the states of its handouts."""
    return entries[0].autonym, ", ".join(dict.fromkeys(entry.state for entry in entries))


def _forms(slug: str, entries: Iterable[ManifestEntry]) -> str:
    """Return pages and size of one handout in one locale, form by form."""
    forms = []
    for entry in (each for each in entries if each.rendition.handout == slug):
        rendition = entry.rendition
        name = rendition.format if rendition.layout == "standard" else rendition.layout
        pages = f"{entry.pages} p " if entry.pages else ""
        forms.append(f"{name} {pages}{entry.size / 1000:.0f} kB")
    return ", ".join(forms)
