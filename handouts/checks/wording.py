"""Every check of one message: those of exactness, and warnings on how it is worded (length, script, marks, repeated words, terms)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache

from fontTools.unicodedata import script as script_of

from handouts import markup
from handouts.checks.endings import check_ending
from handouts.checks.exactness import EXACT, WITHOUT_UNSEEN
from handouts.checks.nouns import PLACEHOLDERS, Check, Setting, warning
from handouts.model import Block
from handouts.pieces import word_pieces, words_in
from handouts.problems import Fault
from handouts.sources.glossary import claims, missing_terms

CODE = re.compile(r"(?<!\S)(?=\S{0,200}[/_@=])\S+")
# What a locale's `script` names, as the scripts of its letters.
SCRIPTS_TOGETHER = {
    "Hans": {"Hani"}, "Hant": {"Hani"}, "Jpan": {"Hani", "Hira", "Kana"}, "Kore": {"Hang", "Hani"},
}  # fmt: skip
# Marks of the Latin script that others have their own for.
OWN_MARKS = {
    "Arab": {",": "،", ";": "؛", "?": "؟"},
    "Hans": {",": "，", ";": "；", "?": "？", "!": "！"},
    "Hant": {",": "，", ";": "；", "?": "？", "!": "！"},
    "Grek": {"?": ";"},
}
PAIRS = ("()", "[]", "（）", "「」", "«»")
OPENING, APOSTROPHES = '¿¡«»„“”"(*[‹ \u202f\u00a0', frozenset("’'‘ʼ")
OFTEN = 3
SHORT = 20  # letters of English below which lengths say nothing
MOST_REMEMBERED = 20_000  # English texts whose words are remembered
FAR = 2.6  # times the usual length, or that part of it
RUN = 4  # English words in a row that no translation holds by chance


def faults(block: Block, text: str, setting: Setting) -> Iterator[Fault]:
    """Yield everything that is wrong with a translation of a block; errors and warnings."""
    yield from own_faults(block, text, setting)
    yield from faults_among(block, text, setting)


def own_faults(block: Block, text: str, setting: Setting) -> Iterator[Fault]:
    """Yield what is wrong with a translation whatever the rest of its catalog says: of the setting, locale and terms alone decide."""
    for check in MESSAGE_CHECKS:
        yield from check(block, text, setting)


def faults_among(block: Block, text: str, setting: Setting) -> Iterator[Fault]:
    """Yield what is wrong with a translation as its catalog is written: another one may do the same and be right."""
    for check in CHECKS_AMONG:
        yield from check(block, text, setting)


def _copy(block: Block, text: str, _: Setting) -> Iterator[Fault]:
    """Yield English left as it is; what is written as a name may be, and a pattern of the reference list."""
    if block.optional:
        return
    if text == block.text:
        # Neither a.m. nor a word of code is English to be translated.
        lower = [word for word in _own_words(text) if word[0].islower() and word.isalpha() and len(word) > 1]
        if len(lower) > 1:
            yield warning(
                "untranslated", "the translation is the English.", "Translate it, or leave it empty."
            )
        return
    there = ""
    for run in _runs(block.text):
        there = there or f" {' '.join(_own_words(text))} ".casefold()
        if run in there:
            what = f"the words “{run.strip()}” are still English."
            yield warning("partly-untranslated", what, "Translate them.")
            return


@lru_cache(maxsize=MOST_REMEMBERED)
def _runs(text: str) -> tuple[str, ...]:
    """Return every four small words that stand together in an English text; each locale is held against them."""
    words = _own_words(text)
    runs = (words[at : at + RUN] for at in range(len(words) - RUN + 1))
    return tuple(f" {' '.join(run)} " for run in runs if all(word[0].islower() for word in run))


def _own_words(text: str) -> list[str]:
    """Return the words of a text without addresses and code."""
    return words_in(CODE.sub(" . ", markup.plain(text)))


def _length(block: Block, text: str, setting: Setting) -> Iterator[Fault]:
    if not setting.usual or len(block.text) < SHORT:
        return
    usual = setting.usual * len(block.text)
    # A name kept in English beside its translation makes a short text long.
    ratio = len(text) / usual
    if ratio > FAR:
        kept = sum(map(len, set(words_in(block.text)) & set(words_in(text))))
        if (len(text) - kept) / usual <= FAR:
            return
    if not 1 / FAR <= ratio <= FAR:
        word = "longer" if ratio > 1 else "shorter"
        what = f"the translation is much {word} than others of its English length."
        yield warning("unusual-length", what, "See that nothing is missing and nothing added.")


def _limit(block: Block, text: str, _: Setting) -> Iterator[Fault]:
    seen = len(text.translate(WITHOUT_UNSEEN))
    if block.limit and seen > block.limit:
        what = f"the translation has {seen} characters; there is room for {block.limit}."
        yield warning("too-long", what, "Find a shorter word.")


def _spaces(block: Block, text: str, _: Setting) -> Iterator[Fault]:
    if "  " in text and "  " not in block.text:
        yield warning("double-space", "there are two spaces in a row.", "Leave one.")
    found = re.search(r"[^\W_] +([,.])(?= |$)", text)
    if found and not re.search(r"[^\W_] +[,.](?= |$)", block.text):
        yield warning("space-before-mark", f"there is a space before “{found[1]}”.", "Remove it.")


def _script(block: Block, text: str, setting: Setting) -> Iterator[Fault]:
    own = SCRIPTS_TOGETHER.get(setting.locale.script, {setting.locale.script})
    if text.isascii() and own == {"Latn"}:
        return
    letters = [c for c in PLACEHOLDERS.sub("", text) if c.isalpha()]
    if own == {"Latn"}:
        wrong = [c for c in letters if not c.isascii() and script_of(c) not in {"Latn", "Zyyy", "Zinh"}]
    else:
        # Latin letters may stand for themselves, as in IPT or a name.
        wrong = [c for c in letters if not c.isascii() and script_of(c) not in own | {"Latn", "Zyyy", "Zinh"}]
        if letters and text != block.text and all(script_of(c) == "Latn" for c in letters):
            known = set(words_in(markup.plain(block.text).casefold()))
            lower = [w for w in words_in(markup.plain(text)) if w[0].islower() and w.casefold() not in known]
            wrong = letters if len(lower) > 1 else wrong
    if len(wrong) > 2 or (wrong and len(wrong) == len(letters)):  # noqa: PLR2004
        what = f"“{''.join(wrong[:6])}” is not in the script of {setting.locale.english_name}."
        yield warning("wrong-script", what, "Write it in the script of the locale.")
        return
    if own == {"Hani"}:
        yield from _han(text, setting.locale.script)


def _han(text: str, script: str) -> Iterator[Fault]:
    """Yield Chinese characters of the other way of writing: those that only the other's old standard has."""
    here, there = ("gb2312", "big5hkscs") if script == "Hans" else ("big5hkscs", "gb2312")
    found = "".join(dict.fromkeys(c for c in text if not c.isascii() and _only_in(c, there, here)))
    if found:
        other = "Traditional" if script == "Hans" else "Simplified"
        yield warning("other-chinese", f"“{found}” is {other} Chinese.", "Write it as the locale does.")


@cache
def _only_in(letter: str, there: str, here: str) -> bool:
    """Whether one encoding has a letter and the other has not."""

    def has(encoding: str) -> bool:
        try:
            letter.encode(encoding)
        except UnicodeEncodeError:
            return False
        return True

    return script_of(letter) == "Hani" and has(there) and not has(here)


def _own_marks(_: Block, text: str, setting: Setting) -> Iterator[Fault]:
    for mark, own in OWN_MARKS.get(setting.locale.script, {}).items():
        if mark in text:
            found = re.search(rf"[^\x00-\x7f]{re.escape(mark)}(?!\d)", text)
            if found:
                yield warning("foreign-mark", f"“{mark}” is not a mark of this script.", f"Write “{own}”.")


def _repeated(block: Block, text: str, setting: Setting) -> Iterator[Fault]:
    """Yield a word that stands twice in a row, unless it is never met alone: many languages double words on purpose."""
    found = next((word for word in _doubled(text) if word.casefold() in setting.common), "")
    if found and not _doubled(block.text):
        yield warning("repeated-word", f"“{found}” stands there twice in a row.", "Remove one.")


def _doubled(text: str) -> list[str]:
    """Return the words that stand twice in a row with a space between, written alike; the first may begin the sentence."""
    if " " not in text:
        return []
    pieces = word_pieces(text)
    return [
        after
        for at, (word, between, after) in enumerate(zip(pieces, pieces[1:], pieces[2:], strict=False))
        if between == " "
        and len(word) > 1
        and word[0].isalpha()
        and after == (word.casefold() if not at else word)
    ]


def common_words(texts: Iterable[str]) -> frozenset[str]:
    """Return the words that stand alone at least three times in all texts together."""
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(words_in(text.casefold()))
        counts.subtract(2 * [word.casefold() for word in _doubled(text)])
    return frozenset(word for word, count in counts.items() if count >= OFTEN)


def _pairs(block: Block, text: str, _: Setting) -> Iterator[Fault]:
    for pair in PAIRS:
        first, last = pair[0], pair[1]
        if text.count(first) != text.count(last) and block.text.count(first) == block.text.count(last):
            yield warning(
                "unpaired-bracket", f"“{first}” and “{last}” do not pair up.", "Close what was opened."
            )


def _capital(block: Block, text: str, setting: Setting) -> Iterator[Fault]:
    """Yield a sentence that begins small, where the English begins with a capital, in a script that has capitals in use.

    What is cut short by an apostrophe stays small, as ’s in Dutch and ’n in Afrikaans: then the next word tells.
    """
    words, own = words_in(markup.plain(block.text)), _first_word(markup.plain(text))
    if len(words) < 2 or not own or markup.plain(text).startswith("{"):  # noqa: PLR2004 - a word may be a name
        return
    if (
        block.text[-1] not in ".?!"
        or script_of(own[0]) != setting.locale.script
        or setting.locale.script == "Geor"
    ):
        return  # a list may begin small; Georgian has no capitals in use
    if words[0][0].isupper() and own[0].islower():
        fix = "Begin with a capital, as the English."
        yield warning("capital-lost", f"it begins with a small letter (“{own}”).", fix)


def _first_word(text: str) -> str:
    """Return the first word of a text that is not cut short by an apostrophe before it; nothing where a number or an address is first."""
    bare = text.lstrip(OPENING)
    pieces = word_pieces(bare)
    cut_short = bare[:1] in APOSTROPHES and pieces[1:2] and pieces[1].islower()
    start = 3 if cut_short else int(bare[:1] in APOSTROPHES)
    first = pieces[start] if len(pieces) > start else ""
    return first if first[:1].isalpha() else ""


def _terms(block: Block, text: str, setting: Setting) -> Iterator[Fault]:
    for term in missing_terms(setting.glossary, setting.locale.tag, markup.plain(block.text), text):
        what = f"the glossary's word for “{term.name}” is not there ({', '.join(term.stems[setting.locale.tag])} …)."
        yield warning(
            "glossary-term-missing",
            what,
            f"Use it, or add yours to locales/glossary.yaml. {term.note}".strip(),
        )


def _claims(block: Block, text: str, setting: Setting) -> Iterator[Fault]:
    for stem in claims(setting.glossary, setting.locale.tag, block.never, markup.plain(text)):
        what = f"“{stem}” may make a claim that the English must not make (never: {', '.join(block.never)})."
        yield warning("claim-forbidden", what, f"See that nothing of the kind is said. {block.note}".strip())


MESSAGE_CHECKS: tuple[Check, ...] = (
    *EXACT,
    _copy, _limit, _spaces, _script, check_ending, _own_marks, _pairs, _capital, _terms, _claims,
)  # fmt: skip
CHECKS_AMONG: tuple[Check, ...] = (_length, _repeated)
