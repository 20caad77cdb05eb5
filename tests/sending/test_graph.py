"""Microsoft Graph: an e-mail goes as it is, an answer decides what became of it, and a silence leaves a doubt."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from handouts.problems import Fault
from handouts.sending import providers, web
from handouts.sending.graph import Graph
from handouts.sending.servers import connected, transport_for
from handouts.sending.settings import LONGEST_PAUSE
from handouts.sending.transport import Outcome, UnusableServerError
from tests.sending import identity
from tests.sending.identity import Answer, Identity
from tests.sending.samples import EMAIL, Watch, settings


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch, trusted: None) -> Iterator[Identity]:
    """Run the loopback Graph."""
    with identity.running(monkeypatch) as running:
        yield running


@pytest.mark.parametrize(
    ("purpose", "name", "path"),
    [("smtp", "smtp", "/v1.0/me/sendMail"), ("imap", "drafts", "/v1.0/me/messages")],
)
def test_an_email_goes_as_it_is_or_becomes_a_draft(
    provider: Identity, purpose: str, name: str, path: str
) -> None:
    """The whole message, with its PDF and its headers; whoever got it by SMTP does not get it by Graph too."""
    given = settings(way="graph")
    assert purpose in {"smtp", "imap"}
    transport = transport_for(
        given, "smtp" if purpose == "smtp" else "imap", lambda: provider.give()["access_token"]
    )
    with connected(transport, given, Watch()):
        reply = transport.hand_over(EMAIL, "c@d.example", "ann@one.example")
    assert reply.outcome == "sent"
    assert provider.took == [(path, EMAIL)]
    assert transport.name == name
    assert 0 < transport.largest < 3_000_000


@pytest.mark.parametrize(
    ("answer", "outcome", "after"),
    [
        ((429, {"error": {"code": "TooManyRequests", "message": "x"}}, {"Retry-After": "120"}), "slow", 120),
        ((503, {}, {"Retry-After": "soon"}), "slow", 0),
        ((503, {}, {"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}), "slow", 0),
        ((503, {}, {"Retry-After": "Fri, 21 Oct 2199 07:28:00 GMT"}), "slow", LONGEST_PAUSE),
        ((429, {}, {"Retry-After": "7200"}), "slow", 7200),
        ((429, {}, {"Retry-After": "9" * 5000}), "slow", 0),
        ((403, {"error": {"code": "ErrorSendAsDenied", "message": "h@c.example may not"}}, {}), "stop", 0),
        ((403, {"error": {"code": "ErrorAccessDenied", "message": "x"}}, {}), "stop", 0),
        ((400, {"error": {"code": "ErrorInvalidRecipients", "message": "x"}}, {}), "refused", 0),
        ((504, {"error": "what"}, {}), "unsure", 0),
        ((302, {}, {"Location": "https://localhost:1/"}), "unsure", 0),
    ],
)
def test_the_answer_decides(provider: Identity, answer: Answer, outcome: Outcome, after: int) -> None:
    """Accepted, later, about us, about a person, in doubt; how long to wait is obeyed, and no address is kept."""
    provider.graph = [answer]
    with Graph(lambda: provider.give()["access_token"], "smtp") as transport:
        reply = transport.hand_over(EMAIL, "", "")
    assert (reply.outcome, reply.after) == (outcome, after)
    assert "@c.example" not in reply.text


def test_the_time_until_which_to_wait_may_be_told_by_the_clock(provider: Identity) -> None:
    """Retry-After may hold a date (RFC 9110, 10.2.3)."""
    until = format_datetime(datetime.now(tz=UTC) + timedelta(seconds=600), usegmt=True)
    provider.graph = [(429, {}, {"Retry-After": until})]
    with Graph(lambda: provider.give()["access_token"], "smtp") as transport:
        assert 590 <= transport.hand_over(EMAIL, "", "").after <= 600


def test_a_token_that_has_run_out_is_renewed_once(provider: Identity) -> None:
    """In the middle of a long list; one that is refused again stops the run."""
    with Graph(lambda: provider.give()["access_token"], "smtp") as transport:
        provider.good.clear()
        assert transport.hand_over(EMAIL, "", "").outcome == "sent"
    with Graph(lambda: "bad", "smtp") as transport:
        reply = transport.hand_over(EMAIL, "", "")
        assert (reply.outcome, reply.fault.code if reply.fault else "") == ("stop", "token-refused")


def test_a_sign_in_that_was_taken_back_stops_the_run(provider: Identity) -> None:
    """Nothing is in doubt: the request was refused."""

    def secret() -> str:
        if provider.renewals:
            raise UnusableServerError(Fault("sign-in-expired", "x.", "y"))
        return str(provider.give()["access_token"])

    with Graph(secret, "smtp") as transport:
        provider.good.clear()
        assert transport.hand_over(EMAIL, "", "").outcome == "stop"


def not_tls(self: identity.Handler, _: bytes) -> None:
    """Answer to a request with bytes that are not TLS: its fault comes while the answer is read."""
    os.write(self.connection.fileno(), b"HTTP/1.1 202 Accepted\r\n\r\n")
    self.connection.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize(
    ("does", "outcome", "code"),
    [("nobody", "slow", "provider-not-reached"), ("untrusted", "stop", "certificate-unknown-authority"),
     ("silent", "unsure", ""), ("broken", "unsure", ""), ("hangs up", "unsure", "")],
)  # fmt: skip
def test_a_silence_after_the_request_is_a_doubt(
    provider: Identity, monkeypatch: pytest.MonkeyPatch, does: str, outcome: Outcome, code: str
) -> None:
    """It may have been taken; where no connection was made at all it was not, and that is told as what it is."""
    if does == "nobody":
        monkeypatch.setattr(providers, "GRAPH_API", "https://localhost:1/v1.0")
    elif does == "untrusted":
        monkeypatch.setenv("SSL_CERT_FILE", "/dev/null")
    elif does == "broken":
        monkeypatch.setattr(identity.Handler, "_graph", not_tls)
    elif does == "hangs up":
        monkeypatch.setattr(identity.Handler, "_graph", lambda self, _: self.connection.close())
    else:
        monkeypatch.setattr(web, "TIMEOUT", 0.2)
        monkeypatch.setattr(identity.Handler, "_graph", lambda self, _: self.rfile.read(1))
    with Graph(lambda: "token", "smtp") as transport:
        reply = transport.hand_over(EMAIL, "", "")
    assert (reply.outcome, reply.fault.code if reply.fault else "") == (outcome, code)
