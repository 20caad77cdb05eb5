"""What the desk answers a browser: pages to choose on, and PDFs and e-mail drafts that are kept nowhere."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from functools import partial, wraps
from http import HTTPStatus
from pathlib import Path
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from handouts.crashes import crash_problem
from handouts.desk import screens
from handouts.desk.asked import RefusedError, form_of, refuse_other_sites
from handouts.desk.counter import Counter, Stock
from handouts.desk.mailbox import Mailbox
from handouts.desk.password import is_password, read_password
from handouts.desk.record import Given, Record, given
from handouts.desk.screens import Typed, Words
from handouts.desk.sessions import MOST_IN_BASKET, Door, Session, Sessions
from handouts.library.personal import FIELDS, personal_of
from handouts.model import Rendition
from handouts.pdf.joined import ready_to_print
from handouts.problems import Problem, SourceError
from handouts.serving.server import HEADERS
from handouts.sources.look import Look

COOKIE = "desk"
POLICY = (
    "default-src 'none'; img-src 'self' data:; style-src 'self'; script-src 'self'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
# A page of ours sends where it came from to ours alone: by that a form is told from one of another site.
PAGE_HEADERS = {**HEADERS, "Referrer-Policy": "same-origin", "Content-Security-Policy": POLICY}
FILE_HEADERS = {**HEADERS, "Content-Security-Policy": "frame-ancestors 'self'"}
WAYS = ("print", "save", "email", "mailbox")

NOBODY = Session("", 0.0, 0.0)  # who has not signed in


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
            **values,
        )
        return HTMLResponse(html, status, PAGE_HEADERS)

    def rendition(self) -> Rendition:
        """Return the PDF that the address names. Raises RefusedError where the place has none."""
        names = self.request.path_params
        key = (names["tag"], names["slug"], names["layout"])
        if key not in self.stock.papers:
            raise RefusedError(404)
        return self.stock.papers[key]


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
            return _back(asked, "sign-in")
        if form:
            asked = replace(asked, fields=await _sent(asked, known=known))
        if is_new and not desk.password_file:
            asked = replace(asked, session=desk.sessions.begin())
        answer = await function(asked)
    except RefusedError as error:
        return _told(asked, error.status)
    except SourceError as error:
        return _told(asked, HTTPStatus.SERVICE_UNAVAILABLE, error.problems)
    _keep_cookie(answer, asked)
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


def _keep_cookie(answer: Response, asked: Asked) -> None:
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
    from markupsafe import escape

    lines = "".join(f"<p>{escape(str(problem))}</p>" for problem in dict.fromkeys(problems))
    html = f'<!doctype html><html lang="en"><title>Handouts</title><h1>Nothing can be printed now</h1><p>Tell the person who looks after these handouts:</p>{lines}'
    return HTMLResponse(html, status, PAGE_HEADERS)


@answered()
async def answer_languages(asked: Asked) -> Response:
    """Answer with the languages of the place."""
    return asked.screen("languages", languages=screens.languages(asked.stock), pointing=False)


@answered()
async def answer_pointing(asked: Asked) -> Response:
    """Answer with the languages alone, large, for the patient to point at."""
    return asked.screen("languages", languages=screens.languages(asked.stock), pointing=True)


@answered()
async def answer_handouts(asked: Asked) -> Response:
    """Answer with the handouts in a language."""
    tag = asked.request.path_params["tag"]
    if tag not in asked.stock.locales():
        raise RefusedError(404)
    shown = screens.shown_handouts(asked.stock, tag)
    return asked.screen("handouts", locale=asked.stock.sources.locales[tag], handouts=shown)


@answered()
async def answer_handout(asked: Asked) -> Response:
    """Answer with the pages of a handout, and all that can be done with it."""
    return await _handout(asked, Typed())


async def _handout(asked: Asked, typed: Typed, status: int = 200) -> Response:
    made = asked.rendition()
    pictures = await run_in_threadpool(asked.desk.counter.pictures, asked.stock, made)
    is_done, asked.session.is_told = asked.session.is_told, False
    return asked.screen(
        "handout",
        status,
        locale=asked.stock.sources.locales[made.locale],
        handout=screens.shown_handout(asked.stock, made),
        layouts=asked.stock.layouts(made.locale, made.handout),
        pages=len(pictures),
        typed=typed,
        limits=screens.LIMITS,
        has_mailbox=bool(asked.desk.mailbox),
        is_done=is_done,
        is_full=len(asked.session.basket) >= MOST_IN_BASKET,
    )


@answered()
async def answer_picture(asked: Asked) -> Response:
    """Answer with a page of a handout as a picture."""
    pictures = await run_in_threadpool(asked.desk.counter.pictures, asked.stock, asked.rendition())
    by_number = {str(number): picture for number, picture in enumerate(pictures, 1)}
    if asked.request.path_params["number"] not in by_number:
        raise RefusedError(404)
    return Response(by_number[asked.request.path_params["number"]], media_type="image/png", headers=HEADERS)


@answered()
async def answer_cover(asked: Asked) -> Response:
    """Answer with the first page of a handout as a small picture."""
    cover = await run_in_threadpool(asked.desk.counter.cover, asked.stock, asked.rendition())
    return Response(cover, media_type="image/png", headers=HEADERS)


@answered(form=True)
async def answer_given(asked: Asked) -> Response:
    """Answer with a handout to print or to keep, or an e-mail draft; with a patient's name on it where one was typed."""
    made, way = asked.rendition(), asked.fields.get("way", "")
    if way not in WAYS or (way == "mailbox" and not asked.desk.mailbox):
        raise RefusedError(400)
    typed = {name: asked.fields.get(name, "") for name in FIELDS}
    counter, stock = asked.desk.counter, asked.stock
    plain = await run_in_threadpool(counter.data, stock, made)
    data = plain
    if way in {"email", "mailbox"}:
        email = stock.emails[(made.locale, made.handout, made.layout)]
        data = await run_in_threadpool(counter.data, stock, email)
    elif any(text.strip() for text in typed.values()):
        personal, problems = personal_of(**typed)
        if personal is None:
            return await _handout(asked, Typed(typed, tuple(problems)), 422)
        try:
            data = await run_in_threadpool(counter.copy, stock, made, personal)
        except SourceError as error:
            if any(each.where not in FIELDS for each in error.problems):
                raise
            return await _handout(asked, Typed(typed, tuple(error.problems)), 422)
    put = partial(asked.desk.mailbox.put, data) if way == "mailbox" and asked.desk.mailbox else None
    await run_in_threadpool(_noted, asked, [given(stock.page(made), way, plain)], put)
    if put:
        asked.session.is_told = True
        return _back(asked, f"in/{made.locale}/{made.handout}/{made.layout}")
    return await _file(data, way, f"{made.locale}.{made.handout}")


async def _file(data: bytes, way: str, name: str) -> Response:
    """Return a PDF that opens to be printed, or a file to keep. Its name says nothing of a patient."""
    kind, end = ("message/rfc822", "eml") if way == "email" else ("application/pdf", "pdf")
    if way == "print":
        data = await run_in_threadpool(ready_to_print, data)
    how = "inline" if way == "print" else "attachment"
    return Response(
        data,
        media_type=kind,
        headers={**FILE_HEADERS, "Content-Disposition": f'{how}; filename="{name}.{end}"'},
    )


def _noted(asked: Asked, rows: Sequence[Given], put: Callable[[], None] | None = None) -> None:
    """Note what is given, where the clinic wants that; with a draft that is put into the mailbox: both, or neither."""
    with asked.desk.record.adding(rows) if asked.desk.record else nullcontext():
        if put:
            put()


def _back(asked: Asked, place: str) -> Response:
    """Return what sends a browser to another page of ours."""
    return RedirectResponse(f"{asked.desk.base}/{place}", HTTPStatus.SEE_OTHER, PAGE_HEADERS)


@answered()
async def answer_basket(asked: Asked) -> Response:
    """Answer with what is in the basket."""
    return asked.screen("basket")


@answered(form=True)
async def answer_put(asked: Asked) -> Response:
    """Put a handout into the basket, once."""
    made, basket = asked.rendition(), asked.session.basket
    key = f"{made.locale}/{made.handout}/{made.layout}"
    if key not in basket:
        if len(basket) >= MOST_IN_BASKET:
            raise RefusedError(409)
        basket.append(key)
    return _back(asked, "basket")


@answered(form=True)
async def answer_take_out(asked: Asked) -> Response:
    """Take a handout out of the basket."""
    if asked.fields.get("key") in asked.session.basket:
        asked.session.basket.remove(asked.fields["key"])
    return _back(asked, "basket")


@answered(form=True)
async def answer_next(asked: Asked) -> Response:
    """Empty the basket for the next patient."""
    asked.session.basket.clear()
    return _back(asked, "")


@answered(form=True)
async def answer_bundle(asked: Asked) -> Response:
    """Answer with all that is in the basket as one PDF."""
    way = asked.fields.get("way", "")
    shown = screens.shown_basket(asked.stock, asked.session.basket)
    if way not in {"print", "save"} or not shown:
        raise RefusedError(400)
    made = [asked.stock.papers[(locale.tag, each.slug, each.layout)] for _, locale, each in shown]
    counter, stock = asked.desk.counter, asked.stock
    whole = await run_in_threadpool(counter.bundle, stock, made)
    plain = [await run_in_threadpool(counter.data, stock, each) for each in made]
    pairs = zip(made, plain, strict=True)
    await run_in_threadpool(_noted, asked, [given(stock.page(each), way, data) for each, data in pairs])
    return await _file(whole, way, "handouts")


@answered(form=True)
async def answer_language(asked: Asked) -> Response:
    """Show the desk in another language from now on."""
    tag = asked.fields.get("tag", "")
    if tag not in asked.stock.sources.locales:
        raise RefusedError(400)
    asked.session.language = tag
    return _back(asked, "")


@answered(known=False)
async def answer_sign_in(asked: Asked) -> Response:
    """Answer with the form for the password."""
    is_stranger = asked.desk.password_file and not asked.session.key
    return asked.screen("sign-in", said="") if is_stranger else _back(asked, "")


@answered(form=True, known=False)
async def answer_password(asked: Asked) -> Response:
    """Look at the password that was typed, more slowly after each wrong one."""
    desk = asked.desk
    if not desk.password_file:
        raise RefusedError(404)
    if asked.session.key:
        return _back(asked, "")
    if desk.door.wait() > 0:
        answer = asked.screen("sign-in", 429, said="wait")
        answer.headers["Retry-After"] = str(int(desk.door.wait()) + 1)
        return answer
    desk.door.refuse()  # until it is known to be right: those who ask at the same moment wait
    kept = await run_in_threadpool(desk.password)
    if not await run_in_threadpool(is_password, kept, asked.fields.get("password", "")):
        return asked.screen("sign-in", 403, said="password-wrong")
    desk.door.welcome()
    answer = _back(asked, "")
    _keep_cookie(answer, replace(asked, session=desk.sessions.begin(kept)))
    return answer


@answered(form=True)
async def answer_sign_out(asked: Asked) -> Response:
    """End the session."""
    asked.desk.sessions.end(asked.session.key)
    answer = _back(asked, "sign-in")
    answer.delete_cookie(COOKIE, path=asked.desk.base or "/")
    return answer


async def answer_styles(request: Request) -> Response:
    """Answer with the style sheet."""
    return await _shown(request, screens.styles, "text/css")


async def answer_script(request: Request) -> Response:
    """Answer with the script."""
    return await _shown(request, screens.script, "text/javascript")


async def _shown(request: Request, make: Callable[[Look], str], kind: str) -> Response:
    """Return what all pages of the desk share; nothing where the sources cannot be read, which the page itself says."""
    try:
        stock = await run_in_threadpool(request.app.state.desk.counter.stock)
        return Response(make(stock.look), media_type=kind, headers=HEADERS)
    except SourceError:
        return Response("", 503, media_type=kind, headers=HEADERS)


HANDOUT = "/{tag}/{slug}/{layout}"
ROUTES = (
    Route("/", answer_languages),
    Route("/point", answer_pointing),
    Route("/basket", answer_basket),
    Route("/sign-in", answer_sign_in),
    Route("/sign-in", answer_password, methods=["POST"]),
    Route("/desk.css", answer_styles),
    Route("/desk.js", answer_script),
    Route("/language", answer_language, methods=["POST"]),
    Route("/sign-out", answer_sign_out, methods=["POST"]),
    Route("/next", answer_next, methods=["POST"]),
    Route("/take-out", answer_take_out, methods=["POST"]),
    Route("/bundle", answer_bundle, methods=["POST"]),
    Route("/in/{tag}", answer_handouts),
    Route(f"/in{HANDOUT}", answer_handout),
    Route(f"/in{HANDOUT}/page-{{number}}.png", answer_picture),
    Route(f"/in{HANDOUT}/cover.png", answer_cover),
    Route(f"/in{HANDOUT}/give", answer_given, methods=["POST"]),
    Route(f"/in{HANDOUT}/put", answer_put, methods=["POST"]),
)
