"""The mailbox: a real IMAP server takes our drafts, and what it says decides."""

from __future__ import annotations

import imaplib
import socket
import ssl
from email import message_from_bytes, policy

import pytest

from handouts.mail.message import Headers, addressed, unsent_email
from handouts.problems import SourceError
from handouts.sending.imap import Folder, quoted, unquoted
from handouts.sending.servers import connected
from handouts.sending.settings import Auth, Server
from handouts.sending.transport import Outcome, Reply, UnusableServerError
from tests import imap_server
from tests.imap_server import Mailbox
from tests.sending.samples import CONTENTS, EMAIL, Connection, Watch, settings
from tests.sending.scripted import ScriptedImap, running
from tests.smtp_server import PASSWORD, USER

FOLDER = "Entwürfe"
CODED = '(\\HasNoChildren \\Drafts) "/" "Entw&APw-rfe"'


def secret() -> str:
    """Return the password."""
    return PASSWORD


def talk(
    server: ScriptedImap, *, auth: Auth = "password", given: str = PASSWORD, folder: str = "Drafts"
) -> tuple[str, Reply]:
    """Put an e-mail into a folder of a scripted server; return the folder, and the reply. Raises UnusableServerError."""
    with running(server):
        at = Server("localhost", server.port, "tls" if server.implicit else "starttls", USER, auth)
        with Folder(at, lambda: given, folder) as transport:
            return transport.folder, transport.hand_over(EMAIL, "", "ann@one.example")


@pytest.mark.parametrize(
    ("does", "outcome", "closed"),
    [
        (("OK", [b"[APPENDUID 1 2] done"]), "sent", False),
        (("NO", [b"over quota"]), "stop", False),
        (imaplib.IMAP4.error("command APPEND illegal"), "stop", False),
        (imaplib.IMAP4.abort("socket error"), "not-sent", True),
        (TimeoutError(), "not-sent", True),
    ],
)
def test_what_the_mailbox_says_decides(does: object, outcome: Outcome, *, closed: bool) -> None:
    """OK is sent; what it refuses once it refuses to all; a connection that broke meanwhile leaves a doubt."""
    drafts, connection = Folder(Server("localhost", 1, "tls", USER), secret, FOLDER), Connection(does)
    drafts.connection = connection  # type: ignore[assignment] # a stand-in
    assert drafts.hand_over(EMAIL, "", "ann@one.example").outcome == outcome
    assert connection.closed == closed
    assert (drafts.connection is None) == closed


def test_a_mailbox_that_cannot_be_reached_again_leaves_no_doubt() -> None:
    """Nothing was begun, and no one else's would fare better: the run stops, and the e-mail may be tried again."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        server = Server("127.0.0.1", free.getsockname()[1], "tls", USER)
    assert Folder(server, secret, FOLDER).hand_over(EMAIL, "", "a@b.example").outcome == "stop"


def test_closing_never_raises() -> None:
    """A mailbox that has gone cannot be told so."""
    drafts = Folder(Server("h", 1, "tls", USER), secret, FOLDER)
    drafts.connection = Connection(imaplib.IMAP4.abort())  # type: ignore[assignment] # a stand-in
    drafts.__exit__(None, None, None)
    assert drafts.connection is None


def test_a_folder_is_named_as_imap_names_it() -> None:
    """Modified UTF-7, in quotes (the examples of RFC 3501)."""
    assert quoted("Drafts") == '"Drafts"'
    assert quoted("Entwürfe & mehr") == '"Entw&APw-rfe &- mehr"'
    assert quoted('~peter/mail/台北/日本語"') == '"~peter/mail/&U,BTFw-/&ZeVnLIqe-\\""'


def test_a_draft_goes_into_the_mailbox(mailbox: Mailbox) -> None:
    """A real IMAP server says which folder is for drafts, gets it with the flag of a draft, tells its structure, and finds Arabic words in it."""
    server = Server("localhost", mailbox.port, "tls", imap_server.USER)
    with connected(Folder(server, lambda: imap_server.PASSWORD, ""), settings(), Watch()) as transport:
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
    with (
        pytest.raises(SourceError) as raised,
        connected(Folder(server, lambda: password, folder), settings(), Watch()),
    ):
        pass
    assert [problem.code for problem in raised.value.problems] == [code]
    assert folder in str(raised.value) or code == "password-refused"


@pytest.mark.parametrize(
    "name", ["Drafts", "Entwürfe & mehr", '~peter/mail/台北/日本語"', "a\\b", "&", "Черновики"]
)
def test_the_name_of_a_folder_comes_back_as_it_was(name: str) -> None:
    """So that those which there are can be told as a mail program shows them."""
    assert unquoted(quoted(name).encode()) == name


@pytest.mark.parametrize("name", [b"plain", b"&AGE", b"&!-x", b"\xff"])
def test_a_name_that_is_not_well_coded_is_told_as_it_is(name: bytes) -> None:
    """Nothing that a server says ends in a traceback."""
    assert unquoted(name)


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize(
    ("folders", "wanted", "found"),
    [
        (('() "/" INBOX', CODED), "", "Entwürfe"),
        (("() NIL INBOX",), "", "Drafts"),
        ((CODED,), "Others", "Others"),
    ],
)
def test_the_folder_for_drafts_is_the_one_that_the_mailbox_names(
    folders: tuple[str, ...], wanted: str, found: str
) -> None:
    """SPECIAL-USE (RFC 6154), whatever it is called; that of the settings goes before, and Drafts is the usual."""
    server = ScriptedImap(folders=folders)
    folder, reply = talk(server, folder=wanted)
    assert (folder, reply.outcome) == (found, "sent")
    assert [unquoted(name.encode()) for name, _ in server.taken] == [found]


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize(("auth", "can"), [("password", "AUTH=PLAIN"), ("google", "AUTH=XOAUTH2")])
@pytest.mark.parametrize("says", ["", "OK [CAPABILITY IMAP4rev1 X] in"])
def test_what_a_mailbox_can_is_asked_after_the_sign_in(auth: Auth, can: str, says: str) -> None:
    """Dovecot and Gmail tell only then that they name the folders, and how large an e-mail may be."""
    server = ScriptedImap(
        can=can, can_then=f"{can} SPECIAL-USE APPENDLIMIT=5000", special=CODED, folders=('() "/" INBOX',)
    )
    server.says = {"LOGIN": says}
    with running(server):
        at = Server("localhost", server.port, "tls", USER, auth)
        with Folder(at, lambda: PASSWORD, "") as transport:
            assert (transport.folder, transport.largest) == ("Entwürfe", 5000)


@pytest.mark.usefixtures("trusted")
def test_a_mailbox_that_does_not_say_again_what_it_can_is_taken_at_its_first_word() -> None:
    """Nothing depends on it but the folder and the size."""
    server = ScriptedImap(says={"CAPABILITY": lambda n: "" if n == 1 else "BAD not now"})
    assert talk(server)[1].outcome == "sent"


@pytest.mark.usefixtures("trusted")
def test_a_folder_that_is_not_there_is_told_with_those_that_are() -> None:
    """So that its name can be copied into the settings."""
    server = ScriptedImap(
        folders=('() "/" INBOX', CODED), says={"STATUS": "NO [NONEXISTENT] Unknown Mailbox"}
    )
    with pytest.raises(UnusableServerError) as raised:
        talk(server)
    assert raised.value.fault.code == "mailbox-folder-missing"
    assert "It has: INBOX, Entwürfe." in raised.value.fault.fix


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize(
    ("given", "can", "signed"),
    [(PASSWORD, "SASL-IR AUTH=PLAIN", f'{USER} "{PASSWORD}"'), ("Grüße", "AUTH=PLAIN", f"\0{USER}\0Grüße"),
     (PASSWORD, "AUTH=PLAIN LOGINDISABLED", f"\0{USER}\0{PASSWORD}")],
)  # fmt: skip
def test_a_password_may_hold_any_letter(given: str, can: str, signed: str) -> None:
    """In UTF-8 where LOGIN cannot tell it, or is not allowed."""
    server = ScriptedImap(can=can)
    assert talk(server, given=given)[1].outcome == "sent"
    assert server.signed == [signed]


@pytest.mark.usefixtures("trusted")
def test_a_token_is_given_where_the_settings_say_so() -> None:
    """XOAUTH2."""
    server = ScriptedImap(can="AUTH=PLAIN AUTH=XOAUTH2")
    assert talk(server, auth="google", given="T0k")[1].outcome == "sent"
    assert server.signed == [f"user={USER}\1auth=Bearer T0k\1\1"]


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize(
    ("server", "auth", "code", "is_temporary", "words"),
    [
        (ScriptedImap(says={"LOGIN": "NO [ALERT] Application-specific password required"}), "password", "app-password-needed",
         False, "[ALERT] Application-specific password required"),
        (ScriptedImap(can="AUTH=XOAUTH2 AUTH=OAUTHBEARER LOGINDISABLED"), "password", "passwords-closed", False, "XOAUTH2, OAUTHBEARER"),
        (ScriptedImap(can="AUTH=PLAIN"), "google", "tokens-not-taken", False, "PLAIN, LOGIN"),
        (ScriptedImap(says={"LOGIN": "NO [ALERT] Your account is not enabled for IMAP use."}), "password", "imap-off", False, "not enabled"),
        (ScriptedImap(says={"LOGIN": "NO [AUTHENTICATIONFAILED] no"}), "password", "password-refused", False, "[AUTHENTICATIONFAILED] no"),
        (ScriptedImap(says={"LOGIN": "NO [UNAVAILABLE] later"}), "password", "server-busy", True, "[UNAVAILABLE] later"),
        (ScriptedImap(says={"LOGIN": "BAD no"}), "password", "password-refused", False, "no"),
        (ScriptedImap(can="AUTH=XOAUTH2", says={"AUTHENTICATE": "NO [AUTHENTICATIONFAILED] no"}), "google", "token-refused", False, '"400"'),
        (ScriptedImap(says={"LOGIN": "* BYE Connection closed. 13"}), "password", "server-hung-up", True,
         "the server ended the connection (the server says: Connection closed. 13)."),
        (ScriptedImap(says={"LOGIN": "CUT"}), "password", "server-hung-up", True, "without a word"),
        (ScriptedImap(says={"CAPABILITY": "CUT"}, greeting="* OK hello"), "password", "server-hung-up", True, ""),
        (ScriptedImap(says={"STATUS": "BAD User is authenticated but not connected."}), "password", "mailbox-not-ready", False,
         "BAD User is authenticated but not connected"),
        (ScriptedImap(says={"STATUS": "CUT"}), "password", "server-hung-up", True, ""),
        (ScriptedImap(says={"STATUS": "NO [UNAVAILABLE] x"}), "password", "mailbox-not-ready", True, "[UNAVAILABLE] x"),
        (ScriptedImap(says={"STATUS": "NO x", "LIST": "CUT"}), "password", "server-hung-up", True, ""),
        (ScriptedImap(greeting="* BYE too busy"), "password", "mailbox-not-ready", True, "too busy"),
        (ScriptedImap(can="AUTH=PLAIN ü"), "password", "server-not-readable", False, "cannot be read"),
        (ScriptedImap(greeting="what?"), "password", "server-hung-up", True, "what?"),
        (ScriptedImap(implicit=False), "password", "starttls-missing", False, "STARTTLS"),
        (ScriptedImap(implicit=False, can="STARTTLS", says={"STARTTLS": "NO not now"}), "password", "mailbox-not-ready", False, "TLS session"),
    ],
)  # fmt: skip
def test_whatever_a_mailbox_refuses_is_one_clear_problem_in_its_words(
    server: ScriptedImap, auth: Auth, code: str, words: str, *, is_temporary: bool
) -> None:
    """Every command may fail, be cut off or be answered by BYE; a password is never sent where it is not wanted."""
    with pytest.raises(UnusableServerError) as raised:
        talk(server, auth=auth)
    fault = raised.value.fault
    assert (fault.code, raised.value.is_temporary) == (code, is_temporary)
    assert words in fault.what + fault.fix
    assert PASSWORD not in fault.what + fault.fix
    assert "LOGINDISABLED" not in server.can or not any("LOGIN" in said for said in server.said)


@pytest.mark.usefixtures("trusted")
def test_a_password_that_a_mailbox_cannot_be_told_is_told_apart() -> None:
    """It knows LOGIN alone, which knows no umlaut."""
    server = ScriptedImap(can="X")
    with pytest.raises(UnusableServerError) as raised:
        talk(server, given="Grüße")
    assert raised.value.fault.code == "password-not-plain"
    assert server.signed == []


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize(
    ("server", "outcome", "code"),
    [
        (ScriptedImap(says={"APPEND": "CUT"}), "not-sent", ""),
        (ScriptedImap(says={"APPEND": "* BYE Connection closed. 13"}), "not-sent", ""),
        (ScriptedImap(cut_late=True), "unsure", ""),
        (ScriptedImap(says={"APPEND": "NO [OVERQUOTA] full"}), "stop", "mailbox-full"),
        (ScriptedImap(says={"APPEND": "NO [TRYCREATE] gone"}), "stop", "mailbox-folder-missing"),
        (ScriptedImap(says={"APPEND": "NO [UNAVAILABLE] later"}), "slow", "server-busy"),
        (ScriptedImap(says={"APPEND": "BAD what"}), "stop", "server-takes-nothing"),
    ],
)
def test_a_draft_is_in_doubt_only_when_its_text_was_handed_over(
    server: ScriptedImap, outcome: Outcome, code: str
) -> None:
    """A connection cut before the server asked for the text has taken nothing."""
    _, reply = talk(server)
    assert reply.outcome == outcome
    assert (reply.fault.code if reply.fault else "") == code
