"""What a worker of a cluster does: it says what it has, is given the look once, and makes jobs as a local build makes them.

A worker is a process of dask with one thread or several. Each thread has one process below it, within the limits of `workers`;
so what is slow, too large or deadly costs itself, and the worker goes on. What it keeps lies in the folder that dask gives each
worker on its own disk (`--local-directory`), and goes with it.
"""

from __future__ import annotations

import asyncio
import hashlib
import pickle
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from multiprocessing import current_process
from pathlib import Path
from threading import Lock, Thread
from typing import Any

from handouts.cluster.greeting import Credentials, Greeting, credentials
from handouts.cluster.refusals import OtherCodeError, fault_of
from handouts.cluster.store import PROBES, SEEN, Store
from handouts.cluster.tasks import Answer, Outcome, Task, WorkerInput, outcome_of
from handouts.crashes import PROGRAM_FAULT, recorded
from handouts.library.cache import cache_folder, cached, keep, prune, unpacked
from handouts.library.crew import cost_of
from handouts.library.jobs import Job, Made
from handouts.library.make import make_rendition
from handouts.problems import Problem
from handouts.sources.look import Look, code_digest
from handouts.workers import Processes

MOST_POSTS = 16  # builds at the same time whose looks are kept
STORE_ANSWER = 20.0  # seconds in which a store must answer: a folder that is mounted may hang for ever


class _Post:
    """What was given, where this worker keeps what it makes, and the processes that wait for more of it."""

    def __init__(self, given: WorkerInput, address: str, cache: Path) -> None:
        self.given, self.address, self.cache = given, address, cache
        self.is_over = False  # then nothing waits for more
        self._idle: list[Processes[Any, Any]] = []

    @contextmanager
    def process(self) -> Iterator[Processes[Any, Any]]:
        """Lend a process that no other thread uses; one that is kept from before where there is one."""
        with _LOCK:
            lent = self._idle.pop() if self._idle else None
        shared = (self.given.look, self.cache, self.given.store, self.address)
        lent = lent or Processes(_make_one, 1, shared=shared, weigh=lambda item: cost_of(item[1]))
        try:
            yield lent
        except BaseException:
            lent.end()
            raise
        with _LOCK:
            is_over = self.is_over
            self._idle += [] if is_over else [lent]
        if is_over:
            lent.end()

    def rest(self) -> None:
        """End the processes that wait."""
        with _LOCK:
            idle, self._idle = self._idle, []
        for each in idle:
            each.end()


_LOCK = Lock()
_posts: dict[str, _Post] = {}  # by what was given; those of the builds that were heard of last come last


def name_of(given: bytes) -> str:
    """Return what is given to a worker is called by: its digest."""
    return hashlib.sha256(given).hexdigest()


async def greet(data: bytes, dask_worker: Any) -> dict[str, Any]:
    """Take what is given to this worker, and say what it has, in plain values. The worker does what else it does meanwhile."""
    greeting = await asyncio.to_thread(greeted, data, dask_worker.address, Path(dask_worker.local_directory))
    return greeting.sent()


def greeted(data: bytes, address: str, folder: Path) -> Greeting:
    """Take what is given to the worker at an address, which keeps things in a folder; return what it has. Raises nothing.

    Who greets it again gets the same answer, and what works meanwhile goes on.
    """
    cache = folder
    try:
        # Dask starts a worker as a process that may have no children, lest they outlive it. Ours end with it.
        current_process().daemon = False
        cache, _ = cache_folder(folder)
        given: WorkerInput = pickle.loads(data)  # noqa: S301 - a scheduler runs whatever its clients send it: docs/operators.md
        _take_post(name_of(data), _Post(given, address, cache))
        trouble = _trouble_in_time(given.store, given.probe) if given.store else ""
        return Greeting(credentials(given.families), trouble)
    except Exception as error:  # noqa: BLE001 - whatever keeps a worker from its work is told with its address
        return Greeting(Credentials(code_digest()), fault=fault_of(address, error, cache))


def _take_post(name: str, post: _Post) -> None:
    """Have a post for a build, if there is none yet. Processes that wait for more of others end, and of very old builds the posts."""
    with _LOCK:
        if name in _posts:
            return
        others = list(_posts.values())
        _posts[name] = post
        former = list(_posts)[:-MOST_POSTS]
    prune(post.cache)
    for other in others:
        other.rest()
    for old in former:  # of builds that were killed, say; one that is not over greets again
        rest(old)


def _trouble_in_time(store: Store, probe: str) -> str:
    """Return what keeps this worker from using a store, as a sentence; that it does not answer is such a thing."""
    said: list[str] = []
    asking = Thread(target=lambda: said.append(_trouble(store, probe)), daemon=True)
    asking.start()
    asking.join(STORE_ANSWER)
    return said[0] if said else f"it has waited for that for {STORE_ANSWER:.0f} seconds."


def _trouble(store: Store, probe: str) -> str:
    """Return what keeps this worker from using a store, as a sentence: it does not see what lies there, or may not write."""
    if store.read(f"{PROBES}/{probe}") != SEEN:
        problem = store.problem()
        return problem.what if problem else "it does not see what others put there."
    own = f"{PROBES}/{probe}-{uuid.uuid4().hex}"
    refused = store.write(own, SEEN)
    store.remove(own)
    return f"it cannot write there: {refused}." if refused else ""


def rest(name: str) -> None:
    """Forget what was given under a name; its processes end, those that work when they are done."""
    with _LOCK:
        post = _posts.pop(name, None)
        if post:
            post.is_over = True
    if post:
        post.rest()


def work(name: str, data: bytes) -> tuple[str, bytes | None]:
    """Return this worker's address and its `Answer` to a task, pickled; None in its place where it was never greeted."""
    from distributed import get_worker

    address = get_worker().address
    with _LOCK:
        post = _posts.pop(name, None)
        if post:
            _posts[name] = post  # the last that was heard of
    if post is None:
        return address, None
    try:
        answer = _answer(post, pickle.loads(data))  # noqa: S301 - as above
    except Exception as error:  # noqa: BLE001 - as above
        answer = Answer(fault=fault_of(address, error, post.cache), traces=recorded(post.cache))
    return address, pickle.dumps(answer)


def _answer(post: _Post, task: Task) -> Answer:
    """Return what comes of a task: of all its jobs, or the first fault that is none of theirs."""
    items = [(task.function, job, _parts(job, task.parts), task.direct) for job in task.jobs]
    results = []
    with post.process() as lent:
        # One process works on one after the other.
        for _, result in lent.run_each(items):
            if isinstance(result, Problem):
                return Answer(fault=result, traces=recorded(post.cache))
            results.append(result)
    told = (problem for each in results if isinstance(each, Outcome) for problem in each.problems)
    has_traces = any(problem.code == PROGRAM_FAULT for problem in told)
    return Answer(tuple(results), traces=recorded(post.cache) if has_traces else "")


def _parts(job: Job, parts: Mapping[str, bytes]) -> tuple[bytes, ...]:
    """Return what was sent of the parts of a job."""
    return tuple(parts.get(part.key, b"") for part in job.parts)


def _make_one(
    item: tuple[Callable[[Job, Look, Path], Any], Job, Sequence[bytes], bool],
    look: Look,
    cache: Path,
    store: Store | None,
    address: str,
) -> Any:
    """Return the result of a job, or the problem of this worker that keeps it from making any. Raises MemoryError.

    It is told here, where the trace of a fault is known.
    """
    try:
        return _made(item, look, cache, store)
    except MemoryError:
        raise  # the job's own: it has taken more than it may
    except Exception as error:  # noqa: BLE001 - as above
        return fault_of(address, error, cache)


def _made(
    item: tuple[Callable[[Job, Look, Path], Any], Job, Sequence[bytes], bool],
    look: Look,
    cache: Path,
    store: Store | None,
) -> Any:
    """Return the result of a job: from the store, or made now; what is kept in the store is sent without its bytes."""
    function, job, parts, direct = item
    if code_digest() != look.code:
        raise OtherCodeError
    shared = store if function is make_rendition and not direct else None
    found = shared.found(job) if shared else None
    if found:
        return outcome_of(found, in_store=True)
    for part, sent in zip(job.parts, parts, strict=True):
        _take(part, sent, cache, store)
    made = function(job, look, cache)
    if not isinstance(made, Made):
        return made
    return outcome_of(made, in_store=bool(shared and not made.failed and shared.keep(made)))


def _take(part: Job, sent: bytes, cache: Path, store: Store | None) -> None:
    """Put a part of a job into this worker's cache, from what was sent or from the store."""
    if cached(cache, part):
        return
    found = unpacked(part, sent) or (store.found(part) if store else None)
    if found:
        keep(cache, found)
