"""A person signs in, in the browser of this machine, which then comes back to it on a loopback address (RFC 8252)."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qsl, urlsplit

from handouts.problems import Fault
from handouts.sending.providers import AGAIN, Grant, Provider
from handouts.sending.transport import UnusableServerError

LONGEST_SIGN_IN = 300.0  # seconds that a person has for it
LARGEST_ANSWER = 20_000  # bytes
PAGE = (
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>IPT Handouts</title>'
    '<body style="font: 18px sans-serif; margin: 3em"><p>{said}</p>'
)
DONE = "You may close this window and go back to where you began."
# Microsoft lets a port be added to this name alone, Google asks for the number.
HOSTS = {"microsoft": "localhost", "google": "127.0.0.1"}


class _Listener(HTTPServer):
    """Waits on a port of this machine alone, for one answer."""

    answer: Mapping[str, str] | None = None

    def handle_error(self, *_: object) -> None:
        """Pass over a browser that hangs up."""


class _Handler(BaseHTTPRequestHandler):
    """Takes the answer out of the address that the browser was sent to."""

    server: _Listener
    timeout = 10  # seconds for one request

    def do_GET(self) -> None:
        """Take an answer that stands in the address, as Google sends it."""
        self._take(urlsplit(self.path).query)

    def do_POST(self) -> None:
        """Take an answer that comes as a form, as Microsoft sends it: so it stands in no history of a browser."""
        size = self.headers.get("Content-Length", "")
        known = int(size) if size.isascii() and size.isdigit() else 0
        self._take(self.rfile.read(min(known, LARGEST_ANSWER)).decode("ascii", "replace"))

    def _take(self, given: str) -> None:
        """Keep an answer, and say so; whatever else a browser asks for (an icon) is not there."""
        query = dict(parse_qsl(given))
        is_answer = "code" in query or "error" in query
        if is_answer:
            self.server.answer = query
        body = PAGE.format(said=DONE).encode() if is_answer else b""
        self.send_response(200 if is_answer else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Write nothing down: the address holds what a token is given for."""


def sign_in(provider: Provider, show: Callable[[str], None], longest: float = LONGEST_SIGN_IN) -> Grant:
    """Let a person sign in; return what the provider gives. `show` is given the address to open.

    Raises UnusableServerError where it refuses, or nobody has signed in after `longest` seconds.
    """
    with _Listener(("127.0.0.1", 0), _Handler) as listener:
        show(provider.begin(f"http://{HOSTS[provider.name]}:{listener.server_address[1]}"))
        end = time.monotonic() + longest
        while listener.answer is None and (left := end - time.monotonic()) > 0:
            listener.timeout = left
            listener.handle_request()
    if listener.answer is None:
        what = f"nobody signed in within {round(longest)} seconds."
        raise UnusableServerError(Fault("sign-in-not-done", what, AGAIN))
    return provider.finish(listener.answer)
