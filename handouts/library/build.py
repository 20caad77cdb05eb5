"""The library: what is up to date is taken from the cache, the rest is made on several workers, all of it is delivered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, as_completed
from dataclasses import dataclass, replace
from pathlib import Path

from handouts.library.cache import cache_folder, cached, keep, prune
from handouts.library.deliver import deliver, remove
from handouts.library.jobs import Job, Made, jobs
from handouts.library.make import make_rendition
from handouts.library.manifest import (
    ManifestEntry,
    entries_with_files,
    entry_of,
    manifest_lock,
    write_manifest,
)
from handouts.model import Page
from handouts.parallel import spawned
from handouts.problems import Problem
from handouts.sources.load import Sources
from handouts.sources.look import Look

BATCH = 60  # documents that one worker makes
LONGEST_FIRST = ("pdf", "email", "text", "eml")  # a message is made of the others, which are kept by then


@dataclass(frozen=True)
class Report:
    """What a build did: manifest entries of the plan, how many were made anew, what went wrong."""

    entries: tuple[ManifestEntry, ...]
    made: int
    problems: tuple[Problem, ...]


def build(
    sources: Sources, look: Look, pages: list[Page], out: Path, workers: int, on_done: Callable[[str], None]
) -> Report:
    """Make what is not up to date, put all of it into `out`, and write the manifest.

    `on_done` is called with the file of every rendition, as it is made or found. A rendition that fails is a problem;
    its last good file and its entry in the manifest stay.
    """
    cache, problems = cache_folder(sources.root)
    entries: dict[str, ManifestEntry] = {}
    made = 0
    try:
        for each in _finish(jobs(sources, look, pages), look, cache, workers):
            on_done(each.job.page.rendition.file)
            problems += each.problems
            if each.failed:
                continue
            made += each.is_new
            refused = _deliver(out, each)
            problems += refused
            if not refused:
                entries[each.job.page.rendition.file] = entry_of(each)
    finally:
        # Also when a person stops the build: what was delivered is listed.
        problems += _list(out, entries)
    prune(cache)
    planned = (entries.get(page.rendition.file) for page in pages)
    return Report(tuple(entry for entry in planned if entry), made, tuple(problems))


def finished(
    sources: Sources, look: Look, pages: list[Page], workers: int, on_done: Callable[[str], None]
) -> tuple[dict[str, bytes], list[Problem]]:
    """Return the bytes of pages by their files, from the cache or made now, delivered nowhere; and what went wrong."""
    cache, problems = cache_folder(sources.root)
    ready: dict[str, bytes] = {}
    for each in _finish(jobs(sources, look, pages), look, cache, workers):
        on_done(each.job.page.rendition.file)
        problems += each.problems
        if not each.failed:
            ready[each.job.page.rendition.file] = each.data
    return ready, problems


def drop_unapproved(out: Path, pages: Iterable[Page]) -> tuple[list[str], list[Problem]]:
    """Remove earlier files of pages that may not be given out; return which, sorted, and what went wrong.

    A file goes if it is the page itself, or is not listed, or is a draft; an approved one that has
    the same place, of another region or clinic, stays.
    """
    unapproved = list(pages)
    with manifest_lock(out):
        entries = entries_with_files(out)
        files = [page.rendition.file for page in unapproved if _goes(out, entries, page)]
        # In whatever layout, paper or format: drafts of the same are no more fit to be given out.
        same = {_of(page) for page in unapproved}
        others = (f for f, entry in entries.items() if entry.state != "approved" and _of(entry) in same)
        files = list(dict.fromkeys([*files, *others]))
        problems = remove(out, files)
        if files:
            problems += write_manifest(out, (entry for file, entry in entries.items() if file not in files))
    return sorted(files), problems


def _of(what: Page | ManifestEntry) -> tuple[str, ...]:
    """Return what a page or a file is of, in whatever form."""
    rendition = what.rendition
    return rendition.locale, rendition.handout, rendition.region, rendition.clinic


def _goes(out: Path, entries: Mapping[str, ManifestEntry], page: Page) -> bool:
    """Whether the file in the place of an unapproved page must go."""
    entry = entries.get(page.rendition.file)
    if entry is None:
        return (out / page.rendition.file).is_file()
    return entry.rendition == page.rendition or entry.state != "approved"


def _finish(todo: Iterable[Job], look: Look, cache: Path, workers: int) -> Iterator[Made]:
    """Yield the result of every job: first those in the cache, then those that are made and put into it now."""
    lacking = []
    for job in todo:
        found = cached(cache, job)
        if found:
            yield found
        else:
            lacking.append(job)
    for made in _make_all(lacking, look, cache, workers):
        yield made if made.failed else replace(made, problems=(*made.problems, *keep(cache, made)))


def _make_all(todo: list[Job], look: Look, cache: Path, workers: int) -> Iterator[Made]:
    """Yield every job's result, as it comes; long ones first, on several workers where it pays."""
    todo = sorted(todo, key=lambda job: LONGEST_FIRST.index(job.page.rendition.format))
    if workers == 1 or len(todo) == 1:
        yield from (make_rendition(job, look, cache) for job in todo)
        return
    # Fresh workers for each batch: WeasyPrint's memory grows over the first 80 documents (Kozea/WeasyPrint#2130).
    # The pool's own way to renew a worker, max_tasks_per_child, can hang (python/cpython#115634).
    batch = BATCH * workers
    for start in range(0, len(todo), batch):
        yield from _make_batch(todo[start : start + batch], look, cache, workers)


def _make_batch(todo: list[Job], look: Look, cache: Path, workers: int) -> Iterator[Made]:
    """Yield the results of one batch; a worker that dies takes only unfinished jobs along."""
    with spawned(min(workers, len(todo))) as pool:
        waiting: dict[Future[Made], Job] = {
            pool.submit(make_rendition, job, look, cache): job for job in todo
        }
        for future in as_completed(waiting):
            try:
                yield future.result()
            except Exception as error:  # noqa: BLE001 - whatever stopped a worker, the others go on
                job = waiting[future]
                what = f"the worker stopped: {type(error).__name__}."
                fix = "Free some memory, or build with --jobs 1."
                yield Made(job, problems=(Problem("worker-stopped", job.page.rendition.file, what, fix),))


def _deliver(out: Path, made: Made) -> list[Problem]:
    """Put a rendition into the output folder; return what went wrong."""
    rendition = made.job.page.rendition
    private = rendition.format == "eml"  # it is about to get an address
    return deliver(out, rendition.file, made.data, private=private)


def _list(out: Path, entries: Mapping[str, ManifestEntry]) -> list[Problem]:
    """Add what was delivered to the manifest of the output folder; return what went wrong."""
    if not entries:
        return []
    with manifest_lock(out):
        return write_manifest(out, {**entries_with_files(out), **entries}.values())
