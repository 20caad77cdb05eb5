"""Names of people as other people read them: when two of them are one person, and what no name looks like."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from itertools import groupby

from fontTools.unicodedata import script, script_extension

from handouts.characters import shown
from handouts.problems import Fault

# Marks of these scripts are accents, points and vowel signs that may be left out; those of others, as the vowels of
# Hindi and Thai, make another name.
ACCENTS = frozenset({"Zinh", "Arab", "Hebr"})
# What is written in several scripts within a word (UTS 39, 5.2, “highly restrictive”).
TOGETHER: Mapping[str, frozenset[str]] = {
    "Latn": frozenset({"Hanb", "Jpan", "Kore"}),
    "Hani": frozenset({"Hanb", "Jpan", "Kore"}),
    "Hira": frozenset({"Jpan"}),
    "Kana": frozenset({"Jpan"}),
    "Hang": frozenset({"Kore"}),
    "Bopo": frozenset({"Hanb"}),
}
CASES: tuple[Callable[[str], str], ...] = (str, str.casefold, str.upper)


def is_same_person(one: str, other: str) -> bool:
    """Whether two names are one to the eye: without regard to case, spaces, marks, accents, and letters that look alike.

    Where it errs, it takes two people for one, and a third has to sign: “Zoe” and “Zoë” are one.
    """
    return any(a == b for a, b in zip(_keys(one), _keys(other), strict=True))


@cache
def _keys(name: str) -> tuple[str, ...]:
    """Return what is seen of a name, as it is written and in either case: a capital may look like another small letter."""
    letters = "".join(letter for letter in _bare(name) if unicodedata.category(letter)[0] in "LNM")
    return tuple(_bare("".join(map(_prototype, change(letters)))).casefold() for change in CASES)


def _bare(text: str) -> str:
    """Return a text without what is above and below its letters, each wide or ornamental one as a plain one."""
    return "".join(letter for letter in unicodedata.normalize("NFKD", text) if not _unseen(letter))


def _unseen(letter: str) -> bool:
    """Whether a letter or mark is an accent, or a letter that fills a place and shows nothing (Hangul fillers)."""
    is_accent = unicodedata.category(letter)[0] == "M" and script(letter) in ACCENTS
    return is_accent or "FILLER" in unicodedata.name(letter, "")


def _prototype(letter: str) -> str:
    """Return the letter that stands for all that look like this one (UTS 39, 4: the skeleton, by Unicode's confusables)."""
    from confusable_homoglyphs.confusables import confusables_data

    alike = [each["c"] for each in confusables_data.get(letter, ())]
    if len(alike) != 1:  # the data goes both ways: what several others look like stands for them
        return letter
    back = [each["c"] for each in confusables_data.get(alike[0], ())]
    return min(letter, alike[0]) if back == [letter] else str(alike[0])


def has_letter(name: str) -> bool:
    """Whether anything of a name can be read."""
    return any(letter.isalpha() for letter in _bare(name))


def name_faults(name: str) -> Iterator[Fault]:
    """Yield what keeps a name from being a person's: no letter in it, or a word of letters from several scripts."""
    if not has_letter(name):
        yield Fault(
            "invalid-name",
            f"“{shown(name)}” has no letter in it.",
            "Write the name of a person, or their handle.",
        )
    for word in _words(name):
        if not _scripts(word):
            what = f"“{shown(word)}” has letters of two scripts that look alike."
            yield Fault("mixed-scripts", what, "Type it again, on one keyboard.")
            return


def _words(name: str) -> Iterator[str]:
    """Yield the words of a name: its runs of letters and marks."""
    for is_word, run in groupby(name, key=lambda letter: unicodedata.category(letter)[0] in "LM"):
        if is_word:
            yield "".join(run)


def _scripts(word: str) -> set[str]:
    """Return the scripts, or ways to write in several, that all letters of a word belong to."""
    shared: set[str] | None = None
    for letter in word:
        own = set(script_extension(letter))
        if own & {"Zyyy", "Zinh"} or _unseen(letter):
            continue
        own |= {way for name in own for way in TOGETHER.get(name, ())}
        shared = own if shared is None else shared & own
    return {"any"} if shared is None else shared
