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
    from handouts.workbench import signing

    sources, _, problems = read(root)
    choice = Choice(locales=(locale,), handouts=(handout,), region=region)
    refuse(
        [
            *touching(problems, [locale]),
            *unknown_names(sources, choice),
            *signing.inexact_tag_problems(sources, locale),
        ]
    )
    day = date.date() if date else today()
    signature = signing.new_signature(sources, locale, handout=handout, region=region, date=day, **given)
    refuse(signing.signing_problems(sources, locale, signature, today()))
    files = signing.add_signature(sources, locale, signature)
    state = read(root)[0].state(handout, region, locale)
    report.line(f"{handout} ({region}) in {locale}: {signature.kind} review by {signature.reviewer}.")
    for file in files:
        report.line(f"{file}\twritten")
    report.line(f"State: {state}.")
