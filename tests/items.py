"""What workers are given to do in their tests: it imports next to nothing, so that a fresh process is up at once."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import Any


def double(number: int, plus: int = 0) -> int:
    """Return twice a number, and more."""
    return 2 * number + plus


def process_number(_: int) -> int:
    """Return which process this is."""
    return os.getpid()


def never_hears_interrupts(_: int) -> bool:
    """Return whether Ctrl-C is left to the process that asked."""
    os.kill(os.getpid(), signal.SIGINT)
    return signal.SIGINT in signal.sigpending()


def killed_once(number: int, folder: str) -> int:
    """Return a number; the first time that it is 3, the process is killed."""
    mark = Path(folder) / "killed"
    if number == 3 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def always_killed(number: int) -> int:
    """Return a number; at 3 the process is killed."""
    if number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def sleepy(number: int) -> int:
    """Return a number; 3 takes for ever."""
    time.sleep(60 if number == 3 else 0)
    return number


def greedy(number: int) -> int:
    """Return a number; 3 takes four times as much memory as it may."""
    return len(bytearray(4 << 30)) if number == 3 else number


def failing(number: int) -> float:
    """Divide by a number."""
    return 1 / number


def note_and_sleep(number: int, folder: str) -> int:
    """Write down which process this is, and take long."""
    (Path(folder) / f"{os.getpid()}").touch()
    time.sleep(60)
    return number


def killed_in_arabic(job: Any, *_: Any) -> str:
    """Return the file of a job; a page in Arabic kills its process."""
    if job.page.locale.tag == "ar":
        os.kill(os.getpid(), signal.SIGKILL)
    return str(job.page.rendition.file)


def failing_in_arabic(job: Any, *_: Any) -> str:
    """Return the file of a job; a page in Arabic is a fault of the program."""
    if job.page.locale.tag == "ar":
        raise KeyError(job.page.locale.autonym)
    return str(job.page.rendition.file)


def slowly_named(job: Any, *_: Any) -> str:
    """Return the file of a job, after a moment."""
    time.sleep(0.2)
    return str(job.page.rendition.file)
