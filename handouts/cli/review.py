"""The command `review sign`: a person has checked a text, and says so."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from handouts.cli import options, report
from handouts.problems import refuse
from handouts.sources.reviews import REVIEW_KINDS


@click.group("review")
def command() -> None:
    """Look after the reviews."""


@command.command("sign")
@click.argument("locale")
@click.argument("handout")
@click.option("--kind", required=True, type=click.Choice(REVIEW_KINDS), help="What was checked.")
@click.option(
    "--reviewer", required=True, metavar="NAME", help="Name or handle of who checked it, with their consent."
)
@click.option("--role", required=True, metavar="ROLE", help="What they are, such as “accredited translator”.")
@click.option(
    "--translator", "translators", multiple=True, metavar="NAME", help="Who translated it; may be repeated."
)
@options.region
@click.option("--date", type=click.DateTime(["%Y-%m-%d"]), help="The day of the review; today unless given.")
@click.pass_obj
def sign(root: Path, /, locale: str, handout: str, date: datetime | None, region: str, **given: Any) -> None:
    """Sign that a person checked a HANDOUT in a LOCALE, word for word as it is now."""
    from handouts.cli.reading import read, today, touching
    from handouts.library.plan import Choice, unknown_names
    from handouts.page.approval import Approval
    from handouts.workbench import signing, status

    sources, look, problems = read(root)
    choice = Choice(locales=(locale,), handouts=(handout,), region=region)
    refuse(
        [
            *touching(problems, [locale]),
            *unknown_names(sources, choice),
            *signing.inexact_tag_problems(sources, locale),
        ]
    )
    day = date.date() if date else today()
    approval = Approval(sources, look)
    signature = signing.new_signature(approval, locale, handout=handout, region=region, date=day, **given)
    refuse(signing.signing_problems(sources, locale, signature, today()))
    files = signing.add_signature(approval, locale, signature, today())
    name = sources.content.regions[region].name.text
    report.line(
        f"{handout} in {locale}: {signature.kind} review by {signature.reviewer}, for {name} ({region}) alone."
    )
    for file in files:
        report.line(f"{file}\twritten")
    found = status.handout_status(Approval(*read(root)[:2]), handout, region, locale)
    report.line(f"State: {found.state}.")
    for need in found.needs:
        report.line(f"Still missing: {need}.")
