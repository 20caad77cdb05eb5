"""Connections, over real sockets: whoever is slow or many is closed, and nobody else waits for it."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from handouts.serving.connections import BoundedConnection

HALF = b"GET /short HTTP/1.1\r\nHost: localhost\r\nX-"
WHOLE = b"GET /%s HTTP/1.1\r\nHost: localhost\r\n\r\n"
NO_BODY = b"POST /form HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n"
LONG = 20_000_000  # bytes: more than the buffers between two ends hold


async def short(request: Request) -> Response:
    """Answer at once."""
    return PlainTextResponse("here")


async def form(request: Request) -> Response:
    """Answer when the whole body is there."""
    return PlainTextResponse(await request.body())


async def long(request: Request) -> Response:
    """Answer with a lot."""
    return PlainTextResponse("x" * LONG + "end")


async def slow(request: Request) -> Response:
    """Answer with a line now and one a while later."""

    async def lines() -> AsyncIterator[str]:
        yield "one\n"
        await asyncio.sleep(2)
        yield "two\n"

    return StreamingResponse(lines())


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """Serve three pages with little patience; return the port."""
    monkeypatch.setattr(BoundedConnection, "patience", 0.6)
    routes = [Route(f"/{each.__name__}", each, methods=["GET", "POST"]) for each in (short, long, slow, form)]
    app = Starlette(routes=routes)
    server = uvicorn.Server(uvicorn.Config(app, http=BoundedConnection, ws="none", log_level="error"))
    listener = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=server.run, args=([listener],))
    thread.start()
    yield listener.getsockname()[1]
    server.should_exit = True
    thread.join(10)


def opened(port: int, data: bytes) -> socket.socket:
    """Return a connection that has said something."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=10)
    connection.sendall(data)
    return connection


@contextmanager
def many(port: int, data: bytes, number: int) -> Iterator[list[socket.socket]]:
    """Open many connections, each of which says the same."""
    connections = [opened(port, data) for _ in range(number)]
    try:
        yield connections
    finally:
        for each in connections:
            each.close()


def answer(port: int) -> tuple[bytes, float]:
    """Return what a new connection is answered, and how many seconds it took."""
    start = time.monotonic()
    with opened(port, WHOLE % b"short") as connection:
        return connection.recv(1000), time.monotonic() - start


def seconds_until_closed(connection: socket.socket) -> float:
    """Return how long it took until the other end closed a connection."""
    start = time.monotonic()
    try:
        while connection.recv(1_000_000):
            pass
    except ConnectionError:
        pass
    return time.monotonic() - start


BEGUN = (
    b"",
    b"G",
    HALF,
    WHOLE % b"short",
    b"POST /short HTTP/1.1\r\nContent-Length: 9\r\n",
    NO_BODY,
    NO_BODY + b"a=1",
)


@pytest.mark.untraced
@pytest.mark.parametrize("data", BEGUN)
def test_hundreds_that_say_nothing_or_half_a_request_keep_nobody_waiting(
    port: int, data: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page is there before any of them has been given up."""
    monkeypatch.setattr(BoundedConnection, "patience", 3.0)
    with many(port, data, 300):
        said, seconds = answer(port)
    assert said.startswith(b"HTTP/1.1 200")
    assert seconds < 3


@pytest.mark.parametrize("data", BEGUN)
def test_hundreds_that_say_nothing_or_half_a_request_are_gone_soon(port: int, data: bytes) -> None:
    """They hold no connection for longer than patience lasts."""
    with many(port, data, 300) as connections:
        assert all(seconds_until_closed(each) < 3 for each in connections)


def said_until_closed(connection: socket.socket, data: bytes, pause: float) -> float:
    """Say something again and again; return how many seconds it took until the other end closed, at most five."""
    start = time.monotonic()
    try:
        while time.monotonic() - start < 5:
            connection.sendall(data)
            time.sleep(pause)
    except ConnectionError:
        pass
    return time.monotonic() - start


def read_until(connection: socket.socket, end: bytes) -> bytes:
    """Read until something is said; return the last of it. The connection must not be closed before."""
    received = b""
    while end not in received:
        data = connection.recv(1_000_000)
        assert data
        received = received[-len(end) :] + data
    return received


def test_a_byte_now_and_then_does_not_buy_time(port: int) -> None:
    """The whole request must be there in time, the first and each that follows."""
    for before in (b"", WHOLE % b"short"):
        with opened(port, before) as connection:
            assert said_until_closed(connection, b"X", 0.1) < 2


def test_who_does_not_read_is_closed(port: int) -> None:
    """Answers that nobody takes would be kept in memory for ever; one that is read arrives whole."""
    with opened(port, WHOLE % b"long" * 20) as connection:
        assert said_until_closed(connection, WHOLE % b"short", 0.1) < 3
    with opened(port, WHOLE % b"long") as connection:
        read_until(connection, b"end")


def test_an_answer_may_take_its_time(port: int) -> None:
    """Pages that are being made, and event streams, are waited for by the browser and not by us."""
    with opened(port, WHOLE % b"slow") as connection:
        assert b"two" in read_until(connection, b"two")


def beginning_to_answer(port: int) -> socket.socket:
    """Return a connection to which something has been said, and not all."""
    connection = opened(port, WHOLE % b"slow")
    read_until(connection, b"one")
    return connection


def test_what_is_being_answered_does_not_make_room_for_more(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who comes when all are being answered is turned away, and the others get their answers."""
    monkeypatch.setattr(BoundedConnection, "most", 20)
    with contextlib.ExitStack() as stack:
        connections = [stack.enter_context(beginning_to_answer(port)) for _ in range(40)]
        with opened(port, WHOLE % b"short") as late:
            assert seconds_until_closed(late) < 0.5
        for each in connections:
            read_until(each, b"two")
