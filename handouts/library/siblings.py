"""Web pages lead to what lies beside them: made last, from what the manifest lists then, also those of earlier builds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from handouts.checks.every import check_sources
from handouts.library.crew import Crew
from handouts.library.finish import finish
from handouts.library.jobs import Made, jobs
from handouts.library.manifest import ManifestEntry
from handouts.library.plan import page_of, touches
from handouts.library.remembered import Remembered
from handouts.memo import memoized
from handouts.model import LAYOUTS, Locale, Page, Place, Rendition, Sibling
from handouts.page.approval import Approval
from handouts.problems import Problem

Listed = TypeVar("Listed", Page, ManifestEntry)


def siblings_of(
    page: Page, entries: Iterable[ManifestEntry], web: Iterable[Page] = ()
) -> tuple[Sibling, ...]:
    """Return what a web page leads to: its PDFs and its text, and the page in other languages.

    They are those among `entries`, and web pages that are about to be delivered as well; of two papers the region's own.
    """
    made, own_paper = page.rendition, page.english.region.paper
    beside = [each for each in entries if _of(each.rendition) == _of(made)]
    own = [each for each in beside if each.rendition.locale == made.locale]
    forms: dict[tuple[str, str], ManifestEntry] = {}
    for each in sorted(
        own, key=lambda e: (LAYOUTS.index(e.rendition.layout), e.rendition.paper != own_paper)
    ):
        if each.rendition.format in {"pdf", "text"}:
            forms.setdefault((each.rendition.format, each.rendition.layout), each)
    others = {e.rendition.locale: _language(e.rendition, e) for e in beside if e.rendition.format == "web"}
    others |= {p.locale.tag: _language(p.rendition, p.locale) for p in web if _of(p.rendition) == _of(made)}
    others.pop(made.locale, None)
    papers = [forms[key] for key in sorted(forms, key=lambda key: key[0] == "text")]
    said = (Sibling(e.rendition, e.autonym, e.direction, e.pages, e.size) for e in papers)
    return (*said, *(others[tag] for tag in sorted(others, key=lambda tag: (tag != page.source.tag, tag))))


def _of(rendition: Rendition) -> tuple[str, Place]:
    """Return what a rendition is of, in whatever language and form."""
    return rendition.handout, rendition.place


def _language(rendition: Rendition, named: ManifestEntry | Locale) -> Sibling:
    """Return a page in another language as a sibling; what else may be said of it would change with every change of it."""
    return Sibling(replace(rendition, paper="a4"), named.autonym, named.direction)


def linked(pages: Iterable[Page], entries: Iterable[ManifestEntry]) -> list[Page]:
    """Return web pages with what they lead to; each of them may lead to the others."""
    listed = list(pages)
    own, beside = _sorted_out(listed), _sorted_out(entries)
    return [
        replace(page, siblings=siblings_of(page, beside.get(key, ()), own[key]))
        for page in listed
        for key in [_of(page.rendition)]
    ]


def _sorted_out(things: Iterable[Listed]) -> dict[tuple[str, Place], list[Listed]]:
    """Return pages or entries by what they are of: of a million, each asks a few dozen only."""
    found: dict[tuple[str, Place], list[Listed]] = {}
    for each in things:
        found.setdefault(_of(each.rendition), []).append(each)
    return found


@dataclass(frozen=True)
class WebPages:
    """Which web pages a build is to make: those `wanted`, and those of the `places` that are listed already.

    What an `errors` touches is left as it is; so is, of those that are listed only, what does not pass the checks: it
    would come with the words of now, and nobody has asked what is wrong with them.
    """

    approval: Approval
    wanted: tuple[Page, ...]
    places: frozenset[Place]
    errors: tuple[Problem, ...]
    cache: Path
    crew: Crew

    def made_of(self, entries: Mapping[str, ManifestEntry], crew: Crew | None = None) -> list[Made]:
        """Return all of them as they lead to what is listed, and to each other, made by another `crew` where one is named.

        One that cannot be made is led to by none.
        """
        pages = [*self.wanted, *self._listed(entries)]
        lost: dict[str, Made] = {}
        while True:
            known = [entry for file, entry in entries.items() if file not in lost]
            left = [page for page in pages if page.rendition.file not in lost]
            todo = jobs(self.approval.sources, self.approval.look, linked(left, known))
            made = list(finish(todo, self.approval.look, self.cache, crew or self.crew))
            failed = {each.job.page.rendition.file: each for each in made if each.failed}
            if not failed:
                return [*made, *lost.values()]
            lost |= failed

    def _listed(self, entries: Mapping[str, ManifestEntry]) -> Iterator[Page]:
        """Yield the pages that are listed and not wanted, as far as the sources have what they are of."""
        wanted = {page.rendition.file for page in self.wanted}
        web = {file: each.rendition for file, each in entries.items() if each.rendition.format == "web"}
        listed = [made for file, made in web.items() if made.place in self.places and file not in wanted]
        found = [*self.errors, *self._checked(frozenset(made.locale for made in listed))]
        wrong = [error for error in found if error.severity == "error"]
        for made in listed:
            if not any(touches(error, made) for error in wrong):
                with suppress(KeyError):  # of a locale that is broken, say: its file stays as it was
                    yield page_of(self.approval, made)

    @memoized  # asked once without the lock, and once more with it
    def _checked(self, tags: frozenset[str]) -> list[Problem]:
        """Return what the checks say of some locales, and of the English that all of them are of."""
        sources = self.approval.sources
        known = sorted(tags & set(sources.locales))
        memory = Remembered(self.cache, self.approval.look)
        return check_sources(sources, self.approval.look, known, memory) if known else []
