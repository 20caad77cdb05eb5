"""Tokens instead of passwords: kept in the machine's keyring, renewed before every connection, and never written anywhere else."""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from handouts.problems import Problem, SourceError
from handouts.sending.google import Google
from handouts.sending.microsoft import Microsoft
from handouts.sending.providers import AGAIN, Grant, Provider, graph_user, mailboxes, microsoft_rights
from handouts.sending.settings import Purpose, Settings, server_for
from handouts.sending.sign_in import Secret, from_keyring, secret
from handouts.sending.web import PACKAGES, need

CLIENT_SECRET = "HANDOUTS_GOOGLE_CLIENT_SECRET"  # noqa: S105 - the name of a variable
CLIENT_SERVICE = "handouts-google-client"
PROOF = "handouts-proof"


def secret_for(settings: Settings, purpose: Purpose) -> Secret:
    """Return how a server is signed in to: a password, or a token that is renewed whenever it is asked for.

    Raises SourceError at once where the password is missing or cannot be sent, or nobody has signed in yet.
    """
    if settings.way == "graph":
        return Tokens(provider_for(settings, "microsoft", graph_user(settings)))
    server = server_for(settings, purpose)
    if server.by_token:
        return Tokens(provider_for(settings, server.auth, server.user))
    password = secret(purpose, server) if server.auth == "password" else ""
    return lambda: password


class Tokens:
    """Gives a token that is good now, every time it is called. Raises UnusableServerError where the provider gives none."""

    def __init__(self, provider: Provider) -> None:
        self.provider = provider
        self.kept = from_keyring(service(provider), provider.user)
        if not self.kept:
            what = f"nobody has signed in to {provider.name.title()} as {provider.user} on this machine."
            raise SourceError([Problem("sign-in-missing", "mail sign-in", what, AGAIN)])

    def __call__(self) -> str:
        """Return a new token. One for renewal that cannot be kept stops nothing: the one before is good for months."""
        grant = self.provider.renew(self.kept)
        if grant.renewal != self.kept:  # Microsoft gives a new one each time
            self.kept = grant.renewal
            with suppress(SourceError):
                keep(self.provider, grant)
        return grant.access


def provider_for(settings: Settings, name: str, user: str, ask: Callable[[], str] | None = None) -> Provider:
    """Return a provider as the settings have it. `ask` is called for the secret of Google's client where it is nowhere.

    Raises SourceError where that is missing; the settings must have the table of the provider.
    """
    registration = settings.microsoft if name == "microsoft" else settings.google
    if registration is None:
        raise ValueError(f"the settings have no [{name}]")
    if name == "microsoft":
        return Microsoft(registration, user, microsoft_rights(settings))
    client_secret = os.environ.get(CLIENT_SECRET) or from_keyring(CLIENT_SERVICE, registration.client_id)
    if not client_secret and ask:
        client_secret = ask().strip()
        _put(CLIENT_SERVICE, registration.client_id, client_secret)
    if not client_secret:
        what = "the secret of Google's client is missing."
        fix = f"{AGAIN} It asks for it; or set {CLIENT_SECRET} in the environment."
        raise SourceError([Problem("client-secret-missing", CLIENT_SECRET, what, fix)])
    return Google(registration, user, client_secret)


def to_sign_in(settings: Settings, ask: Callable[[], str]) -> list[Provider]:
    """Return every provider and mailbox that settings sign in to with a token.

    Raises SourceError where packages are missing, or the keyring does not keep what it is given: a person would sign in for nothing.
    """
    wanted = mailboxes(settings)
    if wanted:
        need(*PACKAGES)
        _prove_keyring()
    return [provider_for(settings, name, user, ask) for name, user in wanted]


def service(provider: Provider) -> str:
    """Return the name under which the keyring has what a provider gave."""
    return f"handouts-{provider.name}"


def keep(provider: Provider, grant: Grant) -> None:
    """Put what renews tokens into the keyring. Raises SourceError where there is none that opens: it is kept nowhere else."""
    _put(service(provider), provider.user, grant.renewal)


def _put(name: str, user: str, secret: str) -> None:
    """Put a secret into the keyring, and see that it is there: some take everything and keep nothing."""
    try:
        keyring: Any = importlib.import_module("keyring")
        keyring.set_password(name, user, secret)
        is_kept = keyring.get_password(name, user) == secret
    except Exception:  # noqa: BLE001 - whatever keeps a keyring shut; and its exception may hold the token
        is_kept = False
    if not is_kept:
        what = "this machine has no keyring that opens, and a sign-in is kept nowhere else."
        fix = "Unlock the keyring of this user, or set one up (docs/mailing.md), and sign in anew."
        raise SourceError([Problem("keyring-shut", "mail sign-in", what, fix)])


def _prove_keyring() -> None:
    """Put something into the keyring, and take it out again. Raises SourceError where it does not open."""
    _put(PROOF, PROOF, "x")
    with suppress(Exception):  # a keyring that forgets nothing is none of our trouble
        importlib.import_module("keyring").delete_password(PROOF, PROOF)
