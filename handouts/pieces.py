"""A text in its words and sentences, as ICU finds them in every script (UAX 29, and dictionaries where no spaces stand between)."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Any

VIRAMA = (
    9  # the combining class of the sign that takes a consonant's vowel away, and stacks the next below it
)
RULES = "en"  # of sentences and words; other languages differ in colons alone


def cut(breaker: Any, text: str) -> list[str]:
    """Return the pieces of a text by one of ICU's breakers for it; together they are the text."""
    units = text.encode("utf-16-le")  # ICU counts in these
    return [units[2 * start : 2 * end].decode("utf-16-le") for start, end in breaker.segments()]


def letters_in(text: str) -> list[str]:
    """Return a text cut between its letters, each with its marks; letters that are stacked are one."""
    from icu4py.breakers import CharacterBreaker

    letters: list[str] = []
    for each in cut(CharacterBreaker(text, RULES), text):
        if letters and unicodedata.combining(letters[-1][-1]) == VIRAMA:
            letters[-1] += each
        else:
            letters.append(each)
    return letters


@lru_cache(maxsize=4096)  # several checks look at one text
def word_pieces(text: str) -> tuple[str, ...]:
    """Return a text cut at the edges of its words: words, and what is between them."""
    from icu4py.breakers import WordBreaker

    return tuple(cut(WordBreaker(text, RULES), text))


def words_in(text: str) -> list[str]:
    """Return the words of a text, each with its vowel signs and the apostrophes within it; numbers are none."""
    return [piece for piece in word_pieces(text) if piece[0].isalpha()]


@lru_cache(maxsize=4096)
def sentences_in(text: str) -> tuple[str, ...]:
    """Return the sentences of a text, each with the white space behind it."""
    from icu4py.breakers import SentenceBreaker

    return tuple(cut(SentenceBreaker(text, RULES), text))
