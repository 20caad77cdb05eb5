"""The progress bar: on a terminal alone, and it shows what it is told as it is."""

from __future__ import annotations

import io
import re
import sys

import pytest

from handouts.cli.progress import Watching, in_words, progress, watching


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        """Return true."""
        return True


@pytest.mark.parametrize(("stream", "quiet"), [(io.StringIO(), False), (Terminal(), True)])
def test_nothing_is_shown_where_no_one_looks(
    monkeypatch: pytest.MonkeyPatch, stream: io.StringIO, *, quiet: bool
) -> None:
    """Not in a log, and not beside JSON."""
    monkeypatch.setattr(sys, "stderr", stream)
    with progress(2, "Making", quiet=quiet) as on_done:
        on_done("au/es/about-ipt.pdf")
    assert stream.getvalue() == ""


def test_on_a_terminal_it_shows_how_many_are_done(monkeypatch: pytest.MonkeyPatch) -> None:
    """And the last file, whatever brackets are in its name."""
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "120")
    with progress(2, "Making handouts") as on_done:
        on_done("es/about[red].pdf")
        on_done("es/about[red].pdf")
    shown = terminal.getvalue()
    assert "Making handouts" in shown
    assert "2/2" in shown
    assert "about[red].pdf" in shown


class Clock:
    """A clock that goes on only where someone sleeps."""

    def __init__(self) -> None:
        self.time = 0.0
        self.slept: list[float] = []

    def now(self) -> float:
        """Return the time."""
        return self.time

    def sleep(self, seconds: float) -> None:
        """Let the clock go on."""
        self.slept.append(seconds)
        self.time += seconds


def watched(*, says_waits: bool) -> tuple[Watching, Clock, list[tuple[int, str]]]:
    """Return someone who looks on, with a clock, and what is shown."""
    clock, shown = Clock(), list[tuple[int, str]]()
    watch = Watching(
        lambda closed, text: shown.append((closed, text)),
        says_waits=says_waits,
        sleep=clock.sleep,
        clock=clock.now,
    )
    return watch, clock, shown


def test_a_wait_says_until_when_what_for_and_how_long_still(capsys: pytest.CaptureFixture[str]) -> None:
    """Counted down on a terminal; in a log it is one line."""
    watch, clock, shown = watched(says_waits=True)
    watch.show(2, "2 sent, 3 put-off")
    watch.wait(2.5, "to try 3 again")
    assert re.fullmatch(r"waiting until \d\d:\d\d:\d\d to try 3 again \(2 s\)\n", capsys.readouterr().err)
    assert clock.slept == [1.0, 1.0, 0.5]
    assert shown[0] == (2, "2 sent, 3 put-off")
    assert [text.partition("(")[2] for _, text in shown[1:]] == ["2 s left)", "2 s left)", "1 s left)"]
    assert {closed for closed, _ in shown} == {2}


def test_the_usual_pace_is_told_only_where_it_is_slow(capsys: pytest.CaptureFixture[str]) -> None:
    """Two seconds between two e-mails are nothing to speak of; a minute is."""
    watch, clock, _ = watched(says_waits=True)
    watch.wait(2.0, "")
    assert capsys.readouterr().err == ""
    assert clock.slept == [2.0]
    watch.wait(60.0, "")
    assert "for the next one (60 s)" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("seconds", "said"), [(0.2, "1 s"), (45, "45 s"), (119, "119 s"), (300, "5 min"), (1800, "30 min")]
)
def test_a_time_is_said_as_a_person_says_it(seconds: float, said: str) -> None:
    """Seconds, then minutes."""
    assert in_words(seconds) == said


def test_on_a_terminal_the_bar_follows_what_is_done_with(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is full only when all are; elsewhere nothing is drawn."""
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "120")
    with watching(3, "Sending") as watch:
        watch.show(2, "2 sent")
        watch.wait(0.0, "to try 1 again")
        assert not watch.says_waits
    assert "2/3" in terminal.getvalue()
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    with watching(3, "Sending") as watch:
        watch.show(1, "1 sent")
        assert watch.says_waits
        assert watch.now() > 0
