"""A process that is asked to stop says how far it came, and leaves nothing half done."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator

import pytest

from handouts.stopping import (
    SIGNALS,
    StoppedError,
    finishing,
    holding_interrupts,
    leave_signals_to_parent,
    stop_in_order,
    stopped,
)


@pytest.fixture(autouse=True)
def handlers() -> Iterator[None]:
    """Put the handlers of signals back."""
    numbers = (signal.SIGINT, *SIGNALS)
    before, hook = {number: signal.getsignal(number) for number in numbers}, sys.unraisablehook
    yield
    sys.unraisablehook = hook
    for number, handler in before.items():
        signal.signal(number, handler)


def interrupted(done: list[str], *numbers: int) -> None:
    """Be interrupted by signals in the middle of something."""
    with finishing():
        for number in numbers:
            os.kill(os.getpid(), number)
        done.append("the rest")


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_becomes_an_exception(number: signal.Signals) -> None:
    """So that what is open is put in order; a second one does not interrupt that."""
    stop_in_order()
    with pytest.raises(StoppedError) as caught:
        os.kill(os.getpid(), number)
    assert caught.value.number == number
    os.kill(os.getpid(), number)


def test_nohup_is_obeyed() -> None:
    """A signal that is ignored stays ignored."""
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    stop_in_order()
    os.kill(os.getpid(), signal.SIGHUP)
    assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_what_is_begun_is_finished_first(number: signal.Signals) -> None:
    """The block comes to its end, then the process stops."""
    stop_in_order()
    done: list[str] = []
    with pytest.raises(StoppedError) as caught:
        interrupted(done, number)
    assert done == ["the rest"]
    assert caught.value.number == number


def test_a_second_signal_stops_at_once() -> None:
    """A block that hangs can be left."""
    done: list[str] = []
    with pytest.raises(StoppedError):
        interrupted(done, signal.SIGINT, signal.SIGINT)
    assert done == []


def test_what_is_said_in_the_end_names_the_first_signal() -> None:
    """Ctrl-C where none is named."""
    assert stopped(KeyboardInterrupt(), "3 of 9").number == signal.SIGINT
    assert stopped(StoppedError(signal.SIGTERM), "3 of 9").number == signal.SIGTERM


class Freed:
    """Sends a signal to this process while it is freed, where Python can raise nothing."""

    def __init__(self, number: int) -> None:
        self.number = number

    def __del__(self) -> None:
        os.kill(os.getpid(), self.number)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_is_not_lost_where_nothing_can_be_raised(
    number: signal.Signals,
) -> None:
    """In a destructor Python prints the exception and goes on: it is raised again behind it."""
    stop_in_order()

    def free() -> None:
        Freed(number)
        time.sleep(10)

    with pytest.raises(KeyboardInterrupt) as caught:
        free()
    assert getattr(caught.value, "number", signal.SIGINT) == number


def test_an_interrupt_that_is_held_back_is_not_lost() -> None:
    """It comes while workers are being started: the command stops all the same, as soon as they are."""
    done: list[str] = []

    def start_workers() -> None:
        with holding_interrupts():
            # Sent to the process, it would be taken at once by any other thread.
            signal.pthread_kill(threading.get_ident(), signal.SIGINT)
            done.append("the rest")

    with pytest.raises(KeyboardInterrupt):
        start_workers()
    assert done == ["the rest"]


def test_a_forked_worker_ends_without_a_word() -> None:
    """Ctrl-C is its parent's; what asks it to stop ends it as if nobody had said what else to do."""
    stop_in_order()
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    leave_signals_to_parent()
    asked = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)]
    assert asked == [signal.SIG_IGN, signal.SIG_DFL, signal.SIG_IGN]
