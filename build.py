"""The way in: `python build.py …`. The commands, and the build itself, readable from top to bottom."""

from __future__ import annotations

import io
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent

try:
    import click
except ModuleNotFoundError:
    # `make` puts the packages into .venv; `python build.py` should work without activating it.
    inside = ROOT / ".venv" / "bin" / "python"
    if not inside.exists() or Path(sys.prefix) == ROOT / ".venv":
        sys.exit("The project is not set up yet. Run: make setup")
    os.execv(inside, [str(inside), *sys.argv])  # noqa: S606 - our own interpreter

from handouts import __version__, report
from handouts.model import FORMATS, LAYOUTS, PAPERS, SOURCE_LANGUAGE
from handouts.problems import Problem, SourceError, did_you_mean, refuse
from handouts.sources import Sources, load_sources


class Commands(click.Group):
    """A group that builds when no command is named, and asks “Did you mean …?”."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args or (args[0].startswith("-") and args[0] not in {"--help", "--version"}):
            args = ["build", *args]
        return super().parse_args(ctx, args)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if self.get_command(ctx, args[0]) is None:
            ctx.fail(f"There is no command “{args[0]}”. {did_you_mean(args[0], self.commands)}")
        return super().resolve_command(ctx, args)


@click.group(cls=Commands)
@click.version_option(__version__, message="%(version)s")
def main() -> None:
    """Make patient handouts about Interpersonal Psychotherapy: on paper, by e-mail, as text."""


def read_all() -> tuple[Sources, list[Problem]]:
    """Return all sources, and every problem found in them: what could not be read, and what is wrong in the rest."""
    from handouts.checks import check_sources

    problems: list[Problem] = []
    sources = load_sources(ROOT, problems)
    if not any(problem.severity == "error" for problem in problems) or sources.is_whole:
        problems += check_sources(sources)
    return sources, problems


@main.command()
@click.option("--locale", "locales", multiple=True, metavar="TAG", help="Only this locale; may be repeated.")
@click.option(
    "--handout", "handouts", multiple=True, metavar="SLUG", help="Only this handout; may be repeated."
)
@click.option(
    "--format",
    "formats",
    multiple=True,
    type=click.Choice(FORMATS),
    help="Only this format; may be repeated.",
)
@click.option(
    "--layout",
    "layouts",
    multiple=True,
    type=click.Choice(LAYOUTS),
    help="Only this layout; may be repeated.",
)
@click.option("--region", default="au", metavar="CODE", show_default=True, help="The health system.")
@click.option("--clinic", default="", metavar="SLUG", help="The clinic whose name is printed on top.")
@click.option("--paper", type=click.Choice(PAPERS), help="The paper; the region's own unless given.")
@click.option(
    "--out", type=click.Path(path_type=Path), default=ROOT / "dist", help="The output folder (dist)."
)
@click.option(
    "--jobs", type=click.IntRange(1, 64), default=os.cpu_count() or 1, help="Workers; one a processor."
)
@click.option("--approved-only", is_flag=True, help="Only what was checked and signed.")
@click.option("--json", "as_json", is_flag=True, help="Print the manifest entries as JSON.")
def build(out: Path, jobs: int, as_json: bool, approved_only: bool, **wanted: Any) -> None:  # noqa: FBT001 - click's
    """Make the handouts (the default command)."""
    from handouts import deliver, library, machine
    from handouts.plan import Choice, plan, unknown_names

    start = time.perf_counter()
    sources, problems = read_all()
    choice = Choice(**wanted)
    refuse([*problems, *unknown_names(sources, choice), *deliver.folder_problems(ROOT, out)])
    pages = plan(sources, choice)
    refuse(report.nothing_to_make(pages))
    if any(page.rendition.format == "pdf" for page in pages):
        refuse([*machine.library_problems(), *machine.font_problems(page.locale for page in pages)])
    dropped = 0
    if approved_only:
        approved = [page for page in pages if page.state == "approved"]
        dropped, lost = library.drop_unapproved(out, [p for p in pages if p not in approved])
        refuse([*lost, *report.nothing_approved(approved)])
        pages = approved
    with report.progress(len(pages), "Making handouts", quiet=as_json) as tell:
        result = library.build(sources, pages, out, jobs, tell)
    report.built(result, out, dropped, time.perf_counter() - start, as_json=as_json)
    refuse(result.problems)


@main.command()
def check() -> None:
    """Check content, catalogs and reviews; print every problem, the English grade and the contrast."""
    from handouts.checks import contrast_figures, grades

    sources, problems = read_all()
    if sources.is_whole:
        report.figures(grades(sources), contrast_figures(sources))
    report.problems(problems)
    if any(problem.severity == "error" for problem in problems):
        sys.exit(1)
    report.line("No errors.")


@main.command()
@click.option("--region", default="au", metavar="CODE", show_default=True, help="The health system.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def status(region: str, as_json: bool) -> None:  # noqa: FBT001 - click's
    """Show how far each locale is: coverage, what is missing or fuzzy, state."""
    from handouts.plan import Choice, unknown_names

    problems: list[Problem] = []
    sources = load_sources(ROOT, problems)
    refuse([*problems, *unknown_names(sources, Choice(region=region))])
    report.status(sources, region, as_json=as_json)


@main.command()
@click.argument("out", type=click.Path(path_type=Path), default=ROOT / "dist")
@click.option("--locale", "locales", multiple=True, metavar="TAG", help="Only this locale; may be repeated.")
@click.option(
    "--jobs", type=click.IntRange(1, 64), default=os.cpu_count() or 1, help="Workers; one a processor."
)
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def verify(out: Path, locales: Sequence[str], jobs: int, as_json: bool) -> None:  # noqa: FBT001 - click's
    """Read back what was made, from the manifest in OUT (dist), before it is given out."""
    from handouts import machine
    from handouts.plan import Choice, unknown_names

    refuse(machine.verify_problems())
    sources, problems = read_all()
    refuse([*problems, *unknown_names(sources, Choice(locales=tuple(locales)))])
    from handouts.verify import release

    start = time.perf_counter()
    entries = release.listed(sources, out, tuple(locales))
    with report.progress(len(entries), "Reading handouts", quiet=as_json) as tell:
        verdicts = release.verify_release(sources, out, entries, jobs, tell)
    report.verified(verdicts, time.perf_counter() - start, as_json=as_json)
    refuse(problem for verdict in verdicts for problem in verdict.problems)


@main.command()
def doctor() -> None:
    """Say what this machine lacks, and the one command that cures it."""
    from handouts import machine

    problems: list[Problem] = []
    sources = load_sources(ROOT, problems)
    report.doctor(machine.examine(sources.locales.values()))
    refuse([*problems, *machine.problems(sources.locales.values())])


@main.group()
def locale() -> None:
    """Look after the locales."""


@locale.command("update")
@click.argument("tags", nargs=-1)
def locale_update(tags: Sequence[str]) -> None:
    """Bring catalogs up to date with the English: all, or those of the locales named."""
    from handouts import catalogs
    from handouts.plan import Choice, chosen_locales, unknown_names

    problems: list[Problem] = []
    sources = load_sources(ROOT, problems)
    # What this command cures is no reason to refuse it.
    refuse(problem for problem in problems if problem.what != catalogs.MISSING)
    refuse(unknown_names(sources, Choice(locales=tuple(tags))))
    chosen = [sources.locales[tag] for tag in chosen_locales(sources, tags) if tag != SOURCE_LANGUAGE]
    report.updated(catalogs.update(sources.root, chosen, sources.blocks()))


def run(command: Callable[..., Any]) -> None:
    """Run a command: 0 done, 1 problems in the sources (all of them printed), 2 wrong usage."""
    try:
        command()
    except SourceError as error:
        report.problems(error.problems)
        sys.exit(1)
    except OSError as error:
        where = str(error.filename or "this machine")
        fix = "Check that it is there, who may read and write it, and that the disk has room."
        report.problems([Problem(where, f"the machine refused: {error.strerror or error}.", fix)])
        sys.exit(1)
    except Exception as error:  # noqa: BLE001 - a person is never shown a traceback
        what = f"this is a fault of the program: {type(error).__name__}: {error}."
        fix = "Undo your last change to try without it, and report this with that change."
        report.problems([Problem("build.py", what, fix)])
        sys.exit(1)


for stream in (sys.stdout, sys.stderr):
    # A terminal that knows no Arabic shows question marks, not a traceback.
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="replace")

if __name__ == "__main__":
    run(main)
