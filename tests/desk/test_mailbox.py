"""A draft to no one lands among the drafts of a real mailbox; what the server refuses is told."""

from __future__ import annotations

import imaplib
import ssl
from dataclasses import replace
from email import message_from_bytes
from email.header import decode_header, make_header
from pathlib import Path

import pytest

from handouts.desk.mailbox import Mailbox
from handouts.mail.message import Contents, unsent_email
from handouts.problems import SourceError
from handouts.sending.settings import settings_for
from tests import imap_server
from tests.cli.test_mail import IMAP

DRAFT = unsent_email(Contents("Información de su clínica", "es", "Texto.\n", "<p>Texto.</p>", b"%PDF-1.7"))


def a_mailbox(folder: Path, port: int) -> Mailbox:
    """Return a mailbox of a server on this machine."""
    file = folder / "mail.toml"
    file.write_text(IMAP.format(port=port, user=imap_server.USER), encoding="utf-8")
    settings, problems = settings_for(file, "imap")
    assert problems == []
    assert settings
    return Mailbox(replace(settings, subject_prefix="Hill Street:"))


def test_a_draft_is_among_the_drafts_of_the_mailbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Marked as one, without an address, with the clinic's prefix before its subject."""
    if imap_server.lacking():
        pytest.skip(imap_server.lacking())
    with imap_server.running() as mailbox:
        monkeypatch.setenv("HANDOUTS_IMAP_PASSWORD", imap_server.PASSWORD)
        monkeypatch.setenv("SSL_CERT_FILE", str(mailbox.authority))
        a_mailbox(tmp_path, mailbox.port).put(DRAFT)
        context = ssl.create_default_context(cafile=str(mailbox.authority))
        with imaplib.IMAP4_SSL("localhost", mailbox.port, ssl_context=context) as client:
            client.login(imap_server.USER, imap_server.PASSWORD)
            client.select('"Entw&APw-rfe"')
            _, found = client.fetch("1", "(FLAGS BODY[])")
    assert isinstance(found[0], tuple)
    head, body = found[0]
    message = message_from_bytes(body)
    assert rb"\Draft" in head + (found[1] if isinstance(found[1], bytes) else b"")
    assert (message["To"], message["X-Unsent"]) == (None, "1")
    assert str(make_header(decode_header(message["Subject"]))) == "Hill Street: Información de su clínica"


def test_a_server_that_is_not_there_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With its place, and what to do."""
    monkeypatch.setenv("HANDOUTS_IMAP_PASSWORD", "x")
    with pytest.raises(SourceError) as caught:
        a_mailbox(tmp_path, 1).put(DRAFT)
    (problem,) = caught.value.problems
    assert problem.where == "localhost:1"
