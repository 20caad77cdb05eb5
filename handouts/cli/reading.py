"""The first two steps of every command: read what people wrote, and check it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from handouts.checks.every import check_sources, concerning, true_faults
from handouts.cli.report import note_left_out
from handouts.library.plan import Choice, chosen_locales, chosen_places
from handouts.library.remembered import Remembered
from handouts.model import SOURCE_LANGUAGE
from handouts.page.filling import COMPILED
from handouts.problems import Problem
from handouts.sources.load import Sources, load_sources
from handouts.sources.look import Look, load_look
from handouts.workbench.pseudo import PSEUDO_LOCALES, with_pseudo_locales


def today() -> date:
    """Return the day it is here: where a command takes the date from."""
    return datetime.now(tz=UTC).astimezone().date()


def read(
    root: Path, tags: Iterable[str] = (), clinics: Iterable[str] = ()
) -> tuple[Sources, Look, list[Problem]]:
    """Return all sources, with the pseudo-locales among `tags` and the profiles at the paths among `clinics`, and how they look.

    With them comes a problem for everything that could not be read.
    """
    look, faults = load_look(root, os.environ)
    memory = Remembered(root / ".cache", look, "catalogs")
    sources, problems = load_sources(root, today(), clinics, memory)
    memory.prune()
    COMPILED.memory = Remembered(root / ".cache", look, "templates")
    COMPILED.memory.prune()
    pseudo = _pseudo_tags(tags)
    whole = with_pseudo_locales(sources, pseudo) if pseudo and sources.is_whole else sources
    return whole, look, [*problems, *faults]


def check(
    sources: Sources,
    look: Look,
    unread: Sequence[Problem],
    tags: Sequence[str] = (),
    clinics: Iterable[str] | None = (),
) -> list[Problem]:
    """Return the problems of reading the sources, and what is wrong in what could be read.

    Where locales are named, what is wrong in others is left out, and so is what is wrong with other clinics than
    `clinics` (None is all): it does not touch the work, and its files are noted. Pseudo-locales are not checked:
    accented English is no translator's mistake.
    """
    pseudo = _pseudo_tags(tags)
    written = [tag for tag in tags if tag.lower() not in {name.lower() for name in pseudo}]
    chosen = chosen_locales(sources, written or [SOURCE_LANGUAGE] * len(tags))
    found: list[Problem] = []
    if sources.is_whole or not any(problem.severity == "error" for problem in unread):
        memory = Remembered(sources.root / ".cache", look)
        found += check_sources(sources, look, chosen, memory)
        memory.prune()
    exists = any(sources.match(tag) or (sources.root / "locales" / tag).is_dir() for tag in tags)
    slugs = None if clinics is None else [sources.match_clinic(name) or name for name in clinics]
    return touching(true_faults(unread, found), [*chosen, *tags] if exists else None, slugs)


def touching(
    found: Sequence[Problem], tags: Iterable[str] | None, clinics: Iterable[str] | None = ()
) -> list[Problem]:
    """Return the problems that touch what is made of some locales and clinics; files with other errors are noted."""
    kept = concerning(found, tags, clinics)
    note_left_out(found, kept)
    return kept


def asked_for(sources: Sources, choice: Choice, found: Iterable[Problem]) -> list[Problem]:
    """Return the errors that touch what a choice asks for; files with others are noted, as they stop nothing here."""
    errors = [problem for problem in found if problem.severity == "error"]
    regions = {place.region for place in chosen_places(sources, choice)}
    kept = concerning(errors, None, None, regions, choice.handouts or None)
    note_left_out(errors, kept)
    return kept


def _pseudo_tags(tags: Iterable[str]) -> set[str]:
    """Return the pseudo-locales among tags, in whatever case they are typed."""
    asked = {tag.lower() for tag in tags}
    return {tag for tag in PSEUDO_LOCALES if tag.lower() in asked}
