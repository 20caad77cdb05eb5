"""Other people's programs: a real mailbox takes our drafts, real clients send our messages."""

from __future__ import annotations

import imaplib
import re
import shutil
import ssl
import subprocess
import tempfile
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from handouts.mail.message import Headers, addressed
from handouts.sending.servers import quoted
from tests import imap_server
from tests.conftest import Project
from tests.sending.test_sending import ROWS, Server, batch, secrets, server
from tests.smtp_server import PASSWORD, USER

__all__ = ["server"]
FOLDER = "Entwürfe"
IMAP = """
[imap]
host = "localhost"
port = {port}
security = "tls"
user = "{user}"
drafts = "{folder}"
"""


def test_a_folder_is_named_as_imap_names_it() -> None:
    """Modified UTF-7, in quotes (the examples of RFC 3501)."""
    assert quoted("Drafts") == '"Drafts"'
    assert quoted("Entwürfe & mehr") == '"Entw&APw-rfe &- mehr"'
    assert quoted('~peter/mail/台北/日本語"') == '"~peter/mail/&U,BTFw-/&ZeVnLIqe-\\""'


def test_drafts_go_into_the_mailbox_once(project: Project, server: Server) -> None:
    """A real IMAP server gets each draft with the flag of one, tells its structure, and finds Arabic words in it."""
    if imap_server.lacking():
        pytest.skip(imap_server.lacking())
    batch(project, server, ROWS)
    with tempfile.TemporaryDirectory() as folder, imap_server.running(Path(folder)) as mailbox:
        with (project.root / "mail.toml").open("a", encoding="utf-8") as file:
            file.write(IMAP.format(port=mailbox.port, user=imap_server.USER, folder=FOLDER))
        command = [
            "mail",
            "draft",
            "--imap",
            "--to-file",
            "people.csv",
            "--settings",
            "mail.toml",
            "--include-drafts",
        ]
        environment = {
            "HANDOUTS_IMAP_PASSWORD": imap_server.PASSWORD,
            "SSL_CERT_FILE": str(mailbox.authority),
        }
        ran = project.run(*command, **environment)
        assert ran.code == 0, ran.err
        assert "4 sent" in ran.out
        assert "4 sent before" in project.run(*command, **environment).out
        wrong = project.run(
            *command, "--ledger", "other.db", **{**environment, "HANDOUTS_IMAP_PASSWORD": "wrong"}
        )
        assert wrong.code == 1
        assert "localhost" in wrong.err
        context = ssl.create_default_context(cafile=str(mailbox.authority))
        with imaplib.IMAP4_SSL("localhost", mailbox.port, ssl_context=context) as line:
            line.login(imap_server.USER, imap_server.PASSWORD)
            assert line.select(quoted(FOLDER))[1] == [b"4"]
            assert line.search(None, "DRAFT")[1] == [b"1 2 3 4"]
            structure = line.fetch("2", "(BODYSTRUCTURE)")[1][0]
            assert isinstance(structure, bytes)
            for part in (
                b'"mixed"',
                b'"alternative"',
                b'"related"',
                b'("ar")',
                b'("filename" "information.pdf")',
            ):
                assert part in structure, structure
            line.literal = "معلومات".encode()  # type: ignore[attr-defined]
            assert line.search("UTF-8", "SUBJECT")[1] == [b"2"]
            line.literal = "الاكتئاب".encode()  # type: ignore[attr-defined]
            assert line.search("UTF-8", "BODY")[1] == [b"2"]
            data = line.fetch("2", "(RFC822)")[1][0]
            assert isinstance(data, tuple)
            assert not {"From", "Date", "Message-ID"} & set(
                message_from_bytes(data[1], policy=policy.default).keys()
            )


@pytest.mark.parametrize("client", ["swaks", "msmtp"])
def test_a_real_client_can_send_what_we_write(
    project: Project, server: Server, client: str, tmp_path: Path
) -> None:
    """The message arrives by another program over the same line, with the structure that it had."""
    if shutil.which(client) is None:
        pytest.skip(f"no {client} on this machine; run make setup-mail")
    assert project.run("--locale", "ar", "--handout", "about-ipt", "--format", "eml").code == 0
    made = (project.root / "dist/ar/about-ipt.eml").read_bytes()
    headers = Headers(
        "ann@one.example", "ليلى", "handouts@clinic.example", "Clinic", "", "1@clinic.example", 0.0
    )
    message = tmp_path / "message.eml"
    message.write_bytes(addressed(made, headers))
    port, authority = (server.folder / "port").read_text(), str(server.folder / "ca.pem")
    commands = {
        "swaks": ["swaks", "--server", "localhost", "--port", port, "--tls", "--tls-ca-path", authority, "--auth", "PLAIN",
                  "--auth-user", USER, "--auth-password", PASSWORD, "--from", "handouts@clinic.example",
                  "--to", "ann@one.example", "--data", f"@{message}", "--suppress-data"],
        "msmtp": ["msmtp", "--host=localhost", f"--port={port}", "--auth=plain", f"--user={USER}", "--tls=on", "--tls-starttls=on",
                  f"--tls-trust-file={authority}", f"--passwordeval=echo '{PASSWORD}'", "--from=handouts@clinic.example", "ann@one.example"],
    }  # fmt: skip
    done = subprocess.run(
        commands[client],
        input=message.read_bytes(),
        capture_output=True,
        check=False,
        env=dict(secrets(server), PATH="/usr/bin:/bin"),
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (row,) = server.got
    assert (row["to"], row["language"], row["message_id"]) == (
        ["ann@one.example"],
        "ar",
        "<1@clinic.example>",
    )
    assert row["tls"]
    assert re.search("[\u0600-\u06ff]", str(row["subject"]))
