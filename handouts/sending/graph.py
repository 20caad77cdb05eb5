"""Microsoft Graph, where SMTP is turned off: an e-mail goes as it is, or becomes a draft, over HTTPS."""

from __future__ import annotations

import base64
import math
import ssl
import time
from contextlib import suppress
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from handouts.sending import providers
from handouts.sending.answers import GRAPH, meaning
from handouts.sending.settings import LONGEST_PAUSE, Purpose
from handouts.sending.sign_in import Secret
from handouts.sending.transport import Reply, UnusableServerError, one_line
from handouts.sending.web import session, unreachable

if TYPE_CHECKING:
    from requests import Response

LARGEST = 2_900_000  # bytes of an e-mail: a request has at most 4 MB, and base64 adds a third
UNAUTHORIZED = 401
PATHS: dict[Purpose, tuple[str, str]] = {"smtp": ("smtp", "/me/sendMail"), "imap": ("drafts", "/me/messages")}


class Graph:
    """The clinic's mailbox at Microsoft 365, by Graph: it sends, or takes drafts."""

    def __init__(self, secret: Secret, purpose: Purpose) -> None:
        self.secret = secret
        self.name, self.path = PATHS[purpose]
        self.where = urlsplit(providers.GRAPH_API).netloc
        self.largest = LARGEST
        self.token = ""
        self.web = session()

    def __enter__(self) -> Self:
        self.token = self.secret()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.web.close()
        self.token = ""

    def hand_over(self, email: bytes, sender: str, address: str) -> Reply:  # noqa: ARG002 - they are in the e-mail
        """Hand one e-mail over; a token that has run out meanwhile is renewed once. A 202 says that it was accepted."""
        try:
            reply = self._post(email)
            if reply.text.startswith(str(UNAUTHORIZED)):
                self.token = self.secret()
                reply = self._post(email)
        except UnusableServerError as error:
            return error.reply()
        return reply

    def _post(self, email: bytes) -> Reply:
        """Send one request; return what became of the e-mail. After it has begun to go, a silence leaves a doubt."""
        from requests import RequestException

        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "text/plain"}
        try:
            response = self.web.post(
                providers.GRAPH_API + self.path,
                data=base64.b64encode(email),
                headers=headers,
                allow_redirects=False,
            )
        except RequestException as error:
            if _never_connected(error):
                return unreachable(error).reply()
            return Reply("unsure", type(error).__name__)
        reply = meaning(GRAPH, "text", one_line(response.status_code, _words(response)))
        return Reply(reply.outcome, reply.text, reply.fault, _after(response))


def _never_connected(error: Exception) -> bool:
    """Whether no connection was made, or none that can be trusted, so that nothing can have gone.

    Any other fault of TLS may come while the answer is read, when the e-mail has gone; so may what urllib3 calls one of the proxy.
    """
    from urllib3.exceptions import ConnectTimeoutError, SSLError

    below = error.args[0] if error.args else None
    reason = getattr(below, "reason", below)
    if isinstance(reason, SSLError):
        return bool(reason.args) and isinstance(reason.args[0], ssl.SSLCertVerificationError)
    return isinstance(reason, ConnectTimeoutError)  # of which that no one listens is one


def _words(response: Response) -> str:
    """Return what Graph says of an error: its code and its message."""
    with suppress(ValueError, AttributeError, TypeError, KeyError):
        error = response.json()["error"]
        return f"{error.get('code', '')} {error.get('message', '')}".strip()
    return response.reason or ""


def _after(response: Response) -> int:
    """Return the seconds that Graph wants to be left alone for: a number, or the time at which they end (RFC 9110, 10.2.3)."""
    given = response.headers.get("Retry-After", "")
    with suppress(ValueError):  # neither, or a number of thousands of digits
        is_number = given.isascii() and given.isdigit()
        seconds = int(given) if is_number else parsedate_to_datetime(given).timestamp() - time.time()
        return max(0, min(math.ceil(seconds), LONGEST_PAUSE))
    return 0
