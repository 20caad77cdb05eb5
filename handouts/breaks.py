"""Where a line may end: ICU decides, for every script, and Pango is told with characters that do not show."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from itertools import pairwise

import pyphen
from fontTools.unicodedata import script

from handouts.model import LineEnds
from handouts.pieces import cut, letters_in

BREAK = "\u200b"  # zero-width space: a line may end here
JOIN = "\u2060"  # word joiner: no line ends here
SYLLABLE = "\u00ad"  # soft hyphen: a line may end here, and a hyphen shows that the word goes on
LONGEST_SYLLABLE = 12  # characters: what is longer has no place to part it by the patterns of its language
LEAST_LEFT = 3  # characters of a word before or after its hyphen
HYPHENS = "-\u2010–"
PANGO_ENDS_AFTER = f"{HYPHENS}.,:;/)"  # a line, where ICU might not
# Where Pango would end a line and ICU would not. Within a number it would not by itself; with a joiner
# there it does, in Thai.
WITHIN_WORD = re.compile(rf"((?![.,:](?<=\d[.,:])\d)[{PANGO_ENDS_AFTER}])(?=\S)")
# Korean has spaces between words, and is easier to read where lines end at them (CSS: word-break: keep-all).
SYLLABLES = re.compile(r"(?<=[\w)])(?=[\uac00-\ud7a3])")
# Line breaking class SA of UAX 14. Pango ends a line in most of these only at a space.
UNSPACED = frozenset({"Ahom", "Khmr", "Lana", "Laoo", "Mymr", "Tale", "Talu", "Tavt", "Thai"})
# What holds in every language (The International System of Units, 9th edition, 5.4.3, 5.4.4, 5.4.7): the groups of a
# number, the number and its unit, stand together. A row of many numbers may part.
GROUPS = r"(?<!\d)(?<!\d )\d{1,3}(?: \d{3}){1,3}(?! ?\d)"
MOST_IN_A_ROW = 6  # spaces that hold words together
SIGNS = "[%‰°٪؉$€£¥₹]"
UNITS = "kg|g|mg|µg|l|L|dl|ml|mL|m|km|cm|mm|s|min|h|d"


@lru_cache(maxsize=4096)  # a handout says most things in every layout
def with_breaks(text: str, tag: str) -> str:
    """Return a text with marks where a line may end that Pango would not see, and where it may not.

    Words of unspaced scripts are told apart by ICU's dictionaries. No line ends behind a hyphen: a
    reader would take it for a word cut in two, and so do programs that take text out of a page.
    """
    text = SYLLABLES.sub(JOIN, text)
    if not any(letter in PANGO_ENDS_AFTER or is_unspaced(letter) for letter in text):
        return text
    pieces = segments(text, tag)
    return "".join(map(_marked, pieces, [*pieces[1:], " "]))


def _marked(piece: str, after: str) -> str:
    """Return a piece of text with the marks that keep it on one line, and the one that lets a line end after it."""
    whole = WITHIN_WORD.sub(r"\1" + JOIN, piece)
    if piece[-1] in HYPHENS and not after[0].isspace():
        return whole + JOIN
    return whole + (BREAK if is_unspaced(piece[-1]) and is_unspaced(after[0]) else "")


@lru_cache(maxsize=4096)
def kept_spaces(text: str, rules: LineEnds) -> frozenset[int]:
    """Return the places of the spaces in a text at which no line ends: by the rules of its language, and within numbers.

    Of a row of them that no column could hold some are let go.
    """
    if " " not in text:
        return frozenset()
    found = (match.span() for match in _kept(rules).finditer(text))
    kept = {at for start, end in found for at in range(start, end) if text[at] == " "}
    row = 0
    for space in (match.start() for match in re.finditer(" ", text) if kept):
        row = row + 1 if space in kept else 0
        if row > MOST_IN_A_ROW:
            kept.remove(space)
            row = 0
    return frozenset(kept)


@cache
def _kept(rules: LineEnds) -> re.Pattern[str]:
    """Return what finds the spaces that are kept, with what stands before or within."""
    units = _either([*UNITS.split("|"), *rules.units])
    choices = [GROUPS, rf"(?<=\d) (?={SIGNS}|{units})"]
    if rules.after:
        choices.append(rf"(?i:{_either(rules.after)}) (?=\S|$)")
    if rules.before:
        choices.append(rf" (?={_either(rules.before)})")
    if rules.counted:  # 8. kapitola: an ordinal is a number with a full stop, and a small letter follows
        choices += [r"(?<=\d) (?=[^\W\d_])", r"(?<=\d\.) (?=\d|[^\W\d_A-Z])"]
    return re.compile("|".join(choices))


def _either(words: Iterable[str]) -> str:
    """Return what matches one of some words or marks; a word is whole, and no part of one with a hyphen."""
    longest = sorted(words, key=len, reverse=True)
    return f"(?:{'|'.join(map(_whole, longest))})"


def _whole(word: str) -> str:
    before = r"(?<![\w’'-])" if word[0].isalnum() else ""
    after = r"(?![\w’'-])" if word[-1].isalnum() else ""
    return before + re.escape(word) + after


def segments(text: str, tag: str) -> list[str]:
    """Return the pieces of a text between the places where a line may end, as ICU finds them (UAX 14, tailored to the locale)."""
    from icu4py.breakers import LineBreaker

    return cut(LineBreaker(text, tag), text)


@lru_cache(maxsize=256)
def parted_word(word: str, tag: str) -> str:
    """Return a word that no line has room for, with marks where a line may end within it.

    At its syllables, by the patterns of its language where pyphen has them; else between any two letters.
    """
    language = pyphen.language_fallback(tag)
    points = _patterns(language).positions(word) if language else []
    edges = [0, *points, len(word)]
    parts = [word[start:end] for start, end in pairwise(edges)]
    return SYLLABLE.join(
        part if len(part) <= LONGEST_SYLLABLE else BREAK.join(_letters(part)) for part in parts
    )


@cache
def _patterns(language: str) -> pyphen.Pyphen:
    return pyphen.Pyphen(lang=language, left=LEAST_LEFT, right=LEAST_LEFT)


def _letters(word: str) -> Iterator[str]:
    """Yield the letters of a word, those between which a mark says that no line ends together."""
    held = ""
    for letter in letters_in(word):
        if held and JOIN not in (letter, held[-1]):
            yield held
            held = ""
        held += letter
    yield held


def without_breaks(text: str) -> str:
    """Return a text as it was before marks were put in."""
    return text.replace(BREAK, "").replace(JOIN, "").replace(SYLLABLE, "")


@cache
def is_unspaced(letter: str) -> bool:
    """Whether a letter is of a script that is written without spaces between words."""
    return script(letter) in UNSPACED
