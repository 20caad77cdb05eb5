"""How the desk answers: who asks, whose form it is, and a page for whatever goes wrong."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import wraps
from http import HTTPStatus
from pathlib import Path
from typing import Any

from markupsafe import escape
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from handouts.crashes import crash_problem
from handouts.desk import screens
from handouts.desk.asked import RefusedError, form_of, refuse_other_sites
from handouts.desk.counter import Counter, Key, Stock
from handouts.desk.mailbox import Mailbox
from handouts.desk.password import read_password
from handouts.desk.record import Record
from handouts.desk.screens import Words
from handouts.desk.sessions import Door, Session, Sessions
from handouts.model import Rendition
from handouts.problems import Problem, SourceError
from handouts.serving.server import HEADERS

COOKIE = "desk"
POLICY = (
    "default-src 'none'; img-src 'self' data:; style-src 'self'; script-src 'self'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
# A page of ours sends where it came from to ours alone: by that a form is told from one of another site.
PAGE_HEADERS = {**HEADERS, "Referrer-Policy": "same-origin", "Content-Security-Policy": POLICY}
NOBODY = Session("", 0.0, 0.0)  # who has not signed in
# The pages of the desk, below its address. What a form of a page sends goes to an address below that page.
PLACE = re.compile(r"(?:point|basket|in/[\w-]+(?:/[\w-]+/[\w-]+)?)?", re.ASCII)


@dataclass(frozen=True)
class Desk:
    """What all requests share. `password_file` has the hash of the password, on a network; elsewhere everybody who has the address may use it."""

    counter: Counter
    sessions: Sessions
    door: Door
    cache: Path
    origins: frozenset[str]
    base: str
    password_file: Path | None = None
    is_secure: bool = False
    record: Record | None = None
    mailbox: Mailbox | None = None

    def password(self) -> str:
        """Return the hash of the password as it is now, empty where there is none: then nobody can sign in."""
        return read_password(self.password_file)[0] if self.password_file else ""


@dataclass(frozen=True)
class Asked:
    """A request, with who asks, what there is, and the words to answer in."""

    request: Request
    desk: Desk
    session: Session
    stock: Stock
    words: Words
    fields: Mapping[str, str] = field(default_factory=dict, repr=False)

    def screen(self, name: str, status: int = 200, **values: Any) -> Response:
        """Return a page of the desk."""
        html = screens.screen(
            self.stock,
            name,
            self.words,
            self.desk.base,
            csrf=self.session.csrf if self.session.key else "",
            basket=screens.shown_basket(self.stock, self.session.basket),
            has_password=self.desk.password_file is not None,
            shown_at=self.place(),
            **values,
        )
        return HTMLResponse(html, status, PAGE_HEADERS)

    def place(self) -> str:
        """Return which page of the desk is asked for, or that whose form was sent, empty for the first."""
        path = self.request.url.path.removeprefix(self.desk.base).lstrip("/")
        found = PLACE.match(path)
        return found[0] if found else ""

    def rendition(self) -> Rendition:
        """Return the PDF that the address names. Raises RefusedError where the place has none."""
        if self.key() not in self.stock.papers:
            raise RefusedError(404)
        return self.stock.papers[self.key()]

    def key(self) -> Key:
        """Return what the address names, whether there is such a thing or not."""
        names = self.request.path_params
        return names["tag"], names["slug"], names["layout"]


def answered(
    *, form: bool = False, known: bool = True
) -> Callable[[Callable[[Asked], Awaitable[Response]]], Callable[[Request], Awaitable[Response]]]:
    """Return what turns a function of `Asked` into an endpoint: it finds the session and the stock.

    With `form` the fields are read and must come from a page of this session; with `known` those who have not signed in,
    where there is a password, are sent to do that. Whatever goes wrong is a page in the words of the desk.
    """

    def decorate(
        function: Callable[[Asked], Awaitable[Response]],
    ) -> Callable[[Request], Awaitable[Response]]:
        @wraps(function)
        async def endpoint(request: Request) -> Response:
            desk: Desk = request.app.state.desk
            try:
                return await _answer(await _asked(request, desk), function, form=form, known=known)
            except SourceError as error:  # there is no stock, and so no page of ours
                return plain_problems(() if desk.password_file else error.problems)
            except Exception as error:  # noqa: BLE001 - whatever it is, what was typed is in no log
                return plain_problems([crash_problem("desk", error, desk.cache)], 500)

        return endpoint

    return decorate


async def _asked(request: Request, desk: Desk) -> Asked:
    """Return a request with who asks, and what there is. Raises SourceError where the sources have errors."""
    stock = await run_in_threadpool(desk.counter.stock)
    password = await run_in_threadpool(desk.password)
    session = desk.sessions.find(request.cookies.get(COOKIE, ""), password) or NOBODY
    words = screens.words_of(stock, session.language or wished(request, stock))
    return Asked(request, desk, session, stock, words)


async def _answer(
    asked: Asked, function: Callable[[Asked], Awaitable[Response]], *, form: bool, known: bool
) -> Response:
    """Return what a function answers, or a page of what is wrong with the request or with what it asks for."""
    desk, is_new = asked.desk, not asked.session.key
    try:
        if is_new and known and desk.password_file:
            return back(asked, "sign-in")
        if form:
            asked = replace(asked, fields=await _sent(asked, known=known))
        if is_new and not desk.password_file:
            asked = replace(asked, session=desk.sessions.begin())
        answer = await function(asked)
    except RefusedError as error:
        return _told(asked, error.status)
    except SourceError as error:
        return _told(asked, HTTPStatus.SERVICE_UNAVAILABLE, error.problems)
    keep_cookie(answer, asked)
    return answer


def _told(asked: Asked, status: int, problems: Sequence[Problem] = ()) -> Response:
    """Return a page that says what is wrong in the words of the desk; in English alone where that page does not work."""
    said = "problem" if problems else "gone" if status == HTTPStatus.NOT_FOUND else "refused"
    try:
        return asked.screen("problem", status, said=said, problems=problems)
    except SourceError as error:
        return plain_problems([*problems, *error.problems], status)


async def _sent(asked: Asked, *, known: bool) -> Mapping[str, str]:
    """Return the fields of a form of ours, which has the token of its session; only to sign in there is none yet.

    Raises RefusedError for one that another page sent.
    """
    refuse_other_sites(asked.request, asked.desk.origins)
    fields = await form_of(asked.request)
    if known and not (asked.session.key and asked.session.has(fields.get("csrf", ""))):
        raise RefusedError(403)
    return fields


def keep_cookie(answer: Response, asked: Asked) -> None:
    """Have the browser remember its session: no script reads it, no other site sends it, and it ends with the browser."""
    if asked.session.key and asked.request.cookies.get(COOKIE) != asked.session.key:
        answer.set_cookie(
            COOKIE,
            asked.session.key,
            path=asked.desk.base or "/",
            secure=asked.desk.is_secure,
            httponly=True,
            samesite="strict",
        )


def wished(request: Request, stock: Stock) -> str:
    """Return the tag of the first language that a browser wishes for and that the library has."""
    for part in request.headers.get("accept-language", "")[:200].split(","):
        tag = stock.sources.match(part.partition(";")[0].strip())
        if tag:
            return tag
    return ""


def plain_problems(problems: Sequence[Problem], status: int = HTTPStatus.SERVICE_UNAVAILABLE) -> Response:
    """Return a page of problems that needs no template: nothing can be made until they are put right."""
    lines = "".join(f"<p>{escape(str(problem))}</p>" for problem in dict.fromkeys(problems))
    html = f'<!doctype html><html lang="en"><title>Handouts</title><h1>Nothing can be printed now</h1><p>Tell the person who looks after these handouts:</p>{lines}'
    return HTMLResponse(html, status, PAGE_HEADERS)


def back(asked: Asked, place: str) -> Response:
    """Return what sends a browser to another page of ours."""
    return RedirectResponse(f"{asked.desk.base}/{place}", HTTPStatus.SEE_OTHER, PAGE_HEADERS)
