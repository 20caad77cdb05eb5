"""One function over many items: the results are the same, wherever they were computed."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import threading

import pytest

from handouts.parallel import has_semaphores, map_forked
from tests.conftest import ROOT

NO_SEMAPHORES = "this user may have no semaphores: /dev/shm is shut"
FORKED = """
import os
from handouts.parallel import map_forked
parent, doubled = os.getpid(), [0, 2, 4, 6]
print(map_forked(lambda n: (doubled[n], os.getpid() != parent), range(4), pays=True))
"""


def test_results_come_in_the_order_of_the_items() -> None:
    """Where it does not pay, this process computes them."""
    assert map_forked(lambda n: (n, os.getpid()), range(3), pays=False) == [
        (n, os.getpid()) for n in range(3)
    ]


@pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="one processor: nothing is shared out")
@pytest.mark.skipif(not has_semaphores(), reason=NO_SEMAPHORES)
def test_a_closure_is_shared_out() -> None:
    """Workers inherit what the function knows; they are other processes, and their results are in order."""
    command = [sys.executable, "-c", FORKED]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str([(2 * n, True) for n in range(4)])


@pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="one processor: nothing is shared out")
@pytest.mark.skipif(not has_semaphores(), reason=NO_SEMAPHORES)
def test_ctrl_c_is_left_to_the_process_that_asked() -> None:
    """A terminal interrupts the workers as well: each would print a traceback of its own."""
    code = FORKED.replace("(doubled[n], os.getpid() != parent)", "os.kill(os.getpid(), 2)")
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert (done.stdout.strip(), done.stderr) == (str([None] * 4), "")


def test_a_process_with_other_threads_is_not_forked() -> None:
    """A lock that another thread holds would stay shut in a child for ever."""
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait)
    thread.start()
    try:
        assert map_forked(lambda _: os.getpid(), range(4), pays=True) == [os.getpid()] * 4
    finally:
        stop.set()
        thread.join()


def test_an_error_reaches_the_caller() -> None:
    """What one item raises is raised."""
    with pytest.raises(ZeroDivisionError):
        map_forked(lambda n: 1 // n, [1, 0], pays=False)


def test_where_processes_can_have_no_lock_one_does_it_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that keeps /dev/shm shut refuses semaphores."""

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError

    monkeypatch.setattr(multiprocessing.get_context("fork"), "Lock", refuse)
    assert map_forked(lambda _: os.getpid(), range(4), pays=True) == [os.getpid()] * 4
