"""The first bytes to a mail server: a connection that is encrypted and trusted, or a plain word about what is in the way."""

from __future__ import annotations

import select
import smtplib
import socket
import ssl
from contextlib import suppress
from dataclasses import replace

from handouts.mail.addresses import HOST
from handouts.problems import Fault
from handouts.sending.answers import BUSY, SMTP, meaning, quoting
from handouts.sending.transport import UnusableServerError, one_line

QUIET = 2.0  # seconds without a greeting after which it is asked whether the port speaks TLS
HANDSHAKE = 2.0  # seconds that a port has to answer to that
NO_NAME = "[127.0.0.1]"  # what a machine without a proper name calls itself (RFC 5321, 4.1.3)
NOT_TRUSTED = "Nothing was sent over a connection that cannot be trusted."
CHECK = "Check host, port and security in the settings."

UNKNOWN_AUTHORITY = Fault(
    "certificate-unknown-authority",
    "its certificate is signed by an authority that this machine does not know",
    "Ask who runs the server for the certificate of the authority, and name its file in SSL_CERT_FILE. "
    + NOT_TRUSTED,
)
WRONG_NAME = Fault(
    "certificate-wrong-name",
    "its certificate is for another name",
    f"Write the name into “host” that the server's certificate has; ask who runs it. {NOT_TRUSTED}",
)
OUT_OF_DATE = Fault(
    "certificate-expired",
    "its certificate is out of date",
    f"Ask who runs the server to renew it, and check the clock of this machine. {NOT_TRUSTED}",
)
NOT_VALID = Fault(
    "certificate-invalid", "its certificate is not valid", f"Ask who runs the server. {NOT_TRUSTED}"
)
# By the code of OpenSSL (openssl-verify, “Diagnostics”).
CERTIFICATES: dict[int, Fault] = {
    **dict.fromkeys((2, 18, 19, 20, 21, 27), UNKNOWN_AUTHORITY),
    **dict.fromkeys((9, 10), OUT_OF_DATE),
    **dict.fromkeys((62, 64), WRONG_NAME),
}  # fmt: skip
PLAIN_PORT = Fault(
    "tls-not-spoken",
    "this port begins without encryption",
    'Write security = "starttls", or take the other port: often 465 for SMTP, 993 for IMAP.',
)
TLS_PORT = Fault(
    "tls-spoken",
    "this port is encrypted from the first byte",
    'Write security = "tls", or take the other port: often 587 for SMTP, 143 for IMAP.',
)
OLD_TLS = Fault(
    "tls-too-old",
    "the server speaks only an old version of TLS, which is not safe",
    f"Ask who runs it for TLS 1.2 or newer. {NOT_TRUSTED}",
)
TLS_FAILED = Fault("tls-failed", "no encrypted connection can be made", CHECK)
NOT_ENCRYPTED = Fault(
    "starttls-missing",
    "the server offers no encryption (STARTTLS), or someone on the way has taken the offer out",
    f'Write security = "tls" with the port for it, ask who runs the server, or try another network. {NOT_TRUSTED}',
)
# By what OpenSSL calls it, the first that fits.
TLS_REASONS: tuple[tuple[tuple[str, ...], Fault], ...] = (
    (("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "PACKET_LENGTH_TOO_LONG", "RECORD_LAYER_FAILURE"), PLAIN_PORT),
    (("UNSUPPORTED_PROTOCOL", "PROTOCOL_VERSION", "VERSION_TOO_LOW", "NO_PROTOCOLS", "KEY_TOO_SMALL", "LEGACY_SIGALG", "UNSAFE_LEGACY"), OLD_TLS),
)  # fmt: skip
NOT_FOUND = Fault(
    "host-unknown", "there is no server of this name", "Check “host”, and whether this machine is online."
)
NO_ANSWER = Fault("server-silent", "the server does not answer", f"{CHECK} A firewall may be in the way.")
NOT_MAIL = Fault("server-not-readable", "what the server says cannot be read", CHECK)
NOBODY = Fault("server-not-usable", "no mail server listens there", CHECK)
REFUSES = Fault(
    "server-refuses", "the server refuses to talk to this machine", "Show this answer to who runs the server."
)
ENDED = Fault("server-hung-up", "the server ended the connection", f"{CHECK} If they are right, run the same command again later.")  # fmt: skip
HUNG_UP = replace(ENDED, what=f"{ENDED.what} without a word")

# What else keeps a connection from being opened: what it is, and whether it may be tried again later.
KINDS: tuple[tuple[tuple[type[BaseException], ...], Fault, bool], ...] = (
    ((smtplib.SMTPNotSupportedError,), NOT_ENCRYPTED, False),
    ((smtplib.SMTPServerDisconnected, ConnectionResetError, BrokenPipeError, EOFError), HUNG_UP, True),
    ((UnicodeDecodeError,), NOT_MAIL, False),
    ((socket.gaierror, UnicodeError), NOT_FOUND, False),
    ((TimeoutError,), NO_ANSWER, True),
)


def trouble(error: BaseException) -> UnusableServerError:
    """Return what an error says that kept a connection from being opened: what it is, and what to do."""
    if isinstance(error, UnusableServerError):
        return error
    if isinstance(error, ssl.SSLError):
        return _tls_trouble(error)
    if isinstance(error, smtplib.SMTPResponseException):
        return _refusal(error.smtp_code, error.smtp_error)
    for kinds, fault, is_temporary in KINDS:
        if isinstance(error, kinds):
            return UnusableServerError(quoting(fault, ""), is_temporary=is_temporary)
    reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
    if isinstance(error, ConnectionRefusedError):
        reason = ""
    return UnusableServerError(quoting(NOBODY, one_line(0, reason)))


def _tls_trouble(error: ssl.SSLError) -> UnusableServerError:
    """Return what a failed TLS handshake says: of the certificate, or of what the port speaks."""
    if isinstance(error, ssl.SSLCertVerificationError):
        fault = CERTIFICATES.get(error.verify_code, NOT_VALID)
        return UnusableServerError(quoting(fault, one_line(0, error.verify_message), by="TLS"))
    # A reason that this Python is older than stands in its words alone: “[SSL] legacy sigalg disallowed or unsupported”.
    reason = getattr(error, "reason", "") or str(error).partition(" (_ssl.c")[0] or "no reason is given"
    known = reason.upper().replace(" ", "_")
    fault = next((fault for names, fault in TLS_REASONS if any(n in known for n in names)), TLS_FAILED)
    return UnusableServerError(quoting(fault, reason, by="TLS"))


def _refusal(code: int, words: bytes | str) -> UnusableServerError:
    """Return what a server says that greets with a refusal, or refuses to begin."""
    found = meaning(SMTP, "sender", one_line(code, words))
    if found.outcome == "slow":
        return UnusableServerError(found.fault or BUSY, is_temporary=True, said=found.text)
    return UnusableServerError(quoting(REFUSES, found.text), said=found.text)


def own_name() -> str:
    """Return what this machine calls itself in EHLO: its name where that is a proper one, else its address."""
    name = socket.getfqdn()
    return name if HOST.fullmatch(name) and "." in name else NO_NAME


def await_greeting(opened: socket.socket, host: str, port: int) -> None:
    """Wait a moment for a server to speak first. Raises UnusableServerError where it waits for TLS instead.

    Both sides would wait, and the connection end a minute later without a word.
    """
    if select.select([opened], [], [], QUIET)[0] or not _speaks_tls(host, port):
        return
    raise UnusableServerError(quoting(TLS_PORT, ""))


def _speaks_tls(host: str, port: int) -> bool:
    """Whether a port takes a TLS handshake as the first thing; nothing else is said to it, so no one need be trusted."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with (
        suppress(OSError),
        socket.create_connection((host, port), HANDSHAKE) as plain,
        context.wrap_socket(plain, server_hostname=host),
    ):
        return True
    return False
