"""The library: what is up to date is taken from the cache, the rest is made on several workers, all of it is delivered."""

from __future__ import annotations

import time
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from handouts.library.cache import cache_folder, cached, keep, prune
from handouts.library.jobs import Job, Made, jobs
from handouts.library.make import make_rendition, measured_head, overfull_problem
from handouts.library.manifest import (
    ManifestEntry,
    deliver_and_list,
    deliver_made_of,
    entries_with_files,
    withdraw,
)
from handouts.library.outdated import UNMADE, Removed, remove_outdated
from handouts.library.packs import OLD_PACK, packs_of
from handouts.library.siblings import WebPages
from handouts.model import SOURCE_LANGUAGE, Format, Page, Place
from handouts.page.approval import Approval
from handouts.pdf.exact.boxes import Filling
from handouts.problems import Problem, counted
from handouts.sources.load import Sources
from handouts.sources.look import Look
from handouts.stopping import stopped
from handouts.workers import MOST_TRIES, Limits, Lost, Reason, run_each

WHY_LOST: Mapping[Reason, tuple[str, str]] = {
    "killed": (
        f"the machine ended the process that made it, {MOST_TRIES} times.",
        "Free some memory, or build with --jobs 1.",
    ),
    "slow": (
        f"it was not finished after {Limits().seconds:.0f} seconds.",
        "Look for a very long word, or a drawing or logo with very many parts.",
    ),
    "memory": (
        f"it needs more than {Limits().memory >> 30} GB of memory.",
        "Look for a very long text, or a drawing or logo with very many parts.",
    ),
}
MOST_WAITING, LONGEST_WAIT = 40, 1.0  # renditions and seconds, between two deliveries
# What it takes to make a rendition, or to measure a head, in PDFs: a process takes as long to start as one of them. What is
# worth no processes is made here.
COSTS: Mapping[Format, float] = {"pdf": 1.0, "eml": 0.5, "web": 0.02, "email": 0.02, "text": 0.02}
HEAD_COST, WORTH_PROCESSES = 0.1, 2.0
# A message comes last: it is made of the others, which are kept by then.
LONGEST_FIRST: tuple[Format, ...] = ("pdf", "web", "email", "text", "eml")


@dataclass(frozen=True)
class Report:
    """What a build did: manifest entries of the plan, how many were made anew, what went wrong, what was taken out for good."""

    entries: tuple[ManifestEntry, ...]
    made: int
    problems: tuple[Problem, ...]
    removed: tuple[Removed, ...] = ()


def build(
    sources: Sources,
    look: Look,
    pages: list[Page],
    out: Path,
    workers: int,
    on_done: Callable[[str], None],
    *,
    places: Iterable[Place] = (),
    errors: Iterable[Problem] = (),
    on_first: Callable[[str], None] = lambda _: None,
) -> Report:
    """Make what is not up to date, put all of it into `out`, and list it in the manifest as it is delivered.

    `on_done` is called with the file of every rendition, as it is made or found, `on_first` with the first that is new, once it
    lies in its place. A set is replaced as a whole: first goes what is outdated in the `places` and in those of the pages, as far
    as the `errors` of the sources let it be told; a rendition that cannot be made is a problem, and its old file goes, as that
    says something else than the sources. One that cannot be put down stays as it was. Of a clinic whose details do not fit nothing is made. Raises StoppedError,
    which says how much was delivered, where the process is stopped by a signal.
    """
    cache, problems = cache_folder(sources.root)
    served = {*places, *(page.rendition.place for page in pages)}
    packs = packs_of(out)
    approval, wrong = Approval(sources, look), tuple(errors)
    outdated, refused = remove_outdated(approval, out, served, wrong)
    problems += refused
    shelf = _Shelf(out, on_first)
    web = [page for page in pages if page.rendition.format == "web"]
    try:
        todo = jobs(sources, look, [page for page in pages if page.rendition.format != "web"])
        overfull = unfitting(todo, look, cache, workers)
        unfit = {problem.clinic for problem in overfull}
        problems += overfull
        for each in _finish(todo, look, cache, workers, unfit):
            on_done(each.job.page.rendition.file)
            problems += each.problems
            shelf.put(each)
        shelf.deliver()
        shelf.put_web_pages(WebPages(approval, tuple(web), frozenset(served), wrong, cache), unfit)
        for page in web:
            on_done(page.rendition.file)
    except KeyboardInterrupt as stop:
        shelf.deliver()
        done = f"{len(shelf.entries)} of {counted(len(pages), 'rendition')} in {out}"
        raise stopped(stop, f"{done}; run the same command to go on.") from stop
    prune(cache)
    gone = (Removed(name, OLD_PACK) for name in packs if not (out / name).exists())
    return shelf.report(pages, problems, [*outdated, *gone])


class _Shelf:
    """Renditions on their way into an output folder, delivered and listed some at a time, the first new one at once."""

    def __init__(self, out: Path, on_first: Callable[[str], None]) -> None:
        self.out, self.on_first = out, on_first
        self.made = 0
        self.entries: dict[str, ManifestEntry] = {}
        self.problems: list[Problem] = []
        self.removed: list[Removed] = []
        self._waiting: list[Made] = []
        self._since = time.monotonic()

    def put(self, made: Made) -> None:
        """Take one more; deliver those that wait when they are many, or have waited long."""
        self._waiting.append(made)
        self.made += made.is_new and not made.failed
        is_first = self.made == 1 and made.is_new and not made.failed
        if is_first or len(self._waiting) >= MOST_WAITING or time.monotonic() - self._since > LONGEST_WAIT:
            self.deliver()
        if is_first:
            self.on_first(made.job.page.rendition.file)

    def deliver(self) -> None:
        """Deliver and list what waits; take out the old files of what failed."""
        entries, problems = deliver_and_list(self.out, [each for each in self._waiting if not each.failed])
        self.entries |= {entry.rendition.file: entry for entry in entries}
        self.problems += problems
        self._withdraw(each.job.page.rendition.file for each in self._waiting if each.failed)
        self._waiting, self._since = [], time.monotonic()

    def put_web_pages(self, web: WebPages, unfit: Container[str]) -> None:
        """Deliver web pages last, when all that they lead to is listed; those of `unfit` clinics are taken out."""
        self._withdraw(page.rendition.file for page in web.wanted if page.rendition.clinic in unfit)
        web = replace(web, wanted=tuple(p for p in web.wanted if p.rendition.clinic not in unfit))
        # Made once before, so that other builds wait for a moment only: what has not changed meanwhile is kept by then.
        first = web.made_of(entries_with_files(self.out))
        made: list[Made] = []

        def sound(entries: Mapping[str, ManifestEntry]) -> list[Made]:
            made[:] = web.made_of(entries)
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
        return Report(tuple(filter(None, planned)), self.made, (*problems, *self.problems), removed)

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
    for each in _finish(todo, look, cache, workers):
        on_done(each.job.page.rendition.file)
        problems += each.problems
        if not each.failed:
            ready[each.job.page.rendition.file] = each.data
    return ready, problems


def unfitting(todo: Iterable[Job], look: Look, cache: Path, workers: int) -> list[Problem]:
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
    processes = _processes(HEAD_COST * len(new), workers)
    for job, filled in run_each(measured_head, new, processes, shared=(look, cache)):
        if isinstance(filled, Filling) and filled.over:
            found.setdefault(job.page.rendition.clinic, []).append((job, filled))
    return [_worst(each) for each in found.values()]


def _worst(unfit: Sequence[tuple[Job, Filling]]) -> Problem:
    """Return the problem of the page on which a clinic's details need the most room, with how many others there are."""
    job, filled = max(unfit, key=lambda each: each[1].over)
    problem = overfull_problem(job.page, filled)
    more = f" They are too long on {counted(len(unfit) - 1, 'other page')} as well." if len(unfit) > 1 else ""
    return replace(problem, what=problem.what + more)


def _finish(
    todo: Iterable[Job], look: Look, cache: Path, workers: int, unfit: Container[str] = ()
) -> Iterator[Made]:
    """Yield the result of every job: first those in the cache, then those that are made and put into it now.

    Of the `unfit` clinics nothing is made; what is in the cache is as it should be.
    """
    lacking = []
    for job in todo:
        found = cached(cache, job)
        if found:
            yield found
        elif job.page.rendition.clinic in unfit:
            yield Made(job, is_new=False, given_up=True)
        else:
            lacking.append(job)
    for made in _make_all(lacking, look, cache, workers):
        yield made if made.failed else replace(made, problems=(*made.problems, *keep(cache, made)))


def _make_all(todo: list[Job], look: Look, cache: Path, workers: int) -> Iterator[Made]:
    """Yield every job's result, as it comes; long ones first, on several workers where it pays.

    Of each format the pages in the language of the source come first: they are the quickest, and show what the others will be.
    """
    todo = sorted(todo, key=_turn)
    processes = _processes(sum(COSTS[job.page.rendition.format] for job in todo), workers)
    for job, made in run_each(make_rendition, todo, processes, shared=(look, cache)):
        yield Made(job, problems=(_lost_problem(job, made),)) if isinstance(made, Lost) else made


def _processes(cost: float, workers: int) -> int:
    """Return on how many processes to make what takes as long as so many PDFs: on this one alone, where little is to be done."""
    return workers if cost > WORTH_PROCESSES else 1


def _turn(job: Job) -> tuple[int, bool]:
    """Return what a job's turn is decided by."""
    return LONGEST_FIRST.index(job.page.rendition.format), job.page.locale.tag != SOURCE_LANGUAGE


def _lost_problem(job: Job, lost: Lost) -> Problem:
    """Return the problem of a rendition whose worker did not end well."""
    what, fix = WHY_LOST[lost.reason]
    return Problem(f"worker-{lost.reason}", job.page.rendition.file, what, fix, locale=job.page.locale.tag)
