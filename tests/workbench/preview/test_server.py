"""The preview's server: on this machine alone, at an address that no one can guess, for as long as it is wanted."""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
import time
import urllib.request
from urllib.parse import urlsplit

import pytest

from handouts.problems import SourceError
from handouts.workbench.preview.server import application
from tests.conftest import Project
from tests.workbench.preview.serving import serving
from tests.workbench.preview.stand_ins import Answer, ask, today

TOKEN = "t" * 32


def test_everything_is_below_the_token_and_only_the_page_is_there(project: Project) -> None:
    """No other address, no other file, and no other name for this machine (DNS rebinding)."""
    app = application(project.root, project.root / ".cache", today, (), TOKEN)

    async def ask_all() -> dict[str, Answer]:
        async with app.router.lifespan_context(app):
            found = {
                path: await ask(app, path)
                for path in (
                    f"/{TOKEN}/",
                    f"/{TOKEN}/preview.css",
                    f"/{TOKEN}/preview.js",
                    f"/{TOKEN}/preview.html",
                    f"/{TOKEN}/../../build.py",
                    f"/{TOKEN}/file/..%2f..%2fbuild.py",
                    "/",
                    f"/{'x' * 32}/preview",
                )
            }
            found["another name"] = await ask(app, f"/{TOKEN}/", "evil.example")
            return found

    answers = asyncio.run(ask_all())
    assert [answer.status for answer in answers.values()] == [200, 200, 200, 404, 404, 404, 404, 404, 400]
    assert "<title>Preview</title>" in answers[f"/{TOKEN}/"].body


def test_it_does_not_start_where_there_is_too_little_to_show(project: Project) -> None:
    """The problems are those of the sources."""
    (project.root / "content/interface.yaml").write_text("x: [\n", encoding="utf-8")
    app = application(project.root, project.root / ".cache", today, (), TOKEN)

    async def start() -> None:
        async with app.router.lifespan_context(app):
            pass

    with pytest.raises(SourceError):
        asyncio.run(start())


def test_the_command_prints_an_address_that_cannot_be_guessed_and_stops_in_peace(project: Project) -> None:
    """A new token each time, on the loopback address; Ctrl+C ends it with exit 0, also while a page listens."""
    with serving(project, "es") as address:
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/[\w-]{32}/\?locale=es&.+", address)
        with urllib.request.urlopen(address.split("?")[0] + "versions") as answer:  # noqa: S310 - ours
            assert answer.readline() == b"data: 0\n"


def test_three_hundred_half_open_connections_do_not_keep_the_page_from_anyone(project: Project) -> None:
    """It is there within a second, as it is without them."""
    with serving(project, "es") as address, contextlib.ExitStack() as stack:
        port = urlsplit(address).port
        for _ in range(300):
            connection = stack.enter_context(socket.create_connection(("127.0.0.1", port)))
            connection.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-")
        start = time.monotonic()
        with urllib.request.urlopen(address) as answer:  # noqa: S310 - ours
            assert b"<title>Preview</title>" in answer.read()
        assert time.monotonic() - start < 1
