"""The command `personal`: a copy of a handout for each person of a list, in a folder that nobody else can read."""

from __future__ import annotations

from pathlib import Path

import click

from handouts.cli import options, report
from handouts.model import LAYOUTS, Layout, Paper
from handouts.problems import refuse


@click.command("personal")
@click.option(
    "--to-file",
    "people",
    type=options.PATH,
    required=True,
    metavar="CSV",
    help="The list: name, locale, appointment, clinician, note.",
)
@click.option("--out", type=options.PATH, required=True, help="A new folder for the copies.")
@click.option(
    "--handout",
    "handouts",
    multiple=True,
    metavar="SLUG",
    help="A copy of this handout, of every one that the place offers unless given; may be repeated.",
)
@click.option(
    "--layout",
    type=click.Choice(LAYOUTS),
    default=LAYOUTS[0],
    show_default=True,
    help="The layout of the copies.",
)
@options.paper
@options.place
@options.as_json
@click.pass_obj
def command(
    root: Path,
    people: Path,
    out: Path,
    handouts: tuple[str, ...],
    layout: Layout,
    paper: Paper | None,
    regions: tuple[str, ...],
    clinics: tuple[str, ...],
    as_json: bool,
) -> int:
    """Make a copy for each person of a list: name, appointment, clinician and a note in a box on the first page.

    Nothing of a person is kept but the copies themselves.
    """
    from handouts.cli import machine
    from handouts.cli.reading import asked_for, check, read
    from handouts.library.plan import Choice, unknown_names
    from handouts.sending.copies import folder_problems, make_copies, read_wanted, unfit
    from handouts.sending.outbox import place_problems

    sources, look, unread = read(root, (), clinics)
    choice = Choice((), handouts, ("pdf",), (layout,), regions, clinics, paper)
    found = check(sources, look, unread, (), clinics)
    unusable = [*unknown_names(sources, choice), *place_problems(sources, choice)]
    refuse([*found, *unusable] if unusable or not sources.is_whole else [])
    wanted, problems = read_wanted(people, sources)
    locales = tuple(dict.fromkeys(each.locale for each in wanted))
    problems += asked_for(sources, choice, [p for p in found if not p.locale or p.locale in locales])
    problems += [*folder_problems(out), *machine.library_problems()]
    problems += machine.font_problems(sources.locales[tag] for tag in locales)
    refuse([*problems, *unfit(sources, look, choice, wanted, people)] if problems else [])
    made, problems = make_copies(sources, look, choice, wanted, people, out)
    refuse(problems)
    if not as_json:
        report.line(
            f"{made} personal {'copy' if made == 1 else 'copies'} in {out}, each named by its line in the list"
        )
    return report.ended([], as_json=as_json, copies=made, out=str(out))
