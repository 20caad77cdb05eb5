"""What a command prints to: a terminal that knows no Arabic, a stream that is closed, a reader that has gone."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

STREAMS = 3  # that every process has: input, output, errors


def plain_streams() -> None:
    """Make a terminal that knows no Arabic show question marks, not a traceback.

    A stream that is closed leads nowhere: a file that is opened later would get its number, and what is printed.
    """
    while (handle := os.open(os.devnull, os.O_RDWR)) < STREAMS:
        os.set_inheritable(handle, True)  # noqa: FBT003 - its one argument
    os.close(handle)
    if sys.stderr is None:
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - for as long as the process lives
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def hear_no_more() -> None:
    """Let what is still to be written to the standard output go nowhere: nobody reads it, or it has no room."""
    sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - for as long as the process lives
