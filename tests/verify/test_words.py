"""Words of a page are counted as a reader meets them."""

from __future__ import annotations

from handouts.verify import words

PAGE = (
    "<html><body><div class='band'><p>draft</p></div><h1>Two words</h1><p>one<strong>two</strong> three</p>"
    "<div class='foot'>Page <span class='counter-page'></span></div></body></html>"
)


def test_blocks_are_apart_and_margins_are_told_apart() -> None:
    """A block ends a word, an inline element does not; header and footer are no part of the text."""
    root = words.parse_html(PAGE)
    assert words.words(words.body_text(root), "en") == ["Two", "words", "onetwo", "three"]
    assert words.COUNTER in words.margin_text(root)
    assert "draft" in words.margin_text(root)


def test_marks_of_direction_and_breaks_are_no_letters() -> None:
    """What only steers the order of characters is not compared; joiners are part of a word."""
    assert words.words("\u2067a\u2069 b\u200cc\u200f\u202a", "fa") == ["a", "b\u200cc"]


def test_a_word_is_found_whole_and_in_its_place_or_not_at_all() -> None:
    """Two words run together, a word in two parts, a changed letter are lost; an order is counted apart."""
    assert words.count("one two three", ["one two\nthree"], "en").lost == ()
    assert words.count("one two three", ["onetwo three"], "en").lost == ("one", "two")
    assert words.count("one two three", ["one t wo three"], "en").lost == ("two",)
    assert words.count("one two three", ["one twa three"], "en").lost == ("two",)
    swapped = words.count("one two three", ["three one two"], "en")
    assert (swapped.exact, swapped.in_order) == (3, 2)


def test_a_line_end_in_a_text_without_spaces_loses_nothing() -> None:
    """Chinese breaks anywhere, Thai between words: the line end is no fault."""
    assert words.count("人际心理治疗", ["人际心\n理治疗"], "zh-Hans").lost == ()
    assert words.count("ฉันไม่สบายใจ", ["ฉันไม่\nสบายใจ"], "th").lost == ()


def test_characters_that_no_text_holds_are_named() -> None:
    """Our marks for line ends, private and unknown characters must not come out."""
    assert words.strange(["a\u200bb", "\ufffd\ue000"]) == ["U+200B", "U+E000", "U+FFFD"]
    assert words.strange(["Chữ हिन्दी می‌شود\r\n"]) == []


def test_a_long_word_may_go_on_in_the_next_line() -> None:
    """With a hyphen or without, as pdfium tells it too; never a short word, and never a number."""
    assert words.count("Krankenkasse", ["Kranken-\nkasse"], "de").lost == ()
    assert words.count("Krankenkasse", ["Kranken\r\nkasse"], "de").lost == ()
    assert words.count("Krankenkasse", ["Kranken\ufffekasse"], "de").lost == ()
    assert words.count("Krankenkasse", ["Kranken kasse"], "de").lost == ("Krankenkasse",)
    assert words.count("Kasse", ["Kas-\nse"], "de").lost == ("Kasse",)
    assert words.count("0255500100", ["02555-\n00100"], "de").lost == ("0255500100",)
    assert words.strange(["Kranken\ufffekasse"]) == []
    assert words.strange(["Kranken \ufffe"]) == ["U+FFFE"]
