"""HTTPS to the providers: with the authorities that this machine trusts, and never without an end."""

from __future__ import annotations

import logging
import ssl
from typing import TYPE_CHECKING, Any

from handouts.problems import Problem, SourceError
from handouts.sending.transport import TIMEOUT

if TYPE_CHECKING:
    from requests import Session

# Libraries that write tokens into a log where one is wanted; what is wrong comes back from them, and is told in plain words.
TALKATIVE = ("msal", "requests_oauthlib", "oauthlib", "google", "urllib3")
MISSING = "The packages for it are not installed: run “make setup-sign-in”."


def session() -> Session:
    """Return a client for HTTPS. Raises SourceError where the packages of the extra `mail` are not here."""
    try:
        import requests
        from requests.adapters import HTTPAdapter
    except ImportError:
        what = "signing in with a token needs packages that are not here."
        raise SourceError([Problem("packages-missing", "mail", what, MISSING)]) from None

    class Trusting(HTTPAdapter):
        """Trusts what the machine trusts: a clinic's own authority too, as SSL_CERT_FILE names it."""

        def init_poolmanager(self, *args: Any, **options: Any) -> None:
            """Open connections with the machine's authorities."""
            super().init_poolmanager(*args, ssl_context=ssl.create_default_context(), **options)

    class Patient(requests.Session):
        """Waits so long for an answer and no longer."""

        def request(self, *args: Any, **options: Any) -> requests.Response:
            """Send a request, with a time after which it is given up."""
            options["timeout"] = options.get("timeout") or TIMEOUT
            return super().request(*args, **options)

    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    made = Patient()
    made.mount("https://", Trusting())
    return made
