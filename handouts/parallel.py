"""One function over many items, in forked processes where that pays: short work on what this process has read (see `workers`)."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Any, TypeVar

from handouts.stopping import holding_interrupts, leave_signals_to_parent
from handouts.workers import end_with

Item = TypeVar("Item")
Result = TypeVar("Result")

_inherited: Callable[[Any], Any] | None = None  # the function of the forked workers: a closure cannot be sent


def map_forked(function: Callable[[Item], Result], items: Iterable[Item], *, pays: bool) -> list[Result]:
    """Return the results in order; from one forked worker a processor if it `pays`, else from this process.

    The workers inherit everything as it is now; only items and results are pickled. A process that has other threads
    is never forked: a lock that one of them holds would stay shut in the child. Nor is one that may have no semaphores:
    they lie in `/dev/shm`, which some machines keep shut.
    """
    global _inherited  # noqa: PLW0603 - set before the workers are forked, for them alone
    todo: Sequence[Item] = list(items)
    alone = threading.active_count() == 1 and "fork" in multiprocessing.get_all_start_methods()
    workers = min(len(todo), os.cpu_count() or 1)
    if not pays or not alone or workers < 2 or not has_semaphores():  # noqa: PLR2004 - one worker is this process
        return [function(item) for item in todo]
    _inherited = function
    try:
        context = multiprocessing.get_context("fork")
        with ProcessPoolExecutor(workers, context, initializer=_begin, initargs=(os.getpid(),)) as pool:
            with holding_interrupts():
                results = pool.map(_call, todo)  # all workers are forked here
            return list(results)
    finally:
        _inherited = None


def has_semaphores() -> bool:
    """Whether processes can have a lock in common."""
    try:
        multiprocessing.get_context("fork").Lock()
    except (OSError, ImportError):
        return False
    return True


def _begin(parent: int) -> None:
    """Make a forked worker one that lives and ends with its parent."""
    leave_signals_to_parent()
    end_with(parent)


def _call(item: Any) -> Any:
    """Call the inherited function, in a worker."""
    assert _inherited  # noqa: S101 - it was set before this worker was forked
    return _inherited(item)
