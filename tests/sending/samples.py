"""What the tests of servers share: an e-mail, and a connection that does as it is told."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from handouts.mail.message import Contents, Headers, addressed, unsent_email
from handouts.sending.people import Person
from handouts.sending.settings import Settings

WORDS = "معلومات من عيادتك"
CONTENTS = Contents(
    WORDS, "ar", WORDS, f"<p>{WORDS}</p>", b"%PDF-1.7 " + b"x" * 5000, b"\x89PNG" * 9, "picture"
)
HEADERS = Headers("ann@one.example", "ليلى", "handouts@clinic.example", "Clinic", "", "1@clinic.example", 0.0)
EMAIL = addressed(unsent_email(CONTENTS), HEADERS)


class Connection:
    """An open connection to a server that does as it is told: every command returns it, or raises it."""

    def __init__(self, does: object) -> None:
        self.does, self.closed = does, False

    def answer(self, *_: object) -> object:
        """Return what it was told to, or raise it."""
        if isinstance(self.does, Exception):
            raise self.does
        return self.does

    noop = rset = docmd = append = quit = logout = answer

    def close(self) -> None:
        """Note that it was closed."""
        self.closed = True

    shutdown = close


DRAFT = b"Subject: x\r\nX-Unsent: 1\r\n\r\nx"


def person(number: int, locale: str = "es", **changed: str) -> Person:
    """Return the person of a row."""
    name, address = changed.get("name", ""), changed.get("address", f"p{number}@one.example")
    return Person(number, address, locale, locale, name, ("about-ipt",), "standard")


def settings(
    *, per_minute: int = 60_000, pause_after: int = 50, retries: tuple[int, ...] = (), **changed: Any
) -> Settings:
    """Return the settings of a clinic that is in a hurry."""
    made = Settings("c@d.example", "Clinic", "", None, None, "", per_minute, pause_after, retries)
    return replace(made, **changed)


@dataclass
class Watch:
    """Looks on with a clock that goes only while it waits; keeps what it was shown and what was waited for."""

    time: float = 1000.0
    waits: list[tuple[float, str]] = field(default_factory=list)
    shown: list[tuple[int, str]] = field(default_factory=list)

    def now(self) -> float:
        """Return the time of the clock."""
        return self.time

    def wait(self, seconds: float, why: str) -> None:
        """Let the clock go on."""
        self.time += seconds
        if why:
            self.waits.append((round(seconds), why))

    def show(self, closed: int, counts: str) -> None:
        """Keep what is shown."""
        self.shown.append((closed, counts))
