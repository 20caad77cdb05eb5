"""Drawings are filled in with colours and words, and mirrored where the text runs right to left."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from jinja2 import UndefinedError

from handouts.model import Block, Picture
from handouts.page.pictures import (
    IN_MAIL,
    TAILS,
    draw,
    drawings,
    fill,
    height_in_mail,
    shown_colours,
    size_of,
)
from handouts.sources.load import Sources
from handouts.sources.look import Look
from tests.page.conftest import Planned

DRAWING = """<svg viewBox="0 0 200 100" xmlns="http://www.w3.org/2000/svg">
<g transform="{{ mirror }}"><rect x="0" y="0" width="50" height="10" fill="{{ accent }}"/></g>
<circle cx="{{ x(30) }}" cy="20" r="5"/>{{ label("one", 30, 40) }}{{ label("two", 150, 80, "start") }}</svg>"""


def a_picture(text: str = "Uno") -> Picture:
    """Return a picture with two words."""
    labels = {"one": Block("p.one", text, lang="es"), "two": Block("p.two", "Two")}
    return Picture("p", DRAWING, Block("p.alt", "What “it” shows"), Block("p.caption", "A caption"), labels)


def test_a_drawing_says_its_size() -> None:
    """In its own units; what has no viewBox has no size."""
    assert size_of(DRAWING) == (200, 100)
    assert size_of("<svg></svg>") == (0, 0)
    assert height_in_mail(a_picture()) == IN_MAIL / 2 + TAILS
    assert height_in_mail(None) == 0


def test_a_drawing_is_mirrored_from_right_to_left_and_its_words_are_not(planned: Planned, look: Look) -> None:
    """Places change sides; a word is written as ever, and says its language where it is another."""
    spanish, arabic = planned("es"), planned("ar")
    shown = shown_colours(spanish, look)
    plain, mirrored = draw(a_picture(), spanish, shown), draw(a_picture(), arabic, shown)
    assert 'cx="30"' in plain
    assert 'cx="170' in mirrored
    assert 'transform="translate(0 0)"' in plain
    assert 'transform="translate(200 0) scale(-1 1)"' in mirrored
    assert '<span class="label"' in plain
    assert re.search(r'data-block="p\.one" lang="es">Uno<', plain)
    assert re.search(r'data-block="p\.one" lang="es" dir="ltr">Uno<', mirrored)
    assert shown["accent"] in plain


def test_a_listener_hears_one_description(planned: Planned, look: Look) -> None:
    """Not single words; and whatever the words hold is text."""
    page = planned("es")
    drawn = draw(a_picture("<b>&"), page, shown_colours(page, look))
    assert 'role="img" lang="en" aria-label="What “it” shows"' in drawn
    assert "&lt;b&gt;&amp;" in drawn


def test_a_colour_that_is_not_there_is_an_error(planned: Planned, look: Look) -> None:
    """A misspelled name would else print as black."""
    page = planned("es")
    with pytest.raises(UndefinedError, match="acent"):
        fill('<svg viewBox="0 0 1 1">{{ acent }}</svg>', page, shown_colours(page, look))


def test_backgrounds_are_known_by_the_address_the_page_gives_them(
    sources: Sources, planned: Planned, look: Look
) -> None:
    """Icons and the clinic's logo, filled in; without a clinic there is no logo."""
    page = planned("ar")
    assert {address.partition(":")[0] for address in drawings(page, look)} == {"icon"}
    clinic = replace(sources.content.clinics["example"], logo='<?xml version="1.0"?>\n<svg id="x"></svg>')
    icons = drawings(replace(page, clinic=clinic), look)
    assert icons["logo:"] == b'<svg id="x"></svg>'
    assert all(b"{{" not in svg for svg in icons.values())
    assert b"scale(-1 1)" in b"".join(icons.values())


def test_a_clinics_accent_takes_the_place_of_ours(sources: Sources, planned: Planned, look: Look) -> None:
    """On the light page; every other colour stays."""
    page, ours = planned("en"), shown_colours(planned("en"), look)
    clinic = replace(sources.content.clinics["example"], accent="#123456")
    assert shown_colours(replace(page, clinic=clinic), look) == {**ours, "accent": "#123456"}
