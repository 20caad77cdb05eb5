"""The clinic's own servers: which transport serves what, and a connection that can be trusted or none at all."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

from handouts.problems import Problem, SourceError
from handouts.sending.imap import Drafts
from handouts.sending.settings import Purpose, Server, Settings, server_for
from handouts.sending.smtp import Smtp
from handouts.sending.transport import NoFolderError, Transport, WrongPasswordError


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
