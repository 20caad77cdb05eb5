"""Tokens: signed in for in a browser, kept in the keyring, renewed before every connection; a whole loopback provider beside."""

from __future__ import annotations

import os
import socket
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from handouts.model import Place
from handouts.page.approval import Approval
from handouts.problems import SourceError
from handouts.sending import browser, run, smtp
from handouts.sending.google import Google
from handouts.sending.imap import Folder
from handouts.sending.ledger import held
from handouts.sending.microsoft import Microsoft
from handouts.sending.outbox import deliveries
from handouts.sending.providers import Grant, Provider
from handouts.sending.run import BatchResult
from handouts.sending.servers import connected, transport_for
from handouts.sending.settings import Auth, Registration, Server, Settings
from handouts.sending.tokens import CLIENT_SECRET, keep, provider_for, secret_for, to_sign_in
from handouts.sending.transport import UnusableServerError
from handouts.sources.load import Sources
from tests import imap_server
from tests.conftest import our_look
from tests.sending import identity, scripted
from tests.sending.identity import CLIENT, SECRET, Identity
from tests.sending.samples import DRAFT, EMAIL, Watch, person, settings
from tests.sending.scripted import ScriptedImap, ScriptedSmtp

USER = "handouts@clinic.example"
Kept = dict[tuple[str, str], str]


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> Kept:
    """Return what the keyring of this machine holds: nothing yet."""
    monkeypatch.delenv(CLIENT_SECRET, raising=False)
    return identity.keyring(monkeypatch, {})


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch, trusted: None, kept: Kept) -> Iterator[Identity]:
    """Run the loopback Microsoft and Google."""
    with identity.running(monkeypatch) as running:
        yield running


def wanted(auth: Auth, sends: int = 1, imap: int = 1, *, user: str = USER, **changed: Any) -> Settings:
    """Return settings that sign in to servers of this machine in one way."""
    return settings(
        smtp=Server("localhost", sends, "starttls", user, auth),
        imap=Server("localhost", imap, "tls", user, auth),
        microsoft=Registration(CLIENT, "clinic.example"),
        google=Registration("1-a.apps.googleusercontent.com"),
        **changed,
    )


def sign_in(given: Settings, tmp_path: Path) -> None:
    """Sign in to all that settings need, as a person does."""
    for each in to_sign_in(given, lambda: SECRET):
        keep(each, browser.sign_in(each, identity.person(str(tmp_path / "ca.pem"))))


@pytest.mark.parametrize("auth", ["microsoft", "google"])
def test_a_sign_in_a_send_and_a_draft(
    provider: Identity, tmp_path: Path, kept: Kept, auth: Auth, caplog: pytest.LogCaptureFixture
) -> None:
    """With PKCE, over servers that offer XOAUTH2 alone; tokens lie in the keyring and are renewed for each connection."""
    sends = ScriptedSmtp(offers="XOAUTH2", knows=provider.knows)
    imap = ScriptedImap(can="AUTH=XOAUTH2 LOGINDISABLED", knows=provider.knows)
    caplog.set_level("DEBUG")
    with scripted.running(sends), scripted.running(imap):
        given = wanted(auth, sends.port, imap.port)
        sign_in(given, tmp_path)
        for purpose in ("smtp", "imap"):
            transport = transport_for(given, purpose, secret_for(given, purpose))
            with connected(transport, given, Watch()):
                assert transport.hand_over(EMAIL, "c@d.example", "ann@one.example").outcome == "sent"
    assert len(sends.taken) == len(imap.taken) == 1
    assert kept[f"handouts-{auth}", USER] == "renewal-3"
    assert [form["grant_type"] for form in provider.asked] == [
        "authorization_code",
        "refresh_token",
        "refresh_token",
    ]
    assert "access-" not in caplog.text
    assert "renewal-" not in caplog.text


@pytest.mark.parametrize("auth", ["microsoft", "google"])
@pytest.mark.parametrize(
    ("refuses", "status", "code", "is_temporary"),
    [
        ({}, 400, "sign-in-expired", False),
        (
            {"error": "invalid_grant", "error_description": "AADSTS65001: not consented"},
            400,
            "consent-missing",
            False,
        ),
        (
            {"error": "invalid_client", "error_description": "AADSTS7000218: x"},
            401,
            "registration-wrong",
            False,
        ),
        (
            {"error": "temporarily_unavailable", "error_description": "AADSTS90033: x"},
            503,
            "server-busy",
            True,
        ),
    ],
)
def test_a_provider_that_gives_no_token_says_why(
    provider: Identity, tmp_path: Path, auth: Auth, refuses: dict[str, str], status: int, code: str, *, is_temporary: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Taken back, not consented to, wrongly registered, or busy: then it may be tried again later."""
    monkeypatch.setattr("google.oauth2._client._can_retry", lambda **_: is_temporary)
    monkeypatch.setattr("google.auth._exponential_backoff.time.sleep", lambda _: None)
    given = wanted(auth)
    sign_in(given, tmp_path)
    ask = secret_for(given, "smtp")
    provider.take_back()
    provider.refuses, provider.status = refuses, status
    with pytest.raises(UnusableServerError) as raised:
        ask()
    assert (raised.value.fault.code, raised.value.is_temporary) == (code, is_temporary)


def test_a_code_can_be_typed_on_another_device(provider: Identity) -> None:
    """Where no browser is on this machine; a policy that forbids it is told as that."""
    given = wanted("microsoft")
    told: list[str] = []
    (each,) = to_sign_in(given, lambda: SECRET)
    assert isinstance(each, Microsoft)
    assert each.by_device(told.append).renewal == "renewal-1"
    assert told == ["Type ABCD."]
    provider.refuses = {"error": "access_denied", "error_description": "AADSTS530036: blocked by policy"}
    with pytest.raises(UnusableServerError) as raised:
        each.by_device(told.append)
    assert raised.value.fault.code == "sign-in-forbidden"


@pytest.mark.parametrize("auth", ["microsoft", "google"])
def test_an_answer_to_another_question_gives_nothing(provider: Identity, auth: Auth) -> None:
    """A page that sends the browser to this machine with a code of its own is not believed (RFC 6749, 10.12)."""
    (each,) = to_sign_in(wanted(auth), lambda: SECRET)
    each.begin("http://localhost:1")
    with pytest.raises(UnusableServerError) as raised:
        each.finish({"code": "code-0", "state": "another"})
    assert raised.value.fault.code == "sign-in-mixed-up"
    assert provider.asked == []


def test_a_refusal_in_the_browser_is_told(provider: Identity) -> None:
    """Who presses “No”, or may not."""
    (each,) = to_sign_in(wanted("google"), lambda: SECRET)
    state = each.begin("http://localhost:1").partition("state=")[2].partition("&")[0]
    with pytest.raises(UnusableServerError) as raised:
        each.finish({"error": "access_denied", "state": state})
    assert raised.value.fault.code == "consent-missing"


@pytest.mark.parametrize("auth", ["microsoft", "google"])
def test_a_provider_that_cannot_be_reached_may_be_asked_again(
    provider: Identity, tmp_path: Path, auth: Auth, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The line is down: that is no fault of the sign-in."""
    given = wanted(auth)
    sign_in(given, tmp_path)
    ask = secret_for(given, "smtp")
    monkeypatch.setattr("handouts.sending.providers.MICROSOFT_LOGIN", "https://localhost:1")
    monkeypatch.setattr("handouts.sending.providers.GOOGLE_TOKEN", "https://localhost:1/token")
    with pytest.raises(UnusableServerError) as raised:
        ask()
    assert raised.value.is_temporary


@pytest.mark.parametrize("auth", ["microsoft", "google"])
@pytest.mark.parametrize("step", ["sign-in", "renewal"])
@pytest.mark.parametrize(
    ("does", "code", "is_temporary"),
    [("nobody", "provider-not-reached", True), ("untrusted", "certificate-unknown-authority", False),
     ("hangs up", "provider-not-reached", True), ("no TLS", "tls-not-spoken", False)],
)  # fmt: skip
def test_what_keeps_a_provider_from_being_reached_is_told_apart(
    provider: Identity, monkeypatch: pytest.MonkeyPatch, kept: Kept, auth: Auth, step: str, does: str, code: str,
    *, is_temporary: bool,
) -> None:  # fmt: skip
    """A certificate that is not trusted will not be so in a minute: only a line that is down is tried again."""
    monkeypatch.setattr("google.auth._exponential_backoff.time.sleep", lambda _: None)
    kept["handouts-google-client", "1-a.apps.googleusercontent.com"] = SECRET
    each = provider_for(wanted(auth), auth, USER)
    with socket.create_server(("127.0.0.1", 0)) as opened:
        if does == "untrusted":
            monkeypatch.setenv("SSL_CERT_FILE", os.devnull)
        else:
            port = 1 if does == "nobody" else opened.getsockname()[1]
            monkeypatch.setattr("handouts.sending.providers.MICROSOFT_LOGIN", f"https://localhost:{port}")
            monkeypatch.setattr("handouts.sending.providers.GOOGLE_TOKEN", f"https://localhost:{port}/token")
        if isinstance(each, Google):
            each.begin("http://localhost:1")
        said = b"" if does == "hangs up" else b"220 this is SMTP\r\n" * 9
        Thread(target=answering, args=(opened, said), daemon=True).start()
        with pytest.raises(UnusableServerError) as raised:
            ask(each, step)
    assert (raised.value.fault.code, raised.value.is_temporary) == (code, is_temporary)


def answering(opened: socket.socket, said: bytes) -> None:
    """Answer every connection with bytes that are not TLS, or with none."""
    with suppress(OSError):
        while True:
            with opened.accept()[0] as one:
                one.recv(10_000)
                one.sendall(said)
                one.shutdown(socket.SHUT_WR)
                one.recv(10_000)


def ask(each: Provider, step: str) -> None:
    """Let a provider finish a sign-in, or renew a token."""
    if step == "renewal":
        each.renew("renewal-0")
    elif isinstance(each, Google):
        each.finish({"code": "code-0", "state": each.state})
    else:
        each.begin("http://localhost:1")


@pytest.mark.parametrize(
    ("status", "body", "code", "is_temporary"),
    [*((200, body, "provider-not-readable", True) for body in (b"", b"\xef\xbb\xbf{}", b"{'a': 1}", b"{}", b"[]")),
     (302, b"", "provider-not-readable", True), (500, b"{}", "server-busy", True), (400, b"Expecting value", "registration-wrong", False)],
)  # fmt: skip
def test_a_directory_whose_answer_is_none_is_asked_again(
    provider: Identity, monkeypatch: pytest.MonkeyPatch, status: int, body: bytes, code: str, *, is_temporary: bool
) -> None:  # fmt: skip
    """A page of a proxy is no word about the tenant, whatever stands in it; what the directory says of it is."""
    monkeypatch.setattr(identity.Handler, "do_GET", lambda self: self._send(status, body, "text/html", {}))
    with pytest.raises(UnusableServerError) as raised:
        provider_for(wanted("microsoft"), "microsoft", USER).begin("http://localhost:1")
    assert (raised.value.fault.code, raised.value.is_temporary) == (code, is_temporary)


@pytest.mark.parametrize("auth", ["microsoft", "google"])
@pytest.mark.parametrize("step", ["sign-in", "renewal"])
@pytest.mark.parametrize("body", [b"<p>Sign in to the guest network", b"null", b'"x"'])
def test_an_answer_that_holds_no_token_is_none_of_the_provider(
    provider: Identity, monkeypatch: pytest.MonkeyPatch, kept: Kept, auth: Auth, step: str, body: bytes
) -> None:
    """A page of a network on the way says nothing of the sign-in, and may be gone in a minute."""
    kept["handouts-google-client", "1-a.apps.googleusercontent.com"] = SECRET
    monkeypatch.setattr(identity.Handler, "do_POST", lambda self: self._send(200, body, "text/html", {}))
    each = provider_for(wanted(auth), auth, USER)
    state = parse_qs(urlsplit(each.begin("http://localhost:1")).query)["state"][0]
    with pytest.raises(UnusableServerError) as raised:
        each.renew("renewal-0") if step == "renewal" else each.finish({"code": "code-0", "state": state})
    assert (raised.value.fault.code, raised.value.is_temporary) == ("provider-not-readable", True)


def test_a_directory_that_does_not_exist_is_told(provider: Identity, monkeypatch: pytest.MonkeyPatch) -> None:
    """The name of the tenant is wrong."""
    monkeypatch.setattr(
        "tests.sending.identity.Handler.do_GET", lambda self: self._json(400, {"error": "invalid_tenant"}, {})
    )
    with pytest.raises(UnusableServerError) as raised:
        provider_for(wanted("microsoft"), "microsoft", USER).begin("http://localhost:1")
    assert raised.value.fault.code == "registration-wrong"


@pytest.mark.parametrize("auth", ["microsoft", "google"])
def test_without_a_sign_in_nothing_is_opened(kept: Kept, auth: Auth) -> None:
    """What is missing is told at once, with the command for it."""
    kept["handouts-google-client", "1-a.apps.googleusercontent.com"] = SECRET
    with pytest.raises(SourceError) as raised:
        secret_for(wanted(auth), "smtp")
    (problem,) = raised.value.problems
    assert problem.code == "sign-in-missing"
    assert "mail sign-in" in problem.fix


def test_the_secret_of_googles_client_is_asked_for_once(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    """And kept in the keyring; without a person it is a problem, which names the variable."""
    with pytest.raises(SourceError) as raised:
        secret_for(wanted("google"), "smtp")
    assert raised.value.problems[0].code == "client-secret-missing"
    assert to_sign_in(wanted("google"), lambda: SECRET)
    assert to_sign_in(wanted("google"), lambda: "another")
    assert list(kept.values()) == [SECRET]


@pytest.mark.parametrize("auth", ["microsoft", "google"])
@pytest.mark.parametrize(
    ("lacks", "code"),
    [("keyring", "packages-missing"), ("msal", "packages-missing"), ("one that opens", "keyring-shut"), ("one that keeps", "keyring-shut")],
)  # fmt: skip
def test_a_machine_that_can_keep_no_sign_in_is_told_before_anyone_signs_in(
    kept: Kept, monkeypatch: pytest.MonkeyPatch, auth: Auth, lacks: str, code: str
) -> None:
    """A package, a keyring that opens, one that keeps what it takes: nothing is asked for, and written to no file instead."""
    if lacks in {"keyring", "msal"}:
        monkeypatch.setitem(sys.modules, lacks, None)
    else:
        does = shut if lacks == "one that opens" else lambda *_: None
        monkeypatch.setattr(sys.modules["keyring"], "set_password", does)
    with pytest.raises(SourceError) as raised:
        to_sign_in(wanted(auth), pytest.fail)
    assert [problem.code for problem in raised.value.problems] == [code]


def shut(*_: str) -> None:
    """Keep nothing, and say what was given."""
    raise RuntimeError("a person was asked, and said no to x")


def test_a_package_that_is_missing_in_a_run_is_told(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sign-in was done with another installation."""
    monkeypatch.setitem(sys.modules, "msal", None)
    with pytest.raises(SourceError) as raised:
        provider_for(wanted("microsoft"), "microsoft", USER).renew("renewal-0")
    assert [problem.code for problem in raised.value.problems] == ["packages-missing"]


def test_a_keyring_that_opens_is_left_as_it_was(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    """What proved it is taken out again; where passwords do, it is not asked at all."""
    assert to_sign_in(wanted("microsoft"), pytest.fail)
    assert kept == {}
    monkeypatch.setitem(sys.modules, "keyring", None)
    assert to_sign_in(wanted("password"), pytest.fail) == []


def test_what_renews_tokens_is_written_nowhere_where_the_keyring_shuts(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And stands in no sentence."""
    (each,) = to_sign_in(wanted("microsoft"), pytest.fail)
    monkeypatch.setitem(sys.modules, "keyring", None)
    with pytest.raises(SourceError) as raised:
        keep(each, Grant("access-1", "renewal-1"))
    assert "renewal" not in str(raised.value)


def test_a_sign_in_that_is_taken_back_in_the_middle_loses_nobody(
    provider: Identity, tmp_path: Path, sources: Sources, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of 200 e-mails, over connections of 20 each: the run stops; after a new sign-in the rest goes, and nobody gets two."""
    monkeypatch.setattr(smtp, "HOLD", 0)
    batch = deliveries(Approval(sources, our_look()), map(person, range(200)), Place("au"), "smtp")
    server = ScriptedSmtp(offers="XOAUTH2", knows=provider.knows)
    server.says = {"MAIL": lambda n: "421 4.7.0 too many on this connection" if n % 21 == 0 else "250 ok"}

    def send(given: Settings) -> BatchResult:
        transport = transport_for(given, "smtp", secret_for(given, "smtp"))
        drafts = {each.page.rendition.file: DRAFT for each in batch}
        with held(tmp_path / "l.db") as ledger, connected(transport, given, watch):
            return run.send(batch, drafts, transport, ledger, given, Path("people.csv"), watch)

    class Revoking(Watch):
        """Takes the sign-in back while the run goes on."""

        def show(self, closed: int, counts: str) -> None:
            """See how far it is."""
            if closed == 90:
                provider.take_back()

    with scripted.running(server):
        given = wanted("microsoft", server.port)
        sign_in(given, tmp_path)
        watch: Watch = Revoking()
        result = send(given)
        assert result.problems[0].code == "sign-in-expired"
        assert str(result) == "100 sent, 1 put-off, 99 left"
        sign_in(given, tmp_path)
        watch = Watch()
        assert str(send(given)) == "100 sent before, 100 sent"
    assert Counter(Counter(address for address, _ in server.taken).values()) == {1: 200}


def test_a_real_mailbox_takes_a_token(monkeypatch: pytest.MonkeyPatch) -> None:
    """Dovecot, which asks a provider whether it is good, lays a draft in; a bad one is refused."""
    if imap_server.lacking():
        pytest.skip(imap_server.lacking())

    class Introspection(BaseHTTPRequestHandler):
        """Knows one token."""

        def do_GET(self) -> None:
            """Say whether a token is good, and whose."""
            good = b'{"active": true, "user": "handouts"}' if "=T0k&" in self.path else b'{"active": false}'
            self.send_response(200)
            self.send_header("Content-Length", str(len(good)))
            self.end_headers()
            self.wfile.write(good)

        def log_message(self, *_: object) -> None:
            """Stay silent."""

    with HTTPServer(("127.0.0.1", 0), Introspection) as asked:
        Thread(target=asked.serve_forever, args=(0.01,), daemon=True).start()
        with imap_server.running(f"http://127.0.0.1:{asked.server_address[1]}/?token=") as mailbox:
            monkeypatch.setenv("SSL_CERT_FILE", str(mailbox.authority))
            server = Server("localhost", mailbox.port, "tls", imap_server.USER, "google")
            with Folder(server, lambda: "T0k", "") as folder:
                assert folder.folder == "Entwürfe"
                assert folder.hand_over(EMAIL, "", "ann@one.example").outcome == "sent"
            with pytest.raises(UnusableServerError) as raised, Folder(server, lambda: "bad", ""):
                pass
        asked.shutdown()
    assert raised.value.fault.code == "token-refused"


def test_a_password_is_asked_for_once_and_only_where_one_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A relay that knows the machine wants none; where one is missing that is told before anything is made."""
    monkeypatch.setitem(sys.modules, "keyring", None)
    monkeypatch.delenv("HANDOUTS_SMTP_PASSWORD", raising=False)
    assert secret_for(wanted("none"), "smtp")() == ""
    with pytest.raises(SourceError):
        secret_for(wanted("password"), "smtp")
    monkeypatch.setenv("HANDOUTS_SMTP_PASSWORD", "hunter2")
    ask = secret_for(wanted("password"), "smtp")
    assert ask() == "hunter2"
    assert "hunter2" not in repr(ask)
