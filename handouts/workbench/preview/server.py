"""The preview's web server: this machine only, behind an unguessable address; tells the page of every save."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import secrets
import socket
import time
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from watchfiles import awatch

from handouts.model import LAYOUTS
from handouts.page import colours
from handouts.page.compose import environment
from handouts.problems import Problem, SourceError, in_file
from handouts.sources.catalogs import catalog_file, load_catalog
from handouts.sources.load import Sources, load_sources
from handouts.workbench.preview.scene import Scene, Side, Stage, View
from handouts.workbench.pseudo import PSEUDO, with_pseudo

HOST = "127.0.0.1"
WATCHED = ("content", "locales", "templates")
QUIET = 30  # milliseconds without a further change: an editor may write a file in several steps
BEAT = 15.0  # seconds between signs of life on an open line
PAGE_POLICY = (
    "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "frame-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; sandbox allow-same-origin; frame-ancestors 'self'"
)
ALWAYS = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff"}


def _of_a_catalog(problem: Problem) -> bool:
    """Whether a problem is of one catalog, which leaves everything else as it is."""
    return bool(problem.locale) and problem.file == catalog_file(problem.locale)


class Desk:
    """The sources as they are now, the scenes made of them, and who waits for the next."""

    def __init__(self, root: Path, cache: Path, today: Callable[[], date]) -> None:
        self.root, self.stage, self.today = root, Stage(root, cache), today
        self.version = 0
        self.news = asyncio.Condition()
        self.busy = asyncio.Lock()
        self.files: dict[str, bytes] = {}
        self.last: View | None = None
        sources, found = load_sources(root, today())
        if not sources.is_whole:
            raise SourceError(found)
        self.known: tuple[Sources, tuple[Problem, ...]] = (with_pseudo(sources, PSEUDO), tuple(found))

    def reload(self, changed: Iterable[Path]) -> None:
        """Read again what has changed: one catalog where it is only that, else everything."""
        sources, _ = self.known
        places = [path.relative_to(self.root) for path in changed]
        if all(
            place.match("locales/*/handouts.po") and place.parts[1] in sources.locales for place in places
        ):
            self._reload_catalogs({place.parts[1] for place in places})
            return
        fresh, found = load_sources(self.root, self.today())
        # What cannot be read leaves what is shown as it was, with the reason over it.
        sound = fresh.is_whole and not any(p.severity == "error" and not _of_a_catalog(p) for p in found)
        self.known = (with_pseudo(fresh, PSEUDO) if sound else sources, tuple(found))

    def _reload_catalogs(self, tags: set[str]) -> None:
        """Read some catalogs again; one that is broken or empty leaves what is shown as it was, and says so."""
        sources, before = self.known
        own = {catalog_file(tag) for tag in tags}
        found = [problem for problem in before if problem.file not in own]
        kept = {}
        for tag in tags:
            catalog, told = load_catalog(self.root, tag)
            if not catalog.messages and not told:
                what = "there is no message in it."
                told = [in_file("empty-file", catalog.file, what, "Put back what was taken out.")]
            if catalog.messages:
                kept[tag] = catalog
            found += told
        self.known = (replace(sources, catalogs={**sources.catalogs, **kept}), tuple(found))

    def fail(self, error: Exception) -> None:
        """Note that what was saved could not be read at all."""
        self.known = (self.known[0], (_fault(error),))

    def scene(self, view: View) -> Scene:
        """Return the scene of a view, from what is known now."""
        self.last = view
        sources, problems = self.known
        return self.stage.scene(sources, view, problems)

    def keep(self, data: bytes, kind: str) -> str:
        """Keep a file for the page to ask for; return its name."""
        name = f"{hashlib.sha256(data).hexdigest()[:20]}.{kind}"
        self.files[name] = self.files.pop(name, data)
        for old in list(self.files)[:-200]:
            del self.files[old]
        return name


def _side(desk: Desk, side: Side | None) -> dict[str, Any] | None:
    """Return a side as the page needs it: names of files instead of their bytes."""
    if side is None:
        return None
    locale = desk.known[0].locales[side.locale]
    return {
        "locale": side.locale,
        "language": locale.english_name,
        "direction": locale.direction,
        "pages": [desk.keep(page, "png") for page in side.pages],
        "places": [vars(place) for place in side.places],
        "email": desk.keep(side.email.encode(), "html"),
    }


def _choice(desk: Desk, request: Request) -> View:
    """Return the view that a request asks for; what it does not say, or says wrong, is the first there is."""
    sources, _ = desk.known
    asked = request.query_params

    def one(name: str, there: Iterable[str]) -> str:
        options = list(there)
        return asked[name] if asked.get(name) in options else options[0]

    return View(
        one("locale", sources.locales),
        one("handout", sources.content.drafts),
        one("region", sources.content.regions),
        next((layout for layout in LAYOUTS if layout == asked.get("layout")), "standard"),
    )


async def _page(request: Request) -> Response:
    """Answer with the page itself."""
    desk: Desk = request.app.state.desk
    sources, _ = desk.known
    html = (
        environment(desk.root)
        .get_template("preview.html")
        .render(
            view=_choice(desk, request),
            locales=sources.locales.values(),
            handouts=list(sources.content.drafts),
            regions=sources.content.regions.values(),
            layouts=LAYOUTS,
        )
    )
    return HTMLResponse(html, headers={**ALWAYS, "Content-Security-Policy": PAGE_POLICY})


async def _scene(request: Request) -> Response:
    """Answer with the scene of a view as JSON; a fault is told on the page, not by a broken one."""
    desk: Desk = request.app.state.desk
    async with desk.busy:
        start = time.perf_counter()
        try:
            scene = await run_in_threadpool(desk.scene, _choice(desk, request))
        except Exception as error:  # noqa: BLE001 - whatever it is, the next save may mend it
            problems = error.problems if isinstance(error, SourceError) else [_fault(error)]
            told = [vars(problem) for problem in dict.fromkeys((*desk.known[1], *problems))]
            return JSONResponse({"version": desk.version, "problems": told}, headers=ALWAYS)
        answer = {
            "version": desk.version,
            "seconds": round(time.perf_counter() - start, 3),
            "own": _side(desk, scene.own),
            "english": _side(desk, scene.english),
            "blocks": scene.blocks,
            "problems": [vars(problem) for problem in scene.problems],
        }
    return JSONResponse(answer, headers=ALWAYS)


def _fault(error: Exception) -> Problem:
    return Problem(
        "cannot-shown",
        "preview",
        f"it cannot be shown: {type(error).__name__}: {error}.",
        "Undo the last change, or look what it asks for.",
    )


async def _file(request: Request) -> Response:
    """Answer with a page as a picture, or an e-mail."""
    data = request.app.state.desk.files.get(request.path_params["name"])
    if data is None:
        return PlainTextResponse("gone", status_code=404)
    if request.path_params["name"].endswith(".png"):
        return Response(data, media_type="image/png", headers=ALWAYS)
    return Response(
        data,
        media_type="text/html; charset=utf-8",
        headers={**ALWAYS, "Content-Security-Policy": MAIL_POLICY},
    )


async def _asset(request: Request) -> Response:
    """Answer with the page's own script or styles."""
    desk: Desk = request.app.state.desk
    if request.path_params["name"] not in {"preview.js", "preview.css"}:
        return PlainTextResponse("not here", status_code=404)
    if request.path_params["name"] == "preview.js":
        script = (desk.root / "templates/preview.js").read_text(encoding="utf-8")
        return Response(script, media_type="text/javascript; charset=utf-8", headers=ALWAYS)
    tokens = colours.load_tokens(desk.root)
    light, dark = (
        " ".join(f"--{name}: {value};" for name, value in colours.palette(tokens, scheme).items())
        for scheme in colours.SCHEMES
    )
    style = f":root {{ {light} }}\n@media (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}"
    sheets = [
        (desk.root / "templates" / name).read_text(encoding="utf-8") for name in ("screen.css", "preview.css")
    ]
    return Response("\n".join([style, *sheets]), media_type="text/css; charset=utf-8", headers=ALWAYS)


async def _events(request: Request) -> Response:
    """Answer with an open line, on which the number of every new version is told."""
    desk: Desk = request.app.state.desk

    async def lines() -> AsyncIterator[str]:
        told = -1
        while not request.app.state.stopping:
            if told != desk.version:
                told = desk.version
                yield f"data: {told}\n\n"
            async with desk.news:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(desk.news.wait(), BEAT)
            yield ": still here\n\n"

    return StreamingResponse(lines(), media_type="text/event-stream", headers=ALWAYS)


async def _watch(app: Starlette) -> None:
    """Read again what is saved, make the scene that was looked at last, then tell the page."""
    desk: Desk = app.state.desk
    places = [desk.root / name for name in WATCHED]
    async for changes in awatch(*places, debounce=400, step=QUIET, recursive=True):
        changed = [
            Path(path)
            for _, path in changes
            if not Path(path).name.startswith(".") and not path.endswith("~")
        ]
        if not changed:
            continue
        async with desk.busy:
            try:
                await run_in_threadpool(desk.reload, changed)
            except Exception as error:  # noqa: BLE001 - the next save may mend it; the watch goes on
                desk.fail(error)
            if desk.last:
                with contextlib.suppress(Exception):  # told when the page asks for it
                    await run_in_threadpool(desk.scene, desk.last)
            desk.version += 1
        async with desk.news:
            desk.news.notify_all()


def application(root: Path, cache: Path, today: Callable[[], date], token: str) -> Starlette:
    """Return the preview as a web application; everything is below `/TOKEN/`, and nothing anywhere else."""

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        app.state.desk = Desk(root, cache, today)
        app.state.stopping = False
        watching = asyncio.create_task(_watch(app))
        yield
        app.state.stopping = True
        watching.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watching

    routes = [
        Route("/", _page),
        Route("/scene", _scene),
        Route("/events", _events),
        Route("/file/{name}", _file),
        Route("/{name:str}", _asset),
    ]
    # A page elsewhere that points its own name at this machine is turned away.
    allowed = Middleware(TrustedHostMiddleware, allowed_hosts=[HOST, "localhost"])
    return Starlette(routes=[Mount(f"/{token}", routes=routes)], middleware=[allowed], lifespan=lifespan)


def serve(
    root: Path, cache: Path, today: Callable[[], date], query: str, port: int, tell: Callable[[str], None]
) -> None:
    """Serve the preview until it is interrupted; `tell` hears the address once it can be opened.

    `today` is asked for the day at every save, for a preview may stay open over night. Raises OSError where the port is taken.
    """
    token = secrets.token_urlsafe(24)
    listener = socket.create_server((HOST, port))
    config = uvicorn.Config(
        application(root, cache, today, token),
        log_level="error",
        access_log=False,
        timeout_graceful_shutdown=1,
    )
    tell(f"http://{HOST}:{listener.getsockname()[1]}/{token}/{query}")
    with contextlib.suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listener])
