"""Glyphs that are added to a font are drawn where they should be, and those that were there are left as they are."""

from __future__ import annotations

import io
import struct
from functools import cache

import pytest
import uharfbuzz as hb
from fontTools.pens.boundsPen import ControlBoundsPen
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.ttLib import TTFont
from hypothesis import given, settings
from hypothesis import strategies as st

from handouts.pdf import fonts
from handouts.pdf.exact.truetype import Made, with_glyphs
from tests.conftest import tries

FAMILIES = ("Noto Sans", "Noto Naskh Arabic", "Noto Sans Devanagari")
GLYPHS = 7  # that a cut has at least


@cache
def cut(family: str, *, long: bool = False) -> bytes:
    """Return a font of a few letters, some of them made of others; a `long` one of all that there are."""
    source = fonts.installed()[family, 400]
    wish = hb.SubsetInput()
    wish.unicode_set.update(map(ord, "aáb .ابجदिक") if not long else range(0x20, 0x3000))
    wish.flags = hb.SubsetFlags.NO_HINTING
    return bytes(hb.subset(hb.Face(hb.Blob.from_file_path(source.path), source.index), wish).blob.data)


def opened(font: bytes) -> TTFont:
    """Return a font read by fontTools, which refuses wrong checksums."""
    return TTFont(io.BytesIO(font), checkChecksums=2)


def drawn(
    font: TTFont, glyph: int, x: int = 0, y: int = 0
) -> list[tuple[str, tuple[tuple[int, int] | None, ...]]]:
    """Return what the pen does to draw a glyph at a place."""
    pen = DecomposingRecordingPen(font.getGlyphSet())
    font.getGlyphSet()[font.getGlyphOrder()[glyph]].draw(pen)
    return [(what, tuple(p and (p[0] + x, p[1] + y) for p in points)) for what, points in pen.value]


PARTS = st.lists(
    st.tuples(st.integers(0, GLYPHS - 1), st.integers(-3000, 3000), st.integers(-3000, 3000)), max_size=5
)
MADE = st.builds(Made, st.integers(0, 6000), PARTS.map(tuple), st.just(0)) | st.builds(
    Made, st.integers(0, 900), st.just(()), st.integers(1, 9)
)


@settings(deadline=None, max_examples=tries(40))
@given(family=st.sampled_from(FAMILIES), made=st.lists(MADE, min_size=1, max_size=6))
def test_a_glyph_is_drawn_from_its_parts(family: str, made: list[Made]) -> None:
    """Each part in its place, whatever it is and however many there are; with its own advance and its own edge."""
    before, after = opened(cut(family)), opened(with_glyphs(cut(family), made))
    first = before["maxp"].numGlyphs
    assert after["maxp"].numGlyphs == first + len(made)
    for number, each in enumerate(made, start=first):
        name = after.getGlyphOrder()[number]
        wanted = [step for glyph, x, y in each.parts for step in drawn(before, glyph, x, y)]
        if each.square:
            wanted = drawn(after, number)
            pen = ControlBoundsPen(after.getGlyphSet())
            after.getGlyphSet()[name].draw(pen)
            assert pen.bounds == (0, 0, each.square, each.square)
        assert drawn(after, number) == wanted
        edge = after["glyf"][name].xMin if wanted else 0
        assert after["hmtx"][name] == (each.advance, edge)


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("long", [False, True])
def test_what_was_there_stays_as_it_was(family: str, long: bool) -> None:  # noqa: FBT001 - a case
    """Bytes, advances, the box around all of it; offsets of both kinds, and fonts that grow from one to the other."""
    font = cut(family, long=long)
    made = [Made(500, ((1, 10, 20), (2, -30, 40)))] * (1 if long else 6_000)
    before, after = opened(font), opened(with_glyphs(font, made))
    for name, now in zip(before.getGlyphOrder(), after.getGlyphOrder(), strict=False):
        assert before["hmtx"][name] == after["hmtx"][now]
    assert after.reader["glyf"].startswith(before.reader["glyf"])
    assert after["head"].indexToLocFormat == (len(after.reader["glyf"]) > 0x1FFFE)
    assert after["maxp"].maxComponentElements == max(2, before["maxp"].maxComponentElements)
    whole = io.BytesIO()
    box = [getattr(after["head"], edge) for edge in ("xMin", "yMin", "xMax", "yMax")]
    after.save(whole)  # which unpacks every glyph, and looks how large it is
    saved = opened(whole.getvalue())
    assert [getattr(saved["head"], edge) for edge in ("xMin", "yMin", "xMax", "yMax")] == box
    assert saved["maxp"].numGlyphs == after["maxp"].numGlyphs


def test_a_place_that_no_font_can_say_is_refused() -> None:
    """And not written as another one."""
    with pytest.raises(struct.error):
        with_glyphs(cut("Noto Sans"), [Made(1, ((1, 40_000, 0),))])
