"""What is drawn is read back: characters with their places, in rows from left to right."""

from __future__ import annotations

from pathlib import Path

from handouts.verify import drawn
from handouts.verify.drawn import Glyph


def glyph(character: str, left: float, line: float = 100) -> Glyph:
    """Return a character of 12 points, 6 wide."""
    return Glyph(0, character, left, line, left + 6, line + 8, line, 12.0)


def test_a_row_is_read_from_left_to_right_whatever_the_order_of_the_text() -> None:
    """The order on paper counts; a gap as wide as the type is high is a space, a smaller one is not."""
    row = [glyph("3", 62), glyph("1", 50), glyph("2", 56.5), glyph("4", 90)]
    assert drawn.drawn_lines(row) == ["123 4"]
    assert drawn.drawn_lines([*row, glyph("x", 50, line=80)]) == ["123 4", "x"]


def test_every_visible_character_of_a_pdf_is_met(built: Path) -> None:
    """Sizes and places are in points, pages from 0, and what is tagged says to which piece it belongs."""
    found = drawn.glyphs(built / "en/about-ipt.pdf")
    assert "".join(g.character for g in found if g.page == 0 and g.size > 20)[:5].isalpha()
    assert {g.size for g in found} >= {12.0}
    assert all(0 < g.left <= g.right < 596 and 0 < g.line < 842 for g in found)
    assert {g.mark < 0 for g in found} == {True, False}
    assert not any(g.character.isspace() for g in found)
