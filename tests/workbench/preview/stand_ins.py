"""What stands in for the slow ends of the preview: a renderer that draws nothing, and a browser's requests."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request

from handouts.pdf.exact.boxes import BlockBox
from handouts.problems import Problem
from handouts.sources.load import Sources
from handouts.sources.look import Look
from handouts.workbench.preview.rendering import Column, Preview, Renderer, View
from handouts.workbench.preview.state import PreviewState
from tests.conftest import our_look

TODAY = date(2026, 11, 26)
PLACE = BlockBox("about-ipt.lead", 1, 0.1, 0.2, 0.5, 0.1)


def today() -> date:
    """Return a day that stays the same."""
    return TODAY


class QuickRenderer(Renderer):
    """Makes previews without pages of its own, remembers the views, and raises `error` where one is set."""

    def __init__(self, root: Path) -> None:
        super().__init__(root / ".cache")
        self.error: Exception | None = None
        self.views: list[View] = []

    def preview(self, sources: Sources, look: Look, view: View, problems: Iterable[Problem]) -> Preview:
        """Return a preview whose one page and e-mail say what was asked for."""
        self.views.append(view)
        if self.error:
            raise self.error
        own, english = (
            Column(tag, (f"{tag} {view}".encode(),), (PLACE,), f"<p>{tag} {view}</p>")
            for tag in (view.locale, "en")
        )
        return Preview(own, english if own.locale != "en" else None, (), tuple(problems))


def a_state(sources: Sources, problems: Iterable[Problem] = ()) -> PreviewState:
    """Return the state of a preview that renders nothing."""
    return PreviewState(sources, our_look(), problems, QuickRenderer(sources.root), today)


def request(state: PreviewState, query: str = "", **path: str) -> Request:
    """Return a browser's request as a route gets it."""
    app = Starlette()
    app.state.preview, app.state.stopping = state, False
    return Request({"type": "http", "app": app, "query_string": query.encode(), "path_params": path})


@dataclass
class Answer:
    """What a web application answers: the status, and the body as text."""

    status: int = 0
    body: str = ""


async def ask(app: Starlette, path: str, host: str = "127.0.0.1") -> Answer:
    """Return what an application answers to GET."""
    answer = Answer()
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [(b"host", host.encode())],
        "server": (host, 80),
        "client": None,
    }

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        answer.status = message.get("status", answer.status)
        answer.body += message.get("body", b"").decode()

    await app(scope, receive, send)
    return answer
