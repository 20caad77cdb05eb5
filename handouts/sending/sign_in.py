"""What a clinic signs in to its servers with: a password from the environment or the keyring, and never from a file."""

from __future__ import annotations

import importlib
import os

from handouts.problems import Problem, SourceError
from handouts.sending.settings import Purpose, Server


def secret(purpose: Purpose, server: Server) -> str:
    """Return the password for a server: from the environment, else from the keyring of this machine.

    The variable is HANDOUTS_SMTP_PASSWORD or HANDOUTS_IMAP_PASSWORD, the service in the keyring
    handouts-smtp or handouts-imap, its user the server's. Raises SourceError where neither has one that
    can be sent; the password itself is in no sentence.
    """
    variable, service = f"HANDOUTS_{purpose.upper()}_PASSWORD", f"handouts-{purpose}"
    found = os.environ.get(variable) or _from_keyring(service, server.user)
    if found and found.isprintable():
        return found
    code, state = (
        ("password-invalid", "holds a control character") if found else ("password-missing", "is missing")
    )
    fix = f"Set {variable} in the environment, or install keyring and run “keyring set {service} {server.user}”."
    raise SourceError([Problem(code, variable, f"the password for {purpose.upper()} {state}.", fix)])


def _from_keyring(service: str, user: str) -> str:
    """Return a password of the machine's keyring, nothing where there is no keyring or it does not open."""
    try:
        found = importlib.import_module("keyring").get_password(service, user)
    except Exception:  # noqa: BLE001 - whatever keeps a keyring shut, the environment is the other way
        return ""
    return found if isinstance(found, str) else ""
