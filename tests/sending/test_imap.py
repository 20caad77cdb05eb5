"""The mailbox: a real IMAP server takes our drafts, and what it says decides."""

from __future__ import annotations

import imaplib
import socket
import ssl
from email import message_from_bytes, policy

import pytest

from handouts.mail.message import Headers, addressed, unsent_email
from handouts.problems import SourceError
from handouts.sending.imap import Drafts, quoted
from handouts.sending.servers import connected
from handouts.sending.settings import Server
from handouts.sending.transport import Outcome
from tests import imap_server
from tests.imap_server import Mailbox
from tests.sending.samples import CONTENTS, EMAIL, Connection
from tests.smtp_server import PASSWORD, USER

FOLDER = "Entwürfe"


@pytest.mark.parametrize(
    ("does", "outcome", "closed"),
    [
        (("OK", [b"[APPENDUID 1 2] done"]), "sent", False),
        (("NO", [b"over quota"]), "stop", False),
        (imaplib.IMAP4.error("command APPEND illegal"), "stop", False),
        (imaplib.IMAP4.abort("socket error"), "unsure", True),
        (TimeoutError(), "unsure", True),
    ],
)
def test_what_the_mailbox_says_decides(does: object, outcome: Outcome, *, closed: bool) -> None:
    """OK is sent; what it refuses once it refuses to all; a connection that broke meanwhile leaves a doubt."""
    drafts, connection = Drafts(Server("localhost", 1, "tls", USER), PASSWORD, FOLDER), Connection(does)
    drafts.connection = connection  # type: ignore[assignment] # a stand-in
    assert drafts.hand_over(EMAIL, "", "ann@one.example").outcome == outcome
    assert connection.closed == closed
    assert (drafts.connection is None) == closed


def test_a_mailbox_that_cannot_be_reached_again_leaves_no_doubt() -> None:
    """Nothing was begun: the e-mail may be tried again."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        server = Server("127.0.0.1", free.getsockname()[1], "tls", USER)
    assert Drafts(server, PASSWORD, FOLDER).hand_over(EMAIL, "", "a@b.example").outcome == "not-sent"


def test_closing_never_raises() -> None:
    """A mailbox that has gone cannot be told so."""
    drafts = Drafts(Server("h", 1, "tls", USER), PASSWORD, FOLDER)
    drafts.connection = Connection(imaplib.IMAP4.abort())  # type: ignore[assignment] # a stand-in
    drafts.__exit__(None, None, None)


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
