"""The preview's web server: for this machine only, behind an address that cannot be guessed."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import date
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.routing import Mount

from handouts.serving.server import LOOPBACK, listening
from handouts.serving.server import serve as serve_app
from handouts.workbench.preview.routes import ROUTES
from handouts.workbench.preview.state import load_state
from handouts.workbench.preview.watch import watch


def application(
    root: Path, cache: Path, today: Callable[[], date], profiles: Sequence[str], token: str
) -> Starlette:
    """Return the preview as a web application; everything is below `/TOKEN/`, and nothing anywhere else.

    It watches the project, and the clinics at the paths among `profiles`, for as long as it is up, and raises SourceError at its start where there is too little
    to show.
    """

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        app.state.preview = load_state(root, cache, today, profiles)
        app.state.stopping = False
        watching = asyncio.create_task(watch(app.state.preview))
        yield
        app.state.stopping = True
        watching.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watching

    # A page elsewhere whose own name points at this machine is turned away (DNS rebinding).
    named = Middleware(TrustedHostMiddleware, allowed_hosts=[LOOPBACK, "localhost"])
    return Starlette(routes=[Mount(f"/{token}", routes=ROUTES)], middleware=[named], lifespan=lifespan)


def serve(
    root: Path,
    cache: Path,
    today: Callable[[], date],
    profiles: Sequence[str],
    query: str,
    port: int,
    on_ready: Callable[[str], None],
) -> None:
    """Serve the preview until it is interrupted; `on_ready` is called with the address once it can be opened.

    Raises OSError where the port is taken.
    """
    token = secrets.token_urlsafe(24)
    app = application(root, cache, today, profiles, token)
    listener = listening(LOOPBACK, port)
    serve_app(app, listener, lambda taken: on_ready(f"http://{LOOPBACK}:{taken}/{token}/{query}"))
