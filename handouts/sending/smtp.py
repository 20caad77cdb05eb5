"""The clinic's SMTP server: an e-mail is handed over, and the server's reply decides what became of it."""

from __future__ import annotations

import re
import smtplib
import ssl
from types import TracebackType
from typing import Any, Literal, Self

from handouts.sending.settings import Server
from handouts.sending.transport import TIMEOUT, Reply, WrongPasswordError, one_line

DATA_TIMEOUT = 600  # seconds for the reply to a whole message (RFC 5321, 4.5.3.2.6)
START_INPUT = 354  # the reply to DATA (RFC 5321, 4.2)
POSITIVE, TRANSIENT, PERMANENT = (
    range(200, 300),
    range(400, 500),
    range(500, 600),
)  # replies (RFC 5321, 4.2.1)


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
