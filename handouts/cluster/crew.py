"""The workers of a scheduler as a crew: jobs are shared out to them, a few at a time, and what they make is collected.

Every worker is greeted before its first job: it gets the look, and must have the same code, versions and fonts as this
machine. One that joins later is greeted when its first task comes back undone. What is asked of the scheduler is waited for as
long as `PATIENCE` says, and no longer.
"""

from __future__ import annotations

import asyncio
import pickle
import time
import uuid
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

from handouts.cluster import refusals
from handouts.cluster.greeting import credentials, heard
from handouts.cluster.tasks import Answer, Outcome, Task, WorkerInput, rendition_of, shared_out
from handouts.cluster.worker import greet, name_of, rest, work
from handouts.crashes import PROGRAM_FAULT, brought
from handouts.library.cache import RENDITIONS
from handouts.library.crew import CrewLostError
from handouts.library.jobs import Job, Made
from handouts.library.make import NO_ROOM_CODE, NOT_MADE
from handouts.problems import Problem, counted
from handouts.sources.look import Look
from handouts.workers import Lost

Result = TypeVar("Result")
FIRST_WORKER = 30.0  # seconds in which there must be a worker, at the start and when all have gone
PATIENCE = 60.0  # seconds in which a scheduler must answer while it works, and a worker say what it has
AT_END = 5.0  # seconds that workers have to hear that nothing more comes
QUIET = 5.0  # seconds without an answer, after which we ask whether anybody is there
IN_FLIGHT = 3  # tasks for each thread of the workers: one in work, two that wait for it


@dataclass(frozen=True)
class _Call:
    """The work of a worker on a task: done where this is unpickled.

    A worker without the code of this project fails at it in its own task. Told to dask as a function of this project, it would end
    as it reads its messages, and its tasks would count as those that kill workers.
    """

    name: str
    task: bytes

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[str, bytes]]:
        """Return what is called where it is unpickled."""
        return work, (self.name, self.task)


class ClusterCrew:
    """The workers of a scheduler, greeted; a `Crew` like the processes of this machine."""

    def __init__(self, client: Any, address: str, given: WorkerInput) -> None:
        self._client, self._address, self._given = client, address, given
        self._data = pickle.dumps(given)
        self._name = name_of(self._data)
        self._ours = credentials(given.families)
        self._threads, self._looked = 0, 0.0  # of all workers, and when that was asked
        self._alone: float | None = None  # since when there has been no worker, as far as was asked

    def run_each(
        self,
        function: Callable[[Job, Look, Path], Result],
        todo: Sequence[Job],
        look: Look,  # noqa: ARG002 - the workers have been given it
        cache: Path,
        cost: Callable[[Job], float],
    ) -> Iterator[tuple[Job, Result | Lost]]:
        """Do it, as `Crew` has it: with so many tasks at a time as keep the workers busy, and no more."""
        waiting = deque(Task(function, jobs) for jobs in shared_out(todo, cost))
        begun: dict[Any, Task] = {}
        done: SimpleQueue[Any] = SimpleQueue()  # futures
        try:
            while waiting or begun:
                self._look_around()
                while waiting and len(begun) < IN_FLIGHT * max(self._threads, 1):
                    task = waiting.popleft()
                    begun[self._sent(task, cache, done)] = task
                future = self._next(done)
                task = begun.pop(future)
                yield from self._taken(task, future, waiting, cache)
        finally:
            if begun:
                with suppress(Exception):  # the scheduler may be gone
                    if self._client.status == "running":
                        self._client.cancel(list(begun), force=True)

    def greet(self, workers: Sequence[str] | None = None) -> None:
        """Give the look to workers, to all where none is named. Raises CrewLostError for the first that is not as it must be."""
        answers = self._asked(self._greetings, workers, seconds=2 * PATIENCE)
        problems = [self._differing(address, answer) for address, answer in sorted(answers.items())]
        for problem in filter(None, problems):
            others = sum(each is not None for each in problems) - 1
            more = f" So it is with {counted(others, 'other worker')}." if others else ""
            raise CrewLostError(replace(problem, what=problem.what + more))

    def rest(self) -> None:
        """Let the processes of all workers end that wait for more; a worker that is gone has none."""
        with suppress(Exception):
            if self._client.status == "running":
                ask = partial(self._client.run, rest, self._name, on_error="ignore")
                self._client.sync(ask, callback_timeout=AT_END)

    async def _greetings(self, workers: Sequence[str] | None) -> dict[str, Any]:
        """Return what each of some workers answers, or of all; an exception where it could not. Raises OSError where the scheduler is gone."""
        if workers is None:
            workers = list((await self._client.scheduler.identity(n_workers=-1))["workers"])
        return dict(zip(workers, await asyncio.gather(*map(self._greeting, workers)), strict=True))

    async def _greeting(self, worker: str) -> Any:
        """Return what a worker answers, or an exception."""
        ask = self._client.run(greet, self._data, workers=[worker], on_error="return")
        try:
            return (await asyncio.wait_for(ask, PATIENCE))[worker]
        except OSError as error:
            if isinstance(error, TimeoutError):
                return refusals.worker_silent(worker, PATIENCE)
            raise
        except Exception as error:  # noqa: BLE001 - it answers in words that nobody here can read
            return error

    def _differing(self, address: str, answer: Any) -> Problem | None:
        """Return the problem of a worker by what it answered, None where it is as it must be, or gone meanwhile."""
        if isinstance(answer, OSError):
            return None
        if isinstance(answer, Exception):  # it could not begin: what goes wrong later it says itself
            return refusals.worker_without_code(address)
        if isinstance(answer, Problem):
            return answer
        return refusals.of_greeting(address, self._ours, heard(answer, self._ours.code))

    def _look_around(self) -> None:
        """Ask the scheduler, now and then, how many threads its workers have. Raises CrewLostError where none has come for long."""
        now = time.monotonic()
        if now - self._looked < QUIET:
            return
        found = self._asked(lambda: self._client.scheduler.identity(n_workers=0), seconds=PATIENCE)
        self._threads, self._looked = int(found["total_threads"]), time.monotonic()
        if self._threads:
            self._alone = None
        elif self._alone is None:
            self._alone = self._looked
        elif self._looked - self._alone > FIRST_WORKER:
            raise CrewLostError(refusals.no_workers(self._address, FIRST_WORKER))

    def _sent(self, task: Task, cache: Path, done: SimpleQueue[Any]) -> Any:
        """Send a task, with the parts of its jobs that are in the cache here; return its future, which is put among the `done` ones."""
        if task.direct or not self._given.store:
            parts = {
                part.key: _read(cache / RENDITIONS / part.key) for job in task.jobs for part in job.parts
            }
            task = replace(task, parts={key: data for key, data in parts.items() if data})
        data, key = pickle.dumps(_Call(self._name, pickle.dumps(task))), f"handouts-{uuid.uuid4()}"
        with self._noticing_its_end():
            future = self._client.submit(pickle.loads, data, key=key, pure=False)
        future.add_done_callback(done.put)
        return future

    def _next(self, done: SimpleQueue[Any]) -> Any:
        """Return the next future that is done."""
        while True:
            self._look_around()
            with suppress(Empty):
                return done.get(timeout=QUIET)

    def _taken(self, task: Task, future: Any, waiting: deque[Task], cache: Path) -> Iterator[tuple[Job, Any]]:
        """Yield what came of a task; what must be done again is put in front of what waits."""
        worker, data = self._result(future)
        if isinstance(data, Lost):
            if len(task.jobs) == 1:
                yield task.jobs[0], data
            else:  # one of them may have killed its workers: each goes by itself
                waiting.extendleft(replace(task, jobs=(job,)) for job in reversed(task.jobs))
            return
        if data is None:
            self.greet([worker])
            waiting.appendleft(task)
            return
        answer: Answer = pickle.loads(data)  # noqa: S301 - our own workers
        if answer.fault:
            raise CrewLostError(_placed(answer.fault, worker, answer.traces, cache))
        for job, result in zip(task.jobs, answer.results, strict=True):
            collected = self._collected(job, result, worker)
            if isinstance(collected, Made) and collected.failed:
                placed = (_placed(each, worker, answer.traces, cache) for each in collected.problems)
                collected = replace(collected, problems=tuple(placed))
            if collected is not None:
                yield job, collected
            elif task.direct:
                raise CrewLostError(refusals.worker_sends_nonsense(worker))
            else:
                waiting.appendleft(replace(task, jobs=(job,), direct=True))

    def _result(self, future: Any) -> tuple[str, bytes | Lost | None]:
        """Return the address of a worker and what it has sent of a task; that its workers were killed is such a thing.

        Raises CrewLostError where the scheduler has gone or has no workers any more, or where a worker could not take the task.
        """
        from distributed.client import FutureCancelledError
        from distributed.scheduler import KilledWorker

        while True:
            try:
                worker, sent = future.result(timeout=QUIET)
            except KilledWorker as error:
                worker = getattr(error.last_worker, "address", "")
                return worker, Lost("killed", worker)
            except Exception as error:
                if future.status == "error":  # a worker of those that have never been greeted
                    self.greet()
                    raise CrewLostError(refusals.task_not_taken(self._address, error)) from error
                if isinstance(error, (OSError, FutureCancelledError)) and not isinstance(error, TimeoutError):
                    raise CrewLostError(refusals.gone(self._address)) from error
                if not isinstance(error, TimeoutError):
                    raise
                self._look_around()  # it was done, and its worker has gone with it since
            else:
                return worker, sent

    def _collected(self, job: Job, result: Any, worker: str) -> Any:
        """Return a result, of a rendition with its bytes; None where they are not to be had. Raises CrewLostError for a full disk."""
        if isinstance(result, Lost):
            return replace(result, at=worker)
        if not isinstance(result, Outcome):
            return result
        if any(problem.code == NO_ROOM_CODE for problem in result.problems):
            raise CrewLostError(refusals.worker_without_room(worker))
        return rendition_of(job, result, self._given.store)

    def _asked(self, ask: Callable[..., Any], *arguments: Any, seconds: float) -> Any:
        """Return what comes of a question to the scheduler. Raises CrewLostError where that does not answer in time.

        What a client of dask offers for it waits for ever when it is called by itself.
        """
        with self._noticing_its_end():
            return self._client.sync(ask, *arguments, callback_timeout=seconds)

    @contextmanager
    def _noticing_its_end(self) -> Iterator[None]:
        """Raise CrewLostError where the block meets a scheduler that does not answer; a client that has lost it raises all sorts of things."""
        try:
            yield
        except Exception as error:
            if isinstance(error, OSError) or self._client.status != "running":
                raise CrewLostError(refusals.gone(self._address)) from error
            raise


def _read(path: Path) -> bytes:
    """Return what lies in the cache, nothing where it does not, or was removed by another build just now."""
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _placed(problem: Problem, worker: str, traces: str, cache: Path) -> Problem:
    """Return a problem of a worker's machine with the name of that; the traces of its faults are put into the cache here."""
    if problem.code == PROGRAM_FAULT:
        problem = brought(problem, traces, cache)
    if problem.code not in {PROGRAM_FAULT, NOT_MADE}:
        return problem
    return replace(problem, fix=f"{problem.fix} It was the worker {worker}.")
