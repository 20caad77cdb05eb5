"""The library: what is up to date is taken from the cache, the rest is made by a crew, all of it is delivered."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from handouts.library.cache import MOST_KEPT, cache_folder, cached, prune
from handouts.library.clinic_paper import measured_head
from handouts.library.crew import Crew, CrewLostError, ThisMachine, cost_of_head
from handouts.library.finish import finish
from handouts.library.jobs import Job, Made, jobs
from handouts.library.manifest import (
    ManifestEntry,
    deliver_and_list,
    deliver_made_of,
    entries_with_files,
    withdraw,
)
from handouts.library.outdated import UNMADE, Removed, remove_outdated
from handouts.library.packs import OLD_PACK, packs_of
from handouts.library.paper import overfull_problem
from handouts.library.siblings import WebPages
from handouts.model import Page, Place
from handouts.page.approval import Approval
from handouts.pdf.exact.boxes import Filling
from handouts.problems import Problem, counted
from handouts.sources.load import Sources
from handouts.sources.look import Look
from handouts.stopping import StoppedError, stopped

MOST_WAITING, LONGEST_WAIT = 40, 1.0  # renditions and seconds, between two deliveries
# Each delivery reads and writes the whole manifest: with many files in it they are rarer, so that making takes most of the time.
SHARE = 20  # times as long as the last delivery took passes until the next, unless so much waits
MOST_BYTES = 50_000_000


@dataclass(frozen=True)
class Report:
    """What a build did: manifest entries of the plan, how many were made anew, what went wrong, what was taken out for good.

    `in_full` says why how many papers of clinics, of those made now, were laid out as a whole and not stamped.
    """

    entries: tuple[ManifestEntry, ...]
    made: int
    problems: tuple[Problem, ...]
    removed: tuple[Removed, ...] = ()
    in_full: Mapping[str, int] = field(default_factory=dict)


def build(
    sources: Sources,
    look: Look,
    pages: list[Page],
    out: Path,
    crew: int | Crew,
    on_done: Callable[[str], None],
    *,
    places: Iterable[Place] = (),
    errors: Iterable[Problem] = (),
    on_first: Callable[[str], None] = lambda _: None,
    most_kept: int | None = None,
) -> Report:
    """Make what is not up to date, put all of it into `out`, and list it in the manifest as it is delivered.

    It is made by a `crew`, such as so many processes of this machine. The cache keeps what this build is of, with others up
    to `most_kept`. `on_done` is called with the file of every rendition, as it is made or found, `on_first` with the first that is new, once it
    lies in its place. A set is replaced as a whole: first goes what is outdated in the `places` and in those of the pages, as far
    as the `errors` of the sources let it be told; a rendition that cannot be made is a problem, and its old file goes, as that
    says something else than the sources. One that cannot be put down stays as it was. Of a clinic whose details do not fit nothing is made. Raises StoppedError,
    which says how much was delivered, where the process is stopped by a signal, and CrewLostError where the crew cannot go on.
    """
    cache, problems = cache_folder(sources.root)
    crew = ThisMachine(crew) if isinstance(crew, int) else crew
    served = {*places, *(page.rendition.place for page in pages)}
    packs = packs_of(out)
    approval, wrong = Approval(sources, look), tuple(errors)
    outdated, refused = remove_outdated(approval, out, served, wrong)
    problems += refused
    shelf = _Shelf(out, on_first)
    web = [page for page in pages if page.rendition.format == "web"]
    try:
        todo = jobs(sources, look, [page for page in pages if page.rendition.format != "web"])
        overfull = unfitting(todo, look, cache, crew)
        unfit = {problem.clinic for problem in overfull}
        problems += overfull
        for each in finish(todo, look, cache, crew, unfit):
            on_done(each.job.page.rendition.file)
            problems += each.problems
            shelf.put(each)
        shelf.deliver()
        shelf.put_web_pages(WebPages(approval, tuple(web), frozenset(served), wrong, cache, crew), unfit)
        for page in web:
            on_done(page.rendition.file)
    except (KeyboardInterrupt, CrewLostError) as stop:
        shelf.deliver()
        raise _ended(stop, f"{len(shelf.entries)} of {counted(len(pages), 'rendition')} in {out}") from stop
    prune(cache, max(MOST_KEPT if most_kept is None else most_kept, len(pages)))
    gone = (Removed(name, OLD_PACK) for name in packs if not (out / name).exists())
    return shelf.report(pages, problems, [*outdated, *gone])


def _ended(stop: KeyboardInterrupt | CrewLostError, done: str) -> StoppedError | CrewLostError:
    """Return what a build ends with that was stopped, or whose crew was lost, with how far it had come."""
    go_on = f"{done}; run the same command to go on."
    if isinstance(stop, KeyboardInterrupt):
        return stopped(stop, go_on)
    (problem,) = stop.problems
    return CrewLostError(replace(problem, fix=f"{problem.fix} There are {go_on}"))


class _Shelf:
    """Renditions on their way into an output folder, delivered and listed some at a time, the first new one at once."""

    def __init__(self, out: Path, on_first: Callable[[str], None]) -> None:
        self.out, self.on_first = out, on_first
        self.made = 0
        self.in_full = Counter[str]()
        self.entries: dict[str, ManifestEntry] = {}
        self.problems: list[Problem] = []
        self.removed: list[Removed] = []
        self._waiting: list[Made] = []
        self._size = 0  # of what waits, in bytes
        self._since, self._took = time.monotonic(), 0.0  # the end of the last delivery, and how long it took

    def put(self, made: Made) -> None:
        """Take one more; deliver those that wait when they are many, or have waited long."""
        self._waiting.append(made)
        self._size += len(made.data)
        self.made += made.is_new and not made.failed
        self.in_full.update([made.in_full] if made.in_full and not made.failed else [])
        is_first = self.made == 1 and made.is_new and not made.failed
        if is_first or self._is_due():
            self.deliver()
        if is_first:
            self.on_first(made.job.page.rendition.file)

    def _is_due(self) -> bool:
        """Whether what waits is to be delivered: it is much, or has waited long beside what a delivery takes."""
        waited = time.monotonic() - self._since
        is_worth_it = waited > SHARE * self._took or self._size > MOST_BYTES
        return is_worth_it and (len(self._waiting) >= MOST_WAITING or waited > LONGEST_WAIT)

    def deliver(self) -> None:
        """Deliver and list what waits; take out the old files of what failed."""
        begun = time.monotonic()
        entries, problems = deliver_and_list(self.out, [each for each in self._waiting if not each.failed])
        self.entries |= {entry.rendition.file: entry for entry in entries}
        self.problems += problems
        self._withdraw(each.job.page.rendition.file for each in self._waiting if each.failed)
        self._waiting, self._size, self._since = [], 0, time.monotonic()
        self._took = self._since - begun

    def put_web_pages(self, web: WebPages, unfit: Container[str]) -> None:
        """Deliver web pages last, when all that they lead to is listed; those of `unfit` clinics are taken out."""
        self._withdraw(page.rendition.file for page in web.wanted if page.rendition.clinic in unfit)
        web = replace(web, wanted=tuple(p for p in web.wanted if p.rendition.clinic not in unfit))
        # Made once before, so that other builds wait for a moment only: what has not changed meanwhile is kept by then.
        first = web.made_of(entries_with_files(self.out))
        made: list[Made] = []

        def sound(entries: Mapping[str, ManifestEntry]) -> list[Made]:
            made[:] = web.made_of(entries, ThisMachine(1))  # nobody waits with the lock for another machine
            return [each for each in made if not each.failed]

        entries, problems = deliver_made_of(self.out, sound) if first else ([], [])
        self.entries |= {entry.rendition.file: entry for entry in entries}
        self.problems += (*problems, *(problem for each in made for problem in each.problems))
        self._withdraw(each.job.page.rendition.file for each in made if each.failed)
        files = {page.rendition.file for page in web.wanted}
        new = [
            e.job.page.rendition.file for e in first if e.is_new and e.job.page.rendition.file in self.entries
        ]
        if new and not self.made:
            self.on_first(new[0])
        self.made += len(files.intersection(new))

    def report(
        self, pages: Iterable[Page], problems: Iterable[Problem], outdated: Iterable[Removed]
    ) -> Report:
        """Return what a build of these pages did, with what went wrong and was taken out beside the shelf."""
        planned = (self.entries.get(page.rendition.file) for page in pages)
        removed = tuple(each for each in (*outdated, *self.removed) if each.file not in self.entries)
        told = (*problems, *self.problems)
        return Report(tuple(filter(None, planned)), self.made, told, removed, dict(self.in_full))

    def _withdraw(self, files: Iterable[str]) -> None:
        """Take out the old files of what could not be made."""
        gone, refused = withdraw(self.out, files)
        self.removed += (Removed(file, UNMADE) for file in gone)
        self.problems += refused


def finished(
    sources: Sources, look: Look, pages: list[Page], workers: int, on_done: Callable[[str], None]
) -> tuple[dict[str, bytes], list[Problem]]:
    """Return the bytes of pages by their files, from the cache or made now, delivered nowhere; and what went wrong."""
    cache, problems = cache_folder(sources.root)
    ready, faults = finished_jobs(jobs(sources, look, pages), look, cache, workers, on_done)
    return ready, [*problems, *faults]


def finished_jobs(
    todo: Iterable[Job], look: Look, cache: Path, workers: int, on_done: Callable[[str], None]
) -> tuple[dict[str, bytes], list[Problem]]:
    """Do the same with jobs that are known already."""
    problems: list[Problem] = []
    ready: dict[str, bytes] = {}
    for each in finish(todo, look, cache, ThisMachine(workers)):
        on_done(each.job.page.rendition.file)
        problems += each.problems
        if not each.failed:
            ready[each.job.page.rendition.file] = each.data
    return ready, problems


def unfitting(todo: Iterable[Job], look: Look, cache: Path, crew: Crew) -> list[Problem]:
    """Return a problem for every clinic whose details do not fit into its box, before anything is made.

    One head is laid out for each locale and layout. What was made before from the same input did fit; what else keeps a
    head from being made is told when its page is.
    """
    heads: dict[tuple[object, ...], Job] = {}
    for job in todo:
        page, made = job.page, job.page.rendition
        if page.clinic and made.format in {"pdf", "eml"}:
            paper = job.parts[0] if job.parts else job
            heads.setdefault((made.place, made.locale, made.layout, made.paper), paper)
    new = [job for job in heads.values() if not cached(cache, job)]
    found: dict[str, list[tuple[Job, Filling]]] = {}
    for job, filled in crew.run_each(measured_head, new, look, cache, cost_of_head):
        if isinstance(filled, Filling) and filled.over:
            found.setdefault(job.page.rendition.clinic, []).append((job, filled))
    return [_worst(each) for each in found.values()]


def _worst(unfit: Sequence[tuple[Job, Filling]]) -> Problem:
    """Return the problem of the page on which a clinic's details need the most room, with how many others there are."""
    job, filled = max(unfit, key=lambda each: each[1].over)
    problem = overfull_problem(job.page, filled)
    more = f" They are too long on {counted(len(unfit) - 1, 'other page')} as well." if len(unfit) > 1 else ""
    return replace(problem, what=problem.what + more)
