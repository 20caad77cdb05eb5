"""A process that is asked to stop ends in order: by Ctrl-C, by SIGTERM, by the end of its terminal."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGTERM, signal.SIGHUP)
RETRY_AFTER = 0.05  # seconds after which an interrupt that was lost is raised again


class StoppedError(KeyboardInterrupt):
    """The process was asked to stop, by the signal of that number; it says how far it had come, and how to go on."""

    def __init__(self, number: int, said: str = "") -> None:
        super().__init__(said)
        self.number, self.said = number, said


def stopped(cause: KeyboardInterrupt, said: str) -> StoppedError:
    """Return what a stopped process says in the end, by the same signal as its cause: Ctrl-C where that names none."""
    return StoppedError(cause.number if isinstance(cause, StoppedError) else signal.SIGINT, said)


def stop_in_order() -> None:
    """From now on, raise StoppedError where a signal would end this process at once, and lose no interrupt.

    A signal that is ignored stays so: `nohup` asks for that.
    """
    for number in SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _stop)
    sys.unraisablehook = _again


def _stop(number: int, _: FrameType | None) -> None:
    """Raise StoppedError once: a second signal would interrupt what is being put in order."""
    signal.signal(number, signal.SIG_IGN)
    raise StoppedError(number)


def _again(lost: sys.UnraisableHookArgs) -> None:
    """Raise an interrupt again that came where Python can raise nothing, as while it frees an object or ends an import.

    Python would print it and go on (https://docs.python.org/3/library/sys.html#sys.unraisablehook).
    """
    error = lost.exc_value
    if not isinstance(error, KeyboardInterrupt):
        sys.__unraisablehook__(lost)
        return
    number = error.number if isinstance(error, StoppedError) else signal.SIGINT
    if number in SIGNALS:
        signal.signal(number, _stop)
    later = threading.Timer(RETRY_AFTER, signal.pthread_kill, [threading.main_thread().ident, number])
    later.daemon = True
    later.start()


@contextmanager
def holding_interrupts() -> Iterator[None]:
    """Hold Ctrl-C back for as long as the block takes; a process that is started in it never hears one.

    A terminal interrupts every process of a command, and the one that asked ends the others. Blocked, not ignored: an
    interrupt that is ignored would be lost for that process as well. Where the process has other threads, one of them may take
    it at once: it is raised in the block, and not lost either.
    """
    from multiprocessing import resource_tracker  # not for a command that starts no process

    resource_tracker.ensure_running()  # or it would be started in the block, and lift the mask
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def leave_signals_to_parent() -> None:
    """Let a forked worker be ended at once by a signal, without a word: its parent says what there is to say."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for number in SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)


@contextmanager
def finishing() -> Iterator[None]:
    """Let the block come to its end before the process stops: a file is delivered and listed, an e-mail handed over.

    A second signal stops it at once, where the block itself hangs. Only the main thread hears signals.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    asked: list[int] = []

    def wait(number: int, _: FrameType | None) -> None:
        if asked:
            raise StoppedError(number)
        asked.append(number)

    numbers = [
        n for n in (signal.SIGINT, *SIGNALS) if signal.getsignal(n) not in (signal.SIG_IGN, signal.SIG_DFL)
    ]
    before = {number: signal.signal(number, wait) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    if asked:
        raise StoppedError(asked[0])
