"""A painted outline, drawn alike by every program."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lxml import etree

from handouts.sources.drawings.definitions import Definitions
from handouts.sources.drawings.paints import GRADIENT_PREFIX, Style
from handouts.sources.drawings.read import read_drawing
from handouts.sources.drawings.refusals import Refusal
from handouts.sources.drawings.shading import painted
from handouts.sources.drawings.viewports import ViewBox
from handouts.verify.pixels import differences
from tests.sources.drawings.conftest import SourceOf
from tests.sources.drawings.drawn import draw

BOX = ViewBox(0, 0, 100, 100)
SQUARE = "M20 20L40 20L40 40L20 40Z"
GRADIENT = "<linearGradient id='g' {}><stop/><stop offset='1' stop-color='red'/></linearGradient>"


def paint(source_of: SourceOf, style: Style, gradient: str = "") -> list[str]:
    """Return the elements that paint a square."""
    source = source_of(GRADIENT.format(gradient))
    made = painted(source, SQUARE, style, BOX, Definitions(source.allowance))
    return [re.sub(r' xmlns="[^"]*"', "", etree.tostring(element).decode()) for element in made]


def test_a_plain_shape_is_one_path(source_of: SourceOf) -> None:
    """With what it is painted with, and no more."""
    assert paint(source_of, Style("#ff0000")) == [f'<path d="{SQUARE}" fill="#ff0000"/>']
    style = Style("none", "#ff0000", {"fill-opacity": "0.5"}, {"stroke-width": "2"})
    assert paint(source_of, style) == [f'<path d="{SQUARE}" fill="none" stroke="#ff0000" stroke-width="2"/>']


@pytest.mark.parametrize("style", [Style("none"), Style("none", "#ff0000", {}, {"stroke-width": "0"})])
def test_what_is_not_seen_is_not_drawn(source_of: SourceOf, style: Style) -> None:
    """Neither filled nor stroked, or by a line without width."""
    assert paint(source_of, style) == []


def test_a_gradient_lies_in_a_tile_larger_than_the_shape(source_of: SourceOf) -> None:
    """In the middle; a transform brings it back, and a line around it is drawn by itself."""
    made = paint(
        source_of, Style(f"{GRADIENT_PREFIX}g", "#00ff00"), "gradientUnits='userSpaceOnUse' x1='20' x2='40'"
    )
    assert made == [
        '<g transform="matrix(1 0 0 1 0 0)"><path d="M0 0M60 60M20 20L40 20L40 40L20 40Z" fill="url(#d1)"/></g>',
        f'<path d="{SQUARE}" fill="none" stroke="#00ff00"/>',
    ]


def test_a_gradient_of_a_shape_without_height_is_not_seen(source_of: SourceOf) -> None:
    """Its box has no inside (SVG 2, 14.2.1)."""
    source = source_of(GRADIENT.format(""))
    assert painted(source, "M0 0L9 0", Style(f"{GRADIENT_PREFIX}g"), BOX, Definitions(source.allowance)) == []


def test_a_line_with_a_gradient_is_refused(source_of: SourceOf) -> None:
    """WeasyPrint draws it a unit wide, whatever its width."""
    with pytest.raises(Refusal) as refused:
        paint(source_of, Style("none", f"{GRADIENT_PREFIX}g"))
    assert "line with a gradient" in refused.value.what


def test_poppler_and_pdfium_draw_gradients_alike(tmp_path: Path) -> None:
    """Turned, skewed, round, oval and fading ones; as the file has them, one of the two loses parts of them."""
    data = (Path(__file__).parent / "files/gradients.svg").read_bytes()
    drawing, problems = read_drawing(data, "gradients.svg")
    assert drawing, problems
    path = tmp_path / "gradients.pdf"
    path.write_bytes(draw(data)[0])
    assert differences(path), "this test guards nothing"
    path.write_bytes(draw(drawing.data)[0])
    assert differences(path) == []
