"""Which characters a text may hold: one definition, for everything that a person or a file gives."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from itertools import groupby

from fontTools.unicodedata import script as script_of

from handouts.breaks import UNSPACED
from handouts.pieces import VIRAMA
from handouts.problems import Fault, readable

ZERO_WIDTH_SPACE, JOINERS = "\u200b", "\u200c\u200d"


class _Shown(dict[int, int | None]):
    """A table for `str.translate`: a character that is hidden has None, any other itself."""

    def __missing__(self, code: int) -> int | None:
        hidden = unicodedata.category(chr(code)) == "Cf" and chr(code) not in JOINERS
        self[code] = None if hidden else code
        return self[code]


WITHOUT_FORMATS = (
    _Shown()
)  # takes format characters out of a text, all but the joiners: breaks, marks of direction
# Controls, formats, surrogates, private use, unassigned and noncharacters, separators of lines and paragraphs.
NO_LETTERS = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
# Letters, marks and symbols that show nothing, or that stand for what could not be read. The first two rows are
# Other_Default_Ignorable_Code_Point and Variation_Selector of Unicode's PropList.txt, as far as they are assigned.
BLANK = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0"
    "\u180b\u180c\u180d\u180f"
    "\u2800\ufffc\ufffd\U0001d159\U00016fe4\U00013441\U00013442"
) | {chr(code) for first, last in ((0xFE00, 0xFE0F), (0xE0100, 0xE01EF)) for code in range(first, last + 1)}
# Scripts whose letters join, as ArabicShaping.txt has them: the joiners are part of their spelling. Those that stack
# letters by a virama are found by that sign.
JOINING = frozenset({
    "Adlm", "Arab", "Chrs", "Mand", "Mani", "Mong", "Nkoo", "Ougr", "Phag", "Phlp", "Rohg", "Sogd", "Syrc",
})  # fmt: skip
LETTERS = range(0x20000)  # the planes of Unicode that have letters with marks
# Characters between two places where a line may end. No language has such a word: the longest ever printed has 195 letters in
# Devanagari, 428 where it is spelled in Latin ones (Guinness World Records, “Longest word”). A page with a word of 1,000 is
# set in the usual time; from 10,000 on it takes minutes (the time grows with the square, WeasyPrint 70).
LONGEST_WORD = 500
LONG_RUN = re.compile(rf"[^ \t\n\r\u1680\u2000-\u2006\u2008-\u200b\u205f\u3000]{{{LONGEST_WORD + 1},}}")
ENDS_ANYWHERE = (
    frozenset({"Hani", "Hira", "Kana", "Bopo", "Yiii"}) | UNSPACED
)  # scripts written without spaces
LONGEST_SHOWN = 300  # characters of a text that a sentence repeats


def forbidden(text: str) -> str:
    """Return the first character that may not stand in a text, or nothing.

    May not: control characters, separators of lines, marks of direction (the page isolates directions itself),
    everything that cannot be seen, and what Unicode has not assigned. Three that cannot be seen are spelling, and may
    stand beside a letter of a script that is written with them: the two joiners where letters join or are stacked, and the
    zero-width space where no spaces stand between words.
    """
    if text.isprintable() and BLANK.isdisjoint(text):
        return ""
    return next((c for at, c in enumerate(text) if _is_hidden(c) and not _is_spelling(text, at)), "")


def _is_hidden(letter: str) -> bool:
    return letter in BLANK or unicodedata.category(letter) in NO_LETTERS


def _is_spelling(text: str, at: int) -> bool:
    """Whether the character at a place is one that cannot be seen and belongs to the spelling there."""
    beside = {script_of(letter) for letter in (text[at - 1 : at] if at else "") + text[at + 1 : at + 2]}
    if text[at] in JOINERS:
        return any(map(is_joined, beside))
    return text[at] == ZERO_WIDTH_SPACE and not UNSPACED.isdisjoint(beside)


@cache
def is_joined(script: str) -> bool:
    """Whether a script is written with the two joiners: its letters join, or are stacked."""
    return script in JOINING or script in _stacking()


@cache
def _stacking() -> frozenset[str]:
    """Return the scripts that have a virama."""
    letters = (
        chr(code)
        for start, end in ((0x900, 0x1C00), (0xA800, 0xAC00), (0x10A00, 0x12000))
        for code in range(start, end)
    )
    return frozenset(script_of(letter) for letter in letters if unicodedata.combining(letter) == VIRAMA)


def named(letter: str) -> str:
    """Return how a character is named to a person: `U+202E, right-to-left override`."""
    name = unicodedata.name(letter, "").lower()
    return f"U+{ord(letter):04X}, {name}" if name else f"U+{ord(letter):04X}"


def has_words(text: str) -> bool:
    """Whether there is a letter or a digit in a text that can be seen."""
    return any(unicodedata.category(c)[0] in "LN" and c not in BLANK for c in text)


def composed(text: str) -> str:
    """Return a text with every letter and its accents as one character, where Unicode has that one.

    That is NFC where it joins what stands apart. What it takes apart itself, such as letters with a nukta in the
    scripts of India, and marks that it puts in another order are typed so, and stay.
    """
    if unicodedata.is_normalized("NFC", text):
        return text
    parts: list[str] = [""]
    for letter in text:
        if unicodedata.is_normalized("NFC", letter):
            parts[-1] += letter
        else:
            parts += [letter, ""]
    clusters = (cluster for part in parts for cluster in _letter_with_marks().findall(part))
    return "".join(min(cluster, unicodedata.normalize("NFC", cluster), key=len) for cluster in clusters)


@cache  # few texts need it, and it takes as long as all that is read of a catalog
def _letter_with_marks() -> re.Pattern[str]:
    """Return what one letter may be joined from: it and its marks, or the three letters of a Korean syllable."""
    marks = "".join(c for c in map(chr, LETTERS) if unicodedata.category(c).startswith("M"))
    return re.compile(rf"(?s:.)[{marks}\u1160-\u11ff]*")


def longest_word(text: str) -> int:
    """Return how many characters the longest word of a text has, where it is longer than any word is; else 0.

    A word ends where a line may: at a space, but not at one that holds words together; in scripts written without spaces,
    at any letter.
    """
    found = 0
    for run in LONG_RUN.findall(text):
        for free, letters in groupby(run, key=lambda letter: script_of(letter) in ENDS_ANYWHERE):
            found = max(found, 0 if free else sum(1 for _ in letters))
    return found if found > LONGEST_WORD else 0


@lru_cache(maxsize=16384)  # the words of a library and of its catalogs, which a preview reads at each save
def text_fault(text: str) -> Fault | None:
    """Return what is wrong with the characters of a text, or None: one that cannot be seen, letters taken apart, no space."""
    hidden = forbidden(text)
    if hidden:
        what = f"the text holds an invisible character ({named(hidden)})."
        return Fault("invisible-character", what, "Remove it, or type the words anew.")
    if composed(text) != text:
        what = "letters and their accents are characters of their own, and a search will not find the words."
        return Fault("decomposed-text", what, "Save it composed (Unicode NFC), or type the words anew.")
    length = longest_word(text)
    if length:
        what = (
            f"there is a word of {length:,} characters, and no language has one of more than {LONGEST_WORD}."
        )
        return Fault("word-too-long", what, "Put spaces where words end, or shorten it.")
    return None


def shown(text: str) -> str:
    """Return a text as a sentence may repeat it: what cannot be seen is written out, and what is very long is cut."""
    return readable(text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…")
