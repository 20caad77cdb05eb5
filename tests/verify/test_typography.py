"""Where letters stand tells line lengths, lone lines, stranded headings and turned numbers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from handouts.sources.load import Sources
from handouts.verify import typography
from handouts.verify.drawn import Glyph, glyphs
from handouts.verify.tags import NUMBERED, Outline, Tag, read_outline


def letter(page: int, line: float, left: float, mark: int = 0, character: str = "x") -> Glyph:
    """Return a letter of 12 points, 6 wide."""
    return Glyph(page, character, left, line, left + 6, line + 8, line, 12.0, mark)


def outline_of(*tags: Tag) -> Outline:
    """Return an outline with two pages of A4."""
    area = (40.0, 40.0, 550.0, 800.0)
    return Outline(
        "",
        "",
        shows_title=True,
        tags=tags,
        links=(),
        areas=(area, area),
        sheets=(area, area),
        order=(),
        painted=(),
    )


PARAGRAPH = Tag(("Document", "P"), "en", ((0, 0), (1, 0)))


HEADING = Tag(("Document", "H2"), "en", ((0, 1),))


def test_a_number_inside_another_is_not_that_number() -> None:
    """911 in a longer number is no 911, and one good drawing does not make up for a bad one."""
    assert list(typography.split_numbers({"911": 1}, ["doi:10.15091141", "call911now"])) == []
    assert list(typography.split_numbers({"911": 1}, ["doi:10.15091141", "19112"])) == ["911"]
    assert list(typography.split_numbers({"13 11 14": 2}, ["131114 000", "141113"])) == ["13 11 14"]


def test_a_line_alone_on_a_page_is_seen() -> None:
    """Three lines here and one there is a widow; two and two is not."""
    for first, second, wrong in ((3, 1, 1), (1, 3, 1), (2, 2, 0)):
        found = [letter(0, 100 - 14 * n, 50) for n in range(first)]
        found += [letter(1, 790 - 14 * n, 50) for n in range(second)]
        outline = outline_of(PARAGRAPH)
        assert len(typography.lonely_lines(typography.glyph_lines(found, outline), outline)) == wrong


def test_a_link_is_a_line_of_its_paragraph() -> None:
    """A paragraph whose last line is an address does not leave the line before it alone."""
    found = [letter(0, 100, 50), letter(0, 86, 50), letter(1, 790, 50), letter(1, 776, 50, mark=1)]
    link = Tag((*PARAGRAPH.roles, "Link"), "en", ((1, 1),))
    apart = replace(link, roles=("Document", "P", "P"))
    for last, wrong in ((link, 0), (apart, 1)):
        outline = outline_of(PARAGRAPH, last)
        assert len(typography.lonely_lines(typography.glyph_lines(found, outline), outline)) == wrong


def test_a_heading_at_the_foot_of_a_page_is_seen() -> None:
    """A heading whose text begins on the next page is stranded; one with a line below it is not."""
    outline = outline_of(HEADING, PARAGRAPH)
    stranded = [letter(0, 60, 50, mark=1), letter(1, 790, 50), letter(1, 776, 50)]
    assert typography.stranded_headings(typography.glyph_lines(stranded, outline), outline) == ["x"]
    good = [letter(0, 80, 50, mark=1), letter(0, 60, 50), letter(1, 790, 50)]
    assert typography.stranded_headings(typography.glyph_lines(good, outline), outline) == []


def test_a_page_that_ends_early_is_seen() -> None:
    """What is empty below the last line is a share of the type area; a page without a line is empty as a whole."""
    outline = outline_of(PARAGRAPH)
    (_, bottom, _, top), *_ = outline.areas
    lines = typography.glyph_lines(
        [letter(0, top - 10, 50), letter(0, bottom + (top - bottom) / 4, 50)], outline
    )
    assert typography.empty_shares(lines, outline)[0] == pytest.approx(0.25)
    assert set(typography.empty_shares([], outline)) == {1.0}


def test_a_line_is_as_long_as_its_letters_and_the_gaps_between_words() -> None:
    """Marks on letters are no letters; a list of works is not running text."""
    row = [letter(0, 100, 50 + 7 * n) for n in range(5)] + [letter(0, 100, 95 + 7 * n) for n in range(5)]
    found = [*row, letter(0, 100, 50, character="\u0301"), letter(0, 86, 50)]
    outline = outline_of(PARAGRAPH)
    (line,) = typography.full_lines(typography.glyph_lines(found, outline), outline)["Latn"]
    assert line.length == 11
    works = outline_of(replace(PARAGRAPH, roles=("Document", NUMBERED, "LI", "LBody", "P")))
    assert typography.full_lines(typography.glyph_lines(found, works), works) == {}


def test_lines_are_told_apart_by_the_script_of_most_of_their_letters() -> None:
    """Each script takes the room that it takes, on one page; a line of digits is of none."""
    wide = [replace(letter(0, 100, 50 + 12 * n, character="字"), right=50 + 12 * n + 11) for n in range(5)]
    latin = [letter(0, 86, 50 + 7 * n) for n in range(5)] + [letter(0, 86, 90, character="字")]
    digits = [letter(0, 72, 50 + 7 * n, character="7") for n in range(5)]
    outline = outline_of(PARAGRAPH)
    lines = typography.full_lines(
        typography.glyph_lines([*wide, *latin, *digits, letter(0, 58, 50)], outline), outline
    )
    assert {script: len(some) for script, some in lines.items()} == {"Hani": 1, "Latn": 1}
    assert typography.room(lines["Hani"]) > 0.9 > typography.room(lines["Latn"])


def test_a_line_is_as_long_as_its_text_is(built: Path, sources: Sources) -> None:
    """What stands between the ink of two letters is no space: the lines of a paragraph have its letters and its spaces.

    Where a line ends a space is gone.
    """
    file = built / "en" / "about-ipt.pdf"
    lines = typography.glyph_lines(glyphs(file), read_outline(file))
    texts = {block.text for block in sources.content.handout("about-ipt", "au").blocks()}
    tried = 0
    for text in (text for text in texts if len(text) > 120 and not set(text) & set("*[")):
        bare = text.replace(" ", "")
        of_tag = {tag: [line for line in lines if line.tag == tag] for tag in {line.tag for line in lines}}
        own = next((own for own in of_tag.values() if "".join(line.text for line in own) == bare), [])
        tried += bool(own)
        assert not own or sum(line.length for line in own) == len(text) - (len(own) - 1)
    assert tried > 5
