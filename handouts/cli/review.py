"""The commands `review sign` and `review code`: a person has checked a text, or says for whom it is."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from handouts.cli import options, report
from handouts.model import CODE_TYPES
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
    from handouts.library.plan import Choice, chosen_regions, unknown_names
    from handouts.page.approval import Approval
    from handouts.workbench import signing, status

    sources, look, problems = read(root)
    choice = Choice(locales=(locale,), handouts=(handout,), regions=(region,))
    refuse(
        [
            *touching(problems, [locale]),
            *unknown_names(sources, choice),
            *signing.inexact_tag_problems(sources, locale),
        ]
    )
    (region,) = chosen_regions(sources, [region])
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


@command.command("code")
@click.argument("handout")
@click.argument("codetype", type=click.Choice(CODE_TYPES, case_sensitive=False))
@click.argument("code")
@click.option(
    "--by", required=True, metavar="NAME", help="Name or handle of the clinician, with their consent."
)
@click.option("--role", required=True, metavar="ROLE", help="What they are, such as “clinical psychologist”.")
@click.option("--date", type=click.DateTime(["%Y-%m-%d"]), help="The day it was signed; today unless given.")
@click.pass_obj
def sign_code(
    root: Path, handout: str, codetype: str, code: str, by: str, role: str, date: datetime | None
) -> None:
    """Sign that OpenEMR may offer a HANDOUT to people with a problem of a CODE, such as ICD10 F32.1."""
    from handouts.cli.reading import read, today
    from handouts.workbench.coding import add_code, coding_problems, new_code

    sources, _, problems = read(root)
    refuse(problems if not sources.is_whole else [])
    row = new_code(handout, codetype, code, by, role, date.date() if date else today())
    refuse(coding_problems(sources, row, today()))
    for file in add_code(sources, row, today()):
        report.line(f"{file}\twritten")
    report.line(f"{row.codetype} {row.code}: {row.handout}, signed by {row.by} on {row.on}.")
