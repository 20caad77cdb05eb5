"""What the tests of servers share: an e-mail, and a connection that does as it is told."""

from __future__ import annotations

from handouts.mail.message import Contents, Headers, addressed, unsent_email

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
