"""The library: what is up to date, who makes the rest, and the manifest of it all."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, as_completed
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from handouts.library.cache import cache_folder, cached, keep, prune
from handouts.library.deliver import deliver, remove
from handouts.library.jobs import Job, Made, jobs
from handouts.library.make import make
from handouts.library.manifest import only_one, read_manifest, write_manifest
from handouts.model import Page
from handouts.parallel import spawned
from handouts.problems import Problem
from handouts.sources.load import Sources

BATCH = 60  # documents that one worker makes


@dataclass(frozen=True)
class Report:
    """What a build did: manifest entries of the plan, what was made anew, what went wrong."""

    entries: tuple[Mapping[str, Any], ...]
    made: int
    problems: tuple[Problem, ...]


def build(
    sources: Sources, pages: list[Page], out: Path, workers: int, tell: Callable[[str], None]
) -> Report:
    """Make what is not up to date, put all of it into `out`, and write the manifest.

    `tell` hears of every rendition, as it is made or found. A rendition that fails is a problem; its
    last good file and its entry in the manifest stay.
    """
    folder, problems = cache_folder(sources.root)
    todo: list[Job] = []
    done: dict[str, dict[str, Any]] = {}
    made = 0
    try:
        for job in jobs(sources, pages):
            found = cached(folder, job)
            if found is None:
                todo.append(job)
                continue
            tell(job.page.rendition.file)
            problems += _put(out, found, done)
        for each in _run(todo, sources.root, folder, workers):
            tell(each.job.page.rendition.file)
            made += not each.problems
            problems += each.problems or keep(folder, each) + _put(out, each, done)
    finally:
        # Also when a person stops the build: what was delivered is listed.
        problems += _list(out, done)
    prune(folder)
    entries = tuple(done[page.rendition.file] for page in pages if page.rendition.file in done)
    return Report(entries, made, tuple(problems))


def finished(
    sources: Sources, pages: list[Page], workers: int, tell: Callable[[str], None]
) -> tuple[dict[str, bytes], list[Problem]]:
    """Return the bytes of pages by their files, from the cache or made now, without putting them anywhere; and what went wrong."""
    folder, problems = cache_folder(sources.root)
    ready: dict[str, bytes] = {}
    todo = []
    for job in jobs(sources, pages):
        found = cached(folder, job)
        if found is None:
            todo.append(job)
        else:
            ready[job.page.rendition.file] = found.data
    for each in _run(todo, sources.root, folder, workers):
        tell(each.job.page.rendition.file)
        problems += each.problems or keep(folder, each)
        if not each.problems:
            ready[each.job.page.rendition.file] = each.data
    return ready, problems


def _list(out: Path, done: Mapping[str, dict[str, Any]]) -> list[Problem]:
    """Add what was delivered to the manifest of the output folder; return what went wrong."""
    if not done:
        return []
    with only_one(out):
        return write_manifest(out, {**read_manifest(out), **done})


def drop_unapproved(out: Path, pages: Iterable[Page]) -> tuple[int, list[Problem]]:
    """Remove earlier files of pages that may not be given out; return how many, and what went wrong.

    A file goes if it is the page itself, or is not listed, or is a draft; an approved one that has
    the same place, of another region or clinic, stays.
    """
    with only_one(out):
        entries = read_manifest(out)
        files = [page.rendition.file for page in pages if _goes(out, entries, page)]
        # In whatever layout, paper or format: drafts of the same are no more fit to be given out.
        same = {_of(asdict(page.rendition)) for page in pages}
        others = (f for f, e in entries.items() if e.get("state") != "approved" and _of(e) in same)
        files = list(dict.fromkeys([*files, *others]))
        problems = remove(out, files)
        if files:
            problems += write_manifest(out, {f: e for f, e in entries.items() if f not in files})
    return len(files), problems


def _of(entry: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return what an entry is of, in whatever form."""
    return tuple(entry.get(name) for name in ("locale", "handout", "region", "clinic"))


def _goes(out: Path, entries: Mapping[str, Mapping[str, Any]], page: Page) -> bool:
    """Whether the file in the place of an unapproved page must go."""
    entry = entries.get(page.rendition.file)
    if entry is None:
        return (out / page.rendition.file).is_file()
    same = all(entry.get(name) == value for name, value in asdict(page.rendition).items())
    return same or entry.get("state") != "approved"


def _run(todo: list[Job], root: Path, folder: Path, workers: int) -> Iterator[Made]:
    """Yield every job's result, as it comes; long ones first, on several workers where it pays."""
    todo = sorted(todo, key=lambda job: ("pdf", "email", "text", "eml").index(job.page.rendition.format))
    if workers == 1 or len(todo) == 1:
        yield from (make(job, root, folder) for job in todo)
        return
    # Fresh workers for each batch: WeasyPrint's memory grows over the first 80 documents (Kozea/WeasyPrint#2130).
    # The pool's own way to renew a worker, max_tasks_per_child, can hang (python/cpython#115634).
    batch = BATCH * workers
    for start in range(0, len(todo), batch):
        yield from _run_batch(todo[start : start + batch], root, folder, workers)


def _run_batch(todo: list[Job], root: Path, folder: Path, workers: int) -> Iterator[Made]:
    """Yield the results of one batch; a worker that dies takes only unfinished jobs along."""
    with spawned(min(workers, len(todo))) as pool:
        waiting: dict[Future[Made], Job] = {pool.submit(make, job, root, folder): job for job in todo}
        for future in as_completed(waiting):
            try:
                yield future.result()
            except Exception as error:  # noqa: BLE001 - whatever stopped a worker, the others go on
                job = waiting[future]
                what = f"the worker stopped: {type(error).__name__}."
                fix = "Free some memory, or build with --jobs 1."
                yield Made(job, problems=(Problem("worker-stopped", job.page.rendition.file, what, fix),))


def _put(out: Path, made: Made, done: dict[str, dict[str, Any]]) -> list[Problem]:
    """Deliver a rendition and note its manifest entry in `done`; return what went wrong."""
    page = made.job.page
    private = page.rendition.format == "eml"  # it is about to get an address
    problems = deliver(out, page.rendition.file, made.data, private=private)
    if not problems:
        done[page.rendition.file] = {
            **asdict(page.rendition),
            "edition": page.handout.edition,
            "state": page.state,
            "pages": made.pages or None,
            "bytes": len(made.data),
            "sha256": hashlib.sha256(made.data).hexdigest(),
            "title": page.handout.title.text,
            "autonym": page.locale.autonym,
            "direction": page.locale.direction,
        }
    return problems
