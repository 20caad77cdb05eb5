"""The clinic's SMTP server: an e-mail is handed over, and the server's reply decides what became of it."""

from __future__ import annotations

import base64
import binascii
import hmac
import re
import select
import smtplib
import socket
import ssl
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from handouts.sending.answers import NOT_READABLE, SMTP, Step, meaning, no_way, quoting, sign_in_error
from handouts.sending.settings import Server
from handouts.sending.sign_in import Secret, bearer
from handouts.sending.transport import TIMEOUT, Reply, UnusableServerError, one_line
from handouts.sending.wire import await_greeting, own_name, trouble

DATA_TIMEOUT = 600  # seconds for the reply to a whole message (RFC 5321, 4.5.3.2.6)
# Seconds in which a connection may break, before the dot that ends an e-mail is sent. A slow line tells of it later: then a person
# must decide what was plain, and that is all. However long it were, a line may be slower, and every e-mail would wait.
HOLD = 0.02
BRIEF = 1.0  # seconds in which bytes that have come turn out to be the beginning of an answer
START_INPUT, GO_ON, CLOSING = (
    354,
    334,
    421,
)  # the replies to DATA and to AUTH, and the one of a server that leaves
POSITIVE = range(200, 300)  # replies (RFC 5321, 4.2.1)
END = b".\r\n"
# Gives a user and a password or a token over a connection; returns the reply.
Mechanism = Callable[[smtplib.SMTP, str, str], tuple[int, bytes]]


class _Greeted(smtplib.SMTP):
    """A connection that begins in the clear, to a server that speaks first."""

    def connect(
        self, host: str = "localhost", port: int = 0, source_address: Any = None
    ) -> tuple[int, bytes]:
        """Open the connection; return the greeting of the server. Raises OSError where it does not speak first."""
        self.sock = socket.create_connection((host, port), TIMEOUT, source_address)
        self.file = None
        try:
            await_greeting(self.sock, host, port)
        except BaseException:
            self.close()
            raise
        return self.getreply()


class Smtp:
    """The clinic's SMTP server, with an encrypted connection, and a password, a token, or nothing to sign in with."""

    name = "smtp"

    def __init__(self, server: Server, secret: Secret) -> None:
        self.server, self.secret = server, secret
        self.connection: smtplib.SMTP | None = None
        self.largest = 0
        self.where = f"{server.host}:{server.port}"
        self.is_used = False  # whether an e-mail went over this connection

    def __enter__(self) -> Self:
        self._connect()
        return self

    def _connect(self) -> smtplib.SMTP:
        """Return an open connection. Raises UnusableServerError: no server, an invalid certificate, a sign-in that is refused."""
        try:
            return self._open()
        except (OSError, smtplib.SMTPException, UnicodeError) as error:
            self._close()
            raise trouble(error) from None  # a UnicodeError holds a password
        except BaseException:
            self._close()
            raise

    def _open(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        place, name = (self.server.host, self.server.port), own_name()
        if self.server.security == "tls":
            self.connection = smtplib.SMTP_SSL(*place, name, timeout=TIMEOUT, context=context)
        else:
            self.connection = _Greeted(*place, name, timeout=TIMEOUT)
            self.connection.starttls(context=context)
        self.connection.ehlo_or_helo_if_needed()
        if self.connection.sock:  # or the dot would wait till the server has confirmed the text before it
            self.connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        size = self.connection.esmtp_features.get("size", "").split(" ")[0]
        self.largest = int(size) if size.isascii() and size.isdigit() else 0
        self.is_used = False
        if self.server.auth != "none":
            self._sign_in(self.connection)
        return self.connection

    def _sign_in(self, connection: smtplib.SMTP) -> None:
        """Give user and password, or a token, by one mechanism and once: a server may lock an account after a few."""
        offered = connection.esmtp_features.get("auth", "").upper().split()
        by_token = self.server.by_token
        known = {"XOAUTH2": _by_token} if by_token else _by_password()
        chosen = next((name for name in known if name in offered), None)
        if chosen is None:
            raise no_way(offered, by_token=by_token)
        try:
            code, text = known[chosen](connection, self.server.user, self.secret())
        except smtplib.SMTPServerDisconnected as error:
            if isinstance(error.__context__, TimeoutError):  # smtplib calls a silence so too
                raise error.__context__ from None
            # Some hang up instead of saying no.
            raise sign_in_error(SMTP, "", offered, by_token=by_token) from None
        if code not in POSITIVE:
            raise sign_in_error(SMTP, one_line(code, text), offered, by_token=by_token)

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
        except UnusableServerError as error:
            return error.reply()
        try:
            refusal = self._begin(connection, sender, address)
        except (OSError, smtplib.SMTPException) as error:
            self._close()
            return Reply("not-sent", type(error).__name__)
        if refusal and self.is_used and refusal.text.startswith(str(CLOSING)):
            self._close()  # it takes no more over this connection; a new one may be all that it wants
            return self.hand_over(email, sender, address)
        if refusal:
            self._reset(connection)
            return refusal
        return self._transmit(connection, email)

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
        commands: tuple[tuple[Step, str], ...] = (
            ("sender", f"MAIL FROM:<{sender}>"),
            ("recipient", f"RCPT TO:<{address}>"),
            ("recipient", "DATA"),
        )
        for step, command in commands:
            code, text = connection.docmd(command)
            if code == START_INPUT if command == "DATA" else code in POSITIVE:
                continue
            reply = meaning(SMTP, step, one_line(code, text))
            return Reply("not-sent", reply.text) if reply.outcome == "sent" else reply
        return None

    def _transmit(self, connection: smtplib.SMTP, email: bytes) -> Reply:
        """Send the text of an e-mail and the dot that ends it; return what became of it.

        The dot goes by itself, a moment later: over a connection that breaks before it nothing was sent, and that is
        known. Over one that breaks after it no one can tell.
        """
        dotted = re.sub(rb"(?m)^\.", b"..", email)  # RFC 5321, 4.5.2
        try:
            connection.send(dotted if dotted.endswith(b"\r\n") else dotted + b"\r\n")
            early = self._early(connection)
        except (OSError, smtplib.SMTPException) as error:
            self._close()
            return Reply("not-sent", type(error).__name__)
        if early:
            self._close()
            return early
        try:
            connection.send(END)
            if connection.sock:
                connection.sock.settimeout(DATA_TIMEOUT)
            code, text = connection.getreply()
            if connection.sock:
                connection.sock.settimeout(TIMEOUT)
        except (OSError, smtplib.SMTPException) as error:
            self._close()
            return Reply("unsure", type(error).__name__)
        self.is_used = True
        return meaning(SMTP, "text", one_line(code, text))

    def _early(self, connection: smtplib.SMTP) -> Reply | None:
        """Return the reply of a server that did not wait for the end of an e-mail: it has not taken it. None where it waits.

        Raises OSError or SMTPException where the connection is broken.
        """
        sock = connection.sock
        if sock is None or not select.select([sock], [], [], HOLD)[0]:
            return None
        connection.file = connection.file or sock.makefile("rb")
        sock.settimeout(BRIEF)
        try:
            connection.file.peek(1)
        except TimeoutError:  # it was TLS that had something to say
            connection.file = None  # what has timed out once is not read again
            return None
        finally:
            sock.settimeout(TIMEOUT)
        code, text = connection.getreply()
        reply = meaning(SMTP, "recipient", one_line(code, text))
        return Reply("not-sent", reply.text) if reply.outcome == "sent" else reply

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


def _coded(text: bytes | str) -> str:
    """Return what SASL sends: UTF-8 (RFC 4616) in base64."""
    return base64.b64encode(text.encode() if isinstance(text, str) else text).decode()


def _by_password() -> dict[str, Mechanism]:
    """Return the ways to give a password, by what SMTP calls them; a machine may forbid MD5 (FIPS)."""
    ways: dict[str, Mechanism] = {"PLAIN": _plain, "LOGIN": _login, "CRAM-MD5": _cram_md5}
    try:
        hmac.digest(b"", b"", "md5")
    except ValueError:
        del ways["CRAM-MD5"]
    return ways


def _plain(connection: smtplib.SMTP, user: str, password: str) -> tuple[int, bytes]:
    return connection.docmd("AUTH", "PLAIN " + _coded(f"\0{user}\0{password}"))


def _login(connection: smtplib.SMTP, user: str, password: str) -> tuple[int, bytes]:
    reply = connection.docmd("AUTH", f"LOGIN {_coded(user)}")
    return connection.docmd(_coded(password)) if reply[0] == GO_ON else reply


def _cram_md5(connection: smtplib.SMTP, user: str, password: str) -> tuple[int, bytes]:
    """Prove that the password is known (RFC 2195). Raises UnusableServerError where the server's challenge is not base64."""
    reply = connection.docmd("AUTH", "CRAM-MD5")
    if reply[0] != GO_ON:
        return reply
    try:
        challenge = base64.b64decode(reply[1])
    except binascii.Error:
        raise UnusableServerError(quoting(NOT_READABLE, one_line(*reply))) from None
    digest = hmac.digest(password.encode(), challenge, "md5").hex()
    return connection.docmd(_coded(f"{user} {digest}"))


def _by_token(connection: smtplib.SMTP, user: str, token: str) -> tuple[int, bytes]:
    """Sign in with a token (XOAUTH2): a refusal comes in two parts, and the first wants an empty answer."""
    reply = connection.docmd("AUTH", f"XOAUTH2 {_coded(bearer(user, token))}")
    return connection.docmd("") if reply[0] == GO_ON else reply
