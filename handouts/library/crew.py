"""Who makes things: processes of this machine, or by the same interface the workers of a cluster (`cluster/crew.py`)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

from handouts import workers
from handouts.library.jobs import Job
from handouts.model import Format
from handouts.problems import Problem, SourceError
from handouts.sources.look import Look
from handouts.workers import Lost

Result = TypeVar("Result")
# What it takes to make a rendition, or to measure a head, in PDFs: a process takes as long to start as one of them. What is
# worth no processes is made here.
COSTS: Mapping[Format, float] = {"pdf": 1.0, "eml": 0.5, "web": 0.005, "email": 0.005, "text": 0.005}
CLINIC_PAPER_COST = 0.3  # of a clinic's paper: a tenth where it is stamped on a form that is there, all of one and more where not
HEAD_COST, WORTH_PROCESSES = 0.1, 2.0


class CrewLostError(SourceError):
    """Those who make things cannot go on, as their problem says; what was delivered before is as it should be."""

    def __init__(self, problem: Problem) -> None:
        super().__init__([problem])


class Crew(Protocol):
    """Who makes things."""

    def run_each(
        self,
        function: Callable[[Job, Look, Path], Result],
        todo: Sequence[Job],
        look: Look,
        cache: Path,
        cost: Callable[[Job], float],
    ) -> Iterator[tuple[Job, Result | Lost]]:
        """Yield each job with `function(job, look, cache)`, as it comes, in a cache of whoever makes it.

        `cost` says what one takes, in PDFs. What takes too long, or too much memory, or kills its process is lost; no other
        is touched. When the caller takes no more, what is being made ends. Raises CrewLostError where they cannot go on, and what the
        function raises; other machines tell that as a CrewLostError too.
        """


@dataclass(frozen=True)
class ThisMachine:
    """So many processes of this machine; this one alone where little is to be done."""

    processes: int

    def run_each(
        self,
        function: Callable[[Job, Look, Path], Result],
        todo: Sequence[Job],
        look: Look,
        cache: Path,
        cost: Callable[[Job], float],
    ) -> Iterator[tuple[Job, Result | Lost]]:
        """Do it, as `Crew` has it."""
        processes = self.processes if sum(map(cost, todo)) > WORTH_PROCESSES else 1
        return workers.run_each(function, todo, processes, shared=(look, cache), weigh=cost)


def cost_of(job: Job) -> float:
    """Return what it takes to make a rendition."""
    made = job.page.rendition
    return CLINIC_PAPER_COST if made.clinic and made.format == "pdf" else COSTS[made.format]


def cost_of_head(_: Job) -> float:
    """Return what it takes to measure a head."""
    return HEAD_COST
