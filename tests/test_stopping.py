"""A process that is asked to stop says how far it came, and leaves nothing half done."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest

from handouts.stopping import SIGNALS, StoppedError, finishing, stop_in_order, stopped


@pytest.fixture(autouse=True)
def handlers() -> Iterator[None]:
    """Put the handlers of signals back."""
    numbers = (signal.SIGINT, *SIGNALS)
    before = {number: signal.getsignal(number) for number in numbers}
    yield
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
