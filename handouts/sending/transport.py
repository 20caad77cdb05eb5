"""How an e-mail reaches a server: what a transport is, what becomes of an e-mail, and what keeps a server from being used."""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import TracebackType
from typing import Literal, Protocol, Self

TIMEOUT = 60  # seconds without an answer

# unsure: it was handed over, or the connection broke while it was; no one can tell. not-sent: it broke before.
# stop: the server will take nothing from us, whoever it is for.
Outcome = Literal["sent", "put-off", "refused", "unsure", "not-sent", "stop"]


@dataclass(frozen=True)
class Reply:
    """What became of an e-mail, and what the server said, without anyone's address."""

    outcome: Outcome
    text: str = ""


class WrongPasswordError(OSError):
    """The server does not take user and password."""


class NoFolderError(OSError):
    """The mailbox has no such folder."""


class Transport(Protocol):
    """How e-mails reach a server: an open connection. `__enter__` opens it; `connected` says what that may raise."""

    name: str

    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...
    def hand_over(self, email: bytes, sender: str, address: str) -> Reply:
        """Hand one e-mail over; return what became of it."""


def one_line(code: int, text: bytes | str) -> str:
    """Return a server's reply in one line, without what cannot be printed and without any address."""
    words = text.decode(errors="replace") if isinstance(text, bytes) else text
    line = " ".join([str(code) if code else "", *words.split()]).strip()
    return re.sub(r"[^\s<>]+@[^\s<>]+", "…@…", "".join(filter(str.isprintable, line)))[:200]
