"""Words and sentences, in any script."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handouts.pieces import sentences_in, word_pieces, words_in


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_the_pieces_are_the_whole_text(text: str) -> None:
    """No letter is lost between two, also outside of the basic plane."""
    assert "".join(word_pieces(text)) == "".join(sentences_in(text)) == text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Does IPT help? Don’t wait, O'Neill.", ["Does", "IPT", "help", "Don’t", "wait", "O'Neill"]),
        ("هل يساعد؟ 11,434", ["هل", "يساعد"]),
        ("'quoted' – 90", ["quoted"]),
        ("हम हमेशा लड़ते हैं।", ["हम", "हमेशा", "लड़ते", "हैं"]),
        ("ฉันไม่สบายใจ", ["ฉัน", "ไม่", "สบายใจ"]),
    ],
)
def test_words_have_their_vowel_signs_and_apostrophes(text: str, words: list[str]) -> None:
    """Digits and marks are none; an apostrophe belongs to a word only between letters; a dictionary tells Thai ones apart."""
    assert words_in(text) == words


def test_a_sentence_ends_with_its_mark() -> None:
    """In every script, with the space behind it; a decimal point is no end."""
    assert sentences_in("It is 3.5. Is it?") == ("It is 3.5. ", "Is it?")
    assert sentences_in("यह ठीक है। अब?") == ("यह ठीक है। ", "अब?")
