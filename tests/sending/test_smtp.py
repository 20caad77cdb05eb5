"""The SMTP server: its reply decides, one person's trouble is not the next one's, and other programs send the same."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from handouts.sending.servers import connected
from handouts.sending.settings import Server
from handouts.sending.smtp import Smtp
from handouts.sending.transport import Outcome
from tests.sending.samples import EMAIL, Connection
from tests.smtp_server import PASSWORD, USER, SmtpServer


@pytest.mark.parametrize(
    ("mood", "outcome", "text", "taken"),
    [
        ("plain", "sent", "250 taken", 1),
        ("odd", "sent", "251 taken", 1),
        ("later", "put-off", "451 4.7.1 come again", 0),
        ("never", "refused", "550 5.1.1 …@… is not here", 0),
        ("cut", "unsure", "SMTPServerDisconnected", 1),
        ("gone", "not-sent", "SMTPServerDisconnected", 0),
    ],
)
def test_what_the_server_says_decides(
    smtp: Server, server: SmtpServer, mood: str, outcome: Outcome, text: str, taken: int
) -> None:
    """2xx is sent, 4xx put off, 5xx refused; a connection broken before the text is no doubt, one broken after it is."""
    with connected(Smtp(smtp, PASSWORD), smtp) as transport:
        reply = transport.hand_over(EMAIL, "handouts@clinic.example", f"{mood}@one.example")
    assert (reply.outcome, reply.text) == (outcome, text)
    assert len(server.got) == taken
    for row in server.got:
        assert row["tls"]
        assert (row["to"], row["from"]) == ([f"{mood}@one.example"], "handouts@clinic.example")


def test_a_connection_serves_many_emails_and_is_opened_again_when_it_breaks(
    smtp: Server, server: SmtpServer
) -> None:
    """One person's trouble is not the next one's."""
    moods = ["plain", "never", "plain", "gone", "plain", "cut", "plain"]
    with connected(Smtp(smtp, PASSWORD), smtp) as transport:
        replies = [transport.hand_over(EMAIL, "c@d.example", f"{mood}@one.example") for mood in moods]
    assert [reply.outcome for reply in replies] == [
        "sent", "refused", "sent", "not-sent", "sent", "unsure", "sent",
    ]  # fmt: skip
    assert len(server.got) == 5


def test_a_line_that_begins_with_a_dot_arrives_whole(smtp: Server, server: SmtpServer) -> None:
    """A dot alone would end the e-mail in the middle of its text (RFC 5321, 4.5.2)."""
    text = b"Subject: x\r\n\r\n.\r\n..two\r\nlast"
    with connected(Smtp(smtp, PASSWORD), smtp) as transport:
        assert transport.hand_over(text, "c@d.example", "a@one.example").outcome == "sent"
    assert server.got[0]["bytes"] == len(text + b"\r\n")


def test_a_password_that_is_no_longer_taken_stops_the_run(smtp: Server) -> None:
    """It was changed while the run waited: the next e-mail would fare the same, and the account be locked."""
    transport = Smtp(smtp, "wrong horse")
    broken = Connection(OSError())
    transport.connection = broken  # type: ignore[assignment] # closed by the server meanwhile
    reply = transport.hand_over(EMAIL, "c@d.example", "a@one.example")
    assert reply.outcome == "stop"
    assert broken.closed


@pytest.mark.parametrize(
    ("code", "outcome"), [(550, "stop"), (451, "put-off"), (250, "not-sent"), (999, "not-sent")]
)
def test_a_sender_that_is_refused_is_refused_for_everyone(code: int, outcome: Outcome) -> None:
    """Put off is put off; what is no reply of SMTP says nothing was sent."""
    transport = Smtp(Server("localhost", 1, "starttls", USER), PASSWORD)
    connection = Connection((code, b"as told"))
    begun = transport._begin(connection, "c@d.example", "a@one.example")  # type: ignore[arg-type] # a stand-in
    assert begun
    assert begun.outcome == outcome


@pytest.mark.parametrize("does", [OSError(), (500, b"what?")])
def test_a_connection_that_cannot_be_made_ready_is_closed(does: object) -> None:
    """The next e-mail opens a new one."""
    transport, connection = Smtp(Server("localhost", 1, "starttls", USER), PASSWORD), Connection(does)
    transport.connection = connection  # type: ignore[assignment] # a stand-in
    transport._reset(connection)  # type: ignore[arg-type]
    assert connection.closed


def test_closing_never_raises() -> None:
    """A server that has gone cannot be told so."""
    transport, connection = Smtp(Server("h", 1, "tls", USER), PASSWORD), Connection(OSError())
    transport.connection = connection  # type: ignore[assignment] # a stand-in
    transport.__exit__(None, None, None)
    assert connection.closed


@pytest.mark.parametrize("client", ["swaks", "msmtp"])
def test_a_real_client_can_send_what_we_write(server: SmtpServer, client: str, tmp_path: Path) -> None:
    """The e-mail arrives by another program over the same connection, with the headers that it had."""
    if shutil.which(client) is None:
        pytest.skip(f"no {client} on this machine; run make setup-mail")
    message = tmp_path / "message.eml"
    message.write_bytes(EMAIL)
    port, authority = str(server.port), server.authority
    commands = {
        "swaks": ["swaks", "--server", "localhost", "--port", port, "--tls", "--tls-ca-path", authority, "--auth", "PLAIN",
                  "--auth-user", USER, "--auth-password", PASSWORD, "--from", "handouts@clinic.example",
                  "--to", "ann@one.example", "--data", f"@{message}", "--suppress-data"],
        "msmtp": ["msmtp", "--host=localhost", f"--port={port}", "--auth=plain", f"--user={USER}", "--tls=on", "--tls-starttls=on",
                  f"--tls-trust-file={authority}", f"--passwordeval=echo '{PASSWORD}'", "--from=handouts@clinic.example", "ann@one.example"],
    }  # fmt: skip
    done = subprocess.run(
        commands[client], input=EMAIL, capture_output=True, check=False, env={"PATH": "/usr/bin:/bin"}
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (row,) = server.got
    wanted = (["ann@one.example"], "ar", "<1@clinic.example>")
    assert (row["to"], row["language"], row["message_id"]) == wanted
    assert row["tls"]
    assert re.search("[\u0600-\u06ff]", str(row["subject"]))
