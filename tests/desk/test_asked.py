"""Forms of the desk are small and of this site; anything else is refused before it is looked at."""

from __future__ import annotations

import asyncio
from contextlib import nullcontext
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from handouts.desk.asked import FORM, MOST_BYTES, RefusedError, form_of, refuse_other_sites


def a_request(body: bytes = b"", **headers: str) -> Request:
    """Return a request with a body and headers."""
    named = {"content-type": FORM, **{name.replace("_", "-"): value for name, value in headers.items()}}
    sent = [(name.encode(), value.encode()) for name, value in named.items()]

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    return Request({"type": "http", "method": "POST", "headers": sent}, receive)


def status_of(body: bytes, **headers: str) -> int:
    """Return what a body is refused with, or 200."""
    try:
        asyncio.run(form_of(a_request(body, **headers)))
    except RefusedError as error:
        return error.status
    return 200


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"a=1&b=%D8%A3", {}, 200),
        (b"", {}, 200),
        (b"a=1", {"content_type": "application/json"}, 415),
        (b"a=1", {"content_type": "multipart/form-data; boundary=x"}, 415),
        (b"a=" + b"x" * MOST_BYTES, {}, 413),
        (b"&".join(b"f%d=1" % n for n in range(30)), {}, 400),
        (b"a=1&a=2", {}, 400),
        (b"a=%FF", {}, 400),
        (b"\xff=1", {}, 400),
        (b"no-equals", {}, 400),
    ],
)
def test_a_form_that_no_page_of_ours_sends_is_refused(
    body: bytes, headers: dict[str, str], status: int
) -> None:
    """By its kind, its size, or what is in it."""
    assert status_of(body, **headers) == status


@given(st.binary(max_size=200))
def test_any_bytes_are_a_form_or_refused(body: bytes) -> None:
    """Never anything else."""
    assert status_of(body) in {200, 400}


@pytest.mark.parametrize(
    ("headers", "refused"),
    [
        ({}, False),
        ({"origin": "https://clinic.example"}, False),
        ({"origin": "https://clinic.example", "sec_fetch_site": "same-origin"}, False),
        ({"sec_fetch_site": "none"}, False),
        ({"origin": "null"}, True),
        ({"origin": "https://evil.example"}, True),
        ({"origin": "http://clinic.example"}, True),
        ({"sec_fetch_site": "cross-site"}, True),
        ({"sec_fetch_site": "same-site"}, True),
    ],
)
def test_a_form_of_another_site_is_refused(headers: dict[str, str], *, refused: bool) -> None:
    """As browsers say where it comes from."""
    with pytest.raises(RefusedError, match="403") if refused else nullcontext():
        refuse_other_sites(a_request(b"", **headers), frozenset({"https://clinic.example"}))
