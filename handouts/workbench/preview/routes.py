"""What the preview answers a browser: the page, the preview as JSON, its pictures and e-mails, and the versions."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Iterable
from dataclasses import asdict
from typing import Any

from markupsafe import escape
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from handouts.model import LAYOUTS
from handouts.problems import Problem, SourceError
from handouts.serving.server import HEADERS
from handouts.workbench.preview.rendering import Column, View
from handouts.workbench.preview.shell import shell_html, shell_script, shell_styles
from handouts.workbench.preview.state import PreviewState

HEARTBEAT = 15.0  # seconds between signs of life on an idle event stream
MOST_STREAMS = 32  # one for each open tab; half of all connections
PAGE_POLICY = (
    "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "frame-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
EMAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; sandbox allow-same-origin; frame-ancestors 'self'"
)


def _state(request: Request) -> PreviewState:
    state: PreviewState = request.app.state.preview
    return state


async def answer_page(request: Request) -> Response:
    """Answer with the page itself."""
    state = _state(request)
    try:
        html = shell_html(state.look, state.sources, _asked_view(request))
    except Exception as error:  # noqa: BLE001 - whatever it is, the next save may mend it
        return _without_shell((*state.problems, state.failure(error)))
    return HTMLResponse(html, headers={**HEADERS, "Content-Security-Policy": PAGE_POLICY})


def _without_shell(problems: Iterable[Problem]) -> Response:
    """Answer with a page of problems that needs no template, and that asks again by itself."""
    lines = "".join(f"<p>{escape(str(problem))}</p>" for problem in dict.fromkeys(problems))
    html = f'<!doctype html><html lang="en"><title>Preview</title><h1>The preview cannot be shown</h1>{lines}'
    return HTMLResponse(html, headers={**HEADERS, "Content-Security-Policy": PAGE_POLICY, "Refresh": "2"})


def _asked_view(request: Request) -> View:
    """Return the view that a request asks for; what it leaves out, or what does not exist, is the first there is."""
    sources, asked = _state(request).sources, request.query_params

    def one_of(existing: Iterable[str], name: str) -> str:
        options = list(existing)
        return asked[name] if asked.get(name) in options else options[0]

    regions, clinics = sources.content.regions, sources.content.clinics
    place = one_of((*regions, *(slug for slug in clinics if clinics[slug].region in regions)), "place")
    return View(
        one_of(sources.locales, "locale"),
        one_of(sources.content.drafts, "handout"),
        place if place in regions else clinics[place].region,
        next((layout for layout in LAYOUTS if layout == asked.get("layout")), "standard"),
        "" if place in regions else place,
    )


async def answer_preview(request: Request) -> Response:
    """Answer with the preview of a view as JSON; where it cannot be made, with the problems alone."""
    state = _state(request)
    async with state.busy:
        start = time.perf_counter()
        try:
            preview = await run_in_threadpool(state.preview, _asked_view(request))
        except Exception as error:  # noqa: BLE001 - whatever it is, the next save may mend it
            more = error.problems if isinstance(error, SourceError) else [state.failure(error)]
            problems = [asdict(problem) for problem in dict.fromkeys((*state.problems, *more))]
            return JSONResponse({"version": state.version, "problems": problems}, headers=HEADERS)
        answer = {
            "version": state.version,
            "seconds": round(time.perf_counter() - start, 3),
            "own": _column_json(state, preview.own),
            "english": _column_json(state, preview.english) if preview.english else None,
            "blocks": [asdict(block) for block in preview.blocks],
            "problems": [asdict(problem) for problem in preview.problems],
        }
    return JSONResponse(answer, headers=HEADERS)


def _column_json(state: PreviewState, column: Column) -> dict[str, Any]:
    """Return a column as the page needs it: names of files instead of their bytes."""
    locale = state.sources.locales[column.locale]
    return {
        "locale": locale.tag,
        "language": locale.english_name,
        "direction": locale.direction,
        "pages": [state.keep(page, "png") for page in column.pages],
        "places": [asdict(place) for place in column.places],
        "email": state.keep(column.email.encode(), "html"),
    }


async def answer_file(request: Request) -> Response:
    """Answer with a page as a picture, or an e-mail."""
    name = request.path_params["name"]
    data = _state(request).files.get(name)
    if data is None:
        return PlainTextResponse("That file has gone.", status_code=404)
    if name.endswith(".png"):
        return Response(data, media_type="image/png", headers=HEADERS)
    return HTMLResponse(data, headers={**HEADERS, "Content-Security-Policy": EMAIL_POLICY})


async def answer_script(request: Request) -> Response:
    """Answer with the page's own script."""
    return Response(shell_script(_state(request).look), media_type="text/javascript", headers=HEADERS)


async def answer_styles(request: Request) -> Response:
    """Answer with the page's own style sheet, in the colours of the handouts, light and dark."""
    return Response(shell_styles(_state(request).look), media_type="text/css", headers=HEADERS)


async def answer_versions(request: Request) -> Response:
    """Answer with an event stream that tells the number of every new version; beyond `MOST_STREAMS` the oldest ends."""
    state, own = _state(request), object()
    streams: list[object] = state.streams

    async def events() -> AsyncIterator[str]:
        told = -1
        while own in streams and not request.app.state.stopping:
            if told != state.version:
                told = state.version
                yield f"data: {told}\n\n"
            async with state.new_version:
                with contextlib.suppress(TimeoutError):
                    if own in streams:  # it may have been ended since
                        await asyncio.wait_for(state.new_version.wait(), HEARTBEAT)
            yield ": still here\n\n"

    async def counted() -> AsyncIterator[str]:
        streams.append(own)
        if len(streams) > MOST_STREAMS:
            del streams[0]
            async with state.new_version:
                state.new_version.notify_all()  # the one that was ended hears of it
        try:
            async for event in events():
                yield event
        finally:
            if own in streams:
                streams.remove(own)

    return StreamingResponse(counted(), media_type="text/event-stream", headers=HEADERS)


ROUTES = (
    Route("/", answer_page),
    Route("/preview", answer_preview),
    Route("/versions", answer_versions),
    Route("/file/{name}", answer_file),
    Route("/preview.js", answer_script),
    Route("/preview.css", answer_styles),
)
