"""The clinic's own mailbox: an e-mail is put into its drafts folder, for a person to look at and send."""

from __future__ import annotations

import base64
import imaplib
import re
import ssl
import time
from contextlib import suppress
from types import TracebackType
from typing import Self

from handouts.sending.settings import Server
from handouts.sending.transport import TIMEOUT, NoFolderError, Reply, WrongPasswordError, one_line


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
            with suppress(OSError):
                connection.shutdown()
            return Reply("unsure", type(error).__name__)
        except imaplib.IMAP4.error as error:
            return Reply("stop", one_line(0, str(error)))
        first = text[0] if text and isinstance(text[0], bytes) else b""
        return Reply("sent" if result == "OK" else "stop", one_line(0, first))
