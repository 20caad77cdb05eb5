"""What a browser asks of the desk: the fields of a form, whose it is, and whether another site sent it."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl

from starlette.requests import Request

MOST_BYTES = 16_384  # of a form: each of its few fields is a line
MOST_FIELDS = 20
FORM = "application/x-www-form-urlencoded"


class RefusedError(Exception):
    """A request that no page of ours sends: `status` is what it is answered with."""

    def __init__(self, status: int) -> None:
        super().__init__(str(status))
        self.status = status


async def form_of(request: Request) -> Mapping[str, str]:
    """Return the fields of a form, each once. Raises RefusedError for what no form of ours sends."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        raise RefusedError(415)
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            raise RefusedError(413)
    try:
        pairs = parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            strict_parsing=bool(body),
            errors="strict",
            max_num_fields=MOST_FIELDS,
        )
    except ValueError as error:
        raise RefusedError(400) from error
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise RefusedError(400)
    return fields


def refuse_other_sites(request: Request, origins: frozenset[str]) -> None:
    """Raise RefusedError where a form was sent by a page of another site, as browsers say (Fetch Metadata, RFC 6454)."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site not in {None, "same-origin", "none"} or (origin is not None and origin not in origins):
        raise RefusedError(403)
