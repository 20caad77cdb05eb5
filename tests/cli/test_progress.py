"""The progress bar: on a terminal alone, and it shows what it is told as it is."""

from __future__ import annotations

import io
import sys

import pytest

from handouts.cli.progress import progress


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
        on_done("es/about-ipt.pdf")
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
