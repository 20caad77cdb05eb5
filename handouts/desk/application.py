"""The desk as a web application: on this machine at an address that cannot be guessed, or on a network behind a password."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route, Router
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from handouts.desk.answering import Desk
from handouts.desk.routes import ROUTES
from handouts.serving.server import HEADERS


def application(desk: Desk, hosts: Sequence[str]) -> Starlette:
    """Return the desk as a web application, which answers to some names of hosts alone (against DNS rebinding).

    Everything is below `desk.base`, and nothing anywhere else.
    """
    named = Middleware(TrustedHostMiddleware, allowed_hosts=list(hosts), www_redirect=False)
    own = Router(ROUTES, redirect_slashes=False)
    app = Starlette(
        routes=[Route("/robots.txt", answer_robots), Mount(desk.base or "/", own)],
        middleware=[Middleware(KeptNowhere), named],
    )
    app.router.redirect_slashes = False
    app.state.desk = desk
    return app


class KeptNowhere:
    """Has every answer say that it is kept nowhere, also those that no page of ours asks for."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the application does, with what is missing in the head."""

        async def send_on(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, send_on)


async def answer_robots(_: Request) -> Response:
    """Answer that no search engine may look at anything."""
    return PlainTextResponse("User-agent: *\nDisallow: /\n")
