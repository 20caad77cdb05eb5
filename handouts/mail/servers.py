"""The clinic's own servers: a message is handed over by SMTP, or laid into its drafts by IMAP; TLS verified or nothing."""

from __future__ import annotations

import base64
import imaplib
import re
import smtplib
import ssl
import time
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Literal, Protocol, Self

from handouts.mail.settings import Server

TIMEOUT = 60  # seconds without an answer
OK, GO_ON, LATER, NEVER = 250, 354, 400, 500  # replies of SMTP (RFC 5321, 4.2)

# unsure: it was handed over, or cut off while it was; no one can tell.
Outcome = Literal["sent", "put-off", "refused", "unsure", "not-sent"]


@dataclass(frozen=True)
class Answer:
    """What became of a message, and what the server said, without the address of anyone."""

    outcome: Outcome
    said: str = ""


class WrongPasswordError(OSError):
    """The server does not take user and password."""


class Way(Protocol):
    """A way for messages to go. Raises OSError from `__enter__` where the server cannot be used."""

    name: str

    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...
    def hand_over(self, message: bytes, sender: str, address: str) -> Answer:
        """Hand one message over; return what became of it."""


def said(code: int, text: bytes | str) -> str:
    """Return a server's answer in one line, with every address taken out."""
    words = text.decode(errors="replace") if isinstance(text, bytes) else text
    return re.sub(r"[^\s<>]+@[^\s<>]+", "…@…", " ".join([str(code) if code else "", *words.split()]).strip())[
        :200
    ]


class Smtp:
    """The clinic's SMTP server, with an encrypted connection and a password."""

    name = "smtp"

    def __init__(self, server: Server, password: str) -> None:
        self.server, self.password = server, password
        self.line: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        self._connect()
        return self

    def _connect(self) -> smtplib.SMTP:
        """Return an open line. Raises OSError: no server, a certificate that is not good, a wrong password."""
        context = ssl.create_default_context()
        where = (self.server.host, self.server.port)
        if self.server.security == "tls":
            self.line = smtplib.SMTP_SSL(*where, timeout=TIMEOUT, context=context)
        else:
            self.line = smtplib.SMTP(*where, timeout=TIMEOUT)
            self.line.starttls(context=context)
        self.line.ehlo_or_helo_if_needed()
        self._sign_in(self.line)
        return self.line

    def _sign_in(self, line: smtplib.SMTP) -> None:
        """Give user and password, in one way and once: smtplib's own tries each way, and an account may be locked."""
        line.user, line.password = self.server.user, self.password
        ways: dict[str, Any] = {
            "PLAIN": line.auth_plain,
            "LOGIN": line.auth_login,
            "CRAM-MD5": line.auth_cram_md5,
        }
        offered = line.esmtp_features.get("auth", "").upper().split()
        chosen = next((name for name in ways if name in offered), None)
        if chosen is None:
            raise ConnectionRefusedError(None, "it takes no password", self.server.host)
        try:
            line.auth(chosen, ways[chosen])
        except (smtplib.SMTPAuthenticationError, smtplib.SMTPServerDisconnected, UnicodeError):
            # Some servers hang up instead of saying no; and the password is in what a UnicodeError says.
            raise WrongPasswordError(None, "the password is not taken", self.server.host) from None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._hang_up()

    def _hang_up(self) -> None:
        if self.line:
            try:
                self.line.quit()
            except (OSError, smtplib.SMTPException):
                self.line.close()
            self.line = None

    def hand_over(self, message: bytes, sender: str, address: str) -> Answer:
        """Hand one message over to the server for one address; say what became of it."""
        handed = False
        try:
            line = self.line or self._connect()
            for command in (f"MAIL FROM:<{sender}>", f"RCPT TO:<{address}>", "DATA"):
                code, text = line.docmd(command)
                if code >= LATER or (command == "DATA" and code != GO_ON):
                    line.rset()
                    return Answer("put-off" if code < NEVER else "refused", said(code, text))
            handed = True  # from here on it may have arrived, whatever happens
            line.send(re.sub(rb"(?m)^\.", b"..", message) + b"\r\n.\r\n")
            code, text = line.getreply()
        except (OSError, smtplib.SMTPException) as error:
            if self.line:
                self.line.close()
            self.line = None
            return Answer("unsure" if handed else "not-sent", said(0, f"{type(error).__name__}"))
        if code == OK:
            return Answer("sent", said(code, text))
        return Answer("put-off" if code < NEVER else "refused", said(code, text))


def quoted(folder: str) -> str:
    """Return the name of a mailbox folder as IMAP wants it: modified UTF-7, in quotes (RFC 3501, 5.1.3)."""
    parts = re.split(r"([^\x20-\x7e]+)", folder.replace("&", "&-"))
    coded = [
        "&" + base64.b64encode(part.encode("utf-16-be")).decode().rstrip("=").replace("/", ",") + "-"
        if n % 2
        else part
        for n, part in enumerate(parts)
    ]
    return '"' + "".join(coded).replace("\\", "\\\\").replace('"', '\\"') + '"'


class Drafts:
    """The drafts folder of the clinic's own mailbox, by IMAP."""

    name = "drafts"

    def __init__(self, server: Server, password: str, folder: str) -> None:
        self.server, self.password, self.folder = server, password, folder
        self.line: imaplib.IMAP4 | None = None

    def __enter__(self) -> Self:
        context = ssl.create_default_context()
        where = (self.server.host, self.server.port)
        try:
            if self.server.security == "tls":
                self.line = imaplib.IMAP4_SSL(*where, ssl_context=context, timeout=TIMEOUT)
            else:
                self.line = imaplib.IMAP4(*where, timeout=TIMEOUT)
                self.line.starttls(context)
            self.line.login(self.server.user, self.password)
        except (imaplib.IMAP4.error, UnicodeError):
            raise WrongPasswordError(None, "the password is not taken", self.server.host) from None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.line:
            try:
                self.line.logout()
            except (OSError, imaplib.IMAP4.error):
                return

    def hand_over(self, message: bytes, sender: str, address: str) -> Answer:  # noqa: ARG002 - a draft has no sender yet
        """Lay one message into the folder, as a draft."""
        assert self.line  # noqa: S101 - entered before
        try:
            folder = quoted(self.folder)
            answer, text = self.line.append(
                folder, "\\Draft", imaplib.Time2Internaldate(time.time()), message
            )
        except (OSError, imaplib.IMAP4.abort) as error:
            return Answer("unsure", said(0, type(error).__name__))
        except imaplib.IMAP4.error as error:
            return Answer("refused", said(0, str(error)))
        first = text[0] if text and isinstance(text[0], bytes) else b""
        return Answer("sent" if answer == "OK" else "refused", said(0, first))
