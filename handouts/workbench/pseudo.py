"""Pseudo-locales, made from the English on demand: they show what is wrong with a layout before anyone has translated."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from handouts import markup
from handouts.sources.catalogs import Catalog, Message
from handouts.sources.load import Sources
from handouts.sources.locales import match_locale

EXPANSION = 1.4  # how much longer than the English a translation may be
VOWEL_LETTERS = "aeiouyAEIOUY"
ACCENTED = str.maketrans(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
    "ÅƁÇÐÉƑĜĤÎĴĶĻṀÑÖÞQŔŠŢÛṼŴẊÝŽåƀçðéƒĝĥîĵķļɱñöþqŕšţûṽŵẋýž",
)
ARABIC = str.maketrans("abcdefghijklmnopqrstuvwxyz,?;", "ابكدهفغحيجكلمنوبقرستوفوخيز،؟؛")


@dataclass(frozen=True)
class PseudoLocale:
    """How a pseudo-locale is made: its name in English, and what is done to the words of every message."""

    english_name: str
    change: Callable[[str], str]


def accent(words: str) -> str:
    """Return words with an accent on every letter but q, and vowels repeated until each word is 40 % longer."""
    return re.sub(r"[A-Za-z]+", lambda match: _expanded(match[0]), words).translate(ACCENTED)


def _expanded(word: str) -> str:
    """Return a word that is 40 % longer: its vowels doubled one by one, the last one as often as needed."""
    lacking = round(len(word) * EXPANSION) - len(word)
    letters = []
    for index, letter in enumerate(word):
        is_vowel = letter in VOWEL_LETTERS
        is_last = is_vowel and not any(later in VOWEL_LETTERS for later in word[index + 1 :])
        more = min(lacking, lacking if is_last else 1) if is_vowel else 0
        letters.append(letter + letter.lower() * more)
        lacking -= more
    return "".join(letters)


def transliterate(words: str) -> str:
    """Return words in Arabic letters of about the same sound, which run from right to left and join.

    Other pseudo-locales put direction controls around Latin letters instead; our checks refuse those,
    because they can reverse the digits of a phone number.
    """
    return words.lower().translate(ARABIC)


PSEUDO_LOCALES = {
    "en-XA": PseudoLocale("Pseudo, accented and longer", accent),
    "ar-XB": PseudoLocale("Pseudo, right to left", transliterate),
}


def with_pseudo_locales(sources: Sources, tags: Iterable[str]) -> Sources:
    """Return the sources with the pseudo-locales among `tags` added.

    Each takes fonts, digits and direction from the locale of its language; without that it is left out.
    """
    locales, catalogs = dict(sources.locales), dict(sources.catalogs)
    for tag in tags:
        like = match_locale(tag.split("-")[0], sources.locales)
        if tag not in PSEUDO_LOCALES or like is None:
            continue
        pseudo, base = PSEUDO_LOCALES[tag], sources.locales[like]
        messages = {
            block.id: Message(block.id, block.text, markup.map_words(block.text, pseudo.change))
            for block in sources.blocks().values()
            if not block.optional
        }
        autonym = pseudo.change(base.english_name)
        locales[tag] = replace(base, tag=tag, autonym=autonym, english_name=pseudo.english_name)
        catalogs[tag] = Catalog(f"pseudo/{tag}", messages)
    return replace(sources, locales=locales, catalogs=catalogs)
