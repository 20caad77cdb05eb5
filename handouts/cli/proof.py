"""The command `proof`: a text beside its English, on paper, for whoever checks it."""

from __future__ import annotations

from pathlib import Path

import click

from handouts.cli import options, report
from handouts.model import SOURCE_LANGUAGE, Locale, Paper
from handouts.problems import Problem, in_command, refuse


@click.command("proof")
@click.argument("locale")
@click.argument("handout")
@options.regions("A proof for this health system; may be repeated.")
@options.clinics("A proof for the region of this clinic, or of its profile by path; may be repeated.")
@options.paper
@options.out("proofs")
@click.pass_obj
def command(
    root: Path,
    locale: str,
    handout: str,
    regions: tuple[str, ...],
    clinics: tuple[str, ...],
    paper: Paper | None,
    out: Path,
) -> None:
    """Make a PDF of a HANDOUT in a LOCALE for checkers on paper: English, translation, block, remarks, signature.

    One for each region, which may be that of a clinic: its text is what is checked.
    """
    from handouts.cli import machine
    from handouts.cli.reading import check, read
    from handouts.library import cache, manifest
    from handouts.library.deliver import deliver
    from handouts.library.plan import Choice, chosen_locales, chosen_places, unknown_names
    from handouts.page.approval import Approval
    from handouts.workbench import proof

    sources, look, unread = read(root, [locale], clinics)
    choice = Choice(locales=(locale,), handouts=(handout,), regions=regions, clinics=clinics)
    names = unknown_names(sources, choice)
    refuse([*check(sources, look, unread, [locale], clinics), *names, *manifest.folder_problems(root, out)])
    (tag,) = chosen_locales(sources, [locale])
    refuse([_no_proof(sources.locales[tag])] if tag == SOURCE_LANGUAGE else [])
    refuse([*machine.library_problems(), *machine.font_problems([sources.locales[tag]])])
    folder, warnings = cache.cache_folder(root)
    refuse(warnings)
    for region in dict.fromkeys(place.region for place in chosen_places(sources, choice)):
        used = paper or sources.content.regions[region].paper
        request = proof.ProofRequest(tag, handout, region, used)
        data = proof.make_proof(Approval(sources, look), request, folder)
        refuse(deliver(out, request.file, data))
        report.line(f"{out / request.file}\t{len(data) / 1000:.0f} kB")


def _no_proof(locale: Locale) -> Problem:
    """Return the problem of a proof of the source: there is nothing to check it against."""
    what = f"{locale.english_name} is what everything is translated from."
    return in_command("proof-of-source", "locale", what, "Name a translation: proof TAG HANDOUT.")
