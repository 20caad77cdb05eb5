"""Work shared out to fresh processes, each of which has one item at a time, limits of time and memory, and ends with its parent.

The standard library's pools lose every piece of work when one process is killed, wait for what is being worked on when
they are stopped, and leave their processes behind when they are killed themselves. For short work that needs no limits see `parallel`.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from types import FrameType
from typing import Any, Generic, Literal, Self, TypeVar

from handouts.stopping import holding_interrupts

Item = TypeVar("Item")
Result = TypeVar("Result")
Reason = Literal["killed", "slow", "memory"]
PR_SET_PDEATHSIG = 1  # prctl(2): the signal that a process gets when the one that started it ends
UP, START = "up", 120.0  # what a process says first, and the seconds it may take until then
GRACE = 1.0  # seconds in which a process that has nothing to do ends by itself
MOST_TRIES = 2  # of an item whose process was killed: it may have been another's fault


@dataclass(frozen=True)
class Limits:
    """What one item may take, in seconds and in bytes of address space, and how many items a process works on; light ones count less.

    A process that has worked on many is renewed as a safeguard: no memory that is known of is left behind, but a new version of a
    library may bring some.
    """

    seconds: float = 120
    memory: int = 4 << 30
    items: int = 500


@dataclass(frozen=True)
class Lost:
    """Why an item has no result: its process was `killed` each time, or it took too long, or too much memory; `at` which other machine."""

    reason: Reason
    at: str = ""


class SlowError(BaseException):
    """An item has taken longer than it may; no handler of ordinary exceptions stands in its way."""


@dataclass(eq=False)
class _Process(Generic[Item]):
    """A process, our end of the line to it, what it is working on since when, and how much it has worked on."""

    process: Any
    line: Connection
    item: Item | None = None
    since: float = 0.0
    load: float = 0.0
    ready: bool = False


def as_one(_: object) -> float:
    """Return what an item counts, where all count alike."""
    return 1.0


def run_each(
    function: Callable[..., Result],
    items: Iterable[Item],
    processes: int,
    *,
    shared: tuple[Any, ...] = (),
    limits: Limits | None = None,
    weigh: Callable[[Item], float] = as_one,
) -> Iterator[tuple[Item, Result | Lost]]:
    """Yield each item with `function(item, *shared)`, as it comes; on so many fresh processes, on this one where that is enough.

    `shared` is sent to a process once. `weigh` says how much an item counts until a process is renewed. An item whose process is killed is worked on once more; no other is touched. When
    the caller stops, by an exception or by taking no more, all processes end at once; when this process is killed,
    they end with it. Raises what `function` raises.
    """
    todo = list(items)
    allowed = limits or Limits()
    if processes == 1 or len(todo) <= 1:
        yield from ((item, _run_here(function, item, shared, allowed)) for item in todo)
        return
    crew: Processes[Item, Result] = Processes(function, processes, shared=shared, limits=allowed, weigh=weigh)
    with crew:
        yield from crew.run_each(todo)


class Processes(Generic[Item, Result]):
    """Processes of `run_each` that stay from one call to the next, for work that comes a piece at a time: they end with the block.

    Each of them is used by one thread at a time.
    """

    def __init__(
        self,
        function: Callable[..., Result],
        most: int,
        *,
        shared: tuple[Any, ...] = (),
        limits: Limits | None = None,
        weigh: Callable[[Item], float] = as_one,
    ) -> None:
        self._limits, self._weigh = limits or Limits(), weigh
        self._most, self._work = most, (function, shared, self._limits)
        self._crew: list[_Process[Item]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def run_each(self, items: Iterable[Item]) -> Iterator[tuple[Item, Result | Lost]]:
        """Do what the function of that name does, and leave the processes waiting where all of it was taken."""
        todo, killed = deque(items), dict[int, int]()
        finished = False
        try:
            while todo or any(each.item is not None for each in self._crew):
                _occupy(self._crew, todo, min(self._most, len(todo)), self._work)
                for each in _heard(self._crew, self._limits):
                    item, result = _result(each)
                    each.load += self._weigh(item)
                    if result == Lost("killed") and killed.setdefault(id(item), 0) + 1 < MOST_TRIES:
                        killed[id(item)] += 1
                        todo.appendleft(item)
                    else:
                        yield item, result
                    if isinstance(result, Lost) or each.load >= self._limits.items:
                        _end(each)
                        self._crew.remove(each)
            finished = True
        finally:
            if not finished:
                self.end()

    def end(self) -> None:
        """End all of them, whatever they are doing."""
        crew, self._crew = self._crew, []
        for each in crew:
            each.line.close()
        for each in crew:
            _end(each)


def _occupy(crew: list[_Process[Item]], todo: deque[Item], most: int, work: tuple[Any, ...]) -> None:
    """Give every free process an item, and start processes as long as there is something to do for them."""
    free = [each for each in crew if each.item is None]
    while todo and (free or len(crew) < max(most, 1)):
        if not free:
            crew.append(_start(*work))
            free.append(crew[-1])
        each = free.pop()
        each.item, each.since = todo.popleft(), time.monotonic()
        try:
            each.line.send(each.item)
        except OSError:
            continue  # it has ended: that is heard next


def _heard(crew: list[_Process[Item]], limits: Limits) -> list[_Process[Item]]:
    """Wait until something can be heard of a process, or one has taken too long; return these.

    The time of an item begins when its process is up.
    """
    busy = [each for each in crew if each.item is not None]
    ends = min(each.since + limits.seconds if each.ready else each.since + START for each in busy)
    heard = wait([each.line for each in busy], max(0.0, ends - time.monotonic()))
    for each in busy:
        if each.line in heard and not each.ready:
            heard.remove(each.line)
            each.ready = _is_up(each)
            each.since = time.monotonic() if each.ready else 0.0  # one that never came up is over its time
    now = time.monotonic()
    return [
        each
        for each in busy
        if each.line in heard or now - each.since >= (limits.seconds if each.ready else START)
    ]


def _is_up(each: _Process[Any]) -> bool:
    """Whether a process says that it is up; one that was killed before says nothing any more."""
    try:
        return bool(each.line.recv() == UP)
    except (EOFError, OSError):
        return False


def _result(each: _Process[Item]) -> tuple[Item, Any]:
    """Return the item of a process with its result, or with why there is none. Raises what the function raised."""
    item, each.item = each.item, None
    assert item is not None  # noqa: S101 - it was busy
    if not each.ready:
        return item, Lost("killed")
    if not each.line.poll():
        return item, Lost("slow")
    try:
        answer = each.line.recv()
    except (EOFError, OSError):
        return item, Lost("killed")
    if isinstance(answer, Exception):
        raise answer
    return item, answer


def _start(function: Callable[..., Any], shared: tuple[Any, ...], limits: Limits) -> _Process[Any]:
    """Start a process that waits for items."""
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(
        target=_serve, args=(theirs, os.getpid(), function, shared, limits.memory), daemon=True
    )
    with holding_interrupts():
        process.start()
    theirs.close()  # so that the end of the process is heard
    return _Process(process, ours)


def _end(each: _Process[Any]) -> None:
    """End a process: one that waits for an item ends in order as its line closes, any other at once, whatever it is doing."""
    each.line.close()
    if each.item is None and each.ready:
        each.process.join(GRACE)
    each.process.kill()
    each.process.join()


def _serve(
    line: Connection, parent: int, function: Callable[..., Any], shared: tuple[Any, ...], memory: int
) -> None:
    """Work on what comes in, in a process of its own; once nobody listens to it any more, it ends without a word."""
    end_with(parent)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):
        line.send(UP)
        while True:
            item = line.recv()
            try:
                answer = function(item, *shared)
            except MemoryError:
                answer = Lost("memory")
            except Exception as error:  # noqa: BLE001 - raised again where it was asked for
                answer = error
            line.send(answer)


def end_with(parent: int) -> None:
    """Let this process be killed as soon as the one that started it has ended, in whatever way (Linux)."""
    libc = ctypes.CDLL(None, use_errno=True)
    if hasattr(libc, "prctl"):
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)  # it had ended before


def _run_here(
    function: Callable[..., Result], item: Item, shared: tuple[Any, ...], limits: Limits
) -> Result | Lost:
    """Return the result of an item in this process; within its limits on the main thread.

    On another thread there are none: a signal reaches the main thread only, and memory is limited for a whole process,
    so that one of several threads would leave its own limit behind in place of what held before.
    """
    if threading.current_thread() is not threading.main_thread():
        return function(item, *shared)
    try:
        with _in_time(limits.seconds), _in_memory(limits.memory):
            return function(item, *shared)
    except SlowError:
        return Lost("slow")
    except MemoryError:
        return Lost("memory")


@contextmanager
def _in_memory(most: int) -> Iterator[None]:
    """Let the block take no more address space; afterwards the limit of before holds again."""
    before = resource.getrlimit(resource.RLIMIT_AS)
    asked = [limit for limit in (most, *before) if limit != resource.RLIM_INFINITY]
    resource.setrlimit(resource.RLIMIT_AS, (min(asked), before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


@contextmanager
def _in_time(seconds: float) -> Iterator[None]:
    """Raise SlowError in the block when it takes longer."""

    def late(_: int, __: FrameType | None) -> None:
        raise SlowError

    before = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
