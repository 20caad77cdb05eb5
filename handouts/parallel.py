"""The same question about many things, on all processors where that pays."""

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
Answer = TypeVar("Answer")

_ask: Callable[[Any], Any] | None = None  # what forked workers inherit: a closure need not be sent


def ask_all(question: Callable[[Item], Answer], items: Iterable[Item], *, pays: bool) -> list[Answer]:
    """Return the answers in order; from forked workers if it `pays` and this process has no other thread.

    The workers see everything as it is now; only the items and the answers are sent.
    """
    global _ask  # noqa: PLW0603 - set before the workers are born, for them alone
    todo: Sequence[Item] = list(items)
    alone = threading.active_count() == 1 and "fork" in multiprocessing.get_all_start_methods()
    workers = min(len(todo), os.cpu_count() or 1)
    if not pays or not alone or workers < 2:  # noqa: PLR2004 - one worker is this one
        return [question(item) for item in todo]
    _ask = question
    try:
        with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("fork")) as pool:
            return list(pool.map(_answer, todo))
    finally:
        _ask = None


def _answer(item: Any) -> Any:
    """Answer, in a worker."""
    assert _ask  # noqa: S101 - it was set before this worker was born
    return _ask(item)


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
