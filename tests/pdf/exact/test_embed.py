"""A font holds what a page draws: a glyph for each cluster, of the form its language asks for."""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf
import pytest
import uharfbuzz as hb
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.ttLib import TTFont

from handouts.pdf import fonts
from handouts.verify import words
from handouts.verify.extractors import EXTRACTORS
from tests.pdf.exact.pages import page_of_lines


def outline(font: TTFont, name: str) -> list[object]:
    """Return what the pen does to draw a glyph."""
    pen = DecomposingRecordingPen(font.getGlyphSet())
    font.getGlyphSet()[name].draw(pen)
    drawn: list[object] = pen.value
    return drawn


@pytest.mark.parametrize(
    ("tag", "region"), [("zh-Hans", "SC"), ("zh-Hant", "TC"), ("ja", "JP"), ("ko", "KR")]
)
def test_han_characters_have_the_form_of_their_language(tag: str, region: str, tmp_path: Path) -> None:
    """直 and 骨 are drawn as Beijing, Taipei, Tokyo or Seoul writes them."""
    text, family = "直骨海", f"Noto Sans CJK {region}"
    file = page_of_lines([text], tag, family, tmp_path)
    source = fonts.installed()[family, 400]
    wish = hb.SubsetInput()
    wish.unicode_set.update(map(ord, text))
    wish.flags = hb.SubsetFlags.NO_HINTING | hb.SubsetFlags.DESUBROUTINIZE
    cut = hb.subset(hb.Face(hb.Blob.from_file_path(source.path), source.index), wish)
    whole = TTFont(io.BytesIO(bytes(cut.blob.data)))
    wanted = [outline(whole, whole.getBestCmap()[ord(c)]) for c in text]
    with pikepdf.open(file) as pdf:
        embedded = [
            TTFont(io.BytesIO(font.DescendantFonts[0].FontDescriptor.FontFile3.read_bytes()))
            for font in pdf.pages[0].Resources.Font.values()
            if "CJK" in str(font.BaseFont)
        ]
    drawn = [outline(font, name) for font in embedded for name in font.getGlyphOrder()]
    assert all(each in drawn for each in wanted)


def test_a_cluster_of_a_cff_font_is_one_glyph(tmp_path: Path) -> None:
    """A letter with a mark that has no glyph of its own is drawn from two, in a font with cubic outlines too."""
    line = "か\u3099x́ は\u309aか\u0301"
    file = page_of_lines([line, line], "ja", "Noto Sans CJK JP", tmp_path)
    for extract in EXTRACTORS.values():
        assert words.count(f"{line}\n{line}", extract(file), "ja").lost == ()
