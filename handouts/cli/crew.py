"""Who makes what a build lacks: processes of this machine, or the workers of a scheduler that was named."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from handouts.cli.options import Makers
from handouts.cli.progress import progress
from handouts.dependencies import lacking
from handouts.problems import Problem, refuse

if TYPE_CHECKING:
    from handouts.library.crew import Crew
    from handouts.model import Page
    from handouts.sources.look import Look

ADDRESS = re.compile(r"(tcp|tls)://(\[[0-9a-fA-F:.]+\]|[^\s/:@\[\]]+):([0-9]{1,5})")


@contextmanager
def at_work(
    look: Look, pages: Sequence[Page], makers: Makers, *, quiet: bool
) -> Iterator[tuple[Crew, Callable[[str], None]]]:
    """Yield who makes these pages, and what is to be called with each that is done: it moves a progress bar on, unless it is `quiet`."""
    with (
        crew_for(look, pages, makers) as crew,
        progress(len(pages), "Making handouts", quiet=quiet) as on_done,
    ):
        yield crew, on_done


@contextmanager
def crew_for(look: Look, pages: Sequence[Page], makers: Makers) -> Iterator[Crew]:
    """Yield who makes these pages. Raises click's UsageError, and SourceError where those who were named cannot."""
    from handouts.library.crew import ThisMachine

    _refuse_misuse(makers.scheduler, makers.shared)
    if not makers.scheduler:
        yield ThisMachine(makers.jobs)
        return
    refuse(_not_set_up())
    from handouts.cluster.client import connected
    from handouts.cluster.store import Store

    drawn = [page for page in pages if page.rendition.format in {"pdf", "eml"}]
    families = {family for page in drawn for family in page.families}
    store = Store(makers.shared) if makers.shared else None
    with connected(makers.scheduler, look, families, store) as crew:
        yield crew


def _refuse_misuse(scheduler: str, shared: str) -> None:
    """Raise click's UsageError where the options are not as they are meant."""
    if shared and not scheduler:
        raise click.UsageError("--shared is for the workers of a scheduler: name that with --scheduler.")
    found = ADDRESS.fullmatch(scheduler)
    if scheduler and (not found or not 0 < int(found[3]) < 1 << 16):
        raise click.UsageError(
            f"“{scheduler}” is not the address of a scheduler. Write it as in tcp://10.0.0.5:8786 or tls://10.0.0.5:8786."
        )


def _not_set_up() -> list[Problem]:
    """Return a problem for every package that speaks to a scheduler and is not here in its version: what we ask differs in others."""
    from handouts.cluster.greeting import EXTRA

    return [
        Problem(
            "package-missing",
            "--scheduler",
            f"the Python package {name} is missing.",
            "Run: make setup-cluster",
        )
        for name in lacking(EXTRA)
    ]
