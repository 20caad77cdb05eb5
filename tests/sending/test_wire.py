"""The first bytes: what is in the way of a connection that is encrypted and trusted is told apart, and at once."""

from __future__ import annotations

import errno
import smtplib
import socket
import ssl
import time
from datetime import UTC, datetime, timedelta

import pytest
import trustme

from handouts.sending import wire
from handouts.sending.settings import Security, Server
from handouts.sending.smtp import Smtp
from handouts.sending.transport import UnusableServerError
from handouts.sending.wire import NO_NAME, own_name, trouble
from tests.sending.scripted import ScriptedSmtp, authority, context, running


def expired() -> ssl.SSLContext:
    """Return TLS with a certificate of the authority that is out of date."""
    made = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    past = datetime.now(tz=UTC) - timedelta(days=1)
    authority().issue_cert("localhost", not_after=past).configure_cert(made)
    return made


def stranger() -> ssl.SSLContext:
    """Return TLS with a certificate of another authority."""
    made = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    trustme.CA().issue_cert("localhost").configure_cert(made)
    return made


def old() -> ssl.SSLContext:
    """Return TLS 1.1 and no newer."""
    made = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority().issue_cert("localhost").configure_cert(made)
    made.set_ciphers("ALL:@SECLEVEL=0")
    made.minimum_version = made.maximum_version = ssl.TLSVersion.TLSv1_1
    return made


@pytest.mark.usefixtures("trusted")
@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_1 is deprecated:DeprecationWarning")
@pytest.mark.parametrize(
    ("made", "code"),
    [(expired, "certificate-expired"), (stranger, "certificate-unknown-authority"), (old, "tls-too-old"),
     (lambda: context("other.example"), "certificate-wrong-name")],
)  # fmt: skip
@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_each_fault_of_a_certificate_is_told_apart(made: object, security: Security, code: str) -> None:
    """Unknown authority, wrong name, out of date, too old a version: each has a cure of its own."""
    assert callable(made)
    server = ScriptedSmtp(implicit=security == "tls", context=made())
    assert refusal(server, security) == code
    assert not any(line.startswith("AUTH") for line in server.said)


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize(
    ("server", "security", "code"),
    [
        (ScriptedSmtp(), "tls", "tls-not-spoken"),
        (ScriptedSmtp(implicit=True), "starttls", "tls-spoken"),
        (ScriptedSmtp(strip=True), "starttls", "starttls-missing"),
        (ScriptedSmtp(says={"STARTTLS": "454 4.7.0 TLS not available"}), "starttls", "server-busy"),
        (ScriptedSmtp(greeting="421 4.3.2 too busy"), "starttls", "server-busy"),
        (ScriptedSmtp(greeting="554 5.7.1 not you"), "starttls", "server-refuses"),
    ],
)
def test_a_port_that_speaks_otherwise_is_known_at_once(
    server: ScriptedSmtp, security: Security, code: str
) -> None:
    """The other way of TLS, or none any more: within moments, and not after a minute."""
    before = time.monotonic()
    assert refusal(server, security) == code
    assert time.monotonic() - before < 10
    assert server.signed == []


def refusal(server: ScriptedSmtp, security: Security) -> str:
    """Return the code of what kept a server from being used."""
    with running(server):
        at = Server("localhost", server.port, security, "handouts")
        with pytest.raises(UnusableServerError) as raised, Smtp(at, lambda: "secret"):
            pass
    assert raised.value.fault.what.endswith(".")
    return raised.value.fault.code


@pytest.mark.usefixtures("trusted")
def test_a_server_that_thinks_before_it_greets_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Silence alone is no TLS: the port is asked, and says nothing to a handshake."""
    monkeypatch.setattr(wire, "QUIET", 0.01)
    asked = []
    monkeypatch.setattr(wire, "_speaks_tls", lambda *place: asked.append(place))
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        socket.create_connection(silent.getsockname()) as opened,
    ):
        wire.await_greeting(opened, "127.0.0.1", 1)
    assert asked


@pytest.mark.parametrize("name", ["grüße-pc", "front desk", "localhost", "", "-", "a" * 300 + ".example"])
def test_a_machine_without_a_proper_name_gives_its_address(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """An umlaut in it is no fault of the program."""
    monkeypatch.setattr(socket, "getfqdn", lambda: name)
    assert own_name() == NO_NAME
    monkeypatch.setattr(socket, "getfqdn", lambda: "desk.clinic.example")
    assert own_name() == "desk.clinic.example"


@pytest.mark.parametrize(
    ("error", "code", "is_temporary"),
    [
        (socket.gaierror(-2, "Name or service not known"), "host-unknown", False),
        (TimeoutError(), "server-silent", True),
        (ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused"), "server-not-usable", False),
        (OSError(errno.ENETUNREACH, "Network is unreachable"), "server-not-usable", False),
        (smtplib.SMTPServerDisconnected("x"), "server-hung-up", True),
        (ConnectionResetError(), "server-hung-up", True),
        (smtplib.SMTPNotSupportedError(), "starttls-missing", False),
        (UnicodeError("secret"), "host-unknown", False),
        (UnicodeDecodeError("ascii", b"secret", 0, 1, "x"), "server-not-readable", False),
        (ssl.SSLError(1, "x"), "tls-failed", False),
        (smtplib.SMTPException("x"), "server-not-usable", False),
    ],
)
def test_whatever_is_in_the_way_is_a_whole_sentence(
    error: Exception, code: str, *, is_temporary: bool
) -> None:
    """What it is, and what to do; no exception's name, and no secret."""
    found = trouble(error)
    assert (found.fault.code, found.is_temporary) == (code, is_temporary)
    assert found.fault.what.endswith(".")
    assert found.fault.fix
    assert "secret" not in found.fault.what
