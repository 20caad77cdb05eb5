"""The first two steps of every command: read what people wrote, and check it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from handouts.checks.every import check_sources, concerning
from handouts.library.plan import chosen_locales
from handouts.model import SOURCE_LANGUAGE
from handouts.page.colours import load_tokens
from handouts.problems import Problem
from handouts.sources.load import Sources, load_sources
from handouts.workbench.pseudo import PSEUDO, with_pseudo


def today() -> date:
    """Return the day it is here: the one look at the clock."""
    return datetime.now(tz=UTC).astimezone().date()


def read(root: Path, tags: Iterable[str] = ()) -> tuple[Sources, list[Problem]]:
    """Return all sources, with the pseudo-locales among `tags`, and a problem for everything that could not be read."""
    sources, problems = load_sources(root, today())
    pseudo = _pseudo(tags)
    return with_pseudo(sources, pseudo) if pseudo and sources.is_whole else sources, problems


def check(sources: Sources, problems: Sequence[Problem], tags: Sequence[str] = ()) -> list[Problem]:
    """Return the problems of reading the sources, and what is wrong in what could be read.

    Where locales are named, what is wrong in others is left out: it does not touch them. Pseudo-locales are not
    checked: accented English is no translator's mistake.
    """
    pseudo = _pseudo(tags)
    written = [tag for tag in tags if tag.lower() not in {name.lower() for name in pseudo}]
    chosen = chosen_locales(sources, written or [SOURCE_LANGUAGE] * len(tags))
    found = list(problems)
    if sources.is_whole or not any(problem.severity == "error" for problem in problems):
        templates = {
            path.name: path.read_text(encoding="utf-8") for path in (sources.root / "templates").glob("*.*")
        }
        found += check_sources(sources, templates, load_tokens(sources.root), chosen)
    exists = any(sources.match(tag) or (sources.root / "locales" / tag).is_dir() for tag in tags)
    return concerning(found, [*chosen, *tags]) if exists else found


def _pseudo(tags: Iterable[str]) -> set[str]:
    """Return the pseudo-locales among tags, in whatever case they are typed."""
    asked = {tag.lower() for tag in tags}
    return {tag for tag in PSEUDO if tag.lower() in asked}
