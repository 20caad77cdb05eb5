"""How a text ends: with which mark, in every script; and whether a translation ends as its English does."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import cache

from handouts.checks.nouns import PLACEHOLDERS, Setting, warning
from handouts.model import Block
from handouts.pieces import sentences_in
from handouts.problems import Fault

# Scripts whose sentences end with a space instead of a mark.
WITHOUT_END_MARKS = frozenset({"Thai", "Laoo", "Khmr", "Mymr", "Tibt"})
QUESTIONS_WITHOUT_MARK = frozenset({"Jpan"})  # their last word asks
# What end marks are called in Unicode's names: ETHIOPIC QUESTION MARK, DEVANAGARI DANDA, IDEOGRAPHIC FULL STOP.
MARK_NAMES = {
    "QUESTION MARK": "question mark", "EXCLAMATION MARK": "exclamation mark", "FULL STOP": "full stop",
    "DANDA": "full stop", "COLON": "colon", "ELLIPSIS": "ellipsis",
}  # fmt: skip
# Those that are called otherwise: Burmese and Khmer signs, Tibetan shad, and the Armenian stop that looks like one point.
OTHER_ENDS = {**dict.fromkeys("။၊។៕།\u2024᙮᱾", "full stop"), "៖": "colon", "ঃ": "colon"}
INNER_QUESTIONS = "\u055e"  # ARMENIAN QUESTION MARK stands over the vowel that asks


def check_ending(block: Block, text: str, setting: Setting) -> Iterator[Fault]:
    """Yield a warning where a question became a statement or the other way round, and where several sentences end without a mark.

    A phrase or one sentence may have a full stop or a colon or none: languages and lists differ. Thai and its kin need
    no mark at all; Armenian and others ask with a mark within the sentence.
    """
    if not text or setting.locale.script in WITHOUT_END_MARKS:
        return
    wanted, given = ending(block.text), ending(text)
    if (wanted == "question mark") != (given == "question mark"):
        if given != "question mark" and setting.locale.script in QUESTIONS_WITHOUT_MARK:
            return
        what = f"the English ends with {_article(wanted)}, the translation with {_article(given)}."
        fix = "End it in the way of the English, with the mark of your script."
        yield warning("end-mark-changed", what, fix)
    elif wanted and not given and len(sentences_in(block.text)) > 1:
        what = f"the English ends with {_article(wanted)}, the translation with no mark."
        yield warning(
            "end-mark-changed", what, "See that its last sentence is whole, and end it with its mark."
        )


def _article(end: str) -> str:
    return "no mark" if not end else f"an {end}" if end[0] in "aeiou" else f"a {end}"


def ending(text: str) -> str:
    """Return how a text ends: with which mark, closing quotes and brackets and citations left out.

    A sentence that ends with a full stop, and holds a mark of a question, is one.
    """
    bare = PLACEHOLDERS.sub("", text) if text.endswith("]") else text
    while bare and _closes(bare[-1]):
        bare = bare[:-1]
    last = sentences_in(bare)[-1] if bare else ""
    if any(letter in INNER_QUESTIONS for letter in last):
        return "question mark"
    return "ellipsis" if bare.endswith("...") else _mark(bare[-1:])


@cache
def _closes(letter: str) -> bool:
    """Whether a character may stand behind an end mark: a space, a bracket, a mark of markup, a quotation mark of any language.

    Which of them opens and which closes differs by language: “ opens in English, and closes in German and Urdu.
    """
    is_quote = {"QUOTATION", "APOSTROPHE"} & set(unicodedata.name(letter, "").split())
    return (
        letter == "*"
        or letter.isspace()
        or bool(is_quote)
        or unicodedata.category(letter) in {"Pe", "Pf", "Pi"}
    )


@cache
def _mark(letter: str) -> str:
    """Return what an end mark of any script is, by its name in Unicode; nothing for another character."""
    if letter == ";":  # how Greek asks; it is the same character as the semicolon
        return "question mark"
    if letter in OTHER_ENDS:
        return OTHER_ENDS[letter]
    name = unicodedata.name(letter, "") if letter else ""
    return next((mark for part, mark in MARK_NAMES.items() if part in name.split(" WITH ")[0]), "")
