"""The command `pack`: a place's handouts as one zip, for a computer that has nothing but a browser."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from handouts.cli import options, report
from handouts.cli.report import note_left_out
from handouts.problems import Problem, SourceError, refuse

if TYPE_CHECKING:
    from handouts.model import Rendition
    from handouts.page.approval import Approval
    from handouts.site.pack import Pack


@click.command("pack")
@options.regions("A zip for this health system, without a clinic; may be repeated.")
@options.clinics("A zip for this clinic, or for its profile by path; may be repeated.")
@options.out("dist")
@click.option("--approved-only", is_flag=True, help="Only what was checked and signed.")
@click.option(
    "--openemr",
    "for_openemr",
    is_flag=True,
    help="Also what OpenEMR offers by code: copy documents/ into its site's folder.",
)
@options.as_json
@click.pass_obj
def command(
    root: Path,
    regions: tuple[str, ...],
    clinics: tuple[str, ...],
    out: Path,
    approved_only: bool,
    for_openemr: bool,
    as_json: bool,
) -> int:
    """Put what was built for a clinic or region into one zip: unzip, open index.html, print."""
    from handouts.cli.build import print_removed
    from handouts.cli.reading import asked_for, check, read
    from handouts.library.deliver import deliver
    from handouts.library.manifest import folder_problems
    from handouts.library.plan import Choice, chosen_places, page_of, renditions, unknown_names
    from handouts.model import SHOWN_FORMATS
    from handouts.page.approval import Approval
    from handouts.site.pack import pack
    from handouts.site.publish import publish

    choice = Choice(regions=regions, clinics=clinics, formats=SHOWN_FORMATS)
    sources, look, unread = read(root, (), clinics)
    unusable = [*unknown_names(sources, choice), *folder_problems(root, out)]
    found = check(sources, look, unread, (), clinics)
    refuse([*found, *unusable] if unusable or not sources.is_whole else [])
    approval = Approval(sources, look)
    asked = renditions(sources, choice)
    wanted = [each for each in asked if not approved_only or _may_be_approved(approval, each)]
    _refuse_but_of_drafts(asked, wanted, asked_for(sources, choice, found))
    pages = [page_of(approval, each) for each in wanted]
    # A build that was killed has left the gallery as it was before.
    gallery = publish(approval, out)
    problems: list[Problem] = list(gallery.problems)
    rows = []
    for place in chosen_places(sources, choice):
        own = [page for page in pages if page.rendition.place == place]
        if not own:
            problems.append(_nothing_approved(f"{place}"))
            continue
        made, wrong = pack(approval, out, place, own, for_openemr=for_openemr)
        refused = deliver(out, made.name, made.data) if made else []
        problems += (*wrong, *refused)
        if made and not refused:
            rows.append(pack_row(made, out))
    anew = {row["file"] for row in rows}
    print_removed((each for each in gallery.removed if str(out / each.file) not in anew), out)
    for row in () if as_json else rows:
        size = f"{row['bytes'] / 1e6:.1f} MB"
        report.line(f"{row['file']}\t{row['files']} files\t{size}\tsha256 {row['sha256']}")
    return report.ended(problems, as_json=as_json, packs=rows)


def _refuse_but_of_drafts(
    asked: Sequence[Rendition], wanted: Sequence[Rendition], errors: Sequence[Problem]
) -> None:
    """Raise SourceError with the errors, but for what touches nothing that is wanted, only drafts among what was asked for: that is noted."""
    told = [e for e in errors if not wanted or _touches(e, wanted) or not _touches(e, asked)]
    note_left_out(errors, told)
    refuse(told)


def _touches(error: Problem, renditions: Iterable[Rendition]) -> bool:
    """Whether an error touches any of some renditions."""
    from handouts.library.plan import touches

    return any(touches(error, each) for each in renditions)


def _may_be_approved(approval: Approval, rendition: Rendition) -> bool:
    """Whether a rendition is approved, also where something wrong keeps one from telling: then that is told."""
    try:
        return approval.page_state(rendition) == "approved"
    except SourceError:
        return True


def pack_row(made: Pack, out: Path) -> dict[str, Any]:
    """Return what is said of a zip: where it lies, and by which digest whoever gets it knows that it is whole."""
    digest = hashlib.sha256(made.data).hexdigest()
    return {"file": str(out / made.name), "files": made.files, "bytes": len(made.data), "sha256": digest}


def _nothing_approved(place: str) -> Problem:
    """Return the problem of a place that has nothing to be put into a zip."""
    fix = "Have it checked and signed, and its numbers confirmed (see CONTRIBUTING.md), or leave the option out and get drafts."
    return Problem("nothing-approved", "--approved-only", f"nothing for {place} is approved.", fix)
