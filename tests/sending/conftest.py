"""What the tests of sending share: a running SMTP server, and a running mailbox."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from handouts.sending import wire
from handouts.sending.settings import Server
from tests import imap_server, smtp_server
from tests.imap_server import Mailbox
from tests.sending import scripted
from tests.smtp_server import USER, SmtpServer


@pytest.fixture
def server(tmp_path: Path) -> Iterator[SmtpServer]:
    """Run the server for one test."""
    with smtp_server.running(tmp_path / "server") as running:
        yield running


@pytest.fixture
def smtp(server: SmtpServer, monkeypatch: pytest.MonkeyPatch) -> Server:
    """Return the running SMTP server as settings name it; its authority is trusted."""
    monkeypatch.setenv("SSL_CERT_FILE", server.authority)
    return Server("localhost", server.port, "starttls", USER)


@pytest.fixture
def mailbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    """Run Dovecot for one test; its authority is trusted. Skip where there is none."""
    if imap_server.lacking():
        pytest.skip(imap_server.lacking())
    with imap_server.running() as running:
        monkeypatch.setenv("SSL_CERT_FILE", str(running.authority))
        yield running


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Trust the authority of the scripted servers; a server that stays silent is asked at once whether it waits for TLS."""
    monkeypatch.setenv("SSL_CERT_FILE", scripted.trust(tmp_path))
    monkeypatch.setattr(wire, "QUIET", 0.05)
