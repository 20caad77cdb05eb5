"""How hard an English text is to read: the Flesch-Kincaid grade."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

import pyphen

WORD = re.compile(r"[A-Za-z][A-Za-z'’]*|\d[\d,.%]*")
SENTENCE_END = re.compile(r'[.!?]+(?=[\s”")]|$)')
HARD, TOO_HARD = 6.0, 8.0  # grades; AMA: 6th grade; NIH: below 8th
CLIPPED = 4.0  # grade; below it sentences are so short that a text chops
VOWELS = re.compile(r"[aeiouy]+", re.IGNORECASE)


def grade(texts: Iterable[str]) -> float:
    """Return the Flesch-Kincaid grade of the texts taken together.

    Each text is at least one sentence, so that a list item without a full stop counts as one.
    Source of the formula: Kincaid et al. 1975, 0.39 words a sentence + 11.8 syllables a word - 15.59.
    """
    sentences = words = syllables = 0
    for text in texts:
        parts = [part for part in SENTENCE_END.split(text) if WORD.search(part)]
        sentences += len(parts)
        for word in WORD.findall(text):
            words += 1
            syllables += syllable_count(word)
    if not sentences or not words:
        return 0.0
    return round(0.39 * words / sentences + 11.8 * syllables / words - 15.59, 1)


@cache
def syllable_count(word: str) -> int:
    """Return the syllables of one English word; a number counts as one."""
    if word[0].isdigit():
        return 1
    # Hyphenation leaves out break points near the edges of a word, vowel groups count silent letters:
    # the larger of the two errs on the hard side for long words and the final silent e is taken off.
    by_vowels = len(VOWELS.findall(word))
    if re.search(r"[^aeiouyl]e$", word, re.IGNORECASE) and by_vowels > 1:
        by_vowels -= 1
    return max(1, by_vowels, len(_hyphenation().positions(word)) + 1)


@cache
def _hyphenation() -> pyphen.Pyphen:
    """Return the English hyphenation patterns; they come with pyphen, nothing is fetched."""
    return pyphen.Pyphen(lang="en_US")
