"""Where a line may end, in every script."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handouts.breaks import BREAK, JOIN, is_unspaced, segments, with_breaks, without_breaks

LETTERS = st.characters(exclude_categories=("Cs", "Cc"), exclude_characters=BREAK + JOIN)


@given(st.text(LETTERS, max_size=40), st.sampled_from(["en", "ar", "th", "ko", "zh"]))
def test_marks_come_off_again(text: str, tag: str) -> None:
    """Nothing but marks is put in, and taking them out gives the text back."""
    assert without_breaks(with_breaks(text, tag)) == text


@given(st.text(LETTERS, min_size=1, max_size=40))
def test_segments_are_the_whole_text(text: str) -> None:
    """No letter is lost between two pieces, also outside of the basic plane."""
    assert "".join(segments(text, "en")) == text


def test_words_without_spaces_are_told_apart() -> None:
    """Thai has no spaces between words; ICU's dictionary knows where they end."""
    assert with_breaks("สวัสดีชาวโลก", "th") == f"สวัสดี{BREAK}ชาว{BREAK}โลก"


def test_no_line_ends_behind_a_hyphen() -> None:
    """A reader would take “well-” for a word cut in two."""
    assert with_breaks("well-being", "en") == f"well-{JOIN}being"


def test_korean_lines_end_at_spaces() -> None:
    """A word is easier to read on one line, though Unicode lets it be parted at every syllable."""
    assert with_breaks("우울증 치료", "ko") == f"우{JOIN}울{JOIN}증 치{JOIN}료"


@pytest.mark.parametrize("text", ["11,434", "odds ratio 0.65", "13 11 14", "Hello there"])
def test_a_number_and_plain_words_need_no_mark(text: str) -> None:
    """Pango does not part them by itself; with a mark inside a number it would, in Thai."""
    assert with_breaks(text, "en") == text


def test_scripts_without_spaces_are_known() -> None:
    """Thai, Khmer, Lao and Burmese; not Chinese, whose every character may end a line."""
    assert all(map(is_unspaced, "กកກက"))
    assert not any(map(is_unspaced, "a漢ہह"))
