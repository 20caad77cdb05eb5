"""What the desk answers a browser: pages to choose on, and PDFs and e-mail drafts that are kept nowhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from typing import cast

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from handouts.desk import screens
from handouts.desk.answering import COOKIE, PLACE, Asked, answered, back, keep_cookie
from handouts.desk.asked import RefusedError
from handouts.desk.counter import Key
from handouts.desk.password import is_password
from handouts.desk.record import Given, given
from handouts.desk.screens import Typed
from handouts.desk.sessions import MOST_IN_BASKET
from handouts.library.personal import FIELDS, personal_of
from handouts.model import Personal
from handouts.pdf.joined import ready_to_print
from handouts.problems import SourceError
from handouts.serving.assets import script, style_sheet
from handouts.serving.server import HEADERS
from handouts.sources.look import Look

FILE_HEADERS = {**HEADERS, "Content-Security-Policy": "frame-ancestors 'self'"}
MAILED = ("email", "mailbox")
WAYS = ("print", "save", *MAILED)


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
    made, way = asked.rendition(), _way(asked)
    counter, stock = asked.desk.counter, asked.stock
    plain = await run_in_threadpool(counter.data, stock, made)
    wanted = stock.emails[asked.key()] if way in MAILED else made

    def make(personal: Personal | None) -> bytes:
        return counter.copy(stock, wanted, personal) if personal else counter.data(stock, wanted)

    data, typed = await run_in_threadpool(_for_person, asked, make)
    if typed.problems:
        return await _handout(asked, typed, 422)
    rows, place = [given(stock.job(made).page, way, plain)], "/".join(("in", *asked.key()))
    return await _given(asked, way, rows, data, f"{made.locale}.{made.handout}", place)


def _for_person(asked: Asked, make: Callable[[Personal | None], bytes]) -> tuple[bytes, Typed]:
    """Return what is made for the person who was typed, or for nobody; or nothing, with what is to be corrected in that.

    Raises SourceError for what is wrong with the handouts themselves.
    """
    typed = {name: asked.fields.get(name, "") for name in FIELDS}
    if not any(text.strip() for text in typed.values()):
        return make(None), Typed()
    personal, problems = personal_of(**typed)
    if personal is None:
        return b"", Typed(typed, tuple(problems))
    try:
        return make(personal), Typed()
    except SourceError as error:
        if any(each.where not in FIELDS for each in error.problems):
            raise
        return b"", Typed(typed, error.problems)


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


@answered()
async def answer_basket(asked: Asked) -> Response:
    """Answer with what is in the basket."""
    return _basket(asked, Typed())


def _basket(asked: Asked, typed: Typed, status: int = 200) -> Response:
    is_done, asked.session.is_told = asked.session.is_told, False
    return asked.screen(
        "basket",
        status,
        typed=typed,
        limits=screens.LIMITS,
        has_mailbox=bool(asked.desk.mailbox),
        is_done=is_done,
    )


@answered(form=True)
async def answer_put(asked: Asked) -> Response:
    """Put a handout into the basket, once."""
    asked.rendition()  # there is such a handout
    key, basket = asked.key(), asked.session.basket
    if key not in basket:
        if len(basket) >= MOST_IN_BASKET:
            raise RefusedError(409)
        basket.append(key)
    return back(asked, "basket")


@answered(form=True)
async def answer_take_out(asked: Asked) -> Response:
    """Take a handout out of the basket."""
    key = cast("Key", tuple(asked.fields.get("key", "").split("/")))
    if key in asked.session.basket:
        asked.session.basket.remove(key)
    return back(asked, "basket")


@answered(form=True)
async def answer_next(asked: Asked) -> Response:
    """Empty the basket for the next patient, who is told of no draft of another."""
    asked.session.basket.clear()
    asked.session.is_told = False
    return back(asked, "")


@answered(form=True)
async def answer_bundle(asked: Asked) -> Response:
    """Answer with all that is in the basket as one PDF, or as an e-mail draft with that; each a copy for the patient whose name was typed for all."""
    way, counter, stock = _way(asked), asked.desk.counter, asked.stock
    made = [stock.papers[key] for key in asked.session.basket if key in stock.papers]
    if not made:
        raise RefusedError(400)
    make = counter.bundle_email if way in MAILED else counter.bundle
    whole, typed = await run_in_threadpool(_for_person, asked, partial(make, stock, made))
    if typed.problems:
        return _basket(asked, typed, 422)
    plain = [await run_in_threadpool(counter.data, stock, each) for each in made]
    pairs = zip(made, plain, strict=True)
    rows = [given(stock.job(each).page, way, data) for each, data in pairs]
    return await _given(asked, way, rows, whole, "handouts", "basket")


def _way(asked: Asked) -> str:
    """Return the way in which something is to be given. Raises RefusedError for one that there is not."""
    way = asked.fields.get("way", "")
    if way not in WAYS or (way == "mailbox" and not asked.desk.mailbox):
        raise RefusedError(400)
    return way


async def _given(
    asked: Asked, way: str, rows: Sequence[Given], data: bytes, name: str, place: str
) -> Response:
    """Note what is given and answer with it as a file of some name; a draft is put into the mailbox, and a page of ours says so."""
    put = partial(asked.desk.mailbox.put, data) if way == "mailbox" and asked.desk.mailbox else None
    await run_in_threadpool(_noted, asked, rows, put)
    if put:
        asked.session.is_told = True
        return back(asked, place)
    return await _file(data, way, name)


@answered(form=True)
async def answer_language(asked: Asked) -> Response:
    """Show the desk in another language from now on, and the same page of it."""
    tag, place = asked.fields.get("tag", ""), asked.fields.get("place", "")
    if tag not in asked.stock.sources.locales or not PLACE.fullmatch(place):
        raise RefusedError(400)
    asked.session.language = tag
    return back(asked, place)


@answered(known=False)
async def answer_sign_in(asked: Asked) -> Response:
    """Answer with the form for the password."""
    is_stranger = asked.desk.password_file and not asked.session.key
    return asked.screen("sign-in", said="") if is_stranger else back(asked, "")


@answered(form=True, known=False)
async def answer_password(asked: Asked) -> Response:
    """Look at the password that was typed, more slowly after each wrong one."""
    desk = asked.desk
    if not desk.password_file:
        raise RefusedError(404)
    if asked.session.key:
        return back(asked, "")
    if desk.door.wait() > 0:
        answer = asked.screen("sign-in", 429, said="wait")
        answer.headers["Retry-After"] = str(int(desk.door.wait()) + 1)
        return answer
    desk.door.refuse()  # until it is known to be right: those who ask at the same moment wait
    kept = await run_in_threadpool(desk.password)
    if not await run_in_threadpool(is_password, kept, asked.fields.get("password", "")):
        return asked.screen("sign-in", 403, said="password-wrong")
    desk.door.welcome()
    answer = back(asked, "")
    keep_cookie(answer, replace(asked, session=desk.sessions.begin(kept)))
    return answer


@answered(form=True)
async def answer_sign_out(asked: Asked) -> Response:
    """End the session."""
    asked.desk.sessions.end(asked.session.key)
    answer = back(asked, "sign-in")
    answer.delete_cookie(COOKIE, path=asked.desk.base or "/")
    return answer


async def answer_styles(request: Request) -> Response:
    """Answer with the style sheet."""
    return await _shown(request, lambda look: style_sheet(look, "gallery.css", "desk.css"), "text/css")


async def answer_script(request: Request) -> Response:
    """Answer with the script."""
    return await _shown(request, lambda look: script(look, "desk.js"), "text/javascript")


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
    Route("/basket/give", answer_bundle, methods=["POST"]),
    Route("/in/{tag}", answer_handouts),
    Route(f"/in{HANDOUT}", answer_handout),
    Route(f"/in{HANDOUT}/page-{{number}}.png", answer_picture),
    Route(f"/in{HANDOUT}/cover.png", answer_cover),
    Route(f"/in{HANDOUT}/give", answer_given, methods=["POST"]),
    Route(f"/in{HANDOUT}/put", answer_put, methods=["POST"]),
)
