"""What the command `build` asks before it makes anything, and what it prints when it is done."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from handouts.cli import report
from handouts.cli.unchanged import count_line
from handouts.problems import Problem, SourceError, counted, in_command, refuse

if TYPE_CHECKING:
    from handouts.library.build import Report
    from handouts.library.manifest import ManifestEntry
    from handouts.library.outdated import Removed
    from handouts.library.plan import Choice
    from handouts.model import Page, Place, Rendition
    from handouts.page.approval import Approval
    from handouts.sources.load import Sources

FEW = 40  # files that are made before anyone asks where they are


def page_problems(pages: Sequence[Rendition], sources: Sources, errors: Sequence[Problem]) -> list[Problem]:
    """Return what keeps renditions from being made: there are none, and no error says why, or this machine lacks what a PDF needs."""
    from handouts.cli import machine

    if not pages and errors:
        return []
    if not pages:
        fix = "Web pages, e-mail and text have the standard layout only; English has no bilingual one."
        return [in_command("nothing-to-make", "--layout", "there is nothing of that kind.", fix)]
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
    from handouts.library.unapproved import drop_unapproved

    approved = [page for page in pages if not page.is_draft]
    dropped, problems = drop_unapproved(out, [page for page in pages if page.is_draft])
    for file in dropped:
        report.note(f"{out / file}\tremoved: not approved")
    if pages and not approved:
        fix = "Have it checked and signed, and its numbers confirmed (see CONTRIBUTING.md), or leave the option out and get drafts."
        what = "nothing that you asked for is approved."
        problems.append(Problem("nothing-approved", "--approved-only", what, fix))
    return approved, problems


def with_gallery(result: Report, approval: Approval, out: Path) -> tuple[Report, tuple[str, ...]]:
    """Write the gallery of what lies in the output folder; return what a build did with that in it, and the gallery's files."""
    from handouts.site.publish import publish

    gallery = publish(approval, out)
    problems, removed = (*result.problems, *gallery.problems), (*result.removed, *gallery.removed)
    return replace(result, problems=problems, removed=removed), gallery.files


@contextmanager
def true_gallery(approval: Approval, out: Path) -> Iterator[None]:
    """Where a build is stopped, or loses its crew, have the gallery tell what lies in the output folder by then, before the process ends."""
    try:
        yield
    except (KeyboardInterrupt, SourceError):
        from handouts.site.publish import publish

        publish(approval, out, drawing=False)
        raise


def note_first(out: Path, number: int) -> Callable[[str], None]:
    """Return what says where the first new file is while many are still being made; of few, it says nothing."""

    def note(file: str) -> None:
        if number > FEW:
            report.note(f"{out / file} is ready, the first of {number}; the others follow.")

    return note


def default_note(sources: Sources, choice: Choice) -> list[str]:
    """Return a line that says for which region a build was, where no clinic and no region was named."""
    from handouts.library.plan import chosen_places

    if choice.clinics or choice.regions:
        return []
    (place,) = chosen_places(sources, choice)
    name = sources.content.regions[place.region].name.text
    return [f"No clinic or region was named: this is for {name} ({place.region}), without a clinic."]


def summary(entries: Sequence[ManifestEntry]) -> dict[str, Any]:
    """Return the table of what a build has made, as its `heads` and `rows`: place and locale by handout."""
    slugs = list(dict.fromkeys(entry.rendition.handout for entry in entries))
    rows: dict[tuple[Place, str], list[ManifestEntry]] = {}
    for entry in entries:
        rows.setdefault((entry.rendition.place, entry.rendition.locale), []).append(entry)
    cells = [
        [place.region, place.clinic or "none", tag, *_facts(own), *(_forms(slug, own) for slug in slugs)]
        for (place, tag), own in rows.items()
    ]
    return {"heads": ["region", "clinic", "locale", "language", "state", *slugs], "rows": cells}


def print_result(result: Report, said: Mapping[str, Any], seconds: float) -> None:
    """Print what a build did: its table, what was taken out, how much was made, and its notes."""
    if said["rows"]:
        report.table(said["heads"], said["rows"])
    print_removed(result.removed, Path(said["out"]))
    same = max(0, len(result.entries) - result.made)
    report.line(count_line(result.made, same, said["out"], seconds))
    for line in (*in_full_note(result), *said["notes"]):
        report.line(line)


def in_full_note(result: Report) -> list[str]:
    """Return a line that says how many papers of clinics were not stamped, and why; nothing where all were."""
    why = [f"{number} because {reason}" for reason, number in sorted(result.in_full.items())]
    whole = counted(sum(result.in_full.values()), "paper")
    return [f"{whole} of clinics set in full: {', '.join(why)}."] if why else []


def _facts(entries: Sequence[ManifestEntry]) -> tuple[str, str]:
    """Return the name of a locale in its own language, and the states of its handouts."""
    return entries[0].autonym, ", ".join(dict.fromkeys(entry.state for entry in entries))


def _forms(slug: str, entries: Iterable[ManifestEntry]) -> str:
    """Return pages and size of one handout in one locale, form by form."""
    forms = []
    for entry in (each for each in entries if each.rendition.handout == slug):
        rendition = entry.rendition
        is_plain = rendition.layout == "standard" or rendition.format != "pdf"
        name = rendition.format if is_plain else rendition.layout
        pages = f"{entry.pages} p " if entry.pages else ""
        forms.append(f"{name} {pages}{entry.size / 1000:.0f} kB")
    return ", ".join(forms)
