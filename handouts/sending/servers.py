"""The clinic's own servers: an e-mail is handed over by SMTP, or put into the drafts folder by IMAP; TLS verified or nothing."""

from __future__ import annotations

import base64
import imaplib
import re
import smtplib
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Literal, Protocol, Self

from handouts.problems import Problem, SourceError
from handouts.sending.settings import Purpose, Server, Settings, server_for

TIMEOUT = 60  # seconds without an answer
DATA_TIMEOUT = 600  # seconds for the reply to a whole message (RFC 5321, 4.5.3.2.6)
START_INPUT = 354  # the reply to DATA (RFC 5321, 4.2)
POSITIVE, TRANSIENT, PERMANENT = (
    range(200, 300),
    range(400, 500),
    range(500, 600),
)  # replies (RFC 5321, 4.2.1)

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


def transport_for(settings: Settings, purpose: Purpose, password: str) -> Transport:
    """Return the transport for a purpose: SMTP sends, IMAP puts drafts into the mailbox."""
    server = server_for(settings, purpose)
    return Smtp(server, password) if purpose == "smtp" else Drafts(server, password, settings.drafts)


@contextmanager
def connected(transport: Transport, server: Server) -> Iterator[Transport]:
    """Open the connection of a transport for as long as it is used. Raises SourceError where the server cannot be used."""
    try:
        transport.__enter__()
    except (OSError, smtplib.SMTPException) as error:
        raise SourceError([_problem(f"{server.host}:{server.port}", error)]) from error
    try:
        yield transport
    finally:
        transport.__exit__(None, None, None)


def _problem(where: str, error: OSError | smtplib.SMTPException) -> Problem:
    """Return the problem of a server that cannot be used, by what kept the connection from being opened."""
    match error:
        case ssl.SSLCertVerificationError():
            what = f"its certificate is not valid: {error.verify_message or 'it cannot be verified'}."
            fix = "Ask who runs the server. Nothing is sent over a connection that cannot be trusted."
            return Problem("certificate-invalid", where, what, fix)
        case ssl.SSLError():
            what = f"no encrypted connection can be made ({error.reason})."
            fix = "Check port and security: starttls often has port 587 or 143, tls 465 or 993."
            return Problem("tls-failed", where, what, fix)
        case WrongPasswordError():
            what = "the server does not take the password."
            fix = "Check user and password; the password comes from the environment or the keyring."
            return Problem("password-refused", where, what, fix)
        case NoFolderError():
            what = f"the mailbox has no folder “{error.filename}”."
            fix = "Write its name into “drafts” of [imap], as the mailbox has it."
            return Problem("mailbox-folder-missing", where, what, fix)
        case _:
            reason = getattr(error, "strerror", None) or type(error).__name__
            fix = "Check host, port and security in the settings."
            return Problem("server-not-usable", where, f"the server cannot be used: {reason}.", fix)


def one_line(code: int, text: bytes | str) -> str:
    """Return a server's reply in one line, without what cannot be printed and without any address."""
    words = text.decode(errors="replace") if isinstance(text, bytes) else text
    line = " ".join([str(code) if code else "", *words.split()]).strip()
    return re.sub(r"[^\s<>]+@[^\s<>]+", "…@…", "".join(filter(str.isprintable, line)))[:200]


class Smtp:
    """The clinic's SMTP server, with an encrypted connection and a password."""

    name = "smtp"

    def __init__(self, server: Server, password: str) -> None:
        self.server, self.password = server, password
        self.connection: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        self._connect()
        return self

    def _connect(self) -> smtplib.SMTP:
        """Return an open connection. Raises OSError: no server, an invalid certificate, a wrong password."""
        context = ssl.create_default_context()
        place = (self.server.host, self.server.port)
        if self.server.security == "tls":
            self.connection = smtplib.SMTP_SSL(*place, timeout=TIMEOUT, context=context)
        else:
            self.connection = smtplib.SMTP(*place, timeout=TIMEOUT)
        try:
            if self.server.security == "starttls":
                self.connection.starttls(context=context)
            self.connection.ehlo_or_helo_if_needed()
            self._sign_in(self.connection)
        except BaseException:
            self._close()
            raise
        return self.connection

    def _sign_in(self, connection: smtplib.SMTP) -> None:
        """Give user and password, by one mechanism and once: smtplib tries each, and an account may be locked."""
        connection.user, connection.password = self.server.user, self.password
        mechanisms: dict[str, Any] = {
            "PLAIN": connection.auth_plain,
            "LOGIN": connection.auth_login,
            "CRAM-MD5": connection.auth_cram_md5,
        }
        offered = connection.esmtp_features.get("auth", "").upper().split()
        chosen = next((name for name in mechanisms if name in offered), None)
        if chosen is None:
            raise ConnectionRefusedError(None, "it takes no password", self.server.host)
        try:
            connection.auth(chosen, mechanisms[chosen])
        except (smtplib.SMTPAuthenticationError, smtplib.SMTPServerDisconnected, UnicodeError):
            # Some servers hang up instead of saying no; and a UnicodeError holds the password in its message.
            raise WrongPasswordError(None, "the password is not taken", self.server.host) from None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.connection:
            try:
                self.connection.quit()
            except (OSError, smtplib.SMTPException):
                self.connection.close()
            self.connection = None

    def hand_over(self, email: bytes, sender: str, address: str) -> Reply:
        """Hand one e-mail over to the server for one address; return what became of it."""
        try:
            connection = self._live()
            refusal = self._begin(connection, sender, address)
        except WrongPasswordError as error:
            return Reply("stop", one_line(0, str(error.strerror)))
        except (OSError, smtplib.SMTPException) as error:
            self._close()
            return Reply("not-sent", type(error).__name__)
        if refusal:
            self._reset(connection)
            return refusal
        try:  # from here on it may have arrived, whatever happens
            code, text = _transmit(connection, email)
        except (OSError, smtplib.SMTPException) as error:
            self._close()
            return Reply("unsure", type(error).__name__)
        return Reply("sent" if code in POSITIVE else _refusal(code) or "unsure", one_line(code, text))

    def _live(self) -> smtplib.SMTP:
        """Return the connection, opened anew where the server has closed it meanwhile."""
        if self.connection:
            try:
                if self.connection.noop()[0] in POSITIVE:
                    return self.connection
            except (OSError, smtplib.SMTPException):
                pass
            self._close()
        return self._connect()

    def _begin(self, connection: smtplib.SMTP, sender: str, address: str) -> Reply | None:
        """Begin a mail transaction (RFC 5321, 3.3); return None where the text may follow, else what became of the e-mail."""
        for command in (f"MAIL FROM:<{sender}>", f"RCPT TO:<{address}>", "DATA"):
            code, text = connection.docmd(command)
            if code == START_INPUT if command == "DATA" else code in POSITIVE:
                continue
            outcome = _refusal(code) or "not-sent"
            ours = command.startswith("MAIL") and outcome == "refused"  # it is the sender who is refused
            return Reply("stop" if ours else outcome, one_line(code, text))
        return None

    def _reset(self, connection: smtplib.SMTP) -> None:
        """Make the connection ready for the next e-mail, or close it."""
        try:
            if connection.rset()[0] in POSITIVE:
                return
        except (OSError, smtplib.SMTPException):
            pass
        self._close()

    def _close(self) -> None:
        if self.connection:
            self.connection.close()
        self.connection = None


def _transmit(connection: smtplib.SMTP, email: bytes) -> tuple[int, bytes]:
    """Send the text of an e-mail, a dot at the beginning of a line doubled (RFC 5321, 4.5.2); return the reply."""
    if connection.sock:
        connection.sock.settimeout(DATA_TIMEOUT)
    connection.send(re.sub(rb"(?m)^\.", b"..", email) + b"\r\n.\r\n")
    reply = connection.getreply()
    if connection.sock:
        connection.sock.settimeout(TIMEOUT)
    return reply


def _refusal(code: int) -> Literal["put-off", "refused", ""]:
    """Return what a negative reply of SMTP means; nothing for a code that is not one."""
    return "put-off" if code in TRANSIENT else "refused" if code in PERMANENT else ""


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
        self.connection: imaplib.IMAP4 | None = None

    def __enter__(self) -> Self:
        self._connect()
        return self

    def _connect(self) -> imaplib.IMAP4:
        """Return an open connection. Raises OSError: no server, an invalid certificate, a wrong password, no folder."""
        context = ssl.create_default_context()
        place = (self.server.host, self.server.port)
        try:
            if self.server.security == "tls":
                connection: imaplib.IMAP4 = imaplib.IMAP4_SSL(*place, ssl_context=context, timeout=TIMEOUT)
            else:
                connection = imaplib.IMAP4(*place, timeout=TIMEOUT)
        except imaplib.IMAP4.error as error:
            raise ConnectionRefusedError(None, one_line(0, str(error)), self.server.host) from error
        try:
            self._sign_in(connection, context)
        except BaseException:
            connection.shutdown()
            raise
        self.connection = connection
        return connection

    def _sign_in(self, connection: imaplib.IMAP4, context: ssl.SSLContext) -> None:
        """Begin TLS where the connection has none yet, give user and password, and see that the folder exists."""
        if self.server.security == "starttls":
            try:
                connection.starttls(context)
            except imaplib.IMAP4.error as error:
                raise ConnectionRefusedError(None, one_line(0, str(error)), self.server.host) from error
        try:
            connection.login(self.server.user, self.password)
        except (imaplib.IMAP4.error, UnicodeError):
            raise WrongPasswordError(None, "the password is not taken", self.server.host) from None
        if connection.status(quoted(self.folder), "(MESSAGES)")[0] != "OK":
            raise NoFolderError(None, "there is no such folder", self.folder)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.connection:
            try:
                self.connection.logout()
            except (OSError, imaplib.IMAP4.error):
                return

    def hand_over(self, email: bytes, sender: str, address: str) -> Reply:  # noqa: ARG002 - a draft has no sender yet
        """Put one e-mail into the folder, as a draft."""
        try:
            connection = self.connection or self._connect()
        except (OSError, imaplib.IMAP4.error) as error:
            return Reply("not-sent", type(error).__name__)
        try:
            day = imaplib.Time2Internaldate(time.time())
            result, text = connection.append(quoted(self.folder), "\\Draft", day, email)
        except (OSError, imaplib.IMAP4.abort) as error:
            self.connection = None
            return Reply("unsure", type(error).__name__)
        except imaplib.IMAP4.error as error:
            return Reply("stop", one_line(0, str(error)))
        first = text[0] if text and isinstance(text[0], bytes) else b""
        return Reply("sent" if result == "OK" else "stop", one_line(0, first))
