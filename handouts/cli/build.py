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
    from handouts.model import Page


def page_problems(pages: Sequence[Page]) -> list[Problem]:
    """Return what keeps pages from being made: there are none, or this machine lacks what a PDF needs."""
    from handouts.cli import machine

    if not pages:
        fix = "E-mail and text have the standard layout only; English has no bilingual one."
        return [Problem("nothing-to-make", "--layout", "there is nothing of that kind.", fix)]
    if any(page.rendition.format in {"pdf", "eml"} for page in pages):
        return [*machine.library_problems(), *machine.font_problems(page.locale for page in pages)]
    return []


def only_approved(pages: Sequence[Page], out: Path) -> list[Page]:
    """Return the approved pages, after earlier files of the others were removed from the output folder.

    Raises SourceError where none is approved, or a file cannot be removed.
    """
    from handouts.library.build import drop_unapproved

    approved = [page for page in pages if page.state == "approved"]
    dropped, problems = drop_unapproved(out, [page for page in pages if page.state != "approved"])
    for file in dropped:
        report.note(f"{out / file}\tremoved: not approved")
    if not approved:
        fix = "Have it checked and signed (see CONTRIBUTING.md), or leave the option out and get drafts."
        what = "nothing that you asked for is approved."
        problems.append(Problem("nothing-approved", "--approved-only", what, fix))
    refuse(problems)
    return approved


def print_summary(result: Report, out: Path, seconds: float) -> None:
    """Print what a build did: a table of locale by handout, and how much was made."""
    slugs = list(dict.fromkeys(entry.rendition.handout for entry in result.entries))
    rows: dict[str, list[ManifestEntry]] = {}
    for entry in result.entries:
        rows.setdefault(entry.rendition.locale, []).append(entry)
    if rows:
        cells = [[tag, *_facts(own), *(_forms(slug, own) for slug in slugs)] for tag, own in rows.items()]
        report.table(["locale", "language", "state", *slugs], cells)
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
