"""What a worker of a cluster does: it says what it has, is given the look once, and makes jobs as a local build makes them.

A worker is a process of dask with one thread or several. Each thread has one process below it, within the limits of `workers`;
so what is slow, too large or deadly costs itself, and the worker goes on.
"""

from __future__ import annotations

import hashlib
import pickle
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from multiprocessing import current_process
from pathlib import Path
from threading import Lock
from typing import Any

import handouts
from handouts.cluster.store import PROBES, Store
from handouts.dependencies import versions_of
from handouts.library.cache import cache_folder, cached, keep, prune, unpacked
from handouts.library.crew import cost_of
from handouts.library.jobs import Job
from handouts.library.make import make_rendition
from handouts.pdf import fonts
from handouts.sources.look import Look, code_digest, library_versions
from handouts.workers import Processes

MOST_SHOWN = 5  # differences that are named
MOST_POSTS = 16  # builds at the same time whose looks are kept
EXTRA = "cluster"


@dataclass(frozen=True)
class Credentials:
    """What decides the bytes of a page on a machine: the code, versions by name, and digests of font files by family and weight."""

    code: str
    versions: Mapping[str, str]
    faces: Mapping[tuple[str, int], str]


@dataclass(frozen=True)
class Given:
    """What a worker is given before its first job. `probe` is the name of what lies in the store, if there is a store."""

    look: Look
    families: tuple[str, ...]
    store: Store | None = None
    probe: str = ""


@dataclass(frozen=True)
class Greeting:
    """What a worker answers: what it has, and what keeps it from using the store."""

    credentials: Credentials
    trouble: str = ""


@dataclass(frozen=True)
class Task:
    """Jobs that go to a worker together, and what some of them are made of, by its key. A `direct` one sends back the bytes."""

    function: Callable[[Job, Look, Path], Any]
    jobs: tuple[Job, ...]
    parts: Mapping[str, bytes] = field(default_factory=dict)
    direct: bool = False


class OtherCodeError(Exception):
    """The code of a worker was changed on its disk while it ran; says where that worker is."""


def credentials(families: Iterable[str]) -> Credentials:
    """Return what this machine has; a face that it lacks has no digest."""
    there = fonts.installed()
    faces = {
        (family, weight): fonts.file_digest(there[family, weight].path) if (family, weight) in there else ""
        for family in families
        for weight in fonts.WEIGHTS
    }
    return Credentials(code_digest(), {**library_versions(), **versions_of(EXTRA)}, faces)


def differences(ours: Credentials, theirs: Credentials) -> str:
    """Return in what a worker differs from this machine, in a line; nothing where it does not."""
    found = [] if ours.code == theirs.code else ["it has other code of this project"]
    for name in sorted({*ours.versions, *theirs.versions}):
        here, there = ours.versions.get(name, "none"), theirs.versions.get(name, "none")
        found += [] if here == there else [f"{name} is {there} there and {here} here"]
    for (family, weight), digest in sorted(ours.faces.items()):
        face, there = f"{family} {fonts.WEIGHTS[weight]}", theirs.faces.get((family, weight), "")
        if there != digest:
            found.append(f"the font {face} is {_of_faces(digest, there)}")
    more = f", and {len(found) - MOST_SHOWN} more" if len(found) > MOST_SHOWN else ""
    return "; ".join(found[:MOST_SHOWN]) + more


def _of_faces(here: str, there: str) -> str:
    """Return how the font files of two machines differ."""
    if here and there:
        return "another file"
    return "missing there" if here else "missing here"


class _Post:
    """What was given, the cache of this worker, and the processes that wait for more of it."""

    def __init__(self, given: Given) -> None:
        self.given = given
        self.cache, _ = cache_folder(Path(handouts.__path__[0]).absolute().parent)
        self.is_over = False  # then nothing waits for more
        self._idle: list[Processes[Any, Any]] = []

    @contextmanager
    def process(self) -> Iterator[Processes[Any, Any]]:
        """Lend a process that no other thread uses; one that is kept from before where there is one."""
        with _LOCK:
            lent = self._idle.pop() if self._idle else None
        shared = (self.given.look, self.cache, self.given.store)
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
_posts: dict[str, _Post] = {}


def name_of(given: bytes) -> str:
    """Return what is given to a worker is called by: its digest."""
    return hashlib.sha256(given).hexdigest()


def greet(data: bytes) -> Greeting:
    """Take what is given to this worker, and say what it has. Processes that wait for what others have given end."""
    given: Given = pickle.loads(data)  # noqa: S301 - a scheduler runs whatever its clients send it: docs/operators.md
    # Dask starts a worker as a process that may have no children, lest they outlive it. Ours end with it.
    current_process().daemon = False
    post = _Post(given)
    prune(post.cache)
    with _LOCK:
        others = list(_posts.values())
        _posts[name_of(data)] = post
        former = list(_posts)[:-MOST_POSTS]
    for other in others:
        other.rest()
    for name in former:  # of builds that were killed, say; one that is not over greets again
        rest(name)
    trouble = _trouble(given.store, given.probe) if given.store else ""
    return Greeting(credentials(given.families), trouble)


def _trouble(store: Store, probe: str) -> str:
    """Return what keeps this worker from using a store, as a sentence: it does not see what lies there, or may not write."""
    if store.read(f"{PROBES}/{probe}") is None:
        problem = store.problem()
        return problem.what if problem else "it does not see what others put there."
    own = f"{PROBES}/{probe}-{uuid.uuid4().hex}"
    refused = store.write(own, b"seen")
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
    """Return this worker's address and the results of a task, in the order of its jobs; None in their place where it was never greeted.

    Raises OtherCodeError, and what the function of the task raises.
    """
    from distributed import get_worker

    address, post = get_worker().address, _posts.get(name)
    if post is None:
        return address, None
    task: Task = pickle.loads(data)  # noqa: S301 - as above
    items = [(task.function, job, _parts(job, task.parts), task.direct) for job in task.jobs]
    try:
        with post.process() as lent:
            # One process works on one after the other.
            results = [result for _, result in lent.run_each(items)]
    except OtherCodeError:
        raise OtherCodeError(address) from None
    return address, pickle.dumps(results)


def _parts(job: Job, parts: Mapping[str, bytes]) -> tuple[bytes, ...]:
    """Return what was sent of the parts of a job."""
    return tuple(parts.get(part.key, b"") for part in job.parts)


def _make_one(
    item: tuple[Callable[[Job, Look, Path], Any], Job, Sequence[bytes], bool],
    look: Look,
    cache: Path,
    store: Store | None,
) -> Any:
    """Return the result of a job: from the store, or made now; what is kept in the store comes back without its bytes."""
    function, job, parts, direct = item
    if code_digest() != look.code:
        raise OtherCodeError
    shared = store if function is make_rendition and not direct else None
    found = shared.found(job) if shared else None
    if found:
        return replace(found, data=b"")
    for part, sent in zip(job.parts, parts, strict=True):
        _take(part, sent, cache, store)
    made = function(job, look, cache)
    if shared and not made.failed and shared.keep(made):
        return replace(made, data=b"")
    return made


def _take(part: Job, sent: bytes, cache: Path, store: Store | None) -> None:
    """Put a part of a job into this worker's cache, from what was sent or from the store."""
    if cached(cache, part):
        return
    found = unpacked(part, sent) or (store.found(part) if store else None)
    if found:
        keep(cache, found)
