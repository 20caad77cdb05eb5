"""One function over many items, in forked processes where that pays."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

_inherited: Callable[[Any], Any] | None = None  # the function of the forked workers: a closure cannot be sent


def map_forked(function: Callable[[Item], Result], items: Iterable[Item], *, pays: bool) -> list[Result]:
    """Return the results in order; from one forked worker a processor if it `pays`, else from this process.

    The workers inherit everything as it is now; only items and results are pickled. A process that has other threads
    is never forked: a lock that one of them holds would stay shut in the child.
    """
    global _inherited  # noqa: PLW0603 - set before the workers are forked, for them alone
    todo: Sequence[Item] = list(items)
    alone = threading.active_count() == 1 and "fork" in multiprocessing.get_all_start_methods()
    workers = min(len(todo), os.cpu_count() or 1)
    if not pays or not alone or workers < 2:  # noqa: PLR2004 - one worker is this process
        return [function(item) for item in todo]
    _inherited = function
    try:
        with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("fork")) as pool:
            return list(pool.map(_call, todo))
    finally:
        _inherited = None


def _call(item: Any) -> Any:
    """Call the inherited function, in a worker."""
    assert _inherited  # noqa: S101 - it was set before this worker was forked
    return _inherited(item)


@contextmanager
def spawned(workers: int) -> Iterator[ProcessPoolExecutor]:
    """Yield a pool of fresh processes, which leave Ctrl-C to this one.

    When the block ends by an exception, what has not been begun is dropped; what has been is waited for.
    """
    pool = ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"))
    with _deaf_to_interrupts():  # inherited by the workers, which would each print a traceback
        for _ in range(workers):
            pool.submit(int)  # a worker is born when there is something to do
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """Ignore SIGINT for as long as it takes, in the one thread that can say so."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
