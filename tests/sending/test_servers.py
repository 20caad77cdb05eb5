"""The clinic's servers: the settings say which serves what, and none is used that cannot be trusted."""

from __future__ import annotations

import os
import socket

import pytest

from handouts.problems import SourceError
from handouts.sending.imap import Drafts
from handouts.sending.servers import connected, transport_for
from handouts.sending.settings import Purpose, Server, Settings
from handouts.sending.smtp import Smtp
from tests.smtp_server import PASSWORD, USER, SmtpServer

FOLDER = "Entwürfe"


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("certificate", "certificate-invalid"),
        ("password", "password-refused"),
        ("nobody there", "server-not-usable"),
        ("no TLS", "tls-failed"),
    ],
)
def test_a_server_that_cannot_be_trusted_or_reached_is_one_clear_problem(
    smtp: Server, server: SmtpServer, monkeypatch: pytest.MonkeyPatch, fault: str, code: str
) -> None:
    """An unknown authority, a wrong password, nobody there, no encryption: named by host and port, and nothing sent."""
    if fault == "certificate":
        monkeypatch.setenv("SSL_CERT_FILE", os.devnull)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1] if fault == "nobody there" else smtp.port
    # A server that begins in the clear, where TLS is asked for from the start.
    wanted = Server("localhost", port, "tls" if fault == "no TLS" else "starttls", USER)
    password = "wrong horse" if fault == "password" else PASSWORD
    with pytest.raises(SourceError) as raised, connected(Smtp(wanted, password), wanted):
        pass
    (problem,) = raised.value.problems
    assert (problem.code, problem.where) == (code, f"localhost:{port}")
    assert "horse" not in str(problem)
    assert server.got == []


@pytest.mark.parametrize(("purpose", "kind"), [("smtp", Smtp), ("imap", Drafts)])
def test_settings_say_which_transport_serves_a_purpose(purpose: Purpose, kind: type) -> None:
    """SMTP sends, IMAP puts drafts into the folder that the settings name."""
    server = Server("mail.clinic.example", 993, "tls", "handouts")
    settings = Settings("a@b.example", "x", "", server, server, FOLDER, 30, 5, ())
    transport = transport_for(settings, purpose, "secret")
    assert isinstance(transport, kind)
    assert not isinstance(transport, Drafts) or transport.folder == FOLDER


def test_a_connection_is_closed_whatever_happens(smtp: Server) -> None:
    """Also where the run is stopped in the middle."""
    transport = Smtp(smtp, PASSWORD)
    with pytest.raises(KeyboardInterrupt), connected(transport, smtp):
        raise KeyboardInterrupt
    assert transport.connection is None
