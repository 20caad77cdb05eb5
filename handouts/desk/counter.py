"""The counter: what one place hands out, from the sources as they are now, made when it is asked for, in memory."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from handouts.library.basket import basket, basket_email
from handouts.library.build import finished_jobs
from handouts.library.jobs import Job, jobs
from handouts.library.personal import Copies
from handouts.library.plan import Choice, page_of, renditions, usual_layout
from handouts.library.stamp import Facts, input_facts, outside_facts
from handouts.model import LAYOUTS, Format, Layout, Personal, Place, Rendition
from handouts.page.approval import Approval
from handouts.problems import Problem, SourceError, refuse
from handouts.serving.pictures import page_pictures
from handouts.site.covers import draw_cover
from handouts.sources.load import Sources
from handouts.sources.look import Look

LOOKED = 2.0  # seconds for which the files are taken to be as they were
PICTURES_KEPT = 12  # PDFs whose pages are kept as pictures
COVERS_KEPT = 400
MOST_READS = 3  # in a row, while someone goes on saving: the next request reads again
NOTHING = Problem(
    "nothing-to-give",
    "--clinic",
    "this place offers no handout in any language.",
    "Name some in its profile, or leave both lists out.",
)

Thing = TypeVar("Thing")
Read = Callable[[], tuple[Sources, Look]]
Key = tuple[str, str, Layout]  # the tag of a locale, the slug of a handout, a layout


def key_of(rendition: Rendition) -> Key:
    """Return by what a rendition of the place is called."""
    return rendition.locale, rendition.handout, rendition.layout


@dataclass(frozen=True)
class Stock:
    """What a place hands out, as the sources were when they were read; nothing in it changes."""

    sources: Sources
    look: Look
    choice: Choice
    copies: Copies

    @cached_property
    def approval(self) -> Approval:
        """What is approved."""
        return Approval(self.sources, self.look)

    @cached_property
    def papers(self) -> dict[Key, Rendition]:
        """Every PDF of the place, by its locale, handout and layout."""
        return {key_of(each): each for each in self._renditions("pdf")}

    @cached_property
    def emails(self) -> dict[Key, Rendition]:
        """Every e-mail of the place, by its locale, handout and the layout of the PDF in it."""
        return {key_of(each): each for each in self._renditions("eml")}

    @cached_property
    def place(self) -> Place:
        """The place."""
        return next(iter(self.papers.values())).place

    @cached_property
    def _jobs(self) -> dict[Rendition, Job]:
        """What was asked for once."""
        return {}

    def job(self, rendition: Rendition) -> Job:
        """Return the job of a rendition, with the page that it makes."""
        if rendition not in self._jobs:
            page = page_of(self.approval, rendition)
            (self._jobs[rendition],) = jobs(self.sources, self.look, [page])
        return self._jobs[rendition]

    def locales(self) -> list[str]:
        """Return the tags of the locales that there are handouts in, by their English names."""
        tags = dict.fromkeys(tag for tag, _, _ in self.papers)
        return sorted(tags, key=lambda tag: self.sources.locales[tag].english_name)

    def handouts(self, tag: str) -> list[str]:
        """Return the slugs of the handouts in a locale."""
        return list(dict.fromkeys(slug for other, slug, _ in self.papers if other == tag))

    def layouts(self, tag: str, slug: str) -> list[Layout]:
        """Return the layouts of a handout in a locale, the usual one of the place first."""
        usual = usual_layout(self.sources, self.place, tag)
        found = [layout for other, name, layout in self.papers if (other, name) == (tag, slug)]
        return sorted(found, key=lambda layout: layout != usual)

    def _renditions(self, form: Format) -> Iterable[Rendition]:
        chosen = Choice(
            formats=(form,),
            layouts=LAYOUTS,
            regions=self.choice.regions,
            clinics=self.choice.clinics,
            paper=self.choice.paper,
        )
        return renditions(self.sources, chosen)


class Counter:
    """Gives out what a place has. One thing is made at a time; what is shown again is kept in memory.

    `read` returns the sources and how they look, and raises SourceError where nothing may be made of them: half-edited
    sources are never printed. It is asked again when a file, or the day, is another.
    """

    def __init__(
        self,
        root: Path,
        cache: Path,
        choice: Choice,
        read: Read,
        today: Callable[[], date],
        outside: Callable[[Sources], list[str]],
    ) -> None:
        self._root, self._cache, self._choice = root, cache, choice
        self._read, self._today, self._outside = read, today, outside
        self._busy = threading.RLock()
        self._known: object = None
        self._looked: float | None = None
        self._problems: Sequence[Problem] = ()
        self._stock: Stock | None = None
        self._pictures: OrderedDict[str, tuple[bytes, ...]] = OrderedDict()
        self._covers: OrderedDict[str, bytes] = OrderedDict()

    def stock(self) -> Stock:
        """Return what there is now. Raises SourceError where the sources have errors."""
        with self._busy:
            if self._looked is None or time.monotonic() - self._looked >= LOOKED:
                if self._known is None or self._facts() != self._known:
                    self._read_again()
                self._looked = time.monotonic()
            if self._stock is None:
                raise SourceError(self._problems)
            return self._stock

    def _read_again(self) -> None:
        """Read the sources until nothing has changed meanwhile; what has an error is not printed from its state before."""
        for _ in range(MOST_READS):
            self._known = self._facts()
            try:
                sources, look = self._read()
            except SourceError as error:
                self._stock, self._problems = None, error.problems
            else:
                self._stock = Stock(sources, look, self._choice, Copies(look, self._cache))
                if not self._stock.papers:
                    self._stock, self._problems = None, [NOTHING]
            if self._facts() == self._known:
                return

    def data(self, stock: Stock, rendition: Rendition) -> bytes:
        """Return the bytes of a rendition, from the cache or made now. Raises SourceError where it cannot be made."""
        with self._busy:
            made, problems = finished_jobs([stock.job(rendition)], stock.look, self._cache, 1, lambda _: None)
            refuse([each for each in problems if each.severity == "error"])
            if rendition.file not in made:
                raise SourceError(problems)
            return made[rendition.file]

    def copy(self, stock: Stock, rendition: Rendition, personal: Personal) -> bytes:
        """Return a rendition as a copy for one person, or an e-mail with that copy in it; kept nowhere. Raises SourceError."""
        with self._busy:
            make = stock.copies.email if rendition.format == "eml" else stock.copies.stamped
            return make(stock.job(rendition), personal)

    def bundle(self, stock: Stock, chosen: Sequence[Rendition], personal: Personal | None = None) -> bytes:
        """Return several PDFs as one, behind a page that says what is in it; for a person each of them is their copy.

        Raises SourceError with everything that is wrong with any of them. Copies are kept nowhere.
        """
        with self._busy:
            return basket(stock.sources, stock.look, self._cache, self._parts(stock, chosen, personal))

    def bundle_email(
        self, stock: Stock, chosen: Sequence[Rendition], personal: Personal | None = None
    ) -> bytes:
        """Return an e-mail to no one yet with several PDFs as one in it; of one alone it is that handout's own. Raises as `bundle`."""
        first = stock.emails[key_of(chosen[0])]
        with self._busy:
            if len(chosen) == 1:
                return self.copy(stock, first, personal) if personal else self.data(stock, first)
            parts = self._parts(stock, chosen, personal)
            page = replace(stock.job(first).page, personal=personal)
            return basket_email(stock.sources, stock.look, self._cache, parts, page)

    def _parts(
        self, stock: Stock, chosen: Iterable[Rendition], personal: Personal | None
    ) -> list[tuple[Job, bytes]]:
        """Return some PDFs, each with its job, or a person's copies of them. Raises SourceError with all that is wrong with any."""
        parts: list[tuple[Job, bytes]] = []
        problems: list[Problem] = []
        for each in chosen:
            try:
                data = self.copy(stock, each, personal) if personal else self.data(stock, each)
                parts.append((stock.job(each), data))
            except SourceError as error:
                problems += error.problems
        if problems:
            raise SourceError(problems)
        return parts

    def pictures(self, stock: Stock, rendition: Rendition) -> tuple[bytes, ...]:
        """Return the pages of a PDF as PNG. Raises SourceError where it cannot be made."""
        with self._busy:
            job = stock.job(rendition)
            if job.key not in self._pictures:
                self._pictures[job.key] = tuple(page_pictures(self.data(stock, rendition)))
            return _latest(self._pictures, job.key, PICTURES_KEPT)

    def cover(self, stock: Stock, rendition: Rendition) -> bytes:
        """Return the first page of a PDF as a small PNG. Raises SourceError where it cannot be made."""
        with self._busy:
            job = stock.job(rendition)
            if job.key not in self._covers:
                self._covers[job.key] = draw_cover(self.data(stock, rendition)) or b""
            return _latest(self._covers, job.key, COVERS_KEPT)

    def _facts(self) -> tuple[date, dict[str, Facts | None]]:
        """Return what tells whether the sources are what they were."""
        outside = self._outside(self._stock.sources) if self._stock else []
        return self._today(), {**input_facts(self._root), **outside_facts(outside)}


def _latest(kept: OrderedDict[str, Thing], key: str, most: int) -> Thing:
    """Return what is kept under a key, which is the latest now; the oldest beyond so many are forgotten."""
    kept.move_to_end(key)
    while len(kept) > most:
        kept.popitem(last=False)
    return kept[key]
