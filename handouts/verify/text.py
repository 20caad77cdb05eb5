"""What a page says: every word by every program, every number as it is drawn, header and footer."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import zip_longest

from handouts.page.references import number_references
from handouts.verify import drawn, typography, words
from handouts.verify.extractors import EXTRACTORS
from handouts.verify.tags import NUMBERED
from handouts.verify.verdict import AGAIN, Reading, Verdict

IN_ORDER = 0.97  # of the words; pdfium has an order of its own for some signs in right-to-left lines


SOURCE_ID = re.compile(r"ref-(\d+)")  # of an entry in a list of references, as the templates write it
SET_NUMBER = re.compile(r"counter-set: list-item (\d+)")  # of a step that is a list by itself
TURNED = re.compile(r"\](\d{1,3})\[")


def check_words(verdict: Verdict, reading: Reading) -> None:
    """Check that every program finds every word, and every number at its place, however few words stand elsewhere."""
    wanted = words.body_text(reading.html)
    tag = reading.page.locale.tag
    for name, extract in EXTRACTORS.items():
        found = extract(reading.path)
        count = words.count(wanted, found, tag)
        verdict.facts[name] = f"{count.exact}/{count.words}"
        fix = "Build it again, if its text has changed since. If that does not help, report this."
        verdict.wrong("number-lost", f"{name} does not find numbers", fix, _numbers(count.lost))
        verdict.wrong("words-lost", f"{name} does not find words", fix, list(count.lost))
        if name != "poppler":  # which orders a page by its look
            moved = list((Counter(_numbers(count.moved)) - Counter(count.lost)).elements())
            verdict.wrong("number-moved", f"{name} finds numbers at another place", fix, moved)
        if name != "poppler" and count.in_order < IN_ORDER * count.words:
            share = f"{count.in_order} of {count.words}"
            verdict.wrong("words-out-of-order", f"{name} finds words out of order", AGAIN, [share])
        verdict.wrong(
            "characters-stray",
            f"{name} finds characters that are not in the text",
            AGAIN,
            words.strange(found),
        )


def _numbers(some: Iterable[str]) -> list[str]:
    return [word for word in some if any(map(str.isdecimal, word))]


def check_margins(verdict: Verdict, reading: Reading) -> None:
    """Check that every page has its header and footer: the draft notice, edition, language, region."""
    # Neither a joiner nor a space has a glyph of its own to be seen among those that are drawn; a word may hold both.
    wanted = [_drawn(w) for w in words.words(words.margin_text(reading.html), reading.page.locale.tag)]
    there = ["" for _ in reading.outline.areas]
    for glyph in reading.glyphs:
        if glyph.mark < 0:
            there[glyph.page] += glyph.character
    bare = [
        f"page {number}"
        for number, text in enumerate(there, 1)
        if any(word not in _drawn(text) for word in wanted if words.COUNTER not in word)
    ]
    verdict.wrong("margin-not-whole", "the header or footer is not whole", AGAIN, bare)


def _drawn(text: str) -> str:
    """Return a text as the glyphs of a page have it: without joiners, without spaces."""
    return "".join(words.unjoined(words.clean(text)).split())


def check_numbers(verdict: Verdict, reading: Reading) -> None:
    """Check that every phone number and every citation is drawn whole, and from left to right."""
    rows = drawn.drawn_lines(reading.glyphs)
    page, text = reading.page, words.clean(words.body_text(reading.html))
    numbers = [n for line in page.handout.region.lines for n in (line.call, line.text) if n]
    numbers += page.clinic.phones if page.clinic else ()
    cited = [f"[{page.locale.written(c.number)}]" for c in number_references(page.handout, page.locale)]
    times = {
        each: len(re.findall(rf"(?<!\d )(?<!\d){re.escape(each)}(?! ?\d)", text))
        for each in (*numbers, *cited)
    }
    wanted = {each: n for each, n in times.items() if n or each in numbers}
    if page.locale.direction == "rtl":
        rows = [TURNED.sub(r"[\1]", row) for row in rows]  # brackets look the other way there
    missing = list(typography.split_numbers(wanted, rows))
    verdict.facts["numbers"] = f"{len(wanted) - len(missing)}/{len(wanted)}"
    verdict.wrong(
        "number-not-whole",
        "a number is not drawn whole and in its order",
        "Do not hand it out. " + AGAIN,
        missing,
    )


def check_sources(verdict: Verdict, reading: Reading) -> None:
    """Check that every reference is printed with its own number, by which a sentence cites it; and every step with its own.

    The numbers are marks of a list, which no program counts among the words of the page.
    """
    wanted = list(_marks(reading))
    letters: dict[tuple[int, int], str] = {}
    for glyph in reading.glyphs:
        place = (glyph.page, glyph.mark)
        letters[place] = letters.get(place, "") + glyph.character
    found = [
        "".join(letters.get(place, "") for place in tag.pieces)
        for tag in reading.outline.tags
        if tag.roles[-1] == "Lbl" and NUMBERED in tag.roles
    ]
    wrong = [
        f"“{number}” for {own}" for number, own in zip_longest(found, wanted, fillvalue="–") if number != own
    ]
    verdict.wrong(
        "source-misnumbered", "a reference is printed with another number than its own", AGAIN, wrong
    )


def _marks(reading: Reading) -> Iterator[str]:
    """Yield the marks of numbered lists in their order: a source's number; a step's is the one it is set to, or its place."""
    twins = [each for each in reading.html.iter() if "twin" in each.get("class", "").split()]
    english = {item for each in twins for item in each.iter("li")}
    for listed in reading.html.iter("ol"):
        of_steps = listed.get("class", "").startswith("steps")
        for place, item in enumerate(listed, start=1):
            given = (
                SET_NUMBER.search(item.get("style", ""))
                if of_steps
                else SOURCE_ID.fullmatch(item.get("id", ""))
            )
            if given or of_steps:
                number = int(given[1]) if given else place
                yield f"{number if item in english else reading.page.locale.written(number)}."


def check_help(verdict: Verdict, reading: Reading) -> None:
    """Check that every number of the help lines stands on the first page, where someone in need looks."""
    rows = drawn.drawn_lines([glyph for glyph in reading.glyphs if glyph.page == 0])
    numbers = [n for line in reading.page.handout.region.lines for n in (line.call, line.text) if n]
    missing = list(typography.split_numbers(dict.fromkeys(numbers, 1), rows))
    fix = "Shorten what stands before the help lines, or name fewer."
    verdict.wrong(
        "help-not-on-first-page", "a number of the help lines is not on the first page", fix, missing
    )
