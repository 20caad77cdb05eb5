"""The commands `locale add` and `locale update`: a folder for a new locale, and catalogs after a change of the English."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from handouts.cli import report
from handouts.model import SOURCE_LANGUAGE, Locale
from handouts.problems import Problem, refuse

if TYPE_CHECKING:
    from handouts.workbench.scaffold import GivenFacts


@click.group("locale")
def command() -> None:
    """Look after the locales."""


@command.command("add")
@click.argument("tag")
@click.option("--autonym", default="", metavar="NAME", help="What the language calls itself.")
@click.option("--english-name", default="", metavar="NAME", help="What English calls it.")
@click.option(
    "--font", "fonts", multiple=True, metavar="FAMILY", help="An installed font family; may be repeated."
)
@click.pass_obj
def add(root: Path, tag: str, autonym: str, english_name: str, fonts: tuple[str, ...]) -> None:
    """Make the folder of a new locale: its facts, filled in from Babel, and every message to translate."""
    from handouts.cli.reading import read, touching
    from handouts.workbench import scaffold

    sources, _, problems = read(root)
    refuse([*touching(problems, [tag]), *scaffold.new_tag_problems(tag, sources.locales)])
    given = scaffold.GivenFacts(autonym.strip(), english_name.strip(), fonts)
    locale, lacking = scaffold.new_locale(tag, given, sources.locales, sources.line_ends)
    while lacking and sys.stdin.isatty():
        # A person at a terminal is asked; a script is told which option to give.
        given = _asked(given, lacking)
        locale, lacking = scaffold.new_locale(tag, given, sources.locales, sources.line_ends)
    refuse(lacking)
    files = scaffold.write_locale(root, locale, sources.blocks())
    _print_added(locale, [*files, *_first_page(root, locale.tag)])


def _asked(given: GivenFacts, lacking: Sequence[Problem]) -> GivenFacts:
    """Ask the person at the terminal for what is lacking; return all that is given then."""
    from handouts.workbench.scaffold import OPTIONS

    for problem in lacking:
        report.line(f"{problem.what} {problem.fix}")
        answer, fact = click.prompt(problem.where).strip(), OPTIONS[problem.where]
        answers: dict[str, Any] = {fact: (answer,) if fact == "fonts" else answer}
        given = replace(given, **answers)
    return given


def _first_page(root: Path, tag: str) -> list[str]:
    """Make the first handout of a new locale, in English as yet; return its file, nothing where this machine cannot."""
    from handouts.cli import machine
    from handouts.cli.reading import read
    from handouts.library import build as library
    from handouts.library.plan import Choice, plan
    from handouts.page.approval import Approval
    from handouts.site.publish import publish

    sources, look, _ = read(root)
    if machine.library_problems() or tag not in sources.locales:
        return []
    slugs = tuple(sources.content.drafts)[:1]
    pages = plan(
        Approval(sources, look),
        Choice(locales=(tag,), handouts=slugs, formats=("pdf",), layouts=("standard",)),
    )
    result = library.build(sources, look, pages, root / "dist", 1, lambda _: None)
    publish(Approval(sources, look), root / "dist")
    return [f"dist/{entry.rendition.file}" for entry in result.entries]


def _print_added(locale: Locale, files: Iterable[str]) -> None:
    """Print what a new locale is made of, and the next three steps."""
    from handouts.pdf import fonts

    for file in files:
        report.line(f"{file}\tmade")
    tag, folder = locale.tag, f"locales/{locale.tag}"
    report.line(
        f"{locale.autonym} ({locale.english_name}), {locale.direction}, printed in {', '.join(locale.fonts)}."
    )
    for family in fonts.without_bold(locale.fonts):
        report.line(f"{family} has no bold on this machine: what is bold elsewhere is regular here.")
    report.line("Next:")
    report.line(
        f"1. Translate: open {folder}/handouts.po in Poedit, and write your name into {folder}/locale.toml."
    )
    report.line(f"2. See it as you write: python3 build.py preview {tag}")
    report.line(f"3. Check and print: python3 build.py check {tag} && python3 build.py --locale {tag}")


@command.command("update")
@click.argument("tags", nargs=-1)
@click.pass_obj
def update(root: Path, tags: tuple[str, ...]) -> int:
    """Bring catalogs up to date with the English: all, or those of the locales named."""
    from handouts.checks.every import concerning
    from handouts.cli.reading import read
    from handouts.library.plan import Choice, chosen_locales, unknown_names
    from handouts.sources import catalogs

    sources, _, problems = read(root)
    # What is wrong in one locale stops that one. Catalogs are read anew, and what is wrong in them is told then.
    rest = [problem for problem in problems if problem.file != catalogs.catalog_file(problem.locale)]
    refuse([*concerning(rest, tags), *unknown_names(sources, Choice(locales=tags))])
    chosen = [sources.locales[tag] for tag in chosen_locales(sources, tags) if tag != SOURCE_LANGUAGE]
    updated, wrong = catalogs.update(root, chosen, sources.blocks())
    for tag, changed in updated.items():
        what = "brought up to date" if changed else "was up to date"
        report.line(f"{catalogs.catalog_file(tag)}\t{what}")
    others = [] if tags else [problem for problem in rest if problem.locale]
    return report.ended([*wrong, *others], as_json=False)
