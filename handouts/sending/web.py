"""HTTPS to the providers: with the authorities that this machine trusts, and never without an end."""

from __future__ import annotations

import logging
import ssl
from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING, Any

from handouts.problems import Fault, Problem, SourceError
from handouts.sending.answers import quoting
from handouts.sending.transport import TIMEOUT, UnusableServerError
from handouts.sending.wire import NOT_TRUSTED, trouble

if TYPE_CHECKING:
    from requests import PreparedRequest, Response, Session

# Libraries that write tokens into a log where one is wanted; what is wrong comes back from them, and is told in plain words.
TALKATIVE = ("msal", "requests_oauthlib", "oauthlib", "google", "urllib3")
PACKAGES = ("keyring", "msal", "google_auth_oauthlib", "requests")
MISSING = "The packages for it are not installed: run “make setup-sign-in”."
NOT_REACHED = Fault(
    "provider-not-reached",
    "the provider cannot be reached",
    "Check whether this machine is online, and whether a firewall is in the way; run the same command again later.",
)
NOT_THE_PROVIDER = Fault(
    "provider-not-readable",
    "the answer could not be read",
    "Something on the way may answer in its place: a proxy, or the sign-in page of a network. Check the clock of this machine too, and run "
    "the same command again later.",
)
ON_THE_WAY = (
    "Something on the way may answer in the provider's place: ask who runs your network; where it has an authority of its own, name its "
    f"file in SSL_CERT_FILE. Check the clock of this machine too. {NOT_TRUSTED}"
)
# What the libraries raise when they read an answer that is none: not JSON, or JSON of another kind, or a redirection.
NOT_AN_ANSWER = (ValueError, LookupError, TypeError, AttributeError, RuntimeError)
# A line that went down while TLS was spoken: nothing is wrong with the certificate, the version or the port.
CUT_OFF = (ssl.SSLEOFError, ssl.SSLZeroReturnError, ssl.SSLSyscallError)


def need(*packages: str) -> None:
    """Raise SourceError where one of these packages, which are of the extra `mail`, is not here."""
    try:
        for name in packages:
            import_module(name)
    except ImportError:
        what = "signing in with a token needs packages that are not here."
        raise SourceError([Problem("packages-missing", "mail", what, MISSING)]) from None


def session() -> Session:
    """Return a client for HTTPS. Raises SourceError where the package for it is not here."""
    need("requests")
    import requests
    from requests.adapters import HTTPAdapter

    class Trusting(HTTPAdapter):
        """Trusts what the machine trusts, a clinic's own authority too, as SSL_CERT_FILE names it; waits so long and no longer.

        Both are the adapter's, as the library of Google's sign-in takes it into a session of its own.
        """

        def init_poolmanager(self, *args: Any, **options: Any) -> None:
            """Open connections with the machine's authorities."""
            super().init_poolmanager(*args, ssl_context=ssl.create_default_context(), **options)

        def send(self, request: PreparedRequest, **options: Any) -> Response:  # type: ignore[override] # by name alone
            """Send a request, with a time after which it is given up."""
            options["timeout"] = options.get("timeout") or TIMEOUT
            return super().send(request, **options)

    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    made = requests.Session()
    made.mount("https://", Trusting())
    return made


def unreachable(error: BaseException) -> UnusableServerError:
    """Return what keeps a provider from being reached: a fault of TLS by what it is, else a line that may be up again later.

    `error` is a library's exception, which holds that of the connection somewhere below.
    """
    for each in _below(error):
        if isinstance(each, ssl.SSLError) and not isinstance(each, CUT_OFF):
            found = trouble(each)
            return UnusableServerError(replace(found.fault, fix=ON_THE_WAY))
    return UnusableServerError(quoting(NOT_REACHED, ""), is_temporary=True)


def unreadable() -> UnusableServerError:
    """Return what an answer says that is none of the provider: nothing of the clinic, and the next may be one."""
    return UnusableServerError(quoting(NOT_THE_PROVIDER, ""), is_temporary=True)


def _below(error: BaseException) -> Iterator[BaseException]:
    """Yield an exception and all that it was made of: as its cause, its context, its reason or its arguments."""
    waiting: list[object] = [error]
    seen: set[int] = set()
    while waiting:
        each = waiting.pop()
        if isinstance(each, BaseException) and id(each) not in seen:
            seen.add(id(each))
            waiting += [each.__cause__, each.__context__, getattr(each, "reason", None), *each.args]
            yield each
