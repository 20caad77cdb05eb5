"""Every job has its result: from the cache, or made now by a crew and kept there."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from handouts.library.cache import cached, keep
from handouts.library.crew import Crew, cost_of
from handouts.library.jobs import Job, Made
from handouts.library.make import make_rendition
from handouts.model import SOURCE_LANGUAGE, Format
from handouts.problems import Problem
from handouts.sources.look import Look
from handouts.workers import MOST_TRIES, Limits, Lost, Reason

WHY_LOST: Mapping[Reason, tuple[str, str]] = {
    "killed": (
        f"the machine ended the process that made it, {MOST_TRIES} times.",
        "Free some memory, or let fewer be made at once: --jobs 1, or a cluster's --nthreads 1.",
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
# A message comes last: it is made of the others, which are kept by then.
LONGEST_FIRST: tuple[Format, ...] = ("pdf", "web", "email", "text", "eml")


def finish(
    todo: Iterable[Job], look: Look, cache: Path, crew: Crew, unfit: Container[str] = ()
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
    for made in _made(lacking, look, cache, crew):
        yield made if made.failed else replace(made, problems=(*made.problems, *keep(cache, made)))


def _made(todo: list[Job], look: Look, cache: Path, crew: Crew) -> Iterator[Made]:
    """Yield every job's result, as it comes; long ones first.

    Of each format the pages in the language of the source come first: they are the quickest, and show what the others will
    be. The others follow locale by locale, of all places: they have their fonts in common.
    """
    for job, made in crew.run_each(make_rendition, sorted(todo, key=_turn), look, cache, cost_of):
        yield Made(job, problems=(_lost_problem(job, made),)) if isinstance(made, Lost) else made


def _turn(job: Job) -> tuple[int, bool, str]:
    """Return what a job's turn is decided by."""
    tag = job.page.locale.tag
    return LONGEST_FIRST.index(job.page.rendition.format), tag != SOURCE_LANGUAGE, tag


def _lost_problem(job: Job, lost: Lost) -> Problem:
    """Return the problem of a rendition whose worker did not end well."""
    what, fix = WHY_LOST[lost.reason]
    fix += f" It was made by the worker {lost.at}." if lost.at else ""
    return Problem(f"worker-{lost.reason}", job.page.rendition.file, what, fix, locale=job.page.locale.tag)
