"""How programs that read a PDF take a character: for one that is read from the left or from the right.

None of them has the Unicode bidirectional algorithm (UAX 9); what each has instead is told in `bidi`.
"""

from __future__ import annotations

import unicodedata
from enum import Enum
from functools import cache

LRM, RLM, JOINER = "\u200e", "\u200f", "\u2060"
# Poppler takes these for numbers, at which a left-to-right section begins; MuPDF the last two for left-to-right ones.
SEPARATORS = frozenset({"CS", "ES", "ET"})
# pdfium puts another one in their place in right-to-left text: mirrored ones, and quotation marks too.
PAIRED = frozenset({"Ps", "Pe", "Pi", "Pf"})
FIRST_OF_TWO = 0x10000  # from here on pdfium sees a character as two, which are neutral


class Side(Enum):
    """How pdfium takes a character: read from the left, from the right, weakly from the left, or neutral."""

    LEFT, RIGHT, WEAK, NEUTRAL = range(4)


SIDES = {
    "L": Side.LEFT,
    "R": Side.RIGHT,
    "AL": Side.RIGHT,
    **dict.fromkeys(("AN", "EN", "NSM", "BN", *SEPARATORS), Side.WEAK),
}


@cache
def side(letter: str) -> Side:
    """Return how pdfium takes a character."""
    return SIDES.get(unicodedata.bidirectional(letter), Side.NEUTRAL)


@cache
def is_rtl(letter: str) -> bool:
    """Whether a character is a right-to-left letter."""
    return unicodedata.bidirectional(letter) in {"R", "AL"}


@cache
def is_plain_ltr(letter: str) -> bool:
    """Whether all programs take a character for a left-to-right one; MuPDF takes Arabic-Indic digits for letters."""
    return unicodedata.bidirectional(letter) in {"L", "EN"}


@cache
def is_arabic_digit(letter: str) -> bool:
    """Whether a character is a digit that MuPDF takes for a right-to-left letter (AN of UAX 9)."""
    return unicodedata.bidirectional(letter) == "AN"


@cache
def is_separator(letter: str) -> bool:
    """Whether a character stands between or beside digits, such as a full stop, a hyphen or a percent sign."""
    return unicodedata.bidirectional(letter) in SEPARATORS


@cache
def starts_ltr(letter: str) -> bool:
    """Whether poppler begins a left-to-right section at a letter or digit."""
    return unicodedata.bidirectional(letter) in {"L", "EN", "AN"}


@cache
def is_mirrored(letter: str) -> bool:
    """Whether pdfium gives another character for this one in right-to-left text, as for brackets and quotation marks."""
    return bool(unicodedata.mirrored(letter)) or unicodedata.category(letter) in PAIRED


@cache
def is_beyond(letter: str) -> bool:
    """Whether a character is above U+FFFF."""
    return ord(letter) >= FIRST_OF_TWO
