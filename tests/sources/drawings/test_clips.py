"""Clip paths, and masks that are no more than that, become outlines."""

from __future__ import annotations

import pytest

from handouts.sources.drawings.clips import clip, mask
from handouts.sources.drawings.refusals import Refusal
from handouts.sources.drawings.viewports import ViewBox
from tests.sources.drawings.conftest import SourceOf

BOX = ViewBox(0, 0, 100, 100)
LINE = "<path d='M0 0H1'/>"


def test_shapes_are_put_into_one_outline_where_they_are_seen(source_of: SourceOf) -> None:
    """With every transform applied, those of what is used too; what is hidden is left out."""
    source = source_of(
        f"<defs><g id='p' transform='scale(2)'/><path id='q' d='M0 0H1'/></defs>"
        f"<clipPath id='c' transform='translate(10)'>{LINE}<use href='#q' x='5' transform='scale(3)'/>"
        "<path d='M9 9H1' display='none'/><title>x</title></clipPath>"
    )
    assert clip(source, "c", BOX).outlines == ("M10 0L11 0M25 0L28 0",)


def test_a_clip_path_in_a_clip_path_is_a_second_outline(source_of: SourceOf) -> None:
    """What is drawn is seen within both."""
    source = source_of(
        f"<clipPath id='a' clip-path='url(#b)'>{LINE}</clipPath><clipPath id='b'>{LINE}</clipPath>"
    )
    assert len(clip(source, "a", BOX).outlines) == 2


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (f"<clipPath id='c' clipPathUnits='objectBoundingBox'>{LINE}</clipPath>", "drawing-not-plain"),
        ("<clipPath id='c'><text>x</text></clipPath>", "drawing-not-plain"),
        ("<clipPath id='c'><path clip-rule='evenodd' d='M0 0H9M1 1H8'/></clipPath>", "drawing-not-plain"),
        ("<clipPath id='c'><path clip-path='url(#c)' d='M0 0H9'/></clipPath>", "drawing-not-plain"),
        (f"<clipPath id='c' clip-path='url(#c)'>{LINE}</clipPath>", "drawing-contains-itself"),
        ("<clipPath id='c'><use id='u' href='#u'/></clipPath>", "drawing-contains-itself"),
        ("<clipPath id='c'><use href='#s'/></clipPath><symbol id='s'/>", "drawing-not-plain"),
        ("<g id='c'/>", "drawing-unknown-reference"),
        ("", "drawing-unknown-reference"),
    ],
)
def test_what_would_be_drawn_otherwise_is_refused(source_of: SourceOf, content: str, code: str) -> None:
    """WeasyPrint knows less of clip paths than drawing programs."""
    with pytest.raises(Refusal) as refused:
        clip(source_of(content), "c", BOX)
    assert refused.value.code == code


def test_a_mask_of_white_shapes_is_a_clip_path(source_of: SourceOf) -> None:
    """As Figma writes them: with the region that it lies in."""
    source = source_of(
        "<mask id='m' maskUnits='userSpaceOnUse' x='1' y='2' width='3' height='4' style='mask-type:luminance'>"
        "<g fill='white'><path d='M0 0H1'/></g></mask>"
    )
    assert mask(source, "m", BOX).outlines == ("M0 0L1 0", "M1 2L4 2L4 6L1 6Z")


@pytest.mark.parametrize(
    "shape",
    [
        "<path d='M0 0H1'/>",
        "<path fill='#eee' d='M0 0H1'/>",
        "<path fill='white' opacity='.5' d='M0 0H1'/>",
        "<path fill='white' stroke='white' d='M0 0H1'/>",
        "<path fill='url(#g)' d='M0 0H1'/>",
    ],
)
def test_a_mask_of_anything_else_is_refused(source_of: SourceOf, shape: str) -> None:
    """What shines through in part is no clip path."""
    with pytest.raises(Refusal):
        mask(source_of(f"<mask id='m'>{shape}</mask>"), "m", BOX)
