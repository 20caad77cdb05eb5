"""A progress bar on a terminal; elsewhere nothing, or a line for every wait."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count

from handouts.cli import report

LONG_WAIT = 10.0  # seconds from which the usual pace is told too


@contextmanager
def progress(total: int, doing: str, *, quiet: bool = False) -> Iterator[Callable[[str], None]]:
    """Show a progress bar where standard error is a terminal; yield what to call with every file that is done."""
    if quiet or not sys.stderr.isatty():
        yield lambda _: None
        return
    done = count(1)
    with _bar(total, doing) as show:
        yield lambda file: show(next(done), file)


@contextmanager
def _bar(total: int, doing: str) -> Iterator[Callable[[int, str], None]]:
    """Draw a bar on standard error; yield what to call with how many are done, and a text to stand beside it."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    text = TextColumn("{task.description}", markup=False)
    columns = (TextColumn(doing), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), text)
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=total)
        yield lambda done, beside: bar.update(task, completed=done, description=beside)


@dataclass
class Watching:
    """Looks on while e-mails go, and waits: shows how many are done with, and what is waited for until when."""

    shown: Callable[[int, str], None]
    says_waits: bool
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    closed: int = 0

    def now(self) -> float:
        """Return the seconds of a clock that never goes back."""
        return self.clock()

    def show(self, closed: int, counts: str) -> None:
        """Show how many e-mails are done with, for now, and how they fared."""
        self.closed = closed
        self.shown(closed, counts)

    def wait(self, seconds: float, why: str) -> None:
        """Wait, and show until when, what for and how long still; the usual pace only where it is slow."""
        if not why and seconds < LONG_WAIT:
            self.sleep(seconds)
            return
        until = datetime.now().astimezone() + timedelta(seconds=seconds)
        told = f"waiting until {until:%H:%M:%S} {why or 'for the next one'}"
        if self.says_waits:
            report.note(f"{told} ({in_words(seconds)})")
        end = self.now() + seconds
        while (left := end - self.now()) > 0:
            self.shown(self.closed, f"{told} ({in_words(left)} left)")
            self.sleep(min(1.0, left))


def in_words(seconds: float) -> str:
    """Return a time as a person says it: “45 s”, “5 min”."""
    whole = max(1, round(seconds))
    return f"{whole} s" if whole < 120 else f"{round(whole / 60)} min"  # noqa: PLR2004 - two minutes


@contextmanager
def watching(total: int, doing: str) -> Iterator[Watching]:
    """Show e-mails as they go: a bar on a terminal, which is full only when all are done with; elsewhere the waits alone."""
    if not sys.stderr.isatty():
        yield Watching(lambda *_: None, says_waits=True)
        return
    with _bar(total, doing) as show:
        yield Watching(show, says_waits=False)
