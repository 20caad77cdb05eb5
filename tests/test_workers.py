"""Work in other processes: what is killed, slow or too large costs itself and nothing else."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from handouts.workers import Limits, Lost, Processes, _start, run_each
from tests.conftest import ROOT
from tests.items import (
    always_killed,
    double,
    failing,
    greedy,
    killed_once,
    never_hears_interrupts,
    process_number,
    sleepy,
)

LATE = """
import sys, time
from handouts.workers import run_each
from tests.items import note_and_sleep
if __name__ == "__main__":
    print([result for _, result in run_each(note_and_sleep, [1, 2], 2, shared=(sys.argv[1],))])
"""


@pytest.mark.parametrize("processes", [1, 2])
def test_every_item_has_its_result(processes: int) -> None:
    """Whatever the number of processes, and with what is shared among them."""
    found = dict(run_each(double, range(9), processes, shared=(1,)))
    assert found == {number: 2 * number + 1 for number in range(9)}


def test_an_item_whose_process_is_killed_is_worked_on_again(tmp_path: Path) -> None:
    """A process that the machine kills costs nothing but time."""
    found = dict(run_each(killed_once, range(6), 2, shared=(str(tmp_path),)))
    assert (tmp_path / "killed").exists()
    assert found == {number: number for number in range(6)}


@pytest.mark.parametrize(
    ("function", "reason"), [(always_killed, "killed"), (sleepy, "slow"), (greedy, "memory")]
)
def test_what_cannot_be_done_costs_itself_and_no_other(function: Callable[[int], int], reason: str) -> None:
    """An item that kills its process twice, never ends, or takes too much is told with the reason; all others are done."""
    found = dict(run_each(function, range(6), 2, limits=Limits(seconds=2, memory=3 << 30)))
    assert found == {number: Lost(reason) if number == 3 else number for number in range(6)}  # type: ignore[arg-type]


def test_what_takes_too_long_ends_in_this_process_as_well() -> None:
    """One item needs no other process, and has the same limit of time."""
    assert list(run_each(sleepy, [3], 4, limits=Limits(seconds=0.2))) == [(3, Lost("slow"))]


def test_what_takes_too_much_memory_is_told_in_this_process_as_well() -> None:
    """One item needs no other process; afterwards the limit is as it was."""
    before = resource.getrlimit(resource.RLIMIT_AS)
    assert list(run_each(greedy, [3], 4, limits=Limits(memory=3 << 30))) == [(3, Lost("memory"))]
    assert resource.getrlimit(resource.RLIMIT_AS) == before


def test_threads_leave_the_limits_of_the_process_as_they_were() -> None:
    """Several that work in one process at once, each begun within the time of another, leave no limit of memory behind."""
    before = resource.getrlimit(resource.RLIMIT_AS)
    begun = [threading.Event(), threading.Event()]
    ended: list[int] = []

    def overlapping(number: int) -> int:
        begun[number].set()
        begun[1 - number].wait(5)
        while number and not ended:  # the second ends after the first
            time.sleep(0.01)
        return number

    def work(number: int) -> None:
        ended.extend(item for item, _ in run_each(overlapping, [number], 1))

    threads = [threading.Thread(target=work, args=(number,)) for number in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert ended == [0, 1]
    assert resource.getrlimit(resource.RLIMIT_AS) == before


def test_what_a_function_raises_is_raised_where_it_was_asked() -> None:
    """A fault in another process is not lost."""
    with pytest.raises(ZeroDivisionError):
        list(run_each(failing, [1, 0, 2], 2))


def test_a_process_is_renewed_after_so_many_items() -> None:
    """Memory that grows is given back."""
    numbers = [number for _, number in run_each(process_number, range(8), 2, limits=Limits(items=2))]
    assert len(set(numbers)) >= 4
    assert os.getpid() not in numbers


def test_light_items_count_less_until_a_process_is_renewed() -> None:
    """A process takes longer to start than a hundred short texts to make."""
    limits = Limits(items=2)
    results = run_each(process_number, range(20), 2, limits=limits, weigh=lambda _: 0.05)
    assert len({number for _, number in results}) <= 2


def test_processes_stay_from_one_call_to_the_next_and_end_with_their_block() -> None:
    """For work that comes a piece at a time; one that was killed while it waited is no item's fault."""
    crew: Processes[int, int] = Processes(process_number, 1)
    with crew:
        numbers = [number for _ in range(2) for _, number in crew.run_each([1, 2])]
        (number,) = set(numbers)
        assert isinstance(number, int)
        assert number != os.getpid()
        os.kill(number, signal.SIGKILL)
        ((_, other),) = crew.run_each([3])
        assert isinstance(other, int)
        assert other != number
    assert not alive(other)


def test_processes_whose_caller_took_no_more_are_asked_anew() -> None:
    """No answer to what was asked before is taken for one to what is asked now."""
    crew: Processes[int, int] = Processes(sleepy, 2)
    with crew:
        for _ in crew.run_each([1, 3, 3]):
            break
        assert dict(crew.run_each([2, 4])) == {2: 2, 4: 4}


def test_interrupts_are_left_to_the_process_that_asked() -> None:
    """Each would print a traceback of its own; here it is as before."""
    before = signal.getsignal(signal.SIGINT), signal.pthread_sigmask(signal.SIG_BLOCK, ())
    assert [unheard for _, unheard in run_each(never_hears_interrupts, range(3), 2)] == [True] * 3
    assert (signal.getsignal(signal.SIGINT), signal.pthread_sigmask(signal.SIG_BLOCK, ())) == before


def test_all_processes_end_when_the_caller_stops() -> None:
    """Who stops does not wait for what is being worked on."""
    start = time.monotonic()
    for number, _ in run_each(sleepy, [1, 3, 3], 2):
        assert number == 1
        break
    assert time.monotonic() - start < 20


def alive(number: int) -> bool:
    """Whether a process is there and no zombie."""
    try:
        return "State:\tZ" not in Path(f"/proc/{number}/status").read_text(encoding="ascii")
    except OSError:
        return False


@pytest.mark.parametrize("item", [None, 1])
def test_a_process_that_nobody_listens_to_any_more_ends_without_a_word(
    item: int | None, capfd: pytest.CaptureFixture[str]
) -> None:
    """Ctrl-C closes the lines of all before they have ended: one comes up then, or has just done its work."""
    each = _start(double, (), Limits())
    if item is not None:
        each.line.send(item)
    each.line.close()
    each.process.join(60)
    assert each.process.exitcode == 0
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_no_process_outlives_the_one_that_started_it(number: signal.Signals, tmp_path: Path) -> None:
    """Killed as hard as can be, it takes its processes along within two seconds."""
    script = tmp_path / "late.py"
    script.write_text(LATE, encoding="utf-8")
    notes = tmp_path / "notes"
    notes.mkdir()
    paths = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    with subprocess.Popen(
        [sys.executable, str(script), str(notes)], env={**os.environ, "PYTHONPATH": paths}
    ) as asked:
        until = time.monotonic() + 60
        while len(list(notes.iterdir())) < 2 and time.monotonic() < until:
            time.sleep(0.05)
        workers = [int(path.name) for path in notes.iterdir()]
        assert len(workers) == 2
        asked.send_signal(number)
    until = time.monotonic() + 2
    while any(map(alive, workers)) and time.monotonic() < until:
        time.sleep(0.02)
    assert not any(map(alive, workers))
