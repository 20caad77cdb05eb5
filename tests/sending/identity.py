"""A loopback Microsoft and Google for the tests: sign-in with PKCE, device code, renewal, taking back, and Graph; over HTTPS."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import pytest
import requests

from handouts.sending import providers
from tests.sending.scripted import authority as ours
from tests.sending.scripted import context

# A process of its own with a keyring in a file, that takes a provider for Microsoft: `python3 -c ELSEWHERE URL COMMAND…`.
ELSEWHERE = """
import json, sys, types, build
from pathlib import Path
from handouts.files import write_whole
from handouts.sending import providers
file = Path("keyring.json")
keyring = types.ModuleType("keyring")
keyring.get_password = lambda service, user: json.loads(file.read_text())[service]
keyring.set_password = lambda service, user, secret: write_whole(file, json.dumps({service: secret}).encode())
sys.modules["keyring"] = keyring
providers.MICROSOFT_LOGIN = sys.argv[1]
sys.exit(build.run(sys.argv[2:], build.ROOT))
"""
CLIENT, SECRET = "11111111-2222-3333-4444-555555555555", "G-secret"
Answer = tuple[int, dict[str, Any], dict[str, str]]


@dataclass
class Identity:
    """What the provider knows; a test may change it. `refuses` is what it answers to the next requests for a token."""

    port: int = 0
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    live: set[str] = field(default_factory=set)
    good: set[str] = field(default_factory=set)
    refuses: dict[str, str] = field(default_factory=dict)
    status: int = 400
    asked: list[dict[str, str]] = field(default_factory=list)
    graph: list[Answer] = field(default_factory=list)
    took: list[tuple[str, bytes]] = field(default_factory=list)
    renewals: int = 0

    @property
    def url(self) -> str:
        """Return where it is."""
        return f"https://localhost:{self.port}"

    def knows(self, signed: str) -> bool:
        """Whether what a client said to a mail server (XOAUTH2) is a token that is good."""
        return signed.partition("auth=Bearer ")[2].strip("\1") in self.good

    def give(self) -> dict[str, Any]:
        """Return new tokens."""
        self.renewals += 1
        access, renewal = f"access-{self.renewals}", f"renewal-{self.renewals}"
        self.good.add(access)
        self.live.add(renewal)
        return {"access_token": access, "refresh_token": renewal, "expires_in": 3600, "token_type": "Bearer"}

    def take_back(self) -> None:
        """Take every sign-in back, as an administrator does."""
        self.live.clear()
        self.good.clear()

    def token(self, form: dict[str, str]) -> Answer:
        """Answer to a request for a token."""
        self.asked.append(form)
        if self.refuses:
            return self.status, dict(self.refuses), {}
        match form.get("grant_type"):
            case "authorization_code":
                begun = self.codes.pop(form["code"])
                digest = hashlib.sha256(form["code_verifier"].encode()).digest()
                proof = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
                right = proof == begun["code_challenge"] and form["redirect_uri"] == begun["redirect_uri"]
            case "refresh_token":
                right = form["refresh_token"] in self.live
            case _:
                right = form.get("device_code") == "device-1"
        if not right:
            return (
                400,
                {"error": "invalid_grant", "error_description": "AADSTS700082: the token has expired."},
                {},
            )
        return (
            200,
            {**self.give(), "scope": begun["scope"] if form["grant_type"] == "authorization_code" else ""},
            {},
        )


class Handler(BaseHTTPRequestHandler):
    """Answers to browsers and programs."""

    identity: ClassVar[Identity]

    def log_message(self, *_: object) -> None:
        """Stay silent."""

    def _send(self, status: int, body: bytes, kind: str, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _json(self, status: int, body: dict[str, Any], headers: dict[str, str]) -> None:
        self._send(status, json.dumps(body).encode(), "application/json", headers)

    def do_GET(self) -> None:
        """Tell where everything is, or let a person sign in."""
        parts, at = urlsplit(self.path), self.identity.url
        if parts.path.endswith("openid-configuration"):
            named = {"authorization": "authorize", "token": "token", "device_authorization": "device"}
            found = {f"{name}_endpoint": f"{at}/{path}" for name, path in named.items()}
            self._json(200, {**found, "issuer": at}, {})
        elif parts.path == "/authorize":
            self._authorize(dict(parse_qsl(parts.query)))
        else:
            self._json(
                404, {"error": "invalid_tenant", "error_description": "AADSTS90002: Tenant not found."}, {}
            )

    def _authorize(self, query: dict[str, str]) -> None:
        code = f"code-{len(self.identity.codes)}"
        self.identity.codes[code] = query
        answer = {"code": code, "state": query["state"]}
        if query.get("response_mode") == "form_post":
            fields = "".join(
                f'<input type="hidden" name="{k}" value="{escape(v)}">' for k, v in answer.items()
            )
            page = f'<form method="post" action="{query["redirect_uri"]}">{fields}<button id="yes">Yes</button></form>'
            self._send(200, page.encode(), "text/html", {})
        else:
            self._send(302, b"", "text/html", {"Location": f"{query['redirect_uri']}?{urlencode(answer)}"})

    def do_POST(self) -> None:
        """Give a token or a device code, or take an e-mail as Graph does."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if "/me/" in self.path:
            self._json(*self._graph(body))
            return
        form = {key: values[0] for key, values in parse_qs(body.decode()).items()}
        if self.path == "/device":
            given = {
                "device_code": "device-1",
                "user_code": "ABCD",
                "message": "Type ABCD.",
                "interval": 0,
                "expires_in": 60,
            }
            self._json(400 if self.identity.refuses else 200, self.identity.refuses or given, {})
        else:
            self._json(*self.identity.token(form))

    def _graph(self, body: bytes) -> Answer:
        if self.headers["Authorization"].removeprefix("Bearer ") not in self.identity.good:
            return (
                401,
                {"error": {"code": "InvalidAuthenticationToken", "message": "Lifetime validation failed."}},
                {},
            )
        if self.identity.graph:
            return self.identity.graph.pop(0)
        self.identity.took.append((self.path, base64.b64decode(body)))
        return (202, {}, {}) if self.path.endswith("sendMail") else (201, {"id": "1"}, {})


class Listener(ThreadingHTTPServer):
    """Serves each client in a thread of its own."""

    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Pass over a client that does not trust us, or hangs up: tests want them to."""


@contextmanager
def running(monkeypatch: pytest.MonkeyPatch) -> Iterator[Identity]:
    """Serve, and let the program take this for Microsoft and Google."""
    identity = Identity()
    handler = type("Own", (Handler,), {"identity": identity})
    server = Listener(("127.0.0.1", 0), handler)
    server.socket = context().wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    identity.port = server.server_address[1]
    for name, path in (
        ("MICROSOFT_LOGIN", ""), ("GOOGLE_AUTHORIZE", "/authorize"), ("GOOGLE_TOKEN", "/token"), ("GRAPH_API", "/v1.0"),
    ):  # fmt: skip
        monkeypatch.setattr(providers, name, f"{identity.url}{path}")
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield identity
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def signed_in(provider: Identity, folder: Path, authority: str) -> dict[str, str]:
    """Sign in for a process ELSEWHERE that runs in a folder; return what its environment must say. `authority` is of its other servers."""
    kept, trusted = folder / "keyring.json", folder / "authorities.pem"
    if not kept.exists():
        kept.write_text(
            json.dumps({"handouts-microsoft": provider.give()["refresh_token"]}), encoding="utf-8"
        )
    trusted.write_bytes(Path(authority).read_bytes() + ours().cert_pem.bytes())
    return {"SSL_CERT_FILE": str(trusted)}


def person(authority: str) -> Callable[[str], None]:
    """Return a person who signs in at an address: opens it, and presses the one button there is."""

    def visit(address: str) -> None:
        with requests.Session() as web:
            page = web.get(address, verify=authority, timeout=10)
            if 'method="post"' in page.text:
                action = page.text.split('action="')[1].split('"')[0]
                names = page.text.split('name="')[1:]
                fields = {n.split('"')[0]: n.split('value="')[1].split('"')[0] for n in names}
                web.post(action, data=fields, timeout=10)

    def open_it(address: str) -> None:
        threading.Thread(target=visit, args=(address,), daemon=True).start()

    return open_it


def keyring(monkeypatch: pytest.MonkeyPatch, kept: dict[tuple[str, str], str]) -> dict[tuple[str, str], str]:
    """Give this machine a keyring that a test can look into."""
    module = ModuleType("keyring")
    module.get_password = lambda service, user: kept.get((service, user))  # type: ignore[attr-defined]
    module.set_password = lambda service, user, secret: kept.update({(service, user): secret})  # type: ignore[attr-defined]
    module.delete_password = lambda service, user: kept.pop((service, user))  # type: ignore[attr-defined]
    monkeypatch.setitem(__import__("sys").modules, "keyring", module)
    return kept
