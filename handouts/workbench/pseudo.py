"""Pseudo-locales, made from the English on demand: layout trouble shows before anyone has translated."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from handouts import markup
from handouts.sources.catalogs import Catalog, Message
from handouts.sources.load import Sources
from handouts.sources.locales import match_locale

LONGER = 1.4  # what a translation may need of the English length
VOWELS = "aeiouyAEIOUY"
ACCENTED = str.maketrans(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
    "ÅƁÇÐÉƑĜĤÎĴĶĻṀÑÖÞQŔŠŢÛṼŴẊÝŽåƀçðéƒĝĥîĵķļɱñöþqŕšţûṽŵẋýž",
)
MIRRORED = str.maketrans("abcdefghijklmnopqrstuvwxyz,?;", "ابكدهفغحيجكلمنوبقرستوفوخيز،؟؛")


@dataclass(frozen=True)
class Pseudo:
    """How a pseudo-locale is made: its name in English, and what is done to the words of a message."""

    name: str
    change: Callable[[str], str]


def accent(words: str) -> str:
    """Return words with every letter accented, and vowels doubled until each word is 40 % longer."""
    return re.sub(r"[A-Za-z]+", lambda match: _longer(match[0]), words).translate(ACCENTED)


def _longer(word: str) -> str:
    """Return a word with as many of its vowels doubled as make it 40 % longer; the last one as often as needed."""
    lacking = round(len(word) * LONGER) - len(word)
    letters = []
    for place, letter in enumerate(word):
        vowel = letter in VOWELS
        last = vowel and not any(later in VOWELS for later in word[place + 1 :])
        more = min(lacking, lacking if last else 1) if vowel else 0
        letters.append(letter + letter.lower() * more)
        lacking -= more
    return "".join(letters)


def mirror(words: str) -> str:
    """Return words in Arabic letters of about the same sound, so that the page runs and joins as Arabic does.

    Direction controls around Latin letters, as other pseudo-locales have them, would be refused as
    what they are: a danger to numbers.
    """
    return words.lower().translate(MIRRORED)


PSEUDO = {
    "en-XA": Pseudo("Pseudo, accented and longer", accent),
    "ar-XB": Pseudo("Pseudo, right to left", mirror),
}


def with_pseudo(sources: Sources, tags: Iterable[str]) -> Sources:
    """Return the sources with the pseudo-locales among `tags`; each needs the locale it is set like."""
    locales, catalogs = dict(sources.locales), dict(sources.catalogs)
    for tag in tags:
        like = match_locale(tag.split("-")[0], sources.locales)
        if tag not in PSEUDO or like is None:
            continue
        pseudo, base = PSEUDO[tag], sources.locales[like]
        messages = {
            block.id: Message(block.id, block.text, markup.map_words(block.text, pseudo.change))
            for block in sources.blocks().values()
            if not block.optional
        }
        locales[tag] = replace(
            base, tag=tag, autonym=pseudo.change(base.english_name), english_name=pseudo.name
        )
        catalogs[tag] = Catalog(f"pseudo/{tag}", messages)
    return replace(sources, locales=locales, catalogs=catalogs)
