"""The clinic's servers: the settings say which serves what, and none is used that cannot be trusted."""

from __future__ import annotations

import os
import socket

import pytest

from handouts.problems import SourceError
from handouts.sending.imap import Folder
from handouts.sending.servers import connected, transport_for
from handouts.sending.settings import Purpose, Server
from handouts.sending.smtp import Smtp
from tests.sending.samples import Watch, settings
from tests.sending.scripted import ScriptedSmtp, running
from tests.smtp_server import PASSWORD, USER, SmtpServer

FOLDER = "Entwürfe"


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("certificate", "certificate-unknown-authority"),
        ("password", "password-refused"),
        ("nobody there", "server-not-usable"),
        ("no TLS", "tls-not-spoken"),
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
    with pytest.raises(SourceError) as raised, connected(Smtp(wanted, lambda: password), settings(), Watch()):
        pass
    (problem,) = raised.value.problems
    assert (problem.code, problem.where) == (code, f"localhost:{port}")
    assert "horse" not in str(problem)
    assert server.got == []


@pytest.mark.parametrize(("purpose", "kind"), [("smtp", Smtp), ("imap", Folder)])
def test_settings_say_which_transport_serves_a_purpose(purpose: Purpose, kind: type) -> None:
    """SMTP sends, IMAP puts drafts into the folder that the settings name."""
    server = Server("mail.clinic.example", 993, "tls", "handouts")
    wanted = settings(smtp=server, imap=server, drafts=FOLDER, sent="Sent")
    transport = transport_for(wanted, purpose, lambda: "secret")
    assert isinstance(transport, kind)
    assert not isinstance(transport, Folder) or transport.folder == FOLDER


def test_a_connection_is_closed_whatever_happens(smtp: Server) -> None:
    """Also where the run is stopped in the middle."""
    transport = Smtp(smtp, lambda: PASSWORD)
    with pytest.raises(KeyboardInterrupt), connected(transport, settings(), Watch()):
        raise KeyboardInterrupt
    assert transport.connection is None


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize(("busy", "opens"), [(2, True), (3, False)])
def test_a_server_that_has_no_time_at_the_start_is_asked_again(*, busy: int, opens: bool) -> None:
    """A 4xx at sign-in: after the waits of the settings, which are shown; then it is a problem, and no password's."""
    watch, wanted = Watch(), settings(retries=(60, 300))
    says = {"AUTH": lambda n: "432 4.3.2 Concurrent connections limit exceeded." if n <= busy else "235 ok"}
    with running(ScriptedSmtp(says=says)) as server:
        at = Server("localhost", server.port, "starttls", USER)
        if opens:
            with connected(Smtp(at, lambda: PASSWORD), wanted, watch):
                pass
        else:
            with pytest.raises(SourceError) as raised, connected(Smtp(at, lambda: PASSWORD), wanted, watch):
                pass
            (problem,) = raised.value.problems
            assert (problem.code, problem.where) == ("server-busy", f"localhost:{server.port}")
    assert [seconds for seconds, _ in watch.waits] == [60, 300]
    assert "432 4.3.2" in watch.waits[0][1]
    assert watch.waits[0][1].endswith(")")  # the time that is left follows
