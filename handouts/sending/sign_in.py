"""What a clinic signs in to its servers with: a password from the environment or the keyring, and never from a file."""

from __future__ import annotations

import importlib
import os
import unicodedata
from collections.abc import Callable

from handouts.problems import Problem, SourceError
from handouts.sending.settings import Purpose, Server

# Returns a password, or a token that is good now. Asked before every connection; in no repr and no log.
Secret = Callable[[], str]


def secret(purpose: Purpose, server: Server) -> str:
    """Return the password for a server: from the environment, else from the keyring of this machine.

    The variable is HANDOUTS_SMTP_PASSWORD or HANDOUTS_IMAP_PASSWORD, the service in the keyring
    handouts-smtp or handouts-imap, its user the server's. Raises SourceError where neither has one that
    can be sent; the password itself is in no sentence.
    """
    variable, service = f"HANDOUTS_{purpose.upper()}_PASSWORD", f"handouts-{purpose}"
    found = os.environ.get(variable) or from_keyring(service, server.user)
    fault = _fault(found)
    if not fault:
        return found
    code = "password-invalid" if found else "password-missing"
    fix = f"Set {variable} in the environment, or install keyring and run “keyring set {service} {server.user}”."
    raise SourceError([Problem(code, variable, f"the password for {purpose.upper()} {fault}.", fix)])


def _fault(password: str) -> str:
    """Return what is wrong with a password, as it follows a subject; nothing where it can be sent."""
    if not password:
        return "is missing"
    odd = next((c for c in password if not c.isprintable()), "")
    if odd and unicodedata.category(odd) in {"Zs", "Cf"}:
        name = unicodedata.name(odd).lower()
        return f"holds a {name}, as a web page may put between groups of letters: type it anew, or without"
    return "holds a control character" if odd else ""


def from_keyring(service: str, user: str) -> str:
    """Return what the machine's keyring holds, nothing where there is no keyring or it does not open."""
    try:
        found = importlib.import_module("keyring").get_password(service, user)
    except Exception:  # noqa: BLE001 - whatever keeps a keyring shut, the environment is the other way
        return ""
    return found if isinstance(found, str) else ""


def bearer(user: str, token: str) -> bytes:
    """Return a token as SMTP and IMAP are given it (XOAUTH2: developers.google.com/workspace/gmail/imap/xoauth2-protocol)."""
    return f"user={user}\1auth=Bearer {token}\1\1".encode()
