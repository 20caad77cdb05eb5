"""What must stand in a translation exactly as in the English: marks, numbers, addresses, and sound letters. Errors, most of them."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import groupby

from babel.dates import get_day_names, get_month_names
from fontTools.unicodedata import script as script_of

from handouts import markup
from handouts.characters import JOINERS, ZERO_WIDTH_SPACE, has_words, text_fault
from handouts.checks.nouns import PLACEHOLDERS, Check, Setting
from handouts.model import SOURCE_LANGUAGE, Block
from handouts.pieces import words_in
from handouts.problems import Fault

HTML = re.compile(r"<[/!a-zA-Z]|&(?:#\d+|#x[0-9a-fA-F]+|[a-zA-Z]+);")
# Between the digits of one number: before the last three, or two and three as in India; an apostrophe in Switzerland.
THOUSANDS = re.compile(r"(?<=\d)[.,'’\u00a0\u202f\u066c ](?=(?:\d{2}[,\u066c])*\d{3}(?!\d))")
PRINTED_NUMBER = re.compile(r"\d+(?:[.,\u066b]\d+)?")
PHONE_LIKE = re.compile(r"(?<![\d.,])\+?\d(?:[\d ]{5,}\d)(?![\d.,]*\d)")
ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>\"'()\[\]]*[\w/]|[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)
MOJIBAKE = re.compile("\ufffd|[ÃÂ][\u0080-\u00bf]|â€|Ð[\u0080-\u00bf]Ñ")
DIGIT = re.compile("[0-9]")
PLACEHOLDER = re.compile(r"\{[a-z_]+\}")
WITHOUT_UNSEEN = dict.fromkeys(map(ord, ZERO_WIDTH_SPACE + JOINERS))
OWN_DIGIT = re.compile(r"(?![0-9])\d")
# What an English word may be as a number; a week begins on another day elsewhere.
NUMBER_WORDS = (
    "zero none", "one first once single", "two second twice both double", "three third", "four fourth", "five fifth",
    "six sixth", "seven seventh", "eight eighth", "nine ninth", "ten tenth", "eleven eleventh", "twelve twelfth noon",
)  # fmt: skip
ENGLISH_NUMBERS: Mapping[str, tuple[str, ...]] = {
    **{word: (str(n),) for n, words in enumerate(NUMBER_WORDS) for word in words.split()},
    **{
        name.casefold(): (str(n),)
        for width in ("wide", "abbreviated")
        for n, name in get_month_names(width, "format", SOURCE_LANGUAGE).items()
    },
    "sept": ("9",),
    **{
        name.casefold(): tuple({str(n + 1), str(n + 2)})
        for width in ("wide", "abbreviated")
        for n, name in get_day_names(width, "format", SOURCE_LANGUAGE).items()
    },
    "midnight": ("0", "24", "12"),
}
NO_NAMES = frozenset({"may", "march", "sat", "sun"})  # small, these are other words
# Letters that look alike in these three, and are not the same to a search or a screen reader.
ALIKE = frozenset({"Latn", "Cyrl", "Grek"})


def _same(kind: markup.NodeKind, noun: str, shape: str) -> Check:
    """Return a check that a translation has the same marks of one kind as the English."""

    def check(block: Block, text: str, _: Setting) -> Iterator[Fault]:
        if "[" not in text and "{" not in text and "[" not in block.text and "{" not in block.text:
            return
        wanted, given = Counter(markup.found(block.text, kind)), Counter(markup.found(text, kind))
        for value in (wanted - given).elements():
            mark = shape.format(value)
            what = f"the {noun} “{mark}” is missing from the translation."
            yield Fault(f"{noun}-missing", what, f"Add {mark} exactly as written.")
        for value in (given - wanted).elements():
            mark = shape.format(value)
            what = f"the {noun} “{mark}” is not in the English."
            yield Fault(f"{noun}-added", what, f"Remove {mark}, or write it as the English does.")

    return check


def _html(_: Block, text: str, __: Setting) -> Iterator[Fault]:
    if HTML.search(text):
        fix = "Write plain words; use **strong** as the English does."
        yield Fault("html-in-text", "the translation holds HTML.", fix)


def _marks(block: Block, text: str, _: Setting) -> Iterator[Fault]:
    for mark in dict.fromkeys(markup.leftovers(text)):
        fix = "Close it, or copy the marks of the English."
        yield Fault("mark-not-closed", f"the mark “{mark}” stands alone.", fix)
    for kind, name, shape in (("strong", "bold", "**…**"), ("emphasis", "emphasised", "*…*")):
        wanted, given = (len(markup.found(t, kind)) for t in (block.text, text))
        if wanted != given:
            what = f"the English has {wanted} {name} parts, the translation {given}."
            yield Fault("emphasis-changed", what, f"Mark the same words with {shape}.")


def _edges(_: Block, text: str, __: Setting) -> Iterator[Fault]:
    if text != text.strip() or "\n" in text:
        what = "the translation has a line end, or white space at its edge."
        yield Fault("text-untrimmed", what, "Write it as one line.")


def _characters(block: Block, text: str, _: Setting) -> Iterator[Fault]:
    """Yield a character that may not stand in a text, and a text of none that says anything."""
    fault = text_fault(text.replace("\n", " "))
    if fault and fault.code == "decomposed-text":
        yield Fault(fault.code, fault.what, "Join them: python3 build.py locale update.")
    elif fault:
        yield fault
    if block.optional or not has_words(markup.plain(block.text)):
        return
    words = PLACEHOLDER.sub("" if block.safety else "0", markup.plain(text))  # what fills it is a word
    if not has_words(words):
        what, fix = "there is no letter and no digit in the translation.", "Write it in words."
        yield Fault("no-words", what, fix, "error" if block.safety else "warning")


def _spoilt(_: Block, text: str, __: Setting) -> Iterator[Fault]:
    if text.isascii():
        return
    found = MOJIBAKE.search(text)
    if found:
        what = f"the letters “{found[0]}” come from a wrong conversion of the file."
        yield Fault("mojibake", what, "Save the file as UTF-8 and type the word anew.")


def _addresses(block: Block, text: str, _: Setting) -> Iterator[Fault]:
    if "@" not in text and "://" not in text and "www." not in text and "@" not in block.text:
        return
    wanted, given = (Counter(ADDRESS.findall(PLACEHOLDERS.sub(" ", t))) for t in (block.text, text))
    for address in (given - wanted) + (wanted - given):
        what = f"the address “{address}” is not the same in the English and the translation."
        yield Fault("address-changed", what, "Copy it from the English, letter for letter.")


def _mixed(block: Block, text: str, __: Setting) -> Iterator[Fault]:
    """Yield a word of letters that look alike and are not; an ending on a word of the English is none (URLдың)."""
    if text.isascii():
        return
    for word in words_in(text):
        if word.isascii():
            continue
        parts = ["".join(part) for _, part in groupby(word, key=script_of)]
        scripts = [script_of(part[0]) for part in parts if script_of(part[0]) in ALIKE]
        ended = len(parts) == 2 and len(parts[0]) > 1 and parts[0] in words_in(block.text)  # noqa: PLR2004 - word, ending
        if len(set(scripts)) > 1 and not ended:
            what = f"the word “{word}” mixes letters of two scripts that look alike."
            yield Fault("mixed-scripts", what, "Type the whole word anew with one keyboard.")


def _phone(block: Block, text: str, _: Setting) -> Iterator[Fault]:
    found = PHONE_LIKE.search(_western(text))
    if found and not PHONE_LIKE.search(block.text):
        what = f"a phone number is typed into the translation ({found[0]})."
        yield Fault("phone-number-typed", what, "Remove it; the page prints the numbers of the region.")


def _numbers(block: Block, text: str, _: Setting) -> Iterator[Fault]:
    wanted, given = numbers_in(block.text), numbers_in(text)
    # In a safety block a number must stay a number, and not become a word.
    in_words = Counter[str]() if block.safety else said_in_words(block.text)
    if given - wanted - in_words or wanted - given:
        what = f"the numbers differ: {_listed(wanted)} became {_listed(given)}."
        fix = "Write every number of the English, and no other."
        yield Fault("number-changed", what, fix, "error" if block.safety else "warning")


@lru_cache(maxsize=20_000)  # each locale is held against the English
def said_in_words(text: str) -> Counter[str]:
    """Return the numbers that an English text says in words: months and days of the week count too, as many scripts write them."""
    words = (word for word in words_in(text) if word not in NO_NAMES)
    return Counter(n for word in words for n in ENGLISH_NUMBERS.get(word.casefold(), ()))


def _listed(found: Counter[str]) -> str:
    return ", ".join(found.elements()) or "none"


def _western(text: str) -> str:
    """Return a text with the digits of any script as 0 to 9, and nothing between them that cannot be seen."""
    seen = text.translate(WITHOUT_UNSEEN)
    return OWN_DIGIT.sub(lambda match: str(unicodedata.digit(match[0])), seen)


def numbers_in(text: str) -> Counter[str]:
    """Return the numbers in a text, in any digit script, thousands joined, with a point for decimals."""
    digits = _western(text)
    if not DIGIT.search(digits):
        return Counter()
    joined = THOUSANDS.sub("", PLACEHOLDERS.sub(" ", digits))
    return Counter(re.sub(r"[,\u066b]", ".", n) for n in PRINTED_NUMBER.findall(joined))


EXACT: tuple[Check, ...] = (
    _same("placeholder", "placeholder", "{{{}}}"),
    _same("citation", "citation", "[@{}]"),
    _same("link", "link", "{}"),
    _html, _marks, _edges, _characters, _spoilt, _addresses, _mixed, _phone, _numbers,
)  # fmt: skip
