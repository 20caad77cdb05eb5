"""The preview's state: the sources as they are now, what is wrong in them, and the files its page may ask for."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

from handouts.crashes import crash_problem
from handouts.model import SOURCE_LANGUAGE
from handouts.problems import Problem, SourceError, in_file
from handouts.sources.catalogs import catalog_file, load_catalog
from handouts.sources.load import Sources, load_sources
from handouts.sources.look import Look, load_look
from handouts.workbench.preview.rendering import Preview, Renderer, View
from handouts.workbench.preview.shell import shell_html, shell_script, shell_styles
from handouts.workbench.pseudo import PSEUDO_LOCALES, with_pseudo_locales

FILES_KEPT = 200  # the pages and e-mails of the last twenty previews or so


class PreviewState:
    """The sources and their problems as of the last save; what cannot be read leaves the sources as they were.

    `today` is asked at every save, since a preview may stay open overnight. Whoever reloads or renders holds `busy`.
    `version` counts the saves; `new_version` is notified of each.
    """

    def __init__(
        self,
        sources: Sources,
        look: Look,
        problems: Iterable[Problem],
        renderer: Renderer,
        today: Callable[[], date],
    ) -> None:
        self.root, self.today = sources.root, today
        self.profiles = tuple(sources.profiles)
        self.sources, self.look = with_pseudo_locales(sources, PSEUDO_LOCALES), look
        self.problems = tuple(problems)
        self.renderer = renderer
        self.last_view: View | None = None
        self.files: dict[str, bytes] = {}
        self.streams: list[object] = []  # the event streams that are open, the oldest first
        self.busy = asyncio.Lock()
        self.version = 0
        self.new_version = asyncio.Condition()

    @property
    def outside(self) -> list[Path]:
        """What is read outside of the project's folders: profiles that were named by a path, and what lies beside them."""
        return [Path(each).resolve() for each in self.sources.outside()]

    def reload(self, changed: Iterable[Path]) -> None:
        """Read again what has changed: catalogs alone where it is only them, else everything."""
        changed = list(changed)
        places = [path.relative_to(self.root) for path in changed if path.is_relative_to(self.root)]
        if len(places) == len(changed) and all(
            p.match("locales/*/handouts.po") and p.parts[1] in self.sources.locales for p in places
        ):
            self._reload_catalogs({place.parts[1] for place in places})
        else:
            self._reload_all()

    def _reload_all(self) -> None:
        """Read everything again; a fault in one catalog or one message does not keep the rest from being shown."""
        sources, problems = load_sources(self.root, self.today(), self.profiles)
        look, faults = _load_look(self.root, sources, self.renderer.cache)
        problems += faults
        faulty = any(p.severity == "error" and not p.about and not _is_of_a_catalog(p) for p in problems)
        if sources.is_whole and not faulty:
            self.sources, self.look = with_pseudo_locales(sources, PSEUDO_LOCALES), look
        self.problems = tuple(problems)

    def _reload_catalogs(self, tags: set[str]) -> None:
        """Read some catalogs again; one that is broken or empty leaves the earlier one in its place."""
        problems = [p for p in self.problems if not (p.locale in tags and _is_of_a_catalog(p))]
        catalogs = dict(self.sources.catalogs)
        for tag in tags:
            catalog, found = load_catalog(self.root, tag)
            if catalog.messages:
                catalogs[tag] = catalog
            elif not found:
                fix = "Put back what was taken out."
                found = [in_file("empty-file", catalog.file, "there is no message in it.", fix)]
            problems += found
        self.sources, self.problems = replace(self.sources, catalogs=catalogs), tuple(problems)

    def fail(self, error: Exception) -> None:
        """Note that what was saved could not be read at all."""
        self.problems = (self.failure(error),)

    def failure(self, error: Exception) -> Problem:
        """Return an error that was met in showing as a problem."""
        return failure(error, self.renderer.cache)

    def preview(self, view: View) -> Preview:
        """Return the preview of a view, from the sources as they are. Raises as Renderer.preview does."""
        self.last_view = view
        return self.renderer.preview(self.sources, self.look, view, self.problems)

    def keep(self, data: bytes, suffix: str) -> str:
        """Keep a file for the page to ask for; return its name. The oldest are forgotten."""
        name = f"{hashlib.sha256(data).hexdigest()[:20]}.{suffix}"
        self.files[name] = self.files.pop(name, data)
        for old in list(self.files)[:-FILES_KEPT]:
            del self.files[old]
        return name


def load_state(
    root: Path, cache: Path, today: Callable[[], date], profiles: Iterable[str] = ()
) -> PreviewState:
    """Return the state of the preview of the project at `root`, with the clinics at the paths among `profiles`.

    Raises SourceError where there is too little to show.
    """
    sources, problems = load_sources(root, today(), profiles)
    look, faults = _load_look(root, sources, cache)
    if not sources.is_whole or faults:
        raise SourceError([*problems, *faults])
    return PreviewState(sources, look, problems, Renderer(cache), today)


def _load_look(root: Path, sources: Sources, cache: Path) -> tuple[Look, list[Problem]]:
    """Return how everything looks, and what is wrong with it: also what would keep the preview's own page from being shown."""
    look, problems = load_look(root, {})
    if problems or not sources.is_whole:
        return look, problems
    try:
        shell_html(look, sources, View(SOURCE_LANGUAGE, "", "", "standard"))
        shell_styles(look)
        shell_script(look)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is told
        problems = [failure(error, cache)]
    return look, problems


def _is_of_a_catalog(problem: Problem) -> bool:
    """Whether a problem is of one locale's catalog."""
    return problem.locale != "" and problem.file == catalog_file(problem.locale)


def failure(error: Exception, cache: Path) -> Problem:
    """Return an error that was met in showing as a problem: of a template with its place, else one that nobody foresaw.

    Its trace is kept in the folder `cache`. What it says is of texts that are printed.
    """
    if isinstance(error, SourceError):
        return error.problems[0]
    return crash_problem("preview", error, cache, message=str(error))
