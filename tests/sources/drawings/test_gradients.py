"""Gradients are read to the end of their chain."""

from __future__ import annotations

import pytest

from handouts.sources.drawings.gradients import Gradient, gradient
from handouts.sources.drawings.refusals import Refusal
from handouts.sources.drawings.viewports import ViewBox
from tests.sources.drawings.conftest import SourceOf

BOX = ViewBox(0, 0, 200, 100)
STOPS = "<stop stop-color='red'/><stop offset='50%' style='stop-color:#00ff00;stop-opacity:.5'/>"


def read(source_of: SourceOf, content: str) -> Gradient | str:
    """Return the gradient “g”."""
    return gradient(source_of(content), "g", BOX)


def test_places_colours_and_shares_are_read(source_of: SourceOf) -> None:
    """Where nothing is said, it runs across what is painted (SVG 2, 14.2)."""
    found = read(source_of, f"<linearGradient id='g'>{STOPS}</linearGradient>")
    assert isinstance(found, Gradient)
    assert found.boxed
    assert found.points == ((0, 0), (1, 0))
    assert [(s.place, s.colour, s.opacity) for s in found.stops] == [(0, "#ff0000", 1), (0.5, "#00ff00", 0.5)]


def test_a_chain_gives_what_is_not_said(source_of: SourceOf) -> None:
    """As Inkscape writes them: stops in one, places in another; the nearer word counts."""
    found = read(
        source_of,
        f"<linearGradient id='s' x1='9' x2='7' gradientTransform='scale(2)'>{STOPS}</linearGradient>"
        "<radialGradient id='g' xlink:href='#s' gradientUnits='userSpaceOnUse' cx='50%' cy='50%' r='30' fx='90'/>",
    )
    assert isinstance(found, Gradient)
    assert (found.kind, found.boxed, len(found.stops)) == ("radialGradient", False, 2)
    assert found.points == ((100, 50), (90, 50))
    assert found.matrix == (2, 0, 0, 2, 0, 0)


@pytest.mark.parametrize(
    ("content", "colour"),
    [
        ("<linearGradient id='g'/>", "none"),
        ("<linearGradient id='g'><stop stop-color='red'/></linearGradient>", "#ff0000"),
        (f"<linearGradient id='g' x2='0'>{STOPS}</linearGradient>", "#00ff00"),
        (f"<radialGradient id='g' r='0'>{STOPS}</radialGradient>", "#00ff00"),
        (f"<linearGradient id='g' gradientTransform='scale(0)'>{STOPS}</linearGradient>", "none"),
    ],
)
def test_what_is_no_change_of_colour_is_one(source_of: SourceOf, content: str, colour: str) -> None:
    """So that none is made that a reader's program cannot draw."""
    assert read(source_of, content) == colour


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("<linearGradient id='g' href='#g'/>", "drawing-contains-itself"),
        ("<linearGradient id='g' href='#x'/>", "drawing-unknown-reference"),
        ("<rect id='g'/>", "drawing-unknown-reference"),
        (f"<linearGradient id='g' spreadMethod='reflect'>{STOPS}</linearGradient>", "drawing-not-plain"),
        (f"<linearGradient id='g'>{STOPS * 51}</linearGradient>", "drawing-too-large"),
        ("<linearGradient id='g'><stop offset='x'/></linearGradient>", "drawing-invalid-value"),
    ],
)
def test_what_cannot_be_drawn_is_refused(source_of: SourceOf, content: str, code: str) -> None:
    """Loops, what is missing, and what repeats without end."""
    with pytest.raises(Refusal) as refused:
        read(source_of, content)
    assert refused.value.code == code


def test_its_element_counts_from_another_origin(source_of: SourceOf) -> None:
    """The shape it fills is moved, and it goes along."""
    found = read(
        source_of,
        f"<linearGradient id='g' gradientUnits='userSpaceOnUse' x1='5' x2='9'>{STOPS}</linearGradient>",
    )
    assert isinstance(found, Gradient)
    assert found.attributes(2, 3) == {"x1": "3", "y1": "-3", "x2": "7", "y2": "-3"}
