"""Many machines: jobs are shared out to the workers of a dask scheduler, a few at a time, and what they make is collected.

    with connected("tcp://10.0.0.5:8786", look, families, store=Store("file:///mnt/handouts")) as crew:
        build(…, crew=crew)

Every worker is greeted before its first job: it gets the look, and must have the same code, versions and fonts as this
machine. One that joins later is greeted when its first task comes back undone.
"""

from __future__ import annotations

import asyncio
import logging
import pickle
import socket
import ssl
import time
import uuid
import warnings
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, TypeVar
from urllib.parse import urlsplit

from handouts.cluster.store import OPTION, PROBES, Store
from handouts.cluster.worker import (
    Given,
    Greeting,
    OtherCodeError,
    Task,
    credentials,
    differences,
    greet,
    name_of,
    rest,
    work,
)
from handouts.library.cache import RENDITIONS
from handouts.library.crew import CrewLostError
from handouts.library.jobs import Job, Made
from handouts.problems import Problem, counted, refuse
from handouts.sources.look import Look, code_digest
from handouts.workers import Lost

Result = TypeVar("Result")
ANSWER = 10.0  # seconds in which a scheduler must answer
AT_ONCE = 0.5  # seconds that the end of a broken connection may take
FIRST_WORKER = 30.0  # seconds in which there must be a worker, at the start and when all have gone
QUIET = 5.0  # seconds without an answer, after which we ask whether anybody is there
TASK = 2.0  # PDFs of a task: long enough that sharing it out is nothing, short enough that little is lost with a worker
IN_FLIGHT = 3  # tasks for each thread of the workers: one in work, two that wait for it
LOGGERS = ("distributed", "distributed.client", "distributed.core", "distributed.comm", "tornado", "asyncio")
SAME = "Bring it to the same commit, packages and fonts as this machine (git checkout, make setup-cluster), and start it again."

START = "Start it in the folder of the project: .venv/bin/python -m dask …; see docs/operators.md."
NOT_LOADED = ("ModuleNotFoundError", "ImportError", "AttributeError")


class Cluster:
    """The workers of a scheduler, greeted; a `Crew` like the processes of this machine."""

    def __init__(self, client: Any, address: str, given: Given) -> None:
        self._client, self._address, self._given = client, address, given
        self._data = pickle.dumps(given)
        self._name = name_of(self._data)
        self._ours = credentials(given.families)
        self._threads, self._looked = 0, 0.0  # of all workers, and when that was asked
        self._there = time.monotonic()  # when there was a worker

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
        heard: SimpleQueue[Any] = SimpleQueue()  # futures that are done
        try:
            while waiting or begun:
                self._look_around()
                while waiting and len(begun) < IN_FLIGHT * max(self._threads, 1):
                    task = waiting.popleft()
                    begun[self._sent(task, cache, heard)] = task
                future = self._next(heard)
                task = begun.pop(future)
                yield from self._taken(task, future, waiting)
        finally:
            if begun:
                with suppress(Exception):  # the scheduler may be gone
                    if self._client.status == "running":
                        self._client.cancel(list(begun), force=True)

    def greet(self, workers: list[str] | None = None) -> None:
        """Give the look to workers, to all where none is named. Raises CrewLostError for the first that is not as it must be."""
        answers = self._asked(lambda: self._client.run(greet, self._data, workers=workers, on_error="return"))
        problems = [self._differing(address, answer) for address, answer in sorted(answers.items())]
        for problem in filter(None, problems):
            others = sum(each is not None for each in problems) - 1
            more = f" So it is with {counted(others, 'other worker')}." if others else ""
            raise CrewLostError(replace(problem, what=problem.what + more))

    def rest(self) -> None:
        """Let the processes of all workers end that wait for more; a worker that is gone has none."""
        with suppress(Exception):
            if self._client.status == "running":
                self._client.run(rest, self._name, on_error="ignore")

    def _differing(self, address: str, answer: Greeting | Exception) -> Problem | None:
        """Return the problem of a worker by what it answered, None where it is as it must be, or gone meanwhile."""
        if isinstance(answer, OSError):
            return None
        if isinstance(answer, Exception):
            what = f"this worker could not say what it has: {answer!r}."
            code, fix = "worker-fault", "Look into its log."
            if any(name in repr(answer) for name in NOT_LOADED):
                what, code, fix = (
                    "this worker cannot load the code of this project.",
                    "worker-without-code",
                    START,
                )
            return Problem(code, address, what, fix)
        if answer.trouble:
            what = f"this worker cannot use the store: {answer.trouble}"
            fix = "Mount it there, or give the worker what it needs for it."
            return Problem("worker-without-store", address, what, fix)
        found = differences(self._ours, answer.credentials)
        what = f"this worker would make other pages: {found}."
        return Problem("worker-differs", address, what, SAME) if found else None

    def _look_around(self) -> None:
        """Ask the scheduler, now and then, how many threads its workers have. Raises CrewLostError where none has come for long."""
        now = time.monotonic()
        if now - self._looked < QUIET:
            return
        found = self._asked(lambda: self._client.scheduler_info(n_workers=0))
        self._threads, self._looked = int(found["total_threads"]), time.monotonic()
        if self._threads:
            self._there = self._looked
        elif now - self._there > FIRST_WORKER:
            raise CrewLostError(_no_workers(self._address))

    def _sent(self, task: Task, cache: Path, heard: SimpleQueue[Any]) -> Any:
        """Send a task, with the parts of its jobs that are in the cache here; return its future, which is heard of when it is done."""
        if task.direct or not self._given.store:
            keys = {part.key for job in task.jobs for part in job.parts}
            kept = {key: cache / RENDITIONS / key for key in keys}
            parts = {key: path.read_bytes() for key, path in kept.items() if path.is_file()}
            task = replace(task, parts=parts)
        data, key = pickle.dumps(task), f"handouts-{uuid.uuid4()}"
        future = self._asked(lambda: self._client.submit(work, self._name, data, key=key, pure=False))
        future.add_done_callback(heard.put)
        return future

    def _next(self, heard: SimpleQueue[Any]) -> Any:
        """Return the next future that is done."""
        while True:
            self._look_around()
            with suppress(Empty):
                return heard.get(timeout=QUIET)

    def _taken(self, task: Task, future: Any, waiting: deque[Task]) -> Iterator[tuple[Job, Any]]:
        """Yield what came of a task; what must be done again is put in front of what waits."""
        answer = self._answer(future)
        if answer is None:
            if len(task.jobs) == 1:
                yield task.jobs[0], Lost("killed")
            else:  # one of them may have killed its workers: each goes by itself
                waiting.extendleft(replace(task, jobs=(job,)) for job in reversed(task.jobs))
            return
        worker, results = answer
        if results is None:
            self.greet([worker])
            waiting.appendleft(task)
            return
        for job, result in zip(task.jobs, pickle.loads(results), strict=True):  # noqa: S301 - our own workers
            collected = self._collected(job, result, worker)
            if collected is None:
                waiting.appendleft(replace(task, jobs=(job,), direct=True))
            else:
                yield job, collected

    def _answer(self, future: Any) -> tuple[str, bytes | None] | None:
        """Return the address of a worker and what it has sent of a task, None of a task whose workers were killed.

        Raises CrewLostError where the scheduler has gone or the worker has other code by now, and what a job's function raised.
        """
        from distributed.scheduler import KilledWorker

        try:
            worker, results = self._asked(future.result)
        except KilledWorker:
            return None
        except OtherCodeError as error:
            what = "the code of this worker was changed while it ran."
            raise CrewLostError(Problem("worker-differs", str(error), what, SAME)) from error
        return worker, results

    def _collected(self, job: Job, result: Any, worker: str) -> Any:
        """Return a result with its bytes, from the store where they are; None where they are not there."""
        if not isinstance(result, Made):
            return result
        if result.failed:
            return replace(result, problems=tuple(_placed(each, worker) for each in result.problems))
        if result.data or not self._given.store:
            return result
        found = self._given.store.found(job)
        return replace(found, is_new=result.is_new) if found else None

    def _asked(self, ask: Callable[[], Any]) -> Any:
        """Return what the scheduler answers. Raises CrewLostError where it does not."""
        from distributed.client import FutureCancelledError

        try:
            return ask()
        except (OSError, TimeoutError, FutureCancelledError) as error:
            raise CrewLostError(_gone(self._address)) from error


@contextmanager
def connected(
    address: str, look: Look, families: Iterable[str], store: Store | None = None
) -> Iterator[Cluster]:
    """Yield the workers of a scheduler, greeted, for pages in this look and these fonts.

    What is made lies in the `store`, if there is one, before it is collected. Raises SourceError where the store cannot be
    used, and CrewLostError where the scheduler cannot be reached, has no worker, or one of them is not as it must be.
    """
    refuse([problem] if store and (problem := store.problem()) else [])
    probe = uuid.uuid4().hex
    given = Given(look, tuple(sorted(set(families))), store, probe)
    with _client(address) as client, _probed(store, probe):
        crew = Cluster(client, address, given)
        crew.greet()
        try:
            yield crew
        finally:
            crew.rest()


@contextmanager
def _probed(store: Store | None, probe: str) -> Iterator[None]:
    """Leave something in the store for workers to see, as long as the block takes."""
    if store:
        trouble = store.write(f"{PROBES}/{probe}", b"seen")
        if trouble:
            what = f"the store {store.shown} cannot be written: {trouble}."
            refuse(
                [Problem("store-unusable", OPTION, what, "Look at its address, and at who may write there.")]
            )
    try:
        yield
    finally:
        if store:
            store.remove(f"{PROBES}/{probe}")


@contextmanager
def _client(address: str) -> Iterator[Any]:
    """Yield a client of a scheduler that has a worker."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # versions that differ are told by `greet`, as far as they count
        from distributed import Client

        for name in LOGGERS:  # what it would log is told as a problem
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
        _refuse_unknown(address)
        try:
            client = Client(address, timeout=ANSWER, set_as_default=False)
        except (OSError, TimeoutError, RuntimeError) as error:
            raise CrewLostError(_gone(address)) from error
    try:
        _refuse_without_code(client, address)
        _wait_for_worker(client, address)
        yield client
    finally:
        with suppress(Exception):
            client.close(timeout=ANSWER if client.status == "running" else AT_ONCE)


def _refuse_unknown(address: str) -> None:
    """Raise CrewLostError where no scheduler answers at an address: a client would wait for it, and complain as it is given up."""
    host = urlsplit(address).hostname or ""
    try:
        socket.getaddrinfo(host, None)
    except (OSError, UnicodeError) as error:
        what = f"this machine knows no other of the name “{host}”."
        raise CrewLostError(
            Problem("scheduler-unreachable", address, what, "Look at how it is spelled.")
        ) from error
    try:
        kind = asyncio.run(asyncio.wait_for(_kind_of(address), ANSWER))
    except Exception as error:  # whatever listens there may send anything
        raise CrewLostError(_unreachable(address, error)) from error
    if kind != "Scheduler":
        what = f"this is the address of a dask {kind.lower()}, not of its scheduler."
        raise CrewLostError(Problem("scheduler-unreachable", address, what, "Give that of the scheduler."))


async def _kind_of(address: str) -> str:
    """Return what listens at an address by its own word: `Scheduler`, `Worker`. Raises what keeps it from answering."""
    from distributed.comm import connect
    from distributed.security import Security

    comm = await connect(address, timeout=ANSWER, **Security().get_connection_args("client"))
    try:
        await comm.write({"op": "identity", "reply": True})
        return str((await comm.read())["type"])
    finally:
        await comm.close()


def _refuse_without_code(client: Any, address: str) -> None:
    """Raise CrewLostError where a scheduler cannot read what it is to hand on."""
    try:
        client.run_on_scheduler(code_digest)
    except OSError as error:
        raise CrewLostError(_gone(address)) from error
    except Exception as error:  # as it was raised there, or what keeps it from being read
        what = "the scheduler cannot load the code of this project, or may load none."
        raise CrewLostError(Problem("scheduler-without-code", address, what, START)) from error


def _wait_for_worker(client: Any, address: str) -> None:
    """Wait until there is a worker. Raises CrewLostError where none comes."""
    try:
        client.wait_for_workers(1, timeout=FIRST_WORKER)
    except TimeoutError as error:
        raise CrewLostError(_no_workers(address)) from error
    except OSError as error:
        raise CrewLostError(_gone(address)) from error


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


def _placed(problem: Problem, worker: str) -> Problem:
    """Return a problem of a worker; a fault of the program has left its trace there."""
    if problem.code != "program-fault":
        return problem
    return replace(problem, fix=f"{problem.fix} It lies on the machine of the worker {worker}.")


def _unreachable(address: str, error: Exception) -> Problem:
    """Return the problem of a scheduler that does not answer."""
    refused = _refused(error) if address.startswith("tls:") else ""
    if refused:
        fix = "Set distributed.comm.tls for this machine, as dask's documentation has it; see docs/operators.md."
        return Problem("scheduler-refuses", address, refused, fix)
    what = "no dask scheduler answers there."
    fix = "Look at its address, whether it runs, whether this machine may reach it, and whether it speaks TLS (tls://) or not (tcp://)."
    return Problem("scheduler-unreachable", address, what, fix)


def _refused(error: Exception) -> str:
    """Return what is wrong with the certificates of TLS, as a sentence; nothing where it is not they."""
    if isinstance(error, TypeError):
        return "there is no certificate here, which TLS needs."
    if isinstance(error, (FileNotFoundError, PermissionError)):
        return "a certificate or a key that dask's settings name cannot be read."
    causes = (error, error.__cause__, error.__context__)
    if any(isinstance(each, ssl.SSLError) for each in causes):
        return "the certificates of the scheduler and of this machine do not fit, or are of two authorities."
    return ""


def _gone(address: str) -> Problem:
    """Return the problem of a scheduler to which the connection was lost."""
    return Problem(
        "scheduler-gone", address, "the connection to the scheduler was lost.", "Look whether it runs."
    )


def _no_workers(address: str) -> Problem:
    """Return the problem of a scheduler that has nobody to give work to."""
    what = f"the scheduler has had no worker for {FIRST_WORKER:.0f} seconds."
    return Problem("scheduler-without-workers", address, what, "Start some; docs/operators.md says how.")
