"""The command `region confirm`: a person has rung a number, or read it live, and says so."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from handouts.cli import report
from handouts.problems import refuse


@click.group("region")
def command() -> None:
    """Look after the numbers and links of the regions and clinics."""


@command.command("confirm")
@click.argument("place")
@click.argument("lines", nargs=-1, required=True, metavar="LINE...")
@click.option(
    "--by", required=True, metavar="NAME", help="Name or handle of who confirmed it, with their consent."
)
@click.option("--date", type=click.DateTime(["%Y-%m-%d"]), help="The day it was done; today unless given.")
@click.pass_obj
def confirm(root: Path, place: str, lines: tuple[str, ...], by: str, date: datetime | None) -> None:
    """Say that a person rang each LINE of a PLACE, or read its number on the service's own page, as it is now.

    PLACE is a region or a clinic. LINE is what `status` calls it (lifeline), its name or its number. Emergency numbers
    are read, never rung.
    """
    from handouts.checks.every import concerning
    from handouts.cli.reading import read, today
    from handouts.page.approval import Approval
    from handouts.workbench import confirming

    sources, look, problems = read(root, (), [place])
    meant, unknown = confirming.place_named(sources, place)
    if meant is None:
        refuse([*problems, *unknown])
        return
    refuse(concerning(problems, (), (meant.clinic,), (meant.region,), ()))
    contacts, unknown = confirming.lines_named(sources, meant, lines)
    day = date.date() if date else today()
    new = [(each, confirming.new_confirmation(each, by, day)) for each in contacts]
    wrong = [
        problem
        for contact, each in new
        for problem in confirming.confirming_problems(
            sources.confirmations.get(contact.place, ()), contact, each, today()
        )
    ]
    refuse(dict.fromkeys([*unknown, *wrong]))
    files = []
    for contact, each in new:
        files += confirming.add_confirmation(sources, contact, each, today())
        report.line(f"{contact}, {contact.place}: confirmed by {each.by} on {each.on}.")
    for file in dict.fromkeys(files):
        report.line(f"{file}\twritten")
    left = [each for each in Approval(sources, look).unconfirmed(meant) if each not in contacts]
    report.line(f"Still to confirm for {meant}: {', '.join(map(str, left)) or 'nothing'}.")
