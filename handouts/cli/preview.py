"""The command `preview`: a handout in the browser as it is being translated."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from handouts.cli import options, report
from handouts.model import SOURCE_LANGUAGE
from handouts.problems import refuse


@click.command("preview")
@click.argument("locale", required=False)
@click.option("--handout", default="", metavar="SLUG", help="Which handout to begin with.")
@options.regions("This health system, without a clinic; of several the first is shown first.")
@options.clinics(
    "As this clinic prints it, or the profile at this path; of several the first is shown first."
)
@options.port
@options.opened
@click.pass_obj
def command(
    root: Path,
    locale: str | None,
    handout: str,
    regions: tuple[str, ...],
    clinics: tuple[str, ...],
    port: int,
    opened: bool,
) -> None:
    """Show a handout as it is being translated, in a browser on this machine; every save shows at once."""
    from contextlib import ExitStack
    from urllib.parse import urlencode

    from handouts.checks.every import concerning
    from handouts.cli import machine
    from handouts.cli.reading import read, today
    from handouts.library import cache
    from handouts.library.plan import Choice, chosen_locales, chosen_places, unknown_names
    from handouts.workbench.pseudo import PSEUDO_LOCALES

    sources, _, problems = read(root, (), clinics)
    # What is wrong in a text is shown on the page; without a whole, or the locale, there is nothing to show.
    broken = [] if locale is None or sources.match(locale) else concerning(problems, [locale])
    slugs = [slug for slug in map(sources.match_clinic, clinics) if slug]
    broken += [p for p in concerning(problems, (), slugs or clinics) if p.clinic or len(slugs) < len(clinics)]
    refuse(concerning(problems, None) if not sources.is_whole else broken)
    wanted = (locale,) if locale and locale not in PSEUDO_LOCALES else ()
    choice = Choice(locales=wanted, handouts=(handout,) if handout else (), regions=regions, clinics=clinics)
    refuse([*unknown_names(sources, choice), *machine.library_problems()])
    place, *_ = chosen_places(sources, choice)  # the others may be chosen on the page
    shown = chosen_locales(sources, wanted) if wanted else [SOURCE_LANGUAGE]
    refuse(machine.font_problems(sources.locales[tag] for tag in shown))
    from handouts.serving import opening
    from handouts.workbench.preview import server

    tag = shown[0] if wanted else locale or next(iter(sources.locales))
    first = handout or next(iter(sources.content.drafts))

    folder, _ = cache.cache_folder(root)
    query = urlencode({"locale": tag, "handout": first, "place": place.folder})
    with ExitStack() as stack:

        def on_ready(address: str) -> None:
            _print_address(address)
            if opened:
                opening.show(stack.enter_context(opening.redirect(address, folder)))

        server.serve(root, folder, today, clinics, f"?{query}", port, on_ready)


def _print_address(address: str) -> None:
    """Print where the preview is, at once."""
    report.line(address)
    report.line("Open this address in your browser. It works on this machine only. Stop with Ctrl+C.")
    sys.stdout.flush()
