"""The desk as a web application: on this machine at an address that cannot be guessed, or on a network behind a password."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route

from handouts.desk.routes import ROUTES, Desk
from handouts.serving.server import HEADERS


def application(desk: Desk, hosts: Sequence[str]) -> Starlette:
    """Return the desk as a web application, which answers to some names of hosts alone (against DNS rebinding).

    Everything is below `desk.base`, and nothing anywhere else.
    """
    named = Middleware(TrustedHostMiddleware, allowed_hosts=list(hosts), www_redirect=False)
    routes = [Mount(desk.base, routes=ROUTES)] if desk.base else [Mount("/", routes=ROUTES)]
    app = Starlette(routes=[Route("/robots.txt", answer_robots), *routes], middleware=[named])
    app.state.desk = desk
    return app


async def answer_robots(_: Request) -> Response:
    """Answer that no search engine may look at anything."""
    return PlainTextResponse("User-agent: *\nDisallow: /\n", headers=HEADERS)
