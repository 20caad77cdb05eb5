"""The SMTP server: its reply decides, one person's trouble is not the next one's, and other programs send the same."""

from __future__ import annotations

import hmac
import re
import shutil
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest

from handouts.sending import smtp as smtp_module
from handouts.sending.servers import connected
from handouts.sending.settings import Auth, Server
from handouts.sending.smtp import Smtp
from handouts.sending.transport import Outcome, Reply, UnusableServerError
from tests.sending.samples import EMAIL, Connection, Watch, settings
from tests.sending.scripted import Answers, Line, ScriptedSmtp, running
from tests.smtp_server import PASSWORD, USER, SmtpServer


def secret() -> str:
    """Return the password."""
    return PASSWORD


def talk(
    server: ScriptedSmtp,
    *,
    auth: Auth = "password",
    given: str = "Grüße 2026",
    people: int = 1,
    email: bytes = EMAIL,
) -> list[Reply]:
    """Hand e-mails over to a scripted server; return its replies. Raises UnusableServerError."""
    with running(server):
        at = Server("localhost", server.port, "tls" if server.implicit else "starttls", USER, auth)
        with Smtp(at, lambda: given) as transport:
            return [transport.hand_over(email, "c@d.example", f"p{n}@one.example") for n in range(people)]


@pytest.mark.parametrize(
    ("mood", "outcome", "text", "taken"),
    [
        ("plain", "sent", "250 taken", 1),
        ("odd", "sent", "251 taken", 1),
        ("later", "slow", "451 4.7.1 come again", 0),
        ("never", "refused", "550 5.1.1 …@… is not here", 0),
        ("cut", "unsure", "SMTPServerDisconnected", 1),
        ("gone", "not-sent", "SMTPServerDisconnected", 0),
    ],
)
def test_what_the_server_says_decides(
    smtp: Server, server: SmtpServer, mood: str, outcome: Outcome, text: str, taken: int
) -> None:
    """2xx is sent, 4xx put off, 5xx refused; a connection broken before the text is no doubt, one broken after it is."""
    with connected(Smtp(smtp, secret), settings(), Watch()) as transport:
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
    with connected(Smtp(smtp, secret), settings(), Watch()) as transport:
        replies = [transport.hand_over(EMAIL, "c@d.example", f"{mood}@one.example") for mood in moods]
    assert [reply.outcome for reply in replies] == [
        "sent", "refused", "sent", "not-sent", "sent", "unsure", "sent",
    ]  # fmt: skip
    assert len(server.got) == 5


def test_a_line_that_begins_with_a_dot_arrives_whole(smtp: Server, server: SmtpServer) -> None:
    """A dot alone would end the e-mail in the middle of its text (RFC 5321, 4.5.2)."""
    text = b"Subject: x\r\n\r\n.\r\n..two\r\nlast"
    with connected(Smtp(smtp, secret), settings(), Watch()) as transport:
        assert transport.hand_over(text, "c@d.example", "a@one.example").outcome == "sent"
    assert server.got[0]["bytes"] == len(text + b"\r\n")


def test_a_password_that_is_no_longer_taken_stops_the_run(smtp: Server) -> None:
    """It was changed while the run waited: the next e-mail would fare the same, and the account be locked."""
    transport = Smtp(smtp, lambda: "wrong horse")
    broken = Connection(OSError())
    transport.connection = broken  # type: ignore[assignment] # closed by the server meanwhile
    reply = transport.hand_over(EMAIL, "c@d.example", "a@one.example")
    assert reply.outcome == "stop"
    assert broken.closed


@pytest.mark.parametrize(
    ("code", "outcome"), [(550, "stop"), (451, "slow"), (250, "not-sent"), (999, "not-sent")]
)
def test_a_sender_that_is_refused_is_refused_for_everyone(code: int, outcome: Outcome) -> None:
    """Put off is put off; what is no reply of SMTP says nothing was sent."""
    transport = Smtp(Server("localhost", 1, "starttls", USER), secret)
    connection = Connection((code, b"as told"))
    begun = transport._begin(connection, "c@d.example", "a@one.example")  # type: ignore[arg-type] # a stand-in
    assert begun
    assert begun.outcome == outcome
    assert (begun.fault is not None) == (outcome in {"stop", "slow"})


@pytest.mark.parametrize("does", [OSError(), (500, b"what?")])
def test_a_connection_that_cannot_be_made_ready_is_closed(does: object) -> None:
    """The next e-mail opens a new one."""
    transport, connection = Smtp(Server("localhost", 1, "starttls", USER), secret), Connection(does)
    transport.connection = connection  # type: ignore[assignment] # a stand-in
    transport._reset(connection)  # type: ignore[arg-type]
    assert connection.closed


def test_closing_never_raises() -> None:
    """A server that has gone cannot be told so."""
    transport, connection = Smtp(Server("h", 1, "tls", USER), secret), Connection(OSError())
    transport.connection = connection  # type: ignore[assignment] # a stand-in
    transport.__exit__(None, None, None)
    assert connection.closed


@pytest.mark.parametrize("client", ["swaks", "msmtp"])
def test_a_real_client_can_send_what_we_write(server: SmtpServer, client: str, tmp_path: Path) -> None:
    """The e-mail arrives by another program over the same connection, with the headers that it had."""
    if shutil.which(client) is None:
        pytest.skip(f"no {client} on this machine; run make setup-servers")
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


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("implicit", [False, True])
@pytest.mark.parametrize(
    ("offers", "signed"),
    [("PLAIN LOGIN", f"\0{USER}\0Grüße 2026"), ("LOGIN XOAUTH2", f"{USER} Grüße 2026")],
)
def test_a_password_may_hold_any_letter(offers: str, signed: str, *, implicit: bool) -> None:
    """In UTF-8 (RFC 4616), given once and by one mechanism: a server may lock an account after a few."""
    server = ScriptedSmtp(offers=offers, implicit=implicit)
    assert [reply.outcome for reply in talk(server)] == ["sent"]
    assert server.signed == [signed]


@pytest.mark.usefixtures("trusted")
def test_a_password_that_is_never_told_is_proved() -> None:
    """CRAM-MD5 (RFC 2195), where a server knows nothing else: the password itself does not cross the line."""
    server = ScriptedSmtp(offers="CRAM-MD5")
    assert [reply.outcome for reply in talk(server)] == ["sent"]
    digest = hmac.new("Grüße 2026".encode(), b"<1@localhost>", "md5").hexdigest()
    assert server.signed == [f"{USER} {digest}"]


@pytest.mark.usefixtures("trusted")
def test_a_token_is_given_where_the_settings_say_so() -> None:
    """XOAUTH2, and nothing else, though passwords are offered too."""
    server = ScriptedSmtp(offers="PLAIN LOGIN XOAUTH2")
    assert [reply.outcome for reply in talk(server, auth="microsoft", given="T0k")] == ["sent"]
    assert server.signed == [f"user={USER}\1auth=Bearer T0k\1\1"]


@pytest.mark.usefixtures("trusted")
def test_a_relay_that_knows_the_machine_is_not_signed_in_to() -> None:
    """No password is asked for, and none sent though it could be."""
    server = ScriptedSmtp()
    assert [reply.outcome for reply in talk(server, auth="none")] == ["sent"]
    assert server.signed == []


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize(
    ("offers", "auth", "answer", "code", "is_temporary", "words"),
    [
        ("XOAUTH2", "password", "", "passwords-closed", False, "it offers: XOAUTH2"),
        ("", "password", "", "passwords-closed", False, "no way to sign in"),
        ("PLAIN", "google", "", "tokens-not-taken", False, "it offers: PLAIN"),
        ("LOGIN XOAUTH2", "password", "535 5.7.139 Authentication unsuccessful, basic authentication is disabled.",
         "passwords-closed", False, "535 5.7.139"),
        ("LOGIN", "password", "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.",
         "smtp-sign-in-off", False, "graph"),
        ("LOGIN", "password", "534 5.7.9 Application-specific password required.", "app-password-needed", False, "2-Step"),
        ("PLAIN", "password", "534 5.7.14 Please log in via your web browser", "browser-sign-in-needed", False, "browser"),
        ("PLAIN", "password", "535 5.7.8 no", "password-refused", False, "535 5.7.8 no"),
        ("XOAUTH2", "microsoft", "535 5.7.3 Authentication unsuccessful", "token-refused", False, "mail sign-in"),
        ("LOGIN XOAUTH2", "password", "432 4.3.2 Concurrent connections limit exceeded.", "server-busy", True, "432 4.3.2"),
        ("PLAIN", "password", "454 4.7.0 Temporary authentication failure", "server-busy", True, "454 4.7.0"),
    ],
)  # fmt: skip
def test_a_sign_in_that_fails_says_why_in_the_servers_words(
    offers: str, auth: Auth, answer: str, code: str, words: str, *, is_temporary: bool
) -> None:
    """Whether it may be tried again, what the server offers, what to do; never the password."""
    with pytest.raises(UnusableServerError) as raised:
        talk(ScriptedSmtp(offers=offers, says={"AUTH": answer}), auth=auth)
    fault = raised.value.fault
    assert (fault.code, raised.value.is_temporary) == (code, is_temporary)
    assert words in fault.what + fault.fix
    assert "Grüße" not in fault.what + fault.fix


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize(
    ("answer", "code", "is_temporary"),
    [("silence", "server-silent", True), ("334 abc", "sign-in-not-readable", False), ("CUT", "password-refused", False)],
)  # fmt: skip
def test_a_sign_in_that_breaks_off_is_no_wrong_password(
    monkeypatch: pytest.MonkeyPatch, answer: str, code: str, *, is_temporary: bool
) -> None:
    """A silence may be tried again, a question that cannot be read is the server's; to hang up is to say no."""
    monkeypatch.setattr(smtp_module, "TIMEOUT", 0.3)

    class Breaking(ScriptedSmtp):
        """Breaks off when it is signed in to."""

        def _authenticate(self, line: Line, mechanism: str, first: str = "") -> None:
            if answer == "silence":
                line.hear()
            elif answer == "CUT":
                line.cut()
            else:
                line.say(answer)

    with pytest.raises(UnusableServerError) as raised:
        talk(Breaking(offers="CRAM-MD5"))
    assert (raised.value.fault.code, raised.value.is_temporary) == (code, is_temporary)


@pytest.mark.usefixtures("trusted")
def test_a_machine_that_may_not_compute_md5_is_told_that_no_way_is_left(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As under FIPS, where hashlib names it all the same: the password is not tried by a way that cannot be gone."""

    def forbidden(*_: object) -> bytes:
        raise ValueError("[digital envelope routines] unsupported")

    monkeypatch.setattr("hmac.digest", forbidden)
    server = ScriptedSmtp(offers="CRAM-MD5")
    with pytest.raises(UnusableServerError) as raised:
        talk(server)
    assert raised.value.fault.code == "passwords-closed"
    assert server.signed == []


@pytest.mark.usefixtures("trusted")
def test_bytes_that_are_no_answer_end_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """TLS may have something to say of itself while the text goes: the dot follows all the same, and the answer to it counts."""
    monkeypatch.setattr(smtp_module, "select", SimpleNamespace(select=lambda r, *_: (r, [], [])))
    monkeypatch.setattr(smtp_module, "BRIEF", 0.05)
    server = ScriptedSmtp()
    assert [reply.outcome for reply in talk(server, people=2)] == ["sent", "sent"]
    assert len(server.taken) == 2


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("lines", [0, 400_000])
def test_a_connection_cut_before_the_final_dot_is_no_doubt(lines: int) -> None:
    """Whether the text was still on its way, or had all gone out: without its end the server has not taken it."""
    server = ScriptedSmtp(cut_at=1000)
    replies = talk(server, people=2, email=EMAIL + b"x\r\n" * lines)
    assert [reply.outcome for reply in replies] == ["not-sent"] * 2
    assert server.taken == []


@pytest.mark.usefixtures("trusted")
def test_a_connection_cut_after_the_final_dot_is_a_doubt() -> None:
    """The server may have taken it."""
    assert [reply.outcome for reply in talk(ScriptedSmtp(says={".": "CUT"}))] == ["unsure"]


@pytest.mark.usefixtures("trusted")
def test_a_server_that_takes_so_many_over_one_connection_gets_another() -> None:
    """A 421 on a connection that was used means no more than that; on a new one it slows the line down."""
    says: Answers = {
        "MAIL": lambda n: "421 4.7.0 too many on this connection" if n in {2, 4, 5} else "250 ok"
    }
    server = ScriptedSmtp(says=says)
    assert [reply.outcome for reply in talk(server, people=3)] == ["sent", "sent", "slow"]
    assert len(server.taken) == 2


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize(
    ("extension", "largest"), [("SIZE 50000", 50_000), ("SIZE", 0), ("SIZE 0", 0), ("SIZE ²", 0)]
)
def test_how_large_an_email_may_be_is_asked(extension: str, largest: int) -> None:
    """SIZE (RFC 1870), before anything is sent; nothing is no limit."""
    with (
        running(ScriptedSmtp(extensions=(extension,))) as server,
        Smtp(Server("localhost", server.port, "starttls", USER), secret) as transport,
    ):
        assert transport.largest == largest
