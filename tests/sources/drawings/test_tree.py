"""The elements of a file, one after the other."""

from __future__ import annotations

import re

import pytest
from lxml import etree

from handouts.sources.drawings.refusals import Refusal
from handouts.sources.drawings.source import Source
from handouts.sources.drawings.tree import Around, DrawingTree
from handouts.sources.drawings.viewports import ViewBox
from tests.sources.drawings.conftest import SourceOf

LINE = "<path d='M0 0H9'/>"
DRAWN = '<path d="M0 0L9 0" fill="#000000"/>'


def drawn(source: Source) -> str:
    """Return what the last element of a file draws, in short."""
    part = DrawingTree(source).element(source.root[-1], Around(ViewBox(0, 0, 40, 40)))
    return re.sub(r' xmlns="[^"]*"', "", etree.tostring(part.element).decode()) if part else ""


@pytest.mark.parametrize(
    ("content", "made"),
    [
        (LINE, DRAWN),
        (f"<g>{LINE}{LINE}</g>", f"<g>{DRAWN}{DRAWN}</g>"),
        ("<g/>", ""),
        (f"<g display='none'>{LINE}</g>", ""),
        (f"<g style='visibility:hidden'>{LINE}</g>", ""),
        (f"<g visibility='hidden'><g visibility='visible'>{LINE}</g></g>", f"<g><g>{DRAWN}</g></g>"),
        (f"<g transform='scale(0)'>{LINE}</g>", ""),
        (
            f"<g transform='scale(2)' opacity='.5'>{LINE}</g>",
            f'<g opacity="0.5" transform="matrix(2 0 0 2 0 0)">{DRAWN}</g>',
        ),
        (f"<g fill='red' color='blue'>{LINE}</g>", f"<g>{DRAWN.replace('#000000', '#ff0000')}</g>"),
        (
            "<g color='blue'><path d='M0 0H9' fill='currentColor'/></g>",
            f"<g>{DRAWN.replace('#000000', '#0000ff')}</g>",
        ),
        (f"<defs>{LINE}</defs>", ""),
        (f"<symbol>{LINE}</symbol>", ""),
        ("<x:path xmlns:x='urn:x' d='M0 0H9'/>", ""),
        ("<text> \n </text>", ""),
    ],
)
def test_elements_draw_what_is_seen_of_them(source_of: SourceOf, content: str, made: str) -> None:
    """In groups; what they are told is inherited here, so that every path has all of it."""
    source = source_of(content)
    assert drawn(source) == made
    assert not source.refusals


def test_what_is_used_is_written_out_at_its_place(source_of: SourceOf) -> None:
    """With the colours of where it is used."""
    source = source_of(
        "<defs><path id='p' d='M0 0H9'/></defs><use href='#p' x='3' y='10%' fill='red' transform='scale(2)'/>"
    )
    assert drawn(source) == f'<g transform="matrix(2 0 0 2 6 8)">{DRAWN.replace("#000000", "#ff0000")}</g>'


def test_a_symbol_fits_where_it_is_used_and_is_cut_off_there(source_of: SourceOf) -> None:
    """As is a drawing in a drawing."""
    source = source_of(
        f"<symbol id='s' viewBox='0 0 10 10'>{LINE}</symbol><use href='#s' width='20' height='20'/>"
    )
    assert (
        drawn(source)
        == f'<g><g><g clip-path="url(#d1)"><g transform="matrix(2 0 0 2 0 0)">{DRAWN}</g></g></g></g>'
    )
    source = source_of(f"<svg x='5' width='10' height='10' overflow='visible'>{LINE}</svg>")
    assert drawn(source) == f'<g transform="matrix(1 0 0 1 5 0)"><g><g>{DRAWN}</g></g></g>'


def test_a_clip_path_lies_around_what_it_cuts(source_of: SourceOf) -> None:
    """One that leaves nothing leaves nothing."""
    source = source_of(
        "<clipPath id='c'><rect width='9' height='9'/></clipPath><clipPath id='e'/>"
        + LINE.replace("<path", "<path clip-path='url(#c)'")
    )
    assert drawn(source) == f'<g clip-path="url(#d1)">{DRAWN}</g>'
    assert drawn(source_of("<clipPath id='e'/>" + LINE.replace("<path", "<path clip-path='url(#e)'"))) == ""


@pytest.mark.parametrize(
    "content",
    [
        "<text>Klinik</text>",
        "<image href='#x'/>",
        f"<a>{LINE}</a>",
        f"<switch>{LINE}</switch>",
        "<blink/>",
        LINE.replace("<path", "<path filter='url(#x)'"),
        LINE.replace("<path", "<path marker-end='url(#x)'"),
        LINE.replace("<path", "<path style='mix-blend-mode:multiply'"),
        "<use id='u' href='#u'/>",
    ],
)
def test_what_would_be_drawn_otherwise_is_told(source_of: SourceOf, content: str) -> None:
    """With its line; the rest is read on."""
    source = source_of(content)
    drawn(source)
    assert [refusal.code for refusal in source.refusals] in (
        ["drawing-not-plain"],
        ["drawing-contains-itself"],
    )
    assert source.refusals[0].line == 1


def test_what_does_nothing_is_no_effect(source_of: SourceOf) -> None:
    """Inkscape writes it everywhere."""
    source = source_of(
        LINE.replace("<path", "<path style='filter:none;marker:none;mix-blend-mode:normal;isolation:auto'")
    )
    assert drawn(source) == DRAWN
    assert not source.refusals


@pytest.mark.parametrize(
    ("content", "units"), [(LINE * 9 + f"<g>{LINE * 9}</g>", 3_000), ("<g>" * 50 + LINE + "</g>" * 50, 10**6)]
)
def test_what_is_too_much_ends_it(source_of: SourceOf, content: str, units: int) -> None:
    """Too many, or too deep."""
    with pytest.raises(Refusal):
        drawn(source_of(content, units=units))
