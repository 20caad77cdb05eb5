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

from handouts.sending.settings import Server

TIMEOUT = 60  # seconds without an answer
PATIENCE = 600  # seconds for the answer to a whole message (RFC 5321, 4.5.3.2.6)
GO_ON = 354  # the reply to DATA (RFC 5321, 4.2)
GOOD, LATER, NEVER = range(200, 300), range(400, 500), range(500, 600)

# unsure: it was handed over, or cut off while it was; no one can tell. not-sent: the line was cut before.
# stop: the server will take nothing from us, whoever it is for.
Outcome = Literal["sent", "put-off", "refused", "unsure", "not-sent", "stop"]


@dataclass(frozen=True)
class Answer:
    """What became of a message, and what the server said, without the address of anyone."""

    outcome: Outcome
    said: str = ""


class WrongPasswordError(OSError):
    """The server does not take user and password."""


class NoFolderError(OSError):
    """The mailbox has no such folder."""


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
    """Return a server's answer in one line, without what cannot be printed and without every address."""
    words = text.decode(errors="replace") if isinstance(text, bytes) else text
    line = " ".join([str(code) if code else "", *words.split()]).strip()
    return re.sub(r"[^\s<>]+@[^\s<>]+", "…@…", "".join(filter(str.isprintable, line)))[:200]


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
        try:
            line = self._awake()
            answer = self._announced(line, sender, address)
        except WrongPasswordError as error:
            return Answer("stop", said(0, str(error.strerror)))
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            return Answer("not-sent", type(error).__name__)
        if answer:
            self._reset(line)
            return answer
        try:  # from here on it may have arrived, whatever happens
            if line.sock:
                line.sock.settimeout(PATIENCE)
            line.send(re.sub(rb"(?m)^\.", b"..", message) + b"\r\n.\r\n")
            code, text = line.getreply()
            if line.sock:
                line.sock.settimeout(TIMEOUT)
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            return Answer("unsure", type(error).__name__)
        return Answer("sent" if code in GOOD else _refusal(code) or "unsure", said(code, text))

    def _awake(self) -> smtplib.SMTP:
        """Return the line, opened anew where the server has closed it meanwhile."""
        if self.line:
            try:
                if self.line.noop()[0] in GOOD:
                    return self.line
            except (OSError, smtplib.SMTPException):
                pass
            self._drop()
        return self._connect()

    def _announced(self, line: smtplib.SMTP, sender: str, address: str) -> Answer | None:
        """Say who writes to whom; return None where the text may follow, else what became of the message."""
        for command in (f"MAIL FROM:<{sender}>", f"RCPT TO:<{address}>", "DATA"):
            code, text = line.docmd(command)
            if code == GO_ON if command == "DATA" else code in GOOD:
                continue
            outcome = _refusal(code) or "not-sent"
            ours = command.startswith("MAIL") and outcome == "refused"  # no fault of the person's
            return Answer("stop" if ours else outcome, said(code, text))
        return None

    def _reset(self, line: smtplib.SMTP) -> None:
        """Make the line ready for the next message, or close it."""
        try:
            if line.rset()[0] in GOOD:
                return
        except (OSError, smtplib.SMTPException):
            pass
        self._drop()

    def _drop(self) -> None:
        if self.line:
            self.line.close()
        self.line = None


def _refusal(code: int) -> Literal["put-off", "refused", ""]:
    """Return what a reply of SMTP means that is not good; nothing for one that is none."""
    return "put-off" if code in LATER else "refused" if code in NEVER else ""


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
        self._connect()
        return self

    def _connect(self) -> imaplib.IMAP4:
        """Return an open line. Raises OSError: no server, a certificate that is not good, a wrong password, no folder."""
        context = ssl.create_default_context()
        where = (self.server.host, self.server.port)
        try:
            if self.server.security == "tls":
                line: imaplib.IMAP4 = imaplib.IMAP4_SSL(*where, ssl_context=context, timeout=TIMEOUT)
            else:
                line = imaplib.IMAP4(*where, timeout=TIMEOUT)
                line.starttls(context)
        except imaplib.IMAP4.error as error:
            raise ConnectionRefusedError(None, said(0, str(error)), self.server.host) from error
        try:
            line.login(self.server.user, self.password)
        except (imaplib.IMAP4.error, UnicodeError):
            raise WrongPasswordError(None, "the password is not taken", self.server.host) from None
        if line.status(quoted(self.folder), "(MESSAGES)")[0] != "OK":
            raise NoFolderError(None, "there is no such folder", self.folder)
        self.line = line
        return line

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
        try:
            line = self.line or self._connect()
        except (OSError, imaplib.IMAP4.error) as error:
            return Answer("not-sent", type(error).__name__)
        try:
            day = imaplib.Time2Internaldate(time.time())
            answer, text = line.append(quoted(self.folder), "\\Draft", day, message)
        except (OSError, imaplib.IMAP4.abort) as error:
            self.line = None
            return Answer("unsure", type(error).__name__)
        except imaplib.IMAP4.error as error:
            return Answer("stop", said(0, str(error)))
        first = text[0] if text and isinstance(text[0], bytes) else b""
        return Answer("sent" if answer == "OK" else "stop", said(0, first))
