"""What goes to a worker and comes back: what it is given first, tasks of a few jobs, and what came of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from handouts.cluster.store import Store
from handouts.library.cache import packed, unpacked
from handouts.library.jobs import Job, Made
from handouts.problems import Problem
from handouts.sources.look import Look

TASK = 2.0  # PDFs of a task: long enough that sharing it out is nothing, short enough that little is lost with a worker


@dataclass(frozen=True)
class WorkerInput:
    """What a worker is given before its first job. `probe` is the name of what lies in the store, if there is a store."""

    look: Look
    families: tuple[str, ...]
    store: Store | None = None
    probe: str = ""


@dataclass(frozen=True)
class Task:
    """Jobs that go to a worker together, and what some of them are made of, by its key. A `direct` one sends back the bytes."""

    function: Callable[[Job, Look, Path], Any]
    jobs: tuple[Job, ...]
    parts: Mapping[str, bytes] = field(default_factory=dict)
    direct: bool = False


@dataclass(frozen=True)
class Outcome:
    """What came of the rendition of a job: as a cache keeps it, or nothing where it lies in the store; and what went wrong."""

    kept: bytes = b""
    problems: tuple[Problem, ...] = ()
    is_new: bool = True

    @property
    def failed(self) -> bool:
        """Whether there is nothing to deliver."""
        return any(problem.severity == "error" for problem in self.problems)


@dataclass(frozen=True)
class Answer:
    """What a worker says of a task: the results of its jobs in their order, or the fault of its own that kept it from them.

    A rendition is an `Outcome`. `traces` are those of faults of the program.
    """

    results: tuple[Any, ...] = ()
    fault: Problem | None = None
    traces: str = ""


def outcome_of(made: Made, *, in_store: bool) -> Outcome:
    """Return what is sent of a rendition: not its job, which whoever asked has."""
    kept = b"" if in_store or made.failed else packed(made)
    return Outcome(kept, made.problems, made.is_new)


def rendition_of(job: Job, outcome: Outcome, store: Store | None) -> Made | None:
    """Return the rendition of a job: failed, sent, or taken from the store. None where it is not there, not whole, or another's."""
    if outcome.failed:
        return Made(job, problems=outcome.problems)
    found = unpacked(job, outcome.kept) if outcome.kept or not store else store.found(job)
    return replace(found, problems=outcome.problems, is_new=outcome.is_new) if found else None


def shared_out(todo: Iterable[Job], cost: Callable[[Job], float]) -> Iterator[tuple[Job, ...]]:
    """Yield jobs in parcels of about the same cost, each of one locale, whose pages have most in common."""
    parcel: list[Job] = []
    load = 0.0
    for job in todo:
        if parcel and (load >= TASK or job.page.locale.tag != parcel[0].page.locale.tag):
            yield tuple(parcel)
            parcel, load = [], 0.0
        parcel.append(job)
        load += cost(job)
    if parcel:
        yield tuple(parcel)
