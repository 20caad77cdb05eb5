"""Drawings are filled in with colours and words, and mirrored where the text runs right to left."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from handouts.model import Block, Drawing, Layout, Picture
from handouts.page.pictures import (
    IN_MAIL,
    ROOMS,
    TAILS,
    draw,
    drawings,
    height_in_mail,
    logo_size,
    shown_colours,
)
from handouts.sources.drawings.sketches import read_sketch
from handouts.sources.load import Sources
from handouts.sources.look import Look
from tests.conftest import ROOT
from tests.page.conftest import Planned

SKETCH, _ = read_sketch(
    b"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 100">
<g transform="{{ mirror }}"><rect x="0" y="0" width="50" height="10" fill="{{ accent }}"/></g>
<circle cx="{{ x(30) }}" cy="20" r="5"/>{{ label("one", 30, 40) }}{{ label("two", x(150), 80, "start") }}</svg>""",
    (),
)


def a_picture(text: str = "Uno") -> Picture:
    """Return a picture with two words."""
    labels = {"one": Block("p.one", text, lang="es"), "two": Block("p.two", "Two")}
    return Picture("p", SKETCH, Block("p.alt", "What “it” shows"), Block("p.caption", "A caption"), labels)


def test_a_drawing_keeps_its_shape_in_an_e_mail() -> None:
    """With room below for the tails of its words."""
    assert height_in_mail(a_picture()) == IN_MAIL / 2 + TAILS
    assert height_in_mail(None) == 0


@pytest.mark.parametrize("area", ["death", "conflict", "change", "lonely"])
def test_the_drawing_of_an_area_is_the_same_by_itself_and_among_the_four(area: str) -> None:
    """One draws it for a story, the other for a box to tick: who ticks it looks for the story with that drawing."""
    alone, among = (
        (ROOT / "content/pictures" / f"{name}.svg").read_text(encoding="utf-8")
        for name in (f"area-{area}", "areas")
    )
    drawn = alone[alone.index("{{ mirror }}") :].partition(">")[2].partition("</g>")[0]
    assert "<path" in drawn
    assert drawn in among


def test_a_drawing_is_mirrored_from_right_to_left_and_its_words_are_not(planned: Planned, look: Look) -> None:
    """Places change sides; a word is written as ever, and says its language where it is another."""
    spanish, arabic = planned("es"), planned("ar")
    shown = shown_colours(spanish, look)
    plain, mirrored = draw(a_picture(), spanish, shown), draw(a_picture(), arabic, shown)
    assert 'cx="30"' in plain
    assert 'cx="170"' in mirrored
    assert "left: 105pt" in plain  # 150 of 200, at 0.7 points to a unit
    assert "right: 105pt" in mirrored
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


def test_backgrounds_are_known_by_the_address_the_page_gives_them(
    sources: Sources, planned: Planned, look: Look
) -> None:
    """Icons and the clinic's logo, filled in; without a clinic there is no logo."""
    page = planned("ar")
    assert {address.partition(":")[0] for address in drawings(page, look)} == {"icon"}
    clinic = replace(sources.content.clinics["example"], logo=Drawing(b"<svg/>", "svg", 1, 1))
    icons = drawings(replace(page, clinic=clinic), look)
    assert icons["logo:"] == b"<svg/>"
    assert all(b"{{" not in svg for svg in icons.values())
    assert b"scale(-1 1)" in b"".join(icons.values())


def test_a_clinics_accent_takes_the_place_of_ours(sources: Sources, planned: Planned, look: Look) -> None:
    """On the light page; every other colour stays."""
    page, ours = planned("en"), shown_colours(planned("en"), look)
    clinic = replace(sources.content.clinics["example"], accent="#123456")
    assert shown_colours(replace(page, clinic=clinic), look) == {**ours, "accent": "#123456"}


@pytest.mark.parametrize("layout", ROOMS)
@pytest.mark.parametrize(
    ("width", "height"), [(48, 48), (600, 160), (1200, 100), (160, 600), (20, 80), (3, 2)]
)
def test_a_logo_keeps_its_shape_and_fills_a_room_of_the_box(
    sources: Sources, planned: Planned, layout: Layout, width: int, height: int
) -> None:
    """Wide, square or tall: as large as one of the rooms lets it be, and no wider or higher."""
    clinic = replace(sources.content.clinics["example"], logo=Drawing(b"", "svg", width, height))
    page = planned("ar", layout=layout)
    size = logo_size(replace(page, clinic=clinic))
    assert size
    assert size[0] / size[1] == pytest.approx(width / height, rel=0.01)
    fitting = [(w, h) for w, h in ROOMS[layout] if size[0] <= w + 0.01 and size[1] <= h + 0.01]
    assert any(size[0] > w - 0.01 or size[1] > h - 0.01 for w, h in fitting)


def test_without_a_logo_there_is_no_size(sources: Sources, planned: Planned) -> None:
    """Nor is there without a clinic."""
    assert logo_size(planned("en")) is None
    bare = replace(sources.content.clinics["example"], logo=None)
    assert logo_size(replace(planned("en"), clinic=bare)) is None


def test_a_word_mark_is_printed_large_enough_to_be_read(sources: Sources, planned: Planned) -> None:
    """One of 600 by 160 was 2.4 mm high once."""
    clinic = replace(sources.content.clinics["example"], logo=Drawing(b"", "svg", 600, 160))
    size = logo_size(replace(planned("en"), clinic=clinic))
    assert size
    assert size[1] >= 6
