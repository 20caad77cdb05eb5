"""The characters that a text may hold: what is spelling may, what cannot be seen may not."""

from __future__ import annotations

import sys
import unicodedata

import pytest
from fontTools.unicodedata import script
from hypothesis import given
from hypothesis import strategies as st

from handouts.characters import (
    LONGEST_WORD,
    composed,
    forbidden,
    has_words,
    is_joined,
    longest_word,
    named,
    shown,
    text_fault,
)
from handouts.sources.load import Sources

# The first two planes, the tags and variation selectors, and the ends of every plane.
PLACES = (
    range(0x20000),
    range(0xE0000, 0xE0200),
    *(range(p - 4, p) for p in range(0x30000, 0x120000, 0x10000)),
)
EVERY = [chr(code) for codes in PLACES for code in codes if code <= sys.maxunicode]
SPELT = "\u200b\u200c\u200d"
# Default_Ignorable_Code_Point beside the format characters (Unicode, DerivedCoreProperties.txt), and blank symbols.
NOTHING_TO_SEE = "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u3164\uffa0\ufe00\ufe0f\U000e0100\U000e01ef\u2800\ufffc"


def test_no_control_no_format_and_nothing_unassigned_may_stand_alone() -> None:
    """A hundred thousand characters are asked: what is no letter, mark, number, punctuation, symbol or space is forbidden."""
    kept = {unicodedata.category(c)[0] for c in EVERY if not forbidden(c)}
    assert kept == set("LMNPSZ")
    hidden = [c for c in EVERY if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}]
    assert len(hidden) > 30_000
    assert all(forbidden(c) == c for c in hidden)


@pytest.mark.parametrize(
    "letter", [*NOTHING_TO_SEE, "\ufffd", "\r", "\t", "\n", "\x85", "\u2028", "\U000e0041", chr(0xD800)]
)
@pytest.mark.parametrize("around", ["13 {}11 14", "{}", "a{}", "ខ្មែរ{}", "می{}خواهم", "ᠠ{}"])
def test_what_cannot_be_seen_is_found_wherever_it_stands(letter: str, around: str) -> None:
    """One that turns the order of what follows would turn a phone number round."""
    assert forbidden(around.format(letter)) == letter


@pytest.mark.parametrize(
    "text",
    [
        "می\u200cخواهم",
        "क्\u200dष",
        "ශ්\u200dරී",
        "ه\u200d",
        "PDF\u200cها",
        "12\u200cساله",
        "13 11 14",
        "",
        "1\u202f000\u00a0€",
        "全角\u3000",
    ],
)
def test_joiners_and_spaces_are_spelling(text: str) -> None:
    """Persian, Hindi and Sinhala are written with joiners; a number may be parted by a narrow space."""
    assert forbidden(text) == ""


@pytest.mark.parametrize(
    "text", ["ខ្មែរ\u200bភាសា", "ชา\u200bไทย", "ລາວ\u200bລາວ", "မြန်\u200bမာ", "ខ្មែរ\u200bIPT", "IPT\u200bខ្មែរ"]
)
def test_the_zero_width_space_parts_words_where_no_space_does(text: str) -> None:
    """Khmer keyboards type it with the space bar."""
    assert forbidden(text) == ""


@pytest.mark.parametrize(
    "text", ["En re\u200dsumen", "En re\u200bsumen", "a\u200c", "한\u200d국", "13\u200b11", "漢\u200b字"]
)
def test_in_other_scripts_the_three_are_hidden_characters(text: str) -> None:
    """A word with one in it is not found by a search, and looks the same."""
    assert forbidden(text) in set(SPELT)


@given(st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), max_size=40))
def test_what_is_forbidden_in_a_text_is_in_it(text: str) -> None:
    """And its name says which character it is."""
    found = forbidden(text)
    assert found in text
    assert not found or f"U+{ord(found):04X}" in named(found)


def test_scripts_that_join_or_stack_their_letters_are_known_by_property() -> None:
    """Not by a list of languages."""
    assert all(is_joined(script(letter)) for letter in "بܒᠠߊकகකខမ")
    assert not any(is_joined(script(letter)) for letter in "aяα한漢あא")


@pytest.mark.parametrize(
    ("text", "there"),
    [("a", True), ("٣", True), ("中", True), ("…", False), ("\u3164", False), ("⚠ — !", False), ("", False)],
)
def test_a_text_says_something_by_letters_and_digits(text: str, *, there: bool) -> None:
    """Marks, symbols and what cannot be seen say nothing."""
    assert has_words(text) is there


@given(st.text(max_size=30))
def test_composing_is_canonical_and_done_once(text: str) -> None:
    """The same text for Unicode, never longer; what is composed stays as it is."""
    after = composed(text)
    assert unicodedata.normalize("NFD", after) == unicodedata.normalize("NFD", text)
    assert len(after) <= len(text)
    assert composed(after) == after


@pytest.mark.parametrize("text", ["Tiếng Việt", "한국어", "ガイド", "Ελληνικά", "català"])
def test_what_was_typed_apart_is_joined(text: str) -> None:
    """As a Mac writes file names, and some keyboards texts."""
    apart = unicodedata.normalize("NFD", text)
    assert composed(apart) == text
    fault = text_fault(apart)
    assert fault
    assert fault.code == "decomposed-text"
    assert text_fault(text) is None


@pytest.mark.parametrize("text", ["ਸ਼", "क़", "য়", "شدّة", "שָׁלוֹם"])
def test_what_unicode_itself_takes_apart_or_puts_in_another_order_stays(text: str) -> None:
    """Letters with a nukta are typed as one; vowel marks in the order of the keyboard."""
    assert composed(text) == text
    assert text_fault(text) is None


def test_what_a_sentence_repeats_can_be_seen() -> None:
    """And does not fill the terminal."""
    assert shown("a\x1b[2J\u202eb") == "a<U+001B>[2J<U+202E>b"
    assert len(shown("x" * 10_000)) < 400


@pytest.mark.parametrize("part", ["a", "a-", ".", "ب", "क", "가", "a\u00a0", "\u202f9", "é", "/x"])
def test_a_word_that_no_language_has_is_a_fault(part: str) -> None:
    """Whatever it is made of; a space that holds words together ends none. One as long as is allowed is none."""
    count = LONGEST_WORD // len(part)
    assert text_fault(f"See {part * count} here.") is None
    fault = text_fault(f"See {part * count}{part} here.")
    assert fault is not None
    assert (fault.code, longest_word(part * 20_000)) == ("word-too-long", len(part) * 20_000)


@pytest.mark.parametrize("part", ["字", "かな。", "ก", "ខ", "word ", "字A", "မ", "a\u200b", "ab\u3000"])
def test_a_text_whose_lines_may_end_has_no_long_word(part: str) -> None:
    """At spaces, or at any letter where a script has none."""
    assert longest_word(part * 20_000) == 0
    assert longest_word("") == 0


def test_no_text_of_ours_has_a_long_word(sources: Sources) -> None:
    """By far: the longest in eighteen languages has 32 characters, with the citation behind it."""
    texts = [block.text for block in sources.blocks().values()]
    texts += [m.text for catalog in sources.catalogs.values() for m in catalog.messages.values()]
    assert len(texts) > 1000
    assert not any(map(longest_word, texts))
