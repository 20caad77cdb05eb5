"""A web server that stands alone: every connection is bounded, nothing is logged, and it ends with Ctrl-C."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from starlette.applications import Starlette

from handouts.serving.connections import BoundedConnection

LOOPBACK = "127.0.0.1"
# What every answer says: it is kept nowhere, tells other pages nothing, and is what it says it is.
HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff"}


@dataclass(frozen=True)
class Certificate:
    """The files of a certificate and of its key, both PEM."""

    file: Path
    key: Path


def listening(host: str, port: int) -> socket.socket:
    """Return a socket that listens on an address of this machine; port 0 is any free one. Raises OSError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family)


def serve(
    app: Starlette,
    listener: socket.socket,
    on_ready: Callable[[int], None],
    certificate: Certificate | None = None,
    *,
    log_level: str = "error",
) -> None:
    """Serve an application until it is interrupted; `on_ready` is called with the port before the first answer.

    With a certificate it is spoken to by TLS alone. At the `log_level` “critical” no fault of an answer gets to the terminal. Raises OSError where the certificate cannot be used.
    """
    config = uvicorn.Config(
        app,
        http=BoundedConnection,
        ws="none",
        proxy_headers=False,  # what a request says of its sender counts for nothing
        server_header=False,
        log_level=log_level,
        access_log=False,
        timeout_graceful_shutdown=1,
        ssl_certfile=certificate.file if certificate else None,
        ssl_keyfile=certificate.key if certificate else None,
    )
    config.load()  # before anyone is told that it is there
    on_ready(listener.getsockname()[1])
    with contextlib.suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listener])
