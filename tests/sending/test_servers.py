"""The servers: other people's take our e-mails, say what became of them, and are not used unless they can be trusted."""

from __future__ import annotations

import imaplib
import os
import re
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from handouts.mail.message import Contents, Headers, addressed, unsent_email
from handouts.problems import SourceError
from handouts.sending.servers import Drafts, Outcome, Smtp, connected, one_line, quoted, transport_for
from handouts.sending.settings import Purpose, Server, Settings
from tests import imap_server
from tests.imap_server import Mailbox
from tests.smtp_server import PASSWORD, USER, SmtpServer

FOLDER = "Entwürfe"
WORDS = "معلومات من عيادتك"
CONTENTS = Contents(
    WORDS, "ar", WORDS, f"<p>{WORDS}</p>", b"%PDF-1.7 " + b"x" * 5000, b"\x89PNG" * 9, "picture"
)
HEADERS = Headers("ann@one.example", "ليلى", "handouts@clinic.example", "Clinic", "", "1@clinic.example", 0.0)
EMAIL = addressed(unsent_email(CONTENTS), HEADERS)


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


def test_a_reply_is_one_line_without_an_address() -> None:
    """It goes into the ledger and onto terminals: no codes for colours, no names of people, not without end."""
    reply = one_line(550, b"5.1.1 <ann@one.example>\r\n\x1b[31mno such\tuser \xff")
    assert reply == "550 5.1.1 <…@…> [31mno such user �"
    assert len(one_line(250, "x " * 500)) == 200


def test_a_folder_is_named_as_imap_names_it() -> None:
    """Modified UTF-7, in quotes (the examples of RFC 3501)."""
    assert quoted("Drafts") == '"Drafts"'
    assert quoted("Entwürfe & mehr") == '"Entw&APw-rfe &- mehr"'
    assert quoted('~peter/mail/台北/日本語"') == '"~peter/mail/&U,BTFw-/&ZeVnLIqe-\\""'


def test_a_draft_goes_into_the_mailbox(mailbox: Mailbox) -> None:
    """A real IMAP server gets it with the flag of a draft, tells its structure, and finds Arabic words in it."""
    server = Server("localhost", mailbox.port, "tls", imap_server.USER)
    with connected(Drafts(server, imap_server.PASSWORD, FOLDER), server) as transport:
        made = addressed(unsent_email(CONTENTS), Headers("ann@one.example", "ليلى"))
        assert transport.hand_over(made, "", "ann@one.example").outcome == "sent"
    context = ssl.create_default_context(cafile=str(mailbox.authority))
    with imaplib.IMAP4_SSL("localhost", mailbox.port, ssl_context=context) as client:
        client.login(imap_server.USER, imap_server.PASSWORD)
        assert client.select(quoted(FOLDER))[1] == [b"1"]
        assert client.search(None, "DRAFT")[1] == [b"1"]
        structure = client.fetch("1", "(BODYSTRUCTURE)")[1][0]
        assert isinstance(structure, bytes)
        names = (b'"mixed"', b'"alternative"', b'"related"', b'("ar")', b'("filename" "information.pdf")')
        for part in names:
            assert part in structure, structure
        for key in ("SUBJECT", "BODY"):
            client.literal = "عيادتك".encode()  # type: ignore[assignment] # it must be bytes, whatever typeshed says
            assert client.search("UTF-8", key)[1] == [b"1"]
        data = client.fetch("1", "(RFC822)")[1][0]
        assert isinstance(data, tuple)
        headers = set(message_from_bytes(data[1], policy=policy.default).keys())
        assert not {"From", "Date", "Message-ID"} & headers


@pytest.mark.parametrize(
    ("password", "folder", "code"),
    [("wrong", FOLDER, "password-refused"), (imap_server.PASSWORD, "Nowhere", "mailbox-folder-missing")],
)
def test_a_mailbox_that_cannot_be_used_says_why(
    mailbox: Mailbox, password: str, folder: str, code: str
) -> None:
    """The password, or the folder that it does not have."""
    server = Server("localhost", mailbox.port, "tls", imap_server.USER)
    with pytest.raises(SourceError) as raised, connected(Drafts(server, password, folder), server):
        pass
    assert [problem.code for problem in raised.value.problems] == [code]
    assert folder in str(raised.value) or code == "password-refused"


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
