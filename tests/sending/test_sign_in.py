"""Passwords: from the environment or the keyring, and in no sentence."""

from __future__ import annotations

import sys
from types import ModuleType

import pytest

from handouts.problems import SourceError
from handouts.sending.settings import Purpose, Server
from handouts.sending.sign_in import bearer, secret

SERVER = Server("smtp.clinic.example", 587, "starttls", "handouts")
HUNTER = "hunter2-Zoë"


@pytest.mark.parametrize("purpose", ["smtp", "imap"])
def test_the_password_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch, purpose: Purpose) -> None:
    """Each server has a variable of its own, and it goes before the keyring."""
    monkeypatch.setitem(sys.modules, "keyring", keyring({}))
    monkeypatch.setenv(f"HANDOUTS_{purpose.upper()}_PASSWORD", HUNTER)
    assert secret(purpose, SERVER) == HUNTER


@pytest.mark.parametrize("purpose", ["smtp", "imap"])
def test_else_the_password_comes_from_the_keyring(monkeypatch: pytest.MonkeyPatch, purpose: Purpose) -> None:
    """The service is named after the server, the user is the server's."""
    monkeypatch.delenv(f"HANDOUTS_{purpose.upper()}_PASSWORD", raising=False)
    monkeypatch.setitem(sys.modules, "keyring", keyring({(f"handouts-{purpose}", "handouts"): HUNTER}))
    assert secret(purpose, SERVER) == HUNTER


@pytest.mark.parametrize("kept", [None, {}, {("handouts-smtp", "handouts"): RuntimeError(HUNTER)}])
def test_without_a_password_both_ways_are_named(
    monkeypatch: pytest.MonkeyPatch, kept: dict[tuple[str, str], str | Exception] | None
) -> None:
    """No keyring, an empty one, or one that does not open: the variable and the command are told."""
    monkeypatch.delenv("HANDOUTS_SMTP_PASSWORD", raising=False)
    monkeypatch.setitem(sys.modules, "keyring", None if kept is None else keyring(kept))
    with pytest.raises(SourceError) as raised:
        secret("smtp", SERVER)
    (problem,) = raised.value.problems
    assert "HANDOUTS_SMTP_PASSWORD" in problem.fix
    assert "keyring set handouts-smtp handouts" in problem.fix
    assert HUNTER not in str(raised.value)
    assert raised.value.__context__ is None


@pytest.mark.parametrize(
    ("odd", "name"),
    [("\u00a0", "no-break space"), ("\u202f", "narrow no-break space"), ("\u200b", "zero width space"), ("\u3000", "ideographic space")],
)  # fmt: skip
def test_a_space_that_is_none_is_named(monkeypatch: pytest.MonkeyPatch, odd: str, name: str) -> None:
    """A page that shows an app password puts it between the groups, and nobody sees it."""
    monkeypatch.setenv("HANDOUTS_SMTP_PASSWORD", f"abcd{odd}efgh")
    with pytest.raises(SourceError) as raised:
        secret("smtp", SERVER)
    (problem,) = raised.value.problems
    assert f"holds a {name}, as" in problem.what
    assert "abcd" not in str(problem)
    monkeypatch.setenv("HANDOUTS_SMTP_PASSWORD", "abcd efgh Grüße")
    assert secret("smtp", SERVER) == "abcd efgh Grüße"


@pytest.mark.parametrize("end", ["\n", "\r\nRCPT TO:<y@z.example>", "\x01"])
def test_a_password_with_a_line_end_is_refused_unseen(monkeypatch: pytest.MonkeyPatch, end: str) -> None:
    """It would end the command it is sent in; the message does not show it."""
    monkeypatch.setenv("HANDOUTS_IMAP_PASSWORD", HUNTER + end)
    with pytest.raises(SourceError) as raised:
        secret("imap", SERVER)
    assert HUNTER not in str(raised.value)


def test_a_token_is_written_as_the_providers_want_it() -> None:
    """The example of Google's page on XOAUTH2."""
    assert bearer("someuser@example.com", "ya29") == b"user=someuser@example.com\x01auth=Bearer ya29\x01\x01"


def keyring(kept: dict[tuple[str, str], str | Exception]) -> ModuleType:
    """Return a stand-in for the keyring package."""
    module = ModuleType("keyring")

    def get_password(service: str, user: str) -> str | None:
        found = kept.get((service, user))
        if isinstance(found, Exception):
            raise found
        return found

    module.get_password = get_password  # type: ignore[attr-defined]
    return module
