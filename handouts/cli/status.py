"""The command `status`: how far each locale is, and which numbers are confirmed, on the terminal and as a page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from handouts.cli import options, report
from handouts.model import Place
from handouts.problems import refuse

if TYPE_CHECKING:
    from handouts.workbench.contact_status import ContactStatus
    from handouts.workbench.status import HandoutStatus


@click.command("status")
@click.argument("tags", nargs=-1)
@options.region
@options.out("dist")
@options.as_json
@click.pass_obj
def command(root: Path, tags: tuple[str, ...], region: str, out: Path, as_json: bool) -> None:
    """Show how far each locale is: coverage, state, who reviewed what and when, what is stale and why; which numbers are confirmed."""
    from handouts.cli.reading import read, today, touching
    from handouts.library.manifest import folder_problems
    from handouts.library.plan import Choice, chosen_locales, chosen_regions, unknown_names
    from handouts.page.approval import Approval
    from handouts.workbench import status
    from handouts.workbench.contact_status import contact_statuses

    sources, look, problems = read(root)
    wrong = touching(problems, chosen_locales(sources, tags) if tags else None)
    refuse([*wrong, *unknown_names(sources, Choice(regions=(region,), locales=tags))])
    (region,) = chosen_regions(sources, [region])
    refuse(folder_problems(root, out))
    approval = Approval(sources, look)
    found = status.all_statuses(approval, region, chosen_locales(sources, tags))
    contacts = contact_statuses(approval, region, today())
    page = status.write_status_page(status.status_page(approval, found, contacts, region), out)
    if as_json:
        report.line(status.statuses_json(found))
        return
    heads = ["locale", "language", "handout", "translated", "missing", "fuzzy", "state", "reviews"]
    report.table(heads, map(_cells, found))
    for each in found:
        for line in _lines(each):
            report.line(f"{each.locale} {each.handout}\t{line}")
    report.table(["place", "line", "printed", "page", "confirmed"], map(_contact_cells, contacts))
    if approval.unconfirmed(Place(region)):
        report.line(
            f"Until every number of {region} is confirmed, its pages print DRAFT, whoever has signed."
        )
    report.line(f"All of this is for the region {region} alone: numbers and access differ in others.")
    report.line(f"As a page: {page}")


def _contact_cells(each: ContactStatus) -> list[str]:
    """Return a row of the table of numbers and links."""
    contact = each.contact
    return [contact.place, contact.id, f"{contact}", each.page, each.said]


def _lines(each: HandoutStatus) -> Iterator[str]:
    """Yield what has changed since someone signed, who must sign again, and who is missing where somebody has signed."""
    yield from dict.fromkeys(f"{change}" for review in each.reviews for change in review.changed)
    if each.again:
        yield f"to sign again: {', '.join(each.again)}"
    if each.reviews and each.needs:
        yield f"still missing: {'; '.join(each.needs)}"
    if each.elsewhere:
        yield f"signed for other regions too: {', '.join(each.elsewhere)}"


def _cells(each: HandoutStatus) -> list[str]:
    """Return a row of the table: counts instead of lists."""
    share = f"{each.translated}/{each.messages} ({100 * each.translated // each.messages}%)"
    counts = [str(len(each.missing)), str(len(each.fuzzy))]
    reviews = [
        f"{r.kind} {r.date} {r.reviewer}" + (f" (does not count: {r.why})" if r.why else "")
        for r in each.reviews
    ]
    names = [each.locale, each.autonym, each.handout]
    return [*names, share, *counts, each.state, "; ".join(reviews) or "none"]
