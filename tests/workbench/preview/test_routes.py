"""What the preview answers a browser, and that nothing of it can be kept or carried away."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any, cast

from starlette.responses import Response, StreamingResponse

from handouts.page import colours
from handouts.problems import Problem, SourceError
from handouts.sources.load import Sources
from handouts.workbench.preview import routes
from handouts.workbench.preview.rendering import View
from tests.workbench.preview.stand_ins import PLACE, QuickRenderer, a_state, request

ASKED = "locale=es&handout=references&place=gb&layout=large-print"


def text_of(response: Response) -> str:
    """Return the body of an answer as text."""
    return bytes(response.body).decode()


def test_the_page_offers_every_locale_handout_place_and_layout(sources: Sources) -> None:
    """The one that is asked for is chosen."""
    page = text_of(asyncio.run(routes.answer_page(request(a_state(sources), ASKED))))
    for name in (*sources.locales, *sources.content.regions, *sources.content.clinics):
        assert f'<option value="{name}"' in page
    for name in (*sources.content.drafts, "standard", "large-print", "bilingual"):
        assert f">{name}</option>" in page
    for chosen in (
        '<option value="es" selected>',
        "<option selected>references",
        '<option value="gb" selected>',
        "<option selected>large-print",
    ):
        assert chosen in page


def test_what_is_asked_for_is_shown_and_what_does_not_exist_is_the_first_there_is(sources: Sources) -> None:
    """An old bookmark opens the preview all the same."""
    state = a_state(sources)
    assert isinstance(state.renderer, QuickRenderer)
    for query in (ASKED, ASKED.replace("gb", "example"), "locale=xx&place=&layout=huge"):
        asyncio.run(routes.answer_preview(request(state, query)))
    first = View("en", next(iter(sources.content.drafts)), next(iter(sources.content.regions)), "standard")
    assert state.renderer.views == [
        View("es", "references", "gb", "large-print"),
        View("es", "references", "au", "large-print", "example"),
        first,
    ]


def test_a_preview_is_json_that_names_its_files(sources: Sources) -> None:
    """Both columns with language, direction, places, and names under which their files can be fetched."""
    state = a_state(sources, [Problem("some-fault", "somewhere", "it is odd.", "Mend it.")])
    told = json.loads(text_of(asyncio.run(routes.answer_preview(request(state, "locale=ar")))))
    assert (told["own"]["locale"], told["own"]["direction"], told["own"]["language"]) == (
        "ar",
        "rtl",
        "Arabic",
    )
    assert (told["english"]["locale"], told["english"]["direction"]) == ("en", "ltr")
    assert told["own"]["places"] == [vars(PLACE)]
    assert [(p["code"], p["what"], p["fix"]) for p in told["problems"]] == [
        ("some-fault", "it is odd.", "Mend it.")
    ]
    for file, kind in ((told["own"]["pages"][0], "image/png"), (told["own"]["email"], "text/html")):
        answer = asyncio.run(routes.answer_file(request(state, name=file)))
        assert answer.media_type == kind
        assert "View(locale='ar'" in text_of(answer)


def test_english_stands_alone(sources: Sources) -> None:
    """There is nothing to put beside it."""
    told = json.loads(text_of(asyncio.run(routes.answer_preview(request(a_state(sources), "locale=en")))))
    assert told["own"]["locale"] == "en"
    assert told["english"] is None


def test_a_preview_that_cannot_be_made_is_told_by_its_problems(sources: Sources) -> None:
    """Those of the sources, then those of the attempt, each once; the page keeps what it shows."""
    known = Problem("some-fault", "somewhere", "it is odd.", "Mend it.")
    state = a_state(sources, [known])
    assert isinstance(state.renderer, QuickRenderer)
    other = Problem("other-fault", "elsewhere", "it is odd, too.", "Mend it.")
    for error, codes in (
        (SourceError([known, other]), ["some-fault", "other-fault"]),
        (ZeroDivisionError("odd"), ["some-fault", "program-fault"]),
    ):
        state.renderer.error = error
        answer = asyncio.run(routes.answer_preview(request(state, "locale=es")))
        told = json.loads(text_of(answer))
        assert answer.status_code == 200
        assert set(told) == {"version", "problems"}
        assert [problem["code"] for problem in told["problems"]] == codes


def test_where_not_even_the_page_can_be_made_its_problems_are_shown_without_it(sources: Sources) -> None:
    """No HTTP 500 and no blank page: what is wrong, escaped, and it asks again by itself."""
    state = a_state(sources, [Problem("some-fault", "<some>where", "it is odd.", "Mend it.")])
    state.look = replace(state.look, templates={})
    answer = asyncio.run(routes.answer_page(request(state)))
    assert (answer.status_code, answer.headers["Refresh"]) == (200, "2")
    assert "&lt;some&gt;where: it is odd. Mend it." in text_of(answer)
    assert "templates/preview.html: there is no “preview.html” in templates/." in text_of(answer)


def test_a_file_that_was_forgotten_is_not_found(sources: Sources) -> None:
    """And no name leads to a file of the machine."""
    for name in ("0" * 20 + ".png", "../build.py"):
        assert asyncio.run(routes.answer_file(request(a_state(sources), name=name))).status_code == 404


def test_the_styles_are_in_the_colours_of_the_handouts(sources: Sources) -> None:
    """Light and dark; the script comes as it is written."""
    state = a_state(sources)
    styles = text_of(asyncio.run(routes.answer_styles(request(state))))
    for scheme in colours.SCHEMES:
        for name, value in colours.palette(state.look.tokens, scheme).items():
            assert f"--{name}: {value};" in styles
    script = asyncio.run(routes.answer_script(request(state)))
    assert text_of(script) == (sources.root / "templates/preview.js").read_text(encoding="utf-8")
    assert script.media_type == "text/javascript"


def test_every_version_is_told_once(sources: Sources) -> None:
    """The present one at once, then each new one; an idle stream ends when the server stops."""
    state = a_state(sources)
    asked = request(state)

    async def three() -> list[str]:
        response = cast("StreamingResponse", await routes.answer_versions(asked))
        events = cast("AsyncIterator[str]", response.body_iterator)
        told = [await anext(events)]
        for _ in range(2):
            pending = asyncio.ensure_future(anext(events))
            await asyncio.sleep(0.01)
            state.version += 1
            async with state.new_version:
                state.new_version.notify_all()
            assert (await asyncio.wait_for(pending, 10)).startswith(":")
            told.append(await anext(events))
        asked.app.state.stopping = True
        pending = asyncio.ensure_future(anext(events, ""))
        await asyncio.sleep(0.01)
        async with state.new_version:
            state.new_version.notify_all()
        await pending
        told.append(await anext(events, "the end"))
        return told

    assert asyncio.run(three()) == ["data: 0\n\n", "data: 1\n\n", "data: 2\n\n", "the end"]


def test_the_oldest_event_stream_makes_room_for_one_too_many(sources: Sources) -> None:
    """Streams are counted apart from other connections: forgotten tabs do not add up."""
    asked = request(a_state(sources))

    async def one_too_many() -> str:
        streams = []
        for _ in range(routes.MOST_STREAMS + 1):
            response = cast("StreamingResponse", await routes.answer_versions(asked))
            streams.append(cast("AsyncIterator[str]", response.body_iterator))
            assert await anext(streams[-1]) == "data: 0\n\n"
        ended = [each async for each in streams[0]]
        pending = asyncio.ensure_future(anext(streams[1]))
        await asyncio.sleep(0.01)
        assert not pending.done()
        pending.cancel()
        return "".join(ended)

    assert "data" not in asyncio.run(one_too_many())


def test_nothing_is_kept_by_the_browser_or_told_to_others(sources: Sources) -> None:
    """No cache, no referrer, nothing fetched from elsewhere; an e-mail runs no script."""
    state = a_state(sources)
    told = json.loads(text_of(asyncio.run(routes.answer_preview(request(state, "locale=es")))))
    answers: list[Any] = [
        asyncio.run(answer)
        for answer in (
            routes.answer_page(request(state)),
            routes.answer_preview(request(state)),
            routes.answer_script(request(state)),
            routes.answer_styles(request(state)),
            routes.answer_versions(request(state)),
            routes.answer_file(request(state, name=told["own"]["pages"][0])),
            routes.answer_file(request(state, name=told["own"]["email"])),
        )
    ]
    for answer in answers:
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
    for answer in (answers[0], answers[-1]):
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'")
        assert "script-src 'self'" in policy or "script-src" not in policy
        assert "frame-ancestors" in policy
    assert "sandbox" in answers[-1].headers["Content-Security-Policy"]
