"""What a command prints to: a terminal that knows no Arabic, a stream that is closed, a reader that has gone."""

from __future__ import annotations

import io
import os
import sys

import pytest

from handouts.cli.streams import hear_no_more, plain_streams


def test_a_terminal_that_knows_no_arabic_shows_question_marks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not a traceback in the middle of a table."""
    ascii_only = io.TextIOWrapper(io.BytesIO(), encoding="ascii", write_through=True)
    monkeypatch.setattr(sys, "stdout", ascii_only)
    plain_streams()
    print("العربية")  # noqa: T201 - what a command does
    assert ascii_only.buffer.getvalue() == b"???????\n"


def test_a_stream_that_is_closed_leads_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is printed to it is lost, and nothing else."""
    monkeypatch.setattr(sys, "stderr", None)
    plain_streams()
    print("lost", file=sys.stderr)  # noqa: T201 - what a command does
    assert sys.stderr.name == os.devnull
    sys.stderr.close()


def test_a_reader_that_has_gone_gets_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """Printing goes on without a fault."""
    monkeypatch.setattr(sys, "stdout", None)
    hear_no_more()
    print("العربية")  # noqa: T201 - what a command does
    assert sys.stdout.name == os.devnull
    sys.stdout.close()
