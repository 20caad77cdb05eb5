"""A browser without a window: it asks a web application in this process, keeps its cookies, and finds forms."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

from starlette.applications import Starlette

HOST = "127.0.0.1"
ORIGIN = "http://127.0.0.1:8000"
FORM = "application/x-www-form-urlencoded"


@dataclass
class Answer:
    """What was answered."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()

    @property
    def csrf(self) -> str:
        """The token of the forms on a page."""
        found = re.search(r'name="csrf" value="([^"]+)"', self.text)
        return found[1] if found else ""


@dataclass
class Browser:
    """Asks an application below `base`."""

    app: Starlette
    base: str = ""
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **headers: str) -> Answer:
        """Return what is answered to GET."""
        return self._ask("GET", path, b"", headers)

    def post(self, path: str, fields: dict[str, str], **headers: str) -> Answer:
        """Return what is answered to a form that a page of the desk sends."""
        given = {"content-type": FORM, "origin": ORIGIN, "sec-fetch-site": "same-origin"}
        return self._ask("POST", path, urlencode(fields).encode(), {**given, **headers})

    def send(self, path: str, body: bytes, **headers: str) -> Answer:
        """Return what is answered to any bytes."""
        return self._ask("POST", path, body, headers)

    def _ask(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        named = {"host": HOST, **{name.replace("_", "-"): value for name, value in headers.items()}}
        if self.cookies:
            named.setdefault("cookie", "; ".join(f"{name}={value}" for name, value in self.cookies.items()))
        answer = asyncio.run(_answered(self.app, method, self.base + path, body, named))
        for name, morsel in SimpleCookie(answer.headers.get("set-cookie", "")).items():
            self.cookies[name] = morsel.value
        return answer


async def _answered(app: Starlette, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
    answer = Answer()
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [(name.encode(), value.encode("latin-1")) for name, value in headers.items()],
        "server": (HOST, 80),
        "client": None,
    }

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            answer.headers = {name.decode(): value.decode() for name, value in message["headers"]}
        answer.body += message.get("body", b"")

    await app(scope, receive, send)
    return answer
