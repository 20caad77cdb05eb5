"""Who uses the desk: sessions in memory, each with a basket, and a door that opens more slowly after each wrong password."""

from __future__ import annotations

import hmac
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from handouts.desk.counter import Key

IDLE = 60 * 60.0  # seconds without a request, after which one signs in again
LONGEST = 12 * 60 * 60.0  # seconds: a day at work
MOST_SESSIONS = 500
MOST_IN_BASKET = 12
PAUSES = (0.0, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0)  # seconds after so many wrong passwords in a row
FORGOTTEN = 15 * 60.0  # seconds after the last wrong password, when the count begins anew


@dataclass
class Session:
    """One browser at the desk. `basket` are the keys of PDFs, `language` is that of the desk's own words.

    `password` is the hash by which one has signed in; `is_told` that a draft was put into the mailbox, which the next page says. Nothing
    of a patient is in it, only what was laid into the basket and not taken out.
    """

    key: str
    began: float
    seen: float
    csrf: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    language: str = ""
    basket: list[Key] = field(default_factory=list)
    password: str = field(default="", repr=False)
    is_told: bool = False

    def has(self, token: str) -> bool:
        """Whether a form was made for this session (against requests that other sites forge)."""
        return hmac.compare_digest(self.csrf.encode(), token.encode())


class Sessions:
    """The sessions that there are; those that nobody uses any more end by themselves."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._known: OrderedDict[str, Session] = OrderedDict()

    def begin(self, password: str = "") -> Session:
        """Return a new session of whoever has signed in by a password, if there is one; the one that has been idle longest makes room where there are very many."""
        now = self._clock()
        session = Session(secrets.token_urlsafe(24), now, now, password=password)
        self._known[session.key] = session
        while len(self._known) > MOST_SESSIONS:
            self._known.popitem(last=False)
        return session

    def find(self, key: str, password: str = "") -> Session | None:
        """Return a session by its key, and note that it is in use; None where there is none, its time is over, or the password is another now."""
        session, now = self._known.get(key), self._clock()
        if session is None:
            return None
        if now - session.seen > IDLE or now - session.began > LONGEST or session.password != password:
            self.end(key)
            return None
        session.seen = now
        self._known.move_to_end(key)
        return session

    def end(self, key: str) -> None:
        """End a session."""
        self._known.pop(key, None)


class Door:
    """Says when the next password may be tried: after a wrong one nobody's is looked at for a while, whoever asks.

    It is one for all, as an attacker has many addresses and a clinic's staff often one between them.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._wrong, self._last = 0, float("-inf")

    def wait(self) -> float:
        """Return the seconds until the next password is looked at."""
        now = self._clock()
        if now - self._last > FORGOTTEN:
            self._wrong = 0
        pause = PAUSES[min(self._wrong, len(PAUSES) - 1)]
        return max(0.0, self._last + pause - now)

    def refuse(self) -> None:
        """Note a wrong password."""
        self._wrong, self._last = self._wrong + 1, self._clock()

    def welcome(self) -> None:
        """Note the right one."""
        self._wrong = 0
