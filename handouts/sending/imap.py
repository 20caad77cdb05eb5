"""The clinic's own mailbox: an e-mail is put into a folder of it, as a draft for a person to look at and send, or as a copy."""

from __future__ import annotations

import base64
import imaplib
import re
import socket
import ssl
import time
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

from handouts.problems import Fault
from handouts.sending.answers import IMAP, LETTERS_NOT_KNOWN, meaning, no_way, quoting, sign_in_error
from handouts.sending.settings import Server
from handouts.sending.sign_in import Secret, bearer
from handouts.sending.transport import TIMEOUT, Reply, UnusableServerError, one_line
from handouts.sending.wire import CHECK, ENDED, NOT_ENCRYPTED, await_greeting, trouble

NOT_READY = Fault("mailbox-not-ready", "the mailbox is not ready", f"{CHECK} If they are right, run the same command again later.")  # fmt: skip
DRAFT, SEEN = "\\Draft", "\\Seen"
USUAL = "Drafts"  # where a mailbox does not say which folder is for drafts
LISTED = re.compile(rb'\((?P<flags>[^)]*)\) (?:"(?:[^"\\]|\\.)*"|NIL) (?P<name>.+)')
EVERY, SPECIAL = '""', '(SPECIAL-USE) ""'  # which folders LIST is asked for
ABOUT = re.compile(r"(command: \w+ => )+")  # what imaplib puts before a server's words
UTF_7 = re.compile(r"&([^-]*)-")


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


def unquoted(name: bytes) -> str:
    """Return the name of a folder as a mail program shows it; what is not modified UTF-7 stays as it is."""
    text = name.decode("ascii", "replace").strip()
    if text.startswith('"'):
        text = re.sub(r"\\(.)", r"\1", text[1:-1])

    def plain(match: re.Match[str]) -> str:
        coded = match[1].replace(",", "/")
        with suppress(ValueError):
            return base64.b64decode(coded + "=" * (-len(coded) % 4)).decode("utf-16-be") if coded else "&"
        return match[0]

    return UTF_7.sub(plain, text)


class _Counting(imaplib.IMAP4):
    """A connection that counts what has been handed to it since a command began: the command itself, then a text."""

    writes = 0

    def send(self, data: Any) -> None:
        """Send, and count what was sent whole."""
        super().send(data)
        self.writes += 1


class _Greeted(_Counting):
    """A connection that begins in the clear, to a server that speaks first."""

    def open(self, host: str = "", port: int = 143, timeout: float | None = None) -> None:
        """Open the connection. Raises UnusableServerError where the server waits for TLS instead of speaking."""
        super().open(host, port, timeout)
        opened: socket.socket = self.sock
        await_greeting(opened, host, port)


class _Encrypted(_Counting, imaplib.IMAP4_SSL):
    """A connection that is encrypted from its first byte."""


class Folder:
    """A folder of the clinic's own mailbox, by IMAP: the one for drafts, or the one for what was sent.

    `name` is what the ledger calls this way. `folder` is the name of the folder; without one it is the one that the mailbox
    says is for drafts (RFC 6154).
    """

    def __init__(
        self, server: Server, secret: Secret, folder: str, *, name: str = "drafts", flag: str = DRAFT
    ) -> None:
        self.server, self.secret, self.folder = server, secret, folder
        self.name, self.flag = name, flag
        self.connection: _Counting | None = None
        self.largest = 0
        self.where = f"{server.host}:{server.port}"

    def __enter__(self) -> Self:
        self._connect()
        return self

    def _connect(self) -> _Counting:
        """Return an open connection. Raises UnusableServerError: no server, an invalid certificate, no sign-in, no folder."""
        try:
            connection = self._open()
        except imaplib.IMAP4.abort as error:
            raise trouble(_aborted(error)) from None
        except imaplib.IMAP4.error as error:
            raise _not_ready(_words(error)) from None
        except (OSError, UnicodeError) as error:
            raise trouble(error) from None
        try:
            self._begin(connection)
        except BaseException as error:
            with suppress(OSError):
                connection.shutdown()
            if isinstance(error, imaplib.IMAP4.error):
                aborted = isinstance(error, imaplib.IMAP4.abort)
                raise (trouble(_aborted(error)) if aborted else _not_ready(_words(error))) from None
            if isinstance(error, (OSError, UnicodeError)):
                raise trouble(error) from None
            raise
        self.connection = connection
        return connection

    def _open(self) -> _Counting:
        place = (self.server.host, self.server.port)
        if self.server.security == "tls":
            return _Encrypted(*place, ssl_context=ssl.create_default_context(), timeout=TIMEOUT)
        connection = _Greeted(*place, timeout=TIMEOUT)
        try:
            _encrypt(connection)
        except BaseException:
            with suppress(OSError):
                connection.shutdown()
            raise
        return connection

    def _begin(self, connection: _Counting) -> None:
        """Sign in, and see that the folder exists."""
        if self.server.auth != "none":
            self._sign_in(connection)
            _learn(connection)
        limit = next((c for c in connection.capabilities if c.startswith("APPENDLIMIT=")), "")  # RFC 7889
        size = limit.partition("=")[2]
        self.largest = int(size) if size.isdigit() else 0
        if not self.folder:
            self.folder = _special(connection) or USUAL
        result, text = connection.status(quoted(self.folder), "(MESSAGES)")
        if result != "OK":
            raise self._no_folder(connection, _first(text))

    def _no_folder(self, connection: _Counting, said: str) -> UnusableServerError:
        """Return the error of a folder that cannot be used: with those that there are, where it is not among them."""
        there = [name for _, name in _folders(connection)]
        if self.folder in there:
            return _not_ready(said)
        known = f" It has: {', '.join(there)}." if there else ""
        what = f"the mailbox has no folder “{self.folder}”."
        key = "drafts" if self.flag == DRAFT else "sent"
        fix = f"Write its name into “{key}” of [imap], as the mailbox has it.{known}"
        return UnusableServerError(Fault("mailbox-folder-missing", what, fix), said=said)

    def _sign_in(self, connection: _Counting) -> None:
        """Give user and password, or a token, once. Raises UnusableServerError where the server takes neither."""
        offers = [name.removeprefix("AUTH=") for name in connection.capabilities if name.startswith("AUTH=")]
        by_token = self.server.by_token
        by_login = "LOGINDISABLED" not in connection.capabilities
        if by_token and "XOAUTH2" not in offers:
            raise no_way([*offers, *(["LOGIN"] if by_login else [])], by_token=True)
        if not by_token and not by_login and "PLAIN" not in offers:
            raise no_way(offers, by_token=False)
        user, secret = self.server.user, self.secret()
        try:
            if by_token:
                _authenticate(connection, "XOAUTH2", bearer(user, secret))
            elif by_login and (user + secret).isascii():
                connection.login(user, secret)
            elif "PLAIN" in offers:  # the way that knows every letter (RFC 4616)
                _authenticate(connection, "PLAIN", f"\0{user}\0{secret}".encode())
            else:
                raise UnusableServerError(quoting(LETTERS_NOT_KNOWN, ""))
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error as error:
            raise sign_in_error(IMAP, _words(error), offers, by_token=by_token) from None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.connection:
            with suppress(OSError, imaplib.IMAP4.error):
                self.connection.logout()
            self.connection = None

    def hand_over(self, email: bytes, sender: str, address: str) -> Reply:  # noqa: ARG002 - a draft has no sender yet
        """Put one e-mail into the folder."""
        try:
            connection = self.connection or self._connect()
        except UnusableServerError as error:
            return error.reply()
        connection.writes = 0
        try:
            day = imaplib.Time2Internaldate(time.time())
            result, text = connection.append(quoted(self.folder), self.flag, day, email)
        except (OSError, imaplib.IMAP4.abort) as error:
            # The command goes first, and the text when the server asks for it: before that nothing was handed over.
            was_handed = connection.writes > 1
            self.connection = None
            with suppress(OSError):
                connection.shutdown()
            return Reply("unsure" if was_handed else "not-sent", type(error).__name__)
        except imaplib.IMAP4.error as error:
            return meaning(IMAP, "text", _words(error))
        said = _first(text)
        return Reply("sent", one_line(0, said)) if result == "OK" else meaning(IMAP, "text", said)


def _encrypt(connection: imaplib.IMAP4) -> None:
    """Begin TLS. Raises UnusableServerError where the server does not offer it, imaplib.IMAP4.error where it refuses it."""
    if "STARTTLS" not in connection.capabilities:
        raise UnusableServerError(quoting(NOT_ENCRYPTED, ""))
    connection.starttls(ssl.create_default_context())


def _authenticate(connection: imaplib.IMAP4, mechanism: str, first: bytes) -> None:
    """Sign in by a mechanism of SASL. Raises imaplib.IMAP4.error with all that the server said."""
    said: list[bytes] = []

    def answer(challenge: bytes) -> bytes:
        said.append(challenge)
        return first if len(said) == 1 else b""  # a refusal of XOAUTH2 wants an empty answer

    try:
        connection.authenticate(mechanism, answer)
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error as error:
        challenges = " ".join(part.decode(errors="replace") for part in said[1:])
        raise imaplib.IMAP4.error(f"{_words(error)} {challenges}".strip()) from None


def _learn(connection: imaplib.IMAP4) -> None:
    """Ask again what a server can do: after a sign-in it may be more (RFC 3501, 6.2); it stays what it was where that is not said."""
    try:
        result, told = connection.capability()
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error:
        return
    if result == "OK" and isinstance(told[-1], bytes):
        connection.capabilities = tuple(told[-1].decode("ascii", "replace").upper().split())


def _special(connection: imaplib.IMAP4) -> str:
    """Return the folder that a mailbox says is for drafts, nothing where it does not say (RFC 6154)."""
    asked = [EVERY, *([SPECIAL] if "SPECIAL-USE" in connection.capabilities else [])]
    listed = (each for which in asked for each in _folders(connection, which))
    return next((name for flags, name in listed if b"\\drafts" in flags.lower().split()), "")


def _folders(connection: imaplib.IMAP4, which: str = EVERY) -> list[tuple[bytes, str]]:
    """Return flags and name of every folder of a mailbox; none where it does not say."""
    try:
        result, lines = connection.list(which, '"*"')
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error:
        return []
    found = []
    for line in lines if result == "OK" else ():
        whole = b" ".join(line) if isinstance(line, tuple) else line  # a name that came as a literal
        match = LISTED.fullmatch(re.sub(rb"\{\d+\} ", b"", whole) if isinstance(whole, bytes) else b"")
        if match:
            found.append((match["flags"], unquoted(match["name"])))
    return found


def _words(error: imaplib.IMAP4.error) -> str:
    """Return what the server said: imaplib's exceptions hold it as bytes, or as text with bytes written out in it."""
    given = error.args[0] if error.args else ""
    text = given.decode(errors="replace") if isinstance(given, bytes) else str(given)
    return re.sub(r"\[b?'(.*)'\]$", r"\1", ABOUT.sub("", text))


def _first(text: list[Any]) -> str:
    """Return the first line of an answer."""
    first = text[0] if text else b""
    return first.decode(errors="replace") if isinstance(first, bytes) else ""


def _not_ready(said: str) -> UnusableServerError:
    """Return the error of a server that was reached and does not do what it is asked for."""
    found = meaning(IMAP, "text", said)
    return UnusableServerError(
        quoting(NOT_READY, found.text), is_temporary=found.outcome == "slow", said=found.text
    )


def _aborted(error: imaplib.IMAP4.error) -> BaseException:
    """Return the error of a connection that was cut off, with the last words of the server."""
    words = _words(error)
    if words.startswith("socket error: "):  # imaplib's own words: the server said nothing
        return EOFError()
    said = one_line(0, words)
    return UnusableServerError(quoting(ENDED, said), is_temporary=True, said=said)
