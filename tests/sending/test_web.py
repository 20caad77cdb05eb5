"""HTTPS to the providers: whom the machine trusts, and never without an end."""

from __future__ import annotations

import sys

import pytest
import requests

from handouts.problems import SourceError
from handouts.sending import web
from tests.sending import identity


def test_an_authority_of_the_clinic_is_trusted_where_it_is_named(
    monkeypatch: pytest.MonkeyPatch, trusted: None
) -> None:
    """SSL_CERT_FILE, as for the mail servers; without it nothing is sent there."""
    with identity.running(monkeypatch) as provider:
        with web.session() as one:
            assert one.get(f"{provider.url}/x/openid-configuration").ok
        monkeypatch.delenv("SSL_CERT_FILE")
        with web.session() as one, pytest.raises(requests.exceptions.SSLError):
            one.get(f"{provider.url}/x/openid-configuration")


def test_a_silence_ends(monkeypatch: pytest.MonkeyPatch, trusted: None) -> None:
    """The libraries of the providers ask without a time; ours has one."""
    monkeypatch.setattr(web, "TIMEOUT", 0.1)
    monkeypatch.setattr(identity.Handler, "do_GET", lambda self: self.rfile.read(1))
    with identity.running(monkeypatch) as provider, web.session() as one, pytest.raises(requests.Timeout):
        one.get(f"{provider.url}/")


def test_a_silence_ends_for_whoever_takes_the_adapter_alone(
    monkeypatch: pytest.MonkeyPatch, trusted: None
) -> None:
    """The library of Google's sign-in has a session of its own."""
    monkeypatch.setattr(web, "TIMEOUT", 0.1)
    monkeypatch.setattr(identity.Handler, "do_GET", lambda self: self.rfile.read(1))
    with identity.running(monkeypatch) as provider, web.session() as ours, requests.Session() as theirs:
        theirs.mount("https://", ours.get_adapter("https://"))
        with pytest.raises(requests.Timeout):
            theirs.get(f"{provider.url}/", timeout=None)


def test_packages_that_are_missing_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The extra is installed where it is wanted alone."""
    monkeypatch.setitem(sys.modules, "requests", None)
    with pytest.raises(SourceError) as raised:
        web.session()
    assert "make setup-sign-in" in raised.value.problems[0].fix
