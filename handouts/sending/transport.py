"""How an e-mail reaches a server: what a transport is, what becomes of an e-mail, and what keeps a server from being used."""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import TracebackType
from typing import Literal, Protocol, Self

from handouts.problems import Fault, Problem

TIMEOUT = 60  # seconds without an answer
LONGEST_REPLY = 300  # characters of a server's reply that are kept

# unsure: it was handed over, or the connection broke while it was; no one can tell. not-sent: it broke before.
# slow: the server wants less of us, or nothing for now, whoever it is for: the whole queue waits.
# stop: the server will take nothing from us, whoever it is for.
Outcome = Literal["sent", "put-off", "slow", "refused", "unsure", "not-sent", "stop"]


@dataclass(frozen=True)
class Reply:
    """What became of an e-mail, and what the server said, without anyone's address.

    `fault` says what a person can do about an outcome that is about us; `after` is for how many seconds the server wants to
    be left alone, 0 where it does not say.
    """

    outcome: Outcome
    text: str = ""
    fault: Fault | None = None
    after: int = 0


class UnusableServerError(OSError):
    """A server cannot be used: `fault` says why and what to do; `is_temporary` that it may be tried again later.

    `said` is what it said, without anyone's address.
    """

    def __init__(self, fault: Fault, *, is_temporary: bool = False, said: str = "", after: int = 0) -> None:
        super().__init__(fault.what)
        self.fault, self.is_temporary, self.said, self.after = fault, is_temporary, said, after

    def problem(self, where: str) -> Problem:
        """Return the problem of this server, which is at a place."""
        return Problem(self.fault.code, where, self.fault.what, self.fault.fix)

    def reply(self) -> Reply:
        """Return what becomes of an e-mail that is to go by this server."""
        return Reply("slow" if self.is_temporary else "stop", self.said, self.fault, self.after)


class Transport(Protocol):
    """How e-mails reach a server: an open connection. `__enter__` opens it; `connected` says what that may raise.

    `where` is the place of the server, as in `mail.clinic.example:587`. `largest` is how many bytes an e-mail may have, 0
    where the server does not say; known while the connection is open.
    """

    name: str
    where: str
    largest: int

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
    return re.sub(r"[^\s<>]+@[^\s<>]+", "…@…", "".join(filter(str.isprintable, line)))[:LONGEST_REPLY]
